//! A directory in memory: what takes long to make is made once, and written wherever it is wanted.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// All that stood below a directory.
#[derive(Clone, Debug)]
pub struct Files {
    from: PathBuf,
    entries: Vec<(PathBuf, Entry)>,
}

#[derive(Clone, Debug)]
enum Entry {
    Directory,
    File(Vec<u8>),
    Program(Vec<u8>),
    Link(PathBuf),
}

impl Files {
    /// Reads a directory, whose name may be gone later.
    #[must_use]
    pub fn of(directory: &Path) -> Self {
        let mut files = Self { from: directory.to_owned(), entries: Vec::new() };
        files.read(directory);
        files
    }

    fn read(&mut self, directory: &Path) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let about = path.symlink_metadata().unwrap();
            let name = path.strip_prefix(&self.from).unwrap().to_owned();
            if about.is_symlink() {
                self.entries.push((name, Entry::Link(fs::read_link(&path).unwrap())));
            } else if about.is_dir() {
                self.entries.push((name, Entry::Directory));
                self.read(&path);
            } else {
                // Nobody runs what git calls a sample, and each repository has one.
                let runs = about.permissions().mode() & 0o100 != 0 && path.extension().is_none_or(|e| e != "sample");
                let of = if runs { Entry::Program } else { Entry::File };
                self.entries.push((name, of(fs::read(&path).unwrap())));
            }
        }
    }

    /// Writes it all into a directory that is there. Links within lead to what is there now.
    pub fn write(&self, directory: &Path) {
        for (name, entry) in &self.entries {
            let path = directory.join(name);
            match entry {
                Entry::Directory => fs::create_dir(path).unwrap(),
                Entry::File(bytes) => fs::write(&path, bytes).unwrap(),
                Entry::Program(bytes) => program(&path, bytes),
                Entry::Link(to) => {
                    let to = to.strip_prefix(&self.from).map_or_else(|_| to.clone(), |within| directory.join(within));
                    std::os::unix::fs::symlink(to, path).unwrap();
                }
            }
        }
    }
}

/// Writes a program by another process: one that this process writes can't be run while a child that another thread has
/// just started still holds the file open.
pub fn program(path: &Path, bytes: &[u8]) {
    let mut write = Command::new("sh");
    write.args(["-c", "cat > \"$0\" && chmod 755 \"$0\""]).arg(path).stdin(Stdio::piped());
    let mut child = write.spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    assert!(child.wait().unwrap().success(), "{} can't be written", path.display());
}

/// A directory of a test's own: in memory where there is plenty of it, since files come and go there in no time.
pub fn directory(prefix: &str) -> TempDir {
    static MEMORY: OnceLock<Option<&'static Path>> = OnceLock::new();
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    match MEMORY.get_or_init(memory) {
        Some(memory) => builder.tempdir_in(memory),
        None => builder.tempdir(),
    }
    .unwrap()
}

/// Where memory can be written to like a disk; not where little fits, as in many a container, or programs can't be run.
fn memory() -> Option<&'static Path> {
    let memory = Path::new("/dev/shm");
    let free = Command::new("df").arg("-Pk").arg(memory).output().ok()?;
    let free = String::from_utf8(free.stdout).ok()?.lines().last()?.split_whitespace().nth(3)?.parse::<u64>().ok()?;
    let tried = tempfile::tempdir_in(memory).ok()?;
    program(&tried.path().join("program"), b"#!/bin/sh\n");
    let runs = Command::new(tried.path().join("program")).status().is_ok_and(|status| status.success());
    (free > 2_000_000 && runs).then_some(memory)
}
