//! Votes: what they come to, and whether a decision was carried by those it names.

pub(crate) mod recount;
pub mod tally;
