//! A world with some people and a repository, and a client.

use std::path::{Path, PathBuf};

use github_double::{GitHub, TokenKind};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;
use ureq::http::Request;

pub struct Bench {
    pub hub: GitHub,
    pub alice: String,
    pub bob: String,
    root: TempDir,
    agent: Agent,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{self:?}"))
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Bench {
    /// `alice` owns `alice/registry` and `bob` is somebody else; `acme` is an organization of both.
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let hub = GitHub::start();
        hub.add_user("alice");
        hub.add_user("bob");
        hub.add_org("acme", &["alice"]);
        hub.add_team("acme", "leads", &["alice"]);
        let (alice, bob) = (hub.token("alice", TokenKind::classic()), hub.token("bob", TokenKind::classic()));
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).user_agent("bench");
        let bench = Self { hub, alice, bob, root, agent: config.build().into() };
        bench.git(".", &["init", "--quiet", "--initial-branch=main", "seed"]);
        bench.commit("seed", "README.md", "hello\n", "first");
        bench.commit("seed", "dir/a.txt", "a\n", "second");
        bench.hub.add_repository("alice/registry", &bench.path("seed/.git"));
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn run(&self, directory: &str, args: &[&str]) -> std::process::Output {
        github_double::git()
            .current_dir(self.path(directory))
            .env_clear()
            .env("PATH", std::env!("PATH"))
            .env("HOME", self.root.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_AUTHOR_NAME", "T")
            .env("GIT_AUTHOR_EMAIL", "t@example.com")
            .env("GIT_AUTHOR_DATE", "1790000000 +0000")
            .env("GIT_COMMITTER_NAME", "T")
            .env("GIT_COMMITTER_EMAIL", "t@example.com")
            .env("GIT_COMMITTER_DATE", "1790000000 +0000")
            .args(args)
            .output()
            .unwrap()
    }

    #[track_caller]
    pub fn git(&self, directory: &str, args: &[&str]) -> String {
        let output = self.run(directory, args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What git complains about.
    #[track_caller]
    pub fn git_fails(&self, directory: &str, args: &[&str]) -> String {
        let output = self.run(directory, args);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }

    pub fn commit(&self, directory: &str, file: &str, text: &str, message: &str) {
        let path = self.path(directory).join(file);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(path, text).unwrap();
        self.git(directory, &["add", "--all"]);
        self.git(directory, &["commit", "--quiet", "--message", message]);
    }

    /// The address to clone from, with a token or none.
    pub fn remote(&self, token: &str, name: &str) -> String {
        let with = if token.is_empty() { String::new() } else { format!("x-access-token:{token}@") };
        format!("http://{with}{}/{name}.git", self.hub.server_url().trim_start_matches("http://"))
    }

    pub fn try_send(&self, method: &str, url: &str, token: &str, body: Option<&Value>) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(url);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let text = body.map(ToString::to_string).unwrap_or_default();
        let mut answer = match body {
            Some(_) => self.agent.run(request.body(text).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        }?;
        let text = answer.body_mut().read_to_string()?;
        Ok(Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), text })
    }

    pub fn send(&self, method: &str, path: &str, token: &str, body: Option<&Value>) -> Answer {
        self.try_send(method, &format!("{}{path}", self.hub.api_url()), token, body).unwrap()
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.send("GET", path, &self.alice, None).is(200)
    }

    pub fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send("POST", path, token, Some(body))
    }

    pub fn graphql(&self, token: &str, query: &str, variables: &Value) -> Answer {
        let body = json!({"query": query, "variables": variables});
        self.try_send("POST", &self.hub.graphql_url(), token, Some(&body)).unwrap()
    }

    #[track_caller]
    pub fn query(&self, query: &str) -> Value {
        let answer = self.graphql(&self.alice, query, &json!({})).is(200);
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].clone()
    }

    /// Makes a commit through the API, on a new branch of a repository. Gives its id.
    #[track_caller]
    pub fn branch(&self, repo: &str, token: &str, branch: &str, file: &str) -> String {
        let main = self.get(&format!("/repos/{repo}/git/ref/heads/main"))["object"]["sha"].clone();
        let tree = json!({"base_tree": main, "tree": [
            {"path": file, "mode": "100644", "type": "blob", "content": "new\n"},
        ]});
        let tree = self.post(&format!("/repos/{repo}/git/trees"), token, &tree).is(201)["sha"].clone();
        let commit = json!({"message": "Add it", "tree": tree, "parents": [main],
            "author": {"name": "T", "email": "t@example.com", "date": "2026-09-21T15:46:40+02:00"}});
        let commit = self.post(&format!("/repos/{repo}/git/commits"), token, &commit).is(201)["sha"].clone();
        let reference = json!({"ref": format!("refs/heads/{branch}"), "sha": commit});
        self.post(&format!("/repos/{repo}/git/refs"), token, &reference).is(201);
        commit.as_str().unwrap().to_owned()
    }
}
