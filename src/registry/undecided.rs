//! What stands on the default branch and nobody decided. To find it takes a look at every partner; what was found is remembered,
//! so that the next look reads what changed since.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::survey::on_all_cores;
use super::unread::hides_one;
use super::{Directory, Proposal, Snapshot, Unread, unless_unread};
use crate::audit::side::MOST_COMMITS;
use crate::domain::limits;
use crate::domain::paths::PARTNERS;
use crate::domain::{Event, Slug};
use crate::error::{Error, Result};
use crate::files::memory;
use crate::git::{Entry, Mode, Oid, Repo};

/// Where an earlier look ended: the tree of all partners, and those of whom something waited there.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    partners: String,
    waiting: BTreeSet<String>,
}

/// Changes whenever it changes what counts as waiting.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+1");

/// How what nobody decided came to the default branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Merged {
    pub commit: Oid,
    /// A merge's author, as the commit has it. What is squashed or rebased bears the name of who wrote it, and not of who merged it.
    pub by: Option<String>,
}

impl Snapshot<'_> {
    /// What stands undecided and waits on no branch, but of whom it is known already that a proposal can't be read. `memory` is
    /// where to remember it, if anywhere.
    ///
    /// # Errors
    /// When an object isn't here or can't be read.
    pub fn standing_alone(&self, memory: Option<&Path>, told: &[Slug]) -> Result<(Vec<Proposal>, Vec<Unread>)> {
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        for slug in self.slugs_undecided(memory)?.into_iter().filter(|slug| !told.contains(slug)) {
            match unless_unread(self.repo, &slug, || self.proposals_of(&slug))? {
                Ok(open) => found.extend(open.into_iter().filter(|p| p.stands == Some(super::Stands::Alone))),
                Err(one) => unread.push(one),
            }
        }
        Ok((found, unread))
    }

    /// Partners, and the program, of whom something may stand undecided: whether it does, their proposals tell.
    fn slugs_undecided(&self, memory: Option<&Path>) -> Result<Vec<Slug>> {
        let partners = self.repo.at_path(self.tree, PARTNERS)?.filter(|e| e.mode == Mode::Tree).map(|e| e.oid);
        let now = partners.map(|oid| oid.to_string()).unwrap_or_default();
        let remembered = memory.and_then(|file| memory::read::<Memory>(file, limits::MEMORY, VERSION));
        let waiting = match remembered {
            Some(memory) if memory.partners == now => memory.waiting,
            remembered => {
                let waiting = self.look_again(remembered, partners)?;
                if let Some(file) = memory {
                    memory::write(file, limits::MEMORY, VERSION, &Memory { partners: now, waiting: waiting.clone() });
                }
                waiting
            }
        };
        let mut slugs: Vec<Slug> = waiting.iter().filter_map(|slug| slug.parse().ok()).collect();
        slugs.push(Slug::program());
        Ok(slugs)
    }

    fn look_again(&self, remembered: Option<Memory>, partners: Option<Oid>) -> Result<BTreeSet<String>> {
        let mut directories = self.directories()?;
        let mut waiting = BTreeSet::new();
        let then = remembered.as_ref().and_then(|m| m.partners.parse().ok()).filter(|_| partners.is_some());
        if let (Some(then), Some(memory)) = (then, remembered)
            && let Ok(changed) = self.repo.differing(Some(then), partners)
        {
            let of = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
            let changed: BTreeSet<String> = changed.iter().map(|path| of(path)).collect();
            directories.retain(|d| changed.contains(&d.name));
            waiting = memory.waiting.into_iter().filter(|slug| !changed.contains(slug)).collect();
        }
        directories.retain(|d| d.mode == Mode::Tree && d.name.parse::<Slug>().is_ok());
        // Of whom not all can be read, something may wait.
        let may_wait = |repo: &Repo, d: &Entry| match may_wait(repo, &format!("{PARTNERS}/{}", d.name), d.oid) {
            Err(e) if hides_one(repo, &e) => Ok(true),
            read => read,
        };
        let found = on_all_cores(self.repo, &directories, may_wait)?;
        waiting.extend(directories.into_iter().zip(found).filter(|(_, waits)| *waits).map(|(d, _)| d.name));
        Ok(waiting)
    }

    /// Who brought it: the first of the last commits in which it stands. Nobody knows where the history isn't at hand, or it
    /// is long ago.
    ///
    /// # Errors
    /// When an object isn't here or can't be read.
    pub fn merged_by(&self, p: &Proposal) -> Result<Option<Merged>> {
        if p.stands.is_none() || !self.repo.has_commit(self.commit) {
            return Ok(None);
        }
        let path = p.anchor();
        let (mut at, mut brought) = (Some(self.commit), None);
        for _ in 0..MOST_COMMITS {
            let Some(oid) = at else { return brought.map(|commit| self.merged_in(commit)).transpose() };
            let commit = self.repo.commit_itself(oid)?;
            if self.repo.at_path(commit.tree, &path)?.is_none() {
                return brought.map(|commit| self.merged_in(commit)).transpose();
            }
            brought = Some(oid);
            at = commit.parents.first().copied().filter(|parent| self.repo.has_commit(*parent));
        }
        Ok(None)
    }

    fn merged_in(&self, commit: Oid) -> Result<Merged> {
        let merge = self.repo.commit_itself(commit)?.parents.len() > 1;
        let by = merge.then(|| self.repo.author_name(commit)).transpose()?;
        Ok(Merged { commit, by })
    }
}

/// Whether a partner's directory may hold what nobody decided: an application comes last in its log, or votes are of a round
/// that no event is of. A log that can't be read is for `check` to tell.
fn may_wait(repo: &Repo, root: &str, tree: Oid) -> Result<bool> {
    let directory = Directory::read(repo, root, tree)?;
    let mut rounds: BTreeSet<u32> = directory.round_numbers(repo)?.into_iter().collect();
    // What came last settles most: it is read from the end.
    for (index, file) in directory.log.iter().filter(|f| f.mode == Mode::File).rev().enumerate() {
        if index > 0 && rounds.is_empty() {
            break;
        }
        let Ok(event) = Event::parse(&repo.blob(file.oid).map_err(Error::from)?) else { return Ok(true) };
        if index == 0 && event.kind.applies() {
            return Ok(true);
        }
        rounds.remove(&event.round);
    }
    Ok(!rounds.is_empty())
}
