//! Does something answer at the address, and who vouches for it?

use serde_json::json;

use super::{Check, Id, Outcome, Subject};
use crate::domain::names::registrable;
use crate::web::probe::{Cut, Failure, FetchedPage};

pub(super) fn check(subject: &Subject, fetched: &Result<FetchedPage, Failure>) -> Check {
    let page = match fetched {
        Ok(page) => page,
        Err(failure) if failure.is_certain() => {
            return Check::new(Id::SiteReached, Outcome::Failed(failure.to_string()));
        }
        Err(failure) => return Check::unknown(Id::SiteReached, failure.to_string()),
    };
    let asked = registrable(&subject.record.website.host());
    let found = registrable(page.address.host_str().unwrap_or_default());
    let downgrade = page.hops.iter().any(|hop| hop.downgrade);
    let outcome = match Failure::of_status(page.status) {
        Some(failure) if failure.is_certain() => Outcome::Failed(failure.to_string()),
        Some(failure) => Outcome::Unknown(failure.to_string()),
        None if downgrade => Outcome::Failed(tr!("it redirects from https to http").into()),
        // Moving within a company is common; somebody else's page is for people to look at.
        None if asked != found => Outcome::Failed(tr!("it leads to another domain, {found}", found)),
        None => Outcome::Passed,
    };
    Check::new(Id::SiteReached, outcome)
        .fact("status", page.status)
        .fact("address", page.address.as_str())
        .fact("redirects", json!(page.hops))
        .fact("certificate", json!(page.certificate))
        .fact("cut", page.cut.map(Cut::words))
        // Whose it is, is nobody's business: this is published.
        .fact("proxy", page.proxy.is_some())
        .fact("addresses_judged", page.proxy.is_none())
}
