//! The policies that were decided, as the program's log names them, whatever became of the copies beside it since.

use super::replay::Trees;
use crate::domain::paths::{PROGRAM_LOG, is_event_name, policy_path};
use crate::domain::program::policies::Policies;
use crate::domain::{Event, GitId, Program, Sha256};
use crate::git::{Repo, RepoError};

/// What can be read of them: whoever needs another tells of it.
pub(crate) fn at_hand(repo: &Repo, tree: GitId) -> Result<Policies, RepoError> {
    let read = |id| repo.file_bytes(id).ok().flatten();
    let log = match log(repo, tree) {
        Err(e) if e.is_damage() => Vec::new(),
        log => log?,
    };
    let events = log.into_iter().filter_map(|id| Event::parse(&read(id)?).ok()).filter(|event| event.kind.brings());
    Ok(taken_in(events.filter_map(|event| Some((read(event.objects.record)?, event)))))
}

/// All of them, where the objects of what stands there are here and can be read.
pub(crate) fn all(repo: &Repo, tree: GitId) -> Result<Policies, RepoError> {
    let mut decided = Vec::new();
    for id in log(repo, tree)? {
        let Ok(event) = Event::parse(&repo.blob(id.into())?) else { continue };
        if !event.kind.brings() {
            continue;
        }
        let named = event.objects.record;
        let bytes = match repo.file_bytes(named)? {
            None if repo.is_partial() || stands(repo, tree, &event)? => Some(repo.blob(named.into())?),
            bytes => bytes,
        };
        decided.extend(bytes.map(|bytes| (bytes, event)));
    }
    Ok(taken_in(decided.into_iter()))
}

/// Whether the copy of a policy stands beside its event.
fn stands(repo: &Repo, tree: GitId, event: &Event) -> Result<bool, RepoError> {
    let copy = repo.at_path(tree.into(), &policy_path(event.seq))?;
    Ok(copy.is_some_and(|copy| copy.oid == event.objects.record.into()))
}

/// The object of the policy in force.
pub(crate) fn last(repo: &Repo, tree: GitId) -> Result<Option<GitId>, RepoError> {
    for id in log(repo, tree)?.into_iter().rev() {
        if let Ok(event) = Event::parse(&repo.blob(id.into())?)
            && event.kind.brings()
        {
            return Ok(Some(event.objects.record));
        }
    }
    Ok(None)
}

/// The events of the program's log, in order.
fn log(repo: &Repo, tree: GitId) -> Result<Vec<GitId>, RepoError> {
    let entries = Trees::at(Some(tree)).list(PROGRAM_LOG, &|id| repo.tree_bytes(id))?;
    let events = entries.into_iter().filter(|(name, _, is_tree)| !is_tree && is_event_name(name));
    Ok(events.map(|(_, id, _)| id).collect())
}

fn taken_in(decided: impl Iterator<Item = (Vec<u8>, Event)>) -> Policies {
    let mut out = Policies::default();
    for (bytes, event) in decided {
        if Sha256::of(&bytes) == event.facts.record
            && let Ok(program) = Program::parse(&bytes)
        {
            out.take_in(program, Some(event.time));
        }
    }
    out
}
