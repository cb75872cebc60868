//! The server: sockets, faults, the record of the traffic.

use std::collections::HashMap;
use std::io::Write;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::faults::Fault;
use super::http::{Connection, Incoming, Outgoing};
use super::text::{Random, http_date};
use super::traffic::Request;
use super::world::{Actor, TokenKind, World};
use super::{Handle, git_http, graphql, rest};

/// What is done right before a request.
pub type Hook = Box<dyn FnOnce(&Handle) + Send>;

/// What both the server and the test hold.
pub struct Shared {
    pub world: Mutex<World>,
    pub control: Mutex<Control>,
    pub changed: Condvar,
}

#[derive(Default)]
pub struct Control {
    /// Requests so far, as faults count them.
    pub counted: u64,
    pub count_git: bool,
    pub faults: HashMap<u64, Fault>,
    pub hooks: HashMap<u64, Hook>,
    pub traffic: Vec<Request>,
    pub violations: Vec<String>,
    pub random: Option<Random>,
    pub held: usize,
    /// How often those being held were let go.
    pub released: u64,
    pub closing: bool,
    pub streams: Vec<TcpStream>,
    /// All requests so far, for their ids.
    pub served: u64,
}

impl Shared {
    /// The world, even if somebody panicked with it in hand.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes connections until the double ends.
pub fn accept(handle: &Handle, listener: &TcpListener) {
    for stream in listener.incoming().filter_map(Result::ok) {
        let mut control = handle.0.control();
        if control.closing {
            return;
        }
        _ = stream.set_nodelay(true);
        control.streams.extend(stream.try_clone());
        drop(control);
        let handle = handle.clone();
        std::thread::spawn(move || serve(&handle, Connection::new(stream)));
    }
}

fn serve(handle: &Handle, mut connection: Connection) {
    while let Ok(Some(request)) = connection.read() {
        let last = request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if !one(handle, &mut connection.stream, &request) || last {
            break;
        }
    }
    _ = connection.stream.shutdown(Shutdown::Both);
}

/// What has become of a request.
struct Done {
    operation: String,
    creates: bool,
    answer: Outgoing,
}

/// Serves one request. False if the connection is to be closed.
fn one(handle: &Handle, stream: &mut TcpStream, request: &Incoming) -> bool {
    let (fault, hook) = begin(handle, request);
    if let Some(hook) = hook {
        hook(handle);
    }
    match &fault {
        Some(Fault::BreakBefore) => {
            record(handle, request, &unhandled(request), 0, 0, 0);
            return false;
        }
        Some(Fault::HoldBefore) => {
            record(handle, request, &unhandled(request), 0, 0, 0);
            return hold(handle);
        }
        Some(Fault::Slow(millis)) => std::thread::sleep(Duration::from_millis(*millis)),
        _ => {}
    }
    let now = handle.0.world().clock;
    let mut done = match fault.as_ref().and_then(|fault| fault.instead(now)) {
        Some(answer) => Done { answer, ..unhandled(request) },
        None => answer(handle, request),
    };
    if let Some(answer) = fault.as_ref().and_then(Fault::afterwards) {
        done.answer = answer;
    }
    finish(handle, request, &mut done.answer);
    let head = done.answer.head();
    let body = match (request.method.as_str(), done.answer.status) {
        ("HEAD", _) | (_, 204 | 304) => &[][..],
        _ => &done.answer.body,
    };
    match fault {
        Some(Fault::BreakAfter) => {
            record(handle, request, &done, 0, 0, 0);
            false
        }
        Some(Fault::HoldAfter) => {
            record(handle, request, &done, 0, 0, 0);
            hold(handle)
        }
        Some(Fault::Truncated) => {
            let half = body.len() / 2;
            record(handle, request, &done, done.answer.status, half, head.len() + half);
            _ = stream.write_all(&[&head, &body[..half]].concat());
            false
        }
        _ => {
            record(handle, request, &done, done.answer.status, body.len(), head.len() + body.len());
            stream.write_all(&[&head, body].concat()).is_ok()
        }
    }
}

/// Counts a request; what is planned for it.
fn begin(handle: &Handle, request: &Incoming) -> (Option<Fault>, Option<Hook>) {
    let mut control = handle.0.control();
    control.served += 1;
    if git_http::is_git(request.path()) && !control.count_git {
        return (None, None);
    }
    control.counted += 1;
    let k = control.counted;
    (control.faults.remove(&k), control.hooks.remove(&k))
}

/// Keeps a request until the double ends.
fn hold(handle: &Handle) -> bool {
    let mut control = handle.0.control();
    control.held += 1;
    handle.0.changed.notify_all();
    let released = control.released;
    while !control.closing && control.released == released {
        control = handle.0.changed.wait(control).unwrap_or_else(PoisonError::into_inner);
    }
    false
}

/// What can be said of a request without having answered it.
fn unhandled(request: &Incoming) -> Done {
    let path = request.path();
    let operation = if git_http::is_git(path) {
        git_http::operation(request)
    } else if path == "/api/graphql" {
        "graphql".to_owned()
    } else {
        let below = path.strip_prefix("/api/v3").unwrap_or(path);
        super::openapi::route(&request.method, below).map_or("unknown", |operation| operation.id).to_owned()
    };
    Done { operation, creates: request.method != "GET", answer: Outgoing::default() }
}

fn record(handle: &Handle, request: &Incoming, done: &Done, status: u16, body_down: usize, total_down: usize) {
    let is_git = done.operation.starts_with("git:");
    let body = if is_git { Vec::new() } else { request.content().unwrap_or_default() };
    handle.0.control().traffic.push(Request {
        operation: done.operation.clone(),
        method: request.method.clone(),
        path: request.target.clone(),
        status,
        body_up: request.body.len(),
        body_down,
        total_up: request.bytes,
        total_down,
        creates: done.creates,
        headers: request.headers.clone(),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
}

fn answer(handle: &Handle, request: &Incoming) -> Done {
    let run = AssertUnwindSafe(|| {
        if git_http::is_git(request.path()) {
            return git(handle, request);
        }
        api(handle, request)
    });
    catch_unwind(run).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        violated(handle, unhandled(request), &[format!("the double panicked: {}", said.unwrap_or("?"))])
    })
}

fn violated(handle: &Handle, done: Done, violations: &[String]) -> Done {
    handle.0.control().violations.extend_from_slice(violations);
    let body = json!({"message": format!("DOUBLE: {}", violations.join("; "))});
    Done { answer: Outgoing::json(500, &body), ..done }
}

fn git(handle: &Handle, request: &Incoming) -> Done {
    let allowed = git_http::allow(&handle.0.world(), request);
    let operation = git_http::operation(request);
    let (answer, creates) = match allowed {
        Ok(allowed) => {
            let answer = allowed.run(request);
            if let Some(pusher) = allowed.pusher {
                let mut world = handle.0.world();
                world.tick();
                world.sync(pusher);
            }
            (answer, allowed.pusher.is_some())
        }
        Err(answer) => (answer, false),
    };
    Done { operation, creates, answer }
}

/// Who a token belongs to; nobody, if there is none.
fn authenticate(world: &World, request: &Incoming) -> Result<Option<(String, Actor)>, ()> {
    let Some(header) = request.header("authorization") else { return Ok(None) };
    let (scheme, token) = header.split_once(' ').ok_or(())?;
    if !scheme.eq_ignore_ascii_case("bearer") && !scheme.eq_ignore_ascii_case("token") {
        return Err(());
    }
    world.tokens.get(token.trim()).map(|actor| Some((token.trim().to_owned(), actor.clone()))).ok_or(())
}

fn api(handle: &Handle, request: &Incoming) -> Done {
    let mut world = handle.0.world();
    let mut random = handle.0.control().random.clone();
    for repo in &mut world.repos {
        repo.ready_in = repo.ready_in.saturating_sub(1);
    }
    let refused = |status: u16, message: &str| {
        let body = json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string()});
        Done { answer: Outgoing::json(status, &body), ..unhandled(request) }
    };
    if request.header("user-agent").is_none_or(str::is_empty) {
        return refused(
            403,
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
        );
    }
    let Ok(who) = authenticate(&world, request) else { return refused(401, "Bad credentials") };
    let (token, actor) = who.unzip();
    let path = request.path();
    let is_graphql = path == "/api/graphql";
    let resource = match path {
        "/api/graphql" => "graphql",
        path if path.starts_with("/api/v3/search/") => "search",
        _ => "core",
    };
    let (mut done, violations) = if is_graphql && request.method == "POST" {
        let Some(actor) = actor.clone() else { return refused(401, "Requires authentication") };
        let it = graphql::handle(&mut world, actor, request, random.as_mut());
        (Done { operation: it.operation, creates: it.mutation, answer: it.answer }, it.violations)
    } else if let Some(below) = path.strip_prefix("/api/v3") {
        let it = rest::handle(&mut world, actor.clone(), request, below, random.as_mut());
        (Done { operation: it.operation, creates: request.method != "GET", answer: it.answer }, it.violations)
    } else {
        (unhandled(request), vec![format!("{} {path}: there is no such thing", request.method)])
    };
    done.answer.headers.extend(rate_limit(&mut world, token, actor.as_ref(), resource));
    for (name, value) in rest::scope_headers(actor.as_ref()) {
        if !done.answer.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            done.answer.headers.push((name, value));
        }
    }
    drop(world);
    if random.is_some() {
        handle.0.control().random = random;
    }
    if violations.is_empty() { done } else { violated(handle, done, &violations) }
}

fn rate_limit(
    world: &mut World,
    token: Option<String>,
    actor: Option<&Actor>,
    resource: &'static str,
) -> Vec<(String, String)> {
    let limit = match (actor.map(|actor| &actor.token), resource) {
        (_, "search") => 30,
        (None, _) => 60,
        (Some(Some(TokenKind::Actions { .. })), _) => 1000,
        _ => 5000,
    };
    let spent = world.spent.entry((token.unwrap_or_default(), resource)).or_default();
    *spent += 1;
    let (spent, reset) = (*spent, world.clock + 3000);
    let header = |name: &str, value: String| (format!("x-ratelimit-{name}"), value);
    vec![
        header("limit", limit.to_string()),
        header("remaining", u64::saturating_sub(limit, spent).to_string()),
        header("used", spent.to_string()),
        header("reset", reset.to_string()),
        header("resource", resource.to_owned()),
    ]
}

/// What every answer has.
fn finish(handle: &Handle, request: &Incoming, answer: &mut Outgoing) {
    let served = handle.0.control().served;
    let now = handle.0.world().clock;
    answer.headers.push(("server".to_owned(), "github.com".to_owned()));
    answer.headers.push(("date".to_owned(), http_date(now)));
    answer.headers.push(("x-github-request-id".to_owned(), format!("D0B1:{served:04X}:10A3C5:11B0F2:66EED1A0")));
    let wanted = request.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"));
    if wanted && !answer.body.is_empty() && !git_http::is_git(request.path()) {
        answer.compress();
    }
}
