//! `update`: change an application that waits, or propose new facts for an active partner.

use std::path::PathBuf;

use serde_json::json;

use crate::domain::log::kinds::Ballot;
use crate::domain::log::lifecycle::Step;
use crate::domain::log::message::{About, Message, changed_fields};
use crate::domain::logo::outline;
use crate::domain::paths::PARTNERS;
use crate::domain::program::admission::{Entry, Opened, Relation, admit};
use crate::domain::program::permit::Permit;
use crate::domain::upkeep::{Reached, StandIn};
use crate::domain::{Draft, Field, Kind, Login, Program, Record, Sha256, Slug, State, Subject, text, upkeep};
use crate::error::{Error, Result};
use crate::forge::{Forge, Published};
use crate::git::Put;
use crate::registry::change::{Change, Target};
use crate::registry::{Partner, Proposal, Snapshot, branch_for, survey};
use crate::session::publish::{self, Plan, Shown};
use crate::session::{Context, identity};
use crate::workflow::contested::{Choosing, Which};
use crate::workflow::described::about_entry;
use crate::workflow::drafts::{self, DraftOf};
use crate::workflow::lapsed::refuse_lapsed;
use crate::workflow::logo_files;
use crate::workflow::lookalikes;
use crate::workflow::lookup::{in_sandbox, look};
use crate::workflow::own_issue;
use crate::workflow::proposing;
use crate::workflow::requests::{self, Request};
use crate::workflow::words::short;

/// Change an application that waits, or propose a change of a partner's facts
///
/// An application is changed in place, and votes cast on it before no longer count. A change of an active partner's
/// facts is a proposal that the committee decides. An empty value takes an optional field away: --email ''
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner update globex  # walk through the facts
  karmada-partner update globex --website https://globex.example/karmada")]
pub struct Args {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
    /// Take new values from a TOML file; flags win over it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Propose it in place of an update whose opener may no longer ask for it
    #[arg(long)]
    instead: bool,
    #[command(flatten)]
    fields: proposing::Fields,
    #[command(flatten)]
    which: Which,
}

struct UpdateReport {
    slug: Slug,
    name: String,
    state: State,
    branch: String,
    changed: Vec<Field>,
    stale: usize,
    /// Its contact, where that only stands in and nothing changes, and why.
    stands_in: Option<(Login, StandIn)>,
}

pub fn run(ctx: &Context, args: Args) -> Result<()> {
    let forge = ctx.open_near()?;
    // Where GitHub has to know who acts, better it says so before anything is typed.
    forge.account()?;
    let slug = &args.slug;
    if let Some(ahead) = forge.reading_ahead() {
        ahead.expect(slug, args.fields.github.as_ref().and_then(|l| l.parse().ok()).as_ref());
    }
    let mut snapshot = look(ctx, &*forge)?;
    let choosing = Choosing::new(ctx, &*forge, &args.which);
    let role = in_sandbox(ctx, &snapshot, slug);
    let actor = ctx.acting(&*forge, role.as_ref(), &[])?;
    let found = current(&choosing, &snapshot, slug, &actor, args.instead);
    if found.is_err() {
        own_issue::refuse_set_aside(ctx, &snapshot, slug, |issue| {
            tr!("its author edits the issue, and what is saved there is proposed anew: {issue}", issue)
        })?;
    }
    let (current, open) = found?;
    let program = snapshot.decided_program()?;
    let issue = open.as_ref().and_then(|open| Some((open, own_issue::of(open, &actor)?)));
    // Whoever wrote the issue has no right to the branch, and needs none.
    if issue.is_none() {
        permit(&*forge, &program, &actor, &current, open.as_ref())?;
    }
    let mut wanted = args.fields.into_draft();
    if let Some(path) = &args.from {
        let from = proposing::draft_from(ctx, path)?;
        wanted.keep_metadata = wanted.keep_metadata.or(from.keep_metadata);
        let mut answers = from.answers;
        answers.extend(wanted.answers);
        wanted.answers = answers;
    }
    proposing::mend(ctx, &mut wanted);
    proposing::mend_terms(ctx, &program, &mut wanted);
    let kept = DraftOf::Update(slug);
    let base = Draft::of(slug, current.record.as_ref().ok_or_else(|| unreadable(slug))?);
    if wanted.answers.is_empty() {
        if !ctx.prompt.can_ask() {
            let flags: Vec<_> = Field::ALL.iter().map(|f| f.flag()).collect();
            let nothing = Error::usage(tr!("nothing to change was given"))
                .hint(tr!("give at least one of {flags}", flags = flags.join(", ")));
            return Err(ctx.besides_consent(nothing));
        }
        refuse_to_replace(proposed_update(open.as_ref()), &actor)?;
        let question = |_: &Draft| tr!("You began to change this entry before. Go on with it?").to_owned();
        let mut draft = drafts::resumed(ctx, kept, &question)?.unwrap_or_else(|| base.clone());
        draft.keep_metadata = wanted.keep_metadata.or(draft.keep_metadata);
        for field in proposing::asked(false).filter(|f| *f != Field::Logo) {
            proposing::ask(ctx, &program, &mut draft, field, None)?;
            drafts::save_draft(ctx, kept, &draft);
        }
        proposing::ask_further(ctx, &program, &mut draft, kept)?;
        proposing::ask_for_logo(ctx, &program, &mut draft)?;
        drafts::save_draft(ctx, kept, &draft);
        // What was there and is no more was taken away.
        for field in base.answers.keys().filter(|f| draft.get(**f).is_none()) {
            wanted.answers.insert(*field, String::new());
        }
        wanted.answers.extend(draft.answers);
        wanted.keep_metadata = draft.keep_metadata;
    }
    let draft = Draft { slug: Some(slug.to_string()), ..wanted }.over(base.clone());
    let old_logo = current.logo(forge.repo())?;
    let (_, record, logo) = proposing::complete(ctx, &program, &draft, Some((&base, old_logo)))?;
    proposing::warn_about_facts(ctx, &record);
    if draft.get(Field::Logo).is_some() {
        logo_files::show(ctx, &logo);
    } else if draft.keep_metadata == Some(true) {
        ctx.ui.warn(tr!("--keep-metadata is about a logo that comes with --logo; the one on record stays as it is"));
    }
    lookalikes::show(ctx, &*forge, &snapshot, slug, &record, &logo.bytes)?;
    if let Some((open, issue)) = issue {
        let old = open.record().ok_or_else(|| unreadable(slug))?;
        let known = old.github_id.filter(|_| old.github.is(&record.github));
        let record = Record { github_id: known, ..record.clone() };
        let changed = changed_fields(&record, old, open.facts.logo != Some(Sha256::of(&logo.bytes)));
        if !changed.is_empty() && !own_issue::agreed(ctx, tr!("Change the issue that you applied with?"), issue)? {
            return Ok(());
        }
        if draft.keep_metadata == Some(true) {
            ctx.ui.warn(tr!(
                "the workflow that reads the issue takes out of the logo's file what isn't its picture, all the same"
            ));
        }
        let proposed_in = forge.link(open);
        let done =
            !changed.is_empty() && own_issue::change(ctx, issue, &program, (&draft, &changed), proposed_in.as_ref())?;
        return tell_of_issue(ctx, slug, &changed, done, issue.address.as_str());
    }
    let outcome = publish::publish(ctx, &*forge, &mut snapshot, tr!("Propose this change?"), |s| {
        plan(&choosing, &actor, s, (slug, args.instead), &record, &logo.bytes)
    })
    .map_err(|e| own_issue::at_the_issue(e, open.as_ref(), &actor))?;
    match outcome.settled(ctx) {
        Some((report, published)) => {
            drafts::drop_draft(ctx, kept);
            tell(ctx, &report, &published)
        }
        None => Ok(()),
    }
}

/// The application stands in an issue: there it was changed, and a workflow amends what is proposed.
fn tell_of_issue(ctx: &Context, slug: &Slug, changed: &[Field], done: bool, issue: &str) -> Result<()> {
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "state": State::Applied, "changed": done, "fields": changed, "branch": null,
            "commit": null, "links": [{"what": "issue", "url": issue}],
        }));
    }
    let fields: Vec<_> = changed.iter().map(|f| f.told()).collect();
    ctx.ui.data(&match done {
        true => tr!(
            "Sent: {slug}, by its issue.\nChanged: {fields}\nIssue: {issue}\n",
            slug,
            fields = fields.join(tr!("in a list" => ", ")),
            issue
        ),
        false => tr!("Nothing to do: {slug} says just that already.\n", slug),
    })?;
    if done {
        ctx.ui.say(tr!("A workflow amends the proposal within minutes, and says so there."));
    }
    Ok(())
}

fn unreadable(slug: &Slug) -> Error {
    Error::refused(tr!("{slug} has no readable partner.toml", slug))
        .hint(tr!("karmada-partner check tells what is wrong with it"))
}

/// The facts to begin from: those of the open proposal, or those in force.
fn current(
    choosing: &Choosing<'_>,
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    actor: &Login,
    instead: bool,
) -> Result<(Partner, Option<Proposal>)> {
    let (landed, proposals) = choosing.find_own(snapshot, slug, actor)?;
    choosing.must_be_open(slug, &proposals)?;
    let open = proposals.iter().find(|p| p.subject != Subject::Exit && !p.gives_way(instead)).cloned();
    open.as_ref().map_or(Ok(()), refuse_lapsed)?;
    match (open, landed.life.state) {
        (Some(open), _) => Ok((open.partner.clone(), Some(open))),
        (None, State::Active) => Ok((landed, None)),
        (None, _) => Err(choosing.finding(snapshot, &landed, &proposals).illegal(Kind::Updated, Some(actor))),
    }
}

/// Whether somebody may ask for other facts than these, or change what is open.
fn permit(
    forge: &dyn Forge,
    program: &Program,
    actor: &Login,
    partner: &Partner,
    open: Option<&Proposal>,
) -> Result<Permit> {
    // Facts that are only proposed give nobody a say.
    let own = Relation { record: partner.record.as_ref(), life: &partner.life };
    let relation = open.map_or(own, Proposal::relation);
    let matter = match open.is_some_and(is_application) {
        true => Entry::Event(Kind::Amended, Subject::Application),
        false => Entry::Voice(Ballot::Request, Subject::Update),
    };
    Ok(admit(program, identity(forge, actor)?, matter, relation, Opened::default())?)
}

fn is_application(open: &Proposal) -> bool {
    open.subject == Subject::Application
}

fn proposed_update(open: Option<&Proposal>) -> Option<&Proposal> {
    open.filter(|open| !is_application(open))
}

fn plan(
    choosing: &Choosing<'_>,
    actor: &Login,
    snapshot: &Snapshot<'_>,
    (slug, instead): (&Slug, bool),
    record: &Record,
    logo: &[u8],
) -> Result<Plan<UpdateReport>> {
    let Choosing { ctx, forge, .. } = choosing;
    let program = snapshot.decided_program()?;
    let (partner, open) = current(choosing, snapshot, slug, actor, instead)?;
    let old = partner.record.as_ref().ok_or_else(|| unreadable(slug))?;
    let is_application = open.as_ref().is_some_and(is_application);
    let permit = permit(*forge, &program, actor, &partner, open.as_ref())?;
    let previous = partner.directory.record.map(|oid| snapshot.repo.blob(oid)).transpose()?.unwrap_or_default();
    // Who speaks for itself tells its number; one that is known stays with its login.
    let known = old.github_id.filter(|_| old.github.is(&record.github));
    let record = &Record { github_id: identity(*forge, &record.github)?.id.or(known), ..record.clone() };
    let toml = record.to_toml_like(&previous);
    let (facts, objects) = proposing::facts_of(&toml, logo);
    let other_logo = partner.facts(snapshot.repo)?.is_none_or(|(f, _)| f.logo != facts.logo);
    let changed = changed_fields(record, old, other_logo);
    let mut report = UpdateReport {
        slug: slug.clone(),
        name: record.name.to_string(),
        state: if is_application { State::Applied } else { State::Active },
        branch: open.as_ref().map_or_else(|| branch_for(slug, Subject::Update), |p| p.branch.clone()),
        stale: 0,
        changed,
        stands_in: None,
    };
    if report.changed.is_empty() {
        if !is_application && let Some(named) = partner.names_its_contact(snapshot.repo) {
            let reached = Reached { slug, record: old, log: &partner.life.log, named };
            let why = upkeep::stands_in(&program, reached, || is_shared(*forge, snapshot, slug, &old.github));
            report.stands_in = why.map(|why| (old.github.clone(), why));
        }
        return Ok(Plan::new(Vec::new(), report));
    }
    refuse_to_replace(proposed_update(open.as_ref()), actor)?;
    let root = format!("{PARTNERS}/{slug}");
    let mut puts = vec![
        (format!("{root}/partner.toml"), Put::Bytes(toml.into_bytes())),
        (format!("{root}/logo.png"), Put::Bytes(logo.to_vec())),
    ];
    let about = About { changed: &report.changed, ..About::named(record.name.as_str()) };
    let author = ctx.author(*forge, actor)?;
    report.stale = open
        .iter()
        .flat_map(|p| &p.votes)
        .filter(|v| v.vote.ballot != Ballot::Request && v.vote.facts != facts)
        .count();
    let (message, block, path, fresh) = if is_application {
        let step = Step::new(Kind::Amended, Subject::Application, partner.life.application_round(), facts, objects);
        let time = ctx.time_after(partner.life.last_time())?;
        let mut event = partner.life.record(snapshot.registry()?, slug, permit, time, step)?;
        ctx.sign_event(*forge, &program, &mut event)?;
        let path = format!("{root}/log/{:04}", event.seq);
        (Message::of_event(&event, about), event.to_string(), path, false)
    } else {
        let open = open.as_ref();
        let request = Request { slug, partner: &partner, open, actor, program: &program, facts, note: None };
        let asked = requests::update(ctx, *forge, snapshot, Kind::Updated, request)?;
        (Message::of_vote(&asked.vote, about), asked.vote.to_string(), asked.path, open.is_none())
    };
    puts.push((path, Put::Bytes(block.clone().into_bytes())));
    let target = Target::Proposal { branch: report.branch.clone(), fresh };
    let Message { title, notes } = message;
    let logo = other_logo.then(|| outline::in_short(logo));
    let words = proposing::changes(&program, slug, old, record, logo.as_deref());
    let changes = vec![Change { title, notes, block, puts, target, author }];
    let about = about_entry(slug, record.name.as_str(), Some(record));
    Ok(Plan { changes, report, shown: Some(Shown { words, about, wary: false }) })
}

/// What somebody else proposed isn't replaced in silence, nor merged with something else under their name.
fn refuse_to_replace(open: Option<&Proposal>, actor: &Login) -> Result<()> {
    let Some((open, by)) = open.and_then(|p| Some((p, p.opener()?))) else { return Ok(()) };
    if by.is(actor) {
        return Ok(());
    }
    let slug = &open.partner.slug;
    let changes = match (open.record(), open.in_force()) {
        (Some(new), Some(old)) => new.differences(old).into_iter().map(|(field, ..)| field.told()).collect(),
        _ => Vec::new(),
    };
    let what = if changes.is_empty() { tr!("the logo").to_owned() } else { changes.join(tr!("in a list" => ", ")) };
    Err(Error::refused(tr!(
        "an update of {slug} by {by} waits, which this would replace; it changes {what}",
        slug,
        by,
        what
    ))
    .hint(tr!("have it decided first: karmada-partner review {slug}; or {by} takes it back", slug, by)))
}

/// Whether another that was brought in has this contact, too. Without a clone nobody knows.
fn is_shared(forge: &dyn Forge, snapshot: &Snapshot<'_>, slug: &Slug, contact: &Login) -> bool {
    let has = |other: &Partner| {
        let named = other.record.as_ref().is_some_and(|record| record.github.is(contact));
        other.slug != *slug && named && upkeep::brought_in(&other.life.log).is_some()
    };
    forge.reading_ahead().is_none() && survey::partners(snapshot).is_ok_and(|partners| partners.iter().any(has))
}

fn tell(ctx: &Context, report: &UpdateReport, published: &Published) -> Result<()> {
    let commits = &published.commits;
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1,
            "partner": report.slug,
            "state": report.state,
            "changed": !commits.is_empty(),
            "fields": report.changed,
            "branch": report.branch,
            "commit": commits.last().map(ToString::to_string),
            "links": published.links,
        }));
    }
    let name = text::visible(&report.name);
    let Some(commit) = commits.last() else {
        ctx.ui.data(&tr!("Nothing to do: {name} ({slug}) says just that already.\n", name, slug = report.slug))?;
        let slug = &report.slug;
        match &report.stands_in {
            None => {}
            Some((contact, StandIn::Unconfirmed)) => ctx.ui.hint(&tr!(
                "{contact} stands in as its contact for now; {contact} says to be its own with karmada-partner renew {slug}",
                contact,
                slug
            )),
            Some((contact, StandIn::ForIt)) => ctx.ui.hint(&tr!(
                "{contact} stands in as its contact for now; name its own with karmada-partner update {slug} --github ID",
                contact,
                slug
            )),
        }
        return Ok(());
    };
    let what = if report.state == State::Applied {
        tr!("the application is amended")
    } else {
        tr!("the update waits for the committee")
    };
    let fields: Vec<_> = report.changed.iter().map(|f| f.told()).collect();
    ctx.ui.data(&tr!(
        "Sent: {name} ({slug}), {what}.\nChanged: {fields}\nCommit: {commit} on {branch}\n{published}",
        name,
        slug = report.slug,
        what,
        fields = fields.join(tr!("in a list" => ", ")),
        commit = short(*commit),
        branch = report.branch,
        published = crate::workflow::words::links(published)
    ))?;
    if report.stale > 0 {
        ctx.ui.warn(&tr!(
            "votes cast before: {stale}; they were on the old facts, and no longer count",
            stale = report.stale
        ));
    }
    Ok(())
}
