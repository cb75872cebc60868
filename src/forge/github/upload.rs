//! Putting a commit into a fork without git: files, tree and commit through the Git Database API. Each id is computed
//! here first, and has to come back; a commit may come back with another, if it has in it what it should.

use std::collections::BTreeSet;
use std::sync::Mutex;

use base64::Engine as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::client::{Call, Client};
use super::fault::{self, ApiFault};
use crate::domain::Time;
use crate::domain::program::github::RepoName;
use crate::error::Error;
use crate::git::{Author, Commit, Kind, Mode, Oid, Put, Repo, RepoError};

#[derive(Debug, Clone)]
pub struct Base {
    pub parents: Vec<Oid>,
    pub tree: Oid,
}

#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    pub puts: &'a [(String, Put)],
    pub message: &'a str,
    pub author: &'a Author,
    /// Name and mailbox of whoever makes it for the author.
    pub committer: Option<(&'a str, &'a str)>,
}

/// Files that are in a fork already.
pub type Uploaded = Mutex<BTreeSet<(String, Oid)>>;

#[derive(Debug, Deserialize)]
struct Sha {
    sha: String,
}

fn local(e: RepoError) -> ApiFault {
    ApiFault::new(fault::Effect::Refused(http::StatusCode::INSUFFICIENT_STORAGE), Error::from(e))
}

/// A commit as GitHub made it.
#[derive(Debug, Deserialize)]
struct MadeCommit {
    sha: String,
    tree: Sha,
    parents: Vec<Sha>,
    message: String,
}

fn doing() -> &'static str {
    tr!("upload to your fork")
}

fn make<T: DeserializeOwned>(
    client: &Client,
    fork: &RepoName,
    what: &str,
    body: &serde_json::Value,
) -> Result<T, ApiFault> {
    let path = format!("/repos/{fork}/git/{what}");
    // What is named by its content can be made any number of times.
    let call = Call::post(&path, body, doing());
    client.once_seen(|| client.rest(call))
}

fn post(client: &Client, fork: &RepoName, what: &str, body: &serde_json::Value, expected: Oid) -> Result<(), ApiFault> {
    let Sha { sha } = make(client, fork, what, body)?;
    if sha != expected.to_string() {
        return Err(came_out(what, &sha, expected));
    }
    Ok(())
}

fn came_out(what: &str, sha: &str, expected: Oid) -> ApiFault {
    fault::of_garbled(doing(), &tr!("{what} came out as {sha}, not as {expected}", what, sha, expected))
}

pub fn file(client: &Client, fork: &RepoName, bytes: &[u8], id: Oid, done: &Uploaded) -> Result<(), ApiFault> {
    let key = (fork.to_string(), id);
    if done.lock().is_ok_and(|done| done.contains(&key)) {
        return Ok(());
    }
    let content = base64::engine::general_purpose::STANDARD.encode(bytes);
    post(client, fork, "blobs", &json!({"content": content, "encoding": "base64"}), id)?;
    if let Ok(mut done) = done.lock() {
        done.insert(key);
    }
    Ok(())
}

/// Uploads a commit with all it needs. No branch moves.
pub fn commit(
    client: &Client,
    repo: &Repo,
    fork: &RepoName,
    base: &Base,
    content: Content<'_>,
    done: &Uploaded,
) -> Result<Oid, ApiFault> {
    let Content { puts, message, author, committer } = content;
    let mut entries = Vec::new();
    for (path, put) in puts {
        let (bytes, id) = match put {
            Put::Bytes(bytes) => (bytes.clone(), repo.write_object(Kind::Blob, bytes).map_err(local)?),
            Put::Object(Mode::File, oid) => (repo.blob(*oid).map_err(local)?, *oid),
            Put::Nothing => {
                entries.push(json!({"path": path, "mode": "100644", "type": "blob", "sha": null}));
                continue;
            }
            Put::Object(..) => {
                let error = Error::new(crate::error::Kind::Bug, tr!("{path} is no file, and can't be uploaded", path));
                return Err(ApiFault::new(fault::Effect::None { wait: None }, error));
            }
        };
        // What is there already needn't travel again.
        let there = repo.at_path(base.tree, path).map_err(local)?;
        if there.is_some_and(|e| e.oid == id && e.mode == Mode::File) {
            continue;
        }
        let mut entry = json!({"path": path, "mode": "100644", "type": "blob"});
        match String::from_utf8(bytes) {
            Ok(text) => entry["content"] = text.into(),
            Err(e) => {
                file(client, fork, e.as_bytes(), id, done)?;
                entry["sha"] = id.to_string().into();
            }
        }
        entries.push(entry);
    }
    let tree = repo.tree_with(Some(base.tree), puts).map_err(local)?;
    post(client, fork, "trees", &json!({"base_tree": base.tree.to_string(), "tree": entries}), tree)?;
    // GitHub puts it together from its parts; a signature would have to be the same whenever it is tried again.
    let author = Author { own: false, ..author.clone() };
    let id = repo.write_commit_for(&base.parents, tree, message, &author, committer).map_err(local)?;
    let date = Time::from_unix(author.time).to_string();
    let by = json!({"name": author.name, "email": author.email, "date": date});
    let made_by = |(name, email): (&str, &str)| json!({"name": name, "email": email, "date": date});
    let committer = committer.map_or_else(|| by.clone(), made_by);
    let parents: Vec<_> = base.parents.iter().map(ToString::to_string).collect();
    let body =
        json!({"message": message, "tree": tree.to_string(), "parents": parents, "author": by, "committer": committer});
    let made: MadeCommit = make(client, fork, "commits", &body)?;
    if made.sha == id.to_string() {
        return Ok(id);
    }
    // GitHub promises what is in a commit, not its bytes: it may write the end of a message otherwise.
    let same_parents = made.parents.iter().map(|parent| &parent.sha).eq(&parents);
    let same = made.tree.sha == tree.to_string() && same_parents && made.message.trim_end() == message.trim_end();
    let theirs = made.sha.parse().ok().filter(|_| same).ok_or_else(|| came_out("commits", &made.sha, id))?;
    repo.stand_in(Commit { oid: theirs, tree, parents: base.parents.clone(), message: made.message });
    Ok(theirs)
}
