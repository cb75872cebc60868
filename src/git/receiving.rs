//! What git would run in a repository that somebody pushes to.

use std::path::{Path, PathBuf};

use super::Repo;
use super::configuration::path_of;
use super::failure::Result;

/// The hooks that a push runs where it arrives.
const HOOKS: [&str; 5] = ["pre-receive", "update", "reference-transaction", "post-receive", "post-update"];

impl Repo {
    /// Whether a push to it would run a hook. One that may not be executed git passes over.
    ///
    /// # Errors
    /// When git refuses its configuration.
    pub(crate) fn has_hooks_of_pushes(&self) -> Result<bool> {
        let place = self.hooks()?;
        Ok(!self.is_copy && HOOKS.iter().any(|hook| may_be_run(&place.join(hook))))
    }

    /// Where its hooks are: a path that isn't whole begins where a push runs them.
    fn hooks(&self) -> Result<PathBuf> {
        Ok(match self.configuration()?.get("core.hookspath") {
            Some(named) => self.git.path().join(path_of(&self.git, "core.hooksPath", named)?),
            None => self.git.commondir().join("hooks"),
        })
    }

    /// The directory that git keeps it in, as a whole path.
    pub(crate) fn git_directory(&self) -> &Path {
        self.git.path()
    }
}

#[cfg(unix)]
fn may_be_run(hook: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::metadata(hook).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn may_be_run(hook: &Path) -> bool {
    hook.is_file() || hook.with_extension("exe").is_file()
}
