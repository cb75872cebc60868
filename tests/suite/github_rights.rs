//! What a workflow wasn't let do: told by what was seen, a right that is missing or a rule; and tried again without writing anything.

use github_double::{Area, TokenKind};
use serde_json::{Value, json};

use crate::github_auto::{announce, carried, tally};
use crate::github_issues::{Bench, FORM};
use crate::hub::{Hub, REGISTRY};

/// The workflow runs so many hours later.
fn after(hub: &Hub, hours: i64) -> crate::env::Output {
    hub.env.output(&mut hub.later(3_600 * hours, "workflow", &["announce"])).ok()
}

/// Each hour, with nothing happening in between, and so many reads; the writes that were tried in the last.
fn hours(hub: &Hub, most: usize) -> Vec<String> {
    let mut asked = Vec::new();
    for hour in 1..4 {
        hub.github.clear_traffic();
        let before = hub.github.dump();
        let output = after(hub, hour);
        assert!(!output.stderr.contains("Decided: "), "{output}");
        assert_eq!(hub.github.dump(), before, "hour {hour}");
        asked = hub.github.traffic().into_iter().filter(|r| r.creates).map(|r| r.operation).collect();
        let read = hub.requests().into_iter().filter(|r| !r.creates).count();
        assert!(read <= most, "{:?}", hub.operations());
    }
    asked
}

/// The hint about landing is for a rule alone: without the right, no pull request's branch could be pushed either.
#[test]
fn a_push_without_the_right_to_write_names_that_right() {
    for landing in ["", "landing = \"pull-request\"\n"] {
        let hub = carried(landing);
        hub.github.withhold_from_workflows(&[Area::Contents]);
        let (told, stderr) = announce(&hub);
        assert_eq!(told["standing"], "ready", "{told}");
        let said = tally(&hub);
        for words in
            ["the account or its token may not write there", "“contents: write”", "denied to github-actions[bot]"]
        {
            assert!(said.contains(words), "{words} isn't in {said}");
        }
        assert!(!said.contains("landing = ") && !said.contains("protected"), "{said}");
        assert!(stderr.contains("may not write there"), "{stderr}");
        assert_eq!(hours(&hub, 3), [""; 0], "{landing}");
        hub.github.withhold_from_workflows(&[]);
        let (told, _) = announce(&hub);
        assert_eq!(told["refused"], json!([]), "{told}");
        assert!(!tally(&hub).contains("was refused"), "{}", tally(&hub));
        hub.github.assert_clean();
    }
}

/// Nor is the branch pushed anew, the pull request made ready and a draft again, or anybody told twice.
#[test]
fn what_waits_to_be_let_in_is_tried_each_hour_and_nothing_is_written() {
    for (landing, tried) in [("", &["git:receive-pack:pack"][..]), ("landing = \"pull-request\"\n", &["graphql:Open"])]
    {
        let hub = carried(landing);
        hub.github.protect(REGISTRY, "main");
        hub.github.let_workflows_propose(false);
        announce(&hub);
        assert_eq!(hours(&hub, 3), tried, "{landing}");
        hub.github.let_workflows_propose(true);
        hub.github.unprotect(REGISTRY, "main");
        let (told, _) = announce(&hub);
        assert_eq!(told["refused"], json!([]), "{told}");
        if !landing.is_empty() {
            let branch =
                hub.threads().iter().find(|t| t["head"] == "karmada:decision/acme/0002").unwrap()["number"].clone();
            hub.github.merge_pull(REGISTRY, branch.as_u64().unwrap(), "carol", github_double::Method::Squash);
            announce(&hub);
        }
        assert!(tally(&hub).contains("### Decided: "), "{}", tally(&hub));
        hub.run("alice", &["audit"]).ok().code.unwrap();
        hub.github.assert_clean();
    }
}

/// A decision that waits to be merged is looked at, and that is all.
#[test]
fn what_waits_to_be_merged_takes_three_reads_and_no_write() {
    let hub = carried("landing = \"pull-request\"\n");
    hub.github.protect(REGISTRY, "main");
    announce(&hub);
    assert_eq!(hours(&hub, 3), [""; 0]);
    assert_eq!(hub.operations(), ["graphql:Waiting", "graphql:Posts", "graphql:Pending"]);
    // However much is said meanwhile, what was told isn't told again.
    for n in 0..101 {
        hub.github.comment(REGISTRY, 2, "mallory", &format!("me too {n}"));
    }
    announce(&hub);
    assert_eq!(hours(&hub, 4), [""; 0]);
    assert_eq!(hub.operations(), ["graphql:Waiting", "graphql:Posts", "graphql:Comments", "graphql:Pending"]);
    // A vote more is another decision.
    hub.github.review(REGISTRY, 2, "carol", "APPROVED", "");
    after(&hub, 5).code.unwrap();
    assert!(hub.body(3).contains("3 in favor"), "{}", hub.body(3));
    hub.github.assert_clean();
}

/// Whether its author takes it back is asked with all else.
#[test]
fn what_a_form_asked_for_is_read_no_oftener() {
    let bench =
        Bench::of(Hub::with_program("\n[github]\ndecide = \"auto\"\nlanding = \"pull-request\"\n").with_workflow());
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    assert_eq!(announce(&bench.hub).0["standing"], "waiting");
    bench.hub.github.clear_traffic();
    announce(&bench.hub);
    assert_eq!(bench.hub.operations(), ["graphql:Waiting", "graphql:Posts"]);
    bench.hub.click(number + 1);
    for (may, asks) in [
        (false, &["graphql:Waiting", "graphql:Posts", "issues/get", "graphql:Open"][..]),
        (true, &["graphql:Waiting", "graphql:Posts", "graphql:Pending"]),
    ] {
        bench.hub.github.let_workflows_propose(may);
        announce(&bench.hub);
        announce(&bench.hub);
        bench.hub.github.clear_traffic();
        announce(&bench.hub);
        assert_eq!(bench.hub.operations(), asks);
    }
    // What stands there is as good as if it was asked for alone.
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    let (told, _) = announce(&bench.hub);
    assert!(told["status"].as_str().unwrap().contains("takes it back"), "{told}");
    bench.hub.github.assert_clean();
}

/// The click is there as well, and so is the right cause.
#[test]
fn a_form_that_a_workflow_may_not_propose_names_the_cause() {
    for (setting, says, not) in [
        (true, "Allow GitHub Actions to create and approve pull requests", "pull-requests: write"),
        (false, "its job needs `pull-requests: write`", "Allow GitHub Actions"),
    ] {
        let bench = Bench::new();
        match setting {
            true => bench.hub.github.let_workflows_propose(false),
            false => bench.hub.github.withhold_from_workflows(&[Area::PullRequests]),
        }
        let number = bench.open("jane", FORM);
        assert_eq!(bench.outcome(number)["outcome"], "ready");
        let said = bench.comments(number)[0].clone();
        assert!(said.contains(says) && !said.contains(not) && said.contains("one click"), "{said}");
        let before = bench.hub.github.dump();
        assert_eq!(bench.outcome(number)["outcome"], "ready");
        assert_eq!(bench.hub.github.dump(), before);
        bench.hub.github.assert_clean();
    }
}

/// Without the right there is no branch, and nothing is half there.
#[test]
fn a_form_that_a_workflow_may_not_write_down_ends_with_the_right_that_is_missing() {
    let bench = Bench::new();
    bench.hub.github.withhold_from_workflows(&[Area::Contents]);
    let number = bench.open("jane", FORM);
    let before = bench.hub.github.dump();
    let refused = bench.take(number).fails(4);
    for words in
        ["Resource not accessible by integration", "under “permissions”, as karmada-partner init PATH --github-ci"]
    {
        assert!(refused.stderr.contains(words), "{refused}");
    }
    assert!(!refused.stderr.contains("fine-grained"), "{refused}");
    assert_eq!(bench.hub.github.dump(), before);
    bench.hub.github.withhold_from_workflows(&[]);
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    bench.hub.github.assert_clean();
}

/// What can't be said is told by the run, with what lets it; all else is done.
#[test]
fn rights_that_are_missing_elsewhere_hold_up_nothing_else() {
    for (area, refused) in [(Area::Statuses, "set the commit's status"), (Area::PullRequests, "ask for reviews")] {
        let hub = Hub::with_applicant().with_workflow();
        hub.github.withhold_from_workflows(&[area]);
        let output = hub.run("workflow", &["announce", "--json"]).ok();
        let told = output.json()["pull_requests"][0].clone();
        let all: Vec<&str> = told["refused"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(all.iter().any(|why| why.contains(refused)), "{told}");
        assert!(told["changed"].as_array().unwrap().contains(&json!("comment")), "{told}");
        assert!(output.stderr.contains(refused), "{output}");
        hub.github.assert_clean();
    }
    // On issues nothing can be said without theirs.
    let bench = Bench::new();
    bench.hub.github.withhold_from_workflows(&[Area::Issues]);
    let number = bench.open("jane", &FORM.replace("https://acme.example/karmada", "acme"));
    let told = bench.take(number).ok();
    assert!(told.stderr.contains("Resource not accessible by integration"), "{told}");
    assert_eq!(bench.comments(number), [""; 0]);
}

/// An App that isn't let write is told the same.
#[test]
fn a_rule_that_keeps_a_decisions_branch_from_being_made_is_named() {
    let mut hub = Hub::with_program("\n[github]\ndecide = \"auto\"\nlanding = \"pull-request\"\n");
    hub.use_token("github-actions", TokenKind::Actions { repository: REGISTRY.to_owned() });
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.click(2);
    hub.github.protect(REGISTRY, "decision/acme/0002");
    hub.run("github-actions", &["announce"]).ok().code.unwrap();
    let said = tally(&hub);
    for words in ["decision/acme/0002 is protected, and can't be pushed to", "begin with “decision/”"] {
        assert!(said.contains(words), "{words} isn't in {said}");
    }
    assert!(!said.contains("landing = "), "{said}");
}
