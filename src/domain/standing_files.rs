//! What stands there of one partner, or of the program, and what a check holds it to.

use std::collections::{BTreeMap, BTreeSet};

use super::program::Program;
use super::program::policies::Policies;
use super::record::Record;
use super::values::{Sha256, Time};

/// The files of one partner's directory, or of the program's, read. Names are below the directory.
#[derive(Debug, Clone, Default)]
pub struct Files {
    pub record: Option<Vec<u8>>,
    /// Records that don't stand there any more, as far as they are looked up: those that its log names, and the one in force before
    /// a change that is judged on its own.
    pub named: Vec<Vec<u8>>,
    pub logo: Option<Vec<u8>>,
    /// The files of `log/`, by name.
    pub log: Vec<(String, Vec<u8>)>,
    /// The files of `votes/`: round, name, bytes.
    pub votes: Vec<(String, String, Vec<u8>)>,
    /// What voters saw, beside the votes: round, name, bytes.
    pub evidence: Vec<(String, String, Vec<u8>)>,
    /// The files of `policies/`, by name; the program's only.
    pub policies: Vec<(String, Vec<u8>)>,
    /// What stands there and can't be one of these, by name; whoever read them told so.
    pub strange: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    pub program: &'a Program,
    pub policies: &'a Policies,
    /// The hash of the founding event; `None` where there is none.
    pub registry: Option<Sha256>,
    pub signatures: bool,
    /// By the reader's clock.
    pub now: Time,
}

/// The records that are at hand, by their hashes.
pub(super) struct AtHand(BTreeMap<Sha256, Option<Record>>);

impl AtHand {
    pub fn of(files: &Files) -> Self {
        Self(
            files
                .record
                .iter()
                .chain(&files.named)
                .map(|bytes| (Sha256::of(bytes), Record::parse(bytes).ok()))
                .collect(),
        )
    }

    pub fn get(&self, record: Sha256) -> Option<&Record> {
        self.0.get(&record)?.as_ref()
    }
}
