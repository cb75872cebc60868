//! A value that doesn't do.

/// A value that doesn't do: why, and what would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Invalid {
    /// What is wrong with it, as a clause: "it has a space".
    pub why: String,
    pub hint: String,
}

impl Invalid {
    pub(crate) fn new(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { why: why.into(), hint: hint.into() }
    }

    /// What is wrong, and what would do.
    #[must_use]
    pub(crate) fn in_a_line(&self) -> String {
        [self.why.as_str(), &self.hint].join(tr!("between clauses" => "; "))
    }
}
