//! Writing much at once. Objects stay in memory, where later ones are made from them, and come to disk as packs: a pack
//! takes a fraction of the time and the room of as many loose objects. What doesn't fit into memory lies aside until all
//! is kept, under a name by which git clears away what a broken run has left.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use git2::{Mempack, ObjectType, Odb, Oid};

use super::failure::{Explain as _, RepoError, Result, Trouble};
use super::written::Written;
use super::{Repo, ownership, sharing};

/// With so many bytes in memory they are put into a pack.
const ROOM: usize = crate::domain::limits::HELD_OBJECTS;

/// Fewer objects are kept one by one, as git keeps what was pushed: many small packs slow down whoever reads.
const WORTH_PACKING: usize = 100;

pub struct Held<'r> {
    repo: &'r Repo,
    odb: &'r Odb<'r>,
    memory: Mempack<'r>,
    /// With how much in memory it becomes a pack.
    room: usize,
    /// How many threads pack.
    threads: u32,
    aside: OnceCell<tempfile::TempDir>,
}

impl std::fmt::Debug for Held<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Held").field(&self.repo).finish()
    }
}

fn cant() -> String {
    tr!("can't write objects").to_owned()
}

fn io(path: &Path, e: &std::io::Error) -> RepoError {
    let hint = tr!("free space or mend permissions, then run it again: nothing was changed");
    RepoError::new(Trouble::Environment, tr!("can't write {path}: {e}", e, path = path.display()), hint)
}

impl Repo {
    /// The same repository, opened once more, for [`Repo::holding`].
    pub(crate) fn again(&self) -> Result<Self> {
        let cant = || tr!("can't look into the repository at {path}", path = self.path.display());
        Ok(self.beside(ownership::again(&self.path).explain(cant)?))
    }

    /// From now on what is written here is held, and gone with this value unless `work` has it kept.
    pub(crate) fn holding<R>(&self, threads: u32, work: impl FnOnce(&Held<'_>) -> R) -> Result<R> {
        self.holding_at_most(ROOM, threads, work)
    }

    fn holding_at_most<R>(&self, room: usize, threads: u32, work: impl FnOnce(&Held<'_>) -> R) -> Result<R> {
        let odb = self.git.odb().explain(cant)?;
        // Before all others, so that it is what takes new objects.
        let memory = odb.add_new_mempack_backend(1000).explain(cant)?;
        self.written.replace(Some(Written::default()));
        // What many rows touch, each once, would fill libgit2's cache, and memory would grow with the rows.
        git2::opts::enable_caching(false);
        Ok(work(&Held { repo: self, odb: &odb, memory, room, threads, aside: OnceCell::new() }))
    }

    /// Whether what is written here can't be seen by whoever else opens the repository.
    #[must_use]
    pub(crate) fn holds(&self) -> bool {
        self.written.borrow().is_some()
    }

    pub(super) fn objects_directory(&self) -> PathBuf {
        self.git.commondir().join("objects")
    }
}

impl Held<'_> {
    /// Makes room in memory, if it is due.
    pub(crate) fn make_room(&self) -> Result<()> {
        if self.repo.written.borrow().as_ref().is_none_or(|w| w.bytes < self.room) {
            return Ok(());
        }
        let aside = match self.aside.get() {
            Some(aside) => aside.path().to_owned(),
            None => self.set_aside()?,
        };
        self.pack_into(&aside.join("pack"))?;
        self.memory.reset().explain(cant)?;
        self.odb.refresh().explain(cant)
    }

    /// Makes the directory for what doesn't fit into memory, and has it read from.
    fn set_aside(&self) -> Result<PathBuf> {
        let objects = self.repo.objects_directory();
        let made = tempfile::Builder::new().prefix("tmp_objdir-batch-").tempdir_in(&objects);
        let aside = made.map_err(|e| io(&objects, &e))?;
        let path = aside.path().to_owned();
        std::fs::create_dir(path.join("pack")).map_err(|e| io(&path, &e))?;
        let text = path.to_str().ok_or_else(|| {
            RepoError::new(Trouble::Unusable, tr!("the registry's path isn't UTF-8"), tr!("move it to one that is"))
        })?;
        self.odb.add_disk_alternate(text).explain(cant)?;
        let _ = self.aside.set(aside);
        Ok(path)
    }

    /// Keeps all that is held, where whoever opens the repository sees it.
    pub(crate) fn keep(&self) -> Result<()> {
        let packs = self.repo.objects_directory().join("pack");
        if let Some(aside) = self.aside.get() {
            self.pack_into(&aside.path().join("pack"))?;
            move_packs(&aside.path().join("pack"), &packs)?;
        } else if self.count() < WORTH_PACKING {
            self.write_loose()?;
        } else {
            std::fs::create_dir_all(&packs).map_err(|e| io(&packs, &e))?;
            self.pack_into(&packs)?;
        }
        if let Some(sharing) = self.repo.sharing()? {
            sharing::packs(sharing, &packs);
        }
        Ok(())
    }

    fn count(&self) -> usize {
        self.repo.written.borrow().as_ref().map_or(0, |w| w.objects.len())
    }

    fn taken(&self) -> Vec<(Oid, ObjectType)> {
        self.repo.written.borrow_mut().as_mut().map_or_else(Vec::new, |written| {
            written.bytes = 0;
            std::mem::take(&mut written.objects)
        })
    }

    fn pack_into(&self, directory: &Path) -> Result<()> {
        let objects = self.taken();
        if objects.is_empty() {
            return Ok(());
        }
        let mut pack = self.repo.git.packbuilder().explain(cant)?;
        pack.set_threads(self.threads);
        for (oid, _) in objects {
            pack.insert_object(oid, None).explain(cant)?;
        }
        pack.write(directory, 0o444)
            .explain(|| tr!("can't write a pack into {directory}", directory = directory.display()))?;
        sync(directory)
    }

    fn write_loose(&self) -> Result<()> {
        let disk = self.repo.again()?;
        let odb = disk.git.odb().explain(cant)?;
        for (oid, kind) in self.taken() {
            let object = self.odb.read(oid).explain(cant)?;
            odb.write(kind, object.data()).explain(cant)?;
            if let Some(sharing) = self.repo.sharing()? {
                sharing::object(sharing, &disk.objects_directory(), oid);
            }
        }
        Ok(())
    }
}

/// Makes sure that what was written stays, whatever happens to the machine: branches are going to point to it.
fn sync(directory: &Path) -> Result<()> {
    let all = |path: &Path| -> std::io::Result<()> {
        for entry in std::fs::read_dir(path)? {
            let file = entry?.path();
            if file.extension().is_some_and(|e| e == "pack" || e == "idx") {
                match std::fs::File::open(file) {
                    // Somebody else's, who is repacking.
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                    file => file?.sync_all()?,
                }
            }
        }
        std::fs::File::open(path)?.sync_all()
    };
    // Where directories can't be opened as files they needn't be.
    if cfg!(unix) { all(directory).map_err(|e| io(directory, &e)) } else { Ok(()) }
}

/// Moves packs; each index last, since it is what makes a pack one.
fn move_packs(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).map_err(|e| io(to, &e))?;
    let found = std::fs::read_dir(from).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut files: Vec<PathBuf> = found.map_err(|e| io(from, &e))?.into_iter().map(|e| e.path()).collect();
    files.sort_by_key(|path| path.extension().is_some_and(|e| e == "idx"));
    for file in files {
        let Some(name) = file.file_name() else { continue };
        if cfg!(windows) {
            // libgit2 has it open, and nobody else may move it then. It stays, for git to clear away.
            let beside = to.join(format!("tmp_{}", name.to_string_lossy()));
            std::fs::copy(&file, &beside)
                .and_then(|_| std::fs::rename(&beside, to.join(name)))
                .map_err(|e| io(to, &e))?;
        } else {
            std::fs::rename(&file, to.join(name)).map_err(|e| io(to, &e))?;
        }
    }
    if cfg!(unix) {
        std::fs::File::open(to).and_then(|to| to.sync_all()).map_err(|e| io(to, &e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Kind;

    fn files(directory: &Path) -> Vec<PathBuf> {
        let found = std::fs::read_dir(directory).map(|d| d.map(|e| e.unwrap().path()).collect());
        found.unwrap_or_default()
    }

    /// Writes so many objects and makes room after each. Gives them, and how many packs lay aside before they were kept.
    fn write(home: &Path, count: usize, room: usize, keep: bool) -> (Vec<Oid>, usize) {
        let work = Repo::init_bare(home).unwrap().again().unwrap();
        let work = &work;
        work.holding_at_most(room, 1, |held| {
            let blob = |n: usize| {
                let oid = work.write_object(Kind::Blob, format!("{room} {n}").as_bytes()).unwrap();
                held.make_room().unwrap();
                oid
            };
            let written: Vec<Oid> = (0..count).map(blob).collect();
            assert!(written.iter().all(|oid| work.blob(*oid).is_ok()), "what is held can be read");
            let other = Repo::open(home).unwrap();
            assert!(written.iter().all(|oid| other.blob(*oid).is_err()), "and nobody else sees it");
            let aside = held.aside.get().map_or(0, |aside| files(&aside.path().join("pack")).len() / 2);
            if keep {
                held.keep().unwrap();
            }
            (written, aside)
        })
        .unwrap()
    }

    #[test]
    fn what_is_held_is_kept_as_a_whole_or_leaves_nothing() {
        for (count, room, packs) in [(3, ROOM, 0), (300, ROOM, 1), (40, 60, 3), (0, ROOM, 0)] {
            let home = tempfile::tempdir().unwrap();
            let objects = home.path().join("objects");
            let (written, aside) = write(home.path(), count, room, false);
            let other = Repo::open(home.path()).unwrap();
            assert!(written.iter().all(|oid| other.blob(*oid).is_err()));
            let is_aside = |f: &PathBuf| f.to_string_lossy().contains("tmp_objdir");
            // On Windows what is open can't be removed, either.
            assert!(cfg!(windows) || !files(&objects).iter().any(is_aside));
            let (written, aside_again) = write(home.path(), count, room, true);
            assert_eq!(aside, aside_again);
            let other = Repo::open(home.path()).unwrap();
            assert!(written.iter().all(|oid| other.blob(*oid).is_ok()), "{count} objects, {room} bytes");
            assert!(files(&objects.join("pack")).len() / 2 >= packs, "{count} objects, {room} bytes");
            assert!(cfg!(windows) || !files(&objects).iter().any(is_aside));
        }
    }
}
