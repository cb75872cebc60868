//! Where a line may be broken: at spaces, and between Chinese characters, which have none.

use textwrap::WordSeparator;
use textwrap::core::Word;

/// For everything that is wrapped.
#[must_use]
pub const fn separator() -> WordSeparator {
    WordSeparator::Custom(words)
}

fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut rest = line;
    Box::new(std::iter::from_fn(move || {
        let letters = rest.char_indices().zip(rest.chars().skip(1));
        let end = letters.into_iter().find(|((_, one), next)| may_break(*one, *next));
        let end = end.map_or(rest.len(), |((at, one), _)| at + one.len_utf8());
        let (word, after) = rest.split_at(end);
        rest = after;
        (!word.is_empty()).then(|| Word::from(word))
    }))
}

const fn may_break(one: char, next: char) -> bool {
    let opens = matches!(one, '“' | '（' | '《');
    let closes = matches!(next, '”' | '）' | '》' | '，' | '。' | '；' | '：' | '、' | '？' | ' ');
    (one == ' ' && next != ' ') || ((is_wide(one) || is_wide(next)) && !opens && !closes)
}

const fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_broken_between_characters_and_never_before_what_closes() {
        let options = |width| textwrap::Options::new(width).break_words(false).word_separator(separator());
        let broken = |width| textwrap::wrap("填写，用“短名称”（slug）", options(width));
        for width in [6, 7, 8, 11] {
            for line in broken(width) {
                assert!(!line.starts_with(['，', '”', '）']) && !line.ends_with(['“', '（']), "{width}: {line}");
            }
        }
        assert_eq!(broken(8)[0], "填写，用");
        let english = textwrap::wrap("to be or not", options(6));
        assert_eq!(english, ["to be", "or not"]);
    }
}
