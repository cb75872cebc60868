//! Whether the GitHub contacts that partners were brought in with are their own.

use std::collections::BTreeMap;

use crate::domain::log::detail::Origin;
use crate::domain::program::organization::Tie;
use crate::domain::{Login, Program, Record, Slug};

/// A partner that somebody brought in.
#[derive(Debug, Clone, Copy)]
pub(super) struct BroughtIn<'a> {
    pub(super) slug: &'a Slug,
    pub(super) record: &'a Record,
    pub(super) by: &'a Login,
    pub(super) origin: Option<&'a Origin>,
}

/// Of each whether its contact only stands in. A member who brings in what others listed gives a contact of their own, another
/// member's, or one for several, until each partner names whom it wants to be asked. The source of what was read says so; before
/// it did, who stands in is known by what they are.
pub(super) fn stand_ins(program: &Program, partners: &[Option<BroughtIn<'_>>]) -> Vec<bool> {
    let mut named = BTreeMap::<String, usize>::new();
    for partner in partners.iter().flatten() {
        *named.entry(partner.record.github.folded()).or_default() += 1;
    }
    let stands_in = |BroughtIn { slug, record, by, origin }: BroughtIn<'_>| match program.seat_of(record.contact()) {
        Some(member) => member.organization.tie(slug, Some(record)) == Tie::None,
        None => {
            let said = origin.and_then(Origin::stand_in).is_some_and(|login| record.github.is(&login));
            said || record.github.is(by) || named.get(&record.github.folded()).is_some_and(|partners| *partners > 1)
        }
    };
    partners.iter().map(|partner| partner.is_some_and(stands_in)).collect()
}
