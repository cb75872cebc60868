//! What the evidence suggests to a member, before the member judges.

use serde_json::Value;

use crate::domain::log::event::Principles;
use crate::domain::log::kinds::Finding;
use crate::domain::text;
use crate::evidence::{Id, Principle};
use crate::language;

/// How a principle is begun with: by what of it was seen, and by nothing else.
#[derive(Debug, Default)]
pub(super) struct Opinion {
    failed: Vec<(Option<Principle>, String)>,
    /// Of which a check passed.
    seen: Vec<Principle>,
}

impl Opinion {
    /// Of a document of evidence; without one nothing speaks for it nor against it.
    pub(super) fn of(evidence: Option<&Value>) -> Self {
        // It may become a reason, and that is for everybody to read.
        language::in_english(|| Self::in_words(evidence))
    }

    fn in_words(evidence: Option<&Value>) -> Self {
        let checks = || evidence.and_then(|e| e["checks"].as_array()).into_iter().flatten();
        let id = |check: &Value| check["check"].as_str().and_then(|id| id.parse::<Id>().ok());
        // Others' stakes, and that it changed, say nothing of what it is.
        let speaks = |check: &&Value| !matches!(id(check), Some(Id::Stake | Id::Changes));
        let failed = checks().filter(|check| check["outcome"] == "failed").filter(speaks).map(|check| {
            let id = id(check);
            let why = text::visible(check["why"].as_str().unwrap_or("failed"));
            let label = id
                .map_or_else(|| text::visible(check["check"].as_str().unwrap_or_default()), |id| id.label().to_owned());
            (id.and_then(Id::principle), format!("{label}: {why}"))
        });
        let failed = failed.collect();
        let passed = checks().filter(|check| check["outcome"] == "passed");
        Self { failed, seen: passed.filter_map(|check| id(check)?.principle()).collect() }
    }

    /// Nothing failed.
    pub(super) fn is_clean(&self) -> bool {
        self.failed.is_empty()
    }

    /// Something speaks for each principle, and nothing against it.
    pub(super) fn is_met(&self) -> bool {
        self.is_clean() && self.principles() == Principles::all(Finding::Met)
    }

    /// Met where a check of it passed and none failed. What couldn't be looked at isn't known.
    pub(super) fn principles(&self) -> Principles {
        let fails = |principle| self.failed.iter().any(|(about, _)| *about == Some(principle));
        let of = |principle| match self.seen.contains(&principle) && !fails(principle) {
            true => Finding::Met,
            false => Finding::Unsure,
        };
        Principles {
            authenticity: of(Principle::Authenticity),
            url: of(Principle::Url),
            relevance: of(Principle::Relevance),
        }
    }

    /// What failed, as a reason that can be given.
    pub(super) fn reason(&self) -> String {
        const LONGEST: usize = 400;
        let all: Vec<_> = self.failed.iter().map(|(_, why)| why.as_str()).collect();
        let all = all.join("; ");
        text::beginning(&all, LONGEST).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_principle_is_met_only_by_what_was_seen_of_it() {
        let of = |outcomes: &[(&str, &str)]| {
            let checks: Vec<_> =
                outcomes.iter().map(|(id, outcome)| json!({"check": id, "outcome": outcome})).collect();
            let opinion = Opinion::of(Some(&json!({"checks": checks})));
            (opinion.principles().each(), opinion.is_met())
        };
        let (met, unsure) = (Finding::Met, Finding::Unsure);
        assert_eq!(of(&[]), ([unsure; 3], false));
        assert_eq!(of(&[("duplicates", "passed"), ("site-reached", "unknown")]), ([met, unsure, unsure], false));
        let seen = [("duplicates", "passed"), ("site-reached", "passed"), ("site-mentions-karmada", "passed")];
        assert_eq!(of(&seen), ([met; 3], true));
        let exempt = [&seen[..2], &[("site-links-back", "exempt")]].concat();
        assert_eq!(of(&exempt), ([met, met, unsure], false));
        let failed = [&seen[..], &[("contact-domain", "failed"), ("contact-mailbox", "passed")]].concat();
        assert_eq!(of(&failed), ([unsure, met, met], false));
        // A member's stake says nothing of it.
        let stake = [&seen[..], &[("stake", "failed")]].concat();
        assert_eq!(of(&stake), ([met; 3], true));
        // What concerns none of them speaks against all.
        let history = [&seen[..], &[("history", "failed")]].concat();
        assert_eq!(of(&history), ([met; 3], false));
    }
}
