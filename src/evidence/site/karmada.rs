//! Does the page mention Karmada?

use super::seen::Seen;
use super::{Check, Id, Outcome};

pub(super) fn check(seen: &Seen<'_>) -> Check {
    let times = seen.reading.words.count("karmada");
    let outcome = match times {
        0 => seen.missing(tr!("Karmada isn't mentioned")),
        _ => Outcome::Passed,
    };
    Check::new(Id::SiteKarmada, outcome).fact("times", (times > 0).then_some(times))
}
