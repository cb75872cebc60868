//! Words without the markup around them: what a person reads where somebody typed Markdown or HTML.

use std::fmt;

use crate::domain::values::Invalid;
use crate::domain::{entities, text};

/// Something that isn't words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    Comment,
    Markdown,
    /// Words that their writer struck out.
    Struck,
    Html,
    Picture,
    /// Where it leads.
    Link(String),
    /// Characters that nobody sees.
    Invisible,
    /// Quotation marks around all of it.
    Quotes,
    /// The brackets in which forms write what is to be filled in.
    Brackets,
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment => f.write_str(tr!("a comment")),
            Self::Markdown => f.write_str(tr!("Markdown")),
            Self::Struck => f.write_str(tr!("words that are struck out")),
            Self::Html => f.write_str("HTML"),
            Self::Picture => f.write_str(tr!("a picture")),
            Self::Link(target) => f.write_str(&tr!("a link to {target}", target = text::short(target, LONGEST_SHOWN))),
            Self::Invisible => f.write_str(tr!("invisible characters")),
            Self::Quotes => f.write_str(tr!("quotation marks")),
            Self::Brackets => f.write_str(tr!("brackets around it")),
        }
    }
}

/// All of it as a list in a sentence.
#[must_use]
pub fn in_words(taken: &[Taken]) -> String {
    let (shown, more) = taken.split_at(taken.len().min(MOST_SHOWN));
    let more = (!more.is_empty()).then(|| tr!("{more} more", more = more.len()));
    shown.iter().map(ToString::to_string).chain(more).collect::<Vec<_>>().join(tr!("in a list" => ", "))
}

/// So many things are told of one answer, and so much of an address: no comment holds all that can stand in an issue.
const MOST_SHOWN: usize = 6;
const LONGEST_SHOWN: usize = 200;

/// What a text says, and what was taken away to get there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    /// On one line.
    pub text: String,
    /// Each once.
    pub taken: Vec<Taken>,
}

impl Plain {
    fn take(&mut self, what: Taken) {
        if !self.taken.contains(&what) {
            self.taken.push(what);
        }
    }
}

/// Reads what somebody typed into a box.
#[must_use]
pub fn plain(typed: &str) -> Plain {
    let mut out = Plain::default();
    let text = seen(typed, &mut out);
    // One alone may be how a name begins.
    let is_numbered = text.lines().filter(|line| unnumbered(line.trim()).is_some()).count() > 1;
    let text: String = text.lines().map(|line| without_line_marks(line, is_numbered, &mut out) + "\n").collect();
    let text = without_emphasis(&text, &mut out);
    let text = entities::read(&text);
    let visible: String = text.chars().filter(|c| !text::deceives(*c)).map(unescape).collect();
    if text.contains(text::deceives) {
        out.take(Taken::Invisible);
    }
    out.text = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    out
}

/// Why a line isn't plain words, and which would be: of a name, or of a `sentence`, in which emphasis does no harm.
///
/// # Errors
/// When a comment stands in it, a link, or a picture; or a name is all marked up.
pub fn judge(typed: &str, sentence: bool) -> Result<(), Invalid> {
    let Plain { text, taken } = plain(typed);
    // What leads nowhere is an odd name at most.
    let leads = typed.contains("://");
    let begins_marked = typed.trim_start().starts_with(['*', '_', '`', '#', '-', '>', '~'])
        || typed
            .match_indices(['[', ':'])
            .any(|(at, _)| reference(&typed[at..]).is_some() || emoji(&typed[at..]).is_some());
    let harmful = |what: &Taken| match what {
        Taken::Comment => true,
        Taken::Invisible | Taken::Quotes | Taken::Brackets => false,
        Taken::Markdown | Taken::Struck => !sentence && begins_marked,
        Taken::Html => !sentence || leads,
        Taken::Picture | Taken::Link(_) => leads,
    };
    if !sentence && leads && text.split_whitespace().any(|word| word.contains("://")) {
        return Err(Invalid::new(tr!("there is a web address in it"), tr!("write only the name")));
    }
    let markup: Vec<_> = taken.into_iter().filter(harmful).collect();
    if markup.is_empty() {
        return Ok(());
    }
    let words =
        if text.is_empty() { tr!("write plain words").into() } else { tr!("write {text}", text = text::quote(&text)) };
    Err(Invalid::new(tr!("there is {markup} in it", markup = in_words(&markup)), words))
}

/// Without quotation marks or brackets around all of it, and which of them those were.
#[must_use]
pub fn unquoted(typed: &str) -> (&str, Option<Taken>) {
    let inside = |(open, close): (char, char)| {
        let inside = typed.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains([open, close])).then(|| inside.trim())
    };
    let quoted = text::QUOTES.into_iter().find_map(inside).map(|words| (words, Some(Taken::Quotes)));
    let bracketed =
        || [('【', '】'), ('[', ']')].into_iter().find_map(inside).map(|words| (words, Some(Taken::Brackets)));
    quoted.or_else(bracketed).unwrap_or((typed, None))
}

/// Whether a line begins or ends a block of code.
#[must_use]
pub fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// Without comments, which nobody sees.
#[must_use]
pub fn uncommented(typed: &str) -> String {
    let (mut out, mut rest) = (String::new(), typed);
    while let Some((before, after)) = rest.split_once("<!--") {
        out += before;
        rest = after.split_once("-->").map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// No link or tag is longer, in bytes: what seems to be is words.
const LONGEST_MARK: usize = 2_048;

/// So deep lines are quoted and listed within each other, and brackets nested; what is deeper is words.
const DEEPEST: u32 = 64;

/// Without comments, pictures, links and tags; of links their words stay.
fn seen(typed: &str, out: &mut Plain) -> String {
    let text = uncommented(typed);
    if text != typed {
        out.take(Taken::Comment);
    }
    let mut kept = String::new();
    // What is still to be read, the next part last: a link's words come before what follows it.
    let mut parts = vec![text.as_str()];
    while let Some(part) = parts.pop() {
        let Some(at) = part.find(['!', '[', '<', '\\', ':']) else {
            kept += part;
            continue;
        };
        kept += &part[..at];
        let rest = &part[at..];
        let picture = rest.strip_prefix('!').and_then(link);
        if let Some((_, _, after)) = picture {
            out.take(Taken::Picture);
            kept.push(' ');
            parts.push(after);
        } else if let Some((words, target, after)) = link(rest) {
            out.take(Taken::Link(target.to_owned()));
            parts.extend([after, words]);
        } else if let Some((words, after)) = reference(rest) {
            out.take(Taken::Markdown);
            parts.extend([after, words]);
        } else if let Some((target, after)) = definition(rest).filter(|_| begins_line(&kept)) {
            out.take(Taken::Link(target.to_owned()));
            parts.push(after);
        } else if let Some(after) = emoji(rest).filter(|_| !kept.ends_with(char::is_alphanumeric)) {
            out.take(Taken::Markdown);
            kept.push(' ');
            parts.push(after);
        } else if let Some((name, inside, after)) = tag(rest) {
            if let Some(behind) = behind_struck(name, inside, after) {
                out.take(Taken::Struck);
                kept.push(' ');
                parts.push(behind);
                continue;
            }
            match name {
                "" => kept += inside,
                "img" => out.take(Taken::Picture),
                _ => out.take(Taken::Html),
            }
            if !matches!(name, "" | "b" | "i" | "em" | "strong" | "span" | "code" | "sub" | "sup") {
                kept.push(' ');
            }
            parts.push(after);
        } else {
            let escaped = rest.strip_prefix('\\').and_then(|r| r.chars().next()).and_then(escape);
            let first = rest.chars().next().unwrap_or_default();
            kept.push(escaped.unwrap_or(first));
            parts.push(&rest[first.len_utf8() + usize::from(escaped.is_some())..]);
        }
    }
    kept
}

/// Whether what follows stands at the beginning of a line.
fn begins_line(before: &str) -> bool {
    let before = before.trim_end_matches(' ');
    before.is_empty() || before.ends_with('\n')
}

/// As much of a text as a mark in it may be long.
fn near(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_MARK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A backslash keeps Markdown from acting on what follows: until all marks are gone, another character stands for that.
fn escape(c: char) -> Option<char> {
    c.is_ascii_punctuation().then(|| char::from_u32(0xe000 + u32::from(c)))?
}

fn unescape(c: char) -> char {
    let ascii = u32::from(c).checked_sub(0xe000).and_then(char::from_u32).filter(char::is_ascii_punctuation);
    ascii.unwrap_or(c)
}

/// `[words](address)` at the beginning of a text: its words, its address, and what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let inside = text.strip_prefix('[')?;
    let end = closing(inside, '[', ']')?;
    let target = inside[end + 1..].strip_prefix('(')?;
    let close = closing(target, '(', ')')?;
    let address = target[..close].split_whitespace().next().unwrap_or_default();
    let address = address.strip_prefix('<').and_then(|a| a.strip_suffix('>')).unwrap_or(address);
    Some((&inside[..end], address, &target[close + 1..]))
}

/// What refers to something that stands elsewhere, at the beginning of a text: `[words][label]`, `[[words]]`, or a footnote, which has
/// no words here. Gives these, and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('[')?;
    let end = closing(inside, '[', ']')?;
    let (words, after) = (&inside[..end], &inside[end + 1..]);
    if let Some(label) = words.strip_prefix('^') {
        let is_label = !label.is_empty() && !label.contains(char::is_whitespace);
        return is_label.then(|| ("", after.strip_prefix(':').unwrap_or(after)));
    }
    if let Some(words) = words.strip_prefix('[').and_then(|words| words.strip_suffix(']')) {
        return (!words.contains(['[', ']'])).then_some((words, after));
    }
    let label = after.strip_prefix('[')?;
    let close = closing(label, '[', ']').filter(|_| !words.is_empty())?;
    Some((words, &label[close + 1..]))
}

/// Where a reference leads, `[label]: address`, at the beginning of a line; and what follows.
fn definition(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('[')?;
    let end = closing(inside, '[', ']')?;
    let rest = inside[end + 1..].strip_prefix(':')?;
    let (line, after) = rest.split_at(rest.find('\n').unwrap_or(rest.len()));
    let target = line.split_whitespace().next().filter(|target| target.contains("://"))?;
    Some((target, after))
}

/// What follows a picture that is named, as `:rocket:`, at the beginning of a text.
fn emoji(text: &str) -> Option<&str> {
    let inside = text.strip_prefix(':')?;
    let end = inside.find(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '+' | '-'))?;
    let after = inside[end..].strip_prefix(':')?;
    let is_name = inside.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '+' | '-')) && end > 1;
    (is_name && !after.starts_with(char::is_alphanumeric)).then_some(after)
}

/// Where what was opened before is closed, in the same paragraph.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in near(text).char_indices() {
        match c {
            '\n' if text[at..].starts_with("\n\n") => return None,
            c if c == open && depth == DEEPEST => return None,
            c if c == open => depth += 1,
            c if c == close && depth == 0 => return Some(at),
            c if c == close => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What follows the words that a tag strikes out.
fn behind_struck<'t>(name: &str, inside: &str, after: &'t str) -> Option<&'t str> {
    if !matches!(name, "del" | "s" | "strike") || inside.starts_with('/') {
        return None;
    }
    let close = format!("</{name}>");
    let end = near(after).find(&close)?;
    Some(&after[end + close.len()..])
}

/// A tag of HTML's at the beginning of a text: its name, and what follows. An address in angle brackets has no name, and is
/// what stands inside.
fn tag(text: &str) -> Option<(&'static str, &str, &str)> {
    const TAGS: [&str; 39] = [
        "a",
        "b",
        "blockquote",
        "br",
        "center",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "picture",
        "pre",
        "s",
        "source",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "u",
        "ul",
    ];
    let inside = text.strip_prefix('<')?;
    let end = near(inside).find('>')?;
    let (inside, after) = (&inside[..end], &inside[end + 1..]);
    let lower = inside.trim_start_matches('/').to_ascii_lowercase();
    let name = lower.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    if let Some(name) = TAGS.into_iter().find(|tag| *tag == name) {
        return Some((name, inside, after));
    }
    let address = lower.starts_with("http://") || lower.starts_with("https://") || lower.contains('@');
    (address && !inside.contains(char::is_whitespace)).then_some(("", inside, after))
}

/// An item of a numbered list, without its number.
fn unnumbered(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    (1..=3).contains(&digits).then(|| rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))).flatten()
}

/// A line without what makes it a heading, an item, a quotation, a rule or the edge of a code block.
fn without_line_marks(line: &str, is_numbered: bool, out: &mut Plain) -> String {
    let mut line = line.trim();
    let marks = ["# ", "## ", "### ", "#### ", "##### ", "###### ", "- ", "* ", "+ ", "> "];
    for _ in 0..DEEPEST {
        let is_of = |mark: char| line.chars().all(|c| c == mark || c.is_whitespace());
        let is_rule = line.len() >= 3 && ['-', '*', '_', '`', '~'].into_iter().any(is_of);
        if is_rule || is_fence(line) {
            out.take(Taken::Markdown);
            return String::new();
        }
        if let Some(row) = line.strip_prefix('|').and_then(|row| row.strip_suffix('|')) {
            out.take(Taken::Markdown);
            let is_edge = row.chars().all(|c| matches!(c, '-' | ':' | '|') || c.is_whitespace());
            return if is_edge { String::new() } else { row.replace('|', " ") };
        }
        let numbered = || is_numbered.then(|| unnumbered(line)).flatten();
        let Some(rest) = marks.into_iter().find_map(|mark| line.strip_prefix(mark)).or_else(numbered) else { break };
        out.take(Taken::Markdown);
        line = rest.trim();
    }
    line.to_owned()
}

/// Without what makes words bold, slanted, struck out or code.
fn without_emphasis(text: &str, out: &mut Plain) -> String {
    let mut text = text.to_owned();
    for mark in ["***", "**", "__", "~~", "``", "`", "*", "_"] {
        let (mut kept, mut rest, mut before) = (String::new(), text.as_str(), ' ');
        while let Some(at) = rest.find(mark) {
            let (head, tail) = rest.split_at(at);
            kept += head;
            before = head.chars().next_back().unwrap_or(before);
            let inside = &tail[mark.len()..];
            let found = inside.find(mark).filter(|end| {
                let (words, after) = (&inside[..*end], &inside[end + mark.len()..]);
                let tight = !words.is_empty()
                    && !words.starts_with(char::is_whitespace)
                    && !words.ends_with(char::is_whitespace);
                let next = after.chars().next().unwrap_or(' ');
                // Within a word they are letters of it, as in snake_case_names.
                let alone = |c: char| !c.is_ascii_alphanumeric() && !mark.contains(c);
                let apart = alone(before) && alone(next);
                !words.contains('\n') && (mark.starts_with('`') || (tight && (apart || mark.len() > 1 && mark != "__")))
            });
            match found {
                Some(end) => {
                    let (words, what) =
                        if mark == "~~" { ("", Taken::Struck) } else { (&inside[..end], Taken::Markdown) };
                    out.take(what);
                    kept += words;
                    before = words.chars().next_back().unwrap_or(before);
                    rest = &inside[end + mark.len()..];
                }
                None => {
                    kept += mark;
                    before = mark.chars().next_back().unwrap_or(before);
                    rest = inside;
                }
            }
        }
        text = kept + rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn reads(typed: &str, text: &str, taken: &[&str]) {
        let found = plain(typed);
        let told: Vec<String> = found.taken.iter().map(ToString::to_string).collect();
        assert_eq!((found.text.as_str(), told), (text, taken.iter().map(|t| (*t).to_owned()).collect()));
    }

    #[test]
    fn what_a_person_reads_stays() {
        reads("[DaoCloud](https://www.daocloud.io/)", "DaoCloud", &["a link to https://www.daocloud.io/"]);
        reads("**[Acme](<https://a.example> \"t\")**", "Acme", &["a link to https://a.example", "Markdown"]);
        reads("<!-- e.g. Globex -->\nAcme", "Acme", &["a comment"]);
        reads("Acme <!-- open", "Acme", &["a comment"]);
        reads("![logo](https://a.example/l.png)Acme", "Acme", &["a picture"]);
        reads("<img src=\"x\" width=3>Acme<br/>Cloud", "Acme Cloud", &["a picture", "HTML"]);
        reads("<b>Acme</b>", "Acme", &["HTML"]);
        reads("[Acme][1]", "Acme", &["Markdown"]);
        reads("[[Acme]]", "Acme", &["Markdown"]);
        reads("Acme[^1]", "Acme", &["Markdown"]);
        reads("We do.[^a]\n\n[^a]: Since 2021.", "We do. Since 2021.", &["Markdown"]);
        reads("[Acme][1]\n\n[1]: https://a.example", "Acme", &["Markdown", "a link to https://a.example"]);
        reads(":rocket: Acme", "Acme", &["Markdown"]);
        reads("We\n1. do\n2) it", "We do it", &["Markdown"]);
        reads("### We\n\n- do\n- *all* of `it`\n---\n> yes", "We do all of it yes", &["Markdown"]);
        reads("[[Acme]](https://a.example)", "[Acme]", &["a link to https://a.example"]);
        reads("| Acme | Cloud |\n|---|:-:|\n", "Acme Cloud", &["Markdown"]);
        reads("AT&amp;T \\*x\\*", "AT&T *x*", &[]);
        reads(
            "Acme&#39;s &#x26; Bob&rsquo;s&nbsp;Cloud &ndash; A&B; &amp;lt; &bogus; &",
            "Acme's & Bob’s Cloud – A&B; &lt; &bogus; &",
            &[],
        );
        reads("A&#10;B&#27;&#8203;C", "A B C", &["invisible characters"]);
        reads("Acme\u{200b} \u{feff}Cloud", "Acme Cloud", &["invisible characters"]);
        reads("<https://a.example>", "https://a.example", &[]);
        reads("~~Stark~~ Stark Cloud", "Stark Cloud", &["words that are struck out"]);
        reads("since ~~2019~~ **2021**", "since 2021", &["Markdown", "words that are struck out"]);
        reads("<del>Stark</del>Cloud <s>x", "Cloud x", &["words that are struck out", "HTML"]);
        reads("</s>Stark</s> <strike>Cloud</strike> Ltd", "Stark Ltd", &["HTML", "words that are struck out"]);
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in [
            "Acme, Inc.",
            "C#",
            "a_b_c",
            "2 * 3 * 4",
            "A < B > C",
            "[x]",
            "f(x)",
            "华为云（香港）",
            "__init__x",
            "<Acme>",
            "A*",
            "1. FC Acme",
            "Acme: a cloud: ours",
            "12:30:45",
            "a:b:c",
            "arr[1][2",
        ] {
            reads(name, name, &[]);
        }
        assert!(
            judge("https://acme.example/karmada", false).is_err() && judge("Acme (https://a.example)", false).is_err()
        );
        for marked in ["<b>X</b> Corp", "[Wayne][1]", "[[Wayne]]", "Wayne[^1]", ":rocket: Wayne"] {
            assert!(judge(marked, false).is_err(), "{marked}");
        }
        assert!(judge("We do https://acme.example", true).is_ok() && judge("Acme | Cloud", false).is_ok());
        let words = |typed| unquoted(typed).0;
        assert_eq!((words("“Acme”"), words("【青云】"), words("[Acme]")), ("Acme", "青云", "Acme"));
        assert_eq!(unquoted("\"A\" and \"B\""), ("\"A\" and \"B\"", None));
    }

    /// However deep somebody nests, and however long it is, it is read with little stack, and in time that grows no faster than
    /// the text.
    #[test]
    fn nesting_takes_no_stack() {
        let read = || {
            for (open, close) in [
                ("[", "](https://x.example)"),
                ("![", "](x)"),
                ("> ", ""),
                ("- ", ""),
                ("<b>", "</b>"),
                ("<", ""),
                ("**", "**"),
            ] {
                for depth in [2, 40, 20_000] {
                    // A picture's words are left out with it; what follows stays.
                    let typed = format!("{}x{} Acme", open.repeat(depth), close.repeat(depth.min(3_000)));
                    let Plain { text, .. } = plain(&typed);
                    assert!(text.contains("Acme"), "{open} {depth}");
                }
            }
        };
        std::thread::Builder::new().stack_size(256 * 1024).spawn(read).unwrap().join().unwrap();
    }

    proptest! {
        #[test]
        fn no_link_picture_or_comment_is_left(
            parts in prop::collection::vec(
                prop::sample::select(vec!["[", "](https://x.example)", "!", "<!--", "-->", "<img src=x>", "<b>", "a", "\n", "*", "`", "_", "\\", " "]),
                0..14,
            ),
        ) {
            let typed = parts.concat();
            let once = plain(&typed);
            prop_assert!(!once.text.contains("<img src=x>") || typed.contains('\\') , "{typed:?} {once:?}");
            prop_assert!(text::fault(&once.text).is_none(), "{typed:?} {once:?}");
        }
    }
}
