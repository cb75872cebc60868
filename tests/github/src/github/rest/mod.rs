//! The REST API: which operation is asked for, by whom, and the way in and out.

mod actions;
mod git_data;
mod issues;
mod people;
mod pulls;
mod repos;
mod triage;

use serde_json::{Value, json};

use super::access::Need;
use super::failure::Failure;
use super::http::{Incoming, Outgoing};
use super::openapi::{self, Operation};
use super::text::Random;
use super::world::{Actor, TokenKind, World};

/// What an operation answers.
pub struct Answer {
    pub status: u16,
    pub body: Body,
    pub headers: Vec<(String, String)>,
}

pub enum Body {
    Nothing,
    Json(Value),
    /// Of another media type.
    Raw(&'static str, Vec<u8>),
}

impl Answer {
    fn json(status: u16, value: Value) -> Self {
        Self { status, body: Body::Json(value), headers: Vec::new() }
    }

    fn nothing(status: u16) -> Self {
        Self { status, body: Body::Nothing, headers: Vec::new() }
    }

    fn with(mut self, name: &str, value: String) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }
}

type Answered = Result<Answer, Failure>;

/// One call of an operation.
pub struct Call<'a> {
    pub world: &'a mut World,
    pub actor: Option<Actor>,
    pub operation: Operation,
    pub query: Vec<(String, String)>,
    pub body: Value,
    pub accept: String,
    /// Whether nothing is to be changed.
    pub reads: bool,
}

/// What came of a request, and everything that was wrong with it.
pub struct Handled {
    pub operation: String,
    pub answer: Outgoing,
    pub violations: Vec<String>,
}

/// Answers a request below `/api/v3`.
pub fn handle(
    world: &mut World,
    actor: Option<Actor>,
    request: &Incoming,
    path: &str,
    random: Option<&mut Random>,
) -> Handled {
    let path = &named(world, path);
    let Some(operation) = openapi::route(&request.method, path) else {
        let violation = format!("{} {path}: no operation is described", request.method);
        return Handled { operation: "unknown".to_owned(), answer: Outgoing::default(), violations: vec![violation] };
    };
    let id = operation.id;
    let handled = |answer, violations: Vec<String>| {
        let named = violations.into_iter().map(|violation| format!("{id}: {violation}")).collect();
        Handled { operation: id.to_owned(), answer, violations: named }
    };
    let content = request.content().unwrap_or_default();
    let body = match content.is_empty() {
        true => None,
        false => match serde_json::from_slice(&content) {
            Ok(body) => Some(body),
            Err(error) => return handled(Outgoing::default(), vec![format!("the body is no JSON: {error}")]),
        },
    };
    let query = request.query();
    let mut violations = operation.check_request(&query, body.as_ref());
    let accept = request.header("accept").unwrap_or("*/*").to_owned();
    violations.extend(check_headers(request, &accept));
    if !violations.is_empty() {
        return handled(Outgoing::default(), violations);
    }
    let body = body.unwrap_or(Value::Null);
    let mut call =
        Call { world, actor, operation: operation.clone(), query, body, accept, reads: request.method == "GET" };
    let answer = call.run().unwrap_or_else(|failure| {
        violations.extend(failure.of_double());
        let body = Body::Json(failure.body());
        Answer { status: failure.status, body, headers: failure.headers().to_vec() }
    });
    let (media, json) = match &answer.body {
        Body::Nothing => ("application/json", None),
        Body::Json(value) => ("application/json", Some(value)),
        Body::Raw(media, _) => (*media, None),
    };
    violations.extend(operation.check_answer(answer.status, media, json));
    handled(outgoing(answer, random), violations)
}

/// The path by name of a repository that is asked for by its id, as in the address of a redirect.
fn named(world: &World, path: &str) -> String {
    let by_id = path.strip_prefix("/repositories/").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
    let Some((id, rest)) = by_id else { return path.to_owned() };
    let found = world.repos.iter().position(|repo| !repo.deleted && repo.id.to_string() == id);
    found.map_or(path.to_owned(), |repo| format!("/repos/{}/{rest}", world.full_name(repo)))
}

fn check_headers(request: &Incoming, accept: &str) -> Option<String> {
    let known = |media: &str| {
        let media = media.split(';').next().unwrap_or_default().trim();
        let media = media.strip_prefix("application/vnd.github.").unwrap_or(media);
        let media = media.strip_prefix("v3.").unwrap_or(media).trim_end_matches("+json");
        matches!(
            media,
            "*/*"
                | "application/json"
                | "application/*"
                | "json"
                | "v3"
                | "raw"
                | "object"
                | "diff"
                | "patch"
                | "sha"
                | "application/vnd.github"
        )
    };
    if !accept.split(',').any(known) {
        return Some(format!("unsupported accept header: {accept}"));
    }
    let version = request.header("x-github-api-version")?;
    let is_date = version.len() == 10 && format!("{version}T00:00:00Z").parse::<jiff::Timestamp>().is_ok();
    (!is_date).then(|| format!("no API version: {version}"))
}

fn outgoing(answer: Answer, random: Option<&mut Random>) -> Outgoing {
    let mut outgoing = match answer.body {
        Body::Nothing => Outgoing { status: answer.status, ..Outgoing::default() },
        Body::Json(mut value) => {
            if let Some(random) = random.filter(|_| answer.status < 300) {
                drop_some(&mut value, random);
            }
            Outgoing::json(answer.status, &value)
        }
        Body::Raw(media, bytes) => Outgoing::new(answer.status, &format!("{media}; charset=utf-8"), bytes),
    };
    outgoing.headers.extend(answer.headers);
    outgoing
}

/// Takes properties away that nothing can be done without least.
fn drop_some(value: &mut Value, random: &mut Random) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| drop_some(item, random)),
        Value::Object(object) => {
            object.retain(|name, value| {
                drop_some(value, random);
                matches!(name.as_str(), "sha" | "number" | "id" | "node_id" | "html_url") || !random.once_in(4)
            });
        }
        _ => {}
    }
}

impl Call<'_> {
    fn run(&mut self) -> Answered {
        let operation = self.operation.id;
        if self.operation.path.contains_key("repo")
            && let Some(answer) = self.moved()
        {
            return Ok(answer);
        }
        match operation.split('/').next().unwrap() {
            "actions" => self.actions(),
            "git" => self.git_data(),
            "issues" => self.issues(),
            "pulls" => self.pulls(),
            "repos" | "checks" => self.repos(),
            _ => self.people(),
        }
    }

    /// A parameter of the path.
    fn path(&self, name: &str) -> &str {
        self.operation.path[name].as_str().unwrap()
    }

    fn number(&self, name: &str) -> u64 {
        self.path(name).parse().unwrap_or_default()
    }

    fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.body[name].as_str()
    }

    /// Whoever has a token.
    fn somebody(&self) -> Result<Actor, Failure> {
        self.actor.clone().ok_or_else(|| Failure::new(401, "UNAUTHORIZED", "Requires authentication"))
    }

    /// The repository of the path, for a certain purpose.
    fn repo(&self, need: Need) -> Result<usize, Failure> {
        let repo = self.world.repo_named(self.path("owner"), self.path("repo")).ok_or_else(Failure::not_found)?;
        self.world.may(self.actor.as_ref(), repo, need)?;
        Ok(repo)
    }

    /// Where a renamed repository is now.
    fn moved(&self) -> Option<Answer> {
        let (owner, name) = (self.path("owner"), self.path("repo"));
        if let Some(repo) = self.world.repo_named(owner, name) {
            return self.transferred(repo);
        }
        let repo = self.world.redirect(owner, name).filter(|repo| self.world.sees(self.actor.as_ref(), *repo))?;
        let path = self.own_path();
        let rest = path.splitn(5, '/').nth(4).map_or(String::new(), |rest| format!("/{rest}"));
        let query = self.query_except("");
        let query = if query.is_empty() { query } else { format!("?{query}") };
        let id = self.world.repos[repo].id;
        let url = format!("{}/api/v3/repositories/{id}{rest}{query}", self.world.server);
        let documentation = "https://docs.github.com/rest";
        let body = json!({"message": "Moved Permanently", "url": url, "documentation_url": documentation});
        Some(Answer::json(if self.reads { 301 } else { 307 }, body).with("location", url))
    }

    /// Where an issue of a repository is now.
    fn transferred(&self, repo: usize) -> Option<Answer> {
        let number = self.operation.path.iter().find(|(name, _)| *name == "issue_number")?.1.as_str()?.parse().ok()?;
        let (to, new) = (*self.world.gone.get(&(repo, number))?)?;
        if !self.world.sees(self.actor.as_ref(), to) {
            return None;
        }
        let own = self.own_path();
        let rest = own.splitn(7, '/').nth(6).map_or(String::new(), |rest| format!("/{rest}"));
        let url = format!("{}/api/v3/repositories/{}/issues/{new}{rest}", self.world.server, self.world.repos[to].id);
        let documentation = "https://docs.github.com/rest";
        let body = json!({"message": "Moved Permanently", "url": url, "documentation_url": documentation});
        Some(Answer::json(301, body).with("location", url))
    }

    /// The path below `/api/v3`.
    fn own_path(&self) -> String {
        self.operation.path.iter().fold(self.operation.template.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), value.as_str().unwrap())
        })
    }

    /// The query again, without one of its parameters.
    fn query_except(&self, without: &str) -> String {
        let others = self.query.iter().filter(|(key, _)| key != without);
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish()
    }

    /// A page of a list, with links to its neighbours.
    fn page(&self, all: &[Value]) -> Answer {
        let number =
            |name: &str, default: usize| self.param(name).map_or(default, |text| text.parse().unwrap_or(default));
        let (size, page) = (number("per_page", 30), number("page", 1));
        let size = if self.world.habits.short_pages { size.min(2) } else { size };
        let shown: Vec<Value> = all.iter().skip((page - 1) * size).take(size).cloned().collect();
        let last = all.len().div_ceil(size).max(1);
        let mut links = Vec::new();
        for (name, to) in [("prev", page - 1), ("next", page + 1), ("first", 1), ("last", last)] {
            let there = match name {
                "prev" | "first" => page > 1,
                _ => page < last,
            };
            if there {
                let (path, others) = (self.own_path(), self.query_except("page"));
                let others = if others.is_empty() { others } else { format!("{others}&") };
                links.push(format!("<{}/api/v3{path}?{others}page={to}>; rel=\"{name}\"", self.world.server));
            }
        }
        let answer = Answer::json(200, Value::Array(shown));
        if links.is_empty() { answer } else { answer.with("link", links.join(", ")) }
    }
}

/// The headers about a classic token's scopes.
pub fn scope_headers(actor: Option<&Actor>) -> Vec<(String, String)> {
    match actor.and_then(|actor| actor.token.as_ref()) {
        Some(TokenKind::Classic { scopes }) => {
            vec![
                ("x-oauth-scopes".to_owned(), scopes.join(", ")),
                ("x-accepted-oauth-scopes".to_owned(), String::new()),
            ]
        }
        Some(TokenKind::OrgRestricted { .. } | TokenKind::Saml { .. }) => {
            vec![
                ("x-oauth-scopes".to_owned(), "repo, read:org".to_owned()),
                ("x-accepted-oauth-scopes".to_owned(), String::new()),
            ]
        }
        _ => Vec::new(),
    }
}
