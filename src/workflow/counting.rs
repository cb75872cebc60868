//! The votes of a proposal, counted for what is wished.

use crate::domain::votes::tally::{self, Tally};
use crate::domain::{CastVote, Program};
use crate::registry::Proposal;

/// What is to be decided, if the votes carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing: only vote.
    Vote,
    Grant,
    Deny,
}

/// Counts the votes of a proposal for a wish.
#[must_use]
pub fn count<'a>(program: &'a Program, proposal: &'a Proposal, votes: &'a [CastVote], wish: Wish) -> Tally<'a> {
    let on = proposal.question(votes);
    let (decision, rule) = tally::rule_for(program, wish != Wish::Deny, on);
    tally::tally(program, &rule, decision, votes, on)
}

/// What the votes on a proposal carry, if they carry anything: that it is granted, or that it is turned down.
#[must_use]
pub fn carried<'a>(program: &'a Program, proposal: &'a Proposal) -> Option<(Wish, Tally<'a>)> {
    [Wish::Grant, Wish::Deny].into_iter().find_map(|wish| {
        let tally = count(program, proposal, &proposal.votes, wish);
        tally.carries().then_some((wish, tally))
    })
}

/// Whether the votes on a proposal carry a rejection, and nothing else.
#[must_use]
pub fn turns_down(program: &Program, proposal: &Proposal, granting: &Tally<'_>) -> bool {
    !granting.carries() && count(program, proposal, &proposal.votes, Wish::Deny).carries()
}
