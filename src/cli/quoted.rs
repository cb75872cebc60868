//! What is quoted of a call: harmless to a terminal, and no longer than a person reads.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::domain::text;

/// So many characters of a word are shown.
const MOST: usize = 200;

/// The error with what it quotes shortened, and what could deceive named by its number.
pub(super) fn short(mut error: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidSubcommand, ContextKind::InvalidArg, ContextKind::InvalidValue] {
        let Some(ContextValue::String(word)) = error.get(kind) else { continue };
        let shown = text::short(word, MOST);
        if shown != *word {
            error.insert(kind, ContextValue::String(shown));
        }
    }
    error
}

/// What to write where quotes as texts have them parted what they were to hold together.
pub(super) fn with_plain_quotes(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return None };
    let quote =
        word.chars().find(|c| text::is_typeset_quote(*c)).filter(|_| error.kind() == ErrorKind::UnknownArgument)?;
    Some(tr!("no shell takes {quote} for a quote: write \" before and behind", quote))
}

/// What to write where an argument begins with another dash, as programs that set texts make them of hyphens.
pub(super) fn with_a_hyphen(error: &clap::Error) -> Option<String> {
    let place = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return None,
    };
    let Some(ContextValue::String(word)) = error.get(place) else { return None };
    let is_another = |c: char| matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}');
    let name = word.trim_start_matches(|c| c == '-' || is_another(c));
    let dashes = &word[..word.len() - name.len()];
    let hyphens = if name.chars().nth(1).is_some() { "--" } else { "-" };
    (dashes.contains(is_another) && !name.is_empty())
        .then(|| tr!("it begins with another dash: write {hyphens}{name}", hyphens, name))
}
