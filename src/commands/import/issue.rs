//! `import issue`: an application that was made by the program's issue form on GitHub.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::form;
use super::found::{AskedBy, Found, source};
use super::words::unread;
use crate::config::Location;
use crate::domain::form::filled::{self, About, Filled, field_of};
use crate::domain::form::language_of;
use crate::domain::program::github::{Numbered, RepoName};
use crate::domain::record::WebAddress;
use crate::domain::{Draft, Field, HttpLink, Login, Program, text};
use crate::domain::{json_fault, limits};
use crate::error::{Error, Result};
use crate::forge::Forge as _;
use crate::forge::board::is_marked;
use crate::forge::github::api::ApiForge;
use crate::forge::github::client::Client;
use crate::forge::github::form_comment::{MARK, slug_in};
use crate::forge::github::issue_query::{self, Listed};
use crate::session::Context;
use crate::workflow::logo_files::{self, Metadata};
use crate::workflow::{own_files, proposing};

/// Bring in an application that was made by the issue form on GitHub
///
/// With --number, the issue is read from GitHub. A workflow, with the token that it has, proposes what is fine in the name of
/// the issue's author, by a branch in the registry itself; what isn't it tells in one comment on the issue, and when that is
/// edited it is looked at again. A member who runs it applies on behalf, from a fork; where no workflow has commented, what isn't fine is
/// told in a comment of the member's, once that is agreed to.
///
/// FILE is the issue as `gh issue view N --json url,author,body` or GitHub's API gives it, or its text alone. Its logo is
/// fetched from the address in it. What is given as a flag wins over what the issue says.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["file", "number", "all_open"]))]
pub struct Args {
    /// The issue's text as a file; - for standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The issue on GitHub
    #[arg(long, value_name = "NUMBER", value_parser = crate::session::numbered)]
    number: Option<Numbered>,
    /// All issues on GitHub that are open
    #[arg(long)]
    all_open: bool,
    /// The partner's short name in the registry [default: derived from the name]
    #[arg(long)]
    slug: Option<String>,
    #[command(flatten)]
    fields: proposing::Fields,
}

impl Args {
    /// Whether what is found may be nothing: of all that are open, none need be the form.
    pub const fn may_be_none(&self) -> bool {
        self.all_open
    }
}

/// An issue as GitHub gives it: by `gh`, or by its API.
#[derive(Debug, Default, Deserialize)]
struct Issue {
    /// None where nothing was written.
    body: Option<String>,
    /// The page, from gh; the API has its own address there.
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default, alias = "user")]
    author: Option<Author>,
    /// In capitals from gh, and in small letters from the API.
    #[serde(default)]
    state: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Author {
    login: String,
}

/// How GitHub's tokens begin that are an app's or a workflow's.
const OF_BOTS: &str = "ghs_";

/// Whether a workflow runs this, as far as its token tells: a member needs the whole registry, and a workflow doesn't. Where
/// it doesn't tell, who acts is known once the registry is read.
pub fn is_likely_a_workflows(ctx: &Context, args: &Args) -> Result<bool> {
    let Some(_) = on_github(ctx, args)? else { return Ok(false) };
    Ok(ctx.github()?.token().is_some_and(|token| token.secret.starts_with(OF_BOTS)))
}

/// Takes issues as a workflow does, if it is one that runs this; gives whether it is.
pub fn take_as_workflow(ctx: &Context, args: &Args) -> Result<bool> {
    let Some(registry) = on_github(ctx, args)? else { return Ok(false) };
    let forge = ApiForge::new(ctx.github()?, registry, Arc::new(ctx.ui))?;
    if !forge.account()?.is_some_and(|account| account.login.is_bot()) {
        return Ok(false);
    }
    let overrides = Draft { slug: args.slug.clone(), ..args.fields.clone().into_draft() };
    let numbers = numbers(ctx, forge.client(), &forge.place_of_issues()?, args)?;
    let (mut outcomes, mut failed, mut next) = (Vec::new(), None, None);
    for (number, may_be) in numbers {
        if !may_be {
            outcomes.push(form::Outcome::of(number, "other", None, Vec::new(), None));
            continue;
        }
        match form::take(ctx, &forge, number, &overrides) {
            Ok(outcome) => {
                // What the registry is by now is asked where this changed it, or somebody else may have.
                if outcome.is_new() {
                    forge.look_anew();
                }
                outcomes.push(outcome);
            }
            // One that fails doesn't hold up the others.
            Err(e) if args.all_open => {
                ctx.ui.warn(&format!("issue {number}: {}", e.message));
                failed.get_or_insert(e);
                forge.look_anew();
            }
            Err(e) => return Err(e),
        }
    }
    // What is given as flags is meant for the one issue.
    if let (Some(_), Some(other)) = (&args.number, outcomes.first().and_then(|outcome| outcome.frees)) {
        match form::take(ctx, &forge, other, &Draft::default()) {
            Ok(outcome) => next = Some(outcome),
            Err(e) => failed = Some(e),
        }
    }
    tell(ctx, args, &outcomes, next.as_ref())?;
    failed.map_or(Ok(true), Err)
}

fn tell(ctx: &Context, args: &Args, outcomes: &[form::Outcome], next: Option<&form::Outcome>) -> Result<()> {
    if ctx.globals.json {
        let mut told: Vec<_> = outcomes.iter().map(form::Outcome::json).collect();
        return ctx.ui.document(&match (&args.number, told.pop()) {
            (Some(_), Some(mut one)) => {
                one["schema"] = 1.into();
                one["next"] = json!(next.map(form::Outcome::json));
                one
            }
            (_, last) => {
                told.extend(last);
                json!({"schema": 1, "issues": told})
            }
        });
    }
    ctx.ui.data(&outcomes.iter().chain(next).map(form::Outcome::line).collect::<String>())
}

/// The registry on GitHub, where issues are read from there.
fn on_github(ctx: &Context, args: &Args) -> Result<Option<RepoName>> {
    if args.file.is_some() {
        return Ok(None);
    }
    match ctx.location()? {
        Location::GitHub(name) => Ok(Some(name)),
        _ => Err(Error::usage("only a registry on GitHub has issues")
            .hint("name it with --registry github:OWNER/REPO, or give the issue as a file")),
    }
}

/// Which issues to look at, and whether each may be the form: of those that are none, the list tells enough.
fn numbers(ctx: &Context, client: &Client, place: &RepoName, args: &Args) -> Result<Vec<(u64, bool)>> {
    match &args.number {
        Some(named) => Ok(vec![(ctx.number_in(named, place)?, true)]),
        None => {
            let listed = issue_query::open(client, place)?.into_iter();
            let may_be = |issue: &Listed| issue.told || language_of(&issue.body).is_some();
            Ok(listed.map(|issue| (issue.number, may_be(&issue))).collect())
        }
    }
}

/// What is to be brought in; and of issues of which nothing is, what became of them.
pub fn read(ctx: &Context, args: &Args, program: &Program) -> Result<(Vec<Found>, Vec<form::Outcome>)> {
    if let Some(registry) = on_github(ctx, args)? {
        let place = program.github.issues.place(&registry).cloned();
        return read_on_github(ctx, args, program, &place.unwrap_or(registry));
    }
    let Some(file) = &args.file else { return Ok((Vec::new(), Vec::new())) };
    let given = own_files::text(ctx, file, "the issue", limits::ISSUE)?;
    let issue = of_file(given).map_err(|why| {
        Error::usage(format!("the issue can't be read: {why}"))
            .hint("get it with gh issue view N --json url,author,body,state, or give its text alone")
    })?;
    if issue.state.as_ref().is_some_and(|state| state.eq_ignore_ascii_case("closed")) {
        ctx.ui.warn("the issue is closed: ask why, before you propose it on behalf");
    }
    found(ctx, args, program, issue).map(|(found, _)| (vec![found], Vec::new()))
}

/// An issue that somebody saved, as GitHub gives it, or its text.
fn of_file(given: String) -> std::result::Result<Issue, String> {
    if !given.trim_start().starts_with(['{', '[']) {
        return Ok(Issue { body: Some(given), ..Issue::default() });
    }
    let document = match serde_json::from_str::<Value>(&given) {
        // A text may begin so: a list of links.
        Err(_) if given.trim_start().starts_with('[') => return Ok(Issue { body: Some(given), ..Issue::default() }),
        document => document.map_err(|e| json_fault::told(&e))?,
    };
    match &document {
        Value::Array(all) => return Err(format!("it is a list of {}, and one is brought in at a time", all.len())),
        Value::Object(fields) if !fields.contains_key("body") => {
            return Err(match fields.get("message").and_then(Value::as_str) {
                Some(said) => format!("it is GitHub's answer {}, and no issue", text::quote(said)),
                None => "it has no body".to_owned(),
            });
        }
        _ => {}
    }
    serde_json::from_value(document).map_err(|e| json_fault::told(&e))
}

/// The same of issues on GitHub; of all that are open, those that are the form.
fn read_on_github(
    ctx: &Context,
    args: &Args,
    program: &Program,
    place: &RepoName,
) -> Result<(Vec<Found>, Vec<form::Outcome>)> {
    let client = ctx.github()?;
    let (mut all, mut outcomes) = (Vec::new(), Vec::new());
    for (number, _) in numbers(ctx, &client, place, args)?.into_iter().filter(|(_, may_be)| *may_be) {
        let Some(there) = issue_query::ask(&client, place, program, number)? else {
            return Err(Error::not_found(format!("{place} has no issue {number}"))
                .hint("check the number, and whether it was deleted or transferred"));
        };
        let ours = is_marked(&there.body);
        if args.number.is_none() && (ours || crate::domain::form::read(&there.body).is_err()) {
            continue;
        }
        if there.is_taken_back() {
            ctx.ui.warn(&format!("the author of issue {number} has closed it, and takes back what it asks for"));
            ctx.ui.hint("its author can open it again; or have them apply anew");
            let slug = there.comment(MARK).and_then(|said| slug_in(&said.body));
            let word = if there.is_open() { "reopened" } else { "closed" };
            outcomes.push(form::Outcome::of(number, word, slug, Vec::new(), None));
            continue;
        }
        if !there.is_open() {
            let who = text::visible(&there.closed_by());
            ctx.ui.warn(&format!("{who} closed issue {number}: ask why, before you propose it on behalf"));
        }
        if !there.is_authors_own() {
            let who = text::visible(there.meddler());
            ctx.ui.warn(&format!("{who} changed the text of issue {number}, and isn't its author: read it with care"));
        }
        let author = there.by().map(|login| Author { login: login.to_string() });
        let attested = there.attested()?;
        let issue = Issue { body: Some(there.body.clone()), url: Some(there.url.clone()), author, ..Issue::default() };
        let (found, filled) = found(ctx, args, program, issue)?;
        let asked_by = AskedBy { place: place.clone(), issue: there, filled, remarks: Vec::new() };
        all.push(Found { attested: Some(attested), asked_by: Some(Box::new(asked_by)), faults: Vec::new(), ..found });
    }
    Ok((all, outcomes))
}

fn found(ctx: &Context, args: &Args, program: &Program, issue: Issue) -> Result<(Found, Filled)> {
    let author = issue.author.as_ref().and_then(|a| a.login.parse::<Login>().ok());
    let answers = crate::domain::form::read(issue.body.as_deref().unwrap_or_default()).map_err(unread)?;
    let filled = filled::fill(&answers, author.as_ref(), &program.vocabulary);
    let flags = Draft { slug: args.slug.clone(), ..args.fields.clone().into_draft() };
    let word = |about: About| match about {
        About::Box(question) => field_of(question).map_or("agreement", Field::word).to_owned(),
        About::Promise(_) => "agreement".to_owned(),
    };
    let faults: Vec<_> = filled.wrong(&flags).into_iter().map(|(about, fault)| (word(about), fault)).collect();
    for remark in &filled.remarks {
        ctx.ui.warn(&tr!("the issue: {remark}", remark = remark.line()));
    }
    let draft = flags.over(filled.draft.clone());
    let logo = match draft.get(Field::Logo) {
        Some(logo) => logo_files::load(ctx, logo, &program.logo, Metadata::of(&draft)).map(|logo| {
            logo_files::tell_metadata(ctx, &logo);
            logo.bytes
        }),
        None => Err(Error::usage("the issue names no logo").hint("give it with --logo")),
    };
    let link = issue.html_url.or(issue.url).filter(|url| url.parse::<WebAddress>().is_ok());
    let place = link.clone().unwrap_or_else(|| "an issue".to_owned());
    let label = draft.get(Field::Name).unwrap_or("the issue").to_owned();
    let link = link.and_then(|l| l.parse::<HttpLink>().ok());
    let found = Found {
        label,
        draft,
        logo,
        source: source(&format!("the issue form, {place}"))?,
        since: None,
        link,
        attested: None,
        faults,
        asked_by: None,
    };
    Ok((found, filled))
}
