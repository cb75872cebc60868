//! Entries that were on record and are gone, as when somebody reverts a decision, or takes away a vote. The audit finds them in
//! the whole history; who is about to add something looks at the newest part of it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Snapshot;
use super::gone::Lost;
use crate::domain::Event;
use crate::domain::limits;
use crate::domain::paths::{Place, place_of};
use crate::error::Result;
use crate::files::memory;
use crate::git::{Difference, Entry, Mode, Oid};

/// So many commits are looked at.
const LOOKED_AT: usize = 1_000;

/// From so many commits and changed files on, what was found is worth remembering: fewer are looked at faster than a file is
/// written.
const WORTH_KEEPING: usize = 16;

/// Where an earlier look ended.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    /// A commit up to which no event was gone.
    clean: String,
    /// The files of votes that were: path, object, and the commit that took it away with the one before.
    votes: Vec<[String; 5]>,
}

/// Changes whenever it changes what counts as gone.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+3");

/// Everything of the newest part of a history that is gone from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gone {
    /// Events that decided something.
    pub events: Vec<Lost>,
    /// Files of votes. Which of them matter, what waits for a decision tells.
    pub votes: Vec<Lost>,
}

/// What a look found, at which commit.
pub(crate) type Look = (Oid, Gone);

impl Memory {
    fn of(clean: Oid, votes: &[Lost]) -> Self {
        let row = |l: &Lost| {
            let by = if l.by_merge { "merge" } else { "commit" };
            [l.path.clone(), l.was.to_string(), l.took.to_string(), l.had.to_string(), by.to_owned()]
        };
        Self { clean: clean.to_string(), votes: votes.iter().map(row).collect() }
    }

    fn look(self) -> Option<Look> {
        let vote = |[path, was, took, had, by]: [String; 5]| {
            let (slug, _) = place_of(&path)?;
            let (was, took, had) = (was.parse().ok()?, took.parse().ok()?, had.parse().ok()?);
            Some(Lost { slug, path, was, took, by_merge: by == "merge", had })
        };
        let votes = self.votes.into_iter().map(vote).collect::<Option<_>>()?;
        Some((self.clean.parse().ok()?, Gone { events: Vec::new(), votes }))
    }
}

/// What is gone, by what an earlier look found at the commit `known`, and by the commits since. Where the history isn't at
/// hand nothing is known. `file` is where to remember what was looked at, if anywhere.
pub(crate) fn since(snapshot: &Snapshot<'_>, known: Option<Look>, file: Option<&Path>) -> Result<Gone> {
    let repo = snapshot.repo;
    if !repo.has_commit(snapshot.commit) {
        let mut gone = known.map(|(_, gone)| gone).unwrap_or_default();
        if !snapshot.heads.gone.is_empty() {
            gone.events.clone_from(&snapshot.heads.gone);
        }
        return Ok(gone);
    }
    let known = known.or_else(|| memory::read::<Memory>(file?, limits::MEMORY, VERSION)?.look());
    let Ok(registry) = snapshot.registry() else { return Ok(Gone::default()) };
    let data = |tree: Oid| -> Result<Option<Oid>> { Ok(repo.at_path(tree, "data")?.map(|entry: Entry| entry.oid)) };
    let mut at = repo.commit(snapshot.commit)?;
    let (mut out, mut work) = (Gone::default(), 0);
    for _ in 0..LOOKED_AT {
        // Of a history that doesn't go on from there, it tells nothing.
        if let Some((_, before)) = known.as_ref().filter(|(seen, _)| *seen == at.oid) {
            out.events.extend_from_slice(&before.events);
            out.votes.extend_from_slice(&before.votes);
            break;
        }
        let Some(parent) = at.parents.first().copied().filter(|parent| repo.has_commit(*parent)) else { break };
        let parent = repo.commit(parent)?;
        let (old, new) = (data(parent.tree)?, data(at.tree)?);
        // Where nothing was, nothing is gone; and what was added took nothing away.
        let replaced = match old {
            Some(was) if old != new => repo.replaced(was, new)?,
            _ => Vec::new(),
        };
        work += 1 + replaced.len();
        for Difference { path, old, .. } in replaced {
            let path = format!("data/{path}");
            let Some((slug, place)) = place_of(&path) else { continue };
            let Some((Mode::File, was)) = old else { continue };
            let lost = Lost { slug, path, was, took: at.oid, by_merge: at.parents.len() > 1, had: parent.oid };
            match place {
                Place::Event(_) if Event::parse(&repo.blob(was)?).is_ok_and(|event| Lost::counts(&event, registry)) => {
                    out.events.push(lost);
                }
                Place::Vote(..) => out.votes.push(lost),
                _ => {}
            }
        }
        at = parent;
    }
    let mut gone = Gone::default();
    for (found, left) in [(out.events, &mut gone.events), (out.votes, &mut gone.votes)] {
        for lost in found {
            if is_gone(&lost, snapshot)? {
                left.push(lost);
            }
        }
    }
    // The history goes on from where nothing was gone.
    if let Some(file) = file.filter(|_| gone.events.is_empty() && work >= WORTH_KEEPING) {
        memory::write(file, limits::MEMORY, VERSION, &Memory::of(snapshot.commit, &gone.votes));
    }
    Ok(gone)
}

fn is_gone(lost: &Lost, snapshot: &Snapshot<'_>) -> Result<bool> {
    let there = snapshot.repo.at_path(snapshot.tree, &lost.path)?;
    Ok(there.is_none_or(|entry| entry.oid != lost.was))
}
