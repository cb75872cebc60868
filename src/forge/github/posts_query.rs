//! What stands on pull requests for people to see: whether they are drafts, their labels, whom they ask for a review, the
//! status of their newest commit, and what was said there. Asked for together with their reviews.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, Data, Repeat};
use super::fault::{self, ApiFault};
use super::partner_query::Person;
use super::registry_query::Nodes;
use super::status_query::{TOLD, Told};
use super::taken_back::Question;
use super::tellers::By;
use crate::domain::program::github::RepoName;
use crate::domain::{Login, Program};
use crate::forge::board::{Comment, HOLD, Issue, LABELS, Post, REMINDER, STATUS, Said, State, WAITS, mark};
use crate::registry::slug_of;

/// So many pages of comments are looked through for ours, each of a hundred.
const MOST_PAGES: usize = 30;

/// What is wanted of a pull request.
const POST: &str = "
fragment post on PullRequest {
  id number url state title body isDraft headRefName headRefOid baseRefName
  author { login __typename }
  labels(first: 50) { nodes { name } }
  reviewRequests(first: 50) { nodes { requestedReviewer { __typename ... on User { login } } } }
  __TOLD__
  comments(first: 100) { ...said }
}
fragment said on IssueCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { id url body createdAt viewerDidAuthor viewerCanUpdate author { login __typename ... on User { databaseId } } editor { login __typename } }
}";

/// How many that are closed, and still show that they wait, are looked at in one run.
const OVER: usize = 20;

/// So many of those that changed last tell who was asked of late.
const RECENT: usize = 50;

/// A query of pull requests with all that is wanted of them, by name: `parts` are fields of the repository. What there is
/// besides is asked for the `first` time alone, and so is what becomes of the issues that are asked about.
#[must_use]
pub fn document(parts: &[String], fragments: &str, first: Option<&Question>) -> String {
    let labels: Vec<String> = LABELS.iter().map(|label| format!("\"{}\"", label.name)).collect();
    let besides = match first {
        Some(_) => format!(
            "labels(first: 10, query: \"partner/\") {{ nodes {{ name }} }}
            over: pullRequests(states: [CLOSED, MERGED], labels: [{}], first: {OVER}, orderBy: {{field: UPDATED_AT, direction: ASC}}) {{
                nodes {{ ...post }}
            }}
            recent: pullRequests(first: {RECENT}, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
                nodes {{
                    headRefName
                    timelineItems(last: 20, since: $since, itemTypes: [REVIEW_REQUESTED_EVENT]) {{
                        nodes {{ ... on ReviewRequestedEvent {{ requestedReviewer {{ ... on User {{ login }} }} }} }}
                    }}
                }}
            }}
            {}",
            labels.join(", "),
            kept(""),
        ),
        None => String::new(),
    };
    let since = if besides.is_empty() { "" } else { ", $since: DateTime!" };
    let post = if besides.is_empty() && parts.is_empty() { String::new() } else { POST.replace("__TOLD__", TOLD) };
    format!(
        "query Posts($owner: String!, $name: String!{since}) {{ repository(owner: $owner, name: $name) {{ {besides} {} }} {} }} {post} {fragments} {}",
        parts.join(" "),
        first.map(Question::fields).unwrap_or_default(),
        first.map(Question::fragments).unwrap_or_default(),
    )
}

/// The issues that carry our label, a page of them.
#[must_use]
pub fn kept(after: &str) -> String {
    format!(
        "kept: issues(labels: [\"{}\"], first: 100{after}, orderBy: {{field: CREATED_AT, direction: DESC}}) {{
            pageInfo {{ hasNextPage endCursor }}
            nodes {{ number url state body viewerDidAuthor author {{ login __typename ... on User {{ databaseId }} }} }}
        }}",
        REMINDER.name
    )
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostAnswer {
    id: String,
    number: u64,
    url: String,
    state: State,
    is_draft: bool,
    head_ref_name: String,
    head_ref_oid: String,
    base_ref_name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    author: Option<Person>,
    #[serde(default)]
    labels: Option<Nodes<Name>>,
    #[serde(default)]
    review_requests: Option<Nodes<Request>>,
    #[serde(flatten)]
    told: Told,
    comments: Nodes<CommentAnswer>,
}

#[derive(Debug, Deserialize)]
struct Name {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    requested_reviewer: Option<Reviewer>,
}

impl Request {
    fn login(&self) -> Option<Login> {
        self.requested_reviewer.as_ref()?.login.as_ref()?.parse().ok()
    }
}

#[derive(Debug, Deserialize)]
struct Reviewer {
    #[serde(default)]
    login: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentAnswer {
    id: String,
    url: String,
    #[serde(default)]
    body: String,
    created_at: String,
    #[serde(flatten)]
    by: By,
    #[serde(default)]
    editor: Option<Person>,
}

impl CommentAnswer {
    /// Whether its author alone has changed it, or after somebody else a bot that keeps it.
    fn is_untouched(&self) -> bool {
        let same = |a: &Person, b: &Person| a.kind == b.kind && a.login.eq_ignore_ascii_case(&b.login);
        let is_its = |editor: &Person| self.by.author.as_ref().is_some_and(|author| same(author, editor));
        self.editor.as_ref().is_none_or(|editor| editor.is_bot() || is_its(editor))
    }

    /// Whether it says, as we say it, which pull request brings a decision when it is merged.
    fn promises(&self) -> bool {
        self.body.trim_end().lines().last().is_some_and(|line| line.starts_with(mark!()) && line.ends_with(WAITS))
    }

    fn holds(&self) -> bool {
        self.body.lines().any(|line| line.trim() == HOLD)
    }
}

/// A pull request, before it is known whose words there are ours.
#[derive(Debug, Clone)]
pub struct Unsettled {
    pub post: Post,
    /// What was written as we write, by whomever.
    like_ours: Vec<CommentAnswer>,
}

impl Unsettled {
    #[must_use]
    pub fn is_at(&self, url: &str) -> bool {
        self.post.url == url
    }

    /// Whether what was written as we write has this line.
    #[must_use]
    pub fn says(&self, line: &str) -> bool {
        self.like_ours.iter().any(|comment| comment.body.lines().any(|said| said.trim_end() == line))
    }

    #[must_use]
    pub fn settled(self, program: &Program) -> Post {
        let Self { mut post, like_ours } = self;
        for comment in like_ours.into_iter().filter(|comment| comment.by.is_ours(program)) {
            post.held |= comment.holds();
            let (is_tally, promises) = (comment.body.starts_with(STATUS.mark), comment.promises());
            let comment = Comment {
                untouched: comment.is_untouched(),
                keeper: comment.by.keeper(),
                id: comment.id,
                url: comment.url,
                body: comment.body.replace('\r', ""),
            };
            match (is_tally, &post.own) {
                (true, None) => post.own = Some(comment),
                (true, Some(_)) => post.seconds.push(comment),
                (false, _) if promises => post.promised.push(comment),
                (false, _) => {}
            }
        }
        post
    }
}

/// What an answer says of one pull request, and of what was said there.
pub fn read(client: &Client, registry: &RepoName, value: &Value) -> Result<Unsettled, ApiFault> {
    let answer = PostAnswer::deserialize(value)
        .map_err(|e| fault::of_garbled("read what stands on the pull requests", &e.to_string()))?;
    let PostAnswer {
        id,
        number,
        url,
        state,
        is_draft,
        head_ref_name,
        head_ref_oid,
        base_ref_name,
        title,
        body,
        author,
        ..
    } = answer;
    let mut post = Post {
        id,
        number,
        url,
        state,
        is_draft,
        branch: head_ref_name,
        head: head_ref_oid,
        base: base_ref_name,
        title,
        body,
        by_bot: author.as_ref().is_some_and(Person::is_bot),
        author: author.as_ref().and_then(Person::account),
        labels: answer.labels.iter().flat_map(Nodes::iter).map(|label| label.name.clone()).collect(),
        asked: Vec::new(),
        status: answer.told.status(),
        own: None,
        promised: Vec::new(),
        seconds: Vec::new(),
        drowned: None,
        said: Vec::new(),
        withheld: Vec::new(),
        held: false,
    };
    post.asked = answer.review_requests.iter().flat_map(Nodes::iter).filter_map(Request::login).collect();
    let mut page = answer.comments;
    let mut found = Unsettled { post, like_ours: Vec::new() };
    found.take(&page);
    for pages in 1.. {
        let Some(after) = page.after() else { break };
        if pages == MOST_PAGES {
            found.post.drowned = Some(100 * MOST_PAGES);
            break;
        }
        page = more(client, registry, number, after)?;
        found.take(&page);
    }
    Ok(found)
}

impl Unsettled {
    fn take(&mut self, page: &Nodes<CommentAnswer>) {
        for comment in page.iter() {
            if comment.body.starts_with(STATUS.mark) || comment.holds() || comment.promises() {
                self.like_ours.push(comment.clone());
            }
            if !comment.body.starts_with(STATUS.mark)
                && let Some(by) = comment.by.author.as_ref().and_then(Person::account)
            {
                let on = comment.created_at.split('T').next().unwrap_or_default().to_owned();
                let word = comment.body.lines().map(str::trim).find(|line| line.starts_with('/'));
                self.post.said.extend(word.map(|word| Said { by, on, word: word.to_owned() }));
            }
        }
    }
}

fn more(client: &Client, registry: &RepoName, number: u64, after: &str) -> Result<Nodes<CommentAnswer>, ApiFault> {
    let doing = tr!("read what was said");
    let said = &POST[POST.find("fragment said").unwrap_or_default()..];
    let document = format!(
        "query Comments($owner: String!, $name: String!, $number: Int!, $after: String) {{
            repository(owner: $owner, name: $name) {{
                pullRequest(number: $number) {{ comments(first: 100, after: $after) {{ ...said }} }}
            }}
        }} {said}"
    );
    let variables = json!({"owner": registry.owner, "name": registry.name, "number": number, "after": after});
    let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
    Nodes::deserialize(&data.data["repository"]["pullRequest"]["comments"])
        .map_err(|e| fault::of_garbled(doing, &e.to_string()))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IssueAnswer {
    number: u64,
    url: String,
    state: State,
    #[serde(default)]
    body: String,
    #[serde(flatten)]
    by: By,
}

/// An issue that carries our label, before it is known whether it is ours.
#[derive(Debug, Clone)]
pub struct Kept {
    issue: Issue,
    by: By,
}

impl Kept {
    /// It, if one of us opened it.
    #[must_use]
    pub fn settled(self, program: &Program) -> Option<Issue> {
        self.by.is_ours(program).then_some(self.issue)
    }
}

/// Our issues, all of them, of which an answer to [`kept`] tells the newest: what isn't seen would be opened again.
pub fn issues(client: &Client, registry: &RepoName, data: &Data) -> Result<Vec<Kept>, ApiFault> {
    let doing = tr!("look for our issues");
    let read =
        |value: &Value| Nodes::<IssueAnswer>::deserialize(value).map_err(|e| fault::of_garbled(doing, &e.to_string()));
    let mut page = read(&data.data["repository"]["kept"])?;
    let mut found = Vec::new();
    for pages in 1.. {
        found.extend(page.iter().map(|issue| Kept {
            issue: Issue {
                number: issue.number,
                url: issue.url.clone(),
                open: issue.state == State::Open,
                body: issue.body.replace('\r', ""),
            },
            by: issue.by.clone(),
        }));
        let Some(after) = page.after() else { break };
        if pages == MOST_PAGES {
            return Err(fault::of_garbled(doing, &format!("there are more than {} of them", 100 * MOST_PAGES)));
        }
        let document = format!(
            "query Kept($owner: String!, $name: String!, $after: String) {{
                repository(owner: $owner, name: $name) {{ {} }}
            }}",
            kept(", after: $after")
        );
        let variables = json!({"owner": registry.owner, "name": registry.name, "after": after});
        let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
        page = read(&data.data["repository"]["kept"])?;
    }
    Ok(found)
}

/// What an answer to [`document`] tells besides the parts that were named.
#[derive(Debug, Clone, Default)]
pub struct Besides {
    /// The labels there are.
    pub labels: Vec<String>,
    /// Pull requests that are over and don't say so.
    pub over: Vec<Unsettled>,
    /// Who was asked for a review of late, each proposal counting once.
    pub asked: Vec<Login>,
    /// Our issues that remind of something, newest first.
    pub issues: Vec<Kept>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recent {
    head_ref_name: String,
    timeline_items: Nodes<Request>,
}

pub fn besides(client: &Client, registry: &RepoName, data: &Data) -> Result<Besides, ApiFault> {
    let doing = tr!("read what stands on the pull requests");
    let repository = &data.data["repository"];
    let garbled = |e: serde_json::Error| fault::of_garbled(doing, &e.to_string());
    let labels = Nodes::<Name>::deserialize(&repository["labels"]).map_err(garbled)?;
    let over = Nodes::<Value>::deserialize(&repository["over"]).map_err(garbled)?;
    let over = over.iter().map(|value| read(client, registry, value)).collect::<Result<_, _>>()?;
    let recent = Nodes::<Recent>::deserialize(&repository["recent"]).map_err(garbled)?;
    let mut asked = Vec::new();
    for pull in recent.iter().filter(|pull| slug_of(&pull.head_ref_name).is_some()) {
        let mut here: Vec<Login> = pull.timeline_items.iter().filter_map(Request::login).collect();
        here.sort_by_cached_key(Login::folded);
        here.dedup_by_key(|login| login.folded());
        asked.append(&mut here);
    }
    let labels = labels.iter().map(|label| label.name.clone()).collect();
    Ok(Besides { labels, over, asked, issues: issues(client, registry, data)? })
}
