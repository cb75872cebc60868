//! What can't be read, and whom nothing can be said of without it: all that could be said would be a guess.

use std::collections::BTreeSet;

use crate::domain::paths::PARTNERS;
use crate::domain::values::{GitId, Slug};

#[derive(Debug, Clone, Default)]
pub(super) struct Losses {
    /// In the order in which they were told.
    told: Vec<GitId>,
    everybody: bool,
    partners: BTreeSet<Slug>,
}

impl Losses {
    pub(super) fn last(&self) -> Option<GitId> {
        self.told.last().copied()
    }

    /// Takes an object as told from now on. Gives whether it wasn't before.
    pub(super) fn tell(&mut self, id: GitId) -> bool {
        let new = !self.told.contains(&id);
        if new {
            self.told.push(id);
        }
        new
    }

    /// Whether words are about an object that was told.
    pub(super) fn are_in(&self, words: &str) -> bool {
        self.told.iter().any(|id| words.contains(&id.to_string()))
    }

    /// From now on nothing is said of a partner; nor of anybody, if it is the program.
    pub(super) fn hide(&mut self, slug: &Slug) {
        self.everybody |= slug.is_program();
        self.partners.insert(slug.clone());
    }

    /// The same of those below a directory. Gives the partner whose it is, if it is one's.
    pub(super) fn hide_below(&mut self, path: &str) -> Option<Slug> {
        let below = path.strip_prefix(PARTNERS).and_then(|rest| rest.strip_prefix('/'));
        let slug = below.and_then(|rest| rest.split('/').next()?.parse::<Slug>().ok());
        self.everybody |= slug.is_none();
        self.partners.extend(slug.clone());
        slug
    }

    pub(super) fn hides(&self, slug: &Slug) -> bool {
        self.everybody || self.partners.contains(slug)
    }

    pub(super) const fn hide_everybody(&self) -> bool {
        self.everybody
    }
}
