//! What stands behind a merge already: the commits of the default branch, and those that earlier merges brought.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use super::chain::Link;
use crate::domain::GitId;
use crate::domain::values::CLOCKS_DIFFER;
use crate::git::{Oid, Repo, RepoError};

#[derive(Debug)]
pub(crate) struct Trunk<'r> {
    repo: &'r Repo,
    /// The trees of the default branch's commits.
    trees: RefCell<HashMap<Oid, GitId>>,
    /// The commit before those that are known; it is looked at where a side may have begun there.
    earlier: Cell<Option<Oid>>,
    /// The commits of sides that were merged so far, where all of them are known.
    sides: Option<RefCell<HashSet<Oid>>>,
}

impl<'r> Trunk<'r> {
    /// The commits of an audit's `chain`, and the one `since` which it goes on.
    pub fn new(repo: &'r Repo, chain: &[Link], since: Option<Oid>) -> Result<Self, RepoError> {
        let mut trees: HashMap<Oid, GitId> = chain.iter().map(|link| (link.oid, link.commit.tree)).collect();
        let mut earlier = None;
        if let Some(since) = since {
            let commit = repo.raw_commit(since)?;
            trees.insert(since, commit.tree);
            earlier = if repo.ends_at(since)? { None } else { commit.parents.first().copied() };
        }
        let sides = since.is_none().then(RefCell::default);
        Ok(Self { repo, trees: RefCell::new(trees), earlier: Cell::new(earlier), sides })
    }

    /// The tree of one of its commits; `None` where it is none of them.
    pub fn tree(&self, at: Oid) -> Result<Option<GitId>, RepoError> {
        if let Some(tree) = self.trees.borrow().get(&at) {
            return Ok(Some(*tree));
        }
        if self.earlier.get().is_none() {
            return Ok(None);
        }
        // Which commits are older only clocks tell; by one that lags far behind, all of it is looked at, once.
        let not_before = self.repo.raw_commit(at)?.time.unwrap_or(i64::MIN).saturating_sub(CLOCKS_DIFFER);
        while let Some(earlier) = self.earlier.get() {
            let Ok(commit) = self.repo.raw_commit(earlier) else {
                self.earlier.set(None);
                break;
            };
            let ends = self.repo.ends_at(earlier)?;
            self.earlier.set(commit.parents.first().copied().filter(|_| !ends));
            self.trees.borrow_mut().insert(earlier, commit.tree);
            if earlier == at || commit.time.is_some_and(|time| time < not_before) {
                break;
            }
        }
        Ok(self.trees.borrow().get(&at).copied())
    }

    pub fn holds(&self, at: Oid) -> Result<bool, RepoError> {
        Ok(self.tree(at)?.is_some())
    }

    /// The commits that `side` brings beside `before`, on which it is merged: the latest first.
    pub fn brought(&self, side: Oid, before: Oid) -> Result<Vec<Oid>, RepoError> {
        let Some(sides) = &self.sides else {
            let mut found = Vec::new();
            self.repo.walk(&[side], &[before], |commit| {
                found.push(commit.oid);
                true
            })?;
            return Ok(found);
        };
        let (mut found, mut next) = (Vec::new(), vec![side]);
        while let Some(at) = next.pop() {
            if self.trees.borrow().contains_key(&at) || !sides.borrow_mut().insert(at) {
                continue;
            }
            let commit = self.repo.raw_commit(at)?;
            found.push((at, commit.time));
            next.extend(commit.parents.iter().rev());
        }
        found.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        Ok(found.into_iter().map(|(at, _)| at).collect())
    }

    /// From now on these are history.
    pub fn merged(&self, commits: impl IntoIterator<Item = Oid>) {
        if let Some(sides) = &self.sides {
            sides.borrow_mut().extend(commits);
        }
    }
}
