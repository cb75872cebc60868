//! The canonical block of `KP-…: value` lines that events and votes are written as, in files and in commit messages.
//!
//! A block has exactly one spelling. Whatever differs from it by a byte is refused, so that no two readers can
//! disagree about what was said. `docs/log-format.md` is the specification.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::domain::limits;
use crate::domain::text;
use crate::domain::values::Invalid;

/// Why bytes are not a canonical block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct BlockError {
    /// Counted from 1.
    pub line: usize,
    /// As a clause, without the line's number.
    pub why: String,
}

/// What to do with what a later version wrote.
const LATER: &str = "use a newer karmada-partner";

impl BlockError {
    /// What to do about it: a block that a later version wrote is as it should be.
    #[must_use]
    pub fn mend<'h>(&self, otherwise: &'h str) -> &'h str {
        if self.why.ends_with(LATER) { LATER } else { otherwise }
    }
}

/// Reads `v1` and what a block says.
pub(crate) fn versioned(value: &str) -> Result<&str, Invalid> {
    let (version, word) = value.split_once(' ').unwrap_or((value, ""));
    let number = version.strip_prefix('v').filter(|n| !n.starts_with('0')).and_then(|n| n.parse::<u32>().ok());
    match (version, number) {
        ("v1", _) => Ok(word),
        (_, Some(2..)) => {
            let why = format!("it is of {version} of the log format, and this program knows v1: {LATER}");
            Err(Invalid::new(why, LATER))
        }
        _ => Err(Invalid::new("the version isn't v1", "begin with v1")),
    }
}

/// The events' blocks in a commit message: each the lines from `KP-Event: ` on that are of a block. A newline that the
/// message lost at its end is given back.
#[must_use]
pub(crate) fn events_in(message: &str) -> Vec<Cow<'_, str>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let (mut inside, mut at) = (false, 0);
    for line in message.split_inclusive('\n') {
        if line.starts_with("KP-Event: ") {
            out.push(at..at);
            inside = true;
        }
        inside &= line.starts_with("KP-");
        at += line.len();
        if let (true, Some(block)) = (inside, out.last_mut()) {
            block.end = at;
        }
    }
    let whole = |block: &str| if block.ends_with('\n') { None } else { Some(format!("{block}\n")) };
    out.into_iter().map(|at| whole(&message[at.clone()]).map_or(Cow::Borrowed(&message[at]), Cow::Owned)).collect()
}

/// Writes a block, line after line, in the order of the calls.
#[derive(Debug, Default)]
pub(crate) struct Writer(String);

impl Writer {
    #[must_use]
    pub(crate) fn line(mut self, key: &str, value: impl fmt::Display) -> Self {
        use fmt::Write as _;
        let _ = writeln!(self.0, "KP-{key}: {value}");
        self
    }

    /// Adds the line only when there is a value.
    #[must_use]
    pub(crate) fn maybe(self, key: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.line(key, value),
            None => self,
        }
    }

    #[must_use]
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Reads a block in the same order. Typed readers take line after line and end with [`Reader::finish`].
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    lines: Vec<(&'a str, &'a str)>,
    next: usize,
}

impl<'a> Reader<'a> {
    /// Splits `bytes` into lines that each have the one spelling a block allows.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, BlockError> {
        let fail = |line, why: &str| Err(BlockError { line, why: why.into() });
        // No block is longer: votes of a thousand members fit.
        if bytes.len() > limits::BLOCK || bytes.split(|b| *b == b'\n').nth(limits::BLOCK_LINES).is_some() {
            return fail(1, "it is too long for a block");
        }
        let Ok(all) = std::str::from_utf8(bytes) else { return fail(1, "it isn't UTF-8") };
        let Some(body) = all.strip_suffix('\n') else {
            return fail(all.lines().count().max(1), "the last line doesn't end with a line feed");
        };
        let mut lines: Vec<(&str, &str)> = Vec::with_capacity(32);
        for (index, line) in body.split('\n').enumerate() {
            let number = index + 1;
            let Some((key, value)) = line.strip_prefix("KP-").and_then(|rest| rest.split_once(": ")) else {
                return fail(number, "it isn't of the form “KP-Key: value”");
            };
            if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return fail(number, "its key isn't of letters, digits and hyphens");
            }
            if value.is_empty() {
                return fail(number, "its value is empty");
            }
            if let Some(why) = text::fault(value) {
                return fail(number, &format!("in its value, {why}"));
            }
            if lines.iter().any(|(known, _)| *known == key) {
                return fail(number, &format!("KP-{key} stands twice"));
            }
            lines.push((key, value));
        }
        Ok(Self { lines, next: 0 })
    }

    /// An error that blames the line last read.
    pub(crate) fn blame(&self, why: impl Into<String>) -> BlockError {
        BlockError { line: self.next.max(1), why: why.into() }
    }

    /// The value of the next line, which must have this key.
    pub(crate) fn take<T: FromStr<Err: fmt::Display>>(&mut self, key: &str) -> Result<T, BlockError> {
        match self.maybe(key)? {
            Some(value) => Ok(value),
            None => Err(BlockError {
                line: self.next + 1,
                why: match self.lines.get(self.next) {
                    Some((found, _)) => format!("KP-{key} is expected here, and KP-{} found", text::visible(found)),
                    None => format!("KP-{key} is missing"),
                },
            }),
        }
    }

    /// The value of the next line if it has this key.
    pub(crate) fn maybe<T: FromStr<Err: fmt::Display>>(&mut self, key: &str) -> Result<Option<T>, BlockError> {
        let Some((_, value)) = self.lines.get(self.next).filter(|(found, _)| *found == key) else { return Ok(None) };
        self.next += 1;
        value.parse().map(Some).map_err(|why| self.blame(format!("KP-{key}: {why}")))
    }

    /// Whether a line with this key is still to come.
    #[must_use]
    pub(crate) fn has(&self, key: &str) -> bool {
        self.lines[self.next..].iter().any(|(found, _)| *found == key)
    }

    /// No line may be left. Values are read by types that know one spelling only, so that printing what was read gives
    /// the same bytes again.
    pub(crate) fn finish(self, read: &impl fmt::Display, bytes: &[u8]) -> Result<(), BlockError> {
        if let Some((key, _)) = self.lines.get(self.next) {
            return Err(BlockError { line: self.next + 1, why: format!("KP-{} can't stand here", text::visible(key)) });
        }
        debug_assert_eq!(read.to_string().as_bytes(), bytes, "a value has two spellings");
        Ok(())
    }
}

/// A decimal number without sign or leading zeros.
#[derive(Debug)]
pub(crate) struct Number(pub u32);

impl FromStr for Number {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let plain = s.bytes().all(|b| b.is_ascii_digit()) && (s == "0" || !s.starts_with('0'));
        s.parse()
            .ok()
            .filter(|_| plain)
            .map(Self)
            .ok_or_else(|| Invalid::new("it isn't a number", "write a decimal number without leading zeros"))
    }
}

/// A number by which something is called: from 1, of at most nine digits.
#[derive(Debug)]
pub(crate) struct Ordinal(pub u32);

impl FromStr for Ordinal {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        match crate::domain::paths::ordinal(s) {
            Some(n) => Ok(Self(n)),
            None => Err(Invalid::new(
                "it isn't a number",
                "write a decimal number from 1 to 999999999, without leading zeros",
            )),
        }
    }
}

/// The bytes that a block's signature is over: all lines above it.
#[must_use]
pub fn signed_part(block: &str) -> &str {
    block.find("\nKP-Signature: ").map_or(block, |at| &block[..=at])
}
