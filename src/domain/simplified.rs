//! Chinese that is written in full, in simplified characters: the same words, for telling who is called alike.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Each character before its simplified one.
const PAIRS: &str = include_str!("simplified.txt");

static SIMPLIFIED: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| {
    let lines = PAIRS.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| line.chars().zip(line.chars().skip(1)).step_by(2)).collect()
});

/// A text in simplified characters; what has none stays.
pub(super) fn simplified(text: &str) -> String {
    let is_chinese = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    let read = |c| if is_chinese(c) { SIMPLIFIED.get(&c).copied().unwrap_or(c) } else { c };
    text.chars().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_in_full_are_read_as_simplified_ones() {
        assert_eq!(simplified("華為雲計算 Cloud"), "华为云计算 Cloud");
        assert_eq!(simplified("紫雲科技（深圳）"), "紫云科技（深圳）");
        assert_eq!(simplified("株式会社"), "株式会社");
        // What is simplified is none of them, so that it stays when it is read once more.
        assert!(SIMPLIFIED.len() > 2_500 && SIMPLIFIED.values().all(|simple| !SIMPLIFIED.contains_key(simple)));
    }
}
