//! `import`: partners from where they were listed before, as applications that wait for a decision.

mod contacts;
mod ending;
mod faults;
mod form;
mod found;
mod in_the_way;
mod issue;
mod on_behalf;
mod table;
mod website;
mod words;

use std::path::PathBuf;
use std::sync::Arc;

use contacts::Contacts;
use serde_json::json;

use super::import::form::Outcome;
use super::import::found::{AskedBy, Found};
use super::import::on_behalf::Taken;
use crate::domain::days;
use crate::domain::log::detail::{Detail, Origin};
use crate::domain::log::event::Issue as Attested;
use crate::domain::log::lifecycle::Step;
use crate::domain::log::message::{About, Message};
use crate::domain::logo::finding::in_words;
use crate::domain::logo::metadata;
use crate::domain::paths::{event_path, fact_paths};
use crate::domain::program::admission::{Entry, Opened, Relation, admit, admit_member};
use crate::domain::record::likeness::index::Index;
use crate::domain::record::likeness::{Known, Likeness, Traits};
use crate::domain::values::Invalid;
use crate::domain::{
    Date, Event, Field, HttpLink, Kind, Login, Program, Record, Sha256, Slug, State, Subject, logo, text,
};
use crate::error::{Error, Result};
use crate::forge::{Forge, Published};
use crate::git::{Author, Put};
use crate::registry::change::{Change, Target};
use crate::registry::{Proposal, Snapshot, branch_for};
use crate::session::publish::{self, Plan};
use crate::session::{Context, identity};
use crate::workflow::lookalikes;
use crate::workflow::lookup::look;
use crate::workflow::own_issue;
use crate::workflow::proposing;
use crate::workflow::words::{links, short};

/// Bring in partners from the website's page, a table or an issue
///
/// Each becomes an application with an event that says where it was read, and waits for the committee like any other. What
/// is missing is asked for, or told all at once. What is here already stays as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner import website ../website --contact alice
  karmada-partner import table partners.csv
  karmada-partner import issue --number 7")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// Contacts for those that have none: a CSV with partner (slug or name), github and email
    #[arg(long, value_name = "FILE", global = true)]
    contacts: Option<PathBuf>,
    /// The contact of all that have none, until they name somebody; a member who is that has no vote on them
    #[arg(long, value_name = "LOGIN", global = true, value_parser = super::value::<Login>)]
    contact: Option<Login>,
    /// Since when they have been partners there, where that isn't written
    #[arg(long, value_name = "DATE", global = true, value_parser = super::value::<Date>)]
    since: Option<Date>,
    /// Bring in anew whom somebody brought in who no longer votes
    #[arg(long, global = true)]
    instead: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Website(website::Args),
    Table(table::Args),
    Issue(Box<issue::Args>),
}

/// So many that are alike in something are compared; whoever uses a stock picture is like thousands.
const MOST: usize = 100;

/// An entry in which everything is valid.
#[derive(Debug)]
struct Complete {
    /// What is told about it.
    label: String,
    slug: Slug,
    record: Record,
    logo: Vec<u8>,
    traits: Traits,
    /// That the same organization stands above in the same import.
    is_above: Option<String>,
    origin: Origin,
    link: Option<HttpLink>,
    /// The issue by which its own people asked for it.
    attested: Option<Attested>,
    /// The same, as it was read on GitHub.
    asked_by: Option<Box<AskedBy>>,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let issue = match &args.command {
        Command::Issue(issue) => Some(&**issue),
        _ => None,
    };
    if let Some(issue) = issue
        && issue::is_likely_a_workflows(ctx, issue)?
        && issue::take_as_workflow(ctx, issue)?
    {
        return Ok(());
    }
    let forge = ctx.open()?;
    let mut snapshot = look(ctx, &*forge)?;
    let program = snapshot.decided_program()?;
    let actor = ctx.acting(&*forge, None, &[])?;
    if let Some(issue) = issue.filter(|_| actor.is_bot())
        && issue::take_as_workflow(ctx, issue)?
    {
        return Ok(());
    }
    admit_member(&program, identity(&*forge, &actor)?)?;
    let (mut found, closed) = match &args.command {
        Command::Website(args) => (website::read(args)?, Vec::new()),
        Command::Table(args) => (table::read(ctx, args, &program)?, Vec::new()),
        Command::Issue(args) => issue::read(ctx, args, &program)?,
    };
    let contacts = args.contacts.as_deref().map(|path| Contacts::read(ctx, path)).transpose()?.unwrap_or_default();
    for entry in &mut found {
        contacts.fill(entry);
        if let (None, Some(login)) = (entry.draft.get(Field::Github), &args.contact) {
            entry.draft.answers.insert(Field::Github, login.to_string());
            entry.source = Origin::with_stand_in(entry.source.clone(), login);
        }
        // What the website's page says is brought in as it stands there.
        if matches!(args.command, Command::Table(_)) {
            proposing::mend(ctx, &mut entry.draft);
            proposing::mend_terms(ctx, &program, &mut entry.draft);
        }
        ask(ctx, &program, entry)?;
    }
    for nobody in contacts.unused(&found) {
        ctx.ui.warn(&format!("--contacts: {} is nobody of these", text::visible(&nobody)));
    }
    let (found, faulty) = on_behalf::sift(ctx, &program, &snapshot, found)?;
    let mut outcomes: Vec<Outcome> = closed.into_iter().chain(faulty).collect();
    if found.is_empty() && (!outcomes.is_empty() || issue.is_some_and(issue::Args::may_be_none)) {
        return tell(ctx, &[], &Published::default(), &outcomes);
    }
    let whole = complete(ctx, &program, found, args.since)?;
    let outcome = publish::publish(ctx, &*forge, &mut snapshot, "Bring these in, for everybody to read?", |s| {
        plan(ctx, &*forge, s, &actor, (&whole, args.instead))
    })?;
    match outcome.settled(ctx) {
        Some((report, published)) => {
            let taken = whole.iter().zip(&report).map(|(entry, report)| Taken {
                at: entry.asked_by.as_deref(),
                slug: &entry.slug,
                name: &report.name,
                is_new: report.left.is_none(),
            });
            let taken: Vec<Taken<'_>> = taken.collect();
            outcomes.extend(on_behalf::brought_in(ctx, (&snapshot, &*forge), &actor, &taken, &published)?);
            tell(ctx, &report, &published, &outcomes)
        }
        None => Ok(()),
    }
}

/// Asks for what an entry lacks, where there is somebody to ask.
fn ask(ctx: &Context, program: &Program, entry: &mut Found) -> Result<()> {
    if !ctx.prompt.can_ask() {
        return Ok(());
    }
    let missing: Vec<Field> = program
        .required
        .iter()
        .copied()
        .filter(|f| *f != Field::Logo && entry.draft.get(*f).is_none_or(|answer| f.check(answer).is_err()))
        .collect();
    if !missing.is_empty() || entry.draft.slug().is_err() {
        ctx.ui.say(&format!("{}:", text::visible(&entry.label)));
    }
    for field in missing {
        proposing::ask(ctx, program, &mut entry.draft, field, None)?;
    }
    if entry.draft.slug().is_err() {
        proposing::ask_slug(ctx, &mut entry.draft, None, &|s| s.parse::<Slug>().map(drop))?;
    }
    Ok(())
}

/// The day that a row names, however it is written; how it is read is said.
fn day_read(ctx: &Context, label: &str, typed: &str) -> std::result::Result<Date, Invalid> {
    let read = days::read_in_table(typed).unwrap_or_else(|| typed.to_owned());
    let shown = text::quote(typed);
    let day = read
        .parse::<Date>()
        .map_err(|e| Invalid::new(format!("since: {shown}: {}", e.why), format!("since: {}", e.hint)))?;
    if read != typed {
        let field = format!("{}: since", text::visible(label));
        ctx.ui.say(&text::is_read_as(&field, &shown, &read));
    }
    Ok(day)
}

/// Everything valid, or all that is wrong at once.
fn complete(ctx: &Context, program: &Program, found: Vec<Found>, since: Option<Date>) -> Result<Vec<Complete>> {
    let (mut whole, mut lines, mut hints) = (Vec::<Complete>::new(), Vec::new(), Vec::<String>::new());
    if found.is_empty() {
        return Err(Error::not_found("nothing is there to bring in").hint("check what was named"));
    }
    let required: Vec<Field> = program.required.iter().copied().filter(|f| *f != Field::Logo).collect();
    let mut index = Index::default();
    for Found { label, draft, logo, source, since: written, link, attested, faults, asked_by } in found {
        let mut wrong = |why: String, hint: String| {
            lines.push(format!("  {}: {why}", text::visible(&label)));
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        };
        let required: Vec<Field> =
            required.iter().copied().filter(|field| !faults.iter().any(|(word, _)| word == field.word())).collect();
        let doubtful = !faults.is_empty();
        // What is wrong with the logo is told once.
        let no_logo = faults.iter().any(|(word, _)| word == Field::Logo.word());
        for (word, fault) in faults {
            wrong(format!("{word}: {}", fault.why), format!("{word}: {}", fault.hint));
        }
        let logo = match logo {
            Err(_) if no_logo => None,
            Ok(bytes) => match logo::inspect(&bytes, &program.logo) {
                Ok(_) => {
                    if let Some(stripped) = metadata::strip(&bytes) {
                        let slug = draft.slug().map_or_else(|_| "SLUG".to_owned(), |slug| slug.to_string());
                        ctx.ui.warn(&format!(
                            "{}: the logo's file stays as it is, and holds more than the picture, for everybody to read: {}; \
                             karmada-partner update {slug} --logo FILE takes that out",
                            text::visible(&label),
                            in_words(&stripped.found)
                        ));
                    }
                    Some(bytes)
                }
                Err(e) => {
                    wrong(format!("logo: {}", e.why), format!("logo: {}", e.hint));
                    None
                }
            },
            Err(e) => {
                let hints = e.hints.join(tr!("between clauses" => "; "));
                wrong(e.message, if hints.is_empty() { "give its logo".into() } else { hints });
                None
            }
        };
        let since = match written.as_deref().map(|typed| day_read(ctx, &label, typed)).transpose() {
            Ok(written) => written.or(since),
            Err(e) => {
                wrong(e.why, e.hint);
                None
            }
        };
        if since.is_some_and(|day| day > *ctx.now.days_on_earth().end()) {
            wrong("since: that day is still to come".into(), "since when it has been a partner, as 2024-01-31".into());
        }
        match draft.complete(&required, &program.vocabulary) {
            Err(short) => {
                for s in short {
                    let hint = match (s.missing, s.flag.as_str()) {
                        (true, "--github" | "--email") => {
                            "give contacts with --contacts FILE (partner,github,email), or one for all with --contact ID".into()
                        }
                        (true, _) => format!("add {} where it is read from", s.flag.trim_start_matches('-')),
                        (false, _) => s.hint,
                    };
                    wrong(s.message, hint);
                }
            }
            Ok(application) => {
                if let Some(above) = whole.iter().find(|above| above.slug == application.slug) {
                    wrong(
                        format!("its slug, {}, is that of {} above", application.slug, text::visible(&above.label)),
                        "take out what stands there twice; if they are two organizations, name another slug in a column slug".into(),
                    );
                }
                if let Some(logo) = logo.filter(|_| !doubtful) {
                    let origin = Origin { source, since };
                    let traits = Traits::of(&application.record, Some(Sha256::of(&logo)));
                    let is_above = above(ctx, &label, &traits, &whole, &mut index);
                    whole.push(Complete {
                        label,
                        slug: application.slug,
                        record: application.record,
                        logo,
                        traits,
                        is_above,
                        origin,
                        link,
                        attested,
                        asked_by,
                    });
                }
            }
        }
    }
    if lines.is_empty() {
        return Ok(whole);
    }
    Err(Error { hints, ..Error::usage(format!("nothing was brought in:\n{}", lines.join("\n"))) })
}

/// Of those that stand above in the same import, the one that is the same organization; one that only looks like it is told.
fn above(ctx: &Context, label: &str, traits: &Traits, whole: &[Complete], index: &mut Index) -> Option<String> {
    let candidates = index.candidates(traits, MOST).who;
    index.add(u32::try_from(whole.len()).unwrap_or(u32::MAX), traits);
    let others = candidates.into_iter().filter_map(|number| whole.get(usize::try_from(number).ok()?));
    let alike = others.filter_map(|other| Some((other, traits.likeness(&other.traits)?)));
    let alike: Vec<(&Complete, Likeness)> = alike.filter(|(_, likeness)| likeness.is_serious()).collect();
    let told = |(other, likeness): &(&Complete, Likeness)| {
        format!("{} ({}), above in the same import, {}", other.record.name, other.slug, likeness.words())
    };
    if let Some(same) = alike.iter().find(|(other, _)| traits.is_one_with(&other.traits)) {
        return Some(told(same));
    }
    if let Some(first) = alike.first() {
        ctx.ui.warn(&format!("{}: {}", text::visible(label), told(first)));
    }
    None
}

#[derive(Debug)]
struct ImportReport {
    slug: Slug,
    name: String,
    /// Why it was left alone.
    left: Option<String>,
}

impl ImportReport {
    /// That it was left alone, if it was.
    fn left_alone(&self) -> Option<String> {
        let why = self.left.as_ref()?;
        Some(format!("Left alone: {} ({}): {why}.", text::visible(&self.name), self.slug))
    }
}

/// That an application waits; and who brings along what its author saved in the issue since, as the tally says it.
fn waits(snapshot: &Snapshot<'_>, open: &Proposal, at: Option<&AskedBy>) -> String {
    let is_its = at.is_some_and(|at| open.is_made_of(at.issue.id()));
    let saved = own_issue::saved_since(snapshot, open).filter(|_| is_its);
    match open.on_behalf().filter(|_| saved.is_some()) {
        Some(by) => format!(
            "it waits already, and its author has saved the form since; {by} brings that along: karmada-partner update {}",
            open.partner.slug
        ),
        None => "an application of this name waits already".to_owned(),
    }
}

fn plan(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    actor: &Login,
    (whole, instead): (&[Complete], bool),
) -> Result<Plan<Vec<ImportReport>>> {
    let program = snapshot.decided_program()?;
    let (mut changes, mut reports) = (Vec::new(), Vec::new());
    let everybody = lookalikes::everybody(ctx, snapshot)?;
    let known: Vec<Arc<Known>> = everybody.into_iter().map(|(known, _)| known).collect();
    let mut index = Index::default();
    for (number, known) in (0..).zip(&known) {
        index.add(number, &known.traits);
    }
    for entry in whole {
        let (slug, name) = (entry.slug.clone(), entry.record.name.to_string());
        let landed = snapshot.landed(&slug)?;
        let open = snapshot.open(&slug, Subject::Application)?.into_iter().find(|open| !open.gives_way(instead));
        let left = match (landed.life.state, open) {
            (State::Active, _) => {
                let known = landed.record.as_ref().map(|record| record.name.to_string());
                Some(match known.filter(|known| known.to_lowercase() != name.to_lowercase()) {
                    // Perhaps only a host gave it that name.
                    Some(other) => format!(
                        "its slug is that of {}, a partner already: if it is that, karmada-partner update {slug} changes its facts; if not, name another in a column slug",
                        text::visible(&other)
                    ),
                    None => format!("it is a partner already; karmada-partner update {slug} changes its facts"),
                })
            }
            (_, Some(open)) => Some(match open.why_lapsed() {
                Some(why) => format!("it waits, and nothing can be decided on it: {why}; --instead brings it in anew"),
                None => waits(snapshot, &open, entry.asked_by.as_deref()),
            }),
            (State::Absent, None) => {
                let candidates = index.candidates(&entry.traits, usize::MAX).who;
                let others = candidates.into_iter().filter_map(|number| known.get(usize::try_from(number).ok()?));
                let mut others = others.filter(|other| other.slug != slug);
                let alike = others.find_map(|other| {
                    let likeness = entry.traits.likeness(&other.traits);
                    likeness.filter(|likeness| likeness.is_serious()).map(|alike| (other, alike))
                });
                let known = |(other, likeness): (&Arc<Known>, Likeness)| {
                    format!("{} ({}) {}", other.name, other.slug, likeness.words())
                };
                alike.map(known).or_else(|| entry.is_above.clone())
            }
            // Who left, or was turned down, comes back because it wants to.
            (state, None) => {
                Some(format!("it is {state}; karmada-partner apply --slug {slug} asks for it to come back"))
            }
        };
        if left.is_none() {
            // Who asked for it themselves apply, by a member on their behalf; all else is brought in.
            let (kind, detail) = match &entry.attested {
                Some(_) => (Kind::Applied, None),
                None => (Kind::Imported, Some(Detail::Origin(entry.origin.clone()))),
            };
            let relation = Relation { record: landed.record.as_ref(), life: &landed.life };
            let matter = Entry::Event(kind, Subject::Application);
            admit_member(&program, actor)?;
            let permit = admit(&program, actor, matter, relation, Opened::default())?;
            let (facts, objects) = proposing::facts_of(&entry.record.to_toml(), &entry.logo);
            let step = Step { detail, ..Step::new(kind, Subject::Application, landed.life.round + 1, facts, objects) };
            let time = ctx.time_after(landed.life.last_time())?;
            let mut event = landed.life.record(snapshot.registry()?, &slug, permit, time, step)?;
            event.link.clone_from(&entry.link);
            event.attested.clone_from(&entry.attested);
            ctx.sign_event(forge, &program, &mut event)?;
            changes.push(imported(entry, &event, ctx.author(forge, actor)?));
        }
        reports.push(ImportReport { slug, name, left });
    }
    // What is done is told when it is done.
    for left in reports.iter().filter_map(ImportReport::left_alone).filter(|_| ctx.globals.dry_run) {
        ctx.ui.say(&left);
    }
    Ok(Plan::new(changes, reports))
}

fn imported(entry: &Complete, event: &Event, author: Author) -> Change {
    let slug = &entry.slug;
    let block = event.to_string();
    let (record_path, logo_path) = fact_paths(slug);
    let mut puts = vec![
        (record_path, Put::Bytes(entry.record.to_toml().into_bytes())),
        (event_path(slug, event.seq), Put::Bytes(block.clone().into_bytes())),
    ];
    puts.extend(logo_path.map(|path| (path, Put::Bytes(entry.logo.clone()))));
    let about = About { record: Some(&entry.record), ..About::named(entry.record.name.as_str()) };
    let Message { title, notes } = Message::of_event(event, about);
    Change {
        title,
        notes,
        puts,
        block,
        target: Target::Proposal { branch: branch_for(slug, Subject::Application), fresh: true },
        author,
    }
}

fn tell(ctx: &Context, reports: &[ImportReport], published: &Published, issues: &[Outcome]) -> Result<()> {
    let mut commits = published.commits.iter();
    let rows: Vec<_> = reports.iter().map(|r| (r, if r.left.is_none() { commits.next() } else { None })).collect();
    if ctx.globals.json {
        let partners: Vec<_> = rows
            .iter()
            .map(|(r, commit)| {
                json!({
                    "partner": r.slug, "name": r.name, "imported": r.left.is_none(), "why_not": r.left,
                    "commit": commit.map(ToString::to_string),
                })
            })
            .collect();
        let mut document = json!({"schema": 1, "partners": partners, "links": published.links});
        if !issues.is_empty() {
            document["issues"] = issues.iter().map(Outcome::json).collect();
        }
        return ctx.ui.document(&document);
    }
    let mut out = String::new();
    for (report, commit) in rows {
        let name = text::visible(&report.name);
        out += &match (report.left_alone(), commit) {
            (Some(left), _) => left + "\n",
            (None, Some(commit)) => format!("Imported: {name} ({}), commit {}.\n", report.slug, short(*commit)),
            (None, None) => format!("Imported: {name} ({}).\n", report.slug),
        };
    }
    out += &links(published);
    let is_told = |issue: &&Outcome| matches!(issue.word, "faulty" | "closed" | "reopened");
    out += &issues.iter().filter(is_told).map(Outcome::line).collect::<String>();
    if out.is_empty() {
        out += "Nothing to do: no issue that is open is the form.\n";
    }
    ctx.ui.data(&out)?;
    if reports.iter().any(|r| r.left.is_none()) {
        ctx.ui.say("Next: the committee decides each of them with karmada-partner review.");
    }
    Ok(())
}
