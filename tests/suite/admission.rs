//! Who may put what on record, tried by plumbing: what `check --base` lets through, what the audit explains, and what the
//! commands do agree.

use crate::env::TestEnv;
use crate::plumbing::{hash, value, with};
use crate::signed_work::{decide_signed, make_key, signed, with_key};
use crate::tamper_votes::sign;

const ACME: &str = "data/partners/acme";

fn ok(env: &TestEnv, args: &str) {
    env.run(&args.split(' ').collect::<Vec<_>>()).ok().code.unwrap();
}

/// What CI says of a branch that somebody proposes: the codes.
fn judged(env: &TestEnv, head: &str, actor: &str) -> Vec<String> {
    let found = env.run(&["check", "--base", "main", "--head", head, "--actor", actor, "--json"]).json();
    found["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect()
}

/// The next event of acme's log on a branch, with other lines.
fn next(env: &TestEnv, branch: &str, lines: &[(&str, &str)]) -> (String, String) {
    let listed = env.id(&["ls-tree", "--name-only", &format!("{branch}:{ACME}/log")], "");
    let last = env.file(&format!("{branch}:{ACME}/log/{}", listed.lines().last().unwrap()));
    let seq = (listed.lines().count() + 1).to_string();
    let event = with(&last, &[("Seq", &seq), ("Prev", &hash(&last)), ("Votes", "none"), ("Signature", "")]);
    (format!("{ACME}/log/{seq:0>4}"), with(&event, lines))
}

/// The next event of acme, on the default branch.
fn forge_event(env: &TestEnv, lines: &[(&str, &str)]) -> String {
    let (path, event) = next(env, "main", lines);
    env.forge().put(&path, event).commit()
}

#[test]
fn an_expelled_party_cannot_end_its_expulsion() {
    let env = TestEnv::with_partner();
    ok(&env, "exit acme --kind breach --reason x --as alice");
    let refused = env.run(&["withdraw", "acme", "--as", "acme-bot"]).fails(4);
    assert!(refused.stderr.contains("one person can't take it back"), "{refused}");
    // By hand, on the proposal's own branch, and on the default one.
    let lines = [("Event", "v1 withdrawn"), ("Subject", "exit"), ("Round", "2"), ("Actor", "acme-bot")];
    let (path, event) = next(&env, "exit/acme", &lines);
    env.forge_on("exit/acme").put(&path, &event).commit_to("by-hand");
    assert!(judged(&env, "by-hand", "acme-bot").contains(&"author".to_owned()));
    let commit = env.forge().take("exit/acme", ACME).put(&path, &event).commit();
    env.audit().blames(&commit, &format!("event-actor {path}"), "it ends its expulsion");
}

#[test]
fn the_own_side_takes_back_what_it_opened_whoever_has_voted() {
    let env = TestEnv::with_partner();
    ok(&env, "update acme --website https://acme.example/new --as acme-bot");
    ok(&env, "review acme --vote reject --as carol");
    ok(&env, "withdraw acme --as acme-bot");
    ok(&env, "exit acme --kind voluntary --reason x --as acme-bot");
    ok(&env, "review acme --vote reject --as carol");
    ok(&env, "withdraw acme --as acme-bot");
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn what_a_member_opened_is_everybodys_once_another_has_voted() {
    let env = TestEnv::with_partner();
    ok(&env, "program propose --retire carol --as alice");
    ok(&env, "review program --vote abstain --as bob");
    env.run(&["withdraw", "program", "--as", "alice"]).fails(4).code.unwrap();
    ok(&env, "exit acme --kind breach --reason x --as bob");
    ok(&env, "withdraw acme --as bob");
    ok(&env, "exit acme --kind breach --reason x --as bob");
    ok(&env, "review acme --vote abstain --as carol");
    env.run(&["withdraw", "acme", "--as", "bob"]).fails(4).code.unwrap();
    env.audit().is_clean();
}

/// Who only voted hasn't asked, and a stranger's request gives it nothing.
#[test]
fn only_who_asked_has_asked_and_the_table_says_who_may() {
    let env = TestEnv::with_partner();
    ok(&env, "update acme --website https://acme.example/new --as acme-bot");
    ok(&env, "review acme --vote reject --as carol");
    let take_back = |actor| {
        let lines = [("Event", "v1 withdrawn"), ("Subject", "update"), ("Round", "2"), ("Actor", actor)];
        let (path, event) = next(&env, "main", &lines);
        let votes = format!("{ACME}/votes");
        (env.forge().take("apply/acme", &votes).put(&path, event), path)
    };
    let honest = env.head();
    let (commit, path) = take_back("carol");
    let commit = commit.commit();
    env.audit().blames(&commit, &format!("event-actor {path}"), "a vote isn't a request");
    env.set_head(&honest);

    let request = env.file(&format!("apply/acme:{ACME}/votes/2/acme-bot"));
    let stranger = with(&request, &[("Actor", "mallory")]);
    let (commit, path) = take_back("mallory");
    let commit = commit.put(&format!("{ACME}/votes/2/mallory"), stranger).commit();
    let audit = env.audit();
    audit.blames(&commit, &format!("event-actor {path}"), "a stranger's request");
    audit.blames(&commit, &format!("vote-actor {ACME}/votes/2/mallory"), "a stranger's request");
}

#[test]
fn what_is_proposed_has_a_time_and_a_link_that_can_be() {
    let env = TestEnv::with_applicant();
    let applied = env.file(&format!("apply/acme:{ACME}/log/0001"));
    let with_lines = |lines: &[(&str, &str)], more: &str| {
        let event = with(&applied, lines) + more;
        env.forge_on("apply/acme").put(&format!("{ACME}/log/0001"), event).commit_to("by-hand");
        judged(&env, "by-hand", "acme-bot")
    };
    assert_eq!(with_lines(&[], ""), [""; 0]);
    assert_eq!(with_lines(&[("Time", "2099-01-01T00:00:00Z")], ""), ["event-ahead"]);
    for link in ["javascript:alert(1)", "https://u:p@example.com", "ftp://example.com/x", "https:///x"] {
        assert_eq!(with_lines(&[], &format!("KP-Link: {link}\n")), ["event-format"], "{link}");
    }
}

/// A key that was taken out of the policy writes nothing from then on, whatever policy its holder names; nor does a member
/// that retired.
#[test]
fn a_removed_key_and_a_retired_member_write_nothing() {
    let env = TestEnv::with_partner();
    let old_policy = value(&env.file(&format!("{ACME}/log/0002")), "Policy").to_owned();
    for who in ["carol", "new"] {
        make_key(&env, who);
    }
    let rotate = |what: &[&str]| {
        env.run(&[&["program", "propose", "--as", "alice"], what].concat()).ok().code.unwrap();
        ok(&env, "approve program --as alice");
        ok(&env, "approve program --as bob");
        value(&env.file(&format!("data/program/log/{:04}", env.events("program").len())), "Policy").to_owned()
    };
    rotate(&["--add-key", "carol=carol.pub"]);
    ok(&env, "jobs list");
    with_key(&env, "carol", "carol", &["jobs", "add", "acme", "--title", "Engineer"]).ok().code.unwrap();
    let posted = env.file(&format!("{ACME}/log/0003"));
    let with_carols_key = value(&posted, "Policy").to_owned();
    let key = std::fs::read_to_string(env.path("carol.pub")).unwrap();
    rotate(&["--add-key", "carol=new.pub", "--remove-key", key.trim()]);
    env.audit().is_clean();
    let honest = env.head();
    for (kind, lines) in [
        ("benefited", vec![("Benefit", "exposure"), ("On", "2026-09-21"), ("What", "a talk")]),
        ("posted", vec![("Title", "Another")]),
        ("closed", vec![("Job", "3")]),
        ("renewed", vec![]),
    ] {
        let head = [("Event", format!("v1 {kind}")), ("Policy", with_carols_key.clone())];
        let head: Vec<(&str, &str)> = head.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let (path, event) = next(&env, "main", &[&[("Title", "")], &head[..], &[("Actor", "carol")]].concat());
        let event = event + &lines.iter().map(|(k, v)| format!("KP-{k}: {v}\n")).collect::<String>();
        let signed = sign(&env, "carol", &event);
        let commit = env.forge().put(&path, signed).commit();
        env.audit().blames(&commit, &format!("event-signature {path}"), kind);
        env.set_head(&honest);
    }
    // Retired: not even unsigned, and not under the policy of long ago.
    env.run(&["program", "propose", "--retire", "carol", "--as", "alice"]).ok().code.unwrap();
    ok(&env, "approve program --as alice");
    ok(&env, "approve program --as bob");
    let lines = [("Event", "v1 renewed"), ("Actor", "carol"), ("Policy", &*old_policy), ("Title", "")];
    let commit = forge_event(&env, &lines);
    env.audit().blames(&commit, &format!("event-actor {ACME}/log/0004"), "retired");
}

/// A key counts from when the policy lists it: what names an older one isn't signed, for the check of a branch as for the audit.
#[test]
fn a_key_proves_nothing_under_a_policy_that_lists_none() {
    let env = signed("required = true\n");
    decide_signed(&env);
    let founding = value(&env.file("data/program/log/0001"), "Policy").to_owned();
    let lines = [("Event", "v1 renewed"), ("Subject", "upkeep"), ("Actor", "alice"), ("Policy", &*founding)];
    let (path, event) = next(&env, "main", &lines);
    let event = sign(&env, "alice", &event);
    env.forge_on("main").put(&path, &event).commit_to("by-hand");
    assert_eq!(judged(&env, "by-hand", "alice"), ["author"]);
    let commit = env.forge().put(&path, &event).commit();
    env.audit().blames(&commit, &format!("event-unsigned {path}"), "signed under a policy without keys");
}

#[test]
fn a_post_is_closed_once_and_one_hash_has_one_object() {
    let env = TestEnv::with_partner();
    ok(&env, "jobs add acme --title Engineer --as acme-bot");
    let honest = env.head();
    let renewed = [("Event", "v1 renewed"), ("Title", "")];
    let closed = |job: &str| {
        let (path, event) = next(&env, "main", &[("Event", "v1 closed"), ("Title", "")]);
        (path, format!("{event}KP-Job: {job}\n"))
    };
    let (path, event) = closed("2");
    let commit = env.forge().put(&path, event).commit();
    env.audit().blames(&commit, &format!("event-illegal {path}"), "no post");
    env.set_head(&honest);
    ok(&env, "jobs close acme 3 --as acme-bot");
    let (path, event) = closed("3");
    let event = event.replacen("KP-Job: 3\n", "", 1);
    let commit = env.forge().put(&path, event).commit();
    env.audit().blames(&commit, &format!("event-illegal {path}"), "closed twice");
    env.set_head(&honest);
    let objects = value(&env.file(&format!("{ACME}/log/0003")), "Objects").to_owned();
    let false_ones = format!("{} {}", "0".repeat(40), objects.split(' ').nth(1).unwrap());
    let commit = forge_event(&env, &[&renewed[..], &[("Objects", &false_ones)]].concat());
    env.audit().blames(&commit, &format!("event-facts {ACME}/log/0004"), "false objects");
}

#[test]
fn a_slug_is_never_anothers() {
    let env = TestEnv::with_partner();
    ok(&env, "exit acme --kind inactive --reason x --as alice");
    ok(&env, "exit acme --as bob");
    let apply = |who: &str| {
        let args = ["apply", "--name", "Acme", "--website", "https://other.example", "--github", who];
        env.run(&[&args[..], &["--logo", "logo.png", "--slug", "acme", "--as", who]].concat())
    };
    let refused = apply("mallory").fails(4);
    assert!(refused.stderr.contains("its last contact, acme-bot, may, or a member"), "{refused}");
    apply("acme-bot").ok().code.unwrap();
    // By hand, too.
    let applied = env.file(&format!("apply/acme:{ACME}/log/0004"));
    let path = format!("{ACME}/log/0004");
    env.forge_on("apply/acme").put(&path, with(&applied, &[("Actor", "mallory")])).commit_to("by-hand");
    assert!(judged(&env, "by-hand", "mallory").contains(&"author".to_owned()));
}

#[test]
fn what_somebody_else_proposes_is_not_replaced() {
    let env = TestEnv::with_partner();
    ok(&env, "update acme --website https://acme.example/new --as acme-bot");
    let refused = env.run(&["update", "acme", "--parent", "Initech", "--as", "alice"]).fails(1);
    assert!(refused.stderr.contains("by acme-bot waits, which this would replace; it changes website"), "{refused}");
    ok(&env, "program propose --retire carol --note too-busy --as alice");
    let refused =
        env.run(&["program", "propose", "--add-member", "dave", "--affiliation", "Hooli", "--as", "bob"]).fails(1);
    assert!(refused.stderr.contains("a policy that alice proposes (too-busy) waits"), "{refused}");
}

#[test]
fn the_founding_signature_is_verified() {
    let env = signed("");
    let founded = env.file("data/program/log/0001");
    env.write("next.toml", env.file("data/program.toml"));
    // Another registry, founded with keys, by somebody whose signature is over other words.
    let broken = sign(&env, "alice", &with(&founded, &[("Actor", "alice")]));
    let policy = env.file("data/program.toml");
    let (record, objects) = (hash(&policy), env.id(&["hash-object", "--stdin"], &policy));
    let facts = [("Policy", record.as_str()), ("Record", &record), ("Objects", &objects)];
    let said = with(&with(&founded, &facts), &[("Actor", "alice"), ("Signature", "")]);
    let signed = sign(&env, "alice", &said);
    let forged = with(&signed, &[("Signature", value(&broken, "Signature"))]);
    for (event, sound) in [(&signed, true), (&forged, false)] {
        let commit = env
            .forge()
            .parents(&[])
            .put("data/program.toml", &policy)
            .put("data/program/policies/0001.toml", &policy)
            .put("data/program/log/0001", event)
            .commit();
        match sound {
            true => env.audit().is_clean(),
            false => env.audit().blames(&commit, "event-signature data/program/log/0001", "founding"),
        }
    }
}

/// A round that nobody opened can't be taken back: else an expelled party would use up the round that its exit waits in.
#[test]
fn what_nobody_opened_is_not_taken_back() {
    let env = TestEnv::with_partner();
    ok(&env, "exit acme --kind breach --reason x --as alice");
    for subject in ["update", "exit"] {
        let honest = env.head();
        let lines = [("Event", "v1 withdrawn"), ("Subject", subject), ("Round", "2"), ("Actor", "acme-bot")];
        let (path, event) = next(&env, "main", &lines);
        let commit = env.forge().put(&path, &event).commit();
        env.audit().blames(&commit, &format!("event-actor {path}"), subject);
        // And what became of the exit is told.
        let told = [format!("event-actor {path}:7"), "proposal exit/acme".to_owned()];
        assert_eq!(env.problems(), told, "{subject}");
        env.plumb(&["update-ref", "refs/heads/by-hand", &commit], "");
        env.set_head(&honest);
        assert!(judged(&env, "by-hand", "acme-bot").contains(&"author".to_owned()), "{subject}");
    }
}

/// What stands there tells who may, without the history: a shallow clone and `check` say the same.
#[test]
fn a_head_alone_tells_who_may() {
    let env = signed("required = true\n");
    decide_signed(&env);
    let written = |kind: &str, actor: &str| {
        let kind = format!("v1 {kind}");
        let (path, event) = next(&env, "main", &[("Event", &kind), ("Subject", "upkeep"), ("Actor", actor)]);
        let title = if kind.ends_with("posted") { "KP-Title: Engineer\n" } else { "" };
        env.forge().put(&path, event + title).commit();
        path
    };
    let honest = env.head();
    for (kind, actor, code) in [
        ("posted", "mallory", Some("event-actor")),
        ("renewed", "mallory", Some("event-actor")),
        // What a member may only as such is signed.
        ("renewed", "alice", Some("event-unsigned")),
        ("renewed", "acme-bot", None),
    ] {
        let path = written(kind, actor);
        let due: Vec<String> = code.map(|code| format!("{code} {path}:7")).into_iter().collect();
        assert_eq!(env.problems(), due, "{kind} by {actor}");
        let head = env.run(&["audit", "--head", "--json"]).json();
        let found = head["findings"].as_array().unwrap().iter().filter(|f| f["path"] == path.as_str()).count();
        assert_eq!(found, due.len(), "{kind} by {actor}: {head}");
        env.set_head(&honest);
    }
}

/// Whoever may push can add to somebody's branch. What isn't theirs to say is nothing to vote on, nor to decide.
#[test]
fn what_a_stranger_adds_to_a_proposal_is_not_decided() {
    let env = TestEnv::with_applicant();
    ok(&env, "approve acme --as alice");
    let (voted, main) = (env.id(&["rev-parse", "apply/acme"], ""), env.head());
    let record = env.file(&format!("apply/acme:{ACME}/partner.toml"));
    // The second makes itself the contact with what it says.
    for (who, to) in [("mallory", "acme-bot"), ("mallory", "mallory"), ("alice", "acme-bot")] {
        let record = record.replace("acme-bot", to).replace("acme.example", "casino.example");
        let objects = value(&env.file(&format!("apply/acme:{ACME}/log/0001")), "Objects").to_owned();
        let blob = env.id(&["hash-object", "-w", "--stdin"], &record);
        let objects = format!("{blob} {}", objects.split(' ').nth(1).unwrap());
        let lines = [("Event", "v1 amended"), ("Actor", who), ("Record", &hash(&record)), ("Objects", &objects)];
        let (path, event) = next(&env, "apply/acme", &lines);
        let amended = env.forge_on("apply/acme").put(&format!("{ACME}/partner.toml"), &record).put(&path, event);
        amended.commit_to("apply/acme");
        let may = who == "alice";
        let listed = env.run(&["list", "--proposals"]).ok();
        assert_eq!(listed.stdout.contains("acme"), may, "{listed}");
        assert_eq!(env.problems().iter().any(|p| p == "proposal apply/acme"), !may);
        for command in [&["approve", "acme"][..], &["reject", "acme", "--reason", "x"]] {
            let refused = env.run(&[command, &["--dry-run", "--as", "bob"]].concat());
            assert_eq!(refused.stderr.contains("log/0002, which can't be on record"), !may, "{refused}");
        }
        if !may {
            // Merged by a button it stands there, and can only be turned down.
            let merged = env.id(&["rev-parse", "apply/acme"], "");
            env.set_head(&merged);
            ok(&env, "approve acme --yes --as bob");
            let refused = env.run(&["approve", "acme", "--yes", "--as", "carol"]).fails(1);
            assert!(refused.stderr.contains("turn it down"), "{refused}");
            ok(&env, "reject acme --reason x --as bob");
            ok(&env, "reject acme --reason x --as carol");
            assert_eq!(env.state("acme"), "rejected");
        }
        env.plumb(&["update-ref", "refs/heads/apply/acme", &voted], "");
        env.set_head(&main);
    }
}

/// A partner that somebody applied for without a number, which its facts have since.
fn numbered_since(applicant: &str) -> TestEnv {
    let env = TestEnv::with_registry();
    let apply = "apply --name Acme --website https://acme.example/k --github acme-bot --logo logo.png --as";
    ok(&env, &format!("{apply} {applicant}"));
    for member in ["bob", "carol"] {
        ok(&env, &format!("approve acme --as {member}"));
    }
    env.edit("its number", |checkout| {
        let file = checkout.join("data/partners/acme/partner.toml");
        let facts = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, facts + "github_id = 7\n").unwrap();
    });
    ok(&env, "record acme --reason number --as bob");
    env
}

/// A contact whose number the facts know is that account, whatever its login is; whoever has the login now isn't.
#[test]
fn a_contact_is_an_account_and_not_a_login() {
    for applicant in ["alice", "acme-bot"] {
        let env = numbered_since(applicant);
        let (honest, path) = (env.head(), format!("{ACME}/log/0004"));
        ok(&env, "jobs add acme --title Engineer --as acme-bot");
        let posted = env.file(&path);
        env.set_head(&honest);
        for (actor, number, theirs) in [("acme-bot", "7", true), ("acme-now", "7", true), ("acme-bot", "8", false)] {
            let told = format!("KP-Actor: {actor}\nKP-Account: {number}\n");
            let event = posted.replace("KP-Actor: acme-bot\n", &told);
            let commit = env.forge().put(&path, event).commit();
            let audit = env.audit();
            match theirs {
                // What was edited by hand was owned up to.
                true => assert!(audit.findings.iter().all(|f| f.severity == "repaired"), "{}", audit.words),
                false => audit.blames(&commit, &format!("event-actor {path}"), actor),
            }
            env.set_head(&honest);
        }
    }
    let env = numbered_since("alice");
    // The number stays with what is changed, and goes with the login.
    for (flag, value, kept) in [("--website", "https://acme.example/new", true), ("--github", "acme-now", false)] {
        ok(&env, &format!("update acme {flag} {value} --as acme-bot"));
        assert_eq!(env.file(&format!("apply/acme:{ACME}/partner.toml")).contains("github_id = 7"), kept);
    }
    let shown = env.run(&["review", "acme", "--as", "bob"]).ok();
    assert!(shown.stdout.contains("  github: acme-bot, account 7 → acme-now\n"), "{shown}");
}
