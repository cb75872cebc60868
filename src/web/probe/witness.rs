//! Whether anything can be reached from here at all, where a page can't: a fault of this machine says nothing about a partner.

use super::knock::Knocked;
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
        let knocked = Knocked::of(address, &fetched);
        if !knocked.is_doubtful() || !self.is_cut_off(witnesses).await {
            return fetched;
        }
        Err(knocked.while_cut_off())
    }

    /// Whether none of the witnesses answers.
    pub async fn is_cut_off(&self, witnesses: &[&str]) -> bool {
        for witness in witnesses {
            if self.knock(witness).await.is_answered() {
                return false;
            }
        }
        true
    }
}
