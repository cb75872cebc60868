//! Evidence: what a committee would otherwise click together by hand before it judges an application.
//!
//! One file a check. Each is given facts that were gathered before, touches nothing, and answers one of four things, never one
//! for another: [`Outcome::Passed`], [`Outcome::Failed`], [`Outcome::Exempt`] where the policy doesn't ask, and
//! [`Outcome::Unknown`] where it couldn't be known. A check informs; people decide.

pub mod contact;
pub mod gather;
pub mod github;
pub mod logo;
pub mod registry;
pub mod site;
mod words;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::domain::record::likeness::Known;
use crate::domain::{Life, Program, Record, Slug, values};
use crate::language;

values::words! {
    /// The checks, in the order they are told.
    pub enum Id {
        /// Does something answer at the address?
        SiteReached = "site-reached",
        /// What does the page call itself, in which language?
        SiteTitle = "site-title",
        /// Does the page name the organization?
        SiteNames = "site-names-organization",
        /// Does the page mention Karmada?
        SiteKarmada = "site-mentions-karmada",
        /// Does the page link to the project?
        SiteLink = "site-links-back",
        /// Is it a page about something, or just a home page?
        SitePage = "site-support-page",
        /// Is the mailbox at the site's domain?
        ContactDomain = "contact-domain",
        /// Is it a role's mailbox?
        ContactMailbox = "contact-mailbox",
        /// Does the domain take mail?
        ContactMail = "contact-mail-server",
        GitHubAccount = "github-account",
        /// Is it a member of the project's organization?
        GitHubMember = "github-membership",
        LogoMeasures = "logo-measures",
        /// Does another partner's logo look the same?
        LogoLikeness = "logo-likeness",
        /// Does it look like somebody who is there already?
        Duplicates = "duplicates",
        /// What became of it before?
        History = "history",
        /// What is different from what was voted on?
        Changes = "changes-since-vote",
        /// Who of the committee has a stake?
        Stake = "stake",
    }
}

/// What a check speaks about, of what a review judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principle {
    Authenticity,
    Url,
    Relevance,
}

impl Id {
    /// The principle that it speaks about, if it is one.
    #[must_use]
    pub const fn principle(self) -> Option<Principle> {
        match self {
            Self::ContactDomain
            | Self::ContactMailbox
            | Self::ContactMail
            | Self::GitHubAccount
            | Self::GitHubMember
            | Self::LogoLikeness
            | Self::Duplicates => Some(Principle::Authenticity),
            Self::SiteReached | Self::SiteTitle | Self::SiteNames | Self::SitePage => Some(Principle::Url),
            Self::SiteKarmada | Self::SiteLink => Some(Principle::Relevance),
            Self::LogoMeasures | Self::History | Self::Changes | Self::Stake => None,
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::SiteReached => tr!("site answers"),
            Self::SiteTitle => tr!("page has a title"),
            Self::SiteNames => tr!("page names the organization"),
            Self::SiteKarmada => tr!("page mentions Karmada"),
            Self::SiteLink => tr!("page links to the project"),
            Self::SitePage => tr!("page of its own"),
            Self::ContactDomain => tr!("mailbox at the site's domain"),
            Self::ContactMailbox => tr!("mailbox of a role"),
            Self::ContactMail => tr!("domain takes mail"),
            Self::GitHubAccount => tr!("GitHub account"),
            Self::GitHubMember => tr!("member of the project on GitHub"),
            Self::LogoMeasures => tr!("logo within limits"),
            Self::LogoLikeness => tr!("logo unlike all other partners'"),
            Self::Duplicates => tr!("unlike all other partners"),
            Self::History => tr!("no earlier rejection or exit"),
            Self::Changes => tr!("as it was voted on"),
            Self::Stake => tr!("nobody has a stake"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed(String),
    /// The policy doesn't ask for it; why.
    Exempt(String),
    /// It couldn't be known; why.
    Unknown(String),
}

impl Outcome {
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::Exempt(_) => "exempt",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why, where it isn't as one would wish.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Passed => None,
            Self::Failed(why) | Self::Exempt(why) | Self::Unknown(why) => Some(why),
        }
    }
}

/// No fact shows more, in characters.
const LONGEST_TEXT: usize = 300;
/// No fact lists more.
const MOST_ITEMS: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub id: Id,
    pub outcome: Outcome,
    pub facts: Map<String, Value>,
    /// The same as the person at the terminal is told, where that isn't what is kept.
    pub told: Option<Box<Self>>,
}

/// Checks as they are kept, in English, each with what the person at the terminal is told.
pub fn in_both(make: impl Fn() -> Vec<Check>) -> Vec<Check> {
    let mut checks = language::in_english(&make);
    if language::is_chinese() {
        for (check, told) in checks.iter_mut().zip(make()) {
            check.told = Some(Box::new(told));
        }
    }
    checks
}

impl Check {
    /// One with nothing to show yet.
    #[must_use]
    pub fn new(id: Id, outcome: Outcome) -> Self {
        Self { id, outcome, facts: Map::new(), told: None }
    }

    /// One that couldn't be known.
    #[must_use]
    pub fn unknown(id: Id, why: impl Into<String>) -> Self {
        Self::new(id, Outcome::Unknown(why.into()))
    }

    /// What can't be looked at, since no logo is on record, or none that can be read.
    fn without_logo(id: Id, subject: &Subject) -> Self {
        if subject.logo_unread {
            return Self::unknown(id, tr!("what stands in its place can't be read; karmada-partner check tells more"));
        }
        Self::new(id, Outcome::Exempt(tr!("no logo of it is on record").into()))
    }

    /// The same with one more fact. What isn't there isn't shown.
    #[must_use]
    pub fn fact(mut self, key: &str, value: impl Into<Value>) -> Self {
        let value = bounded(value.into());
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if !empty {
            self.facts.insert(key.to_owned(), value);
        }
        self
    }
}

/// A value of a size that can be kept for ever: others choose what it says.
fn bounded(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(shortened(&text)),
        Value::Array(items) => items.into_iter().take(MOST_ITEMS).map(bounded).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, bounded(value))).collect(),
        other => other,
    }
}

/// A text, cut off with an ellipsis where it is too long.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl serde::Serialize for Check {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut out = serializer.serialize_struct("Check", 4)?;
        out.serialize_field("check", &self.id)?;
        out.serialize_field("outcome", self.outcome.word())?;
        out.serialize_field("why", &self.outcome.why().map(shortened))?;
        out.serialize_field("facts", &self.facts)?;
        out.end()
    }
}

/// Whom evidence is about: what it says of itself, and what the registry knows of it.
#[derive(Debug, Clone)]
pub struct Subject {
    pub slug: Slug,
    pub record: Record,
    /// Nothing where none is on record, as after it was taken away.
    pub logo: Option<Vec<u8>>,
    /// Whether something stands in its place that can't be one.
    pub logo_unread: bool,
    pub program: Program,
    /// Its facts in force, if it is a partner.
    pub in_force: Option<Record>,
    pub life: Life,
    /// All others; `None` where the registry isn't at hand as a whole.
    pub others: Option<Vec<Arc<Known>>>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn subject(toml: &str) -> Subject {
        let program = "schema = 1\nname = \"P\"\n[[committee]]\ngithub = \"alice\"\naffiliation = \"Umbrella\"\nrole = \"chair\"\n\
                       [[committee]]\ngithub = \"bob\"\naffiliation = \"Acme Ltd\"\n";
        Subject {
            slug: "acme".parse().unwrap(),
            record: Record::parse(format!("schema = 1\n{toml}").as_bytes()).unwrap(),
            logo: Some(Vec::new()),
            logo_unread: false,
            program: Program::parse(program.as_bytes()).unwrap(),
            in_force: None,
            life: Life::default(),
            others: Some(Vec::new()),
        }
    }

    #[test]
    fn a_check_says_what_it_saw_and_nothing_that_is_not_there() {
        let check = Check::new(Id::SiteTitle, Outcome::Failed("it has none".into()));
        let check = check.fact("title", "").fact("language", Value::Null).fact("status", 200);
        let json = serde_json::to_string(&check).unwrap();
        let wanted = r#"{"check":"site-title","outcome":"failed","why":"it has none","facts":{"status":200}}"#;
        assert_eq!(json, wanted);
    }
}
