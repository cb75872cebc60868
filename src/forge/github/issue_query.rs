//! An issue by which an organization applies: its text, who wrote and changed it, who closed it, what we said there, and which
//! others are open beside it.

use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Repeat};
use super::fault::{self, ApiFault};
use super::partner_query::Person;
use super::registry_query::Nodes;
use super::taken_back::{self, Edit, TURNS, Turn};
use super::tellers::{self, By};
use super::threads;
use crate::domain::log::event::Issue as Attested;
use crate::domain::program::github::RepoName;
use crate::domain::{AccountId, Login, Program, Sha256, Time};
use crate::error::{Error, Result};
use crate::forge::board::{is_marked, mark};

const QUERY: &str = "
query Issue($owner: String!, $name: String!, $number: Int!, $others: Boolean!) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    issue(number: $number) {
      repository { nameWithOwner }
      fullDatabaseId number url body state lastEditedAt
      author { login __typename ... on User { databaseId name } }
      editor { login __typename }
      comments(first: 100) { ...said }
      ...turns
    }
    others: issues(states: OPEN, first: 100, orderBy: {field: CREATED_AT, direction: DESC}) @include(if: $others) {
      nodes { number body author { login __typename } }
    }
  }
}";

const SAID: &str = "
fragment said on IssueCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { id url body viewerDidAuthor viewerCanUpdate author { login __typename ... on User { databaseId } } }
}";

const OPEN: &str = "
query OpenIssues($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(states: OPEN, first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes { number body comments(first: 10) { nodes { body } } }
    }
  }
}";

/// So many pages of comments are read, each of a hundred.
const MOST_PAGES: usize = 20;

/// No repository has so many pages of open issues: what goes on then repeats itself.
const ENDLESS: usize = 1_000;

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
    pub id: String,
    pub url: String,
    pub body: String,
    #[serde(flatten)]
    pub by: By,
    /// Whether it is one of those who tell people of it: see [`tellers`].
    #[serde(skip)]
    ours: bool,
}

/// Another issue that is open.
#[derive(Debug, Clone, Deserialize)]
pub struct Other {
    pub number: u64,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    author: Option<Person>,
}

impl Other {
    /// Whether this person wrote it.
    #[must_use]
    pub fn is_by(&self, who: &Login) -> bool {
        self.author.as_ref().is_some_and(|author| author.is(who))
    }

    /// Whether another person wrote it, and no bot.
    #[must_use]
    pub fn is_by_another(&self, than: &Login) -> bool {
        self.author.as_ref().and_then(Person::account).is_some_and(|author| !author.is(than))
    }
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
    timeline_items: Nodes<Turn>,
    #[serde(default)]
    user_content_edits: Option<Nodes<Edit>>,
    /// Whether so much is said there that nobody can tell whether we said something, too.
    #[serde(skip)]
    is_drowned: bool,
    /// The newest that are open beside it, where they were asked for.
    #[serde(skip)]
    pub others: Vec<Other>,
}

impl Issue {
    /// GitHub's number of it, among all issues.
    #[must_use]
    pub fn id(&self) -> Option<AccountId> {
        self.full_database_id.parse().ok().and_then(AccountId::new)
    }

    /// The hash of its text.
    #[must_use]
    pub fn text(&self) -> Sha256 {
        Sha256::of(self.body.as_bytes())
    }

    /// What an event says that was made of it.
    pub fn attested(&self) -> Result<Attested> {
        let unclear = || Error::environment("GitHub doesn't say which issue this is").hint("run it again");
        Ok(Attested {
            address: self.url.parse().map_err(|_| unclear())?,
            id: self.id().ok_or_else(unclear)?,
            body: self.text(),
        })
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

    /// When its text was changed last.
    #[must_use]
    pub fn saved(&self) -> Option<Time> {
        self.last_edited_at.as_ref()?.parse().ok()
    }

    /// Who else changed its text before its author saved it last, and on which day, each once.
    #[must_use]
    pub fn earlier_meddlers(&self) -> Vec<(&str, &str)> {
        let mut edits: Vec<&Edit> = self.user_content_edits.iter().flat_map(Nodes::iter).collect();
        edits.sort_by(|a, b| a.edited_at.cmp(&b.edited_at));
        let mut found: Vec<(&str, &str)> = Vec::new();
        for edit in edits.iter().filter(|edit| !self.is_by_author(edit.editor.as_ref())) {
            let who = edit.editor.as_ref().map_or("somebody", |editor| &editor.login);
            if !found.iter().any(|(known, _)| *known == who) {
                found.push((who, edit.edited_at.split('T').next().unwrap_or_default()));
            }
        }
        found
    }

    /// Whether its author takes back what it asks for.
    #[must_use]
    pub fn is_taken_back(&self) -> bool {
        let edits = self.user_content_edits.iter().flat_map(Nodes::iter);
        self.by().is_some_and(|author| taken_back::is(&author, self.is_open(), self.timeline_items.iter(), edits))
    }

    /// Who closed it last.
    #[must_use]
    pub fn closed_by(&self) -> String {
        self.end().and_then(Turn::by).map_or_else(|| "somebody".to_owned(), Person::shown)
    }

    /// Whether that was its author, who may open it again then.
    #[must_use]
    pub fn is_closed_by_author(&self) -> bool {
        self.is_by_author(self.end().and_then(Turn::by))
    }

    fn end(&self) -> Option<&Turn> {
        self.timeline_items.iter().filter(|turn| turn.closes()).last()
    }

    fn is_by_author(&self, person: Option<&Person>) -> bool {
        self.by().is_some_and(|author| person.is_some_and(|person| person.is(&author)))
    }

    /// Reads on until a comment of ours is there: what others say before mustn't have us say it again.
    fn look_further(&mut self, client: &Client, place: &RepoName, program: &Program) -> Result<(), ApiFault> {
        let doing = tr!("read what was said");
        let document = format!(
            "query Comments($owner: String!, $name: String!, $number: Int!, $after: String) {{
                repository(owner: $owner, name: $name) {{
                    issue(number: $number) {{ comments(first: 100, after: $after) {{ ...said }} }}
                }}
            }}{SAID}"
        );
        let settle = |comments: &mut Nodes<Comment>| {
            comments.iter_mut().for_each(|comment| comment.ours = comment.by.is_ours(program));
        };
        settle(&mut self.comments);
        for page in 1.. {
            let ours = self.comments.iter().any(|c| c.ours && c.body.starts_with(mark!()));
            let Some(after) = self.comments.after().filter(|_| !ours) else { break };
            if page == MOST_PAGES {
                self.is_drowned = true;
                break;
            }
            let variables = json!({"owner": place.owner, "name": place.name, "number": self.number, "after": after});
            let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
            self.comments = Nodes::deserialize(&data.data["repository"]["issue"]["comments"])
                .map_err(|e| fault::of_garbled(doing, &e.to_string()))?;
            settle(&mut self.comments);
        }
        Ok(())
    }

    /// The first comment of ours that begins so, whichever of us wrote it.
    #[must_use]
    pub fn comment(&self, mark: &str) -> Option<&Comment> {
        self.like(mark).next()
    }

    /// What else of ours begins so: others of us wrote it before all kept one.
    pub fn seconds(&self, mark: &str) -> impl Iterator<Item = &Comment> {
        self.like(mark).skip(1)
    }

    fn like(&self, mark: &str) -> impl Iterator<Item = &Comment> {
        self.comments.iter().filter(move |c| c.ours && c.body.starts_with(mark))
    }
}

#[derive(Debug, Deserialize)]
struct WithIssue {
    #[serde(default)]
    issue: Option<Issue>,
    #[serde(default)]
    others: Option<Nodes<Other>>,
}

/// An issue by its number; `None` where there is none any more, or a pull request has that number.
pub fn ask(client: &Client, place: &RepoName, program: &Program, number: u64) -> Result<Option<Issue>, ApiFault> {
    read(client, place, program, number, false)
}

/// The same with the others that are open.
pub fn among_others(
    client: &Client,
    place: &RepoName,
    program: &Program,
    number: u64,
) -> Result<Option<Issue>, ApiFault> {
    read(client, place, program, number, true)
}

fn read(
    client: &Client,
    place: &RepoName,
    program: &Program,
    number: u64,
    others: bool,
) -> Result<Option<Issue>, ApiFault> {
    let doing = tr!("read the issue");
    let variables = json!({"owner": place.owner, "name": place.name, "number": number, "others": others});
    let data = client.graphql(&format!("{QUERY}{SAID}{TURNS}"), &variables, Repeat::Harmless, doing)?;
    if data.data["repository"]["issue"].is_null() {
        return match data.fault("repository", doing) {
            Some(fault) if !fault.is(http::StatusCode::NOT_FOUND) => Err(fault),
            _ => Ok(None),
        };
    }
    // By its old number GitHub may give what a transferred issue became in another repository.
    let there = &data.data["repository"];
    let issue = &there["issue"];
    if issue["number"] != number || issue["repository"]["nameWithOwner"] != there["nameWithOwner"] {
        return Ok(None);
    }
    let Some(found) = data.part::<WithIssue>("repository", doing)? else { return Ok(None) };
    let others = found.others.iter().flat_map(Nodes::iter).filter(|other| other.number != number).cloned().collect();
    let Some(mut issue) = found.issue.map(|issue| Issue { others, ..issue }) else { return Ok(None) };
    issue.look_further(client, place, program)?;
    Ok(Some(issue))
}

/// One of all that are open.
#[derive(Debug)]
pub struct Listed {
    pub number: u64,
    pub body: String,
    /// Whether something stands there that we may have said.
    pub told: bool,
}

/// All that are open, oldest first.
pub fn open(client: &Client, place: &RepoName) -> Result<Vec<Listed>, ApiFault> {
    let doing = tr!("list the open issues");
    let (mut listed, mut after) = (Vec::new(), None::<String>);
    for _ in 0..ENDLESS {
        let variables = json!({"owner": place.owner, "name": place.name, "after": after});
        let data = client.graphql(OPEN, &variables, Repeat::Harmless, doing)?;
        let page = &data.data["repository"]["issues"];
        let Some(nodes) = page["nodes"].as_array() else {
            return Err(fault::of_garbled(doing, tr!("it lacks the issues")));
        };
        listed.extend(nodes.iter().filter_map(|node| {
            let ours = |c: &serde_json::Value| c["body"].as_str().is_some_and(is_marked);
            Some(Listed {
                number: node["number"].as_u64()?,
                body: node["body"].as_str().unwrap_or_default().to_owned(),
                told: node["comments"]["nodes"].as_array().is_some_and(|said| said.iter().any(ours)),
            })
        }));
        match (page["pageInfo"]["hasNextPage"].as_bool(), page["pageInfo"]["endCursor"].as_str()) {
            (Some(true), Some(cursor)) => after = Some(cursor.to_owned()),
            _ => return Ok(listed),
        }
    }
    Err(fault::of_garbled(doing, tr!("it never ends")))
}

/// Has our comment on an issue say this: the one that is there, or a new one. Where another of us keeps it, and this account may
/// not change it, that is a refusal: nothing is said twice.
pub fn say(client: &Client, place: &RepoName, issue: &Issue, mark: &str, body: &str) -> Result<(), ApiFault> {
    let plain = |text: &str| text.replace('\r', "").trim().to_owned();
    match issue.comment(mark) {
        Some(there) if plain(&there.body) == plain(body) => Ok(()),
        Some(there) => match there.by.keeper() {
            Some(who) => Err(tellers::may_not_change(&who)),
            None => threads::edit(client, &there.id, body, "change the comment"),
        },
        None if issue.is_drowned => Err(tellers::drowned(100 * MOST_PAGES)),
        None => threads::comment(client, place, issue.number, body, "comment on the issue").map(drop),
    }
}
