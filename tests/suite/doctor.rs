//! `doctor`: what is there, what isn't, and what to do.

use std::collections::BTreeMap;

use github_double::{Permission, TokenKind};
use snapbox::str;

use crate::env::{Output, TestEnv, at_home};
use crate::hub::{Hub, REGISTRY};
use crate::signed_work::{make_key, with_key};

/// What came of each check.
fn outcomes(output: &Output) -> BTreeMap<String, String> {
    let document = output.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let checks = document["checks"].as_array().unwrap();
    checks.iter().map(|check| (text(&check["check"]), text(&check["outcome"]))).collect()
}

#[track_caller]
fn is(output: &Output, check: &str, outcome: &str, words: &str) {
    let document = output.json();
    let found = document["checks"].as_array().unwrap().iter().find(|c| c["check"] == check);
    let found = found.unwrap_or_else(|| panic!("there is no {check}: {output}"));
    assert_eq!(found["outcome"], outcome, "{found}");
    assert!(found.to_string().contains(words), "{found}");
    let all = outcomes(output);
    let code = i32::from(all.values().any(|o| o == "broken"));
    assert_eq!(output.code, Some(code), "{output}");
}

#[test]
fn a_registry_at_hand_is_looked_at_whole() {
    let env = TestEnv::with_partner();
    let shown = env.run(&["doctor", "--as", "alice"]).ok().stdout;
    let shown: String = shown
        .lines()
        .filter(|l| !l.contains("  version: ") && !l.contains("  git: ") && !l.contains("  ssh-keygen: "))
        .map(|l| format!("{l}\n"))
        .collect();
    let commit = env.head();
    snapbox::assert_data_eq!(
        shown.replace(&commit[..10], "HEAD"),
        str![[r#"
fine  registry: readable, at [COMMIT] of main; 1 in it, 0 waiting
fine  program: Test Program; 3 vote
fine  you: alice: chair of the committee, of Umbrella
fine  signing: no key is set, and none is asked for
fine  check: nothing is wrong with what stands there
Nothing has to be mended.

"#]]
    );
    is(&env.run(&["doctor", "--json"]), "you", "note", "it isn't known who acts");
    is(&env.run(&["doctor", "--json", "--as", "jane"]), "you", "fine", "no seat");
}

/// Who signs with another program than votes are signed with is told so before a vote is refused.
#[test]
fn what_signs_no_vote_is_told() {
    let env = TestEnv::with_partner();
    let doctor = |settings: &[(&str, &str)], who: &str| {
        let mut command = env.command(&["doctor", "--json", "--as", who]);
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (nth, (name, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{nth}"), name).env(format!("GIT_CONFIG_VALUE_{nth}"), value);
        }
        env.output(&mut command)
    };
    let openpgp = [("user.signingkey", "ABCD1234"), ("commit.gpgsign", "true")];
    is(&doctor(&openpgp, "alice"), "signing", "broken", "this vote would go unsigned");
    is(&doctor(&openpgp[1..], "alice"), "signing", "broken", "this vote would go unsigned");
    is(&doctor(&openpgp, "jane"), "signing", "fine", "no key is set");
    is(&doctor(&[], "alice"), "signing", "fine", "no key is set");
}

/// Settings of git's by which Jane's commits are signed.
const JANES: [(&str, &str); 4] =
    [("user.name", "Jane"), ("user.email", "jane@x.example"), ("github.user", "jane"), ("commit.gpgsign", "true")];

fn with_settings(env: &TestEnv, args: &[&str], more: &[(&str, &str)]) -> std::process::Command {
    let mut command = env.command(args);
    let settings = JANES.iter().chain(more);
    for (nth, (name, value)) in settings.clone().enumerate() {
        command.env(format!("GIT_CONFIG_KEY_{nth}"), name).env(format!("GIT_CONFIG_VALUE_{nth}"), value);
    }
    command.env("GIT_CONFIG_COUNT", settings.count().to_string());
    command
}

/// What would stop every change is told before one is tried, and with each way on that there is.
#[test]
fn commits_that_cannot_be_signed_are_told_before_a_change() {
    let env = TestEnv::with_partner();
    env.script("bin/no-key", "echo 'gpg: skipped: No secret key' >&2; exit 2");
    env.script("bin/signs", "echo SIGNED; echo '[GNUPG:] SIG_CREATED D' >&2");
    make_key(&env, "alice");
    let (no_key, signs, key) = (env.path("bin/no-key"), env.path("bin/signs"), env.path("alice"));
    let (no_key, signs, key) = (no_key.to_str().unwrap(), signs.to_str().unwrap(), key.to_str().unwrap());
    let doctor = |who: &str, more: &[(&str, &str)]| {
        env.output(&mut with_settings(&env, &["doctor", "--json", "--as", who], more))
    };
    for (settings, told) in [
        (&[("gpg.program", no_key)][..], "No secret key"),
        (&[("gpg.format", "x509"), ("gpg.x509.program", no_key)], "No secret key"),
        (&[("gpg.format", "ssh")], "isn't told with which key"),
        (&[("gpg.format", "pgp")], "which isn't known here"),
    ] {
        for words in [told, "git config --global commit.gpgsign false"] {
            is(&doctor("jane", settings), "commits", "broken", words);
        }
        let apply = ["apply", "--name", "Hooli", "--website", "https://hooli.example", "--github", "jane"];
        let mut apply = with_settings(&env, &apply, settings);
        let refused = env.output(apply.args(["--logo", "logo.png"])).fails(5).stderr;
        let ways_on: Vec<_> = refused.lines().filter(|line| line.starts_with("hint: ")).collect();
        assert!(refused.contains(told) && ways_on.len() == 2, "{refused}");
        assert!(ways_on[1].starts_with("hint: to commit without a signature"), "{refused}");
    }
    is(&doctor("jane", &[("gpg.program", signs)]), "commits", "fine", "openpgp");
    is(&doctor("jane", &[("gpg.format", "ssh"), ("user.signingkey", key)]), "commits", "fine", "ssh");
    // Others' commits aren't signed with what is Jane's.
    assert!(!outcomes(&doctor("bob", &[("gpg.program", no_key)])).contains_key("commits"));
}

/// Who has said that votes go unsigned is told of nothing to mend.
#[test]
fn who_goes_on_without_signing_votes_is_told_so() {
    let env = TestEnv::with_partner();
    env.script("bin/signs", "echo SIGNED; echo '[GNUPG:] SIG_CREATED D' >&2");
    let signs = env.path("bin/signs");
    let settings = [("gpg.program", signs.to_str().unwrap()), ("github.user", "alice")];
    let doctor = |key: Option<&str>| {
        let mut command = with_settings(&env, &["doctor", "--json"], &settings);
        command.envs(key.map(|key| ("KARMADA_PARTNER_SIGNING_KEY", key)));
        env.output(&mut command)
    };
    is(&doctor(None), "signing", "broken", "KARMADA_PARTNER_SIGNING_KEY=none");
    is(&doctor(Some("none")), "signing", "fine", "no key is set");
    is(&doctor(Some("none")), "commits", "fine", "openpgp");
}

/// What every other command refuses to begin with is what it is asked for.
#[test]
fn settings_that_cannot_be_used_are_told_with_the_rest() {
    let env = TestEnv::with_partner();
    std::fs::create_dir_all(env.path("home/.config/karmada-partner")).unwrap();
    env.write("home/.config/karmada-partner/config.toml", "regsitry = \"x\"\n");
    let told = env.run(&["doctor", "--json"]);
    is(&told, "settings", "broken", "did you mean registry?");
    is(&told, "registry", "fine", "1 in it");
    let shown = env.run(&["doctor"]).fails(1).stdout;
    assert!(shown.contains("config.toml can't be used: line 1: unknown key “regsitry”\n"), "{shown}");
    assert!(env.run(&["list"]).fails(2).stderr.contains("regsitry"));
    std::fs::remove_file(env.path("home/.config/karmada-partner/config.toml")).unwrap();
    for (variable, value, says) in
        [("KARMADA_PARTNER_AS", "a b", "KARMADA_PARTNER_AS"), ("SOURCE_DATE_EPOCH", "yesterday", "SOURCE_DATE_EPOCH")]
    {
        let told = env.output(env.command(&["doctor", "--json"]).env(variable, value));
        is(&told, "settings", "broken", says);
        is(&told, "registry", "fine", "1 in it");
    }
}

#[test]
fn without_a_registry_it_says_so_and_makes_none() {
    let env = TestEnv::new();
    let output = env.run(&["doctor"]).ok();
    assert!(output.stdout.contains("note  sandbox: none is named"), "{output}");
    assert!(!env.path("home/.local").exists());
    let mut elsewhere = env.command(&["doctor", "--registry", "nowhere.git", "--json"]);
    is(&env.output(&mut elsewhere), "registry", "broken", "nowhere.git");
}

#[cfg(unix)]
#[test]
fn where_no_sandbox_can_be_made_it_says_so() {
    let env = TestEnv::new();
    env.write("plain", "a file");
    let mut command = env.command(&["doctor", "--json"]);
    at_home(&mut command, Some(&env.path("plain/home"))).env_remove("KARMADA_PARTNER_REGISTRY");
    let output = env.output(&mut command);
    is(&output, "sandbox", "broken", "can't make anything in");
}

#[test]
fn without_git_the_rest_is_looked_at() {
    let env = TestEnv::with_partner();
    let mut command = env.command(&["doctor", "--json"]);
    is(&env.output(command.env("PATH", env.path("home"))), "git", "note", "install git");
    // Who is there and was ended, or can't be begun, needn't be installed.
    for (script, told, helps) in [
        ("#!/bin/sh\nkill -9 $$\n", "ended by signal 9", "the system ended it"),
        ("#!/opt/nowhere/bash\n", "/opt/nowhere/bash, which its first line names", "mend the first line"),
    ] {
        github_double::program(&env.path("home/git"), script.as_bytes());
        let output = env.output(command.env("PATH", env.path("home")));
        is(&output, "git", "note", told);
        is(&output, "git", "note", helps);
    }
}

/// A git that stumbles over its own settings is there. libgit2, which fails at the same, says neither the file nor the line.
#[test]
fn settings_that_git_cannot_read_are_told_with_their_place() {
    let env = TestEnv::with_partner();
    std::fs::create_dir_all(env.path("home")).unwrap();
    for settings in ["[merge \"x\"]\n\tcmd = \"C:\\Program Files\\x.exe\"\n", "[user]\n[core\n"] {
        env.write("home/.gitconfig", settings);
        let run = |args: &[&str], url: &str| {
            let mut command = env.command(args);
            env.by_ssh(&mut command);
            env.output(command.env("KARMADA_PARTNER_REGISTRY", url))
        };
        let place = "bad config line 2 in file $TEST/home/.gitconfig";
        is(&run(&["doctor", "--json"], "registry.git"), "git", "broken", place);
        let helps = "mend what git names there";
        is(&run(&["doctor", "--json"], "registry.git"), "git", "broken", helps);
        for args in [&["list"][..], &["init", "other.git", "--program", "program.toml"]] {
            for url in ["registry.git", "ssh://git@host.example/r.git"] {
                let told = run(args, url).fails(5);
                assert!(told.stderr.contains(place) && told.hint().contains(helps), "{told}");
            }
        }
    }
    // What git means nothing by isn't the network's fault, either.
    env.write("home/.gitconfig", "[core]\n\tcompression = 99\n");
    let told = env.output(env.by_ssh(&mut env.command(&["list"]))).fails(5);
    assert!(told.hint().contains("mend that setting of git's"), "{told}");
}

#[test]
fn a_git_too_old_for_a_token_is_told_of() {
    let env = TestEnv::with_partner();
    github_double::program(&env.path("home/git"), b"#!/bin/sh\necho 'git version 2.30.2'\n");
    let mut command = env.command(&["doctor", "--json"]);
    is(&env.output(command.env("PATH", env.path("home"))), "git", "note", "install git 2.31 or newer");
}

#[test]
fn what_an_old_git_fails_at_is_laid_at_its_door() {
    let hub = Hub::with_applicant();
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let rest = "/usr/local/bin:/usr/bin:/bin";
    // It passes over settings from the environment.
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'git version 2.30.2' && exit\nexport PATH={rest}\nunset GIT_CONFIG_COUNT\nexec git \"$@\"\n"
    );
    std::fs::create_dir(hub.env.path("bin")).unwrap();
    github_double::program(&hub.env.path("bin/git"), script.as_bytes());
    let mut command = hub.command("bob", &["approve", "acme"]);
    let output = hub.env.output(command.env("PATH", format!("{}:{rest}", hub.env.path("bin").display())));
    assert!(output.stderr.contains("install git 2.31 or newer"), "{output}");
}

#[test]
fn what_signs_is_looked_for() {
    let env = TestEnv::with_partner();
    let look = |path: Option<&str>| {
        let mut command = env.command(&["doctor", "--json"]);
        if let Some(path) = path {
            command.env("PATH", env.path(path));
        }
        env.output(&mut command)
    };
    is(&look(None), "ssh-keygen", "fine", "it is there");
    is(&look(Some("home")), "ssh-keygen", "note", "install OpenSSH");
    // As OpenSSH 7.9 says it.
    env.script("home/ssh-keygen", "echo 'ssh-keygen: illegal option -- Y' >&2\nexit 1");
    is(&look(Some("home")), "ssh-keygen", "note", "so old");
}

#[test]
fn what_check_finds_is_pointed_at() {
    let env = TestEnv::with_partner();
    env.edit("by hand", |root| std::fs::write(root.join("data/partners/acme/logo.png"), "no logo").unwrap());
    is(&env.run(&["doctor", "--json"]), "check", "broken", "karmada-partner check");
}

#[test]
fn a_key_is_tried_and_held_to_the_policy() {
    let env = TestEnv::with_registry();
    make_key(&env, "alice");
    is(&with_key(&env, "alice", "alice", &["doctor", "--json"]), "signing", "note", "--add-key alice=");
    let key = format!("alice={}", env.read("alice.pub").trim());
    env.run(&["program", "propose", "--add-key", &key, "--as", "alice"]).ok().code.unwrap();
    env.decide("program");
    is(&with_key(&env, "alice", "alice", &["doctor", "--json"]), "signing", "fine", "SHA256:");
    is(&env.run(&["doctor", "--json", "--as", "alice"]), "signing", "note", "user.signingkey");
    is(&with_key(&env, "alice", "nobodys", &["doctor", "--json"]), "signing", "broken", "KARMADA_PARTNER_SIGNING_KEY");
    let locked = std::process::Command::new("ssh-keygen")
        .args(["-q", "-p", "-P", "", "-N", "secret", "-f"])
        .arg(env.path("alice"))
        .status();
    assert!(locked.unwrap().success());
    is(&with_key(&env, "alice", "alice", &["doctor", "--json"]), "signing", "broken", "ssh-add");
}

#[test]
fn on_github_token_and_rights_are_told() {
    let mut hub = Hub::with_fork();
    let jane = hub.run("jane", &["doctor", "--json"]);
    is(&jane, "token", "fine", "KARMADA_PARTNER_TOKEN");
    is(&jane, "repository", "fine", "your fork is jane/partners");
    is(&jane, "settings", "unknown", "administrators");
    is(&jane, "workflows", "note", "--github-ci");
    is(&hub.run("alice", &["doctor", "--json"]), "you", "fine", "chair");
    hub.github.revoke_grant(REGISTRY, "bob");
    is(&hub.run("bob", &["doctor", "--json"]), "you", "broken", "may not push to karmada/partners");

    hub.use_token("jane", TokenKind::Classic { scopes: vec!["read:org".to_owned()] });
    is(&hub.run("jane", &["doctor", "--json"]), "token", "broken", "public_repo");
    hub.use_token("jane", TokenKind::FineGrained);
    is(&hub.run("jane", &["doctor", "--json"]), "token", "note", "a link to click");
    hub.revoke("jane");
    is(&hub.run("jane", &["doctor", "--json"]), "token", "broken", "KARMADA_PARTNER_TOKEN");
    let mut nobody = hub.command("alice", &["doctor", "--json"]);
    is(&hub.env.output(nobody.env_remove("KARMADA_PARTNER_TOKEN")), "token", "broken", "there is no token");
    is(&hub.run("alice", &["doctor", "--json", "--offline"]), "registry", "broken", "--offline");
    let told = hub.run("alice", &["doctor", "--offline"]).stdout;
    assert!(told.ends_with("One thing has to be mended.\n"), "{told}");
    hub.github.archive(REGISTRY, true);
    is(&hub.run("alice", &["doctor", "--json"]), "repository", "broken", "archived");
}

#[test]
fn settings_that_keep_workflows_from_proposing_are_told_to_who_can_change_them() {
    let hub = Hub::new();
    hub.github.grant(REGISTRY, "alice", Permission::Admin);
    hub.github.let_workflows_propose(false);
    is(&hub.run("alice", &["doctor", "--json"]), "settings", "broken", "Allow GitHub Actions to create");
    hub.github.let_workflows_propose(true);
    is(&hub.run("alice", &["doctor", "--json"]), "settings", "fine", "may open pull requests");
    hub.github.enable_issues(REGISTRY, false);
    is(&hub.run("alice", &["doctor", "--json"]), "repository", "note", "switched off");
}

#[test]
fn workflows_are_compared_with_those_of_this_version() {
    let hub = Hub::new();
    let place = hub.env.path("seed.git").display().to_string();
    hub.env.run(&["init", &place, "--github-ci", "--offline", "--as", "alice"]).ok().code.unwrap();
    let file = |path: &str| hub.env.git_exactly("seed.git", &["show", &format!("main:{path}")]);
    let mut told = BTreeMap::new();
    let paths = hub.env.git_exactly("seed.git", &["ls-tree", "-r", "--name-only", "main", ".github", "PRIVACY.md"]);
    for path in paths.lines() {
        told.insert(path.to_owned(), file(path));
    }
    let put = |path: &str, content: &str| hub.commit(path, content);
    for (path, content) in &told {
        put(path, content);
    }
    is(&hub.run("alice", &["doctor", "--json"]), "workflows", "broken", "doesn't say");
    // Who can't mend it isn't told to.
    is(&hub.run("jane", &["doctor", "--json"]), "workflows", "note", "doesn't say");
    let release = ".github/actions/karmada-partner/release.txt";
    put(release, "repository=karmada/tools\nversion=0.0.9\nasset=a.tar.gz\nsha256=0\n");
    is(&hub.run("jane", &["doctor", "--json"]), "workflows", "note", "they run 0.0.9");
    // What no release has.
    let other = "karmada-partner-0.0.9-x86_64-unknown-linux-musl.tar.gz";
    put(release, &format!("repository=karmada/tools\nversion=0.1.0\nasset={other}\nsha256=0\n"));
    is(&hub.run("alice", &["doctor", "--json"]), "workflows", "broken", "isn't of version “0.1.0”");
    put(
        release,
        &format!("repository=karmada/tools\nversion={}\nasset=a.tar.gz\nsha256=0\n", env!("CARGO_PKG_VERSION")),
    );
    is(&hub.run("jane", &["doctor", "--json"]), "workflows", "fine", "all there");
    put(".github/workflows/registry-ci.yml", "name: mine\n");
    is(&hub.run("jane", &["doctor", "--json"]), "workflows", "note", "registry-ci.yml");
}
