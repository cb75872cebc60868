//! The logo, held to the limits and to all others.

pub mod likeness;
mod measures;

use super::logo::likeness::Others;
use super::{Check, Id, Outcome, Subject};

/// Whether the stored file is one that the program takes.
#[must_use]
pub fn measures(subject: &Subject) -> Check {
    measures::check(subject)
}

/// Whether another partner's logo looks like it.
#[must_use]
pub fn likeness(subject: &Subject, others: &Others) -> Check {
    likeness::check(subject, others)
}
