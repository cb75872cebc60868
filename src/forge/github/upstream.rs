//! Asking for changes by a pull request from a fork; and, where a token may not, the address where a person can with one
//! click.

use serde_json::json;

use super::client::{Call, Client, Repeat};
use super::fault::{self, ApiFault};
use super::fork::Fork;
use super::partner_query::Pull;
use super::texts::{self, Titled};
use super::threads;
use crate::domain::program::github::RepoName;
use crate::error::{Error, Kind};
use crate::forge::board::HOLD;

/// What GitHub says where a plan has no draft pull requests.
pub const NO_DRAFTS: &str = "Draft pull requests are not supported";

/// What GitHub says where a setting keeps workflows from opening pull requests.
const NOT_LET: &str = "not permitted to create";

/// Whether a setting keeps workflows from opening pull requests, and not the token.
#[must_use]
pub fn is_switched_off(fault: &ApiFault) -> bool {
    is_told_as_switched_off(&fault.error)
}

/// The same of what came of it.
#[must_use]
pub fn is_told_as_switched_off(error: &Error) -> bool {
    error.message.contains(NOT_LET)
}

/// A repository on GitHub, as it is seen from a fork of ours.
#[derive(Debug, Clone, Copy)]
pub struct Upstream<'a> {
    pub client: &'a Client,
    /// Its present name.
    pub name: &'a RepoName,
    pub id: &'a str,
    pub base: &'a str,
    pub fork: &'a Fork,
}

impl Upstream<'_> {
    /// Opens a pull request that isn't to be merged yet; a plain one, where the plan has no drafts. Gives its address.
    pub fn open_draft(self, branch: &str, words: &Titled) -> Result<String, ApiFault> {
        match self.open_as(branch, words, true) {
            Err(fault) if fault.error.message.contains(NO_DRAFTS) => self.open_as(branch, words, false),
            other => other,
        }
    }

    /// Opens a pull request from a branch of the fork; gives its address.
    pub fn open(self, branch: &str, words: &Titled) -> Result<String, ApiFault> {
        self.open_as(branch, words, false)
    }

    fn open_as(self, branch: &str, words: &Titled, draft: bool) -> Result<String, ApiFault> {
        let doing = tr!("open the pull request");
        let document = "mutation Open($input: CreatePullRequestInput!) {
            createPullRequest(input: $input) { pullRequest { number url } }
        }";
        let mut input = json!({
            "repositoryId": self.id,
            "baseRefName": self.base,
            "headRefName": format!("{}:{branch}", self.fork.name.owner),
            "title": words.title,
            "body": words.body,
            "maintainerCanModify": false,
            "draft": draft,
        });
        // An owner names its fork; but two forks of one owner only an id tells apart.
        if self.fork.name.owner.is(&self.name.owner) {
            input["headRefName"] = branch.into();
            input["headRepositoryId"] = self.fork.id.clone().into();
        }
        let variables = json!({"input": input});
        let data = self.client.once_seen(|| {
            let data = self.client.graphql(document, &variables, Repeat::Creates, doing)?;
            data.fault("createPullRequest", doing).map_or(Ok(data), Err)
        })?;
        // Without its address nobody knows whether it is there.
        let url = data.data["createPullRequest"]["pullRequest"]["url"].as_str();
        url.map(str::to_owned).ok_or_else(|| fault::of_garbled(doing, tr!("it lacks the address")))
    }

    /// Where a person opens it, with all that fits into an address filled in.
    #[must_use]
    pub fn by_hand(self, branch: &str, words: &Titled) -> String {
        let escaped = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let fixes = texts::fixes(&words.body).map(|issue| format!("\n\nFixes {issue}")).unwrap_or_default();
        // What bots read when it is opened has to be there from the start.
        let held = if words.body.lines().any(|line| line == HOLD) { "\n\n/hold" } else { "" };
        let body = format!("/kind documentation{fixes}{held}");
        let Self { client, name, base, fork, .. } = self;
        format!(
            "{}/{name}/compare/{base}...{}:{}:{branch}?quick_pull=1&title={}&body={}",
            client.endpoints.web,
            fork.name.owner,
            fork.name.name,
            escaped(&words.title),
            escaped(&body),
        )
    }

    /// What to tell when all is `ready` but the pull request, which this token may not open: a person opens it with one click.
    #[must_use]
    pub fn left_to_a_person(self, branch: &str, words: &Titled, ready: &str, fault: ApiFault) -> Error {
        let told = tr!(
            "{ready} is ready on {name}, but this token may not open the pull request",
            ready,
            name = self.fork.name
        );
        let told = format!("{told}\n  {}", fault.error.message);
        let mut error = Error::new(Kind::NotAllowed, told).by_hand(self.by_hand(branch, words));
        error.hints.extend(fault.error.hints);
        error
    }

    /// Has a pull request of ours say this.
    pub fn set_words(self, pull: &Pull, words: &Titled) -> Result<(), ApiFault> {
        set_words(self.client, self.name, pull, words)
    }

    /// Closes a pull request of ours.
    pub fn close(self, pull: &Pull) -> Result<(), ApiFault> {
        let closed = json!({"state": "closed"});
        threads::change(self.client, self.name, pull.number, &closed, tr!("close the old pull request"))
    }
}

/// What a pull request says.
#[derive(Debug, Clone, Copy)]
pub struct Written<'p> {
    pub number: u64,
    pub title: &'p str,
    pub body: &'p str,
}

impl<'p> From<&'p Pull> for Written<'p> {
    fn from(pull: &'p Pull) -> Self {
        Self { number: pull.number, title: &pull.title, body: &pull.body }
    }
}

/// Has a pull request of a repository say this, if it doesn't yet.
pub fn set_words<'p>(
    client: &Client,
    name: &RepoName,
    pull: impl Into<Written<'p>>,
    words: &Titled,
) -> Result<(), ApiFault> {
    let pull = pull.into();
    if pull.says(words) {
        return Ok(());
    }
    let body = json!({"title": words.title, "body": words.body});
    let path = format!("/repos/{name}/pulls/{}", pull.number);
    let call = Call::patch(&path, &body, tr!("change the pull request's words"));
    client.send(call).map(drop)
}

impl Written<'_> {
    /// Whether it says this already. GitHub keeps line ends as browsers send them.
    #[must_use]
    pub fn says(self, words: &Titled) -> bool {
        let plain = |text: &str| text.replace('\r', "").trim().to_owned();
        self.title == words.title && plain(self.body) == plain(&words.body)
    }
}
