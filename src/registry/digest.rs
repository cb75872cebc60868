//! What lists tell of a partner: short, so that it can be remembered of everybody.

use std::fmt::Display;
use std::str::FromStr;

use super::Partner;
use super::remembered::{Kept, TAB};
use crate::domain::log::detail::Stage;
use crate::domain::log::lifecycle;
use crate::domain::shared_text::SharedText;
use crate::domain::upkeep::{self, Since};
use crate::domain::{Date, Record, State, Time};

/// Changes whenever a digest does, or how it is read.
pub(crate) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+9");

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digest {
    pub state: State,
    /// When that state began.
    pub since: Option<Time>,
    /// Since when it is a partner, of those that ever were.
    pub partner_since: Option<Since>,
    /// The day on which it leaves or left, by its last exit.
    leaves: Option<Date>,
    /// When its entry was last decided on or confirmed.
    pub confirmed: Option<Date>,
    /// Whether it is on the list for early disclosure.
    pub early_disclosure: bool,
    /// The newest time of its events.
    pub newest: Option<Time>,
    /// What is wrong with its log, where it can't be relied on.
    pub unreliable: Option<String>,
    /// Whether a record stands there that nobody can read.
    pub unreadable: bool,
    /// `None` where there are no facts, or none that can be read.
    pub facts: Option<Facts>,
}

/// What is listed of a record, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub name: SharedText,
    pub website: SharedText,
    pub github: SharedText,
    pub email: Option<SharedText>,
    pub description: Option<SharedText>,
    pub description_zh: Option<SharedText>,
}

impl From<&Record> for Facts {
    fn from(record: &Record) -> Self {
        fn text(value: &impl ToString) -> SharedText {
            value.to_string().into()
        }
        Self {
            name: text(&record.name),
            website: text(&record.website),
            github: text(&record.github),
            email: record.email.as_ref().map(text),
            description: record.description.as_ref().map(text),
            description_zh: record.description_zh.as_ref().map(text),
        }
    }
}

impl Digest {
    pub fn of(partner: &Partner) -> Self {
        let early = upkeep::early_disclosure(&partner.life.log);
        Self {
            state: partner.life.state,
            since: partner.life.since,
            partner_since: upkeep::since(&partner.life.log),
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
        self.leaves.filter(|day| self.state != State::Active && *day > today)
    }

    /// Whether it is a partner: until its last day who leaves is one.
    #[must_use]
    pub fn is_partner(&self, today: Date) -> bool {
        self.state == State::Active || self.leaving(today).is_some()
    }

    /// Since when it stands as it does.
    #[must_use]
    pub fn stands_since(&self, today: Date) -> Option<Time> {
        lifecycle::stands_since(self.state, self.since, self.leaves, today)
    }
}

/// Adds a part that may not be there, which is told from an empty one by a mark.
fn add(line: &mut String, part: Option<impl Display>) {
    line.push(TAB);
    if let Some(part) = part {
        *line += &format!("={part}");
    }
}

/// Before a day since which somebody is a partner at the latest.
const AT_LATEST: char = '~';

fn written(since: Since) -> String {
    match since {
        Since::Day(day) => day.to_string(),
        Since::AtLatest(day) => format!("{AT_LATEST}{day}"),
    }
}

/// A line that isn't one of ours.
struct Garbled;

/// The parts of a line, as far as they aren't read yet.
struct Parts<'l> {
    line: &'l SharedText,
    rest: Option<&'l str>,
}

impl<'l> Parts<'l> {
    /// The next one, if it is there.
    fn take(&mut self) -> Result<Option<&'l str>, Garbled> {
        let rest = self.rest.ok_or(Garbled)?;
        let part = match memchr::memchr(TAB as u8, rest.as_bytes()) {
            Some(end) => {
                self.rest = Some(&rest[end + 1..]);
                &rest[..end]
            }
            None => {
                self.rest = None;
                rest
            }
        };
        if part.is_empty() { Ok(None) } else { part.strip_prefix('=').map(Some).ok_or(Garbled) }
    }

    fn text(&mut self) -> Result<Option<SharedText>, Garbled> {
        Ok(self.take()?.map(|part| self.line.part(part)))
    }

    fn read<T: FromStr>(&mut self) -> Result<Option<T>, Garbled> {
        self.take()?.map(|part| part.parse().map_err(|_| Garbled)).transpose()
    }

    fn time(&mut self) -> Result<Option<Time>, Garbled> {
        Ok(self.read()?.map(Time::from_unix))
    }

    fn since(&mut self) -> Result<Option<Since>, Garbled> {
        let Some(part) = self.take()? else { return Ok(None) };
        let (at_latest, day) = part.strip_prefix(AT_LATEST).map_or((false, part), |day| (true, day));
        let day = day.parse().map_err(|_| Garbled)?;
        Ok(Some(if at_latest { Since::AtLatest(day) } else { Since::Day(day) }))
    }
}

impl Digest {
    fn parse(line: &SharedText) -> Result<Self, Garbled> {
        let (state, rest) = line.split_once(TAB).ok_or(Garbled)?;
        let mut parts = Parts { line, rest: Some(rest) };
        let mut out = Self {
            state: state.parse().map_err(|_| Garbled)?,
            since: parts.time()?,
            partner_since: parts.since()?,
            leaves: parts.read()?,
            confirmed: parts.read()?,
            early_disclosure: parts.take()?.is_some(),
            newest: parts.time()?,
            unreliable: parts.read()?,
            unreadable: parts.take()?.is_some(),
            facts: None,
        };
        let (name, website, github) = (parts.text()?, parts.text()?, parts.text()?);
        let (email, description, description_zh) = (parts.text()?, parts.text()?, parts.text()?);
        if let (Some(name), Some(website), Some(github)) = (name, website, github) {
            out.facts = Some(Facts { name, website, github, email, description, description_zh });
        }
        if parts.rest.is_none() { Ok(out) } else { Err(Garbled) }
    }
}

impl Kept for Digest {
    fn line(&self) -> Option<String> {
        let mut line = self.state.word().to_owned();
        add(&mut line, self.since.map(Time::unix));
        add(&mut line, self.partner_since.map(written));
        add(&mut line, self.leaves);
        add(&mut line, self.confirmed);
        add(&mut line, self.early_disclosure.then_some(1));
        add(&mut line, self.newest.map(Time::unix));
        add(&mut line, self.unreliable.as_ref());
        add(&mut line, self.unreadable.then_some(1));
        let facts = self.facts.as_ref();
        add(&mut line, facts.map(|facts| &facts.name));
        add(&mut line, facts.map(|facts| &facts.website));
        add(&mut line, facts.map(|facts| &facts.github));
        add(&mut line, facts.and_then(|facts| facts.email.as_ref()));
        add(&mut line, facts.and_then(|facts| facts.description.as_ref()));
        add(&mut line, facts.and_then(|facts| facts.description_zh.as_ref()));
        // What holds a tab itself would be read as something else.
        (line.matches(TAB).count() == 14).then_some(line)
    }

    fn of_line(line: &SharedText) -> Option<Self> {
        Self::parse(line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_or_not_kept() {
        let text = |text: &str| SharedText::from(text.to_owned());
        let facts = |name: &str| Facts {
            name: text(name),
            website: text("https://acme.example"),
            github: text("acme"),
            email: Some(text("a@b")),
            description: Some(text("")),
            description_zh: None,
        };
        let bare = Digest {
            state: State::Active,
            since: None,
            partner_since: None,
            leaves: None,
            confirmed: None,
            early_disclosure: false,
            newest: None,
            unreliable: None,
            unreadable: false,
            facts: None,
        };
        let day: Option<Date> = Some("2026-11-22".parse().unwrap());
        let whole = Digest {
            since: Some(Time::from_unix(-5)),
            partner_since: day.map(Since::AtLatest),
            leaves: day,
            confirmed: day,
            early_disclosure: true,
            newest: Some(Time::from_unix(7)),
            unreliable: Some("log/0001: =".into()),
            unreadable: true,
            facts: Some(facts("Acme, “Ltd” =")),
            ..bare.clone()
        };
        let known = Digest { partner_since: day.map(Since::Day), ..bare.clone() };
        for digest in [&bare, &whole, &known] {
            let line = digest.line().unwrap();
            assert_eq!(Digest::of_line(&text(&line)).as_ref(), Some(digest), "{line}");
            for cut in (0..line.len()).filter(|cut| line.is_char_boundary(*cut)) {
                assert_ne!(Digest::of_line(&text(&line[..cut])).as_ref(), Some(digest), "{line}");
            }
            assert_eq!(Digest::of_line(&text(&format!("{line}\t"))), None);
        }
        assert_eq!(Digest { facts: Some(facts("a\tb")), ..bare }.line(), None);
    }
}
