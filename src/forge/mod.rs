//! Where a registry is kept. One trait, for what ships in more than one kind.

pub mod plain;

use crate::change::Change;
use crate::error::Result;
use crate::registry::Heads;
use crate::repo::{Oid, Repo, RepoError};

/// A place that keeps a registry. Every verb can be run again after any failure, with the same result.
pub trait Forge {
    /// Where its objects can be read.
    fn repo(&self) -> &Repo;

    /// Where its branches are now.
    fn heads(&self) -> Result<Heads>;

    /// Publishes changes in order, all of them or none, if the branches are still where `heads` says. Gives the commit
    /// of each.
    fn publish(&self, heads: &Heads, changes: &[Change]) -> Result<Vec<Oid>, RepoError>;
}
