//! The fields of refs and of git's objects.

use git2::{ObjectType, Oid};
use serde_json::json;

use super::super::git::{Entry, Signature};
use super::super::text::{base64, stamp};
use super::super::world::Thread;
use super::execute::{Context, Trouble};
use super::nodes::{Node, Out, page};
use super::resolve::{Arguments, Resolved};
use super::resolve_repo::wanted;

pub fn reference(
    context: &mut Context<'_>,
    repo: usize,
    full: &str,
    name: &str,
    arguments: &Arguments,
    ty: &str,
) -> Resolved {
    let world = &*context.world;
    // `refs/heads/` or `refs/tags/`; deeper slashes are part of the name.
    let split = full.match_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    Ok(match name {
        "id" => Out::leaf(Node::Ref(repo, full.to_owned()).id(world)),
        "name" => Out::leaf(&full[split..]),
        "prefix" => Out::leaf(&full[..split]),
        "repository" => Out::Node(Node::Repo(repo)),
        "target" => {
            let git = world.git(repo);
            Out::node(git.get(full).and_then(|oid| Some(Node::Object(repo, git.kind(oid)?, oid))))
        }
        "associatedPullRequests" => {
            let branch = &full[split..];
            let mut found = Vec::new();
            for (base, it) in world.repos.iter().enumerate() {
                let fits = |thread: &&Thread| {
                    let of_branch = thread.pull.as_ref().is_some_and(|it| it.head_repo == repo && it.head == branch);
                    of_branch && wanted(context, thread, arguments)
                };
                if world.sees(Some(&context.actor), base) {
                    found.extend(it.threads.values().filter(fits).map(|thread| Node::Thread(base, thread.number)));
                }
            }
            page(ty, found, arguments)
        }
        _ => return Err(Trouble::Unknown),
    })
}

pub fn object(
    context: &mut Context<'_>,
    repo: usize,
    kind: ObjectType,
    oid: Oid,
    name: &str,
    arguments: &Arguments,
    ty: &str,
) -> Resolved {
    let world = &*context.world;
    let url = format!("{}/{}/commit/{oid}", world.server, world.full_name(repo));
    match name {
        "id" => Ok(Out::leaf(Node::Object(repo, kind, oid).id(world))),
        "oid" => Ok(Out::leaf(oid.to_string())),
        "abbreviatedOid" => Ok(Out::leaf(&oid.to_string()[..7])),
        "repository" => Ok(Out::Node(Node::Repo(repo))),
        "commitUrl" | "url" => Ok(Out::leaf(url)),
        _ => match kind {
            ObjectType::Commit => commit(context, repo, oid, name, arguments, ty),
            ObjectType::Tree => tree(context, repo, oid, name),
            ObjectType::Blob => blob(context, repo, oid, name),
            _ => Err(Trouble::Unknown),
        },
    }
}

fn commit(context: &Context<'_>, repo: usize, oid: Oid, name: &str, arguments: &Arguments, ty: &str) -> Resolved {
    let git = context.world.git(repo);
    let commit = git.commit(oid).ok_or(Trouble::Unknown)?;
    let subject = commit.message.lines().next().unwrap_or_default().to_owned();
    Ok(match name {
        "message" => Out::leaf(commit.message),
        "messageHeadline" => Out::leaf(subject),
        "messageBody" => Out::leaf(commit.message.split_once('\n').map_or("", |(_, body)| body.trim())),
        "tree" => Out::Node(Node::Object(repo, ObjectType::Tree, commit.tree)),
        "parents" => {
            let parents = commit.parents.iter().map(|oid| Node::Object(repo, ObjectType::Commit, *oid));
            page(ty, parents.collect(), arguments)
        }
        "history" => {
            let found = match arguments["path"].as_str() {
                Some(path) => git.touching(oid, path),
                None => git.ancestors(oid),
            };
            let found = found.into_iter().map(|oid| Node::Object(repo, ObjectType::Commit, oid));
            page(ty, found.collect(), arguments)
        }
        "author" => actor(context, &commit.author),
        "committer" => actor(context, &commit.committer),
        "authoredDate" => Out::leaf(stamp(commit.author.seconds)),
        "committedDate" => Out::leaf(stamp(commit.committer.seconds)),
        "signature" | "statusCheckRollup" => Out::Null,
        "status" => status(context, repo, oid),
        "file" => {
            let path = arguments["path"].as_str().unwrap_or_default();
            let only_files = context.world.habits.only_files;
            let found = git.at(commit.tree, path).filter(|entry| !only_files || entry.kind != ObjectType::Tree);
            Out::node(found.map(|entry| Node::Entry(repo, entry, path.to_owned())))
        }
        _ => return Err(Trouble::Unknown),
    })
}

/// What was said of a commit, if anything was.
fn status(context: &Context<'_>, repo: usize, oid: Oid) -> Out {
    let world = &*context.world;
    let contexts: Vec<Out> = world
        .statuses(repo, oid)
        .into_iter()
        .map(|it| {
            let fields = [
                ("context", Out::leaf(it.context.as_str())),
                ("state", Out::leaf(it.state.to_uppercase())),
                ("description", Out::leaf(it.description.as_str())),
                ("targetUrl", Out::leaf(it.target_url.as_str())),
                ("creator", Out::Node(Node::Account(it.creator))),
            ];
            Out::Node(Node::Plain("StatusContext".to_owned(), fields.into()))
        })
        .collect();
    if contexts.is_empty() {
        return Out::Null;
    }
    Out::Node(Node::Plain("Status".to_owned(), [("contexts", Out::List(contexts))].into()))
}

fn actor(context: &Context<'_>, by: &Signature) -> Out {
    let world = &*context.world;
    let login = by.email.strip_suffix("@users.noreply.github.com").and_then(|it| it.split_once('+'));
    let fields = [
        ("name", Out::leaf(by.name.as_str())),
        ("email", Out::leaf(by.email.as_str())),
        ("date", Out::leaf(stamp(by.seconds))),
        ("user", Out::node(login.and_then(|(_, login)| world.account(login)).map(Node::Account))),
    ];
    Out::Node(Node::Plain("GitActor".to_owned(), fields.into()))
}

fn tree(context: &Context<'_>, repo: usize, oid: Oid, name: &str) -> Resolved {
    if name != "entries" {
        return Err(Trouble::Unknown);
    }
    let entries = context.world.git(repo).tree(oid).ok_or(Trouble::Unknown)?;
    let entries = entries.into_iter().map(|entry| {
        let path = entry.name.clone();
        Out::Node(Node::Entry(repo, entry, path))
    });
    Ok(Out::List(entries.collect()))
}

/// The text of a blob, unless it is binary.
fn text(bytes: &[u8]) -> Option<&str> {
    if bytes.contains(&0) { None } else { std::str::from_utf8(bytes).ok() }
}

fn blob(context: &Context<'_>, repo: usize, oid: Oid, name: &str) -> Resolved {
    // Of a large text GitHub gives only the beginning.
    const MOST: usize = 512_000;
    let bytes = context.world.git(repo).blob(oid).ok_or(Trouble::Unknown)?;
    Ok(match name {
        "byteSize" => Out::leaf(bytes.len()),
        "isBinary" => Out::leaf(text(&bytes).is_none()),
        "isTruncated" => Out::leaf(text(&bytes).is_some() && bytes.len() > MOST),
        "text" => match text(&bytes) {
            Some(text) => Out::leaf(text.chars().take(MOST).collect::<String>()),
            None => Out::Null,
        },
        _ => return Err(Trouble::Unknown),
    })
}

pub fn entry(context: &mut Context<'_>, repo: usize, entry: &Entry, path: &str, name: &str) -> Resolved {
    let git = context.world.git(repo);
    let object = git.kind(entry.oid).filter(|_| entry.kind != ObjectType::Commit);
    Ok(match name {
        "name" => Out::leaf(entry.name.as_str()),
        "nameRaw" => Out::leaf(base64(&entry.raw)),
        "path" => Out::leaf(path),
        "mode" => Out::leaf(entry.mode),
        "type" => Out::leaf(entry.kind.str()),
        "oid" => Out::leaf(entry.oid.to_string()),
        "size" => Out::leaf(if entry.kind == ObjectType::Blob { git.size(entry.oid) } else { 0 }),
        "object" => Out::node(object.map(|kind| Node::Object(repo, kind, entry.oid))),
        "repository" => Out::Node(Node::Repo(repo)),
        "extension" => {
            let extension = entry.name.rfind('.').map_or("", |at| &entry.name[at..]);
            Out::Leaf(json!(extension))
        }
        _ => return Err(Trouble::Unknown),
    })
}
