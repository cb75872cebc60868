//! A registry in a plain git repository: a local one, written to directly, or one behind a git URL, by way of a bare
//! cache and the user's own `git`.

use std::path::Path;
use std::time::Duration;

use super::branch_moves::{self, BranchMoves};
use super::mirror::Mirror;
use super::{AT_HAND, Account, AtOnce, Forge, People, Published, ReadingAhead, Stopped};
use crate::domain::{HttpLink, text};
use crate::error::{Error, Result};
use crate::git::{Oid, RefMove, Repo, RepoError, Role, Trouble};
use crate::registry::change::{Change, Target};
use crate::registry::{CLOSED, Heads, PROPOSALS, Proposal, Snapshot, rename};

/// A registry in a plain git repository.
#[derive(Debug)]
pub struct GitForge {
    repo: Repo,
    remote: Option<Mirror>,
}

impl GitForge {
    pub fn at(path: &Path) -> Result<Self> {
        Ok(Self { repo: Repo::open(path)?, remote: None })
    }

    /// The registry behind a git URL, with a cache in `caches`. Whether git may ask the person for a password.
    pub fn behind(url: &str, caches: &Path, may_ask: bool) -> Result<Self> {
        let remote = Mirror::new(url, caches, may_ask, None)?;
        Ok(Self { repo: remote.cache()?, remote: Some(remote) })
    }

    /// The full name of the default branch: what HEAD names, but for a proposal's branch, which somebody looks at in a clone.
    fn default_branch(&self) -> Result<String> {
        let named = self.repo.default_branch()?;
        let of_proposal = |name: &str| {
            let short = name.trim_start_matches("refs/heads/");
            PROPOSALS.iter().chain(&[CLOSED, "decision/"]).any(|prefix| short.starts_with(prefix))
        };
        if !of_proposal(&named) {
            return Ok(named);
        }
        let cloned = self.repo.default_branch_of_origin();
        for usual in cloned.into_iter().chain(["main", "master"].map(|name| format!("refs/heads/{name}"))) {
            if !of_proposal(&usual) && self.repo.reference(&usual)?.is_some() {
                return Ok(usual);
            }
        }
        let message =
            tr!("HEAD names {branch}, a proposal's branch, where it should name the default branch", branch = named);
        Err(Error::refused(message).hint(set_where_it_is()))
    }

    /// Why nothing can be written here, if nothing can.
    fn refuse_to_write(&self, default_branch_too: bool) -> Result<(), RepoError> {
        if default_branch_too && !self.repo.has_worktree() && self.repo.default_branch().is_ok_and(|b| b == "HEAD") {
            return Err(RepoError::new(
                Trouble::Unusable,
                tr!(
                    "HEAD of {path} names a commit and no branch: there is no default branch to write to",
                    path = self.repo.path().display()
                ),
                set_where_it_is(),
            ));
        }
        if self.repo.is_shallow() {
            return Err(RepoError::new(
                Trouble::Unusable,
                tr!(
                    "the registry at {path} is a shallow clone: its history is cut off, and can't be added to",
                    path = self.repo.path().display()
                ),
                tr!("complete it with git fetch --unshallow"),
            ));
        }
        if self.repo.has_worktree() && default_branch_too {
            return Err(RepoError::new(
                Trouble::NotAllowed,
                tr!(
                    "{path} is a checkout, and its default branch is not changed under its working tree",
                    path = self.repo.path().display()
                ),
                tr!("name the bare repository it was cloned from, or make one with git clone --bare"),
            ));
        }
        Ok(())
    }

    /// Refuses to move what is checked out, as git does: whoever works there would find all of it changed.
    fn refuse_under_working_trees(&self, moves: &[RefMove]) -> Result<(), RepoError> {
        let moved: Vec<&str> = moves.iter().filter(|to| to.new != to.old).map(|to| to.name.as_str()).collect();
        let Some((name, place)) = self.repo.checked_out(&moved) else { return Ok(()) };
        let branch = text::visible(name.trim_start_matches("refs/heads/"));
        let message = tr!(
            "{branch} is checked out in {place}, and isn't changed under that working tree",
            branch,
            place = place.display()
        );
        let hint = tr!("switch to another branch there (git switch --detach keeps its files), then run it again");
        Err(RepoError::new(Trouble::NotAllowed, message, hint))
    }
}

/// What to do about a HEAD that names no default branch.
fn set_where_it_is() -> &'static str {
    tr!("have it set where it is: git symbolic-ref HEAD refs/heads/BRANCH")
}

impl Forge for GitForge {
    fn repo(&self) -> &Repo {
        &self.repo
    }

    fn heads(&self) -> Result<Heads> {
        if let Some(remote) = &self.remote {
            remote.fetch(&self.repo, &["+refs/heads/*:refs/heads/*".to_owned()])?;
        }
        let branch = self.default_branch()?;
        let branches = |prefixes: &[&str]| -> Result<Vec<(String, Oid)>> {
            let mut out = Vec::new();
            for prefix in prefixes {
                let found = self.repo.branches_or_why(&format!("refs/heads/{prefix}*"))?;
                out.extend(
                    found.into_iter().map(|(name, oid)| (name.trim_start_matches("refs/heads/").to_owned(), oid)),
                );
            }
            Ok(out)
        };
        let (proposals, closed) =
            (branches(&PROPOSALS)?.into_iter().collect(), branches(&[CLOSED])?.into_iter().collect());
        Ok(Heads { main: self.repo.reference(&branch)?, branch, proposals, closed, ..Heads::default() })
    }

    fn patience(&self) -> (u32, Duration) {
        AT_HAND
    }

    fn publish(&self, on: &Snapshot<'_>, changes: &[Change]) -> Result<Published, Stopped> {
        self.refuse_to_write(changes.iter().any(|c| !matches!(c.target, Target::Proposal { .. })))?;
        let before = BranchMoves::of(&on.heads);
        let mut at = before.clone();
        let commits = changes.iter().map(|c| at.apply(&self.repo, c)).collect::<Result<Vec<_>, RepoError>>()?;
        let moves = at.moves(&before, &branch_moves::proposed(changes));
        self.move_all(&moves, changes.last().map_or("", |c| c.title.as_str()))?;
        Ok(Published { commits, ..Published::default() })
    }

    fn is_trial(&self) -> bool {
        false
    }

    fn preview(&self, change: &Change) -> Result<String> {
        Ok(change.to_string())
    }

    fn account(&self) -> Result<Option<Account>> {
        Ok(None)
    }

    fn link(&self, _: &Proposal) -> Option<HttpLink> {
        None
    }

    fn at_once(&self) -> Option<&dyn AtOnce> {
        Some(self)
    }

    fn reading_ahead(&self) -> Option<&dyn ReadingAhead> {
        None
    }

    fn people(&self) -> Option<&dyn People> {
        None
    }
}

impl AtOnce for GitForge {
    fn move_all(&self, moves: &[RefMove], title: &str) -> Result<(), Stopped> {
        let default = self.default_branch()?;
        self.refuse_to_write(moves.iter().any(|m| m.name == default))?;
        // What is there already has nothing in its way.
        let absent: Vec<&str> = moves.iter().filter(|m| m.old.is_none()).map(|m| m.name.as_str()).collect();
        if let Some((name, other)) = self.repo.in_the_way(&absent)? {
            let short = |name: &str| text::visible(name.trim_start_matches("refs/heads/"));
            let why = tr!("the branch {other} stands in the way of {name}", other = short(&other), name = short(name));
            return Err(Error::refused(tr!("{why}: git keeps no branch below another", why)).hint(rename()).into());
        }
        if let Some(remote) = &self.remote {
            return Ok(remote.push(moves)?);
        }
        self.refuse_under_working_trees(moves)?;
        Ok(Mirror::move_here(&self.repo, Role::Registry, moves, title)?)
    }
}
