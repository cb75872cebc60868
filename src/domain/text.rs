//! Text from outside is hostile until shown harmless: what may stand in a line, and how to show what may not.

use std::borrow::Cow;
use std::fmt::Write as _;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// Characters that reorder, hide or fake text: bidirectional controls, zero-width ones and others that show nothing (Unicode's
/// `Default_Ignorable_Code_Point`, but for those that [`joins`]), and those whose glyph is blank.
pub(crate) const fn deceives(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}'
        | '\u{13430}'..='\u{13442}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Characters that show nothing of themselves and that scripts and emoji are written with: the two joiners, and how an emoji looks.
pub(crate) const fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// Whether a joiner stands behind what nothing is joined to: a letter of ASCII, or nothing at all.
const fn has_nothing_to_join(c: char, before: char) -> bool {
    joins(c) && before.is_ascii()
}

/// Whether it is printable ASCII, on one line. Nearly all text is, and registries have a lot of it.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}

/// Why `text` may not stand on one line of a record, an event or a commit message; `None` when it may.
#[must_use]
pub fn fault(text: &str) -> Option<String> {
    if text.trim() != text {
        return Some(tr!("it begins or ends with a space").into());
    }
    if is_plain(text) {
        return None;
    }
    let mut before = ' ';
    text.chars().find_map(|c| {
        let code = u32::from(c);
        let hides = has_nothing_to_join(c, before);
        before = c;
        if matches!(c, '\n' | '\r') {
            Some(tr!("it has a line break").into())
        } else if c.is_control() {
            Some(tr!("it has the control character {code}", code = code_point(c)))
        } else if deceives(c) || hides {
            Some(tr!("it has the invisible or direction-changing character {code}", code = code_point(c)))
        } else if c == char::REPLACEMENT_CHARACTER {
            Some(tr!("a letter of it was lost ({code}) when it was saved or copied", code = code_point(c)))
        } else if code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code) {
            Some(tr!("it has the noncharacter {code}", code = code_point(c)))
        } else {
            None
        }
    })
}

/// Whether there is a letter or a digit in it: with compatible ones of their own, none is a mark alone.
#[must_use]
pub(crate) fn has_letter(text: &str) -> bool {
    text.nfkc().any(|c| c.is_alphanumeric() && !is_combining_mark(c))
}

/// The same text with each letter and its marks in one character, where they are apart, as systems and keyboards of Apple's have it:
/// Unicode's NFC. `None` where all are so already.
#[must_use]
pub fn composed(text: &str) -> Option<String> {
    (!is_plain(text)).then(|| text.nfc().collect::<String>()).filter(|composed| composed != text)
}

/// How a character is named that can't be shown.
pub(crate) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// `text` made safe for a terminal: what could move the cursor, hide or reorder is named by its number, as `<U+200B>`.
#[must_use]
pub fn visible(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if c.is_control() || deceives(c) || has_nothing_to_join(c, before) {
            let _ = write!(out, "<{}>", code_point(c));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// The same for words of our own in which something from outside may stand: their line breaks stay.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// `value` as an error quotes it: in quotes, harmless, at most 60 characters.
#[must_use]
pub fn quote(value: &str) -> String {
    format!("“{}”", visible(&cut(value, 60)))
}

/// The same without quotes, for a label, or for words of a library in which something from outside may stand: on one line, and at
/// most so many characters.
#[must_use]
pub fn short(words: &str, most: usize) -> String {
    visible(&cut(&one_line(words), most))
}

/// A word longer than this is nobody's word, in characters.
const WORD: usize = 2_000;

/// Words of our own in which something from outside may stand, without what no screen has room for: of a word that is too long only
/// its beginning stays.
#[must_use]
pub fn without_long_words(text: &str) -> String {
    let short = |word: &str| match word.trim_end().chars().count() {
        long if long > WORD => {
            let space = &word[word.trim_end().len()..];
            format!("{}{space}", cut(word, 200))
        }
        _ => word.to_owned(),
    };
    if text.len() <= WORD { text.to_owned() } else { text.split_inclusive(char::is_whitespace).map(short).collect() }
}

/// At most so many characters of a text. What is seen as one sign, with its marks, isn't taken apart.
fn cut(words: &str, most: usize) -> String {
    let shown = beginning(words, most);
    if shown.len() < words.len() { format!("{shown}…") } else { shown.to_owned() }
}

/// The beginning of a text, of at most so many characters: whole signs, with their marks.
#[must_use]
pub fn beginning(words: &str, most: usize) -> &str {
    if words.len() <= most {
        return words;
    }
    let mut left = most;
    let fits = |sign: &&str| {
        let characters = sign.chars().count();
        let fits = characters <= left;
        left = left.saturating_sub(characters);
        fits
    };
    let length = words.graphemes(true).take_while(fits).map(str::len).sum();
    &words[..length]
}

/// A character of ASCII that somebody typed in its full-width form.
#[must_use]
pub fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Full-width letters, digits and signs as ASCII has them.
#[must_use]
pub fn narrowed(typed: &str) -> String {
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '。' => '.',
        _ => narrow(c),
    };
    typed.chars().map(narrow).collect()
}

/// An address without the name and password that may stand before its last `@`, and all before those.
#[must_use]
pub fn past_user(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, host)| host)
}

/// The scheme of an address, where what stands before `://` is one: it may be a name and a password.
#[must_use]
pub fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once("://")?;
    let is_one = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    is_one.then_some(scheme)
}

/// Whether an address is of this scheme, in letters of whichever case.
#[must_use]
pub fn has_scheme(address: &str, named: &str) -> bool {
    scheme(address).is_some_and(|scheme| scheme.eq_ignore_ascii_case(named))
}

/// `words` of somebody else's program without the names and passwords of addresses in them, and of `known` ones however they are
/// written: nothing stays of what stands before their last `@`.
#[must_use]
pub fn without_secrets<'k>(words: &str, known: impl Iterator<Item = &'k str>) -> String {
    let mut words = words.to_owned();
    for address in known {
        let Some((before, host)) = address.rsplit_once('@') else { continue };
        words = words.replace(address, &format!("…@{host}"));
        // Or only its password, cut out by whoever has read the address otherwise.
        let pair = before.rsplit_once("://").map_or(before, |(_, pair)| pair);
        if let Some((_, password)) = pair.trim_start_matches('/').split_once(':')
            && password.len() > 3
        {
            words = words.replace(password, "…");
        }
    }
    let in_word = |word: &str| match word.split_once("://") {
        Some((before, rest)) => match rest.rsplit_once('@') {
            // Who asks for a name by ssh isn't a secret.
            Some((user, _)) if before.ends_with("ssh") && !user.contains(':') => word.to_owned(),
            Some((_, host)) => format!("{before}://…@{host}"),
            None => word.to_owned(),
        },
        None => word.to_owned(),
    };
    words.split_inclusive(char::is_whitespace).map(in_word).collect()
}

/// Quotes as keyboards and input methods write them, the wrong way round as well.
pub const QUOTES: [(char, char); 18] = [
    ('\'', '\''),
    ('"', '"'),
    ('`', '`'),
    ('“', '”'),
    ('”', '”'),
    ('“', '“'),
    ('”', '“'),
    ('‘', '’'),
    ('’', '’'),
    ('‘', '‘'),
    ('＂', '＂'),
    ('＇', '＇'),
    ('„', '“'),
    ('‹', '›'),
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
    ('«', '»'),
];

/// Whether it is a quote as programs that set texts, and input methods, write one.
#[must_use]
pub fn is_typeset_quote(c: char) -> bool {
    !c.is_ascii() && QUOTES.iter().any(|(open, close)| c == *open || c == *close)
}

/// Without the quotes around it, if both are there.
#[must_use]
pub fn unquoted(typed: &str) -> &str {
    let typed = typed.trim();
    QUOTES.iter().find_map(|(open, close)| typed.strip_prefix(*open)?.strip_suffix(*close)).unwrap_or(typed).trim()
}

/// What somebody means who gives a place, a name or a word with something pasted around it: quotes that no shell has read, spaces,
/// characters that nobody sees. `None` where there is nothing around it, or nothing else.
#[must_use]
pub fn as_meant(given: &str) -> Option<&str> {
    let trimmed = |text| str::trim_matches(text, |c: char| c.is_whitespace() || deceives(c));
    let meant = trimmed(unquoted(trimmed(given)));
    (!meant.is_empty() && meant != given).then_some(meant)
}

/// In which UTF-16 a text is: by its mark, or by zeros, which nobody's text has, and each character of ASCII in UTF-16, always on
/// the same side.
#[must_use]
pub fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    if in_utf32(bytes) {
        return None;
    }
    let zeros = |at: usize| bytes.iter().skip(at).step_by(2).take(200).filter(|b| **b == 0).count();
    let is_wide = |at: usize| zeros(at) * 4 > bytes.len().min(400) / 2 && zeros(1 - at) * 4 < zeros(at);
    let is_so = |mark: [u8; 2], at| bytes.starts_with(&mark) || is_wide(at);
    [(UTF_16LE, [0xff, 0xfe], 1), (UTF_16BE, [0xfe, 0xff], 0)]
        .into_iter()
        .find_map(|(encoding, mark, at)| is_so(mark, at).then_some(encoding))
}

/// Whether a text begins with the mark of UTF-32, which nobody reads.
#[must_use]
pub const fn in_utf32(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..])
}

/// The bytes without what editors and shells put into files unasked (byte order marks, line ends with a CR, UTF-16, as `>` of
/// Windows PowerShell writes it), and what that was, in words. For what is nobody's record: there every byte counts. On Windows
/// all lines end with CRLF, and nobody is told so.
#[must_use]
pub fn without_editors_marks(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<&'static str>) {
    if let Some(encoding) = wide(bytes)
        && let (decoded, false) = encoding.decode_with_bom_removal(bytes)
    {
        let (plain, _) = with_plain_line_ends(decoded.as_bytes());
        return (Cow::Owned(plain.into_owned()), Some(tr!("UTF-16 in place of UTF-8")));
    }
    let mut body = bytes;
    while let Some(rest) = body.strip_prefix("\u{feff}".as_bytes()) {
        body = rest;
    }
    // What isn't text has no line ends: those bytes mean something else there.
    if std::str::from_utf8(body).is_err() || body.contains(&0) {
        return (Cow::Borrowed(bytes), None);
    }
    let marked = body.len() < bytes.len();
    let (plain, ends) = with_plain_line_ends(body);
    let words = match (marked, ends.filter(|ends| *ends != LineEnds::CrLf || !cfg!(windows))) {
        (true, Some(LineEnds::CrLf)) => Some(tr!("a byte order mark and CRLF line ends")),
        (true, Some(LineEnds::Cr)) => Some(tr!("a byte order mark and CR line ends")),
        (true, None) => Some(tr!("a byte order mark")),
        (false, Some(LineEnds::CrLf)) => Some(tr!("CRLF line ends")),
        (false, Some(LineEnds::Cr)) => Some(tr!("CR line ends")),
        (false, None) => None,
    };
    (plain, words)
}

/// How lines end that don't end with LF alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineEnds {
    CrLf,
    /// And no line with LF, as on a Macintosh of before 2001, and in what Excel calls so.
    Cr,
}

fn with_plain_line_ends(body: &[u8]) -> (Cow<'_, [u8]>, Option<LineEnds>) {
    if body.contains(&b'\r') && !body.contains(&b'\n') {
        let plain = body.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect();
        return (Cow::Owned(plain), Some(LineEnds::Cr));
    }
    if !body.windows(2).any(|pair| pair == b"\r\n") {
        return (Cow::Borrowed(body), None);
    }
    let is_end = |at: usize| body[at] == b'\r' && body.get(at + 1) == Some(&b'\n');
    let plain = (0..body.len()).filter(|at| !is_end(*at)).map(|at| body[at]).collect();
    (Cow::Owned(plain), Some(LineEnds::CrLf))
}

/// Several lines made one: what a person typed with line breaks, for a single-line value.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `text` for titles and commit messages: what GitHub would take there for a mention, a reference or a word that closes
/// an issue is broken by an invisible space.
#[must_use]
pub fn inert(text: &str) -> String {
    broken(text, '\u{200b}')
}

/// The same of what somebody says on record, which has no invisible characters: a space that is seen breaks it.
#[must_use]
pub fn at_rest(text: &str) -> String {
    broken(text, ' ')
}

fn broken(text: &str, space: char) -> String {
    let lower = text.to_lowercase();
    let closes = ["close", "fix", "resolve"].iter().any(|word| lower.contains(word));
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        out.push(c);
        let next = chars.peek().copied().unwrap_or(' ');
        let breaks = match c {
            '@' | '#' => next.is_alphanumeric(),
            // `GH-1`.
            '-' => before.eq_ignore_ascii_case(&'h') && next.is_ascii_digit(),
            // An issue's address behind such a word.
            ':' => next == '/' && closes,
            _ => false,
        };
        if breaks {
            out.push(space);
        }
        before = c;
    }
    out
}

/// The nearest of `known` to a name that isn't among them, for "did you mean".
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    near(name, known).min().map(|(_, k)| k)
}

/// Those of `known` that a name may be a slip of, each with how far away it is: of a short one half the letters are no slip.
fn near<'k, 'a>(name: &'k str, known: &'k [&'a str]) -> impl Iterator<Item = (usize, &'a str)> + use<'k, 'a> {
    let lower = name.to_lowercase();
    let all = known.iter().map(move |k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), *k));
    all.filter(|(away, k)| *away <= 1 + longer(name, k) / 3 && 2 * away < longer(name, k))
}

/// How many characters the longer one has.
fn longer(one: &str, other: &str) -> usize {
    one.chars().count().max(other.chars().count())
}

/// Those of all known names of which a name may be a slip or the beginning, as near as each other: whoever begins so, or else who is
/// the fewest letters away.
#[must_use]
pub fn likely<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let begun = |k: &str| k.starts_with(&name) || name.strip_prefix(k).is_some_and(|rest| rest.starts_with('-'));
    let mut likely: Vec<&str> = known.iter().copied().filter(|k| begun(k)).collect();
    if likely.is_empty() {
        let near: Vec<_> = near(&name, known).collect();
        let least = near.iter().map(|(away, _)| *away).min();
        likely = near.into_iter().filter(|(away, _)| Some(*away) == least).map(|(_, k)| k).collect();
    }
    likely.sort_unstable();
    likely.dedup();
    likely
}

/// Whether it is in Chinese as it stands: Chinese characters, and no letters of another script.
#[must_use]
pub fn is_chinese(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(is_han)
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// How many Chinese characters stand in it, and how many words of other letters.
#[must_use]
pub fn characters_and_words(text: &str) -> (usize, usize) {
    let others = |c: char| !c.is_alphabetic() || is_han(c);
    (text.chars().filter(|c| is_han(*c)).count(), text.split(others).filter(|word| !word.is_empty()).count())
}

/// Whether a text is a whole number: digits, and nothing else.
#[must_use]
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How something that was typed is read, both as they can be shown.
#[must_use]
pub(crate) fn is_read_as(field: &str, typed: &str, read: &str) -> String {
    tr!("{field}: {typed} is read as {read}", field, typed, read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_told_from_words_with_a_name_in_it() {
        for (text, found) in [("为您运行 Karmada", (4, 1)), ("We run Karmada for 华为云", (3, 4)), ("", (0, 0))]
        {
            assert_eq!(characters_and_words(text), found, "{text}");
        }
    }

    #[test]
    fn a_joiner_with_nothing_to_join_is_shown() {
        assert_eq!(visible("web\u{200d}site, \u{fe0f}x"), "web<U+200D>site, <U+FE0F>x");
        for joined in ["می\u{200c}خواهم", "👩\u{200d}💻", "☁\u{fe0f}"] {
            assert_eq!(visible(joined), joined);
        }
    }

    #[test]
    fn harmless_text_has_no_fault() {
        for text in ["Globex", "华为", "Neen S.p.A", "Žižkov 🎉", "a b"] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn what_shells_and_editors_of_windows_add_is_taken_off() {
        let text = "schema = 1\r\nname = \"华为\"\r\n";
        let little: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let old = text.replace("\r\n", "\r");
        let marked = format!("\u{feff}\u{feff}{text}");
        let few = format!("\u{feff}{old}");
        for bytes in
            [text.as_bytes(), marked.as_bytes(), &little, &little[2..], &big, &big[2..], old.as_bytes(), few.as_bytes()]
        {
            let (plain, what) = without_editors_marks(bytes);
            assert_eq!(std::str::from_utf8(&plain).unwrap(), "schema = 1\nname = \"华为\"\n");
            assert!(what.is_some() || cfg!(windows));
        }
        // Half a letter is left for whoever reads it to refuse.
        assert_eq!(without_editors_marks(b"\xff\xfea").0, b"\xff\xfea".as_slice());
        let utf32: Vec<u8> =
            [0xfeff].into_iter().chain(text.chars().map(u32::from)).flat_map(u32::to_le_bytes).collect();
        assert_eq!(without_editors_marks(&utf32), (Cow::Borrowed(&*utf32), None));
        // A line break within something else is.
        assert_eq!(without_editors_marks(b"a\rb\n"), (Cow::Borrowed(b"a\rb\n".as_slice()), None));
    }

    #[test]
    fn hostile_text_is_named_and_shown_harmless() {
        for text in [
            " a",
            "a\nb",
            "a\u{1b}[31m",
            "a\u{202e}b",
            "a\u{200b}b",
            "\u{feff}a",
            "a\u{7f}",
            "a\u{fffe}",
            "M\u{fffd}ller",
        ] {
            assert!(fault(text).is_some(), "{text:?}");
        }
        assert_eq!(quote("a\u{1b}[2J\u{202e}"), "“a<U+001B>[2J<U+202E>”");
    }

    /// All that Unicode calls ignorable, by the table of a crate that is kept up to date; and what shows nothing though Unicode
    /// calls it a sign.
    #[test]
    fn whatever_shows_nothing_is_hostile() {
        use unicode_security::general_security_profile::{GeneralSecurityProfile as _, IdentifierType};
        let mut ignorable = 0;
        for c in ('\u{80}'..=char::MAX).filter(|c| !joins(*c)) {
            if c.identifier_type() == Some(IdentifierType::Default_Ignorable) {
                ignorable += 1;
                assert!(deceives(c), "U+{:04X}", u32::from(c));
            }
        }
        assert!(ignorable > 100, "{ignorable}");
        for blank in "\u{2800}\u{1d159}\u{16fe4}\u{13441}\u{fffc}\u{fff4}\u{1d173}\u{1d17a}\u{1bca0}".chars() {
            assert!(fault(&format!("a{blank}b")).is_some(), "U+{:04X}", u32::from(blank));
            assert!(visible(&format!("a{blank}b")).is_ascii());
        }
        for hidden in ["Glo\u{200d}bex", "Acme\u{200c}", "\u{200d}华为", "Acme\u{fe0f}", "华 \u{200d}为"] {
            assert!(fault(hidden).is_some(), "{hidden:?}");
        }
        for written in ["👩\u{200d}💻 team", "❤\u{fe0f}\u{200d}🔥", "می\u{200c}خواهم", "क्\u{200d}ष"]
        {
            assert_eq!(fault(written), None, "{written:?}");
        }
    }

    #[test]
    fn nothing_in_a_title_acts() {
        for (hostile, broken) in [
            ("Fixes #12", "Fixes #\u{200b}12"),
            ("@all", "@\u{200b}all"),
            ("closes GH-1", "closes GH-\u{200b}1"),
            ("fix https://a.example/1", "fix https:\u{200b}//a.example/1"),
        ] {
            assert_eq!(inert(hostile), broken);
        }
        for harmless in ["C# for all", "a - 1", "Website: https://a.example", "H-1B"] {
            assert_eq!(inert(harmless).replace('\u{200b}', ""), harmless);
        }
    }

    #[test]
    fn what_was_pasted_around_a_word_is_not_meant() {
        for given in [
            "“/a b”",
            " /a b",
            "/a b\n",
            "‘/a b’ ",
            "「/a b」",
            "«/a b»",
            "„/a b“",
            "\"/a b\"",
            "'/a b'",
            "\u{202a}/a b",
            "\u{a0}/a b",
        ] {
            assert_eq!(as_meant(given), Some("/a b"), "{given:?}");
        }
        for given in ["/a b", "", " ", "“”", "“", "/a “b”"] {
            assert_eq!(as_meant(given), None, "{given:?}");
        }
    }

    #[test]
    fn a_name_that_is_begun_goes_before_one_that_is_mistyped() {
        let known = ["ada-labs", "dune-ops", "gaia", "globex", "initech", "iris", "juno"];
        for (name, meant) in [
            ("ada", &["ada-labs"][..]),
            ("ini", &["initech"]),
            ("dun", &["dune-ops"]),
            ("i", &["initech", "iris"]),
            ("globx", &["globex"]),
            ("gaia-labs", &["gaia"]),
            ("ade", &[]),
        ] {
            assert_eq!(likely(name, &known), meant, "{name}");
        }
        assert_eq!(likely("acne", &["acme", "acre"]), ["acme", "acre"]);
    }

    #[test]
    fn a_mistyped_name_finds_its_nearest() {
        assert_eq!(nearest("qorum", &["quorum", "threshold"]), Some("quorum"));
        assert_eq!(nearest("zzz", &["quorum", "threshold"]), None);
    }
}
