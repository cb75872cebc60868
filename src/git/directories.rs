//! Long directories that were read or written a moment ago. Where a history is followed, or much is written, the directory of
//! all partners is wanted again and again, and libgit2 puts it together and hashes it each time.

use std::collections::VecDeque;
use std::rc::Rc;

use git2::Oid;

use super::tree_bytes::Listing;

/// Directories of this many bytes libgit2 doesn't keep in its cache.
const LONG: usize = 4096;

const MOST: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Directories {
    /// Those that came last at the end.
    kept: VecDeque<(Oid, Rc<Listing>)>,
}

impl Directories {
    /// Whether a directory of these bytes would be kept.
    pub(super) const fn keeps(bytes: &[u8]) -> bool {
        bytes.len() >= LONG
    }

    pub(super) fn find(&self, oid: Oid) -> Option<Rc<Listing>> {
        self.kept.iter().rev().find(|(known, _)| *known == oid).map(|(_, listing)| listing.clone())
    }

    pub(super) fn keep(&mut self, oid: Oid, listing: &Rc<Listing>) {
        if !Self::keeps(listing.bytes()) || self.find(oid).is_some() {
            return;
        }
        if self.kept.len() == MOST {
            self.kept.pop_front();
        }
        self.kept.push_back((oid, listing.clone()));
    }
}
