//! review, approve, reject, withdraw, status: from an application to its decision.

use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

const MET: [&str; 6] = ["--authenticity", "met", "--url", "met", "--relevance", "met"];

fn review(env: &TestEnv, who: &str, vote: &str) -> crate::env::Output {
    let mut args = vec!["review", "acme", "--as", who, "--vote", vote];
    args.extend(MET);
    env.run(&args)
}

#[test]
fn two_members_decide_and_the_trail_tells_it() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(env.run(&["status", "acme"]).ok().stdout, str![]);
    assert_data_eq!(review(&env, "alice", "approve").to_string(), str![]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "bob", "--note", "known from KubeCon"]).to_string(), str![]);
    assert_data_eq!(env.run(&["status", "acme"]).ok().stdout, str![]);
    assert_data_eq!(env.run(&["show", "acme"]).ok().stdout, str![]);
    assert_data_eq!(env.git(&["log", "--format=%an: %s", "main"]), str![]);
    assert_data_eq!(env.git(&["log", "-1", "--format=%B", "main"]), str![]);
    assert_eq!(env.git(&["branch", "--list"]), "* main\n", "the proposal is closed");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn the_message_ends_with_the_very_block_of_the_file() {
    let env = TestEnv::with_partner();
    let file = env.git(&["show", "main:data/partners/acme/log/0002"]);
    let message = env.git(&["log", "-1", "--format=%B", "main"]);
    assert!(message.contains(&format!("\n\n{file}Signed-off-by: bob <bob@users.noreply.github.com>\n")), "{message}");
}

#[test]
fn one_member_alone_adds_a_vote_and_learns_what_is_missing() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(env.run(&["approve", "acme", "--as", "alice"]).to_string(), str![]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "ALICE"]).to_string(), str![]);
    assert_eq!(env.state("acme"), "applied");
}

#[test]
fn a_decision_run_again_by_its_maker_is_no_error() {
    let env = TestEnv::with_partner();
    let before = env.git(&["for-each-ref"]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "bob"]).to_string(), str![]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "alice"]).to_string(), str![]);
    assert_eq!(env.git(&["for-each-ref"]), before);
}

#[test]
fn who_may_not_vote_is_told_who_may() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(review(&env, "mallory", "approve").to_string(), str![]);
    assert_data_eq!(review(&env, "erin", "approve").to_string(), str![]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "acme-bot"]).to_string(), str![]);
}

#[test]
fn a_vote_of_the_applicants_own_is_recorded_and_not_counted() {
    let env = TestEnv::with_registry();
    env.apply("Globex").ok().code.unwrap();
    assert_data_eq!(env.run(&["approve", "globex", "--as", "carol"]).to_string(), str![]);
    env.run(&["approve", "globex", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("globex"), "applied", "carol's vote doesn't count");
    // Nor does she write the decision down that others carry.
    let mut args = vec!["review", "globex", "--as", "bob", "--vote", "approve"];
    args.extend(MET);
    env.run(&args).ok().code.unwrap();
    assert_data_eq!(env.run(&["approve", "globex", "--as", "carol"]).to_string(), str![]);
    env.run(&["approve", "globex", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("globex"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_vote_binds_what_it_was_cast_on() {
    let env = TestEnv::with_applicant();
    review(&env, "alice", "approve").ok().code.unwrap();
    let amended = env.run(&["update", "acme", "--website", "https://evil.example", "--as", "acme-bot"]);
    assert_data_eq!(amended.to_string(), str![]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "bob"]).to_string(), str![]);
    assert_data_eq!(env.run(&["review", "acme"]).ok().stdout, str![]);
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    let votes = env.git(&["ls-tree", "-r", "--name-only", "main", "data/partners/acme/votes"]);
    assert_data_eq!(votes, str![]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_member_may_change_their_mind() {
    let env = TestEnv::with_applicant();
    review(&env, "alice", "reject").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_data_eq!(env.run(&["approve", "acme", "--as", "alice"]).to_string(), str![]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_vote_to_approve_cannot_stand_beside_a_principle_that_is_not_met() {
    let env = TestEnv::with_applicant();
    let args = [
        "review",
        "acme",
        "--as",
        "alice",
        "--authenticity",
        "met",
        "--url",
        "not-met",
        "--relevance",
        "met",
        "--vote",
        "approve",
    ];
    assert_data_eq!(env.run(&args).to_string(), str![]);
}

#[test]
fn without_a_terminal_everything_missing_is_named() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(env.run(&["review", "acme", "--as", "alice", "--url", "met"]).to_string(), str![]);
    assert_data_eq!(env.run(&["reject", "acme", "--as", "alice"]).to_string(), str![]);
}

#[test]
fn the_queue_is_shown_oldest_first() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(env.run(&["review"]).ok().stdout, str![]);
    env.apply("Beta").ok().code.unwrap();
    assert_data_eq!(env.run(&["review"]).ok().stdout, str![]);
    assert_eq!(env.run(&["review", "--json"]).ok().json()["waiting"][0]["slug"], "acme");
    assert_data_eq!(TestEnv::with_registry().run(&["review"]).ok().stdout, str![]);
}

#[test]
fn a_rejection_lands_its_log_and_votes_and_not_the_facts() {
    let env = TestEnv::with_applicant();
    env.run(&["reject", "acme", "--reason", "the page is about something else", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(env.run(&["reject", "acme", "--reason", "not about Karmada", "--as", "bob"]).to_string(), str![]);
    assert_data_eq!(env.git(&["ls-tree", "-r", "--name-only", "main", "data/partners"]), str![]);
    let history = env.git(&["log", "--name-only", "--format=", "main"]);
    assert!(!history.contains("logo.png") && !history.contains("partner.toml"), "{history}");
    assert!(env.git(&["ls-tree", "-r", "--name-only", "closed/acme/1"]).contains("logo.png"), "kept in the proposal");
    assert_data_eq!(env.run(&["status", "acme"]).ok().stdout, str![]);
    assert_data_eq!(env.run(&["list"]).ok().stdout, str![]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_applicant_may_withdraw() {
    let env = TestEnv::with_applicant();
    env.run(&["withdraw", "acme", "--as", "mallory"]).fails(4).code.unwrap();
    let args = ["withdraw", "acme", "--as", "acme-bot", "--reason", "not yet"];
    assert_data_eq!(env.run(&args).to_string(), str![]);
    assert_eq!(env.state("acme"), "withdrawn");
    assert_data_eq!(env.run(&args).to_string(), str![]);
    assert_data_eq!(env.run(&["approve", "acme", "--as", "alice"]).to_string(), str![]);
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn nothing_is_decided_about_nobody() {
    let env = TestEnv::with_applicant();
    for command in ["approve", "status", "show", "review", "withdraw"] {
        env.run(&[command, "acne", "--as", "alice"]).fails(3).code.unwrap();
    }
    assert_data_eq!(env.run(&["show", "acne"]).to_string(), str![]);
}

#[test]
fn a_proposal_that_touches_more_than_its_own_is_not_merged() {
    let env = TestEnv::with_applicant();
    env.git_at(".", &["clone", "--quiet", "--branch", "apply/acme", "registry.git", "checkout"]);
    env.write("checkout/data/program.toml", "schema = 1\n");
    env.git_at("checkout", &["commit", "--quiet", "--all", "--message", "also this"]);
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(env.run(&["approve", "acme", "--as", "bob"]).to_string(), str![]);
    assert_eq!(env.state("acme"), "applied");
}
