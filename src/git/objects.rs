//! Objects read by their ids: one place that knows what to say of those that aren't here, or can't be read.

use std::collections::HashSet;

use git2::{ErrorCode, ObjectType, Oid};

use super::absence;
use super::commit::{RawCommit, WholeCommit, author_of, message_of};
use super::failure::{Explain as _, RepoError, Result, Trouble, of_limits};
use super::loose::{self, Object, Unreadable};
use super::{BULK, Commit, Kind, Repo, copies, open_error};
use crate::domain::GitId;

fn fsck() -> &'static str {
    tr!("git fsck tells more; bring it from another clone, or clone it again")
}

impl Repo {
    /// An object, if it is here.
    pub(super) fn find(&self, oid: Oid) -> Result<Option<Object>> {
        let stores = self.stores.get_or_init(|| loose::stores(&self.objects_directory()));
        let hashed = !BULK.load(std::sync::atomic::Ordering::Relaxed);
        let found = loose::read(stores, oid, hashed);
        let unread = |e: Unreadable| damaged_unless(oid, &e.why, e.remedy);
        if let Some(object) = found.map_err(unread)? {
            return Ok(Some(object));
        }
        let odb = self.git.odb().explain(|| tr!("can't open the object store").into())?;
        match odb.read(oid) {
            Ok(object) => Ok(Some(Object { kind: object.kind(), data: object.data().to_vec() })),
            Err(e) if e.code() == ErrorCode::NotFound => Ok(None),
            Err(e) => Err(damaged_unless(oid, &crate::domain::text::visible(e.message()), of_limits(&e))),
        }
    }

    /// An object that something here names.
    fn object(&self, oid: Oid, kind: ObjectType) -> Result<Vec<u8>> {
        if kind == ObjectType::Commit {
            self.commits_read.set(self.commits_read.get() + 1);
        }
        self.or_mended(oid, |repo| repo.read_object(oid, kind)).map_err(|e| self.told_of_a_copy(e))
    }

    /// What is read; of a copy in which it is damaged, once that was brought again.
    fn or_mended<T>(&self, oid: Oid, read: impl Fn(&Self) -> Result<T>) -> Result<T> {
        match read(self) {
            Err(e) if e.is_damage() => self.mended(oid).map_or(Err(e), |mended| read(&mended)),
            read => read,
        }
    }

    /// A copy opened anew once what it lacks, or what of it is damaged, was brought again; `None` of what is no copy.
    fn mended(&self, oid: Oid) -> Option<Self> {
        if self.why_unread(oid).is_some() || !copies::mend(&self.path) {
            return None;
        }
        self.again().ok()
    }

    fn read_object(&self, oid: Oid, kind: ObjectType) -> Result<Vec<u8>> {
        let found = match (self.find(oid)?, kind) {
            (None, ObjectType::Tree) if self.fill(oid, Kind::Tree)? => self.find(oid)?,
            (None, ObjectType::Blob) if self.fill(oid, Kind::Blob)? => self.find(oid)?,
            (found, _) => found,
        };
        let noun = match kind {
            ObjectType::Tree => tr!("a directory"),
            ObjectType::Blob => tr!("a file"),
            _ => tr!("a commit"),
        };
        match found {
            None => Err(self.missing(oid)),
            Some(object) if object.kind != kind => {
                let hint =
                    tr!("it is whole, and what leads there is wrong: of a branch, git update-ref sets or deletes it");
                Err(RepoError { hint: Some(hint.into()), ..damaged(oid, &tr!("it isn't {noun}", noun)) })
            }
            Some(object) => Ok(object.data),
        }
    }

    /// What to say where an object should be and isn't.
    fn missing(&self, oid: Oid) -> RepoError {
        if let Some(why) = self.why_unread(oid) {
            return why;
        }
        if let Some((cause, hint)) = absence::cause(&self.objects_directory()) {
            return RepoError { hint: Some(hint), ..damaged(oid, &cause) };
        }
        if !self.is_partial() {
            return damaged(oid, tr!("it isn't here"));
        }
        let message = tr!(
            "the repository at {path} is a partial clone, and object {oid} isn't in it",
            oid,
            path = self.path.display()
        );
        RepoError::new(Trouble::Partial, message, tr!("clone it again whole, without --filter"))
    }

    /// What to say of an object that should be here and isn't.
    #[must_use]
    pub(crate) fn left_out(&self, id: GitId) -> RepoError {
        oid_of(id).map_or_else(|e| e, |oid| self.missing(oid))
    }

    /// Whether it was cloned with `--filter`, so that objects may be elsewhere.
    #[must_use]
    pub(crate) fn is_partial(&self) -> bool {
        let Ok(config) = self.git.config() else { return false };
        let Ok(entries) = config.entries(Some(r"^remote\..*\.(promisor|partialclonefilter)$")) else { return false };
        let mut any = false;
        let _ = entries.for_each(|entry| any |= entry.value().is_ok_and(|value| value != "false"));
        any
    }

    /// The bytes of a file.
    pub(crate) fn blob(&self, oid: Oid) -> Result<Vec<u8>> {
        self.object(oid, ObjectType::Blob)
    }

    /// The bytes of a directory, as git keeps them.
    pub(super) fn tree(&self, oid: Oid) -> Result<Vec<u8>> {
        self.object(oid, ObjectType::Tree)
    }

    /// The bytes of a directory, as git keeps them.
    pub(crate) fn tree_bytes(&self, id: GitId) -> Result<Vec<u8>> {
        self.tree(oid_of(id)?)
    }

    /// The bytes of a file; `None` when it isn't here, or isn't a file.
    ///
    /// # Errors
    /// When it can't be read.
    pub(crate) fn file_bytes(&self, id: GitId) -> Result<Option<Vec<u8>>> {
        let oid = oid_of(id)?;
        // What was taken back may never have come here.
        let found = self.or_mended(oid, |repo| repo.find(oid))?;
        Ok(found.filter(|object| object.kind == ObjectType::Blob).map(|object| object.data))
    }

    /// Reads a commit as its object has it, whatever stands in for it.
    pub(crate) fn commit_itself(&self, oid: Oid) -> Result<Commit> {
        Ok(self.dated(oid)?.0)
    }

    /// The same of one that needn't be here: nothing is brought to find it.
    pub(crate) fn commit_if_here(&self, oid: Oid) -> Option<Commit> {
        self.has_commit(oid).then(|| self.commit_itself(oid).ok()).flatten()
    }

    /// A commit as its object has it, and when it was made.
    pub(super) fn dated(&self, oid: Oid) -> Result<(Commit, i64)> {
        let bytes = self.object(oid, ObjectType::Commit)?;
        let RawCommit { tree, parents, time, .. } = parsed(oid, &bytes)?;
        let message = message_of(&bytes).trim_start_matches('\n').to_owned();
        let commit = Commit { oid, tree: oid_of(tree)?, parents: self.known_parents(oid, parents)?, message };
        Ok((commit, time.unwrap_or_default()))
    }

    /// A commit as an audit reads it: as its object has it, whatever stands in for it.
    pub(crate) fn raw_commit(&self, oid: Oid) -> Result<RawCommit> {
        parsed(oid, &self.object(oid, ObjectType::Commit)?)
    }

    /// The same with its message.
    pub(crate) fn commit_with_message(&self, oid: Oid) -> Result<(RawCommit, String)> {
        let bytes = self.object(oid, ObjectType::Commit)?;
        Ok((parsed(oid, &bytes)?, message_of(&bytes)))
    }

    /// A commit to the byte, whatever stands in for it; `None` where git itself writes none like it.
    pub(crate) fn whole_commit(&self, oid: Oid) -> Result<Option<WholeCommit>> {
        Ok(WholeCommit::parse(&self.object(oid, ObjectType::Commit)?))
    }

    /// The message of a commit, as its object has it.
    pub(crate) fn message(&self, oid: Oid) -> Result<String> {
        Ok(message_of(&self.object(oid, ObjectType::Commit)?))
    }

    /// Who a commit says has written it, by name; empty where it doesn't say.
    pub(crate) fn author_name(&self, oid: Oid) -> Result<String> {
        Ok(author_of(&self.object(oid, ObjectType::Commit)?))
    }

    /// The parents of a commit that are part of this clone, and when it was made.
    pub(super) fn behind(&self, oid: Oid) -> Result<(Vec<Oid>, i64)> {
        let RawCommit { parents, time, .. } = self.raw_commit(oid)?;
        Ok((self.known_parents(oid, parents)?, time.unwrap_or_default()))
    }

    fn known_parents(&self, oid: Oid, parents: Vec<Oid>) -> Result<Vec<Oid>> {
        Ok(if self.ends_at(oid)? { Vec::new() } else { parents })
    }

    /// Whether what is before a commit was left out of this clone, which is shallow.
    pub(crate) fn ends_at(&self, oid: Oid) -> Result<bool> {
        Ok(self.ends()?.contains(&oid))
    }

    /// Whether its history is cut off; one of which it can't be read where it ends is.
    #[must_use]
    pub(crate) fn is_shallow(&self) -> bool {
        self.ends().map_or(true, |ends| !ends.is_empty())
    }

    /// The commits at which it ends. libgit2 looks for them in a linked working tree's own folder, where git keeps none.
    fn ends(&self) -> Result<&HashSet<Oid>> {
        if let Some(known) = self.ends.get() {
            return Ok(known);
        }
        let list = match crate::files::read_plain(&self.git.commondir().join("shallow")) {
            Ok(list) => open_error::ends_in(&list).ok_or_else(|| open_error::cut_off_somewhere(&self.path))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => HashSet::new(),
            Err(e) => {
                let message = tr!("can't read where the history of {path} ends: {e}", e, path = self.path.display());
                return Err(RepoError::new(Trouble::Environment, message, crate::files::remedy(&e)));
            }
        };
        Ok(self.ends.get_or_init(|| list))
    }

    #[must_use]
    pub(crate) fn has_commit(&self, oid: Oid) -> bool {
        matches!(self.find(oid), Ok(Some(object)) if object.kind == ObjectType::Commit)
    }

    /// The commit that a tag or a commit is.
    pub(super) fn peeled(&self, oid: Oid) -> Result<Option<Oid>> {
        let mut at = oid;
        for _ in 0..10 {
            match self.find(at)? {
                Some(object) if object.kind == ObjectType::Tag => {
                    let text = String::from_utf8_lossy(&object.data).into_owned();
                    let target = text.lines().next().and_then(|l| l.strip_prefix("object ")?.parse().ok());
                    at = target.ok_or_else(|| damaged(at, tr!("it isn't a tag")))?;
                }
                Some(object) => return Ok((object.kind == ObjectType::Commit).then_some(at)),
                None => return Err(self.missing(at)),
            }
        }
        Ok(None)
    }
}

fn oid_of(id: GitId) -> Result<Oid> {
    Oid::from_bytes(&id.0).explain(|| tr!("an id can't be read").into())
}

fn parsed(oid: Oid, bytes: &[u8]) -> Result<RawCommit> {
    RawCommit::parse(bytes).ok_or_else(|| damaged(oid, tr!("it isn't a commit")))
}

/// An object that can't be read: it is damaged, unless something else helps.
fn damaged_unless(oid: Oid, why: &str, helps: Option<&'static str>) -> RepoError {
    let damaged = damaged(oid, why);
    RepoError { hint: helps.map(str::to_owned).or(damaged.hint), ..damaged }
}

pub(super) fn damaged(oid: Oid, why: &str) -> RepoError {
    RepoError::new(Trouble::Damaged, tr!("object {oid} can't be read: {why}", oid, why), fsck())
}
