//! What became of it before?

use super::{Check, Id, Outcome, Subject};
use crate::domain::{Event, Kind};

pub(super) fn check(subject: &Subject) -> Check {
    let ends = |e: &&Event| e.kind.ends() || e.kind == Kind::Exited;
    let told = |e: &Event| {
        let (kind, day) = (e.kind.told(), e.time.date());
        let words = match &e.terms {
            Some(terms) => tr!("{kind} ({terms}) on {day}", kind, terms = terms.kind.told(), day),
            None => tr!("{kind} on {day}", kind, day),
        };
        match &e.reason {
            Some(reason) => tr!("{words}: {reason}", words, reason),
            None => words,
        }
    };
    let events = || subject.life.log.iter().map(|l| &l.event);
    let ended: Vec<String> = events().filter(ends).map(told).collect();
    // Who took something back did nothing that speaks against it.
    let against: Vec<String> = events().filter(ends).filter(|e| e.kind != Kind::Withdrawn).map(told).collect();
    let applied = events().filter(|e| e.kind.opens()).count();
    let outcome = match against.is_empty() {
        true => Outcome::Passed,
        false => Outcome::Failed(against.join(tr!("between clauses" => "; "))),
    };
    Check::new(Id::History, outcome).fact("applications", applied).fact("ended", ended)
}
