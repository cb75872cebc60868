//! A website in a plain git repository: a local one, or one behind a URL by way of a bare cache. The branch is the
//! proposal: whoever keeps the website merges it.

use std::cell::OnceCell;
use std::path::Path;
use std::time::Duration;

use super::content::{self, Standing, Wanted};
use super::{Planned, Proposed, Site, SiteOutcome, Wish, holds_others, is_ours, raced};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::forge::Account;
use crate::forge::mirror::Mirror;
use crate::git::{Commit, Entry, Oid, RefMove, Repo, RepoError, Role, Trouble};
use crate::render::website::mentions::Part;

/// How often a branch is tried that somebody else is writing to.
const TRIES: u32 = 20;

/// A website in a plain git repository.
#[derive(Debug)]
pub struct GitSite {
    repo: Repo,
    remote: Option<Mirror>,
    place: String,
    standing: OnceCell<Standing>,
}

/// What there is, and what is to come of it.
struct Look {
    wanted: Wanted,
    outcome: SiteOutcome,
    old: Option<Oid>,
}

impl Look {
    /// Where the branch is, if it doesn't stay there.
    fn leaves(&self) -> Option<Oid> {
        self.old.filter(|_| !self.outcome.is_idle())
    }
}

impl GitSite {
    /// The website in a local repository: a bare one, or the top of a checkout.
    ///
    /// # Errors
    /// When no repository can be opened there.
    pub fn at(path: &Path) -> Result<Self> {
        let repo = Repo::open_as(path, Role::Site)?;
        Ok(Self { repo, remote: None, place: path.display().to_string(), standing: OnceCell::new() })
    }

    /// The website behind a git URL, with a cache in `caches`. Whether git may ask the person for a password.
    ///
    /// # Errors
    /// When the copy in `caches` can't be made.
    pub fn behind(url: &str, caches: &Path, may_ask: bool) -> Result<Self> {
        let remote = Mirror::new(url, caches, may_ask, None)?.of(Role::Site);
        let place = text::visible(url);
        Ok(Self { repo: remote.cache()?, remote: Some(remote), place, standing: OnceCell::new() })
    }

    /// The default branch, looked at once.
    fn standing(&self) -> Result<&Standing> {
        if let Some(known) = self.standing.get() {
            return Ok(known);
        }
        if let Some(remote) = &self.remote {
            remote.fetch(&self.repo, &["+{HEAD}:{HEAD}".to_owned()])?;
        }
        let full = self.repo.default_branch()?;
        let Some(commit) = self.repo.reference(&full)? else {
            return Err(Error::not_found(format!("the website's repository at {} is empty", self.place))
                .hint("commit the website there first"));
        };
        let branch = full.trim_start_matches("refs/heads/").to_owned();
        let standing = Standing { branch, commit, tree: self.repo.commit(commit)?.tree };
        Ok(self.standing.get_or_init(|| standing))
    }

    fn look(&self, wish: &Wish<'_>) -> Result<Look> {
        let standing = self.standing()?;
        // Looking leaves nothing behind.
        let wanted = Wanted::of(&self.repo.in_memory()?, standing, wish)?;
        let old = self.tip(wish.branch)?;
        let holds = match old {
            Some(old) => {
                let commit = self.repo.commit(old)?;
                commit.tree == wanted.tree && commit.parents == [standing.commit]
            }
            None => false,
        };
        if let Some(old) = old.filter(|_| !holds) {
            self.refuse_others(wish.branch, old)?;
        }
        let outcome = wanted.outcome(old.is_some(), holds, true);
        Ok(Look { wanted, outcome, old })
    }

    /// Where a branch is now.
    fn tip(&self, branch: &str) -> Result<Option<Oid>> {
        let full = format!("refs/heads/{branch}");
        if let Some(remote) = &self.remote {
            // One that isn't there can only be asked for by a pattern.
            remote.fetch(&self.repo, &[format!("+{full}*:{full}*")])?;
        }
        Ok(self.repo.reference(&full)?)
    }

    /// The commit of this program's that stands on a branch, also below a merge that brings it up to date; otherwise the title of
    /// what somebody else has put there.
    fn ours(&self, tip: Oid) -> Result<Result<Commit, String>> {
        let titled = |commit: &Commit| commit.message.lines().next().unwrap_or_default().to_owned();
        let commit = self.repo.commit_itself(tip)?;
        let title = titled(&commit);
        if is_ours(&title, &[]) {
            return Ok(Ok(commit));
        }
        let [first, other] = commit.parents[..] else { return Ok(Err(title)) };
        let [first, other] = [self.repo.commit_itself(first)?, self.repo.commit_itself(other)?];
        Ok(if is_ours(&title, &[&titled(&first), &titled(&other)]) { Ok(first) } else { Err(title) })
    }

    /// Refuses to take a branch from who put something there since.
    fn refuse_others(&self, branch: &str, tip: Oid) -> Result<()> {
        let Err(title) = self.ours(tip)? else { return Ok(()) };
        Err(holds_others(branch, &self.place, &tip.to_string(), &title)
            .hint("merge it there, or give it another name: git branch -m OLD NEW; then run this again"))
    }

    /// Moves the branch, or removes it, if it is still where it was.
    fn point(&self, wish: &Wish<'_>, old: Option<Oid>, new: Option<Oid>) -> Result<(), RepoError> {
        let moved = [RefMove { name: format!("refs/heads/{}", wish.branch), old, new }];
        match &self.remote {
            Some(remote) => remote.push(&moved),
            None => Mirror::move_here(&self.repo, Role::Site, &moved, wish.title),
        }
    }

    fn refuse_under_a_working_tree(&self, branch: &str) -> Result<()> {
        let full_name = format!("refs/heads/{branch}");
        if self.remote.is_none() && self.repo.checked_out(&[&full_name]).is_some() {
            let message = format!("the branch {branch} of {} is checked out", self.place);
            let hint = "switch to another branch there: what is checked out isn't changed under its working tree";
            return Err(RepoError::new(Trouble::NotAllowed, message, hint).into());
        }
        Ok(())
    }

    fn told(&self, look: Look, commit: Option<Oid>, replaced: Option<Oid>) -> Proposed {
        let place = self.place.clone();
        Proposed { outcome: look.outcome, commit, changes: look.wanted.changes, place, replaced, links: Vec::new() }
    }
}

impl Site for GitSite {
    /// One fetch brings whatever is read.
    fn expect(&self, _branch: &str, _paths: &[&str]) {}

    /// Git knows nobody.
    fn account(&self) -> Result<Option<Account>> {
        Ok(None)
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        self.standing()?.read(&self.repo, path)
    }

    fn list(&self, directory: &str) -> Result<Vec<Entry>> {
        self.standing()?.list(&self.repo, directory)
    }

    fn show(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize> {
        content::show(&self.repo, self.standing()?.tree, part, see).map(|()| 0)
    }

    fn proposed(&self, branch: &str) -> Result<Option<String>> {
        let Some(tip) = self.tip(branch)? else { return Ok(None) };
        // What was merged is open no more, though its branch stays.
        if self.repo.contains(self.standing()?.commit, tip)? {
            return Ok(None);
        }
        Ok(self.ours(tip)?.ok().map(|commit| commit.message))
    }

    fn plan(&self, wish: &Wish<'_>) -> Result<Planned> {
        self.refuse_under_a_working_tree(wish.branch)?;
        let look = self.look(wish)?;
        let (place, replaces) = (self.place.clone(), look.leaves());
        Ok(Planned { outcome: look.outcome, changes: look.wanted.changes, place, replaces, links: Vec::new() })
    }

    fn propose(&self, wish: &Wish<'_>) -> Result<Proposed> {
        self.refuse_under_a_working_tree(wish.branch)?;
        let mut lost = false;
        for attempt in 1.. {
            let look = self.look(wish)?;
            if look.outcome.is_idle() {
                // Whoever was faster wanted the same.
                let commit = look.old.filter(|_| look.outcome == SiteOutcome::Same);
                return Ok(self.told(look, commit, None));
            }
            if lost {
                return Err(raced(wish.branch));
            }
            let commit = match look.outcome {
                SiteOutcome::Closed => None,
                _ => {
                    let standing = self.standing()?;
                    let tree = self.repo.tree_with(Some(standing.tree), &look.wanted.puts)?;
                    Some(self.repo.write_commit(&[standing.commit], tree, wish.message, wish.author)?)
                }
            };
            match self.point(wish, look.old, commit) {
                Ok(()) => {
                    let replaced = look.leaves();
                    return Ok(self.told(look, commit, replaced));
                }
                Err(e) if e.trouble == Trouble::Moved => lost = true,
                Err(e) if e.trouble == Trouble::Locked && attempt < TRIES => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(e) => return Err(e.into()),
            }
        }
        unreachable!("the loop ends by returning")
    }
}
