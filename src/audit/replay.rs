//! The directories of a registry at one commit, as the bytes that git keeps of them. From what a step adds follows what
//! they become, down to the id of the root: when that is the one that the commit names, the commit changes just that, and
//! no directory has to be read. Otherwise the two are compared, reading only what differs.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::directory_hash::DirectoryHash;
use super::step::{Changed, Item};
use crate::domain::paths::{PARTNERS, ordinal, place_of, root_of};
use crate::domain::{GitId, Slug};
use crate::git::{Mode, RepoError, shape_of, why_strange};

/// Reads a directory's bytes by its id.
pub type ReadTree<'r> = &'r dyn Fn(GitId) -> Result<Vec<u8>, RepoError>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'t> {
    mode: Mode,
    /// How many bytes it takes: a mode may be written in several ways.
    size: usize,
    /// Its name, which needn't be text.
    pub name: &'t [u8],
    pub id: GitId,
}

impl Row<'_> {
    fn is_tree(&self) -> bool {
        self.mode == Mode::Tree
    }

    fn item(&self) -> Item {
        match self.mode {
            Mode::File => Item::File(self.id),
            mode => Item::Other(self.id, why_strange(mode, "it isn't a plain file")),
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
        let mode = bytes[..space].iter().try_fold(0_i32, |mode, digit| {
            (b'0'..=b'7').contains(digit).then(|| mode.wrapping_mul(8) | i32::from(digit - b'0'))
        })?;
        let mode = Mode::from_raw(mode);
        let rest = &bytes[space + 1..];
        let end = rest.iter().position(|b| *b == 0)?;
        let (id, after) = rest.get(end + 1..)?.split_first_chunk::<20>()?;
        let size = bytes.len() - after.len();
        bytes = after;
        Some(Row { mode, size, name: &rest[..end], id: GitId(*id) })
    })
}

/// The entries as a comparison needs them; where git wouldn't have written a directory so, of one name the first counts.
fn in_order(bytes: &[u8], sound: bool) -> impl Iterator<Item = Row<'_>> {
    let (as_they_are, sorted) = match sound {
        true => (bytes, Vec::new()),
        false => {
            let mut seen = HashSet::new();
            let mut all: Vec<Row<'_>> = rows(bytes).filter(|row| seen.insert(row.name)).collect();
            all.sort_by(|a, b| a.order(b.name, b.is_tree()));
            (&[][..], all)
        }
    };
    rows(as_they_are).chain(sorted)
}

/// The entry of a name, if it is there.
#[must_use]
pub fn row<'t>(bytes: &'t [u8], name: &str) -> Option<Row<'t>> {
    rows(bytes).find(|row| row.name == name.as_bytes())
}

#[derive(Debug, Clone, Default)]
struct Node {
    id: Option<GitId>,
    bytes: Vec<u8>,
    starts: Vec<usize>,
    hash: DirectoryHash,
}

/// How to take back that an entry was put.
#[derive(Debug)]
enum Undo {
    Replaced { at: usize, was: GitId },
    Inserted { index: usize, size: usize },
}

impl Node {
    fn of(id: Option<GitId>, bytes: Vec<u8>) -> Self {
        let mut at = 0;
        let starts = rows(&bytes)
            .map(|row| {
                let start = at;
                at += row.size;
                start
            })
            .collect();
        Self { id, bytes, starts, hash: DirectoryHash::default() }
    }

    fn row(&self, index: usize) -> Option<Row<'_>> {
        rows(self.bytes.get(*self.starts.get(index)?..)?).next()
    }

    /// Where an entry of this name and kind is among the others, or would be.
    fn search(&self, name: &str, tree: bool) -> Result<usize, usize> {
        let order = |start: &usize| {
            rows(&self.bytes[*start..]).next().map_or(Ordering::Less, |row| row.order(name.as_bytes(), tree))
        };
        self.starts.binary_search_by(order)
    }

    /// Puts an entry into its place, over the one of that name if there is one.
    fn put(&mut self, name: &str, tree: bool, id: GitId) -> Undo {
        let index = match self.search(name, tree) {
            Ok(index) => {
                let at = self.starts[index] + self.row(index).map_or(20, |row| row.size) - 20;
                let was = GitId(self.bytes[at..at + 20].try_into().unwrap_or_default());
                self.bytes[at..at + 20].copy_from_slice(&id.0);
                self.hash.changed(at);
                return Undo::Replaced { at, was };
            }
            Err(index) => index,
        };
        let at = self.starts.get(index).copied().unwrap_or(self.bytes.len());
        let mode: &[u8] = if tree { b"40000 " } else { b"100644 " };
        let entry = [mode, name.as_bytes(), b"\0", &id.0].concat();
        let size = entry.len();
        self.bytes.splice(at..at, entry);
        self.hash.changed(at);
        self.starts[index..].iter_mut().for_each(|start| *start += size);
        self.starts.insert(index, at);
        Undo::Inserted { index, size }
    }

    fn undo(&mut self, undo: &Undo) {
        match *undo {
            Undo::Replaced { at, was } => {
                self.bytes[at..at + 20].copy_from_slice(&was.0);
                self.hash.changed(at);
            }
            Undo::Inserted { index, size } => {
                let at = self.starts.remove(index);
                self.bytes.drain(at..at + size);
                self.hash.changed(at);
                self.starts[index..].iter_mut().for_each(|start| *start -= size);
            }
        }
    }
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
    pub logo: Option<GitId>,
    pub policy: Option<(String, GitId)>,
}

/// The files that a partner's facts stand in.
const FACTS: [&str; 2] = ["partner.toml", "logo.png"];

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
            (None | Some("partners" | "program"), None, None)
            | (Some("program"), Some("log" | "votes" | "policies"), None) => true,
            (Some("partners"), Some(_), None | Some("log" | "votes")) => parts.next().is_none(),
            _ => false,
        }
}

/// Whether a directory may hold files of a registry, or directories that do.
fn may_hold(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let below = |rest: &[&str], program: bool| match rest {
        [] | ["log" | "votes"] => true,
        ["policies"] => program,
        ["votes", round] => ordinal(round).is_some(),
        _ => false,
    };
    match parts.as_slice() {
        [] | ["data"] | ["data", "partners"] => true,
        ["data", "program", rest @ ..] => below(rest, true),
        ["data", "partners", slug, rest @ ..] => slug.parse::<Slug>().is_ok() && below(rest, false),
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
            self.nodes.insert(path.to_owned(), Node::of(Some(id), read(id)?));
        }
        Ok(self.nodes.get(path))
    }

    /// The entries of a directory that is kept: name, object, whether it is a directory.
    pub fn list(&mut self, path: &str, read: ReadTree<'_>) -> Result<Vec<(String, GitId, bool)>, RepoError> {
        let text = |row: Row<'_>| (String::from_utf8_lossy(row.name).into_owned(), row.id, row.is_tree());
        Ok(self.node(path, read)?.map(|n| rows(&n.bytes).map(text).collect()).unwrap_or_default())
    }

    /// The entries of such a directory that are named by numbers.
    pub(super) fn numbered(&mut self, path: &str, read: ReadTree<'_>) -> Result<HashMap<u32, GitId>, RepoError> {
        let number = |row: Row<'_>| Some((std::str::from_utf8(row.name).ok()?.parse().ok()?, row.id));
        Ok(self.node(path, read)?.map(|n| rows(&n.bytes).filter_map(number).collect()).unwrap_or_default())
    }

    /// The commit's root.
    #[must_use]
    pub fn root(&self) -> Option<GitId> {
        self.root
    }

    /// All that is decided on: the partners, and the program.
    pub fn slugs(&mut self, read: ReadTree<'_>) -> Result<Vec<Slug>, RepoError> {
        let partners = self.list(PARTNERS, read)?;
        Ok(partners.iter().filter_map(|(name, ..)| name.parse().ok()).chain([Slug::program()]).collect())
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
        let mut undo = Vec::new();
        let mut changes = Vec::new();
        // What stands there already isn't added: what becomes of it is for a comparison to tell.
        let mut fresh = true;
        let new = |path: String, id: GitId| Changed { path, old: None, new: Some(Item::File(id)) };
        let mut own: Vec<(&str, bool, GitId)> = Vec::new();
        if !expected.log.is_empty() {
            let path = format!("{base}/log");
            for (name, id) in &expected.log {
                fresh &= self.put(&path, name, false, *id, read, &mut undo)?.is_none();
                changes.push(new(format!("{path}/{name}"), *id));
            }
            own.push(("log", true, self.hash(&path)));
        }
        if let Some((name, id)) = &expected.policy {
            let path = format!("{base}/policies");
            fresh &= self.put(&path, name, false, *id, read, &mut undo)?.is_none();
            changes.push(new(format!("{path}/{name}"), *id));
            own.push(("policies", true, self.hash(&path)));
        }
        if let Some((round, id)) = expected.votes {
            let path = format!("{base}/votes");
            fresh &= self.put(&path, &round.to_string(), true, id, read, &mut undo)?.is_none();
            for vote in rows(&read(id)?) {
                let path = format!("{path}/{round}/{}", String::from_utf8_lossy(vote.name));
                changes.push(Changed { path, old: None, new: Some(vote.item()) });
            }
            own.push(("votes", true, self.hash(&path)));
        }
        // The policy itself stands beside the program's directory, a partner's facts inside its own.
        let (facts, names) = if slug.is_program() { ("data", ["program.toml", ""]) } else { (base.as_str(), FACTS) };
        for (name, id) in names.into_iter().zip([expected.record, expected.logo]) {
            let Some(id) = id.filter(|_| !name.is_empty()) else { continue };
            let old = match self.put(facts, name, false, id, read, &mut undo)? {
                Some(old) if old == id => continue,
                old => old.map(Item::File),
            };
            changes.push(Changed { path: format!("{facts}/{name}"), old, new: Some(Item::File(id)) });
        }
        for (name, tree, id) in own {
            self.put(&base, name, tree, id, read, &mut undo)?;
        }
        let mut id = self.hash(&base);
        let mut at = base.as_str();
        while !at.is_empty() {
            let (above, name) = at.rsplit_once('/').unwrap_or(("", at));
            self.put(above, name, true, id, read, &mut undo)?;
            id = self.hash(above);
            at = above;
        }
        if fresh && id == root {
            self.root = Some(root);
            return Ok(Some(changes));
        }
        for (path, undo) in undo.into_iter().rev() {
            match (self.nodes.get_mut(&path), undo) {
                (Some(node), Some(undo)) => node.undo(&undo),
                (_, None) => drop(self.nodes.remove(&path)),
                (None, _) => {}
            }
        }
        for path in ["", "data", "data/partners", "data/program", &base]
            .into_iter()
            .map(str::to_owned)
            .chain(["log", "votes", "policies"].into_iter().map(|name| format!("{base}/{name}")))
        {
            if self.nodes.contains_key(&path) {
                self.hash(&path);
            }
        }
        Ok(None)
    }

    /// Puts an entry into a directory that is kept. Gives the object that was there.
    fn put(
        &mut self,
        path: &str,
        name: &str,
        tree: bool,
        id: GitId,
        read: ReadTree<'_>,
        undo: &mut Vec<(String, Option<Undo>)>,
    ) -> Result<Option<GitId>, RepoError> {
        if self.node(path, read)?.is_none() {
            self.nodes.insert(path.to_owned(), Node::default());
            undo.push((path.to_owned(), None));
        }
        let Some(node) = self.nodes.get_mut(path) else { return Ok(None) };
        let done = node.put(name, tree, id);
        let was = match done {
            Undo::Replaced { was, .. } => Some(was),
            Undo::Inserted { .. } => None,
        };
        undo.push((path.to_owned(), Some(done)));
        Ok(was)
    }

    /// The id that a directory has now.
    fn hash(&mut self, path: &str) -> GitId {
        let Some(node) = self.nodes.get_mut(path) else { return GitId::of_tree(&[]) };
        let id = node.hash.id(&node.bytes);
        node.id = Some(id);
        id
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
        // What no registry has needn't be looked into; it may be made so that nobody ever gets out again.
        if !may_hold(path) {
            let item = |id: Option<GitId>| id.map(|id| Item::Other(id, "no registry has such a directory"));
            out.push(Changed { path: path.to_owned(), old: item(old), new: item(new) });
            return Ok(());
        }
        // Git makes none.
        let empty = |id: Option<GitId>| {
            let id = id.filter(|id| !path.is_empty() && *id == GitId::of_tree(&[]))?;
            Some(Item::Other(id, "it is an empty directory"))
        };
        for (old, new) in [(empty(old), None), (None, empty(new))] {
            if old.or(new).is_some() {
                out.push(Changed { path: path.to_owned(), old, new });
            }
        }
        let kept = self.nodes.remove(path).filter(|n| n.id == old).map(|n| n.bytes);
        let mut lost = |id: GitId| {
            out.push(Changed { path: path.to_owned(), old: None, new: Some(Item::Lost(id)) });
            Ok(())
        };
        let before = match (kept, old) {
            (Some(bytes), _) => bytes,
            (None, Some(id)) => match read(id) {
                Ok(bytes) => bytes,
                Err(e) if e.is_damage() => return lost(id),
                Err(e) => return Err(e),
            },
            (None, None) => Vec::new(),
        };
        let after = match new.map(|id| (id, read(id))) {
            Some((_, Ok(bytes))) => bytes,
            Some((id, Err(e))) if e.is_damage() => return lost(id),
            Some((_, Err(e))) => return Err(e),
            None => Vec::new(),
        };
        let (mut faults, mut sound) = ([None; 2], [true; 2]);
        for (side, (id, bytes)) in [(old, &before), (new, &after)].into_iter().enumerate() {
            let why = match (shape_of(bytes), id) {
                (None, Some(id)) => return lost(id),
                (shape, _) => shape.and_then(|shape| shape.fault),
            };
            sound[side] = why.is_none();
            faults[side] = why.zip(id).map(|(why, id)| Item::Other(id, why));
        }
        let [old_fault, new_fault] = faults;
        if old_fault.or(new_fault).is_some() {
            let path = if path.is_empty() { "data" } else { path }.to_owned();
            out.push(Changed { path, old: old_fault, new: new_fault });
        }
        self.compare_rows(path, in_order(&before, sound[0]), in_order(&after, sound[1]), read, out)?;
        if let Some(id) = new.filter(|_| is_kept(path)) {
            self.nodes.insert(path.to_owned(), Node::of(Some(id), after));
        }
        Ok(())
    }

    fn compare_rows<'t>(
        &mut self,
        path: &str,
        before: impl Iterator<Item = Row<'t>>,
        after: impl Iterator<Item = Row<'t>>,
        read: ReadTree<'_>,
        out: &mut Vec<Changed>,
    ) -> Result<(), RepoError> {
        let (mut left, mut right) = (before.peekable(), after.peekable());
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.order(b.name, b.is_tree()),
            };
            let was = if order == Ordering::Greater { None } else { left.next() };
            let is = if order == Ordering::Less { None } else { right.next() };
            if was.is_some_and(|w| is.is_some_and(|i| w.id == i.id && w.mode == i.mode)) {
                continue;
            }
            let Some(name) = was.or(is).map(|r| String::from_utf8_lossy(r.name).into_owned()) else { break };
            // What isn't a registry's is no affair of an audit.
            if path.is_empty() && name != "data" {
                continue;
            }
            let below = if path.is_empty() { name } else { format!("{path}/{name}") };
            let raw = was.or(is).map_or(&[][..], |r| r.name);
            let plain = !raw.is_empty() && !matches!(raw, b"." | b"..") && !raw.contains(&b'/');
            let spelled = plain && !raw.eq_ignore_ascii_case(b".git") && std::str::from_utf8(raw).is_ok();
            if !spelled {
                let item =
                    |row: Option<Row<'_>>| row.map(|row| Item::Other(row.id, "its name is none that a file can have"));
                // It mustn't pass for the file whose path it spells.
                let path = if place_of(&below).is_some() { format!("{path}: {below}") } else { below };
                out.push(Changed { path, old: item(was), new: item(is) });
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
            let mut node = Node::default();
            for name in ["b", "a.b", "a", "ab", "a-b"] {
                node.put(name, tree, GitId([7; 20]));
            }
            let mut sorted: Vec<_> = names.to_vec();
            sorted.sort_by_key(|n| if tree { format!("{n}/") } else { (*n).to_owned() });
            let mode = if tree { "40000" } else { "100644" };
            let expected: Vec<u8> = sorted.iter().flat_map(|n| entry(mode, n)).collect();
            assert_eq!(node.bytes, expected);
            for name in ["ab", "c", "aa"] {
                let undo = node.put(name, tree, GitId([8; 20]));
                assert_ne!(node.bytes, expected);
                node.undo(&undo);
                assert_eq!(node.bytes, expected, "taken back, {name} was never put");
            }
        }
    }

    #[test]
    fn a_directory_sorts_as_if_it_ended_with_a_slash() {
        let mut node = Node::default();
        node.put("program.toml", false, GitId([7; 20]));
        node.put("program", true, GitId([7; 20]));
        assert_eq!(node.bytes, [entry("100644", "program.toml"), entry("40000", "program")].concat());
    }

    #[test]
    fn garbage_ends_a_directory() {
        assert_eq!(rows(b"100644 a").count(), 0);
        assert_eq!(rows(b"9 a\0").count(), 0);
        assert_eq!(rows(&[entry("100644", "a"), b"x".to_vec()].concat()).count(), 1);
    }
}
