//! `record`: own up to what was changed by hand.

use super::voting::Stake;
use crate::domain::{Line, Slug, State, Subject};
use crate::error::{Error, Result};
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::counting::Wish;
use crate::workflow::deciding::{self, Sitting, Voice};
use crate::workflow::lookup::find;

/// Put on record what was changed by hand, with a reason
///
/// Facts or a policy that somebody edited behind the log's back stand in the registry, and no event explains them. This
/// adds your vote that they are right, and an event that says so as soon as the votes carry it. What was done isn't
/// hidden: audit tells of it as repaired. The other way to mend it is to restore the file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner record globex --reason \"its website moved\"")]
pub struct Args {
    /// The partner's short name, as list shows it; or program, for the policy
    #[arg(value_parser = super::about)]
    slug: Slug,
    /// How it came to be, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = super::said)]
    reason: Option<Line>,
    #[command(flatten)]
    stake: Stake,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let sitting = Sitting::begin(ctx, &*forge, &[("--reason", args.reason.is_some())])?;
    let interest = sitting.stake(&open(&sitting.snapshot, &args.slug)?, args.stake.interest())?;
    ctx.refuse_unanswered(&[("--reason", args.reason.is_some())])?;
    let reason = super::exit::reason(ctx, args.reason.as_ref())?;
    let voice = |_: &Proposal| Ok(Voice { interest, ..Voice::in_favor(Some(reason.clone())) });
    sitting.decide(Wish::Grant, &voice, &|s| open(s, &args.slug))
}

/// The proposal to put on record what stands there: the open one, or a new one.
fn open(snapshot: &Snapshot<'_>, slug: &Slug) -> Result<Proposal> {
    let (partner, proposals) = find(snapshot, slug)?;
    let there = snapshot.partner_in(snapshot.tree, slug)?.facts(snapshot.repo)?.map(|(facts, _)| facts);
    if partner.life.state != State::Active || there == partner.life.landed_facts() {
        return Err(Error::refused(tr!("nothing about {slug} was changed by hand", slug))
            .hint(tr!("karmada-partner check tells what is wrong with a registry")));
    }
    let subject = if slug.is_program() { Subject::Policy } else { Subject::Update };
    match proposals.into_iter().find(|p| p.subject == subject) {
        Some(open) if Some(open.facts) == there => Ok(open),
        Some(_) => Err(Error::refused(tr!("another change of {slug} waits for a decision", slug))
            .hint(tr!("decide it first: karmada-partner review {slug}", slug))),
        None => deciding::begin(snapshot, &partner, subject),
    }
}
