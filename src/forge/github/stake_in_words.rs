//! What the words of a review say of a stake, on a line of its own: `Interest: employer`, however people write that. What is quoted is
//! somebody else's word, and what stands in a block of code or a comment is nobody's.

use crate::domain::log::kinds::Interest;
use crate::domain::text;

/// What a text says of a stake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Nothing,
    Said(Interest),
    /// A line begins as if it said something of a stake, and which can't be told.
    Unclear,
    /// Somebody else changed the text, so that nobody knows what its author said.
    Lost,
}

/// How such a line begins.
const NAMES: [&str; 10] = [
    "conflicts of interest",
    "conflict of interest",
    "my interest",
    "interests",
    "interest",
    "利益关系",
    "利益關係",
    "利益冲突",
    "利害关系",
    "利害關係",
];

/// The words for each, the longer ones first.
const WORDS: [(&str, Interest); 14] = [
    ("employer", Interest::Employer),
    ("雇主", Interest::Employer),
    ("任职", Interest::Employer),
    ("任職", Interest::Employer),
    ("other", Interest::Other),
    ("其他", Interest::Other),
    ("其它", Interest::Other),
    ("none", Interest::None),
    ("没有", Interest::None),
    ("沒有", Interest::None),
    ("不存在", Interest::None),
    ("不涉及", Interest::None),
    ("无", Interest::None),
    ("無", Interest::None),
];

/// Reads every line; a stake that is read outweighs all else, and none is taken for said where another line is unclear.
#[must_use]
pub fn told(text: &str) -> Told {
    let (mut all, mut around) = (Told::Nothing, Around::Nothing);
    for line in text.lines() {
        let weight = |told: &Told| match told {
            Told::Nothing => 0,
            Told::Said(Interest::None) => 1,
            Told::Unclear | Told::Lost => 2,
            Told::Said(Interest::Other) => 3,
            Told::Said(Interest::Employer) => 4,
        };
        let voice = around.voice_of(line);
        let one = match (voice, of_line(line)) {
            (Voice::Anothers, _) => Told::Nothing,
            (Voice::Unsure, Told::Said(Interest::None)) => Told::Unclear,
            (Voice::Unsure | Voice::Own, told) => told,
        };
        if weight(&one) > weight(&all) {
            all = one;
        }
    }
    all
}

/// Whose word a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Own,
    /// GitHub shows it as quoted, or as code, and its writer may not have meant that.
    Unsure,
    Anothers,
}

/// In what a line stands.
#[derive(Debug, PartialEq, Eq)]
enum Around {
    Nothing,
    /// A paragraph, which no indented line ends.
    Words,
    /// The lines right behind one that is quoted.
    Quote,
    /// A block of code that begins with so many of a sign.
    Fence(char, usize),
    /// What the next of these words ends.
    Until(&'static str),
}

/// What nobody says in their own voice, by how it begins and ends.
const ASIDE: [(&str, &str); 3] = [("<!--", "-->"), ("<blockquote", "</blockquote>"), ("<pre", "</pre>")];

impl Around {
    /// Whose word the next line is.
    fn voice_of(&mut self, line: &str) -> Voice {
        let line: String = line.chars().map(text::narrow).flat_map(char::to_lowercase).collect();
        let words = line.trim();
        match *self {
            Self::Fence(sign, count) => {
                let ends = words.chars().all(|c| c == sign) && words.chars().count() >= count;
                *self = if ends { Self::Nothing } else { Self::Fence(sign, count) };
                return Voice::Anothers;
            }
            Self::Until(end) => {
                *self = if words.contains(end) { Self::Nothing } else { Self::Until(end) };
                return Voice::Anothers;
            }
            Self::Nothing | Self::Words | Self::Quote => {}
        }
        let fence = ['`', '~'].into_iter().find_map(|sign| {
            let count = words.chars().take_while(|c| *c == sign).count();
            (count >= 3 && (sign == '~' || !words[count..].contains('`'))).then_some((sign, count))
        });
        if let Some((sign, count)) = fence {
            *self = Self::Fence(sign, count);
            return Voice::Anothers;
        }
        if let Some((_, end)) = ASIDE.iter().find(|(begin, end)| words.starts_with(begin) && !words.contains(end)) {
            *self = Self::Until(end);
            return Voice::Anothers;
        }
        let aside = ASIDE.iter().any(|(begin, _)| words.starts_with(begin));
        if aside || is_quoted(words) {
            *self = if aside { Self::Nothing } else { Self::Quote };
            return Voice::Anothers;
        }
        let indented = line.starts_with("    ") || line.starts_with('\t');
        let (next, voice) = match self {
            _ if words.is_empty() => (Self::Nothing, Voice::Own),
            Self::Quote => (Self::Quote, Voice::Unsure),
            Self::Nothing if indented => (Self::Nothing, Voice::Unsure),
            _ => (Self::Words, Voice::Own),
        };
        *self = next;
        voice
    }
}

/// Whether a line is a quoted one, in a list, too.
fn is_quoted(line: &str) -> bool {
    let mut rest = line;
    loop {
        if rest.starts_with('>') {
            return true;
        }
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = match digits.len() < rest.len() {
            true => digits.strip_prefix(['.', ')']),
            false => rest.strip_prefix(['-', '*', '+']),
        };
        match behind.filter(|behind| behind.starts_with(char::is_whitespace)) {
            Some(behind) => rest = behind.trim_start(),
            None => return false,
        }
    }
}

fn of_line(line: &str) -> Told {
    let line = plain(line);
    let line = without_number(line.trim_start_matches(is_mark));
    let Some(rest) = NAMES.iter().find_map(|name| line.strip_prefix(name)) else { return Told::Nothing };
    let behind = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    if behind.len() < rest.len() && !behind.trim_start_matches(is_quiet).starts_with([':', '=']) {
        // "Interesting" is another word, unless it is used as that one.
        return Told::Nothing;
    }
    if behind.len() < rest.len() {
        return Told::Unclear;
    }
    let rest = rest.trim_start_matches(is_mark);
    let found = WORDS.iter().find_map(|(word, interest)| Some((rest.strip_prefix(word)?, *interest)));
    match found {
        Some((behind, _)) if behind.starts_with(|c: char| c.is_ascii_alphanumeric()) => Told::Unclear,
        // "None, but …" isn't none.
        Some((behind, Interest::None)) if !behind.chars().all(|c| is_mark(c) || ends_sentence(c)) => Told::Unclear,
        Some((_, interest)) => Told::Said(interest),
        None => Told::Unclear,
    }
}

/// In lower case, with the letters and signs of full width as the narrow ones, and without tags and what nobody sees.
fn plain(line: &str) -> String {
    let narrow = |c: char| match c {
        '\u{fe55}' | '\u{fe13}' | '\u{2236}' => ':',
        _ => text::narrow(c),
    };
    let is_seen = |c: &char| c.is_whitespace() || !(text::deceives(*c) || text::joins(*c));
    let line: String = line.chars().filter(is_seen).map(narrow).flat_map(char::to_lowercase).collect();
    let (mut out, mut rest) = (String::new(), line.as_str());
    while let Some((before, tag)) = rest.split_once('<') {
        let ended = tag.split_once('>').filter(|_| tag.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()));
        out += before;
        rest = match ended {
            Some((_, behind)) => behind,
            None => tag,
        };
    }
    out += rest;
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line without the number of a list, or the box that can be ticked.
fn without_number(line: &str) -> &str {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let line = match digits.strip_prefix(['.', ')', '、']) {
        Some(rest) if digits.len() < line.len() => rest.trim_start_matches(is_mark),
        _ => line,
    };
    let boxed = line.strip_prefix("x]").unwrap_or(line);
    boxed.trim_start_matches(is_mark)
}

/// Marks that say nothing by themselves: of lists, quotes, headings, code, tables, emphasis.
fn is_mark(c: char) -> bool {
    is_quiet(c)
        || matches!(c, ':' | '=' | '-' | '–' | '—' | '+' | '•' | '·' | '>' | '#' | '|' | '[' | ']' | '(' | '【' | '】')
}

fn is_quiet(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '*' | '_'
                | '~'
                | '`'
                | '\\'
                | '"'
                | '\''
                | '“'
                | '”'
                | '‘'
                | '’'
                | '「'
                | '」'
                | '『'
                | '』'
                | '《'
                | '》'
        )
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '。' | '!' | ';' | ',' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stake_is_read_however_it_is_written() {
        for line in [
            "Interest: employer",
            "INTEREST: EMPLOYER",
            "Interest：employer",
            "Ｉｎｔｅｒｅｓｔ：ｅｍｐｌｏｙｅｒ",
            "`Interest: employer`",
            "Interest: `employer`",
            "**Interest**: employer",
            "**Interest:** employer",
            "__Interest__ : *employer*",
            "<b>Interest</b>: employer<br>",
            "- Interest: employer",
            "* [x] Interest: employer",
            "1. Interest: employer",
            "### Interest: employer",
            "| Interest | employer |",
            "“Interest: employer”",
            "Interest: employer.",
            "Interest: employer, Acme",
            "Interest = employer",
            "Interest - employer",
            "Interest employer",
            "Conflict of interest: employer",
            "\u{200b}Interest:\u{a0}employer",
            "Inter\u{3164}est:\u{2028}employer",
            "利益关系：雇主",
            "利益关系：雇主。",
            "- **利益關係**：employer",
            "Interest: none\nFine.\nInterest: employer",
            "Interest: employer\nInterest: none",
            "Interest: perhaps\r\nInterest: employer\r\nInterest: other",
        ] {
            assert_eq!(told(line), Told::Said(Interest::Employer), "{line}");
        }
        for line in ["Interest: other (customer of ours)", "Interest: Other; we sell it", "利益关系：其他"] {
            assert_eq!(told(line), Told::Said(Interest::Other), "{line}");
        }
        for line in ["Interest: none", "Interest: `none`.", "**Interest**: None!", "利益关系：无。"] {
            assert_eq!(told(line), Told::Said(Interest::None), "{line}");
        }
    }

    #[test]
    fn what_is_quoted_or_code_is_not_its_authors_word() {
        for line in [
            "> Interest: none",
            ">Interest: employer",
            "- > Interest: none",
            "1. > > Interest: employer",
            "＞ Interest: none",
            "> alice said:\n> Interest: none\n\nFine.",
            "```\nInterest: none\n```",
            "~~~ text\nInterest: employer\n~~~",
            "````\n```\nInterest: none\n````",
            "```\nInterest: none",
            "<!--\nInterest: none\n-->",
            "<!-- Interest: none -->",
            "<blockquote>\nInterest: none\n</blockquote>",
            "<pre>Interest: none</pre>",
        ] {
            assert_eq!(told(line), Told::Nothing, "{line}");
        }
        // GitHub shows these so, too; their writer may have meant otherwise.
        for line in ["> Do you work there?\nInterest: none", "Fine.\n\n    Interest: none"] {
            assert_eq!(told(line), Told::Unclear, "{line}");
            assert_eq!(told(&line.replace("none", "employer")), Told::Said(Interest::Employer), "{line}");
        }
        for line in [
            "> Do you work there?\n\nInterest: none",
            "```\nx\n```\nInterest: none",
            "```x``` is fine\nInterest: none",
            "-> Interest: none",
            "> Interest: employer\n\nInterest: none",
            "- Fine:\n    Interest: none",
            "<!-- x -->\n\nInterest: none",
        ] {
            assert_eq!(told(line), Told::Said(Interest::None), "{line}");
        }
    }

    #[test]
    fn what_begins_as_a_stake_and_cannot_be_read_is_never_taken_for_none() {
        for line in [
            "Interest: perhaps",
            "Interest:",
            "Interest",
            "Interest: employers",
            "Interest: none, but my wife works there",
            "Interest: none | employer | other",
            "Interested: employer",
            "利益关系：有",
            "Interest: none\nInterest: yes",
        ] {
            assert_eq!(told(line), Told::Unclear, "{line}");
        }
        for line in
            ["", "Interesting. Fine.", "Interested in this for long.", "In our interest: employer", "No interest"]
        {
            assert_eq!(told(line), Told::Nothing, "{line}");
        }
    }
}
