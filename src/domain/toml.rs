//! Reads a TOML document that people edit by hand: every problem at once, each with its line and the nearest known name.

use crate::domain::limits;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::logo::file_kind::FileKind;
use super::values::{Date, Invalid};
use super::{text, toml_1_0};
use crate::language;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1; `None` when no line is to blame (a missing key).
    pub line: Option<usize>,
    /// The key concerned, if one is.
    pub key: Option<String>,
    /// What is wrong, in a sentence without its point.
    pub message: String,
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => f.write_str(&tr!("line {line}: {message}", line, message = self.message)),
            None => f.write_str(&self.message),
        }
    }
}

/// What has been found wrong so far, and where the lines begin.
#[derive(Debug, Default)]
pub struct Faults {
    line_starts: Vec<usize>,
    /// Nothing could be read, so nothing can be said to be missing.
    unreadable: bool,
    /// Where the parser stumbled: what it made of a value there isn't what somebody wrote.
    unread: Vec<Range<usize>>,
    /// The words of a document in which it did: a key among them is there, though nothing could be made of it.
    spelled: BTreeSet<String>,
    found: Vec<Fault>,
}

impl Faults {
    fn line(&self, at: &Range<usize>) -> usize {
        self.line_starts.partition_point(|start| *start <= at.start).max(1)
    }

    fn add(&mut self, at: Option<&Range<usize>>, key: Option<&str>, message: String, hint: impl Into<String>) {
        let line = at.map(|at| self.line(at));
        // What is said of such a place follows from it.
        if at.is_some_and(|at| self.is_unread(at)) {
            return;
        }
        self.found.push(Fault { line, key: key.map(str::to_owned), message, hint: hint.into() });
    }

    /// Whether the parser stumbled in what stands at a place, or on the line where that begins.
    fn is_unread(&self, at: &Range<usize>) -> bool {
        self.unread.iter().any(|place| self.line(place) == self.line(at) || (at.start..at.end).contains(&place.start))
    }

    /// What the parser says of the syntax; what is told already, with whatever follows from it, isn't told once more.
    fn add_syntax(&mut self, body: &str, errors: &[toml::de::Error], with_lone_ends: bool) {
        let at = |error: &toml::de::Error| error.span().unwrap_or(0..0);
        // What follows on such a line follows from it.
        let typeset: BTreeMap<usize, (Range<usize>, String)> = errors
            .iter()
            .filter_map(|error| Some((self.line(&at(error)), (at(error), typeset_at(body, &at(error))?))))
            .collect();
        for (place, character) in typeset.values() {
            let message = tr!("{character} isn't what TOML is written with", character);
            let hint = tr!("type quotes, equals signs and spaces as programs have them");
            self.add(Some(place), None, message, hint);
        }
        let mut told_lines: BTreeSet<usize> = typeset.keys().copied().collect();
        for error in errors {
            let at = at(error);
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            let is_told =
                !told_lines.insert(self.line(&at)) || (with_lone_ends && message.starts_with("carriage return"));
            if is_told {
                continue;
            }
            let (message, hint) = match is_of_an_escape(&message) {
                true => (
                    tr!("a backslash stands there with what is no escape of TOML's").to_owned(),
                    tr!("write the backslash twice, or the text between two '"),
                ),
                false => {
                    let line = body.lines().nth(self.line(&at).saturating_sub(1)).unwrap_or_default();
                    let there = body.get(at.clone()).unwrap_or_default();
                    let hint = of_another_format(body, line).unwrap_or_else(|| remedy(&message, there));
                    (text::visible(&told(&message)), hint)
                }
            };
            self.add(Some(&at), None, message, hint);
        }
        self.unread = errors.iter().map(at).collect();
        if !errors.is_empty() {
            let is_of_a_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let written = body.lines().filter(|line| !line.trim_start().starts_with('#'));
            self.spelled = written.flat_map(|line| line.split(|c| !is_of_a_key(c))).map(str::to_owned).collect();
        }
    }

    /// What not every parser reads.
    fn add_unportable(&mut self, body: &str, table: &Spanned<DeTable<'_>>) {
        if let Some(at) = toml_1_0::beyond(body) {
            self.add(
                Some(&(at..at)),
                None,
                tr!("only TOML 1.1 knows what stands there").into(),
                tr!(
                    "write it as TOML 1.0 has it: letters as \\u0041, times with seconds, and inline tables on one line"
                ),
            );
        }
        if let Some(place) = toml_1_0::read_otherwise(table) {
            self.add(
                Some(&place),
                None,
                tr!("what stands there is read by some programs, and not by others").into(),
                tr!(
                    "write no year 0000, no second 60, no number without digits or with more than {longest}, and at most {deepest} tables and lists within each other",
                    longest = toml_1_0::LONGEST,
                    deepest = toml_1_0::DEEPEST
                ),
            );
        }
    }

    /// Reports that a key which must be there isn't.
    pub fn missing(&mut self, key: &'static str, hint: impl Into<String>) {
        if !self.unreadable && !self.spelled.contains(key) && !self.found.iter().any(|f| f.key.as_deref() == Some(key))
        {
            self.add(None, Some(key), tr!("{key} is missing", key), hint);
        }
    }

    /// Those of another matter in the same document, of which nothing is found yet.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self {
            line_starts: self.line_starts.clone(),
            unreadable: self.unreadable,
            unread: self.unread.clone(),
            spelled: self.spelled.clone(),
            found: Vec::new(),
        }
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub fn append(&mut self, mut other: Self) {
        self.found.append(&mut other.found);
    }

    /// Everything found, in the order of the lines; what has no line comes last.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|f| f.line.unwrap_or(usize::MAX));
        self.found
    }

    /// The value, if nothing at all was wrong.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Vec<Fault>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self.into_vec()),
        }
    }
}

/// The only `schema` this program knows, of every kind of document.
pub const SCHEMA: i64 = 1;

/// A table whose keys are taken one by one; what is left over is unknown.
#[derive(Debug)]
pub struct Table<'a> {
    entries: BTreeMap<String, (Range<usize>, Spanned<DeValue<'a>>)>,
    known: Vec<&'static str>,
    at: Range<usize>,
    /// Its own name with those of the tables that it is in, as a heading has it; empty for the whole document.
    name: String,
}

/// Whether the parser says that behind a backslash stands nothing that it knows.
fn is_of_an_escape(message: &str) -> bool {
    ["missing escaped value", "too few unicode value digits", "invalid value, expected unicode"]
        .iter()
        .any(|begin| message.starts_with(begin))
}

/// What to do where a text is written as other programs have it.
fn of_another_format(body: &str, line: &str) -> Option<&'static str> {
    let is_word = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let is_pair = |(key, value): (&str, &str)| is_word(key) && (value.is_empty() || value.starts_with(' '));
    if body.trim_start().starts_with('{') {
        return Some(tr!("it looks like JSON, and this is TOML: a line each, as name = \"Acme\""));
    }
    line.trim()
        .split_once(':')
        .is_some_and(is_pair)
        .then(|| tr!("it looks like YAML, and this is TOML: a line each, as name = \"Acme\""))
}

/// What to do about what the parser says of a place.
pub(super) fn remedy(message: &str, there: &str) -> &'static str {
    if message.starts_with("duplicate key") {
        return tr!("keep one of them");
    }
    match there.trim() {
        word if ["true", "false"].iter().any(|known| word.eq_ignore_ascii_case(known)) => {
            tr!("write true or false in small letters, without quotes")
        }
        _ => tr!("mend the TOML syntax there; values stand in quotes"),
    }
}

/// What the parser says, in the language that is spoken. In English its words are the best there are.
fn told(message: &str) -> String {
    if !language::is_chinese() {
        return message.to_owned();
    }
    let known = match message.split(", ").next().unwrap_or_default() {
        "duplicate key" => tr!("the same key stands there twice"),
        "string values must be quoted" => tr!("a text needs quotes around it"),
        "invalid basic string" | "invalid literal string" => tr!("a quote isn't closed on its line"),
        "invalid multi-line basic string" | "invalid multi-line literal string" => tr!("three quotes aren't closed"),
        "invalid unquoted key" => tr!("a key has letters that need quotes around them"),
        "key with no value" | "missing assignment between key-value pairs" => tr!("there is no = behind the key"),
        "missing value" | "missing value for key" => tr!("there is no value behind the ="),
        "missing comma between array elements" | "unclosed array" => tr!("a list isn't closed, or lacks a comma"),
        _ => return tr!("it isn't TOML: {why}", why = message),
    };
    known.to_owned()
}

/// Why a document can't be read, and what to do, where it isn't in the one encoding that TOML has.
fn encoded(bytes: &[u8]) -> Option<(String, &'static str)> {
    let name = match text::wide(bytes) {
        Some(_) => "UTF-16",
        None if text::in_utf32(bytes) => "UTF-32",
        None => return None,
    };
    Some((tr!("the file is in {name}", name), tr!("save the file as UTF-8")))
}

/// Where git has left a document that two sides changed, with the lines of both in it.
fn merged_at(source: &str) -> Option<usize> {
    let line = |mark: &str| {
        if source.starts_with(mark) { Some(0) } else { source.find(&format!("\n{mark}")).map(|at| at + 1) }
    };
    let begin = line("<<<<<<< ")?;
    line(">>>>>>> ").filter(|end| *end > begin).map(|_| begin)
}

/// The bytes of a document that is nobody's record yet, without what editors put there unasked, and what that was. What is no
/// document stays as it is, so that it is called what it is.
#[must_use]
pub fn without_editors_marks(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<&'static str>) {
    match FileKind::of(bytes).could_be_text() {
        true => text::without_editors_marks(bytes),
        false => (Cow::Borrowed(bytes), None),
    }
}

/// The quote, sign, space or sign that nobody sees at a place that nobody can be blamed for, as programs that set texts and input methods make them of
/// those that TOML knows.
fn typeset_at(source: &str, at: &Range<usize>) -> Option<String> {
    let is_one = |c: char| {
        text::is_typeset_quote(c)
            || matches!(c, '＝' | '＃' | '，' | '［' | '］')
            || (c.is_whitespace() && !c.is_ascii())
            || text::deceives(c)
    };
    let found = source.get(at.start..)?.char_indices().take_while(|(n, _)| *n == 0 || at.start + n < at.end);
    let found = found.map(|(_, c)| c).find(|c| is_one(*c))?;
    Some(if found.is_whitespace() || text::deceives(found) {
        format!("<{}>", text::code_point(found))
    } else {
        found.into()
    })
}

impl<'a> Table<'a> {
    fn new(table: DeTable<'a>, at: Range<usize>, name: String) -> Self {
        let entries = table.into_iter().map(|(k, v)| (k.get_ref().to_string(), (k.span(), v))).collect();
        Self { entries, known: Vec::new(), at, name }
    }

    /// Parses a whole document. Byte order marks, CRLF line ends and bytes that aren't UTF-8 are faults of their own,
    /// because the file's hash is what people vote on: one text, one spelling.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> (Self, Faults) {
        let mut faults = Faults::default();
        let empty = || Self::new(DeTable::new(), 0..0, String::new());
        let kind = FileKind::of(bytes);
        // Whatever it begins like: what is TOML is none of these.
        let is_toml = || std::str::from_utf8(bytes).is_ok_and(|text| DeTable::parse(text).is_ok());
        if !kind.could_be_text() && !is_toml() {
            faults.add(
                None,
                None,
                tr!("the file is {kind}, and no TOML", kind = kind.words()),
                tr!("name the text with its keys and values"),
            );
            faults.unreadable = true;
            return (empty(), faults);
        }
        if bytes.len() > limits::DOCUMENT {
            faults.add(
                None,
                None,
                tr!("it has {bytes} bytes", bytes = bytes.len()),
                tr!("at most {document} bytes are read", document = limits::DOCUMENT),
            );
            faults.unreadable = true;
            return (empty(), faults);
        }
        if let Some((message, hint)) = encoded(bytes) {
            faults.add(None, None, message, hint);
            faults.unreadable = true;
            return (empty(), faults);
        }
        faults.line_starts = std::iter::once(0)
            .chain(bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1))
            .collect();
        let source = match std::str::from_utf8(bytes) {
            Ok(source) => source,
            Err(e) => {
                let at = e.valid_up_to()..e.valid_up_to();
                let byte = bytes.get(at.start).copied().unwrap_or_default();
                faults.add(
                    Some(&at),
                    None,
                    tr!("the byte {byte} isn't UTF-8", byte = format!("0x{byte:02x}")),
                    tr!("save the file as UTF-8"),
                );
                faults.unreadable = true;
                return (empty(), faults);
            }
        };
        if let Some(at) = merged_at(source) {
            let hint = tr!("keep one of the two sides, and take the marks out");
            faults.add(Some(&(at..at)), None, tr!("the marks of a merge stand there").into(), hint);
            faults.unreadable = true;
            return (empty(), faults);
        }
        // What isn't text is told alone: it makes nonsense of all that stands around it.
        let stray = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || c == '\u{7f}';
        if let Some(at) = source.find(stray) {
            let character = text::visible(&source[at..=at]);
            let message = tr!("the control character {character} stands there", character);
            let hint = tr!("take it out; a copy that broke off, or another program's own format, leaves such");
            faults.add(Some(&(at..at)), None, message, hint);
            faults.unreadable = true;
            return (empty(), faults);
        }
        let body = source.strip_prefix('\u{feff}').unwrap_or(source);
        if body.len() < source.len() {
            faults.add(
                Some(&(0..0)),
                None,
                tr!("the file begins with a byte order mark").into(),
                tr!("save it as UTF-8 without BOM"),
            );
        }
        let is_lone = |at: &usize| !source[at + 1..].starts_with('\n');
        let lone = source.match_indices('\r').map(|(at, _)| at).find(is_lone);
        if let Some(at) = lone.or_else(|| source.find('\r')) {
            let message = if lone.is_some() { tr!("a line ends with CR alone") } else { tr!("a line ends with CRLF") };
            faults.add(Some(&(at..at)), None, message.into(), tr!("save the file with LF line ends"));
        }
        // To the parser all of it is one line.
        if lone.is_some() && !source.contains('\n') {
            faults.unreadable = true;
            return (empty(), faults);
        }
        // A leading mark shifts no line, only columns, and those aren't shown.
        let (table, errors) = DeTable::parse_recoverable(body);
        faults.add_syntax(body, &errors, lone.is_some());
        if faults.is_empty() {
            faults.add_unportable(body, &table);
        }
        let at = table.span();
        (Self::new(table.into_inner(), at, String::new()), faults)
    }

    /// What a heading calls a table below this one.
    fn heading(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.entries.remove(key).map(|(_, value)| value)
    }

    #[must_use]
    pub fn has_text(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|(_, value)| matches!(value.get_ref(), DeValue::String(_)))
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Checks `schema`, which must be there and no newer than what this program knows.
    pub fn schema(&mut self, faults: &mut Faults) {
        let at = self.entries.get("schema").map(|(_, v)| v.span());
        match self.integer(faults, "schema", tr!("write schema = 1")) {
            Some(SCHEMA) => {}
            Some(newer) if newer > SCHEMA => faults.add(
                at.as_ref(),
                Some("schema"),
                tr!("schema {newer} is newer than this program, which knows {SCHEMA}", newer, SCHEMA),
                tr!("use a newer karmada-partner"),
            ),
            Some(other) => {
                faults.add(
                    at.as_ref(),
                    Some("schema"),
                    tr!("schema {other} doesn't exist", other),
                    tr!("write schema = 1"),
                );
            }
            None if at.is_some() => {}
            None => faults.missing("schema", tr!("begin the file with schema = 1")),
        }
    }

    /// A whole number, or nothing if the key isn't there; `hint` is what to do about one that nothing holds.
    fn integer(&mut self, faults: &mut Faults, key: &'static str, hint: &str) -> Option<i64> {
        let value = self.take(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            wrong_type(faults, key, &value, tr!("a whole number"));
            return None;
        };
        let parsed = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if parsed.is_none() {
            let told = tr!("{key} is {value}", key, value = text::short(integer.as_str(), 40));
            faults.add(Some(&value.span()), Some(key), told, hint);
        }
        parsed
    }

    /// A whole number within `range`.
    pub fn number<T: TryFrom<i64> + TryInto<i64> + Copy>(
        &mut self,
        faults: &mut Faults,
        key: &'static str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<T> {
        let at = self.entries.get(key).map(|(_, v)| v.span());
        let hint = tr!("from {start} to {end}", start = range.start(), end = range.end());
        let value = self.integer(faults, key, &hint)?;
        if !range.contains(&value) {
            faults.add(at.as_ref(), Some(key), tr!("{key} is {value}", key, value), hint);
            return None;
        }
        value.try_into().ok()
    }

    /// A day of the calendar, which TOML writes without quotes.
    pub fn date(&mut self, faults: &mut Faults, key: &'static str) -> Option<Date> {
        let value = self.take(key)?;
        let written = match value.get_ref() {
            DeValue::Datetime(written) => written.to_string(),
            _ => String::new(),
        };
        let day = written.parse::<Date>().ok().filter(|day| day.year() > 0);
        if day.is_none() {
            wrong_type(faults, key, &value, tr!("a day, as in 2026-12-31, without quotes"));
        }
        day
    }

    /// Yes or no; nothing if the key isn't there or holds something else, which is then still to be read.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let flag = self.entries.get(key)?.1.get_ref().as_bool()?;
        self.take(key);
        Some(flag)
    }

    /// A string, or nothing if the key isn't there.
    pub fn string(&mut self, faults: &mut Faults, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        let string = value.get_ref().as_str().map(str::to_owned);
        if string.is_none() {
            wrong_type(faults, key, &value, tr!("a string in quotes"));
        }
        string
    }

    pub fn parsed<T>(
        &mut self,
        faults: &mut Faults,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let at = self.entries.get(key).map(|(_, v)| v.span());
        let string = self.string(faults, key)?;
        match parse(&string) {
            Ok(value) => Some(value),
            Err(Invalid { why, hint }) => {
                faults.add(
                    at.as_ref(),
                    Some(key),
                    tr!("{key} {value}: {why}", key, value = text::quote(&string), why),
                    hint,
                );
                None
            }
        }
    }

    /// A string of a type that knows how to read itself.
    pub fn value<T: FromStr<Err = Invalid>>(&mut self, faults: &mut Faults, key: &'static str) -> Option<T> {
        self.parsed(faults, key, str::parse)
    }

    /// A list of strings that `parse` accepts; empty if the key isn't there.
    pub fn list<T>(
        &mut self,
        faults: &mut Faults,
        key: &'static str,
        mut parse: impl FnMut(&str) -> Result<T, Invalid>,
    ) -> Vec<T> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            wrong_type(faults, key, &value, tr!("a list of strings, as in [\"one\", \"two\"]"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in items {
            match item.get_ref().as_str().map(|s| (s, parse(s))) {
                Some((_, Ok(value))) => out.push(value),
                Some((s, Err(Invalid { why, hint }))) => {
                    faults.add(
                        Some(&item.span()),
                        Some(key),
                        tr!("{key} {value}: {why}", key, value = text::quote(s), why),
                        hint,
                    );
                }
                None => wrong_type(faults, key, item, tr!("a string in quotes")),
            }
        }
        out
    }

    pub fn table(&mut self, faults: &mut Faults, key: &'static str) -> Option<Self> {
        let value = self.take(key)?;
        let (at, name) = (value.span(), self.heading(key));
        match value.into_inner() {
            DeValue::Table(table) => Some(Self::new(table, at, name)),
            other => {
                wrong_type(faults, key, &Spanned::new(at, other), &tr!("a table, [{key}]", key = name));
                None
            }
        }
    }

    pub fn tables(&mut self, faults: &mut Faults, key: &'static str) -> Vec<Self> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let (at, name) = (value.span(), self.heading(key));
        let mut refuse = |at: &Range<usize>| {
            let hint = tr!("write [[{key}]] above each", key = name);
            faults.add(Some(at), Some(key), tr!("{key} isn't a list of tables", key), hint);
        };
        let DeValue::Array(items) = value.into_inner() else {
            refuse(&at);
            return Vec::new();
        };
        items
            .into_iter()
            .filter_map(|item| {
                let at = item.span();
                if let DeValue::Table(table) = item.into_inner() {
                    return Some(Self::new(table, at, name.clone()));
                }
                refuse(&at);
                None
            })
            .collect()
    }

    /// Reports a fault at this table's own line.
    pub fn fault(&self, faults: &mut Faults, key: &str, message: String, hint: impl Into<String>) {
        faults.add(Some(&self.at), Some(key), message, hint);
    }

    /// Reports every key that nobody took, with the nearest known one.
    pub fn finish(self, faults: &mut Faults) {
        for (key, (at, _)) in &self.entries {
            let hint = match text::nearest(key, &self.known) {
                Some(near) => tr!("did you mean {likely}?", likely = near),
                None if self.known.is_empty() => tr!("no key is known here; take it out").to_owned(),
                None => tr!("known here: {known}", known = self.known.join(tr!("in a list" => ", "))),
            };
            faults.add(Some(at), Some(key), tr!("unknown key {key}", key = text::quote(key)), hint);
        }
    }
}

fn wrong_type(faults: &mut Faults, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
    let found = match value.get_ref() {
        DeValue::String(_) => tr!("a string"),
        DeValue::Integer(_) | DeValue::Float(_) => tr!("a number"),
        DeValue::Boolean(_) => tr!("true or false"),
        DeValue::Datetime(_) => tr!("a date"),
        DeValue::Array(_) => tr!("a list"),
        DeValue::Table(_) => tr!("a table"),
    };
    faults.add(
        Some(&value.span()),
        Some(key),
        tr!("{key} is {found}", key, found),
        tr!("write {text}", text = expected),
    );
}
