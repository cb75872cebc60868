//! What does the page call itself, in which language?

use super::seen::Seen;
use super::{Check, Id, Outcome};

pub(super) fn check(seen: &Seen<'_>) -> Check {
    let outcome = match seen.reading.title.is_empty() {
        true => seen.missing(tr!("no title")),
        false => Outcome::Passed,
    };
    Check::new(Id::SiteTitle, outcome)
        .fact("title", seen.reading.title.as_str())
        .fact("language", seen.reading.language.clone())
}
