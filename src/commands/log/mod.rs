//! `log`: what happened, in order.

pub mod minutes;

use std::collections::BTreeMap;

use minutes::Item;
use serde_json::json;

use crate::domain::paths::root_of;
use crate::domain::signature::grade::Grade;
use crate::domain::{Date, Event, Kind, Line, Login, Slug, text};
use crate::error::Result;
use crate::git::{Commit, Oid, Repo};
use crate::language::in_english;
use crate::registry::trail::{self, TrailEntry};
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::lookup::{everybody, find, look, tell, warn_of_record};
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
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let mut all = all(ctx, &snapshot, args)?;
    all.sort_by(|(_, a), (_, b)| {
        let (a, b) = (&a.event, &b.event);
        (a.time, &a.partner, a.seq).cmp(&(b.time, &b.partner, b.seq))
    });
    let events: Vec<&Event> = all.iter().map(|(_, entry)| &entry.event).collect();
    let (commits, reached) = commits(&snapshot, &events, if args.commits { usize::MAX } else { LOOKS })?;
    tell_of_the_rest(ctx, reached);
    let commit_of = |e: &Event| commits.get(&(e.partner.to_string(), e.seq)).copied();
    if ctx.globals.json {
        let events: Vec<_> = all.iter().map(|(_, e)| as_json(&e.event, commit_of(&e.event), e.grade)).collect();
        return ctx.ui.document(&json!({"schema": 1, "events": events}));
    }
    let items: Vec<Item<'_>> = all
        .iter()
        .map(|(name, entry)| Item { name, entry, commit: commit_of(&entry.event).map(|c| c.to_string()) })
        .collect();
    match args.format.as_deref() {
        // For others to read, and to be kept.
        Some("md") => return ctx.ui.raw(&in_english(|| minutes::markdown(&items))),
        Some("csv") => return ctx.ui.raw(&in_english(|| minutes::csv(&items))?),
        _ => {}
    }
    if all.is_empty() {
        return ctx.ui.data(tr!("Nothing happened that fits.\n"));
    }
    let lines = all.iter().map(|(_, entry)| {
        let commit = commit_of(&entry.event).map_or_else(|| "-".repeat(10), short);
        format!("{commit}  {:<24} {}\n", entry.event.partner, told(entry))
    });
    ctx.page(&lines.collect::<String>())
}

/// All events that are wanted, with whose they are; those of open applications included.
fn all(ctx: &Context, snapshot: &Snapshot<'_>, args: &Args) -> Result<Vec<(String, TrailEntry)>> {
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
    let policies = snapshot.policies()?;
    let mut out = Vec::new();
    for partner in partners {
        let name = match (&partner.record, partner.slug.is_program()) {
            (_, true) => snapshot.program()?.name.to_string(),
            (Some(record), _) => record.name.to_string(),
            (None, _) => snapshot
                .closed_record(&partner.slug, partner.life.round)?
                .map_or_else(|| partner.slug.to_string(), |record| record.name.to_string()),
        };
        let entries = trail::of(snapshot.repo, &policies, &partner, &|event| args.wants(event))?;
        out.extend(entries.into_iter().map(|entry| (name.clone(), entry)));
    }
    Ok(out)
}

/// How many commits are looked through for those that brought the events, unless all are wanted.
const LOOKS: usize = 1_000;

/// The commit that added each event's file, and in whose message its block stands: on the default branch, or on the partner's own
/// proposal, open or closed. Where a merge button rewrote messages, the commit of the next event that is known, if it came with that;
/// but only where all was looked through. Anybody may write a message.
fn commits(snapshot: &Snapshot<'_>, events: &[&Event], most: usize) -> Result<(BTreeMap<Key, Oid>, Reached)> {
    let mut wanted: BTreeMap<Key, u32> = events.iter().map(|e| ((e.partner.to_string(), e.seq), e.round)).collect();
    let mut found = BTreeMap::new();
    let mut reached = look_for(snapshot, &[snapshot.commit], &[], most, &mut wanted, &mut found)?;
    // A branch can only speak for the partner it is about.
    for ((partner, seq), round) in wanted.clone() {
        let kept = format!("closed/{partner}/{round}");
        let slug = partner.parse::<Slug>().ok();
        let open = slug.iter().flat_map(|slug| snapshot.heads.proposals.of(slug)).map(|(_, oid)| oid);
        let tips: Vec<Oid> = open.chain(snapshot.heads.closed.get(&kept)).collect();
        if !tips.is_empty() {
            let mut own = BTreeMap::from([((partner, seq), round)]);
            reached = reached.max(look_for(snapshot, &tips, &[snapshot.commit], most, &mut own, &mut found)?);
        }
    }
    wanted.retain(|key, _| !found.contains_key(key));
    if wanted.is_empty() {
        reached = Reached::Root;
    }
    if reached != Reached::Root {
        return Ok((found, reached));
    }
    for (partner, seq) in wanted.into_keys() {
        let later = found.range((partner.clone(), seq)..).next();
        let commit = later.filter(|((p, _), _)| *p == partner).map(|(_, oid)| *oid);
        if let Some(oid) = commit
            && adds(snapshot.repo, &snapshot.repo.commit(oid)?, &partner, seq)?
        {
            found.insert((partner, seq), oid);
        }
    }
    Ok((found, reached))
}

/// How far back was looked for commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Root,
    /// As far as is looked unless all of it is wanted.
    Enough,
    /// Where this clone's history was cut off.
    Cut,
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

/// A partner's event: slug and number.
type Key = (String, u32);

/// Whether a commit brought an event's file: it has it, and the commit before hadn't.
fn adds(repo: &Repo, commit: &Commit, partner: &str, seq: u32) -> Result<bool> {
    let Ok(slug) = Slug::or_program(partner) else { return Ok(false) };
    let path = format!("{}/log/{seq:04}", root_of(&slug));
    let there = |tree: Oid| -> Result<Option<Oid>> { Ok(repo.at_path(tree, &path)?.map(|entry| entry.oid)) };
    let now = there(commit.tree)?;
    // What is cut off is taken at its word.
    let before = match commit.parents.first() {
        Some(parent) if repo.has_commit(*parent) => there(repo.commit(*parent)?.tree)?,
        _ => None,
    };
    Ok(now.is_some() && now != before)
}

fn look_for(
    snapshot: &Snapshot<'_>,
    tips: &[Oid],
    hidden: &[Oid],
    most: usize,
    wanted: &mut BTreeMap<Key, u32>,
    found: &mut BTreeMap<Key, Oid>,
) -> Result<Reached> {
    let value = |message: &str, key: &str| message.lines().rev().find_map(|l| l.strip_prefix(key).map(str::to_owned));
    let (mut left, mut cut, mut failed) = (most, false, None);
    snapshot.repo.walk(tips, hidden, |commit| {
        left -= 1;
        cut |= snapshot.repo.ends_at(commit.oid).unwrap_or(true);
        if commit.message.contains("\nKP-Event: ")
            && let Some(partner) = value(&commit.message, "KP-Partner: ")
            && let Some(seq) = value(&commit.message, "KP-Seq: ").and_then(|s| s.parse().ok())
            && wanted.contains_key(&(partner.clone(), seq))
        {
            match adds(snapshot.repo, commit, &partner, seq) {
                Ok(true) => {
                    wanted.remove(&(partner.clone(), seq));
                    found.insert((partner, seq), commit.oid);
                }
                Ok(false) => {}
                Err(e) => failed = Some(e),
            }
        }
        !wanted.is_empty() && left > 0 && failed.is_none()
    })?;
    failed.map_or(Ok(()), Err)?;
    Ok(match (left, cut) {
        (0, _) => Reached::Enough,
        (_, true) => Reached::Cut,
        (_, false) => Reached::Root,
    })
}

/// An event with its evidence, on one line.
#[must_use]
pub fn told(entry: &TrailEntry) -> String {
    format!("{} [{}]", line(&entry.event), entry.grade.map_or(tr!("broken signature"), Grade::told))
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
        out = tr!("{event}, {kind}, effective {day}", event = out, kind = terms.kind.told(), day = terms.effective);
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
