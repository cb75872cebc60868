//! Tampering with what happened: events, the facts they name, and the policy. Each case is pushed by plumbing onto a
//! registry that was made honestly, and `audit` must name the commit and the rule.

use std::sync::OnceLock;

use crate::env::{Made, Output, TestEnv, some};
use crate::plumbing::{Forged, hash, value, with};

const ACME: &str = "data/partners/acme";
const INITRODE: &str = "data/partners/initrode";
const PROGRAM: &str = "data/program.toml";

/// A registry in which everything has happened once: acme is approved and updated, initrode has left, umbra was turned
/// down, and the committee has grown.
pub fn registry() -> TestEnv {
    static MADE: OnceLock<Made> = OnceLock::new();
    TestEnv::once(&MADE, eventful)
}

fn eventful() -> TestEnv {
    let env = TestEnv::with_partner();
    env.run(&["update", "acme", "--website", "https://acme.example/support", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    for (name, slug, word) in [("Initrode", "initrode", "approve"), ("Umbra", "umbra", "reject --reason no")] {
        env.apply(name).ok().code.unwrap();
        for member in ["alice", "bob"] {
            let said: Vec<&str> = word.split(' ').chain([slug, "--as", member]).collect();
            env.run(&said).ok().code.unwrap();
        }
    }
    let exit = ["exit", "initrode", "--kind", "inactive", "--reason", "no answer", "--as"];
    for member in ["alice", "bob"] {
        env.run(&[exit.as_slice(), &[member]].concat()).ok().code.unwrap();
    }
    env.change_policy(|text| text + "\n[[committee]]\ngithub = \"zoe\"\naffiliation = \"Vandelay\"\n");
    assert_eq!(env.events("acme"), ["applied", "approved", "updated"]);
    assert_eq!(env.events("initrode"), ["applied", "approved", "exited"]);
    assert_eq!((env.events("umbra"), env.events("program")), (words("applied rejected"), words("founded updated")));
    env.audit().is_clean();
    env
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// What is done, the commit that does it, and what must be found.
pub type Case<'c> = (&'c str, &'c dyn Fn(Forged<'_>) -> Forged<'_>, &'c str);

/// For a step that several cases take.
pub fn doing<F: Fn(Forged<'_>) -> Forged<'_>>(step: F) -> F {
    step
}

/// Each case on its own, on the registry as it was.
#[track_caller]
pub fn each(env: &TestEnv, cases: &[Case<'_>]) {
    let honest = env.head();
    for (name, tamper, finding) in cases {
        let commit = tamper(env.forge()).commit();
        env.audit().blames(&commit, finding, name);
        if let Some((code @ ("stray" | "policy-file"), path)) = finding.split_once(' ') {
            let output = at_the_door(env, &honest).fails(1);
            let codes: &[&str] = if code == "stray" { &["stray", "slug"] } else { &[code] };
            let told = codes.iter().any(|code| output.stdout.contains(&format!("{path}: error[{code}]")));
            assert!(told, "{name}: check --base lets it in: {output}");
        }
        env.set_head(&honest);
    }
    env.audit().is_clean();
}

/// What `check` says of a change from there to the default branch.
pub fn at_the_door(env: &TestEnv, from: &str) -> Output {
    env.run(&["check", "--base", from, "--head", "main", "--actor", "alice"])
}

/// What was wrong is told as put right, and nothing else is wrong.
#[track_caller]
fn is_repaired(env: &TestEnv, brought: &str, finding: &str, case: &str) {
    let audit = env.audit();
    audit.tells("repaired", brought, finding, case);
    assert_eq!(audit.findings.len(), 1, "{case}: {}", audit.words);
}

/// The event that would be next in a log, like an earlier one of it: with these lines changed.
pub fn next(env: &TestEnv, root: &str, like: u32, last: u32, lines: &[(&str, &str)]) -> (String, String) {
    let seq = (last + 1).to_string();
    let prev = hash(&env.file(&format!("{root}/log/{last:04}")));
    let event = with(&env.file(&format!("{root}/log/{like:04}")), &[("Seq", seq.as_str()), ("Prev", prev.as_str())]);
    (format!("{root}/log/{:04}", last + 1), with(&event, lines))
}

#[test]
fn events_are_only_ever_added() {
    let env = registry();
    let event = |n| env.file(&format!("{ACME}/log/{n:04}"));
    let (first, second) = (event(1), event(2));
    let edited = with(&second, &[("Actor", "carol")]);
    each(
        &env,
        &[
            ("edited", &|c| c.put("data/partners/acme/log/0002", &edited), "log-changed data/partners/acme/log/0002"),
            (
                "edited, and the message says so",
                &|c| c.put("data/partners/acme/log/0002", &edited).message(&format!("acme\n\n{edited}")),
                "log-changed data/partners/acme/log/0002",
            ),
            ("deleted", &|c| c.gone("data/partners/acme/log/0003"), "log-changed data/partners/acme/log/0003"),
            (
                "renamed",
                &|c| c.moved("data/partners/acme/log/0003", "data/partners/acme/log/0004"),
                "log-changed data/partners/acme/log/0003",
            ),
            (
                "two swapped",
                &|c| c.put("data/partners/acme/log/0001", &second).put("data/partners/acme/log/0002", &first),
                "log-changed data/partners/acme/log/0001",
            ),
            (
                "copied as the next",
                &|c| c.put("data/partners/acme/log/0004", event(3)),
                "event-chain data/partners/acme/log/0004",
            ),
            (
                "copied to another partner",
                &|c| c.put("data/partners/umbra/log/0003", event(3)),
                "event-chain data/partners/umbra/log/0003",
            ),
            ("a gap", &|c| c.put("data/partners/acme/log/0005", event(3)), "event-name data/partners/acme/log/0005"),
            (
                "the founding event replaced",
                &|c| {
                    let founded = with(&env.file("data/program/log/0001"), &[("Actor", "mallory")]);
                    c.put("data/program/log/0001", founded)
                },
                "log-changed data/program/log/0001",
            ),
        ],
    );
}

/// One canonical block, or nothing: two readers must not read two things.
#[test]
fn an_event_has_one_spelling() {
    let env = registry();
    let (path, event) = next(&env, ACME, 3, 3, &[("Round", "3"), ("Votes", "none")]);
    let spellings: [(&str, String); 8] = [
        ("carriage returns", event.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{event}")),
        ("a space at an end", event.replacen("updated\n", "updated \n", 1)),
        ("a key twice", event.replacen("KP-Round: 3\n", "KP-Round: 3\nKP-Round: 3\n", 1)),
        ("a line more", event.replacen("KP-Round: 3\n", "KP-Round: 3\nKP-Note: hello\n", 1)),
        ("a second block", format!("{event}{event}")),
        ("a second block, set apart", format!("{event}\n{event}")),
        ("no end of line", event.trim_end().to_owned()),
    ];
    for (name, spelling) in &spellings {
        each(&env, &[(name, &|c| c.put(&path, spelling), &format!("event-format {path}"))]);
    }
}

#[test]
fn a_state_is_not_jumped_over() {
    let env = registry();
    let facts = env.file(&format!("{INITRODE}/log/0003"));
    let (twice, approved) = next(&env, ACME, 2, 3, &[]);
    let gone = env.file(&format!("{INITRODE}/votes/1/alice"));
    let (after_exit, updated) = next(&env, INITRODE, 2, 3, &[]);
    let updated = with(&updated, &[("Event", "v1 updated"), ("Subject", "update"), ("Round", "3")]);
    assert_eq!(value(&gone, "Record"), value(&facts, "Record"));
    each(
        &env,
        &[
            ("approved twice", &|c| c.put(&twice, &approved), &format!("event-illegal {twice}")),
            ("updated after it left", &|c| c.put(&after_exit, &updated), &format!("event-illegal {after_exit}")),
        ],
    );
}

/// The files that belong to an update of acme that nobody voted for, with the event that claims it.
fn unvoted_update(env: &TestEnv) -> (String, String, String) {
    let record = env.file(&format!("{ACME}/partner.toml")).replace("/support", "/evil");
    let (path, event) = next(env, ACME, 3, 3, &[("Round", "3"), ("Votes", "none")]);
    (path, with(&event, &[("Record", &hash(&record)), ("Objects", &objects(env, &record))]), record)
}

/// Where git keeps a record, beside acme's logo.
fn objects(env: &TestEnv, record: &str) -> String {
    let logo = env.id(&["rev-parse", &format!("main:{ACME}/logo.png")], "");
    format!("{} {logo}", env.id(&["hash-object", "--stdin"], record))
}

#[test]
fn facts_change_only_with_an_event_that_names_them() {
    let env = registry();
    let record = env.file(&format!("{ACME}/partner.toml")).replace("/support", "/evil");
    let (path, claimed, unvoted) = unvoted_update(&env);
    let other = with(&claimed, &[("Record", &hash("something else"))]);
    let initrode = env.file(&format!("{INITRODE}/partner.toml")).replace("initrode-bot", "mallory");
    let unexplained = &format!("facts-unexplained {ACME}/partner.toml");
    each(
        &env,
        &[
            ("the record, by hand", &|c| c.put(&format!("{ACME}/partner.toml"), &record), unexplained),
            ("the record taken away", &|c| c.gone(&format!("{ACME}/partner.toml")), unexplained),
            ("the logo, by hand", &|c| c.put(&format!("{ACME}/logo.png"), crate::picture::png(64, 64)), unexplained),
            (
                "with an event of another hash",
                &|c| c.put(&format!("{ACME}/partner.toml"), &unvoted).put(&path, &other),
                &format!("event-facts {path}"),
            ),
            (
                "with an event that nobody voted for",
                &|c| c.put(&format!("{ACME}/partner.toml"), &unvoted).put(&path, &claimed),
                &format!("event-votes {path}"),
            ),
            ("an event without the facts it names", &|c| c.put(&path, &claimed), unexplained),
            (
                "facts for somebody who was turned down",
                &|c| c.put("data/partners/umbra/partner.toml", &record),
                "facts-unexplained data/partners/umbra/partner.toml",
            ),
            (
                "facts of somebody nobody knows",
                &|c| c.put("data/partners/newco/partner.toml", &record),
                "facts-unexplained data/partners/newco/partner.toml",
            ),
            (
                "who has left gets another contact",
                &|c| c.put(&format!("{INITRODE}/partner.toml"), &initrode),
                &format!("facts-unexplained {INITRODE}/partner.toml"),
            ),
        ],
    );
}

/// Squash merges bring many files at once: an honest decision lends its words to nothing else.
#[test]
fn an_honest_decision_covers_nothing_else() {
    let env = registry();
    let before =
        env.id(&["log", "-1", "--format=%H", "--first-parent", "main", "--", "data/partners/acme/log/0003"], "");
    let (honest, message) = (env.head(), env.id(&["log", "-1", "--format=%B", &before], ""));
    let record = env.file(&format!("{INITRODE}/partner.toml")).replace("initrode-bot", "mallory");
    let acme = env.file(&format!("{ACME}/partner.toml")).replace("/support", "/evil");
    let parents = [format!("{before}^1"), format!("{before}^2")];
    let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
    // The decision once more, as it was, with more in it.
    let again = || {
        env.set_head(&format!("{before}^1"));
        env.forge().parents(&parents).message(&message).take(&before, ACME)
    };
    let honestly = again().commit();
    env.audit().is_clean();
    assert_ne!(honestly, honest);
    let with_record = again().put("data/partners/initrode/partner.toml", &record).commit();
    env.audit().blames(&with_record, "facts-unexplained data/partners/initrode/partner.toml", "another's record");
    let without_event = again().gone(&format!("{ACME}/log/0003")).commit();
    env.audit().blames(&without_event, "message-differs", "the event left out");
    let other_facts = again().put(&format!("{ACME}/partner.toml"), acme).commit();
    env.audit().blames(&other_facts, "facts-unexplained data/partners/acme/partner.toml", "other facts");
    let seat = env.file(PROGRAM) + "[[committee]]\ngithub = \"mallory\"\naffiliation = \"Evil\"\n";
    let with_seat = again().put(PROGRAM, seat).commit();
    env.audit().blames(&with_seat, "policy-unexplained data/program.toml", "a seat");
    env.set_head(&honest);
    env.audit().is_clean();
}

#[test]
fn a_message_says_what_the_files_say() {
    let env = registry();
    let event = env.file(&format!("{ACME}/log/0003"));
    let (path, next) = next(&env, "data/partners/umbra", 1, 2, &[("Round", "2")]);
    let told = with(&next, &[("Actor", "alice")]);
    let garbled = next.replacen("KP-Seq: 3", "KP-Seq: 03", 1);
    each(
        &env,
        &[
            ("an old message", &|c| c.put("README.md", "x").message(&format!("acme\n\n{event}")), "message-differs"),
            ("another actor", &|c| c.put(&path, &next).message(&format!("umbra\n\n{told}")), "message-differs"),
            ("in no place of its own", &|c| c.put("README.md", "x").message(&event), "message-differs"),
        ],
    );
    // What is no block says nothing; a merge button may have broken it.
    let commit = env.forge().put("README.md", "x").message(&format!("umbra\n\n{garbled}")).commit();
    env.audit().tells("warning", &commit, "message-differs", "another spelling");
}

#[test]
fn the_policy_is_not_for_one_person_to_change() {
    let env = registry();
    let seat = env.file(PROGRAM) + "\n[[committee]]\ngithub = \"mallory\"\naffiliation = \"Evil\"\n";
    // As it should be in all but the votes: one member's, which is real.
    let facts = [("Record", hash(&seat)), ("Objects", env.id(&["hash-object", "--stdin"], &seat))];
    let lines: Vec<(&str, &str)> = facts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let policy = hash(&env.file(PROGRAM));
    let vote = with(&env.file("data/program/votes/2/bob"), &[("Round", "3"), ("Policy", &policy), lines[0]]);
    let (path, event) =
        next(&env, "data/program", 2, 2, &[("Round", "3"), ("Policy", &policy), ("Votes", &hash(&vote))]);
    let event = with(&event, &lines);
    let decided = doing(|c| {
        c.put(PROGRAM, &seat)
            .put("data/program/policies/0003.toml", &seat)
            .put("data/program/votes/3/bob", &vote)
            .put(&path, &event)
    });
    let mut sorted = env.file("data/program/policies/0001.toml");
    sorted += "# a comment\n";
    each(
        &env,
        &[
            ("by hand", &|c| c.put(PROGRAM, &seat), "policy-unexplained data/program.toml"),
            ("with one vote", &decided, &format!("event-votes {path}")),
            (
                "a copy changed",
                &|c| c.put("data/program/policies/0001.toml", &sorted),
                "policy-file data/program/policies/0001.toml",
            ),
            (
                "a copy removed",
                &|c| c.gone("data/program/policies/0002.toml"),
                "policy-file data/program/policies/0002.toml",
            ),
            (
                "a copy that nobody decided",
                &|c| c.put("data/program/policies/0003.toml", &seat),
                "policy-file data/program/policies/0003.toml",
            ),
            (
                "a copy that isn't what was decided",
                &|c| decided(c).put("data/program/policies/0003.toml", &sorted),
                "policy-file data/program/policies/0003.toml",
            ),
        ],
    );
}

/// What stands among the policies and nobody decided: it is told at the door, nobody reads it, and it may go.
#[test]
fn what_nobody_decided_is_no_policy() {
    let env = registry();
    let honest = env.head();
    let (policy, evil) = (env.run(&["program"]).ok().stdout, env.file(PROGRAM).replace("Initech", "Evil"));
    for (name, content, rule) in some(
        3,
        [
            ("README.md", "x\n", "stray"),
            ("0003.toml", &*evil, "policy-file"),
            ("0003.toml", "x\n", "policy-file"),
            ("9999.toml", "", "policy-file"),
            ("3.toml", &evil, "stray"),
            ("0003.toml.orig", "x\n", "stray"),
        ],
    ) {
        let path = format!("data/program/policies/{name}");
        let finding = format!("{rule} {path}");
        let brought = env.forge().put(&path, content).commit();
        let refused = at_the_door(&env, &honest).fails(1);
        assert!(refused.stdout.contains(&format!("{path}: error[{rule}]")), "{refused}");
        env.audit().blames(&brought, &finding, name);
        assert_eq!(env.problems(), std::slice::from_ref(&finding));
        // Who reads on passes over it, and says so.
        let shown = env.run(&["show", "acme"]).ok();
        assert!(shown.stderr.contains(&format!("{path} is no policy that was decided")), "{shown}");
        let checked = env.run(&["check"]);
        assert!(checked.stdout.contains(&path) && !checked.stderr.contains(&path), "{checked}");
        assert_eq!(env.run(&["program"]).ok().stdout, policy);
        env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice", "--dry-run"])
            .ok()
            .code
            .unwrap();
        if rule == "policy-file" {
            let changed = env.forge().put(&path, "y\n").commit();
            let audit = env.audit();
            audit.blames(&brought, &finding, name);
            assert!(!audit.findings.iter().any(|f| f.commit == changed));
        }
        // The change that mends it is let in, and then it is told as put right.
        let before = env.head();
        env.forge().gone(&path).commit();
        at_the_door(&env, &before).ok().code.unwrap();
        assert_eq!(env.problems(), [""; 0]);
        is_repaired(&env, &brought, &finding, name);
        env.set_head(&honest);
    }
}

/// The copy of a policy may come before it: then the decision puts right what was wrong.
#[test]
fn a_policy_that_lay_there_before_is_decided_all_the_same() {
    let env = registry();
    let next = env.file(PROGRAM).replace("Vandelay", "Vandelay Industries");
    let path = "data/program/policies/0003.toml";
    let early = env.forge().put(path, &next).commit();
    env.write("next.toml", &next);
    env.run(&["program", "propose", "next.toml", "--as", "alice"]).ok().code.unwrap();
    env.decide("program");
    assert_eq!(env.events("program"), ["founded", "updated", "updated"]);
    is_repaired(&env, &early, &format!("policy-file {path}"), "the same");
    assert_eq!(env.problems(), [""; 0]);
}

/// Files among events and votes that none of them is called stand where nothing belongs, and may go; in rounds that are settled, too.
#[test]
fn what_is_called_as_nothing_of_a_registry_may_go() {
    let env = registry();
    let honest = env.head();
    let among_votes =
        ["README.md", "Alice", "alice.1", "alice.02", "a b", "x.json"].map(|name| format!("votes/1/{name}"));
    let among_events = ["README.md", "4", "0000", "00004"].map(|name| format!("log/{name}"));
    for path in some(3, among_events.into_iter().chain(among_votes).chain(["votes/9/README.md".into()])) {
        let path = format!("{ACME}/{path}");
        let brought = env.forge().put(&path, "x\n").commit();
        env.audit().blames(&brought, &format!("stray {path}"), &path);
        let refused = at_the_door(&env, &honest).fails(1);
        assert!(refused.stdout.contains(&format!("{path}: error[stray]")), "{refused}");
        let told = env.run(&["check"]).fails(1);
        // An event may have been renamed.
        let is_number = path.rsplit('/').next().unwrap().bytes().all(|b| b.is_ascii_digit());
        let hint = if is_number { "hint: restore it" } else { "hint: remove it" };
        assert!(told.stdout.contains(&path) && told.stdout.contains(hint), "{told}");
        // Who isn't a member tidies nothing, and nobody writes anything else there.
        for (who, puts) in [("mallory", None), ("mallory", Some("y\n")), ("alice", Some("y\n"))] {
            let change = puts.map_or_else(|| env.forge().gone(&path), |put| env.forge().put(&path, put));
            change.commit_to("aside");
            let door = ["check", "--base", &brought, "--head", "aside", "--actor", who];
            let refused = env.run(&door).fails(1);
            assert!(refused.stdout.contains(&format!("{path}: error[stray]")), "{who}: {refused}");
        }
        env.forge().gone(&path).commit();
        at_the_door(&env, &brought).ok().code.unwrap();
        is_repaired(&env, &brought, &format!("stray {path}"), &path);
        env.set_head(&honest);
    }
}

/// What belongs in the place of such a file may come there, by whom it is about.
#[test]
fn what_belongs_in_the_place_of_a_stray_may_come_there() {
    let env = TestEnv::with_applicant();
    let stray = format!("{ACME}/logo.png/x");
    let base = env.forge().put(&stray, "x\n").commit();
    env.forge().gone(&stray).take("apply/acme", "data").commit_to("brings");
    let check = |actor: &str| env.run(&["check", "--base", &base, "--head", "brings", "--actor", actor]);
    check("acme-bot").ok().code.unwrap();
    env.forge_on("brings").gone(&format!("{ACME}/logo.png")).commit_to("brings");
    assert!(check("acme-bot").fails(1).stdout.contains("logo.png"));
}

#[test]
fn a_registry_whose_policy_was_taken_away_is_still_audited() {
    let env = registry();
    each(&env, &[("taken away", &|c| c.gone(PROGRAM), "policy-unexplained data/program.toml")]);
}

/// What was done by hand and put right is told, and nobody is sent looking for it.
#[test]
fn what_was_put_right_is_told_as_repaired() {
    let env = registry();
    let honest = env.head();
    let path = format!("{ACME}/partner.toml");
    let (record, edited) = (env.file(&path), env.file(&path).replace("/support", "/help"));

    let by_hand = env.forge().put(&path, &edited).commit();
    env.audit().blames(&by_hand, &format!("facts-unexplained {path}"), "by hand");
    env.run(&["record", "acme", "--reason", "they asked by phone", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.events("acme").last().unwrap(), "recorded");
    is_repaired(&env, &by_hand, &format!("facts-unexplained {path}"), "recorded");

    env.set_head(&honest);
    let by_hand = env.forge().put(&path, &edited).commit();
    env.forge().put(&path, &record).commit();
    env.audit().tells("repaired", &by_hand, &format!("facts-unexplained {path}"), "restored");

    for (path, rule) in [
        (format!("{ACME}/log/0002"), "log-changed"),
        (format!("{ACME}/votes/1/bob"), "vote-changed"),
        ("data/program/policies/0001.toml".to_owned(), "policy-file"),
    ] {
        env.set_head(&honest);
        let content = env.file(&path);
        let removed = env.forge().gone(&path).commit();
        env.audit().blames(&removed, &format!("{rule} {path}"), "removed");
        env.forge().put(&path, &content).commit();
        is_repaired(&env, &removed, &format!("{rule} {path}"), "restored");
    }
}
