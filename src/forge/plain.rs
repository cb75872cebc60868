//! A registry in a plain git repository: a local one, written to directly, or one behind a git URL, by way of a bare
//! cache and the user's own `git`.

use std::collections::BTreeMap;
use std::path::Path;

use super::remote::Remote;
use super::{Forge, Published, Stopped};
use crate::change::{Change, Target};
use crate::error::Result;
use crate::registry::{Heads, PROPOSALS};
use crate::repo::{Oid, RefMove, Repo, RepoError, Trouble};

/// A registry in a plain git repository.
#[derive(Debug)]
pub struct Plain {
    repo: Repo,
    remote: Option<Remote>,
}

impl Plain {
    /// The registry at a path.
    pub fn at(path: &Path) -> Result<Self> {
        Ok(Self { repo: Repo::open(path)?, remote: None })
    }

    /// The registry behind a git URL, with a cache in `caches`. Whether git may ask the person for a password.
    pub fn behind(url: &str, caches: &Path, may_ask: bool) -> Result<Self> {
        let remote = Remote::new(url, caches, may_ask, None)?;
        Ok(Self { repo: remote.cache()?, remote: Some(remote) })
    }

    /// Where each branch would be after `changes`, and the commits made on the way. No reference moves.
    fn build(&self, heads: &Heads, changes: &[Change]) -> Result<(Positions, Vec<Oid>), RepoError> {
        let mut at = Positions::of(heads);
        let mut commits = Vec::new();
        for change in changes {
            let main = at.get(&heads.branch);
            let proposal = |branch: &str| at.get(&format!("refs/heads/{branch}"));
            let (base, parents) = match &change.target {
                Target::Proposal { branch, fresh } => {
                    let parent = proposal(branch).filter(|_| !fresh).or(main);
                    (parent, parent.into_iter().collect::<Vec<_>>())
                }
                Target::Landing { branch, merge: true, .. } => {
                    (main, main.into_iter().chain(proposal(branch)).collect())
                }
                Target::Landing { .. } | Target::Direct => (main, main.into_iter().collect()),
            };
            let base = base.map(|oid| self.repo.commit(oid)).transpose()?.map(|c| c.tree);
            let tree = self.repo.tree_with(base, &change.puts)?;
            let commit = self.repo.write_commit(&parents, tree, &change.message(), &change.author)?;
            match &change.target {
                Target::Proposal { branch, fresh } => {
                    // What a crash left open there is kept, as it would have been when it was closed.
                    if let (true, Some(old), Some(main)) = (*fresh, proposal(branch), main)
                        && !self.repo.contains(main, old)?
                    {
                        let slug = branch.split_once('/').map_or(branch.as_str(), |(_, slug)| slug);
                        at.keep(&format!("closed/{slug}/left"), old);
                    }
                    at.set(format!("refs/heads/{branch}"), Some(commit));
                }
                Target::Landing { branch, keep_as, .. } => {
                    if let (Some(kept), Some(old)) = (keep_as, proposal(branch)) {
                        at.keep(kept, old);
                    }
                    at.set(format!("refs/heads/{branch}"), None);
                    at.set(heads.branch.clone(), Some(commit));
                }
                Target::Direct => at.set(heads.branch.clone(), Some(commit)),
            }
            commits.push(commit);
        }
        Ok((at, commits))
    }
}

impl Forge for Plain {
    fn repo(&self) -> &Repo {
        &self.repo
    }

    fn heads(&self) -> Result<Heads> {
        if let Some(remote) = &self.remote {
            remote.fetch(&self.repo, &["+refs/heads/*:refs/heads/*".to_owned()])?;
        }
        let branch = self.repo.default_branch()?;
        let branches = |prefixes: &[&str]| -> Result<Vec<(String, Oid)>> {
            let mut out = Vec::new();
            for prefix in prefixes {
                let found = self.repo.branches(&format!("refs/heads/{prefix}*"))?;
                out.extend(
                    found.into_iter().map(|(name, oid)| (name.trim_start_matches("refs/heads/").to_owned(), oid)),
                );
            }
            Ok(out)
        };
        let (proposals, closed) = (branches(&PROPOSALS)?, branches(&["closed/"])?);
        Ok(Heads { main: self.repo.reference(&branch)?, branch, proposals, closed })
    }

    fn publish(&self, heads: &Heads, changes: &[Change]) -> Result<Published, Stopped> {
        if self.repo.is_shallow() {
            return Err(RepoError::new(
                Trouble::Unusable,
                format!(
                    "the registry at {} is a shallow clone: its history is cut off, and can't be added to",
                    self.repo.path().display()
                ),
                "complete it with git fetch --unshallow",
            )
            .into());
        }
        if self.repo.has_worktree() && changes.iter().any(|c| !matches!(c.target, Target::Proposal { .. })) {
            return Err(RepoError::new(
                Trouble::NotAllowed,
                format!(
                    "{} is a checkout, and its default branch is not changed under its working tree",
                    self.repo.path().display()
                ),
                "name the bare repository it was cloned from, or make one with git clone --bare",
            )
            .into());
        }
        let (at, commits) = self.build(heads, changes)?;
        let mut moves = at.moves(heads);
        // The round of a proposal depends on what else is open about the partner: that must not change meanwhile.
        for change in changes {
            if let Target::Proposal { branch, .. } = &change.target {
                let (kind, slug) = branch.split_once('/').unwrap_or(("", branch));
                if kind == "policy" {
                    continue;
                }
                let other = format!("refs/heads/{}/{slug}", if kind == "exit" { "apply" } else { "exit" });
                let now = Positions::of(heads).get(&other);
                if !moves.iter().any(|m| m.name == other) {
                    moves.push(RefMove { name: other, old: now, new: now });
                }
            }
        }
        match &self.remote {
            Some(remote) => remote.push(&moves)?,
            None => self.repo.move_references(&moves, changes.last().map_or("", |c| c.title.as_str()))?,
        }
        Ok(Published { commits, ..Published::default() })
    }
}

/// Where branches would be. Names are full ones.
struct Positions(BTreeMap<String, Option<Oid>>);

impl Positions {
    fn of(heads: &Heads) -> Self {
        let proposals =
            heads.proposals.iter().chain(&heads.closed).map(|(name, oid)| (format!("refs/heads/{name}"), Some(*oid)));
        Self(proposals.chain([(heads.branch.clone(), heads.main)]).collect())
    }

    fn get(&self, name: &str) -> Option<Oid> {
        self.0.get(name).copied().flatten()
    }

    fn set(&mut self, name: String, to: Option<Oid>) {
        self.0.insert(name, to);
    }

    /// Keeps a commit under a name; under a longer one when something else is kept there.
    fn keep(&mut self, name: &str, commit: Oid) {
        let taken = self.get(&format!("refs/heads/{name}")).is_some_and(|other| other != commit);
        let suffix = if taken { format!("-{}", &commit.to_string()[..10]) } else { String::new() };
        self.set(format!("refs/heads/{name}{suffix}"), Some(commit));
    }

    /// What has to move from `heads`.
    fn moves(&self, heads: &Heads) -> Vec<RefMove> {
        let before = Self::of(heads);
        let moved =
            |(name, new): (&String, &Option<Oid>)| RefMove { name: name.clone(), old: before.get(name), new: *new };
        self.0.iter().map(moved).filter(|m| m.old != m.new).collect()
    }
}
