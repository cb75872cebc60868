//! Votes on what waits for a decision that were there and are gone: who may push could silence a member so.

use std::collections::{BTreeSet, VecDeque};

use super::gone::Lost;
use super::{Proposal, Snapshot, Stands};
use crate::audit::side::{MOST_COMMITS, members_vote};
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::root_of;
use crate::domain::signature::examined::{Examiner, Testimony, Verdict};
use crate::domain::{CastVote, Login, Program, Vote, shell, text};
use crate::error::{Error, Result};
use crate::git::{Entry, Mode, Oid};

/// A member's vote that stood there, and that the member hasn't replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vanished {
    pub actor: Login,
    pub path: String,
    /// Where it has to be for the proposal to have it: its branch, or the default one.
    pub branch: String,
    /// The commit that took it away, or wrote over it.
    pub by: Oid,
    /// The last commit that had it.
    pub had: Oid,
}

impl Vanished {
    /// What happened, in a sentence without its point.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { actor, branch, by, .. } = self;
        let path = text::visible(&self.path);
        tr!(
            "a vote by {actor} is gone from {branch}: commit {by} took {path} away, or wrote over it",
            actor,
            branch,
            by,
            path
        )
    }

    /// How it comes back.
    #[must_use]
    pub fn hint(&self) -> String {
        let Self { branch, had, .. } = self;
        let path = shell::quoted(&self.path);
        tr!(
            "bring it back on {branch}, and decide then: git checkout {had} -- {path}, commit and push; a vote that stands there instead gets the member's next name",
            branch,
            had,
            path
        )
    }
}

/// A file of a vote that isn't where it was.
struct Missed {
    path: String,
    was: Oid,
    by: Oid,
    had: Oid,
    /// Whether the default branch had it by first parents: what anybody took away there is missed, signed or not.
    on_record: bool,
}

impl Snapshot<'_> {
    /// The votes on a proposal that are gone; `lost` are the files of votes that the default branch had. Without the history
    /// nothing is known.
    ///
    /// # Errors
    /// When the branch has too much to look at, or an object isn't here or can't be read.
    pub fn vanished(&self, program: &Program, p: &Proposal, lost: &[Lost]) -> Result<Vec<Vanished>> {
        let repo = self.repo;
        let round = format!("{}/votes/{}/", root_of(&p.partner.slug), p.round);
        let of_round = lost.iter().filter(|l| l.path.starts_with(&round));
        let mut missed: Vec<Missed> = of_round
            .map(|l| Missed { path: l.path.clone(), was: l.was, by: l.took, had: l.had, on_record: true })
            .collect();
        // What is a pull request's has its votes from reviews, and not from commits.
        if !repo.is_stood_in_for(p.head) {
            missed.extend(self.missed_on_the_way(p)?);
        }
        if missed.is_empty() {
            return Ok(Vec::new());
        }
        let (policies, registry) = (self.policies()?, self.registry()?);
        let examiner = Examiner::new(&policies, true);
        let mut out: Vec<Vanished> = Vec::new();
        for Missed { path, was, by, had, on_record } in missed {
            let Some(bytes) = repo.file_bytes(was.into())? else { continue };
            let vote = members_vote(&path, examiner.vote(&bytes), Some(registry), Some(program));
            // On a branch what nobody signed could be anybody's.
            let counts = |v: &Testimony<Vote>| on_record || matches!(v.verdict, Verdict::By(_));
            let Some(vote) = vote.filter(counts) else { continue };
            let taken_back = on_record && !is_of_it(p, &vote.said) && !self.stood_after(p, by)?;
            if taken_back || out.iter().any(|v| v.path == path) || self.is_heard(p, &vote, &examiner) {
                continue;
            }
            let branch = match p.stands {
                Some(Stands::Alone) => self.heads.short_branch(),
                _ => &p.branch,
            };
            out.push(Vanished { actor: vote.said.actor, path, branch: branch.to_owned(), by, had });
        }
        Ok(out)
    }

    /// Whether a member is heard with a vote, or with a newer one. It may stand there under another name; in another order it
    /// says something else.
    fn is_heard(&self, p: &Proposal, vote: &Testimony<Vote>, examiner: &Examiner<'_>) -> bool {
        let own = |c: &&CastVote| c.vote.actor.is(&vote.said.actor) && c.vote.ballot != Ballot::Request;
        let Some(last) = p.votes.iter().rfind(own) else { return false };
        if last.hash == vote.hash {
            return true;
        }
        let signed = examiner.vote(last.vote.to_string().as_bytes()).is_ok_and(|v| matches!(v.verdict, Verdict::By(_)));
        let newer = last.vote.time > vote.said.time;
        match vote.verdict {
            // It could be anybody's, and what is signed is the member's.
            Verdict::Unsigned => signed || newer,
            _ => newer && (signed || self.repo.is_stood_in_for(p.head)),
        }
    }

    /// Files of votes that any commit took away from its parent, among those in which the proposal is: on its branch, on sides
    /// that were merged, or by what became of a merge.
    fn missed_on_the_way(&self, p: &Proposal) -> Result<Vec<Missed>> {
        let repo = self.repo;
        let (votes, anchor) = (format!("{}/votes/{}", root_of(&p.partner.slug), p.round), p.anchor());
        let round = |tree: Oid| -> Result<Option<Oid>> {
            Ok(repo.at_path(tree, &votes)?.filter(|e| e.mode == Mode::Tree).map(|e| e.oid))
        };
        let files = |tree: Option<Oid>| -> Result<Vec<Entry>> {
            Ok(tree.map(|t| repo.entries(t)).transpose()?.unwrap_or_default())
        };
        let (mut next, mut seen, mut out) = (VecDeque::from([p.head]), BTreeSet::from([p.head]), Vec::new());
        while let Some(at) = next.pop_front() {
            if seen.len() > MOST_COMMITS {
                // The default branch may go on for as long as it likes.
                if p.stands == Some(Stands::Alone) {
                    break;
                }
                return Err(Error::refused(tr!(
                    "the branch {branch} has more than {most} commits of its own",
                    most = MOST_COMMITS,
                    branch = p.branch
                ))
                .hint(tr!("have the proposal made again")));
            }
            let commit = repo.commit_itself(at)?;
            let here = round(commit.tree)?;
            for parent in commit.parents.into_iter().filter(|parent| repo.has_commit(*parent)) {
                let tree = repo.commit_itself(parent)?.tree;
                let there = round(tree)?;
                if there.is_some() && there != here {
                    let now = files(here)?;
                    for file in files(there)?.into_iter().filter(|f| !now.contains(f)) {
                        let path = format!("{votes}/{}", file.name);
                        out.push(Missed { path, was: file.oid, by: at, had: parent, on_record: false });
                    }
                }
                if seen.contains(&parent) {
                    continue;
                }
                // Where it isn't, it may have been before; what the default branch had is looked at on its own.
                let is_there = repo.at_path(tree, &anchor)?.is_some();
                if !is_there && (p.stands == Some(Stands::Alone) || repo.contains(self.commit, parent)?) {
                    continue;
                }
                seen.insert(parent);
                next.push_back(parent);
            }
        }
        Ok(out)
    }

    /// Whether some of a proposal was left after a commit: what was taken back whole is another matter.
    fn stood_after(&self, p: &Proposal, commit: Oid) -> Result<bool> {
        Ok(self.repo.at_path(self.repo.commit(commit)?.tree, &p.anchor())?.is_some())
    }
}

/// Whether a vote is about this very proposal, and none that had its place before.
fn is_of_it(p: &Proposal, vote: &Vote) -> bool {
    let events = p.partner.life.log.iter().map(|l| l.hash);
    vote.log.is_some_and(|log| events.chain(p.votes.iter().map(|c| c.hash)).any(|known| known == log))
}
