//! Whether what an issue asked for was set aside: its pull request closed, and nothing decided; or not opened yet, where no workflow
//! may open any.

use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Repeat};
use super::fault::{self, ApiFault};
use super::form_comment::{MARK, PROPOSED, READY, SET_ASIDE, leads_to, remembered, says_any, slug_in};
use super::issue_query::{self, Issue};
use super::registry_query::Nodes;
use super::texts::{all_fixes, named_issue};
use crate::domain::log::block::events_in;
use crate::domain::program::github::RepoName;
use crate::domain::{Event, Program, Slug, Subject};
use crate::registry::branch_for;

const QUERY: &str = "
query SetAside($owner: String!, $name: String!, $branch: String!, $ref: String!) {
  repository(owner: $owner, name: $name) {
    left: ref(qualifiedName: $ref) { target { ... on Commit { message } } }
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
    /// The one that was closed; nothing where it waits to be opened, with the one click that our comment on the issue links.
    pub pull_request: Option<String>,
    /// The issue, which is open.
    pub issue: String,
}

/// What an open issue last asked for under a name, where that was set aside. Our comment there has to lead to the pull request: whoever
/// opened that may name any issue.
pub fn ask(client: &Client, registry: &RepoName, program: &Program, slug: &Slug) -> Result<Option<SetAside>, ApiFault> {
    let Some(place) = program.github.issues.place(registry) else { return Ok(None) };
    let doing = tr!("look for what was set aside");
    let branch = branch_for(slug, Subject::Application);
    let full = format!("refs/heads/{branch}");
    let variables = json!({"owner": registry.owner, "name": registry.name, "branch": branch, "ref": full});
    let data = client.graphql(QUERY, &variables, Repeat::Harmless, doing)?;
    let pulls = Nodes::<Closed>::deserialize(&data.data["repository"]["pullRequests"])
        .map_err(|e| fault::of_garbled(doing, &e.to_string()))?;
    let message = data.data["repository"]["left"]["target"]["message"].as_str().unwrap_or_default();
    let read = |(place, number): (RepoName, u64)| -> Result<Option<(Issue, String)>, ApiFault> {
        let issue = issue_query::ask(client, &place, program, number)?.filter(Issue::is_open);
        Ok(issue.and_then(|issue| {
            let said = issue.comment(MARK)?.body.replace('\r', "");
            Some((issue, said))
        }))
    };
    if let Some(named) = attested_in(message)
        && let Some((issue, said)) = read(named)?
        && slug_in(&said).as_ref() == Some(slug)
        && remembered(&said, READY).is_some()
    {
        return Ok(Some(SetAside { pull_request: None, issue: issue.url }));
    }
    for Closed { url, body } in pulls.iter() {
        let mut named = all_fixes(body).filter_map(|fixes| named_issue(registry, fixes));
        let Some(named) = named.find(|(there, _)| there.is(place)) else { continue };
        let Some((issue, said)) = read(named)? else { continue };
        // Where nobody has looked since, it still says that it is proposed.
        if says_any(&said, &[PROPOSED, SET_ASIDE]) && leads_to(&said) == Some(url.as_str()) {
            return Ok(Some(SetAside { pull_request: Some(url.clone()), issue: issue.url }));
        }
    }
    Ok(None)
}

/// The issue that a commit of a workflow's was made of, as the event in its message says.
fn attested_in(message: &str) -> Option<(RepoName, u64)> {
    let event = Event::parse(events_in(message).last()?.as_bytes()).ok()?;
    RepoName::of_issue(event.attested?.address.as_str())
}
