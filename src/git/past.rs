//! What a branch that only grows has behind it.

use std::collections::HashSet;

use git2::Oid;

use super::failure::Result;

/// Gives the parents of a commit.
type Behind<'b> = &'b dyn Fn(Oid) -> Result<Vec<Oid>>;

/// The commits behind a tip that only grows, and itself. Each is looked at once, however often it is asked where another
/// history parts from it.
#[derive(Debug, Default)]
pub(super) struct Past {
    tip: Option<Oid>,
    all: HashSet<Oid>,
}

impl Past {
    fn advance(&mut self, behind: Behind<'_>, to: Oid) -> Result<()> {
        if self.tip == Some(to) {
            return Ok(());
        }
        let met = self.add(behind, to)?;
        if self.tip.is_some_and(|tip| !met.contains(&tip)) {
            // Not what it grew to.
            self.all.clear();
            self.add(behind, to)?;
        }
        self.tip = Some(to);
        Ok(())
    }

    /// Adds a commit and what is behind it. Gives what was there already, where it was met.
    fn add(&mut self, behind: Behind<'_>, from: Oid) -> Result<HashSet<Oid>> {
        let (met, new) = self.beyond(behind, from)?;
        self.all.extend(new);
        Ok(met)
    }

    /// The commits from one on that aren't in this past; and where it is met.
    fn beyond(&self, behind: Behind<'_>, from: Oid) -> Result<(HashSet<Oid>, HashSet<Oid>)> {
        let (mut met, mut new, mut next) = (HashSet::new(), HashSet::new(), vec![from]);
        while let Some(oid) = next.pop() {
            if self.all.contains(&oid) {
                met.insert(oid);
            } else if new.insert(oid) {
                next.extend(behind(oid)?);
            }
        }
        Ok((met, new))
    }

    /// Where `other` parts from `tip`. `None` where that takes more than one look: at several places, or nowhere.
    pub(super) fn parting(&mut self, behind: Behind<'_>, tip: Oid, other: Oid) -> Result<Option<Oid>> {
        self.advance(behind, tip)?;
        let (met, _) = self.beyond(behind, other)?;
        let mut met = met.into_iter();
        Ok(met.next().filter(|_| met.next().is_none()))
    }
}
