//! A registry on GitHub for the committee and for readers: a bare cache that the user's `git` fills, and pull requests
//! with their reviews shown as proposals with votes.

mod landing;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::api::account;
use super::client::{Call, Client};
use super::contest::{self, Contender, Settled};
use super::decide::{self, Telling};
use super::fork::{self, Fork};
use super::objects::oid;
use super::partner_query::{self, Person, Pull, Question};
use super::proposals_query;
use super::propose::{self, Proposed, Tools};
use super::registry_query::{Repository, Viewer};
use super::reviews_as_votes::{self, Seen, Shown};
use super::texts::Texts;
use super::upload::{Base, Uploaded};
use super::upstream::Upstream;
use crate::domain::check::Problem;
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::PROGRAM;
use crate::domain::program::github::RepoName;
use crate::domain::{Event, HttpLink, Login, Program, Sha256, Slug, Vote, text};
use crate::error::{Error, Kind, Result};
use crate::forge::mirror::Mirror;
use crate::forge::progress::Progress;
use crate::forge::{Account, AtOnce, FAR_AWAY, Forge, Link, People, Published, ReadingAhead, Stopped, Words};
use crate::git::{Oid, Repo, RepoError, Role, Trouble};
use crate::registry::change::{Change, Target};
use crate::registry::{Heads, Proposal, Snapshot, slug_of};

/// For how long what was read counts as now, within one run.
const FRESH: Duration = Duration::from_secs(5);

/// How a team differs from the committee; and that it can't be seen, which says nothing against anybody.
fn compare(program: &Program, team: &str, found: Result<Vec<Person>, String>) -> Vec<Problem> {
    let warn = |code, message: String, hint: &str| Problem::warning(PROGRAM, code, message, hint);
    let people = match found {
        Ok(people) => people,
        Err(why) => return vec![warn("team-unknown", why, "use a token that may read the organization's teams")],
    };
    let hint = "the program decides who votes; bring one of them up to date";
    let in_team = |login: &Login| people.iter().any(|p| p.login.eq_ignore_ascii_case(login.as_str()));
    let missing = program.voters().filter(|m| !in_team(&m.github));
    let mut problems: Vec<_> = missing
        .map(|m| warn("team-differs", format!("{} votes, and isn't in the team {team}", m.github), hint))
        .collect();
    let strangers =
        people.iter().filter(|p| !program.voters().any(|m| m.github.as_str().eq_ignore_ascii_case(&p.login)));
    problems.extend(strangers.map(|p| {
        let login = text::visible(&p.login);
        warn("team-differs", format!("{login} is in the team {team}, and doesn't vote"), hint)
    }));
    problems
}

/// So many pull requests that are no proposals are told of one by one.
const FEW: usize = 3;

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
    /// The pull request that was named.
    named: Cell<Option<u64>>,
    /// What this run has put onto the default branch.
    landed: RefCell<Option<Oid>>,
}

#[derive(Debug)]
struct State {
    read: Instant,
    /// Something was published since.
    over: bool,
    /// What only those who say who they are get to know.
    known: Option<(Viewer, Repository)>,
    heads: Heads,
    pulls: BTreeMap<String, Pull>,
    /// Branches that several pull requests propose something under, with a line for each of these.
    contested: BTreeMap<String, Vec<String>>,
    /// Open pull requests whose proposals are decided or taken back: whose, and where.
    decided: Vec<(Slug, String)>,
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
        let repo = remote.cache()?;
        Ok(Self {
            client,
            registry,
            repo,
            remote,
            progress,
            uploaded: Mutex::default(),
            state: RefCell::new(None),
            told: RefCell::default(),
            named: Cell::default(),
            landed: RefCell::default(),
        })
    }

    fn read(&self) -> Result<State> {
        let _busy = self.progress.busy("reading the registry");
        let (known, mut pulls) = if self.client.token_source().is_some() {
            let (viewer, repository, pulls) = proposals_query::ask(&self.client, &self.registry)?;
            (Some((viewer, repository)), pulls)
        } else {
            self.progress.say("Without a token, open proposals can't be seen; see karmada-partner auth status.");
            (None, Vec::new())
        };
        let (branch, main) = if let Some((branch, main)) = self.at_hand(known.as_ref(), &pulls) {
            (branch, Some(main))
        } else {
            let pull_spec = |pull: &Pull| format!("+refs/pull/{0}/head:refs/pull/{0}/head", pull.number);
            let mut specs = vec!["+{HEAD}:{HEAD}".to_owned()];
            specs.extend(pulls.iter().map(pull_spec));
            self.remote.fetch(&self.repo, &specs)?;
            let branch = self.repo.default_branch()?;
            let main = self.repo.reference(&branch)?;
            (branch, main)
        };
        let mut heads = Heads { branch, main, proposals: Vec::new(), closed: Vec::new() };
        let registry = Snapshot::new(&self.repo, heads.clone(), self.client.now()).and_then(|s| s.registry());
        let (mut contenders, mut junk): (Vec<Contender>, Vec<String>) = (Vec::new(), Vec::new());
        let mut over = Vec::new();
        // What can't change any more gives way to what can.
        pulls.sort_by_key(|p| p.head_repository.is_none());
        for pull in pulls.drain(..) {
            let registry = match &registry {
                Ok(registry) => *registry,
                Err(e) => {
                    self.warn_once(&e.message);
                    break;
                }
            };
            let branch = pull.head_ref_name.clone();
            let Some(slug) = slug_of(&branch) else { continue };
            // A commit is read with the votes of one pull request only.
            if contenders.iter().any(|c| c.pull.head_ref_oid == pull.head_ref_oid) {
                self.warn_once(&format!("{} is of a commit that another one proposes", pull.url));
                continue;
            }
            let head = oid(&pull.head_ref_oid)?;
            // It was pushed over while we looked: the next look has it.
            let Ok(commit) = self.repo.commit_itself(head) else { continue };
            let seen = Seen {
                pull: &pull,
                slug: &slug,
                tree: commit.tree,
                parents: &commit.parents,
                now: self.client.now(),
                registry,
            };
            let tree_at = |at| Some(self.repo.commit_itself(at).ok()?.tree);
            let what = match reviews_as_votes::show(&self.repo, &heads, seen, &tree_at) {
                Err(e) if e.kind == Kind::Environment => return Err(e),
                Err(e) => Shown::Refused(e.message),
                Ok(what) => what,
            };
            match what {
                Shown::Open(dropped) => {
                    for why in dropped {
                        self.warn_once(&format!("{}: {why}", pull.url));
                    }
                    contenders.push(Contender::read(&self.repo, &heads, pull, head, self.client.now())?);
                }
                Shown::Over => over.push((slug, pull.url)),
                Shown::Refused(why) => junk.push(format!("{} is no proposal: {why}", pull.url)),
            }
        }
        self.tell_of_junk(&junk);
        let Settled { taken: mut shown, contested, told } = contest::settle(contenders, self.named.get())?;
        for words in told {
            self.warn_once(&words);
        }
        if let (Ok(registry), Some(_)) = (&registry, &known) {
            self.show_undecided(&heads, *registry, &mut shown)?;
        }
        heads.proposals = shown.iter().filter_map(|(b, p)| Some((b.clone(), p.head_ref_oid.parse().ok()?))).collect();
        Ok(State { read: Instant::now(), over: false, known, heads, pulls: shown, contested, decided: over })
    }

    /// A few are told one by one; many by their number, so that they hide nothing.
    fn tell_of_junk(&self, junk: &[String]) {
        if junk.len() <= FEW {
            for words in junk {
                self.warn_once(words);
            }
            return;
        }
        for words in junk {
            self.progress.detail(&text::visible(words));
        }
        let many = junk.len();
        self.warn_once(&format!(
            "{many} pull requests from branches called apply/…, exit/… or policy/… are no proposals; -v lists them"
        ));
    }

    /// What was merged and nobody decided waits on: its pull request is shown as if it was open, with its reviews.
    fn show_undecided(&self, heads: &Heads, registry: Sha256, shown: &mut BTreeMap<String, Pull>) -> Result<()> {
        let snapshot = Snapshot::new(&self.repo, heads.clone(), self.client.now())?;
        let memory = self.repo.path().join("karmada-partner-waiting.json");
        for proposal in snapshot.standing_alone(Some(&memory))? {
            if shown.contains_key(&proposal.branch) {
                continue;
            }
            let (base, branch) = (heads.short_branch(), &proposal.branch);
            for pull in proposals_query::merged(&self.client, &self.registry, base, branch)? {
                if self.shows(heads, registry, &pull, &proposal)? {
                    shown.insert(proposal.branch.clone(), pull);
                    break;
                }
            }
        }
        Ok(())
    }

    /// Shows a pull request's commit with its votes, if it is the one that brought what stands undecided.
    fn shows(&self, heads: &Heads, registry: Sha256, pull: &Pull, stands: &Proposal) -> Result<bool> {
        let head = oid(&pull.head_ref_oid)?;
        if !self.repo.has_commit(head) {
            let number = pull.number;
            self.remote.fetch(&self.repo, &[format!("+refs/pull/{number}/head:refs/pull/{number}/head")])?;
        }
        let commit = self.repo.commit_itself(head)?;
        let (slug, tree, now) = (&stands.partner.slug, commit.tree, self.client.now());
        let seen = Seen { pull, slug, tree, parents: &commit.parents, now, registry };
        let tree_at = |at| Some(self.repo.commit_itself(at).ok()?.tree);
        match reviews_as_votes::show(&self.repo, heads, seen, &tree_at)? {
            Shown::Open(dropped) => {
                let snapshot = Snapshot::new(&self.repo, heads.clone(), self.client.now())?;
                let it = snapshot.proposal_on(slug, &stands.branch, head)?;
                if it.is_none_or(|p| (p.subject, p.round, p.facts) != (stands.subject, stands.round, stands.facts)) {
                    return Ok(false);
                }
                for why in dropped {
                    self.warn_once(&format!("{}: {why}", pull.url));
                }
                Ok(true)
            }
            Shown::Over => Ok(false),
            Shown::Refused(why) => {
                self.warn_once(&format!("{} was merged, and is no proposal: {why}", pull.url));
                Ok(false)
            }
        }
    }

    /// Where the default branch is, when the cache has all commits that GitHub names: then git needn't be run at all.
    fn at_hand(&self, known: Option<&(Viewer, Repository)>, pulls: &[Pull]) -> Option<(String, Oid)> {
        let branch = known?.1.default_branch_ref.as_ref()?;
        let here = |hex: &str| hex.parse().ok().filter(|oid| self.repo.has_commit(*oid));
        let main = here(&branch.target.as_ref()?.oid)?;
        pulls.iter().all(|p| here(&p.head_ref_oid).is_some()).then(|| (format!("refs/heads/{}", branch.name), main))
    }

    /// Warns of something once a run, however often it is read.
    fn warn_once(&self, words: &str) {
        if self.told.borrow_mut().insert(words.to_owned()) {
            self.progress.warn(&text::visible(words));
        }
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
        self.state.borrow().as_ref().map(use_it).ok_or_else(|| Error::environment("the registry isn't read yet"))
    }

    /// The same of what was read last, however long ago.
    fn last<T>(&self, use_it: impl FnOnce(&State) -> T) -> Result<T> {
        if self.state.borrow().is_none() {
            self.refresh()?;
        }
        self.state.borrow().as_ref().map(use_it).ok_or_else(|| Error::environment("the registry isn't read yet"))
    }

    /// The registry by its present name: one that was renamed is still found by the old one, but not written to.
    fn present(&self) -> RepoName {
        let state = self.state.borrow();
        let known = state.as_ref().and_then(|s| s.known.as_ref());
        known.and_then(|(_, r)| r.name_with_owner.parse().ok()).unwrap_or_else(|| self.registry.clone())
    }

    fn known(&self) -> Result<(Viewer, Repository)> {
        self.last(|s| s.known.clone())?.ok_or_else(|| {
            Error::new(Kind::NotAllowed, "GitHub wants to know who you are, to write to the registry")
                .hint(super::fault::NO_TOKEN)
        })
    }

    fn fork(&self, viewer: &Viewer, repository: &Repository) -> Result<Fork, Stopped> {
        // Nobody else may change what a member says.
        Ok(match repository.own_fork_of(&viewer.login) {
            Some(fork) => Fork::read(fork)?,
            None => fork::make(&self.client, &self.present(), Role::Registry, &viewer.login, &*self.progress)?,
        })
    }

    fn texts(&self) -> Result<Texts> {
        Texts::new(&self.known()?.1.templates())
    }

    /// A vote on an open pull request becomes a review; whatever else is proposed goes onto a branch of our fork.
    fn propose(&self, on: &Snapshot<'_>, change: &Change, branch: &str) -> Result<(Option<Oid>, Vec<Link>), Stopped> {
        let vote = Vote::parse(change.block.as_bytes()).ok().filter(|v| v.ballot != Ballot::Request);
        let texts = self.texts()?;
        if let (Some(vote), Some(pull)) = (&vote, self.last(|s| s.pulls.get(branch).cloned())?) {
            // What was read since is another thing than what was seen.
            let seen = on.heads.proposals.iter().find(|(name, _)| name == branch).map(|(_, head)| head.to_string());
            if seen.as_ref() != Some(&pull.head_ref_oid) {
                let moved = RepoError::new(Trouble::Moved, "the pull request changed meanwhile", None);
                return Err(Stopped::Raced(moved));
            }
            let link = decide::review(&self.client, &self.present(), &texts, &pull, vote, change.evidence())?;
            return Ok((None, vec![link]));
        }
        let (viewer, repository) = self.known()?;
        let us = account(&viewer)?.login;
        if let Some(open) =
            self.last(|s| s.pulls.get(branch).cloned())?.filter(|p| !p.by().is_some_and(|by| by.is(&us)))
        {
            return Err(Error::refused(format!("it is proposed already, at {}", text::visible(&open.url)))
                .hint("say there that you want it, too; a vote of one member then decides")
                .into());
        }
        let fork = self.fork(&viewer, &repository)?;
        let program = on.program()?;
        let slug = slug_of(branch).ok_or_else(|| Error::new(Kind::Bug, format!("{branch} is no proposal's branch")))?;
        let question = Question {
            registry: self.registry.clone(),
            base: on.heads.short_branch().to_owned(),
            slug: slug.clone(),
            contact: None,
            issues: program.github.issues.place(&self.registry).cloned(),
            fork: Some(fork.name.clone()),
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
            Target::Proposal { branch, .. } => {
                let (commit, links) = self.propose(on, change, branch)?;
                if let Some(commit) = commit {
                    heads.proposals.retain(|(name, _)| name != branch);
                    heads.proposals.push((branch.clone(), commit));
                    published.commits.push(commit);
                }
                published.links.extend(links);
            }
            Target::Landing { .. } | Target::Direct => {
                let proposal = |name: &str| on.heads.proposals.iter().find(|(n, _)| n == name).map(|(_, oid)| *oid);
                let merged = match &change.target {
                    Target::Landing { branch, merge: true, .. } => proposal(branch),
                    _ => None,
                };
                let (commit, links, waits) = self.land(on, change, merged)?;
                published.commits.push(commit);
                published.links.extend(links);
                published.waits |= waits;
                if !waits {
                    return Ok(Snapshot::new(on.repo, Heads { main: Some(commit), ..heads }, on.now)?);
                }
            }
        }
        Ok(Snapshot { heads, ..*on })
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
        let begin = Snapshot { heads: on.heads.clone(), ..*on };
        let done = changes.iter().try_fold(begin, |on, change| self.step(&on, change, &mut published));
        // Whatever happened, what was read before is no longer how things are.
        if let Some(state) = self.state.borrow_mut().as_mut() {
            state.over = true;
        }
        done.map(|_| published)
    }

    fn preview(&self, change: &Change) -> Result<String> {
        let (Target::Proposal { branch, .. } | Target::Landing { branch, .. }) = &change.target else {
            return Ok(change.to_string());
        };
        let pull = self.last(|s| s.pulls.get(branch).cloned())?;
        match (Vote::parse(change.block.as_bytes()), pull) {
            (Ok(vote), Some(pull)) => {
                let words = decide::review_words(&self.texts()?, &vote, change.evidence())?;
                let lines: String = words.lines().map(|l| format!("  {}\n", text::visible(l))).collect();
                Ok(format!("Review of {}:\n{lines}", text::visible(&pull.url)))
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
        let telling = Telling {
            client: &self.client,
            registry: &registry,
            texts: &texts,
            progress: &*self.progress,
            program: &program,
            has_landed: &has_landed,
        };
        telling.announce(event, words).map_err(decide::not_told)
    }

    fn take(&self, number: u64) {
        self.named.set(Some(number));
    }

    fn contested(&self, slug: &Slug) -> Result<Vec<String>> {
        self.last(|s| {
            let about = s.contested.iter().filter(|(branch, _)| slug_of(branch).as_ref() == Some(slug));
            about.flat_map(|(_, lines)| lines.clone()).collect()
        })
    }

    fn pull_request(&self, number: u64) -> Result<(Oid, String)> {
        let path = format!("/repos/{}/pulls/{number}", self.registry);
        let call = Call::get(&path, "read the pull request");
        let pull: serde_json::Value = self.client.rest(call)?;
        let lacks = |what: &str| Error::environment(format!("GitHub doesn't say {what} of pull request {number}"));
        let head = pull["head"]["sha"].as_str().ok_or_else(|| lacks("the commit"))?;
        let author = pull["user"]["login"].as_str().ok_or_else(|| lacks("the author"))?.to_owned();
        self.remote.fetch(&self.repo, &[format!("+refs/pull/{number}/head:refs/pull/{number}/head")])?;
        Ok((oid(head)?, author))
    }

    fn committee_problems(&self, program: &Program) -> Result<Vec<Problem>> {
        let Some(team) = &program.github.team else { return Ok(Vec::new()) };
        let name = format!("{}/{}", team.org, team.team);
        let mut people: Vec<Person> = Vec::new();
        for page in 1.. {
            let path = format!("/orgs/{}/teams/{}/members?per_page=100&page={page}", team.org, team.team);
            let call = Call::get(&path, "read the team");
            match self.client.rest::<Vec<Person>>(call) {
                Ok(some) => {
                    let last = some.len() < 100;
                    people.extend(some);
                    if last {
                        break;
                    }
                }
                Err(fault) => return Ok(compare(program, &name, Err(fault.error.message))),
            }
        }
        Ok(compare(program, &name, Ok(people)))
    }
}
