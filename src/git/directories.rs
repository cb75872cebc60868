//! Directories that were read or written a moment ago. What is asked about one partner leads by the same ones; and where a history is
//! followed, or much is written, the long one of all partners is wanted again and again, which libgit2 puts together each time.

use std::collections::VecDeque;
use std::rc::Rc;

use git2::Oid;

use super::tree_bytes::Listing;

/// Directories of this many bytes libgit2 doesn't keep in its cache.
const LONG: usize = 4096;

const MOST: usize = 16;

/// As many as lie on the way to what is asked about one partner. Those that are loose libgit2 never sees.
const MOST_SHORT: usize = 32;

#[derive(Debug, Default)]
pub(super) struct Directories {
    /// Those that came last at the end.
    long: VecDeque<(Oid, Rc<Listing>)>,
    short: VecDeque<(Oid, Rc<Listing>)>,
}

impl Directories {
    /// Whether a directory of these bytes would be kept.
    pub(super) const fn keeps(bytes: &[u8]) -> bool {
        bytes.len() >= LONG
    }

    pub(super) fn find(&self, oid: Oid) -> Option<Rc<Listing>> {
        let mut kept = self.short.iter().rev().chain(self.long.iter().rev());
        kept.find(|(known, _)| *known == oid).map(|(_, listing)| listing.clone())
    }

    pub(super) fn keep(&mut self, oid: Oid, listing: &Rc<Listing>) {
        if self.find(oid).is_some() {
            return;
        }
        let (kept, most) = match Self::keeps(listing.bytes()) {
            true => (&mut self.long, MOST),
            false => (&mut self.short, MOST_SHORT),
        };
        if kept.len() == most {
            kept.pop_front();
        }
        kept.push_back((oid, listing.clone()));
    }
}
