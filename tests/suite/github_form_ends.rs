//! Forms that somebody other than their author ends, that nobody can be asked about, and the one comment that several keep.

use github_double::{Permission, TokenKind};

use crate::github_issues::{Bench, FORM, form_of};
use crate::hub::REGISTRY;

fn faulty() -> String {
    FORM.replace("https://acme.example/karmada", "ftp://acme.example")
}

/// What the comment says of an issue that is closed, is what would happen then.
#[test]
fn a_form_that_another_closes_is_told_as_that_until_it_is_open_again() {
    for (body, proposed) in [(faulty(), false), (FORM.to_owned(), true), (faulty().replace("Acme Cloud", "-"), false)] {
        let bench = Bench::new();
        let number = bench.open("jane", &body);
        let first = bench.outcome(number);
        let said = bench.comments(number);
        bench.hub.github.close_issue(REGISTRY, number, "alice");
        let told = bench.outcome(number);
        assert_eq!(told["outcome"], "closed", "{told}");
        let comment = &bench.comments(number)[0];
        assert!(comment.contains("`alice` closed this issue"), "{comment}");
        assert!(
            comment.contains("ask for it to be opened again") && !comment.contains("**Edit this issue**"),
            "{comment}"
        );
        assert_eq!(comment.contains("stays proposed in"), proposed, "{comment}");
        assert_eq!(comment.contains("Nothing waits for the committee"), !proposed, "{comment}");
        // Nothing more is written; and what its author saves meanwhile changes nothing, as it says.
        let before = bench.hub.github.dump();
        bench.hub.github.clear_traffic();
        assert_eq!(bench.outcome(number)["outcome"], "closed");
        // What is proposed is compared with its logo, which nobody fetches for an issue that is closed.
        assert!(bench.hub.operations().len() <= 3 + usize::from(proposed), "{:?}", bench.hub.operations());
        assert_eq!(bench.hub.github.dump(), before);
        bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
        assert_eq!(bench.outcome(number)["outcome"], "closed");
        bench.edit(number, "jane", &body);
        bench.hub.github.reopen(REGISTRY, number, "alice");
        let again = bench.outcome(number);
        let word = if proposed { "unchanged" } else { "faulty" };
        assert_eq!((&again["outcome"], &again["partner"]), (&word.into(), &first["partner"]), "{again}");
        assert_eq!(bench.comments(number), said);
        bench.hub.github.assert_clean();
    }
}

/// Its author can open it again, and is told so.
#[test]
fn a_form_that_its_author_closes_before_anything_is_proposed_says_how_to_go_on() {
    let bench = Bench::new();
    let number = bench.open("jane", &faulty());
    bench.outcome(number);
    bench.hub.github.close_issue(REGISTRY, number, "jane");
    assert_eq!(bench.outcome(number)["outcome"], "closed");
    let comment = &bench.comments(number)[0];
    assert!(
        comment.contains("`jane` closed this issue. Nothing waits") && comment.contains(", open it again:"),
        "{comment}"
    );
    // A new one is taken, as it says.
    bench.proposed("jane", FORM);
    // What nobody answered is left alone.
    let other = bench.open("erin", &faulty());
    bench.hub.github.close_issue(REGISTRY, other, "alice");
    assert_eq!(bench.outcome(other)["outcome"], "closed");
    assert_eq!(bench.comments(other), [""; 0]);
}

/// First the issue and then its pull request, or the other way round.
#[test]
fn what_was_set_aside_stays_so_while_its_issue_is_closed() {
    for pull_first in [true, false] {
        let bench = Bench::new();
        let number = bench.open("jane", FORM);
        bench.outcome(number);
        let pull = bench.hub.threads().len() as u64;
        bench.announce();
        if pull_first {
            bench.hub.github.close_pull(REGISTRY, pull, "alice");
            assert_eq!(bench.outcome(number)["outcome"], "set-aside");
            bench.hub.github.close_issue(REGISTRY, number, "alice");
            assert_eq!(bench.outcome(number)["outcome"], "closed");
        } else {
            bench.hub.github.close_issue(REGISTRY, number, "alice");
            assert_eq!(bench.outcome(number)["outcome"], "closed");
            assert!(bench.comments(number)[0].contains("stays proposed in"));
            bench.hub.github.close_pull(REGISTRY, pull, "alice");
            bench.announce();
        }
        let comment = &bench.comments(number)[0];
        assert!(comment.contains("Nothing waits for the committee"), "{comment}");
        bench.hub.github.reopen(REGISTRY, number, "alice");
        assert_eq!(bench.outcome(number)["outcome"], "set-aside");
        assert!(bench.comments(number)[0].contains("edit this issue"), "{:?}", bench.comments(number));
        bench.edit(number, "jane", &FORM.replace("We run Karmada.", "We run it."));
        assert_eq!(bench.outcome(number)["outcome"], "proposed");
        bench.hub.github.assert_clean();
    }
}

/// The branch that waits for a click is there still, and so is the click.
#[test]
fn what_waits_for_a_click_says_so_again_once_its_issue_is_open_again() {
    let bench = Bench::new();
    bench.hub.github.let_workflows_propose(false);
    let number = bench.open("jane", FORM);
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    let said = bench.comments(number);
    bench.hub.github.close_issue(REGISTRY, number, "alice");
    assert_eq!(bench.outcome(number)["outcome"], "closed");
    assert!(!bench.comments(number)[0].contains("one click"), "{:?}", bench.comments(number));
    bench.hub.github.reopen(REGISTRY, number, "alice");
    assert_eq!(bench.outcome(number)["outcome"], "ready");
    assert_eq!(bench.comments(number), said);
    bench.hub.github.assert_clean();
}

/// It would change an issue that nobody takes for anything.
#[test]
fn commands_say_that_a_closed_issue_takes_nothing_back_and_changes_nothing() {
    let bench = Bench::new();
    let number = bench.open("jane", FORM);
    let pull = bench.outcome(number)["pull_request"].as_str().unwrap().to_owned();
    bench.hub.github.close_issue(REGISTRY, number, "alice");
    bench.outcome(number);
    let before = bench.hub.github.dump();
    for args in [&["withdraw", "acme-cloud"][..], &["update", "acme-cloud", "--description", "We."]] {
        let refused = bench.hub.run("jane", args).fails(1);
        assert!(
            refused.stderr.contains("alice closed the issue that asks for it, and that takes nothing back"),
            "{refused}"
        );
        assert!(refused.stderr.contains("opened again") && refused.stderr.contains(&pull), "{refused}");
    }
    assert_eq!(bench.hub.github.dump(), before);
    bench.hub.github.reopen(REGISTRY, number, "alice");
    bench.hub.run("jane", &["withdraw", "acme-cloud"]).ok().code.unwrap();
    assert_eq!(bench.outcome(number)["outcome"], "withdrawn");
    let refused = bench.hub.run("jane", &["update", "acme-cloud", "--description", "We."]);
    assert!(refused.code != Some(0), "{refused}");
}

/// An App that files forms for people speaks for nobody; a member can, on behalf.
#[test]
fn a_form_that_a_bot_files_is_answered() {
    let mut bench = Bench::new();
    bench.hub.add_token("app", bench.hub.github.app_token("form-helper", &[REGISTRY]));
    bench.hub.github.fork(REGISTRY, "alice", None);
    let number = bench.open("form-helper", &FORM.replace("karmada@acme.example", "@jane, karmada@acme.example"));
    let told = bench.outcome(number);
    assert_eq!(told["outcome"], "no-person", "{told}");
    let comment = bench.comments(number)[0].clone();
    assert!(comment.contains("`form-helper[bot]`, which filed this form, is no person's account"), "{comment}");
    let before = bench.hub.github.dump();
    assert_eq!(bench.outcome(number)["outcome"], "no-person");
    assert_eq!(bench.hub.github.dump(), before);
    let args = format!("import issue --number {number}");
    assert!(comment.contains(&args), "{comment}");
    let args: Vec<&str> = args.split(' ').chain(["--logo", "logo.png", "--json", "--yes"]).collect();
    let told = bench.hub.run("alice", &args).ok().json();
    assert_eq!(told["issues"][0]["outcome"], "proposed", "{told}");
    let pull = bench.hub.threads().len().to_string();
    bench.hub.run("bob", &["check", "--pull-request", &pull]).ok().code.unwrap();
    let comments = bench.comments(number);
    assert!(comments.len() == 1 && comments[0].contains("`alice` has proposed"), "{comments:?}");
    assert_eq!(bench.outcome(number)["outcome"], "no-person");
    assert_eq!(bench.comments(number), comments);
    // Nor does one that writes no form.
    assert_eq!(bench.outcome(bench.open("form-helper", "Weekly report"))["outcome"], "other");
    bench.hub.github.assert_clean();
}

/// A member who began, the workflow that came later, an App, another member: one comment, whoever runs it.
#[test]
fn an_issue_has_one_comment_whoever_tells() {
    let mut bench = Bench::new();
    bench.hub.add_token("app", bench.hub.github.app_token("partner-helper", &[REGISTRY]));
    let number = bench.open("jane", &faulty());
    let args = ["import", "issue", "--number", &number.to_string(), "--logo", "logo.png", "--yes"];
    // Anybody can write such a comment, and is nobody whose words are ours.
    bench.hub.github.comment(REGISTRY, number, "mallory", "<!-- karmada-partner: form -->\nYou are a partner.");
    bench.hub.run("alice", &args).ok().code.unwrap();
    let comments = bench.comments(number);
    assert!(comments.len() == 2 && comments[1].contains("Website"), "{comments:?}");
    for who in ["bob", "github-actions", "app", "alice"] {
        bench.hub.run(who, &args).ok().code.unwrap();
        assert_eq!(bench.comments(number).len(), 2, "{who}");
    }
    bench.edit(number, "jane", FORM);
    bench.hub.run("app", &args).ok().code.unwrap();
    let comments = bench.comments(number);
    assert!(comments.len() == 2 && comments[1].contains("is proposed in"), "{comments:?}");
    bench.hub.github.assert_clean();
}

/// Who may not change it says nothing beside it.
#[test]
fn a_member_without_the_right_to_write_says_nothing_a_second_time() {
    let bench = Bench::new();
    bench.hub.github.grant(REGISTRY, "bob", Permission::Read);
    let number = bench.open("jane", &faulty());
    let args = ["import", "issue", "--number", &number.to_string(), "--logo", "logo.png", "--yes"];
    bench.hub.run("alice", &args).ok().code.unwrap();
    bench.edit(number, "jane", &faulty().replace("Technical support", "Dancing"));
    let before = bench.hub.github.dump();
    let told = bench.hub.run("bob", &args).ok();
    assert!(told.stderr.contains("the comment there is alice's, and this account may not change it"), "{told}");
    assert_eq!(bench.hub.github.dump(), before);
    bench.hub.github.assert_clean();
}

/// The tally and what holds Prow, as well.
#[test]
fn a_pull_request_has_one_tally_whoever_tells() {
    let mut hub = crate::hub::Hub::with_program("\n[github]\nprow = true\n");
    hub.use_token("github-actions", TokenKind::Actions { repository: REGISTRY.to_owned() });
    hub.add_token("app", hub.github.app_token("partner-helper", &[REGISTRY]));
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    let pull = hub.threads().len() as u64;
    hub.github.comment(REGISTRY, pull, "mallory", "<!-- karmada-partner: the tally -->\nIt is decided.\n/hold");
    let tallies = || {
        let comments = hub.thread(pull)["comments"].as_array().unwrap().clone();
        let with = |words: &str| comments.iter().filter(|c| c["body"].as_str().unwrap().contains(words)).count();
        (with("<!-- karmada-partner: the tally -->"), with("/hold"))
    };
    for who in ["alice", "github-actions", "app", "bob"] {
        hub.run(who, &["--yes", "announce"]).ok().code.unwrap();
        assert_eq!(tallies(), (2, 2), "{who}");
    }
    // Once each has told, nothing is written any more.
    let before = hub.github.dump();
    for who in ["github-actions", "app"] {
        hub.run(who, &["--yes", "announce"]).ok().code.unwrap();
    }
    assert_eq!(hub.github.dump(), before);
    hub.github.review(REGISTRY, pull, "carol", "APPROVED", "");
    hub.github.grant(REGISTRY, "bob", Permission::Read);
    let told = hub.run("bob", &["--yes", "announce", "--json"]).ok().json();
    assert!(told.to_string().contains("the comment there is alice's"), "{told}");
    assert_eq!(tallies(), (2, 2));
    hub.github.assert_clean();
}

/// Who opens and closes forms costs nobody more than one click; and what waits for that says so.
#[test]
fn one_application_that_was_taken_back_waits_for_a_click_at_a_time() {
    let bench = Bench::new();
    let pulls = bench.taken_back_thrice(|| bench.announce());
    let states: Vec<_> = pulls.iter().map(|(_, number)| bench.hub.thread(*number)["state"].clone()).collect();
    assert_eq!(states, ["OPEN", "CLOSED", "CLOSED"]);
    let (first, waits) = pulls[0];
    assert_eq!(bench.hub.thread(waits)["labels"], serde_json::json!(["partner/taken-back"]));
    let told = &bench.comments(pulls[1].1)[0];
    assert!(told.contains(&format!("not put on record: #{waits}, which the same account took back")), "{told}");
    let before = bench.hub.github.dump();
    bench.announce();
    assert_eq!(bench.hub.github.dump(), before);
    // Asked for anew it is a draft at once: no button merges what waits for votes.
    assert_eq!(bench.hub.thread(waits)["draft"], false);
    bench.hub.github.reopen(REGISTRY, first, "jane");
    assert_eq!(bench.outcome(first)["outcome"], "proposed");
    assert_eq!(bench.hub.thread(waits)["draft"], true);
    bench.announce();
    assert_eq!(bench.hub.thread(waits)["labels"], serde_json::json!(["partner/waiting"]));
    bench.hub.github.assert_clean();
}

/// What is decided asks for nothing, whoever opens its issue again.
#[test]
fn a_decided_form_that_is_open_again_is_in_nobodys_way() {
    let bench = Bench::new();
    let number = bench.proposed("jane", FORM);
    let second = bench.open("jane", &form_of("Globex"));
    let why = bench.outcome(second);
    assert!(why.to_string().contains(&format!("you have another form open, #{number}")), "{why}");
    let told = &bench.comments(second)[0];
    assert!(told.contains(&format!("(https://github.example/{REGISTRY}/issues/{number})")), "{told}");
    bench.hub.run("alice", &["reject", "acme-cloud", "--reason", "Not yet."]).ok().code.unwrap();
    bench.hub.run("bob", &["reject", "acme-cloud", "--reason", "Not yet."]).ok().code.unwrap();
    bench.outcome(number);
    bench.hub.github.reopen(REGISTRY, number, "alice");
    assert_eq!(bench.outcome(second)["outcome"], "proposed");
    bench.hub.github.assert_clean();
}
