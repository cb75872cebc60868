//! What is known of objects that are held in memory.

use git2::{ObjectType, Oid};

use super::past::Past;

/// What is known of objects that are held.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) objects: Vec<(Oid, ObjectType)>,
    pub(super) bytes: usize,
    pub(super) past: Past,
}

impl Written {
    pub(super) fn add(&mut self, oid: Oid, kind: ObjectType, bytes: &[u8]) {
        self.objects.push((oid, kind));
        self.bytes += bytes.len();
    }
}
