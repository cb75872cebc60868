//! What a call lacks where nobody can be asked for it: named at once, consent with the rest.

use super::Context;
use crate::error::{Error, Result};

impl Context {
    /// Refuses what lacks answers where nobody can be asked: each is a flag, and whether it is given. All that is missing is
    /// named at once, consent with it.
    ///
    /// # Errors
    /// Then.
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

    /// An error about what is missing, which names consent with it where that is missing, too.
    pub(crate) fn besides_consent(&self, error: Error) -> Error {
        match self.lacks_consent() {
            true => error.hint(tr!("agree beforehand to what is sent: --yes")),
            false => error,
        }
    }
}
