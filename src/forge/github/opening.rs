//! Opening a pull request from a fork; and, where a token may not, the address where a person can with one click.

use serde_json::json;

use super::client::{Client, Repeat};
use super::fault::{self, Fault};
use super::fork::Fork;
use super::texts::{self, Titled};
use crate::domain::program::github::RepoName;
use crate::error::{Error, Kind};

/// From where to where.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    /// The registry.
    pub registry: &'a RepoName,
    /// Its node id.
    pub registry_id: &'a str,
    /// Its default branch.
    pub base: &'a str,
    /// Our fork.
    pub fork: &'a Fork,
    /// The branch there.
    pub branch: &'a str,
}

/// Opens it; gives its address.
pub fn open(client: &Client, way: Way<'_>, words: &Titled) -> Result<String, Fault> {
    let doing = "open the pull request";
    let document = "mutation Open($input: CreatePullRequestInput!) {
        createPullRequest(input: $input) { pullRequest { number url } }
    }";
    let mut input = json!({
        "repositoryId": way.registry_id,
        "baseRefName": way.base,
        "headRefName": format!("{}:{}", way.fork.name.owner, way.branch),
        "title": words.title,
        "body": words.body,
        "maintainerCanModify": false,
    });
    // An owner names its fork; but two forks of one owner only an id tells apart.
    if way.fork.name.owner.is(&way.registry.owner) {
        input["headRefName"] = way.branch.into();
        input["headRepositoryId"] = way.fork.id.clone().into();
    }
    let data = client.graphql(document, &json!({"input": input}), Repeat::Creates, doing)?;
    if let Some(fault) = data.fault("createPullRequest", doing) {
        return Err(fault);
    }
    // Without its address nobody knows whether it is there.
    let url = data.data["createPullRequest"]["pullRequest"]["url"].as_str();
    url.map(str::to_owned).ok_or_else(|| fault::of_garbled(doing, "it lacks the address"))
}

/// Where a person opens it, with all that fits into an address filled in.
#[must_use]
pub fn by_hand(client: &Client, way: Way<'_>, words: &Titled) -> String {
    let escaped = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let fixes = texts::fixes(&words.body).map(|issue| format!("\n\nFixes {issue}")).unwrap_or_default();
    let body = format!("/kind documentation{fixes}");
    let Way { registry, base, fork, branch, .. } = way;
    format!(
        "{}/{registry}/compare/{base}...{}:{}:{branch}?quick_pull=1&title={}&body={}",
        client.endpoints.web,
        fork.name.owner,
        fork.name.name,
        escaped(&words.title),
        escaped(&body),
    )
}

/// What to tell when all is `ready` but the pull request, which this token may not open: a person opens it with one click.
#[must_use]
pub fn left_to_a_person(client: &Client, way: Way<'_>, words: &Titled, ready: &str, fault: Fault) -> Error {
    let told = format!("{ready} is ready on {}, but this token may not open the pull request", way.fork.name);
    let mut error =
        Error::new(Kind::NotAllowed, told).hint(format!("open it with one click: {}", by_hand(client, way, words)));
    error.hints.extend(fault.error.hints);
    error
}
