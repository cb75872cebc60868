//! A voice that its author may not cast opens nothing and is no vote: the audit, `check` and `check --base` say so by one rule.

use crate::env::TestEnv;
use crate::plumbing::{hash, value, with};

const ACME: &str = "data/partners/acme";

/// A voice in a round by hand, about what a first vote names; `more` are the lines behind `KP-Log`.
pub fn voice(env: &TestEnv, ballot: &str, subject: &str, (round, actor): (u32, &str), log: &str, more: &str) -> String {
    let like = env.file(&format!("{ACME}/votes/1/alice"));
    let of = |key| value(&like, key);
    format!(
        "KP-Vote: v1 {ballot}\nKP-Registry: {}\nKP-Partner: acme\nKP-Round: {round}\nKP-Subject: {subject}\nKP-Actor: {actor}\n\
         KP-Time: 2026-09-21T15:00:00Z\nKP-Policy: {}\nKP-Record: {}\nKP-Logo: {}\nKP-Log: {log}\n{more}",
        of("Registry"),
        of("Policy"),
        of("Record"),
        of("Logo"),
    )
}

/// An event by hand, like acme's last one.
pub fn after(env: &TestEnv, last: u32, lines: &[(&str, &str)], more: &str) -> String {
    let before = env.file(&format!("{ACME}/log/{last:04}"));
    let seq = (last + 1).to_string();
    let event =
        with(&before, &[("Seq", &seq), ("Prev", &hash(&before)), ("Votes", "none"), ("Time", "2026-09-21T15:01:00Z")]);
    with(&event, lines) + more
}

/// The codes of errors, each with its path.
fn judged(env: &TestEnv, args: &[&str], list: &str) -> Vec<String> {
    let found = env.run(args).json();
    let errors = found[list].as_array().unwrap().iter().filter(|f| f["severity"] == "error");
    errors.map(|f| format!("{} {}", f["code"].as_str().unwrap(), f["path"].as_str().unwrap_or_default())).collect()
}

/// The same of an audit by somebody who has never seen the registry.
fn audited(env: &TestEnv) -> Vec<String> {
    let errors = env.audit().findings.into_iter().filter(|f| f.severity == "error");
    errors.map(|f| format!("{} {}", f.rule, f.path)).collect()
}

const TERMS: &str = "KP-Exit-Kind: inactive\nKP-Effective: 2026-09-22\n";

/// Somebody asks, two members vote on that word, one of them decides. What each reader calls wrong.
fn decided(env: &TestEnv, asks: &str, kind: &str, subject: &str) -> [Vec<String>; 4] {
    let honest = env.head();
    let terms = if subject == "exit" { TERMS } else { "" };
    let asked = voice(env, "request", subject, (2, asks), "none", terms);
    let vote = |who: &str| voice(env, "approve", subject, (2, who), &hash(&asked), terms);
    let (alice, bob) = (vote("alice"), vote("bob"));
    let votes = format!("{} {}", hash(&alice), hash(&bob));
    let kind = format!("v1 {kind}");
    let lines = [("Event", kind.as_str()), ("Subject", subject), ("Round", "2"), ("Actor", "alice"), ("Votes", &votes)];
    let commit = env
        .forge()
        .put(&format!("{ACME}/votes/2/{asks}"), &asked)
        .put(&format!("{ACME}/votes/2/alice"), &alice)
        .put(&format!("{ACME}/votes/2/bob"), &bob)
        .put(&format!("{ACME}/log/0003"), after(env, 2, &lines, terms))
        .commit();
    let told = [
        audited(env),
        judged(env, &["check", "--json"], "problems"),
        judged(env, &["audit", "--head-only", "--json"], "findings"),
        judged(env, &["check", "--base", &honest, "--head", &commit, "--actor", "alice", "--json"], "problems"),
    ];
    env.set_head(&honest);
    told
}

#[test]
fn a_strangers_request_opens_no_round() {
    let env = TestEnv::with_partner();
    let (request, event) = (format!("{ACME}/votes/2/mallory"), format!("{ACME}/log/0003"));
    for (kind, subject) in [("exited", "exit"), ("updated", "update")] {
        let [audit, check, head, base] = decided(&env, "mallory", kind, subject);
        assert_eq!(audit, [format!("vote-actor {request}"), format!("event-votes {event}")], "{kind} {subject}");
        for told in [&check, &base] {
            assert!(told.contains(&format!("vote-actor {request}")), "{kind} {subject}: {told:?}");
        }
        assert!(check.contains(&format!("event-quorum {event}")), "{kind} {subject}: {check:?}");
        assert!(head.iter().any(|f| f.ends_with(&request)), "{kind} {subject}: {head:?}");
        // Whose it is to ask, asks, and nobody is blamed.
        let asks = "acme-bot";
        let [audit, check, head, _] = decided(&env, asks, kind, subject);
        assert_eq!([audit, check, head].concat(), <Vec<String>>::new(), "{kind} {subject}");
    }
}

#[test]
fn a_voice_that_may_not_be_cast_takes_up_its_name() {
    let env = TestEnv::with_partner();
    let honest = env.head();
    let asked = voice(&env, "request", "exit", (2, "mallory"), "none", TERMS);
    let path = format!("{ACME}/votes/2/mallory");
    env.forge().put(&path, &asked).commit();
    let again = format!("{path}.2");
    env.forge().put(&again, with(&asked, &[("Time", "2026-09-21T15:02:00Z")])).commit();
    let told = audited(&env);
    assert_eq!(told, [format!("vote-actor {path}"), format!("vote-actor {again}")]);
    assert_eq!(env.problems(), [format!("vote-actor {path}:6"), format!("vote-actor {again}:6")]);
    env.set_head(&honest);
}

#[test]
fn who_asks_as_a_member_was_one_under_the_policy_that_is_named() {
    let env = TestEnv::with_partner();
    let old = value(&env.file(&format!("{ACME}/votes/1/alice")), "Policy").to_owned();
    env.change_policy(|text| text + "\n[[committee]]\ngithub = \"zoe\"\naffiliation = \"Vandelay\"\n");
    let new = value(&env.file("data/program/log/0002"), "Record").to_owned();
    let asked = voice(&env, "request", "update", (2, "zoe"), "none", "");
    let path = format!("{ACME}/votes/2/zoe");
    for (policy, told) in [(&old, vec![format!("vote-actor {path}")]), (&new, vec![])] {
        let honest = env.head();
        env.forge().put(&path, with(&asked, &[("Policy", policy)])).commit();
        let actors = |told: Vec<String>| told.into_iter().filter(|f| f.starts_with("vote-actor")).collect::<Vec<_>>();
        assert_eq!(actors(audited(&env)), told);
        assert_eq!(actors(judged(&env, &["check", "--json"], "problems")), told);
        env.set_head(&honest);
    }
}

#[test]
fn only_a_member_speaks_for_who_wrote_an_issue() {
    let env = TestEnv::with_applicant();
    let honest = env.head();
    let first = env.file(&format!("apply/acme:{ACME}/log/0001"));
    let attested =
        format!("KP-Attested: https://example.com/issues/7\nKP-Attested-Id: 7\nKP-Attested-Body: {}\n", hash("text"));
    let path = format!("{ACME}/log/0001");
    for (actor, sound) in [("acme-bot", false), ("alice", true)] {
        let event = with(&first, &[("Actor", actor)]) + &attested;
        let commit = env.forge().take("apply/acme", ACME).put(&path, &event).commit();
        let actors = |args: &[&str], list: &str| {
            let found = env.run(args).json();
            let all = found[list].as_array().unwrap().iter();
            all.filter(|f| matches!(f["code"].as_str(), Some("event-actor" | "author"))).count()
        };
        let due = usize::from(!sound);
        assert_eq!(actors(&["audit", "--full", "--json"], "findings"), due, "{actor}");
        assert_eq!(actors(&["check", "--json"], "problems"), due, "{actor}");
        let base = ["check", "--base", &honest, "--head", &commit, "--actor", actor, "--json"];
        assert_eq!(actors(&base, "problems"), due, "{actor}");
        env.set_head(&honest);
    }
}
