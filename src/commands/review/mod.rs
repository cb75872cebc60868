//! `review`: a member judges what waits, and votes.

mod judging;
mod one_by_one;
mod opinion;
mod screen;
mod workplace;

use std::path::PathBuf;

use judging::{ask_ballot, ask_principles, refuse_changed, show};
use opinion::Opinion;
use serde_json::Value;
use workplace::Workplace;

use super::voting::Voting;
use crate::domain::log::kinds::{Ballot, Finding};
use crate::domain::{Line, Slug, Subject};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::prompt::Question;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::contested::{Choosing, Which};
use crate::workflow::counting::Wish;
use crate::workflow::deciding::{self, Sitting, Voice};
use crate::workflow::lookup::{look, waiting};
use crate::workflow::queue;

/// Judge an application by the three principles, and vote
///
/// Without a name, walks through all that waits, oldest first, by single keys. A vote is a file in the registry, for
/// everybody to read, for ever; it binds to the facts it was cast on.
///
/// To change your vote, review it again: the newest one counts. What was decided wrongly is mended by another decision:
/// a partner that shouldn't be one by exit, an applicant that was turned down by applying again, a wrong policy by program edit.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner review  # walk through all that waits
  karmada-partner review globex
  karmada-partner review globex --vote abstain --reason \"I know them too well\"")]
pub struct Args {
    /// The partner's short name, as list shows it; or program, for the policy [default: all]
    #[arg(value_parser = super::about)]
    slug: Option<Slug>,
    /// Is the organization authentic?
    #[arg(long, value_name = "FINDING", value_parser = clap::builder::PossibleValuesParser::new(Finding::WORDS))]
    authenticity: Option<String>,
    /// Is the address given relevant to the organization?
    #[arg(long, value_name = "FINDING", value_parser = clap::builder::PossibleValuesParser::new(Finding::WORDS))]
    url: Option<String>,
    /// Is it relevant to commercial support for Karmada?
    #[arg(long, value_name = "FINDING", value_parser = clap::builder::PossibleValuesParser::new(Finding::WORDS))]
    relevance: Option<String>,
    /// Your vote
    #[arg(long, value_name = "VOTE", value_parser = clap::builder::PossibleValuesParser::new(["approve", "reject", "abstain"]))]
    vote: Option<String>,
    /// Why, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = super::said)]
    reason: Option<Line>,
    /// Which proposal, if several are open
    #[arg(long, value_name = "WHICH", value_parser = super::value::<Subject>)]
    proposal: Option<Subject>,
    #[command(flatten)]
    voting: Voting,
    /// What you saw before, as evidence --json printed it, to be kept beside the vote [default: what review itself shows]
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

impl Args {
    fn votes(&self) -> bool {
        let said = [&self.authenticity, &self.url, &self.relevance, &self.vote].iter().any(|f| f.is_some());
        said || self.reason.is_some() || self.evidence.is_some()
    }
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    deciding::catch_up(ctx, &*forge, &snapshot)?;
    let Some(slug) = &args.slug else { return queue(ctx, &*forge, &snapshot, args) };
    let against = args.vote.as_deref() == Some(Ballot::Reject.word());
    let choosing = Choosing::new(ctx, &*forge, &args.voting.which).against(against);
    let proposal = match super::reject::open(&choosing, &snapshot, slug, args.proposal) {
        Ok(proposal) => proposal,
        Err(e) => {
            let partner = snapshot.landed(slug)?;
            return already(ctx, &*forge, snapshot, args, &partner, e);
        }
    };
    if !args.votes() && !ctx.prompt.can_ask() {
        return show(ctx, &*forge, &snapshot, &proposal, None);
    }
    if ctx.prompt.can_ask() && !args.votes() {
        return Workplace::open(ctx, &*forge, &snapshot, args.voting.interest())?.one(&snapshot, proposal);
    }
    let seen = args.evidence.as_ref().map(|path| super::evidence::read(path, &proposal)).transpose()?;
    vote(ctx, &*forge, snapshot, args, &proposal, seen.as_deref())
}

/// Nothing is open. Who has voted so in the round that was decided last has done what this asks for: a run again after a
/// failure is no error.
fn already(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: Snapshot<'_>,
    args: &Args,
    partner: &Partner,
    e: Error,
) -> Result<()> {
    let (Some(vote), Some(last)) = (&args.vote, partner.life.log.last()) else { return Err(e) };
    let actor = ctx.actor(forge, None)?;
    let cast = partner.directory.votes(forge.repo(), &partner.slug, last.event.round, &|v| v.actor.is(&actor))?;
    match cast.last().is_some_and(|c| c.vote.ballot.word() == vote) {
        true => Sitting { ctx, forge, actor, snapshot }.repeat(partner),
        false => Err(e),
    }
}

/// Everything that waits, oldest first.
fn queue(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>, args: &Args) -> Result<()> {
    if args.votes() {
        return Err(Error::usage(tr!("a vote needs to know on whom"))
            .hint(tr!("name the partner: karmada-partner review SLUG")));
    }
    let (proposals, unfit) = waiting(ctx, snapshot)?;
    let asks = !ctx.globals.json && !proposals.is_empty() && ctx.prompt.can_ask();
    if !asks {
        return queue::show(ctx, forge, snapshot, (&proposals, &unfit), false);
    }
    // Who acts, and what isn't theirs to judge, comes before anything there is to read.
    let workplace = Workplace::open(ctx, forge, snapshot, args.voting.interest())?;
    let share = workplace.share(snapshot, &proposals)?;
    queue::show(ctx, forge, snapshot, (&proposals, &unfit), true)?;
    workplace.queue(snapshot, share)
}

/// Asks for what the flags don't say, and votes.
fn vote(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: Snapshot<'_>,
    args: &Args,
    seen: &Proposal,
    evidence: Option<&[u8]>,
) -> Result<()> {
    let judges = seen.subject == Subject::Application;
    let answers = [
        ("--authenticity", !judges || args.authenticity.is_some()),
        ("--url", !judges || args.url.is_some()),
        ("--relevance", !judges || args.relevance.is_some()),
        ("--vote", args.vote.is_some()),
    ];
    let actor = ctx.acting(forge, None, &answers)?;
    let sitting = Sitting { ctx, forge, actor, snapshot };
    let interest = sitting.stake(seen, args.voting.interest())?;
    ctx.refuse_unanswered(&answers)?;
    let seen_before: Option<Value> = evidence.and_then(|e| serde_json::from_slice(e).ok());
    let suggested = Opinion::of(seen_before.as_ref()).principles();
    let given = [&args.authenticity, &args.url, &args.relevance].map(|given| match given {
        Some(word) => Some(word.parse().unwrap_or(Finding::Unsure)),
        None => (!judges).then_some(Finding::Met),
    });
    let principles = ask_principles(ctx, suggested, given)?;
    let ballot = match &args.vote {
        Some(word) => word.parse().unwrap_or(Ballot::Abstain),
        None => ask_ballot(ctx, principles)?,
    };
    let note = match &args.reason {
        Some(note) => Some(note.clone()),
        None if ctx.prompt.can_ask() && args.vote.is_none() => {
            ctx.ui.say(tr!("A reason is public for ever; say nothing that isn't."));
            let label = tr!("Reason (may be empty)");
            let question = Question { label, flag: "--reason", default: None, optional: true };
            ctx.prompt.text(question, &|s| Line::said(s).map(drop)).map(|s| Line::said(&s).ok())?
        }
        None => None,
    };
    let slug = seen.partner.slug.clone();
    let voice = |open: &Proposal| {
        refuse_changed(seen, open)?;
        let terms = open.terms().filter(|_| open.subject == Subject::Exit).cloned();
        Ok(Voice { ballot, principles, note: note.clone(), interest, terms, evidence: evidence.map(<[u8]>::to_vec) })
    };
    let which = Which::this(seen);
    let choosing = Choosing::new(ctx, forge, &which);
    let choose = |s: &Snapshot<'_>| super::reject::open(&choosing, s, &slug, Some(seen.subject));
    sitting.decide(Wish::Vote, &voice, &choose)
}
