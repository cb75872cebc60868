//! What the evidence suggests to a member, before the member judges.

use serde_json::Value;

use crate::domain::log::event::Principles;
use crate::domain::log::kinds::Finding;
use crate::domain::text;
use crate::evidence::{Id, Principle};
use crate::language;

/// How one principle is begun with, and which checks of it failed.
#[derive(Debug, Default)]
pub(super) struct Opinion {
    failed: Vec<(Option<Principle>, String)>,
}

impl Opinion {
    /// Of a document of evidence; without one nothing speaks against it.
    pub(super) fn of(evidence: Option<&Value>) -> Self {
        // It may become a reason, and that is for everybody to read.
        language::in_english(|| Self::in_words(evidence))
    }

    fn in_words(evidence: Option<&Value>) -> Self {
        let checks = evidence.and_then(|e| e["checks"].as_array()).into_iter().flatten();
        let id = |check: &Value| check["check"].as_str().and_then(|id| id.parse::<Id>().ok());
        // Others' stakes, and that it changed, say nothing of what it is.
        let speaks = |check: &&Value| !matches!(id(check), Some(Id::Stake | Id::Changes));
        let failed = checks.filter(|check| check["outcome"] == "failed").filter(speaks).map(|check| {
            let id = id(check);
            let why = text::visible(check["why"].as_str().unwrap_or("failed"));
            let label = id
                .map_or_else(|| text::visible(check["check"].as_str().unwrap_or_default()), |id| id.label().to_owned());
            (id.and_then(Id::principle), format!("{label}: {why}"))
        });
        Self { failed: failed.collect() }
    }

    /// Nothing failed.
    pub(super) fn is_clean(&self) -> bool {
        self.failed.is_empty()
    }

    /// Met, but where a check of it failed.
    pub(super) fn principles(&self) -> Principles {
        let of = |principle| match self.failed.iter().any(|(about, _)| *about == Some(principle)) {
            true => Finding::Unsure,
            false => Finding::Met,
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
        all.chars().take(LONGEST).collect()
    }
}
