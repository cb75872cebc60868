//! Whether what an issue asked for was set aside: its pull request closed, and nothing decided.

use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Repeat};
use super::fault::{self, ApiFault};
use super::form_comment::{MARK, PROPOSED, SET_ASIDE, leads_to, remembered};
use super::issue_query::{self, Issue};
use super::registry_query::Nodes;
use super::texts::{all_fixes, named_issue};
use crate::domain::program::github::RepoName;
use crate::domain::{Program, Slug, Subject};
use crate::registry::branch_for;

const QUERY: &str = "
query SetAside($owner: String!, $name: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    pullRequests(headRefName: $branch, states: CLOSED, first: 3, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { url body }
    }
  }
}";

#[derive(Debug, Deserialize)]
struct Closed {
    url: String,
    #[serde(default)]
    body: String,
}

/// Where to look at it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SetAside {
    pub pull_request: String,
    /// The issue, which is open.
    pub issue: String,
}

/// What an open issue last asked for under a name, where that was set aside. Our comment there has to lead to the pull request: whoever
/// opened that may name any issue.
pub fn ask(client: &Client, registry: &RepoName, program: &Program, slug: &Slug) -> Result<Option<SetAside>, ApiFault> {
    let Some(place) = program.github.issues.place(registry) else { return Ok(None) };
    let doing = tr!("look for what was set aside");
    let branch = branch_for(slug, Subject::Application);
    let variables = json!({"owner": registry.owner, "name": registry.name, "branch": branch});
    let data = client.graphql(QUERY, &variables, Repeat::Harmless, doing)?;
    let pulls = Nodes::<Closed>::deserialize(&data.data["repository"]["pullRequests"])
        .map_err(|e| fault::of_garbled(doing, &e.to_string()))?;
    for Closed { url, body } in pulls.iter() {
        let mut named = all_fixes(body).filter_map(|fixes| named_issue(registry, fixes));
        let Some((place, number)) = named.find(|(there, _)| there.is(place)) else { continue };
        let Some(issue) = issue_query::ask(client, &place, program, number)?.filter(Issue::is_open) else { continue };
        let Some(said) = issue.comment(MARK).map(|comment| comment.body.replace('\r', "")) else { continue };
        // Where nobody has looked since, it still says that it is proposed.
        let asked = [PROPOSED, SET_ASIDE].iter().any(|how| remembered(&said, how).is_some());
        if asked && leads_to(&said) == Some(url.as_str()) {
            return Ok(Some(SetAside { pull_request: url.clone(), issue: issue.url.clone() }));
        }
    }
    Ok(None)
}
