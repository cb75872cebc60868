//! What some events say beyond the common lines: a benefit, a job post, where an imported entry comes from.

use std::fmt;
use std::str::FromStr;

use super::block::{BlockError, Ordinal, Reader, Writer};
use super::kinds::{Finding, Kind};
use crate::domain::record::tag::Tag;
use crate::domain::values::{Date, Invalid, Line, Login, words};

words! {
    pub enum BenefitKind {
        /// Being seen: at a conference or a meetup, in a blog post.
        Exposure = "exposure",
        /// Business that the community passed on.
        Opportunity = "opportunity",
        /// Vulnerabilities told ahead of time.
        EarlyDisclosure = "early-disclosure",
        Other = "other",
    }
}

words! {
    pub enum Stage {
        Requested = "requested",
        Granted = "granted",
        /// It is no longer on the list.
        Ended = "ended",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Benefit {
    /// Decides whether a stage and criteria are due.
    pub kind: BenefitKind,
    /// How far it is; with [`BenefitKind::EarlyDisclosure`] only, and always there.
    pub stage: Option<Stage>,
    /// The day it was given; the event's own time is when it was written down.
    pub on: Date,
    /// The criteria as they were answered; with [`Stage::Granted`] only.
    pub criteria: Answers,
    /// What it was. Never anything under embargo.
    pub what: Line,
}

/// A job post, as its event tells it; the links are the event's.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Post {
    /// On one line, as the partner words it.
    pub title: Line,
    pub place: Option<Line>,
    pub closes: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Origin {
    /// Where it was read.
    pub source: Line,
    /// Since when it has been a partner there.
    pub since: Option<Date>,
}

impl Origin {
    /// What its source says where a contact stands in: before the login, and behind it.
    const FOR_NOW: [&str; 2] = [", with ", " as its contact for now"];

    /// A source that says, too, that this contact stands in until the partner names its own; as it is, where that is too long.
    #[must_use]
    pub fn with_stand_in(source: Line, contact: &Login) -> Line {
        let [before, after] = Self::FOR_NOW;
        format!("{source}{before}{contact}{after}").parse().unwrap_or(source)
    }

    /// The contact that only stands in, where the source says so.
    #[must_use]
    pub fn stand_in(&self) -> Option<Login> {
        let [before, after] = Self::FOR_NOW;
        self.source.as_str().strip_suffix(after)?.rsplit_once(before)?.1.parse().ok()
    }
}

/// What an event says beyond the common lines.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    Benefit(Benefit),
    Post(Post),
    /// With [`Kind::Closed`]: the number of the event that posted it.
    Closes(u32),
    Origin(Origin),
}

/// Criteria, each with how it was judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers(pub Vec<(Tag, Finding)>);

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut answers = self.0.iter().enumerate();
        answers.try_for_each(|(i, (tag, finding))| write!(f, "{}{tag}={finding}", if i > 0 { " " } else { "" }))
    }
}

impl FromStr for Answers {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let mut answers: Vec<(Tag, Finding)> = Vec::new();
        for word in s.split(' ') {
            let invalid =
                || Invalid::new(tr!("it isn't a criterion with its answer"), tr!("write CRITERION=met, or =not-met"));
            let (tag, finding) = word.split_once('=').ok_or_else(invalid)?;
            let tag: Tag = tag.parse()?;
            if answers.iter().any(|(known, _)| *known == tag) {
                return Err(Invalid::new(tr!("{tag} is answered twice", tag), tr!("answer each criterion once")));
            }
            answers.push((tag, finding.parse()?));
        }
        Ok(Self(answers))
    }
}

impl serde::Serialize for Answers {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().map(|(tag, finding)| (tag, finding)))
    }
}

impl Detail {
    /// What its actor words in it. Where an entry was read is no words of anybody's.
    pub(super) fn words(&self) -> impl Iterator<Item = &Line> {
        let (first, second) = match self {
            Self::Benefit(benefit) => (Some(&benefit.what), None),
            Self::Post(post) => (Some(&post.title), post.place.as_ref()),
            Self::Closes(_) | Self::Origin(_) => (None, None),
        };
        first.into_iter().chain(second)
    }

    pub(super) fn write(detail: Option<&Self>, out: Writer) -> Writer {
        match detail {
            None => out,
            Some(Self::Benefit(b)) => out
                .line("Benefit", b.kind)
                .maybe("Stage", b.stage)
                .line("On", b.on)
                .maybe("Criteria", Some(&b.criteria).filter(|c| !c.0.is_empty()))
                .line("What", &b.what),
            Some(Self::Post(p)) => {
                out.line("Title", &p.title).maybe("Place", p.place.as_ref()).maybe("Closes", p.closes)
            }
            Some(Self::Closes(seq)) => out.line("Job", seq),
            Some(Self::Origin(origin)) => out.line("Source", &origin.source).maybe("Since", origin.since),
        }
    }

    pub(super) fn read(kind: Kind, block: &mut Reader<'_>) -> Result<Option<Self>, BlockError> {
        Ok(Some(match kind {
            Kind::Benefited => {
                let kind = block.take("Benefit")?;
                let stage: Option<Stage> = block.maybe("Stage")?;
                if stage.is_some() != (kind == BenefitKind::EarlyDisclosure) {
                    return Err(block.blame("KP-Stage goes with “KP-Benefit: early-disclosure”, and only with it"));
                }
                let on = block.take("On")?;
                let criteria: Answers = block.maybe("Criteria")?.unwrap_or_default();
                if !criteria.0.is_empty() && stage != Some(Stage::Granted) {
                    return Err(block.blame("KP-Criteria goes only with “KP-Stage: granted”"));
                }
                Self::Benefit(Benefit { kind, stage, on, criteria, what: block.take("What")? })
            }
            Kind::Posted => Self::Post(Post {
                title: block.take("Title")?,
                place: block.maybe("Place")?,
                closes: block.maybe("Closes")?,
            }),
            Kind::Closed => Self::Closes(block.take::<Ordinal>("Job")?.0),
            Kind::Imported => Self::Origin(Origin { source: block.take("Source")?, since: block.maybe("Since")? }),
            _ => return Ok(None),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_says_who_stands_in() {
        let origin = |source: Line| Origin { source, since: None };
        let plain: Line = "the website's page, with care".parse().unwrap();
        assert_eq!(origin(plain.clone()).stand_in(), None);
        let helper: Login = "helper".parse().unwrap();
        let said = Origin::with_stand_in(plain, &helper);
        assert_eq!(said.as_str(), "the website's page, with care, with helper as its contact for now");
        assert_eq!(origin(said).stand_in(), Some(helper.clone()));
        let longest: Line = "x".repeat(Line::MAX).parse().unwrap();
        assert_eq!(Origin::with_stand_in(longest.clone(), &helper), longest);
    }
}
