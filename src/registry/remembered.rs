//! What was read of every partner, kept by the id of its directory: the next look reads those that changed since. It is kept as a line
//! for each, with tabs between: of thousands, JSON takes four times as long to read. Texts of a line stay where they were read.

use std::path::Path;

use super::survey::on_all_cores;
use super::unread::told_apart;
use super::{Partner, Snapshot, Unread, unless_unread};
use crate::domain::limits;
use crate::domain::paths::PARTNERS;
use crate::domain::shared_text::SharedText;
use crate::domain::{GitId, Slug};
use crate::error::Result;
use crate::files::memory;
use crate::git::{Entry, Mode, Oid, Repo};

/// From so many partners on, what is read is worth a file.
const WORTH_KEEPING: usize = 64;

/// What stands between two parts of a line.
pub(crate) const TAB: char = '\t';

/// What can be kept of a partner.
pub(crate) trait Kept: Sized {
    /// It on the rest of a line; `None` where it can't stand on one.
    fn line(&self) -> Option<String>;

    /// What such a line says.
    fn of_line(line: &SharedText) -> Option<Self>;
}

/// A partner's directory: as long as its id stays, so does what was read of it.
#[derive(Debug, Clone)]
pub(crate) struct Known<T> {
    pub slug: Slug,
    pub tree: GitId,
    pub what: T,
}

/// Who changed since the last look.
#[derive(Debug)]
pub(crate) struct Changes<T> {
    /// As they were.
    pub gone: Vec<Known<T>>,
    /// Those that are new, or other than they were.
    pub fresh: Vec<Slug>,
}

impl<T> Default for Changes<T> {
    fn default() -> Self {
        Self { gone: Vec::new(), fresh: Vec::new() }
    }
}

/// Whether something else stands by a partner's name, or a directory by a name that no partner has.
pub fn is_displaced(entry: &Entry) -> bool {
    (entry.mode == Mode::Tree) != entry.name.parse::<Slug>().is_ok()
}

/// Everybody on the default branch, by slug, as they were read last.
#[derive(Debug)]
pub(crate) struct Everybody<T> {
    /// The tree of all partners; empty where there is none.
    all: String,
    /// Nobody is displaced. Only then they are kept, so that who reads what is kept need look at no directory.
    pub whole: bool,
    pub partners: Vec<Known<T>>,
    /// Those of whom git has lost something. As long as there are any, nothing is kept.
    pub unread: Vec<Unread>,
}

impl<T> Default for Everybody<T> {
    fn default() -> Self {
        Self { all: String::new(), whole: false, partners: Vec::new(), unread: Vec::new() }
    }
}

/// What is kept of everybody, where, and by which version of what reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub file: Option<&'a Path>,
    pub version: &'a str,
}

impl<T: Send> Everybody<T> {
    /// Reads those that changed since, and gives them. Directories whose names aren't slugs are `check`'s to report.
    ///
    /// # Errors
    /// When an object isn't here or can't be read; then nobody is known any more.
    pub fn bring_up_to_date(
        &mut self,
        snapshot: &Snapshot<'_>,
        read: impl Fn(&Repo, &Partner) -> Result<T> + Sync,
    ) -> Result<Changes<T>> {
        let all =
            snapshot.repo.at_path(snapshot.tree, PARTNERS)?.map(|entry| entry.oid.to_string()).unwrap_or_default();
        if self.all == all {
            return Ok(Changes::default());
        }
        let before = std::mem::take(self).partners;
        let entries = snapshot.directories()?;
        let directories = entries.iter().filter(|entry| entry.mode == Mode::Tree);
        let mut now: Vec<(Slug, GitId)> =
            directories.filter_map(|entry| Some((entry.name.parse().ok()?, entry.oid.into()))).collect();
        let whole = !entries.is_empty() && !entries.iter().any(is_displaced);
        // By slug, as those before are: git has another order of directories.
        now.sort_unstable();
        let mut before = before.into_iter().peekable();
        let (mut partners, mut fresh, mut gone) = (Vec::with_capacity(now.len()), Vec::new(), Vec::new());
        for (slug, tree) in now {
            while let Some(left) = before.next_if(|known| known.slug < slug) {
                gone.push(left);
            }
            match before.next_if(|known| known.slug == slug) {
                Some(same) if same.tree == tree => partners.push(same),
                other => {
                    gone.extend(other);
                    fresh.push((slug, tree));
                }
            }
        }
        gone.extend(before);
        let one = |repo: &Repo, (slug, tree): &(Slug, GitId)| {
            unless_unread(repo, slug, || {
                let what = read(repo, &Partner::read(repo, slug.clone(), Oid::from(*tree))?)?;
                Ok(Known { slug: slug.clone(), tree: *tree, what })
            })
        };
        let (found, unread) = match fresh.as_slice() {
            [] => Default::default(),
            fresh => told_apart(on_all_cores(snapshot.repo, fresh, one)?, !partners.is_empty())?,
        };
        let fresh = found.iter().map(|known| known.slug.clone()).collect();
        partners.extend(found);
        partners.sort_by(|one, other| one.slug.cmp(&other.slug));
        // Who is unread is looked for again.
        let (all, whole) = if unread.is_empty() { (all, whole) } else { (String::new(), false) };
        *self = Self { all, whole, partners, unread };
        Ok(Changes { gone, fresh })
    }
}

impl<T: Send + Kept> Everybody<T> {
    /// Everybody as they are now: who is remembered as they are isn't read again.
    ///
    /// # Errors
    /// When an object isn't here or can't be read.
    pub fn read(
        snapshot: &Snapshot<'_>,
        shelf: Shelf<'_>,
        read: impl Fn(&Repo, &Partner) -> Result<T> + Sync,
    ) -> Result<Self> {
        let kept = shelf.file.and_then(|file| memory::read_text(file, limits::MEMORY, shelf.version));
        let mut everybody = kept.and_then(|text| Self::of_text(&text.into())).unwrap_or_default();
        let Changes { gone, fresh } = everybody.bring_up_to_date(snapshot, read)?;
        let changed = !gone.is_empty() || !fresh.is_empty();
        if let Some(file) =
            shelf.file.filter(|_| changed && everybody.whole && everybody.partners.len() >= WORTH_KEEPING)
            && let Some(text) = everybody.text()
        {
            memory::write_bytes(file, limits::MEMORY, shelf.version, text.as_bytes());
        }
        Ok(everybody)
    }

    fn text(&self) -> Option<String> {
        let mut out = format!("{}\n", self.all);
        for Known { slug, tree, what } in &self.partners {
            let line = what.line().filter(|line| !line.contains('\n'))?;
            out += &format!("{slug}{TAB}{tree}{TAB}{line}\n");
        }
        Some(out)
    }

    fn of_text(text: &SharedText) -> Option<Self> {
        let mut lines = text.lines();
        let all = lines.next()?.to_owned();
        let known = |line: &str| {
            let (slug, rest) = line.split_once(TAB)?;
            let (tree, what) = rest.split_once(TAB)?;
            Some(Known { slug: slug.parse().ok()?, tree: tree.parse().ok()?, what: T::of_line(&text.part(what))? })
        };
        Some(Self { all, whole: true, partners: lines.map(known).collect::<Option<_>>()?, unread: Vec::new() })
    }
}
