//! A vote and a question, for tests to make theirs from.

use super::cast::CastVote;
use super::tally::{Proof, Question};
use crate::domain::log::event::{Facts, Said, Vote};
use crate::domain::log::kinds::{Ballot, Subject};
use crate::domain::values::{Sha256, Slug};

/// What somebody says in the first round of acme.
pub fn voice(actor: &str, ballot: Ballot, subject: Subject) -> Vote {
    let (hash, partner) = (Sha256::of(b"x"), "acme".parse::<Slug>().unwrap());
    let said = Said {
        registry: hash,
        partner: &partner,
        round: 1,
        subject,
        actor: &actor.parse().unwrap(),
        time: "2026-09-21T14:00:00Z".parse().unwrap(),
        policy: hash,
        facts: Facts::of(b"x", None),
        log: None,
    };
    Vote::new(ballot, said)
}

/// A vote as it lies in the file of its member's first.
pub fn cast(vote: Vote) -> CastVote {
    CastVote { hash: Sha256::of(vote.to_string().as_bytes()), file: vote.actor.folded(), vote }
}

/// What is asked of votes on an application with the facts of [`voice`].
pub fn question(slug: &Slug) -> Question<'_> {
    Question {
        slug,
        record: None,
        in_force: None,
        facts: Facts::of(b"x", None),
        subject: Subject::Application,
        said: None,
        changed: None,
        proposed: None,
        seats: None,
        proof: Proof::default(),
    }
}
