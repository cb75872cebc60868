//! Forms whose proposal was merged before anybody decided, and several one after the other under one name.

use github_double::Method;

use crate::env::some;
use crate::github_issues::{Bench, FORM, form_of, number_of};
use crate::hub::REGISTRY;

/// Somebody pressed the button before anybody decided.
#[test]
fn what_was_merged_undecided_is_told_as_that_and_decided_from_there() {
    for method in some(1, [Method::Merge, Method::Squash, Method::Rebase]) {
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
        bench.hub.decide("acme-cloud");
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
            bench.hub.decide("acme-cloud");
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
    let first = bench.proposed("jane", FORM);
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
    bench.hub.decide("acme-cloud");
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
    for (forgets_transfers, approves, junk) in
        some(2, [(false, true, 0), (true, true, 0), (false, false, 1), (true, false, 0)])
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
    let first = bench.proposed("jane", FORM);
    let text = bench.comments(first)[0].replace("$HUB", &bench.hub.github.server_url());
    let number = bench.hub.github.open_issue(ELSEWHERE, "erin", "REQUEST", &form_of("Globex"));
    let said = text.replace("acme-cloud", "globex").replace("/karmada/partners/", "/karmada/elsewhere/");
    let said = said.replace(&crate::hub::sha256(FORM.as_bytes()), &crate::hub::sha256(form_of("Globex").as_bytes()));
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
    bench.hub.decide("acme-cloud");
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

/// Nobody had clicked yet: the branch goes, so that nobody does.
#[test]
fn what_waits_for_a_click_is_taken_back_with_its_branch() {
    let bench = Bench::new();
    bench.hub.github.let_workflows_propose(false);
    let number = bench.open("jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    let branch = || bench.hub.git(REGISTRY, &["branch", "--list", "apply/acme-cloud"]);
    // Somebody else's closing says nothing in jane's name.
    bench.hub.github.close_issue(REGISTRY, number, "alice");
    assert_eq!(bench.outcome(number)["outcome"], "closed");
    assert!(!branch().is_empty());
    bench.hub.github.reopen(REGISTRY, number, "alice");
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "withdrawn", "{told}");
    assert_eq!(branch(), "");
    let comment = &bench.comments(number)[0];
    assert!(comment.contains("takes its application back") && !comment.contains("one click"), "{comment}");
    let before = bench.hub.github.dump();
    assert_eq!(bench.outcome(number)["outcome"], "closed");
    assert_eq!(bench.hub.github.dump(), before);
    // Thinking better of it, its author applies again.
    bench.hub.github.reopen(REGISTRY, number, "jane");
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    assert!(!branch().is_empty());
    bench.hub.github.assert_clean();
}

/// The branch of who asks for the name by now is somebody else's.
#[test]
fn a_branch_that_another_issue_left_stays_when_an_earlier_one_is_closed() {
    let bench = Bench::new();
    bench.hub.github.let_workflows_propose(false);
    let first = bench.open("jane", FORM);
    assert_eq!(bench.outcome(first)["outcome"], "ready");
    bench.hub.github.close_issue(REGISTRY, first, "jane");
    let second = bench.open("erin", FORM);
    assert_eq!(bench.outcome(second)["outcome"], "ready");
    assert_eq!(bench.outcome(first)["outcome"], "withdrawn");
    let log = bench.hub.git(REGISTRY, &["log", "-1", "--format=%B", "apply/acme-cloud"]);
    assert!(log.contains("KP-Actor: erin"), "{log}");
    bench.hub.github.assert_clean();
}

/// A maintainer closed the pull request, and then its author the issue: it isn't taken up again.
#[test]
fn what_was_set_aside_is_taken_back_by_its_author() {
    for announced in [true, false] {
        let bench = Bench::new();
        let number = bench.open("jane", FORM);
        let pull = number_of(&bench.outcome(number));
        bench.hub.github.close_pull(REGISTRY, pull, "alice");
        if announced {
            assert_eq!(bench.outcome(number)["outcome"], "set-aside");
        }
        bench.hub.github.close_issue(REGISTRY, number, "jane");
        let told = bench.outcome(number);
        assert_eq!(told["outcome"], "withdrawn", "{told}");
        let comment = &bench.comments(number)[0];
        assert!(comment.contains("takes its application back") && !comment.contains("/pull/"), "{comment}");
        let before = bench.hub.github.dump();
        assert_eq!(bench.outcome(number)["outcome"], "closed");
        assert_eq!(bench.hub.github.dump(), before);
        bench.hub.github.assert_clean();
    }
}

/// Who opens it again for its author asks for nothing: the author does, by saving it, or by opening it.
#[test]
fn what_its_author_took_back_nobody_else_asks_for_again() {
    for (by_click, late, saves) in
        some(2, [(false, false, true), (false, true, false), (true, false, false), (true, true, true)])
    {
        let bench = Bench::new();
        bench.hub.github.let_workflows_propose(!by_click);
        let number = bench.open("jane", FORM);
        let proposed = if by_click { "ready" } else { "proposed" };
        assert_eq!(bench.outcome(number)["outcome"], proposed);
        bench.hub.github.close_issue(REGISTRY, number, "jane");
        if !late {
            assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
        }
        bench.hub.github.reopen(REGISTRY, number, "alice");
        // What had been proposed until then is taken back first.
        if late && !by_click {
            assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
        }
        for _ in 0..2 {
            let told = bench.outcome(number);
            assert_eq!(told["outcome"], "reopened", "{told}");
            let comment = &bench.comments(number)[0];
            assert!(comment.contains("somebody else has opened it again"), "{comment}");
        }
        // Nor by changing it, nor by closing it and opening it once more.
        bench.edit(number, "alice", &FORM.replace("We run Karmada.", "They run it."));
        assert_eq!(bench.outcome(number)["outcome"], "reopened");
        bench.hub.github.close_issue(REGISTRY, number, "alice");
        bench.hub.github.reopen(REGISTRY, number, "alice");
        let before = bench.hub.github.dump();
        assert_eq!(bench.outcome(number)["outcome"], "reopened");
        assert_eq!(bench.hub.github.dump(), before);
        bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it for banks."));
        if !saves {
            bench.hub.github.close_issue(REGISTRY, number, "jane");
            assert_ne!(bench.outcome(number)["outcome"], proposed);
            bench.hub.github.reopen(REGISTRY, number, "jane");
        }
        let told = bench.outcome(number);
        assert_eq!(told["outcome"], proposed, "{told} {:?}", bench.comments(number));
        bench.hub.github.assert_clean();
    }
}

/// By hand or by a workflow: what its author takes back, and nobody has put on record yet, isn't granted.
#[test]
fn nobody_decides_for_what_its_author_takes_back() {
    for merged in [true, false] {
        let bench = Bench::deciding();
        let number = bench.open("jane", FORM);
        let pull = number_of(&bench.outcome(number));
        let announce = || bench.hub.run("github-actions", &["--yes", "announce", "--all"]).ok().to_string();
        announce();
        if merged {
            // It stands undecided, and is to be taken back by a pull request of its own.
            bench.hub.github.merge_pull(REGISTRY, pull, "carol", Method::Squash);
            bench.hub.github.reopen(REGISTRY, number, "jane");
            bench.hub.github.close_issue(REGISTRY, number, "jane");
            assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
        } else {
            bench.hub.github.close_pull(REGISTRY, pull, "alice");
            bench.hub.github.close_issue(REGISTRY, number, "jane");
            assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
            bench.hub.github.reopen(REGISTRY, pull, "alice");
        }
        bench.hub.click(pull);
        let told = announce();
        let is_partner = || {
            let active = bench.hub.run("alice", &["list", "--json"]).ok();
            active.stdout.contains("\"state\": \"active\"")
        };
        assert!(!is_partner(), "{told}");
        let tally = bench.comments(pull).into_iter().find(|c| c.contains("its author takes it back")).unwrap();
        assert!(tally.contains(&format!("/issues/{number}")), "{tally}");
        let refused = bench.hub.run("carol", &["approve", "acme-cloud"]).fails(1);
        assert!(refused.stderr.contains("by closing the issue that asks for it"), "{refused}");
        // Its author thinks better of it.
        if !merged {
            bench.hub.github.reopen(REGISTRY, number, "jane");
            announce();
            assert!(is_partner());
            bench.hub.run("alice", &["audit"]).ok().code.unwrap();
        }
    }
}
