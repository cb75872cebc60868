//! Of one name, one log comes on record: what takes one application back must not end the others, by whichever button.

use crate::github_issues::{Bench, FORM, number_of};
use crate::hub::{Hub, REGISTRY};

#[track_caller]
fn says(hub: &Hub, words: &str) {
    let statuses = hub.statuses();
    assert!(statuses.iter().any(|(_, said)| said.contains(words)), "{statuses:?}");
}

#[test]
fn a_withdrawal_that_was_there_first_is_not_to_be_merged_beside_another_application() {
    let hub = Hub::with_applicant().with_workflow();
    hub.run("jane", &["withdraw", "acme"]).ok().code.unwrap();
    let check = ["check", "--pull-request", "2"];
    hub.run("alice", &check).ok().code.unwrap();
    hub.apply("mallory", "Acme").ok().code.unwrap();
    let refused = hub.run("alice", &check).fails(1);
    for said in ["ends-others", "another application is open, on", "close this instead"] {
        assert!(refused.stdout.contains(said), "{said}: {refused}");
    }
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    says(&hub, "it was taken back; close it, since to merge it would end");
    // Closed, it ends nothing.
    hub.github.close_pull(REGISTRY, 2, "jane");
    hub.approve();
    assert!(hub.run("mallory", &["status", "acme"]).ok().stdout.contains("has been a partner since"));
}

#[test]
fn a_form_that_is_closed_beside_another_application_ends_its_own_alone() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    let pull = number_of(&bench.outcome(number));
    let args = ["--slug", "acme-cloud", "--website", "https://other.example"];
    let apply = ["apply", "--name", "Acme Cloud", "--github", "mallory", "--logo", "logo.png"];
    bench.hub.run("mallory", &[&apply[..], &args].concat()).ok().code.unwrap();
    let before = bench.hub.git(REGISTRY, &["rev-parse", "apply/acme-cloud"]);
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    let told = bench.outcome(number);
    assert_eq!((&told["outcome"], &told["pull_request"]), (&"withdrawn".into(), &serde_json::Value::Null), "{told}");
    assert_eq!(bench.hub.thread(pull)["state"], "CLOSED");
    assert_eq!(bench.hub.git(REGISTRY, &["rev-parse", "apply/acme-cloud"]), before);
    let comment = &bench.comments(number)[0];
    assert!(comment.contains("takes its application back") && !comment.contains("on record when"), "{comment}");
    // Looked at again, it stays so; and the other one is decided.
    assert_eq!(bench.outcome(number)["outcome"], "closed");
    bench.hub.decide("acme-cloud");
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// What only has a proposal's name costs no request of its own, however often it is looked at.
#[test]
fn what_brings_facts_alone_is_looked_at_in_the_requests_that_are_made_anyway() {
    let hub = Hub::with_applicant().with_workflow();
    hub.push_to_fork("apply/umbrax", "data/partners/umbrax/partner.toml", "name = \"Umbrax\"\n");
    hub.github.open_pull(REGISTRY, "jane", "jane:apply/umbrax", "main", "x", "");
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    says(&hub, "no proposal: ");
    hub.github.clear_traffic();
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    assert!(hub.operations().len() <= 3, "{:?}", hub.operations());
}

/// The same for who is reminded, also beside a form, whose author may have closed it.
#[test]
fn what_is_no_proposal_costs_a_reminder_no_request() {
    let bench = Bench::new();
    bench.hub.github.fork(REGISTRY, "jane", None);
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    bench.hub.push_to_fork("apply/umbrax", "data/partners/umbrax/partner.toml", "name = \"Umbrax\"\n");
    bench.hub.github.open_pull(REGISTRY, "jane", "jane:apply/umbrax", "main", "x", "");
    for command in ["remind", "announce"] {
        bench.hub.run("github-actions", &["--yes", command]).ok().code.unwrap();
        bench.hub.github.clear_traffic();
        bench.hub.run("github-actions", &["--yes", command]).ok().code.unwrap();
        assert!(bench.hub.requests().len() <= 3, "{command}: {:?}", bench.hub.operations());
    }
}

/// What a stranger calls a decision is looked at once.
#[test]
fn what_a_stranger_calls_a_decision_costs_nothing_once_it_is_told() {
    let hub = Hub::with_applicant().with_workflow();
    hub.push_to_fork("decision/foo", "data/partners/foo/log/0001", "KP");
    hub.github.open_pull(REGISTRY, "jane", "jane:decision/foo", "main", "x", "");
    hub.run("workflow", &["announce", "--all"]).ok().code.unwrap();
    says(&hub, "it can't be merged: ");
    hub.github.clear_traffic();
    let before = hub.github.dump();
    hub.run("workflow", &["announce", "--all"]).ok().code.unwrap();
    assert!(hub.requests().len() <= 3, "{:?}", hub.operations());
    assert_eq!(hub.github.dump(), before);
}
