//! What an audit on this machine has verified, kept in the user's own state directory: the next one goes on from there, and
//! tells when that is no longer part of the history. The audited repository can't write here.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::ledger::Ledger;
use super::step::Start;
use crate::domain::check::{Counts, Grades};
use crate::domain::limits;
use crate::domain::log::lifecycle::Fold;
use crate::domain::{AccountId, Facts, Objects, Slug, Time};
use crate::files::memory;
use crate::git::{Oid, Stored};

/// Changes whenever the rules do: what was verified by other rules is verified anew.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+31");

#[derive(Debug)]
pub struct Verified {
    pub head: Oid,
    pub counts: Counts,
    /// What was found, none of it an error.
    pub findings: Vec<Finding>,
    pub partners: BTreeMap<Slug, Start>,
    /// Whether it was verified by the rules of this very version; otherwise only the commit is of use.
    pub current: bool,
    /// In which files what stands there could be read.
    pub stored: Stored,
}

/// The form in which it is kept.
const FORM: &str = "audit 1";

/// What any version keeps.
#[derive(Debug, Deserialize)]
struct Seen {
    head: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    version: String,
    head: String,
    counts: [u64; 6],
    findings: Vec<[Option<String>; 6]>,
    partners: BTreeMap<String, KeptStart>,
    stored: Stored,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptStart {
    state: String,
    since: Option<String>,
    round: u32,
    events: u32,
    last: Option<(String, String)>,
    /// In seconds since 1970.
    times: Vec<i64>,
    changes: Vec<i64>,
    /// First and last of each run of rounds.
    rounds: Vec<(u32, u32)>,
    applied: Option<(u32, Option<String>)>,
    applied_as: Option<u64>,
    amended: u32,
    filed: Option<String>,
    proposed: Option<KeptFacts>,
    said: Option<String>,
    joined: Option<String>,
    posts: Vec<u32>,
    landed: Option<KeptFacts>,
    record: Option<String>,
    logo: Option<String>,
}

/// Hash of the record, hash of the logo, objects.
type KeptFacts = (String, Option<String>, String);

impl Verified {
    /// Reads what is kept in a file, if anything is. What can't be read is verified anew, but a history that was rewritten since
    /// can't be known by it any more.
    ///
    /// # Errors
    /// When something is there that can't be read, or is damaged: why, in words.
    pub fn read(file: &Path) -> Result<Option<Self>, String> {
        let Some(text) = memory::kept(file, limits::MEMORY, FORM)? else { return Ok(None) };
        let damaged = || format!("{} is damaged", file.display());
        let kept = serde_json::from_str::<Kept>(&text).ok().filter(|kept| kept.version == VERSION);
        if let Some(whole) = kept.as_ref().and_then(Self::whole) {
            return Ok(Some(whole));
        }
        let seen: Seen = serde_json::from_str(&text).map_err(|_| damaged())?;
        Ok(Some(Self::seen(seen.head.parse().map_err(|_| damaged())?)))
    }

    /// What was seen, and is to be verified anew.
    fn seen(head: Oid) -> Self {
        Self {
            head,
            counts: Counts::default(),
            findings: Vec::new(),
            partners: BTreeMap::new(),
            current: false,
            stored: Stored::default(),
        }
    }

    fn whole(kept: &Kept) -> Option<Self> {
        let head = kept.head.parse().ok()?;
        let findings = kept.findings.iter().map(finding).collect::<Option<Vec<_>>>()?;
        let partners = kept.partners.iter().map(|(slug, start)| Some((Slug::or_program(slug).ok()?, start.read()?)));
        let partners = partners.collect::<Option<BTreeMap<_, _>>>()?;
        let [commits, events, votes, signed, attested, unsigned] = kept.counts;
        let counts = Counts { commits, events, votes, grades: Grades { signed, attested, unsigned } };
        Some(Self { head, counts, findings, partners, current: true, stored: kept.stored.clone() })
    }

    /// Keeps only that a commit was seen.
    pub fn write_seen(file: &Path, head: Oid) {
        let kept = Kept {
            version: "seen".into(),
            head: head.to_string(),
            counts: [0; 6],
            findings: Vec::new(),
            partners: BTreeMap::new(),
            stored: Stored::default(),
        };
        memory::write(file, limits::MEMORY, FORM, &kept);
    }

    /// Keeps what a ledger came to, on top of what was known before.
    pub fn write(file: &Path, head: Oid, ledger: &Ledger, before: BTreeMap<Slug, Start>, stored: Stored) {
        let mut partners = before;
        partners.extend(ledger.standings().map(|(slug, start)| (slug.clone(), start)));
        let Counts { commits, events, votes, grades } = &ledger.counts;
        let text = |value: &dyn ToString| Some(value.to_string());
        let kept = Kept {
            version: VERSION.into(),
            head: head.to_string(),
            counts: [*commits, *events, *votes, grades.signed, grades.attested, grades.unsigned],
            findings: ledger
                .findings
                .iter()
                .map(|f| {
                    let (commit, partner) =
                        (f.commit.map(|c| c.to_string()), f.partner.as_ref().map(ToString::to_string));
                    [text(&f.code), text(&f.severity), commit, f.path.clone(), partner, text(&f.message)]
                })
                .collect(),
            partners: partners.iter().map(|(slug, start)| (slug.to_string(), KeptStart::of(start))).collect(),
            stored,
        };
        memory::write(file, limits::MEMORY, FORM, &kept);
    }
}

fn finding(kept: &[Option<String>; 6]) -> Option<Finding> {
    let [code, severity, commit, path, partner, message] = kept;
    Some(Finding {
        code: code.as_ref()?.parse().ok()?,
        severity: severity.as_ref()?.parse().ok()?,
        commit: commit.as_ref().map(|c| c.parse()).transpose().ok()?,
        path: path.clone(),
        partner: partner.as_ref().map(|p| Slug::or_program(p)).transpose().ok()?,
        message: message.clone()?,
    })
}

impl KeptStart {
    fn of(start: &Start) -> Self {
        let facts = |(facts, objects): &(Facts, Objects)| {
            (facts.record.to_string(), facts.logo.map(|l| l.to_string()), objects.to_string())
        };
        let fold = &start.fold;
        let mut rounds: Vec<(u32, u32)> = Vec::new();
        for round in &fold.rounds {
            match rounds.last_mut() {
                Some((_, last)) if *last + 1 == *round => *last = *round,
                _ => rounds.push((*round, *round)),
            }
        }
        Self {
            state: fold.state.to_string(),
            since: fold.since.map(|t| t.to_string()),
            round: fold.round,
            events: fold.events,
            last: fold.last.map(|(hash, time)| (hash.to_string(), time.to_string())),
            times: fold.times.iter().map(|time| time.unix()).collect(),
            changes: fold.changes.iter().map(|time| time.unix()).collect(),
            rounds,
            applied: fold.applied.as_ref().map(|(round, by)| (*round, by.as_ref().map(ToString::to_string))),
            applied_as: fold.applied_as.map(AccountId::get),
            amended: fold.amended,
            filed: fold.filed.as_ref().map(ToString::to_string),
            proposed: fold.proposed.as_ref().map(facts),
            said: fold.said.map(|hash| hash.to_string()),
            joined: fold.joined.map(|day| day.to_string()),
            posts: fold.posts.iter().copied().collect(),
            landed: fold.landed.as_ref().map(facts),
            record: start.record.map(|id| id.to_string()),
            logo: start.logo.map(|id| id.to_string()),
        }
    }

    fn read(&self) -> Option<Start> {
        let facts = |kept: &Option<KeptFacts>| -> Option<Option<(Facts, Objects)>> {
            let Some((record, logo, objects)) = kept else { return Some(None) };
            let logo = logo.as_ref().map(|l| l.parse()).transpose().ok()?;
            Some(Some((Facts { record: record.parse().ok()?, logo }, objects.parse().ok()?)))
        };
        let last = match &self.last {
            Some((hash, time)) => Some((hash.parse().ok()?, time.parse().ok()?)),
            None => None,
        };
        let applied = match &self.applied {
            Some((round, by)) => Some((*round, by.as_ref().map(|by| by.parse()).transpose().ok()?)),
            None => None,
        };
        let fold = Fold {
            state: self.state.parse().ok()?,
            since: self.since.as_ref().map(|t| t.parse()).transpose().ok()?,
            round: self.round,
            events: self.events,
            last,
            times: self.times.iter().map(|time| Time::from_unix(*time)).collect(),
            changes: self.changes.iter().map(|time| Time::from_unix(*time)).collect(),
            rounds: self.rounds.iter().flat_map(|(first, last)| *first..=*last).collect(),
            applied,
            applied_as: self.applied_as.and_then(AccountId::new),
            amended: self.amended,
            filed: self.filed.as_ref().map(|by| by.parse()).transpose().ok()?,
            proposed: facts(&self.proposed)?,
            said: self.said.as_ref().map(|hash| hash.parse()).transpose().ok()?,
            joined: self.joined.as_ref().map(|day| day.parse()).transpose().ok()?,
            posts: self.posts.iter().copied().collect(),
            landed: facts(&self.landed)?,
            // What is sound has no application that waits.
            before: None,
        };
        let id = |id: &Option<String>| id.as_ref().map(|id| id.parse()).transpose().ok();
        Some(Start { fold, record: id(&self.record)?, logo: id(&self.logo)? })
    }
}
