//! Changes of refs, and what follows from them for pull requests.

use git2::{ObjectType, Oid};

use super::access::{Area, Need};
use super::failure::Failure;
use super::git::Git;
use super::settling::Made;
use super::world::{Actor, Merged, World};

impl World {
    pub fn git(&self, repo: usize) -> Git {
        Git::open(&self.repos[repo].path)
    }

    /// Whether an object can be used in this repository: in a stale fork not everything of the network can.
    pub fn has_object(&self, repo: usize, oid: Oid) -> bool {
        let git = self.git(repo);
        if git.kind(oid).is_none() {
            return false;
        }
        let it = &self.repos[repo];
        if !self.strict_forks || it.parent.is_none() || it.made.contains(&oid) {
            return true;
        }
        let tips: Vec<Oid> = git.refs().iter().map(|(_, oid)| *oid).chain(it.made.iter().copied()).collect();
        git.closure(&tips).contains(&oid)
    }

    pub fn create_ref(&mut self, actor: &Actor, repo: usize, name: &str, oid: Oid) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Push)?;
        self.is_granted(actor, Area::Contents)?;
        let valid = git2::Reference::is_valid_name(name) && name.starts_with("refs/") && name.matches('/').count() >= 2;
        if !valid || name.starts_with("refs/pull/") {
            let said = "Reference name must start with 'refs/' and contain at least two slashes.";
            return Err(Failure::refused(said).in_graphql(format!("{name} is not a valid ref name.")));
        }
        let git = self.git(repo);
        if git.get(name).is_some() {
            let said = format!("A ref named \"{name}\" already exists in the repository.");
            return Err(Failure::refused("Reference already exists").in_graphql(said));
        }
        self.must_see(repo, Made::Object(oid), || Failure::refused("Object does not exist"))?;
        self.check_target(repo, name, oid)?;
        // `a` keeps `a/b` from being made.
        if !git.set(name, oid) {
            return Err(Failure::refused("Reference update failed"));
        }
        self.settles(repo, Made::Ref(name.to_owned()));
        self.tick();
        self.sync(actor.user);
        Ok(())
    }

    fn check_target(&self, repo: usize, name: &str, oid: Oid) -> Result<(), Failure> {
        if !self.has_object(repo, oid) {
            return Err(Failure::refused("Object does not exist"));
        }
        if name.starts_with("refs/heads/") && self.git(repo).kind(oid) != Some(ObjectType::Commit) {
            return Err(Failure::refused("Reference update failed"));
        }
        Ok(())
    }

    pub fn update_ref(&mut self, actor: &Actor, repo: usize, name: &str, oid: Oid, force: bool) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Push)?;
        self.is_granted(actor, Area::Contents)?;
        let git = self.git(repo);
        let Some(old) = git.get(name) else {
            return Err(Failure::refused("Reference does not exist"));
        };
        self.must_see(repo, Made::Object(oid), || Failure::refused("Object does not exist"))?;
        self.check_target(repo, name, oid)?;
        if !force && !git.contains(oid, old) {
            return Err(Failure::refused("Update is not a fast forward"));
        }
        self.check_protection(repo, name)?;
        git.set(name, oid);
        self.tick();
        self.sync(actor.user);
        Ok(())
    }

    pub fn delete_ref(&mut self, actor: &Actor, repo: usize, name: &str) -> Result<(), Failure> {
        self.may(Some(actor), repo, Need::Push)?;
        self.is_granted(actor, Area::Contents)?;
        let git = self.git(repo);
        if git.get(name).is_none() {
            return Err(Failure::refused("Reference does not exist"));
        }
        self.check_protection(repo, name)?;
        if name == format!("refs/heads/{}", self.repos[repo].default_branch) {
            return Err(Failure::refused("Cannot delete the default branch"));
        }
        git.remove(name);
        self.tick();
        self.sync(actor.user);
        Ok(())
    }

    pub fn check_protection(&self, repo: usize, name: &str) -> Result<(), Failure> {
        let branch = name.strip_prefix("refs/heads/").unwrap_or_default();
        if !self.repos[repo].protected.contains(branch) {
            return Ok(());
        }
        Err(Failure::refused(format!("Protected branch update failed for {name}.")))
    }

    /// Brings open pull requests up to date with the branches they are of.
    pub fn sync(&mut self, by: usize) {
        for repo in 0..self.repos.len() {
            self.close_by_commits(repo, by);
            let it = &self.repos[repo];
            let open = it.threads.values().filter(|thread| thread.open && thread.pull.is_some());
            let numbers: Vec<u64> = open.map(|thread| thread.number).collect();
            if it.deleted || numbers.is_empty() {
                continue;
            }
            let git = self.git(repo);
            for number in numbers {
                self.sync_pull(&git, repo, number, by);
            }
        }
    }

    fn sync_pull(&mut self, git: &Git, repo: usize, number: u64, by: usize) {
        let now = self.clock;
        let pull = self.pull(repo, number).unwrap();
        let (head_oid, head_repo) = (pull.head_oid, pull.head_repo);
        let Some(base) = git.branch(&pull.base) else {
            return self.close(repo, number, None);
        };
        // The pull request of a repository that is gone stays as it is.
        let head = if self.repos[head_repo].deleted { Some(head_oid) } else { self.git(head_repo).branch(&pull.head) };
        if git.contains(base, head_oid) {
            self.pull_mut(repo, number).merged = Some(Merged { at: now, by, commit: base });
            self.close(repo, number, None);
            return self.close_fixed(repo, number);
        }
        let Some(head) = head else {
            return self.close(repo, number, None);
        };
        if head == head_oid {
            return;
        }
        git.set(&format!("refs/pull/{number}/head"), head);
        let pull = self.pull_mut(repo, number);
        pull.head_oid = head;
        pull.base_oid = base;
        let merged = git.contains(base, head);
        self.thread_mut(repo, number).updated = now;
        // Nothing is left of it, though nobody has merged it.
        if merged {
            self.close(repo, number, None);
        }
    }

    pub fn close(&mut self, repo: usize, number: u64, reason: Option<&'static str>) {
        let now = self.clock;
        let thread = self.thread_mut(repo, number);
        thread.open = false;
        thread.closed = Some(now);
        thread.closer = (None, None);
        thread.updated = now;
        thread.state_reason = reason;
    }
}
