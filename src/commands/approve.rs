//! `approve`: a member grants an application or an update.

use super::voting::Voting;
use crate::domain::{Kind, Line, Login, Slug, State, Subject};
use crate::error::{Error, Result};
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::contested::Choosing;
use crate::workflow::counting::Wish;
use crate::workflow::deciding::{Sitting, Voice};
use crate::workflow::lookup::refuse_invalid;

/// Approve an application or an update, or a change of the policy (program)
///
/// Adds your vote to approve if it isn't there, and decides as soon as the votes carry it. Until then it says what is
/// missing. To approve is to say that all three principles are met; say otherwise with review.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner approve globex
  karmada-partner approve globex --reason \"known from two meetups\"
  karmada-partner approve program  # a change of the policy")]
pub struct Args {
    /// The partner's short name, as list shows it; or program, for the policy
    #[arg(value_parser = super::about)]
    slug: Slug,
    /// Why, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = super::said)]
    reason: Option<Line>,
    #[command(flatten)]
    voting: Voting,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let sitting = Sitting::begin(ctx, &*forge, &[])?;
    let choosing = Choosing::new(ctx, &*forge, &args.voting.which);
    let (partner, proposals) = choosing.find_or_done(&sitting.snapshot, &args.slug)?;
    // Where an exit waits, who voted once is told that, too.
    if proposals.is_empty() {
        refuse_invalid(&sitting.snapshot, &args.slug, args.voting.which.is_named())?;
        if sitting.repeats(&partner, &[Kind::Approved, Kind::Updated, Kind::Cleared])? {
            return Ok(());
        }
        refuse_invalid(&sitting.snapshot, &args.slug, true)?;
    }
    let actor = sitting.actor.clone();
    let interest = match ctx.prompt.can_ask() {
        true => sitting.stake(&open(&choosing, &sitting.snapshot, &args.slug, &actor)?, args.voting.interest())?,
        false => args.voting.interest(),
    };
    let voice = |_: &Proposal| Ok(Voice { interest, ..Voice::in_favor(args.reason.clone()) });
    sitting.decide(Wish::Grant, &voice, &|s| open(&choosing, s, &args.slug, &actor))
}

/// The open application or update.
fn open(choosing: &Choosing<'_>, snapshot: &Snapshot<'_>, slug: &Slug, actor: &Login) -> Result<Proposal> {
    let (partner, proposals) = choosing.find(snapshot, slug)?;
    let exit = proposals.iter().any(|p| p.subject == Subject::Exit);
    let finding = choosing.finding(snapshot, &partner, &proposals);
    match proposals.iter().find(|p| p.subject != Subject::Exit).cloned() {
        Some(proposal) => Ok(proposal),
        None if exit => {
            let what = Error::refused(tr!("what is open about {slug} is an exit", slug));
            Err(finding.hint(what, Some(actor)))
        }
        None if slug.is_program() => Err(Error::refused(tr!("no change of the policy is open"))
            .hint(tr!("propose one with karmada-partner program edit"))),
        None if partner.life.state == State::Active => {
            let last = partner
                .life
                .log
                .iter()
                .rev()
                .map(|l| &l.event)
                .find(|e| matches!(e.kind, Kind::Approved | Kind::Updated));
            let words = match last {
                Some(e) => tr!(
                    "{slug} is active already: {kind} by {by} on {day}",
                    slug,
                    kind = e.kind.told(),
                    by = e.actor,
                    day = e.time.date()
                ),
                None => tr!("{slug} is active already", slug),
            };
            Err(finding.hint(Error::refused(words), Some(actor)))
        }
        None => Err(finding.illegal(Kind::Approved, Some(actor))),
    }
}
