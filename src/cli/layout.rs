//! The parts of which a page of help is made.

use crate::language;
use crate::ui::breaking;

/// What stands in the code as help, in the language that is spoken.
pub(super) fn said(english: &str) -> &str {
    language::chinese(english).unwrap_or(english)
}

pub(super) fn heading(words: &str) -> String {
    let style = clap::builder::Styles::styled();
    let style = style.get_header();
    format!("{style}{words}{style:#}")
}

/// A name and what it is, wrapped beside it.
pub(super) fn entry(name: &str, column: usize, words: &str, width: usize) -> String {
    filled(words, &format!("  {name:<column$}  "), &" ".repeat(column + 4), width) + "\n"
}

/// Words wrapped, behind what stands before the first line and before all others.
pub(super) fn filled(words: &str, first: &str, others: &str, width: usize) -> String {
    breaking::filled(words, width, first, others)
}
