//! `show`: all that is known of one partner.

use serde_json::json;

use super::list;
use crate::domain::signature::grade::Grade;
use crate::domain::upkeep::Since;
use crate::domain::votes::tally::LeftOut;
use crate::domain::{Field, Slug, State, Vote, logo, text, upkeep};
use crate::error::Result;
use crate::registry::survey::Founded;
use crate::registry::trail::{self, Told};
use crate::session::Context;
use crate::ui::padded;
use crate::workflow::contested::{Choosing, Which};
use crate::workflow::counting::{Wish, count};
use crate::workflow::lookup::{founded, look, standing, warn_of_decision, warn_of_logo, warn_of_record};
use crate::workflow::words::warn_of_the_future;
use crate::workflow::{described, document};

/// Show a partner: its facts, its log, who voted how
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner show globex
  karmada-partner show program  # the policy and its changes")]
pub struct Args {
    /// The partner's short name, as list shows it; or program, for the policy
    #[arg(value_parser = super::about)]
    slug: Slug,
    #[command(flatten)]
    which: Which,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let (landed, proposals) = Choosing::new(ctx, &*forge, &args.which).find(&snapshot, &args.slug)?;
    warn_of_the_future(ctx, &args.slug, landed.life.last_time());
    warn_of_record(ctx, &args.slug, landed.has_unreadable_record());
    let founded = if landed.life.log.is_empty() { Founded::Yes } else { founded(&snapshot, &args.slug)? };
    warn_of_decision(ctx, &args.slug, founded.why_not());
    let program = snapshot.program()?;
    let applying = proposals.iter().find(|p| p.partner.life.log.len() > landed.life.log.len());
    let partner = applying.map_or(&landed, |p| &p.partner);
    let state = standing(&landed, &proposals);
    // What was merged undecided stands where the facts in force stood.
    let in_force = match landed.life.state {
        State::Active => snapshot.record_in_force(&landed)?,
        _ => None,
    };
    let record = match in_force.or_else(|| partner.record.clone()) {
        Some(record) => Some(record),
        None => snapshot.closed_record(&args.slug, landed.life.round)?,
    };
    let logo = partner.logo(forge.repo())?;
    // What the policy asks of logos was judged when it came.
    let measures =
        logo.as_ref().and_then(|bytes| logo::inspect(bytes, &logo::Limits::ANY).ok()).map(|(measures, _)| measures);
    warn_of_logo(ctx, &args.slug, partner.has_unreadable_logo() || (logo.is_some() && measures.is_none()));
    let policies = snapshot.policies()?;
    let entries = trail::of(snapshot.repo, &policies, partner, &|_| true)?;
    if ctx.globals.json {
        let events: Vec<_> = entries.iter().map(|e| super::log::as_json(&e.event, None, e.grade)).collect();
        let mut votes: Vec<_> = entries
            .iter()
            .flat_map(|e| &e.votes)
            .map(|told| vote_as_json(&told.vote, Some(told.grade.map_or("broken", Grade::word)), told.left_out))
            .collect();
        for open in &proposals {
            let tally = count(&program, open, &open.votes, Wish::Grant);
            votes.extend(tally.votes.iter().map(|v| vote_as_json(&v.cast.vote, None, v.left_out)));
        }
        let open: Vec<_> =
            proposals.iter().map(|p| document::proposal(&*forge, &snapshot, &program, p)).collect::<Result<_>>()?;
        return ctx.ui.document(&json!({
            "schema": 1, "partner": args.slug, "state": state, "leaving": landed.life.leaving(ctx.now.date()), "since": partner.life.stands_since(ctx.now.date()), "unfounded": founded.why_not(), "record": record,
            "logo": measures, "events": events, "votes": votes, "proposals": open,
        }));
    }
    let name = match &record {
        Some(record) => record.name.as_str(),
        None if args.slug.is_program() => program.name.as_str(),
        None => args.slug.as_str(),
    };
    let styled = list::style_of(state).apply_to(state.told());
    let stands = match (landed.life.leaving(ctx.now.date()), upkeep::stands_since(&partner.life, ctx.now.date())) {
        (Some(day), _) if state == State::Exited => tr!("leaving on {day}", day),
        (Some(day), _) => tr!("{state}, leaving on {day}", state = styled, day),
        (None, Some(Since::Day(since))) => tr!("{state} since {since}", state = styled, since),
        (None, Some(Since::AtLatest(day))) => tr!("{state}, since {day} at the latest", state = styled, day),
        (None, None) => styled.to_string(),
    };
    let mut out = tr!("{name} ({slug}): {stands}", name = text::visible(name), slug = args.slug, stands) + "\n";
    for (field, value) in record.iter().flat_map(crate::domain::Record::fields) {
        out += &format!("  {} {}\n", padded(field.told(), 15), text::visible(&program.vocabulary.told(field, &value)));
    }
    out.extend(measures.map(|m| format!("  {} {m}\n", padded(Field::Logo.told(), 15))));
    out += tr!("Log:");
    out.push('\n');
    for entry in &entries {
        out += &format!("  {}\n", super::log::told(&entry.event, entry.grade));
        out.extend(entry.votes.iter().map(vote));
    }
    for proposal in &proposals {
        out += &(tr!(
            "Open: {subject}, since {day}",
            subject = proposal.subject.told(),
            day = proposal.since().map(|t| t.date().to_string()).unwrap_or_default()
        ) + "
");
        if let Some(how) = described::standing(&snapshot, proposal)? {
            out += &format!("  {}\n", tr!("It stands {how}.", how));
        }
        out += &described::votes(ctx, &snapshot, &program, proposal)?;
    }
    ctx.page(&out)
}

fn vote_as_json(v: &Vote, grade: Option<&str>, left_out: Option<LeftOut>) -> serde_json::Value {
    json!({
        "round": v.round, "subject": v.subject, "actor": v.actor, "ballot": v.ballot, "time": v.time,
        "principles": v.principles, "terms": v.terms, "note": v.note, "evidence": v.evidence, "grade": grade, "left_out": left_out,
    })
}

/// Who voted how, and why it didn't count if it didn't.
fn vote(told: &Told) -> String {
    let vote = &told.vote;
    let who = match &told.affiliation {
        Some(affiliation) => tr!("{who} ({affiliation})", who = vote.actor, affiliation),
        None => vote.actor.to_string(),
    };
    let ballot = vote.ballot.told();
    let said = match told.left_out {
        Some(LeftOut::Request) => tr!("{who} asked for it", who),
        Some(why) => tr!("{who} votes {ballot}; not counted: {why}", who, ballot, why = why.reason()),
        None => {
            let grade = told.grade.map_or(tr!("broken signature"), Grade::told);
            tr!("{who} votes {ballot} [{grade}]", who, ballot, grade)
        }
    };
    match &vote.note {
        Some(note) => format!("      {}\n", tr!("{said}: {note}", said, note)),
        None => format!("      {said}\n"),
    }
}
