//! How repositories come, are forked, and change their names.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::access::Need;
use super::failure::Failure;
use super::git::Git;
use super::settling::Made;
use super::world::{AccountKind, Actor, Repo, TokenKind, World};

impl World {
    fn new_repo(&mut self, owner: usize, name: &str, network: usize, head: &str) -> usize {
        let path = self.root.join(format!("repos/{}.git", self.repos.len()));
        Git::create(&path, &self.root.join(format!("networks/{network}")), head);
        let id = self.new_id();
        self.repos.push(Repo {
            id,
            owner,
            name: name.to_owned(),
            path,
            network,
            parent: None,
            private: false,
            archived: false,
            deleted: false,
            issues_enabled: true,
            default_branch: head.to_owned(),
            protected: BTreeSet::new(),
            grants: HashMap::new(),
            created: self.clock,
            ready_in: 0,
            threads: BTreeMap::new(),
            labels: Vec::new(),
            statuses: Vec::new(),
            without_drafts: false,
            made: HashSet::new(),
            closed_up_to: None,
        });
        let full = self.full_name(self.repos.len() - 1).to_lowercase();
        self.redirects.remove(&full);
        self.repos.len() - 1
    }

    /// A repository with everything that another one on disk has.
    pub fn add_repository(&mut self, owner: usize, name: &str, from: &Path) -> usize {
        assert!(self.repo_named(self.login(owner), name).is_none(), "{name} exists");
        let source = Git::open(from);
        let head = source.head_branch().unwrap_or_else(|| "main".to_owned());
        self.networks += 1;
        let repo = self.new_repo(owner, name, self.networks, &head);
        copy(&from.join("objects"), &self.root.join(format!("networks/{}", self.networks)));
        let git = self.git(repo);
        for (name, oid) in source.refs() {
            assert!(git.set(&name, oid), "{name} can't be copied");
        }
        self.repos[repo].closed_up_to = git.branch(&head);
        repo
    }

    /// Forks a repository. Who has a fork already gets that one.
    pub fn fork(
        &mut self,
        actor: &Actor,
        repo: usize,
        organization: Option<&str>,
        name: Option<&str>,
        only_default: bool,
    ) -> Result<usize, Failure> {
        self.may(Some(actor), repo, Need::Read)?;
        let owner = match organization {
            Some(login) => self.account(login).filter(|org| self.accounts[*org].kind == AccountKind::Organization),
            None => Some(actor.user),
        };
        let owner = owner.ok_or_else(|| Failure::field("Repository", "organization", "invalid"))?;
        if owner != actor.user && !self.accounts[owner].members.contains(&actor.user) {
            return Err(Failure::forbidden("You do not have permission to create repositories in this organization."));
        }
        self.may_fork(actor, repo)?;
        let source = self.repos[repo].network;
        if self.repos[repo].owner == owner {
            return Err(Failure::forbidden("You cannot fork your own repository."));
        }
        let mine = |it: &Repo| it.owner == owner && it.network == source && !it.deleted;
        if let Some(fork) = self.repos.iter().position(mine) {
            return Ok(fork);
        }
        let wanted = name.unwrap_or(&self.repos[repo].name).to_owned();
        let free = |world: &Self, name: &str| world.repo_named(world.login(owner), name).is_none();
        let mut name = wanted.clone();
        let mut count = 0;
        while !free(self, &name) {
            count += 1;
            name = format!("{wanted}-{count}");
        }
        self.tick();
        let head = self.repos[repo].default_branch.clone();
        let fork = self.new_repo(owner, &name, source, &head);
        let (from, to) = (self.git(repo), self.git(fork));
        for (name, oid) in from.refs() {
            let kept = match name.strip_prefix("refs/heads/") {
                Some(branch) => !only_default || branch == head,
                None => name.starts_with("refs/tags/") && !only_default,
            };
            if kept {
                to.set(&name, oid);
            }
        }
        self.repos[fork].parent = Some(repo);
        self.repos[fork].private = self.repos[repo].private;
        self.repos[fork].issues_enabled = false;
        self.settles(fork, Made::Fork);
        // The request that brings it to zero is the first one to see it.
        self.repos[fork].ready_in = if self.fork_delay == 0 { 0 } else { self.fork_delay + 1 };
        Ok(fork)
    }

    /// Archived repositories can be forked as well.
    fn may_fork(&self, actor: &Actor, repo: usize) -> Result<(), Failure> {
        match &actor.token {
            Some(TokenKind::FineGrained) if self.repos[repo].owner != actor.user => {
                Err(Failure::forbidden("Resource not accessible by personal access token"))
            }
            Some(kind) if kind.is_integration() => Err(Failure::forbidden("Resource not accessible by integration")),
            _ => match self.may(Some(actor), repo, Need::Interact) {
                Err(failure) if self.repos[repo].archived && failure.message == Failure::archived().message => Ok(()),
                other => other,
            },
        }
    }

    pub fn rename(&mut self, repo: usize, owner: usize, name: &str) {
        let old = self.full_name(repo).to_lowercase();
        self.repos[repo].owner = owner;
        name.clone_into(&mut self.repos[repo].name);
        self.redirects.insert(old, repo);
        let new = self.full_name(repo).to_lowercase();
        self.redirects.remove(&new);
    }

    pub fn rename_default_branch(&mut self, repo: usize, name: &str) {
        let git = self.git(repo);
        let old = std::mem::replace(&mut self.repos[repo].default_branch, name.to_owned());
        let oid = git.branch(&old).unwrap();
        assert!(git.set(&format!("refs/heads/{name}"), oid));
        git.set_head(name);
        git.remove(&format!("refs/heads/{old}"));
        let protected = self.repos[repo].protected.remove(&old);
        if protected {
            self.repos[repo].protected.insert(name.to_owned());
            self.write_protection(repo);
        }
        let threads = self.repos[repo].threads.values_mut().filter(|thread| thread.open);
        for pull in threads.filter_map(|thread| thread.pull.as_mut()).filter(|pull| pull.base == old) {
            name.clone_into(&mut pull.base);
        }
    }

    /// Has git itself refuse pushes to protected branches.
    pub fn write_protection(&self, repo: usize) {
        let repo = &self.repos[repo];
        let refs: String = repo.protected.iter().map(|branch| format!("refs/heads/{branch}\n")).collect();
        std::fs::write(repo.path.join("protected"), refs).unwrap();
        let hook = "#!/bin/sh\nif grep -qxF \"$1\" \"$GIT_DIR/protected\"; then\n  \
                    echo \"error: GH006: Protected branch update failed for $1.\" >&2\n  exit 1\nfi\n";
        let path = repo.path.join("hooks/update");
        std::fs::create_dir_all(repo.path.join("hooks")).unwrap();
        crate::program(&path, hook.as_bytes());
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if !target.exists() {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
