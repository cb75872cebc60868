//! What can be done instead of what can't: commands that would be accepted of whoever acts, as it stands now.

use super::counting::carried;
use crate::domain::log::kinds::Ballot;
use crate::domain::program::admission::{Entry, Opened, Relation, admit};
use crate::domain::{Kind, Login, Slug, State, Subject};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::{Context, identity};

/// A partner as somebody finds it who wants something of it.
#[derive(Clone, Copy)]
pub struct Finding<'a> {
    pub ctx: &'a Context,
    pub forge: &'a dyn Forge,
    pub snapshot: &'a Snapshot<'a>,
    pub partner: &'a Partner,
    pub open: &'a [Proposal],
}

impl std::fmt::Debug for Finding<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finding").field("partner", &self.partner.slug).finish_non_exhaustive()
    }
}

impl Finding<'_> {
    /// That a step isn't possible, with what is.
    #[must_use]
    pub fn illegal(self, kind: Kind, actor: Option<&Login>) -> Error {
        let Self { ctx, partner, .. } = self;
        let mut illegal = partner.life.illegal(&partner.slug, kind, ctx.now.date());
        if self.has_application() {
            (illegal.state, illegal.leaving) = (State::Applied, None);
        }
        self.hint(Error::refused(illegal.to_string()), actor)
    }

    /// The same, where it isn't judged yet who acts.
    #[must_use]
    pub fn illegal_for_anybody(self, kind: Kind) -> Error {
        self.illegal(kind, self.ctx.actor(self.forge, None).ok().as_ref())
    }

    /// An error with what is possible.
    #[must_use]
    pub fn hint(self, error: Error, actor: Option<&Login>) -> Error {
        let slug = &self.partner.slug;
        // Nobody is told less for what can't be read.
        let possible = self.commands(actor).unwrap_or_default();
        let words = |command: &String| format!("karmada-partner {command}");
        match possible.as_slice() {
            [] => error.hint(tr!("karmada-partner show {slug} tells how it stands", slug)),
            all => error.hint(tr!(
                "possible now: {commands}",
                commands = all.iter().map(words).collect::<Vec<_>>().join(tr!("in a list" => ", "))
            )),
        }
    }

    fn has_application(self) -> bool {
        self.open.iter().any(|p| p.subject == Subject::Application)
    }

    fn commands(self, actor: Option<&Login>) -> Result<Vec<String>> {
        let Self { ctx, forge, snapshot, partner, open, .. } = self;
        let slug: &Slug = &partner.slug;
        let Some(actor) = actor else { return Ok(Vec::new()) };
        let program = snapshot.program()?;
        let member = program.may_vote(actor);
        let by = identity(forge, actor)?;
        let find = |subject: Subject| open.iter().find(|p| p.subject == subject);
        let may = |entry: Entry, of: Option<&Proposal>| {
            let own = Relation { record: partner.record.as_ref(), life: &partner.life };
            let relation = of.map_or(own, Proposal::relation);
            let opened = of.map_or_else(Opened::default, |p| p.opened(actor));
            admit(&program, by, entry, relation, opened).is_ok()
        };
        let mut out = Vec::new();
        let several = open.len() > 1;
        // Nothing goes on with what was asked for by who no longer may.
        let goes_on = |p: &&Proposal| !p.lapsed;
        if let Some(first) = open.iter().find(goes_on).filter(|_| member) {
            let which = if several { format!(" --proposal {}", first.subject) } else { String::new() };
            out.push(format!("review {slug}{which}"));
        }
        if let Some(own) = open.iter().filter(goes_on).find(|p| may(Entry::Event(Kind::Withdrawn, p.subject), Some(p)))
        {
            let which = if several { format!(" --proposal {}", own.subject) } else { String::new() };
            out.push(format!("withdraw {slug}{which}"));
        }
        if slug.is_program() {
            if member {
                out.push("program propose FILE".to_owned());
            }
            return Ok(out);
        }
        if let Some(application) = find(Subject::Application) {
            if application.lapsed && member {
                out.push("import … --instead".to_owned());
            } else if !application.lapsed && may(Entry::Event(Kind::Amended, Subject::Application), Some(application)) {
                out.push(format!("update {slug} --website URL"));
            }
            return Ok(out);
        }
        let asks = |subject| may(Entry::Voice(Ballot::Request, subject), None);
        match partner.life.state {
            State::Active => {
                // What another proposes isn't replaced in passing.
                let own = |p: &Proposal| p.is_opened_by(actor);
                match find(Subject::Update) {
                    _ if !asks(Subject::Update) => {}
                    Some(lapsed) if lapsed.lapsed => out.push(format!("update {slug} --website URL --instead")),
                    open if open.is_none_or(own) => out.push(format!("update {slug} --website URL")),
                    _ => {}
                }
                if may(Entry::Event(Kind::Renewed, Subject::Upkeep), None) {
                    out.push(format!("renew {slug}"));
                }
                match find(Subject::Exit) {
                    // Who has voted on it waits for the others.
                    Some(exit) if exit.lapsed && asks(Subject::Exit) && !member => {
                        out.push(format!("exit {slug} --kind voluntary --reason TEXT --instead"));
                    }
                    Some(exit) if exit.lapsed && member => {
                        out.push(format!("exit {slug} --kind KIND --reason TEXT --instead"));
                    }
                    // Where the votes are clicks that carry it, somebody still has to write it down.
                    Some(exit)
                        if member && (exit.last_vote_of(actor).is_none() || carried(&program, exit).is_some()) =>
                    {
                        out.push(format!("exit {slug}"));
                    }
                    None if member => out.push(format!("exit {slug} --kind KIND --reason TEXT")),
                    None if asks(Subject::Exit) => out.push(format!("exit {slug} --kind voluntary --reason TEXT")),
                    _ => {}
                }
            }
            State::Absent => out.push("apply".to_owned()),
            State::Exited | State::Rejected | State::Withdrawn if open.is_empty() => {
                if may(Entry::Event(Kind::Applied, Subject::Application), None) {
                    out.push(format!("apply --slug {slug}"));
                }
                let there =
                    partner.directory.logo.is_some() || partner.record.as_ref().is_some_and(|r| r.email.is_some());
                let left = partner.life.may_clear() && partner.life.leaving(ctx.now.date()).is_none();
                if left && there && asks(Subject::Update) {
                    out.push(format!("clear {slug}"));
                }
            }
            _ => {}
        }
        Ok(out)
    }
}
