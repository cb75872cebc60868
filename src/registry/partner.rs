//! A partner's directory, or the program's, as one tree has it.

use super::unread::named;
use crate::domain::log::lifecycle::Broken;
use crate::domain::paths::{evidence_fault, evidence_in, evidence_name, ordinal, root_of};
use crate::domain::peer::Peer;
use crate::domain::votes::cast::{is_beyond, vote_name, vote_order};
use crate::domain::{CastVote, Event, Facts, GitId, Kind, Life, Logged, Objects, Record, Sha256, Slug, Vote, upkeep};
use crate::error::{Error, Result};
use crate::git::{Entry, Mode, Oid, Repo, RepoError, why_strange};

/// Where a partner's facts stand in its directory.
const RECORD: &str = "partner.toml";

/// The same of its logo.
const LOGO: &str = "logo.png";

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
    /// Finds the parts of a partner's directory, which stands at `root`.
    ///
    /// # Errors
    /// When it, or its log, isn't here or can't be read.
    pub fn read(repo: &Repo, root: &str, tree: Oid) -> Result<Self, RepoError> {
        let mut out = Self::default();
        for entry in repo.entries(tree).map_err(|e| named(root, e))? {
            match (entry.name.as_str(), entry.mode) {
                (RECORD, Mode::File) => out.record = Some(entry.oid),
                (LOGO, Mode::File) => out.logo = Some(entry.oid),
                ("log", Mode::Tree) => {
                    out.log = repo.entries(entry.oid).map_err(|e| named(&format!("{root}/log"), e))?;
                }
                ("votes", Mode::Tree) => out.votes = Some(entry.oid),
                (name, mode) => {
                    out.strange.push((name.to_owned(), why_strange(mode, tr!("doesn't belong here")).into()));
                }
            }
        }
        Ok(out)
    }

    /// The rounds that have votes, in order.
    pub(super) fn round_numbers(&self, repo: &Repo) -> Result<Vec<u32>> {
        let Some(votes) = self.votes else { return Ok(Vec::new()) };
        let mut rounds: Vec<u32> = repo.entries(votes)?.iter().filter_map(|e| ordinal(&e.name)).collect();
        rounds.sort_unstable();
        Ok(rounds)
    }

    /// The files of one round of votes, by name.
    ///
    /// # Errors
    /// When they aren't here or can't be read.
    pub fn round(&self, repo: &Repo, round: u32) -> Result<Vec<Entry>, RepoError> {
        let Some(votes) = self.votes else { return Ok(Vec::new()) };
        match repo.at_path(votes, &round.to_string())? {
            Some(entry) if entry.mode == Mode::Tree => repo.entries(entry.oid),
            _ => Ok(Vec::new()),
        }
    }

    /// The votes of one round, each member's in the order they were cast. What isn't in its place, or isn't a vote of this
    /// partner's and this round, or isn't a `voice`, is passed over; `check` reports it. Whether the signature holds without which
    /// it would be one too many is for others to say.
    pub fn votes(&self, repo: &Repo, slug: &Slug, round: u32, voice: &dyn Fn(&Vote) -> bool) -> Result<Vec<CastVote>> {
        let told = |e| named(&format!("{}/votes/{round}", root_of(slug)), e);
        let mut files = self.round(repo, round).map_err(told)?;
        files.sort_by_key(|e| vote_order(&e.name));
        let mut votes: Vec<CastVote> = Vec::new();
        for file in files.into_iter().filter(|f| f.mode == Mode::File && evidence_in(&f.name).is_none()) {
            let bytes = repo.blob(file.oid).map_err(told)?;
            let Ok(vote) = Vote::parse(&bytes) else { continue };
            let heard = !is_beyond(&file.name) || vote.signature.is_some();
            let in_place = heard && file.name == vote_name(votes.iter().map(|v| &v.vote), &vote.actor);
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

/// The bytes of the record that these facts name, wherever git keeps it; `None` where it isn't here, or another.
pub(super) fn record_bytes_at(repo: &Repo, facts: Facts, objects: Objects) -> Result<Option<Vec<u8>>> {
    Ok(repo.file_bytes(objects.record)?.filter(|bytes| Sha256::of(bytes) == facts.record))
}

/// The same record, read; `None` where it can't be.
pub(super) fn record_at(repo: &Repo, (facts, objects): (Facts, Objects)) -> Result<Option<Record>> {
    let bytes = record_bytes_at(repo, facts, objects)?;
    Ok(bytes.and_then(|bytes| Record::parse(&bytes).ok()))
}

#[cfg(test)]
std::thread_local! {
    /// How many partners this thread has read.
    pub static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl Partner {
    /// What others are held to of it.
    pub(super) fn peer(&self) -> Peer {
        Peer::of(&self.slug, &self.life, self.record.as_ref(), self.broken.is_empty())
    }

    pub fn read(repo: &Repo, slug: Slug, tree: Oid) -> Result<Self> {
        #[cfg(test)]
        READ.set(READ.get() + 1);
        let of = |part: &str| format!("{}{part}", root_of(&slug));
        let directory = Directory::read(repo, &of(""), tree)?;
        let bytes = |part: &str, oid| repo.blob(oid).map_err(|e| named(&of(part), e));
        let record = match directory.record {
            Some(oid) => Record::parse(&bytes(&format!("/{RECORD}"), oid)?).ok(),
            None => None,
        };
        let (mut life, mut broken) = (Life::default(), Vec::new());
        for (index, file) in directory.log.iter().enumerate() {
            if file.mode != Mode::File || file.name != format!("{:04}", index + 1) {
                let why = why_strange(file.mode, tr!("it isn't where the next event belongs"));
                broken.push((file.name.clone(), Broken { code: "log-name", why: why.into() }));
                continue;
            }
            let bytes = bytes(&format!("/log/{}", file.name), file.oid)?;
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

    /// Whether an update named the contact that it has, after it was brought in with another; `None` where an earlier record isn't
    /// here to tell.
    #[must_use]
    pub fn names_its_contact(&self, repo: &Repo) -> Option<bool> {
        let (Some(Record { github: contact, .. }), Some(_)) = (&self.record, upkeep::brought_in(&self.life.log)) else {
            return Some(false);
        };
        let events = || self.life.log.iter().map(|l| &l.event);
        let approved = events().rfind(|e| e.kind == Kind::Approved)?.seq;
        let mut records: Vec<GitId> =
            events().filter(|e| e.seq >= approved && e.kind.brings()).map(|e| e.objects.record).collect();
        records.dedup();
        let mut whole = true;
        for earlier in records.iter().rev().skip(1) {
            match repo.blob(Oid::from(*earlier)) {
                Ok(bytes) if Record::parse(&bytes).is_ok_and(|earlier| !earlier.github.is(contact)) => {
                    return Some(true);
                }
                Ok(_) => {}
                Err(_) => whole = false,
            }
        }
        whole.then_some(false)
    }

    /// The bytes of the logo that stands there, whatever they are.
    pub fn logo(&self, repo: &Repo) -> Result<Option<Vec<u8>>> {
        self.directory.logo.map(|oid| self.part(repo, LOGO, oid)).transpose()
    }

    fn part(&self, repo: &Repo, name: &str, oid: Oid) -> Result<Vec<u8>> {
        Ok(repo.blob(oid).map_err(|e| named(&format!("{}/{name}", root_of(&self.slug)), e))?)
    }

    /// Whether a record stands there and nobody can read it, which is another thing than none.
    #[must_use]
    pub fn has_unreadable_record(&self) -> bool {
        let stands = || self.directory.record.is_some() || self.directory.strange.iter().any(|(p, _)| p == RECORD);
        self.record.is_none() && !self.slug.is_program() && stands()
    }

    /// Whether something stands in the logo's place that can't be one, which is another thing than none.
    #[must_use]
    pub fn has_unreadable_logo(&self) -> bool {
        self.directory.logo.is_none() && self.directory.strange.iter().any(|(path, _)| path == LOGO)
    }

    /// The facts as they stand in the tree: their hashes, and where git keeps them.
    pub fn facts(&self, repo: &Repo) -> Result<Option<(Facts, Objects)>> {
        let (record, logo) = match (self.directory.record, self.directory.logo) {
            // Who left may have been cleared, or is to be.
            (Some(record), None) if self.slug.is_program() || self.life.state.is_over() => (record, None),
            (Some(record), Some(logo)) => (record, Some(logo)),
            _ => return Ok(None),
        };
        let hash = |name, oid| Ok::<_, Error>(Sha256::of(&self.part(repo, name, oid)?));
        let facts = Facts { record: hash(RECORD, record)?, logo: logo.map(|oid| hash(LOGO, oid)).transpose()? };
        Ok(Some((facts, Objects { record: record.into(), logo: logo.map(Into::into) })))
    }

    /// Refuses to go on from a log that is lost or broken; `hint` says what to do then.
    pub(super) fn sound(self, hint: &str) -> Result<Self> {
        let why = self.unreliable();
        self.unless(why, hint)
    }

    /// The same of a branch: of what it doesn't change it may have nothing, as where a fork is older.
    pub(super) fn sound_on_branch(self, hint: &str) -> Result<Self> {
        let why = self.broken_entry();
        self.unless(why, hint)
    }

    fn unless(self, why: Option<String>, hint: &str) -> Result<Self> {
        match why {
            None => Ok(self),
            Some(why) => {
                Err(Error::refused(tr!("the log of {slug} can't be relied on: {why}", why, slug = self.slug))
                    .hint(hint))
            }
        }
    }

    /// The first thing that is wrong with the log, with its file. What stands behind it may say that the partner has left.
    #[must_use]
    pub fn unreliable(&self) -> Option<String> {
        if self.has_lost_its_log() {
            return Some(tr!("log: it is empty, or isn't there").to_owned());
        }
        self.broken_entry()
    }

    fn broken_entry(&self) -> Option<String> {
        self.broken.first().map(|(file, broken)| tr!("log/{file}: {why}", file, why = broken.why))
    }

    /// Whether facts stand there and nothing says how they came, which is another thing than nothing.
    fn has_lost_its_log(&self) -> bool {
        let Directory { record, logo, log, .. } = &self.directory;
        log.is_empty() && (record.is_some() || logo.is_some()) && !self.slug.is_program()
    }
}
