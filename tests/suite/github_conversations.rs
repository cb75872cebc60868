//! What GitHub does with conversations by itself: it closes what texts say they fix, and keeps people from locked ones.

use github_double::{Method, Permission};

use crate::env::some;
use crate::hub::{Hub, REGISTRY};

/// A locked conversation takes no comment: the decision is made all the same, and what can be closed is.
#[test]
fn a_locked_conversation_holds_up_no_decision() {
    let ready = || {
        let hub = Hub::with_applicant();
        hub.run("alice", &["reject", "acme", "--reason", "No"]).ok().code.unwrap();
        hub.github.clear_traffic();
        hub
    };
    let rejects = |hub: &Hub| hub.run("bob", &["reject", "acme", "--reason", "No"]).ok();
    let open = ready();
    assert_eq!(rejects(&open).stderr, "");
    let comment = open.operations().iter().position(|o| o == "issues/create-comment").unwrap();

    // Meanwhile it is locked for all who may not push, of whom bob is one by then.
    let hub = ready();
    hub.github.on_request(
        comment as u64 + 1,
        Box::new(|github| {
            github.lock(REGISTRY, 2, true);
            github.grant(REGISTRY, "bob", Permission::Triage);
        }),
    );
    let told = rejects(&hub).stderr;
    assert!(
        told.contains(
            "pull request 2 doesn't say what was decided: can't tell the applicant: the conversation is locked"
        ),
        "{told}"
    );
    let (threads, others) = (hub.threads(), open.threads());
    assert_eq!((threads[1]["comments"].as_array().unwrap().len(), &threads[1]["state"]), (0, &others[1]["state"]));
    assert_eq!((&threads[1]["state"], &threads[0]["state"]), (&"CLOSED".into(), &others[0]["state"]));
    let log = |hub: &Hub| hub.git(REGISTRY, &["ls-tree", "--name-only", "main:data/partners/acme/log"]);
    assert_eq!(log(&hub), log(&open));
    hub.run("carol", &["check"]).ok().code.unwrap();
}

/// Wherever words of an applicant's come to stand: facts, reasons, the pull request and its commits.
#[test]
fn nothing_that_an_applicant_wrote_closes_the_issues_of_others() {
    for method in some(1, [None, Some(Method::Merge), Some(Method::Squash)]) {
        let hub = method.map_or_else(Hub::new, |_| Hub::landing_by_pull_request());
        hub.github.fork(REGISTRY, "jane", None);
        assert_eq!(hub.github.open_issue(REGISTRY, "carol", "Roadmap", "What comes next"), 1);
        let decided = |by: &[&str]| {
            for member in by {
                hub.run(member, &["approve", "acme"]).ok().code.unwrap();
            }
            if let Some(method) = method {
                let number = hub.threads().len() as u64;
                hub.github.merge_pull(REGISTRY, number, "alice", method);
                hub.run("alice", &["review"]).ok().code.unwrap();
            }
            let log = hub.git(REGISTRY, &["log", "--format=%B", "main"]);
            assert_eq!(hub.threads()[0]["state"], "OPEN", "{log}");
        };
        let words =
            ["--slug", "acme", "--name", "Fixes #1", "--description", "Closes #1", "--website", "https://acme.example"];
        let apply = [&["apply"], &words[..], &["--github", "jane", "--logo", "logo.png"]].concat();
        hub.run("jane", &apply).ok().code.unwrap();
        hub.push_to_fork("apply/acme", "data/partners/acme/note.txt", "x\n");
        hub.drop_from_fork("apply/acme", "data/partners/acme/note.txt", "Resolves #1\n\nCloses karmada/partners#1");
        hub.github.edit(REGISTRY, 3, "jane", Some("Fixes #1"), Some("Closes #1, fixes #2"));
        decided(&["alice", "bob"]);
        hub.run("jane", &["update", "acme", "--description", "Resolves: #1"]).ok().code.unwrap();
        decided(&["alice"]);
    }
}
