//! What vouches for an event or a vote: a signature by its actor, GitHub's word, or nothing but the file itself.

use super::sshsig::{Fault, NAMESPACE};
use crate::domain::log::event::Vote;
use crate::domain::program::{Member, Program};
use crate::domain::values::{Login, words};

words! {
    /// How well it is proved who said something.
    pub enum Grade {
        /// By the actor's own key.
        Signed = "signed",
        /// By GitHub, which says who clicked.
        Attested = "attested",
        /// By nothing but who could write to the registry.
        Unsigned = "unsigned",
    }
}

/// What the policy wants of the committee's votes and decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Signatures {
    /// What isn't signed doesn't count.
    pub required: bool,
    /// GitHub's word counts where signatures are required.
    pub attested: bool,
}

impl Signatures {
    /// Whether something of this grade may count.
    #[must_use]
    pub const fn allow(self, grade: Grade) -> bool {
        match grade {
            Grade::Signed => true,
            Grade::Attested => !self.required || self.attested,
            Grade::Unsigned => !self.required,
        }
    }
}

/// The bytes that a block's signature is over: all lines above it.
#[must_use]
pub fn signed_part(block: &str) -> &str {
    block.find("\nKP-Signature: ").map_or(block, |at| &block[..=at])
}

/// What vouches for a vote, by the keys that a policy lists for its actor.
pub fn of_vote(vote: &Vote, member: &Member) -> Result<Grade, Fault> {
    match &vote.signature {
        // A key that no policy knows proves nothing.
        Some(signature) if !member.keys.is_empty() => {
            signature.verify(signed_part(&vote.to_string()).as_bytes(), NAMESPACE, &member.keys).map(|_| Grade::Signed)
        }
        _ => Ok(without_signature(vote)),
    }
}

/// The grade of a vote that has no signature that counts.
#[must_use]
pub const fn without_signature(vote: &Vote) -> Grade {
    if vote.attested.is_some() { Grade::Attested } else { Grade::Unsigned }
}

/// The grade of a decision: its own, or GitHub's word where that stands behind every vote it rests on.
#[must_use]
pub fn with_votes(own: Grade, votes: impl IntoIterator<Item = Grade>) -> Grade {
    let mut votes = votes.into_iter().peekable();
    match own {
        Grade::Unsigned if votes.peek().is_some() && votes.all(|grade| grade != Grade::Unsigned) => Grade::Attested,
        own => own,
    }
}

/// Whose work has to be signed: that of members who vote.
#[must_use]
pub fn is_due(program: &Program, actor: &Login) -> bool {
    program.signatures.required && program.may_vote(actor)
}
