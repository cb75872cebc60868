//! Git over HTTP: who may, and then git itself.

use std::path::PathBuf;

use super::access::{Area, Need};
use super::cgi;
use super::http::{Incoming, Outgoing};
use super::text::unbase64;
use super::world::{Actor, TokenKind, World};

/// A request for git, allowed.
pub struct Allowed {
    repository: PathBuf,
    rest: String,
    user: String,
    /// Whose push it is.
    pub pusher: Option<usize>,
}

/// `owner`, `name` and what follows of a path that git asks for.
fn split(path: &str) -> Option<(&str, &str, &str)> {
    let mut parts = path.trim_start_matches('/').splitn(3, '/');
    let (owner, name, rest) = (parts.next()?, parts.next()?, parts.next()?);
    matches!(rest, "info/refs" | "git-upload-pack" | "git-receive-pack").then_some(())?;
    Some((owner, name.strip_suffix(".git").unwrap_or(name), rest))
}

pub fn is_git(path: &str) -> bool {
    split(path).is_some()
}

fn is_push(request: &Incoming) -> bool {
    request.path().ends_with("/git-receive-pack") || request.query_string() == "service=git-receive-pack"
}

/// As the traffic calls it.
pub fn operation(request: &Incoming) -> String {
    let service = if is_push(request) { "receive-pack" } else { "upload-pack" };
    let step = if request.path().ends_with("/info/refs") { "refs" } else { "pack" };
    format!("git:{service}:{step}")
}

fn credentials(world: &World, request: &Incoming) -> Result<Option<Actor>, ()> {
    let Some(header) = request.header("authorization") else { return Ok(None) };
    let decoded = header.split_once(' ').and_then(|(_, encoded)| unbase64(encoded)).ok_or(())?;
    let text = String::from_utf8(decoded).map_err(|_| ())?;
    let (user, password) = text.split_once(':').ok_or(())?;
    let token = if password.is_empty() || password == "x-oauth-basic" { user } else { password };
    world.tokens.get(token).cloned().map(Some).ok_or(())
}

/// Whether git may be asked this; the answer if not.
pub fn allow(world: &World, request: &Incoming) -> Result<Allowed, Outgoing> {
    let plain = |status: u16, text: &str| Outgoing::new(status, "text/plain; charset=utf-8", text);
    let ask = |text: &str| plain(401, text).with("www-authenticate", "Basic realm=\"GitHub\"");
    let Ok(actor) = credentials(world, request) else {
        return Err(ask("Invalid username or token. Password authentication is not supported for Git operations."));
    };
    let (owner, name, rest) = split(request.path()).unwrap();
    let push = is_push(request);
    let missing = || match &actor {
        None => ask("Repository not found."),
        Some(_) => plain(404, "Repository not found."),
    };
    let Some(repo) = world.repo_named(owner, name) else {
        let repo = world.redirect(owner, name).filter(|repo| world.sees(actor.as_ref(), *repo)).ok_or_else(missing)?;
        let query =
            if request.query_string().is_empty() { String::new() } else { format!("?{}", request.query_string()) };
        let url = format!("{}/{}.git/{rest}{query}", world.server, world.full_name(repo));
        return Err(plain(301, "").with("location", url));
    };
    if !world.sees(actor.as_ref(), repo) {
        return Err(missing());
    }
    if push && actor.is_none() {
        return Err(ask("No anonymous write access."));
    }
    let user = actor.as_ref().map(|actor| world.login(actor.user).to_owned()).unwrap_or_default();
    let is_bot = actor.as_ref().and_then(|actor| actor.token.as_ref()).is_some_and(TokenKind::is_integration);
    let need = if push { Need::Push } else { Need::Read };
    let denied = || {
        plain(
            403,
            &format!(
                "Permission to {}.git denied to {user}{}.",
                world.full_name(repo),
                if is_bot { "[bot]" } else { "" }
            ),
        )
    };
    if let Some(actor) = actor.as_ref().filter(|_| push) {
        world.is_granted(actor, Area::Contents).map_err(|_| denied())?;
    }
    world.may(actor.as_ref(), repo, need).map_err(|failure| match failure.status {
        _ if world.repos[repo].archived => plain(403, "This repository was archived so it is read-only."),
        403 => plain(403, &failure.message),
        _ => denied(),
    })?;
    let pusher = actor.as_ref().filter(|_| request.path().ends_with("/git-receive-pack")).map(|actor| actor.user);
    Ok(Allowed { repository: world.repos[repo].path.clone(), rest: rest.to_owned(), user, pusher })
}

impl Allowed {
    /// Has git answer. The world isn't looked at meanwhile.
    pub fn run(&self, request: &Incoming) -> Outgoing {
        cgi::run(request, &self.repository, &self.rest, &self.user)
    }
}
