//! The first question of a run without a clone: who we are, where the registry stands, what rules it has, who is in it,
//! and which fork is ours.

use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Data, Repeat};
use super::fault::{self, ApiFault};
use super::objects::{BlobAnswer, TreeAnswer};
use crate::domain::program::github::RepoName;
use crate::domain::values::is_bots;

const QUERY: &str = "
query Registry($owner: String!, $name: String!) {
  viewer { login databaseId name }
  repository(owner: $owner, name: $name) {
    ...known
    defaultBranchRef { name target { oid ... on Commit { tree { oid entries { nameRaw mode oid } } } } }
    data: object(expression: \"HEAD:data\") { ... on Tree { oid entries { nameRaw mode oid } } }
    partners: object(expression: \"HEAD:data/partners\") { ... on Tree { oid entries { nameRaw mode oid } } }
    program: object(expression: \"HEAD:data/program.toml\") { ... on Blob { text isTruncated } }
    programDirectory: object(expression: \"HEAD:data/program\") { ... on Tree { oid entries { nameRaw mode oid } } }
    programLog: object(expression: \"HEAD:data/program/log\") { ... on Tree { oid entries { nameRaw mode oid } } }
    policies: object(expression: \"HEAD:data/program/policies\") { ... on Tree { oid entries { nameRaw mode oid } } }
    founding: object(expression: \"HEAD:data/program/log/0001\") { ... on Blob { text isTruncated } }
    waiting: pullRequests(states: OPEN, first: 100, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { headRefName }
    }
  }
}";

/// What every run wants to know of a registry: its present name, its templates, and which fork is ours.
pub const KNOWN: &str = "
fragment known on Repository {
  id
  nameWithOwner
  isArchived
  templates: object(expression: \"HEAD:templates/github\") {
    ... on Tree { entries { name object { ... on Blob { text isTruncated } } } }
  }
  forks(first: 10, affiliations: [OWNER, ORGANIZATION_MEMBER]) {
    nodes {
      id
      nameWithOwner
      isArchived
      viewerPermission
      defaultBranchRef { target { oid ... on Commit { tree { oid } } } }
    }
  }
}";

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Viewer {
    pub login: String,
    /// The number in the mailbox that GitHub lends.
    #[serde(default)]
    pub database_id: Option<u64>,
    #[serde(default)]
    pub name: Option<String>,
}

impl Viewer {
    /// Whether it is a workflow, or an App.
    #[must_use]
    pub fn is_bot(&self) -> bool {
        is_bots(&self.login)
    }
}

/// A list as GraphQL gives it; entries may be missing.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Nodes<T> {
    #[serde(default = "Vec::new")]
    nodes: Vec<Option<T>>,
    #[serde(default)]
    page_info: Option<Around>,
}

/// Whether there is more before a page's first, or behind its last; only what was asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Around {
    has_previous_page: bool,
    start_cursor: Option<String>,
    has_next_page: bool,
    end_cursor: Option<String>,
}

impl<T> Nodes<T> {
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().flatten()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.nodes.iter_mut().flatten()
    }

    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.nodes.iter_mut().flatten().last()
    }

    /// Where the page before begins, if there is one and it was asked for.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        self.page_info.as_ref().filter(|p| p.has_previous_page)?.start_cursor.as_deref()
    }

    /// Behind what the next page begins, if there is one and it was asked for.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.page_info.as_ref().filter(|p| p.has_next_page)?.end_cursor.as_deref()
    }

    /// Puts the page before in front.
    pub fn precede(&mut self, mut earlier: Self) {
        earlier.nodes.append(&mut self.nodes);
        *self = earlier;
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct RefAnswer {
    /// Its name, without `refs/heads/`; asked for where it isn't known.
    #[serde(default)]
    pub name: String,
    /// Its node id, where asked for.
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub target: Option<CommitAnswer>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitAnswer {
    pub oid: String,
    /// Its first line, where asked for; GitHub cuts long ones.
    #[serde(default)]
    pub message_headline: String,
    #[serde(default)]
    pub tree: Option<TreeAnswer>,
    #[serde(default)]
    pub parents: Option<Nodes<Head>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    pub oid: String,
    /// Its first line, where asked for; GitHub cuts long ones.
    #[serde(default)]
    pub message_headline: String,
}

/// A repository that proposals can be made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForkAnswer {
    pub id: String,
    pub name_with_owner: String,
    /// Whether nothing can be written there.
    #[serde(default)]
    pub is_archived: bool,
    #[serde(default)]
    pub viewer_permission: Option<String>,
    /// Its default branch; none while it is empty.
    #[serde(default)]
    pub default_branch_ref: Option<RefAnswer>,
    /// Our branch there, where asked for.
    #[serde(default)]
    pub branch: Option<RefAnswer>,
}

/// A template of the registry's.
#[derive(Debug, Clone, Deserialize)]
struct TemplateAnswer {
    name: String,
    #[serde(default)]
    object: Option<BlobAnswer>,
}

#[derive(Debug, Clone, Deserialize)]
struct Templates {
    #[serde(default)]
    entries: Option<Vec<TemplateAnswer>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    head_ref_name: String,
}

/// What is known of the registry.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    pub id: String,
    pub name_with_owner: String,
    /// Whether nothing can be proposed any more.
    #[serde(default)]
    pub is_archived: bool,
    /// Its default branch; none while it is empty.
    #[serde(default)]
    pub default_branch_ref: Option<RefAnswer>,
    #[serde(default)]
    pub data: Option<TreeAnswer>,
    #[serde(default)]
    pub partners: Option<TreeAnswer>,
    #[serde(default)]
    pub program: Option<BlobAnswer>,
    #[serde(default)]
    pub program_directory: Option<TreeAnswer>,
    #[serde(default)]
    pub program_log: Option<TreeAnswer>,
    #[serde(default)]
    pub policies: Option<TreeAnswer>,
    #[serde(default)]
    pub founding: Option<BlobAnswer>,
    #[serde(default)]
    templates: Option<Templates>,
    #[serde(default)]
    waiting: Option<Nodes<Waiting>>,
    #[serde(default)]
    forks: Option<Nodes<ForkAnswer>>,
}

impl Repository {
    #[must_use]
    pub fn templates(&self) -> Vec<(String, String)> {
        let entries = self.templates.iter().filter_map(|t| t.entries.as_ref()).flatten();
        entries.filter_map(|e| Some((e.name.clone(), e.object.clone()?.text?))).collect()
    }

    /// Whether a pull request from a branch of this name is open.
    #[must_use]
    pub fn has_waiting(&self, branch: &str) -> bool {
        self.waiting.iter().flat_map(Nodes::iter).any(|w| w.head_ref_name == branch)
    }

    /// The forks of the person's and of their organizations.
    pub fn forks(&self) -> impl Iterator<Item = &ForkAnswer> {
        self.forks.iter().flat_map(Nodes::iter)
    }

    /// The person's own fork, which nobody else can write to.
    #[must_use]
    pub fn own_fork_of(&self, login: &str) -> Option<&ForkAnswer> {
        let own = |f: &&ForkAnswer| {
            f.name_with_owner.split('/').next().is_some_and(|owner| owner.eq_ignore_ascii_case(login))
        };
        self.forks().filter(own).find(|f| !f.is_archived)
    }

    /// The fork to propose from: the person's own before one of their organizations'.
    #[must_use]
    pub fn fork_of(&self, login: &str) -> Option<&ForkAnswer> {
        let usable = |f: &&ForkAnswer| {
            !f.is_archived && matches!(f.viewer_permission.as_deref(), Some("ADMIN" | "MAINTAIN" | "WRITE"))
        };
        self.own_fork_of(login).or_else(|| self.forks().find(usable))
    }
}

pub fn ask(client: &Client, registry: &RepoName) -> Result<(Viewer, Repository), ApiFault> {
    let doing = tr!("read the registry");
    let variables = json!({"owner": registry.owner, "name": registry.name});
    let data = client.graphql(&format!("{QUERY}{KNOWN}"), &variables, Repeat::Harmless, doing)?;
    read(&data, doing)
}

/// Who we are, and what is known of the repository, from an answer that has both.
pub fn read(data: &Data, doing: &str) -> Result<(Viewer, Repository), ApiFault> {
    let missing = |part: &str| {
        data.fault(part, doing).unwrap_or_else(|| fault::of_garbled(doing, &tr!("it lacks `{part}`", part)))
    };
    let viewer = data.part("viewer", doing)?.ok_or_else(|| missing("viewer"))?;
    let repository = data.part("repository", doing)?.ok_or_else(|| missing("repository"))?;
    Ok((viewer, repository))
}
