//! How a decision comes to the default branch: pushed, or by a pull request.

use super::CloneForge;
use crate::audit::side::MOST_COMMITS;
use crate::domain::limits::PROPOSAL;
use crate::domain::paths::{PROGRAM, event_path, root_of};
use crate::domain::program::github::Landing;
use crate::domain::program::github::RepoName;
use crate::domain::{Event, Slug, Subject, Vote, text};
use crate::error::{Error, Kind, Result as Made};
use crate::forge::board::{Post, REFUSED};
use crate::forge::github::api::account;
use crate::forge::github::decide::Brought;
use crate::forge::github::fault::Effect;
use crate::forge::github::objects::oid;
use crate::forge::github::partner_query::Pull;
use crate::forge::github::posts_query::Unsettled;
use crate::forge::github::propose::Told;
use crate::forge::github::texts::Titled;
use crate::forge::github::upstream::{self, Upstream, Written};
use crate::forge::github::{announcing, decide};
use crate::forge::mirror::Mirror;
use crate::forge::{Link, Published, Stopped};
use crate::git::{Oid, Put, RefMove, RepoError, Trouble};
use crate::registry::change::{Change, Target};
use crate::registry::{Snapshot, slug_of};

/// Whose words a pull request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    Ours,
    /// Ours, which somebody had changed.
    BroughtBack,
    /// They can't be changed back.
    Others,
}

impl CloneForge {
    /// Puts a decision onto the default branch, or opens a pull request that does.
    pub(super) fn land(&self, on: &Snapshot<'_>, change: &Change, merged: Option<Oid>) -> Result<Published, Stopped> {
        let program = on.program()?;
        let event = Event::parse(change.block.as_bytes());
        // Who isn't on the committee can't push: somebody who may merges it.
        let landing = match &event {
            Ok(event) if !program.may_vote(event.by()) => Landing::PullRequest,
            _ => program.github.landing,
        };
        let tree = self.repo.tree_with(Some(on.tree), &change.puts)?;
        let mut parents = vec![on.commit];
        // Where others merge, and squash perhaps, one plain commit is what goes through.
        if let (Some(head), Landing::Push, Target::Landing { branch, .. }) = (merged, landing, &change.target)
            && self.bring_words_back(on, branch, head)?
        {
            parents.push(head);
            // Where a push was refused before, it is likely to be again, and nobody has to hear of it each time.
            if !self.was_refused(change) {
                self.mark_ready(branch)?;
            }
        }
        let commit = self.repo.write_commit(&parents, tree, &change.message(), &change.author)?;
        match landing {
            Landing::Push => {
                let moved = RefMove { name: on.heads.branch.clone(), old: Some(on.commit), new: Some(commit) };
                self.remote.push(&[moved]).map_err(|e| self.with_what_lets_it(e, Landing::Push))?;
                *self.landed.borrow_mut() = Some(commit);
                Ok(Published { commits: vec![commit], ..Published::default() })
            }
            Landing::PullRequest => {
                let event = event.map_err(|e| Error::new(Kind::Bug, tr!("a decision without an event: {e}", e)))?;
                self.bring(on, change, commit, &event)
            }
        }
    }

    /// Whether our tally says that a workflow tried to write this very thing down, and wasn't let.
    pub(super) fn was_refused(&self, change: &Change) -> bool {
        let link = Event::parse(change.block.as_bytes()).ok().and_then(|event| event.link);
        let Some(link) = link else { return false };
        let says = |post: &Unsettled| post.is_at(link.as_str()) && post.says(REFUSED);
        self.last(|s| s.watched.posts.iter().any(says)).unwrap_or_default()
    }

    /// A push that was refused, with what lets it: a rule is another cause than a right that is missing.
    fn with_what_lets_it(&self, refused: RepoError, landing: Landing) -> RepoError {
        let is_bot = self.known().is_ok_and(|(viewer, _)| viewer.is_bot());
        let hint = match (refused.trouble, landing, is_bot) {
            (Trouble::Protected, Landing::Push, _) => {
                tr!("set landing = \"pull-request\" under [github] in data/program.toml; or ask for the right to push")
            }
            (Trouble::Protected, Landing::PullRequest, _) => {
                tr!("have branches that begin with “decision/” let through, among the repository's rules")
            }
            (Trouble::NotAllowed, _, true) => {
                tr!(
                    "give the workflow's job “contents: write”, as karmada-partner init PATH --github-ci writes it where decide = \"auto\"; or the App, where it is installed"
                )
            }
            (Trouble::NotAllowed, _, false) => {
                tr!(
                    "ask for the right to write there; a fine-grained token needs “Contents: write”; karmada-partner auth tells what the token may do"
                )
            }
            _ => return refused,
        };
        RepoError { hint: Some(hint.to_owned()), ..refused }
    }

    /// What is decided is no draft any more. Where that can't be said, it lands all the same.
    fn mark_ready(&self, branch: &str) -> Result<(), Stopped> {
        let Some(pull) = self.last(|s| s.pulls.get(branch).cloned())?.filter(|p| p.is_draft && !p.id.is_empty()) else {
            return Ok(());
        };
        match announcing::mark_ready(&self.client, &pull.id) {
            Err(fault) if !matches!(fault.effect, Effect::Refused(_)) => Err(fault.into()),
            _ => Ok(()),
        }
    }

    /// GitHub acts on the text of what is merged, and its author may have changed that: it says again what we wrote. Gives
    /// whether it does.
    fn bring_words_back(&self, on: &Snapshot<'_>, branch: &str, head: Oid) -> Result<bool, Stopped> {
        let (pull, slug) = (self.last(|s| s.pulls.get(branch).cloned())?, slug_of(branch));
        let (Some(pull), Some(slug)) = (pull, slug) else { return Ok(true) };
        Ok(self.say_own_words(on, (&pull, &slug), head, false)? != Words::Others)
    }

    /// The same of what was taken back, before a click merges it. Whatever was merged into its branch says nothing.
    pub(super) fn bring_words_of_taken_back(&self, on: &Snapshot<'_>, post: &Post) -> Result<Words, Stopped> {
        let Some(mut pull) = self.last(|s| s.back.get(&post.number).cloned())? else { return Ok(Words::Ours) };
        let (Some(slug), mut head) = (slug_of(&pull.head_ref_name), oid(&pull.head_ref_oid)?) else {
            return Ok(Words::Ours);
        };
        for _ in 0..MOST_COMMITS {
            let commit = self.repo.commit_itself(head)?;
            match commit.parents.first() {
                Some(before) if !commit.message.contains("\nKP-") => head = *before,
                _ => break,
            }
        }
        (pull.title, pull.body) = (post.title.clone(), post.body.clone());
        self.say_own_words(on, (&pull, &slug), head, true)
    }

    /// Has a pull request say what we write for its commit. `trusting`: where it names the issue that its log does, GitHub isn't
    /// asked about that.
    fn say_own_words(
        &self,
        on: &Snapshot<'_>,
        (pull, slug): (&Pull, &Slug),
        head: Oid,
        trusting: bool,
    ) -> Result<Words, Stopped> {
        let (program, registry) = (on.program()?, self.present());
        let commit = self.repo.commit_itself(head)?;
        let block: String = commit.message.lines().filter(|l| l.starts_with("KP-")).map(|l| format!("{l}\n")).collect();
        let (subject, brings_facts) = match (Event::parse(block.as_bytes()), Vote::parse(block.as_bytes())) {
            (Ok(event), _) => (Some(event.subject), event.kind.applies()),
            (_, Ok(vote)) => (Some(vote.subject), vote.brings_facts()),
            _ => (None, false),
        };
        let tree = if brings_facts { commit.tree } else { on.tree };
        let record = on.partner_in(tree, slug)?.record;
        let log = on.partner_in(commit.tree, slug)?.life.log;
        let told = Told {
            web: &self.client.endpoints.web,
            fork: &pull.fork().unwrap_or_else(|| registry.clone()),
            program: &program,
            slug,
            title: commit.message.lines().next().unwrap_or_default(),
            block: &block,
            record: record.as_ref(),
            brings_facts,
            commit: head,
        };
        let words = |issue: Option<(RepoName, u64)>| -> Made<Titled> {
            let issue = issue.map(|(place, number)| match place.is(&registry) {
                true => format!("#{number}"),
                false => format!("{place}#{number}"),
            });
            self.texts()?.titled("pull-request.md", &told.values(issue.as_deref()))
        };
        if trusting && Written::from(pull).says(&words(decide::attested_in(&log))?) {
            return Ok(Words::Ours);
        }
        // An update or an exit is made of no form that could be looked for.
        let author = pull.by().filter(|_| subject.is_none_or(|subject| subject == Subject::Application));
        let issue = decide::issue_of(&self.client, &registry, &program, slug, (author.as_ref(), &pull.body), &log)?;
        let words = words(issue.map(|i| (i.place, i.number)))?;
        if Written::from(pull).says(&words) {
            return Ok(Words::Ours);
        }
        match upstream::set_words(&self.client, &registry, pull, &words) {
            Ok(()) => Ok(Words::BroughtBack),
            // Then it isn't merged.
            Err(fault) if matches!(fault.effect, Effect::Refused(_)) => Ok(Words::Others),
            Err(fault) => Err(fault.into()),
        }
    }

    /// The pull request that brings a decision, or what a contact says: ours brought up to date, somebody's that says the same, or a new one.
    fn bring(
        &self,
        snapshot: &Snapshot<'_>,
        change: &Change,
        commit: Oid,
        event: &Event,
    ) -> Result<Published, Stopped> {
        let (viewer, repository) = self.known()?;
        let program = snapshot.program()?;
        let base = snapshot.heads.short_branch();
        // A workflow asks nobody before it writes: what it has just read needn't be asked for once more.
        let branch = decide::decision_branch(event);
        let none = self.last(|s| s.brought.as_ref().is_some_and(|brought| !brought.contains(&branch)))?;
        let pending = match none && viewer.is_bot() {
            true => Vec::new(),
            false => decide::pending(&self.client, &self.registry, base, &program, event)?,
        };
        let brought = |commit: Oid, url: &str, stood: bool| Published {
            commits: vec![commit],
            links: vec![Link { what: "pull request", url: url.to_owned() }],
            waits: true,
            stood,
        };
        if let Some(there) = pending.iter().find(|p| self.brings_the_same(&p.brings, snapshot, change, event)) {
            return Ok(brought(there.brings.head, &there.url, true));
        }
        let own = |p: &&decide::Pending| p.brings.author.as_str().eq_ignore_ascii_case(&viewer.login);
        if let Some(other) = pending.iter().find(|p| !own(p)) {
            let what = if event.subject == Subject::Upkeep { tr!("something") } else { tr!("another decision") };
            return Err(Error::refused(tr!(
                "{what} by {author} waits to be merged first",
                what,
                author = other.brings.author
            ))
            .hint(tr!("talk about it there, or close it: {url}", url = text::visible(&other.url)))
            .into());
        }
        let fork = self.fork(&viewer, &repository)?;
        let here = |p: &&decide::Pending| p.fork.as_ref().is_some_and(|f| f.is(&fork.name));
        let ours = pending.iter().filter(own).find(here);
        // What was said before mustn't be lost for what is said now: both would be the same event of the log.
        if let Some(ours) = ours.filter(|_| event.subject == Subject::Upkeep) {
            return Err(Error::refused(tr!(
                "what you said of {partner} before waits to be merged",
                partner = event.partner
            ))
            .hint(tr!("have it merged first, or close it: {url}", url = text::visible(&ours.url)))
            .into());
        }
        let full = format!("refs/heads/{branch}");
        let towards = self.remote.towards(self.client.endpoints.git(&fork.name));
        let old = towards.position(&full)?;
        let stands = match old.filter(|_| ours.is_none()) {
            Some(old) => self.brought_by(&towards, &full, old, event)?,
            None => None,
        };
        // What waits there for somebody's click stays as it is.
        let stands = stands.filter(|there| self.brings_the_same(there, snapshot, change, event));
        let commit = stands.map_or(commit, |there| there.head);
        if old != Some(commit) {
            let moved = RefMove { name: full, old, new: Some(commit) };
            towards.push(&[moved]).map_err(|e| self.with_what_lets_it(e, Landing::PullRequest))?;
        }
        let pull = self.last(|s| {
            let of = event.link.as_ref().map(|l| l.as_str().to_owned());
            s.pulls.values().find(|p| Some(&p.url) == of.as_ref()).cloned()
        })?;
        let registry = self.present();
        // The issue is settled when the decision takes effect.
        let issue = match pull.as_ref().filter(|_| event.subject == Subject::Application) {
            Some(p) => {
                let tree = self.repo.commit_itself(commit)?.tree;
                let log = snapshot.partner_in(tree, &event.partner)?.life.log;
                let by = p.by();
                decide::issue_of(&self.client, &registry, &program, &event.partner, (by.as_ref(), &p.body), &log)?
            }
            None => None,
        };
        let words = decide::decision_words(&self.texts()?, change, event, pull.as_ref(), issue.as_ref())?;
        if let Some(decide::Pending { number, url, title, body, .. }) = ours {
            // It told of what it brought before, and GitHub acts on what it says now.
            let written = Written { number: *number, title, body };
            match upstream::set_words(&self.client, &registry, written, &words) {
                Err(fault) if !matches!(fault.effect, Effect::Refused(_)) => return Err(fault.into()),
                Err(fault) => {
                    self.warn_once(&tr!(
                        "{url} still says what it said: {error}",
                        url = text::visible(url),
                        error = fault.error.message
                    ));
                }
                Ok(()) => {}
            }
            return Ok(brought(commit, url, false));
        }
        let upstream = Upstream { client: &self.client, name: &registry, id: &repository.id, base, fork: &fork };
        match upstream.open(&branch, &words) {
            Ok(url) => Ok(brought(commit, &url, false)),
            Err(fault) if fault.is_forbidden() || upstream::is_switched_off(&fault) => {
                Err(upstream.left_to_a_person(&branch, &words, tr!("the decision"), fault).into())
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// What our own branch brings there, where no pull request does yet; nothing where it is too large to be a decision.
    fn brought_by(&self, towards: &Mirror, full: &str, head: Oid, event: &Event) -> Result<Option<Brought>, Stopped> {
        if !towards.fetch_at_most(&[full.to_owned()], PROPOSAL)? {
            return Ok(None);
        }
        // It was moved meanwhile.
        let Some(commit) = self.repo.commit_if_here(head) else { return Ok(None) };
        let Some(base) = commit.parents.first().copied() else { return Ok(None) };
        let path = event_path(&event.partner, event.seq);
        let block = match self.repo.at_path(commit.tree, &path)? {
            Some(entry) => String::from_utf8(self.repo.blob(entry.oid)?).ok(),
            None => None,
        };
        let event = block.and_then(|block| Some((Event::parse(block.as_bytes()).ok()?, block)));
        let author = account(&self.known()?.0)?.login;
        Ok(Some(Brought { author, head, tree: commit.tree, base, event }))
    }

    /// Whether a member's pull request brings this very decision and nothing else, apart from who writes it down and when,
    /// and still lands as it is: nothing about its partner or the policy changed since.
    fn brings_the_same(&self, pending: &Brought, snapshot: &Snapshot<'_>, change: &Change, event: &Event) -> bool {
        let Some((theirs, block)) = &pending.event else { return false };
        let own_name = theirs.by.as_ref().unwrap_or(&theirs.actor).is(&pending.author);
        let root = root_of(&event.partner);
        let log = event_path(&event.partner, event.seq);
        let puts = change.puts.iter().map(|(path, put)| match *path == log {
            true => (path.clone(), Put::Bytes(block.clone().into_bytes())),
            false => (path.clone(), put.clone()),
        });
        let at = |tree: Oid| {
            let of = |path: &str| self.repo.at_path(tree, path).ok().flatten().map(|e| e.oid);
            (of(&root), of(PROGRAM))
        };
        let on_record = self.repo.contains(snapshot.commit, pending.base).unwrap_or_default();
        let base = self.repo.commit_itself(pending.base).map(|c| c.tree);
        own_name
            && decide::same_decision(theirs, event)
            && on_record
            && base.is_ok_and(|base| {
                let expected = self.repo.tree_with(Some(base), &puts.collect::<Vec<_>>());
                at(base) == at(snapshot.tree) && expected.is_ok_and(|tree| tree == pending.tree)
            })
    }
}
