//! Our one comment on an issue by which an organization applies, edited in place.

use serde_json::{Value, json};

use super::client::Client;
use super::fault::{ApiFault, Effect};
use super::issue_query::{self, Issue};
use super::texts::Texts;
use super::{tellers, threads};
use crate::domain::form::{self, Language, filled};
use crate::domain::program::github::RepoName;
use crate::domain::text::is_digits;
use crate::domain::{Event, Field, HttpLink, Program, Sha256, Slug, State};
use crate::error::Result as Made;
use crate::forge::board::{Ended, mark};
use crate::language;

/// How it begins; the slug stands behind it, once there is one.
pub const MARK: &str = mark!("form");

/// What it remembers where all is ready but the pull request: the text that it was made of.
pub const READY: &str = "<!-- ready: ";

/// What it remembers where it is proposed: the same. What a logo's host answers later is nothing to say.
pub const PROPOSED: &str = "<!-- proposed: ";

/// What it remembers where its pull request was closed, and nothing decided: the same. Only other words are proposed anew.
pub const SET_ASIDE: &str = "<!-- set aside: ";

/// What it remembers where it tells what is wrong: the same.
pub const READ: &str = "<!-- read: ";

/// What it remembers where it is Chinese: whoever takes all headings out of the issue is still answered so.
const IN_CHINESE: &str = "<!-- zh -->\n";

/// In which language an issue's form is, and our comment on it.
#[must_use]
pub fn language(issue: &Issue) -> Language {
    let said = || issue.comment(MARK).is_some_and(|c| c.body.replace('\r', "").contains(IN_CHINESE));
    form::language_of(&issue.body).unwrap_or(if said() { Language::Chinese } else { Language::English })
}

/// The whole comment, in the language of the form: `bound` to a proposal, once there is one, and with what it remembers.
///
/// # Errors
/// When the registry's own template can't be used.
pub fn composed(texts: &Texts, language: Language, bound: Option<&Slug>, values: &Value, memory: &str) -> Made<String> {
    let spoken = if language == Language::Chinese { IN_CHINESE } else { "" };
    Ok(format!("{}\n{}{spoken}{memory}", first_line(bound), texts.fill(template(language), values)?))
}

/// The template with its words.
#[must_use]
pub const fn template(language: Language) -> &'static str {
    match language {
        Language::English => "application.md",
        Language::Chinese => "application-zh.md",
    }
}

/// What it remembers where that was merged before anybody decided: the same.
pub const UNDECIDED: &str = "<!-- undecided: ";

/// What it remembers where its author took that back: the same. What is left of it is looked for once.
pub const WITHDRAWN: &str = "<!-- withdrawn: ";

/// What it remembers where it says that the issue is closed: once it is open again, it has to say otherwise.
pub const CLOSED: &str = "<!-- closed";

/// The line that remembers a text so.
#[must_use]
pub fn memory(how: &str, text: &str) -> String {
    format!("{how}{text} -->\n")
}

/// The text that a comment remembers so.
#[must_use]
pub fn remembered<'c>(comment: &'c str, how: &str) -> Option<&'c str> {
    comment.lines().rev().find_map(|line| line.strip_prefix(how))?.trim_end().strip_suffix(" -->")
}

/// Whether a comment remembers any text in one of these ways.
#[must_use]
pub fn says_any(comment: &str, hows: &[&str]) -> bool {
    hows.iter().any(|how| remembered(comment, how).is_some())
}

/// Whether a comment was written of this text.
#[must_use]
pub fn is_of(comment: &str, text: Sha256) -> bool {
    let text = text.to_string();
    let hows = [READY, PROPOSED, SET_ASIDE, READ, UNDECIDED, WITHDRAWN];
    hows.iter().any(|how| remembered(comment, how) == Some(text.as_str()))
}

/// The pull request that a comment leads to.
#[must_use]
pub fn leads_to(comment: &str) -> Option<&str> {
    let around = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',');
    let is_pull = |word: &&str| {
        let number = word.rsplit_once("/pull/").map(|(_, number)| number);
        word.starts_with("http") && number.is_some_and(is_digits)
    };
    comment.split(around).map(|word| word.trim_end_matches(['.', '。', '，'])).find(is_pull)
}

/// Its first line.
fn first_line(bound: Option<&Slug>) -> String {
    bound.map_or_else(|| format!("{MARK} -->"), |slug| format!("{MARK} {slug} -->"))
}

/// Whose proposal a comment of ours is about.
#[must_use]
pub fn slug_in(comment: &str) -> Option<Slug> {
    comment.lines().next()?.strip_prefix(MARK)?.strip_suffix("-->")?.trim().parse().ok()
}

/// What `application.md` takes to tell of a decision, and on which pull request that was.
#[must_use]
pub fn decision(slug: &Slug, name: &str, state: State, pull: Option<&str>) -> Value {
    json!({"outcome": "decided", "name": name, "state": state.to_string(), "slug": slug, "pull": pull})
}

/// Says on the form what was decided about it, where a workflow decides: nothing that one does starts another,
/// which would say so. Where no comment of ours is there, nothing is said.
pub fn tell(
    client: &Client,
    texts: &Texts,
    program: &Program,
    (place, number): (&RepoName, u64),
    (event, name): (&Event, &str),
) -> Result<(), ApiFault> {
    let Some(state) = State::Applied.after(event.kind, event.subject) else { return Ok(()) };
    let Some(issue) = issue_query::ask(client, place, program, number)? else { return Ok(()) };
    if issue.comment(MARK).is_none() {
        return Ok(());
    }
    let values = decision(&event.partner, name, state, event.link.as_ref().map(HttpLink::as_str));
    let words = composed(texts, language(&issue), Some(&event.partner), &values, "");
    say(client, (place, program), &issue, &made(words)?)
}

/// What the form calls who applies.
fn name_in(issue: &Issue, program: &Program, slug: &Slug) -> String {
    let answers = form::read(&issue.body).ok();
    let filled = answers.map(|answers| filled::fill(&answers, issue.by().as_ref(), &program.vocabulary));
    let name = filled.as_ref().and_then(|filled| filled.draft.get(Field::Name));
    name.unwrap_or(slug.as_str()).to_owned()
}

/// What `application.md` takes to tell that the issue was closed, and what that means: nothing waits, or what it asked for does all
/// the same, as `waits` tells, with its name.
#[must_use]
pub fn closed(issue: &Issue, waits: Option<(&str, &str)>) -> Value {
    let (name, pull) = waits.unzip();
    json!({"outcome": "closed", "who": issue.closed_by(), "own": issue.is_closed_by_author(), "name": name, "pull": pull})
}

/// A template that can't be used hasn't changed anything.
fn made(words: Made<String>) -> Result<String, ApiFault> {
    words.map_err(|e| ApiFault::new(Effect::None { wait: None }, e))
}

/// Has what stands there of ours besides the one comment lead to that, so that nobody reads what was true once.
pub fn tidy(client: &Client, issue: &Issue) -> Result<(), ApiFault> {
    let Some(one) = issue.comment(MARK) else { return Ok(()) };
    let words = language::in_language(language(issue).spoken(), || tellers::elsewhere(&one.url));
    let mut refused = None;
    for second in issue.seconds(MARK) {
        let done = match second.by.keeper() {
            Some(who) => Err(tellers::stays_beside(&who, &second.url)),
            None => threads::edit(client, &second.id, &words, "change the comment"),
        };
        match done {
            Err(fault) if fault.is_forbidden() => refused = Some(fault),
            done => done?,
        }
    }
    refused.map_or(Ok(()), Err)
}

/// Comments; where it isn't known whether that took effect, looks before it does so again.
pub fn say(
    client: &Client,
    (place, program): (&RepoName, &Program),
    issue: &Issue,
    body: &str,
) -> Result<(), ApiFault> {
    match issue_query::say(client, place, issue, MARK, body) {
        Err(fault) if fault.effect == Effect::Unclear => {
            let Some(now) = issue_query::ask(client, place, program, issue.number)? else { return Err(fault) };
            issue_query::say(client, place, &now, MARK, body)
        }
        said => said,
    }
}

/// Says on the form how its pull request, `pull`, ended where nobody has decided. Gives whether that was news there. Whatever else our
/// comment says by now stays.
pub fn ended(
    client: &Client,
    texts: &Texts,
    program: &Program,
    (place, number): (&RepoName, u64),
    pull: &str,
    (how, registry): (Ended, &RepoName),
) -> Result<bool, ApiFault> {
    let Some(issue) = issue_query::ask(client, place, program, number)? else { return Ok(false) };
    let Some(said) = issue.comment(MARK).map(|comment| comment.body.replace('\r', "")) else { return Ok(false) };
    if leads_to(&said) != Some(pull) {
        return Ok(false);
    }
    let bound = slug_in(&said);
    let (memory, values) = match (remembered(&said, PROPOSED), remembered(&said, WITHDRAWN), &bound) {
        (_, _, Some(slug)) if how == Ended::OnRecord => {
            (String::new(), decision(slug, &name_in(&issue, program, slug), State::Withdrawn, Some(pull)))
        }
        (_, Some(text), Some(slug)) => {
            let outcome = if issue.is_open() { "reopened" } else { "withdrawn" };
            let name = name_in(&issue, program, slug);
            let other = if let Ended::Surplus(number) = how { Some(number) } else { None };
            let values = json!({
                "outcome": outcome, "name": name, "slug": slug, "unrecorded": true,
                "place": other.map(|_| registry.to_string()), "other": other,
            });
            (memory(WITHDRAWN, text), values)
        }
        (Some(text), ..) if issue.is_open() => (memory(SET_ASIDE, text), json!({"outcome": "set-aside", "pull": pull})),
        (Some(text), ..) => (memory(SET_ASIDE, text) + &self::memory(CLOSED, ""), closed(&issue, None)),
        (None, ..) => return Ok(false),
    };
    let words = composed(texts, language(&issue), bound.as_ref(), &values, &memory);
    say(client, (place, program), &issue, &made(words)?)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_read_as_it_was_written() {
        let body = "<!-- x -->\n`Acme` is proposed in https://github.example/a/b/pull/12, where.\n<!-- proposed: sha256:1 -->\r\n";
        assert_eq!(leads_to(body), Some("https://github.example/a/b/pull/12"));
        assert_eq!(leads_to("see https://github.example/a/b/pull/new/x, /pull/3"), None);
        assert_eq!(remembered(body, PROPOSED), Some("sha256:1"));
        assert_eq!(remembered(&memory(SET_ASIDE, "sha256:2"), SET_ASIDE), Some("sha256:2"));
        assert_eq!(remembered(body, READY), None);
    }
}
