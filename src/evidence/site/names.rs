//! Does the page name the organization, by any name it has or had?

use super::seen::Seen;
use super::{Check, Id, Outcome, Subject};
use crate::domain::record::Name;

pub(super) fn check(subject: &Subject, seen: &Seen<'_>) -> Check {
    let record = &subject.record;
    let names = [&record.name].into_iter().chain(&record.name_zh).chain(&record.former_names).map(Name::as_str);
    let found: Vec<&str> = names.filter(|name| seen.reading.words.name(name)).collect();
    let outcome = match found.is_empty() {
        true => seen.missing(tr!("the organization's name isn't found")),
        false => Outcome::Passed,
    };
    Check::new(Id::SiteNames, outcome).fact("found", found)
}
