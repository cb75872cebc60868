//! Descriptions that are too long, made shorter.

use crate::domain::record::Description;
use crate::domain::text::beginning;

/// A description that is too long, cut behind a sentence so that a card can show it, or at least the record; `None` where it
/// isn't.
#[must_use]
pub fn shortened(text: &str) -> Option<String> {
    if text.chars().count() <= Description::LONGEST {
        return None;
    }
    let fits = |short: &&str| short.parse::<Description>().is_ok();
    let shown = |short: &&str| short.parse::<Description>().is_ok_and(|d| d.overflow().is_none());
    let sentences: Vec<&str> = ends(text).map(|end| text[..end].trim()).collect();
    let whole = sentences.iter().rev().find(|s| shown(s)).or_else(|| sentences.iter().rev().find(|s| fits(s)));
    Some(whole.map_or_else(|| cut(text), |s| (*s).to_owned()))
}

/// Where sentences end.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let next = |at: usize| text[at..].chars().next();
    text.char_indices().filter_map(move |(at, c)| {
        let end = at + c.len_utf8();
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => next(end).is_none_or(char::is_whitespace),
            _ => false,
        };
        ends.then_some(end)
    })
}

/// Cut behind a word, where there is no sentence to end with.
fn cut(text: &str) -> String {
    let short = beginning(text, Description::LONGEST - 1);
    let words = short.rsplit_once(' ').map_or(short, |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ' ', '，', '、']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_description_ends_behind_a_sentence() {
        let sentence = "We run Karmada for banks, see v1.2 of it. ";
        let short = shortened(&sentence.repeat(20)).unwrap();
        assert!(short.ends_with("of it.") && short.len() <= Description::CARD, "{short}");
        let chinese = shortened(&"我们为银行提供支持。".repeat(60)).unwrap();
        assert!(chinese.ends_with('。') && chinese.parse::<Description>().unwrap().overflow().is_none());
        let endless = shortened(&"word ".repeat(200)).unwrap();
        assert!(endless.ends_with("word…") && endless.chars().count() <= Description::LONGEST);
        assert_eq!(shortened("Short."), None);
    }
}
