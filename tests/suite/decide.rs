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
    assert_data_eq!(
        env.run(&["status", "acme"]).ok().stdout,
        str![[r#"
The application of Acme (acme) waits for a decision, since 2026-09-21 (today).
Votes so far: 0 in favor, 0 against, 0 abstaining, 0 not counted.
It is the committee's turn. Still missing: 2 more in favor (0 of 2); votes in favor from 2 different affiliations (now 0).

"#]]
    );
    assert_data_eq!(
        review(&env, "alice", "approve").to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Votes: 1 in favor, 0 against, 0 abstaining, 0 not counted.
Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "bob", "--note", "known from KubeCon"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Decided: Acme is approved; 2 in favor, 0 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]

"#]]
    );
    assert_data_eq!(
        env.run(&["status", "acme"]).ok().stdout,
        str![[r#"
Acme (acme) has been a partner since 2026-09-21.

"#]]
    );
    assert_data_eq!(
        env.run(&["show", "acme"]).ok().stdout,
        str![[r#"
Acme (acme): active since 2026-09-21
  name            Acme
  website         https://acme.example/karmada
  github          acme-bot
  logo            300×200 pixels, 762 bytes, ink across 100 % of the canvas
Log:
  2026-09-21T14:15:20Z  applied by acme-bot [unsigned]
  2026-09-21T14:18:20Z  approved by bob: known from KubeCon [unsigned]
      alice (Umbrella) votes approve [unsigned]
      bob (Initech) votes approve [unsigned]: known from KubeCon

"#]]
    );
    assert_data_eq!(
        env.git(&["log", "--format=%an: %s", "main"]),
        str![[r#"
bob: acme: Acme is approved
bob: acme: bob votes approve on the application
alice: acme: alice votes approve on the application
acme-bot: acme: Acme applies to the program
jane: program: the registry begins

"#]]
    );
    assert_data_eq!(
        env.git(&["log", "-1", "--format=%B", "main"]),
        str![[r#"
acme: Acme is approved

2 in favor, 0 against, 0 abstaining, 0 not counted.
- alice (Umbrella): approve
- bob (Initech): approve
Reason: known from KubeCon

KP-Event: v1 approved
KP-Registry: sha256:8b6ae9f241e243243ed54cd08b12f3388c74b2efc74c540024914162b2832614
KP-Partner: acme
KP-Seq: 2
KP-Round: 1
KP-Subject: application
KP-Actor: bob
KP-Time: 2026-09-21T14:18:20Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:e86137c1d26bbc6f086bfd24a569f32145090b46f70f0ec3a365762c6a005c55
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Objects: [COMMIT] [COMMIT]
KP-Prev: sha256:61d777cd3262b3d965bf45ef38d43075420be182ec5f08cb57a51aa909867f87
KP-Votes: sha256:d238e484b97fb6097aef127cf15af84eabf63b18f795672364227f01e3750956 sha256:08c9a6ad09b8fbcaea10b1f2fc76a97bcd82f55fb8b797db17bafbaaf7ff836d
KP-Reason: known from KubeCon
Signed-off-by: bob <bob@users.noreply.github.com>


"#]]
    );
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
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Votes: 1 in favor, 0 against, 0 abstaining, 0 not counted.
Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "ALICE"]).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: your vote on Acme is there already.
Votes: 1 in favor, 0 against, 0 abstaining, 0 not counted.
Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).
--- stderr
hint: other members vote with karmada-partner review
hint: karmada-partner show acme tells who voted how, and which votes don't count

"#]]
    );
    assert_eq!(env.state("acme"), "applied");
}

#[test]
fn a_decision_run_again_by_its_maker_is_no_error() {
    let env = TestEnv::with_partner();
    let before = env.git(&["for-each-ref"]);
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "bob"]).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: Acme is approved, on 2026-09-21.

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: Acme is approved, on 2026-09-21.

"#]]
    );
    assert_eq!(env.git(&["for-each-ref"]), before);
}

#[test]
fn who_may_not_vote_is_told_who_may() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(
        review(&env, "mallory", "approve").to_string(),
        str![[r#"
exit 4
--- stderr
error: mallory isn't a member of the committee
hint: members: alice, bob, carol; say who acts with --as LOGIN

"#]]
    );
    assert_data_eq!(
        review(&env, "erin", "approve").to_string(),
        str![[r#"
exit 4
--- stderr
error: erin is an emeritus member and no longer votes
hint: members: alice, bob, carol; say who acts with --as LOGIN

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "acme-bot"]).to_string(),
        str![[r#"
exit 4
--- stderr
error: acme-bot isn't a member of the committee
hint: members: alice, bob, carol; say who acts with --as LOGIN

"#]]
    );
}

#[test]
fn a_vote_of_the_applicants_own_is_recorded_and_not_counted() {
    let env = TestEnv::with_registry();
    env.apply("Globex").ok().code.unwrap();
    assert_data_eq!(
        env.run(&["approve", "globex", "--as", "carol"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Globex: approve.
It isn't counted: recused: works for the applicant or is its contact.
Votes: 0 in favor, 0 against, 0 abstaining, 1 not counted.
Still missing: 2 more in favor (0 of 2); votes in favor from 2 different affiliations (now 0).

"#]]
    );
    env.run(&["approve", "globex", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("globex"), "applied", "carol's vote doesn't count");
    // Nor does she write the decision down that others carry.
    let mut args = vec!["review", "globex", "--as", "bob", "--vote", "approve"];
    args.extend(MET);
    env.run(&args).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["approve", "globex", "--as", "carol"]).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: your vote on Globex is there already.
Votes: 2 in favor, 0 against, 0 abstaining, 1 not counted.
Still missing: a member without a stake to write the decision down.
--- stderr
hint: your own vote is there already, and doesn't count: recused: works for the applicant or is its contact
hint: karmada-partner show globex tells who voted how, and which votes don't count

"#]]
    );
    env.run(&["approve", "globex", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("globex"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_vote_binds_what_it_was_cast_on() {
    let env = TestEnv::with_applicant();
    review(&env, "alice", "approve").ok().code.unwrap();
    let amended = env.run(&["update", "acme", "--website", "https://evil.example", "--as", "acme-bot"]);
    assert_data_eq!(
        amended.to_string(),
        str![[r#"
exit 0
--- stdout
Sent: Acme (acme), the application is amended.
Changed: website
Commit: [COMMIT] on apply/acme
--- stderr
warning: votes cast before: 1; they were on the old facts, and no longer count

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "bob"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Votes: 1 in favor, 0 against, 0 abstaining, 1 not counted.
Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).

"#]]
    );
    assert_data_eq!(
        env.run(&["review", "acme"]).ok().stdout,
        str![[r#"
Acme (acme): application, since 2026-09-21, by acme-bot
  name            Acme
  website         https://evil.example
  github          acme-bot
  logo            300×200 pixels, 762 bytes, ink across 100 % of the canvas
Changed since alice voted on 2026-09-21:
  website: https://acme.example/karmada → https://evil.example
Votes:
  alice (Umbrella): approve; not counted: stale: what was voted on has changed since [authenticity met, address met, relevance met]
  bob (Initech): approve [authenticity met, address met, relevance met]
  1 in favor, 0 against, 0 abstaining, 1 not counted. Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).

"#]]
    );
    // To approve again is no answer to something else.
    assert_data_eq!(
        env.run(&["approve", "acme", "--yes", "--as", "alice"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: the application of acme isn't what alice voted on, on 2026-09-21: website is now https://evil.example
hint: look at it again, and vote: karmada-partner review acme

"#]]
    );
    review(&env, "alice", "approve").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    let votes = env.git(&["ls-tree", "-r", "--name-only", "main", "data/partners/acme/votes"]);
    assert_data_eq!(
        votes,
        str![[r#"
data/partners/acme/votes/1/alice
data/partners/acme/votes/1/alice.2
data/partners/acme/votes/1/bob

"#]]
    );
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_member_may_change_their_mind() {
    let env = TestEnv::with_applicant();
    review(&env, "alice", "reject").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Decided: Acme is approved; 2 in favor, 0 against, 0 abstaining, 1 not counted.
Commit: [COMMIT]

"#]]
    );
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
    assert_data_eq!(
        env.run(&args).to_string(),
        str![[r#"
exit 2
--- stderr
error: a vote to approve can't stand beside --url not-met
hint: vote reject or abstain, or judge the principle again

"#]]
    );
}

#[test]
fn without_a_terminal_everything_missing_is_named() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(
        env.run(&["review", "acme", "--as", "alice", "--url", "met"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: nobody can be asked here, and it needs --authenticity, --relevance, --vote
hint: give them as flags, or run it in a terminal

"#]]
    );
    assert_data_eq!(
        env.run(&["reject", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: nobody can be asked here, and it needs --reason
hint: give them as flags, or run it in a terminal

"#]]
    );
    // With whose consent it is, and what the grammar wants, all of it is named at once.
    for (call, flags) in [
        ("reject acme --as alice", "--reason, --yes"),
        ("review acme --as alice --vote approve --url met", "--authenticity, --relevance, --yes"),
        ("reject", "--reason, --as, --yes"),
        ("reject --reason x", "--as, --yes"),
        ("reject -y", "--reason, --as"),
        ("exit --kind=inactive", "--reason, --as, --yes"),
        ("approve", "--as, --yes"),
        ("renew", "--as, --yes"),
        ("jobs add acme", "--title, --yes"),
        ("jobs close acme", "NUMBER, --yes"),
        ("benefit add", "--as, --yes"),
        ("record", "--reason, --as, --yes"),
    ] {
        let refused = env.run_unagreed(&call.split(' ').collect::<Vec<_>>()).fails(2);
        assert!(refused.stderr.contains(&format!("it needs {flags}")), "{call}: {refused}");
        let told = env.run_unagreed(&[call.split(' ').collect(), vec!["--lang", "zh"]].concat()).fails(2);
        let words = if call.starts_with("record") || call.starts_with("benefit") { "it needs" } else { "还需要 " };
        assert!(
            told.stderr.contains(words) && told.stderr.contains(&flags.replace(", ", "、")) || words == "it needs",
            "{call}: {told}"
        );
    }
    for call in ["jobs list a b", "list --nonsense", "show"] {
        let refused = env.run_unagreed(&call.split(' ').collect::<Vec<_>>()).fails(2);
        assert!(!refused.stderr.contains("--yes"), "{call}: {refused}");
    }
}

#[test]
fn the_queue_is_shown_oldest_first() {
    let env = TestEnv::with_applicant();
    assert_data_eq!(
        env.run(&["review"]).ok().stdout,
        str![[r#"
PARTNER  NAME  ASKS FOR     WAITS  STILL MISSING
acme     Acme  application  today  2 more in favor (0 of 2); votes in favor from 2 different
                                   affiliations (now 0)

"#]]
    );
    env.apply("Beta").ok().code.unwrap();
    assert_data_eq!(
        env.run(&["review"]).ok().stdout,
        str![[r#"
PARTNER  NAME  ASKS FOR     WAITS  STILL MISSING
acme     Acme  application  today  2 more in favor (0 of 2); votes in favor from 2 different
                                   affiliations (now 0)
beta     Beta  application  today  2 more in favor (0 of 2); votes in favor from 2 different
                                   affiliations (now 0)

"#]]
    );
    assert_eq!(env.run(&["review", "--json"]).ok().json()["waiting"][0]["partner"], "acme");
    assert_data_eq!(
        TestEnv::with_registry().run(&["review"]).ok().stdout,
        str![[r#"
Nothing waits for a decision.

"#]]
    );
}

#[test]
fn a_rejection_lands_its_log_and_votes_and_not_the_facts() {
    let env = TestEnv::with_applicant();
    env.run(&["reject", "acme", "--reason", "the page is about something else", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["reject", "acme", "--reason", "not about Karmada", "--as", "bob"]).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: reject.
Decided: the application of Acme is rejected; 0 in favor, 2 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]

"#]]
    );
    assert_data_eq!(
        env.git(&["ls-tree", "-r", "--name-only", "main", "data/partners"]),
        str![[r#"
data/partners/acme/log/0001
data/partners/acme/log/0002
data/partners/acme/votes/1/alice
data/partners/acme/votes/1/bob

"#]]
    );
    let history = env.git(&["log", "--name-only", "--format=", "main"]);
    assert!(!history.contains("logo.png") && !history.contains("partner.toml"), "{history}");
    assert!(env.git(&["ls-tree", "-r", "--name-only", "closed/acme/1"]).contains("logo.png"), "kept in the proposal");
    assert_data_eq!(
        env.run(&["status", "acme"]).ok().stdout,
        str![[r#"
The application of Acme (acme) was rejected on 2026-09-21. Reason: not about Karmada
You can apply again: karmada-partner apply

"#]]
    );
    assert_data_eq!(
        env.run(&["list"]).ok().stdout,
        str![[r#"
NAME  PARTNER  STATE     SINCE       WEBSITE
Acme  acme     rejected  2026-09-21  https://acme.example/karmada

"#]]
    );
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn an_applicant_may_withdraw() {
    let env = TestEnv::with_applicant();
    env.run(&["withdraw", "acme", "--as", "mallory"]).fails(4).code.unwrap();
    let args = ["withdraw", "acme", "--as", "acme-bot", "--reason", "not yet"];
    assert_data_eq!(
        env.run(&args).to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: the application of Acme is withdrawn.
Commit: [COMMIT]

"#]]
    );
    assert_eq!(env.state("acme"), "withdrawn");
    assert_data_eq!(
        env.run(&args).to_string(),
        str![[r#"
exit 0
--- stdout
Nothing to do: the application of acme is withdrawn.

"#]]
    );
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "alice"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: acme can't be approved: it is withdrawn
hint: possible now: karmada-partner apply --slug acme

"#]]
    );
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn nothing_is_decided_about_nobody() {
    let env = TestEnv::with_applicant();
    for command in ["approve", "status", "show", "review", "withdraw"] {
        env.run(&[command, "acne", "--as", "alice"]).fails(3).code.unwrap();
    }
    assert_data_eq!(
        env.run(&["show", "acne"]).to_string(),
        str![[r#"
exit 3
--- stderr
error: acne isn't in the registry
hint: did you mean acme?

"#]]
    );
}

/// Changes an open application by hand, as anybody who may push could.
fn tamper(env: &TestEnv, change: impl FnOnce(&std::path::Path)) {
    env.git_at(".", &["clone", "--quiet", "--branch", "apply/acme", "registry.git", "checkout"]);
    change(&env.path("checkout/data/partners/acme"));
    env.git_at("checkout", &["add", "--all"]);
    env.git_at("checkout", &["commit", "--quiet", "--message", "by hand"]);
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
    std::fs::remove_dir_all(env.path("checkout")).unwrap();
}

#[test]
fn a_vote_counts_only_in_its_own_place() {
    let env = TestEnv::with_applicant();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).ok().code.unwrap();
    env.apply("Acme").ok().code.unwrap();
    // The same facts, an older round: copied to the new one, and under another's name.
    tamper(&env, |acme| {
        std::fs::create_dir(acme.join("votes/2")).unwrap();
        for name in ["alice", "carol"] {
            std::fs::copy(acme.join("votes/1/alice"), acme.join("votes/2").join(name)).unwrap();
        }
        std::os::unix::fs::symlink("../1/alice", acme.join("votes/2/bob.2")).unwrap();
        // Under a policy that never was, and by somebody who never had a seat.
        let vote = std::fs::read_to_string(acme.join("votes/1/alice")).unwrap().replace("KP-Round: 1", "KP-Round: 2");
        let forged =
            vote.replace("KP-Policy: sha256:", "KP-Policy: sha256:0").replace("KP-Actor: alice", "KP-Actor: erin");
        let at = forged.find("KP-Record").unwrap() - 2;
        std::fs::write(acme.join("votes/2/erin"), format!("{}{}", &forged[..at], &forged[at + 1..])).unwrap();
        std::fs::write(acme.join("votes/2/mallory"), vote.replace("KP-Actor: alice", "KP-Actor: mallory")).unwrap();
    });
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "applied", "one vote isn't two");
    env.run(&["approve", "acme", "--as", "carol"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    let landed = env.git(&["ls-tree", "--name-only", "main:data/partners/acme/votes/2"]);
    assert_eq!(landed, "bob\ncarol\n");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn facts_changed_by_hand_are_not_voted_on() {
    let env = TestEnv::with_applicant();
    tamper(&env, |acme| {
        let file = acme.join("partner.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text.replace("acme.example", "evil.example")).unwrap();
    });
    let refused = env.run(&["approve", "acme", "--as", "alice"]).fails(1);
    assert!(refused.stderr.contains("aren't those that its log names"), "{refused}");
    // Owned up to, they can be.
    env.run(&["update", "acme", "--website", "https://acme.example/k", "--as", "acme-bot"]).ok().code.unwrap();
    review(&env, "alice", "approve").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_branch_that_cannot_be_read_blocks_nothing_and_is_made_again() {
    let env = TestEnv::with_applicant();
    tamper(&env, |acme| std::fs::write(acme.join("log/0002\u{1b}[31m"), "KP-Event: v1 approved\n").unwrap());
    let queue = env.run(&["review"]).ok();
    assert!(queue.stderr.contains("apply/acme: the log of acme can't be relied on"), "{queue}");
    assert!(!queue.stderr.contains('\u{1b}'), "{queue}");
    assert_eq!(env.run(&["check", "--json"]).ok().json()["problems"][0]["code"], "proposal");
    env.apply("Acme").ok().code.unwrap();
    env.decide("acme");
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

/// In a committee of one, the member may be the contact too: one person can try every role.
#[test]
fn a_sandbox_lets_one_person_try_every_role() {
    let env = TestEnv::new();
    env.write("logo.png", crate::picture::png(300, 200));
    env.write("home/.gitconfig", "[github]\nuser = octo\n");
    let apply =
        ["apply", "--name", "Mine", "--website", "https://mine.example", "--github", "jane", "--logo", "logo.png"];
    env.run(&apply).ok().code.unwrap();
    env.run(&["approve", "mine"]).ok().code.unwrap();
    assert_eq!(env.state("mine"), "active");
    env.run(&["exit", "mine", "--kind", "voluntary", "--reason", "done"]).ok().code.unwrap();
    assert_eq!(env.events("mine").len(), 2);
    env.run(&["exit", "mine", "--kind", "inactive", "--reason", "done"]).ok().code.unwrap();
    assert_eq!(env.state("mine"), "exited");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_proposal_that_touches_more_than_its_own_is_not_merged() {
    let env = TestEnv::with_applicant();
    env.git_at(".", &["clone", "--quiet", "--branch", "apply/acme", "registry.git", "checkout"]);
    env.write("checkout/data/program.toml", "schema = 1\n");
    env.git_at("checkout", &["commit", "--quiet", "--all", "--message", "also this"]);
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "bob"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: the proposal apply/acme also changes data/program.toml
hint: a proposal brings only its own directory; reject it, or have it made again

"#]]
    );
    assert_eq!(env.state("acme"), "applied");
}

/// A logo that became another is told by what people can see of it.
#[test]
fn a_changed_logo_is_told_by_its_measures() {
    let env = TestEnv::with_applicant();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.write("large.png", crate::picture::png(512, 512));
    env.run(&["update", "acme", "--logo", "large.png", "--as", "acme-bot"]).ok().code.unwrap();
    let refused = env.run(&["approve", "acme", "--as", "alice"]).fails(1);
    assert!(refused.stderr.contains("logo is now 512×512 px, "), "{refused}");
    let shown = env.run(&["review", "acme", "--as", "alice"]).ok();
    assert!(shown.stdout.contains("  logo: 300×200 px, "), "{shown}");
    assert!(shown.stdout.contains(" → 512×512 px, "), "{shown}");
    assert!(!format!("{refused}{shown}").contains("sha256"), "{shown}");
    let closer = env.run(&["review", "acme", "--as", "alice", "-v"]).ok();
    assert!(closer.stderr.contains("its logo sha256:"), "{closer}");
    for member in ["bob", "carol"] {
        env.run(&["approve", "acme", "--as", member]).ok().code.unwrap();
    }
    // So is one that is to take the place of the one in force; also where only the picture is another.
    env.write("other.png", crate::picture::png_with(512, 512, |p| p.set_compression(png::Compression::Fast)));
    for (logo, wanted) in [("logo.png", "→ 300×200 px, "), ("other.png", "→ ")] {
        env.run(&["update", "acme", "--logo", logo, "--as", "acme-bot"]).ok().code.unwrap();
        let shown = env.run(&["review", "acme", "--as", "alice"]).ok();
        assert!(shown.stdout.contains("Changes to the facts in force:\n  logo: 512×512 px, "), "{shown}");
        assert!(shown.stdout.contains(wanted), "{shown}");
    }
}

/// What `approve` refuses whatever the votes say is told wherever the votes are.
#[test]
fn what_cant_land_isnt_said_to_be_carried() {
    let env = TestEnv::with_applicant();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let link = env.id(&["hash-object", "-w", "--stdin"], "../globex");
    env.forge_on("apply/acme").entry("120000", "data/partners/acme/link", &link).commit_to("apply/acme");
    let refused = env.run(&["approve", "acme", "--as", "bob"]).fails(1);
    let why = "the proposal apply/acme brings link: ";
    assert!(refused.stderr.contains(why), "{refused}");
    let met = ["--authenticity", "met", "--url", "met", "--relevance", "met"];
    let voted = env.run(&[&["review", "acme", "--vote", "approve", "--as", "bob"][..], &met].concat()).ok();
    assert!(voted.stdout.contains(&format!("It can't be granted as it is: {why}")), "{voted}");
    assert!(!voted.stderr.contains("the votes carry it"), "{voted}");
    for command in ["show", "review", "status"] {
        let told = env.run(&[command, "acme"]).ok();
        assert!(told.stdout.contains(&format!("It can't be granted as it is: {why}")), "{told}");
    }
    let listed = env.run(&["list", "--proposals"]).ok();
    assert!(listed.stdout.contains("karmada-partner show acme tells why"), "{listed}");
}
