//! Why a repository can't be opened, in words that fit what it is to the person.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid};

use crate::domain::{shell, text};

use super::configuration;
use super::failure::{RepoError, Trouble};
use super::plain::{self, PARTS};
use crate::files;

/// What a repository is to the person, for words about one that can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It keeps a registry.
    Registry,
    Site,
}

impl Role {
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Registry => tr!("registry"),
            Self::Site => tr!("website's repository"),
        }
    }
}

/// Why a repository can't be opened, and what to do about it.
///
/// What is there is looked at; git2's words aren't, since they quote the path.
pub(super) fn explain(path: &Path, error: &git2::Error, role: Role) -> RepoError {
    let at = path.display();
    if error.code() == ErrorCode::Owner {
        let mut e =
            RepoError::new(Trouble::NotAllowed, tr!("the repository at {at} belongs to another user", at), None);
        e.hint = Some(tr!(
            "if you trust it: git config --global --add safe.directory {path}",
            path = shell::path(&dunce::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
        ));
        return e;
    }
    match path.symlink_metadata() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return absent(path, role),
        Err(e) => return unseen(path, &e),
        Ok(_) => (),
    }
    if path.is_relative() && Path::new(".").canonicalize().is_err() {
        return RepoError::new(
            Trouble::Environment,
            tr!("the folder this runs in isn't there any more, so that {at} can't be found", at),
            tr!("go to another with cd, and run it again"),
        );
    }
    let folder = folder_of(path);
    if let Some(why) = plain::in_the_way(path, folder.as_ref().ok().cloned()) {
        return why;
    }
    let folder = match folder {
        Ok(folder) => folder,
        Err(e) => return e,
    };
    if error.code() != ErrorCode::NotFound {
        let other = || configuration::why(&tr!("can't open {at}", at), error, Some(&folder));
        return unknown_extension(path, &folder).or_else(|| cut_off_nowhere(path, &folder)).unwrap_or_else(other);
    }
    let mut lacking = Vec::new();
    for part in PARTS {
        let there = folder.join(part);
        // A HEAD may be a link to what isn't there yet.
        match if part == "HEAD" { there.symlink_metadata() } else { there.metadata() } {
            Ok(_) => {}
            Err(e) if files::is_absence(&e) => lacking.push(part),
            Err(e) => return unseen(&folder.join(part), &e),
        }
    }
    // Of a folder that has most of a repository, nobody should make a new one.
    if lacking.len() < PARTS.len() - 1 && !lacking.is_empty() {
        let message = tr!(
            "the git repository at {at} is damaged: it lacks {lacking}",
            at,
            lacking = lacking.join(tr!("in a list" => ", "))
        );
        return RepoError::new(Trouble::Damaged, message, tr!("bring that from another clone, or clone it again"));
    }
    if path.is_file() {
        return no_folder(path, role);
    }
    if let Ok(target) = folder.join("HEAD").read_link() {
        let message = tr!("the HEAD of the repository at {at} is a link, which can't be read here", at);
        let mut e = RepoError::new(Trouble::Unusable, message, None);
        e.hint = Some(tr!(
            "make it a file: git --git-dir {folder} symbolic-ref HEAD {target}",
            folder = shell::path(&folder),
            target = shell::path(&target)
        ));
        return e;
    }
    let hint = match role {
        Role::Registry => tr!("make a registry with karmada-partner init PATH"),
        Role::Site => tr!("name the top of a clone of the website's repository, or a bare one"),
    };
    if folder != path {
        let message = match std::fs::read_dir(&folder).is_ok_and(|mut within| within.next().is_none()) {
            true => tr!("{folder} is empty, and no git repository", folder = folder.display()),
            false => tr!("{folder} isn't a git repository", folder = folder.display()),
        };
        let hint =
            tr!("an init or a clone may have broken off there: remove it, and begin anew; or name another place");
        return RepoError::new(Trouble::Unusable, message, hint);
    }
    let mut e = RepoError::new(Trouble::Unusable, tr!("{at} isn't a git repository", at), hint);
    if let Some(top) = repository_around(path) {
        e.hint = Some(tr!("it stands within the repository at {top}: name that, if it is meant", top = top.display()));
    }
    e
}

/// The working tree that a folder stands in.
fn repository_around(folder: &Path) -> Option<PathBuf> {
    let whole = folder.canonicalize().ok().filter(|whole| whole.is_dir())?;
    whole.ancestors().skip(1).find(|above| above.join(".git").exists()).map(Path::to_owned)
}

/// What to say of a file that stands where a repository should.
fn no_folder(path: &Path, role: Role) -> RepoError {
    use std::io::Read as _;

    let at = path.display();
    let mut first = [0; 12];
    let read = files::open_plain(path).and_then(|mut file| file.read_exact(&mut first));
    if read.is_ok() && first.starts_with(b"# v") && first.ends_with(b" git bun") {
        let mut e = RepoError::new(Trouble::Unusable, tr!("{at} is a bundle, and no git repository yet", at), None);
        e.hint = Some(tr!("make one of it: git clone --bare {at} registry.git", at = shell::path(path)));
        return e;
    }
    RepoError::new(
        Trouble::Unusable,
        tr!("{at} is a file, and no git repository", at),
        match role {
            Role::Registry => tr!("name the repository's folder; unpack it first, if that is an archive of it"),
            Role::Site => tr!("name the top of a clone of the website's repository, or a bare one"),
        },
    )
}

fn unseen(path: &Path, e: &io::Error) -> RepoError {
    let (trouble, hint) = match e.kind() {
        io::ErrorKind::PermissionDenied => {
            (Trouble::NotAllowed, tr!("check its permissions, and those of the folders it is in"))
        }
        _ => (Trouble::Environment, files::remedy(e)),
    };
    RepoError::new(trouble, tr!("can't look at {path}: {e}", e, path = path.display()), hint)
}

fn absent(path: &Path, role: Role) -> RepoError {
    let at = path.display();
    let (what, hint) = match role {
        Role::Registry => (
            tr!("there is no registry at {at}", at),
            tr!("check the path, or make one there with karmada-partner init"),
        ),
        Role::Site => {
            (tr!("there is no repository at {at}", at), tr!("check the path; a clone of the website's repository does"))
        }
    };
    RepoError::new(Trouble::NotFound, what, hint)
}

/// The folder in which git keeps the repository at `path`: a `.git` in it, what a file of that name points to, or itself.
pub(super) fn folder_of(path: &Path) -> Result<PathBuf, RepoError> {
    let git = path.join(".git");
    match git.metadata() {
        Err(e) if files::is_absence(&e) && git.symlink_metadata().is_err() => return Ok(path.to_owned()),
        Err(e) if files::is_absence(&e) => {
            let message = tr!("{git} is a link that leads nowhere", git = git.display());
            return Err(RepoError::new(
                Trouble::Unusable,
                message,
                tr!("mend that link, or name the repository itself"),
            ));
        }
        Err(e) => return Err(unseen(&git, &e)),
        Ok(it) if it.is_dir() => return Ok(git),
        Ok(_) => {}
    }
    let said = files::read_plain(&git).map_err(|e| unseen(&git, &e))?;
    let said = String::from_utf8_lossy(&said);
    let Some(named) = said.strip_prefix("gitdir:").map(str::trim).filter(|named| !named.is_empty()) else {
        let message = tr!("{git} is a file that names no repository", git = git.display());
        let hint =
            tr!("name the repository itself; git worktree repair, run there, writes such a file of a worktree anew");
        return Err(RepoError::new(Trouble::Unusable, message, hint));
    };
    let folder = path.join(named);
    match folder.symlink_metadata() {
        Ok(_) => Ok(folder),
        Err(e) => {
            let hint = match files::is_absence(&e) {
                true => tr!("name the repository itself; if it was moved, git worktree repair mends what points to it"),
                false => files::remedy(&e),
            };
            let message = tr!(
                "{git} points to {named}, which can't be read: {e}",
                e,
                git = git.display(),
                named = text::visible(named)
            );
            Err(RepoError::new(Trouble::Unusable, message, hint))
        }
    }
}

/// Extensions that libgit2 takes.
const KNOWN: [&str; 4] = ["noop", "objectformat", "preciousobjects", "worktreeconfig"];

/// The commits that a list of where a history is cut off names; `None` where it is damaged.
pub(super) fn ends_in(list: &[u8]) -> Option<HashSet<Oid>> {
    let lines = list.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let named = |line: &[u8]| std::str::from_utf8(line).ok().filter(|line| line.len() == 40)?.parse().ok();
    lines.map(named).collect()
}

/// Why it can't be told where a shallow clone's history is cut off, if that is why.
fn cut_off_nowhere(path: &Path, folder: &Path) -> Option<RepoError> {
    let list = files::read_plain(&folder.join("shallow")).ok()?;
    ends_in(&list).is_none().then(|| cut_off_somewhere(path))
}

pub(super) fn cut_off_somewhere(path: &Path) -> RepoError {
    let message =
        tr!("the list of where the history of {at} is cut off (the file shallow) is damaged", at = path.display());
    RepoError::new(Trouble::Damaged, message, tr!("bring that from another clone, or clone it again"))
}

/// What the repository says that whoever opens it has to know, and that isn't known here.
fn unknown_extension(path: &Path, folder: &Path) -> Option<RepoError> {
    // A worktree keeps no settings of its own.
    let common = std::fs::read_to_string(folder.join("commondir")).map(|at| folder.join(at.trim()));
    let config = git2::Config::open(&common.as_deref().unwrap_or(folder).join("config")).ok()?;
    let at = path.display();
    let says = |key: &str| config.get_string(&format!("extensions.{key}")).ok().map(|said| said.to_ascii_lowercase());
    let unusable =
        |what: &str, hint| RepoError::new(Trouble::Unusable, tr!("the repository at {at} {what}", at, what), hint);
    if says("refstorage").is_some_and(|how| how != "files") {
        return Some(unusable(
            tr!("stores its references as reftable, which can't be read here"),
            "git refs migrate --ref-format=files",
        ));
    }
    if says("objectformat").is_some_and(|how| how != "sha1") {
        return Some(unusable(
            tr!("uses SHA-256 object names, which can't be read here"),
            tr!("use a repository made with --object-format=sha1"),
        ));
    }
    if says("partialclone").is_some() {
        let message = tr!("the repository at {at} is a partial clone, which can't be read here", at);
        return Some(RepoError::new(Trouble::Partial, message, tr!("clone it again whole, without --filter")));
    }
    let version = config.get_i64("core.repositoryformatversion").unwrap_or_default();
    let mut others = Vec::new();
    let _ = config.entries(Some(r"^extensions\.")).ok()?.for_each(|entry| {
        let name = entry.name().map(text::visible).unwrap_or_default();
        let known = KNOWN.iter().any(|known| name.strip_prefix("extensions.") == Some(known));
        others.extend((!known).then_some(name));
    });
    (version > 1 || !others.is_empty()).then(|| {
        let named =
            if others.is_empty() { tr!("version {version}", version) } else { others.join(tr!("in a list" => ", ")) };
        unusable(
            &tr!("uses an extension of git that can't be read here: {named}", named),
            tr!("use a plain bare repository"),
        )
    })
}
