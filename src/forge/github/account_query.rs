//! What GitHub knows of an account: for a committee that wants to know whom it deals with.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Data, Repeat};
use super::fault::{Effect, Fault};
use super::registry_query::Nodes;
use crate::evidence::github::Account;
use crate::partner::Time;

const QUERY: &str = "
query Account($login: String!, $project: String!) {
  user(login: $login) {
    login name company createdAt
    organizations(first: 50) { nodes { login } }
    organization(login: $project) { login }
  }
  organization(login: $login) { login name createdAt }
  project: organization(login: $project) { viewerIsAMember }
}";

#[derive(Debug, Deserialize)]
struct Named {
    login: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    login: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    company: Option<String>,
    created_at: String,
    #[serde(default)]
    organizations: Option<Nodes<Named>>,
    /// The project's organization, if it is a member as far as we may see.
    #[serde(default)]
    organization: Option<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    viewer_is_a_member: bool,
}

/// An account by its login, and whether it is a member of the project's organization; `None` if nobody has that login.
pub fn ask(client: &Client, login: &str, project: &str) -> Result<Option<Account>, Fault> {
    let doing = "look up the contact's account";
    let variables = json!({"login": login, "project": project});
    let data = client.graphql(QUERY, &variables, Repeat::Harmless, doing)?;
    // Who is no member sees only those who show it; and an organization may refuse a token.
    let sees_all = matches!(data.part::<Project>("project", doing), Ok(Some(p)) if p.viewer_is_a_member);
    let person = there(&data, "user", doing)?;
    let is_person = person.is_some();
    let owner = match person {
        Some(person) => Some(person),
        None => there(&data, "organization", doing)?,
    };
    Ok(owner.map(|owner| Account {
        is_person,
        name: owner.name.filter(|name| !name.is_empty()),
        company: owner.company.filter(|company| !company.is_empty()),
        created: time(&owner.created_at),
        organizations: owner.organizations.iter().flat_map(Nodes::iter).map(|o| o.login.clone()).collect(),
        is_member: match owner.organization {
            Some(_) => Some(true),
            None if sees_all && is_person => Some(false),
            None => None,
        },
        login: owner.login,
    }))
}

/// An account that is there, or isn't; what GitHub keeps from us isn't known to be either.
fn there(data: &Data, part: &str, doing: &str) -> Result<Option<Owner>, Fault> {
    match data.fault(part, doing) {
        Some(fault) if fault.effect != Effect::Refused(StatusCode::NOT_FOUND) => Err(fault),
        _ => data.part(part, doing),
    }
}

fn time(text: &str) -> Option<Time> {
    text.parse().ok()
}
