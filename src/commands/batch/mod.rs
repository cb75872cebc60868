//! `batch`: many commands at once. All of them are judged before anything is written, each on what the earlier ones leave.

mod journal;
mod rows;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use journal::Journal;
pub use rows::COMMANDS;
use rows::Row;
use serde_json::{Value, json};

use super::Runner;
use crate::domain::{State, table, text};
use crate::error::{Error, Kind, Result};
use crate::forge::trial::TrialForge;
use crate::forge::{Forge, Stopped};
use crate::git::Held;
use crate::registry::survey;
use crate::session::Context;
use crate::ui::stopping::{Orderly, Sending};
use crate::workflow::lookup::{look, warn_of_directories};
use crate::{parallel, ui};

/// Run many commands at once, from a file
///
/// TOML with tables named row, JSON Lines, or CSV: each row has “do”, a command that writes (apply, update, withdraw, review,
/// approve, reject, exit, record, benefit add, jobs add, jobs close, renew, clear), “partner”, and the command's flags by their
/// long names; “as” says who acts. All rows are judged before anything is written, each on what the earlier ones leave. A
/// git registry gets all of them in one push, or none. On GitHub they go one by one, and a run that was stopped goes on
/// with --continue.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner batch votes.csv --dry-run  # what would happen
  karmada-partner batch votes.csv --yes")]
pub struct Args {
    /// The rows, in TOML, JSON Lines or CSV; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What --dry-run says, as it was called
    #[arg(long, hide = true)]
    plan: bool,
    /// Leave out what an earlier run of the same rows has done
    #[arg(long = "continue")]
    go_on: bool,
    /// How many threads read the rows, judge their logos, and pack what is written; the rows themselves are judged and
    /// written one after the other, whatever N is [default: one a core]
    #[arg(long, alias = "jobs", value_name = "N", value_parser = super::number::<1, 64>)]
    threads: Option<u32>,
    /// How many partners may leave or be turned down at once, where that is more than a quarter of the active ones
    #[arg(long, value_name = "N")]
    allow_mass: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum RowOutcome {
    Done,
    /// All was as it says already.
    Unchanged,
    /// The policy or the state of things says no.
    Refused,
    Failed,
}

#[derive(Debug)]
struct End<'r> {
    row: &'r Row,
    outcome: RowOutcome,
    /// What the command says, as its `--json` does, or that in short; as text, since many are held at once.
    data: Box<str>,
    warnings: Vec<String>,
    error: Option<Error>,
}

impl End<'_> {
    fn document(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or(Value::Null)
    }
}

/// Runs it. Gives whether every row came to a good end.
pub fn run(ctx: &Context, args: &Args, runner: Runner) -> Result<bool> {
    let jobs = args.threads.unwrap_or_else(|| u32::try_from(parallel::cores()).unwrap_or(1));
    let rows = rows::read(ctx, &args.file, jobs, runner)?;
    let forge = ctx.open()?;
    let mut journal = Journal::default();
    if forge.at_once().is_none() {
        journal = Journal::open(ctx, &rows, args.go_on)?;
    } else if args.go_on {
        ctx.ui.say("There is nothing to go on with: this registry gets a batch as a whole or not at all.");
    }
    let left: Vec<&Row> = rows.iter().filter(|r| !journal.has(r.number)).collect();
    if left.is_empty() {
        ctx.ui.say("All of it was done before.");
        return Ok(true);
    }
    let limits = look(ctx, &*forge)?.program()?.logo;
    let files: Vec<&Path> = left.iter().filter_map(|row| row.logo.as_deref()).collect();
    ctx.logos.look_ahead(&files, &limits, jobs);
    let run = Run { ctx, args, left: &left, forge: &forge, agreed: Cell::new(false) };
    let (tries, step) = forge.patience();
    for attempt in 1..=tries {
        let staged = Rc::new(TrialForge::new(forge.clone())?);
        match staged.holding(jobs, |held| run.attempt(&staged, held, &mut journal))? {
            Ok(well) => return Ok(well),
            Err(Stopped::Raced(e)) if attempt < tries => {
                ctx.ui.detail(&format!("{e}; judging all rows again ({attempt})"));
                std::thread::sleep(step * attempt);
            }
            Err(Stopped::Raced(e)) => return Err(e.into()),
            Err(Stopped::Unclear(e) | Stopped::Failed(e)) => return Err(e),
        }
    }
    Err(Error::new(Kind::Environment, format!("others were faster {tries} times"))
        .hint("run it again: it lands as a whole or not at all"))
}

struct Run<'a> {
    ctx: &'a Context,
    args: &'a Args,
    /// Those that weren't done before.
    left: &'a [&'a Row],
    forge: &'a Rc<dyn Forge>,
    /// Whether the person has agreed.
    agreed: Cell<bool>,
}

impl Run<'_> {
    /// Judges all rows and writes them, if nobody else is faster.
    fn attempt(
        &self,
        staged: &Rc<TrialForge>,
        held: Option<&Held<'_>>,
        journal: &mut Journal,
    ) -> Result<bool, Stopped> {
        let ctx = self.ctx;
        let ends = judge(ctx, self.left, staged, held)?;
        if ctx.globals.json && ends.iter().any(|e| e.error.is_some()) {
            ctx.ui.data(&ends.iter().map(|end| line(end, true)).collect::<String>())?;
        }
        refuse(&ends)?;
        brake(ctx, self.args, &**self.forge, &ends)?;
        if self.args.plan || ctx.globals.dry_run {
            return Ok(tell(ctx, &ends, true).map(|()| true)?);
        }
        if !self.agreed.get() && ctx.must_confirm() {
            ctx.refuse_unasked(QUESTION)?;
            for end in ends.iter().filter(|e| !e.warnings.is_empty()) {
                ctx.ui.say(told(end).trim_end());
            }
            ctx.ui.say(&summary(&ends, true));
            if !ctx.prompt.confirm(QUESTION, true)? {
                ctx.ui.say("Nothing was changed.");
                return Ok(true);
            }
        }
        self.agreed.set(true);
        if self.forge.at_once().is_some() {
            {
                // Ctrl-C in the middle of this would leave a part of it.
                let _orderly = Orderly::begin();
                held.map_or(Ok(()), Held::keep)?;
                let sending = Sending::begin();
                staged.land()?;
                sending.arrived(ends.iter().filter(|end| end.outcome == RowOutcome::Done).map(words));
            }
            return Ok(tell(ctx, &ends, false).map(|()| true)?);
        }
        let ends = one_by_one(ctx, self.forge, self.left, journal)?;
        let well = ends.iter().all(|e| e.error.is_none());
        if well {
            journal.finish()?;
        }
        // As a document each row was told when it happened.
        if !ctx.globals.json {
            tell(ctx, &ends, false)?;
        }
        Ok(well)
    }
}

const QUESTION: &str = "Do all this, for everybody to read?";

/// Runs each row on what the earlier ones leave. Nothing is written.
fn judge<'r>(
    ctx: &Context,
    rows: &[&'r Row],
    staged: &Rc<TrialForge>,
    held: Option<&Held<'_>>,
) -> Result<Vec<End<'r>>> {
    let bar = ctx.ui.bar("judging", rows.len());
    let end = |row: &&'r Row| {
        let end = one(ctx, staged.clone(), row);
        bar.step();
        held.map_or(Ok(()), Held::make_room)?;
        Ok(end)
    };
    rows.iter().map(end).collect()
}

fn one<'r>(ctx: &Context, forge: Rc<dyn Forge>, row: &'r Row) -> End<'r> {
    let done = row.parse().map_err(Error::usage).and_then(|call| {
        let within = ctx.within(forge, &call.globals);
        (call.run)(&within)
    });
    let (data, said) = ui::take_held();
    let warnings = row.readings().iter().cloned().chain(said).collect();
    let document: Value = serde_json::from_str(&data).unwrap_or(Value::Null);
    let outcome = match &done {
        Ok(_) if document["changed"] == json!(false) => RowOutcome::Unchanged,
        Ok(_) => RowOutcome::Done,
        Err(e) if matches!(e.kind, Kind::Refused | Kind::NotAllowed | Kind::NotFound | Kind::Usage) => {
            RowOutcome::Refused
        }
        Err(_) => RowOutcome::Failed,
    };
    let data = if ctx.globals.json { data } else { in_short(&document) };
    End { row, outcome, data: data.into(), warnings, error: done.err() }
}

/// What is told of a row where its whole document isn't: of many that would fill memory.
fn in_short(document: &Value) -> String {
    let told = ["partner", "event", "subject", "vote"].into_iter();
    let told = told.filter_map(|key| Some((key, document.get(key)?))).collect::<BTreeMap<_, _>>();
    serde_json::to_string(&told).unwrap_or_default()
}

/// Every row that can't be done, at once.
fn refuse(ends: &[End<'_>]) -> Result<()> {
    let bad: Vec<&End<'_>> = ends.iter().filter(|e| e.error.is_some()).collect();
    let Some(first) = bad.first().and_then(|e| e.error.as_ref()) else { return Ok(()) };
    let line = |end: &&End<'_>| {
        let what = &end.row.what;
        let why = end.error.as_ref().map(|e| e.message.replace('\n', " ")).unwrap_or_default();
        format!("  row {} ({what}): {}", end.row.number, text::visible(&why))
    };
    let lines: Vec<String> = bad.iter().map(line).collect();
    let mut error =
        Error::new(first.kind, format!("nothing was written; rows that can't be done:\n{}", lines.join("\n")));
    for hint in bad.iter().filter_map(|e| e.error.as_ref()).flat_map(|e| &e.hints) {
        if !error.hints.contains(hint) && error.hints.len() < 8 {
            error.hints.push(hint.clone());
        }
    }
    Err(error)
}

/// Holds back what would turn out many at once.
fn brake(ctx: &Context, args: &Args, forge: &dyn Forge, ends: &[End<'_>]) -> Result<()> {
    // Whose exit is turned down stays.
    let out = |e: &&End<'_>| match (e.document()["event"].as_str(), e.document()["subject"].as_str()) {
        (Some("exited"), _) => true,
        (Some("rejected"), subject) => subject != Some("exit"),
        _ => false,
    };
    let leaving = ends.iter().filter(|e| e.outcome == RowOutcome::Done).filter(out).count();
    if leaving == 0 {
        return Ok(());
    }
    let snapshot = look(ctx, forge)?;
    // Who can't be counted is told.
    warn_of_directories(ctx, &snapshot)?;
    let active = survey::partners(&snapshot)?.iter().filter(|p| p.life.state == State::Active).count();
    if leaving * 4 <= active || args.allow_mass.is_some_and(|most| leaving <= most) {
        return Ok(());
    }
    Err(Error::refused(format!(
        "{leaving} would leave or be turned down at once, and there are {active} active partners"
    ))
    .hint(format!("if that is meant, say --allow-mass {leaving}")))
}

/// Does each row for real, and keeps a journal.
fn one_by_one<'r>(
    ctx: &Context,
    forge: &Rc<dyn Forge>,
    rows: &[&'r Row],
    journal: &mut Journal,
) -> Result<Vec<End<'r>>> {
    let bar = ctx.ui.long_bar("writing", rows.len());
    let mut ends = Vec::new();
    for row in rows {
        let end = one(ctx, forge.clone(), row);
        bar.step();
        // First of all: what isn't told is lost, what isn't noted is done twice.
        if end.error.is_none() {
            journal.add(row.number)?;
        }
        if ctx.globals.json {
            ctx.ui.data(&line(&end, false))?;
        }
        // Without a network or a right to write the next ones fare no better.
        let hopeless =
            end.error.as_ref().is_some_and(|e| matches!(e.kind, Kind::Environment | Kind::Interrupted | Kind::Bug));
        ends.push(end);
        if hopeless {
            if let Some(next) = rows.get(ends.len()) {
                ctx.ui.warn(&match rows.len() - ends.len() {
                    1 => format!("stopped here; not tried: row {}", next.number),
                    left => format!("stopped here; not tried: {left} rows, from row {} on", next.number),
                });
            }
            ctx.ui.hint("run it again with --continue");
            break;
        }
    }
    Ok(ends)
}

fn tell(ctx: &Context, ends: &[End<'_>], planned: bool) -> Result<()> {
    if ctx.globals.json {
        let lines: String = ends.iter().map(|end| line(end, planned)).collect();
        return ctx.ui.data(&lines);
    }
    let mut out = String::new();
    for end in ends.iter().filter(|e| planned || e.error.is_some() || !e.warnings.is_empty()) {
        out += &told(end);
    }
    out += &summary(ends, planned);
    if planned {
        out += "Nothing was written.\n";
    }
    ctx.ui.data(&out)
}

/// A row and its end, with what it warns of.
fn told(end: &End<'_>) -> String {
    let warnings = end.warnings.iter().map(|w| format!("  warning: {}\n", text::visible(&w.replace('\n', " "))));
    format!("Row {}: {}\n", end.row.number, words(end)) + &warnings.collect::<String>()
}

/// A row and its end as a document on one line.
fn line(end: &End<'_>, planned: bool) -> String {
    let row = end.row;
    let error = end.error.as_ref().map(|e| json!({"kind": e.kind, "message": e.message, "hints": e.hints}));
    let line = json!({
        "schema": 1, "row": end.row.number, "do": row.what, "partner": row.partner, "planned": planned,
        "outcome": end.outcome, "document": end.document(), "warnings": end.warnings, "error": error,
    });
    format!("{line}\n")
}

fn words(end: &End<'_>) -> String {
    let row = end.row;
    let d = end.document();
    let about = row.partner.as_deref().or_else(|| d["partner"].as_str()).map(text::visible).unwrap_or_default();
    let what = format!("{} {about}", row.what);
    let said = match (end.outcome, d["event"].as_str(), d["vote"].as_str()) {
        (RowOutcome::Refused | RowOutcome::Failed, ..) => {
            end.error.as_ref().map_or_else(String::new, |e| text::visible(&e.message.replace('\n', " ")))
        }
        (RowOutcome::Unchanged, ..) => "unchanged: it is so already".to_owned(),
        (_, Some(event), _) => event.to_owned(),
        (_, None, Some(vote)) => format!("votes {vote}"),
        _ => "proposed".to_owned(),
    };
    format!("{}: {said}", what.trim())
}

/// How many came to which end, and which.
fn summary(ends: &[End<'_>], planned: bool) -> String {
    let mut out = String::new();
    for (outcome, what, plan) in [
        (RowOutcome::Done, "Done", "To be done"),
        (RowOutcome::Unchanged, "Unchanged", "So already"),
        (RowOutcome::Refused, "Refused", "Refused"),
        (RowOutcome::Failed, "Failed", "Failed"),
    ] {
        let numbers: Vec<usize> = ends.iter().filter(|e| e.outcome == outcome).map(|e| e.row.number).collect();
        if !numbers.is_empty() {
            let what = if planned { plan } else { what };
            let rows = if numbers.len() == 1 { "row" } else { "rows" };
            out += &format!("{what}: {} ({rows} {})\n", numbers.len(), table::ranges(&numbers));
        }
    }
    out
}
