//! Everybody there is to be mistaken for: partners and applicants, each read once as long as it stays as it is.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::branches::Branches;
use super::remembered::{Changes, Everybody, Kept, Known, Shelf, TAB};
use super::{Partner, Snapshot, slug_of};
use crate::domain::paths::{PROGRAM, root_of};
use crate::domain::record::likeness::index::Index;
use crate::domain::record::likeness::{self as alike, Likeness, Traits};
use crate::domain::shared_text::SharedText;
use crate::domain::{GitId, Slug, Time};
use crate::error::{Kind, Result};
use crate::git::{Oid, Repo};

/// Changes whenever it changes by what people are compared.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+5");

/// Of those that have one trait in common so many are looked at: whoever uses a stock picture is like thousands.
const MOST: usize = 100;

#[cfg(test)]
std::thread_local! {
    /// How many comparisons this thread has made, and how many branches it has read.
    pub static LOOKS: std::cell::Cell<(usize, usize)> = const { std::cell::Cell::new((0, 0)) };
}

/// Somebody there is to be mistaken for.
#[derive(Debug)]
struct Somebody {
    who: Arc<alike::Known>,
    /// When it applied, if it isn't a partner yet.
    since: Option<Time>,
    /// The object of its logo.
    logo: Option<GitId>,
}

/// A partner's slug, name, logo and traits; nothing where there are no facts.
impl Kept for Option<Somebody> {
    fn line(&self) -> Option<String> {
        let Some(Somebody { who, since: None, logo }) = self else { return self.is_none().then(String::new) };
        let logo = logo.map(|logo| logo.to_string()).unwrap_or_default();
        // What held a tab itself would be read as something else.
        let is_whole = !who.name.contains(TAB);
        is_whole.then(|| [who.slug.as_str(), &who.name, &logo, who.traits.as_str()].join("\t"))
    }

    fn of_line(line: &SharedText) -> Option<Self> {
        if line.is_empty() {
            return Some(None);
        }
        let mut parts = line.splitn(4, TAB);
        let (slug, name) = (parts.next()?.parse().ok()?, line.part(parts.next()?));
        let logo = Some(parts.next()?).filter(|logo| !logo.is_empty()).map(str::parse).transpose().ok()?;
        let traits = Traits::kept(line.part(parts.next()?))?;
        Some(Some(Somebody { who: Arc::new(alike::Known { slug, name, traits }), since: None, logo }))
    }
}

impl Somebody {
    fn of(partner: &Partner, since: Option<Time>) -> Option<Self> {
        let record = partner.record.as_ref()?;
        let logo = partner.life.named_facts().and_then(|f| f.logo);
        let traits = Traits::of(record, logo);
        let who = alike::Known { slug: partner.slug.clone(), name: record.name.to_string().into(), traits };
        Some(Self { who: Arc::new(who), since, logo: partner.directory.logo.map(GitId::from) })
    }
}

/// By what somebody is known here. In this order they are told of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Who {
    /// By the branch.
    Applicant(String),
    Partner(Slug),
}

/// Everybody by what they are like. Made when it is asked a second time: for one question everybody is compared as fast.
#[derive(Debug, Default)]
struct Crowd {
    index: Index,
    numbers: HashMap<Who, u32>,
    /// By number.
    who: HashMap<u32, Who>,
    next: u32,
}

impl Crowd {
    fn add(&mut self, who: Who, somebody: Option<&Somebody>) {
        let Some(somebody) = somebody else { return };
        self.index.add(self.next, &somebody.who.traits);
        self.who.insert(self.next, who.clone());
        self.numbers.insert(who, self.next);
        self.next += 1;
    }

    fn remove(&mut self, who: &Who, somebody: Option<&Somebody>) {
        if let (Some(number), Some(somebody)) = (self.numbers.remove(who), somebody) {
            self.index.remove(number, &somebody.who.traits);
            self.who.remove(&number);
        }
    }
}

/// Everybody who was read so far. Who has no readable facts is nobody to be mistaken for.
#[derive(Debug, Default)]
struct Met {
    partners: Option<Everybody<Option<Somebody>>>,
    applicants: HashMap<String, Option<Somebody>>,
    /// The branches of those, and the objects by which it is judged what a proposal is.
    seen: Option<(Branches, [Option<Oid>; 2])>,
    /// Those of whose proposals one can't be read.
    hidden: BTreeSet<Slug>,
    /// Those that it was told of already that they can't be read.
    unread: BTreeSet<Slug>,
    /// How often it was asked.
    asked: u32,
    crowd: Option<Crowd>,
}

impl Met {
    /// Brings all of it up to date: only what changed is read. `memory` is where partners of an earlier run are kept, if anywhere.
    fn meet(&mut self, snapshot: &Snapshot<'_>, memory: Option<&Path>) -> Result<()> {
        let of = |_: &Repo, partner: &Partner| Ok(Somebody::of(partner, None));
        let Changes { gone, fresh } = match &mut self.partners {
            Some(known) => known.bring_up_to_date(snapshot, of)?,
            unknown => {
                *unknown = Some(Everybody::read(snapshot, Shelf { file: memory, version: VERSION }, of)?);
                Changes::default()
            }
        };
        if let Some(crowd) = &mut self.crowd {
            for known in &gone {
                crowd.remove(&Who::Partner(known.slug.clone()), known.what.as_ref());
            }
            for slug in &fresh {
                crowd.add(Who::Partner(slug.clone()), partner(self.partners.as_ref(), slug));
            }
        }
        let changed: BTreeSet<Slug> = gone.into_iter().map(|known| known.slug).chain(fresh).collect();
        self.meet_applicants(snapshot, &changed)
    }

    fn meet_or_forget(&mut self, snapshot: &Snapshot<'_>, memory: Option<&Path>) -> Result<()> {
        let met = self.meet(snapshot, memory);
        if met.is_err() {
            // What was read halfway would be taken for all.
            *self = Self::default();
        }
        met
    }

    fn meet_applicants(&mut self, snapshot: &Snapshot<'_>, partners: &BTreeSet<Slug>) -> Result<()> {
        let object = |path: &str| -> Result<Option<Oid>> {
            Ok(snapshot.repo.at_path(snapshot.tree, path)?.map(|entry| entry.oid))
        };
        // Whose votes count is up to the policies that were decided.
        let ground = [object(PROGRAM)?, object(&root_of(&Slug::program()))?];
        let now = &snapshot.heads.proposals;
        let before = self.seen.take().filter(|(_, was)| *was == ground).map(|(branches, _)| branches);
        let mut again: BTreeSet<String> = match &before {
            Some(before) => now.moved_since(before).into_iter().map(str::to_owned).collect(),
            None => {
                let then = self.applicants.keys().cloned();
                then.chain(now.all().into_iter().map(|(branch, _)| branch.to_owned())).collect()
            }
        };
        again.extend(partners.iter().flat_map(|slug| now.of(slug)).map(|(branch, _)| branch.to_owned()));
        for branch in again {
            let who = Who::Applicant(branch.clone());
            let gone = self.applicants.remove(&branch).flatten();
            if let Some(crowd) = &mut self.crowd {
                crowd.remove(&who, gone.as_ref());
            }
            let (Some(slug), Some(head)) = (slug_of(&branch), now.get(&branch)) else { continue };
            #[cfg(test)]
            LOOKS.set((LOOKS.get().0, LOOKS.get().1 + 1));
            let somebody = match snapshot.proposal_on(&slug, &branch, head) {
                Ok(open) => open.and_then(|p| Somebody::of(&p.partner, p.since())),
                // Nobody could say that it is like none of them.
                Err(e) if snapshot.hides(&e) => {
                    self.hidden.insert(slug);
                    None
                }
                Err(e) if e.kind == Kind::Environment => return Err(e),
                Err(_) => None,
            };
            if let Some(crowd) = &mut self.crowd {
                crowd.add(who, somebody.as_ref());
            }
            self.applicants.insert(branch, somebody);
        }
        self.seen = Some((now.clone(), ground));
        Ok(())
    }

    /// Applicants, oldest first.
    fn waiting(&self) -> Vec<(&String, &Somebody)> {
        let mut waiting: Vec<_> =
            self.applicants.iter().filter_map(|(branch, s)| Some((branch, s.as_ref()?))).collect();
        waiting.sort_unstable_by_key(|(branch, somebody)| (somebody.since, *branch));
        waiting
    }

    fn crowd(&self) -> Crowd {
        let mut crowd = Crowd::default();
        for (branch, somebody) in self.waiting() {
            crowd.add(Who::Applicant(branch.clone()), Some(somebody));
        }
        for known in self.partners.iter().flat_map(|all| &all.partners) {
            crowd.add(Who::Partner(known.slug.clone()), known.what.as_ref());
        }
        crowd
    }

    fn like(&mut self, slug: &Slug, traits: &Traits, shown: usize) -> Alike {
        self.asked = self.asked.saturating_add(1);
        if self.asked == 2 {
            self.crowd = Some(self.crowd());
        }
        let mut whole = true;
        let candidates: Vec<(Who, &Somebody)> = match &self.crowd {
            Some(crowd) => {
                let found = crowd.index.candidates(traits, MOST);
                whole = found.whole;
                let who = found.who.iter().filter_map(|number| crowd.who.get(number));
                who.filter_map(|who| Some((who.clone(), self.somebody(who)?))).collect()
            }
            None => {
                let waiting = self.applicants.iter().map(|(b, s)| (Who::Applicant(b.clone()), s.as_ref()));
                let partners = self.partners.iter().flat_map(|all| &all.partners);
                let there = partners.map(|known| (Who::Partner(known.slug.clone()), known.what.as_ref()));
                waiting.chain(there).filter_map(|(who, somebody)| Some((who, somebody?))).collect()
            }
        };
        #[cfg(test)]
        LOOKS.set((LOOKS.get().0 + candidates.len(), LOOKS.get().1));
        let others = candidates.into_iter().filter(|(_, other)| other.who.slug != *slug);
        let like = traits.compared();
        let mut found: Vec<_> =
            others.filter_map(|(who, other)| Some((like(&other.who.traits)?, who, other))).collect();
        // Who waits, oldest first, before who is there.
        found.sort_by(|(one, a, who), (other, b, whom)| {
            let place = |who: &Who| matches!(who, Who::Partner(_));
            one.cmp(other).then_with(|| (place(a), who.since, a).cmp(&(place(b), whom.since, b)))
        });
        let mut is_first = alike::firsts();
        found.retain(|(likeness, _, other)| is_first(&other.who.slug, *likeness));
        let told = |found: &[&(Likeness, Who, &Somebody)]| {
            let words = |(likeness, _, other): &&(Likeness, Who, &Somebody)| {
                let alike::Known { slug, name, .. } = &*other.who;
                tr!("{name} ({slug}) {is_alike}", name, slug, is_alike = likeness.words())
            };
            Lines { first: found.iter().take(shown).map(words).collect(), more: found.len().saturating_sub(shown) }
        };
        let (serious, others): (Vec<_>, Vec<_>) = found.iter().partition(|(likeness, ..)| likeness.is_serious());
        Alike { serious: told(&serious), others: told(&others), whole }
    }

    fn somebody(&self, who: &Who) -> Option<&Somebody> {
        match who {
            Who::Applicant(branch) => self.applicants.get(branch)?.as_ref(),
            Who::Partner(slug) => partner(self.partners.as_ref(), slug),
        }
    }
}

fn partner<'a>(all: Option<&'a Everybody<Option<Somebody>>>, slug: &Slug) -> Option<&'a Somebody> {
    let partners: &[Known<_>] = &all?.partners;
    let at = partners.binary_search_by(|known| known.slug.cmp(slug)).ok()?;
    partners[at].what.as_ref()
}

/// Those who are like somebody, in words: the most alike first, and who waits, oldest first, before who is there.
#[derive(Debug)]
pub(crate) struct Alike {
    pub serious: Lines,
    /// Those of whom it is a mere remark.
    pub others: Lines,
    /// Whether these are all. Where very many have one thing in common, not all of them were looked at.
    pub whole: bool,
}

#[derive(Debug)]
pub(crate) struct Lines {
    pub first: Vec<String>,
    /// How many there are besides.
    pub more: usize,
}

/// What is kept between the rows of a batch of everybody who was read.
#[derive(Debug, Default)]
pub(crate) struct Acquaintances {
    met: RefCell<Met>,
}

impl Acquaintances {
    /// Everybody, those who wait first, oldest first; each with the object of its logo. `memory` as in [`Acquaintances::like`].
    pub fn everybody(
        &self,
        snapshot: &Snapshot<'_>,
        memory: Option<&Path>,
    ) -> Result<Vec<(Arc<alike::Known>, Option<Oid>)>> {
        let mut met = self.met.borrow_mut();
        met.meet_or_forget(snapshot, memory)?;
        let waiting = met.waiting().into_iter().map(|(_, somebody)| somebody);
        let partners = met.partners.iter().flat_map(|all| &all.partners).filter_map(|known| known.what.as_ref());
        Ok(waiting.chain(partners).map(|s| (Arc::clone(&s.who), s.logo.map(Oid::from))).collect())
    }

    /// Whether nothing but partners stands among them, as they were met last.
    pub fn are_all(&self) -> bool {
        self.met.borrow().partners.as_ref().is_some_and(|all| all.whole)
    }

    /// Partners and applicants that nobody was compared with since their record can't be read; each is given once.
    pub fn unread(&self, snapshot: &Snapshot<'_>) -> Result<Vec<Slug>> {
        let mut met = self.met.borrow_mut();
        let without = met.partners.iter().flat_map(|all| &all.partners).filter(|known| known.what.is_none());
        let unknown: Vec<Slug> =
            without.map(|known| known.slug.clone()).filter(|slug| !met.unread.contains(slug)).collect();
        let lost = met.partners.iter().flat_map(|all| &all.unread).map(|unread| unread.slug.clone());
        let mut unread: Vec<Slug> = lost.filter(|slug| !met.unread.contains(slug)).collect();
        for slug in unknown {
            if snapshot.landed(&slug)?.has_unreadable_record() {
                unread.push(slug);
            }
        }
        met.unread.extend(unread.iter().cloned());
        let hidden: Vec<Slug> = met.hidden.difference(&met.unread).cloned().collect();
        met.unread.extend(hidden.iter().cloned());
        unread.extend(hidden);
        Ok(unread)
    }

    /// Those who are like somebody; so many of each kind are `shown`. `memory` is where those of an earlier run are kept, if
    /// anywhere.
    pub fn like(
        &self,
        snapshot: &Snapshot<'_>,
        memory: Option<&Path>,
        slug: &Slug,
        traits: &Traits,
        shown: usize,
    ) -> Result<Alike> {
        let mut met = self.met.borrow_mut();
        met.meet_or_forget(snapshot, memory)?;
        Ok(met.like(slug, traits, shown))
    }
}
