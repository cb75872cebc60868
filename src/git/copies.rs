//! Copies that this program made for itself: whether one is still as it was made, and what runs that were killed left in it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use git2::{Config, Oid};

use super::failure::{RepoError, Trouble};
use super::{loose, ownership, plain};
use crate::files;

/// Brings everything into a copy once more, and says whether it could.
type Mend = Arc<dyn Fn() -> bool + Send + Sync>;

/// How each copy is mended, by its path, and whether that was done: also for threads that open it themselves.
static MENDED: Mutex<BTreeMap<PathBuf, (Mend, Option<bool>)>> = Mutex::new(BTreeMap::new());

/// Says by what a copy is mended where something in it is gone or damaged.
pub(crate) fn mended_by(path: &Path, mend: impl Fn() -> bool + Send + Sync + 'static) {
    MENDED.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), (Arc::new(mend), None));
}

/// Has everything brought into a copy once more, once a run. Gives whether it could be; never of what is no copy.
pub(super) fn mend(path: &Path) -> bool {
    // Whoever comes meanwhile waits.
    let mut all = MENDED.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((mend, done)) = all.get_mut(path) else { return false };
    *done.get_or_insert_with(|| mend())
}

/// Takes out of a copy each object's own file that can't be read: git looks there first, and writes over none.
pub(crate) fn remove_damaged_objects(path: &Path) {
    let objects = path.join("objects");
    let own: Vec<_> = loose::stores(&objects).into_iter().take(1).collect();
    for folder in
        std::fs::read_dir(&objects).into_iter().flatten().flatten().filter(|entry| entry.file_name().len() == 2)
    {
        for file in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            let id = format!("{}{}", folder.file_name().display(), file.file_name().display());
            if id.parse().is_ok_and(|oid| loose::read(&own, oid, true).is_err()) {
                let _ = std::fs::remove_file(file.path()).or_else(|_| std::fs::remove_dir_all(file.path()));
            }
        }
    }
}

/// Takes out of a copy what lists the objects of several packs at once, in one file or in several: it names packs that are taken out,
/// and git reads none of them where it is damaged.
pub(crate) fn remove_indexes_of_several_packs(path: &Path) {
    for entry in std::fs::read_dir(path.join("objects/pack")).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("multi-pack-index") {
            let _ = std::fs::remove_file(entry.path()).or_else(|_| std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// Takes out of a copy each reference that leads to no object: git brings nothing into one that has such.
pub(crate) fn remove_dangling_references(path: &Path) {
    let Ok(git) = ownership::again(path) else { return };
    let Ok(odb) = git.odb() else { return };
    let leads = |id: &[u8]| {
        let id = std::str::from_utf8(id).ok().and_then(|id| Oid::from_str(id.trim()).ok());
        id.is_some_and(|oid| !oid.is_zero() && odb.exists(oid))
    };
    let mut folders = vec![path.join("refs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let file = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(file),
                Ok(kind) if kind.is_file() && file.extension().is_none_or(|kind| kind != "lock") => {
                    let says = files::read_plain(&file).unwrap_or_default();
                    if !says.starts_with(b"ref:") && !leads(&says) {
                        let _ = std::fs::remove_file(file);
                    }
                }
                _ => {}
            }
        }
    }
    let packed = path.join("packed-refs");
    let Ok(says) = files::read_plain(&packed) else { return };
    let mut kept = Vec::with_capacity(says.len());
    let mut is_kept = true;
    for line in says.split_inclusive(|byte| *byte == b'\n') {
        // A line that begins so is of the tag above it.
        if !line.starts_with(b"^") {
            is_kept = line.starts_with(b"#") || line.split(|byte| *byte == b' ').next().is_some_and(leads);
        }
        kept.extend_from_slice(if is_kept { line } else { b"" });
    }
    // As git itself does: whoever packs references meanwhile keeps what they have.
    let lock = path.join("packed-refs.lock");
    if kept != says
        && let Ok(mut file) = std::fs::OpenOptions::new().write(true).create_new(true).open(&lock)
        && file.write_all(&kept).and_then(|()| std::fs::rename(&lock, &packed)).is_err()
    {
        let _ = std::fs::remove_file(&lock);
    }
}

/// Whether a copy isn't there any more, or not whole: what clears caches away takes no notice of who reads them.
fn is_gone(path: &Path) -> bool {
    plain::PARTS.iter().any(|part| path.join(part).symlink_metadata().is_err())
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
    let Ok(bytes) = files::read_plain(&config) else {
        let is_gone = config.symlink_metadata().is_err_and(|e| files::is_absence(&e));
        return !is_gone && !config.is_dir() && !plain::is_strange(&config);
    };
    let is_bare = || Config::open(&config).and_then(|config| config.get_bool("core.bare")).unwrap_or(false);
    !bytes.contains(&0) && is_bare() && !path.join("shallow").exists()
}

/// For how long git holds a reference, or a file of settings, at most: it writes one, and lets go.
const A_MOMENT: Duration = Duration::from_secs(120);

/// Takes away the locks of a copy that are older than anything runs which could hold them; `carrying` is the longest that
/// anything is brought, while which git holds where the history ends.
pub(crate) fn remove_old_locks(path: &Path, carrying: Duration) {
    let is_old = |file: &Path| {
        let modified = std::fs::metadata(file).and_then(|metadata| metadata.modified());
        // By a clock that was ahead, it is from a time to come.
        let longest = if file.ends_with("shallow.lock") { carrying } else { A_MOMENT };
        modified.is_ok_and(|time| time.elapsed().unwrap_or_else(|ahead| ahead.duration()) > longest)
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
