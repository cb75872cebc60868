//! `publish`: the page of partners, proposed to the website's repository.

use std::collections::BTreeSet;

use serde_json::json;

use crate::config::Location;
use crate::domain::program::upkeep_rules::Website;
use crate::domain::{Program, Sha256, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::Forge;
use crate::forge::website::{BRANCH, Changed, Site, SiteOutcome, TITLES, Wish};
use crate::git::{Author, Repo};
use crate::registry::Snapshot;
use crate::render::website::page::{self, Gone, LOGOS, WebsitePage};
use crate::session::Context;
use crate::ui::stopping::Sending;
use crate::workflow::lookup::look;
use crate::workflow::webpage;
use crate::workflow::website_files::Elsewhere;

/// Propose the page of partners to the website's repository, or bring that proposal up to date
///
/// Each account has one proposal at a time, from the branch karmada-partner/partners, and none beside a workflow's that says the
/// same. After an exit the same command takes the card away; when the page is as the records say, an open proposal is closed. What
/// somebody closed there isn't proposed again until it changes. “website.repository” in data/program.toml says where.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner publish
  karmada-partner publish --repository karmada-io/website --dry-run")]
pub struct Args {
    /// The website's repository: OWNER/REPO on GitHub, a path or a git URL [default: what the program says]
    #[arg(long, value_name = "WHERE")]
    repository: Option<String>,
    /// Agree to at most N cards going: all that go, where those are more than a quarter; else whose partner hasn't left by the
    /// records
    #[arg(long, value_name = "N")]
    allow_mass: Option<usize>,
    /// Propose once more what somebody closed there, on GitHub
    #[arg(long)]
    again: bool,
    /// Leave to people what a person has to agree to, and end with 0, as a run that nobody watches; so do workflows' own tokens
    #[arg(long, conflicts_with = "allow_mass")]
    unattended: bool,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let program = snapshot.decided_program()?;
    let named = place(ctx, args, &program)?;
    let site = ctx.site(&named)?;
    site.expect(BRANCH, &webpage::PATHS);
    let files = Elsewhere(&*site);
    let account = site.account()?;
    if args.again && account.is_none() {
        return Err(Error::usage("only on GitHub is it known what somebody closed").hint("leave out --again"));
    }
    let unattended = args.unattended || account.is_some_and(|account| account.login.is_bot());
    let open = || site.proposed(BRANCH);
    let (mut page, kept) = webpage::pages(ctx, &snapshot, &program, &files, unattended.then_some(&open))?;
    let stay: Option<Vec<Gone>> =
        kept.as_ref().map(|kept| page.gone.iter().filter(|card| !kept.gone.contains(card)).cloned().collect());
    let judged = webpage::refuse_losses(ctx, &snapshot, &page, stay.as_deref(), args.allow_mass);
    let mut stay: Vec<String> = stay.into_iter().flatten().map(|card| card.title).collect();
    match (judged, kept) {
        // A workflow can't be agreed with: what a person has to agree to stays, and nothing else waits for that.
        (Err(e), Some(kept)) if e.kind == ErrorKind::Refused => {
            if !stay.is_empty() {
                ctx.ui.warn_of(&e);
                ctx.ui.hint("they stay until a person agrees, with karmada-partner publish; all else is proposed");
            }
            page = kept;
        }
        (judged, _) => {
            judged?;
            stay.clear();
        }
    }
    let puts = page.files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone()))).collect();
    let author = author(ctx, &*forge, &*site)?;
    let title = title(&page);
    let body = body(&snapshot, &program, &page, (&title, &stay))?;
    // Elsewhere nobody knows what was closed.
    let about = if site.account()?.is_some() { about(&*site, &page)? } else { String::new() };
    let lines: String = page.differences.iter().map(|line| page::listed(line) + "\n").collect();
    let message = format!("{title}\n\n{lines}\nSigned-off-by: {} <{}>\n", author.name, author.email);
    let wish = Wish {
        branch: BRANCH,
        title: &title,
        body: &body,
        message: &message,
        author: &author,
        about: &about,
        again: args.again,
        puts,
    };
    let report = |told: &Told<'_>| report(ctx, &page, &stay, told);
    let asks = ctx.must_confirm();
    if ctx.globals.dry_run || asks {
        let planned = match site.plan(&wish) {
            Err(e) if unattended => return waits(ctx, e, &named, report),
            planned => planned?,
        };
        let plan = Told {
            planned: true,
            links: &planned.links,
            ..Told::of(planned.outcome, &planned.changes, &planned.place)
        };
        if ctx.globals.dry_run {
            return report(&plan);
        }
        if !planned.outcome.is_idle() {
            ctx.refuse_unasked(QUESTION)?;
            ctx.ui.say(&words(&page, &stay, &plan));
            if !ctx.prompt.confirm(QUESTION, true)? {
                ctx.ui.say("Nothing was changed.");
                return Ok(());
            }
        }
    }
    let _busy = ctx.ui.spinner("writing to the website's repository");
    let sending = Sending::begin();
    let done = match site.propose(&wish) {
        Err(e) if unattended => return waits(ctx, e, &named, report),
        done => done?,
    };
    sending.arrived([title.clone()]);
    let commit = done.commit.map(|c| c.to_string());
    report(&Told { commit, links: &done.links, ..Told::of(done.outcome, &done.changes, &done.place) })
}

/// What somebody else put onto a workflow's branch is theirs to end: that is no fault of a run, each hour.
fn waits(ctx: &Context, e: Error, place: &str, report: impl FnOnce(&Told<'_>) -> Result<()>) -> Result<()> {
    if e.kind != ErrorKind::Refused {
        return Err(e);
    }
    ctx.ui.warn_of(&e);
    report(&Told { outcome: None, ..Told::of(SiteOutcome::Nothing, &[], place) })
}

const QUESTION: &str = "Propose this to the website?";

/// Where the website is.
fn place(ctx: &Context, args: &Args, program: &Program) -> Result<String> {
    let own = || match ctx.location()? {
        Location::GitHub(name) => Ok(format!("github:{name}")),
        Location::Path(path) => Ok(path.display().to_string()),
        Location::Url(url) => Ok(url),
        Location::Embedded => Err(Error::usage("the sandbox has no website").hint("name one with --repository")),
    };
    match (&args.repository, &program.upkeep.website) {
        (Some(named), _) | (None, Some(Website::Elsewhere(named))) => Ok(named.clone()),
        // Decisions carry the page along; this brings one up to date that is older than that.
        (None, Some(Website::Same)) => own(),
        (None, None) => Err(Error::usage("it isn't known where the website is").hint(
            "name its repository with --repository, or in data/program.toml: [website] repository = \"OWNER/REPO\"",
        )),
    }
}

/// Who makes the commit: on GitHub the account, elsewhere whoever acts.
fn author(ctx: &Context, forge: &dyn Forge, site: &dyn Site) -> Result<Author> {
    if let Some(account) = site.account()? {
        let known = ctx.author(forge, &account.login)?;
        return Ok(match known.own {
            true => known,
            false => Author { name: account.name, email: account.email, ..known }.tidied(),
        });
    }
    let actor = ctx.actor(forge, None)?;
    ctx.author(forge, &actor)
}

/// The title: who comes and who goes, if that is little.
fn title(page: &WebsitePage) -> String {
    let [partners, up_to_date] = TITLES;
    let names = |names: &[String]| names.iter().map(|n| text::inert(n)).collect::<Vec<_>>().join(", ");
    let gone: Vec<String> = page.gone.iter().map(|card| card.title.clone()).collect();
    match (page.new.as_slice(), gone.as_slice()) {
        ([], []) => up_to_date.to_owned(),
        (new, []) if new.len() <= 3 => format!("{partners}add {}", names(new)),
        ([], gone) if gone.len() <= 3 => format!("{partners}remove {}", names(gone)),
        (new, gone) => format!("{partners}{} new, {} gone", new.len(), gone.len()),
    }
}

/// The text of the pull request. A registry's own template wins.
fn body(
    snapshot: &Snapshot<'_>,
    program: &Program,
    page: &WebsitePage,
    (title, stay): (&str, &[String]),
) -> Result<String> {
    let name = "website.md";
    let values = json!({
        "title": title, "program": program.name, "differences": page.differences, "stay": stay,
        "registry": snapshot.commit.to_string(),
    });
    Ok(crate::forge::github::texts::texts(snapshot, name)?.titled(name, &values)?.body)
}

/// By what a proposal is known again: the lines that would come and go, and the logos. What else stands in these files is no matter.
fn about(site: &dyn Site, page: &WebsitePage) -> Result<String> {
    let mut about = String::new();
    for (path, bytes) in &page.files {
        if path.starts_with(LOGOS) {
            about += &format!("{path} {}\n", Sha256::of(bytes));
            continue;
        }
        let (old, new) = (site.read(path)?.unwrap_or_default(), bytes.as_slice());
        let (old, new) = (String::from_utf8_lossy(&old), String::from_utf8_lossy(new));
        let differ = |these: &str, those: &str| -> Vec<String> {
            let known: BTreeSet<&str> = those.lines().collect();
            these.lines().filter(|line| !known.contains(line)).map(ToOwned::to_owned).collect()
        };
        about += &format!("{path}\n-{}\n+{}\n", differ(&old, &new).join("\n-"), differ(&new, &old).join("\n+"));
    }
    Ok(Sha256::of(about.as_bytes()).to_string())
}

struct Told<'a> {
    /// What it comes to; nothing where it waits for what somebody else has put there.
    outcome: Option<SiteOutcome>,
    changes: &'a [Changed],
    place: &'a str,
    commit: Option<String>,
    links: &'a [crate::forge::Link],
    planned: bool,
}

impl<'a> Told<'a> {
    const fn of(outcome: SiteOutcome, changes: &'a [Changed], place: &'a str) -> Self {
        Self { outcome: Some(outcome), changes, place, commit: None, links: &[], planned: false }
    }
}

fn report(ctx: &Context, page: &WebsitePage, stay: &[String], told: &Told<'_>) -> Result<()> {
    if ctx.globals.json {
        let outcome = told.outcome.map_or_else(|| json!("waits"), |outcome| json!(outcome));
        return ctx.ui.document(&json!({
            "schema": 1, "dry_run": told.planned, "outcome": outcome, "differences": page.differences, "stay": stay,
            "files": told.changes, "branch": BRANCH, "place": told.place, "commit": told.commit, "links": told.links,
        }));
    }
    let mut out = words(page, stay, told);
    if told.planned {
        out += "Dry run: nothing was changed.\n";
    }
    if told.outcome == Some(SiteOutcome::SetAside) {
        ctx.ui.hint("open it again there, or propose it once more with karmada-partner publish --again; what changes is proposed anew");
    }
    out.extend(told.commit.iter().map(|c| format!("Commit: {} on {BRANCH}\n", &c[..10.min(c.len())])));
    let links = crate::forge::Published { links: told.links.to_vec(), ..Default::default() };
    ctx.ui.data(&(out + &crate::workflow::words::links(&links)))
}

fn words(page: &WebsitePage, stay: &[String], told: &Told<'_>) -> String {
    let (changes, place) = (told.changes, text::visible(told.place));
    let so = match stay {
        [] => "the page is as the records say",
        _ => "but for the cards that stay, the page is as the records say",
    };
    let capital = |words: &str| words[..1].to_uppercase() + &words[1..];
    let Some(outcome) = told.outcome else { return format!("Nothing is proposed at {place} for now.\n") };
    let mut out = match (outcome, told.planned) {
        (SiteOutcome::Nothing, _) => return format!("Nothing to do: {so}.\n"),
        (SiteOutcome::Closed, false) => return format!("{}; the proposal at {place} is closed.\n", capital(so)),
        (SiteOutcome::Closed, true) => return format!("{}; the proposal at {place} would be closed.\n", capital(so)),
        (SiteOutcome::SetAside, _) => {
            return format!("Nothing to do: somebody closed at {place} what says just that.\n");
        }
        (SiteOutcome::Same, _) => return format!("Nothing to do: {place} has a proposal that says just that.\n"),
        (SiteOutcome::Opened, false) => format!("Proposed to the website, at {place}:\n"),
        (SiteOutcome::Opened, true) => format!("To be proposed to the website, at {place}:\n"),
        (SiteOutcome::Updated, false) => format!("The proposal to the website is brought up to date, at {place}:\n"),
        (SiteOutcome::Updated, true) => format!("The proposal to the website, to be brought up to date, at {place}:\n"),
    };
    out.extend(page.differences.iter().map(|line| format!("  {}\n", text::visible(line))));
    out += "Files:\n";
    out.extend(changes.iter().map(|c| format!("  {} ({})\n", text::visible(&c.path), c.how.word())));
    out
}
