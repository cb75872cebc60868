//! A registry that is named by its path is written to as git would by a push: its keeper's hooks run, and what somebody has checked
//! out stays as it is. And what keeps another program from being run is told as what it is.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::env::{Output, TestEnv, by_shell};

const TALK: [&str; 10] = ["benefit", "add", "acme", "--kind", "exposure", "--what", "talk", "--as", "alice", "--yes"];

#[test]
fn the_hooks_of_a_registry_run_as_for_a_push() {
    let env = TestEnv::with_partner();
    let seen = env.path("seen");
    for name in ["pre-receive", "update", "reference-transaction", "post-receive", "post-update"] {
        env.script(&format!("registry.git/hooks/{name}"), &format!("echo {name} >> {}", seen.display()));
    }
    env.run(&TALK).ok().code.unwrap();
    let seen = env.read("seen");
    for name in ["pre-receive", "update", "reference-transaction", "post-receive", "post-update"] {
        assert!(seen.contains(name), "{name}: {seen}");
    }
    // What is closed takes its branch away, and what is new brings one.
    env.apply("Globex").ok().code.unwrap();
    for who in ["alice", "bob"] {
        env.run(&["reject", "globex", "--reason", "no", "--as", who, "--yes"]).ok().code.unwrap();
    }
    assert_eq!(env.git(&["for-each-ref", "--format=%(refname)"]), "refs/heads/closed/globex/1\nrefs/heads/main\n");
}

/// What a keeper refuses is refused in the keeper's words, wherever git looks for hooks, and nothing has moved.
#[test]
fn a_hook_of_a_registry_can_refuse_what_is_written() {
    for (path, setting) in [("registry.git/hooks/pre-receive", None), ("ours/update", Some("../ours"))] {
        let env = TestEnv::with_partner();
        env.script(path, "echo not on a Sunday >&2; exit 1");
        if let Some(setting) = setting {
            env.git(&["config", "core.hooksPath", setting]);
        }
        let before = env.git(&["for-each-ref"]);
        let refused = env.run(&TALK).fails(4);
        assert!(refused.stderr.contains("not on a Sunday") && refused.stderr.contains("refuses the push"), "{refused}");
        assert!(!refused.stderr.contains("it is a copy"), "{refused}");
        assert_eq!(env.git(&["for-each-ref"]), before);
        // One that may not be run git passes over.
        std::fs::set_permissions(env.path(path), std::fs::Permissions::from_mode(0o644)).unwrap();
        env.run(&TALK).ok().code.unwrap();
    }
}

/// What a keeper has set for those who push is so by path as by any other way, whether or not a hook stands there.
#[test]
fn what_is_set_for_pushes_holds_for_what_is_written_by_path() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    let reject = |who| env.run(&["reject", "globex", "--reason", "no", "--as", who, "--yes"]);
    reject("alice").ok().code.unwrap();
    let applies = || env.apply("Hooli");
    let talks = || env.run(&TALK);
    let rejects = || reject("bob");
    let refused_by: [(&str, &str, &dyn Fn() -> Output, &str); 4] = [
        ("receive.denyDeletes", "true", &rejects, "deletion prohibited"),
        ("receive.hideRefs", "refs/heads/apply", &applies, "hidden ref"),
        ("transfer.hideRefs", "refs/heads/main", &talks, "shows those who push something else"),
        ("receive.maxInputSize", "1", &talks, "refuses the push"),
    ];
    let before = env.git(&["for-each-ref"]);
    for (name, value, run, why) in refused_by {
        env.git(&["config", name, value]);
        let refused = run().fails(4);
        assert!(refused.stderr.contains(why) && !refused.stderr.contains("faster"), "{name}: {refused}");
        assert_eq!(env.git(&["for-each-ref"]), before, "{name}");
        env.git(&["config", "--unset", name]);
    }
    env.git(&["config", "receive.fsckObjects", "true"]);
    for run in [&talks as &dyn Fn() -> Output, &rejects, &applies] {
        run().ok().code.unwrap();
    }
}

/// As `git branch -d` and a push refuse it.
#[test]
fn what_is_checked_out_in_a_working_tree_elsewhere_isnt_changed() {
    let env = TestEnv::with_partner();
    env.apply("Globex").ok().code.unwrap();
    env.git(&["worktree", "add", "--quiet", "../looked-at", "apply/globex"]);
    let before = env.git(&["for-each-ref"]);
    let vote = [
        "review",
        "globex",
        "--authenticity",
        "met",
        "--url",
        "met",
        "--relevance",
        "met",
        "--vote",
        "approve",
        "--yes",
    ];
    let refused = env.run(&[&vote[..], &["--as", "alice"]].concat()).fails(4);
    assert!(
        refused.stderr.contains("apply/globex is checked out in") && refused.stderr.contains("looked-at"),
        "{refused}"
    );
    assert_eq!(env.git(&["for-each-ref"]), before);
    // Others are nobody's business there; and a working tree on no branch sees none move.
    env.run(&TALK).ok().code.unwrap();
    env.git_at("looked-at", &["switch", "--quiet", "--detach"]);
    for who in ["alice", "bob"] {
        env.run(&[&vote[..], &["--as", who]].concat()).ok().code.unwrap();
    }
    env.run(&["approve", "globex", "--as", "alice", "--yes"]).ok().code.unwrap();
    env.git(&["worktree", "add", "--quiet", "../main", "main"]);
    let refused =
        env.run(&["benefit", "add", "acme", "--kind", "exposure", "--what", "booth", "--as", "alice"]).fails(4);
    assert!(refused.stderr.contains("main is checked out in"), "{refused}");
}

/// "Install git" is no help to whom git can't be run by for another reason.
#[test]
fn what_keeps_git_from_being_run_is_told() {
    let env = TestEnv::new();
    let list = |command: &mut Command| {
        env.output(command.env("KARMADA_PARTNER_REGISTRY", "ssh://host.example/r.git")).fails(5)
    };
    std::fs::create_dir(env.path("bin")).unwrap();
    let told = list(env.command(&["list"]).env("PATH", env.path("bin")));
    assert!(told.stderr.contains("hint: install git"), "{told}");
    env.write("bin/git", "#!/bin/sh\n");
    let told = list(env.command(&["list"]).env("PATH", env.path("bin")));
    assert!(
        told.stderr.contains("may not be run: check its permissions") && !told.stderr.contains("install"),
        "{told}"
    );
    let program = env.command(&["list"]);
    let mut few = by_shell("ulimit -n 9; exec \"$@\"", &program);
    let told = list(&mut few);
    assert!(told.stderr.contains("Too many open files") && told.stderr.contains("ulimit -n"), "{told}");
    assert!(!told.stderr.contains("install"), "{told}");
}

/// A sign that parts an address in a password is written by its number; which it is nobody else gets to see.
#[test]
fn signs_in_a_proxys_password_are_told_by_how_they_are_written() {
    let env = TestEnv::new();
    for (address, registry) in [
        ("http://user:secr#t@127.0.0.1:9", "github:a/b"),
        ("http://user:secr/t@127.0.0.1:9", "github:a/b"),
        ("user:sec ret@127.0.0.1:9", "github:a/b"),
        ("http://dom\\user:secret@127.0.0.1:9", "github:a/b"),
        ("http://user:secr#t@127.0.0.1:9", "https://host.example/r.git"),
    ] {
        let mut command = env.command(&["list", "--registry", registry]);
        command.env_remove("http_proxy").env_remove("https_proxy").env("GH_TOKEN", "x").env("HTTPS_PROXY", address);
        let told = env.output(&mut command);
        assert!(told.code != Some(0) && told.stderr.contains("# as %23"), "{address}: {told}");
        assert!(!told.stderr.contains("secr") && !told.stderr.contains("ret@"), "{address}: {told}");
    }
}
