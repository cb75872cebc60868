//! Directories: read, compared, and changed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use git2::{ObjectType, Oid};

use super::Repo;
use super::directories::Directories;
use super::entry::{Entry, Mode, Put, readable};
use super::failure::{Explain as _, Result};
use super::tree_bytes::{At, Listing};
use crate::domain::GitId;

/// What one of two directories has under a name.
type Side = Option<(Mode, Oid)>;

/// A file that differs between two trees.
#[derive(Debug)]
pub(crate) struct Difference {
    pub path: String,
    pub old: Side,
    pub new: Side,
}

impl Repo {
    /// The entries of a tree, in git's order, and of one name the first.
    pub(crate) fn entries(&self, tree: Oid) -> Result<Vec<Entry>> {
        let listing = self.listing(tree)?;
        let mut entries: Vec<_> = listing.entries().collect();
        if listing.fault().is_some() {
            let mut seen = HashSet::new();
            entries.retain(|at| seen.insert(at.name));
            entries.sort_by(At::order);
        }
        Ok(entries.iter().map(At::entry).collect())
    }

    /// Why git wouldn't have written a directory so, if it wouldn't.
    pub(crate) fn directory_fault(&self, tree: Oid) -> Result<Option<&'static str>> {
        Ok(self.listing(tree)?.fault())
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

    /// What stands in the directory at a path; nothing, where none is there.
    pub(crate) fn entries_at(&self, tree: Oid, path: &str) -> Result<Vec<Entry>> {
        match self.at_path(tree, path)? {
            Some(entry) if entry.mode == Mode::Tree => self.entries(entry.oid),
            _ => Ok(Vec::new()),
        }
    }

    /// A tree like `base` with `puts` in place, each at its path; what isn't named stays.
    ///
    /// # Errors
    /// When git allows no such name or entry, or `base` isn't here.
    pub fn tree_with(&self, base: Option<Oid>, puts: &[(String, Put)]) -> Result<Oid> {
        let cant = || tr!("can't write a tree").to_owned();
        let mut listing = base.map(|oid| self.listing(oid)).transpose()?.map(|l| (*l).clone()).unwrap_or_default();
        let put = |listing: &mut Listing, name: &str, mode: Mode, oid: Oid| {
            // Git's own rules for names, and for what may stand under them.
            self.git.treebuilder(None)?.insert(name, oid, mode.raw())?;
            listing.put(name, mode, oid);
            Ok::<_, git2::Error>(())
        };
        let mut below: HashMap<&str, Vec<(String, Put)>> = HashMap::new();
        for (path, put) in puts {
            if let Some((directory, rest)) = path.split_once('/') {
                below.entry(directory).or_default().push((rest.to_owned(), put.clone()));
            }
        }
        for (path, what) in puts {
            let Some((directory, _)) = path.split_once('/') else {
                let (mode, oid) = match what {
                    Put::Nothing => {
                        listing.remove(path);
                        continue;
                    }
                    Put::Bytes(bytes) => {
                        (Mode::File, self.put(ObjectType::Blob, bytes).explain(|| tr!("can't write {path}", path))?)
                    }
                    Put::Object(mode, oid) => (*mode, *oid),
                };
                put(&mut listing, path, mode, oid).explain(cant)?;
                continue;
            };
            // All of a directory is put at its first mention.
            let Some(within) = below.remove(directory) else { continue };
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

    /// A directory. Those that were read a moment ago are at hand, and long ones that were written.
    fn listing(&self, oid: Oid) -> Result<Rc<Listing>> {
        if let Some(known) = self.directories.borrow().find(oid) {
            return Ok(known);
        }
        let listing = Listing::of(self.tree(oid)?).map(Rc::new);
        let listing = listing.ok_or_else(|| super::objects::damaged(oid, tr!("it isn't a directory")))?;
        self.directories.borrow_mut().keep(oid, &listing);
        Ok(listing)
    }

    /// The bytes of a directory, as git keeps them, which will be wanted again soon.
    pub(crate) fn tree_bytes_at_hand(&self, id: GitId) -> Result<Vec<u8>> {
        let oid = id.into();
        if let Some(known) = self.directories.borrow().find(oid) {
            return Ok(known.bytes().to_vec());
        }
        let bytes = self.tree(oid)?;
        if Directories::keeps(&bytes)
            && let Some(listing) = Listing::of(bytes.clone())
        {
            self.directories.borrow_mut().keep(oid, &Rc::new(listing));
        }
        Ok(bytes)
    }

    /// The paths of files that differ between two trees. Reads only directories that differ.
    pub(crate) fn differing(&self, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<String>> {
        Ok(self.differences(old, new)?.into_iter().map(|different| different.path).collect())
    }

    /// The same with what stands there in each.
    pub(crate) fn differences(&self, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<Difference>> {
        let mut out = Vec::new();
        self.differing_below("", old, new, true, &mut out)?;
        Ok(out)
    }

    /// The files of `old` that aren't in `new`, or are others there. What was only added isn't looked into.
    pub(crate) fn replaced(&self, old: Oid, new: Option<Oid>) -> Result<Vec<Difference>> {
        let mut out = Vec::new();
        self.differing_below("", Some(old), new, false, &mut out)?;
        Ok(out)
    }

    fn differing_below(
        &self,
        prefix: &str,
        old: Option<Oid>,
        new: Option<Oid>,
        added: bool,
        out: &mut Vec<Difference>,
    ) -> Result<()> {
        let read = |tree: Option<Oid>| tree.map_or_else(|| Ok(Rc::default()), |t| self.listing(t));
        let (old, new) = (read(old)?, read(new)?);
        // In long directories that are mostly the same, only what is between the same beginning and the same end is sorted.
        let mut sides: BTreeMap<&[u8], [Side; 2]> = BTreeMap::new();
        for (side, entries) in old.between(&new).into_iter().enumerate() {
            for at in entries {
                let entry = at.entry();
                // Where a name stands twice, the first counts.
                sides.entry(at.name).or_default()[side].get_or_insert((entry.mode, entry.oid));
            }
        }
        for (name, [a, b]) in sides.into_iter().filter(|(_, [a, b])| a != b && (added || a.is_some())) {
            let path = format!("{prefix}{}", readable(name));
            let tree = |side: Side| side.filter(|(mode, _)| *mode == Mode::Tree).map(|(_, oid)| oid);
            let file = |side: Side| side.is_some_and(|(mode, _)| mode != Mode::Tree);
            if tree(a).is_some() || (added && tree(b).is_some()) {
                self.differing_below(&format!("{path}/"), tree(a), tree(b), added, out)?;
            }
            if file(a) || file(b) {
                out.push(Difference { path, old: a, new: b });
            }
        }
        Ok(())
    }
}
