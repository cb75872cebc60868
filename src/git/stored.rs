//! Whether what an earlier run has read can be read still. Objects never change, and so it needn't be read again; but their files are
//! lost, emptied and cut short.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::time::SystemTime;

use git2::Oid;
use serde::{Deserialize, Serialize};

use super::{Mode, Repo, Result, loose};

/// The files in which objects lie, each by a hash of its path, size and time of change. Another hash by another version costs one look.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored(BTreeSet<u64>);

impl Stored {
    fn add(&mut self, directory: &Path) {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            let mut hasher = DefaultHasher::new();
            (entry.path(), about.len(), about.modified().unwrap_or(SystemTime::UNIX_EPOCH)).hash(&mut hasher);
            self.0.insert(hasher.finish());
        }
    }
}

impl Repo {
    /// The files in which objects lie now, borrowed ones too.
    pub(crate) fn stored(&self) -> Stored {
        let mut stored = Stored::default();
        for store in loose::directories(&self.objects_directory()) {
            let below = fs::read_dir(&store).into_iter().flatten().flatten();
            // Those of loose objects are called by two digits.
            for directory in below.filter(|entry| entry.file_name().len() == 2 || entry.file_name() == "pack") {
                stored.add(&directory.path());
            }
        }
        stored
    }

    /// Whether all below a tree can be read, as it could be when these files were there: if one isn't any more as it was, by reading
    /// it all.
    pub(crate) fn still_reads(&self, before: &Stored, now: &Stored, tree: Oid) -> bool {
        before.0.is_subset(&now.0) || self.read_all(tree).is_ok()
    }

    fn read_all(&self, tree: Oid) -> Result<()> {
        for entry in self.entries(tree)? {
            match entry.mode {
                Mode::Tree => self.read_all(entry.oid)?,
                Mode::File | Mode::Executable | Mode::Symlink => drop(self.blob(entry.oid)?),
                Mode::Submodule => {}
            }
        }
        Ok(())
    }
}
