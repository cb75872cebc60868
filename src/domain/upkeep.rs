//! What a program says about showing partners and keeping their entries fresh; and what their logs tell of benefits,
//! job posts and renewals.

use super::log::detail::{Benefit, BenefitKind, Detail, Post, Stage};
use super::log::event::Kind;
use super::log::lifecycle::{Life, Logged};
use super::record::WebAddress;
use super::record::terms::Tag;
use super::toml::{Faults, Table};
use super::values::{Date, Line, Login};

/// Where the website is that shows the partners.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Website {
    /// In the registry's own repository: what lands carries the page along.
    Same,
    /// In a repository of its own: `OWNER/REPO`, `github:OWNER/REPO`, a path or a git URL.
    Elsewhere(String),
}

/// How partners are shown, and how often they confirm their entry.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Upkeep {
    /// Where the website is, if anywhere.
    pub website: Option<Website>,
    /// Whether logos are made equally large for it.
    pub even_logos: bool,
    /// The address that the directory is published under.
    pub directory: Option<WebAddress>,
    /// Where the program is explained, and how to become a partner.
    pub about: Option<WebAddress>,
    /// After how many months an entry has to be confirmed; never if it doesn't say.
    pub renewal_months: Option<u32>,
    /// What early disclosure asks for.
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
        let (mut website, mut even_logos) = (None, false);
        if let Some(mut page) = table.table(faults, "website") {
            website = page.value::<Line>(faults, "repository").map(|name| match name.as_str() {
                "same" => Website::Same,
                name => Website::Elsewhere(name.to_owned()),
            });
            even_logos = page.flag("even_logos").unwrap_or_default();
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
        Self { website, even_logos, directory, about, renewal_months, criteria }
    }
}

/// A job post of a partner's, by its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job<'a> {
    /// The number of the event that posted it: what it is called by.
    pub number: u32,
    /// What it says.
    pub post: &'a Post,
    /// Where more is told.
    pub link: Option<&'a Line>,
    /// Who posted it, and when.
    pub by: &'a Login,
    /// On which day.
    pub on: Date,
    /// The day from which on it is closed: by an event, or by its own last day.
    pub closed: Option<Date>,
}

impl Job<'_> {
    /// Where more is told, if that is an address of the web, whoever wrote it into the log.
    #[must_use]
    pub fn address(&self) -> Option<WebAddress> {
        self.link?.as_str().parse().ok()
    }

    /// Whether somebody may still apply on that day.
    #[must_use]
    pub fn is_open(&self, today: Date) -> bool {
        self.closed.is_none_or(|day| today < day)
    }
}

/// All job posts that a log tells of, oldest first.
#[must_use]
pub fn jobs(log: &[Logged]) -> Vec<Job<'_>> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    for event in log.iter().map(|l| &l.event) {
        match &event.detail {
            Some(Detail::Post(post)) => jobs.push(Job {
                number: event.seq,
                post,
                link: event.link.as_ref(),
                by: &event.actor,
                on: event.time.date(),
                closed: post.closes.map(Date::next),
            }),
            Some(Detail::Closes(number)) => {
                let day = event.time.date();
                for job in jobs.iter_mut().filter(|j| j.number == *number) {
                    job.closed = Some(job.closed.map_or(day, |own| own.min(day)));
                }
            }
            // Who left posts nothing any more; and begins anew when it comes back.
            _ if event.kind == Kind::Exited => {
                let day = event.time.date();
                for job in &mut jobs {
                    job.closed = Some(job.closed.map_or(day, |own| own.min(day)));
                }
            }
            _ => {}
        }
    }
    jobs
}

/// A benefit as a log tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<'a> {
    /// The number of its event.
    pub number: u32,
    /// What it was.
    pub benefit: &'a Benefit,
    /// Where more is told.
    pub link: Option<&'a Line>,
    /// Who wrote it down.
    pub by: &'a Login,
}

/// All benefits that a log tells of, oldest first.
pub fn benefits(log: &[Logged]) -> impl Iterator<Item = Given<'_>> {
    log.iter().map(|l| &l.event).filter_map(|event| match &event.detail {
        Some(Detail::Benefit(benefit)) => {
            Some(Given { number: event.seq, benefit, link: event.link.as_ref(), by: &event.actor })
        }
        _ => None,
    })
}

/// How far early disclosure is, and since when, in the present partnership; `None` if nobody has asked for it. Who comes
/// back has to be granted it again.
#[must_use]
pub fn early_disclosure(log: &[Logged]) -> Option<(Stage, Date)> {
    let joined = log.iter().rposition(|l| l.event.kind == Kind::Approved).unwrap_or(0);
    last_stage(&log[joined..])
}

/// How far early disclosure is by the whole log: what was granted and never ended has still to be ended.
#[must_use]
pub fn last_stage(log: &[Logged]) -> Option<(Stage, Date)> {
    let early = benefits(log).filter(|g| g.benefit.kind == BenefitKind::EarlyDisclosure);
    early.last().and_then(|g| Some((g.benefit.stage?, g.benefit.on)))
}

/// What may be said of early disclosure next.
#[must_use]
pub fn next_stages(log: &[Logged]) -> Vec<Stage> {
    let mut next = match early_disclosure(log).map(|(stage, _)| stage) {
        None | Some(Stage::Ended) => vec![Stage::Requested, Stage::Granted],
        Some(Stage::Requested) => vec![Stage::Granted],
        Some(Stage::Granted) => Vec::new(),
    };
    if matches!(last_stage(log), Some((Stage::Requested | Stage::Granted, _))) {
        next.push(Stage::Ended);
    }
    next
}

/// The day on which a partner's entry was last decided on or confirmed.
#[must_use]
pub fn confirmed(life: &Life) -> Option<Date> {
    let fresh = |kind| matches!(kind, Kind::Approved | Kind::Updated | Kind::Recorded | Kind::Renewed);
    life.log.iter().rev().map(|l| &l.event).find(|e| fresh(e.kind)).map(|e| e.time.date())
}

/// The day by which a partner has to confirm its entry.
#[must_use]
pub fn due(life: &Life, months: u32) -> Option<Date> {
    confirmed(life).map(|day| day.plus_months(months))
}
