//! That somebody may do something.

use crate::domain::values::{Login, Sha256};

/// That somebody may do something under a policy. Only [`super::authority::authorize`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    actor: Login,
    policy: Sha256,
}

impl Permit {
    pub(super) const fn new(actor: Login, policy: Sha256) -> Self {
        Self { actor, policy }
    }

    pub(in crate::domain) fn into_parts(self) -> (Login, Sha256) {
        (self.actor, self.policy)
    }
}
