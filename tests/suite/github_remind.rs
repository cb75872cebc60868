//! `remind`: one issue about what waits, once a week at most; and partners asked once to confirm their entry.

use serde_json::{Value, json};

use crate::hub::{Hub, REGISTRY};

/// With more in the program, an application by jane, and a workflow.
fn hub(more: &str) -> Hub {
    let hub = Hub::with_program(more);
    hub.github.fork(REGISTRY, "jane", None);
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.with_workflow()
}

/// The workflow runs so many days after the application.
fn day(hub: &Hub, day: i64) -> String {
    on(hub, day, "workflow", &["remind"])
}

/// Somebody does something so many days after the application, at about the same time of the day.
fn on(hub: &Hub, day: i64, who: &str, args: &[&str]) -> String {
    hub.env.output(&mut hub.later(86_400 * day, who, args)).ok().stdout
}

/// Issues by the workflow: title, text, state.
fn issues(hub: &Hub) -> Vec<(String, String, String)> {
    let word = |t: &Value, key: &str| t[key].as_str().unwrap().to_owned();
    let own = hub.threads().into_iter().filter(|t| t["author"] == "github-actions" && t["kind"] == "issue");
    own.map(|t| (word(&t, "title"), word(&t, "body"), word(&t, "state"))).collect()
}

fn writes(hub: &Hub) -> Vec<String> {
    hub.requests().into_iter().filter(|r| r.creates).map(|r| r.operation).collect()
}

#[test]
fn one_issue_names_those_whose_vote_can_still_carry_it_once_a_week() {
    let hub = hub("");
    for early in [0, 6] {
        assert_eq!(day(&hub, early), "Nobody is to be reminded.\n");
    }
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    day(&hub, 7);
    let [(title, body, state)] = &issues(&hub)[..] else { panic!("{:?}", issues(&hub)) };
    assert_eq!((title.as_str(), state.as_str()), ("What waits for the committee", "OPEN"));
    assert!(body.contains("@bob, @carol."), "{body}");
    // Neither who has voted, nor who doesn't vote any more.
    assert!(!body.contains("@alice") && !body.contains("@erin"), "{body}");
    assert!(body.contains("expected by 2026-10-05"), "{body}");
    // A week has seven days, whatever happens in it.
    hub.github.review(REGISTRY, 2, "bob", "CHANGES_REQUESTED", "no");
    for between in [7, 8, 13] {
        hub.github.clear_traffic();
        day(&hub, between);
        assert_eq!(writes(&hub), [""; 0], "{between}");
        assert!(hub.requests().len() <= 3, "{:?}", hub.operations());
    }
    day(&hub, 15);
    let body = &issues(&hub)[0].1;
    assert!(
        body.contains("**overdue since 2026-10-05**") && body.contains("@carol") && !body.contains("@bob"),
        "{body}"
    );
    on(&hub, 15, "bob", &["approve", "acme"]);
    day(&hub, 16);
    assert_eq!(issues(&hub)[0].2, "CLOSED");
    assert_eq!(issues(&hub).len(), 1);
    hub.github.clear_traffic();
    day(&hub, 30);
    assert_eq!(writes(&hub), [""; 0]);
}

#[test]
fn who_is_away_is_not_waited_for_and_days_are_the_policys() {
    let away = "\n[[committee]]\ngithub = \"dora\"\naffiliation = \"Stark\"\naway_until = 2026-10-01\n\n[decisions.approve]\ndue = 3\nremind = 2\n";
    let hub = hub(away);
    assert_eq!(day(&hub, 1), "Nobody is to be reminded.\n");
    day(&hub, 2);
    assert!(!issues(&hub)[0].1.contains("dora"), "{:?}", issues(&hub));
    assert!(issues(&hub)[0].1.contains("expected by 2026-09-24"), "{:?}", issues(&hub));
    day(&hub, 11);
    assert!(issues(&hub)[0].1.contains("@dora"), "{:?}", issues(&hub));
    // It counts all the same what who is away says.
    hub.github.add_user("dora");
    let mut hub = hub;
    hub.use_token("dora", github_double::TokenKind::classic());
    on(&hub, 12, "dora", &["approve", "acme"]);
    assert!(on(&hub, 12, "workflow", &["status", "acme"]).contains("1 in favor"));
}

#[test]
fn another_account_cannot_pass_for_the_reminder() {
    let hub = hub("");
    hub.github.open_issue(REGISTRY, "mallory", "x", "<!-- karmada-partner: what waits, told 2030-01-01 -->\n");
    hub.github.add_label(REGISTRY, 3, "alice", "partner/reminder");
    day(&hub, 8);
    assert_eq!(issues(&hub).len(), 1);
    // Closed by hand it stays closed for its week.
    let number = u64::try_from(hub.threads().len()).unwrap();
    hub.github.close_issue(REGISTRY, number, "alice");
    day(&hub, 9);
    assert_eq!(issues(&hub)[0].2, "CLOSED");
    day(&hub, 15);
    assert_eq!(issues(&hub)[0].2, "OPEN");
}

#[test]
fn a_partner_whose_entry_is_due_is_asked_once() {
    let hub = hub("\n[renewal]\nmonths = 1\n");
    hub.approve();
    assert_eq!(day(&hub, 20), "Nobody is to be reminded.\n");
    day(&hub, 40);
    let [(title, body, state)] = &issues(&hub)[..] else { panic!("{:?}", issues(&hub)) };
    assert_eq!((title.as_str(), state.as_str()), ("Please confirm the entry of Acme", "OPEN"));
    assert!(body.contains("@jane: ") && body.contains("karmada-partner renew acme"), "{body}");
    hub.github.clear_traffic();
    day(&hub, 41);
    assert_eq!(writes(&hub), [""; 0]);
    let threads = hub.threads();
    assert_eq!(threads.last().unwrap()["labels"], json!(["partner/reminder"]));
    // Silence does nothing.
    day(&hub, 400);
    assert!(on(&hub, 400, "alice", &["status", "acme"]).contains("has been a partner"));
    assert_eq!(issues(&hub).len(), 1);
}

/// However many issues carry the label, ours is found: what isn't seen would be opened again each time.
#[test]
fn ours_is_found_among_hundreds() {
    let hub = hub("");
    day(&hub, 7);
    for _ in 0..120 {
        let number = hub.github.open_issue(REGISTRY, "jane", "Mine", "Is it my turn?");
        hub.github.add_label(REGISTRY, number, "alice", "partner/reminder");
    }
    assert!(day(&hub, 15).starts_with("Issue brought up to date: "));
    assert_eq!(issues(&hub).len(), 1);
}

/// A job that ended red each hour would mail everybody who watches.
#[test]
fn where_issues_are_switched_off_that_is_said_and_no_job_fails() {
    let hub = hub("");
    hub.github.enable_issues(REGISTRY, false);
    let told = hub.env.output(&mut hub.later(86_400 * 9, "workflow", &["remind"])).ok();
    assert!(told.stderr.contains("issues are switched off there, so nobody hears of: What waits"), "{told}");
    assert_eq!(told.stdout, "Nobody is to be reminded.\n");
    hub.run("workflow", &["announce"]).ok().code.unwrap();
    hub.github.enable_issues(REGISTRY, true);
    assert!(day(&hub, 9).starts_with("Issue opened: "));
    hub.github.assert_clean();
}

/// What is said on a proposal is none of the reminder's business, however much it is.
#[test]
fn comments_are_not_read() {
    let hub = hub("");
    for n in 0..150 {
        hub.github.comment(REGISTRY, 2, "mallory", &format!("me too {n}"));
    }
    hub.github.clear_traffic();
    assert_eq!(day(&hub, 0), "Nobody is to be reminded.\n");
    assert!(hub.requests().len() <= 3, "{:?}", hub.operations());
}

/// A member by hand, and the workflow that came later.
#[test]
fn what_waits_is_kept_in_one_issue_whoever_reminds() {
    let hub = hub("");
    let count = || {
        hub.threads().iter().filter(|t| t["kind"] == "issue" && t["title"].as_str().unwrap().contains("waits")).count()
    };
    for (who, at) in [("alice", 7), ("workflow", 15), ("bob", 23)] {
        let told = on(&hub, at, who, &["--yes", "remind"]);
        assert_eq!(count(), 1, "{who}: {told}");
        assert_eq!(told.contains("brought up to date"), who != "alice", "{who}: {told}");
    }
    hub.github.assert_clean();
}
