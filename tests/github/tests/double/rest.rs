//! The REST API.

use serde_json::{Value, json};

use crate::common::Bench;

#[test]
fn who_am_i() {
    let bench = Bench::new();
    assert_eq!(bench.get("/user")["login"], "alice");
    assert_eq!(bench.get("/users/bob")["type"], "User");
    let answer = bench.send("GET", "/user", &bench.alice, None);
    assert_eq!(answer.header("x-oauth-scopes"), "repo, read:org");
    assert_eq!(answer.header("x-ratelimit-resource"), "core");
    assert_eq!(bench.send("GET", "/user", "", None).status, 401);
    assert_eq!(bench.send("GET", "/user", "nonsense", None).is(401)["message"], "Bad credentials");
    assert_eq!(bench.send("GET", "/users/nobody", "", None).status, 404);
}

#[test]
fn every_read() {
    let bench = Bench::new();
    bench.branch("alice/registry", &bench.alice, "topic/one", "new.txt");
    let number = bench.hub.open_pull("alice/registry", "alice", "topic/one", "main", "One", "body");
    bench.hub.review("alice/registry", number, "bob", "APPROVED", "fine");
    bench.hub.comment("alice/registry", number, "bob", "well");
    let repo = "/repos/alice/registry";
    for path in [
        "",
        "/forks",
        "/git/ref/heads/main",
        "/git/ref/heads/topic/one",
        "/git/trees/main?recursive=1",
        "/contents/",
        "/contents/README.md",
        "/contents/dir?ref=topic/one",
        "/compare/main...topic/one",
        "/commits/main",
        "/commits/topic/one/status",
        "/commits/main/check-runs",
        "/branches/main",
        "/branches/topic/one",
        "/issues",
        "/issues/1",
        "/issues/1/comments",
        "/pulls",
        "/pulls/1",
        "/pulls/1/reviews",
        "/pulls/1/files",
        "/pulls/1/commits",
        "/collaborators/bob/permission",
    ] {
        bench.get(&format!("{repo}{path}"));
    }
    for path in [
        "/users/alice/orgs",
        "/users/alice/keys",
        "/users/alice/ssh_signing_keys",
        "/orgs/acme/teams/leads/members",
        "/rate_limit",
        "/meta",
        "/search/issues?q=repo:alice/registry+is:pr+one",
    ] {
        bench.get(path);
    }
    assert_eq!(bench.send("GET", "/orgs/acme/members/alice", &bench.bob, None).status, 204);
    assert_eq!(bench.send("GET", "/orgs/acme/public_members/bob", &bench.bob, None).status, 404);
}

#[test]
fn objects_are_git_s() {
    let bench = Bench::new();
    let oid = bench.branch("alice/registry", &bench.alice, "topic", "new.txt");
    bench.git("seed", &["switch", "--quiet", "--create", "topic"]);
    std::fs::write(bench.path("seed/new.txt"), "new\n").unwrap();
    bench.git("seed", &["add", "--all"]);
    let tree = bench.git("seed", &["write-tree"]);
    assert_eq!(bench.get(&format!("/repos/alice/registry/git/commits/{oid}"))["tree"]["sha"], tree);
    let path = bench.hub.repo_path("alice/registry");
    let raw = bench.git(".", &["-C", path.to_str().unwrap(), "cat-file", "-p", &oid]);
    assert!(raw.contains("author T <t@example.com> 1789998400 +0200\n"), "{raw}");
    assert!(raw.ends_with("\n\nAdd it"), "{raw}");
    bench.git(".", &["-C", path.to_str().unwrap(), "fsck", "--strict"]);
}

#[test]
fn trees_are_checked() {
    let bench = Bench::new();
    let path = "/repos/alice/registry/git/trees";
    let entry = |entry: Value| bench.post(path, &bench.alice, &json!({"tree": [entry]}));
    let zero = "0".repeat(40);
    let answer = entry(json!({"path": "a", "mode": "100644", "type": "blob", "sha": zero})).is(422);
    assert_eq!(answer["message"], format!("tree.sha {zero} is not a valid blob"));
    entry(json!({"path": "../a", "mode": "100644", "content": ""})).is(422);
    let main = bench.get("/repos/alice/registry/git/ref/heads/main")["object"]["sha"].clone();
    let removed =
        json!({"base_tree": main, "tree": [{"path": "dir/a.txt", "mode": "100644", "type": "blob", "sha": null}]});
    let tree = bench.post(path, &bench.alice, &removed).is(201);
    assert_eq!(tree["tree"].as_array().unwrap().len(), 1);
    let gone = json!({"base_tree": main, "tree": [{"path": "no", "mode": "100644", "type": "blob", "sha": null}]});
    bench.post(path, &bench.alice, &gone).is(422);
    // Files where there were directories, and the other way round.
    let swapped = json!({"base_tree": main, "tree": [
        {"path": "dir", "mode": "100644", "type": "blob", "content": "x"},
        {"path": "README.md/inside", "mode": "100755", "type": "blob", "content": "x"},
    ]});
    let tree = bench.post(path, &bench.alice, &swapped).is(201);
    assert_eq!((&tree["tree"][0]["type"], &tree["tree"][1]["type"]), (&json!("tree"), &json!("blob")));
    let whole = json!({"tree": [{"path": "sub/old", "mode": "040000", "type": "tree", "sha": tree["sha"]}]});
    bench.post(path, &bench.alice, &whole).is(201);
}

#[test]
fn refs() {
    let bench = Bench::new();
    let oid = bench.branch("alice/registry", &bench.alice, "topic", "new.txt");
    let path = "/repos/alice/registry/git/refs";
    let again = bench.post(path, &bench.alice, &json!({"ref": "refs/heads/topic", "sha": oid}));
    assert_eq!(again.is(422)["message"], "Reference already exists");
    let main = bench.get("/repos/alice/registry/git/ref/heads/main")["object"]["sha"].clone();
    let topic = format!("{path}/heads/topic");
    let back = bench.send("PATCH", &topic, &bench.alice, Some(&json!({"sha": main}))).is(422);
    assert_eq!(back["message"], "Update is not a fast forward");
    bench.send("PATCH", &topic, &bench.alice, Some(&json!({"sha": main, "force": true}))).is(200);
    bench.send("PATCH", &topic, &bench.bob, Some(&json!({"sha": oid}))).is(404);
    bench.hub.protect("alice/registry", "topic");
    bench.send("PATCH", &topic, &bench.alice, Some(&json!({"sha": oid}))).is(422);
    bench.hub.unprotect("alice/registry", "topic");
    bench.send("DELETE", &topic, &bench.alice, None).is(204);
    bench.send("DELETE", &topic, &bench.alice, None).is(422);
}

#[test]
fn forks_take_their_time() {
    let bench = Bench::new();
    bench.hub.add_repository("bob/registry", &bench.path("seed/.git"));
    bench.hub.fork_delay(2);
    let fork = bench.post("/repos/alice/registry/forks", &bench.bob, &json!({"default_branch_only": true})).is(202);
    assert_eq!(fork["full_name"], "bob/registry-1");
    assert_eq!(fork["parent"]["full_name"], "alice/registry");
    for status in [404, 404, 200] {
        assert_eq!(bench.send("GET", "/repos/bob/registry-1", &bench.bob, None).status, status);
    }
    let again = bench.post("/repos/alice/registry/forks", &bench.bob, &json!({})).is(202);
    assert_eq!(again["full_name"], "bob/registry-1");
}

#[test]
fn stale_forks_are_strict() {
    let bench = Bench::new();
    bench.hub.fork("alice/registry", "bob", None);
    let oid = bench.branch("alice/registry", &bench.alice, "topic", "new.txt");
    let path = "/repos/bob/registry/git/refs";
    let body = json!({"ref": "refs/heads/topic", "sha": oid});
    bench.hub.strict_forks(true);
    assert_eq!(bench.post(path, &bench.bob, &body).is(422)["message"], "Object does not exist");
    bench.hub.strict_forks(false);
    bench.post(path, &bench.bob, &body).is(201);
}

#[test]
fn renamed_archived_and_without_issues() {
    let bench = Bench::new();
    bench.hub.rename("alice/registry", "acme/partners");
    let moved = bench.send("GET", "/repos/alice/registry/issues?state=all", &bench.alice, None);
    moved.is(301);
    assert!(moved.header("location").ends_with("/issues?state=all"), "{moved:?}");
    assert_eq!(bench.try_send("GET", moved.header("location"), &bench.alice, None).unwrap().status, 200);
    bench.hub.enable_issues("acme/partners", false);
    bench.post("/repos/alice/registry/issues", &bench.bob, &json!({"title": "x"})).is(307);
    let issues = "/repos/acme/partners/issues";
    bench.post(issues, &bench.bob, &json!({"title": "x"})).is(410);
    bench.hub.archive("acme/partners", true);
    bench.post(issues, &bench.bob, &json!({"title": "x"})).is(403);
}

#[test]
fn issues_and_comments() {
    let bench = Bench::new();
    let issues = "/repos/alice/registry/issues";
    let made = bench.post(issues, &bench.bob, &json!({"title": "One", "body": "text", "labels": ["x"]})).is(201);
    assert_eq!((&made["number"], &made["labels"]), (&json!(1), &json!([])));
    bench.post(issues, &bench.bob, &json!({"title": " "})).is(422);
    let comment = bench.post(&format!("{issues}/1/comments"), &bench.alice, &json!({"body": "so"})).is(201);
    let path = format!("{issues}/comments/{}", comment["id"]);
    bench.send("PATCH", &path, &bench.alice, Some(&json!({"body": "so?"}))).is(200);
    bench.send("PATCH", &path, &bench.bob, Some(&json!({"body": "no"}))).is(403);
    bench.post(&format!("{issues}/1/labels"), &bench.alice, &json!({"labels": ["bug"]})).is(200);
    let closed = json!({"state": "closed", "state_reason": "not_planned"});
    assert_eq!(bench.send("PATCH", &format!("{issues}/1"), &bench.bob, Some(&closed)).is(200)["state"], "closed");
    assert_eq!(bench.get(&format!("{issues}?state=all&creator=bob"))[0]["title"], "One");
    assert_eq!(bench.get(issues), json!([]));
}

#[test]
fn pages_are_linked() {
    let bench = Bench::new();
    for n in 0..5 {
        bench.hub.open_issue("alice/registry", "bob", &format!("Issue {n}"), "");
    }
    let answer = bench.send("GET", "/repos/alice/registry/issues?per_page=2&page=2", &bench.alice, None);
    assert_eq!(answer.is(200)[0]["number"], 3);
    assert!(answer.header("link").contains("per_page=2&page=3>; rel=\"next\""), "{}", answer.header("link"));
}

#[test]
fn pull_requests() {
    let bench = Bench::new();
    bench.hub.fork("alice/registry", "bob", None);
    bench.branch("bob/registry", &bench.bob, "topic", "new.txt");
    let pulls = "/repos/alice/registry/pulls";
    let proposal = json!({"title": "T", "head": "bob:topic", "base": "main", "body": "b"});
    let made = bench.post(pulls, &bench.bob, &proposal).is(201);
    assert_eq!(made["head"]["label"], "bob:topic");
    assert_eq!(made["changed_files"], 1);
    let again = bench.post(pulls, &bench.bob, &proposal).is(422);
    assert_eq!(again["errors"][0]["message"], "A pull request already exists for bob:topic.");
    let none = bench.post(pulls, &bench.bob, &json!({"title": "T", "head": "bob:main", "base": "main"})).is(422);
    assert_eq!(none["errors"][0]["message"], "No commits between alice:main and bob:main");
    bench.post(pulls, &bench.bob, &json!({"title": "T", "head": "bob:no", "base": "main"})).is(422);
    assert_eq!(bench.get(&format!("{pulls}?head=bob:topic&base=main"))[0]["number"], 1);
    let reviews = format!("{pulls}/1/reviews");
    let own = bench.post(&reviews, &bench.bob, &json!({"event": "APPROVE"})).is(422);
    assert_eq!(own["errors"][0], "Review Can not approve your own pull request");
    bench.post(&reviews, &bench.bob, &json!({"event": "COMMENT", "body": "c"})).is(200);
    assert_eq!(bench.post(&reviews, &bench.alice, &json!({"event": "APPROVE"})).is(200)["state"], "APPROVED");
    bench.send("PUT", &format!("{pulls}/1/merge"), &bench.bob, Some(&json!({}))).is(403);
    bench.send("PUT", &format!("{pulls}/1/merge"), &bench.alice, Some(&json!({"merge_method": "squash"}))).is(200);
    assert_eq!(bench.get(&format!("{pulls}/1"))["merged"], true);
}

#[test]
fn contents() {
    let bench = Bench::new();
    let path = "/repos/alice/registry/contents/new/file.txt";
    let body = json!({"message": "m", "content": "aGVsbG8K"});
    let made = bench.send("PUT", path, &bench.alice, Some(&body)).is(201);
    bench.send("PUT", path, &bench.alice, Some(&body)).is(422);
    let body = json!({"message": "m", "content": "aGVsbG8h", "sha": made["content"]["sha"]});
    bench.send("PUT", path, &bench.alice, Some(&body)).is(200);
    assert_eq!(bench.get(path)["content"], "aGVsbG8h\n");
    let fork = bench.hub.fork("alice/registry", "bob", Some("mine"));
    bench.send("PUT", path, &bench.alice, Some(&json!({"message": "m", "content": "", "sha": "0".repeat(40)}))).is(409);
    bench.post(&format!("/repos/{fork}/merge-upstream"), &bench.bob, &json!({"branch": "main"})).is(200);
}

#[test]
fn what_is_not_described_is_a_violation() {
    let bench = Bench::new();
    let wrong = bench.post("/repos/alice/registry/issues", &bench.bob, &json!({"title": "x", "colour": "red"}));
    assert!(wrong.is(500)["message"].as_str().unwrap().starts_with("DOUBLE: "));
    bench.send("GET", "/repos/alice/registry/issues?status=open", &bench.bob, None).is(500);
    bench.send("GET", "/repos/alice/registry/pulls/one", &bench.bob, None).is(500);
    bench.send("GET", "/repos/alice/registry/nonsense", &bench.bob, None).is(500);
    bench.post("/repos/alice/registry/git/refs", &bench.bob, &json!({"ref": "x"})).is(500);
    bench.hub.open_issue("alice/registry", "bob", "x", "");
    assert_eq!(bench.hub.take_violations().len(), 5);
}
