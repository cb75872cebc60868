//! Whether anything can be reached from here at all, where a page can't: a fault of this machine says nothing about a partner.

use super::{Failure, FetchedPage, Prober};

/// Sites that are up as good as always, and that the program has to do with anyway.
pub const WITNESSES: [&str; 2] = ["https://karmada.io/", "https://github.com/"];
/// The hosts of these, which have addresses as good as always.
pub const HOSTS: [&str; 2] = ["karmada.io", "github.com"];

impl Prober {
    /// A page. Where it fails as it would if this machine were cut off, or comes in the clear, so that anybody on the way may
    /// have answered, others are asked, too: if none of them answers, it isn't known.
    pub async fn fetch_with_witnesses(&self, address: &str, witnesses: &[&str]) -> Result<FetchedPage, Failure> {
        let fetched = self.fetch(address).await;
        let doubtful = match &fetched {
            Err(failure) => failure.may_be_ours(),
            Ok(page) => page.is_in_the_clear(address),
        };
        if !doubtful || !self.is_cut_off(witnesses).await {
            return fetched;
        }
        Err(Failure::CutOff(Box::new(fetched.err().unwrap_or(Failure::InTheClear))))
    }

    /// Whether none of the witnesses answers.
    pub async fn is_cut_off(&self, witnesses: &[&str]) -> bool {
        for witness in witnesses {
            if matches!(self.knock(witness).await, Ok(()) | Err(Failure::Status(_) | Failure::KeptOut(_))) {
                return false;
            }
        }
        true
    }
}
