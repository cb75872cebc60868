//! Forms as people fill them in, and what else happens to their issues, as a workflow takes them.

use crate::github_issues::{Bench, FORM};
use crate::hub::REGISTRY;

/// Karmada's own form, from before there was anything to agree to.
const OLD: &str = "### Org or company name\n\n[Acme Cloud](https://acme.example)\n\n### Org or company description\n\n\
    <!-- tell us -->**We** run Karmada.\n\n### What we also do\n\nConsulting.\n\n### Org or company Website\n\n\
    See <https://acme.example/karmada>。\n\n### Org or company logo\n\n\
    <img width=\"300\" alt=\"logo\" src=\"https://acme.example/logo.png\" />\n\n### Contact me\n\n\
    GitHub：jane，邮箱：karmada@acme.example\n";

/// Nobody agreed to be named as its author: the commit is the workflow's, on behalf.
#[test]
fn an_old_form_is_committed_on_behalf_with_all_that_stands_around_answers_left_out() {
    let bench = Bench::new();
    let number = bench.open("jane", &OLD.replace('\n', "\r\n"));
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "proposed", "{told}");
    let record = bench.record();
    for line in [
        "name = \"Acme Cloud\"",
        "website = \"https://acme.example/karmada\"",
        "github = \"jane\"",
        "email = \"karmada@acme.example\"",
    ] {
        assert!(record.contains(line), "{line} isn't in {record}");
    }
    let comment = &bench.comments(number)[0];
    for words in ["name: left out a link to", "description: left out a comment, Markdown", "website: only the address"]
    {
        assert!(comment.contains(words), "{words} isn't in {comment}");
    }
    let commit = bench.hub.git(REGISTRY, &["log", "-1", "--format=%an %cn%n%B", "apply/acme-cloud"]);
    assert!(commit.starts_with("github-actions[bot] github-actions[bot]\n"), "{commit}");
    assert!(
        commit.contains("Signed-off-by: github-actions[bot] <") && !commit.contains("Signed-off-by: jane"),
        "{commit}"
    );
    let pull = bench.hub.threads().len().to_string();
    bench.hub.run("alice", &["check", "--pull-request", &pull]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

#[test]
fn a_long_description_is_shortened_and_a_better_one_is_asked_for() {
    let bench = Bench::new();
    let long = "We run Karmada for banks and for others who can't go down. ".repeat(12);
    let number = bench.open("jane", &FORM.replace("We run Karmada.", &long));
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
    let comment = &bench.comments(number)[0];
    assert!(
        comment.contains("description: shortened from ") && comment.contains("a better one is welcome"),
        "{comment}"
    );
    assert!(bench.record().contains("who can't go down.\""), "{}", bench.record());
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
    assert_eq!(bench.outcome(number)["outcome"], "amended");
    assert!(!bench.comments(number)[0].contains("shortened"), "{:?}", bench.comments(number));
}

/// Whoever takes an application back and thinks better of it opens the issue again.
#[test]
fn an_issue_that_its_author_opens_again_applies_again() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
    let again = bench.outcome(number);
    assert_ne!(again["outcome"], "proposed", "{again}");
    bench.hub.github.reopen(REGISTRY, number, "jane");
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "proposed", "{told}\n{:?}", bench.comments(number));
    bench.hub.run("bob", &["list", "--proposals"]).ok().code.unwrap();
    let pull = bench.hub.threads().len().to_string();
    bench.hub.run("alice", &["check", "--pull-request", &pull]).ok().code.unwrap();
}

/// It is closed, and its one comment leads to the reason.
#[test]
fn a_rejection_is_told_on_the_issue_and_closes_it() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let reject = ["reject", "acme-cloud", "--reason", "The page doesn't mention Karmada."];
    for member in ["alice", "bob"] {
        bench.hub.run(member, &reject).ok().code.unwrap();
    }
    let threads = bench.hub.threads();
    let issue = threads.iter().find(|t| t["number"] == number).unwrap();
    assert_eq!(issue["state"], "CLOSED", "{issue}");
    let pull = threads.iter().find(|t| t["number"] != number).unwrap()["number"].as_u64().unwrap();
    assert!(bench.comments(pull).iter().any(|c| c.contains("doesn't mention Karmada")), "{:?}", bench.comments(pull));
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "decided", "{told}");
    assert!(
        bench.comments(number)[0].contains("isn't taken; the pull request says why"),
        "{:?}",
        bench.comments(number)
    );
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}
