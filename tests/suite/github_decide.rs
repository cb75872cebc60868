//! The committee on GitHub: votes are reviews, decisions are pushed or brought by a pull request.

use std::process::Stdio;
use std::sync::OnceLock;

use github_double::Method;
use snapbox::str;

use crate::env::some;
use crate::hub::{Hub, MadeHub, REGISTRY, put};

#[test]
fn two_members_approve_and_the_merge_is_pushed() {
    let hub = Hub::with_applicant();
    snapbox::assert_data_eq!(
        hub.run("alice", &["review"]).to_string(),
        str![[r#"
exit 0
--- stdout
PARTNER  NAME  ASKS FOR     WAITS  STILL MISSING
acme     Acme  application  today  2 more in favor (0 of 2); votes in favor from 2 different
                                   affiliations (now 0)

"#]]
    );
    let voted = hub.run(
        "alice",
        &[
            "review",
            "acme",
            "--authenticity",
            "met",
            "--url",
            "met",
            "--relevance",
            "unsure",
            "--vote",
            "approve",
            "--note",
            "Fixes #1 @all",
        ],
    );
    snapbox::assert_data_eq!(
        voted.to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Votes: 1 in favor, 0 against, 0 abstaining, 0 not counted.
Still missing: 1 more in favor (1 of 2); votes in favor from 2 different affiliations (now 1).
Review: https://github.example/karmada/partners/pull/2#pullrequestreview-583481

"#]]
    );
    snapbox::assert_data_eq!(
        hub.threads()[1]["reviews"][0]["body"].as_str().unwrap().to_owned(),
        str![[r#"
**Approve.**

| principle | finding |
|---|---|
| The organization is authentic | met |
| The address is relevant to it | met |
| It is relevant to commercial support for Karmada | unsure |

`Fixes # 1 @ all`

<details><summary>The vote as it is recorded</summary>

```text
KP-Vote: v1 approve
KP-Registry: sha256:8b6ae9f241e243243ed54cd08b12f3388c74b2efc74c540024914162b2832614
KP-Partner: acme
KP-Round: 1
KP-Subject: application
KP-Actor: alice
KP-Account: 583074
KP-Time: 2026-09-21T14:17:20Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:4fd4f70baa18b103b3bd58008a27d6d2cad5e9c08a93aa62a7cfe6ef5afd4b1c
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Log: sha256:7361d286fe08a559134a417b978233f2b6f083da43c9a84ec3f4d69cb35fdbae
KP-Authenticity: met
KP-URL: met
KP-Relevance: unsure
KP-Note: Fixes # 1 @ all
```

</details>

"#]]
    );
    let decided = hub.run("bob", &["approve", "acme"]);
    snapbox::assert_data_eq!(
        decided.to_string(),
        str![[r#"
exit 0
--- stdout
Recorded: your vote on the application of Acme: approve.
Decided: Acme is approved; 2 in favor, 0 against, 0 abstaining, 0 not counted.
Commit: [COMMIT]
Review: https://github.example/karmada/partners/pull/2#pullrequestreview-583518
Comment: https://github.example/karmada/partners/pull/2#issuecomment-583555

"#]]
    );
    snapbox::assert_data_eq!(
        hub.git(REGISTRY, &["log", "--graph", "--format=%s", "main"]),
        str![[r#"
*   acme: Acme is approved
|/  
| * acme: Acme applies to the program
|/  
* program: the registry begins

"#]]
    );
    snapbox::assert_data_eq!(
        hub.git(REGISTRY, &["ls-tree", "-r", "--name-only", "main"]),
        str![[r#"
data/partners/acme/log/0001
data/partners/acme/log/0002
data/partners/acme/logo.png
data/partners/acme/partner.toml
data/partners/acme/votes/1/alice
data/partners/acme/votes/1/bob
data/program.toml
data/program/log/0001
data/program/policies/0001.toml

"#]]
    );
    let threads = hub.threads();
    assert_eq!((threads[0]["state"].as_str(), threads[1]["state"].as_str()), (Some("CLOSED"), Some("MERGED")));
    snapbox::assert_data_eq!(
        threads[1]["comments"][0]["body"].as_str().unwrap().to_owned(),
        str![[r#"
Decided: `Acme` is approved.

- `alice (Umbrella): approve`
- `bob (Initech): approve`

Welcome! To change the entry later: `karmada-partner update acme`. To leave: `karmada-partner exit acme --kind voluntary`.

<!-- karmada-partner: acme event 2 is made -->

"#]]
    );
    hub.run("alice", &["check"]).ok().code.unwrap();
    assert!(hub.run("jane", &["status", "acme"]).ok().stdout.contains("has been a partner since"));
}

#[test]
fn a_plain_click_counts_as_a_vote_attested_by_github() {
    let hub = Hub::with_applicant();
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "LGTM");
    hub.github.review(REGISTRY, 2, "mallory", "APPROVED", "me too");
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    snapbox::assert_data_eq!(
        hub.env.redact(hub.git(REGISTRY, &["show", "main:data/partners/acme/votes/1/alice"]).as_bytes()),
        str![[r#"
KP-Vote: v1 approve
KP-Registry: sha256:8b6ae9f241e243243ed54cd08b12f3388c74b2efc74c540024914162b2832614
KP-Partner: acme
KP-Round: 1
KP-Subject: application
KP-Actor: alice
KP-Account: 583074
KP-Time: 2026-09-21T14:15:28Z
KP-Policy: sha256:f6ff1b5f07104a88ec44450ccd53bedca3eaa8c347227c8ba640089939407275
KP-Record: sha256:4fd4f70baa18b103b3bd58008a27d6d2cad5e9c08a93aa62a7cfe6ef5afd4b1c
KP-Logo: sha256:56454c55da559ddad65df86de209b1510b93fe4e36e60272df84774a2ec0517a
KP-Log: sha256:7361d286fe08a559134a417b978233f2b6f083da43c9a84ec3f4d69cb35fdbae
KP-Attested: https://github.example/karmada/partners/pull/2#pullrequestreview-583481
KP-Head: [COMMIT]

"#]]
    );
    assert_eq!(hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/votes/1"]), "alice\nbob\n");
    hub.run("bob", &["check"]).ok().code.unwrap();
}

const REVIEW: [&str; 10] =
    ["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];

#[test]
fn votes_bind_to_what_they_saw() {
    let hub = Hub::with_applicant();
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    hub.run("bob", &REVIEW).ok().code.unwrap();
    let update = hub.run("jane", &["update", "acme", "--website", "https://acme.example/elsewhere"]).ok();
    assert!(update.stderr.contains("votes cast before: 2"), "{update}");
    let listed = hub.run("bob", &["status", "acme"]).ok();
    assert!(listed.stdout.contains("0 in favor, 0 against, 0 abstaining, 2 not counted"), "{listed}");
    let shown = hub.run("bob", &["review", "acme"]).ok();
    assert!(shown.stdout.contains("stale: what was voted on has changed since"), "{shown}");
    for who in ["alice", "bob"] {
        let refused = hub.run(who, &["approve", "acme", "--yes"]).fails(1);
        assert!(refused.stderr.contains("website is now https://acme.example/elsewhere"), "{refused}");
        hub.run(who, &REVIEW).ok().code.unwrap();
    }
    let decided = hub.run("bob", &["approve", "acme"]).ok();
    assert!(decided.stdout.contains("Decided: Acme is approved"), "{decided}");
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn what_is_dismissed_forged_or_changed_by_others_is_no_vote() {
    let hub = Hub::with_applicant();
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    hub.github.dismiss_review(REGISTRY, 2, 0);
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    // Whoever can write to the repository can change the words of others.
    let words = hub.threads()[1]["reviews"][1]["body"].as_str().unwrap().to_owned();
    hub.github.edit_review(REGISTRY, 2, 1, "alice", &words.replace("KP-Relevance: met", "KP-Relevance: unsure"));
    // A block in the name of somebody else.
    hub.github.review(REGISTRY, 2, "mallory", "COMMENTED", &words);
    let status = hub.run("jane", &["status", "acme"]).ok();
    assert!(status.stdout.contains("Votes so far: 0 in favor, 0 against, 0 abstaining, 0 not counted."), "{status}");
    let vote = hub.run("carol", &["approve", "acme"]).ok();
    assert!(vote.stderr.contains("a review by bob was changed by alice, and doesn't count"), "{vote}");
}

#[test]
fn a_vote_file_that_an_applicant_brings_is_no_vote() {
    let hub = Hub::with_applicant();
    hub.approve();
    // Another applicant copies those votes into its own proposal.
    let hub2 = Hub::with_applicant();
    for member in ["alice", "bob"] {
        let vote = hub.git(REGISTRY, &["show", &format!("main:data/partners/acme/votes/1/{member}")]);
        hub2.push_to_fork("apply/acme", &format!("data/partners/acme/votes/1/{member}"), &vote);
    }
    let output = hub2.run("bob", &["approve", "acme"]).ok();
    assert!(output.stdout.contains("Votes: 1 in favor"), "{output}");
    assert!(!hub2.git(REGISTRY, &["log", "--format=%s", "main"]).contains("approved"));
    // What it pushed to its own branch doesn't reach the record.
    hub2.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let landed = hub2.git(REGISTRY, &["show", "main:data/partners/acme/votes/1/alice"]);
    assert!(landed.contains("KP-Actor: alice"), "{landed}");
    hub2.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn a_member_may_apply_for_somebody_and_then_votes_by_a_comment() {
    let hub = Hub::new();
    hub.github.fork(REGISTRY, "bob", None);
    let args =
        ["apply", "--name", "Acme", "--website", "https://acme.example", "--github", "jane", "--logo", "logo.png"];
    hub.run("bob", &args).ok().code.unwrap();
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    assert_eq!(hub.threads()[1]["reviews"][0]["state"], "COMMENTED");
    let decided = hub.run("alice", &["approve", "acme"]).ok();
    assert!(decided.stdout.contains("Decided: Acme is approved"), "{decided}");
}

#[test]
fn a_rejected_proposal_is_closed_with_the_reason() {
    let hub = Hub::with_applicant();
    hub.run("alice", &["reject", "acme", "--reason", "The website is somebody else's"]).ok().code.unwrap();
    hub.run("bob", &["reject", "acme", "--reason", "The website is somebody else's"]).ok().code.unwrap();
    let threads = hub.threads();
    assert_eq!(
        (threads[0]["state"].as_str(), threads[0]["state_reason"].as_str()),
        (Some("CLOSED"), Some("NOT_PLANNED"))
    );
    assert_eq!(threads[1]["state"], "CLOSED");
    let comment = threads[1]["comments"][0]["body"].as_str().unwrap();
    assert!(comment.contains("Reason: `The website is somebody else's`"), "{comment}");
    assert_eq!(hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme"]), "log\nvotes\n");
    hub.run("bob", &["check"]).ok().code.unwrap();
    assert!(hub.run("jane", &["status", "acme"]).ok().stdout.contains("was rejected on"));
    // A new round begins on what is there.
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.approve();
    hub.run("bob", &["check"]).ok().code.unwrap();
}

/// Bots merge as they like: what counts is in the files.
#[test]
fn a_decision_by_pull_request_survives_every_way_to_merge_it() {
    static WAITS: OnceLock<MadeHub> = OnceLock::new();
    let waits = || {
        let hub = Hub::with_applicant_by_pull_request();
        hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
        let decided = hub.run("bob", &["approve", "acme"]).ok();
        assert!(decided.stdout.contains("It takes effect when its pull request is merged."), "{decided}");
        let again = hub.run("bob", &["approve", "acme"]).ok();
        assert!(again.stdout.contains("/pull/3"), "{again}");
        assert_eq!(hub.threads().len(), 3);
        hub
    };
    for method in some(1, [Method::Merge, Method::Squash, Method::Rebase]) {
        let hub = Hub::once(&WAITS, waits);
        hub.github.unprotect(REGISTRY, "main");
        hub.github.merge_pull(REGISTRY, 3, "alice", method);
        hub.run("alice", &["check"]).ok().code.unwrap();
        assert_eq!(
            hub.env.redact(hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/log"]).as_bytes()),
            "0001\n0002\n"
        );
        let told = hub.run("bob", &["approve", "acme"]).ok();
        assert!(told.stdout.contains("Nothing to do: Acme is approved"), "{told}");
        let threads = hub.threads();
        assert_eq!(threads[0]["state"], "CLOSED", "the issue is settled");
        assert_eq!(threads[1]["state"], "CLOSED", "the proposal has come to its end");
        assert_eq!(threads[1]["comments"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_protected_branch_says_what_to_set() {
    let hub = Hub::with_applicant();
    hub.github.protect(REGISTRY, "main");
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let output = hub.run("bob", &["approve", "acme"]).fails(4);
    snapbox::assert_data_eq!(
        output.stderr,
        str![[r#"
error: the default branch is protected, and can't be pushed to
  refs/heads/main: hook declined
  error: GH006: Protected branch update failed for refs/heads/main.
  error: hook declined to update refs/heads/main
hint: set landing = "pull-request" under [github] in data/program.toml; or ask for the right to push

"#]]
    );
}

#[test]
fn two_decisions_at_once_are_one() {
    let hub = Hub::with_applicant_by_pull_request();
    hub.approve();
    let output = hub.run("alice", &["approve", "acme"]).ok();
    assert!(output.stdout.contains("/pull/3"), "{output}");
    assert_eq!(hub.threads().len(), 3, "bob's decision says the same");
}

#[test]
fn two_members_and_an_applicant_at_once() {
    let hub = Hub::with_applicant();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let runs: [(&str, &[&str]); 3] = [
        ("alice", &["approve", "acme", "--yes"]),
        ("bob", &["approve", "acme", "--yes"]),
        ("jane", &["update", "acme", "--website", "https://acme.example/new", "--yes"]),
    ];
    let children: Vec<_> = runs.iter().map(|(who, args)| hub.command(who, args).spawn().unwrap()).collect();
    for mut child in children {
        let code = child.wait().unwrap().code();
        assert!(matches!(code, Some(0 | 1 | 4)), "{code:?}");
    }
    // Whoever came first: what is on record is sound, and decided on just what was voted on.
    hub.run("bob", &["check"]).ok().code.unwrap();
    for member in ["alice", "bob"] {
        let _ = hub.run(member, &["approve", "acme"]);
    }
    hub.run("bob", &["check"]).ok().code.unwrap();
    assert!(hub.git(REGISTRY, &["log", "--format=%s", "main"]).contains("Acme is approved"));
}

#[test]
fn the_team_is_compared_and_never_followed() {
    let hub = Hub::with_program("\n[github]\nteam = \"karmada/maintainers\"\n");
    hub.github.add_team("karmada", "maintainers", &["alice", "carol"]);
    let output = hub.run("alice", &["check"]).ok();
    assert!(output.stdout.contains("bob votes, and isn't in the team karmada/maintainers"), "{output}");
}

/// A pull request that brings a decision says what it brings, also when it is used again for another.
#[test]
fn a_decisions_pull_request_says_what_it_brings_now() {
    let hub = Hub::with_applicant_by_pull_request();
    hub.approve();
    let number = 3;
    let title = hub.threads()[number - 1]["title"].clone();
    hub.github.edit(REGISTRY, 3, "bob", Some("Fixes #1"), Some("Closes #1"));
    let met = ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
    hub.run("alice", &[&["review", "acme", "--note", "looked again"][..], &met].concat()).ok().code.unwrap();
    let output = hub.run("bob", &["approve", "acme"]).ok();
    assert!(output.stdout.contains("/pull/3"), "{output}");
    assert_eq!(hub.threads()[number - 1]["title"], title);
    assert!(hub.body(number).contains("2 in favor, 0 against"), "{}", hub.body(number));
}

/// Anybody can open a pull request that looks like a decision.
#[test]
fn a_strangers_decision_is_nobodys() {
    let hub = Hub::with_applicant_by_pull_request();
    hub.approve();
    let event = hub.git("bob/partners", &["show", "decision/acme/0002:data/partners/acme/log/0002"]);
    hub.github.close_pull(REGISTRY, 3, "bob");
    hub.github.fork(REGISTRY, "mallory", None);
    let fork = hub.github.repo_path("mallory/partners");
    hub.env.git_at(".", &["clone", "--quiet", "--no-local", fork.to_str().unwrap(), "of-mallory"]);
    put(&hub.env.path("of-mallory"), "data/partners/acme/log/0002", event);
    hub.env.git_at("of-mallory", &["add", "--all"]);
    hub.env.git_at("of-mallory", &["commit", "--quiet", "--message", "x"]);
    hub.env.git_at("of-mallory", &["push", "--quiet", fork.to_str().unwrap(), "HEAD:refs/heads/decision/acme/0002"]);
    hub.github.open_pull(REGISTRY, "mallory", "mallory:decision/acme/0002", "main", "acme: Acme is approved", "");
    let output = hub.run("bob", &["approve", "acme"]).ok();
    assert!(output.stdout.contains("/pull/5"), "{output}");
}

/// What strangers say in a review, or propose about others, changes nothing.
#[test]
fn a_stranger_has_no_voice() {
    let hub = Hub::with_applicant();
    hub.approve();
    hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
    let request = hub.git("jane/partners", &["show", "apply/acme:data/partners/acme/votes/2/jane"]);
    let forged = request.replace("KP-Actor: jane", "KP-Actor: mallory").replace("KP-Round: 2", "KP-Round: 4294967295");
    hub.github.review(REGISTRY, 3, "mallory", "COMMENTED", &format!("```\n{forged}```"));
    // And a proposal about a partner that isn't hers.
    hub.github.fork(REGISTRY, "mallory", None);
    let output = hub.run("mallory", &["update", "acme", "--website", "https://evil.example"]).fails(4);
    assert!(output.stderr.contains("error: "), "{output}");
    hub.run("bob", &["approve", "acme"]).ok().code.unwrap();
    let rounds = hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/votes"]);
    assert_eq!(rounds, "1\n2\n");
    assert_eq!(hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/votes/2"]), "bob\njane\n");
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn an_event_in_the_name_of_another_makes_no_proposal() {
    let hub = Hub::with_applicant();
    let event = hub.git_raw("jane/partners", "apply/acme:data/partners/acme/log/0001");
    let forged = event.replace("KP-Actor: jane", "KP-Actor: carol");
    hub.push_to_fork("apply/acme", "data/partners/acme/log/0001", &forged);
    let output = hub.run("bob", &["review"]).ok();
    assert!(output.stderr.contains("is no proposal: it is by jane, and log/0001 is in the name of carol"), "{output}");
    assert!(output.stdout.contains("Nothing waits for a decision."), "{output}");
}

#[test]
fn a_rejection_closes_only_the_applications_own_issue() {
    let hub = Hub::with_applicant();
    let other = hub.github.open_issue(REGISTRY, "carol", "Roadmap", "What comes next");
    hub.github.edit(REGISTRY, 2, "jane", None, Some(&format!("Fixes #{other}")));
    for member in ["alice", "bob"] {
        hub.run(member, &["reject", "acme", "--reason", "No"]).ok().code.unwrap();
    }
    let threads = hub.threads();
    assert_eq!(threads[2]["state"], "OPEN");
    assert_eq!(threads[1]["state"], "CLOSED");
    // That its text names another one hides its own from nobody.
    assert_eq!(threads[0]["state"], "CLOSED");
}

#[test]
fn commits_that_would_act_do_not_become_history() {
    let hub = Hub::with_applicant();
    hub.push_to_fork("apply/acme", "data/partners/acme/note.txt", "x\n");
    hub.drop_from_fork("apply/acme", "data/partners/acme/note.txt", "fixes #1 and closes GH-1");
    hub.approve();
    let log = hub.git(REGISTRY, &["log", "--format=%s", "main"]);
    assert!(log.contains("acme: Acme is approved") && !log.contains("fixes #1"), "{log}");
    // What isn't merged is closed.
    assert_eq!(hub.threads()[1]["state"], "CLOSED");
    hub.run("bob", &["check"]).ok().code.unwrap();
}

#[test]
fn a_merged_decision_is_told_by_whoever_comes_next() {
    let hub = Hub::with_applicant_by_pull_request();
    hub.approve();
    hub.github.merge_pull(REGISTRY, 3, "alice", Method::Squash);
    let output = hub.run("alice", &["review"]).ok();
    assert!(output.stderr.contains("Told what was decided about acme"), "{output}");
    assert_eq!(hub.threads()[1]["state"], "CLOSED");
    let before = hub.github.dump();
    hub.run("alice", &["review"]).ok().code.unwrap();
    assert_eq!(hub.github.dump(), before);
}

#[test]
fn no_number_of_remarks_hides_an_objection() {
    let hub = Hub::with_applicant();
    hub.github.review(REGISTRY, 2, "alice", "CHANGES_REQUESTED", "no");
    for n in 0..230 {
        hub.github.review(REGISTRY, 2, "mallory", "COMMENTED", &format!("remark {n}"));
    }
    for who in ["jane", "bob"] {
        let status = hub.run(who, &["status", "acme"]).ok();
        assert!(status.stdout.contains("0 in favor, 1 against"), "{status}");
    }
    let listed = hub.run("bob", &["review", "acme"]).ok();
    assert!(listed.stdout.contains("0 in favor, 1 against"), "{listed}");
}

/// A commit has one reading: a second pull request on it takes nothing from the first.
#[test]
fn a_second_pull_request_on_the_same_commit_changes_nothing() {
    let hub = Hub::with_applicant();
    for member in ["alice", "bob"] {
        let vote = format!(
            "KP-Vote: v1 approve\nKP-Partner: acme\nKP-Round: 1\nKP-Subject: application\nKP-Actor: {member}\n"
        );
        let event = hub.git("jane/partners", &["show", "apply/acme:data/partners/acme/log/0001"]);
        let line = |key: &str| event.lines().find(|l| l.starts_with(key)).unwrap().to_owned() + "\n";
        let rest: String = ["KP-Time", "KP-Policy", "KP-Record", "KP-Logo"].map(line).concat();
        let judged = "KP-Authenticity: met\nKP-URL: met\nKP-Relevance: met\n";
        hub.push_to_fork(
            "apply/acme",
            &format!("data/partners/acme/votes/1/{member}"),
            &format!("{vote}{rest}{judged}"),
        );
    }
    hub.git("jane/partners", &["branch", "apply/zzz", "apply/acme"]);
    hub.github.open_pull(REGISTRY, "jane", "jane:apply/zzz", "main", "zzz", "");
    hub.github.grant(REGISTRY, "carol", github_double::Permission::Write);
    let output = hub.run("carol", &["approve", "acme"]).ok();
    assert!(output.stdout.contains("Votes: 1 in favor"), "{output}");
}

#[test]
fn an_applicants_log_says_nothing_for_the_committee() {
    let hub = Hub::with_applicant();
    let event = hub.git_raw("jane/partners", "apply/acme:data/partners/acme/log/0001");
    let hash = crate::hub::sha256(event.as_bytes());
    let second = event
        .replace("v1 applied", "v1 approved")
        .replace("KP-Seq: 1", "KP-Seq: 2")
        .replace("KP-Prev: none", &format!("KP-Prev: sha256:{hash}"));
    hub.push_to_fork("apply/acme", "data/partners/acme/log/0002", &second);
    let third = second
        .replace("v1 approved", "v1 withdrawn")
        .replace("KP-Subject: application", "KP-Subject: exit")
        .replace("KP-Round: 1", "KP-Round: 2")
        .replace("KP-Seq: 2", "KP-Seq: 3")
        .replace(&hash, &crate::hub::sha256(second.as_bytes()));
    hub.push_to_fork("apply/acme", "data/partners/acme/log/0003", &third);
    let output = hub.run("bob", &["review"]).ok();
    assert!(output.stdout.contains("Nothing waits for a decision."), "{output}");
    assert_ne!(hub.run("bob", &["approve", "acme"]).code, Some(0));
}

/// At the very same moment, where decisions come by pull request: one of them is enough, and what lands is sound.
#[test]
fn two_members_deciding_by_pull_request_at_once() {
    let hub = Hub::with_applicant_by_pull_request();
    for member in ["alice", "bob"] {
        hub.run(
            member,
            &["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"],
        )
        .ok()
        .code
        .unwrap();
    }
    let children: Vec<_> = ["alice", "bob"]
        .iter()
        .map(|who| {
            hub.command(who, &["approve", "acme", "--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(matches!(child.wait().unwrap().code(), Some(0 | 1)));
    }
    let brought: Vec<_> = hub.threads().into_iter().filter(|t| t["title"] == "acme: Acme is approved").collect();
    assert!((1..=2).contains(&brought.len()), "{brought:?}");
    hub.github.merge_pull(REGISTRY, brought[0]["number"].as_u64().unwrap(), "alice", Method::Squash);
    hub.run("alice", &["check"]).ok().code.unwrap();
    hub.run("alice", &["review"]).ok().code.unwrap();
    assert_eq!(hub.threads()[1]["state"], "CLOSED");
}

/// Mallory's pull request, for which nothing has to be right but its files.
fn proposes_too(hub: &Hub, website: &str) {
    let [hers, theirs] = ["jane", "mallory"].map(|login| hub.github.account_id(login).to_string());
    let jane = |path: &str| {
        let file = hub.git_raw("jane/partners", &format!("apply/acme:data/partners/acme/{path}"));
        file.replace(&format!("github_id = {hers}"), &format!("github_id = {theirs}"))
            .replace(&format!("KP-Account: {hers}"), &format!("KP-Account: {theirs}"))
    };
    let record = jane("partner.toml").replace("https://acme.example/karmada", website).replace("jane", "mallory");
    let applied = jane("log/0001");
    let line = |key: &str| applied.lines().find(|l| l.starts_with(key)).unwrap().to_owned();
    hub.env.write("record", &record);
    let object = hub.env.git_exactly(".", &["hash-object", "record"]);
    let objects = line("KP-Objects").split(' ').nth(2).unwrap().to_owned();
    let forged = applied
        .replace("KP-Actor: jane", "KP-Actor: mallory")
        .replace(&line("KP-Record"), &format!("KP-Record: sha256:{}", crate::hub::sha256(record.as_bytes())))
        .replace(&line("KP-Objects"), &format!("KP-Objects: {} {objects}", object.trim()));
    hub.by_hand_of("mallory", "apply/acme", "we apply, too", |checkout| {
        let directory = checkout.join("data/partners/acme");
        std::fs::create_dir_all(directory.join("log")).unwrap();
        std::fs::write(directory.join("partner.toml"), &record).unwrap();
        std::fs::write(directory.join("log/0001"), &forged).unwrap();
        std::fs::write(directory.join("logo.png"), crate::picture::png(300, 200)).unwrap();
    });
}

/// Bait and switch: a pull request that is no proposal comes first, and becomes one when another was reviewed.
#[test]
fn votes_stay_with_the_pull_request_that_they_are_on() {
    let hub = Hub::with_fork();
    hub.github.fork(REGISTRY, "mallory", None);
    hub.by_hand_of("mallory", "apply/acme", "docs: fix a typo", |checkout| {
        std::fs::write(checkout.join("README.md"), "a typo less\n").unwrap();
    });
    hub.github.open_pull(REGISTRY, "mallory", "mallory:apply/acme", "main", "docs: fix a typo", "");
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    proposes_too(&hub, "https://casino.example");
    let told = hub.run("bob", &["review", "acme"]).ok();
    assert!(told.stdout.contains("https://acme.example/karmada") && !told.stdout.contains("casino"), "{told}");
    assert!(told.stderr.contains("not this one, which asks under the same name: #1 "), "{told}");
    hub.run("bob", &["approve", "acme", "--yes"]).ok().code.unwrap();
    let record = hub.git(REGISTRY, &["show", "main:data/partners/acme/partner.toml"]);
    assert!(record.contains("https://acme.example/karmada"), "{record}");
}

#[test]
fn nobody_decides_on_one_of_several_without_saying_which() {
    let hub = Hub::with_applicant();
    hub.github.fork(REGISTRY, "mallory", None);
    proposes_too(&hub, "https://casino.example");
    let other = hub.github.open_pull(REGISTRY, "mallory", "mallory:apply/acme", "main", "Acme", "").to_string();
    for args in [&["approve", "acme", "--yes"][..], &["reject", "acme", "--reason", "no"], &["review", "acme"]] {
        let refused = hub.run("alice", args).fails(1);
        for said in ["https://acme.example/karmada", "https://casino.example", "by mallory", "by jane"] {
            assert!(refused.stderr.contains(said), "{said}: {refused}");
        }
        assert!(refused.stderr.contains("say which one is meant with --pull-request NUMBER"), "{refused}");
    }
    hub.run("alice", &["approve", "acme", "--pull-request", "99"]).fails(1).code.unwrap();
    hub.run("alice", &["reject", "acme", "--reason", "not theirs", "--pull-request", &other]).ok().code.unwrap();
    // The votes on one are none on the other, and nothing is decided between two.
    hub.run("bob", &["approve", "acme", "--pull-request", "2"]).ok().code.unwrap();
    let refused = hub.run("carol", &["approve", "acme"]).fails(1);
    assert!(refused.stderr.contains("votes that count: 1 in favor"), "{refused}");
    // What only tells, tells of both.
    for args in [&["list", "--proposals"][..], &["status"], &["status", "acme"]] {
        let told = hub.run("carol", args).ok();
        for said in ["#2 http", &format!("#{other} http")] {
            assert!(told.stdout.contains(said), "{said}: {told}");
        }
    }
    hub.env.write("rows.csv", "do,partner,pull_request\napprove,acme,2\n");
    hub.run("carol", &["batch", "rows.csv", "--yes"]).ok().code.unwrap();
    let record = hub.git(REGISTRY, &["show", "main:data/partners/acme/partner.toml"]);
    assert!(record.contains("https://acme.example/karmada"), "{record}");
}

/// Logins change hands; so a policy knows its members' numbers, which are asked for all at once.
#[test]
fn members_numbers_are_filled_in_when_github_is_asked() {
    let hub = Hub::new();
    let number = |login: &str| format!("github = \"{login}\"\n");
    let made = ["init", "real.git", "--program", "program.toml", "--github-ci"];
    hub.github.clear_traffic();
    hub.run("alice", &made).ok().code.unwrap();
    assert_eq!(hub.requests().len(), 1);
    let policy = hub.env.git_at("real.git", &["show", "main:data/program.toml"]);
    for login in ["alice", "bob", "carol", "erin"] {
        let (id, seat) =
            (hub.github.account_id(login), policy.split("[[committee]]").find(|s| s.contains(&number(login))));
        assert!(seat.unwrap().contains(&format!("id = {id}\n")), "{policy}");
    }
    hub.run("alice", &made).ok().code.unwrap();
    // A policy gets them, too, with what it is changed by.
    hub.github.add_user("zoe");
    hub.run("alice", &["program", "propose", "--add-member", "zoe", "--affiliation", "Soylent"]).ok().code.unwrap();
    hub.decide("program");
    let policy = hub.git(REGISTRY, &["show", "main:data/program.toml"]);
    for login in ["alice", "zoe"] {
        assert!(policy.contains(&format!("id = {}\n", hub.github.account_id(login))), "{policy}");
    }
    // Whose login is somebody else's now is told, and keeps the number.
    hub.github.rename_user("carol", "carol-now");
    hub.github.add_user("carol");
    hub.env.write("next.toml", policy.replace("Soylent", "Tyrell"));
    let told = hub.run("alice", &["program", "propose", "next.toml"]).ok();
    assert!(told.stderr.contains("the login carol is account number"), "{told}");
    assert!(told.stderr.contains("it has changed hands"), "{told}");
    // Without GitHub a registry is made all the same.
    let alone = hub
        .env
        .run(&["init", "alone.git", "--program", "program.toml", "--github-ci", "--offline", "--as", "alice"])
        .ok();
    assert_eq!(alone.stderr.lines().filter(|l| l.starts_with("warning")).count(), 0, "{alone}");
}

/// Logins change hands; the number of an account stays.
#[test]
fn a_members_click_is_told_by_the_accounts_number() {
    let hub = Hub::new();
    let id = hub.github.account_id("alice");
    let policy =
        hub.env.git_exactly(hub.github.repo_path(REGISTRY).to_str().unwrap(), &["show", "main:data/program.toml"]);
    let numbered = policy.replace("github = \"alice\"\n", &format!("github = \"alice\"\nid = {id}\n"));
    assert_ne!(policy, numbered);
    hub.env.write("numbered.toml", numbered);
    hub.run("alice", &["program", "propose", "numbered.toml"]).ok().code.unwrap();
    hub.decide("program");
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    let number = hub.threads().len() as u64;
    // Alice renames her account, and somebody takes the old login.
    hub.github.rename_user("alice", "alice-now");
    hub.github.add_user("alice");
    hub.github.review(REGISTRY, number, "alice", "APPROVED", "");
    let status = hub.run("bob", &["review", "acme"]).ok();
    assert!(status.stdout.contains("0 in favor"), "{status}");
    assert!(status.stderr.contains("the policy knows that member as account number"), "{status}");
    // Her own click counts, whatever she is called; a command says whom the policy knows her as.
    let refused = hub.run("alice", &["approve", "acme"]).fails(4);
    assert!(refused.stderr.contains("as the member alice, and what it does"), "{refused}");
    hub.github.review(REGISTRY, number, "alice-now", "APPROVED", "");
    let decided = hub.run("bob", &["approve", "acme"]).ok();
    assert!(decided.stdout.contains("Decided: Acme is approved"), "{decided}");
    let vote = hub.git(REGISTRY, &["show", "main:data/partners/acme/votes/1/alice"]);
    assert!(vote.contains(&format!("KP-Account: {id}\n")), "{vote}");
    hub.run("bob", &["check"]).ok().code.unwrap();
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

/// Whose login the policy knows by another number begins no exit, though a vote of theirs may lie on a branch.
#[test]
fn an_account_that_is_no_members_begins_nothing() {
    for told in [true, false] {
        let hub = Hub::with_partner();
        let opened = hub.run("alice", &["exit", "acme", "--kind", "breach", "--reason", "x"]).ok();
        let pull = opened.stdout.split("/pull/").nth(1).expect("its pull request");
        let pull: String = pull.chars().take_while(char::is_ascii_digit).collect();
        if !told {
            // As it is before GitHub's number is known, or where somebody leaves it out.
            hub.by_hand_of("alice", "exit/acme", "x", |dir| {
                let vote = dir.join("data/partners/acme/votes/2/alice");
                let said = std::fs::read_to_string(&vote).unwrap();
                let left: String = said.split_inclusive('\n').filter(|l| !l.starts_with("KP-Account: ")).collect();
                std::fs::write(vote, left).unwrap();
            });
        }
        let registry = hub.github.repo_path(REGISTRY);
        let policy = hub.env.git_exactly(registry.to_str().unwrap(), &["show", "main:data/program.toml"]);
        let other = hub.github.account_id("alice") + 1_000;
        let numbered = policy.replace("github = \"alice\"\n", &format!("github = \"alice\"\nid = {other}\n"));
        assert_ne!(policy, numbered);
        hub.env.write("numbered.toml", numbered);
        hub.run("bob", &["program", "propose", "numbered.toml"]).ok().code.unwrap();
        for who in ["bob", "carol"] {
            hub.run(who, &["approve", "program"]).ok().code.unwrap();
        }
        if !told {
            let refused = hub.run("bob", &["check", "--pull-request", &pull]).fails(1);
            assert!(refused.stdout.contains("data/partners/acme/votes/2/alice: error[author]"), "{refused}");
        }
        let output = hub.run("bob", &["exit", "acme", "--kind", "breach", "--reason", "x", "--instead"]);
        let shown = hub.run("bob", &["show", "acme", "--json"]).ok().json();
        assert_eq!(shown["state"], "active", "{output}\n{shown}");
        hub.run("bob", &["audit"]).ok().code.unwrap();
    }
}

#[test]
fn what_was_said_before_somebody_joined_is_said_again() {
    let hub = Hub::with_applicant();
    hub.github.add_user("zoe");
    hub.github.grant(REGISTRY, "zoe", github_double::Permission::Write);
    // As a stranger: by a click, and by a block in the name of the policy to come.
    hub.github.review(REGISTRY, 2, "zoe", "APPROVED", "");
    let policy =
        hub.env.git_exactly(hub.github.repo_path(REGISTRY).to_str().unwrap(), &["show", "main:data/program.toml"]);
    hub.env.write("next.toml", format!("{policy}\n[[committee]]\ngithub = \"zoe\"\naffiliation = \"Soylent\"\n"));
    hub.run("alice", &["program", "propose", "next.toml"]).ok().code.unwrap();
    hub.decide("program");
    let told = "from before zoe joined the committee, and doesn't count; zoe votes by pressing the button again";
    let early = hub.run("bob", &["approve", "acme"]).ok();
    assert!(early.stderr.contains(told), "{early}");
    assert!(early.stdout.contains("1 in favor"), "{early}");
    hub.github.review(REGISTRY, 2, "zoe", "APPROVED", "");
    let decided = hub.run("bob", &["approve", "acme"]).ok();
    assert!(decided.stdout.contains("Decided: Acme is approved"), "{decided}");
    assert_eq!(hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/votes/1"]), "bob\nzoe\n");
    hub.run("bob", &["audit"]).ok().code.unwrap();
}

/// Where clicks carry an exit, somebody still has to write it down, also who has clicked.
#[test]
fn who_clicked_on_an_exit_is_told_how_it_is_written_down() {
    let hub = Hub::with_partner();
    hub.run("jane", &["exit", "acme", "--kind", "voluntary", "--reason", "x"]).ok().code.unwrap();
    let number = hub.threads().len() as u64;
    hub.github.review(REGISTRY, number, "alice", "APPROVED", "");
    let said = hub.run("alice", &["approve", "acme"]).fails(1).stderr;
    assert!(
        said.contains("what is open about acme is an exit") && said.contains("karmada-partner exit acme"),
        "{said}"
    );
    hub.run("alice", &["exit", "acme"]).ok().code.unwrap();
}
