//! What the log names and doesn't stand there any more: where the clone has it, `check` tells by it what the audit tells.

use crate::env::TestEnv;
use crate::plumbing::{hash, with};
use crate::voices_without_right::{after, voice};

const ACME: &str = "data/partners/acme";

/// The codes of the errors at a file: of the audit, and of `check`.
fn told_of(env: &TestEnv, file: &str) -> [Vec<String>; 2] {
    let path = format!("{ACME}/{file}");
    let of = |args: &[&str], list: &str| -> Vec<String> {
        let found = env.run(args).json();
        let all = found[list].as_array().unwrap().iter();
        let here = all.filter(|f| f["path"] == path.as_str() && f["severity"] == "error");
        here.map(|f| f["code"].as_str().unwrap().to_owned()).collect()
    };
    [of(&["audit", "--full", "--json"], "findings"), of(&["check", "--json"], "problems")]
}

/// Who takes something back is held to the facts of then, whatever came after.
#[test]
fn who_took_back_anothers_update_is_told_after_the_next_one() {
    for (actor, due) in [("mallory", vec!["event-actor".to_owned()]), ("acme-bot", vec![])] {
        let env = TestEnv::with_partner();
        let asked = voice(&env, "request", "update", (2, "acme-bot"), "none", "");
        let time = ("Time", "2026-09-21T14:18:20Z");
        let lines = [("Event", "v1 withdrawn"), ("Subject", "update"), ("Round", "2"), ("Actor", actor), time];
        env.forge()
            .put(&format!("{ACME}/votes/2/acme-bot"), &asked)
            .put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, ""))
            .commit();
        env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "alice"]).ok().code.unwrap();
        env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
        assert_eq!(told_of(&env, "log/0003"), [due.clone(), due], "{actor}");
    }
}

/// Who was cleared keeps all but mailbox and logo.
#[test]
fn a_clearing_that_changes_more_is_told() {
    for (change, due) in [("/elsewhere", vec!["event-facts".to_owned()]), ("/karmada", vec![])] {
        let env = TestEnv::with_partner();
        for member in ["alice", "bob"] {
            let exit = ["exit", "acme", "--kind", "inactive", "--reason", "no answer", "--as", member];
            env.run(&exit).ok().code.unwrap();
        }
        let record = env.file(&format!("{ACME}/partner.toml")).replace("/karmada", change);
        let named = [("Record", hash(&record)), ("Logo", "none".to_owned())].map(|(key, value)| (key, value));
        let named: Vec<(&str, &str)> = named.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let vote = with(&voice(&env, "approve", "update", (3, "alice"), "none", ""), &named);
        let (votes, prev) = (hash(&vote), hash(&env.file(&format!("{ACME}/log/0003"))));
        let object = env.id(&["hash-object", "-w", "--stdin"], &record);
        let lines = [
            ("Event", "v1 cleared"),
            ("Seq", "4"),
            ("Subject", "update"),
            ("Round", "3"),
            ("Actor", "alice"),
            ("Prev", &prev),
            ("Votes", &votes),
            ("Objects", &object),
            ("Time", "2026-09-21T15:01:00Z"),
        ];
        let event = with(&with(&env.file(&format!("{ACME}/log/0002")), &lines), &named);
        env.forge()
            .put(&format!("{ACME}/votes/3/alice"), &vote)
            .put(&format!("{ACME}/log/0004"), event)
            .put(&format!("{ACME}/partner.toml"), &record)
            .gone(&format!("{ACME}/logo.png"))
            .commit();
        assert_eq!(told_of(&env, "log/0004"), [due.clone(), due], "{change}");
    }
}
