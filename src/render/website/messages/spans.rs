//! Where the members of a JSON object stand in its text, so that one can be edited and all else left as it is.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::domain::json_fault;
use crate::domain::text::quote;
use crate::render::website::card::PageFault;

/// A member of an object. All places are in the file.
#[derive(Debug)]
pub(super) struct Member {
    pub key: String,
    /// The space before its key.
    pub lead: Range<usize>,
    /// From its key up to the comma; the last one ends with its value.
    pub all: Range<usize>,
    /// The colon, with the space around it.
    pub colon: Range<usize>,
    pub value: Range<usize>,
}

/// An object's members, and the space around them.
#[derive(Debug)]
pub(super) struct Object {
    pub open: usize,
    pub members: Vec<Member>,
    pub tail: Range<usize>,
}

impl Object {
    /// The file's one object.
    pub fn whole(json: &str) -> Result<Self, PageFault> {
        if json.starts_with('\u{feff}') {
            return Err(PageFault::new(1, "the file begins with a byte order mark", "save it as UTF-8 without one"));
        }
        if let Some(at) = json.find('\r') {
            return Err(PageFault::new(
                line(json, at),
                "a line ends in CR LF",
                "use LF, as the whole website does; where git wrote it so on this machine, set core.autocrlf to false and check it out anew",
            ));
        }
        let invalid = |e: serde_json::Error| PageFault::new(e.line(), json_fault::told(&e), "correct it");
        let value: serde_json::Value = serde_json::from_str(json).map_err(invalid)?;
        let open = json.find('{').filter(|_| value.is_object());
        Self::at(json, open.ok_or_else(|| PageFault::new(1, "the file isn't an object", "it should begin with {"))?)
    }

    /// The object that begins at a place in valid JSON.
    pub fn at(json: &str, open: usize) -> Result<Self, PageFault> {
        let bytes = json.as_bytes();
        let mut members: Vec<Member> = Vec::new();
        let mut known = BTreeSet::new();
        let mut at = open + 1;
        loop {
            let start = blank(bytes, at);
            let lead = at..start;
            // Only an empty object has its end here.
            if bytes.get(start) != Some(&b'"') {
                return Ok(Self { open, members, tail: lead });
            }
            let key_end = value(bytes, start);
            let key: String = serde_json::from_str(&json[start..key_end])
                .map_err(|e| PageFault::new(line(json, start), format!("a key is no text: {e}"), "correct it"))?;
            if !known.insert(key.clone()) {
                let why = format!("{} is there twice", quote(&key));
                return Err(PageFault::new(line(json, start), why, "remove one"));
            }
            let from = blank(bytes, blank(bytes, key_end) + 1);
            let to = value(bytes, from);
            let end = blank(bytes, to);
            let last = bytes.get(end) != Some(&b',');
            let all = start..if last { to } else { end };
            members.push(Member { key, lead, all, colon: key_end..from, value: from..to });
            if last {
                return Ok(Self { open, members, tail: to..end });
            }
            at = end + 1;
        }
    }
}

/// The first place from `at` that isn't white space.
fn blank(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// The place behind the value that begins at `at`.
fn value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    loop {
        match bytes.get(at) {
            Some(b'"') => at = string_end(bytes, at),
            Some(b'{' | b'[') => {
                depth += 1;
                at += 1;
            }
            Some(b'}' | b']') => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            // A number or a word, or what stands between values.
            Some(_) => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                at += 1 + rest.iter().take_while(|b| !b"\"{}[], \t\n".contains(b)).count();
            }
            None => return at,
        }
        if depth == 0 {
            return at;
        }
    }
}

/// The place behind the string that begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at += 1;
        match bytes.get(at) {
            Some(b'\\') => at += 1,
            Some(b'"') => return at + 1,
            Some(_) => {}
            None => return at,
        }
    }
}

pub(super) fn line(json: &str, at: usize) -> usize {
    json.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}
