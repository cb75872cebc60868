//! A command as it is to be typed once more: on the same registry, and as the same person.

use super::Context;
use crate::web::ways;

impl Context {
    /// The call that leads back here, with what was said of where and who.
    #[must_use]
    pub(crate) fn again(&self, command: &str) -> String {
        let registry = self.globals.registry.as_deref().map(|at| format!(" --registry {}", quoted(at)));
        let actor = self.globals.actor.as_ref().map(|who| format!(" --as {who}"));
        let call = ["karmada-partner ", command].into_iter().map(str::to_owned).chain(registry).chain(actor);
        ways::without_secrets(&call.collect::<String>(), &[])
    }
}

/// A word as shells read it back.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/.:-_@~+,=%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (word, written) in [
            ("github:o/r", "github:o/r"),
            ("/home/me/our registry.git", "'/home/me/our registry.git'"),
            ("it's", "'it'\\''s'"),
            ("https://example.com/a?b&c", "'https://example.com/a?b&c'"),
        ] {
            assert_eq!(quoted(word), written);
        }
    }
}
