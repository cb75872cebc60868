//! A registry on the double of GitHub: an organization's, with the committee of [`crate::env::PROGRAM`] and an applicant.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::OnceLock;

use github_double::{GitHub, Permission, Picture, Request, TokenKind};

use crate::env::{Made, Output, PROGRAM, TestEnv};

pub const REGISTRY: &str = "karmada/partners";

pub struct Hub {
    pub env: TestEnv,
    pub github: GitHub,
    /// The registry that commands are run on.
    pub registry: String,
    tokens: BTreeMap<String, String>,
}

/// A hub that was made once.
pub struct MadeHub {
    env: Made,
    github: Picture,
    registry: String,
    tokens: BTreeMap<String, String>,
}

impl Hub {
    pub fn new() -> Self {
        static MADE: OnceLock<MadeHub> = OnceLock::new();
        Self::once(&MADE, || Self::with_program(""))
    }

    /// Made once, and a hub of their own for each who wants it.
    pub fn once(made: &'static OnceLock<MadeHub>, make: impl FnOnce() -> Self) -> Self {
        let made = made.get_or_init(|| {
            let Self { env, github, registry, tokens } = &make();
            let (registry, tokens) = (registry.clone(), tokens.clone());
            MadeHub { env: env.made(), github: github.picture(), registry, tokens }
        });
        let (registry, tokens) = (made.registry.clone(), made.tokens.clone());
        Self { env: TestEnv::of(&made.env), github: GitHub::of(&made.github), registry, tokens }
    }

    /// With more in `program.toml`.
    pub fn with_program(more: &str) -> Self {
        let env = TestEnv::new();
        env.write("program.toml", format!("{PROGRAM}{more}"));
        env.write("logo.png", crate::picture::png(300, 200));
        env.run(&["init", "seed.git", "--program", "program.toml"]).ok().code.unwrap();
        let mut hub = Self { env, github: GitHub::start(), registry: REGISTRY.to_owned(), tokens: BTreeMap::new() };
        for login in ["alice", "bob", "carol", "erin", "jane", "mallory"] {
            hub.github.add_user(login);
            let token = hub.github.token(login, TokenKind::classic());
            hub.tokens.insert(login.to_owned(), token);
        }
        hub.github.add_org("karmada", &["alice", "bob", "carol"]);
        hub.github.add_repository(REGISTRY, &hub.env.path("seed.git"));
        for login in ["alice", "bob", "carol"] {
            hub.github.grant(REGISTRY, login, Permission::Write);
        }
        hub
    }

    /// Where decisions land by pull requests.
    pub fn landing_by_pull_request() -> Self {
        static MADE: OnceLock<MadeHub> = OnceLock::new();
        Self::once(&MADE, || Self::with_program("\n[github]\nlanding = \"pull-request\"\n"))
    }

    /// The same with an application for `acme` by jane.
    pub fn with_applicant_by_pull_request() -> Self {
        static MADE: OnceLock<MadeHub> = OnceLock::new();
        Self::once(&MADE, || {
            let hub = Self::landing_by_pull_request();
            hub.apply("jane", "Acme").ok().code.unwrap();
            hub
        })
    }

    /// With a fork of jane's, as most applicants have after their first time.
    pub fn with_fork() -> Self {
        let hub = Self::new();
        hub.github.fork(REGISTRY, "jane", None);
        hub
    }

    /// With so many partners in the registry, and a fork of jane's.
    pub fn among(partners: usize) -> Self {
        let hub = Self::new();
        let path = hub.github.repo_path(REGISTRY);
        let many = with_partners(&path, partners);
        hub.env.git_at(path.to_str().unwrap(), &["update-ref", "refs/heads/main", &many]);
        hub.env.git_at(path.to_str().unwrap(), &["update-ref", "-d", &many]);
        hub.github.fork(REGISTRY, "jane", None);
        hub
    }

    /// With an application for `acme` by jane.
    pub fn with_applicant() -> Self {
        static MADE: OnceLock<MadeHub> = OnceLock::new();
        Self::once(&MADE, || {
            let hub = Self::with_fork();
            hub.apply("jane", "Acme").ok().code.unwrap();
            hub
        })
    }

    /// With an active partner `acme`.
    pub fn with_partner() -> Self {
        static MADE: OnceLock<MadeHub> = OnceLock::new();
        Self::once(&MADE, || {
            let hub = Self::with_applicant();
            hub.approve();
            hub
        })
    }

    /// Alice and bob approve what is open: that carries it.
    #[track_caller]
    pub fn decide(&self, slug: &str) {
        for member in ["alice", "bob"] {
            self.run(member, &["approve", slug]).ok().code.unwrap();
        }
    }

    /// The same by clicks on a pull request, which nobody writes down yet.
    pub fn click(&self, number: u64) {
        for member in ["alice", "bob"] {
            self.github.review(REGISTRY, number, member, "APPROVED", "");
        }
    }

    #[track_caller]
    pub fn approve(&self) {
        self.decide("acme");
    }

    /// With a workflow that may act.
    pub fn with_workflow(mut self) -> Self {
        self.add_token("workflow", self.github.actions_token(REGISTRY));
        self
    }

    pub fn use_token(&mut self, login: &str, kind: TokenKind) {
        let token = self.github.token(login, kind);
        self.tokens.insert(login.to_owned(), token);
    }

    /// Somebody acts with this token from now on.
    pub fn add_token(&mut self, who: &str, token: String) {
        self.tokens.insert(who.to_owned(), token);
    }

    /// GitHub no longer knows somebody's token.
    pub fn revoke(&self, login: &str) {
        self.github.revoke(&self.tokens[login]);
    }

    /// The program, run by somebody.
    pub fn command(&self, login: &str, args: &[&str]) -> Command {
        let mut command = self.env.command(args);
        // GitHub's clock and ours are one.
        self.github.pass_until(self.env.now());
        command
            .env("KARMADA_PARTNER_REGISTRY", format!("github:{}", self.registry))
            .env("GITHUB_API_URL", self.github.api_url())
            .env("KARMADA_PARTNER_MAX_WAIT", "2")
            .env("KARMADA_PARTNER_TOKEN", &self.tokens[login]);
        command
    }

    /// The same so many seconds later.
    pub fn later(&self, seconds: i64, login: &str, args: &[&str]) -> Command {
        let at = self.env.now() + seconds;
        self.github.pass_until(at);
        let mut command = self.command(login, args);
        command.env("SOURCE_DATE_EPOCH", (at + 60).to_string());
        command
    }

    /// One as in a job on GitHub, whose own variables say which registry it is, and hold the token.
    pub fn in_a_job(&self, mut command: Command) -> Command {
        command.env_remove("KARMADA_PARTNER_REGISTRY").env_remove("KARMADA_PARTNER_TOKEN");
        command.env("GITHUB_REPOSITORY", REGISTRY).env("GITHUB_TOKEN", self.github.actions_token(REGISTRY));
        command
    }

    pub fn run(&self, login: &str, args: &[&str]) -> Output {
        let output = self.env.output(&mut self.command(login, args));
        for token in self.tokens.values() {
            assert!(!output.stdout.contains(token) && !output.stderr.contains(token), "a token is shown: {output}");
        }
        Output {
            code: output.code,
            stdout: output.stdout.replace(&self.github.server_url(), "$HUB"),
            stderr: output.stderr.replace(&self.github.server_url(), "$HUB"),
        }
    }

    pub fn apply(&self, login: &str, name: &str) -> Output {
        self.apply_as(login, name, login)
    }

    /// Somebody applies, and names another as the contact.
    pub fn apply_as(&self, login: &str, name: &str, contact: &str) -> Output {
        let host = name.to_lowercase();
        let website = format!("https://{host}.example/karmada");
        self.run(login, &["apply", "--name", name, "--website", &website, "--github", contact, "--logo", "logo.png"])
    }

    /// What was asked of the API since the traffic was last cleared; git's own requests apart.
    pub fn requests(&self) -> Vec<Request> {
        self.github.traffic().into_iter().filter(|r| !r.operation.starts_with("git:")).collect()
    }

    pub fn operations(&self) -> Vec<String> {
        self.requests().into_iter().map(|r| r.operation).collect()
    }

    /// Runs `git` in a repository of the double.
    pub fn git(&self, repository: &str, args: &[&str]) -> String {
        let path = self.github.repo_path(repository);
        self.env.git_at(path.to_str().unwrap(), args)
    }

    /// The same with nothing taken out.
    pub fn git_exactly(&self, repository: &str, args: &[&str]) -> String {
        self.env.git_exactly(self.github.repo_path(repository).to_str().unwrap(), args)
    }

    /// A file of a repository of the double, as it is.
    pub fn git_raw(&self, repository: &str, object: &str) -> String {
        let output = github_double::git()
            .current_dir(self.github.repo_path(repository))
            .args(["cat-file", "blob", object])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// The registry's issues and pull requests.
    pub fn threads(&self) -> Vec<serde_json::Value> {
        self.github.dump()[REGISTRY]["threads"].as_array().unwrap().clone()
    }

    /// One of them, by its number.
    #[track_caller]
    pub fn thread(&self, number: u64) -> serde_json::Value {
        self.threads().into_iter().find(|t| t["number"] == number).unwrap()
    }

    /// The statuses that commits were given: state and description.
    pub fn statuses(&self) -> Vec<(String, String)> {
        let dump = self.github.dump();
        let word = |status: &serde_json::Value, key: &str| status[key].as_str().unwrap().to_owned();
        let all = dump[REGISTRY]["statuses"].as_array().unwrap().iter();
        all.map(|status| (word(status, "state"), word(status, "description"))).collect()
    }

    /// The text of an issue or a pull request, by its number.
    pub fn body(&self, number: usize) -> String {
        let text = self.threads()[number - 1]["body"].as_str().unwrap().replace(&self.github.server_url(), "$HUB");
        self.env.redact(text.as_bytes())
    }

    /// Somebody with the right to push changes a file of the registry's default branch by hand.
    pub fn commit(&self, path: &str, content: &str) {
        let registry = self.github.repo_path(REGISTRY);
        let checkout = self.env.path("by-hand");
        self.env.git_at(".", &["clone", "--quiet", "--no-local", registry.to_str().unwrap(), "by-hand"]);
        put(&checkout, path, content);
        self.env.git_at("by-hand", &["add", "--all"]);
        self.env.git_at("by-hand", &["commit", "--quiet", "--message", "by hand"]);
        self.env.git_at("by-hand", &["push", "--quiet", "origin", "HEAD"]);
        std::fs::remove_dir_all(checkout).unwrap();
    }

    /// Jane pushes a file to a branch of her fork by hand; one that isn't there yet begins at the default branch.
    pub fn push_to_fork(&self, branch: &str, path: &str, content: &str) {
        self.by_hand(branch, "by hand", |checkout| put(checkout, path, content));
    }

    /// Jane removes a file there, and says something.
    pub fn drop_from_fork(&self, branch: &str, path: &str, message: &str) {
        self.by_hand(branch, message, |checkout| std::fs::remove_file(checkout.join(path)).unwrap());
    }

    fn by_hand(&self, branch: &str, message: &str, change: impl FnOnce(&std::path::Path)) {
        self.by_hand_of("jane", branch, message, change);
    }

    /// Somebody changes what is on a branch of their own fork, as a person does.
    pub fn by_hand_of(&self, login: &str, branch: &str, message: &str, change: impl FnOnce(&std::path::Path)) {
        self.by_hand_in(&format!("{login}/partners"), login, branch, message, change);
    }

    /// The same in any repository in which they may write.
    pub fn by_hand_in(
        &self,
        repository: &str,
        login: &str,
        branch: &str,
        message: &str,
        change: impl FnOnce(&std::path::Path),
    ) {
        let place = format!("of-{login}");
        let fork = self.github.repo_path(repository);
        let checkout = self.env.path(&place);
        self.env.git_at(".", &["clone", "--quiet", "--no-local", fork.to_str().unwrap(), &place]);
        let there = self.git(repository, &["branch", "--list", branch]);
        let from = if there.is_empty() { "origin/HEAD".to_owned() } else { format!("origin/{branch}") };
        self.env.git_at(&place, &["checkout", "--quiet", "-B", "by-hand", &from]);
        change(&checkout);
        self.env.git_at(&place, &["add", "--all"]);
        self.env.git_at(&place, &["commit", "--quiet", "--allow-empty", "--message", message]);
        // By way of the server, as a person does: the pull request follows.
        let url = format!("{}/{repository}.git", self.github.server_url());
        let url = url.replace("://", &format!("://x:{}@", self.tokens[login]));
        self.env.git_at(&place, &["push", "--quiet", &url, &format!("HEAD:refs/heads/{branch}")]);
        std::fs::remove_dir_all(checkout).unwrap();
    }

    /// Somebody's fork gets the branch of another's.
    pub fn push_branch(&self, login: &str, from: &str, branch: &str) {
        let there = self.github.repo_path(&format!("{login}/partners"));
        self.git(&format!("{from}/partners"), &["push", "--quiet", there.to_str().unwrap(), branch]);
    }

    /// The registry moves on while a fork stays behind.
    pub fn land_something(&self, _by: &str) {
        self.commit("README.md", "Somebody wrote something.\n");
    }
}

/// A commit on the default branch of `path` with so many partners, whose directories are as small as can be.
fn with_partners(path: &std::path::Path, partners: usize) -> String {
    use std::io::Write as _;
    // Each directory is another, as in life: ids don't compress. One process writes them all.
    let file = |n: usize| {
        let words = format!("partner {n}\n");
        let path = format!("data/partners/partner-number-{n:04}/partner.toml");
        format!("M 100644 inline {path}\ndata {}\n{words}\n", words.len())
    };
    let by = "Test <test@example.com> 1790000000 +0000";
    let head = format!("commit refs/heads/many\ncommitter {by}\ndata 4\nmany\nfrom refs/heads/main\n");
    let mut git = github_double::git();
    git.current_dir(path).args(["fast-import", "--quiet"]);
    let mut child = git.stdin(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all((head + &(0..partners).map(file).collect::<String>()).as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    "refs/heads/many".to_owned()
}

/// Writes a file in a checkout, whatever stands there so far.
pub fn put(checkout: &std::path::Path, path: &str, content: impl AsRef<[u8]>) {
    let file = checkout.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, content).unwrap();
}

/// In hex.
pub fn sha256(bytes: &[u8]) -> String {
    karmada_partner::domain::Sha256::of(bytes).to_string().trim_start_matches("sha256:").to_owned()
}

/// The lines that differ, to be read by people.
pub fn difference(wanted: &str, found: &str) -> String {
    let missing = wanted.lines().filter(|l| !found.contains(l)).map(|l| format!("- {l}\n"));
    let extra = found.lines().filter(|l| !wanted.contains(l)).map(|l| format!("+ {l}\n"));
    missing.chain(extra).collect()
}

/// Most of the time is waited, for a pause to end; so several wait side by side.
pub fn side_by_side<T: Sync>(cases: &[T], run: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..6 {
            threads.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    run(case);
                }
            });
        }
    });
}
