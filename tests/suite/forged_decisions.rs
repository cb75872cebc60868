//! A decision that somebody wrote down by hand, and that its votes don't carry: who only reads is told so, too.

use crate::env::TestEnv;
use crate::page::website_without_cards;
use crate::plumbing::{hash, with};
use crate::voices_without_right::{after, voice};

const ACME: &str = "data/partners/acme";
const WHY: &str = "the votes don't say what the record of acme says was decided: log/0002: ";

/// A member's vote on the application.
fn votes(env: &TestEnv, who: &str, ballot: &str) -> String {
    let judged = "--authenticity met --url met --relevance met".split(' ');
    let review: Vec<&str> = ["review", "acme", "--as", who, "--vote", ballot].into_iter().chain(judged).collect();
    env.run(&review).ok().code.unwrap();
    hash(&env.file(&format!("apply/acme:{ACME}/votes/1/{who}")))
}

/// Mallory pushes the approval, which says to rest on these votes.
fn approve_by_hand(env: &TestEnv, votes: &str) {
    let first = env.file(&format!("apply/acme:{ACME}/log/0001"));
    let lines = [
        ("Event", "v1 approved"),
        ("Seq", "2"),
        ("Actor", "alice"),
        ("Prev", &hash(&first)),
        ("Votes", votes),
        ("Time", "2026-09-21T14:19:00Z"),
    ];
    env.forge().take("apply/acme", ACME).put(&format!("{ACME}/log/0002"), with(&first, &lines)).commit();
}

/// Alice has voted, and mallory pushes the approval.
fn approved_by_hand() -> TestEnv {
    let env = TestEnv::with_applicant();
    let alices = votes(&env, "alice", "approve");
    approve_by_hand(&env, &alices);
    env
}

/// A vote that a decision passes over is missed also when its facts don't stand there any more.
#[test]
fn who_was_passed_over_is_told_after_later_changes() {
    let env = TestEnv::with_applicant();
    let [alices, bobs, _] =
        [("alice", "approve"), ("bob", "approve"), ("carol", "reject")].map(|(who, ballot)| votes(&env, who, ballot));
    approve_by_hand(&env, &format!("{alices} {bobs}"));
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let checked = env.run(&["check"]).fails(1);
    assert!(checked.stdout.contains("log/0002"), "{checked}");
    let shown = env.run(&["show", "acme"]).ok();
    assert!(shown.stderr.contains(WHY), "{shown}");
    let made = env.run(&["render", "directory", "--out", "site"]).ok();
    assert!(made.stderr.contains(WHY), "{made}");
}

#[test]
fn show_tells_what_the_votes_do_not_say() {
    let env = approved_by_hand();
    let shown = env.run(&["show", "acme"]).ok();
    assert!(shown.stderr.contains(WHY) && shown.stderr.contains("karmada-partner audit"), "{shown}");
    assert!(shown.stderr.contains("missing: 1 more in favor"), "{shown}");
    let honest = TestEnv::with_partner();
    let shown = honest.run(&["show", "acme"]).ok();
    assert!(!shown.stderr.contains("votes"), "{shown}");
}

#[test]
fn the_directory_does_not_say_that_it_was_approved() {
    let env = approved_by_hand();
    for again in [false, true] {
        if again {
            std::fs::remove_dir_all(env.path("site")).unwrap();
        }
        let made = env.run(&["render", "directory", "--out", "site"]).ok();
        assert!(made.stderr.contains(WHY), "{made}");
        let page = env.read("site/partners/acme/index.html");
        assert!(page.contains("The votes on record don"), "{page}");
        assert!(!page.contains("in favor"), "{page}");
        assert!(env.read("site/zh/partners/acme/index.html").contains("登记的投票并不支持这一决定"));
    }
}

/// Lists read nobody's votes; what a check found of who stays as they are, they tell.
#[test]
fn a_list_tells_what_a_check_found() {
    let env = approved_by_hand();
    env.run(&["check"]).fails(1).code.unwrap();
    let told = env.run(&["list"]).ok();
    assert!(told.stderr.contains(WHY), "{told}");
    // Somebody else's change takes nothing away from it; what they take back does.
    env.forge().put("README.md", "x").commit();
    assert!(env.run(&["list"]).ok().stderr.contains(WHY));
    env.forge().gone(&format!("{ACME}/log/0002")).commit();
    assert!(!env.run(&["list"]).ok().stderr.contains(WHY));
}

#[test]
fn scripts_are_told_in_a_field_of_its_own() {
    let env = approved_by_hand();
    let why = |value: &serde_json::Value| value.as_str().is_some_and(|why| why.starts_with("log/0002: "));
    let listed = |env: &TestEnv| env.run(&["list", "--json"]).ok().json()["partners"][0]["unfounded"].clone();
    assert!(why(&env.run(&["show", "acme", "--json"]).ok().json()["unfounded"]));
    assert!(listed(&env).is_null());
    env.run(&["check"]).fails(1).code.unwrap();
    assert!(why(&listed(&env)));
    // Who it was is remembered in a file of its own; damaged, it is made again by the next check.
    for file in crate::unread::all_files(&env.path("home/.cache/karmada-partner/unfounded")) {
        std::fs::write(file, "").unwrap();
    }
    assert!(listed(&env).is_null());
    env.run(&["check"]).fails(1).code.unwrap();
    assert!(why(&listed(&env)));
    let honest = TestEnv::with_partner();
    assert!(honest.run(&["show", "acme", "--json"]).ok().json()["unfounded"].is_null());
    honest.run(&["check"]).ok().code.unwrap();
    assert!(listed(&honest).is_null());
}

/// What the website is to show is told to rest on no votes, whoever brings it there.
#[test]
fn the_websites_page_is_not_brought_up_to_date_in_silence() {
    let env = approved_by_hand();
    website_without_cards(&env);
    for command in [
        &["render", "website", "--out", "site", "--check"][..],
        &["render", "website", "--out", "site", "--dry-run"],
        &["publish", "--repository", "site", "--dry-run", "--as", "alice"],
    ] {
        let told = env.run(command);
        assert!(told.stderr.contains(WHY), "{told}");
        assert!(told.stdout.contains("acme: a card comes"), "{told}");
    }
    let honest = TestEnv::with_partner();
    website_without_cards(&honest);
    let told = honest.run(&["render", "website", "--out", "site"]).ok();
    assert!(!told.stderr.contains("votes"), "{told}");
}

#[test]
fn any_decision_of_the_log_is_told() {
    let env = TestEnv::with_partner();
    let terms = "KP-Exit-Kind: breach\nKP-Effective: 2026-09-22\n";
    let vote = voice(&env, "approve", "exit", (2, "alice"), "none", terms);
    let votes = hash(&vote);
    let lines = [("Event", "v1 exited"), ("Subject", "exit"), ("Round", "2"), ("Actor", "alice"), ("Votes", &votes)];
    env.forge()
        .put(&format!("{ACME}/votes/2/alice"), &vote)
        .put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, terms))
        .commit();
    let shown = env.run(&["show", "acme"]).ok();
    assert!(shown.stderr.contains("log/0003: its votes don't carry it"), "{shown}");
}
