//! A tag: a word that things are sorted and found by.

use std::fmt;
use std::str::FromStr;

use crate::domain::values::Invalid;

/// A word of a vocabulary as records name it: 1 to 30 lower-case ASCII letters, digits and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Tag(String);

impl Tag {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Tag {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let plain = s.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if s.is_empty() || s.len() > 30 || !plain || s.starts_with('-') || s.ends_with('-') {
            return Err(Invalid::new(
                tr!("it isn't one of the program's words"),
                tr!("use 1 to 30 lower-case letters a-z, digits and inner hyphens, such as “consulting”"),
            ));
        }
        Ok(Self(s.to_owned()))
    }
}
