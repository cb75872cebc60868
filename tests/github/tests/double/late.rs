//! What was made just now, and isn't seen yet.

use serde_json::json;

use crate::common::Bench;

#[test]
fn what_was_made_just_now_is_seen_later() {
    let bench = Bench::new();
    bench.hub.settle_after(1);
    let (alice, repo) = (&bench.alice, "/repos/alice/registry");
    let main = bench.get(&format!("{repo}/git/ref/heads/main"))["object"]["sha"].clone();
    let twice = |path: &str, body: &serde_json::Value, words: &str| {
        let refused = bench.post(&format!("{repo}{path}"), alice, body).is(422);
        assert!(refused.to_string().contains(words), "{refused}");
        bench.post(&format!("{repo}{path}"), alice, body).is(201)
    };
    let blob = json!({"content": "bmV3Cg==", "encoding": "base64"});
    let blob = bench.post(&format!("{repo}/git/blobs"), alice, &blob).is(201)["sha"].clone();
    let tree = json!({"base_tree": main, "tree": [{"path": "new", "mode": "100644", "type": "blob", "sha": blob}]});
    let tree = twice("/git/trees", &tree, "is not a valid blob")["sha"].clone();
    let commit = json!({"message": "Add it", "tree": tree, "parents": [main]});
    let commit = twice("/git/commits", &commit, "Tree SHA does not exist")["sha"].clone();
    twice("/git/refs", &json!({"ref": "refs/heads/topic", "sha": commit}), "Object does not exist");
    assert_eq!(bench.send("GET", &format!("{repo}/git/ref/heads/topic"), alice, None).status, 404);
    bench.get(&format!("{repo}/git/ref/heads/topic"));
    // Asked for in vain as often as planned, it is there from then on.
    bench.post(&format!("{repo}/pulls"), alice, &json!({"title": "It", "head": "topic", "base": "main"})).is(201);
}

#[test]
fn a_fork_takes_objects_a_while_after_it_is_there() {
    let bench = Bench::new();
    bench.hub.settle_after(2);
    bench.post("/repos/alice/registry/forks", &bench.bob, &json!({})).is(202);
    bench.get("/repos/bob/registry");
    let blob = json!({"content": "new", "encoding": "utf-8"});
    for status in [404, 404, 201] {
        assert_eq!(bench.post("/repos/bob/registry/git/blobs", &bench.bob, &blob).status, status);
    }
}
