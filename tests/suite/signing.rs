//! Signing, with the real programs.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use karmada_partner::domain::signature::sshsig::NAMESPACE;
use karmada_partner::git::Repo;
use karmada_partner::git::signing::{GitSigning, Named, Signer, sign_commit, with_signature};
use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;
use crate::signature::{keygen, make};

const MESSAGE: &[u8] = b"KP-Vote: v1 approve\n";

fn signer(setting: &str, git: &GitSigning) -> Signer {
    Signer::find(Some(Named { setting, beside: Path::new("") }), git, None, false).unwrap().unwrap()
}

fn script(path: &Path, lines: &str) -> String {
    github_double::program(path, format!("#!/bin/sh\n{lines}\n").as_bytes());
    path.display().to_string()
}

/// An error in its words, without what differs.
fn told(env: &TestEnv, error: &karmada_partner::error::Error) -> String {
    let hints: String = error.hints.iter().map(|h| format!("\nhint: {h}")).collect();
    env.redact(format!("{error}{hints}\n").as_bytes())
}

#[test]
fn what_is_signed_is_verified_everywhere() {
    let env = TestEnv::new();
    let root = env.path("");
    for (name, kind, bits) in [("ed", "ed25519", ""), ("p384", "ecdsa", "384"), ("rsa", "rsa", "2048")] {
        let key = make(&root, name, kind, bits);
        let signer = signer(env.path(name).to_str().unwrap(), &GitSigning::default());
        assert_eq!(signer.public_key().unwrap(), key);
        let signature = signer.sign(NAMESPACE, MESSAGE).unwrap();
        assert_eq!(signature.verify(MESSAGE, NAMESPACE, std::slice::from_ref(&key)), Ok(&key));
        env.write("signers", format!("alice {key}\n"));
        env.write("signature", signature.to_armored());
        let args = ["-Y", "verify", "-f", "signers", "-I", "alice", "-n", NAMESPACE, "-s", "signature"];
        keygen(&root, &args, MESSAGE).unwrap();
    }
    // Without the file beside it; named by its public half; and a private key in an old form.
    let named = signer(env.path("ed.pub").to_str().unwrap(), &GitSigning::default());
    named.sign(NAMESPACE, MESSAGE).unwrap();
    std::fs::remove_file(env.path("ed.pub")).unwrap();
    signer(env.path("ed").to_str().unwrap(), &GitSigning::default()).sign(NAMESPACE, MESSAGE).unwrap();
    keygen(&root, &["-q", "-m", "PEM", "-N", "", "-t", "rsa", "-f", "pem"], b"").unwrap();
    let old = signer(env.path("pem").to_str().unwrap(), &GitSigning::default());
    old.sign(NAMESPACE, MESSAGE).unwrap();
    std::fs::remove_file(env.path("pem.pub")).unwrap();
    assert_data_eq!(
        told(&env, &old.sign(NAMESPACE, MESSAGE).unwrap_err()),
        str![[r#"
$TEST/pem is a private key that doesn't say its public half
hint: ssh-keygen -y -f $TEST/pem > $TEST/pem.pub
hint: to go on without signing, set KARMADA_PARTNER_SIGNING_KEY=none

"#]]
    );
}

#[test]
fn what_cannot_sign_says_why_and_what_to_do() {
    let env = TestEnv::new();
    let root = env.path("");
    let key = make(&root, "open", "ed25519", "");
    keygen(&root, &["-q", "-N", "secret", "-t", "ed25519", "-f", "locked"], b"").unwrap();
    keygen(&root, &["-q", "-N", "", "-t", "ecdsa", "-b", "521", "-f", "p521"], b"").unwrap();
    let plain = GitSigning::default();
    let of = |setting: &str, git: &GitSigning| told(&env, &signer(setting, git).sign(NAMESPACE, MESSAGE).unwrap_err());
    let at = |name: &str| env.path(name).display().to_string();
    assert_data_eq!(
        of(&at("locked"), &plain),
        str![[r#"
can't sign with $TEST/locked:
  Load key "$TEST/locked": incorrect passphrase[..]
hint: its passphrase can't be asked for here: add the key to an agent with ssh-add first
hint: to go on without signing, set KARMADA_PARTNER_SIGNING_KEY=none

"#]]
    );
    assert_data_eq!(
        of(&at("missing"), &plain),
        str![[r#"
the key to sign with: there is no file $TEST/missing
hint: check the path
hint: the key is named in KARMADA_PARTNER_SIGNING_KEY, or as signing_key in config.toml, or in git's user.signingkey
hint: to go on without signing, set KARMADA_PARTNER_SIGNING_KEY=none

"#]]
    );
    assert_data_eq!(
        of(&at("p521"), &plain),
        str![[r#"
the key to sign with, $TEST/p521, can't be used here: a key of the kind “ecdsa-sha2-nistp521” can't be used here
hint: make one with: ssh-keygen -t ed25519
hint: to go on without signing, set KARMADA_PARTNER_SIGNING_KEY=none

"#]]
    );
    let missing = GitSigning { ssh_program: Some("no-such-ssh-keygen".into()), ..GitSigning::default() };
    assert_data_eq!(
        of(&at("open"), &missing),
        str![[r#"
can't run no-such-ssh-keygen: No such file or directory (os error 2)
hint: install OpenSSH 8.2 or newer, or name the program in git's gpg.ssh.program
hint: to go on without signing, set KARMADA_PARTNER_SIGNING_KEY=none

"#]]
    );
    // What is there isn't denied, whoever else isn't.
    std::fs::write(env.path("orphan"), "#!/opt/nowhere/python9\n").unwrap();
    let (orphan, killed) = (env.path("orphan"), script(&env.path("killed"), "kill -9 $$"));
    std::fs::set_permissions(&orphan, std::fs::metadata(&killed).unwrap().permissions()).unwrap();
    let orphan = GitSigning { ssh_program: Some(orphan.display().to_string()), ..GitSigning::default() };
    let told = of(&at("open"), &orphan);
    assert!(told.contains("it is there, and /opt/nowhere/python9, which its first line names, isn't"), "{told}");
    assert!(told.contains("mend the first line of") && !told.contains("install OpenSSH"), "{told}");
    let killed = GitSigning { ssh_program: Some(killed), ..GitSigning::default() };
    let told = of(&at("open"), &killed);
    assert!(told.contains("ended by signal 9") && told.contains("hint: the system ended it"), "{told}");
    let broken = script(&env.path("broken"), "exec /usr/bin/env python9");
    let told = of(&at("open"), &GitSigning { ssh_program: Some(broken), ..GitSigning::default() });
    assert!(told.contains("what it runs isn't there") && !told.contains("signing_key in config"), "{told}");
    let keyless = script(&env.path("keyless"), "SSH_AUTH_SOCK= exec ssh-keygen \"$@\"");
    let keyless = GitSigning { ssh_program: Some(keyless), ..GitSigning::default() };
    let without_agent = of(&format!("key::{}", key.bare()), &keyless);
    assert_data_eq!(
        without_agent.replace(&key.bare(), "[KEY]"),
        str![[r#"
can't sign with [KEY]:
  Couldn't get agent socket
hint: start an agent and add the key with ssh-add; ssh-add -l shows what it has
hint: to go on without signing, set KARMADA_PARTNER_SIGNING_KEY=none

"#]]
    );
    // One that greets somebody first, as git lets it.
    let polite = script(&env.path("polite"), "echo 'Signing with the company key'; exec ssh-keygen \"$@\"");
    let polite = GitSigning { ssh_program: Some(polite), ..GitSigning::default() };
    signer(&at("open"), &polite).sign(NAMESPACE, MESSAGE).unwrap();
    // A program that signs something else.
    make(&root, "other", "ed25519", "");
    let liar = script(&env.path("liar"), &format!("exec ssh-keygen -Y sign -n {NAMESPACE} -f {}", at("other")));
    let liar = GitSigning { ssh_program: Some(liar), ..GitSigning::default() };
    let wrong = of(&at("open"), &liar);
    assert!(wrong.contains("gave a signature that can't be used: the signature is by the key SHA256:"), "{wrong}");
}

#[test]
fn a_key_may_be_with_an_agent() {
    let env = TestEnv::new();
    let root = env.path("");
    let key = make(&root, "id", "ed25519", "");
    let socket = env.path("agent");
    let mut agent =
        Command::new("ssh-agent").arg("-D").arg("-a").arg(&socket).stdout(std::process::Stdio::null()).spawn().unwrap();
    // The socket is there a moment before somebody listens.
    crate::env::until("the agent", || std::os::unix::net::UnixStream::connect(&socket).is_ok());
    let added = Command::new("ssh-add").arg(env.path("id")).env("SSH_AUTH_SOCK", &socket).output().unwrap();
    std::fs::remove_file(env.path("id")).unwrap();
    let with_agent = script(&env.path("keygen"), &format!("SSH_AUTH_SOCK={} exec ssh-keygen \"$@\"", socket.display()));
    let print = format!("printf '%s\\n' '{key}'");
    let git = GitSigning {
        format: Some("ssh".into()),
        ssh_program: Some(with_agent),
        default_key_command: Some(format!("'{}'", script(&env.path("print key"), &print))),
        ..GitSigning::default()
    };
    let line = signer(&key.to_string(), &git).sign(NAMESPACE, MESSAGE);
    let file = signer(env.path("id.pub").to_str().unwrap(), &git).sign(NAMESPACE, MESSAGE);
    let asked = Signer::find(None, &git, None, false).unwrap().unwrap().sign(NAMESPACE, MESSAGE);
    agent.kill().unwrap();
    agent.wait().unwrap();
    assert!(added.status.success());
    assert!(line.is_ok() && file.is_ok() && asked.is_ok(), "{line:?} {file:?} {asked:?}");
}

/// A repository with one commit, unsigned; its bytes.
fn commit(env: &TestEnv) -> Vec<u8> {
    env.git_at(".", &["init", "--quiet", "repo"]);
    env.git_at("repo", &["commit", "--quiet", "--allow-empty", "-m", "One\n\nAnd more."]);
    let object =
        github_double::git().current_dir(env.path("repo")).args(["cat-file", "commit", "HEAD"]).output().unwrap();
    object.stdout
}

/// Signs the commit as the repository's configuration says, and has git verify it.
fn signed_as_configured(env: &TestEnv, bytes: &[u8]) -> String {
    let settings = Repo::open(&env.path("repo")).unwrap().signing_settings().unwrap();
    let armored = sign_commit(&settings, "Test <test@example.com>", bytes, true).unwrap().unwrap();
    env.write("commit", with_signature(bytes, &armored));
    let id = github_double::git()
        .current_dir(env.path("repo"))
        .args(["hash-object", "-t", "commit", "-w", "../commit"])
        .output()
        .unwrap();
    let id = String::from_utf8(id.stdout).unwrap();
    env.git_at("repo", &["verify-commit", id.trim()]);
    env.git_at("repo", &["fsck", "--strict"]);
    env.git_at("repo", &["log", "-1", "--format=%G? %s %b", id.trim()])
}

#[test]
fn git_accepts_commits_signed_with_ssh() {
    let env = TestEnv::new();
    let bytes = commit(&env);
    let root = env.path("");
    // A kind of key that blocks can't be signed with signs commits all the same.
    keygen(&root, &["-q", "-N", "", "-t", "ecdsa", "-b", "521", "-f", "id"], b"").unwrap();
    env.write("signers", format!("test@example.com {}", env.read("id.pub")));
    let of = |settings: &GitSigning| sign_commit(settings, "Test <test@example.com>", &bytes, true);
    let read = || Repo::open(&env.path("repo")).unwrap().signing_settings().unwrap();
    assert_eq!(of(&read()).unwrap(), None);
    env.git_at("repo", &["config", "commit.gpgsign", "true"]);
    env.git_at("repo", &["config", "gpg.format", "ssh"]);
    let keyless = GitSigning { key: None, default_key_command: None, ..read() };
    assert_data_eq!(
        told(&env, &of(&keyless).unwrap_err()),
        str![[r#"
git is to sign commits with SSH, and isn't told with which key
hint: git config user.signingkey ~/.ssh/id_ed25519
hint: to commit without a signature: git config --global commit.gpgsign false, without --global where one repository alone is set so

"#]]
    );
    env.git_at("repo", &["config", "user.signingkey", env.path("id").to_str().unwrap()]);
    env.git_at("repo", &["config", "gpg.ssh.allowedSignersFile", env.path("signers").to_str().unwrap()]);
    assert_eq!(signed_as_configured(&env, &bytes), "G One And more.\n\n");
    let strange = GitSigning { format: Some("pgp".into()), ..read() };
    assert_data_eq!(
        told(&env, &of(&strange).unwrap_err()),
        str![[r#"
git's gpg.format is “pgp”, which isn't known here
hint: use openpgp, x509 or ssh
hint: to commit without a signature: git config --global commit.gpgsign false, without --global where one repository alone is set so

"#]]
    );
}

#[test]
fn git_accepts_commits_signed_with_openpgp() {
    if Command::new("gpg").arg("--version").output().is_err() {
        return;
    }
    let env = TestEnv::new();
    let bytes = commit(&env);
    // Sockets have short paths.
    let home =
        tempfile::Builder::new().prefix("gpg").permissions(std::fs::Permissions::from_mode(0o700)).tempdir().unwrap();
    let gpg = script(&env.path("gpg"), &format!("GNUPGHOME={} exec gpg \"$@\"", home.path().display()));
    env.git_at("repo", &["config", "commit.gpgsign", "true"]);
    env.git_at("repo", &["config", "gpg.program", &gpg]);
    let settings = || Repo::open(&env.path("repo")).unwrap().signing_settings().unwrap();
    let keyless = told(&env, &sign_commit(&settings(), "Test <test@example.com>", &bytes, true).unwrap_err());
    assert!(keyless.contains("can't sign as “Test <test@example.com>”:\n  gpg: "), "{keyless}");
    let make = ["--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "Test <test@example.com>", "ed25519"];
    let made = Command::new(&gpg).args(make).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = signed_as_configured(&env, &bytes);
    let _ = Command::new("gpgconf").args(["--kill", "all"]).env("GNUPGHOME", home.path()).output();
    assert_eq!(said, "G One And more.\n\n");
    let missing = GitSigning { openpgp_program: Some("no-such-gpg".into()), ..settings() };
    assert_data_eq!(
        told(&env, &sign_commit(&missing, "T <t@e>", &bytes, true).unwrap_err()),
        str![[r#"
can't run no-such-gpg: No such file or directory (os error 2)
hint: install it, or name it in git's gpg.program; git is set to sign commits with no-such-gpg
hint: to commit without a signature: git config --global commit.gpgsign false, without --global where one repository alone is set so

"#]]
    );
}

/// A repository whose commits are to be signed by a gpg of these lines.
fn with_gpg(env: &TestEnv, lines: &str) -> GitSigning {
    let program = script(&env.path("gpg"), lines);
    GitSigning { openpgp_program: Some(program), sign_commits: true, ..GitSigning::default() }
}

fn by_gpg(settings: &GitSigning, may_ask: bool) -> karmada_partner::error::Result<Option<String>> {
    sign_commit(settings, "Test <test@example.com>", b"tree\n", may_ask)
}

/// Its agent would ask at any terminal or screen that it was ever told of, whatever this program's are.
#[test]
fn gpg_is_told_to_ask_nobody_where_nobody_may_be_asked() {
    let env = TestEnv::new();
    let signs = "echo SIGNED; echo '[GNUPG:] SIG_CREATED D' >&2";
    let asked = format!("echo \"$*\" >> {}; ", env.path("asked").display());
    let calls = |lines: &str, may_ask: bool| {
        env.write("asked", "");
        let signed = by_gpg(&with_gpg(&env, &format!("{asked}{lines}")), may_ask);
        (signed, env.read("asked"))
    };
    let plain = "--status-fd=2 -bsau Test <test@example.com>\n";
    let (signed, said) = calls(signs, true);
    assert!(signed.unwrap().is_some() && said == plain, "{said}");
    let barred = "--status-fd=2 --pinentry-mode error -bsau Test <test@example.com>\n";
    let (signed, said) = calls(signs, false);
    assert!(signed.unwrap().is_some() && said == barred, "{said}");
    // One that is too old for that signs as it did.
    let old = format!(
        "case \"$*\" in *pinentry*) echo 'gpg: invalid option \"--pinentry-mode\"' >&2; exit 2;; esac; {signs}"
    );
    let (signed, said) = calls(&old, false);
    assert!(signed.unwrap().is_some() && said == barred.to_owned() + plain, "{said}");
    // Where its own settings give the passphrase, nobody has to be asked.
    let given =
        format!("case \"$*\" in *'mode error'*) echo '[GNUPG:] FAILURE sign 67108949' >&2; exit 2;; esac; {signs}");
    let (signed, said) = calls(&given, false);
    assert!(signed.unwrap().is_some() && said.contains("--batch --pinentry-mode loopback "), "{said}");
}

/// What gpg says of its agent is no matter of which key is named.
#[test]
fn what_keeps_gpg_from_asking_is_told_with_what_helps() {
    let env = TestEnv::new();
    let helps = |said: &str, may_ask: bool| {
        let settings = with_gpg(&env, &format!("cat >&2 <<'END'\n{said}\nEND\nexit 2"));
        let told = told(&env, &by_gpg(&settings, may_ask).unwrap_err());
        told.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap().to_owned()
    };
    for (said, may_ask, hint) in [
        ("gpg: signing failed: Inappropriate ioctl for device", true, "export GPG_TTY=$(tty)"),
        // Whatever its language is, the number is the same.
        ("[GNUPG:] FAILURE sign 83918950\ngpg: signing failed: das geht nicht", true, "export GPG_TTY=$(tty)"),
        ("gpg: signing failed: No pinentry", true, "install pinentry"),
        ("[GNUPG:] FAILURE sign 67108949\ngpg: signing failed: No pinentry", false, "sign something by hand first"),
        ("gpg: signing failed: Operation cancelled", true, "answer what its agent asks"),
        ("[GNUPG:] FAILURE sign 83886142\ngpg: signing failed: Timeout", true, "answer what its agent asks"),
        ("gpg: signing failed: Bad passphrase", true, "the right passphrase"),
        ("gpg: no gpg-agent running in this session\n[GNUPG:] FAILURE sign 33554509", false, "gpgconf --launch"),
        ("[GNUPG:] FAILURE sign 54\ngpg: skipped \"x\": Unusable secret key", true, "expired"),
        ("[GNUPG:] FAILURE sign 17\ngpg: skipped \"x\": No secret key", true, "check git's user.signingkey"),
        ("[GNUPG:] INV_SGNR 1 x\ngpgsm: can't sign using 'x': No public key", false, "check git's user.signingkey"),
    ] {
        let told = helps(said, may_ask);
        assert!(told.contains(hint), "{said}: {told}");
    }
}

#[test]
fn a_passphrase_of_gpgs_is_asked_of_nobody_where_nobody_may_be() {
    if Command::new("gpg").arg("--version").output().is_err() {
        return;
    }
    let env = TestEnv::new();
    let home =
        tempfile::Builder::new().prefix("gpg").permissions(std::fs::Permissions::from_mode(0o700)).tempdir().unwrap();
    let at = home.path().display();
    let pinentry = script(&env.path("pinentry"), &format!("echo asked >> {}", env.path("asked").display()));
    std::fs::write(home.path().join("gpg-agent.conf"), format!("pinentry-program {pinentry}\n")).unwrap();
    let gpg = script(&env.path("real"), &format!("GNUPGHOME={at} exec gpg \"$@\""));
    let make = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "secret", "--quick-gen-key"];
    let made = Command::new(&gpg).args(make).args(["Test <test@example.com>", "ed25519"]).output().unwrap();
    let forget = || drop(Command::new("gpgconf").args(["--kill", "all"]).env("GNUPGHOME", home.path()).output());
    forget();
    let refused = by_gpg(&with_gpg(&env, &format!("exec {gpg} \"$@\"")), false).map_err(|e| told(&env, &e));
    let is_asked = env.path("asked").exists();
    // As CI gives it to gpg.
    env.write("passphrase", "secret\n");
    let given =
        format!("exec {gpg} --pinentry-mode loopback --passphrase-file {} \"$@\"", env.path("passphrase").display());
    let given = by_gpg(&with_gpg(&env, &given), false);
    forget();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(!is_asked);
    let refused = refused.unwrap_err();
    assert!(refused.contains("sign something by hand first"), "{refused}");
    assert!(given.unwrap().is_some());
}

#[test]
fn the_configuration_file_may_name_the_key() {
    let env = TestEnv::with_registry();
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    env.write("home/.config/karmada-partner/config.toml", "signing_key = \"~/.ssh/id_ed25519\"\n");
    env.run(&["list"]).ok().code.unwrap();
}

/// What git is told is read as git reads it.
#[test]
fn git_is_asked_for_its_settings() {
    let env = TestEnv::new();
    env.git_at(".", &["init", "--quiet", "repo"]);
    for (key, value) in [
        ("gpg.format", "ssh"),
        ("gpg.program", "gpg2"),
        ("gpg.x509.program", "/opt/gpgsm"),
        ("gpg.ssh.program", "op-ssh-sign"),
        ("gpg.ssh.defaultKeyCommand", "ssh-add -L"),
        ("user.signingkey", "key::ssh-ed25519 AAAA me"),
        ("commit.gpgsign", "yes"),
    ] {
        env.git_at("repo", &["config", key, value]);
    }
    let repo = Repo::open(&env.path("repo")).unwrap();
    let some = |s: &str| Some(s.to_owned());
    let expected = GitSigning {
        format: some("ssh"),
        key: some("key::ssh-ed25519 AAAA me"),
        openpgp_program: some("gpg2"),
        x509_program: some("/opt/gpgsm"),
        ssh_program: some("op-ssh-sign"),
        default_key_command: some("ssh-add -L"),
        sign_commits: true,
    };
    assert_eq!(repo.signing_settings().unwrap(), expected);
    env.git_at("repo", &["config", "gpg.openpgp.program", "gpg3"]);
    env.git_at("repo", &["config", "user.signingkey", "~/.ssh/id"]);
    let read = Repo::open(&env.path("repo")).unwrap().signing_settings().unwrap();
    assert_eq!(read.openpgp_program, some("gpg3"));
    assert!(read.key.is_some_and(|key| key.ends_with("/.ssh/id") && !key.starts_with('~')));
}
