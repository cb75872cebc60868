//! `reject`: a member turns a proposal down.

use super::voting::Voting;
use crate::domain::log::event::Principles;
use crate::domain::log::kinds::{Ballot, Finding};
use crate::domain::program::admission::admit_member;
use crate::domain::{Kind, Line, Slug, State, Subject};
use crate::error::{Error, Result};
use crate::registry::{Proposal, Snapshot};
use crate::session::{Context, identity};
use crate::workflow::contested::Choosing;
use crate::workflow::counting::Wish;
use crate::workflow::deciding::{Sitting, Voice};
use crate::workflow::lookup::{meant, refuse_invalid};

/// Turn down an application, an update or an exit
///
/// Adds your vote to reject if it isn't there, and decides as soon as the votes carry it. The applicant may apply again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner reject globex --reason \"the page is about another product\"
  karmada-partner reject globex --proposal exit --reason \"they answered\"")]
pub struct Args {
    /// The partner's short name, as list shows it; or program, for the policy
    #[arg(value_parser = super::about)]
    slug: Slug,
    /// Why, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = super::said)]
    reason: Option<Line>,
    /// Which proposal, if several are open
    #[arg(long, value_name = "WHICH", value_parser = super::value::<Subject>)]
    proposal: Option<Subject>,
    #[command(flatten)]
    voting: Voting,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let sitting = Sitting::begin(ctx, &*forge, &[("--reason", args.reason.is_some())])?;
    let choosing = Choosing::new(ctx, &*forge, &args.voting.which).against(true);
    let (partner, proposals) = choosing.find_or_done(&sitting.snapshot, &args.slug)?;
    if proposals.is_empty() {
        refuse_invalid(&sitting.snapshot, &args.slug, args.voting.which.is_named())?;
        if sitting.repeats(&partner, &[Kind::Rejected])? {
            return Ok(());
        }
        refuse_invalid(&sitting.snapshot, &args.slug, true)?;
    }
    let actor = sitting.actor.clone();
    admit_member(&sitting.snapshot.program()?, identity(&*forge, &actor)?)?;
    let several = args.proposal.is_none() && proposals.len() > 1;
    ctx.refuse_unanswered(&[("--proposal", !several), ("--reason", args.reason.is_some())])?;
    let seen = open(&choosing, &sitting.snapshot, &args.slug, args.proposal)?;
    let interest = sitting.stake(&seen, args.voting.interest())?;
    let reason = super::exit::reason(ctx, args.reason.as_ref())?;
    let voice = |open: &Proposal| {
        // What the member judged in a review stands; what nobody asked about isn't judged.
        let judged = open.votes.iter().rev().map(|v| &v.vote).find(|v| v.actor.is(&actor) && v.facts == open.facts);
        Ok(Voice {
            ballot: Ballot::Reject,
            principles: judged.and_then(|v| v.principles).unwrap_or(Principles::all(Finding::Unsure)),
            note: Some(reason.clone()),
            interest,
            terms: open.terms().filter(|_| open.subject == Subject::Exit).cloned(),
            evidence: None,
        })
    };
    sitting.decide(Wish::Deny, &voice, &|s| open(&choosing, s, &args.slug, args.proposal))
}

/// The one open proposal, or the one that was named.
pub(super) fn open(
    choosing: &Choosing<'_>,
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    wanted: Option<Subject>,
) -> Result<Proposal> {
    let (partner, proposals) = choosing.find(snapshot, slug)?;
    let finding = choosing.finding(snapshot, &partner, &proposals);
    let actor = choosing.ctx.actor(choosing.forge, None).ok();
    match meant(slug, proposals.clone(), wanted)? {
        Some(proposal) => Ok(proposal),
        None if slug.is_program() => Err(Error::refused(tr!("no change of the policy is open"))
            .hint(tr!("propose one with karmada-partner program edit"))),
        None if partner.life.state == State::Active => {
            let idle = Error::refused(tr!("{slug} is active, and nothing about it is open", slug));
            Err(finding.hint(idle, actor.as_ref()))
        }
        None => Err(finding.illegal(Kind::Rejected, actor.as_ref())),
    }
}
