//! One commit takes back what was merged undecided, as a forge's "Revert" does: nothing decided is lost, and what votes are, is
//! told. Afterwards all is as if nobody had merged it.

use crate::env::{TestEnv, some};
use crate::plumbing::{Audit, Forged};

const ACME: &str = "data/partners/acme";

/// What waits, and who has voted on it: a registry, its branch, and what is left in it of a proposal's own.
type Case = (&'static str, fn() -> TestEnv, &'static str);

const CASES: [Case; 4] = [
    ("application", || voted(TestEnv::with_applicant(), &[&["approve", "acme", "--as", "alice"]]), "apply/acme"),
    (
        "update",
        || {
            let update = ["update", "acme", "--website", "https://casino.example", "--as", "acme-bot"];
            voted(two_vote_on_updates(), &[&update, &["approve", "acme", "--as", "alice"]])
        },
        "apply/acme",
    ),
    (
        "exit",
        || voted(TestEnv::with_partner(), &[&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]]),
        "exit/acme",
    ),
    (
        "policy",
        || {
            let env = TestEnv::with_partner();
            env.write("next.toml", env.file("data/program.toml").replace("Test Program", "Another Program"));
            let propose = ["program", "propose", "next.toml", "--as", "alice"];
            voted(env, &[&propose, &["approve", "program", "--as", "alice"]])
        },
        "policy/program",
    ),
];

const HOWS: [&[&str]; 3] = [
    &["merge", "--quiet", "--no-ff", "--message", "Merge pull request #1"],
    &["merge", "--quiet", "--squash"],
    &["merge", "--quiet", "--ff-only"],
];

fn two_vote_on_updates() -> TestEnv {
    let env = TestEnv::with_partner();
    env.change_policy(|policy| policy + "\n[decisions.update]\nquorum = 2\naffiliations = 2\n");
    env
}

fn voted(env: TestEnv, runs: &[&[&str]]) -> TestEnv {
    for run in runs {
        env.run(run).ok().code.unwrap();
    }
    env
}

/// Somebody merges a branch by hand, deletes it, and takes it back by one commit. Gives the commits of both.
fn merged_and_reverted(env: &TestEnv, branch: &str, how: &[&str]) -> (String, String) {
    env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    let before = env.head();
    let there = format!("origin/{branch}");
    env.git_at("checkout", &[how, &[&there]].concat());
    if how.contains(&"--squash") {
        env.git_at("checkout", &["commit", "--quiet", "--message", "Squashed (#1)"]);
    }
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD", &format!(":{branch}")]);
    let merged = env.head();
    // Something else comes between, or nobody would have noticed.
    env.forge().put("README.md", "x").commit();
    let tree = env.id(&["rev-parse", &format!("{before}:data")], "");
    let mut commit = env.forge();
    for line in env.git_exactly("registry.git", &["diff-tree", "-r", "--name-only", &before, &merged]).lines() {
        let had = env.git_exactly("registry.git", &["ls-tree", &before, "--", line]);
        commit = match had.split_whitespace().nth(2) {
            Some(id) => commit.entry("100644", line, id),
            None => commit.gone(line),
        };
    }
    let reverted = commit.message("Revert \"Merge pull request #1\"").commit();
    assert_eq!(env.id(&["rev-parse", "main:data"], ""), tree);
    std::fs::remove_dir_all(env.path("checkout")).unwrap();
    (merged, reverted)
}

/// A commit that takes away all that stands below a directory.
fn without<'e>(env: &'e TestEnv, directory: &str) -> Forged<'e> {
    let all = env.git_exactly("registry.git", &["ls-tree", "-r", "--name-only", "main", "--", directory]);
    all.lines().fold(env.forge(), Forged::gone)
}

#[track_caller]
fn no_errors(env: &TestEnv, case: &str) -> Audit {
    let audit = env.audit();
    assert!(audit.findings.iter().all(|f| f.severity != "error"), "{case}:\n{}", audit.words);
    assert_eq!(env.problems(), [""; 0], "{case}");
    audit
}

#[test]
fn one_commit_takes_back_what_nobody_decided_and_its_votes_are_told() {
    for (name, make, branch) in CASES {
        for how in some(2, HOWS) {
            let case = format!("{name} {how:?}");
            let env = make();
            let (merged, reverted) = merged_and_reverted(&env, branch, how);
            let audit = no_errors(&env, &case);
            audit.tells("warning", &reverted, "taken-back", &case);
            // It may come by a pull request of somebody who decides.
            let (before, root) = (format!("{reverted}^"), if name == "policy" { "data/program" } else { ACME });
            let base = |who| env.run(&["check", "--base", &before, "--head", &reverted, "--actor", who]);
            let told = base("bob").ok();
            assert!(told.stdout.contains(&format!("{root}: warning[taken-back]: what nobody")), "{case}: {told}");
            let told = base("acme-bot").fails(1);
            assert!(told.stdout.contains("isn't a member of the committee"), "{case}: {told}");
            assert!(audit.words.contains("and with it the votes of alice (approve)"), "{case}:\n{}", audit.words);
            let undecided = audit.findings.iter().filter(|f| f.rule == "undecided").count();
            assert_eq!(undecided, 1, "{case}: {merged}\n{}", audit.words);
            assert!(audit.words.contains("; taken back after it was merged, in commit "), "{case}:\n{}", audit.words);
        }
    }
}

/// Nobody is kept from proposing the same again, and it is decided as if nothing had been.
#[test]
fn what_was_taken_back_can_be_proposed_again() {
    let again: [&[&[&str]]; 4] = [
        &[&["approve", "acme", "--as", "alice"], &["approve", "acme", "--as", "bob"]],
        &[
            &["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"],
            &["approve", "acme", "--as", "alice"],
            &["approve", "acme", "--as", "bob"],
        ],
        &[&["exit", "acme", "--kind", "inactive", "--reason", "x", "--as", "alice"], &["exit", "acme", "--as", "bob"]],
        &[
            &["program", "propose", "next.toml", "--as", "bob"],
            &["approve", "program", "--as", "alice"],
            &["approve", "program", "--as", "bob"],
        ],
    ];
    let ends = [
        vec!["applied", "approved"],
        vec!["applied", "approved", "updated"],
        vec!["applied", "approved", "exited"],
        vec!["founded", "updated"],
    ];
    for ((name, make, branch), (runs, end)) in CASES.into_iter().zip(again.into_iter().zip(ends)) {
        for how in some(2, HOWS) {
            let case = format!("{name} {how:?}");
            let env = make();
            merged_and_reverted(&env, branch, how);
            if name == "application" {
                env.apply("Acme").ok().code.unwrap();
            }
            for run in runs {
                env.run(run).ok().code.unwrap();
            }
            no_errors(&env, &case);
            assert_eq!(env.events(if name == "policy" { "program" } else { "acme" }), end, "{case}");
        }
    }
}

/// The branch may still be there, as where no button deletes it: it is open again.
#[test]
fn a_branch_that_was_kept_is_open_again() {
    for (name, make, branch) in CASES {
        let env = make();
        let kept = env.id(&["rev-parse", branch], "");
        merged_and_reverted(&env, branch, HOWS[0]);
        env.plumb(&["update-ref", &format!("refs/heads/{branch}"), &kept], "");
        let last: &[&str] = match name {
            "policy" => &["approve", "program", "--as", "bob"],
            "exit" => &["exit", "acme", "--as", "bob"],
            _ => &["approve", "acme", "--as", "bob"],
        };
        env.run(last).ok().code.unwrap();
        no_errors(&env, name);
    }
}

/// A revert of the revert: it stands there again, and waits.
#[test]
fn what_comes_back_waits_again() {
    for (name, make, branch) in CASES {
        let env = make();
        let (merged, _) = merged_and_reverted(&env, branch, HOWS[1]);
        let again = env.forge().take(&merged, "data").message("Revert \"Revert\"").commit();
        env.forge().put("README.md", "y").commit();
        env.audit().blames(&again, "undecided", name);
        let last: &[&str] = match name {
            "policy" => &["approve", "program", "--as", "bob"],
            "exit" => &["exit", "acme", "--as", "bob"],
            _ => &["approve", "acme", "--as", "bob"],
        };
        env.run(last).ok().code.unwrap();
        let audit = no_errors(&env, name);
        assert!(audit.words.contains("; decided after it was merged, by data/"), "{name}:\n{}", audit.words);
        let counted = audit.findings.iter().filter(|f| f.rule == "undecided").count();
        assert_eq!(counted, 2, "{name}\n{}", audit.words);
    }
}

/// As a forge's "Revert" of what was rebased: no button is known by which it is merged, and a rebase would bring each.
#[test]
fn it_is_not_taken_back_by_several_commits() {
    // Who asks for an exit does so by one commit.
    for (name, make, branch) in CASES.into_iter().filter(|(name, ..)| *name != "exit") {
        let env = make();
        env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
        let before = env.head();
        env.git_at("checkout", &[HOWS[2], &[&format!("origin/{branch}")]].concat());
        env.git_at("checkout", &["push", "--quiet", "origin", "HEAD", &format!(":{branch}")]);
        let (stands, back) = (env.head(), format!("{before}..HEAD"));
        env.git_at("checkout", &["checkout", "--quiet", "-b", "back"]);
        env.git_at("checkout", &["revert", "--no-edit", &back]);
        env.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
        assert_eq!(env.id(&["rev-list", "--count", &format!("{stands}..back")], ""), "2", "{name}");
        let check = || env.run(&["check", "--base", &stands, "--head", "back", "--actor", "bob"]);
        let refused = check().fails(1);
        let way = "git reset --soft [COMMIT], git commit, and git push --force";
        assert!(refused.stdout.contains("error[taken-back]: what nobody"), "{name}: {refused}");
        assert!(refused.stdout.contains(way), "{name}: {refused}");
        env.git(&["update-ref", "refs/heads/main", "back"]);
        assert!(env.audit().findings.iter().any(|f| f.severity == "error"), "{name}: that is why");
        // As it is told: the branch may have caught up meanwhile, which a rebase leaves out.
        env.set_head(&stands);
        env.git_at("checkout", &["reset", "--quiet", "--soft", &stands]);
        env.git_at("checkout", &["commit", "--quiet", "--message", "Revert"]);
        env.forge().put("README.md", "x").commit();
        env.git_at("checkout", &["pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main"]);
        env.git_at("checkout", &["push", "--quiet", "--force", "origin", "HEAD"]);
        assert!(check().ok().stdout.contains("warning[taken-back]"), "{name}");
        // What a merge takes away by itself is left out as well.
        let (caught_up, main) = (env.id(&["rev-parse", "back"], ""), env.id(&["rev-parse", "back^2"], ""));
        let tree = format!("{caught_up}^{{tree}}");
        let by_merge = env.id(&["commit-tree", &tree, "-p", &stands, "-p", &main, "-m", "Merge"], "");
        env.git(&["update-ref", "refs/heads/back", &by_merge]);
        assert!(check().fails(1).stdout.contains("error[taken-back]"), "{name}");
        env.git(&["update-ref", "refs/heads/back", &caught_up]);
        env.git_at("checkout", &["push", "--quiet", "origin", "HEAD:main"]);
        no_errors(&env, name);
    }
}

/// What is done, which files go, and what is found.
type Taken<'a> = (&'a str, Vec<&'a str>, String);

/// All of it, or it is tidying up by hand.
#[test]
fn a_part_of_it_is_not_taken_back() {
    let env = voted(TestEnv::with_applicant(), &[&["approve", "acme", "--as", "alice"]]);
    let before = env.head();
    env.forge().take("apply/acme", ACME).commit();
    let stands = env.forge().put("README.md", "x").commit();
    let (log, vote) = (format!("{ACME}/log/0001"), format!("{ACME}/votes/1/alice"));
    let facts = [format!("{ACME}/partner.toml"), format!("{ACME}/logo.png")];
    let cases: [Taken<'_>; 4] = [
        ("its facts stay", vec![&log, &vote], format!("log-changed {log}")),
        ("its event stays", vec![&vote, &facts[0], &facts[1]], format!("vote-changed {vote}")),
        ("its vote stays", vec![&log, &facts[0], &facts[1]], format!("log-changed {log}")),
        ("a vote goes alone", vec![&vote], format!("vote-changed {vote}")),
    ];
    for (case, paths, finding) in cases {
        let commit = paths.into_iter().fold(env.forge(), Forged::gone).commit();
        env.audit().blames(&commit, &finding, case);
        env.run(&["check", "--base", &stands, "--head", &commit, "--actor", "bob"]).fails(1).code.unwrap();
        env.set_head(&stands);
    }
    env.set_head(&before);
    // Of an update: its votes go, and its facts stay.
    let env = CASES[1].1();
    env.forge().take("apply/acme", ACME).commit();
    env.forge().put("README.md", "x").commit();
    let commit = ["acme-bot", "alice"].iter().fold(env.forge(), |c, who| c.gone(&format!("{ACME}/votes/2/{who}")));
    let commit = commit.commit();
    env.audit().blames(&commit, &format!("vote-changed {ACME}/votes/2/alice"), "an update's facts stay");
}

/// Two that were made at one moment have one round, and it is taken back whole.
#[test]
fn two_of_one_round_are_taken_back_at_once() {
    let env = two_vote_on_updates();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).ok().code.unwrap();
    let exit = env.id(&["rev-parse", "exit/acme"], "");
    env.plumb(&["update-ref", "-d", "refs/heads/exit/acme"], "");
    for run in [
        &["update", "acme", "--website", "https://new.example", "--as", "acme-bot"][..],
        &["approve", "acme", "--as", "bob"],
    ] {
        env.run(run).code.unwrap();
    }
    let tree = env.id(&["rev-parse", "main^{tree}"], "");
    let update = env.id(&["rev-parse", "apply/acme"], "");
    env.forge().take(&exit, ACME).commit();
    env.forge().take(&update, ACME).commit();
    env.plumb(&["update-ref", "-d", "refs/heads/apply/acme"], "");
    let status = env.run(&["status", "acme"]).ok();
    assert!(status.stdout.contains("take back both by one commit"), "{status}");
    assert!(!status.stdout.contains("decide that one first"), "{status}");
    let gone = env.id(&["commit-tree", &tree, "-p", "main", "-m", "Revert both"], "");
    env.set_head(&gone);
    no_errors(&env, "both").tells("warning", &gone, "taken-back", "both");
}

#[test]
fn what_was_decided_is_not_taken_back() {
    let env = TestEnv::with_partner();
    let gone = without(&env, ACME).commit();
    env.run(&["check", "--base", "main^", "--head", "main", "--actor", "bob"]).fails(1).code.unwrap();
    let audit = env.audit();
    for path in ["log/0001", "log/0002"] {
        audit.blames(&gone, &format!("log-changed {ACME}/{path}"), "a partner");
    }
    audit.blames(&gone, &format!("vote-changed {ACME}/votes/1/alice"), "a partner");

    // What nobody decided, and a decision on somebody else, in one commit.
    let env = TestEnv::with_partner();
    env.apply("Newco").ok().code.unwrap();
    env.forge().take("apply/newco", "data/partners/newco").commit();
    env.forge().put("README.md", "x").commit();
    let commit = without(&env, "data/partners/newco");
    let commit = commit.gone(&format!("{ACME}/log/0002")).commit();
    let audit = env.audit();
    audit.tells("warning", &commit, "taken-back", "newco goes");
    audit.blames(&commit, &format!("log-changed {ACME}/log/0002"), "acme's decision");

    // What nobody decided, and what was decided on the same.
    let env = CASES[2].1();
    env.forge().take("exit/acme", ACME).commit();
    env.forge().put("README.md", "x").commit();
    let commit = env.forge().gone(&format!("{ACME}/votes/2/alice")).gone(&format!("{ACME}/votes/1/alice")).commit();
    let audit = env.audit();
    audit.blames(&commit, &format!("vote-changed {ACME}/votes/1/alice"), "a vote that decided");
    audit.blames(&commit, &format!("vote-changed {ACME}/votes/2/alice"), "one beside it");
}

/// What a stranger put on the branch doesn't stay an error for ever.
#[test]
fn what_was_wrong_with_it_goes_with_it() {
    let env = TestEnv::with_applicant();
    let vote = format!("{ACME}/votes/1/alice");
    env.forge().take("apply/acme", ACME).put(&vote, "not a vote\n").commit();
    env.forge().put("README.md", "x").commit();
    let gone = without(&env, ACME).commit();
    let audit = no_errors(&env, "junk");
    audit.tells("warning", &gone, "taken-back", "junk");
    assert!(audit.words.contains("and no vote with it"), "{}", audit.words);
    assert!(audit.findings.iter().any(|f| f.rule == "vote-format" && f.severity == "repaired"), "{}", audit.words);
    // But that a vote was rewritten stays.
    let env = voted(TestEnv::with_applicant(), &[&["approve", "acme", "--as", "alice"]]);
    env.forge().take("apply/acme", ACME).commit();
    let changed = env.forge().put(&vote, env.file(&format!("apply/acme:{vote}")).replace("approve", "reject")).commit();
    without(&env, ACME).commit();
    env.audit().blames(&changed, &format!("vote-changed {vote}"), "a vote was rewritten");
}

/// The commit before, as a revert makes it: all that the last one brought is taken back.
fn reverted(env: &TestEnv) {
    let tree = env.id(&["rev-parse", "main^1^{tree}"], "");
    let commit = env.id(&["commit-tree", &tree, "-p", "main", "-m", "Revert \"it\""], "");
    env.set_head(&commit);
}

/// What is decided, the event that says so, and what somebody tries then: the words, and who.
type Story<'a> = (&'a dyn Fn(&TestEnv), &'a str, [(&'a str, &'a str); 2]);

/// What was decided isn't taken back: nobody adds to what lost a decision, and its mend is what is said.
#[test]
fn who_takes_back_a_decision_holds_up_what_it_was_about_until_it_is_back() {
    let run = |env: &TestEnv, words: &str, who: &str| {
        env.run(&[&words.split(' ').collect::<Vec<_>>()[..], &["--as", who]].concat())
    };
    let retire = |env: &TestEnv| {
        run(env, "program propose --retire carol", "alice").ok().code.unwrap();
        run(env, "approve program", "bob").ok().code.unwrap();
        run(env, "approve program", "alice").ok().code.unwrap();
    };
    let expel = |env: &TestEnv| {
        run(env, "exit acme --kind breach --reason x", "alice").ok().code.unwrap();
        run(env, "exit acme", "bob").ok().code.unwrap();
    };
    let stories: [Story<'_>; 2] = [
        (
            &expel,
            "data/partners/acme/log/0003",
            [("jobs add acme --title Engineer", "acme-bot"), ("exit acme --kind breach --reason y", "carol")],
        ),
        (
            &retire,
            "data/program/log/0002",
            [("exit acme --kind breach --reason y", "carol"), ("jobs add acme --title Engineer", "acme-bot")],
        ),
    ];
    for (decide, lost, tried) in stories {
        let env = TestEnv::with_partner();
        decide(&env);
        reverted(&env);
        let found = env.problems();
        assert!(found.contains(&format!("log-lost {lost}")), "{found:?}");
        for (words, who) in tried {
            let refused = run(&env, words, who).fails(1);
            assert!(
                refused.stderr.contains("was decided, and commit") && refused.stderr.contains("git revert"),
                "{refused}"
            );
        }
        // As the hint says.
        reverted(&env);
        assert_eq!(env.problems(), [""; 0]);
        assert!(env.audit().findings.iter().all(|f| f.severity != "error"));
        let (words, who) = ("benefit add acme --kind exposure --on 2026-09-21 --what talk", "alice");
        let goes_on = run(&env, words, who);
        assert!(!goes_on.stderr.contains("took it off"), "{goes_on}");
    }
}

/// GitHub's buttons revert by a merge, and git reverts one only if it is told which side stays.
#[test]
fn what_a_merge_took_away_comes_back_as_the_hint_says() {
    let env = TestEnv::with_partner();
    for who in ["alice", "bob"] {
        env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", who]).ok().code.unwrap();
    }
    let tree = env.id(&["rev-parse", "main^1^{tree}"], "");
    let side = env.id(&["commit-tree", &tree, "-p", "main", "-m", "Revert \"it\""], "");
    let merge = env.id(&["commit-tree", &tree, "-p", "main", "-p", &side, "-m", "Merge pull request #9"], "");
    env.set_head(&merge);
    let refused = env.run(&["jobs", "add", "acme", "--title", "Engineer", "--as", "acme-bot"]);
    let (_, hint) = refused.stderr.split_once("bring it back: git ").unwrap();
    let hint = hint.split_once(", and push").unwrap().0.replace("[COMMIT]", &merge);
    env.edit("by hand", |checkout| {
        env.git_at(checkout.to_str().unwrap(), &hint.split(' ').chain(["--no-edit"]).collect::<Vec<_>>());
        std::fs::write(checkout.join("README.md"), "back\n").unwrap();
    });
    assert_eq!(env.problems(), [""; 0]);
}
