//! What a keeper has set up in a repository for those who push to it.

use std::path::{Path, PathBuf};

use super::Repo;
use super::configuration::path_of;
use super::failure::Result;

/// The hooks that a push runs where it arrives.
const HOOKS: [&str; 5] = ["pre-receive", "update", "reference-transaction", "post-receive", "post-update"];

/// The parts of git's configuration that are about what is pushed there.
const SETTINGS: [&str; 2] = ["receive.", "transfer."];

impl Repo {
    /// Whether a push to it would run a hook, or find a setting of those that are for pushes: what may go, what is hidden, what is
    /// looked at. A hook that may not be executed git passes over.
    ///
    /// # Errors
    /// When git refuses its configuration.
    pub(crate) fn has_rules_for_pushes(&self) -> Result<bool> {
        let place = self.hooks()?;
        let has_hook = || HOOKS.iter().any(|hook| may_be_run(&place.join(hook)));
        let has_setting = || Ok(self.configuration()?.has_any(&SETTINGS));
        Ok(!self.is_copy && (has_hook() || has_setting()?))
    }

    /// A hook that a push would run if it could, and passes over; nothing where git was told not to say so.
    ///
    /// # Errors
    /// When git refuses its configuration.
    pub(crate) fn hook_that_may_not_run(&self) -> Result<Option<PathBuf>> {
        if self.is_copy || self.configuration()?.get("advice.ignoredhook") == Some("false") {
            return Ok(None);
        }
        let place = self.hooks()?;
        Ok(HOOKS.iter().map(|hook| place.join(hook)).find(|hook| hook.is_file() && !may_be_run(hook)))
    }

    /// Where its hooks are: a path that isn't whole begins where a push runs them.
    fn hooks(&self) -> Result<PathBuf> {
        Ok(match self.configuration()?.get("core.hookspath") {
            Some(named) => self.git.path().join(path_of(&self.git, &self.came_from, "core.hooksPath", named)?),
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
