//! When a registry was last written to.

use super::Snapshot;
use crate::domain::Time;

/// How far a registry has come.
#[derive(Debug, Clone, Copy)]
pub enum Newest {
    /// It was founded, and nobody has written since.
    Founding,
    /// Its newest commit, of the default branch or of a proposal, was made then.
    At(Time),
    /// Not all of that can be read.
    Unknown,
}

impl Snapshot<'_> {
    #[must_use]
    pub fn newest(&self) -> Newest {
        let heads = self.heads.proposals.all().into_iter().map(|(_, head)| head).chain([self.commit]);
        let commits: Option<Vec<_>> = heads.map(|head| self.repo.raw_commit(head).ok()).collect();
        match commits.as_deref() {
            Some([only]) if only.parents.is_empty() => Newest::Founding,
            Some(commits) => {
                commits.iter().filter_map(|c| c.time).max().map_or(Newest::Unknown, |t| Newest::At(Time::from_unix(t)))
            }
            None => Newest::Unknown,
        }
    }
}
