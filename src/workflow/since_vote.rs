//! What changed since a member voted.

use std::collections::BTreeMap;

use crate::domain::log::kinds::Ballot;
use crate::domain::paths::PARTNERS;
use crate::domain::{Facts, Field, Login, Record, Sha256};
use crate::error::Result;
use crate::evidence::registry::changes::Since;
use crate::registry::{Proposal, Snapshot};

/// What changed since the last vote, the reader's or anybody's, that was cast on other facts and not renewed since.
pub fn since_vote(snapshot: &Snapshot<'_>, p: &Proposal, reader: Option<&Login>) -> Result<Since> {
    let mut last = BTreeMap::new();
    for cast in p.votes.iter().filter(|v| v.vote.ballot != Ballot::Request) {
        last.insert(cast.vote.actor.folded(), &cast.vote);
    }
    let stale = last.into_values().filter(|v| v.facts != p.facts && reader.is_none_or(|r| v.actor.is(r)));
    let (Some(vote), Some(record)) = (stale.max_by_key(|v| v.time), p.record()) else { return Ok(Since::Nothing) };
    let words = format!("Changed since {} voted on {}", vote.actor, vote.time.date());
    let path = format!("{PARTNERS}/{}/partner.toml", p.partner.slug);
    let (mut found, mut failed) = (None, None);
    snapshot.repo.walk(&[p.head], &[snapshot.commit], |commit| {
        let read = || -> Result<Option<Record>> {
            let Some(entry) = snapshot.repo.at_path(commit.tree, &path)? else { return Ok(None) };
            let bytes = snapshot.repo.blob(entry.oid)?;
            Ok((Sha256::of(&bytes) == vote.facts.record).then(|| Record::parse(&bytes).ok()).flatten())
        };
        match read() {
            Ok(record) => found = record,
            Err(e) => failed = Some(e),
        }
        found.is_none() && failed.is_none()
    })?;
    match (found, failed) {
        (_, Some(e)) => Err(e),
        (Some(old), None) => {
            let mut changes = record.differences(&old);
            if vote.facts.logo != p.facts.logo {
                let short = |facts: Facts| facts.logo.map(|l| l.short());
                changes.push((Field::Logo, short(p.facts), short(vote.facts)));
            }
            Ok(Since::Differs(words, changes))
        }
        (None, None) => Ok(Since::Gone(words)),
    }
}
