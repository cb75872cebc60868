//! What is wrong with a registry's files, as it is told, and how much of it is proved how well.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::log::block::BlockError;
use super::peer::Peer;
use super::signature::grade::Grade;
use super::text;
use super::toml::Fault;
use super::values::{Sha256, Time};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The registry can't be relied on until it is mended.
    Error,
    Warning,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// In the registry's tree.
    pub path: String,
    /// Counted from 1, when a line is to blame.
    pub line: Option<usize>,
    pub severity: Severity,
    /// A short name that stays, for scripts.
    pub code: Cow<'static, str>,
    pub message: String,
    pub hint: String,
}

impl Problem {
    pub fn error(
        path: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            path: text::visible(&path.into()),
            line: None,
            severity: Severity::Error,
            code: code.into(),
            message: text::visible(&message.into()),
            hint: hint.into(),
        }
    }

    pub fn warning(
        path: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, code, message, hint) }
    }

    #[must_use]
    pub fn at(mut self, line: Option<usize>) -> Self {
        self.line = line;
        self
    }
}

#[must_use]
pub fn of_document(path: &str, code: &'static str, faults: Vec<Fault>) -> Vec<Problem> {
    faults.into_iter().map(|f| Problem::error(path, code, f.message, f.hint).at(f.line)).collect()
}

pub(super) const FOREIGN: &str = "it belongs to another registry";
/// What to do about what nobody put there on purpose, as systems and editors leave it.
pub const REMOVE: &str = "remove it; only what the program itself writes stands there";
pub(super) const RESTORE: &str = "restore it from the registry's history: events and votes are only ever added";

/// A block that can't be read.
pub(super) fn of_block(path: &str, code: &'static str, e: &BlockError) -> Problem {
    Problem::error(path, code, e.why.clone(), e.mend(RESTORE)).at(Some(e.line))
}

pub(super) fn line_of(bytes: &[u8], key: &str) -> Option<usize> {
    bytes.split(|b| *b == b'\n').position(|line| line.starts_with(key.as_bytes())).map(|i| i + 1)
}

/// The code of what is told of an entry that is dated ahead: it ends by itself.
pub const AHEAD: &str = "dated-ahead";

/// The code of what is told of an event that is of a time before one before it: which of the two is to blame, commits tell.
pub const TIME: &str = "event-time";

/// What is of a time that hasn't come.
pub(super) fn dated_ahead(path: &str, time: Time, now: Time) -> Option<Problem> {
    let hint =
        "a clock was wrong, this machine's or its writer's; what follows isn't held to it, and it stays as it is";
    let what = format!("it is dated {time}, and that hasn't come");
    time.is_ahead_of(now).then(|| Problem::warning(path, AHEAD, what, hint))
}

/// What may be wrong with an entry: it depends on the policy that was in force where it came, which commits tell.
#[derive(Debug)]
pub struct Doubt {
    pub path: String,
    pub under: BTreeMap<Sha256, Problem>,
}

#[derive(Debug, Default)]
pub struct Found {
    pub problems: Vec<Problem>,
    pub doubts: Vec<Doubt>,
    /// Why the first decision that isn't what its votes say isn't, with its file in the directory.
    pub unfounded: Option<String>,
    /// What others are held to of it, where nothing is wrong with it.
    pub peer: Option<Peer>,
    pub counts: Counts,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// First-parent commits.
    pub commits: u64,
    pub events: u64,
    pub votes: u64,
    pub grades: Grades,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Grades {
    pub signed: u64,
    pub attested: u64,
    /// By nothing but who could write to the registry.
    pub unsigned: u64,
}

impl Counts {
    pub fn add(&mut self, more: &Self) {
        self.commits += more.commits;
        self.events += more.events;
        self.votes += more.votes;
        self.grades.signed += more.grades.signed;
        self.grades.attested += more.grades.attested;
        self.grades.unsigned += more.grades.unsigned;
    }
}

impl Grades {
    pub fn add(&mut self, grade: Grade) {
        *match grade {
            Grade::Signed => &mut self.signed,
            Grade::Attested => &mut self.attested,
            Grade::Unsigned => &mut self.unsigned,
        } += 1;
    }
}
