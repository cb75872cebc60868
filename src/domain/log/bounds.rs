//! How much a log and a round can hold, and what is kept free for their ends.

use super::detail::{Detail, Stage};
use super::kinds::Kind;
use crate::domain::values::Date;

/// No log has more events: their names have four digits.
pub(crate) const LAST: u32 = 9_999;

/// From this number on a log takes only what ends something.
pub(crate) const ENDING: u32 = 9_900;

/// From this number on, only what the committee ends: nobody else can use up what it needs for that.
pub(crate) const CLOSING: u32 = 9_990;

/// How often an application is amended at most.
pub(crate) const AMENDMENTS: u32 = 100;

/// How many votes and requests somebody has in a round at most, but for those that are signed.
pub const VOTES: u32 = 100;

/// How many days ahead a day may be that an event names: that on which an exit takes effect (until then the partner is shown as one, and no
/// other exit can be decided), that of a benefit, the last one of a job post.
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
        _ if seq > LAST => tr!("a log has at most {LAST} events", LAST),
        CLOSING.. => tr!("from event {CLOSING} on a log takes only what the committee ends", CLOSING),
        _ => tr!("from event {ENDING} on a log takes only what ends something", ENDING),
    })
}

/// Why a day that it names can't be so for what is said `today`.
#[must_use]
pub(crate) fn unfit_day(detail: &Detail, today: Date) -> Option<String> {
    let (what, day, ahead) = match detail {
        // People give days as it is with them.
        Detail::Origin(origin) => ("it has been a partner since", origin.since?, 1),
        Detail::Benefit(benefit) => ("the benefit is of", benefit.on, DAYS_AHEAD),
        Detail::Post(post) => ("one can apply until", post.closes?, DAYS_AHEAD),
        Detail::Closes(_) => return None,
    };
    let days = if ahead == 1 { "a day".to_owned() } else { format!("{ahead} days") };
    (today.days_until(day) > ahead).then(|| format!("{what} {day}, more than {days} after that is written down"))
}
