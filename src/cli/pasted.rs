//! Values in a call with something pasted around them, which no shell has taken off.

use std::any::TypeId;
use std::ffi::OsString;

use clap::{Arg, Command};

use crate::config::Pasted;
use crate::domain::{Line, text};

/// Flags that take any text and mean a place.
const PLACES: [&str; 1] = ["registry"];

/// The call as it is meant, and what isn't read as it stands.
pub fn as_meant(mut words: Vec<OsString>, grammar: fn() -> Command) -> (Vec<OsString>, Vec<Pasted>) {
    let value = |word: &OsString| word.to_str().map(|w| w.split_once('=').map_or(w, |(_, value)| value).to_owned());
    let mut told = Vec::new();
    // Putting the grammar together takes long, and nearly no call needs it.
    if !words.iter().skip(1).filter_map(value).any(|value| text::as_meant(&value).is_some()) {
        return (words, told);
    }
    let root = grammar();
    let (mut command, mut positionals, mut only_positionals) = (&root, 0, false);
    let mut at = 1;
    while let Some(word) = words.get(at).and_then(|word| word.to_str()).map(str::to_owned) {
        let flag = word.strip_prefix("--").filter(|_| !only_positionals);
        match flag {
            Some("") => only_positionals = true,
            Some(flag) => {
                let (name, given) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
                let known =
                    [command, &root].into_iter().flat_map(Command::get_arguments).find(|arg| is_called(arg, name));
                match (known, given) {
                    (Some(arg), Some(given)) if is_bare(arg) => {
                        if let Some((read, pasted)) = Pasted::read(&format!("--{name}"), given) {
                            words[at] = format!("--{name}={read}").into();
                            told.push(pasted);
                        }
                    }
                    (Some(arg), None) if arg.get_action().takes_values() => {
                        at += 1;
                        mend(&mut words, at, &format!("--{name}"), arg, &mut told);
                    }
                    _ => {}
                }
            }
            None if word.starts_with('-') && word.len() > 1 && !only_positionals => {}
            None => match command.find_subcommand(&word).filter(|_| !only_positionals && positionals == 0) {
                Some(below) => command = below,
                None => {
                    let all: Vec<&Arg> = command.get_positionals().collect();
                    if let Some(arg) = all.get(positionals).or_else(|| all.last()) {
                        mend(&mut words, at, &arg.get_id().as_str().to_uppercase(), arg, &mut told);
                    }
                    positionals += 1;
                }
            },
        }
        at += 1;
    }
    (words, told)
}

fn mend(words: &mut [OsString], at: usize, name: &str, arg: &Arg, told: &mut Vec<Pasted>) {
    let Some(word) = words.get_mut(at).filter(|_| is_bare(arg)) else { return };
    if let Some((read, pasted)) = word.to_str().and_then(|given| Pasted::read(name, given)) {
        *word = read.into();
        told.push(pasted);
    }
}

fn is_called(arg: &Arg, name: &str) -> bool {
    arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
}

/// Whether what stands around its value can't be meant, as in a place, a day, a number or one of some words. Answers, which take
/// any text, are mended with the answers.
fn is_bare(arg: &Arg) -> bool {
    let is = |id: TypeId| arg.get_value_parser().type_id() == id;
    let takes_words = (is(TypeId::of::<String>()) && arg.get_possible_values().is_empty()) || is(TypeId::of::<Line>());
    PLACES.contains(&arg.get_id().as_str()) || !takes_words
}
