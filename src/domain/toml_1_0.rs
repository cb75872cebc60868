//! What of a document only TOML 1.1 knows. The parser reads that, and other verifiers, with Python's own parser, don't: what counts
//! as readable is the same for all.

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
