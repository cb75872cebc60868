//! Reading ahead of an audit: what a commit most likely adds is guessed from its message, read, parsed and verified before
//! its turn comes, on as many threads as there are. Guesses decide nothing: the trees prove them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use super::chain::Link;
use super::replay::{Expected, ReadTree, Trees, rows};
use crate::domain::log::block;
use crate::domain::paths::root_of;
use crate::domain::signature::examined::{EventFile, Examiner, VoteFile};
use crate::domain::{GitId, Slug};
use crate::git::{Repo, RepoError};
use crate::parallel;

/// What stands at the head: since logs and votes are only ever added to, it is what stood there before, too.
#[derive(Debug, Default)]
pub struct Index {
    of: HashMap<Slug, Standing>,
}

#[derive(Debug, Default)]
struct Standing {
    log: HashMap<u32, GitId>,
    votes: HashMap<u32, GitId>,
}

impl Index {
    /// Fewer commits than this aren't worth reading all that stands at the head.
    pub const WORTH: usize = 2_000;

    pub fn read(repo: &Repo, tree: GitId) -> Result<Self, RepoError> {
        let read = |id| repo.tree_bytes(id);
        let mut trees = Trees::at(Some(tree));
        let mut of = HashMap::new();
        for slug in trees.slugs(&read)? {
            let root = root_of(&slug);
            let mut numbered = |name: &str| trees.numbered(&format!("{root}/{name}"), &read);
            let standing = Standing { log: numbered("log")?, votes: numbered("votes")? };
            of.insert(slug, standing);
        }
        Ok(Self { of })
    }
}

/// What was read ahead for one commit.
#[derive(Debug, Default)]
pub struct Ready {
    pub message: String,
    event: Option<(GitId, EventFile)>,
    about: Option<About>,
    votes: Vec<(GitId, VoteFile)>,
    round: Option<(GitId, Vec<u8>)>,
    record: Option<(GitId, Vec<u8>)>,
}

/// What the event in a message says that it adds.
#[derive(Debug)]
struct About {
    slug: Slug,
    seq: u32,
    round: u32,
    record: Option<GitId>,
    logo: Option<GitId>,
}

impl Ready {
    fn read(repo: &Repo, index: Option<&Index>, examiner: &Examiner<'_>, link: &Link) -> Result<Self, RepoError> {
        let message = match &link.message {
            Some(message) => message.to_string(),
            None => repo.message(link.oid)?,
        };
        let mut out = Self { message, ..Self::default() };
        if let Some(index) = index {
            out.guess(repo, index, examiner);
        }
        Ok(out)
    }

    fn guess(&mut self, repo: &Repo, index: &Index, examiner: &Examiner<'_>) {
        let Some(block) = block::events_in(&self.message).pop() else { return };
        let Ok(testimony) = examiner.event(block.as_bytes()) else { return };
        let event = &testimony.said;
        let lands = event.kind.lands();
        // What can't be read is told when its turn comes.
        let file = |id| repo.file_bytes(id).ok().flatten();
        self.about = Some(About {
            slug: event.partner.clone(),
            seq: event.seq,
            round: event.round,
            record: lands.then_some(event.objects.record),
            logo: event.objects.logo.filter(|_| lands),
        });
        self.record = file(event.objects.record).map(|bytes| (event.objects.record, bytes));
        let round = index.of.get(&event.partner).and_then(|s| s.votes.get(&event.round));
        if let Some((id, bytes)) = round.and_then(|id| Some((*id, repo.tree_bytes(*id).ok()?))) {
            let votes = rows(&bytes).filter_map(|row| Some((row.id, examiner.vote(&file(row.id)?))));
            self.votes = votes.collect();
            // An empty one is for a comparison to find.
            self.round = Some((id, bytes)).filter(|(_, bytes)| !bytes.is_empty());
        }
        self.event = Some((GitId::of_file(block.as_bytes()), Ok(testimony)));
    }

    /// What the commit adds, if the guess is right; `known`: how many events each log has so far.
    pub fn expected(
        &self,
        now: &mut Trees,
        known: &mut HashMap<Slug, u32>,
        index: Option<&Index>,
        read: ReadTree<'_>,
    ) -> Result<Option<(Slug, Expected)>, RepoError> {
        let (Some(about), Some((id, _)), Some(index)) = (&self.about, &self.event, index) else { return Ok(None) };
        let slug = &about.slug;
        let before = match known.get(slug) {
            Some(known) => *known,
            None => {
                let log = now.list(&format!("{}/log", root_of(slug)), read)?;
                u32::try_from(log.len()).unwrap_or(u32::MAX)
            }
        };
        let mut expected = Expected::default();
        // A merge brings the events of the proposal, too.
        for seq in before.saturating_add(1)..about.seq {
            let Some(earlier) = index.of.get(slug).and_then(|s| s.log.get(&seq)) else { return Ok(None) };
            expected.log.push((format!("{seq:04}"), *earlier));
        }
        expected.log.push((format!("{:04}", about.seq), *id));
        known.insert(slug.clone(), about.seq);
        (expected.record, expected.logo) = (about.record, about.logo);
        if slug.is_program() {
            expected.policy = about.record.map(|record| (format!("{:04}.toml", about.seq), record));
        }
        expected.votes = self.round.as_ref().map(|(id, _)| (about.round, *id));
        Ok(Some((slug.clone(), expected)))
    }

    /// The event, once.
    pub fn take_event(&mut self, id: GitId) -> Option<EventFile> {
        self.event.take_if(|(known, _)| *known == id).map(|(_, event)| event)
    }

    /// A vote, once.
    pub fn take_vote(&mut self, id: GitId) -> Option<VoteFile> {
        let at = self.votes.iter().position(|(known, _)| *known == id)?;
        Some(self.votes.swap_remove(at).1)
    }

    #[must_use]
    pub fn record(&self, id: GitId) -> Option<&[u8]> {
        self.record.as_ref().filter(|(known, _)| *known == id).map(|(_, bytes)| bytes.as_slice())
    }

    #[must_use]
    pub fn tree(&self, id: GitId) -> Option<&[u8]> {
        self.round.as_ref().filter(|(known, _)| *known == id).map(|(_, bytes)| bytes.as_slice())
    }
}

/// What was read ahead for a chunk of commits.
type Prepared = Result<Vec<Ready>, RepoError>;

/// Commits that are taken up at once.
const CHUNK: usize = 64;
/// How many of these may wait for their turn: they take memory.
const WINDOW: usize = 32;

pub struct Preparing<'a> {
    chain: &'a [Link],
    /// What stands at the head, if that is known.
    pub index: Option<&'a Index>,
    examiner: Examiner<'a>,
    /// The next chunk that nobody has taken up.
    next: AtomicUsize,
    judged: AtomicUsize,
    done: Vec<Mutex<Option<Prepared>>>,
    turn: (Mutex<()>, Condvar),
    over: AtomicBool,
}

impl std::fmt::Debug for Preparing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preparing").field("commits", &self.chain.len()).finish_non_exhaustive()
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Preparing<'a> {
    /// For a chain, the oldest commit first.
    pub(crate) fn new(chain: &'a [Link], index: Option<&'a Index>, examiner: Examiner<'a>) -> Self {
        let done = (0..chain.len().div_ceil(CHUNK)).map(|_| Mutex::new(None)).collect();
        Self {
            chain,
            index,
            examiner,
            next: AtomicUsize::new(0),
            judged: AtomicUsize::new(0),
            done,
            turn: (Mutex::new(()), Condvar::new()),
            over: AtomicBool::new(false),
        }
    }

    /// Does `work` while other threads read ahead of it, if that is worth it.
    pub fn with_help<T>(&self, repo: &Repo, work: impl FnOnce(&Self) -> T) -> T {
        let helpers = if self.index.is_some() { parallel::cores() - 1 } else { 0 };
        let path = repo.path();
        std::thread::scope(|scope| {
            for _ in 0..helpers {
                scope.spawn(|| {
                    let Ok(own) = Repo::open(path) else { return };
                    while !self.over.load(Ordering::Acquire) {
                        if !self.take_up(&own, WINDOW) {
                            let guard = held(&self.turn.0);
                            let _ = self.turn.1.wait_timeout(guard, std::time::Duration::from_millis(1));
                        }
                    }
                });
            }
            let out = work(self);
            self.over.store(true, Ordering::Release);
            self.turn.1.notify_all();
            out
        })
    }

    /// Prepares the next chunk, unless it is too far ahead. Gives whether it did.
    fn take_up(&self, repo: &Repo, window: usize) -> bool {
        let next = self.next.load(Ordering::Acquire);
        if next >= self.done.len() || next > self.judged.load(Ordering::Acquire) + window {
            return false;
        }
        if self.next.compare_exchange(next, next + 1, Ordering::AcqRel, Ordering::Acquire).is_err() {
            return true;
        }
        let ready = self.prepare(next, repo);
        *held(&self.done[next]) = Some(ready);
        self.turn.1.notify_all();
        true
    }

    fn links(&self, chunk: usize) -> &'a [Link] {
        let end = ((chunk + 1) * CHUNK).min(self.chain.len());
        &self.chain[chunk * CHUNK..end]
    }

    fn prepare(&self, chunk: usize, repo: &Repo) -> Prepared {
        self.links(chunk).iter().map(|link| Ready::read(repo, self.index, &self.examiner, link)).collect()
    }

    /// The chunks in order: their commits, and what was read ahead for each. Whoever waits for one prepares others.
    pub(crate) fn chunks(&self, repo: &'a Repo) -> impl Iterator<Item = (&'a [Link], Prepared)> {
        (0..self.done.len()).map(move |chunk| {
            let ready = loop {
                if let Some(ready) = held(&self.done[chunk]).take() {
                    break ready;
                }
                if self.next.load(Ordering::Acquire) <= chunk || self.index.is_none() {
                    self.take_up(repo, usize::MAX / 2);
                } else if !self.take_up(repo, WINDOW / 4) {
                    std::thread::yield_now();
                }
            };
            self.judged.store(chunk + 1, Ordering::Release);
            (self.links(chunk), ready)
        })
    }
}
