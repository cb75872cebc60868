//! Applications found elsewhere, and where.

use crate::domain::form::filled::Filled;
use crate::domain::log::event::Issue as Attested;
use crate::domain::program::github::RepoName;
use crate::domain::values::Invalid;
use crate::domain::{Draft, HttpLink, Line};
use crate::error::{Error, Result};
use crate::forge::github::issue_query::Issue;

/// An issue that was read on GitHub.
#[derive(Debug)]
pub(super) struct AskedBy {
    pub(super) place: RepoName,
    pub(super) issue: Issue,
    pub(super) filled: Filled,
    /// What was left out or read otherwise, as the issue is told it.
    pub(super) remarks: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Found {
    /// What is told about it, where there is no slug yet.
    pub(super) label: String,
    pub(super) draft: Draft,
    /// Its logo, or why there is none.
    pub(super) logo: Result<Vec<u8>>,
    pub(super) source: Line,
    /// Since when it has been a partner there, as it was written.
    pub(super) since: Option<String>,
    /// Where it can be looked at.
    pub(super) link: Option<HttpLink>,
    /// The issue by which its own people asked for it.
    pub(super) attested: Option<Attested>,
    /// What can't be taken from there: a field's name, and why.
    pub(super) faults: Vec<(String, Invalid)>,
    /// The issue on GitHub that it was read from, whose faults are told there.
    pub(super) asked_by: Option<Box<AskedBy>>,
}

/// A line that says where something was read.
pub(super) fn source(words: &str) -> Result<Line> {
    words.parse().map_err(|e: Invalid| Error::usage(format!("the source: {}", e.why)).hint(e.hint))
}
