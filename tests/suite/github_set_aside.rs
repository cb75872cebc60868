//! A form whose pull request a member has closed, nothing decided: commands know that, and lead to the issue.

use serde_json::json;

use crate::github_issues::{Bench, FORM, number_of};
use crate::hub::REGISTRY;

fn told(bench: &Bench) -> u64 {
    let number = bench.open("jane", FORM);
    let pull = number_of(&bench.outcome(number));
    bench.hub.github.close_pull(REGISTRY, pull, "alice");
    number
}

#[test]
fn commands_say_that_an_application_was_set_aside_and_lead_to_its_issue() {
    let bench = Bench::new();
    let number = told(&bench);
    let (issue, pull) = (format!("issues/{number}"), format!("/pull/{}", number + 1));
    // Before anybody looked, and after.
    for looked in [false, true] {
        if looked {
            assert_eq!(bench.outcome(number)["outcome"], "set-aside");
        }
        for who in ["jane", "alice", "mallory"] {
            let shown = bench.hub.run(who, &["status", "acme-cloud"]).ok();
            for words in ["The application for acme-cloud was set aside: ", "proposed anew: ", &issue, &pull] {
                assert!(shown.stdout.contains(words), "{who}: {words} isn't in {shown}");
            }
        }
        let json = bench.hub.run("jane", &["status", "acme-cloud", "--json"]).ok().json();
        let one = &json["partners"][0];
        assert_eq!((&one["state"], &one["turn"], &one["proposals"]), (&json!("absent"), &json!("nobody"), &json!([])));
        assert!(one["set_aside"]["issue"].as_str().unwrap().ends_with(&issue), "{json}");
        assert!(one["set_aside"]["pull_request"].as_str().unwrap().ends_with(&pull), "{json}");
        let before = bench.hub.github.dump();
        for (args, hint) in [
            (&["update", "acme-cloud", "--description", "We."][..], "what is saved there is proposed anew: "),
            (&["withdraw", "acme-cloud"], "its author takes it back by closing the issue: "),
        ] {
            let refused = bench.hub.run("jane", args).fails(1);
            for words in ["nothing is proposed for acme-cloud any more: ", &pull, hint, &issue] {
                assert!(refused.stderr.contains(words), "{words} isn't in {refused}");
            }
        }
        assert_eq!(bench.hub.github.dump(), before);
    }
    // As they say.
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    assert!(bench.hub.run("jane", &["status", "acme-cloud"]).ok().stdout.contains("waits for a decision"));
    bench.hub.github.assert_clean();
}

/// Where no workflow may open pull requests, all is ready but the click: commands know that, too.
#[test]
fn commands_say_that_an_application_waits_for_a_click() {
    let bench = Bench::new();
    bench.hub.github.let_workflows_propose(false);
    let number = bench.open("jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    let issue = format!("issues/{number}");
    for who in ["jane", "alice"] {
        let shown = bench.hub.run(who, &["status", "acme-cloud"]).ok();
        assert!(
            shown.stdout.contains("with one click, which the issue links") && shown.stdout.contains(&issue),
            "{shown}"
        );
    }
    let json = bench.hub.run("jane", &["status", "acme-cloud", "--json"]).ok().json();
    let one = &json["partners"][0];
    assert_eq!((&one["turn"], &one["set_aside"]["pull_request"]), (&json!("committee"), &json!(null)), "{json}");
    for (args, hint) in [
        (&["update", "acme-cloud", "--description", "We."][..], "its author edits the issue"),
        (&["withdraw", "acme-cloud"], "its author takes it back by closing the issue"),
    ] {
        let refused = bench.hub.run("jane", args).fails(1);
        for words in ["its pull request isn't opened yet", hint, &issue] {
            assert!(refused.stderr.contains(words), "{words} isn't in {refused}");
        }
    }
    // As they say.
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    bench.outcome(number);
    bench.hub.run("jane", &["status", "acme-cloud"]).fails(3).code.unwrap();
    bench.hub.github.assert_clean();
}

/// Whoever was turned down and whose next form was set aside is told both; who never applied is told neither.
#[test]
fn nobody_else_is_told_that_something_was_set_aside() {
    let bench = Bench::new();
    let number = told(&bench);
    bench.hub.run("jane", &["status", "globex"]).fails(3).code.unwrap();
    // A pull request that names the form isn't what the form asked for.
    bench.hub.github.fork(REGISTRY, "mallory", None);
    bench
        .hub
        .by_hand_of("mallory", "apply/globex", "junk", |checkout| std::fs::write(checkout.join("x"), "x").unwrap());
    let junk = bench.hub.github.open_pull(
        REGISTRY,
        "mallory",
        "mallory:apply/globex",
        "main",
        "Globex",
        &format!("Fixes #{number}"),
    );
    bench.hub.github.close_pull(REGISTRY, junk, "alice");
    bench.hub.run("jane", &["status", "globex"]).fails(3).code.unwrap();
    // Closed by its author it is taken back, and nothing to go on with.
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    bench.outcome(number);
    bench.hub.run("jane", &["status", "acme-cloud"]).fails(3).code.unwrap();
    bench.hub.github.assert_clean();
}
