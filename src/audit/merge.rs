//! What a merge brings from another side: no event of theirs may get lost, no member's vote, and nothing may come along that
//! this program didn't write. The side is walked once, and each of its commits compared with the one before it once.

use std::collections::BTreeSet;

use super::finding::Rule;
use super::ledger::Ledger;
use super::own_commit;
use super::replay::Trees;
use super::side::{Side, Steps, members_vote};
use super::step::{Changed, Item, Source};
use super::trunk::Trunk;
use crate::domain::GitId;
use crate::domain::paths::{Place, place_of};
use crate::domain::program::Program;
use crate::domain::signature::examined::Verdict;
use crate::git::{Oid, RawCommit, Repo, RepoError};

/// So many commits are named; the others are counted.
const MOST_NAMED: usize = 20;

/// One of the sides that a commit of the default branch merges.
#[derive(Clone, Copy)]
pub(super) struct Merge<'a> {
    pub repo: &'a Repo,
    pub trunk: &'a Trunk<'a>,
    pub oid: Oid,
    pub commit: &'a RawCommit,
    /// The commit that it merges.
    pub other: Oid,
}

impl Merge<'_> {
    /// Judges it; `program` is the policy before it.
    pub fn judge(self, program: Option<&Program>, source: &dyn Source, ledger: &mut Ledger) -> Result<(), RepoError> {
        let Some(side) = Side::of(self.repo, self.other, usize::MAX, &|at| self.trunk.tree(at))? else {
            return Ok(());
        };
        if side.commits.is_empty() {
            ledger.merged(self.oid.into(), Rule::MergedTwice, None, "what it merges was part of the history before");
            return Ok(());
        }
        let before = self.commit.parents.first().copied().unwrap_or(self.oid);
        // Where history was merged into the side, more stands behind it than its own row of commits.
        let behind = match side.commits.last().filter(|_| !side.is_row()) {
            Some(tip) => Some(self.trunk.brought(tip.oid, before)?),
            None => None,
        };
        self.keeps(before, &side, source, ledger)?;
        self.keeps_votes_behind(before, &side, behind.as_deref().unwrap_or_default(), source, ledger)?;
        self.foreign(before, &side, behind.as_deref(), program, ledger)
    }

    /// All that the side did must be there after it.
    fn keeps(self, before: Oid, side: &Side, source: &dyn Source, ledger: &mut Ledger) -> Result<(), RepoError> {
        let first = match self.trunk.tree(before)? {
            Some(tree) => tree,
            None => self.repo.raw_commit(before)?.tree,
        };
        let steps = side.steps(self.repo)?;
        let kept = |tree: GitId, path: &str, id: GitId| {
            Ok::<_, RepoError>(self.repo.at_path(tree.into(), path)?.is_some_and(|e| e.oid == id.into()))
        };
        let (mut brings, mut had) = (false, true);
        for change in self.net(side, &steps)? {
            let id = match change.new {
                Some(Item::File(id)) => id,
                // It is read once more for what is wrong with it.
                Some(Item::Lost(id)) => return self.repo.tree_bytes(id).map(drop),
                _ => continue,
            };
            let Some((directory, _)) = change.path.rsplit_once('/') else { continue };
            let event = directory.ends_with("/log");
            if !event && !directory.contains("/votes/") {
                continue;
            }
            brings = true;
            had &= kept(first, &change.path, id)?;
            if kept(self.commit.tree, &change.path, id)? {
                continue;
            }
            if event {
                let why = "an event of the side that it merges is lost";
                ledger.dropped(self.oid.into(), &change.path, id, why);
            } else {
                self.lost_vote(&change.path, id, source, ledger);
            }
        }
        for gone in steps.taken_back(self.repo, first, self.commit.tree)? {
            if gone.path.contains("/votes/") {
                self.lost_vote(&gone.path, gone.was, source, ledger);
            } else {
                let why = "an event of the side that it merges was taken back there";
                ledger.merged(self.oid.into(), Rule::EvilMerge, Some(&gone.path), why);
                ledger.soften();
            }
        }
        if brings && had {
            ledger.merged(self.oid.into(), Rule::MergedTwice, None, "what it merges was there before");
        }
        Ok(())
    }

    /// Members' votes of what was merged into the side, and isn't in its own row of commits.
    fn keeps_votes_behind(
        self,
        before: Oid,
        side: &Side,
        behind: &[Oid],
        source: &dyn Source,
        ledger: &mut Ledger,
    ) -> Result<(), RepoError> {
        let record = self.repo.raw_commit(before)?.tree;
        let row: BTreeSet<Oid> = side.commits.iter().map(|own| own.oid).collect();
        let mut lost = BTreeSet::new();
        for at in behind.iter().filter(|at| !row.contains(at)) {
            let commit = self.repo.raw_commit(*at)?;
            let parent = commit.parents.first().filter(|parent| self.repo.has_commit(**parent));
            let parent = parent.map(|parent| self.repo.raw_commit(*parent)).transpose()?.map(|parent| parent.tree);
            let read = |id| self.repo.tree_bytes_at_hand(id);
            for change in Trees::at(parent).advance(commit.tree, &read)? {
                let (Some(Item::File(id)), Some((_, Place::Vote(..)))) = (change.new, place_of(&change.path)) else {
                    continue;
                };
                let there = |tree: GitId| self.repo.at_path(tree.into(), &change.path);
                let has = |tree| Ok::<_, RepoError>(there(tree)?.is_some_and(|entry| entry.oid == id.into()));
                if !has(record)? && !has(self.commit.tree)? {
                    lost.insert((change.path, id));
                }
            }
        }
        for (path, id) in lost {
            self.lost_vote(&path, id, source, ledger);
        }
        Ok(())
    }

    /// What it did in all, however it went there and back.
    fn net(self, side: &Side, steps: &Steps) -> Result<Vec<Changed>, RepoError> {
        match steps.net().filter(|_| side.since == side.fork) {
            Some(net) => Ok(net),
            None => {
                let Some(tip) = side.commits.last() else { return Ok(Vec::new()) };
                Trees::at(side.since).advance(tip.tree, &|id| self.repo.tree_bytes_at_hand(id))
            }
        }
    }

    /// Warns of commits that came with a proposal and that this program didn't write.
    fn foreign(
        self,
        before: Oid,
        side: &Side,
        behind: Option<&[Oid]>,
        program: Option<&Program>,
        ledger: &mut Ledger,
    ) -> Result<(), RepoError> {
        let found = own_commit::brought(self.repo, before, (side, behind), self.trunk, program)?;
        if found.is_empty() {
            return Ok(());
        }
        let named = found.iter().take(MOST_NAMED).map(|(commit, why)| format!("{commit}: {why}"));
        let mut words = named.collect::<Vec<_>>().join("; ");
        if let Some(more @ 1..) = found.len().checked_sub(MOST_NAMED) {
            words += &format!("; and {more} more");
        }
        let message = format!("it brings commits that karmada-partner didn't write: {words}");
        ledger.merged(self.oid.into(), Rule::ForeignCommit, None, &message);
        Ok(())
    }

    /// A member's vote that it doesn't keep.
    fn lost_vote(self, path: &str, id: GitId, source: &dyn Source, ledger: &mut Ledger) {
        let Some(file) = source.vote(id) else { return };
        let Some(vote) = members_vote(path, file, ledger.registry(), ledger.in_force()) else { return };
        let message = format!("a vote by {} on the side that it merges is lost", vote.said.actor);
        // Who may write to a proposal's branch could have written it, if nobody signed it.
        if vote.verdict == Verdict::Unsigned {
            ledger.merged(self.oid.into(), Rule::EvilMerge, Some(path), &message);
            ledger.soften();
        } else {
            ledger.dropped(self.oid.into(), path, id, &message);
        }
    }
}
