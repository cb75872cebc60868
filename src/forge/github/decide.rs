//! What the committee does on GitHub: a vote is a review, a decision a commit on the default branch or a pull request
//! that brings it, and the applicant is told.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{Call, Client, Repeat};
use super::fault::{Effect, Fault};
use super::partner_query::Pull;
use super::texts::Texts;
use crate::change::Change;
use crate::error::{Error, Result};
use crate::forge::{Link, Stopped, Words};
use crate::partner::event::Ballot;
use crate::partner::github::RepoName;
use crate::partner::{Event, Kind, Subject, Vote};
use crate::repo::{RepoError, Trouble};
use crate::ui::Ui;

const JSON: &str = "application/vnd.github+json";

/// What a review says.
pub fn review_words(texts: &Texts, vote: &Vote) -> Result<String> {
    texts.fill(
        "review.md",
        &json!({
            "ballot": vote.ballot,
            "judged": vote.principles.is_some(),
            "authenticity": vote.principles.map(|p| p.authenticity),
            "url": vote.principles.map(|p| p.url),
            "relevance": vote.principles.map(|p| p.relevance),
            "note": vote.note,
            "block": vote.to_string(),
        }),
    )
}

/// Posts a vote as a review of the commit that was seen.
pub fn review(client: &Client, registry: &RepoName, texts: &Texts, pull: &Pull, vote: &Vote) -> Result<Link, Stopped> {
    let own = pull.by().is_some_and(|by| by.is(&vote.actor));
    let event = match vote.ballot {
        // Nobody can approve what they opened; the block in a comment says it all the same.
        _ if own => "COMMENT",
        Ballot::Approve => "APPROVE",
        Ballot::Reject => "REQUEST_CHANGES",
        Ballot::Abstain | Ballot::Request => "COMMENT",
    };
    let words = review_words(texts, vote)?;
    let body = json!({"commit_id": pull.head_ref_oid, "event": event, "body": words});
    let path = format!("/repos/{registry}/pulls/{}/reviews", pull.number);
    let call = Call {
        method: &Method::POST,
        path: &path,
        body: Some(&body),
        accept: JSON,
        repeat: Repeat::Creates,
        doing: "post the review",
    };
    let made: Value = match client.rest(call) {
        // It was pushed over while the member was reading: look again.
        Err(fault) if fault.is(StatusCode::UNPROCESSABLE_ENTITY) && fault.error.message.contains("commit") => {
            return Err(Stopped::Raced(RepoError::new(Trouble::Moved, "the pull request changed meanwhile", None)));
        }
        other => other?,
    };
    let url = made["html_url"].as_str().unwrap_or(&pull.url).to_owned();
    Ok(Link { what: "review", url })
}

/// A pull request that brings a decision, as it stands.
#[derive(Debug)]
pub struct Pending {
    /// Its number.
    pub number: u64,
    /// Its address.
    pub url: String,
    /// Who opened it.
    pub author: String,
    /// Its commit.
    pub head: String,
    /// The commit it is made on.
    pub base: Option<String>,
    /// The event that it brings.
    pub event: Option<Event>,
}

/// The branch that brings a decision.
#[must_use]
pub fn decision_branch(event: &Event) -> String {
    format!("decision/{}/{:04}", event.partner, event.seq)
}

/// The open pull requests that bring the decision of an event.
pub fn pending(client: &Client, registry: &RepoName, event: &Event) -> Result<Vec<Pending>, Fault> {
    let document = "query Pending($owner: String!, $name: String!, $branch: String!, $path: String!) {
        repository(owner: $owner, name: $name) {
            pullRequests(headRefName: $branch, states: OPEN, first: 10, orderBy: {field: CREATED_AT, direction: ASC}) {
                nodes {
                    number url headRefOid
                    author { login }
                    commits(last: 1) {
                        nodes { commit { parents(first: 1) { nodes { oid } } file(path: $path) { object { ... on Blob { text } } } } }
                    }
                }
            }
        }
    }";
    let doing = "look for the decision";
    let path = format!("{}/{}/log/{:04}", crate::registry::PARTNERS, event.partner, event.seq);
    let variables =
        json!({"owner": registry.owner, "name": registry.name, "branch": decision_branch(event), "path": path});
    let data = client.graphql(document, &variables, Repeat::Harmless, doing)?;
    let nodes = data.data["repository"]["pullRequests"]["nodes"].as_array().cloned().unwrap_or_default();
    let read = |node: &Value| {
        let commit = &node["commits"]["nodes"][0]["commit"];
        Some(Pending {
            number: node["number"].as_u64()?,
            url: node["url"].as_str()?.to_owned(),
            author: node["author"]["login"].as_str().unwrap_or_default().to_owned(),
            head: node["headRefOid"].as_str()?.to_owned(),
            base: commit["parents"]["nodes"][0]["oid"].as_str().map(str::to_owned),
            event: commit["file"]["object"]["text"].as_str().and_then(|t| Event::parse(t.as_bytes()).ok()),
        })
    };
    Ok(nodes.iter().filter_map(read).collect())
}

/// Whether two events say the same, apart from when.
#[must_use]
pub fn same_decision(one: &Event, other: &Event) -> bool {
    Event { time: other.time, actor: other.actor.clone(), signature: None, ..one.clone() }
        == Event { signature: None, ..other.clone() }
}

/// The words of a pull request that brings a decision.
pub fn decision_words(
    texts: &Texts,
    change: &Change,
    event: &Event,
    proposal: Option<&Pull>,
) -> Result<super::texts::Titled> {
    // The issue is settled when the decision takes effect.
    let issue = proposal.and_then(issue_of);
    texts.titled(
        "pull-request.md",
        &json!({
            "title": crate::partner::text::inert(&change.title),
            "slug": event.partner, "kind": event.kind, "subject": event.subject, "name": event.partner.to_string(),
            "decision": change.notes, "proposal": proposal.map(|p| format!("#{}", p.number)),
            "issue": issue,
        }),
    )
}

/// The issue that a pull request names, as in `Fixes owner/name#1`.
fn issue_of(pull: &Pull) -> Option<String> {
    let word = pull.body.lines().find_map(|l| l.trim().strip_prefix("Fixes "))?.trim();
    let (place, number) = word.split_once('#')?;
    let place_fits = place.is_empty() || place.parse::<RepoName>().is_ok();
    (place_fits && number.parse::<u64>().is_ok()).then(|| word.to_owned())
}

/// What was said so far where a proposal is discussed.
struct Discussion {
    open: bool,
    body: String,
    said: Vec<String>,
}

fn discussion(client: &Client, registry: &RepoName, number: u64) -> Result<Option<Discussion>, Fault> {
    let document = "query Discussion($owner: String!, $name: String!, $number: Int!) {
        repository(owner: $owner, name: $name) {
            pullRequest(number: $number) { state body comments(last: 100) { nodes { body } } }
        }
    }";
    let doing = "read the discussion";
    let variables = json!({"owner": registry.owner, "name": registry.name, "number": number});
    let data = client.graphql(document, &variables, Repeat::Harmless, doing)?;
    let pull = &data.data["repository"]["pullRequest"];
    let said = pull["comments"]["nodes"].as_array().into_iter().flatten();
    Ok(pull["state"].as_str().map(|state| Discussion {
        open: state == "OPEN",
        body: pull["body"].as_str().unwrap_or_default().to_owned(),
        said: said.filter_map(|c| c["body"].as_str().map(str::to_owned)).collect(),
    }))
}

/// Where a decision is told, and how.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The way to GitHub.
    pub client: &'a Client,
    /// The registry.
    pub registry: &'a RepoName,
    /// The templates.
    pub texts: &'a Texts,
    /// Where to say what can't be done.
    pub ui: Ui,
    /// Whether the proposal's pull request becomes merged by itself.
    pub merges: bool,
}

impl Telling<'_> {
    /// Says once on the proposal's pull request what was decided, and closes what nothing else closes.
    pub fn announce(self, event: &Event, words: &Words<'_>) -> Result<Vec<Link>> {
        let number = event.link.as_ref().and_then(|l| l.as_str().rsplit('/').next()?.parse::<u64>().ok());
        let Some(number) = number else { return Ok(Vec::new()) };
        let how = if words.waits.is_some() { "waits" } else { "is made" };
        let mark = format!("<!-- karmada-partner: {} event {} {how} -->", event.partner, event.seq);
        let mut links = Vec::new();
        let mut looks = 0;
        let discussion = loop {
            let Some(discussion) = discussion(self.client, self.registry, number)? else { return Ok(links) };
            if discussion.said.iter().any(|c| c.contains(&mark)) {
                break discussion;
            }
            looks += 1;
            match self.comment(number, event, words, &mark) {
                Ok(link) => {
                    links.push(link);
                    break discussion;
                }
                // It may be there: look again.
                Err(fault) if fault.effect == Effect::Unclear && looks < 3 => {}
                Err(fault) => return Err(fault.into()),
            }
        };
        if words.waits.is_some() {
            return Ok(links);
        }
        let accepted = matches!(event.kind, Kind::Approved | Kind::Updated | Kind::Exited);
        if discussion.open && !(accepted && self.merges) {
            self.close(&format!("/repos/{}/pulls/{number}", self.registry), &json!({"state": "closed"}))?;
        }
        if !accepted && event.subject == Subject::Application {
            self.close_issue(&discussion.body);
        }
        Ok(links)
    }

    fn comment(self, number: u64, event: &Event, words: &Words<'_>, mark: &str) -> Result<Link, Fault> {
        let doing = "tell the applicant";
        let text = self.texts.fill(
            "decision.md",
            &json!({
                "happening": words.happening, "votes": words.votes, "waits": words.waits, "slug": event.partner,
                "kind": event.kind, "subject": event.subject, "reason": event.reason,
            }),
        );
        let text = text.map_err(|e| Fault::new(Effect::None { wait: None }, e))?;
        let path = format!("/repos/{}/issues/{number}/comments", self.registry);
        let body = json!({"body": format!("{text}\n{mark}\n")});
        let call = Call {
            method: &Method::POST,
            path: &path,
            body: Some(&body),
            accept: JSON,
            repeat: Repeat::Creates,
            doing,
        };
        let made: Value = self.client.rest(call)?;
        Ok(Link { what: "comment", url: made["html_url"].as_str().unwrap_or_default().to_owned() })
    }

    fn close(self, path: &str, body: &Value) -> Result<(), Fault> {
        let call = Call {
            method: &Method::PATCH,
            path,
            body: Some(body),
            accept: JSON,
            repeat: Repeat::Harmless,
            doing: "close it",
        };
        self.client.send(call).map(drop)
    }

    /// The issue may be in a repository where we can't: then somebody there closes it.
    fn close_issue(self, body: &str) {
        let issue = body.lines().find_map(|l| l.trim().strip_prefix("Fixes "));
        let Some((place, number)) = issue.and_then(|i| i.trim().split_once('#')) else { return };
        let place = if place.is_empty() { Some(self.registry.clone()) } else { place.parse().ok() };
        let (Some(place), Ok(number)) = (place, number.parse::<u64>()) else { return };
        let path = format!("/repos/{place}/issues/{number}");
        if let Err(fault) = self.close(&path, &json!({"state": "closed", "state_reason": "not_planned"})) {
            self.ui.warn(&format!("the issue {place}#{number} stays open: {}", fault.error));
        }
    }
}

/// That a decision is made, and people aren't told of it yet.
#[must_use]
pub fn not_told(mut error: Error) -> Error {
    error.message = format!("the decision is made, but not told yet: {}", error.message);
    error.hint("run it again: it goes on from there")
}
