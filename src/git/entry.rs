//! Entries of directories, as they are read and as they are put there.

use git2::Oid;

/// What an entry of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    File,
    /// A file that may be run.
    Executable,
    Tree,
    Symlink,
    /// A commit of another repository.
    Submodule,
}

impl Mode {
    /// The mode behind git's number for it.
    #[must_use]
    pub const fn from_raw(raw: i32) -> Self {
        match raw & 0o170_000 {
            0o040_000 => Self::Tree,
            0o120_000 => Self::Symlink,
            0o160_000 => Self::Submodule,
            _ if raw & 0o111 != 0 => Self::Executable,
            _ => Self::File,
        }
    }

    /// Whether it is a file, whoever may run it.
    #[must_use]
    pub const fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Executable)
    }

    pub(super) const fn raw(self) -> i32 {
        match self {
            Self::File => 0o100_644,
            Self::Executable => 0o100_755,
            Self::Tree => 0o040_000,
            Self::Symlink => 0o120_000,
            Self::Submodule => 0o160_000,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; bytes that aren't UTF-8 stand there as `\xe9`, which no valid name has.
    pub name: String,
    pub mode: Mode,
    pub oid: Oid,
}

/// What to put at a path of a tree.
#[derive(Debug, Clone)]
pub enum Put {
    /// Nothing: what is there is taken away.
    Nothing,
    /// A plain file with these bytes.
    Bytes(Vec<u8>),
    Object(Mode, Oid),
}

/// A name as text, of no two names the same: git takes no backslash for a part of one, and no file of a registry has one.
pub(super) fn readable(name: &[u8]) -> String {
    let part = |chunk: std::str::Utf8Chunk<'_>| format!("{}{}", chunk.valid(), chunk.invalid().escape_ascii());
    name.utf8_chunks().map(part).collect()
}

/// Why an entry can't be part of a registry.
#[must_use]
pub const fn why_strange(mode: Mode, otherwise: &'static str) -> &'static str {
    match mode {
        Mode::Symlink => "a symbolic link can't stand in a registry",
        Mode::Submodule => "a submodule can't stand in a registry",
        Mode::Executable => "an executable file can't stand in a registry",
        Mode::File | Mode::Tree => otherwise,
    }
}
