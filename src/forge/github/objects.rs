//! Git objects as GitHub's answers describe them, put into a repository here, so that all else reads them as ever. An
//! id that doesn't come out as GitHub says stops everything.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Repeat};
use super::fault::{self, ApiFault};
use crate::domain::program::github::RepoName;
use crate::git::{Kind, Mode, Oid, Put, Repo, RepoError};

/// A directory; with what lies in it as far as it was asked for.
#[derive(Debug, Clone, Deserialize)]
pub struct TreeAnswer {
    oid: String,
    #[serde(default)]
    entries: Option<Vec<EntryAnswer>>,
}

impl TreeAnswer {
    pub fn id(&self) -> Result<Oid, ApiFault> {
        oid(&self.oid)
    }
}

#[derive(Debug, Clone, Deserialize)]
struct EntryAnswer {
    /// Its name in base64: it needn't be text, and what `name` gives then isn't it.
    #[serde(rename = "nameRaw")]
    name: String,
    mode: u32,
    oid: String,
    #[serde(default)]
    object: Option<ObjectAnswer>,
}

/// What lies behind an entry. GraphQL says by its fields what it is.
#[derive(Debug, Clone, Deserialize)]
struct ObjectAnswer {
    #[serde(default)]
    text: Option<String>,
    #[serde(default, rename = "isTruncated")]
    is_truncated: bool,
    #[serde(default)]
    entries: Option<Vec<EntryAnswer>>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct BlobAnswer {
    /// Its text, if it is one.
    #[serde(default)]
    pub text: Option<String>,
    /// Whether the text is cut off.
    #[serde(default, rename = "isTruncated")]
    pub is_truncated: bool,
}

fn wrong(why: &str) -> ApiFault {
    fault::of_garbled("read the registry", why)
}

pub fn oid(hex: &str) -> Result<Oid, ApiFault> {
    hex.parse().map_err(|_| wrong(&format!("{} is no object's id", crate::domain::text::quote(hex))))
}

fn local(e: RepoError) -> ApiFault {
    ApiFault::new(fault::Effect::Refused(http::StatusCode::INSUFFICIENT_STORAGE), e.into())
}

/// Writes a directory, and whatever of its content came along.
pub fn write_tree(repo: &Repo, answer: &TreeAnswer) -> Result<Oid, ApiFault> {
    let id = oid(&answer.oid)?;
    let entries = answer.entries.as_ref().ok_or_else(|| wrong("a directory has no entries"))?;
    write_entries(repo, entries, id)?;
    Ok(id)
}

fn write_entries(repo: &Repo, entries: &[EntryAnswer], id: Oid) -> Result<(), ApiFault> {
    for entry in entries {
        let expected = oid(&entry.oid)?;
        match &entry.object {
            Some(ObjectAnswer { entries: Some(below), .. }) => write_entries(repo, below, expected)?,
            // What isn't text comes differently spelled; it is fetched when it is needed.
            Some(ObjectAnswer { text: Some(text), is_truncated: false, .. }) => {
                let _ = repo.write_object(Kind::Blob, text.as_bytes()).map_err(local)?;
            }
            _ => {}
        }
    }
    let bytes = bytes_of(entries)?;
    let made = repo.write_object(Kind::Tree, &bytes).map_err(local)?;
    if made != id {
        return Err(wrong(&format!("directory {id} comes out as {made}")));
    }
    Ok(())
}

fn bytes_of(entries: &[EntryAnswer]) -> Result<Vec<u8>, ApiFault> {
    let name = |e: &EntryAnswer| STANDARD.decode(&e.name).map_err(|_| wrong("a name isn't base64"));
    let rows = entries.iter().map(|e| Ok((name(e)?, e.mode, e.oid.as_str())));
    tree_bytes(rows.collect::<Result<Vec<_>, ApiFault>>()?)
}

/// A tree's bytes, in git's order: directories sort as if their names ended in a slash.
pub fn tree_bytes(entries: Vec<(Vec<u8>, u32, &str)>) -> Result<Vec<u8>, ApiFault> {
    let mut rows: Vec<(Vec<u8>, Vec<u8>, u32, Oid)> = Vec::new();
    for (name, mode, hex) in entries {
        let directory = Mode::from_raw(i32::try_from(mode).unwrap_or_default()) == Mode::Tree;
        let key = [name.as_slice(), if directory { b"/" } else { b"" }].concat();
        rows.push((key, name, mode, oid(hex)?));
    }
    rows.sort();
    let mut bytes = Vec::new();
    for (_, name, mode, oid) in rows {
        bytes.extend(format!("{mode:o} ").bytes());
        bytes.extend(name);
        bytes.push(0);
        bytes.extend(oid.as_bytes());
    }
    Ok(bytes)
}

const DIRECTORY: &str = "
query Directory($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) { object(oid: $oid) { ... on Tree { oid entries { nameRaw mode oid } } } }
}";

/// The bytes of a directory in which a name isn't text, which only GraphQL gives as it is.
pub fn ask_directory(client: &Client, place: &RepoName, oid: Oid, doing: &str) -> Result<Option<Vec<u8>>, ApiFault> {
    #[derive(Deserialize)]
    struct Found {
        object: Option<TreeAnswer>,
    }
    let variables = json!({"owner": place.owner, "name": place.name, "oid": oid.to_string()});
    let data = client.graphql(DIRECTORY, &variables, Repeat::Harmless, doing)?;
    let found: Option<Found> = data.part("repository", doing)?;
    found.and_then(|f| f.object?.entries).map(|entries| bytes_of(&entries)).transpose()
}

/// A tree in which only the directory at `path` is known; `None` stands for one that isn't there.
pub fn lone_directory(repo: &Repo, path: &str, directory: Option<Oid>) -> Result<Oid, RepoError> {
    let puts: Vec<_> = directory.map(|oid| (path.to_owned(), Put::Object(Mode::Tree, oid))).into_iter().collect();
    repo.tree_with(None, &puts)
}
