//! What the commits of a branch did, one by one. From the first to the last of them, nothing shows what came and went between.

use crate::audit::ledger::Item;
use crate::audit::replay::Trees;
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::{Place, place_of};
use crate::domain::program::Program;
use crate::domain::program::admission::admit_member;
use crate::domain::signature::examined::{Testimony, Verdict, VoteFile};
use crate::domain::votes::tally::is_named_after;
use crate::domain::{GitId, Sha256, Vote};
use crate::git::{Oid, Repo, RepoError};

/// No proposal's branch is followed further back.
pub(crate) const MOST_COMMITS: usize = 1_000;

/// The commits of a branch that are its own, by first parents.
#[derive(Debug)]
pub(crate) struct Side {
    /// Each with its tree, oldest first.
    commits: Vec<(Oid, GitId)>,
    /// The tree of the commit that they begin from.
    fork: Option<GitId>,
}

/// A file of a log or a round that a commit took away, or wrote over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TakenBack {
    pub by: Oid,
    pub path: String,
    /// What it was.
    pub was: GitId,
}

impl Side {
    /// Those from `tip` on down to the first that is `ours`; `None` where there are more than `most`.
    pub fn of(
        repo: &Repo,
        tip: Oid,
        most: usize,
        ours: &dyn Fn(Oid) -> Result<bool, RepoError>,
    ) -> Result<Option<Self>, RepoError> {
        let (mut commits, mut next) = (Vec::new(), Some(tip));
        let fork = loop {
            let Some(at) = next else { break None };
            let commit = repo.raw_commit(at)?;
            if ours(at)? {
                break Some(commit.tree);
            }
            if commits.len() == most {
                return Ok(None);
            }
            commits.push((at, commit.tree));
            next = commit.parents.first().copied().filter(|_| !repo.ends_at(at).unwrap_or_default());
        };
        commits.reverse();
        Ok(Some(Self { commits, fork }))
    }

    /// What they took away or wrote over, and what is `kept` lacks. What was on `record` before is another matter.
    pub fn taken_back(&self, repo: &Repo, record: &mut Trees, kept: &mut Trees) -> Result<Vec<TakenBack>, RepoError> {
        let read = |id| repo.tree_bytes(id);
        let (mut at, mut out) = (Trees::at(self.fork), Vec::new());
        for (commit, tree) in &self.commits {
            for change in at.advance(*tree, &read)? {
                let Some(Item::File(was)) = change.old else { continue };
                let Some((_, Place::Vote(..) | Place::Event(_))) = place_of(&change.path) else { continue };
                let Some((directory, name)) = change.path.rsplit_once('/') else { continue };
                let has = |trees: &mut Trees| Ok(trees.find(directory, name, &read)? == Some(was));
                if !has(record)? && !has(kept)? {
                    out.push(TakenBack { by: *commit, path: change.path, was });
                }
            }
        }
        Ok(out)
    }
}

/// The vote that a file is, if a member could have cast it there, and no signature says that nobody did.
pub(crate) fn members_vote(
    path: &str,
    file: VoteFile,
    registry: Option<Sha256>,
    program: Option<&Program>,
) -> Option<Testimony<Vote>> {
    let (slug, Place::Vote(round, name)) = place_of(path)? else { return None };
    let vote = file.ok()?;
    let said = &vote.said;
    let placed = said.partner == slug && said.round == round && is_named_after(&name, &said.actor);
    let here = placed && Some(said.registry) == registry;
    let member = program.is_some_and(|p| admit_member(p, &said.actor).is_ok());
    let own = !matches!(vote.verdict, Verdict::Broken(_));
    (here && member && own && said.ballot != Ballot::Request).then_some(vote)
}
