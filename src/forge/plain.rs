//! A registry in a plain git repository: a local one, written to directly, or one behind a git URL, by way of a bare
//! cache and the user's own `git`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Forge;
use crate::change::{Change, Target};
use crate::error::{Error, Result};
use crate::files;
use crate::partner::text;
use crate::registry::Heads;
use crate::repo::{Oid, RefMove, Repo, RepoError, Trouble};

/// The branches that proposals live on.
const PROPOSALS: [&str; 2] = ["refs/heads/apply/*", "refs/heads/exit/*"];

/// A registry in a plain git repository.
#[derive(Debug)]
pub struct Plain {
    repo: Repo,
    remote: Option<Remote>,
}

impl Plain {
    /// The registry at a path.
    pub fn at(path: &Path) -> Result<Self> {
        Ok(Self { repo: Repo::open(path)?, remote: None })
    }

    /// The registry behind a git URL, with a cache in `caches`. Whether git may ask the person for a password.
    pub fn behind(url: &str, caches: &Path, may_ask: bool) -> Result<Self> {
        let name = crate::partner::Sha256::of(url.as_bytes()).short();
        let cache = caches.join("registries").join(format!("{name}.git"));
        if !cache.exists() {
            files::place_repository(&cache, |inside| Ok(Repo::init_bare(inside).map(drop)?))?;
        }
        let repo = Repo::open(&cache)?;
        Ok(Self { repo, remote: Some(Remote { url: url.to_owned(), cache, may_ask }) })
    }

    /// Where each branch would be after `changes`, and the commits made on the way. No reference moves.
    fn build(&self, heads: &Heads, changes: &[Change]) -> Result<(Positions, Vec<Oid>), RepoError> {
        let mut at = Positions::of(heads);
        let mut commits = Vec::new();
        for change in changes {
            let main = at.get(&heads.branch);
            let proposal = |branch: &str| at.get(&format!("refs/heads/{branch}"));
            let (base, parents) = match &change.target {
                Target::Proposal { branch, fresh } => {
                    let parent = proposal(branch).filter(|_| !fresh).or(main);
                    (parent, parent.into_iter().collect::<Vec<_>>())
                }
                Target::Landing { branch, merge: true, .. } => {
                    (main, main.into_iter().chain(proposal(branch)).collect())
                }
                Target::Landing { .. } | Target::Direct => (main, main.into_iter().collect()),
            };
            let base = base.map(|oid| self.repo.commit(oid)).transpose()?.map(|c| c.tree);
            let tree = self.repo.tree_with(base, &change.puts)?;
            let commit = self.repo.write_commit(&parents, tree, &change.message(), &change.author)?;
            match &change.target {
                Target::Proposal { branch, fresh } => {
                    // What a crash left open there is kept, as it would have been when it was closed.
                    if let (true, Some(old), Some(main)) = (*fresh, proposal(branch), main)
                        && !self.repo.contains(main, old)?
                    {
                        let slug = branch.split_once('/').map_or(branch.as_str(), |(_, slug)| slug);
                        at.keep(&format!("closed/{slug}/left"), old);
                    }
                    at.set(format!("refs/heads/{branch}"), Some(commit));
                }
                Target::Landing { branch, keep_as, .. } => {
                    if let (Some(kept), Some(old)) = (keep_as, proposal(branch)) {
                        at.keep(kept, old);
                    }
                    at.set(format!("refs/heads/{branch}"), None);
                    at.set(heads.branch.clone(), Some(commit));
                }
                Target::Direct => at.set(heads.branch.clone(), Some(commit)),
            }
            commits.push(commit);
        }
        Ok((at, commits))
    }
}

impl Forge for Plain {
    fn repo(&self) -> &Repo {
        &self.repo
    }

    fn heads(&self) -> Result<Heads> {
        if let Some(remote) = &self.remote {
            remote.fetch(&self.repo)?;
        }
        let branch = self.repo.default_branch()?;
        let branches = |globs: &[&str]| -> Result<Vec<(String, Oid)>> {
            let mut out = Vec::new();
            for glob in globs {
                let found = self.repo.branches(glob)?;
                out.extend(
                    found.into_iter().map(|(name, oid)| (name.trim_start_matches("refs/heads/").to_owned(), oid)),
                );
            }
            Ok(out)
        };
        let (proposals, closed) = (branches(&PROPOSALS)?, branches(&["refs/heads/closed/*"])?);
        Ok(Heads { main: self.repo.reference(&branch)?, branch, proposals, closed })
    }

    fn publish(&self, heads: &Heads, changes: &[Change]) -> Result<Vec<Oid>, RepoError> {
        if self.repo.is_shallow() {
            return Err(RepoError::new(
                Trouble::Unusable,
                format!(
                    "the registry at {} is a shallow clone: its history is cut off, and can't be added to",
                    self.repo.path().display()
                ),
                "complete it with git fetch --unshallow",
            ));
        }
        if self.repo.has_worktree() && changes.iter().any(|c| !matches!(c.target, Target::Proposal { .. })) {
            return Err(RepoError::new(
                Trouble::NotAllowed,
                format!(
                    "{} is a checkout, and its default branch is not changed under its working tree",
                    self.repo.path().display()
                ),
                "name the bare repository it was cloned from, or make one with git clone --bare",
            ));
        }
        let (at, commits) = self.build(heads, changes)?;
        let mut moves = at.moves(heads);
        // The round of a proposal depends on what else is open about the partner: that must not change meanwhile.
        for change in changes {
            if let Target::Proposal { branch, .. } = &change.target {
                let (kind, slug) = branch.split_once('/').unwrap_or(("", branch));
                let other = format!("refs/heads/{}/{slug}", if kind == "exit" { "apply" } else { "exit" });
                let now = Positions::of(heads).get(&other);
                if !moves.iter().any(|m| m.name == other) {
                    moves.push(RefMove { name: other, old: now, new: now });
                }
            }
        }
        match &self.remote {
            Some(remote) => remote.push(&moves)?,
            None => self.repo.move_references(&moves, changes.last().map_or("", |c| c.title.as_str()))?,
        }
        Ok(commits)
    }
}

/// Where branches would be. Names are full ones.
struct Positions(BTreeMap<String, Option<Oid>>);

impl Positions {
    fn of(heads: &Heads) -> Self {
        let proposals =
            heads.proposals.iter().chain(&heads.closed).map(|(name, oid)| (format!("refs/heads/{name}"), Some(*oid)));
        Self(proposals.chain([(heads.branch.clone(), heads.main)]).collect())
    }

    fn get(&self, name: &str) -> Option<Oid> {
        self.0.get(name).copied().flatten()
    }

    fn set(&mut self, name: String, to: Option<Oid>) {
        self.0.insert(name, to);
    }

    /// Keeps a commit under a name; under a longer one when something else is kept there.
    fn keep(&mut self, name: &str, commit: Oid) {
        let taken = self.get(&format!("refs/heads/{name}")).is_some_and(|other| other != commit);
        let suffix = if taken { format!("-{}", &commit.to_string()[..10]) } else { String::new() };
        self.set(format!("refs/heads/{name}{suffix}"), Some(commit));
    }

    /// What has to move from `heads`.
    fn moves(&self, heads: &Heads) -> Vec<RefMove> {
        let before = Self::of(heads);
        let moved =
            |(name, new): (&String, &Option<Oid>)| RefMove { name: name.clone(), old: before.get(name), new: *new };
        self.0.iter().map(moved).filter(|m| m.old != m.new).collect()
    }
}

/// A repository behind a URL. Fetching and pushing run the user's own `git`: it knows their credential helpers, keys,
/// ssh configuration and proxies.
#[derive(Debug)]
struct Remote {
    url: String,
    cache: PathBuf,
    may_ask: bool,
}

impl Remote {
    fn git(&self, args: &[&str]) -> Result<String, RepoError> {
        let mut command = Command::new("git");
        if !self.may_ask {
            command.env("GIT_TERMINAL_PROMPT", "0");
        }
        let output = command
            .arg("--git-dir")
            .arg(&self.cache)
            .args(args)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .map_err(|e| {
                RepoError::new(
                    Trouble::Environment,
                    format!("can't run git: {e}"),
                    "install git; registries behind a URL need it",
                )
            })?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(stdout);
        }
        let everything = format!("{stdout}\n{stderr}");
        let moved = ["stale info", "non-fast-forward", "fetch first", "cannot lock ref", "already exists"];
        if args[0] == "push" && moved.iter().any(|words| everything.contains(words)) {
            return Err(RepoError::new(Trouble::Moved, "somebody else was faster", None));
        }
        let said: Vec<_> = stderr.lines().map(text::visible).filter(|l| !l.trim().is_empty()).collect();
        let message = format!("git {} of {} failed:\n  {}", args[0], text::visible(&self.url), said.join("\n  "));
        Err(RepoError::new(
            Trouble::Environment,
            message,
            "check the address, your access and the network, then run it again",
        ))
    }

    fn fetch(&self, repo: &Repo) -> Result<()> {
        let listing = self.git(&["ls-remote", "--symref", "--", &self.url, "HEAD"])?;
        let Some(branch) = listing.lines().find_map(|l| l.strip_prefix("ref: ")?.strip_suffix("\tHEAD")) else {
            return Err(Error::not_found(format!("the registry at {} is empty", self.url))
                .hint("push a registry made with karmada-partner init PATH there"));
        };
        if repo.default_branch()? != branch {
            repo.set_default_branch(branch)?;
        }
        // Another run may be filling the same cache.
        let fetch = ["fetch", "--quiet", "--prune", "--no-tags", "--", &self.url, "+refs/heads/*:refs/heads/*"];
        for _ in 0..20 {
            match self.git(&fetch) {
                Err(e) if e.message.contains("lock") => std::thread::sleep(Duration::from_millis(50)),
                other => return Ok(other.map(drop)?),
            }
        }
        self.git(&fetch)?;
        Ok(())
    }

    fn push(&self, moves: &[RefMove]) -> Result<(), RepoError> {
        // What isn't there can't be pushed to where it isn't.
        let moves: Vec<_> = moves.iter().filter(|m| m.old.is_some() || m.new.is_some()).collect();
        let leases: Vec<_> = moves
            .iter()
            .map(|m| format!("--force-with-lease={}:{}", m.name, m.old.map(|o| o.to_string()).unwrap_or_default()))
            .collect();
        let specs: Vec<_> =
            moves.iter().map(|m| format!("{}:{}", m.new.map(|o| o.to_string()).unwrap_or_default(), m.name)).collect();
        let mut args = vec!["push", "--porcelain", "--atomic"];
        args.extend(leases.iter().map(String::as_str));
        args.extend(["--", &self.url]);
        args.extend(specs.iter().map(String::as_str));
        self.git(&args).map(drop)
    }
}
