//! What was read of every partner, kept by the id of its directory: the next look reads those that changed since.

use std::collections::HashMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::survey::on_all_cores;
use super::{Partner, Snapshot, memory};
use crate::domain::Slug;
use crate::domain::paths::PARTNERS;
use crate::error::Result;
use crate::git::{Mode, Oid, Repo};

/// From so many partners on, what is read is worth a file.
const WORTH_KEEPING: usize = 64;

/// A partner's directory: as long as its id stays, so does what was read of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Known<T> {
    pub slug: Slug,
    tree: String,
    pub what: T,
}

impl<T> Known<T> {
    /// The directory.
    pub fn tree(&self) -> Option<Oid> {
        self.tree.parse().ok()
    }
}

#[derive(Serialize, Deserialize)]
struct Memory<T> {
    /// The tree of all partners.
    all: String,
    partners: Vec<Known<T>>,
}

/// What is kept of everybody, where, and by which version of what reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub file: Option<&'a Path>,
    pub version: &'static str,
}

/// What `read` tells of each partner on the default branch, by slug. Directories whose names aren't slugs are `check`'s to report.
///
/// # Errors
/// When an object isn't here or can't be read.
pub(crate) fn of_everybody<T: Send + Serialize + DeserializeOwned>(
    snapshot: &Snapshot<'_>,
    shelf: Shelf<'_>,
    read: impl Fn(&Repo, &Partner) -> Result<T> + Sync,
) -> Result<Vec<Known<T>>> {
    let all = snapshot.repo.at_path(snapshot.tree, PARTNERS)?.map(|entry| entry.oid.to_string()).unwrap_or_default();
    let kept = match shelf.file.and_then(|file| memory::read::<Memory<T>>(file, shelf.version)) {
        Some(kept) if kept.all == all => return Ok(kept.partners),
        kept => kept.map(|kept| kept.partners).unwrap_or_default(),
    };
    let mut known: HashMap<(Slug, String), Known<T>> =
        kept.into_iter().map(|known| ((known.slug.clone(), known.tree.clone()), known)).collect();
    let (mut partners, mut fresh) = (Vec::new(), Vec::new());
    for entry in snapshot.directories()?.into_iter().filter(|entry| entry.mode == Mode::Tree) {
        let Ok(slug) = entry.name.parse::<Slug>() else { continue };
        match known.remove(&(slug.clone(), entry.oid.to_string())) {
            Some(known) => partners.push(known),
            None => fresh.push((slug, entry.oid)),
        }
    }
    let changed = !fresh.is_empty() || !known.is_empty();
    partners.extend(on_all_cores(snapshot.repo, &fresh, |repo, (slug, tree)| {
        let what = read(repo, &Partner::read(repo, slug.clone(), *tree)?)?;
        Ok(Known { slug: slug.clone(), tree: tree.to_string(), what })
    })?);
    partners.sort_by(|one, other| one.slug.cmp(&other.slug));
    let memory = Memory { all, partners };
    if let Some(file) = shelf.file.filter(|_| changed && memory.partners.len() >= WORTH_KEEPING) {
        memory::write(file, shelf.version, &memory);
    }
    Ok(memory.partners)
}
