//! Whether a change brings that its author takes an application back, and nothing else: then one click puts that on record, and
//! nobody has to decide anything.

use super::Snapshot;
use super::authorship::{self, Authored};
use crate::audit::own_commit;
use crate::domain::check::Severity;
use crate::domain::paths::root_of;
use crate::domain::{Kind, Slug, text};
use crate::error::Result;
use crate::git::Oid;

/// An applicant's has a handful of commits; each is judged.
const MOST_COMMITS: usize = 100;

/// What a change brings that takes something of a partner's back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brings {
    Withdrawal,
    /// It brings more, and why it may not land like this.
    More(String),
}

/// Whether a commit has, beyond what is on record about a partner, that something is taken back.
pub fn takes_back(base: &Snapshot<'_>, head: Oid, slug: &Slug) -> Result<bool> {
    let proposed = base.partner_in(base.repo.commit_itself(head)?.tree, slug)?;
    let (ours, theirs) = (&base.landed(slug)?.life.log, &proposed.life.log);
    let is_withdrawn = theirs.last().is_some_and(|last| last.event.kind == Kind::Withdrawn);
    Ok(is_withdrawn && theirs.len() > ours.len() && theirs.starts_with(ours))
}

/// What merging a change that takes something back would bring, in whatever way: looked at commit by commit, since a rebase brings
/// each; and from each place where its history parts from the default branch's, since a merge brings what differs from there.
pub fn brings(it: &Authored<'_>, slug: &Slug) -> Result<Brings> {
    let (repo, base) = (it.base.repo, it.base);
    let tree = repo.commit_itself(it.head)?.tree;
    let Some(own) = repo.own_commits(it.head, base.commit, MOST_COMMITS)? else {
        return Ok(Brings::More("it has more commits than are looked through".into()));
    };
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
    // A commit may act by its words alone, and an audit would tell of it for ever.
    let foreign = own_commit::foreign(repo, own.iter().map(|commit| commit.oid), base.commit)?;
    Ok(foreign.map_or(Brings::Withdrawal, |(oid, why)| {
        let short = oid.to_string()[..10].to_owned();
        Brings::More(format!("{short} isn't a commit that karmada-partner writes: {why}"))
    }))
}
