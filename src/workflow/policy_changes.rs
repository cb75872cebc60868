//! What a new policy would change, in words.

use crate::domain::paths::PROGRAM;
use crate::domain::text;
use crate::error::Result;
use crate::git::changed_lines;

/// How a proposed policy differs from the present one, line by line.
///
/// # Errors
/// When git can't compare them.
pub fn changes(present: &[u8], proposed: &[u8]) -> Result<String> {
    let lines = changed_lines(present, proposed)?.into_iter().map(|line| {
        let line = format!("  {} {}", line.sign, text::visible(line.text.trim_end()));
        format!("{}\n", line.trim_end())
    });
    Ok(format!("Changes to {PROGRAM}:\n{}", lines.collect::<String>()))
}
