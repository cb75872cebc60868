//! What every vote takes: what there is to know, what is shown, a stake that is asked for, and that nothing changed meanwhile.

use serde_json::json;

use crate::commands::evidence::gathering::Gathering;
use crate::domain::log::event::Principles;
use crate::domain::log::kinds::{Ballot, Finding};
use crate::domain::{Login, Subject};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::prompt::Question;
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::{described, queue};

/// What a member may say, in the order in which it is offered.
pub(super) const BALLOTS: [Ballot; 3] = [Ballot::Approve, Ballot::Reject, Ballot::Abstain];

/// What may be found of a principle, as it is offered.
pub(super) fn findings() -> Vec<&'static str> {
    Finding::ALL.iter().map(|finding| finding.told()).collect()
}

/// What is asked of each principle, with the flag that answers it.
pub(super) fn questions() -> [(&'static str, &'static str); 3] {
    [
        (tr!("Is the organization authentic?"), "--authenticity"),
        (tr!("Is the address relevant to it?"), "--url"),
        (tr!("Is it relevant to commercial support for Karmada?"), "--relevance"),
    ]
}

/// What is found of each principle: what is `given`, or else asked for, begun with what the evidence suggests.
pub(super) fn ask_principles(ctx: &Context, suggested: Principles, given: [Option<Finding>; 3]) -> Result<Principles> {
    let mut found = suggested.each();
    for ((found, given), (label, flag)) in found.iter_mut().zip(given).zip(questions()) {
        let question = Question { label, flag, default: None, optional: false };
        *found = match given {
            Some(given) => given,
            None => Finding::ALL[ctx.prompt.choose(question, &findings(), begun(*found))?],
        };
    }
    Ok(found.into())
}

/// The place of a finding among those that are offered.
pub(super) fn begun(found: Finding) -> usize {
    Finding::ALL.iter().position(|finding| *finding == found).unwrap_or_default()
}

/// The place among [`BALLOTS`] of the vote that findings speak for.
pub(super) fn begun_with(principles: Principles) -> usize {
    let all = principles.each();
    match all {
        _ if all.contains(&Finding::NotMet) => 1,
        _ if all.contains(&Finding::Unsure) => 2,
        _ => 0,
    }
}

/// What is asked once the principles are judged.
pub(super) fn vote_question() -> Question<'static> {
    Question { label: tr!("Your vote"), flag: "--vote", default: None, optional: false }
}

/// A vote, begun with what the findings speak for.
pub(super) fn ask_ballot(ctx: &Context, principles: Principles) -> Result<Ballot> {
    ctx.prompt.choose(vote_question(), &BALLOTS.map(Ballot::told), begun_with(principles)).map(|n| BALLOTS[n])
}

/// Begins to look into what there is to know. A policy has no site and no logo.
pub(super) fn gather(ctx: &Context, snapshot: &Snapshot<'_>, p: &Proposal) -> Result<Option<Gathering>> {
    if p.subject == Subject::Policy {
        return Ok(None);
    }
    let landed = snapshot.landed(&p.partner.slug)?;
    Gathering::begin(ctx, snapshot, &landed, Some(p)).map(Some)
}

/// The vote binds what was seen; if it changed while the member was reading, it must be read again.
pub(super) fn refuse_changed(seen: &Proposal, open: &Proposal) -> Result<()> {
    let slug = &seen.partner.slug;
    if open.facts == seen.facts && open.word() == seen.word() {
        return Ok(());
    }
    Err(Error::refused(tr!("{slug} changed while you were reading", slug))
        .hint(tr!("read it again: karmada-partner review {slug}", slug)))
}

/// Shows what is to be judged: the facts, what changed, what others said.
pub(super) fn show(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    p: &Proposal,
    reader: Option<&Login>,
) -> Result<()> {
    if ctx.globals.json {
        return ctx.ui.document(&json!({"schema": 1, "waiting": [queue::summary(forge, snapshot, p)?]}));
    }
    ctx.ui.data(&in_full(ctx, snapshot, p, reader)?)
}

/// The same as a text.
pub(super) fn in_full(ctx: &Context, snapshot: &Snapshot<'_>, p: &Proposal, reader: Option<&Login>) -> Result<String> {
    let program = snapshot.program()?;
    let record = p.facts.record;
    ctx.ui.detail(&match p.facts.logo {
        Some(logo) => tr!("its record is {record}, its logo {logo}", record, logo),
        None => tr!("its record is {record}", record),
    });
    let stake = reader.map(|voter| described::stake(&program, p, voter, None)).unwrap_or_default();
    let votes = described::votes(ctx, snapshot, &program, p)?;
    Ok(described::facts(snapshot, &program, p, reader)? + &stake + &votes)
}
