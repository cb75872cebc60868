//! `show`: all that is known of one partner.

use serde_json::json;

use super::{find, list, look, review, standing};
use crate::context::Context;
use crate::error::Result;
use crate::logo;
use crate::partner::{Slug, text};

/// Show a partner: its facts, its log, who voted how
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whom
    #[arg(value_parser = super::about)]
    slug: Slug,
}

/// Runs it.
pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let snapshot = look(&*forge)?;
    let (landed, proposals) = find(&snapshot, &args.slug)?;
    let program = snapshot.program()?;
    let applying = proposals.iter().find(|p| p.partner.life.log.len() > landed.life.log.len());
    let partner = applying.map_or(&landed, |p| &p.partner);
    let state = standing(&landed, &proposals);
    let record = match partner.record.clone() {
        Some(record) => Some(record),
        None => snapshot.closed_record(&args.slug, landed.life.round)?,
    };
    let logo = partner.directory.logo.map(|oid| forge.repo().blob(oid)).transpose()?;
    let measures =
        logo.as_ref().and_then(|bytes| logo::inspect(bytes, &program.logo).ok()).map(|(measures, _)| measures);
    let rounds = (1..=partner.life.round)
        .map(|round| Ok((round, partner.directory.votes(snapshot.repo, &args.slug, round)?)))
        .collect::<Result<Vec<_>>>()?;
    if ctx.globals.json {
        let events: Vec<_> = partner.life.log.iter().map(|l| super::log::as_json(&l.event, None)).collect();
        let votes: Vec<_> = rounds
            .iter()
            .flat_map(|(_, votes)| votes)
            .map(|v| {
                let v = &v.vote;
                json!({"round": v.round, "subject": v.subject, "actor": v.actor, "ballot": v.ballot, "time": v.time,
                       "principles": v.principles, "terms": v.terms, "note": v.note})
            })
            .collect();
        let open: Vec<_> =
            proposals.iter().map(|p| json!({"subject": p.subject, "since": p.since(), "branch": p.branch})).collect();
        return ctx.ui.document(&json!({
            "schema": 1, "slug": args.slug, "state": state, "since": partner.life.since, "record": record,
            "logo": measures, "events": events, "votes": votes, "proposals": open,
        }));
    }
    let name = record.as_ref().map_or(args.slug.as_str(), |r| r.name.as_str());
    let since = partner.life.since.map(|t| format!(" since {}", t.date())).unwrap_or_default();
    let mut out =
        format!("{} ({}): {}{since}\n", text::visible(name), args.slug, list::style_of(state).apply_to(state));
    for (field, value) in record.iter().flat_map(crate::partner::Record::fields) {
        out += &format!("  {:<15} {}\n", field.word(), text::visible(&value));
    }
    out.extend(measures.map(|m| format!("  {:<15} {m}\n", "logo")));
    out += "Log:\n";
    for logged in &partner.life.log {
        out += &format!("  {}\n", super::log::line(&logged.event));
        for (_, votes) in
            rounds.iter().filter(|(round, _)| *round == logged.event.round && !logged.event.votes.is_empty())
        {
            for cast in votes {
                let counted = if logged.event.votes.contains(&cast.hash) { "" } else { " (not counted)" };
                let note = cast.vote.note.as_ref().map(|n| format!(": {n}")).unwrap_or_default();
                out += &format!("      {} votes {}{counted}{note}\n", cast.vote.actor, cast.vote.ballot);
            }
        }
    }
    for proposal in &proposals {
        out += &format!(
            "Open: {}, since {}\n",
            proposal.subject,
            proposal.since().map(|t| t.date().to_string()).unwrap_or_default()
        );
        out += &review::votes(&program, proposal);
    }
    ctx.ui.data(&out)
}
