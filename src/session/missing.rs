//! What a call lacks where nobody can be asked for it: named at once, consent with the rest.

use super::Context;
use crate::config::Location;
use crate::domain::Login;
use crate::error::{Error, Kind, Result};
use crate::forge::Forge;

impl Context {
    /// Refuses what lacks answers where nobody can be asked: each is a flag, and whether it is given. All that is missing is
    /// named at once, consent with it.
    pub(crate) fn refuse_unanswered(&self, answers: &[(&str, bool)]) -> Result<()> {
        let mut missing: Vec<&str> = answers.iter().filter(|(_, given)| !given).map(|(flag, _)| *flag).collect();
        if missing.is_empty() || self.prompt.can_ask() {
            return Ok(());
        }
        missing.extend(self.lacks_consent().then_some("--yes"));
        let flags = missing.join(tr!("in a list" => ", "));
        Err(Error::usage(tr!("nobody can be asked here, and it needs {flags}", flags))
            .hint(tr!("give them as flags, or run it in a terminal")))
    }

    /// Who acts, as [`Context::actor`] tells. Where that isn't known and nobody can be asked, what of `answers` is missing is named
    /// with it, and consent.
    pub(crate) fn acting(
        &self,
        forge: &dyn Forge,
        otherwise: Option<&Login>,
        answers: &[(&str, bool)],
    ) -> Result<Login> {
        self.actor(forge, otherwise).map_err(|e| self.besides_unanswered(e, answers))
    }

    /// Refuses what lacks one answer, before the registry is opened. Where it isn't known who acts, either, that is named with it.
    pub(crate) fn refuse_unanswered_by(&self, answer: (&str, bool)) -> Result<()> {
        if !answer.1 && !self.prompt.can_ask() {
            self.acting_at_hand().map_err(|e| self.besides_unanswered(e, &[answer]))?;
        }
        self.refuse_unanswered(&[answer])
    }

    /// Whether it is known who acts, as far as this machine tells without asking anybody.
    pub(crate) fn knows_who_acts(&self) -> bool {
        self.acting_at_hand().is_ok()
    }

    /// Fails where this machine tells that it isn't known who acts. On GitHub it is the token's account.
    fn acting_at_hand(&self) -> Result<()> {
        if matches!(self.location(), Ok(Location::GitHub(_))) {
            return Ok(());
        }
        self.at_hand().map_or(Ok(()), |forge| self.actor_here(forge.repo(), None).map(drop))
    }

    /// An error about who acts, which names what is missing of `answers`, and consent, with it where nobody can be asked.
    pub(crate) fn besides_unanswered(&self, error: Error, answers: &[(&str, bool)]) -> Error {
        if error.kind != Kind::Usage || self.prompt.can_ask() {
            return error;
        }
        let given = !self.lacks_consent();
        let missing: Vec<&str> =
            answers.iter().chain(&[("--yes", given)]).filter(|(_, given)| !given).map(|(flag, _)| *flag).collect();
        if missing.is_empty() {
            return error;
        }
        let flags = missing.join(tr!("in a list" => ", "));
        error.hint(tr!("nobody can be asked here, so it needs {flags}, too", flags))
    }

    /// An error about what is missing, which names consent and who acts with it where these are missing, too.
    pub(crate) fn besides_who_acts(&self, error: Error) -> Error {
        let error = match self.prompt.can_ask() || self.knows_who_acts() {
            true => error,
            false => error.hint(tr!("say who acts with --as LOGIN")),
        };
        self.besides_consent(error)
    }

    /// The same of consent alone.
    pub(crate) fn besides_consent(&self, error: Error) -> Error {
        match self.lacks_consent() {
            true => error.hint(tr!("agree beforehand to what is sent: --yes")),
            false => error,
        }
    }
}
