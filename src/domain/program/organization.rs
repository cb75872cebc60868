//! Who members work for, by all the names and domains of it; and how that ties them to an applicant.

use crate::domain::hosts;
use crate::domain::names::{Reading, company, loose};
use crate::domain::record::Record;
use crate::domain::toml::{Faults, Table};
use crate::domain::values::{Invalid, Line, Slug};

/// An organization that members work for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Organization {
    /// What members' affiliations name it by.
    pub id: Line,
    pub name: Line,
    /// Other names of it, in any script.
    pub aliases: Vec<Line>,
    /// Its domains: what is below them is its, too.
    pub domains: Vec<String>,
    /// How its names are read.
    #[serde(skip)]
    readings: Vec<Reading>,
    /// Its domains as hosts are read.
    #[serde(skip)]
    hosts: Vec<String>,
    /// The letters of each name and domain, as [`loose`] has them.
    #[serde(skip)]
    letters: Vec<String>,
}

/// How an organization is tied to an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    None,
    /// One's name stands in the other's: people have to say.
    Likely,
    /// They are one, or one is the other's parent, or was called so.
    Certain,
}

impl Organization {
    /// One that nothing is known of but its name.
    #[must_use]
    pub fn named(name: &Line) -> Self {
        Self::new(name.clone(), name.clone(), Vec::new(), Vec::new())
    }

    fn new(id: Line, name: Line, aliases: Vec<Line>, domains: Vec<String>) -> Self {
        let readings = [&id, &name].into_iter().chain(&aliases).flat_map(|name| Reading::all(name.as_str()));
        let readings: Vec<_> = readings.collect();
        let hosts = domains.iter().map(|domain| hosts::read(domain)).collect();
        let plain = |domain: &String| loose(&domain.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
        let names = readings.iter().filter_map(Reading::ascii).map(str::to_owned);
        let letters = names.chain(domains.iter().map(plain)).collect();
        Self { id, name, aliases, domains, readings, hosts, letters }
    }

    /// Those of a policy. What ties everybody goes to `asides`: policies that have it stay readable.
    pub(super) fn read(table: &mut Table<'_>, faults: &mut Faults, asides: &mut Faults) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for mut entry in table.tables(faults, "organization") {
            let (id, name) = (entry.value::<Slug>(faults, "id"), entry.value::<Line>(faults, "name"));
            let aliases = entry.list(faults, "aliases", str::parse);
            let domains: Vec<String> = entry.list(faults, "domains", domain);
            for domain in &domains {
                if let Some(why) = why_not_its_own(domain) {
                    entry.fault(asides, "domains", why, tr!("name a domain that is its own, or none"));
                }
            }
            let hint = tr!("give both, such as id = \"acme\" and name = \"Acme\"");
            match (id.and_then(|id| id.as_str().parse::<Line>().ok()), name) {
                (Some(id), _) if all.iter().any(|o| o.id == id) => {
                    entry.fault(faults, "organization", tr!("{id} is listed twice", id), tr!("keep one of them"));
                }
                (Some(id), Some(name)) => all.push(Self::new(id, name, aliases, domains)),
                _ => entry.fault(faults, "organization", tr!("an organization needs id and name").into(), hint),
            }
            entry.finish(faults);
        }
        all
    }

    /// By what it is told apart from others.
    #[must_use]
    pub fn key(&self) -> String {
        company(self.id.as_str())
    }

    /// Whether it goes by this name: its id, its name or an alias, as names are read.
    #[must_use]
    pub(crate) fn is_called(&self, name: &str) -> bool {
        Reading::all(name).iter().any(|given| self.readings.iter().any(|own| own.is(given)))
    }

    /// How it is tied to who goes by this slug and has these facts.
    #[must_use]
    pub fn tie(&self, slug: &Slug, record: Option<&Record>) -> Tie {
        // Most slugs tell at a glance.
        if record.is_none() && !self.could_be(slug) {
            return Tie::None;
        }
        let names = [slug.as_str()].into_iter().chain(record.iter().flat_map(|r| r.known_as()));
        let theirs: Vec<Reading> = names.flat_map(Reading::all).collect();
        let hosts: Vec<String> = record.iter().flat_map(|r| r.hosts()).collect();
        let below = |host: &str, domain: &str| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let same = self.readings.iter().any(|own| theirs.iter().any(|other| own.is(other)));
        if same || self.hosts.iter().any(|domain| hosts.iter().any(|host| below(host, domain))) {
            return Tie::Certain;
        }
        let labels: Vec<Reading> = hosts.iter().map(|host| Reading::of_host(host)).collect();
        let likely = |own: &Reading| theirs.iter().chain(&labels).any(|other| own.stands_in(other));
        if self.readings.iter().any(likely) { Tie::Likely } else { Tie::None }
    }

    /// Whether the letters of a name of it stand in a slug, one after another: where none do, it doesn't stand in there as words either.
    fn could_be(&self, slug: &Slug) -> bool {
        let slug = loose(&slug.as_str().replace('-', ""));
        self.readings.iter().filter_map(Reading::ascii).any(|name| slug.contains(name))
    }

    /// Whether a name of this one stands in a name of another.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.readings.iter().any(|own| other.readings.iter().any(|theirs| own.is(theirs) || own.stands_in(theirs)))
    }

    /// The letters of each name and domain: where none of these stands in a record, nothing ties it.
    pub(crate) fn letters(&self) -> &[String] {
        &self.letters
    }
}

/// Why a domain can't be one organization's own.
fn why_not_its_own(domain: &str) -> Option<String> {
    if hosts::is_anybodys(domain) {
        return Some(tr!("anybody can be at {domain}, and would be taken for one of theirs", domain));
    }
    match url::Host::parse(domain) {
        Err(e) => Some(tr!("nobody can have {domain}: {e}", domain, e)),
        Ok(_) => hosts::why_not_public(domain),
    }
}

/// A domain in lower case, such as `acme.com`.
fn domain(s: &str) -> Result<String, Invalid> {
    if is_plain(s) {
        return Ok(s.to_owned());
    }
    let why = tr!("it isn't a domain");
    // In its own letters, in capitals, or as the address of a page.
    let host = match url::Url::parse(s).ok().filter(url::Url::has_host) {
        Some(address) => address.host_str().map(str::to_owned),
        None => url::Host::parse(s).ok().map(|host| host.to_string()),
    };
    Err(match host.filter(|host| is_plain(host) && !hosts::is_number(host)) {
        Some(host) => Invalid::new(why, tr!("write it as networks know it: {host}", host)),
        None => Invalid::new(why, tr!("write it as networks know it, such as acme.com")),
    })
}

/// Whether it is a domain, in the letters that networks have for any.
fn is_plain(s: &str) -> bool {
    let label = |l: &str| {
        let inner = l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        !l.is_empty() && inner && !l.starts_with('-') && !l.ends_with('-')
    };
    s.contains('.') && s.len() <= 253 && s.split('.').all(label)
}
