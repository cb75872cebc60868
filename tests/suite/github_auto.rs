//! What a workflow decides by itself, and isn't let write down: told on the pull request, with who refused it and what lets it in.

use github_double::Method;
use serde_json::{Value, json};

use crate::hub::{Hub, REGISTRY};

/// With an application that the votes carry, and a workflow that is to decide it.
pub fn carried(more: &str) -> Hub {
    let mut hub = Hub::with_program(&format!("\n[github]\ndecide = \"auto\"\n{more}"));
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.add_token("workflow", hub.github.actions_token(REGISTRY));
    for member in ["alice", "bob"] {
        hub.github.review(REGISTRY, 2, member, "APPROVED", "");
    }
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
    for member in ["alice", "bob"] {
        hub.github.review(REGISTRY, other, member, "APPROVED", "");
    }
    announce(&hub);
    let said = tally(&hub);
    assert!(said.contains("A member writes the decision down") && !said.contains("- Nothing:"), "{said}");
    hub.github.close_pull(REGISTRY, other, "erin");
    let (told, _) = announce(&hub);
    assert_eq!(told["standing"], "decided", "{told}");
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
