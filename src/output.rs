//! A directory of files that the program writes and keeps: what is unchanged isn't touched, what is no longer made goes,
//! and what somebody else put there stays.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files;

/// The file in which it is written down what was written.
const MANIFEST: &str = ".karmada-partner.json";

/// What was written, and from what.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    /// A hash over all that went in.
    input: String,
    /// Size and time of change of each file.
    files: BTreeMap<String, (u64, u128)>,
}

/// What became of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Files in the directory.
    pub files: usize,
    /// Of them new or changed.
    pub written: usize,
    /// Files that were taken away.
    pub removed: usize,
}

/// A directory that is being written.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    before: Manifest,
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    files: BTreeMap<String, (u64, u128)>,
    directories: BTreeSet<PathBuf>,
    written: usize,
}

fn cant(path: &Path, e: &io::Error) -> Error {
    Error::environment(format!("can't write {}: {e}", path.display()))
        .hint("check the path, its permissions and the space left")
}

/// Size and time of change of a plain file.
fn stamp(path: &Path) -> Option<(u64, u128)> {
    let metadata = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((metadata.len(), changed.as_nanos()))
}

impl Output {
    /// Takes up a directory, or makes it.
    pub fn open(root: &Path) -> Result<Self> {
        std::fs::create_dir_all(root).map_err(|e| cant(root, &e))?;
        let before = std::fs::read(root.join(MANIFEST)).ok().and_then(|b| serde_json::from_slice(&b).ok());
        Ok(Self { root: root.to_owned(), before: before.unwrap_or_default(), now: Mutex::default() })
    }

    /// Whether all stands there as it was written from this input.
    #[must_use]
    pub fn is_up_to_date(&self, input: &str) -> Option<Written> {
        let files = &self.before.files;
        let same = |(path, known): (&String, &(u64, u128))| stamp(&self.root.join(path)) == Some(*known);
        let whole = self.before.input == input && !files.is_empty() && files.iter().all(same);
        whole.then(|| Written { files: files.len(), ..Written::default() })
    }

    /// Puts a file there, unless it is there already. What somebody else wrote isn't written over.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let full = self.root.join(path);
        let there = stamp(&full);
        let same = || std::fs::read(&full).is_ok_and(|old| old == bytes);
        if there.is_some_and(|(size, _)| size == bytes.len() as u64) && same() {
            return self.keep(path);
        }
        if std::fs::symlink_metadata(&full).is_ok() && !self.before.files.contains_key(path) {
            return Err(Error::refused(format!(
                "{} is there already, and wasn't written by this command",
                full.display()
            ))
            .hint("name a new or an empty directory with --out, or remove that file"));
        }
        if let Some(parent) = full.parent()
            && !self.lock().directories.contains(parent)
        {
            std::fs::create_dir_all(parent).map_err(|e| cant(parent, &e))?;
            // Only now: another thread may be waiting to write there.
            self.lock().directories.insert(parent.to_owned());
        }
        std::fs::write(&full, bytes).map_err(|e| cant(&full, &e))?;
        self.lock().written += 1;
        self.keep(path)
    }

    /// Whether a file of this name and size was written before; its name says what is in it.
    #[must_use]
    pub fn has(&self, path: &str, size: u64) -> bool {
        self.before.files.get(path).is_some_and(|known| known.0 == size && stamp(&self.root.join(path)) == Some(*known))
    }

    /// Keeps a file that is there.
    pub fn keep(&self, path: &str) -> Result<()> {
        let full = self.root.join(path);
        let Some(stamp) = stamp(&full) else {
            return Err(Error::environment(format!("{} was taken away meanwhile", full.display())).hint("run it again"));
        };
        self.lock().files.insert(path.to_owned(), stamp);
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes away what is no longer made, and writes down what was.
    pub fn finish(self, input: &str) -> Result<Written> {
        let now = self.now.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut removed = 0;
        for path in self.before.files.keys().filter(|path| !now.files.contains_key(*path)) {
            // Names in a file that lies about could lead anywhere.
            if Path::new(path).components().any(|c| !matches!(c, std::path::Component::Normal(_))) {
                continue;
            }
            let full = self.root.join(path);
            removed += usize::from(std::fs::remove_file(&full).is_ok());
            // Directories that are empty now go as well.
            for parent in full.ancestors().skip(1).take_while(|p| *p != self.root) {
                if std::fs::remove_dir(parent).is_err() {
                    break;
                }
            }
        }
        let written = Written { files: now.files.len(), written: now.written, removed };
        if now.written > 0 || removed > 0 || self.before.input != input {
            let manifest = Manifest { input: input.to_owned(), files: now.files };
            let json = serde_json::to_vec(&manifest).unwrap_or_default();
            files::publish(&self.root.join(MANIFEST), &json)?;
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_write_into_one_new_directory_dont_trip_over_each_other() {
        for _ in 0..50 {
            let directory = tempfile::tempdir().unwrap();
            let output = Output::open(directory.path()).unwrap();
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let output = &output;
                    scope.spawn(move || output.put(&format!("a/b/c/{thread}"), b"x").unwrap());
                }
            });
            assert_eq!(output.finish("").unwrap().files, 4);
        }
    }

    #[test]
    fn only_what_changed_is_touched_and_only_what_is_ours_goes() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("site");
        let run = |files: &[(&str, &str)], input: &str| {
            let output = Output::open(&root).unwrap();
            for (path, text) in files {
                output.put(path, text.as_bytes()).unwrap();
            }
            output.finish(input).unwrap()
        };
        assert_eq!(run(&[("a", "1"), ("b/c", "2")], "x"), Written { files: 2, written: 2, removed: 0 });
        assert_eq!(Output::open(&root).unwrap().is_up_to_date("x").unwrap().files, 2);
        assert_eq!(Output::open(&root).unwrap().is_up_to_date("y"), None);
        std::fs::write(root.join("CNAME"), "theirs").unwrap();
        assert_eq!(run(&[("a", "3")], "y"), Written { files: 1, written: 1, removed: 1 });
        assert!(!root.join("b").exists() && root.join("CNAME").exists());
        let refused = Output::open(&root).unwrap().put("CNAME", b"ours").unwrap_err();
        assert!(refused.message.contains("wasn't written by this command"));
        // What somebody changed is written again.
        std::fs::write(root.join("a"), "hand").unwrap();
        assert_eq!(Output::open(&root).unwrap().is_up_to_date("y"), None);
        assert_eq!(run(&[("a", "3")], "y").written, 1);
    }
}
