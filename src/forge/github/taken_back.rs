//! What the author of an issue does with what it asks for: takes it back, by closing it, until the author says otherwise; or says
//! something else, by saving it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, Repeat};
use super::fault::ApiFault;
use super::partner_query::Person;
use super::registry_query::Nodes;
use crate::domain::log::event::Issue;
use crate::domain::program::github::RepoName;
use crate::domain::{AccountId, Login, Time};
use crate::registry::Askers;

/// What is wanted of an issue to tell.
pub const TURNS: &str = "
fragment turns on Issue {
  timelineItems(last: 100, itemTypes: [CLOSED_EVENT, REOPENED_EVENT]) {
    nodes {
      __typename
      ... on ClosedEvent { createdAt actor { login __typename } closer { __typename } }
      ... on ReopenedEvent { createdAt actor { login __typename } }
    }
  }
  userContentEdits(first: 100) { nodes { editedAt editor { login __typename } } }
}";

/// That it was closed, or opened again.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Turn {
    #[serde(rename = "__typename")]
    kind: String,
    #[serde(default)]
    created_at: String,
    #[serde(default)]
    actor: Option<Person>,
    /// The merge or the commit that closed it.
    #[serde(default)]
    closer: Option<serde_json::Value>,
}

impl Turn {
    #[must_use]
    pub fn closes(&self) -> bool {
        self.kind == "ClosedEvent"
    }

    #[must_use]
    pub const fn by(&self) -> Option<&Person> {
        self.actor.as_ref()
    }
}

/// That its text was saved.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    pub edited_at: String,
    #[serde(default)]
    pub editor: Option<Person>,
}

/// Whether the author's last word is that they closed it. Somebody else who opens it again says nothing in the author's name;
/// the author does so by saving it then, or by opening it.
pub fn is<'t>(
    author: &Login,
    is_open: bool,
    turns: impl Iterator<Item = &'t Turn>,
    mut edits: impl Iterator<Item = &'t Edit>,
) -> bool {
    let by_author = |person: &Option<Person>| person.as_ref().is_some_and(|person| person.is(author));
    // Once it is closed by its author: since when it is open again by somebody else.
    let mut closed: Option<Option<&str>> = None;
    for turn in turns {
        match (turn.kind.as_str(), by_author(&turn.actor)) {
            ("ClosedEvent", true) if turn.closer.is_none() => closed = Some(None),
            ("ReopenedEvent", true) => closed = None,
            ("ReopenedEvent", false) if closed == Some(None) => closed = Some(Some(&turn.created_at)),
            _ => {}
        }
    }
    match closed {
        None => false,
        Some(None) => !is_open,
        Some(Some(since)) => !edits.any(|edit| edit.edited_at.as_str() >= since && by_author(&edit.editor)),
    }
}

/// One of several issues that are asked for at once.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    full_database_id: String,
    state: String,
    #[serde(default)]
    author: Option<Person>,
    timeline_items: Nodes<Turn>,
    #[serde(default)]
    user_content_edits: Option<Nodes<Edit>>,
}

impl Asked {
    fn author(&self) -> Option<Login> {
        self.author.as_ref().and_then(Person::account)
    }

    fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.user_content_edits.iter().flat_map(Nodes::iter)
    }

    fn is_taken_back(&self) -> bool {
        self.author().is_some_and(|author| is(&author, self.state == "OPEN", self.timeline_items.iter(), self.edits()))
    }

    /// When its author saved it last.
    fn saved(&self) -> Option<Time> {
        let author = self.author()?;
        let own = self.edits().filter(|edit| edit.editor.as_ref().is_some_and(|editor| editor.is(&author)));
        own.filter_map(|edit| edit.edited_at.parse().ok()).max()
    }
}

/// So many issues go into one question.
const AT_ONCE: usize = 50;

/// Issues that are asked about together with something else.
#[derive(Debug, Clone, Default)]
pub struct Question {
    known: Vec<(AccountId, (String, u64))>,
}

impl Question {
    /// As many of these as go into one question; of one that has no place nobody can tell.
    #[must_use]
    pub fn about(issues: &[Issue]) -> Self {
        let placed = |i: &Issue| RepoName::of_issue(i.address.as_str()).map(|(place, n)| (place.to_string(), n));
        Self { known: issues.iter().filter_map(|i| Some((i.id, placed(i)?))).take(AT_ONCE).collect() }
    }

    /// Whether it is about this issue.
    #[must_use]
    pub fn is_about(&self, issue: &Issue) -> bool {
        self.known.iter().any(|(id, _)| *id == issue.id)
    }

    /// Fields of a query, beside others.
    #[must_use]
    pub fn fields(&self) -> String {
        let mut places: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for (_, (place, number)) in &self.known {
            places.entry(place).or_default().insert(*number);
        }
        let parts = places.iter().enumerate().map(|(at, (place, numbers))| {
            let (owner, name) = place.split_once('/').unwrap_or_default();
            let asked: String = numbers.iter().map(|n| format!("i{n}: issue(number: {n}) {{ ...asked }} ")).collect();
            format!("r{at}: repository(owner: {}, name: {}) {{ {asked} }} ", json!(owner), json!(name))
        });
        parts.collect()
    }

    /// What these fields take.
    #[must_use]
    pub fn fragments(&self) -> String {
        match self.known.is_empty() {
            true => String::new(),
            false => {
                format!(
                    "fragment asked on Issue {{ fullDatabaseId state author {{ login __typename }} ...turns }}{TURNS}"
                )
            }
        }
    }

    /// What their authors did there.
    #[must_use]
    pub fn read(&self, data: &Value) -> Askers {
        let is_place = |key: &str| key.strip_prefix('r').is_some_and(|at| at.bytes().all(|b| b.is_ascii_digit()));
        let places = data.as_object().into_iter().flatten().filter(|(key, _)| is_place(key));
        let there = places.filter_map(|(_, place)| place.as_object()).flatten();
        let read = there.filter_map(|(_, issue): (_, &Value)| Asked::deserialize(issue).ok());
        let known =
            |asked: &Asked| self.known.iter().map(|(id, _)| *id).find(|id| id.to_string() == asked.full_database_id);
        let mut found = Askers::default();
        for (id, asked) in read.filter_map(|asked| Some((known(&asked)?, asked))) {
            if asked.is_taken_back() {
                found.taken_back.insert(id);
            }
            found.saved.extend(asked.saved().map(|time| (id, time)));
        }
        found
    }
}

/// What the authors of these issues did there. Of one that is gone, or is another by now, nobody can tell.
pub fn ask(client: &Client, issues: &[Issue]) -> Result<Askers, ApiFault> {
    let mut found = Askers::default();
    for some in issues.chunks(AT_ONCE) {
        let question = Question::about(some);
        if question.known.is_empty() {
            continue;
        }
        let document = format!("query TakenBack {{ {} }} {}", question.fields(), question.fragments());
        let data = client.graphql(&document, &json!({}), Repeat::Harmless, tr!("read the issues that ask"))?;
        found.extend(question.read(&data.data));
    }
    Ok(found)
}
