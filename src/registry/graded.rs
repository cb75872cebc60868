//! How well the events of a log are proved, remembered: as long as what that rests on stays, no signature is verified twice and no
//! vote read again. The audit believes none of it.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::trail::{self, TrailEntry};
use super::{Partner, Snapshot};
use crate::domain::limits;
use crate::domain::paths::root_of;
use crate::domain::program::policies::Policies;
use crate::domain::signature::grade::Grade;
use crate::domain::{Event, Sha256, Slug};
use crate::error::Result;
use crate::files::memory;

/// Changes whenever it changes how well something is proved.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+2");

/// Fewer events are verified faster than a file is written.
const WORTH_KEEPING: usize = 32;

/// An event, and how well it is proved; `None` when its signature doesn't hold.
#[derive(Debug, Clone)]
pub(crate) struct Proved {
    pub event: Event,
    pub grade: Option<Grade>,
}

impl AsRef<Event> for Proved {
    fn as_ref(&self) -> &Event {
        &self.event
    }
}

/// The grades of a whole log, a letter each, and what they were told from.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    from: String,
    grades: String,
}

/// Grades by partner.
#[derive(Debug)]
pub(crate) struct Grades<'s, 'r> {
    snapshot: &'s Snapshot<'r>,
    policies: Rc<Policies>,
    file: Option<PathBuf>,
    version: String,
    /// What was remembered, if that was asked for.
    known: Option<BTreeMap<String, Kept>>,
    changed: bool,
}

impl<'s, 'r> Grades<'s, 'r> {
    /// Those under the policies of a registry. `file` is where they are remembered, if anywhere.
    ///
    /// # Errors
    /// When an object isn't here or can't be read.
    pub fn new(snapshot: &'s Snapshot<'r>, file: Option<PathBuf>) -> Result<Self> {
        let program = snapshot.repo.at_path(snapshot.tree, &root_of(&Slug::program()))?;
        let version = format!("{VERSION} {}", program.map(|entry| entry.oid.to_string()).unwrap_or_default());
        Ok(Self { snapshot, policies: snapshot.policies()?, file, version, known: None, changed: false })
    }

    /// The events of a log that are wanted, with how well each is proved.
    ///
    /// # Errors
    /// When an object isn't here or can't be read.
    pub fn of(&mut self, partner: &Partner, wanted: &(dyn Fn(&Event) -> bool + Sync)) -> Result<Vec<Proved>> {
        let log = &partner.life.log;
        let (repo, policies) = (self.snapshot.repo, &self.policies);
        if log.len() < WORTH_KEEPING || self.file.is_none() {
            return Ok(without_votes(trail::of(repo, policies, partner, wanted)?));
        }
        let known = self.known.get_or_insert_with(|| {
            self.file.as_deref().and_then(|file| memory::read(file, limits::MEMORY, &self.version)).unwrap_or_default()
        });
        let (slug, from) = (partner.slug.to_string(), told_from(partner));
        if let Some(kept) = known.get(&slug).filter(|kept| kept.from == from && kept.grades.len() == log.len()) {
            let events = log.iter().zip(kept.grades.chars()).filter(|(logged, _)| wanted(&logged.event));
            return Ok(events.map(|(l, letter)| Proved { event: l.event.clone(), grade: grade(letter) }).collect());
        }
        let found = without_votes(trail::of(repo, policies, partner, wanted)?);
        if found.len() == log.len() {
            known.insert(slug, Kept { from, grades: found.iter().map(|proved| letter(proved.grade)).collect() });
            self.changed = true;
        }
        Ok(found)
    }

    /// Remembers what was found, of those who are still there.
    ///
    /// # Errors
    /// When the directory of partners isn't here or can't be read.
    pub fn keep(self) -> Result<()> {
        let (Some(mut known), Some(file), true) = (self.known, self.file, self.changed) else { return Ok(()) };
        let there: HashSet<String> = self.snapshot.directories()?.into_iter().map(|entry| entry.name).collect();
        known.retain(|slug, _| there.contains(slug) || *slug == Slug::program().as_str());
        memory::write(&file, limits::MEMORY, &self.version, &known);
        Ok(())
    }
}

fn without_votes(entries: Vec<TrailEntry>) -> Vec<Proved> {
    entries.into_iter().map(|TrailEntry { event, grade, .. }| Proved { event, grade }).collect()
}

/// All that the grades of a log rest on but the policies: its events' files, and all votes. The records are named by the events.
fn told_from(partner: &Partner) -> String {
    let mut ids: Vec<u8> = Vec::new();
    for id in partner.directory.votes.iter().chain(partner.directory.log.iter().map(|entry| &entry.oid)) {
        ids.extend_from_slice(id.as_bytes());
    }
    Sha256::of(&ids).to_string()
}

const fn letter(grade: Option<Grade>) -> char {
    match grade {
        Some(Grade::Signed) => 's',
        Some(Grade::Attested) => 'a',
        Some(Grade::Unsigned) => 'u',
        None => 'b',
    }
}

const fn grade(letter: char) -> Option<Grade> {
    match letter {
        's' => Some(Grade::Signed),
        'a' => Some(Grade::Attested),
        'u' => Some(Grade::Unsigned),
        _ => None,
    }
}
