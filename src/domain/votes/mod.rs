//! Votes: what they come to, and whether a decision was carried by those it names.

pub mod cast;
pub mod missing;
pub mod outlook;
pub(crate) mod recount;
#[cfg(test)]
pub(crate) mod sample;
pub mod standing;
pub mod tally;
pub mod voters;
