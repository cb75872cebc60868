//! Git over HTTP.

use github_double::Permission;
use serde_json::json;

use crate::common::Bench;

#[test]
fn clone_and_push() {
    let bench = Bench::new();
    bench.git(".", &["clone", "--quiet", &bench.remote("", "alice/registry"), "clone"]);
    bench.commit("clone", "more.txt", &"more\n".repeat(2000), "third");
    assert!(bench.git_fails("clone", &["push", "origin", "main"]).contains("could not read Username"));
    let remote = bench.remote(&bench.bob, "alice/registry");
    let denied = bench.git_fails("clone", &["push", &remote, "main"]);
    assert!(denied.contains("403") || denied.contains("denied"), "{denied}");
    bench.hub.grant("alice/registry", "bob", Permission::Write);
    bench.git("clone", &["push", "--quiet", &remote, "main"]);
    let head = bench.git("clone", &["rev-parse", "HEAD"]);
    assert_eq!(bench.get("/repos/alice/registry/git/ref/heads/main")["object"]["sha"], head);
    let operations: Vec<String> = bench.hub.traffic().into_iter().map(|request| request.operation).collect();
    assert!(operations.contains(&"git:upload-pack:pack".to_owned()), "{operations:?}");
    assert!(operations.contains(&"git:receive-pack:pack".to_owned()), "{operations:?}");
}

#[test]
fn a_big_push_comes_in_chunks() {
    let bench = Bench::new();
    bench.git(".", &["clone", "--quiet", &bench.remote(&bench.alice, "alice/registry"), "clone"]);
    let mut noise = String::new();
    let mut seed = 1_u64;
    while noise.len() < 3_000_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        noise.push_str(&format!("{seed:x}"));
    }
    bench.commit("clone", "noise", &noise, "noise");
    bench.git("clone", &["push", "--quiet", "origin", "HEAD:refs/heads/big"]);
    assert_eq!(bench.get("/repos/alice/registry/branches/big")["name"], "big");
}

#[test]
fn refused_pushes() {
    let bench = Bench::new();
    bench.git(".", &["clone", "--quiet", &bench.remote(&bench.alice, "alice/registry"), "clone"]);
    bench.commit("clone", "x", "x", "x");
    bench.hub.protect("alice/registry", "main");
    let refused = bench.git_fails("clone", &["push", "origin", "main"]);
    assert!(refused.contains("GH006: Protected branch update failed for refs/heads/main."), "{refused}");
    bench.git("clone", &["push", "--quiet", "origin", "main:refs/heads/x"]);
    bench.hub.archive("alice/registry", true);
    bench.git_fails("clone", &["push", "origin", "main:refs/heads/y"]);
    bench.git_fails(".", &["clone", &bench.remote("", "alice/nothing")]);
}

#[test]
fn a_renamed_repository_can_be_cloned() {
    let bench = Bench::new();
    bench.hub.rename("alice/registry", "acme/partners");
    bench.git(".", &["clone", "--quiet", &bench.remote("", "alice/registry"), "clone"]);
}

#[test]
fn a_pull_request_follows_its_branch() {
    let bench = Bench::new();
    bench.hub.fork("alice/registry", "bob", None);
    bench.git(".", &["clone", "--quiet", &bench.remote(&bench.bob, "bob/registry"), "clone"]);
    bench.commit("clone", "x", "x", "x");
    bench.git("clone", &["push", "--quiet", "origin", "main:refs/heads/topic"]);
    let issue = bench.hub.open_issue("alice/registry", "bob", "Please", "");
    let number = bench.hub.open_pull("alice/registry", "bob", "bob:topic", "main", "T", &format!("Closes: #{issue}"));
    bench.commit("clone", "y", "y", "y");
    bench.git("clone", &["push", "--quiet", "origin", "main:refs/heads/topic"]);
    let head = bench.git("clone", &["rev-parse", "HEAD"]);
    let path = format!("/repos/alice/registry/pulls/{number}");
    assert_eq!(bench.get(&path)["head"]["sha"], head);
    let kept = bench.git("clone", &["ls-remote", &bench.remote("", "alice/registry"), "refs/pull/2/head"]);
    assert!(kept.starts_with(&head), "{kept}");
    // Somebody pushes the very commits to the base.
    bench.git("clone", &["push", "--quiet", &bench.remote(&bench.alice, "alice/registry"), "main"]);
    let merged = bench.get(&path);
    assert_eq!((&merged["merged"], &merged["state"]), (&json!(true), &json!("closed")));
    assert_eq!(bench.get("/repos/alice/registry/issues/1")["state"], "closed");
}
