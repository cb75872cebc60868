//! Tables as people have them: saved by a spreadsheet, an editor or a program, in any usual encoding, by any usual separator.

use std::collections::BTreeMap;
use std::fmt;

use encoding_rs::{GBK, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::values::Invalid;
use super::{limits, text};

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
            "csv" | "tsv" => Self::Csv,
            _ if first.starts_with('{') || is_json_list(first) => Self::Json,
            _ if first.starts_with(['[', '#']) => Self::Toml,
            _ => Self::Csv,
        }
    }
}

/// Whether a text that begins with a bracket is a list of objects: in TOML a table's name stands there.
fn is_json_list(source: &str) -> bool {
    source.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', ']']))
}

/// The text of a table, whatever it was saved as; and what that was, where it isn't UTF-8.
///
/// # Errors
/// When the encoding can't be told.
fn decode(bytes: &[u8]) -> Result<(String, Option<String>), Invalid> {
    // What fills a file up, as a download that broke off, or a disk that was full, leaves it.
    let filled = bytes.iter().rev().take_while(|b| **b == 0).count();
    if filled == 0 {
        return decode_whole(bytes);
    }
    // In UTF-16 one of them may belong to the last letter.
    let of_letter = usize::from((bytes.len() - filled) % 2 == 1);
    let (start, end) = (&bytes[..bytes.len() - filled], &bytes[..bytes.len() - filled + of_letter]);
    let (text, told) = decode_whole(end)?;
    let (text, told, zeros) = match (text.ends_with('\0'), filled - of_letter) {
        (true, _) => {
            let (text, told) = decode_whole(start)?;
            (text, told, filled)
        }
        (false, 0) => return Ok((text, told)),
        (false, zeros) => (text, told, zeros),
    };
    let ends = format!("it ends with {zeros} zero bytes, which are passed over");
    Ok((text, Some(told.map_or_else(|| ends.clone(), |told| format!("{told}; {ends}")))))
}

fn decode_whole(bytes: &[u8]) -> Result<(String, Option<String>), Invalid> {
    let told = |name: &str| Some(format!("it is in {name}, and read so"));
    if let Some(kind) = no_table(bytes) {
        return Err(Invalid::new(
            format!("it is {kind}"),
            "save it as CSV in UTF-8; a spreadsheet calls that “CSV UTF-8”",
        ));
    }
    // Nobody's text has zeros, and each character of ASCII has one in UTF-16, always on the same side.
    let zeros = |at: usize| bytes.iter().skip(at).step_by(2).take(200).filter(|b| **b == 0).count();
    let is_wide = |at: usize| zeros(at) * 4 > bytes.len().min(400) / 2 && zeros(1 - at) * 4 < zeros(at);
    for (encoding, mark, zeros_at) in [(UTF_16LE, [0xff, 0xfe], 1), (UTF_16BE, [0xfe, 0xff], 0)] {
        if bytes.starts_with(&mark) || is_wide(zeros_at) {
            let (text, wrong) = encoding.decode_with_bom_removal(bytes);
            return match wrong {
                false => Ok((text.into_owned(), told(encoding.name()))),
                true => Err(Invalid::new("it is cut off within UTF-16", "save it as UTF-8")),
            };
        }
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest).map(|text| (text, None));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), None));
    }
    let (as_gbk, wrong) = GBK.decode_without_bom_handling(bytes);
    if !wrong && is_chinese(bytes) {
        return Ok((as_gbk.into_owned(), told("GBK")));
    }
    let at = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), |_| 0);
    let sample = &bytes[at.saturating_sub(12)..bytes.len().min(at + 12)];
    let (western, _) = WINDOWS_1252.decode_without_bom_handling(sample);
    let mut readings = vec![format!("in Windows-1252 it would be {}", text::quote(western.trim()))];
    if !wrong {
        readings.push(format!("in GBK {}", text::quote(GBK.decode_without_bom_handling(sample).0.trim())));
    }
    Err(Invalid::new(
        format!("it isn't UTF-8, at byte {at}: {}", readings.join(", ")),
        "save it as UTF-8; a spreadsheet calls that “CSV UTF-8”",
    ))
}

/// What a file is that is no text with rows, by its first bytes.
fn no_table(bytes: &[u8]) -> Option<&'static str> {
    let words = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).trim_start().to_ascii_lowercase();
    Some(match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => "a spreadsheet's own file (such as .xlsx or .ods), or a ZIP",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an old spreadsheet's own file (.xls)",
        [0x1f, 0x8b, ..] => "packed by gzip",
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "in UTF-32, which isn't read",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        _ if words.starts_with("<!doctype html") || words.starts_with("<html") || words.starts_with("<table") => {
            "a web page"
        }
        _ => return None,
    })
}

fn utf8(bytes: &[u8]) -> Result<String, Invalid> {
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned)
        .map_err(|e| Invalid::new(format!("it isn't UTF-8, at byte {}", e.valid_up_to()), "save it as UTF-8"))
}

/// Whether all that isn't ASCII stands in pairs of the characters that Chinese is written with. Western letters stand alone.
fn is_chinese(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| *b >= 0x80) {
        match rest.get(at..at + 2) {
            Some([0xa1..=0xf7, 0xa1..=0xfe]) => rest = &rest[at + 2..],
            _ => return false,
        }
    }
    true
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
    let (source, encoding) = decode(bytes)?;
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
        Notation::Json => json(source),
    }
}

/// A name as columns and keys have it: spreadsheets' heads are written as people write.
fn name_of(head: &str) -> String {
    let words = head.trim().to_lowercase();
    words.split([' ', '-', '_', '\u{a0}']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

/// The separators that spreadsheets write, by country and by choice.
const SEPARATORS: [(u8, &str); 3] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs")];

/// By what the columns are parted: what stands most often in the first line, outside of quotes.
fn separator(line: &str) -> (u8, &'static str) {
    let mut quoted = false;
    let plain: String = line
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted
        })
        .collect();
    let often = |by: u8| plain.matches(char::from(by)).count();
    let mut best = SEPARATORS[0];
    for candidate in SEPARATORS {
        if often(candidate.0) > often(best.0) {
            best = candidate;
        }
    }
    best
}

fn csv(source: &str) -> Result<Read, Invalid> {
    let mut read = Read::default();
    let mut source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut before = 0;
    // A line by which Excel tells itself the separator.
    let told = source
        .strip_prefix("sep=")
        .and_then(|rest| Some((*rest.as_bytes().first()?, rest.get(1..)?.strip_prefix('\n')?)));
    let by = if let Some((by, rest)) = told {
        before = 1;
        source = rest.to_owned();
        by
    } else {
        let first = source.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let (by, name) = separator(first);
        if by != b',' {
            read.remarks.push(format!("its columns are parted by {name}, and read so"));
        }
        by
    };
    if let Some(row) = left_open(&source, by) {
        return Err(Invalid::new(
            format!(
                "row {}: a quotation mark is opened and never closed, and all that follows stands within it",
                before + row
            ),
            "close it; one that is meant itself stands twice, within two more",
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
    let (mut head, mut empty) = (None, 0_usize);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => return Err(broken(&e)),
        }
        within += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let line = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        let number = before + line.saturating_sub(1 + within);
        let Some(names) = &head else {
            head = Some(names_of(&record)?);
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            empty += 1;
            continue;
        }
        read.rows.push(Row { number, cells: cells(names, &record) });
    }
    let head = head.ok_or_else(|| Invalid::new("it is empty", "its first line names the columns"))?;
    if head.iter().any(String::is_empty) {
        read.remarks.push("columns without a name and without a cell are passed over".into());
    }
    if empty > 0 {
        read.remarks
            .push(format!("{empty} {} passed over", if empty == 1 { "empty row is" } else { "empty rows are" }));
    }
    Ok(read)
}

/// The row in which quotes begin that don't end, counted from one. Quotes begin where a cell does.
fn left_open(source: &str, by: u8) -> Option<usize> {
    let (mut row, mut begins, mut quoted) = (1, true, false);
    let mut bytes = source.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (quoted, byte) {
            // Twice it is meant itself.
            (true, b'"') => quoted = bytes.next_if_eq(&b'"').is_some(),
            (false, b'"') => quoted = begins,
            (false, b'\n') => row += 1,
            _ => {}
        }
        begins = !quoted && (byte == by || byte == b'\n');
    }
    quoted.then_some(row)
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

/// The cells that say anything.
fn cells(names: &[String], record: &csv::StringRecord) -> Result<Cells, String> {
    let mut cells = Cells::new();
    for (at, value) in record.iter().map(str::trim).enumerate().filter(|(_, value)| !value.is_empty()) {
        match names.get(at).filter(|name| !name.is_empty()) {
            Some(name) => {
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
        let line = e.span().map_or(1, |span| 1 + source[..span.start.min(source.len())].matches('\n').count());
        Invalid::new(format!("line {line}: {}", text::short(e.message(), WORDS)), hint())
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
    Ok(Read { rows: rows.into_iter().enumerate().map(row).collect(), remarks: Vec::new() })
}

/// An object's entries in their order, those that are given twice included.
struct Object(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

fn json(source: &str) -> Result<Read, Invalid> {
    let hint = "write one object for each row, or a list of them";
    let broken =
        |e: serde_json::Error| Invalid::new(format!("it isn't JSON: {}", text::short(&e.to_string(), WORDS)), hint);
    if is_json_list(source.trim_start()) {
        let rows: Vec<Object> = serde_json::from_str(source).map_err(broken)?;
        let row = |(at, object)| Row { number: at + 1, cells: object_cells(object) };
        return Ok(Read { rows: rows.into_iter().enumerate().map(row).collect(), remarks: Vec::new() });
    }
    // One object a line, as programs write it: a line that isn't one spoils no other.
    let lines = || source.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    if lines().next().is_some_and(|(_, line)| line.trim_end().ends_with('}')) {
        let row = |(at, line): (usize, &str)| {
            let object = serde_json::from_str(line).map_err(|e| {
                // It quotes what it can't use, however long that is.
                format!("it isn't a JSON object: {}", text::short(&e.to_string(), WORDS))
            });
            Row { number: at + 1, cells: object.and_then(object_cells) }
        };
        return Ok(Read { rows: lines().map(row).collect(), remarks: Vec::new() });
    }
    let mut rows = Vec::new();
    for (at, object) in serde_json::Deserializer::from_str(source).into_iter::<Object>().enumerate() {
        rows.push(Row { number: at + 1, cells: object_cells(object.map_err(broken)?) });
    }
    Ok(Read { rows, remarks: Vec::new() })
}

fn object_cells(Object(entries): Object) -> Result<Cells, String> {
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
    fn quotes_that_dont_end_are_told_by_their_row() {
        let why = |source: &str| csv(source).map(|read| read.rows.len()).map_err(|e| e.why);
        for (source, row) in [
            ("a,b\n\"x,y\nz,w\n", "row 2"),
            ("a,b\n1,\"two\nlines\"\n3,\"4\n", "row 3"),
            ("a,b\n1,\"2\"\"\n", "row 2"),
            ("sep=;\na;b\n\"x;y", "row 3"),
        ] {
            let told = why(source).unwrap_err();
            assert!(told.starts_with(row) && told.contains("never closed"), "{source:?}: {told}");
        }
        for source in ["a,b\n5\" disk,x\n", "a,b\n\"say \"\"hi\"\"\",x\n", "a,b\n\"x\"y\",z\n", "a,b\n\"\",\"\"\n1,2"] {
            assert_eq!(why(source), Ok(1), "{source:?}");
        }
    }

    #[test]
    fn zeros_that_fill_a_file_up_are_no_encoding() {
        for zeros in [1, 2, 99, 100, 101, 5_000] {
            let bytes = [b"name,website\nAcme,https://acme.example\n".as_slice(), &vec![0; zeros]].concat();
            let (text, told) = decode(&bytes).unwrap();
            assert_eq!(text, "name,website\nAcme,https://acme.example\n", "{zeros}");
            assert_eq!(told.unwrap(), format!("it ends with {zeros} zero bytes, which are passed over"));
            let wide: Vec<u8> = "name\nAcme\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let (text, told) = decode(&[&wide[..], &vec![0; 2 * zeros]].concat()).unwrap();
            assert_eq!(text, "name\nAcme\n", "{zeros}");
            assert!(told.unwrap().contains("UTF-16LE"));
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
    fn what_is_no_table_is_named() {
        let utf32: Vec<u8> = "\u{feff}do,as\n".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        for (bytes, extension, what) in [
            (b"PK\x03\x04\x14\0".as_slice(), "xlsx", ".xlsx"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "xls", ".xls"),
            (b"\x1f\x8b\x08", "csv", "gzip"),
            (&utf32, "csv", "UTF-32"),
            (b"%PDF-1.7", "csv", "PDF"),
            (b"\n<!DOCTYPE html><html>", "csv", "web page"),
        ] {
            let told = open(bytes, extension, "row").unwrap_err();
            assert!(told.why.contains(what) && told.hint.contains("CSV"), "{told:?}");
        }
    }

    #[test]
    fn rows_are_counted_as_the_spreadsheet_counts() {
        let read = csv("Name,Web Site\n\n\"two\nlines\",b\n,\n\n c , d \n").unwrap();
        assert_eq!(numbered(&read), [(3, vec!["two\nlines".into(), "b".into()]), (6, vec!["c".into(), "d".into()])]);
        assert_eq!(read.rows[1].cells.as_ref().unwrap().keys().collect::<Vec<_>>(), ["name", "web_site"]);
        assert_eq!(read.remarks, ["1 empty row is passed over"]);
        let within = csv("name,x\n\"a\n\n\",b\nc,\"\nd\"\ne,f\n").unwrap();
        assert_eq!(within.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3, 4]);
        let read = csv("sep=;\na;b\n1;2").unwrap();
        assert_eq!(numbered(&read), [(3, vec!["1".into(), "2".into()])]);
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
        assert!(csv("").is_err());
        let twice = "[{\"do\": \"renew\", \"Do\": \"exit\"}]";
        for source in [twice, &twice[1..twice.len() - 1]] {
            assert!(json(source).unwrap().rows[0].cells.as_ref().unwrap_err().contains("twice"), "{source}");
        }
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
            assert_eq!(numbered(&json(source).unwrap()), wanted, "{source}");
        }
        assert_eq!(Notation::of("", "[[row]]\na = 1\n"), Notation::Toml);
        assert_eq!(Notation::of("", "# note\n[[row]]\n"), Notation::Toml);
        assert_eq!(Notation::of("", "a,b\n"), Notation::Csv);
    }

    #[test]
    fn encodings_are_told_apart_or_asked_about() {
        let table = "name,website\n华为云,https://huawei.example\n";
        let (gbk, _, _) = GBK.encode(table);
        let utf16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(table.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for (bytes, told) in [
            (table.as_bytes().to_vec(), false),
            ([b"\xef\xbb\xbf", table.as_bytes()].concat(), false),
            (gbk.into_owned(), true),
            ([b"\xff\xfe".to_vec(), utf16.clone()].concat(), true),
            (utf16, true),
            (big, true),
        ] {
            let (text, remark) = decode(&bytes).unwrap();
            assert_eq!((text.as_str(), remark.is_some()), (table, told), "{remark:?}");
        }
        let (western, _, _) = WINDOWS_1252.encode("name,website\nMüller & Söhne GmbH,https://müller.example\n");
        let asked = decode(&western).unwrap_err();
        assert!(asked.why.contains("Müller") && asked.hint.contains("UTF-8"), "{asked:?}");
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
