//! What partners are held to that others are, too: no two have one name, and none becomes part of nobody.

use super::legal_forms::called;
use super::log::lifecycle::{Life, State};
use super::record::Record;
use super::values::Slug;

/// What others are held to of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    pub slug: Slug,
    /// Whether it ever was a partner, as far as its log can be read.
    pub was_partner: bool,
    /// By which events it became part of whom.
    pub mergers: Vec<(u32, Slug)>,
    /// What it is called, where it is a partner now.
    pub called: Vec<String>,
}

impl Peer {
    /// `whole`: whether its log is.
    #[must_use]
    pub fn of(slug: &Slug, life: &Life, record: Option<&Record>, whole: bool) -> Self {
        let into = |event: &super::Event| Some((event.seq, event.terms.as_ref()?.merged_into.clone()?));
        let active = record.filter(|_| life.state == State::Active);
        Self {
            slug: slug.clone(),
            was_partner: life.landed.is_some() || !whole,
            mergers: life.log.iter().filter_map(|logged| into(&logged.event)).collect(),
            called: active.map(|record| called(record.name.as_str())).unwrap_or_default(),
        }
    }
}
