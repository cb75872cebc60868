//! Members sign what they say, and what isn't signed as the policy wants doesn't count.

use std::process::Command;

use crate::env::{Output, TestEnv};
use crate::plumbing::{hash, with};
use crate::tamper_log::at_the_door;
use crate::voices_without_right::{after, voice};

/// A registry whose members alice and bob have keys, and acme's application.
pub fn signed(required: &str) -> TestEnv {
    let env = TestEnv::with_registry();
    for who in ["alice", "bob", "mallory"] {
        make_key(&env, who);
    }
    // Behind an equals sign, no shell but bash says what `~/` is.
    std::fs::create_dir_all(env.path("home")).unwrap();
    std::fs::copy(env.path("bob.pub"), env.path("home").join("bob.pub")).unwrap();
    let keys = ["--add-key", "alice=alice.pub", "--add-key", "bob=~/bob.pub"];
    env.run(&[&["program", "propose", "--as", "alice"], keys.as_slice()].concat()).ok().code.unwrap();
    env.decide("program");
    if !required.is_empty() {
        env.write("next.toml", env.git(&["show", "main:data/program.toml"]) + "\n[signatures]\n" + required);
        for args in [["program", "propose", "next.toml"].as_slice(), &["approve", "program"]] {
            with_key(&env, "alice", "alice", args).ok().code.unwrap();
        }
        with_key(&env, "bob", "bob", &["approve", "program"]).ok().code.unwrap();
    }
    env.apply("Acme").ok().code.unwrap();
    env
}

/// Makes a key of somebody's.
pub fn make_key(env: &TestEnv, who: &str) {
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", who, "-f"]).arg(env.path(who)).status();
    assert!(made.unwrap().success());
}

/// Alice and bob approve acme, each with their own key.
#[track_caller]
pub fn decide_signed(env: &TestEnv) {
    for who in ["alice", "bob"] {
        with_key(env, who, who, &["approve", "acme"]).ok().code.unwrap();
    }
}

/// Runs it as somebody, with a key of somebody's.
pub fn with_key(env: &TestEnv, actor: &str, key: &str, args: &[&str]) -> Output {
    let mut command = env.command(args);
    env.output(command.args(["--as", actor]).env("KARMADA_PARTNER_SIGNING_KEY", env.path(key)))
}

#[test]
fn votes_and_decisions_are_signed_and_verify() {
    let env = signed("");
    with_key(
        &env,
        "alice",
        "alice",
        &["review", "acme", "--vote", "approve", "--authenticity", "met", "--url", "met", "--relevance", "met"],
    )
    .ok()
    .code
    .unwrap();
    with_key(&env, "bob", "bob", &["approve", "acme"]).ok().code.unwrap();
    for path in ["votes/1/alice", "votes/1/bob", "log/0002"] {
        let block = env.git_exactly("registry.git", &["show", &format!("main:data/partners/acme/{path}")]);
        let (said, signature) = block.split_once("KP-Signature: ").expect(path);
        // OpenSSH's own verifier agrees.
        let armored = format!("-----BEGIN SSH SIGNATURE-----\n{signature}-----END SSH SIGNATURE-----\n");
        env.write("signature", armored);
        env.write("said", said);
        env.run(&["keys", "--allowed-signers", "allowed"]).ok().code.unwrap();
        let who = if path.ends_with("alice") { "alice" } else { "bob" };
        let verified = Command::new("ssh-keygen")
            .args(["-Y", "verify", "-n", "karmada-partner", "-I", who, "-f"])
            .arg(env.path("allowed"))
            .arg("-s")
            .arg(env.path("signature"))
            .stdin(std::fs::File::open(env.path("said")).unwrap())
            .output()
            .unwrap();
        assert!(verified.status.success(), "{path}: {}", String::from_utf8_lossy(&verified.stderr));
    }
    assert!(env.git(&["log", "-1", "--format=%B", "main"]).contains("KP-Signature: "), "the message says the same");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_preview_signs_nothing() {
    let env = signed("");
    let output = with_key(&env, "alice", "alice", &["approve", "acme", "--dry-run"]).ok();
    assert!(!output.stdout.contains("KP-Signature"), "{output}");
}

#[test]
fn a_key_that_is_not_ones_own_signs_nothing() {
    let env = signed("");
    let before = env.git(&["for-each-ref"]);
    let output = with_key(&env, "alice", "mallory", &["approve", "acme"]).fails(4);
    assert!(output.stderr.contains("would go unsigned"), "{output}");
    assert!(output.stderr.contains("isn't one that the policy lists for alice"), "{output}");
    assert!(output.stderr.contains("--add-key 'alice=ssh-ed25519 "), "{output}");
    assert_eq!(env.git(&["for-each-ref"]), before);
}

#[test]
fn where_signatures_are_required_nothing_else_counts() {
    let env = signed("required = true");
    // Not said at all, without a key or with a wrong one.
    let output = env.run(&["approve", "acme", "--as", "alice"]).fails(4);
    assert!(output.stderr.contains("the policy counts only what is signed"), "{output}");
    with_key(&env, "alice", "mallory", &["approve", "acme"]).fails(4).code.unwrap();
    // Carol has a seat, and no key.
    with_key(&env, "carol", "mallory", &["approve", "acme"]).fails(4).code.unwrap();
    with_key(&env, "alice", "alice", &["approve", "acme"]).ok().code.unwrap();
    with_key(&env, "bob", "bob", &["approve", "acme"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn a_vote_by_a_key_that_is_gone_has_to_be_said_again() {
    let env = signed("");
    with_key(&env, "alice", "alice", &["approve", "acme"]).ok().code.unwrap();
    let key = env.read("alice.pub");
    let swap = ["program", "propose", "--remove-key", key.trim(), "--add-key", "alice=mallory.pub"];
    with_key(&env, "bob", "bob", &swap).ok().code.unwrap();
    with_key(&env, "bob", "bob", &["approve", "program"]).ok().code.unwrap();
    env.run(&["approve", "program", "--as", "carol"]).ok().code.unwrap();
    let output = with_key(&env, "bob", "bob", &["approve", "acme"]).ok();
    assert!(output.stdout.contains("Still missing: 1 more in favor"), "{output}");
    let show = env.run(&["show", "acme"]).ok();
    assert!(show.stdout.contains("its signature isn't by a key that the policy lists"), "{show}");
    with_key(&env, "alice", "mallory", &["approve", "acme"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn commits_are_signed_when_git_is_told_to() {
    let env = signed("");
    let key = env.path("alice");
    env.write(
        "home/.gitconfig",
        format!(
            "[user]\nname = Alice\nemail = alice@example.com\nsigningkey = {}\n[github]\nuser = alice\n[gpg]\nformat = ssh\n[gpg \"ssh\"]\nallowedSignersFile = {}\n[commit]\ngpgsign = true\n",
            key.display(),
            env.path("allowed").display()
        ),
    );
    env.run(&["keys", "--allowed-signers", "allowed"]).ok().code.unwrap();
    env.run(&["approve", "acme"]).ok().code.unwrap();
    assert_eq!(env.git(&["log", "-1", "--format=%G? %GS", "apply/acme"]), "G alice\n");
    assert!(env.git(&["show", "apply/acme:data/partners/acme/votes/1/alice"]).contains("KP-Signature"));
    // Somebody else's commits aren't signed with it.
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert_eq!(env.git(&["log", "-1", "--format=%G?", "main"]), "N\n");
}

/// Nobody can be locked out by a policy that nobody could follow.
#[test]
fn signatures_can_not_be_required_of_people_without_keys() {
    let env = TestEnv::with_registry();
    env.write("next.toml", env.git(&["show", "main:data/program.toml"]) + "\n[signatures]\nrequired = true\n");
    let output = env.run(&["program", "propose", "next.toml", "--as", "alice"]).fails(1);
    assert!(output.stderr.contains("could never be carried"), "{output}");
}

/// What somebody pushes in a member's name doesn't keep the member from voting.
#[test]
fn a_vote_pushed_in_a_members_name_is_no_voice() {
    let env = signed("");
    with_key(&env, "alice", "alice", &["approve", "acme"]).ok().code.unwrap();
    let vote = env.git_exactly("registry.git", &["show", "apply/acme:data/partners/acme/votes/1/alice"]);
    env.git_at(".", &["clone", "--quiet", "--branch", "apply/acme", "registry.git", "checkout"]);
    env.write("checkout/data/partners/acme/votes/1/bob", vote.replace("KP-Actor: alice", "KP-Actor: bob"));
    env.git_at("checkout", &["add", "--all"]);
    env.git_at("checkout", &["commit", "--quiet", "--message", "bob says so, too"]);
    env.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
    with_key(&env, "bob", "bob", &["approve", "acme"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.problems(), [""; 0]);
    env.run(&["audit"]).ok().code.unwrap();
}

/// Acme is a partner, and alice has another key than the one that she began with; gives the policies of before and of now.
fn with_a_key_that_is_gone(required: &str) -> (TestEnv, [String; 2]) {
    let env = signed(required);
    decide_signed(&env);
    make_key(&env, "second");
    let old = hash(&env.file("data/program.toml"));
    let key = env.read("alice.pub");
    let swap = ["program", "propose", "--remove-key", key.trim(), "--add-key", "alice=second.pub"];
    with_key(&env, "bob", "bob", &swap).ok().code.unwrap();
    with_key(&env, "bob", "bob", &["approve", "program"]).ok().code.unwrap();
    with_key(&env, "alice", "alice", &["approve", "program"]).ok().code.unwrap();
    let new = hash(&env.file("data/program.toml"));
    (env, [old, new])
}

/// A block with its signature by a key.
fn signed_by(env: &TestEnv, key: &str, block: &str) -> String {
    env.write("block", block);
    let _ = std::fs::remove_file(env.path("block.sig"));
    let signed = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", "karmada-partner", "-f"])
        .arg(env.path(key))
        .arg(env.path("block"))
        .status();
    assert!(signed.unwrap().success());
    let armored = env.read("block.sig");
    let line: String = armored.lines().filter(|l| !l.starts_with("-----")).collect();
    format!("{block}KP-Signature: {line}\n")
}

/// The codes of the errors that each reader tells of what is added to the default branch: the audit, `check`, `check --base`.
fn told_of(env: &TestEnv, files: &[(String, String)]) -> [Vec<String>; 3] {
    let honest = env.head();
    let commit = files.iter().fold(env.forge(), |forged, (path, text)| forged.put(path, text)).commit();
    let errors = |args: &[&str], list: &str| -> Vec<String> {
        let found = env.run(args).json();
        let errors = found[list].as_array().unwrap().iter().filter(|f| f["severity"] == "error");
        errors
            .map(|f| f["code"].as_str().unwrap().to_owned())
            .filter(|code| !["undecided", "rewritten"].contains(&&**code))
            .collect()
    };
    let base = ["check", "--base", &honest, "--head", &commit, "--actor", "alice", "--json"];
    let told = [
        errors(&["audit", "--full", "--json"], "findings"),
        errors(&["check", "--json"], "problems"),
        errors(&base, "problems"),
    ];
    env.set_head(&honest);
    told
}

/// Whatever policy a block names: a key that was taken from its member writes nothing from then on.
#[test]
fn a_key_that_is_gone_writes_nothing() {
    for required in ["", "required = true"] {
        let (env, [old, new]) = with_a_key_that_is_gone(required);
        let renewed = |actor: &str, policy: &str| {
            let lines = [("Event", "v1 renewed"), ("Subject", "upkeep"), ("Actor", actor), ("Policy", policy)];
            after(&env, 2, &lines, "")
        };
        let event = |block: String| vec![("data/partners/acme/log/0003".to_owned(), block)];
        let plain = |block: &str| block.split("KP-Signature").next().unwrap().to_owned();
        for (key, policy, sound) in [("alice", &old, false), ("second", &new, true)] {
            let due = |code: &str| if sound { vec![] } else { vec![code.to_owned()] };
            let block = signed_by(&env, key, &plain(&renewed("alice", policy)));
            let [audit, check, base] = told_of(&env, &event(block));
            let first = |told: Vec<String>| told.into_iter().take(1).collect::<Vec<_>>();
            assert_eq!([first(audit), check], [due("event-signature"), due("event-signature")], "{key}");
            assert_eq!(base, due("author"), "{key}");
            // What is asked for on a partner's behalf, or of the committee.
            let mut asked =
                with(&plain(&voice(&env, "request", "update", (2, "alice"), "none", "")), &[("Policy", policy)]);
            asked = signed_by(&env, key, &asked);
            let files = vec![("data/partners/acme/votes/2/alice".to_owned(), asked)];
            let codes = due("vote-signature");
            assert_eq!(told_of(&env, &files), [codes.clone(), codes.clone(), codes], "{key}");
        }
    }
}

/// What was signed in time stays as it is, however often keys change.
#[test]
fn what_was_signed_in_time_is_no_fault() {
    let env = signed("required = true");
    decide_signed(&env);
    with_key(&env, "alice", "alice", &["renew", "acme"]).ok().code.unwrap();
    with_key(&env, "alice", "alice", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
    with_key(&env, "bob", "bob", &["approve", "acme"]).ok().code.unwrap();
    make_key(&env, "second");
    let key = env.read("alice.pub");
    let swap = ["program", "propose", "--remove-key", key.trim(), "--add-key", "alice=second.pub"];
    with_key(&env, "bob", "bob", &swap).ok().code.unwrap();
    with_key(&env, "bob", "bob", &["approve", "program"]).ok().code.unwrap();
    with_key(&env, "alice", "alice", &["approve", "program"]).ok().code.unwrap();
    with_key(&env, "alice", "second", &["renew", "acme"]).ok().code.unwrap();
    assert_eq!(env.problems(), [""; 0]);
    env.audit().is_clean();
}

/// Nothing is decided on what somebody opened with a key that is gone; said anew by the key of now, it is.
#[test]
fn what_a_key_that_is_gone_opened_is_decided_no_more() {
    let (env, [old, new]) = with_a_key_that_is_gone("");
    let plain = |block: &str| block.split("KP-Signature").next().unwrap().to_owned();
    let terms = "KP-Exit-Kind: breach\nKP-Effective: 2026-09-22\n";
    let word = format!("{terms}KP-Note: fraud\n");
    let vote = with(&plain(&voice(&env, "approve", "exit", (2, "alice"), "none", &word)), &[("Policy", &old)]);
    let vote = signed_by(&env, "alice", &vote);
    let path = "data/partners/acme/votes/2/alice";
    env.forge().put(path, &vote).commit_to("exit/acme");
    let why = "alice, who opened it, signed that with a key that is no longer theirs";
    let status = env.run(&["status"]).ok();
    let words = status.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(why), "{status}");
    let refused = with_key(&env, "bob", "bob", &["exit", "acme"]).fails(1);
    assert!(refused.stderr.contains(why), "{refused}");
    // Whoever counts on it all the same is told by every reader.
    let other = with(&plain(&voice(&env, "approve", "exit", (2, "bob"), &hash(&vote), terms)), &[("Actor", "bob")]);
    let carol = with(&other, &[("Actor", "carol")]);
    let other = signed_by(&env, "bob", &other);
    let votes = format!("{} {}", hash(&other), hash(&carol));
    let lines = [
        ("Event", "v1 exited"),
        ("Subject", "exit"),
        ("Round", "2"),
        ("Actor", "bob"),
        ("Votes", &votes),
        ("Policy", &new),
    ];
    let event = signed_by(&env, "bob", &(plain(&after(&env, 2, &lines, "")) + terms));
    let at = |name: &str| format!("data/partners/acme/{name}");
    let files = [
        (at("votes/2/alice"), vote),
        (at("votes/2/bob"), other),
        (at("votes/2/carol"), carol),
        (at("log/0003"), event),
    ];
    let [audit, check, _] = told_of(&env, &files);
    assert_eq!([audit, check], [vec!["event-votes".to_owned()], vec!["event-quorum".to_owned()]]);
    let anew = ["exit", "acme", "--kind", "breach", "--reason", "fraud", "--instead"];
    with_key(&env, "alice", "second", &anew).ok().code.unwrap();
    with_key(&env, "bob", "bob", &["exit", "acme"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    env.audit().is_clean();
}

/// Where signatures are required, nothing begins in a member's name that the member didn't sign; a contact has no key.
#[test]
fn what_is_not_signed_begins_nothing_in_a_members_name() {
    let env = signed("required = true");
    decide_signed(&env);
    let website = ["update", "acme", "--website", "https://acme.example/new"];
    let refused = env.run(&[website.as_slice(), &["--as", "alice"]].concat()).fails(4);
    assert!(refused.stderr.contains("the policy counts only what is signed"), "{refused}");
    let plain = |block: &str| block.split("KP-Signature").next().unwrap().to_owned();
    for (actor, subject, code) in [
        ("alice", "update", Some("vote-signature")),
        // Carol has a seat and no key.
        ("carol", "update", Some("vote-signature")),
        ("acme-bot", "update", None),
    ] {
        let asked = plain(&voice(&env, "request", subject, (2, actor), "none", ""));
        let files = vec![(format!("data/partners/acme/votes/2/{actor}"), asked)];
        let codes: Vec<String> = code.into_iter().map(str::to_owned).collect();
        let [audit, check, base] = told_of(&env, &files);
        assert_eq!([&audit, &check], [&codes, &codes], "{actor}");
        // Who isn't its author is told of that alone.
        let due = if actor == "alice" { &codes[..] } else { &["author".to_owned()] };
        assert_eq!(base, due, "{actor}");
    }
    let terms = "KP-Exit-Kind: breach\nKP-Effective: 2026-09-22\n";
    let word = plain(&voice(&env, "approve", "exit", (2, "alice"), "none", &format!("{terms}KP-Note: fraud\n")));
    env.forge().put("data/partners/acme/votes/2/alice", &word).commit_to("exit/acme");
    let why = "alice, who opened it, didn't sign that, and the policy asks members for it";
    let refused = with_key(&env, "bob", "bob", &["exit", "acme"]).fails(1);
    assert!(refused.stderr.contains(why), "{refused}");
    let other = plain(&voice(&env, "approve", "exit", (2, "bob"), &hash(&word), terms));
    let other = signed_by(&env, "bob", &other);
    let lines =
        [("Event", "v1 exited"), ("Subject", "exit"), ("Round", "2"), ("Actor", "bob"), ("Votes", &hash(&other))];
    let event = signed_by(&env, "bob", &(plain(&after(&env, 2, &lines, "")) + terms));
    let at = |name: &str| format!("data/partners/acme/{name}");
    let files = [(at("votes/2/alice"), word), (at("votes/2/bob"), other), (at("log/0003"), event)];
    let [audit, check, _] = told_of(&env, &files);
    assert_eq!([audit, check], [vec!["event-votes".to_owned()], vec!["event-quorum".to_owned()]]);
    let anew = ["exit", "acme", "--kind", "breach", "--reason", "fraud", "--instead"];
    with_key(&env, "alice", "alice", &anew).ok().code.unwrap();
    with_key(&env, "bob", "bob", &["exit", "acme"]).ok().code.unwrap();
    assert_eq!(env.state("acme"), "exited");
    env.audit().is_clean();
}

/// What only the history tells is told to be open where it is cut off, and nothing of it is remembered as right.
#[test]
fn a_history_that_is_cut_off_leaves_open_which_policy_was_in_force() {
    let (env, [old, _]) = with_a_key_that_is_gone("");
    let lines = [("Event", "v1 renewed"), ("Subject", "upkeep"), ("Actor", "alice"), ("Policy", &*old)];
    let block = after(&env, 2, &lines, "");
    let block = signed_by(&env, "alice", block.split("KP-Signature").next().unwrap());
    env.forge().put("data/partners/acme/log/0003", block).commit();
    let url = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "--quiet", "--bare", "--depth=1", &url, "shallow.git"]);
    let told = || {
        let found = env.run(&["check", "--json", "--registry", "shallow.git"]).json();
        let told =
            |p: &serde_json::Value| format!("{} {}", p["severity"].as_str().unwrap(), p["code"].as_str().unwrap());
        found["problems"].as_array().unwrap().iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(told(), ["warning policy-untold"]);
    env.git_at("shallow.git", &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(told(), ["error event-signature"]);
}

/// What somebody signed once can be copied by anybody: named as if it came later, it isn't what they say now.
#[test]
fn a_vote_that_was_signed_before_is_not_said_again_by_a_copy() {
    let env = signed("required = true");
    with_key(&env, "alice", "alice", &["approve", "acme"]).ok().code.unwrap();
    with_key(&env, "alice", "alice", &["reject", "acme", "--reason", "no such company"]).ok().code.unwrap();
    let votes = "data/partners/acme/votes/1";
    let [first, second] = ["alice", "alice.2"].map(|name| env.file(&format!("apply/acme:{votes}/{name}")));
    let head = env.id(&["rev-parse", "apply/acme"], "");
    let copied: &[(&str, &str)] = &[("alice.3", &first)];
    let swapped: &[(&str, &str)] = &[("alice", &second), ("alice.2", &first)];
    for files in [copied, swapped] {
        let forged = env.forge().take(&head, "data");
        files
            .iter()
            .fold(forged, |forged, (name, vote)| forged.put(&format!("{votes}/{name}"), vote))
            .commit_to("apply/acme");
        let told = with_key(&env, "bob", "bob", &["approve", "acme", "--dry-run"]);
        assert!(!told.stdout.contains("Decided"), "{told}");
        let shown = env.run(&["show", "acme"]).ok();
        assert!(shown.stdout.contains("older than the signed vote of the same member that stands"), "{shown}");
        // The member says it anew, whatever anybody copied.
        with_key(&env, "alice", "alice", &["approve", "acme", "--dry-run"]).ok().code.unwrap();
        let again = with_key(&env, "alice", "alice", &["reject", "acme", "--reason", "no such company"]).ok();
        assert!(again.stdout.contains("Nothing to do: your vote"), "{again}");
        env.git(&["update-ref", "refs/heads/apply/acme", &head]);
    }
}

/// Who founds a registry with a key that its policy lists signs that; the audit holds it to the policy that it brings.
#[test]
fn who_founds_a_registry_signs_it() {
    let env = TestEnv::with_registry();
    make_key(&env, "alice");
    make_key(&env, "mallory");
    let key = env.read("alice.pub");
    let listed = format!("github = \"alice\"\nkeys = [\"{}\"]\n", key.trim());
    let policy = env.read("program.toml").replacen("github = \"alice\"\n", &listed, 1);
    assert!(policy.contains("keys = ["), "{policy}");
    env.write("listed.toml", &policy);
    env.write("required.toml", policy + "\n[signatures]\nrequired = true\n");
    let found = |to: &str, policy: &str, key: &str| {
        let made = with_key(&env, "alice", key, &["init", to, "--program", policy]).ok();
        let event = env.git_at(to, &["show", "HEAD:data/program/log/0001"]);
        env.run(&["--registry", to, "audit"]).ok().code.unwrap();
        env.run(&["--registry", to, "check"]).ok().code.unwrap();
        (event.contains("\nKP-Signature: "), made.stderr)
    };
    assert!(found("listed.git", "listed.toml", "alice").0);
    let log = env.run(&["--registry", "listed.git", "log", "program", "--json"]).json();
    assert_eq!(log["events"][0]["grade"], "signed", "{log}");
    let (signed, told) = found("mallorys.git", "listed.toml", "mallory");
    assert!(!signed && !told.contains("goes unsigned"), "{told}");
    let (signed, told) = found("required.git", "required.toml", "mallory");
    assert!(!signed && told.contains("the founding event goes unsigned: no key to sign with"), "{told}");
}

/// That what was signed needn't be any more is the first that a member has to know of a policy.
#[test]
fn what_a_policy_asks_of_signatures_is_said_in_words() {
    let env = signed("required = true\n");
    let without = env.git(&["show", "main:data/program.toml"]).replace("required = true\n", "");
    env.write("next.toml", without);
    with_key(&env, "alice", "alice", &["program", "propose", "next.toml"]).ok().code.unwrap();
    let told = env.run(&["review", "program", "--as", "bob"]).ok();
    let words = "votes and decisions count unsigned (was: votes and decisions count only if they are signed)";
    assert!(told.stdout.contains(words), "{told}");
}

/// A decided policy is read as it was decided, whatever became of the copy that is kept, or of the event: nobody else is blamed for that.
#[test]
fn honest_votes_stay_signed_when_the_copy_of_their_policy_is_gone() {
    let env = signed("required = true");
    decide_signed(&env);
    let honest = env.head();
    let signed = env.run(&["audit", "--full", "--json"]).ok().json()["counts"].clone();
    for n in 1..=3 {
        let path = format!("data/program/policies/{n:04}.toml");
        let other = env.file(&path) + "# a comment\n";
        for content in [None, Some(&other)] {
            let forged = env.forge();
            let commit = match content {
                Some(content) => forged.put(&path, content).commit(),
                None => forged.gone(&path).commit(),
            };
            let audit = env.audit();
            audit.blames(&commit, &format!("policy-file {path}"), &path);
            assert_eq!(audit.findings.len(), 1, "{}", audit.words);
            assert_eq!(env.run(&["audit", "--full", "--json"]).json()["counts"]["signed"], signed["signed"]);
            assert_eq!(env.problems(), [format!("policy-file {path}")]);
            let refused = at_the_door(&env, &honest).fails(1);
            assert_eq!(refused.stdout.matches("error[").count(), 1, "{refused}");
            let shown = env.run(&["show", "acme"]).ok();
            assert!(shown.stdout.contains("alice (Umbrella) votes approve [signed]"), "{shown}");
            // And the change that restores it is let in.
            let broken = env.head();
            env.forge().put(&path, env.file(&format!("{honest}:{path}"))).commit();
            at_the_door(&env, &broken).ok().code.unwrap();
            env.set_head(&honest);
        }
    }
    // The event that brought it, too.
    let gone = env.forge().gone("data/program/log/0003").gone("data/program/policies/0003.toml").commit();
    let audit = env.audit();
    assert!(audit.findings.iter().all(|f| f.commit == gone), "{}", audit.words);
}
