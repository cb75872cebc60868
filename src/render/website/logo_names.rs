//! Under which names logos are written, so that no file is written over that something else shows.

use std::collections::{BTreeMap, BTreeSet};

use super::card::Card;
use crate::domain::text;

/// What stands on a website beside the page of partners.
pub trait Standing {
    type Fault;

    /// The logo's file of that name.
    fn logo(&self, name: &str) -> Result<Option<Vec<u8>>, Self::Fault>;

    /// The names of all files where logos are.
    fn logos(&self) -> Result<Vec<String>, Self::Fault>;

    /// Whether a link to another file has that name.
    fn is_link(&self, name: &str) -> Result<bool, Self::Fault>;

    /// Who else shows the logo of that name, or may, in words. Asked only of files that would be written over.
    fn shown_by(&self, name: &str) -> Result<Option<String>, Self::Fault>;

    /// Which other source shows the text of a card, or may, in words, by the slug in its id.
    fn says(&self, slug: &str) -> Result<Option<String>, Self::Fault>;
}

/// Where a partner's logo goes.
#[derive(Debug)]
pub struct Named {
    pub name: String,
    /// What stands there now.
    pub there: Option<Vec<u8>>,
    /// Why it isn't the file that the card showed before, if that is somebody else's, too.
    pub taken_by: Option<String>,
}

/// Gives out names.
pub struct LogoNames<'s, S> {
    standing: &'s S,
    /// By their lower-case names, the files that are there: names that differ by case alone are one on some systems.
    there: BTreeMap<String, String>,
    /// The same as they are called.
    named: BTreeSet<String>,
    /// In lower case, how many cards show each file.
    cards: BTreeMap<String, usize>,
    given: BTreeSet<String>,
    /// Whether logos go only into files that this program named.
    own_files: bool,
}

/// How the names begin that only this program gives.
pub const OWN: &str = "partner-";

impl<'s, S: Standing> LogoNames<'s, S> {
    pub fn new(standing: &'s S, shown: &[Card], own_files: bool) -> Result<Self, S::Fault> {
        let named: BTreeSet<String> = standing.logos()?.into_iter().collect();
        let there = named.iter().map(|name| (name.to_lowercase(), name.clone())).collect();
        let mut cards = BTreeMap::new();
        for card in shown {
            *cards.entry(card.file.to_lowercase()).or_default() += 1;
        }
        Ok(Self { standing, there, named, cards, given: BTreeSet::new(), own_files })
    }

    /// Where a partner's logo goes: where its card shows it now, if nobody else shows that file or nothing changes in it, otherwise
    /// under a name that is free.
    pub fn name(&mut self, slug: &str, before: Option<&str>, logo: &[u8]) -> Result<Named, S::Fault> {
        let mut taken_by = None;
        if let Some(name) = before {
            // Some systems take names that differ by case alone for one.
            let other = self.there.get(&name.to_lowercase()).filter(|there| *there != name);
            if self.standing.is_link(name)? {
                taken_by = Some("it is a link to another file".to_owned());
            } else if let Some(other) = other.filter(|_| !self.named.contains(name)) {
                taken_by = Some(format!("what is there is called {}", text::visible(other)));
            }
        }
        if let Some(name) = before.filter(|_| taken_by.is_none()) {
            let there = self.standing.logo(name)?;
            let same = there.as_deref() == Some(logo);
            let is_png = std::path::Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
            let named_so = !self.own_files || name.starts_with(OWN);
            if !same && is_png && named_so {
                taken_by = match self.cards.get(&name.to_lowercase()) {
                    Some(2..) => Some("another card shows it, too".to_owned()),
                    _ if there.is_none() => None,
                    _ => self.standing.shown_by(name)?,
                };
            }
            if same || (is_png && named_so && taken_by.is_none()) {
                self.given.insert(name.to_lowercase());
                return Ok(Named { name: name.to_owned(), there, taken_by: None });
            }
        }
        let (plain, own) = (format!("{slug}.png"), format!("{OWN}{slug}"));
        let numbered = (2..).map(|number| format!("{own}-{number}.png"));
        let plain = std::iter::once(plain).filter(|_| !self.own_files);
        for name in plain.chain([format!("{own}.png")]).chain(numbered) {
            let key = name.to_lowercase();
            if self.given.contains(&key) || self.cards.contains_key(&key) {
                continue;
            }
            let (name, there) = match self.there.get(&key) {
                // Somebody's: who shows it once would write over it later.
                Some(there) if !there.starts_with(OWN) || self.standing.is_link(there)? => continue,
                Some(there) => match self.standing.logo(there)? {
                    Some(bytes) if bytes == logo => (there.clone(), Some(bytes)),
                    _ => continue,
                },
                None => (name, None),
            };
            self.given.insert(key);
            return Ok(Named { name, there, taken_by });
        }
        unreachable!("numbers don't end")
    }
}
