//! `exit`: a partner leaves, because it wants to or because the committee decides so.

use serde_json::json;

use crate::domain::log::event::Terms;
use crate::domain::log::kinds::{Ballot, ExitKind};
use crate::domain::log::lifecycle::Illegal;
use crate::domain::paths::PARTNERS;
use crate::domain::program::authority::{Intent, authorize};
use crate::domain::{Date, Kind, Line, Program, Slug, State, Subject, Vote, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::git::Put;
use crate::prompt::Question;
use crate::registry::change::{Change, Target};
use crate::registry::{Proposal, Snapshot, Speaker, branch_for};
use crate::session::Context;
use crate::session::publish::{self, Plan};
use crate::workflow::deciding::{self, Sitting, Voice, Wish};
use crate::workflow::lookup::{find, look};
use crate::workflow::words::short;

/// Let a partner leave, with a reason
///
/// Run by a member, it adds a vote for the exit, and decides as soon as the votes carry it. Run by the partner's own
/// contact with --kind voluntary, it asks to leave; one member is then enough.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Who leaves
    #[arg(value_parser = super::value::<Slug>)]
    slug: Slug,
    /// Why, in one word
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(ExitKind::WORDS))]
    kind: Option<String>,
    /// Why, in a sentence, for everybody to read
    #[arg(long, value_name = "TEXT", value_parser = super::value::<Line>)]
    reason: Option<Line>,
    /// From which day on [default: that of the open proposal, or today]
    #[arg(long, value_name = "DATE", value_parser = super::value::<Date>)]
    effective: Option<Date>,
    /// The partner it became part of; with --kind merged
    #[arg(long, value_name = "SLUG", value_parser = super::value::<Slug>)]
    merged_into: Option<Slug>,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let slug = &args.slug;
    // The partner's own contact needs no clone; the committee decides on all there is.
    let near = ctx.open_near()?;
    if let Some(ahead) = near.reading_ahead() {
        ahead.expect(slug, None);
    }
    let actor = ctx.actor(&*near, None)?;
    let mut snapshot = look(&*near)?;
    let member = snapshot.program()?.may_vote(&actor);
    let whole = if member && near.reading_ahead().is_some() { Some(ctx.open()?) } else { None };
    let forge = whole.as_ref().unwrap_or(&near);
    if whole.is_some() {
        snapshot = look(&**forge)?;
    }
    let (partner, _) = find(&snapshot, slug)?;
    let sitting = Sitting { ctx, forge: &**forge, actor, snapshot };
    if !partner.life.log.is_empty() && partner.life.state != State::Active {
        if sitting.repeats(&partner, &[Kind::Exited])? {
            return Ok(());
        }
        return Err(Illegal { partner: slug.clone(), kind: Kind::Exited, state: partner.life.state }.into());
    }
    if partner.life.state != State::Active {
        return Err(Error::refused(format!("{slug} isn't a partner yet"))
            .hint(format!("take the application back with karmada-partner withdraw {slug}")));
    }
    let kind = exit_kind(ctx, args)?;
    if let Some(into) = &args.merged_into {
        if kind != ExitKind::Merged {
            return Err(
                Error::usage("--merged-into goes only with --kind merged").hint("say --kind merged, or leave it out")
            );
        }
        if into == slug {
            return Err(Error::usage(format!("{slug} can't be merged into itself"))
                .hint("name another partner with --merged-into"));
        }
    }
    let reason = reason(ctx, args.reason.as_ref())?;
    let contact = partner.record.as_ref().is_some_and(|r| r.github.is(&sitting.actor));
    if !member || (contact && kind == ExitKind::Voluntary) {
        return request(sitting, args, kind, &reason);
    }
    let voice = |open: &Proposal| {
        Ok(Voice { terms: Some(terms(ctx, args, kind, open)), ..Voice::in_favor(Some(reason.clone())) })
    };
    sitting.decide(Wish::Grant, &voice, &|s| {
        let open = open(s, slug)?;
        check_merger(s, &terms(ctx, args, kind, &open))?;
        Ok(open)
    })
}

fn exit_kind(ctx: &Context, args: &Args) -> Result<ExitKind> {
    if let Some(word) = &args.kind {
        return word.parse().map_err(|e: crate::domain::values::Invalid| Error::usage(e.why).hint(e.hint));
    }
    let question = Question { label: "Why does it leave?", flag: "--kind", default: None, optional: false };
    match (ctx.prompt.can_ask(), &args.reason) {
        (false, None) => {
            Err(Error::usage("an exit needs a kind and a reason").hint("give them with --kind and --reason"))
        }
        _ => ctx.prompt.choose(question, ExitKind::WORDS, 0).map(|n| ExitKind::ALL[n]),
    }
}

/// The reason that was given, or asked for.
pub(super) fn reason(ctx: &Context, given: Option<&Line>) -> Result<Line> {
    if let Some(reason) = given {
        return Ok(reason.clone());
    }
    let question =
        Question { label: "Reason, for everybody to read", flag: "--reason", default: None, optional: false };
    let answer = ctx.prompt.text(question, &|s| s.parse::<Line>().map(drop))?;
    answer.parse().map_err(|e: crate::domain::values::Invalid| Error::usage(e.why).hint(e.hint))
}

/// The terms: what isn't said is as proposed already for this kind of exit, so that two members don't differ by the day
/// they vote on.
fn terms(ctx: &Context, args: &Args, kind: ExitKind, open: &Proposal) -> Terms {
    let proposed = open.terms().filter(|terms| terms.kind == kind);
    Terms {
        kind,
        effective: args.effective.or(proposed.map(|t| t.effective)).unwrap_or_else(|| ctx.now.date()),
        merged_into: args.merged_into.clone().or_else(|| proposed.and_then(|t| t.merged_into.clone())),
    }
}

/// Who is merged into a partner must find it there, whenever that is decided.
fn check_merger(snapshot: &Snapshot<'_>, terms: &Terms) -> Result<()> {
    let Some(into) = &terms.merged_into else { return Ok(()) };
    if find(snapshot, into)?.0.life.state != State::Active {
        return Err(Error::refused(format!("{into} isn't an active partner"))
            .hint("leave --merged-into out, and name the organization in the reason"));
    }
    Ok(())
}

/// The open exit, or a new one.
fn open(snapshot: &Snapshot<'_>, slug: &Slug) -> Result<Proposal> {
    let partner = snapshot.landed(slug)?;
    if partner.life.state != State::Active {
        return Err(Illegal { partner: slug.clone(), kind: Kind::Exited, state: partner.life.state }.into());
    }
    match snapshot.proposal(slug, Subject::Exit)? {
        Some(open) => Ok(open),
        None => deciding::begin(snapshot, &partner, Subject::Exit),
    }
}

/// The partner's own side asks to leave: recorded, for one member to confirm.
fn request(sitting: Sitting<'_>, args: &Args, kind: ExitKind, reason: &Line) -> Result<()> {
    let Sitting { ctx, forge, ref actor, mut snapshot } = sitting;
    let slug = &args.slug;
    let outcome = publish::publish(ctx, forge, &mut snapshot, "Ask to leave, for everybody to read?", |snapshot| {
        let proposal = open(snapshot, slug)?;
        let name = proposal.name().to_owned();
        let program: Program = snapshot.decided_program()?;
        let relation = proposal.relation();
        match kind {
            ExitKind::Voluntary => authorize(&program, actor, Intent::RequestExit(relation))?,
            _ if relation.is_contact(actor) => {
                return Err(Error::new(ErrorKind::NotAllowed, format!("{actor} can ask only for a voluntary exit"))
                    .hint("say --kind voluntary; other kinds are for the committee to propose"));
            }
            _ => authorize(&program, actor, Intent::Vote)?,
        };
        let terms = terms(ctx, args, kind, &proposal);
        let same = |v: &Vote| v.actor.is(actor) && v.ballot == Ballot::Request && v.terms.as_ref() == Some(&terms);
        if proposal.votes.iter().any(|v| same(&v.vote)) {
            return Ok(Plan { changes: Vec::new(), report: name });
        }
        let by = Speaker { actor, time: ctx.now, policy: program.hash };
        let said = proposal.say(snapshot.registry()?, Ballot::Request, by, Some(terms));
        let mut request = Vote { note: Some(reason.clone()), ..said };
        ctx.sign_vote(forge.repo(), &program, &mut request)?;
        let change = Change {
            title: format!("{slug}: {} asks to leave the program", proposal.name()),
            notes: vec![format!("Reason: {reason}")],
            puts: vec![(deciding::vote_file(&proposal, actor), Put::Bytes(request.to_string().into_bytes()))],
            block: request.to_string(),
            target: Target::Proposal { branch: branch_for(slug, Subject::Exit), fresh: proposal.votes.is_empty() },
            author: ctx.author(forge, actor),
        };
        debug_assert!(change.puts[0].0.starts_with(PARTNERS));
        Ok(Plan { changes: vec![change], report: name })
    })?;
    let Some((name, published)) = outcome.settled(ctx) else { return Ok(()) };
    let commit = published.commits.last();
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "subject": Subject::Exit, "changed": commit.is_some(),
            "decided": false, "requested": true, "commit": commit.map(ToString::to_string),
            "links": published.links,
        }));
    }
    let Some(commit) = commit else { return ctx.ui.data("Nothing to do: this request is there already.\n") };
    let name = text::visible(&name);
    let links = crate::workflow::words::links(&published);
    ctx.ui.data(&format!("Sent: {name} asks to leave.\nCommit: {} on exit/{slug}\n{links}", short(*commit)))?;
    ctx.ui.say("Next: one member of the committee confirms it.");
    Ok(())
}
