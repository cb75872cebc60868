//! What GitHub tells everybody of an account: for a committee that wants to know whom it deals with. By REST, which wants no scope
//! of a token, and tells of organizations only what their members show.

use http::StatusCode;
use serde::Deserialize;

use super::client::{Call, Client};
use super::fault::ApiFault;
use crate::domain::{Login, Time};
use crate::evidence::github::account::Account;

#[derive(Debug, Deserialize)]
struct Named {
    login: String,
}

#[derive(Debug, Deserialize)]
struct Owner {
    login: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    company: Option<String>,
    created_at: String,
}

fn doing() -> &'static str {
    tr!("look up the contact's account")
}

/// An account by its login, and whether it is a member of `organization`, if one is named; `None` if nobody has that login.
pub fn ask(client: &Client, login: &str, organization: Option<&Login>) -> Result<Option<Account>, ApiFault> {
    let Some(owner): Option<Owner> = found(client.rest(Call::get(&format!("/users/{login}"), doing())))? else {
        return Ok(None);
    };
    let is_person = owner.kind == "User";
    let of = format!("/users/{login}/orgs");
    let organizations: Vec<Named> = if is_person { client.pages(&of, doing())? } else { Vec::new() };
    let is_member = match organization.filter(|_| is_person) {
        Some(organization) => membership(client, organization.as_str(), &owner.login)?,
        None => None,
    };
    Ok(Some(Account {
        is_person,
        name: owner.name.filter(|name| !name.is_empty()),
        company: owner.company.filter(|company| !company.is_empty()),
        created: owner.created_at.parse::<Time>().ok(),
        organizations: organizations.into_iter().map(|o| o.login).collect(),
        is_member,
        login: owner.login,
    }))
}

/// Whether somebody is a member, as far as we may see.
fn membership(client: &Client, organization: &str, login: &str) -> Result<Option<bool>, ApiFault> {
    let is = |kind: &str, who: &str| {
        let path = format!("/orgs/{organization}/{kind}/{who}");
        found(client.send(Call::get(&path, doing()))).map(|answer| answer.is_some())
    };
    if is("public_members", login)? {
        return Ok(Some(true));
    }
    // Who is no member is sent to the public ones again, and can't tell who isn't from who doesn't show it.
    if client.token_source().is_none() {
        return Ok(None);
    }
    if is("members", login)? {
        return Ok(Some(true));
    }
    match client.rest::<Named>(Call::get("/user", doing())) {
        Ok(us) => Ok(is("members", &us.login)?.then_some(false)),
        // A workflow or an App is nobody's member.
        Err(fault) if fault.is_forbidden() => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What isn't there is an answer, too.
fn found<T>(answer: Result<T, ApiFault>) -> Result<Option<T>, ApiFault> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.is(StatusCode::NOT_FOUND) => Ok(None),
        Err(fault) => Err(fault),
    }
}
