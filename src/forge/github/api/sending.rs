//! Sending a proposal without a clone: on what it is made, and into which fork it goes.

use std::borrow::Cow;

use super::{ApiForge, Inquiry, account, is_own, itself};
use crate::domain::paths::PARTNERS;
use crate::domain::{Login, Program, Slug, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::github::fault;
use crate::forge::github::fork::{self, Fork};
use crate::forge::github::objects::oid;
use crate::forge::github::partner_query::Pull;
use crate::forge::github::propose::{self, Proposed, Tools};
use crate::forge::github::texts::Texts;
use crate::forge::github::upload::Base;
use crate::forge::github::upstream::Upstream;
use crate::forge::{Link, Stopped};
use crate::git::{Mode, Oid, Put, RepoError, Role};
use crate::registry::Snapshot;
use crate::registry::change::Change;

impl ApiForge {
    /// Our fork; made when there is none.
    fn fork(&self) -> Result<Fork, Stopped> {
        if let Some(fork) = self.known.borrow().as_ref().and_then(|k| k.fork.clone()) {
            return Ok(fork);
        }
        let viewer = self.known.borrow().as_ref().map(|k| k.viewer.login.clone()).unwrap_or_default();
        let fork = fork::make(&self.client, &self.present(), Role::Registry, &viewer, &*self.progress)?;
        if let Some(known) = self.known.borrow_mut().as_mut() {
            known.fork = Some(fork.clone());
        }
        // It may have been there all along, as a fork of another fork, with branches of ours.
        let wanted = self.about.borrow().wanted.clone();
        if let Some((slug, contact)) = wanted {
            *self.about.borrow_mut() = Inquiry::default();
            self.ask(&slug, contact.as_ref())?;
            self.settle()?;
        }
        Ok(fork)
    }

    /// The registry itself, where a member goes on with a proposal from a branch of it that isn't their own.
    fn within(&self, branch: &str, program: &Program) -> Result<Option<Fork>> {
        let (known, about) = (self.known.borrow(), self.about.borrow());
        let (Some(known), Some(pull)) = (known.as_ref(), about.pulls.get(branch)) else { return Ok(None) };
        let viewer = &known.viewer.login;
        let member = viewer.parse::<Login>().is_ok_and(|login| program.may_vote(&login));
        let theirs = pull.is_within() && !is_own(pull, viewer);
        (member && theirs).then(|| itself(&known.repository, &known.main, &self.repo)).transpose()
    }

    /// Refuses to go on with another's pull request before a fork is made that has no part in it.
    fn refuse_anothers(&self, branch: &str) -> Result<()> {
        let (known, about) = (self.known.borrow(), self.about.borrow());
        let (Some(known), Some(answer)) = (known.as_ref(), about.answer.as_ref()) else { return Ok(()) };
        match about.pulls.get(branch) {
            Some(pull) if known.fork.is_none() && !is_own(pull, &known.viewer.login) => {
                Err(of_another(pull, &answer.about.slug))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn send(&self, on: &Snapshot<'_>, change: &Change, branch: &str) -> Result<(Oid, Vec<Link>), Stopped> {
        let archived = self.known.borrow().as_ref().is_some_and(|k| k.repository.is_archived);
        if archived {
            return Err(fault::archived(&self.registry, Role::Registry).into());
        }
        let program = on.program()?;
        // What a workflow wrote is in the registry itself: there a member goes on with it.
        let fork = match self.within(branch, &program)? {
            Some(registry) => registry,
            None => {
                self.refuse_anothers(branch)?;
                self.fork()?
            }
        };
        if let Some(uploading) = self.uploading.borrow_mut().take() {
            // It is tried again where it is needed.
            let _ = uploading.join();
        }
        let known = self.known.borrow();
        let about = self.about.borrow();
        let (Some(known), Some(answer)) = (known.as_ref(), about.answer.as_ref()) else {
            return Err(Error::new(ErrorKind::Bug, tr!("nothing is known about the partner")).into());
        };
        let slug = &answer.about.slug;
        let current = about.pulls.get(branch);
        let mut pull = current.or_else(|| about.spent.get(branch));
        let mut change = Cow::Borrowed(change);
        let mut orphan = None;
        let fork = match pull {
            Some(open) if open.fork().is_some_and(|there| there.is(&self.present()) && there.is(&fork.name)) => fork,
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
        // A colleague's pull request from the same fork has the branch already.
        let theirs = |p: &&Pull| p.head_ref_name == branch && p.fork().is_some_and(|there| there.is(&fork.name));
        if let Some(taken) = answer.pulls.iter().filter(|_| pull.is_none()).find(theirs) {
            fork_of_pull(taken, &fork, &known.viewer.login, slug)?;
        }
        let landed = self.landed(on.tree, slug)?;
        let takes_back = super::takes_back(&change);
        let upstream = Base { parents: vec![on.commit], tree: on.tree };
        let base = match current {
            None => upstream,
            Some(pull) => {
                let head = oid(&pull.head_ref_oid)?;
                let tree = *about.trees.get(&head).unwrap_or(&on.tree);
                if takes_back {
                    // Members' reviews are theirs to put on record, and no applicant's.
                    let votes = format!("{PARTNERS}/{slug}/votes/");
                    let own = |path: &str, put: &Put| {
                        let there = self.repo.at_path(tree, path).ok().flatten();
                        matches!((put, there), (Put::Object(_, oid), Some(there)) if there.oid == *oid)
                    };
                    change.to_mut().puts.retain(|(path, put)| !path.starts_with(&votes) || own(path, put));
                    // What is taken back leaves only its record: the branch begins anew, so that no button brings facts along,
                    // nor the commits that had them.
                    upstream
                } else {
                    Base { parents: vec![head], tree }
                }
            }
        };
        let texts = Texts::new(&known.repository.templates())?;
        let registry = self.present();
        let bot = known.viewer.is_bot().then(|| account(&known.viewer)).transpose()?;
        let tools = Tools {
            upstream: Upstream {
                client: &self.client,
                name: &registry,
                id: &known.repository.id,
                base: on.heads.short_branch(),
                fork: &fork,
            },
            repo: &self.repo,
            texts: &texts,
            program: &program,
            issues: answer.issues.as_ref(),
            uploaded: &self.uploaded,
            committer: bot.as_ref().map(|bot| (bot.name.as_str(), bot.email.as_str())),
            progress: &*self.progress,
        };
        let record = on.landed(slug)?.record;
        let left = answer.own_branch(branch);
        let it = Proposed {
            change: &change,
            branch: pull.map_or(branch, |pull| &pull.head_ref_name),
            slug,
            base: &base,
            landed: &landed,
            pull,
            orphan,
            fresh: current.is_none() || takes_back,
            left,
            record: record.as_ref(),
        };
        propose::propose(tools, it)
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
    let own = is_own(pull, viewer);
    match pull.fork() {
        Some(there) if own && there.is(&fork.name) => Ok(Some(fork.clone())),
        Some(there) if own => Ok(Some(Fork { name: there, ..fork.clone() })),
        None if own => Ok(None),
        _ => Err(of_another(pull, slug)),
    }
}

/// That a pull request is somebody else's to change.
fn of_another(pull: &Pull, slug: &Slug) -> Error {
    let by = pull.by().map_or_else(|| tr!("somebody else").to_owned(), |l| l.to_string());
    Error::new(
        ErrorKind::NotAllowed,
        tr!("the proposal about {slug} is a pull request by {by}, and only its author can change it", slug, by),
    )
    .hint(tr!("say it there: {url}", url = text::visible(&pull.url)))
}
