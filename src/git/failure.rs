//! What git could not do, in words, and what to do about it.

use std::io;
use std::path::Path;

use git2::{ErrorClass, ErrorCode};

use crate::error::{Error, Kind};
use crate::files;

/// What git can't do, in words, and what to do about it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct RepoError {
    pub trouble: Trouble,
    pub message: String,
    /// What to do about it; of several, one a line.
    pub hint: Option<String>,
}

/// Kinds of trouble, for exit codes and for trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    NotFound,
    /// The repository is of a kind that can't be used.
    Unusable,
    /// The repository belongs to somebody else, or can't be written to.
    NotAllowed,
    /// A rule of the server's keeps everybody, or nearly, from moving a reference so.
    Protected,
    /// The server's own words say why it doesn't take what is pushed.
    Declined,
    /// A reference isn't where it was expected: somebody else was faster.
    Moved,
    /// A reference is locked by another writer.
    Locked,
    /// This user may not read a file of it.
    Denied,
    /// An object isn't here, or can't be read.
    Damaged,
    /// An object isn't here, and was left out when the repository was cloned.
    Partial,
    /// The machine failed: disk, permissions, network.
    Environment,
}

/// What stands in libgit2's words between a file's name and the system's reason.
const DENIED: &str = "' is locked: ";

impl RepoError {
    pub(crate) fn new(trouble: Trouble, message: impl Into<String>, hint: impl Into<Option<&'static str>>) -> Self {
        Self { trouble, message: message.into(), hint: hint.into().map(str::to_owned) }
    }

    /// The same with all of these hints.
    pub(crate) fn hinted(trouble: Trouble, message: String, hints: &[String]) -> Self {
        Self { trouble, message, hint: (!hints.is_empty()).then(|| hints.join("\n")) }
    }

    /// Whether an object is missing or can't be read, and nothing else is wrong with the machine.
    #[must_use]
    pub(crate) fn is_damage(&self) -> bool {
        self.trouble == Trouble::Damaged
    }

    pub(super) fn from_git(what: &str, error: &git2::Error) -> Self {
        // libgit2's word for a file that this user may not read.
        if error.code() == ErrorCode::Locked && error.message().contains(DENIED) {
            let why = crate::domain::text::visible_lines(&error.message().replace(DENIED, "': "));
            return Self::new(Trouble::Denied, tr!("{what}: {why}", what, why), tr!("check its permissions"));
        }
        if let Some(told) = unseen_settings(what, error) {
            return told;
        }
        let trouble = match (error.class(), error.code()) {
            (_, ErrorCode::NotFound) => Trouble::NotFound,
            (_, ErrorCode::Modified | ErrorCode::Exists) => Trouble::Moved,
            (_, ErrorCode::Locked) => Trouble::Locked,
            (_, ErrorCode::Owner) => Trouble::NotAllowed,
            _ => Trouble::Environment,
        };
        let hint = match trouble {
            Trouble::Locked => Some(tr!(
                "another program is writing; if none is, remove the .lock files below the repository and run it again"
            )),
            Trouble::Environment if error.class() == ErrorClass::Config => {
                Some(tr!("mend that setting of git's, then run it again"))
            }
            Trouble::Environment if error.class() == ErrorClass::Os => {
                Some(tr!("free space or mend permissions, then run it again: nothing was changed"))
            }
            _ => None,
        };
        // Of a file that is there already, libgit2 gives no reason behind its colon.
        let why = crate::domain::text::visible_lines(error.message().trim_end_matches([' ', ':']));
        Self::new(trouble, tr!("{what}: {why}", what, why), of_limits(error).or(hint))
    }
}

impl From<RepoError> for Error {
    fn from(e: RepoError) -> Self {
        let kind = match e.trouble {
            Trouble::NotFound => Kind::NotFound,
            Trouble::Unusable => Kind::Usage,
            Trouble::NotAllowed | Trouble::Protected | Trouble::Declined => Kind::NotAllowed,
            Trouble::Moved
            | Trouble::Locked
            | Trouble::Denied
            | Trouble::Damaged
            | Trouble::Partial
            | Trouble::Environment => Kind::Environment,
        };
        let hints = e.hint.iter().flat_map(|hints| hints.lines()).map(str::to_owned).collect();
        Self { hints, ..Self::new(kind, e.message) }
    }
}

/// The person's settings that libgit2 fails at, and git passes over: they lie in a folder that this user may not enter.
fn unseen_settings(what: &str, error: &git2::Error) -> Option<RepoError> {
    let file = Path::new(error.message().split_once("failed to stat '")?.1.rsplit_once('\'')?.0);
    let e = file.symlink_metadata().err().filter(|e| e.kind() == io::ErrorKind::PermissionDenied)?;
    let message = tr!("{what}: can't look at {path}: {e}", what, e, path = file.display());
    Some(RepoError::new(Trouble::Denied, message, files::enterable()))
}

/// What helps where libgit2 says that the system has no room for it, and nothing is damaged.
pub(super) fn of_limits(error: &git2::Error) -> Option<&'static str> {
    error.message().contains(": Too many open files").then(files::more_files)
}

pub(super) type Result<T> = std::result::Result<T, RepoError>;

pub(super) trait Explain<T> {
    fn explain(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T> Explain<T> for std::result::Result<T, git2::Error> {
    fn explain(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|e| RepoError::from_git(&what(), &e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_may_not_be_read_is_no_lock() {
        let of = |words: &str| {
            let error = git2::Error::new(ErrorCode::Locked, ErrorClass::Os, words);
            let told = RepoError::from_git("can't read HEAD", &error);
            (told.trouble, told.message, told.hint.unwrap())
        };
        let (trouble, message, hint) = of("failed open - '/r/HEAD' is locked: Permission denied");
        assert_eq!(trouble, Trouble::Denied);
        assert_eq!(message, "can't read HEAD: failed open - '/r/HEAD': Permission denied");
        assert_eq!(hint, "check its permissions");
        let (trouble, _, hint) = of("failed to lock file '/r/HEAD.lock' for writing: ");
        assert!(trouble == Trouble::Locked && hint.contains(".lock files"));
    }
}
