//! A registry on which changes are tried out: commits are made, later ones see the earlier, and no branch moves until all
//! of them do at once.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::branch_moves::{self, BranchMoves};
use super::{AT_HAND, Account, AtOnce, Forge, People, Published, ReadingAhead, Stopped};
use crate::domain::HttpLink;
use crate::error::{Error, Kind, Result};
use crate::git::{Held, Repo};
use crate::registry::change::Change;
use crate::registry::{Heads, Proposal, Snapshot};

/// What was tried out so far.
#[derive(Debug)]
struct Trial {
    before: BranchMoves,
    now: BranchMoves,
    /// The branches of proposals that were made or changed.
    proposed: Vec<String>,
    /// What was done last, for the log of references.
    title: String,
}

/// A registry, and what would become of it.
pub struct TrialForge {
    forge: Rc<dyn Forge>,
    /// Where commits are made, if not in the forge's own repository.
    repo: Option<Repo>,
    trial: RefCell<Trial>,
}

impl std::fmt::Debug for TrialForge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged").field("trial", &self.trial).finish_non_exhaustive()
    }
}

impl TrialForge {
    /// Begins with the registry as it is.
    pub fn new(forge: Rc<dyn Forge>) -> Result<Self> {
        let heads = forge.heads()?;
        let repo = forge.at_once().map(|_| forge.repo().again()).transpose()?;
        let before = BranchMoves::of(&heads);
        let now = before.clone();
        let trial = Trial { before, now, proposed: Vec::new(), title: String::new() };
        Ok(Self { forge, repo, trial: RefCell::new(trial) })
    }

    /// Does `work`; what it writes is held meanwhile, where all of it will be moved to at once. `threads` pack it.
    pub fn holding<R>(&self, threads: u32, work: impl FnOnce(Option<&Held<'_>>) -> R) -> Result<R> {
        match &self.repo {
            Some(repo) => Ok(repo.holding(threads, |held| work(Some(held)))?),
            None => Ok(work(None)),
        }
    }

    /// Moves all branches at once, if they are still where they were.
    pub fn land(&self) -> Result<(), Stopped> {
        let trial = self.trial.borrow();
        let moves = trial.now.moves(&trial.before, &trial.proposed);
        if moves.iter().all(|m| m.old == m.new) {
            return Ok(());
        }
        match self.forge.at_once() {
            Some(forge) => forge.move_all(&moves, &trial.title),
            None => Err(Error::new(Kind::Bug, "this registry can't move many branches at once").into()),
        }
    }
}

impl Forge for TrialForge {
    fn repo(&self) -> &Repo {
        self.repo.as_ref().unwrap_or_else(|| self.forge.repo())
    }

    fn heads(&self) -> Result<Heads> {
        Ok(self.trial.borrow().now.heads().clone())
    }

    fn publish(&self, _: &Snapshot<'_>, changes: &[Change]) -> Result<Published, Stopped> {
        let mut trial = self.trial.borrow_mut();
        let repo = self.repo();
        // A row that fails halfway leaves nothing.
        let mut now = trial.now.clone();
        let commits = changes.iter().map(|change| now.apply(repo, change)).collect::<Result<Vec<_>, _>>()?;
        trial.now = now;
        trial.proposed.extend(branch_moves::proposed(changes));
        if let Some(last) = changes.last() {
            trial.title.clone_from(&last.title);
        }
        Ok(Published { commits, ..Published::default() })
    }

    fn patience(&self) -> (u32, Duration) {
        AT_HAND
    }

    fn is_trial(&self) -> bool {
        true
    }

    fn preview(&self, change: &Change) -> Result<String> {
        Ok(change.to_string())
    }

    fn account(&self) -> Result<Option<Account>> {
        self.forge.account()
    }

    fn link(&self, proposal: &Proposal) -> Option<HttpLink> {
        self.forge.link(proposal)
    }

    /// Only [`TrialForge::land`] moves branches.
    fn at_once(&self) -> Option<&dyn AtOnce> {
        None
    }

    fn reading_ahead(&self) -> Option<&dyn ReadingAhead> {
        None
    }

    /// Nobody is told of what is only tried out.
    fn people(&self) -> Option<&dyn People> {
        None
    }
}
