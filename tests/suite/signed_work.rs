//! Members sign what they say, and what isn't signed as the policy wants doesn't count.

use std::process::Command;

use crate::env::{Output, TestEnv};

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
    for who in ["alice", "bob"] {
        env.run(&["approve", "program", "--as", who]).ok().code.unwrap();
    }
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
