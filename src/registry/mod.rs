//! A registry's commits, read: partners, proposals, the program. Bytes become domain values here and nowhere else.

pub(crate) mod acquaintances;
pub(crate) mod authorship;
pub mod change;
pub(crate) mod founding;
pub(crate) mod refused;
pub(crate) mod survey;
pub(crate) mod trail;

use std::cell::RefCell;

use crate::domain::log::event::{Said, Terms};
use crate::domain::log::kinds::Ballot;
use crate::domain::log::lifecycle::Broken;
use crate::domain::paths::{PARTNERS, POLICIES, PROGRAM, evidence_fault, evidence_in, evidence_name, root_of};
use crate::domain::program::Member;
use crate::domain::program::admission::{Entry as Matter, Opened, Relation, admit};
use crate::domain::program::policies::Policies;
use crate::domain::signature::examined;
use crate::domain::votes::tally::{self, Proof, Question, vote_name, vote_order};
use crate::domain::{
    CastVote, Event, Facts, Kind as EventKind, Life, Logged, Login, Objects, Program, Record, Sha256, Slug, State,
    Subject, Time, Vote,
};
use crate::error::{Error, Kind, Result};
use crate::git::{Entry, Mode, Oid, Repo, why_strange};

const FOUND: &str = "write it with karmada-partner init PATH, on the registry itself";

/// Where the default branch and the proposals stand at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heads {
    /// The full name of the default branch.
    pub branch: String,
    /// Its commit; `None` when it is still empty.
    pub main: Option<Oid>,
    /// Open and leftover proposals: branch name without `refs/heads/`, commit.
    pub proposals: Vec<(String, Oid)>,
    /// Proposals that were closed without being merged: branch name, commit.
    pub closed: Vec<(String, Oid)>,
}

impl Heads {
    /// The default branch as people call it.
    #[must_use]
    pub fn short_branch(&self) -> &str {
        self.branch.trim_start_matches("refs/heads/")
    }
}

/// The name of the branch that a proposal lives on.
#[must_use]
pub(crate) fn branch_for(slug: &Slug, subject: Subject) -> String {
    match subject {
        Subject::Application | Subject::Update => format!("apply/{slug}"),
        Subject::Exit => format!("exit/{slug}"),
        Subject::Policy => format!("policy/{slug}"),
        Subject::Upkeep => format!("upkeep/{slug}"),
    }
}

/// Whom a proposal's branch is about, by its name.
#[must_use]
pub(crate) fn slug_of(branch: &str) -> Option<Slug> {
    match branch.split_once('/')? {
        ("apply" | "exit", name) => name.parse().ok(),
        ("policy", name) => Some(Slug::program()).filter(|s| s.as_str() == name),
        _ => None,
    }
}

/// No proposal's branch is followed further back.
const MOST_COMMITS: usize = 1_000;

/// The beginnings of the names of proposals' branches.
pub(crate) const PROPOSALS: [&str; 3] = ["apply/", "exit/", "policy/"];

/// A directory of `data/partners`, or that of the program, its parts found and not yet read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    pub record: Option<Oid>,
    pub logo: Option<Oid>,
    pub log: Vec<Entry>,
    /// The tree `votes/`.
    pub votes: Option<Oid>,
    /// What doesn't belong there: path below the directory, and why.
    pub strange: Vec<(String, String)>,
}

impl Directory {
    /// Finds the parts of a partner's directory.
    pub fn read(repo: &Repo, tree: Oid) -> Result<Self> {
        let mut out = Self::default();
        for entry in repo.entries(tree)? {
            match (entry.name.as_str(), entry.mode) {
                ("partner.toml", Mode::File) => out.record = Some(entry.oid),
                ("logo.png", Mode::File) => out.logo = Some(entry.oid),
                ("log", Mode::Tree) => out.log = repo.entries(entry.oid)?,
                ("votes", Mode::Tree) => out.votes = Some(entry.oid),
                (name, mode) => out.strange.push((name.to_owned(), why_strange(mode, "doesn't belong here").into())),
            }
        }
        Ok(out)
    }

    /// The rounds that have votes, in order.
    fn round_numbers(&self, repo: &Repo) -> Result<Vec<u32>> {
        let Some(votes) = self.votes else { return Ok(Vec::new()) };
        let mut rounds: Vec<u32> = repo.entries(votes)?.iter().filter_map(|e| e.name.parse().ok()).collect();
        rounds.sort_unstable();
        Ok(rounds)
    }

    /// The files of one round of votes, by name.
    pub fn round(&self, repo: &Repo, round: u32) -> Result<Vec<Entry>> {
        let Some(votes) = self.votes else { return Ok(Vec::new()) };
        match repo.at_path(votes, &round.to_string())? {
            Some(entry) if entry.mode == Mode::Tree => Ok(repo.entries(entry.oid)?),
            _ => Ok(Vec::new()),
        }
    }

    /// The votes of one round, each member's in the order they were cast. What isn't in its place, or isn't a vote of this
    /// partner's and this round, or isn't a `voice`, is passed over; `check` reports it.
    pub fn votes(&self, repo: &Repo, slug: &Slug, round: u32, voice: &dyn Fn(&Vote) -> bool) -> Result<Vec<CastVote>> {
        let mut files = self.round(repo, round)?;
        files.sort_by_key(|e| vote_order(&e.name));
        let mut votes: Vec<CastVote> = Vec::new();
        for file in files.into_iter().filter(|f| f.mode == Mode::File && evidence_in(&f.name).is_none()) {
            let bytes = repo.blob(file.oid)?;
            let Ok(vote) = Vote::parse(&bytes) else { continue };
            let in_place = file.name == vote_name(votes.iter().map(|v| &v.vote), &vote.actor);
            if in_place && vote.partner == *slug && vote.round == round && voice(&vote) {
                votes.push(CastVote { vote, hash: Sha256::of(&bytes), file: file.name });
            }
        }
        Ok(votes)
    }

    /// What a voter of a round saw, if it stands beside the vote and is what the vote says.
    pub fn evidence(&self, repo: &Repo, vote: &Vote) -> Result<Option<Vec<u8>>> {
        let Some(hash) = vote.evidence else { return Ok(None) };
        let name = evidence_name(hash);
        let found = self.round(repo, vote.round)?.into_iter().find(|e| e.name == name && e.mode == Mode::File);
        let bytes = found.map(|entry| repo.blob(entry.oid)).transpose()?;
        Ok(bytes.filter(|bytes| evidence_fault(hash, bytes).is_none()))
    }
}

/// A partner as one tree has it.
#[derive(Debug, Clone)]
pub(crate) struct Partner {
    pub slug: Slug,
    pub directory: Directory,
    /// Its facts; `None` when the tree has none, or they can't be read.
    pub record: Option<Record>,
    pub life: Life,
    /// What is wrong with the log, each with the file's name.
    pub broken: Vec<(String, Broken)>,
}

impl Partner {
    pub fn read(repo: &Repo, slug: Slug, tree: Oid) -> Result<Self> {
        let directory = Directory::read(repo, tree)?;
        let record = match directory.record {
            Some(oid) => Record::parse(&repo.blob(oid)?).ok(),
            None => None,
        };
        let (mut life, mut broken) = (Life::default(), Vec::new());
        for (index, file) in directory.log.iter().enumerate() {
            if file.mode != Mode::File || file.name != format!("{:04}", index + 1) {
                let why = why_strange(file.mode, "it isn't where the next event belongs");
                broken.push((file.name.clone(), Broken { code: "log-name", why: why.into() }));
                continue;
            }
            let bytes = repo.blob(file.oid)?;
            match Event::parse(&bytes) {
                Ok(event) => {
                    let found = life.push(&slug, Logged { event, hash: Sha256::of(&bytes) });
                    broken.extend(found.into_iter().map(|b| (file.name.clone(), b)));
                }
                Err(e) => broken.push((file.name.clone(), Broken { code: "event-format", why: e.to_string() })),
            }
        }
        Ok(Self { slug, directory, record, life, broken })
    }

    /// The name to show: the organization's, or the slug where no facts are known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.record.as_ref().map_or(self.slug.as_str(), |r| r.name.as_str())
    }

    /// The facts as they stand in the tree: their hashes, and where git keeps them.
    pub fn facts(&self, repo: &Repo) -> Result<Option<(Facts, Objects)>> {
        let (record, logo) = match (self.directory.record, self.directory.logo) {
            (Some(record), None) if self.slug.is_program() => (record, None),
            (Some(record), Some(logo)) => (record, Some(logo)),
            _ => return Ok(None),
        };
        let hash = |oid: Oid| -> Result<Sha256> { Ok(Sha256::of(&repo.blob(oid)?)) };
        let facts = Facts { record: hash(record)?, logo: logo.map(hash).transpose()? };
        Ok(Some((facts, Objects { record: record.into(), logo: logo.map(Into::into) })))
    }

    /// Refuses to go on from a log that is broken.
    fn sound(self) -> Result<Self> {
        match self.broken.first() {
            None => Ok(self),
            Some((file, broken)) => {
                Err(Error::refused(format!("the log of {} can't be relied on: log/{file}: {}", self.slug, broken.why))
                    .hint("karmada-partner check tells all that is wrong with the registry"))
            }
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Partner {
        record: Box<Record>,
        /// Those in force, for an update or an exit.
        in_force: Option<Box<Record>>,
    },
    Policy(Box<Program>),
}

#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub subject: Subject,
    /// Its branch, without `refs/heads/`.
    pub branch: String,
    pub head: Oid,
    /// The partner as the branch has it. For an update, facts are the proposed ones, and the log is the landed one.
    pub partner: Partner,
    pub content: Content,
    pub facts: Facts,
    pub objects: Objects,
    pub round: u32,
    /// The voices of that round, each member's in order.
    pub votes: Vec<CastVote>,
    /// Who opened the round, by the order of its voices in git; nobody, where nobody has yet.
    pub opener: Option<Login>,
    /// Whether it stands on the default branch already, where somebody merged it undecided.
    pub stands: Option<Stands>,
}

/// How an application stands on the default branch that nobody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// It has no branch any more.
    Alone,
    /// What is said of it since waits on its branch.
    BesideItsBranch,
}

/// Who says something, when, under which policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speaker<'a> {
    pub actor: &'a Login,
    pub time: Time,
    pub policy: Sha256,
}

impl Proposal {
    /// When it was opened, as its opener claims.
    #[must_use]
    pub fn since(&self) -> Option<Time> {
        let by = |c: &&CastVote| self.opener().is_some_and(|o| c.vote.actor.is(o));
        match self.subject {
            Subject::Application => self.partner.life.application().map(|e| e.time),
            _ => self.votes.iter().find(by).map(|v| v.vote.time),
        }
    }

    #[must_use]
    pub fn opener(&self) -> Option<&Login> {
        match self.subject {
            Subject::Application => self.partner.life.application().map(|e| &e.actor),
            _ => self.opener.as_ref(),
        }
    }

    /// The voice that others are about; of an application it is its newest event, and none of the voices.
    #[must_use]
    pub fn proposed<'v>(&self, votes: &'v [CastVote]) -> Option<&'v CastVote> {
        tally::proposed(votes, self.opener.as_ref()).filter(|_| self.subject != Subject::Application)
    }

    /// Whether its branch begins with what is said next.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.stands == Some(Stands::Alone) || (self.votes.is_empty() && self.subject != Subject::Application)
    }

    /// The time of the entry that a voice by `actor` follows on: of what it is about, or its own last one.
    #[must_use]
    pub fn last_time(&self, actor: &Login) -> Option<Time> {
        let own = self.votes.iter().filter(|c| c.vote.actor.is(actor)).map(|c| c.vote.time);
        let word = match self.subject {
            Subject::Application => self.partner.life.last.map(|(_, time)| time),
            _ => self.proposed(&self.votes).map(|c| c.vote.time),
        };
        own.chain(word).max()
    }

    /// What is open, as `actor` finds it.
    #[must_use]
    pub fn opened(&self, actor: &Login) -> Opened<'_> {
        let by_others = |c: &CastVote| c.vote.ballot != Ballot::Request && !c.vote.actor.is(actor);
        Opened { by: self.opener(), voted: self.votes.iter().any(by_others) }
    }

    /// The hash of what votes are about: the newest event of an application, or the voice that proposes.
    #[must_use]
    pub fn word(&self) -> Option<Sha256> {
        self.said().or_else(|| self.proposed(&self.votes).map(|c| c.hash))
    }

    /// What a voice has to name by `KP-Log`, to be about what is proposed now.
    #[must_use]
    pub fn log_due(&self, vote: &Vote) -> Option<Sha256> {
        tally::log_due(vote, self.said(), self.proposed(&self.votes))
    }

    /// A voice on what is proposed now, on these terms of an exit.
    #[must_use]
    pub fn say(&self, registry: Sha256, ballot: Ballot, by: Speaker<'_>, terms: Option<Terms>) -> Vote {
        let Speaker { actor, time, policy } = by;
        let (partner, round, subject, facts) = (&self.partner.slug, self.round, self.subject, self.facts);
        let said = Said { registry, partner, round, subject, actor, time, policy, facts, log: None };
        let vote = Vote { terms, ..Vote::new(ballot, said) };
        Vote { log: self.log_due(&vote), ..vote }
    }

    fn said(&self) -> Option<Sha256> {
        self.partner.life.said.filter(|_| self.subject == Subject::Application)
    }

    /// The terms proposed for an exit: those that whoever opened it said last.
    #[must_use]
    pub fn terms(&self) -> Option<&Terms> {
        self.proposed(&self.votes).and_then(|c| c.vote.terms.as_ref())
    }

    /// What ties people to the partner: by the facts in force, where there are any. Proposed ones give nobody a say yet.
    #[must_use]
    pub fn relation(&self) -> Relation<'_> {
        Relation { record: self.in_force().or(self.record()), life: &self.partner.life }
    }

    /// The proposed facts; those of a partner.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match &self.content {
            Content::Partner { record, .. } => Some(record),
            Content::Policy(_) => None,
        }
    }

    /// The facts in force, where a partner's are to change.
    #[must_use]
    pub fn in_force(&self) -> Option<&Record> {
        match &self.content {
            Content::Partner { in_force, .. } => in_force.as_deref(),
            Content::Policy(_) => None,
        }
    }

    #[must_use]
    pub fn policy(&self) -> Option<&Program> {
        match &self.content {
            Content::Partner { .. } => None,
            Content::Policy(program) => Some(program),
        }
    }

    /// The name to show: the organization's, or the program's.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.content {
            Content::Partner { record, .. } => record.name.as_str(),
            Content::Policy(program) => program.name.as_str(),
        }
    }

    /// What is voted on, by these voices.
    #[must_use]
    pub fn question<'a>(&'a self, votes: &'a [CastVote]) -> Question<'a> {
        Question {
            slug: &self.partner.slug,
            record: self.record(),
            in_force: self.in_force(),
            facts: self.facts,
            subject: self.subject,
            said: self.said(),
            proposed: self.proposed(votes),
            proof: Proof::default(),
        }
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
}

impl<'r> Snapshot<'r> {
    /// Reads the heads. A registry without a commit has nothing to read.
    pub fn new(repo: &'r Repo, heads: Heads) -> Result<Self> {
        #[cfg(test)]
        SNAPSHOTS.set(SNAPSHOTS.get() + 1);
        let Some(commit) = heads.main else {
            return Err(Error::not_found(format!(
                "the registry at {} is empty: {} has no commit",
                repo.path().display(),
                heads.branch
            ))
            .hint("make a registry with karmada-partner init PATH"));
        };
        let tree = repo.commit(commit)?.tree;
        Ok(Self { repo, heads, tree, commit })
    }

    pub fn program_bytes(&self) -> Result<Vec<u8>> {
        Ok(self.repo.blob(self.program_entry()?.oid)?)
    }

    /// The entry of `data/program.toml`: without one, a repository isn't a registry.
    pub fn program_entry(&self) -> Result<Entry> {
        match self.repo.at_path(self.tree, PROGRAM)? {
            Some(entry) if entry.mode == Mode::File => Ok(entry),
            _ => Err(Error::not_found(format!("the repository at {} has no {PROGRAM}", self.repo.path().display()))
                .hint("it isn't a registry; make one with karmada-partner init PATH")),
        }
    }

    pub fn program(&self) -> Result<Program> {
        Program::parse(&self.program_bytes()?).map_err(|faults| Error::document(PROGRAM, &faults))
    }

    /// The hash of the founding event, by which all others name their registry.
    pub fn registry(&self) -> Result<Sha256> {
        match self.repo.at_path(self.tree, "data/program/log/0001")? {
            Some(entry) if entry.mode == Mode::File => Ok(Sha256::of(&self.repo.blob(entry.oid)?)),
            _ => Err(Error::refused(format!("the registry at {} has no founding event", self.repo.path().display()))
                .hint(FOUND)),
        }
    }

    /// The policy in force, if it was decided: who edits `program.toml` by hand decides nothing.
    pub fn decided_program(&self) -> Result<Program> {
        if self.program_entry()?.oid != self.last_policy()?.oid {
            return Err(Error::refused(format!("{PROGRAM} was changed, and nobody decided so"))
                .hint("restore it; or own up to the change with karmada-partner record program"));
        }
        self.program()
    }

    /// The policy that was decided last, whatever stands in `program.toml`.
    pub fn last_decided(&self) -> Result<Program> {
        let entry = self.last_policy()?;
        let path = format!("{POLICIES}/{}", entry.name);
        Program::parse(&self.repo.blob(entry.oid)?).map_err(|faults| Error::document(&path, &faults))
    }

    fn last_policy(&self) -> Result<Entry> {
        let directory = self.repo.at_path(self.tree, POLICIES)?.filter(|e| e.mode == Mode::Tree);
        let entries = directory.map(|d| self.repo.entries(d.oid)).transpose()?.unwrap_or_default();
        entries.into_iter().next_back().ok_or_else(|| {
            Error::refused(format!("the registry at {} has no founding event", self.repo.path().display())).hint(FOUND)
        })
    }

    /// Every policy that was ever decided, as kept beside their log.
    pub fn policies(&self) -> Result<Policies> {
        let mut known = Policies::new();
        let Some(directory) = self.repo.at_path(self.tree, POLICIES)?.filter(|e| e.mode == Mode::Tree) else {
            return Ok(known);
        };
        for entry in self.repo.entries(directory.oid)?.into_iter().filter(|e| e.mode == Mode::File) {
            if let Ok(program) = Program::parse(&self.repo.blob(entry.oid)?) {
                known.insert(program.hash, program);
            }
        }
        Ok(known)
    }

    /// The votes of a round on a branch that somebody could have cast: under a policy that was decided, by a member of its
    /// committee, with no signature but the member's own; and the partner's own requests. Anybody who may push could have
    /// written the others.
    fn voices(&self, directory: &Directory, landed: &Partner, round: u32) -> Result<Vec<CastVote>> {
        let slug = &landed.slug;
        if directory.round(self.repo, round)?.is_empty() {
            return Ok(Vec::new());
        }
        let registry = self.registry()?;
        // Where the history isn't at hand, a request is taken at its word: it asks, and decides nothing.
        let whole = self.repo.has_commit(self.commit);
        let policies = if whole { self.policies()? } else { Policies::new() };
        let program = self.program()?;
        let relation = Relation { record: landed.record.as_ref(), life: &landed.life };
        let may_ask = |v: &Vote| {
            let matter = Matter::Voice(v.ballot, v.subject);
            admit(&program, &v.actor, matter, relation, Opened::default()).is_ok()
        };
        let failed = RefCell::new(None);
        let could = |v: &Vote| {
            let then = policies.get(&v.policy).or(Some(&program).filter(|p| p.hash == v.policy));
            let proved = |m: &Member| m.votes() && examined::of_vote(v, m).is_ok();
            let seat = then.and_then(|p| p.member(&v.actor)).is_some_and(proved);
            let known = then.is_some() || !whole;
            // What a voter saw is part of what was said.
            let seen = |e: Error| {
                failed.replace(Some(e));
                None
            };
            let whole_vote = v.evidence.is_none() || directory.evidence(self.repo, v).unwrap_or_else(seen).is_some();
            whole_vote
                && v.registry == registry
                && match v.ballot {
                    Ballot::Request => known && may_ask(v),
                    _ => seat,
                }
        };
        let votes = directory.votes(self.repo, slug, round, &could)?;
        failed.into_inner().map_or(Ok(votes), Err)
    }

    pub fn directories(&self) -> Result<Vec<Entry>> {
        match self.repo.at_path(self.tree, PARTNERS)? {
            Some(entry) if entry.mode == Mode::Tree => Ok(self.repo.entries(entry.oid)?),
            _ => Ok(Vec::new()),
        }
    }

    /// A partner on the default branch; one that isn't there has an empty life.
    pub fn landed(&self, slug: &Slug) -> Result<Partner> {
        self.partner_in(self.tree, slug)?.sound()
    }

    /// A partner, or the program, as a tree has it.
    pub fn partner_in(&self, tree: Oid, slug: &Slug) -> Result<Partner> {
        let mut partner = match self.repo.at_path(tree, &root_of(slug))? {
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

    /// The open proposal on a branch, if there is one: one that fits what has landed since. One that can't be read isn't
    /// open to anything but being made again; [`Snapshot::proposals`] and `check` tell of it.
    pub fn proposal(&self, slug: &Slug, subject: Subject) -> Result<Option<Proposal>> {
        let branch = branch_for(slug, subject);
        let head = self.heads.proposals.iter().find(|(name, _)| *name == branch).map(|(_, head)| *head);
        match head.map_or(Ok(None), |head| self.proposal_on(slug, &branch, head))? {
            None if subject == Subject::Application && !slug.is_program() => self.undecided(slug, &branch),
            found => Ok(found),
        }
    }

    /// An application that somebody merged, and nobody decided: it is decided from where it stands.
    fn undecided(&self, slug: &Slug, branch: &str) -> Result<Option<Proposal>> {
        match self.landed(slug) {
            Ok(landed) if landed.life.state == State::Applied => self.read_proposal(slug, branch, self.commit, &landed),
            Err(e) if e.kind != Kind::Refused => Err(e),
            _ => Ok(None),
        }
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
        let open = about.iter().map(|subject| self.proposal(slug, *subject)).collect::<Result<Vec<_>>>()?;
        Ok(open.into_iter().flatten().collect())
    }

    /// All open proposals, oldest first; and those that can't be read, with why.
    #[must_use]
    pub fn proposals(&self) -> (Vec<Proposal>, Vec<String>) {
        self.read_proposals(|e| Ok(e.to_string())).unwrap_or_default()
    }

    /// The same, where it matters whether all is there to read.
    ///
    /// # Errors
    /// When the machine fails, or an object isn't here or can't be read.
    pub fn all_proposals(&self) -> Result<(Vec<Proposal>, Vec<String>)> {
        self.read_proposals(|e| if e.kind == Kind::Environment { Err(e) } else { Ok(e.to_string()) })
    }

    fn read_proposals(&self, judge: impl Fn(Error) -> Result<String>) -> Result<(Vec<Proposal>, Vec<String>)> {
        let (mut open, mut unreadable) = (Vec::new(), Vec::new());
        for (branch, head) in &self.heads.proposals {
            let Some(slug) = slug_of(branch) else { continue };
            match self.landed(&slug).and_then(|landed| self.read_proposal(&slug, branch, *head, &landed)) {
                Ok(found) => open.extend(found),
                Err(e) => unreadable.push(format!("{branch}: {}", judge(e)?)),
            }
        }
        open.sort_by_key(|p| (p.since(), p.branch.clone()));
        Ok((open, unreadable))
    }

    fn read_proposal(&self, slug: &Slug, branch: &str, head: Oid, landed: &Partner) -> Result<Option<Proposal>> {
        let proposed = self.partner_in(self.repo.commit(head)?.tree, slug)?.sound()?;
        let ours = &landed.life.log;
        let extends = proposed.life.log.len() > ours.len() && proposed.life.log[..ours.len()] == ours[..];
        let stands = landed.life.state == State::Applied;
        // Taken back where only a merge puts that on record: nobody is to decide it any more.
        if extends && proposed.life.log.last().is_some_and(|l| l.event.kind == EventKind::Withdrawn) {
            return Ok(None);
        }
        let subject = if slug.is_program() {
            Subject::Policy
        } else if branch.starts_with("exit/") {
            Subject::Exit
        } else if proposed.life.state == State::Applied && (extends || (stands && proposed.life.log == *ours)) {
            Subject::Application
        } else {
            Subject::Update
        };
        if subject != Subject::Application && !ours.starts_with(&proposed.life.log) {
            return Err(Error::refused(format!("the proposal {branch} has events that never landed"))
                .hint("somebody wrote them by hand; have the proposal made again"));
        }
        // What has been decided meanwhile, or was left over by a crash after landing, is no longer open.
        if subject != Subject::Application && landed.life.state != State::Active {
            return Ok(None);
        }
        let (life, round, votes) = if subject == Subject::Application {
            let round = proposed.life.application_round();
            (&proposed.life, round, self.voices(&proposed.directory, landed, round)?)
        } else {
            match self.open_round(&proposed.directory, landed, subject)? {
                Some((round, votes)) => (&landed.life, round, votes),
                None => return Ok(None),
            }
        };
        // An exit is about the facts in force, whatever they were when it was proposed.
        let of = if subject == Subject::Exit { landed } else { &proposed };
        let in_force = landed.record.clone().filter(|_| subject != Subject::Application).map(Box::new);
        let content = match (&of.record, of.directory.record) {
            (_, Some(file)) if subject == Subject::Policy => {
                let program = Program::parse(&self.repo.blob(file)?);
                program.ok().map(|program| Content::Policy(Box::new(program)))
            }
            (Some(record), _) => Some(Content::Partner { record: Box::new(record.clone()), in_force }),
            _ => None,
        };
        let (Some(content), Some((facts, objects))) = (content, of.facts(self.repo)?) else {
            let files = if slug.is_program() { "program.toml" } else { "partner.toml and logo.png" };
            return Err(Error::refused(format!("the proposal {branch} has no readable {files}"))
                .hint("have it made again with karmada-partner apply, update or program propose"));
        };
        let partner = Partner { life: life.clone(), ..proposed };
        let branch = branch.to_owned();
        let opener = match subject {
            Subject::Application => life.application().map(|e| e.actor.clone()),
            _ => self.opener(&partner.slug, round, &votes, head)?,
        };
        let stands = stands.then(|| if head == self.commit { Stands::Alone } else { Stands::BesideItsBranch });
        Ok(Some(Proposal { stands, subject, branch, head, partner, content, facts, objects, round, votes, opener }))
    }

    /// Who opened a round: whose voice names none before it. Where several say so, the order of the commits tells, and not
    /// what anybody's clock says.
    fn opener(&self, slug: &Slug, round: u32, votes: &[CastVote], head: Oid) -> Result<Option<Login>> {
        let opening: Vec<&CastVote> = votes.iter().filter(|c| c.vote.log.is_none()).collect();
        let Some(first) = opening.first() else { return Ok(None) };
        if opening.iter().all(|c| c.vote.actor.is(&first.vote.actor)) || !self.repo.has_commit(self.commit) {
            return Ok(Some(first.vote.actor.clone()));
        }
        let paths: Vec<String> =
            opening.iter().map(|c| format!("{}/votes/{round}/{}", root_of(slug), c.file)).collect();
        let base = self.repo.merge_base(self.commit, head)?;
        let (mut next, mut came) = (Some(head), 0);
        for _ in 0..MOST_COMMITS {
            let Some(at) = next.filter(|at| Some(*at) != base) else { break };
            let commit = self.repo.commit(at)?;
            for (index, path) in paths.iter().enumerate().rev() {
                if self.repo.at_path(commit.tree, path)?.is_some() {
                    came = index;
                }
            }
            next = commit.parents.first().copied();
        }
        Ok(opening.get(came).map(|c| c.vote.actor.clone()))
    }

    /// The round of an update or an exit that waits on a branch: one with voices, and not decided yet.
    fn open_round(
        &self,
        directory: &Directory,
        landed: &Partner,
        subject: Subject,
    ) -> Result<Option<(u32, Vec<CastVote>)>> {
        let open = |r: &u32| {
            !landed.life.used(*r) && *r <= landed.life.round.saturating_add(crate::domain::log::lifecycle::AHEAD)
        };
        for round in directory.round_numbers(self.repo)?.into_iter().rev().filter(open) {
            let votes = self.voices(directory, landed, round)?;
            if votes.iter().any(|v| v.vote.subject == subject) {
                return Ok(Some((round, votes)));
            }
        }
        Ok(None)
    }

    /// The round for an update or an exit that nobody has proposed yet: past all that were or are.
    pub fn next_round(&self, partner: &Partner) -> Result<u32> {
        let open = self.proposals_of(&partner.slug)?.into_iter().map(|p| p.round);
        Ok(open.chain([partner.life.round]).max().unwrap_or(0).saturating_add(1))
    }

    /// The facts of a partner that has none on the default branch: those of its closed proposal, where it is kept.
    pub fn closed_record(&self, slug: &Slug, round: u32) -> Result<Option<Record>> {
        match self.repo.reference(&format!("refs/heads/closed/{slug}/{round}"))? {
            Some(head) => Ok(self.partner_in(self.repo.commit(head)?.tree, slug)?.record),
            None => Ok(None),
        }
    }
}
