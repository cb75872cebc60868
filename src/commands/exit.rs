//! `exit`: a partner leaves, because it wants to or because the committee decides so.

use serde_json::json;

use super::voting::Voting;
use crate::domain::log::event::Terms;
use crate::domain::log::kinds::{Ballot, ExitKind};
use crate::domain::log::message::{About, Message};
use crate::domain::paths::{PARTNERS, vote_path};
use crate::domain::program::admission::{Entry, Opened, Relation, admit, admit_member};
use crate::domain::{Date, Kind, Line, Login, Program, Slug, State, Subject, Vote, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::git::Put;
use crate::prompt::Question;
use crate::registry::change::{Change, Target};
use crate::registry::{Partner, Proposal, Snapshot, Speaker, branch_for};
use crate::session::publish::{self, Plan, Shown};
use crate::session::{Context, identity};
use crate::workflow::contested::Choosing;
use crate::workflow::counting::Wish;
use crate::workflow::deciding::{self, Sitting, Voice};
use crate::workflow::described;
use crate::workflow::lapsed::refuse_lapsed;
use crate::workflow::lookup::{find, in_sandbox, look};
use crate::workflow::possible::Finding;
use crate::workflow::words::short;

/// Let a partner leave, with a reason
///
/// Run by a member, it adds a vote for the exit, and decides as soon as the votes carry it. Run by the partner's own
/// contact with --kind voluntary, it asks to leave; one member is then enough.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner exit globex --kind voluntary --reason \"we stop\"
  karmada-partner exit globex --kind inactive --reason \"no answer for a year\"")]
pub struct Args {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
    /// Why, in one word [default: as proposed already]
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(ExitKind::WORDS))]
    kind: Option<String>,
    /// Why, in a sentence, for everybody to read [default: as proposed already]
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = super::said)]
    reason: Option<Line>,
    /// From which day on [default: that of the open proposal, or today]
    #[arg(long, value_name = "DATE", value_parser = super::value::<Date>)]
    effective: Option<Date>,
    /// The partner it became part of; with --kind merged
    #[arg(long, value_name = "SLUG", value_parser = super::slug)]
    merged_into: Option<Slug>,
    /// Propose it in place of the exit that is open, which is another's
    #[arg(long)]
    instead: bool,
    #[command(flatten)]
    voting: Voting,
}

impl Args {
    /// Whether they are the terms of the last exit, as far as they say any: else it is another that is wished for.
    fn are_those_of(&self, partner: &Partner) -> bool {
        let Some(terms) = partner.life.log.last().and_then(|l| l.event.terms.as_ref()) else { return true };
        self.kind.as_deref().is_none_or(|kind| kind == terms.kind.word())
            && self.effective.is_none_or(|day| day == terms.effective)
            && self.merged_into.as_ref().is_none_or(|into| Some(into) == terms.merged_into.as_ref())
    }
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let slug = &args.slug;
    // The partner's own contact needs no clone; the committee decides on all there is.
    let near = ctx.open_near()?;
    if let Some(ahead) = near.reading_ahead() {
        ahead.expect(slug, None);
    }
    let mut snapshot = look(ctx, &*near)?;
    let own = args.kind.as_deref() == Some(ExitKind::Voluntary.word());
    let role = if own { in_sandbox(ctx, &snapshot, slug) } else { None };
    let actor = ctx.actor(&*near, role.as_ref()).map_err(|e| {
        let joins = !args.instead && snapshot.open(slug, Subject::Exit).is_ok_and(|open| !open.is_empty());
        let has_kind = args.kind.is_some() || args.merged_into.is_some() || joins;
        ctx.besides_unanswered(e, &[("--kind", has_kind), ("--reason", args.reason.is_some() || joins)])
    })?;
    let member = snapshot.program()?.may_vote(&actor);
    let whole = if member && near.reading_ahead().is_some() { Some(ctx.open()?) } else { None };
    let forge = whole.as_ref().unwrap_or(&near);
    if whole.is_some() {
        snapshot = look(ctx, &**forge)?;
    }
    let (partner, about) = find(&snapshot, slug)?;
    let sitting = Sitting { ctx, forge: &**forge, actor, snapshot };
    let finding = Finding { ctx, forge: sitting.forge, snapshot: &sitting.snapshot, partner: &partner, open: &about };
    if !partner.life.log.is_empty() && partner.life.state != State::Active {
        if args.are_those_of(&partner) && sitting.repeats(&partner, &[Kind::Exited])? {
            return Ok(());
        }
        return Err(finding.illegal(Kind::Exited, Some(&sitting.actor)));
    }
    if partner.life.state != State::Active {
        let not_yet = Error::refused(tr!("{slug} isn't a partner yet", slug));
        let turns_down = member && about.iter().any(|p| p.subject == Subject::Application && !p.lapsed);
        let not_yet = match turns_down {
            true => {
                not_yet.hint(tr!("to turn the application down: karmada-partner reject {slug} --reason TEXT", slug))
            }
            false => not_yet,
        };
        return Err(finding.hint(not_yet, Some(&sitting.actor)));
    }
    if about.iter().any(|p| p.subject == Subject::Update) {
        ctx.ui.say(&tr!("An update of {slug} waits; an exit that is decided ends it.", slug));
    }
    let choosing = Choosing::new(ctx, &**forge, &args.voting.which);
    let proposed = choosing.exit(&sitting.snapshot, slug)?;
    let opened = refuse_at_once(&sitting, &choosing, args, member)?;
    let is_own = |p: &Proposal| !p.lapsed && p.is_opened_by(&sitting.actor);
    if let Some(open) = proposed.as_ref().filter(|p| args.instead && !is_own(p)) {
        ctx.ui.say(&tr!("Yours comes in place of another: {exit}", exit = in_words(open)));
    }
    let proposed = proposed.filter(|_| !args.instead);
    if let Some(open) = proposed.as_ref().filter(|_| args.kind.is_none() || args.reason.is_none()) {
        ctx.ui.say(&in_words(open));
    }
    let terms_there = proposed.as_ref().and_then(Proposal::terms);
    let joins = proposed.as_ref().is_some_and(|open| described::word(open).is_some());
    ctx.refuse_unanswered(&[
        ("--kind", args.kind.is_some() || args.merged_into.is_some() || terms_there.is_some()),
        ("--reason", args.reason.is_some() || joins),
    ])?;
    let kind = exit_kind(ctx, args, proposed.as_ref(), member)?;
    refuse_other_kind(args, kind)?;
    let own = identity(sitting.forge, &sitting.actor)?;
    let contact = Relation { record: partner.record.as_ref(), life: &partner.life }.is_contact(own);
    let requests = !member || (contact && kind == ExitKind::Voluntary);
    let interest = if requests { None } else { sitting.stake(&opened, args.voting.interest())? };
    // Who joins in needs no words of their own.
    let joined = proposed.as_ref().filter(|p| p.terms().is_some_and(|t| t.kind == kind)).and_then(described::word);
    // A vote that was made by hand may say what acts.
    let joined = joined.and_then(|word| Line::put_at_rest(word.as_str()).ok());
    let reason = reason(ctx, args.reason.as_ref().or(joined.as_ref()))?;
    if requests {
        return request(sitting, args, kind, &reason);
    }
    let voice = |open: &Proposal| {
        let terms = Some(terms(ctx, args, kind, open));
        Ok(Voice { interest, terms, ..Voice::in_favor(Some(reason.clone())) })
    };
    let actor = sitting.actor.clone();
    sitting.decide(Wish::Grant, &voice, &|s| {
        let open = open(&choosing, s, slug, &actor, args.instead)?;
        refuse_lapsed(&open)?;
        let terms = terms(ctx, args, kind, &open);
        refuse_unseen_terms(&open, &actor, args)?;
        refuse_unfit_day(ctx, &open.partner, terms.effective)?;
        refuse_other_terms(&open, &actor, &terms)?;
        check_merger(s, terms.merged_into.as_ref())?;
        Ok(open)
    })
}

/// What needs no answer to be refused; gives what is open, or begins it.
fn refuse_at_once(sitting: &Sitting<'_>, choosing: &Choosing<'_>, args: &Args, member: bool) -> Result<Proposal> {
    let Sitting { ctx, forge, ref actor, ref snapshot } = *sitting;
    let slug = &args.slug;
    let kind: Option<ExitKind> = args.kind.as_ref().and_then(|word| word.parse().ok());
    let open = match member {
        true => {
            let open = open(choosing, snapshot, slug, actor, args.instead)?;
            deciding::refuse_at_once(forge, snapshot, &open, actor)?;
            refuse_unseen_terms(&open, actor, args)?;
            open
        }
        false => asked_for(choosing, snapshot, actor, args, kind.unwrap_or(ExitKind::Voluntary))?,
    };
    if let Some(day) = args.effective {
        refuse_unfit_day(ctx, &open.partner, day)?;
    }
    if args.merged_into.as_ref() == Some(slug) {
        return Err(Error::usage(tr!("{slug} can't be merged into itself", slug))
            .hint(tr!("name another partner with --merged-into")));
    }
    if let Some(kind) = kind {
        refuse_other_kind(args, kind)?;
    }
    check_merger(snapshot, args.merged_into.as_ref())?;
    Ok(open)
}

fn refuse_other_kind(args: &Args, kind: ExitKind) -> Result<()> {
    if args.merged_into.is_some() && kind != ExitKind::Merged {
        return Err(Error::usage(tr!("--merged-into goes only with --kind merged"))
            .hint(tr!("say --kind merged, or leave it out")));
    }
    Ok(())
}

/// The exit that is open, in words.
fn in_words(open: &Proposal) -> String {
    let slug = &open.partner.slug;
    let words = match open.opener() {
        Some(by) => tr!("An exit of {slug} is proposed by {by}", slug, by),
        None => tr!("An exit of {slug} is proposed", slug),
    };
    match open.terms() {
        Some(terms) => tr!("{words}: {terms}.", words, terms = described::terms(terms, described::word(open))),
        None => tr!("{words}.", words),
    }
}

/// A day that the log would not take.
fn refuse_unfit_day(ctx: &Context, partner: &Partner, effective: Date) -> Result<()> {
    match partner.life.unfit_day(effective, ctx.now.date()) {
        Some(why) => Err(Error::usage(tr!("{partner}: {why}", partner = partner.slug, why))
            .hint(tr!("give the day from which on it is no partner with --effective"))),
        None => Ok(()),
    }
}

/// Who opened an exit sets its terms, and corrects them; others vote on these, or propose another exit.
fn refuse_other_terms(open: &Proposal, actor: &Login, terms: &Terms) -> Result<()> {
    let slug = &open.partner.slug;
    if open.terms().is_none_or(|proposed| proposed == terms) || open.is_opened_by(actor) {
        return Ok(());
    }
    Err(Error::refused(tr!(
        "{exit} Yours, {kind} from {day} on, is another proposal",
        exit = in_words(open),
        kind = terms.kind.told(),
        day = terms.effective
    ))
    .hint(tr!(
        "vote on what is proposed: karmada-partner exit {slug}; or against it: karmada-partner reject {slug} --proposal exit --reason TEXT",
        slug
    ))
    .hint(tr!("propose yours in its place with --instead")))
}

/// Who has voted on other terms than those of now says what is new of them, or hasn't seen it.
fn refuse_unseen_terms(open: &Proposal, actor: &Login, args: &Args) -> Result<()> {
    let is_own = open.is_opened_by(actor);
    let (Some(last), Some(now)) = (open.last_vote_of(actor).filter(|_| !is_own), open.terms()) else { return Ok(()) };
    let was = last.terms.as_ref();
    let same_words = last.log == open.log_due(last);
    let seen = (args.kind.is_some() || (was.is_some_and(|was| was.kind == now.kind) && same_words))
        && (args.effective.is_some() || was.is_some_and(|was| was.effective == now.effective))
        && (args.merged_into.is_some() || was.is_some_and(|was| was.merged_into == now.merged_into));
    if seen {
        return Ok(());
    }
    let (slug, kind, day) = (&open.partner.slug, now.kind.word(), now.effective);
    let into = now.merged_into.as_ref().map(|into| format!(" --merged-into {into}")).unwrap_or_default();
    Err(Error::refused(tr!(
        "the exit of {slug} isn't what {actor} voted on, on {voted}: {terms}",
        slug,
        actor,
        voted = last.time.date(),
        terms = described::terms(now, described::word(open))
    ))
    .hint(tr!(
        "to vote on that: karmada-partner exit {slug} --kind {kind} --effective {day}{into}",
        slug,
        kind,
        day,
        into
    ))
    .hint(tr!("or look at it first: karmada-partner review {slug} --proposal exit", slug)))
}

fn exit_kind(ctx: &Context, args: &Args, open: Option<&Proposal>, member: bool) -> Result<ExitKind> {
    if let Some(word) = &args.kind {
        return word.parse().map_err(|e: crate::domain::values::Invalid| Error::usage(e.why).hint(e.hint));
    }
    if let Some(terms) = open.and_then(Proposal::terms) {
        return Ok(terms.kind);
    }
    // The partner's own side can ask for no other.
    if !member {
        return Ok(ExitKind::Voluntary);
    }
    if args.merged_into.is_some() {
        return Ok(ExitKind::Merged);
    }
    let question = Question { label: tr!("Why does it leave?"), flag: "--kind", default: None, optional: false };
    let kinds: Vec<&str> = ExitKind::ALL.iter().map(|kind| kind.told()).collect();
    ctx.prompt.choose(question, &kinds, 0).map(|n| ExitKind::ALL[n])
}

/// The reason that was given, or asked for.
pub(super) fn reason(ctx: &Context, given: Option<&Line>) -> Result<Line> {
    if let Some(reason) = given {
        return Ok(reason.clone());
    }
    let label = tr!("Reason, for everybody to read");
    let question = Question { label, flag: "--reason", default: None, optional: false };
    let answer = ctx.prompt.text(question, &|s| Line::said(s).map(drop))?;
    Line::said(&answer).map_err(|e| Error::usage(e.why).hint(e.hint))
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
fn check_merger(snapshot: &Snapshot<'_>, into: Option<&Slug>) -> Result<()> {
    let Some(into) = into else { return Ok(()) };
    if find(snapshot, into)?.0.life.state != State::Active {
        return Err(Error::refused(tr!("{into} isn't an active partner", into))
            .hint(tr!("leave --merged-into out, and name the organization in the reason")));
    }
    Ok(())
}

/// The open exit, or a new one; `instead`: in place of another's, on which nobody but its opener has voted.
fn open(
    choosing: &Choosing<'_>,
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    actor: &Login,
    instead: bool,
) -> Result<Proposal> {
    let partner = snapshot.landed(slug)?;
    if partner.life.state != State::Active {
        return Err(choosing.finding(snapshot, &partner, &[]).illegal(Kind::Exited, Some(actor)));
    }
    // An exit is about the facts in force.
    snapshot.refuse_undecided_facts(&partner)?;
    let Some(open) = choosing.exit(snapshot, slug)? else {
        return deciding::begin(snapshot, &partner, Subject::Exit);
    };
    let own = !open.lapsed && open.is_opened_by(actor);
    if !instead || own {
        return Ok(open);
    }
    if !open.lapsed
        && let Some(other) = open.votes.iter().find(|c| !open.is_opened_by(&c.vote.actor))
    {
        let (exit, who) = (in_words(&open), &other.vote.actor);
        return Err(Error::refused(tr!("{exit} {who} has voted on it, too", exit, who))
            .hint(tr!("turn it down first: karmada-partner reject {slug} --proposal exit --reason TEXT", slug)));
    }
    // The branch begins anew, and what was on it is kept as a closed one.
    deciding::begin(snapshot, &partner, Subject::Exit)
}

/// The exit that the partner's own side asks for, or goes on asking for.
fn asked_for(
    choosing: &Choosing<'_>,
    snapshot: &Snapshot<'_>,
    actor: &Login,
    args: &Args,
    kind: ExitKind,
) -> Result<Proposal> {
    let slug = &args.slug;
    let mut proposal = open(choosing, snapshot, slug, actor, false)?;
    if proposal.gives_way(args.instead) {
        proposal = deciding::begin(snapshot, &snapshot.landed(slug)?, Subject::Exit)?;
    }
    refuse_lapsed(&proposal)?;
    let program = snapshot.decided_program()?;
    let (relation, by) = (proposal.relation(), identity(choosing.forge, actor)?);
    let asks = Entry::Voice(Ballot::Request, Subject::Exit);
    match kind {
        ExitKind::Voluntary => admit(&program, by, asks, relation, Opened::default())?,
        _ if relation.is_contact(by) => {
            return Err(Error::new(ErrorKind::NotAllowed, tr!("{actor} can ask only for a voluntary exit", actor))
                .hint(tr!("say --kind voluntary; other kinds are for the committee to propose")));
        }
        _ => admit_member(&program, by)?,
    };
    if !proposal.votes.is_empty() && !proposal.is_opened_by(actor) {
        let exit = in_words(&proposal);
        return Err(Error::refused(tr!("{exit} It is for the committee to decide", exit))
            .hint(tr!("karmada-partner status {slug} tells how it stands", slug)));
    }
    Ok(proposal)
}

/// The partner's own side asks to leave: recorded, for one member to confirm.
fn request(sitting: Sitting<'_>, args: &Args, kind: ExitKind, reason: &Line) -> Result<()> {
    let Sitting { ctx, forge, ref actor, mut snapshot } = sitting;
    let slug = &args.slug;
    let choosing = Choosing::new(ctx, forge, &args.voting.which);
    let outcome =
        publish::publish(ctx, forge, &mut snapshot, tr!("Ask to leave, for everybody to read?"), |snapshot| {
            let proposal = asked_for(&choosing, snapshot, actor, args, kind)?;
            let name = proposal.name().to_owned();
            let program: Program = snapshot.decided_program()?;
            let terms = terms(ctx, args, kind, &proposal);
            refuse_unfit_day(ctx, &proposal.partner, terms.effective)?;
            let same = |v: &Vote| v.actor.is(actor) && v.ballot == Ballot::Request && v.terms.as_ref() == Some(&terms);
            if let Some(there) = proposal.votes.iter().find(|v| same(&v.vote)) {
                return Ok(Plan::new(Vec::new(), (name, terms, there.vote.note.clone())));
            }
            let by = Speaker { actor, time: ctx.time_after(proposal.last_time(actor))?, policy: program.hash };
            let said = proposal.say(snapshot.registry()?, Ballot::Request, by, Some(terms.clone()));
            let mut request = Vote { note: Some(reason.clone()), ..said };
            ctx.sign_vote(&*forge, &program, &mut request)?;
            let file = deciding::next_vote(ctx, forge.repo(), &program, &proposal.votes, actor)?;
            let Message { title, notes } = Message::of_vote(&request, About::named(proposal.name()));
            let change = Change {
                title,
                notes,
                puts: vec![(vote_path(slug, proposal.round, &file), Put::Bytes(request.to_string().into_bytes()))],
                block: request.to_string(),
                target: Target::Proposal { branch: branch_for(slug, Subject::Exit), fresh: proposal.is_fresh() },
                author: ctx.author(forge, actor)?,
            };
            debug_assert!(change.puts[0].0.starts_with(PARTNERS));
            let asked = tr!(
                "This will be asked of the committee, for everybody to read, about {name}:",
                name = text::visible(&name)
            );
            let wish = tr!("to leave the program: {terms}", terms = described::terms(&terms, request.note.as_ref()));
            let shown =
                Shown { words: format!("{asked}\n  {wish}\n"), about: described::about(&proposal), wary: false };
            Ok(Plan { changes: vec![change], report: (name, terms, request.note), shown: Some(shown) })
        })?;
    let Some(((name, terms, reason), published)) = outcome.settled(ctx) else { return Ok(()) };
    let commit = published.commits.last();
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "subject": Subject::Exit, "changed": commit.is_some(),
            "decided": false, "requested": true, "terms": terms, "reason": reason, "commit": commit.map(ToString::to_string),
            "links": published.links,
        }));
    }
    let Some(commit) = commit else {
        return ctx.ui.data(tr!("Nothing to do: this request is there already.\n"));
    };
    let name = text::visible(&name);
    let links = crate::workflow::words::links(&published);
    let terms = described::terms(&terms, reason.as_ref());
    ctx.ui.data(&tr!(
        "Sent: {name} asks to leave.\nTerms of the exit: {terms}.\nCommit: {commit} on {branch}\n{links}",
        name,
        terms,
        commit = short(*commit),
        branch = format!("exit/{slug}"),
        links
    ))?;
    ctx.ui.say(tr!("Next: one member of the committee confirms it."));
    Ok(())
}
