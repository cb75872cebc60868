//! What commits say was decided about a partner, and doesn't stand there any more: a run without a clone has no history to look in.

use std::collections::BTreeSet;

use crate::domain::log::block::events_in;
use crate::domain::paths::event_path;
use crate::domain::{Event, GitId, Sha256, Slug};
use crate::forge::github::partner_query::Logged;
use crate::registry::gone::Lost;

/// Which events went from a log in which these names stand; `history`: the commits that changed it, the newest first. A message has the
/// blocks of what its commit brings; where somebody merged by other words, nothing is known.
pub(super) fn of(slug: &Slug, registry: Sha256, standing: &BTreeSet<String>, history: &[Logged]) -> Vec<Lost> {
    let Some(took) = history.first().and_then(|newest| newest.oid.parse().ok()) else { return Vec::new() };
    let mut gone = Vec::new();
    for commit in history.iter().skip(1) {
        let Ok(had) = commit.oid.parse() else { continue };
        for block in events_in(&commit.message) {
            let Ok(event) = Event::parse(block.as_bytes()) else { continue };
            let is_here = standing.contains(&format!("{:04}", event.seq));
            if event.partner == *slug && Lost::counts(&event, registry) && !is_here {
                let (path, was) = (event_path(slug, event.seq), GitId::of_file(block.as_bytes()).into());
                gone.push(Lost { slug: slug.clone(), path, was, took, by_merge: false, had });
            }
        }
    }
    gone
}
