//! Tampering with what git itself keeps: directories of strange things, merges that lose something, commits and trees that
//! no honest program writes.

use crate::env::TestEnv;
use crate::plumbing::{Forged, hash, value, with};
use crate::tamper_log::{each, next, registry};

const ACME: &str = "data/partners/acme";

#[test]
fn only_plain_files_stand_below_data_each_in_its_place() {
    let env = registry();
    let head = env.head();
    let record = env.file(&format!("{ACME}/partner.toml"));
    let link = env.id(&["hash-object", "-w", "--stdin"], "/etc/passwd");
    let kept = env.id(&["rev-parse", &format!("main:{ACME}/partner.toml")], "");
    each(
        &env,
        &[
            (
                "a symbolic link",
                &|c| c.entry("120000", "data/partners/acme/log/0004", &link),
                "stray data/partners/acme/log/0004",
            ),
            (
                "a symbolic link for facts",
                &|c| c.entry("120000", "data/partners/acme/partner.toml", &link),
                "stray data/partners/acme/partner.toml",
            ),
            ("a submodule", &|c| c.entry("160000", "data/partners/other", &head), "stray data/partners/other"),
            (
                "an executable",
                &|c| c.entry("100755", "data/partners/acme/partner.toml", &kept),
                "stray data/partners/acme/partner.toml",
            ),
            ("a case twin", &|c| c.put("data/partners/Acme/partner.toml", &record), "stray data/partners/Acme"),
            ("a reserved name", &|c| c.put("data/partners/con/partner.toml", &record), "stray data/partners/con"),
            ("a stray file", &|c| c.put("data/notes.txt", "x"), "stray data/notes.txt"),
            ("one beside the facts", &|c| c.put("data/partners/acme/README", "x"), "stray data/partners/acme/README"),
            (
                "one below the log",
                &|c| c.put("data/partners/acme/log/old/0001", "x"),
                "stray data/partners/acme/log/old",
            ),
            (
                "policies of a partner",
                &|c| c.put("data/partners/acme/policies/0001.toml", "x"),
                "stray data/partners/acme/policies",
            ),
            (
                "data itself a file beside",
                &|c| c.put("data/program/partner.toml", &record),
                "stray data/program/partner.toml",
            ),
        ],
    );
}

/// The bytes that git keeps of a directory.
fn directory(env: &TestEnv, path: &str) -> Vec<u8> {
    env.plumb(&["cat-file", "tree", &format!("main:{path}")], "")
}

/// What git itself refuses to write, and reads all the same.
#[test]
fn directories_that_no_git_writes_are_found() {
    let env = registry();
    let evil = env.id(&["hash-object", "-w", "--stdin"], "schema = 1\nname = \"Evil\"\n");
    let acme = directory(&env, ACME);
    let partners = directory(&env, "data/partners");
    let umbra = directory(&env, "data/partners/umbra");
    let own = env.id(&["rev-parse", &format!("main:{ACME}/partner.toml")], "");
    let row = |mode: &str, name: &str, object: &str| env.entry(mode, name, object);
    let split = |bytes: &[u8], name: &str| {
        let at = bytes.windows(name.len()).position(|w| w == name.as_bytes()).unwrap() - "100644 ".len();
        (bytes[..at].to_vec(), bytes[at..].to_vec())
    };
    let (before, after) = split(&acme, "partner.toml\0");
    let twice = [before, row("100644", "partner.toml", &evil), after].concat();
    assert!(twice.len() > acme.len() && own != evil);
    let (before, after) = (&partners[.."40000 ".len() - 6], &partners["40000 ".len() - 6..]);
    let twin = [before, &row("40000", "acme", "main:data/partners/umbra"), after].concat();
    each(
        &env,
        &[
            (
                "a repository in it",
                &|c| c.directory(ACME, &[row("40000", ".git", "main:data"), acme.clone()].concat()),
                "stray data/partners/acme/.git",
            ),
            (
                "one among the votes",
                &|c| {
                    let votes = directory(&env, "data/partners/umbra/votes/1");
                    c.directory(
                        "data/partners/umbra/votes/1",
                        &[row("100644", ".git", "main:data/program.toml"), votes].concat(),
                    )
                },
                "stray data/partners/umbra/votes/1/.git",
            ),
            ("a record twice", &|c| c.directory(ACME, &twice), "stray data/partners/acme"),
            ("a partner twice", &|c| c.directory("data/partners", &twin), "stray data/partners"),
            (
                "out of order",
                &|c| c.directory("data/partners/umbra/log", &swapped(&directory(&env, "data/partners/umbra/log"))),
                "stray data/partners/umbra/log",
            ),
            (
                "a name that isn't text",
                &|c| {
                    let mut named = row("100644", "?", &evil);
                    named[7] = 0xff;
                    c.directory("data/partners/umbra", &[umbra.clone(), named].concat())
                },
                "stray data/partners/umbra/\u{fffd}",
            ),
        ],
    );
}

/// All read it alike, and nothing else is wrong.
#[test]
fn a_log_out_of_order_is_read_in_order() {
    let env = registry();
    let log = "data/partners/umbra/log";
    env.forge().directory(log, &swapped(&directory(&env, log))).commit();
    assert_eq!(env.problems(), [format!("stray {log}")]);
    env.run(&["show", "umbra"]).ok().code.unwrap();
}

/// Two entries of equal length the other way round.
fn swapped(bytes: &[u8]) -> Vec<u8> {
    let (one, other) = bytes.split_at(bytes.len() / 2);
    [other, one].concat()
}

/// A tree that makes no sense must not silence what comes after it.
#[test]
fn nonsense_does_not_stop_an_audit() {
    let env = registry();
    let honest = env.head();
    let umbra = "data/partners/umbra/log";
    let (path, event) = next(&env, "data/partners/umbra", 1, 2, &[("Round", "2")]);
    for mode in ["", "1", "0100644", "777777777777777777777777", "x"] {
        let bytes = [directory(&env, umbra), env.entry(mode, "0003", "main:data/program.toml")].concat();
        let nonsense = env.forge().directory(umbra, &bytes).commit();
        // What comes after says the very words that are read ahead.
        let log = env.id(&["ls-tree", &format!("{honest}:{umbra}")], "");
        let blob = env.id(&["hash-object", "-w", "--stdin"], &event);
        let mended = env.id(&["mktree"], format!("{log}\n100644 blob {blob}\t0003\n"));
        let raw = env.plumb(&["cat-file", "tree", &mended], "");
        let by_hand = env.forge().directory(umbra, &raw).message(&format!("umbra applies\n\n{event}")).commit();
        let last = env.forge().put("data/partners/acme/partner.toml", "x").commit();
        env.audit().blames(&last, "facts-unexplained data/partners/acme/partner.toml", mode);
        assert_ne!((nonsense, path.as_str()), (by_hand, ""));
        env.set_head(&honest);
    }
}

#[test]
fn a_commit_from_the_end_of_time_does_not_stop_an_audit() {
    let env = registry();
    let honest = env.head();
    for time in ["9223372036854775807", "-9223372036854775808"] {
        env.forge().put("README.md", "x").dated(&format!("{time} +0000")).commit();
        let (path, event) = next(&env, "data/partners/umbra", 1, 2, &[("Round", "2")]);
        env.forge().put(&path, &event).dated(&format!("{time} +0000")).commit();
        let last = env.forge().put("data/partners/acme/partner.toml", "x").commit();
        env.audit().blames(&last, "facts-unexplained data/partners/acme/partner.toml", time);
        env.set_head(&honest);
    }
}

/// Umbra applies again, on a branch that nobody has merged.
fn side(env: &TestEnv) -> (String, String) {
    let (path, event) = next(env, "data/partners/umbra", 1, 2, &[("Round", "2")]);
    let side = env.forge().put(&path, event).aside();
    (side, path)
}

#[test]
fn a_merge_keeps_what_it_merges() {
    let env = registry();
    let (side, path) = side(&env);
    let evil = |c: Forged<'_>| c.put("README.md", "x").parents(&["main", &side]).commit();
    let commit = evil(env.forge());
    env.audit().blames(&commit, &format!("evil-merge {path}"), "dropped");
    // Brought back, it is put right.
    env.forge().take(&side, "data").commit();
    let told = env.audit();
    told.tells("repaired", &commit, &format!("evil-merge {path}"), "brought back");
    assert!(told.words.contains("; it was brought back since"), "{}", told.words);
}

#[test]
fn a_branch_is_merged_once() {
    let env = registry();
    let first = env.id(&["rev-parse", "main^2"], "");
    let again = env.forge().parents(&["main", &first]).commit();
    env.audit().tells("warning", &again, "merged-twice", "merged again");
}

/// Two proposals on the default branch at once: deciding one doesn't excuse the other.
#[test]
fn nothing_undecided_hides_behind_something_else() {
    let env = registry();
    for name in ["Newco", "Other"] {
        env.apply(name).ok().code.unwrap();
        env.run(&["approve", &name.to_lowercase(), "--as", "alice"]).ok().code.unwrap();
    }
    let honest = env.head();
    env.run(&["approve", "newco", "--as", "bob"]).ok().code.unwrap();
    let decision = env.head();
    env.set_head(&honest);
    let branch = format!("{decision}^2");
    let both = env.forge().take(&branch, "data/partners/newco").take("apply/other", "data/partners/other").commit();
    env.audit().blames(&both, "undecided", "both wait");
    env.forge().take(&decision, "data/partners/newco").commit();
    env.audit().blames(&both, "undecided", "one still waits");
    assert!(env.audit().findings.iter().all(|f| f.rule == "undecided"), "{}", env.audit().words);
}

/// Who isn't tied to a partner takes nothing back for it, and doesn't become its contact by saying so.
#[test]
fn strangers_do_not_speak_for_a_partner() {
    let env = registry();
    env.apply("Newco").ok().code.unwrap();
    let waiting = env.file("apply/newco:data/partners/newco/log/0001");
    let record = env.file("apply/newco:data/partners/newco/partner.toml").replace("newco-bot", "mallory");
    let logo = value(&waiting, "Objects").split_once(' ').unwrap().1;
    let objects = format!("{} {logo}", env.id(&["hash-object", "-w", "--stdin"], &record));
    let second = [("Actor", "mallory"), ("Seq", "2"), ("Prev", &*hash(&waiting))];
    let amended =
        with(&with(&waiting, &second), &[("Event", "v1 amended"), ("Record", &hash(&record)), ("Objects", &objects)]);
    let withdrawn = with(&with(&waiting, &second), &[("Event", "v1 withdrawn")]);
    let (acme, event) = next(&env, ACME, 3, 3, &[("Round", "3"), ("Votes", "none"), ("Actor", "mallory")]);
    let update = with(&event, &[("Event", "v1 withdrawn")]);
    let policy = hash(&env.file("data/program.toml"));
    let lines =
        [("Event", "v1 withdrawn"), ("Actor", "mallory"), ("Policy", &policy), ("Round", "3"), ("Votes", "none")];
    let (program, of_policy) = next(&env, "data/program", 2, 2, &lines);
    let log = "data/partners/newco/log/0001";
    let other = "data/partners/newco/log/0002";
    each(
        &env,
        &[
            (
                "an application taken back",
                &|c| c.put(log, &waiting).put(other, &withdrawn),
                "event-actor data/partners/newco/log/0002",
            ),
            (
                "an application taken over",
                &|c| c.put(log, &waiting).put(other, &amended),
                "event-actor data/partners/newco/log/0002",
            ),
            ("an update taken back", &|c| c.put(&acme, &update), "event-actor data/partners/acme/log/0004"),
            ("a policy taken back", &|c| c.put(&program, &of_policy), "event-actor data/program/log/0003"),
        ],
    );
}

/// `git pull` merges the default branch into somebody's own commit, and pushes that: it is one thing, and told as that with its mend.
#[test]
fn a_pull_that_turns_the_history_around_is_told_in_one_sentence() {
    let env = TestEnv::with_applicant();
    let own = env.forge().put("README.md", "mine").aside();
    env.decide("acme");
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.change_policy(|text| text + "\n[decisions.update]\nquorum = 2\n");
    env.apply("Beta").ok().code.unwrap();
    env.decide("beta");
    let there = env.head();
    env.audit().is_clean();
    let pull = |tip: &str, message: &str| {
        env.forge().take(tip, "data").put("README.md", "mine").parents(&[&own, tip]).message(message).commit()
    };
    let pulled = pull(&there, "Merge branch 'main' of example");
    let audit = env.audit();
    audit.blames(&pulled, "turned-around ", "pulled");
    let errors: Vec<_> = audit.findings.iter().filter(|f| f.severity == "error").collect();
    assert_eq!(errors.len(), 1, "{}", audit.words);
    let mend = format!("git reset --hard {}; git cherry-pick {}..{}", &there[..10], &there[..10], &own[..10]);
    assert!(audit.words.contains(&mend), "{}", audit.words);
    // Who audited before is told no more than that.
    assert_eq!(env.audit_again().findings.iter().filter(|f| f.severity == "error").count(), 1);
    // What goes on from there is judged.
    env.apply("Gamma").ok().code.unwrap();
    env.decide("gamma");
    assert_eq!(env.audit().findings.iter().filter(|f| f.severity == "error").count(), 1);
    // Nothing hides behind it: what the other side broke is told as it is.
    env.set_head(&there);
    let broken = env.forge().put("data/partners/acme/partner.toml", "name = 1\n").commit();
    let pulled = pull(&broken, "Merge branch 'main'");
    let audit = env.audit();
    assert!(audit.findings.iter().all(|f| f.rule != "turned-around"), "{}", audit.words);
    assert!(audit.findings.iter().any(|f| f.severity == "error"), "{pulled}: {}", audit.words);
    // Nor does who throws away what was decided.
    env.set_head(&there);
    let older = env.id(&["rev-parse", &format!("{there}^1")], "");
    let tree = format!("{older}^{{tree}}");
    env.set_head(&env.id(&["commit-tree", &tree, "-p", &there, "-p", &older], "Merge branch 'main'"));
    let audit = env.audit();
    assert!(audit.findings.iter().all(|f| f.rule != "turned-around"), "{}", audit.words);
    assert!(audit.findings.iter().any(|f| f.severity == "error"), "{}", audit.words);
}

/// So it is where their own commit is one of the registry: all that both sides did is right, and stays.
#[test]
fn a_pull_into_an_own_entry_is_told_in_one_sentence_too() {
    let env = TestEnv::with_partner();
    let base = env.head();
    env.run(&["benefit", "add", "acme", "--kind", "exposure", "--what", "a talk", "--as", "alice"]).ok().code.unwrap();
    let own = env.head();
    env.set_head(&base);
    env.change_policy(|text| text + "\n[decisions.update]\nquorum = 2\n");
    env.apply("Beta").ok().code.unwrap();
    env.decide("beta");
    let there = env.head();
    let pull = |own: &str| env.forge().take(&there, "data").take(own, ACME).parents(&[own, &there]);
    let pulled = pull(&own).message("Merge branch 'main' of example").commit();
    let audit = env.audit();
    audit.blames(&pulled, "turned-around ", "pulled");
    assert_eq!(audit.findings.iter().filter(|f| f.severity == "error").count(), 1, "{}", audit.words);
    // The mend is all there is to do.
    let mend = format!("git reset --hard {}; git cherry-pick {}..{}", &there[..10], &there[..10], &own[..10]);
    assert!(audit.words.contains(&mend), "{}", audit.words);
    env.git_at(".", &["clone", "--quiet", "registry.git", "mended"]);
    env.git_at("mended", &["reset", "--quiet", "--hard", &there[..10]]);
    env.git_at("mended", &["cherry-pick", &format!("{}..{}", &there[..10], &own[..10])]);
    env.git_at("mended", &["push", "--quiet", "--force", "origin", "HEAD"]);
    env.audit().is_clean();
    // Nothing is told so that isn't right in the other order: what is left out, what comes along, what was wrong before.
    let event = format!("{ACME}/log/0003");
    let wrong = env.file(&format!("{own}:{event}")).replace("KP-Actor: alice", "KP-Actor: mallory");
    env.set_head(&base);
    let forged = env.forge().put(&event, &wrong).commit();
    for (case, made) in [
        ("left out", pull(&own).gone(&event)),
        ("changed", pull(&own).put(&event, &wrong)),
        ("more", pull(&own).put("data/partners/beta/partner.toml", "name = 1\n")),
        ("back", pull(&own).gone("data/partners/beta/log/0002")),
        ("wrong before", pull(&forged)),
    ] {
        made.message("Merge branch 'main' of example").commit();
        let audit = env.audit();
        assert!(audit.findings.iter().all(|f| f.rule != "turned-around"), "{case}: {}", audit.words);
        assert!(audit.findings.iter().any(|f| f.severity == "error"), "{case}: {}", audit.words);
    }
}
