//! Under which policy something came to stand on the default branch: what a look at what stands there can't tell, commits do.

use super::Snapshot;
use crate::domain::check::{Doubt, Problem};
use crate::domain::paths::event_path;
use crate::domain::{Sha256, Slug};
use crate::error::Result;
use crate::git::{Oid, Repo};

/// The policies in the order they came into force, each with what stood there when it had.
pub(super) struct Eras(Vec<(Sha256, Oid)>);

impl Eras {
    /// `None` where the history is cut off.
    pub fn read(snapshot: &Snapshot<'_>) -> Result<Option<Self>> {
        let repo = snapshot.repo;
        let (mut trees, mut at) = (Vec::new(), Some(snapshot.commit));
        while let Some(oid) = at {
            let commit = match repo.raw_commit(oid) {
                Err(_) if repo.is_shallow() => return Ok(None),
                commit => commit?,
            };
            at = commit.parents.first().copied();
            trees.push(Oid::from(commit.tree));
        }
        trees.reverse();
        let mut eras = Vec::new();
        let program = snapshot.partner_in(snapshot.tree, &Slug::program())?;
        for event in program.life.log.iter().map(|l| &l.event).filter(|e| e.kind.lands()) {
            if let Some(tree) = first_with(repo, &trees, &event_path(&Slug::program(), event.seq))? {
                eras.push((event.facts.record, tree));
            }
        }
        Ok(Some(Self(eras)))
    }

    /// What is wrong indeed of what may be.
    pub fn settle(&self, repo: &Repo, doubts: Vec<Doubt>) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for mut doubt in doubts {
            let policy = self.of(repo, &doubt.path)?;
            problems.extend(policy.and_then(|policy| doubt.under.remove(&policy)));
        }
        Ok(problems)
    }

    /// The policy that was in force before the step that brought a file.
    fn of(&self, repo: &Repo, path: &str) -> Result<Option<Sha256>> {
        for (policy, tree) in self.0.iter().rev() {
            if repo.at_path(*tree, path)?.is_none() {
                return Ok(Some(*policy));
            }
        }
        Ok(None)
    }
}

impl Snapshot<'_> {
    /// The policy that was in force before a file came; `None` where the history is cut off.
    pub(super) fn policy_before(&self, path: &str) -> Result<Option<Sha256>> {
        Eras::read(self)?.map_or(Ok(None), |eras| eras.of(self.repo, path))
    }
}

/// The first of these trees that has a file which stays once it is there.
fn first_with(repo: &Repo, trees: &[Oid], path: &str) -> Result<Option<Oid>> {
    let (mut from, mut to) = (0, trees.len());
    while from < to {
        let middle = from.midpoint(to);
        if repo.at_path(trees[middle], path)?.is_some() {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    Ok(trees.get(from).copied())
}
