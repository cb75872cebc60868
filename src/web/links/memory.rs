//! What was heard before, as a file that machines can carry along: JSON, sorted, an entry a partner.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::verdict::{Answer, Failing, LinkRecord};
use crate::domain::values::Invalid;
use crate::domain::{Sha256, Slug, json_fault, text};

/// What the file says it is, so that no other is taken for one.
const KIND: &str = "karmada-partner links";
/// The form that is written and read.
const SCHEMA: u32 = 1;
/// What to do about a file in which it is remembered, and that doesn't do.
pub const TO_BEGIN_ANEW: &str = "move it away to begin anew, or name another file with --memory";
/// The same of one that another run wrote, to be taken in.
pub const TO_TAKE_IN: &str = "leave it out, or have the run that wrote it write it again: its --memory names it";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    entries: BTreeMap<Slug, LinkRecord>,
}

#[derive(Serialize, Deserialize)]
struct File {
    kind: String,
    schema: u32,
    registry: Option<String>,
    partners: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    partner: String,
    address: String,
    checked: String,
    result: String,
    why: Option<String>,
    last_alive: Option<String>,
    failing: Option<KeptFailing>,
}

#[derive(Serialize, Deserialize)]
struct KeptFailing {
    since: String,
    last: String,
    days: u32,
    why: String,
}

impl Memory {
    /// Reads a file. `registry` is the one it has to be of; why not is a sentence.
    pub fn parse(bytes: &[u8], registry: Option<Sha256>) -> Result<Self, String> {
        let damaged = |why: String| format!("it can't be read: {}", text::visible(&why));
        // Told apart before its form is read: a later version may have changed that.
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| damaged(json_fault::told(&e)))?;
        if value["kind"] != KIND {
            return Err("it isn't a memory of links".into());
        }
        if value["schema"] != SCHEMA {
            return Err("another version of the program wrote it".into());
        }
        let file: File = serde_json::from_value(value).map_err(|e| damaged(json_fault::told(&e)))?;
        let own = registry.map(|r| r.to_string());
        if file.registry.is_some() && own.is_some() && file.registry != own {
            return Err("it is of another registry".into());
        }
        let mut entries = BTreeMap::new();
        for kept in file.partners {
            let (slug, entry) =
                kept.read().map_err(|e| damaged(format!("{}: {}", text::quote(&kept.partner), e.why)))?;
            if entries.insert(slug, entry).is_some() {
                return Err(damaged(format!("{} stands in it twice", text::quote(&kept.partner))));
            }
        }
        Ok(Self { entries })
    }

    #[must_use]
    pub fn to_json(&self, registry: Option<Sha256>) -> String {
        let file = File {
            kind: KIND.into(),
            schema: SCHEMA,
            registry: registry.map(|r| r.to_string()),
            partners: self.entries.iter().map(|(slug, entry)| Kept::of(slug, entry)).collect(),
        };
        // Text and numbers only: nothing in it can't be written.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    #[must_use]
    pub fn of(&self, slug: &Slug) -> Option<&LinkRecord> {
        self.entries.get(slug)
    }

    pub fn put(&mut self, slug: Slug, entry: LinkRecord) {
        self.entries.insert(slug, entry);
    }

    /// Forgets whom `stays` says no to.
    pub fn keep(&mut self, mut stays: impl FnMut(&Slug) -> bool) {
        self.entries.retain(|slug, _| stays(slug));
    }

    /// Takes in what another memory knows better: of whom it heard later.
    pub fn merge(&mut self, other: Self) {
        for (slug, entry) in other.entries {
            if self.of(&slug).is_none_or(|known| known.checked < entry.checked) {
                self.put(slug, entry);
            }
        }
    }
}

impl Kept {
    fn of(slug: &Slug, entry: &LinkRecord) -> Self {
        let (result, why) = match &entry.answer {
            Answer::Alive => ("alive", None),
            Answer::Failed(why) => ("failed", Some(why)),
            Answer::Unknown(why) => ("unknown", Some(why)),
        };
        Self {
            partner: slug.to_string(),
            address: entry.address.clone(),
            checked: entry.checked.to_string(),
            result: result.into(),
            why: why.cloned(),
            last_alive: entry.last_alive.map(|t| t.to_string()),
            failing: entry.failing.as_ref().map(|f| KeptFailing {
                since: f.since.to_string(),
                last: f.last.to_string(),
                days: f.days,
                why: f.why.clone(),
            }),
        }
    }

    fn read(&self) -> Result<(Slug, LinkRecord), Invalid> {
        let why = || self.why.clone().unwrap_or_default();
        let answer = match self.result.as_str() {
            "alive" => Answer::Alive,
            "failed" => Answer::Failed(why()),
            "unknown" => Answer::Unknown(why()),
            other => return Err(Invalid::new(format!("{} is no result", text::quote(other)), "")),
        };
        let failing = match &self.failing {
            Some(f) => {
                Some(Failing { since: f.since.parse()?, last: f.last.parse()?, days: f.days, why: f.why.clone() })
            }
            None => None,
        };
        let entry = LinkRecord {
            address: self.address.clone(),
            checked: self.checked.parse()?,
            answer,
            last_alive: self.last_alive.as_ref().map(|t| t.parse()).transpose()?,
            failing,
        };
        Ok((self.partner.parse()?, entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Time;

    const PAGE: &str = "https://acme.example/";

    fn slug(s: &str) -> Slug {
        s.parse().unwrap()
    }

    fn at(day: i64) -> Time {
        Time::from_unix(1_790_000_000 + 86_400 * day)
    }

    fn memory(slugs: &[(&str, i64)]) -> Memory {
        let mut memory = Memory::default();
        for (name, day) in slugs {
            let alive = LinkRecord::after(None, PAGE, Answer::Alive, at(0));
            let failed = LinkRecord::after(Some(&alive), PAGE, Answer::Failed("it “fails”".into()), at(*day));
            memory.put(slug(name), failed);
        }
        memory
    }

    #[test]
    fn what_is_written_is_read() {
        let registry = Some(Sha256::of(b"registry"));
        for memory in [Memory::default(), memory(&[("globex", 1), ("acme", 2)])] {
            let json = memory.to_json(registry);
            assert_eq!(Memory::parse(json.as_bytes(), registry), Ok(memory.clone()));
            assert_eq!(Memory::parse(json.as_bytes(), None), Ok(memory));
        }
        let json = memory(&[("globex", 1), ("acme", 2)]).to_json(None);
        assert!(json.find("acme").unwrap() < json.find("globex").unwrap());
    }

    #[test]
    fn anything_else_is_refused() {
        let registry = Some(Sha256::of(b"registry"));
        let good = memory(&[("acme", 1)]).to_json(registry);
        let twice = memory(&[("acme", 1), ("bcme", 1)]).to_json(registry).replace("bcme", "acme");
        for (bad, why) in [
            ("", "it can't be read: it is empty"),
            (&good[..good.len() / 2], "it can't be read: it ends in the middle"),
            ("[]", "it isn't a memory of links"),
            ("{\"schema\": 1, \"partners\": []}", "it isn't a memory of links"),
            (&good.replace("\"schema\": 1", "\"schema\": 2"), "another version of the program wrote it"),
            (&good.replace("acme\"", "../x\""), "it can't be read: “../x”"),
            (&good.replace("failed", "fine"), "it can't be read: “acme”: “fine” is no result"),
            (&good.replace("2026-09-22\"", "yesterday\""), "it can't be read: “acme”: it isn't a day"),
            (
                &good.replace("\"days\": 1", "\"days\": -1"),
                "it can't be read: something is missing, or is of another kind",
            ),
            (&twice, "it can't be read: “acme” stands in it twice"),
        ] {
            let error = Memory::parse(bad.as_bytes(), registry).unwrap_err();
            assert!(error.starts_with(why), "{bad}: {error}");
        }
        let other = Memory::parse(good.as_bytes(), Some(Sha256::of(b"another"))).unwrap_err();
        assert_eq!(other, "it is of another registry");
    }

    #[test]
    fn of_two_memories_the_later_word_counts() {
        let (mut one, two) = (memory(&[("acme", 1), ("globex", 5)]), memory(&[("acme", 3), ("hooli", 2)]));
        one.merge(two.clone());
        assert_eq!(one, memory(&[("acme", 3), ("globex", 5), ("hooli", 2)]));
        let mut other_way = two;
        other_way.merge(memory(&[("acme", 1), ("globex", 5)]));
        assert_eq!(one, other_way);
        one.keep(|s| *s != slug("acme"));
        assert_eq!(one, memory(&[("globex", 5), ("hooli", 2)]));
    }
}
