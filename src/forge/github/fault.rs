//! What went wrong at GitHub: whether it may have taken effect, whether trying again helps, and words for each.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::answer::Answer;
use crate::domain::program::github::RepoName;
use crate::domain::text;
use crate::error::{Error, Kind};
use crate::git::Role;
use crate::web::unmade::Why;

/// What a failure means for what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing was sent, or nothing was done: it can be asked again as it is.
    None {
        /// How long GitHub wants us to wait first.
        wait: Option<Duration>,
    },
    /// Nobody knows. What creates something has to look first.
    Unclear,
    /// It was refused, and would be again.
    Refused(StatusCode),
}

/// What GitHub says of a file, a tree, a commit, a branch that it doesn't know, or not yet.
const NOT_SEEN: [&str; 4] =
    ["is not a valid blob", "Tree SHA does not exist", "Object does not exist", "Head sha can't be blank"];

#[derive(Debug, Clone)]
pub struct ApiFault {
    pub effect: Effect,
    pub error: Error,
}

impl ApiFault {
    pub(super) fn new(effect: Effect, error: Error) -> Self {
        Self { effect, error }
    }

    /// What to tell; for where a fault and an error meet.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }

    /// Whether it is a refusal with this status.
    #[must_use]
    pub fn is(&self, status: StatusCode) -> bool {
        self.effect == Effect::Refused(status)
    }

    /// Whether it may be no more than that GitHub doesn't see yet what was made just now.
    #[must_use]
    pub fn is_not_seen(&self) -> bool {
        match self.effect {
            Effect::Refused(StatusCode::NOT_FOUND) => self.error.kind == Kind::NotFound,
            Effect::Refused(_) => NOT_SEEN.iter().any(|words| self.error.message.contains(words)),
            Effect::None { .. } | Effect::Unclear => false,
        }
    }

    /// Whether the account or its token may not do it.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.error.kind == Kind::NotAllowed && matches!(self.effect, Effect::Refused(_))
    }
}

impl From<ApiFault> for Error {
    fn from(fault: ApiFault) -> Self {
        fault.error
    }
}

/// A connection that failed. `sent` says whether the request may have arrived; `hints` where to look first.
#[must_use]
pub fn of_connection(doing: &str, sent: bool, why: &Why, hints: Vec<String>) -> ApiFault {
    let mut error = Error::environment(tr!("can't {doing}: GitHub can't be reached: {why}", doing, why));
    error.hints.extend(hints);
    let error = error.hint(tr!("check the network, and run it again: nothing is done twice"));
    ApiFault::new(if sent { Effect::Unclear } else { Effect::None { wait: None } }, error)
}

/// An answer that can't be read to its end, or isn't what GitHub says it gives.
#[must_use]
pub fn of_garbled(doing: &str, why: &str) -> ApiFault {
    let error =
        Error::environment(tr!("can't {doing}: GitHub's answer can't be used: {why}", doing, why = text::visible(why)))
            .hint(tr!("run it again: nothing is done twice"));
    ApiFault::new(Effect::Unclear, error)
}

/// An answer that somebody on the way gave in GitHub's place: a network that wants a log-in first, a filter, a proxy. `way` says
/// how the way leads by a proxy, if it does.
#[must_use]
pub fn of_somebody_else(doing: &str, answer: &Answer, way: Option<String>) -> Option<ApiFault> {
    if answer.headers.contains_key("x-github-request-id") {
        return None;
    }
    let status = answer.status;
    let is_page = header(&answer.headers, "content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let leads_to = header(&answer.headers, "location").filter(|_| status.is_redirection());
    let what = match (status.as_u16(), leads_to) {
        (407, _) => tr!("a proxy wants a name and a password (407)").to_owned(),
        (511, _) => tr!("the network wants a log-in first (511){title}", title = title_of(&answer.body)),
        // GitHub's own pages that say it is down don't always name the request; nor does whoever fails on the way.
        (500.., _) => {
            let what =
                tr!("the answer is {status}, and nothing in it shows that it is GitHub's", status = status.as_u16());
            let mut error =
                Error::environment(tr!("can't {doing}: {what}{title}", doing, what, title = title_of(&answer.body)));
            error.hints.extend(way);
            error.hints.push(
                tr!("run it again in a while: nothing is done twice; www.githubstatus.com tells whether it is GitHub")
                    .into(),
            );
            return Some(ApiFault::new(Effect::Unclear, error));
        }
        (_, Some(to)) => tr!("an answer leads away from GitHub, to {to}", to = text::quote(to)),
        _ if is_page => tr!("a web page answers in GitHub's place{title}", title = title_of(&answer.body)),
        _ => return None,
    };
    let mut error = Error::environment(tr!("can't {doing}: {what}", doing, what));
    error.hints.extend(way);
    error.hints.push(match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            tr!("write them into its address: http://NAME:PASSWORD@HOST:PORT").into()
        }
        _ => tr!(
            "open a page in a browser: some networks want a log-in first, and some filters and proxies stand between"
        )
        .into(),
    });
    // Not by its own status: who didn't answer hasn't said that something isn't there.
    Some(ApiFault::new(Effect::Refused(StatusCode::NETWORK_AUTHENTICATION_REQUIRED), error))
}

/// What a page calls itself, as an aside; nothing where it has no title.
fn title_of(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(&page[..page.len().min(4_096)]);
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| {
        let from = at + lower[at..].find('>')? + 1;
        page.get(from..from + lower[from..].find("</title")?)
    });
    title
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(|title| tr!("title of a page" => ": {title}", title = text::quote(title)))
        .unwrap_or_default()
}

/// What GitHub says in the body of an error: its message, and those of its details.
fn said(answer: &Answer) -> String {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(&answer.body) else { return String::new() };
    let mut words: Vec<String> = body["message"].as_str().map(str::to_owned).into_iter().collect();
    for detail in body["errors"].as_array().into_iter().flatten() {
        let field = |key: &str| detail[key].as_str().map(str::to_owned);
        let coded = || Some(format!("{} {}: {}", field("resource")?, field("field")?, field("code")?));
        words.extend(detail.as_str().map(str::to_owned).or_else(|| field("message")).or_else(coded));
    }
    text::visible(&words.join(": "))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

fn seconds(headers: &HeaderMap, name: &str) -> Option<u64> {
    header(headers, name)?.trim().parse().ok()
}

/// How long a limit lasts, if the answer is one.
fn limit(answer: &Answer, said: &str, now: i64) -> Option<(Duration, &'static str)> {
    if !matches!(answer.status.as_u16(), 403 | 429) {
        return None;
    }
    let lower = said.to_lowercase();
    let named = lower.contains("rate limit") || lower.contains("submitted too quickly") || lower.contains("abuse");
    if let Some(wait) = seconds(&answer.headers, "retry-after") {
        return Some((Duration::from_secs(wait), tr!("GitHub asks to slow down")));
    }
    if header(&answer.headers, "x-ratelimit-remaining") == Some("0") {
        let reset = seconds(&answer.headers, "x-ratelimit-reset").unwrap_or_default();
        // By GitHub's own clock, if it says its time: ours may be set to another.
        let theirs = header(&answer.headers, "date").and_then(|d| jiff::fmt::rfc2822::parse(d).ok());
        let now = theirs.map_or(now, |t| t.timestamp().as_second());
        let wait = reset.saturating_sub(u64::try_from(now).unwrap_or_default()).max(1);
        return Some((Duration::from_secs(wait), tr!("the hourly number of requests to GitHub is used up")));
    }
    // Without a word on how long, GitHub's documents say: a minute.
    (named || answer.status == StatusCode::TOO_MANY_REQUESTS)
        .then_some((Duration::from_secs(60), tr!("GitHub asks to slow down")))
}

/// Where a token is authorized for single sign-on, if an answer says that it has to be.
#[must_use]
pub fn to_authorize(headers: &HeaderMap) -> Option<String> {
    let sso = header(headers, "x-github-sso")?;
    Some(text::visible(sso.split("url=").nth(1).unwrap_or("https://github.com/settings/tokens")))
}

/// An answer with an error status.
#[must_use]
pub fn of_answer(doing: &str, answer: &Answer, token: Option<&str>, now: i64) -> ApiFault {
    let said = said(answer);
    let status = answer.status;
    let refused = |kind: Kind, words: String| ApiFault::new(Effect::Refused(status), Error::new(kind, words));
    let hinted = |kind, words, hint: String| {
        let mut fault = refused(kind, words);
        fault.error.hints.push(hint);
        fault
    };
    if let Some((wait, why)) = limit(answer, &said, now) {
        let minutes = wait.as_secs().div_ceil(60).max(1);
        let error = Error::environment(tr!("can't {doing} now: {why}", doing, why))
            .hint(tr!("run it again in {minutes} min: nothing is done twice", minutes));
        return ApiFault::new(Effect::None { wait: Some(wait) }, error);
    }
    if status.is_server_error() {
        let error = Error::environment(tr!(
            "can't {doing}: GitHub has a problem of its own ({status})",
            doing,
            status = status.as_u16()
        ))
        .hint(tr!("run it again in a while: nothing is done twice; www.githubstatus.com tells more"));
        return ApiFault::new(Effect::Unclear, error);
    }
    if status == StatusCode::UNAUTHORIZED {
        let words = match token {
            Some(source) => tr!("GitHub doesn't accept the token from {source}", source),
            None => tr!("GitHub wants to know who you are, to {doing}", doing),
        };
        return hinted(Kind::NotAllowed, words, no_token().into());
    }
    if let Some(url) = to_authorize(&answer.headers) {
        let words = tr!("can't {doing}: the organization wants the token to be authorized for single sign-on", doing);
        return hinted(Kind::NotAllowed, words, tr!("authorize it at {url}", url));
    }
    let about = |words: &str| said.to_lowercase().contains(words);
    let said = if said.is_empty() { tr!("it says nothing more") } else { said.as_str() };
    match status.as_u16() {
        403 if about("archived") => {
            hinted(Kind::NotAllowed, tr!("can't {doing}: the repository is archived", doing), tr!("ask its owners").into())
        }
        403 if about("is locked") => hinted(
            Kind::NotAllowed,
            tr!("can't {doing}: the conversation is locked", doing),
            tr!("somebody who may write to the repository can unlock it").into(),
        ),
        403 if about("oauth app access restrictions") => hinted(
            Kind::NotAllowed,
            tr!("can't {doing}: the organization doesn't let this app's tokens in", doing),
            tr!("use a personal access token (classic) in KARMADA_PARTNER_TOKEN").into(),
        ),
        403 if about("not accessible by integration") => {
            let mut fault =
                refused(Kind::NotAllowed, tr!("can't {doing}: the token isn't allowed to ({said})", doing, said));
            fault.error.hints.push(no_right_of_a_bot().into());
            if let Some(needed) = header(&answer.headers, "x-accepted-github-permissions") {
                fault.error.hints.push(tr!("GitHub says what is needed: {needed}", needed = text::visible(needed)));
            }
            fault
        }
        403 if about("not accessible by") => hinted(
            Kind::NotAllowed,
            tr!("can't {doing}: the token isn't allowed to ({said})", doing, said),
            tr!("a fine-grained token reaches only its owner's repositories; a classic one with the scope public_repo reaches public ones")
                .into(),
        ),
        403 if ELSEWHERE.iter().any(|words| about(words)) => hinted(
            Kind::NotAllowed,
            tr!("can't {doing}: GitHub doesn't allow it ({said})", doing, said),
            not_up_to_the_token().into(),
        ),
        403 | 404 => match missing_scopes(&answer.headers) {
            Some((wanted, has)) => hinted(
                Kind::NotAllowed,
                tr!("can't {doing}: the token lacks a scope", doing),
                tr!("needed is one of: {wanted}; the token has: {has}", wanted, has),
            ),
            None if status == StatusCode::NOT_FOUND => hinted(
                Kind::NotFound,
                tr!("can't {doing}: GitHub doesn't find it, or doesn't show it to this token", doing),
                tr!("check the name; karmada-partner auth tells what the token may do").into(),
            ),
            None => hinted(
                Kind::NotAllowed,
                tr!("can't {doing}: GitHub doesn't allow it ({said})", doing, said),
                tr!("karmada-partner auth tells what the token may do").into(),
            ),
        },
        410 => refused(Kind::Refused, tr!("can't {doing}: it is switched off there ({said})", doing, said)),
        301 | 302 | 307 | 308 => refused(Kind::NotFound, tr!("can't {doing}: it has moved; name it by its new name", doing)),
        _ => refused(Kind::Refused, tr!("can't {doing}: GitHub refuses it ({status} {said})", doing, said, status = status.as_u16())),
    }
}

/// How GitHub says that somebody is kept out by what no token's scope changes, in small letters.
const ELSEWHERE: [&str; 7] = [
    "ip allow list",
    "ip address",
    "suspended",
    "forbids access via",
    "blocked",
    "access to this repository has been disabled",
    "conditional access",
];

fn not_up_to_the_token() -> &'static str {
    tr!("GitHub says why, and it isn't what the token may do: do as it says, or ask whoever owns the organization")
}

/// What to do where a workflow or an App wasn't given a right.
fn no_right_of_a_bot() -> &'static str {
    tr!(
        "give the workflow's job the right under “permissions”, as karmada-partner init PATH --github-ci writes it; or the App, where it is installed"
    )
}

/// What to do when there is no token, or none that works.
#[must_use]
pub fn no_token() -> &'static str {
    tr!(
        "make one at https://github.com/settings/tokens with the scope public_repo, and put it into KARMADA_PARTNER_TOKEN; or log in with gh auth login"
    )
}

/// That nothing can be proposed to a repository any more.
#[must_use]
pub fn archived(name: &RepoName, role: Role) -> Error {
    Error::new(Kind::NotAllowed, tr!("{name} is archived", name))
        .hint(tr!("nothing can be proposed there any more; ask where the {role} has moved", role = role.noun()))
}

/// The scopes that would do and those there are, when none of the former is among the latter.
fn missing_scopes(headers: &HeaderMap) -> Option<(String, String)> {
    let list = |name| -> Option<Vec<&str>> {
        Some(header(headers, name)?.split(',').map(str::trim).filter(|s| !s.is_empty()).collect())
    };
    let (wanted, has) = (list("x-accepted-oauth-scopes")?, list("x-oauth-scopes")?);
    // `repo` includes public_repo.
    let enough = wanted.is_empty() || wanted.iter().any(|w| has.contains(w) || has.contains(&"repo"));
    let words = |scopes: &[&str]| {
        if scopes.is_empty() { tr!("none").to_owned() } else { text::visible(&scopes.join(tr!("in a list" => ", "))) }
    };
    (!enough).then(|| (words(&wanted), words(&has)))
}

/// An error of GraphQL's, which come with status 200; `to_authorize` is where a token is authorized for single sign-on, if the answer
/// says so.
#[must_use]
pub fn of_graphql(doing: &str, kind: &str, message: &str, to_authorize: Option<&str>) -> ApiFault {
    let message = text::visible(message);
    let refused = |status, kind, words: String, hint: &str| {
        let mut error = Error::new(kind, words);
        error.hints.extend((!hint.is_empty()).then(|| hint.to_owned()));
        ApiFault::new(Effect::Refused(status), error)
    };
    let about = |words: &str| message.to_lowercase().contains(words);
    match kind {
        "RATE_LIMITED" => ApiFault::new(
            Effect::None { wait: Some(Duration::from_secs(60)) },
            Error::environment(tr!("can't {doing} now: the hourly number of requests to GitHub is used up", doing))
                .hint(tr!("run it again within the hour: nothing is done twice")),
        ),
        "NOT_FOUND" => refused(
            StatusCode::NOT_FOUND,
            Kind::NotFound,
            tr!("can't {doing}: GitHub doesn't find it, or doesn't show it to this token ({message})", doing, message),
            tr!("check the name; karmada-partner auth tells what the token may do"),
        ),
        "INSUFFICIENT_SCOPES" => refused(
            StatusCode::FORBIDDEN,
            Kind::NotAllowed,
            tr!("can't {doing}: the token lacks a scope", doing),
            &message,
        ),
        "FORBIDDEN" | "SAML_FAILURE" if about("single sign-on") || about("saml") => refused(
            StatusCode::FORBIDDEN,
            Kind::NotAllowed,
            tr!("can't {doing}: the organization wants the token to be authorized for single sign-on", doing),
            &tr!("authorize it at {url}", url = to_authorize.unwrap_or("https://github.com/settings/tokens")),
        ),
        "FORBIDDEN" if about("oauth app access restrictions") => refused(
            StatusCode::FORBIDDEN,
            Kind::NotAllowed,
            tr!("can't {doing}: the organization doesn't let this app's tokens in", doing),
            tr!("use a personal access token (classic) in KARMADA_PARTNER_TOKEN"),
        ),
        "FORBIDDEN" if about("not accessible by integration") => refused(
            StatusCode::FORBIDDEN,
            Kind::NotAllowed,
            tr!("can't {doing}: GitHub doesn't allow it ({message})", doing, message),
            no_right_of_a_bot(),
        ),
        "FORBIDDEN" if ELSEWHERE.iter().any(|words| about(words)) => refused(
            StatusCode::FORBIDDEN,
            Kind::NotAllowed,
            tr!("can't {doing}: GitHub doesn't allow it ({message})", doing, message),
            not_up_to_the_token(),
        ),
        "FORBIDDEN" => refused(
            StatusCode::FORBIDDEN,
            Kind::NotAllowed,
            tr!("can't {doing}: GitHub doesn't allow it ({message})", doing, message),
            tr!(
                "a fine-grained token reaches only its owner's repositories; a classic one with the scope public_repo reaches public ones"
            ),
        ),
        "" if about("something went wrong") || about("timeout") => ApiFault::new(
            Effect::Unclear,
            Error::environment(tr!("can't {doing}: GitHub has a problem of its own", doing))
                .hint(tr!("run it again in a while: nothing is done twice")),
        ),
        _ => refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Refused,
            tr!("can't {doing}: GitHub refuses it ({message})", doing, message),
            "",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What GitHub says of its reason stands, whatever else the answer tells of the token.
    #[test]
    fn what_keeps_somebody_out_and_is_no_scope_is_told_as_github_says_it() {
        let mut headers = HeaderMap::new();
        headers.insert("x-oauth-scopes", "public_repo".parse().unwrap());
        headers.insert("x-accepted-oauth-scopes", "workflow".parse().unwrap());
        let told = |message: &str, headers: &HeaderMap| {
            let body = format!("{{\"message\":\"{message}\"}}");
            let answer = Answer { status: StatusCode::FORBIDDEN, headers: headers.clone(), body: body.into_bytes() };
            of_answer("read it", &answer, Some("GH_TOKEN"), 0).error
        };
        assert!(told("Resource needs more", &headers).message.contains("the token lacks a scope"));
        for message in [
            "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled",
            "Sorry. Your account was suspended",
            "`acme` forbids access via a personal access token (classic). Please use a GitHub App",
            "Repository access blocked",
        ] {
            for error in [told(message, &headers), of_graphql("read it", "FORBIDDEN", message, None).error] {
                assert!(error.message.contains(message), "{error:?}");
                assert!(error.hints.iter().all(|hint| hint.contains("it isn't what the token may do")), "{error:?}");
            }
        }
        headers.insert("x-github-sso", "required; url=https://github.com/orgs/acme/sso?x=1".parse().unwrap());
        let url = to_authorize(&headers);
        let error =
            of_graphql("read it", "FORBIDDEN", "Resource protected by organization SAML enforcement.", url.as_deref());
        assert_eq!(error.error.hints, ["authorize it at https://github.com/orgs/acme/sso?x=1"]);
    }

    #[test]
    fn a_refusal_without_a_word_is_told_without_brackets_around_nothing() {
        for status in [403, 410, 418] {
            let status = StatusCode::from_u16(status).unwrap();
            for body in ["", "{}", "{\"message\":\"\"}", "not JSON"] {
                let answer = Answer { status, headers: HeaderMap::new(), body: body.into() };
                let words = of_answer("read it", &answer, Some("GH_TOKEN"), 0).error.message;
                assert!(words.contains("it says nothing more)"), "{words}");
            }
        }
    }
}
