//! The double itself.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]

mod common;
mod conversations;
mod faults;
mod git;
mod graphql;
mod late;
mod lives;
mod rest;
mod tokens;
mod triage;
