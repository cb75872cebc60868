//! `stats`: how the program fares.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::config::UserDirectory;
use crate::domain::shared_text::SharedText;
use crate::domain::statistics::{self, Case, Outcome};
use crate::domain::{Date, State, Time};
use crate::error::Result;
use crate::files;
use crate::git::Repo;
use crate::registry::remembered::{Everybody, Kept, Shelf};
use crate::registry::{Partner, Snapshot};
use crate::render::chart;
use crate::session::{Context, remembered};
use crate::ui::{self, Cell};
use crate::workflow::lookup::{leave_out, look, tell, warn_of_directories, warn_of_log};

/// Show how the program fares: partners over time, what became of applications, how long decisions take
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner stats
  karmada-partner stats --svg partners.svg")]
pub struct Args {
    /// Also draw partners over time, as an SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// What one partner's log tells.
#[derive(Serialize, Deserialize)]
struct Told {
    spells: Vec<(Date, Option<Date>)>,
    cases: Vec<Case>,
    unreliable: Option<String>,
}

/// Changes whenever it changes what is counted.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+2");

impl Kept for Told {
    fn line(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    fn of_line(line: &SharedText) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

impl Told {
    fn of(repo: &Repo, partner: &Partner) -> Self {
        let log = &partner.life.log;
        let cases = statistics::cases(log, &|round| voted(repo, partner, round));
        Self { spells: statistics::spells(log), cases, unreliable: partner.unreliable() }
    }
}

struct Stats {
    months: Vec<(Date, usize)>,
    cases: Vec<Case>,
}

impl Stats {
    fn read(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Self> {
        let file = remembered(ctx, UserDirectory::Cache, "statistics", snapshot.repo.path());
        let shelf = Shelf { file: file.as_deref(), version: VERSION };
        let Everybody { mut partners, whole, unread, .. } =
            Everybody::read(snapshot, shelf, |repo, partner| Ok(Told::of(repo, partner)))?;
        leave_out(ctx, &unread);
        if !whole {
            warn_of_directories(ctx, snapshot)?;
        }
        for known in &partners {
            warn_of_log(ctx, &known.slug, known.what.unreliable.as_deref());
        }
        // What waits has landed nothing yet.
        let (waiting, unfit) = snapshot.on_branches()?;
        tell(ctx, &unfit);
        let waiting = || waiting.iter().map(|p| &p.partner).filter(|p| p.life.state == State::Applied);
        partners.retain(|known| !waiting().any(|p| p.slug == known.slug));
        let told = partners.into_iter().map(|known| known.what).chain(waiting().map(|p| Told::of(snapshot.repo, p)));
        let (mut spells, mut cases) = (Vec::new(), Vec::new());
        for told in told {
            spells.extend(told.spells);
            cases.extend(told.cases);
        }
        Ok(Self { months: statistics::over_time(&spells, ctx.now.date()), cases })
    }

    fn of(&self, outcome: Outcome) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |c| c.outcome == outcome)
    }

    /// The median and the longest of the days that decisions of a kind took; those that wait, so far.
    fn days(&self, outcome: Outcome, today: Date) -> (Option<i64>, Option<i64>) {
        let days = |c: &Case| c.applied.date().days_until(c.decided.map_or(today, Time::date)).max(0);
        let days: Vec<i64> = self.of(outcome).map(days).collect();
        let longest = days.iter().max().copied();
        (statistics::median(days), longest)
    }
}

/// When the first and the last vote of a round were cast. What can't be read isn't counted.
fn voted(repo: &Repo, partner: &Partner, round: u32) -> Option<(Time, Time)> {
    let votes = partner.directory.votes(repo, &partner.slug, round, &|_| true).unwrap_or_default();
    let times = || votes.iter().map(|v| v.vote.time);
    Some((times().min()?, times().max()?))
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let today = ctx.now.date();
    let stats = Stats::read(ctx, &snapshot)?;
    if let Some(file) = &args.svg {
        let svg = chart::partners(snapshot.program()?.name.as_str(), &stats.months);
        if ctx.globals.dry_run {
            ctx.ui.say(&format!("Dry run: {} wasn't written.", file.display()));
        } else {
            files::publish_at(file, svg.as_bytes())?;
            ctx.ui.say(&format!("Written: {}", file.display()));
        }
    }
    if ctx.globals.json {
        return ctx.ui.document(&document(&stats, today));
    }
    if stats.cases.is_empty() {
        return ctx.say_of_none("Nobody has applied yet.\n", None);
    }
    ctx.page(&words(ctx, &stats, today))
}

fn document(stats: &Stats, today: Date) -> serde_json::Value {
    let months: Vec<_> = stats.months.iter().map(|(m, n)| json!({"month": m.month(), "partners": n})).collect();
    let outcomes: Vec<_> = Outcome::ALL
        .iter()
        .map(|o| {
            let (median, longest) = stats.days(*o, today);
            json!({"outcome": o, "applications": stats.of(*o).count(), "days_median": median, "days_longest": longest})
        })
        .collect();
    let stages: Vec<_> =
        statistics::stages(&stats.cases).iter().map(|(s, d)| json!({"stage": s, "days_median": d})).collect();
    json!({"schema": 1, "partners": months, "applications": outcomes, "stages": stages})
}

/// How many months are drawn in a terminal.
const MONTHS: usize = 24;

fn words(ctx: &Context, stats: &Stats, today: Date) -> String {
    let mut out = String::from("Partners at the end of each month\n");
    let shown = &stats.months[stats.months.len().saturating_sub(MONTHS)..];
    let most = shown.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let width = ctx.ui.width().saturating_sub(20).min(60);
    for (month, count) in shown {
        let bar = "█".repeat((count * width).div_ceil(most));
        out += format!("  {}  {count:>5}  {bar}", month.month()).trim_end();
        out.push('\n');
    }
    if shown.is_empty() {
        out += "  none so far\n";
    }
    let day = |days: Option<i64>| days.map(|d| d.to_string()).unwrap_or_default();
    let rows: Vec<Vec<Cell>> = Outcome::ALL
        .iter()
        .map(|o| {
            let (median, longest) = stats.days(*o, today);
            let cells = [o.to_string(), stats.of(*o).count().to_string(), day(median), day(longest)];
            cells.iter().map(Cell::plain).collect()
        })
        .collect();
    out += "\nApplications, and the days from application to decision\n";
    let head = ["OUTCOME", "NUMBER", "DAYS, MEDIAN", "DAYS, LONGEST"];
    out.extend(ui::table(&head, &rows, ctx.ui.width(), &[]).lines().map(|line| format!("  {line}\n")));
    let stages = statistics::stages(&stats.cases);
    if stages.iter().any(|(_, days)| days.is_some()) {
        out += "\nWhere the time went, days, medians\n";
        let most = stages.iter().filter_map(|(_, d)| *d).max().unwrap_or(0).max(1);
        for (stage, days) in stages {
            let days = days.unwrap_or(0);
            let length = usize::try_from(days * 30 / most).unwrap_or_default();
            out += format!("  {stage:<35} {days:>5}  {}", "█".repeat(length)).trim_end();
            out.push('\n');
        }
    }
    out
}
