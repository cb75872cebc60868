//! A button was pressed on GitHub, by a person or a bot, instead of a decision made: the reviews of the merged pull request count
//! where it stands.

use github_double::Method;

use crate::env::some;
use crate::hub::{Hub, REGISTRY};

const METHODS: [Method; 3] = [Method::Merge, Method::Squash, Method::Rebase];

/// The number of the newest pull request or issue.
fn newest(hub: &Hub) -> u64 {
    hub.threads().len() as u64
}

#[track_caller]
fn sound(hub: &Hub) {
    hub.run("bob", &["check"]).ok().code.unwrap();
    hub.run("bob", &["audit", "--full"]).ok().code.unwrap();
}

#[test]
fn an_application_is_decided_where_it_stands() {
    for method in some(1, METHODS) {
        let hub = Hub::with_applicant();
        hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
        hub.github.merge_pull(REGISTRY, 2, "carol", method);
        let status = hub.run("jane", &["status", "acme"]).ok();
        assert!(status.stdout.contains("It stands on the default branch, and not decided"), "{status}");
        // Who applied is told what members see: the reviews count.
        assert!(status.stdout.contains("Votes so far: 1 in favor"), "{status}");
        for args in [&["status"][..], &["list", "--proposals"], &["review"]] {
            let queue = hub.run("bob", args).ok();
            assert!(queue.stdout.contains("on the default branch, and not decided: merged "), "{queue}");
        }
        let output = hub.run("bob", &["approve", "acme"]);
        assert!(output.stdout.contains("Decided: Acme is approved"), "{output}");
        sound(&hub);
    }
}

#[test]
fn an_update_is_decided_where_it_stands() {
    for method in some(1, METHODS) {
        for approve in [true, false] {
            let hub = Hub::with_partner();
            hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
            let number = newest(&hub);
            let state = if approve { "APPROVED" } else { "CHANGES_REQUESTED" };
            hub.github.review(REGISTRY, number, "alice", state, "so it is");
            hub.github.merge_pull(REGISTRY, number, "carol", method);
            let seen = hub.run("bob", &["review", "acme"]).ok();
            assert!(seen.stdout.contains("alice (Umbrella)"), "{seen}");
            match approve {
                true => hub.run("bob", &["approve", "acme"]),
                false => hub.run("bob", &["reject", "acme", "--reason", "no"]),
            }
            .ok()
            .code
            .unwrap();
            let record = hub.git(REGISTRY, &["show", "main:data/partners/acme/partner.toml"]);
            assert_eq!(record.contains("https://acme.example/new"), approve, "{record}");
            // Her click is on record, too.
            hub.git(REGISTRY, &["show", "main:data/partners/acme/votes/2/alice"]);
            sound(&hub);
        }
    }
}

#[test]
fn an_exit_and_a_policy_are_decided_where_they_stand() {
    for method in some(1, METHODS) {
        let hub = Hub::with_partner();
        hub.run("alice", &["exit", "acme", "--kind", "breach", "--reason", "x"]).ok().code.unwrap();
        hub.github.merge_pull(REGISTRY, newest(&hub), "carol", method);
        hub.run("bob", &["exit", "acme"]).ok().code.unwrap();
        let list = hub.run("bob", &["list"]).ok();
        assert!(list.stdout.contains("exited"), "{list}");
        sound(&hub);

        let hub = Hub::with_partner();
        let policy = hub.git_raw(REGISTRY, "main:data/program.toml").replace("Test Program", "Another Program");
        hub.env.write("next.toml", policy);
        hub.run("alice", &["program", "propose", "next.toml"]).ok().code.unwrap();
        let number = newest(&hub);
        hub.github.review(REGISTRY, number, "carol", "APPROVED", "");
        hub.github.merge_pull(REGISTRY, number, "carol", method);
        // What nobody decided changes nothing for who asks.
        let status = hub.run("jane", &["status", "acme"]).ok();
        assert!(status.stdout.contains("has been a partner"), "{status}");
        let decided = hub.run("bob", &["approve", "program"]).ok();
        assert!(decided.stdout.contains("Decided: "), "{decided}");
        sound(&hub);
    }
}

/// Whoever applied has no right to the default branch: what takes it back from there is proposed, and merged by somebody.
#[test]
fn an_applicant_takes_back_what_was_merged_undecided() {
    for method in some(1, METHODS) {
        let hub = Hub::with_applicant();
        hub.github.merge_pull(REGISTRY, 2, "carol", method);
        let told = hub.run("jane", &["withdraw", "acme"]).ok();
        let number = newest(&hub);
        assert!(told.stdout.contains(&format!("/pull/{number}")), "{told}");
        hub.run("bob", &["check", "--pull-request", &number.to_string()]).ok().code.unwrap();
        let again = hub.run("jane", &["withdraw", "acme"]).ok();
        assert_eq!(newest(&hub), number, "{again}");
        hub.github.merge_pull(REGISTRY, number, "carol", method);
        let left = hub.git(REGISTRY, &["ls-tree", "-r", "--name-only", "main", "data/partners/acme"]);
        assert!(left.contains("log/0002") && !left.contains("partner.toml"), "{left}");
        sound(&hub);
    }
}

/// As Prow merges several at once.
#[test]
fn several_that_were_merged_at_once_are_decided_one_by_one() {
    let hub = Hub::with_applicant();
    hub.apply("jane", "Other").ok().code.unwrap();
    let other = newest(&hub);
    for number in [2, other] {
        hub.github.review(REGISTRY, number, "alice", "APPROVED", "");
    }
    hub.github.merge_pull(REGISTRY, 2, "carol", Method::Squash);
    hub.github.merge_pull(REGISTRY, other, "carol", Method::Squash);
    let queue = hub.run("bob", &["list", "--proposals"]).ok();
    assert_eq!(queue.stdout.matches("on the default branch, and not decided: ").count(), 2, "{queue}");
    for slug in ["acme", "other"] {
        let decided = hub.run("bob", &["approve", slug]).ok();
        assert!(decided.stdout.contains("is approved"), "{decided}");
    }
    sound(&hub);
    let audit = hub.run("bob", &["audit", "--full"]).ok();
    assert!(audit.stdout.contains("; decided after it was merged, by data/partners/acme/log/0002"), "{audit}");
}

/// What an applicant wrote into its own branch in a member's name is no vote because somebody merged it.
#[test]
fn votes_that_an_applicant_wrote_decide_nothing() {
    let hub = Hub::with_applicant();
    hub.run(
        "alice",
        &["review", "acme", "--vote", "approve", "--authenticity", "met", "--url", "met", "--relevance", "met"],
    )
    .ok()
    .code
    .unwrap();
    let review = hub.threads()[1]["reviews"][0]["body"].as_str().unwrap().to_owned();
    let begin = review.find("KP-Vote").unwrap();
    let block: String =
        review[begin..].lines().take_while(|l| l.starts_with("KP-")).map(|l| format!("{l}\n")).collect();
    for (who, path) in [("carol", "data/partners/acme/votes/1/carol"), ("bob", "data/partners/acme/votes/1/bob")] {
        hub.push_to_fork("apply/acme", path, &block.replace("KP-Actor: alice", &format!("KP-Actor: {who}")));
    }
    hub.github.merge_pull(REGISTRY, 2, "carol", Method::Merge);
    let seen = hub.run("alice", &["review", "acme"]).ok();
    assert!(!seen.stdout.contains("carol (Globex)"), "{seen}");
    for args in [&["approve", "acme", "--yes"][..], &["reject", "acme", "--reason", "no"]] {
        let refused = hub.run("alice", args).fails(1);
        assert!(refused.stderr.contains("was merged with the proposal, and nobody cast it there"), "{refused}");
    }
}
