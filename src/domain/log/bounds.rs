//! How much a log and a round can hold, and what is kept free for their ends.

use super::detail::{Detail, Stage};
use super::kinds::Kind;

/// No log has more events: their names have four digits.
pub(crate) const LAST: u32 = 9_999;

/// From this number on a log takes only what ends something.
pub(crate) const ENDING: u32 = 9_900;

/// From this number on, only what the committee ends: nobody else can use up what it needs for that.
pub(crate) const CLOSING: u32 = 9_990;

/// How often an application is amended at most.
pub(crate) const AMENDMENTS: u32 = 100;

/// How many votes and requests somebody has in a round at most.
pub const VOTES: u32 = 100;

/// How many days ahead a decided exit may take effect: until then the partner is shown as one, and no other exit can be decided.
pub(crate) const DAYS_AHEAD: i64 = 366;

/// The highest number that such an event may have.
#[must_use]
pub(crate) const fn last_number(kind: Kind, detail: Option<&Detail>) -> u32 {
    match (kind, detail) {
        (Kind::Rejected | Kind::Exited | Kind::Cleared, _) => LAST,
        (Kind::Benefited, Some(Detail::Benefit(benefit))) if matches!(benefit.stage, Some(Stage::Ended)) => LAST,
        (Kind::Approved | Kind::Withdrawn | Kind::Closed, _) => CLOSING - 1,
        _ => ENDING - 1,
    }
}

/// Why an event of this kind can't have this number.
#[must_use]
pub(crate) fn no_room(kind: Kind, detail: Option<&Detail>, seq: u32) -> Option<String> {
    (seq > last_number(kind, detail)).then(|| match seq {
        _ if seq > LAST => format!("a log has at most {LAST} events"),
        CLOSING.. => format!("from event {CLOSING} on a log takes only what the committee ends"),
        _ => format!("from event {ENDING} on a log takes only what ends something"),
    })
}
