//! What stands behind the address an applicant gave.

mod html;
mod karmada;
mod link;
mod names;
mod page;
mod reached;
mod title;

use super::{Check, Id, Outcome, Subject};
use crate::web::probe::{Failure, Page};
use html::Reading;

/// The checks of this kind.
pub const IDS: [Id; 6] = [Id::SiteReached, Id::SiteTitle, Id::SiteNames, Id::SiteKarmada, Id::SiteLink, Id::SitePage];

/// Less text than this, beside a script, and the page is put together in the browser.
const LEAST_LETTERS: usize = 200;

/// All that can be said of an address, by what was fetched from it.
#[must_use]
pub fn checks(subject: &Subject, fetched: &Result<Page, Failure>) -> Vec<Check> {
    let reached = reached::check(subject, fetched);
    let seen = match fetched {
        Err(_) => Err("the page couldn't be fetched".to_owned()),
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

/// A page that was fetched, read.
struct Seen<'a> {
    page: &'a Page,
    reading: Reading,
    /// Why there may be more on it than was read.
    partly: Option<String>,
}

impl<'a> Seen<'a> {
    /// Reads a page; otherwise says why it can't be.
    fn of(page: &'a Page) -> Result<Self, String> {
        if !(200..300).contains(&page.status) {
            return Err(format!("the server answers {}", page.status));
        }
        let kind = page.content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let readable = ["", "text/html", "application/xhtml+xml", "text/plain"];
        if !readable.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
            return Err(format!("it isn't a page but {kind}"));
        }
        let reading = Reading::of(&page.body);
        let partly = match page.cut {
            Some(cut) => Some(cut.words().to_owned()),
            None if reading.has_script && reading.letters < LEAST_LETTERS => {
                Some("the page is put together by JavaScript, which isn't run".to_owned())
            }
            None => None,
        };
        Ok(Self { page, reading, partly })
    }

    /// What it means that something wasn't found.
    fn missing(&self, what: &str) -> Outcome {
        match &self.partly {
            Some(why) => Outcome::Unknown(format!("{what} in what was read: {why}")),
            None => Outcome::Failed(what.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
