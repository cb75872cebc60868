//! What is known of objects that are held in memory.

use std::collections::VecDeque;
use std::rc::Rc;

use git2::{ObjectType, Oid};

use super::past::Past;
use super::tree_bytes::Listing;

/// Directories of this many bytes libgit2 doesn't keep in its cache, and hashes each time they are read.
const LONG: usize = 4096;

const RECENT: usize = 16;

/// What is known of objects that are held.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) objects: Vec<(Oid, ObjectType)>,
    pub(super) bytes: usize,
    pub(super) past: Past,
    /// Long directories, those seen last at the end.
    directories: VecDeque<(Oid, Rc<Listing>)>,
}

impl Written {
    pub(super) fn add(&mut self, oid: Oid, kind: ObjectType, bytes: &[u8]) {
        self.objects.push((oid, kind));
        self.bytes += bytes.len();
        if kind == ObjectType::Tree
            && bytes.len() >= LONG
            && let Some(listing) = Listing::of(bytes.to_vec())
        {
            self.remember(oid, &Rc::new(listing));
        }
    }

    pub(super) fn recent(&self, oid: Oid) -> Option<Rc<Listing>> {
        self.directories.iter().rev().find(|(known, _)| *known == oid).map(|(_, listing)| listing.clone())
    }

    pub(super) fn remember(&mut self, oid: Oid, listing: &Rc<Listing>) {
        if listing.bytes().len() < LONG || self.recent(oid).is_some() {
            return;
        }
        if self.directories.len() == RECENT {
            self.directories.pop_front();
        }
        self.directories.push_back((oid, listing.clone()));
    }
}
