//! What stands on pull requests and in issues for people to see, brought up to date: only what differs is written.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{Call, Client};
use super::fault::{ApiFault, Effect};
use super::texts::{self, Texts};
use super::{form_comment, tellers, threads};
use crate::domain::program::github::RepoName;
use crate::domain::{Login, Program, text};
use crate::forge::board::{Comment, Ended, HOLD, Issue, LABELS, Label, Post, Put, STATUS, Wish};
use crate::language;

/// A refusal is told, and holds up nothing else; whatever else fails ends the run, which can be run again.
fn unless_refused(put: &mut Put, what: &'static str, done: Result<(), ApiFault>) -> Result<(), ApiFault> {
    match done {
        Ok(()) => put.changed.push(what),
        Err(fault) if matches!(fault.effect, Effect::Refused(_)) => put.refused.push(fault.error.message),
        Err(fault) => return Err(fault),
    }
    Ok(())
}

/// Gives a comment other words, if it is ours to change.
fn edit(client: &Client, comment: &Comment, body: &str) -> Result<(), ApiFault> {
    match &comment.keeper {
        Some(who) => Err(tellers::may_not_change(who)),
        None => threads::edit(client, &comment.id, body, "edit the comment"),
    }
}

/// Has a pull request show what is wished; `known` are the labels that the repository has.
pub fn put_up(
    client: &Client,
    registry: &RepoName,
    post: &Post,
    wish: &Wish,
    known: &[String],
    put: &mut Put,
) -> Result<(), ApiFault> {
    // What is over says so until all of it is said: by its label the next run finds it.
    if wish.label.is_some() {
        labels(client, registry, post, wish.label, known, put)?;
    }
    let mut own = post.own.as_ref().map(|own| own.url.clone());
    if let Some(body) = &wish.comment {
        let done = match &post.own {
            Some(own) if own.body.trim() == body.trim() => None,
            Some(own) => Some(edit(client, own, body)),
            None => Some(match post.drowned {
                Some(most) => Err(tellers::drowned(most)),
                None => threads::comment(client, registry, post.number, body, "comment").map(|url| own = url),
            }),
        };
        done.map_or(Ok(()), |done| unless_refused(put, "comment", done))?;
    }
    for second in &post.seconds {
        let done = match (&second.keeper, &own) {
            (Some(who), _) => Err(tellers::stays_beside(who, &second.url)),
            (None, Some(one)) => {
                let words = language::in_english(|| tellers::elsewhere(one));
                threads::edit(client, &second.id, &words, "edit the comment")
            }
            (None, None) => Ok(()),
        };
        unless_refused(put, "second comment", done)?;
    }
    if let Some(status) = wish.status.as_ref().filter(|status| post.status.as_ref() != Some(*status)) {
        let path = format!("/repos/{registry}/statuses/{}", post.head);
        let mut body = json!({
            "state": status.state, "description": status.description, "context": STATUS.context,
        });
        if let Some(url) = own {
            body["target_url"] = url.into();
        }
        let done = client.send(Call::post(&path, &body, tr!("set the commit's status"))).map(drop);
        unless_refused(put, "status", done)?;
    }
    if wish.label.is_none() {
        labels(client, registry, post, None, known, put)?;
    }
    Ok(())
}

/// Says on the form that a pull request names how that ended, where nobody has decided. Our comment there has to lead back: whoever
/// opened the pull request may name any issue.
pub fn tell_end(
    client: &Client,
    registry: &RepoName,
    texts: &Texts,
    (post, how): (&Post, Ended),
    program: &Program,
    put: &mut Put,
) -> Result<(), ApiFault> {
    let Some(place) = program.github.issues.place(registry) else { return Ok(()) };
    let mut named = texts::all_fixes(&post.body).filter_map(|fixes| texts::named_issue(registry, fixes));
    let Some((place, number)) = named.find(|(there, _)| there.is(place)) else { return Ok(()) };
    match form_comment::ended(client, texts, program, (&place, number), &post.url, (how, registry)) {
        Ok(false) => Ok(()),
        told => unless_refused(put, "issue", told.map(drop)),
    }
}

/// Says in the comment that told of it that no decision waits to be merged any more. Of the next one another comment tells.
pub fn take_back(client: &Client, promised: &Comment, put: &mut Put) -> Result<(), ApiFault> {
    let words = "A decision was to be merged, and isn't any more: what was proposed has changed since, or the votes, or its pull request was closed. The tally says what holds now.";
    unless_refused(put, "comment", edit(client, promised, words))
}

/// Closes a pull request.
pub fn close(client: &Client, registry: &RepoName, post: &Post, put: &mut Put) -> Result<(), ApiFault> {
    let done = threads::change(client, registry, post.number, &json!({"state": "closed"}), "close it");
    unless_refused(put, "closed", done)
}

/// Says that Prow shall not merge it.
pub fn hold(client: &Client, registry: &RepoName, post: &Post, put: &mut Put) -> Result<(), ApiFault> {
    let words = format!("{HOLD}\n\nThe votes decide this, not a merge by hand; the decision lets it go again.");
    unless_refused(put, "hold", threads::comment(client, registry, post.number, &words, "hold it").map(drop))
}

/// Asks for reviews; gives whom GitHub doesn't let be asked.
pub fn ask(
    client: &Client,
    registry: &RepoName,
    post: &Post,
    whom: &[Login],
    put: &mut Put,
) -> Result<Vec<Login>, ApiFault> {
    let whom: Vec<&Login> = whom.iter().filter(|who| !post.asked.contains(who)).collect();
    let path = format!("/repos/{registry}/pulls/{}/requested_reviewers", post.number);
    let ask =
        |who: &[&Login]| client.send(Call::post(&path, &json!({"reviewers": who}), tr!("ask for reviews"))).map(drop);
    let is_refused =
        |done: &Result<(), ApiFault>| matches!(done, Err(fault) if matches!(fault.effect, Effect::Refused(_)));
    let mut refused = Vec::new();
    let mut one_by_one: Vec<&[&Login]> = whom.chunks(1).collect();
    if whom.len() > 1 {
        let done = ask(&whom);
        // For one who can't be asked GitHub refuses all of them.
        if !is_refused(&done) {
            unless_refused(put, "reviewers", done)?;
            one_by_one.clear();
        }
    }
    for who in one_by_one {
        let done = ask(who);
        if is_refused(&done) {
            refused.extend(who.iter().map(|who| (*who).clone()));
        }
        unless_refused(put, "reviewers", done)?;
    }
    put.changed.dedup();
    Ok(refused)
}

/// Makes a pull request a draft; gives whether its repository has drafts, and lets us.
pub fn make_draft(client: &Client, post: &Post, put: &mut Put) -> Result<bool, ApiFault> {
    let changed = put.changed.len();
    unless_refused(put, "draft", mark_draft(client, &post.id))?;
    // A plan without drafts is no news.
    put.refused.retain(|why| !why.contains(super::upstream::NO_DRAFTS));
    Ok(put.changed.len() > changed)
}

/// Only labels of ours are touched.
fn labels(
    client: &Client,
    registry: &RepoName,
    post: &Post,
    wanted: Option<Label>,
    known: &[String],
    put: &mut Put,
) -> Result<(), ApiFault> {
    let has = |label: &Label| post.labels.iter().any(|name| name.eq_ignore_ascii_case(label.name));
    if let Some(label) = wanted.filter(|label| !has(label)) {
        let made = if known.iter().any(|name| name.eq_ignore_ascii_case(label.name)) {
            Ok(())
        } else {
            make_label(client, registry, label)
        };
        let path = format!("/repos/{registry}/issues/{}/labels", post.number);
        let body = json!({"labels": [label.name]});
        let done = made.and_then(|()| client.send(Call::post(&path, &body, tr!("set the label"))).map(drop));
        unless_refused(put, "labels", done)?;
    }
    for label in LABELS.iter().filter(|label| has(label) && Some(**label) != wanted) {
        let name = label.name.replace('/', "%2F");
        let path = format!("/repos/{registry}/issues/{}/labels/{name}", post.number);
        let call = Call { method: &Method::DELETE, ..Call::get(&path, tr!("take the label away")) };
        let done = match client.send(call) {
            // Somebody was faster, or an earlier try took effect.
            Err(fault) if fault.is(StatusCode::NOT_FOUND) => Ok(()),
            other => other.map(drop),
        };
        unless_refused(put, "labels", done)?;
    }
    put.changed.dedup();
    Ok(())
}

/// Makes a label, unless it is there.
fn make_label(client: &Client, registry: &RepoName, label: Label) -> Result<(), ApiFault> {
    let path = format!("/repos/{registry}/labels");
    let body = json!({"name": label.name, "color": label.color, "description": label.description});
    match client.send(Call::post(&path, &body, tr!("make the label"))) {
        Err(fault) if fault.is(StatusCode::UNPROCESSABLE_ENTITY) => Ok(()),
        other => other.map(drop),
    }
}

/// Merging a draft is refused.
pub fn mark_ready(client: &Client, id: &str) -> Result<(), ApiFault> {
    let document = "mutation Ready($input: MarkPullRequestReadyForReviewInput!) {
        markPullRequestReadyForReview(input: $input) { clientMutationId }
    }";
    let input = json!({"pullRequestId": id});
    threads::mutate(client, document, "markPullRequestReadyForReview", &input, "mark the pull request as ready")
}

/// No button merges a draft.
pub fn mark_draft(client: &Client, id: &str) -> Result<(), ApiFault> {
    let document = "mutation Draft($input: ConvertPullRequestToDraftInput!) {
        convertPullRequestToDraft(input: $input) { clientMutationId }
    }";
    let input = json!({"pullRequestId": id});
    threads::mutate(client, document, "convertPullRequestToDraft", &input, "make the pull request a draft")
}

/// Gives its address; nothing where issues are switched off.
pub fn open_issue(
    client: &Client,
    registry: &RepoName,
    title: &str,
    body: &str,
    label: Label,
) -> Result<Option<String>, ApiFault> {
    make_label(client, registry, label)?;
    let path = format!("/repos/{registry}/issues");
    let body = json!({"title": title, "body": body, "labels": [label.name]});
    match client.rest::<Value>(Call::create(&path, &body, tr!("open the issue"))) {
        Err(fault) if fault.is(StatusCode::GONE) => Ok(None),
        made => Ok(Some(text::visible(made?["html_url"].as_str().unwrap_or_default()))),
    }
}

pub fn change_issue(
    client: &Client,
    registry: &RepoName,
    issue: &Issue,
    body: Option<&str>,
    open: bool,
) -> Result<(), ApiFault> {
    let mut change = json!({"state": if open { "open" } else { "closed" }});
    if let Some(body) = body {
        change["body"] = body.into();
    }
    threads::change(client, registry, issue.number, &change, "change the issue")
}
