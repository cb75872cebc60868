//! Under which names logos are written. No picture is ever written over: what else shows one can't be known, since names are put
//! together in code, directories are listed, links lead there, and other sites show what stands on this one.

use std::collections::BTreeMap;

use super::card::Card;
use crate::domain::logo::pixels::show_the_same;

/// What stands on a website beside the page of partners.
pub trait Standing {
    type Fault;

    /// The logo's file of that name.
    fn logo(&self, name: &str) -> Result<Option<Vec<u8>>, Self::Fault>;

    /// The names of all that stands where logos are.
    fn logos(&self) -> Result<Vec<String>, Self::Fault>;

    /// Which other source shows the text of a card, or may, in words, by the slug in its id.
    fn says(&self, slug: &str) -> Result<Option<String>, Self::Fault>;

    /// The same of code alone, which is little to look through.
    fn code_says(&self, slug: &str) -> Result<Option<String>, Self::Fault>;
}

/// Where a partner's logo goes.
#[derive(Debug)]
pub struct Named {
    pub name: String,
    /// Whether it says there what it should already.
    pub stands: bool,
}

/// Gives out names.
pub struct LogoNames<'s, S> {
    standing: &'s S,
    /// By their lower-case names, what is there: names that differ by case alone are one on some systems.
    there: BTreeMap<String, String>,
    /// In lower case, how many cards show each file, or will.
    cards: BTreeMap<String, usize>,
}

/// How the names begin that only this program gives.
const OWN: &str = "partner-";

impl<'s, S: Standing> LogoNames<'s, S> {
    pub fn new(standing: &'s S, shown: &[Card]) -> Result<Self, S::Fault> {
        let there = standing.logos()?.into_iter().map(|name| (name.to_lowercase(), name)).collect();
        let mut cards = BTreeMap::new();
        for card in shown {
            *cards.entry(card.file.to_lowercase()).or_default() += 1;
        }
        Ok(Self { standing, there, cards })
    }

    /// Where a partner's logo goes: where its card shows it now, if nothing changes there, otherwise under a name that is free.
    pub fn name(&mut self, slug: &str, before: Option<&str>, logo: &[u8]) -> Result<Named, S::Fault> {
        if let Some(name) = before {
            let key = name.to_lowercase();
            let stands = self.stands(name, logo)?;
            let is_png = std::path::Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
            let is_missing = || !self.there.contains_key(&key) && self.cards.get(&key) == Some(&1);
            if stands || (is_png && is_missing()) {
                return Ok(Named { name: name.to_owned(), stands });
            }
        }
        let numbered = (2..).map(|number| format!("{OWN}{slug}-{number}.png"));
        for name in [format!("{slug}.png"), format!("{OWN}{slug}.png")].into_iter().chain(numbered) {
            let key = name.to_lowercase();
            if self.cards.contains_key(&key) {
                continue;
            }
            let (name, stands) = match self.there.get(&key) {
                // Somebody else's may go with whatever shows it.
                Some(there) if !there.starts_with(OWN) || !self.stands(there, logo)? => continue,
                Some(there) => (there.clone(), true),
                None => (name, false),
            };
            self.cards.insert(key, 1);
            return Ok(Named { name, stands });
        }
        unreachable!("numbers don't end")
    }

    /// What a file is called there that a card names; nothing where there is none.
    pub fn called(&self, name: &str) -> Option<&str> {
        self.there.get(&name.to_lowercase()).map(String::as_str)
    }

    /// Whether a file of just that name shows a logo: a website's tools may have made it smaller.
    fn stands(&self, name: &str, logo: &[u8]) -> Result<bool, S::Fault> {
        // Some systems find it by a name that differs by case.
        Ok(self.called(name) == Some(name)
            && self.standing.logo(name)?.is_some_and(|there| show_the_same(logo, &there)))
    }
}
