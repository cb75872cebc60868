//! Every git2 call of the program.
//!
//! One place, so that each call carries the words that a person needs when it fails, so that nothing else depends on
//! libgit2's habits, and so that all of what is done to a repository can be read in one sitting.

#![expect(clippy::disallowed_types, reason = "the one place that calls git")]

mod absence;
mod ancestry;
mod changed_lines;
mod commit;
mod configuration;
pub(crate) mod copies;
mod directories;
mod entry;
mod failure;
mod gnupg;
mod loose;
mod moving;
mod objects;
mod open_error;
mod ownership;
mod pack_writer;
mod packed;
mod past;
mod plain;
mod receiving;
mod references;
mod revision;
mod sharing;
pub mod signing;
mod signing_programs;
pub(crate) mod ssh_files;
mod stored;
mod tree_bytes;
mod trees;
mod worktree;
mod written;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use configuration::Configuration;
pub use configuration::github_user;
use directories::Directories;
use failure::{Explain as _, Result};
use git2::{ObjectType, Repository};

pub(crate) use references::is_oddly_named;
use sharing::Sharing;
use tree_bytes::Listing;
pub(crate) use tree_bytes::shape_of;

pub(crate) use absence::are_borrowed_by_variable;
pub(crate) use changed_lines::changed_lines;
pub(crate) use commit::{People, RawCommit, WholeCommit};
pub use entry::Put;
pub(crate) use entry::{Entry, Mode, why_strange};
pub(crate) use failure::{RepoError, Trouble};
pub use git2::Oid;
pub(crate) use open_error::Role;
pub(crate) use pack_writer::Held;
pub(crate) use stored::Stored;
pub(crate) use trees::Difference;
pub use worktree::WorkTree;

use crate::domain::{GitId, limits, text};
use crate::git::signing::GitSigning;

impl From<GitId> for Oid {
    fn from(id: GitId) -> Self {
        Self::from_bytes(&id.0).unwrap_or(Self::ZERO_SHA1)
    }
}

impl From<Oid> for GitId {
    fn from(oid: Oid) -> Self {
        let mut bytes = [0; 20];
        bytes.copy_from_slice(oid.as_bytes());
        Self(bytes)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct RefMove {
    /// Its full name, `refs/heads/…`.
    pub name: String,
    /// Where it must be now; `None`: it must not exist.
    pub old: Option<Oid>,
    /// Where it goes; `None`: it is removed.
    pub new: Option<Oid>,
}

#[derive(Debug, Clone)]
pub struct Author {
    /// As in `Name <email>`.
    pub name: String,
    /// As in `Name <email>`.
    pub email: String,
    /// Seconds since 1970, UTC.
    pub time: i64,
    /// Whether it is who git's configuration belongs to: then commits are signed if that asks for it.
    pub own: bool,
    /// Whether that person may be asked for a passphrase.
    pub may_ask: bool,
}

impl Author {
    /// The same as git writes it: without what it takes out of names and mailboxes, and off their ends.
    #[must_use]
    pub(crate) fn tidied(self) -> Self {
        Self { name: tidied(&self.name), email: tidied(&self.email), ..self }
    }
}

/// What a remote is set to fetch.
fn fetched<'r>(remote: &'r git2::Remote<'_>) -> impl Iterator<Item = git2::Refspec<'r>> {
    remote.refspecs().filter(|spec| spec.direction() == git2::Direction::Fetch)
}

/// A name or a mailbox as git writes it: empty, where nothing of it is left.
#[must_use]
pub(crate) fn tidied(part: &str) -> String {
    let made = git2::Signature::new(part.replace(['<', '>', '\n'], "").trim(), "x", &git2::Time::new(0, 0));
    made.map_or_else(|_| String::new(), |made| String::from_utf8_lossy(made.name_bytes()).into_owned())
}

/// Why this can't be the name or the mailbox of a commit's author.
#[must_use]
pub(crate) fn unfit_for_author(part: &str) -> Option<String> {
    if part.is_empty() {
        return Some(tr!("it is empty").to_owned());
    }
    if part.contains(['<', '>']) {
        return Some(tr!("it has < or > in it").to_owned());
    }
    let long = || tr!("it has more than {most} bytes", most = limits::AUTHOR);
    text::fault(part).or_else(|| (part.len() > limits::AUTHOR).then(long))
}

/// A commit, as far as it is read here.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Its SHA-1, also where something stands in for it.
    pub oid: Oid,
    pub tree: Oid,
    pub parents: Vec<Oid>,
    /// Its whole message; bytes that aren't UTF-8 are replaced.
    pub message: String,
}

/// Where objects come from that a repository hasn't got: by id, a tree's or a file's bytes as git keeps them.
pub(crate) type Source = Box<dyn Fn(Oid, Kind) -> Result<Option<Vec<u8>>>>;

/// Kinds of objects that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tree,
    Blob,
}

/// A repository as libgit2 has it, with what was read or written otherwise.
pub struct Repo {
    git: Repository,
    path: PathBuf,
    /// Commits read otherwise than as their objects say, or whose objects aren't here.
    stand_ins: RefCell<BTreeMap<Oid, Commit>>,
    source: Option<Source>,
    /// Why it isn't known where branches are, by the ids that stand for those places.
    unread: RefCell<BTreeMap<Oid, RepoError>>,
    /// What was written, where that is held.
    written: RefCell<Option<written::Written>>,
    directories: RefCell<Directories>,
    /// How many commits were read.
    commits_read: Cell<u64>,
    /// Where loose objects are.
    stores: OnceCell<Vec<loose::Store>>,
    /// What of references is packed.
    packed: RefCell<packed::Known>,
    /// The commits at which a shallow clone ends.
    ends: OnceCell<HashSet<Oid>>,
    configuration: OnceCell<Result<Configuration>>,
    signing: OnceCell<GitSigning>,
    /// Whether it is a copy of what is elsewhere.
    is_copy: bool,
    /// The addresses of what it has a part of, where it has no remotes: by them git finds the settings that are for those.
    came_from: Vec<String>,
    /// Who may read and write what is made here, where that isn't the system's default.
    sharing: OnceCell<Result<Option<Sharing>>>,
}

/// Whether a whole registry is being read: see [`Repo::read_in_bulk`].
static BULK: AtomicBool = AtomicBool::new(false);

impl std::fmt::Debug for Repo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Repo").field(&self.path).finish()
    }
}

impl Repo {
    /// Opens the repository at `path`: a bare one, or the top of a checkout.
    ///
    /// # Errors
    /// When there is no repository, or it belongs to somebody else.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_as(path, Role::Registry)
    }

    /// The same for a repository that is something else to the person.
    pub(crate) fn open_as(path: &Path, role: Role) -> Result<Self> {
        match ownership::open(path) {
            Ok(git) => Ok(Self::around(git, path)),
            Err(error) => Err(open_error::explain(path, &error, role)),
        }
    }

    /// Makes an empty bare repository whose default branch is `main`.
    ///
    /// # Errors
    /// When the directory can't be written.
    pub fn init_bare(path: &Path) -> Result<Self> {
        let mut options = git2::RepositoryInitOptions::new();
        options.bare(true).initial_head("main").mkpath(true).external_template(false);
        let cant = |e| configuration::why(&tr!("can't make a repository at {path}", path = path.display()), &e, None);
        Ok(Self::around(Repository::init_opts(path, &options).map_err(cant)?, path))
    }

    /// Shares a repository that was just made, as git does where it is set to share what it makes; and says so in it, for whoever
    /// writes there next.
    ///
    /// # Errors
    /// When git refuses its configuration, or the setting can't be written.
    pub(crate) fn share_what_was_made(&self) -> Result<()> {
        let (Some(sharing), Some(named)) = (self.sharing()?, self.configuration()?.get("core.sharedrepository")) else {
            return Ok(());
        };
        let own = git2::Config::open(&self.git.path().join("config"));
        own.and_then(|mut own| own.set_str("core.sharedRepository", named))
            .explain(|| tr!("can't make a repository at {path}", path = self.path.display()))?;
        sharing::whole(sharing, self.git.path());
        Ok(())
    }

    /// The same repository, opened once more: what is written there stays in memory, and is gone with it.
    pub(crate) fn in_memory(&self) -> Result<Self> {
        let cant = || tr!("can't look into the repository at {path}", path = self.path.display());
        let git = ownership::again(&self.path).explain(cant)?;
        // Before all others, so that it is what takes new objects.
        git.odb().and_then(|odb| odb.add_new_mempack_backend(1000).map(drop)).explain(cant)?;
        Ok(self.beside(git))
    }

    /// The same repository, opened another time.
    fn beside(&self, git: Repository) -> Self {
        Self { is_copy: self.is_copy, came_from: self.came_from.clone(), ..Self::around(git, &self.path) }
    }

    fn around(git: Repository, path: &Path) -> Self {
        Self {
            git,
            path: path.to_owned(),
            stand_ins: RefCell::default(),
            source: None,
            unread: RefCell::default(),
            written: RefCell::default(),
            directories: RefCell::default(),
            commits_read: Cell::default(),
            packed: RefCell::default(),
            stores: OnceCell::new(),
            ends: OnceCell::new(),
            configuration: OnceCell::new(),
            signing: OnceCell::new(),
            sharing: OnceCell::new(),
            is_copy: false,
            came_from: Vec::new(),
        }
    }

    /// The same repository; what it hasn't got is asked of `source`, once each.
    #[must_use]
    pub(crate) fn filled_from(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// The same repository, which may be removed: it is a copy, and made again.
    #[must_use]
    pub(crate) fn that_can_be_made_again(self) -> Self {
        Self { is_copy: true, ..self }
    }

    /// The same repository, with the addresses that it came from.
    #[must_use]
    pub(crate) fn come_from(self, addresses: Vec<String>) -> Self {
        Self { came_from: addresses, ..self }
    }

    /// What to do about damage, where it is a copy that is damaged.
    fn told_of_a_copy(&self, error: RepoError) -> RepoError {
        if !self.is_copy || !error.is_damage() {
            return error;
        }
        copies::why_gone(&self.path).unwrap_or_else(|| RepoError {
            hint: Some(tr!("remove {path}: it is a copy, and made again", path = self.path.display())),
            ..error
        })
    }

    /// Whether a copy is worth going on with: what names its branches can be read, and where the default one is.
    ///
    /// # Errors
    /// When it isn't, as damaged.
    pub(crate) fn can_be_gone_on_with(&self) -> Result<()> {
        self.branches("refs/*")?;
        let head = self.default_branch().map_err(|e| RepoError { trouble: Trouble::Damaged, ..e })?;
        let Some(tip) = self.reference(&head)? else { return Ok(()) };
        self.tree(self.commit_itself(tip)?.tree).map(drop)
    }

    /// From now on a commit is read as this one: its tree may be another, its object needn't be here.
    pub(crate) fn stand_in(&self, commit: Commit) {
        self.stand_ins.borrow_mut().insert(commit.oid, commit);
    }

    /// Whether a commit is read otherwise than as its object says.
    pub(crate) fn is_stood_in_for(&self, oid: Oid) -> bool {
        self.stand_ins.borrow().contains_key(&oid)
    }

    /// Fetches an object that isn't here, if there is somewhere to fetch it from.
    fn fill(&self, oid: Oid, kind: Kind) -> Result<bool> {
        let Some(source) = &self.source else { return Ok(false) };
        let Some(bytes) = source(oid, kind)? else { return Ok(false) };
        if self.write_object(kind, &bytes)? != oid {
            let message = tr!("object {oid} came with bytes that aren't its own", oid);
            return Err(RepoError::new(Trouble::Environment, message, tr!("run it again")));
        }
        Ok(true)
    }

    /// Writes a tree or a file from the bytes that git keeps of it.
    pub(crate) fn write_object(&self, kind: Kind, bytes: &[u8]) -> Result<Oid> {
        let kind = match kind {
            Kind::Tree => ObjectType::Tree,
            Kind::Blob => ObjectType::Blob,
        };
        self.put(kind, bytes).explain(|| tr!("can't write an object").into())
    }

    fn put(&self, kind: ObjectType, bytes: &[u8]) -> std::result::Result<Oid, git2::Error> {
        let sharing = self.sharing().map_err(|e| git2::Error::from_str(&e.message))?;
        let oid = self.git.odb()?.write(kind, bytes)?;
        if !self.holds()
            && let Some(sharing) = sharing
        {
            sharing::object(sharing, &self.objects_directory(), oid);
        }
        if let Some(written) = &mut *self.written.borrow_mut() {
            written.add(oid, kind, bytes);
            if kind == ObjectType::Tree
                && Directories::keeps(bytes)
                && let Some(listing) = Listing::of(bytes.to_vec())
            {
                self.directories.borrow_mut().keep(oid, &Rc::new(listing));
            }
        }
        Ok(oid)
    }

    /// For commands that read a whole registry, each object once: no hashing again of what git checked when it came, and
    /// no cache that nothing would be found in.
    pub(crate) fn read_in_bulk() {
        BULK.store(true, Ordering::Relaxed);
        git2::opts::strict_hash_verification(false);
        git2::opts::enable_caching(false);
    }

    /// How many commits were read by way of this value, each time counted: for measuring.
    #[must_use]
    pub fn commits_read(&self) -> u64 {
        self.commits_read.get()
    }

    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it has a working tree.
    #[must_use]
    pub(crate) fn has_worktree(&self) -> bool {
        !self.git.is_bare()
    }

    /// The full name of the default branch: what `HEAD` names.
    pub(crate) fn default_branch(&self) -> Result<String> {
        let head = self.git.find_reference("HEAD").explain(|| tr!("can't read HEAD").into()).map_err(|e| {
            let hint = tr!("if main is the default branch, git symbolic-ref HEAD refs/heads/main puts it right");
            let gone = self.is_copy.then(|| copies::why_gone(&self.path)).flatten();
            gone.unwrap_or_else(|| RepoError { hint: e.hint.or_else(|| Some(hint.to_owned())), ..e })
        })?;
        // A detached HEAD, as CI checks out, has no branch; the commit itself stands for it.
        Ok(head.symbolic_target().ok().flatten().unwrap_or("HEAD").to_owned())
    }

    /// The address of where this was cloned from.
    pub(crate) fn origin(&self) -> Option<String> {
        self.git.find_remote("origin").ok()?.url().ok().map(str::to_owned)
    }

    /// The branches that remotes have, by their names there, as far as they were fetched: a remote's own name may have slashes, and
    /// its branches may be kept anywhere.
    pub(crate) fn branches_of_remotes(&self) -> Result<BTreeSet<String>> {
        const HEADS: &str = "refs/heads/";
        const REMOTES: &str = "refs/remotes/";
        let names = self.names_of_remotes()?;
        let mut found = BTreeSet::new();
        // What is fetched and kept nowhere, or left out, has no destination; libgit2's binding takes it for granted.
        let has_kept = |spec: &git2::Refspec<'_>| {
            spec.str().is_ok_and(|spec| spec.split_once(':').is_some_and(|(_, kept)| !kept.is_empty()))
        };
        for name in &names {
            let remote = self.remote(name)?;
            for spec in fetched(&remote).filter(has_kept) {
                let kept = spec.dst().ok().filter(|kept| !kept.is_empty() && !kept.starts_with(HEADS));
                for full_name in kept.map(|kept| self.names_of_branches(kept)).transpose()?.unwrap_or_default() {
                    let there = spec.rtransform(&full_name).ok();
                    let there = there.as_ref().and_then(|there| there.as_str().ok()?.strip_prefix(HEADS));
                    found.extend(there.map(str::to_owned));
                }
            }
        }
        // What somebody fetched by hand stands where that remote's would.
        for full_name in self.names_of_branches("refs/remotes/*")? {
            let Some(kept) = full_name.strip_prefix(REMOTES) else { continue };
            let below = |name: &String| kept.strip_prefix(name.as_str())?.strip_prefix('/');
            let known = names.iter().filter_map(below).min_by_key(|branch| branch.len());
            found.extend(known.or_else(|| Some(kept.split_once('/')?.1)).map(str::to_owned));
        }
        Ok(found)
    }

    fn names_of_remotes(&self) -> Result<Vec<String>> {
        let remotes = self.git.remotes().explain(|| tr!("can't list the remotes").to_owned())?;
        Ok(remotes.iter().filter_map(|name| name.ok().flatten().map(str::to_owned)).collect())
    }

    fn remote(&self, name: &str) -> Result<git2::Remote<'_>> {
        self.git.find_remote(name).map_err(|e| {
            let message =
                tr!("can't read the remote {name}: {e}", name = text::visible(name), e = text::visible(e.message()));
            RepoError::new(Trouble::Environment, message, tr!("mend that setting of git's, then run it again"))
        })
    }

    /// Whether branches may stand where this was cloned from that it wasn't told to take: it is of one branch, or CI made it, which takes one.
    ///
    /// # Errors
    /// When its remotes, or their branches, can't be listed.
    pub(crate) fn takes_a_part(&self) -> Result<bool> {
        let names = self.names_of_remotes()?;
        let name = match names.as_slice() {
            _ if self.is_copy => return Ok(false),
            [only] => only,
            several if several.iter().any(|name| name == "origin") => "origin",
            _ => return Ok(false),
        };
        let remote = self.remote(name)?;
        let mut wanted = fetched(&remote).peekable();
        let is_bare = self.git.is_bare();
        if !is_bare && wanted.peek().is_some() && !wanted.any(|spec| spec.src_matches("refs/heads/apply/any")) {
            return Ok(true);
        }
        let taken = if is_bare { "refs/heads/*".to_owned() } else { format!("refs/remotes/{name}/*") };
        Ok(self.is_shallow() && self.names_of_branches(&taken)?.len() < 2)
    }

    /// What the default branch was called where this was cloned from, as a branch here.
    pub(crate) fn default_branch_of_origin(&self) -> Option<String> {
        let head = self.git.find_reference("refs/remotes/origin/HEAD").ok()?;
        let name = head.symbolic_target().ok().flatten()?.strip_prefix("refs/remotes/origin/")?.to_owned();
        Some(format!("refs/heads/{name}"))
    }

    pub(crate) fn set_default_branch(&self, full_name: &str) -> Result<()> {
        self.git.set_head(full_name).explain(|| tr!("can't point HEAD to {full_name}", full_name))
    }

    /// Reads a commit, or what stands in for it.
    ///
    /// # Errors
    /// When no commit of that id is here.
    pub fn commit(&self, oid: Oid) -> Result<Commit> {
        match self.stand_ins.borrow().get(&oid) {
            Some(known) => Ok(known.clone()),
            None => self.commit_itself(oid),
        }
    }

    /// Writes a commit. No reference moves.
    ///
    /// # Errors
    /// When the author's name or mailbox can't stand there, or the commit can't be signed or written.
    pub fn write_commit(&self, parents: &[Oid], tree: Oid, message: &str, author: &Author) -> Result<Oid> {
        self.write_commit_for(parents, tree, message, author, None)
    }

    /// The same by a `committer`, name and mailbox, who makes it for its author, as a bot does.
    pub(crate) fn write_commit_for(
        &self,
        parents: &[Oid],
        tree: Oid,
        message: &str,
        author: &Author,
        committer: Option<(&str, &str)>,
    ) -> Result<Oid> {
        let cant = || tr!("can't write a commit").to_owned();
        // Git's own rules for names and mailboxes; the bytes are ours, since parents needn't be here.
        let by = |(name, email): (&str, &str)| {
            let made = git2::Signature::new(name, email, &git2::Time::new(author.time, 0)).explain(cant)?;
            let who = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            Ok::<_, RepoError>(format!(
                "{} <{}> {} +0000",
                who(made.name_bytes()),
                who(made.email_bytes()),
                author.time
            ))
        };
        let written = by((&author.name, &author.email))?;
        let made = committer.map_or(Ok(written.clone()), by)?;
        let parents: String = parents.iter().map(|p| format!("parent {p}\n")).collect();
        let bytes = format!("tree {tree}\n{parents}author {written}\ncommitter {made}\n\n{message}");
        let mut bytes = bytes.into_bytes();
        if let Some(armored) = self.signature(author, &bytes)? {
            bytes = signing::with_signature(&bytes, &armored);
        }
        self.put(ObjectType::Commit, &bytes).explain(cant)
    }

    /// What whoever makes a commit signs it with, armored; `None` where it goes unsigned.
    fn signature(&self, author: &Author, commit: &[u8]) -> Result<Option<String>> {
        if !author.own || !self.signs_commits()? {
            return Ok(None);
        }
        let who = format!("{} <{}>", author.name, author.email);
        signing::sign_commit(&self.signing_settings()?, &who, commit, author.may_ask).map_err(|e| {
            RepoError::hinted(Trouble::Environment, tr!("the commit can't be signed: {why}", why = e.message), &e.hints)
        })
    }

    /// Signs for nobody as commits by `author` are signed, and gives by what; `None` where they go unsigned. A key that wants to be
    /// touched isn't bothered.
    ///
    /// # Errors
    /// When no commit by them could be signed.
    pub(crate) fn try_to_sign(&self, author: &Author) -> Result<Option<String>> {
        let settings = self.signing_settings()?;
        let is_signed = match author.own && settings.sign_commits && settings.wants_touch(author.may_ask) {
            true => true,
            false => self.signature(author, b"a trial\n")?.is_some(),
        };
        Ok(is_signed.then(|| settings.signs_by().to_owned()))
    }

    fn configuration(&self) -> Result<&Configuration> {
        self.configuration.get_or_init(|| Configuration::of(&self.git, &self.came_from)).as_ref().map_err(Clone::clone)
    }

    /// The user's own name and mailbox, and their login on GitHub, from git's configuration.
    ///
    /// # Errors
    /// When git refuses its configuration.
    pub(crate) fn user(&self) -> Result<(Option<String>, Option<String>, Option<String>)> {
        let configuration = self.configuration()?;
        let get = |name| configuration.get(name).map(str::to_owned);
        Ok((get("user.name"), get("user.email"), get("github.user")))
    }

    /// # Errors
    /// When git refuses its configuration, or a setting means nothing.
    pub fn signing_settings(&self) -> Result<GitSigning> {
        if let Some(known) = self.signing.get() {
            return Ok(known.clone());
        }
        let read = self.configuration()?.signing(&self.git, &self.came_from)?;
        Ok(self.signing.get_or_init(|| read).clone())
    }

    /// Whether whoever makes commits here signs them.
    ///
    /// # Errors
    /// When git refuses its configuration, or the setting is neither yes nor no.
    pub(crate) fn signs_commits(&self) -> Result<bool> {
        self.configuration()?.is_on("commit.gpgsign")
    }

    /// How it is shared; a copy of what is elsewhere is nobody else's.
    fn sharing(&self) -> Result<Option<Sharing>> {
        if self.is_copy {
            return Ok(None);
        }
        self.sharing.get_or_init(|| self.configuration()?.sharing()).clone()
    }
}
