//! What people do with issues, and with what pull requests have in common with them.

use super::access::{Area, Need};
use super::failure::Failure;
use super::world::{Actor, Comment, Permission, Reopened, Thread, World};

/// What is to be changed in an issue or a pull request.
#[derive(Debug, Default)]
pub struct Change {
    pub title: Option<String>,
    pub body: Option<String>,
    pub open: Option<bool>,
    pub reason: Option<&'static str>,
    pub base: Option<String>,
    pub maintainer_can_modify: Option<bool>,
}

impl World {
    pub fn new_thread(&mut self, repo: usize, author: usize, title: &str, body: &str) -> Thread {
        let now = self.tick();
        Thread {
            id: self.new_id(),
            number: self.next_number(repo),
            title: title.to_owned(),
            body: body.to_owned(),
            author,
            open: true,
            locked: false,
            state_reason: None,
            created: now,
            updated: now,
            edited: None,
            edits: Vec::new(),
            closed: None,
            closer: (None, None),
            reopened: Vec::new(),
            labels: Vec::new(),
            comments: Vec::new(),
            pull: None,
        }
    }

    pub fn create_issue(&mut self, actor: &Actor, repo: usize, title: &str, body: &str) -> Result<u64, Failure> {
        self.may(Some(actor), repo, Need::Interact)?;
        self.is_granted(actor, Area::Issues)?;
        if !self.repos[repo].issues_enabled {
            let said = "Issues has been disabled in this repository.";
            return Err(Failure::new(410, "UNPROCESSABLE", said));
        }
        if title.trim().is_empty() {
            return Err(Failure::field("Issue", "title", "missing_field").in_graphql("Title can't be blank"));
        }
        too_long("Issue", "body", body, 65_536)?;
        too_long("Issue", "title", title, 256)?;
        let issue = self.new_thread(repo, actor.user, title, body);
        let number = issue.number;
        self.repos[repo].threads.insert(number, issue);
        Ok(number)
    }

    /// Whether a workflow is let write to this issue or pull request: of pull requests either right will do.
    pub fn may_talk(&self, actor: &Actor, repo: usize, number: u64) -> Result<(), Failure> {
        let issues = self.is_granted(actor, Area::Issues);
        match self.pull(repo, number) {
            Some(_) => issues.or_else(|_| self.is_granted(actor, Area::PullRequests)),
            None => issues,
        }
    }

    /// Whether somebody may change what somebody has written.
    fn may_edit(&self, actor: &Actor, repo: usize, author: usize, least: Permission) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Interact)?;
        let mine = self.viewer_permission(actor, repo).unwrap_or(Permission::Read);
        if author == actor.user || mine >= least {
            return Ok(());
        }
        let user = self.login(actor.user);
        let said = format!("{user} does not have the correct permissions to execute this");
        Err(Failure::forbidden("Must have admin rights to Repository.").in_graphql(said))
    }

    pub fn change_thread(&mut self, actor: &Actor, repo: usize, number: u64, change: Change) -> Result<(), Failure> {
        let thread = self.repos[repo].threads.get(&number).ok_or_else(Failure::not_found)?;
        let is_pull = thread.pull.is_some();
        let author = thread.author;
        // Whoever manages issues closes pull requests as well, but doesn't change what they say.
        let only_closes = change.title.is_none() && change.body.is_none() && change.base.is_none();
        let least = if is_pull && !only_closes { Permission::Write } else { Permission::Triage };
        self.may_edit(actor, repo, author, least)?;
        self.may_talk(actor, repo, number)?;
        let resource = if is_pull { "PullRequest" } else { "Issue" };
        if change.title.as_ref().is_some_and(|title| title.trim().is_empty()) {
            return Err(Failure::field(resource, "title", "missing_field").in_graphql("Title can't be blank"));
        }
        too_long(resource, "body", change.body.as_deref().unwrap_or_default(), 65_536)?;
        self.check_reopening(repo, number, change.open)?;
        self.check_base(repo, number, change.base.as_deref())?;
        let now = self.tick();
        let thread = self.thread_mut(repo, number);
        let body_changes = change.body.as_ref().is_some_and(|body| *body != thread.body);
        thread.updated = now;
        if body_changes {
            thread.edited = Some((now, actor.user));
            if thread.edits.is_empty() {
                thread.edits.push((thread.created, thread.author));
            }
            thread.edits.push((now, actor.user));
        }
        thread.title = change.title.unwrap_or_else(|| thread.title.clone());
        thread.body = change.body.unwrap_or_else(|| thread.body.clone());
        if let Some(pull) = &mut thread.pull {
            pull.base = change.base.unwrap_or_else(|| pull.base.clone());
            pull.maintainer_can_modify = change.maintainer_can_modify.unwrap_or(pull.maintainer_can_modify);
        }
        let was_open = thread.open;
        match change.open {
            Some(false) if was_open || change.reason.is_some() => {
                self.close(repo, number, if is_pull { None } else { change.reason.or(Some("COMPLETED")) });
                self.thread_mut(repo, number).closer = (Some(actor.user), None);
            }
            Some(true) if !was_open => {
                let thread = self.thread_mut(repo, number);
                thread.open = true;
                let (closer, by) = (thread.closer, actor.user);
                thread.reopened.extend(thread.closed.take().map(|closed| Reopened { closed, closer, at: now, by }));
                thread.state_reason = (!is_pull).then_some("REOPENED");
            }
            _ => {}
        }
        self.sync(actor.user);
        Ok(())
    }

    fn check_base(&self, repo: usize, number: u64, base: Option<&str>) -> Result<(), Failure> {
        let Some(base) = base else { return Ok(()) };
        let git = self.git(repo);
        match (git.branch(base), self.pull(repo, number)) {
            (Some(tip), Some(pull)) if !git.contains(tip, pull.head_oid) => Ok(()),
            (Some(_), Some(pull)) => {
                let said =
                    format!("There are no new commits between base branch '{base}' and head branch '{}'", pull.head);
                Err(Failure::invalid("PullRequest", said))
            }
            _ => {
                let said = format!("Proposed base branch '{base}' was not found");
                Err(Failure::field("PullRequest", "base", "invalid").in_graphql(said))
            }
        }
    }

    fn check_reopening(&self, repo: usize, number: u64, open: Option<bool>) -> Result<(), Failure> {
        let Some(pull) = self.pull(repo, number) else { return Ok(()) };
        let thread = self.thread(repo, number);
        if thread.open || open != Some(true) {
            return Ok(());
        }
        let tip = if self.repos[pull.head_repo].deleted { None } else { self.git(pull.head_repo).branch(&pull.head) };
        let said = match tip {
            _ if pull.merged.is_some() => "state cannot be changed. The pull request cannot be reopened.".to_owned(),
            None => format!("state cannot be changed. The {} branch was deleted.", pull.head),
            Some(tip) if !self.git(repo).contains(tip, pull.head_oid) => {
                format!("state cannot be changed. The {} branch was force-pushed or recreated.", pull.head)
            }
            Some(_) => return Ok(()),
        };
        Err(Failure::invalid("PullRequest", said))
    }

    pub fn comment(&mut self, actor: &Actor, repo: usize, number: u64, body: &str) -> Result<usize, Failure> {
        self.may(Some(actor), repo, Need::Interact)?;
        self.may_talk(actor, repo, number)?;
        let thread = self.repos[repo].threads.get(&number).ok_or_else(Failure::not_found)?;
        if thread.pull.is_none() && !self.repos[repo].issues_enabled {
            return Err(Failure::new(410, "UNPROCESSABLE", "Issues has been disabled in this repository."));
        }
        self.check_lock(actor, (repo, number), || {
            Failure::forbidden("Unable to create comment because issue is locked.")
        })?;
        if body.trim().is_empty() {
            return Err(Failure::field("IssueComment", "body", "missing_field").in_graphql("Body can't be blank"));
        }
        too_long("IssueComment", "body", body, 65_536)?;
        let (now, id) = (self.tick(), self.new_id());
        let comment =
            Comment { id, author: actor.user, body: body.to_owned(), created: now, updated: now, edited: None };
        let thread = self.thread_mut(repo, number);
        thread.updated = now;
        thread.comments.push(comment);
        Ok(thread.comments.len() - 1)
    }

    pub fn edit_comment(&mut self, actor: &Actor, at: (usize, u64, usize), body: &str) -> Result<(), Failure> {
        let (repo, number, index) = at;
        let author = self.thread(repo, number).comments[index].author;
        self.may_edit(actor, repo, author, Permission::Write)?;
        self.may_talk(actor, repo, number)?;
        let now = self.tick();
        let comment = &mut self.thread_mut(repo, number).comments[index];
        body.clone_into(&mut comment.body);
        comment.updated = now;
        comment.edited = Some((now, actor.user));
        Ok(())
    }

    pub fn add_labels(&mut self, actor: &Actor, repo: usize, number: u64, labels: Vec<String>) -> Result<(), Failure> {
        let thread = self.repos[repo].threads.get(&number).ok_or_else(Failure::not_found)?;
        // Unlike with the title, being the author is not enough.
        self.may_edit(actor, repo, usize::MAX, Permission::Triage)?;
        self.may_talk(actor, repo, number)?;
        let known = thread.labels.clone();
        self.tick();
        self.know_labels(repo, &labels);
        let thread = self.thread_mut(repo, number);
        thread.labels.extend(labels.into_iter().filter(|label| !known.contains(label)));
        Ok(())
    }
}

fn too_long(resource: &str, field: &str, text: &str, most: usize) -> Result<(), Failure> {
    if text.chars().count() <= most {
        return Ok(());
    }
    let said = format!("{field} is too long (maximum is {most} characters)");
    Err(Failure::invalid(resource, said))
}
