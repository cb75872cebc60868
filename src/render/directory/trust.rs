//! What stands behind a partner's entry, as its page tells it.

use minijinja::{Value, context};

use super::lang::Lang;
use super::templates::Templates;
use crate::domain::signature::grade::Grade;
use crate::domain::{Date, shell};

/// From a partner's trail.
#[derive(Debug, Clone)]
pub struct Trust {
    /// When it was approved, the last time.
    pub approved: Date,
    /// How many votes for it counted.
    pub in_favor: usize,
    /// How well that is proved; nothing where a signature doesn't hold.
    pub grade: Option<Grade>,
    /// The commit that brought it, where that can be told.
    pub commit: Option<String>,
    /// Whether all that the record says was decided is what the votes there say.
    pub founded: bool,
    /// When anything was last put on its record.
    pub as_of: Option<Date>,
}

/// Where a registry is, for who wants to look or to say that something is wrong.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Its address in a browser.
    pub web: Option<String>,
    /// As `--registry` takes it.
    pub named: Option<String>,
    /// Where an issue is opened.
    pub issues: Option<String>,
}

/// When a partner's entry was last decided on or confirmed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Confirmed {
    /// Nothing where nobody of its own has.
    pub(super) on: Option<Date>,
    /// Whether a member brought it in.
    pub(super) brought_in: bool,
}

impl Trust {
    /// The sentences of a partner's page, in a language.
    pub(super) fn told(
        &self,
        templates: &Templates,
        lang: Lang,
        program: &str,
        place: &Place,
        Confirmed { on, brought_in }: Confirmed,
    ) -> Value {
        let day = |date: Date| super::dates::day(&date.to_string(), lang.tag());
        let fill = |key: &str, date: Date| templates.word(lang, key).replace("{date}", &day(date));
        let approved = match self.in_favor {
            _ if !self.founded => "trust_unfounded",
            0 => "trust_approved",
            1 => "trust_approved_by_one",
            _ => "trust_approved_by",
        };
        let approved =
            fill(approved, self.approved).replace("{count}", &self.in_favor.to_string()).replace("{program}", program);
        let grade = self.grade.filter(|_| self.founded).map(|grade| match grade {
            Grade::Signed => "trust_signed",
            Grade::Attested => "trust_attested",
            Grade::Unsigned => "trust_unsigned",
        });
        let commit = self.commit.as_ref().map(|commit| {
            let web = place.web.as_ref().map(|web| format!("{web}/commit/{commit}"));
            context! { short => &commit[..10.min(commit.len())], url => web }
        });
        context! {
            approved => approved,
            proved => grade.map(|key| templates.word(lang, key)),
            confirmed => match on {
                Some(date) => Some(fill("trust_confirmed", date)),
                None => brought_in.then(|| templates.word(lang, "trust_unconfirmed")),
            },
            as_of => self.as_of.map(|date| fill("trust_as_of", date)),
            commit => commit,
            // Without an address it would look at the reader's own sandbox.
            audit => place.named.as_ref().map(|named| format!("karmada-partner --registry {} audit", shell::quoted(named))),
        }
    }
}
