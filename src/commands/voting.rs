//! The flags of commands by which a member votes.

use crate::domain::log::kinds::Interest;
use crate::workflow::contested::Which;

// Comments of their own would become the text of the commands that they are part of.
#[derive(Debug, clap::Args)]
pub struct Voting {
    #[command(flatten)]
    stake: Stake,
    #[command(flatten)]
    pub which: Which,
}

#[derive(Debug, clap::Args)]
pub struct Stake {
    /// Whether you have a stake in it: asked for where your employer may be who is voted on
    #[arg(long, value_name = "STAKE", value_parser = clap::builder::PossibleValuesParser::new(Interest::WORDS))]
    interest: Option<String>,
}

impl Voting {
    #[must_use]
    pub fn interest(&self) -> Option<Interest> {
        self.stake.interest()
    }
}

impl Stake {
    #[must_use]
    pub fn interest(&self) -> Option<Interest> {
        self.interest.as_ref().and_then(|word| word.parse().ok())
    }
}
