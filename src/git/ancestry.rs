//! What a branch that only grows has behind it. Each commit is looked at once, however often it is asked where another
//! history parts from it.

use std::collections::HashSet;

use git2::{Oid, Repository};

/// The commits behind a tip, and itself.
#[derive(Debug, Default)]
pub(super) struct Past {
    tip: Option<Oid>,
    all: HashSet<Oid>,
}

impl Past {
    fn advance(&mut self, git: &Repository, to: Oid) -> Result<(), git2::Error> {
        if self.tip == Some(to) {
            return Ok(());
        }
        let met = self.add(git, to)?;
        if self.tip.is_some_and(|tip| !met.contains(&tip)) {
            // Not what it grew to.
            self.all.clear();
            self.add(git, to)?;
        }
        self.tip = Some(to);
        Ok(())
    }

    /// Adds a commit and what is behind it. Gives what was there already, where it was met.
    fn add(&mut self, git: &Repository, from: Oid) -> Result<HashSet<Oid>, git2::Error> {
        let (met, new) = self.beyond(git, from)?;
        self.all.extend(new);
        Ok(met)
    }

    /// The commits from one on that aren't in this past; and where it is met.
    fn beyond(&self, git: &Repository, from: Oid) -> Result<(HashSet<Oid>, HashSet<Oid>), git2::Error> {
        let (mut met, mut new, mut next) = (HashSet::new(), HashSet::new(), vec![from]);
        while let Some(oid) = next.pop() {
            if self.all.contains(&oid) {
                met.insert(oid);
            } else if new.insert(oid) {
                next.extend(git.find_commit(oid)?.parent_ids());
            }
        }
        Ok((met, new))
    }

    /// Where `other` parts from `tip`. `None` where that takes more than one look: at several places, or nowhere.
    pub(super) fn parting(&mut self, git: &Repository, tip: Oid, other: Oid) -> Result<Option<Oid>, git2::Error> {
        self.advance(git, tip)?;
        let (met, _) = self.beyond(git, other)?;
        let mut met = met.into_iter();
        Ok(met.next().filter(|_| met.next().is_none()))
    }
}
