//! Copies that this program made for itself: whether one is still as it was made, and what runs that were killed left in it.

use std::path::Path;
use std::time::Duration;

use git2::Config;

use super::failure::{RepoError, Trouble};
use super::plain;
use crate::files;

/// Whether a copy isn't there any more, or not whole: what clears caches away takes no notice of who reads them.
fn is_gone(path: &Path) -> bool {
    ["HEAD", "objects", "refs"].iter().any(|part| path.join(part).symlink_metadata().is_err())
}

/// That a copy went while it was used, if it did.
pub(crate) fn why_gone(path: &Path) -> Option<RepoError> {
    is_gone(path).then(|| {
        let message = tr!("the copy at {path} was removed while it was used", path = path.display());
        RepoError::new(Trouble::Environment, message, tr!("run it again: it is made anew"))
    })
}

/// Whether git, too, would go on with a copy. It is bare and whole, as it was made; what libgit2 passes over, git stumbles on.
pub(crate) fn is_as_made(path: &Path) -> bool {
    let config = path.join("config");
    // Whether it may be read is another question.
    let Ok(bytes) = files::read_plain(&config) else { return !config.is_dir() && !plain::is_strange(&config) };
    let is_bare = || Config::open(&config).and_then(|config| config.get_bool("core.bare")).unwrap_or(false);
    !bytes.contains(&0) && is_bare() && !path.join("shallow").exists()
}

/// Takes away the locks of a copy that are older than anything runs which could hold them.
pub(crate) fn remove_old_locks(path: &Path, older: Duration) {
    let is_old = |file: &Path| {
        let modified = std::fs::metadata(file).and_then(|metadata| metadata.modified());
        // By a clock that was ahead, it is from a time to come.
        modified.is_ok_and(|time| time.elapsed().unwrap_or_else(|ahead| ahead.duration()) > older)
    };
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let file = entry.path();
            let within = folder != path || file.file_name().is_some_and(|name| name == "refs");
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.extend(within.then_some(file));
            } else if file.extension().is_some_and(|kind| kind == "lock") && is_old(&file) {
                let _ = std::fs::remove_file(&file);
            }
        }
    }
}
