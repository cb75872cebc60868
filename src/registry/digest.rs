//! What lists tell of a partner: short, so that it can be remembered of everybody.

use serde::{Deserialize, Serialize};

use super::Partner;
use crate::domain::log::detail::Stage;
use crate::domain::{Date, Record, State, Time, upkeep};

/// Changes whenever a digest does, or how it is read.
pub(crate) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+5");

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Digest {
    pub state: State,
    /// When that state began.
    #[serde(with = "seconds", default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
    /// The day on which it leaves or left, by its last exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leaves: Option<Date>,
    /// When its entry was last decided on or confirmed.
    pub confirmed: Option<Date>,
    /// Whether it is on the list for early disclosure.
    #[serde(default, skip_serializing_if = "is_false")]
    pub early_disclosure: bool,
    /// The newest time of its events.
    #[serde(with = "seconds", default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Time>,
    /// What is wrong with its log, where it can't be relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreliable: Option<String>,
    /// Whether a record stands there that nobody can read.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unreadable: bool,
    /// `None` where there are no facts, or none that can be read.
    pub facts: Option<Facts>,
}

/// What is listed of a record, as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub name: String,
    pub website: String,
    pub github: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_zh: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_false(word: &bool) -> bool {
    !word
}

/// Moments as numbers, which are read ten times as fast.
mod seconds {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::domain::Time;

    #[expect(clippy::ref_option, reason = "as serde asks for it")]
    pub(super) fn serialize<S: Serializer>(time: &Option<Time>, to: S) -> Result<S::Ok, S::Error> {
        time.map(Time::unix).serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Time>, D::Error> {
        Ok(Option::deserialize(from)?.map(Time::from_unix))
    }
}

impl From<&Record> for Facts {
    fn from(record: &Record) -> Self {
        Self {
            name: record.name.to_string(),
            website: record.website.to_string(),
            github: record.github.to_string(),
            email: record.email.as_ref().map(ToString::to_string),
            description: record.description.as_ref().map(ToString::to_string),
            description_zh: record.description_zh.as_ref().map(ToString::to_string),
        }
    }
}

impl Digest {
    pub fn of(partner: &Partner) -> Self {
        let early = upkeep::early_disclosure(&partner.life.log);
        Self {
            state: partner.life.state,
            since: partner.life.since,
            leaves: partner.life.last_day(),
            confirmed: upkeep::confirmed(&partner.life),
            early_disclosure: early.is_some_and(|(stage, _)| stage == Stage::Granted),
            newest: partner.life.last_time(),
            unreliable: partner.unreliable(),
            unreadable: partner.has_unreadable_record(),
            facts: partner.record.as_ref().map(Facts::from),
        }
    }

    /// The day on which it leaves, where that is still to come.
    #[must_use]
    pub fn leaving(&self, today: Date) -> Option<Date> {
        self.leaves.filter(|day| self.state == State::Exited && *day > today)
    }
}
