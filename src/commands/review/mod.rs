//! `review`: a member judges what waits, and votes.

mod judging;
mod opinion;
mod screen;
mod workplace;

use std::path::PathBuf;

use judging::{interest, refuse_changed, show, summary};
use serde_json::json;
use workplace::Workplace;

use super::voting::Voting;
use crate::domain::log::event::Principles;
use crate::domain::log::kinds::{Ballot, Finding};
use crate::domain::program::admission::admit_member;
use crate::domain::votes::missing;
use crate::domain::{Line, Slug, Subject, text};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::prompt::Question;
use crate::registry::{Partner, Proposal, Snapshot, Unfit, is_exit};
use crate::session::Context;
use crate::ui;
use crate::workflow::contested::{Choosing, Which, label};
use crate::workflow::counting::{Wish, count};
use crate::workflow::deciding::{self, Sitting, Voice};
use crate::workflow::described;
use crate::workflow::lookup::{look, waiting};
use crate::workflow::words::age;

/// Judge an application by the three principles, and vote
///
/// Without a name, walks through all that waits, oldest first, by single keys. A vote is a file in the registry, for
/// everybody to read, for ever; it binds to the facts it was cast on.
///
/// To change your vote, review it again: the newest one counts. What was decided wrongly is mended by another decision:
/// a partner that shouldn't be one by exit, an applicant that was turned down by applying again, a wrong policy by program edit.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whose proposal [default: all that wait]
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
    #[arg(long, value_name = "TEXT", value_parser = super::value::<Line>)]
    note: Option<Line>,
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
        said || self.note.is_some() || self.evidence.is_some()
    }
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    deciding::catch_up(ctx, &*forge, &snapshot)?;
    let Some(slug) = &args.slug else { return queue(ctx, &*forge, &snapshot, args) };
    let choosing = Choosing::new(ctx, &*forge, &args.voting.which);
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
        return Err(Error::usage("a vote needs to know on whom").hint("name the partner: karmada-partner review SLUG"));
    }
    let (proposals, unfit) = waiting(ctx, snapshot)?;
    listed(ctx, forge, snapshot, &proposals, &unfit)?;
    if ctx.globals.json || proposals.is_empty() || !ctx.prompt.can_ask() {
        return Ok(());
    }
    Workplace::open(ctx, forge, snapshot, args.voting.interest())?.queue(snapshot, proposals)
}

/// What waits, oldest first: since when, and what a decision still lacks.
pub(super) fn list_waiting(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>) -> Result<()> {
    let (proposals, unfit) = waiting(ctx, snapshot)?;
    listed(ctx, forge, snapshot, &proposals, &unfit)
}

fn listed(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    proposals: &[Proposal],
    unfit: &[Unfit],
) -> Result<()> {
    for unfit in unfit {
        ctx.ui.warn(&text::visible(&unfit.to_string()));
        unfit.why.hints.iter().for_each(|hint| ctx.ui.hint(&text::visible(hint)));
    }
    if ctx.globals.json {
        let waiting: Vec<_> = proposals.iter().map(|p| summary(forge, snapshot, p)).collect::<Result<_>>()?;
        return ctx.ui.document(&json!({"schema": 1, "waiting": waiting}));
    }
    if proposals.is_empty() {
        return ctx.ui.data("Nothing waits for review.\n");
    }
    let program = snapshot.program()?;
    let row = |p: &Proposal| -> Result<Vec<ui::Cell>> {
        let since = p.since().map(|t| age(ctx, t)).unwrap_or_default();
        let tally = count(&program, p, &p.votes, Wish::Grant);
        let lacks = match tally.carries() {
            false => missing::told(&tally.missing),
            true if described::hindrance(ctx, snapshot, &program, p)?.is_some() => {
                format!("it can't be granted as it is; karmada-partner show {} tells why", p.partner.slug)
            }
            true => "a member to write it down".to_owned(),
        };
        let alike =
            |other: &&Proposal| other.partner.slug == p.partner.slug && is_exit(&other.branch) == is_exit(&p.branch);
        let slug = match proposals.iter().filter(alike).count() {
            1 => p.partner.slug.to_string(),
            _ => format!("{} ({})", p.partner.slug, label(forge, p)),
        };
        Ok([slug, p.name().to_owned(), p.subject.to_string(), since, lacks].iter().map(ui::Cell::plain).collect())
    };
    let rows = proposals.iter().map(row).collect::<Result<Vec<_>>>()?;
    let head = ["PARTNER", "NAME", "ASKS FOR", "WAITS", "STILL MISSING"];
    let mut out = ui::table(&head, &rows, ctx.ui.width(), &[4, 1]);
    for p in proposals {
        if let Some(how) = described::standing(snapshot, p)? {
            out += &format!("The {} of {} stands {how}.\n", p.subject, p.partner.slug);
        }
    }
    ctx.ui.data(&out)
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
    let actor = ctx.actor(forge, None)?;
    let program = snapshot.program()?;
    admit_member(&program, &actor)?;
    let judges = seen.subject == Subject::Application;
    let mut missing: Vec<&str> = Vec::new();
    if !ctx.prompt.can_ask() {
        let principles =
            [("--authenticity", &args.authenticity), ("--url", &args.url), ("--relevance", &args.relevance)];
        missing.extend(principles.iter().filter(|(_, given)| judges && given.is_none()).map(|(flag, _)| *flag));
        missing.extend(args.vote.is_none().then_some("--vote"));
    }
    if !missing.is_empty() {
        missing.extend(ctx.lacks_consent().then_some("--yes"));
        return Err(Error::usage(format!("a vote needs {}", missing.join(", ")))
            .hint("give them as flags, or run it in a terminal"));
    }
    let finding = |given: &Option<String>, label: &str, flag: &str| -> Result<Finding> {
        match given {
            Some(word) => Ok(word.parse().unwrap_or(Finding::Unsure)),
            None if !judges => Ok(Finding::Met),
            None => {
                let question = Question { label, flag, default: None, optional: false };
                ctx.prompt.choose(question, Finding::WORDS, 0).map(|n| Finding::ALL[n])
            }
        }
    };
    let interest = interest(ctx, args.voting.interest(), &program, seen, &actor)?;
    let principles = Principles {
        authenticity: finding(&args.authenticity, "Is the organization authentic?", "--authenticity")?,
        url: finding(&args.url, "Is the address relevant to it?", "--url")?,
        relevance: finding(&args.relevance, "Is it relevant to commercial support for Karmada?", "--relevance")?,
    };
    let ballots = [Ballot::Approve, Ballot::Reject, Ballot::Abstain];
    let ballot = match &args.vote {
        Some(word) => word.parse().unwrap_or(Ballot::Abstain),
        None => {
            let likely =
                usize::from([principles.authenticity, principles.url, principles.relevance].contains(&Finding::NotMet));
            let question = Question { label: "Your vote", flag: "--vote", default: None, optional: false };
            ballots[ctx.prompt.choose(question, &["approve", "reject", "abstain"], likely)?]
        }
    };
    let note = match &args.note {
        Some(note) => Some(note.clone()),
        None if ctx.prompt.can_ask() && args.vote.is_none() => {
            ctx.ui.say("A note is public for ever; say nothing that isn't.");
            let question = Question { label: "Note (may be empty)", flag: "--note", default: None, optional: true };
            ctx.prompt.text(question, &|s| s.parse::<Line>().map(drop))?.parse().ok()
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
    Sitting { ctx, forge, actor, snapshot }.decide(Wish::Vote, &voice, &choose)
}
