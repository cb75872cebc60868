//! Values in a call with something pasted around them, which no shell has taken off.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};

use crate::config::Pasted;
use crate::domain::days;
use crate::domain::record::mend;
use crate::domain::{Date, Line, Login, text};
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
            || another_login(value).is_some()
    };
    if !words.iter().skip(1).filter_map(|word| word.to_str()).any(is_pasted) {
        return (words, told);
    }
    each_value(&mut words, &grammar(), &mut |given, name, arg| {
        is_bare(arg).then(|| taken(given, name, arg, home, &mut told))
    });
    (words, told)
}

/// Why a value of a call that is to name a file names none, and what helps: nothing is read or written in a place that nobody meant.
pub(super) fn not_a_path(words: &[OsString], mut root: Command) -> Option<(String, &'static str)> {
    // What an argument is called is known then.
    root.build();
    let mut found = None;
    each_value(&mut words.to_vec(), &root, &mut |given, _, arg| {
        if let Some((why, hint)) = files::names_none(given).filter(|_| is_of::<PathBuf>(arg)) {
            let value = text::quote(given);
            found.get_or_insert((tr!("{argument} doesn't take {value}: {why}", argument = arg, value, why), hint));
        }
        None
    });
    found
}

/// What in a call isn't UTF-8 and has to be.
pub(super) struct NotText {
    pub argument: String,
    /// As far as it can be shown.
    pub value: String,
    /// Whether it names something that stands on a disk.
    pub is_place: bool,
}

/// The first value of a call that isn't UTF-8 and has to be.
pub(super) fn not_text(words: &[OsString], root: &Command) -> Option<NotText> {
    let lossy = |word: &OsString| OsString::from(word.to_string_lossy().into_owned());
    let mut found = None;
    each_value(&mut words.iter().map(lossy).collect::<Vec<_>>(), root, &mut |given, _, arg| {
        if given.contains(char::REPLACEMENT_CHARACTER) && !is_of::<PathBuf>(arg) {
            let is_place = PLACES.contains(&arg.get_id().as_str()) || arg.get_id() == "logo";
            found.get_or_insert_with(|| NotText { argument: arg.to_string(), value: given.to_owned(), is_place });
        }
        None
    });
    found
}

/// Puts for each value of a call what `read` gives for it: it is given the value, what people call its place, and the argument. What
/// isn't UTF-8 stays as it is.
pub(super) fn each_value(
    words: &mut [OsString],
    root: &Command,
    read: &mut dyn FnMut(&str, &str, &Arg) -> Option<OsString>,
) {
    let (mut command, mut positionals, mut only_positionals) = (root, 0, false);
    let mut at = 1;
    while let Some(word) = words.get(at).map(|word| word.to_string_lossy().into_owned()) {
        let flag = word.strip_prefix("--").filter(|_| !only_positionals);
        match flag {
            Some("") => only_positionals = true,
            Some(flag) => {
                let (name, given) = of_flag(&word).map_or((flag, None), |(name, value)| (name, Some(value)));
                let known =
                    [command, root].into_iter().flat_map(Command::get_arguments).find(|arg| is_called(arg, name));
                match (known, given) {
                    (Some(arg), Some(given)) if words[at].to_str().is_some() => {
                        let shown = format!("--{name}");
                        if let Some(meant) = read(given, &shown, arg) {
                            let mut word = OsString::from(format!("{shown}="));
                            word.push(meant);
                            words[at] = word;
                        }
                    }
                    (Some(arg), None) if arg.get_action().takes_values() && !words.get(at + 1).is_some_and(is_flag) => {
                        at += 1;
                        put(words, at, &format!("--{name}"), arg, read);
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
                        put(words, at, &arg.get_id().as_str().to_uppercase(), arg, read);
                    }
                    positionals += 1;
                }
            },
        }
        at += 1;
    }
}

fn put(
    words: &mut [OsString],
    at: usize,
    name: &str,
    arg: &Arg,
    read: &mut dyn FnMut(&str, &str, &Arg) -> Option<OsString>,
) {
    let Some(word) = words.get_mut(at) else { return };
    if let Some(meant) = word.to_str().and_then(|given| read(given, name, arg)) {
        *word = meant;
    }
}

/// A value as it is meant: a path may be named below somebody's home, or by a file's address.
fn taken(given: &str, name: &str, arg: &Arg, home: Option<&Path>, told: &mut Vec<Pasted>) -> OsString {
    let mut meant = Pasted::taken(name, given, told);
    // As an input method writes a day or a number. What a file is called may be so.
    let is_place = is_of::<PathBuf>(arg) || PLACES.contains(&arg.get_id().as_str());
    let day = another_day(&meant).filter(|_| is_of::<Date>(arg));
    let login = another_login(&meant).filter(|_| is_of::<Login>(arg));
    if let Some(read) = day.or(login).or_else(|| in_ascii(&meant).filter(|_| !is_place)) {
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
    days::read(value).filter(|day| day != value)
}

/// A GitHub ID with an @ in front, or as the address of its page.
fn another_login(value: &str) -> Option<String> {
    mend::login(value).filter(|login| login != value && login.parse::<Login>().is_ok())
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
    PLACES.contains(&arg.get_id().as_str()) || !takes_words(arg)
}

/// Whether any text may be its value.
pub(super) fn takes_words(arg: &Arg) -> bool {
    (is_of::<String>(arg) && arg.get_possible_values().is_empty()) || is_of::<Line>(arg)
}

pub(super) fn is_of<T: 'static>(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<T>()
}
