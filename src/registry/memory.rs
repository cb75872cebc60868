//! What an earlier run found out about a registry, kept in a file. Forgetting costs time only.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::files;

/// What is kept, and by which version of what found it out.
#[derive(Debug, Serialize, Deserialize)]
struct Kept<V, T> {
    version: V,
    #[serde(flatten)]
    what: T,
}

/// What this very version kept there.
pub(super) fn read<T: DeserializeOwned>(file: &Path, version: &str) -> Option<T> {
    let kept = serde_json::from_slice::<Kept<String, T>>(&std::fs::read(file).ok()?).ok()?;
    (kept.version == version).then_some(kept.what)
}

pub(super) fn write<T: Serialize>(file: &Path, version: &str, what: &T) {
    if let Ok(json) = serde_json::to_vec(&Kept { version, what }) {
        let _ = files::write(file, &json);
    }
}
