//! The logo, held to the limits and to all others.

mod likeness;
mod measures;

use super::{Check, Id, Outcome, Subject};
use crate::domain::Slug;
use crate::domain::logo::perceptual_hash::Print;

/// What is known of other partners' logos.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// Those that were looked at.
    pub prints: Vec<(Slug, Print)>,
    /// How many there was no time for.
    pub left: usize,
}

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
