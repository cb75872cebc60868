//! The directories of a registry at one commit, as the bytes that git keeps of them. From what a step adds follows what
//! they become, down to the id of the root: when that is the one that the commit names, the commit changes just that, and
//! no directory has to be read. Otherwise the two are compared, reading only what differs.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::partner::ledger::{Changed, Item};
use crate::partner::{GitId, Slug};
use crate::registry::{root_of, why_strange};
use crate::repo::{Mode, RepoError};

/// Reads a directory's bytes by its id.
pub type ReadTree<'r> = &'r dyn Fn(GitId) -> Result<Vec<u8>, RepoError>;

/// An entry of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'t> {
    mode: u32,
    /// How many bytes it takes: a mode may be written in several ways.
    size: usize,
    /// Its name, which needn't be text.
    pub name: &'t [u8],
    /// Its object.
    pub id: GitId,
}

impl Row<'_> {
    fn is_tree(&self) -> bool {
        self.mode == 0o040_000
    }

    fn item(&self) -> Item {
        match self.mode {
            0o100_644 => Item::File(self.id),
            mode => {
                let mode = Mode::from_raw(i32::try_from(mode).unwrap_or_default());
                Item::Other(self.id, why_strange(mode, "it isn't a plain file"))
            }
        }
    }

    /// Directories sort as if their names ended with a slash.
    fn order(&self, name: &[u8], tree: bool) -> Ordering {
        let end = |tree| if tree { b'/' } else { 0 };
        let common = self.name.len().min(name.len());
        let byte = |name: &[u8], tree| name.get(common).copied().unwrap_or(end(tree));
        self.name[..common]
            .cmp(&name[..common])
            .then_with(|| byte(self.name, self.is_tree()).cmp(&byte(name, tree)))
            .then_with(|| self.name.len().cmp(&name.len()))
    }
}

/// The entries of a directory, in git's order. What can't be read ends it.
pub fn rows(mut bytes: &[u8]) -> impl Iterator<Item = Row<'_>> {
    std::iter::from_fn(move || {
        let space = bytes.iter().position(|b| *b == b' ')?;
        let mode = bytes[..space].iter().try_fold(0_u32, |mode, digit| {
            (b'0'..=b'7').contains(digit).then(|| mode.saturating_mul(8) | u32::from(digit - b'0'))
        })?;
        let rest = &bytes[space + 1..];
        let end = rest.iter().position(|b| *b == 0)?;
        let (id, after) = rest.get(end + 1..)?.split_first_chunk::<20>()?;
        let size = bytes.len() - after.len();
        bytes = after;
        Some(Row { mode, size, name: &rest[..end], id: GitId(*id) })
    })
}

/// The entry of a name, if it is there.
#[must_use]
pub fn row<'t>(bytes: &'t [u8], name: &str) -> Option<Row<'t>> {
    rows(bytes).find(|row| row.name == name.as_bytes())
}

/// A directory with one entry put in its place.
fn with(bytes: &[u8], name: &str, tree: bool, id: GitId) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + name.len() + 28);
    let mode: &[u8] = if tree { b"40000 " } else { b"100644 " };
    let (mut at, mut skip) = (bytes.len(), 0);
    let mut read = 0;
    for row in rows(bytes) {
        let size = row.size;
        match row.order(name.as_bytes(), tree) {
            Ordering::Less => {}
            Ordering::Equal => (at, skip) = (read, size),
            Ordering::Greater => at = read,
        }
        if at != bytes.len() {
            break;
        }
        read += size;
    }
    out.extend_from_slice(&bytes[..at]);
    out.extend_from_slice(mode);
    out.extend_from_slice(name.as_bytes());
    out.push(0);
    out.extend_from_slice(&id.0);
    out.extend_from_slice(&bytes[at + skip..]);
    out
}

#[derive(Debug, Clone, Default)]
struct Node {
    id: Option<GitId>,
    bytes: Vec<u8>,
}

/// What a step is expected to add about one partner, or the program.
#[derive(Debug, Default)]
pub struct Expected {
    /// Events: name, object.
    pub log: Vec<(String, GitId)>,
    /// The directory of the round of votes that comes along.
    pub votes: Option<(u32, GitId)>,
    /// The record and the logo that stand there after it, where it brings some.
    pub record: Option<GitId>,
    /// The same.
    pub logo: Option<GitId>,
    /// The policy that is kept.
    pub policy: Option<(String, GitId)>,
}

/// The directories that are kept.
#[derive(Debug, Default)]
pub struct Trees {
    nodes: HashMap<String, Node>,
    root: Option<GitId>,
}

/// Directories that change as often as the registry, or belong to one partner. Rounds of votes are small, and many.
fn is_kept(path: &str) -> bool {
    let mut parts = path.split('/');
    if path.is_empty() {
        return true;
    }
    let (first, second, third, fourth) = (parts.next(), parts.next(), parts.next(), parts.next());
    first == Some("data")
        && match (second, third, fourth) {
            (None | Some("partners" | "program"), None, None) => true,
            (Some("program"), Some("log" | "votes" | "policies"), None) => true,
            (Some("partners"), Some(_), None | Some("log" | "votes")) => parts.next().is_none(),
            _ => false,
        }
}

impl Trees {
    /// Those of a commit whose root has this id; read when they are needed.
    #[must_use]
    pub fn at(root: Option<GitId>) -> Self {
        Self { nodes: HashMap::new(), root }
    }

    /// The bytes of a directory that is kept, reading it and those above it first if need be.
    fn node(&mut self, path: &str, read: ReadTree<'_>) -> Result<Option<&Node>, RepoError> {
        if !self.nodes.contains_key(path) {
            let id = match path.rsplit_once('/') {
                _ if path.is_empty() => self.root,
                None => self.node("", read)?.and_then(|n| row(&n.bytes, path)).filter(Row::is_tree).map(|r| r.id),
                Some((above, name)) => {
                    self.node(above, read)?.and_then(|n| row(&n.bytes, name)).filter(Row::is_tree).map(|r| r.id)
                }
            };
            let Some(id) = id else { return Ok(None) };
            self.nodes.insert(path.to_owned(), Node { id: Some(id), bytes: read(id)? });
        }
        Ok(self.nodes.get(path))
    }

    /// The entries of a directory that is kept: name, object, whether it is a directory.
    pub fn list(&mut self, path: &str, read: ReadTree<'_>) -> Result<Vec<(String, GitId, bool)>, RepoError> {
        let text = |row: Row<'_>| (String::from_utf8_lossy(row.name).into_owned(), row.id, row.is_tree());
        Ok(self.node(path, read)?.map(|n| rows(&n.bytes).map(text).collect()).unwrap_or_default())
    }

    /// What stands at a name in a directory that is kept.
    pub fn find(&mut self, directory: &str, name: &str, read: ReadTree<'_>) -> Result<Option<GitId>, RepoError> {
        Ok(self.node(directory, read)?.and_then(|n| row(&n.bytes, name)).map(|r| r.id))
    }

    /// Goes on to the commit whose root is `root`, if it is reached by just what is expected. Gives what changed.
    pub fn replay(
        &mut self,
        slug: &Slug,
        expected: &Expected,
        root: GitId,
        read: ReadTree<'_>,
    ) -> Result<Option<Vec<Changed>>, RepoError> {
        let base = root_of(slug);
        let program = slug.is_program();
        // What stands there already isn't added: what becomes of it is for a comparison to tell.
        let mut there = false;
        for (name, _) in &expected.log {
            there |= self.find(&format!("{base}/log"), name, read)?.is_some();
        }
        if let Some((name, _)) = &expected.policy {
            there |= self.find(&format!("{base}/policies"), name, read)?.is_some();
        }
        if let Some((round, _)) = expected.votes {
            there |= self.find(&format!("{base}/votes"), &round.to_string(), read)?.is_some();
        }
        if there {
            return Ok(None);
        }
        let mut made: Vec<(String, Node)> = Vec::new();
        let mut changes = Vec::new();
        let file = |path: String, old: Option<GitId>, new: GitId| Changed {
            path,
            old: old.map(Item::File),
            new: Some(Item::File(new)),
        };
        let mut directory = |trees: &mut Self, name: &str, puts: &[(String, bool, GitId)]| {
            let path = format!("{base}/{name}");
            let mut bytes = trees.node(&path, read)?.map(|n| n.bytes.clone()).unwrap_or_default();
            for (name, tree, id) in puts {
                bytes = with(&bytes, name, *tree, *id);
            }
            let id = GitId::of_tree(&bytes);
            made.push((path, Node { id: Some(id), bytes }));
            Ok::<_, RepoError>(id)
        };
        let mut own: Vec<(&str, bool, GitId)> = Vec::new();
        if !expected.log.is_empty() {
            let puts: Vec<_> = expected.log.iter().map(|(name, id)| (name.clone(), false, *id)).collect();
            changes.extend(expected.log.iter().map(|(name, id)| file(format!("{base}/log/{name}"), None, *id)));
            own.push(("log", true, directory(self, "log", &puts)?));
        }
        if let Some((name, id)) = &expected.policy {
            changes.push(file(format!("{base}/policies/{name}"), None, *id));
            own.push(("policies", true, directory(self, "policies", &[(name.clone(), false, *id)])?));
        }
        if let Some((round, id)) = expected.votes {
            own.push(("votes", true, directory(self, "votes", &[(round.to_string(), true, id)])?));
            for vote in rows(&read(id)?) {
                let path = format!("{base}/votes/{round}/{}", String::from_utf8_lossy(vote.name));
                changes.push(Changed { path, old: None, new: Some(vote.item()) });
            }
        }
        let mut bytes = self.node(&base, read)?.map(|n| n.bytes.clone()).unwrap_or_default();
        for (name, id) in [("partner.toml", expected.record), ("logo.png", expected.logo)] {
            let Some(id) = id.filter(|_| !program) else { continue };
            let old = row(&bytes, name).map(|r| r.id);
            if old != Some(id) {
                changes.push(file(format!("{base}/{name}"), old, id));
                bytes = with(&bytes, name, false, id);
            }
        }
        for (name, tree, id) in own {
            bytes = with(&bytes, name, tree, id);
        }
        let mut id = GitId::of_tree(&bytes);
        made.push((base.clone(), Node { id: Some(id), bytes }));
        let mut at = base.as_str();
        while let Some((above, name)) = at.rsplit_once('/').or(if at.is_empty() { None } else { Some(("", at)) }) {
            let mut bytes = self.node(above, read)?.map(|n| n.bytes.clone()).unwrap_or_default();
            bytes = with(&bytes, name, true, id);
            if let (true, "data", Some(record)) = (program, above, expected.record) {
                let old = row(&bytes, "program.toml").map(|r| r.id);
                if old != Some(record) {
                    changes.push(file("data/program.toml".into(), old, record));
                    bytes = with(&bytes, "program.toml", false, record);
                }
            }
            id = GitId::of_tree(&bytes);
            made.push((above.to_owned(), Node { id: Some(id), bytes }));
            at = above;
        }
        if id != root {
            return Ok(None);
        }
        self.nodes.extend(made);
        self.root = Some(root);
        Ok(Some(changes))
    }

    /// Goes on to the commit whose root is `root`, by comparing. Gives what changed below `data/`.
    pub fn advance(&mut self, root: GitId, read: ReadTree<'_>) -> Result<Vec<Changed>, RepoError> {
        let mut out = Vec::new();
        let old = self.root;
        self.root = Some(root);
        self.compare("", old, Some(root), read, &mut out)?;
        Ok(out)
    }

    fn compare(
        &mut self,
        path: &str,
        old: Option<GitId>,
        new: Option<GitId>,
        read: ReadTree<'_>,
        out: &mut Vec<Changed>,
    ) -> Result<(), RepoError> {
        if old == new {
            return Ok(());
        }
        let kept = self.nodes.remove(path).filter(|n| n.id == old).map(|n| n.bytes);
        let before = match (kept, old) {
            (Some(bytes), _) => bytes,
            (None, Some(id)) => read(id)?,
            (None, None) => Vec::new(),
        };
        let after = new.map(read).transpose()?.unwrap_or_default();
        let (mut left, mut right) = (rows(&before).peekable(), rows(&after).peekable());
        let mut last: Option<Row<'_>> = None;
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.order(b.name, b.is_tree()),
            };
            let was = if order == Ordering::Greater { None } else { left.next() };
            let is = if order == Ordering::Less { None } else { right.next() };
            // Of a name that stands twice, or where it isn't looked for, readers see different things.
            let misplaced = is.zip(last).is_some_and(|(i, l)| l.order(i.name, i.is_tree()) != Ordering::Less);
            last = is.or(last);
            if !misplaced && was.is_some_and(|w| is.is_some_and(|i| w.id == i.id && w.mode == i.mode)) {
                continue;
            }
            let Some(name) = was.or(is).map(|r| String::from_utf8_lossy(r.name).into_owned()) else { break };
            // What isn't a registry's is no affair of an audit.
            if path.is_empty() && name != "data" {
                continue;
            }
            let below = if path.is_empty() { name } else { format!("{path}/{name}") };
            if let Some(is) = is.filter(|_| misplaced) {
                let why = "its directory isn't in git's order, or has it twice";
                out.push(Changed { path: below, old: None, new: Some(Item::Other(is.id, why)) });
                continue;
            }
            let tree = |row: Option<Row<'_>>| row.filter(Row::is_tree).map(|r| r.id);
            let item = |row: Option<Row<'_>>| row.filter(|r| !r.is_tree()).map(|r| r.item());
            if tree(was).is_some() || tree(is).is_some() {
                self.compare(&below, tree(was), tree(is), read, out)?;
            }
            if item(was).is_some() || item(is).is_some() {
                out.push(Changed { path: below, old: item(was), new: item(is) });
            }
        }
        if let Some(id) = new.filter(|_| is_kept(path)) {
            self.nodes.insert(path.to_owned(), Node { id: Some(id), bytes: after.clone() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(mode: &str, name: &str) -> Vec<u8> {
        [format!("{mode} {name}\0").as_bytes(), &[7; 20]].concat()
    }

    #[test]
    fn an_entry_goes_where_git_would_put_it() {
        let names = ["a", "a-b", "a.b", "ab", "b"];
        for tree in [false, true] {
            let mut bytes = Vec::new();
            for name in ["b", "a.b", "a", "ab", "a-b"] {
                bytes = with(&bytes, name, tree, GitId([7; 20]));
            }
            let mut sorted: Vec<_> = names.to_vec();
            sorted.sort_by_key(|n| if tree { format!("{n}/") } else { (*n).to_owned() });
            let mode = if tree { "40000" } else { "100644" };
            let expected: Vec<u8> = sorted.iter().flat_map(|n| entry(mode, n)).collect();
            assert_eq!(bytes, expected);
            assert_eq!(with(&bytes, "ab", tree, GitId([7; 20])), expected, "put again, it stays where it is");
        }
    }

    #[test]
    fn a_directory_sorts_as_if_it_ended_with_a_slash() {
        let mut bytes = with(&[], "program.toml", false, GitId([7; 20]));
        bytes = with(&bytes, "program", true, GitId([7; 20]));
        assert_eq!(bytes, [entry("100644", "program.toml"), entry("40000", "program")].concat());
    }

    #[test]
    fn garbage_ends_a_directory() {
        assert_eq!(rows(b"100644 a").count(), 0);
        assert_eq!(rows(b"9 a\0").count(), 0);
        assert_eq!(rows(&[entry("100644", "a"), b"x".to_vec()].concat()).count(), 1);
    }
}
