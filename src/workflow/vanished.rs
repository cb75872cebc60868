//! Votes that were on a proposal's branch and are gone.

use crate::audit::side::{MOST_COMMITS, Side, members_vote};
use crate::domain::program::Program;
use crate::domain::signature::examined::{Examiner, Verdict};
use crate::domain::text;
use crate::error::{Error, Result};
use crate::git::RepoError;
use crate::registry::{Proposal, Snapshot};

/// Refuses to decide where a member's signed vote was taken away or written over on the branch: whoever may push there could
/// silence a member so.
pub fn refuse_vanished(snapshot: &Snapshot<'_>, program: &Program, proposal: &Proposal) -> Result<()> {
    let repo = snapshot.repo;
    // What is a pull request's has its votes from reviews, and not from commits.
    if repo.is_stood_in_for(proposal.head) {
        return Ok(());
    }
    let tree = |commit| Ok::<_, RepoError>(repo.raw_commit(commit)?.tree);
    let ours = |at| repo.contains(snapshot.commit, at)?.then(|| tree(at)).transpose();
    let Some(side) = Side::of(repo, proposal.head, MOST_COMMITS, &ours)? else {
        return Err(Error::refused(format!(
            "the branch {} has more than {MOST_COMMITS} commits of its own",
            proposal.branch
        ))
        .hint("have the proposal made again"));
    };
    let gone = side.steps(repo)?.taken_back(repo, tree(snapshot.commit)?, tree(proposal.head)?)?;
    if gone.is_empty() {
        return Ok(());
    }
    let (policies, registry) = (snapshot.policies()?, snapshot.registry()?);
    let mut examiner = Examiner::new(&policies, true);
    for gone in gone {
        let Some(bytes) = repo.file_bytes(gone.was)? else { continue };
        let vote = members_vote(&gone.path, examiner.vote(&bytes), Some(registry), Some(program));
        // It may stand there under another name.
        let Some(vote) = vote.filter(|v| !proposal.votes.iter().any(|c| c.hash == v.hash)) else { continue };
        if !matches!(vote.verdict, Verdict::By(_)) {
            continue;
        }
        let (by, path) = (gone.by, text::visible(&gone.path));
        return Err(Error::refused(format!(
            "a vote that {} signed is gone from {}: commit {by} took {path} away, or wrote over it",
            vote.said.actor, proposal.branch
        ))
        .hint(format!(
            "bring it back on that branch, and decide then: git checkout {by}^ -- {path}, commit and push; a vote that stands there instead gets the member's next name"
        )));
    }
    Ok(())
}
