//! How what an issue asked for ends without a decision: its author takes it back, somebody else closes the issue, or the button merges
//! it before anybody decided.

use serde_json::json;

use super::form::{Case, Outcome};
use crate::domain::log::lifecycle::Step;
use crate::domain::program::admission::{Entry, admit};
use crate::domain::{Kind, Slug, Subject};
use crate::error::Result;
use crate::forge::ReadingAhead as _;
use crate::forge::github::form_comment::{self, MARK, PROPOSED, READY, SET_ASIDE, WITHDRAWN};
use crate::registry::{Proposal, branch_for};
use crate::session::publish::{self, Plan, Publication};
use crate::workflow::lookup::look;
use crate::workflow::{contested, landing};

impl Case<'_> {
    /// A button merged it before anybody decided: told, unless its author changes it or takes it back, who still may.
    pub(super) fn merged_undecided(
        &self,
        slug: &Slug,
        own: &Proposal,
        pull: Option<&String>,
        name: &str,
    ) -> Result<Option<Outcome>> {
        let by = own.on_behalf();
        let same = own.read_last() == Some(self.issue.text());
        let takes_back = self.issue.is_taken_back();
        if let Some(back) =
            self.forge.taken_back().map(|back| back.url).filter(|_| same || takes_back || !self.issue.is_open())
        {
            return self.tell_taken_back(slug, Some(back), name).map(Some);
        }
        let authors_turn = takes_back || (self.issue.is_open() && !same);
        if authors_turn && by.is_none() {
            return Ok(None);
        }
        let more = json!({"name": name, "by": by});
        self.tell("undecided", Some(slug), Vec::new(), pull.cloned(), &[], &more).map(Some)
    }

    /// What its end means for what it asked for: its author takes that back, and nobody else does.
    pub(super) fn closed(
        &self,
        slug: &Slug,
        own: Option<&Proposal>,
        alone: bool,
        pull: Option<String>,
        name: &str,
    ) -> Result<Outcome> {
        let by_author = self.issue.is_taken_back();
        // An earlier run may have broken off before it said so.
        let back = self
            .forge
            .taken_back()
            .map(|back| back.url)
            .filter(|back| by_author && Some(back.as_str()) == self.told_of());
        match (own, back) {
            (Some(own), _) if by_author && !alone && own.stands.is_none() => {
                self.close_alone(own)?;
                self.tell_taken_back(slug, None, name)
            }
            (Some(own), _) if by_author => self.withdraw(slug, own, pull, name),
            (None, back) if by_author && self.issue.is_open() => {
                self.drop_branch(slug)?;
                let more = json!({"name": name});
                self.tell("reopened", Some(slug), Vec::new(), back, &[], &more)
            }
            (None, Some(back)) => self.tell_taken_back(slug, Some(back), name),
            (None, None) if by_author && (self.drop_branch(slug)? || self.said(&[PROPOSED, SET_ASIDE, READY])) => {
                self.tell_taken_back(slug, None, name)
            }
            _ => self.tell_closed(Some(slug), pull.as_deref().map(|pull| (name, pull))),
        }
    }

    /// Says where our comment asks for something, or promises it, that it doesn't while the issue is closed. What was never
    /// answered isn't now; and what was taken back is told as that.
    pub(super) fn tell_closed(&self, slug: Option<&Slug>, waits: Option<(&str, &str)>) -> Result<Outcome> {
        let pull = waits.map(|(_, pull)| pull.to_owned());
        if self.issue.comment(MARK).is_none() || self.said(&[WITHDRAWN]) {
            return Ok(self.outcome("closed", slug, Vec::new(), pull));
        }
        let values = form_comment::closed(&self.issue, waits);
        self.tell("closed", slug, Vec::new(), pull, &[], &values)
    }

    /// What our comment goes on to remember while the issue is closed.
    pub(super) fn kept_while_closed(&self, waits: bool) -> String {
        let said = self.issue.comment(MARK).map(|said| said.body.as_str()).unwrap_or_default();
        let text = |how| form_comment::remembered(said, how);
        let kept = match (text(READY), text(PROPOSED).or_else(|| text(SET_ASIDE))) {
            (Some(text), _) => form_comment::memory(READY, text),
            // What somebody made unreadable is open, and proposed anew.
            (None, _) if self.is_unfit() => String::new(),
            (None, Some(text)) => form_comment::memory(if waits { PROPOSED } else { SET_ASIDE }, text),
            (None, None) => String::new(),
        };
        kept + &form_comment::memory(form_comment::CLOSED, "")
    }

    /// Takes away the branch that only lacks a person's click; gives whether one was there. What a pull request was opened
    /// from stays.
    fn drop_branch(&self, slug: &Slug) -> Result<bool> {
        let branch = branch_for(slug, Subject::Application);
        if self.said(&[WITHDRAWN]) || self.told_of().is_some_and(|pull| self.forge.is_here(pull)) {
            return Ok(false);
        }
        let left = self.forge.left_on(slug, &branch)?;
        if left.is_none_or(|left| self.round_in(&left.life) != Some(left.life.application_round())) {
            return Ok(false);
        }
        if !self.ctx.globals.dry_run {
            self.forge.delete_branch(&branch)?;
        }
        Ok(true)
    }

    /// Closes what this issue has proposed, and nothing else: put on record, that would end others under its name.
    fn close_alone(&self, own: &Proposal) -> Result<()> {
        let Some(number) = contested::number(self.forge, own).filter(|_| !self.ctx.globals.dry_run) else {
            return Ok(());
        };
        self.forge.close_pull(number)
    }

    fn tell_taken_back(&self, slug: &Slug, pull: Option<String>, name: &str) -> Result<Outcome> {
        self.tell("withdrawn", Some(slug), Vec::new(), pull, &[], &json!({"name": name, "slug": slug}))
    }

    fn withdraw(&self, slug: &Slug, own: &Proposal, pull: Option<String>, name: &str) -> Result<Outcome> {
        let mut seen = look(self.ctx, self.forge)?;
        let branch = own.branch.clone();
        let outcome = publish::publish(self.ctx, self.forge, &mut seen, "Withdraw it?", |snapshot| {
            let open = snapshot.open(slug, Subject::Application)?;
            let Some(own) = open.into_iter().find(|p| p.branch == branch && self.is_own(p)) else {
                return Ok(Plan::new(Vec::new(), ()));
            };
            let program = snapshot.program_for(Subject::Application)?;
            let entry = Entry::Event(Kind::Withdrawn, Subject::Application);
            let permit = admit(&program, self.identity(), entry, own.relation(), own.opened(&self.author))?;
            let (facts, objects) = own.partner.life.proposed.unwrap_or((own.facts, own.objects));
            let step = Step::new(Kind::Withdrawn, Subject::Application, own.round, facts, objects);
            let time = self.ctx.time_after(own.partner.life.last_time())?;
            let mut event = own.partner.life.record(snapshot.registry()?, slug, permit, time, step)?;
            self.written(&mut event)?;
            let mut change = landing::close(self.ctx, self.forge, snapshot, &own, &event, &self.author)?.change;
            change.author = self.author_of(false)?;
            Ok(Plan::new(vec![change], ()))
        })?;
        match outcome {
            Publication::Done((), published) => {
                let made = published.links.into_iter().find(|l| l.what == "pull request").map(|l| l.url);
                self.tell_taken_back(slug, made.or(pull), name)
            }
            _ => Ok(self.outcome("withdrawn", Some(slug), Vec::new(), pull)),
        }
    }
}
