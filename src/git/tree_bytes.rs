//! A directory as the bytes that git keeps of it, changed in place: what isn't named stays as it is, and a long one isn't
//! taken apart and put together again for one entry.

use std::cmp::Ordering;

use git2::Oid;

use super::entry::{Entry, Mode};

#[derive(Debug, Clone, Default)]
pub(super) struct Listing(Vec<u8>);

/// Where an entry stands, and what it says.
#[derive(Debug)]
pub(super) struct At<'l> {
    start: usize,
    end: usize,
    mode: &'l [u8],
    pub(super) name: &'l [u8],
    id: &'l [u8],
}

impl<'l> At<'l> {
    pub(super) const fn bytes(&self) -> (&'l [u8], &'l [u8], &'l [u8]) {
        (self.mode, self.name, self.id)
    }

    pub(super) fn entry(&self) -> Entry {
        let mode = self.mode.iter().fold(0_i32, |mode, digit| mode.wrapping_mul(8) | i32::from(digit & 7));
        Entry { name: String::from_utf8_lossy(self.name).into_owned(), mode: Mode::from_raw(mode), oid: self.oid() }
    }

    fn oid(&self) -> Oid {
        Oid::from_bytes(self.id).unwrap_or(Oid::ZERO_SHA1)
    }

    fn is_tree(&self) -> bool {
        self.mode.strip_prefix(b"0").unwrap_or(self.mode) == b"40000"
    }
}

/// Git sorts directories as if their names ended with a slash.
fn order((one, one_is_tree): (&[u8], bool), (other, other_is_tree): (&[u8], bool)) -> Ordering {
    let common = one.len().min(other.len());
    let next = |name: &[u8], tree| name.get(common).copied().unwrap_or(if tree { b'/' } else { 0 });
    let rest = || next(one, one_is_tree).cmp(&next(other, other_is_tree));
    one[..common].cmp(&other[..common]).then_with(rest)
}

impl Listing {
    /// `None` where the bytes aren't a directory's from the first to the last.
    pub(super) fn of(bytes: Vec<u8>) -> Option<Self> {
        let listing = Self(bytes);
        let octal = |mode: &[u8]| !mode.is_empty() && mode.iter().all(|d| (b'0'..=b'7').contains(d));
        let mut end = 0;
        let sound = listing.entries().all(|at| {
            end = at.end;
            octal(at.mode) && !at.name.is_empty()
        });
        (sound && end == listing.0.len()).then_some(listing)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// In git's order. What can't be read ends it.
    pub(super) fn entries(&self) -> impl Iterator<Item = At<'_>> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let rest = self.0.get(start..)?;
            let space = memchr::memchr(b' ', rest)?;
            let nul = space + memchr::memchr(0, &rest[space..])?;
            let id = rest.get(nul + 1..nul + 21)?;
            let at = At { start, end: start + nul + 21, mode: &rest[..space], name: &rest[space + 1..nul], id };
            start = at.end;
            Some(at)
        })
    }

    pub(super) fn find(&self, name: &str) -> Option<At<'_>> {
        self.entries().find(|at| at.name == name.as_bytes())
    }

    pub(super) fn directory(&self, name: &str) -> Option<Oid> {
        self.find(name).filter(At::is_tree).map(|at| at.oid())
    }

    /// Takes an entry away, if it is there.
    pub(super) fn remove(&mut self, name: &str) {
        if let Some(At { start, end, .. }) = self.find(name) {
            self.0.drain(start..end);
        }
    }

    /// Puts an entry into its place, over what stands there under its name.
    pub(super) fn put(&mut self, name: &str, mode: Mode, oid: Oid) {
        self.remove(name);
        let new = (name.as_bytes(), mode == Mode::Tree);
        let after = self.entries().find(|at| order((at.name, at.is_tree()), new).is_gt());
        let start = after.map_or(self.0.len(), |at| at.start);
        let head = format!("{:o} {name}\0", mode.raw());
        self.0.splice(start..start, head.bytes().chain(oid.as_bytes().iter().copied()));
    }
}

#[cfg(test)]
mod tests {
    use git2::Repository;

    use super::*;

    /// The same steps on a listing and with git give the same tree.
    #[test]
    fn entries_stand_where_git_puts_them() {
        let home = tempfile::tempdir().unwrap();
        let git = Repository::init_bare(home.path()).unwrap();
        let blob = git.blob(b"x").unwrap();
        let empty = git.treebuilder(None).unwrap().write().unwrap();
        let mut builder = git.treebuilder(None).unwrap();
        let mut listing = Listing::default();
        let names = ["a", "a.b", "a-b", "a0", "b", "ab", "a/", "a.b/", "b/", "0", "z/", "é", "a", "a0/"];
        for name in names {
            let (plain, mode, oid) = match name.strip_suffix('/') {
                Some(plain) => (plain, Mode::Tree, empty),
                None => (name, Mode::File, blob),
            };
            builder.insert(plain, oid, mode.raw()).unwrap();
            listing.put(plain, mode, oid);
            let written = builder.write().unwrap();
            assert_eq!(git.odb().unwrap().read(written).unwrap().data(), listing.bytes(), "after {name}");
        }
        assert_eq!(
            (listing.directory("a0"), listing.directory("a.b"), listing.directory("b")),
            (Some(empty), Some(empty), Some(empty))
        );
        assert_eq!(listing.directory("0"), None);
        let bytes = listing.bytes().to_vec();
        assert!(Listing::of(bytes[..bytes.len() - 1].to_vec()).is_none());
        assert_eq!(Listing::of(bytes.clone()).map(|l| l.entries().count()), Some(9));
        for name in ["a", "nothing", "é", "z"] {
            let _ = builder.remove(name);
            listing.remove(name);
            let written = builder.write().unwrap();
            assert_eq!(git.odb().unwrap().read(written).unwrap().data(), listing.bytes(), "without {name}");
        }
    }
}
