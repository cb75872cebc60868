//! What the website's files say of a partner, and why a file can't be read.

use crate::domain::Slug;

/// A partner's card, as `src/data/partnersData.tsx` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The part of the text's id that names the partner: `partners.<slug>.description`. Empty where the text has no id, and
    /// so no translations.
    pub slug: String,
    /// The name under which the logo is imported. Empty where the card requires it in place.
    pub variable: String,
    pub file: String,
    pub title: String,
    pub web_url: String,
    /// The English text, as the page shows it.
    pub description: String,
}

/// Why a file of the website can't be read or edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct PageFault {
    /// The line on which it shows, from 1.
    pub line: usize,
    /// What is wrong, as a clause.
    pub why: String,
    pub hint: String,
}

impl PageFault {
    pub(super) fn new(line: usize, why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line, why: why.into(), hint: hint.into() }
    }
}

/// The id of a partner's text.
#[must_use]
pub fn message_id(slug: &str) -> String {
    format!("partners.{slug}.description")
}

/// Whether a card tells of who has this short name, by its text's id, or one of these names, by its title.
#[must_use]
pub fn tells_of<'n>(slug_in_id: &str, title: &str, slug: &Slug, names: impl IntoIterator<Item = &'n str>) -> bool {
    slug_in_id.eq_ignore_ascii_case(slug.as_str()) || names.into_iter().any(|name| name == title)
}

/// The partner whose text has this id. `None` for other ids, among them `partners.description`, the page's own.
#[must_use]
pub fn slug_of(id: &str) -> Option<&str> {
    let slug = id.strip_prefix("partners.")?.strip_suffix(".description")?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (!slug.is_empty() && slug.bytes().all(plain)).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_partners_texts_have_a_slug() {
        assert_eq!(slug_of(&message_id("globex-2")), Some("globex-2"));
        for other in
            ["partners.title", "partners.description", "partners..description", "partners.a.b.description", "a"]
        {
            assert_eq!(slug_of(other), None, "{other}");
        }
    }
}
