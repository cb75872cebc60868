//! That somebody may do something.

use crate::domain::values::{Login, Sha256, words};

words! {
    /// By what right somebody puts something on record.
    pub enum Basis {
        /// It is the actor's own proposal.
        Own = "own",
        /// The actor speaks for the partner.
        Contact = "contact",
        /// A member says it for the partner.
        OnBehalf = "on behalf",
        /// It is the committee's work, or a member's own proposal to it.
        Seat = "seat",
    }
}

impl Basis {
    /// Whether only a member has it, who signs where the policy asks for that.
    #[must_use]
    pub const fn is_members(self) -> bool {
        matches!(self, Self::Seat | Self::OnBehalf)
    }
}

/// That somebody may do something under a policy, and by what right. Only [`super::admission::admit`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    actor: Login,
    policy: Sha256,
    /// By what right.
    pub basis: Basis,
}

impl Permit {
    pub(super) const fn new(actor: Login, policy: Sha256, basis: Basis) -> Self {
        Self { actor, policy, basis }
    }

    pub(in crate::domain) fn into_parts(self) -> (Login, Sha256) {
        (self.actor, self.policy)
    }
}
