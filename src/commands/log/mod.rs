//! `log`: what happened, in order.

pub mod minutes;

use std::collections::BTreeMap;

use minutes::Item;
use serde_json::json;

use crate::config::UserDirectory;
use crate::domain::signature::grade::Grade;
use crate::domain::{Date, Event, Kind, Line, Login, Slug, text};
use crate::error::{Error, Result};
use crate::git::Oid;
use crate::language::in_english;
use crate::registry::brought::{self, Brought, Key, LOOKS, Reached};
use crate::registry::graded::Grades;
use crate::registry::trail;
use crate::registry::{Partner, Proposal, Snapshot, unless_unread};
use crate::session::{Context, remembered};
use crate::workflow::lookup::{closed_record, everybody, find, look, tell, warn_of_record};
use crate::workflow::words::short;

/// Show what happened: all events, or those of one partner
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner log
  karmada-partner log globex --event approved
  karmada-partner log --since 2026-01-01 --format md  # minutes of what was")]
pub struct Args {
    /// The partner's short name, as list shows it; or program, for the policy [default: all]
    #[arg(value_parser = super::about)]
    slug: Option<Slug>,
    /// Only events of this kind
    #[arg(long, value_name = "EVENT", value_parser = clap::builder::PossibleValuesParser::new(Kind::WORDS))]
    event: Option<String>,
    /// Only what this person did
    #[arg(long, value_name = "LOGIN", value_parser = super::value::<Login>)]
    actor: Option<Login>,
    /// Only from this day on
    #[arg(long, value_name = "DATE", value_parser = super::value::<Date>)]
    since: Option<Date>,
    /// Only up to this day, itself included
    #[arg(long, value_name = "DATE", value_parser = super::value::<Date>)]
    until: Option<Date>,
    /// Minutes of the period: md, or a table: csv
    #[arg(long, value_name = "FORMAT", value_parser = clap::builder::PossibleValuesParser::new(["text", "md", "csv"]), conflicts_with = "json")]
    format: Option<String>,
    /// Look through the whole history for the commits that brought the events, however long it is
    #[arg(long)]
    commits: bool,
}

impl Args {
    fn wants(&self, event: &Event) -> bool {
        self.event.as_ref().is_none_or(|kind| event.kind.word() == kind)
            && self.actor.as_ref().is_none_or(|actor| event.actor.is(actor))
            && self.since.is_none_or(|day| event.time >= day.start())
            && self.until.is_none_or(|day| event.time < day.next().start())
    }
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    if let (Some(since), Some(until)) = (args.since, args.until)
        && since > until
    {
        return Err(Error::usage(tr!("--since {since} is after --until {until}", since, until)).hint(tr!("swap them")));
    }
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let wanted = |event: &Event| args.wants(event);
    if let Some(format @ ("md" | "csv")) = args.format.as_deref() {
        let policies = snapshot.policies()?;
        let all = all(ctx, &snapshot, args, |partner| trail::of(snapshot.repo, &policies, partner, &wanted))?;
        let commits = commits(ctx, &snapshot, args, &all)?;
        let commit = |event: &Event| commit_of(&commits, event).map(|c| c.to_string());
        let items: Vec<Item<'_>> =
            all.iter().map(|(name, entry)| Item { name, entry, commit: commit(&entry.event) }).collect();
        return match format {
            // For others to read, and to be kept.
            "md" => ctx.ui.raw(&in_english(|| minutes::markdown(&items))),
            _ => ctx.ui.raw(&in_english(|| minutes::csv(&items))?),
        };
    }
    let mut grades = Grades::new(&snapshot, remembered(ctx, UserDirectory::Cache, "graded", snapshot.repo.path()))?;
    let all = all(ctx, &snapshot, args, |partner| grades.of(partner, &wanted))?;
    grades.keep()?;
    let commits = commits(ctx, &snapshot, args, &all)?;
    if ctx.globals.json {
        let events: Vec<_> =
            all.iter().map(|(_, e)| as_json(&e.event, commit_of(&commits, &e.event), e.grade)).collect();
        return ctx.ui.document(&json!({"schema": 1, "events": events}));
    }
    if all.is_empty() {
        return ctx.say_of_none(tr!("Nothing happened that fits.\n"), None);
    }
    let lines = all.iter().map(|(_, proved)| {
        let commit = commit_of(&commits, &proved.event).map_or_else(|| "-".repeat(10), short);
        format!("{commit}  {:<24} {}\n", proved.event.partner, told(&proved.event, proved.grade))
    });
    ctx.page(&lines.collect::<String>())
}

/// The commits that brought events; says where they aren't all told.
fn commits<T: AsRef<Event>>(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    args: &Args,
    all: &[(String, T)],
) -> Result<BTreeMap<Key, Oid>> {
    let key = |event: &Event| ((event.partner.to_string(), event.seq), event.round);
    let wanted = all.iter().map(|(_, entry)| key(entry.as_ref())).collect();
    let file = remembered(ctx, UserDirectory::Cache, "brought", snapshot.repo.path());
    let most = if args.commits { usize::MAX } else { LOOKS };
    let Brought { commits, reached, unread } = brought::commits(snapshot, wanted, most, file.as_deref())?;
    for why in &unread {
        ctx.leave_out(why);
    }
    tell_of_the_rest(ctx, reached);
    Ok(commits)
}

fn commit_of(commits: &BTreeMap<Key, Oid>, event: &Event) -> Option<Oid> {
    commits.get(&(event.partner.to_string(), event.seq)).copied()
}

/// All events that are wanted, with whose they are, in the order in which they happened; those of open applications included.
fn all<T: AsRef<Event>>(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    args: &Args,
    mut wanted_of: impl FnMut(&Partner) -> Result<Vec<T>>,
) -> Result<Vec<(String, T)>> {
    let (mut partners, proposals): (Vec<Partner>, Vec<_>) = match &args.slug {
        Some(slug) => {
            let (partner, proposals) = find(snapshot, slug)?;
            warn_of_record(ctx, slug, partner.has_unreadable_record());
            (vec![partner], proposals)
        }
        None => {
            let mut partners = everybody(ctx, snapshot)?;
            partners.push(snapshot.landed(&Slug::program())?);
            let (open, unfit) = snapshot.on_branches()?;
            tell(ctx, &unfit);
            (partners, open)
        }
    };
    for Proposal { partner, .. } in proposals {
        match partners.iter_mut().find(|p| p.slug == partner.slug) {
            Some(known) if known.life.log.len() >= partner.life.log.len() => {}
            Some(known) => *known = partner,
            None => partners.push(partner),
        }
    }
    let mut out = Vec::new();
    for partner in partners {
        let name = match (&partner.record, partner.slug.is_program()) {
            (_, true) => snapshot.program()?.name.to_string(),
            (Some(record), _) => record.name.to_string(),
            (None, _) => closed_record(ctx, snapshot, &partner.slug, partner.life.round)?
                .map_or_else(|| partner.slug.to_string(), |record| record.name.to_string()),
        };
        match unless_unread(snapshot.repo, &partner.slug, || wanted_of(&partner))? {
            Ok(wanted) => out.extend(wanted.into_iter().map(|entry| (name.clone(), entry))),
            Err(unread) => ctx.leave_out(&unread.why),
        }
    }
    out.sort_by(|(_, a), (_, b)| {
        let (a, b) = (a.as_ref(), b.as_ref());
        // In one second the policy comes first: all else is done under one.
        let place = |e: &Event| (e.time, !e.partner.is_program());
        (place(a), &a.partner, a.seq).cmp(&(place(b), &b.partner, b.seq))
    });
    Ok(out)
}

/// Says why events are told without the commits that brought them.
fn tell_of_the_rest(ctx: &Context, reached: Reached) {
    match reached {
        Reached::Root => {}
        Reached::Enough => {
            ctx.ui.warn(&tr!(
                "the commits of some events aren't among the latest {looks}, and aren't told",
                looks = LOOKS
            ));
            ctx.ui.hint(tr!("--commits looks through all of them"));
        }
        Reached::Cut => {
            ctx.ui.warn(tr!(
                "the commits of some events aren't in this clone, whose history is cut off, and aren't told"
            ));
            ctx.ui.hint(tr!("bring the rest with git fetch --unshallow"));
        }
    }
}

/// An event with its evidence, on one line.
#[must_use]
pub fn told(event: &Event, grade: Option<Grade>) -> String {
    format!("{} [{}]", line(event), grade.map_or(tr!("broken signature"), Grade::told))
}

#[must_use]
pub fn line(event: &Event) -> String {
    let (kind, by, time) = (event.kind.told(), &event.actor, event.time);
    let mut out = match event.kind {
        Kind::Rejected | Kind::Withdrawn => {
            tr!("{time}  {kind} ({subject}) by {by}", time, kind, subject = event.subject.told(), by)
        }
        _ => tr!("{time}  {kind} by {by}", time, kind, by),
    };
    if let Some(terms) = &event.terms {
        let (kind, day) = (terms.kind.told(), terms.effective);
        out = match &terms.merged_into {
            Some(partner) => tr!("{event}, {kind} into {partner}, effective {day}", event = out, kind, partner, day),
            None => tr!("{event}, {kind}, effective {day}", event = out, kind, day),
        };
    }
    let said = event.reason.as_ref().map(ToString::to_string).or_else(|| crate::domain::log::words::said(event));
    match said {
        Some(said) => tr!("{said}: {note}", said = out, note = text::visible(&said)),
        None => out,
    }
}

/// An event as `log --json` gives it.
#[must_use]
pub fn as_json(event: &Event, commit: Option<Oid>, grade: Option<Grade>) -> serde_json::Value {
    json!({
        "partner": event.partner,
        "seq": event.seq,
        "event": event.kind,
        "subject": event.subject,
        "round": event.round,
        "actor": event.actor,
        "time": event.time,
        "grade": grade.map_or("broken", Grade::word),
        "commit": commit.map(|c| c.to_string()),
        "reason": event.reason.as_ref().map(Line::as_str),
        "terms": event.terms,
        "detail": event.detail,
        "votes": event.votes,
        "record": event.facts.record,
        "logo": event.facts.logo,
        "policy": event.policy,
        "prev": event.prev,
        "link": event.link,
    })
}
