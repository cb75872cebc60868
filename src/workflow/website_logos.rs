//! Logos as the website gets them: made as large as each other where the program wants it. What was made of one is remembered by
//! its object, and taken from the website itself where it stands there.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::config::UserDirectory;
use crate::domain::logo::{Unfit, normalize};
use crate::domain::{Sha256, limits};
use crate::error::Result;
use crate::files::memory;
use crate::git::{Oid, Repo};
use crate::registry::survey::on_all_cores;
use crate::session::{Context, remembered};

/// What becomes of a logo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It goes out as it is.
    Whole,
    /// Something else is made of it, with this hash.
    Even(String),
    /// It can't be shown as others are, and goes out as it is.
    Faulty(String),
    /// It is no picture, and goes nowhere.
    Broken(String),
}

/// By the logo's object.
type Memory = BTreeMap<String, Outcome>;

/// The number counts up when something else is made of the same logo.
const MADE_BY: &str = concat!(env!("CARGO_PKG_VERSION"), " 2");

/// A logo for the website.
#[derive(Debug)]
pub enum Prepared {
    /// As it is to be.
    Sound(Vec<u8>),
    /// As it is, since it can't be shown as others are, and why.
    AsItIs(Vec<u8>, String),
    /// Not at all, since it is no picture.
    NoPicture(String),
}

/// The logos that are wanted, in their order. `standing` are pictures of the website.
pub fn prepared(
    ctx: &Context,
    repo: &Repo,
    wanted: &[Option<Oid>],
    even: bool,
    standing: Vec<Vec<u8>>,
) -> Result<Vec<Option<Prepared>>> {
    let place = remembered(ctx, UserDirectory::Cache, if even { "even" } else { "whole" }, repo.path());
    let known: Memory = place.as_ref().and_then(|file| memory::read(file, limits::MEMORY, MADE_BY)).unwrap_or_default();
    let standing: HashMap<String, Vec<u8>> =
        standing.into_iter().map(|bytes| (Sha256::of(&bytes).to_string(), bytes)).collect();
    let made = on_all_cores(repo, wanted, |repo, oid| {
        let Some(oid) = oid else { return Ok(None) };
        let outcome = known.get(&oid.to_string());
        if let Some(Outcome::Even(hash)) = outcome
            && let Some(bytes) = standing.get(hash)
        {
            return Ok(Some((bytes.clone(), Outcome::Even(hash.clone()))));
        }
        let bytes = repo.blob(*oid)?;
        Ok(Some(match outcome {
            Some(Outcome::Even(_)) | None => fresh(bytes, even),
            Some(other) => (bytes, other.clone()),
        }))
    })?;
    if let Some(place) = place {
        let named = wanted.iter().flatten().zip(made.iter().flatten());
        let mut outcomes: Memory = named.map(|(oid, (_, outcome))| (oid.to_string(), outcome.clone())).collect();
        // Of a decision's one logo alone nobody else's is forgotten.
        if outcomes.iter().any(|(oid, outcome)| known.get(oid) != Some(outcome)) {
            let others = known.into_iter().filter(|_| wanted.iter().any(Option::is_none));
            for (oid, outcome) in others {
                outcomes.entry(oid).or_insert(outcome);
            }
            memory::write(&place, limits::MEMORY, MADE_BY, &outcomes);
        }
    }
    let told = |(bytes, outcome)| match outcome {
        Outcome::Whole | Outcome::Even(_) => Prepared::Sound(bytes),
        Outcome::Faulty(why) => Prepared::AsItIs(bytes, why),
        Outcome::Broken(why) => Prepared::NoPicture(why),
    };
    Ok(made.into_iter().map(|made| made.map(told)).collect())
}

fn fresh(bytes: Vec<u8>, even: bool) -> (Vec<u8>, Outcome) {
    let faulty = |e: Unfit| if e.is_shown { Outcome::Faulty(e.why) } else { Outcome::Broken(e.why) };
    if !even {
        let outcome = normalize::ink(&bytes).map_or_else(faulty, |_| Outcome::Whole);
        return (bytes, outcome);
    }
    match normalize::even(&bytes) {
        Ok(even) => {
            let hash = Sha256::of(&even).to_string();
            (even, Outcome::Even(hash))
        }
        Err(e) => (bytes, faulty(e)),
    }
}
