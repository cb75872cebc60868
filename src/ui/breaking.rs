//! Where a line may be broken: at spaces, and between Chinese characters, which have none.

use std::borrow::Cow;

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter};

/// So many columns, in which an address or a flag stays whole, however long it is.
pub(super) fn options<'a>(columns: usize) -> Options<'a> {
    Options::new(columns)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation)
        .word_separator(WordSeparator::Custom(words))
}

/// Words broken to lines, behind what stands before the first and before all others.
#[must_use]
pub fn filled(words: &str, columns: usize, first: &str, others: &str) -> String {
    textwrap::fill(words, options(columns).initial_indent(first).subsequent_indent(others))
}

/// Lines that are longer broken between words.
pub(super) fn lines(text: &str, columns: usize) -> String {
    text.split('\n').map(|line| broken(line, columns)).collect::<Vec<_>>().join("\n")
}

/// What is there to be copied: broken, it would be something else.
const VERBATIM: [&str; 7] = ["git ", "gh ", "karmada-partner ", "ssh-", "KP-", "--", "Signed-off-by: "];

/// A line broken between words. An indented one goes on below what stands behind its label, or a little further in.
fn broken(line: &str, columns: usize) -> Cow<'_, str> {
    // An escape sequence with an address in it isn't known to have no width.
    if console::measure_text_width(line) <= columns || line.contains("\u{1b}]") {
        return line.into();
    }
    let bare = line.trim_start_matches(' ');
    let indent = line.len() - bare.len();
    let is_data = |words: &str| VERBATIM.iter().any(|begins| words.starts_with(begins));
    if indent == 0 {
        return if is_data(bare) { line.into() } else { textwrap::fill(line, options(columns)).into() };
    }
    let value = bare.find("  ").map_or(bare, |gap| bare[gap..].trim_start_matches(' '));
    let column = console::measure_text_width(&line[..line.len() - value.len()]);
    let is_too_long = |word: Word<'_>| console::measure_text_width(&word) + column > columns;
    let (value, column) = match value.is_empty() || column >= columns / 2 || words(value).any(is_too_long) {
        true => (bare, indent + 2),
        false if value.len() == bare.len() => (bare, indent + 2),
        false => (value, column),
    };
    if is_data(value) {
        return line.into();
    }
    let (before, after) = (&line[..line.len() - value.len()], " ".repeat(column));
    filled(value, columns, before, &after).into()
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

    #[test]
    fn what_stands_behind_a_label_is_broken_below_itself_and_what_is_copied_stays_whole() {
        let long = "  logo               2084×2084 pixels, 35296 bytes, ink across 20 % of the canvas";
        assert_eq!(
            broken(long, 60),
            "  logo               2084×2084 pixels, 35296 bytes, ink\n                     across 20 % of the canvas"
        );
        assert_eq!(broken(long, 100), long);
        for whole in ["  git push origin a-very-long-branch another", "    KP-Note: what somebody said of it"] {
            assert_eq!(broken(whole, 20), whole);
        }
        assert_eq!(broken("a sentence of words", 12), "a sentence\nof words");
        assert_eq!(broken("  a sentence of words", 14), "  a sentence\n    of words");
        assert_eq!(
            broken("  中文名称  华为云计算技术有限公司", 26),
            "  中文名称  华为云计算技术\n            有限公司"
        );
        assert_eq!(lines("\u{1b}[1mx y\u{1b}[0m\nz", 3), "\u{1b}[1mx y\u{1b}[0m\nz");
        assert_eq!(broken("  website  https://a.example/b", 24), "  website\n    https://a.example/b");
        let address = "  website  https://www.example.com/a/long/path/that/does/not/fit";
        assert_eq!(broken(address, 40).replace(['\n', ' '], ""), address.replace(' ', ""), "nothing is lost");
    }
}
