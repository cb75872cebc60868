//! What a test can set up and look at.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Handle;
use super::access::Area;
use super::dump::dump;
use super::faults::Fault;
use super::server::Hook;
use super::text::Random;
use super::traffic::Request;
use super::world::{AccountKind, Actor, Permission, TokenKind, World};

impl World {
    /// A repository by its full name, old names included; without it, a test makes no sense.
    #[track_caller]
    pub fn must(&self, name: &str) -> usize {
        let (owner, short) = name.split_once('/').unwrap_or_else(|| panic!("{name} is no owner/name"));
        let found = self.repo_named(owner, short).or_else(|| self.redirect(owner, short));
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    #[track_caller]
    pub fn must_account(&self, login: &str) -> usize {
        self.account(login).unwrap_or_else(|| panic!("there is no {login}"))
    }
}

impl Handle {
    /// Of the REST API: `http://127.0.0.1:PORT/api/v3`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/api/v3", self.server_url())
    }

    /// Of the GraphQL API: `http://127.0.0.1:PORT/api/graphql`.
    #[must_use]
    pub fn graphql_url(&self) -> String {
        format!("{}/api/graphql", self.server_url())
    }

    /// `http://127.0.0.1:PORT`
    #[must_use]
    pub fn server_url(&self) -> String {
        self.0.world().server.clone()
    }

    /// Somebody signs up.
    pub fn add_user(&self, login: &str) {
        self.0.world().add_account(login, AccountKind::User);
    }

    /// Gives an account another login; the old one is free again.
    pub fn rename_user(&self, login: &str, to: &str) {
        let mut world = self.0.world();
        let account = world.must_account(login);
        to.clone_into(&mut world.accounts[account].login);
    }

    /// An account's number, which stays when its login changes.
    pub fn account_id(&self, login: &str) -> u64 {
        let world = self.0.world();
        world.accounts[world.must_account(login)].id
    }

    /// Sets what somebody's profile says.
    pub fn set_profile(&self, login: &str, name: Option<&str>, company: Option<&str>) {
        let mut world = self.0.world();
        let account = world.must_account(login);
        world.accounts[account].name = name.map(str::to_owned);
        world.accounts[account].company = company.map(str::to_owned);
    }

    /// An organization of these people.
    pub fn add_org(&self, login: &str, members: &[&str]) {
        let mut world = self.0.world();
        let members = members.iter().map(|member| world.must_account(member)).collect();
        let org = world.add_account(login, AccountKind::Organization);
        world.accounts[org].members = members;
    }

    /// People leave an organization.
    pub fn leave_org(&self, org: &str, members: &[&str]) {
        let mut world = self.0.world();
        let leaving: Vec<usize> = members.iter().map(|member| world.must_account(member)).collect();
        let org = world.must_account(org);
        world.accounts[org].members.retain(|member| !leaving.contains(member));
    }

    /// A team of an organization's members.
    pub fn add_team(&self, org: &str, slug: &str, members: &[&str]) {
        let mut world = self.0.world();
        let members = members.iter().map(|member| world.must_account(member)).collect();
        let org = world.must_account(org);
        world.accounts[org].teams.insert(slug.to_owned(), members);
    }

    /// A new token of somebody's.
    #[must_use]
    pub fn token(&self, login: &str, kind: TokenKind) -> String {
        let mut world = self.0.world();
        let user = world.must_account(login);
        let prefix = match kind {
            TokenKind::Classic { .. } | TokenKind::Saml { .. } => "ghp_",
            TokenKind::FineGrained => "github_pat_",
            TokenKind::OrgRestricted { .. } => "gho_",
            TokenKind::App { .. } | TokenKind::Actions { .. } => "ghs_",
        };
        let token = format!("{prefix}{:036}", world.tokens.len() + 1);
        world.tokens.insert(token.clone(), Actor { user, token: Some(kind) });
        token
    }

    /// The same token as an older server writes it: its looks don't tell whose it is.
    #[must_use]
    pub fn without_prefix(&self, token: &str) -> String {
        let mut world = self.0.world();
        let plain = token.split_once('_').map_or(token, |(_, rest)| rest).replace('0', "a");
        let actor = world.tokens[token].clone();
        world.tokens.insert(plain.clone(), actor);
        plain
    }

    /// A token of a workflow in this repository: `github-actions[bot]` may write there.
    #[must_use]
    pub fn actions_token(&self, repository: &str) -> String {
        self.token("github-actions", TokenKind::Actions { repository: repository.to_owned() })
    }

    /// A token of an App that is installed in these repositories. The App exists from its first token on.
    #[must_use]
    pub fn app_token(&self, app: &str, repositories: &[&str]) -> String {
        {
            let mut world = self.0.world();
            if world.account(app).is_none() {
                world.add_account(app, AccountKind::Bot);
            }
        }
        let repositories = repositories.iter().map(|&name| name.to_owned()).collect();
        self.token(app, TokenKind::App { repositories })
    }

    /// Whether the plan of a repository has draft pull requests.
    pub fn allow_drafts(&self, name: &str, allowed: bool) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.repos[repo].without_drafts = !allowed;
    }

    /// Makes a token unknown.
    pub fn revoke(&self, token: &str) {
        self.0.world().tokens.remove(token);
    }

    /// A public repository with all objects and refs of one on disk. Its owner must exist.
    pub fn add_repository(&self, name: &str, from: &Path) {
        let mut world = self.0.world();
        let (owner, short) = name.split_once('/').unwrap();
        let owner = world.must_account(owner);
        world.add_repository(owner, short, from);
    }

    /// Where a repository is on disk. Its objects are its network's.
    #[must_use]
    pub fn repo_path(&self, name: &str) -> PathBuf {
        let world = self.0.world();
        world.repos[world.must(name)].path.clone()
    }

    /// Whether there is a repository of this name now.
    #[must_use]
    pub fn exists(&self, name: &str) -> bool {
        name.split_once('/').is_some_and(|(owner, name)| self.0.world().repo_named(owner, name).is_some())
    }

    /// Forks a repository on the web, usable at once. Gives the fork's full name.
    pub fn fork(&self, name: &str, by: &str, new_name: Option<&str>) -> String {
        let mut world = self.0.world();
        let actor = Actor { user: world.must_account(by), token: None };
        let repo = world.must(name);
        let fork = world.fork(&actor, repo, None, new_name, false).unwrap();
        world.repos[fork].ready_in = 0;
        world.full_name(fork)
    }

    /// Renames a repository, or gives it to somebody else.
    pub fn rename(&self, name: &str, to: &str) {
        let mut world = self.0.world();
        let (owner, short) = to.split_once('/').unwrap();
        let (repo, owner) = (world.must(name), world.must_account(owner));
        world.rename(repo, owner, short);
    }

    /// Archives a repository, or wakes it up again.
    pub fn archive(&self, name: &str, archived: bool) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.repos[repo].archived = archived;
    }

    /// Deletes a repository; its pull requests elsewhere stay.
    pub fn delete(&self, name: &str) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.repos[repo].deleted = true;
    }

    /// Makes a repository private, or public.
    pub fn set_private(&self, name: &str, private: bool) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.repos[repo].private = private;
    }

    /// Lets nobody push to a branch, whichever way.
    pub fn protect(&self, name: &str, branch: &str) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.repos[repo].protected.insert(branch.to_owned());
        world.write_protection(repo);
    }

    /// Lets people push again.
    pub fn unprotect(&self, name: &str, branch: &str) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.repos[repo].protected.remove(branch);
        world.write_protection(repo);
    }

    /// Makes somebody a collaborator.
    pub fn grant(&self, name: &str, user: &str, permission: Permission) {
        let mut world = self.0.world();
        let (repo, user) = (world.must(name), world.must_account(user));
        world.repos[repo].grants.insert(user, permission);
    }

    /// Takes back what was granted.
    pub fn revoke_grant(&self, name: &str, user: &str) {
        let mut world = self.0.world();
        let (repo, user) = (world.must(name), world.must_account(user));
        world.repos[repo].grants.remove(&user);
    }

    /// Whether workflows may open pull requests.
    pub fn let_workflows_propose(&self, may: bool) {
        self.0.world().workflows_may_propose = may;
    }

    /// What workflows aren't let write, as where their job's `permissions` don't name it.
    pub fn withhold_from_workflows(&self, areas: &[Area]) {
        self.0.world().withheld = areas.to_vec();
    }

    /// Whether objects of the network can only be used in a fork that leads to them itself.
    pub fn strict_forks(&self, strict: bool) {
        self.0.world().strict_forks = strict;
    }

    /// After how many later API requests a new fork can be used.
    pub fn fork_delay(&self, requests: u32) {
        self.0.world().fork_delay = requests;
    }

    /// Renames the default branch, as its settings do.
    pub fn rename_default_branch(&self, name: &str, branch: &str) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.rename_default_branch(repo, branch);
    }

    /// Makes another existing branch the default.
    pub fn set_default_branch(&self, name: &str, branch: &str) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.git(repo).set_head(branch);
        branch.clone_into(&mut world.repos[repo].default_branch);
    }

    /// Turns a repository's issues off, or on.
    pub fn enable_issues(&self, name: &str, enabled: bool) {
        let mut world = self.0.world();
        let repo = world.must(name);
        world.repos[repo].issues_enabled = enabled;
    }

    /// Lets time pass until it is this late, in seconds since 1970.
    pub fn pass_until(&self, time: i64) {
        let mut world = self.0.world();
        world.clock = world.clock.max(time);
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: u32) {
        self.0.world().clock += i64::from(seconds);
    }

    /// Everything that exists and matters, without times and database ids.
    #[must_use]
    pub fn dump(&self) -> Value {
        dump(&self.0.world(), true)
    }

    /// The same without the ids of commits, which depend on when they were made.
    #[must_use]
    pub fn dump_trees(&self) -> Value {
        dump(&self.0.world(), false)
    }

    /// All requests so far.
    #[must_use]
    pub fn traffic(&self) -> Vec<Request> {
        self.0.control().traffic.clone()
    }

    /// Forgets the requests so far.
    pub fn clear_traffic(&self) {
        self.0.control().traffic.clear();
    }

    /// What isn't as GitHub describes it, so far.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.0.control().violations.clone()
    }

    /// The violations so far, which are forgiven.
    #[must_use]
    pub fn take_violations(&self) -> Vec<String> {
        std::mem::take(&mut self.0.control().violations)
    }

    /// Panics if anything wasn't as GitHub describes it.
    #[track_caller]
    pub fn assert_clean(&self) {
        let violations = self.take_violations();
        assert!(violations.is_empty(), "not as GitHub describes it:\n{}", violations.join("\n"));
    }

    /// What becomes of the `k`-th API request from now, counted from 1.
    pub fn fault(&self, k: u64, fault: Fault) {
        let mut control = self.0.control();
        let k = control.counted + k;
        control.faults.insert(k, fault);
    }

    /// Forgets the faults and hooks that haven't come yet.
    pub fn clear_faults(&self) {
        let mut control = self.0.control();
        control.faults.clear();
        control.hooks.clear();
    }

    /// Whether requests of git are counted, and can go wrong, as well.
    pub fn fault_counting_git(&self, counting: bool) {
        self.0.control().count_git = counting;
    }

    /// Does something right before the `k`-th API request from now.
    pub fn on_request(&self, k: u64, hook: Hook) {
        let mut control = self.0.control();
        let k = control.counted + k;
        control.hooks.insert(k, hook);
    }

    /// Waits until a request is being held; false if none is after that time.
    #[must_use]
    pub fn wait_held(&self, timeout: Duration) -> bool {
        let end = Instant::now() + timeout;
        let mut control = self.0.control();
        while control.held == 0 {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            control = self.0.changed.wait_timeout(control, left).unwrap().0;
        }
        true
    }

    /// Lets go of the requests being held: their connections are closed.
    pub fn release(&self) {
        let mut control = self.0.control();
        control.held = 0;
        control.released += 1;
        drop(control);
        self.0.changed.notify_all();
    }

    /// From now on answers lack what GitHub may leave out, at random.
    pub fn drop_fields(&self, seed: u64) {
        self.0.control().random = Some(Random::new(seed));
    }

    /// Answers are complete again.
    pub fn keep_fields(&self) {
        self.0.control().random = None;
    }
}
