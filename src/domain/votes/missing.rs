//! What a decision still lacks, for people and for scripts.

use std::fmt;

use serde::ser::SerializeStruct as _;

use crate::domain::program::Threshold;

/// One thing that a rule asks for and the votes don't give yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Votes for what is decided. To turn something down (`denies`), they are votes against that.
    InFavor { have: usize, need: usize, denies: bool },
    /// Different affiliations among those who are for it.
    Affiliations { have: usize, need: usize, denies: bool },
    /// Counted votes of any kind.
    Presence { have: usize, need: usize },
    /// A share that is for it, of those for and against.
    Share { have: usize, of: usize, share: Threshold, denies: bool },
    /// That nobody objects: so many do.
    NoObjection { objections: usize, denies: bool },
    /// A member without a stake, who writes the decision down.
    Writer,
}

impl Missing {
    /// The word for scripts.
    #[must_use]
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::InFavor { denies: false, .. } => "in_favor",
            Self::InFavor { denies: true, .. } => "against",
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
            Self::InFavor { have, need, .. }
            | Self::Affiliations { have, need, .. }
            | Self::Presence { have, need } => (have, need),
            Self::Share { have, of, share, .. } => (have, share.least_of(of)),
            Self::NoObjection { objections, .. } => (objections, 0),
            Self::Writer => (0, 1),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::InFavor { have, need, denies: false } => {
                f.write_str(&tr!("{more} more in favor ({have} of {need})", more = need - have, have, need))
            }
            Self::InFavor { have, need, denies: true } => {
                f.write_str(&tr!("{more} more against ({have} of {need})", more = need - have, have, need))
            }
            Self::Affiliations { have, need, denies: false } => {
                f.write_str(&tr!("votes in favor from {need} different affiliations (now {have})", need, have))
            }
            Self::Affiliations { have, need, denies: true } => {
                f.write_str(&tr!("votes against from {need} different affiliations (now {have})", need, have))
            }
            Self::Presence { have, need } => {
                f.write_str(&tr!("1 vote of any kind (now {have})" | "{n} votes of any kind (now {have})" % need, have))
            }
            Self::Share { have, of, share, denies: false } => {
                f.write_str(&tr!("a share of {share} in favor (now {have} of {of})", share, have, of))
            }
            Self::Share { have, of, share, denies: true } => {
                f.write_str(&tr!("a share of {share} against (now {have} of {of})", share, have, of))
            }
            Self::NoObjection { objections, denies: false } => {
                f.write_str(&tr!("no objection ({against} against)", against = objections))
            }
            Self::NoObjection { objections, denies: true } => {
                f.write_str(&tr!("no vote in favor (now {in_favor})", in_favor = objections))
            }
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
    fn each_side_has_its_own_word() {
        let kind = |denies| Missing::InFavor { have: 1, need: 2, denies }.kind();
        assert_eq!((kind(false), kind(true)), ("in_favor", "against"));
    }

    #[test]
    fn what_a_share_needs_is_said_as_a_number_of_votes() {
        let share: Threshold = "2/3".parse().unwrap();
        let needs: Vec<_> = (1..=4).map(|of| Missing::Share { have: 0, of, share, denies: false }.counts().1).collect();
        assert_eq!(needs, [1, 2, 2, 3]);
        for (of, need) in (1..=4).zip(needs) {
            assert!(share.reached(need, of) && !share.reached(need - 1, of), "{need} of {of}");
        }
    }
    #[test]
    fn what_is_missing_is_told_in_one_line_and_by_a_word_each() {
        let share: Threshold = "2/3".parse().unwrap();
        let missing = [
            Missing::InFavor { have: 1, need: 3, denies: false },
            Missing::Affiliations { have: 1, need: 2, denies: false },
            Missing::Presence { have: 2, need: 4 },
            Missing::Share { have: 1, of: 2, share, denies: false },
            Missing::NoObjection { objections: 1, denies: false },
            Missing::Writer,
        ];
        assert_eq!(
            missing.map(Missing::kind),
            ["in_favor", "affiliations", "presence", "share", "no_objection", "writer"]
        );
        assert_eq!(
            told(&missing[..2]),
            "2 more in favor (1 of 3); votes in favor from 2 different affiliations (now 1)"
        );
    }
}
