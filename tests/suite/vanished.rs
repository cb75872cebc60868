//! A member's vote that was there and is gone: whoever may push, or has a merge button, silences nobody. What happens on a
//! proposal's branch is in `tamper_votes.rs`; here it stands on the default branch, where somebody merged it undecided.

use crate::env::{Output, TestEnv, some};
use crate::plumbing::{hash, with};
use crate::signed_work::{decide_signed, signed, with_key};

const HOWS: [&str; 3] = ["merged", "squashed", "rebased"];

/// What waits: its branch, what makes it wait, and the words that grant it and turn it down.
struct Case {
    name: &'static str,
    branch: &'static str,
    path: &'static str,
    make: fn() -> TestEnv,
    decide: [&'static [&'static str]; 2],
}

const CASES: [Case; 2] = [
    Case {
        name: "application",
        branch: "apply/acme",
        path: "data/partners/acme/votes/1/bob",
        make: || signed(""),
        decide: [&["approve", "acme"], &["reject", "acme", "--reason", "no"]],
    },
    Case {
        name: "exit",
        branch: "exit/acme",
        path: "data/partners/acme/votes/2/bob",
        make: || {
            let env = signed("");
            decide_signed(&env);
            let exit = ["exit", "acme", "--kind", "inactive", "--reason", "silent"];
            with_key(&env, "alice", "alice", &exit).ok().code.unwrap();
            env
        },
        decide: [&["exit", "acme"], &["reject", "acme", "--reason", "no"]],
    },
];

/// Bob is against it, and signs that.
fn against(env: &TestEnv) {
    with_key(env, "bob", "bob", &["reject", "acme", "--reason", "they sell pills"]).ok().code.unwrap();
}

/// It comes to the default branch undecided, and its branch is deleted.
fn land(env: &TestEnv, branch: &str, how: &str) {
    let side = env.id(&["rev-parse", branch], "");
    let whole = env.forge().take(branch, "data");
    match how {
        "merged" => drop(whole.parents(&["main", &side]).message("Merge pull request #1").commit()),
        "squashed" => drop(whole.message("Acme (#1)").commit()),
        _ => env.set_head(&side),
    }
    env.plumb(&["update-ref", "-d", &format!("refs/heads/{branch}")], "");
}

fn decided(env: &TestEnv, words: &[&str]) -> Output {
    with_key(env, "alice", "alice", words).code.unwrap();
    env.run(&[words, &["--as", "carol"]].concat())
}

#[track_caller]
fn is_told(env: &TestEnv, case: &Case, what: &str) {
    // From where the proposal is: what is said of it since waits on its branch again.
    let told = "a vote by bob is gone from ";
    let reads: [&[&str]; 4] = [&["status", "acme"], &["show", "acme"], &["review", "acme"], &["check"]];
    for words in reads {
        let said = env.run(words);
        assert!(said.stdout.contains(told) && said.stdout.contains(case.path), "{what}: {words:?}: {said}");
    }
    assert!(env.problems().contains(&format!("vote-lost {}", case.path)), "{what}");
    let before = env.head();
    for words in case.decide {
        let refused = decided(env, words).fails(1);
        assert!(refused.stderr.contains(told), "{what}: {refused}");
        assert!(refused.stderr.contains("hint: bring it back on "), "{what}: {refused}");
    }
    assert_eq!(env.head(), before, "{what}: nothing is decided");
}

#[test]
fn nothing_is_decided_while_a_vote_is_gone_from_where_it_stands() {
    for case in &CASES {
        for how in some(2, HOWS) {
            for over in [false, true] {
                let what = format!("{} {how}, written over: {over}", case.name);
                let env = (case.make)();
                against(&env);
                land(&env, case.branch, how);
                let vote = env.file(case.path);
                let mild = with(&vote, &[("Vote", "v1 abstain"), ("Signature", "")]);
                let had = env.head();
                match over {
                    true => env.forge().put(case.path, mild).commit(),
                    false => env.forge().gone(case.path).commit(),
                };
                // What comes later hides nothing.
                env.forge().put("README.md", "x").commit();
                is_told(&env, case, &what);
                // Brought back as the hint has it, it counts, and the rules decide: on the branch, where Alice's vote of a
                // moment ago is now; or on the default one, where that isn't.
                for on_branch in [true, false] {
                    match on_branch {
                        true => drop(env.forge_on(case.branch).put(case.path, &vote).commit_to(case.branch)),
                        false => {
                            env.plumb(&["update-ref", "-d", &format!("refs/heads/{}", case.branch)], "");
                            env.forge().take(&had, "data").commit();
                        }
                    }
                    assert!(!env.problems().iter().any(|p| p.starts_with("vote-lost")), "{what}");
                    let shown = env.run(&["show", "acme"]).ok();
                    assert!(shown.stdout.contains("bob (Initech): reject"), "{what}: {shown}");
                    assert!(!shown.stdout.contains(" is gone from "), "{what}: {shown}");
                }
            }
        }
    }
}

/// What was remembered of a history that was set back is no part of the one that stands.
#[test]
fn a_vote_is_missed_only_where_the_history_had_it() {
    let case = &CASES[0];
    let env = (case.make)();
    let (before, waits) = (env.head(), env.id(&["rev-parse", case.branch], ""));
    against(&env);
    land(&env, case.branch, "merged");
    env.forge().gone(case.path).commit();
    // So many that it is remembered.
    let goes_on = || (0..20).for_each(|number| drop(env.forge().put("README.md", number.to_string()).commit()));
    goes_on();
    let is_missed = || env.problems().contains(&format!("vote-lost {}", case.path));
    assert!(is_missed() && is_missed());
    let had = env.head();
    env.set_head(&before);
    env.forge().take(&waits, "data").commit();
    goes_on();
    assert!(!is_missed());
    assert!(!env.run(&["show", "acme"]).ok().stdout.contains(" is gone from "));
    env.set_head(&had);
    assert!(is_missed());
}

/// A merge's resolution that leaves the vote out, and a commit on the side before it, are no better.
#[test]
fn a_vote_that_a_merge_left_out_is_missed_too() {
    for case in &CASES {
        for before in [false, true] {
            let what = format!("{}, before the merge: {before}", case.name);
            let env = (case.make)();
            against(&env);
            if before {
                env.forge_on(case.branch).gone(case.path).commit_to(case.branch);
            }
            let side = env.id(&["rev-parse", case.branch], "");
            let merged = env.forge().parents(&["main", &side]).take(case.branch, "data").gone(case.path);
            merged.message("Merge pull request #1").commit();
            env.plumb(&["update-ref", "-d", &format!("refs/heads/{}", case.branch)], "");
            is_told(&env, case, &what);
        }
    }
}

/// A button takes the whole merge back, and it is merged again without the vote: it is the same proposal, and the vote is missed.
#[test]
fn a_vote_that_was_taken_back_with_all_is_missed_when_all_but_it_comes_back() {
    for case in &CASES {
        let env = (case.make)();
        let without = env.id(&["rev-parse", case.branch], "");
        against(&env);
        let before = env.head();
        land(&env, case.branch, "squashed");
        let all = env.git_exactly("registry.git", &["diff-tree", "-r", "--name-only", &before, "main"]);
        all.lines().fold(env.forge(), crate::plumbing::Forged::gone).message("Revert \"Acme (#1)\"").commit();
        env.forge().take(&without, "data").message("Acme (#2)").commit();
        is_told(&env, case, case.name);
    }
}

/// Who says it again, or something newer, is heard; what is put back under the same name is there.
#[test]
fn who_has_spoken_since_is_heard() {
    for case in &CASES {
        let env = (case.make)();
        against(&env);
        land(&env, case.branch, "squashed");
        env.forge().gone(case.path).commit();
        let abstain = ["review", "acme", "--vote", "abstain", "--reason", "well"];
        let judged = ["--authenticity", "met", "--url", "met", "--relevance", "met"];
        with_key(&env, "bob", "bob", &[&abstain[..], &judged].concat()).ok().code.unwrap();
        let shown = env.run(&["show", "acme"]).ok();
        assert!(shown.stdout.contains("bob (Initech): abstain"), "{shown}");
        assert!(!shown.stdout.contains(" is gone from "), "{shown}");
        assert!(!env.problems().iter().any(|p| p.starts_with("vote-lost")));
    }
}

/// Two votes of one member that change places say something else, and nothing of them is gone by its name alone.
#[test]
fn votes_in_another_order_are_missed() {
    let case = &CASES[0];
    let env = (case.make)();
    let judged = ["--authenticity", "met", "--url", "met", "--relevance", "met"];
    with_key(&env, "bob", "bob", &[&["review", "acme", "--vote", "abstain"][..], &judged].concat()).ok().code.unwrap();
    against(&env);
    land(&env, case.branch, "squashed");
    let second = format!("{}.2", case.path);
    let (first, last) = (env.file(case.path), env.file(&second));
    env.forge().put(case.path, last).put(&second, first).commit();
    let refused = decided(&env, case.decide[0]).fails(1);
    assert!(refused.stderr.contains("a vote by bob is gone from "), "{refused}");
}

/// Where nobody signs, what somebody took away from the default branch is missed all the same: the audit blames it.
#[test]
fn an_unsigned_vote_that_stood_there_is_missed() {
    let env = TestEnv::with_applicant();
    env.run(&["reject", "acme", "--reason", "no", "--as", "bob"]).ok().code.unwrap();
    land(&env, "apply/acme", "squashed");
    let took = env.forge().gone("data/partners/acme/votes/1/bob").commit();
    env.audit().blames(&took, "vote-changed data/partners/acme/votes/1/bob", "unsigned");
    let status = env.run(&["status", "acme"]).ok();
    assert!(status.stdout.contains("a vote by bob is gone from main"), "{status}");
}

/// Who may push adds a vote in a member's name: what the member signed stands all the same, and is what is counted.
#[test]
fn nobody_speaks_over_what_a_member_signed() {
    let env = signed("");
    with_key(&env, "alice", "alice", &["approve", "acme"]).ok().code.unwrap();
    against(&env);
    let path = "data/partners/acme/votes/1/bob";
    let vote = env.file(&format!("apply/acme:{path}"));
    let made_up = with(&vote, &[("Vote", "v1 approve"), ("Note", ""), ("Signature", "")]);
    env.forge_on("apply/acme").put(&format!("{path}.2"), made_up).commit_to("apply/acme");
    let shown = env.run(&["show", "acme"]).ok();
    assert!(shown.stdout.contains("bob (Initech): reject ["), "{shown}");
    assert!(shown.stdout.contains("not signed, and the earlier vote by the same member is"), "{shown}");
    with_key(&env, "alice", "alice", &["approve", "acme"]).code.unwrap();
    assert_eq!(env.state("acme"), "applied", "one against one decides nothing");
    // He changes his mind himself, and is heard.
    with_key(&env, "bob", "bob", &["approve", "acme", "--reason", "they stopped"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    assert!(env.file("data/partners/acme/log/0002").contains(&hash(&env.file(&format!("{path}.3")))));
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

/// A partner whom members with keys approved, and alice's signed word that it should go.
fn leaving(required: &str) -> (TestEnv, String) {
    let env = signed(required);
    decide_signed(&env);
    with_key(&env, "alice", "alice", &["exit", "acme", "--kind", "breach", "--reason", "spam"]).ok().code.unwrap();
    let word = env.file("exit/acme:data/partners/acme/votes/2/alice");
    (env, word)
}

/// Nor does what somebody adds in the name of who opened something become the word that others vote on.
#[test]
fn nobody_speaks_over_the_word_of_who_opened_it() {
    let (env, word) = leaving("");
    let made_up = with(&word, &[("Note", "they asked for it"), ("Exit-Kind", "inactive"), ("Signature", "")]);
    env.forge_on("exit/acme").put("data/partners/acme/votes/2/alice.2", made_up).commit_to("exit/acme");
    with_key(&env, "bob", "bob", &["exit", "acme"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    let event = env.file("data/partners/acme/log/0003");
    for said in ["KP-Exit-Kind: breach\n", "KP-Reason: spam\n", &hash(&word)] {
        assert!(event.contains(said), "{event}");
    }
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

/// The signed vote of another is about the signed word, and stays about it whatever is added behind that.
#[test]
fn a_word_that_is_made_up_makes_no_vote_stale() {
    let (env, word) = leaving("");
    with_key(&env, "bob", "bob", &["review", "acme", "--vote", "reject", "--reason", "no"]).ok().code.unwrap();
    let before = env.run(&["show", "acme"]).ok();
    let made_up = with(&word, &[("Note", "they asked for it"), ("Signature", "")]);
    env.forge_on("exit/acme").put("data/partners/acme/votes/2/alice.2", made_up).commit_to("exit/acme");
    let after = env.run(&["show", "acme"]).ok();
    assert!(before.stdout.contains("bob (Initech): reject"), "{before}");
    assert!(!after.stdout.contains("stale") && after.stdout.contains("bob (Initech): reject"), "{after}");
}

/// What somebody adds in another member's name, and nobody would count, keeps nobody from taking back what they opened.
#[test]
fn a_vote_that_counts_for_nobody_holds_up_no_withdrawal() {
    let (env, word) = leaving("required = true\n");
    let made_up = with(&word, &[("Actor", "bob"), ("Log", &hash(&word)), ("Note", ""), ("Signature", "")]);
    env.forge_on("exit/acme").put("data/partners/acme/votes/2/bob", made_up).commit_to("exit/acme");
    with_key(&env, "alice", "alice", &["withdraw", "acme"]).ok().code.unwrap();
    assert!(env.file("data/partners/acme/log/0003").contains("KP-Event: v1 withdrawn\n"));
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}
