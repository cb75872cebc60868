//! Rounds that two proposals of one partner have: what settles one of them would end the other, whose votes name that round, too. So
//! what a partner's own side asks for gives way to an exit that members vote on; and no round is taken in which they vote on
//! something else, on a branch or where it stands undecided.

use super::branch::is_exit;
use super::proposal::Round;
use super::{Partner, Proposal, Snapshot, again};
use crate::domain::log::kinds::Ballot;
use crate::domain::{CastVote, Login, Slug, Subject};
use crate::error::{Error, Result};
use crate::git::Oid;

/// Whether a member votes among these.
#[must_use]
pub(crate) fn is_voted_on(votes: &[CastVote]) -> bool {
    votes.iter().any(|c| c.vote.ballot != Ballot::Request)
}

impl Snapshot<'_> {
    /// Whether members vote in this round on what a branch at `head` asks for.
    fn is_voted_on_at(&self, head: Oid, landed: &Partner, subject: Subject, round: u32) -> Result<bool> {
        let there = self.partner_in(self.repo.commit(head)?.tree, &landed.slug)?;
        let open = self.open_round(&there.directory, landed, subject)?;
        Ok(open.is_some_and(|open| open.number == round && !open.lapsed && is_voted_on(&open.votes)))
    }

    /// The branch of a partner's on which members vote in this round, of those `wanted`.
    fn voted_on_elsewhere(
        &self,
        landed: &Partner,
        round: u32,
        wanted: impl Fn(&str, Subject) -> bool,
    ) -> Result<Option<String>> {
        for (branch, head) in self.heads.proposals.of(&landed.slug) {
            let subject = if is_exit(branch) { Subject::Exit } else { Subject::Update };
            if wanted(branch, subject) && self.is_voted_on_at(head, landed, subject, round)? {
                return Ok(Some(branch.to_owned()));
            }
        }
        Ok(None)
    }

    /// Where members vote in this round of a partner's on something else than `subject`: the branch of a proposal, or the default
    /// branch, where it stands undecided.
    pub(super) fn voted_on_otherwise(&self, slug: &Slug, round: u32, subject: Subject) -> Result<Option<String>> {
        let landed = self.landed(slug)?;
        let elsewhere = self.voted_on_elsewhere(&landed, round, |_, other| other != subject)?;
        if elsewhere.is_some() {
            return Ok(elsewhere);
        }
        let here = self.voted_on_here(&landed, round, subject)?;
        Ok(here.map(|_| "what stands undecided on the default branch".to_owned()))
    }

    /// What else than `subject` members vote on in this round of a partner's, where it stands undecided on the default branch.
    fn voted_on_here(&self, landed: &Partner, round: u32, subject: Subject) -> Result<Option<Subject>> {
        if landed.life.used(round) {
            return Ok(None);
        }
        let mut here = self.voices(&landed.directory, landed, round)?.votes;
        here.retain(|cast| cast.vote.subject != subject && cast.vote.ballot != Ballot::Request);
        Ok(here.first().map(|cast| cast.vote.subject))
    }

    /// Refuses to settle a proposal in whose round members vote on something else that stands undecided on the default branch:
    /// nobody would count their votes any more.
    ///
    /// # Errors
    /// When they do, or something can't be read.
    pub fn refuse_voted_otherwise(&self, proposal: &Proposal) -> Result<()> {
        let (slug, round) = (&proposal.partner.slug, proposal.round);
        match self.voted_on_here(&self.landed(slug)?, round, proposal.subject)? {
            Some(other) => Err(Error::refused(tr!(
                "in round {round}, which this has, members vote on the {subject} of {slug} that stands on the default branch undecided",
                round,
                subject = other.told(),
                slug
            ))
            .hint(match (proposal.stands.is_some(), is_voted_on(&proposal.votes)) {
                (false, _) => tr!("decide that one first, or take back the whole merge, as with GitHub's Revert"),
                // What is taken back is all of a round.
                (true, false) => tr!(
                    "decide that one first, or take back both by one commit: git revert --no-commit COMMIT for each (-m 1 for a merge), then git commit"
                ),
                (true, true) => tr!(
                    "take back both by one commit: git revert --no-commit COMMIT for each (-m 1 for a merge), then git commit"
                ),
            })),
            None => Ok(()),
        }
    }

    /// Refuses to settle an exit on a branch while another stands on the default branch, where somebody merged it undecided: it
    /// would stay there for ever.
    ///
    /// # Errors
    /// When one does, or something can't be read.
    pub fn refuse_beside_an_undecided_exit(&self, proposal: &Proposal) -> Result<()> {
        let slug = &proposal.partner.slug;
        let is_beside = proposal.subject == Subject::Exit && proposal.stands.is_none();
        if is_beside && self.undecided(slug, &proposal.branch, Subject::Exit)?.is_some() {
            // From then on one member alone can't take it back.
            let is_voted_on = |by: &Login| proposal.under.may_vote(by) && proposal.opened(by).voted;
            let refused = Error::refused(tr!(
                "another exit of {slug} stands on the default branch, merged by somebody and undecided",
                slug
            ));
            return Err(match proposal.opener().is_some_and(is_voted_on) {
                true => refused.hint(tr!("take back that merge, as with GitHub's Revert")),
                false => refused.hint(tr!(
                "take back that merge, as with GitHub's Revert; or have who asked for this one take it back, by karmada-partner withdraw {slug}, and decide what stands there",
                    slug
                )),
            });
        }
        Ok(())
    }

    /// The round in which an update or an exit waits on a branch, with its voices; none where it waits no more.
    pub(super) fn waiting_round(
        &self,
        (branch, subject): (&str, Subject),
        proposed: &Partner,
        landed: &Partner,
    ) -> Result<Option<Round>> {
        let open = self.open_round(&proposed.directory, landed, subject)?;
        match &open {
            Some(open) => self.refuse_outranked((branch, open), landed)?,
            None => {
                if subject == Subject::Exit {
                    self.refuse_settled(branch, proposed, landed)?;
                }
                self.none_ahead(&proposed.directory, landed, branch)?;
            }
        }
        Ok(open)
    }

    /// Refuses a proposal in the round of an exit that members vote on.
    ///
    /// # Errors
    /// When there is such an exit, or it can't be read.
    fn refuse_outranked(&self, (branch, open): (&str, &Round), landed: &Partner) -> Result<()> {
        let Round { number: round, votes, .. } = open;
        if is_exit(branch) && is_voted_on(votes) {
            return Ok(());
        }
        let other_exit = |name: &str, subject| subject == Subject::Exit && name != branch;
        match self.voted_on_elsewhere(landed, *round, other_exit)? {
            Some(exit) => Err(Error::refused(format!(
                "the proposal {branch} has round {round}, and so has {exit}, on which members vote"
            ))
            .hint(again())),
            None => Ok(()),
        }
    }

    /// Refuses an exit whose round was settled without votes that members cast on it.
    ///
    /// # Errors
    /// When there are such votes, or something can't be read.
    fn refuse_settled(&self, branch: &str, proposed: &Partner, landed: &Partner) -> Result<()> {
        let (repo, slug, own) = (self.repo, &landed.slug, landed.life.application_round());
        let program = self.program()?;
        let settled = proposed.directory.round_numbers(repo)?.into_iter().filter(|r| *r != own && landed.life.used(*r));
        for round in settled {
            let there = landed.directory.votes(repo, slug, round, &|_| true)?;
            let asks = |v: &crate::domain::Vote| v.subject == Subject::Exit && program.may_vote(v.by());
            let cast = proposed.directory.votes(repo, slug, round, &asks)?;
            let lost =
                cast.iter().find(|c| c.vote.ballot != Ballot::Request && !there.iter().any(|t| t.hash == c.hash));
            if let Some(lost) = lost {
                let by = &lost.vote.actor;
                return Err(Error::refused(format!(
                    "round {round} of {branch} was settled as something else, without the vote of {by} on it"
                ))
                .hint(format!("begin the exit anew: karmada-partner exit {slug} --kind KIND --reason TEXT")));
            }
        }
        Ok(())
    }
}
