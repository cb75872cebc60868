//! Events in words.

use super::detail::Detail;
use crate::domain::{Event, Kind, Subject};

/// What an event tells of that nobody votes on.
fn noted(event: &Event, name: &str) -> String {
    match &event.detail {
        Some(Detail::Benefit(b)) => match b.stage {
            Some(stage) => format!("early disclosure for {name} is {stage}"),
            None => format!("{name} has a benefit ({}): {}", b.kind, b.what),
        },
        Some(Detail::Post(p)) => format!("{name} posts a job: {}", p.title),
        Some(Detail::Closes(number)) => format!("{name} closes job post {number}"),
        Some(Detail::Origin(_)) | None => format!("{name} is noted"),
    }
}

/// What an event that nobody votes on says, for a line of the log.
#[must_use]
pub(crate) fn said(event: &Event) -> Option<String> {
    Some(match event.detail.as_ref()? {
        Detail::Benefit(b) => match b.stage {
            Some(stage) => format!("{}, {stage}, {}", b.kind, b.what),
            None => format!("{}, {}", b.kind, b.what),
        },
        Detail::Post(p) => p.title.to_string(),
        Detail::Closes(number) => format!("job post {number}"),
        Detail::Origin(origin) => format!("from {}", origin.source),
    })
}

/// The first line of an event's commit.
#[must_use]
pub fn title(event: &Event, name: &str) -> String {
    format!("{}: {}", event.partner, happening(event, name))
}

#[must_use]
pub(crate) fn happening(event: &Event, name: &str) -> String {
    match (event.kind, event.subject) {
        (Kind::Benefited | Kind::Posted | Kind::Closed, _) => noted(event, name),
        (Kind::Applied, _) => format!("{name} applies to the program"),
        (Kind::Imported, _) => format!("{name} is imported, and waits for a decision"),
        (Kind::Amended, _) => format!("{name} amends its application"),
        (Kind::Approved, _) => format!("{name} is approved"),
        (Kind::Updated, Subject::Policy) => format!("the policy of {name} changes"),
        (Kind::Updated, _) => format!("{name} is updated"),
        (Kind::Exited, _) => format!("{name} leaves the program"),
        (Kind::Cleared, _) => format!("mailbox and logo of {name} are taken away"),
        (Kind::Rejected, subject) => format!("the {subject} of {name} is rejected"),
        (Kind::Withdrawn, subject) => format!("the {subject} of {name} is withdrawn"),
        (Kind::Recorded, _) => format!("what was changed by hand in {name} is put on record"),
        (Kind::Founded, _) => format!("{name} begins"),
        (Kind::Renewed, _) => format!("{name} confirms its entry"),
    }
}
