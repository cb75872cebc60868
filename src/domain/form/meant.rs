//! What short answers mean: that there is nothing to say, or a number among words.

use crate::domain::text;

/// How people write into a box that they have nothing for it. GitHub itself writes the first where nothing is chosen.
const NOTHING: [&str; 18] = [
    "none",
    "n/a",
    "n.a",
    "na",
    "nan",
    "nil",
    "null",
    // As databases and programs write it.
    "\\n",
    "undefined",
    "no",
    "nothing",
    "not applicable",
    "无",
    "没有",
    "暂无",
    "不适用",
    "沒有",
    "無",
];

/// Whether an answer, as plain words, says that there is none.
#[must_use]
pub fn is_nothing(text: &str) -> bool {
    let around = |c: char| matches!(c, '.' | '。' | '!' | '！' | '(' | ')' | '（' | '）') || c.is_whitespace();
    let bare = text.trim_matches(around).to_lowercase();
    let is_dash = |c| matches!(c, '-' | '–' | '—' | '/' | '／' | '_' | '.' | '。');
    (bare.is_empty() || bare.chars().all(is_dash) || NOTHING.contains(&bare.as_str())) && !text.is_empty()
}

/// The one whole number in a text, where it can be no other.
#[must_use]
pub fn number(typed: &str) -> Option<String> {
    let narrow = |c: char| if ('０'..='９').contains(&c) { text::narrow(c) } else { c };
    let text: String = typed.chars().map(narrow).collect();
    let mut runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let one = runs.next().filter(|_| runs.next().is_none())?;
    let at = text.find(one)?;
    let (before, after) = (text[..at].chars().next_back(), text[at + one.len()..].chars().next());
    // A part of a number, of a word such as “K8”, or less than nothing.
    let odd = |c: char| matches!(c, '-' | '−' | '%' | '/') || c.is_ascii_alphabetic();
    (!before.is_some_and(|c| odd(c) || c == '.') && !after.is_some_and(odd)).then(|| one.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_in_many_ways() {
        for typed in ["None", "N/A", "n.a.", "-", "—", "/", "无", "无。", "(none)", "No.", "暂无", "..."] {
            assert!(is_nothing(typed), "{typed}");
        }
        for typed in ["", "None Such Ltd", "无锡", "Nil & Sons", "1", "Norway"] {
            assert!(!is_nothing(typed), "{typed}");
        }
    }

    #[test]
    fn a_number_is_found_where_it_can_be_no_other() {
        for typed in ["12", "12 people", "约 12 人", "12人", "12+", "１２", "about 12."] {
            assert_eq!(number(typed).as_deref(), Some("12"), "{typed}");
        }
        for typed in ["twelve", "-12", "1,200", "12.5", "12%", "3 CKA, 9 CKAD", "K12", "12k", ".5", ""] {
            assert_eq!(number(typed), None, "{typed}");
        }
    }
}
