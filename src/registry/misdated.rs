//! Events that are of a time before one before them. Which of the two is of the wrong time is told by the commits that brought them:
//! what is dated ahead binds nobody else, see [`Fold::not_before`].

use std::collections::BTreeMap;

use super::Snapshot;
use crate::domain::check::{Problem, Severity, TIME};
use crate::domain::log::lifecycle::Fold;
use crate::domain::paths::{Place, place_of};
use crate::domain::{Slug, Time};
use crate::error::Result;
use crate::git::Oid;

/// So many commits are looked at; the audit looks at all.
const LOOKED_AT: usize = 1_000;

/// Blames, of the events that a look at what stands there warns of, those that are to blame.
pub(super) fn blame(snapshot: &Snapshot<'_>, problems: &mut [Problem]) -> Result<()> {
    let told = |p: &&mut Problem| p.code == TIME && p.severity == Severity::Warning;
    let mut found: BTreeMap<String, Vec<&mut Problem>> = BTreeMap::new();
    for problem in problems.iter_mut().filter(told) {
        found.entry(problem.path.clone()).or_default().push(problem);
    }
    if found.is_empty() || !snapshot.repo.has_commit(snapshot.commit) {
        return Ok(());
    }
    for (path, written) in brought(snapshot, found.keys().cloned().collect())? {
        let Some((slug, Place::Event(name))) = place_of(&path) else { continue };
        if is_too_early(snapshot, &slug, &name, written)? {
            found.remove(&path).into_iter().flatten().for_each(|problem| problem.severity = Severity::Error);
        }
    }
    Ok(())
}

/// When the commits were made that brought these files, as far as those say it that are looked at.
fn brought(snapshot: &Snapshot<'_>, mut wanted: Vec<String>) -> Result<Vec<(String, Time)>> {
    let repo = snapshot.repo;
    let here = |tree: Oid, path: &str| -> Result<Option<Oid>> { Ok(repo.at_path(tree, path)?.map(|e| e.oid)) };
    let (mut out, mut at) = (Vec::new(), Some(snapshot.commit));
    for _ in 0..LOOKED_AT {
        let Some(commit) = at.filter(|_| !wanted.is_empty()) else { break };
        let commit = repo.raw_commit(commit)?;
        at = commit.parents.first().copied();
        let before = match at {
            Some(parent) if repo.has_commit(parent) => Some(repo.raw_commit(parent)?.tree.into()),
            // What was there before isn't in this clone.
            Some(_) => break,
            None => None,
        };
        let mut left = Vec::new();
        for path in wanted {
            let was = before.map(|tree| here(tree, &path)).transpose()?.flatten();
            match (was == here(commit.tree.into(), &path)?, commit.time) {
                (true, _) => left.push(path),
                (false, Some(time)) => out.push((path, Time::from_unix(time))),
                (false, None) => {}
            }
        }
        wanted = left;
    }
    Ok(out)
}

fn is_too_early(snapshot: &Snapshot<'_>, slug: &Slug, name: &str, written: Time) -> Result<bool> {
    let log = snapshot.partner_in(snapshot.tree, slug)?.life.log;
    let mut before = Fold::default();
    for (place, logged) in log.into_iter().enumerate() {
        // By its place: what an event says of its number may be wrong, too.
        if format!("{:04}", place + 1) == name {
            return Ok(before.not_before(written).is_some_and(|time| time > logged.event.time));
        }
        before.push(slug, &logged);
    }
    Ok(false)
}
