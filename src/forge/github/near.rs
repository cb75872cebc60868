//! A registry on GitHub without a clone: what a run is about is read by two questions, and what else turns out to be
//! needed is fetched object by object. Proposals go through the API; git isn't needed.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use http::Method;

use super::client::{Call, Client, Repeat};
use super::fault::Fault;
use super::fork::{self, Fork};
use super::objects::{self, oid};
use super::overlay::{self, Seen, Shown};
use super::partner_query::{self, PartnerAnswer, Pull, Question};
use super::propose::{self, Place, Proposed};
use super::registry_query::{self, Repository, Viewer};
use super::texts::Texts;
use super::upload::{self, Base, Uploaded};
use crate::change::{Change, Target};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::{Account, Forge, Link, Published, Stopped};
use crate::partner::github::{Issues, RepoName};
use crate::partner::{Line, Login, Program, Slug, text};
use crate::registry::{Heads, PARTNERS, Proposal, Snapshot};
use crate::repo::{Commit, Kind, Mode, Oid, Put, Repo, RepoError, Trouble};
use crate::ui::Ui;

/// A registry on GitHub, read as far as a run needs it.
pub struct Near {
    client: Arc<Client>,
    registry: RepoName,
    repo: Repo,
    _directory: tempfile::TempDir,
    ui: Ui,
    uploaded: Arc<Uploaded>,
    known: RefCell<Option<Known>>,
    about: RefCell<About>,
    uploading: RefCell<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Near {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Near").field("registry", &self.registry).finish_non_exhaustive()
    }
}

/// What the first question gave.
struct Known {
    viewer: Viewer,
    repository: Repository,
    main: Heads,
    fork: Option<Fork>,
}

/// What the second question is about, and how far it is.
#[derive(Default)]
struct About {
    wanted: Option<(Slug, Option<Login>)>,
    asking: Option<JoinHandle<Result<PartnerAnswer, Fault>>>,
    answer: Option<PartnerAnswer>,
    /// The pull request that each proposal's branch stands for.
    pulls: BTreeMap<String, Pull>,
    /// Our own pull requests that no longer read as a proposal: what is proposed next takes their place.
    spent: BTreeMap<String, Pull>,
    /// The tree of a proposal's commit, as it really is.
    trees: BTreeMap<Oid, Oid>,
}

impl Near {
    /// A registry.
    pub fn new(client: Arc<Client>, registry: RepoName, ui: Ui) -> Result<Self> {
        let cant = |e: std::io::Error| Error::environment(format!("can't make a temporary directory: {e}"));
        let directory = tempfile::tempdir().map_err(cant)?;
        let source = (client.clone(), registry.clone());
        let repo = Repo::init_bare(&directory.path().join("objects.git"))?
            .filled_from(Box::new(move |oid, kind| fetch(&source.0, &source.1, oid, kind)));
        Ok(Self {
            client,
            registry,
            repo,
            _directory: directory,
            ui,
            uploaded: Arc::new(Mutex::default()),
            known: RefCell::new(None),
            about: RefCell::default(),
            uploading: RefCell::new(None),
        })
    }

    /// The registry by its present name: one that was renamed is still found by the old one, but not written to.
    fn present(&self) -> RepoName {
        let known = self.known.borrow();
        known.as_ref().and_then(|k| k.repository.name_with_owner.parse().ok()).unwrap_or_else(|| self.registry.clone())
    }

    /// Asks the first question, once.
    fn learn(&self) -> Result<()> {
        if self.known.borrow().is_some() {
            return Ok(());
        }
        let _busy = self.ui.spinner("reading the registry");
        let (viewer, repository) = registry_query::ask(&self.client, &self.registry)?;
        let main = self.main(&repository)?;
        let fork = repository.fork_of(&viewer.login).map(Fork::read).transpose()?;
        *self.known.borrow_mut() = Some(Known { viewer, repository, main, fork });
        Ok(())
    }

    /// Puts what is known of the default branch into the repository here.
    fn main(&self, repository: &Repository) -> Result<Heads> {
        let target = repository.default_branch_ref.as_ref().and_then(|r| Some((&r.name, r.target.as_ref()?)));
        let Some((branch, commit)) = target else {
            return Err(Error::not_found(format!("the registry {} is empty", self.registry))
                .hint("push a registry made with karmada-partner init PATH there"));
        };
        let head = oid(&commit.oid)?;
        let root =
            commit.tree.as_ref().ok_or_else(|| Error::environment("GitHub's answer lacks the registry's tree"))?;
        let tree = objects::write_tree(&self.repo, root)?;
        for part in [&repository.data, &repository.partners].into_iter().flatten() {
            objects::write_tree(&self.repo, part)?;
        }
        if let Some(text) = repository.program.as_ref().filter(|p| !p.is_truncated).and_then(|p| p.text.as_ref()) {
            self.repo.write_object(Kind::Blob, text.as_bytes())?;
        }
        self.repo.stand_in(Commit { oid: head, tree, parents: Vec::new(), message: String::new() });
        Ok(Heads {
            branch: format!("refs/heads/{branch}"),
            main: Some(head),
            proposals: Vec::new(),
            closed: Vec::new(),
        })
    }

    fn program(&self) -> Result<Program> {
        self.learn()?;
        let main = self.known.borrow().as_ref().map(|k| k.main.clone());
        let main = main.ok_or_else(|| Error::environment("the registry isn't read yet"))?;
        Snapshot::new(&self.repo, main)?.program()
    }

    /// Where issues go by the program; a fine point of it is no reason to fail while reading.
    fn issues(&self) -> Option<RepoName> {
        match self.program().ok()?.github.issues {
            Issues::Here => Some(self.registry.clone()),
            Issues::Elsewhere(name) => Some(name),
            Issues::Nowhere => None,
        }
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
            base: known.main.branch.trim_start_matches("refs/heads/").to_owned(),
            slug: slug.clone(),
            // Of ourselves nobody need ask.
            contact: contact.filter(|c| !c.as_str().eq_ignore_ascii_case(&viewer)).cloned(),
            issues,
            fork: known.fork.as_ref().map(|f| f.name.clone()),
            viewer,
        };
        let client = self.client.clone();
        *about = About { wanted: Some((slug.clone(), contact.cloned())), ..About::default() };
        about.asking = Some(std::thread::spawn(move || partner_query::ask(&client, question)));
        Ok(())
    }

    /// Waits for the second answer, and puts it into the repository here.
    fn settle(&self) -> Result<()> {
        let mut about = self.about.borrow_mut();
        let Some(asking) = about.asking.take() else { return Ok(()) };
        let answer = asking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        if let Some(directory) = &answer.directory {
            objects::write_tree(&self.repo, directory)?;
        }
        let known = self.known.borrow();
        let Some(main) = known.as_ref().map(|k| &k.main) else { return Ok(()) };
        let slug = &answer.about.slug;
        // The first to ask has the name; what can't change any more gives way to what can.
        let mut pulls: Vec<&Pull> = answer.pulls.iter().collect();
        pulls.sort_by_key(|p| p.head_repository.is_none());
        for pull in pulls {
            let branch = &pull.head_ref_name;
            if about.pulls.contains_key(branch) {
                continue;
            }
            // A pull request that can't be read, whoever made it so, must not hide the rest.
            let shown = match self.show(main, slug, pull) {
                Err(e) if e.kind == ErrorKind::Environment => return Err(e),
                Err(e) => Shown::Refused(e.message),
                Ok(shown) => shown,
            };
            let own = pull.author.as_ref().is_some_and(|by| by.login.eq_ignore_ascii_case(&answer.about.viewer));
            match shown {
                Shown::Open(_) => {
                    if let Some((tree, _)) = pull.content() {
                        about.trees.insert(oid(&pull.head_ref_oid)?, oid(tree)?);
                    }
                    about.pulls.insert(branch.clone(), pull.clone());
                }
                Shown::Over | Shown::Refused(_) if own => {
                    about.spent.insert(branch.clone(), pull.clone());
                }
                Shown::Over => {}
                Shown::Refused(why) => self.ui.detail(&format!("{}: {why}", pull.url)),
            }
        }
        drop(known);
        about.answer = Some(answer);
        Ok(())
    }

    /// Shows one pull request with what came along of its content.
    fn show(&self, main: &Heads, slug: &Slug, pull: &Pull) -> Result<Shown> {
        let Some((_, directory)) = pull.content() else {
            return Ok(Shown::Refused("GitHub doesn't say what is in it".into()));
        };
        let written = directory.map(|d| objects::write_tree(&self.repo, d)).transpose();
        let Ok(directory) = written else {
            return Ok(Shown::Refused("what it brings can't be read".into()));
        };
        let tree = objects::lone_directory(&self.repo, &format!("{PARTNERS}/{slug}"), directory)?;
        let facts_at = |at| overlay::facts_in(&self.repo, self.tree_of(at)?, slug);
        overlay::show(&self.repo, main, Seen { pull, slug, tree, parents: &[] }, &facts_at)
    }

    /// The tree of a commit that isn't at hand.
    fn tree_of(&self, commit: Oid) -> Option<Oid> {
        let path = format!("/repos/{}/git/commits/{commit}", self.registry);
        let call = Call {
            method: &Method::GET,
            path: &path,
            body: None,
            accept: "application/vnd.github+json",
            repeat: Repeat::Harmless,
            doing: "read what was reviewed",
        };
        let answer: serde_json::Value = self.client.rest(call).ok()?;
        answer["tree"]["sha"].as_str()?.parse().ok()
    }

    /// Forgets what was read: the next look asks anew.
    fn forget(&self) {
        *self.known.borrow_mut() = None;
        let mut about = self.about.borrow_mut();
        *about = About { wanted: about.wanted.take(), ..About::default() };
    }

    /// Our fork; made when there is none.
    fn fork(&self) -> Result<Fork, Stopped> {
        if let Some(fork) = self.known.borrow().as_ref().and_then(|k| k.fork.clone()) {
            return Ok(fork);
        }
        let viewer = self.known.borrow().as_ref().map(|k| k.viewer.login.clone()).unwrap_or_default();
        let fork = fork::make(&self.client, &self.present(), &viewer, self.ui)?;
        if let Some(known) = self.known.borrow_mut().as_mut() {
            known.fork = Some(fork.clone());
        }
        // It may have been there all along, as a fork of another fork, with branches of ours.
        let wanted = self.about.borrow().wanted.clone();
        if let Some((slug, contact)) = wanted {
            *self.about.borrow_mut() = About::default();
            self.ask(&slug, contact.as_ref())?;
            self.settle()?;
        }
        Ok(fork)
    }

    fn send(&self, heads: &Heads, change: &Change, branch: &str) -> Result<(Oid, Vec<Link>), Stopped> {
        let archived = self.known.borrow().as_ref().is_some_and(|k| k.repository.is_archived);
        if archived {
            return Err(Error::new(ErrorKind::NotAllowed, format!("{} is archived", self.registry))
                .hint("nothing can be proposed there any more; ask where the registry has moved")
                .into());
        }
        let program = self.program()?;
        let fork = self.fork()?;
        if let Some(uploading) = self.uploading.borrow_mut().take() {
            // It is tried again where it is needed.
            let _ = uploading.join();
        }
        let known = self.known.borrow();
        let about = self.about.borrow();
        let (Some(known), Some(answer), Some(main)) = (known.as_ref(), about.answer.as_ref(), heads.main) else {
            return Err(Error::new(ErrorKind::Bug, "nothing is known about the partner").into());
        };
        let slug = &answer.about.slug;
        let current = about.pulls.get(branch);
        let mut pull = current.or_else(|| about.spent.get(branch));
        let mut change = Cow::Borrowed(change);
        let mut orphan = None;
        let fork = match pull {
            Some(open) => match fork_of_pull(open, &fork, &known.viewer.login, slug)? {
                Some(there) => there,
                None => {
                    // Nothing can be pushed to what has no fork any more: a new one takes its place.
                    orphan = Some(open);
                    pull = None;
                    fork
                }
            },
            None => fork,
        };
        let main_tree = self.repo.commit(main)?.tree;
        let landed = self.landed(main_tree, slug)?;
        let base = match current {
            None => Base { parents: vec![main], tree: main_tree },
            Some(pull) => {
                let head = oid(&pull.head_ref_oid)?;
                let tree = *about.trees.get(&head).unwrap_or(&main_tree);
                if matches!(change.target, Target::Landing { .. }) {
                    // Members' reviews are theirs to put on record, and no applicant's.
                    let votes = format!("{PARTNERS}/{slug}/votes/");
                    change.to_mut().puts.retain(|(path, _)| !path.starts_with(&votes));
                    // What is taken back leaves only its record: the facts become what they are on the default branch.
                    for file in ["partner.toml", "logo.png"].map(|name| format!("{PARTNERS}/{slug}/{name}")) {
                        let there = landed.iter().find(|(path, _)| *path == file).map(|(_, put)| put.clone());
                        change.to_mut().puts.push((file, there.unwrap_or(Put::Nothing)));
                    }
                }
                Base { parents: vec![head], tree }
            }
        };
        let texts = Texts::new(&known.repository.templates())?;
        let registry = self.present();
        let at = Place {
            client: &self.client,
            repo: &self.repo,
            registry: &registry,
            registry_id: &known.repository.id,
            branch: heads.branch.trim_start_matches("refs/heads/"),
            fork: &fork,
            texts: &texts,
            program: &program,
            issues: answer.issues.as_ref(),
            uploaded: &self.uploaded,
            ui: self.ui,
        };
        let record = Snapshot::new(&self.repo, heads.clone())?.landed(slug)?.record;
        let left = answer.own_branch(branch);
        let it = Proposed {
            change: &change,
            branch,
            slug,
            base: &base,
            landed: &landed,
            pull,
            fresh: current.is_none(),
            left,
            record: record.as_ref(),
        };
        let sent = propose::propose(at, it)?;
        if let Some(orphan) = orphan {
            propose::close(&self.client, &registry, orphan)?;
        }
        Ok(sent)
    }

    /// The files of a partner on the default branch.
    fn landed(&self, main_tree: Oid, slug: &Slug) -> Result<Vec<(String, Put)>, RepoError> {
        let mut out = Vec::new();
        let mut open = vec![format!("{PARTNERS}/{slug}")];
        while let Some(path) = open.pop() {
            match self.repo.at_path(main_tree, &path)? {
                Some(entry) if entry.mode == Mode::Tree => {
                    open.extend(self.repo.entries(entry.oid)?.into_iter().map(|e| format!("{path}/{}", e.name)));
                }
                Some(entry) => out.push((path, Put::Object(entry.mode, entry.oid))),
                None => {}
            }
        }
        Ok(out)
    }
}

/// The fork that a pull request's branch is in: its author's to move, in whichever fork it is. `None` when that fork is
/// gone.
fn fork_of_pull(pull: &Pull, fork: &Fork, viewer: &str, slug: &Slug) -> Result<Option<Fork>> {
    let there = pull.head_repository.as_ref().and_then(|r| r.name_with_owner.parse::<RepoName>().ok());
    let own = pull.author.as_ref().is_some_and(|by| by.login.eq_ignore_ascii_case(viewer));
    match there {
        Some(there) if there.is(&fork.name) => Ok(Some(fork.clone())),
        Some(there) if own => Ok(Some(Fork { name: there, ..fork.clone() })),
        None if own => Ok(None),
        _ => {
            let by = pull.by().map_or_else(|| "somebody else".to_owned(), |l| l.to_string());
            Err(Error::new(
                ErrorKind::NotAllowed,
                format!("the proposal about {slug} is a pull request by {by}, and only its author can change it"),
            )
            .hint(format!("say it there: {}", text::visible(&pull.url))))
        }
    }
}

fn login(viewer: &Viewer) -> Result<Login> {
    viewer.login.parse().map_err(|_| {
        Error::new(
            ErrorKind::NotAllowed,
            format!("the token belongs to {}, which isn't a person's account", text::quote(&viewer.login)),
        )
        .hint(super::fault::NO_TOKEN)
    })
}

/// The account of a viewer, with the mailbox that GitHub lends for commits.
pub fn account(viewer: &Viewer) -> Result<Account> {
    let login = login(viewer)?;
    let number = viewer.database_id.map(|id| format!("{id}+")).unwrap_or_default();
    let harmless = |name: &&String| text::fault(name).is_none() && !name.is_empty() && !name.contains(['<', '>']);
    let name = viewer.name.as_ref().filter(harmless).cloned().unwrap_or_else(|| login.to_string());
    Ok(Account { email: format!("{number}{login}@users.noreply.github.com"), name, login })
}

/// Fetches one object.
pub fn fetch(client: &Client, registry: &RepoName, oid: Oid, kind: Kind) -> Result<Option<Vec<u8>>, RepoError> {
    let (what, accept) = match kind {
        Kind::Blob => ("blobs", "application/vnd.github.raw+json"),
        Kind::Tree => ("trees", "application/vnd.github+json"),
    };
    let path = format!("/repos/{registry}/git/{what}/{oid}");
    let call = Call {
        method: &Method::GET,
        path: &path,
        body: None,
        accept,
        repeat: Repeat::Harmless,
        doing: "read the registry",
    };
    let failed = |fault: Fault| RepoError {
        trouble: Trouble::Environment,
        message: fault.error.message.clone(),
        hint: fault.error.hints.first().cloned(),
    };
    match client.send(call) {
        Ok(answer) if kind == Kind::Blob => Ok(Some(answer.body)),
        Ok(answer) => {
            let listing: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let mut rows = Vec::new();
            for entry in listing["tree"].as_array().into_iter().flatten() {
                let mode = entry["mode"].as_str().and_then(|m| u32::from_str_radix(m, 8).ok());
                if let (Some(name), Some(mode), Some(sha)) = (entry["path"].as_str(), mode, entry["sha"].as_str()) {
                    rows.push((name, mode, sha));
                }
            }
            objects::tree_bytes(rows.into_iter()).map(Some).map_err(failed)
        }
        Err(fault) if fault.is(http::StatusCode::NOT_FOUND) => Ok(None),
        Err(fault) => Err(failed(fault)),
    }
}

impl Forge for Near {
    fn repo(&self) -> &Repo {
        &self.repo
    }

    fn patience(&self) -> (u32, Duration) {
        (6, Duration::from_millis(200))
    }

    fn heads(&self) -> Result<Heads> {
        self.learn()?;
        let wanted = self.about.borrow().wanted.clone();
        if let Some((slug, contact)) = wanted {
            self.ask(&slug, contact.as_ref())?;
        }
        self.settle()?;
        let known = self.known.borrow();
        let Some(known) = known.as_ref() else { return Err(Error::environment("the registry isn't read yet")) };
        let about = self.about.borrow();
        let proposals =
            about.pulls.iter().filter_map(|(branch, pull)| Some((branch.clone(), pull.head_ref_oid.parse().ok()?)));
        Ok(Heads { proposals: proposals.collect(), ..known.main.clone() })
    }

    fn publish(&self, heads: &Heads, changes: &[Change]) -> Result<Published, Stopped> {
        let mut published = Published::default();
        for change in changes {
            let branch = match &change.target {
                Target::Proposal { branch, .. } | Target::Landing { branch, .. } => branch,
                Target::Direct => {
                    return Err(Error::new(ErrorKind::Bug, "a proposal has no branch").into());
                }
            };
            match self.send(heads, change, branch) {
                Ok((commit, links)) => {
                    published.waits = matches!(change.target, Target::Landing { .. });
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

    fn preview(&self, change: &Change) -> Result<String> {
        self.settle()?;
        let known = self.known.borrow();
        let about = self.about.borrow();
        let (Target::Proposal { branch, .. } | Target::Landing { branch, .. }) = &change.target else {
            return Ok(change.to_string());
        };
        let fork = known.as_ref().and_then(|k| k.fork.as_ref());
        let place = fork.map_or_else(|| "a new fork of yours".to_owned(), |f| f.name.to_string());
        let commit = format!("Commit on {branch} of {place}:");
        let words = change.to_string();
        let words = words.split_once('\n').map_or(words.as_str(), |(_, rest)| rest);
        let then = match (about.pulls.get(branch), &about.answer) {
            (Some(pull), _) => format!("Then: the pull request {} is brought up to date.", text::visible(&pull.url)),
            (None, Some(answer)) if propose::is_application(change) => match &answer.issues {
                Some(issues) => format!(
                    "Then: an issue in {}, and a pull request to {}.",
                    text::visible(&issues.name_with_owner),
                    self.registry
                ),
                None => format!("Then: a pull request to {}.", self.registry),
            },
            _ => format!("Then: a pull request to {}.", self.registry),
        };
        Ok(format!("{commit}\n{words}{then}\n"))
    }

    fn account(&self) -> Result<Option<Account>> {
        self.learn()?;
        self.known.borrow().as_ref().map(|k| account(&k.viewer)).transpose()
    }

    fn sees_everything(&self) -> bool {
        false
    }

    fn expect(&self, slug: &Slug, contact: Option<&Login>) {
        // Whatever fails here is told when its answer is needed.
        if let Err(e) = self.ask(slug, contact) {
            self.ui.detail(&e.to_string());
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

    fn has_account(&self, _login: &Login) -> Result<Option<bool>> {
        self.settle()?;
        Ok(self.about.borrow().answer.as_ref().and_then(|a| a.contact_exists))
    }

    fn has_waiting(&self, branch: &str) -> bool {
        self.known.borrow().as_ref().is_some_and(|k| k.repository.has_waiting(branch))
    }

    fn link(&self, proposal: &Proposal) -> Option<Line> {
        self.about.borrow().pulls.get(&proposal.branch)?.url.parse().ok()
    }
}
