//! A registry's commits, read: partners, proposals, the program. Bytes become domain values here and nowhere else.

pub(crate) mod acquaintances;
mod admissible;
pub(crate) mod approvals;
pub(crate) mod authorship;
mod branch;
pub(crate) mod branches;
pub(crate) mod brought;
pub mod change;
mod closed;
pub(crate) mod digest;
mod eras;
pub(crate) mod founding;
pub(crate) mod gone;
pub(crate) mod graded;
pub(crate) mod lost;
mod misdated;
pub mod newest;
pub(crate) mod own_words;
pub(crate) mod partner;
pub(crate) mod proposal;
pub(crate) mod refused;
pub(crate) mod remembered;
mod rounds;
pub(crate) mod survey;
pub(crate) mod trail;
mod twins;
pub(crate) mod undecided;
mod unread;
pub(crate) mod vanished;
mod voices;
pub(crate) mod withdrawal;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

pub(crate) use branch::{
    CLOSED, MOST_CLAIMS, PROPOSALS, branch_for, claim, closed, is_exit, nearly_about, rename, slug_of, without_owner,
};
use branches::Branches;
use gone::Lost;
use partner::record_at;
pub(crate) use partner::{Directory, Partner};
use proposal::Round;
pub(crate) use proposal::{Content, Proposal, Speaker, Stands, Unfit};
pub(crate) use rounds::is_voted_on;
pub(crate) use unread::{Unread, unless_unread};

use crate::audit::decided;
use crate::domain::check::Rules;
use crate::domain::paths::{PARTNERS, POLICIES, PROGRAM, PROGRAM_LOG, kept_for, root_of};
use crate::domain::program::policies::Policies;
use crate::domain::{AccountId, Life, Program, Record, Sha256, Slug, State, Subject, Time, Vote, shell, text};
use crate::error::{Error, Kind, Result};
use crate::git::{Entry, Mode, Oid, Repo, why_strange};

/// What to do about a proposal that this program wouldn't have written.
fn again() -> &'static str {
    tr!("somebody wrote it by hand; have the proposal made again")
}
fn found() -> &'static str {
    tr!("write it with karmada-partner init PATH, on the registry itself")
}

/// Where the default branch and the proposals stand at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Heads {
    /// The full name of the default branch.
    pub branch: String,
    /// Its commit; `None` when it is still empty.
    pub main: Option<Oid>,
    /// Open and leftover proposals.
    pub proposals: Branches,
    /// Proposals that were closed without being merged.
    pub closed: Branches,
    /// What the authors of the issues that proposals were made of did there since.
    pub askers: Askers,
    /// Decisions that a forge knows to be gone where no history is at hand to see it in.
    pub gone: Vec<Lost>,
}

/// What authors of issues by which somebody applied did there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Askers {
    /// The issues that they closed, and so take back.
    pub taken_back: BTreeSet<AccountId>,
    /// When they saved others last.
    pub saved: BTreeMap<AccountId, Time>,
}

impl Askers {
    /// Both of these.
    pub fn extend(&mut self, more: Self) {
        self.taken_back.extend(more.taken_back);
        self.saved.extend(more.saved);
    }
}

impl Heads {
    /// The default branch as people call it.
    #[must_use]
    pub fn short_branch(&self) -> &str {
        self.branch.trim_start_matches("refs/heads/")
    }
}

/// The command that asks for something.
fn asked_by(subject: Subject, slug: &Slug) -> String {
    match subject {
        Subject::Policy => "program edit".to_owned(),
        Subject::Application => format!("apply --slug {slug}"),
        Subject::Exit => format!("exit {slug} --kind KIND --reason TEXT"),
        _ => format!("update {slug}"),
    }
}

#[cfg(test)]
std::thread_local! {
    /// How many snapshots this thread has read.
    pub static SNAPSHOTS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[derive(Debug)]
pub(crate) struct Snapshot<'r> {
    pub repo: &'r Repo,
    pub heads: Heads,
    pub tree: Oid,
    pub commit: Oid,
    /// When it is read: what a proposal says for later is nothing yet.
    pub now: Time,
    /// What the machine's clock says, where the environment fixed another time.
    pub clock: Time,
    read: Rc<Read>,
}

/// What was read of a tree already: it is asked for anew with each proposal.
#[derive(Debug, Default)]
struct Read {
    program: OnceCell<Program>,
    /// The same, for whatever keeps it: no copy for each.
    shared: OnceCell<Rc<Program>>,
    policies: OnceCell<Rc<Policies>>,
    /// The object of the policy in force.
    last: OnceCell<Option<Oid>>,
    registry: OnceCell<Sha256>,
    displaced: OnceCell<Rc<Vec<String>>>,
    /// The partner that was read last: whatever is open about one is held to where it stands.
    landed: RefCell<Option<Partner>>,
}

/// What is kept in a cell, or is read into it.
fn once<T: Clone>(cell: &OnceCell<T>, read: impl FnOnce() -> Result<T>) -> Result<T> {
    match cell.get() {
        Some(known) => Ok(known.clone()),
        None => read().map(|found| cell.get_or_init(|| found).clone()),
    }
}

/// What to say of a repository whose default branch has no commit: that it is empty, or that `HEAD` names another branch than
/// it has.
fn without_a_commit(repo: &Repo, default: &str) -> Result<Error> {
    let at = repo.path().display();
    let branches = repo.branches("refs/heads/*")?;
    let Some((first, _)) = branches.iter().find(|(name, _)| !name["refs/heads/".len()..].contains('/')) else {
        return Ok(Error::not_found(tr!("the registry at {at} is empty: {default} has no commit", at, default))
            .hint(tr!("make a registry with karmada-partner init PATH")));
    };
    let first = crate::domain::text::visible(first);
    Ok(Error::not_found(tr!(
        "the registry at {at} has no {default}, which its HEAD names, but has {first}",
        at,
        default,
        first
    ))
    .hint(tr!(
        "if that is the default branch: git --git-dir {at} symbolic-ref HEAD {first}",
        at = shell::path(repo.path()),
        first = shell::quoted(&first)
    )))
}

impl<'r> Snapshot<'r> {
    /// Reads the heads. A registry without a commit has nothing to read.
    pub fn new(repo: &'r Repo, heads: Heads, now: Time) -> Result<Self> {
        #[cfg(test)]
        SNAPSHOTS.set(SNAPSHOTS.get() + 1);
        let Some(commit) = heads.main else { return Err(without_a_commit(repo, &heads.branch)?) };
        let tree = repo.commit(commit)?.tree;
        Ok(Self { repo, heads, tree, commit, now, clock: now, read: Rc::default() })
    }

    /// The same, with what the machine's clock says.
    #[must_use]
    pub fn by_the_clock(self, clock: Time) -> Self {
        Self { clock, ..self }
    }

    /// The same registry at other heads, at the same time.
    pub fn with(&self, heads: Heads) -> Result<Self> {
        Ok(Self::new(self.repo, heads, self.now)?.by_the_clock(self.clock))
    }

    /// The same default branch, with proposals standing elsewhere.
    #[must_use]
    pub fn with_heads(&self, heads: Heads) -> Self {
        Self { heads, read: self.read.clone(), ..*self }
    }

    /// What would be there with another tree on the default branch.
    #[must_use]
    pub fn with_tree(&self, tree: Oid) -> Self {
        Self { heads: self.heads.clone(), tree, read: Rc::default(), ..*self }
    }

    pub fn program_bytes(&self) -> Result<Vec<u8>> {
        Ok(self.repo.blob(self.program_entry()?.oid)?)
    }

    /// The entry of `data/program.toml`: without one, a repository isn't a registry.
    pub fn program_entry(&self) -> Result<Entry> {
        match self.standing(PROGRAM, Mode::File)? {
            Some(entry) => Ok(entry),
            None => Err(Error::not_found(tr!(
                "the repository at {at} has no {path}",
                at = self.repo.path().display(),
                path = PROGRAM
            ))
            .hint(tr!("it isn't a registry; make one with karmada-partner init PATH"))),
        }
    }

    /// What stands at a path, if anything does.
    ///
    /// # Errors
    /// When something else stands there or on the way: that isn't nothing.
    fn standing(&self, path: &str, wanted: Mode) -> Result<Option<Entry>> {
        let (place, mode, wanted) = match self.repo.at_path(self.tree, path)? {
            Some(entry) if entry.mode == wanted => return Ok(Some(entry)),
            Some(entry) => (path, entry.mode, wanted),
            // Nothing is below what isn't there, or isn't a directory.
            None => match self.first_strange(path)? {
                Some((place, mode)) => (place, mode, Mode::Tree),
                None => return self.refuse_twin(path).map(|()| None),
            },
        };
        let why =
            why_strange(mode, if wanted == Mode::Tree { "it isn't a directory" } else { "it isn't a plain file" });
        Err(Error::refused(tr!("{place} can't be read: {why}", place, why))
            .hint(tr!("karmada-partner check tells all that is wrong with the registry")))
    }

    /// What stands on the way to a path, and isn't a directory.
    fn first_strange<'p>(&self, path: &'p str) -> Result<Option<(&'p str, Mode)>> {
        for (at, _) in path.match_indices('/') {
            match self.repo.at_path(self.tree, &path[..at])? {
                Some(entry) if entry.mode == Mode::Tree => {}
                other => return Ok(other.map(|entry| (&path[..at], entry.mode))),
            }
        }
        Ok(None)
    }

    /// The policy in force: the one that was decided last, whatever stands in `program.toml`; that one, where nothing says how
    /// the registry began.
    pub fn program(&self) -> Result<Program> {
        once(&self.read.program, || {
            let Ok(last) = self.last_policy() else { return self.program_as_it_stands() };
            Program::parse(&self.repo.blob(last)?).map_err(|faults| Error::document(PROGRAM, &faults))
        })
    }

    /// The same, shared by all that are read under it.
    pub fn shared_program(&self) -> Result<Rc<Program>> {
        once(&self.read.shared, || self.program().map(Rc::new))
    }

    /// What a check holds what stands here to.
    pub fn rules<'a>(&self, program: &'a Program, policies: &'a Policies, signatures: bool) -> Rules<'a> {
        Rules { program, policies, registry: self.registry().ok(), signatures, now: self.now }
    }

    /// What `program.toml` says, decided or not.
    pub fn program_as_it_stands(&self) -> Result<Program> {
        Program::parse(&self.program_bytes()?).map_err(|faults| Error::document(PROGRAM, &faults))
    }

    /// The hash of the founding event, by which all others name their registry.
    pub fn registry(&self) -> Result<Sha256> {
        once(&self.read.registry, || match self.standing("data/program/log/0001", Mode::File)? {
            Some(entry) => Ok(Sha256::of(&self.repo.blob(entry.oid)?)),
            None => Err(Error::refused(tr!(
                "the registry at {path} has no founding event",
                path = self.repo.path().display()
            ))
            .hint(found())),
        })
    }

    /// The policy in force, if it was decided: who edits `program.toml` by hand decides nothing.
    pub fn decided_program(&self) -> Result<Program> {
        if self.program_entry()?.oid == self.last_policy()? {
            // The same bytes, which are read once. What is wrong with them is told of the file that people write.
            return self.program().or_else(|_| self.program_as_it_stands());
        }
        let changed = Error::refused(tr!("{path} was changed, and nobody decided so", path = PROGRAM));
        let open = self.open(&Slug::program(), Subject::Policy)?;
        Err(match open.iter().any(|p| p.stands.is_some()) {
            true => changed.hint(tr!("decide it where it stands: karmada-partner approve {slug}, or karmada-partner reject {slug} --reason TEXT", slug = Slug::program())),
            false => changed.hint(tr!("restore it; or own up to the change with karmada-partner record program")),
        })
    }

    /// Refuses to go on from facts of a partner that aren't those in force.
    ///
    /// # Errors
    /// When others stand there, with what can be done about it.
    pub fn refuse_undecided_facts(&self, landed: &Partner) -> Result<()> {
        let here = landed.facts(self.repo)?.map(|(facts, _)| facts);
        if here == landed.life.landed_facts() {
            return Ok(());
        }
        let slug = &landed.slug;
        let merged = self.open(slug, Subject::Update)?.iter().any(|p| p.stands.is_some());
        Err(match merged {
            true => Error::refused(tr!("an update of {slug} was merged, and nobody decided so", slug))
                .hint(tr!("decide it where it stands: karmada-partner approve {slug}, or karmada-partner reject {slug} --reason TEXT", slug)),
            false => Error::refused(tr!("the facts of {slug} were changed by hand, and nobody decided so", slug))
                .hint(tr!("restore them, or own up to the change with karmada-partner record {slug}", slug)),
        })
    }

    /// The policy by which a proposal is judged: what somebody put into `program.toml` doesn't keep another policy from being
    /// decided.
    pub fn program_for(&self, subject: Subject) -> Result<Program> {
        match subject {
            Subject::Policy => self.program(),
            _ => self.decided_program(),
        }
    }

    /// The policy that was decided last, as it is written.
    pub fn last_decided_bytes(&self) -> Result<Vec<u8>> {
        Ok(self.repo.blob(self.last_policy()?)?)
    }

    fn last_policy(&self) -> Result<Oid> {
        let last = once(&self.read.last, || match self.repo.has_commit(self.commit) {
            _ if self.standing(PROGRAM_LOG, Mode::Tree)?.is_none() => Ok(None),
            true => Ok(decided::last(self.repo, self.tree.into())?.map(Oid::from)),
            // From names alone, where only those are known: the last copy of a policy beside an event of its number.
            false => Ok(self.copies()?.0.last().map(|copy| copy.oid)),
        })?;
        last.ok_or_else(|| {
            Error::refused(tr!("the registry at {path} has no founding event", path = self.repo.path().display()))
                .hint(found())
        })
    }

    /// The paths of what stands among the copies of policies, and no event of its number is there.
    pub fn unbrought(&self) -> Result<Vec<String>> {
        Ok(self.copies()?.1.into_iter().map(|entry| format!("{POLICIES}/{}", text::visible(&entry.name))).collect())
    }

    /// What stands among the copies of policies, with and without an event of its number.
    fn copies(&self) -> Result<(Vec<Entry>, Vec<Entry>)> {
        let log = self.repo.entries_at(self.tree, PROGRAM_LOG)?;
        let events: BTreeSet<&str> = log.iter().map(|event| event.name.as_str()).collect();
        let brought = |copy: &Entry| kept_for(&copy.name).is_some_and(|event| events.contains(event));
        Ok(self.repo.entries_at(self.tree, POLICIES)?.into_iter().partition(brought))
    }

    /// Every policy that was ever decided, as it was then.
    pub fn policies(&self) -> Result<Rc<Policies>> {
        once(&self.read.policies, || Ok(Rc::new(decided::all(self.repo, self.tree.into())?)))
    }

    /// What stands among partners: nothing, where they aren't in a directory, which is `check`'s to report.
    pub fn directories(&self) -> Result<Vec<Entry>> {
        Ok(self.repo.entries_at(self.tree, PARTNERS)?)
    }

    /// The same, where something else in their place isn't nobody.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn directories_or_why(&self) -> Result<Vec<Entry>> {
        let all = self.standing(PARTNERS, Mode::Tree)?;
        Ok(all.map(|all| self.repo.entries(all.oid)).transpose()?.unwrap_or_default())
    }

    /// A partner on the default branch; one that isn't there has an empty life.
    pub fn landed(&self, slug: &Slug) -> Result<Partner> {
        if let Some(known) = self.read.landed.borrow().as_ref().filter(|known| known.slug == *slug) {
            return Ok(known.clone());
        }
        let hint = tr!("karmada-partner check tells all that is wrong with the registry");
        let directory = self.standing(&root_of(slug), Mode::Tree)?;
        let landed = self.partner_of(self.tree, slug, directory)?.sound(hint)?;
        *self.read.landed.borrow_mut() = Some(landed.clone());
        Ok(landed)
    }

    /// A partner, or the program, as a tree has it.
    pub fn partner_in(&self, tree: Oid, slug: &Slug) -> Result<Partner> {
        self.partner_of(tree, slug, self.repo.at_path(tree, &root_of(slug))?)
    }

    fn partner_of(&self, tree: Oid, slug: &Slug, directory: Option<Entry>) -> Result<Partner> {
        let mut partner = match directory {
            Some(entry) if entry.mode == Mode::Tree => Partner::read(self.repo, slug.clone(), entry.oid)?,
            _ => Partner {
                slug: slug.clone(),
                directory: Directory::default(),
                record: None,
                life: Life::default(),
                broken: Vec::new(),
            },
        };
        if slug.is_program() {
            let file = self.repo.at_path(tree, PROGRAM)?.filter(|e| e.mode == Mode::File);
            partner.directory.record = file.map(|e| e.oid);
            partner.directory.strange.retain(|(name, _)| name != "policies");
        }
        Ok(partner)
    }

    /// The open proposals about a partner that would be decided as this one: those that fit what has landed since. Several
    /// may ask for one name. One that can't be read isn't open to anything but being made again; [`Snapshot::proposals`]
    /// and `check` tell of it.
    pub fn open(&self, slug: &Slug, subject: Subject) -> Result<Vec<Proposal>> {
        let first = branch_for(slug, subject);
        let mut found = Vec::new();
        for (branch, head) in self.heads.proposals.of(slug).filter(|(name, _)| branch::asks_for(&first, name)) {
            found.extend(self.proposal_on(slug, branch, head)?);
        }
        if found.is_empty() {
            found.extend(self.undecided(slug, &first, subject)?);
        }
        found.sort_by_key(|p| (p.since(), p.branch.clone()));
        Ok(found)
    }

    /// Another application under the name of one that waits on a branch: of one name, one log comes on record.
    pub fn beside(&self, own: &Proposal) -> Result<Option<Proposal>> {
        if own.subject != Subject::Application || own.stands.is_some() {
            return Ok(None);
        }
        let open = self.open(&own.partner.slug, Subject::Application)?;
        Ok(open.into_iter().find(|other| other.subject == Subject::Application && other.branch != own.branch))
    }

    /// What somebody merged, and nobody decided: it is decided from where it stands.
    fn undecided(&self, slug: &Slug, branch: &str, subject: Subject) -> Result<Option<Proposal>> {
        let landed = match self.landed(slug) {
            Err(e) if e.kind == Kind::Refused => return Ok(None),
            landed => landed?,
        };
        // An application and an update have one branch.
        let asked = if subject == Subject::Application { Subject::Update } else { subject };
        let waits = match landed.life.state {
            State::Applied => subject == Subject::Application,
            State::Active | State::Exited | State::Rejected | State::Withdrawn => {
                self.open_round(&landed.directory, &landed, asked)?.is_some()
            }
            State::Absent => false,
        };
        if waits { self.read_proposal(slug, branch, self.commit, &landed) } else { Ok(None) }
    }

    /// The same, of a branch that stands at `head`.
    pub fn proposal_on(&self, slug: &Slug, branch: &str, head: Oid) -> Result<Option<Proposal>> {
        match self.landed(slug).and_then(|landed| self.read_proposal(slug, branch, head, &landed)) {
            Err(e) if e.kind == Kind::Refused => Ok(None),
            other => other,
        }
    }

    /// All open proposals about one partner, or about the program.
    pub fn proposals_of(&self, slug: &Slug) -> Result<Vec<Proposal>> {
        let about: &[Subject] =
            if slug.is_program() { &[Subject::Policy] } else { &[Subject::Application, Subject::Exit] };
        let open = about.iter().map(|subject| self.open(slug, *subject)).collect::<Result<Vec<_>>>()?;
        Ok(open.into_iter().flatten().collect())
    }

    /// The branches called as proposals about this partner that are none, each with why.
    pub fn unfit_of(&self, slug: &Slug) -> Result<Vec<Unfit>> {
        let mut unfit = Vec::new();
        for (branch, head) in self.heads.proposals.of(slug) {
            match self.landed(slug).and_then(|landed| self.read_proposal(slug, branch, head, &landed)) {
                Err(why) if why.kind == Kind::Refused => unfit.push(Unfit { branch: branch.to_owned(), why }),
                read => drop(read?),
            }
        }
        Ok(unfit)
    }

    /// Why a branch called as a proposal about this partner is none. Where another application was decided in its stead, that
    /// is a reason only if `overtaken` is asked for, too.
    pub fn unreadable(&self, slug: &Slug, overtaken: bool) -> Result<Option<Error>> {
        for (branch, head) in self.heads.proposals.of(slug) {
            let landed = match self.landed(slug) {
                Err(e) if e.kind == Kind::Refused => return Ok(Some(e)),
                landed => landed?,
            };
            match self.read_proposal(slug, branch, head, &landed) {
                Err(e) if e.kind == Kind::Refused => {
                    let proposed = self.partner_in(self.repo.commit(head)?.tree, slug)?;
                    if overtaken || !is_overtaken(&proposed, &landed) {
                        return Ok(Some(e));
                    }
                }
                read => drop(read?),
            }
        }
        Ok(None)
    }

    /// All proposals that wait on branches, oldest first; and what can't be one.
    #[must_use]
    pub fn proposals(&self) -> (Vec<Proposal>, Vec<Unfit>) {
        self.read_proposals(|_| false).unwrap_or_default()
    }

    /// The same, where it matters whether all is there to read: a clone that was made without some isn't read in part.
    ///
    /// # Errors
    /// When an object was left out of this clone.
    pub fn on_branches(&self) -> Result<(Vec<Proposal>, Vec<Unfit>)> {
        self.read_proposals(|e| e.kind == Kind::Environment && self.repo.is_partial())
    }

    /// All that waits for a decision, oldest first, what was merged undecided too; and the proposals that can't be read, with
    /// why. `memory` is where to remember what stands undecided, if anywhere.
    ///
    /// # Errors
    /// When the machine fails, or an object isn't here or can't be read.
    pub fn all_proposals(&self, memory: Option<&Path>) -> Result<(Vec<Proposal>, Vec<Unfit>)> {
        let (mut open, mut unfit) = self.on_branches()?;
        let unread: Vec<Slug> = unfit.iter().filter(|u| u.is_unread()).filter_map(|u| slug_of(&u.branch)).collect();
        let (standing, unread) = self.standing_alone(memory, &unread)?;
        open.extend(standing);
        unfit.extend(unread.into_iter().map(|Unread { slug, why }| Unfit { branch: root_of(&slug), why }));
        open.sort_by_key(|p| (p.since(), p.branch.clone()));
        Ok((open, unfit))
    }

    fn read_proposals(&self, fails: impl Fn(&Error) -> bool) -> Result<(Vec<Proposal>, Vec<Unfit>)> {
        let (mut open, mut unfit) = (Vec::new(), Vec::new());
        for (branch, head) in self.heads.proposals.all() {
            let Some(slug) = slug_of(branch) else {
                // By its name it is nobody's; what stands there may be a file that was left.
                let why = self.repo.why_unread(head);
                unfit.extend(why.map(|why| Unfit { branch: branch.to_owned(), why: why.into() }));
                continue;
            };
            match self.landed(&slug).and_then(|landed| self.read_proposal(&slug, branch, head, &landed)) {
                Ok(found) => open.extend(found),
                Err(e) if fails(&e) => return Err(e),
                Err(why) => unfit.push(Unfit { branch: branch.to_owned(), why }),
            }
        }
        open.sort_by_key(|p| (p.since(), p.branch.clone()));
        Ok((open, unfit))
    }

    fn read_proposal(&self, slug: &Slug, branch: &str, head: Oid, landed: &Partner) -> Result<Option<Proposal>> {
        // Its name is said with that already.
        if let Some(why) = self.repo.why_unread(head) {
            return Err(why.into());
        }
        self.proposal_at(slug, branch, head, landed).map_err(|e| on_branch(branch, e))
    }

    fn proposal_at(&self, slug: &Slug, branch: &str, head: Oid, landed: &Partner) -> Result<Option<Proposal>> {
        let proposed = self.partner_in(self.repo.commit(head)?.tree, slug)?.sound_on_branch(again())?;
        let ours = &landed.life.log;
        let extends = proposed.life.log.len() > ours.len() && proposed.life.log[..ours.len()] == ours[..];
        let waits = landed.life.state == State::Applied;
        // Taken back where only a merge puts that on record: nobody is to decide it any more.
        if extends && proposed.life.is_taken_back() {
            return Ok(None);
        }
        if let Some(ahead) = proposed.life.log.iter().skip(ours.len()).find(|l| l.event.time.is_ahead_of(self.now)) {
            return Err(self.dated_ahead(branch, &format!("log/{:04}", ahead.event.seq), ahead.event.time));
        }
        let subject = if slug.is_program() {
            Subject::Policy
        } else if is_exit(branch) {
            Subject::Exit
        } else if proposed.life.state == State::Applied && (extends || (waits && proposed.life.log == *ours)) {
            Subject::Application
        } else {
            Subject::Update
        };
        if is_overtaken(&proposed, landed) {
            return Err(overtaken(slug, branch, landed));
        }
        if subject != Subject::Application && !ours.starts_with(&proposed.life.log) {
            return Err(Error::refused(tr!("the proposal {branch} has events that never landed", branch)).hint(again()));
        }
        let import_lapsed = subject == Subject::Application && self.import_lapsed((branch, !extends), &proposed)?;
        // What has been decided meanwhile, or was left over by a crash after landing, is no longer open.
        let clears = || -> Result<bool> {
            let facts = proposed.facts(self.repo)?.map(|(facts, _)| facts);
            Ok(subject == Subject::Update && proposed.directory.logo.is_none() && facts != landed.life.landed_facts())
        };
        match landed.life.state {
            State::Active => {}
            _ if subject == Subject::Application => {}
            _ if landed.life.may_clear() && clears()? => {}
            _ => return Ok(None),
        }
        let (life, Round { number: round, votes, lapsed }) = if subject == Subject::Application {
            (&proposed.life, self.voices(&proposed.directory, landed, proposed.life.application_round())?)
        } else {
            let Some(waiting) = self.waiting_round((branch, subject), &proposed, landed)? else { return Ok(None) };
            (&landed.life, waiting)
        };
        let stands = match subject {
            Subject::Application => waits,
            _ => self.open_round(&landed.directory, landed, subject)?.is_some_and(|there| there.number == round),
        };
        // An exit is about the facts in force, whatever they were when it was proposed.
        let of = if subject == Subject::Exit { landed } else { &proposed };
        let in_force = self.record_in_force(landed)?.map(Box::new);
        let (former, in_force) = match subject {
            Subject::Application => (in_force, None),
            _ => (None, in_force),
        };
        let content = match (&of.record, of.directory.record) {
            (_, Some(file)) if subject == Subject::Policy => {
                let program = Program::parse(&self.repo.blob(file)?);
                program.ok().map(|program| Content::Policy(Box::new(program)))
            }
            (Some(record), _) => Some(Content::Partner { record: Box::new(record.clone()), in_force }),
            _ => None,
        };
        let (Some(content), Some((facts, objects))) = (content, of.facts(self.repo)?) else {
            let files = if slug.is_program() { "program.toml" } else { tr!("partner.toml and logo.png") };
            let command = asked_by(subject, slug);
            return Err(Error::refused(tr!("the proposal {branch} has no readable {files}", branch, files))
                .hint(tr!("have it made again: karmada-partner {command}", command)));
        };
        let changed = landed.life.changed_by(self.now);
        let partner = Partner { life: life.clone(), ..proposed };
        let branch = branch.to_owned();
        let opener = match subject {
            Subject::Application => life.application().map(|e| e.actor.clone()),
            _ => self.opener(&partner.slug, round, &votes, head)?,
        };
        let attested = votes.iter().any(|c| c.vote.attested.is_some()) && self.repo.has_commit(self.commit);
        let seats = attested.then(|| self.policies()).transpose()?.map(|policies| policies.seated().clone());
        let alone = if head == self.commit { Stands::Alone } else { Stands::BesideItsBranch };
        let stands = stands.then_some(alone);
        Ok(Some(Proposal {
            subject,
            branch,
            head,
            partner,
            content,
            former,
            under: self.shared_program()?,
            facts,
            objects,
            round,
            changed,
            votes,
            seats,
            opener,
            lapsed: lapsed || import_lapsed,
            stands,
        }))
    }

    /// The facts that the log brought last, wherever git keeps them: what somebody merged or edited may stand in their place.
    pub fn record_in_force(&self, landed: &Partner) -> Result<Option<Record>> {
        let Some((facts, objects)) = landed.life.landed else { return Ok(None) };
        match landed.directory.record == Some(objects.record.into()) {
            true => Ok(landed.record.clone()),
            false => record_at(self.repo, (facts, objects)),
        }
    }

    /// The rounds with files that nothing was decided in.
    fn unused_rounds(&self, directory: &Directory, landed: &Partner) -> Result<Vec<u32>> {
        let last = landed.life.round.saturating_add(crate::domain::log::lifecycle::AHEAD);
        let mut rounds = directory.round_numbers(self.repo)?;
        rounds.retain(|round| !landed.life.used(*round) && *round <= last);
        Ok(rounds)
    }

    /// Refuses a proposal of which there is nothing but what is said for later.
    fn none_ahead(&self, directory: &Directory, landed: &Partner, branch: &str) -> Result<()> {
        for round in self.unused_rounds(directory, landed)? {
            let ahead = |v: &Vote| v.time.is_ahead_of(self.now);
            if let Some(cast) = directory.votes(self.repo, &landed.slug, round, &ahead)?.first() {
                return Err(self.dated_ahead(branch, &format!("votes/{round}/{}", cast.file), cast.vote.time));
            }
        }
        Ok(())
    }

    /// The round for an update or an exit that nobody has proposed yet: past all that were or are.
    pub fn next_round(&self, partner: &Partner) -> Result<u32> {
        let open = self.proposals_of(&partner.slug)?.into_iter().map(|p| p.round);
        Ok(open.chain([partner.life.round]).max().unwrap_or(0).saturating_add(1))
    }

    /// Nothing could be decided before that time has come, so it is no proposal until then. Whose clock is wrong can't be seen.
    fn dated_ahead(&self, branch: &str, file: &str, time: Time) -> Error {
        let (now, clock) = (self.now, self.clock);
        let what = tr!("the proposal {branch} is dated in the future: {file} is of {time}", branch, file, time);
        if !time.is_ahead_of(clock) {
            return Error::refused(tr!("{what}, and SOURCE_DATE_EPOCH is {now}", what, now))
                .hint(tr!("set it to a later time, or unset it"));
        }
        Error::refused(tr!("{what}, and by this machine's clock it is {clock}", what, clock))
            .hint(tr!("if this clock is behind, set it"))
            .hint(tr!("if it is right, have it made again, with a clock that is right"))
    }

    /// Whether an object that isn't here or can't be read hides only what needs it.
    pub fn hides(&self, e: &Error) -> bool {
        unread::hides_one(self.repo, e)
    }
}

/// Names the branch of which something can't be read.
fn on_branch(branch: &str, e: Error) -> Error {
    match e.kind {
        Kind::Environment => {
            let full_name = crate::domain::text::visible(branch);
            Error { message: tr!("can't read {full_name}: {why}", full_name, why = e.message), ..e }
        }
        _ => e,
    }
}

/// Whether a proposal is an application beside which another one was decided.
fn is_overtaken(proposed: &Partner, landed: &Partner) -> bool {
    let (theirs, ours) = (&proposed.life.log, &landed.life.log);
    proposed.life.state == State::Applied && !theirs.starts_with(ours) && !ours.starts_with(theirs)
}

/// An application that can't land any more, since another one for the same name has.
fn overtaken(slug: &Slug, branch: &str, landed: &Partner) -> Error {
    let by = landed.life.log.last().map(|l| &l.event);
    let message = match by {
        Some(e) => tr!(
            "another application for {slug} landed ({kind} by {by}, on {day}); the one on {branch} can't any more",
            slug,
            kind = e.kind.told(),
            by = e.actor,
            day = e.time.date(),
            branch
        ),
        None => tr!("another application for {slug} landed; the one on {branch} can't any more", slug, branch),
    };
    Error::refused(message)
        .hint(tr!("close it: on GitHub its pull request, elsewhere git push REGISTRY --delete {branch}", branch))
        .hint(match landed.life.state {
            State::Active => tr!("who still wants to join applies under another name, with --slug"),
            _ => tr!("who still wants to join applies again"),
        })
}
