//! What is asked of a website on GitHub, in one request: who we are, where the default branch stands with what will be
//! read of it, our forks, and the open pull requests from the proposal's branch.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::program::github::RepoName;
use crate::forge::github::client::{Client, Repeat};
use crate::forge::github::fault::{self, ApiFault};
use crate::forge::github::fork::Fork;
use crate::forge::github::objects::{BlobAnswer, TreeAnswer, oid};
use crate::forge::github::partner_query::{Person, Pull};
use crate::forge::github::registry_query::{self, KNOWN, Nodes, RefAnswer, Repository, Viewer};
use crate::git::Oid;

const DOING: &str = "read the website's repository";

/// What is wanted of a branch.
const AT: &str = "fragment at on Ref { id target { oid ... on Commit { messageHeadline tree { oid } parents(first: 3) { nodes { oid messageHeadline } } } } }";

#[derive(Debug, Clone, Default)]
pub struct SiteQuestion {
    pub branch: String,
    /// Files and directories that will be read or changed.
    pub paths: BTreeSet<String>,
}

impl SiteQuestion {
    /// The paths, and all directories above them.
    fn places(&self) -> BTreeSet<&str> {
        let above = |path: &'_ str| path.match_indices('/').map(|(end, _)| end).collect::<Vec<_>>();
        self.paths.iter().flat_map(|p| above(p).into_iter().map(|end| &p[..end]).chain([p.as_str()])).collect()
    }
}

/// A pull request from the proposal's branch.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// Its node id.
    pub id: String,
    #[serde(flatten)]
    pub pull: Pull,
    base_ref_name: String,
    /// Its branch, while that is there.
    #[serde(default)]
    head_ref: Option<HeadAnswer>,
    #[serde(default)]
    comments: Option<Nodes<Comment>>,
}

/// One that was closed without a merge.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shut {
    #[serde(flatten)]
    pub pull: Pull,
    base_ref_name: String,
    timeline_items: Nodes<Closing>,
}

#[derive(Debug, Clone, Deserialize)]
struct Closing {
    #[serde(default)]
    actor: Option<Person>,
}

#[derive(Debug, Clone, Deserialize)]
struct HeadAnswer {
    #[serde(flatten)]
    at: RefAnswer,
    repository: Id,
}

#[derive(Debug, Clone, Deserialize)]
struct Id {
    id: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Comment {
    #[serde(default)]
    body: String,
    #[serde(default)]
    author: Option<Person>,
}

impl Open {
    /// Where its branch is, to be moved there; `None` when that is gone.
    #[must_use]
    pub fn head(&self) -> Option<(Fork, &RefAnswer)> {
        let head = self.head_ref.as_ref()?;
        Some((Fork { id: head.repository.id.clone(), name: self.pull.fork()?, base: None }, &head.at))
    }

    /// Whether its author has said something with this mark.
    #[must_use]
    pub fn is_marked(&self, mark: &str) -> bool {
        let by_author = |c: &Comment| {
            let (said, opened) = (c.author.as_ref(), self.pull.author.as_ref());
            said.zip(opened).is_some_and(|(a, b)| a.kind == b.kind && a.login.eq_ignore_ascii_case(&b.login))
        };
        self.comments.iter().flat_map(Nodes::iter).any(|c| c.body.contains(mark) && by_author(c))
    }
}

/// What is known of a website's repository.
#[derive(Debug)]
pub struct Answer {
    pub viewer: Viewer,
    pub repository: Repository,
    /// Its own branch of the proposal's name.
    pub branch: Option<RefAnswer>,
    /// Open pull requests from branches of that name, oldest first.
    pub open: Vec<Open>,
    /// Those that were closed without a merge, newest first.
    shut: Vec<Shut>,
    /// Directories, as far as they were asked for.
    pub trees: Vec<TreeAnswer>,
    /// Files, as far as they were asked for and are text.
    pub files: Vec<String>,
}

impl Answer {
    fn base(&self) -> &str {
        self.repository.default_branch_ref.as_ref().map_or("", |b| &b.name)
    }

    /// Our own open pull requests to the default branch.
    pub fn own(&self) -> impl Iterator<Item = &Open> {
        self.open.iter().filter(move |o| o.base_ref_name == self.base() && o.pull.is_by(&self.viewer.login))
    }

    /// Another's with this mark, from the website's own repository: nobody writes there who isn't let, so that it is taken at its word.
    pub fn others(&self, mark: &str) -> Option<&Open> {
        let fits =
            |o: &&Open| o.base_ref_name == self.base() && o.pull.is_within() && !o.pull.is_by(&self.viewer.login);
        self.open.iter().filter(fits).find(|o| o.pull.body.contains(mark))
    }

    /// One of ours with this mark that somebody else has closed.
    pub fn set_aside(&self, mark: &str) -> Option<&Shut> {
        let viewer = &self.viewer.login;
        let by_others = |shut: &&Shut| {
            let last = shut.timeline_items.iter().last().and_then(|closing| closing.actor.as_ref());
            last.is_some_and(|by| !by.is_viewer(viewer))
        };
        let ours = self.shut.iter().filter(|it| it.base_ref_name == self.base() && it.pull.is_by(viewer));
        ours.filter(by_others).find(|it| it.pull.body.contains(mark))
    }
}

/// What lies at a path: a directory or a file, as its fields tell.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Thing {
    Tree(TreeAnswer),
    Blob(BlobAnswer),
}

pub fn ask(client: &Client, site: &RepoName, about: &SiteQuestion) -> Result<Answer, ApiFault> {
    let places = about.places();
    let mut variables = json!({
        "owner": site.owner, "name": site.name, "branch": about.branch, "ref": format!("refs/heads/{}", about.branch),
    });
    let (mut declared, mut parts) = (String::new(), String::new());
    for (index, place) in places.iter().enumerate() {
        declared += &format!(", $p{index}: String!");
        parts += &format!("p{index}: object(expression: $p{index}) {{ ...thing }} ");
        variables[format!("p{index}")] = format!("HEAD:{place}").into();
    }
    let thing = match places.is_empty() {
        true => "",
        false => {
            "fragment thing on GitObject { ... on Tree { oid entries { nameRaw mode oid } } ... on Blob { text isTruncated } }"
        }
    };
    let document = format!(
        "query Site($owner: String!, $name: String!, $branch: String!, $ref: String!{declared}) {{
          viewer {{ login databaseId name }}
          repository(owner: $owner, name: $name) {{
            ...known
            defaultBranchRef {{ name target {{ oid ... on Commit {{ tree {{ oid entries {{ nameRaw mode oid }} }} }} }} }}
            branch: ref(qualifiedName: $ref) {{ ...at }}
            forks(first: 10, affiliations: [OWNER, ORGANIZATION_MEMBER]) {{
              nodes {{ branch: ref(qualifiedName: $ref) {{ ...at }} }}
            }}
            pullRequests(headRefName: $branch, states: OPEN, first: 20, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
              nodes {{
                id number url title body headRefName headRefOid baseRefName
                author {{ login __typename }}
                headRepository {{ nameWithOwner }}
                headRef {{ ...at repository {{ id }} }}
                comments(last: 20) {{ nodes {{ body author {{ login __typename }} }} }}
              }}
            }}
            shut: pullRequests(headRefName: $branch, states: CLOSED, first: 10, orderBy: {{field: CREATED_AT, direction: DESC}}) {{
              nodes {{
                number url body headRefName headRefOid baseRefName
                author {{ login __typename }}
                timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {{
                  nodes {{ ... on ClosedEvent {{ actor {{ login __typename }} }} }}
                }}
              }}
            }}
            {parts}
          }}
        }}
        {AT} {thing} {KNOWN}"
    );
    let data = client.graphql(&document, &variables, Repeat::Harmless, DOING)?;
    let (viewer, repository) = registry_query::read(&data, DOING)?;
    let garbled = |e: serde_json::Error| fault::of_garbled(DOING, &e.to_string());
    let found = &data.data["repository"];
    let open = Nodes::<Open>::deserialize(&found["pullRequests"]).map_err(garbled)?.iter().cloned().collect();
    let shut = Nodes::<Shut>::deserialize(&found["shut"]).map_err(garbled)?.iter().cloned().collect();
    let (mut trees, mut files) = (Vec::new(), Vec::new());
    for index in 0..places.len() {
        match &found[format!("p{index}")] {
            Value::Null => {}
            value => match Thing::deserialize(value).map_err(garbled)? {
                Thing::Tree(tree) => trees.push(tree),
                Thing::Blob(blob) => files.extend(blob.text.filter(|_| !blob.is_truncated)),
            },
        }
    }
    let branch = Option::<RefAnswer>::deserialize(&found["branch"]).map_err(garbled)?;
    Ok(Answer { viewer, repository, branch, open, shut, trees, files })
}

#[derive(Debug, Deserialize)]
struct WithBranch {
    #[serde(default)]
    branch: Option<RefAnswer>,
}

/// Our branch in a fork that wasn't known before.
pub fn branch_in(client: &Client, fork: &RepoName, branch: &str) -> Result<Option<RefAnswer>, ApiFault> {
    let doing = "read your fork";
    let document = format!(
        "query Branch($owner: String!, $name: String!, $ref: String!) {{
          repository(owner: $owner, name: $name) {{ branch: ref(qualifiedName: $ref) {{ ...at }} }}
        }} {AT}"
    );
    let variables = json!({"owner": fork.owner, "name": fork.name, "ref": format!("refs/heads/{branch}")});
    let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
    Ok(data.part::<WithBranch>("repository", doing)?.and_then(|f| f.branch))
}

/// What stands on a branch that this program hasn't put there: the id of its commit, and its title.
pub fn of_others(branch: &RefAnswer) -> Option<(&str, &str)> {
    let target = branch.target.as_ref()?;
    let parents: Vec<&str> = target.parents.iter().flat_map(Nodes::iter).map(|p| p.message_headline.as_str()).collect();
    (!super::is_ours(&target.message_headline, &parents)).then_some((&target.oid, &target.message_headline))
}

/// The commit of this program's that stands on a branch, also below a merge that brings it up to date.
pub fn ours(branch: &RefAnswer) -> Option<&str> {
    let target = branch.target.as_ref().filter(|_| of_others(branch).is_none())?;
    if super::is_ours(&target.message_headline, &[]) {
        return Some(&target.oid);
    }
    target.parents.iter().flat_map(Nodes::iter).next().map(|first| first.oid.as_str())
}

#[derive(Debug, Deserialize)]
struct Said {
    message: String,
}

/// All that a commit says.
pub fn message_of(client: &Client, repository: &RepoName, commit: &str) -> Result<Option<String>, ApiFault> {
    let document = "query Message($owner: String!, $name: String!, $commit: String!) {
          repository(owner: $owner, name: $name) { commit: object(expression: $commit) { ... on Commit { message } } }
        }";
    let variables = json!({"owner": repository.owner, "name": repository.name, "commit": commit});
    let data = client.graphql(document, &variables, Repeat::Harmless, DOING)?;
    let said = Option::<Said>::deserialize(&data.data["repository"]["commit"]);
    Ok(said.map_err(|e| fault::of_garbled(DOING, &e.to_string()))?.map(|said| said.message))
}

/// Whether a branch is one commit with this tree on this parent.
pub fn holds(branch: &RefAnswer, parent: Oid, tree: Oid) -> Result<bool, ApiFault> {
    let Some(target) = &branch.target else { return Ok(false) };
    let parents: Vec<_> = target.parents.iter().flat_map(Nodes::iter).map(|p| oid(&p.oid)).collect::<Result<_, _>>()?;
    let own = target.tree.as_ref().map(TreeAnswer::id).transpose()?;
    Ok(parents == [parent] && own == Some(tree))
}
