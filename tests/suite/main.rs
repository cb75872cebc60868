//! The suite as one binary: one file a command, real repositories, the terminal for real. What takes long and rarely fails
//! is another: `tests/long`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]
#![expect(clippy::too_many_lines, reason = "a snapshot is as long as what it shows")]
#![expect(clippy::needless_raw_string_hashes, reason = "as snapshots are written by the tool")]

mod addresses;
mod admission;
mod agreement;
mod apply;
mod architecture;
mod audit;
mod bad_answers;
mod bad_registries;
mod batch;
mod bounds;
mod check;
mod claims;
mod clear;
mod cli;
mod damage;
mod decide;
mod directory;
mod document;
mod env;
mod evidence;
mod exit;
mod fetch;
mod github_apply;
mod github_check;
mod github_decide;
mod github_habits;
mod github_junk;
mod github_partner;
mod github_site;
mod github_token;
mod github_undecided;
mod github_upkeep;
mod hinted_commands;
mod hints;
mod hub;
mod imports;
mod in_the_way;
mod init;
mod json;
mod keys;
mod links;
mod links_workflow;
mod list;
mod log_format;
mod logo;
mod malformed;
mod other_companies;
mod own_commits;
mod page;
mod picture;
mod plumbing;
mod program;
mod remote;
mod reverts;
mod scripts;
mod signature;
mod signed_work;
mod signing;
mod site;
mod story;
mod tamper_history;
mod tamper_log;
mod tamper_votes;
mod terminal;
mod ties;
mod undecided;
mod update;
mod upkeep;
mod word;
mod workflows;
