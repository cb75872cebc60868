//! Everybody there is to be mistaken for: partners and applicants, each read once as long as it stays as it is.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::remembered::{Everybody, Known, Shelf};
use super::{Partner, Snapshot, slug_of};
use crate::domain::paths::{PROGRAM, root_of};
use crate::domain::record::likeness::{Likeness, Traits};
use crate::domain::{Slug, Time};
use crate::error::{Kind, Result};
use crate::git::{Oid, Repo};

/// Changes whenever it changes by what people are compared.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+1");

/// Somebody there is to be mistaken for.
#[derive(Debug, Serialize, Deserialize)]
struct Somebody {
    slug: Slug,
    name: String,
    traits: Traits,
    /// When it applied, if it isn't a partner yet.
    since: Option<Time>,
}

impl Somebody {
    fn of(partner: &Partner, since: Option<Time>) -> Option<Self> {
        let record = partner.record.as_ref()?;
        let logo = partner.life.named_facts().and_then(|f| f.logo);
        let traits = Traits::of(record, logo);
        Some(Self { slug: partner.slug.clone(), name: record.name.to_string(), traits, since })
    }
}

/// The objects that something was read from: with the same ones it would be read the same.
type Source = [Option<Oid>; 4];

/// Everybody who was read so far, and of what. Who has no readable facts is nobody to be mistaken for.
#[derive(Debug, Default)]
struct Met {
    partners: Option<Everybody<Option<Somebody>>>,
    applicants: BTreeMap<String, (Source, Option<Somebody>)>,
}

impl Met {
    /// `memory` is where those of an earlier run are kept, if anywhere.
    fn meet_partners(&mut self, snapshot: &Snapshot<'_>, memory: Option<&Path>) -> Result<()> {
        let of = |_: &Repo, partner: &Partner| Ok(Somebody::of(partner, None));
        match &mut self.partners {
            Some(known) => drop(known.bring_up_to_date(snapshot, of)?),
            unknown => *unknown = Some(Everybody::read(snapshot, Shelf { file: memory, version: VERSION }, of)?),
        }
        Ok(())
    }

    fn partners(&self) -> &[Known<Option<Somebody>>] {
        self.partners.as_ref().map_or(&[], |everybody| &everybody.partners)
    }

    fn meet_applicants(&mut self, snapshot: &Snapshot<'_>) -> Result<()> {
        let object = |path: &str| -> Result<Option<Oid>> {
            Ok(snapshot.repo.at_path(snapshot.tree, path)?.map(|entry| entry.oid))
        };
        // Whose votes count is up to the policies that were decided.
        let (program, decided) = (object(PROGRAM)?, object(&root_of(&Slug::program()))?);
        let mut before = std::mem::take(&mut self.applicants);
        for (branch, head) in &snapshot.heads.proposals {
            let Some(slug) = slug_of(branch) else { continue };
            let landed = self.partners().binary_search_by(|known| known.slug.cmp(&slug)).ok();
            let landed = landed.and_then(|at| self.partners()[at].tree());
            let source = [Some(*head), landed, program, decided];
            let known = match before.remove(branch).filter(|(of, _)| *of == source) {
                Some(known) => known,
                None => match snapshot.proposal_on(&slug, branch, *head) {
                    Ok(open) => (source, open.and_then(|p| Somebody::of(&p.partner, p.since()))),
                    // Nobody could say that it is like none of them.
                    Err(e) if e.kind == Kind::Environment => return Err(e),
                    Err(_) => (source, None),
                },
            };
            self.applicants.insert(branch.clone(), known);
        }
        Ok(())
    }

    fn like(&self, slug: &Slug, traits: &Traits) -> Vec<(String, Likeness)> {
        let alike = |other: &Option<Somebody>| {
            let other = other.as_ref().filter(|other| other.slug != *slug)?;
            let alike = traits.likeness(&other.traits)?;
            Some((other.since, format!("{} ({}) {}", other.name, other.slug, alike.words()), alike))
        };
        let mut waiting: Vec<_> = self.applicants.values().filter_map(|(_, other)| alike(other)).collect();
        waiting.sort_by_key(|(since, ..)| *since);
        let there = self.partners().iter().filter_map(|known| alike(&known.what));
        let mut found: Vec<_> = waiting.into_iter().chain(there).map(|(_, words, alike)| (words, alike)).collect();
        found.sort_by_key(|(_, alike)| *alike);
        found
    }
}

/// What is kept between the rows of a batch of everybody who was read.
#[derive(Debug, Default)]
pub(crate) struct Acquaintances(RefCell<Met>);

impl Acquaintances {
    /// Those who are like somebody, each in words: the most alike first, and who waits, oldest first, before who is there.
    /// `memory` is where those of an earlier run are kept, if anywhere.
    pub fn like(
        &self,
        snapshot: &Snapshot<'_>,
        memory: Option<&Path>,
        slug: &Slug,
        traits: &Traits,
    ) -> Result<Vec<(String, Likeness)>> {
        let mut met = self.0.borrow_mut();
        met.meet_partners(snapshot, memory)?;
        met.meet_applicants(snapshot)?;
        Ok(met.like(slug, traits))
    }
}
