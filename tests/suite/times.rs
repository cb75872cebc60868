//! What a log says of times and days: each has a bound, and what somebody dates ahead binds nobody else.

use crate::env::TestEnv;
use crate::plumbing::{hash, value, with};
use crate::tamper_log::{each, registry};
use crate::voices_without_right::{after, voice};

const ACME: &str = "data/partners/acme";
const FUTURE: &str = "2099-01-01T00:00:00Z";

/// A partner whose contact posted a job of the year 2099, in a commit of that year.
fn with_the_future() -> (TestEnv, String) {
    let env = TestEnv::with_partner();
    let lines = [("Event", "v1 posted"), ("Subject", "upkeep"), ("Actor", "acme-bot"), ("Time", FUTURE)];
    let post = after(&env, 2, &lines, "KP-Title: Engineer\n");
    let commit = env.forge().put(&format!("{ACME}/log/0003"), post).dated("4070908800 +0000").commit();
    (env, commit)
}

#[test]
fn readers_warn_of_what_is_dated_ahead() {
    let (env, commit) = with_the_future();
    let path = format!("{ACME}/log/0003");
    env.audit().tells("warning", &commit, &format!("dated-ahead {path}"), "audit");
    // A second time, too: it isn't remembered as sound.
    env.audit_again().tells("warning", &commit, &format!("dated-ahead {path}"), "audit again");
    for _ in 0..2 {
        let checked = env.run(&["check"]).ok();
        assert!(checked.stdout.contains(&format!("{path}:8: warning[dated-ahead]")), "{}", checked.stdout);
    }
    for args in [&["list"][..], &["show", "acme"], &["status", "acme"]] {
        let told = env.run(args).ok();
        assert!(told.stderr.contains("the log of acme has an event dated 2099-01-01"), "{args:?}: {}", told.stderr);
    }
    // When its time has come, nobody warns any more.
    let later = |args: &[&str]| env.run_at(4_070_908_800, args).ok();
    assert!(!later(&["check"]).stdout.contains("dated-ahead"));
    assert!(!later(&["list"]).stderr.contains("2099"));
    assert!(!later(&["audit"]).stdout.contains("dated-ahead"));
}

/// Who follows the hints, one after the other, gets on; and nobody is blamed for it but who dated it so.
#[test]
fn what_is_dated_ahead_holds_up_nobody() {
    let (env, _) = with_the_future();
    for member in ["alice", "bob"] {
        let exit = ["exit", "acme", "--kind", "inactive", "--reason", "no answer", "--as", member];
        let told = env.run(&exit);
        if member == "alice" {
            // A first vote follows on nothing.
            told.ok().code.unwrap();
            continue;
        }
        let told = told.fails(1);
        assert!(told.stderr.contains("hint: set it to a later time, or unset it"), "{}", told.stderr);
        let told =
            env.command(&[exit.as_slice(), &["--yes"]].concat()).env_remove("SOURCE_DATE_EPOCH").output().unwrap();
        assert_ne!(told.status.code(), Some(0));
        let told = String::from_utf8(told.stderr).unwrap();
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, rest) = words.split_once("SOURCE_DATE_EPOCH=").unwrap_or_else(|| panic!("{words}"));
        let now: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let done = env.output(env.agreed(&exit).env("SOURCE_DATE_EPOCH", &now)).ok();
        assert!(done.stderr.contains("hasn't come"), "{}", done.stderr);
    }
    let exited = env.file(&format!("{ACME}/log/0004"));
    assert!(value(&exited, "Time") < FUTURE);
    let audit = env.audit();
    assert!(!audit.findings.iter().any(|f| f.severity == "error"), "{}", audit.words);
    env.run(&["check"]).ok().code.unwrap();
    // Before what wasn't ahead, nothing can be dated all the same.
    let (path, head) = (format!("{ACME}/log/0004"), env.head());
    let back = with(&exited, &[("Time", "2026-09-01T00:00:00Z")]);
    env.set_head(&format!("{head}~1"));
    let commit = env.forge().take(&head, "data").put(&path, back).commit();
    env.audit().blames(&commit, &format!("event-chain {path}"), "backdated");
}

#[test]
fn days_have_bounds() {
    let env = registry();
    let made = |kind: &str, more: &str| {
        let last = env.file(&format!("{ACME}/log/0003"));
        let kind = format!("v1 {kind}");
        let actor = if kind.ends_with("posted") { "acme-bot" } else { "alice" };
        let lines =
            [("Event", kind.as_str()), ("Seq", "4"), ("Prev", &hash(&last)), ("Subject", "upkeep"), ("Round", "1")];
        with(&last, &lines).replace(value(&last, "Actor"), actor).replace(value(&last, "Votes"), "none") + more
    };
    let path = "data/partners/acme/log/0004";
    let post = made("posted", "KP-Title: Engineer\nKP-Closes: 2099-01-01\n");
    let benefit = made("benefited", "KP-Benefit: exposure\nKP-On: 2099-01-01\nKP-What: a talk\n");
    let illegal = "event-illegal data/partners/acme/log/0004";
    each(&env, &[("a post", &|c| c.put(path, &post), illegal), ("a benefit", &|c| c.put(path, &benefit), illegal)]);
    let honest = env.head();
    for (block, line) in [(&post, 16), (&benefit, 16)] {
        env.forge().put(path, block).commit();
        assert_eq!(env.problems(), [format!("event-date {path}:{line}")]);
        env.set_head(&honest);
    }
    let refused =
        env.run(&["jobs", "add", "acme", "--title", "Engineer", "--closes", "2099-01-01", "--as", "acme-bot"]).fails(2);
    assert!(refused.stderr.contains("more than 366 days"), "{}", refused.stderr);
}

/// Who was imported as a partner since a day to come isn't one for ever.
#[test]
fn who_joined_in_the_future_can_leave() {
    let env = TestEnv::with_partner();
    let beta = "data/partners/beta";
    let of_beta = |block: String| with(&block, &[("Partner", "beta")]);
    let first = of_beta(env.file(&format!("{ACME}/log/0001")));
    let imported =
        with(&first, &[("Event", "v1 imported"), ("Actor", "alice")]) + "KP-Source: a list\nKP-Since: 2099-01-01\n";
    let vote = |who: &str| with(&of_beta(env.file(&format!("{ACME}/votes/1/{who}"))), &[("Log", &hash(&imported))]);
    let votes = [vote("alice"), vote("bob")];
    let hashes = |votes: &[String; 2]| format!("{} {}", hash(&votes[0]), hash(&votes[1]));
    let second = of_beta(env.file(&format!("{ACME}/log/0002")));
    let approved = with(&second, &[("Prev", &hash(&imported)), ("Votes", &hashes(&votes))]);
    let terms = "KP-Exit-Kind: inactive\nKP-Effective: 2026-09-22\n";
    let opens = of_beta(voice(&env, "approve", "exit", (2, "alice"), "none", terms));
    let exits = [opens.clone(), of_beta(voice(&env, "approve", "exit", (2, "bob"), &hash(&opens), terms))];
    let lines = [
        ("Event", "v1 exited"),
        ("Seq", "3"),
        ("Round", "2"),
        ("Subject", "exit"),
        ("Prev", &hash(&approved)),
        ("Votes", &hashes(&exits)),
        ("Time", "2026-09-21T15:01:00Z"),
    ];
    let exited = with(&approved, &lines) + terms;
    env.forge()
        .put(&format!("{beta}/log/0001"), &imported)
        .put(&format!("{beta}/votes/1/alice"), &votes[0])
        .put(&format!("{beta}/votes/1/bob"), &votes[1])
        .put(&format!("{beta}/log/0002"), &approved)
        .put(&format!("{beta}/votes/2/alice"), &exits[0])
        .put(&format!("{beta}/votes/2/bob"), &exits[1])
        .put(&format!("{beta}/log/0003"), &exited)
        .put(&format!("{beta}/partner.toml"), env.file(&format!("{ACME}/partner.toml")))
        .entry("100644", &format!("{beta}/logo.png"), &env.id(&["rev-parse", &format!("main:{ACME}/logo.png")], ""))
        .commit();
    let told: Vec<_> = env.audit().findings.into_iter().filter(|f| f.severity == "error").collect();
    let told: Vec<_> = told.iter().map(|f| format!("{} {}", f.rule, f.path)).collect();
    assert_eq!(told, [format!("event-illegal {beta}/log/0001")]);
    assert_eq!(env.problems(), [format!("event-date {beta}/log/0001:16")]);
}

/// Where the time that is taken for now is behind, what is there seems to come: it is named, and so is that time.
#[test]
fn whoever_waits_isnt_hidden_by_a_time_that_is_behind() {
    let env = TestEnv::with_applicant();
    let late = env.now() - 30 * 3_600;
    #[expect(clippy::disallowed_methods, reason = "the machine's own clock is what this is about")]
    let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let cause =
        if env.now() < i64::try_from(real).unwrap() { "SOURCE_DATE_EPOCH is 20" } else { "this machine's clock" };
    let behind = |args: &[&str]| env.run_at(late, args);
    let said = |args: &[&str]| behind(args).stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for args in [&["list"][..], &["list", "--json"], &["status"], &["stats"], &["log"], &["show", "acme"]] {
        let said = said(args);
        assert!(said.contains("the proposal apply/acme is dated in the future"), "{args:?}: {said}");
        assert!(said.contains(cause) && !said.contains("have it made again"), "{args:?}: {said}");
    }
    assert_eq!(behind(&["list"]).code, Some(0));
    // Where it is ahead by any clock, that may be this one's fault, too.
    let path = "data/partners/acme/log/0001";
    let applied = with(&env.file(&format!("apply/acme:{path}")), &[("Time", FUTURE)]);
    env.forge_on("apply/acme").put(path, &applied).dated("4070908800 +0000").commit_to("apply/acme");
    let said = said(&["list"]);
    assert!(
        said.contains("by this machine's clock it is") && said.contains("if this clock is behind, set it"),
        "{said}"
    );
}

/// Which of two events is of the wrong time, their commits tell: `check` blames whom `audit` blames.
#[test]
fn check_blames_a_time_as_the_audit_does() {
    let renewed = |env: &TestEnv, last: u32, time: &str| {
        let lines =
            [("Event", "v1 renewed"), ("Subject", "upkeep"), ("Actor", "acme-bot"), ("Time", time), ("Title", "")];
        env.forge().put(&format!("{ACME}/log/{:04}", last + 1), after(env, last, &lines, "")).commit();
    };
    let times = |env: &TestEnv| {
        let found = env.run(&["check", "--json"]).json();
        let all = found["problems"].as_array().unwrap().clone();
        let these = all.iter().filter(|p| p["code"] == "event-time");
        these
            .map(|p| format!("{} {}", p["severity"].as_str().unwrap(), p["path"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let env = TestEnv::with_partner();
    renewed(&env, 2, "2026-01-01T00:00:00Z");
    assert_eq!(times(&env), [format!("error {ACME}/log/0003")]);
    assert_eq!(env.audit().findings[0].rule, "event-chain");
    // Without the history nobody is blamed.
    let origin = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "--quiet", "--depth", "1", &origin, "shallow"]);
    let shallow = env.run(&["check", "--registry", "shallow"]).ok();
    assert!(shallow.stdout.contains("warning[event-time]"), "{shallow}");
    // Nor is who comes after something that is dated ahead.
    let (env, _) = with_the_future();
    renewed(&env, 3, "2026-09-22T00:00:00Z");
    assert_eq!(times(&env), [format!("warning {ACME}/log/0004")]);
    assert!(env.audit().findings.iter().all(|f| f.severity == "warning"));
}

/// A year that calendars count with differently is none.
#[test]
fn a_time_is_of_a_year_that_everybody_counts_with() {
    for time in ["0000-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "-000001-01-01T00:00:00Z"] {
        let env = TestEnv::with_partner();
        let lines = [("Event", "v1 renewed"), ("Subject", "upkeep"), ("Actor", "acme-bot"), ("Time", time)];
        env.forge().put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, "")).commit();
        assert_eq!(env.problems(), [format!("event-format {ACME}/log/0003:8")], "{time}");
    }
}
