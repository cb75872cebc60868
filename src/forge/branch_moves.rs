//! Where branches are, and where they would be after a change. Commits are made; no reference moves.

use std::collections::BTreeMap;

use crate::domain::Subject;
use crate::git::{Oid, RefMove, Repo, RepoError};
use crate::registry::change::{Change, Target};
use crate::registry::{Heads, branch_for, closed, is_exit, slug_of};

const BRANCHES: &str = "refs/heads/";

/// The full name of a branch. Where somebody else's is meant, `owner:branch`, it is nobody's here.
fn full(branch: &str) -> String {
    if branch.contains(':') { branch.to_owned() } else { format!("{BRANCHES}{branch}") }
}

/// Where branches would be.
#[derive(Debug, Clone)]
pub struct BranchMoves(Heads);

impl BranchMoves {
    #[must_use]
    pub fn of(heads: &Heads) -> Self {
        Self(heads.clone())
    }

    #[must_use]
    pub fn heads(&self) -> &Heads {
        &self.0
    }

    /// Keeps a commit under a name; under a longer one when something else is kept there.
    fn keep(&mut self, name: &str, commit: Oid) {
        let closed = &mut self.0.closed;
        let taken = closed.get(name).is_some_and(|other| other != commit);
        let suffix = if taken { format!("-{}", &commit.to_string()[..10]) } else { String::new() };
        closed.set(format!("{name}{suffix}"), commit);
    }

    /// Makes the commit of a change on what is here, and moves its branches.
    pub fn apply(&mut self, repo: &Repo, change: &Change) -> Result<Oid, RepoError> {
        let head = self.0.main;
        let proposal = |branch: &str| self.0.proposals.get(branch);
        let (base, parents) = match &change.target {
            Target::Proposal { branch, fresh } => {
                let parent = proposal(branch).filter(|_| !fresh).or(head);
                (parent, parent.into_iter().collect::<Vec<_>>())
            }
            Target::Landing { branch, merge: true, .. } => (head, head.into_iter().chain(proposal(branch)).collect()),
            Target::Landing { .. } | Target::Direct => (head, head.into_iter().collect()),
        };
        let base = base.map(|oid| repo.commit(oid)).transpose()?.map(|c| c.tree);
        let tree = repo.tree_with(base, &change.puts)?;
        let commit = repo.write_commit(&parents, tree, &change.message(), &change.author)?;
        match &change.target {
            Target::Proposal { branch, fresh } => {
                // What a crash left open there is kept, as it would have been when it was closed.
                if let (true, Some(old), Some(head)) = (*fresh, proposal(branch), head)
                    && !repo.contains(head, old)?
                {
                    let slug = slug_of(branch).map_or_else(|| branch.clone(), |slug| slug.to_string());
                    self.keep(&closed(slug, "left"), old);
                }
                self.0.proposals.set(branch.clone(), commit);
            }
            Target::Landing { branch, keep_as, .. } => {
                if let (Some(kept), Some(old)) = (keep_as, proposal(branch)) {
                    self.keep(kept, old);
                }
                self.0.proposals.remove(branch);
                self.0.main = Some(commit);
            }
            Target::Direct => self.0.main = Some(commit),
        }
        Ok(commit)
    }

    /// What has to move from where branches were before; and what must stay: the round of a proposal depends on what else
    /// is open about the partner.
    #[must_use]
    pub fn moves(&self, before: &Self, proposed: &[String]) -> Vec<RefMove> {
        let (then, now) = (&before.0, &self.0);
        let main = (then.main != now.main).then(|| (now.branch.clone(), (then.main, now.main)));
        let mut moves: BTreeMap<String, (Option<Oid>, Option<Oid>)> = main.into_iter().collect();
        for (then, now) in [(&then.proposals, &now.proposals), (&then.closed, &now.closed)] {
            moves.extend(now.moved_since(then).into_iter().map(|name| (full(name), (then.get(name), now.get(name)))));
        }
        for branch in proposed {
            let Some(slug) = slug_of(branch).filter(|slug| !slug.is_program()) else { continue };
            let other = if is_exit(branch) { Subject::Update } else { Subject::Exit };
            let other = branch_for(&slug, other);
            let there = then.proposals.get(&other);
            moves.entry(full(&other)).or_insert((there, there));
        }
        moves.into_iter().map(|(name, (old, new))| RefMove { name, old, new }).collect()
    }
}

/// The branches of the proposals that changes are about.
#[must_use]
pub fn proposed(changes: &[Change]) -> Vec<String> {
    let branch = |change: &Change| match &change.target {
        Target::Proposal { branch, .. } => Some(branch.clone()),
        _ => None,
    };
    changes.iter().filter_map(branch).collect()
}
