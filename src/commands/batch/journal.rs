//! What a batch has done, row by row, so that a run that was stopped can go on: kept in the user's state directory, one for each
//! registry. A row is known by what it says, so that those that turned out impossible can be taken out of the file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;

use super::rows::Row;
use crate::config::UserDirectory;
use crate::domain::Sha256;
use crate::error::{Error, Result};
use crate::session::Context;

/// The last line of the journal of a batch that was finished.
const FINISHED: &str = "finished";

/// The journal of the last batch on a registry.
#[derive(Debug, Default)]
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
    /// What each row is known by, by its number.
    names: BTreeMap<usize, String>,
    done: BTreeSet<String>,
}

impl Journal {
    /// The journal of a registry, for a batch of these rows. What an earlier run has done counts only if it is to be gone on with.
    pub fn open(ctx: &Context, rows: &[Row], go_on: bool) -> Result<Self> {
        let registry = format!("{:?}", ctx.location()?);
        let name = Sha256::of(registry.as_bytes()).short();
        let path = ctx.environment.folder(UserDirectory::State)?.join("batches").join(name);
        let names: BTreeMap<usize, String> = rows.iter().map(|row| row.number).zip(names(rows)).collect();
        let mut done = BTreeSet::new();
        if let (Ok(file), true) = (File::open(&path), go_on) {
            // The last line may be cut off by a crash: then its row isn't known to be done, and is tried again.
            let lines = BufReader::new(file).lines().map_while(std::result::Result::ok);
            done.extend(lines.filter_map(|l| Some(l.strip_suffix('.')?.to_owned())));
        }
        done.remove(FINISHED);
        if go_on && !names.values().any(|name| done.contains(name)) {
            let what = if done.is_empty() { "nothing of it was done before" } else { "the last batch was another one" };
            ctx.ui.say(&format!("There is nothing to go on with: {what}. It begins with the first row."));
            done.clear();
        }
        Ok(Self { path, file: None, names, done })
    }

    /// Whether a row was done before.
    #[must_use]
    pub fn has(&self, row: usize) -> bool {
        self.names.get(&row).is_some_and(|name| self.done.contains(name))
    }

    pub fn add(&mut self, row: usize) -> Result<()> {
        let Some(name) = self.names.get(&row).cloned() else { return Ok(()) };
        self.write(&name)?;
        self.done.insert(name);
        Ok(())
    }

    /// All is done. It stays known, so that going on with it does nothing twice.
    pub fn finish(&mut self) -> Result<()> {
        self.write(FINISHED)
    }

    fn write(&mut self, line: &str) -> Result<()> {
        let cant = |e: std::io::Error, path: &PathBuf| {
            Error::environment(format!("can't write the journal {}: {e}", path.display()))
                .hint("free some space; what was done so far is done")
        };
        if self.file.is_none() {
            let directory = self.path.parent().unwrap_or(&self.path);
            std::fs::create_dir_all(directory).map_err(|e| cant(e, &self.path))?;
            let mut options = OpenOptions::new();
            options.create(true).append(true);
            if self.done.is_empty() {
                // What an earlier batch has done is no longer of interest.
                let _ = std::fs::remove_file(&self.path);
            }
            let mut file = options.open(&self.path).map_err(|e| cant(e, &self.path))?;
            // A line that a crash cut off ends here.
            file.write_all(b"\n").map_err(|e| cant(e, &self.path))?;
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            let written = file.write_all(format!("{line}.\n").as_bytes()).and_then(|()| file.sync_data());
            written.map_err(|e| cant(e, &self.path))?;
        }
        Ok(())
    }
}

/// What rows are known by: a hash of their words, and a number where several say the same.
fn names(rows: &[Row]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let name = |row: &Row| {
        let hash = Sha256::of(row.words().collect::<Vec<_>>().join("\0").as_bytes()).hex();
        let count = seen.entry(hash.clone()).or_default();
        *count += 1;
        format!("{hash} {count}")
    };
    rows.iter().map(name).collect()
}
