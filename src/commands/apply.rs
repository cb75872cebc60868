//! `apply`: an organization asks to join.

use std::cell::Cell;
use std::path::PathBuf;

use serde_json::json;

use crate::domain::log::lifecycle::Step;
use crate::domain::log::message::{About, Message};
use crate::domain::paths::PARTNERS;
use crate::domain::program::Decision;
use crate::domain::program::admission::{Entry, Opened, Relation, admit};
use crate::domain::{Draft, Event, Facts, Field, Kind, Login, Program, Record, Slug, State, Subject, suggestion, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::{Forge, Published, ReadingAhead};
use crate::git::Put;
use crate::language;
use crate::prompt::Question;
use crate::registry::change::{Change, Target};
use crate::registry::{MOST_CLAIMS, Proposal, Snapshot, branch_for, claim};
use crate::session::publish::{self, Plan, Publication, Shown};
use crate::session::{Context, identity};
use crate::workflow::described::about_entry;
use crate::workflow::drafts::{self, DraftOf};
use crate::workflow::logo_files::{self, Logo, Metadata};
use crate::workflow::lookup::look;
use crate::workflow::possible::Finding;
use crate::workflow::proposing;
use crate::workflow::words::short;
use crate::workflow::{contested, form_link, lookalikes};

/// Apply to the program for an organization
///
/// Asks field by field what isn't given as a flag, checks each answer at once, shows what will be published, and
/// proposes it to the committee. Answers are kept when you stop, and offered again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner apply  # answer the questions one by one
  karmada-partner apply --template > application.toml  # a file to fill in
  karmada-partner apply --from application.toml")]
pub struct Args {
    /// Take the answers from a TOML file; flags win over it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Print a commented file for --from, and stop
    #[arg(long, conflicts_with = "from")]
    template: bool,
    /// The partner's short name in the registry [default: derived from the name]
    #[arg(long)]
    slug: Option<String>,
    #[command(flatten)]
    fields: proposing::Fields,
}

const TEMPLATE: &str = include_str!("../../templates/application.toml");
const CHINESE_TEMPLATE: &str = include_str!("../../templates/application.zh.toml");

struct ApplicationReport {
    event: Event,
    name: String,
    branch: String,
}

pub fn run(ctx: &Context, args: Args) -> Result<()> {
    if args.template {
        return ctx.ui.text(if language::is_chinese() { CHINESE_TEMPLATE } else { TEMPLATE });
    }
    let forge = ctx.open_near()?;
    let given = Draft { slug: args.slug.clone(), ..args.fields.into_draft() };
    let given = match &args.from {
        Some(path) => given.over(proposing::draft_from(ctx, path)?),
        None => given.over(Draft::default()),
    };
    let mut given = given;
    proposing::mend(ctx, &mut given);
    // Where GitHub has to know who acts, better it says so before anything is typed.
    forge.account().map_err(|e| form_link::hinted(ctx, &*forge, &given, e))?;
    let seen = look(ctx, &*forge)?;
    let program = seen.program()?;
    proposing::mend_terms(ctx, &program, &mut given);
    let asking = ctx.prompt.can_ask() && args.from.is_none();
    if !asking {
        let (slug, record, logo) = proposing::complete(ctx, &program, &given, None)?;
        if let Some(ahead) = forge.reading_ahead() {
            ahead.expect(&slug, Some(&record.github));
            ahead.expect_file(&logo.bytes, false);
        }
        return send(ctx, &*forge, &slug, &record, &logo).map(drop);
    }
    refuse_at_once(ctx, &*forge, &seen, given.slug.as_deref())?;
    let given = begin(ctx, &program, given)?;
    let mut draft = given.clone();
    guide(ctx, &*forge, &program, &given, &mut draft)?;
    loop {
        let (slug, record, logo) = proposing::complete(ctx, &program, &draft, None)?;
        if let Some(ahead) = forge.reading_ahead() {
            ahead.expect(&slug, Some(&record.github));
        }
        if contact_is_nobody(&*forge)? {
            ctx.ui.warn(&tr!("nobody on GitHub has the ID {github}", github = record.github));
            proposing::ask(ctx, &program, &mut draft, Field::Github, None)?;
            drafts::save_draft(ctx, DraftOf::Application, &draft);
            continue;
        }
        match send(ctx, &*forge, &slug, &record, &logo)? {
            Sending::Sent => {
                drafts::drop_draft(ctx, DraftOf::Application);
                return Ok(());
            }
            Sending::OnlyShown => return Ok(()),
            Sending::Declined => {}
        }
        let fields = Field::ALL;
        let mut items = vec![tr!("Stop here; the answers are kept").to_owned()];
        items.extend(fields.iter().map(|f| {
            tr!(
                "Change {field}: {answer}",
                field = f.label(),
                answer = text::visible(&draft.get(*f).map_or("–".into(), |answer| program.vocabulary.told(*f, answer)))
            )
        }));
        let items: Vec<_> = items.iter().map(String::as_str).collect();
        let question = Question { label: tr!("Not sent. What now?"), flag: "--yes", default: None, optional: false };
        match ctx.prompt.choose(question, &items, 0)? {
            0 => {
                ctx.ui.say(&tr!(
                    "Nothing was sent. Run {command} again to go on from here.",
                    command = ctx.again("apply")
                ));
                return Ok(());
            }
            n => {
                proposing::ask(ctx, &program, &mut draft, fields[n - 1], None)?;
                drafts::save_draft(ctx, DraftOf::Application, &draft);
            }
        }
    }
}

/// What needs no answer to be refused: who may apply for nobody, and under which name nobody can.
fn refuse_at_once(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>, slug: Option<&str>) -> Result<()> {
    let actor = forge.account()?.map(|account| account.login).or_else(|| ctx.known_actor());
    actor.as_ref().map_or(Ok(()), refuse_bots)?;
    snapshot.decided_program()?;
    let Some(slug) = slug else { return Ok(()) };
    if let (Some(actor), Ok(slug)) = (actor, slug.parse::<Slug>())
        && snapshot.open(&slug, Subject::Application)?.iter().any(|open| contested::is_of(open, &actor))
    {
        return Err(waits_already(&slug));
    }
    free_slug(ctx, forge, slug)
        .map_err(|e| Error::usage(tr!("{field}: {why}", field = "--slug", why = e.why)).hint(e.hint))
}

fn waits_already(slug: &Slug) -> Error {
    Error::refused(tr!("an application for {slug} waits already", slug))
        .hint(tr!("change it with karmada-partner update {slug}", slug))
        .hint(tr!(
            "another organization? choose another name with --slug; karmada-partner status {slug} tells more",
            slug
        ))
}

/// What one wrote down says by whose issue.
fn refuse_bots(actor: &Login) -> Result<()> {
    if !actor.is_bot() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotAllowed, tr!("{actor} is a bot, and a bot speaks for no organization", actor))
        .hint(tr!("it proposes what an organization asks for by the form: karmada-partner import issue")))
}

/// Says what is going to happen, and offers the answers of an earlier run.
fn begin(ctx: &Context, program: &Program, given: Draft) -> Result<Draft> {
    let rule = program.rule(Decision::Approve);
    ctx.ui.say(&tr!("You are applying to the {name}.\n\
         What you answer becomes public, and stays in a git history that nobody can make forget: name, website, GitHub ID, e-mail and logo.\n\
         The committee then judges three principles: that the organization is authentic, that the website belongs to it, and that it offers commercial support for Karmada. \
         Votes in favor needed: {quorum}.\n\
         Ctrl-C stops at any time; your answers are kept on this machine.\n", name = program.name_in(language::is_chinese()), quorum = rule.quorum));
    let question = |saved: &Draft| {
        let name = text::visible(saved.get(Field::Name).unwrap_or(tr!("an organization")));
        tr!("You began an application for {name} before. Go on with it?", name)
    };
    Ok(match drafts::resumed(ctx, DraftOf::Application, &question)? {
        Some(saved) => given.over(saved),
        None => given,
    })
}

/// Asks for whatever isn't answered yet, by a flag or in an earlier run.
fn guide(ctx: &Context, forge: &dyn Forge, program: &Program, given: &Draft, draft: &mut Draft) -> Result<()> {
    let account = forge.account()?.map(|a| a.login.to_string());
    let contact = match account.or_else(|| ctx.known_actor().map(|l| l.to_string())) {
        None => forge.repo().user()?.2,
        known => known,
    };
    let known = |field: &Field| given.get(*field).is_some() || given.is_left_out(*field);
    let lacks_logo = [Field::Name, Field::Website, Field::Github].iter().all(known)
        && ![Field::Logo, Field::NameZh].iter().any(known);
    for field in proposing::asked(lacks_logo).filter(|f| *f != Field::FormerNames) {
        if field == Field::NameZh && given.get(field).is_none() && is_chinese(draft) {
            continue;
        }
        match given.get(field).map(|answer| (answer, field.check(answer))) {
            Some((answer, Ok(()))) if field != Field::Logo => {
                ctx.ui.say(&format!(
                    "  {}",
                    tr!(
                        "{field}: {answer}",
                        field = field.label(),
                        answer = text::visible(&program.vocabulary.told(field, answer))
                    )
                ));
            }
            Some((source, Ok(()))) => match logo_files::load(ctx, source, &program.logo, Metadata::of(draft)) {
                Ok(logo) => logo_files::present(ctx, program, draft, logo)?,
                Err(e) => {
                    ctx.ui.warn(&e.message);
                    proposing::ask(ctx, program, draft, field, None)?;
                }
            },
            Some((answer, Err(e))) => {
                ctx.ui.warn(&tr!(
                    "{field} {answer}: {why}; {hint}",
                    field = field.told(),
                    answer = text::quote(answer),
                    why = e.why,
                    hint = e.hint
                ));
                proposing::ask(ctx, program, draft, field, None)?;
            }
            None if given.is_left_out(field) && !program.required.contains(&field) => {
                ctx.ui.say(&format!("  {}", tr!("{field}: {answer}", field = field.label(), answer = "–")));
            }
            None => {
                let default = contact.clone().filter(|_| field == Field::Github);
                proposing::ask(ctx, program, draft, field, default)?;
            }
        }
        drafts::save_draft(ctx, DraftOf::Application, draft);
        if let Some(ahead) = forge.reading_ahead() {
            look_ahead(ctx, ahead, program, draft, field);
        }
        // Where the name gives none, the website's host may.
        let asks_now = if draft.get(Field::Name).is_some_and(|name| suggestion::of_name(name).is_some()) {
            Field::Name
        } else {
            Field::Website
        };
        if field == asks_now && given.slug.is_none() {
            let suggested = draft.slug().ok().map(|s| s.to_string());
            ctx.ui.say(tr!("It stands for you in commands and addresses: small letters, digits and hyphens."));
            proposing::ask_slug(ctx, draft, suggested.as_deref(), &|s| free_slug(ctx, forge, s))?;
            drafts::save_draft(ctx, DraftOf::Application, draft);
        }
    }
    proposing::ask_further(ctx, program, draft, DraftOf::Application)
}

/// Whether the name needs no Chinese one beside it.
fn is_chinese(draft: &Draft) -> bool {
    draft.get(Field::Name).is_some_and(text::is_chinese)
}

fn contact_is_nobody(forge: &dyn Forge) -> Result<bool> {
    let known = forge.reading_ahead().map_or(Ok(None), ReadingAhead::contact_exists)?;
    Ok(known == Some(false))
}

/// What a forge can do while the person goes on typing.
fn look_ahead(ctx: &Context, forge: &dyn ReadingAhead, program: &Program, draft: &Draft, answered: Field) {
    match (answered, draft.slug(), draft.get(answered)) {
        (Field::Github, Ok(slug), Some(login)) => forge.expect(&slug, login.parse().ok().as_ref()),
        // What lies behind an address isn't fetched once more for this.
        (Field::Logo, _, Some(source)) if !logo_files::is_address(source) => {
            if let Ok(logo) = logo_files::load(ctx, source, &program.logo, Metadata::of(draft)) {
                forge.expect_file(&logo.bytes, true);
            }
        }
        _ => {}
    }
}

/// Whether somebody could apply under this slug.
fn free_slug(ctx: &Context, forge: &dyn Forge, s: &str) -> Result<(), crate::domain::values::Invalid> {
    let slug: Slug = s.parse()?;
    let refuse = |why: String, hint: String| Err(crate::domain::values::Invalid { why, hint });
    // What can't be read now is told when it is sent.
    let Ok(snapshot) = look(ctx, forge) else { return Ok(()) };
    if snapshot.landed(&slug).is_ok_and(|p| p.life.state == State::Active) {
        return refuse(
            tr!("{slug} is a partner already", slug),
            tr!("change its entry with karmada-partner update {slug}, or choose another name", slug),
        );
    }
    // What is asked under this name may be anything, and may end before this is sent.
    let branch = branch_for(&slug, Subject::Application);
    if forge.reading_ahead().is_some_and(|ahead| ahead.has_waiting(&branch)) {
        ctx.ui.warn(&tr!("a pull request from a branch apply/{slug} is open already; if it is another application, the committee decides between it and yours", slug));
    }
    for open in snapshot.open(&slug, Subject::Application).unwrap_or_default() {
        tell_of_rival(ctx, &open);
    }
    Ok(())
}

enum Sending {
    Sent,
    OnlyShown,
    Declined,
}

fn send(ctx: &Context, forge: &dyn Forge, slug: &Slug, record: &Record, logo: &Logo) -> Result<Sending> {
    let actor = ctx.actor(forge, Some(&record.github))?;
    refuse_bots(&actor)?;
    if contact_is_nobody(forge)? {
        return Err(Error::usage(tr!("nobody on GitHub has the ID {github}", github = record.github))
            .hint(tr!("--github: give a person's GitHub ID, as in github.com/ID; an organization's doesn't do")));
    }
    proposing::warn_about_facts(ctx, record);
    let mut seen = look(ctx, forge)?;
    lookalikes::show(ctx, forge, &seen, slug, record, &logo.bytes)?;
    if !ctx.prompt.can_ask() {
        logo_files::show(ctx, logo);
    }
    let record = &Record { github_id: identity(forge, &record.github)?.id, ..record.clone() };
    let toml = record.to_toml();
    let (facts, objects) = proposing::facts_of(&toml, &logo.bytes);
    // Plans are made anew.
    let told = Cell::new(false);
    let outcome = publish::publish(ctx, forge, &mut seen, tr!("Send this application?"), |snapshot| {
        let plan = |event: Event, branch, changes| {
            Plan::new(changes, ApplicationReport { event, name: record.name.to_string(), branch })
        };
        let mut open = snapshot.open(slug, Subject::Application)?;
        open.retain(|p| p.subject == Subject::Application);
        let side = [&actor, &record.github];
        let ours = |p: &&Proposal| side.iter().any(|who| contested::is_of(p, who));
        if let Some((event, branch)) = same_already(snapshot, slug, (record, facts), open.iter().find(ours))? {
            return Ok(plan(event, branch, Vec::new()));
        }
        let program = snapshot.decided_program()?;
        let landed = snapshot.landed(slug)?;
        if landed.life.state.after(Kind::Applied, Subject::Application).is_none() {
            let illegal = landed.life.illegal(slug, Kind::Applied, ctx.now.date());
            return Err(match (landed.life.state, snapshot.refuse_undecided_facts(&landed)) {
                // What stands undecided is in the way of all else.
                (State::Active, Err(e)) => {
                    Error { message: tr!("{illegal}; {message}", illegal, message = e.message), ..e }
                }
                (state, _) => {
                    let error = Finding { ctx, forge, snapshot, partner: &landed, open: &open }
                        .illegal(Kind::Applied, Some(&actor));
                    let other = landed.record.as_ref().filter(|other| {
                        state == State::Active
                            && other.name.as_str().to_lowercase() != record.name.as_str().to_lowercase()
                    });
                    // Perhaps only a host gave it that name.
                    match other {
                        Some(other) => error.hint(tr!(
                            "if yours is another organization than {name}, choose another short name with --slug",
                            name = text::visible(other.name.as_str())
                        )),
                        None => error,
                    }
                }
            });
        }
        let relation = Relation { record: landed.record.as_ref(), life: &landed.life };
        let matter = Entry::Event(Kind::Applied, Subject::Application);
        let permit = admit(&program, identity(forge, &actor)?, matter, relation, Opened::default())?;
        if open.iter().any(|p| ours(&p)) {
            return Err(waits_already(slug));
        }
        let branch = free_branch(slug, &open)?;
        if !told.replace(true) {
            for rival in &open {
                tell_of_rival(ctx, rival);
            }
        }
        let step = Step::new(Kind::Applied, Subject::Application, landed.life.round + 1, facts, objects);
        let time = ctx.time_after(landed.life.last_time())?;
        let mut event = landed.life.record(snapshot.registry()?, slug, permit, time, step)?;
        ctx.sign_event(&*forge, &program, &mut event)?;
        let block = event.to_string();
        let root = format!("{PARTNERS}/{slug}");
        let about = About { record: Some(record), ..About::named(record.name.as_str()) };
        let Message { title, notes } = Message::of_event(&event, about);
        let change = Change {
            title,
            notes,
            puts: vec![
                (format!("{root}/partner.toml"), Put::Bytes(toml.clone().into_bytes())),
                (format!("{root}/logo.png"), Put::Bytes(logo.bytes.clone())),
                (format!("{root}/log/{:04}", event.seq), Put::Bytes(block.clone().into_bytes())),
            ],
            block,
            target: Target::Proposal { branch: branch.clone(), fresh: true },
            author: ctx.author(forge, &actor)?,
        };
        let words = proposing::summary(&program, slug, record, logo);
        Ok(Plan {
            shown: Some(Shown { words, about: about_entry(slug, record.name.as_str(), Some(record)), wary: false }),
            ..plan(event, branch, vec![change])
        })
    })?;
    match outcome {
        Publication::Done(report, published) => tell(ctx, &seen, &report, &published).map(|()| Sending::Sent),
        Publication::DryRun => Ok(Sending::OnlyShown),
        Publication::Declined => Ok(Sending::Declined),
    }
}

/// Says that somebody else asks for the same name.
fn tell_of_rival(ctx: &Context, open: &Proposal) {
    let (slug, words) = (&open.partner.slug, text::visible(&contested::claim(open)));
    ctx.ui.warn(&tr!("another application for {slug} is open: {words}. The committee decides between it and yours; with --slug yours has a name of its own", slug, words));
}

/// The branch for one more application under a name.
fn free_branch(slug: &Slug, open: &[Proposal]) -> Result<String> {
    let free = |branch: &String| !open.iter().any(|p| p.branch == *branch);
    (1..=MOST_CLAIMS).map(|nth| claim(slug, nth)).find(free).ok_or_else(|| {
        Error::refused(tr!("{open} applications for {slug} are open already", open = open.len(), slug))
            .hint(tr!("choose another name with --slug"))
    })
}

/// The event by which the very same facts were proposed or accepted already, and where: applying again changes nothing. The
/// number of an account isn't an answer: GitHub may have told it the one time and not the other.
fn same_already(
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    (record, facts): (&Record, Facts),
    own: Option<&Proposal>,
) -> Result<Option<(Event, String)>> {
    let same = |there: Option<&Record>, logo| {
        logo == facts.logo && there.is_some_and(|r| *record == Record { github_id: record.github_id, ..r.clone() })
    };
    if let Some(own) = own {
        let last = own.partner.life.log.last().filter(|_| same(own.record(), own.facts.logo));
        return Ok(last.map(|l| (l.event.clone(), own.branch.clone())));
    }
    let landed = snapshot.landed(slug)?;
    let in_force = landed.life.landed_facts().filter(|_| landed.life.state == State::Active);
    let same = in_force.is_some_and(|f| same(landed.record.as_ref(), f.logo));
    let last = landed.life.log.last().filter(|_| same);
    Ok(last.map(|l| (l.event.clone(), branch_for(slug, Subject::Application))))
}

fn tell(ctx: &Context, seen: &Snapshot<'_>, report: &ApplicationReport, published: &Published) -> Result<()> {
    let commits = &published.commits;
    let slug = &report.event.partner;
    let state = match report.event.kind {
        kind if kind.applies() => State::Applied,
        _ => State::Active,
    };
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1,
            "partner": slug,
            "state": state,
            "changed": !commits.is_empty(),
            "branch": report.branch,
            "commit": commits.last().map(ToString::to_string),
            "event": report.event.kind,
            "links": published.links,
        }));
    }
    let name = text::visible(&report.name);
    let Some(commit) = commits.last() else {
        return ctx.ui.data(&tr!(
            "Nothing to do: {name} ({slug}) is {state} already, with these very answers.\n",
            name,
            slug,
            state = state.told()
        ));
    };
    ctx.ui.data(&tr!(
        "Sent: {name} ({slug}) applies to the program.\nCommit: {commit} on {branch}\n{published}",
        name,
        slug,
        commit = short(*commit),
        branch = report.branch,
        published = crate::workflow::words::links(published)
    ))?;
    if ctx.in_sandbox() {
        ctx.ui.say(
            tr!("This was your sandbox: nothing was published, and nobody else sees it. To apply for real, name the registry: \
             karmada-partner apply --registry github:OWNER/REPO\n\
             Here you may play everybody: judge it yourself with karmada-partner review."),
        );
        return Ok(());
    }
    let rule = seen.program()?.rule(Decision::Approve).clone();
    ctx.ui.say(&tr!("Next: the committee reviews it. Votes in favor needed: {quorum}, from different affiliations: {affiliations}.\nSee how it stands with: karmada-partner status {slug}", quorum = rule.quorum, affiliations = rule.affiliations, slug));
    Ok(())
}
