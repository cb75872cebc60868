//! References that move: all of them, or none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::domain::text;

use super::failure::{Explain as _, Result};
use super::{RefMove, Repo, RepoError, Trouble, sharing};

impl Repo {
    /// The first of these branches, by their full names, beside which there is one that git can't have there: above it, or below.
    /// Gives both.
    pub(crate) fn in_the_way<'n>(&self, full_names: &[&'n str]) -> Result<Option<(&'n str, String)>> {
        if full_names.is_empty() {
            return Ok(None);
        }
        let there: BTreeSet<String> = self.names_of_branches("refs/heads/*")?.into_iter().collect();
        let beside = |name: &str| {
            let above = name.match_indices('/').skip(2).map(|(at, _)| &name[..at]).find(|above| there.contains(*above));
            let inside = format!("{name}/");
            let below = there.range(inside.clone()..).next().filter(|below| below.starts_with(&inside));
            above.map(str::to_owned).or_else(|| below.cloned())
        };
        Ok(full_names.iter().find_map(|name| Some((*name, beside(name)?))))
    }

    /// Moves references if all of them are still where they were expected: all are locked before the first one moves. Git moves
    /// them one by one; so that nothing is lost if that breaks off, what is new comes first, then the default branch, and what
    /// goes goes last. Where one can't move, those that have are put back.
    pub(crate) fn move_references(&self, moves: &[RefMove], log: &str) -> Result<()> {
        let cant = || tr!("can't move branches").to_owned();
        let head = self.git.find_reference("HEAD").ok();
        let main = head.as_ref().and_then(|head| head.symbolic_target().ok().flatten());
        let stage = |to: &RefMove| match (to.old, to.new) {
            _ if main == Some(to.name.as_str()) => 1,
            (None, _) => 0,
            (Some(_), Some(_)) => 2,
            (Some(_), None) => 3,
        };
        self.refuse_without_room(moves, main)?;
        allow_open_files(moves.len());
        let mut stages = Vec::new();
        for _ in 0..4 {
            stages.push(self.git.transaction().explain(cant)?);
        }
        for to in moves {
            stages[stage(to)].lock_ref(&to.name).explain(|| tr!("can't lock {name}", name = to.name))?;
        }
        for to in moves {
            if self.reference(&to.name)? != to.old {
                return Err(RepoError::new(
                    Trouble::Moved,
                    tr!("{name} was moved by somebody else", name = to.name),
                    None,
                ));
            }
            match to.new {
                // Only held where it is.
                same if same == to.old => {}
                Some(new) => stages[stage(to)].set_target(&to.name, new, None, log).explain(cant)?,
                None => stages[stage(to)].remove(&to.name).explain(cant)?,
            }
        }
        let sharing = self.sharing()?;
        let done = stages.into_iter().try_for_each(|stage| stage.commit().explain(cant));
        let done = done.map_err(|e| match self.put_back(moves, log) {
            stuck if stuck.is_empty() => e,
            stuck => RepoError {
                message: tr!(
                    "{why}; moved all the same: {names}",
                    why = e.message,
                    names = stuck.join(tr!("in a list" => ", "))
                ),
                hint: Some(tr!("git reflog, or git update-ref, puts back where they were").into()),
                ..e
            },
        });
        if let Some(sharing) = sharing {
            sharing::references(sharing, self.git.commondir(), moves.iter().map(|to| to.name.as_str()));
            // Where its branch moves, that is noted of HEAD, too.
            sharing::log(sharing, self.git.path(), "HEAD");
        }
        done
    }

    /// Puts references back that had moved when another couldn't. Gives those that can't be put back, either.
    fn put_back<'m>(&self, moves: &'m [RefMove], log: &str) -> Vec<&'m str> {
        let back = |to: &RefMove| -> std::result::Result<(), git2::Error> {
            let mut transaction = self.git.transaction()?;
            transaction.lock_ref(&to.name)?;
            match to.old {
                Some(old) => transaction.set_target(&to.name, old, None, log)?,
                None => transaction.remove(&to.name)?,
            }
            transaction.commit()
        };
        // Where somebody else has moved it meanwhile, it is theirs.
        let moved = |to: &&RefMove| to.new != to.old && self.reference(&to.name).is_ok_and(|now| now == to.new);
        moves.iter().rev().filter(moved).filter(|to| back(to).is_err()).map(|to| to.name.as_str()).collect()
    }

    /// Refuses to move what git would find no room for half-way: what stands where it notes what becomes of references, and a
    /// lock on those that are packed.
    fn refuse_without_room(&self, moves: &[RefMove], main: Option<&str>) -> Result<()> {
        let moving = || moves.iter().filter(|to| to.new != to.old);
        let names = moving().filter(|to| to.new.is_some()).map(|to| to.name.as_str());
        let head = moving().any(|to| main == Some(to.name.as_str())).then_some("HEAD");
        for name in names.clone() {
            let reference = self.git.commondir().join(name);
            if reference.is_dir() && holds_files(&reference) {
                let message = tr!(
                    "{path} is a directory with something in it, and git would keep {name} there",
                    path = reference.display(),
                    name = text::visible(name)
                );
                let hint = tr!("a program that shows or syncs folders has left it: move it away");
                return Err(RepoError::new(Trouble::Environment, message, hint));
            }
        }
        for name in names.chain(head) {
            let place = if name == "HEAD" { self.git.path() } else { self.git.commondir() };
            if let Some(path) = self.instead_of_log(place, name) {
                let message = tr!(
                    "{path} stands where git notes what becomes of {name}",
                    path = path.display(),
                    name = text::visible(name)
                );
                let hint = tr!("a branch that is gone has left it, or a program that syncs folders: move it away");
                return Err(RepoError::new(Trouble::Environment, message, hint));
            }
        }
        let packed = self.git.commondir().join("packed-refs.lock");
        if moving().any(|to| to.new.is_none()) && packed.symlink_metadata().is_ok() {
            let message = tr!("{path} is there: references are being packed", path = packed.display());
            let hint = tr!("wait for the program that does it; if there is none, remove that file and run it again");
            return Err(RepoError::new(Trouble::Locked, message, hint));
        }
        Ok(())
    }

    /// What stands where git would note what becomes of a reference: a file above it, or a directory that isn't empty.
    fn instead_of_log(&self, place: &Path, name: &str) -> Option<PathBuf> {
        let log = place.join("logs").join(name);
        if log.is_file() || !self.notes_moves() {
            return None;
        }
        let above = log.ancestors().skip(1).take_while(|above| *above != place);
        let file = above.filter(|above| above.exists() && !above.is_dir()).last();
        file.map(Path::to_owned).or_else(|| (log.is_dir() && holds_files(&log)).then_some(log))
    }

    /// Whether git notes what becomes of references that it has noted nothing of yet.
    fn notes_moves(&self) -> bool {
        self.configuration().is_ok_and(|settings| settings.keeps_logs(self.has_worktree()))
    }
}

/// Whether there is anything but directories in one; what can't be read counts.
fn holds_files(directory: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else { return true };
    entries.flatten().any(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => holds_files(&entry.path()),
        _ => true,
    })
}

/// Lets this process open so many files more: each locked branch is one, and most systems allow a thousand unless they are asked.
#[cfg(unix)]
fn allow_open_files(more: usize) {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    /// Packs, standard streams and what else is open.
    const BESIDES: u64 = 256;

    let needed = BESIDES + u64::try_from(more).unwrap_or(u64::MAX - BESIDES);
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < needed
    {
        // Where that isn't allowed, the lock that fails says so.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, needed.min(hard), hard);
    }
}

#[cfg(not(unix))]
fn allow_open_files(_: usize) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Author;

    /// A repository with a commit, and what it is.
    fn repository() -> (tempfile::TempDir, Repo, git2::Oid) {
        let place = tempfile::tempdir().unwrap();
        let repo = Repo::init_bare(&place.path().join("it.git")).unwrap();
        let author = Author { name: "A".into(), email: "a@x.example".into(), time: 1, own: false, may_ask: false };
        let tree = repo.write_object(crate::git::Kind::Tree, b"").unwrap();
        let commit = repo.write_commit(&[], tree, "one", &author).unwrap();
        (place, repo, commit)
    }

    fn made(name: &str, at: git2::Oid) -> RefMove {
        RefMove { name: format!("refs/heads/{name}"), old: None, new: Some(at) }
    }

    /// Whatever keeps one of several references from moving, and wherever it stands among them.
    #[cfg(unix)]
    #[test]
    fn where_one_reference_cannot_move_none_has() {
        for stuck in ["apply/a", "main", "z"] {
            let (_place, repo, commit) = repository();
            repo.move_references(&[made("gone", commit)], "before").unwrap();
            let log = repo.path().join("logs/refs/heads").join(stuck);
            std::fs::create_dir_all(log.parent().unwrap()).unwrap();
            // Git would note it there, and can't.
            std::os::unix::fs::symlink("/nowhere/at/all", &log).unwrap();
            repo.git.config().unwrap().set_bool("core.logAllRefUpdates", true).unwrap();
            let gone = RefMove { name: "refs/heads/gone".into(), old: Some(commit), new: None };
            let moves = [made("apply/a", commit), made("main", commit), made("z", commit), gone];
            let before = repo.branches("refs/*").unwrap();
            let e = repo.move_references(&moves, "now").unwrap_err();
            assert!(!e.message.contains("all the same"), "{stuck}: {e}");
            assert_eq!(repo.branches("refs/*").unwrap(), before, "{stuck}: {e}");
            std::fs::remove_file(&log).unwrap();
            repo.move_references(&moves, "now").unwrap();
        }
    }

    /// Git takes a branch that is packed out of the file of all of them, last; by then the others would have moved.
    #[test]
    fn where_references_are_being_packed_nothing_begins_that_removes_one() {
        let (_place, repo, commit) = repository();
        repo.move_references(&[made("gone", commit)], "before").unwrap();
        std::fs::rename(repo.path().join("refs/heads/gone"), repo.path().join("gone")).unwrap();
        std::fs::write(
            repo.path().join("packed-refs"),
            format!("# pack-refs with: peeled fully-peeled sorted \n{commit} refs/heads/gone\n"),
        )
        .unwrap();
        let lock = repo.path().join("packed-refs.lock");
        std::fs::write(&lock, "").unwrap();
        let gone = RefMove { name: "refs/heads/gone".into(), old: Some(commit), new: None };
        let moves = [made("main", commit), gone];
        let e = repo.move_references(&moves, "now").unwrap_err();
        assert!(e.trouble == Trouble::Locked && e.message.contains("packed-refs.lock is there"), "{e}");
        assert_eq!(repo.branches("refs/*").unwrap(), [("refs/heads/gone".to_owned(), commit)]);
        std::fs::remove_file(&lock).unwrap();
        repo.move_references(&moves, "now").unwrap();
        assert_eq!(repo.branches("refs/*").unwrap(), [("refs/heads/main".to_owned(), commit)]);
    }

    #[test]
    fn what_stands_where_a_reference_would_is_named() {
        let (_place, repo, commit) = repository();
        let junk = repo.path().join("refs/heads/apply/a/.DS_Store");
        std::fs::create_dir_all(junk.parent().unwrap()).unwrap();
        std::fs::write(&junk, "x").unwrap();
        let moves = [made("main", commit), made("apply/a", commit)];
        let e = repo.move_references(&moves, "now").unwrap_err();
        assert!(e.message.contains("refs/heads/apply/a is a directory with something in it"), "{e}");
        assert!(repo.reference("refs/heads/main").unwrap().is_none());
        std::fs::remove_file(&junk).unwrap();
        repo.move_references(&moves, "now").unwrap();
    }

    #[test]
    fn what_stands_where_moves_are_noted_is_named() {
        for (blocked, path) in [
            ("refs/heads/apply/a", "logs/refs/heads/apply"),
            ("refs/heads/apply/a", "logs/refs/heads/apply/a/b"),
            ("refs/heads/main", "logs/refs/heads/main/x/y"),
            ("HEAD", "logs/HEAD/x"),
            ("refs/heads/apply/a", "logs"),
        ] {
            let (_place, repo, commit) = repository();
            let path = repo.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "x").unwrap();
            let moves = [made("apply/a", commit), made("main", commit)];
            repo.git.config().unwrap().set_bool("core.logAllRefUpdates", true).unwrap();
            let repo = Repo::open(repo.path()).unwrap();
            let e = repo.move_references(&moves, "now").unwrap_err();
            assert!(e.message.contains(&format!("becomes of {blocked}")), "{e}");
            assert_eq!(repo.branches("refs/*").unwrap(), [], "{e}");
            std::fs::remove_file(&path).unwrap();
            // Directories that are empty are in nobody's way.
            repo.move_references(&moves, "now").unwrap();
        }
    }
}
