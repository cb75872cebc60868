//! The blocks in the text of a review: a vote, and the evidence that it names.

use crate::domain::Sha256;
use crate::domain::paths::evidence_fault;

/// The evidence with this hash in a text: the lines of a code block.
#[must_use]
pub fn evidence_of(body: &str, hash: Sha256) -> Option<Vec<u8>> {
    let lines: Vec<&str> = body.lines().map(|l| l.trim_end_matches('\r')).collect();
    let mut begins = (0..lines.len()).filter(|at| lines[*at].starts_with("```"));
    begins.find_map(|at| {
        let fence = &lines[at][..lines[at].len() - lines[at].trim_start_matches('`').len()];
        let inside = lines[at + 1..].iter().take_while(|line| **line != fence);
        let bytes = inside.flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect::<Vec<u8>>();
        evidence_fault(hash, &bytes).is_none().then_some(bytes)
    })
}

/// The one vote block in a text; none when there are several.
#[must_use]
pub fn block_in(body: &str) -> Option<String> {
    let lines: Vec<&str> = body.lines().map(|l| l.trim_end_matches('\r')).collect();
    let mut begins = lines.iter().enumerate().filter(|(_, l)| l.starts_with("KP-Vote: "));
    let (begin, _) = begins.next()?;
    if begins.next().is_some() {
        return None;
    }
    let block: String = lines[begin..].iter().take_while(|l| l.starts_with("KP-")).map(|l| format!("{l}\n")).collect();
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_found_among_words_and_only_alone() {
        let body = "**Approve.**\r\n\r\n```text\r\nKP-Vote: v1 approve\r\nKP-Partner: a\r\n```\r\n";
        assert_eq!(block_in(body).unwrap(), "KP-Vote: v1 approve\nKP-Partner: a\n");
        assert_eq!(block_in(&format!("{body}{body}")), None);
        assert_eq!(block_in("LGTM"), None);
    }
}
