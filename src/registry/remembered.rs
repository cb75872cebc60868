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

/// Everybody on the default branch, by slug, as they were read last.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Everybody<T> {
    /// The tree of all partners; empty where there is none.
    all: String,
    pub partners: Vec<Known<T>>,
}

impl<T> Default for Everybody<T> {
    fn default() -> Self {
        Self { all: String::new(), partners: Vec::new() }
    }
}

/// What is kept of everybody, where, and by which version of what reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub file: Option<&'a Path>,
    pub version: &'static str,
}

impl<T: Send> Everybody<T> {
    /// Reads those that changed since. Gives whether anybody did. Directories whose names aren't slugs are `check`'s to report.
    ///
    /// # Errors
    /// When an object isn't here or can't be read; then nobody is known any more.
    pub fn bring_up_to_date(
        &mut self,
        snapshot: &Snapshot<'_>,
        read: impl Fn(&Repo, &Partner) -> Result<T> + Sync,
    ) -> Result<bool> {
        let all =
            snapshot.repo.at_path(snapshot.tree, PARTNERS)?.map(|entry| entry.oid.to_string()).unwrap_or_default();
        if self.all == all {
            return Ok(false);
        }
        let before = std::mem::take(self).partners;
        let mut known: HashMap<(Slug, String), Known<T>> =
            before.into_iter().map(|known| ((known.slug.clone(), known.tree.clone()), known)).collect();
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
        *self = Self { all, partners };
        Ok(changed)
    }
}

impl<T: Send + Serialize + DeserializeOwned> Everybody<T> {
    /// Everybody as they are now: who is remembered as they are isn't read again.
    ///
    /// # Errors
    /// When an object isn't here or can't be read.
    pub fn read(
        snapshot: &Snapshot<'_>,
        shelf: Shelf<'_>,
        read: impl Fn(&Repo, &Partner) -> Result<T> + Sync,
    ) -> Result<Self> {
        let mut everybody: Self = shelf.file.and_then(|file| memory::read(file, shelf.version)).unwrap_or_default();
        let changed = everybody.bring_up_to_date(snapshot, read)?;
        if let Some(file) = shelf.file.filter(|_| changed && everybody.partners.len() >= WORTH_KEEPING) {
            memory::write(file, shelf.version, &everybody);
        }
        Ok(everybody)
    }
}
