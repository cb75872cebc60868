//! Where branches are, and where they would be after a change. Commits are made; no reference moves.

use std::collections::BTreeMap;

use crate::domain::Subject;
use crate::git::{Oid, RefMove, Repo, RepoError};
use crate::registry::change::{Change, Target};
use crate::registry::{Heads, PROPOSALS, branch_for, is_exit, slug_of};

const BRANCHES: &str = "refs/heads/";

/// The full name of a branch. Where somebody else's is meant, `owner:branch`, it is nobody's here.
fn full(branch: &str) -> String {
    if branch.contains(':') { branch.to_owned() } else { format!("{BRANCHES}{branch}") }
}

/// Where branches would be. Names are full ones.
#[derive(Debug, Clone)]
pub struct BranchMoves(BTreeMap<String, Option<Oid>>);

impl BranchMoves {
    #[must_use]
    pub fn of(heads: &Heads) -> Self {
        let proposals = heads.proposals.iter().chain(&heads.closed).map(|(name, oid)| (full(name), Some(*oid)));
        Self(proposals.chain([(heads.branch.clone(), heads.main)]).collect())
    }

    /// The same as heads, with this default branch.
    #[must_use]
    pub fn heads(&self, branch: &str) -> Heads {
        // Names are in order: those that begin alike stand side by side.
        let of = |prefixes: &[&str]| -> Vec<(String, Oid)> {
            let beginning = |prefix: &&str| {
                let first = full(prefix);
                let alike = self.0.range(first.clone()..).take_while(move |(name, _)| name.starts_with(&first));
                alike.filter_map(|(name, oid)| Some((name.strip_prefix(BRANCHES)?.to_owned(), (*oid)?)))
            };
            prefixes.iter().flat_map(beginning).collect()
        };
        // What has its owner's name before it is no branch's full name, and stands on both sides of these.
        let owned = self.0.range(..BRANCHES.to_owned()).chain(self.0.range("refs/heads0".to_owned()..));
        let owned =
            owned.filter(|(name, _)| slug_of(name).is_some()).filter_map(|(name, oid)| Some((name.clone(), (*oid)?)));
        let proposals = of(&PROPOSALS).into_iter().chain(owned).collect();
        Heads { branch: branch.to_owned(), main: self.get(branch), proposals, closed: of(&["closed/"]) }
    }

    fn get(&self, name: &str) -> Option<Oid> {
        self.0.get(name).copied().flatten()
    }

    fn set(&mut self, name: String, to: Option<Oid>) {
        self.0.insert(name, to);
    }

    /// Keeps a commit under a name; under a longer one when something else is kept there.
    fn keep(&mut self, name: &str, commit: Oid) {
        let taken = self.get(&full(name)).is_some_and(|other| other != commit);
        let suffix = if taken { format!("-{}", &commit.to_string()[..10]) } else { String::new() };
        self.set(full(&format!("{name}{suffix}")), Some(commit));
    }

    /// Makes the commit of a change on what is here, and moves its branches; `main` is the default one.
    pub fn apply(&mut self, repo: &Repo, main: &str, change: &Change) -> Result<Oid, RepoError> {
        let head = self.get(main);
        let proposal = |branch: &str| self.get(&full(branch));
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
                    self.keep(&format!("closed/{slug}/left"), old);
                }
                self.set(full(branch), Some(commit));
            }
            Target::Landing { branch, keep_as, .. } => {
                if let (Some(kept), Some(old)) = (keep_as, proposal(branch)) {
                    self.keep(kept, old);
                }
                self.set(full(branch), None);
                self.set(main.to_owned(), Some(commit));
            }
            Target::Direct => self.set(main.to_owned(), Some(commit)),
        }
        Ok(commit)
    }

    /// What has to move from where branches were before; and what must stay: the round of a proposal depends on what else
    /// is open about the partner.
    #[must_use]
    pub fn moves(&self, before: &Self, proposed: &[String]) -> Vec<RefMove> {
        let moved =
            |(name, new): (&String, &Option<Oid>)| RefMove { name: name.clone(), old: before.get(name), new: *new };
        let mut moves: Vec<RefMove> = self.0.iter().map(moved).filter(|m| m.old != m.new).collect();
        for branch in proposed {
            let Some(slug) = slug_of(branch).filter(|slug| !slug.is_program()) else { continue };
            let other = if is_exit(branch) { Subject::Update } else { Subject::Exit };
            let other = full(&branch_for(&slug, other));
            let now = before.get(&other);
            if !moves.iter().any(|m| m.name == other) {
                moves.push(RefMove { name: other, old: now, new: now });
            }
        }
        moves
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
