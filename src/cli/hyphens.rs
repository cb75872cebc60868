//! Texts that begin with a hyphen, as items of lists do: clap would have them be flags.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use super::{kin, pasted};
use crate::domain::text;

/// The call with each such text in one word with the flag before it that takes text. What could be a flag is left to be one.
pub(super) fn joined(words: Vec<OsString>, grammar: fn() -> Command) -> Vec<OsString> {
    // Putting the grammar together takes long, and nearly no call needs it.
    if !words.iter().skip(1).any(|word| word.to_str().is_some_and(is_no_flag)) {
        return words;
    }
    let grammar = grammar();
    let known = kin::known_arguments(&grammar, &words);
    let taken = |before: &OsString, word: &OsString| {
        let flag = before.to_str().filter(|flag| of_text(&known, flag).is_some())?;
        Some(format!("{flag}={}", word.to_str().filter(|word| is_no_flag(word))?))
    };
    let (mut out, mut only_positionals) = (Vec::<OsString>::new(), false);
    for word in &words {
        only_positionals |= word == "--";
        match out.last().filter(|_| !only_positionals).and_then(|before| taken(before, word)) {
            Some(both) => {
                out.pop();
                out.push(both.into());
            }
            None => out.push(word.clone()),
        }
    }
    out
}

/// Whether a word begins with a hyphen and is like no flag: those are called by letters, and what they are called has no blank.
fn is_no_flag(word: &str) -> bool {
    let Some(rest) = word.strip_prefix('-') else { return false };
    let name = rest.strip_prefix('-').unwrap_or(rest).split('=').next().unwrap_or_default();
    word != "-"
        && word != "--"
        && (!name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.contains(char::is_whitespace))
}

/// The flag among those `known`, if any text may be its value.
fn of_text<'g>(known: &[&'g Arg], flag: &str) -> Option<&'g Arg> {
    let name = flag.strip_prefix("--")?;
    let takes =
        |arg: &&Arg| arg.get_action().takes_values() && pasted::is_called(arg, name) && pasted::takes_words(arg);
    known.iter().copied().find(takes)
}

/// Whether people's own words are meant for it, which may begin like a flag; no mailbox and no GitHub ID does.
fn is_for_words(arg: &Arg) -> bool {
    arg.get_value_names().is_some_and(|names| names.iter().any(|name| name.as_str() == "TEXT"))
}

/// The error with how to give a text that looks like a flag, where one may be meant.
pub(super) fn told(mut error: clap::Error, grammar: &Command, words: &[OsString]) -> clap::Error {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else { return error };
    let has_none =
        matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(value)) if value.is_empty());
    let is_it = |flag: &str, word: &str| match error.kind() {
        // It ends the flags, and what follows was to be more of them.
        ErrorKind::UnknownArgument if word == "--" => true,
        ErrorKind::UnknownArgument => word.starts_with(argument.as_str()),
        ErrorKind::InvalidValue => has_none && argument.split(' ').next() == Some(flag),
        _ => false,
    };
    let known = kin::known_arguments(grammar, words);
    let pairs = words.iter().zip(words.iter().skip(1)).map(|(flag, word)| Some((flag.to_str()?, word.to_str()?)));
    let meant = pairs.flatten().find(|(flag, word)| {
        word.starts_with('-') && is_it(flag, word) && of_text(&known, flag).is_some_and(is_for_words)
    });
    if let Some((flag, word)) = meant {
        let hint = tr!("where {word} is a text, write {flag}=\"{word}\"", word = text::short(word, 60), flag);
        error.insert(ContextKind::Custom, ContextValue::String(hint));
    }
    error
}
