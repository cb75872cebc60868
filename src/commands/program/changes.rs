//! What a new policy would change, in words.

use crate::domain::paths::PROGRAM;
use crate::domain::text;

/// How a proposed policy differs from the present one, line by line.
#[must_use]
pub fn changes(present: &[u8], proposed: &[u8]) -> String {
    let (old, new) = (String::from_utf8_lossy(present), String::from_utf8_lossy(proposed));
    let difference = similar::TextDiff::from_lines(old.as_ref(), new.as_ref());
    let lines = difference.iter_all_changes().filter_map(|change| {
        let sign = match change.tag() {
            similar::ChangeTag::Equal => return None,
            similar::ChangeTag::Delete => '-',
            similar::ChangeTag::Insert => '+',
        };
        let line = format!("  {sign} {}", text::visible(change.value().trim_end()));
        Some(format!("{}\n", line.trim_end()))
    });
    format!("Changes to {PROGRAM}:\n{}", lines.collect::<String>())
}
