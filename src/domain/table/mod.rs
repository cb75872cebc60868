//! Tables as people have them: saved by a spreadsheet, an editor or a program, in any usual encoding, by any usual separator.

mod encoding;
mod spreadsheet;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use self::encoding::decode;
use self::spreadsheet::{has_failed, is_guessed, separator, told_separator, unwrapped};
use super::toml::remedy;
use super::values::Invalid;
use super::{json_fault, limits, spoiled, text};

/// What a row says, by the names of the columns: in small letters, with underscores between words.
pub type Cells = BTreeMap<String, Vec<String>>;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As the person sees it counted: in a spreadsheet from the line of names, which is the first; elsewhere from the first row.
    pub number: usize,
    /// Or why it can't be read.
    pub cells: Result<Cells, String>,
}

/// A table that was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The columns that a first line names, as it does.
    pub heads: Vec<String>,
    /// The number of that line; elsewhere each row names what it says itself.
    pub named_in: Option<usize>,
    pub rows: Vec<Row>,
    /// What was taken otherwise than it stands there, or passed over; in words.
    pub remarks: Vec<String>,
}

/// How a table is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    Csv,
    Toml,
    /// A list of objects, or an object after the other.
    Json,
}

impl Notation {
    /// By the end of a file's name, or else by how it begins: what is called JSON may be anything.
    fn of(extension: &str, source: &str) -> Self {
        let first = source.trim_start();
        match extension.to_ascii_lowercase().as_str() {
            "toml" => Self::Toml,
            // No column is called so.
            _ if first.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"')) => Self::Json,
            _ if first.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{')) => Self::Json,
            "csv" | "tsv" => Self::Csv,
            _ if first.starts_with('{') || is_json_list(first) => Self::Json,
            // What JSON doesn't have, and people write into it.
            "json" | "jsonl" if ["//", "/*", "#"].iter().any(|comment| first.starts_with(comment)) => Self::Json,
            _ if first.starts_with(['[', '#']) => Self::Toml,
            _ => Self::Csv,
        }
    }
}

/// Whether a text that begins with a bracket is a list of objects, or of lists: in TOML a table's name stands there.
fn is_json_list(source: &str) -> bool {
    let Some(rest) = source.strip_prefix('[').map(str::trim_start) else { return false };
    let has_several = |list: &str| list.split(']').next().is_some_and(|first| first.contains(','));
    let is_value = |word: &str| rest.strip_prefix(word).is_some_and(|rest| rest.trim_start().starts_with([',', ']']));
    rest.starts_with(['{', ']'])
        || ["null", "true", "false"].into_iter().any(is_value)
        || rest.strip_prefix('[').map(str::trim_start).is_some_and(|list| list.starts_with('"') && has_several(list))
        || serde_json::from_str::<Vec<serde::de::IgnoredAny>>(source).is_ok()
}

/// How much is shown of what a library says, in characters.
const WORDS: usize = 200;

/// The length of a value that no fact has room for, in bytes.
fn longest(values: &[String]) -> Option<usize> {
    values.iter().map(String::len).find(|bytes| *bytes > limits::FORM_ANSWER)
}

/// Reads a table from a file's bytes; `extension` is the end of its name, `list` what a list of rows is called in TOML.
///
/// # Errors
/// When it can't be taken for a table; what is wrong with a row stands there instead of its cells.
pub fn open(bytes: &[u8], extension: &str, list: &str) -> Result<(Notation, Read), Invalid> {
    let (mut source, encoding) = decode(bytes)?;
    // As on a Macintosh of before 2001, and in what Excel calls so.
    if !source.contains('\n') {
        source = source.replace('\r', "\n");
    }
    let notation = Notation::of(extension, &source);
    let mut read = read(&source, notation, list)?;
    for row in &mut read.rows {
        let long = |cells: &Cells| cells.iter().find_map(|(name, values)| Some((name.clone(), longest(values)?)));
        if let Some((name, bytes)) = row.cells.as_ref().ok().and_then(long) {
            row.cells = Err(format!("{} has {bytes} bytes, more than {}", text::quote(&name), limits::FORM_ANSWER));
        }
    }
    read.remarks.splice(0..0, encoding);
    Ok((notation, read))
}

/// Numbers of rows in order, runs of them shortened: 1-3, 7.
#[must_use]
pub fn ranges(numbers: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for n in numbers.iter().copied() {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => parts.push((n, n)),
        }
    }
    let shown = |(from, to): &(usize, usize)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    parts.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn read(source: &str, notation: Notation, list: &str) -> Result<Read, Invalid> {
    match notation {
        Notation::Csv => csv(source),
        Notation::Toml => toml(source, list),
        Notation::Json => json(source, list),
    }
}

/// A name as columns and keys have it: spreadsheets' heads are written as people write.
#[must_use]
pub fn name_of(head: &str) -> String {
    let words: String = head.to_lowercase().chars().filter(|c| !text::deceives(*c) && !text::joins(*c)).collect();
    words
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '_'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// The first columns by their names, to be told what a table begins with.
#[must_use]
pub fn first_heads(heads: &[String]) -> String {
    heads.iter().take(5).map(|head| text::quote(head)).collect::<Vec<_>>().join(", ")
}

fn csv(source: &str) -> Result<Read, Invalid> {
    let mut read = Read::default();
    let mut source = source.replace("\r\n", "\n").replace('\r', "\n");
    let told = source.split_once('\n').and_then(|(line, rest)| Some((told_separator(line)?, rest)));
    let by = if let Some(((by, is_shown), rest)) = told {
        source = if is_shown { format!("\n{rest}") } else { rest.to_owned() };
        by
    } else {
        let first = source.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let (by, name) = separator(first);
        if by != b',' {
            read.remarks.push(format!("its columns are parted by {name}, and read so"));
        }
        by
    };
    if let Some((row, why)) = misquoted(&source, by) {
        return Err(Invalid::new(
            format!("row {row}: {why}"),
            "close it at the end of the cell; one that is meant itself stands twice, within two more",
        ));
    }
    if !source.ends_with('\n') {
        source.push('\n');
    }
    let broken = |e: &csv::Error| Invalid::new(e.to_string(), "save it as CSV; its first line names the columns");
    let mut reader =
        csv::ReaderBuilder::new().delimiter(by).flexible(true).has_headers(false).from_reader(source.as_bytes());
    let mut record = csv::StringRecord::new();
    // Line breaks within cells are no rows.
    let mut within = 0;
    let (mut head, mut rows, mut empty, mut told_as_text) = (None, Vec::new(), 0_usize, false);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => return Err(broken(&e)),
        }
        within += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let line = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        let number = line.saturating_sub(1 + within);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            empty += 1;
            continue;
        }
        if head.is_none() {
            read.heads = record.iter().map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect();
            head = Some(names_of(&record)?);
            read.named_in = Some(number);
            continue;
        }
        let values = record.iter().map(|cell| unwrapped(cell.trim()).ok_or_else(|| cell.trim().to_owned()));
        let values: Vec<_> = values.collect();
        told_as_text |= values.iter().any(Result::is_ok);
        rows.push((number, values.into_iter().map(|value| value.unwrap_or_else(|cell| cell)).collect::<Vec<_>>()));
    }
    let head = head.ok_or_else(|| Invalid::new("it is empty", "its first line names the columns"))?;
    let has_cells = |at: usize| rows.iter().any(|(_, values)| values.get(at).is_some_and(|value| !value.is_empty()));
    if head.iter().enumerate().any(|(at, name)| name.is_empty() && !has_cells(at)) {
        read.remarks.push("columns without a name and without a cell are passed over".into());
    }
    // What is wrong with a column is told once, where columns are named.
    for (column, with) in unnamed(&head, &rows) {
        for (_, values) in &mut rows {
            values.get_mut(column - 1).map(String::clear);
        }
        let why = format!(
            "column {column} has no name, and rows {} have cells in it: name it, or take it out",
            ranges(&with)
        );
        read.rows.push(Row { number: read.named_in.unwrap_or(1), cells: Err(why) });
    }
    read.rows.extend(rows.iter().map(|(number, values)| Row { number: *number, cells: cells(&head, values) }));
    if told_as_text {
        read.remarks.push("cells that tell a spreadsheet that they are text are read without what tells it so".into());
    }
    if empty > 0 {
        read.remarks
            .push(format!("{empty} {} passed over", if empty == 1 { "empty row is" } else { "empty rows are" }));
    }
    Ok(read)
}

/// The first row, counted from one, whose quotes a reader could only guess at, and why. Quotes begin where a cell does.
fn misquoted(source: &str, by: u8) -> Option<(usize, &'static str)> {
    let (mut row, mut begins, mut opened) = (1, true, None);
    let mut bytes = source.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (opened, byte) {
            // Twice it is meant itself.
            (Some(_), b'"') if bytes.next_if_eq(&b'"').is_some() => {}
            (Some(_), b'"') => {
                opened = None;
                while by != b' ' && bytes.next_if_eq(&b' ').is_some() {}
                if bytes.peek().is_some_and(|next| *next != by && *next != b'\n') {
                    return Some((row, "something stands in a cell behind the quotation mark that closes it"));
                }
            }
            (None, b'"') if begins => opened = Some(row),
            (None, b'\n') => row += 1,
            _ => {}
        }
        begins = opened.is_none() && (byte == by || byte == b'\n');
    }
    opened.map(|row| (row, "a quotation mark is opened and never closed, and all that follows stands within it"))
}

/// The names of the columns; those without one are empty.
fn names_of(record: &csv::StringRecord) -> Result<Vec<String>, Invalid> {
    let names: Vec<String> = record.iter().map(name_of).collect();
    let twice = names.iter().enumerate().find(|(at, name)| !name.is_empty() && names[..*at].contains(name));
    match twice {
        Some((_, name)) => {
            Err(Invalid::new(format!("it has two columns {}", text::quote(name)), "give each column its own name"))
        }
        None => Ok(names),
    }
}

/// Why a value can't be what was meant, where it was spoiled before it came here.
fn spoiled(name: &str, value: &str) -> Option<String> {
    let told = spoiled::judge_cell(value).err()?;
    Some(format!("{name} is {}: {}", text::quote(value), told.in_a_line()))
}

/// The columns, counted from one, that have cells in several rows and no name, each with those rows. One that the line of names
/// doesn't reach is one where all rows do.
fn unnamed(head: &[String], rows: &[(usize, Vec<String>)]) -> Vec<(usize, Vec<usize>)> {
    let width = rows.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
    let lacks = |at: &usize| head.get(*at).is_none_or(String::is_empty);
    let with_cells = |at: usize| {
        let has = |values: &[String]| values.get(at).is_some_and(|value| !value.is_empty());
        (at + 1, rows.iter().filter(|(_, values)| has(values)).map(|(number, _)| *number).collect::<Vec<_>>())
    };
    let is_column =
        |(column, with): &(usize, Vec<usize>)| with.len() > 1 && (*column <= head.len() || with.len() == rows.len());
    (0..width).filter(lacks).map(with_cells).filter(is_column).collect()
}

/// The cells that say anything.
fn cells(names: &[String], values: &[String]) -> Result<Cells, String> {
    let mut cells = Cells::new();
    for (at, value) in values.iter().map(String::as_str).enumerate().filter(|(_, value)| !value.is_empty()) {
        match names.get(at).filter(|name| !name.is_empty()) {
            Some(name) if has_failed(value) => {
                return Err(format!("{name} is {value}, which a spreadsheet puts where a formula fails"));
            }
            Some(name) if value.len() > 2 && value.bytes().all(|byte| byte == b'#') => {
                return Err(format!("{name} is {value}, as a spreadsheet shows what its column is too narrow for"));
            }
            Some(name)
                if (name.starts_with("github") || ["slug", "partner"].contains(&name.as_str()))
                    && is_guessed(value) =>
            {
                return Err(format!(
                    "{name} is {}, as a spreadsheet guesses it from an ID that looks like a day or a number: import the column as text; if that is the ID, write it in small letters",
                    text::quote(value)
                ));
            }
            Some(name) => {
                if let Some(why) = spoiled(name, value) {
                    return Err(why);
                }
                cells.insert(name.clone(), vec![value.to_owned()]);
            }
            None => return Err(format!("{} stands in column {}, which has no name", text::quote(value), at + 1)),
        }
    }
    Ok(cells)
}

fn toml(source: &str, list: &str) -> Result<Read, Invalid> {
    let hint = || format!("write a table [[{list}]] for each");
    let mut table: toml::Table = source.parse().map_err(|e: toml::de::Error| {
        let place = e.span().unwrap_or_default();
        let line = 1 + source.get(..place.start).unwrap_or(source).matches('\n').count();
        // Where the tables are there, something else is wrong.
        let hint = match source.contains(&format!("[[{list}]]")) {
            true => remedy(e.message(), source.get(place).unwrap_or_default()).to_owned(),
            false => hint(),
        };
        Invalid::new(format!("line {line}: {}", text::short(e.message(), WORDS)), hint)
    })?;
    let Some(toml::Value::Array(rows)) = table.remove(list) else {
        return Err(Invalid::new(format!("it has no [[{list}]]"), hint()));
    };
    if let Some(other) = table.keys().next() {
        return Err(Invalid::new(format!("{} stands beside [[{list}]]", text::quote(other)), hint()));
    }
    let one = |value: &toml::Value| match value {
        toml::Value::String(s) => Some(s.clone()),
        toml::Value::Boolean(_) | toml::Value::Integer(_) | toml::Value::Datetime(_) => Some(value.to_string()),
        _ => None,
    };
    let entry = |(key, value): (String, toml::Value)| {
        let values = match &value {
            toml::Value::Array(items) => items.iter().map(one).collect::<Option<Vec<_>>>(),
            other => one(other).map(|value| vec![value]),
        };
        match values {
            Some(values) => Ok((key, values)),
            None => Err(format!("{} is neither text, number, day, yes or no, nor a list of them", text::quote(&key))),
        }
    };
    let row = |(at, row): (usize, toml::Value)| {
        let cells = match row {
            toml::Value::Table(row) => unique(row.into_iter().map(entry)),
            _ => Err("it isn't a table".to_owned()),
        };
        Row { number: at + 1, cells }
    };
    Ok(Read { rows: rows.into_iter().enumerate().map(row).collect(), ..Read::default() })
}

/// An object's entries in their order, those that are given twice included.
struct Entries<V>(Vec<(String, V)>);

type Object = Entries<serde_json::Value>;

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for All<V> {
            type Value = Entries<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(All(PhantomData))
    }
}

/// What stands under a name within one object around all rows, as programs hand lists over.
#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Rows(Vec<Object>),
    Other(serde::de::IgnoredAny),
}

/// The rows of an object that holds a list of them, where it is one.
fn wrapped(source: &str, list: &str) -> Option<Vec<Object>> {
    let Entries::<Part>(parts) = serde_json::from_str(source).ok()?;
    let is_named = |name: &str| name == list || name.strip_suffix('s') == Some(list);
    let rows = |(name, part): (String, Part)| match part {
        Part::Rows(rows) if !rows.is_empty() || is_named(&name) => Some(rows),
        _ => None,
    };
    let mut found = parts.into_iter().filter_map(rows);
    found.next().filter(|_| found.next().is_none())
}

fn json(source: &str, list: &str) -> Result<Read, Invalid> {
    let numbered = |rows: Vec<Object>| {
        let row = |(at, object)| Row { number: at + 1, cells: object_cells(object) };
        Read { rows: rows.into_iter().enumerate().map(row).collect(), ..Read::default() }
    };
    if let Some(rows) = wrapped(source, list) {
        return Ok(numbered(rows));
    }
    let hint = "write one object for each row, or a list of them";
    let broken = |e: serde_json::Error| Invalid::new(json_fault::told(&e), hint);
    if is_json_list(source.trim_start()) {
        let rows: Vec<Object> = serde_json::from_str(source).map_err(broken)?;
        return Ok(numbered(rows));
    }
    // One object a line, as programs write it: a line that isn't one spoils no other.
    let lines = || source.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    if lines().next().is_some_and(|(_, line)| line.trim_end().ends_with('}')) {
        let row = |(at, line): (usize, &str)| {
            let object = serde_json::from_str(line).map_err(|e| match e.is_data() {
                true => "it isn't a JSON object".to_owned(),
                false => json_fault::told(&e),
            });
            Row { number: at + 1, cells: object.and_then(object_cells) }
        };
        return Ok(Read { rows: lines().map(row).collect(), ..Read::default() });
    }
    let mut rows = Vec::new();
    for (at, object) in serde_json::Deserializer::from_str(source).into_iter::<Object>().enumerate() {
        rows.push(Row { number: at + 1, cells: object_cells(object.map_err(broken)?) });
    }
    Ok(Read { rows, ..Read::default() })
}

fn object_cells(Entries(entries): Object) -> Result<Cells, String> {
    let one = |value: &serde_json::Value| match value {
        serde_json::Value::String(s) => Some(s.clone()),
        serde_json::Value::Bool(_) | serde_json::Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    let entry = |(key, value): (String, serde_json::Value)| {
        let values = match &value {
            serde_json::Value::Null => Some(Vec::new()),
            serde_json::Value::Array(items) => items.iter().map(one).collect(),
            other => one(other).map(|value| vec![value]),
        };
        match values {
            Some(values) => Ok((key, values)),
            None => Err(format!("{} is neither text, number, yes or no, nor a list of them", text::quote(&key))),
        }
    };
    let mut cells = unique(entries.into_iter().map(entry))?;
    cells.retain(|_, values| !values.is_empty());
    Ok(cells)
}

fn unique(entries: impl Iterator<Item = Result<(String, Vec<String>), String>>) -> Result<Cells, String> {
    let mut cells = Cells::new();
    for entry in entries {
        let (key, values) = entry?;
        if let Some(why) = values.iter().find_map(|value| spoiled(&key, value)) {
            return Err(why);
        }
        if cells.insert(name_of(&key), values).is_some() {
            return Err(format!("{} is given twice", text::quote(&key)));
        }
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbered(read: &Read) -> Vec<(usize, Vec<String>)> {
        let cells = |row: &Row| row.cells.clone().unwrap().into_values().flatten().collect();
        read.rows.iter().map(|row| (row.number, cells(row))).collect()
    }

    #[test]
    fn what_tells_spreadsheets_that_a_cell_is_text_is_none_of_it() {
        for (cell, text) in [
            ("=\"0012\"", Some("0012")),
            ("=\"a \"\"b\"\"\"", Some("a \"b\"")),
            ("'@acme", Some("@acme")),
            ("'=1+1", Some("=1+1")),
            ("'t Hooft", None),
            ("=\"a\"&\"b\"", None),
            ("=A1", None),
            ("\"x\"", None),
        ] {
            assert_eq!(unwrapped(cell).as_deref(), text, "{cell}");
        }
    }

    #[test]
    fn quotes_that_dont_end_are_told_by_their_row() {
        let why = |source: &str| csv(source).map(|read| read.rows.len()).map_err(|e| e.why);
        for (source, row) in [
            ("a,b\n\"x,y\nz,w\n", "row 2"),
            ("a,b\n1,\"two\nlines\"\n3,\"4\n", "row 3"),
            ("a,b\n1,\"2\"\"\n", "row 2"),
            ("sep=;\na;b\n\"x;y", "row 2"),
        ] {
            let told = why(source).unwrap_err();
            assert!(told.starts_with(row) && told.contains("never closed"), "{source:?}: {told}");
        }
        for source in ["a,b\n5\" disk,x\n", "a,b\n\"say \"\"hi\"\"\",x\n", "a,b\n\"\",\"\"\n1,2"] {
            assert_eq!(why(source), Ok(1), "{source:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_in_bounds() {
        let long = "x".repeat(300_000);
        for (source, extension) in [
            ("[".repeat(300_000), "jsonl"),
            ("[".repeat(300_000), "toml"),
            (format!("[[row]]\n{long} = {{}}\n"), "toml"),
            (format!("[[row]]\na = \"{long}\"\n"), "toml"),
            (format!("[[row]]\na = \"{long}\n"), "toml"),
            (format!("{{\"{long}\": {{}}}}\n"), "jsonl"),
            (format!("[\"{long}\"]\n"), "json"),
            (format!("{{\"a\": 1}}\n\"{long}\"\n"), "jsonl"),
            (format!("name,website\n{long},b\n"), "csv"),
            (format!("name,website\na,b,{long}\n"), "csv"),
            (format!("{long},{long}\na,b\n"), "csv"),
        ] {
            let told = match open(source.as_bytes(), extension, "row") {
                Err(e) => vec![e.why],
                Ok((_, read)) => read.rows.into_iter().filter_map(|row| row.cells.err()).collect(),
            };
            assert!(!told.is_empty(), "{extension}: {}", &source[..40]);
            assert!(told.iter().all(|why| why.len() < 1_000), "{extension}: {}", &source[..40]);
        }
    }

    #[test]
    fn what_is_wrong_in_toml_is_told_where_its_tables_are() {
        let hint = |source: &str| read(source, Notation::Toml, "row").unwrap_err().hint;
        assert!(hint("[[row]]\nname = 007\n").contains("stand in quotes"));
        assert!(hint("[[row]]\ndo = benefit\n").contains("stand in quotes"));
        assert_eq!(hint("name = 007\n"), "write a table [[row]] for each");
    }

    #[test]
    fn lines_may_end_as_they_did_on_old_machines() {
        for (source, extension) in [
            ("[[row]]\ra = \"x\"\r[[row]]\ra = \"y\"\r", "toml"),
            ("{\"a\": \"x\"}\r{\"a\": \"y\"}\r", "jsonl"),
            ("a\rx\ry\r", "csv"),
        ] {
            let (_, read) = open(source.as_bytes(), extension, "row").unwrap();
            let values: Vec<_> = numbered(&read).into_iter().flat_map(|(_, values)| values).collect();
            assert_eq!(values, ["x", "y"], "{extension}");
        }
    }

    #[test]
    fn lists_in_json_are_no_broken_toml() {
        for list in ["[null]", "[1, 2]", "[\"A\"]", "[[1], [2]]"] {
            let told = open(list.as_bytes(), "json", "partner").unwrap_err();
            assert!(told.hint.starts_with("write one object for each row"), "{list}: {told:?}");
        }
        let source = "[[\"name\", \"website\"], [\"Acme\", \"https://acme.example\"]]";
        let told = read(source, Notation::of("json", source), "partner").unwrap_err();
        assert!(told.hint.starts_with("write one object for each row"), "{told:?}");
        assert_eq!(Notation::of("json", "[[\"partner\"]]\nname = \"Acme\"\n"), Notation::Toml);
    }

    #[test]
    fn what_is_no_table_is_named() {
        let utf32: Vec<u8> = "\u{feff}do,as\n".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        for (bytes, extension, what) in [
            (b"PK\x03\x04\x14\0".as_slice(), "xlsx", ".xlsx"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "xls", ".xls"),
            (b"\x1f\x8b\x08", "csv", "gzip"),
            (&utf32, "csv", "UTF-32"),
            (b"%PDF-1.7", "csv", "PDF"),
            (b"\n<!DOCTYPE html><html>", "csv", "web page"),
            (b"<link rel=x>\n<h1>Sign in</h1>", "csv", "web page"),
            (b"<meta charset=utf-8><table><tr><td>do</td></tr></table>", "csv", "web page"),
            (b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>", "xml", "XML"),
            (b"{\\rtf1\\ansi do,partner}", "csv", "RTF"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "csv", "PNG"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "csv", "JPEG"),
            (b"7z\xbc\xaf\x27\x1c", "csv", "packed archive"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "csv", "HEIC"),
        ] {
            let told = open(bytes, extension, "row").unwrap_err();
            assert!(told.why.contains(what) && told.hint.contains("CSV"), "{told:?}");
        }
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\n";
        let told = open(pointer, "csv", "row").unwrap_err();
        assert!(told.why.contains("Git LFS") && told.hint.contains("git lfs pull"), "{told:?}");
    }

    #[test]
    fn rows_are_counted_as_the_spreadsheet_counts() {
        let read = csv("Name,Web Site\n\n\"two\nlines\",b\n,\n\n c , d \n").unwrap();
        assert_eq!(numbered(&read), [(3, vec!["two\nlines".into(), "b".into()]), (6, vec!["c".into(), "d".into()])]);
        assert_eq!(read.rows[1].cells.as_ref().unwrap().keys().collect::<Vec<_>>(), ["name", "web_site"]);
        assert_eq!(read.remarks, ["1 empty row is passed over"]);
        let below = csv(",,\n ,,\nname,x,\na,b,\n").unwrap();
        assert_eq!(numbered(&below), [(4, vec!["a".into(), "b".into()])]);
        assert_eq!((below.heads, below.named_in), (vec!["name".to_owned(), "x".to_owned()], Some(3)));
        let within = csv("name,x\n\"a\n\n\",b\nc,\"\nd\"\ne,f\n").unwrap();
        assert_eq!(within.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3, 4]);
        for line in ["sep=;", "SEP=;", "\"sep=;\""] {
            let read = csv(&format!("{line}\na;b\n1;2")).unwrap();
            assert_eq!(numbered(&read), [(2, vec!["1".into(), "2".into()])], "{line}: no spreadsheet shows it");
        }
        for (line, by) in [("sep=;;;", ';'), ("sep=;,", ','), ("\"sep=;\";;", ';'), ("\"sep=\t\"\t", '\t')] {
            let read = csv(&format!("{line}\na{by}b\n1{by}2")).unwrap();
            assert_eq!(numbered(&read), [(3, vec!["1".into(), "2".into()])], "{line}: it was saved as a row");
        }
        assert!(csv("sep=;x;\na;b\n1;2").is_ok_and(|read| read.heads == ["sep=", "x"]));
        let (_, read) = open(b"a,b\n1,2\n\x1a", "csv", "row").unwrap();
        assert_eq!(numbered(&read), [(2, vec!["1".into(), "2".into()])]);
        assert!(read.remarks[0].contains("U+001A"), "{:?}", read.remarks);
    }

    #[test]
    fn runs_of_rows_are_shortened() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10");
        assert_eq!(ranges(&[]), "");
    }

    #[test]
    fn what_has_no_place_is_told() {
        let read = csv("a,,\n1,,\n2,x,\n3,,,y\n").unwrap();
        assert_eq!(read.rows[0].cells, Ok(Cells::from([("a".into(), vec!["1".into()])])));
        assert!(read.rows[1].cells.as_ref().unwrap_err().contains("column 2"));
        assert!(read.rows[2].cells.as_ref().unwrap_err().contains("column 4"));
        assert!(csv("a,A\n1,2\n").is_err());
        assert!(csv("a\n#BEZUG!\n").unwrap().rows[0].cells.is_err());
        let read = csv("\u{200b}a,b\u{a0}c\n1,2\n").unwrap();
        assert_eq!(read.rows[0].cells.as_ref().unwrap().keys().collect::<Vec<_>>(), ["a", "b_c"]);
        assert_eq!(csv("Do *, Kind\n").unwrap().heads, ["Do *", "Kind"]);
        for (cell, why) in [
            ("########", "too narrow"),
            ("MÃ¼ller", "“Müller”, read in a wrong encoding"),
            ("Zeta &amp; Co", "“&amp;” is how web pages"),
            ("O&#039;Connor", "“&#039;” is how web pages"),
            ("M&uuml;ller", "“&uuml;” is how web pages"),
            ("å\u{8d}Žä¸º", "“华为”"),
        ] {
            let told = csv(&format!("name,x\n{cell},1\n")).unwrap();
            assert!(told.rows[0].cells.as_ref().unwrap_err().contains(why), "{cell}: {:?}", told.rows[0].cells);
            // Whoever wrote it into another notation spoiled it as well.
            for source in [format!("{{\"name\": [\"{cell}\"]}}"), format!("[[row]]\nname = \"{cell}\"\n")] {
                let (_, told) = open(source.as_bytes(), "", "row").unwrap();
                assert_eq!(told.rows[0].cells.is_err(), !why.contains("narrow"), "{source}: {:?}", told.rows[0].cells);
            }
        }
        for cell in
            ["Müller", "São Paulo", "CAFÉ™", "C#", "##", "Ñandú", "Ångström", "AT&T", "https://x.example/?a=1&b=2"]
        {
            assert!(csv(&format!("name,x\n{cell},1\n")).unwrap().rows[0].cells.is_ok(), "{cell}");
        }
        assert!(csv("").is_err());
        let twice = "[{\"do\": \"renew\", \"Do\": \"exit\"}]";
        for source in [twice, &twice[1..twice.len() - 1]] {
            assert!(json(source, "row").unwrap().rows[0].cells.as_ref().unwrap_err().contains("twice"), "{source}");
        }
    }

    #[test]
    fn an_id_that_a_spreadsheet_guessed_at_is_told() {
        let read = |cell: &str| csv(&format!("partner,github\nmarch,{cell}\n")).unwrap().rows.remove(0).cells;
        for cell in ["10-Mar", "Mar-10", "3.70911E+17", "1E+05"] {
            let why = read(cell).unwrap_err();
            assert!(why.contains("as a spreadsheet guesses it from an ID"), "{cell}: {why}");
        }
        for cell in ["mar10", "10-mar", "mar-10", "007", "370911202104140038", "1e5", "E+05", "May-flower", "123-Mar"] {
            assert!(read(cell).is_ok(), "{cell}");
        }
        // Of other columns nobody knows what they were.
        assert!(csv("name\n10-Mar\n").unwrap().rows[0].cells.is_ok());
        assert!(csv("slug\n10-Mar\n").unwrap().rows[0].cells.is_err(), "a short name is for ever");
    }

    #[test]
    fn a_column_without_a_name_is_told_once_where_it_has_cells() {
        for (source, number, why) in [
            (",name\n0,a\n1,b\n2,c\n", 1, "column 1 has no name, and rows 2-4 have cells in it"),
            ("\nname, - ,x\na,1,\nb,,\nc,2,\n", 2, "column 2 has no name, and rows 3, 5 have cells in it"),
            ("name,x\n1,a,b\n2,c,d\n", 1, "column 3 has no name, and rows 2-3 have cells in it"),
        ] {
            let read = csv(source).unwrap();
            let told: Vec<_> =
                read.rows.iter().filter_map(|row| Some((row.number, row.cells.clone().err()?))).collect();
            assert!(matches!(told.as_slice(), [(at, told)] if *at == number && told.starts_with(why)), "{told:?}");
            assert!(read.remarks.iter().all(|remark| !remark.contains("without a name")), "{:?}", read.remarks);
        }
        for source in ["name,x\n1,a,b\n2,c\n3,d\n", "name,,\na,b,\nc,,\n"] {
            let read = csv(source).unwrap();
            let wrong: Vec<_> = read.rows.iter().filter_map(|row| row.cells.clone().err()).collect();
            assert!(wrong.len() == 1 && wrong[0].contains("which has no name"), "one row's own fault: {wrong:?}");
        }
        assert!(csv("name,\na,b\n").unwrap().remarks.is_empty(), "it isn't passed over");
        assert!(csv("name,,\na,b,\n").unwrap().remarks[0].contains("are passed over"));
    }

    #[test]
    fn objects_are_read_however_they_are_laid_out() {
        let wanted = [(1, vec!["x".to_owned()]), (2, vec!["y".to_owned(), "z".to_owned()])];
        for source in [
            "{\"a\":\"x\"}\n{\"a\":[\"y\",\"z\"]}\n",
            "[{\"a\":\"x\"},{\"a\":[\"y\",\"z\"],\"b\":null}]",
            "{\n  \"a\": \"x\"\n}\n{\n  \"a\": [\"y\", \"z\"]\n}\n",
        ] {
            assert_eq!(Notation::of("", source), Notation::Json, "{source}");
            assert_eq!(numbered(&json(source, "row").unwrap()), wanted, "{source}");
        }
        assert_eq!(Notation::of("", "[[row]]\na = 1\n"), Notation::Toml);
        assert_eq!(Notation::of("", "# note\n[[row]]\n"), Notation::Toml);
        assert_eq!(Notation::of("jsonl", "# note\n{\"a\": 1}\n"), Notation::Json);
        assert_eq!(Notation::of("", "a,b\n"), Notation::Csv);
        for source in ["{\"a\": 1}", "[\n{\"a\": 1}]"] {
            assert_eq!(Notation::of("csv", source), Notation::Json, "called otherwise: {source}");
        }
        for source in ["[a],b\n", "{a},b\n", "[\"a\"],b\n"] {
            assert_eq!(Notation::of("csv", source), Notation::Csv, "{source}");
        }
    }

    #[test]
    fn quotes_that_a_reader_could_only_guess_at_are_refused() {
        for cell in [r#""Acme \"Best\" Co""#, r#""Acme" Inc"#, r#""Acme"""x"#, r#""Acme" "Inc""#] {
            let source = format!("name,website\n{cell},https://acme.example\n");
            let why = csv(&source).unwrap_err().why;
            assert!(why.starts_with("row 2: something stands in a cell behind"), "{cell}: {why}");
        }
        for (cell, name) in
            [(r#""Acme" "#, "Acme"), (r#"12" Inc"#, r#"12" Inc"#), (r#""Acme ""Best""""#, r#"Acme "Best""#)]
        {
            let source = format!("name,website\n{cell},https://acme.example\n");
            assert_eq!(csv(&source).unwrap().rows[0].cells.as_ref().unwrap()["name"], [name], "{cell}");
        }
    }

    proptest! {
        /// Whatever a spreadsheet holds: what it writes by any separator is read again, cell by cell.
        #[test]
        fn what_a_spreadsheet_writes_is_read(
            rows in prop::collection::vec(prop::collection::vec("[a-z华é;,\"\t \n]{0,8}", 3), 1..6),
            by in prop::sample::select(vec![b',', b';', b'\t']),
        ) {
            let mut out = csv::WriterBuilder::new().delimiter(by).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            out.write_record(["one", "two", "three"]).unwrap();
            for row in &rows {
                out.write_record(row).unwrap();
            }
            let written = String::from_utf8(out.into_inner().unwrap()).unwrap();
            let read = read(&written, Notation::Csv, "row").unwrap();
            let mut found = read.rows.into_iter();
            for row in &rows {
                let wanted: Cells = ["one", "two", "three"].into_iter().zip(row)
                    .map(|(name, cell)| (name.to_owned(), vec![cell.trim().to_owned()]))
                    .filter(|(_, cell)| !cell[0].is_empty())
                    .collect();
                if !wanted.is_empty() {
                    prop_assert_eq!(found.next().unwrap().cells.unwrap(), wanted);
                }
            }
            prop_assert_eq!(found.next(), None);
        }

        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((text, _)) = decode(&bytes) {
                for notation in [Notation::Csv, Notation::Toml, Notation::Json] {
                    let _ = read(&text, notation, "row");
                }
            }
        }
    }
}
