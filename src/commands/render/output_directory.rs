//! A directory of files that the program writes and keeps: what is unchanged isn't touched, what is no longer made goes,
//! and what somebody else put there stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::domain::{limits, text};
use crate::error::{Error, Kind, Result};
use crate::files;

/// The file in which it is written down what was written.
const MANIFEST: &str = ".karmada-partner.json";

/// What was written, and from what.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    /// A hash over all that went in.
    input: String,
    /// Size and time of change of each file.
    files: BTreeMap<String, Stamp>,
    /// Those of them that are no longer made, and go with the next run.
    #[serde(default)]
    lingering: BTreeSet<String>,
    /// Which object some of them were made of, to tell without reading either.
    #[serde(default)]
    of: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the document's own words")]
pub struct Written {
    pub files: usize,
    /// Of them new or changed.
    pub written: usize,
    pub removed: usize,
}

#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    before: Manifest,
    /// Whether nothing was ever written there: nobody is served yet what isn't whole.
    is_new: bool,
    /// Whether a path is of a shape that this program makes.
    ours: fn(&str) -> bool,
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    files: BTreeMap<String, Stamp>,
    of: BTreeMap<String, String>,
    directories: BTreeSet<PathBuf>,
    written: usize,
    temporary: usize,
}

/// Whether a file that is no longer made stays for one more run. It is given its path, and what tells whether anything that is
/// made now begins so.
pub type Lingers<'a> = &'a dyn Fn(&str, &dyn Fn(&str) -> bool) -> bool;

/// Size and time of change.
type Stamp = (u64, u128);

fn cant(path: &Path, e: &io::Error) -> Error {
    Error::environment(format!("can't write {}: {e}", path.display())).hint(files::remedy(e))
}

/// Size and time of change of a plain file.
fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((metadata.len(), changed.as_nanos()))
}

/// Refuses a directory in which others keep something, unless it was written here before. What hosts of websites look for may
/// stand there: a name of its own, and whatever begins with a dot, such as a repository.
fn refuse_others(root: &Path) -> Result<()> {
    if root.join(MANIFEST).symlink_metadata().is_ok() {
        return Ok(());
    }
    for entry in std::fs::read_dir(root).map_err(|e| cant(root, &e))? {
        let name = entry.map_err(|e| cant(root, &e))?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") && name != "CNAME" {
            return Err(Error::refused(format!(
                "{} isn't empty, and wasn't written by this command: it has {}",
                root.display(),
                text::quote(&name.to_string_lossy())
            ))
            .hint("name a new or an empty directory with --out"));
        }
    }
    Ok(())
}

impl Output {
    /// Takes up a directory, or makes it.
    pub fn open(root: &Path, ours: fn(&str) -> bool) -> Result<Self> {
        let unusable =
            |what: &str| Err(Error::usage(format!("{} is {what}", root.display())).hint("name a directory with --out"));
        match root.metadata() {
            Ok(found) if found.is_dir() => refuse_others(root)?,
            Ok(found) if found.is_file() => return unusable("a file"),
            Ok(_) => return unusable("no directory"),
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(cant(root, &e)),
            Err(_) if root.symlink_metadata().is_ok() => return unusable("a link that leads nowhere"),
            Err(_) => {}
        }
        std::fs::create_dir_all(root).map_err(|e| cant(root, &e))?;
        let before = Self::written_before(root);
        Ok(Self { root: root.to_owned(), is_new: before.files.is_empty(), before, ours, now: Mutex::default() })
    }

    fn written_before(root: &Path) -> Manifest {
        let bytes = files::read(&root.join(MANIFEST), limits::MEMORY, "what was written").ok();
        bytes.and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default()
    }

    /// What was written, if all of it stands there just so, from this very input.
    #[must_use]
    pub fn is_up_to_date(&self, input: &str) -> Option<Written> {
        let files = &self.before.files;
        let same = |(path, known): (&String, &Stamp)| stamp(&self.root.join(path)) == Some(*known);
        let whole = self.before.input == input && !files.is_empty() && files.iter().all(same);
        let made = files.len().saturating_sub(self.before.lingering.len());
        whole.then(|| Written { files: made, ..Written::default() })
    }

    /// Says beforehand what will be written, so that a run that breaks off leaves nothing that the next one takes for
    /// somebody else's. What somebody else has written is refused.
    pub fn claim(&mut self, paths: &[String]) -> Result<()> {
        // Another run may have begun meanwhile.
        let meanwhile = Self::written_before(&self.root);
        self.before.files.extend(meanwhile.files);
        self.before.lingering.extend(meanwhile.lingering);
        self.is_new = self.before.files.is_empty();
        for path in paths.iter().filter(|path| !self.before.files.contains_key(*path)) {
            if files::is_plain_below(&self.root, Path::new(path))? {
                let full = self.root.join(path);
                return Err(Error::refused(format!(
                    "{} is there already, and wasn't written by this command",
                    full.display()
                ))
                .hint("name a new or an empty directory with --out, or remove that file"));
            }
        }
        let mut claimed = self.before.files.clone();
        claimed.extend(paths.iter().filter(|p| !self.before.files.contains_key(*p)).map(|p| (p.clone(), (0, 0))));
        let lingering = self.before.lingering.clone();
        self.write_down(&Manifest { files: claimed.clone(), lingering, ..Manifest::default() })?;
        self.before.files = claimed;
        Ok(())
    }

    fn write_down(&self, manifest: &Manifest) -> Result<()> {
        let json = serde_json::to_vec(manifest).map_err(|e| Error::new(Kind::Bug, e.to_string()))?;
        files::publish(&self.root.join(MANIFEST), &json)
    }

    /// Puts a file there, whole, unless it is there already. It must have been claimed.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let full = self.root.join(path);
        let parent = full.parent().unwrap_or(&self.root);
        if !self.lock().directories.contains(parent) {
            // Nothing is written elsewhere by way of a link.
            files::is_plain_below(&self.root, Path::new(path))?;
            std::fs::create_dir_all(parent).map_err(|e| cant(parent, &e))?;
            // Only now: another thread may be waiting to write there.
            self.lock().directories.insert(parent.to_owned());
        }
        let there = stamp(&full);
        let same = || files::read_plain(&full).is_ok_and(|old| old == bytes);
        if there.is_some_and(|(size, _)| size == bytes.len() as u64) && same() {
            return self.keep(path);
        }
        // Creating another file and renaming it takes a quarter longer.
        let made = match (self.is_new && there.is_none()).then(|| File::create_new(&full)) {
            Some(Ok(mut file)) => Some(file.write_all(bytes)),
            Some(Err(e)) if e.kind() != io::ErrorKind::AlreadyExists => Some(Err(e)),
            _ => None,
        };
        match made {
            Some(written) => written.map_err(|e| cant(&full, &e))?,
            None => self.replace(&full, bytes)?,
        }
        self.lock().written += 1;
        self.keep(path)
    }

    /// Puts a whole file in the place of what stands there.
    fn replace(&self, full: &Path, bytes: &[u8]) -> Result<()> {
        let number = {
            let mut now = self.lock();
            now.temporary += 1;
            now.temporary
        };
        let temporary = self.root.join(format!("{MANIFEST}.{}.{number}", std::process::id()));
        std::fs::write(&temporary, bytes).map_err(|e| cant(&temporary, &e))?;
        std::fs::rename(&temporary, full).map_err(|e| {
            let _ = std::fs::remove_file(&temporary);
            cant(full, &e)
        })
    }

    /// What an earlier run has written there, and stands there still.
    pub fn standing(&self) -> impl Iterator<Item = &str> {
        let stands = |path: &&String| stamp(&self.root.join(path.as_str())).is_some();
        self.before.files.keys().filter(stands).map(String::as_str)
    }

    /// Whether a file stands there as it was written before, of this very object.
    #[must_use]
    pub fn has(&self, path: &str, object: &str) -> bool {
        let known = self.before.files.get(path).filter(|_| self.before.of.get(path).is_some_and(|of| of == object));
        known.is_some_and(|known| stamp(&self.root.join(path)) == Some(*known))
    }

    /// Keeps in mind of which object a file was made.
    pub fn is_of(&self, path: &str, object: String) {
        self.lock().of.insert(path.to_owned(), object);
    }

    /// Keeps what an earlier run has written there, if it stands there still.
    pub fn keep_if_there(&self, path: &str) {
        if let Some(there) = stamp(&self.root.join(path)).filter(|_| self.before.files.contains_key(path)) {
            self.lock().files.insert(path.to_owned(), there);
        }
    }

    /// The same of a page, with those of `assets` that it names: without them it would be shown otherwise than it was.
    pub fn keep_page_if_there(&self, path: &str, assets: impl Fn(&str) -> bool) {
        self.keep_if_there(path);
        let Ok(page) = files::read_plain(&self.root.join(path)) else { return };
        let page = String::from_utf8_lossy(&page);
        for asset in self.before.files.keys().filter(|known| assets(known)) {
            if asset.rsplit('/').next().is_some_and(|name| page.contains(name)) {
                self.keep_if_there(asset);
            }
        }
    }

    pub fn keep(&self, path: &str) -> Result<()> {
        let full = self.root.join(path);
        let Some(stamp) = stamp(&full) else {
            return Err(Error::environment(format!("{} was taken away meanwhile", full.display())).hint("run it again"));
        };
        self.lock().files.insert(path.to_owned(), stamp);
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes away what is no longer made, and writes down what was. What `lingers` goes one run later: pages that somebody
    /// has open, or that a cache serves, still ask for it.
    pub fn finish(self, input: &str, lingers: Lingers<'_>) -> Result<Written> {
        let (mut files, of, written) = {
            let mut now = self.lock();
            (std::mem::take(&mut now.files), std::mem::take(&mut now.of), now.written)
        };
        let (made, mut removed) = (files.len(), 0);
        let is_made =
            |start: &str| files.range(start.to_owned()..).next().is_some_and(|(path, _)| path.starts_with(start));
        // By what is written down, and never by times of files: git, cp and a fresh checkout give them all new ones. Another run
        // over the same is no further one.
        let again = !input.is_empty() && self.before.input == input;
        let stays = |path: &str| {
            let is_there = files::is_plain_below(&self.root, Path::new(path)).unwrap_or_default();
            is_there && (again || !self.before.lingering.contains(path)) && lingers(path, &is_made)
        };
        let gone = self.before.files.iter().filter(|(path, _)| !files.contains_key(*path));
        let (stay, go): (Vec<_>, Vec<_>) = gone.partition(|(path, _)| stays(path));
        for (path, known) in go {
            let full = self.root.join(path);
            // What is written down could be made up: only what is as it was written, or of our shape, is ours to remove.
            let plain = files::is_plain_below(&self.root, Path::new(path)).unwrap_or_default();
            if !plain || !((self.ours)(path) || stamp(&full) == Some(*known)) {
                continue;
            }
            removed += usize::from(std::fs::remove_file(&full).is_ok());
            // Directories that are empty now go as well.
            for parent in full.ancestors().skip(1).take_while(|p| *p != self.root) {
                if std::fs::remove_dir(parent).is_err() {
                    break;
                }
            }
        }
        let told = Written { files: made, written, removed };
        let lingering = stay.iter().map(|(path, _)| (*path).clone()).collect();
        let as_it_is = |path: &String| Some((path.clone(), stamp(&self.root.join(path))?));
        files.extend(stay.into_iter().filter_map(|(path, _)| as_it_is(path)));
        self.write_down(&Manifest { input: input.to_owned(), files, lingering, of })?;
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(root: &Path) -> Output {
        Output::open(root, |path| path.contains(".html")).unwrap()
    }

    fn claimed(root: &Path, paths: &[&str]) -> Result<Output> {
        let mut output = open(root);
        output.claim(&paths.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>())?;
        Ok(output)
    }

    #[test]
    fn threads_that_write_into_one_new_directory_dont_trip_over_each_other() {
        for _ in 0..50 {
            let directory = tempfile::tempdir().unwrap();
            let output = open(directory.path());
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let output = &output;
                    scope.spawn(move || output.put(&format!("a/b/c/{thread}"), b"x").unwrap());
                }
            });
            assert_eq!(output.finish("", &|_, _| false).unwrap().files, 4);
        }
    }

    #[test]
    fn only_what_changed_is_touched_and_only_what_is_ours_goes() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("site");
        let run = |files: &[(&str, &str)], input: &str| {
            let output = claimed(&root, &files.iter().map(|(path, _)| *path).collect::<Vec<_>>()).unwrap();
            for (path, text) in files {
                output.put(path, text.as_bytes()).unwrap();
            }
            output.finish(input, &|path, is_made| path.starts_with("style") && is_made("style")).unwrap()
        };
        assert_eq!(run(&[("a", "1"), ("b/c", "2")], "x"), Written { files: 2, written: 2, removed: 0 });
        assert_eq!(open(&root).is_up_to_date("x").unwrap().files, 2);
        assert_eq!(open(&root).is_up_to_date("y"), None);
        std::fs::write(root.join("CNAME"), "theirs").unwrap();
        assert_eq!(run(&[("a", "3")], "y"), Written { files: 1, written: 1, removed: 1 });
        assert!(!root.join("b").exists() && root.join("CNAME").exists());
        let refused = claimed(&root, &["CNAME"]).unwrap_err();
        assert!(refused.message.contains("wasn't written by this command"));
        // What somebody changed is written again.
        std::fs::write(root.join("a"), "hand").unwrap();
        assert_eq!(open(&root).is_up_to_date("y"), None);
        assert_eq!(run(&[("a", "3")], "y").written, 1);
        // What the manifest only claims to be ours stays.
        let manifest = std::fs::read_to_string(root.join(MANIFEST)).unwrap();
        std::fs::write(root.join(MANIFEST), manifest.replace("{\"a\"", "{\"CNAME\":[1,1],\"a\"")).unwrap();
        assert_eq!(run(&[("a", "3")], "z").removed, 0);
        assert!(root.join("CNAME").exists());
        // What an older page still asks for goes one run later.
        run(&[("style.1", "one")], "1");
        assert_eq!(run(&[("style.2", "two")], "2"), Written { files: 1, written: 1, removed: 0 });
        assert_eq!(open(&root).is_up_to_date("2").unwrap().files, 1);
        assert!(root.join("style.1").exists());
        assert_eq!(run(&[("style.3", "three")], "3").removed, 1);
        assert!(!root.join("style.1").exists() && root.join("style.2").exists());
        assert_eq!(run(&[("style.2", "two")], "4").removed, 0, "made again");
        assert_eq!(run(&[("b", "1")], "5").removed, 2, "nothing asks for them where there is no other");
    }

    /// git, cp and a fresh checkout give all files other times.
    #[test]
    fn a_directory_that_was_copied_keeps_what_one_that_wasnt_does() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let run = |styles: &str, input: &str| {
            let output = claimed(root, &[styles, "broken.html"]).unwrap();
            output.put(styles, styles.as_bytes()).unwrap();
            match input {
                "1" => output.put("broken.html", b"as it was").unwrap(),
                _ => output.keep_if_there("broken.html"),
            }
            let written = output.finish(input, &|path, is_made| path.starts_with("style") && is_made("style")).unwrap();
            // As a checkout leaves it.
            for file in std::fs::read_dir(root).unwrap() {
                let file = std::fs::File::options().append(true).open(file.unwrap().path()).unwrap();
                file.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(7)).unwrap();
            }
            written
        };
        run("style.1", "1");
        assert_eq!(run("style.2", "2").removed, 0);
        assert!(root.join("style.1").exists() && root.join("broken.html").exists());
        assert_eq!(run("style.2", "2").removed, 0, "the same again is no further run");
        assert_eq!(run("style.3", "3").removed, 1);
        assert!(!root.join("style.1").exists() && root.join("style.2").exists());
    }

    #[test]
    fn a_run_that_broke_off_is_gone_on_with() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let broken = claimed(root, &["index.html", "later.html"]).unwrap();
        broken.put("index.html", b"half").unwrap();
        drop(broken);
        let next = claimed(root, &["index.html"]).unwrap();
        next.put("index.html", b"whole").unwrap();
        assert_eq!(next.finish("x", &|_, _| false).unwrap(), Written { files: 1, written: 1, removed: 0 });
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (root, elsewhere) = (directory.path().join("site"), directory.path().join("elsewhere"));
        std::fs::create_dir_all(&root).unwrap();
        std::fs::create_dir_all(&elsewhere).unwrap();
        claimed(&root, &[]).unwrap();
        std::os::unix::fs::symlink(&elsewhere, root.join("logos")).unwrap();
        assert!(claimed(&root, &["logos/a.png"]).is_err());
        assert!(open(&root).put("logos/a.png", b"x").is_err());
        assert!(std::fs::read_dir(elsewhere).unwrap().next().is_none());
    }
}
