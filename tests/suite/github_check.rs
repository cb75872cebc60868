//! `check` on proposals: may this author make this change? By hand with `--base` and `--actor`, and for a pull request.

use snapbox::str;

use crate::env::{Output, TestEnv};
use crate::hub::{Hub, REGISTRY, put};

/// A registry with the partner `acme` (its contact is `acme-bot`), a checkout to change things in, and the check of it.
struct Bench {
    env: TestEnv,
}

impl Bench {
    fn new() -> Self {
        let env = TestEnv::with_partner();
        env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
        Self { env }
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        put(&self.env.path("checkout"), path, content);
    }

    fn check(&self, actor: &str) -> Output {
        self.env.git_at("checkout", &["add", "--all"]);
        self.env.git_at("checkout", &["commit", "--quiet", "--allow-empty", "--message", "change"]);
        let args = ["check", "--registry", "checkout", "--base", "origin/main", "--actor", actor];
        self.env.run(&args)
    }

    /// What the check finds: codes and paths.
    fn finds(&self, actor: &str) -> Vec<String> {
        let found = self.check(actor);
        found
            .stdout
            .lines()
            .filter(|l| l.starts_with("data/") || l.contains(": error"))
            .map(|l| l.split("]:").next().unwrap().to_owned() + "]")
            .collect()
    }
}

#[test]
fn what_is_not_of_the_registry_is_nobodys_affair() {
    let bench = Bench::new();
    bench.write("README.md", "hello\n");
    let output = bench.check("mallory").ok();
    assert!(output.stdout.contains("No problems found."), "{output}");
}

#[test]
fn an_applicant_changes_nothing_of_others() {
    let bench = Bench::new();
    bench.write(
        "data/partners/acme/partner.toml",
        "schema = 1\nname = \"Mallory\"\nwebsite = \"https://m.example\"\ngithub = \"mallory\"\n",
    );
    assert_eq!(bench.finds("mallory"), ["data/partners/acme/partner.toml: error[file-unexplained]"]);
}

#[test]
fn nobody_changes_what_is_on_record() {
    for (path, code) in [
        ("log/0002", "data/partners/acme/log: error[log-changed]"),
        ("votes/1/alice", "data/partners/acme/votes/1/alice: error[vote-changed]"),
    ] {
        for who in ["mallory", "alice"] {
            let bench = Bench::new();
            let full = format!("data/partners/acme/{path}");
            let old = std::fs::read_to_string(bench.env.path("checkout").join(&full)).unwrap();
            bench.write(&full, old.replace("alice", "mallory").replace("bob", "mallory"));
            assert_eq!(bench.finds(who), [code]);
        }
    }
}

#[test]
fn nobody_decides_alone_by_hand() {
    let bench = Bench::new();
    let policy = std::fs::read_to_string(bench.env.path("checkout/data/program.toml")).unwrap();
    bench.write("data/program.toml", policy.replace("alice", "mallory"));
    assert_eq!(bench.finds("mallory"), ["data/program.toml: error[author]"]);
    let bench = Bench::new();
    bench.write("data/partners/globex/log/0001", "KP-Event: v1 approved\n");
    assert_eq!(bench.finds("mallory"), ["data/partners/globex/log/0001: error[event-format]"]);
    let bench = Bench::new();
    bench.write("data/other.txt", "x");
    bench.write("data/partners/Globex/x", "x");
    assert_eq!(bench.finds("mallory"), ["data/other.txt: error[stray]", "data/partners/Globex: error[slug]"]);
}

#[test]
fn proposals_made_by_the_program_pass_and_in_anothers_name_they_do_not() {
    let hub = Hub::with_applicant();
    let by = |who: &str| {
        let head = hub.git(REGISTRY, &["rev-parse", "refs/pull/2/head"]);
        let path = hub.github.repo_path(REGISTRY);
        let path = path.to_str().unwrap();
        let _ = head;
        hub.env.run(&["check", "--registry", path, "--base", "main", "--head", "refs/pull/2/head", "--actor", who])
    };
    assert!(by("jane").ok().stdout.contains("No problems found."));
    let refused = by("mallory").fails(1);
    snapbox::assert_data_eq!(
        refused.stdout,
        str![[r#"
data/partners/acme/log/0001: error[author]: the event is in the name of jane, and comes from mallory
  hint: act in your own name
Errors: 1. Warnings: 0.

"#]]
    );
    let through = hub.run("bob", &["check", "--pull-request", "2"]).ok();
    assert!(through.stdout.contains("No problems found."), "{through}");
    hub.run("jane", &["update", "acme", "--name", "Acme Systems"]).ok().code.unwrap();
    assert!(by("jane").ok().stdout.contains("No problems found."));
    hub.run("bob", &["check", "--pull-request", "99"]).fails(3).code.unwrap();
}

#[test]
fn what_comes_along_with_a_proposal_is_refused() {
    let hub = Hub::with_applicant();
    hub.push_to_fork("apply/acme", ".github/workflows/evil.yml", "on: push\n");
    hub.push_to_fork("apply/acme", "data/partners/acme/votes/1/alice", "KP-Vote: v1 approve\n");
    let refused = hub.run("bob", &["check", "--pull-request", "2"]).fails(1);
    snapbox::assert_data_eq!(
        refused.stdout,
        str![[r#"
.github: error[outside]: it isn't part of a proposal
  hint: a proposal brings only its own directory; make one for each, and leave the rest out
data/partners/acme/votes/1/alice:2: error[vote-format]: KP-Registry is missing
  hint: what is on record stays as it is; take this out of the change
Errors: 2. Warnings: 0.

"#]]
    );
    hub.run("alice", &["approve", "acme"]).ok().code.unwrap();
    let refused = hub.run("bob", &["approve", "acme"]).fails(1);
    assert!(refused.stderr.contains("also changes .github/workflows/evil.yml"), "{refused}");
}

#[test]
fn requests_of_a_partner_and_decisions_of_members_pass() {
    let hub = Hub::with_applicant_by_pull_request();
    hub.approve();
    let passes = |number: &str| {
        let output = hub.run("carol", &["check", "--pull-request", number]).ok();
        assert!(output.stdout.contains("No problems found."), "{output}");
    };
    passes("3");
    hub.github.merge_pull(REGISTRY, 3, "alice", github_double::Method::Squash);
    hub.run("jane", &["update", "acme", "--website", "https://acme.example/new"]).ok().code.unwrap();
    passes("2");
    hub.run("jane", &["exit", "acme", "--kind", "voluntary", "--reason", "x"]).ok().code.unwrap();
    passes("4");
}

#[test]
fn the_checks_for_github_come_with_init() {
    let env = TestEnv::new();
    env.write("program.toml", crate::env::PROGRAM);
    env.run(&["init", "new.git", "--program", "program.toml", "--github-ci"]).ok().code.unwrap();
    let files = env.git_at("new.git", &["ls-tree", "-r", "--name-only", "main"]);
    assert_eq!(
        files,
        ".github/ISSUE_TEMPLATE/partner-application-zh.yml\n.github/ISSUE_TEMPLATE/partner-application.yml\n.github/actions/karmada-partner/action.yml\n.github/actions/karmada-partner/release.txt\n.github/workflows/partner-clock.yml\n.github/workflows/partner-decisions.yml\n.github/workflows/partner-issues.yml\n.github/workflows/partner-links.yml\n.github/workflows/partner-queue.yml\n.github/workflows/partner-reviews.yml\n.github/workflows/registry-ci.yml\nPRIVACY.md\ndata/program.toml\ndata/program/log/0001\ndata/program/policies/0001.toml\n"
    );
    let env = TestEnv::with_partner();
    let shown = env.run(&["init", "registry.git", "--github-ci", "--dry-run"]).ok();
    assert!(shown.stdout.contains("+ .github/workflows/registry-ci.yml"), "{shown}");
    let first = env.run(&["init", "registry.git", "--github-ci"]).ok();
    assert!(env.git(&["log", "-1", "--format=%s"]).contains("ci: check proposals on GitHub"), "{first}");
    // What is filled in by hand stays, and nothing else does.
    env.edit("ci: name the release", |checkout| {
        let action = checkout.join(".github/actions/karmada-partner");
        std::fs::write(action.join("release.txt"), "repository=karmada/tools\n").unwrap();
        std::fs::write(action.join("action.yml"), "name: another\n").unwrap();
    });
    let again = env.run(&["init", "registry.git", "--github-ci"]).ok();
    assert!(!again.stdout.contains("There is already"), "{again}");
    let file = |name: &str| env.git(&["show", &format!("main:.github/actions/karmada-partner/{name}")]);
    assert_eq!(file("release.txt"), "repository=karmada/tools\n");
    assert!(file("action.yml").contains("name: karmada-partner\n"));
    let before = env.git(&["rev-parse", "main"]);
    env.run(&["init", "registry.git", "--github-ci"]).ok().code.unwrap();
    assert_eq!(env.git(&["rev-parse", "main"]), before);
    env.run(&["check"]).ok().code.unwrap();
}

/// As step 9 of the guide has it: a clone's default branch isn't moved under its working tree, so the files are written there.
#[test]
fn in_a_clone_the_workflows_are_written_to_be_committed() {
    let env = TestEnv::new();
    env.write("program.toml", crate::env::PROGRAM);
    env.run(&["init", "r.git", "--program", "program.toml", "--github-ci"]).ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "r.git", "clone"]);
    let init = |args: &[&str]| env.run(&[&["init", "clone", "--github-ci"], args].concat());
    let nothing = init(&[]).ok();
    assert!(nothing.stdout.starts_with("Nothing to do") && !nothing.stderr.contains("alone"), "{nothing}");
    let [action, release] =
        ["action.yml", "release.txt"].map(|name| format!("clone/.github/actions/karmada-partner/{name}"));
    env.write(&action, "name: another\n");
    env.write(&release, "repository=karmada/tools\n");
    std::fs::remove_file(env.path("clone/.github/workflows/partner-links.yml")).unwrap();
    // What nobody could get back isn't written over.
    let refused = init(&[]).fails(1);
    assert!(refused.stderr.contains("what isn't committed would be written over: .github/actions"), "{refused}");
    env.git_at("clone", &["commit", "--quiet", "--all", "--message", "ci: older"]);
    let before = env.git_at("clone", &["rev-parse", "HEAD"]);
    let dry = init(&["--dry-run"]).ok();
    assert!(dry.stdout.contains("Would write") && env.read(&action) == "name: another\n", "{dry}");
    let done = init(&[]).ok();
    assert!(done.stdout.contains("  .github/actions/karmada-partner/action.yml\n"), "{done}");
    assert!(done.stderr.contains("git commit --signoff"), "{done}");
    assert!(env.read(&action).contains("name: karmada-partner\n"));
    assert_eq!(env.read(&release), "repository=karmada/tools\n");
    assert_eq!(env.git_at("clone", &["rev-parse", "HEAD"]), before);
    env.git_at("clone", &["add", "--all"]);
    env.git_at("clone", &["commit", "--quiet", "--message", "ci: as this version has it"]);
    assert!(init(&["--json"]).ok().json()["changed"] == false);
}

/// The files of a decision, to be brought by hand.
fn decided() -> (Hub, Vec<(String, String)>) {
    let hub = Hub::with_applicant();
    hub.approve();
    let names = hub.git(REGISTRY, &["ls-tree", "-r", "--name-only", "main", "data/partners/acme"]);
    let texts = names.lines().filter(|n| !n.ends_with("/logo.png"));
    let files = texts.map(|n| (n.to_owned(), hub.git_raw(REGISTRY, &format!("main:{n}")))).collect();
    (hub, files)
}

#[test]
fn a_member_brings_no_decision_that_its_votes_do_not_carry() {
    let (hub, files) = decided();
    let env = TestEnv::new();
    env.write("program.toml", crate::env::PROGRAM);
    env.run(&["init", "registry.git", "--program", "program.toml"]).ok().code.unwrap();
    env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    let bench = Bench { env };
    let logo = hub.env.path("logo.png");
    bench.write("data/partners/acme/logo.png", std::fs::read(logo).unwrap());
    for (path, content) in &files {
        bench.write(path, content);
    }
    // As it was made it passes, for who made it.
    assert_eq!(bench.finds("bob"), [""; 0]);
    assert_eq!(bench.finds("alice"), ["data/partners/acme/log/0002: error[author]"]);
    // Without alice's vote it doesn't.
    std::fs::remove_file(bench.env.path("checkout/data/partners/acme/votes/1/alice")).unwrap();
    let found = bench.finds("bob");
    assert!(
        found.iter().any(|f| f.contains("event-vote-missing")) && found.iter().any(|f| f.contains("event-quorum")),
        "{found:?}"
    );
}

#[test]
fn strangers_words_about_a_partner_are_refused() {
    let bench = Bench::new();
    let log = std::fs::read_to_string(bench.env.path("checkout/data/partners/acme/log/0002")).unwrap();
    let hash = crate::hub::sha256(log.as_bytes());
    let forged: String = log
        .lines()
        .map(|line| match line.split(": ").next().unwrap() {
            "KP-Event" => "KP-Event: v1 withdrawn\n".to_owned(),
            "KP-Seq" => "KP-Seq: 3\n".to_owned(),
            "KP-Round" => "KP-Round: 999999999\n".to_owned(),
            "KP-Subject" => "KP-Subject: exit\n".to_owned(),
            "KP-Actor" => "KP-Actor: mallory\n".to_owned(),
            "KP-Prev" => format!("KP-Prev: sha256:{hash}\n"),
            "KP-Votes" => "KP-Votes: none\n".to_owned(),
            _ => format!("{line}\n"),
        })
        .collect();
    bench.write("data/partners/acme/log/0003", &forged);
    assert_eq!(bench.finds("mallory"), ["data/partners/acme/log/0003: error[event-round]"]);
    bench.write("data/partners/acme/log/0003", forged.replace("999999999", "2"));
    assert_eq!(bench.finds("mallory"), ["data/partners/acme/log/0003: error[author]"]);
    // A bot proposes nothing; what isn't of the registry is its own affair.
    assert_eq!(bench.finds("dependabot[bot]"), ["data/partners/acme/log/0003: error[author]"]);
}

#[test]
fn a_vote_elsewhere_or_as_a_link_is_no_vote() {
    let bench = Bench::new();
    bench.write("data/partners/acme/votes/7/mallory", "x\n");
    let evidence = format!("data/partners/acme/votes/7/{}.json", crate::hub::sha256(b"{}"));
    bench.write(&evidence, "{}");
    std::os::unix::fs::symlink("/etc/passwd", bench.env.path("checkout/data/partners/acme/votes/7/jane")).unwrap();
    assert_eq!(
        bench.finds("mallory"),
        [
            format!("{evidence}: error[vote-evidence]"),
            "data/partners/acme/votes/7/jane: error[stray]".to_owned(),
            "data/partners/acme/votes/7/mallory:1: error[vote-format]".to_owned(),
        ]
    );
}

/// A contact can't stand in the way of its own expulsion by a name that isn't text.
#[test]
fn a_name_that_is_no_text_is_refused_and_ends_no_command() {
    use std::os::unix::ffi::OsStrExt as _;
    let hub = Hub::with_partner();
    hub.run("jane", &["jobs", "add", "acme", "--title", "Engineer", "--closes", "2027-01-31"]).ok().code.unwrap();
    let number = hub.threads().len();
    hub.by_hand_of("jane", "decision/acme/0003", "x", |checkout| {
        let name = std::ffi::OsStr::from_bytes(b"data/partners/acme/caf\xe9.txt");
        std::fs::write(checkout.join(name), "x\n").unwrap();
    });
    let told = hub.run("alice", &["check", "--pull-request", &number.to_string()]).fails(1);
    assert!(told.stdout.contains("data/partners/acme/caf\u{fffd}.txt: error[stray]: its name is none"), "{told}");
    // Merged all the same, it is told by its name, and nobody is stopped.
    hub.github.merge_pull(REGISTRY, number as u64, "bob", github_double::Method::Merge);
    assert!(hub.run("bob", &["check"]).fails(1).stdout.contains(r"caf\xe9.txt"));
    hub.run("jane", &["status", "acme"]).ok().code.unwrap();
    let update = ["update", "acme", "--website", "https://acme.example/new"];
    hub.run("jane", &update).ok().code.unwrap();
    hub.run("alice", &["reject", "acme", "--reason", "no"]).ok().code.unwrap();
    for who in ["alice", "bob"] {
        hub.run(who, &["exit", "acme", "--kind", "breach", "--reason", "x"]).ok().code.unwrap();
    }
    let shown = hub.run("bob", &["show", "acme", "--json"]).ok().json();
    assert_eq!(shown["state"], "exited", "{shown}");
}

/// What every hint asks for passes the check that a registry may require.
#[test]
fn a_revert_of_what_was_merged_undecided_passes() {
    let hub = Hub::with_applicant();
    hub.github.review(REGISTRY, 2, "alice", "APPROVED", "");
    let before = hub.git_exactly(REGISTRY, &["rev-parse", "main^{tree}"]);
    hub.github.merge_pull(REGISTRY, 2, "bob", github_double::Method::Squash);
    let revert = hub.git_exactly(REGISTRY, &["commit-tree", before.trim(), "-p", "main", "-m", "Revert"]);
    hub.git(REGISTRY, &["branch", "revert", revert.trim()]);
    let fork = hub.github.repo_path("jane/partners");
    hub.git(REGISTRY, &["push", "--quiet", fork.to_str().unwrap(), "revert"]);
    for (author, branch, code) in [("bob", "revert", 0), ("jane", "jane:revert", 1)] {
        let number = hub.github.open_pull(REGISTRY, author, branch, "main", "Revert", "");
        let told = hub.run("alice", &["check", "--pull-request", &number.to_string()]);
        assert_eq!(told.code, Some(code), "{author}: {told}");
        assert!(told.stdout.contains("what nobody had decided is taken back"), "{author}: {told}");
    }
}

/// While a decision is off the record nothing else comes under its name, and the change that brings it back is let in whatever is open.
#[test]
fn on_github_a_decision_comes_back_past_an_application_under_its_name() {
    let hub = Hub::with_partner();
    let decided = hub.git_exactly(REGISTRY, &["rev-parse", "main"]);
    let commit = |tree: &str, what: &str| {
        hub.git_exactly(REGISTRY, &["commit-tree", tree, "-p", "main", "-m", what]).trim().to_owned()
    };
    let before = commit("main^1^{tree}", "Revert \"acme\"");
    hub.git(REGISTRY, &["update-ref", "refs/heads/main", &before]);
    let again = ["apply", "--slug", "acme", "--name", "Acme Two", "--website", "https://two.example", "--github"];
    let again = [&again[..], &["jane", "--logo", "logo.png"]].concat();
    // Without a clone it is seen by what the commits say.
    let refused = hub.run("jane", &again).fails(1);
    assert!(refused.stderr.contains("data/partners/acme/log/0002 was decided, and commit"), "{refused}");
    assert!(refused.stderr.contains("hint: tell the committee, which brings it back: git revert"), "{refused}");
    hub.run("jane", &["status", "acme"]).fails(3).code.unwrap();
    // Who applied where that isn't so can't have known.
    hub.git(REGISTRY, &["update-ref", "refs/heads/main", &format!("{}^1", decided.trim())]);
    hub.run("jane", &again).ok().code.unwrap();
    hub.git(REGISTRY, &["update-ref", "refs/heads/main", &before]);
    let application = hub.threads().len().to_string();
    let red = hub.run("carol", &["check", "--pull-request", &application]).fails(1);
    assert!(red.stdout.contains("data/partners/acme/log/0002: error[log-lost]"), "{red}");
    let refused = hub.run("alice", &["approve", "acme"]).fails(1);
    assert!(refused.stderr.contains("bring it back: git revert"), "{refused}");
    let tree = format!("{}^{{tree}}", decided.trim());
    // What came since doesn't go with it.
    hub.commit("data/partners/acme/votes/1/carol", "a vote\n");
    hub.git(REGISTRY, &["update-ref", "refs/heads/drops", &commit(&tree, "Revert \"Revert\"")]);
    let number = hub.github.open_pull(REGISTRY, "alice", "drops", "main", "Revert", "");
    hub.run("carol", &["check", "--pull-request", &number.to_string()]).fails(1).code.unwrap();
    hub.git(REGISTRY, &["update-ref", "refs/heads/main", &before]);
    hub.git(REGISTRY, &["update-ref", "refs/heads/back", &commit(&tree, "Revert \"Revert\"")]);
    let number = hub.github.open_pull(REGISTRY, "alice", "back", "main", "Revert", "");
    hub.run("carol", &["check", "--pull-request", &number.to_string()]).ok().code.unwrap();
    hub.github.merge_pull(REGISTRY, number, "alice", github_double::Method::Squash);
    hub.run("carol", &["audit"]).ok().code.unwrap();
}
