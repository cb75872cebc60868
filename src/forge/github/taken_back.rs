//! Whether the author of an issue takes back what it asks for: by closing it, until the author says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, Repeat};
use super::fault::ApiFault;
use super::partner_query::Person;
use super::registry_query::Nodes;
use crate::domain::log::event::Issue;
use crate::domain::program::github::RepoName;
use crate::domain::{AccountId, Login};

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
    fn is_taken_back(&self) -> bool {
        let edits = self.user_content_edits.iter().flat_map(Nodes::iter);
        let author = self.author.as_ref().and_then(Person::account);
        author.is_some_and(|author| is(&author, self.state == "OPEN", self.timeline_items.iter(), edits))
    }
}

/// So many issues go into one question.
const AT_ONCE: usize = 50;

/// Which of these issues their authors have closed. Of one that is gone, or is another by now, nobody can tell.
pub fn ask(client: &Client, issues: &[Issue]) -> Result<BTreeSet<AccountId>, ApiFault> {
    let mut found = BTreeSet::new();
    let placed = |i: &Issue| RepoName::of_issue(i.address.as_str()).map(|(place, number)| (place.to_string(), number));
    let known: Vec<(&Issue, (String, u64))> = issues.iter().filter_map(|i| Some((i, placed(i)?))).collect();
    for some in known.chunks(AT_ONCE) {
        let mut places: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for (_, (place, number)) in some {
            places.entry(place).or_default().insert(*number);
        }
        let parts = places.iter().map(|(place, numbers)| {
            let (owner, name) = place.split_once('/').unwrap_or_default();
            let asked = numbers.iter().map(|n| format!("i{n}: issue(number: {n}) {{ ...asked }} "));
            (owner, name, asked.collect::<String>())
        });
        let parts = parts.enumerate().map(|(at, (owner, name, asked))| {
            format!("r{at}: repository(owner: {}, name: {}) {{ {asked} }} ", json!(owner), json!(name))
        });
        let document = format!(
            "query TakenBack {{ {} }}
            fragment asked on Issue {{ fullDatabaseId state author {{ login __typename }} ...turns }}{TURNS}",
            parts.collect::<String>()
        );
        let data = client.graphql(&document, &json!({}), Repeat::Harmless, tr!("read the issues that ask"))?;
        let there = data.data.as_object().into_iter().flatten().filter_map(|(_, place)| place.as_object()).flatten();
        let read = there.filter_map(|(_, issue): (_, &Value)| Asked::deserialize(issue).ok());
        let back: Vec<_> = read.filter(Asked::is_taken_back).map(|asked| asked.full_database_id).collect();
        found.extend(some.iter().map(|(issue, _)| issue.id).filter(|id| back.contains(&id.to_string())));
    }
    Ok(found)
}
