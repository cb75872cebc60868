//! What was made just now isn't seen at once: GitHub answers from copies that get it later.

use std::collections::HashMap;

use git2::Oid;

use super::Handle;
use super::failure::Failure;
use super::world::World;

/// What was made through the API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Made {
    Fork,
    Ref(String),
    Object(Oid),
}

/// How often what was made isn't seen yet by those who ask for it.
#[derive(Clone, Debug, Default)]
pub struct Settling {
    after: u32,
    left: HashMap<(usize, Made), u32>,
}

impl World {
    /// From now on something is there, and not seen yet.
    pub fn settles(&mut self, repo: usize, made: Made) {
        let Settling { after, left } = &mut self.settling;
        if *after > 0 {
            left.entry((repo, made)).or_insert(*after);
        }
    }

    /// Whether it is seen by now, where it is asked for once more.
    pub fn sees_made(&mut self, repo: usize, made: Made) -> bool {
        match self.settling.left.get_mut(&(repo, made)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        }
    }

    /// The same as a refusal.
    pub fn must_see(&mut self, repo: usize, made: Made, refused: impl FnOnce() -> Failure) -> Result<(), Failure> {
        if self.sees_made(repo, made) { Ok(()) } else { Err(refused()) }
    }
}

impl Handle {
    /// How many requests don't see yet what others have just made: a fork, a ref, an object. 0: all see it at once.
    pub fn settle_after(&self, requests: u32) {
        self.0.world().settling = Settling { after: requests, left: HashMap::new() };
    }
}
