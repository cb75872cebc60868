//! A registry on GitHub for the committee and for readers: a bare cache that the user's `git` fills, and pull requests
//! with their reviews shown as proposals with votes.

mod ended;
mod landing;
mod posting;
mod reading;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::api::account;
use super::client::{Call, Client};
use super::decide::{self, Telling};
use super::fault::ApiFault;
use super::fork::{self, Fork};
use super::objects::oid;
use super::partner_query::{self, Person, Pull, Question};
use super::proposals_query::Watched;
use super::propose::{self, Proposed, Tools};
use super::registry_query::{Repository, Viewer};
use super::taken_back;
use super::texts::Texts;
use super::upload::{Base, Uploaded};
use super::upstream::Upstream;
use crate::domain::check::Problem;
use crate::domain::limits;
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::PROGRAM;
use crate::domain::program::github::RepoName;
use crate::domain::{AccountId, Event, HttpLink, Login, Program, Slug, Vote, text};
use crate::error::{Error, Kind, Result};
use crate::forge::board::{Board, NoProposal, Withheld};
use crate::forge::mirror::Mirror;
use crate::forge::progress::Progress;
use crate::forge::{Account, AtOnce, FAR_AWAY, Forge, Link, People, Published, ReadingAhead, Stopped, Words};
use crate::git::{Oid, Repo, RepoError, Role, Trouble};
use crate::registry::change::{Change, Target};
use crate::registry::{Heads, Proposal, Snapshot, slug_of};

/// For how long what was read counts as now, within one run.
const FRESH: Duration = Duration::from_secs(5);

/// What helps where a team can't be read: what GitHub's answer says, but for what lets into repositories, which shows no teams.
fn to_see_teams(error: &Error) -> String {
    let hints: Vec<&str> =
        error.hints.iter().map(String::as_str).filter(|hint| !hint.contains("public_repo")).collect();
    match error.kind == Kind::NotFound || hints.is_empty() {
        true => tr!("use a token that may read the organization's teams").to_owned(),
        false => hints.join("; "),
    }
}

/// How a team differs from the committee; and that it can't be seen, which says nothing against anybody.
fn compare(program: &Program, team: &str, found: Result<Vec<Person>, ApiFault>) -> Vec<Problem> {
    let warn = |code, message: String, hint: &str| Problem::warning(PROGRAM, code, message, hint);
    let people = match found {
        Ok(people) => people,
        Err(fault) => {
            let hint = to_see_teams(&fault.error);
            return vec![warn("team-unknown", fault.error.message, &hint)];
        }
    };
    let hint = tr!("the program decides who votes; bring one of them up to date");
    let in_team = |login: &Login| people.iter().any(|p| p.login.eq_ignore_ascii_case(login.as_str()));
    let missing = program.voters().filter(|m| !in_team(&m.github));
    let mut problems: Vec<_> = missing
        .map(|m| {
            warn("team-differs", tr!("{github} votes, and isn't in the team {team}", team, github = m.github), hint)
        })
        .collect();
    let strangers =
        people.iter().filter(|p| !program.voters().any(|m| m.github.as_str().eq_ignore_ascii_case(&p.login)));
    problems.extend(strangers.map(|p| {
        let login = text::visible(&p.login);
        warn("team-differs", tr!("{login} is in the team {team}, and doesn't vote", login, team), hint)
    }));
    problems
}

/// A registry on GitHub, all of it.
#[derive(Debug)]
pub struct CloneForge {
    client: Arc<Client>,
    registry: RepoName,
    repo: Repo,
    remote: Mirror,
    progress: Arc<dyn Progress>,
    uploaded: Uploaded,
    state: RefCell<Option<State>>,
    told: RefCell<BTreeSet<String>>,
    /// Reviews that are no votes, by the number of their pull request.
    withheld: RefCell<BTreeMap<u64, Vec<Withheld>>>,
    /// What this run has put onto the default branch.
    landed: RefCell<Option<Oid>>,
    /// Whether what stands on pull requests is read, too; and of which one besides those that are open.
    watching: Cell<Watch>,
}

/// What of the pull requests is read besides their commits and reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Watch {
    #[default]
    Nothing,
    /// Our issues.
    Issues,
    /// What stands on those that are open.
    Open,
    /// And on this one.
    And(u64),
}

#[derive(Debug)]
struct State {
    read: Instant,
    /// Something was published since.
    over: bool,
    /// What only those who say who they are get to know.
    known: Option<(Viewer, Repository)>,
    heads: Heads,
    /// By the names that their proposals have here: of the branch, or its label where another has that name.
    pulls: BTreeMap<String, Pull>,
    /// Open pull requests whose proposals are decided or taken back: whose, and where.
    decided: Vec<(Slug, String)>,
    /// The branches from which open pull requests bring decisions; `None` where that isn't known of all.
    brought: Option<BTreeSet<String>>,
    /// Open pull requests that are no proposals, and why.
    none: BTreeMap<u64, NoProposal>,
    /// Those of them that take something back, and bring nothing else.
    back: BTreeMap<u64, Pull>,
    watched: Watched,
    /// The issues of which that tells whether they are taken back.
    asked: taken_back::Question,
}

impl CloneForge {
    /// A registry, with its cache in `caches`. So many settings git is given through the environment already.
    pub fn new(
        client: Arc<Client>,
        registry: RepoName,
        caches: &Path,
        git_settings: usize,
        progress: Arc<dyn Progress>,
    ) -> Result<Self> {
        let remote =
            Mirror::new(&client.endpoints.git(&registry), caches, false, client.token().map(|t| (t, git_settings)))?;
        let repo = remote.cache()?.come_from(client.endpoints.addresses(&registry));
        Ok(Self {
            client,
            registry,
            repo,
            remote,
            progress,
            uploaded: Mutex::default(),
            state: RefCell::new(None),
            told: RefCell::default(),
            withheld: RefCell::default(),
            landed: RefCell::default(),
            watching: Cell::default(),
        })
    }

    fn refresh(&self) -> Result<()> {
        let fresh = self.state.borrow().as_ref().is_some_and(|s| !s.over && s.read.elapsed() < FRESH);
        if !fresh {
            let state = self.read()?;
            *self.state.borrow_mut() = Some(state);
        }
        Ok(())
    }

    fn with<T>(&self, use_it: impl FnOnce(&State) -> T) -> Result<T> {
        self.refresh()?;
        self.state.borrow().as_ref().map(use_it).ok_or_else(|| Error::environment(tr!("the registry isn't read yet")))
    }

    /// The same of what was read last, however long ago.
    fn last<T>(&self, use_it: impl FnOnce(&State) -> T) -> Result<T> {
        if self.state.borrow().is_none() {
            self.refresh()?;
        }
        self.state.borrow().as_ref().map(use_it).ok_or_else(|| Error::environment(tr!("the registry isn't read yet")))
    }

    /// The registry by its present name: one that was renamed is still found by the old one, but not written to.
    fn present(&self) -> RepoName {
        let state = self.state.borrow();
        let known = state.as_ref().and_then(|s| s.known.as_ref());
        known.and_then(|(_, r)| r.name_with_owner.parse().ok()).unwrap_or_else(|| self.registry.clone())
    }

    fn known(&self) -> Result<(Viewer, Repository)> {
        self.last(|s| s.known.clone())?.ok_or_else(|| {
            let words = tr!(
                "GitHub wants to know who you are, to write to the registry github:{registry}",
                registry = self.registry
            );
            Error::new(Kind::NotAllowed, words).hint(super::fault::no_token())
        })
    }

    fn fork(&self, viewer: &Viewer, repository: &Repository) -> Result<Fork, Stopped> {
        if viewer.is_bot() {
            // A bot has no forks.
            return Ok(Fork { id: repository.id.clone(), name: self.present(), base: None });
        }
        // Nobody else may change what a member says.
        Ok(match repository.own_fork_of(&viewer.login) {
            Some(fork) => Fork::read(fork)?,
            None => fork::make(&self.client, &self.present(), Role::Registry, &viewer.login, &*self.progress)?,
        })
    }

    fn texts(&self) -> Result<Texts> {
        Texts::new(&self.known()?.1.templates())
    }

    /// A vote on an open pull request becomes a review; whatever else is proposed goes onto a branch of our fork: also a vote that
    /// begins another proposal in the place of the one there (`anew`).
    fn propose(
        &self,
        on: &Snapshot<'_>,
        change: &Change,
        (branch, anew): (&str, bool),
    ) -> Result<(Option<Oid>, Vec<Link>), Stopped> {
        let vote = Vote::parse(change.block.as_bytes()).ok().filter(|v| v.ballot != Ballot::Request);
        let texts = self.texts()?;
        // Its proposal may be from just before.
        if vote.is_some() && self.last(|s| s.over)? {
            self.refresh()?;
        }
        let slug =
            slug_of(branch).ok_or_else(|| Error::new(Kind::Bug, tr!("{branch} is no proposal's branch", branch)))?;
        let pull = self.last(|s| s.pulls.get(branch).cloned())?;
        // Beside what can't be decided any more, or what it is to replace, another may ask for it in a pull request of their own.
        let head = on.heads.proposals.get(branch).filter(|_| pull.is_some());
        let replaced = vote.is_some() && anew && head.is_some();
        let there = head.map(|head| on.proposal_on(&slug, branch, head)).transpose()?.flatten();
        let pull = pull.filter(|_| !replaced && there.is_none_or(|proposal| !proposal.lapsed));
        if let (Some(vote), Some(pull)) = (&vote, &pull) {
            // What was read since is another thing than what was seen.
            let seen = on.heads.proposals.get(branch).map(|head| head.to_string());
            if seen.as_ref() != Some(&pull.head_ref_oid) {
                let moved = RepoError::new(Trouble::Moved, tr!("the pull request changed meanwhile"), None);
                return Err(Stopped::Raced(moved));
            }
            let link = decide::review(&self.client, &self.present(), &texts, pull, vote, change.evidence())?;
            return Ok((None, vec![link]));
        }
        let (viewer, repository) = self.known()?;
        let us = account(&viewer)?.login;
        if let Some(open) = pull
            && !open.by().is_some_and(|by| by.is(&us))
        {
            return Err(Error::refused(tr!("it is proposed already, at {url}", url = text::visible(&open.url)))
                .hint(tr!("say there that you want it, too; a vote of one member then decides"))
                .into());
        }
        let fork = self.fork(&viewer, &repository)?;
        let program = on.program()?;
        let question = Question {
            registry: self.registry.clone(),
            base: on.heads.short_branch().to_owned(),
            slug: slug.clone(),
            contact: None,
            issues: program.github.issues.place(&self.registry).cloned(),
            fork: Some(fork.name.clone()),
            creator: viewer.login.clone(),
            viewer: viewer.login.clone(),
        };
        let answer = partner_query::ask(&self.client, question)?;
        let base = Base { parents: vec![on.commit], tree: on.tree };
        let landed = on.landed(&slug)?;
        let registry = self.present();
        let tools = Tools {
            upstream: Upstream {
                client: &self.client,
                name: &registry,
                id: &repository.id,
                base: on.heads.short_branch(),
                fork: &fork,
            },
            repo: &self.repo,
            texts: &texts,
            program: &program,
            issues: answer.issues.as_ref(),
            uploaded: &self.uploaded,
            committer: None,
            progress: &*self.progress,
        };
        // What is open of ours under this name is no proposal any more: this takes its place.
        let ours = answer.pulls.iter().find(|p| p.head_ref_name == branch && p.by().is_some_and(|by| by.is(&us)));
        let in_fork = |p: &&Pull| p.fork().is_some_and(|there| there.is(&fork.name));
        let it = Proposed {
            change,
            branch,
            slug: &slug,
            base: &base,
            landed: &[],
            pull: ours.filter(in_fork),
            orphan: ours.filter(|p| !in_fork(p)),
            fresh: true,
            left: answer.own_branch(branch),
            record: landed.record.as_ref(),
        };
        let (commit, links) = propose::propose(tools, it)?;
        Ok((Some(commit), links))
    }

    /// Publishes one change, and gives what the next one is made on.
    fn step<'r>(&self, on: &Snapshot<'r>, change: &Change, published: &mut Published) -> Result<Snapshot<'r>, Stopped> {
        let mut heads = on.heads.clone();
        match &change.target {
            Target::Proposal { branch, fresh } => {
                let (commit, links) = self.propose(on, change, (branch, *fresh))?;
                if let Some(commit) = commit {
                    heads.proposals.set(branch.clone(), commit);
                    published.commits.push(commit);
                    if let Some(state) = self.state.borrow_mut().as_mut() {
                        state.over = true;
                    }
                }
                published.links.extend(links);
            }
            Target::Landing { .. } | Target::Direct => {
                let merged = match &change.target {
                    Target::Landing { branch, merge: true, .. } => on.heads.proposals.get(branch),
                    _ => None,
                };
                let Published { commits, links, waits, stood } = self.land(on, change, merged)?;
                let main = commits.last().copied();
                published.commits.extend(commits);
                published.links.extend(links);
                published.waits |= waits;
                published.stood |= stood;
                if !waits {
                    return Ok(Snapshot::new(on.repo, Heads { main, ..heads }, on.now)?.by_the_clock(on.clock));
                }
            }
        }
        Ok(on.with_heads(heads))
    }
}

impl Forge for CloneForge {
    fn repo(&self) -> &Repo {
        &self.repo
    }

    fn patience(&self) -> (u32, Duration) {
        FAR_AWAY
    }

    fn heads(&self) -> Result<Heads> {
        self.with(|s| s.heads.clone())
    }

    fn publish(&self, on: &Snapshot<'_>, changes: &[Change]) -> Result<Published, Stopped> {
        let mut published = Published::default();
        let begin = on.with_heads(on.heads.clone());
        let done = changes.iter().try_fold(begin, |on, change| self.step(&on, change, &mut published));
        let as_before = match &done {
            Ok(_) => published.stood,
            Err(Stopped::Failed(e)) => e.kind == Kind::NotAllowed && changes.iter().all(|c| self.was_refused(c)),
            Err(_) => false,
        };
        // Whatever else happened, what was read before is no longer how things are.
        if let Some(state) = self.state.borrow_mut().as_mut().filter(|_| !as_before) {
            state.over = true;
        }
        done.map(|_| published)
    }

    fn is_trial(&self) -> bool {
        false
    }

    fn preview(&self, change: &Change) -> Result<String> {
        let (Target::Proposal { branch, fresh: false } | Target::Landing { branch, .. }) = &change.target else {
            return Ok(change.to_string());
        };
        let pull = self.last(|s| s.pulls.get(branch).cloned())?;
        match (Vote::parse(change.block.as_bytes()), pull) {
            (Ok(vote), Some(pull)) => {
                let words = decide::review_words(&self.texts()?, &vote, change.evidence())?;
                let lines: String = words.lines().map(|l| format!("  {}\n", text::visible(l))).collect();
                Ok(tr!("Review of {url}:", url = text::visible(&pull.url)) + "\n" + &lines)
            }
            _ => Ok(change.to_string()),
        }
    }

    fn account(&self) -> Result<Option<Account>> {
        account(&self.known()?.0).map(Some)
    }

    fn link(&self, proposal: &Proposal) -> Option<HttpLink> {
        self.with(|s| s.pulls.get(&proposal.branch).map(|p| p.url.clone())).ok()??.parse().ok()
    }

    fn at_once(&self) -> Option<&dyn AtOnce> {
        None
    }

    fn reading_ahead(&self) -> Option<&dyn ReadingAhead> {
        None
    }

    fn people(&self) -> Option<&dyn People> {
        Some(self)
    }
}

impl People for CloneForge {
    fn board(&self) -> &dyn Board {
        self
    }

    fn untold(&self, now: &Snapshot<'_>) -> Result<Vec<Slug>> {
        let decided = self.last(|s| s.decided.clone())?;
        let told = |(slug, url): &(Slug, String)| {
            let life = now.landed(slug).map(|p| p.life).unwrap_or_default();
            let last = life.log.last().and_then(|l| l.event.link.as_ref());
            last.is_none_or(|link| link.as_str() != url)
        };
        Ok(decided.into_iter().filter(|d| !told(d)).map(|(slug, _)| slug).collect())
    }

    fn announce(&self, now: &Snapshot<'_>, event: &Event, words: &Words<'_>) -> Result<Vec<Link>> {
        let texts = self.texts()?;
        let program = now.program()?;
        let landed = self.landed.borrow().unwrap_or(now.commit);
        let has_landed =
            |head: Oid| [landed, now.commit].iter().any(|at| self.repo.contains(*at, head).unwrap_or_default());
        let registry = self.present();
        let partner = now.partner_in(self.repo.commit_itself(landed)?.tree, &event.partner)?;
        let telling = Telling {
            client: &self.client,
            registry: &registry,
            texts: &texts,
            progress: &*self.progress,
            program: &program,
            has_landed: &has_landed,
            log: &partner.life.log,
        };
        telling.announce(event, words).map_err(decide::not_told)
    }

    fn pull_request(&self, number: u64) -> Result<(Oid, String, Option<AccountId>)> {
        let path = format!("/repos/{}/pulls/{number}", self.registry);
        let call = Call::get(&path, tr!("read the pull request"));
        let pull: serde_json::Value = self.client.rest(call)?;
        let lacks =
            |what: &str| Error::environment(tr!("GitHub doesn't say {what} of pull request {number}", what, number));
        let head = pull["head"]["sha"].as_str().ok_or_else(|| lacks(tr!("the commit")))?;
        let author = pull["user"]["login"].as_str().ok_or_else(|| lacks(tr!("the author")))?.to_owned();
        if !self.fetch_one(number, limits::PROPOSAL)? {
            return Err(Error::refused(tr!("pull request {number} brings more than any proposal does", number))
                .hint(tr!("a logo has at most 200 KiB; have it made again with karmada-partner")));
        }
        Ok((oid(head)?, author, pull["user"]["id"].as_u64().and_then(AccountId::new)))
    }

    fn fetch(&self, number: u64, most: u64) -> Result<bool> {
        self.fetch_one(number, most)
    }

    fn committee_problems(&self, program: &Program) -> Result<Vec<Problem>> {
        let Some(team) = &program.github.team else { return Ok(Vec::new()) };
        let name = format!("{}/{}", team.org, team.team);
        let path = format!("/orgs/{}/teams/{}/members", team.org, team.team);
        Ok(compare(program, &name, self.client.pages(&path, tr!("read the team"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helps_with_repositories_does_not_help_with_teams() {
        let of = |kind, hint: &str| to_see_teams(&Error::new(kind, "no").hint(hint));
        assert_eq!(
            of(Kind::NotAllowed, "needed is one of: read:org; the token has: none"),
            "needed is one of: read:org; the token has: none"
        );
        for (kind, hint) in
            [(Kind::NotFound, "check the name"), (Kind::NotAllowed, "a classic one with the scope public_repo")]
        {
            assert!(of(kind, hint).starts_with("use a token"), "{hint}");
        }
    }
}
