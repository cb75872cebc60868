//! The id of a directory that changes a little at a time: what stands before the change isn't hashed again. As soon as its length is
//! another, all of it is, since that is what git hashes first.

use sha1::{Digest as _, Sha1};

use crate::domain::GitId;

/// After so many bytes each it is kept how far the hash has come.
const STRIDE: usize = 1 << 11;

#[derive(Debug, Clone, Default)]
pub(super) struct DirectoryHash {
    /// The length for which it was begun.
    length: usize,
    /// The hash of what git puts first, and of so many strides of the directory's bytes.
    begun: Vec<Sha1>,
    /// How many bytes of directories were hashed.
    #[cfg(test)]
    hashed: u64,
}

impl DirectoryHash {
    /// From a place on the bytes are others.
    pub(super) fn changed(&mut self, at: usize) {
        self.begun.truncate(at / STRIDE + 1);
    }

    /// The directory's id.
    pub(super) fn id(&mut self, bytes: &[u8]) -> GitId {
        if self.length != bytes.len() {
            self.begun.clear();
        }
        if self.begun.is_empty() {
            self.length = bytes.len();
            self.begun.push(Sha1::new_with_prefix(format!("tree {}\0", bytes.len())));
        }
        let mut state = self.begun[self.begun.len() - 1].clone();
        let mut rest = &bytes[(self.begun.len() - 1) * STRIDE..];
        #[cfg(test)]
        {
            self.hashed += rest.len() as u64;
        }
        while let Some((stride, after)) = rest.split_at_checked(STRIDE).filter(|(_, after)| !after.is_empty()) {
            state.update(stride);
            self.begun.push(state.clone());
            rest = after;
        }
        state.update(rest);
        GitId(state.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever changes where, the id is the one that git gives.
        #[test]
        fn it_is_gits(
            length in 0_usize..3 * STRIDE,
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..12),
        ) {
            let mut bytes = vec![7; length];
            let mut hash = DirectoryHash::default();
            for (at, new, what) in changes {
                let at = at.index(bytes.len() + 1);
                match what {
                    0 => bytes.insert(at, new),
                    1 if at < bytes.len() => drop(bytes.remove(at)),
                    _ if at < bytes.len() => bytes[at] = new,
                    _ => {}
                }
                hash.changed(at);
                // Now and then several changes come before it is asked for.
                if new % 3 > 0 {
                    prop_assert_eq!(hash.id(&bytes), GitId::of_tree(&bytes));
                }
            }
            prop_assert_eq!(hash.id(&bytes), GitId::of_tree(&bytes));
        }
    }

    #[test]
    fn what_stands_before_a_change_is_hashed_once() {
        let mut bytes = vec![7; 100 * STRIDE];
        let mut hash = DirectoryHash::default();
        hash.id(&bytes);
        let once = hash.hashed;
        for stride in 0..100 {
            let at = stride * STRIDE + 5;
            bytes[at] = 8;
            hash.changed(at);
            hash.id(&bytes);
        }
        assert!(hash.hashed - once <= 51 * once, "{} after {once}", hash.hashed - once);
    }
}
