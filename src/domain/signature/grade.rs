//! What vouches for an event or a vote: a signature by its actor, GitHub's word, or nothing but the file itself.

use crate::domain::values::words;

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
