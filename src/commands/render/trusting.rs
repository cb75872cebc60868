//! What the directory tells of an entry's trail, and where people look it up.

use std::collections::BTreeMap;

use crate::config::Location;
use crate::domain::log::kinds::Ballot;
use crate::domain::program::github::{Issues, RepoName};
use crate::domain::{Date, Kind, Program, paths, upkeep};
use crate::error::Result;
use crate::forge::github::endpoints::Endpoints;
use crate::git::Oid;
use crate::registry::survey::on_all_cores;
use crate::registry::{Partner, Snapshot, trail};
use crate::render::directory::trust::{Place, Trust};
use crate::session::Context;

/// Where the registry is, if that is on GitHub.
///
/// # Errors
/// When `GITHUB_API_URL` is no address of GitHub's.
pub fn place(ctx: &Context, program: &Program) -> Result<Place> {
    let page = |name: &RepoName| -> Result<String> {
        Ok(format!("{}/{name}", Endpoints::of(ctx.environment.api.as_deref())?.web))
    };
    let own = match ctx.location() {
        Ok(Location::GitHub(name)) => Some(name),
        _ => None,
    };
    let issues = match (&program.github.issues, &own) {
        (Issues::Elsewhere(name), _) => Some(name),
        (issues, Some(own)) => issues.place(own),
        _ => None,
    };
    Ok(Place {
        issues: issues.map(page).transpose()?.map(|page| page + "/issues/new"),
        web: own.as_ref().map(page).transpose()?,
        named: own.as_ref().map(ToString::to_string),
    })
}

/// What each partner's approval rests on.
pub fn trusted(snapshot: &Snapshot<'_>, partners: &[Partner], today: Date) -> Result<Vec<Option<Trust>>> {
    let policies = snapshot.policies()?;
    let policies = &*policies;
    let commits = approvals(snapshot)?;
    on_all_cores(snapshot.repo, partners, |repo, partner: &Partner| {
        let approved = partner.life.log.iter().map(|l| &l.event).rev().find(|e| e.kind == Kind::Approved);
        let Some(approved) = approved.filter(|_| partner.life.is_partner(today)) else { return Ok(None) };
        let seq = approved.seq;
        let entry = trail::of(repo, policies, partner, &|event| event.seq == seq)?.into_iter().next();
        let in_favor = |told: &&trail::Told| told.left_out.is_none() && told.vote.ballot == Ballot::Approve;
        Ok(Some(Trust {
            approved: approved.time.date(),
            in_favor: entry.iter().flat_map(|e| &e.votes).filter(in_favor).count(),
            grade: entry.and_then(|e| e.grade),
            commit: commits.get(&(partner.slug.to_string(), seq)).map(ToString::to_string),
            confirmed: upkeep::confirmed(&partner.life),
            as_of: partner.life.log.last().map(|l| l.event.time.date()),
        }))
    })
}

/// The commits that brought approvals, by partner and the event's number, as far as messages name them and trees bear that out.
fn approvals(snapshot: &Snapshot<'_>) -> Result<BTreeMap<(String, u32), Oid>> {
    let repo = snapshot.repo;
    let mut found = BTreeMap::new();
    let mut at = Some(snapshot.commit);
    while let Some(oid) = at {
        // A shallow clone ends before the history does.
        let Ok(commit) = repo.commit(oid) else { break };
        at = commit.parents.first().copied();
        let Some((slug, seq)) = approved_in(&commit.message) else { continue };
        let file = format!("{}/{slug}/log/{seq:04}", paths::PARTNERS);
        let before = at.and_then(|parent| repo.commit(parent).ok()).map(|parent| parent.tree);
        let is_new = match before {
            Some(tree) => repo.at_path(tree, &file)?.is_none(),
            None => false,
        };
        if is_new && repo.at_path(commit.tree, &file)?.is_some() {
            found.entry((slug.to_owned(), seq)).or_insert(oid);
        }
    }
    Ok(found)
}

/// The partner and the number of the approval that a commit's message brings.
fn approved_in(message: &str) -> Option<(&str, u32)> {
    let (_, block) = message.split_once("KP-Event: v1 approved\n")?;
    let value = |key: &str| block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    Some((value("KP-Partner")?, value("KP-Seq")?.parse().ok()?))
}
