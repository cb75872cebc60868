//! `core.sharedRepository`, which libgit2 doesn't know: whoever shares a repository can go on where somebody else has written.

use std::path::{Path, PathBuf};

use git2::Oid;

/// What is added to the permissions of what is made, or put in their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// `group`, `all`: bits that are added.
    With(u32),
    /// `0640` and such: the bits themselves.
    Exactly(u32),
}

impl Sharing {
    /// The setting as git reads it; `None` where the system's default is good enough, an error where git refuses it.
    pub(super) fn parse(setting: &str) -> Result<Option<Self>, ()> {
        Ok(match setting.trim().to_ascii_lowercase().as_str() {
            "group" | "true" | "yes" | "on" | "1" => Some(Self::With(0o660)),
            "all" | "world" | "everybody" | "2" => Some(Self::With(0o664)),
            "umask" | "false" | "no" | "off" | "0" => None,
            number => {
                let bits = u32::from_str_radix(number, 8).map_err(drop)?;
                // Its owner can do without nobody.
                if bits & 0o600 != 0o600 {
                    return Err(());
                }
                Some(Self::Exactly(bits & 0o666))
            }
        })
    }

    /// The permissions of something that has `mode` now.
    #[cfg_attr(windows, allow(dead_code, reason = "there are no such permissions; its test runs everywhere"))]
    fn of(self, mode: u32, is_directory: bool) -> u32 {
        let bits = match self {
            Self::With(bits) | Self::Exactly(bits) => bits,
        };
        // What its own owner can't write, nobody can.
        let bits = if mode & 0o200 == 0 { bits & !0o222 } else { bits };
        // What its owner can run, whoever reads it can; in a directory, so that it can be entered.
        let runs = if mode & 0o100 == 0 { 0 } else { (bits & 0o444) >> 2 };
        let kept = match self {
            Self::With(_) => mode,
            Self::Exactly(_) => mode & !0o777,
        };
        let inherits = if is_directory && bits & 0o060 != 0 { 0o2000 } else { 0 };
        kept | bits | runs | inherits
    }
}

/// Shares a loose object that was just written, and its directory.
pub(super) fn object(sharing: Sharing, objects: &Path, oid: Oid) {
    let hex = oid.to_string();
    let directory = objects.join(&hex[..2]);
    share(sharing, &directory.join(&hex[2..]));
    share(sharing, &directory);
}

/// Shares packs that were just written.
pub(super) fn packs(sharing: Sharing, directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        share(sharing, &entry.path());
    }
    share(sharing, directory);
}

/// Shares references that were just moved, with the directories on the way to them and the file of those that are packed.
pub(super) fn references<'n>(sharing: Sharing, top: &Path, full_names: impl Iterator<Item = &'n str>) {
    share(sharing, &top.join("packed-refs"));
    for name in full_names {
        on_the_way(sharing, top, name);
        log(sharing, top, name);
    }
}

/// Shares what is noted of a reference, with the directories on the way there: whoever moves it next writes into the same file.
pub(super) fn log(sharing: Sharing, top: &Path, full_name: &str) {
    let logs = top.join("logs");
    share(sharing, &logs);
    on_the_way(sharing, &logs, full_name);
}

fn on_the_way(sharing: Sharing, root: &Path, name: &str) {
    let mut path: PathBuf = root.to_owned();
    for part in name.split('/') {
        path.push(part);
        share(sharing, &path);
    }
}

/// Shares a directory with all that is in it.
pub(super) fn whole(sharing: Sharing, directory: &Path) {
    share(sharing, directory);
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => whole(sharing, &entry.path()),
            _ => share(sharing, &entry.path()),
        }
    }
}

/// What belongs to somebody else was shared by them; what isn't there needn't be.
#[cfg(unix)]
fn share(sharing: Sharing, path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(metadata) = std::fs::symlink_metadata(path) else { return };
    if metadata.is_symlink() {
        return;
    }
    let mode = metadata.permissions().mode();
    let wanted = sharing.of(mode & 0o7777, metadata.is_dir());
    if wanted != mode & 0o7777 {
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(wanted));
    }
}

#[cfg(windows)]
fn share(_: Sharing, _: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_those_that_git_gives() {
        // As `git init --shared=…`, `git hash-object -w` and `git update-ref` leave them under a umask of 022.
        for (setting, directory, object, file) in [
            ("group", 0o2775, 0o440 | 0o004, 0o664),
            ("all", 0o2775, 0o444, 0o664),
            ("0660", 0o2770, 0o440, 0o660),
            ("0640", 0o2750, 0o440, 0o640),
        ] {
            let sharing = Sharing::parse(setting).unwrap().unwrap();
            assert_eq!(sharing.of(0o755, true), directory, "{setting}");
            assert_eq!(sharing.of(0o444, false), object, "{setting}");
            assert_eq!(sharing.of(0o644, false), file, "{setting}");
        }
        for setting in ["umask", "0", "false"] {
            assert_eq!(Sharing::parse(setting), Ok(None), "{setting}");
        }
        for setting in ["what", "0400", "0999"] {
            assert_eq!(Sharing::parse(setting), Err(()), "{setting}");
        }
    }
}
