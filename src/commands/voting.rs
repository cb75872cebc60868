//! The flags of every command by which a member votes.

use crate::domain::log::kinds::Interest;
use crate::workflow::contested::Which;

// A comment of its own would become the text of the commands that it is part of.
#[derive(Debug, clap::Args)]
pub struct Voting {
    /// Whether you have a stake in it: asked for where your employer may be who is voted on
    #[arg(long, value_name = "STAKE", value_parser = clap::builder::PossibleValuesParser::new(Interest::WORDS))]
    interest: Option<String>,
    #[command(flatten)]
    pub which: Which,
}

impl Voting {
    #[must_use]
    pub fn interest(&self) -> Option<Interest> {
        self.interest.as_ref().and_then(|word| word.parse().ok())
    }
}
