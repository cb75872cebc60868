//! A working tree, as far as somebody is about to write into it.

#![expect(clippy::disallowed_types, reason = "the one place that calls git")]

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, Status};

use super::failure::{Explain as _, Result};
use super::open_error::{self, Role};
use super::ownership;
use crate::children::{self, Ended, Patience};

/// The working tree that a directory is in.
pub struct WorkTree {
    git: Repository,
    top: PathBuf,
    /// The directory, seen from the top of the working tree.
    below: PathBuf,
}

impl std::fmt::Debug for WorkTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("WorkTree").field(&self.git.path()).finish()
    }
}

impl WorkTree {
    /// The working tree around a directory, if it is in one.
    ///
    /// # Errors
    /// When git doesn't go into it, or it can't be read: then it is in one, and what of it is committed isn't known.
    pub fn around(directory: &Path) -> Result<Option<Self>> {
        let git = match ownership::discover(directory) {
            Ok(git) => git,
            Err(e) if e.code() == ErrorCode::NotFound => return Ok(None),
            Err(e) => {
                let whole = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
                let top = ownership::top_around(&whole).unwrap_or(directory);
                return Err(open_error::explain(top, &e, Role::Site));
            }
        };
        let placed = |git: &Repository| {
            let top = git.workdir()?.to_owned();
            let below = directory.canonicalize().ok()?.strip_prefix(top.canonicalize().ok()?).ok()?.to_owned();
            Some((top, below))
        };
        Ok(placed(&git).map(|(top, below)| Self { git, top, below }))
    }

    /// The directory from which everything in it is named.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Whether the directory is the top itself.
    #[must_use]
    pub fn is_top(&self) -> bool {
        self.below.as_os_str().is_empty()
    }

    /// Whether a file, named from the directory, holds what no commit does.
    pub(crate) fn is_uncommitted(&self, path: &str) -> Result<bool> {
        match self.git.status_file(&self.below.join(path)) {
            Ok(status) => Ok(!status.is_empty() && !status.contains(Status::WT_DELETED)),
            Err(e) if e.code() == ErrorCode::NotFound => Ok(false),
            Err(e) => self.asked(path).ok_or(e).explain(|| tr!("can't tell whether {path} is committed", path)),
        }
    }

    /// The same as git says it, which reads kinds of an index that libgit2 doesn't: a sparse one, a split one.
    fn asked(&self, path: &str) -> Option<bool> {
        let mut command = children::git();
        let file = self.below.join(path);
        command
            .arg("-C")
            .arg(&self.top)
            .args([
                "--no-optional-locks",
                "--literal-pathspecs",
                "status",
                "--porcelain",
                "-z",
                "--untracked-files=all",
                "--ignored=matching",
                "--",
            ])
            .arg(&file);
        match children::run(&mut command, b"", Patience::TO_ANSWER).ok()? {
            Ended::With(output) if output.status.success() => {
                // What is gone from the working tree alone is in a commit.
                Some(!matches!(output.stdout.get(..2), None | Some(b" D")))
            }
            _ => None,
        }
    }

    /// A place that belongs to this working tree alone, for what is remembered of it.
    #[must_use]
    pub fn own_place(&self) -> PathBuf {
        self.git.path().join("karmada-partner")
    }
}
