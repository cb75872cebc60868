//! What benefit, jobs and renew share: events that are written down about a partner, and that nobody votes on.

use serde_json::json;

use super::described::about_entry;
use super::lookup::{find, in_sandbox, look};
use super::possible::Finding;
use super::words::{links, short};
use crate::domain::log::bounds;
use crate::domain::log::detail::{Detail, Stage};
use crate::domain::log::lifecycle::Step;
use crate::domain::log::message::{About, Message};
use crate::domain::log::words::happening;
use crate::domain::paths::event_path;
use crate::domain::program::admission::{Entry, Opened, Relation, admit};
use crate::domain::program::permit::Permit;
use crate::domain::program::upkeep_rules::Website;
use crate::domain::{Date, Event, Facts, HttpLink, Kind, Login, Objects, Program, Slug, Subject, text, upkeep};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::git::Put;
use crate::registry::change::{Change, Target};
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::publish::{self, Plan, Shown};
use crate::session::{Context, identity};

#[derive(Debug, Clone)]
pub struct Note {
    pub kind: Kind,
    pub detail: Option<Detail>,
    pub link: Option<HttpLink>,
    /// What a person reads before it is agreed to, where that isn't the event itself.
    pub shown: Option<String>,
}

/// What is to be written down, on a snapshot; or what says so already.
pub type What<'a> = &'a dyn Fn(&Snapshot<'_>, &Partner) -> Result<std::result::Result<Note, Already>>;

/// That nothing has to be written down.
#[derive(Debug)]
pub struct Already {
    /// The event that says so.
    pub event: Event,
    /// What was to be written down.
    pub kind: Kind,
    /// How it is now, where the event says it otherwise.
    pub words: Option<String>,
}

impl From<Event> for Already {
    fn from(event: Event) -> Self {
        Self { kind: event.kind, event, words: None }
    }
}

/// Writes an event about a partner onto the default branch. `what` is asked on every new snapshot.
pub fn note(ctx: &Context, slug: &Slug, question: &str, what: What<'_>) -> Result<()> {
    let forge = ctx.open()?;
    let seen = look(ctx, &*forge)?;
    note_on(ctx, &*forge, seen, slug, question, what)
}

/// The same on a registry that was looked at before.
pub fn note_on<'f>(
    ctx: &Context,
    forge: &'f dyn Forge,
    mut seen: Snapshot<'f>,
    slug: &Slug,
    question: &str,
    what: What<'_>,
) -> Result<()> {
    let outcome = publish::publish(ctx, forge, &mut seen, question, |now| plan(ctx, forge, now, slug, what))?;
    let Some(((Already { event, kind, words }, name), published)) = outcome.settled(ctx) else { return Ok(()) };
    let commit = published.commits.last();
    if ctx.globals.json {
        // What is so by something else, by a day or an exit, no event of that kind says.
        let own = Some(&event).filter(|event| event.kind == kind);
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "event": kind, "seq": own.map(|e| e.seq), "detail": own.map(|e| &e.detail),
            "changed": commit.is_some(), "commit": commit.map(ToString::to_string),
            "waits": published.waits, "links": published.links,
        }));
    }
    let done = match commit {
        None => tr!("Nothing to do"),
        Some(_) if published.waits => tr!("Proposed"),
        Some(_) => tr!("Recorded"),
    };
    let commit = commit.map(|c| tr!("Commit: {commit}", commit = short(*c)) + "\n").unwrap_or_default();
    let happened = text::visible(&words.unwrap_or_else(|| happening(&event, &name)));
    ctx.ui.data(&(tr!("{done}: {what}.", done, what = happened) + "\n" + &commit + &links(&published)))?;
    if kind == Kind::Posted {
        ctx.ui.say(&tr!("To close it: karmada-partner jobs close {slug} {seq}", slug, seq = event.seq));
    }
    if published.waits {
        ctx.ui.say(tr!("It is on record when a member of the committee merges the pull request."));
    }
    Ok(())
}

/// Whether an event of this kind may follow in a partner's log.
fn may_be(partner: &Partner, kind: Kind) -> bool {
    partner.life.state.after(kind, Subject::Upkeep).is_some()
}

/// What needs no answer to be refused: gives the partner about whom an event of this kind may be written down by who acts.
pub fn refuse_at_once(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    kind: Kind,
) -> Result<Partner> {
    let (partner, open) = find(snapshot, slug)?;
    ground(Finding { ctx, forge, snapshot, partner: &partner, open: &open }, kind)?;
    Ok(partner)
}

/// On what an event is written down: who may, and on which facts.
struct Ground {
    actor: Login,
    program: Program,
    permit: Permit,
    on: (Facts, Objects),
}

fn ground(finding: Finding<'_>, kind: Kind) -> Result<Ground> {
    let Finding { ctx, forge, snapshot, partner, open } = finding;
    let slug = &partner.slug;
    if !may_be(partner, kind) {
        return Err(finding.illegal_for_anybody(kind));
    }
    // Both would be the next event of its log, and only one can be.
    if open.iter().any(|p| p.subject == Subject::Application) {
        return Err(Error::refused(tr!("{slug} has applied again, and that isn't decided yet", slug))
            .hint(tr!("decide it first: karmada-partner review {slug}", slug)));
    }
    let own = matches!(kind, Kind::Posted | Kind::Closed | Kind::Renewed);
    let role = if own { in_sandbox(ctx, snapshot, slug) } else { None };
    let actor = ctx.acting(forge, role.as_ref(), &[])?;
    let program = snapshot.decided_program()?;
    let relation = Relation { record: partner.record.as_ref(), life: &partner.life };
    let by = identity(forge, &actor)?;
    let permit = admit(&program, by, Entry::Event(kind, Subject::Upkeep), relation, Opened::default())?;
    let Some(on) = partner.life.landed else { return Err(finding.illegal(kind, Some(&actor))) };
    snapshot.refuse_undecided_facts(partner)?;
    Ok(Ground { actor, program, permit, on })
}

fn plan(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    what: What<'_>,
) -> Result<Plan<(Already, String)>> {
    let (partner, open) = find(snapshot, slug)?;
    let name = partner.name().to_owned();
    let finding = Finding { ctx, forge, snapshot, partner: &partner, open: &open };
    let note = match what(snapshot, &partner)? {
        Ok(note) => note,
        Err(already) if may_be(&partner, already.kind) => return Ok(Plan::new(Vec::new(), (already, name))),
        // What was so once needn't be any more.
        Err(already) => return Err(finding.illegal_for_anybody(already.kind)),
    };
    let Ground { actor, program, permit, on: (facts, objects) } = ground(finding, note.kind)?;
    if let Some(why) = note.detail.as_ref().and_then(|detail| bounds::unfit_day(detail, ctx.now.date())) {
        return Err(Error::usage(why).hint(tr!("name an earlier day")));
    }
    let step = Step {
        detail: note.detail,
        ..Step::new(note.kind, Subject::Upkeep, partner.life.application_round(), facts, objects)
    };
    let time = ctx.time_after(partner.life.last_time())?;
    let mut event = partner.life.record(snapshot.registry()?, slug, permit, time, step)?;
    event.link = note.link;
    ctx.sign_event(forge, &program, &mut event)?;
    let block = event.to_string();
    let Message { title, notes } = Message::of_event(&event, About::named(&name));
    let change = Change {
        title,
        notes,
        puts: vec![(event_path(slug, event.seq), Put::Bytes(block.clone().into_bytes()))],
        block,
        target: Target::Direct,
        author: ctx.author(forge, &actor)?,
    };
    let words = note.shown.unwrap_or_else(|| written_down(&event, &name));
    let shown = Shown { words, about: about_entry(slug, &name, partner.record.as_ref()), wary: false };
    Ok(Plan { changes: vec![change], report: (event.into(), name), shown: Some(shown) })
}

/// What is going to be written down, in words, with where it leads.
#[must_use]
pub fn written_down(event: &Event, name: &str) -> String {
    let mut out = tr!("This will be written down, for everybody to read:").to_owned() + "\n";
    out += &format!("  {}\n", text::visible(&happening(event, name)));
    out.extend(
        event
            .reason
            .as_ref()
            .map(|reason| format!("  {}\n", tr!("Reason: {reason}", reason = text::visible(reason.as_str())))),
    );
    out.extend(event.link.as_ref().map(|link| format!("  {}\n", text::visible(link.as_str()))));
    out
}

/// What ends with a partnership only when somebody ends it. `updates` are those that waited, with where each is to be seen;
/// `leaves`: its last day, where that is still to come.
#[must_use]
pub fn to_end(
    program: &Program,
    partner: &Partner,
    updates: &[(&Proposal, Option<HttpLink>)],
    leaves: Option<Date>,
) -> Vec<String> {
    let slug = &partner.slug;
    let mut out = Vec::new();
    for (update, link) in updates {
        out.push(match link {
            Some(pull) => tr!("its update is over with it, undecided: close {pull}", pull),
            None => tr!(
                "its update is over with it, undecided: the branch {branch} stays until somebody deletes it or it applies again",
                branch = update.branch
            ),
        });
    }
    if let Some(day) = leaves {
        out.push(tr!("its card stays on the website until {day}; take it off then: karmada-partner publish", day));
    } else if program.upkeep.website != Some(Website::Same) {
        out.push(tr!("take its card off the website: karmada-partner publish").to_owned());
    }
    match (upkeep::last_stage(&partner.life.log), leaves) {
        (Some((Stage::Granted, since)), Some(day)) => out.push(tr!(
            "it has early disclosure since {since}, until {day}: take it off that list then, and karmada-partner benefit add {slug} \
             --kind early-disclosure --stage ended --description …",
            since,
            day,
            slug
        )),
        (Some((Stage::Granted, since)), None) => out.push(tr!(
            "it has had early disclosure since {since}: take it off that list, then karmada-partner benefit add {slug} \
             --kind early-disclosure --stage ended --description …",
            since,
            slug
        )),
        (Some((Stage::Requested, since)), _) => {
            out.push(tr!("it asked for early disclosure on {since}: tell that list that it left", since));
        }
        (Some((Stage::Ended, _)) | None, _) => {
            out.push(
                tr!("if it is on the list for early disclosure, take it off; the log doesn't say that it is")
                    .to_owned(),
            );
        }
    }
    out
}
