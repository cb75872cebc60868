//! A decision that somebody took off the record: whatever would be added to what it is about waits until it is back.

use crate::domain::check::Problem;
use crate::domain::paths::place_of;
use crate::error::Result;
use crate::git::Oid;
use crate::registry::Snapshot;
use crate::session::Context;

/// Which decisions have to come back before this commit's own changes may come. One that it brings back holds up nothing.
pub fn problems(ctx: &Context, on: &Snapshot<'_>, head: Oid) -> Result<Vec<Problem>> {
    let lost = ctx.gone(on)?.events;
    if lost.is_empty() {
        return Ok(Vec::new());
    }
    let repo = on.repo;
    let tree = repo.commit_itself(head)?.tree;
    let from = match repo.merge_base(on.commit, head)? {
        Some(base) => repo.commit(base)?.tree,
        None => on.tree,
    };
    let own: Vec<_> = repo.differing(Some(from), Some(tree))?.iter().filter_map(|path| place_of(path)).collect();
    let mut found = Vec::new();
    for lost in lost {
        let is_back = repo.at_path(tree, &lost.path)?.is_some_and(|entry| entry.oid == lost.was);
        let concerned = own.iter().any(|(slug, _)| lost.slug.is_program() || *slug == lost.slug);
        if concerned && !is_back {
            found.push(Problem::error(&lost.path, "log-lost", lost.words(), lost.hint()));
        }
    }
    Ok(found)
}
