//! Registries that can't be used, each said in words; machines that fail.

use std::process::Command;

use snapbox::{assert_data_eq, str};

use crate::env::{TestEnv, beside};

fn list(env: &TestEnv, registry: &str) -> String {
    env.run(&["list", "--registry", registry]).to_string()
}

#[test]
fn places_that_are_no_registry() {
    let env = TestEnv::new();
    std::fs::create_dir(env.path("folder")).unwrap();
    env.write("file", "x");
    env.git_at(".", &["init", "--quiet", "--bare", "empty.git"]);
    env.git_at(".", &["init", "--quiet", "no-program"]);
    env.git_at("no-program", &["commit", "--quiet", "--allow-empty", "--message", "x"]);
    assert_data_eq!(
        list(&env, "nowhere"),
        str![[r#"
exit 3
--- stderr
error: there is no registry at nowhere
hint: check the path, or make one there with karmada-partner init

"#]]
    );
    assert_data_eq!(
        list(&env, "folder"),
        str![[r#"
exit 2
--- stderr
error: folder isn't a git repository
hint: make a registry with karmada-partner init PATH

"#]]
    );
    assert_data_eq!(
        list(&env, "file"),
        str![[r#"
exit 2
--- stderr
error: file is a file, and no git repository
hint: name the repository's folder; unpack it first, if that is an archive of it

"#]]
    );
    assert_data_eq!(
        list(&env, "empty.git"),
        str![[r#"
exit 3
--- stderr
error: the registry at empty.git is empty: refs/heads/master has no commit
hint: make a registry with karmada-partner init PATH

"#]]
    );
    assert_data_eq!(
        env.run(&["program", "--registry", "no-program"]).to_string(),
        str![[r#"
exit 3
--- stderr
error: the repository at no-program has no data/program.toml
hint: it isn't a registry; make one with karmada-partner init PATH

"#]]
    );
    assert_data_eq!(
        list(&env, "github:karmada-io"),
        str![[r#"
exit 2
--- stderr
error: --registry: it isn't the name of a repository on GitHub
hint: write github:OWNER/REPO

"#]]
    );
    assert_data_eq!(
        list(&env, "gopher://x/y"),
        str![[r#"
exit 2
--- stderr
error: --registry: “gopher” isn't a way to reach a registry
hint: use https:// or ssh://

"#]]
    );
}

#[test]
fn kinds_of_repositories_that_cannot_be_read() {
    let env = TestEnv::new();
    env.git_at(".", &["init", "--quiet", "--bare", "--object-format=sha256", "sha256.git"]);
    env.git_at(".", &["init", "--quiet", "--bare", "--ref-format=reftable", "reftable.git"]);
    assert_data_eq!(
        list(&env, "sha256.git"),
        str![[r#"
exit 2
--- stderr
error: the repository at sha256.git uses SHA-256 object names, which can't be read here
hint: use a repository made with --object-format=sha1

"#]]
    );
    assert_data_eq!(
        list(&env, "reftable.git"),
        str![[r#"
exit 2
--- stderr
error: the repository at reftable.git stores its references as reftable, which can't be read here
hint: git refs migrate --ref-format=files

"#]]
    );
}

/// Neither where it lies nor what git says of that is a reason.
#[test]
fn what_a_folder_is_called_says_nothing_of_it() {
    let env = TestEnv::new();
    for name in ["extension", "sha256", "reftable", "partialclone", "objectformat"] {
        let said = list(&env, &format!("{name}/registry.git"));
        assert!(said.contains("there is no registry at"), "{said}");
        std::fs::create_dir(env.path(name)).unwrap();
        let said = list(&env, name);
        assert!(said.contains(&format!("{name} isn't a git repository")), "{said}");
    }
}

#[test]
fn repositories_of_which_something_is_gone() {
    let env = TestEnv::with_partner();
    std::fs::rename(env.path("registry.git/HEAD"), env.path("HEAD")).unwrap();
    assert_data_eq!(
        list(&env, "registry.git"),
        str![[r#"
exit 5
--- stderr
error: the git repository at registry.git is damaged: it lacks HEAD
hint: bring that from another clone, or clone it again

"#]]
    );
    std::fs::rename(env.path("HEAD"), env.path("registry.git/HEAD")).unwrap();
    env.git_at("registry.git", &["worktree", "add", "--quiet", "../tree", "-b", "tree"]);
    assert!(list(&env, "tree").contains("acme"));
    std::fs::rename(env.path("registry.git"), env.path("moved.git")).unwrap();
    let said = list(&env, "tree");
    assert!(said.contains("tree/.git points to ") && said.contains("git worktree repair"), "{said}");
    assert!(said.starts_with("exit 2") && !said.contains("isn't a git repository"), "{said}");
    env.git_at("moved.git", &["config", "core.repositoryFormatVersion", "1"]);
    env.git_at("moved.git", &["config", "extensions.somethingNew", "true"]);
    let said = list(&env, "moved.git");
    assert!(said.contains("uses an extension of git that can't be read here: extensions.somethingnew"), "{said}");
}

#[test]
fn a_shallow_clone_can_be_read_and_not_written() {
    let env = TestEnv::with_partner();
    let url = format!("file://{}", env.path("registry.git").display());
    env.git_at(".", &["clone", "--quiet", "--bare", "--depth=1", &url, "shallow.git"]);
    assert!(list(&env, "shallow.git").contains("acme"));
    let args = ["update", "acme", "--name", "Acme Cloud", "--as", "acme-bot", "--registry", "shallow.git"];
    assert_data_eq!(
        env.run(&args).to_string(),
        str![[r#"
exit 2
--- stderr
error: the registry at shallow.git is a shallow clone: its history is cut off, and can't be added to
hint: complete it with git fetch --unshallow

"#]]
    );
}

/// Needs to be root to give a directory away.
#[test]
fn a_repository_of_somebody_else_is_not_trusted() {
    let env = TestEnv::with_registry();
    let given = Command::new("chown").args(["-R", "65534"]).arg(env.path("registry.git")).output().unwrap();
    if !given.status.success() {
        return;
    }
    assert_data_eq!(
        list(&env, "registry.git"),
        str![[r#"
exit 4
--- stderr
error: the repository at registry.git belongs to another user
hint: if you trust it: git config --global --add safe.directory $TEST/registry.git

"#]]
    );
}

#[test]
fn the_default_branch_may_be_called_otherwise() {
    let env = TestEnv::with_registry();
    env.git(&["branch", "--move", "main", "trunk"]);
    env.apply("Acme").ok().code.unwrap();
    env.decide("acme");
    assert_eq!(env.state("acme"), "active");
    assert_eq!(env.git(&["branch", "--list"]), "* trunk\n");
}

#[test]
fn a_checkout_can_be_read_and_takes_proposals_but_no_decision() {
    let env = TestEnv::with_applicant();
    env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    env.git_at("checkout", &["branch", "--quiet", "apply/acme", "origin/apply/acme"]);
    env.run(&["approve", "acme", "--as", "alice", "--registry", "checkout"]).ok().code.unwrap();
    assert_data_eq!(
        env.run(&["approve", "acme", "--as", "bob", "--registry", "checkout"]).to_string(),
        str![[r#"
exit 4
--- stderr
error: checkout is a checkout, and its default branch is not changed under its working tree
hint: name the bare repository it was cloned from, or make one with git clone --bare

"#]]
    );
    assert_eq!(env.git_at("checkout", &["status", "--porcelain"]), "");
}

/// Elsewhere the system knows a home that no variable names.
#[cfg(target_os = "linux")]
#[test]
fn without_a_home_a_named_registry_still_works() {
    let env = TestEnv::with_registry();
    let mut command = env.command(&["list"]);
    env.output(crate::env::at_home(&mut command, None)).ok().code.unwrap();
    let mut command = env.command(&["list"]);
    assert_data_eq!(
        env.output(crate::env::at_home(&mut command, None).env_remove("KARMADA_PARTNER_REGISTRY")).to_string(),
        str![[r#"
exit 5
--- stderr
error: there is no home directory: HOME isn't set
hint: set HOME, or name a registry with --registry PATH

"#]]
    );
}

/// A full disk, for real: a small file system in a namespace of its own. Where the machine allows none, nothing is tested.
#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_nothing_is_half_done() {
    let env = TestEnv::with_registry();
    std::fs::create_dir(env.path("small")).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=400k tmpfs small && cp -r registry.git small/r.git && (cat /dev/zero > small/fill 2>/dev/null; true) \
         && {} apply --name Acme --website https://acme.example --github acme --logo logo.png --registry small/r.git --yes; \
         echo \"exit $?\"; git -C small/r.git for-each-ref; git -C small/r.git fsck 2>&1",
        env!("CARGO_BIN_EXE_karmada-partner")
    );
    let mut shell = beside("unshare", &env.command(&[]));
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    let output = env.output(&mut shell);
    if output.stderr.contains("unshare:") || output.stderr.contains("mount:") {
        return;
    }
    assert!(output.stdout.contains("exit 5"), "{output}");
    assert!(
        output.stderr.contains("No space left on device") && output.stderr.contains("hint: free space"),
        "{output}"
    );
    assert!(!output.stdout.contains("apply/acme"), "{output}");
}

/// Where the commit that brought an event is cut off, no other is given for it.
#[test]
fn a_cut_history_has_no_commit_for_what_came_before() {
    let env = TestEnv::with_partner();
    let commits = |args: &[&str]| -> Vec<serde_json::Value> {
        // As it is: elsewhere ids are taken out.
        let told: serde_json::Value = serde_json::from_slice(&env.command(args).output().unwrap().stdout).unwrap();
        let events = told["events"].as_array().unwrap().clone();
        events.into_iter().map(|event| event["commit"].clone()).collect()
    };
    let whole = commits(&["log", "--json"]);
    let url = format!("file://{}", env.path("registry.git").display());
    for depth in ["1", "2"] {
        let depth = ["--depth", depth];
        let _ = std::fs::remove_dir_all(env.path("short.git"));
        env.git_at(".", &["clone", "--quiet", "--bare", depth[0], depth[1], "--no-single-branch", &url, "short.git"]);
        let short = commits(&["log", "--json", "--registry", "short.git"]);
        assert_eq!(short.len(), whole.len());
        for (short, whole) in short.iter().zip(&whole) {
            assert!(short == whole || short.is_null(), "{depth:?}: {short} for {whole}");
        }
        assert!(short.iter().any(serde_json::Value::is_null), "{depth:?}: {short:?}");
        let told = env.run(&["log", "--registry", "short.git"]).ok();
        let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("whose history is cut off") && said.contains("git fetch --unshallow"), "{said}");
    }
    assert!(!env.run(&["log"]).ok().stderr.contains("cut off"));
}

#[cfg(unix)]
#[test]
fn folders_that_cant_be_looked_into_are_told_as_that() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let env = TestEnv::with_partner();
    std::fs::create_dir(env.path("looped")).unwrap();
    symlink(".git", env.path("looped/.git")).unwrap();
    let said = list(&env, "looped");
    assert!(said.contains("can't look at looped/.git: Too many levels"), "{said}");
    assert!(!said.contains("isn't a git repository") && !said.contains("init"), "{said}");
    let closed = |mode| {
        let path = env.path("registry.git");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    closed(0o000);
    // Root looks into everything.
    let said = std::fs::read_dir(env.path("registry.git")).is_err().then(|| list(&env, "registry.git"));
    closed(0o755);
    if let Some(said) = said {
        assert!(said.contains("can't look at registry.git") && said.contains("permissions"), "{said}");
        assert!(!said.contains("init"), "{said}");
    }
}

/// A disk that is full while a website is written, as above.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_by_the_file_that_was_meant() {
    let env = TestEnv::with_partner();
    std::fs::create_dir(env.path("small")).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=40k tmpfs small && mkdir small/x && (cat /dev/zero > small/x/fill 2>/dev/null; true) \
         && {program} render directory --out small/out; {program} stats --svg small/stats.svg",
        program = env!("CARGO_BIN_EXE_karmada-partner")
    );
    let mut shell = beside("unshare", &env.command(&[]));
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    let output = env.output(&mut shell);
    if output.stderr.contains("unshare:") || output.stderr.contains("mount:") {
        return;
    }
    assert!(output.stderr.contains("can't write") && output.stderr.contains("hint: free some space"), "{output}");
    assert!(!output.stderr.contains("at path") && !output.stderr.contains("check the path"), "{output}");
}

/// What stands there and can't be read isn't nothing: whoever reads it says so, once.
#[test]
fn a_record_that_cannot_be_read_is_told_and_never_denied() {
    let record = "data/partners/acme/partner.toml";
    let told = "warning: the record of acme can't be read; karmada-partner check tells what is wrong with it";
    for kind in ["a byte that is no text", "an executable", "a link"] {
        let env = TestEnv::with_partner();
        env.apply("Beta").ok().code.unwrap();
        let other =
            env.file(record).into_bytes().iter().map(|b| if *b == b'A' { 0xf6 } else { *b }).collect::<Vec<_>>();
        match kind {
            "an executable" => env.forge().put_as("100755", record, env.file(record)).commit(),
            "a link" => env.forge().put_as("120000", record, "elsewhere").commit(),
            _ => env.forge().put(record, other).commit(),
        };
        let readers: [&[&str]; 12] = [
            &["list"],
            &["list", "--json"],
            &["show", "acme"],
            &["show", "acme", "--json"],
            &["status", "acme"],
            &["log"],
            &["log", "acme"],
            &["jobs", "list"],
            &["jobs", "list", "acme"],
            &["benefit", "list"],
            &["benefit", "list", "acme"],
            &["links"],
        ];
        for reader in readers.into_iter().chain([&["contacts"][..], &["render", "directory", "--out", "pages"]]) {
            let output = env.run(reader);
            assert_eq!(output.stderr.matches(told).count(), 1, "{kind}: {reader:?}: {output}");
        }
        let listed = env.run(&["list"]).ok().stdout;
        assert!(listed.contains("active (see check)"), "{kind}: {listed}");
        // Who applies isn't told that nobody is like them.
        for _ in 0..2 {
            let applied = env.run(&["evidence", "beta", "--offline"]);
            assert_eq!(applied.stderr.matches(told).count(), 1, "{kind}: {applied}");
        }
        let refused = env.run(&["evidence", "acme", "--offline"]).fails(1).stderr;
        assert!(
            refused.starts_with("error: the record of acme can't be read\nhint: karmada-partner check"),
            "{refused}"
        );
        // What it is stands there once.
        let problems = env.problems();
        let about = problems.iter().filter(|problem| problem.contains(record)).count();
        assert_eq!(about, if kind.starts_with("a byte") { 2 } else { 1 }, "{kind}: {problems:?}");
        assert!(!problems.contains(&format!("file-missing {record}")), "{problems:?}");
    }
    // Who has none, and never had, is nobody to warn of.
    let env = TestEnv::with_applicant();
    assert!(!env.run(&["list"]).ok().stderr.contains("can't be read"));
}

/// What is remembered of everybody tells it, too.
#[test]
fn a_record_that_cannot_be_read_is_told_of_what_is_remembered() {
    let env = TestEnv::with_partner();
    let broken = (0..70).fold(env.forge(), |forged, number| {
        forged.put(&format!("data/partners/p{number}/partner.toml"), format!("{number} = [\n"))
    });
    broken.commit();
    for _ in 0..2 {
        let listed = env.run(&["list"]).ok().stderr;
        assert_eq!(listed.matches("can't be read; karmada-partner check").count(), 70, "{listed}");
    }
}

/// Where nothing was ever on record there is nothing to explain.
#[test]
fn what_is_no_registry_passes_no_audit() {
    let env = TestEnv::new();
    env.git_at(".", &["init", "--quiet", "--initial-branch", "main", "other"]);
    env.git_at("other", &["commit", "--quiet", "--allow-empty", "--message", "begin"]);
    for args in [&["audit"][..], &["audit", "--full"], &["audit", "--head"]] {
        let refused = env.run(&[args, &["--registry", "other"]].concat()).fails(3);
        assert!(refused.stderr.contains("it isn't a registry") && !refused.stdout.contains("explained"), "{refused}");
    }
}
