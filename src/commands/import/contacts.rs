//! Contacts for entries that come without.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::found::Found;
use super::table::field_of;
use crate::domain::limits;
use crate::domain::table::{self, Cells, Notation, Row};
use crate::domain::{Field, text};
use crate::error::{Error, Result};
use crate::files;
use crate::session::Context;

/// Contacts by slug or name.
#[derive(Debug, Default)]
pub struct Contacts(Vec<Contact>);

#[derive(Debug, Default)]
struct Contact {
    partner: String,
    github: String,
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
    pub fn read(ctx: &Context, path: &Path) -> Result<Self> {
        let bytes = files::read(path, limits::TABLE, "--contacts")?;
        let broken = |why: &str| Error::usage(format!("--contacts {}: {}", path.display(), text::visible(why)));
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let (notation, read) = table::open(&bytes, extension, "contact").map_err(|e| broken(&e.why).hint(e.hint))?;
        for remark in read.remarks {
            ctx.ui.warn(&format!("--contacts: {remark}"));
        }
        let broken = |why: &str| {
            broken(why).hint(match notation {
                Notation::Csv => "its first line is partner,github,email; partner is a slug or a name",
                Notation::Json => {
                    r#"write {"partner": "SLUG", "github": "LOGIN", "email": "MAILBOX"} for each, or a list of them"#
                }
                Notation::Toml => "write [[contact]] for each, with partner, github and email below it",
            })
        };
        let mut besides = BTreeSet::new();
        let contact = |Row { number, cells }| {
            // What columns are called stands where they are named.
            let named = read.named_in.unwrap_or(number);
            let cells: Cells = cells.map_err(|why| format!("row {number}: {why}"))?;
            let mut contact = Contact::default();
            for (key, values) in cells {
                let place = match (&*key, field_of(&key)) {
                    ("partner", _) => &mut contact.partner,
                    (_, Some(Field::Github)) => &mut contact.github,
                    (_, Some(Field::Email)) => &mut contact.email,
                    // As `contacts` itself writes them.
                    (_, Some(Field::Name | Field::Website)) => {
                        besides.insert(key);
                        continue;
                    }
                    _ => return Err(format!("row {named}: {} isn't known here", text::quote(&key))),
                };
                if !std::mem::replace(place, values.join(" ")).is_empty() {
                    return Err(format!("row {named}: two columns are {}", text::quote(&key)));
                }
            }
            match contact.partner.is_empty() {
                true => Err(format!("row {number}: it says no partner")),
                false => Ok((number, contact)),
            }
        };
        let contacts: Result<Vec<_>, String> = read.rows.into_iter().map(contact).collect();
        let contacts = contacts.map_err(|why| broken(&why))?;
        if !besides.is_empty() {
            let besides = besides.into_iter().collect::<Vec<_>>().join(", ");
            ctx.ui.warn(&format!("--contacts: only partner, github and email are taken, and not {besides}"));
        }
        let mut rows = BTreeMap::new();
        for (number, contact) in &contacts {
            if let Some(first) = rows.insert(contact.partner.to_lowercase(), number) {
                let why = format!("row {number}: {} stands in row {first} already", text::quote(&contact.partner));
                return Err(broken(&why));
            }
        }
        Ok(Self(contacts.into_iter().map(|(_, contact)| contact).collect()))
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
