//! A directory as the bytes that git keeps of it, changed in place: what isn't named stays as it is, and a long one isn't
//! taken apart and put together again for one entry.

use std::cmp::Ordering;

use git2::Oid;

use super::entry::{Entry, Mode, readable};

#[derive(Debug, Clone)]
pub(super) struct Listing {
    bytes: Vec<u8>,
    /// Where each entry begins.
    starts: Vec<usize>,
    /// Whether each name stands once, and where git looks for it.
    sorted: bool,
    fault: Option<&'static str>,
}

impl Default for Listing {
    fn default() -> Self {
        Self { bytes: Vec::new(), starts: Vec::new(), sorted: true, fault: None }
    }
}

/// Where an entry stands, and what it says.
#[derive(Debug)]
pub(super) struct At<'l> {
    start: usize,
    end: usize,
    mode: &'l [u8],
    pub(super) name: &'l [u8],
    id: &'l [u8],
}

impl At<'_> {
    pub(super) fn entry(&self) -> Entry {
        Entry { name: readable(self.name), mode: self.entry_mode(), oid: self.oid() }
    }

    /// Which git would put first.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        order((self.name, self.is_tree()), (other.name, other.is_tree()))
    }

    fn oid(&self) -> Oid {
        Oid::from_bytes(self.id).unwrap_or(Oid::ZERO_SHA1)
    }

    fn is_tree(&self) -> bool {
        self.entry_mode() == Mode::Tree
    }

    fn entry_mode(&self) -> Mode {
        Mode::from_raw(self.mode.iter().fold(0_i32, |mode, digit| mode.wrapping_mul(8) | i32::from(digit & 7)))
    }
}

/// How git spells the modes of entries.
const MODES: [&[u8]; 5] = [b"40000", b"100644", b"100755", b"120000", b"160000"];

/// What a directory's bytes come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    sorted: bool,
    pub fault: Option<&'static str>,
}

/// Goes through the entries; `None` where the bytes aren't a directory's from the first to the last.
fn shape(bytes: &[u8], mut each: impl FnMut(usize)) -> Option<Shape> {
    let mut found = Shape { sorted: true, fault: None };
    let (mut last, mut end): (Option<At<'_>>, _) = (None, 0);
    // Those before it whose names it begins with: a file of its name stands among them, if at all.
    let mut before: Vec<&[u8]> = Vec::new();
    while end < bytes.len() {
        let at = entry_at(bytes, end)?;
        let octal = !at.mode.is_empty() && at.mode.iter().all(|d| (b'0'..=b'7').contains(d));
        if !octal || at.name.is_empty() {
            return None;
        }
        let after = last.is_none_or(|l| order((l.name, l.is_tree()), (at.name, at.is_tree())).is_lt());
        found.sorted &= after && memchr::memchr(b'/', at.name).is_none();
        before.truncate(before.iter().rposition(|name| at.name.starts_with(name)).map_or(0, |place| place + 1));
        let fault = if !after || before.last() == Some(&at.name) {
            Some("its entries aren't in git's order, or one stands there twice")
        } else if !MODES.contains(&at.mode) {
            Some("it has an entry with a mode that git doesn't write so")
        } else {
            None
        };
        found.fault = found.fault.or(fault);
        before.push(at.name);
        each(end);
        end = at.end;
        last = Some(at);
    }
    Some(found)
}

/// Why git wouldn't have written a directory so, if it wouldn't: then of entries of one name the first counts, for everybody.
/// Nothing where the bytes are none at all.
pub(crate) fn shape_of(bytes: &[u8]) -> Option<Shape> {
    shape(bytes, |_| {})
}

/// Git sorts directories as if their names ended with a slash.
fn order((one, one_is_tree): (&[u8], bool), (other, other_is_tree): (&[u8], bool)) -> Ordering {
    let common = one.len().min(other.len());
    let next = |name: &[u8], tree| name.get(common).copied().unwrap_or(if tree { b'/' } else { 0 });
    let rest = || next(one, one_is_tree).cmp(&next(other, other_is_tree));
    one[..common].cmp(&other[..common]).then_with(rest)
}

/// The entry that begins there.
fn entry_at(bytes: &[u8], start: usize) -> Option<At<'_>> {
    let rest = bytes.get(start..)?;
    let space = memchr::memchr(b' ', rest)?;
    let nul = space + memchr::memchr(0, &rest[space..])?;
    let id = rest.get(nul + 1..nul + 21)?;
    Some(At { start, end: start + nul + 21, mode: &rest[..space], name: &rest[space + 1..nul], id })
}

/// How many bytes two begin with alike.
fn alike(one: &[u8], other: &[u8]) -> usize {
    const CHUNK: usize = 512;
    let chunks = one.chunks(CHUNK).zip(other.chunks(CHUNK)).take_while(|(a, b)| a == b).count();
    let from = (chunks * CHUNK).min(one.len()).min(other.len());
    from + one[from..].iter().zip(&other[from..]).take_while(|(a, b)| a == b).count()
}

impl Listing {
    /// `None` where the bytes aren't a directory's from the first to the last.
    pub(super) fn of(bytes: Vec<u8>) -> Option<Self> {
        let mut starts = Vec::new();
        let Shape { sorted, fault } = shape(&bytes, |start| starts.push(start))?;
        Some(Self { bytes, starts, sorted, fault })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Why git wouldn't have written it so, if it wouldn't.
    pub(super) const fn fault(&self) -> Option<&'static str> {
        self.fault
    }

    /// In the order in which they stand there.
    pub(super) fn entries(&self) -> impl Iterator<Item = At<'_>> {
        self.starts.iter().filter_map(|start| entry_at(&self.bytes, *start))
    }

    /// The entries of two that aren't among those with which both begin alike, or end.
    pub(super) fn between<'l>(&'l self, other: &'l Self) -> [Vec<At<'l>>; 2] {
        let sides = [self, other];
        let alike = alike(&self.bytes, &other.bytes);
        // The same bytes are the same entries; one that is the same only at its beginning isn't.
        let begin = sides.map(|l| match alike == l.bytes.len() {
            true => l.starts.len(),
            false => l.starts.partition_point(|start| *start <= alike).saturating_sub(1),
        });
        let begin = begin[0].min(begin[1]);
        let back = |l: &'l Self| l.starts[begin..].iter().rev().map(move |start| &l.bytes[*start..]);
        let end = back(self).zip(back(other)).scan((0, true), |(seen, same), (a, b)| {
            // Only what is new of each: what is behind it was compared.
            *same &= a.len() == b.len() && a[..a.len() - *seen] == b[..b.len() - *seen];
            *seen = a.len();
            same.then_some(())
        });
        let end = end.count();
        sides.map(|l| {
            let starts = &l.starts[begin..l.starts.len() - end];
            starts.iter().filter_map(|start| entry_at(&l.bytes, *start)).collect()
        })
    }

    fn position(&self, name: &[u8]) -> Option<usize> {
        let is_its = |index: &usize| entry_at(&self.bytes, self.starts[*index]).is_some_and(|at| at.name == name);
        if !self.sorted {
            return (0..self.starts.len()).find(is_its);
        }
        [false, true].into_iter().find_map(|tree| self.search(name, tree).ok().filter(is_its))
    }

    /// Where an entry of this name and kind is among the others, or would be.
    fn search(&self, name: &[u8], tree: bool) -> Result<usize, usize> {
        self.starts.binary_search_by(|start| {
            entry_at(&self.bytes, *start).map_or(Ordering::Less, |at| order((at.name, at.is_tree()), (name, tree)))
        })
    }

    pub(super) fn find(&self, name: &str) -> Option<At<'_>> {
        entry_at(&self.bytes, *self.starts.get(self.position(name.as_bytes())?)?)
    }

    pub(super) fn directory(&self, name: &str) -> Option<Oid> {
        self.find(name).filter(At::is_tree).map(|at| at.oid())
    }

    /// Takes an entry away, if it is there.
    pub(super) fn remove(&mut self, name: &str) {
        let Some(index) = self.position(name.as_bytes()) else { return };
        let Some(At { start, end, .. }) = entry_at(&self.bytes, self.starts[index]) else { return };
        self.bytes.drain(start..end);
        self.starts.remove(index);
        self.starts[index..].iter_mut().for_each(|later| *later -= end - start);
    }

    /// Puts an entry into its place, over what stands there under its name.
    pub(super) fn put(&mut self, name: &str, mode: Mode, oid: Oid) {
        self.remove(name);
        let new = (name.as_bytes(), mode == Mode::Tree);
        let index = match self.sorted {
            true => self.search(new.0, new.1).unwrap_or_else(|index| index),
            false => self.entries().take_while(|at| order((at.name, at.is_tree()), new).is_le()).count(),
        };
        let start = self.starts.get(index).copied().unwrap_or(self.bytes.len());
        let entry = [format!("{:o} {name}\0", mode.raw()).as_bytes(), oid.as_bytes()].concat();
        self.starts[index..].iter_mut().for_each(|later| *later += entry.len());
        self.starts.insert(index, start);
        self.bytes.splice(start..start, entry);
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
    fn listed(names: &[&str]) -> Listing {
        let entry = |name: &&str| {
            let (name, id) = name.split_once('=').unwrap_or((name, "0"));
            let mode = if name.ends_with('/') { "40000" } else { "100644" };
            let head = format!("{mode} {}\0", name.trim_end_matches('/'));
            [head.as_bytes(), id.repeat(20).as_bytes()].concat()
        };
        Listing::of(names.iter().flat_map(entry).collect()).unwrap()
    }

    #[test]
    fn what_is_between_is_all_that_differs() {
        let cases: [(&[&str], &[&str]); 8] = [
            (&[], &[]),
            (&[], &["a"]),
            (&["a", "b", "c"], &["a", "b", "c"]),
            (&["a", "b", "c"], &["a", "b=1", "c"]),
            (&["a", "b", "c"], &["a", "bb", "c"]),
            (&["a", "c"], &["a", "a=1", "c"]),
            (&["a/", "b", "b", "c"], &["a", "b", "c"]),
            (&["a", "b"], &["a", "b", "c", "d"]),
        ];
        for (old, new) in cases {
            for (old, new) in [(old, new), (new, old)] {
                let (old, new) = (listed(old), listed(new));
                let [left, right] = old.between(&new);
                let (begin, end) = (left.first().map(|at| at.start), left.last().map(|at| at.end));
                let (begin, end) = (begin.unwrap_or_default(), end.unwrap_or_default());
                let middle: Vec<u8> = right.iter().flat_map(|at| new.bytes[at.start..at.end].iter().copied()).collect();
                let joined = match left.is_empty() {
                    false => [&old.bytes[..begin], &middle, &old.bytes[end..]].concat(),
                    true => new.bytes.clone(),
                };
                assert_eq!(joined, new.bytes, "{old:?} {new:?}");
                assert!(left.len() < 3 && right.len() < 3, "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn what_stands_in_no_order_is_found_too() {
        let odd = listed(&["c", "a/", "b", "a=1"]);
        assert!(!odd.sorted && !listed(&["a", "a"]).sorted && listed(&["a", "a.b", "a/"]).sorted);
        for name in ["a", "b", "c"] {
            assert_eq!(odd.find(name).map(|at| at.name), Some(name.as_bytes()));
        }
        assert!(odd.find("a").is_some_and(|at| at.is_tree()), "the first is taken");
        assert!(odd.find("d").is_none());
    }
}
