//! `check` and `audit` are two readers of the same rules. On logs that somebody put together at random, what one calls broken
//! in the log itself, the other does, at the same file.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;

use crate::env::{TestEnv, much};
use crate::plumbing::{hash, value};

const ACME: &str = "data/partners/acme";

/// The lines of an event, in order.
const KEYS: [&str; 27] = [
    "Event",
    "Registry",
    "Partner",
    "Seq",
    "Round",
    "Subject",
    "Actor",
    "Time",
    "Policy",
    "Record",
    "Logo",
    "Objects",
    "Prev",
    "Votes",
    "Exit-Kind",
    "Effective",
    "Merged-Into",
    "Benefit",
    "Stage",
    "On",
    "What",
    "Title",
    "Closes",
    "Job",
    "Source",
    "Since",
    "Reason",
];

/// A kind, a subject, and what else it says.
type Said = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const STEPS: [Said; 31] = [
    ("applied", "application", &[]),
    ("imported", "application", &[("Source", "a list"), ("Since", "2024-01-01")]),
    ("amended", "application", &[]),
    ("approved", "application", &[]),
    ("rejected", "application", &[]),
    ("rejected", "update", &[]),
    ("rejected", "exit", &[]),
    ("withdrawn", "application", &[]),
    ("withdrawn", "update", &[]),
    ("updated", "update", &[]),
    ("recorded", "update", &[]),
    ("exited", "exit", &[("Exit-Kind", "inactive"), ("Effective", "2026-09-22")]),
    ("exited", "exit", &[("Exit-Kind", "breach"), ("Effective", "2020-01-01")]),
    ("exited", "exit", &[("Exit-Kind", "breach"), ("Effective", "2028-01-01")]),
    ("exited", "exit", &[("Exit-Kind", "merged"), ("Effective", "2026-09-22"), ("Merged-Into", "acme")]),
    ("imported", "application", &[("Source", "a list"), ("Since", "2099-01-01")]),
    ("benefited", "upkeep", &[("Benefit", "exposure"), ("On", "2099-01-01"), ("What", "a talk")]),
    ("posted", "upkeep", &[("Title", "Engineer"), ("Closes", "2099-01-01")]),
    ("recorded", "application", &[]),
    ("exited", "exit", &[("Exit-Kind", "inactive"), ("Effective", "2026-09-21")]),
    ("cleared", "update", &[]),
    ("benefited", "upkeep", &[("Benefit", "exposure"), ("On", "2026-09-22"), ("What", "a talk")]),
    (
        "benefited",
        "upkeep",
        &[("Benefit", "early-disclosure"), ("Stage", "ended"), ("On", "2026-09-22"), ("What", "off")],
    ),
    ("posted", "upkeep", &[("Title", "Engineer")]),
    ("posted", "upkeep", &[("Title", "Writer")]),
    ("closed", "upkeep", &[("Job", "3")]),
    ("closed", "upkeep", &[("Job", "4")]),
    ("renewed", "upkeep", &[]),
    ("renewed", "upkeep", &[]),
    ("renewed", "application", &[]),
    ("renewed", "upkeep", &[("Job", "1")]),
];

/// What is wrong with an event besides.
const SLIPS: [&str; 16] = [
    "", "", "", "", "", "", "partner", "seq", "round", "time", "ahead", "attested", "prev", "registry", "policy",
    "objects",
];

#[derive(Debug, Clone)]
struct Step {
    kind: usize,
    slip: &'static str,
    actor: &'static str,
    with_votes: bool,
    voices: Vec<Voice>,
}

/// What somebody says in the round of a step, before it.
#[derive(Debug, Clone)]
struct Voice {
    ballot: &'static str,
    actor: &'static str,
    slip: &'static str,
    /// Whether it names the voice that opened the round, where there is one.
    follows: bool,
    /// Whether it comes in a commit of its own.
    apart: bool,
}

/// What is wrong with a voice besides.
const VOICE_SLIPS: [&str; 16] =
    ["", "", "", "", "", "", "", "", "partner", "round", "registry", "policy", "ahead", "account", "name", "facts"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let actor = select(&["acme-bot", "alice", "mallory"][..]);
    let voice = (
        select(&["approve", "approve", "approve", "reject", "abstain", "request"][..]),
        select(&["alice", "bob", "carol", "acme-bot", "mallory"][..]),
        select(&VOICE_SLIPS[..]),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(ballot, actor, slip, follows, apart)| Voice { ballot, actor, slip, follows, apart });
    let voices = proptest::collection::vec(voice, 0..4);
    let step = (0..STEPS.len(), select(&SLIPS[..]), actor, any::<bool>(), voices)
        .prop_map(|(kind, slip, actor, with_votes, voices)| Step { kind, slip, actor, with_votes, voices });
    proptest::collection::vec(step, 1..6)
}

type Pairs = Vec<(String, String)>;

/// Writes what is said before a step; gives the files of what doesn't come on its own, and the hashes of the votes.
fn say(env: &TestEnv, step: &Step, number: usize, round: u32, applied: &str) -> (Pairs, Pairs) {
    let (_, subject, more) = STEPS[step.kind];
    let first = env.file(&format!("{ACME}/log/0002"));
    let (mut with_it, mut votes, mut opened) = (Vec::new(), Vec::new(), None::<String>);
    for (nth, voice) in step.voices.iter().enumerate().filter(|_| subject != "upkeep") {
        let zero = format!("sha256:{}", "0".repeat(64));
        let log = match (subject, &opened) {
            ("application", _) => hash(applied),
            (_, Some(word)) if voice.follows => word.clone(),
            _ => "none".into(),
        };
        let of = |key: &str| value(&first, key).to_owned();
        let when = format!("2026-09-21T15:00:{number:02}Z");
        let mut lines = vec![
            ("Vote", format!("v1 {}", voice.ballot)),
            ("Registry", if voice.slip == "registry" { zero.clone() } else { of("Registry") }),
            ("Partner", if voice.slip == "partner" { "other".into() } else { "acme".into() }),
            ("Round", if voice.slip == "round" { "7".into() } else { round.to_string() }),
            ("Subject", subject.to_owned()),
            ("Actor", voice.actor.to_owned()),
        ];
        if voice.slip == "account" {
            lines.push(("Account", "77".into()));
        }
        lines.extend([
            ("Time", if voice.slip == "ahead" { "2099-01-01T00:00:00Z".into() } else { when }),
            ("Policy", if voice.slip == "policy" { zero.clone() } else { of("Policy") }),
            ("Record", if voice.slip == "facts" { zero } else { of("Record") }),
            ("Logo", of("Logo")),
            ("Log", log),
        ]);
        if subject == "application" && voice.ballot != "request" {
            lines.extend(["Authenticity", "URL", "Relevance"].map(|key| (key, "met".to_owned())));
        }
        let terms = |key: &&(&'static str, &str)| ["Exit-Kind", "Effective", "Merged-Into"].contains(&key.0);
        lines.extend(more.iter().filter(terms).map(|(key, value)| (*key, (*value).to_owned())));
        let block: String = lines.iter().map(|(key, value)| format!("KP-{key}: {value}\n")).collect();
        let said = step.voices[..nth].iter().filter(|v| v.actor == voice.actor).count();
        let name = match (voice.slip, said) {
            ("name", _) => format!("{}.7", voice.actor),
            (_, 0) => voice.actor.to_owned(),
            (_, n) => format!("{}.{}", voice.actor, n + 1),
        };
        if opened.is_none() && subject != "application" {
            opened = Some(hash(&block));
        }
        let path = format!("{ACME}/votes/{round}/{name}");
        // Round 1 was decided when the partner came, and a name is there once.
        if env.plumb(&["ls-tree", "main", &path], "").is_empty() {
            match voice.apart {
                true => drop(env.forge().put(&path, &block).commit()),
                false => with_it.push((path, block.clone())),
            }
            votes.retain(|(by, _)| by != voice.actor || voice.ballot == "request");
            if voice.ballot != "request" && voice.actor.len() < 6 {
                votes.push((voice.actor.to_owned(), hash(&block)));
            }
        }
    }
    votes.sort();
    (with_it, votes)
}

/// Writes the events one commit each; gives their paths up to the first that isn't a block: what comes after it, only one of
/// the two goes on to judge.
fn write(env: &TestEnv, steps: &[Step]) {
    let first = env.file(&format!("{ACME}/log/0002"));
    let votes = value(&first, "Votes").to_owned();
    let (mut last, mut round, mut applied) = (first.clone(), 1, env.file(&format!("{ACME}/log/0001")));
    for (number, step) in steps.iter().enumerate() {
        let (kind, subject, more) = STEPS[step.kind];
        let seq = number + 3;
        let opens = matches!(kind, "applied" | "imported");
        let own = !matches!(subject, "application" | "upkeep") || opens;
        if own {
            round += 1;
        }
        let zero = format!("sha256:{}", "0".repeat(64));
        let (with_it, said) = say(env, step, number, if own { round } else { 1 }, &applied);
        let hashes: Vec<&str> = said.iter().map(|(_, hash)| hash.as_str()).collect();
        let votes = if hashes.is_empty() { votes.clone() } else { hashes.join(" ") };
        let objects = value(&first, "Objects");
        let cleared = kind == "cleared";
        let line = |key: &str| -> Option<String> {
            let given = more.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned());
            Some(match (key, step.slip) {
                ("Event", _) => format!("v1 {kind}"),
                ("Partner", "partner") => "other".into(),
                ("Registry", "registry") | ("Policy", "policy") | ("Prev", "prev") => zero.clone(),
                ("Seq", "seq") => (seq + 1).to_string(),
                ("Seq", _) => seq.to_string(),
                ("Round", "round") => "7".into(),
                ("Round", _) => (if own { round } else { 1 }).to_string(),
                ("Subject", _) => subject.to_owned(),
                ("Actor", _) => step.actor.to_owned(),
                ("Time", "ahead") => "2099-01-01T00:00:00Z".into(),
                ("Time", "time") => "2026-09-01T00:00:00Z".into(),
                ("Time", _) => format!("2026-09-21T15:00:{number:02}Z"),
                ("Logo", _) if cleared => "none".into(),
                ("Objects", "objects") => "0123456789012345678901234567890123456789 ".repeat(2).trim().to_owned(),
                ("Objects", _) if cleared => objects[..40].to_owned(),
                ("Prev", _) => hash(&last),
                ("Votes", _) if step.with_votes => votes.clone(),
                ("Votes", _) => "none".into(),
                ("Registry" | "Partner" | "Policy" | "Record" | "Logo" | "Objects", _) => value(&first, key).to_owned(),
                _ => return given,
            })
        };
        let mut block: String = KEYS.iter().filter_map(|key| Some(format!("KP-{key}: {}\n", line(key)?))).collect();
        if step.slip == "attested" {
            block += &format!("KP-Attested: https://example.com/7\nKP-Attested-Id: 7\nKP-Attested-Body: {zero}\n");
        }
        let commit = with_it.iter().fold(env.forge(), |commit, (path, vote)| commit.put(path, vote));
        commit.put(&format!("{ACME}/log/{seq:04}"), &block).commit();
        if matches!(kind, "applied" | "imported" | "amended") {
            applied.clone_from(&block);
        }
        last = block;
    }
}

/// By what name both call a rule of the log. The right one may say more: it knows what stood there before.
const BOTH: [(&str, &[&str], &[&str]); 4] = [
    ("format", &["event-format"], &["event-format"]),
    ("registry", &["event-registry"], &["event-registry"]),
    ("chain", &["event-partner", "event-seq", "event-chain"], &["event-chain"]),
    (
        "step",
        &["event-round", "event-illegal", "event-job", "event-effective", "event-date", "event-merged", "event-limit"],
        &["event-illegal"],
    ),
];
const AT_LEAST: [(&str, &[&str], &[&str]); 8] = [
    ("vote's place", &["vote-partner", "vote-round", "vote-name", "vote-registry"], &["vote-place", "vote-late"]),
    ("vote's policy", &["vote-policy", "vote-non-member", "vote-emeritus"], &["vote-policy"]),
    ("vote's actor", &["vote-actor"], &["vote-actor"]),
    ("vote's time", &["vote-late"], &["vote-late"]),
    ("facts", &["event-objects", "event-facts"], &["event-facts"]),
    ("policy", &["event-policy"], &["event-policy"]),
    ("actor", &["event-actor"], &["event-actor"]),
    ("votes", &["event-quorum", "event-vote-missing", "event-vote-other"], &["event-votes"]),
];

const LEFT_OVER: &str = "no event of the log is of round";

/// What one of the two calls broken in the log itself, the other does.
fn agree(steps: &[Step]) -> Result<(), TestCaseError> {
    let env = TestEnv::with_partner();
    write(&env, steps);
    let checked = env.run(&["check", "--json"]).json();
    let audited = env.run(&["audit", "--full", "--json"]).json();
    let of = |found: &serde_json::Value, list: &str, codes: &[&str]| -> BTreeSet<String> {
        let all = found[list].as_array().unwrap().iter();
        let these = all.filter(|f| f["severity"] != "warning" && codes.contains(&f["code"].as_str().unwrap()));
        let apart = ["before that of an event before it", LEFT_OVER];
        let these = these.filter(|f| !apart.iter().any(|words| f["message"].as_str().unwrap().contains(words)));
        these.filter_map(|f| f["path"].as_str().map(str::to_owned)).collect()
    };
    // Of what is said in a round that nothing decides, the one blames the vote, the other the partner.
    let all = |found: &serde_json::Value, list: &str| found[list].as_array().unwrap().clone();
    let left_over = all(&checked, "problems").iter().any(|f| f["message"].as_str().unwrap().contains(LEFT_OVER));
    let undecided = all(&audited, "findings").iter().any(|f| {
        // What nobody could say waits for nothing, and is told itself; and after a file that is no block nothing is.
        let code = f["code"].as_str().unwrap();
        (code.starts_with("vote-") || ["undecided", "event-format"].contains(&code)) && f["severity"] != "repaired"
    });
    prop_assert!(!left_over || undecided, "undecided\n{}\n{}", checked, audited);
    // Which of two times is wrong is told by commits, which both have.
    let back = "before that of an event before it";
    let times = |found: &serde_json::Value, list: &str, severity: &str| -> BTreeSet<String> {
        let all = found[list].as_array().unwrap().iter();
        let these = all.filter(|f| f["severity"] == severity && f["message"].as_str().unwrap().contains(back));
        these.map(|f| f["path"].as_str().unwrap().to_owned()).collect()
    };
    let (told, blamed) = (times(&checked, "problems", "error"), times(&audited, "findings", "error"));
    // What comes after a file that is no block, only one of the two goes on to judge.
    let end = of(&checked, "problems", &["event-format"]).into_iter().next().unwrap_or_else(|| "z".into());
    let upto =
        |paths: BTreeSet<String>| -> BTreeSet<String> { paths.into_iter().filter(|path| *path <= end).collect() };
    prop_assert_eq!(upto(told), upto(blamed), "times\n{}\n{}", checked, audited);
    for (rule, ours, theirs) in BOTH.iter().chain(&AT_LEAST) {
        let (mut check, audit) = (upto(of(&checked, "problems", ours)), upto(of(&audited, "findings", theirs)));
        if *rule == "actor" {
            // Who may is told by the facts that an event names; of others that aren't here, the audit concludes nothing.
            check = &check - &of(&audited, "findings", &["event-facts"]);
        }
        if *rule == "vote's actor" && !of(&audited, "findings", &["object-missing"]).is_empty() {
            // The same of who speaks in a round of whoever has those facts.
            continue;
        }
        if *rule == "votes" && !of(&audited, "findings", &["vote-late", "vote-place"]).is_empty() {
            // That a vote came after the decision isn't told by a head alone: there, the decision doesn't name it. For the audit
            // such a vote has no place.
            continue;
        }
        if rule.starts_with("vote's ") && *rule != "vote's place" {
            // Of a vote that isn't where it belongs, the audit says nothing more.
            check = &check - &of(&audited, "findings", &["vote-place"]);
        }
        prop_assert!(check.is_subset(&audit), "{}: check {:?}, audit {:?}\n{}", rule, check, audit, audited);
        if BOTH.iter().any(|(both, ..)| both == rule) {
            prop_assert_eq!(&check, &audit, "{}\n{}\n{}", rule, checked, audited);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: much(8, 500), max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn check_and_audit_call_the_same_logs_broken(steps in steps()) {
        agree(&steps)?;
    }
}

/// The votes of a round that is settled speak for nobody who takes something back in it.
#[test]
fn a_settled_round_says_nothing_of_what_follows() {
    let step = |kind| Step { kind, slip: "", actor: "alice", with_votes: false, voices: Vec::new() };
    let place = |wanted: &str| STEPS.iter().position(|(kind, ..)| *kind == wanted).unwrap();
    agree(&[step(place("applied")), step(place("withdrawn"))]).unwrap();
}

/// Who opened a round is whoever spoke in it first, also beside a vote that has no place there.
#[test]
fn who_opened_a_round_is_told_beside_a_vote_out_of_its_place() {
    let voice = |ballot, apart| Voice { ballot, actor: "bob", slip: "", follows: false, apart };
    let place = STEPS.iter().position(|(kind, subject, _)| (*kind, *subject) == ("withdrawn", "update")).unwrap();
    let voices = vec![voice("request", false), voice("approve", true)];
    agree(&[Step { kind: place, slip: "", actor: "acme-bot", with_votes: false, voices }]).unwrap();
}
