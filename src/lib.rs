//! `karmada-partner` runs Karmada's Commercial Support Program as an audit trail in git.
//!
//! The map; a module may take from what stands further down, never from further up, and a test holds it to that:
//!
//! ```text
//! cli           the command line: one enum, one flat match
//! commands      one file a subcommand
//! workflow      what commands do together: propose, vote and decide, write down
//! session       what a command is given; `publish`, the one place where things happen
//! prompt, ui    asking; showing
//! forge         where a registry is kept: git, GitHub, trial runs; and the website's repository
//! config        settings
//! registry      a commit read into the domain; changes to be
//! audit         a history proved
//! evidence      the checks that inform a committee
//! web           asking the world: pages, links, logos
//! render        pages, tables, mails and charts as text
//! git           every git2 call; signing programs
//! domain        what is, and what may be; pure
//! parallel      maps on several threads
//! children      other programs, run within bounds
//! files, error  files outside of git; the one error, with its exit code and hints
//! language      what is said, in the language of whoever reads it
//! ```
//!
//! `docs/architecture.md` has the important files of each, three journeys through them, and where to add what;
//! `docs/decisions.md` has the reasons.

#[macro_use]
pub mod language;

pub mod audit;
pub(crate) mod children;
pub mod cli;
pub mod commands;
pub mod config;
pub mod domain;
pub mod error;
pub(crate) mod evidence;
pub(crate) mod files;
pub mod forge;
pub mod git;
pub(crate) mod parallel;
pub mod prompt;
pub mod registry;
pub(crate) mod render;
pub mod session;
pub mod ui;
pub(crate) mod web;
pub(crate) mod workflow;
