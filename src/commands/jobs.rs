//! `jobs`: a partner's job posts.

use serde_json::json;

use crate::domain::days;
use crate::domain::log::detail::{Detail, Post};
use crate::domain::upkeep::{self, Job};
use crate::domain::values::Invalid;
use crate::domain::{Date, HttpLink, Kind, Line, Slug, Time, text};
use crate::error::{Error, Result};
use crate::git::Repo;
use crate::prompt::Question;
use crate::registry::Partner;
use crate::session::Context;
use crate::ui::{self, Cell, padded};
use crate::workflow::links::For;
use crate::workflow::lookup::{everybody, look, one};
use crate::workflow::upkeep::{Already, Note, note_on, refuse_at_once};

/// Post jobs, close them, list them
///
/// The directory shows them as long as they are open and the partner is active.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner jobs add globex  # answer the questions one by one
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
    title: Option<Line>,
    /// Where the work is
    #[arg(long, value_name = "TEXT", value_parser = title)]
    place: Option<Line>,
    /// Where more is told, and people apply
    #[arg(long, value_name = "URL")]
    link: Option<String>,
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
    #[arg(value_parser = super::event_number)]
    number: Option<u32>,
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
    short_line(s).map_err(|e| e.in_a_line())
}

fn short_line(s: &str) -> Result<Line, Invalid> {
    let line = Line::said(s)?;
    match line.as_str().chars().count() {
        0..=120 => Ok(line),
        length => Err(Invalid {
            why: tr!("it has {length} characters", length),
            hint: tr!("at most {max} fit; link to the rest", max = 120),
        }),
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
    if let Some(day) = args.closes.filter(|day| upkeep::is_over(*day, ctx.now)) {
        return Err(Error::usage(tr!("--closes {day} is over", day)).hint(tr!("name a day to come, or leave it out")));
    }
    let given = For::Everybody.given(ctx, "--link", args.link.as_deref())?;
    ctx.refuse_unanswered_by(("--title", args.title.is_some()))?;
    let forge = ctx.open()?;
    let seen = look(ctx, &*forge)?;
    let (post, link) = match &args.title {
        Some(title) => (Post { title: title.clone(), place: args.place.clone(), closes: args.closes }, given),
        None => {
            refuse_at_once(ctx, &*forge, &seen, &args.slug, Kind::Posted)?;
            asked(ctx, args, given)?
        }
    };
    note_on(ctx, &*forge, seen, &args.slug, tr!("Post this job, for everybody to read?"), &|_, partner| {
        let open = |j: &Job<'_>| *j.post == post && j.link == link.as_ref() && j.is_open(ctx.now);
        let same = upkeep::jobs(&partner.life.log).into_iter().find(open).map(|j| j.number);
        Ok(match same.and_then(|number| partner.life.log.get(number as usize - 1)) {
            Some(logged) => Err(logged.event.clone().into()),
            None => Ok(Note {
                kind: Kind::Posted,
                detail: Some(Detail::Post(post.clone())),
                link: link.clone(),
                shown: Some(in_full(partner, &post, link.as_ref())),
            }),
        })
    })
}

/// The post by what wasn't given, asked for.
fn asked(ctx: &Context, args: &Add, link: Option<HttpLink>) -> Result<(Post, Option<HttpLink>)> {
    let ask = |label, flag, optional, check: &dyn Fn(&str) -> Result<(), Invalid>| {
        ctx.prompt.text(Question { label, flag, default: None, optional }, check)
    };
    let line = |s: &str| short_line(s).map(drop);
    let title = short_line(&ask(tr!("Title of the job"), "--title", false, &line)?)
        .map_err(|e| Error::usage(e.why).hint(e.hint))?;
    let place = match &args.place {
        None => short_line(&ask(tr!("Where the work is (may be empty)"), "--place", true, &line)?).ok(),
        given => given.clone(),
    };
    let link = match link {
        None => For::Everybody.asked(ctx, tr!("Address where people apply (may be empty)"), "--link")?,
        given => given,
    };
    let day = |s: &str| days::read(s).unwrap_or_else(|| s.to_owned());
    let to_come = |s: &str| match day(s).parse::<Date>()? {
        over if upkeep::is_over(over, ctx.now) => {
            Err(Invalid { why: tr!("it is over").into(), hint: tr!("name a day to come, or leave it out").into() })
        }
        _ => Ok(()),
    };
    let label = tr!("Last day to apply, such as 2026-11-22 (may be empty)");
    let closes = match args.closes {
        None => day(&ask(label, "--closes", true, &to_come)?).parse().ok(),
        given => given,
    };
    Ok((Post { title, place, closes }, link))
}

/// What is going to be posted, as people read it before it is.
fn in_full(partner: &Partner, post: &Post, link: Option<&HttpLink>) -> String {
    let (name, slug) = (text::visible(partner.name()), &partner.slug);
    let mut out = tr!("{name} ({slug}) will post this job, for everybody to read:", name, slug) + "\n";
    let closes = post.closes.map(|day| day.to_string());
    for (label, value) in [
        (tr!("job"), Some(post.title.as_str())),
        (tr!("place"), post.place.as_ref().map(Line::as_str)),
        (tr!("link"), link.map(HttpLink::as_str)),
        (tr!("open until"), closes.as_deref()),
    ] {
        out.extend(value.map(|value| format!("  {} {}\n", padded(label, 15), text::visible(value))));
    }
    out
}

/// Which post is meant, where it isn't said.
fn chosen(ctx: &Context, slug: &Slug, partner: &Partner) -> Result<u32> {
    let open: Vec<_> = upkeep::jobs(&partner.life.log).into_iter().filter(|job| job.is_open(ctx.now)).collect();
    if open.is_empty() {
        return Err(Error::refused(tr!("{slug} has no open job post", slug))
            .hint(tr!("karmada-partner jobs list {slug} --all tells its numbers", slug)));
    }
    let items: Vec<_> =
        open.iter().map(|job| format!("{}  {}", job.number, text::visible(job.post.title.as_str()))).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let question = Question { label: tr!("Which one?"), flag: "NUMBER", default: None, optional: false };
    ctx.prompt.choose(question, &items, 0).map(|n| open[n].number)
}

fn close(ctx: &Context, args: &Close) -> Result<()> {
    ctx.refuse_unanswered_by(("NUMBER", args.number.is_some()))?;
    let forge = ctx.open()?;
    let seen = look(ctx, &*forge)?;
    let number = match args.number {
        Some(number) => number,
        None => {
            let partner = refuse_at_once(ctx, &*forge, &seen, &args.slug, Kind::Closed)?;
            chosen(ctx, &args.slug, &partner)?
        }
    };
    note_on(ctx, &*forge, seen, &args.slug, tr!("Close this job post?"), &|_, partner| {
        let jobs = upkeep::jobs(&partner.life.log);
        let Some(job) = jobs.iter().find(|j| j.number == number) else {
            return Err(Error::not_found(tr!("{slug} has no job post {number}", slug = args.slug, number))
                .hint(tr!("karmada-partner jobs list {slug} --all tells its numbers", slug = args.slug)));
        };
        let closing = |e: &&crate::domain::Event| e.detail == Some(Detail::Closes(number));
        if let Some(already) = partner.life.log.iter().map(|l| &l.event).find(closing) {
            return Ok(Err(already.clone().into()));
        }
        if let Some(day) = job.closed().filter(|_| !job.is_open(ctx.now)) {
            let words = tr!("job post {number} of {slug} is closed since {day}", number, slug = args.slug, day);
            if let Some(posted) = partner.life.log.get(number as usize - 1) {
                return Ok(Err(Already { event: posted.event.clone(), kind: Kind::Closed, words: Some(words) }));
            }
        }
        Ok(Ok(Note { kind: Kind::Closed, detail: Some(Detail::Closes(number)), link: None, shown: None }))
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
    let mut rows: Vec<(&Partner, Job<'_>)> = partners
        .iter()
        .flat_map(|p| upkeep::jobs(&p.life.log).into_iter().map(move |job| (p, job)))
        .filter(|(_, job)| args.all || job.is_open(ctx.now))
        .collect();
    rows.sort_by_key(|(_, job)| std::cmp::Reverse(job.on));
    if ctx.globals.json {
        let jobs: Vec<_> = rows.iter().map(|(p, job)| as_json(p, job, ctx.now)).collect();
        return ctx.ui.document(&json!({"schema": 1, "jobs": jobs}));
    }
    if rows.is_empty() {
        return ctx.ui.data(tr!("There are no job posts.\n"));
    }
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(p, job)| {
            let until = match (job.closed(), job.is_open(ctx.now)) {
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

fn as_json(partner: &Partner, job: &Job<'_>, now: Time) -> serde_json::Value {
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
        "open": job.is_open(now),
    })
}
