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
            assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
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

/// A maintainer moved the issue to another repository: nothing fails, nobody there is written to, and people are told who can end it.
#[test]
fn an_issue_that_was_transferred_is_gone_and_holds_nothing_up() {
    const ELSEWHERE: &str = "karmada/elsewhere";
    for (forgets_transfers, approves, junk) in [(false, true, 0), (true, true, 0), (false, false, 1), (true, false, 0)]
    {
        let bench = Bench::new();
        bench.hub.github.add_repository(ELSEWHERE, &bench.hub.env.path("seed.git"));
        bench.hub.github.has_habits(github_double::Habits { forgets_transfers, ..github_double::Habits::default() });
        // It may have the same number there, or another.
        for _ in 0..junk {
            bench.hub.github.open_issue(ELSEWHERE, "erin", "x", "y");
        }
        let number = bench.open("jane", FORM);
        let pull = bench.outcome(number)["pull_request"].as_str().unwrap().to_owned();
        let new = bench.hub.github.transfer_issue(REGISTRY, number, ELSEWHERE);
        assert_eq!(new == number, junk == 0);
        let there = || bench.hub.github.dump()[ELSEWHERE]["threads"].clone();
        let before = there();
        assert_eq!(bench.outcome(number)["outcome"], "gone");
        let refused = bench.hub.run("alice", &["import", "issue", "--number", &number.to_string()]).fails(3);
        assert!(refused.stderr.contains("deleted or transferred"), "{refused}");
        for args in [&["withdraw", "acme-cloud"][..], &["update", "acme-cloud", "--description", "We."]] {
            let refused = bench.hub.run("jane", args).fails(3);
            assert!(refused.stderr.contains(&format!("the committee can reject it: {pull}")), "{refused}");
        }
        for member in ["alice", "bob"] {
            match approves {
                true => bench.hub.run(member, &["approve", "acme-cloud"]),
                false => bench.hub.run(member, &["reject", "acme-cloud", "--reason", "Its issue is gone."]),
            }
            .ok()
            .code
            .unwrap();
        }
        bench.hub.run("github-actions", &["--yes", "announce", "--all"]).ok().code.unwrap();
        assert_eq!(there(), before, "what became of it elsewhere is left alone");
        bench.hub.run("alice", &["audit"]).ok().code.unwrap();
        bench.hub.github.assert_clean();
    }
}

/// An issue that `apply` opened, and somebody moved or deleted.
#[test]
fn what_became_of_an_applications_issue_elsewhere_is_left_alone() {
    const ELSEWHERE: &str = "karmada/elsewhere";
    for deletes in [false, true] {
        let hub = crate::hub::Hub::with_applicant();
        hub.github.add_repository(ELSEWHERE, &hub.env.path("seed.git"));
        match deletes {
            true => hub.github.delete_issue(REGISTRY, 1),
            false => drop(hub.github.transfer_issue(REGISTRY, 1, ELSEWHERE)),
        }
        let there = || hub.github.dump()[ELSEWHERE]["threads"].clone();
        let before = there();
        hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
        for member in ["alice", "bob"] {
            hub.run(member, &["reject", "acme", "--reason", "No."]).ok().code.unwrap();
        }
        assert_eq!(there(), before);
        hub.run("alice", &["audit"]).ok().code.unwrap();
        hub.github.assert_clean();
    }
}

/// Filed in the wrong place, and moved here: it is taken here, whatever was said of it there.
#[test]
fn an_issue_that_was_transferred_here_is_taken() {
    const ELSEWHERE: &str = "karmada/elsewhere";
    let bench = Bench::new();
    bench.hub.github.add_repository(ELSEWHERE, &bench.hub.env.path("seed.git"));
    let first = bench.open("jane", FORM);
    assert_eq!(bench.outcome(first)["outcome"], "proposed");
    let text = bench.comments(first)[0].replace("$HUB", &bench.hub.github.server_url());
    let number = bench.hub.github.open_issue(
        ELSEWHERE,
        "erin",
        "REQUEST",
        &FORM.replace("Acme Cloud", "Globex").replace("acme.example", "globex.example"),
    );
    let said = text.replace("acme-cloud", "globex").replace("/karmada/partners/", "/karmada/elsewhere/");
    let said = said.replace(
        &crate::hub::sha256(FORM.as_bytes()),
        &crate::hub::sha256(FORM.replace("Acme Cloud", "Globex").replace("acme.example", "globex.example").as_bytes()),
    );
    bench.hub.github.comment(ELSEWHERE, number, "github-actions", &said);
    let new = bench.hub.github.transfer_issue(ELSEWHERE, number, REGISTRY);
    let told = bench.outcome(new);
    assert_eq!(told["outcome"], "proposed", "{told}");
    assert_eq!(bench.comments(new).len(), 1);
    assert_eq!(bench.outcome(new)["outcome"], "unchanged");
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
