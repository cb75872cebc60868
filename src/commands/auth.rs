//! `auth`: who we are to GitHub, and what its token may do.

use serde_json::json;

use crate::config::Location;
use crate::domain::text;
use crate::error::Result;
use crate::forge::github::access_query::{self, Access, bot, fine_grained, scope, workflows_propose};
use crate::session::Context;

/// Tell who you are to GitHub, and what your token may do
///
/// A token is taken from the first of the variables `KARMADA_PARTNER_TOKEN`, `GH_TOKEN` and `GITHUB_TOKEN`, from the
/// GitHub command line `gh`, or from git's credential helper. It is shown nowhere.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner auth
  karmada-partner auth --registry github:OWNER/REPO  # and its rights")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The same, as it was called
    #[command(hide = true)]
    Status,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let (None | Some(Command::Status)) = args.command;
    let client = ctx.github()?;
    let host = client.endpoints.host.as_str();
    let location = ctx.location()?;
    let registry = match &location {
        Location::GitHub(name) => Some(name),
        _ => None,
    };
    let access = access_query::ask(&client, registry)?;
    if ctx.globals.json {
        let registry = access.registry.as_ref().map(|(name, fork)| json!({"registry": name, "fork": fork}));
        return ctx.ui.document(&json!({
            "schema": 1, "host": host, "account": access.login, "token": access.source, "scopes": access.scopes,
            "requests_left": access.requests_left, "registry": registry,
        }));
    }
    ctx.ui.data(&shown(host, &access))?;
    match access.suffices() {
        _ if access.is_bot => {
            ctx.ui.say(&sentence(bot()));
            if access.registry.is_some() {
                ctx.ui.say(&tr!("Where its pull requests are refused, {why}.", why = workflows_propose()));
            }
        }
        Some(false) => ctx.ui.warn(scope()),
        None => ctx.ui.say(&sentence(fine_grained())),
        Some(true) => {}
    }
    Ok(())
}

fn shown(host: &str, access: &Access) -> String {
    let mut out = tr!(
        "GitHub: {host}\nAccount: {login}\nToken: from {source}\n",
        host,
        login = text::visible(&access.login),
        source = access.source
    );
    if !access.is_bot {
        out += &match &access.scopes {
            Some(scopes) if scopes.is_empty() => tr!("Scopes: none\n").to_owned(),
            Some(scopes) => tr!("Scopes: {scopes}\n", scopes = scopes.join(", ")),
            None => tr!("Scopes: GitHub doesn't tell; it is a fine-grained or an app's token\n").to_owned(),
        };
    }
    out.extend(access.requests_left.map(|n| tr!("Requests left this hour: {n}\n", n)));
    if let Some((name, fork)) = &access.registry {
        out += &tr!("Registry: {name}\n", name = text::visible(name));
        if !access.is_bot {
            let none = tr!("none yet; it is made when you propose something");
            out += &tr!("Your fork of it: {none}\n", none = text::visible(fork.as_deref().unwrap_or(none)));
        }
    }
    out
}

/// Words that stand after a colon elsewhere, as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect::<String>() + tr!("after a sentence" => "."))
        .unwrap_or_default()
}
