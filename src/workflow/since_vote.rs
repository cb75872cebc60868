//! What changed since a member voted, or since the facts in force.

use crate::domain::logo::outline;
use crate::domain::paths::fact_paths;
use crate::domain::{Field, Login, Record, Sha256, Vote};
use crate::error::Result;
use crate::evidence::registry::changes::{Changes, Since};
use crate::git::Oid;
use crate::registry::{Proposal, Snapshot};

/// What changed since the last vote, the reader's or anybody's, that was cast on other facts and not renewed since.
pub fn since_vote(snapshot: &Snapshot<'_>, p: &Proposal, reader: Option<&Login>) -> Result<Since> {
    let last = p.votes.iter().filter_map(|cast| p.last_vote_of(&cast.vote.actor));
    let stale = last.filter(|v| v.facts != p.facts && reader.is_none_or(|r| v.actor.is(r)));
    let (Some(vote), Some(record)) = (stale.max_by_key(|v| v.time), p.record()) else { return Ok(Since::Nothing) };
    let words = voted_on(vote);
    let (record_path, logo_path) = fact_paths(&p.partner.slug);
    let Some(old) = file_with(snapshot, p, &record_path, vote.facts.record)? else { return Ok(Since::Gone(words)) };
    let Ok(old) = Record::parse(&old) else { return Ok(Since::Gone(words)) };
    let mut changes = record.differences(&old);
    if let (Some(path), Some(hash)) = (logo_path, vote.facts.logo.filter(|_| vote.facts.logo != p.facts.logo)) {
        let old = file_with(snapshot, p, &path, hash)?;
        changes.extend(logo_change(snapshot, old.as_deref(), p.partner.directory.logo)?);
    }
    Ok(Since::Differs(words, changes))
}

/// Since when something is told that changed.
pub fn voted_on(vote: &Vote) -> String {
    tr!("Changed since {actor} voted on {time}", actor = vote.actor, time = vote.time.date())
}

/// What an update changes of the facts in force.
pub fn since_in_force(snapshot: &Snapshot<'_>, p: &Proposal) -> Result<Option<Changes>> {
    let landed = snapshot.landed(&p.partner.slug)?;
    let (Some(record), Some(old)) = (p.record(), p.in_force()) else { return Ok(None) };
    let mut changes = record.differences(old);
    let before = match landed.life.landed {
        Some((facts, objects)) if facts.logo != p.facts.logo => objects.logo,
        _ => return Ok(Some(changes)),
    };
    let before = before.map(|id| snapshot.repo.file_bytes(id)).transpose()?.flatten();
    changes.extend(logo_change(snapshot, before.as_deref(), p.partner.directory.logo)?);
    Ok(Some(changes))
}

/// A logo that became another, by its measures: nobody sees anything in a hash.
fn logo_change(snapshot: &Snapshot<'_>, old: Option<&[u8]>, new: Option<Oid>) -> Result<Changes> {
    let new = new.map(|oid| snapshot.repo.blob(oid)).transpose()?;
    let (old, new) = match (old, &new) {
        (Some(old), Some(new)) => {
            let (old, new) = outline::differing(old, new);
            (Some(old), Some(new))
        }
        (None, new) => (Some(tr!("one that isn't here any more").to_owned()), new.as_deref().map(outline::in_short)),
        (Some(old), None) => (Some(outline::in_short(old)), None),
    };
    Ok(vec![(Field::Logo, new, old)])
}

/// The bytes that a file had on the proposal's way, by their hash.
fn file_with(snapshot: &Snapshot<'_>, p: &Proposal, path: &str, hash: Sha256) -> Result<Option<Vec<u8>>> {
    let (mut found, mut failed, mut last) = (None, None, None);
    snapshot.repo.walk(&[p.head], &[snapshot.commit], |commit| {
        let mut read = || -> Result<Option<Vec<u8>>> {
            let Some(entry) = snapshot.repo.at_path(commit.tree, path)? else { return Ok(None) };
            // Most commits leave it as it is.
            if last.replace(entry.oid) == Some(entry.oid) {
                return Ok(None);
            }
            let bytes = snapshot.repo.blob(entry.oid)?;
            Ok((Sha256::of(&bytes) == hash).then_some(bytes))
        };
        match read() {
            Ok(bytes) => found = bytes,
            Err(e) => failed = Some(e),
        }
        found.is_none() && failed.is_none()
    })?;
    failed.map_or(Ok(found), Err)
}
