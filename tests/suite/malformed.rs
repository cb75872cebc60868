//! Histories that no honest git writes and that are there all the same: each commit is judged, and the rest with it.

use serde_json::Value;

use crate::env::{TestEnv, some};
use crate::plumbing::{hash, with};
use crate::tamper_log::{each, registry};

const ACME: &str = "data/partners/acme";

fn findings(env: &TestEnv, args: &[&str]) -> (Option<i32>, Vec<Value>) {
    let seen = env.path("home/.local/state/karmada-partner/audits");
    let _ = std::fs::remove_dir_all(seen);
    let output = env.command(&[&["audit", "--json"], args].concat()).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{args:?}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), found["findings"].as_array().unwrap().clone())
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().map(|f| f["code"].as_str().unwrap()).collect()
}

/// A commit of these very bytes, whatever git thinks of them.
fn commit_of(env: &TestEnv, bytes: impl AsRef<[u8]>) -> String {
    env.id(&["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], bytes)
}

const TIME: (&str, &str) = ("commit-time", "it was made: its committer's line is missing or broken");
const AUTHOR: (&str, &str) = ("commit-people", "who wrote it: its author's line is missing or broken");
const COMMITTER: (&str, &str) = ("commit-people", "who made it: its committer's line is broken");
const BOTH: (&str, &str) =
    ("commit-people", "who wrote and made it: its author's line is missing or broken, and its committer's is broken");

#[test]
fn one_strange_commit_doesnt_end_an_audit() {
    let env = registry();
    let honest = env.head();
    let tree = env.id(&["rev-parse", "main^{tree}"], "");
    let head = format!("tree {tree}\nparent {honest}\n");
    let now = env.id(&["log", "-1", "--format=%ct", "main"], "");
    let who = format!("Test <test@example.com> {now} +0000\n");
    let (author, committer) = (format!("author {who}"), format!("committer {who}"));
    for (case, bytes, warned) in some(
        4,
        [
            ("no author", format!("{head}{committer}\nx\n"), &[AUTHOR][..]),
            ("no committer", format!("{head}{author}\nx\n"), &[TIME]),
            ("neither", format!("{head}\nx\n"), &[TIME, AUTHOR]),
            ("no mailbox", format!("{head}author Test {now} +0000\ncommitter Test {now} +0000\n\nx\n"), &[BOTH]),
            ("no name", format!("{head}author <> {now} +0000\ncommitter <> {now} +0000\n\nx\n"), &[BOTH]),
            ("an empty name", format!("{head}author  <> {now} +0000\n{committer}\nx\n"), &[]),
            ("no space before the mailbox", format!("{head}author Test<a@b> {now} +0000\n{committer}\nx\n"), &[AUTHOR]),
            ("two mailboxes", format!("{head}author Test <a@b> <a@b> {now} +0000\n{committer}\nx\n"), &[AUTHOR]),
            ("an author twice", format!("{head}{author}{author}{committer}\nx\n"), &[AUTHOR]),
            ("its author last", format!("{head}{committer}{author}\nx\n"), &[AUTHOR]),
            ("its author's day in words", format!("{head}author Test <a@b> today +0000\n{committer}\nx\n"), &[AUTHOR]),
            ("a zone that is none", format!("{head}{author}committer Test <a@b> {now} UTC\n\nx\n"), &[COMMITTER]),
            ("line ends of Windows", format!("{head}author Test <a@b> {now} +0000\r\n{committer}\nx\n"), &[AUTHOR]),
            ("no blank line", format!("{head}{author}{committer}"), &[]),
            ("nothing behind its parent", head.trim_end().to_owned(), &[TIME, AUTHOR]),
            ("no time", format!("{head}author Test <a@b>\ncommitter Test <a@b>\n\nx\n"), &[TIME, AUTHOR]),
            ("a time in words", format!("{head}{author}committer Test <a@b> today +0000\n\nx\n"), &[TIME]),
            (
                "a time that no clock has",
                format!("{head}{author}committer Test <a@b> {now}{now}{now} +0000\n\nx\n"),
                &[TIME],
            ),
            ("bytes that are no text", format!("{head}{author}{committer}encoding latin1\n\nx\0y\n"), &[]),
        ],
    ) {
        let strange = commit_of(&env, &bytes);
        env.set_head(&strange);
        let last = env.forge().put("data/notes.txt", "x").commit();
        let audit = env.audit();
        audit.blames(&last, "stray data/notes.txt", case);
        for (code, words) in warned {
            audit.tells("warning", &strange, code, case);
            assert!(audit.words.contains(words), "{case}: {}", audit.words);
        }
        assert_eq!(audit.findings.len(), 1 + warned.len(), "{case}: {}", audit.words);
        for args in
            [["list"].as_slice(), &["log"], &["log", "acme"], &["show", "acme"], &["status"], &["audit", "--head"]]
        {
            let output = env.run(args);
            assert!(matches!(output.code, Some(0 | 1)), "{case}: {args:?}: {output}");
        }
        env.set_head(&honest);
    }
}

#[test]
fn what_it_merges_and_isnt_here_is_told_as_that() {
    let env = registry();
    let honest = env.head();
    let tree = env.id(&["rev-parse", "main^{tree}"], "");
    let now = env.id(&["log", "-1", "--format=%ct", "main"], "");
    let who = format!("Test <test@example.com> {now} +0000");
    let gone = "12".repeat(20);
    let merge = commit_of(
        &env,
        format!("tree {tree}\nparent {honest}\nparent {gone}\nauthor {who}\ncommitter {who}\n\nmerge\n"),
    );
    env.set_head(&merge);
    let last = env.forge().put("data/notes.txt", "x").commit();
    let audit = env.audit();
    audit.blames(&merge, "object-missing", "a parent that isn't there");
    audit.blames(&last, "stray data/notes.txt", "and what comes after it is judged");
    assert_eq!(audit.findings.len(), 2, "{}", audit.words);
    assert!(audit.words.contains(&gone), "{}", audit.words);
}

#[test]
fn what_only_a_statement_names_was_never_verified_here() {
    let env = registry();
    env.run(&["audit", "--write-anchor", "anchor", "--as", "alice"]).ok().code.unwrap();
    let head = env.head();
    let other = env.forge().parents(&["main^"]).message("another").commit();
    assert_ne!(head, other);
    let (code, found) = findings(&env, &["--anchor", "anchor"]);
    assert_eq!((code, codes(&found)), (Some(1), vec!["anchor"]), "{found:?}");
    // What was verified here, too, is told as what it is.
    env.set_head(&head);
    env.audit_again().is_clean();
    env.set_head(&other);
    let output = env.run(&["audit", "--json", "--anchor", "anchor"]).json();
    let found = output["findings"].as_array().unwrap().clone();
    assert_eq!(codes(&found), ["rewritten", "anchor"], "{found:?}");
}

/// What is decided can be shown, so an audit of the history and one of the head agree about what can't be read.
#[test]
fn a_record_that_nobody_can_read_is_found_by_either_way() {
    let env = registry();
    let path = format!("{ACME}/partner.toml");
    let (record, logo) = (env.file(&path), env.id(&["rev-parse", &format!("main:{ACME}/logo.png")], ""));
    for (case, content) in [
        ("3 MB", format!("{record}# {}\n", "x".repeat(3_000_000))),
        ("no TOML", "name = \n".to_owned()),
        ("another's keys", format!("{record}nonsense = 1\n")),
    ] {
        let honest = env.head();
        env.forge().put(&path, &content).commit();
        let id = env.id(&["rev-parse", &format!("main:{path}")], "");
        // Somebody owns up to it by hand.
        let like = env.file(&format!("{ACME}/log/0003"));
        let record = hash(&content);
        let lines = [("Event", "v1 recorded"), ("Record", record.as_str()), ("Objects", &format!("{id} {logo}"))];
        let prev = hash(&like);
        let event = with(&like, &[[("Seq", "4"), ("Prev", prev.as_str())].as_slice(), &lines].concat());
        env.forge().put(&format!("{ACME}/log/0004"), event).commit();
        let brings = |args: &[&str], code: &str, words: &str| {
            let (ended, found) = findings(&env, args);
            let told = |f: &Value| f["code"] == code && f["message"].as_str().unwrap().contains(words);
            assert!(ended == Some(1) && found.iter().any(told), "{case}: {args:?}: {found:?}");
        };
        brings(&["--full"], "event-facts", "partner.toml that can't be read");
        brings(&["--head"], "head", "record");
        env.set_head(&honest);
    }
}

#[test]
fn what_stands_where_nothing_belongs() {
    let env = registry();
    let evidence = "{}\n";
    let name = crate::hub::sha256(evidence.as_bytes());
    let program = format!("data/program/votes/1/{name}.json");
    let stray = format!("stray {program}");
    each(
        &env,
        &[
            ("an empty partner", &|c| c.directory("data/partners/empty", b""), "stray data/partners/empty"),
            (
                "an empty directory of one",
                &|c| c.directory("data/partners/acme/votes/9", b""),
                "stray data/partners/acme/votes/9",
            ),
            ("one of the program's", &|c| c.directory("data/program/votes/9", b""), "stray data/program/votes/9"),
            ("evidence about a policy", &|c| c.put(&program, evidence), &stray),
        ],
    );
    let honest = env.head();
    for path in ["data/partners/empty", "data/partners/acme/votes/9", "data/partners/acme/more", "data/program/votes/9"]
    {
        env.forge().directory(path, b"").commit();
        assert!(!env.problems().is_empty(), "check says nothing of {path}");
        let (code, found) = findings(&env, &["--head"]);
        assert_eq!((code, codes(&found)), (Some(1), vec!["head"]), "{path}");
        env.set_head(&honest);
        // It went again.
        let there = env.forge().directory(path, b"").commit();
        env.set_head(&env.id(&["commit-tree", &format!("{honest}^{{tree}}"), "-p", &there], "tidy up"));
        env.audit().tells("repaired", &there, &format!("stray {path}"), path);
        env.set_head(&honest);
    }
    env.forge().put(&program, evidence).commit();
    assert_eq!(env.problems(), [format!("stray {program}")]);
    let (code, found) = findings(&env, &["--head"]);
    assert_eq!((code, codes(&found)), (Some(1), vec!["head"]));
}

#[test]
fn paths_cant_move_the_cursor() {
    let env = registry();
    env.forge()
        .entry("100644", r#""data/partners/acme/ev\033[2Jil\n""#, &env.id(&["hash-object", "-w", "--stdin"], "x"))
        .commit();
    for args in [["--full"].as_slice(), &["--head"]] {
        let (code, found) = findings(&env, args);
        assert_eq!(code, Some(1), "{found:?}");
        let raw = |f: &Value| {
            let text = |key: &str| f[key].as_str().unwrap_or_default().to_owned();
            (text("path") + &text("message")).chars().any(char::is_control)
        };
        assert!(!found.iter().any(raw), "{found:?}");
    }
}
