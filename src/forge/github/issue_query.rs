//! An issue by which an organization applies: its text, who wrote and changed it last, who closed it, and what we said there.

use serde::Deserialize;
use serde_json::json;

use super::client::{Call, Client, Repeat};
use super::fault::{self, ApiFault};
use super::partner_query::Person;
use super::registry_query::Nodes;
use crate::domain::program::github::RepoName;
use crate::domain::{AccountId, Login};

const QUERY: &str = "
query Issue($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      fullDatabaseId number url body state lastEditedAt
      author { login __typename ... on User { databaseId name } }
      editor { login __typename }
      comments(first: 100) { nodes { databaseId body viewerDidAuthor } }
      timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {
        nodes { ... on ClosedEvent { actor { login __typename } closer { __typename } } }
      }
    }
  }
}";

const OPEN: &str = "
query OpenIssues($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(states: OPEN, first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes { number }
    }
  }
}";

/// So many pages of open issues are read, each of a hundred.
const MOST_PAGES: usize = 20;

#[derive(Debug, Clone, Deserialize)]
pub struct Author {
    #[serde(flatten)]
    pub person: Person,
    #[serde(default)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comment {
    #[serde(rename = "databaseId")]
    pub id: u64,
    pub body: String,
    #[serde(rename = "viewerDidAuthor")]
    ours: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Closed {
    #[serde(default)]
    actor: Option<Person>,
    #[serde(default)]
    closer: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    full_database_id: String,
    pub number: u64,
    pub url: String,
    pub body: String,
    state: String,
    #[serde(default)]
    last_edited_at: Option<String>,
    #[serde(default)]
    pub author: Option<Author>,
    #[serde(default)]
    editor: Option<Person>,
    comments: Nodes<Comment>,
    timeline_items: Nodes<Closed>,
}

impl Issue {
    /// GitHub's number of it, among all issues.
    #[must_use]
    pub fn id(&self) -> Option<AccountId> {
        self.full_database_id.parse().ok().and_then(AccountId::new)
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "OPEN"
    }

    /// The person who wrote it.
    #[must_use]
    pub fn by(&self) -> Option<Login> {
        self.author.as_ref()?.person.account()
    }

    /// Whether its text is as its author left it.
    #[must_use]
    pub fn is_authors_own(&self) -> bool {
        self.last_edited_at.is_none() || self.is_by_author(self.editor.as_ref())
    }

    /// Who else changed its text last.
    #[must_use]
    pub fn meddler(&self) -> &str {
        self.editor.as_ref().map_or("somebody", |e| &e.login)
    }

    /// Whether its author closed it, and no merge.
    #[must_use]
    pub fn is_closed_by_author(&self) -> bool {
        let last = self.timeline_items.iter().last();
        !self.is_open() && last.is_some_and(|l| l.closer.is_none() && self.is_by_author(l.actor.as_ref()))
    }

    fn is_by_author(&self, person: Option<&Person>) -> bool {
        self.by().is_some_and(|author| person.is_some_and(|person| person.is(&author)))
    }

    /// Our first comment that begins so.
    #[must_use]
    pub fn comment(&self, mark: &str) -> Option<&Comment> {
        self.comments.iter().find(|c| c.ours && c.body.starts_with(mark))
    }
}

#[derive(Debug, Deserialize)]
struct WithIssue {
    #[serde(default)]
    issue: Option<Issue>,
}

/// An issue by its number; `None` where there is none, or a pull request has that number.
pub fn ask(client: &Client, place: &RepoName, number: u64) -> Result<Option<Issue>, ApiFault> {
    let doing = "read the issue";
    let variables = json!({"owner": place.owner, "name": place.name, "number": number});
    let data = client.graphql(QUERY, &variables, Repeat::Harmless, doing)?;
    if data.data["repository"]["issue"].is_null() {
        return match data.fault("repository", doing) {
            Some(fault) if !fault.is(http::StatusCode::NOT_FOUND) => Err(fault),
            _ => Ok(None),
        };
    }
    Ok(data.part::<WithIssue>("repository", doing)?.and_then(|found| found.issue))
}

/// The numbers of all that are open, oldest first.
pub fn open(client: &Client, place: &RepoName) -> Result<Vec<u64>, ApiFault> {
    let doing = "list the open issues";
    let (mut numbers, mut after) = (Vec::new(), None::<String>);
    for _ in 0..MOST_PAGES {
        let variables = json!({"owner": place.owner, "name": place.name, "after": after});
        let data = client.graphql(OPEN, &variables, Repeat::Harmless, doing)?;
        let page = &data.data["repository"]["issues"];
        let Some(nodes) = page["nodes"].as_array() else {
            return Err(fault::of_garbled(doing, "it lacks the issues"));
        };
        numbers.extend(nodes.iter().filter_map(|n| n["number"].as_u64()));
        match (page["pageInfo"]["hasNextPage"].as_bool(), page["pageInfo"]["endCursor"].as_str()) {
            (Some(true), Some(cursor)) => after = Some(cursor.to_owned()),
            _ => break,
        }
    }
    Ok(numbers)
}

/// Has our comment on an issue say this: the one that is there, or a new one.
pub fn say(client: &Client, place: &RepoName, issue: &Issue, mark: &str, body: &str) -> Result<(), ApiFault> {
    let plain = |text: &str| text.replace('\r', "").trim().to_owned();
    let content = json!({"body": body});
    match issue.comment(mark) {
        Some(there) if plain(&there.body) == plain(body) => Ok(()),
        Some(there) => {
            let path = format!("/repos/{place}/issues/comments/{}", there.id);
            client.send(Call::patch(&path, &content, "change the comment")).map(drop)
        }
        None => {
            let path = format!("/repos/{place}/issues/{}/comments", issue.number);
            client.send(Call::create(&path, &content, "comment on the issue")).map(drop)
        }
    }
}
