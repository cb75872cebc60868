//! What a batch has done, row by row, so that a run that was stopped can go on: kept in the user's state directory.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;

use crate::config::Place;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::partner::Sha256;

/// The journal of one batch on one registry.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
    done: BTreeSet<usize>,
}

impl Journal {
    /// The journal of a batch with these bytes. What an earlier run has done counts only if it is to be gone on with.
    pub fn open(ctx: &Context, batch: &[u8], go_on: bool) -> Result<Self> {
        let registry = format!("{:?}", ctx.location()?);
        let name = Sha256::of(&[registry.as_bytes(), b"\0", batch].concat()).short();
        let path = ctx.environment.directory(Place::State)?.join("batches").join(name);
        let mut done = BTreeSet::new();
        match File::open(&path) {
            // The last line may be cut off by a crash: then its row isn't known to be done, and is tried again.
            Ok(file) if go_on => {
                let lines = BufReader::new(file).lines().map_while(std::result::Result::ok);
                done.extend(lines.filter_map(|l| l.strip_suffix('.')?.parse::<usize>().ok()));
            }
            _ => {}
        }
        Ok(Self { path, file: None, done })
    }

    /// Whether a row was done before.
    #[must_use]
    pub fn has(&self, row: usize) -> bool {
        self.done.contains(&row)
    }

    /// A row is done.
    pub fn add(&mut self, row: usize) -> Result<()> {
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
                // What an earlier run has done is no longer of interest.
                let _ = std::fs::remove_file(&self.path);
            }
            let mut file = options.open(&self.path).map_err(|e| cant(e, &self.path))?;
            // A line that a crash cut off ends here.
            file.write_all(b"\n").map_err(|e| cant(e, &self.path))?;
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            file.write_all(format!("{row}.\n").as_bytes()).map_err(|e| cant(e, &self.path))?;
        }
        self.done.insert(row);
        Ok(())
    }

    /// All is done: there is nothing to go on with.
    pub fn forget(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
