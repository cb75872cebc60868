//! What others do to the branch of a form's proposal, which only a workflow writes to.

use crate::env::some;
use crate::github_issues::{Bench, FORM};
use crate::hub::{REGISTRY, put};

/// Somebody who may write commits to the branch, and is no workflow.
fn push(bench: &Bench, path: &str, change: &dyn Fn(&str) -> String) {
    bench.hub.by_hand_in(REGISTRY, "alice", "apply/acme-cloud", "Polish", |checkout| {
        let before = std::fs::read_to_string(checkout.join(path)).unwrap_or_default();
        put(checkout, path, change(&before));
    });
}

/// As a bot does that closes what nobody has touched for long: whoever applied can't open the pull request again.
#[test]
fn a_pull_request_that_was_closed_says_who_goes_on_how() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    let pull = bench.hub.threads().len() as u64;
    let announce = || drop(bench.hub.run("github-actions", &["--yes", "announce"]).ok());
    announce();
    bench.hub.github.close_pull(REGISTRY, pull, "alice");
    announce();
    let said = &bench.comments(pull)[0];
    assert!(said.contains("saves in their issue is proposed anew") && !said.contains("Whoever proposed it"), "{said}");
    bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
    assert_eq!(bench.outcome(number)["outcome"], "proposed");
}

const FILES: &str = "data/partners/acme-cloud";

/// Whoever applied has no right to it, and is neither written to nor asked to mend it.
#[test]
fn what_others_push_to_the_branch_is_nothing_that_the_applicant_did() {
    for (path, change, told) in some(
        2,
        [
            (
                "partner.toml",
                (|s: &str| s.replace("We run Karmada.", "We run nothing.")) as fn(&str) -> String,
                "aren't those that its log names",
            ),
            ("notes.txt", |_| "x".to_owned(), "brings notes.txt: doesn't belong here"),
            ("../../../README.md", |_| "x".to_owned(), "also changes README.md"),
        ],
    ) {
        let bench = Bench::new();
        let number = bench.open("jane", FORM);
        bench.outcome(number);
        let pull = bench.hub.threads().len() as u64;
        let announce = || {
            bench.hub.run("github-actions", &["--yes", "announce", "--json"]).ok().json()["pull_requests"][0].clone()
        };
        announce();
        push(&bench, &format!("{FILES}/{path}"), &change);
        let row = announce();
        assert_eq!(row["standing"], "waiting", "{row}");
        assert!(row["status"].as_str().unwrap().starts_with("to be mended first: "), "{row}");
        let said = bench.comments(pull)[0].clone();
        for words in [
            told,
            "Something has to be mended first",
            "pushed to the branch, which only a workflow does",
            "Whoever applied need do nothing",
        ] {
            assert!(said.contains(words), "{words} isn't in {said}");
        }
        assert!(
            !said.contains("@jane") && !said.contains("Whoever proposed it mends it") && !said.contains("reject it"),
            "{said}"
        );
        bench.hub.click(pull);
        let refused = bench.hub.run("carol", &["approve", "acme-cloud"]).fails(1);
        assert!(
            refused.stderr.contains("only a workflow writes to apply/acme-cloud: whoever pushed to it by hand"),
            "{refused}"
        );
        // Taken off again, all is as it was.
        bench.hub.by_hand_in(REGISTRY, "alice", "apply/acme-cloud", "Take it back", |checkout| {
            bench.hub.env.git_at(checkout.file_name().unwrap().to_str().unwrap(), &["revert", "--no-commit", "HEAD"]);
        });
        announce();
        assert!(!bench.comments(pull)[0].contains("mended first"), "{:?}", bench.comments(pull));
        bench.hub.github.assert_clean();
    }
}

/// The pull request is open still: it isn't said to be closed, and is made good where anybody looks.
#[test]
fn a_branch_that_was_made_unfit_is_proposed_anew() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    let first = bench.outcome(number);
    let pull = bench.hub.threads().len() as u64;
    let announce = || drop(bench.hub.run("github-actions", &["--yes", "announce"]).ok());
    announce();
    push(&bench, &format!("{FILES}/log/0002"), &|_| "x".to_owned());
    announce();
    let said = bench.comments(pull)[0].clone();
    assert!(said.contains("only a workflow writes to its branch") && !said.contains("Make it with"), "{said}");
    let told = bench.outcome(number);
    assert_eq!((&told["outcome"], &told["pull_request"]), (&"proposed".into(), &first["pull_request"]), "{told}");
    assert_eq!(bench.outcome(number)["outcome"], "unchanged");
    bench.hub.click(pull);
    bench.hub.run("carol", &["approve", "acme-cloud"]).ok().code.unwrap();
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// One name, in every document and whoever looks.
#[test]
fn a_branch_has_one_name_in_every_document() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    for who in ["jane", "alice"] {
        let status = bench.hub.run(who, &["status", "acme-cloud", "--json"]).ok().json();
        assert_eq!(status["partners"][0]["proposals"][0]["branch"], "apply/acme-cloud", "{who}: {status}");
        let list = bench.hub.run(who, &["list", "--proposals", "--json"]).ok().json();
        assert!(list.to_string().contains("\"branch\":\"apply/acme-cloud\""), "{who}: {list}");
    }
}
