//! What somebody merged, and nobody decided: it says so, and can be decided from where it stands.

use crate::env::TestEnv;

const ACME: &str = "data/partners/acme";

/// Somebody merges a proposal, as a button or a bot does; `how`: the arguments of git.
fn merged(env: &TestEnv, how: &[&str]) {
    env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    env.git_at("checkout", &[how, &["origin/apply/acme"]].concat());
    if how.contains(&"--squash") {
        env.git_at("checkout", &["commit", "--quiet", "--message", "Acme applies (#1)"]);
    }
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD", ":apply/acme"]);
}

const HOWS: [&[&str]; 3] = [
    &["merge", "--quiet", "--no-ff", "--message", "Merge pull request #1"],
    &["merge", "--quiet", "--squash"],
    &["merge", "--quiet", "--ff-only"],
];

#[test]
fn it_is_told_and_approved_where_it_stands_with_the_votes_that_came_along() {
    for how in HOWS {
        let env = TestEnv::with_applicant();
        env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
        merged(&env, how);
        let status = env.run(&["status", "acme"]).ok();
        assert!(status.stdout.contains("It stands on the default branch, and not decided: merged "), "{status}");
        let shown = env.run(&["review", "acme"]).ok();
        assert!(shown.stdout.contains("It stands on the default branch, and not decided: merged "), "{shown}");
        assert!(shown.stdout.contains("alice (Umbrella): approve"), "{shown}");
        env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
        assert_eq!(env.state("acme"), "active");
        assert_eq!(env.problems(), [""; 0]);
        let audit = env.audit();
        assert!(audit.findings.iter().all(|f| f.severity != "error"), "{how:?}\n{}", audit.words);
    }
}

/// Votes that come after it are cast on its branch again, and the decision takes them along.
#[test]
fn it_is_voted_on_by_one_after_the_other() {
    let env = TestEnv::with_applicant();
    merged(&env, HOWS[0]);
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "applied");
    env.run(&[
        "review",
        "acme",
        "--vote",
        "reject",
        "--authenticity",
        "unsure",
        "--url",
        "met",
        "--relevance",
        "met",
        "--as",
        "carol",
    ])
    .ok()
    .code
    .unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
    let audit = env.audit();
    assert!(audit.findings.iter().all(|f| f.severity != "error"), "{}", audit.words);
}

#[test]
fn turned_down_or_taken_back_its_facts_go() {
    for last in [&["reject", "acme", "--reason", "no", "--as", "bob"][..], &["withdraw", "acme", "--as", "acme-bot"]] {
        let env = TestEnv::with_applicant();
        env.run(&["reject", "acme", "--reason", "no", "--as", "alice"]).ok().code.unwrap();
        merged(&env, HOWS[1]);
        env.run(last).ok().code.unwrap();
        let left = env.git(&["ls-tree", "-r", "--name-only", "main", ACME]);
        assert!(!left.contains("partner.toml") && !left.contains("logo.png"), "{left}");
        assert_eq!(env.problems(), [""; 0], "{last:?}");
        let audit = env.audit();
        assert!(audit.findings.iter().all(|f| f.severity != "error"), "{last:?}\n{}", audit.words);
    }
}

#[test]
fn it_can_still_be_amended() {
    let env = TestEnv::with_applicant();
    merged(&env, HOWS[0]);
    env.run(&["apply", "--name", "Acme", "--website", "https://x.example", "--github", "x", "--logo", "logo.png"])
        .fails(1)
        .code
        .unwrap();
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    env.decide("acme");
    assert_eq!(env.events("acme"), ["applied", "amended", "approved"]);
    assert!(env.file(&format!("{ACME}/partner.toml")).contains("https://acme.example/new"));
    assert_eq!(env.problems(), [""; 0]);
    let audit = env.audit();
    assert!(audit.findings.iter().all(|f| f.severity != "error"), "{}", audit.words);
}

/// An update, or an exit, that a button merged: the facts aren't in force, and the committee says what becomes of it.
#[test]
fn an_update_and_an_exit_that_were_merged_are_decided_too() {
    let button = |env: &TestEnv, branch: &str| {
        env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
        let branch_there = format!("origin/{branch}");
        env.git_at("checkout", &["merge", "--quiet", "--no-ff", "--message", "Merge pull request", &branch_there]);
        env.git_at("checkout", &["push", "--quiet", "origin", "HEAD", &format!(":{branch}")]);
    };
    let sound = |env: &TestEnv| {
        assert_eq!(env.problems(), [""; 0]);
        let audit = env.audit();
        assert!(audit.findings.iter().all(|f| f.severity != "error"), "{}", audit.words);
    };
    for approve in [true, false] {
        let env = TestEnv::with_partner();
        env.run(&["update", "acme", "--website", "https://casino.example", "--as", "acme-bot"]).ok().code.unwrap();
        button(&env, "apply/acme");
        let status = env.run(&["status", "acme"]).ok();
        assert!(status.stdout.contains("An update of Acme (acme) waits for a decision"), "{status}");
        match approve {
            true => env.run(&["approve", "acme", "--as", "bob"]),
            false => env.run(&["reject", "acme", "--reason", "no casinos", "--as", "bob"]),
        }
        .ok()
        .code
        .unwrap();
        let record = env.file(&format!("{ACME}/partner.toml"));
        assert_eq!(record.contains("casino"), approve, "{record}");
        sound(&env);
    }
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    button(&env, "exit/acme");
    env.run(&["exit", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    sound(&env);
}

/// Facts that came to nothing don't stay where those stand with which a partner left.
#[test]
fn what_was_turned_down_leaves_no_facts_behind() {
    let env = TestEnv::with_partner();
    for words in [
        &["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"][..],
        &["exit", "acme", "--as", "bob"],
    ] {
        env.run(words).ok().code.unwrap();
    }
    env.run(&["update", "acme", "--website", "https://acme.example/x", "--as", "acme-bot"]).fails(1).code.unwrap();
    let apply =
        ["apply", "--name", "Acme", "--website", "https://acme.example/new", "--github", "acme-bot", "--slug", "acme"];
    env.run(&[&apply[..], &["--logo", "logo.png", "--as", "acme-bot"]].concat()).ok().code.unwrap();
    merged(&env, HOWS[1]);
    let standing = env.file(&format!("{ACME}/partner.toml"));
    for who in ["alice", "bob"] {
        env.run(&["reject", "acme", "--reason", "no", "--as", who]).ok().code.unwrap();
    }
    assert!(env.audit().findings.iter().all(|f| f.severity != "error"));
    // The same decision, by somebody who leaves the facts there.
    let decision = env.head();
    env.set_head(&format!("{decision}^1"));
    let kept = env.forge().take(&decision, ACME).put(&format!("{ACME}/partner.toml"), standing).commit();
    env.audit().blames(&kept, &format!("facts-unexplained {ACME}/partner.toml"), "facts that were turned down");
}

/// As in a clone in which somebody looks at a proposal, or where HEAD was set to one by mistake.
#[test]
fn a_proposal_is_no_default_branch_wherever_head_is() {
    let env = TestEnv::with_applicant();
    let main = env.head();
    env.git(&["symbolic-ref", "HEAD", "refs/heads/apply/acme"]);
    let row = env.run(&["list", "--json"]).ok().stdout;
    assert!(row.contains("\"applied\"") && !row.contains("\"undecided\": \"application\""), "{row}");
    assert!(env.run(&["approve", "acme", "--as", "alice"]).ok().stdout.contains("vote"));
    assert!(env.run(&["approve", "acme", "--as", "bob"]).ok().stdout.contains("Decided"));
    assert_ne!(env.head(), main);
    env.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
    assert_eq!(env.state("acme"), "active");
    env.run(&["audit"]).ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "registry.git", "clone"]);
    env.git_at("clone", &["checkout", "--quiet", "-b", "apply/globex"]);
    env.git_at("clone", &["commit", "--quiet", "--allow-empty", "--message", "x"]);
    env.run(&["audit", "--registry", "clone"]).ok().code.unwrap();
    // Where no usual name is the default branch's, nobody guesses.
    env.git(&["branch", "--move", "main", "trunk"]);
    env.git(&["symbolic-ref", "HEAD", "refs/heads/closed/acme"]);
    let refused = env.run(&["list"]).fails(1);
    assert!(refused.stderr.contains("git symbolic-ref HEAD refs/heads/BRANCH"), "{refused}");
}

/// A decision would stand on no branch.
#[test]
fn nothing_is_decided_where_head_is_detached() {
    let env = TestEnv::with_applicant();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.git(&["update-ref", "--no-deref", "HEAD", &env.head()]);
    let before = env.git_exactly("registry.git", &["for-each-ref"]);
    let refused = env.run(&["approve", "acme", "--as", "bob"]);
    assert_ne!(refused.code, Some(0), "{refused}");
    assert!(refused.stderr.contains("names a commit and no branch"), "{refused}");
    assert_eq!(env.git_exactly("registry.git", &["for-each-ref"]), before);
    env.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
}
