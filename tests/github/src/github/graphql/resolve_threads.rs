//! The fields of issues, pull requests, comments and reviews.

use git2::ObjectType;
use serde_json::Value;

use super::super::render::changes;
use super::super::text::stamp;
use super::super::world::{Permission, Pull, Reopened, Thread};
use super::execute::{Context, Plain, Trouble};
use super::nodes::{Node, Out, page};
use super::resolve::{Arguments, Resolved};
use super::resolve_repo::{label, order, state};

/// What everything that somebody has written has in common.
struct Written<'a> {
    id: u64,
    author: usize,
    body: &'a str,
    created: i64,
    updated: i64,
    edited: Option<(i64, usize)>,
    url: String,
}

fn written(context: &Context<'_>, node: &Node, it: &Written<'_>, name: &str) -> Resolved {
    let (world, actor) = (&*context.world, &context.actor);
    let repo = node.repo().unwrap();
    let mine = world.viewer_permission(actor, repo) >= Some(Permission::Write);
    Ok(match name {
        "id" => Out::leaf(node.id(world)),
        "databaseId" => Out::leaf(it.id),
        "fullDatabaseId" => Out::leaf(it.id.to_string()),
        "author" => Out::Node(Node::Account(it.author)),
        "authorAssociation" => Out::leaf(world.association(it.author, repo)),
        "body" | "bodyText" | "bodyHTML" => Out::leaf(it.body),
        "createdAt" | "publishedAt" => Out::leaf(stamp(it.created)),
        "updatedAt" => Out::leaf(stamp(it.updated)),
        "lastEditedAt" => it.edited.map_or(Out::Null, |(at, _)| Out::leaf(stamp(at))),
        "editor" => Out::node(it.edited.map(|(_, by)| Node::Account(by))),
        "includesCreatedEdit" => Out::leaf(it.edited.is_some()),
        "createdViaEmail" | "isMinimized" => Out::leaf(false),
        "minimizedReason" => Out::Null,
        "url" => Out::leaf(it.url.as_str()),
        "resourcePath" => Out::leaf(it.url.strip_prefix(crate::github::world::PAGES).unwrap_or_default()),
        "repository" => Out::Node(Node::Repo(repo)),
        "viewerDidAuthor" => Out::leaf(it.author == actor.user),
        "viewerCanUpdate" | "viewerCanDelete" => Out::leaf(mine || it.author == actor.user),
        _ => return Err(Trouble::Unknown),
    })
}

pub fn comment(context: &mut Context<'_>, repo: usize, number: u64, index: usize, name: &str) -> Resolved {
    let world = &*context.world;
    let it = &world.thread(repo, number).comments[index];
    let is_pull = world.pull(repo, number).is_some();
    match name {
        "issue" if !is_pull => return Ok(Out::Node(Node::Thread(repo, number))),
        "pullRequest" => return Ok(Out::node(is_pull.then_some(Node::Thread(repo, number)))),
        _ => {}
    }
    let it = Written {
        id: it.id,
        author: it.author,
        body: &it.body,
        created: it.created,
        updated: it.updated,
        edited: it.edited,
        url: format!("{}#issuecomment-{}", world.thread_url(repo, number), it.id),
    };
    written(context, &Node::Comment(repo, number, index), &it, name)
}

pub fn review(
    context: &mut Context<'_>,
    repo: usize,
    number: u64,
    index: usize,
    name: &str,
    arguments: &Arguments,
    ty: &str,
) -> Resolved {
    let world = &*context.world;
    let it = &world.pull(repo, number).unwrap().reviews[index];
    match name {
        "state" => return Ok(Out::leaf(it.state)),
        "submittedAt" => return Ok(Out::leaf(stamp(it.submitted))),
        "commit" if world.habits.forgets_commits => return Ok(Out::Null),
        "commit" => return Ok(Out::Node(Node::Object(repo, ObjectType::Commit, it.commit))),
        "pullRequest" => return Ok(Out::Node(Node::Thread(repo, number))),
        "authorCanPushToRepository" => return Ok(Out::leaf(world.can_push(it.author, repo))),
        "comments" | "onBehalfOf" => return Ok(page(ty, Vec::new(), arguments)),
        _ => {}
    }
    let it = Written {
        id: it.id,
        author: it.author,
        body: &it.body,
        created: it.submitted,
        updated: it.edited.map_or(it.submitted, |(at, _)| at),
        edited: it.edited,
        url: format!("{}#pullrequestreview-{}", world.thread_url(repo, number), it.id),
    };
    written(context, &Node::Review(repo, number, index), &it, name)
}

pub fn thread(
    context: &mut Context<'_>,
    repo: usize,
    number: u64,
    name: &str,
    arguments: &Arguments,
    ty: &str,
) -> Resolved {
    let world = &*context.world;
    let it = world.thread(repo, number);
    Ok(match name {
        "number" => Out::leaf(it.number),
        "title" | "titleHTML" => Out::leaf(it.title.as_str()),
        "state" => Out::leaf(state(it)),
        "stateReason" => Out::leaf(it.state_reason),
        "closed" => Out::leaf(!it.open),
        "closedAt" => it.closed.map_or(Out::Null, |at| Out::leaf(stamp(at))),
        "locked" => Out::leaf(it.locked),
        "viewerCanClose" => Out::leaf(
            it.author == context.actor.user
                || world.viewer_permission(&context.actor, repo) >= Some(Permission::Triage),
        ),
        "comments" => {
            let nodes = (0..it.comments.len()).map(|index| Node::Comment(repo, number, index));
            page(ty, nodes.collect(), arguments)
        }
        "labels" => page(ty, it.labels.iter().map(|name| label(world, repo, name)).collect(), arguments),
        "assignees" => page(ty, Vec::new(), arguments),
        // The newest first.
        "userContentEdits" => {
            let edits = it.edits.iter().enumerate().rev().map(|(index, (at, by))| {
                let fields: Plain = [
                    ("id", Out::leaf(format!("UCE_{number}_{index}"))),
                    ("editedAt", Out::leaf(stamp(*at))),
                    ("createdAt", Out::leaf(stamp(*at))),
                    ("updatedAt", Out::leaf(stamp(*at))),
                    ("editor", Out::Node(Node::Account(*by))),
                ]
                .into();
                Node::Plain("UserContentEdit".to_owned(), fields)
            });
            page(ty, edits.collect(), arguments)
        }
        "timelineItems" => page(ty, timeline(it, repo, arguments), arguments),
        _ => match &it.pull {
            Some(pull) => match pull_field(context, repo, number, pull, name, arguments, ty) {
                Err(Trouble::Unknown) => thread_text(context, repo, number, name)?,
                found => found?,
            },
            None => thread_text(context, repo, number, name)?,
        },
    })
}

/// Who was asked for a review, and how it was closed and opened again; nothing else is known here.
fn timeline(it: &Thread, repo: usize, arguments: &Arguments) -> Vec<Node> {
    let number = it.number;
    let kinds = arguments.get("itemTypes").and_then(Value::as_array);
    let wanted = |kind: &str| kinds.is_none_or(|kinds| kinds.iter().any(|it| it == kind));
    let since = arguments.get("since").and_then(Value::as_str);
    let recent = |at: i64| since.is_none_or(|since| stamp(at).as_str() >= since);
    let mut found: Vec<(i64, Node)> = Vec::new();
    if wanted("REVIEW_REQUESTED_EVENT") {
        let asks = it.pull.iter().flat_map(|pull| &pull.asks);
        found.extend(asks.map(|(at, user)| {
            let fields: Plain = [
                ("id", Out::leaf(format!("RRE_{number}_{at}_{user}"))),
                ("createdAt", Out::leaf(stamp(*at))),
                ("pullRequest", Out::Node(Node::Thread(repo, number))),
                ("requestedReviewer", Out::Node(Node::Account(*user))),
            ]
            .into();
            (*at, Node::Plain("ReviewRequestedEvent".to_owned(), fields))
        }));
    }
    if wanted("CLOSED_EVENT") {
        let before = it.reopened.iter().map(|it| (it.closed, it.closer));
        found.extend(before.chain(it.closed.map(|at| (at, it.closer))).map(|(at, (by, pull))| {
            let fields: Plain = [
                ("id", Out::leaf(format!("CE_{number}_{at}"))),
                ("actor", Out::node(by.map(Node::Account))),
                ("closer", Out::node(pull.map(|(repo, number)| Node::Thread(repo, number)))),
                ("createdAt", Out::leaf(stamp(at))),
                ("stateReason", Out::leaf(it.state_reason)),
            ]
            .into();
            (at, Node::Plain("ClosedEvent".to_owned(), fields))
        }));
    }
    if wanted("REOPENED_EVENT") {
        found.extend(it.reopened.iter().map(|Reopened { at, by, .. }| {
            let fields: Plain = [
                ("id", Out::leaf(format!("RE_{number}_{at}"))),
                ("actor", Out::Node(Node::Account(*by))),
                ("createdAt", Out::leaf(stamp(*at))),
            ]
            .into();
            (*at, Node::Plain("ReopenedEvent".to_owned(), fields))
        }));
    }
    found.retain(|(at, _)| recent(*at));
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, node)| node).collect()
}

fn thread_text(context: &Context<'_>, repo: usize, number: u64, name: &str) -> Resolved {
    let it = context.world.thread(repo, number);
    let it = Written {
        id: it.id,
        author: it.author,
        body: &it.body,
        created: it.created,
        updated: it.updated,
        edited: it.edited,
        url: context.world.thread_url(repo, number),
    };
    written(context, &Node::Thread(repo, number), &it, name)
}

fn pull_field(
    context: &Context<'_>,
    repo: usize,
    number: u64,
    pull: &Pull,
    name: &str,
    arguments: &Arguments,
    ty: &str,
) -> Resolved {
    let (world, actor) = (&*context.world, &context.actor);
    let open = world.thread(repo, number).open;
    let head_repo = Some(pull.head_repo).filter(|head| world.sees(Some(actor), *head));
    let commit = |oid| Node::Object(repo, ObjectType::Commit, oid);
    let branch = |repo: usize, name: &str| {
        let full = format!("refs/heads/{name}");
        world.git(repo).get(&full).map(|_| Node::Ref(repo, full))
    };
    Ok(match name {
        "isDraft" => Out::leaf(pull.draft),
        "merged" => Out::leaf(pull.merged.is_some()),
        "mergedAt" => pull.merged.as_ref().map_or(Out::Null, |it| Out::leaf(stamp(it.at))),
        "mergedBy" => Out::node(pull.merged.as_ref().map(|it| Node::Account(it.by))),
        "mergeCommit" => Out::node(pull.merged.as_ref().map(|it| commit(it.commit))),
        "mergeable" => Out::leaf(match open {
            false => "UNKNOWN",
            true if world.is_mergeable(repo, number) => "MERGEABLE",
            true => "CONFLICTING",
        }),
        "mergeStateStatus" => Out::leaf(if open && world.is_mergeable(repo, number) { "CLEAN" } else { "UNKNOWN" }),
        "baseRefName" => Out::leaf(pull.base.as_str()),
        "baseRefOid" => Out::leaf(pull.base_oid.to_string()),
        "baseRef" => Out::node(branch(repo, &pull.base)),
        "baseRepository" => Out::Node(Node::Repo(repo)),
        "headRefName" => Out::leaf(pull.head.as_str()),
        "headRefOid" => Out::leaf(pull.head_oid.to_string()),
        "headRef" => Out::node(head_repo.and_then(|head| branch(head, &pull.head))),
        "headRepository" => Out::node(head_repo.map(Node::Repo)),
        "headRepositoryOwner" => Out::Node(Node::Account(pull.head_owner)),
        "isCrossRepository" => Out::leaf(pull.head_repo != repo),
        "maintainerCanModify" => Out::leaf(pull.maintainer_can_modify),
        "reviewDecision" => Out::Null,
        "reviews" => {
            let states = arguments.get("states").and_then(Value::as_array);
            let author = arguments.get("author").and_then(Value::as_str);
            let mut indices: Vec<usize> = (0..pull.reviews.len()).collect();
            indices.retain(|index| {
                let review = &pull.reviews[*index];
                states.is_none_or(|states| states.iter().any(|state| state == review.state))
                    && author.is_none_or(|author| author.eq_ignore_ascii_case(world.login(review.author)))
            });
            page(ty, indices.into_iter().map(|index| Node::Review(repo, number, index)).collect(), arguments)
        }
        "latestReviews" | "latestOpinionatedReviews" => {
            let counts = |index: &usize| name == "latestReviews" || pull.reviews[*index].state != "COMMENTED";
            let is_last = |index: &usize| {
                let later = &pull.reviews[index + 1..];
                !later.iter().any(|it| {
                    it.author == pull.reviews[*index].author && (name == "latestReviews" || it.state != "COMMENTED")
                })
            };
            let indices = (0..pull.reviews.len()).filter(counts).filter(is_last);
            page(ty, indices.map(|index| Node::Review(repo, number, index)).collect(), arguments)
        }
        "reviewRequests" => {
            let asked = pull.requested.iter().map(|user| {
                let fields: Plain = [("requestedReviewer", Out::Node(Node::Account(*user)))].into();
                Node::Plain("ReviewRequest".to_owned(), fields)
            });
            page(ty, asked.collect(), arguments)
        }
        "reviewThreads" => page(ty, Vec::new(), arguments),
        "commits" => {
            let nodes = world.pull_commits(repo, number).into_iter().map(|oid| {
                let fields: Plain = [
                    ("commit", Out::Node(commit(oid))),
                    ("id", Out::leaf(format!("PURC_{number}_{oid}"))),
                    ("pullRequest", Out::Node(Node::Thread(repo, number))),
                    ("url", Out::leaf(format!("{}/commits/{oid}", world.thread_url(repo, number)))),
                ]
                .into();
                Node::Plain("PullRequestCommit".to_owned(), fields)
            });
            page(ty, nodes.collect(), arguments)
        }
        "files" => {
            let nodes = changes(world, repo, number).into_iter().map(|change| {
                let fields: Plain = [
                    ("path", Out::leaf(change.path)),
                    ("additions", Out::leaf(change.additions)),
                    ("deletions", Out::leaf(change.deletions)),
                    ("changeType", Out::leaf(change.kind)),
                    ("viewerViewedState", Out::leaf("UNVIEWED")),
                ]
                .into();
                Node::Plain("PullRequestChangedFile".to_owned(), fields)
            });
            page(ty, nodes.collect(), arguments)
        }
        "changedFiles" => Out::leaf(changes(world, repo, number).len()),
        "additions" => Out::leaf(changes(world, repo, number).iter().map(|change| change.additions).sum::<usize>()),
        "deletions" => Out::leaf(changes(world, repo, number).iter().map(|change| change.deletions).sum::<usize>()),
        "closingIssuesReferences" => {
            let mut fixed = world.fixes(repo, number);
            order(&mut fixed, arguments);
            page(ty, fixed.into_iter().map(|(repo, number)| Node::Thread(repo, number)).collect(), arguments)
        }
        _ => return Err(Trouble::Unknown),
    })
}
