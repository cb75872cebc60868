//! What differs between two texts, line by line.

/// A line that only one of two texts has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// `-` for a line of the old text, `+` for one of the new.
    pub sign: char,
    /// The line; bytes that aren't UTF-8 are replaced.
    pub text: String,
}

/// The lines to take away and to add that make the new text from the old one, in the order of the texts.
pub fn changed_lines(old: &[u8], new: &[u8]) -> super::Result<Vec<ChangedLine>> {
    let read = || {
        let mut options = git2::DiffOptions::new();
        options.context_lines(0).force_text(true);
        let patch = git2::Patch::from_buffers(old, None, new, None, Some(&mut options))?;
        let mut lines = Vec::new();
        for hunk in 0..patch.num_hunks() {
            for number in 0..patch.num_lines_in_hunk(hunk)? {
                let line = patch.line_in_hunk(hunk, number)?;
                // Others tell of a missing newline at the end.
                if let sign @ ('-' | '+') = line.origin() {
                    lines.push(ChangedLine { sign, text: String::from_utf8_lossy(line.content()).into_owned() });
                }
            }
        }
        Ok(lines)
    };
    read().map_err(|e: git2::Error| super::RepoError::from_git("can't compare two texts", &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(old: &str, new: &str) -> Vec<String> {
        let lines = changed_lines(old.as_bytes(), new.as_bytes()).unwrap();
        lines.iter().map(|l| format!("{}{}", l.sign, l.text.trim_end())).collect()
    }

    #[test]
    fn lines_go_and_come() {
        assert!(changes("a\nb\n", "a\nb\n").is_empty());
        assert_eq!(changes("a\nb\nc\n", "a\nx\nc\n"), ["-b", "+x"]);
        assert_eq!(changes("", "a\nb\n"), ["+a", "+b"]);
        assert_eq!(changes("a\nb\n", ""), ["-a", "-b"]);
        assert_eq!(changes("1\n2\n3\n4\n5\n6\n7\n8\n", "0\n1\n2\n3\n4\n5\n6\n8\n"), ["+0", "-7"]);
        assert_eq!(changes("a\nb", "a\nb\nc"), ["-b", "+b", "+c"]);
        assert_eq!(changes("a\0b\n", "a\0c\n"), ["-a\0b", "+a\0c"]);
        assert_eq!(changed_lines(b"\xff\n", b"").unwrap()[0].text, "\u{fffd}\n");
    }
}
