//! What the directory tells of an entry's trail, and where people look it up.

use serde::{Deserialize, Serialize};

use crate::config::{Location, UserDirectory};
use crate::domain::check::Rules;
use crate::domain::log::kinds::Ballot;
use crate::domain::program::github::{Issues, RepoName};
use crate::domain::shared_text::SharedText;
use crate::domain::signature::grade::Grade;
use crate::domain::{Date, Kind, Program};
use crate::error::Result;
use crate::forge::github::endpoints::Endpoints;
use crate::git::{Oid, Repo};
use crate::registry::approvals::Approvals;
use crate::registry::remembered::{Everybody, Kept, Shelf};
use crate::registry::survey::Founded;
use crate::registry::{Partner, Snapshot, survey, trail};
use crate::render::directory::trust::{Place, Trust};
use crate::session::{Context, remembered};
use crate::workflow::lookup::{leave_out, warn_of_decision};

/// Where the registry is, as far as strangers reach it: on GitHub or behind an address; of a clone, where that is from.
///
/// # Errors
/// When `GITHUB_API_URL` is no address of GitHub's.
pub fn place(ctx: &Context, repo: &Repo, program: &Program) -> Result<Place> {
    let page = |name: &RepoName| -> Result<String> {
        Ok(format!("{}/{name}", Endpoints::of(ctx.environment.api.as_deref())?.web))
    };
    let location = match ctx.location()? {
        Location::Path(_) => repo.origin().and_then(|url| ctx.location_of(&url)),
        named => Some(named),
    };
    let (own, url) = match location {
        Some(Location::GitHub(name)) => (Some(name), None),
        // Who is let in by the address alone.
        Some(Location::Url(url)) if url.starts_with("http") && !url.contains('@') => (None, Some(url)),
        _ => (None, None),
    };
    let issues = match (&program.github.issues, &own) {
        (Issues::Elsewhere(name), _) => Some(name),
        (issues, Some(own)) => issues.place(own),
        _ => None,
    };
    Ok(Place {
        issues: issues.map(page).transpose()?.map(|page| page + "/issues/new"),
        web: own.as_ref().map(page).transpose()?,
        named: own.as_ref().map(ToString::to_string).or(url),
    })
}

/// Changes whenever it changes what an approval rests on, or how that is kept.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+4");

/// What a partner's approval rests on, as far as its directory and the policies tell.
#[derive(Debug, Serialize, Deserialize)]
struct Ground {
    seq: u32,
    approved: Date,
    in_favor: usize,
    grade: Option<Grade>,
    as_of: Option<Date>,
    founded: Founded,
}

/// What couldn't be read isn't remembered: a clone is mended without its commits changing.
impl Kept for Option<Ground> {
    fn line(&self) -> Option<String> {
        let whole = self.as_ref().is_none_or(|ground| ground.founded != Founded::Untold);
        whole.then(|| serde_json::to_string(self).ok())?
    }

    fn of_line(line: &SharedText) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

impl Ground {
    fn of(repo: &Repo, tree: Oid, rules: Rules<'_>, partner: &Partner) -> Result<Option<Self>> {
        let approved = partner.life.log.iter().map(|l| &l.event).rev().find(|e| e.kind == Kind::Approved);
        let Some(approved) = approved else { return Ok(None) };
        let seq = approved.seq;
        let entry = trail::of(repo, rules.policies, partner, &|event| event.seq == seq)?.into_iter().next();
        let in_favor = |told: &&trail::Told| told.left_out.is_none() && told.vote.ballot == Ballot::Approve;
        Ok(Some(Self {
            seq,
            approved: approved.time.date(),
            in_favor: entry.iter().flat_map(|e| &e.votes).filter(in_favor).count(),
            grade: entry.and_then(|e| e.grade),
            as_of: partner.life.log.last().map(|l| l.event.time.date()),
            founded: survey::founded(repo, tree, &partner.slug, rules)?,
        }))
    }
}

/// What each partner's approval rests on. Nobody's signatures are verified twice as long as its directory and the policies stay.
pub fn trusted(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    partners: &[Partner],
    today: Date,
) -> Result<Vec<Option<Trust>>> {
    let memory = |what| remembered(ctx, UserDirectory::Cache, what, snapshot.repo.path());
    let policies = snapshot.policies()?;
    let version = format!("{VERSION} {}", survey::founded_by(snapshot)?);
    let file = memory("trust");
    let shelf = Shelf { file: file.as_deref(), version: &version };
    let (program, tree) = (snapshot.program_as_it_stands()?, snapshot.tree);
    let rules = snapshot.rules(&program, &policies, true);
    let Everybody { partners: grounds, unread, .. } =
        Everybody::read(snapshot, shelf, |repo, partner| Ground::of(repo, tree, rules, partner))?;
    leave_out(ctx, &unread);
    let commits = Approvals::of(snapshot, memory("approvals").as_deref())?;
    let trust = |partner: &Partner| {
        let at = grounds.binary_search_by(|known| known.slug.cmp(&partner.slug)).ok()?;
        let ground = grounds[at].what.as_ref()?;
        let unfounded = ground.founded.why_not();
        warn_of_decision(ctx, &partner.slug, unfounded);
        partner.life.is_partner(today).then(|| Trust {
            approved: ground.approved,
            in_favor: ground.in_favor,
            grade: ground.grade,
            commit: commits.commit(partner.slug.as_str(), ground.seq).map(str::to_owned),
            as_of: ground.as_of,
            founded: unfounded.is_none(),
        })
    };
    Ok(partners.iter().map(trust).collect())
}
