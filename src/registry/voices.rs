//! The voices of a round on a branch: which of them somebody could have cast, who opened the round, and whether that person may
//! still ask for it.

use std::cell::RefCell;

use super::admissible::Ground;
use super::partner::record_at;
use super::proposal::Round;
use super::{Directory, Partner, Snapshot};
use crate::audit::side::MOST_COMMITS;
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::root_of;
use crate::domain::program::Member;
use crate::domain::program::admission::{Relation, right_to_say};
use crate::domain::signature::examined::{self, Verdict};
use crate::domain::votes::cast::is_beyond;
use crate::domain::votes::standing::{opens, vouched};
use crate::domain::{CastVote, Login, Program, Record, Slug, Subject, Vote};
use crate::error::{Error, Result};
use crate::git::Oid;

impl Snapshot<'_> {
    /// The votes of a round on a branch that somebody could have cast: under a policy that was decided, by a member of its
    /// committee, with no signature but the member's own; and the partner's own requests. Anybody who may push could have
    /// written the others.
    pub(super) fn voices(&self, directory: &Directory, landed: &Partner, round: u32) -> Result<Round> {
        let slug = &landed.slug;
        if directory.round(self.repo, round)?.is_empty() {
            return Ok(Round { number: round, ..Round::default() });
        }
        let registry = self.registry()?;
        let program = self.shared_program()?;
        let in_force = self.record_in_force(landed)?;
        let relation = Relation { record: in_force.as_ref(), life: &landed.life };
        // Where the history isn't at hand, a request is taken at its word: it asks, and decides nothing.
        let whole = self.repo.has_commit(self.commit);
        let no_ones = |v: &Vote| v.policy != program.hash && right_to_say(&program, &program, v, relation).is_err();
        // Who may say nothing of it any more might have, under a policy from before.
        let former = !whole && !directory.votes(self.repo, slug, round, &no_ones)?.is_empty();
        let policies = self.policies_if(former)?.unwrap_or_default();
        let ground = Ground { repo: self.repo, program: &program, policies: Some(&policies), registry };
        let (failed, lapsed) = (RefCell::new(None), RefCell::new(Vec::new()));
        let asks = |v: &Vote, then: Option<&Program>| -> Result<bool> {
            let then = then.unwrap_or(&program);
            let verdict = examined::verdict_of_vote(v, &policies);
            if matches!(verdict, Verdict::Broken(_)) {
                return Ok(false);
            }
            let basis = right_to_say(&program, then, v, relation);
            if basis.is_ok_and(|basis| examined::fault_of_request(v, &verdict, basis, (then, Some(&program))).is_none())
            {
                return Ok(true);
            }
            let lapses = self.might_ask(v, then, landed)?;
            if lapses {
                lapsed.borrow_mut().push(v.clone());
            }
            Ok(lapses)
        };
        let could = |v: &Vote| {
            let then = ground.named(v);
            let proved = |m: &Member| m.votes() && examined::of_vote(v, m).is_ok();
            let seat = then.and_then(|p| p.seat_of(v.by())).is_some_and(proved);
            let known = then.is_some() || !whole;
            // What a voter saw is part of what was said.
            let seen = |e: Error| {
                failed.replace(Some(e));
                None
            };
            let whole_vote = v.evidence.is_none() || directory.evidence(self.repo, v).unwrap_or_else(seen).is_some();
            whole_vote
                && !v.time.is_ahead_of(self.now)
                && v.registry == registry
                && match v.ballot {
                    Ballot::Request => {
                        known
                            && asks(v, then).unwrap_or_else(|e| {
                                failed.replace(Some(e));
                                false
                            })
                    }
                    _ => seat,
                }
        };
        let mut votes = directory.votes(self.repo, slug, round, &could)?;
        failed.into_inner().map_or(Ok(()), Err)?;
        votes.retain(|c| !is_beyond(&c.file) || examined::is_signed(&c.vote, ground.named(&c.vote)));
        let requests = lapsed.into_inner();
        let is_lapsed = |v: &Vote| requests.contains(v);
        let opening = || votes.iter().map(|c| &c.vote).filter(|v| v.log.is_none() && v.subject != Subject::Application);
        let of_right = opening().any(|v| begins(&program, v) && !is_lapsed(v));
        let lapsed = !of_right && opening().next().is_some();
        // Whoever may ask for it keeps it open; what others asked for once is nothing beside that.
        if of_right {
            votes.retain(|c| !is_lapsed(&c.vote));
        }
        Ok(Round { number: round, votes, lapsed })
    }

    /// Whether somebody who may not ask for this now might have, as a member under the policy that is named, or as a former contact.
    fn might_ask(&self, vote: &Vote, then: &Program, landed: &Partner) -> Result<bool> {
        let might = |record: Option<&Record>| {
            let relation = Relation { record, life: &landed.life };
            matches!(right_to_say(then, then, vote, relation), Ok(Some(_)))
        };
        if might(None) {
            return Ok(true);
        }
        let mut before: Vec<_> = landed.life.log.iter().map(|l| &l.event).filter(|e| e.kind.brings()).collect();
        before.dedup_by_key(|e| e.facts.record);
        for event in before.into_iter().rev() {
            if might(record_at(self.repo, (event.facts, event.objects))?.as_ref()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Who opened a round: whose voice names none before it. Where several say so, the order of the commits tells, and not
    /// what anybody's clock says.
    pub(super) fn opener(&self, slug: &Slug, round: u32, votes: &[CastVote], head: Oid) -> Result<Option<Login>> {
        let opening: Vec<&CastVote> = votes.iter().filter(|c| c.vote.log.is_none()).collect();
        let Some(first) = opening.first() else { return Ok(None) };
        let by_one = |opening: &[&CastVote]| opening.iter().all(|c| c.vote.actor.is(&opening[0].vote.actor));
        if by_one(&opening) {
            return Ok(Some(first.vote.actor.clone()));
        }
        let program = self.shared_program()?;
        // Who may opens it, whatever others said before.
        let (may, others): (Vec<_>, Vec<_>) = opening.into_iter().partition(|c| begins(&program, &c.vote));
        let opening = if may.is_empty() { others } else { may };
        if by_one(&opening) || !self.repo.has_commit(self.commit) {
            return Ok(Some(opening[0].vote.actor.clone()));
        }
        let paths: Vec<String> =
            opening.iter().map(|c| format!("{}/votes/{round}/{}", root_of(slug), c.file)).collect();
        let base = match self.repo.merge_base(self.commit, head) {
            // All that is there of the branch is looked at.
            Err(_) if self.repo.is_shallow() => None,
            base => base?,
        };
        let (mut next, mut came) = (Some(head), 0);
        for _ in 0..MOST_COMMITS {
            let Some(at) = next.filter(|at| Some(*at) != base) else { break };
            let commit = self.repo.commit(at)?;
            for (index, path) in paths.iter().enumerate().rev() {
                if self.repo.at_path(commit.tree, path)?.is_some() {
                    came = index;
                }
            }
            next = commit.parents.first().copied();
        }
        Ok(opening.get(came).map(|c| c.vote.actor.clone()))
    }

    /// The round of an update or an exit that waits on a branch: one with voices, and not decided yet.
    pub(super) fn open_round(
        &self,
        directory: &Directory,
        landed: &Partner,
        subject: Subject,
    ) -> Result<Option<Round>> {
        for round in self.unused_rounds(directory, landed)?.into_iter().rev() {
            let waiting = self.voices(directory, landed, round)?;
            if waiting.votes.iter().any(|v| v.vote.subject == subject) {
                return Ok(Some(waiting));
            }
        }
        Ok(None)
    }
}

/// Whether a voice begins a round: who had a seat doesn't any more, nor by a key that was theirs.
fn begins(program: &Program, vote: &Vote) -> bool {
    opens(program, vouched(program, vote, |member| examined::of_vote(vote, member)))
}
