//! What a website has, and what it would have after a wish.

use std::collections::BTreeMap;

use super::{Changed, How, SiteOutcome, Wish};
use crate::domain::text;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::git::{Entry, Kind, Mode, Oid, Put, Repo, RepoError};
use crate::render::website::mentions::{Part, is_passed_over};

/// The default branch as it was when it was looked at first.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its name, without `refs/heads/`.
    pub branch: String,
    pub commit: Oid,
    pub tree: Oid,
}

impl Standing {
    /// The plain file at a path.
    pub fn read(&self, repo: &Repo, path: &str) -> Result<Option<Vec<u8>>> {
        let file = repo.at_path(self.tree, path)?.filter(|e| e.mode.is_file());
        Ok(file.map(|e| repo.blob(e.oid)).transpose()?)
    }

    /// What lies in a directory; an empty path is the top.
    pub fn list(&self, repo: &Repo, directory: &str) -> Result<Vec<Entry>> {
        Ok(match directory.trim_end_matches('/') {
            "" => repo.entries(self.tree)?,
            path => repo.entries_at(self.tree, path)?,
        })
    }
}

/// Shows a part of a tree's sources.
pub fn show(repo: &Repo, tree: Oid, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<()> {
    let mut waiting = vec![(String::new(), tree)];
    while let Some((directory, tree)) = waiting.pop() {
        for entry in repo.entries(tree)? {
            let path = if directory.is_empty() { entry.name } else { format!("{directory}/{}", entry.name) };
            match entry.mode {
                Mode::Tree if !is_passed_over(&path) => waiting.push((path, entry.oid)),
                mode if mode.is_file() && part.has(&path) => see(&path, &repo.blob(entry.oid)?),
                _ => {}
            }
        }
    }
    Ok(())
}

#[derive(Debug)]
pub struct Wanted {
    /// What has to change; nothing that is as wanted already.
    pub puts: Vec<(String, Put)>,
    /// The same in words.
    pub changes: Vec<Changed>,
    pub tree: Oid,
}

impl Wanted {
    /// What a wish comes to on a default branch.
    pub fn of(repo: &Repo, standing: &Standing, wish: &Wish<'_>) -> Result<Self> {
        let branch = wish.branch;
        if branch == standing.branch {
            return Err(Error::usage(format!("{branch} is the default branch, and no proposal's"))
                .hint("propose from a branch of its own"));
        }
        let signed = format!("Signed-off-by: {} <{}>", wish.author.name, wish.author.email);
        if !wish.message.lines().any(|line| line == signed) {
            return Err(Error::new(ErrorKind::Bug, "the commit isn't signed off by its author"));
        }
        let mut wanted: BTreeMap<&str, Option<&[u8]>> = BTreeMap::new();
        for (path, content) in &wish.puts {
            check_path(path)?;
            if wanted.insert(path, content.as_deref()).is_some_and(|other| other != content.as_deref()) {
                return Err(Error::new(ErrorKind::Bug, format!("{path} is wanted in two ways")));
            }
        }
        let (mut puts, mut changes) = (Vec::new(), Vec::new());
        for (path, content) in wanted {
            let there = check_place(repo, standing.tree, path, content.is_some())?;
            let (put, how) = match (content, there) {
                (None, None) => continue,
                (None, Some(_)) => (Put::Nothing, How::Removed),
                (Some(bytes), there) => {
                    // What may be run stays so as long as its content does.
                    let id = repo.write_object(Kind::Blob, bytes)?;
                    let how = match there {
                        Some(entry) if entry.oid == id => continue,
                        Some(_) => How::Changed,
                        None => How::Added,
                    };
                    (Put::Bytes(bytes.to_vec()), how)
                }
            };
            puts.push((path.to_owned(), put));
            changes.push(Changed { path: path.to_owned(), how });
        }
        let tree = repo.tree_with(Some(standing.tree), &puts)?;
        Ok(Self { puts, changes, tree })
    }

    /// Whether the same files would change in the same way on another tree: then a commit there brings just this.
    pub fn is_the_same_on(&self, repo: &Repo, standing: &Standing, other: Oid) -> Result<bool, RepoError> {
        for (path, _) in &self.puts {
            let at = |tree| repo.at_path(tree, path).map(|e| e.map(|e| (e.mode, e.oid)));
            if at(standing.tree)? != at(other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What it comes to, where a proposal is open or isn't. `holds`: it brings just this; `says`: in these words.
    #[must_use]
    pub fn outcome(&self, open: bool, holds: bool, says: bool) -> SiteOutcome {
        match (self.changes.is_empty(), open) {
            (true, true) => SiteOutcome::Closed,
            (true, false) => SiteOutcome::Nothing,
            (false, false) => SiteOutcome::Opened,
            (false, true) if holds && says => SiteOutcome::Same,
            (false, true) => SiteOutcome::Updated,
        }
    }
}

/// A path that is one on every system, and in git.
fn check_path(path: &str) -> Result<()> {
    let bad = |part: &str| matches!(part, "" | "." | "..") || part.eq_ignore_ascii_case(".git");
    if path.split('/').any(bad) || path.contains('\\') || text::fault(path).is_some() {
        return Err(Error::usage(format!("{} isn't a path within a website", text::quote(path)))
            .hint("write it from the top of the repository, as in static/img/a.png"));
    }
    Ok(())
}

/// What stands at a path. Only plain files are replaced, and only in directories that are ones.
fn check_place(repo: &Repo, tree: Oid, path: &str, puts: bool) -> Result<Option<Entry>> {
    let refuse = |at: &str, what: &str| {
        Err(Error::refused(format!("{at} is {what} on the website, and isn't replaced"))
            .hint("look at it there; another path may be meant"))
    };
    for (end, _) in path.match_indices('/') {
        match repo.at_path(tree, &path[..end])? {
            Some(above) if above.mode != Mode::Tree && puts => return refuse(&path[..end], what_it_is(above.mode)),
            Some(above) if above.mode == Mode::Tree => {}
            _ => return Ok(None),
        }
    }
    match repo.at_path(tree, path)? {
        Some(entry) if !entry.mode.is_file() => refuse(path, what_it_is(entry.mode)),
        other => Ok(other),
    }
}

const fn what_it_is(mode: Mode) -> &'static str {
    match mode {
        Mode::File | Mode::Executable => "a file",
        Mode::Tree => "a directory",
        Mode::Symlink => "a symbolic link",
        Mode::Submodule => "another repository",
    }
}
