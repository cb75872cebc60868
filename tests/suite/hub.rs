//! A registry on the double of GitHub: an organization's, with the committee of [`crate::env::PROGRAM`] and an applicant.

use std::collections::BTreeMap;
use std::process::Command;

use github_double::{GitHub, Permission, Request, TokenKind};

use crate::env::{Output, PROGRAM, TestEnv};

pub const REGISTRY: &str = "karmada/partners";

pub struct Hub {
    pub env: TestEnv,
    pub github: GitHub,
    tokens: BTreeMap<String, String>,
}

impl Hub {
    pub fn new() -> Self {
        Self::with_program("")
    }

    /// With more in `program.toml`.
    pub fn with_program(more: &str) -> Self {
        let env = TestEnv::new();
        env.write("program.toml", format!("{PROGRAM}{more}"));
        env.write("logo.png", crate::logo::png(300, 200));
        env.run(&["init", "seed.git", "--program", "program.toml"]).ok().code.unwrap();
        let mut hub = Self { env, github: GitHub::start(), tokens: BTreeMap::new() };
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

    /// With a fork of jane's, as most applicants have after their first time.
    pub fn with_fork() -> Self {
        let hub = Self::new();
        hub.github.fork(REGISTRY, "jane", None);
        hub
    }

    /// With an application for `acme` by jane.
    pub fn with_applicant() -> Self {
        let hub = Self::with_fork();
        hub.apply("jane", "Acme").ok().code.unwrap();
        hub
    }

    pub fn use_token(&mut self, login: &str, kind: TokenKind) {
        let token = self.github.token(login, kind);
        self.tokens.insert(login.to_owned(), token);
    }

    /// The program, run by somebody.
    pub fn command(&self, login: &str, args: &[&str]) -> Command {
        let mut command = self.env.command(args);
        command
            .env("KARMADA_PARTNER_REGISTRY", format!("github:{REGISTRY}"))
            .env("GITHUB_API_URL", self.github.api_url())
            .env("KARMADA_PARTNER_MAX_WAIT", "2")
            .env("KARMADA_PARTNER_TOKEN", &self.tokens[login]);
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
        let host = name.to_lowercase();
        let website = format!("https://{host}.example/karmada");
        self.run(login, &["apply", "--name", name, "--website", &website, "--github", login, "--logo", "logo.png"])
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

    /// The registry's issues and pull requests.
    pub fn threads(&self) -> Vec<serde_json::Value> {
        self.github.dump()[REGISTRY]["threads"].as_array().unwrap().clone()
    }

    /// The text of an issue or a pull request, by its number.
    pub fn body(&self, number: usize) -> String {
        let text = self.threads()[number - 1]["body"].as_str().unwrap().replace(&self.github.server_url(), "$HUB");
        self.env.redact(text.as_bytes())
    }
}
