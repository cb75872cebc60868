//! The history of a registry read for an audit: its first-parent commits from the oldest on, each turned into what it
//! changes, which the ledger judges.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::partner::audit::Rule;
use crate::partner::check::Policies;
use crate::partner::ledger::{Item, Ledger, Source, Start, Step};
use crate::partner::testimony::{EventFile, Examiner, VoteFile};
use crate::partner::{Event, GitId, Logged, Program, Sha256, Slug};
use crate::registry::{POLICIES, root_of};
use crate::repo::{Oid, RawCommit, Repo};
use crate::trees::{Expected, ReadTree, Trees};

/// What is to be audited.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// The commit that the default branch is at.
    pub head: Oid,
    /// An earlier one that is taken as sound; `None`: from the beginning.
    pub since: Option<Oid>,
    /// Whether signatures are verified.
    pub signatures: bool,
}

/// How far the history was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From the beginning, or from where it was asked to begin.
    Whole,
    /// What is before isn't in this clone.
    CutOff,
    /// The commit to begin from isn't part of the history.
    Parted,
}

/// A commit of the chain.
struct Link {
    oid: Oid,
    commit: RawCommit,
}

/// Audits a history. `ledger` is where it begins, `begin` is told how many commits there are and gives what is told of
/// each that is done.
pub fn audit(
    repo: &Repo,
    scope: Scope,
    mut ledger: Ledger,
    begin: impl FnOnce(usize) -> Box<dyn Fn()>,
) -> Result<(Ledger, Reach)> {
    let (chain, reach) = chain(repo, scope)?;
    let step = begin(chain.len());
    let head = chain.first().map(|link| link.commit.tree);
    let policies = head.map(|tree| policies(repo, tree)).transpose()?.unwrap_or_default();
    let base = match scope.since {
        Some(since) if reach == Reach::Whole => repo.raw_commit(since)?.map(|c| c.tree),
        _ => None,
    };
    let read = |id| repo.tree_bytes(id);
    let mut now = Trees::at(base);
    let mut last = Trees::at(head);
    let files = Files {
        repo,
        examiner: RefCell::new(Examiner::new(&policies, scope.signatures)),
        events: RefCell::default(),
        base: base.map(|tree| RefCell::new(Trees::at(Some(tree)))),
    };
    let on_chain: HashSet<Oid> = chain.iter().map(|link| link.oid).chain(scope.since).collect();
    let mut logs: HashMap<Slug, u32> = HashMap::new();
    for Link { oid, commit } in chain.iter().rev() {
        let expected = expect(&commit.message, &files, &mut now, &mut last, &mut logs, &read)?;
        let replayed = match &expected {
            Some((slug, expected)) => now.replay(slug, expected, commit.tree, &read)?,
            None => None,
        };
        let changes = match replayed {
            Some(changes) => changes,
            None => {
                logs.clear();
                now.advance(commit.tree, &read)?
            }
        };
        ledger.step(Step { commit: (*oid).into(), time: commit.time, message: &commit.message, changes }, &files);
        if commit.parents.len() > 1 {
            merge(repo, *oid, commit, &on_chain, &mut ledger)?;
        }
        step();
    }
    ledger.finish();
    Ok((ledger, reach))
}

/// The first-parent commits, the newest first, as far as they are here.
fn chain(repo: &Repo, scope: Scope) -> Result<(Vec<Link>, Reach)> {
    let mut out = Vec::new();
    let mut next = Some(scope.head);
    while let Some(oid) = next {
        if Some(oid) == scope.since {
            return Ok((out, Reach::Whole));
        }
        let Some(commit) = repo.raw_commit(oid)? else { return Ok((out, Reach::CutOff)) };
        next = commit.parents.first().copied();
        out.push(Link { oid, commit });
    }
    Ok((out, if scope.since.is_some() { Reach::Parted } else { Reach::Whole }))
}

/// All policies that a tree keeps, by their hashes.
pub fn policies(repo: &Repo, tree: GitId) -> Result<Policies> {
    let mut trees = Trees::at(Some(tree));
    let read = |id| repo.tree_bytes(id);
    let mut out = Policies::new();
    for (_, id, _) in trees.list(POLICIES, &read)? {
        if let Some(program) = repo.file_bytes(id).and_then(|bytes| Program::parse(&bytes).ok()) {
            out.insert(program.hash, program);
        }
    }
    Ok(out)
}

/// What a commit adds, going by the block in its message and by what stands at the head: a guess, that the trees prove.
fn expect(
    message: &str,
    files: &Files<'_>,
    now: &mut Trees,
    last: &mut Trees,
    logs: &mut HashMap<Slug, u32>,
    read: ReadTree<'_>,
) -> Result<Option<(Slug, Expected)>> {
    let Some(block) = last_block(message) else { return Ok(None) };
    let id = GitId::of_file(block.as_bytes());
    let read_event = files.examiner.borrow_mut().event(block.as_bytes());
    let Ok(testimony) = read_event else { return Ok(None) };
    let event = testimony.said.clone();
    files.events.borrow_mut().insert(id, Ok(testimony));
    let slug = event.partner.clone();
    let root = root_of(&slug);
    let known = match logs.get(&slug) {
        Some(known) => *known,
        None => u32::try_from(now.list(&format!("{root}/log"), read)?.len()).unwrap_or(u32::MAX),
    };
    let mut expected = Expected::default();
    for seq in known.saturating_add(1)..event.seq {
        let name = format!("{seq:04}");
        let Some(earlier) = last.find(&format!("{root}/log"), &name, read)? else { return Ok(None) };
        expected.log.push((name, earlier));
    }
    expected.log.push((format!("{:04}", event.seq), id));
    logs.insert(slug.clone(), event.seq);
    if event.kind.lands() {
        expected.record = Some(event.objects.record);
        expected.logo = event.objects.logo;
        expected.policy = slug.is_program().then(|| (format!("{:04}.toml", event.seq), event.objects.record));
    }
    let votes = last.find(&format!("{root}/votes"), &event.round.to_string(), read)?;
    expected.votes = votes.map(|id| (event.round, id));
    Ok(Some((slug, expected)))
}

/// The last event block in a message.
fn last_block(message: &str) -> Option<&str> {
    let at = if message.starts_with("KP-Event: ") { 0 } else { message.rfind("\nKP-Event: ")? + 1 };
    let rest = &message[at..];
    let mut end = 0;
    for line in rest.split_inclusive('\n').take_while(|line| line.starts_with("KP-")) {
        end += line.len();
    }
    Some(&rest[..end])
}

/// What a merge brings from its other sides must be there: no event of theirs may get lost.
fn merge(repo: &Repo, oid: Oid, commit: &RawCommit, on_chain: &HashSet<Oid>, ledger: &mut Ledger) -> Result<()> {
    let read = |id| repo.tree_bytes(id);
    for other in &commit.parents[1..] {
        let (mut side, mut fork) = (Vec::new(), Some(*other));
        while let Some(at) = fork.filter(|at| !on_chain.contains(at)) {
            let Some(commit) = repo.raw_commit(at)? else { break };
            // A side that the default branch was merged into begins there.
            fork = commit.parents.iter().find(|p| on_chain.contains(p)).or(commit.parents.first()).copied();
            side.push(commit.tree);
        }
        let Some(tip) = side.first() else {
            ledger.merged(oid.into(), Rule::MergedTwice, None, "what it merges was part of the history before");
            continue;
        };
        let before = fork.map(|at| repo.raw_commit(at)).transpose()?.flatten().map(|c| c.tree);
        let mut theirs = Trees::at(before);
        let (mut merged, mut first) = (Trees::at(Some(commit.tree)), Trees::at(None));
        if let Some(parent) = commit.parents.first().map(|p| repo.raw_commit(*p)).transpose()?.flatten() {
            first = Trees::at(Some(parent.tree));
        }
        let mut brings = false;
        let mut had = true;
        for change in theirs.advance(*tip, &read)? {
            let Some((directory, name)) = change.path.rsplit_once('/') else { continue };
            let Some(Item::File(id)) = change.new else { continue };
            let event = directory.ends_with("/log");
            if !event && !directory.contains("/votes/") {
                continue;
            }
            brings = true;
            had &= first.find(directory, name, &read)? == Some(id);
            if event && merged.find(directory, name, &read)? != Some(id) {
                ledger.merged(
                    oid.into(),
                    Rule::EvilMerge,
                    Some(&change.path),
                    "an event of the side that it merges is lost",
                );
            }
        }
        if brings && had {
            ledger.merged(oid.into(), Rule::MergedTwice, None, "what it merges was there before");
        }
    }
    Ok(())
}

/// Where an audit reads files.
struct Files<'a> {
    repo: &'a Repo,
    examiner: RefCell<Examiner<'a>>,
    /// Events that were read from messages.
    events: RefCell<HashMap<GitId, EventFile>>,
    /// The trees of the commit that is taken as sound.
    base: Option<RefCell<Trees>>,
}

impl Source for Files<'_> {
    fn event(&self, id: GitId) -> Option<EventFile> {
        if let Some(known) = self.events.borrow_mut().remove(&id) {
            return Some(known);
        }
        Some(self.examiner.borrow_mut().event(&self.repo.file_bytes(id)?))
    }

    fn vote(&self, id: GitId) -> Option<VoteFile> {
        Some(self.examiner.borrow_mut().vote(&self.repo.file_bytes(id)?))
    }

    fn bytes(&self, id: GitId) -> Option<Vec<u8>> {
        self.repo.file_bytes(id)
    }

    fn start(&self, slug: &Slug) -> Option<Start> {
        let read = |id| self.repo.tree_bytes(id);
        let mut trees = self.base.as_ref()?.borrow_mut();
        let root = root_of(slug);
        let mut start = Start::default();
        for (_, id, _) in trees.list(&format!("{root}/log"), &read).ok()? {
            let bytes = self.repo.file_bytes(id)?;
            start.log.push(Logged { event: Event::parse(&bytes).ok()?, hash: Sha256::of(&bytes) });
        }
        if slug.is_program() {
            start.record = trees.find("data", "program.toml", &read).ok()?;
        } else {
            start.record = trees.find(&root, "partner.toml", &read).ok()?;
            start.logo = trees.find(&root, "logo.png", &read).ok()?;
        }
        Some(start)
    }
}
