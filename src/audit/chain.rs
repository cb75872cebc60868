//! The chain of first parents, as far as it is here.

use std::collections::BTreeMap;

use super::step::Start;
use crate::domain::{Slug, limits};
use crate::error::Result;
use crate::git::{Oid, RawCommit, Repo};

#[derive(Debug, Clone)]
pub struct Scope {
    /// The commit that the default branch is at.
    pub head: Oid,
    /// An earlier one that is taken as sound; `None`: from the beginning.
    pub since: Option<Oid>,
    /// Where partners stood at that one, as far as it is known.
    pub known: BTreeMap<Slug, Start>,
    /// Commits that must be part of the history, as they were seen before.
    pub seen: Vec<Oid>,
    pub signatures: bool,
    /// Whether every object is read and hashed, and nothing is told from messages.
    pub deep: bool,
    /// How many merges that have the history as their second parent this looks through already.
    pub around: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From the beginning, or from where it was asked to begin.
    Whole,
    /// What is before isn't in this clone.
    CutOff,
    /// The commit to begin from isn't part of the history.
    Parted,
    /// What is before can't be read, though it should be here.
    Broken,
}

pub(crate) struct Link {
    pub(crate) oid: Oid,
    pub(crate) commit: RawCommit,
    /// What the commit says, where there was room to keep that.
    pub(crate) message: Option<String>,
}

/// The first-parent commits, the newest first, as far as they can be read.
pub(crate) fn chain(repo: &Repo, scope: &Scope) -> Result<(Vec<Link>, Reach)> {
    let mut out: Vec<Link> = Vec::new();
    // The newest that still has its message, and how many bytes these have. The oldest keep theirs: they are judged first.
    let (mut newest, mut kept) = (0, 0);
    let mut next = Some(scope.head);
    while let Some(oid) = next {
        if Some(oid) == scope.since {
            return Ok((out, Reach::Whole));
        }
        let (commit, message) = match (repo.commit_with_message(oid), out.last()) {
            (Ok(read), _) => read,
            (Err(_), Some(after)) if repo.ends_at(after.oid)? => return Ok((out, Reach::CutOff)),
            (Err(e), Some(_)) if e.is_damage() => return Ok((out, Reach::Broken)),
            (Err(e), _) => return Err(e.into()),
        };
        next = commit.parents.first().copied();
        kept += message.len();
        out.push(Link { oid, commit, message: Some(message) });
        while kept > limits::HELD_MESSAGES {
            kept -= out[newest].message.take().map_or(0, |message| message.len());
            newest += 1;
        }
    }
    Ok((out, if scope.since.is_some() { Reach::Parted } else { Reach::Whole }))
}
