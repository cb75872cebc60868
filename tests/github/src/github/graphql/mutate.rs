//! The mutations.

use git2::{ObjectType, Oid};
use serde_json::Value;

use super::super::access::{Area, Need};
use super::super::failure::Failure;
use super::super::git::Edit;
use super::super::pulls::{Merging, Method, Proposal, web_flow};
use super::super::text::unbase64;
use super::super::threads::Change;
use super::execute::{Context, Plain, Trouble};
use super::nodes::{Node, Out};
use super::resolve::{Arguments, Resolved, node_by_id, not_found};

/// Runs one mutation. Its payload's type is called as it is.
pub fn field(context: &mut Context<'_>, name: &str, arguments: &Arguments) -> Resolved {
    let input = &arguments["input"];
    let mut fields = match name {
        "createRef" | "updateRef" | "deleteRef" => change_ref(context, name, input)?,
        "createIssue" | "updateIssue" | "closeIssue" | "reopenIssue" => change_issue(context, name, input)?,
        "addComment" | "updateIssueComment" => change_comment(context, name, input)?,
        "createPullRequest" => create_pull(context, input)?,
        "updatePullRequest" | "closePullRequest" | "reopenPullRequest" => change_pull(context, name, input)?,
        "mergePullRequest" => merge_pull(context, input)?,
        "markPullRequestReadyForReview" => set_draft(context, input, false)?,
        "convertPullRequestToDraft" => set_draft(context, input, true)?,
        "addPullRequestReview" => add_review(context, input)?,
        "createCommitOnBranch" => create_commit(context, input)?,
        _ => return Err(Trouble::Unknown),
    };
    fields.insert("clientMutationId", Out::leaf(input["clientMutationId"].clone()));
    let ty = format!("{}{}Payload", name[..1].to_uppercase(), &name[1..]);
    Ok(Out::Node(Node::Plain(ty, fields)))
}

fn text<'a>(input: &'a Value, name: &str) -> &'a str {
    input[name].as_str().unwrap_or_default()
}

fn optional(input: &Value, name: &str) -> Option<String> {
    input[name].as_str().map(str::to_owned)
}

fn oid(input: &Value, name: &str) -> Option<Oid> {
    Oid::from_str(input[name].as_str()?).ok()
}

/// The node that an input names; of another kind it is unknown.
fn named<T>(
    context: &Context<'_>,
    input: &Value,
    field: &str,
    pick: impl Fn(&Node) -> Option<T>,
) -> Result<T, Failure> {
    let id = text(input, field);
    let unknown = || not_found(format!("Could not resolve to a node with the global id of '{id}'"));
    pick(&node_by_id(context, id)?).ok_or_else(unknown)
}

fn repository(context: &Context<'_>, input: &Value, field: &str) -> Result<usize, Failure> {
    named(context, input, field, |node| match node {
        Node::Repo(repo) => Some(*repo),
        _ => None,
    })
}

fn thread(context: &Context<'_>, input: &Value, field: &str, is_pull: Option<bool>) -> Result<(usize, u64), Failure> {
    named(context, input, field, |node| match node {
        Node::Thread(repo, number) => {
            let pull = context.world.pull(*repo, *number).is_some();
            is_pull.is_none_or(|wanted| wanted == pull).then_some((*repo, *number))
        }
        _ => None,
    })
}

fn change_ref(context: &mut Context<'_>, name: &str, input: &Value) -> Result<Plain, Failure> {
    let actor = context.actor.clone();
    if name == "createRef" {
        let (repo, full) = (repository(context, input, "repositoryId")?, text(input, "name"));
        context.world.create_ref(&actor, repo, full, oid(input, "oid").unwrap_or(Oid::ZERO_SHA1))?;
        return Ok([("ref", Out::Node(Node::Ref(repo, full.to_owned())))].into());
    }
    let (repo, full) = named(context, input, "refId", |node| match node {
        Node::Ref(repo, full) => Some((*repo, full.clone())),
        _ => None,
    })?;
    if name == "deleteRef" {
        context.world.delete_ref(&actor, repo, &full)?;
        return Ok(Plain::new());
    }
    let target = oid(input, "oid").unwrap_or(Oid::ZERO_SHA1);
    context.world.update_ref(&actor, repo, &full, target, input["force"] == true)?;
    Ok([("ref", Out::Node(Node::Ref(repo, full)))].into())
}

fn change_issue(context: &mut Context<'_>, name: &str, input: &Value) -> Result<Plain, Failure> {
    let actor = context.actor.clone();
    if name == "createIssue" {
        let repo = repository(context, input, "repositoryId")?;
        let number = context.world.create_issue(&actor, repo, text(input, "title"), text(input, "body"))?;
        return Ok([("issue", Out::Node(Node::Thread(repo, number)))].into());
    }
    let field = if name == "updateIssue" { "id" } else { "issueId" };
    let (repo, number) = thread(context, input, field, Some(false))?;
    let change = Change {
        title: optional(input, "title"),
        body: optional(input, "body"),
        open: match (name, input["state"].as_str()) {
            ("closeIssue", _) | (_, Some("CLOSED")) => Some(false),
            ("reopenIssue", _) | (_, Some("OPEN")) => Some(true),
            _ => None,
        },
        reason: input["stateReason"].as_str().map(|reason| reason_of(&reason.to_lowercase())),
        ..Change::default()
    };
    context.world.change_thread(&actor, repo, number, change)?;
    let mut fields: Plain = [("issue", Out::Node(Node::Thread(repo, number)))].into();
    if name == "updateIssue" {
        fields.insert("actor", Out::Node(Node::Account(actor.user)));
    }
    Ok(fields)
}

/// Why an issue is closed, in GraphQL's words, from REST's.
pub fn reason_of(text: &str) -> &'static str {
    match text {
        "not_planned" => "NOT_PLANNED",
        "duplicate" => "DUPLICATE",
        "reopened" => "REOPENED",
        _ => "COMPLETED",
    }
}

fn change_comment(context: &mut Context<'_>, name: &str, input: &Value) -> Result<Plain, Failure> {
    let actor = context.actor.clone();
    if name == "updateIssueComment" {
        let at = named(context, input, "id", |node| match node {
            Node::Comment(repo, number, index) => Some((*repo, *number, *index)),
            _ => None,
        })?;
        context.world.edit_comment(&actor, at, text(input, "body"))?;
        return Ok([("issueComment", Out::Node(Node::Comment(at.0, at.1, at.2)))].into());
    }
    let (repo, number) = thread(context, input, "subjectId", None)?;
    let index = context.world.comment(&actor, repo, number, text(input, "body"))?;
    let edge = [("node", Out::Node(Node::Comment(repo, number, index))), ("cursor", Out::leaf(index.to_string()))];
    Ok([
        ("commentEdge", Out::Node(Node::Plain("IssueCommentEdge".to_owned(), edge.into()))),
        ("subject", Out::Node(Node::Thread(repo, number))),
    ]
    .into())
}

fn create_pull(context: &mut Context<'_>, input: &Value) -> Result<Plain, Failure> {
    let repo = repository(context, input, "repositoryId")?;
    let head_repo = match input["headRepositoryId"].is_string() {
        true => Some(repository(context, input, "headRepositoryId")?),
        false => None,
    };
    let short = |name: &str| {
        let full = text(input, name);
        full.strip_prefix("refs/heads/").unwrap_or(full).to_owned()
    };
    let proposal = Proposal {
        title: text(input, "title").to_owned(),
        body: text(input, "body").to_owned(),
        base: short("baseRefName"),
        head: short("headRefName"),
        head_repo,
        draft: input["draft"] == true,
        maintainer_can_modify: input["maintainerCanModify"] != false,
    };
    let number = context.world.open_pull(&context.actor, repo, &proposal)?;
    Ok([("pullRequest", Out::Node(Node::Thread(repo, number)))].into())
}

fn change_pull(context: &mut Context<'_>, name: &str, input: &Value) -> Result<Plain, Failure> {
    let (repo, number) = thread(context, input, "pullRequestId", Some(true))?;
    let change = Change {
        title: optional(input, "title"),
        body: optional(input, "body"),
        open: match (name, input["state"].as_str()) {
            ("closePullRequest", _) | (_, Some("CLOSED")) => Some(false),
            ("reopenPullRequest", _) | (_, Some("OPEN")) => Some(true),
            _ => None,
        },
        reason: None,
        base: optional(input, "baseRefName"),
        maintainer_can_modify: input["maintainerCanModify"].as_bool(),
    };
    context.world.change_thread(&context.actor, repo, number, change)?;
    let mut fields: Plain = [("pullRequest", Out::Node(Node::Thread(repo, number)))].into();
    if name == "updatePullRequest" {
        fields.insert("actor", Out::Node(Node::Account(context.actor.user)));
    }
    Ok(fields)
}

fn merge_pull(context: &mut Context<'_>, input: &Value) -> Result<Plain, Failure> {
    let (repo, number) = thread(context, input, "pullRequestId", Some(true))?;
    let how = Merging {
        method: match text(input, "mergeMethod") {
            "SQUASH" => Method::Squash,
            "REBASE" => Method::Rebase,
            _ => Method::Merge,
        },
        title: input["commitHeadline"].as_str(),
        message: input["commitBody"].as_str(),
        sha: input["expectedHeadOid"].as_str(),
    };
    context.world.merge(&context.actor, repo, number, &how)?;
    let pull = Out::Node(Node::Thread(repo, number));
    Ok([("pullRequest", pull), ("actor", Out::Node(Node::Account(context.actor.user)))].into())
}

fn set_draft(context: &mut Context<'_>, input: &Value, draft: bool) -> Result<Plain, Failure> {
    let (repo, number) = thread(context, input, "pullRequestId", Some(true))?;
    let actor = context.actor.clone();
    context.world.set_draft(&actor, repo, number, draft)?;
    Ok([("pullRequest", Out::Node(Node::Thread(repo, number)))].into())
}

fn add_review(context: &mut Context<'_>, input: &Value) -> Result<Plain, Failure> {
    let at = thread(context, input, "pullRequestId", Some(true))?;
    let state = match text(input, "event") {
        "APPROVE" => "APPROVED",
        "REQUEST_CHANGES" => "CHANGES_REQUESTED",
        "COMMENT" => "COMMENTED",
        _ => return Err(Failure::refused("DOUBLE: there are no pending reviews here")),
    };
    let index = context.world.review(&context.actor, at, state, text(input, "body"), oid(input, "commitOID"))?;
    let review = Out::Node(Node::Review(at.0, at.1, index));
    let edge = [("node", review.clone()), ("cursor", Out::leaf(index.to_string()))];
    let edge = Out::Node(Node::Plain("PullRequestReviewEdge".to_owned(), edge.into()));
    Ok([("pullRequestReview", review), ("reviewEdge", edge)].into())
}

fn create_commit(context: &mut Context<'_>, input: &Value) -> Result<Plain, Failure> {
    let branch = &input["branch"];
    let (repo, full) = match branch["repositoryNameWithOwner"].as_str().and_then(|name| name.split_once('/')) {
        Some((owner, name)) => {
            let found = context.world.repo_named(owner, name);
            let unknown = || not_found(format!("Could not resolve to a Repository with the name '{owner}/{name}'."));
            (found.ok_or_else(unknown)?, format!("refs/heads/{}", text(branch, "branchName")))
        }
        None => named(context, branch, "id", |node| match node {
            Node::Ref(repo, full) => Some((*repo, full.clone())),
            _ => None,
        })?,
    };
    let actor = context.actor.clone();
    context.world.may(Some(&actor), repo, Need::Push)?;
    context.world.is_granted(&actor, Area::Contents)?;
    context.world.check_protection(repo, &full)?;
    let git = context.world.git(repo);
    let tip = git.get(&full).ok_or_else(|| not_found("The branch does not exist.".to_owned()))?;
    let expected = text(input, "expectedHeadOid");
    if tip.to_string() != expected {
        let said = format!("Expected branch to point to \"{expected}\" but it did not. Pull and try again.");
        return Err(Failure::new(409, "STALE_DATA", said));
    }
    let list = |name: &str| input["fileChanges"][name].as_array().cloned().unwrap_or_default();
    let mut edits: Vec<Edit> = Vec::new();
    for addition in list("additions") {
        let bytes = unbase64(text(&addition, "contents")).unwrap_or_default();
        edits.push((text(&addition, "path").to_owned(), Some((0o100_644, git.write(ObjectType::Blob, &bytes)))));
    }
    edits.extend(list("deletions").iter().map(|deletion| (text(deletion, "path").to_owned(), None)));
    let base = git.commit(tip).map(|commit| commit.tree);
    let tree = git
        .write_tree(base, &edits)
        .ok_or_else(|| Failure::refused("A path was requested for deletion which does not exist"))?;
    let headline = text(&input["message"], "headline");
    let message = match input["message"]["body"].as_str() {
        Some(body) if !body.is_empty() => format!("{headline}\n\n{body}"),
        _ => headline.to_owned(),
    };
    let now = context.world.tick();
    let author = context.world.signature(actor.user, now);
    let made = git.write_commit(&message, tree, &[tip], [&author, &web_flow(now)], None);
    git.set(&full, made);
    context.world.sync(actor.user);
    let commit = Out::Node(Node::Object(repo, ObjectType::Commit, made));
    Ok([("commit", commit), ("ref", Out::Node(Node::Ref(repo, full)))].into())
}
