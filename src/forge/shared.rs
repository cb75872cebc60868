//! One registry for many commands in one run: what one has read the next need not ask for again.

use std::rc::Rc;
use std::time::Duration;

use super::{Account, Forge, Link, Published, Stopped, Words};
use crate::domain::check::Problem;
use crate::domain::{Event, Line, Login, Program, Slug};
use crate::error::Result;
use crate::git::{Oid, RefMove, Repo};
use crate::registry::change::Change;
use crate::registry::{Heads, Proposal};

/// A registry that several hold.
pub struct Shared(pub Rc<dyn Forge>);

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Forge for Shared {
    fn repo(&self) -> &Repo {
        self.0.repo()
    }

    fn heads(&self) -> Result<Heads> {
        self.0.heads()
    }

    fn patience(&self) -> (u32, Duration) {
        self.0.patience()
    }

    fn publish(&self, heads: &Heads, changes: &[Change]) -> Result<Published, Stopped> {
        self.0.publish(heads, changes)
    }

    fn moves_at_once(&self) -> bool {
        self.0.moves_at_once()
    }

    fn move_all(&self, moves: &[RefMove], title: &str) -> Result<(), Stopped> {
        self.0.move_all(moves, title)
    }

    fn preview(&self, change: &Change) -> Result<String> {
        self.0.preview(change)
    }

    fn account(&self) -> Result<Option<Account>> {
        self.0.account()
    }

    fn sees_everything(&self) -> bool {
        self.0.sees_everything()
    }

    fn expect(&self, slug: &Slug, contact: Option<&Login>) {
        self.0.expect(slug, contact);
    }

    fn expect_file(&self, bytes: &[u8], ahead: bool) {
        self.0.expect_file(bytes, ahead);
    }

    fn contact_exists(&self) -> Result<Option<bool>> {
        self.0.contact_exists()
    }

    fn has_waiting(&self, branch: &str) -> bool {
        self.0.has_waiting(branch)
    }

    fn taken_back(&self) -> Option<String> {
        self.0.taken_back()
    }

    fn link(&self, proposal: &Proposal) -> Option<Line> {
        self.0.link(proposal)
    }

    fn pull_request(&self, number: u64) -> Result<(Oid, String)> {
        self.0.pull_request(number)
    }

    fn committee_problems(&self, program: &Program) -> Result<Vec<Problem>> {
        self.0.committee_problems(program)
    }

    fn untold(&self) -> Result<Vec<Slug>> {
        self.0.untold()
    }

    fn announce(&self, event: &Event, words: &Words<'_>) -> Result<Vec<Link>> {
        self.0.announce(event, words)
    }
}
