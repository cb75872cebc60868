//! The policies that were ever in force.

use std::collections::BTreeMap;

use super::Program;
use super::seats::Seats;
use crate::domain::values::{Sha256, Time};

/// What past policies said, by the hashes that events and votes name them by; and who had a seat under each since when.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    known: BTreeMap<Sha256, (Program, Seats)>,
    seated: Seats,
    /// In the order in which they came into force, each with the time that its event has.
    eras: Vec<(Option<Time>, Sha256)>,
}

impl Policies {
    /// Takes in the next policy, in the order in which they came into force. `time` is that of the event that brought it, where
    /// that can be read.
    pub fn take_in(&mut self, program: Program, time: Option<Time>) {
        self.seated.follow(&program, time);
        self.eras.push((time, program.hash));
        let seats = || self.seated.clone();
        // One that comes back says what it said; who had a seat the first time has it no later.
        self.known.entry(program.hash).or_insert_with(|| (program, seats()));
    }

    /// Takes in those of others that aren't among these. Gives whether there were any.
    pub fn complete(&mut self, others: &Self) -> bool {
        let before = self.known.len();
        for (hash, known) in &others.known {
            self.known.entry(*hash).or_insert_with(|| known.clone());
        }
        self.known.len() > before
    }

    #[must_use]
    pub fn get(&self, policy: &Sha256) -> Option<&Program> {
        self.known.get(policy).map(|(program, _)| program)
    }

    /// All but the one of this hash.
    pub fn others(&self, than: Sha256) -> impl Iterator<Item = &Program> {
        self.known.values().map(|(program, _)| program).filter(move |program| program.hash != than)
    }

    /// Whether it was the one in force at a time, as the times of the events say that brought them: clocks differ, and anybody writes
    /// what they like.
    #[must_use]
    pub fn was_in_force(&self, policy: Sha256, at: Time) -> bool {
        let begun = |(from, _): &&(Option<Time>, Sha256)| from.is_none_or(|from| from <= at);
        self.eras.iter().rfind(begun).is_none_or(|(_, then)| *then == policy)
    }

    #[must_use]
    pub fn contains_key(&self, policy: &Sha256) -> bool {
        self.known.contains_key(policy)
    }

    /// Who had a seat when a policy first came into force.
    #[must_use]
    pub fn seats(&self, policy: &Sha256) -> Option<&Seats> {
        self.known.get(policy).map(|(_, seats)| seats)
    }

    /// Who has a seat under the last one.
    #[must_use]
    pub const fn seated(&self) -> &Seats {
        &self.seated
    }
}
