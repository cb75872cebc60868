//! What happens to conversations by itself.

use github_double::{Method, Permission};
use serde_json::json;

use crate::common::Bench;

#[test]
fn commits_close_what_they_say_they_fix_once_they_are_on_the_default_branch() {
    let bench = Bench::new();
    let repo = "alice/registry";
    for title in ["one", "two", "three"] {
        bench.hub.open_issue(repo, "bob", title, "");
    }
    let state = |number: usize| bench.get(&format!("/repos/{repo}/issues/{number}"))["state"].clone();
    let remote = bench.remote(&bench.alice, repo);
    bench.git("seed", &["checkout", "--quiet", "-b", "topic"]);
    bench.commit("seed", "new.txt", "new\n", "Say it\n\nFixes #1, and see #2; closes nobody/nothing#3");
    bench.git("seed", &["push", "--quiet", &remote, "topic"]);
    assert_eq!(state(1), "open", "it is on another branch");
    let pull = bench.hub.open_pull(
        repo,
        "alice",
        "topic",
        "main",
        "It",
        "`Fixes #2`, and ``Closes ` #2``\n```\nfixes #2\n```\nResolves #3",
    );
    bench.hub.merge_pull(repo, pull, "alice", Method::Merge);
    assert_eq!([state(1), state(2), state(3)], ["closed", "open", "closed"]);
    // Nor does anything close it again, once somebody has opened it.
    bench.hub.reopen(repo, 1, "alice");
    bench.git("seed", &["checkout", "--quiet", "-B", "other", "main"]);
    bench.commit("seed", "other.txt", "x\n", "Say more");
    bench.git("seed", &["push", "--quiet", &remote, "other"]);
    assert_eq!(state(1), "open");
}

#[test]
fn in_a_locked_conversation_only_those_speak_who_may_push() {
    let bench = Bench::new();
    let repo = "alice/registry";
    bench.branch(repo, &bench.alice, "topic", "new.txt");
    let number = bench.hub.open_pull(repo, "alice", "topic", "main", "One", "");
    bench.hub.lock(repo, number, true);
    assert_eq!(bench.get(&format!("/repos/{repo}/pulls/{number}"))["locked"], true);
    let comments = format!("/repos/{repo}/issues/{number}/comments");
    let body = json!({"body": "well"});
    let said = bench.post(&comments, &bench.bob, &body).is(403);
    assert_eq!(said["message"], "Unable to create comment because issue is locked.");
    let review = json!({"body": "well", "event": "COMMENT"});
    bench.post(&format!("/repos/{repo}/pulls/{number}/reviews"), &bench.bob, &review).is(422);
    bench.post(&comments, &bench.alice, &body).is(201);
    bench.hub.grant(repo, "bob", Permission::Write);
    bench.post(&comments, &bench.bob, &body).is(201);
    bench.hub.grant(repo, "bob", Permission::Triage);
    bench.post(&comments, &bench.bob, &body).is(403);
    bench.hub.lock(repo, number, false);
    bench.post(&comments, &bench.bob, &body).is(201);
}
