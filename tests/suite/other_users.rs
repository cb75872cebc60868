//! What another user of the same machine may not read is told as that, and not as damage.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use crate::env::{Output, SERVES, TestEnv};

const NOBODY: u32 = 65_534;

/// Somebody who owns nothing of it. Where the tests don't run as root, that is whoever runs them: they may not read what nobody may.
struct Somebody(TestEnv);

impl Somebody {
    fn of(env: TestEnv) -> Self {
        env.copy_program("program");
        for path in [env.path("."), env.path("home")] {
            set_mode(&path, 0o777);
        }
        Self(env)
    }

    fn run(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let asked = self.0.command(args);
        let mut command = Command::new(self.0.path("program"));
        command.env_clear().current_dir(self.0.path(".")).args(asked.get_args());
        command.envs(asked.get_envs().filter_map(|(name, value)| Some((name, value?))));
        for (name, place) in [("CACHE", "cache"), ("STATE", "state"), ("DATA", "data")] {
            command.env(format!("XDG_{name}_HOME"), self.0.path(&format!("home/nobodys/{place}")));
        }
        let trusts = [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "safe.directory"), ("GIT_CONFIG_VALUE_0", "*")];
        command.envs(trusts).envs(variables.iter().copied());
        if self.0.path("program").metadata().unwrap().uid() == 0 {
            command.uid(NOBODY).gid(NOBODY);
        }
        self.0.output(&mut command)
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn an_object_that_may_not_be_read_is_no_damage() {
    for file in ["partner.toml", "logo.png"] {
        let somebody = Somebody::of(TestEnv::with_partner());
        let path = format!("data/partners/acme/{file}");
        let id = somebody.0.id(&["rev-parse", &format!("main:{path}")], "");
        set_mode(&somebody.0.path(&format!("registry.git/objects/{}/{}", &id[..2], &id[2..])), 0);
        let audit = somebody.run(&["audit"], &[]);
        assert!(audit.stdout.contains(&format!("{path}: error[object-missing]")), "{audit}");
        assert!(audit.to_string().contains("may not be read by whom this runs as"), "{audit}");
        let shown = somebody.run(&["show", "acme"], &[]);
        assert!(file == "logo.png" || shown.stderr.contains("Permission denied"), "{shown}");
    }
}

#[test]
fn a_reference_that_may_not_be_read_is_neither_locked_nor_damaged() {
    for branch in ["main", "apply/globex"] {
        let env = TestEnv::with_partner();
        env.apply("Globex").ok().code.unwrap();
        let somebody = Somebody::of(env);
        set_mode(&somebody.0.path(&format!("registry.git/refs/heads/{branch}")), 0);
        let told = somebody.run(&["list", "--proposals"], &[]);
        assert!(told.stderr.contains(&format!("can't read refs/heads/{branch}")), "{told}");
        assert!(told.stderr.contains("Permission denied") && told.stderr.contains("check its permissions"), "{told}");
        assert!(!told.stderr.contains("locked") && !told.stderr.contains("fsck"), "{told}");
    }
}

/// Who can't see what waits doesn't say that nothing does.
#[test]
fn nothing_is_denied_beside_what_may_not_be_read() {
    let env = TestEnv::with_registry();
    env.apply("Globex").ok().code.unwrap();
    let somebody = Somebody::of(env);
    set_mode(&somebody.0.path("registry.git/refs/heads/apply/globex"), 0);
    for args in [&["list"][..], &["list", "--state", "applied"], &["list", "--proposals"], &["review"], &["stats"]] {
        let told = somebody.run(args, &[]).fails(5);
        assert!(
            told.stdout.is_empty() && told.stderr.starts_with("error: can't read refs/heads/apply/globex"),
            "{told}"
        );
        assert_eq!(told.hint(), "hint: check its permissions", "{told}");
    }
}

/// A clone denies nothing that its remote may have.
#[test]
fn branches_of_a_remote_that_may_not_be_read_are_not_denied() {
    let env = TestEnv::with_registry();
    env.apply("Globex").ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "registry.git", "clone"]);
    let somebody = Somebody::of(env);
    let hidden = somebody.0.path("clone/.git/refs/remotes/origin");
    set_mode(&hidden, 0);
    for args in [&["list"][..], &["list", "--proposals"], &["status", "globex"]] {
        let told = somebody.run(&[args, &["--registry", "clone"]].concat(), &[]).fails(5);
        assert!(told.stderr.contains("refs/remotes/origin: Permission denied"), "{told}");
        assert!(!told.to_string().contains("isn't in the registry") && !told.stderr.contains("fsck"), "{told}");
        assert!(told.stdout.is_empty() && !told.stderr.contains("starts an application"), "{told}");
    }
    let told = somebody.run(&["check", "--registry", "clone"], &[]).fails(1);
    assert!(told.stdout.contains("refs/remotes: error[object-missing]"), "{told}");
    set_mode(&hidden, 0o755);
}

/// Of settings that can't be read nothing is known, least of all that there are none.
#[test]
fn settings_of_a_repository_that_may_not_be_read_are_not_taken_for_none() {
    let env = TestEnv::with_partner();
    env.git_at(".", &["clone", "--quiet", "registry.git", "clone"]);
    env.git_at("clone", &["worktree", "add", "--quiet", "--detach", "../linked"]);
    let somebody = Somebody::of(env);
    for (registry, config) in
        [("registry.git", "registry.git/config"), ("clone", "clone/.git/config"), ("linked", "clone/.git/config")]
    {
        set_mode(&somebody.0.path(config), 0);
        for command in ["list", "check"] {
            let told = somebody.run(&[command, "--registry", registry], &[]).fails(5);
            assert!(told.stderr.contains("/config: Permission denied"), "{told}");
            assert!(told.hint().contains("check its permissions") && told.stdout.is_empty(), "{told}");
        }
        set_mode(&somebody.0.path(config), 0o644);
    }
}

/// As a container's user finds the home of whoever built its image.
#[test]
fn a_home_that_may_not_be_entered_is_named() {
    let somebody = Somebody::of(TestEnv::with_partner());
    let home = somebody.0.path("of-another");
    std::fs::create_dir(&home).unwrap();
    std::fs::write(home.join(".gitconfig"), "[user]\n\tname = Jane\n").unwrap();
    let settings = somebody.0.path("home/.config").display().to_string();
    let list = |home: &Path| {
        somebody.run(&["list"], &[("HOME", home.to_str().unwrap()), ("XDG_CONFIG_HOME", settings.as_str())])
    };
    list(&home).ok().code.unwrap();
    set_mode(&home, 0);
    let told = list(&home).fails(5);
    assert!(told.stderr.contains("of-another/.gitconfig: Permission denied"), "{told}");
    assert!(told.stderr.contains("hint: HOME, or XDG_CONFIG_HOME, names a folder"), "{told}");
    list(Path::new("/nonexistent")).ok().code.unwrap();
    set_mode(&home, 0o755);
}

/// git itself passes over that one file, and a vote would go unsigned where its owner has a key.
#[test]
fn a_persons_own_settings_that_may_not_be_read_are_told() {
    let somebody = Somebody::of(TestEnv::with_applicant());
    let set = somebody.0.path("home/.gitconfig");
    std::fs::write(&set, "[user]\n\tsigningkey = /home/alice/.ssh/id\n[gpg]\n\tformat = ssh\n").unwrap();
    set_mode(&set, 0);
    let vote = ["approve", "acme", "--as", "alice", "--dry-run"];
    let told = somebody.run(&vote, &[]).fails(5);
    assert!(told.stderr.contains("home/.gitconfig: Permission denied"), "{told}");
    assert!(told.hint().contains("check its permissions"), "{told}");
    let told = somebody.run(&["doctor"], &[]);
    assert!(!told.stdout.contains("no key is set"), "{told}");
    // What is named in its place is what counts.
    somebody.run(&vote, &[("GIT_CONFIG_GLOBAL", "/dev/null")]).ok().code.unwrap();
    somebody.run(&["list"], &[]).ok().code.unwrap();
    set_mode(&set, 0o644);
}

/// What of a website's checkout is committed isn't known where git doesn't go into it.
/// A container's user, or a job's, can write to few places, and what is behind an address is read by way of a copy.
#[test]
fn where_no_copy_can_be_kept_what_names_another_place_is_told() {
    let env = TestEnv::with_partner();
    env.script("bin/ssh", SERVES);
    env.write("home/.gitconfig", "[safe]\n\tdirectory = *\n");
    let somebody = Somebody::of(env);
    let url = format!("ssh://git@host.example{}", somebody.0.path("registry.git").display());
    let ssh = somebody.0.path("bin/ssh").display().to_string();
    let cache = somebody.0.path("home/nobodys/cache").display().to_string();
    let variables = [("KARMADA_PARTNER_REGISTRY", url.as_str()), ("GIT_SSH_COMMAND", &ssh)];
    let list = || somebody.run(&["list"], &variables);
    std::fs::create_dir_all(&cache).unwrap();
    set_mode(Path::new(&cache), 0o555);
    let told = list().fails(5);
    assert!(told.stderr.contains("hint: set XDG_CACHE_HOME to a folder that can be written to"), "{told}");
    // Also where there is one that can't be brought up to date any more.
    set_mode(Path::new(&cache), 0o777);
    assert!(list().ok().stdout.contains("acme"));
    let copies = Path::new(&cache).join("karmada-partner/registries");
    let copy = std::fs::read_dir(copies).unwrap().next().unwrap().unwrap().path();
    set_mode(&copy.join("FETCH_HEAD"), 0o444);
    if copy.metadata().unwrap().uid() == NOBODY {
        std::os::unix::fs::chown(copy.join("FETCH_HEAD"), Some(0), Some(0)).unwrap();
    }
    let told = list().fails(5);
    assert!(told.hint().contains("set XDG_CACHE_HOME to a folder"), "{told}");
}

#[test]
fn nothing_is_written_over_in_a_checkout_of_another_users() {
    let env = crate::page::shown();
    if env.path("site").metadata().unwrap().uid() != 0 {
        return;
    }
    crate::page::edit_site(&env, "Runs Karmada", "Runs Karmada today");
    let by_hand = env.read("site/src/data/partnersData.tsx");
    for place in
        crate::unread::all_files(&env.path("site")).into_iter().chain([env.path("site"), env.path("site/.git")])
    {
        std::os::unix::fs::chown(place, Some(NOBODY), None).unwrap();
    }
    let refused = env.run(&["render", "website", "--out", "site"]);
    assert!(
        refused.stderr.contains("belongs to another user") && refused.stderr.contains("safe.directory"),
        "{refused}"
    );
    assert_eq!(env.read("site/src/data/partnersData.tsx"), by_hand);
    env.run(&["render", "website", "--out", "site", "--allow-dirty"]).ok().code.unwrap();
}

/// What may not be looked at isn't called taken.
#[test]
fn a_registry_is_not_founded_where_nobody_may_go() {
    let somebody = Somebody::of(TestEnv::new());
    std::fs::create_dir(somebody.0.path("shut")).unwrap();
    set_mode(&somebody.0.path("shut"), 0);
    let told = somebody.run(&["init", "shut/new.git"], &[]).fails(5);
    assert!(told.stderr.contains("Permission denied"), "{told}");
    assert_eq!(told.hint(), "hint: check its permissions");
}
