use snapbox::{assert_data_eq, str};

use crate::env::TestEnv;
use crate::terminal::Terminal;

/// The files that a registry begins with.
const SEED: &str = "data/program.toml\ndata/program/log/0001\ndata/program/policies/0001.toml\n";

#[test]
fn makes_a_registry_and_says_how_to_use_it() {
    let env = TestEnv::new();
    assert_data_eq!(
        env.run(&["init", "r.git"]).to_string(),
        str![[r#"
exit 0
--- stdout
Made a registry at r.git.
--- stderr
warning: it isn't known who you are: on record stands jane, as this machine calls you; --as LOGIN says it, or github.user in git's configuration
Its committee: jane alone. For a real one, give --program FILE.
hint: use it with --registry r.git, or set KARMADA_PARTNER_REGISTRY

"#]]
    );
    assert_eq!(env.git_at("r.git", &["ls-tree", "-r", "--name-only", "HEAD"]), SEED);
    assert_data_eq!(
        env.git_at("r.git", &["log", "--format=%an <%ae>%n%B", "main"]),
        str![[r#"
jane <jane@users.noreply.github.com>
program: the registry begins

Its policy is data/program.toml.

KP-Event: v1 founded
KP-Registry: none
KP-Partner: program
KP-Seq: 1
KP-Round: 1
KP-Subject: policy
KP-Actor: jane
KP-Time: 2026-09-21T14:14:20Z
KP-Policy: sha256:6f486222381d4c9d852c6ab6ba2728b6e9765662500895705d1fa8461ff6b307
KP-Record: sha256:6f486222381d4c9d852c6ab6ba2728b6e9765662500895705d1fa8461ff6b307
KP-Logo: none
KP-Objects: [COMMIT]
KP-Prev: none
KP-Votes: none
Signed-off-by: jane <jane@users.noreply.github.com>


"#]]
    );
}

#[test]
fn again_it_changes_nothing() {
    let env = TestEnv::with_registry();
    let head = env.git(&["rev-parse", "HEAD"]);
    assert_data_eq!(
        env.run(&["init", "registry.git", "--program", "program.toml"]).ok().stdout,
        str![[r#"
There is already such a registry at registry.git.

"#]]
    );
    assert_eq!(env.git(&["rev-parse", "HEAD"]), head);
}

#[test]
fn a_place_that_is_taken_is_left_alone() {
    let env = TestEnv::with_registry();
    std::fs::create_dir(env.path("full")).unwrap();
    env.write("full/file", "x");
    assert_data_eq!(
        env.run(&["init", "full"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: full isn't empty
hint: name a path where nothing is yet

"#]]
    );
    assert_data_eq!(
        env.run(&["init", "registry.git"]).to_string(),
        str![[r#"
exit 1
--- stderr
error: registry.git is a registry already, with another program
hint: choose another path

"#]]
    );
    assert_data_eq!(
        env.run(&["init", "logo.png"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: can't make a registry at logo.png: Not a directory (os error 20)
hint: name a path where nothing is yet

"#]]
    );
}

/// Another command would take the name of such a folder for the address.
#[test]
fn an_address_is_no_place_to_make_one() {
    let env = TestEnv::with_registry();
    for address in ["github:foo/bar", "https://host.example/r.git", "git@host.example:r.git", "ftp://host.example/r"] {
        let told = env.run(&["init", address, "--program", "program.toml"]).fails(2);
        assert!(told.stderr.contains(&format!("{address} is an address")), "{told}");
    }
    let told = env.run(&["init", "https://jane:secret@host.example/r.git"]).fails(2);
    assert!(told.stderr.contains("is an address") && !told.to_string().contains("secret"), "{told}");
    let below = format!("file://{}/r.git", env.path("home").display());
    env.run(&["init", &below, "--program", "program.toml"]).ok().code.unwrap();
    assert!(env.path("home/r.git/HEAD").exists());
    env.run(&["init", "~/s.git", "--program", "program.toml"]).ok().code.unwrap();
    assert!(env.path("home/s.git/HEAD").exists());
}

#[test]
fn a_bare_repository_in_which_nothing_is_becomes_one() {
    let env = TestEnv::with_registry();
    env.git_at(".", &["init", "--quiet", "--bare", "--initial-branch", "trunk", "empty.git"]);
    let call = ["init", "empty.git", "--program", "program.toml"];
    assert!(env.run(&["init", "empty.git", "--dry-run"]).ok().stdout.contains("Would make a registry"));
    assert!(env.run(&call).ok().stdout.contains("Made a registry at empty.git"));
    assert_eq!(env.git_at("empty.git", &["rev-list", "--count", "trunk"]).trim(), "1");
    assert!(env.run(&["check", "--registry", "empty.git"]).ok().stdout.contains("No problems"));
    assert!(env.run(&call).ok().stdout.contains("already such a registry"));
    // With files checked out beside it, they would be at odds.
    env.git_at(".", &["init", "--quiet", "checkout"]);
    env.run(&["init", "checkout", "--program", "program.toml"]).fails(1).code.unwrap();
}

/// A repository with a history of its own, in which a merge once brought a data/ that is gone.
fn repository(env: &TestEnv) {
    env.git_at(".", &["init", "--quiet", "--initial-branch", "main", "site"]);
    let commit = |message: &str| {
        env.git_at("site", &["add", "--all"]);
        env.git_at("site", &["commit", "--quiet", "--message", message]);
    };
    env.write("site/README.md", "A website.\n");
    commit("begin");
    env.git_at("site", &["checkout", "--quiet", "-b", "words"]);
    std::fs::create_dir_all(env.path("site/data/en")).unwrap();
    env.write("site/data/en/about.yml", "about: us\n");
    commit("words");
    env.git_at("site", &["checkout", "--quiet", "main"]);
    env.git_at("site", &["merge", "--quiet", "--no-ff", "--message", "merge words", "words"]);
    env.git_at("site", &["rm", "--quiet", "-r", "data"]);
    commit("another generator");
    env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
}

#[test]
fn a_repository_of_something_else_becomes_a_registry_by_one_commit() {
    let env = TestEnv::new();
    repository(&env);
    let before = env.git_at("site.git", &["rev-parse", "main"]);
    let alone = env.run(&["init", "site.git"]);
    assert_eq!(alone.code, Some(1));
    assert!(alone.stderr.contains("give --program FILE to make it a registry, too"), "{alone}");
    env.write("program.toml", crate::env::PROGRAM);
    let init = ["init", "site.git", "--program", "program.toml", "--github-ci", "--as", "alice"];
    let planned = env.run(&[&init[..], &["--dry-run"]].concat()).ok().stdout;
    assert!(planned.contains("+ data/program.toml") && planned.ends_with("nothing was changed.\n"), "{planned}");
    assert_eq!(env.git_at("site.git", &["rev-parse", "main"]), before);
    let made = env.run(&init).ok().stdout;
    assert_eq!(made, "Made a registry in the repository at site.git.\n");
    assert_eq!(env.git_at("site.git", &["rev-parse", "main^"]), before);
    let changed = env.git_at("site.git", &["diff", "--name-status", "main^", "main"]);
    assert!(changed.lines().all(|line| line.starts_with("A\t")), "{changed}");
    assert!(changed.contains("data/program/log/0001") && changed.contains(".github/workflows"), "{changed}");
    let again = env.run(&init).ok().stdout;
    assert_eq!(again, "There is already such a registry at site.git.\n");
    // What was before the registry isn't its.
    let audit = env.run(&["audit", "--registry", "site.git"]).ok().stdout;
    assert!(audit.ends_with("Nothing was found: every step is explained.\n"), "{audit}");
    assert!(env.run(&["check", "--registry", "site.git"]).ok().stdout.contains("No problems found."));
}

#[test]
fn what_lies_below_data_already_stays_and_is_told_of() {
    let env = TestEnv::new();
    repository(&env);
    env.git_at("site.git", &["update-ref", "refs/heads/main", "main^"]);
    env.write("program.toml", crate::env::PROGRAM);
    let refused = env.run(&["init", "site.git", "--program", "program.toml"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("site.git has a directory data/ of its own"), "{refused}");
}

#[test]
fn every_fault_of_a_program_is_told_at_once() {
    let env = TestEnv::new();
    env.write(
        "bad.toml",
        "schema = 1\nnam = \"P\"\n[[committee]]\ngithub = \"al ice\"\naffiliation = 3\n[decisions.approve]\nqorum = 2\nthreshold = \"3/2\"\nobjection = \"maybe\"\n[decisions.expell]\n",
    );
    assert_data_eq!(
        env.run(&["init", "r.git", "--program", "bad.toml"]).to_string(),
        str![[r#"
exit 2
--- stderr
error: bad.toml can't be used:
  line 2: unknown key “nam”
  line 4: github “al ice”: “ ” can't stand in a GitHub ID
  line 5: affiliation is a number
  line 7: unknown key “qorum”
  line 8: threshold “3/2”: it isn't a share
  line 9: objection “maybe”: “maybe” isn't known here
  line 10: unknown key “expell”
  name is missing
hint: nam: did you mean name?
hint: github: give the GitHub ID as in github.com/ID: 1 to 39 letters, digits, hyphens and underscores
hint: affiliation: write a string in quotes
hint: qorum: did you mean quorum?
hint: threshold: write a fraction such as 2/3, no more than 1/1
hint: objection: one of: counts, blocks
hint: expell: known here: approve, reject, update, exit, policy
hint: name: say what the program is called

"#]]
    );
    assert!(!env.path("r.git").exists());
}

/// What a hint says to write is taken, and what stands there isn't called missing.
#[test]
fn a_hint_about_a_program_leads_into_no_other_error() {
    let env = TestEnv::new();
    let begins = "schema = 1\nname = \"P\"\n";
    let committee = "[[committee]]\ngithub = \"alice\"\naffiliation = \"A\"\n";
    for (rest, says, says_not) in [
        (
            format!("{committee}[terms]\nservices = 1.5\n"),
            "hint: services: write [[terms.services]] above each",
            "[[services]]",
        ),
        (
            format!("{committee}[decisions]\napprove = 1\n"),
            "hint: approve: write a table, [decisions.approve]",
            "[approve]",
        ),
        (format!("{committee}[signatures]\nkeys = \"x\"\n"), "unknown key “keys”", "known here: \n"),
        (
            format!("{committee}[decisions.approve]\nquorum = 99999999999999999999\n"),
            "quorum is 99999999999999999999\nhint: quorum: from 1 to ",
            "a whole number",
        ),
        (format!("{committee}[committee]\ngithub = \"bob\"\n"), "duplicate key", "missing"),
        (
            format!("{committee}[[terms.services]]\nid = \"Support\"\nen = \"Support\"\n"),
            "id “Support”: a term's id can't be spelled so\nhint: id: use 1 to 30 lower-case letters",
            "a term needs",
        ),
        (format!("{committee}[[terms.services]]\nid = \"support\"\n"), "a term needs id and en", "be spelled so"),
    ] {
        env.write("p.toml", format!("{begins}{rest}"));
        let told = env.run(&["init", "r.git", "--program", "p.toml"]).fails(2).stderr;
        assert!(told.contains(says) && !told.contains(says_not), "{rest}: {told}");
    }
}

#[test]
fn a_policy_that_nobody_could_carry_is_warned_of() {
    let env = TestEnv::new();
    env.write("p.toml", "schema = 1\nname = \"P\"\n[[committee]]\ngithub = \"a\"\naffiliation = \"A\"\n[decisions.update]\nquorum = 3\n");
    assert_data_eq!(
        env.run(&["init", "r.git", "--program", "p.toml"]).ok().stderr,
        str![[r#"
warning: approve takes 2 votes, and the committee has 1: it could never be carried
warning: approve takes 2 affiliations, and the committee has 1: it could never be carried
warning: reject takes 2 votes, and the committee has 1: it could never be carried
warning: reject takes 2 affiliations, and the committee has 1: it could never be carried
warning: update takes 3 votes, and the committee has 1: it could never be carried
warning: exit takes 2 votes, and the committee has 1: it could never be carried
warning: exit takes 2 affiliations, and the committee has 1: it could never be carried
warning: policy takes 2 votes, and the committee has 1: it could never be carried
warning: policy takes 2 affiliations, and the committee has 1: it could never be carried
warning: it isn't known who you are: on record stands jane, as this machine calls you; --as LOGIN says it, or github.user in git's configuration
hint: use it with --registry r.git, or set KARMADA_PARTNER_REGISTRY

"#]]
    );
}

#[test]
fn the_embedded_registry_is_made_on_first_use_and_said_so() {
    let env = TestEnv::new();
    assert_data_eq!(
        env.run(&["list"]).to_string(),
        str![[r#"
exit 0
--- stdout
There are no partners yet.
--- stderr
Made a sandbox registry at $TEST/home/.local/share/karmada-partner/registry.git.
It is yours alone: you are its committee, and nothing is published. Name a real one with --registry.
hint: karmada-partner apply starts an application

"#]]
    );
    assert_data_eq!(
        env.run(&["list"]).to_string(),
        str![[r#"
exit 0
--- stdout
There are no partners yet.
--- stderr
This is your sandbox registry: nothing is published. Name a real one with --registry.
hint: karmada-partner apply starts an application

"#]]
    );
    assert!(env.path("home/.local/share/karmada-partner/registry.git/HEAD").exists());
}

/// A new repository of a kind that can't be read isn't one with something in it.
#[test]
fn a_repository_of_another_kind_is_told_as_that() {
    let env = TestEnv::new();
    env.git_at(".", &["init", "--quiet", "--bare", "--object-format=sha256", "other.git"]);
    let refused = env.run(&["init", "other.git", "--as", "alice"]);
    assert_ne!(refused.code, Some(0), "{refused}");
    assert!(refused.stderr.contains("SHA-256") && !refused.stderr.contains("isn't empty"), "{refused}");
}

/// Whatever is proposed to be typed is what a shell reads back.
#[test]
fn a_registry_is_named_as_a_shell_takes_it() {
    let env = TestEnv::new();
    for name in ["my reg.git", "it's $x;`y`.git", "plain.git"] {
        let made = env.run(&["init", name, "--as", "alice"]).ok().stderr;
        let typed = made.split_once("--registry ").unwrap().1.split_once(", or set").unwrap().0;
        let read = std::process::Command::new("sh").args(["-c", &format!("printf %s {typed}")]).output().unwrap();
        assert_eq!(String::from_utf8(read.stdout).unwrap(), name, "{made}");
    }
}

/// What this machine calls somebody is no GitHub ID: it goes on record only where nothing else is known, and is told.
#[test]
fn who_founds_is_known_or_told() {
    let env = TestEnv::new();
    env.write("program.toml", crate::env::PROGRAM);
    let init = |path: &str, more: &[&str]| env.run(&[&["init", path, "--program", "program.toml"], more].concat()).ok();
    let by = |path: &str| env.git_at(path, &["log", "-1", "--format=%an"]).trim().to_owned();
    let told = init("a.git", &[]);
    assert!(told.stderr.contains("on record stands jane, as this machine calls you"), "{told}");
    assert_eq!(by("a.git"), "jane");
    assert!(!init("b.git", &["--as", "octocat"]).stderr.contains("this machine"));
    env.git_at(".", &["config", "--global", "github.user", "octocat"]);
    assert!(!init("c.git", &[]).stderr.contains("this machine"));
    for path in ["b.git", "c.git"] {
        assert!(env.git_at(path, &["log", "-1", "--format=%B"]).contains("KP-Actor: octocat"), "{path}");
    }
    env.git_at(".", &["config", "--global", "--unset", "github.user"]);
    let mut terminal = Terminal::sized(&env.command(&["init", "d.git", "--program", "program.toml"]), 24, 80);
    terminal.answers("? Your GitHub ID, as it goes on record", "\u{15}mona");
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
    assert!(env.git_at("d.git", &["log", "-1", "--format=%B"]).contains("KP-Actor: mona"));
}

/// The first commit is by whom git was told, and signed as it was, as all later ones are.
#[test]
fn the_first_commit_is_signed_as_git_is_set_to() {
    let env = TestEnv::new();
    env.script("bin/signs", "echo SIGNED; echo '[GNUPG:] SIG_CREATED D' >&2");
    let settings = |program: &str| {
        let program = env.path(program);
        format!(
            "[user]\n\tname = Jane Doe\n\temail = jane@x.example\n[github]\n\tuser = jane\n[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = {}\n",
            program.display()
        )
    };
    let init = |path: &str, who: &str, program: &str| {
        env.write("settings", settings(program));
        env.output(env.command(&["init", path, "--as", who]).env("GIT_CONFIG_GLOBAL", "settings"))
    };
    init("r.git", "jane", "bin/signs").ok().code.unwrap();
    let commit = env.git_at("r.git", &["cat-file", "commit", "main"]);
    assert!(commit.contains("\nauthor Jane Doe <jane@x.example>") && commit.contains("\ngpgsig SIGNED"), "{commit}");
    let refused = init("other.git", "jane", "bin/none").fails(5);
    assert!(refused.stderr.contains("commit.gpgsign false") && !env.path("other.git").exists(), "{refused}");
    // Nobody else's is.
    init("theirs.git", "bob", "bin/none").ok().code.unwrap();
}
