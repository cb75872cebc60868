//! The history of a registry read for an audit: its first-parent commits from the oldest on, each turned into what it
//! changes, which the ledger judges.

pub mod chain;
pub(crate) mod checkpoint;
pub(crate) mod decided;
mod directory_hash;
mod document;
pub mod finding;
pub mod ledger;
mod losses;
mod merge;
pub(crate) mod own_commit;
pub(crate) mod prefetch;
pub(crate) mod replay;
mod ruling;
pub(crate) mod side;
mod standing;
pub mod step;
mod taken_back;
mod trunk;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::audit::chain::{Link, Reach, Scope, chain};
use crate::audit::finding::{Rule, Severity};
use crate::audit::ledger::Ledger;
use crate::audit::merge::Merge;
use crate::audit::prefetch::{Index, Preparing, Ready};
use crate::audit::replay::{Row, Trees, rows};
use crate::audit::step::{Source, Start, Step};
use crate::audit::trunk::Trunk;
use crate::domain::log::statement;
use crate::domain::paths::{evidence_in, root_of};
use crate::domain::program::policies::Policies;
use crate::domain::signature::examined::{EventFile, Examiner, VoteFile};
use crate::domain::{Event, GitId, Logged, Program, Sha256, Slug};
use crate::error::Result;
use crate::git::{Oid, RawCommit, Repo, RepoError};

#[derive(Debug)]
pub struct Audited {
    pub ledger: Ledger,
    pub reach: Reach,
    /// Of the commits that were seen before, those that are gone from the history.
    pub gone: Vec<Oid>,
}

/// Audits a history. `ledger` is where it begins, `begin` is told how many commits there are and gives what is told of
/// each that is done.
///
/// # Errors
/// When git can't give a commit or a tree. What is wrong with the history is a finding, and no error.
pub fn audit(
    repo: &Repo,
    scope: &Scope,
    ledger: Ledger,
    begin: impl FnOnce(usize) -> Box<dyn Fn()>,
) -> Result<Audited> {
    Ok(with_policies(repo, scope, ledger, begin)?.0)
}

/// The same, and every policy that was ever decided.
fn with_policies(
    repo: &Repo,
    scope: &Scope,
    ledger: Ledger,
    begin: impl FnOnce(usize) -> Box<dyn Fn()>,
) -> Result<(Audited, Policies)> {
    let (mut chain, reach) = chain(repo, scope)?;
    chain.reverse();
    let (mut ledger, mut since, none) = (ledger, scope.since, BTreeMap::new());
    let mut known = &scope.known;
    if reach == Reach::Broken && !chain.is_empty() {
        // What is before the first that can be read is taken as sound: nothing can be said of it.
        let first = chain.remove(0);
        ledger = take_up(repo, first.oid)?;
        ledger.at(first.oid.into());
        let before = first.commit.parents.first().map_or_else(String::new, ToString::to_string);
        ledger.find(Rule::Object, None, None, format!("the commit before it, {before}, can't be read"));
        (since, known) = (Some(first.oid), &none);
    }
    let step = begin(chain.len());
    let head = chain.last().map(|link| link.commit.tree);
    let base = match since {
        Some(since) if matches!(reach, Reach::Whole | Reach::Broken) => Some(repo.raw_commit(since)?.tree),
        _ => None,
    };
    let mut policies = head.map(|tree| decided::at_hand(repo, tree)).transpose()?.unwrap_or_default();
    // What has to be read is guessed only where it is worth knowing all that stands at the head.
    let index = match head.filter(|_| !scope.deep && chain.len() >= Index::WORTH) {
        Some(tree) => match Index::read(repo, tree) {
            Err(e) if e.is_damage() => None,
            index => Some(index?),
        },
        None => None,
    };
    let on_chain: HashSet<Oid> = chain.iter().map(|link| link.oid).chain(since).collect();
    let trunk = Trunk::new(repo, &chain, since)?;
    let judged = |policies: &Policies, ledger, step: &dyn Fn()| {
        let examiner = || Examiner::new(policies, scope.signatures);
        Preparing::new(&chain, index.as_ref(), examiner()).with_help(repo, |preparing| {
            let files = Files {
                repo,
                examiner: examiner(),
                ready: RefCell::default(),
                base: base.map(|tree| RefCell::new(Trees::at(Some(tree)))),
                known,
            };
            judge(scope, preparing, base, &files, &trunk, ledger, step)
        })
    };
    let begun = ledger.clone();
    let mut ledger = judged(&policies, ledger, &*step)?;
    // What the log that stands there doesn't name any more was decided all the same.
    if policies.complete(ledger.decided()) {
        ledger = judged(&policies, begun, &|| ())?;
    }
    let gone = scope.seen.iter().copied().filter(|seen| !on_chain.contains(seen)).collect::<Vec<_>>();
    let gone = match reach {
        // It may be before what can't be read.
        Reach::Broken => Vec::new(),
        _ => gone
            .into_iter()
            .filter(|seen| !is_before(repo, &chain, scope, *seen) && !ledger.has_explained((*seen).into()))
            .collect(),
    };
    Ok((Audited { ledger, reach, gone }, policies))
}

/// Goes through the commits in order.
fn judge(
    scope: &Scope,
    preparing: &Preparing<'_>,
    base: Option<GitId>,
    files: &Files<'_>,
    trunk: &Trunk<'_>,
    mut ledger: Ledger,
    step: &dyn Fn(),
) -> Result<Ledger> {
    let repo = files.repo;
    let mut now = Trees::at(base);
    let mut known: HashMap<Slug, u32> = HashMap::new();
    let read = |id| match files.ready.borrow().tree(id) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => repo.tree_bytes(id),
    };
    for (links, ready) in preparing.chunks(repo) {
        for (Link { oid, commit, .. }, mut ready) in links.iter().zip(ready?) {
            let before = now.root();
            let expected = ready.expected(&mut now, &mut known, preparing.index, &read);
            let message = std::mem::take(&mut ready.message);
            *files.ready.borrow_mut() = ready;
            let replayed = expected.and_then(|expected| match &expected {
                Some((slug, expected)) => now.replay(slug, expected, commit.tree, &read),
                None => Ok(None),
            });
            let replayed = match replayed {
                Err(e) if e.is_damage() => {
                    now = Trees::at(before);
                    None
                }
                replayed => replayed?,
            };
            let changes = match replayed {
                Some(changes) => changes,
                None => {
                    known.clear();
                    now.advance(commit.tree, &read)?
                }
            };
            // Who is behind what a merge brings is held to the policy before it.
            let merge = commit.parents.len() > 1;
            let program = if merge { ledger.in_force().cloned() } else { None };
            let found = ledger.findings.len();
            ledger.step(
                Step { commit: (*oid).into(), time: commit.time, who: commit.who, message: &message, merge, changes },
                files,
            );
            if let Some(lost) = ledger.lost()
                && repo.is_partial()
            {
                return Err(repo.left_out(lost).into());
            }
            for other in commit.parents.iter().skip(1) {
                let merge = Merge { repo, trunk, oid: *oid, commit, other: *other };
                match merge.judge(program.as_ref(), files, &mut ledger) {
                    Err(e) if e.is_damage() => {
                        ledger.lost_side((*oid).into(), &e.message);
                    }
                    merged => merged?,
                }
            }
            if merge && ledger.breaks_first(found) {
                // What can't be read there is told of the merge itself.
                if let Ok(Some(told)) = if_turned_around(scope, (*oid, commit, &message), &ledger, files) {
                    ledger = told;
                }
            }
            step();
        }
    }
    // What is looked through for a merge goes on from there.
    if scope.around == 0 {
        ledger.finish();
    }
    Ok(ledger)
}

/// How often in a row it is looked through a merge that has the history as its second parent.
const DEEPEST: u8 = 4;

/// The ledger after a merge that breaks rules. It may have what the default branch had as its second parent, as `git pull` makes it
/// where somebody has commits of their own: then all that was decided meanwhile comes by one step. Where that is sound on its own, those
/// commits broke no rule where they stand, the merge keeps all of them, and it would break none as a merge of theirs into the other side,
/// the order is the one thing to tell.
fn if_turned_around(
    scope: &Scope,
    (oid, commit, message): (Oid, &RawCommit, &str),
    ledger: &Ledger,
    files: &Files<'_>,
) -> Result<Option<Ledger>> {
    let repo = files.repo;
    let [first, other] = commit.parents[..] else { return Ok(None) };
    let Some(base) = repo.merge_base(first, other)?.filter(|_| scope.around < DEEPEST) else { return Ok(None) };
    let tree = |at: Oid| Ok::<_, RepoError>(repo.raw_commit(at)?.tree);
    let (base, own) = (tree(base)?.into(), tree(first)?.into());
    for path in repo.differing(Some(base), Some(own))?.iter().filter(|path| path.starts_with("data/")) {
        if repo.at_path(own, path)? != repo.at_path(commit.tree.into(), path)? {
            return Ok(None);
        }
    }
    let begin = match scope.since {
        Some(since) => take_up(repo, since)?,
        None => Ledger::default(),
    };
    let on_its_own = Scope { head: other, around: scope.around + 1, ..scope.clone() };
    let there = audit(repo, &on_its_own, ledger.as_read_at(begin), |_| Box::new(|| ()))?;
    if there.reach != Reach::Whole || !there.ledger.is_settled_but_for(Rule::TurnedAround) {
        return Ok(None);
    }
    let mut told = there.ledger;
    let changes = Trees::at(Some(tree(other)?)).advance(commit.tree, &|id| repo.tree_bytes(id))?;
    let program = told.in_force().cloned();
    told.step(Step { commit: oid.into(), time: commit.time, who: commit.who, message, merge: true, changes }, files);
    let around = RawCommit { parents: vec![other, first], ..commit.clone() };
    let trunk = Trunk::new(repo, &chain(repo, &on_its_own)?.0, scope.since)?;
    Merge { repo, trunk: &trunk, oid, commit: &around, other: first }.judge(program.as_ref(), files, &mut told)?;
    if !told.is_settled_but_for(Rule::TurnedAround) {
        return Ok(None);
    }
    told.explains(scope.seen.iter().filter(|seen| !there.gone.contains(seen)).map(|seen| (*seen).into()));
    let [first, other] = [first, other].map(|oid| oid.to_string()[..10].to_owned());
    let message = format!(
        "it merges the default branch, which was at {other}, into commits made beside it, as git pull does: all that is right, and comes in \
         no order. Mend it: git reset --hard {other}; git cherry-pick {other}..{first}; and push that in its place"
    );
    told.merged(oid.into(), Rule::TurnedAround, None, &message);
    Ok(Some(told))
}

/// Whether a commit is among the first parents before those that were read.
fn is_before(repo: &Repo, chain: &[Link], scope: &Scope, seen: Oid) -> bool {
    let mut next = match scope.since {
        Some(since) => Some(since),
        None => chain.first().and_then(|link| link.commit.parents.first().copied()),
    };
    while let Some(oid) = next {
        if oid == seen {
            return true;
        }
        next = repo.raw_commit(oid).ok().and_then(|c| c.parents.first().copied());
    }
    false
}

/// The ledger of a registry as one commit has it, taken as sound.
pub(crate) fn take_up(repo: &Repo, commit: Oid) -> Result<Ledger> {
    let there = state(repo, commit)?;
    Ok(Ledger::taken_up(there.registry, there.program, there.policies, there.time))
}

/// Whose proposals the next step after a commit would take back whole, if it led to this tree; and what would be found of each.
pub(crate) fn would_take_back(repo: &Repo, head: Oid, tree: GitId) -> Result<BTreeMap<Slug, String>> {
    let (since, known, seen) = (None, BTreeMap::new(), Vec::new());
    // What is on its way to being decided may be taken back, too.
    let scope = Scope { head, since, known, seen, signatures: true, deep: false, around: 1 };
    let (there, policies) = with_policies(repo, &scope, Ledger::default(), |_| Box::new(|| ()))?;
    if there.reach != Reach::Whole {
        return Ok(BTreeMap::new());
    }
    let (commit, mut ledger) = (repo.raw_commit(head)?, there.ledger);
    let files = Files {
        repo,
        examiner: Examiner::new(&policies, true),
        ready: RefCell::default(),
        base: None,
        known: &scope.known,
    };
    let changes = Trees::at(Some(commit.tree)).advance(tree, &|id| repo.tree_bytes(id))?;
    let from = ledger.findings.len();
    ledger.step(
        Step { commit: head.into(), time: commit.time, who: commit.who, message: "", merge: false, changes },
        &files,
    );
    let (mut whole, found) = (BTreeMap::new(), ledger.findings.split_off(from));
    for it in found.iter().filter(|f| f.code == Rule::TakenBack) {
        whole.extend(it.partner.clone().map(|slug| (slug, it.message.clone())));
    }
    whole.retain(|slug, _| !found.iter().any(|f| f.severity == Severity::Error && f.partner.as_ref() == Some(slug)));
    Ok(whole)
}

/// What a commit says of the whole registry.
#[derive(Debug)]
pub(crate) struct Summary {
    pub registry: Option<Sha256>,
    pub program: Option<Program>,
    /// First-parent commits up to it.
    pub commits: u32,
    /// Event files.
    pub events: u32,
    pub votes: u32,
    /// The hash over the last events.
    pub digest: Sha256,
}

pub(crate) fn summary(repo: &Repo, commit: Oid) -> Result<Summary> {
    let there = state(repo, commit)?;
    let mut out = Summary {
        registry: there.registry,
        program: there.program,
        commits: 0,
        events: 0,
        votes: 0,
        digest: statement::digest([]),
    };
    let mut next = Some(commit);
    while let Some(oid) = next {
        let commit = repo.raw_commit(oid)?;
        out.commits += 1;
        next = commit.parents.first().copied();
    }
    let read = |id| repo.tree_bytes(id);
    let mut trees = Trees::at(Some(there.tree));
    let slugs = trees.slugs(&read)?;
    let mut last = Vec::new();
    for slug in &slugs {
        let root = root_of(slug);
        let log = trees.list(&format!("{root}/log"), &read)?;
        out.events += u32::try_from(log.len()).unwrap_or(u32::MAX);
        let bytes = log.last().map(|(_, id, _)| repo.file_bytes(*id)).transpose()?.flatten().unwrap_or_default();
        last.push((slug, Sha256::of(&bytes)));
        for (_, id, is_tree) in trees.list(&format!("{root}/votes"), &read)? {
            let bytes = if is_tree { repo.tree_bytes(id)? } else { Vec::new() };
            let is_vote = |row: &Row<'_>| str::from_utf8(row.name).ok().and_then(evidence_in).is_none();
            let round = rows(&bytes).filter(is_vote).count();
            out.votes += u32::try_from(round).unwrap_or(u32::MAX);
        }
    }
    out.digest = statement::digest(last);
    Ok(out)
}

/// A registry's rules at one commit.
struct State {
    tree: GitId,
    time: i64,
    registry: Option<Sha256>,
    program: Option<Program>,
    policies: Policies,
}

fn state(repo: &Repo, commit: Oid) -> Result<State> {
    let raw = repo.raw_commit(commit)?;
    let read = |id| repo.tree_bytes(id);
    let mut trees = Trees::at(Some(raw.tree));
    let founding = trees.find("data/program/log", "0001", &read)?.map(|id| repo.file_bytes(id)).transpose()?.flatten();
    let program = trees.find("data", "program.toml", &read)?.map(|id| repo.file_bytes(id)).transpose()?.flatten();
    Ok(State {
        tree: raw.tree,
        time: raw.time.unwrap_or_default(),
        registry: founding.map(|bytes| Sha256::of(&bytes)),
        program: program.and_then(|bytes| Program::parse(&bytes).ok()),
        policies: decided::at_hand(repo, raw.tree)?,
    })
}

struct Files<'a> {
    repo: &'a Repo,
    examiner: Examiner<'a>,
    /// What was read ahead for the step that is judged.
    ready: RefCell<Ready>,
    /// The trees of the commit that is taken as sound.
    base: Option<RefCell<Trees>>,
    /// Where partners stood there, as an earlier audit saw them.
    known: &'a BTreeMap<Slug, Start>,
}

impl Source for Files<'_> {
    fn event(&self, id: GitId) -> Option<EventFile> {
        if let Some(known) = self.ready.borrow_mut().take_event(id) {
            return Some(known);
        }
        Some(self.examiner.event(&self.file(id)?))
    }

    fn vote(&self, id: GitId) -> Option<VoteFile> {
        if let Some(known) = self.ready.borrow_mut().take_vote(id) {
            return Some(known);
        }
        Some(self.examiner.vote(&self.file(id)?))
    }

    fn bytes(&self, id: GitId) -> Option<Vec<u8>> {
        match self.ready.borrow().record(id) {
            Some(bytes) => Some(bytes.to_vec()),
            None => self.file(id),
        }
    }

    fn start(&self, slug: &Slug) -> Result<Option<Start>, GitId> {
        if let Some(known) = self.known.get(slug) {
            return Ok(Some(known.clone()));
        }
        let Some(base) = &self.base else { return Ok(None) };
        let lost = RefCell::new(GitId([0; 20]));
        let read = |id| {
            lost.replace(id);
            self.repo.tree_bytes(id)
        };
        let mut trees = base.borrow_mut();
        let root = root_of(slug);
        let mut start = Start::default();
        for (_, id, _) in trees.list(&format!("{root}/log"), &read).map_err(|_| *lost.borrow())? {
            let bytes = self.file(id).ok_or(id)?;
            let Ok(event) = Event::parse(&bytes) else { return Ok(None) };
            // What is taken as sound isn't judged.
            let _ = start.fold.push(slug, &Logged { event, hash: Sha256::of(&bytes) });
        }
        let mut find = |directory: &str, name| trees.find(directory, name, &read).map_err(|_| *lost.borrow());
        if slug.is_program() {
            start.record = find("data", "program.toml")?;
        } else {
            start.record = find(&root, "partner.toml")?;
            start.logo = find(&root, "logo.png")?;
        }
        Ok(Some(start))
    }
}

impl Files<'_> {
    /// The bytes of a file; `None` where they aren't here or can't be read, which is for whoever needs them to tell.
    fn file(&self, id: GitId) -> Option<Vec<u8>> {
        self.repo.file_bytes(id).ok().flatten()
    }
}
