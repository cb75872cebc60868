//! Decisions that wait to be merged while what they decide on changes: nobody may be bound by what isn't so any more.

use github_double::Method;
use serde_json::Value;

use crate::env::some;
use crate::github_issues::{Bench, FORM};
use crate::hub::{Hub, REGISTRY};

/// With a form that two members granted by clicks, and the workflow's pull request that brings it: #3.
fn decided() -> Bench {
    let bench = Bench::with_program("\n[github]\ndecide = \"auto\"\nlanding = \"pull-request\"\n");
    bench.proposed("jane", FORM);
    bench.hub.click(2);
    announce(&bench);
    assert_eq!(bench.hub.threads()[2]["head"], "karmada:decision/acme-cloud/0002");
    bench
}

fn announce(bench: &Bench) -> Value {
    bench.hub.run("github-actions", &["--yes", "announce", "--json"]).ok().json()["pull_requests"].clone()
}

/// What is told of the decision.
fn decision(rows: &Value) -> String {
    let rows = rows.as_array().unwrap();
    rows.iter().find(|row| row["standing"] == "decision").unwrap()["status"].as_str().unwrap().to_owned()
}

#[test]
fn a_decision_that_what_came_since_overtook_is_closed_and_told() {
    let edits = |bench: &Bench| {
        bench.edit(1, "jane", &FORM.replace("We run Karmada.", "We sell cars."));
        assert_eq!(bench.outcome(1)["outcome"], "amended");
    };
    let objects = |bench: &Bench| {
        bench.hub.github.review(REGISTRY, 2, "alice", "CHANGES_REQUESTED", "I was wrong.");
    };
    let withdraws = |bench: &Bench| {
        bench.hub.github.close_issue(REGISTRY, 1, "jane");
        assert_eq!(bench.outcome(1)["outcome"], "withdrawn");
    };
    for (happens, why) in some(
        2,
        [
            (&edits as &dyn Fn(&Bench), "what it decides on was changed since"),
            (&objects, "the votes don't carry it any more"),
            (&withdraws, "what it decides on was taken back"),
        ],
    ) {
        let bench = decided();
        bench.hub.run("carol", &["check", "--pull-request", "3"]).ok().code.unwrap();
        happens(&bench);
        let refused = bench.hub.run("carol", &["check", "--pull-request", "3"]).fails(1);
        assert!(refused.stdout.contains(why), "{refused}");
        let told = announce(&bench);
        assert_eq!(decision(&told), format!("it can't be merged: {why}"), "{told}");
        assert_eq!(bench.hub.threads()[2]["state"], "CLOSED");
        let said = bench.comments(2);
        let (broken, waits) = ("A decision was to be merged, and isn't any more", "It takes effect when ");
        assert!(said.iter().any(|c| c.starts_with(broken)), "{said:?}");
        assert!(!said.iter().any(|c| c.contains(waits) || c.contains("Whoever may, merges")), "{said:?}");
        let before = bench.hub.github.dump();
        announce(&bench);
        assert_eq!(bench.hub.github.dump(), before);
        bench.hub.github.assert_clean();
    }
}

/// Voted on again, it is proposed anew.
#[test]
fn what_is_carried_again_is_proposed_anew() {
    let bench = decided();
    bench.hub.github.review(REGISTRY, 2, "alice", "CHANGES_REQUESTED", "I was wrong.");
    announce(&bench);
    bench.hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    announce(&bench);
    let last = bench.hub.threads().len();
    assert_eq!((last, &bench.hub.threads()[3]["state"]), (4, &"OPEN".into()));
    let said = bench.comments(2).concat();
    assert!(said.contains("/pull/4 is merged") && !said.contains("/pull/3"), "{said}");
    bench.hub.run("carol", &["check", "--pull-request", "4"]).ok().code.unwrap();
    bench.hub.github.merge_pull(REGISTRY, 4, "carol", Method::Squash);
    announce(&bench);
    assert_eq!(bench.outcome(1)["outcome"], "decided");
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// A member's own is left to that member, and is red.
#[test]
fn a_members_decision_that_was_overtaken_is_red_until_it_is_right_again() {
    let bench = Bench::of(Hub::with_applicant_by_pull_request());
    bench.hub.approve();
    assert_eq!(decision(&announce(&bench)), "it brings a decision, which takes effect when it is merged");
    let review = |vote: &str| {
        let judged = ["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", vote];
        bench.hub.run("alice", &judged).ok().code.unwrap();
    };
    review("reject");
    assert_eq!(decision(&announce(&bench)), "it can't be merged: the votes don't carry it any more");
    assert_eq!(bench.hub.threads()[2]["state"], "OPEN");
    let before = bench.hub.github.dump();
    announce(&bench);
    assert_eq!(bench.hub.github.dump(), before);
    bench.hub.github.assert_clean();
}
