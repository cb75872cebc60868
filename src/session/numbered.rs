//! Which issue or pull request of a repository a call names.

use super::Context;
use crate::config::Location;
use crate::domain::program::github::{Numbered, RepoName};
use crate::domain::text;
use crate::domain::values::Invalid;
use crate::error::{Error, Result};

/// As a flag takes it.
pub(crate) fn numbered(typed: &str) -> Result<Numbered, String> {
    typed.parse().map_err(|e: Invalid| e.in_a_line())
}

impl Context {
    /// The number of one in `place`; one of another repository is another's.
    pub(crate) fn number_in(&self, named: &Numbered, place: &RepoName) -> Result<u64> {
        let Some(typed) = &named.place else { return Ok(named.number) };
        let there = match (typed.parse::<RepoName>(), self.location_of(typed)) {
            (Ok(name), _) | (_, Some(Location::GitHub(name))) => Some(name),
            _ => None,
        };
        if there.is_some_and(|there| there.is(place)) {
            return Ok(named.number);
        }
        let number = named.number;
        Err(Error::usage(tr!(
            "number {number} of {there} isn't one of {place}",
            number,
            there = text::visible(typed),
            place
        ))
        .hint(tr!("name one of {place} by its number, such as 3", place)))
    }

    /// The number of a pull request of the registry. One that isn't on GitHub has none, which whoever looks for it says.
    ///
    /// # Errors
    /// When it is named by another repository.
    pub(crate) fn pull_number(&self, named: &Numbered) -> Result<u64> {
        match (self.location()?, &named.place) {
            (Location::GitHub(registry), _) => self.number_in(named, &registry),
            (_, None) => Ok(named.number),
            (_, Some(there)) => Err(Error::usage(tr!("{there} isn't this registry", there = text::visible(there)))
                .hint(tr!("name one on GitHub with --registry github:OWNER/REPO"))),
        }
    }
}
