//! What git opens of a repository and isn't plain: of a pipe that nobody writes to, git and libgit2 would wait for ever.

use std::path::{Path, PathBuf};

use super::failure::{RepoError, Trouble};
use crate::files;

/// What is opened of a repository, besides references, packs and objects.
const OPENED: [&str; 12] = [
    "commondir",
    "HEAD",
    "config",
    "config.worktree",
    "packed-refs",
    "shallow",
    "gitdir",
    "index",
    "info/attributes",
    "info/exclude",
    "objects/info/alternates",
    "objects/info/commit-graph",
];

/// What git takes for a repository has all of these.
pub(super) const PARTS: [&str; 3] = ["HEAD", "objects", "refs"];

/// Why a repository, which is kept in `folder`, isn't to be opened, if so: what that would open is neither a file nor a folder, or
/// its settings can't be read.
pub(super) fn in_the_way(path: &Path, folder: Option<PathBuf>) -> Option<RepoError> {
    let strange = of_this_user().into_iter().chain([path.join(".git")]).find(|file| is_strange(file));
    strange.map(|file| told(&file)).or_else(|| {
        let folder = folder?;
        let common = files::read_plain(&folder.join("commondir")).ok().and_then(|at| String::from_utf8(at).ok());
        let common = common.map(|at| folder.join(at.trim()));
        [Some(folder), common].into_iter().flatten().find_map(|folder| in_folder(&folder))
    })
}

fn in_folder(folder: &Path) -> Option<RepoError> {
    let packs = std::fs::read_dir(folder.join("objects/pack")).into_iter().flatten().flatten();
    // Nothing is asked of those that are known to be files.
    let packs = packs.filter(|entry| !entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path());
    let strange = OPENED.iter().map(|name| folder.join(name)).chain(packs).find(|file| is_strange(file));
    strange.map(|file| told(&file)).or_else(|| unread_settings(folder))
}

/// That a repository's settings can't be read, which libgit2 takes for having none.
fn unread_settings(folder: &Path) -> Option<RepoError> {
    let config = folder.join("config");
    let e = files::read_plain(&config).err().filter(|e| !files::is_absence(e))?;
    if PARTS.iter().any(|part| folder.join(part).symlink_metadata().is_err()) {
        return None;
    }
    Some(cant_read(&config, &e))
}

/// That a file of settings can't be read.
pub(super) fn cant_read(path: &Path, e: &std::io::Error) -> RepoError {
    let trouble = match e.kind() {
        std::io::ErrorKind::PermissionDenied => Trouble::Denied,
        _ => Trouble::Environment,
    };
    RepoError::new(trouble, tr!("can't read {at}: {e}", e, at = path.display()), files::remedy(e))
}

/// The settings that libgit2 opens with every repository, and what they include.
fn of_this_user() -> Vec<PathBuf> {
    let own = [git2::Config::find_global(), git2::Config::find_xdg(), git2::Config::find_system()];
    own.into_iter().flatten().flat_map(|file| included(&file).into_iter().chain([file]).collect::<Vec<_>>()).collect()
}

/// The files that one with settings includes, as far as it takes to see whether they are plain: those that it names by a line of
/// their own, under whatever condition.
fn included(file: &Path) -> Vec<PathBuf> {
    let text = files::read_plain(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let home = file.parent().unwrap_or(Path::new(""));
    let mut within = false;
    let mut out = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            within = section.trim_start().to_ascii_lowercase().starts_with("include");
        } else if let Some((key, path)) = line.split_once('=').filter(|_| within)
            && key.trim().eq_ignore_ascii_case("path")
        {
            out.push(home.join(files::named(path.trim().trim_matches('"'), Some(home))));
        }
    }
    out
}

/// Whether something stands there, through links, that is neither a file nor a folder.
pub(super) fn is_strange(path: &Path) -> bool {
    let is_strange = path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir());
    // That is how nothing is named.
    is_strange && path.canonicalize().is_ok_and(|path| path != Path::new("/dev/null"))
}

/// That something in the way isn't plain.
pub(super) fn told(path: &Path) -> RepoError {
    let message = tr!("{path} isn't a plain file, and git would wait for it", path = path.display());
    RepoError::new(Trouble::Damaged, message, tr!("see what it is with ls -l; remove it, if nobody needs it"))
}
