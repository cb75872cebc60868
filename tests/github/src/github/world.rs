//! Everything that exists: accounts, tokens, repositories, issues, pull requests.

use super::access::Area;
use super::habits::Habits;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use git2::Oid;

use super::settling::Settling;

/// Where issues and pull requests are shown: the same in every run, since people write such addresses into files.
pub const PAGES: &str = "https://github.example";

/// When every world begins: 2026-09-21T13:46:40Z, in seconds since 1970.
pub const BEGIN: i64 = 1_790_000_000;

/// What somebody may do in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// See it, open issues and pull requests.
    Read,
    /// Manage issues.
    Triage,
    /// Push, review with weight, merge.
    Write,
    /// Manage the repository.
    Maintain,
    /// Everything.
    Admin,
}

impl Permission {
    /// As GraphQL calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Triage => "TRIAGE",
            Self::Write => "WRITE",
            Self::Maintain => "MAINTAIN",
            Self::Admin => "ADMIN",
        }
    }
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A classic personal access token with these scopes.
    Classic {
        /// As in `X-OAuth-Scopes`: `repo`, `public_repo`, `read:org`…
        scopes: Vec<String>,
    },
    /// Everything in its user's own repositories, and reading elsewhere.
    FineGrained,
    /// Of an OAuth app that this organization doesn't let in.
    OrgRestricted {
        /// The organization's login.
        org: String,
        /// Whether even reading its public repositories is refused.
        reads_too: bool,
    },
    /// Not authorized for this organization's single sign-on.
    Saml {
        /// The organization's login.
        org: String,
    },
    /// An installation of an App, which may write in these repositories.
    App {
        /// As `owner/name`.
        repositories: Vec<String>,
    },
    /// A workflow's token: `github-actions[bot]`, which may write in this repository.
    Actions {
        /// As `owner/name`.
        repository: String,
    },
}

impl TokenKind {
    /// A classic token with the scope `repo`, as most people have.
    #[must_use]
    pub fn classic() -> Self {
        Self::Classic { scopes: vec!["repo".to_owned(), "read:org".to_owned()] }
    }

    /// Whether no person stands behind it.
    #[must_use]
    pub fn is_integration(&self) -> bool {
        matches!(self, Self::App { .. } | Self::Actions { .. })
    }

    /// Whether it is an integration's that may write in this repository.
    #[must_use]
    pub fn is_installed_in(&self, name: &str) -> bool {
        match self {
            Self::App { repositories } => repositories.iter().any(|it| it.eq_ignore_ascii_case(name)),
            Self::Actions { repository } => repository.eq_ignore_ascii_case(name),
            _ => false,
        }
    }
}

/// Who asks, and with what.
#[derive(Clone, Debug)]
pub struct Actor {
    pub user: usize,
    pub token: Option<TokenKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    User,
    Organization,
    Bot,
}

#[derive(Clone, Debug)]
pub struct Account {
    pub id: u64,
    pub login: String,
    pub name: Option<String>,
    pub company: Option<String>,
    pub kind: AccountKind,
    pub created: i64,
    pub members: Vec<usize>,
    pub teams: BTreeMap<String, Vec<usize>>,
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "any of them can be set, whatever the others are")]
pub struct Repo {
    pub id: u64,
    pub owner: usize,
    pub name: String,
    pub path: PathBuf,
    pub network: usize,
    pub parent: Option<usize>,
    pub private: bool,
    pub archived: bool,
    pub deleted: bool,
    pub issues_enabled: bool,
    pub default_branch: String,
    pub protected: BTreeSet<String>,
    pub grants: HashMap<usize, Permission>,
    pub created: i64,
    /// Requests until a new fork can be used.
    pub ready_in: u32,
    pub threads: BTreeMap<u64, Thread>,
    pub labels: Vec<Label>,
    /// Of its commits, oldest first.
    pub statuses: Vec<Status>,
    /// Whether its plan has no draft pull requests.
    pub without_drafts: bool,
    /// Objects made in it through the API, which no ref may lead to yet.
    pub made: HashSet<Oid>,
    /// Up to which commit of the default branch issues were closed.
    pub closed_up_to: Option<Oid>,
}

#[derive(Clone, Debug)]
pub struct Label {
    pub name: String,
    pub color: String,
    pub description: String,
}

#[derive(Clone, Debug)]
pub struct Status {
    pub sha: Oid,
    pub context: String,
    /// As REST has it: `pending`, `success`, `failure`, `error`.
    pub state: String,
    pub description: String,
    pub target_url: String,
    pub creator: usize,
}

/// An issue or a pull request.
#[derive(Clone, Debug)]
pub struct Thread {
    pub id: u64,
    pub number: u64,
    pub title: String,
    pub body: String,
    pub author: usize,
    pub open: bool,
    pub locked: bool,
    pub state_reason: Option<&'static str>,
    pub created: i64,
    pub updated: i64,
    pub edited: Option<(i64, usize)>,
    /// All that its text was saved, once it was changed: when and by whom, from its beginning.
    pub edits: Vec<(i64, usize)>,
    pub closed: Option<i64>,
    /// Who closed it, and the pull request whose merge did.
    pub closer: (Option<usize>, Option<(usize, u64)>),
    /// How it was closed before and opened again: each closing with who did it, and when and by whom it was opened again.
    pub reopened: Vec<Reopened>,
    pub labels: Vec<String>,
    pub comments: Vec<Comment>,
    pub pull: Option<Pull>,
}

#[derive(Clone, Copy, Debug)]
pub struct Reopened {
    pub closed: i64,
    pub closer: (Option<usize>, Option<(usize, u64)>),
    pub at: i64,
    pub by: usize,
}

#[derive(Clone, Debug)]
pub struct Comment {
    pub id: u64,
    pub author: usize,
    pub body: String,
    pub created: i64,
    pub updated: i64,
    pub edited: Option<(i64, usize)>,
}

#[derive(Clone, Debug)]
pub struct Pull {
    pub base: String,
    pub base_oid: Oid,
    pub head_repo: usize,
    pub head_owner: usize,
    pub head: String,
    pub head_oid: Oid,
    pub draft: bool,
    pub maintainer_can_modify: bool,
    pub merged: Option<Merged>,
    pub reviews: Vec<Review>,
    /// Who is asked for a review, and hasn't given it.
    pub requested: Vec<usize>,
    /// Who was ever asked, and when, in that order.
    pub asks: Vec<(i64, usize)>,
}

#[derive(Clone, Debug)]
pub struct Merged {
    pub at: i64,
    pub by: usize,
    pub commit: Oid,
}

#[derive(Clone, Debug)]
pub struct Review {
    pub id: u64,
    pub author: usize,
    pub state: &'static str,
    pub body: String,
    pub submitted: i64,
    pub commit: Oid,
    pub edited: Option<(i64, usize)>,
}

#[derive(Clone, Debug)]
pub struct World {
    pub root: PathBuf,
    /// `http://127.0.0.1:PORT`
    pub server: String,
    pub clock: i64,
    pub next_id: u64,
    pub accounts: Vec<Account>,
    pub tokens: HashMap<String, Actor>,
    pub repos: Vec<Repo>,
    /// Old names in lower case.
    pub redirects: HashMap<String, usize>,
    /// Issues that were deleted, or where they were transferred to.
    pub gone: HashMap<(usize, u64), Option<(usize, u64)>>,
    pub networks: usize,
    pub strict_forks: bool,
    pub habits: Habits,
    /// Whether workflows may open pull requests; GitHub's default for organizations is that they may not.
    pub workflows_may_propose: bool,
    /// What workflows aren't let write.
    pub withheld: Vec<Area>,
    pub fork_delay: u32,
    pub settling: Settling,
    /// Requests spent, by token and resource.
    pub spent: HashMap<(String, &'static str), u64>,
}

impl World {
    pub fn new(root: PathBuf, server: String) -> Self {
        let mut world = Self {
            root,
            server,
            clock: BEGIN,
            next_id: 583_000,
            accounts: Vec::new(),
            tokens: HashMap::new(),
            repos: Vec::new(),
            redirects: HashMap::new(),
            gone: HashMap::new(),
            networks: 0,
            strict_forks: false,
            habits: Habits::default(),
            workflows_may_propose: true,
            withheld: Vec::new(),
            fork_delay: 0,
            settling: Settling::default(),
            spent: HashMap::new(),
        };
        world.add_account("github-actions", AccountKind::Bot);
        world
    }

    /// The same world in another directory, at another address, wherever it is written.
    pub fn moved(&self, root: PathBuf, server: String) -> Self {
        let mut world = self.clone();
        for repo in &mut world.repos {
            repo.path = root.join(repo.path.strip_prefix(&world.root).unwrap());
            for thread in repo.threads.values_mut() {
                let comments = thread.comments.iter_mut().map(|comment| &mut comment.body);
                let reviews = thread.pull.iter_mut().flat_map(|pull| &mut pull.reviews).map(|review| &mut review.body);
                for text in comments.chain(reviews).chain([&mut thread.body]) {
                    *text = text.replace(&world.server, &server);
                }
            }
        }
        (world.root, world.server) = (root, server);
        world
    }

    /// One second later.
    pub fn tick(&mut self) -> i64 {
        self.clock += 1;
        self.clock
    }

    pub fn new_id(&mut self) -> u64 {
        self.next_id += 37;
        self.next_id
    }

    pub fn add_account(&mut self, login: &str, kind: AccountKind) -> usize {
        assert!(self.account(login).is_none(), "{login} exists");
        let id = self.new_id();
        let account = Account {
            id,
            login: login.to_owned(),
            name: None,
            company: None,
            kind,
            created: BEGIN - 86_400 * 365,
            members: Vec::new(),
            teams: BTreeMap::new(),
        };
        self.accounts.push(account);
        self.accounts.len() - 1
    }

    pub fn account(&self, login: &str) -> Option<usize> {
        let plain = login.strip_suffix("[bot]").unwrap_or(login);
        self.accounts.iter().position(|account| account.login.eq_ignore_ascii_case(plain))
    }

    pub fn login(&self, account: usize) -> &str {
        &self.accounts[account].login
    }

    /// A login as REST has it, and GraphQL's viewer: bots are called `name[bot]`.
    pub fn bot_login(&self, account: usize) -> String {
        let it = &self.accounts[account];
        if it.kind == AccountKind::Bot { format!("{}[bot]", it.login) } else { it.login.clone() }
    }

    pub fn full_name(&self, repo: usize) -> String {
        format!("{}/{}", self.login(self.repos[repo].owner), self.repos[repo].name)
    }

    /// The repository of that very name, whether it can be used already or not.
    pub fn repo_named(&self, owner: &str, name: &str) -> Option<usize> {
        self.repos.iter().position(|repo| {
            !repo.deleted && repo.name.eq_ignore_ascii_case(name) && self.login(repo.owner).eq_ignore_ascii_case(owner)
        })
    }

    /// The repository that a former name leads to.
    pub fn redirect(&self, owner: &str, name: &str) -> Option<usize> {
        let target = *self.redirects.get(&format!("{owner}/{name}").to_lowercase())?;
        (!self.repos[target].deleted).then_some(target)
    }

    pub fn thread(&self, repo: usize, number: u64) -> &Thread {
        &self.repos[repo].threads[&number]
    }

    pub fn thread_mut(&mut self, repo: usize, number: u64) -> &mut Thread {
        self.repos[repo].threads.get_mut(&number).unwrap()
    }

    pub fn pull(&self, repo: usize, number: u64) -> Option<&Pull> {
        self.repos[repo].threads.get(&number)?.pull.as_ref()
    }

    pub fn pull_mut(&mut self, repo: usize, number: u64) -> &mut Pull {
        self.thread_mut(repo, number).pull.as_mut().unwrap()
    }

    pub fn next_number(&self, repo: usize) -> u64 {
        self.repos[repo].threads.keys().last().map_or(1, |last| last + 1)
    }

    /// The web address of an issue or a pull request.
    pub fn thread_url(&self, repo: usize, number: u64) -> String {
        let kind = if self.pull(repo, number).is_some() { "pull" } else { "issues" };
        format!("{PAGES}/{}/{kind}/{number}", self.full_name(repo))
    }

    /// The REST address of something in a repository.
    pub fn api(&self, repo: usize, rest: &str) -> String {
        format!("{}/api/v3/repos/{}{rest}", self.server, self.full_name(repo))
    }

    /// What a person may do, whatever the token.
    pub fn permission(&self, user: usize, repo: usize) -> Option<Permission> {
        let repo = &self.repos[repo];
        let owner = &self.accounts[repo.owner];
        let base = if repo.owner == user {
            Some(Permission::Admin)
        } else if !repo.private || owner.members.contains(&user) {
            Some(Permission::Read)
        } else {
            None
        };
        base.max(repo.grants.get(&user).copied())
    }

    pub fn association(&self, user: usize, repo: usize) -> &'static str {
        let it = &self.repos[repo];
        if it.owner == user {
            "OWNER"
        } else if self.accounts[it.owner].members.contains(&user) {
            "MEMBER"
        } else if it.grants.contains_key(&user) {
            "COLLABORATOR"
        } else if it.threads.values().any(|t| t.author == user && t.pull.as_ref().is_some_and(|p| p.merged.is_some())) {
            "CONTRIBUTOR"
        } else {
            "NONE"
        }
    }
}
