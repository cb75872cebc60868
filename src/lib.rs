//! `karmada-partner` runs Karmada's Commercial Support Program as an audit trail in git.
//!
//! The map, and who may use whom; arrows go one way:
//!
//! ```text
//! main ─▶ cli ─▶ commands ─▶ context ─▶ config, prompt, ui
//!                   │            └─────▶ forge ─▶ repo ─▶ git2
//!                   ├─▶ publish ─▶ change, forge, registry
//!                   ├─▶ registry, survey ─▶ repo, partner
//!                   └─▶ partner: the domain, pure; logo
//! ```
//!
//! - [`partner`]: what partners, events, votes and the policy are, and which steps are right. No IO of any kind.
//! - [`registry`] reads a commit's tree into the domain; [`repo`] holds every git2 call.
//! - [`change`] is what will happen, as a value; [`publish`] is where it happens.
//! - [`signing`] runs the programs that sign.
//! - [`commands`]: one file a subcommand.
//! - [`error`]: one error at the edge, with its exit code and its hints.

pub mod audit;
pub mod cli;
pub mod commands;
pub mod config;
pub mod domain;
pub mod error;
pub mod evidence;
pub mod files;
pub mod forge;
pub mod git;
pub mod parallel;
pub mod prompt;
pub mod registry;
pub mod render;
pub mod session;
pub mod ui;
pub mod web;
pub mod workflow;
