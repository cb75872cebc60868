//! What GitHub may do or leave, as its documentation doesn't promise otherwise: there is a second way.

use github_double::{Habits, TokenKind};

use crate::hub::{Hub, REGISTRY};

/// From the application to the decision.
#[track_caller]
fn goes_all_the_way(hub: &Hub) {
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
    let status = hub.run("jane", &["status", "acme", "--json"]).ok().json();
    assert_eq!(status["partners"][0]["proposals"][0]["missing"][0]["have"], 0, "{status}");
    hub.approve();
    let audit = hub.run("carol", &["audit", "--json"]).ok().json();
    assert_eq!(audit["findings"], serde_json::json!([]));
    assert_eq!(hub.run("carol", &["list", "--json"]).ok().json()["partners"][0]["state"], "active");
}

#[test]
fn commits_that_know_no_directories_by_path_cost_one_request_more() {
    let hub = Hub::with_applicant();
    let asked = |login: &str, args: &[&str]| {
        hub.github.clear_traffic();
        let said = hub.run(login, args).ok();
        (hub.requests().len(), said.stdout)
    };
    let (usual, status) = asked("jane", &["status", "acme"]);
    hub.github.has_habits(Habits { only_files: true, ..Habits::default() });
    assert_eq!(asked("jane", &["status", "acme"]), (usual + 1, status.clone()));
    // Who has seen the commit needn't ask what is in it; who hasn't asks once more.
    let (first, listed) = asked("carol", &["status", "acme"]);
    let (second, again) = asked("carol", &["status", "acme"]);
    assert_eq!((&listed, &again), (&status, &status));
    assert!(first <= usual + 1 && second <= first, "{usual} {first} {second}");
    let told = hub.run("bob", &["list", "--proposals"]).ok();
    assert!(told.stdout.contains("acme") && told.stderr.is_empty(), "{told}");
    let hub = Hub::with_fork();
    hub.github.has_habits(Habits { only_files: true, ..Habits::default() });
    goes_all_the_way(&hub);
}

#[test]
fn commits_that_come_back_with_other_bytes_are_taken_as_they_are() {
    let hub = Hub::with_fork();
    hub.github.has_habits(Habits { trims_messages: true, ..Habits::default() });
    let sent = hub.apply("jane", "Acme").ok();
    let head = hub.git("jane/partners", &["cat-file", "commit", "apply/acme"]);
    assert!(!head.ends_with("\n\n") && sent.stdout.contains("Commit: [COMMIT] on apply/acme"), "{sent}{head}");
    hub.github.has_habits(Habits::default());
    let hub = Hub::with_fork();
    hub.github.has_habits(Habits { trims_messages: true, ..Habits::default() });
    goes_all_the_way(&hub);
}

#[test]
fn what_only_the_parent_has_keeps_no_member_from_proposing() {
    let hub = Hub::with_applicant();
    // What is decided now isn't in the fork.
    hub.github.fork(REGISTRY, "alice", None);
    hub.approve();
    hub.github.strict_forks(true);
    hub.run("alice", &["exit", "acme", "--kind", "inactive", "--reason", "gone"]).ok().code.unwrap();
    let told = hub.run("carol", &["list", "--proposals", "--json"]).ok().json();
    assert_eq!(told["waiting"][0]["subject"], "exit", "{told}");
    assert_eq!(told["waiting"][0]["in_favor"], 1, "{told}");
    hub.run("bob", &["exit", "acme", "--kind", "inactive", "--reason", "so it is"]).ok().code.unwrap();
    assert_eq!(hub.run("carol", &["audit", "--json"]).ok().json()["findings"], serde_json::json!([]));
}

/// The branch has what was changed, and of the partner nothing else.
#[test]
fn what_only_the_parent_has_keeps_no_partner_from_an_update() {
    let hub = Hub::with_applicant();
    hub.approve();
    hub.github.strict_forks(true);
    hub.run("jane", &["update", "acme", "--description", "Clusters, all of them."]).ok().code.unwrap();
    let told = hub.run("carol", &["list", "--proposals", "--json"]).ok();
    assert_eq!(told.json()["waiting"][0]["subject"], "update", "{told}");
    assert_eq!(told.stderr, "", "{told}");
}

#[test]
fn an_organization_that_keeps_its_fork_to_itself_is_left_out() {
    let mut hub = Hub::with_fork();
    hub.github.add_org("closed", &["jane", "alice", "mallory"]);
    hub.github.fork(REGISTRY, "closed", None);
    // An application from there, by somebody whom it lets in.
    hub.run(
        "mallory",
        &[
            "apply",
            "--name",
            "Hooli",
            "--website",
            "https://hooli.example/karmada",
            "--github",
            "mallory",
            "--logo",
            "logo.png",
        ],
    )
    .ok()
    .code
    .unwrap();
    for login in ["jane", "alice"] {
        hub.use_token(login, TokenKind::Saml { org: "closed".into() });
    }
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.run("jane", &["status", "acme"]).ok().code.unwrap();
    let waiting = hub.run("alice", &["list", "--proposals", "-v"]).ok();
    assert!(waiting.stdout.contains("hooli") && waiting.stdout.contains("acme"), "{waiting}");
    assert!(waiting.stderr.contains("GitHub leaves one out: Resource protected by organization SAML"), "{waiting}");
    // What is asked for itself still has to be shown.
    hub.use_token("jane", TokenKind::Saml { org: "karmada".into() });
    hub.run("jane", &["status", "acme"]).fails(4).code.unwrap();
}

#[test]
fn a_review_of_nobody_knows_what_is_said_to_be_that() {
    let hub = Hub::with_applicant();
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    hub.github.has_habits(Habits { forgets_commits: true, ..Habits::default() });
    let told = hub.run("bob", &["status"]).ok();
    assert!(told.stderr.contains("GitHub doesn't say any more of which commit a review by alice was"), "{told}");
    assert!(told.stdout.contains("2 more in favor (0 of 2)"), "{told}");
}

#[test]
fn what_a_review_hides_says_nothing_and_what_contradicts_its_button_does_not_count() {
    let hub = Hub::with_applicant();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let body = hub.threads()[1]["reviews"][0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("KP-Vote: v1 approve"), "{body}");
    let tally = || {
        let told = hub.run("bob", &["status", "--json"]).ok();
        let proposal = told.json()["partners"][0]["proposals"][0].clone();
        (proposal["in_favor"].as_u64().unwrap(), proposal["against"].as_u64().unwrap(), told.stderr)
    };
    assert_eq!(tally(), (1, 0, String::new()));
    // Red, and only in what nobody sees for it.
    hub.github.review(REGISTRY, 2, "alice", "CHANGES_REQUESTED", &format!("No.\n\n<!--\n{body}\n-->\n"));
    assert_eq!(tally(), (0, 1, String::new()));
    let words = format!("Fine. <!-- Interest: employer --> \n<!-- {} -->", body.replace("-->", ""));
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", &words);
    assert_eq!(tally(), (1, 0, String::new()));
    // In the open, but against the button.
    hub.github.review(REGISTRY, 2, "bob", "CHANGES_REQUESTED", &body);
    hub.github.review(REGISTRY, 2, "alice", "CHANGES_REQUESTED", &body);
    let (in_favor, against, said) = tally();
    assert_eq!((in_favor, against), (1, 0));
    assert!(said.contains("a review by alice says approve in its vote and another thing by its button"), "{said}");
}

#[test]
fn the_issue_of_a_registry_that_was_renamed_is_closed() {
    let mut hub = Hub::with_applicant();
    hub.github.rename(REGISTRY, "karmada/members");
    hub.registry = "karmada/members".into();
    hub.approve();
    let issue = &hub.github.dump()["karmada/members"]["threads"][0];
    assert_eq!((&issue["state"], &issue["pull"]), (&"CLOSED".into(), &serde_json::Value::Null), "{issue}");
    // Another registry that shares the place for issues is another.
    let hub = Hub::with_applicant();
    let body = hub.threads()[0]["body"].as_str().unwrap().replace("karmada/partners", "mallory/partners");
    hub.github.fork(REGISTRY, "mallory", None);
    hub.github.edit(REGISTRY, 1, "jane", None, Some(&body));
    hub.approve();
    assert_eq!(hub.threads()[0]["state"], "OPEN");
}
