//! Judging each principle by itself, one question after the other, with a way back from each.

use super::judging::{BALLOTS, begun, begun_with, findings, questions, vote_question};
use super::opinion::Opinion;
use crate::domain::Line;
use crate::domain::log::event::Principles;
use crate::domain::log::kinds::{Ballot, Finding};
use crate::error::Result;
use crate::prompt::{Choice, Question};
use crate::session::Context;

/// What the questions lead to.
pub(super) enum Led {
    To(Ballot, Principles, Option<Line>),
    /// Before the first of them.
    Back,
    Stop,
}

/// Each principle, the vote and why; begun with what the evidence suggests, and with what was answered where somebody went back.
pub(super) fn ask(ctx: &Context, opinion: &Opinion) -> Result<Led> {
    let (mut found, mut voted, mut at) = (opinion.principles().each(), None, 0);
    loop {
        let principles = Principles::from(found);
        let choice = match (questions().get(at), voted) {
            (Some((label, flag)), _) => {
                let question = Question { label, flag, default: None, optional: false };
                ctx.prompt.choose_or_back(question, &findings(), begun(found[at]))?
            }
            (None, Some(ballot)) if at > found.len() => match why(ctx, ballot, opinion)? {
                None if ballot == Ballot::Reject => Choice::Back,
                note => return Ok(Led::To(ballot, principles, note)),
            },
            _ => ctx.prompt.choose_or_back(vote_question(), &BALLOTS.map(Ballot::told), begun_with(principles))?,
        };
        match choice {
            Choice::Of(chosen) => {
                match found.get_mut(at) {
                    Some(finding) => *finding = Finding::ALL[chosen],
                    None => voted = Some(BALLOTS[chosen]),
                }
                at += 1;
            }
            Choice::Back if at == 0 => return Ok(Led::Back),
            Choice::Back => at -= 1,
            Choice::Stop => return Ok(Led::Stop),
        }
    }
}

/// What is said with a vote. Who rejects and says nothing goes back.
fn why(ctx: &Context, ballot: Ballot, opinion: &Opinion) -> Result<Option<Line>> {
    match ballot {
        Ballot::Reject => reason(ctx, opinion),
        // Who approves doesn't say what failed.
        Ballot::Approve => note(ctx, ""),
        _ => note(ctx, &opinion.reason()),
    }
}

/// Why, begun with what failed. Nothing where the member goes back.
pub(super) fn reason(ctx: &Context, opinion: &Opinion) -> Result<Option<Line>> {
    said(ctx, tr!("Reason, for everybody to read (empty goes back)"), &opinion.reason())
}

pub(super) fn note(ctx: &Context, offered: &str) -> Result<Option<Line>> {
    said(ctx, tr!("Note, for everybody to read (may be empty)"), offered)
}

fn said(ctx: &Context, label: &str, offered: &str) -> Result<Option<Line>> {
    let question = Question { label, flag: "--reason", default: Some(offered), optional: true };
    ctx.prompt.text(question, &|s| Line::said(s).map(drop)).map(|s| Line::said(&s).ok())
}
