//! `jobs`: a partner's job posts.

use serde_json::json;

use crate::domain::log::detail::{Detail, Post};
use crate::domain::upkeep::{self, Job};
use crate::domain::{Date, HttpLink, Kind, Line, Slug, State, text};
use crate::error::{Error, Result};
use crate::git::Repo;
use crate::registry::Partner;
use crate::session::Context;
use crate::ui::{self, Cell};
use crate::workflow::lookup::{everybody, look, one};
use crate::workflow::upkeep::{Already, Note, note};

/// Post jobs, close them, list them
///
/// The directory shows them as long as they are open and the partner is active.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner jobs add globex --title \"Platform engineer\" --place Berlin
  karmada-partner jobs list globex
  karmada-partner jobs close globex 1")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Post a job
    Add(Add),
    /// Close a job post
    Close(Close),
    /// List job posts
    List(List),
}

#[derive(Debug, clap::Args)]
struct Add {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
    /// Its title
    #[arg(long, value_name = "TEXT", value_parser = title)]
    title: Line,
    /// Where the work is
    #[arg(long, value_name = "TEXT", value_parser = title)]
    place: Option<Line>,
    /// Where more is told, and people apply
    #[arg(long, value_name = "URL", value_parser = super::value::<HttpLink>)]
    link: Option<HttpLink>,
    /// The last day to apply
    #[arg(long, value_name = "DATE", value_parser = super::value::<Date>)]
    closes: Option<Date>,
}

#[derive(Debug, clap::Args)]
struct Close {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
    /// Which: its number, as jobs list tells it
    number: u32,
}

#[derive(Debug, clap::Args)]
struct List {
    /// The partner's short name, as list shows it [default: all]
    #[arg(value_parser = super::slug)]
    slug: Option<Slug>,
    /// Those that are closed, too
    #[arg(long)]
    all: bool,
}

/// A title fits on a card.
fn title(s: &str) -> Result<Line, String> {
    let line = super::value::<Line>(s)?;
    match line.as_str().chars().count() {
        0..=120 => Ok(line),
        length => Err(tr!("it has {length} characters; at most 120 fit, link to the rest", length)),
    }
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    match &args.command {
        Command::Add(args) => add(ctx, args),
        Command::Close(args) => close(ctx, args),
        Command::List(args) => list(ctx, args),
    }
}

fn add(ctx: &Context, args: &Add) -> Result<()> {
    if let Some(day) = args.closes.filter(|day| day < ctx.now.days_on_earth().start()) {
        return Err(Error::usage(tr!("--closes {day} is over", day)).hint(tr!("name a day to come, or leave it out")));
    }
    let post = Post { title: args.title.clone(), place: args.place.clone(), closes: args.closes };
    note(ctx, &args.slug, tr!("Post this job, for everybody to read?"), &|_, partner| {
        let open = |j: &Job<'_>| {
            *j.post == post && j.link == args.link.as_ref() && j.is_open(*ctx.now.days_on_earth().start())
        };
        let same = upkeep::jobs(&partner.life.log).into_iter().find(open).map(|j| j.number);
        Ok(match same.and_then(|number| partner.life.log.get(number as usize - 1)) {
            Some(logged) => Err(logged.event.clone().into()),
            None => Ok(Note {
                kind: Kind::Posted,
                detail: Some(Detail::Post(post.clone())),
                link: args.link.clone(),
                shown: None,
            }),
        })
    })
}

fn close(ctx: &Context, args: &Close) -> Result<()> {
    note(ctx, &args.slug, tr!("Close this job post?"), &|_, partner| {
        let jobs = upkeep::jobs(&partner.life.log);
        let Some(job) = jobs.iter().find(|j| j.number == args.number) else {
            return Err(Error::not_found(tr!(
                "{slug} has no job post {number}",
                slug = args.slug,
                number = args.number
            ))
            .hint(tr!("karmada-partner jobs list {slug} --all tells its numbers", slug = args.slug)));
        };
        let closing = |e: &&crate::domain::Event| e.detail == Some(Detail::Closes(args.number));
        if let Some(already) = partner.life.log.iter().map(|l| &l.event).find(closing) {
            return Ok(Err(already.clone().into()));
        }
        if let Some(day) = job.closed.filter(|_| !job.is_open(*ctx.now.days_on_earth().start())) {
            let number = args.number;
            let words = tr!("job post {number} of {slug} is closed since {day}", number, slug = args.slug, day);
            if let Some(posted) = partner.life.log.get(number as usize - 1) {
                return Ok(Err(Already { event: posted.event.clone(), words: Some(words) }));
            }
        }
        Ok(Ok(Note { kind: Kind::Closed, detail: Some(Detail::Closes(args.number)), link: None, shown: None }))
    })
}

fn list(ctx: &Context, args: &List) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let partners: Vec<Partner> = match &args.slug {
        Some(slug) => vec![one(ctx, &snapshot, slug)?],
        None => everybody(ctx, &snapshot)?,
    };
    let today = *ctx.now.days_on_earth().start();
    let mut rows: Vec<(&Partner, Job<'_>)> = partners
        .iter()
        .flat_map(|p| upkeep::jobs(&p.life.log).into_iter().map(move |job| (p, job)))
        .filter(|(p, job)| args.all || (p.life.state == State::Active && job.is_open(today)))
        .collect();
    rows.sort_by_key(|(_, job)| std::cmp::Reverse(job.on));
    if ctx.globals.json {
        let jobs: Vec<_> = rows.iter().map(|(p, job)| as_json(p, job, today)).collect();
        return ctx.ui.document(&json!({"schema": 1, "jobs": jobs}));
    }
    if rows.is_empty() {
        return ctx.ui.data(tr!("There are no job posts.\n"));
    }
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(p, job)| {
            let until = match (job.closed, job.is_open(today)) {
                (Some(day), false) => tr!("closed {day}", day),
                _ => job.post.closes.map_or_else(|| tr!("open").into(), |day| tr!("open until {day}", day)),
            };
            vec![
                Cell::plain(job.number.to_string()),
                Cell::plain(p.slug.as_str()),
                Cell::plain(job.post.title.as_str()),
                Cell::plain(job.post.place.as_ref().map_or("", Line::as_str)),
                Cell::plain(until),
                Cell::plain(job.address().map(|a| a.to_string()).unwrap_or_default()),
            ]
        })
        .collect();
    ctx.ui.data(&ui::table(
        &[tr!("NO"), tr!("PARTNER"), tr!("TITLE"), tr!("PLACE"), tr!("STATE"), tr!("LINK")],
        &cells,
        ctx.ui.width(),
        &[5, 2, 3],
    ))
}

fn as_json(partner: &Partner, job: &Job<'_>, today: Date) -> serde_json::Value {
    json!({
        "partner": partner.slug,
        "name": text::visible(partner.name()),
        "number": job.number,
        "title": job.post.title,
        "place": job.post.place,
        "link": job.address(),
        "closes": job.post.closes,
        "posted": job.on,
        "by": job.by,
        "open": partner.life.state == State::Active && job.is_open(today),
    })
}
