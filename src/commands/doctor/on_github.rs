//! What GitHub says: who we are there, by which token, and what we and the workflows may do.

use super::checkup::Checkup;
use crate::domain::Program;
use crate::domain::program::github::{Landing, RepoName};
use crate::forge::github::access_query::{self, Access, Rights, bot, fine_grained, scope, workflows_propose};
use crate::forge::github::client::Client;
use crate::forge::github::fault;
use crate::session::Context;

/// What is known of our rights.
pub(super) struct OnGitHub {
    name: String,
    /// `None` where GitHub didn't tell.
    may_push: Option<bool>,
}

impl OnGitHub {
    /// Whether it is known that somebody else mends what stands in the repository.
    pub(super) fn is_for_others(&self) -> bool {
        self.may_push == Some(false)
    }

    /// What a member can't do there, under this program.
    pub(super) fn lacks(&self, program: &Program) -> Option<String> {
        let pushes = program.github.landing == Landing::Push;
        (pushes && self.may_push == Some(false))
            .then(|| tr!("may not push to {name}, where decisions are pushed", name = self.name))
    }
}

pub(super) fn look(ctx: &Context, name: &RepoName, out: &mut Vec<Checkup>) -> OnGitHub {
    let unknown = OnGitHub { name: name.to_string(), may_push: None };
    let client = match ctx.github() {
        Ok(client) => client,
        Err(error) => {
            out.push(Checkup::failed("token", error));
            return unknown;
        }
    };
    let access = match access_query::ask(&client, Some(name)) {
        Ok(access) => access,
        Err(error) => {
            out.push(Checkup::failed("token", error));
            return unknown;
        }
    };
    out.push(token(&access));
    match access_query::rights(&client, name) {
        Ok(rights) => {
            out.push(repository(name, &access, &rights));
            if let Some(checkup) = settings(&client, name, &rights) {
                out.push(checkup);
            }
            OnGitHub { may_push: Some(rights.permissions.push), ..unknown }
        }
        Err(fault) => {
            out.push(Checkup::failed("repository", fault.into()));
            unknown
        }
    }
}

/// Words, and more of them.
fn also(words: &str, more: &dyn std::fmt::Display) -> String {
    tr!("{words}; {more}", words, more)
}

fn token(access: &Access) -> Checkup {
    let mut words = tr!("{login}, by the token from {source}", login = access.login, source = access.source);
    if let Some(scopes) = &access.scopes {
        let scopes = match scopes.is_empty() {
            true => tr!("none").to_owned(),
            false => scopes.join(tr!("in a list" => ", ")),
        };
        words = tr!("{words}; scopes: {scopes}", words, scopes);
    }
    if let Some(left) = access.requests_left {
        words = tr!("{words}; {left} requests left this hour", words, left);
    }
    match access.suffices() {
        _ if access.is_bot => Checkup::fine("token", also(&words, &bot())),
        Some(true) => Checkup::fine("token", words),
        Some(false) => Checkup::broken("token", also(&words, &scope())).hint(fault::no_token()),
        None => Checkup::note("token", also(&words, &fine_grained())).hint(fault::no_token()),
    }
}

fn repository(name: &RepoName, access: &Access, rights: &Rights) -> Checkup {
    if rights.archived {
        return Checkup::broken(
            "repository",
            tr!("{name} is archived: nothing can be proposed or decided there", name),
        )
        .hint(tr!("whoever administers it can unarchive it; or name another registry"));
    }
    let mut words = match rights.permissions {
        access_query::Permissions { admin: true, .. } => tr!("you administer {name}", name),
        access_query::Permissions { push: true, .. } => tr!("you may write to {name}", name),
        _ => tr!("you may read {name}, and propose", name),
    };
    if let Some((_, Some(fork))) = &access.registry {
        words = tr!("{words}; your fork is {fork}", words, fork);
    }
    match rights.has_issues {
        Some(false) => Checkup::note("repository", tr!("{words}; issues are switched off there", words))
            .hint(tr!("the form by which organizations apply needs them: Settings, General, Issues")),
        _ => Checkup::fine("repository", words),
    }
}

/// Whether workflows may propose what issues ask for. Only who administers the repository is told.
fn settings(client: &Client, name: &RepoName, rights: &Rights) -> Option<Checkup> {
    if !rights.permissions.admin {
        return Some(
            Checkup::unknown(
                "settings",
                tr!("whether workflows may open pull requests is told to administrators only"),
            )
            .hint(tr!("have one run karmada-partner doctor; {what}", what = workflows_propose())),
        );
    }
    match access_query::workflows_may_propose(client, name) {
        Ok(Some(true)) => Some(Checkup::fine("settings", tr!("workflows may open pull requests"))),
        Ok(Some(false)) => Some(
            Checkup::broken(
                "settings",
                tr!("workflows may not open pull requests: what issues ask for waits for a click"),
            )
            .hint(workflows_propose()),
        ),
        Ok(None) => None,
        Err(fault) => Some(Checkup::failed("settings", fault.into())),
    }
}
