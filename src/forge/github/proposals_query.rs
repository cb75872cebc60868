//! What a whole registry on GitHub needs besides its git repository: who we are, our fork, and the open proposals with
//! their reviews. The reviews are asked for in a second request, for proposals only: other pull requests may be many.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, Repeat};
use super::fault::{self, ApiFault};
use super::partner_query::{self, PROPOSAL, Pull};
use super::registry_query::{self, KNOWN, Nodes, Repository, Viewer};
use crate::domain::program::github::RepoName;

const QUERY: &str = "
query Waiting($owner: String!, $name: String!, $after: String) {
  viewer { login databaseId name }
  repository(owner: $owner, name: $name) {
    ...known
    defaultBranchRef { name target { oid } }
    pullRequests(states: OPEN, first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes { number headRefName baseRefName }
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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    number: u64,
    head_ref_name: String,
    base_ref_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    #[serde(default)]
    end_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageOfPulls {
    page_info: PageInfo,
    #[serde(flatten)]
    nodes: Nodes<Waiting>,
}

/// Whether a branch of this name is a proposal's.
fn is_proposal(branch: &str) -> bool {
    crate::registry::PROPOSALS.iter().any(|prefix| branch.starts_with(prefix))
}

pub fn ask(client: &Client, registry: &RepoName) -> Result<(Viewer, Repository, Vec<Pull>), ApiFault> {
    let doing = "read the open proposals";
    let mut numbers = Vec::new();
    let mut after: Option<String> = None;
    let (viewer, repository) = loop {
        let variables = json!({"owner": registry.owner, "name": registry.name, "after": after});
        let data = client.graphql(&format!("{QUERY}{KNOWN}"), &variables, Repeat::Harmless, doing)?;
        let (viewer, repository) = registry_query::read(&data, doing)?;
        let page = PageOfPulls::deserialize(&data.data["repository"]["pullRequests"])
            .map_err(|e| fault::of_garbled(doing, &e.to_string()))?;
        let base = repository.default_branch_ref.as_ref().map_or("", |b| &b.name);
        let ours = page.nodes.iter().filter(|n| is_proposal(&n.head_ref_name) && n.base_ref_name == base);
        numbers.extend(ours.map(|n| n.number));
        match page.page_info {
            PageInfo { has_next_page: true, end_cursor: Some(cursor) } => after = Some(cursor),
            _ => break (viewer, repository),
        }
    };
    let mut pulls = Vec::new();
    for some in numbers.chunks(25) {
        for mut pull in details(client, registry, some)? {
            partner_query::complete(client, registry, &mut pull)?;
            pulls.push(pull);
        }
    }
    Ok((viewer, repository, pulls))
}

/// The last few pull requests from a branch of this name that were merged, newest first, with their reviews.
pub fn merged(client: &Client, registry: &RepoName, base: &str, branch: &str) -> Result<Vec<Pull>, ApiFault> {
    let doing = "read what was merged";
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

/// Pull requests by their numbers.
fn details(client: &Client, registry: &RepoName, numbers: &[u64]) -> Result<Vec<Pull>, ApiFault> {
    let doing = "read the reviews";
    let parts: Vec<_> = numbers.iter().map(|n| format!("p{n}: pullRequest(number: {n}) {{ ...proposal }}")).collect();
    let document = format!(
        "query Reviews($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {} }} }} {PROPOSAL}",
        parts.join(" "),
    );
    let variables = json!({"owner": registry.owner, "name": registry.name});
    let data = client.graphql(&document, &variables, Repeat::Harmless, doing)?;
    data.part::<Value>("repository", doing)?;
    let read = |n: &u64| match &data.data["repository"][format!("p{n}")] {
        Value::Null => None,
        value => Some(Pull::deserialize(value).map_err(|e| fault::of_garbled(doing, &e.to_string()))),
    };
    numbers.iter().filter_map(read).collect()
}
