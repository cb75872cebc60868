//! `reject`: a member turns a proposal down.

use super::deciding::{self, Voice, Wish};
use super::find;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::partner::event::{Ballot, Finding, Principles};
use crate::partner::lifecycle::Illegal;
use crate::partner::{Kind, Line, Slug, Subject};
use crate::registry::{Proposal, Snapshot};

/// Turn down an application, an update or an exit
///
/// Adds your vote to reject if it isn't there, and decides as soon as the votes carry it. The applicant may apply again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whose proposal
    #[arg(value_parser = super::value::<Slug>)]
    slug: Slug,
    /// Why, for everybody to read
    #[arg(long, value_name = "TEXT", value_parser = super::value::<Line>)]
    reason: Option<Line>,
    /// Which proposal, if several are open
    #[arg(long, value_name = "WHICH", value_parser = super::value::<Subject>)]
    proposal: Option<Subject>,
}

/// Runs it.
pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let actor = ctx.actor(forge.repo(), None)?;
    let snapshot = super::look(&*forge)?;
    let (partner, proposals) = find(&snapshot, &args.slug)?;
    if proposals.is_empty()
        && partner.life.log.last().is_some_and(|l| l.event.kind == Kind::Rejected && l.event.actor.is(&actor))
    {
        return deciding::already_decided(ctx, &partner);
    }
    let reason = super::exit::reason(ctx, args.reason.as_ref())?;
    let voice = |open: &Proposal| {
        // What the member judged in a review stands; what nobody asked about isn't judged.
        let judged = open.votes.iter().rev().map(|v| &v.vote).find(|v| v.actor.is(&actor) && v.facts == open.facts);
        Ok(Voice {
            ballot: Ballot::Reject,
            principles: judged.and_then(|v| v.principles).unwrap_or(Principles::all(Finding::Unsure)),
            note: Some(reason.clone()),
            terms: open.terms().filter(|_| open.subject == Subject::Exit).cloned(),
        })
    };
    deciding::run(ctx, &*forge, &actor, Wish::Deny, &voice, &|s| open(s, &args.slug, args.proposal))
}

/// The one open proposal, or the one that was named.
pub(super) fn open(snapshot: &Snapshot<'_>, slug: &Slug, wanted: Option<Subject>) -> Result<Proposal> {
    let (partner, proposals) = find(snapshot, slug)?;
    if let (Some(wanted), Some(other)) = (wanted, proposals.first())
        && !proposals.iter().any(|p| p.subject == wanted)
    {
        return Err(not_open(slug, wanted, other));
    }
    let mut fitting = proposals.into_iter().filter(|p| wanted.is_none_or(|subject| p.subject == subject));
    match (fitting.next(), fitting.next()) {
        (Some(_), Some(_)) => Err(Error::usage(format!("{slug} has an update and an exit open"))
            .hint("say which with --proposal update or --proposal exit")),
        (Some(proposal), None) => Ok(proposal),
        (None, _) if partner.life.state == crate::partner::State::Active => {
            Err(Error::refused(format!("{slug} is active, and nothing about it is open"))
                .hint(format!("possible now: karmada-partner update {slug}, karmada-partner exit {slug}")))
        }
        (None, _) => Err(Illegal { partner: slug.clone(), kind: Kind::Rejected, state: partner.life.state }.into()),
    }
}

/// That what was named isn't open, and what is.
pub(super) fn not_open(slug: &Slug, wanted: Subject, open: &Proposal) -> Error {
    Error::refused(format!("no {wanted} of {slug} is open, but an {}", open.subject))
        .hint(format!("say --proposal {}, or leave it out", open.subject))
}
