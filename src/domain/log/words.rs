//! Events in words.

use super::detail::Detail;
use super::kinds::Ballot;
use crate::domain::{Event, Kind, Subject, Vote};
use crate::language;

/// What an event tells of that nobody votes on.
fn noted(event: &Event, name: &str) -> String {
    match &event.detail {
        Some(Detail::Benefit(b)) => match b.stage {
            Some(stage) => tr!("early disclosure for {name} is {stage}", name, stage = stage.told()),
            None => tr!("{name} has a benefit ({kind}): {what}", name, kind = b.kind.told(), what = b.what),
        },
        Some(Detail::Post(p)) => tr!("{name} posts a job: {title}", name, title = p.title),
        Some(Detail::Closes(number)) => tr!("{name} closes job post {number}", name, number),
        Some(Detail::Origin(_)) | None => tr!("{name} is noted", name),
    }
}

/// What an event that nobody votes on says, for a line of the log.
#[must_use]
pub(crate) fn said(event: &Event) -> Option<String> {
    Some(match event.detail.as_ref()? {
        Detail::Benefit(b) => match b.stage {
            Some(stage) => tr!("{kind}, {stage}, {what}", kind = b.kind.told(), stage = stage.told(), what = b.what),
            None => tr!("{kind}, {what}", kind = b.kind.told(), what = b.what),
        },
        Detail::Post(p) => p.title.to_string(),
        Detail::Closes(number) => tr!("job post {number}", number),
        Detail::Origin(origin) => tr!("from {source}", source = origin.source),
    })
}

/// What a commit brings by its block, for whom isn't told in the words that its title has for everybody.
#[must_use]
pub(crate) fn brought(block: &str) -> Option<String> {
    if let Ok(event) = Event::parse(block.as_bytes()) {
        return Some(happening(&event, event.partner.as_str()));
    }
    let vote = Vote::parse(block.as_bytes()).ok()?;
    let (who, slug) = (&vote.actor, &vote.partner);
    Some(match vote.ballot {
        Ballot::Request => tr!("{who} asks for the {subject} of {slug}", who, subject = vote.subject.told(), slug),
        ballot => tr!("{who} votes {ballot} on {slug}", who, ballot = ballot.told(), slug),
    })
}

/// The first line of an event's commit.
#[must_use]
pub fn title(event: &Event, name: &str) -> String {
    language::in_english(|| format!("{}: {}", event.partner, happening(event, name)))
}

#[must_use]
pub(crate) fn happening(event: &Event, name: &str) -> String {
    match (event.kind, event.subject) {
        (Kind::Benefited | Kind::Posted | Kind::Closed, _) => noted(event, name),
        (Kind::Applied, _) => tr!("{name} applies to the program", name),
        (Kind::Imported, _) => tr!("{name} is imported, and waits for a decision", name),
        (Kind::Amended, _) => tr!("{name} amends its application", name),
        (Kind::Approved, _) => tr!("{name} is approved", name),
        (Kind::Updated, Subject::Policy) => tr!("the policy of {name} changes", name),
        (Kind::Updated, _) => tr!("{name} is updated", name),
        (Kind::Exited, _) => tr!("{name} leaves the program", name),
        (Kind::Cleared, _) => tr!("mailbox and logo of {name} are taken away", name),
        (Kind::Rejected, subject) => tr!("the {subject} of {name} is rejected", subject = subject.told(), name),
        (Kind::Withdrawn, subject) => tr!("the {subject} of {name} is withdrawn", subject = subject.told(), name),
        (Kind::Recorded, _) => tr!("what was changed by hand in {name} is put on record", name),
        (Kind::Founded, _) => tr!("{name} begins", name),
        (Kind::Renewed, _) => tr!("{name} confirms its entry", name),
    }
}
