//! `keys`: whose signatures count.

use snapbox::{assert_data_eq, str};

use crate::env::{PROGRAM, TestEnv};
use crate::signature::make;

const ALICE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2O4KkMMYXxCATxFrlAqpgSs3N7zKv1gUSsJasnID3J";

/// [`PROGRAM`] with lines added to its members, by their logins.
fn program(more: &[(&str, &str)]) -> String {
    let mut out = PROGRAM.to_owned();
    for (login, line) in more {
        let head = format!("github = \"{login}\"\n");
        out = out.replace(&head, &format!("{head}{line}\n"));
    }
    out
}

fn registry(env: &TestEnv, program: &str) {
    env.write("program.toml", program);
    env.run(&["init", "registry.git", "--program", "program.toml"]).ok().code.unwrap();
}

#[test]
fn keys_are_shown_and_who_has_none() {
    let env = TestEnv::new();
    let alice = format!("keys = [\"{ALICE} laptop\"]");
    registry(&env, &program(&[("alice", &alice)]));
    assert_data_eq!(
        env.run(&["keys"]).to_string(),
        str![[r#"
exit 0
--- stdout
Member  Role      Algorithm    Fingerprint                                         Comment
alice   chair     ssh-ed25519  SHA256:fMvBVummrDzkycSqElm4+Msz/x+JwF7YcH5wT7mkvs8  laptop
bob     member    no key
carol   member    no key
erin    emeritus  no key

"#]]
    );
    assert_data_eq!(
        env.run(&["keys", "--json"]).to_string(),
        str![[r#"
exit 0
--- stdout
{
  "schema": 1,
  "members": [
    {
      "github": "alice",
      "role": "chair",
      "keys": [
        {
          "algorithm": "ssh-ed25519",
          "fingerprint": "SHA256:fMvBVummrDzkycSqElm4+Msz/x+JwF7YcH5wT7mkvs8",
          "comment": "laptop",
          "key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2O4KkMMYXxCATxFrlAqpgSs3N7zKv1gUSsJasnID3J laptop"
        }
      ]
    },
    {
      "github": "bob",
      "role": "member",
      "keys": []
    },
    {
      "github": "carol",
      "role": "member",
      "keys": []
    },
    {
      "github": "erin",
      "role": "emeritus",
      "keys": []
    }
  ]
}

"#]]
    );
    assert_data_eq!(
        env.run(&["keys", "--allowed-signers", "-"]).to_string(),
        str![[r#"
exit 0
--- stdout
alice,alice@users.noreply.github.com namespaces="git,karmada-partner" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2O4KkMMYXxCATxFrlAqpgSs3N7zKv1gUSsJasnID3J laptop

"#]]
    );
}

#[test]
fn a_key_is_one_members() {
    let env = TestEnv::new();
    let root = tempfile::tempdir().unwrap();
    let weak = {
        let args = ["-q", "-N", "", "-t", "rsa", "-b", "1024", "-f", "weak"];
        crate::signature::keygen(root.path(), &args, b"").unwrap();
        std::fs::read_to_string(root.path().join("weak.pub")).unwrap()
    };
    let twice = format!("keys = [\"{ALICE}\", \"{ALICE} again\"]");
    let other = format!("keys = [\"{ALICE} other\"]");
    let weak = format!("keys = [\"{}\"]", weak.trim());
    env.write("program.toml", program(&[("alice", &twice), ("bob", &other), ("carol", &weak)]));
    let told = env.run(&["init", "registry.git", "--program", "program.toml"]).fails(2).stderr;
    let told: Vec<_> = told.lines().map(|line| line.split("…”").last().unwrap_or(line)).collect();
    assert_data_eq!(
        told.join("\n"),
        str![[r#"
error: program.toml can't be used:
: it is listed twice
: it is alice's key, too
: an RSA key of 1024 bits is too weak; 2048 is the least
hint: keys: keep one of them
hint: keys: give each member a key of their own
hint: keys: make one with: ssh-keygen -t ed25519
"#]]
    );
}

/// Git itself takes the file.
#[test]
fn git_verifies_commits_with_what_is_written() {
    let env = TestEnv::new();
    std::fs::create_dir(env.path("keys")).unwrap();
    let keys = ["Alice", "erin"].map(|name| make(&env.path("keys"), name, "ed25519", ""));
    let [alice, erin] = keys.map(|key| format!("keys = [\"{key}\"]"));
    registry(&env, &program(&[("alice", &alice), ("erin", &erin)]).replace("github = \"alice\"", "github = \"Alice\""));
    assert_data_eq!(
        env.run(&["keys", "--allowed-signers", "out/signers", "--dry-run"]).to_string(),
        str![[r#"
exit 0
--- stdout
Would write 1 key into out/signers.

"#]]
    );
    assert!(!env.path("out").exists());
    assert_data_eq!(
        env.run(&["keys", "--allowed-signers", "out/signers"]).to_string(),
        str![[r#"
exit 0
--- stdout
Wrote 1 key into out/signers.
--- stderr
hint: git config gpg.ssh.allowedSignersFile $TEST/out/signers

"#]]
    );
    let again = env.run(&["keys", "--allowed-signers", "out/signers", "--json"]).ok().json();
    assert_eq!(again, serde_json::json!({"schema": 1, "path": "out/signers", "keys": 1, "changed": false}));
    let written = env.read("out/signers");
    assert!(
        written.starts_with("Alice,Alice@users.noreply.github.com,alice,alice@users.noreply.github.com namespaces")
    );
    assert_data_eq!(
        env.run(&["keys", "--allowed-signers", "keys/Alice/x"]).to_string(),
        str![[r#"
exit 5
--- stderr
error: can't write keys/Alice/x: File exists (os error 17)
hint: something else stands there; name another place

"#]]
    );
    env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    let signers = format!("gpg.ssh.allowedSignersFile={}", env.path("out/signers").display());
    for (name, verdict) in [("Alice", "G"), ("erin", "U")] {
        let key = format!("user.signingkey={}", env.path("keys").join(name).display());
        let commit = ["-c", "gpg.format=ssh", "-c", &key, "commit", "--quiet", "-S", "--allow-empty", "-m", name];
        env.git_at("checkout", &commit);
        let said = env.git_at("checkout", &["-c", &signers, "log", "-1", "--format=%G? %GS"]);
        let signer = if name == "Alice" { "Alice" } else { "" };
        assert_eq!(said.trim_end(), format!("{verdict} {signer}").trim_end(), "{name}");
    }
    env.git_at("checkout", &["-c", &signers, "verify-commit", "HEAD^"]);
    let shown = env.git_at("checkout", &["-c", &signers, "log", "-1", "--show-signature", "HEAD^"]);
    assert!(shown.contains("Good \"git\" signature for Alice"), "{shown}");
}
