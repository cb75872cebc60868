//! Which commits brought approvals, as far as messages name them and trees bear that out. History only grows: what was found up to a
//! commit is remembered, and those since are read.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::domain::limits;
use crate::domain::paths::PARTNERS;
use crate::error::Result;
use crate::files::memory;

/// Changes whenever it changes what is found.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+1");

/// Fewer commits are read faster than a file is written.
const WORTH_KEEPING: usize = 64;

/// Commits by the event's number, by partner.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Approvals(BTreeMap<String, BTreeMap<u32, String>>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    /// The commit up to which all was read.
    tip: String,
    found: Approvals,
}

impl Approvals {
    /// Reads the history. `file` is where to remember what was found, if anywhere.
    ///
    /// # Errors
    /// When an object of a commit isn't here or can't be read.
    pub fn of(snapshot: &Snapshot<'_>, file: Option<&Path>) -> Result<Self> {
        let repo = snapshot.repo;
        let before: Memory = file.and_then(|file| memory::read(file, limits::MEMORY, VERSION)).unwrap_or_default();
        let before_tip = before.tip.parse().ok();
        let (mut found, mut at, mut looked_at, mut whole) = (Self::default(), Some(snapshot.commit), 0, true);
        while let Some(oid) = at.filter(|oid| Some(*oid) != before_tip) {
            // A shallow clone ends before the history does.
            let Ok(commit) = repo.commit(oid) else { return Ok(found) };
            looked_at += 1;
            at = commit.parents.first().copied();
            let Some((slug, seq)) = approved_in(&commit.message) else { continue };
            let file = format!("{PARTNERS}/{slug}/log/{seq:04}");
            let parent = at.and_then(|parent| repo.commit(parent).ok()).map(|parent| parent.tree);
            let stands = |tree| repo.at_path(tree, &file).map(|entry| entry.is_some());
            match parent.map_or(Ok(true), stands).and_then(|stood| Ok(!stood && stands(commit.tree)?)) {
                Ok(true) => {
                    found.0.entry(slug.to_owned()).or_default().entry(seq).or_insert_with(|| oid.to_string());
                }
                Ok(false) => {}
                // Which commit brought it is told again once it can be read.
                Err(e) if e.is_damage() => whole = false,
                Err(e) => return Err(e.into()),
            }
        }
        // Where the history is another one, all of it was read just now.
        if at.is_some() {
            for (slug, known) in before.found.0 {
                let newer = found.0.entry(slug).or_default();
                for (seq, commit) in known {
                    newer.entry(seq).or_insert(commit);
                }
            }
        }
        if let Some(file) = file.filter(|_| whole && looked_at >= WORTH_KEEPING) {
            let kept = Memory { tip: snapshot.commit.to_string(), found };
            memory::write(file, limits::MEMORY, VERSION, &kept);
            return Ok(kept.found);
        }
        Ok(found)
    }

    /// The commit that brought an approval.
    #[must_use]
    pub fn commit(&self, slug: &str, seq: u32) -> Option<&str> {
        Some(self.0.get(slug)?.get(&seq)?)
    }
}

/// The partner and the number of the approval that a commit's message brings.
fn approved_in(message: &str) -> Option<(&str, u32)> {
    let (_, block) = message.split_once("KP-Event: v1 approved\n")?;
    let value = |key: &str| block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    Some((value("KP-Partner")?, value("KP-Seq")?.parse().ok()?))
}
