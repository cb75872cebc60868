//! What a decision still lacks, for people and for scripts.

use std::fmt;

use serde::ser::SerializeStruct as _;

use crate::domain::program::Threshold;

/// One thing that a rule asks for and the votes don't give yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Votes in favor.
    InFavor { have: usize, need: usize },
    /// Different affiliations among those in favor.
    Affiliations { have: usize, need: usize },
    /// Counted votes of any kind.
    Presence { have: usize, need: usize },
    /// A share in favor, of those for and against.
    Share { have: usize, of: usize, share: Threshold },
    /// That nobody objects: so many do.
    NoObjection { against: usize },
    /// A member without a stake, who writes the decision down.
    Writer,
}

impl Missing {
    /// The word for scripts.
    #[must_use]
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::InFavor { .. } => "in_favor",
            Self::Affiliations { .. } => "affiliations",
            Self::Presence { .. } => "presence",
            Self::Share { .. } => "share",
            Self::NoObjection { .. } => "no_objection",
            Self::Writer => "writer",
        }
    }

    /// How many there are, and how many it takes; of objections, how many it takes is none.
    #[must_use]
    pub(crate) fn counts(self) -> (usize, usize) {
        match self {
            Self::InFavor { have, need } | Self::Affiliations { have, need } | Self::Presence { have, need } => {
                (have, need)
            }
            Self::Share { have, of, share } => (have, share.least_of(of)),
            Self::NoObjection { against } => (against, 0),
            Self::Writer => (0, 1),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::InFavor { have, need } => {
                f.write_str(&tr!("{more} more in favor ({have} of {need})", more = need - have, have, need))
            }
            Self::Affiliations { have, need } => {
                f.write_str(&tr!("votes in favor from {need} different affiliations (now {have})", need, have))
            }
            Self::Presence { have, need } => f.write_str(&tr!("{need} votes of any kind (now {have})", need, have)),
            Self::Share { have, of, share } => {
                f.write_str(&tr!("a share of {share} in favor (now {have} of {of})", share, have, of))
            }
            Self::NoObjection { against } => f.write_str(&tr!("no objection ({against} against)", against)),
            Self::Writer => f.write_str(tr!("a member without a stake to write the decision down")),
        }
    }
}

impl serde::Serialize for Missing {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let (have, need) = self.counts();
        let mut out = s.serialize_struct("Missing", 4)?;
        out.serialize_field("kind", self.kind())?;
        out.serialize_field("have", &have)?;
        out.serialize_field("need", &need)?;
        out.serialize_field("words", &self.to_string())?;
        out.end()
    }
}

/// All of it in one line.
#[must_use]
pub fn told(missing: &[Missing]) -> String {
    missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(tr!("between clauses" => "; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_share_needs_is_said_as_a_number_of_votes() {
        let share: Threshold = "2/3".parse().unwrap();
        let needs: Vec<_> = (1..=4).map(|of| Missing::Share { have: 0, of, share }.counts().1).collect();
        assert_eq!(needs, [1, 2, 2, 3]);
        for (of, need) in (1..=4).zip(needs) {
            assert!(share.reached(need, of) && !share.reached(need - 1, of), "{need} of {of}");
        }
    }
}
