//! Contacts for entries that come without.

use std::path::Path;

use super::found::Found;
use crate::domain::Field;
use crate::error::{Error, Result};
use crate::files;

/// Contacts by slug or name.
#[derive(Debug, Default)]
pub struct Contacts(Vec<Contact>);

#[derive(Debug, serde::Deserialize)]
struct Contact {
    partner: String,
    #[serde(default)]
    github: String,
    #[serde(default)]
    email: String,
}

impl Contact {
    /// Whether an entry is meant: by its slug or its name.
    fn is_of(&self, entry: &Found) -> bool {
        let slug = entry.draft.slug().ok().map(|s| s.to_string());
        let name = entry.draft.get(Field::Name).map(str::to_lowercase);
        Some(&self.partner) == slug.as_ref() || Some(self.partner.to_lowercase()) == name
    }
}

impl Contacts {
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = files::read(path, 1024 * 1024, "--contacts")?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
        let rows: Result<Vec<Contact>, csv::Error> = reader.deserialize().collect();
        rows.map(Self).map_err(|e| {
            Error::usage(format!("--contacts {}: {e}", path.display()))
                .hint("its first line is partner,github,email; partner is a slug or a name")
        })
    }

    /// Whom none of the entries is.
    pub fn unused(&self, found: &[Found]) -> Vec<String> {
        let unused = self.0.iter().filter(|c| !found.iter().any(|entry| c.is_of(entry)));
        unused.map(|c| c.partner.clone()).collect()
    }

    /// Fills in what an entry doesn't say itself.
    pub fn fill(&self, entry: &mut Found) {
        let Some(contact) = self.0.iter().find(|c| c.is_of(entry)) else { return };
        for (field, value) in [(Field::Github, &contact.github), (Field::Email, &contact.email)] {
            if !value.is_empty() && entry.draft.get(field).is_none() {
                entry.draft.answers.insert(field, value.clone());
            }
        }
    }
}
