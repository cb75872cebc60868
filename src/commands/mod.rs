//! The commands, one file each: its flags, its help and what it does; nothing that a second command needs.

pub(crate) mod announce;
pub(crate) mod apply;
pub(crate) mod approve;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod batch;
pub(crate) mod benefit;
pub(crate) mod check;
pub(crate) mod clear;
pub(crate) mod completions;
pub(crate) mod contacts;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod examples;
pub(crate) mod exit;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod jobs;
pub(crate) mod links;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod man;
pub mod program;
pub(crate) mod publish;
pub(crate) mod record;
pub(crate) mod reject;
pub(crate) mod remind;
pub(crate) mod render;
pub(crate) mod renew;
pub(crate) mod review;
pub mod schema;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod status;
pub(crate) mod update;
mod voting;
pub(crate) mod withdraw;

use std::str::FromStr;

use crate::domain::text::is_digits;
use crate::domain::values::Invalid;
use crate::domain::{Line, Slug, suggestion};
use crate::error::Result;
use crate::session::{Context, Globals};

/// The whole command line, as the commands see it that describe or run others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Runner {
    /// What may be said.
    pub grammar: fn() -> clap::Command,
    pub read: fn(&clap::ArgMatches) -> Result<Call, clap::Error>,
    /// What is wrong with a call, in a line.
    pub refused: fn(&clap::Error) -> String,
}

pub(crate) struct Call {
    pub globals: Globals,
    /// Runs it; gives the exit code.
    pub run: Run,
}

type Run = Box<dyn FnOnce(&Context) -> Result<u8>>;

/// Reads an argument into its domain type, and says what would do when it doesn't.
pub(crate) fn value<T: FromStr<Err = Invalid>>(s: &str) -> Result<T, String> {
    s.parse().map_err(|e: Invalid| e.in_a_line())
}

/// What somebody says on record.
pub(crate) fn said(s: &str) -> Result<Line, String> {
    Line::said(s).map_err(|e| e.in_a_line())
}

/// A partner's short name; a name that suggests one stands for it, and is looked up before it is used.
pub(crate) fn slug(s: &str) -> Result<Slug, String> {
    value::<Slug>(s).or_else(|e| meant(s).filter(|slug| !slug.is_program()).ok_or(e))
}

/// A whole number within bounds, however programs write it.
pub(crate) fn number<const LEAST: u32, const MOST: u32>(s: &str) -> Result<u32, String> {
    match whole(s).ok_or_else(|| tr!("it isn't a whole number"))?.parse() {
        Ok(number) if (LEAST..=MOST).contains(&number) => Ok(number),
        _ => Err(tr!("a number from {least} to {most} does", least = LEAST, most = MOST)),
    }
}

/// The number of an event, as lists tell it.
pub(crate) fn event_number(s: &str) -> Result<u32, String> {
    let digits = whole(s).ok_or_else(|| tr!("it isn't a whole number"))?;
    digits.parse().map_err(|_| tr!("no event has so large a number").to_owned())
}

/// The digits of a whole number, also of one that a program wrote among others that have decimals.
fn whole(s: &str) -> Option<&str> {
    let digits = s.trim().strip_suffix(".0").unwrap_or(s.trim());
    is_digits(digits).then_some(digits)
}

/// What a command is about: a partner, or `program` for the policy itself.
pub(crate) fn about(s: &str) -> Result<Slug, String> {
    Slug::or_program(s).or_else(|e| meant(s).ok_or(e)).map_err(|e| e.in_a_line())
}

/// The short name that another word means, or what stands for it until it is looked up.
fn meant(s: &str) -> Option<Slug> {
    suggestion::meant(s).or_else(|| suggestion::stand_in(s))
}

/// What is wrong with a call, in clap's words, without the ways to find out more.
pub(crate) fn told(error: &clap::Error) -> String {
    let words = error.to_string();
    let told = words.trim_start_matches("error: ");
    let told = ["\n\nUsage:", "\n\nFor more information"]
        .iter()
        .fold(told, |told, after| told.split(after).next().unwrap_or(told));
    told.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
