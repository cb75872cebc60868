//! `audit`: what it says, what it goes on from, and statements that are published elsewhere.

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use crate::env::{Output, TestEnv};

/// The codes of what an audit finds.
fn codes(output: &Output) -> Vec<String> {
    let found = output.json();
    found["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
}

fn audited(env: &TestEnv, args: &[&str]) -> Output {
    env.run(&[&["audit", "--json"], args].concat())
}

/// Another address for acme, asked for and approved: one more commit, one more event.
fn move_website(env: &TestEnv) {
    env.run(&["update", "acme", "--website", "https://acme.example/new", "--as", "acme-bot"]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
}

#[test]
fn an_honest_registry_is_told_in_a_few_words() {
    let env = TestEnv::with_partner();
    assert_data_eq!(
        env.run(&["audit"]).to_string(),
        str![[r#"
exit 0
--- stdout
Head: [COMMIT]. Commits: 2. Events: 3. Votes: 2.
Events signed: 0; attested by GitHub: 0; unsigned: 3.
Nothing was found: every step is explained.

"#]]
    );
    assert_data_eq!(
        env.run(&["audit", "--full", "--json"]).to_string(),
        str![[r#"
exit 0
--- stdout
{
  "schema": 1,
  "head": "[COMMIT]",
  "commits": 2,
  "events": 3,
  "votes": 2,
  "grades": {
    "signed": 0,
    "attested": 0,
    "unsigned": 3
  },
  "signatures_verified": true,
  "cut_off": false,
  "findings": []
}

"#]]
    );
    for args in [["audit", "--head"].as_slice(), &["audit", "--deep"], &["audit", "--no-signatures"]] {
        env.run(args).ok().code.unwrap();
    }
}

#[test]
fn a_finding_says_what_where_and_what_could_have_led_to_it() {
    let env = TestEnv::with_partner();
    env.edit("a new address", |c| {
        let file = c.join("data/partners/acme/partner.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text.replace("acme.example", "evil.example")).unwrap();
    });
    assert_data_eq!(
        env.run(&["audit"]).to_string(),
        str![[r#"
exit 1
--- stdout
Head: [COMMIT]. Commits: 3. Events: 3. Votes: 2.
Events signed: 0; attested by GitHub: 0; unsigned: 3.
Errors: 1. Warnings: 0. Repaired: 0.

data/partners/acme/partner.toml: error[facts-unexplained]: what stands there isn't what the log names
  commit: [COMMIT]
  rule: Facts change only together with an event that names them.
  hint: somebody edited the file by hand; own up to it with karmada-partner record, or restore it

"#]]
    );
    // Owned up to, it is told, and no error any more.
    env.run(&["record", "acme", "--reason", "they moved", "--as", "alice"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["audit"]).to_string(),
        str![[r#"
exit 0
--- stdout
Head: [COMMIT]. Commits: 4. Events: 4. Votes: 3.
Events signed: 0; attested by GitHub: 0; unsigned: 4.
Errors: 0. Warnings: 0. Repaired: 1.

data/partners/acme/partner.toml: repaired[facts-unexplained]: what stands there isn't what the log names; log/0003 owns up to it
  commit: [COMMIT]
  rule: Facts change only together with an event that names them.
  hint: somebody edited the file by hand; own up to it with karmada-partner record, or restore it

"#]]
    );
    // And it is told again by an audit that goes on from there.
    assert_eq!(audited(&env, &[]).ok().json()["findings"][0]["severity"], "repaired");
}

#[test]
fn the_next_audit_goes_on_from_the_last() {
    let env = TestEnv::with_partner();
    let first = audited(&env, &[]).ok().json();
    move_website(&env);
    let second = audited(&env, &[]).ok().json();
    let full = audited(&env, &["--full"]).ok().json();
    assert_eq!(second, full, "however it is counted, it is the same");
    assert_eq!(second["events"].as_u64(), first["events"].as_u64().map(|n| n + 1));
    let since = audited(&env, &["--since", "main~1"]).ok().json();
    assert_eq!((&since["commits"], &since["events"]), (&Value::from(1), &Value::from(1)));
}

#[test]
fn a_history_cut_short_or_rewritten_is_the_finding() {
    let env = TestEnv::with_partner();
    let (verified, earlier) = (env.head(), env.git_exactly("registry.git", &["rev-parse", "main~1"]));
    audited(&env, &[]).ok().code.unwrap();
    env.set_head(earlier.trim());
    assert_eq!(codes(&audited(&env, &[]).fails(1)), ["rewritten"]);
    assert_eq!(codes(&audited(&env, &["--full"]).fails(1)), ["rewritten"]);
    // The same files, and another history.
    let tree = format!("{verified}^{{tree}}");
    let made = env.git_exactly("registry.git", &["commit-tree", &tree, "-m", "all of it"]);
    env.set_head(made.trim());
    assert!(codes(&audited(&env, &[]).fails(1)).contains(&"rewritten".to_owned()));
    // A merge that makes what was verified its second parent changes what the first parents say.
    let swapped =
        env.git_exactly("registry.git", &["commit-tree", &tree, "-p", made.trim(), "-p", &verified, "-m", "pull"]);
    env.set_head(swapped.trim());
    assert!(codes(&audited(&env, &[]).fails(1)).contains(&"rewritten".to_owned()));
    env.set_head(&verified);
    audited(&env, &[]).ok().code.unwrap();
}

#[test]
fn what_was_found_wrong_is_not_taken_as_verified() {
    let env = TestEnv::with_partner();
    env.edit("by hand", |c| std::fs::write(c.join("data/partners/acme/notes.txt"), "x").unwrap());
    assert_eq!(codes(&audited(&env, &[]).fails(1)), ["stray"]);
    assert_eq!(codes(&audited(&env, &[]).fails(1)), ["stray"]);
    // But that it was there is remembered.
    env.set_head("main~1");
    assert_eq!(codes(&audited(&env, &[]).fails(1)), ["rewritten"]);
}

/// Who can write to this machine can say here what was verified; who reads all anew isn't told by that.
#[test]
fn a_lie_about_earlier_audits_is_seen_by_a_full_one() {
    let env = TestEnv::with_partner();
    let verified = env.head();
    audited(&env, &[]).ok().code.unwrap();
    env.edit("by hand", |c| std::fs::write(c.join("data/partners/acme/notes.txt"), "x").unwrap());
    let (mut open, mut lies) = (vec![env.path("home")], 0);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(text) = std::fs::read_to_string(&path)
            && text.contains(&verified)
        {
            // Its first line has a checksum, which whoever lies makes anew.
            let (form, kept) = text.split_once('\n').unwrap();
            let kept = kept.replace(&verified, &env.head());
            let (form, _) = form.rsplit_once(' ').unwrap();
            std::fs::write(path, format!("{form} {:08x}\n{kept}", crc32fast::hash(kept.as_bytes()))).unwrap();
            lies += 1;
        }
    }
    assert!(lies > 0, "nothing is kept of what was verified");
    assert_eq!(codes(&audited(&env, &[]).ok()), [""; 0]);
    assert_eq!(codes(&audited(&env, &["--full", "--deep"]).fails(1)), ["stray"]);
}

/// Whatever is wrong, once it is as it was nobody is sent looking for it.
#[test]
fn what_is_as_it_was_is_repaired() {
    let env = TestEnv::with_partner();
    let acme = "data/partners/acme";
    let vote = env.git(&["show", "main:data/partners/acme/votes/1/bob"]);
    let at = |c: &std::path::Path, name: &str| c.join(acme).join(name);
    env.edit("a note", |c| std::fs::write(at(c, "notes.txt"), "x").unwrap());
    env.edit("a vote", |c| std::fs::write(at(c, "votes/1/bob"), "x").unwrap());
    env.edit("again", |c| std::fs::write(at(c, "votes/1/bob"), "y").unwrap());
    assert_eq!(audited(&env, &[]).fails(1).json()["findings"].as_array().unwrap().len(), 3);
    env.edit("restored", |c| {
        std::fs::remove_file(at(c, "notes.txt")).unwrap();
        std::fs::write(at(c, "votes/1/bob"), &vote).unwrap();
    });
    let found = audited(&env, &[]).ok().json();
    assert!(found["findings"].as_array().unwrap().iter().all(|f| f["severity"] == "repaired"), "{found}");
}

/// A directory that hides a file behind a name with a slash in it.
#[test]
fn no_name_hides_what_stands_there() {
    let env = TestEnv::with_partner();
    let right = env.id(&["rev-parse", "main:data/partners/acme/partner.toml"], "");
    env.edit("evil", |c| std::fs::write(c.join("data/partners/acme/partner.toml"), "evil = 1\n").unwrap());
    let data = [
        env.entry("40000", "partners", "main:data/partners"),
        env.entry("100644", "partners/acme/partner.toml", &right),
        env.entry("100644", "program.toml", "main:data/program.toml"),
        env.entry("40000", "program", "main:data/program"),
    ];
    let data = env.id(&["hash-object", "-w", "-t", "tree", "--literally", "--stdin"], data.concat());
    let root = env.id(&["mktree"], format!("040000 tree {data}\tdata\n"));
    let commit = env.id(&["commit-tree", &root, "-p", "main~1", "-m", "nothing to see"], "");
    env.set_head(&commit);
    let found = codes(&audited(&env, &[]).fails(1));
    assert!(found.contains(&"facts-unexplained".to_owned()) && found.contains(&"stray".to_owned()), "{found:?}");
}

#[test]
fn a_dry_run_writes_no_statement() {
    let env = TestEnv::with_partner();
    env.run(&["audit", "--write-anchor", "then.txt", "--as", "alice", "--dry-run"]).ok().code.unwrap();
    // One document, also where the statement can't be made.
    let unknown = env.run(&["audit", "--write-anchor", "then.txt", "--json"]).fails(2);
    assert_eq!(unknown.json()["error"]["message"], "it isn't known who acts");
    let unwritable = env.run(&["audit", "--write-anchor", "program.toml/then.txt", "--json", "--as", "alice"]);
    assert_eq!(unwritable.json()["error"]["kind"], "environment");
    assert!(!env.path("then.txt").exists());
}

#[test]
fn a_statement_published_elsewhere_binds_the_registry() {
    let env = TestEnv::with_partner();
    env.run(&["audit", "--write-anchor", "then.txt", "--as", "alice"]).ok().code.unwrap();
    move_website(&env);
    // Somebody with a fresh clone has only the statement.
    env.git_at(".", &["clone", "--quiet", "--bare", "registry.git", "fresh.git"]);
    let fresh = |args: &[&str]| env.run(&[&["audit", "--json", "--registry", "fresh.git"], args].concat());
    assert_eq!(codes(&fresh(&["--anchor", "then.txt"]).ok()), ["anchor"], "it isn't signed, and that is said");
    let statement = env.read("then.txt");
    for (from, to) in [("KP-Events: 3", "KP-Events: 2"), ("KP-Digest: sha256:", "KP-Digest: sha256:0000")] {
        assert!(statement.contains(from), "{statement}");
        let mut edited = statement.replace(from, to);
        if to.contains("0000") {
            let at = edited.find("0000").unwrap();
            edited.replace_range(at + 64..at + 68, "");
        }
        env.write("edited.txt", &edited);
        assert!(codes(&fresh(&["--anchor", "edited.txt"]).fails(1)).contains(&"anchor".to_owned()));
    }
    env.write("no.txt", "KP-Statement: v2\n");
    fresh(&["--anchor", "no.txt"]).fails(2).code.unwrap();
    // The history that it speaks of is gone.
    let root = env.git_exactly("fresh.git", &["rev-list", "--max-parents=0", "main"]);
    env.git_at("fresh.git", &["update-ref", "refs/heads/main", root.trim()]);
    assert!(codes(&fresh(&["--anchor", "then.txt"]).fails(1)).contains(&"anchor".to_owned()));
}

#[test]
fn a_shallow_clone_has_its_head_audited() {
    let env = TestEnv::with_partner();
    let url = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "--quiet", "--bare", "--depth=1", &url, "shallow.git"]);
    let output = env.run(&["audit", "--registry", "shallow.git"]).ok();
    assert!(output.stderr.contains("cut off"), "{output}");
    env.run(&["audit", "--anchor", "program.toml", "--registry", "shallow.git"]).fails(2).code.unwrap();
    env.run(&["audit", "--full", "--registry", "shallow.git"]).fails(1).code.unwrap();
    let found = env.run(&["audit", "--json", "--registry", "shallow.git"]).ok().json();
    assert_eq!((&found["events"], &found["votes"]), (&Value::from(3), &Value::from(2)));
}

#[test]
fn minutes_are_for_people() {
    let env = TestEnv::with_partner();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "=a *bold* claim", "--as", "alice"]).ok().code.unwrap();
    env.run(&["exit", "acme", "--kind", "breach", "--reason", "=a *bold* claim", "--as", "bob"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["log", "acme", "--format", "md"]).ok().stdout,
        str![[r#"
# Minutes

## 2026-09-21

- **Acme applies to the program** (acme)
  - By: acme-bot
  - Evidence: unsigned
  - Commit: [COMMIT]
- **Acme is approved** (acme)
  - By: bob
  - In favor: alice (Umbrella); bob (Initech)
  - Evidence: unsigned
  - Commit: [COMMIT]
- **Acme leaves the program** (acme)
  - By: bob
  - In favor: alice (Umbrella); bob (Initech)
  - Terms: breach, effective 2026-09-21
  - Reason: =a /*bold/* claim
  - Evidence: unsigned
  - Commit: [COMMIT]

"#]]
    );
    assert_data_eq!(
        env.run(&["log", "acme", "--format", "csv"]).ok().stdout,
        str![[r#"
time,partner,name,seq,event,subject,actor,in_favor,against,abstaining,not_counted,kind,effective,reason,link,evidence,commit,merged_into,stage,on,criteria,what,place,closes,job,source,since
2026-09-21T14:15:20Z,acme,Acme,1,applied,application,acme-bot,,,,,,,,,unsigned,[COMMIT],,,,,,,,,,
2026-09-21T14:17:20Z,acme,Acme,2,approved,application,bob,alice (Umbrella); bob (Initech),,,,,,,,unsigned,[COMMIT],,,,,,,,,,
2026-09-21T14:19:20Z,acme,Acme,3,exited,exit,bob,alice (Umbrella); bob (Initech),,,,breach,2026-09-21,'=a *bold* claim,,unsigned,[COMMIT],,,,,,,,,,

"#]]
    );
}

/// A clone in which another branch is checked out for a while was audited as that; nobody rewrote anything.
#[test]
fn a_branch_that_was_checked_out_for_a_while_is_no_rewritten_history() {
    let env = TestEnv::with_applicant();
    env.git_at(".", &["clone", "--quiet", "registry.git", "clone"]);
    let audit = || env.run(&["audit", "--registry", "clone"]);
    audit().ok().code.unwrap();
    env.git_at("clone", &["checkout", "--quiet", "-b", "work", "origin/apply/acme"]);
    // What is asked for there is decided nowhere.
    audit().fails(1).code.unwrap();
    env.git_at("clone", &["checkout", "--quiet", "main"]);
    audit().ok().code.unwrap();
}
