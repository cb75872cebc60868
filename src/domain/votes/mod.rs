//! Votes: what they come to, and whether a decision was carried by those it names.

pub mod recount;
pub mod tally;
