//! Does something answer at the address, and who vouches for it?

use serde_json::json;

use super::super::contact::registrable;
use super::{Check, Id, Outcome, Subject};
use crate::probe::{Cut, Failure, Page};

/// Robots are kept out, or told to come back: that says nothing of the page.
const KEPT_OUT: [u16; 5] = [401, 403, 407, 429, 503];

pub(super) fn check(subject: &Subject, fetched: &Result<Page, Failure>) -> Check {
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
    let outcome = match page.status {
        200..300 if downgrade => Outcome::Failed("it redirects from https to http".into()),
        // Moving within a company is common; somebody else's page is for people to look at.
        200..300 if asked != found => Outcome::Failed(format!("it leads to another domain, {found}")),
        200..300 => Outcome::Passed,
        status if KEPT_OUT.contains(&status) => {
            Outcome::Unknown(format!("the server answers {status}: it may keep programs out"))
        }
        status => Outcome::Failed(format!("the server answers {status}")),
    };
    Check::new(Id::SiteReached, outcome)
        .fact("status", page.status)
        .fact("address", page.address.as_str())
        .fact("redirects", json!(page.hops))
        .fact("certificate", json!(page.certificate))
        .fact("cut", page.cut.map(Cut::words))
        .fact("proxy", page.proxy.clone())
        .fact("addresses_judged", page.proxy.is_none())
}
