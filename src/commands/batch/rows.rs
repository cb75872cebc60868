//! The rows of a batch: read from TOML, JSON Lines or CSV, each a command with its flags.

use std::any::TypeId;
use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};

use crate::commands::{Call, Runner};
use crate::domain::table::{self, Cells, Notation};
use crate::domain::values::Invalid;
use crate::domain::{Date, days, limits, text};
use crate::error::{Error, Result};
use crate::session::Context;
use crate::workflow::logo_files::as_seen_from;
use crate::{files, parallel};

/// The commands that a row may name. Those that only read, and those that make registries, have no place in a batch.
pub const COMMANDS: [&str; 13] = [
    "apply",
    "update",
    "withdraw",
    "review",
    "approve",
    "reject",
    "exit",
    "clear",
    "record",
    "benefit add",
    "jobs add",
    "jobs close",
    "renew",
];

std::thread_local! {
    /// What may be said, for reading calls with; building it takes longer than reading one.
    static GRAMMAR: RefCell<Option<clap::Command>> = const { RefCell::new(None) };
    /// The same as it is before anything was read: what commands share isn't spread over them yet.
    static COMMANDS_ALONE: OnceCell<clap::Command> = const { OnceCell::new() };
}

#[derive(Debug)]
pub struct Row {
    /// As the file counts: see [`table::Row`].
    pub number: usize,
    words: Words,
    /// Whom it is about, if it says so.
    pub partner: Option<String>,
    pub what: String,
    /// The file with the logo, if it brings one.
    pub logo: Option<PathBuf>,
    /// What isn't read as it stands.
    readings: Vec<String>,
    runner: Runner,
}

/// The words of a call, as they would be typed. Many rows are held at once: all of a row's stand in one text.
#[derive(Debug)]
struct Words {
    text: Box<str>,
    ends: Box<[usize]>,
}

impl Words {
    fn new(words: &[String]) -> Self {
        let ends = words.iter().scan(0, |end, word| {
            *end += word.len();
            Some(*end)
        });
        Self { text: words.concat().into(), ends: ends.collect() }
    }
}

impl Row {
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let begins = std::iter::once(0).chain(self.words.ends.iter().copied());
        begins.zip(&self.words.ends).map(|(begin, end)| &self.words.text[begin..*end])
    }

    pub fn readings(&self) -> &[String] {
        &self.readings
    }

    pub fn parse(&self) -> std::result::Result<Call, String> {
        let words = std::iter::once("karmada-partner").chain(self.words());
        let matches = GRAMMAR
            .with_borrow_mut(|grammar| grammar.get_or_insert_with(self.runner.grammar).try_get_matches_from_mut(words));
        matches.and_then(|m| (self.runner.read)(&m)).map_err(|e| text::short(&(self.runner.refused)(&e), 600))
    }
}

/// Reads a batch; every row that can't be one is told, with its number.
pub fn read(ctx: &Context, path: &Path, jobs: u32, runner: Runner) -> Result<Vec<Row>> {
    let bytes = files::bytes_or_stdin(path, limits::TABLE, "the batch")?;
    let broken = |e: Invalid| Error::usage(format!("the batch can't be read: {}", e.why)).hint(e.hint);
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let (notation, table::Read { heads, rows: cells, remarks, .. }) =
        table::open(&bytes, extension, "row").map_err(broken)?;
    for remark in remarks {
        ctx.ui.warn(&format!("the batch: {remark}"));
    }
    if notation == Notation::Csv && !heads.iter().any(|head| table::name_of(head) == "do") {
        let first = table::first_heads(&heads);
        let message = format!("the batch can't be read: its first line has no column “do”, but {first}");
        return Err(Error::usage(message).hint("name the columns in the first line: do,partner,vote,…"));
    }
    let place = (files::folder_of(path), ctx.environment.home.as_deref());
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    let read = parallel::map(&cells, jobs as usize, |table::Row { number, cells }| {
        let cells = cells.as_ref().map_err(Clone::clone)?;
        row(runner, *number, cells.clone(), place)
    });
    for (table::Row { number, .. }, row) in cells.iter().zip(read) {
        match row {
            Ok(row) => rows.push(row),
            Err(why) => wrong.push(format!("  row {number}: {}", text::visible(&why))),
        }
    }
    if !wrong.is_empty() {
        return Err(Error::usage(format!("the batch can't be run; nothing was written:\n{}", wrong.join("\n")))
            .hint("each row has “do”, a command that writes, and its flags by their long names"));
    }
    if rows.is_empty() {
        return Err(Error::usage("the batch has no rows").hint("write one row for each thing to do"));
    }
    Ok(rows)
}

/// Where a batch stands, and whose home `~/` is.
type Place<'p> = (&'p Path, Option<&'p Path>);

/// A row as a call: `do` is the command, `partner` whom it is about, and every other key a flag.
fn row(runner: Runner, number: usize, cells: Cells, place: Place<'_>) -> std::result::Result<Row, String> {
    let row = COMMANDS_ALONE.with(|cli| as_call(cli.get_or_init(runner.grammar), runner, number, cells, place))?;
    row.parse().map(|_| row)
}

fn as_call(
    cli: &clap::Command,
    runner: Runner,
    number: usize,
    mut cells: Cells,
    (directory, home): Place<'_>,
) -> std::result::Result<Row, String> {
    let what = only("do", cells.remove("do"))?.ok_or("it has no “do”")?;
    if !COMMANDS.contains(&what.as_str()) {
        let near = text::nearest(&what, &COMMANDS).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
        return Err(format!(
            "{} isn't a command of a batch{near} (there are {})",
            text::quote(&what),
            COMMANDS.join(", ")
        ));
    }
    let mut words: Vec<String> = what.split(' ').map(str::to_owned).collect();
    let mut command = cli;
    for word in &words {
        command = command.find_subcommand(word).ok_or("it names no command")?;
    }
    if cells.contains_key("partner") && cells.contains_key("slug") {
        return Err("“partner” and “slug” are the same; say one of them".into());
    }
    let partner = cells.get("partner").or_else(|| cells.get("slug")).and_then(|v| v.first()).cloned();
    let (mut positionals, mut logo, mut readings) = (Vec::new(), None, Vec::new());
    for argument in command.get_positionals() {
        let id = argument.get_id().as_str();
        let given =
            if id == "slug" { cells.remove("partner").or_else(|| cells.remove("slug")) } else { cells.remove(id) };
        match only(if id == "slug" { "partner" } else { id }, given)? {
            Some(value) => positionals.push(value),
            // Without a name some commands ask, or tell of all; a row is about one.
            None => return Err(format!("“{what}” needs to know “{}”", if id == "slug" { "partner" } else { id })),
        }
    }
    // An application has no positional: what goes by “partner” elsewhere is its slug.
    if let Some(slug) = cells.remove("partner") {
        cells.entry("slug".into()).or_insert(slug);
    }
    let flags: Vec<&str> = command.get_arguments().flat_map(names).chain(["as"]).collect();
    for (key, values) in cells {
        let flag = key.replace('_', "-");
        let Some(known) = flags.iter().find(|f| **f == flag) else {
            let near = text::nearest(&flag, &flags).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            return Err(format!("“{what}” has no flag {}{near}", text::quote(&key)));
        };
        if matches!(*known, "template" | "help") {
            return Err(format!("{key} has no place in a batch"));
        }
        let argument = command.get_arguments().find(|a| names(a).any(|name| name == *known));
        let takes = argument.is_none_or(|a| a.get_action().takes_values());
        for value in values {
            match (takes, value.as_str()) {
                // In capitals, as spreadsheets write them.
                (false, word) if word.eq_ignore_ascii_case("true") => words.push(format!("--{flag}")),
                (false, word) if word.eq_ignore_ascii_case("false") => {}
                (false, _) => return Err(format!("{key} is true or false")),
                // Files are meant as seen from the batch, as a person who wrote both sees them.
                (true, file) if matches!(*known, "logo" | "from" | "evidence") => {
                    let path = as_seen_from(directory, file, home);
                    words.push(format!("--{flag}={path}"));
                    logo = Some(PathBuf::from(path)).filter(|path| *known == "logo" && path.exists()).or(logo);
                }
                (true, value) => {
                    let day = argument.filter(|a| a.get_value_parser().type_id() == TypeId::of::<Date>());
                    let day = day.and_then(|_| days::read_in_table(value));
                    if let Some(day) = day.as_deref().filter(|day| *day != value) {
                        readings.push(text::is_read_as(&key, &text::quote(value), day));
                    }
                    words.push(format!("--{flag}={}", day.as_deref().unwrap_or(value)));
                }
            }
        }
    }
    if !positionals.is_empty() {
        words.push("--".into());
        words.extend(positionals);
    }
    if what == "review" && !words.iter().any(|w| w.starts_with("--vote=")) {
        return Err("a review in a batch needs “vote”: approve, reject or abstain".into());
    }
    let words = Words::new(&words);
    Ok(Row { number, words, partner, what, logo, readings, runner })
}

/// What a flag is called, and was.
fn names(argument: &clap::Arg) -> impl Iterator<Item = &str> {
    argument.get_long().into_iter().chain(argument.get_all_aliases().into_iter().flatten())
}

/// The one value of a key that can have no more.
fn only(key: &str, values: Option<Vec<String>>) -> std::result::Result<Option<String>, String> {
    let mut values = values.unwrap_or_default().into_iter();
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(format!("“{key}” has several values; write a row for each")),
        (value, None) => Ok(value),
    }
}
