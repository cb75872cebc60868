//! Parts of one long text: of what is kept of thousands nothing is copied.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A part of a text that others have parts of, too.
#[derive(Clone)]
pub struct SharedText {
    whole: Arc<String>,
    at: Range<usize>,
}

impl SharedText {
    /// Several parts, each of which begins where the one before ends.
    pub(crate) fn in_parts(whole: String, ends: &[usize]) -> impl Iterator<Item = Self> {
        let whole = Arc::new(whole);
        let begins = std::iter::once(&0).chain(ends);
        begins.zip(ends).map(move |(begin, end)| Self { whole: Arc::clone(&whole), at: *begin..*end })
    }

    /// A part of it, which stays there; of anything else a copy.
    #[must_use]
    pub(crate) fn part(&self, part: &str) -> Self {
        let begin = (part.as_ptr() as usize).checked_sub(self.whole.as_ptr() as usize);
        let at = begin.and_then(|begin| Some(begin..begin.checked_add(part.len())?));
        match at.filter(|at| self.whole.get(at.clone()) == Some(part)) {
            Some(at) => Self { whole: Arc::clone(&self.whole), at },
            None => part.to_owned().into(),
        }
    }
}

impl From<String> for SharedText {
    fn from(whole: String) -> Self {
        Self { at: 0..whole.len(), whole: Arc::new(whole) }
    }
}

impl Deref for SharedText {
    type Target = str;

    fn deref(&self) -> &str {
        self.whole.get(self.at.clone()).unwrap_or_default()
    }
}

impl PartialEq for SharedText {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for SharedText {}

impl fmt::Display for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl serde::Serialize for SharedText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stays_where_it_is_and_what_is_none_is_copied() {
        let whole = SharedText::from("Acme\t华为\tAcme".to_owned());
        let parts: Vec<SharedText> = whole.split('\t').map(|part| whole.part(part)).collect();
        assert_eq!(parts.iter().map(|part| &**part).collect::<Vec<_>>(), ["Acme", "华为", "Acme"]);
        assert!(parts.iter().all(|part| Arc::ptr_eq(&part.whole, &whole.whole)));
        assert_eq!(parts[1].part(&parts[1]), parts[1]);
        let other = whole.part("Acme");
        assert!(other == parts[0] && !Arc::ptr_eq(&other.whole, &whole.whole));
        assert_eq!(&*whole.part(""), "");
        let said: Vec<SharedText> = SharedText::in_parts("onethree".into(), &[3, 3, 8]).collect();
        assert_eq!(said.iter().map(|part| &**part).collect::<Vec<_>>(), ["one", "", "three"]);
    }
}
