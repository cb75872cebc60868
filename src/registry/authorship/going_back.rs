//! Whether a change goes back: it brings decisions back on record, or takes back what nobody decided.

use std::cell::OnceCell;

use super::{Authored, One};
use crate::domain::check::Problem;
use crate::domain::paths::PROGRAM;
use crate::error::Result;
use crate::git::{Entry, Oid, Repo};
use crate::registry::lost::{self, Gone};
use crate::registry::{Snapshot, once};

/// A change that takes something back has a handful of commits; in so many they are told apart.
const MOST_COMMITS: usize = 100;

impl One<'_> {
    /// Whether all that stands there after it is what did when decisions were taken off the record: whoever brings these back decides
    /// nothing.
    pub(super) fn brings_back(&self, base: &Snapshot<'_>, gone: &OnceCell<Gone>) -> Result<bool> {
        if self.takes_away() || !self.new_events().any(|event| event.kind.decides()) {
            return Ok(false);
        }
        let now = self.stands(base.repo, self.tree)?;
        for lost in once(gone, || lost::since(base, None, None))?.events.iter().filter(|lost| lost.slug == *self.slug) {
            if self.stands(base.repo, base.repo.commit(lost.had)?.tree)? == now {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// All that stands in a tree of what it is about.
    fn stands(&self, repo: &Repo, tree: Oid) -> Result<Vec<Option<Entry>>> {
        let paths = [Some(self.root.as_str()), self.slug.is_program().then_some(PROGRAM)];
        Ok(paths.into_iter().flatten().map(|path| repo.at_path(tree, path)).collect::<Result<_, _>>()?)
    }

    pub(super) fn takes_away(&self) -> bool {
        !self.keeps_log() || !self.lost.is_empty()
    }

    /// What nobody decided may be taken back whole, as by a forge's "Revert"; and by one commit, since a rebase brings each as a step of
    /// its own. Who isn't a member takes nobody's votes away.
    pub(super) fn taken_back_by(&self, it: &Authored<'_>, told: &str, member: bool) -> Result<Problem> {
        if member && self.takes_several(it)? {
            let base = it.base.repo.merge_base(it.base.commit, it.head)?.unwrap_or(it.base.commit);
            let message =
                format!("{told}; but in several commits, and merged by a rebase none of them takes all of it back");
            let hint = format!("make one commit of them: git reset --soft {base}, git commit, and git push --force");
            return Ok(Problem::error(&self.root, "taken-back", message, hint));
        }
        Ok(match member {
            true => {
                let hint = "whoever voted on it votes again when it is proposed again";
                Problem::warning(&self.root, "taken-back", told, hint)
            }
            false => {
                let message = format!("{told}; and {} isn't a member of the committee", self.actor);
                Problem::error(&self.root, "author", message, "have a member take it back")
            }
        })
    }

    /// Whether several commits of the change touch this, or a merge does by itself: a rebase leaves merges out.
    fn takes_several(&self, it: &Authored<'_>) -> Result<bool> {
        let repo = it.base.repo;
        let Some(own) = repo.own_commits(it.head, it.base.commit, MOST_COMMITS)? else { return Ok(true) };
        let (mut touching, mut by_merge) = (0, false);
        for commit in &own {
            let after = self.stands(repo, repo.commit_itself(commit.oid)?.tree)?;
            let mut is_new = true;
            for parent in &commit.parents {
                is_new &= self.stands(repo, repo.commit_itself(*parent)?.tree)? != after;
            }
            touching += usize::from(is_new);
            by_merge |= is_new && commit.parents.len() > 1;
        }
        Ok(touching > 1 || by_merge)
    }
}
