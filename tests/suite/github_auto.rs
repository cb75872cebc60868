//! What a workflow decides by itself, and isn't let write down: told on the pull request, with who refused it and what lets it in.

use github_double::Method;
use serde_json::{Value, json};

use crate::github_issues::{Bench, FORM};
use crate::hub::{Hub, REGISTRY};

/// With an application that the votes carry, and a workflow that is to decide it.
pub fn carried(more: &str) -> Hub {
    let hub = Hub::with_program(&format!("\n[github]\ndecide = \"auto\"\n{more}")).with_workflow();
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.click(2);
    hub
}

pub fn announce(hub: &Hub) -> (Value, String) {
    let output = hub.run("workflow", &["announce", "--json"]).ok();
    (output.json()["pull_requests"][0].clone(), output.stderr)
}

pub fn tally(hub: &Hub) -> String {
    let threads = hub.threads();
    let comments = threads.iter().find(|t| t["number"] == 2).unwrap()["comments"].as_array().unwrap().clone();
    let mut tallies = comments.iter().map(|c| c["body"].as_str().unwrap()).filter(|b| b.contains("the tally"));
    let one = tallies.next().unwrap().replace(&hub.github.server_url(), "$HUB");
    assert!(tallies.next().is_none());
    one
}

#[test]
fn a_push_that_is_refused_is_told_with_what_lets_the_workflow_in() {
    let hub = carried("");
    hub.github.protect(REGISTRY, "main");
    let (told, stderr) = announce(&hub);
    assert_eq!((&told["standing"], &told["refused"].as_array().unwrap().len()), (&json!("ready"), &1), "{told}");
    assert!(told["refused"][0].as_str().unwrap().contains("GH006: Protected branch update failed"), "{told}");
    assert!(told["status"].as_str().unwrap().contains("a workflow was refused"), "{told}");
    assert!(stderr.contains("#2: the default branch is protected"), "{stderr}");
    let said = tally(&hub);
    for words in [
        "A workflow tried to write it down, and was refused: `the default branch is protected, and can't be pushed to`",
        "  - `error: GH006: Protected branch update failed for refs/heads/main.`",
        "  - `set landing = \"pull-request\" under [github] in data/program.toml; or ask for the right to push`",
        "A member who may can decide it by hand: `karmada-partner approve acme`",
    ] {
        assert!(said.contains(words), "{words} isn't in {said}");
    }
    assert!(!said.contains("- Nothing:"), "{said}");
    // However often it is tried, the same is said once.
    let before = hub.github.dump();
    announce(&hub);
    assert_eq!(hub.github.dump(), before);
    // Let in, it decides.
    hub.github.unprotect(REGISTRY, "main");
    let (told, _) = announce(&hub);
    assert_eq!((&told["standing"], &told["refused"]), (&json!("decided"), &json!([])), "{told}");
    assert!(!tally(&hub).contains("was refused"), "{}", tally(&hub));
    hub.run("alice", &["audit"]).ok().code.unwrap();
    hub.github.assert_clean();
}

/// By default no workflow may open pull requests: the branch is there, and so is the click.
#[test]
fn a_decision_that_a_workflow_may_not_propose_is_one_click_away() {
    let hub = carried("landing = \"pull-request\"\n");
    hub.github.protect(REGISTRY, "main");
    hub.github.let_workflows_propose(false);
    let (told, _) = announce(&hub);
    assert_eq!(told["standing"], "ready", "{told}");
    let said = tally(&hub);
    for words in [
        "was refused: ",
        "[Open the pull request that brings the decision](",
        "decision/acme/0002",
        "Allow GitHub Actions to create",
    ] {
        assert!(said.contains(words), "{words} isn't in {said}");
    }
    let before = said;
    announce(&hub);
    assert_eq!(tally(&hub), before);
    hub.github.assert_clean();
}

/// What is written down and waits for a merge is no more a workflow's to do.
#[test]
fn a_decision_that_waits_to_be_merged_is_told_in_the_tally() {
    let hub = carried("landing = \"pull-request\"\n");
    hub.github.protect(REGISTRY, "main");
    announce(&hub);
    let number =
        hub.threads().iter().find(|t| t["head"] == "karmada:decision/acme/0002").unwrap()["number"].as_u64().unwrap();
    let said = tally(&hub);
    assert!(
        said.contains(&format!("Whoever may, merges <https://github.example/karmada/partners/pull/{number}>")),
        "{said}"
    );
    let before = hub.github.dump();
    let (told, _) = announce(&hub);
    assert!(told["status"].as_str().unwrap().contains("the decision waits to be merged"), "{told}");
    assert_eq!(hub.github.dump(), before);
    hub.github.unprotect(REGISTRY, "main");
    hub.github.merge_pull(REGISTRY, number, "carol", Method::Squash);
    announce(&hub);
    assert!(tally(&hub).contains("### Decided: "), "{}", tally(&hub));
    hub.github.assert_clean();
}

/// Which of several is meant, people say: nothing is promised that no workflow does.
#[test]
fn of_several_that_ask_for_one_name_people_decide() {
    let hub = carried("");
    hub.github.fork(REGISTRY, "erin", None);
    hub.apply("erin", "Acme").ok().code.unwrap();
    let other = hub.threads().len() as u64;
    hub.click(other);
    announce(&hub);
    let said = tally(&hub);
    assert!(said.contains("A member writes the decision down") && !said.contains("- Nothing:"), "{said}");
    hub.github.close_pull(REGISTRY, other, "erin");
    let (told, _) = announce(&hub);
    assert_eq!(told["standing"], "decided", "{told}");
    hub.run("alice", &["audit"]).ok().code.unwrap();
    hub.github.assert_clean();
}

/// What is decided in the first run that looks at it says so where people look, as what waited for a while does.
#[test]
fn what_is_decided_at_once_is_told_on_its_pull_request() {
    let hub = carried("");
    let (told, _) = announce(&hub);
    assert_eq!(told["standing"], "decided", "{told}");
    let said = tally(&hub);
    assert!(said.contains("### Decided: `Acme is approved`") && said.contains("| `alice` |"), "{said}");
    assert_eq!(hub.statuses()[0].0, "success");
    let before = hub.github.dump();
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    assert_eq!(hub.github.dump(), before);
    hub.github.assert_clean();
}

/// With nobody running the program: a form that two clicks turn down is turned down, told, and closed.
#[test]
fn a_form_that_clicks_turn_down_is_told_so_and_closed() {
    let bench = Bench::deciding();
    bench.proposed("jane", FORM);
    let announce = || bench.hub.run("github-actions", &["announce"]).ok().stdout;
    bench.hub.github.review(REGISTRY, 2, "alice", "CHANGES_REQUESTED", "Nothing of Karmada there.");
    let told = announce();
    assert!(told.contains("waiting: 0 of 2 in favor, 1 against"), "{told}");
    let tally = tally(&bench.hub);
    assert!(
        tally.contains("**Request changes is a vote against it**, and turns it down when enough members give it"),
        "{tally}"
    );
    bench.hub.github.review(REGISTRY, 2, "bob", "CHANGES_REQUESTED", "Nor did I find any.");
    let told = announce();
    assert!(told.contains("decided: decided on ") && told.contains("is rejected"), "{told}");
    for number in [0, 1] {
        assert_eq!(bench.hub.threads()[number]["state"], "CLOSED");
    }
    let said = bench.comments(1).concat();
    assert!(
        said.contains("`Acme Cloud` isn't taken; https://github.example/karmada/partners/pull/2 says why."),
        "{said}"
    );
    let said = bench.comments(2).concat();
    for words in
        ["### Decided: `the application of Acme Cloud is rejected`", "Why stands in the reviews of this pull request."]
    {
        assert!(said.contains(words), "{words} isn't in {said}");
    }
    let event = bench.hub.git(REGISTRY, &["show", "main:data/partners/acme-cloud/log/0002"]);
    assert!(event.contains("KP-Event: v1 rejected") && event.contains("KP-By: github-actions[bot]"), "{event}");
    assert!(event.contains("KP-Actor: bob"), "{event}");
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.run("alice", &["check"]).ok().code.unwrap();
    let before = bench.hub.github.dump();
    announce();
    assert_eq!(bench.outcome(1)["outcome"], "decided");
    assert_eq!(bench.hub.github.dump(), before);
    bench.hub.github.assert_clean();
}

/// Where decisions land by pull requests, so does this one.
#[test]
fn what_is_turned_down_waits_to_be_merged_where_nobody_may_push() {
    let hub = Hub::with_program("\n[github]\ndecide = \"auto\"\nlanding = \"pull-request\"\n").with_workflow();
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    for member in ["alice", "bob"] {
        hub.github.review(REGISTRY, 2, member, "CHANGES_REQUESTED", "Nothing of Karmada there.");
    }
    announce(&hub);
    let (told, _) = announce(&hub);
    assert_eq!(told["status"], "the votes turn it down; the rejection waits to be merged", "{told}");
    let said = tally(&hub);
    assert!(said.contains("Whoever may, merges <https://github.example/karmada/partners/pull/3>"), "{said}");
    hub.run("carol", &["check", "--pull-request", "3"]).ok().code.unwrap();
    hub.github.merge_pull(REGISTRY, 3, "carol", Method::Squash);
    announce(&hub);
    assert!(tally(&hub).contains("is rejected`"), "{}", tally(&hub));
    hub.run("alice", &["audit"]).ok().code.unwrap();
    hub.github.assert_clean();
}

/// What a bot writes down nobody signs.
#[test]
fn where_signatures_are_required_a_workflow_decides_only_what_may_be_attested() {
    for attested in ["", "attested = true\n"] {
        let hub = carried(&format!("\n[signatures]\nrequired = true\n{attested}"));
        announce(&hub);
        let carries = !attested.is_empty();
        // Clicks are unsigned, too: without that word none of them counts.
        let state = hub.run("alice", &["list", "--json"]).ok().stdout;
        assert_eq!(state.contains("\"active\""), carries, "{state}");
        if carries {
            hub.run("alice", &["audit"]).ok().code.unwrap();
        }
    }
}
