//! What the commits of a branch did, one by one. From the first to the last of them, nothing shows what came and went between.

use std::collections::BTreeMap;

use crate::audit::replay::Trees;
use crate::audit::step::{Changed, Item};
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::{Place, place_of};
use crate::domain::program::Program;
use crate::domain::program::admission::admit_member;
use crate::domain::signature::examined::{Testimony, Verdict, VoteFile};
use crate::domain::votes::cast::is_named_after;
use crate::domain::{GitId, Sha256, Vote};
use crate::git::{Oid, Repo, RepoError};

/// No proposal's branch is followed further back.
pub(crate) const MOST_COMMITS: usize = 1_000;

/// The commits of a branch that are its own, by first parents, oldest first.
#[derive(Debug)]
pub(crate) struct Side {
    pub commits: Vec<Own>,
    /// The tree of the commit that they begin from.
    pub fork: Option<GitId>,
    /// The same where other history was merged into the branch: of that, as it was when this was done last.
    pub since: Option<GitId>,
}

#[derive(Debug)]
pub(crate) struct Own {
    pub oid: Oid,
    pub tree: GitId,
    parents: usize,
}

/// A file of a log or a round that a commit took away, or wrote over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TakenBack {
    pub by: Oid,
    pub path: String,
    /// What stood there before.
    pub was: GitId,
}

impl Side {
    /// Those from `tip` on down to the first that is `ours`, whose tree that gives; `None` where there are more than `most`.
    pub fn of(
        repo: &Repo,
        tip: Oid,
        most: usize,
        ours: &dyn Fn(Oid) -> Result<Option<GitId>, RepoError>,
    ) -> Result<Option<Self>, RepoError> {
        let (mut commits, mut since, mut next) = (Vec::new(), None, Some(tip));
        let fork = loop {
            let Some(at) = next else { break None };
            if let Some(tree) = ours(at)? {
                break Some(tree);
            }
            if commits.len() == most {
                return Ok(None);
            }
            let commit = repo.raw_commit(at)?;
            let parents = if repo.ends_at(at).unwrap_or_default() { &[][..] } else { &commit.parents };
            if since.is_none() && parents.len() > 1 {
                since = parents.iter().find_map(|parent| ours(*parent).transpose()).transpose()?;
            }
            commits.push(Own { oid: at, tree: commit.tree, parents: commit.parents.len() });
            next = parents.first().copied();
        };
        commits.reverse();
        Ok(Some(Self { commits, fork, since: since.or(fork) }))
    }

    /// Whether it is nothing but one commit after the other, from one that is ours on; as nearly all are.
    pub fn is_row(&self) -> bool {
        self.fork.is_some() && self.commits.iter().all(|own| own.parents == 1)
    }

    /// What each of them changed.
    pub fn steps(&self, repo: &Repo) -> Result<Steps, RepoError> {
        let read = |id| repo.tree_bytes_at_hand(id);
        let mut at = Trees::at(self.fork);
        let step = |own: &Own| Ok((own.oid, at.advance(own.tree, &read)?));
        Ok(Steps(self.commits.iter().map(step).collect::<Result<_, RepoError>>()?))
    }
}

/// Commits of a branch, oldest first, with what each changed.
#[derive(Debug)]
pub(crate) struct Steps(Vec<(Oid, Vec<Changed>)>);

impl Steps {
    /// What all of them changed in the end; `None` where that doesn't follow, since something can't be read or is no file.
    pub fn net(&self) -> Option<Vec<Changed>> {
        let mut net: BTreeMap<&str, (Option<Item>, Option<Item>)> = BTreeMap::new();
        for change in self.0.iter().flat_map(|(_, changes)| changes) {
            let plain = |item: Option<Item>| matches!(item, None | Some(Item::File(_)));
            if !plain(change.old) || !plain(change.new) {
                return None;
            }
            net.entry(&change.path).or_insert((change.old, None)).1 = change.new;
        }
        let changed = net.into_iter().filter(|(_, (old, new))| old != new);
        Some(changed.map(|(path, (old, new))| Changed { path: path.to_owned(), old, new }).collect())
    }

    /// What they took away or wrote over, and what the tree `kept` lacks. What was in the tree `record` before is another matter.
    pub fn taken_back(&self, repo: &Repo, record: GitId, kept: GitId) -> Result<Vec<TakenBack>, RepoError> {
        let mut out = Vec::new();
        for (commit, changes) in &self.0 {
            for change in changes {
                let Some(Item::File(was)) = change.old else { continue };
                let Some((_, Place::Vote(..) | Place::Event(_))) = place_of(&change.path) else { continue };
                let has = |tree: GitId| {
                    let there = repo.at_path(tree.into(), &change.path)?;
                    Ok::<_, RepoError>(there.is_some_and(|entry| entry.oid == was.into()))
                };
                if !has(record)? && !has(kept)? {
                    out.push(TakenBack { by: *commit, path: change.path.clone(), was });
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
    let member = program.is_some_and(|p| admit_member(p, said.by()).is_ok());
    let own = !matches!(vote.verdict, Verdict::Broken(_));
    (here && member && own && said.ballot != Ballot::Request).then_some(vote)
}
