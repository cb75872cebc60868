//! What stands behind the address an applicant gave.

mod html;
mod karmada;
mod link;
mod names;
mod page;
mod reached;
mod seen;
mod title;

use super::site::seen::Seen;
use super::{Check, Id, Outcome, Subject};
use crate::web::probe::{Failure, FetchedPage};

pub const IDS: [Id; 6] = [Id::SiteReached, Id::SiteTitle, Id::SiteNames, Id::SiteKarmada, Id::SiteLink, Id::SitePage];

/// All that can be said of an address, by what was fetched from it.
#[must_use]
pub fn checks(subject: &Subject, fetched: &Result<FetchedPage, Failure>) -> Vec<Check> {
    let reached = reached::check(subject, fetched);
    let seen = match fetched {
        Err(_) => Err(tr!("the page couldn't be fetched").to_owned()),
        Ok(page) => Seen::of(page),
    };
    let mut checks = vec![reached];
    match seen {
        Ok(seen) => {
            checks.push(title::check(&seen));
            checks.push(names::check(subject, &seen));
            checks.push(karmada::check(&seen));
            checks.push(link::check(&seen));
            checks.push(page::check(subject, &seen));
        }
        Err(why) => checks.extend(IDS[1..].iter().map(|id| Check::unknown(*id, why.as_str()))),
    }
    checks
}

#[cfg(test)]
mod tests;
