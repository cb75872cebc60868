//! A vote in the file that holds it, and how such files are named.

use crate::domain::log::bounds;
use crate::domain::log::event::Vote;
use crate::domain::paths::vote_named;
use crate::domain::values::{Login, Sha256};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastVote {
    pub vote: Vote,
    /// The SHA-256 of the file.
    pub hash: Sha256,
    /// The name of the file in its round.
    pub file: String,
}

/// The file that the next vote of `actor` gets: beside the earlier ones, never over them.
#[must_use]
pub fn vote_name<'a>(earlier: impl IntoIterator<Item = &'a Vote>, actor: &Login) -> String {
    name_after(earlier.into_iter().filter(|v| v.actor.is(actor)).count(), actor)
}

/// The name that is due to `actor`, who has so many voices in the round.
#[must_use]
pub(crate) fn name_after(voices: usize, actor: &Login) -> String {
    match voices {
        0 => actor.folded(),
        n => format!("{}.{}", actor.folded(), n + 1),
    }
}

/// Whether the file of a vote says by its name that there are more than somebody may have unsigned: who may push can write votes
/// in anybody's name, and uses up nobody's by that.
#[must_use]
pub(crate) fn is_beyond(name: &str) -> bool {
    vote_order(name).1 > bounds::VOTES
}

/// Why such a vote is no voice.
pub(crate) fn too_many() -> String {
    format!("from the {}st vote of somebody in a round on, only what is signed is one", bounds::VOTES + 1)
}

/// Sorts `bob`, `bob.2`, `bob.10` as they were cast.
#[must_use]
pub fn vote_order(name: &str) -> (String, u32) {
    match name.rsplit_once('.') {
        Some((login, number)) => (login.to_owned(), number.parse().unwrap_or(u32::MAX)),
        None => (name.to_owned(), 1),
    }
}

/// Whether a vote's file has the name that is due to its actor: the first of a member's, or a later one.
#[must_use]
pub(crate) fn is_named_after(name: &str, actor: &Login) -> bool {
    vote_named(name).is_some_and(|(login, _)| login == actor.folded())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::kinds::{Ballot, Subject};
    use crate::domain::votes::sample;

    #[test]
    fn a_vote_is_named_after_its_member_and_how_many_came_before() {
        let earlier = ["bob", "alice", "Bob"].map(|actor| sample::voice(actor, Ballot::Approve, Subject::Application));
        for (count, actor, name) in [(0, "Bob", "bob"), (1, "BOB", "bob.2"), (2, "bob", "bob.2"), (3, "bob", "bob.3")] {
            assert_eq!(vote_name(&earlier[..count], &actor.parse().unwrap()), name);
        }
    }

    #[test]
    fn a_name_is_due_to_its_member_as_it_is_written() {
        let bob: Login = "Bob".parse().unwrap();
        for (name, named) in [
            ("bob", true),
            ("bob.2", true),
            ("bob.10", true),
            ("Bob", false),
            ("bob.1", false),
            ("bob.02", false),
            ("bob.+2", false),
            ("bob.99999", true),
            ("bob.100000", false),
            ("bob.x", false),
            ("bobby", false),
            ("carol.2", false),
        ] {
            assert_eq!(is_named_after(name, &bob), named, "{name}");
        }
    }
}
