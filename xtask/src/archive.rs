//! Archives that are the same, byte by byte, for the same files: order, owners and times are fixed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};

use crate::{Result, links};

/// Files by their paths below the archive's one folder.
#[derive(Debug, Default)]
pub struct Files(BTreeMap<String, File>);

#[derive(Debug)]
struct File {
    bytes: Vec<u8>,
    is_program: bool,
}

impl Files {
    pub fn add(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.0.insert(path.into(), File { bytes, is_program: false });
    }

    pub fn add_program(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.0.insert(path.into(), File { bytes, is_program: true });
    }

    /// Lets the links of its pages lead to its own files, or to the project's page.
    pub fn mend_links(&mut self, home: Option<&str>, revision: &str) {
        let paths: BTreeSet<String> = self.0.keys().cloned().collect();
        let is_page = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| ending == "md");
        for (path, file) in self.0.iter_mut().filter(|(path, _)| is_page(path)) {
            let folder = path.rfind('/').map_or("", |at| &path[..=at]);
            let page = String::from_utf8_lossy(&file.bytes);
            file.bytes = links::mended(&page, folder, home, revision, &|path| paths.contains(path)).into_bytes();
        }
    }

    /// As Unix has them. `time` is in seconds since 1970.
    pub fn tar_gz(&self, folder: &str, time: u64) -> Result<Vec<u8>> {
        let cant = |e: std::io::Error| format!("can't pack: {e}");
        let packed = flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::best());
        let mut tar = tar::Builder::new(packed);
        for (path, file) in &self.0 {
            let mut header = tar::Header::new_ustar();
            header.set_size(file.bytes.len() as u64);
            header.set_mode(if file.is_program { 0o755 } else { 0o644 });
            header.set_mtime(time);
            header.set_uid(0);
            header.set_gid(0);
            tar.append_data(&mut header, format!("{folder}/{path}"), file.bytes.as_slice()).map_err(cant)?;
        }
        tar.into_inner().and_then(flate2::write::GzEncoder::finish).map_err(cant)
    }

    /// As Windows has them. They have no times.
    pub fn zip(&self, folder: &str) -> Result<Vec<u8>> {
        let cant = |e: zip::result::ZipError| format!("can't pack: {e}");
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, file) in &self.0 {
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Deflated)
                .last_modified_time(zip::DateTime::default())
                .unix_permissions(if file.is_program { 0o755 } else { 0o644 });
            zip.start_file(format!("{folder}/{path}"), options).map_err(cant)?;
            zip.write_all(&file.bytes).map_err(|e| format!("can't pack: {e}"))?;
        }
        Ok(zip.finish().map_err(cant)?.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_archives_own_files_from_wherever_a_page_is() {
        let mut files = Files::default();
        files.add("a.md", b"[b](docs/b.md) [c](docs/c.md)".to_vec());
        files.add("docs/b.md", b"[a](../a.md#x) [c](c.md)".to_vec());
        files.mend_links(None, "v1");
        let page = |path: &str| files.0.get(path).map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
        assert_eq!(page("a.md").as_deref(), Some("[b](docs/b.md) c"));
        assert_eq!(page("docs/b.md").as_deref(), Some("[a](../a.md#x) c"));
    }

    #[test]
    fn the_same_files_make_the_same_archive() {
        let mut files = Files::default();
        files.add("b", b"b".to_vec());
        files.add_program("a", b"a".to_vec());
        assert_eq!(files.tar_gz("x", 7), files.tar_gz("x", 7));
        assert_eq!(files.zip("x"), files.zip("x"));
        let packed = files.tar_gz("x", 7).unwrap_or_default();
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let entries = tar.entries().into_iter().flatten().flatten();
        let found = entries.map(|e| (e.path().map(|p| p.display().to_string()).ok(), e.header().mode().ok()));
        let wanted = [("x/a", 0o755), ("x/b", 0o644)].map(|(path, mode)| (Some(path.to_owned()), Some(mode)));
        assert_eq!(found.collect::<Vec<_>>(), wanted);
    }
}
