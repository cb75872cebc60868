//! A registry on GitHub without a clone: what a run is about is read by two questions, and what else turns out to be
//! needed is fetched object by object. Proposals go through the API; git isn't needed.

mod gone;
mod sending;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use http::{Method, StatusCode};

use super::client::{Call, Client};
use super::fault::ApiFault;
use super::fork::Fork;
use super::objects::{self, oid};
use super::partner_query::{self, PartnerAnswer, Pull, Question};
use super::propose;
use super::registry_query::{self, Repository, Viewer};
use super::reviews_as_votes::{self, Seen, Shown};
use super::texts::Texts;
use super::threads;
use super::upload::{self, Uploaded};
use crate::domain::paths::PARTNERS;
use crate::domain::program::github::RepoName;
use crate::domain::values::is_bots;
use crate::domain::{AccountId, Event, HttpLink, Login, Program, Slug, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::progress::Progress;
use crate::forge::{Account, AtOnce, FAR_AWAY, Forge, People, Published, ReadingAhead, Stopped, Waiting};
use crate::git::{Commit, Kind, Oid, Repo, RepoError, Role, Trouble, tidied, unfit_for_author};
use crate::registry::change::{Change, Target};
use crate::registry::gone::Lost;
use crate::registry::{Heads, Partner, Proposal, Snapshot, branch_for};

/// A registry on GitHub, read as far as a run needs it.
pub struct ApiForge {
    client: Arc<Client>,
    registry: RepoName,
    repo: Repo,
    _directory: tempfile::TempDir,
    progress: Arc<dyn Progress>,
    uploaded: Arc<Uploaded>,
    known: RefCell<Option<Known>>,
    about: RefCell<Inquiry>,
    /// Whose issues are looked through, where they aren't ours.
    creator: RefCell<Option<String>>,
    uploading: RefCell<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for ApiForge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Near").field("registry", &self.registry).finish_non_exhaustive()
    }
}

struct Known {
    viewer: Viewer,
    repository: Repository,
    main: Heads,
    fork: Option<Fork>,
}

/// What the second question is about, and how far it is.
#[derive(Default)]
struct Inquiry {
    wanted: Option<(Slug, Option<Login>)>,
    asking: Option<JoinHandle<Result<PartnerAnswer, ApiFault>>>,
    answer: Option<PartnerAnswer>,
    /// The pull request that each proposal's branch stands for.
    pulls: BTreeMap<String, Pull>,
    /// Our own pull requests that no longer read as a proposal: what is proposed next takes their place.
    spent: BTreeMap<String, Pull>,
    /// Those of them that were made unfit, by their addresses.
    unfit: BTreeSet<String>,
    /// Where we took something back that nobody has put on record yet.
    taken_back: Option<Waiting>,
    /// The tree of a proposal's commit, as it really is.
    trees: BTreeMap<Oid, Oid>,
    /// What was decided about the partner and is gone.
    gone: Vec<Lost>,
}

impl ApiForge {
    pub fn new(client: Arc<Client>, registry: RepoName, progress: Arc<dyn Progress>) -> Result<Self> {
        let (repo, directory) = scratch(&client, &registry, Role::Registry)?;
        Ok(Self {
            client,
            registry,
            repo,
            _directory: directory,
            progress,
            uploaded: Arc::new(Mutex::default()),
            known: RefCell::new(None),
            about: RefCell::default(),
            creator: RefCell::default(),
            uploading: RefCell::new(None),
        })
    }

    /// The registry by its present name: one that was renamed is still found by the old one, but not written to.
    fn present(&self) -> RepoName {
        let known = self.known.borrow();
        known.as_ref().and_then(|k| k.repository.name_with_owner.parse().ok()).unwrap_or_else(|| self.registry.clone())
    }

    fn learn(&self) -> Result<()> {
        if self.known.borrow().is_some() {
            return Ok(());
        }
        let _busy = self.progress.busy(tr!("reading the registry"));
        let (viewer, repository) = registry_query::ask(&self.client, &self.registry)?;
        let main = self.main(&repository)?;
        let fork = match viewer.is_bot() {
            true => Some(itself(&repository, &main, &self.repo)?),
            false => repository.fork_of(&viewer.login).map(Fork::read).transpose()?,
        };
        *self.known.borrow_mut() = Some(Known { viewer, repository, main, fork });
        Ok(())
    }

    /// Puts what is known of the default branch into the repository here.
    fn main(&self, repository: &Repository) -> Result<Heads> {
        let target = repository.default_branch_ref.as_ref().and_then(|r| Some((&r.name, r.target.as_ref()?)));
        let Some((branch, commit)) = target else {
            return Err(Error::not_found(tr!("the registry {registry} is empty", registry = self.registry))
                .hint(tr!("push a registry made with karmada-partner init PATH there")));
        };
        let head = oid(&commit.oid)?;
        let root =
            commit.tree.as_ref().ok_or_else(|| Error::environment(tr!("GitHub's answer lacks the registry's tree")))?;
        let tree = objects::write_tree(&self.repo, root)?;
        let own = [&repository.program_directory, &repository.program_log, &repository.policies];
        let trees = [&repository.data, &repository.partners].into_iter().chain(own);
        for part in trees.flatten() {
            objects::write_tree(&self.repo, part)?;
        }
        for file in [&repository.program, &repository.founding].into_iter().flatten().filter(|f| !f.is_truncated) {
            if let Some(text) = &file.text {
                self.repo.write_object(Kind::Blob, text.as_bytes())?;
            }
        }
        self.repo.stand_in(Commit { oid: head, tree, parents: Vec::new(), message: String::new() });
        Ok(Heads { branch: format!("refs/heads/{branch}"), main: Some(head), ..Heads::default() })
    }

    fn program(&self) -> Result<Program> {
        self.learn()?;
        let main = self.known.borrow().as_ref().map(|k| k.main.clone());
        let main = main.ok_or_else(|| Error::environment(tr!("the registry isn't read yet")))?;
        Snapshot::new(&self.repo, main, self.client.now())?.program()
    }

    /// Where issues go by the program; a fine point of it is no reason to fail while reading.
    fn issues(&self) -> Option<RepoName> {
        self.program().ok()?.github.issues.place(&self.registry).cloned()
    }

    /// Asks the second question in the background, unless it is asked already.
    fn ask(&self, slug: &Slug, contact: Option<&Login>) -> Result<()> {
        self.learn()?;
        let mut about = self.about.borrow_mut();
        let same =
            about.wanted.as_ref().is_some_and(|(s, c)| s == slug && (contact.is_none() || c.as_ref() == contact));
        if same && (about.asking.is_some() || about.answer.is_some()) {
            return Ok(());
        }
        let issues = self.issues();
        let known = self.known.borrow();
        let Some(known) = known.as_ref() else { return Ok(()) };
        let viewer = known.viewer.login.clone();
        let question = Question {
            registry: self.registry.clone(),
            base: known.main.short_branch().to_owned(),
            slug: slug.clone(),
            // Of ourselves nobody need ask.
            contact: contact.filter(|c| !c.as_str().eq_ignore_ascii_case(&viewer)).cloned(),
            issues,
            fork: known.fork.as_ref().map(|f| f.name.clone()),
            creator: self.creator.borrow().clone().unwrap_or_else(|| viewer.clone()),
            viewer,
        };
        let client = self.client.clone();
        *about = Inquiry { wanted: Some((slug.clone(), contact.cloned())), ..Inquiry::default() };
        about.asking = Some(std::thread::spawn(move || partner_query::ask(&client, question)));
        Ok(())
    }

    /// Waits for the second answer, and puts it into the repository here.
    fn settle(&self) -> Result<()> {
        let mut about = self.about.borrow_mut();
        let Some(asking) = about.asking.take() else { return Ok(()) };
        let answer = asking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        let directory = answer.directory.as_ref().map(|d| objects::write_tree(&self.repo, d)).transpose()?;
        let known = self.known.borrow();
        let Some(main) = known.as_ref().map(|k| &k.main) else { return Ok(()) };
        let slug = &answer.about.slug;
        about.gone = self.gone(main, directory, &answer)?;
        let own = |pull: &Pull| is_own(pull, &answer.about.viewer);
        // What can't change any more gives way to what can.
        let mut pulls: Vec<&Pull> = answer.pulls.iter().collect();
        pulls.sort_by_key(|p| p.head_repository.is_none());
        for pull in pulls {
            // A branch's own name is for ours: others may ask for the same thing.
            let branch = if own(pull) { pull.head_ref_name.clone() } else { pull.label() };
            // A commit is read with the votes of one pull request only.
            let same = about.pulls.values().any(|p| p.head_ref_oid == pull.head_ref_oid);
            if same || about.pulls.contains_key(&branch) {
                continue;
            }
            // A pull request that can't be read, whoever made it so, must not hide the rest.
            let shown = match self.show(main, slug, pull) {
                Err(e) if e.kind == ErrorKind::Environment => return Err(e),
                Err(e) => Shown::Refused(e.message),
                Ok(shown) => shown,
            };
            match &shown {
                Shown::Open(..) => {
                    if let Some((tree, _)) = pull.content() {
                        about.trees.insert(oid(&pull.head_ref_oid)?, oid(tree)?);
                    }
                    about.pulls.insert(branch, pull.clone());
                }
                Shown::Over | Shown::Refused(_) if own(pull) => {
                    if let Shown::Refused(why) = &shown {
                        self.progress.warn(&text::visible(&tr!("{url} is no proposal: {why}", why, url = pull.url)));
                        about.unfit.insert(pull.url.clone());
                    }
                    if self.is_taken_back(slug, pull) {
                        about.taken_back = Some(Waiting { url: pull.url.clone(), why_red: pull.told.failure() });
                    }
                    about.spent.insert(branch, pull.clone());
                }
                Shown::Over => {}
                Shown::Refused(why) => self.progress.detail(&tr!("{url}: {why}", why, url = pull.url)),
            }
        }
        drop(known);
        about.answer = Some(answer);
        Ok(())
    }

    /// What commits brought to its log and isn't there.
    fn gone(&self, main: &Heads, directory: Option<Oid>, answer: &PartnerAnswer) -> Result<Vec<Lost>> {
        let Ok(registry) = Snapshot::new(&self.repo, main.clone(), self.client.now())?.registry() else {
            return Ok(Vec::new());
        };
        let log = directory.map(|directory| self.repo.entries_at(directory, "log")).transpose()?;
        let standing: BTreeSet<String> = log.into_iter().flatten().map(|entry| entry.name).collect();
        Ok(gone::of(&answer.about.slug, registry, &standing, &answer.history))
    }

    /// Whether a pull request brings nothing but that it was taken back.
    fn is_taken_back(&self, slug: &Slug, pull: &Pull) -> bool {
        let says = || -> Result<bool> {
            let tree = self.repo.commit(oid(&pull.head_ref_oid)?)?.tree;
            let Some(entry) = self.repo.at_path(tree, &format!("{PARTNERS}/{slug}"))? else { return Ok(false) };
            Ok(Partner::read(&self.repo, slug.clone(), entry.oid)?.life.is_taken_back())
        };
        says().unwrap_or(false)
    }

    /// Shows one pull request with what came along of its content.
    fn show(&self, main: &Heads, slug: &Slug, pull: &Pull) -> Result<Shown> {
        let Some((_, directory)) = pull.content() else {
            return Ok(Shown::Refused(tr!("GitHub doesn't say what is in it").into()));
        };
        let written = directory.map(|d| objects::write_tree(&self.repo, d)).transpose();
        let Ok(directory) = written else {
            return Ok(Shown::Refused(tr!("what it brings can't be read").into()));
        };
        let tree = objects::lone_directory(&self.repo, &format!("{PARTNERS}/{slug}"), directory)?;
        let registry = Snapshot::new(&self.repo, main.clone(), self.client.now())?.registry()?;
        let seen =
            Seen { pull, slug, tree, parents: &[], now: self.client.now(), clock: self.client.clock(), registry };
        reviews_as_votes::show(&self.repo, main, seen, &|at| self.tree_of(at))
    }

    /// The tree of a commit that isn't at hand.
    fn tree_of(&self, commit: Oid) -> Option<Oid> {
        let path = format!("/repos/{}/git/commits/{commit}", self.registry);
        let call = Call::get(&path, tr!("read what was reviewed"));
        let answer: serde_json::Value = self.client.rest(call).ok()?;
        answer["tree"]["sha"].as_str()?.parse().ok()
    }

    /// Whether our own open pull request at this address can't be read as a proposal any more: somebody pushed to its branch.
    #[must_use]
    pub fn is_unfit(&self, pull: &str) -> bool {
        self.about.borrow().unfit.contains(pull)
    }

    /// Says whose application the run will be about, and who asks for it in an issue.
    pub fn expect_of(&self, slug: &Slug, contact: Option<&Login>, creator: &Login) {
        *self.creator.borrow_mut() = Some(creator.to_string());
        *self.about.borrow_mut() = Inquiry::default();
        self.expect(slug, contact);
    }

    /// Closes a pull request of the registry.
    pub fn close_pull(&self, number: u64) -> Result<()> {
        let closed = serde_json::json!({"state": "closed"});
        Ok(threads::change(&self.client, &self.present(), number, &closed, tr!("close what is taken back"))?)
    }

    /// Where applications are asked for by issues: as the program says, or in the registry.
    pub fn place_of_issues(&self) -> Result<RepoName> {
        self.learn()?;
        Ok(self.issues().unwrap_or_else(|| self.present()))
    }

    /// Whether a pull request is of this registry, by its address.
    #[must_use]
    pub fn is_here(&self, pull: &str) -> bool {
        RepoName::of_page(pull).is_some_and(|there| there.is(&self.present()) || there.is(&self.registry))
    }

    /// Whether our branch of this name is there, as an earlier run left it.
    pub fn has_branch(&self, branch: &str) -> Result<bool> {
        self.settle()?;
        Ok(self.about.borrow().answer.as_ref().is_some_and(|answer| answer.own_branch(branch).is_some()))
    }

    /// The partner as our branch of this name has it, left by an earlier run.
    pub fn left_on(&self, slug: &Slug, branch: &str) -> Result<Option<Partner>> {
        self.settle()?;
        let about = self.about.borrow();
        let left = about.answer.as_ref().and_then(|answer| answer.own_branch(branch)?.target.as_ref());
        let Some(left) = left.map(|left| oid(&left.oid)).transpose()? else { return Ok(None) };
        let Some(tree) = self.tree_of(left) else { return Ok(None) };
        let Some(entry) = self.repo.at_path(tree, &format!("{PARTNERS}/{slug}"))? else { return Ok(None) };
        Ok(Some(Partner::read(&self.repo, slug.clone(), entry.oid)?))
    }

    /// Takes a branch of the registry away, if it is still there.
    pub fn delete_branch(&self, branch: &str) -> Result<()> {
        let path = format!("/repos/{}/git/refs/heads/{branch}", self.present());
        let call = Call { method: &Method::DELETE, ..Call::get(&path, tr!("take the branch away")) };
        match self.client.send(call) {
            Err(fault) if fault.is(StatusCode::NOT_FOUND) || fault.is(StatusCode::UNPROCESSABLE_ENTITY) => Ok(()),
            sent => Ok(sent.map(drop)?),
        }
    }

    /// The open issues of whoever asks, but this: numbers and texts.
    pub fn other_issues(&self, than: u64) -> Result<Vec<(u64, String)>> {
        self.settle()?;
        let about = self.about.borrow();
        let issues = about.answer.as_ref().and_then(|answer| answer.issues.as_ref());
        let others = issues.into_iter().flat_map(partner_query::IssuesAnswer::open).filter(|i| i.number != than);
        Ok(others.map(|i| (i.number, i.body.clone())).collect())
    }

    /// The registry's templates, over those that the program brings along.
    pub fn texts(&self) -> Result<Texts> {
        self.learn()?;
        let known = self.known.borrow();
        Texts::new(&known.as_ref().map(|k| k.repository.templates()).unwrap_or_default())
    }

    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Has the next look ask anew, about nobody yet.
    pub fn look_anew(&self) {
        *self.known.borrow_mut() = None;
        *self.about.borrow_mut() = Inquiry::default();
    }

    /// Forgets what was read: the next look asks anew.
    fn forget(&self) {
        *self.known.borrow_mut() = None;
        let mut about = self.about.borrow_mut();
        *about = Inquiry { wanted: about.wanted.take(), ..Inquiry::default() };
    }
}

/// Whether a change takes back what was proposed, rather than propose something.
const fn takes_back(change: &Change) -> bool {
    matches!(change.target, Target::Landing { .. } | Target::Direct)
}

/// A bot writes to the registry itself, and forks nothing.
fn itself(repository: &Repository, main: &Heads, repo: &Repo) -> Result<Fork> {
    let base = main.main.map(|commit| Ok::<_, Error>((commit, repo.commit(commit)?.tree))).transpose()?;
    let name = repository.name_with_owner.parse();
    let name = name.map_err(|_| Error::environment(tr!("GitHub doesn't say what the registry is called")))?;
    Ok(Fork { id: repository.id.clone(), name, base })
}

/// Whether a pull request is ours to change.
fn is_own(pull: &Pull, viewer: &str) -> bool {
    pull.is_by(viewer) || (is_bots(viewer) && pull.is_within())
}

fn login(viewer: &Viewer) -> Result<Login> {
    viewer.login.parse().map_err(|_| {
        Error::new(
            ErrorKind::NotAllowed,
            tr!("the token belongs to {login}, which isn't a person's account", login = text::quote(&viewer.login)),
        )
        .hint(super::fault::no_token())
    })
}

/// The account of a viewer, with the mailbox that GitHub lends for commits.
pub fn account(viewer: &Viewer) -> Result<Account> {
    Ok(account_of(login(viewer)?, viewer.database_id, viewer.name.as_ref()))
}

/// Somebody as an author of commits: by the name that they go by, and the mailbox that GitHub lends them.
#[must_use]
pub fn account_of(login: Login, id: Option<u64>, name: Option<&String>) -> Account {
    let number = id.map(|id| format!("{id}+")).unwrap_or_default();
    let name = name
        .filter(|name| unfit_for_author(name).is_none() && !tidied(name).is_empty())
        .cloned()
        .unwrap_or_else(|| login.to_string());
    Account { email: format!("{number}{login}@users.noreply.github.com"), name, id: id.and_then(AccountId::new), login }
}

/// A passing repository for a run without a clone: what it hasn't got is fetched object by object.
pub fn scratch(client: &Arc<Client>, name: &RepoName, role: Role) -> Result<(Repo, tempfile::TempDir)> {
    let directory = crate::files::passing_folder()?;
    let source = (client.clone(), name.clone());
    let repo = Repo::init_bare(&directory.path().join("objects.git"))?
        .come_from(client.endpoints.addresses(name))
        .filled_from(Box::new(move |oid, kind| fetch(&source.0, &source.1, role, oid, kind)));
    Ok((repo, directory))
}

pub fn fetch(
    client: &Client,
    registry: &RepoName,
    role: Role,
    oid: Oid,
    kind: Kind,
) -> Result<Option<Vec<u8>>, RepoError> {
    let (what, accept) = match kind {
        Kind::Blob => ("blobs", "application/vnd.github.raw+json"),
        Kind::Tree => ("trees", "application/vnd.github+json"),
    };
    let path = format!("/repos/{registry}/git/{what}/{oid}");
    let doing = tr!("read the {role}", role = role.noun());
    let call = Call { accept, ..Call::get(&path, &doing) };
    let failed =
        |ApiFault { error, .. }: ApiFault| RepoError::hinted(Trouble::Environment, error.message, &error.hints);
    match client.send(call) {
        Ok(answer) if kind == Kind::Blob => Ok(Some(answer.body)),
        Ok(answer) => {
            let listing: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let (mut rows, mut garbled) = (Vec::new(), false);
            for entry in listing["tree"].as_array().into_iter().flatten() {
                let mode = entry["mode"].as_str().and_then(|m| u32::from_str_radix(m, 8).ok());
                if let (Some(name), Some(mode), Some(sha)) = (entry["path"].as_str(), mode, entry["sha"].as_str()) {
                    rows.push((name.as_bytes().to_vec(), mode, sha));
                    garbled |= name.contains(char::REPLACEMENT_CHARACTER);
                }
            }
            match garbled {
                true => objects::ask_directory(client, registry, oid, &doing).map_err(failed),
                false => objects::tree_bytes(rows).map(Some).map_err(failed),
            }
        }
        Err(fault) if fault.is(StatusCode::NOT_FOUND) => Ok(None),
        Err(fault) => Err(failed(fault)),
    }
}

impl Forge for ApiForge {
    fn repo(&self) -> &Repo {
        &self.repo
    }

    fn patience(&self) -> (u32, Duration) {
        FAR_AWAY
    }

    fn heads(&self) -> Result<Heads> {
        self.learn()?;
        let wanted = self.about.borrow().wanted.clone();
        if let Some((slug, contact)) = wanted {
            self.ask(&slug, contact.as_ref())?;
        }
        self.settle()?;
        let known = self.known.borrow();
        let Some(known) = known.as_ref() else { return Err(Error::environment(tr!("the registry isn't read yet"))) };
        let about = self.about.borrow();
        let proposals =
            about.pulls.iter().filter_map(|(branch, pull)| Some((branch.clone(), pull.head_ref_oid.parse().ok()?)));
        Ok(Heads { proposals: proposals.collect(), gone: about.gone.clone(), ..known.main.clone() })
    }

    fn publish(&self, on: &Snapshot<'_>, changes: &[Change]) -> Result<Published, Stopped> {
        let mut published = Published::default();
        for change in changes {
            let branch = match &change.target {
                Target::Proposal { branch, .. } | Target::Landing { branch, .. } => branch.clone(),
                // What stands on the default branch has none any more, and who asks may not write there.
                Target::Direct => {
                    let event = Event::parse(change.block.as_bytes())
                        .map_err(|_| Error::new(ErrorKind::Bug, tr!("a proposal has no branch")))?;
                    branch_for(&event.partner, event.subject)
                }
            };
            match self.send(on, change, &branch) {
                Ok((commit, links)) => {
                    published.waits = takes_back(change);
                    published.commits.push(commit);
                    published.links.extend(links);
                }
                Err(stopped) => {
                    if matches!(stopped, Stopped::Raced(_) | Stopped::Unclear(_)) {
                        self.forget();
                    }
                    return Err(stopped);
                }
            }
        }
        Ok(published)
    }

    fn is_trial(&self) -> bool {
        false
    }

    fn preview(&self, change: &Change) -> Result<String> {
        self.settle()?;
        let known = self.known.borrow();
        let about = self.about.borrow();
        let (Target::Proposal { branch, .. } | Target::Landing { branch, .. }) = &change.target else {
            return Ok(change.to_string());
        };
        let fork = known.as_ref().and_then(|k| k.fork.as_ref());
        let place = fork.map_or_else(|| tr!("a new fork of yours").to_owned(), |f| f.name.to_string());
        let commit = tr!("Commit on {branch} of {place}:", branch, place);
        let words = change.to_string();
        let words = words.split_once('\n').map_or(words.as_str(), |(_, rest)| rest);
        let then = match (about.pulls.get(branch), &about.answer) {
            (Some(pull), _) => {
                tr!("Then: the pull request {url} is brought up to date.", url = text::visible(&pull.url))
            }
            (None, Some(answer)) if propose::is_application(change) => match &answer.issues {
                Some(issues) => tr!(
                    "Then: an issue in {place}, and a pull request to {registry}.",
                    place = text::visible(&issues.name_with_owner),
                    registry = self.registry
                ),
                None => tr!("Then: a pull request to {registry}.", registry = self.registry),
            },
            _ => tr!("Then: a pull request to {registry}.", registry = self.registry),
        };
        Ok(format!("{commit}\n{words}{then}\n"))
    }

    fn account(&self) -> Result<Option<Account>> {
        self.learn()?;
        self.known.borrow().as_ref().map(|k| account(&k.viewer)).transpose()
    }

    fn link(&self, proposal: &Proposal) -> Option<HttpLink> {
        self.about.borrow().pulls.get(&proposal.branch)?.url.parse().ok()
    }

    fn at_once(&self) -> Option<&dyn AtOnce> {
        None
    }

    fn reading_ahead(&self) -> Option<&dyn ReadingAhead> {
        Some(self)
    }

    fn people(&self) -> Option<&dyn People> {
        None
    }
}

impl ReadingAhead for ApiForge {
    fn expect(&self, slug: &Slug, contact: Option<&Login>) {
        // Whatever fails here is told when its answer is needed.
        if let Err(e) = self.ask(slug, contact) {
            self.progress.detail(&e.to_string());
        }
    }

    fn expect_file(&self, bytes: &[u8], ahead: bool) {
        let Ok(id) = self.repo.write_object(Kind::Blob, bytes) else { return };
        let Some(fork) = self.known.borrow().as_ref().and_then(|k| k.fork.clone()).filter(|_| ahead) else { return };
        // What is proposed already has its file; whether it is another one is seen when it is sent.
        let answered = self.about.borrow().asking.as_ref().is_some_and(JoinHandle::is_finished);
        if (answered && self.settle().is_err()) || !self.about.borrow().pulls.is_empty() {
            return;
        }
        let (client, uploaded, bytes) = (self.client.clone(), self.uploaded.clone(), bytes.to_vec());
        let earlier = self.uploading.borrow_mut().replace(std::thread::spawn(move || {
            let _ = upload::file(&client, &fork.name, &bytes, id, &uploaded);
        }));
        if let Some(earlier) = earlier {
            let _ = earlier.join();
        }
    }

    fn contact_exists(&self) -> Result<Option<bool>> {
        self.settle()?;
        Ok(self.about.borrow().answer.as_ref().and_then(|a| a.contact_exists))
    }

    fn has_waiting(&self, branch: &str) -> bool {
        self.known.borrow().as_ref().is_some_and(|k| k.repository.has_waiting(branch))
    }

    fn taken_back(&self) -> Option<Waiting> {
        self.about.borrow().taken_back.clone()
    }
}
