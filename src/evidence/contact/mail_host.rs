//! The host that takes the mail of an address.

use crate::domain::Field;
use crate::evidence::{Check, Id, Outcome, Subject};

/// What a check says where no mailbox is given.
pub(super) fn without(subject: &Subject, id: Id) -> Check {
    Check::new(
        id,
        match subject.program.required.contains(&Field::Email) {
            true => Outcome::Failed(tr!("no mailbox is given, and the program asks for one").into()),
            false => Outcome::Exempt(tr!("no mailbox is given, and the program doesn't ask for one").into()),
        },
    )
}

/// The host of the subject's mailbox, in lower case.
#[must_use]
pub fn mail_host(subject: &Subject) -> Option<String> {
    let mailbox = subject.record.email.as_ref()?.as_str();
    Some(mailbox.rsplit_once('@')?.1.to_ascii_lowercase())
}
