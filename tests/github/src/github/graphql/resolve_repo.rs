//! The fields of repositories.

use git2::Oid;
use serde_json::{Value, json};

use super::super::text::stamp;
use super::super::world::{Permission, Thread, World};
use super::execute::{Context, Trouble};
use super::nodes::{Node, Out, page};
use super::resolve::{Arguments, Resolved, not_found};

pub fn repository(context: &mut Context<'_>, repo: usize, name: &str, arguments: &Arguments, ty: &str) -> Resolved {
    let (world, actor) = (&*context.world, &context.actor);
    let it = &world.repos[repo];
    let full = world.full_name(repo);
    Ok(match name {
        "id" => Out::leaf(Node::Repo(repo).id(world)),
        "databaseId" => Out::leaf(it.id),
        "name" => Out::leaf(it.name.as_str()),
        "nameWithOwner" => Out::leaf(full),
        "url" => Out::leaf(format!("{}/{full}", world.server)),
        "resourcePath" => Out::leaf(format!("/{full}")),
        "sshUrl" => Out::leaf(format!("git@github.com:{full}.git")),
        "owner" => Out::Node(Node::Account(it.owner)),
        "createdAt" | "updatedAt" | "pushedAt" => Out::leaf(stamp(it.created)),
        "isArchived" => Out::leaf(it.archived),
        "archivedAt" => it.archived.then(|| stamp(world.clock)).map_or(Out::Null, Out::leaf),
        "isFork" => Out::leaf(it.parent.is_some()),
        "isPrivate" => Out::leaf(it.private),
        "visibility" => Out::leaf(if it.private { "PRIVATE" } else { "PUBLIC" }),
        "isDisabled" | "isLocked" | "isMirror" | "isTemplate" => Out::leaf(false),
        "isEmpty" => Out::leaf(world.git(repo).refs().is_empty()),
        "isInOrganization" => {
            Out::leaf(world.accounts[it.owner].kind == super::super::world::AccountKind::Organization)
        }
        "hasIssuesEnabled" => Out::leaf(it.issues_enabled),
        "forkingAllowed" => Out::leaf(true),
        "forkCount" => {
            Out::leaf(world.repos.iter().filter(|other| !other.deleted && other.parent == Some(repo)).count())
        }
        "description" | "homepageUrl" | "lockReason" | "mirrorUrl" | "templateRepository" => Out::Null,
        "viewerPermission" => Out::leaf(world.viewer_permission(actor, repo).map(Permission::name)),
        "viewerCanAdminister" => Out::leaf(world.viewer_permission(actor, repo) == Some(Permission::Admin)),
        "parent" => Out::node(it.parent.filter(|parent| world.sees(Some(actor), *parent)).map(Node::Repo)),
        "defaultBranchRef" => {
            let head = format!("refs/heads/{}", it.default_branch);
            Out::node(world.git(repo).get(&head).map(|_| Node::Ref(repo, head)))
        }
        "ref" => {
            let wanted = arguments["qualifiedName"].as_str().unwrap_or_default();
            let git = world.git(repo);
            let names = [wanted.to_owned(), format!("refs/heads/{wanted}"), format!("refs/tags/{wanted}")];
            let found = names.into_iter().find(|name| name.starts_with("refs/") && git.get(name).is_some());
            Out::node(found.map(|name| Node::Ref(repo, name)))
        }
        "refs" => {
            let prefix = arguments["refPrefix"].as_str().unwrap_or_default();
            let query = arguments.get("query").and_then(Value::as_str).unwrap_or_default();
            let refs = world.git(repo).refs().into_iter().map(|(name, _)| name);
            let found = refs.filter(|name| name.strip_prefix(prefix).is_some_and(|rest| rest.contains(query)));
            page(ty, found.map(|name| Node::Ref(repo, name)).collect(), arguments)
        }
        "object" => object(context, repo, arguments),
        "labels" => labels(world, repo, arguments, ty),
        "forks" => {
            let mut forks: Vec<usize> = (0..world.repos.len()).collect();
            forks.retain(|fork| world.repos[*fork].parent == Some(repo) && world.sees(Some(actor), *fork));
            let list = |name: &str| arguments.get(name).and_then(Value::as_array);
            // The viewer's own, or any that somebody owns, which is what is meant by the owner's.
            if list("affiliations").is_some_and(|them| *them == [json!("OWNER")]) {
                forks.retain(|fork| world.repos[*fork].owner == actor.user);
            }
            order(&mut forks, arguments);
            page(ty, forks.into_iter().map(Node::Repo).collect(), arguments)
        }
        "pullRequest" | "issue" | "issueOrPullRequest" => {
            let number = arguments["number"].as_u64().unwrap_or_default();
            let fits = |thread: &&Thread| match name {
                "pullRequest" => thread.pull.is_some(),
                "issue" => thread.pull.is_none(),
                _ => true,
            };
            let what = match name {
                "pullRequest" => "a PullRequest",
                "issue" => "an Issue",
                _ => "an issue or pull request",
            };
            let moved = world.gone.get(&(repo, number)).copied().flatten();
            let moved = moved.filter(|(to, _)| world.sees(Some(actor), *to) && !world.habits.forgets_transfers);
            if let Some((to, new)) = moved.filter(|_| name != "pullRequest") {
                return Ok(Out::Node(Node::Thread(to, new)));
            }
            if !it.threads.get(&number).is_some_and(|thread| fits(&thread)) {
                return Err(not_found(format!("Could not resolve to {what} with the number of {number}.")).into());
            }
            Out::Node(Node::Thread(repo, number))
        }
        "issues" | "pullRequests" => {
            let is_pull = name == "pullRequests";
            let fits = |thread: &&Thread| thread.pull.is_some() == is_pull && wanted(context, thread, arguments);
            let mut numbers: Vec<u64> = it.threads.values().filter(fits).map(|thread| thread.number).collect();
            if arguments.get("orderBy").is_some_and(|by| by["field"] == "UPDATED_AT") {
                numbers.sort_by_key(|number| it.threads[number].updated);
            }
            order(&mut numbers, arguments);
            page(ty, numbers.into_iter().map(|number| Node::Thread(repo, number)).collect(), arguments)
        }
        _ => return Err(Trouble::Unknown),
    })
}

fn labels(world: &World, repo: usize, arguments: &Arguments, ty: &str) -> Out {
    let query = arguments.get("query").and_then(Value::as_str).unwrap_or_default();
    let named = world.repos[repo].labels.iter().filter(|label| label.name.contains(query));
    page(ty, named.map(|it| label(world, repo, &it.name)).collect(), arguments)
}

/// A label of a repository.
pub fn label(world: &World, repo: usize, name: &str) -> Node {
    let known = world.label(repo, name);
    let fields = [
        ("name", Out::leaf(name)),
        ("color", Out::leaf(known.map_or("ededed", |it| &it.color))),
        ("description", Out::leaf(known.map_or("", |it| &it.description))),
    ];
    Node::Plain("Label".to_owned(), fields.into())
}

/// What is in order of time already may be wanted the other way round.
pub fn order<T>(items: &mut [T], arguments: &Arguments) {
    if arguments.get("orderBy").is_some_and(|by| by["direction"] == "DESC") {
        items.reverse();
    }
}

/// Whether an issue or a pull request is among those that are asked for.
pub fn wanted(context: &Context<'_>, thread: &Thread, arguments: &Arguments) -> bool {
    let world = &*context.world;
    let state = state(thread);
    let allows = |list: Option<&Value>, value: &str| match list.and_then(Value::as_array) {
        Some(list) => list.iter().any(|known| known == value),
        None => true,
    };
    let is = |name: &str, value: &str| match arguments.get(name).and_then(Value::as_str) {
        Some(wanted) => wanted == value,
        None => true,
    };
    let by = arguments.get("filterBy").unwrap_or(&Value::Null);
    let author = world.login(thread.author);
    // One of them is enough.
    let labelled = |list: Option<&Value>| match list.and_then(Value::as_array) {
        Some(list) => list.iter().any(|wanted| thread.labels.iter().any(|known| wanted == known.as_str())),
        None => true,
    };
    labelled(arguments.get("labels"))
        && labelled(by.get("labels"))
        && allows(arguments.get("states"), state)
        && allows(by.get("states"), state)
        && by["createdBy"].as_str().is_none_or(|wanted| wanted.eq_ignore_ascii_case(author))
        && thread.pull.as_ref().is_none_or(|pull| is("headRefName", &pull.head) && is("baseRefName", &pull.base))
}

pub fn state(thread: &Thread) -> &'static str {
    match &thread.pull {
        Some(pull) if pull.merged.is_some() => "MERGED",
        _ if thread.open => "OPEN",
        _ => "CLOSED",
    }
}

fn object(context: &Context<'_>, repo: usize, arguments: &Arguments) -> Out {
    let git = context.world.git(repo);
    let oid = match (arguments.get("oid").and_then(Value::as_str), arguments.get("expression").and_then(Value::as_str))
    {
        (Some(oid), _) => Oid::from_str(oid).ok(),
        (None, Some(expression)) => match expression.split_once(':') {
            Some((revision, path)) => {
                let tree = git.commit_of(if revision.is_empty() { "HEAD" } else { revision }).map(|commit| commit.tree);
                let tree = tree.or_else(|| git.revision(revision));
                tree.and_then(|tree| git.at(tree, path.trim_matches('/'))).map(|entry| entry.oid)
            }
            None => git.revision(expression),
        },
        _ => None,
    };
    Out::node(oid.and_then(|oid| Some(Node::Object(repo, git.kind(oid)?, oid))))
}
