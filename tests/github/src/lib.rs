//! An in-process GitHub for tests.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]
#![expect(clippy::missing_panics_doc, reason = "only tests use it, and it panics where they are wrong")]
#![expect(clippy::must_use_candidate, reason = "only tests use it")]

mod files;
mod github;
mod processes;

pub use files::{Files, directory, program};
pub use github::{Area, BEGIN, Fault, GitHub, Habits, Handle, Method, Permission, Picture, Request, TokenKind};
pub use processes::git;
