//! Talking to GitHub: octocrab as the transport, and around it what it leaves to us: timeouts, trying again only where
//! that is harmless, waiting where GitHub asks for it, and words for every failure.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::BodyExt as _;
use octocrab::service::middleware::auth_header::AuthHeaderLayer;
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::endpoints::Endpoints;
use super::fault::{self, ApiFault, Effect};
use crate::config::Token;
use crate::domain::{Time, json_fault, text};
use crate::error::{Error, Kind, Result};
use crate::forge::progress::Progress;
use crate::web;
use crate::web::unmade::Why;

/// The version of the REST API that is spoken here.
const API_VERSION: &str = "2022-11-28";
/// No answer that is asked for here has more bytes.
const LARGEST: usize = crate::domain::limits::ANSWER;
/// How often something harmless is tried.
const TRIES: u32 = 4;

/// Whether asking again could do something twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It reads, or makes what has the same name each time.
    Harmless,
    /// It creates. After an unclear end somebody has to look first.
    Creates,
}

#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    pub method: &'a Method,
    /// Below the REST API, with its slash; or a whole address.
    pub path: &'a str,
    pub body: Option<&'a Value>,
    /// What is wanted back.
    pub accept: &'static str,
    /// Whether it may be asked again.
    pub repeat: Repeat,
    /// What it is for, after "can't": "open the issue".
    pub doing: &'a str,
}

/// What GitHub gives unless it is asked for something else.
const JSON: &str = "application/vnd.github+json";

impl<'a> Call<'a> {
    #[must_use]
    pub const fn get(path: &'a str, doing: &'a str) -> Self {
        Self { method: &Method::GET, path, body: None, accept: JSON, repeat: Repeat::Harmless, doing }
    }

    /// Sets something to what it shall be, however often.
    #[must_use]
    pub const fn patch(path: &'a str, body: &'a Value, doing: &'a str) -> Self {
        Self { method: &Method::PATCH, path, body: Some(body), accept: JSON, repeat: Repeat::Harmless, doing }
    }

    /// Makes what is the same each time it is made.
    #[must_use]
    pub const fn post(path: &'a str, body: &'a Value, doing: &'a str) -> Self {
        Self { method: &Method::POST, path, body: Some(body), accept: JSON, repeat: Repeat::Harmless, doing }
    }

    /// Makes one more each time it is asked.
    #[must_use]
    pub const fn create(path: &'a str, body: &'a Value, doing: &'a str) -> Self {
        Self { repeat: Repeat::Creates, ..Self::post(path, body, doing) }
    }
}

/// How much of a list is asked for at once, and how often at most.
const PAGE: usize = 100;
const MOST_PAGES: u32 = 1000;

/// What GraphQL gives: both may be there.
#[derive(Debug, Default, Deserialize)]
#[expect(clippy::struct_field_names, reason = "as GraphQL calls it")]
pub struct Data {
    #[serde(default)]
    pub data: Value,
    #[serde(default)]
    errors: Vec<GraphQlError>,
    /// Where a token is authorized for single sign-on, if some of it is missing for that.
    #[serde(skip)]
    to_authorize: Option<String>,
}

#[derive(Debug, Deserialize)]
struct GraphQlError {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    path: Vec<Value>,
}

impl GraphQlError {
    /// Whether an organization keeps a repository to itself that is only beside the one asked for: a fork, or where a pull
    /// request's branch is. It is missing from the answer then, as one that is gone.
    fn is_about_another_repository(&self) -> bool {
        let beside = |key: &Value| matches!(key.as_str(), Some("forks" | "headRepository"));
        matches!(self.kind.as_str(), "FORBIDDEN" | "SAML_FAILURE") && self.path.iter().skip(1).any(beside)
    }
}

impl Data {
    fn fault_of(&self, e: &GraphQlError, doing: &str) -> ApiFault {
        fault::of_graphql(doing, &e.kind, &e.message, self.to_authorize.as_deref())
    }

    /// The failure of one part, by its name in the document.
    #[must_use]
    pub fn fault(&self, part: &str, doing: &str) -> Option<ApiFault> {
        let blames = |e: &&GraphQlError| e.path.first().is_none_or(|p| p == part);
        self.errors.iter().find(blames).map(|e| self.fault_of(e, doing))
    }

    /// One part, read; `None` when GitHub says it isn't there.
    pub fn part<T: serde::de::DeserializeOwned>(&self, name: &str, doing: &str) -> Result<Option<T>, ApiFault> {
        // What is missing because something failed is not known to be missing.
        let broken = |e: &&GraphQlError| {
            e.kind != "NOT_FOUND"
                && !e.is_about_another_repository()
                && e.path.first().is_none_or(|p| p == name)
                && (e.path.len() != 1 || e.kind.is_empty())
        };
        if let Some(e) = self.errors.iter().find(broken) {
            return Err(match self.fault_of(e, doing) {
                fault if fault.is_forbidden() => fault,
                fault => fault::of_garbled(doing, &fault.error.message),
            });
        }
        match &self.data[name] {
            Value::Null => Ok(None),
            value => serde_path(value).map(Some).map_err(|why| fault::of_garbled(doing, &why)),
        }
    }
}

/// Reads a value; on failure says where it lacks what.
fn serde_path<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|e| e.to_string())
}

/// A way to GitHub. Shared between threads.
#[derive(Debug)]
pub struct Client {
    crab: Octocrab,
    pub endpoints: Endpoints,
    token: Option<Token>,
    progress: Arc<dyn Progress>,
    now: i64,
    clock: i64,
    max_wait: Duration,
    pace: Mutex<VecDeque<Instant>>,
}

impl Client {
    /// A client for a GitHub. `now` is the time in seconds since 1970, for limits that end at a time; `clock` is what the machine's
    /// clock says, where the environment fixed another.
    pub fn new(
        endpoints: Endpoints,
        token: Option<Token>,
        progress: Arc<dyn Progress>,
        (now, clock): (i64, i64),
        max_wait: Duration,
    ) -> Result<Arc<Self>> {
        let broken = |what: &str| Error::usage(tr!("{what} can't be used", what));
        // What was renamed is read by its old name; never at another host, where the token has no business.
        let same_host = reqwest::redirect::Policy::custom(|attempt| {
            let origin = |u: &reqwest::Url| (u.scheme().to_owned(), u.host_str().map(str::to_owned), u.port());
            let from = attempt.previous().last().map(origin);
            match from == Some(origin(attempt.url())) && attempt.previous().len() <= 3 {
                true => attempt.follow(),
                false => attempt.stop(),
            }
        });
        let http = web::client(same_host, false, Duration::from_secs(120))?;
        let base: Uri = endpoints.rest.parse().map_err(|_| broken(tr!("the address of GitHub's API")))?;
        let bearer = match &token {
            Some(token) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {}", token.secret)).map_err(|_| {
                    Error::usage(tr!("the token from {source} has characters that no token has", source = token.source))
                        .hint(fault::no_token())
                })?;
                value.set_sensitive(true);
                Some(value)
            }
            None => None,
        };
        let _inside = web::runtime()?.enter();
        let crab = OctocrabBuilder::new_empty()
            .with_service(ReqwestConnector::new(http))
            .with_layer(&AuthHeaderLayer::new(bearer, base.clone(), base))
            .with_auth(AuthState::None)
            .build()
            .unwrap_or_else(|never| match never {});
        Ok(Arc::new(Self { crab, endpoints, token, progress, now, clock, max_wait, pace: Mutex::default() }))
    }

    /// The same, but one that gives up rather than wait: for what goes on beside a conversation.
    #[must_use]
    pub fn without_waiting(&self) -> Self {
        Self {
            crab: self.crab.clone(),
            endpoints: self.endpoints.clone(),
            token: self.token.clone(),
            progress: self.progress.clone(),
            now: self.now,
            clock: self.clock,
            max_wait: Duration::ZERO,
            pace: Mutex::default(),
        }
    }

    /// Where the token was found, if there is one.
    #[must_use]
    pub fn token_source(&self) -> Option<&'static str> {
        self.token.as_ref().map(|t| t.source)
    }

    #[must_use]
    pub fn clock(&self) -> Time {
        Time::from_unix(self.clock)
    }

    #[must_use]
    pub fn now(&self) -> Time {
        Time::from_unix(self.now)
    }

    #[must_use]
    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// Asks. Gives only answers that say it went well.
    pub fn send(&self, call: Call<'_>) -> Result<Answer, ApiFault> {
        self.ask(call, Ok)
    }

    /// Asks, and asks again where that is harmless, until an answer can be read.
    fn ask<T>(&self, call: Call<'_>, read: impl Fn(Answer) -> Result<T, ApiFault>) -> Result<T, ApiFault> {
        let mut patience = Patience::default();
        loop {
            if call.repeat == Repeat::Creates {
                self.keep_pace();
            }
            let answer = match web::wait(self.once(call)) {
                Ok(answer) => answer,
                Err(error) => return Err(ApiFault::new(Effect::Refused(StatusCode::BAD_REQUEST), error)),
            };
            let fault = match answer.and_then(&read) {
                Ok(read) => return Ok(read),
                Err(fault) => fault,
            };
            let wait = match fault.effect {
                Effect::None { wait } => wait,
                Effect::Unclear if call.repeat == Repeat::Harmless => None,
                Effect::Unclear | Effect::Refused(_) => return Err(fault),
            };
            if !self.has_waited(&mut patience, wait, &fault.error) {
                return Err(fault);
            }
        }
    }

    /// Asks for something that names what was made just now, and asks again while GitHub doesn't see that yet: it was refused
    /// until then, so nothing is done twice.
    pub fn once_seen<T>(&self, ask: impl Fn() -> Result<T, ApiFault>) -> Result<T, ApiFault> {
        let mut patience = Patience::default();
        loop {
            match ask() {
                Err(fault) if fault.is_not_seen() && self.has_waited(&mut patience, None, &fault.error) => {}
                end => return end,
            }
        }
    }

    /// Waits until it may be tried again, so long as GitHub wants; unless it was tried often enough, or it takes too long.
    fn has_waited(&self, patience: &mut Patience, wait: Option<Duration>, why: &Error) -> bool {
        patience.tries += 1;
        let pause = wait.unwrap_or_else(|| back_off(patience.tries));
        let in_all = patience.waited.saturating_add(pause);
        if patience.tries >= TRIES || in_all > self.max_wait {
            return false;
        }
        patience.waited = in_all;
        self.pause(pause, why);
        true
    }

    async fn once(&self, call: Call<'_>) -> Result<Result<Answer, ApiFault>> {
        let body = call.body.map(Value::to_string).unwrap_or_default();
        // Whole addresses: GraphQL's isn't below that of REST.
        let address = if call.path.starts_with('/') {
            format!("{}{}", self.endpoints.rest, call.path)
        } else {
            call.path.to_owned()
        };
        let mut request = Request::builder()
            .method(call.method)
            .uri(address)
            .header("accept", call.accept)
            .header("user-agent", web::USER_AGENT)
            .header("x-github-api-version", API_VERSION);
        if call.body.is_some() {
            request = request.header("content-type", "application/json").header("content-length", body.len());
        }
        let request = request
            .body(body.clone())
            .map_err(|e| Error::new(Kind::Bug, tr!("a request to GitHub can't be made: {e}", e)))?;
        self.progress.detail(&format!("{} {}", call.method, call.path));
        let answer = match self.crab.execute(request).await {
            Ok(answer) => answer,
            Err(e) => {
                let sent = !never_left(&e);
                let mut hints = web::ways::hints(&e, &self.endpoints.rest);
                if !self.endpoints.is_github_com() {
                    hints.push(tr!("GITHUB_API_URL says that GitHub is at {address}", address = self.endpoints.rest));
                }
                return Ok(Err(fault::of_connection(call.doing, sent, &Why::of(&e), hints)));
            }
        };
        let (parts, body) = answer.into_parts();
        let body = match http_body_util::Limited::new(body, LARGEST).collect().await {
            Ok(body) => body.to_bytes().to_vec(),
            Err(e) => return Ok(Err(fault::of_garbled(call.doing, &tr!("it breaks off: {why}", why = Why::of(&*e))))),
        };
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        let way = web::ways::by_proxy(&self.endpoints.rest);
        if let Some(fault) = fault::of_somebody_else(call.doing, &answer, way) {
            return Ok(Err(fault));
        }
        if answer.status.is_success() {
            return Ok(Ok(answer));
        }
        Ok(Err(fault::of_answer(call.doing, &answer, self.token_source(), self.now)))
    }

    /// A REST call whose answer is read as `T`.
    pub fn rest<T: serde::de::DeserializeOwned>(&self, call: Call<'_>) -> Result<T, ApiFault> {
        self.ask(call, |answer| {
            serde_json::from_slice(&answer.body).map_err(|e| fault::of_garbled(call.doing, &json_fault::told(&e)))
        })
    }

    /// All of a list, of whose path only the pages are left to say: a page may have fewer than were asked for, and GitHub says by
    /// its headers whether another one follows.
    pub fn pages<T: serde::de::DeserializeOwned>(&self, path: &str, doing: &str) -> Result<Vec<T>, ApiFault> {
        let mut all = Vec::new();
        for page in 1..=MOST_PAGES {
            let path = format!("{path}?per_page={PAGE}&page={page}");
            let (some, follows) = self.ask(Call::get(&path, doing), |answer| {
                let some: Vec<T> = serde_json::from_slice(&answer.body)
                    .map_err(|e| fault::of_garbled(doing, &json_fault::told(&e)))?;
                let follows = answer.has_next().unwrap_or(some.len() >= PAGE);
                Ok((some, follows))
            })?;
            let is_last = some.is_empty() || !follows;
            all.extend(some);
            if is_last {
                return Ok(all);
            }
        }
        Err(fault::of_garbled(doing, tr!("its list has no end")))
    }

    /// A GraphQL document. Errors of single parts are in what it gives.
    pub fn graphql(&self, document: &str, variables: &Value, repeat: Repeat, doing: &str) -> Result<Data, ApiFault> {
        if self.token.is_none() {
            let error = Error::new(Kind::NotAllowed, tr!("GitHub wants to know who you are, to {doing}", doing))
                .hint(fault::no_token());
            return Err(ApiFault::new(Effect::Refused(StatusCode::UNAUTHORIZED), error));
        }
        let body = json!({"query": shorter(document), "variables": variables});
        let path = self.endpoints.graphql.clone();
        let call =
            Call { method: &Method::POST, path: &path, body: Some(&body), accept: "application/json", repeat, doing };
        self.ask(call, |answer| {
            let mut data: Data =
                serde_json::from_slice(&answer.body).map_err(|e| fault::of_garbled(doing, &json_fault::told(&e)))?;
            data.to_authorize = fault::to_authorize(&answer.headers);
            let fails = |e: &&GraphQlError| e.kind == "RATE_LIMITED" || (e.path.is_empty() && data.data.is_null());
            match data.errors.iter().find(fails) {
                Some(e) => Err(data.fault_of(e, doing)),
                None => {
                    for e in data.errors.iter().filter(|e| e.is_about_another_repository()) {
                        self.progress.detail(&tr!("GitHub leaves one out: {why}", why = text::visible(&e.message)));
                    }
                    Ok(data)
                }
            }
        })
    }

    /// Waits, and says why where the wait can be felt.
    fn pause(&self, pause: Duration, why: &Error) {
        if pause < Duration::from_secs(2) {
            self.progress.detail(&tr!("{why}; trying again", why));
            std::thread::sleep(pause);
            return;
        }
        self.progress.say(&tr!(
            "{why}. Waiting {seconds} s; Ctrl-C stops, and nothing is lost.",
            why,
            seconds = pause.as_secs()
        ));
        let _busy = self.progress.busy(tr!("waiting for GitHub"));
        std::thread::sleep(pause);
    }

    /// GitHub wants no more than 80 creations a minute, and 500 an hour.
    fn keep_pace(&self) {
        loop {
            let mut made = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            made.retain(|t| now.duration_since(*t) < Duration::from_secs(3600));
            let minute = made.iter().filter(|t| now.duration_since(**t) < Duration::from_secs(60));
            let (in_minute, first) = (minute.clone().count(), minute.min().copied());
            let until = match (in_minute >= 80, made.len() >= 500) {
                (_, true) => made.front().map(|t| *t + Duration::from_secs(3600)),
                (true, _) => first.map(|t| t + Duration::from_secs(60)),
                _ => None,
            };
            let Some(until) = until else {
                made.push_back(now);
                return;
            };
            drop(made);
            self.pause(
                until.duration_since(now),
                &Error::environment(tr!("GitHub takes 80 new things a minute, 500 an hour")),
            );
        }
    }
}

/// How often something was tried, and how long was waited for it.
#[derive(Debug, Default)]
struct Patience {
    tries: u32,
    waited: Duration,
}

/// A growing pause that differs between runs, so that two of them don't keep colliding.
fn back_off(attempt: u32) -> Duration {
    let spread = u64::from(std::process::id().wrapping_mul(2_654_435_761).rotate_left(attempt) % 100);
    Duration::from_millis(150 * 3_u64.pow(attempt - 1) + spread)
}

/// Documents are written to be read; spaces needn't travel.
fn shorter(document: &str) -> String {
    document.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a failure came before anything was sent.
fn never_left(error: &octocrab::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(e) = next {
        if let Some(e) = e.downcast_ref::<reqwest::Error>() {
            return e.is_connect() || e.is_builder();
        }
        next = e.source();
    }
    false
}
