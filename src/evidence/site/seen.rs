//! A page as the checks see it.

use super::html::Reading;
use crate::evidence::Outcome;
use crate::web::probe::FetchedPage;

/// A page that was fetched, read.
pub(super) struct Seen<'a> {
    pub(super) page: &'a FetchedPage,
    pub(super) reading: Reading,
    /// Why there may be more on it than was read.
    pub(super) partly: Option<String>,
}

impl<'a> Seen<'a> {
    /// Reads a page; otherwise says why it can't be.
    pub(super) fn of(page: &'a FetchedPage) -> Result<Self, String> {
        if !(200..300).contains(&page.status) {
            return Err(tr!("the server answers {status}", status = page.status));
        }
        let kind = page.content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let readable = ["", "text/html", "application/xhtml+xml", "text/plain"];
        if !readable.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
            return Err(tr!("it isn't a page but {kind}", kind));
        }
        let reading = Reading::of(&page.body);
        let partly = match page.cut {
            Some(cut) => Some(cut.words().to_owned()),
            None if reading.has_script && reading.letters < LEAST_LETTERS => {
                Some(tr!("the page is put together by JavaScript, which isn't run").to_owned())
            }
            None => None,
        };
        Ok(Self { page, reading, partly })
    }

    /// What it means that something wasn't found.
    pub(super) fn missing(&self, what: &str) -> Outcome {
        match &self.partly {
            Some(why) => Outcome::Unknown(tr!("{what} in what was read: {why}", what, why)),
            None => Outcome::Failed(what.to_owned()),
        }
    }
}

/// Less text than this, beside a script, and the page is put together in the browser.
const LEAST_LETTERS: usize = 200;
