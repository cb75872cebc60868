//! `auth`: who we are to GitHub, and what its token may do.

use serde::Deserialize;
use serde_json::json;

use crate::config::Location;
use crate::domain::text;
use crate::domain::values::is_bots;
use crate::error::{Error, Kind, Result};
use crate::forge::github::client::{Call, Client, Repeat};
use crate::forge::github::fault::{self, ApiFault};
use crate::forge::github::registry_query;
use crate::session::Context;

/// Tell who you are to GitHub, and what your token may do
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show the account, where its token was found, and what it may do
    ///
    /// A token is taken from the first of the variables `KARMADA_PARTNER_TOKEN`, `GH_TOKEN` and `GITHUB_TOKEN`, from the
    /// GitHub command line `gh`, or from git's credential helper. It is shown nowhere.
    Status,
}

#[derive(Debug, Deserialize)]
struct User {
    login: String,
}

/// A workflow or an App is no user: GitHub tells only in other words who it is.
fn bot(ctx: &Context, client: &Client, source: &str, fault: ApiFault) -> Result<()> {
    let data = client.graphql("query Who { viewer { login } }", &json!({}), Repeat::Harmless, "see who you are")?;
    let Some(login) = data.data["viewer"]["login"].as_str().filter(|login| is_bots(login)) else {
        return Err(fault.into());
    };
    let host = &client.endpoints.host;
    let registry = match ctx.location()? {
        Location::GitHub(registry) => Some(registry_query::ask(client, &registry)?.1.name_with_owner),
        _ => None,
    };
    if ctx.globals.json {
        let registry = registry.map(|registry| json!({"registry": registry, "fork": null}));
        return ctx.ui.document(&json!({
            "schema": 1, "host": host, "account": login, "token": source, "scopes": null, "requests_left": null,
            "registry": registry,
        }));
    }
    let named = registry.as_deref().map(|name| format!("Registry: {}\n", text::visible(name))).unwrap_or_default();
    ctx.ui.data(&format!("GitHub: {host}\nAccount: {}\nToken: from {source}\n{named}", text::visible(login)))?;
    ctx.ui
        .say("That is a workflow or an App: it reads, announces, reminds and publishes. A bot never votes or decides.");
    if registry.is_some() {
        ctx.ui.say(
            "Where its pull requests are refused, the setting is “Allow GitHub Actions to create and approve pull requests”: Settings, Actions, General; an organization can forbid it for all its repositories.",
        );
    }
    Ok(())
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let Command::Status = args.command;
    let client = ctx.github()?;
    let host = client.endpoints.host.clone();
    let Some(source) = client.token_source() else {
        return Err(Error::new(Kind::NotAllowed, format!("there is no token for {host}")).hint(fault::NO_TOKEN));
    };
    let answer = match client.send(Call::get("/user", "see who you are")) {
        Err(fault) if fault.is_forbidden() => return bot(ctx, &client, source, fault),
        answer => answer?,
    };
    let unclear = |_| Error::environment("GitHub's answer doesn't say who you are").hint("run it again");
    let user: User = serde_json::from_slice(&answer.body).map_err(unclear)?;
    let header = |name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok()).map(text::visible);
    // Only classic tokens have scopes; others may do what they were made for.
    let scopes: Option<Vec<String>> = header("x-oauth-scopes")
        .map(|list| list.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect());
    let left = header("x-ratelimit-remaining").and_then(|n| n.parse::<u64>().ok());
    let enough = scopes.as_ref().map(|s| s.iter().any(|s| s == "repo" || s == "public_repo"));
    let fork = match ctx.location()? {
        Location::GitHub(registry) => {
            let (viewer, repository) = registry_query::ask(&client, &registry)?;
            Some((registry, repository.fork_of(&viewer.login).map(|f| f.name_with_owner.clone())))
        }
        _ => None,
    };
    if ctx.globals.json {
        let fork = fork.map(|(registry, fork)| json!({"registry": registry, "fork": fork}));
        return ctx.ui.document(&json!({
            "schema": 1, "host": host, "account": user.login, "token": source, "scopes": scopes,
            "requests_left": left, "registry": fork,
        }));
    }
    let mut out = format!("GitHub: {host}\nAccount: {}\nToken: from {source}\n", text::visible(&user.login));
    out += &match &scopes {
        Some(scopes) if scopes.is_empty() => "Scopes: none\n".to_owned(),
        Some(scopes) => format!("Scopes: {}\n", scopes.join(", ")),
        None => "Scopes: GitHub doesn't tell; it is a fine-grained or an app's token\n".to_owned(),
    };
    out.extend(left.map(|n| format!("Requests left this hour: {n}\n")));
    if let Some((registry, fork)) = fork {
        let fork = fork.unwrap_or_else(|| "none yet; it is made when you propose something".to_owned());
        out += &format!("Registry: {registry}\nYour fork of it: {}\n", text::visible(&fork));
    }
    ctx.ui.data(&out)?;
    match enough {
        Some(false) => ctx.ui.warn("to propose something, the token needs the scope public_repo"),
        None => ctx.ui.say(
            "A fine-grained token can put your branch into your own fork, and can't open pull requests or issues elsewhere: you are then given a link to click.",
        ),
        Some(true) => {}
    }
    Ok(())
}
