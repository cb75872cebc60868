//! The repositories on disk, by libgit2.

#![expect(clippy::disallowed_types, reason = "the double keeps its repositories apart from the program's")]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use git2::{ObjectType, Oid, Repository, RepositoryInitOptions, Sort};

/// A person at a time, as in a commit.
#[derive(Clone, Debug)]
pub struct Signature {
    pub name: String,
    pub email: String,
    pub seconds: i64,
    pub offset: i32,
}

#[derive(Clone, Debug)]
pub struct Commit {
    pub oid: Oid,
    pub tree: Oid,
    pub parents: Vec<Oid>,
    pub message: String,
    pub author: Signature,
    pub committer: Signature,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    /// The same as git keeps it.
    pub raw: Vec<u8>,
    pub mode: i32,
    pub kind: ObjectType,
    pub oid: Oid,
}

/// One path of a tree to be made: its mode and object, or nothing to remove it.
pub type Edit = (String, Option<(i32, Oid)>);

/// The same on the way down its path.
type Step<'a> = (&'a str, Option<(i32, Oid)>);

pub struct Git(Repository);

impl Git {
    /// Makes a bare repository that keeps its objects in `objects`, together with its network.
    pub fn create(path: &Path, objects: &Path, head: &str) {
        let mut options = RepositoryInitOptions::new();
        options.bare(true).external_template(false).initial_head(head);
        let repository = Repository::init_opts(path, &options).unwrap();
        let mut config = repository.config().unwrap();
        config.set_str("receive.hideRefs", "refs/pull").unwrap();
        config.set_bool("receive.autogc", false).unwrap();
        config.set_i32("gc.auto", 0).unwrap();
        config.set_bool("uploadpack.allowFilter", true).unwrap();
        config.set_bool("uploadpack.allowAnySHA1InWant", true).unwrap();
        config.set_bool("http.receivepack", true).unwrap();
        if objects.exists() {
            std::fs::remove_dir_all(path.join("objects")).unwrap();
        } else {
            std::fs::create_dir_all(objects.parent().unwrap()).unwrap();
            std::fs::rename(path.join("objects"), objects).unwrap();
        }
        std::os::unix::fs::symlink(objects, path.join("objects")).unwrap();
    }

    pub fn open(path: &Path) -> Self {
        Self(Repository::open_bare(path).unwrap())
    }

    /// Every ref with what it leads to, by name; symbolic ones apart.
    pub fn refs(&self) -> Vec<(String, Oid)> {
        let mut found = Vec::new();
        for reference in self.0.references().unwrap() {
            let reference = reference.unwrap();
            if let (Ok(name), Some(target)) = (reference.name(), reference.target()) {
                found.push((name.to_owned(), target));
            }
        }
        found.sort();
        found
    }

    pub fn get(&self, name: &str) -> Option<Oid> {
        self.0.find_reference(name).ok()?.resolve().ok()?.target()
    }

    pub fn branch(&self, name: &str) -> Option<Oid> {
        self.get(&format!("refs/heads/{name}"))
    }

    pub fn set(&self, name: &str, oid: Oid) -> bool {
        self.0.reference(name, oid, true, "").is_ok()
    }

    pub fn remove(&self, name: &str) {
        self.0.find_reference(name).unwrap().delete().unwrap();
    }

    pub fn set_head(&self, branch: &str) {
        self.0.set_head(&format!("refs/heads/{branch}")).unwrap();
    }

    pub fn head_branch(&self) -> Option<String> {
        let head = self.0.find_reference("HEAD").ok()?;
        let target = head.symbolic_target().ok()??;
        Some(target.strip_prefix("refs/heads/")?.to_owned())
    }

    pub fn kind(&self, oid: Oid) -> Option<ObjectType> {
        self.0.odb().unwrap().read_header(oid).ok().map(|(_, kind)| kind)
    }

    pub fn size(&self, oid: Oid) -> usize {
        self.0.odb().unwrap().read_header(oid).map_or(0, |(size, _)| size)
    }

    pub fn commit(&self, oid: Oid) -> Option<Commit> {
        let commit = self.0.find_commit(oid).ok()?;
        Some(Commit {
            oid,
            tree: commit.tree_id(),
            parents: commit.parent_ids().collect(),
            message: String::from_utf8_lossy(commit.message_raw_bytes()).into_owned(),
            author: signature(&commit.author()),
            committer: signature(&commit.committer()),
        })
    }

    pub fn tree(&self, oid: Oid) -> Option<Vec<Entry>> {
        let tree = self.0.find_tree(oid).ok()?;
        let entry = |entry: git2::TreeEntry<'_>| Entry {
            name: String::from_utf8_lossy(entry.name_bytes()).into_owned(),
            raw: entry.name_bytes().to_vec(),
            mode: entry.filemode_raw(),
            kind: entry.kind().unwrap_or(ObjectType::Commit),
            oid: entry.id(),
        };
        Some(tree.iter().map(entry).collect())
    }

    pub fn blob(&self, oid: Oid) -> Option<Vec<u8>> {
        Some(self.0.find_blob(oid).ok()?.content().to_vec())
    }

    /// What is at a path; the whole tree has the empty path.
    pub fn at(&self, tree: Oid, path: &str) -> Option<Entry> {
        if path.is_empty() {
            return Some(Entry {
                name: String::new(),
                raw: Vec::new(),
                mode: 0o040_000,
                kind: ObjectType::Tree,
                oid: tree,
            });
        }
        let found = self.0.find_tree(tree).ok()?.get_path(Path::new(path)).ok()?;
        let raw = found.name_bytes().to_vec();
        let name = String::from_utf8_lossy(&raw).into_owned();
        let kind = found.kind().unwrap_or(ObjectType::Commit);
        Some(Entry { name, raw, mode: found.filemode_raw(), kind, oid: found.id() })
    }

    /// What a revision means: a branch, a tag, `HEAD`, an object's id.
    pub fn revision(&self, text: &str) -> Option<Oid> {
        if text == "HEAD" {
            return self.get("HEAD");
        }
        let named =
            [format!("refs/heads/{text}"), format!("refs/tags/{text}"), format!("refs/{text}"), text.to_owned()];
        named.iter().find_map(|name| self.get(name)).or_else(|| {
            let is_id = text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_id.then(|| self.0.revparse_single(text).ok().map(|object| object.id())).flatten()
        })
    }

    /// The commit that a revision leads to, through tags.
    pub fn commit_of(&self, text: &str) -> Option<Commit> {
        let object = self.0.find_object(self.revision(text)?, None).ok()?;
        self.commit(object.peel_to_commit().ok()?.id())
    }

    pub fn write(&self, kind: ObjectType, bytes: &[u8]) -> Oid {
        self.0.odb().unwrap().write(kind, bytes).unwrap()
    }

    /// A tree with these changes to another one. `None` if a path to remove isn't there.
    pub fn write_tree(&self, base: Option<Oid>, edits: &[Edit]) -> Option<Oid> {
        let edits: Vec<_> = edits.iter().map(|(path, edit)| (path.as_str(), *edit)).collect();
        self.rebuild(base, &edits).map(|(oid, _)| oid)
    }

    /// The changed tree, and how many entries it has.
    fn rebuild(&self, base: Option<Oid>, edits: &[Step<'_>]) -> Option<(Oid, usize)> {
        let base = base.and_then(|oid| self.0.find_tree(oid).ok());
        let mut builder = self.0.treebuilder(base.as_ref()).ok()?;
        let mut below: BTreeMap<&str, Vec<Step<'_>>> = BTreeMap::new();
        for (path, edit) in edits {
            match (path.split_once('/'), edit) {
                (Some((name, rest)), edit) => below.entry(name).or_default().push((rest, *edit)),
                (None, Some((mode, oid))) => _ = builder.insert(path, *oid, *mode).ok()?,
                (None, None) => builder.remove(path).ok()?,
            }
        }
        for (name, edits) in below {
            let old = builder.get(name).ok()?.filter(|entry| entry.kind() == Some(ObjectType::Tree));
            let old = old.map(|entry| entry.id());
            match self.rebuild(old, &edits)? {
                (_, 0) => builder.remove(name).ok()?,
                (oid, _) => _ = builder.insert(name, oid, 0o040_000).ok()?,
            }
        }
        Some((builder.write().ok()?, builder.len()))
    }

    /// A commit whose message is exactly this.
    pub fn write_commit(
        &self,
        message: &str,
        tree: Oid,
        parents: &[Oid],
        by: [&Signature; 2],
        signed: Option<&str>,
    ) -> Oid {
        let mut raw = format!("tree {tree}\n");
        for parent in parents {
            raw.push_str(&format!("parent {parent}\n"));
        }
        raw.push_str(&format!("author {}\ncommitter {}\n", line(by[0]), line(by[1])));
        if let Some(signed) = signed {
            raw.push_str(&format!("gpgsig {}\n", signed.trim_end().replace('\n', "\n ")));
        }
        raw.push('\n');
        raw.push_str(message);
        self.write(ObjectType::Commit, raw.as_bytes())
    }

    /// Whether `old` is `new` or one of its ancestors.
    pub fn contains(&self, new: Oid, old: Oid) -> bool {
        new == old || self.0.graph_descendant_of(new, old).unwrap_or(false)
    }

    pub fn merge_base(&self, one: Oid, two: Oid) -> Option<Oid> {
        self.0.merge_base(one, two).ok()
    }

    /// The commits of `head` that `base` doesn't have, oldest first.
    pub fn between(&self, base: Oid, head: Oid) -> Vec<Oid> {
        let mut walk = self.0.revwalk().unwrap();
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE).unwrap();
        walk.push(head).unwrap();
        walk.hide(base).unwrap();
        walk.map(Result::unwrap).collect()
    }

    /// A commit and everything before it, newest first.
    pub fn ancestors(&self, oid: Oid) -> Vec<Oid> {
        let mut walk = self.0.revwalk().unwrap();
        walk.set_sorting(Sort::TOPOLOGICAL).unwrap();
        walk.push(oid).unwrap();
        walk.map(Result::unwrap).collect()
    }

    /// Those of them that changed what is at a path. Where a merge has it from one of its sides, the others aren't looked at, as git
    /// itself does.
    pub fn touching(&self, oid: Oid, path: &str) -> Vec<Oid> {
        let there = |oid: Oid| self.at(self.0.find_commit(oid).unwrap().tree_id(), path).map(|entry| entry.oid);
        let (mut todo, mut seen, mut touching) = (vec![oid], HashSet::new(), HashSet::new());
        while let Some(at) = todo.pop() {
            if !seen.insert(at) {
                continue;
            }
            let parents: Vec<Oid> = self.0.find_commit(at).unwrap().parent_ids().collect();
            if let Some(same) = parents.iter().find(|parent| there(**parent) == there(at)) {
                todo.push(*same);
                continue;
            }
            if !parents.is_empty() || there(at).is_some() {
                touching.insert(at);
            }
            todo.extend(parents);
        }
        self.ancestors(oid).into_iter().filter(|at| touching.contains(at)).collect()
    }

    /// The tree of a three-way merge, unless there are conflicts.
    pub fn merged_tree(&self, ours: Oid, theirs: Oid) -> Option<Oid> {
        let [ours, theirs] = [ours, theirs].map(|oid| self.0.find_commit(oid).unwrap());
        let mut index = self.0.merge_commits(&ours, &theirs, None).ok()?;
        if index.has_conflicts() { None } else { index.write_tree_to(&self.0).ok() }
    }

    /// The tree of a commit's change made again on another commit.
    pub fn picked_tree(&self, commit: Oid, onto: Oid) -> Option<Oid> {
        let [commit, onto] = [commit, onto].map(|oid| self.0.find_commit(oid).unwrap());
        let mut index = self.0.cherrypick_commit(&commit, &onto, 0, None).ok()?;
        if index.has_conflicts() { None } else { index.write_tree_to(&self.0).ok() }
    }

    /// What differs between two trees.
    pub fn diff(&self, old: Option<Oid>, new: Oid) -> git2::Diff<'_> {
        let [old, new] = [old, Some(new)].map(|oid| oid.map(|oid| self.0.find_tree(oid).unwrap()));
        let mut diff = self.0.diff_tree_to_tree(old.as_ref(), new.as_ref(), None).unwrap();
        diff.find_similar(None).unwrap();
        diff
    }

    /// Every object that these lead to.
    pub fn closure(&self, tips: &[Oid]) -> HashSet<Oid> {
        let mut walk = self.0.revwalk().unwrap();
        let mut found = HashSet::new();
        for tip in tips {
            let object = self.0.find_object(*tip, None).unwrap();
            found.insert(*tip);
            if let Ok(commit) = object.peel_to_commit() {
                walk.push(commit.id()).unwrap();
            }
        }
        for oid in walk.map(Result::unwrap) {
            found.insert(oid);
            self.collect(self.0.find_commit(oid).unwrap().tree_id(), &mut found);
        }
        found
    }

    fn collect(&self, tree: Oid, found: &mut HashSet<Oid>) {
        if !found.insert(tree) {
            return;
        }
        for entry in self.tree(tree).unwrap() {
            match entry.kind {
                ObjectType::Tree => self.collect(entry.oid, found),
                _ => _ = found.insert(entry.oid),
            }
        }
    }
}

fn signature(it: &git2::Signature<'_>) -> Signature {
    let name = String::from_utf8_lossy(it.name_bytes()).into_owned();
    let email = String::from_utf8_lossy(it.email_bytes()).into_owned();
    Signature { name, email, seconds: it.when().seconds(), offset: it.when().offset_minutes() }
}

/// As git writes it, without the characters that would end a field.
fn line(by: &Signature) -> String {
    let clean = |text: &str| text.replace(['<', '>', '\n'], "").trim().to_owned();
    let sign = if by.offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (by.offset.abs() / 60, by.offset.abs() % 60);
    format!("{} <{}> {} {sign}{hours:02}{minutes:02}", clean(&by.name), clean(&by.email), by.seconds)
}
