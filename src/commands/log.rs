//! `log`: what happened, in order.

use std::collections::BTreeMap;

use serde_json::json;

use super::{find, look, short};
use crate::context::Context;
use crate::error::Result;
use crate::partner::{Date, Event, Kind, Line, Login, Slug, text};
use crate::registry::{Partner, Snapshot};
use crate::repo::Oid;
use crate::survey;

/// Show what happened: all events, or those of one partner
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Of whom [default: of all]
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
}

impl Args {
    fn wants(&self, event: &Event) -> bool {
        self.event.as_ref().is_none_or(|kind| event.kind.word() == kind)
            && self.actor.as_ref().is_none_or(|actor| event.actor.is(actor))
            && self.since.is_none_or(|day| event.time >= day.start())
            && self.until.is_none_or(|day| event.time < day.next().start())
    }
}

/// Runs it.
pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let snapshot = look(&*forge)?;
    let mut events: Vec<Event> = all(&snapshot, args.slug.as_ref())?.into_iter().filter(|e| args.wants(e)).collect();
    events.sort_by(|a, b| (a.time, &a.partner, a.seq).cmp(&(b.time, &b.partner, b.seq)));
    let commits = commits(&snapshot, &events)?;
    let commit_of = |e: &Event| commits.get(&(e.partner.to_string(), e.seq)).copied();
    if ctx.globals.json {
        let events: Vec<_> = events.iter().map(|e| as_json(e, commit_of(e))).collect();
        return ctx.ui.document(&json!({"schema": 1, "events": events}));
    }
    if events.is_empty() {
        return ctx.ui.data("Nothing happened that fits.\n");
    }
    let lines = events.iter().map(|e| {
        let commit = commit_of(e).map_or_else(|| "-".repeat(10), short);
        format!("{commit}  {:<24} {}\n", e.partner, line(e))
    });
    ctx.ui.data(&lines.collect::<String>())
}

/// All events, those of open applications included.
fn all(snapshot: &Snapshot<'_>, of: Option<&Slug>) -> Result<Vec<Event>> {
    let (partners, proposals): (Vec<Partner>, Vec<_>) = match of {
        Some(slug) => {
            let (partner, proposals) = find(snapshot, slug)?;
            (vec![partner], proposals)
        }
        None => (survey::partners(snapshot)?, snapshot.proposals()?.0),
    };
    let mut lives: BTreeMap<Slug, _> = partners.into_iter().map(|p| (p.slug, p.life)).collect();
    for proposal in proposals {
        let life = proposal.partner.life;
        let known = lives.entry(proposal.partner.slug).or_default();
        if life.log.len() > known.log.len() {
            *known = life;
        }
    }
    Ok(lives.into_values().flat_map(|life| life.log).map(|l| l.event).collect())
}

/// The commit in whose message each event's block stands: on the default branch, or on the partner's own proposal, open
/// or closed. Where a merge button rewrote messages, the commit of the next event that is known, with which it came.
fn commits(snapshot: &Snapshot<'_>, events: &[Event]) -> Result<BTreeMap<Key, Oid>> {
    let mut wanted: BTreeMap<Key, u32> = events.iter().map(|e| ((e.partner.to_string(), e.seq), e.round)).collect();
    let mut found = BTreeMap::new();
    look_for(snapshot, &[snapshot.commit], &[], &mut wanted, &mut found)?;
    // A branch can only speak for the partner it is about.
    for ((partner, seq), round) in wanted.clone() {
        let names = [format!("apply/{partner}"), format!("closed/{partner}/{round}")];
        let all = snapshot.heads.proposals.iter().chain(&snapshot.heads.closed);
        let tips: Vec<Oid> = all.filter(|(name, _)| names.contains(name)).map(|(_, oid)| *oid).collect();
        if !tips.is_empty() {
            let mut own = BTreeMap::from([((partner, seq), round)]);
            look_for(snapshot, &tips, &[snapshot.commit], &mut own, &mut found)?;
        }
    }
    for (partner, seq) in wanted.into_keys().filter(|key| !found.contains_key(key)).collect::<Vec<_>>() {
        let later = found.range((partner.clone(), seq)..).next();
        let commit = later.filter(|((p, _), _)| *p == partner).map(|(_, oid)| *oid);
        found.extend(commit.map(|oid| ((partner, seq), oid)));
    }
    Ok(found)
}

/// A partner's event: slug and number.
type Key = (String, u32);

fn look_for(
    snapshot: &Snapshot<'_>,
    tips: &[Oid],
    hidden: &[Oid],
    wanted: &mut BTreeMap<Key, u32>,
    found: &mut BTreeMap<Key, Oid>,
) -> Result<()> {
    let value = |message: &str, key: &str| message.lines().rev().find_map(|l| l.strip_prefix(key).map(str::to_owned));
    snapshot.repo.walk(tips, hidden, |commit| {
        if commit.message.contains("\nKP-Event: ")
            && let Some(partner) = value(&commit.message, "KP-Partner: ")
            && let Some(seq) = value(&commit.message, "KP-Seq: ").and_then(|s| s.parse().ok())
            && wanted.remove(&(partner.clone(), seq)).is_some()
        {
            found.insert((partner, seq), commit.oid);
        }
        !wanted.is_empty()
    })?;
    Ok(())
}

/// An event on one line.
#[must_use]
pub fn line(event: &Event) -> String {
    let subject = match event.kind {
        Kind::Rejected | Kind::Withdrawn => format!(" ({})", event.subject),
        _ => String::new(),
    };
    let terms = event.terms.as_ref().map(|t| format!(", {}, effective {}", t.kind, t.effective)).unwrap_or_default();
    let reason = event.reason.as_ref().map(|r| format!(": {}", text::visible(r.as_str()))).unwrap_or_default();
    format!("{}  {}{subject} by {}{terms}{reason}", event.time, event.kind, event.actor)
}

/// An event as `log --json` gives it.
#[must_use]
pub fn as_json(event: &Event, commit: Option<Oid>) -> serde_json::Value {
    json!({
        "partner": event.partner,
        "seq": event.seq,
        "event": event.kind,
        "subject": event.subject,
        "round": event.round,
        "actor": event.actor,
        "time": event.time,
        "commit": commit.map(|c| c.to_string()),
        "reason": event.reason.as_ref().map(Line::as_str),
        "terms": event.terms,
        "votes": event.votes,
        "record": event.facts.record,
        "logo": event.facts.logo,
        "policy": event.policy,
        "prev": event.prev,
        "link": event.link,
    })
}
