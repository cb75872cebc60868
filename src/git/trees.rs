//! Directories: read, compared, and changed.

use std::collections::BTreeMap;
use std::rc::Rc;

use git2::{ObjectType, Oid};

use super::Repo;
use super::entry::{Entry, Mode, Put};
use super::failure::{Explain as _, Result};
use super::tree_bytes::{At, Listing};

/// What one of two directories has under a name.
type Side = Option<(Mode, Oid)>;

impl Repo {
    /// The entries of a tree, in git's order.
    pub(crate) fn entries(&self, tree: Oid) -> Result<Vec<Entry>> {
        Ok(self.listing(tree)?.entries().map(|at| at.entry()).collect())
    }

    pub(crate) fn at_path(&self, tree: Oid, path: &str) -> Result<Option<Entry>> {
        let (mut at, mut rest) = (tree, path);
        loop {
            let (name, below) = rest.split_once('/').map_or((rest, None), |(name, below)| (name, Some(below)));
            let listing = self.listing(at)?;
            let Some(entry) = listing.find(name).map(|at| at.entry()) else { return Ok(None) };
            match below {
                None => return Ok(Some(entry)),
                Some(below) if entry.mode == Mode::Tree => (at, rest) = (entry.oid, below),
                Some(_) => return Ok(None),
            }
        }
    }

    /// A tree like `base` with `puts` in place, each at its path; what isn't named stays.
    ///
    /// # Errors
    /// When git allows no such name or entry, or `base` isn't here.
    pub fn tree_with(&self, base: Option<Oid>, puts: &[(String, Put)]) -> Result<Oid> {
        let cant = || "can't write a tree".to_owned();
        let mut listing = base.map(|oid| self.listing(oid)).transpose()?.map(|l| (*l).clone()).unwrap_or_default();
        let put = |listing: &mut Listing, name: &str, mode: Mode, oid: Oid| {
            // Git's own rules for names, and for what may stand under them.
            self.git.treebuilder(None)?.insert(name, oid, mode.raw())?;
            listing.put(name, mode, oid);
            Ok::<_, git2::Error>(())
        };
        for (index, (path, what)) in puts.iter().enumerate() {
            let Some((directory, _)) = path.split_once('/') else {
                let (mode, oid) = match what {
                    Put::Nothing => {
                        listing.remove(path);
                        continue;
                    }
                    Put::Bytes(bytes) => {
                        (Mode::File, self.put(ObjectType::Blob, bytes).explain(|| format!("can't write {path}"))?)
                    }
                    Put::Object(mode, oid) => (*mode, *oid),
                };
                put(&mut listing, path, mode, oid).explain(cant)?;
                continue;
            };
            let prefix = format!("{directory}/");
            // All of a directory is put at its first mention.
            if puts[..index].iter().any(|(p, _)| p.starts_with(&prefix)) {
                continue;
            }
            let within: Vec<(String, Put)> =
                puts.iter().filter_map(|(p, put)| Some((p.strip_prefix(&prefix)?.to_owned(), put.clone()))).collect();
            let old = listing.directory(directory);
            let new = self.tree_with(old, &within)?;
            if new != Oid::hash_object(ObjectType::Tree, &[]).explain(cant)? {
                put(&mut listing, directory, Mode::Tree, new).explain(cant)?;
            } else if old.is_some() {
                // Git keeps no empty directories, and GitHub makes none.
                listing.remove(directory);
            }
        }
        self.put(ObjectType::Tree, listing.bytes()).explain(cant)
    }

    /// A directory's bytes. Long ones that were read or written a moment ago are at hand where much is written.
    fn listing(&self, oid: Oid) -> Result<Rc<Listing>> {
        if let Some(known) = self.written.borrow().as_ref().and_then(|w| w.recent(oid)) {
            return Ok(known);
        }
        let listing = Listing::of(self.tree(oid)?).map(Rc::new);
        let listing = listing.ok_or_else(|| super::objects::damaged(oid, "it isn't a directory"))?;
        if let Some(written) = &mut *self.written.borrow_mut() {
            written.remember(oid, &listing);
        }
        Ok(listing)
    }

    /// The paths of files that differ between two trees. Reads only directories that differ.
    pub(crate) fn differing(&self, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<String>> {
        let mut out = Vec::new();
        self.differing_below("", old, new, &mut out)?;
        Ok(out)
    }

    fn differing_below(&self, prefix: &str, old: Option<Oid>, new: Option<Oid>, out: &mut Vec<String>) -> Result<()> {
        let read = |tree: Option<Oid>| tree.map_or_else(|| Ok(Rc::default()), |t| self.listing(t));
        let (old, new) = (read(old)?, read(new)?);
        // In long directories that are mostly the same, only what is between the same beginning and the same end is sorted.
        let (old, new): (Vec<_>, Vec<_>) = (old.entries().collect(), new.entries().collect());
        let same = |(a, b): &(&At<'_>, &At<'_>)| a.bytes() == b.bytes();
        let begin = old.iter().zip(&new).take_while(same).count();
        let end = old[begin..].iter().rev().zip(new[begin..].iter().rev()).take_while(same).count();
        let mut sides: BTreeMap<&[u8], [Side; 2]> = BTreeMap::new();
        for (side, entries) in [&old, &new].into_iter().enumerate() {
            for at in &entries[begin..entries.len() - end] {
                let entry = at.entry();
                sides.entry(at.name).or_default()[side] = Some((entry.mode, entry.oid));
            }
        }
        for (name, [a, b]) in sides.into_iter().filter(|(_, [a, b])| a != b) {
            let path = format!("{prefix}{}", String::from_utf8_lossy(name));
            let tree = |side: Side| side.filter(|(mode, _)| *mode == Mode::Tree).map(|(_, oid)| oid);
            let file = |side: Side| side.is_some_and(|(mode, _)| mode != Mode::Tree);
            if tree(a).is_some() || tree(b).is_some() {
                self.differing_below(&format!("{path}/"), tree(a), tree(b), out)?;
            }
            if file(a) || file(b) {
                out.push(path);
            }
        }
        Ok(())
    }
}
