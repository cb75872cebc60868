//! What of a document only TOML 1.1 knows, or parsers have bounds of their own for. The parser reads that, and other verifiers, with
//! Python's own parser, don't: what counts as readable is the same for all.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// Where something stands that TOML 1.0 doesn't know, in bytes.
pub(super) fn beyond(source: &str) -> Option<usize> {
    let (mut nested, mut after_comma) = (Vec::new(), false);
    for token in Source::new(source).lex() {
        let (start, end) = (token.span().start(), token.span().end());
        let text = source.get(start..end).unwrap_or_default();
        let inline = nested.last() == Some(&TokenKind::LeftCurlyBracket);
        let newer = match token.kind() {
            kind @ (TokenKind::LeftCurlyBracket | TokenKind::LeftSquareBracket) => {
                nested.push(kind);
                false
            }
            TokenKind::RightSquareBracket => {
                nested.pop();
                false
            }
            // A table on one line has no comma at its end, nor any other line.
            TokenKind::RightCurlyBracket => {
                nested.pop();
                after_comma
            }
            TokenKind::Newline | TokenKind::Comment => inline,
            TokenKind::BasicString | TokenKind::MlBasicString => has_newer_escape(text),
            TokenKind::Atom => is_time_without_seconds(text),
            _ => false,
        };
        if newer {
            return Some(start);
        }
        if !matches!(token.kind(), TokenKind::Whitespace) {
            after_comma = matches!(token.kind(), TokenKind::Comma);
        }
    }
    None
}

/// How many tables and lists stand within each other below a document, at most; far fewer than make a parser give up.
pub(super) const DEEPEST: usize = 32;

/// How many digits a number has at most: Python converts no more of them.
pub(super) const LONGEST: usize = 4_300;

/// Where something stands that parsers have bounds of their own for, or that only some take for a number.
pub(super) fn read_otherwise(document: &Spanned<DeTable<'_>>) -> Option<Range<usize>> {
    document.get_ref().values().find_map(|value| odd_value(value, 1))
}

fn odd_value(value: &Spanned<DeValue<'_>>, deep: usize) -> Option<Range<usize>> {
    let odd = match value.get_ref() {
        DeValue::Array(_) | DeValue::Table(_) if deep > DEEPEST => true,
        DeValue::Array(list) => return list.iter().find_map(|value| odd_value(value, deep + 1)),
        DeValue::Table(table) => return table.values().find_map(|value| odd_value(value, deep + 1)),
        DeValue::Integer(number) => {
            let digits = number.as_str().trim_start_matches(['+', '-']).len();
            digits == 0 || (number.radix() == 10 && digits > LONGEST)
        }
        DeValue::Datetime(at) => {
            at.date.is_some_and(|date| date.year == 0) || at.time.is_some_and(|time| time.second == Some(60))
        }
        _ => false,
    };
    odd.then(|| value.span())
}

/// `\e` and `\x41`.
fn has_newer_escape(string: &str) -> bool {
    let mut bytes = string.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && matches!(bytes.next(), Some(b'e' | b'x')) {
            return true;
        }
    }
    false
}

fn is_time_without_seconds(atom: &str) -> bool {
    let Some((before, rest)) = atom.split_once(':') else { return false };
    let hours = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    // What stands behind a sign is how far a clock is from UTC.
    let begins = before.len() == hours || before[..before.len() - hours].ends_with(['T', 't']);
    let minutes = rest.bytes().take_while(u8::is_ascii_digit).count();
    hours == 2 && begins && minutes == 2 && !rest[minutes..].starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parsers_have_bounds_for_is_found() {
        let nested = |deep: usize| format!("a = {}{}", "[".repeat(deep), "]".repeat(deep));
        for (document, odd) in [
            (nested(DEEPEST), false),
            (nested(DEEPEST + 1), true),
            (format!("[{}]\n", ["a"; DEEPEST].join(".")), false),
            (format!("{} = {{}}\n", ["a"; DEEPEST + 1].join(".")), true),
            ("a = 0000-01-01".into(), true),
            ("a = [{ b = 0000-01-01T00:00:00Z }]".into(), true),
            ("a = 0001-01-01".into(), false),
            ("[[a]]\nb = 2026-06-30T23:59:60Z".into(), true),
            ("a = 23:59:60".into(), true),
            ("a = 23:59:59.5".into(), false),
            ("a = 0x".into(), true),
            ("[a]\nb = [0o, 1]".into(), true),
            ("a = {b = 0b}".into(), true),
            ("0x = 0x0".into(), false),
            (format!("a = -{}", "1".repeat(LONGEST)), false),
            (format!("a = {}_1", "1".repeat(LONGEST)), true),
            (format!("a = 0x{}", "1".repeat(LONGEST + 1)), false),
            (format!("a = 0.{}", "1".repeat(LONGEST + 1)), false),
        ] {
            assert_eq!(read_otherwise(&DeTable::parse(&document).unwrap()).is_some(), odd, "{document}");
        }
    }

    #[test]
    fn what_only_the_next_version_knows_is_found() {
        for newer in [
            "a = \"\\x41\"",
            "a = \"\"\"x\n\\e\"\"\"",
            "\"\\x41\" = 1",
            "a = { b = 1, }",
            "a = { b = 1,\n c = 2 }",
            "a = { b = 1 # one\n }",
            "a = [{ b = 1\n}]",
            "a = 07:32",
            "a = 2026-01-01T07:32Z",
            "a = 2026-01-01 07:32+01:00",
        ] {
            assert!(toml::de::DeTable::parse(newer).is_ok(), "{newer}");
            assert!(beyond(newer).is_some(), "{newer}");
        }
        for known in [
            "a = \"\\\\x41 \\u0041\\\\e\"",
            "a = '\\x41'",
            "# \\x41 { ,}\na = 1",
            "a = { b = [\n1,\n], c = 2 }",
            "a = [1,\n# one\n2, ]",
            "[[a]]\nb = 07:32:00\nc = 2026-01-01T07:32:00.5+01:00\nd = 2026-01-01\n",
        ] {
            assert_eq!(beyond(known), None, "{known}");
        }
    }
}
