//! Killed at any moment and run again: one proposal, one decision, a sound registry.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use github_double::Files;

use crate::env::{Output, TestEnv, until};
use crate::hub::{Hub, REGISTRY};

fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Gives whether it was still running.
fn kill(mut child: Child) -> bool {
    let _ = child.kill();
    child.wait().unwrap().code().is_none()
}

/// Runs a command, and kills it when it has written so many files. Gives whether it was still running.
fn kill_at(env: &TestEnv, args: &[&str], files: usize) -> bool {
    let registry = env.path("registry.git");
    let before = walk(&registry).len();
    let mut child = spawn(env.agreed(args));
    while walk(&registry).len() < before + files && child.try_wait().unwrap().is_none() {}
    kill(child)
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

/// All files below a directory; what goes away meanwhile isn't missed.
fn walk(directory: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() { out.extend(walk(&path)) } else { out.push(path) }
    }
    out
}

#[test]
fn killed_at_any_moment_and_run_again_it_is_done_once() {
    let apply =
        ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "acme-bot", "--logo", "logo.png"];
    let approve = ["approve", "acme", "--as", "bob"];
    // As many files as an application writes, and more; on a machine where all of them come at once, again.
    let (mut round, mut midway) = (0, 0);
    while round < crate::env::much(5, 24) || midway == 0 && round < 240 {
        let env = TestEnv::with_registry();
        let files = if crate::env::much(true, false) { round * 3 % 15 } else { round % 24 };
        midway += u32::from(kill_at(&env, &apply, files) && files > 0);
        run_again(&env, &apply);
        assert_eq!(env.events("acme"), ["applied"]);
        // libgit2 links a lock to its branch before it takes the lock away: killed in between, both are there, and the command has
        // nothing left to do. Who writes next is told.
        run_again(&env, &["approve", "acme", "--as", "alice"]);
        midway += u32::from(kill_at(&env, &approve, files) && files > 0);
        run_again(&env, &approve);
        assert_eq!(env.events("acme"), ["applied", "approved"]);
        assert_eq!(env.state("acme"), "active");
        assert_eq!(env.problems(), [""; 0]);
        let waiting = env.run(&["review", "--json"]).json();
        assert_eq!(waiting["waiting"].as_array().unwrap().len(), 0, "nothing is left open");
        round += 1;
    }
    assert!(midway > 0, "it was never killed midway");
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
    assert_eq!(env.run(&["review"]).ok().stdout, "Nothing waits for a decision.\n");
    env.apply("Acme").ok().code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "rejected", "applied"]);
    assert_eq!(env.problems(), [""; 0]);
}

/// On GitHub rows go one by one, with a journal: killed at any of them, `--continue` finishes with nothing twice.
#[test]
fn on_github_a_batch_that_was_killed_is_gone_on_with() {
    let hub = Hub::with_partner();
    let count = crate::env::much(3, 6);
    let row = |n| {
        format!("{{\"do\": \"benefit add\", \"partner\": \"acme\", \"kind\": \"exposure\", \"what\": \"talk {n}\"}}\n")
    };
    hub.env.write("batch.jsonl", (1..=count).map(row).collect::<String>());
    let events = || hub.git(REGISTRY, &["ls-tree", "--name-only", "main", "data/partners/acme/log/"]).lines().count();
    let before = events();
    // From before the first row to after the last, when only the journal is left to be done with.
    for kill_at in 0..=count {
        let mut child = spawn(hub.command("alice", &["batch", "batch.jsonl", "--yes", "--continue"]));
        // Killed as soon as a row more is on the registry, wherever the run is by then.
        until("a row more", || events() >= before + kill_at || child.try_wait().unwrap().is_some());
        kill(child);
    }
    hub.run("alice", &["batch", "batch.jsonl", "--yes", "--continue"]).ok().code.unwrap();
    assert_eq!(events(), before + count, "nothing twice, nothing lost");
    let listed = hub.run("alice", &["benefit", "list", "--json"]).json();
    let mut said: Vec<_> =
        listed["benefits"].as_array().unwrap().iter().map(|b| b["what"].as_str().unwrap().to_owned()).collect();
    said.sort();
    assert_eq!(said, (1..=count).map(|n| format!("talk {n}")).collect::<Vec<_>>());
    hub.run("alice", &["audit"]).ok().code.unwrap();
}

/// Killed while branches move, at whatever moment: what was proposed is there, and what is on the default branch is whole.
#[test]
fn killed_while_it_lands_nothing_is_lost() {
    let env = TestEnv::with_registry();
    let count = crate::env::much(12, 40);
    let slugs: Vec<String> = (0..count).map(|n| format!("org-{n}")).collect();
    let batch = |rows: String| -> Output {
        env.write("rows.jsonl", rows);
        env.run(&["batch", "rows.jsonl", "--yes"])
    };
    let apply = |slug: &String| {
        format!(
            "{{\"do\": \"apply\", \"slug\": \"{slug}\", \"name\": \"Org {slug}\", \"website\": \"https://{slug}.example\", \"github\": \"{slug}\", \"logo\": \"logo.png\"}}\n"
        )
    };
    batch(slugs.iter().map(apply).collect()).ok().code.unwrap();
    let waiting = Files::of(&env.path("registry.git"));
    let approve = |slug: &String| {
        let row = |who: &str| format!("{{\"do\": \"approve\", \"partner\": \"{slug}\", \"as\": \"{who}\"}}\n");
        row("alice") + &row("bob")
    };
    env.write("rows.jsonl", slugs.iter().map(approve).collect::<String>());
    let locks = |registry: &Path| -> Vec<PathBuf> {
        let below = ["refs/heads/apply", "refs/heads/exit", "refs/heads/closed", "refs/heads", "."];
        let found = below.iter().flat_map(|d| std::fs::read_dir(registry.join(d)).into_iter().flatten());
        found.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "lock")).collect()
    };
    let (mut attempt, mut midway) = (0, 0);
    // Again, where the machine did something else just then.
    while attempt < crate::env::much(1, 4) || midway == 0 && attempt < 40 {
        let copy = format!("copy-{attempt}.git");
        let registry = env.path(&copy);
        std::fs::create_dir(&registry).unwrap();
        waiting.write(&registry);
        let mut child = spawn(env.command(&["--registry", &copy, "batch", "rows.jsonl", "--yes"]));
        while locks(&registry).is_empty() && child.try_wait().unwrap().is_none() {}
        std::thread::sleep(std::time::Duration::from_millis(attempt % 4 * 3));
        kill(child);
        let left = locks(&registry);
        midway += usize::from(!left.is_empty());
        for lock in left {
            std::fs::remove_file(lock).unwrap();
        }
        let at = ["--registry", copy.as_str()];
        let list = env.run(&[&at[..], &["list", "--json"]].concat()).ok().json();
        let active = list["partners"].as_array().unwrap().iter().filter(|p| p["state"] == "active").count();
        assert!(active == 0 || active == count, "{active} of {count} are partners");
        // Gone on with, all of them are.
        env.run(&[&at[..], &["batch", "rows.jsonl", "--yes"]].concat()).ok().code.unwrap();
        let list = env.run(&[&at[..], &["list", "--json"]].concat()).ok().json();
        assert_eq!(list["partners"].as_array().unwrap().len(), count);
        env.run(&[&at[..], &["audit"]].concat()).ok().code.unwrap();
        attempt += 1;
    }
    assert!(midway > 0, "it was never killed midway");
}
