//! Killed at any moment and run again: one proposal, one decision, a sound registry.

use std::time::{Duration, Instant};

use crate::env::TestEnv;

/// Runs a command and kills it after `after`. Gives whether it was still running.
fn kill_after(env: &TestEnv, args: &[&str], after: Duration) -> bool {
    let mut child =
        env.command(args).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    running
}

/// Runs it again until it ends well. A lock that the killed run left behind is removed as the error says.
fn run_again(env: &TestEnv, args: &[&str]) {
    let output = env.run(args);
    if output.code != Some(0) {
        assert!(output.stderr.contains(".lock"), "{output}");
        for entry in walk(&env.path("registry.git/refs")) {
            if entry.extension().is_some_and(|e| e == "lock") {
                std::fs::remove_file(entry).unwrap();
            }
        }
        env.run(args).ok().code.unwrap();
    }
}

fn walk(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(walk(&path)) } else { out.push(path) }
    }
    out
}

#[test]
fn killed_at_any_moment_and_run_again_it_is_done_once() {
    let apply =
        ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot", "--logo", "logo.png"];
    let approve = ["approve", "acme", "--as", "bob"];
    let begun = Instant::now();
    TestEnv::with_registry().run(&apply).ok().code.unwrap();
    let whole = begun.elapsed() / 2;
    let (rounds, mut killed) = (24, 0);
    for round in 0..rounds {
        let env = TestEnv::with_registry();
        let after = whole * round / rounds;
        killed += u32::from(kill_after(&env, &apply, after));
        run_again(&env, &apply);
        assert_eq!(env.events("acme"), ["applied"]);
        env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
        killed += u32::from(kill_after(&env, &approve, after));
        run_again(&env, &approve);
        assert_eq!(env.events("acme"), ["applied", "approved"]);
        assert_eq!(env.state("acme"), "active");
        assert_eq!(env.problems(), [""; 0]);
        let waiting = env.run(&["review", "--json"]).json();
        assert_eq!(waiting["waiting"].as_array().unwrap().len(), 0, "nothing is left open");
    }
    assert!(killed > 4, "too few runs were still running when they were killed: {killed}");
}

/// What a crash between the landing and the closing of its proposal leaves is recognized as closed.
#[test]
fn a_branch_left_behind_is_no_open_proposal() {
    let env = TestEnv::with_applicant();
    let head = env.path("head");
    std::fs::copy(env.path("registry.git/refs/heads/apply/acme"), &head).unwrap();
    env.run(&["reject", "acme", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    env.run(&["reject", "acme", "--reason", "x", "--as", "bob"]).ok().code.unwrap();
    std::fs::create_dir_all(env.path("registry.git/refs/heads/apply")).unwrap();
    std::fs::copy(&head, env.path("registry.git/refs/heads/apply/acme")).unwrap();
    assert_eq!(env.state("acme"), "rejected");
    assert_eq!(env.run(&["review"]).ok().stdout, "Nothing waits for review.\n");
    env.apply("Acme").ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "rejected", "applied"]);
    assert_eq!(env.problems(), [""; 0]);
}
