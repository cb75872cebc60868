//! All that matters of a world, to compare it with another one.

use serde_json::{Map, Value, json};

use super::git::Git;
use super::graphql::state;
use super::world::{Status, Thread, World};

/// Without times, and without ids other than git's.
pub fn dump(world: &World, commits: bool) -> Value {
    let mut repos: Vec<usize> = (0..world.repos.len()).filter(|repo| !world.repos[*repo].deleted).collect();
    repos.sort_by_key(|repo| world.full_name(*repo));
    let mut dumped = Map::new();
    for repo in repos {
        let it = &world.repos[repo];
        let git = world.git(repo);
        let refs: Map<String, Value> =
            git.refs().iter().map(|(name, _)| (name.clone(), reference(&git, name, commits))).collect();
        let threads = it.threads.values().map(|thread| self::thread(world, thread, commits));
        let shown = json!({
            "parent": it.parent.map(|parent| world.full_name(parent)),
            "archived": it.archived,
            "default_branch": it.default_branch,
            "refs": refs,
            "labels": it.labels.iter().map(|label| json!({
                "name": label.name, "color": label.color, "description": label.description,
            })).collect::<Vec<_>>(),
            "statuses": statuses(world, repo, commits),
            "threads": threads.collect::<Vec<_>>(),
        });
        dumped.insert(world.full_name(repo), shown);
    }
    Value::Object(dumped)
}

/// The newest of each context.
fn statuses(world: &World, repo: usize, commits: bool) -> Vec<Value> {
    let mut shas: Vec<_> = world.repos[repo].statuses.iter().map(|status| status.sha).collect();
    shas.dedup();
    let shown = |status: &&Status| {
        let mut shown = json!({
            "context": status.context, "state": status.state, "description": status.description,
            "url": status.target_url.split('#').next(), "by": world.login(status.creator),
        });
        if commits {
            shown["commit"] = json!(status.sha.to_string());
        }
        shown
    };
    let mut seen = std::collections::BTreeSet::new();
    shas.retain(|sha| seen.insert(*sha));
    shas.iter().flat_map(|sha| world.statuses(repo, *sha)).map(|status| shown(&status)).collect()
}

fn reference(git: &Git, name: &str, commits: bool) -> Value {
    let Some(commit) = git.commit_of(name) else {
        return json!(git.get(name).map(|oid| oid.to_string()));
    };
    let tree = commit.tree.to_string();
    if commits { json!({"commit": commit.oid.to_string(), "tree": tree}) } else { json!({"tree": tree}) }
}

fn thread(world: &World, thread: &Thread, commits: bool) -> Value {
    let mut shown = json!({
        "number": thread.number,
        "kind": if thread.pull.is_some() { "pull request" } else { "issue" },
        "title": thread.title,
        "body": thread.body,
        "author": world.login(thread.author),
        "state": state(thread),
        "state_reason": thread.state_reason,
        "labels": thread.labels,
        "comments": thread.comments.iter().map(|it| json!({
            "author": world.login(it.author), "body": it.body, "edited": it.edited.is_some(),
        })).collect::<Vec<_>>(),
    });
    if let Some(pull) = &thread.pull {
        let owner = world.login(pull.head_owner);
        shown["base"] = json!(pull.base);
        shown["head"] = json!(format!("{owner}:{}", pull.head));
        shown["draft"] = json!(pull.draft);
        shown["requested"] = pull.requested.iter().map(|user| world.login(*user)).collect();
        shown["reviews"] = pull
            .reviews
            .iter()
            .map(|it| {
                let mut review = json!({"author": world.login(it.author), "state": it.state, "body": it.body});
                review["edited"] = json!(it.edited.is_some());
                if commits {
                    review["commit"] = json!(it.commit.to_string());
                }
                review
            })
            .collect();
    }
    shown
}
