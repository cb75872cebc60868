//! Several who apply under one name, on a registry without a forge: each has a branch, and nobody decides on one of them
//! without saying which.

use crate::env::{Output, TestEnv};

const SITE: &str = "https://other.example/karmada";

fn applies(env: &TestEnv, contact: &str, site: &str) -> Output {
    env.run(&["apply", "--name", "Acme", "--website", site, "--github", contact, "--logo", "logo.png"])
}

/// `acme-bot` and `other-bot` both apply as `acme`.
fn contested() -> TestEnv {
    let env = TestEnv::with_applicant();
    applies(&env, "other-bot", SITE).ok().code.unwrap();
    env
}

fn branches(env: &TestEnv) -> String {
    env.git(&["for-each-ref", "--format=%(refname:short)", "refs/heads/apply"]).trim().to_owned()
}

fn record(env: &TestEnv) -> String {
    env.git(&["show", "main:data/partners/acme/partner.toml"])
}

#[test]
fn a_second_claimant_is_told_and_has_a_branch_of_its_own() {
    let env = TestEnv::with_applicant();
    let sent = applies(&env, "other-bot", SITE).ok();
    let told = "another application for acme is open: Acme (application, https://acme.example/karmada) by acme-bot, since 2026-";
    assert_eq!(sent.stderr.matches(told).count(), 1, "{sent}");
    assert!(sent.stdout.contains(" on apply/acme.2\n"), "{sent}");
    let third = applies(&env, "third-bot", "https://third.example").ok();
    assert_eq!(third.stderr.matches("another application for acme is open").count(), 2, "{third}");
    assert_eq!(branches(&env), "apply/acme\napply/acme.2\napply/acme.3");
    // Each goes on with its own.
    assert!(applies(&env, "other-bot", SITE).ok().stdout.starts_with("Nothing to do"));
    let refused = applies(&env, "other-bot", "https://new.example").fails(1);
    assert!(refused.stderr.contains("an application for acme waits already"), "{refused}");
    let sent = env.run(&["update", "acme", "--website", "https://new.example", "--as", "other-bot"]).ok();
    assert!(sent.stdout.contains(" on apply/acme.2\n"), "{sent}");
    let change = env.git(&["show", "apply/acme.2:data/partners/acme/partner.toml"]);
    assert!(change.contains("https://new.example"), "{change}");
    // One log comes on record: what one takes back would end the others, too.
    let refused = env.run(&["withdraw", "acme", "--as", "third-bot"]).fails(1);
    assert!(refused.stderr.contains("would end that one, too"), "{refused}");
    assert_eq!(branches(&env), "apply/acme\napply/acme.2\napply/acme.3");
}

#[test]
fn nobody_decides_on_one_of_several_without_saying_which() {
    let env = contested();
    let before = env.git(&["for-each-ref"]);
    for args in [
        &["approve", "acme", "--as", "alice"][..],
        &["reject", "acme", "--reason", "no", "--as", "alice"],
        &["review", "acme"],
        &[
            "review",
            "acme",
            "--authenticity",
            "met",
            "--url",
            "met",
            "--relevance",
            "met",
            "--vote",
            "approve",
            "--as",
            "alice",
        ],
        &["withdraw", "acme", "--as", "alice"],
        &["update", "acme", "--email", "", "--as", "alice"],
        &["show", "acme"],
        &["evidence", "acme", "--offline"],
    ] {
        let refused = env.run(args).fails(1);
        for said in [
            "apply/acme: Acme",
            "apply/acme.2: Acme",
            "by acme-bot, since",
            "by other-bot, since",
            SITE,
            "--branch BRANCH",
        ] {
            assert!(refused.stderr.contains(said), "{said}: {refused}");
        }
    }
    let refused = env.run(&["approve", "acme", "--branch", "apply/acme.3", "--as", "alice"]).fails(1);
    assert!(refused.stderr.contains("the branch “apply/acme.3” proposes nothing about acme"), "{refused}");
    assert_eq!(env.git(&["for-each-ref"]), before);

    // What only tells, tells of both.
    let status = env.run(&["status", "acme"]).ok();
    let waiting = env.run(&["list", "--proposals"]).ok();
    let queue = env.run(&["review"]).ok();
    for said in [&status, &waiting, &queue] {
        assert!(said.stdout.contains("apply/acme.2") && said.stdout.matches("apply/acme").count() >= 2, "{said}");
    }
    assert!(status.stdout.contains(SITE), "{status}");
    let json = env.run(&["review", "--json"]).ok().json();
    let branches: Vec<_> = json["waiting"].as_array().unwrap().iter().map(|p| p["branch"].clone()).collect();
    assert_eq!(branches, ["apply/acme", "apply/acme.2"]);
    assert_eq!(env.run(&["list", "--json"]).ok().json()["partners"].as_array().unwrap().len(), 2);
}

#[test]
fn votes_stay_with_the_application_that_they_are_on() {
    let env = contested();
    env.run(&["approve", "acme", "--branch", "apply/acme.2", "--as", "alice"]).ok().code.unwrap();
    // Now one alone has votes that count: it is meant, and the other is told.
    let shown = env.run(&["show", "acme"]).ok();
    assert!(shown.stdout.contains(SITE), "{shown}");
    let told =
        "not this one, which asks under the same name: apply/acme: Acme (application, https://acme.example/karmada)";
    assert_eq!(shown.stderr.matches(told).count(), 1, "{shown}");
    env.run(&["approve", "acme", "--branch", "apply/acme", "--as", "carol"]).ok().code.unwrap();
    // Both have one now.
    let refused = env.run(&["approve", "acme", "--as", "bob"]).fails(1);
    assert_eq!(refused.stderr.matches("votes that count: 1 in favor").count(), 2, "{refused}");
    env.run(&["approve", "acme", "--branch", "apply/acme.2", "--as", "bob"]).ok().code.unwrap();
    assert!(record(&env).contains(SITE));
    env.audit().is_clean();
    // Run again, it is about what was done, and not about the one that is left.
    let again = env.run(&["approve", "acme", "--as", "bob"]).ok();
    assert!(again.stdout.starts_with("Nothing to do: "), "{again}");
    let refused = env.run(&["approve", "acme", "--branch", "apply/acme", "--as", "bob"]).fails(1);
    assert!(refused.stderr.contains("another application for acme landed"), "{refused}");
    let refused = env.run(&["approve", "acme", "--as", "carol"]).fails(1);
    assert!(refused.stderr.contains("another application for acme landed"), "{refused}");

    // The other can't land any more: that is told, with how it is closed, and hides nothing.
    let close = "hint: close it: on GitHub its pull request, elsewhere git push REGISTRY --delete apply/acme";
    let waiting = env.run(&["list", "--proposals"]).ok();
    assert!(waiting.stderr.contains("another application for acme landed"), "{waiting}");
    assert!(waiting.stderr.contains(close), "{waiting}");
    let problems = env.run(&["check"]).ok();
    assert!(problems.stdout.contains("apply/acme") && problems.stdout.contains(close), "{problems}");
    env.run(&["update", "acme", "--website", "https://new.example", "--as", "other-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert!(record(&env).contains("https://new.example"));
    assert_eq!(branches(&env), "");
    env.audit().is_clean();
}

/// A vote against one says nothing of the other, and doesn't make it the one that the next is in favor of; nor do votes in favor of
/// one make it the one that somebody is against.
#[test]
fn a_vote_against_one_selects_none() {
    let env = contested();
    env.run(&["reject", "acme", "--reason", "not theirs", "--branch", "apply/acme.2", "--as", "carol"])
        .ok()
        .code
        .unwrap();
    let before = env.git(&["for-each-ref"]);
    let judged = ["--authenticity", "met", "--url", "met", "--relevance", "met"];
    let commands: [&[&str]; 5] = [
        &["approve", "acme"],
        &["reject", "acme", "--reason", "no"],
        &["review", "acme", "--vote", "approve"],
        &["review", "acme", "--vote", "abstain"],
        &["show", "acme"],
    ];
    for words in commands {
        let judged = if words[0] == "review" { judged.as_slice() } else { &[] };
        let refused = env.run(&[words, judged, &["--as", "alice"]].concat()).fails(1);
        assert!(refused.stderr.contains("votes that count: 0 in favor, 1 against"), "{refused}");
        assert!(refused.stderr.contains("hint: say which one is meant with --branch BRANCH"), "{refused}");
    }
    assert_eq!(env.git(&["for-each-ref"]), before);

    let env = contested();
    env.run(&["approve", "acme", "--branch", "apply/acme.2", "--as", "alice"]).ok().code.unwrap();
    let before = env.git(&["for-each-ref"]);
    let against: [&[&str]; 2] = [&["reject", "acme", "--reason", "no"], &["review", "acme", "--vote", "reject"]];
    for words in against {
        let judged = if words[0] == "review" { judged.as_slice() } else { &[] };
        let refused = env.run(&[words, judged, &["--as", "bob"]].concat()).fails(1);
        assert!(refused.stderr.contains("hint: say which one is meant with --branch BRANCH"), "{refused}");
    }
    assert_eq!(env.git(&["for-each-ref"]), before);
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert!(record(&env).contains(SITE));
}

/// To reject one puts that on record, and the other begins anew on what is there then.
#[test]
fn who_is_left_applies_again() {
    let env = contested();
    for member in ["alice", "bob"] {
        let args = ["reject", "acme", "--reason", "not theirs", "--branch", "apply/acme.2", "--as", member];
        env.run(&args).ok().code.unwrap();
    }
    assert_eq!(env.events("acme").last().map(String::as_str), Some("rejected"));
    let again = env.run(&["reject", "acme", "--reason", "not theirs", "--as", "bob"]).ok();
    assert!(again.stdout.starts_with("Nothing to do: "), "{again}");
    applies(&env, "acme-bot", "https://acme.example/karmada").ok().code.unwrap();
    env.decide("acme");
    assert!(record(&env).contains("https://acme.example/karmada"));
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_row_of_a_batch_says_which() {
    let env = contested();
    env.write("rows.csv", "do,partner,as\napprove,acme,alice\n");
    let refused = env.run(&["batch", "rows.csv"]).fails(1);
    assert!(refused.stderr.contains("several propose something about acme"), "{refused}");
    env.write("rows.csv", "do,partner,branch,as\napprove,acme,apply/acme.2,alice\napprove,acme,apply/acme.2,bob\n");
    env.run(&["batch", "rows.csv"]).ok().code.unwrap();
    assert!(record(&env).contains(SITE));
}

/// A name of a proposal is never passed over, as where nothing is open.
#[test]
fn what_is_named_and_not_open_is_refused() {
    let env = TestEnv::with_partner();
    for args in [
        &["show", "acme"][..],
        &["evidence", "acme", "--offline"],
        &["update", "acme", "--website", "https://new.example", "--as", "acme-bot"],
        &["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"],
        &["exit", "acme", "--kind", "voluntary", "--reason", "x", "--as", "acme-bot"],
        &["approve", "acme", "--as", "carol"],
        &["reject", "acme", "--reason", "x", "--as", "carol"],
        &["review", "acme"],
    ] {
        for which in [["--branch", "apply/acme.7"], ["--pull-request", "7"]] {
            let refused = env.run(&[args, &which].concat()).fails(1);
            assert!(refused.stderr.contains(" proposes nothing about acme"), "{args:?}: {refused}");
        }
    }
    assert_eq!(branches(&env), "");
}
