//! A website on GitHub, without a clone: what is read comes by GraphQL and object by object, what is proposed goes through
//! the Git Database API into a fork of ours, and a pull request asks for it.

use std::cell::{OnceCell, RefCell};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::content::{Standing, Wanted};
use super::question::{self, Answer, Open, Shut, SiteQuestion, holds};
use super::search::{self, Listing};
use super::{Planned, Proposed, Site, SiteOutcome, Wish};
use crate::domain::program::github::RepoName;
use crate::domain::text;
use crate::error::{Error, Result};
use crate::forge::board::mark;
use crate::forge::github::api;
use crate::forge::github::branch::{self, Pointing};
use crate::forge::github::client::{Client, Repeat};
use crate::forge::github::fault::{self, ApiFault};
use crate::forge::github::fork::{self, Fork};
use crate::forge::github::objects::{self, oid};
use crate::forge::github::registry_query::RefAnswer;
use crate::forge::github::texts::Titled;
use crate::forge::github::upload::{self, Base, Content, Uploaded};
use crate::forge::github::upstream::{Upstream, Written};
use crate::forge::progress::Progress;
use crate::forge::{Account, Link, Stopped};
use crate::git::{Commit, Entry, Kind, Oid, Repo, RepoError, Role, Trouble};
use crate::render::website::mentions::Part;

/// How often to look again after an end that nobody knows.
const LOOKS: u32 = 3;

/// A website on GitHub, read as far as a run needs it.
pub struct GitHubSite {
    client: Arc<Client>,
    site: RepoName,
    repo: Repo,
    _directory: tempfile::TempDir,
    progress: Arc<dyn Progress>,
    uploaded: Uploaded,
    about: RefCell<SiteQuestion>,
    known: RefCell<Option<Answer>>,
    standing: OnceCell<Standing>,
    listing: OnceCell<Listing>,
}

impl std::fmt::Debug for GitHubSite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitHubSite").field("site", &self.site).finish_non_exhaustive()
    }
}

/// What there is, and what is to come of it.
struct Look<'a> {
    wanted: Wanted,
    outcome: SiteOutcome,
    /// The pull request to keep.
    open: Option<&'a Open>,
    /// Pull requests of ours that are to be closed.
    over: Vec<&'a Open>,
    /// The one that somebody closed.
    aside: Option<&'a Shut>,
    /// Where the branch goes, if that is known yet; and how it is there.
    fork: Option<Fork>,
    left: Option<&'a RefAnswer>,
}

impl Look<'_> {
    /// Where the branch is now, if it doesn't stay there.
    fn leaves(&self, new: Option<Oid>) -> Option<Oid> {
        let moves = matches!(self.outcome, SiteOutcome::Opened | SiteOutcome::Updated);
        let old: Option<Oid> = self.left.filter(|_| moves)?.target.as_ref()?.oid.parse().ok();
        old.filter(|old| Some(*old) != new)
    }
}

impl GitHubSite {
    pub fn new(client: Arc<Client>, site: RepoName, progress: Arc<dyn Progress>) -> Result<Self> {
        let (repo, directory) = api::scratch(&client, &site, Role::Site)?;
        let about = RefCell::new(SiteQuestion { branch: super::BRANCH.to_owned(), ..SiteQuestion::default() });
        Ok(Self {
            client,
            site,
            repo,
            _directory: directory,
            progress,
            uploaded: Mutex::default(),
            about,
            known: RefCell::new(None),
            standing: OnceCell::new(),
            listing: OnceCell::new(),
        })
    }

    /// Asks, unless it is known.
    fn learn(&self) -> Result<()> {
        if self.known.borrow().is_some() {
            return Ok(());
        }
        let _busy = self.progress.busy("reading the website's repository");
        let answer = question::ask(&self.client, &self.site, &self.about.borrow())?;
        for tree in &answer.trees {
            objects::write_tree(&self.repo, tree)?;
        }
        for file in &answer.files {
            self.repo.write_object(Kind::Blob, file.as_bytes())?;
        }
        if self.standing.get().is_none() {
            let standing = self.stand(&answer)?;
            self.standing.get_or_init(|| standing);
        }
        *self.known.borrow_mut() = Some(answer);
        Ok(())
    }

    /// Puts the top of the default branch into the repository here.
    fn stand(&self, answer: &Answer) -> Result<Standing> {
        let target = answer.repository.default_branch_ref.as_ref().and_then(|r| Some((&r.name, r.target.as_ref()?)));
        let Some((branch, head)) = target else {
            return Err(Error::not_found(format!("the website's repository {} is empty", self.site))
                .hint("push the website there first"));
        };
        let root = head.tree.as_ref().ok_or_else(|| Error::environment("GitHub's answer lacks the website's tree"))?;
        let (commit, tree) = (oid(&head.oid)?, objects::write_tree(&self.repo, root)?);
        self.repo.stand_in(Commit { oid: commit, tree, parents: Vec::new(), message: String::new() });
        Ok(Standing { branch: branch.clone(), commit, tree })
    }

    fn standing(&self) -> Result<&Standing> {
        self.learn()?;
        self.standing.get().ok_or_else(|| Error::environment("the website isn't read yet"))
    }

    /// What a wish is about is asked for together with all else, if nothing was asked yet.
    fn learn_about(&self, wish: &Wish<'_>) -> Result<()> {
        let paths: Vec<_> = wish.puts.iter().map(|(path, _)| path.rsplit_once('/').map_or("", |(d, _)| d)).collect();
        self.expect(wish.branch, &paths);
        self.learn()
    }

    fn look<'a>(&self, answer: &'a Answer, wish: &Wish<'_>) -> Result<Look<'a>> {
        let standing = self.standing()?;
        let wanted = Wanted::of(&self.repo, standing, wish)?;
        // Nothing can be pushed to what has no fork any more: a new one takes its place.
        let (alive, orphans): (Vec<_>, Vec<_>) = answer.own().partition(|open| open.head().is_some());
        let open = alive.first().copied();
        let (fork, left) = match open.and_then(Open::head) {
            Some((fork, left)) => {
                // With what is known of its default branch.
                let known = answer.repository.forks().find(|f| f.id == fork.id).map(Fork::read).transpose()?;
                (Some(known.unwrap_or(fork)), Some(left))
            }
            None if self.is_own(answer) => (Some(self.itself(answer)?), answer.branch.as_ref()),
            None => match answer.repository.fork_of(&answer.viewer.login) {
                Some(fork) => (Some(Fork::read(fork)?), fork.branch.as_ref()),
                None => (None, None),
            },
        };
        let holds = match left {
            Some(left) => holds(left, standing.commit, wanted.tree)?,
            None => false,
        };
        let says = open.is_some_and(|open| Written::from(&open.pull).says(&titled(wish)));
        let outcome = wanted.outcome(open.is_some() || (wanted.changes.is_empty() && !orphans.is_empty()), holds, says);
        if let Some(mark) = mark(wish).filter(|_| outcome == SiteOutcome::Opened) {
            let over = Vec::new();
            if let Some(same) = answer.others(&mark) {
                let (outcome, fork) = (SiteOutcome::Same, Some(self.itself(answer)?));
                return Ok(Look { wanted, outcome, open: Some(same), over, aside: None, fork, left: None });
            }
            if let Some(shut) = answer.set_aside(&mark).filter(|_| !wish.again) {
                let outcome = SiteOutcome::SetAside;
                return Ok(Look { wanted, outcome, open: None, over, aside: Some(shut), fork, left });
            }
        }
        let touched = !outcome.is_idle();
        if let Some((tip, title)) = left.filter(|_| touched && !holds).and_then(question::of_others) {
            let place = fork.as_ref().map_or_else(|| self.site.to_string(), |fork| fork.name.to_string());
            return Err(super::holds_others(wish.branch, &place, tip, title).hint(
                "have it merged first; or keep it under another name and delete the branch there; then run this again",
            ));
        }
        let (open, over) = match outcome {
            SiteOutcome::Closed => (None, alive.into_iter().chain(orphans).collect()),
            _ => (open, orphans),
        };
        Ok(Look { wanted, outcome, open, over, aside: None, fork, left })
    }

    /// What is ours can't be forked by us, and a bot has no forks: the branch goes into it.
    fn is_own(&self, answer: &Answer) -> bool {
        let viewer = &answer.viewer;
        viewer.is_bot() || self.present(answer).owner.as_str().eq_ignore_ascii_case(&viewer.login)
    }

    fn itself(&self, answer: &Answer) -> Result<Fork> {
        let standing = self.standing()?;
        let base = Some((standing.commit, standing.tree));
        Ok(Fork { id: answer.repository.id.clone(), name: self.present(answer), base })
    }

    /// The repository by its present name: one that was renamed is still found by the old one, but not written to.
    fn present(&self, answer: &Answer) -> RepoName {
        answer.repository.name_with_owner.parse().unwrap_or_else(|_| self.site.clone())
    }

    /// Does what there is to do, from what is known. Each step looks like the last run left it.
    fn send(&self, answer: &Answer, wish: &Wish<'_>) -> Result<Proposed, Stopped> {
        let site = self.present(answer);
        let mut look = self.look(answer, wish)?;
        if !look.outcome.is_idle() && answer.repository.is_archived {
            return Err(fault::archived(&self.site, Role::Site).into());
        }
        let (mut commit, mut links) = (None, Vec::new());
        let link = |url: &str| Link { what: "pull request", url: url.to_owned() };
        let mut made = None;
        match look.outcome {
            SiteOutcome::Nothing => {}
            SiteOutcome::SetAside => links.extend(look.aside.map(|shut| link(&shut.pull.url))),
            SiteOutcome::Closed => links.extend(look.over.iter().map(|open| link(&open.pull.url))),
            SiteOutcome::Same => {
                commit = look.open.and_then(|open| open.pull.head_ref_oid.parse().ok());
                links.extend(look.open.map(|open| link(&open.pull.url)));
            }
            SiteOutcome::Opened | SiteOutcome::Updated => {
                let fork = match look.fork.take() {
                    Some(fork) => fork,
                    None => {
                        let fork = fork::make(&self.client, &site, Role::Site, &answer.viewer.login, &*self.progress)?;
                        // It may have been there all along, as a fork of another fork, with a branch of ours.
                        made = question::branch_in(&self.client, &fork.name, wish.branch)?;
                        fork
                    }
                };
                look.left = look.left.or(made.as_ref());
                let words = titled(wish);
                let (id, base) = (&answer.repository.id, &self.standing()?.branch);
                let upstream = Upstream { client: &self.client, name: &site, id, base, fork: &fork };
                if let Some(open) = look.open {
                    // The words first: a branch that hasn't moved yet is seen by the next run.
                    upstream.set_words(&open.pull, &words)?;
                }
                commit = Some(self.bring(&fork, &look, wish)?);
                links.push(link(&match look.open {
                    Some(open) => open.pull.url.clone(),
                    None => open(upstream, wish.branch, &words)?,
                }));
                look.fork = Some(fork);
            }
        }
        for open in &look.over {
            self.close(open, look.outcome == SiteOutcome::Closed)?;
        }
        let replaced = look.leaves(commit);
        let place = look.fork.as_ref().unwrap_or(&self.itself(answer)?).name.to_string();
        Ok(Proposed { outcome: look.outcome, commit, changes: look.wanted.changes, place, replaced, links })
    }

    /// Has the branch hold what is wanted, as one commit on the default branch; gives that commit. When GitHub doesn't want
    /// it there, on what the fork has, if the same files change from there in the same way.
    fn bring(&self, fork: &Fork, look: &Look<'_>, wish: &Wish<'_>) -> Result<Oid, Stopped> {
        let standing = self.standing()?;
        let present = Base { parents: vec![standing.commit], tree: standing.tree };
        let fault = match self.bring_on(&present, fork, look, wish)? {
            Ok(commit) => return Ok(commit),
            Err(fault) => fault,
        };
        let Some((commit, tree)) = fork.base.filter(|_| fork.may_be_behind(&present.parents, &fault)) else {
            return Err(fault.into());
        };
        if look.wanted.is_the_same_on(&self.repo, standing, tree)? {
            let older = Base { parents: vec![commit], tree };
            return self.bring_on(&older, fork, look, wish)?.map_err(Into::into);
        }
        let page = format!("{}/{}", self.client.endpoints.web, fork.name);
        Err(fault.error.hint(format!("your fork is behind: press “Sync fork” at {page}, and run it again")).into())
    }

    fn bring_on(
        &self,
        base: &Base,
        fork: &Fork,
        look: &Look<'_>,
        wish: &Wish<'_>,
    ) -> Result<Result<Oid, ApiFault>, Stopped> {
        let tree = self.repo.tree_with(Some(base.tree), &look.wanted.puts)?;
        if let Some(left) = look.left
            && holds(left, base.parents[0], tree)?
            && let Some(target) = &left.target
        {
            return Ok(Ok(oid(&target.oid)?));
        }
        let content = Content { puts: &look.wanted.puts, message: wish.message, author: wish.author, committer: None };
        let commit = match upload::commit(&self.client, &self.repo, &fork.name, base, content, &self.uploaded) {
            Ok(commit) => commit,
            Err(fault) => return Ok(Err(fault)),
        };
        let Some(pointing) = Pointing::to(commit, fork, wish.branch, look.left) else { return Ok(Ok(commit)) };
        let variables = json!({"ref": pointing.input});
        let data = branch::send(&self.client, &[pointing.declares], &[pointing.part], &variables)?;
        Ok(pointing.result(&self.client, &data)?.map(|()| commit))
    }

    /// Says once why a pull request of ours is closed, and closes it.
    fn close(&self, open: &Open, landed: bool) -> Result<(), ApiFault> {
        let doing = "close the old pull request";
        let mark = format!("{}over at {} -->", mark!(), open.pull.head_ref_oid);
        let why = match landed {
            true => "The website has all of this by now. Nothing is left to merge, so this is closed.",
            false => "The fork that this came from is gone. Another pull request takes its place.",
        };
        let (mut declares, mut parts) = (vec!["$close: ClosePullRequestInput!"], Vec::new());
        let mut variables = json!({"close": {"pullRequestId": open.id}});
        if !open.is_marked(&mark) {
            declares.push("$comment: AddCommentInput!");
            parts.push("addComment(input: $comment) { clientMutationId }");
            variables["comment"] = json!({"subjectId": open.id, "body": format!("{why}\n\n{mark}\n")});
        }
        parts.push("closePullRequest(input: $close) { clientMutationId }");
        let document = format!("mutation Close({}) {{ {} }}", declares.join(", "), parts.join(" "));
        let data = self.client.graphql(&document, &variables, Repeat::Creates, doing)?;
        if let Some(fault) = data.fault("addComment", doing) {
            self.progress.detail(&fault.error.to_string());
        }
        match data.fault("closePullRequest", doing).filter(|_| data.data["closePullRequest"].is_null()) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    /// What is known now, or an error; never held while something is asked.
    fn with<T, E: From<Error>>(&self, wish: &Wish<'_>, act: impl FnOnce(&Answer) -> Result<T, E>) -> Result<T, E> {
        self.learn_about(wish)?;
        match self.known.borrow().as_ref() {
            Some(answer) => act(answer),
            None => Err(Error::environment("the website isn't read yet").into()),
        }
    }
}

fn open(upstream: Upstream<'_>, branch: &str, words: &Titled) -> Result<String, Stopped> {
    match upstream.open(branch, words) {
        Err(fault) if fault.error.message.contains("already exists") => {
            Err(Stopped::Raced(RepoError::new(Trouble::Moved, "the pull request is there", None)))
        }
        Err(fault) if fault.is_forbidden() => {
            Err(upstream.left_to_a_person(branch, words, &format!("the branch {branch}"), fault).into())
        }
        other => Ok(other?),
    }
}

fn titled(wish: &Wish<'_>) -> Titled {
    let marked = mark(wish).map(|mark| format!("\n\n{mark}")).unwrap_or_default();
    Titled { title: wish.title.trim().to_owned(), body: format!("{}{marked}", wish.body.trim()) }
}

/// What a pull request is known by that says what is wished.
fn mark(wish: &Wish<'_>) -> Option<String> {
    (!wish.about.is_empty()).then(|| format!("{}page {} -->", mark!(), wish.about))
}

impl Site for GitHubSite {
    fn expect(&self, branch: &str, paths: &[&str]) {
        let mut about = self.about.borrow_mut();
        if about.branch != branch {
            branch.clone_into(&mut about.branch);
            // What is known is about another one.
            *self.known.borrow_mut() = None;
        }
        about.paths.extend(paths.iter().map(|p| p.trim_matches('/').to_owned()).filter(|p| !p.is_empty()));
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        self.standing()?.read(&self.repo, path)
    }

    fn list(&self, directory: &str) -> Result<Vec<Entry>> {
        self.standing()?.list(&self.repo, directory)
    }

    fn show(&self, part: Part, see: &mut dyn FnMut(&str, &[u8])) -> Result<usize> {
        let _busy = self.progress.busy("searching the website's repository");
        let listing = match self.listing.get() {
            Some(known) => known,
            None => {
                let read = search::list(&self.client, &self.site, self.standing()?.tree)?;
                self.listing.get_or_init(|| read)
            }
        };
        Ok(search::show(&self.client, &self.site, listing, part, see)?)
    }

    fn account(&self) -> Result<Option<Account>> {
        self.learn()?;
        self.known.borrow().as_ref().map(|answer| api::account(&answer.viewer)).transpose()
    }

    fn proposed(&self, branch: &str) -> Result<Option<String>> {
        self.expect(branch, &[]);
        self.learn()?;
        let known = self.known.borrow();
        let Some(answer) = known.as_ref() else { return Ok(None) };
        let Some(open) = answer.own().find(|open| open.head().is_some()) else { return Ok(None) };
        let Some((fork, left)) = open.head() else { return Ok(None) };
        let Some(commit) = question::ours(left) else { return Ok(None) };
        Ok(question::message_of(&self.client, &fork.name, commit)?)
    }

    fn plan(&self, wish: &Wish<'_>) -> Result<Planned> {
        self.with(wish, |answer| {
            let look = self.look(answer, wish)?;
            let replaces = look.leaves(None);
            let place = look.fork.map_or_else(|| "a new fork of yours".to_owned(), |f| f.name.to_string());
            let pulls = look.open.into_iter().chain(look.over).map(|open| &open.pull);
            let pulls = pulls.chain(look.aside.map(|shut| &shut.pull));
            let links = pulls.map(|pull| Link { what: "pull request", url: text::visible(&pull.url) }).collect();
            Ok(Planned { outcome: look.outcome, changes: look.wanted.changes, place, replaces, links })
        })
    }

    fn propose(&self, wish: &Wish<'_>) -> Result<Proposed> {
        let _busy = self.progress.busy("proposing to the website");
        // What it came to is told by how it was found: a step that took effect unseen is ours.
        let mut first = None;
        for look in 0.. {
            let sent = self.with(wish, |answer| {
                first.get_or_insert(self.look(answer, wish)?.outcome);
                self.send(answer, wish)
            });
            let (why, pause) = match sent {
                Ok(proposed) => return Ok(Proposed { outcome: first.unwrap_or(proposed.outcome), ..proposed }),
                Err(Stopped::Raced(e)) if look < LOOKS => (e.message, Duration::from_millis(50)),
                Err(Stopped::Unclear(e)) if look < LOOKS => (e.message, Duration::from_millis(200 << look)),
                Err(Stopped::Raced(_)) => return Err(super::raced(wish.branch)),
                Err(Stopped::Unclear(e) | Stopped::Failed(e)) => return Err(e),
            };
            self.progress.detail(&format!("{why}; looking what is there"));
            *self.known.borrow_mut() = None;
            std::thread::sleep(pause);
        }
        unreachable!("the loop ends by returning")
    }
}
