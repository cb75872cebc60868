//! What an earlier run found out about a registry, kept in a file. Forgetting costs time only: what is damaged, or was found out by
//! another version, is found out anew.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::limits;
use crate::files;

/// What this very version kept there: a line with the version and a checksum of the rest, then JSON, or lines.
pub(crate) fn read<T: DeserializeOwned>(file: &Path, version: &str) -> Option<T> {
    read_within(limits::MEMORY, file, version)
}

/// The same as text, which `read` is given.
pub(super) fn read_text<T>(file: &Path, version: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    read_text_within(limits::MEMORY, file, version, read)
}

fn read_within<T: DeserializeOwned>(most: usize, file: &Path, version: &str) -> Option<T> {
    read_text_within(most, file, version, |text| serde_json::from_str(text).ok())
}

fn read_text_within<T>(most: usize, file: &Path, version: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let kept = files::read(file, most, "what is remembered").ok()?;
    let end = memchr::memchr(b'\n', &kept)?;
    let what = &kept[end + 1..];
    // Judged once as text: from bytes, each string would be judged by itself.
    let text = (kept[..end] == *head(version, what).as_bytes()).then(|| str::from_utf8(what).ok())??;
    read(text)
}

pub(crate) fn write<T: Serialize>(file: &Path, version: &str, what: &T) {
    if let Ok(what) = serde_json::to_vec(what) {
        write_bytes(file, version, &what);
    }
}

/// The same of what is text already.
pub(super) fn write_bytes(file: &Path, version: &str, what: &[u8]) {
    if what.len() < limits::MEMORY {
        let _ = files::write(file, &[head(version, what).as_bytes(), b"\n", what].concat());
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
        write(&file, "1", &["Acme", "Globex"]);
        let of = |version| read::<Vec<String>>(&file, version);
        assert_eq!(of("1").unwrap(), ["Acme", "Globex"]);
        assert_eq!(of("2"), None);
        let whole = std::fs::read(&file).unwrap();
        assert!(read_within::<Vec<String>>(whole.len(), &file, "1").is_some());
        assert!(read_within::<Vec<String>>(whole.len() - 1, &file, "1").is_none(), "it is too large");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&file, &damaged).unwrap();
            assert_eq!(of("1"), None, "byte {at}");
            std::fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(of("1"), None, "cut at {at}");
        }
    }
}
