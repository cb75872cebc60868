//! The second question of a run without a clone: all about one partner. Its directory, its open pull requests with their
//! reviews, our branch for it, the issue we may have opened already, and whether its contact exists.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Repeat};
use super::fault::{self, ApiFault, Effect};
use super::objects::TreeAnswer;
use super::registry_query::{Head, Nodes, RefAnswer};
use super::status_query::{TOLD, Told};
use crate::domain::paths::root_of;
use crate::domain::program::github::RepoName;
use crate::domain::{AccountId, Login, Slug, Subject};
use crate::registry::{branch_for, is_exit};

const QUERY: &str = "
query Partner(
  $owner: String!, $name: String!, $base: String!, $expression: String!, $path: String!, $apply: String!, $exit: String!,
  $contact: String!, $askContact: Boolean!,
  $issuesOwner: String!, $issuesName: String!, $creator: String!, $askIssues: Boolean!,
  $forkOwner: String!, $forkName: String!, $applyRef: String!, $exitRef: String!, $askFork: Boolean!,
  $log: String!, $askRecord: Boolean!
) {
  repository(owner: $owner, name: $name) {
    directory: object(expression: $expression) { ...directory }
    record: object(expression: \"HEAD\") @include(if: $askRecord) {
      ... on Commit { history(first: 20, path: $log) { nodes { oid message } } }
    }
    apply: pullRequests(headRefName: $apply, baseRefName: $base, states: OPEN, first: 10, orderBy: {field: CREATED_AT, direction: ASC}) {
      nodes { ...proposal ...content }
    }
    exit: pullRequests(headRefName: $exit, baseRefName: $base, states: OPEN, first: 10, orderBy: {field: CREATED_AT, direction: ASC}) {
      nodes { ...proposal ...content }
    }
  }
  contact: user(login: $contact) @include(if: $askContact) { login __typename }
  issues: repository(owner: $issuesOwner, name: $issuesName) @include(if: $askIssues) {
    id
    nameWithOwner
    issues(first: 10, filterBy: {createdBy: $creator}, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { number url body state }
    }
  }
  fork: repository(owner: $forkOwner, name: $forkName) @include(if: $askFork) {
    apply: ref(qualifiedName: $applyRef) { id target { oid } }
    exit: ref(qualifiedName: $exitRef) { id target { oid } }
  }
}";

/// Our own pull requests of these names, wherever they are. Asked for only where others' fill the page.
const OWN: &str = "
query Own($path: String!, $base: String!, $apply: String!, $exit: String!) {
  viewer {
    apply: pullRequests(headRefName: $apply, baseRefName: $base, states: OPEN, first: 10, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { baseRepository { nameWithOwner } ...proposal ...content }
    }
    exit: pullRequests(headRefName: $exit, baseRefName: $base, states: OPEN, first: 10, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { baseRepository { nameWithOwner } ...proposal ...content }
    }
  }
}";

/// How many pull requests of a name are asked for.
const PAGE: usize = 10;

/// What is wanted of a pull request's content.
const CONTENT: &str = "
fragment content on PullRequest {
  ...told
  commits(last: 1) { nodes { commit { oid tree { oid } file(path: $path) { object { ...directory } } } } }
}";

/// The same where all of it at once is too much.
const NO_CONTENT: &str = "
fragment content on PullRequest {
  ...told
  commits(last: 1) { nodes { commit { oid tree { oid } file(path: $path) { oid } } } }
}";

/// The content of one pull request.
const ONE: &str = "
query Content($owner: String!, $name: String!, $number: Int!, $path: String!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { ...proposal ...content } }
}";

const DIRECTORY: &str = "
fragment directory on Tree {
  oid
  entries {
    nameRaw mode oid
    object {
      ... on Blob { text isTruncated }
      ... on Tree {
        entries {
          nameRaw mode oid
          object {
            ... on Blob { text isTruncated }
            ... on Tree { entries { nameRaw mode oid object { ... on Blob { text isTruncated } } } }
          }
        }
      }
    }
  }
}";

/// What is wanted of a proposal's pull request.
pub const PROPOSAL: &str = "
fragment proposal on PullRequest {
  id number url title body isDraft headRefName headRefOid
  author { login __typename ... on User { databaseId } }
  headRepository { nameWithOwner }
  reviews(last: 100) {
    pageInfo { hasPreviousPage startCursor }
    nodes { ...review }
  }
}
fragment review on PullRequestReview {
  state body url submittedAt lastEditedAt
  author { login __typename ... on User { databaseId } }
  editor { login __typename }
  commit { oid }
}";

/// What our check of a pull request says.
fn told() -> String {
    format!("fragment told on PullRequest {{ {TOLD} }}")
}

/// An account, as far as it is shown.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    pub login: String,
    /// What kind of account it is; bots have logins, too.
    #[serde(default = "user", rename = "__typename")]
    pub kind: String,
    /// What it stays when the login changes; only where asked for.
    #[serde(default, rename = "databaseId")]
    pub database_id: Option<u64>,
}

/// REST lists of people have no such field.
fn user() -> String {
    "User".into()
}

impl Person {
    /// The account of a person.
    #[must_use]
    pub fn account(&self) -> Option<Login> {
        (self.kind == "User").then(|| self.login.parse().ok())?
    }

    #[must_use]
    pub fn is_bot(&self) -> bool {
        self.kind == "Bot"
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> Option<AccountId> {
        self.database_id.and_then(AccountId::new)
    }

    /// Its login, as a bot has it, too.
    #[must_use]
    pub fn login(&self) -> Option<Login> {
        match self.is_bot() {
            true => format!("{}[bot]", self.login).parse().ok(),
            false => self.account(),
        }
    }

    /// As GitHub's pages call it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.is_bot() {
            true => format!("{}[bot]", self.login),
            false => self.login.clone(),
        }
    }

    /// Whether it is who `viewer` calls itself so: GitHub calls a bot `name`, and the bot calls itself `name[bot]`.
    #[must_use]
    pub fn is_viewer(&self, viewer: &str) -> bool {
        match self.is_bot() {
            true => viewer.strip_suffix("[bot]").is_some_and(|name| self.login.eq_ignore_ascii_case(name)),
            false => self.login.eq_ignore_ascii_case(viewer),
        }
    }

    /// Whether it is this person.
    #[must_use]
    pub fn is(&self, login: &Login) -> bool {
        self.account().is_some_and(|own| own.is(login))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// As in `owner/name`.
    pub name_with_owner: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`.
    pub state: String,
    #[serde(default)]
    pub body: String,
    pub url: String,
    #[serde(default)]
    pub submitted_at: Option<String>,
    /// Who gave it; `None` when the account is gone.
    #[serde(default)]
    pub author: Option<Person>,
    /// Who changed its words since.
    #[serde(default)]
    pub editor: Option<Person>,
    #[serde(default, rename = "lastEditedAt")]
    pub edited_at: Option<String>,
    /// The commit it is about.
    #[serde(default)]
    pub commit: Option<Head>,
}

#[derive(Debug, Clone, Deserialize)]
struct LastCommit {
    commit: HeadCommit,
}

#[derive(Debug, Clone, Deserialize)]
struct HeadCommit {
    oid: String,
    tree: Head,
    #[serde(default)]
    file: Option<Behind>,
}

#[derive(Debug, Clone, Deserialize)]
struct Behind {
    #[serde(default)]
    object: Option<TreeAnswer>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pull {
    /// Its node id; only where asked for.
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub is_draft: bool,
    pub number: u64,
    pub url: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub body: String,
    pub head_ref_name: String,
    pub head_ref_oid: String,
    #[serde(default)]
    pub author: Option<Person>,
    /// Where it is to be merged; only where asked for.
    #[serde(default)]
    pub base_repository: Option<Named>,
    /// The repository of its branch; `None` when that is gone.
    #[serde(default)]
    pub head_repository: Option<Named>,
    #[serde(default)]
    commits: Option<Nodes<LastCommit>>,
    /// What our check of it says, where that was asked for.
    #[serde(flatten)]
    pub told: Told,
    #[serde(default)]
    reviews: Option<Nodes<Review>>,
    /// Whether it has more reviews than are read.
    #[serde(skip)]
    cut: bool,
}

impl Pull {
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Its branch as GitHub tells it from others' of the same name, which no branch has for a name: `owner:branch`.
    #[must_use]
    pub fn label(&self) -> String {
        let owner = self.fork().map_or_else(|| self.number.to_string(), |fork| fork.owner.to_string());
        format!("{owner}:{}", self.head_ref_name)
    }

    pub fn reviews(&self) -> impl Iterator<Item = &Review> {
        self.reviews.iter().flat_map(Nodes::iter)
    }

    /// Who opened it, if that is still known.
    #[must_use]
    pub fn by(&self) -> Option<Login> {
        self.author.as_ref()?.account()
    }

    /// Whether an account of this login opened it; not always a person's.
    #[must_use]
    pub fn is_by(&self, login: &str) -> bool {
        self.author.as_ref().is_some_and(|by| by.is_viewer(login))
    }

    /// Whether its branch is in the repository itself, to which nobody writes who isn't let.
    #[must_use]
    pub fn is_within(&self) -> bool {
        let here = self.fork().map(|fork| format!("/{fork}/pull/{}", self.number).to_lowercase());
        here.is_some_and(|here| self.url.to_lowercase().ends_with(&here))
    }

    /// The bot that opened it, by the name that bots have for a login.
    #[must_use]
    pub fn bot(&self) -> Option<Login> {
        self.author.as_ref().filter(|by| by.kind == "Bot")?.login()
    }

    /// The repository of its branch, if it is there still.
    #[must_use]
    pub fn fork(&self) -> Option<RepoName> {
        self.head_repository.as_ref()?.name_with_owner.parse().ok()
    }

    /// Whether GitHub gave nothing at the path that was asked for in its commit.
    fn lacks_directory(&self) -> bool {
        self.content().is_some_and(|(_, directory)| directory.is_none())
    }

    fn set_directory(&mut self, directory: TreeAnswer) {
        let last = self.commits.as_mut().and_then(|commits| commits.last_mut());
        if let Some(last) = last {
            last.commit.file = Some(Behind { object: Some(directory) });
        }
    }

    /// The id of its commit's tree, and the partner's directory in it, where they were asked for.
    #[must_use]
    pub fn content(&self) -> Option<(&str, Option<&TreeAnswer>)> {
        let last = self.commits.as_ref()?.iter().last().filter(|c| c.commit.oid == self.head_ref_oid)?;
        Some((&last.commit.tree.oid, last.commit.file.as_ref().and_then(|f| f.object.as_ref())))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WithPull {
    #[serde(default)]
    pull_request: Option<WithReviews>,
}

#[derive(Debug, Deserialize)]
struct WithReviews {
    #[serde(default)]
    reviews: Option<Nodes<Review>>,
}

/// So many pages of reviews are read, each of a hundred.
const MOST_PAGES: usize = 20;

/// Fetches the reviews that didn't come along: a hundred remarks of anybody's must not hide a member's vote.
pub fn complete(client: &Client, registry: &RepoName, pull: &mut Pull) -> Result<(), ApiFault> {
    let document = "query MoreReviews($owner: String!, $name: String!, $number: Int!, $before: String!) {
        repository(owner: $owner, name: $name) {
            pullRequest(number: $number) {
                reviews(last: 100, before: $before) {
                    pageInfo { hasPreviousPage startCursor }
                    nodes {
                        state body url submittedAt lastEditedAt
                        author { login __typename ... on User { databaseId } } editor { login __typename } commit { oid }
                    }
                }
            }
        }
    }";
    let doing = tr!("read all reviews");
    for pages in 1.. {
        let Some(reviews) = &mut pull.reviews else { break };
        let Some(before) = reviews.before() else { break };
        if pages >= MOST_PAGES {
            pull.cut = true;
            break;
        }
        let variables =
            json!({"owner": registry.owner, "name": registry.name, "number": pull.number, "before": before});
        let data = client.graphql(document, &variables, Repeat::Harmless, doing)?;
        let found: Option<WithPull> = data.part("repository", doing)?;
        let earlier = found.and_then(|f| f.pull_request).and_then(|p| p.reviews);
        let earlier = earlier.ok_or_else(|| fault::of_garbled(doing, tr!("it lacks the reviews")))?;
        reviews.precede(earlier);
    }
    Ok(())
}

/// A commit that changed the partner's log, as it is told.
#[derive(Debug, Clone, Deserialize)]
pub struct Logged {
    pub oid: String,
    pub message: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Record {
    #[serde(default)]
    history: Option<Nodes<Logged>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Repository {
    #[serde(default)]
    directory: Option<TreeAnswer>,
    #[serde(default)]
    record: Option<Record>,
    #[serde(default)]
    apply: Option<Nodes<Pull>>,
    #[serde(default)]
    exit: Option<Nodes<Pull>>,
}

/// An issue that we opened.
#[derive(Debug, Clone, Deserialize)]
pub struct IssueAnswer {
    pub number: u64,
    pub url: String,
    #[serde(default)]
    pub body: String,
    /// `OPEN` or `CLOSED`.
    pub state: String,
}

/// The repository for issues.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuesAnswer {
    /// Its node id.
    pub id: String,
    pub name_with_owner: String,
    #[serde(default)]
    issues: Option<Nodes<IssueAnswer>>,
}

impl IssuesAnswer {
    /// Those that are open, of the newest ten.
    pub fn open(&self) -> impl Iterator<Item = &IssueAnswer> {
        self.issues.iter().flat_map(Nodes::iter).filter(|i| i.state == "OPEN")
    }

    /// The open issue whose text carries a mark of ours.
    #[must_use]
    pub fn marked(&self, mark: &str) -> Option<&IssueAnswer> {
        self.issues.iter().flat_map(Nodes::iter).find(|i| i.state == "OPEN" && i.body.contains(mark))
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
struct ForkRefs {
    #[serde(default)]
    apply: Option<RefAnswer>,
    #[serde(default)]
    exit: Option<RefAnswer>,
}

#[derive(Debug, Clone)]
pub struct Question {
    pub registry: RepoName,
    /// Its default branch: what is proposed for others is no proposal.
    pub base: String,
    pub slug: Slug,
    pub contact: Option<Login>,
    pub issues: Option<RepoName>,
    pub fork: Option<RepoName>,
    pub viewer: String,
    /// Whose issues are looked through.
    pub creator: String,
}

#[derive(Debug)]
pub struct PartnerAnswer {
    pub about: Question,
    pub directory: Option<TreeAnswer>,
    /// The newest commits that changed its log, the newest first.
    pub history: Vec<Logged>,
    /// Open pull requests from branches of its names, oldest first.
    pub pulls: Vec<Pull>,
    /// Whether the contact exists, if it was asked for.
    pub contact_exists: Option<bool>,
    pub issues: Option<IssuesAnswer>,
    refs: ForkRefs,
}

impl PartnerAnswer {
    /// Our branch of this name, left by an earlier run.
    #[must_use]
    pub fn own_branch(&self, branch: &str) -> Option<&RefAnswer> {
        if is_exit(branch) { self.refs.exit.as_ref() } else { self.refs.apply.as_ref() }
    }
}

fn own(client: &Client, about: &Question, variables: &serde_json::Value) -> Result<Vec<Pull>, ApiFault> {
    let doing = tr!("read your own pull requests");
    let asked = ["path", "base", "apply", "exit"].map(|key| (key.to_owned(), variables[key].clone()));
    let asked = serde_json::Value::Object(asked.into_iter().collect());
    let data =
        client.graphql(&format!("{OWN}{CONTENT}{DIRECTORY}{PROPOSAL}{}", told()), &asked, Repeat::Harmless, doing)?;
    let viewer: Option<Repository> = data.part("viewer", doing)?;
    let pages = viewer.map(|viewer| [viewer.apply, viewer.exit]).unwrap_or_default();
    let here = |pull: &&Pull| {
        let base = pull.base_repository.as_ref().and_then(|base| base.name_with_owner.parse::<RepoName>().ok());
        base.is_some_and(|base| base.is(&about.registry))
    };
    Ok(pages.iter().flatten().flat_map(Nodes::iter).filter(here).cloned().collect())
}

/// Pull requests with what they bring; what is too much even alone stays without, unless it is our own.
fn one_by_one(client: &Client, about: &Question, pulls: Vec<Pull>, path: &str) -> Result<Vec<Pull>, ApiFault> {
    let doing = tr!("read what was proposed");
    let filled = |pull: Pull| {
        let RepoName { owner, name } = &about.registry;
        let variables = json!({"owner": owner, "name": name, "number": pull.number, "path": path});
        let document = format!("{ONE}{CONTENT}{DIRECTORY}{PROPOSAL}{}", told());
        let asked = client.without_waiting().graphql(&document, &variables, Repeat::Harmless, doing);
        let whole = asked.and_then(|data| {
            let found = &data.data["repository"]["pullRequest"];
            Pull::deserialize(found).map_err(|e| fault::of_garbled(doing, &e.to_string()))
        });
        match whole {
            Err(fault) if pull.is_by(&about.viewer) => Err(fault),
            whole => Ok(whole.unwrap_or(pull)),
        }
    };
    pulls.into_iter().map(filled).collect()
}

/// What is at a path in the commits of pull requests, asked for as an object of the registry, which has their commits: that
/// a commit knows directories by their paths, as it knows files, is nowhere promised.
fn add_directories(client: &Client, about: &Question, pulls: &mut [Pull], path: &str) -> Result<(), ApiFault> {
    let doing = tr!("read what was proposed");
    let RepoName { owner, name } = &about.registry;
    let read = |numbered: &[(u64, String)]| -> Result<Vec<(u64, TreeAnswer)>, ApiFault> {
        let part = |(number, head): &(u64, String)| {
            format!("p{number}: object(expression: \"{head}:{path}\") {{ ...directory }}")
        };
        let parts: Vec<_> = numbered.iter().map(part).collect();
        let document = format!(
            "query Directories($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {} }} }} {DIRECTORY}",
            parts.join(" ")
        );
        let variables = json!({"owner": owner, "name": name});
        let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
        let found: Option<BTreeMap<String, Option<TreeAnswer>>> = data.part("repository", doing)?;
        let found = found.unwrap_or_default();
        let of = |number: &u64| Some((*number, found.get(&format!("p{number}"))?.clone()?));
        Ok(numbered.iter().filter_map(|(number, _)| of(number)).collect())
    };
    let lacking = pulls.iter().filter(|pull| pull.lacks_directory());
    let numbered: Vec<_> = lacking.map(|pull| (pull.number, pull.head_ref_oid.clone())).collect();
    if numbered.is_empty() {
        return Ok(());
    }
    let found = match read(&numbered) {
        // Whoever asks under the name may bring more than goes into an answer.
        Err(fault) if fault.effect == Effect::Unclear => numbered
            .chunks(1)
            .filter_map(|one| match read(one) {
                Err(fault) if pulls.iter().any(|p| p.number == one[0].0 && p.is_by(&about.viewer)) => Some(Err(fault)),
                read => read.ok().map(Ok),
            })
            .collect::<Result<Vec<_>, _>>()?
            .concat(),
        found => found?,
    };
    for (number, directory) in found {
        pulls.iter_mut().filter(|pull| pull.number == number).for_each(|pull| pull.set_directory(directory.clone()));
    }
    Ok(())
}

pub fn ask(client: &Client, about: Question) -> Result<PartnerAnswer, ApiFault> {
    let doing = tr!("read what there is about the partner");
    let slug = &about.slug;
    let path = root_of(slug);
    // The policy has only one kind of proposal.
    let asks = if slug.is_program() { Subject::Policy } else { Subject::Application };
    let (apply, exit) = (branch_for(slug, asks), branch_for(slug, Subject::Exit));
    let or_here = |name: &Option<RepoName>| name.clone().unwrap_or_else(|| about.registry.clone());
    let (issues, fork) = (or_here(&about.issues), or_here(&about.fork));
    let mut variables = json!({
        "owner": about.registry.owner, "name": about.registry.name, "base": about.base,
        "log": format!("{path}/log"), "askRecord": true,
        "expression": format!("HEAD:{path}"), "path": path,
        "applyRef": format!("refs/heads/{apply}"), "exitRef": format!("refs/heads/{exit}"),
        "apply": apply, "exit": exit,
        "contact": about.contact.as_ref().map_or("", |l| l.as_str()), "askContact": about.contact.is_some(),
        "issuesOwner": issues.owner, "issuesName": issues.name, "creator": about.creator, "askIssues": about.issues.is_some(),
        "forkOwner": fork.owner, "forkName": fork.name, "askFork": about.fork.is_some(),
    });
    let (data, whole) = match client.graphql(
        &format!("{QUERY}{CONTENT}{DIRECTORY}{PROPOSAL}{}", told()),
        &variables,
        Repeat::Harmless,
        doing,
    ) {
        // Whoever asks under the name may bring more than goes into an answer.
        Err(fault) if fault.effect == Effect::Unclear => {
            variables["askRecord"] = false.into();
            let brief = PROPOSAL.replace("reviews(last: 100)", "reviews(last: 1)");
            let document = format!("{QUERY}{NO_CONTENT}{DIRECTORY}{brief}{}", told());
            (client.graphql(&document, &variables, Repeat::Harmless, doing)?, false)
        }
        data => (data?, true),
    };
    let repository: Repository = data.part("repository", doing)?.ok_or_else(|| {
        data.fault("repository", doing).unwrap_or_else(|| fault::of_garbled(doing, tr!("it lacks `repository`")))
    })?;
    // Only a clear "there is nobody" is one.
    let contact: Option<Person> = data.part("contact", doing)?;
    let unknown = || data.fault("contact", doing).is_some_and(|f| f.is(http::StatusCode::NOT_FOUND));
    let contact_exists = match (&about.contact, contact) {
        (None, _) => None,
        (Some(_), Some(_)) => Some(true),
        (Some(_), None) => unknown().then_some(false),
    };
    let both = [repository.apply, repository.exit];
    let mut pulls: Vec<Pull> = both.iter().flatten().flat_map(Nodes::iter).cloned().collect();
    // However many ask under a name, ours is found.
    if both.iter().flatten().any(|page| page.iter().count() >= PAGE) {
        let own = own(client, &about, &variables)?;
        pulls.retain(|pull| !own.iter().any(|own| own.number == pull.number));
        pulls.splice(0..0, own);
    }
    if !whole {
        pulls = one_by_one(client, &about, pulls, &path)?;
    }
    add_directories(client, &about, &mut pulls, &path)?;
    for pull in &mut pulls {
        complete(client, &about.registry, pull)?;
    }
    Ok(PartnerAnswer {
        directory: repository.directory,
        history: repository.record.and_then(|r| r.history).iter().flat_map(Nodes::iter).cloned().collect(),
        pulls,
        contact_exists,
        issues: data.part("issues", doing)?,
        refs: data.part("fork", doing)?.unwrap_or_default(),
        about,
    })
}
