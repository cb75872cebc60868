//! Proposals that were closed, on the branches where they are kept.

use super::branch::{closed, slug_of_closed};
use super::{Snapshot, Unfit, on_branch};
use crate::domain::{Record, Slug};
use crate::error::{Error, Result};
use crate::git::Oid;

impl Snapshot<'_> {
    /// The facts of a partner that has none on the default branch: those of its closed proposal, where it is kept.
    pub fn closed_record(&self, slug: &Slug, round: u32) -> Result<Option<Record>> {
        let branch = closed(slug, round);
        let Some(head) = self.repo.reference(&format!("refs/heads/{branch}"))? else { return Ok(None) };
        self.record_closed_at(slug, &branch, head)
    }

    /// Those of which something can't be read, with why.
    pub fn unread_when_closed(&self) -> Vec<Unfit> {
        let why = |branch: &str, head: Oid| match (self.repo.why_unread(head), slug_of_closed(branch)) {
            (Some(why), _) => Some(why.into()),
            (None, Some(slug)) => self.record_closed_at(&slug, branch, head).err(),
            // By its name nobody asks for it.
            (None, None) => None,
        };
        let all = self.heads.closed.all().into_iter();
        let all = all.filter_map(|(branch, head)| Some(Unfit { branch: branch.to_owned(), why: why(branch, head)? }));
        all.filter(Unfit::is_unread).collect()
    }

    fn record_closed_at(&self, slug: &Slug, branch: &str, head: Oid) -> Result<Option<Record>> {
        let commit = self.repo.commit(head).map_err(Error::from);
        let partner = commit.and_then(|commit| self.partner_in(commit.tree, slug));
        Ok(partner.map_err(|e| on_branch(branch, e))?.record)
    }
}
