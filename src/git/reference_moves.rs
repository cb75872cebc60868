//! Branches moved at once: all are locked before the first one moves. The locks are git's own, files beside the references. Libgit2
//! takes them, too, but keeps each open, with room to write in: of thousands that is most of what a batch takes.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use git2::{ErrorClass, ErrorCode};

use super::failure::{Explain as _, RepoError, Result, Trouble};
use super::{RefMove, Repo, sharing};

const PACKED: &str = "packed-refs";

/// How often to make the directories for a lock: whoever removes a branch clears them away where they are empty.
const TRIES: u32 = 3;

impl Repo {
    /// Moves references if all of them are still where they were expected: all are locked before the first one moves. Git moves
    /// them one by one; so that nothing is lost if that breaks off, what is new comes first, then the default branch, and what
    /// goes goes last.
    pub(crate) fn move_references(&self, moves: &[RefMove], log: &str) -> Result<()> {
        let sharing = self.sharing()?;
        let done = match self.keeps_logs()? || moves.iter().any(|to| !to.name.starts_with("refs/")) {
            true => self.move_with_logs(moves, log),
            false => self.move_by_locks(moves),
        };
        if let Some(sharing) = sharing {
            sharing::references(sharing, self.git.commondir(), moves.iter().map(|to| to.name.as_str()));
        }
        done
    }

    /// Whether git writes down here where references were.
    fn keeps_logs(&self) -> Result<bool> {
        Ok(self.configuration()?.keeps_logs(self.has_worktree()) || self.git.commondir().join("logs").exists())
    }

    /// In which order a reference moves.
    fn stages(&self) -> impl Fn(&RefMove) -> usize {
        let head = self.git.find_reference("HEAD").ok();
        let main = head.and_then(|head| head.symbolic_target().ok().flatten().map(str::to_owned));
        move |to: &RefMove| match (to.old, to.new) {
            _ if main.as_ref() == Some(&to.name) => 1,
            (None, _) => 0,
            (Some(_), Some(_)) => 2,
            (Some(_), None) => 3,
        }
    }

    fn refuse_moved(&self, to: &RefMove) -> Result<()> {
        match self.reference(&to.name)? == to.old {
            true => Ok(()),
            false => {
                let message = tr!("{name} was moved by somebody else", name = to.name);
                Err(RepoError::new(Trouble::Moved, message, None))
            }
        }
    }

    /// By way of libgit2, which writes the logs.
    fn move_with_logs(&self, moves: &[RefMove], log: &str) -> Result<()> {
        let stage = self.stages();
        allow_open_files(moves.len());
        let mut stages = Vec::new();
        for _ in 0..4 {
            stages.push(self.git.transaction().explain(cant)?);
        }
        for to in moves {
            stages[stage(to)].lock_ref(&to.name).explain(|| cant_lock(&to.name))?;
        }
        for to in moves {
            self.refuse_moved(to)?;
            match to.new {
                // Only held where it is.
                same if same == to.old => {}
                Some(new) => stages[stage(to)].set_target(&to.name, new, None, log).explain(cant)?,
                None => stages[stage(to)].remove(&to.name).explain(cant)?,
            }
        }
        stages.into_iter().try_for_each(|stage| stage.commit().explain(cant))
    }

    fn move_by_locks(&self, moves: &[RefMove]) -> Result<()> {
        let stage = self.stages();
        let mut locks = Locks { top: self.git.commondir(), held: HashSet::with_capacity(moves.len() + 1) };
        let goes = |to: &RefMove| to.old.is_some() && to.new.is_none();
        for to in moves {
            let value = to.new.filter(|_| to.new != to.old).map_or_else(String::new, |oid| format!("{oid}\n"));
            locks.lock(&to.name, &value).explain(|| cant_lock(&to.name))?;
        }
        if moves.iter().any(goes) {
            locks.lock(PACKED, "").explain(|| cant_lock(PACKED))?;
        }
        moves.iter().try_for_each(|to| self.refuse_moved(to))?;
        for now in 0..4 {
            let due = || moves.iter().filter(|to| stage(to) == now && to.new != to.old);
            // Where a branch stands among packed ones as well, an older place of it would come to light.
            if due().any(goes) {
                let gone: Vec<&str> = due().filter(|to| goes(to)).map(|to| to.name.as_str()).collect();
                locks.unpack(&gone).explain(cant)?;
            }
            for to in due() {
                match to.new {
                    Some(_) => locks.put(&to.name).explain(cant)?,
                    None => locks.remove(&to.name).explain(cant)?,
                }
            }
        }
        Ok(())
    }
}

fn cant() -> String {
    tr!("can't move branches").to_owned()
}

fn cant_lock(name: &str) -> String {
    tr!("can't lock {name}", name)
}

/// What the system says, as libgit2 would tell it.
fn told(path: &Path, e: &io::Error) -> git2::Error {
    let code = if e.kind() == ErrorKind::AlreadyExists { ErrorCode::Locked } else { ErrorCode::GenericError };
    git2::Error::new(code, ErrorClass::Os, format!("{}: {e}", path.display()))
}

/// References that are locked; those that still are when this goes are freed.
struct Locks<'m> {
    top: &'m Path,
    held: HashSet<&'m str>,
}

impl<'m> Locks<'m> {
    fn file(&self, name: &str) -> PathBuf {
        self.top.join(format!("{name}.lock"))
    }

    /// Locks a reference that is to have this value.
    fn lock(&mut self, name: &'m str, value: &str) -> std::result::Result<(), git2::Error> {
        let path = self.file(name);
        let mut tries = 0;
        let mut file = loop {
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Err(e) if e.kind() == ErrorKind::NotFound && tries < TRIES => {
                    tries += 1;
                    std::fs::create_dir_all(path.parent().unwrap_or(self.top)).map_err(|e| told(&path, &e))?;
                }
                opened => break opened.map_err(|e| told(&path, &e))?,
            }
        };
        self.held.insert(name);
        file.write_all(value.as_bytes()).map_err(|e| told(&path, &e))
    }

    /// It is no longer ours: whatever lies there now is somebody else's.
    fn let_go(&mut self, name: &str) {
        self.held.remove(name);
    }

    /// Gives a reference the value that its lock has.
    fn put(&mut self, name: &str) -> std::result::Result<(), git2::Error> {
        let (lock, place) = (self.file(name), self.top.join(name));
        if place.is_dir() {
            // What is left of branches below it that are gone.
            remove_empty(&place);
        }
        std::fs::rename(lock, &place).map_err(|e| told(&place, &e))?;
        self.let_go(name);
        Ok(())
    }

    /// Takes references out of the file of those that are packed.
    fn unpack(&mut self, gone: &[&str]) -> std::result::Result<(), git2::Error> {
        let place = self.top.join(PACKED);
        let packed = match std::fs::read(&place) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
            read => read.map_err(|e| told(&place, &e))?,
        };
        let left = without(&packed, gone);
        if left.len() == packed.len() {
            return Ok(());
        }
        let lock = self.file(PACKED);
        std::fs::write(&lock, left).map_err(|e| told(&lock, &e))?;
        self.put(PACKED)
    }

    /// Removes a reference that has a file of its own, or none any more.
    fn remove(&mut self, name: &str) -> std::result::Result<(), git2::Error> {
        let place = self.top.join(name);
        match std::fs::remove_file(&place) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(told(&place, &e)),
            _ => {}
        }
        let _ = std::fs::remove_file(self.file(name));
        self.let_go(name);
        // Directories that are empty now go as well, but for `refs/heads` and such.
        for above in name.match_indices('/').skip(2).map(|(at, _)| &name[..at]).collect::<Vec<_>>().into_iter().rev() {
            if std::fs::remove_dir(self.top.join(above)).is_err() {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Locks<'_> {
    fn drop(&mut self) {
        for name in &self.held {
            let _ = std::fs::remove_file(self.file(name));
        }
    }
}

/// Removes directories in which there are none but such.
fn remove_empty(directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty(&entry.path());
        }
    }
    let _ = std::fs::remove_dir(directory);
}

/// The file of packed references without some. A tag's line is followed by what it is of, behind `^`.
fn without(packed: &[u8], gone: &[&str]) -> Vec<u8> {
    let gone: HashSet<&[u8]> = gone.iter().map(|name| name.as_bytes()).collect();
    let (mut out, mut stays) = (Vec::with_capacity(packed.len()), true);
    for line in packed.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b"^") {
            let name = line.iter().position(|byte| *byte == b' ').map(|space| line[space + 1..].trim_ascii_end());
            stays = line.starts_with(b"#") || name.is_none_or(|name| !gone.contains(name));
        }
        if stays {
            out.extend_from_slice(line);
        }
    }
    out
}

/// Lets this process open so many files more: libgit2 keeps one open for each locked branch, and most systems allow a thousand unless
/// they are asked.
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
    use git2::{ObjectType, Oid, Repository};
    use proptest::prelude::*;

    use super::*;

    fn oid(repo: &Repository, n: u8) -> Oid {
        let blob = repo.odb().unwrap().write(ObjectType::Blob, &[n]).unwrap();
        let mut tree = repo.treebuilder(None).unwrap();
        tree.insert("a", blob, 0o100_644).unwrap();
        let tree = repo.find_tree(tree.write().unwrap()).unwrap();
        let who = git2::Signature::new("A", "a@b", &git2::Time::new(0, 0)).unwrap();
        repo.commit(None, &who, &who, "x", &tree, &[]).unwrap()
    }

    const NAMES: [&str; 6] = [
        "refs/heads/main",
        "refs/heads/apply/acme",
        "refs/heads/apply/acme.2",
        "refs/heads/apply/globex",
        "refs/heads/closed/acme/1",
        "refs/heads/exit/acme",
    ];

    fn all(repo: &Repository) -> Vec<(String, Oid)> {
        let mut all: Vec<_> = repo
            .references()
            .unwrap()
            .map(|r| r.unwrap())
            .map(|r| (r.name().unwrap().to_owned(), r.target().unwrap()))
            .collect();
        all.sort();
        all
    }

    fn files(directory: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|e| e.path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }

    fn no_locks(home: &Path) -> bool {
        files(home).iter().all(|path| path.extension().is_none_or(|end| end != "lock"))
    }

    /// How a reference stands there first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Stands {
        Nowhere,
        Loose,
        Packed,
        /// Packed, with a newer value in a file of its own.
        Both,
        /// In its place there is a directory that is left of others.
        Left,
    }

    fn set_up(home: &Path, stands: &[Stands]) -> (Repo, [Oid; 3]) {
        let repo = Repo::init_bare(home).unwrap();
        let oids = [1, 2, 3].map(|n| oid(&repo.git, n));
        let mut packed = String::from("# pack-refs with: peeled fully-peeled sorted \n");
        for (name, stands) in NAMES.iter().zip(stands) {
            if matches!(stands, Stands::Packed | Stands::Both) {
                packed += &format!("{} {name}\n", oids[0]);
            }
            if matches!(stands, Stands::Loose | Stands::Both) {
                repo.git.reference(name, oids[1], true, "").unwrap();
            }
            if *stands == Stands::Left {
                std::fs::create_dir_all(home.join(name).join("left/over")).unwrap();
            }
        }
        packed += &format!("{} refs/tags/v1\n^{}\n", oids[0], oids[1]);
        std::fs::write(home.join(PACKED), packed).unwrap();
        (Repo::open(home).unwrap(), oids)
    }

    fn moves(repo: &Repo, oids: [Oid; 3], goals: &[u8]) -> Vec<RefMove> {
        let goal = |(name, goal): (&&str, &u8)| {
            let old = repo.reference(name).unwrap();
            // 0: it stays as it is, 1: it goes.
            let new = match goal {
                0 => old,
                1 => None,
                _ => Some(oids[2]),
            };
            RefMove { name: (*name).to_owned(), old, new }
        };
        NAMES.iter().zip(goals).map(goal).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// What libgit2 makes of the same moves is there afterwards, and no lock.
        #[test]
        fn branches_move_as_libgit2_moves_them(
            stands in prop::collection::vec(
                prop_oneof![
                    Just(Stands::Nowhere), Just(Stands::Loose), Just(Stands::Packed), Just(Stands::Both), Just(Stands::Left)
                ],
                NAMES.len(),
            ),
            goals in prop::collection::vec(0_u8..3, NAMES.len()),
        ) {
            let outcome = |by_libgit2: bool| {
                let home = tempfile::tempdir().unwrap();
                let (repo, oids) = set_up(home.path(), &stands);
                let moves = moves(&repo, oids, &goals);
                match by_libgit2 {
                    true => repo.move_with_logs(&moves, "x").unwrap(),
                    false => repo.move_by_locks(&moves).unwrap(),
                }
                assert!(no_locks(home.path()));
                all(&Repository::open(home.path()).unwrap())
            };
            prop_assert_eq!(outcome(false), outcome(true));
        }
    }

    #[test]
    fn what_is_locked_or_elsewhere_keeps_all_where_it_is() {
        let home = tempfile::tempdir().unwrap();
        let (repo, oids) = set_up(home.path(), &[Stands::Loose, Stands::Packed, Stands::Both, Stands::Nowhere]);
        let before = all(&repo.git);
        let wanted = moves(&repo, oids, &[2, 1, 2, 2, 2]);
        for name in [NAMES[2], PACKED] {
            let lock = home.path().join(format!("{name}.lock"));
            std::fs::write(&lock, "theirs").unwrap();
            let refused = repo.move_references(&wanted, "x").unwrap_err();
            assert_eq!(refused.trouble, Trouble::Locked, "{refused:?}");
            assert_eq!(std::fs::read(&lock).unwrap(), b"theirs", "it is somebody else's");
            std::fs::remove_file(lock).unwrap();
            assert!(all(&repo.git) == before && no_locks(home.path()));
        }
        repo.git.reference(NAMES[3], oids[0], true, "").unwrap();
        let refused = repo.move_references(&wanted, "x").unwrap_err();
        assert_eq!(refused.trouble, Trouble::Moved);
        assert!(all(&repo.git).len() == before.len() + 1 && no_locks(home.path()));
    }

    /// Of a branch that is locked no file stays open, and nothing is held but its name.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_locked_branch_takes_its_name_and_no_more() {
        let home = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..2_000).map(|n| format!("refs/heads/apply/new-{n}")).collect();
        let mut locks = Locks { top: home.path(), held: HashSet::new() };
        for name in &names {
            locks.lock(name, "x").unwrap();
        }
        assert_eq!(files(home.path()).len(), names.len());
        let open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        let ours = open.filter(|fd| std::fs::read_link(fd.path()).is_ok_and(|to| to.starts_with(home.path())));
        assert_eq!(ours.count(), 0);
        drop(locks);
        assert!(no_locks(home.path()));
    }

    /// Where git writes down where branches were, that goes on.
    #[test]
    fn what_is_written_down_is_written_on() {
        let home = tempfile::tempdir().unwrap();
        let (repo, oids) = set_up(home.path(), &[Stands::Loose]);
        repo.git.config().unwrap().set_str("core.logAllRefUpdates", "true").unwrap();
        repo.move_references(&moves(&repo, oids, &[2]), "a reason").unwrap();
        let written = std::fs::read_to_string(home.path().join("logs").join(NAMES[0])).unwrap();
        assert!(written.trim_end().ends_with("\ta reason"), "{written}");
    }
}
