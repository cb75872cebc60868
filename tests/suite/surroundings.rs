//! What surrounds a run: git's configuration from every place, the home directory, variables, proxies; and other programs, which
//! may say no, ask, hang, or leave things damaged.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::env::{SERVES, TestEnv, at_home, beside, some};
use crate::hub::Hub;

/// A program of these lines, on the search path before all others.
fn program(env: &TestEnv, name: &str, lines: &str) {
    env.script(&format!("bin/{name}"), lines);
}

const VOTE: [&str; 11] =
    ["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve", "--as"];

fn vote(who: &str) -> Vec<&str> {
    VOTE.iter().copied().chain([who, "--yes"]).collect()
}

#[test]
fn git_is_configured_from_wherever_git_reads() {
    let env = TestEnv::with_partner();
    env.write("settings", "[github]\n\tuser = alice\n[include]\n\tpath = more\n");
    env.write("more", "[user]\n\tname = Alice Example\n\temail = alice@example.org\n");
    let record = |number: usize, variables: &[(&str, &str)]| {
        let mut command = env.command(&["benefit", "add", "acme", "--kind", "exposure"]);
        command.args(["--what", &format!("talk {number}")]).envs(variables.iter().copied());
        command.env_remove("GIT_CONFIG_NOSYSTEM");
        let _ = env.output(&mut command).ok();
        let author = env.git(&["log", "-1", "--format=%an <%ae>"]);
        assert_eq!(
            author,
            if number == 2 {
                "alice <alice@users.noreply.github.com>\n"
            } else {
                "Alice Example <alice@example.org>\n"
            }
        );
    };
    record(0, &[("GIT_CONFIG_GLOBAL", "settings")]);
    record(1, &[("GIT_CONFIG_SYSTEM", "settings")]);
    record(2, &[("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "github.user"), ("GIT_CONFIG_VALUE_0", "alice")]);
    let included = format!("'include.path'='{}'", env.path("settings").display());
    record(3, &[("GIT_CONFIG_PARAMETERS", &included)]);
}

#[test]
fn a_key_that_git_is_given_by_the_environment_signs() {
    let env = TestEnv::with_applicant();
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(env.path("key")).status();
    assert!(made.unwrap().success());
    env.write("settings", format!("[gpg]\n\tformat = ssh\n[user]\n\tsigningkey = {}\n", env.path("key").display()));
    let _ = env.output(env.command(&vote("alice")).env("GIT_CONFIG_GLOBAL", "settings")).ok();
    let vote = env.git(&["show", "apply/acme:data/partners/acme/votes/1/alice"]);
    assert!(vote.contains("KP-Signature"), "{vote}");
}

#[test]
fn a_variable_that_cannot_be_read_is_told() {
    let env = TestEnv::with_partner();
    let name = std::ffi::OsStr::from_bytes(b"registry-\xff.git");
    let refused = env.output(env.command(&["list"]).env("KARMADA_PARTNER_REGISTRY", name)).fails(2);
    assert!(refused.stderr.contains("KARMADA_PARTNER_REGISTRY isn't UTF-8"), "{refused}");
}

/// Which value it is can be seen, and what stands behind it is read as ever.
#[test]
fn a_value_that_is_no_text_is_named_with_its_place() {
    let env = TestEnv::with_partner();
    let odd = |word: &[u8]| std::ffi::OsStr::from_bytes(word).to_owned();
    for (call, word, told) in [
        (&["show"][..], b"Caf\xe9".as_slice(), "<SLUG> doesn't take Caf\u{fffd}: it isn't UTF-8"),
        (&["log", "--since"], b"\xff", "--since <DATE> doesn't take \u{fffd}: it isn't UTF-8"),
        (&["list"], b"--registry=\xff.git", "--registry <WHERE> doesn't take \u{fffd}.git: it isn't UTF-8"),
        (&["apply", "--logo"], b"Caf\xe9.png", "--logo <PATH|URL> doesn't take Caf\u{fffd}.png: it isn't UTF-8"),
    ] {
        let refused = env.output(env.command(call).arg(odd(word))).fails(2);
        assert!(refused.stderr.contains(told), "{refused}");
    }
    let logo = env.output(env.command(&["apply", "--logo"]).arg(odd(b"Caf\xe9.png"))).fails(2);
    assert!(logo.stderr.contains("by a link to it, in UTF-8"), "{logo}");
    let mut command = env.command(&["render", "directory", "--out"]);
    let made = env.output(command.arg(odd(b"Caf\xe9")).args(["--registry", "“registry.git”"])).ok();
    assert!(made.stderr.contains("is read as registry.git"), "{made}");
}

#[test]
fn a_vote_goes_unsigned_only_where_nobody_set_a_key() {
    let env = TestEnv::with_applicant();
    for (settings, told) in [
        ("[user]\n\tsigningkey = ABCDEF\n", "git's user.signingkey “ABCDEF” is a key of “openpgp”"),
        ("[user]\n\tsigningkey = me\n[gpg]\n\tformat = x509\n", "is a key of “x509”"),
        ("[commit]\n\tgpgsign = true\n", "git is set to sign commits by “openpgp”"),
        ("[commit]\n\tgpgsign = true\n[gpg]\n\tformat = ssh\n", "isn't told with which SSH key"),
    ] {
        env.write("settings", settings);
        let refused = env.output(env.command(&vote("alice")).env("GIT_CONFIG_GLOBAL", "settings")).fails(2);
        assert!(refused.stderr.contains(told), "{refused}");
        assert!(refused.stderr.contains("KARMADA_PARTNER_SIGNING_KEY=none"), "{refused}");
    }
    env.write("settings", "[user]\n\tsigningkey = ABCDEF\n");
    let mut agreed = env.command(&vote("alice"));
    agreed.env("GIT_CONFIG_GLOBAL", "settings").env("KARMADA_PARTNER_SIGNING_KEY", "none");
    let _ = env.output(&mut agreed).ok();
    // A key that isn't there is no reason to go on without.
    let refused = env.output(env.command(&vote("bob")).env("KARMADA_PARTNER_SIGNING_KEY", "no-such-key")).fails(3);
    assert!(refused.stderr.contains("no-such-key"), "{refused}");
}

#[test]
fn what_a_server_says_is_told_and_a_refusal_is_no_race() {
    let env = TestEnv::with_applicant();
    for (words, exit) in [
        ("Policy: a change for this ticket already exists (fetch first)", 4),
        ("Write access to repository not granted. non-fast-forward, stale info, cannot lock ref", 4),
        ("GH006 is the name of our room, the protected branch", 4),
    ] {
        let refuse = format!("echo asked >> {}\necho '{words}' >&2\nexit 1", env.path("asked").display());
        env.script("registry.git/hooks/pre-receive", &refuse);
        let _ = std::fs::remove_file(env.path("asked"));
        let output = env.output(env.by_ssh(&mut env.command(&vote("alice")))).fails(exit);
        assert!(output.stderr.contains(words) && output.stderr.contains("pre-receive hook declined"), "{output}");
        assert!(!output.stderr.contains("others were faster") && !output.stderr.contains("landing ="), "{output}");
        assert_eq!(env.read("asked").lines().count(), 1, "it is asked once");
    }
}

/// What git refuses isn't nothing: votes might have to be signed.
#[test]
fn a_configuration_that_git_refuses_stops_what_it_might_ask_for() {
    let env = TestEnv::with_applicant();
    let tip = || env.git(&["for-each-ref"]);
    let before = tip();
    let mut command = env.command(&vote("alice"));
    command.env("GIT_CONFIG_COUNT", "3");
    for index in ["0", "1"] {
        command.env(format!("GIT_CONFIG_KEY_{index}"), "user.name").env(format!("GIT_CONFIG_VALUE_{index}"), "Alice");
    }
    let output = env.output(&mut command).fails(5);
    assert!(output.stderr.contains("git can't read its configuration") && output.stderr.contains("KEY_2"), "{output}");
    // One that only ends says at least how.
    for (lines, told) in [("exit 1", "ended with 1"), ("kill -9 $$", "ended by signal 9")] {
        program(&env, "git", lines);
        let output = env.output(env.with_programs(&mut env.command(&vote("alice")))).fails(5);
        assert!(output.stderr.contains(told), "{output}");
    }
    assert_eq!(tip(), before);
}

#[test]
fn what_a_setting_cannot_mean_is_not_off() {
    let env = TestEnv::with_applicant();
    for (key, value) in [("commit.gpgsign", "maybe"), ("commit.gpgSign", "1x"), ("core.sharedRepository", "banana")] {
        env.write("settings", "[github]\n\tuser = alice\n");
        env.git_at(".", &["config", "--file", "settings", key, value]);
        let before = env.git(&["for-each-ref"]);
        let output = env.output(env.command(&vote("alice")).env("GIT_CONFIG_GLOBAL", env.path("settings"))).fails(5);
        assert!(output.stderr.to_lowercase().contains(&key.to_lowercase()), "{output}");
        assert!(output.stderr.contains(value), "{output}");
        assert!(!key.starts_with("commit") || output.stderr.contains("settings"), "{output}");
        assert_eq!(env.git(&["for-each-ref"]), before);
    }
}

/// ssh's key is to be blamed where ssh says so.
#[test]
fn what_ssh_fails_by_is_not_always_a_key() {
    let env = TestEnv::with_partner();
    for (lines, is_a_key) in [
        ("echo 'jane@host.example: Permission denied (publickey).' >&2; exit 255", true),
        ("echo 'Host key verification failed.' >&2; exit 255", true),
        ("echo 'ssh: Could not resolve hostname host.example' >&2; exit 255", false),
        ("echo 'Bad configuration option: x' >&2; exit 255", false),
        // Connecting by hand would be refused just so.
        (CHANGED_KEY, false),
        ("echo Welcome; exit 0", false),
    ] {
        let mut command = env.command(&["list", "--no-input"]);
        env.over_ssh(&mut command, lines);
        let output = env.output(&mut command).fails(5);
        assert_eq!(output.stderr.contains("ssh-add"), is_a_key, "{output}");
        assert!(output.stderr.contains("hint: "), "{output}");
        assert_eq!(output.stderr.contains("ssh-keygen -R host.example"), lines == CHANGED_KEY, "{output}");
    }
}

const CHANGED_KEY: &str = "echo '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @' >&2
echo 'Host key for host.example has changed and you have requested strict checking.' >&2
echo 'Host key verification failed.' >&2; exit 255";

/// Who may not push is told so, by ssh as well, where the server says it before its git begins.
#[test]
fn who_may_not_push_by_ssh_is_told_so() {
    let env = TestEnv::with_applicant();
    for words in [
        "ERROR: Permission to acme/partners.git denied to alice.",
        "ERROR: This repository was archived so it is read-only.",
    ] {
        let mut command = env.command(&vote("alice"));
        let refuse = format!("case \"$*\" in *git-receive-pack*) echo '{words}' >&2; exit 1;; esac\n");
        env.over_ssh(&mut command, &format!("{refuse}{SERVES}"));
        let refused = env.output(&mut command).fails(4);
        assert!(refused.stderr.contains("can't be pushed to\n") && refused.stderr.contains(words), "{refused}");
        assert!(
            refused.stderr.contains("ask whoever keeps it") && !refused.stderr.contains("on this machine"),
            "{refused}"
        );
    }
}

/// What git colors for people is read all the same.
#[test]
fn a_servers_words_are_read_whatever_colors_git_is_set_to() {
    let env = TestEnv::with_applicant();
    env.git_at(".", &["config", "--global", "color.ui", "always"]);
    env.git_at(".", &["config", "--global", "color.remote", "always"]);
    env.script("registry.git/hooks/pre-receive", "echo 'error: GH006: Protected branch update failed' >&2; exit 1");
    let refused = env.output(env.by_ssh(&mut env.command(&vote("alice")))).fails(4);
    assert!(refused.stderr.contains("is protected, and can't be pushed to"), "{refused}");
    assert!(!refused.stderr.contains("U+001B"), "{refused}");
}

#[test]
fn a_git_that_is_killed_is_told_as_that() {
    let env = TestEnv::with_partner();
    let mut command = env.command(&["list"]);
    env.by_ssh(&mut command);
    program(&env, "git", "kill -9 $$");
    let output = env.output(&mut command).fails(5);
    assert!(output.stderr.contains("ended by signal 9"), "{output}");
}

#[test]
fn nobody_is_asked_where_nobody_may_be() {
    let env = TestEnv::with_partner();
    // As OpenSSH does with a key that has a passphrase.
    let ask = "[ \"$SSH_ASKPASS_REQUIRE\" = force ] && ! \"$SSH_ASKPASS\" && { echo 'Permission denied (publickey).' >&2; exit 255; }\n\
               echo asked > \"$HOME/asked\"; exit 255";
    let mut command = env.command(&["list", "--no-input"]);
    env.over_ssh(&mut command, ask);
    let output = env.output(&mut command).fails(5);
    assert!(output.stderr.contains("ssh-add") && output.stderr.contains("Permission denied"), "{output}");
    assert!(!env.path("home/asked").exists());
    // A window of git's own is none for nobody, either.
    program(&env, "window", "echo asked > \"$HOME/asked\"; exit 1");
    env.git_at(".", &["config", "--global", "core.askPass", env.path("bin/window").to_str().unwrap()]);
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/r.git", server.local_addr().unwrap());
    std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 401 x\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    let output = env.output(&mut env.command(&["list", "--no-input", "--registry", &url])).fails(5);
    assert!(output.stderr.contains("the server asks who you are"), "{output}");
    assert!(!env.path("home/asked").exists());
}

#[test]
fn a_program_that_never_answers_is_given_up_and_named() {
    let env = TestEnv::new();
    program(&env, "gh", "exec sleep 300");
    let output =
        env.output(env.with_programs(&mut env.command(&["auth", "status", "--registry", "github:a/b", "--no-input"])));
    assert!(output.stderr.contains("Waiting for gh auth token"), "{output}");
    assert!(
        output.stderr.contains("gh auth token said nothing for 10 s") && output.stderr.contains("GH_TOKEN"),
        "{output}"
    );
}

#[test]
fn what_stops_a_push_here_is_not_called_the_network() {
    let env = TestEnv::with_applicant();
    let vote = || {
        let mut command = env.command(&["approve", "acme", "--as", "alice"]);
        env.output(env.by_ssh(&mut command)).fails(5)
    };
    env.script("hooks/pre-push", "echo not today >&2\nexit 1");
    for (key, value) in [("core.hooksPath", env.path("hooks").display().to_string()), ("push.gpgSign", "true".into())] {
        env.git_at(".", &["config", "--global", key, &value]);
        let output = vote();
        assert!(output.stderr.contains("git push of") && output.stderr.contains("on this machine"), "{output}");
        assert!(!output.stderr.contains("check the address"), "{output}");
        env.git_at(".", &["config", "--global", "--unset", key]);
    }
}

/// Who is logged in isn't told to log in: what gh said is no token, and a token may be part of it.
#[test]
fn an_answer_that_is_no_token_is_told() {
    let env = TestEnv::new();
    for said in ["printf 'notice: refreshed\\ngho_s3cr3t\\n'", "printf 'gho_s3cr3t\\377\\n'"] {
        program(&env, "gh", said);
        let mut command = env.command(&["auth", "status", "--registry", "github:acme/registry"]);
        let output = env.output(env.with_programs(&mut command));
        assert!(output.stderr.contains("gh answered with what can't be a token"), "{output}");
        assert!(!output.to_string().contains("s3cr3t"), "{output}");
    }
}

/// An ordinary clone has the branches of others under its remote's name only.
#[test]
fn a_clone_says_that_proposals_are_elsewhere() {
    let env = TestEnv::with_partner();
    env.apply("Beta").ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "registry.git", "clone"]);
    // Whatever the remote is called, and wherever its branches are kept, by its settings or by hand.
    env.git_at(".", &["clone", "--quiet", "--origin", "team/kp", "registry.git", "slash"]);
    env.git_at(
        ".",
        &["clone", "--quiet", "--config", "remote.origin.fetch=+refs/heads/*:refs/kept/*", "registry.git", "kept"],
    );
    env.git_at("kept", &["config", "--replace-all", "remote.origin.fetch", "+refs/heads/*:refs/kept/*"]);
    env.git_at("kept", &["for-each-ref", "--format=delete %(refname)", "refs/remotes"]);
    for args in [&["list"][..], &["list", "--proposals"], &["review"]] {
        for clone in ["clone", "slash", "kept"] {
            let output = env.run(&[args, &["--registry", clone]].concat()).ok();
            assert!(output.stderr.contains("stands at its remote alone"), "{clone}: {output}");
        }
        assert!(!env.run(args).ok().stderr.contains("clone"), "the registry itself says nothing");
    }
    let output = env.run(&["status", "beta", "--registry", "clone"]).fails(3);
    assert!(output.stderr.contains("stands at this clone's remote"), "{output}");
}

/// What CI checks out has one branch, and doesn't know of others.
#[test]
fn a_clone_with_a_part_of_its_remote_denies_nothing() {
    let env = TestEnv::with_partner();
    env.apply("Beta").ok().code.unwrap();
    let url = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "--quiet", "--single-branch", &url, "one-branch"]);
    env.git_at(".", &["init", "--quiet", "--initial-branch=main", "action"]);
    env.git_at("action", &["remote", "add", "origin", &url]);
    env.git_at("action", &["fetch", "--quiet", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main"]);
    env.git_at("action", &["checkout", "--quiet", "-B", "main", "refs/remotes/origin/main"]);
    env.git_at(".", &["clone", "--quiet", "-o", "up", "--depth=1", &url, "up"]);
    env.git_at(".", &["clone", "--quiet", "--bare", "--depth=1", &url, "shallow.git"]);
    for clone in ["one-branch", "action", "up", "shallow.git"] {
        for args in [&["list"][..], &["list", "--proposals"]] {
            let output = env.run(&[args, &["--registry", clone]].concat()).ok();
            assert!(output.stderr.contains("what is proposed may stand there alone"), "{output}");
        }
        let output = env.run(&["status", "beta", "--registry", clone]).fails(3);
        assert!(output.stderr.contains("this clone has a part of its remote"), "{output}");
    }
    // Whose other remotes lack something misses nothing of this one.
    env.git_at(".", &["clone", "--quiet", "--depth=1", "--no-single-branch", &url, "whole"]);
    env.git_at("whole", &["remote", "add", "-t", "main", "other", &url]);
    env.git(&["remote", "add", "-t", "main", "backup", &url]);
    for registry in ["whole", "registry.git"] {
        assert!(!env.run(&["list", "--registry", registry]).ok().stderr.contains("a part of its remote"), "{registry}");
    }
    // What is fetched and kept nowhere, and what is left out.
    for spec in ["^refs/heads/wip/*", "refs/heads/main", "refs/heads/main:"] {
        env.git_at("whole", &["config", "--add", "remote.origin.fetch", spec]);
        env.run(&["list", "--registry", "whole"]).ok().code.unwrap();
        env.run(&["check", "--registry", "whole"]).ok().code.unwrap();
    }
    env.git_at("whole", &["config", "--add", "remote.odd.fetch", "tag v1"]);
    env.git_at("whole", &["config", "--add", "remote.odd.url", &url]);
    let output = env.run(&["list", "--registry", "whole"]).fails(5);
    assert!(output.stderr.contains("can't read the remote odd: ") && output.stderr.contains("hint: "), "{output}");
    // A mirror, and a bare clone, have all.
    for (kind, clone) in [("--bare", "bare.git"), ("--mirror", "mirror.git")] {
        env.git_at(".", &["clone", "--quiet", kind, &url, clone]);
        let output = env.run(&["list", "--proposals", "--registry", clone]).ok();
        assert!(output.stderr.is_empty() && output.stdout.contains("Beta"), "{output}");
    }
}

#[test]
fn a_repository_that_is_shared_stays_shared() {
    let env = TestEnv::with_registry();
    for setting in ["group", "all", "0660"] {
        let name = format!("{setting}.git");
        env.git_at(".", &["init", "--quiet", "--bare", &format!("--shared={setting}"), "--initial-branch=main", &name]);
        // Where there is a rule for pushes, git itself writes.
        env.git_at(&name, &["config", "--unset", "receive.denyNonFastforwards"]);
        env.git(&["push", "--quiet", &env.path(&name).display().to_string(), "main"]);
        let run = |args: &[&str]| env.output(env.command(args).env("KARMADA_PARTNER_REGISTRY", &name)).ok();
        let _ = run(&[
            "apply",
            "--name",
            "Acme",
            "--website",
            "https://acme.example/x",
            "--github",
            "acme-bot",
            "--logo",
            "logo.png",
        ]);
        let _ = run(&vote("alice"));
        // Where a decision moves the default branch, that is noted of HEAD, too.
        env.git_at(&name, &["config", "core.logAllRefUpdates", "true"]);
        let _ = run(&["approve", "acme", "--as", "bob", "--yes"]);
        // What git itself makes there beside.
        env.git_at(&name, &["update-ref", "refs/heads/apply/by-git", "main"]);
        let beside = |path: &str| mode(&env.path(&name).join(path));
        assert_eq!(beside("refs/heads/main"), beside("refs/heads/apply/by-git"), "{setting}");
        assert_eq!(beside("logs/HEAD"), beside("logs/refs/heads/apply/by-git"), "{setting}");
        assert_eq!(beside("logs"), beside("logs/refs/heads/apply"), "{setting}");
        env.write("by-git", "by git");
        let made = env.git_exactly(&name, &["hash-object", "-w", &env.path("by-git").display().to_string()]);
        let by_git = mode(&env.path(&name).join(format!("objects/{}/{}", &made[..2], made[2..].trim())));
        for directory in std::fs::read_dir(env.path(&name).join("objects")).unwrap() {
            let directory = directory.unwrap().path();
            if directory.file_name().is_some_and(|n| n.len() == 2) {
                assert_eq!(mode(&directory) & 0o070, 0o070, "{setting}: {}", directory.display());
                for object in std::fs::read_dir(&directory).unwrap() {
                    assert_eq!(mode(&object.unwrap().path()), by_git, "{setting}");
                }
            }
        }
    }
}

/// Whoever shares what git makes for them shares what is made here, and the registry says so itself to who hasn't set it.
#[test]
fn a_registry_is_founded_as_git_is_set_to_share_it() {
    let env = TestEnv::with_registry();
    env.write("settings", "[core]\n\tsharedRepository = group\n");
    let mut command = env.command(&["init", "shared.git", "--program", "program.toml"]);
    let _ = env.output(command.env("GIT_CONFIG_GLOBAL", "settings")).ok();
    for (path, expected) in [("", 0o2775), ("objects", 0o2775), ("objects/pack", 0o2775), ("HEAD", 0o664)] {
        assert_eq!(mode(&env.path("shared.git").join(path)), expected, "{path}");
    }
    assert_eq!(env.git_at("shared.git", &["config", "--local", "core.sharedRepository"]), "group\n");
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).permissions().mode() & 0o7777
}

#[test]
fn a_hook_of_another_repository_can_run_it() {
    let env = TestEnv::with_partner();
    env.git_at(".", &["init", "--quiet", "--bare", "other.git"]);
    let mut command = env.command(&["list"]);
    env.by_ssh(&mut command);
    let other = env.path("other.git");
    let output = env.output(
        command
            .env("GIT_DIR", &other)
            .env("GIT_OBJECT_DIRECTORY", other.join("objects/tmp_objdir-incoming-x"))
            .env("GIT_QUARANTINE_PATH", other.join("objects/tmp_objdir-incoming-x"))
            .env("GIT_INDEX_FILE", other.join("index")),
    );
    assert!(output.ok().stdout.contains("acme"));
}

#[test]
fn places_are_where_they_would_be_elsewhere() {
    let env = TestEnv::with_partner();
    std::fs::rename(env.path("registry.git"), env.path("home/my registry.git")).unwrap();
    let home = env.path("home").display().to_string();
    let list = |registry: &str| env.output(env.command(&["list"]).env("KARMADA_PARTNER_REGISTRY", registry));
    for named in [
        "~/my registry.git".to_owned(),
        format!("file://{home}/my%20registry.git"),
        format!("file://localhost{home}/my%20registry.git"),
    ] {
        assert!(list(&named).ok().stdout.contains("acme"), "{named}");
    }
    let elsewhere = list("file://host.example/registry.git").fails(2);
    assert!(elsewhere.stderr.contains("host.example"), "{elsewhere}");
    // From the file, as an editor on Windows saves it.
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    env.write("home/.config/karmada-partner/config.toml", "\u{feff}registry = \"~/my registry.git\"\r\n");
    let output = env.output(env.command(&["list"]).env_remove("KARMADA_PARTNER_REGISTRY")).ok();
    assert!(output.stdout.contains("acme") && output.stderr.contains("a byte order mark and CRLF"), "{output}");
    // A relative path in it leads from its folder, wherever somebody stands.
    env.write("home/.config/karmada-partner/config.toml", "registry = \"../../my registry.git\"\n");
    std::fs::create_dir(env.path("elsewhere")).unwrap();
    for here in [".", "elsewhere"] {
        let mut command = env.command(&["list"]);
        let output = env.output(command.env_remove("KARMADA_PARTNER_REGISTRY").current_dir(env.path(here))).ok();
        assert!(output.stdout.contains("acme"), "{here}: {output}");
    }
    env.write("home/.config/karmada-partner/config.toml", "registry = \"registry.git\"\nsigning_key = \"key\"\n");
    let output = env.output(env.command(&["list"]).env_remove("KARMADA_PARTNER_REGISTRY")).fails(3);
    assert!(output.stderr.contains("no registry at") && output.stderr.contains("named as registry in"), "{output}");
    let there = format!("{home}/my registry.git");
    let refused = env.run(&["renew", "acme", "--as", "acme-bot", "--registry", &there]).fails(3);
    assert!(refused.stderr.contains("home/.config/karmada-partner/key"), "{refused}");
    std::fs::remove_file(env.path("home/.config/karmada-partner/config.toml")).unwrap();
    // Where there can be no such file.
    let mut command = env.command(&["list", "--registry", &there]);
    let output = env.output(at_home(&mut command, Some(Path::new("/dev/null"))));
    assert!(output.ok().stdout.contains("acme"));
}

#[test]
fn a_proxy_that_stands_in_the_way_is_named_with_its_variable() {
    let env = TestEnv::new();
    for (variable, address, exit) in some(
        2,
        [
            ("ALL_PROXY", "socks5://user:secret@127.0.0.1:9", 5),
            ("HTTPS_PROXY", "socks5h://127.0.0.1:9", 5),
            ("https_proxy", "http://127.0.0.1:9", 5),
            ("all_proxy", "socks://127.0.0.1:9", 2),
        ],
    ) {
        let mut command = env.command(&["auth", "status", "--registry", "github:a/b"]);
        command.env_remove("http_proxy").env_remove("https_proxy").env("GH_TOKEN", "x").env(variable, address);
        let output = env.output(&mut command).fails(exit);
        assert!(output.stderr.contains(variable) && output.stderr.contains("proxy"), "{output}");
        assert!(!output.stderr.contains("secret"), "{output}");
    }
}

/// What git's configuration lets somebody write in an address's place, is taken here, too.
#[test]
fn addresses_are_short_as_git_lets_them_be() {
    let env = TestEnv::with_partner();
    env.write("settings", format!("[url \"file://{}/\"]\n\tinsteadOf = our:\n", env.path("").display()));
    let list = |registry: &str| {
        let mut command = env.command(&["list"]);
        env.with_programs(command.env("GIT_CONFIG_GLOBAL", "settings").env("KARMADA_PARTNER_REGISTRY", registry));
        command
    };
    assert!(env.output(&mut list("our:registry.git")).ok().stdout.contains("acme"));
    // Without a user it is behind ssh all the same, unless there is such a file.
    program(&env, "ssh", SERVES);
    let by_ssh = format!("host.example:{}", env.path("registry.git").display());
    assert!(env.output(&mut list(&by_ssh)).ok().stdout.contains("acme"));
    std::fs::rename(env.path("registry.git"), env.path("our:registry.git")).unwrap();
    assert!(env.output(&mut list("our:registry.git")).ok().stdout.contains("acme"));
}

/// What is named in full needs no git to say what it stands for; what is a part of it may.
#[test]
fn git_is_asked_what_an_address_stands_for_only_where_it_may_know() {
    let hub = Hub::with_applicant();
    program(&hub.env, "git", "echo \"$*\" >> asked\nPATH=${PATH#*:}\nexec git \"$@\"");
    let url = hub.github.server_url();
    hub.env.write("settings", format!("[url \"{url}/karmada/\"]\n\tinsteadOf = github:\n"));
    for (registry, asks) in
        [("github:karmada/partners", false), ("GitHub:karmada/partners", false), ("github:partners", true)]
    {
        hub.env.write("asked", "");
        let mut command = hub.command("jane", &["status", "acme"]);
        command.env("GIT_CONFIG_GLOBAL", "settings").env("KARMADA_PARTNER_REGISTRY", registry);
        assert!(hub.env.output(hub.env.with_programs(&mut command)).ok().stdout.contains("acme"), "{registry}");
        assert_eq!(hub.env.read("asked").contains("--get-url"), asks, "{registry}");
    }
}

/// Git finds a repository from within it; here its top is named.
#[test]
fn a_folder_within_a_repository_is_told_with_its_top() {
    let env = TestEnv::with_partner();
    env.git_at(".", &["clone", "--quiet", "registry.git", "clone"]);
    let told = env.run(&["list", "--registry", "clone/data/partners"]).fails(2);
    assert!(told.stderr.contains("clone/data/partners isn't a git repository"), "{told}");
    assert!(told.stderr.contains("/clone: name that, if it is meant"), "{told}");
}

/// Two names that are shown alike are two branches all the same.
#[cfg(target_os = "linux")]
#[test]
fn branches_whose_names_are_no_utf8_are_told_each() {
    let env = TestEnv::with_partner();
    for name in [b"caf\xe9", b"caf\xe8"] {
        let path = [&b"refs/heads/apply/"[..], name].concat();
        let mut command = env.sealed_git();
        command.current_dir(env.path("registry.git")).arg("update-ref");
        assert!(command.arg(std::ffi::OsStr::from_bytes(&path)).arg("HEAD").status().unwrap().success());
    }
    for packs in [false, true] {
        if packs {
            env.git(&["pack-refs", "--all"]);
        }
        let told = env.run(&["check"]).to_string();
        for name in [r"apply/caf\xe8", r"apply/caf\xe9"] {
            assert_eq!(told.matches(name).count(), 1, "{told}");
        }
        assert!(!told.contains("git takes this for no branch"), "{told}");
    }
}

/// Whose repository git goes into is up to git: `safe.directory` is read from every place, in every spelling. Needs to be root to
/// give a directory away.
#[test]
fn a_repository_of_somebody_else_is_trusted_as_git_trusts_it() {
    let env = TestEnv::with_partner();
    env.git_at(".", &["clone", "--quiet", "registry.git", "clone"]);
    env.git_at("clone", &["worktree", "add", "--quiet", "--detach", "../linked"]);
    std::os::unix::fs::symlink(env.path("."), env.path("home/elsewhere")).unwrap();
    let given =
        Command::new("chown").args(["-R", "65534"]).arg(env.path("registry.git")).arg(env.path("clone")).output();
    if !given.unwrap().status.success() {
        return;
    }
    let given = Command::new("chown").args(["-R", "65534"]).arg(env.path("linked")).output();
    assert!(given.unwrap().status.success());
    let list = |registry: &str, safe: &str| {
        let mut command = env.command(&["list", "--registry", registry]);
        command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "safe.directory").env("GIT_CONFIG_VALUE_0", safe);
        env.output(&mut command)
    };
    let top = std::fs::canonicalize(env.path(".")).unwrap();
    let within = format!("{}/*", top.display());
    let itself = top.join("registry.git").display().to_string();
    let by_link = top.join("home/elsewhere/registry.git").display().to_string();
    for (registry, safe) in [
        ("registry.git", "*"),
        ("registry.git", within.as_str()),
        ("registry.git", &itself),
        ("registry.git", &format!("{itself}/")),
        ("registry.git", &by_link),
        ("home/elsewhere/registry.git", &itself),
        ("clone", &within),
        ("linked", &within),
    ] {
        let listed = list(registry, safe);
        assert!(listed.code == Some(0) && listed.stdout.contains("Acme"), "{registry} by {safe}: {listed}");
    }
    for (registry, safe) in [("registry.git", "elsewhere"), ("clone", ""), ("linked", &itself)] {
        let refused = list(registry, safe).fails(4);
        assert!(refused.stderr.contains("belongs to another user"), "{registry} by {safe}: {refused}");
    }
    // What is written there goes where it should, and stays out of a branch that is checked out.
    let mut write = env.command(&["benefit", "add", "acme", "--kind", "exposure", "--what", "a talk", "--as", "alice"]);
    write.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "safe.directory").env("GIT_CONFIG_VALUE_0", "*");
    let _ = env.output(&mut write).ok();
    write.args(["--registry", "clone"]);
    assert!(!env.output(&mut write).to_string().contains("belongs to another user"));
}

/// A copy of the program's own is nobody's work: hooks of the person's stop what is sent, not what is read.
#[test]
fn hooks_of_the_person_do_not_run_on_what_is_read() {
    let env = TestEnv::with_partner();
    for hook in ["reference-transaction", "post-checkout"] {
        env.script(&format!("hooks/{hook}"), "echo not today >&2\nexit 1");
    }
    env.git_at(".", &["config", "--global", "core.hooksPath", &env.path("hooks").display().to_string()]);
    let listed = env.output(env.by_ssh(&mut env.command(&["list"]))).ok();
    assert!(listed.stdout.contains("Acme") && !listed.stderr.contains("not today"), "{listed}");
}

/// Whose folder was removed while they were in it isn't told that their registry is none.
#[test]
fn a_folder_that_is_gone_is_told() {
    let env = TestEnv::with_partner();
    let run = |registry: &str| {
        std::fs::create_dir_all(env.path("gone")).unwrap();
        let ours = env.command(&[]);
        let mut command = beside("sh", &ours);
        command.args(["-c", "cd gone && rmdir ../gone && exec \"$0\" list --registry \"$1\""]);
        command.arg(ours.get_program()).arg(registry);
        env.output(&mut command)
    };
    let told = run("../registry.git").fails(5);
    assert!(told.stderr.contains("the folder this runs in isn't there any more"), "{told}");
    let whole = env.path("registry.git").display().to_string();
    assert!(run(&whole).ok().stdout.contains("Acme"));
}

/// What isn't a vote goes on record unsigned, and with a word where git is set to sign with what signs no block.
#[test]
fn an_event_that_goes_unsigned_beside_a_signed_commit_is_told() {
    let env = TestEnv::with_partner();
    let add = |what: &str, key: &[(&str, &str)]| {
        let mut command =
            env.command(&["benefit", "add", "acme", "--kind", "exposure", "--as", "alice", "--what", what]);
        env.output(command.envs(key.iter().copied())).ok().stderr
    };
    assert!(!add("one talk", &[]).contains("unsigned"));
    env.git_at(".", &["config", "--global", "user.signingkey", "0123456789ABCDEF"]);
    let told = add("two talks", &[]);
    assert_eq!(told.matches("warning: the event goes unsigned").count(), 1, "{told}");
    assert!(told.contains("is a key of “openpgp”") && told.contains("hint: set KARMADA_PARTNER_SIGNING_KEY"), "{told}");
    assert!(!add("three talks", &[("KARMADA_PARTNER_SIGNING_KEY", "none")]).contains("unsigned"));
}

/// What git says decides what helps: a server's greeting, a way that is switched off, a disk that is full.
#[test]
fn what_keeps_git_from_reading_is_told_as_what_it_is() {
    let env = TestEnv::with_partner();
    for (says, helps) in [
        (
            "echo 'Welcome to the server'; for word; do last=$word; done; eval \"exec $last\"",
            "the server's shell says something",
        ),
        ("echo \"fatal: write error: No space left on device\" >&2; exit 128", "free space there"),
    ] {
        let told = env.output(env.over_ssh(&mut env.command(&["list"]), says)).fails(5);
        assert!(told.stderr.contains(helps) && !told.stderr.contains("check the address"), "{told}");
    }
    // What git would run isn't there; the server's own git is another matter.
    for (name, value, is_here) in [
        ("GIT_SSH", "/nonexistent", false),
        ("GIT_SSH_COMMAND", "no-such-ssh -v", false),
        ("GIT_SSH_COMMAND", "sh -c 'echo ERROR: Repository not found. >&2; exit 1'", true),
    ] {
        let mut command = env.command(&["list"]);
        command.env("KARMADA_PARTNER_REGISTRY", "ssh://git@host.example/registry.git").env(name, value);
        let told = env.output(&mut command).fails(5);
        assert_eq!(told.stderr.contains("hint: check the address"), is_here, "{value}: {told}");
        assert_eq!(told.stderr.contains("OpenSSH") && told.stderr.contains("core.sshCommand"), !is_here, "{told}");
    }
    let lacks = "echo sh: 1: git-upload-pack: not found >&2; exit 127";
    let told = env.output(env.over_ssh(&mut env.command(&["list"]), lacks)).fails(5).stderr;
    assert!(told.contains("the server's shell doesn't find git") && !told.contains("core.sshCommand"), "{told}");
    let mut command = env.command(&["list"]);
    command.env("KARMADA_PARTNER_REGISTRY", "https://127.0.0.1:9/registry.git").env("GIT_EXEC_PATH", "/nonexistent");
    let told = env.output(&mut command).fails(5);
    assert!(told.stderr.contains("git with its programs for https"), "{told}");
    for (name, value, helps) in [
        ("GIT_ALLOW_PROTOCOL", "https", "GIT_ALLOW_PROTOCOL"),
        ("GIT_CONFIG_PARAMETERS", "'protocol.allow=never'", "protocol.ssh.allow and protocol.allow"),
        ("GIT_SSH_VARIANT", "simple", "mend git's ssh.variant, or GIT_SSH_VARIANT"),
        ("GIT_CONFIG_PARAMETERS", "'protocol.version=9'", "mend that setting of git's"),
        ("GIT_CONFIG_PARAMETERS", "'push.default=perhaps'", "mend that setting of git's"),
    ] {
        let mut command = env.command(&["list"]);
        env.by_ssh(&mut command).env(name, value);
        let url = format!("ssh://git@host.example:22{}", env.path("registry.git").display());
        let told = env.output(command.env("KARMADA_PARTNER_REGISTRY", url)).fails(5);
        assert!(told.hint().contains(helps), "{name}: {told}");
    }
    // Where only what is sent goes by it, too.
    let env = TestEnv::with_applicant();
    env.git_at(".", &["config", "--global", "url.git://push.example/.pushInsteadOf", "ssh://git@host.example/"]);
    env.git_at(".", &["config", "--global", "protocol.git.allow", "never"]);
    let mut command = env.command(&["approve", "acme", "--as", "alice"]);
    let told = env.output(env.by_ssh(&mut command)).fails(5);
    assert!(told.hint().contains("protocol.git.allow"), "{told}");
}

/// What git doesn't bring isn't called empty.
#[test]
fn a_remote_that_is_cut_off_or_of_another_format_is_no_empty_one() {
    let env = TestEnv::with_partner();
    let url = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "--quiet", "--bare", "--depth", "1", &url, "cut-off.git"]);
    env.git_at(".", &["init", "--quiet", "--bare", "--initial-branch", "main", "--object-format=sha256", "long.git"]);
    env.git_at(".", &["init", "--quiet", "--object-format=sha256", "long"]);
    env.git_at("long", &["commit", "--quiet", "--allow-empty", "--message", "begin"]);
    env.git_at("long", &["push", "--quiet", "../long.git", "HEAD:main"]);
    for (registry, told, code) in
        [("cut-off.git", "if that is a shallow clone", 5), ("long.git", "uses SHA-256 object names", 2)]
    {
        let mut command = env.command(&["list"]);
        env.by_ssh(&mut command);
        let url = format!("ssh://git@host.example{}", env.path(registry).display());
        let output = env.output(command.env("KARMADA_PARTNER_REGISTRY", url)).fails(code);
        assert!(output.stderr.contains(told) && !output.stderr.contains("is empty"), "{output}");
    }
}

/// What stands where a registry should is called what it is, by the place that named it; a token in it is nobody's to read.
#[test]
fn what_is_named_as_a_registry_is_called_what_it_is() {
    let env = TestEnv::with_partner();
    let bundle = env.path("all.bundle").display().to_string();
    env.git(&["bundle", "create", &bundle, "--all"]);
    let told = env.run(&["list", "--registry", "all.bundle"]).fails(2);
    assert!(told.stderr.contains("is a bundle") && told.stderr.contains("git clone --bare all.bundle"), "{told}");
    env.git_at(".", &["clone", "--quiet", "--bare", "all.bundle", "from-bundle.git"]);
    assert!(env.run(&["list", "--registry", "from-bundle.git"]).ok().stdout.contains("Acme"));
    let told = env.run(&["list", "--registry", "logo.png"]).fails(2);
    assert!(told.stderr.contains("logo.png is a file, and no git repository"), "{told}");
    // A scheme is one in letters of whichever case.
    let place = format!("{}/registry.git", env.path("").display());
    assert!(env.run(&["list", "--registry", &format!("FILE://{place}")]).ok().stdout.contains("Acme"));
    let told = env.run(&["list", "--offline", "--registry", "HTTPS://host.example/r.git"]);
    assert!(!told.stderr.contains("isn't a way"), "{told}");
    let told = env.run(&["list", "--offline", "--registry", "GitHub:foo"]).fails(2);
    assert!(told.stderr.contains("write github:OWNER/REPO"), "{told}");
    // Where its history ends is a list that a crash can garble.
    env.git_at(".", &["clone", "--quiet", "--bare", "registry.git", "garbled.git"]);
    env.write("garbled.git/shallow", "zzzz\n");
    let told = env.run(&["list", "--registry", "garbled.git"]).fails(5);
    assert!(told.stderr.contains("(the file shallow) is damaged") && told.stderr.contains("clone it again"), "{told}");
    for token in ["ghp_s3cr3ts3cr3t", "github_pat_s3cr3t", "glpat-s3cr3t"] {
        let told = env.run(&["list", "--registry", &format!("https://{token}@host.example/r.git")]).fails(2);
        assert!(told.stderr.contains("it carries a token") && !told.to_string().contains("s3cr3t"), "{told}");
    }
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    env.write("home/.config/karmada-partner/config.toml", "registry = \"C:\\regs\\r.git\"\n");
    let mut command = env.command(&["list"]);
    let told = env.output(command.env_remove("KARMADA_PARTNER_REGISTRY")).fails(2);
    assert!(told.stderr.starts_with("error: registry in config.toml: it has a line break"), "{told}");
    assert!(told.stderr.contains("a backslash changes what follows"), "{told}");
}

/// `git config` alone obeys it; no other command of git's does.
#[test]
fn a_file_that_only_git_config_is_sent_to_is_nobodys_settings() {
    let env = TestEnv::with_applicant();
    env.write("odd", "[commit]\n\tgpgsign = perhaps\n");
    for file in ["odd", "nowhere"] {
        let mut command = env.command(&["init", &format!("{file}.git"), "--program", "program.toml", "--yes"]);
        env.output(command.env("GIT_CONFIG", env.path(file))).ok().code.unwrap();
    }
    env.output(env.command(&vote("alice")).env("GIT_CONFIG", env.path("nowhere"))).ok().code.unwrap();
}

/// What is no key to sign with is called what it is, and a secret that stands in a setting is shown to nobody.
#[test]
fn what_is_no_key_to_sign_with_is_called_what_it_is() {
    let env = TestEnv::with_applicant();
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(env.path("key")).status();
    assert!(made.unwrap().success());
    let whole = std::fs::read_to_string(env.path("key")).unwrap();
    env.write("crlf", whole.replace('\n', "\r\n"));
    env.write("key.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n");
    env.write("key.asc", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nabc\n");
    let secret = whole.lines().nth(2).unwrap();
    for (setting, says) in [
        ("crlf", "end with CRLF"),
        ("key.ppk", "is PuTTY's"),
        ("key.asc", "is OpenPGP's"),
        (whole.as_str(), "a private key itself"),
    ] {
        let told = env.output(env.command(&vote("alice")).env("KARMADA_PARTNER_SIGNING_KEY", setting)).fails(2);
        assert!(told.stderr.contains(says) && !told.to_string().contains(secret), "{told}");
    }
}

/// A machine that lets no thread begin is no fault of the program's.
#[cfg(target_os = "linux")]
#[test]
fn a_machine_that_lets_no_thread_begin_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    let env = TestEnv::with_partner();
    let copy = env.copy_program("program");
    std::fs::set_permissions(env.path("."), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new("prlimit");
    command.arg("--nproc=1").arg(&copy).arg("list").env_clear().env("PATH", "/usr/bin:/bin");
    // Whoever is root has no such limit.
    if std::fs::metadata(&copy).is_ok_and(|made| std::os::unix::fs::MetadataExt::uid(&made) == 0) {
        command.uid(65_534);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(5) && said.starts_with("error: this machine lets no further thread begin"),
        "{said}"
    );
    assert!(!said.contains("bug") && said.contains("hint: allow more of them"), "{said}");
}

/// Nothing is found there by a relative path, whatever it is.
#[test]
fn a_folder_that_was_removed_is_named_where_something_isnt_found() {
    let env = TestEnv::with_registry();
    let call = "rm -r ../gone; exec \"$0\" \"$@\"";
    for args in [&["apply", "--from", "ap.toml"][..], &["list", "--registry", "e.git"]] {
        std::fs::create_dir(env.path("gone")).unwrap();
        let own = env.command(args);
        let mut command = std::process::Command::new("sh");
        command.args(["-c", call]).arg(own.get_program()).args(own.get_args()).env_clear();
        command.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(env.path("gone"));
        let told = env.output(&mut command);
        assert!(told.stderr.contains("the folder in which this runs was removed"), "{told}");
    }
}

#[test]
fn a_variable_that_is_called_as_ours_and_is_none_is_told() {
    let env = TestEnv::with_registry();
    let told = |name: &str, value: &str| env.output(env.command(&["list"]).env(name, value)).ok().stderr;
    let near = told("KARMADA_PARTNER_REGSTRY", "elsewhere.git");
    assert!(
        near.contains("KARMADA_PARTNER_REGSTRY means nothing here; did you mean KARMADA_PARTNER_REGISTRY?"),
        "{near}"
    );
    assert!(told("KARMADA_PARTNER_COLOUR", "no").contains("KARMADA_PARTNER_COLOUR means nothing here"));
    for (name, value) in [("KARMADA_PARTNER_REGSTRY", ""), ("KARMADA_PARTNER_TESTS", "all")] {
        assert!(!told(name, value).contains("means nothing"), "{name}");
    }
}
