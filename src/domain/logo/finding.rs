//! What a file can hold beside its picture, in words.

use std::collections::BTreeSet;
use std::fmt;

/// Bytes as people say them.
pub(super) fn size_in_words(bytes: usize) -> String {
    match bytes {
        few @ 0..1_000 => tr!("one byte" | "{n} bytes" % few),
        many => format!("{} kB", many.div_ceil(1_000)),
    }
}

/// Something in a file that nobody sees in its picture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Where it was made.
    Place,
    Name(String),
    /// What its color profile says of itself, where that isn't what everybody's does.
    Profile(String),
    /// Of a file on somebody's machine.
    Path(String),
    Device(String),
    /// Another picture, as this one was before.
    Preview,
    Time,
    Software(String),
    /// How many bytes, unpacked, and whether there are more than were looked at.
    Text(usize, bool),
    /// In bytes.
    Exif(usize),
    /// Chunks that no viewer shows: which, and how many bytes.
    Other(BTreeSet<String>, usize),
    /// Bytes behind the picture's end, or behind its last row.
    Behind(usize),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = size_in_words;
        match self {
            Self::Place => f.write_str(tr!("a place (GPS)")),
            Self::Name(name) => f.write_str(&tr!("a name: {name}", name)),
            Self::Profile(words) => f.write_str(&tr!("words of its color profile: {words}", words)),
            Self::Path(path) => f.write_str(&tr!("a path: {path}", path)),
            Self::Device(device) => f.write_str(&tr!("the device: {device}", device)),
            Self::Preview => f.write_str(tr!("a small picture of how it was before")),
            Self::Time => f.write_str(tr!("when it was made")),
            Self::Software(software) => f.write_str(&tr!("the program: {software}", software)),
            Self::Text(bytes, true) => f.write_str(&tr!("over {size} of text", size = size(*bytes))),
            Self::Text(bytes, false) => f.write_str(&tr!("{size} of text", size = size(*bytes))),
            Self::Exif(bytes) => f.write_str(&tr!("{size} of EXIF", size = size(*bytes))),
            Self::Other(kinds, bytes) => {
                let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
                f.write_str(&tr!(
                    "{size} that no viewer shows ({kinds})",
                    size = size(*bytes),
                    kinds = kinds.join(tr!("in a list" => ", "))
                ))
            }
            Self::Behind(bytes) => f.write_str(&tr!("{size} behind the picture's end", size = size(*bytes))),
        }
    }
}

/// All findings as a list in a sentence.
#[must_use]
pub fn in_words(found: &[Finding]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join(tr!("in a list" => ", "))
}
