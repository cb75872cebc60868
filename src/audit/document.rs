//! A file of facts as it is written, and as it is read: by TOML's reader once, however often the ledger asks what it says.

use std::cell::OnceCell;

use crate::domain::record::Record;

#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    bytes: Vec<u8>,
    record: OnceCell<Option<Box<Record>>>,
}

impl From<Vec<u8>> for Document {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, record: OnceCell::new() }
    }
}

impl Document {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The partner's record; `None` where it can't be read.
    pub(super) fn record(&self) -> Option<&Record> {
        self.record.get_or_init(|| Record::parse(&self.bytes).ok().map(Box::new)).as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_once() {
        let toml = "name = \"Acme\"\nwebsite = \"https://acme.example\"\ngithub = \"acme\"\n";
        let document = Document::from(format!("schema = 1\n{toml}").into_bytes());
        let first = document.record().unwrap();
        assert!(first.name.as_str() == "Acme" && std::ptr::eq(first, document.record().unwrap()));
        assert!(Document::from(b"name = 1".to_vec()).record().is_none());
    }
}
