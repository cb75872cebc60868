//! The commands, one file each: its flags, its help and what it does. Shared parts are `deciding` (votes and decisions),
//! `proposing` (answers, logos, proposals) and `noting` (what is written down without a vote).

pub mod apply;
pub mod approve;
pub mod audit;
pub mod auth;
pub mod batch;
pub mod benefit;
pub mod check;
pub mod completions;
pub mod contacts;
pub mod evidence;
pub mod exit;
pub mod import;
pub mod init;
pub mod jobs;
pub mod keys;
pub mod list;
pub mod log;
pub mod man;
pub mod program;
pub mod publish;
pub mod record;
pub mod reject;
pub mod render;
pub mod renew;
pub mod review;
pub mod show;
pub mod stats;
pub mod status;
pub mod update;
pub mod withdraw;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::config::Place;
use crate::domain::values::Invalid;
use crate::domain::{Sha256, Slug, State, Subject, text};
use crate::error::{Error, Result};
use crate::forge::github::texts::{self, Texts};
use crate::forge::{Forge, Link, Published};
use crate::git::Mode;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::Context;

/// Reads an argument into its domain type, and says what would do when it doesn't.
pub fn value<T: FromStr<Err = Invalid>>(s: &str) -> Result<T, String> {
    s.parse().map_err(|e: Invalid| format!("{}; {}", e.why, e.hint))
}

/// What a command is about: a partner, or `program` for the policy itself.
pub fn about(s: &str) -> Result<Slug, String> {
    Slug::or_program(s).map_err(|e| format!("{}; {}", e.why, e.hint))
}

/// Where something about a registry is remembered on this machine, apart from all other registries. Without a place it just
/// takes longer.
#[must_use]
pub fn remembered(ctx: &Context, place: Place, what: &str, registry: &Path) -> Option<PathBuf> {
    let full = registry.canonicalize().ok()?;
    let name = Sha256::of(full.as_os_str().as_encoded_bytes()).short();
    Some(ctx.environment.directory(place).ok()?.join(what).join(format!("{name}.json")))
}

/// A snapshot of the registry as it is now.
pub fn look(forge: &dyn Forge) -> Result<Snapshot<'_>> {
    let snapshot = Snapshot::new(forge.repo(), forge.heads()?)?;
    snapshot.program_entry()?;
    Ok(snapshot)
}

/// The words of one template of `templates/github/`: the registry's own, if it has them.
pub fn texts(snapshot: &Snapshot<'_>, name: &str) -> Result<Texts> {
    let own = match snapshot.repo.at_path(snapshot.tree, &format!("{}/{name}", texts::DIRECTORY))? {
        Some(entry) if entry.mode == Mode::File => {
            vec![(name.to_owned(), String::from_utf8_lossy(&snapshot.repo.blob(entry.oid)?).into_owned())]
        }
        _ => Vec::new(),
    };
    Texts::new(&own)
}

/// The partner that a command names, with its open proposals; an error with the nearest known name if there is none.
pub fn find(snapshot: &Snapshot<'_>, slug: &Slug) -> Result<(Partner, Vec<Proposal>)> {
    let partner = snapshot.landed(slug)?;
    let proposals = snapshot.proposals_of(slug)?;
    if partner.life.state == State::Absent && proposals.is_empty() {
        let proposed =
            snapshot.heads.proposals.iter().filter_map(|(b, _)| b.split_once('/').map(|(_, s)| s.to_owned()));
        let known: Vec<String> = snapshot.directories()?.into_iter().map(|e| e.name).chain(proposed).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).filter(|k| *k != slug.as_str()).collect();
        let error = Error::not_found(format!("{slug} isn't in the registry"));
        return Err(match text::nearest(slug.as_str(), &known) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error.hint("karmada-partner list shows who is"),
        });
    }
    Ok((partner, proposals))
}

/// The one of the open proposals that is meant: the only one, or the one that was named. `None` when nothing is open.
pub fn meant(slug: &Slug, open: Vec<Proposal>, named: Option<Subject>) -> Result<Option<Proposal>> {
    let other = open.first().map(|p| p.subject);
    let mut fitting = open.into_iter().filter(|p| named.is_none_or(|subject| p.subject == subject));
    match (fitting.next(), fitting.next(), named.zip(other)) {
        (Some(_), Some(_), _) => Err(Error::usage(format!("{slug} has an update and an exit open"))
            .hint("say which with --proposal update or --proposal exit")),
        (None, _, Some((named, open))) => Err(Error::refused(format!("no {named} of {slug} is open, but an {open}"))
            .hint(format!("say --proposal {open}, or leave it out"))),
        (found, ..) => Ok(found),
    }
}

/// Where a partner stands, open proposals considered: on the default branch an applicant isn't there yet.
#[must_use]
pub fn standing(partner: &Partner, proposals: &[Proposal]) -> State {
    proposals.iter().map(|p| p.partner.life.state).find(|s| *s == State::Applied).unwrap_or(partner.life.state)
}

/// The first digits of a commit's id, for people.
#[must_use]
pub fn short(oid: crate::git::Oid) -> String {
    oid.to_string()[..10].to_owned()
}

/// What there is to look at on the web, a line each: "Pull request: https://…".
#[must_use]
pub fn links(published: &Published) -> String {
    let line = |link: &Link| {
        let (first, rest) = link.what.split_at(1);
        format!("{}{rest}: {}\n", first.to_uppercase(), text::visible(&link.url))
    };
    published.links.iter().map(line).collect()
}

/// How long ago, in whole days: "today", "1 day", "12 days".
#[must_use]
pub fn age(ctx: &Context, since: crate::domain::Time) -> String {
    match since.date().days_until(ctx.now.date()) {
        ..=0 => "today".into(),
        1 => "1 day".into(),
        days => format!("{days} days"),
    }
}
