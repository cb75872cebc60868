//! Every failure, everywhere: whatever breaks at whichever request, running the same command again leads to the very
//! state that an undisturbed run leads to, and nothing is there twice.

use std::process::Stdio;
use std::sync::OnceLock;

use github_double::{Fault, Request};

use crate::env::PATIENCE;
use crate::hub::{Hub, MadeHub, REGISTRY, difference, side_by_side};

/// The same moment for all, so that the same things are written.
const NOON: &str = "1790003600";

/// Something somebody does, and what comes before it.
struct Scenario {
    prepare: fn() -> Hub,
    who: &'static str,
    args: &'static [&'static str],
    /// Whether git talks to GitHub as well.
    git: bool,
    /// Whether every kind of fault meets each sort of its requests, and not just one of each outcome.
    thorough: bool,
    /// How many of its first requests matter here; the others are another test's.
    first: usize,
    /// When, in seconds since 1970.
    at: &'static str,
}

/// What most have in common.
const USUAL: Scenario =
    Scenario { prepare: Hub::new, who: "", args: &[], git: false, thorough: false, first: 99, at: NOON };

const APPLY: &[&str] =
    &["apply", "--name", "Acme", "--website", "https://acme.example/karmada", "--github", "jane", "--logo", "logo.png"];

fn voted_on() -> Hub {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    Hub::once(&MADE, || {
        let hub = Hub::with_applicant();
        hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
        hub
    })
}

fn voted_on_where_main_is_protected() -> Hub {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    Hub::once(&MADE, || {
        let hub = Hub::landing_by_pull_request();
        hub.github.protect(REGISTRY, "main");
        hub.apply("jane", "Acme").ok().code.unwrap();
        hub.github.fork(REGISTRY, "bob", None);
        hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
        hub
    })
}

/// Each way to fail. The last two: the process is killed while it waits, before and after the request took effect.
fn every_fault(request: &Request) -> Vec<Fault> {
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

/// One fault of each outcome: it didn't happen, it happened and nobody was told, and the process is killed after it. To a
/// command all others look like one of these once the client has read them; and who is killed before a request leaves what
/// who is killed after the one before it leaves.
fn few_faults(request: &Request) -> Vec<Fault> {
    match (request.operation.starts_with("git:"), request.creates) {
        (_, false) => vec![Fault::BreakBefore],
        (true, true) => vec![Fault::BreakAfter, Fault::HoldAfter],
        (false, true) => vec![Fault::Html502Before, Fault::BreakAfter, Fault::HoldAfter],
    }
}

/// What becomes of which request. Every kind of fault meets the client once at each sort of request, such as a mutation.
fn faults(requests: &[Request], thorough: bool) -> Vec<(u64, String, Fault)> {
    let mut met = std::collections::BTreeSet::new();
    let mut cases = Vec::new();
    for (k, request) in (1..).zip(requests) {
        let of = ["git:", "graphql:"].map(|sort| request.operation.starts_with(sort));
        let every = met.insert((of, request.creates)) && (thorough || crate::env::much(false, true));
        let faults = if every { every_fault(request) } else { few_faults(request) };
        cases.extend(faults.into_iter().map(|fault| (k, request.operation.clone(), fault)));
    }
    cases
}

/// The world as it is in the end, without what differs from hub to hub.
fn end(hub: &Hub) -> String {
    serde_json::to_string_pretty(&hub.github.dump_trees()).unwrap().replace(&hub.github.server_url(), "$HUB")
}

/// Runs it; where a fault holds a request, kills the process.
fn run(hub: &Hub, scenario: &Scenario, kills: bool) -> Option<i32> {
    let mut command = hub.command(scenario.who, scenario.args);
    crate::env::agree(&mut command);
    command.env("SOURCE_DATE_EPOCH", scenario.at).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if !kills {
        let output = hub.env.output(&mut command);
        assert_ne!(output.code, Some(70), "{output}");
        assert_ne!(output.code, Some(101), "{output}");
        return output.code;
    }
    let mut child = command.spawn().unwrap();
    assert!(hub.github.wait_held(PATIENCE), "the request never came");
    child.kill().unwrap();
    child.wait().unwrap();
    hub.github.release();
    None
}

#[track_caller]
fn every_failure_everywhere(scenario: &Scenario) {
    let hub = (scenario.prepare)();
    hub.github.clear_traffic();
    assert_eq!(run(&hub, scenario, false), Some(0));
    let requests = hub.github.traffic().into_iter().filter(|r| scenario.git || !r.operation.starts_with("git:"));
    let wanted = end(&hub);
    let cases = faults(&requests.take(scenario.first).collect::<Vec<_>>(), scenario.thorough);
    let cases: Vec<_> = crate::env::some(10, cases).collect();
    side_by_side(&cases, |(k, operation, fault)| fails_once(scenario, &wanted, *k, operation, fault));
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
    every_failure_everywhere(&Scenario { prepare: Hub::with_fork, who: "jane", args: APPLY, thorough: true, ..USUAL });
}

#[test]
fn of_apply_without_a_fork() {
    let prepare = || {
        let hub = Hub::new();
        hub.github.fork_delay(1);
        hub
    };
    every_failure_everywhere(&Scenario { prepare, who: "jane", args: APPLY, first: 5, ..USUAL });
}

#[test]
fn of_review() {
    let args = &["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
    every_failure_everywhere(&Scenario { prepare: Hub::with_applicant, who: "alice", args, git: true, ..USUAL });
}

#[test]
fn of_approve_pushed() {
    let args = &["approve", "acme"];
    every_failure_everywhere(&Scenario { prepare: voted_on, who: "bob", args, git: true, thorough: true, ..USUAL });
}

#[test]
fn of_approve_by_pull_request() {
    let args = &["approve", "acme"];
    every_failure_everywhere(&Scenario {
        prepare: voted_on_where_main_is_protected,
        who: "bob",
        args,
        git: true,
        ..USUAL
    });
}

/// With a workflow that may act, by a program that says more.
fn with_workflow(more: &str) -> Hub {
    let mut hub = Hub::with_program(more);
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.add_token("workflow", hub.github.actions_token(REGISTRY));
    hub
}

#[test]
fn of_announce() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || {
        Hub::once(&MADE, || {
            // What was seen of the one is there already: what can't be looked up is gathered again, by an edit.
            let hub = with_workflow("");
            hub.run("workflow", &["announce"]).ok().code.unwrap();
            hub.github.set_draft(REGISTRY, 2, false);
            hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
            hub.github.fork(REGISTRY, "alice", None);
            hub.run("alice", &["program", "propose", "--retire", "carol"]).ok().code.unwrap();
            hub
        })
    };
    let args = &["announce"];
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, thorough: true, ..USUAL });
}

#[test]
fn of_announce_that_decides() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || {
        Hub::once(&MADE, || {
            let hub = with_workflow("\n[github]\ndecide = \"auto\"\n");
            hub.run("workflow", &["announce"]).ok().code.unwrap();
            hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
            hub.github.review(REGISTRY, 2, "bob", "APPROVED", "");
            hub
        })
    };
    let args = &["announce"];
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, git: true, ..USUAL });
}

/// With two clicks on what nobody has looked at yet, where a workflow decides.
fn clicked(click: &'static str) -> Hub {
    let hub = with_workflow("\n[github]\ndecide = \"auto\"\n");
    for member in ["alice", "bob"] {
        hub.github.review(REGISTRY, 2, member, click, "Seen.");
    }
    hub
}

#[test]
fn of_announce_that_decides_at_once() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || Hub::once(&MADE, || clicked("APPROVED"));
    let args = &["announce"];
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, git: true, ..USUAL });
}

#[test]
fn of_announce_that_turns_down() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || Hub::once(&MADE, || clicked("CHANGES_REQUESTED"));
    let args = &["announce"];
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, git: true, ..USUAL });
}

/// With what the votes carry, where nobody may push it; and whether workflows may open pull requests.
fn not_let_in(landing: &str, proposes: bool) -> Hub {
    let hub = with_workflow(&format!("\n[github]\ndecide = \"auto\"\nlanding = \"{landing}\"\n"));
    hub.github.protect(REGISTRY, "main");
    hub.github.let_workflows_propose(proposes);
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    for member in ["alice", "bob"] {
        hub.github.review(REGISTRY, 2, member, "APPROVED", "");
    }
    hub
}

#[test]
fn of_announce_that_is_refused() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || Hub::once(&MADE, || not_let_in("push", false));
    let args = &["announce"];
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, git: true, ..USUAL });
}

#[test]
fn of_announce_that_leaves_a_click() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || Hub::once(&MADE, || not_let_in("pull-request", false));
    let args = &["announce"];
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, git: true, ..USUAL });
}

#[test]
fn of_announce_whose_decision_waits_to_be_merged() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || Hub::once(&MADE, || not_let_in("pull-request", true));
    let args = &["announce"];
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, git: true, ..USUAL });
}

#[test]
fn of_remind() {
    static MADE: OnceLock<MadeHub> = OnceLock::new();
    let prepare = || {
        Hub::once(&MADE, || {
            let hub = with_workflow("\n[renewal]\nmonths = 1\n");
            hub.approve();
            hub.apply("jane", "Initrode").ok().code.unwrap();
            hub
        })
    };
    // Forty days later.
    let (args, at) = (&["remind"], "1793456000");
    every_failure_everywhere(&Scenario { prepare, who: "workflow", args, thorough: true, at, ..USUAL });
}

/// With jane's issue, by which an organization applies.
fn asked_for(description: &str) -> Hub {
    let mut hub = Hub::new();
    hub.use_token("github-actions", github_double::TokenKind::Actions { repository: REGISTRY.to_owned() });
    hub.github.open_issue(REGISTRY, "jane", "REQUEST", &form(description));
    hub
}

fn form(description: &str) -> String {
    format!(
        "### Org or company name\n\nAcme\n\n### Org or company description\n\n{description}\n\n### Org or company Website\n\n\
         https://acme.example/karmada\n\n### Org or company logo\n\n_No response_\n\n### Contact me\n\n_No response_"
    )
}

const IMPORT: &[&str] = &["import", "issue", "--number", "1", "--logo", "logo.png"];

#[test]
fn of_import_issue() {
    let prepare = || asked_for("We run it.");
    let who = "github-actions";
    every_failure_everywhere(&Scenario { prepare, who, args: IMPORT, thorough: true, ..USUAL });
}

#[test]
fn of_import_issue_after_an_edit() {
    let prepare = || {
        let hub = proposed_by_issue();
        hub.github.edit(REGISTRY, 1, "jane", None, Some(&form("We run it well.")));
        hub
    };
    let who = "github-actions";
    every_failure_everywhere(&Scenario { prepare, who, args: IMPORT, ..USUAL });
}

#[test]
fn of_import_issue_that_is_wrong() {
    let prepare = || asked_for("[](https://acme.example)");
    let who = "github-actions";
    let args = &["import", "issue", "--number", "1"];
    every_failure_everywhere(&Scenario { prepare, who, args, ..USUAL });
}

/// By a member, who writes the one comment; and changes it once the form is mended.
#[test]
fn of_import_issue_by_a_member() {
    const WITHOUT_LOGO: &[&str] = &["import", "issue", "--number", "1"];
    let prepare = || asked_for("[](https://acme.example)");
    let who = "alice";
    every_failure_everywhere(&Scenario { prepare, who, args: WITHOUT_LOGO, ..USUAL });
    let prepare = || {
        let hub = asked_for("We run it.");
        hub.github.fork(REGISTRY, "alice", None);
        let mut first = hub.command("alice", WITHOUT_LOGO);
        hub.env.output(first.env("SOURCE_DATE_EPOCH", "1790003000")).ok().code.unwrap();
        hub
    };
    every_failure_everywhere(&Scenario { prepare, who, args: IMPORT, ..USUAL });
}

/// A hub where jane's issue is proposed.
fn proposed_by_issue() -> Hub {
    let hub = asked_for("We run it.");
    let mut first = hub.command("github-actions", IMPORT);
    hub.env.output(first.env("SOURCE_DATE_EPOCH", "1790003000")).ok().code.unwrap();
    hub
}

#[test]
fn of_import_issue_that_its_author_closes() {
    let prepare = || {
        let hub = proposed_by_issue();
        hub.github.close_issue(REGISTRY, 1, "jane");
        hub
    };
    let who = "github-actions";
    every_failure_everywhere(&Scenario { prepare, who, args: IMPORT, ..USUAL });
}

#[test]
fn of_import_issue_that_was_merged_undecided() {
    let prepare = || {
        let hub = proposed_by_issue();
        hub.github.merge_pull(REGISTRY, 2, "carol", github_double::Method::Squash);
        hub
    };
    let who = "github-actions";
    every_failure_everywhere(&Scenario { prepare, who, args: IMPORT, ..USUAL });
    let prepare = || {
        let hub = proposed_by_issue();
        hub.github.merge_pull(REGISTRY, 2, "carol", github_double::Method::Squash);
        hub.github.reopen(REGISTRY, 1, "jane");
        hub.github.close_issue(REGISTRY, 1, "jane");
        hub
    };
    every_failure_everywhere(&Scenario { prepare, who, args: IMPORT, ..USUAL });
}
