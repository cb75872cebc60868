//! What is put on issues, pull requests and commits so that people see where they stand: labels, statuses, requests for
//! reviews, drafts.

use git2::Oid;

use super::access::{Area, Need};
use super::failure::Failure;
use super::world::{Actor, Label, Permission, Status, World};

impl World {
    /// Makes a label; each name once, however it is spelled.
    pub fn create_label(&mut self, actor: &Actor, repo: usize, label: Label) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Push)?;
        self.is_granted(actor, Area::Issues)?;
        if self.label(repo, &label.name).is_some() {
            return Err(Failure::field("Label", "name", "already_exists"));
        }
        let is_color = label.color.len() == 6 && label.color.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_color || label.name.chars().count() > 50 {
            return Err(Failure::field("Label", if is_color { "name" } else { "color" }, "invalid"));
        }
        if label.description.chars().count() > 100 {
            return Err(Failure::invalid("Label", "description is too long (maximum is 100 characters)"));
        }
        self.tick();
        self.repos[repo].labels.push(label);
        Ok(())
    }

    pub fn label(&self, repo: usize, name: &str) -> Option<&Label> {
        self.repos[repo].labels.iter().find(|label| label.name.eq_ignore_ascii_case(name))
    }

    /// Labels that aren't there yet are made by the way, grey.
    pub fn know_labels(&mut self, repo: usize, names: &[String]) {
        for name in names {
            if self.label(repo, name).is_none() {
                let label = Label { name: name.clone(), color: "ededed".to_owned(), description: String::new() };
                self.repos[repo].labels.push(label);
            }
        }
    }

    pub fn remove_label(&mut self, actor: &Actor, repo: usize, number: u64, name: &str) -> Result<(), Failure> {
        self.repos[repo].threads.get(&number).ok_or_else(Failure::not_found)?;
        self.may(Some(actor), repo, Need::Interact)?;
        self.may_talk(actor, repo, number)?;
        if self.viewer_permission(actor, repo) < Some(Permission::Triage) {
            return Err(Failure::forbidden("Must have admin rights to Repository."));
        }
        let labels = &mut self.thread_mut(repo, number).labels;
        let Some(at) = labels.iter().position(|label| label.eq_ignore_ascii_case(name)) else {
            return Err(Failure::new(404, "NOT_FOUND", "Label does not exist"));
        };
        labels.remove(at);
        self.tick();
        Ok(())
    }

    pub fn set_status(&mut self, actor: &Actor, repo: usize, status: Status) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Push)?;
        self.is_granted(actor, Area::Statuses)?;
        let sha = status.sha;
        if self.git(repo).commit(sha).is_none() {
            return Err(Failure::refused(format!("No commit found for SHA: {sha}")));
        }
        if status.description.chars().count() > 140 {
            return Err(Failure::refused("Validation Failed: description is too long (maximum is 140 characters)"));
        }
        self.tick();
        self.repos[repo].statuses.push(status);
        Ok(())
    }

    /// The statuses of a commit as they are now: the newest of each context, in the order the contexts came.
    pub fn statuses(&self, repo: usize, sha: Oid) -> Vec<&Status> {
        let mut found: Vec<&Status> = Vec::new();
        for status in self.repos[repo].statuses.iter().filter(|status| status.sha == sha) {
            match found.iter_mut().find(|known| known.context == status.context) {
                Some(known) => *known = status,
                None => found.push(status),
            }
        }
        found
    }

    /// Asks people for a review: all of them, or nobody.
    pub fn request_reviews(
        &mut self,
        actor: &Actor,
        repo: usize,
        number: u64,
        logins: &[String],
    ) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Interact)?;
        self.is_granted(actor, Area::PullRequests)?;
        let pull = self.pull(repo, number).ok_or_else(Failure::not_found)?;
        if self.viewer_permission(actor, repo) < Some(Permission::Triage) {
            return Err(Failure::forbidden("Must have push access to request reviewers."));
        }
        let (author, mut wanted) = (self.thread(repo, number).author, pull.requested.clone());
        for login in logins {
            let user = self.account(login);
            if user == Some(author) {
                return Err(Failure::refused("Review cannot be requested from pull request author."));
            }
            let named = |user: &usize| {
                let it = &self.repos[repo];
                it.grants.contains_key(user) || it.owner == *user || self.accounts[it.owner].members.contains(user)
            };
            let Some(user) = user.filter(named) else {
                let name = self.full_name(repo);
                return Err(Failure::refused(format!(
                    "Reviews may only be requested from collaborators. One or more of the users or teams you \
                     specified is not a collaborator of the {name} repository."
                )));
            };
            if !wanted.contains(&user) {
                wanted.push(user);
            }
        }
        let now = self.tick();
        let pull = self.pull_mut(repo, number);
        let new = wanted.iter().filter(|user| !pull.requested.contains(user)).map(|user| (now, *user));
        pull.asks.extend(new.collect::<Vec<_>>());
        pull.requested = wanted;
        Ok(())
    }

    /// Makes a pull request a draft, or ready for review.
    pub fn set_draft(&mut self, actor: &Actor, repo: usize, number: u64, draft: bool) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Interact)?;
        self.is_granted(actor, Area::PullRequests)?;
        let author = self.thread(repo, number).author;
        if author != actor.user && self.viewer_permission(actor, repo) < Some(Permission::Write) {
            let said = format!("{} does not have the correct permissions to execute this", self.login(actor.user));
            return Err(Failure::forbidden("Must have push access").in_graphql(said));
        }
        self.may_be_draft(repo, draft)?;
        if !self.thread(repo, number).open {
            return Err(Failure::refused("Pull request is closed"));
        }
        self.tick();
        self.pull_mut(repo, number).draft = draft;
        Ok(())
    }

    /// Drafts are part of a plan.
    pub fn may_be_draft(&self, repo: usize, draft: bool) -> Result<(), Failure> {
        if draft && self.repos[repo].without_drafts {
            return Err(Failure::refused("Draft pull requests are not supported in this repository."));
        }
        Ok(())
    }
}
