//! What a call lacks besides what clap tells of, where nobody can be asked for it: so that all of it is told at once.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::kin;
use crate::commands::batch::COMMANDS;
use crate::commands::completions;
use crate::config::Environment;
use crate::prompt;

/// Those that write once somebody agrees, and can be no rows of a batch.
const BESIDES: [&str; 2] = ["batch", "import"];

/// What some need beside what clap knows of, where nobody can be asked for it.
fn asked_by(command: &str) -> &'static [&'static str] {
    match command {
        "exit" => &["--kind", "--reason"],
        "reject" | "record" => &["--reason"],
        "jobs add" => &["--title"],
        _ => &[],
    }
}

/// Whether it is known who acts, as far as this machine tells.
fn is_known_who_acts(words: &[OsString], environment: &Environment) -> bool {
    completions::context_of(words, environment).map_or(true, |ctx| ctx.knows_who_acts())
}

/// The error with what else is to be given.
pub(super) fn told(mut error: clap::Error, words: &[OsString], environment: &Environment) -> clap::Error {
    let says = |flag: &str| {
        words.iter().filter_map(|word| word.to_str()).any(|word| word.split_once('=').map_or(word, |(f, _)| f) == flag)
    };
    let (never, agreed) =
        (["--no-input", "--json"].iter().any(|f| says(f)), ["--yes", "-y", "--dry-run"].iter().any(|f| says(f)));
    if error.kind() != ErrorKind::MissingRequiredArgument || (prompt::is_anybody_there() && !never) {
        return error;
    }
    let words_of = kin::command(&error);
    let command = words_of.join(" ");
    // What is only read needs nobody's consent, and neither does a registry that somebody makes.
    let is_besides = words_of.first().is_some_and(|first| BESIDES.contains(&first.as_str()));
    if !is_besides && !COMMANDS.contains(&command.as_str()) {
        return error;
    }
    let lacking = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    let mut flags: Vec<&str> =
        asked_by(&command).iter().copied().filter(|flag| !says(flag) && !lacking.contains(flag)).collect();
    flags.extend((!says("--as") && !is_known_who_acts(words, environment)).then_some("--as"));
    flags.extend((!agreed).then_some("--yes"));
    if !flags.is_empty() {
        let flags = flags.join(tr!("in a list" => ", "));
        let words = StyledStr::from(tr!("nobody can be asked here, so it needs {flags}, too", flags));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![words]));
    }
    error
}
