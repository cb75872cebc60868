//! How text stands in a TSX file: strings with escapes, JSX text with its white space and entities. Both ways.

use crate::domain::entities::named;
use crate::domain::text::{deceives, visible};

/// What stands between a string's quotes or a template's backticks, its escapes resolved. Or why it is no text.
pub(super) fn unescape(raw: &str) -> Result<String, String> {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, &mut out)?,
            // Only a template can have them, and there all line breaks are the same.
            '\r' => {
                let rest = chars.as_str();
                chars = rest.strip_prefix('\n').unwrap_or(rest).chars();
                out.push('\n');
            }
            c => out.push(c),
        }
    }
    Ok(out)
}

fn escape(chars: &mut std::str::Chars<'_>, out: &mut String) -> Result<(), String> {
    let Some(c) = chars.next() else { return Err("a string ends in a backslash".into()) };
    let rest = chars.as_str();
    match c {
        'n' => out.push('\n'),
        'r' => out.push('\r'),
        't' => out.push('\t'),
        'b' => out.push('\u{8}'),
        'f' => out.push('\u{c}'),
        'v' => out.push('\u{b}'),
        '0' if !rest.starts_with(|c: char| c.is_ascii_digit()) => out.push('\0'),
        '0'..='9' => return Err(format!("the escape \\{c} isn't allowed in modules")),
        // A line continued.
        '\r' => *chars = rest.strip_prefix('\n').unwrap_or(rest).chars(),
        '\n' | '\u{2028}' | '\u{2029}' => {}
        'x' | 'u' => {
            let (mut code, mut rest) = code_unit(c, rest).ok_or_else(|| format!("the escape \\{c} isn't complete"))?;
            if (0xd800..0xdc00).contains(&code) {
                let low = rest.strip_prefix("\\u").and_then(|rest| code_unit('u', rest));
                if let Some((low @ 0xdc00..=0xdfff, after)) = low {
                    code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                    rest = after;
                }
            }
            out.push(char::from_u32(code).ok_or_else(|| format!("an escape means no character: {code:x}"))?);
            *chars = rest.chars();
        }
        c => out.push(c),
    }
    Ok(())
}

/// The number of `\xHH`, `\uHHHH` or `\u{…}`, and what stands behind it.
fn code_unit(kind: char, rest: &str) -> Option<(u32, &str)> {
    let (digits, after) = match rest.strip_prefix('{') {
        Some(rest) if kind == 'u' => rest.split_once('}')?,
        _ => rest.split_at_checked(if kind == 'x' { 2 } else { 4 })?,
    };
    Some((hex(digits)?, after))
}

/// Hexadecimal digits only: `from_str_radix` would take a sign.
fn hex(digits: &str) -> Option<u32> {
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// JSX text as React shows it: lines trimmed, blank ones dropped, the rest joined by spaces. Or why that can't be told.
/// Tabs and rare spaces are taken as Babel does, Docusaurus' compiler; TypeScript's would differ.
pub(super) fn jsx(raw: &str) -> Result<String, String> {
    if raw.contains(['\u{2028}', '\u{2029}']) {
        return Err("compilers differ on the line separators U+2028 and U+2029 in JSX".into());
    }
    let breaks = raw.replace("\r\n", "\n").replace('\r', "\n");
    let last = breaks.matches('\n').count();
    let mut shown: Vec<&str> = Vec::new();
    for (at, line) in breaks.split('\n').enumerate() {
        let blank = [' ', '\t'];
        let line = if at == 0 { line } else { line.trim_start_matches(blank) };
        let line = if at == last { line } else { line.trim_end_matches(blank) };
        if !line.is_empty() {
            shown.push(line);
        }
    }
    entities(&shown.join(" ").replace('\t', " "))
}

/// `text` with its entities resolved. What isn't one stays as it is, as in `R&D`.
pub(super) fn entities(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        rest = after;
        // Longer ones aren't looked for.
        let Some((name, behind)) = after.split_once(';').filter(|(name, _)| name.len() <= 10) else {
            out.push('&');
            continue;
        };
        let code = match name.strip_prefix('#').map(|n| (n, n.strip_prefix('x'))) {
            Some((_, Some(digits))) if !digits.is_empty() => hex(digits),
            Some((digits, None)) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
            _ => named(name).map(u32::from),
        };
        match code {
            // Some trim a line before they resolve its entities, and some after.
            Some(9 | 10 | 13 | 32) => return Err(format!("compilers differ on white space such as &{name};")),
            Some(code) => {
                out.push(char::from_u32(code).ok_or_else(|| format!("&{name}; means no character"))?);
                rest = behind;
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// `text` as a JavaScript string between these quotes, which are included. What could act, hide or reorder is escaped.
pub(super) fn literal(text: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            c if c == '\\' || c == quote => out.extend(['\\', c]),
            '\n' => out += "\\n",
            c if c.is_control() || deceives(c) => out += &format!("\\u{{{:x}}}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Whether `text` can stand in JSX as it is, and every compiler, Docusaurus' extractor and React take it for the same.
pub(super) fn is_plain_jsx(text: &str) -> bool {
    let acts = |c: char| matches!(c, '{' | '}' | '<' | '>' | '&') || (c.is_whitespace() && c != ' ');
    !text.is_empty()
        && text.trim() == text
        && !text.contains(acts)
        // Looked upon as comments by linters.
        && !["  ", "//", "/*"].iter().any(|run| text.contains(run))
        && visible(text) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved() {
        for (raw, text) in [
            (r"a\n\t\\\'\x41\u0042\u{1F600}\ud83d\ude00\0\q", "a\n\t\\'AB😀😀\0q"),
            ("a\\\nb\\\r\nc\\\u{2028}d", "abcd"),
            ("a\r\nb\rc", "a\nb\nc"),
        ] {
            assert_eq!(unescape(raw).as_deref(), Ok(text), "{raw}");
        }
        for raw in [
            "\\",
            r"\x4",
            r"\x4é",
            r"\u{}x",
            r"\u{110000}",
            r"\ud800",
            r"\ud800\u0041",
            r"\udc00",
            r"\1",
            r"\01",
            r"\u{+1}",
        ] {
            assert!(unescape(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn jsx_text_is_as_react_shows_it() {
        for (raw, text) in [
            ("\n   a b\t c  \n\n \t d\n  ", "a b  c d"),
            (" a ", " a "),
            ("\r\n a\r b\r\n", "a b"),
            (" \n ", ""),
            (
                "R&D &amp;amp; &lt;b&gt; &#65;&#x1f600; &nope; &; &#; &#x; &#xg; &hearts; &rsaquo;",
                "R&D &amp; <b> A😀 &nope; &; &#; &#x; &#xg; ♥ ›",
            ),
            ("\n a&nbsp;\n", "a\u{a0}"),
        ] {
            assert_eq!(jsx(raw).as_deref(), Ok(text), "{raw:?}");
        }
        for raw in ["a&#32;", "a&#10;b", "&#xd800;", "&#x110000;", "a\u{2028}b"] {
            assert!(jsx(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "\"a\"\\ ${b} `c` \n\r\t\u{2028}\u{202e}\u{feff}\0 */ </Translate> 😀 é";
        for quote in ['"', '\''] {
            let literal = literal(&format!("'{text}'"), quote);
            assert!(literal.chars().all(|c| !c.is_control() && c != '\u{2028}'), "{literal}");
            let inner = literal.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).unwrap();
            assert_eq!(unescape(inner), Ok(format!("'{text}'")));
        }
    }
}
