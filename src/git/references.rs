//! References: where they are, which there are, and what to say of those that can't be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

use git2::{ErrorCode, ObjectType, Repository};

use super::entry::readable;
use super::failure::{Explain as _, RepoError, Result, Trouble, of_limits};
use super::packed::{Fault, Packed};
use super::{Oid, Repo, ownership, plain};
use crate::domain::{shell, text};
use crate::files;

/// So many directories may stand within each other in a reference's name.
const MOST_DEEP: usize = 40;

fn is_below(directory: &str, name: &str) -> bool {
    name.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

fn cant_list() -> String {
    tr!("can't list branches").to_owned()
}

/// Whether git refuses a full name. Names that aren't UTF-8 are known to it.
#[must_use]
pub(crate) fn is_oddly_named(full_name: &str) -> bool {
    !git2::Reference::is_valid_name(&full_name.replace("\\x", ""))
}

impl Repo {
    /// The first of some references, by their full names, that is checked out: here, or in a working tree elsewhere that belongs to
    /// this repository; and where.
    pub(crate) fn checked_out<'n>(&self, full_names: &[&'n str]) -> Option<(&'n str, PathBuf)> {
        let of = |git: &Repository| {
            let head = git.find_reference("HEAD").ok()?;
            let target = head.symbolic_target().ok().flatten()?.to_owned();
            Some((target, git.workdir()?.to_owned()))
        };
        let others = self.git.worktrees().ok();
        let others = others.iter().flat_map(|list| list.iter().filter_map(|name| name.ok().flatten()));
        let elsewhere = others.filter_map(|name| {
            let worktree = self.git.find_worktree(name).ok()?;
            of(&ownership::open(worktree.path()).ok()?)
        });
        let all: Vec<(String, PathBuf)> = of(&self.git).into_iter().chain(elsewhere).collect();
        full_names.iter().find_map(|name| {
            let (_, place) = all.iter().find(|(target, _)| target == name)?;
            Some((*name, place.clone()))
        })
    }

    pub(crate) fn reference(&self, full_name: &str) -> Result<Option<Oid>> {
        let place = self.git.commondir().join(full_name);
        if plain::is_strange(&place) {
            return Err(self.told_of_a_copy(plain::told(&place)));
        }
        // What is a file of its own stands above what is packed.
        if place.symlink_metadata().is_err()
            && let Some(why) = self.packed_fault(full_name)
        {
            return Err(why);
        }
        match self.git.refname_to_id(full_name) {
            Ok(oid) => Ok(Some(oid)),
            Err(e) if e.code() == ErrorCode::NotFound => match self.git.find_reference(full_name) {
                // It was made meanwhile, or is there and stands for what isn't.
                Ok(there) => there
                    .resolve()
                    .ok()
                    .and_then(|resolved| resolved.target())
                    .map_or_else(|| Err(self.leads_nowhere(full_name)), |oid| Ok(Some(oid))),
                Err(_) => Ok(None),
            },
            Err(_) if self.is_no_reference(full_name) => {
                let path = self.git.commondir().join(full_name);
                let message = tr!("{path} is no reference, and stands where references do", path = path.display());
                let hint = tr!("what syncs or shows folders leaves such files: remove it, if it is one");
                Err(self.told_of_a_copy(RepoError::new(Trouble::Damaged, message, hint)))
            }
            Err(e) if e.code() == ErrorCode::Locked => {
                let what = tr!("can't read {full_name}", full_name);
                Err(self.told_of_a_copy(RepoError::from_git(&what, &e)))
            }
            Err(e) => {
                let message =
                    tr!("can't read {full_name}: {why}", full_name, why = crate::domain::text::visible(e.message()));
                let hint = tr!("git fsck tells more; where it was before, git reflog may tell, or another clone");
                Err(self.told_of_a_copy(RepoError::new(Trouble::Damaged, message, of_limits(&e).unwrap_or(hint))))
            }
        }
    }

    /// Whether what stands in a reference's place never was one: by its name a file, and a text that is no id, whole or cut, and
    /// leads nowhere.
    fn is_no_reference(&self, full_name: &str) -> bool {
        let is_called_so =
            full_name.rsplit_once('.').is_some_and(|(_, ending)| ending.starts_with(|c: char| c.is_ascii_alphabetic()));
        if !is_called_so {
            return false;
        }
        let Ok(bytes) = files::read_plain(&self.git.commondir().join(full_name)) else { return false };
        let could_be = |c: &u8| c.is_ascii_hexdigit() || c.is_ascii_whitespace() || *c == 0;
        !bytes.starts_with(b"ref:") && !bytes.iter().take(8).all(could_be)
    }

    /// All branches whose full name matches the glob, by name; bytes of names that aren't UTF-8 stand there as `\xe9`, which no name
    /// has. One that stands for another is where that is.
    ///
    /// # Errors
    /// When they can't be listed, or one of them can't be read.
    pub(crate) fn branches(&self, glob: &str) -> Result<Vec<(String, Oid)>> {
        self.listed(glob)?.into_iter().map(|(name, place)| Ok((name, place?))).collect()
    }

    /// The same, where one that can't be read hides no other: in its place stands an id that no object has, and whoever reads
    /// that is told why.
    ///
    /// # Errors
    /// When they can't be listed.
    pub(crate) fn branches_or_why(&self, glob: &str) -> Result<Vec<(String, Oid)>> {
        let place = |(name, place): (String, Result<Oid>)| match place {
            Ok(oid) => Ok((name, oid)),
            Err(why) => {
                let nowhere = format!("where {name} is can't be read");
                let oid = Oid::hash_object(ObjectType::Commit, nowhere.as_bytes()).explain(cant_list)?;
                self.unread.borrow_mut().insert(oid, why);
                Ok((name, oid))
            }
        };
        self.listed(glob)?.into_iter().map(place).collect()
    }

    /// Why it isn't known where a branch is, if that is what this id stands for.
    pub(crate) fn why_unread(&self, oid: Oid) -> Option<RepoError> {
        self.unread.borrow().get(&oid).cloned()
    }

    /// The names alone.
    ///
    /// # Errors
    /// When they can't be listed.
    pub(crate) fn names_of_branches(&self, glob: &str) -> Result<Vec<String>> {
        Ok(self.listed(glob)?.into_iter().map(|(name, _)| name).collect())
    }

    fn listed(&self, glob: &str) -> Result<Vec<(String, Result<Oid>)>> {
        let mut out = BTreeMap::new();
        let directory = glob.rsplit_once('/').map_or("", |(directory, _)| directory);
        let mut strange = false;
        let files = self.files_of_references(directory, MOST_DEEP, &mut strange)?;
        if strange {
            // libgit2 would open it, and wait.
            let packed = self.packed();
            let below = packed.names.iter().filter(|name| is_below(directory, name)).cloned();
            let all: BTreeSet<String> = files.into_iter().chain(below).collect();
            let place = |name: String| match self.reference(&name) {
                Ok(None) => None,
                Ok(Some(oid)) => Some((name, Ok(oid))),
                Err(e) => Some((name, Err(e))),
            };
            return Ok(all.into_iter().filter_map(place).collect());
        }
        for reference in self.git.references_glob(glob).map_err(|e| self.unlisted(&e))? {
            let reference = reference.map_err(|e| self.unlisted(&e))?;
            let name = readable(reference.name_bytes());
            let place = match (reference.target(), reference.resolve()) {
                (Some(oid), _) => Ok(oid),
                (None, Ok(resolved)) => match resolved.target() {
                    Some(oid) => Ok(oid),
                    None => continue,
                },
                (None, Err(_)) => Err(self.leads_nowhere(&name)),
            };
            out.insert(name, place);
        }
        // What libgit2 can't read it passes over; or takes for it where it was when references were packed.
        let packed = self.packed();
        let at_fault = packed.faults.iter().filter(|(name, _)| is_below(directory, name) && !files.contains(name));
        out.extend(at_fault.map(|(name, fault)| (name.clone(), Err(self.told_of_packed(name, fault)))));
        for name in files {
            if out.contains_key(&name) && !packed.names.contains(&name) {
                continue;
            }
            let place = match self.reference(&name) {
                Ok(Some(oid)) => Ok(oid),
                // Unless it was removed meanwhile.
                Ok(None) if self.git.commondir().join(&name).symlink_metadata().is_err() => continue,
                Ok(None) => Err(self.leads_nowhere(&name)),
                Err(e) => Err(e),
            };
            out.insert(name, place);
        }
        Ok(out.into_iter().collect())
    }

    /// References that can't be listed, told as damage.
    fn unlisted(&self, error: &git2::Error) -> RepoError {
        let told = RepoError::from_git(&cant_list(), error);
        let damaged = || tr!("git fsck tells more; bring packed-refs and refs from another clone, or clone it again");
        let hint = match told.trouble {
            // Where somebody may not read them, they are whole.
            Trouble::Denied => told.hint,
            // Nor are they damaged where the system has no room for more.
            _ => Some(of_limits(error).unwrap_or_else(damaged).to_owned()),
        };
        self.told_of_a_copy(RepoError { trouble: Trouble::Damaged, hint, message: told.message })
    }

    fn leads_nowhere(&self, name: &str) -> RepoError {
        // git takes such a link for a reference to what it names, and libgit2 for a path.
        let link = std::fs::read_link(self.git.commondir().join(name)).ok();
        let meant = link.as_deref().and_then(|to| to.to_str()).filter(|to| to.starts_with("refs/"));
        if let Some(to) = meant.filter(|to| self.git.refname_to_id(to).is_ok()) {
            let message = tr!(
                "{name} is a symbolic link: git takes it for a reference to {to}, and leaves it out of its lists",
                name = text::visible(name),
                to = text::visible(to)
            );
            let put_right = tr!(
                "git -c core.preferSymlinkRefs=false symbolic-ref {name} {to} writes it as git does now; rm takes the link away, if nobody needs it",
                name = shell::quoted(name),
                to = shell::quoted(to)
            );
            return self.told_of_a_copy(RepoError {
                hint: Some(put_right),
                ..RepoError::new(Trouble::Damaged, message, None)
            });
        }
        let message =
            tr!("{name} stands for another reference, which isn't there", name = crate::domain::text::visible(name));
        let hint = tr!("git fsck tells more; git symbolic-ref --delete removes it, if nobody needs it");
        self.told_of_a_copy(RepoError::new(Trouble::Damaged, message, hint))
    }

    /// The references below a directory that are files of their own, by their full names, so many directories down; and whether any
    /// is strange.
    fn files_of_references(&self, directory: &str, down: usize, strange: &mut bool) -> Result<Vec<String>> {
        let place = self.git.commondir().join(directory);
        let cant = |e: &dyn std::fmt::Display, helps: Option<&'static str>| {
            let message = tr!("can't read the references in {place}: {e}", e, place = place.display());
            let hint = helps.unwrap_or_else(|| tr!("check what is there, and its permissions"));
            self.told_of_a_copy(RepoError::new(Trouble::Damaged, message, hint))
        };
        let failed = |e: &std::io::Error| cant(e, files::unless_damaged(e));
        let entries = match std::fs::read_dir(&place) {
            Ok(entries) if down > 0 => entries,
            Ok(_) => return Err(cant(&tr!("it leads back to where it is"), None)),
            // All of them are packed, or there are none; unless a link leads nowhere.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && place.symlink_metadata().is_err() => {
                return Ok(Vec::new());
            }
            // A reference of that name, which others tell of.
            Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => return Ok(Vec::new()),
            Err(e) => return Err(failed(&e)),
        };
        let mut out = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|e| failed(&e))?;
            // Names that aren't UTF-8 libgit2 has listed.
            let Some(name) = entry.file_name().to_str().map(|name| format!("{directory}/{name}")) else { continue };
            // Nothing is asked of those that are known to be files.
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if !is_file && entry.path().is_dir() {
                out.extend(self.files_of_references(&name, down - 1, strange)?);
            } else if git2::Reference::is_valid_name(&name) {
                *strange |= !is_file && plain::is_strange(&entry.path());
                out.push(name);
            }
        }
        Ok(out)
    }

    fn packed_file(&self) -> PathBuf {
        self.git.commondir().join("packed-refs")
    }

    /// What is packed; read again only once the file is another, as libgit2 does.
    fn packed(&self) -> Rc<Packed> {
        let file = self.packed_file();
        let stamp = file.metadata().ok().and_then(|it| Some((it.modified().ok()?, it.len())));
        let mut known = self.packed.borrow_mut();
        match &*known {
            Some((of, packed)) if *of == stamp => Rc::clone(packed),
            _ => {
                let packed = Rc::new(Packed::of(&files::read_plain(&file).unwrap_or_default()));
                *known = Some((stamp, Rc::clone(&packed)));
                packed
            }
        }
    }

    /// Why a reference that is packed is read otherwise by git, if it is.
    fn packed_fault(&self, full_name: &str) -> Option<RepoError> {
        self.packed().faults.get(full_name).map(|fault| self.told_of_packed(full_name, fault))
    }

    fn told_of_packed(&self, full_name: &str, fault: &Fault) -> RepoError {
        let (name, at, file) = (text::visible(full_name), self.path().display(), self.packed_file());
        let (message, hint) = match fault {
            Fault::Windows => (
                tr!(
                    "the line of {name} in the packed-refs of {at} ends as on Windows, and git can't read it",
                    name,
                    at
                ),
                tr!("take that off, for example by sed -i 's/\\r$//' {packed}", packed = shell::path(&file)),
            ),
            Fault::Unsorted => (
                tr!("the packed-refs of {at} isn't in the order that its first line promises", at),
                tr!(
                    "take the word sorted out of that line, and have git write it anew: git --git-dir {at} pack-refs --all",
                    at = shell::path(self.path())
                ),
            ),
            Fault::Twice(one, other) => (
                tr!("{name} stands twice in the packed-refs of {at}: at {one} and at {other}", name, at, one, other),
                tr!(
                    "git takes the first, and others the last: take the line that is wrong out of {packed}",
                    packed = shell::path(&file)
                ),
            ),
        };
        self.told_of_a_copy(RepoError { hint: Some(hint), ..RepoError::new(Trouble::Damaged, message, None) })
    }
}
