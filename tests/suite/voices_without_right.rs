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

/// Whatever policy a vote names: who has no seat now doesn't begin an exit by it, and who has one may.
#[test]
fn who_had_a_seat_begins_nothing_any_more() {
    let env = TestEnv::with_partner();
    let zoe = "\n[[committee]]\ngithub = \"zoe\"\naffiliation = \"Vandelay\"\n";
    env.change_policy(|text| text + zoe);
    let policy = value(&env.file("data/program/log/0002"), "Record").to_owned();
    let vote = with(&voice(&env, "approve", "exit", (2, "zoe"), "none", TERMS), &[("Policy", &policy)]);
    let path = format!("{ACME}/votes/2/zoe");
    let judge = || {
        let head = env.forge().put(&path, &vote).aside();
        judged(&env, &["check", "--base", "main", "--head", &head, "--actor", "zoe", "--json"], "problems")
    };
    assert_eq!(judge(), <Vec<String>>::new());
    env.change_policy(|text| text.replace(zoe, ""));
    assert_eq!(judge(), [format!("vote-actor {path}")]);
}

/// Who may opens a round, whatever somebody said before who had a seat once: commands and the audit count on the same word.
#[test]
fn who_may_opens_what_others_began() {
    let env = TestEnv::with_partner();
    let zoe = "\n[[committee]]\ngithub = \"zoe\"\naffiliation = \"Vandelay\"\n";
    env.change_policy(|text| text + zoe);
    let policy = value(&env.file("data/program/log/0002"), "Record").to_owned();
    env.change_policy(|text| text.replace(zoe, ""));
    let gone = "KP-Exit-Kind: breach\nKP-Effective: 2026-09-22\nKP-Note: fraud\n";
    let gone = with(&voice(&env, "approve", "exit", (2, "zoe"), "none", gone), &[("Policy", &policy)]);
    let own = voice(&env, "approve", "exit", (2, "bob"), "none", &format!("{TERMS}KP-Note: silent\n"));
    let own = with(&own, &[("Time", "2026-09-21T14:20:00Z")]);
    env.forge().put(&format!("{ACME}/votes/2/zoe"), gone).commit_to("exit/acme");
    env.forge_on("exit/acme").put(&format!("{ACME}/votes/2/bob"), own).commit_to("exit/acme");
    let shown = env.run(&["show", "acme"]).ok();
    assert!(!shown.to_string().contains("no longer votes"), "{shown}");
    env.run(&["exit", "acme", "--as", "alice"]).ok().code.unwrap();
    assert!(env.file(&format!("{ACME}/log/0003")).contains("KP-Exit-Kind: inactive\n"));
    assert_eq!(audited(&env), <Vec<String>>::new());
}

/// Who took over a login isn't whom the policy knows, where the check is told the account.
#[test]
fn check_of_a_change_knows_accounts() {
    let env = TestEnv::with_partner();
    env.change_policy(|text| text.replacen("affiliation", "id = 7\naffiliation", 1));
    let lines = [("Event", "v1 renewed"), ("Subject", "upkeep"), ("Actor", "alice")];
    let head = env.forge().put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, "")).aside();
    let judge = |more: &[&str]| {
        let args = [&["check", "--base", "main", "--head", &head, "--actor", "alice", "--json"][..], more].concat();
        judged(&env, &args, "problems")
    };
    assert_eq!(judge(&[]), <Vec<String>>::new());
    assert_eq!(judge(&["--actor-id", "7"]), <Vec<String>>::new());
    assert_eq!(judge(&["--actor-id", "8"]), [format!("author {ACME}/log/0003")]);
}

/// Only a bot writes down what somebody else says.
#[test]
fn nobody_writes_down_what_another_says() {
    let env = TestEnv::with_applicant();
    let first = env.file(&format!("apply/acme:{ACME}/log/0001"));
    let attested =
        format!("KP-Attested: https://example.com/issues/7\nKP-Attested-Id: 7\nKP-Attested-Body: {}\n", hash("text"));
    for (by, sound) in [("mallory", false), ("github-actions[bot]", true)] {
        let event = first.replace("KP-Time: ", &format!("KP-By: {by}\nKP-Time: ")) + &attested;
        let head = env.forge().take("apply/acme", ACME).put(&format!("{ACME}/log/0001"), event).aside();
        let told = judged(&env, &["check", "--base", "main", "--head", &head, "--actor", by, "--json"], "problems");
        let due = if sound { vec![] } else { vec![format!("author {ACME}/log/0001")] };
        assert_eq!(told, due, "{by}");
    }
}

/// A partner's own side doesn't end an exit that members vote on, by a request in its round.
#[test]
fn an_update_in_the_round_of_an_exit_ends_nothing() {
    let env = TestEnv::with_partner();
    let exit = ["exit", "acme", "--kind", "breach", "--reason", "fraud", "--as"];
    env.run(&[&exit[..], &["alice"]].concat()).ok().code.unwrap();
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    let request = with(&env.file(&format!("apply/acme:{ACME}/votes/3/acme-bot")), &[("Round", "2")]);
    let path = format!("{ACME}/votes/2/acme-bot");
    let record = env.file(&format!("apply/acme:{ACME}/partner.toml"));
    env.forge().put(&path, &request).put(&format!("{ACME}/partner.toml"), record).commit_to("apply/acme");
    let base = ["check", "--base", "main", "--head", "apply/acme", "--actor", "acme-bot", "--json"];
    assert_eq!(judged(&env, &base, "problems"), [format!("vote-round {path}")]);
    let told = env.run(&["status"]).ok();
    assert!(told.stderr.contains("the proposal apply/acme has round 2, and so has exit/acme"), "{told}");
    env.run(&["approve", "acme", "--as", "bob"]).fails(1).code.unwrap();
    env.run(&["withdraw", "acme", "--as", "acme-bot"]).fails(4).code.unwrap();
    assert_eq!(env.events("acme"), ["applied", "approved"]);
    // Whoever pushes it to the default branch is told of, and with it what became of the exit.
    let honest = env.head();
    let lines = [("Event", "v1 withdrawn"), ("Subject", "update"), ("Round", "2"), ("Actor", "acme-bot")];
    env.forge().put(&path, voice(&env, "request", "update", (2, "acme-bot"), "none", "")).commit();
    env.forge().put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, "")).commit();
    let told = env.run(&["status"]).ok();
    assert!(
        told.stderr.contains("round 2 of exit/acme was settled as something else, without the vote of alice"),
        "{told}"
    );
    env.set_head(&honest);
    env.run(&[&exit[..], &["bob"]].concat()).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
}

/// Nor where what members vote on stands undecided on the default branch, as behind a merge button; nor an update by an exit.
#[test]
fn what_members_vote_on_is_not_ended_by_something_else_in_its_round() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "fraud", "--as", "alice"]).ok().code.unwrap();
    env.forge().take("exit/acme", ACME).commit();
    let path = format!("{ACME}/votes/2/acme-bot");
    let ends = |subject: &str| {
        let lines = [("Event", "v1 withdrawn"), ("Subject", subject), ("Round", "2"), ("Actor", "acme-bot")];
        let request = voice(&env, "request", subject, (2, "acme-bot"), "none", "");
        let head = env.forge().put(&path, request).put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, "")).aside();
        judged(&env, &["check", "--base", "main", "--head", &head, "--actor", "acme-bot", "--json"], "problems")
    };
    let both = [format!("vote-round {ACME}/log/0003"), format!("vote-round {path}")];
    assert_eq!(ends("update"), both);
    // Whoever pushes it past that check is told of by all who read it.
    let merged = env.head();
    env.id(&["branch", "-D", "exit/acme"], "");
    let lines = [("Event", "v1 withdrawn"), ("Subject", "update"), ("Round", "2"), ("Actor", "acme-bot")];
    env.forge().put(&path, voice(&env, "request", "update", (2, "acme-bot"), "none", "")).commit();
    let before = env.run(&["withdraw", "acme", "--proposal", "update", "--as", "acme-bot", "--yes"]).fails(1);
    assert!(before.stderr.contains("in round 2, which this has, members vote on the exit of acme"), "{before}");
    env.forge().put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, "")).commit();
    assert_eq!(audited(&env), [format!("vote-round {ACME}/log/0003")]);
    assert_eq!(judged(&env, &["check", "--json"], "problems"), [format!("vote-round {ACME}/log/0003")]);
    env.set_head(&merged);
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "fraud", "--as", "bob"]).ok().code.unwrap();
    assert!(audited(&env).is_empty());

    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "alice"]).ok().code.unwrap();
    let path = format!("{ACME}/votes/2/acme-bot");
    let request = voice(&env, "request", "exit", (2, "acme-bot"), "none", TERMS);
    let head = env.forge().put(&path, request).aside();
    let base = ["check", "--base", "main", "--head", &head, "--actor", "acme-bot", "--json"];
    assert!(judged(&env, &base, "problems").is_empty(), "nobody has voted on the update yet");
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(judged(&env, &base, "problems"), [format!("vote-round {path}")]);
}

/// A decision that a member brings leaves out no vote, and says nothing that only other partners or facts before it tell.
#[test]
fn a_decision_leaves_out_no_vote() {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--website", "https://acme.example/casino", "--as", "acme-bot"]).ok().code.unwrap();
    for (who, vote) in [("alice", "approve"), ("bob", "reject"), ("carol", "reject")] {
        let note = format!("{who} says {vote}");
        env.run(&["review", "acme", "--vote", vote, "--note", &note, "--as", who]).ok().code.unwrap();
    }
    let files = ["partner.toml", "votes/2/acme-bot", "votes/2/alice", "votes/2/bob", "votes/2/carol"];
    let all: Vec<_> =
        files.iter().map(|f| (format!("{ACME}/{f}"), env.file(&format!("apply/acme:{ACME}/{f}")))).collect();
    let (record, logo) =
        (&all[0].1, value(&env.file(&format!("{ACME}/log/0002")), "Objects").split_once(' ').unwrap().1.to_owned());
    let object = env.id(&["hash-object", "--stdin"], record);
    let (objects, votes, hash_of) = (format!("{object} {logo}"), hash(&all[2].1), hash(record));
    let lines = [
        ("Event", "v1 updated"),
        ("Subject", "update"),
        ("Round", "2"),
        ("Actor", "alice"),
        ("Record", hash_of.as_str()),
        ("Objects", &objects),
        ("Votes", &votes),
        ("Time", "2026-09-21T15:00:00Z"),
    ];
    let event = after(&env, 2, &lines, "");
    let judge = |brought: usize| {
        let forged = all[..brought].iter().fold(env.forge(), |f, (path, text)| f.put(path, text));
        let head = forged.put(&format!("{ACME}/log/0003"), &event).aside();
        judged(&env, &["check", "--base", "main", "--head", &head, "--actor", "alice", "--json"], "problems")
    };
    // Those against stay away, or come along and aren't counted.
    let missing = |who: &str| format!("vote-missing {ACME}/votes/2/{who}");
    assert_eq!(judge(3), [missing("bob"), missing("carol")]);
    assert_eq!(judge(5), [format!("event-quorum {ACME}/log/0003")]);
}

#[test]
fn a_decision_names_partners_that_were_some() {
    let env = TestEnv::with_partner();
    let terms = "KP-Exit-Kind: merged\nKP-Effective: 2026-09-22\nKP-Merged-Into: nobody\n";
    let first = voice(&env, "approve", "exit", (2, "alice"), "none", terms);
    let second = voice(&env, "approve", "exit", (2, "bob"), &hash(&first), terms);
    let votes = format!("{} {}", hash(&first), hash(&second));
    let lines = [("Event", "v1 exited"), ("Subject", "exit"), ("Round", "2"), ("Actor", "bob"), ("Votes", &votes)];
    let head = env
        .forge()
        .put(&format!("{ACME}/votes/2/alice"), &first)
        .put(&format!("{ACME}/votes/2/bob"), &second)
        .put(&format!("{ACME}/log/0003"), after(&env, 2, &lines, terms))
        .aside();
    let told = judged(&env, &["check", "--base", "main", "--head", &head, "--actor", "bob", "--json"], "problems");
    assert_eq!(told, [format!("merged-into {ACME}/log/0003")]);
}
