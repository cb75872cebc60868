//! Who of the committee has a stake in it, and won't be counted?

use super::{Check, Id, Outcome, Subject};
use crate::domain::program::Member;
use crate::domain::votes::tally;

pub(super) fn check(subject: &Subject) -> Check {
    let (recused, likely) = tally::tied(&subject.program, &subject.slug, &subject.record, subject.in_force.as_ref());
    let logins = |members: &[&Member]| members.iter().map(|m| m.github.to_string()).collect::<Vec<_>>();
    let told = |members: &[&Member]| {
        let told = members.iter().map(|m| tr!("{who} ({affiliation})", who = m.github, affiliation = m.affiliation));
        told.collect::<Vec<_>>().join(tr!("in a list" => ", "))
    };
    let outcome = if !recused.is_empty() {
        Outcome::Failed(tr!("{who} works for it or is its contact, and will be recused", who = told(&recused)))
    } else if !likely.is_empty() {
        Outcome::Unknown(tr!("{who} may work for it, and has to say whether that is so", who = told(&likely)))
    } else {
        Outcome::Passed
    };
    Check::new(Id::Stake, outcome).fact("recused", logins(&recused)).fact("likely", logins(&likely))
}
