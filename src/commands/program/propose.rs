//! `program propose`: ask for another policy. It is decided like everything else.

use std::path::PathBuf;

use serde_json::json;

use super::amend::{self, Amendments};
use crate::config::Location;
use crate::domain::log::event::Said;
use crate::domain::log::kinds::Ballot;
use crate::domain::log::message::{About, Message};
use crate::domain::paths::{PROGRAM, vote_path};
use crate::domain::program::admission::admit_member;
use crate::domain::votes::voters::last_of;
use crate::domain::{CastVote, Facts, Kind, Line, Login, Program, Sha256, Slug, Subject, Vote, limits, text};
use crate::error::{Error, Result};
use crate::forge::{Forge, Published};
use crate::git::Put;
use crate::registry::change::{Change, Target};
use crate::registry::{Partner, Proposal, Snapshot, branch_for};
use crate::session::publish::{self, Plan, Shown};
use crate::session::{Context, identity};
use crate::workflow::deciding;
use crate::workflow::lapsed::refuse_lapsed;
use crate::workflow::lookup::{find, look};
use crate::workflow::member_accounts::MemberAccounts;
use crate::workflow::words::{links, short};
use crate::workflow::{described, own_files, policy_changes};

/// Propose another policy: a whole file, or changes of the committee
///
/// A member proposes it, which is that member's vote in favor; the others look at it with review program, and decide with
/// approve program, by the rules of the policy that is in force.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The new program.toml; - reads it from standard input
    file: Option<PathBuf>,
    #[command(flatten)]
    amendments: Amendments,
    /// Propose it in place of a policy whose opener no longer votes
    #[arg(long)]
    instead: bool,
    /// Why, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = crate::commands::said)]
    reason: Option<Line>,
}

struct PolicyReport {
    branch: String,
    stale: usize,
    /// Whether the proposer's vote came with it.
    voted: bool,
    /// What is proposed.
    program: Program,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let file = match &args.file {
        Some(path) => Some(own_files::text(ctx, path, "program", limits::DOCUMENT)?),
        None if args.amendments.are_there() => None,
        None => {
            let nothing = Error::usage(tr!("no change was given"))
                .hint(tr!("name a file, or say what to change: --add-member, --retire, --add-organization, --add-key or --remove-key"));
            return Err(ctx.besides_who_acts(nothing));
        }
    };
    propose(ctx, args, file.as_deref()).map(drop)
}

/// Proposes a whole policy; gives whether it came to that.
pub fn text(ctx: &Context, reason: Option<Line>, text: &str) -> Result<bool> {
    propose(ctx, &Args { reason, ..Args::default() }, Some(text))
}

/// What a change goes on from: what waits already, or what is in force. Refuses whose change would be refused whatever it is.
pub fn base(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>) -> Result<String> {
    let Ground { actor, open, .. } = ground(ctx, forge, snapshot, false)?;
    let base = text_of(snapshot, open.as_ref())?;
    match of_another(open.as_ref(), &actor) {
        Some((open, by)) => {
            Err(in_the_way(open, by, &policy_changes::changes(&snapshot.program_bytes()?, base.as_bytes())?))
        }
        None => Ok(base),
    }
}

/// On what a change is proposed, and by whom.
struct Ground {
    actor: Login,
    present: Program,
    partner: Partner,
    open: Option<Proposal>,
}

fn ground(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>, instead: bool) -> Result<Ground> {
    let present = snapshot.decided_program()?;
    let actor = ctx.acting(forge, None, &[])?;
    admit_member(&present, identity(forge, &actor)?)?;
    let (partner, open) = waiting(snapshot, instead)?;
    Ok(Ground { actor, present, partner, open })
}

/// The policy that waits and isn't the actor's, with whose it is.
fn of_another<'p>(open: Option<&'p Proposal>, actor: &Login) -> Option<(&'p Proposal, &'p Login)> {
    open.and_then(|open| Some((open, open.opener()?))).filter(|(_, by)| !by.is(actor))
}

/// The program, and the policy that waits; not one whose opener no longer votes, where another is to come in its place.
fn waiting(snapshot: &Snapshot<'_>, instead: bool) -> Result<(Partner, Option<Proposal>)> {
    let (partner, open) = find(snapshot, &Slug::program())?;
    let open = open.into_iter().find(|p| !p.gives_way(instead));
    open.as_ref().map_or(Ok(()), refuse_lapsed)?;
    Ok((partner, open))
}

fn text_of(snapshot: &Snapshot<'_>, open: Option<&Proposal>) -> Result<String> {
    let bytes = match open.and_then(|p| p.partner.directory.record) {
        Some(oid) => snapshot.repo.blob(oid)?,
        None => snapshot.program_bytes()?,
    };
    String::from_utf8(bytes).map_err(|_| Error::refused(tr!("{path} isn't UTF-8", path = PROGRAM)))
}

fn propose(ctx: &Context, args: &Args, file: Option<&str>) -> Result<bool> {
    let forge = ctx.open()?;
    let mut seen = look(ctx, &*forge)?;
    deciding::catch_up(ctx, &*forge, &seen)?;
    let accounts = MemberAccounts::default();
    let question = tr!("Propose this policy, for everybody to read?");
    let outcome = publish::publish(ctx, &*forge, &mut seen, question, |snapshot| {
        plan(ctx, &*forge, snapshot, args, file, &accounts)
    })?;
    match outcome.settled(ctx) {
        Some((report, published)) => {
            tell(ctx, &seen, &report, &published)?;
            args.amendments.say_who_stays_retired(ctx, &report.program);
            Ok(true)
        }
        None => Ok(ctx.globals.dry_run),
    }
}

fn plan(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    args: &Args,
    file: Option<&str>,
    accounts: &MemberAccounts,
) -> Result<Plan<PolicyReport>> {
    let slug = Slug::program();
    let Ground { actor, present, partner, open } = ground(ctx, forge, snapshot, args.instead)?;
    let base = text_of(snapshot, open.as_ref())?;
    let text = amend::amended(ctx, file.unwrap_or(&base), &args.amendments)?;
    let what = args.file.as_ref().map_or_else(|| PROGRAM.to_owned(), |p| p.display().to_string());
    let parse = |text: &str| Program::parse_strictly(text.as_bytes()).map_err(|faults| Error::document(&what, &faults));
    let program = parse(&text)?;
    let text = match ctx.location()? {
        Location::GitHub(_) => accounts.fill_in(ctx, text, &program)?,
        _ => text,
    };
    let program = parse(&text)?;
    if let Some(why) = program.unreachable().first() {
        return Err(
            Error::refused(tr!("under this policy, {why}: it could never be carried", why)).hint(program.remedy())
        );
    }
    let branch = branch_for(&slug, Subject::Policy);
    let mut report = PolicyReport { branch: branch.clone(), stale: 0, voted: false, program };
    let landed = snapshot.program_bytes()?;
    if open.is_none() && text.as_bytes() == landed {
        return Ok(Plan::new(Vec::new(), report));
    }
    if let Some((open, by)) = of_another(open.as_ref(), &actor) {
        if text == base {
            return Ok(Plan::new(Vec::new(), report));
        }
        return Err(in_the_way(open, by, &policy_changes::changes(&landed, base.as_bytes())?));
    }
    partner.life.room_for(&slug, Kind::Updated)?;
    let facts = Facts::of(text.as_bytes(), None);
    let round = match &open {
        Some(open) => open.round,
        None => snapshot.next_round(&partner)?,
    };
    let mut votes = open.as_ref().map(|p| p.votes.clone()).unwrap_or_default();
    let counted = |v: &&CastVote| v.vote.ballot != Ballot::Request && v.vote.facts != facts && !v.vote.actor.is(&actor);
    report.stale = votes.iter().filter(counted).count();
    let last = last_of(&votes, &actor).filter(|v| v.facts == facts).map(|v| v.ballot);
    let mut time = ctx.time_after(open.as_ref().and_then(|p| p.last_time(&actor)).max(partner.life.last_time()))?;
    let mut changes = Vec::new();
    let mut voice = |ballot: Ballot, log: Option<Sha256>, program_toml: Option<String>| -> Result<Sha256> {
        let said = Said {
            registry: snapshot.registry()?,
            partner: &slug,
            round,
            subject: Subject::Policy,
            actor: &actor,
            time,
            policy: present.hash,
            facts,
            log,
        };
        let mut vote = Vote { note: args.reason.clone(), ..Vote::new(ballot, said) };
        ctx.sign_vote(forge, &present, &mut vote)?;
        let block = vote.to_string();
        let Message { title, notes } = Message::of_vote(&vote, About::named(report.program.name.as_str()));
        let name = deciding::next_vote(ctx, forge.repo(), &present, &votes, &actor)?;
        let file = vote_path(&slug, round, &name);
        let brought = program_toml.map(|text| (PROGRAM.to_owned(), Put::Bytes(text.into_bytes())));
        changes.push(Change {
            title,
            notes,
            puts: brought.into_iter().chain([(file, Put::Bytes(block.clone().into_bytes()))]).collect(),
            target: Target::Proposal { branch: branch.clone(), fresh: votes.is_empty() && open.is_none() },
            author: ctx.author(forge, &actor)?,
            block: block.clone(),
        });
        let hash = Sha256::of(block.as_bytes());
        time = ctx.time_after(Some(vote.time))?;
        votes.push(CastVote { vote, hash, file: name });
        Ok(hash)
    };
    let asked = match text == base {
        true => open.as_ref().and_then(Proposal::word),
        false => Some(voice(Ballot::Request, None, Some(text.clone()))?),
    };
    // Who asks for a policy is in favor of it; what was said since stands.
    if last.is_none() {
        voice(Ballot::Approve, asked, None)?;
        report.voted = true;
    }
    // All of what it changes is for people to read before; the commit itself shows it ever after.
    let mut words = policy_changes::changes(&landed, text.as_bytes())?;
    if report.voted {
        words += tr!("You vote in favor of it.\n");
    }
    if let Some(first) = changes.first() {
        let (branch, title) = (first.destination(), text::visible(&first.title));
        words += &(tr!("Commit on {branch}: {title}", branch, title) + "\n");
    }
    Ok(Plan { changes, report, shown: Some(Shown { words, about: String::new(), wary: false }) })
}

/// That another's policy waits, with what it changes.
fn in_the_way(open: &Proposal, by: &Login, changes: &str) -> Error {
    let why = match described::word(open).map(|word| text::visible(word.as_str())) {
        Some(word) => {
            tr!("a policy that {by} proposes ({word}) waits, which this would replace.\n{changes}", by, word, changes)
        }
        None => tr!("a policy that {by} proposes waits, which this would replace.\n{changes}", by, changes),
    };
    Error::refused(why).hint(tr!("have it decided first: karmada-partner review program; or {by} takes it back", by))
}

fn tell(ctx: &Context, snapshot: &Snapshot<'_>, report: &PolicyReport, published: &Published) -> Result<()> {
    let commit = published.commits.last();
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": Slug::program(), "subject": Subject::Policy, "changed": commit.is_some(),
            "branch": report.branch, "commit": commit.map(ToString::to_string), "links": published.links,
        }));
    }
    let Some(commit) = commit else {
        return ctx
            .ui
            .data(tr!("Nothing to do: the policy, or the one that waits for a decision, says just that already.\n"));
    };
    let links = links(published);
    let voted = if report.voted { tr!("Recorded: your vote in favor of it.\n") } else { "" };
    ctx.ui.data(&tr!(
        "Proposed: another policy; it waits for the committee.\n{voted}Commit: {commit} on {branch}\n{links}",
        voted,
        commit = short(*commit),
        branch = report.branch,
        links
    ))?;
    if report.stale > 0 {
        ctx.ui.warn(&tr!("votes cast before: {n}; they were on another policy, and no longer count", n = report.stale));
    }
    let open = snapshot.proposals().0;
    let lapsing: Vec<_> =
        open.iter().filter_map(|p| Some((&p.partner.slug, p.lapses_under(&report.program)?))).collect();
    for (slug, by) in &lapsing {
        ctx.ui.warn(&tr!("what {by} proposed about {slug} can't be decided any more once {by} doesn't vote", by, slug));
    }
    if !lapsing.is_empty() {
        ctx.ui.hint(tr!("decide that before this policy, or have it proposed again by somebody else afterwards"));
    }
    ctx.ui.say(tr!(
        "Next: members look at it with karmada-partner review program, and decide with karmada-partner approve program."
    ));
    Ok(())
}
