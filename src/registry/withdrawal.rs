//! Whether a change brings that its author takes an application back, and nothing else: then one click puts that on record, and
//! nobody has to decide anything.

use super::authorship::{self, Authored};
use crate::domain::check::Severity;
use crate::domain::paths::root_of;
use crate::domain::{Kind, Slug, text};
use crate::error::Result;
use crate::git::Commit;

/// An applicant's has a handful of commits; each is judged.
const MOST_COMMITS: usize = 100;

/// What a change about a partner brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brings {
    /// It takes nothing back.
    NoWithdrawal,
    Withdrawal,
    /// It takes an application back, and why it may not land like this all the same.
    More(String),
}

/// What merging a change would bring, in whatever way: looked at commit by commit, since a rebase brings each; and from each place
/// where its history parts from the default branch's, since a merge brings what differs from there.
pub fn brings(it: &Authored<'_>, slug: &Slug) -> Result<Brings> {
    let (repo, base) = (it.base.repo, it.base);
    let tree = repo.commit_itself(it.head)?.tree;
    let (landed, proposed) = (base.landed(slug)?, base.partner_in(tree, slug)?);
    let (ours, theirs) = (&landed.life.log, &proposed.life.log);
    let is_withdrawn = theirs.last().is_some_and(|last| last.event.kind == Kind::Withdrawn);
    if !is_withdrawn || theirs.len() <= ours.len() || !theirs.starts_with(ours) {
        return Ok(Brings::NoWithdrawal);
    }
    let mut own: Vec<Commit> = Vec::new();
    repo.walk(&[it.head], &[base.commit], |commit| {
        own.push(commit.clone());
        own.len() <= MOST_COMMITS
    })?;
    if own.len() > MOST_COMMITS {
        return Ok(Brings::More("it has more commits than are looked through".into()));
    }
    let root = format!("{}/", root_of(slug));
    let beside = |paths: Vec<String>| paths.into_iter().find(|path| !path.starts_with(&root));
    let also = |path: String| Brings::More(format!("it changes {}, too", text::visible(&path)));
    for at in repo.merge_bases(base.commit, it.head)? {
        if let Some(path) = beside(repo.differing(Some(repo.commit_itself(at)?.tree), Some(tree))?) {
            return Ok(also(path));
        }
    }
    for commit in &own {
        let there = repo.commit_itself(commit.oid)?.tree;
        // What a merge has from one of its sides isn't its own.
        let mut changed = match commit.parents.first() {
            Some(first) => repo.differing(Some(repo.commit_itself(*first)?.tree), Some(there))?,
            None => repo.differing(None, Some(there))?,
        };
        for other in commit.parents.iter().skip(1) {
            let differs = repo.differing(Some(repo.commit_itself(*other)?.tree), Some(there))?;
            changed.retain(|path| differs.contains(path));
        }
        if let Some(path) = beside(changed) {
            return Ok(also(path));
        }
        let problems = authorship::problems(&Authored { head: commit.oid, ..*it })?;
        if let Some(error) = problems.iter().find(|problem| problem.severity == Severity::Error) {
            return Ok(Brings::More(format!("{}: {}", error.path, error.message)));
        }
    }
    Ok(Brings::Withdrawal)
}
