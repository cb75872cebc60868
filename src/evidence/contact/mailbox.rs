//! Is it the mailbox of a role, that outlives people?

use super::mail_host::without;
use super::{Check, Id, Outcome, Subject};

pub(super) fn check(subject: &Subject) -> Check {
    let Some(mailbox) = &subject.record.email else { return without(subject, Id::ContactMailbox) };
    let outcome = match mailbox.doubt() {
        Some(doubt) => Outcome::Failed(tr!("it {doubt}", doubt = doubt.words())),
        None => Outcome::Passed,
    };
    Check::new(Id::ContactMailbox, outcome)
}
