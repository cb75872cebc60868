//! Words as a shell reads them back: whatever is to be typed or pasted there, of commands that hints tell.

use std::path::Path;

use super::text;

/// A word as shells read it back.
pub(crate) fn quoted(word: &str) -> String {
    let word = text::visible(word);
    let is_plain = |c: char| c.is_alphanumeric() || "/.:-_@~+,=%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// A path as shells read it back.
pub(crate) fn path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (word, written) in [
            ("github:o/r", "github:o/r"),
            ("/home/me/our registry.git", "'/home/me/our registry.git'"),
            ("it's", "'it'\\''s'"),
            ("$x;`y`", "'$x;`y`'"),
            ("", "''"),
            ("https://example.com/a?b&c", "'https://example.com/a?b&c'"),
        ] {
            assert_eq!(quoted(word), written);
        }
        assert_eq!(path(Path::new("my reg.git")), "'my reg.git'");
    }
}
