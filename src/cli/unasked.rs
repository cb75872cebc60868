//! What a call lacks besides what clap tells of, where nobody can be asked for it: so that all of it is told at once.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::kin;
use crate::prompt;

/// The commands that write once somebody agrees, each with what else it asks for.
const ASKED: [(&str, &[&str]); 15] = [
    ("apply", &[]),
    ("update", &[]),
    ("withdraw", &[]),
    ("review", &[]),
    ("approve", &[]),
    ("reject", &["--reason"]),
    ("exit", &["--kind", "--reason"]),
    ("clear", &[]),
    ("record", &["--reason"]),
    ("benefit", &[]),
    ("jobs", &[]),
    ("renew", &[]),
    ("batch", &[]),
    ("init", &[]),
    ("import", &[]),
];

/// The error with what else is to be given.
pub(super) fn told(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let says = |flag: &str| {
        words.iter().filter_map(|word| word.to_str()).any(|word| word.split_once('=').map_or(word, |(f, _)| f) == flag)
    };
    let (never, agreed) =
        (["--no-input", "--json"].iter().any(|f| says(f)), ["--yes", "-y", "--dry-run"].iter().any(|f| says(f)));
    if error.kind() != ErrorKind::MissingRequiredArgument || (prompt::is_anybody_there() && !never) {
        return error;
    }
    let command = kin::command(&error);
    // What is only read needs nobody's consent.
    let Some((_, asked)) = ASKED.iter().find(|(name, _)| command.first() == Some(&(*name).to_owned())) else {
        return error;
    };
    if command.last().is_some_and(|last| last == "list") {
        return error;
    }
    let lacking = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    let mut flags: Vec<&str> = asked.iter().copied().filter(|flag| !says(flag) && !lacking.contains(flag)).collect();
    flags.extend((!agreed).then_some("--yes"));
    if !flags.is_empty() {
        let flags = flags.join(tr!("in a list" => ", "));
        let words = StyledStr::from(tr!("nobody can be asked here, so it needs {flags}, too", flags));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![words]));
    }
    error
}
