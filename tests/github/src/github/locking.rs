//! Conversations that are locked: only those with the right to push still say something there.

use super::Handle;
use super::failure::Failure;
use super::world::{Actor, World};

impl World {
    /// Whether somebody may still say something; if not, in GitHub's words about what was to be said.
    pub fn check_lock(
        &self,
        actor: &Actor,
        at: (usize, u64),
        refused: impl FnOnce() -> Failure,
    ) -> Result<(), Failure> {
        let (repo, number) = at;
        if self.thread(repo, number).locked && !self.can_push(actor.user, repo) { Err(refused()) } else { Ok(()) }
    }
}

impl Handle {
    /// Locks the conversation of an issue or a pull request, or unlocks it.
    pub fn lock(&self, repo: &str, number: u64, locked: bool) {
        let mut world = self.0.world();
        let repo = world.must(repo);
        world.thread_mut(repo, number).locked = locked;
    }
}
