//! `import issue`: an application that was made by the program's issue form on GitHub.

use std::path::PathBuf;

use serde::Deserialize;

use super::found::{Found, source};
use crate::domain::record::{Mailbox, WebAddress};
use crate::domain::{Draft, Field, HttpLink, Login, Program, text};
use crate::error::{Error, Result};
use crate::files;
use crate::session::Context;
use crate::workflow::proposing;

/// Bring in an application that was made by the issue form on GitHub
///
/// FILE is the issue as `gh issue view N --json url,author,body` or GitHub's API gives it, or its text alone. Its logo is
/// fetched from the address in it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The issue; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The logo, where the issue's can't be fetched: a PNG file, or its https address
    #[arg(long, value_name = "PATH|URL")]
    logo: Option<String>,
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
    let (draft, logo) = answers(&issue)?;
    let logo = match args.logo.as_ref().or(logo.as_ref()) {
        Some(logo) => proposing::load_logo(ctx, logo, &program.logo).map(|logo| logo.bytes),
        None => Err(Error::usage("the issue names no logo").hint("give it with --logo")),
    };
    let link = issue.html_url.or(issue.url).filter(|url| url.parse::<WebAddress>().is_ok());
    let place = link.clone().unwrap_or_else(|| "an issue".to_owned());
    let label = draft.get(Field::Name).unwrap_or("the issue").to_owned();
    let link = link.and_then(|l| l.parse::<HttpLink>().ok());
    Ok(vec![Found { label, draft, logo, source: source(&format!("the issue form, {place}"))?, since: None, link }])
}

/// What the form's boxes were answered with, and where the logo is.
fn answers(issue: &Issue) -> Result<(Draft, Option<String>)> {
    let boxes = boxes(&issue.body);
    let about =
        |word: &str| boxes.iter().find(|(label, _)| label.to_lowercase().contains(word)).map(|(_, a)| a.clone());
    let mut draft = Draft::default();
    let name = boxes.iter().find(|(label, _)| label.to_lowercase().ends_with("name")).map(|(_, a)| text::one_line(a));
    let Some(name) = name else {
        return Err(Error::usage("the issue isn't one that the form made: it has no box for the name").hint(
            "it has sections such as “### Org or company name”; or apply on its behalf with karmada-partner apply",
        ));
    };
    draft.answers.insert(Field::Name, name);
    let website = about("website").map(|answer| address(&answer).unwrap_or_else(|| text::one_line(&answer)));
    draft.answers.extend(website.map(|w| (Field::Website, w)));
    draft.answers.extend(about("description").map(|d| (Field::Description, text::one_line(&d))));
    let contact = about("contact").unwrap_or_default();
    let (github, email) = reach(&contact);
    let author = issue.author.as_ref().map(|a| a.login.clone()).filter(|l| l.parse::<Login>().is_ok());
    draft.answers.extend(github.or(author).map(|g| (Field::Github, g)));
    draft.answers.extend(email.map(|e| (Field::Email, e)));
    Ok((draft, about("logo").and_then(|l| address(&l))))
}

/// The form's boxes: `### label`, then what was typed; what wasn't answered is left out.
fn boxes(body: &str) -> Vec<(String, String)> {
    let mut boxes: Vec<(String, String)> = Vec::new();
    for line in body.lines() {
        match (line.strip_prefix("### "), boxes.last_mut()) {
            (Some(label), _) => boxes.push((label.trim().to_owned(), String::new())),
            (None, Some((_, answer))) => {
                answer.push_str(line);
                answer.push('\n');
            }
            (None, None) => {}
        }
    }
    for (_, answer) in &mut boxes {
        *answer = answer.trim().to_owned();
    }
    boxes.retain(|(_, answer)| !answer.is_empty() && answer != "_No response_");
    boxes
}

/// The first web address in a text, also within Markdown or an HTML tag.
fn address(text: &str) -> Option<String> {
    let at = text.find("https://").or_else(|| text.find("http://"))?;
    let rest = &text[at..];
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | ']' | '，' | '。'))
        .unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches(['.', ',', ';']).to_owned())
}

/// A GitHub ID and a mailbox in what somebody typed.
fn reach(contact: &str) -> (Option<String>, Option<String>) {
    let (mut github, mut email) = (None, None);
    let words = contact
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '<' | '>' | '，' | '：' | '|'));
    for word in words.filter(|w| !w.is_empty()) {
        let word = word.trim_start_matches("mailto:").trim_end_matches(['.', ':']);
        let login = word
            .strip_prefix('@')
            .or_else(|| word.split_once("github.com/").map(|(_, rest)| rest.trim_end_matches('/')));
        if let Some(login) = login.filter(|l| l.parse::<Login>().is_ok()) {
            github.get_or_insert_with(|| login.to_owned());
        } else if word.parse::<Mailbox>().is_ok() {
            email.get_or_insert_with(|| word.to_owned());
        }
    }
    // “GitHub ID: name”, with nothing that marks the name.
    if github.is_none() {
        let named = contact.lines().find_map(|line| {
            let (label, value) = line.split_once([':', '：'])?;
            label.to_lowercase().contains("github").then(|| value.trim().to_owned())
        });
        github = named.filter(|n| n.parse::<Login>().is_ok());
    }
    (github, email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_read_as_github_renders_it() {
        let body = "### Org or company name\n\nAcme Cloud\n\n### Org or company description\n\n_No response_\n\n\
            ### Org or company Website\n\nSee <https://acme.example/karmada>.\n\n### Org or company logo\n\n\
            ![logo](https://acme.example/logo.png)\n\n### Contact me\n\nGitHub: @acme-bot, karmada@acme.example\n";
        let (draft, logo) = answers(&Issue { body: body.into(), ..Issue::default() }).unwrap();
        let of = |field| draft.get(field).map(str::to_owned);
        assert_eq!(of(Field::Name).as_deref(), Some("Acme Cloud"));
        assert_eq!(of(Field::Website).as_deref(), Some("https://acme.example/karmada"));
        assert_eq!(of(Field::Description), None);
        assert_eq!(of(Field::Github).as_deref(), Some("acme-bot"));
        assert_eq!(of(Field::Email).as_deref(), Some("karmada@acme.example"));
        assert_eq!(logo.as_deref(), Some("https://acme.example/logo.png"));
        assert_eq!(reach("github id: acme-bot\n"), (Some("acme-bot".into()), None));
        assert!(answers(&Issue { body: "hello".into(), ..Issue::default() }).is_err());
    }
}
