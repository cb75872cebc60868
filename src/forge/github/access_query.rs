//! Who we are to GitHub, by which token, and what it may do there.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::client::{Call, Client, Repeat};
use super::fault::{self, ApiFault};
use super::registry_query;
use crate::domain::program::github::RepoName;
use crate::domain::text;
use crate::domain::values::is_bots;
use crate::error::{Error, Kind, Result};

/// By which setting a workflow's pull requests are let through.
#[must_use]
pub fn workflows_propose() -> &'static str {
    tr!(
        "the setting is “Allow GitHub Actions to create and approve pull requests”: Settings, Actions, General; an organization can forbid it for all its repositories"
    )
}

/// What a fine-grained token is good for where nobody gave it rights.
#[must_use]
pub fn fine_grained() -> &'static str {
    tr!(
        "a fine-grained token can put your branch into your own fork, and can't open pull requests or issues elsewhere: you are then given a link to click"
    )
}

/// What a bot is good for.
#[must_use]
pub fn bot() -> &'static str {
    tr!("that is a workflow or an App: it reads, announces, reminds and publishes. A bot never votes or decides")
}

/// What is missing of a token's scopes.
#[must_use]
pub fn scope() -> &'static str {
    tr!("to propose something, the token needs the scope public_repo")
}

#[derive(Debug)]
pub struct Access {
    pub login: String,
    /// Whether it is a workflow, or an App.
    pub is_bot: bool,
    /// Where the token was found.
    pub source: &'static str,
    /// Only classic tokens have scopes; others may do what they were made for.
    pub scopes: Option<Vec<String>>,
    pub requests_left: Option<u64>,
    /// The registry's name, and our fork of it.
    pub registry: Option<(String, Option<String>)>,
}

impl Access {
    /// Whether the scopes are enough to propose something; `None` where GitHub tells none.
    #[must_use]
    pub fn suffices(&self) -> Option<bool> {
        self.scopes.as_ref().map(|scopes| scopes.iter().any(|s| s == "repo" || s == "public_repo"))
    }
}

#[derive(Debug, Deserialize)]
struct User {
    login: String,
}

/// Asks GitHub who we are, and for the registry, if there is one.
///
/// # Errors
/// When there is no token, it isn't known, or the registry can't be seen with it.
pub fn ask(client: &Client, registry: Option<&RepoName>) -> Result<Access> {
    let Some(source) = client.token_source() else {
        let host = &client.endpoints.host;
        return Err(Error::new(Kind::NotAllowed, tr!("there is no token for {host}", host)).hint(fault::no_token()));
    };
    let answer = match client.send(Call::get("/user", tr!("see who you are"))) {
        Err(fault) if fault.is_forbidden() => return of_bot(client, source, registry, fault),
        answer => answer?,
    };
    let unclear = |_| Error::environment(tr!("GitHub's answer doesn't say who you are")).hint(tr!("run it again"));
    let user: User = serde_json::from_slice(&answer.body).map_err(unclear)?;
    let header = |name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok()).map(text::visible);
    let scopes = header("x-oauth-scopes")
        .map(|list| list.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect());
    let requests_left = header("x-ratelimit-remaining").and_then(|n| n.parse().ok());
    let registry = match registry {
        Some(name) => {
            let (viewer, repository) = registry_query::ask(client, name)?;
            Some((name.to_string(), repository.fork_of(&viewer.login).map(|f| f.name_with_owner.clone())))
        }
        None => None,
    };
    Ok(Access { login: user.login, is_bot: false, source, scopes, requests_left, registry })
}

/// A workflow or an App is no user: GitHub tells only in other words who it is.
fn of_bot(client: &Client, source: &'static str, registry: Option<&RepoName>, fault: ApiFault) -> Result<Access> {
    let data =
        client.graphql("query Who { viewer { login } }", &json!({}), Repeat::Harmless, tr!("see who you are"))?;
    let Some(login) = data.data["viewer"]["login"].as_str().filter(|login| is_bots(login)) else {
        return Err(fault.into());
    };
    let registry = match registry {
        Some(name) => Some((registry_query::ask(client, name)?.1.name_with_owner, None)),
        None => None,
    };
    Ok(Access { login: login.to_owned(), is_bot: true, source, scopes: None, requests_left: None, registry })
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct Permissions {
    pub admin: bool,
    pub push: bool,
}

/// What a repository says of itself and of us.
#[derive(Debug, Deserialize)]
pub struct Rights {
    #[serde(default)]
    pub archived: bool,
    #[serde(default)]
    pub permissions: Permissions,
    /// Whether issues can be opened.
    #[serde(default)]
    pub has_issues: Option<bool>,
}

/// Asks what we may do in a repository.
///
/// # Errors
/// When it can't be seen, or GitHub can't be reached.
pub fn rights(client: &Client, registry: &RepoName) -> Result<Rights, ApiFault> {
    client.rest(Call::get(&format!("/repos/{registry}"), tr!("see what you may do in the registry")))
}

#[derive(Debug, Deserialize)]
struct WorkflowPermissions {
    can_approve_pull_request_reviews: bool,
}

/// Asks whether workflows may open pull requests. `None` where GitHub doesn't tell us.
///
/// # Errors
/// When GitHub can't be reached.
pub fn workflows_may_propose(client: &Client, registry: &RepoName) -> Result<Option<bool>, ApiFault> {
    let path = format!("/repos/{registry}/actions/permissions/workflow");
    match client.rest::<WorkflowPermissions>(Call::get(&path, tr!("see what workflows may do"))) {
        Ok(permissions) => Ok(Some(permissions.can_approve_pull_request_reviews)),
        Err(fault) if fault.is_forbidden() || fault.is(StatusCode::NOT_FOUND) => Ok(None),
        Err(fault) => Err(fault),
    }
}
