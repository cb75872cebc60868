//! `list`: who is in the registry.

use std::collections::{BTreeMap, BTreeSet};

use console::Style;
use serde_json::json;

use crate::domain::upkeep::Since;
use crate::domain::values::words;
use crate::domain::{Date, Slug, State, Subject, Time};
use crate::error::{Error, Result};
use crate::git::Repo;
use crate::language;
use crate::registry::digest::{Digest, Facts};
use crate::registry::remembered::Known;
use crate::registry::{Proposal, Snapshot};
use crate::render::directory::lang::Lang;
use crate::render::directory::order;
use crate::session::Context;
use crate::ui::{self, Cell};
use crate::workflow::lookup::{closed_record, digests, found_unfounded, look, readable, warn_of_a_clone};
use crate::workflow::queue;
use crate::workflow::words::warn_of_the_future;

words! {
    pub enum Sort {
        /// By name, as people read it.
        Name = "name",
        /// By slug.
        Slug = "slug",
        /// By the day the present state began, latest first.
        Since = "since",
        /// By state, applicants first.
        State = "state",
    }
}

/// List partners and applicants
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner list
  karmada-partner list --state active --sort since
  karmada-partner list --json")]
pub struct Args {
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = clap::builder::PossibleValuesParser::new(&State::WORDS[1..]))]
    state: Option<String>,
    /// In which order
    #[arg(long, value_name = "BY", default_value = "name", value_parser = clap::builder::PossibleValuesParser::new(Sort::WORDS))]
    sort: String,
    /// What status tells, as it was called
    #[arg(long, hide = true, conflicts_with_all = ["state", "sort"])]
    proposals: bool,
    /// Only partners that have to confirm their entry by now, or within so many days
    #[arg(long, value_name = "DAYS", num_args = 0..=1, default_missing_value = "0", value_parser = super::number::<0, 3_650>, conflicts_with_all = ["state", "sort", "proposals"])]
    due: Option<u32>,
}

struct Row {
    slug: Slug,
    facts: Option<Facts>,
    state: State,
    /// The day on which it leaves, where that is still to come.
    leaving: Option<Date>,
    since: Option<Time>,
    /// Since when it is a partner, of those that are.
    partner_since: Option<Since>,
    readable: bool,
    /// What stands there and nobody decided.
    undecided: Option<Subject>,
    /// Why a decision about it isn't what its votes say, where a check found that.
    unfounded: Option<String>,
}

impl Row {
    fn name(&self) -> &str {
        self.facts.as_ref().map_or(self.slug.as_str(), |facts| &facts.name)
    }

    /// Whether it counts among those in a state: until its last day who leaves is a partner.
    fn is_in(&self, state: State) -> bool {
        let leaves = self.state == State::Exited && self.leaving.is_some();
        state == if leaves { State::Active } else { self.state }
    }

    /// Since when it is what it is.
    fn day(&self) -> Option<Date> {
        self.partner_since.map(Since::day).or(self.since.map(Time::date))
    }
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    if args.proposals {
        return queue::all(ctx, &*forge, &snapshot);
    }
    warn_of_a_clone(ctx, &snapshot);
    if let Some(days) = args.due {
        return due(ctx, &snapshot, days);
    }
    let wanted = args.state.as_ref().and_then(|s| s.parse::<State>().ok());
    let mut rows: Vec<_> =
        rows(ctx, &snapshot)?.into_iter().filter(|r| wanted.is_none_or(|state| r.is_in(state))).collect();
    let by = args.sort.parse().unwrap_or(Sort::Name);
    rows.sort_by(|a, b| a.slug.cmp(&b.slug));
    if by != Sort::Slug {
        // A document's order is the same for everybody.
        let lang = if language::is_chinese() && !ctx.globals.json { Lang::Zh } else { Lang::En };
        order::sort_by_name(&mut rows, lang, |r| r.name().to_owned(), |r| r.slug.to_string());
    }
    match by {
        Sort::Name | Sort::Slug => {}
        Sort::Since => rows.sort_by_key(|r| std::cmp::Reverse((r.day(), r.since))),
        Sort::State => rows.sort_by_key(|r| r.state),
    }
    if ctx.globals.json {
        let partners: Vec<_> = rows.iter().map(as_json).collect();
        return ctx.ui.document(&json!({"schema": 1, "partners": partners}));
    }
    if rows.is_empty() {
        let words = match wanted {
            Some(_) => tr!("Nobody is in that state.\n"),
            None => tr!("There are no partners yet.\n"),
        };
        return ctx.say_of_none(words, tr!("karmada-partner apply starts an application"));
    }
    let cells: Vec<Vec<Cell>> = rows.iter().map(as_cells).collect();
    ctx.page(&ui::table(
        &[tr!("NAME"), tr!("PARTNER"), tr!("STATE"), tr!("SINCE"), tr!("WEBSITE")],
        &cells,
        ctx.ui.width(),
        &[4, 0],
    ))
}

fn rows(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Vec<Row>> {
    let today = ctx.now.date();
    let known = digests(ctx, snapshot)?;
    if let Some(one) = known.iter().max_by_key(|one| one.what.newest) {
        warn_of_the_future(ctx, &one.slug, one.what.newest);
    }
    let unfounded = found_unfounded(ctx, snapshot);
    let mut rows: Vec<Row> = known
        .into_iter()
        .map(|Known { slug, tree, what: told }| {
            let (leaving, since) = (told.leaving(today), told.stands_since(today));
            let is_partner = told.is_partner(today);
            Row {
                unfounded: unfounded(&slug, tree),
                slug,
                leaving,
                readable: told.unreliable.is_none() && !told.unreadable,
                facts: told.facts,
                state: told.state,
                since,
                partner_since: told.partner_since.filter(|_| is_partner),
                undecided: None,
            }
        })
        .collect();
    // Applicants have landed nothing yet, or only earlier rounds.
    let waiting = readable(ctx, snapshot)?;
    let applies = |p: &&Proposal| p.partner.life.state == State::Applied && p.stands.is_none();
    let asked: BTreeSet<&str> = waiting.iter().filter(applies).map(|p| p.partner.slug.as_str()).collect();
    // Until its last day who asks to come back is a partner still.
    let leaving: BTreeMap<Slug, Date> = rows.iter().filter_map(|row| Some((row.slug.clone(), row.leaving?))).collect();
    rows.retain(|row| !asked.contains(row.slug.as_str()));
    // Several may ask for one name.
    for proposal in &waiting {
        let life = &proposal.partner.life;
        let stands = proposal.stands.map(|_| proposal.subject);
        if let Some(row) = rows.iter_mut().find(|r| stands.is_some() && r.slug == proposal.partner.slug) {
            row.undecided = stands;
            // What was merged stands where the facts in force stood.
            if let Some(in_force) = proposal.in_force() {
                row.facts = Some(in_force.into());
            }
        }
        if life.state != State::Applied || stands.is_some() {
            continue;
        }
        let row = Row {
            slug: proposal.partner.slug.clone(),
            state: life.state,
            leaving: leaving.get(&proposal.partner.slug).copied(),
            since: life.since,
            partner_since: None,
            facts: proposal.record().map(Facts::from),
            readable: true,
            undecided: None,
            unfounded: None,
        };
        rows.push(row);
    }
    for row in rows.iter_mut().filter(|r| r.facts.is_none()) {
        let round = snapshot.landed(&row.slug).map_or(0, |p| p.life.round);
        row.facts = closed_record(ctx, snapshot, &row.slug, round)?.as_ref().map(Facts::from);
    }
    Ok(rows)
}

/// Who has to confirm its entry within so many days, the longest due first.
fn due(ctx: &Context, snapshot: &Snapshot<'_>, days: u32) -> Result<()> {
    let Some(months) = snapshot.program()?.upkeep.renewal_months else {
        return Err(Error::refused(tr!("this program doesn't ask partners to confirm their entries"))
            .hint(tr!("it does with [renewal] months = 12 in data/program.toml: karmada-partner program edit")));
    };
    let today = ctx.now.date();
    let active =
        digests(ctx, snapshot)?.into_iter().filter(|p| p.what.state == State::Active && p.what.unreliable.is_none());
    let mut rows: Vec<_> = active
        .filter_map(|p| p.what.confirmed.map(|confirmed| (confirmed.plus_months(months), confirmed, p)))
        .filter(|(due, ..)| today.days_until(*due) <= i64::from(days))
        .collect();
    rows.sort_by(|a, b| (a.0, &a.2.slug).cmp(&(b.0, &b.2.slug)));
    let name = |p: &Known<Digest>| p.what.facts.as_ref().map_or_else(|| p.slug.to_string(), |f| f.name.to_string());
    if ctx.globals.json {
        let partners: Vec<_> = rows
            .iter()
            .map(|(due, confirmed, p)| {
                let facts = p.what.facts.as_ref();
                json!({
                    "partner": p.slug, "name": name(p), "due": due, "confirmed": confirmed,
                    "github": facts.map(|f| &f.github), "email": facts.and_then(|f| f.email.as_ref()),
                })
            })
            .collect();
        return ctx.ui.document(&json!({"schema": 1, "months": months, "partners": partners}));
    }
    if rows.is_empty() {
        return ctx.ui.data(tr!("No entry has to be confirmed.\n"));
    }
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(due, confirmed, p)| {
            let contact = p.what.facts.as_ref();
            let contact = contact
                .map(|f| f.email.as_ref().map_or_else(|| format!("github.com/{}", f.github), ToString::to_string));
            vec![
                Cell::plain(name(p)),
                Cell::plain(p.slug.as_str()),
                Cell::plain(due.to_string()),
                Cell::plain(confirmed.to_string()),
                Cell::plain(contact.unwrap_or_default()),
            ]
        })
        .collect();
    ctx.ui.data(&ui::table(
        &[tr!("NAME"), tr!("PARTNER"), tr!("DUE"), tr!("CONFIRMED"), tr!("CONTACT")],
        &cells,
        ctx.ui.width(),
        &[4, 0],
    ))?;
    ctx.ui
        .hint(tr!("its contact or a member confirms it with karmada-partner renew SLUG; nobody is removed by silence"));
    Ok(())
}

fn as_json(row: &Row) -> serde_json::Value {
    let facts = row.facts.as_ref();
    json!({
        "partner": row.slug,
        "name": facts.map(|f| &f.name),
        "website": facts.map(|f| &f.website),
        "state": row.state,
        "undecided": row.undecided,
        "unfounded": row.unfounded,
        "leaving": row.leaving,
        "since": row.since,
        "github": facts.map(|f| &f.github),
        "email": facts.and_then(|f| f.email.as_ref()),
        "description": facts.and_then(|f| f.description.as_ref()),
        "description_zh": facts.and_then(|f| f.description_zh.as_ref()),
    })
}

/// The color that a state has everywhere.
#[must_use]
pub fn style_of(state: State) -> Style {
    match state {
        State::Active => Style::new().green(),
        State::Applied => Style::new().yellow(),
        State::Rejected => Style::new().red(),
        State::Absent | State::Withdrawn | State::Exited => Style::new().dim(),
    }
}

fn as_cells(row: &Row) -> Vec<Cell> {
    let mut word = match row.leaving {
        Some(day) if row.state == State::Exited => tr!("leaving on {day}", day),
        Some(day) => tr!("{state}, leaving on {day}", state = row.state.told(), day),
        None => row.state.told().to_owned(),
    };
    match row.undecided {
        Some(Subject::Application) => word = tr!("{word} (merged, not decided)", word),
        Some(subject) => word = tr!("{word} (its {subject} merged, not decided)", word, subject = subject.told()),
        None => {}
    }
    let state = if row.readable { word } else { tr!("{word} (see check)", word) };
    vec![
        Cell::plain(row.name()),
        Cell::plain(row.slug.as_str()),
        Cell::styled(state, style_of(row.state)),
        Cell::plain(match row.partner_since {
            Some(since) => since.told(),
            None => row.day().map(|day| day.to_string()).unwrap_or_default(),
        }),
        Cell::link(row.facts.as_ref().map_or("", |f| &f.website)),
    ]
}
