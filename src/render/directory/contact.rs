//! Whether the GitHub contacts that partners were brought in with are their own.

use std::collections::BTreeMap;

use crate::domain::Program;
use crate::domain::upkeep::{self, Reached};

/// Of each whether its contact only stands in.
pub(super) fn stand_ins(program: &Program, partners: &[Reached<'_>]) -> Vec<bool> {
    let mut named = BTreeMap::<String, usize>::new();
    for partner in partners.iter().filter(|partner| upkeep::brought_in(partner.log).is_some()) {
        *named.entry(partner.record.github.folded()).or_default() += 1;
    }
    let stands_in = |partner: &Reached<'_>| {
        let shared = || named.get(&partner.record.github.folded()).is_some_and(|partners| *partners > 1);
        upkeep::stands_in(program, *partner, shared).is_some()
    };
    partners.iter().map(stands_in).collect()
}
