//! `import issue`: an application that was made by the program's issue form on GitHub.

use std::path::PathBuf;

use serde::Deserialize;

use super::found::{Found, source};
use crate::domain::form::filled::{self, Filled, Promise};
use crate::domain::form::{self, Language, Unread};
use crate::domain::record::WebAddress;
use crate::domain::values::Invalid;
use crate::domain::{Draft, Field, HttpLink, Login, Program};
use crate::error::{Error, Result};
use crate::files;
use crate::session::Context;
use crate::workflow::proposing;

/// Bring in an application that was made by the issue form on GitHub
///
/// FILE is the issue as `gh issue view N --json url,author,body` or GitHub's API gives it, or its text alone. Its logo is
/// fetched from the address in it. What is given as a flag wins over what the issue says.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The issue; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The partner's short name in the registry [default: derived from the name]
    #[arg(long)]
    slug: Option<String>,
    #[command(flatten)]
    fields: proposing::Fields,
}

/// An issue as GitHub gives it: by `gh`, or by its API.
#[derive(Debug, Default, Deserialize)]
struct Issue {
    body: String,
    /// The page, from gh; the API has its own address there.
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default, alias = "user")]
    author: Option<Author>,
}

#[derive(Debug, Deserialize)]
struct Author {
    login: String,
}

pub fn read(ctx: &Context, args: &Args, program: &Program) -> Result<Vec<Found>> {
    let given = files::text_or_stdin(&args.file, "the issue")?;
    let issue = match serde_json::from_str::<Issue>(&given) {
        Ok(issue) => issue,
        Err(e) if given.trim_start().starts_with('{') => {
            return Err(Error::usage(format!("the issue can't be read: {e}"))
                .hint("get it with gh issue view N --json url,author,body"));
        }
        Err(_) => Issue { body: given, ..Issue::default() },
    };
    let author = issue.author.as_ref().and_then(|a| a.login.parse::<Login>().ok());
    let answers = form::read(&issue.body).map_err(unread)?;
    let Filled { draft, remarks, mut faults, promised } = filled::fill(&answers, author.as_ref(), &program.vocabulary);
    let flags = Draft { slug: args.slug.clone(), ..args.fields.clone().into_draft() };
    faults.retain(|field, _| !flags.answers.contains_key(field));
    for remark in &remarks {
        ctx.ui.warn(&format!("the issue's {remark}"));
    }
    let mut faults: Vec<_> = faults.into_iter().map(|(field, fault)| (field.word().to_owned(), fault)).collect();
    for promise in Promise::ALL.into_iter().filter(|p| *p != Promise::Origin) {
        if promised.as_ref().is_some_and(|made| !made.contains(&promise)) {
            let why = format!("the box “{}” isn't ticked", promise.words(Language::English));
            faults.push(("agreement".into(), Invalid::new(why, "have the author of the issue tick it")));
        }
    }
    let mut draft = flags.over(draft);
    let logo = match draft.answers.remove(&Field::Logo) {
        Some(logo) => proposing::load_logo(ctx, &logo, &program.logo).map(|logo| logo.bytes),
        None => Err(Error::usage("the issue names no logo").hint("give it with --logo")),
    };
    let link = issue.html_url.or(issue.url).filter(|url| url.parse::<WebAddress>().is_ok());
    let place = link.clone().unwrap_or_else(|| "an issue".to_owned());
    let label = draft.get(Field::Name).unwrap_or("the issue").to_owned();
    let link = link.and_then(|l| l.parse::<HttpLink>().ok());
    Ok(vec![Found {
        label,
        draft,
        logo,
        source: source(&format!("the issue form, {place}"))?,
        since: None,
        link,
        faults,
    }])
}

/// Why an issue can't be read as the form.
fn unread(why: Unread) -> Error {
    match why {
        Unread::Other => Error::usage("the issue isn't one that the form made: it has no box for the name").hint(
            "it has sections such as “### Org or company name”; or apply on its behalf with karmada-partner apply",
        ),
        Unread::Twice(question, language) => Error::usage(format!(
            "the issue can be read in two ways: the heading “### {}” stands there more than once",
            question.label(language)
        ))
        .hint("write what isn't the form's own heading in another way, such as within a code block"),
    }
}
