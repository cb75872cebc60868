//! Values in a call with something pasted around them, which no shell has taken off.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};

use crate::config::Pasted;
use crate::domain::record::mend;
use crate::domain::{Date, Line, text};
use crate::files;

/// Flags that take any text and mean a place.
const PLACES: [&str; 1] = ["registry"];

/// The call as it is meant, and what isn't read as it stands. `home` is what `~/` stands for, where no shell has read it.
pub fn as_meant(
    mut words: Vec<OsString>,
    grammar: fn() -> Command,
    home: Option<&Path>,
) -> (Vec<OsString>, Vec<Pasted>) {
    let mut told = Vec::new();
    // Putting the grammar together takes long, and nearly no call needs it.
    let is_pasted = |word: &str| {
        let value = of_flag(word).map_or(word, |(_, value)| value);
        text::as_meant(value).is_some()
            || files::named_elsewhere(value, home).is_some()
            || in_ascii(value).is_some()
            || another_day(value).is_some()
    };
    if !words.iter().skip(1).filter_map(|word| word.to_str()).any(is_pasted) {
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
                let (name, given) = of_flag(&word).map_or((flag, None), |(name, value)| (name, Some(value)));
                let known =
                    [command, &root].into_iter().flat_map(Command::get_arguments).find(|arg| is_called(arg, name));
                match (known, given) {
                    (Some(arg), Some(given)) if is_bare(arg) => {
                        let shown = format!("--{name}");
                        let mut word = OsString::from(format!("{shown}="));
                        word.push(taken(given, &shown, arg, home, &mut told));
                        words[at] = word;
                    }
                    (Some(arg), None) if arg.get_action().takes_values() && !words.get(at + 1).is_some_and(is_flag) => {
                        at += 1;
                        mend(&mut words, at, &format!("--{name}"), arg, home, &mut told);
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
                        mend(&mut words, at, &arg.get_id().as_str().to_uppercase(), arg, home, &mut told);
                    }
                    positionals += 1;
                }
            },
        }
        at += 1;
    }
    (words, told)
}

fn mend(words: &mut [OsString], at: usize, name: &str, arg: &Arg, home: Option<&Path>, told: &mut Vec<Pasted>) {
    let Some(word) = words.get_mut(at).filter(|_| is_bare(arg)) else { return };
    if let Some(given) = word.to_str() {
        *word = taken(given, name, arg, home, told);
    }
}

/// A value as it is meant: a path may be named below somebody's home, or by a file's address.
fn taken(given: &str, name: &str, arg: &Arg, home: Option<&Path>, told: &mut Vec<Pasted>) -> OsString {
    let mut meant = Pasted::taken(name, given, told);
    // As an input method writes a day or a number. What a file is called may be so.
    let is_place = is_of::<PathBuf>(arg) || PLACES.contains(&arg.get_id().as_str());
    let day = another_day(&meant).filter(|_| is_of::<Date>(arg));
    if let Some(read) = day.or_else(|| in_ascii(&meant).filter(|_| !is_place)) {
        told.push(Pasted { name: name.to_owned(), shown: Some((meant, read.clone())) });
        meant = read;
    }
    match is_of::<PathBuf>(arg).then(|| files::named_elsewhere(&meant, home)).flatten() {
        Some(path) => path.into(),
        None => meant.into(),
    }
}

/// A day that isn't written as days are here.
fn another_day(value: &str) -> Option<String> {
    mend::day(value).filter(|day| day != value)
}

/// What has full-width letters, digits or signs, in those of ASCII; `None` where other characters stand there, too.
fn in_ascii(value: &str) -> Option<String> {
    let narrow = text::narrowed(value);
    (narrow.is_ascii() && value.chars().any(|c| text::narrow(c) != c)).then_some(narrow)
}

/// A flag and its value, where they are one word.
fn of_flag(word: &str) -> Option<(&str, &str)> {
    word.strip_prefix("--")?.split_once('=')
}

/// Whether a word begins a flag: it is no value of the one before, which may have none.
fn is_flag(word: &OsString) -> bool {
    word.to_str().is_some_and(|word| word.starts_with("--"))
}

pub(super) fn is_called(arg: &Arg, name: &str) -> bool {
    arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
}

/// Whether what stands around its value can't be meant, as in a place, a day, a number or one of some words. Answers, which take
/// any text, are mended with the answers.
fn is_bare(arg: &Arg) -> bool {
    let takes_words = (is_of::<String>(arg) && arg.get_possible_values().is_empty()) || is_of::<Line>(arg);
    PLACES.contains(&arg.get_id().as_str()) || !takes_words
}

fn is_of<T: 'static>(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<T>()
}
