//! The file of packed references, held to how git reads it: libgit2 finds more in it, or other things.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;
use std::time::SystemTime;

use super::entry::readable;
use crate::domain::text;

/// Why git reads a packed reference otherwise than it stands there, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its line ends as on Windows: git passes over such a name, and loses it where it writes the file anew.
    Windows,
    /// The file isn't in the order that its first line promises, by which it is searched.
    Unsorted,
    /// It stands there more than once, at these places among others.
    Twice(String, String),
}

/// The file as it was read last: when it was written, how long it was, and what stands in it.
pub(super) type Known = Option<(Option<(SystemTime, u64)>, Rc<Packed>)>;

/// Names of references that are packed, and those at fault.
#[derive(Debug, Default)]
pub(super) struct Packed {
    pub(super) names: HashSet<String>,
    pub(super) faults: BTreeMap<String, Fault>,
}

impl Packed {
    pub(super) fn of(file: &[u8]) -> Self {
        let lines = || file.split(|byte| *byte == b'\n');
        let entry = |line: &'_ [u8]| -> Option<(usize, bool)> {
            let space = memchr::memchr(b' ', line).filter(|_| !line.starts_with(b"#") && !line.starts_with(b"^"))?;
            Some((space, line.ends_with(b"\r")))
        };
        let promised = lines().next().is_some_and(|first| {
            first.starts_with(b"#") && first.split(u8::is_ascii_whitespace).any(|word| word == b"sorted")
        });
        let mut all: Vec<(&[u8], &[u8], bool)> = lines()
            .filter_map(|line| {
                let (space, windows) = entry(line)?;
                Some((&line[space + 1..line.len() - usize::from(windows)], &line[..space], windows))
            })
            .collect();
        let is_sorted = all.is_sorted_by_key(|(name, ..)| *name);
        if !is_sorted {
            all.sort_by_key(|(name, ..)| *name);
        }
        let id = |id: &[u8]| text::short(&readable(id), 10);
        let mut packed = Self::default();
        for same in all.chunk_by(|one, next| one.0 == next.0) {
            let (name, first, _) = same[0];
            let other = same.iter().find(|(_, place, _)| *place != first);
            let fault = match (other, same.iter().any(|(.., windows)| *windows)) {
                (_, true) => Some(Fault::Windows),
                (Some((_, other, _)), _) => Some(Fault::Twice(id(first), id(other))),
                (None, _) => (promised && !is_sorted).then_some(Fault::Unsorted),
            };
            let name = readable(name);
            packed.faults.extend(fault.map(|fault| (name.clone(), fault)));
            packed.names.insert(name);
        }
        packed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(file: &str) -> Vec<(String, Fault)> {
        Packed::of(file.as_bytes()).faults.into_iter().collect()
    }

    #[test]
    fn only_what_git_reads_otherwise_is_a_fault() {
        let sorted = "# pack-refs with: peeled fully-peeled sorted \n";
        for sound in ["1 a\n2 b\n^3\n4 c", "1 b\n2 a\n", "1 a\n1 a\n", "", "\n"] {
            assert_eq!(faults(sound), [], "{sound:?}");
        }
        assert_eq!(faults(&format!("{sorted}1 a\n2 b\n3 b-c\n4 b/c\n")), []);
        let unsorted = ["a", "b"].map(|name| (name.to_owned(), Fault::Unsorted));
        assert_eq!(faults(&format!("{sorted}1 b\n2 a\n")), unsorted);
        assert_eq!(faults("1 a\n2 b\r\n"), [("b".to_owned(), Fault::Windows)]);
        let twice = |one: &str, other: &str| ("a".to_owned(), Fault::Twice(one.into(), other.into()));
        assert_eq!(faults("1 a\n2 a\n"), [twice("1", "2")]);
        assert_eq!(faults("1 a\n5 b\n1 a\n2 a\n"), [twice("1", "2")]);
    }
}
