//! Repositories that belong to another user. Whose git goes into, it says itself: it reads `safe.directory` from more places than
//! libgit2 does, and in more spellings.

use std::path::{Path, PathBuf};

use git2::{Error, ErrorCode, Repository};

use super::open_error::folder_of;
use super::plain;
use crate::children::{self, Ended, Patience};

/// Opens the repository at `path`.
pub(super) fn open(path: &Path) -> Result<Repository, Error> {
    if let Some(why) = plain::in_the_way(path, folder_of(path).ok()) {
        return Err(Error::from_str(&why.message));
    }
    again(path)
}

/// Opens it where that was looked at a moment ago.
pub(super) fn again(path: &Path) -> Result<Repository, Error> {
    match Repository::open(path) {
        Err(error) if error.code() == ErrorCode::Owner => {
            let known = folder_of(path).ok().and_then(|folder| folder.canonicalize().ok());
            known.and_then(|folder| trusted(path, &folder)).ok_or(error)
        }
        opened => opened,
    }
}

/// The folder at or above a directory in which a repository is.
pub(super) fn top_around(directory: &Path) -> Option<&Path> {
    directory.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok())
}

/// Opens the repository that a directory is in.
pub(super) fn discover(directory: &Path) -> Result<Repository, Error> {
    let top = top_around(directory).unwrap_or(directory);
    if let Some(why) = plain::in_the_way(top, folder_of(top).ok()) {
        return Err(Error::from_str(&why.message));
    }
    match Repository::discover(directory) {
        Err(error) if error.code() == ErrorCode::Owner => {
            let top = asked(directory, "--show-toplevel");
            top.and_then(|top| open(&top).ok()).ok_or(error)
        }
        opened => opened,
    }
}

/// The repository kept in `folder`, if git goes into it from `path`.
fn trusted(path: &Path, folder: &Path) -> Option<Repository> {
    // Where there is none git looks further up, and finds another.
    if asked(path, "--absolute-git-dir")?.canonicalize().ok()? != folder {
        return None;
    }
    // Opened as a bare one, libgit2 doesn't judge it once more.
    let git = Repository::open_bare(folder).ok()?;
    if path.join(".git").exists() {
        git.set_workdir(path, false).ok()?;
    }
    Some(git)
}

/// A path that git names from within a directory.
fn asked(directory: &Path, what: &str) -> Option<PathBuf> {
    let mut command = children::git();
    command.arg("-C").arg(directory).args(["rev-parse", what]);
    let Ok(Ended::With(output)) = children::run(&mut command, b"", Patience::TO_ANSWER) else { return None };
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(said.trim_end_matches(['\r', '\n'])))
}
