//! The commands, one file each: its flags, its help and what it does; nothing that a second command needs.

pub mod apply;
pub mod approve;
pub mod audit;
pub mod auth;
pub mod batch;
pub mod benefit;
pub mod check;
pub mod completions;
pub mod contacts;
pub mod evidence;
pub mod exit;
pub mod import;
pub mod init;
pub mod jobs;
pub mod keys;
pub mod list;
pub mod log;
pub mod man;
pub mod program;
pub mod publish;
pub mod record;
pub mod reject;
pub mod render;
pub mod renew;
pub mod review;
pub mod show;
pub mod stats;
pub mod status;
pub mod update;
pub mod withdraw;

use std::str::FromStr;

use crate::domain::Slug;
use crate::domain::values::Invalid;
use crate::error::Result;
use crate::session::{Context, Globals};

/// The whole command line, as the commands see it that describe or run others.
#[derive(Debug, Clone, Copy)]
pub struct Runner {
    /// What may be said.
    pub grammar: fn() -> clap::Command,
    /// The call that matched words are.
    pub read: fn(&clap::ArgMatches) -> Result<Call, clap::Error>,
}

/// What a call does; gives the exit code.
pub type Run = Box<dyn FnOnce(&Context) -> Result<u8>>;

/// A call, ready to run.
#[expect(missing_debug_implementations, reason = "what it will do can't be shown")]
pub struct Call {
    /// The flags that every command takes.
    pub globals: Globals,
    /// Runs it; gives the exit code.
    pub run: Run,
}

/// Reads an argument into its domain type, and says what would do when it doesn't.
pub fn value<T: FromStr<Err = Invalid>>(s: &str) -> Result<T, String> {
    s.parse().map_err(|e: Invalid| format!("{}; {}", e.why, e.hint))
}

/// What a command is about: a partner, or `program` for the policy itself.
pub fn about(s: &str) -> Result<Slug, String> {
    Slug::or_program(s).map_err(|e| format!("{}; {}", e.why, e.hint))
}
