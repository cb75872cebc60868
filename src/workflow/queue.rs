//! What waits for a decision, as one list.

use serde_json::json;

use super::contested::label;
use super::counting::{Wish, count, turns_down};
use super::lookup::{tell, waiting, warn_of_a_clone};
use super::words::age;
use super::{described, document};
use crate::domain::votes::missing;
use crate::error::Result;
use crate::forge::Forge;
use crate::registry::{Proposal, Snapshot, Unfit, is_exit};
use crate::session::Context;
use crate::ui;

/// What waits, oldest first: since when, and what a decision still lacks.
pub fn all(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>) -> Result<()> {
    let (proposals, unfit) = waiting(ctx, snapshot)?;
    show(ctx, forge, snapshot, (&proposals, &unfit), false)
}

/// The same of these. Where questions follow, it is said at once: a pager would stand before them.
pub fn show(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    (proposals, unfit): (&[Proposal], &[Unfit]),
    asks_then: bool,
) -> Result<()> {
    tell(ctx, unfit);
    warn_of_a_clone(ctx, snapshot);
    if ctx.globals.json {
        let waiting: Vec<_> = proposals.iter().map(|p| summary(forge, snapshot, p)).collect::<Result<_>>()?;
        return ctx.ui.document(&json!({"schema": 1, "waiting": waiting}));
    }
    if proposals.is_empty() {
        return ctx.say_of_none(tr!("Nothing waits for a decision.\n"), None);
    }
    let program = snapshot.program()?;
    let row = |p: &Proposal| -> Result<Vec<ui::Cell>> {
        let since = p.since().map(|t| age(ctx, t)).unwrap_or_default();
        let tally = count(&program, p, &p.votes, Wish::Grant);
        let lacks = match tally.carries() {
            _ if let Some(why) = p.why_lapsed() => why,
            false if turns_down(&program, p, &tally) => tr!("a member to write the rejection down").to_owned(),
            false => missing::told(&tally.missing),
            true if described::hindrance(ctx, snapshot, &program, p)?.is_some() => {
                tr!("it can't be granted as it is; karmada-partner show {slug} tells why", slug = p.partner.slug)
            }
            true => tr!("a member to write it down").to_owned(),
        };
        let alike =
            |other: &&Proposal| other.partner.slug == p.partner.slug && is_exit(&other.branch) == is_exit(&p.branch);
        let slug = match proposals.iter().filter(alike).count() {
            1 => p.partner.slug.to_string(),
            _ => format!("{} ({})", p.partner.slug, label(forge, p)),
        };
        Ok([slug, p.name().to_owned(), p.subject.told().to_owned(), since, lacks].iter().map(ui::Cell::plain).collect())
    };
    let rows = proposals.iter().map(row).collect::<Result<Vec<_>>>()?;
    let head = [tr!("PARTNER"), tr!("NAME"), tr!("ASKS FOR"), tr!("WAITS"), tr!("STILL MISSING")];
    let mut out = ui::table(&head, &rows, ctx.ui.width(), &[4, 1]);
    for p in proposals {
        if let Some(how) = described::standing(snapshot, p)? {
            out +=
                &(tr!("The {subject} of {slug} stands {how}.", subject = p.subject.told(), slug = p.partner.slug, how)
                    + "\n");
        }
    }
    if asks_then { ctx.ui.data(&out) } else { ctx.page(&out) }
}

/// One as a document.
pub fn summary(forge: &dyn Forge, snapshot: &Snapshot<'_>, p: &Proposal) -> Result<serde_json::Value> {
    let program = snapshot.program()?;
    let tally = count(&program, p, &p.votes, Wish::Grant);
    let votes = tally.votes.iter().map(|v| {
        json!({
            "actor": v.cast.vote.actor, "ballot": v.cast.vote.ballot, "principles": v.cast.vote.principles,
            "note": v.cast.vote.note, "left_out": v.left_out,
        })
    });
    let mut out = document::proposal(forge, snapshot, &program, p)?;
    out["record"] = json!(p.record());
    out["policy"] = json!(p.policy());
    out["votes"] = votes.collect();
    Ok(out)
}
