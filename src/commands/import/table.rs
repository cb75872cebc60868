//! `import table`: partners from a CSV or TOML file.

use std::path::{Path, PathBuf};

use super::found::{Found, source};
use crate::domain::form::is_nothing;
use crate::domain::table::{self, Cells, Row};
use crate::domain::values::Invalid;
use crate::domain::{Draft, Field, Program, Sha256, limits, text};
use crate::error::{Error, Result};
use crate::files;
use crate::session::Context;
use crate::workflow::logo_files::{self, Metadata};

/// Bring in partners from a table
///
/// A CSV whose first line names the columns, a TOML file with tables named partner, or JSON objects: name, website, github, email,
/// logo, description and so on, as in a record, slug, and since. A logo is a file beside the table, or an https address. Lists are
/// separated by semicolons.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The table: CSV, TOML or JSON Lines, with a row a partner; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn read(ctx: &Context, args: &Args, program: &Program) -> Result<Vec<Found>> {
    let bytes = files::bytes_or_stdin(&args.file, limits::TABLE, "the table")?;
    let shown = args.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let extension = args.file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let entries = entries(ctx, &args.file.display().to_string(), extension, &bytes)?;
    let hash = Sha256::of(&bytes).short();
    let directory = files::folder_of(&args.file);
    let mut found = Vec::new();
    for Entry { number, mut draft, since, nothing } in entries {
        for (field, value) in nothing {
            let value = text::quote(&value);
            ctx.ui.warn(&format!("row {number}: {field} is {value}, which says that there is none, and is left out"));
        }
        let place = format!("{shown} (sha256 {hash}), row {number}");
        let logo = match draft.answers.remove(&Field::Logo) {
            None => Err(Error::usage("logo is missing").hint("add logo: a file beside the table, or an https address")),
            Some(logo) => match logo_files::as_seen_from(directory, &logo, ctx.environment.home.as_deref()) {
                address if logo_files::is_address(&address) => {
                    logo_files::load(ctx, &address, &program.logo, Metadata::Keep).map(|logo| logo.bytes)
                }
                path => files::read(Path::new(&path), limits::LOGO_FILE, "logo"),
            },
        };
        let row = format!("row {number}");
        let label = match draft.get(Field::Name) {
            Some(name) => format!("{row} ({})", text::short(name, limits::NAME)),
            None => row,
        };
        found.push(Found {
            label,
            draft,
            logo,
            source: source(&place)?,
            since,
            link: None,
            attested: None,
            faults: Vec::new(),
            asked_by: None,
        });
    }
    Ok(found)
}

/// What a row says, and since when that has been a partner.
struct Entry {
    number: usize,
    draft: Draft,
    since: Option<String>,
    /// Answers by which programs and people say that there is none.
    nothing: Vec<(Field, String)>,
}

/// The entries of a table, or all that is wrong with it at once.
fn entries(ctx: &Context, file: &str, extension: &str, bytes: &[u8]) -> Result<Vec<Entry>> {
    let broken = |e: Invalid| Error::usage(format!("{file}: {}", e.why)).hint(e.hint);
    let (_, read) = table::open(bytes, extension, "partner").map_err(broken)?;
    for remark in read.remarks {
        ctx.ui.warn(&format!("{file}: {remark}"));
    }
    let is_known = |head: &String| column(&table::name_of(head)).is_ok();
    if !read.heads.is_empty() && (read.rows.is_empty() || !read.heads.iter().any(is_known)) {
        let lacks = if read.rows.is_empty() {
            "no row stands below its first line"
        } else {
            "its first line names no column known here"
        };
        let hint = if read.heads.iter().any(is_known) {
            "write a row for each partner below it"
        } else {
            "name the columns in the first line: name,website,github,email,logo,…"
        };
        return Err(Error::usage(format!("{file}: {lacks}: {}", table::first_heads(&read.heads))).hint(hint));
    }
    let (mut entries, mut hints) = (Vec::new(), Vec::new());
    // What is wrong, and in which rows: a column that isn't known is so in all of them.
    let mut wrong: Vec<(String, Vec<usize>)> = Vec::new();
    for Row { number, cells } in read.rows {
        let hint = "mend that there: each row has one value for each column; in JSON, each is one object";
        let cells = cells.map_err(|why| (number, Invalid::new(why, hint)));
        // What columns are called stands where they are named.
        let named_in = read.named_in.unwrap_or(number);
        let faults = match cells.map(|cells| entry(number, cells)) {
            Ok(Ok(entry)) => {
                entries.push(entry);
                continue;
            }
            Ok(Err(faults)) => faults.into_iter().map(|e| (named_in, e)).collect(),
            Err(fault) => vec![fault],
        };
        for (number, e) in faults {
            match wrong.iter_mut().find(|(why, _)| *why == e.why) {
                Some((_, rows)) if rows.last() == Some(&number) => {}
                Some((_, rows)) => rows.push(number),
                None => wrong.push((e.why, vec![number])),
            }
            if !hints.contains(&e.hint) {
                hints.push(e.hint);
            }
        }
    }
    if wrong.is_empty() {
        return Ok(entries);
    }
    let line = |(why, rows): &(String, Vec<usize>)| {
        let noun = if rows.len() == 1 { "row" } else { "rows" };
        format!("  {noun} {}: {}", table::ranges(rows), text::visible(why))
    };
    let lines: Vec<String> = wrong.iter().map(line).collect();
    let mut error = Error::usage(format!("{file} can't be read:\n{}", lines.join("\n")));
    error.hints = hints;
    Err(error)
}

/// What a row says.
///
/// # Errors
/// All columns that aren't known, or say the same as another.
fn entry(number: usize, cells: Cells) -> Result<Entry, Vec<Invalid>> {
    let mut entry = Entry { number, draft: Draft::default(), since: None, nothing: Vec::new() };
    let mut faults = Vec::new();
    for (key, values) in cells {
        let value = values.join("; ").trim().to_owned();
        match column(&key) {
            Err(fault) => faults.push(fault),
            Ok(_) if value.is_empty() => {}
            Ok(Column::Slug) => entry.draft.slug = Some(value),
            Ok(Column::Since) => entry.since = Some(value),
            Ok(Column::Field(field)) if !ASKED.contains(&field) && is_nothing(&value) => {
                entry.nothing.push((field, value));
            }
            Ok(Column::Field(field)) => {
                if entry.draft.answers.insert(field, value).is_some() {
                    faults.push(Invalid::new(format!("two columns are {field}"), "leave one of them out"));
                }
            }
        }
    }
    if faults.is_empty() { Ok(entry) } else { Err(faults) }
}

/// What everybody has, so that no word there says that there is none.
const ASKED: [Field; 5] = [Field::Name, Field::Website, Field::Github, Field::Email, Field::Logo];

#[derive(Clone, Copy)]
enum Column {
    Slug,
    Since,
    Field(Field),
}

fn column(key: &str) -> Result<Column, Invalid> {
    match key {
        "slug" => Ok(Column::Slug),
        "since" => Ok(Column::Since),
        key => {
            let field = field_of(key).map_or_else(|| key.parse::<Field>(), Ok);
            field
                .map(Column::Field)
                .map_err(|e| Invalid::new(format!("column {}", e.why), format!("{}, slug, since", e.hint)))
        }
    }
}

/// What a column says, as people head one: E-Mail, Web site, GitHub ID.
pub(super) fn field_of(key: &str) -> Option<Field> {
    let plain = |name: &str| name.replace('_', "");
    let named = plain(key.strip_suffix("_id").unwrap_or(key));
    Field::ALL.iter().find(|field| plain(&field.to_string()) == named).copied()
}
