//! The words that events and votes are made of.

use crate::domain::values::words;

words! {
    pub enum Kind {
        Applied = "applied",
        /// It is read from where partners were listed before, and asked to be one here.
        Imported = "imported",
        /// It changes its application before the decision.
        Amended = "amended",
        Approved = "approved",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Updated = "updated",
        /// What was changed by hand is owned up to.
        Recorded = "recorded",
        Exited = "exited",
        /// Who left has its mailbox and logo taken off the head.
        Cleared = "cleared",
        /// A partner got one of the program's benefits.
        Benefited = "benefited",
        /// A partner looks for people.
        Posted = "posted",
        Closed = "closed",
        /// A partner confirms that its entry still holds.
        Renewed = "renewed",
        /// A registry begins, with its first policy.
        Founded = "founded",
    }
}

impl Kind {
    /// Whether it is for the committee to say, by votes.
    #[must_use]
    pub(crate) const fn decides(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Updated | Self::Recorded | Self::Exited | Self::Cleared)
    }

    /// Whether it ends a proposal that came to nothing.
    #[must_use]
    pub(crate) const fn ends(self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn)
    }

    /// Whether a proposal is over with it.
    #[must_use]
    pub(crate) const fn settles(self) -> bool {
        self.decides() || self.ends()
    }

    /// Whether only a member of the committee may write it down.
    #[must_use]
    pub const fn is_committees(self) -> bool {
        self.decides() || matches!(self, Self::Imported | Self::Benefited)
    }

    /// Whether an application begins with it.
    #[must_use]
    pub(crate) const fn opens(self) -> bool {
        matches!(self, Self::Applied | Self::Imported)
    }

    /// Whether it is what the applicant says of an application, which votes are about.
    #[must_use]
    pub(crate) const fn applies(self) -> bool {
        self.opens() || matches!(self, Self::Amended)
    }

    /// Whether it brings the facts that it names; who leaves brings none.
    #[must_use]
    pub(crate) const fn brings(self) -> bool {
        self.lands() && !matches!(self, Self::Exited)
    }

    /// Whether the facts it names stand on the default branch from then on.
    #[must_use]
    pub const fn lands(self) -> bool {
        matches!(self, Self::Approved | Self::Updated | Self::Recorded | Self::Exited | Self::Cleared | Self::Founded)
    }
}

words! {
    /// What a proposal asks for. Each proposal has a round of votes of its own.
    pub enum Subject {
        Application = "application",
        Update = "update",
        /// To leave, or to be made to.
        Exit = "exit",
        /// To change `program.toml`.
        Policy = "policy",
        /// Nothing: benefits, job posts and renewals are written down, and nobody votes on them.
        Upkeep = "upkeep",
    }
}

words! {
    pub enum ExitKind {
        Voluntary = "voluntary",
        /// It no longer answers or offers support.
        Inactive = "inactive",
        /// It became part of another organization.
        Merged = "merged",
        /// It no longer meets the three principles.
        CriteriaNotMet = "criteria-not-met",
        Breach = "breach",
        /// It should never have been approved; no stain of its own making.
        Mistaken = "mistaken",
    }
}

words! {
    pub enum Ballot {
        /// In favor of what the proposal asks.
        Approve = "approve",
        Reject = "reject",
        Abstain = "abstain",
        /// Not a vote: the partner's own side asks for an update or an exit.
        Request = "request",
    }
}

words! {
    /// How a member judges one of the three principles.
    pub enum Finding {
        Met = "met",
        NotMet = "not-met",
        Unsure = "unsure",
    }
}

words! {
    /// Whether who votes has a stake in who is voted on, as it says.
    pub enum Interest {
        None = "none",
        Employer = "employer",
        Other = "other",
    }
}
