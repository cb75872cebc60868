//! Looks through the files of a website on GitHub, by a few requests: what is there comes as one listing, and what stands in
//! the files by dozens of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::json;

use crate::domain::limits;
use crate::domain::program::github::RepoName;
use crate::forge::github::client::{Call, Client, Repeat};
use crate::forge::github::fault::{self, ApiFault};
use crate::forge::github::objects::BlobAnswer;
use crate::git::Oid;
use crate::render::website::mentions::Part;

const DOING: &str = "search the website's repository";

/// As many files are asked for at once.
const FILES: usize = 64;

/// All that lies in a tree, as far as GitHub gives it at once.
#[derive(Debug, Clone, Deserialize)]
pub struct Listing {
    tree: Vec<Listed>,
    truncated: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Listed {
    path: String,
    #[serde(rename = "type")]
    kind: String,
    sha: String,
    #[serde(default)]
    size: u64,
}

pub fn list(client: &Client, site: &RepoName, tree: Oid) -> Result<Listing, ApiFault> {
    let path = format!("/repos/{site}/git/trees/{tree}?recursive=1");
    let answer = client.send(Call::get(&path, DOING))?;
    serde_json::from_slice(&answer.body).map_err(|e| fault::of_garbled(DOING, &e.to_string()))
}

/// Files that are asked for at once: their ids, each with all places where it lies.
type Batch<'l> = Vec<(&'l str, Vec<&'l str>)>;
/// Where the same file lies: how deep, and its path.
type Places<'l> = BTreeSet<(usize, &'l str)>;

impl Listing {
    /// A part in as many requests as that takes, and how many files that leaves out: at least one where the listing itself
    /// isn't whole. What lies nearest to the top comes first, since older versions of documents lie deepest.
    fn batches(&self, part: Part) -> (Vec<Batch<'_>>, usize) {
        let mut files = BTreeMap::<&str, (u64, Places<'_>)>::new();
        for file in self.tree.iter().filter(|file| file.kind == "blob" && part.has(&file.path)) {
            let place = (file.path.matches('/').count(), file.path.as_str());
            files.entry(&file.sha).or_insert_with(|| (file.size, Places::new())).1.insert(place);
        }
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by(|(_, (_, a)), (_, (_, b))| a.first().cmp(&b.first()));
        let (mut batches, mut left_out): (Vec<Batch<'_>>, _) = (Vec::new(), usize::from(self.truncated));
        let (mut count, mut all, mut last) = (0, 0, 0);
        for (id, (size, places)) in files {
            if count == limits::SEARCHED_FILES || size > limits::SEARCHED_FILE || all + size > limits::SEARCHED_BYTES {
                left_out += places.len();
                continue;
            }
            count += 1;
            all += size;
            let fits =
                batches.last().is_some_and(|batch| batch.len() < FILES) && last + size <= limits::SEARCHED_AT_ONCE;
            last = if fits { last + size } else { size };
            if !fits {
                batches.push(Vec::new());
            }
            batches.last_mut().into_iter().for_each(|batch| {
                batch.push((id, places.iter().map(|(_, path)| *path).collect()));
            });
        }
        (batches, left_out)
    }
}

/// Shows the files of a part to `see`; gives how many it couldn't.
pub fn show(
    client: &Client,
    site: &RepoName,
    listing: &Listing,
    part: Part,
    see: &mut dyn FnMut(&str, &[u8]),
) -> Result<usize, ApiFault> {
    let (batches, mut unseen) = listing.batches(part);
    for batch in batches {
        let ids: Vec<&str> = batch.iter().map(|(id, _)| *id).collect();
        for ((_, paths), text) in batch.iter().zip(texts(client, site, &ids)?) {
            match text {
                Some(text) => paths.iter().for_each(|path| see(path, text.as_bytes())),
                None => unseen += paths.len(),
            }
        }
    }
    Ok(unseen)
}

/// What stands in files; nothing of one that is no text.
fn texts(client: &Client, site: &RepoName, ids: &[&str]) -> Result<Vec<Option<String>>, ApiFault> {
    let (mut declared, mut parts) = (String::new(), String::new());
    let mut variables = json!({"owner": site.owner, "name": site.name});
    for (index, id) in ids.iter().enumerate() {
        declared += &format!(", $f{index}: GitObjectID!");
        parts += &format!("f{index}: object(oid: $f{index}) {{ ...file }} ");
        variables[format!("f{index}")] = (*id).into();
    }
    let document = format!(
        "query Search($owner: String!, $name: String!{declared}) {{ repository(owner: $owner, name: $name) {{ {parts} }} }}
        fragment file on GitObject {{ ... on Blob {{ text isTruncated }} }}"
    );
    let data = client.graphql(&document, &variables, Repeat::Harmless, DOING)?;
    let found = data.part::<BTreeMap<String, Option<BlobAnswer>>>("repository", DOING)?.unwrap_or_default();
    let text = |index| {
        let blob = found.get(&format!("f{index}"))?.as_ref()?;
        blob.text.clone().filter(|_| !blob.is_truncated)
    };
    Ok((0..ids.len()).map(text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(files: &[(&str, &str, u64)]) -> Listing {
        let listed = |(path, sha, size): &(&str, &str, u64)| Listed {
            path: (*path).to_owned(),
            kind: "blob".to_owned(),
            sha: (*sha).to_owned(),
            size: *size,
        };
        Listing { tree: files.iter().map(listed).collect(), truncated: false }
    }

    #[test]
    fn what_is_alike_is_asked_for_once_and_what_is_near_first() {
        let listing = listing(&[
            ("docs/v1/a.md", "1", 10),
            ("docs/v2/a.md", "1", 10),
            ("docs/v2/b.md", "2", 10),
            ("README.md", "3", limits::SEARCHED_AT_ONCE),
            ("large.md", "4", limits::SEARCHED_FILE + 1),
            ("src/a.tsx", "5", 1),
            ("docs/node_modules/a.md", "6", 1),
        ]);
        let (batches, left_out) = listing.batches(Part::Rest);
        assert_eq!(left_out, 2, "what is larger than GitHub gives");
        assert_eq!(batches, [vec![("1", vec!["docs/v1/a.md", "docs/v2/a.md"]), ("2", vec!["docs/v2/b.md"])]]);
    }

    #[test]
    fn requests_are_few_however_many_files_there_are() {
        let names: Vec<String> = (0..5_000).map(|n| format!("{n}")).collect();
        let files: Vec<(&str, &str, u64)> = names.iter().map(|n| (n.as_str(), n.as_str(), 100)).collect();
        let mut all = listing(&files);
        let (batches, left_out) = all.batches(Part::Rest);
        assert_eq!((batches.len(), left_out), (limits::SEARCHED_FILES / FILES, 5_000 - limits::SEARCHED_FILES));
        all.truncated = true;
        assert_eq!(all.batches(Part::Code).1, 1, "what isn't listed isn't seen");
    }
}
