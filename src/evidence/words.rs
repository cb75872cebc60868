//! Finding names in running text, whatever the case, the accents' spelling, hyphens and legal forms.

use crate::domain::legal_forms;
use crate::domain::names::{company, fold};

/// A text's words, folded. Where letters of scripts that leave no spaces meet others, a word ends.
#[derive(Debug, Default)]
pub(super) struct Words {
    words: Vec<String>,
    all: String,
}

/// Whether a script is written without spaces between words: Thai and its neighbors, Han, Kana and the like.
const fn is_dense(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}') || c >= '\u{2e80}'
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut last: Option<char> = None;
        for c in fold(text).chars() {
            if !c.is_alphanumeric() {
                last = None;
                continue;
            }
            match words.last_mut() {
                Some(word) if last.is_some_and(|last| is_dense(last) == is_dense(c)) => word.push(c),
                _ => words.push(c.to_string()),
            }
            last = Some(c);
        }
        Self { all: words.concat(), words }
    }

    /// Whether a name stands there: as whole words, where its script has words.
    pub(super) fn name(&self, name: &str) -> bool {
        // Signs are in none of the words. What is left of a shorter one, fewer letters than that, stands on many pages by chance.
        let shorter = legal_forms::words(name).concat();
        self.has(&company(name)) || (shorter.chars().count() > 2 && self.has(&shorter))
    }

    fn has(&self, wanted: &str) -> bool {
        if wanted.chars().any(is_dense) {
            return self.all.contains(wanted);
        }
        let starts_here = |rest: &[String]| {
            let mut left = wanted;
            for word in rest {
                match left.strip_prefix(word.as_str()) {
                    Some("") => return true,
                    Some(more) => left = more,
                    None => return false,
                }
            }
            false
        };
        (0..self.words.len()).any(|from| starts_here(&self.words[from..]))
    }

    /// How often a word stands there, alone.
    pub(super) fn count(&self, word: &str) -> usize {
        self.words.iter().filter(|w| *w == word).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_whole_words() {
        let found = |name: &str, text: &str| Words::of(text).name(name);
        for (name, text) in [
            ("Acme Cloud", "Welcome to ACME CLOUD!"),
            ("Notepad++ GmbH", "Notepad++ is an editor"),
            ("Acme Cloud", "acme-cloud"),
            ("Acme Cloud, Inc.", "© 2026 Acme Cloud"),
            ("AcmeCloud", "Acme Cloud"),
            ("Acme", "Acme's engineers"),
            ("T-Systems GmbH", "T-Systems International"),
            ("Neen S.p.A.", "About Neen S.p.A."),
            ("DSK", "DSK: support"),
            ("Žižkov", "Z\u{30c}iz\u{30c}kov"),
            ("华为", "欢迎来到华为云"),
            ("Huawei", "华为Huawei云"),
            ("道客", "上海道客网络科技"),
        ] {
            assert!(found(name, text), "{name} in {text}");
        }
        for (name, text) in [("DSK", "desktop DSKs"), ("Acme", "Pacme Acmeister"), ("Acme Cloud", "Acme and Cloud")] {
            assert!(!found(name, text), "{name} in {text}");
        }
        assert_eq!(Words::of("Karmada, karmada; 支持Karmada。karmadactl").count("karmada"), 3);
    }
}
