//! Which pull request is meant, where several propose something under one name.

use crate::domain::Slug;
use crate::error::{Error, Result};
use crate::forge::Forge;

/// Says which pull request is meant, before anything is read.
pub fn choose(forge: &dyn Forge, number: Option<u64>) -> Result<()> {
    match (number, forge.people()) {
        (None, _) => Ok(()),
        (Some(number), Some(people)) => {
            people.take(number);
            Ok(())
        }
        (Some(_), None) => Err(Error::usage("--pull-request names a pull request, and this registry isn't on GitHub")
            .hint("leave it out; a proposal has the partner's name here")),
    }
}

/// Nobody votes or decides on one of several proposals without saying which.
pub fn refuse(forge: &dyn Forge, slug: &Slug) -> Result<()> {
    let lines = forge.people().map_or(Ok(Vec::new()), |people| people.contested(slug))?;
    if lines.is_empty() {
        return Ok(());
    }
    let listed: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    Err(Error::refused(format!("several pull requests propose something about {slug}:{listed}"))
        .hint("say which one is meant with --pull-request NUMBER"))
}
