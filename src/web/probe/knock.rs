//! Knocking at a page: whether it stands there, and how much that says where this machine may be cut off.

use tokio::time::Instant;

use super::{Failure, FetchedPage, Prober, is_in_the_clear, proxys_own};
use crate::domain::text;
use crate::web::ways;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Knocked {
    pub reached: Result<(), Failure>,
    /// Whether some of the way there wasn't encrypted, so that anybody on it may have answered.
    pub in_the_clear: bool,
    /// Whether a proxy was asked for it.
    pub by_proxy: bool,
}

impl Knocked {
    /// The same of a page that was fetched.
    #[must_use]
    pub fn of(asked: &str, fetched: &Result<FetchedPage, Failure>) -> Self {
        let (in_the_clear, last) = match fetched {
            Ok(page) => (page.is_in_the_clear(asked), page.address.as_str()),
            Err(Failure::Redirect { to, .. }) => (text::has_scheme(asked, "http"), to.as_str()),
            Err(_) => (text::has_scheme(asked, "http"), asked),
        };
        let by_proxy = ways::by_proxy(last).is_some();
        Self { reached: fetched.as_ref().map(|_| ()).map_err(Clone::clone), in_the_clear, by_proxy }
    }

    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(self.reached, Ok(()) | Err(Failure::Status(_) | Failure::KeptOut(_)))
    }

    /// Whether it shows that another can be reached from this machine: nobody on the way, which is the same, can have answered in
    /// its place.
    #[must_use]
    pub fn is_proof_for(&self, other: &Self) -> bool {
        self.is_answered() && !self.in_the_clear && self.by_proxy == other.by_proxy
    }

    /// Whether it may come of any page so, from a machine that is cut off, or behind somebody who answers for all others.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        match &self.reached {
            Err(failure) if failure.may_be_ours() => true,
            _ => self.is_answered() && self.in_the_clear,
        }
    }

    /// Whether all it shows is a certificate that no known authority has issued.
    #[must_use]
    pub fn is_unvouched(&self) -> bool {
        self.reached.as_ref().is_err_and(Failure::is_unvouched)
    }

    /// What is told of it where nothing else can be reached.
    #[must_use]
    pub fn while_cut_off(&self) -> Failure {
        let of_page = self.reached.as_ref().err().filter(|failure| failure.may_be_ours());
        Failure::CutOff(Box::new(of_page.cloned().unwrap_or(Failure::InTheClear)))
    }
}

impl Prober {
    /// Whether a page stands behind an address. What is written there isn't read.
    pub async fn knock(&self, address: &str) -> Knocked {
        let (answer, url, hops, proxy) = match self.arrive(address, Instant::now() + self.longest).await {
            Ok(arrived) => arrived,
            Err(failure) => return Knocked::of(address, &Err(failure)),
        };
        let status = answer.status().as_u16();
        let failure = proxys_own(status, &url, proxy.as_deref()).or_else(|| Failure::of_status(status));
        let in_the_clear = is_in_the_clear(address, &hops);
        Knocked { reached: failure.map_or(Ok(()), Err), in_the_clear, by_proxy: proxy.is_some() }
    }
}
