//! The website's files, wherever they are: in a checkout, on the registry's own branch, or in a repository elsewhere.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::domain::limits;
use crate::domain::text;
use crate::error::{Error, Result};
use crate::files;
use crate::forge::website::Site;
use crate::forge::website::content;
use crate::git::{Oid, Repo};
use crate::registry::Snapshot;
use crate::render::website::logo_names::Standing;
use crate::render::website::mentions::{Mentions, Part, is_passed_over};
use crate::render::website::page::{CARDS, LOGOS};

/// A website as it stands.
pub trait Files {
    /// The plain file at a path.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>>;

    /// The names of all that stands in a directory, whatever it is.
    fn list(&self, directory: &str) -> Result<Vec<String>>;

    /// Whether something stands at a path that is no plain file, where reading that is refused.
    fn is_no_file(&self, path: &str) -> bool;

    /// Shows a part of the sources to somebody. Gives how many files it couldn't.
    fn sources(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize>;
}

/// A checkout.
#[derive(Debug)]
pub struct Checkout<'p>(pub &'p Path);

impl Files for Checkout<'_> {
    /// What isn't a plain file in plain directories is refused: nothing is written through a link.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match files::seen(self.0)? {
            Some(there) if there.is_dir() => {}
            Some(_) => {
                return Err(
                    Error::usage(format!("{} is a file", self.0.display())).hint("name the directory of a checkout")
                );
            }
            None => {
                return Err(Error::not_found(format!("there is no directory {}", self.0.display()))
                    .hint("check the path; it is to be a checkout of Karmada's website"));
            }
        }
        match files::is_plain_below(self.0, Path::new(path))? {
            true => files::read(&self.0.join(path), limits::SITE_FILE, "the website").map(Some),
            false => Ok(None),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<String>> {
        Ok(self.entries(directory)?.into_iter().map(|(name, _)| name).collect())
    }

    fn is_no_file(&self, path: &str) -> bool {
        self.0.join(path).symlink_metadata().is_ok_and(|found| !found.is_file())
    }

    fn sources(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize> {
        let (mut waiting, mut unseen) = (vec![String::new()], 0);
        while let Some(directory) = waiting.pop() {
            for (name, what) in self.entries(&directory)? {
                let path = if directory.is_empty() { name } else { format!("{directory}/{name}") };
                if what == What::Directory {
                    waiting.extend((!is_passed_over(&path)).then_some(path));
                } else if what == What::File && part.has(&path) {
                    let size = self.0.join(&path).metadata().map_or(u64::MAX, |file| file.len());
                    match (size <= limits::SITE_FILE as u64).then(|| self.read(&path)).transpose()?.flatten() {
                        Some(bytes) => see(&path, &bytes),
                        None => unseen += 1,
                    }
                }
            }
        }
        Ok(unseen)
    }
}

/// What lies in a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    File,
    Directory,
    /// A link, a pipe or the like.
    Other,
}

impl Checkout<'_> {
    /// What lies in a directory, by name. What has no name in UTF-8 is left out.
    fn entries(&self, directory: &str) -> Result<Vec<(String, What)>> {
        let place: PathBuf = self.0.join(directory);
        let cant = |e: std::io::Error| {
            Error::environment(format!("can't read {}: {e}", place.display())).hint("check its permissions")
        };
        let read = match std::fs::read_dir(&place) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.map_err(cant)?,
        };
        let mut entries = Vec::new();
        for entry in read {
            let entry = entry.map_err(cant)?;
            let kind = entry.file_type().map_err(cant)?;
            let what = match kind {
                kind if kind.is_file() => What::File,
                kind if kind.is_dir() => What::Directory,
                _ => What::Other,
            };
            if let Ok(name) = entry.file_name().into_string() {
                entries.push((name, what));
            }
        }
        entries.sort();
        Ok(entries)
    }
}

/// A tree in a repository.
#[derive(Debug)]
pub struct Branch<'r> {
    pub repo: &'r Repo,
    pub tree: Oid,
}

impl<'r> Branch<'r> {
    /// The registry's own default branch.
    pub fn of(snapshot: &Snapshot<'r>) -> Self {
        Self { repo: snapshot.repo, tree: snapshot.tree }
    }
}

impl Files for Branch<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self.repo.at_path(self.tree, path)? {
            Some(entry) if entry.mode.is_file() => Ok(Some(self.repo.blob(entry.oid)?)),
            _ => Ok(None),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<String>> {
        Ok(self.repo.entries_at(self.tree, directory)?.into_iter().map(|e| e.name).collect())
    }

    /// What is no plain file reads as nothing.
    fn is_no_file(&self, _path: &str) -> bool {
        false
    }

    fn sources(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize> {
        content::show(self.repo, self.tree, part, see).map(|()| 0)
    }
}

/// A website of which each picture is read once.
pub struct Kept<'f> {
    files: &'f dyn Files,
    pictures: RefCell<HashMap<String, Option<Vec<u8>>>>,
}

impl<'f> Kept<'f> {
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, pictures: RefCell::default() }
    }
}

impl Files for Kept<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        if !path.starts_with(LOGOS) {
            return self.files.read(path);
        }
        if let Some(known) = self.pictures.borrow().get(path) {
            return Ok(known.clone());
        }
        let read = self.files.read(path)?;
        self.pictures.borrow_mut().insert(path.to_owned(), read.clone());
        Ok(read)
    }

    fn list(&self, directory: &str) -> Result<Vec<String>> {
        self.files.list(directory)
    }

    fn is_no_file(&self, path: &str) -> bool {
        self.files.is_no_file(path)
    }

    fn sources(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize> {
        self.files.sources(part, see)
    }
}

/// A repository elsewhere.
#[derive(Debug)]
pub struct Elsewhere<'s>(pub &'s dyn Site);

impl Files for Elsewhere<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        self.0.read(path)
    }

    fn list(&self, directory: &str) -> Result<Vec<String>> {
        Ok(self.0.list(directory)?.into_iter().map(|e| e.name).collect())
    }

    /// As in [`Branch`].
    fn is_no_file(&self, _path: &str) -> bool {
        false
    }

    fn sources(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize> {
        self.0.show(part, see)
    }
}

/// A website, with what its sources name, which is looked up once and only when it matters.
pub struct Website<'f> {
    pub files: &'f dyn Files,
    code: OnceCell<Searched>,
    rest: OnceCell<Searched>,
}

/// A part of a website's sources.
struct Searched {
    mentions: Mentions,
    /// How many files couldn't be looked through.
    unseen: usize,
}

impl<'f> Website<'f> {
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, code: OnceCell::new(), rest: OnceCell::new() }
    }

    fn searched(&self, part: Part) -> Result<&Searched> {
        let known = if part == Part::Code { &self.code } else { &self.rest };
        if let Some(known) = known.get() {
            return Ok(known);
        }
        let mut mentions = Mentions::default();
        let unseen = self.files.sources(part, &mut |path, source| {
            // That is the page itself.
            if path != CARDS {
                mentions.add(path, source);
            }
        })?;
        Ok(known.get_or_init(|| Searched { mentions, unseen }))
    }
}

/// Who shows a text, in words: this source, or perhaps one of those that weren't looked through.
fn namer(source: Option<&str>, unseen: usize) -> Option<String> {
    match (source, unseen) {
        (Some(source), _) => Some(format!("{} shows it, too, or may", text::visible(source))),
        (None, 0) => None,
        (None, 1) => Some("other pages may show it: not all files there were searched".to_owned()),
        (None, unseen) => Some(format!("other pages may show it: {unseen} files there weren't searched")),
    }
}

impl Standing for Website<'_> {
    type Fault = Error;

    fn logo(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = format!("{LOGOS}/{name}");
        if self.files.is_no_file(&path) { Ok(None) } else { self.files.read(&path) }
    }

    fn logos(&self) -> Result<Vec<String>> {
        self.files.list(LOGOS)
    }

    fn says(&self, slug: &str) -> Result<Option<String>> {
        let mut unseen = 0;
        for part in [Part::Code, Part::Rest] {
            let searched = self.searched(part)?;
            if let Some(source) = searched.mentions.of_text(slug) {
                return Ok(namer(Some(source), 0));
            }
            unseen += searched.unseen;
        }
        Ok(namer(None, unseen))
    }

    fn code_says(&self, slug: &str) -> Result<Option<String>> {
        let code = self.searched(Part::Code)?;
        Ok(namer(code.mentions.of_text(slug), code.unseen))
    }
}
