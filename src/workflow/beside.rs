//! Pull requests that propose nothing, as one that changes a document: where the default branch asks for our status, nothing else
//! tells that the committee has nothing to decide there. Whatever comes near `data/` isn't one of them.

use crate::audit::side::MOST_COMMITS;
use crate::domain::limits;
use crate::error::Result;
use crate::forge::People;
use crate::git::{Mode, Oid};
use crate::registry::Snapshot;

/// The directory that nothing but a proposal or a decision changes.
const DATA: &str = "data";

/// What a pull request is to the committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// It has nothing to decide there.
    None,
    /// Nobody merges it without the committee, and why.
    Concern(&'static str),
    /// It was pushed over while we looked: the next run has what it is then.
    Gone,
}

/// What a pull request that proposes nothing is to the committee.
///
/// # Errors
/// When its commits can't be read.
pub fn look(people: &dyn People, on: &Snapshot<'_>, number: u64, head: Oid) -> Result<Matter> {
    let is_here = || on.repo.commit_if_here(head).is_some();
    if !is_here() && !people.fetch(number, limits::PULL_REQUEST)? {
        return Ok(Matter::Concern("it brings more than is looked through"));
    }
    if !is_here() {
        return Ok(Matter::Gone);
    }
    Ok(concern(on, head)?.map_or(Matter::None, Matter::Concern))
}

/// Why merging a commit, in whatever way, could change what is decided on: looked at commit by commit, since a rebase brings each;
/// and from each place where its history parts from the default branch's, since a merge brings what differs from there.
fn concern(on: &Snapshot<'_>, head: Oid) -> Result<Option<&'static str>> {
    let data = |at: Oid| -> Result<Option<(Oid, Mode)>> {
        let tree = on.repo.commit_itself(at)?.tree;
        Ok(on.repo.at_path(tree, DATA)?.map(|entry| (entry.oid, entry.mode)))
    };
    let Some(own) = on.repo.own_commits(head, on.commit, MOST_COMMITS)? else {
        return Ok(Some("it has more commits than are looked through"));
    };
    if own.is_empty() {
        return Ok(None);
    }
    for commit in &own {
        let there = data(commit.oid)?;
        let mut is_new = true;
        for parent in &commit.parents {
            is_new &= data(*parent)? != there;
        }
        if is_new && (there.is_some() || !commit.parents.is_empty()) {
            return Ok(Some(CHANGES));
        }
    }
    let last = data(head)?;
    let bases = on.repo.merge_bases(on.commit, head)?;
    for base in &bases {
        if data(*base)? != last {
            return Ok(Some(CHANGES));
        }
    }
    Ok(bases.is_empty().then_some("it has no history in common with the default branch"))
}

/// What is told of one that comes near it.
const CHANGES: &str = "it changes data/, as only a proposal or a decision does";
