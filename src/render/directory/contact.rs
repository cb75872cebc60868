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
    /// Whether an update named the contact that it has, after somebody else.
    pub(super) named: bool,
    /// Whether that contact has confirmed the entry.
    pub(super) confirmed: bool,
}

/// Of each whether its contact only stands in. A member who brings in what others listed gives a contact of their own, another
/// member's, or one for several, until each partner names whom it wants to be asked, or that contact confirms the entry. The source of
/// what was read says so; before it did, who stands in is known by what they are.
pub(super) fn stand_ins(program: &Program, partners: &[Option<BroughtIn<'_>>]) -> Vec<bool> {
    let mut named = BTreeMap::<String, usize>::new();
    for partner in partners.iter().flatten() {
        *named.entry(partner.record.github.folded()).or_default() += 1;
    }
    let stands_in = |partner: BroughtIn<'_>| {
        let BroughtIn { slug, record, by, origin, .. } = partner;
        if let Some(member) = program.seat_of(record.contact()) {
            return member.organization.tie(slug, Some(record)) == Tie::None;
        }
        // What who brought it in confirms, they may confirm for it.
        if partner.named || (partner.confirmed && !record.github.is(by)) {
            return false;
        }
        let said = origin.and_then(Origin::stand_in).is_some_and(|login| record.github.is(&login));
        said || record.github.is(by) || named.get(&record.github.folded()).is_some_and(|partners| *partners > 1)
    };
    partners.iter().map(|partner| partner.is_some_and(stands_in)).collect()
}
