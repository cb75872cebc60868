//! `check` finds what is wrong, all at once, with the line to blame; each case is made by hand, with git alone.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use karmada_partner::domain::Sha256;
use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;

const ACME: &str = "data/partners/acme";

fn replace(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{text}");
    fs::write(file, text.replace(old, new)).unwrap();
}

/// What `check` finds in a registry with partner `acme` after a change by hand.
fn after(change: impl FnOnce(&Path)) -> Vec<String> {
    let env = TestEnv::with_partner();
    env.edit("by hand", change);
    env.problems()
}

#[test]
fn a_sound_registry_has_no_problems() {
    let env = TestEnv::with_partner();
    assert_data_eq!(
        env.run(&["check"]).to_string(),
        str![[r#"
exit 0
--- stdout
No problems found.

"#]]
    );
    assert_data_eq!(
        env.run(&["check", "--json"]).to_string(),
        str![[r#"
exit 0
--- stdout
{
  "schema": 1,
  "problems": []
}

"#]]
    );
}

#[test]
fn the_projects_own_repository_is_a_registry() {
    let env = TestEnv::new();
    let own = env!("CARGO_MANIFEST_DIR");
    env.write("home/.gitconfig", "[safe]\ndirectory = *\n");
    assert_data_eq!(
        env.output(env.command(&["check", "--registry", own]).env_remove("SOURCE_DATE_EPOCH")).to_string(),
        str![[r#"
exit 0
--- stdout
No problems found.

"#]]
    );
    let head = env.output(env.command(&["audit", "--head", "--registry", own]).env_remove("SOURCE_DATE_EPOCH")).ok();
    assert!(head.stdout.contains("Nothing was found: every step is explained."), "{head}");
}

#[test]
fn facts_changed_by_hand() {
    assert_eq!(
        after(|c| replace(&c.join(ACME).join("partner.toml"), "Acme", "Acne")),
        ["hash-mismatch data/partners/acme/partner.toml"]
    );
    assert_eq!(
        after(|c| fs::write(c.join(ACME).join("logo.png"), crate::picture::png(300, 300)).unwrap()),
        ["hash-mismatch data/partners/acme/logo.png"]
    );
    assert_eq!(
        after(|c| fs::remove_file(c.join(ACME).join("logo.png")).unwrap()),
        ["file-missing data/partners/acme/logo.png"]
    );
    assert_eq!(
        after(|c| fs::write(c.join(ACME).join("partner.toml"), "schema = 1\nname = \"Acme\"\n\nwebsite = \"acme\"\n")
            .unwrap()),
        [
            "hash-mismatch data/partners/acme/partner.toml",
            "record data/partners/acme/partner.toml",
            "record data/partners/acme/partner.toml:4"
        ]
    );
}

#[test]
fn events_edited_removed_or_made_up() {
    let log = |c: &Path, n: u32| c.join(ACME).join(format!("log/{n:04}"));
    let edited = after(|c| replace(&log(c, 1), "KP-Actor: acme-bot", "KP-Actor: someone"));
    // Nor are the votes about what stands there now.
    let broken = ["event-chain data/partners/acme/log/0002:13", "event-quorum data/partners/acme/log/0002:14"];
    assert_eq!(edited, broken);
    let gone = after(|c| fs::remove_file(log(c, 1)).unwrap());
    assert_eq!(
        gone,
        [
            "log-gap data/partners/acme/log/0002",
            "event-illegal data/partners/acme/log/0002:1",
            "event-seq data/partners/acme/log/0002:4",
            "event-round data/partners/acme/log/0002:5",
            "event-chain data/partners/acme/log/0002:13",
            "event-quorum data/partners/acme/log/0002:14",
        ]
    );
    let again = after(|c| {
        fs::copy(log(c, 2), log(c, 3)).unwrap();
    });
    assert!(again.contains(&"event-illegal data/partners/acme/log/0003:1".to_owned()), "{again:?}");
    let renamed = after(|c| fs::rename(log(c, 2), c.join(ACME).join("log/2")).unwrap());
    assert!(renamed.contains(&"log-name data/partners/acme/log/2".to_owned()), "{renamed:?}");
    assert_eq!(
        after(|c| replace(&log(c, 2), "KP-Seq: 2\n", "KP-Seq: 2\r\n")),
        [
            "event-format data/partners/acme/log/0002:4",
            "file-unexplained data/partners/acme/logo.png",
            "file-unexplained data/partners/acme/partner.toml",
            "log-lost data/partners/acme/log/0002",
        ]
    );
}

#[test]
fn votes_forged_moved_or_lost() {
    let vote = |c: &Path, name: &str| c.join(ACME).join("votes/1").join(name);
    let lost = after(|c| fs::remove_file(vote(c, "alice")).unwrap());
    assert_eq!(
        lost,
        ["event-quorum data/partners/acme/log/0002:14", "event-vote-missing data/partners/acme/log/0002:14"]
    );
    let stranger = after(|c| {
        fs::copy(vote(c, "alice"), vote(c, "mallory")).unwrap();
        replace(&vote(c, "mallory"), "KP-Actor: alice", "KP-Actor: mallory");
    });
    assert_eq!(stranger, ["vote-non-member data/partners/acme/votes/1/mallory:6"]);
    let emeritus = after(|c| {
        fs::copy(vote(c, "alice"), vote(c, "erin")).unwrap();
        replace(&vote(c, "erin"), "KP-Actor: alice", "KP-Actor: erin");
    });
    assert_eq!(emeritus, ["vote-emeritus data/partners/acme/votes/1/erin:6"]);
    let copied = after(|c| {
        fs::create_dir(c.join(ACME).join("votes/2")).unwrap();
        fs::copy(vote(c, "alice"), c.join(ACME).join("votes/2/alice")).unwrap();
    });
    assert_eq!(copied, ["vote-round data/partners/acme/votes/2/alice:4"]);
    assert_eq!(
        after(|c| fs::rename(vote(c, "bob"), vote(c, "robert")).unwrap()),
        // What isn't in its place is no voice, so the decision lacks one.
        ["event-quorum data/partners/acme/log/0002:14", "vote-name data/partners/acme/votes/1/robert:6"]
    );
    let mangled = after(|c| replace(&vote(c, "bob"), "KP-Policy: sha256:", "KP-Policy: sha256:0000"));
    assert!(mangled.contains(&"vote-format data/partners/acme/votes/1/bob:8".to_owned()), "{mangled:?}");
}

#[test]
fn what_does_not_belong() {
    let found = after(|c| {
        let at = |name: &str| c.join(name);
        symlink("../../../etc/passwd", at("data/partners/acme/link")).unwrap();
        fs::write(at("data/partners/acme/run.sh"), "x").unwrap();
        fs::set_permissions(at("data/partners/acme/run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(at("data/partners/ACME")).unwrap();
        fs::write(at("data/partners/ACME/partner.toml"), "x").unwrap();
        fs::create_dir(at("data/partners/con")).unwrap();
        fs::write(at("data/partners/con/partner.toml"), "x").unwrap();
        fs::create_dir(at("data/partners/bare")).unwrap();
        fs::write(at("data/partners/bare/partner.toml"), "schema = 1\n").unwrap();
        fs::write(at("data/partners/file"), "x").unwrap();
        fs::write(at("data/notes.txt"), "x").unwrap();
    });
    assert_eq!(
        found,
        [
            "stray data/notes.txt",
            "slug data/partners/ACME",
            "case-twin data/partners/acme",
            "stray data/partners/acme/link",
            "stray data/partners/acme/run.sh",
            "log-missing data/partners/bare/log",
            "file-unexplained data/partners/bare/partner.toml",
            "record data/partners/bare/partner.toml",
            "record data/partners/bare/partner.toml",
            "record data/partners/bare/partner.toml",
            "slug data/partners/con",
            "stray data/partners/file",
        ]
    );
}

#[test]
fn a_submodule() {
    let env = TestEnv::with_partner();
    env.edit("submodule", |c| {
        fs::create_dir(c.join("data/partners/acme/sub")).unwrap();
        env.git_at("checkout/data/partners/acme/sub", &["init", "--quiet"]);
        env.git_at("checkout/data/partners/acme/sub", &["commit", "--quiet", "--allow-empty", "--message", "x"]);
    });
    assert_eq!(env.problems(), ["stray data/partners/acme/sub"]);
    assert_data_eq!(
        env.run(&["check"]).to_string(),
        str![[r#"
exit 1
--- stdout
data/partners/acme/sub: error[stray]: a submodule can't stand in a registry
  hint: remove it; only what the program itself writes stands there
Errors: 1. Warnings: 0.

"#]]
    );
}

#[test]
fn a_program_that_is_broken() {
    let found = after(|c| replace(&c.join("data/program.toml"), "name =", "nmae ="));
    assert_eq!(found, ["hash-mismatch data/program.toml", "program data/program.toml", "program data/program.toml:2"]);
}

#[test]
fn votes_are_judged_by_the_policy_of_their_time() {
    let env = TestEnv::with_partner();
    env.change_policy(|policy| policy.replace("github = \"alice\"", "github = \"zoe\""));
    assert_eq!(env.problems(), [""; 0]);
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "x", "--as", "alice"]).fails(4).code.unwrap();
}

#[test]
fn two_partners_of_one_name() {
    let env = TestEnv::with_partner();
    env.run(&[
        "apply",
        "--name",
        "ACME Inc.",
        "--slug",
        "acme2",
        "--website",
        "https://a.example",
        "--github",
        "a",
        "--logo",
        "logo.png",
    ])
    .ok()
    .code
    .unwrap();
    env.decide("acme2");
    assert_eq!(env.problems(), ["same-name data/partners/acme2/partner.toml"]);
    env.run(&["check"]).ok().code.unwrap();
}

/// An approval that nobody with a seat wrote, or that too few votes carry.
#[test]
fn a_decision_that_was_not_carried() {
    let env = TestEnv::with_applicant();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "--branch", "apply/acme", "registry.git", "forged"]);
    let acme = env.path("forged").join(ACME);
    let first = fs::read(acme.join("log/0001")).unwrap();
    let vote = fs::read(acme.join("votes/1/alice")).unwrap();
    let forged = String::from_utf8(first.clone())
        .unwrap()
        .replace("v1 applied", "v1 approved")
        .replace("KP-Seq: 1", "KP-Seq: 2")
        .replace("KP-Actor: acme-bot", "KP-Actor: mallory")
        .replace("KP-Prev: none", &format!("KP-Prev: {}", Sha256::of(&first)))
        .replace("KP-Votes: none", &format!("KP-Votes: {}", Sha256::of(&vote)));
    fs::write(acme.join("log/0002"), forged).unwrap();
    env.git_at("forged", &["add", "--all"]);
    env.git_at("forged", &["commit", "--quiet", "--message", "approved, honestly"]);
    env.git_at("forged", &["push", "--quiet", "origin", "HEAD:main"]);
    assert_eq!(
        env.problems(),
        ["event-actor data/partners/acme/log/0002:7", "event-quorum data/partners/acme/log/0002:14"]
    );
}

/// An application on the default branch that nobody decided: a log cut off behind its first event.
#[test]
fn a_log_cut_off_before_its_decision() {
    let found = after(|c| {
        for file in ["log/0002", "partner.toml", "logo.png", "votes/1/alice", "votes/1/bob"] {
            fs::remove_file(c.join(ACME).join(file)).unwrap();
        }
    });
    assert_eq!(found, ["undecided data/partners/acme/log", "log-lost data/partners/acme/log/0002"]);
}

/// Counting again under the policy's own rules: affiliations, replaced votes, and which votes are named.
#[test]
fn a_decision_whose_votes_do_not_carry_it_by_the_rules() {
    let vote = |c: &Path, name: &str| c.join(ACME).join("votes/1").join(name);
    let replaced = after(|c| {
        fs::copy(vote(c, "alice"), vote(c, "alice.2")).unwrap();
        replace(&vote(c, "alice.2"), "v1 approve", "v1 reject");
    });
    assert_eq!(replaced, ["event-quorum data/partners/acme/log/0002:14"]);
    let hidden = after(|c| {
        fs::copy(vote(c, "alice"), vote(c, "carol")).unwrap();
        replace(&vote(c, "carol"), "KP-Actor: alice", "KP-Actor: carol");
    });
    assert_eq!(hidden, ["event-quorum data/partners/acme/log/0002:14"]);
}

#[test]
fn limits_that_became_tighter_are_no_errors() {
    let env = TestEnv::with_partner();
    env.change_policy(|policy| policy + "\n[logo]\nmax_side = 200\n");
    assert_eq!(env.problems(), ["logo-limits data/partners/acme/logo.png"]);
    env.run(&["check"]).ok().code.unwrap();
}

#[test]
fn a_shallow_clone_is_enough() {
    let env = TestEnv::with_partner();
    env.change_policy(|policy| policy.replace("schema = 1", "schema = 1 # ours"));
    let url = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "--quiet", "--bare", "--depth=1", &url, "shallow.git"]);
    let found = env.run(&["check", "--json", "--registry", "shallow.git"]).ok().json();
    assert_eq!(found["problems"], serde_json::json!([]));
}

#[test]
fn a_copy_under_another_name_is_not_taken_for_checked() {
    let env = TestEnv::with_partner();
    assert_eq!(env.problems(), [""; 0]);
    env.edit("copy", |c| {
        let status =
            std::process::Command::new("cp").arg("-r").arg(c.join(ACME)).arg(c.join("data/partners/copy")).status();
        assert!(status.unwrap().success());
    });
    assert!(env.problems().contains(&"event-partner data/partners/copy/log/0001:3".to_owned()));
}

/// What is advised is accepted: what could never be put on record isn't to be.
#[test]
fn who_changed_facts_by_hand_is_told_a_way_out_that_leads_there() {
    let env = TestEnv::with_partner();
    let logo = fs::read(env.path("logo.png")).unwrap();
    for (file, bytes) in [("logo.png", logo[..logo.len() - 20].to_vec()), ("partner.toml", b"schema = 1\n".to_vec())] {
        let before = env.head();
        env.edit("by hand", |c| fs::write(c.join(ACME).join(file), &bytes).unwrap());
        let told = env.run(&["check"]).fails(1);
        assert!(told.stdout.contains("hint: restore the file from the history\n"), "{told}");
        env.set_head(&before);
    }
    env.edit("by hand", |c| replace(&c.join(ACME).join("partner.toml"), "Acme", "Acne"));
    let told = env.run(&["check"]).fails(1);
    assert!(told.stdout.contains("own up to the change with karmada-partner record acme\n"), "{told}");
    env.run(&["record", "acme", "--reason", "by hand", "--as", "alice"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
}

/// What systems and editors leave behind is in no history; an event that was renamed is.
#[test]
fn what_stands_in_a_log_by_another_name_is_removed_or_restored() {
    let env = TestEnv::with_partner();
    let sound = env.head();
    for (name, hint) in [
        (".DS_Store", "remove it; only what the program itself writes stands there"),
        ("0002~", "remove it; only what the program itself writes stands there"),
        ("3", "restore it from the registry's history"),
    ] {
        env.set_head(&sound);
        env.forge().put(&format!("{ACME}/log/{name}"), "x").put(&format!("data/partners/{name}"), "x").commit();
        let told = env.run(&["check", "--json"]).json();
        let of_log = |problem: &&serde_json::Value| problem["code"] == "log-name";
        let found = told["problems"].as_array().unwrap().iter().find(of_log).unwrap();
        assert!(found["hint"].as_str().unwrap().starts_with(hint), "{name}: {found}");
        // It is nobody, as in any list.
        assert!(env.run(&["doctor"]).stdout.contains("; 1 in it, "), "{name}");
    }
}

/// The order of commits tells what files don't: it may change under them, and what was remembered is of another.
#[test]
fn what_only_commits_tell_is_remembered_of_these_commits_alone() {
    let env = TestEnv::with_partner();
    let before = env.head();
    env.run(&["benefit", "add", "acme", "--kind", "exposure", "--description", "Booth", "--as", "carol"])
        .ok()
        .code
        .unwrap();
    env.run(&["program", "propose", "--retire", "carol", "--as", "alice"]).ok().code.unwrap();
    env.decide("program");
    let honest = env.head();
    assert_eq!(env.run(&["check"]).ok().code, Some(0));
    // The same files, in the other order: nobody may speak for a seat that they no longer have.
    let retired = env.forge_on(&before).take(&honest, "data").gone("data/partners/acme/log/0003").commit();
    let late = env.forge_on(&retired).take(&honest, "data").commit();
    env.set_head(&late);
    for args in [["check"].as_slice(), &["check", "--no-cache"], &["check"]] {
        let told = env.run(args).fails(1);
        assert!(told.stdout.contains("event-actor"), "{args:?}: {told}");
    }
    env.set_head(&honest);
    assert_eq!(env.run(&["check"]).ok().code, Some(0));
}

/// What was found is remembered by object id: the same registry gives the same answer, a changed one a new one.
#[test]
fn remembering_changes_no_answer() {
    let env = TestEnv::with_partner();
    let first = env.problems();
    assert_eq!(env.problems(), first);
    env.edit("by hand", |c| replace(&c.join(ACME).join("partner.toml"), "Acme", "Acne"));
    let broken = env.problems();
    assert_eq!(broken, ["hash-mismatch data/partners/acme/partner.toml"]);
    assert_eq!(env.problems(), broken);
    env.edit("mended", |c| replace(&c.join(ACME).join("partner.toml"), "Acne", "Acme"));
    assert_eq!(env.problems(), first);
    // A damaged memory isn't believed, even where it can be read.
    env.edit("by hand", |c| replace(&c.join(ACME).join("partner.toml"), "Acme", "Acne"));
    let checks = env.path("home/.cache/karmada-partner/checks");
    let file = fs::read_dir(&checks).unwrap().next().unwrap().unwrap().path();
    let memory = fs::read_to_string(&file).unwrap();
    let data = env.git(&["rev-parse", "main:data"]);
    fs::write(&file, memory.replace("\"data\":\"", &format!("\"data\":\"{}", data.trim()))).unwrap();
    assert_eq!(env.problems(), broken);
    fs::write(&file, "{").unwrap();
    assert_eq!(env.problems(), broken);
    let dry: Vec<_> = fs::read_dir(checks).unwrap().collect();
    assert_eq!(dry.len(), 1);
}
