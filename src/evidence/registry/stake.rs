//! Who of the committee has a stake in it, and won't be counted?

use super::{Check, Id, Outcome, Subject};
use crate::domain::votes::tally;

pub(super) fn check(subject: &Subject) -> Check {
    let recused = tally::recused(&subject.program, &subject.slug, &subject.record, subject.in_force.as_ref());
    let logins: Vec<&str> = recused.iter().map(|m| m.github.as_str()).collect();
    let told: Vec<String> = recused.iter().map(|m| format!("{} ({})", m.github, m.affiliation)).collect();
    let outcome = match told.is_empty() {
        true => Outcome::Passed,
        false => Outcome::Failed(format!("{} works for it or is its contact, and will be recused", told.join(", "))),
    };
    Check::new(Id::Stake, outcome).fact("recused", logins)
}
