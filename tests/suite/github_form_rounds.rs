//! Forms whose proposal was merged before anybody decided, and several one after the other under one name.

use github_double::Method;

use crate::github_issues::{Bench, FORM};
use crate::hub::REGISTRY;

fn number_of(told: &serde_json::Value) -> u64 {
    told["pull_request"].as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap()
}

/// Somebody pressed the button before anybody decided.
#[test]
fn what_was_merged_undecided_is_told_as_that_and_decided_from_there() {
    for method in [Method::Merge, Method::Squash, Method::Rebase] {
        let bench = Bench::new();
        let number = bench.open("jane", FORM);
        let pull = number_of(&bench.outcome(number));
        bench.hub.github.merge_pull(REGISTRY, pull, "carol", method);
        let told = bench.outcome(number);
        assert_eq!(told["outcome"], "undecided", "{told}");
        assert_eq!(number_of(&told), pull);
        let comment = &bench.comments(number)[0];
        for says in [format!("/pull/{pull} was merged, and nobody had decided"), "isn't a partner yet".to_owned()] {
            assert!(comment.contains(&says), "{says} isn't in {comment}");
        }
        assert!(!comment.contains("no longer"), "{comment}");
        bench.hub.github.clear_traffic();
        let before = bench.hub.github.dump();
        assert_eq!(bench.outcome(number)["outcome"], "undecided");
        assert!(bench.hub.operations().len() <= 3, "{:?}", bench.hub.operations());
        assert_eq!(bench.hub.github.dump(), before);
        for member in ["alice", "bob"] {
            bench.hub.run(member, &["approve", "acme-cloud"]).ok().code.unwrap();
        }
        assert_eq!(bench.outcome(number)["outcome"], "decided");
        assert!(bench.comments(number)[0].contains("Welcome!"), "{:?}", bench.comments(number));
        bench.hub.run("alice", &["audit"]).ok().code.unwrap();
        bench.hub.github.assert_clean();
    }
}

/// As the comment says that it can be.
#[test]
fn what_was_merged_undecided_is_still_changed_and_taken_back_by_its_author() {
    for takes_back in [true, false] {
        let bench = Bench::new();
        let number = bench.open("jane", FORM);
        let pull = number_of(&bench.outcome(number));
        bench.hub.github.merge_pull(REGISTRY, pull, "carol", Method::Squash);
        assert_eq!(bench.outcome(number)["outcome"], "undecided");
        bench.hub.github.reopen(REGISTRY, number, "jane");
        assert_eq!(bench.outcome(number)["outcome"], "undecided");
        if takes_back {
            bench.hub.github.close_issue(REGISTRY, number, "jane");
            let told = bench.outcome(number);
            assert_eq!(told["outcome"], "withdrawn", "{told}");
            let back = number_of(&told);
            assert_ne!(back, pull);
            let body = bench.hub.body(usize::try_from(back).unwrap());
            assert!(
                body.contains("merging this, in whatever way, puts it on record") && !body.contains("Approve"),
                "{body}"
            );
            assert!(
                bench.comments(number)[0]
                    .contains(&format!("when https://github.example/karmada/partners/pull/{back} is")),
                "{:?}",
                bench.comments(number)
            );
            assert!(bench.comments(number)[0].contains("takes its application back"), "{:?}", bench.comments(number));
            let before = bench.hub.github.dump();
            assert_eq!(bench.outcome(number)["outcome"], "closed");
            assert_eq!(bench.hub.github.dump(), before);
            bench.hub.run("alice", &["check", "--pull-request", &back.to_string()]).ok().code.unwrap();
            bench.hub.github.merge_pull(REGISTRY, back, "carol", Method::Squash);
            let left = bench.hub.git(REGISTRY, &["ls-tree", "-r", "--name-only", "main", "data/partners/acme-cloud"]);
            assert!(left.contains("log/0002") && !left.contains("partner.toml"), "{left}");
            assert_eq!(bench.outcome(number)["outcome"], "decided");
            assert!(bench.comments(number)[0].contains("has taken its application back"));
        } else {
            bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
            let told = bench.outcome(number);
            assert_eq!(told["outcome"], "amended", "{told}");
            assert_ne!(number_of(&told), pull);
            assert!(bench.comments(number)[0].contains("where the committee decides"), "{:?}", bench.comments(number));
            for member in ["alice", "bob"] {
                bench.hub.run(member, &["approve", "acme-cloud"]).ok().code.unwrap();
            }
            assert_eq!(bench.outcome(number)["outcome"], "decided");
            let record = bench.hub.git(REGISTRY, &["show", "main:data/partners/acme-cloud/partner.toml"]);
            assert!(record.contains("We run it."), "{record}");
        }
        bench.hub.run("alice", &["audit"]).ok().code.unwrap();
        bench.hub.github.assert_clean();
    }
}

/// An issue whose application was turned down has no say in the next one under the name, whoever asks for that.
#[test]
fn an_earlier_form_changes_nothing_of_a_later_one() {
    let bench = Bench::new();
    let first = bench.open("jane", FORM);
    assert_eq!(bench.outcome(first)["outcome"], "proposed");
    for member in ["alice", "bob"] {
        bench.hub.run(member, &["reject", "acme-cloud", "--reason", "Not yet."]).ok().code.unwrap();
    }
    assert_eq!(bench.outcome(first)["outcome"], "decided");
    let second = bench.open("erin", FORM);
    let told = bench.outcome(second);
    assert_eq!(told["outcome"], "proposed", "{told}");
    let (pull, log) = (number_of(&told), || bench.hub.git(REGISTRY, &["log", "-1", "--format=%B", "apply/acme-cloud"]));
    let before = log();
    bench.hub.github.reopen(REGISTRY, first, "jane");
    bench.edit(first, "jane", &FORM.replace("We run Karmada.", "We run nothing."));
    for closes in [false, true] {
        if closes {
            bench.hub.github.close_issue(REGISTRY, first, "jane");
        }
        assert_eq!(bench.outcome(first)["outcome"], "decided");
        assert!(bench.comments(first)[0].contains("isn't taken"), "{:?}", bench.comments(first));
        assert_eq!(log(), before);
    }
    bench.hub.github.merge_pull(REGISTRY, pull, "carol", Method::Merge);
    for (number, outcome) in [(first, "decided"), (second, "undecided")] {
        assert_eq!(bench.outcome(number)["outcome"], outcome);
    }
    for member in ["alice", "bob"] {
        bench.hub.run(member, &["approve", "acme-cloud"]).ok().code.unwrap();
    }
    assert_eq!(bench.outcome(first)["outcome"], "decided");
    assert!(bench.comments(first)[0].contains("isn't taken"), "{:?}", bench.comments(first));
    assert_eq!(bench.outcome(second)["outcome"], "decided");
    assert!(bench.comments(second)[0].contains("Welcome!"), "{:?}", bench.comments(second));
    bench.hub.run("alice", &["audit"]).ok().code.unwrap();
    bench.hub.github.assert_clean();
}

/// Who became a partner by a form changes the entry as any partner does: the form is done.
#[test]
fn an_update_of_a_partner_that_came_by_a_form_is_no_edit_of_the_form() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    bench.outcome(number);
    for member in ["alice", "bob"] {
        bench.hub.run(member, &["approve", "acme-cloud"]).ok().code.unwrap();
    }
    let body = || bench.hub.body(usize::try_from(number).unwrap());
    for text in ["We.", "We run it."] {
        let told = bench.hub.run("jane", &["update", "acme-cloud", "--description", text]).ok();
        assert!(told.stdout.contains("/pull/"), "{told}");
        assert_eq!(body(), FORM);
    }
    bench.hub.run("jane", &["withdraw", "acme-cloud"]).ok().code.unwrap();
    let log = bench.hub.git("jane/partners", &["log", "-1", "--format=%s", "apply/acme-cloud"]);
    assert!(log.contains("withdrawn"), "{log}");
    bench.hub.github.assert_clean();
}
