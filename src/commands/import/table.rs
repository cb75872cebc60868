//! `import table`: partners from a CSV or TOML file.

use std::path::{Path, PathBuf};

use super::found::{Found, source};
use crate::domain::{Draft, Field, Program, Sha256};
use crate::error::{Error, Result};
use crate::files;
use crate::session::Context;
use crate::workflow::proposing;

/// Bring in partners from a table
///
/// A TOML file with tables named partner, or a CSV whose first line names the columns: name, website, github, email, logo,
/// description and so on, as in a record, slug, and since. A logo is a file beside the table, or an https address. Lists are
/// separated by semicolons.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The table
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn read(ctx: &Context, args: &Args, program: &Program) -> Result<Vec<Found>> {
    let bytes = files::read(&args.file, 4 * 1024 * 1024, "the table")?;
    let shown = args.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let is_csv = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    let drafts = if is_csv { csv(&bytes) } else { toml(&bytes) }
        .map_err(|(why, hint)| Error::usage(format!("{}: {why}", args.file.display())).hint(hint))?;
    let hash = Sha256::of(&bytes).short();
    let directory = args.file.parent().unwrap_or(Path::new("."));
    let mut found = Vec::new();
    for (index, (mut draft, since)) in drafts.into_iter().enumerate() {
        let place = format!("{shown} (sha256 {hash}), entry {}", index + 1);
        let logo = match draft.answers.remove(&Field::Logo) {
            None => Err(Error::usage("logo is missing").hint("add logo: a file beside the table, or an https address")),
            Some(logo) if proposing::is_address(&logo) => {
                proposing::load_logo(ctx, &logo, &program.logo).map(|logo| logo.bytes)
            }
            Some(logo) => files::read(&directory.join(&logo), program.logo.max_bytes as usize, "logo"),
        };
        let label = draft.get(Field::Name).map_or_else(|| format!("entry {}", index + 1), str::to_owned);
        found.push(Found { label, draft, logo, source: source(&place)?, since, link: None, faults: Vec::new() });
    }
    Ok(found)
}

type Wrong = (String, String);

/// What an entry says, and since when it has been a partner.
type TableEntry = (Draft, Option<String>);

#[derive(Clone, Copy)]
enum Column {
    Slug,
    Since,
    Field(Field),
}

fn column(key: &str) -> Result<Column, Wrong> {
    match key {
        "slug" => Ok(Column::Slug),
        "since" => Ok(Column::Since),
        key => {
            let field = key.parse::<Field>().map(Column::Field);
            field.map_err(|e| (format!("column {}", e.why), format!("{}, slug, since", e.hint)))
        }
    }
}

fn put((draft, since): &mut TableEntry, column: Column, value: &str) {
    match column {
        _ if value.trim().is_empty() => {}
        Column::Slug => draft.slug = Some(value.trim().to_owned()),
        Column::Since => *since = Some(value.trim().to_owned()),
        Column::Field(field) => drop(draft.answers.insert(field, value.trim().to_owned())),
    }
}

fn csv(bytes: &[u8]) -> Result<Vec<TableEntry>, Wrong> {
    let broken = |e: csv::Error| (e.to_string(), "save it as CSV with commas, in UTF-8".to_owned());
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let head: Vec<_> = reader.headers().map_err(broken)?.iter().map(column).collect::<Result<_, _>>()?;
    let mut drafts = Vec::new();
    for row in reader.records() {
        let row = row.map_err(broken)?;
        let mut entry = TableEntry::default();
        for (column, value) in head.iter().zip(row.iter()) {
            put(&mut entry, *column, value);
        }
        drafts.push(entry);
    }
    Ok(drafts)
}

fn toml(bytes: &[u8]) -> Result<Vec<TableEntry>, Wrong> {
    let hint = || "it has a table [[partner]] for each, with name, website, logo and so on".to_owned();
    let text = std::str::from_utf8(bytes).map_err(|_| ("it isn't UTF-8".to_owned(), hint()))?;
    let mut table: toml::Table = text.parse().map_err(|e: toml::de::Error| (e.message().to_owned(), hint()))?;
    let Some(toml::Value::Array(rows)) = table.remove("partner") else {
        return Err(("it has no [[partner]]".into(), hint()));
    };
    let mut drafts = Vec::new();
    for row in rows {
        let toml::Value::Table(row) = row else { return Err(("partner isn't a table".into(), hint())) };
        let mut entry = TableEntry::default();
        for (key, value) in row {
            let strings = |items: &[toml::Value]| {
                items.iter().map(|i| i.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>().map(|s| s.join("; "))
            };
            let value = match &value {
                toml::Value::String(s) => Some(s.clone()),
                toml::Value::Array(items) => strings(items),
                toml::Value::Datetime(day) => Some(day.to_string()),
                _ => None,
            };
            let value = value.ok_or_else(|| (format!("{key} isn't a string, nor a list of them"), hint()))?;
            put(&mut entry, column(&key)?, &value);
        }
        drafts.push(entry);
    }
    Ok(drafts)
}
