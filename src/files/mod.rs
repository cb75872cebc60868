//! Files outside of git: read within bounds, written whole or not at all.

pub mod memory;
pub mod programs;

use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf, Prefix};

use crate::error::{Error, Result};

/// Somebody's home, that `~` stands for, or the path below it that `~/` begins, where no shell reads it; on Windows it may be `~\`.
pub fn below_home(typed: &str, home: Option<&Path>) -> Option<PathBuf> {
    let rest = typed.strip_prefix('~')?;
    if rest.is_empty() {
        return home.map(Path::to_owned);
    }
    let below = rest.strip_prefix('/').or_else(|| if cfg!(windows) { rest.strip_prefix('\\') } else { None })?;
    Some(home?.join(below))
}

/// The path that an address of this machine's files names, as git reads it: with `%20` and such, and perhaps `localhost`; or why it
/// names none. `None` where it is no such address, or something is called so.
#[must_use]
pub fn at_address(typed: &str) -> Option<Result<PathBuf, String>> {
    typed.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case("file:/"))?;
    if Path::new(typed).exists() {
        return None;
    }
    // In a path these are signs as others are; of other addresses they end it.
    let mut whole = typed.replace('#', "%23").replace('?', "%3F");
    if cfg!(not(windows)) {
        whole = whole.replace('\\', "%5C").replace('|', "%7C");
    }
    let Ok(url) = url::Url::parse(&whole) else { return Some(Err(tr!("it isn't an address of a file").to_owned())) };
    Some(url.to_file_path().map_err(|()| match url.host_str() {
        Some(host) => tr!("it names the host “{host}”, and files are read on this machine only", host),
        None => tr!("it names no path").to_owned(),
    }))
}

/// Why what somebody gave for a path names none here, and what helps: an address of another machine's file, or another's home, which
/// shells and git look up, so that nobody means a folder of that name. `None` where something is called so.
#[must_use]
pub fn names_none(typed: &str) -> Option<(String, &'static str)> {
    if let Some(Err(why)) = at_address(typed) {
        return Some((why, tr!("write file:///PATH, or the path itself")));
    }
    let (home, _) = typed.split_once('/')?;
    let user = home.strip_prefix('~').filter(|user| user.starts_with(|c: char| c.is_alphanumeric() || c == '_'))?;
    let is_users = user.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@'));
    (is_users && !Path::new(home).exists())
        .then(|| (tr!("whose home {home} is, is known to shells only", home), tr!("write the path itself")))
}

/// A path as people name it where no shell reads it: below their home, or by a file's address. What is called so itself is meant so.
#[must_use]
pub fn named(typed: &str, home: Option<&Path>) -> PathBuf {
    named_elsewhere(typed, home).unwrap_or_else(|| PathBuf::from(typed))
}

/// The same where a document names it, which may stand in another directory.
#[must_use]
pub fn beside(directory: &Path, typed: &str, home: Option<&Path>) -> PathBuf {
    named_elsewhere(typed, home).unwrap_or_else(|| directory.join(typed))
}

/// The path that is named otherwise than by itself.
#[must_use]
pub fn named_elsewhere(typed: &str, home: Option<&Path>) -> Option<PathBuf> {
    below_home(typed, home).filter(|_| !Path::new(typed).exists()).or_else(|| at_address(typed)?.ok())
}

/// Whether Windows takes the path for a device, as it does NUL and COM1 in any folder.
fn is_device(path: &Path) -> bool {
    let whole = std::path::absolute(path).unwrap_or_default();
    let device = |part| matches!(part, Component::Prefix(prefix) if matches!(prefix.kind(), Prefix::DeviceNS(_)));
    whole.components().next().is_some_and(device)
}

/// What helps, by what the system said.
#[must_use]
pub fn remedy(e: &io::Error) -> &'static str {
    use io::ErrorKind as K;
    let words = e.to_string();
    match e.kind() {
        K::StorageFull | K::QuotaExceeded => tr!("free some space, then run it again"),
        K::PermissionDenied => tr!("check its permissions"),
        K::ReadOnlyFilesystem => tr!("name a place that can be written to"),
        K::NotFound | K::NotADirectory | K::InvalidFilename => tr!("check the path"),
        // The library has no stable name for it.
        _ if words.starts_with("Too many levels of symbolic links") => {
            tr!("a link on its way leads back to itself; mend that")
        }
        _ if is_of_limits(e) => more_files(),
        K::AlreadyExists | K::IsADirectory => tr!("something else stands there; name another place"),
        _ => tr!("the system's words tell what is wrong; mend that, then run it again"),
    }
}

/// What helps where the person's own settings lie in a folder that this user may not enter, as after `sudo -u`.
pub(crate) fn enterable() -> &'static str {
    tr!("HOME, or XDG_CONFIG_HOME, names a folder that this user may not enter: set it to another")
}

/// What to do where no further file can be opened.
pub fn more_files() -> &'static str {
    tr!("let more files be open at once (ulimit -n 1024), or end what has so many open; then run it again")
}

/// Where systems show what whoever called a program has opened for it, as a shell writes `<(…)`.
const HANDED_OVER: [&str; 3] = ["/dev/fd", "/dev/stdin", "/proc/self/fd"];

/// Whether a path names something of that.
fn is_handed_over(path: &Path) -> bool {
    HANDED_OVER.iter().any(|place| path.starts_with(place))
}

/// The folder in which the files are that a file names: its own, but for one that was handed over.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    if is_handed_over(path) { Path::new("") } else { path.parent().unwrap_or(Path::new("")) }
}

#[cfg(unix)]
fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

/// What helps where a file is there and the system doesn't let it be read, so that nothing says it is damaged.
#[must_use]
pub fn unless_damaged(e: &io::Error) -> Option<&'static str> {
    (is_of_limits(e) || e.kind() == io::ErrorKind::PermissionDenied).then(|| remedy(e))
}

/// Whether no more files may be open, for which the library has no name.
fn is_of_limits(e: &io::Error) -> bool {
    e.to_string().starts_with("Too many open files")
}

/// The link on the way to a path that leads nowhere, if that is why nothing is there.
#[must_use]
pub fn broken_link(path: &Path) -> Option<PathBuf> {
    let there = path.ancestors().find(|above| above.symlink_metadata().is_ok())?;
    there.metadata().is_err_and(|e| e.kind() == io::ErrorKind::NotFound).then(|| there.to_owned())
}

/// Whether nothing is there, rather than that something can't be looked at.
#[must_use]
pub fn is_absence(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// What stands at a path; nothing only where nothing does.
///
/// # Errors
/// When that can't be told, or a link leads nowhere.
pub fn seen(path: &Path) -> Result<Option<std::fs::Metadata>> {
    let e = match path.metadata() {
        Ok(there) => return Ok(Some(there)),
        Err(e) => e,
    };
    if let Some(link) = broken_link(path) {
        let message = tr!("{path} is a link that leads nowhere", path = link.display());
        return Err(Error::environment(message).hint(tr!("mend that link, or remove it")));
    }
    if is_absence(&e) {
        return Ok(None);
    }
    Err(Error::environment(tr!("can't look at {path}: {e}", e, path = path.display())).hint(remedy(&e)))
}

/// Whether nothing stands at a path, and that can be told.
#[must_use]
pub fn is_absent(path: &Path) -> bool {
    seen(path).is_ok_and(|there| there.is_none())
}

/// Opens a plain file; nothing else is waited for.
///
/// # Errors
/// When it can't be opened, or is no plain file.
pub fn open_plain(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::File::options();
    // A pipe is open at once, whether somebody writes to it or not.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, nix::libc::O_NONBLOCK);
    let file = options.read(true).open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, tr!("it isn't a plain file"))),
    }
}

/// Reads the whole of a plain file.
///
/// # Errors
/// As [`open_plain`], and when it can't be read.
pub fn read_plain(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_plain(path)?.read_to_end(&mut bytes).map(|_| bytes)
}

/// Reads at most `limit` bytes of a plain file, or of a pipe that is open already; anything else at the path is refused before it is
/// opened.
pub fn read(path: &Path, limit: usize, what: &str) -> Result<Vec<u8>> {
    let shown = path.display();
    let cant = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound if let Some(link) = broken_link(path) => {
            Error::not_found(tr!("{what}: {link} is a link that leads nowhere", what, link = link.display()))
                .hint(tr!("mend that link, or remove it"))
        }
        io::ErrorKind::NotFound => match path.to_str().and_then(names_none) {
            Some((why, hint)) => Error::usage(tr!("{what}: {shown}: {why}", what, shown, why)).hint(hint),
            None => Error::not_found(tr!("{what}: there is no file {shown}", what, shown)).hint(tr!("check the path")),
        },
        _ => Error::environment(tr!("{what}: can't read {shown}: {e}", what, shown, e)).hint(remedy(&e)),
    };
    if is_device(path) {
        return Err(Error::usage(tr!("{what}: {shown} is the name of a device", what, shown)).hint(tr!("name a file")));
    }
    let metadata = std::fs::metadata(path).map_err(cant)?;
    // A pipe that somebody would have to open first might never begin.
    let is_readable = metadata.is_file() || (is_pipe(&metadata) && is_handed_over(path));
    if !is_readable {
        let kind = if metadata.is_dir() { tr!("a directory") } else { tr!("not a plain file") };
        return Err(Error::usage(tr!("{what}: {shown} is {kind}", what, shown, kind)).hint(tr!("name a file")));
    }
    if metadata.len() > limit as u64 {
        return Err(Error::usage(tr!(
            "{what}: {shown} has {metadata} bytes, more than {limit}",
            what,
            shown,
            metadata = metadata.len(),
            limit
        ))
        .hint(tr!("use a smaller file")));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|f| f.take(limit as u64 + 1).read_to_end(&mut bytes)).map_err(cant)?;
    if bytes.len() > limit {
        return Err(Error::usage(tr!("{what}: {shown} has more than {limit} bytes", what, shown, limit))
            .hint(tr!("use a smaller file")));
    }
    Ok(bytes)
}

/// Whether something could be made at a path, seen by a file without a name that is gone at once.
pub fn can_make(path: &Path) -> Result<()> {
    let there = path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(there).map(drop).map_err(|e| {
        Error::environment(tr!("can't make anything in {there}: {e}", e, there = there.display()))
            .hint(tr!("mend its permissions, or set HOME to a folder of yours"))
    })
}

/// At most `limit` bytes of standard input.
pub fn stdin(limit: usize, what: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let cant = |e| Error::environment(tr!("{what}: can't read standard input: {e}", what, e));
    io::stdin().take(limit as u64 + 1).read_to_end(&mut bytes).map_err(cant)?;
    if bytes.len() > limit {
        return Err(
            Error::usage(tr!("{what}: more than {limit} bytes come in", what, limit)).hint(tr!("name a smaller file"))
        );
    }
    Ok(bytes)
}

/// At most `limit` bytes of a plain file, or of standard input where `-` is named.
pub fn bytes_or_stdin(path: &Path, limit: usize, what: &str) -> Result<Vec<u8>> {
    if path == Path::new("-") { stdin(limit, what) } else { read(path, limit, what) }
}

/// The text of a small file, or of standard input where `-` is named.
pub fn text_or_stdin(path: &Path, limit: usize, what: &str) -> Result<String> {
    String::from_utf8(bytes_or_stdin(path, limit, what)?).map_err(|_| not_text(path, what))
}

/// That a file isn't the text that is wanted.
#[must_use]
pub fn not_text(path: &Path, what: &str) -> Error {
    Error::usage(tr!("{what}: {path} isn't UTF-8", what, path = path.display()))
        .hint(tr!("name a text file, saved as UTF-8"))
}

/// Writes a file beside its place and moves it there whole: a crash leaves the old one.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(path);
    std::fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(of_system)?;
    file.write_all(bytes).map_err(of_system)?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// The system's own words: tempfile adds the path of a file that nobody has heard of, and doesn't give what it has inside.
fn of_system(e: io::Error) -> io::Error {
    let words = e.to_string();
    match words.split_once(" at path \"") {
        Some((words, _)) => io::Error::new(e.kind(), words.to_owned()),
        None => e,
    }
}

fn cant_write(path: &Path, e: io::Error) -> Error {
    if path.is_dir() {
        return Error::usage(tr!("can't write {path}: it is a directory", path = path.display()))
            .hint(tr!("name a file"));
    }
    let e = of_system(e);
    Error::environment(tr!("can't write {path}: {e}", path = path.display(), e)).hint(remedy(&e))
}

/// Writes a file that is meant for others, whole or not at all, with the permissions that files have, or that the one had which stood
/// there: whoever shares a folder with a group, or keeps a file to themselves, has set them.
pub fn publish(path: &Path, bytes: &[u8]) -> Result<()> {
    let cant = |e| cant_write(path, e);
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(directory).map_err(cant)?;
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(".karmada-partner-");
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(directory).map_err(cant)?;
    file.write_all(bytes).map_err(cant)?;
    #[cfg(unix)]
    if let Some(before) = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)
        && before.permissions() != file.as_file().metadata().map_err(cant)?.permissions()
    {
        file.as_file().set_permissions(before.permissions()).map_err(cant)?;
    }
    file.persist(path).map_err(|e| cant(e.error))?;
    Ok(())
}

/// Writes a file to where somebody names: through a link, and into a pipe or a device, neither of which is put out of its place.
///
/// # Errors
/// When it can't be written.
pub fn publish_at(path: &Path, bytes: &[u8]) -> Result<()> {
    match path.symlink_metadata() {
        Ok(there) if !there.is_file() && !there.is_dir() => {
            std::fs::write(path, bytes).map_err(|e| cant_write(path, e))
        }
        _ => publish(path, bytes),
    }
}

/// A folder for what is needed as long as this runs.
///
/// # Errors
/// When none can be made.
pub fn passing_folder() -> Result<tempfile::TempDir> {
    tempfile::tempdir().map_err(|e| {
        Error::environment(tr!("can't make a temporary directory: {e}", e = of_system(e)))
            .hint(tr!("name a folder that can be written in TMPDIR, or unset that"))
    })
}

/// Whether a plain file stands at `path` below `root`, in plain directories. A link on the way, or anything else that isn't
/// one, is refused: nothing is read or written elsewhere by way of it.
pub fn is_plain_below(root: &Path, path: &Path) -> Result<bool> {
    let mut at = root.to_owned();
    let parts: Vec<_> = path.components().collect();
    for (index, part) in parts.iter().enumerate() {
        at.push(part);
        let last = index + 1 == parts.len();
        match std::fs::symlink_metadata(&at) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(e) => {
                return Err(Error::environment(tr!("can't read {at}: {e}", at = at.display(), e)).hint(remedy(&e)));
            }
            Ok(found) if (last && found.is_file()) || (!last && found.is_dir()) => {}
            Ok(_) => {
                let what = if last { tr!("a plain file") } else { tr!("a directory") };
                return Err(Error::refused(tr!("{at} isn't {what}", what, at = at.display()))
                    .hint(tr!("no link is followed there; name another place")));
            }
        }
    }
    Ok(true)
}

/// Takes away a directory that can be made again, under another name first: whoever looks meanwhile sees it whole or not at all.
pub fn set_aside(path: &Path) -> Result<()> {
    let cant = |e: io::Error| {
        Error::environment(tr!("{path} is damaged, and can't be removed: {e}", path = path.display(), e))
            .hint(tr!("remove it: it is made again"))
    };
    let parent = path.parent().unwrap_or(path);
    let aside = tempfile::Builder::new().prefix(".damaged-").tempdir_in(parent).map_err(|e| cant(of_system(e)))?;
    match std::fs::rename(path, aside.path().join("it")) {
        // Another run was faster.
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => moved.map_err(cant),
    }
}

/// Has a repository built beside its place and moves it there whole, so that a crash leaves none rather than half of one.
/// When another run is faster, theirs is as good.
pub fn place_repository(path: &Path, build: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let cant = |e: io::Error| {
        let e = of_system(e);
        Error::environment(tr!("can't make a repository at {path}: {e}", path = path.display(), e)).hint(remedy(&e))
    };
    // What a link leads to is meant, and not the link.
    let is_link = path.symlink_metadata().is_ok_and(|there| there.is_symlink());
    let meant = if is_link { path.canonicalize().map_err(cant)? } else { path.to_owned() };
    let path = meant.as_path();
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(parent).map_err(cant)?;
    let temporary = tempfile::Builder::new().prefix(".registry-").tempdir_in(parent).map_err(cant)?;
    let inside = temporary.path().join("registry.git");
    build(&inside)?;
    match std::fs::rename(&inside, path) {
        Err(e) if !path.join("HEAD").exists() => Err(cant(e)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn who_set_permissions_keeps_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        publish(&file, b"new").unwrap();
        for mode in [0o600, 0o664, 0o444] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            publish(&file, b"again").unwrap();
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, mode);
        }
    }

    #[test]
    fn home_is_meant_where_no_shell_reads_it() {
        let home = Path::new("/home/jane");
        for (typed, path) in [
            ("~/a/b", Some("/home/jane/a/b")),
            ("~/", Some("/home/jane/")),
            ("~", Some("/home/jane")),
            ("~jane/a", None),
            ("a/~/b", None),
            ("~\\a", if cfg!(windows) { Some("/home/jane/a") } else { None }),
        ] {
            assert_eq!(below_home(typed, Some(home)), path.map(PathBuf::from), "{typed}");
        }
        assert_eq!(below_home("~/a", None), None);
    }

    #[test]
    fn anothers_home_is_none_of_the_paths_here() {
        for typed in ["~root/dir", "~jane.doe/a/b"] {
            let (why, hint) = names_none(typed).unwrap();
            assert!(why.starts_with("whose home ~") && hint == "write the path itself", "{why}");
        }
        for typed in ["~/a", "~", "~root", "a/~root/b", "~$x/a", "~ x/a", "/~root/a"] {
            assert_eq!(names_none(typed), None, "{typed}");
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn an_address_names_the_whole_path_or_none() {
        for (address, path) in [
            ("file:///a/b%20c", Some("/a/b c")),
            ("file:///a#b/c?d/e", Some("/a#b/c?d/e")),
            ("file:///a%23b%3Fc%25", Some("/a#b?c%")),
            ("FILE://LOCALHOST/a", Some("/a")),
            ("file:/a/b", Some("/a/b")),
            ("file:///a\\b|c", Some("/a\\b|c")),
            ("file://host.example/a", None),
            ("file://127.0.0.1/a", None),
            ("file://a b/c", None),
        ] {
            let named = at_address(address).unwrap();
            assert_eq!(named.ok().as_deref(), path.map(Path::new), "{address}");
        }
        for other in ["file", "file:a", "files:///a", "https://a.example/", "/file:/a"] {
            assert_eq!(at_address(other), None, "{other}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_cannot_be_written_is_named_once() {
        let error = publish(Path::new("/proc/karmada-partner-test"), b"").unwrap_err().message;
        assert_eq!(error.matches("/proc/").count(), 1, "{error}");
        assert!(error.contains("os error"), "{error}");
    }
}
