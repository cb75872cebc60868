//! What became of it before?

use super::{Check, Id, Outcome, Subject};
use crate::domain::{Event, Kind};

pub(super) fn check(subject: &Subject) -> Check {
    let ends = |e: &&Event| e.kind.ends() || e.kind == Kind::Exited;
    let told = |e: &Event| {
        let why = e.reason.as_ref().map(|r| format!(": {r}")).unwrap_or_default();
        let terms = e.terms.as_ref().map(|t| format!(" ({})", t.kind)).unwrap_or_default();
        format!("{}{terms} on {}{why}", e.kind, e.time.date())
    };
    let events = || subject.life.log.iter().map(|l| &l.event);
    let ended: Vec<String> = events().filter(ends).map(told).collect();
    // Who took something back did nothing that speaks against it.
    let against: Vec<String> = events().filter(ends).filter(|e| e.kind != Kind::Withdrawn).map(told).collect();
    let applied = events().filter(|e| e.kind.opens()).count();
    let outcome = match against.is_empty() {
        true => Outcome::Passed,
        false => Outcome::Failed(against.join("; ")),
    };
    Check::new(Id::History, outcome).fact("applications", applied).fact("ended", ended)
}
