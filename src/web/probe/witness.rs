//! Whether anything can be reached from here at all, where a page can't: a fault of this machine says nothing about a partner.

use super::{Failure, FetchedPage, Prober};

/// Sites that are up as good as always, and that the program has to do with anyway.
pub const WITNESSES: [&str; 2] = ["https://karmada.io/", "https://github.com/"];

impl Prober {
    /// A page. Where it fails as it would if this machine were cut off, others are asked, too: if none of them answers either,
    /// it isn't known.
    pub async fn fetch_with_witnesses(&self, address: &str, witnesses: &[&str]) -> Result<FetchedPage, Failure> {
        let failure = match self.fetch(address).await {
            Err(failure) if failure.may_be_ours() => failure,
            other => return other,
        };
        for witness in witnesses {
            if matches!(self.knock(witness).await, Ok(()) | Err(Failure::Status(_) | Failure::KeptOut(_))) {
                return Err(failure);
            }
        }
        Err(Failure::CutOff(Box::new(failure)))
    }
}
