//! An entry that was on record and is gone, and what is said of it.

use crate::domain::{Event, Sha256, Slug};
use crate::git::Oid;

/// What no later commit brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lost {
    pub slug: Slug,
    pub path: String,
    /// Its file as it was.
    pub was: Oid,
    /// The commit that took it away.
    pub took: Oid,
    /// Whether that is a merge, as GitHub's buttons make of a revert: to revert one takes a word more.
    pub by_merge: bool,
    /// The last commit that had it.
    pub had: Oid,
}

impl Lost {
    /// Whether an event is missed once it is gone: what nobody decided may be taken back; and a registry may have been founded anew.
    #[must_use]
    pub fn counts(event: &Event, registry: Sha256) -> bool {
        event.registry == Some(registry) && !event.kind.applies()
    }

    /// What happened, in a sentence without its point.
    #[must_use]
    pub fn words(&self) -> String {
        tr!("{path} was decided, and commit {took} took it off the record", path = self.path, took = self.took)
    }

    /// How it comes back.
    #[must_use]
    pub fn hint(&self) -> String {
        let way = if self.by_merge { format!("-m 1 {}", self.took) } else { self.took.to_string() };
        tr!("bring it back: git revert {took}, and push; karmada-partner audit tells all", took = way)
    }

    /// What helps who can't bring it back.
    #[must_use]
    pub fn hint_to_others(&self) -> String {
        tr!("tell the committee, which brings it back: git revert {took}, and push", took = self.took)
    }
}
