//! The prints of all logos of a registry. They take a while, so they are remembered on this machine, by the logo's object id.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use crate::domain::Slug;
use crate::domain::limits;
use crate::domain::logo::perceptual_hash::{self, PerceptualHash};
use crate::error::Result;
use crate::evidence::logo::likeness::Others;
use crate::files::memory;
use crate::git::{Oid, Repo};
use crate::registry::survey;

/// The version of how prints are made: others aren't comparable.
const METHOD: &str = "4";

/// The prints of these logos, as far as there is time. What was made is remembered in `memory`.
pub fn of_logos(repo: &Repo, logos: &[(Slug, Oid)], memory: Option<&Path>, until: Instant) -> Result<Others> {
    let mut known: BTreeMap<String, String> =
        memory.and_then(|file| memory::read(file, limits::MEMORY, METHOD)).unwrap_or_default();
    let new: Vec<Oid> = logos.iter().map(|(_, oid)| *oid).filter(|oid| !known.contains_key(&oid.to_string())).collect();
    let made = survey::on_all_cores(repo, &new, |repo, oid| {
        if Instant::now() >= until {
            return Ok(None);
        }
        // One that can't be read, or has no print, is like no other.
        Ok(Some(perceptual_hash::of(&repo.blob(*oid)?).ok().flatten()))
    })?;
    let left = made.iter().filter(|made| made.is_none()).count();
    for (oid, made) in new.iter().zip(made) {
        if let Some(made) = made {
            known.insert(oid.to_string(), made.map_or_else(String::new, |print| print.to_string()));
        }
    }
    if let Some(memory) = memory.filter(|_| new.len() > left) {
        memory::write(memory, limits::MEMORY, METHOD, &known);
    }
    let print = |(slug, oid): &(Slug, Oid)| Some((slug.clone(), PerceptualHash::parse(known.get(&oid.to_string())?)?));
    Ok(Others { prints: logos.iter().filter_map(print).collect(), left })
}
