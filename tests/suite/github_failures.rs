//! Every failure, everywhere: whatever breaks at whichever request, running the same command again leads to the very
//! state that an undisturbed run leads to, and nothing is there twice.

use std::process::Stdio;
use std::time::Duration;

use github_double::{Fault, Request};

use crate::hub::{Hub, REGISTRY};

/// The same moment for all, so that the same things are written.
const NOON: &str = "1790003600";

/// Something somebody does, and what comes before it.
struct Scenario {
    prepare: fn() -> Hub,
    who: &'static str,
    args: &'static [&'static str],
    /// Whether git talks to GitHub as well.
    git: bool,
    /// How many of its first requests matter here; the others are another test's.
    first: usize,
}

const APPLY: &[&str] =
    &["apply", "--name", "Acme", "--website", "https://acme.example/karmada", "--github", "jane", "--logo", "logo.png"];

fn voted_on() -> Hub {
    let hub = Hub::with_applicant();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    hub
}

fn voted_on_where_main_is_protected() -> Hub {
    let hub = Hub::with_program("\n[github]\nlanding = \"pull-request\"\n");
    hub.github.protect(REGISTRY, "main");
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.github.fork(REGISTRY, "bob", None);
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    hub
}

/// Each way to fail. The last two: the process is killed while it waits, before and after the request took effect.
fn faults(request: &Request) -> Vec<Fault> {
    let git = request.operation.starts_with("git:");
    match (git, request.creates) {
        // Git tells no more than that it failed.
        (true, true) => return vec![Fault::BreakBefore, Fault::BreakAfter, Fault::HoldAfter],
        (true, false) => return vec![Fault::BreakBefore],
        // Reading has no effect that could be half there.
        (false, false) => {
            return vec![
                Fault::BreakBefore,
                Fault::Html502Before,
                Fault::Secondary403Bare,
                Fault::Truncated,
                Fault::HoldBefore,
            ];
        }
        (false, true) => {}
    }
    vec![
        Fault::BreakBefore,
        Fault::BreakAfter,
        Fault::Html502Before,
        Fault::Html502After,
        Fault::Status500Before,
        Fault::Status500After { json: true },
        Fault::Secondary403 { retry_after: Some(0) },
        Fault::Secondary403Bare,
        Fault::Truncated,
        Fault::HoldBefore,
        Fault::HoldAfter,
    ]
}

/// The world as it is in the end, without what differs from hub to hub.
fn end(hub: &Hub) -> String {
    serde_json::to_string_pretty(&hub.github.dump_trees()).unwrap().replace(&hub.github.server_url(), "$HUB")
}

/// Runs it; where a fault holds a request, kills the process.
fn run(hub: &Hub, scenario: &Scenario, kills: bool) -> Option<i32> {
    let mut command = hub.command(scenario.who, scenario.args);
    command.env("SOURCE_DATE_EPOCH", NOON).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if !kills {
        let output = hub.env.output(&mut command);
        assert_ne!(output.code, Some(70), "{output}");
        assert_ne!(output.code, Some(101), "{output}");
        return output.code;
    }
    let mut child = command.spawn().unwrap();
    assert!(hub.github.wait_held(Duration::from_secs(20)), "the request never came");
    child.kill().unwrap();
    child.wait().unwrap();
    hub.github.release();
    None
}

/// The lines that differ, to be read by people.
pub fn difference(wanted: &str, found: &str) -> String {
    let missing = wanted.lines().filter(|l| !found.contains(l)).map(|l| format!("- {l}\n"));
    let extra = found.lines().filter(|l| !wanted.contains(l)).map(|l| format!("+ {l}\n"));
    missing.chain(extra).collect()
}

fn every_failure_everywhere(scenario: &Scenario) {
    let hub = (scenario.prepare)();
    hub.github.clear_traffic();
    assert_eq!(run(&hub, scenario, false), Some(0));
    let requests = hub.github.traffic().into_iter().filter(|r| scenario.git || !r.operation.starts_with("git:"));
    let wanted = end(&hub);
    let requests = (1..).zip(requests.take(scenario.first));
    let cases: Vec<_> =
        requests.flat_map(|(k, r)| faults(&r).into_iter().map(move |f| (k, r.operation.clone(), f))).collect();
    side_by_side(&cases, |(k, operation, fault)| fails_once(scenario, &wanted, *k, operation, fault));
}

/// Most of the time is waited, for a pause to end; so several wait side by side.
pub fn side_by_side<T: Sync>(cases: &[T], run: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..6 {
            threads.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    run(case);
                }
            });
        }
    });
}

/// One case: the failure, and the same command again.
fn fails_once(scenario: &Scenario, wanted: &str, k: u64, operation: &str, fault: &Fault) {
    let hub = (scenario.prepare)();
    hub.github.fault_counting_git(scenario.git);
    hub.github.fault(k, fault.clone());
    let first = run(&hub, scenario, matches!(fault, Fault::HoldBefore | Fault::HoldAfter));
    hub.github.clear_faults();
    let again = run(&hub, scenario, false);
    let told = format!("request {k} ({operation}), {fault:?}: the first run ended with {first:?}");
    assert_eq!(again, Some(0), "{told}");
    assert!(end(&hub) == wanted, "{}\n{told}", difference(wanted, &end(&hub)));
}

#[test]
fn of_apply() {
    every_failure_everywhere(&Scenario { prepare: Hub::with_fork, who: "jane", args: APPLY, git: false, first: 99 });
}

#[test]
fn of_apply_without_a_fork() {
    let prepare = || {
        let hub = Hub::new();
        hub.github.fork_delay(1);
        hub
    };
    every_failure_everywhere(&Scenario { prepare, who: "jane", args: APPLY, git: false, first: 5 });
}

#[test]
fn of_review() {
    let args = &["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
    every_failure_everywhere(&Scenario { prepare: Hub::with_applicant, who: "alice", args, git: true, first: 99 });
}

#[test]
fn of_approve_pushed() {
    let args = &["approve", "acme"];
    every_failure_everywhere(&Scenario { prepare: voted_on, who: "bob", args, git: true, first: 99 });
}

#[test]
fn of_approve_by_pull_request() {
    let args = &["approve", "acme"];
    every_failure_everywhere(&Scenario {
        prepare: voted_on_where_main_is_protected,
        who: "bob",
        args,
        git: true,
        first: 99,
    });
}
