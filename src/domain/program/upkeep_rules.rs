//! What a program says about showing partners and keeping their entries fresh.

use crate::domain::record::WebAddress;
use crate::domain::record::tag::Tag;
use crate::domain::toml::{Faults, Table};
use crate::domain::values::{Line, words};

/// Where the website is that shows the partners.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Website {
    /// In the registry's own repository: what lands carries the page along.
    Same,
    /// In a repository of its own: `OWNER/REPO`, `github:OWNER/REPO`, a path or a git URL.
    Elsewhere(String),
}

words! {
    /// In which order the website's page shows partners.
    pub enum Order {
        /// By name, as readers of English look for it.
        Alphabetical = "alphabetical",
        /// Who is a partner longest comes first.
        Joined = "joined",
        /// As they stand there; new ones come last.
        Kept = "kept",
    }
}

/// How partners are shown, and how often they confirm their entry.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Upkeep {
    pub website: Option<Website>,
    pub order: Order,
    /// Whether logos are made equally large for it.
    pub even_logos: bool,
    /// The address that the directory is published under.
    pub directory: Option<WebAddress>,
    /// Where the program is explained, and how to become a partner.
    pub about: Option<WebAddress>,
    /// After how many months an entry has to be confirmed; never if it doesn't say.
    pub renewal_months: Option<u32>,
    pub criteria: Vec<Tag>,
}

/// The criteria of Karmada's list of distributors, where a program names none.
const CRITERIA: [&str; 8] = [
    "role-mailbox",
    "users-outside",
    "security-record",
    "not-downstream",
    "active-contributor",
    "accepts-embargo",
    "contributes-back",
    "vouched-for",
];

impl Upkeep {
    pub(super) fn read(table: &mut Table<'_>, faults: &mut Faults) -> Self {
        let (mut website, mut even_logos, mut order) = (None, false, Order::Alphabetical);
        if let Some(mut page) = table.table(faults, "website") {
            website = page.value::<Line>(faults, "repository").map(|name| match name.as_str() {
                "same" => Website::Same,
                name => Website::Elsewhere(name.to_owned()),
            });
            even_logos = page.flag("even_logos").unwrap_or_default();
            order = page.value(faults, "order").unwrap_or(order);
            page.finish(faults);
        }
        let (mut directory, mut about) = (None, None);
        if let Some(mut pages) = table.table(faults, "directory") {
            directory = pages.value(faults, "url");
            about = pages.value(faults, "about");
            pages.finish(faults);
        }
        let renewal_months = table.table(faults, "renewal").and_then(|mut renewal| {
            let months = renewal.number(faults, "months", 1..=120);
            renewal.finish(faults);
            months
        });
        let built_in = || CRITERIA.iter().filter_map(|c| c.parse().ok()).collect();
        let criteria = match table.table(faults, "early_disclosure") {
            Some(mut early) => {
                let criteria = early.has("criteria").then(|| early.list(faults, "criteria", str::parse));
                early.finish(faults);
                criteria.unwrap_or_else(built_in)
            }
            None => built_in(),
        };
        Self { website, order, even_logos, directory, about, renewal_months, criteria }
    }
}
