//! What the committee does on GitHub: a vote is a review, a decision a commit on the default branch or a pull request
//! that brings it, and the applicant is told.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Call, Client, Repeat};
use super::fault::{ApiFault, Effect};
use super::form_comment;
use super::objects::BlobAnswer;
use super::partner_query::{Named, Person, Pull};
use super::propose;
use super::registry_query::{Head, Nodes};
use super::review_blocks::evidence_of;
use super::tellers::By;
use super::texts::{self, Texts};
use super::threads;
use crate::domain::identity::Identity;
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::event_path;
use crate::domain::program::github::RepoName;
use crate::domain::{AccountId, Event, HttpLink, Logged, Login, Program, Slug, Subject, Vote, text};
use crate::error::{Error, Kind, Result};
use crate::forge::board::{WAITS, mark};
use crate::forge::progress::Progress;
use crate::forge::{Link, Stopped, Words};
use crate::git::{Oid, RepoError, Trouble};
use crate::registry::branch_for;
use crate::registry::change::Change;

pub fn review_words(texts: &Texts, vote: &Vote, evidence: Option<&str>) -> Result<String> {
    let fill = |evidence: Option<&str>| {
        texts.fill(
            "review.md",
            &json!({
                "ballot": vote.ballot,
                "judged": vote.principles.is_some(),
                "authenticity": vote.principles.map(|p| p.authenticity),
                "url": vote.principles.map(|p| p.url),
                "relevance": vote.principles.map(|p| p.relevance),
                "note": vote.note,
                "evidence": evidence,
                "block": vote.to_string(),
            }),
        )
    };
    let filled = fill(evidence)?;
    let (Some(text), Some(hash)) = (evidence, vote.evidence) else { return Ok(filled) };
    if evidence_of(&filled, hash).is_some() {
        return Ok(filled);
    }
    // A registry's own template may leave it out; without it the vote wouldn't count.
    let with = format!("{}\n{}\n", fill(None)?, texts::fenced(text));
    match evidence_of(&with, hash) {
        Some(_) => Ok(with),
        None => Err(Error::new(Kind::Bug, "the evidence can't be read back out of the review")),
    }
}

/// Posts a vote as a review of the commit that was seen.
pub fn review(
    client: &Client,
    registry: &RepoName,
    texts: &Texts,
    pull: &Pull,
    vote: &Vote,
    evidence: Option<&str>,
) -> Result<Link, Stopped> {
    let own = pull.by().is_some_and(|by| by.is(&vote.actor));
    let event = match vote.ballot {
        // Nobody can approve what they opened; the block in a comment says it all the same.
        _ if own => "COMMENT",
        Ballot::Approve => "APPROVE",
        Ballot::Reject => "REQUEST_CHANGES",
        Ballot::Abstain | Ballot::Request => "COMMENT",
    };
    let words = review_words(texts, vote, evidence)?;
    let body = json!({"commit_id": pull.head_ref_oid, "event": event, "body": words});
    let path = format!("/repos/{registry}/pulls/{}/reviews", pull.number);
    let call = Call::create(&path, &body, tr!("post the review"));
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
    pub number: u64,
    pub url: String,
    pub title: String,
    pub body: String,
    /// The fork that it is from.
    pub fork: Option<RepoName>,
    pub brings: Brought,
}

/// What a branch brings that is a decision's.
#[derive(Debug)]
pub struct Brought {
    /// Whose it is: one who may say so.
    pub author: Login,
    pub head: Oid,
    pub tree: Oid,
    /// The commit it is made on.
    pub base: Oid,
    /// The event that it brings, and its bytes.
    pub event: Option<(Event, String)>,
}

/// How the branches begin that bring decisions.
const DECISIONS: &str = "decision/";

/// Whether a branch is one that brings a decision, by its name.
#[must_use]
pub fn is_decision_branch(name: &str) -> bool {
    name.starts_with(DECISIONS)
}

/// Whose decision a branch of that name brings.
#[must_use]
pub fn brought_by(name: &str) -> Option<Slug> {
    name.strip_prefix(DECISIONS)?.split_once('/')?.0.parse().ok()
}

/// The branch that brings a decision.
#[must_use]
pub fn decision_branch(event: &Event) -> String {
    format!("{DECISIONS}{}/{:04}", event.partner, event.seq)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PendingAnswer {
    number: u64,
    url: String,
    title: String,
    body: String,
    head_ref_oid: String,
    #[serde(default)]
    author: Option<Person>,
    #[serde(default)]
    head_repository: Option<Named>,
    commits: Nodes<PendingCommit>,
}

#[derive(Debug, Deserialize)]
struct PendingCommit {
    commit: PendingHead,
}

#[derive(Debug, Deserialize)]
struct PendingHead {
    tree: Head,
    parents: Nodes<Head>,
    #[serde(default)]
    file: Option<PendingFile>,
}

#[derive(Debug, Deserialize)]
struct PendingFile {
    #[serde(default)]
    object: Option<BlobAnswer>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PendingPulls {
    pull_requests: Nodes<PendingAnswer>,
}

/// The open pull requests that bring an event, by those who may say it. Anybody can open one that looks like it.
pub fn pending(
    client: &Client,
    registry: &RepoName,
    base: &str,
    program: &Program,
    event: &Event,
) -> Result<Vec<Pending>, ApiFault> {
    let document = "query Pending($owner: String!, $name: String!, $branch: String!, $base: String!, $path: String!) {
        repository(owner: $owner, name: $name) {
            pullRequests(
                headRefName: $branch, baseRefName: $base, states: OPEN, first: 20,
                orderBy: {field: CREATED_AT, direction: ASC}
            ) {
                nodes {
                    number url title body headRefOid
                    author { login __typename ... on User { databaseId } }
                    headRepository { nameWithOwner }
                    commits(last: 1) {
                        nodes {
                            commit {
                                tree { oid }
                                parents(first: 1) { nodes { oid } }
                                file(path: $path) { object { ... on Blob { text isTruncated } } }
                            }
                        }
                    }
                }
            }
        }
    }";
    let doing = tr!("look for the decision");
    let path = event_path(&event.partner, event.seq);
    let variables = json!({
        "owner": registry.owner, "name": registry.name, "branch": decision_branch(event), "base": base, "path": path,
    });
    let data = client.graphql(document, &variables, Repeat::Harmless, doing)?;
    let pulls: Option<PendingPulls> = data.part("repository", doing)?;
    let read = |pull: &PendingAnswer| -> Option<Pending> {
        let person = pull.author.as_ref()?;
        let author = person.login()?;
        let account = Identity { login: &author, id: person.id() };
        // What is no decision may be brought by whoever says it; what a bot writes down, by that bot.
        let own = !event.kind.is_committees() && event.actor.is(&author) && event.by().is(account);
        let written_down = event.by.as_ref().is_some_and(|by| by.is(&author));
        if !own && !written_down && !program.may_vote(account) {
            return None;
        }
        let commit = &pull.commits.iter().last()?.commit;
        let text = commit.file.as_ref().and_then(|f| f.object.as_ref()).and_then(|o| o.text.clone());
        Some(Pending {
            number: pull.number,
            url: pull.url.clone(),
            title: pull.title.clone(),
            body: pull.body.clone(),
            fork: pull.head_repository.as_ref().and_then(|r| r.name_with_owner.parse().ok()),
            brings: Brought {
                author,
                head: pull.head_ref_oid.parse().ok()?,
                tree: commit.tree.oid.parse().ok()?,
                base: commit.parents.iter().next()?.oid.parse().ok()?,
                event: text.and_then(|t| Some((Event::parse(t.as_bytes()).ok()?, t))),
            },
        })
    };
    Ok(pulls.iter().flat_map(|p| p.pull_requests.iter()).filter_map(read).collect())
}

/// Whether two events say the same, apart from who writes it down and when.
#[must_use]
pub fn same_decision(one: &Event, other: &Event) -> bool {
    let whoever = |event: &Event| Event { account: None, by: None, signature: None, ..event.clone() };
    Event { time: other.time, actor: other.actor.clone(), ..whoever(one) } == whoever(other)
}

/// The words of a pull request that brings a decision, on the pull request that proposed it, settling an issue.
pub fn decision_words(
    texts: &Texts,
    change: &Change,
    event: &Event,
    proposal: Option<&Pull>,
    issue: Option<&Issue>,
) -> Result<super::texts::Titled> {
    texts.titled(
        "pull-request.md",
        &json!({
            "title": text::inert(&change.title),
            "partner": event.partner, "kind": event.kind, "subject": event.subject, "name": event.partner.to_string(),
            "decision": change.notes, "proposal": proposal.map(|p| format!("#{}", p.number)),
            "issue": issue.map(|i| format!("{}#{}", i.place, i.number)),
        }),
    )
}

/// An issue of an application: one that really is.
#[derive(Debug, Clone)]
pub struct Issue {
    /// The repository it is in.
    pub place: RepoName,
    pub number: u64,
}

/// The issue that a pull request names. Its author may write there what they like, so it counts only if it is where the
/// program has issues, is no pull request, and carries our mark for this application or is one that its log says it was made of.
/// Where its text names none any more, it is the open one of `author`, who opened it, that carries our mark.
pub fn issue_of(
    client: &Client,
    registry: &RepoName,
    program: &Program,
    slug: &Slug,
    (author, body): (Option<&Login>, &str),
    log: &[Logged],
) -> Result<Option<Issue>, ApiFault> {
    let there = |place: &RepoName| program.github.issues.place(registry).is_some_and(|there| there.is(place));
    let named = texts::all_fixes(body).filter_map(|fixes| texts::named_issue(registry, fixes));
    // Whoever writes the text over takes nothing from the log.
    let attested = attested_in(log);
    let branch = branch_for(slug, Subject::Application);
    let is_ours = |text: &str| -> Result<bool, ApiFault> {
        let Some(named) = propose::named_by_mark(text, &branch) else { return Ok(false) };
        Ok(named.is(registry) || is_now(client, &named, registry)?)
    };
    let mut looked: Vec<(RepoName, u64)> = Vec::new();
    for (place, number) in named.filter(|(place, _)| there(place)).take(MOST_ISSUES).chain(attested) {
        if looked.iter().any(|(other, of)| other.is(&place) && *of == number) {
            continue;
        }
        looked.push((place.clone(), number));
        let path = format!("/repos/{place}/issues/{number}");
        let call = Call::get(&path, tr!("read the issue"));
        let found: Value = match client.rest(call) {
            Err(fault) if matches!(fault.effect, Effect::Refused(_)) => continue,
            other => other?,
        };
        // One that was transferred is another's by now: GitHub leads there from its old number.
        let lies_in = found["repository_url"].as_str().and_then(|url| url.rsplit_once("/repos/")?.1.parse().ok());
        let elsewhere = match lies_in.filter(|there: &RepoName| !there.is(&place)) {
            Some(there) => !is_now(client, &place, &there)?,
            None => found["number"] != number,
        };
        if !found["pull_request"].is_null() || elsewhere {
            continue;
        }
        if is_attested(log, found["id"].as_u64()) {
            return Ok(Some(Issue { place, number }));
        }
        if is_ours(found["body"].as_str().unwrap_or_default())? {
            return Ok(Some(Issue { place, number }));
        }
    }
    let (Some(author), Some(place)) = (author, program.github.issues.place(registry)) else { return Ok(None) };
    for (number, text) in opened_by(client, place, author)? {
        if is_ours(&text)? {
            return Ok(Some(Issue { place: place.clone(), number }));
        }
    }
    Ok(None)
}

/// The issue that the newest application was made of, by its log: where, and its number.
pub fn attested_in(log: &[Logged]) -> Option<(RepoName, u64)> {
    of_newest(log).find_map(|event| RepoName::of_issue(event.attested.as_ref()?.address.as_str()))
}

/// The newest open issues of somebody: numbers and texts.
fn opened_by(client: &Client, place: &RepoName, author: &Login) -> Result<Vec<(u64, String)>, ApiFault> {
    let document = "query Opened($owner: String!, $name: String!, $creator: String!) {
        repository(owner: $owner, name: $name) {
            issues(
                states: OPEN, first: 50, filterBy: {createdBy: $creator},
                orderBy: {field: CREATED_AT, direction: DESC}
            ) {
                nodes { number body }
            }
        }
    }";
    let variables = json!({"owner": place.owner, "name": place.name, "creator": author});
    let data = client.graphql(document, &variables, Repeat::Harmless, tr!("list the open issues"))?;
    let issues = data.data["repository"]["issues"]["nodes"].as_array().cloned().unwrap_or_default();
    Ok(issues.iter().filter_map(|i| Some((i["number"].as_u64()?, i["body"].as_str()?.to_owned()))).collect())
}

/// Whether a log says that its newest application was made of this issue.
fn is_attested(log: &[Logged], id: Option<u64>) -> bool {
    let id = id.and_then(AccountId::new);
    id.is_some() && of_newest(log).any(|event| event.attested.as_ref().map(|issue| issue.id) == id)
}

/// The events of the newest application of a log: an earlier one under the name was another issue's.
fn of_newest(log: &[Logged]) -> impl Iterator<Item = &Event> {
    let round = log.iter().rev().find(|l| l.event.kind.opens()).map(|l| l.event.round);
    log.iter().map(|l| &l.event).filter(move |event| Some(event.round) == round)
}

/// Whether a repository that was called so is this one now.
fn is_now(client: &Client, old: &RepoName, registry: &RepoName) -> Result<bool, ApiFault> {
    let path = format!("/repos/{old}");
    match client.rest::<Value>(Call::get(&path, tr!("find a repository by its old name"))) {
        Err(fault) if matches!(fault.effect, Effect::Refused(_)) => Ok(false),
        found => {
            Ok(found?["full_name"].as_str().and_then(|name| name.parse().ok()).is_some_and(|now| registry.is(&now)))
        }
    }
}

/// Of so many issues that a text names, it is looked which one is ours.
const MOST_ISSUES: usize = 3;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DiscussionAnswer {
    state: String,
    #[serde(default)]
    body: String,
    head_ref_oid: String,
    #[serde(default)]
    author: Option<Person>,
    comments: Nodes<CommentAnswer>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentAnswer {
    #[serde(default)]
    body: String,
    #[serde(flatten)]
    by: By,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WithPull {
    #[serde(default)]
    pull_request: Option<DiscussionAnswer>,
}

/// What was said so far where a proposal is discussed.
fn discussion(client: &Client, registry: &RepoName, number: u64) -> Result<Option<DiscussionAnswer>, ApiFault> {
    let document = "query Discussion($owner: String!, $name: String!, $number: Int!) {
        repository(owner: $owner, name: $name) {
            pullRequest(number: $number) {
                state body headRefOid author { login __typename }
                comments(last: 100) { nodes { body viewerDidAuthor author { login __typename ... on User { databaseId } } } }
            }
        }
    }";
    let doing = tr!("read the discussion");
    let variables = json!({"owner": registry.owner, "name": registry.name, "number": number});
    let data = client.graphql(document, &variables, Repeat::Harmless, doing)?;
    let found: Option<WithPull> = data.part("repository", doing)?;
    Ok(found.and_then(|f| f.pull_request))
}

/// Where a decision is told, and how.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    pub client: &'a Client,
    pub registry: &'a RepoName,
    pub texts: &'a Texts,
    /// Where to say what can't be done.
    pub progress: &'a dyn Progress,
    pub program: &'a Program,
    /// Whether a commit is part of the default branch: then GitHub shows its pull request as merged by itself.
    pub has_landed: &'a dyn Fn(Oid) -> bool,
    /// What is on record of the partner.
    pub log: &'a [Logged],
}

impl std::fmt::Debug for Telling<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telling").field("registry", &self.registry).finish_non_exhaustive()
    }
}

impl Telling<'_> {
    /// Says once on the proposal's pull request what was decided, and closes what nothing else closes.
    pub fn announce(self, event: &Event, words: &Words<'_>) -> Result<Vec<Link>> {
        let place = event.link.as_ref().map(HttpLink::as_str).or(words.discussed);
        let Some(number) = place.and_then(|l| l.rsplit('/').next()?.parse::<u64>().ok()) else { return Ok(Vec::new()) };
        let how = if words.waits.is_some() { WAITS } else { " is made -->" };
        let mark = format!("{}{} event {}{how}", mark!(), event.partner, event.seq);
        let mut links = Vec::new();
        let mut looks = 0;
        let discussion = loop {
            let Some(discussion) = discussion(self.client, self.registry, number)? else { return Ok(links) };
            // Of a decision that another pull request brings by now nothing is said yet.
            let is_about = |body: &str| {
                let there = form_comment::leads_to(body);
                words.waits.is_none_or(|url| there.is_none_or(|there| there == url))
            };
            let tells = |c: &&CommentAnswer| c.body.contains(&mark) && is_about(&c.body) && c.by.is_ours(self.program);
            if discussion.comments.iter().any(|c| tells(&c)) {
                break discussion;
            }
            looks += 1;
            let landed = discussion.head_ref_oid.parse().is_ok_and(|head| (self.has_landed)(head));
            let apart = words.waits.is_none() && !event.kind.ends() && discussion.state == "OPEN" && !landed;
            match self.comment(number, event, words, apart, &mark) {
                Ok(link) => {
                    links.push(link);
                    break discussion;
                }
                // It may be there: look again.
                Err(fault) if fault.effect == Effect::Unclear && looks < 3 => {}
                // The record says it, and what is to be closed can be: the conversation is locked, perhaps.
                Err(fault) if fault.is(StatusCode::FORBIDDEN) => {
                    self.progress.warn(&tr!(
                        "pull request {number} doesn't say what was decided: {error}",
                        number,
                        error = fault.error
                    ));
                    break discussion;
                }
                Err(fault) => return Err(fault.into()),
            }
        };
        if words.waits.is_some() {
            return Ok(links);
        }
        let landed = discussion.head_ref_oid.parse().is_ok_and(|head| (self.has_landed)(head));
        if discussion.state == "OPEN" && !landed {
            match self.close(self.registry, number, &json!({"state": "closed"})) {
                Err(fault) if matches!(fault.effect, Effect::Refused(_)) => {
                    self.progress.warn(&tr!("pull request {number} stays open: {error}", number, error = fault.error));
                }
                other => other?,
            }
        }
        if event.subject == Subject::Application {
            let author = discussion.author.as_ref().and_then(Person::account);
            self.settle_issue(event, words.name, (author.as_ref(), &discussion.body), landed)?;
        }
        Ok(links)
    }

    /// `apart`: whether the pull request is closed although it was accepted, since its commits didn't land.
    fn comment(self, number: u64, event: &Event, words: &Words<'_>, apart: bool, mark: &str) -> Result<Link, ApiFault> {
        let doing = tr!("tell the applicant");
        let text = self.texts.fill(
            "decision.md",
            &json!({
                "name": words.name, "votes": words.votes, "waits": words.waits, "partner": event.partner,
                "kind": event.kind, "subject": event.subject, "reason": event.reason, "apart": apart,
                "release": self.program.github.prow && words.waits.is_none(),
            }),
        );
        let text = text.map_err(|e| ApiFault::new(Effect::None { wait: None }, e))?;
        let body = format!("{text}\n{mark}\n");
        let url = threads::comment(self.client, self.registry, number, &body, doing)?;
        Ok(Link { what: "comment", url: url.unwrap_or_default() })
    }

    fn close(self, place: &RepoName, number: u64, closed: &Value) -> Result<(), ApiFault> {
        threads::change(self.client, place, number, closed, "close it")
    }

    /// Tells it on the issue that was a form, and closes what GitHub doesn't close by itself, since a pull request that
    /// names it `landed`. The issue may be in a repository where we can't: then somebody there closes it.
    fn settle_issue(
        self,
        event: &Event,
        name: &str,
        text: (Option<&Login>, &str),
        landed: bool,
    ) -> Result<(), ApiFault> {
        let accepted = event.kind.lands();
        let is_form = of_newest(self.log).any(|event| event.attested.is_some());
        if accepted && landed && !is_form {
            return Ok(());
        }
        let issue = issue_of(self.client, self.registry, self.program, &event.partner, text, self.log)?;
        let Some(Issue { place, number }) = issue else { return Ok(()) };
        if is_form {
            match form_comment::tell(self.client, self.texts, self.program, (&place, number), (event, name)) {
                Err(fault) if matches!(fault.effect, Effect::Refused(_)) => self.progress.warn(&tr!(
                    "the issue {place}#{number} doesn't say what was decided: {error}",
                    place,
                    number,
                    error = fault.error
                )),
                told => told?,
            }
        }
        if accepted && landed {
            return Ok(());
        }
        let reason = if accepted { "completed" } else { "not_planned" };
        match self.close(&place, number, &json!({"state": "closed", "state_reason": reason})) {
            Err(fault) if matches!(fault.effect, Effect::Refused(_)) => {
                self.progress.warn(&tr!(
                    "the issue {place}#{number} stays open: {error}",
                    place,
                    number,
                    error = fault.error
                ));
                Ok(())
            }
            other => other,
        }
    }
}

/// That a decision is made, and people aren't told of it yet.
#[must_use]
pub fn not_told(mut error: Error) -> Error {
    error.message = tr!("the decision is made, but not told yet: {error}", error = error.message);
    error.hint("run it again: it goes on from there")
}
