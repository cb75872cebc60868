//! What an earlier run found out, kept in a file with a checksum. Forgetting costs time only: what is damaged, or was found out by
//! another version, is found out anew.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What this very version kept there, in no more bytes than `most`: a line with the version and a checksum of the rest, then JSON,
/// or lines.
pub fn read<T: DeserializeOwned>(file: &Path, most: usize, version: &str) -> Option<T> {
    read_text(file, most, version).and_then(|text| serde_json::from_str(&text).ok())
}

/// The same as text.
pub fn read_text(file: &Path, most: usize, version: &str) -> Option<String> {
    kept(file, most, version).ok().flatten()
}

/// The same as bytes.
pub fn read_bytes(file: &Path, most: usize, version: &str) -> Option<Vec<u8>> {
    kept_bytes(file, most, version).ok().flatten()
}

/// The same, where it matters whether something was kept; `None` where nothing was.
///
/// # Errors
/// When it can't be read, or is damaged: why, in words.
pub fn kept(file: &Path, most: usize, version: &str) -> Result<Option<String>, String> {
    // Judged once as text: from bytes, each string would be judged by itself.
    let text = |bytes| String::from_utf8(bytes).map_err(|_| damaged(file));
    kept_bytes(file, most, version)?.map(text).transpose()
}

fn damaged(file: &Path) -> String {
    tr!("{path} is damaged", path = file.display())
}

fn kept_bytes(file: &Path, most: usize, version: &str) -> Result<Option<Vec<u8>>, String> {
    match file.symlink_metadata() {
        Err(e) if super::is_absence(&e) => return Ok(None),
        Err(e) => return Err(tr!("can't look at {path}: {e}", e, path = file.display())),
        Ok(_) => {}
    }
    let mut kept = super::read(file, most, tr!("what is remembered")).map_err(|e| e.message)?;
    let end = memchr::memchr(b'\n', &kept).ok_or_else(|| damaged(file))?;
    if kept[..end] != *head(version, &kept[end + 1..]).as_bytes() {
        // Whole, and not of this form: a later version's, mostly.
        let form = std::str::from_utf8(&kept[..end]).ok().and_then(|line| line.rsplit_once(' ')).map(|(form, _)| form);
        let is = |form: &str| !form.is_empty() && kept[..end] == *head(form, &kept[end + 1..]).as_bytes();
        return Err(match form.is_some_and(is) {
            true => tr!(
                "{path} was written by another version of this program, in a form not known here",
                path = file.display()
            ),
            false => damaged(file),
        });
    }
    kept.drain(..=end);
    Ok(Some(kept))
}

pub fn write<T: Serialize>(file: &Path, most: usize, version: &str, what: &T) {
    if let Ok(what) = serde_json::to_vec(what) {
        write_bytes(file, most, version, &what);
    }
}

/// The same of what is text or bytes already.
pub fn write_bytes(file: &Path, most: usize, version: &str, what: &[u8]) {
    if what.len() < most {
        let _ = super::write(file, &[head(version, what).as_bytes(), b"\n", what].concat());
    }
}

fn head(version: &str, what: &[u8]) -> String {
    format!("{version} {:08x}", crc32fast::hash(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_or_of_another_version_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("kept.json");
        write(&file, 1000, "1", &["Acme", "Globex"]);
        let of = |version| read::<Vec<String>>(&file, 1000, version);
        assert_eq!(of("1").unwrap(), ["Acme", "Globex"]);
        assert_eq!(of("2"), None);
        let whole = std::fs::read(&file).unwrap();
        assert!(read::<Vec<String>>(&file, whole.len(), "1").is_some());
        assert!(read::<Vec<String>>(&file, whole.len() - 1, "1").is_none(), "it is too large");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&file, &damaged).unwrap();
            assert_eq!(of("1"), None, "byte {at}");
            std::fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(of("1"), None, "cut at {at}");
            std::fs::write(&file, [&whole[..at], &whole[at + 1..]].concat()).unwrap();
            assert_eq!(of("1"), None, "without byte {at}");
            assert!(kept(&file, 1000, "1").unwrap_err().contains("is damaged"));
        }
    }

    #[test]
    fn what_was_never_kept_is_told_from_what_cannot_be_read() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("kept.json");
        assert_eq!(kept(&file, 1000, "1"), Ok(None));
        assert_eq!(kept(&file.join("below"), 1000, "1"), Ok(None));
        std::fs::write(&file, "").unwrap();
        assert_eq!(kept(&file.join("below"), 1000, "1"), Ok(None), "a file is no folder in which anything was kept");
        assert!(kept(&file, 1000, "1").is_err(), "an empty one was something");
        assert!(kept(directory.path(), 1000, "1").is_err());
        write(&file, 1000, "2", &"Acme");
        assert!(kept(&file, 1000, "1").unwrap_err().contains("by another version"), "it is whole");
    }
}
