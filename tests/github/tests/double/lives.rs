//! What becomes of pull requests, and whole worlds compared.

use github_double::Method;
use serde_json::{Value, json};

use crate::common::Bench;

fn message(bench: &Bench) -> Value {
    bench.get("/repos/alice/registry/commits/main")["commit"]["message"].clone()
}

fn opened(bench: &Bench) -> u64 {
    bench.branch("alice/registry", &bench.alice, "topic", "new.txt");
    bench.hub.open_pull("alice/registry", "alice", "topic", "main", "The title", "Fixes #9")
}

#[test]
fn merging() {
    let bench = Bench::new();
    let number = opened(&bench);
    bench.hub.merge_pull("alice/registry", number, "alice", Method::Merge);
    assert_eq!(message(&bench), "Merge pull request #1 from alice/topic\n\nThe title");
    let bench = Bench::new();
    let number = opened(&bench);
    bench.hub.merge_pull("alice/registry", number, "alice", Method::Squash);
    assert_eq!(message(&bench), "Add it (#1)");
    let bench = Bench::new();
    let number = opened(&bench);
    let oid = bench.hub.merge_pull("alice/registry", number, "alice", Method::Rebase);
    assert_eq!(message(&bench), "Add it");
    let commit = bench.get(&format!("/repos/alice/registry/commits/{oid}"));
    assert_eq!(commit["commit"]["author"]["name"], "T");
    assert_eq!(commit["committer"]["login"], "alice");
    assert_eq!(bench.get("/repos/alice/registry/pulls/1")["merged_by"]["login"], "alice");
}

#[test]
fn conflicts() {
    let bench = Bench::new();
    let number = opened(&bench);
    let body = json!({"message": "m", "content": "b3RoZXI="});
    bench.send("PUT", "/repos/alice/registry/contents/new.txt", &bench.alice, Some(&body)).is(201);
    let path = format!("/repos/alice/registry/pulls/{number}");
    assert_eq!(bench.get(&path)["mergeable"], false);
    bench.send("PUT", &format!("{path}/merge"), &bench.alice, Some(&json!({}))).is(405);
}

#[test]
fn branches_and_forks_go_away() {
    let bench = Bench::new();
    let number = opened(&bench);
    bench.send("DELETE", "/repos/alice/registry/git/refs/heads/topic", &bench.alice, None).is(204);
    assert_eq!(bench.get(&format!("/repos/alice/registry/pulls/{number}"))["state"], "closed");
    bench.hub.fork("alice/registry", "bob", None);
    bench.branch("bob/registry", &bench.bob, "theirs", "z.txt");
    let number = bench.hub.open_pull("alice/registry", "bob", "bob:theirs", "main", "T", "");
    bench.hub.delete("bob/registry");
    let query = "{repository(owner: \"alice\", name: \"registry\") {pullRequest(number: 2) {
        state headRepository {id} headRef {name} headRefOid headRepositoryOwner {login} commits(first: 2) {totalCount}}}}";
    assert_eq!(bench.query(query)["repository"]["pullRequest"]["headRepository"], json!(null));
    bench.hub.merge_pull("alice/registry", number, "alice", Method::Squash);
}

#[test]
fn the_default_branch_gets_another_name() {
    let bench = Bench::new();
    let number = opened(&bench);
    bench.hub.rename_default_branch("alice/registry", "trunk");
    let pull = bench.get(&format!("/repos/alice/registry/pulls/{number}"));
    assert_eq!((&pull["base"]["ref"], &pull["state"]), (&json!("trunk"), &json!("open")));
    assert_eq!(bench.get("/repos/alice/registry")["default_branch"], "trunk");
}

#[test]
fn reviews_change() {
    let bench = Bench::new();
    let number = opened(&bench);
    let review = bench.hub.review("alice/registry", number, "bob", "APPROVED", "yes");
    bench.hub.edit_review("alice/registry", number, review, "alice", "no");
    bench.hub.dismiss_review("alice/registry", number, review);
    let query = "{repository(owner: \"alice\", name: \"registry\") {pullRequest(number: 1) {reviews(first: 1) {nodes {
        state body editor {login} lastEditedAt author {login}}}}}}";
    let shown = bench.query(query)["repository"]["pullRequest"]["reviews"]["nodes"][0].clone();
    assert_eq!((&shown["state"], &shown["editor"]["login"]), (&json!("DISMISSED"), &json!("alice")));
}

#[test]
fn the_same_life_gives_the_same_dump() {
    let dumps = [(); 2].map(|()| {
        let bench = Bench::new();
        let number = opened(&bench);
        bench.hub.fork("alice/registry", "bob", None);
        bench.hub.review("alice/registry", number, "bob", "APPROVED", "yes");
        bench.hub.merge_pull("alice/registry", number, "alice", Method::Merge);
        bench.hub.dump()
    });
    assert_eq!(dumps[0], dumps[1]);
    let registry = &dumps[0]["alice/registry"];
    assert_eq!(registry["threads"][0]["state"], "MERGED");
    assert_eq!(registry["refs"]["refs/heads/main"]["tree"], registry["refs"]["refs/heads/topic"]["tree"]);
}
