//! Templates that a registry has of its own, below `templates/`, in place of those that the program brings along.

use super::Snapshot;
use crate::domain::text;
use crate::error::{Error, Result};
use crate::git::Entry;

/// What stands in the file at `path`; nothing where there is no file.
///
/// # Errors
/// When it can't be read as a text: what would go out in its place was never written.
pub fn read(snapshot: &Snapshot<'_>, path: &str) -> Result<Option<String>> {
    match snapshot.repo.at_path(snapshot.tree, path)? {
        Some(entry) if entry.mode.is_file() => of(snapshot, path, &entry).map(Some),
        _ => Ok(None),
    }
}

/// The files right in a folder, by name; and what there is no file, by name as well.
///
/// # Errors
/// The same.
pub fn read_all(snapshot: &Snapshot<'_>, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Found> {
    let mut found = Found::default();
    for entry in snapshot.repo.entries_at(snapshot.tree, folder)? {
        match entry.mode.is_file() && wanted(&entry.name) {
            true => {
                let source = of(snapshot, &format!("{folder}/{}", entry.name), &entry)?;
                found.files.push((entry.name, source));
            }
            false => found.others.push(entry.name),
        }
    }
    Ok(found)
}

/// What stands in a folder of templates.
#[derive(Debug, Default)]
pub struct Found {
    /// Name and content.
    pub files: Vec<(String, String)>,
    /// What isn't read: of another name, or no file.
    pub others: Vec<String>,
}

fn of(snapshot: &Snapshot<'_>, path: &str, entry: &Entry) -> Result<String> {
    let bytes = snapshot.repo.blob(entry.oid)?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let path = text::visible(path);
    String::from_utf8(bytes.to_vec())
        .map_err(|_| Error::usage(tr!("{path} of the registry isn't UTF-8", path)).hint(tr!("save it as UTF-8")))
}
