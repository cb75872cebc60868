//! Our one comment on an issue by which an organization applies, edited in place.

use serde_json::{Value, json};

use super::client::Client;
use super::fault::{ApiFault, Effect};
use super::issue_query::{self, Issue};
use super::texts::Texts;
use crate::domain::program::github::RepoName;
use crate::domain::{Event, Slug, State};
use crate::forge::board::mark;

/// How it begins; the slug stands behind it, once there is one.
pub const MARK: &str = mark!("form");

/// Its first line; `bound` to a proposal, once there is one.
#[must_use]
pub fn first_line(bound: Option<&Slug>) -> String {
    bound.map_or_else(|| format!("{MARK} -->"), |slug| format!("{MARK} {slug} -->"))
}

/// Whose proposal a comment of ours is about.
#[must_use]
pub fn slug_in(comment: &str) -> Option<Slug> {
    comment.lines().next()?.strip_prefix(MARK)?.strip_suffix("-->")?.trim().parse().ok()
}

/// What `application.md` takes to tell of a decision.
#[must_use]
pub fn decision(slug: &Slug, name: &str, state: State) -> Value {
    json!({"name": name, "state": state.to_string(), "slug": slug})
}

/// Says on the form what was decided about it, where a workflow decides: nothing that one does starts another,
/// which would say so. Where no comment of ours is there, nothing is said.
pub fn tell(client: &Client, texts: &Texts, at: (&RepoName, u64), event: &Event, name: &str) -> Result<(), ApiFault> {
    let (place, number) = at;
    let Some(state) = State::Applied.after(event.kind, event.subject) else { return Ok(()) };
    let Some(issue) = issue_query::ask(client, place, number)? else { return Ok(()) };
    if issue.comment(MARK).is_none() {
        return Ok(());
    }
    let mut values = decision(&event.partner, name, state);
    values["outcome"] = json!("decided");
    let words = texts.fill("application.md", &values);
    let words = words.map_err(|e| ApiFault::new(Effect::None { wait: None }, e))?;
    say(client, place, &issue, &format!("{}\n{words}", first_line(Some(&event.partner))))
}

/// Comments; where it isn't known whether that took effect, looks before it does so again.
pub fn say(client: &Client, place: &RepoName, issue: &Issue, body: &str) -> Result<(), ApiFault> {
    match issue_query::say(client, place, issue, MARK, body) {
        Err(fault) if fault.effect == Effect::Unclear => {
            let Some(now) = issue_query::ask(client, place, issue.number)? else { return Err(fault) };
            issue_query::say(client, place, &now, MARK, body)
        }
        said => said,
    }
}
