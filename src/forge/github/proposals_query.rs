//! What a whole registry on GitHub needs besides its git repository: who we are, our fork, and the open proposals with
//! their reviews. Anybody may open pull requests with a proposal's name, however many and however large: so they are
//! listed first, then asked what they could bring, and only what is a proposal is asked for its reviews.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, Data, Repeat};
use super::decide::is_decision_branch;
use super::fault::{self, ApiFault, Effect};
use super::partner_query::{self, PROPOSAL, Pull};
use super::posts_query::{self, Kept, Unsettled};
use super::registry_query::{self, Head, KNOWN, Nodes, Repository, Viewer};
use super::status_query::TOLD;
use super::taken_back::Question;
use crate::domain::paths::{fact_paths, root_of};
use crate::domain::program::github::RepoName;
use crate::domain::{Login, Time};
use crate::forge::board::LATELY;
use crate::registry::{Askers, slug_of};

const QUERY: &str = "
query Waiting($owner: String!, $name: String!, $after: String) {
  viewer { login databaseId name }
  repository(owner: $owner, name: $name) {
    ...known
    defaultBranchRef { name target { oid } }
    pullRequests(states: OPEN, first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number url headRefName headRefOid baseRefName __TOLD__
        author { login __typename ... on User { databaseId } } headRepository { nameWithOwner }
      }
    }
  }
}";

const MERGED: &str = "
query Merged($owner: String!, $name: String!, $base: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    pullRequests(headRefName: $branch, baseRefName: $base, states: MERGED, last: 5, orderBy: {field: CREATED_AT, direction: ASC}) {
      nodes { ...proposal }
    }
  }
}";

/// So many pages of open pull requests are read, each of a hundred.
const MOST_PAGES: usize = 30;

/// So many commits are asked about at once.
const AT_ONCE: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    base_ref_name: String,
    #[serde(flatten)]
    pull: Pull,
}

/// What is open, before anything of it was read.
#[derive(Debug)]
pub struct Listing {
    pub viewer: Viewer,
    pub repository: Repository,
    /// The pull requests from branches of a proposal's name, oldest first, without their words and reviews.
    pub pulls: Vec<Pull>,
    /// Those that bring decisions, by their branches' names: first those within the registry, then oldest first.
    pub decisions: Vec<u64>,
    /// The names of their branches.
    pub brought: BTreeSet<String>,
    /// Those that have no such name, and whose commit has no status of ours yet, oldest first; where that was asked for.
    pub untold: Vec<u64>,
    /// Whether there are more than were listed.
    pub cut: bool,
}

/// `others`: whether it is asked which ones of those that are no proposals are to be told so.
pub fn list(client: &Client, registry: &RepoName, others: bool) -> Result<Listing, ApiFault> {
    let doing = tr!("read the open proposals");
    let (mut pulls, mut decisions, mut brought) = (Vec::new(), Vec::new(), BTreeSet::new());
    let (mut beside, mut known) = (Vec::new(), BTreeSet::new());
    let query = QUERY.replace("__TOLD__", if others { TOLD } else { "" });
    let mut after: Option<String> = None;
    for pages in 1.. {
        let variables = json!({"owner": registry.owner, "name": registry.name, "after": after});
        let data = client.graphql(&format!("{query}{KNOWN}"), &variables, Repeat::Harmless, doing)?;
        let (viewer, repository) = registry_query::read(&data, doing)?;
        let page = Nodes::<Waiting>::deserialize(&data.data["repository"]["pullRequests"])
            .map_err(|e| fault::of_garbled(doing, &e.to_string()))?;
        let base = repository.default_branch_ref.as_ref().map_or("", |b| &b.name);
        let here = || page.iter().filter(|n| n.base_ref_name == base);
        let brings = || here().filter(|n| is_decision_branch(&n.pull.head_ref_name));
        decisions.extend(brings().map(|n| (!n.pull.is_within(), n.pull.number)));
        brought.extend(brings().map(|n| n.pull.head_ref_name.clone()));
        let is_ours = |n: &&Waiting| slug_of(&n.pull.head_ref_name).is_some();
        pulls.extend(here().filter(is_ours).map(|n| n.pull.clone()));
        for it in here() {
            if is_ours(&it) || is_decision_branch(&it.pull.head_ref_name) {
                known.insert(it.pull.head_ref_oid.clone());
            } else if others && !it.pull.told.is_of_no_proposal() {
                beside.push((it.pull.number, it.pull.head_ref_oid.clone()));
            }
        }
        after = page.after().map(str::to_owned);
        if after.is_none() || pages == MOST_PAGES {
            decisions.sort_unstable();
            let decisions = decisions.into_iter().map(|(_, number)| number).collect();
            // A commit has one status, whoever else proposes it.
            beside.retain(|(_, head)| !known.contains(head));
            let untold = beside.into_iter().map(|(number, _)| number).collect();
            return Ok(Listing { viewer, repository, pulls, decisions, brought, untold, cut: after.is_some() });
        }
    }
    unreachable!("the loop ends by returning")
}

/// What of a pull request's commit tells whether it can be a proposal. However much is in it, this is short.
#[derive(Debug, Default, Deserialize)]
pub struct Outline {
    /// The directory of its partner's log.
    #[serde(default)]
    pub log: Option<Head>,
    #[serde(default)]
    pub votes: Option<Head>,
    #[serde(default)]
    record: Option<Size>,
    #[serde(default)]
    logo: Option<Size>,
}

#[derive(Debug, Deserialize)]
struct Size {
    size: u64,
}

impl Outline {
    /// How large its facts are, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        [&self.record, &self.logo].into_iter().flatten().map(|file| file.size).fold(0, u64::saturating_add)
    }
}

/// The outlines of pull requests, in their order; of one whose commit is gone nothing is in it. That a commit knows directories by
/// their paths, as it knows files, is nowhere promised: so they are asked for as objects of the registry, too.
pub fn outlines(client: &Client, registry: &RepoName, pulls: &[&Pull]) -> Result<Vec<Outline>, ApiFault> {
    let doing = tr!("read what was proposed");
    let part = |pull: &&Pull| {
        let slug = slug_of(&pull.head_ref_name)?;
        let (root, (record, logo), head) = (root_of(&slug), fact_paths(&slug), &pull.head_ref_oid);
        let logo = logo.map(|path| format!("logo: file(path: \"{path}\") {{ size }}")).unwrap_or_default();
        Some(format!(
            "p{0}: pullRequest(number: {0}) {{ commits(last: 1) {{ nodes {{ commit {{ \
             log: file(path: \"{root}/log\") {{ oid }} votes: file(path: \"{root}/votes\") {{ oid }} \
             record: file(path: \"{record}\") {{ size }} {logo} }} }} }} }} \
             log{0}: object(expression: \"{head}:{root}/log\") {{ oid }} \
             votes{0}: object(expression: \"{head}:{root}/votes\") {{ oid }}",
            pull.number
        ))
    };
    let mut found = Vec::new();
    for some in pulls.chunks(AT_ONCE) {
        let parts: Vec<_> = some.iter().filter_map(part).collect();
        let document = format!(
            "query Outlines($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {} }} }}",
            parts.join(" ")
        );
        let variables = json!({"owner": registry.owner, "name": registry.name});
        let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
        data.part::<Value>("repository", doing)?;
        let there = &data.data["repository"];
        for pull in some {
            let commit = &there[format!("p{}", pull.number)]["commits"]["nodes"][0]["commit"];
            let object = |what: &str| Option::<Head>::deserialize(&there[format!("{what}{}", pull.number)]);
            let outline = Option::<Outline>::deserialize(commit).and_then(|outline| {
                let outline = outline.unwrap_or_default();
                let log = outline.log.map_or_else(|| object("log"), |log| Ok(Some(log)))?;
                let votes = outline.votes.map_or_else(|| object("votes"), |votes| Ok(Some(votes)))?;
                Ok(Outline { log, votes, ..outline })
            });
            found.push(outline.map_err(|e| fault::of_garbled(doing, &e.to_string()))?);
        }
    }
    Ok(found)
}

/// Pull requests with their words and reviews, by their numbers; and what the authors of issues did, where one request tells both.
pub fn with_reviews(
    client: &Client,
    registry: &RepoName,
    numbers: &[u64],
    issues: &Question,
) -> Result<(Vec<Pull>, Option<Askers>), ApiFault> {
    if numbers.is_empty() {
        return Ok((Vec::new(), None));
    }
    let (pulls, data) = together(client, registry, numbers, "", Some(issues))?;
    Ok((pulls, data.map(|data| issues.read(&data.data))))
}

/// Pull requests with their words and reviews; and what else is asked for, where it goes into the first answer with them.
fn together(
    client: &Client,
    registry: &RepoName,
    numbers: &[u64],
    more: &str,
    issues: Option<&Question>,
) -> Result<(Vec<Pull>, Option<Data>), ApiFault> {
    let (first, rest) = numbers.split_at(numbers.len().min(25));
    let (mut pulls, data) = match read(client, registry, first, more, issues) {
        // There is more than goes into an answer.
        Err(fault) if fault.effect == Effect::Unclear && !first.is_empty() => (whole(client, registry, first)?, None),
        read => read.map(|(pulls, data)| (pulls, Some(data)))?,
    };
    for pull in &mut pulls {
        partner_query::complete(client, registry, pull)?;
    }
    pulls.extend(reviewed(client, registry, rest)?);
    Ok((pulls, data))
}

/// The same with nothing else.
fn reviewed(client: &Client, registry: &RepoName, numbers: &[u64]) -> Result<Vec<Pull>, ApiFault> {
    let mut pulls = Vec::new();
    for some in numbers.chunks(25) {
        for mut pull in whole(client, registry, some)? {
            partner_query::complete(client, registry, &mut pull)?;
            pulls.push(pull);
        }
    }
    Ok(pulls)
}

/// The same of some, in halves where they have more reviews than go into an answer.
fn whole(client: &Client, registry: &RepoName, numbers: &[u64]) -> Result<Vec<Pull>, ApiFault> {
    match details(client, registry, numbers) {
        Err(fault) if fault.effect == Effect::Unclear && numbers.len() > 1 => {
            let (some, others) = numbers.split_at(numbers.len() / 2);
            let mut pulls = whole(client, registry, some)?;
            pulls.extend(whole(client, registry, others)?);
            Ok(pulls)
        }
        read => read,
    }
}

/// The last few pull requests from a branch of this name that were merged, newest first, with their reviews.
pub fn merged(client: &Client, registry: &RepoName, base: &str, branch: &str) -> Result<Vec<Pull>, ApiFault> {
    let doing = tr!("read what was merged");
    let variables = json!({"owner": registry.owner, "name": registry.name, "base": base, "branch": branch});
    let data = client.graphql(&format!("{MERGED}{PROPOSAL}"), &variables, Repeat::Harmless, doing)?;
    let found = Nodes::<Pull>::deserialize(&data.data["repository"]["pullRequests"])
        .map_err(|e| fault::of_garbled(doing, &e.to_string()))?;
    let mut pulls: Vec<Pull> = found.iter().cloned().collect();
    pulls.reverse();
    for pull in &mut pulls {
        partner_query::complete(client, registry, pull)?;
    }
    Ok(pulls)
}

/// What stands on pull requests for people to see, and what the repository has besides.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    pub posts: Vec<Unsettled>,
    pub labels: Vec<String>,
    /// Our issues that remind of something, newest first.
    pub issues: Vec<Kept>,
    /// Who was asked for a review of late, each proposal counting once.
    pub asked: Vec<Login>,
    /// What the authors of the issues that were asked about did there.
    pub askers: Askers,
}

/// The same with what stands there for people to see; of `others` only that. In one request, while that is enough.
pub fn watched(
    client: &Client,
    registry: &RepoName,
    numbers: &[u64],
    others: &[u64],
    issues: &Question,
) -> Result<(Vec<Pull>, Watched), ApiFault> {
    let (mut pulls, mut watched) = (Vec::new(), Watched::default());
    let wanted: Vec<(u64, bool)> =
        numbers.iter().map(|n| (*n, true)).chain(others.iter().map(|n| (*n, false))).collect();
    let mut parts: Vec<&[(u64, bool)]> = wanted.chunks(25).rev().collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let mut first = Some(issues);
    while let Some(some) = parts.pop() {
        match look(client, registry, some, first) {
            Ok(seen) => {
                pulls.extend(seen.pulls);
                watched.posts.extend(seen.posts);
                if let Some((besides, askers)) = seen.besides {
                    watched.askers = askers;
                    let posts_query::Besides { labels, over, asked, issues } = besides;
                    watched.posts.extend(over);
                    (watched.labels, watched.asked, watched.issues) = (labels, asked, issues);
                }
                first = None;
            }
            // There is more than goes into an answer.
            Err(fault) if fault.effect == Effect::Unclear && some.len() > 1 => {
                let (some, others) = some.split_at(some.len() / 2);
                parts.extend([others, some]);
            }
            Err(fault) => return Err(fault),
        }
    }
    watched.posts.sort_by_key(|found| found.post.number);
    watched.posts.dedup_by_key(|found| found.post.number);
    for pull in &mut pulls {
        partner_query::complete(client, registry, pull)?;
    }
    Ok((pulls, watched))
}

struct Look {
    pulls: Vec<Pull>,
    posts: Vec<Unsettled>,
    besides: Option<(posts_query::Besides, Askers)>,
}

/// Some pull requests; and in the `first` look, what the repository has besides, and what became of issues.
fn look(
    client: &Client,
    registry: &RepoName,
    wanted: &[(u64, bool)],
    first: Option<&Question>,
) -> Result<Look, ApiFault> {
    let doing = tr!("read the reviews");
    let part = |(n, reviews): &(u64, bool)| {
        let reviews = if *reviews { "...proposal" } else { "" };
        format!("p{n}: pullRequest(number: {n}) {{ ...post {reviews} }}")
    };
    let parts: Vec<String> = wanted.iter().map(part).collect();
    let fragments = if wanted.iter().any(|(_, reviews)| *reviews) { PROPOSAL } else { "" };
    let mut variables = json!({"owner": registry.owner, "name": registry.name});
    if first.is_some() {
        let since = client.now().unix().saturating_sub(i64::from(LATELY) * 86_400);
        variables["since"] = Time::from_unix(since).to_string().into();
    }
    let document = posts_query::document(&parts, fragments, first);
    let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
    data.part::<Value>("repository", doing)?;
    let besides = first
        .map(|issues| posts_query::besides(client, registry, &data).map(|besides| (besides, issues.read(&data.data))));
    let besides = besides.transpose()?;
    let (mut pulls, mut posts) = (Vec::new(), Vec::new());
    for (n, reviews) in wanted {
        let value = &data.data["repository"][format!("p{n}")];
        if value.is_null() {
            continue;
        }
        posts.push(posts_query::read(client, registry, value)?);
        if *reviews {
            pulls.push(Pull::deserialize(value).map_err(|e| fault::of_garbled(doing, &e.to_string()))?);
        }
    }
    Ok(Look { pulls, posts, besides })
}

/// Pull requests with their words and reviews, our issues that remind of something, newest first, and what the authors of `issues`
/// did; in one request, while that is enough.
pub fn with_issues(
    client: &Client,
    registry: &RepoName,
    numbers: &[u64],
    issues: &Question,
) -> Result<(Vec<Pull>, Vec<Kept>, Askers), ApiFault> {
    let more = posts_query::kept("");
    let (pulls, data) = together(client, registry, numbers, &more, Some(issues))?;
    let data = data.map_or_else(|| read(client, registry, &[], &more, Some(issues)).map(|(_, data)| data), Ok)?;
    Ok((pulls, posts_query::issues(client, registry, &data)?, issues.read(&data.data)))
}

fn details(client: &Client, registry: &RepoName, numbers: &[u64]) -> Result<Vec<Pull>, ApiFault> {
    read(client, registry, numbers, "", None).map(|(pulls, _)| pulls)
}

/// Pull requests by their numbers, what else of the repository is asked for, and issues.
fn read(
    client: &Client,
    registry: &RepoName,
    numbers: &[u64],
    more: &str,
    issues: Option<&Question>,
) -> Result<(Vec<Pull>, Data), ApiFault> {
    let doing = tr!("read the reviews");
    let parts: Vec<_> = numbers.iter().map(|n| format!("p{n}: pullRequest(number: {n}) {{ ...proposal }}")).collect();
    let document = format!(
        "query Reviews($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {more} {} }} {} }} {} {}",
        parts.join(" "),
        issues.map(Question::fields).unwrap_or_default(),
        issues.map(Question::fragments).unwrap_or_default(),
        if parts.is_empty() { "" } else { PROPOSAL },
    );
    let variables = json!({"owner": registry.owner, "name": registry.name});
    let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
    data.part::<Value>("repository", doing)?;
    let read = |n: &u64| match &data.data["repository"][format!("p{n}")] {
        Value::Null => None,
        value => Some(Pull::deserialize(value).map_err(|e| fault::of_garbled(doing, &e.to_string()))),
    };
    let pulls = numbers.iter().filter_map(read).collect::<Result<_, _>>()?;
    Ok((pulls, data))
}
