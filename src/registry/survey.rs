//! Reading a whole registry: for list, for duplicates, and for `check`. In parallel; `check` remembers what it found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::branch::{kept_below, meant_by, rename};
use super::eras::Eras;
use super::partner::record_bytes_at;
use super::unread::{named, told_apart};
use super::{CLOSED, PROPOSALS, Partner, Snapshot, Unread, lost, misdated, slug_of, unless_unread};
use crate::audit::finding::Rule;
use crate::audit::ledger::Ledger;
use crate::domain::Event;
use crate::domain::check::{self, Doubt, Files, Found, Problem, REMOVE, Rules, Severity};
use crate::domain::limits;
use crate::domain::paths::{PARTNERS, PROGRAM, event_path, evidence_in, kept_for, ordinal, root_of, vote_named};
use crate::domain::peer::Peer;
use crate::domain::votes::cast::vote_order;
use crate::domain::{GitId, Program, Sha256, Slug};
use crate::error::{Error, Result};
use crate::files::memory;
use crate::git::{Entry, Mode, Oid, Repo, RepoError, Stored, is_oddly_named, why_strange};
use crate::parallel;

/// Below this many partners a second thread costs more than it saves.
const WORTH_THREADS: usize = 64;

/// Does `work` on every item, on all cores, each thread with a repository of its own; the order stays.
pub fn on_all_cores<T: Sync, R: Send>(
    repo: &Repo,
    items: &[T],
    work: impl Fn(&Repo, &T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    // What is held others don't see.
    let threads = if items.len() < WORTH_THREADS || repo.holds() { 1 } else { parallel::cores() };
    let path = repo.path();
    let part = |repo: &Repo, part: &[T]| part.iter().map(|item| work(repo, item)).collect::<Result<Vec<R>>>();
    let parts = parallel::in_parts(items, threads, |here| part(repo, here), |own| part(&Repo::open(path)?, own));
    Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// All partners on the default branch, by slug. Directories whose names aren't slugs are `check`'s to report.
pub fn partners(snapshot: &Snapshot<'_>) -> Result<Vec<Partner>> {
    let (partners, unread) = partners_or_why(snapshot)?;
    unread.into_iter().next().map_or(Ok(partners), |unread| Err(unread.why))
}

/// The same, and whose objects git has lost.
///
/// # Errors
/// When nobody can be read.
pub fn partners_or_why(snapshot: &Snapshot<'_>) -> Result<(Vec<Partner>, Vec<Unread>)> {
    let read = on_all_cores(snapshot.repo, &of_partners(snapshot)?, |repo, (slug, entry)| {
        unless_unread(repo, slug, || Partner::read(repo, slug.clone(), entry.oid))
    });
    told_apart(read?, false)
}

/// The directories that are partners'.
fn of_partners(snapshot: &Snapshot<'_>) -> Result<Vec<(Slug, Entry)>> {
    let all = snapshot.directories()?.into_iter().filter(|e| e.mode == Mode::Tree);
    Ok(all.filter_map(|entry| Some((entry.name.parse().ok()?, entry))).collect())
}

/// The code of a problem with an object that isn't here, or can't be read.
const UNREADABLE: &str = "object-missing";

fn tell_once(problems: &mut Vec<Problem>, path: &str, e: Error) {
    let problem = unreadable(path, e);
    if !problems.iter().any(|p| problem.message.ends_with(&p.message)) {
        problems.push(problem);
    }
}

fn unreadable(path: &str, e: Error) -> Problem {
    Problem::error(path, UNREADABLE, e.message, e.hints.join(tr!("between clauses" => "; ")))
}

fn told_with_path((path, e): (String, RepoError)) -> Error {
    named(&path, e).into()
}

fn is_damaged(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.code == UNREADABLE)
}

/// What an earlier `check` found, by object id. Only believed when written by this very version.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    rules: String,
    data: String,
    /// The commit of which it is, where commits had to tell something.
    of_commit: Option<String>,
    /// In which files all of it could be read.
    stored: Stored,
    problems: Vec<Problem>,
    clean: BTreeSet<String>,
}

/// Changes whenever checks do, so that a remembered "clean" is never one of other checks.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+37");

/// Where to remember what was found, if anywhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memories<'a> {
    pub problems: Option<&'a Path>,
    /// Whether anything is gone from the record.
    pub lost: Option<&'a Path>,
    /// Whose decisions aren't what their votes say.
    pub unfounded: Option<&'a Path>,
}

/// Everything wrong with a registry. `step` is told of each partner done.
pub fn problems(
    snapshot: &Snapshot<'_>,
    memories: Memories<'_>,
    begin: impl FnOnce(usize) -> Box<dyn Fn() + Sync>,
) -> Result<Vec<Problem>> {
    let all = snapshot.repo.at_path(snapshot.tree, "data")?.map(|entry| entry.oid);
    let data = all.map(|oid| oid.to_string()).unwrap_or_default();
    let memory = memories.problems;
    let mut kept = memory.and_then(|file| memory::read::<Memory>(file, limits::MEMORY, VERSION)).unwrap_or_default();
    let stored = memory.map(|_| snapshot.repo.stored()).unwrap_or_default();
    if !kept.data.is_empty() && !all.is_some_and(|all| snapshot.repo.still_reads(&kept.stored, &stored, all)) {
        kept = Memory::default();
    }
    // What is dated ahead is so until its time has come.
    let passes = kept.problems.iter().any(|p| p.code == check::AHEAD);
    let other = kept.of_commit.as_ref().is_some_and(|commit| *commit != snapshot.commit.to_string());
    // Both are written by one look, and one may be damaged since.
    let half = memories.unfounded.is_some_and(|file| unfounded_in(file).is_none());
    if data.is_empty() || kept.data != data || other || passes || half {
        let bytes = snapshot.program_bytes()?;
        let own = snapshot.repo.at_path(snapshot.tree, "data/program")?.map(|e| e.oid.to_string()).unwrap_or_default();
        let rules = format!("{} {own}", Sha256::of(&bytes));
        let clean = if kept.rules == rules { kept.clean } else { BTreeSet::new() };
        let Fresh { problems, clean, unfounded, by_commits } = fresh_problems(snapshot, &bytes, &clean, begin)?;
        if let Some(file) = memories.unfounded {
            memory::write(file, limits::MEMORY, VERSION, &unfounded);
        }
        let of_commit = by_commits.then(|| snapshot.commit.to_string());
        kept = Memory { rules, data, of_commit, stored: Stored::default(), problems, clean };
    }
    // A clone is mended, and completed, without its commits changing.
    if let Some(file) = memory.filter(|_| kept.stored != stored)
        && !is_damaged(&kept.problems)
        && !snapshot.repo.is_shallow()
    {
        kept.stored = stored;
        memory::write(file, limits::MEMORY, VERSION, &kept);
    }
    let mut problems = kept.problems;
    if !is_damaged(&problems) {
        misdated::blame(snapshot, &mut problems)?;
    }
    match lost::since(snapshot, None, memories.lost) {
        Ok(gone) => {
            problems.extend(gone.events.iter().map(|l| Problem::error(&l.path, "log-lost", l.words(), l.hint())));
        }
        Err(e) if snapshot.hides(&e) => tell_once(&mut problems, "data", e),
        Err(e) => return Err(e),
    }
    // Proposals come and go without the default branch moving.
    let (open, unfit) = snapshot.on_branches()?;
    let lapsed = open.iter().filter_map(|p| Some((p.branch.clone(), p.why_lapsed()?)));
    problems.extend(lapsed.map(|(branch, why)| Problem::warning(branch, "proposal", why, LAPSED)));
    for it in unfit.into_iter().chain(snapshot.unread_when_closed()) {
        match it.is_unread() {
            true => tell_once(&mut problems, &it.branch, it.why),
            false => problems.push(Problem::warning(
                it.branch,
                "proposal",
                it.why.message,
                it.why.hints.join(tr!("between clauses" => "; ")),
            )),
        }
    }
    if let Err(e) = snapshot.repo.branches_of_remotes() {
        tell_once(&mut problems, "refs/remotes", e.into());
    }
    problems.extend(in_the_way(snapshot)?);
    problems.extend(snapshot.repo.hook_that_may_not_run()?.map(|hook| {
        let message = "pushes would run this hook, and pass it over: it may not be executed";
        let hint = "chmod +x lets it run; remove it, if it isn't meant to";
        Problem::warning(crate::domain::text::visible(&hook.display().to_string()), "hook-ignored", message, hint)
    }));
    Ok(problems)
}

/// Branches that keep git from making those of proposals.
fn in_the_way(snapshot: &Snapshot<'_>) -> Result<Vec<Problem>> {
    let mut found = Vec::new();
    for name in PROPOSALS.iter().chain(&[CLOSED]).map(|name| name.trim_end_matches('/')) {
        if snapshot.repo.reference(&format!("refs/heads/{name}"))?.is_some() {
            found.push((name, format!("{name}/…")));
        }
    }
    let full_names = snapshot.repo.names_of_branches("refs/heads/*")?;
    let names = || full_names.iter().filter_map(|name| name.strip_prefix("refs/heads/"));
    found.extend(names().filter_map(|branch| Some((branch, kept_below(branch)?))));
    let proposals = snapshot.heads.proposals.all();
    for (branch, _) in &proposals {
        let above = branch.rmatch_indices('/').map(|(at, _)| &branch[..at]).find(|above| slug_of(above).is_some());
        found.extend(above.map(|above| (*branch, above.to_owned())));
    }
    let told = |(branch, of): (&str, String)| {
        let message = format!("this branch stands in the way of {of}: git keeps no branch below another");
        Problem::warning(branch, "branch-in-the-way", message, rename())
    };
    let mut problems: Vec<Problem> = found.iter().cloned().map(told).collect();
    let is_told = |branch: &str| found.iter().any(|(told, _)| *told == branch);
    let odd: Vec<&String> = full_names.iter().filter(|name| is_oddly_named(name)).collect();
    problems.extend(odd.iter().map(|name| {
        let message = "git takes this for no branch, by its name, and nobody is asked about it";
        let branch = name.trim_start_matches("refs/heads/");
        Problem::warning(crate::domain::text::visible(branch), "branch-unknown", message, COPIED)
    }));
    let is_odd = |branch: &str| odd.iter().any(|name| name.strip_prefix("refs/heads/") == Some(branch));
    problems.extend(names().filter_map(|branch| Some((branch, meant_by(branch)?))).map(|(branch, meant)| {
        let message = format!("this branch is called nearly as a proposal's, {meant}, and nobody is asked about it");
        Problem::warning(crate::domain::text::visible(branch), "branch-unknown", message, UNKNOWN)
    }));
    // What can't be read is told as that.
    let is_unread = |head: Oid| snapshot.repo.why_unread(head).is_some();
    let strange = proposals
        .iter()
        .filter(|(branch, head)| slug_of(branch).is_none() && !is_told(branch) && !is_odd(branch) && !is_unread(*head));
    problems.extend(strange.map(|(branch, _)| {
        let message = "this branch stands where proposals do, and nobody is asked about it: its name is none of theirs";
        Problem::warning(crate::domain::text::visible(branch), "branch-unknown", message, UNKNOWN)
    }));
    let landed: BTreeMap<String, Oid> = snapshot.directories()?.into_iter().map(|e| (e.name, e.oid)).collect();
    for (branch, head) in proposals {
        let Some(slug) = slug_of(branch).filter(|_| !is_odd(branch) && !is_unread(head)) else { continue };
        // What can't be read is told as that.
        if !slug.is_program() && proposes_nothing(snapshot, &slug, head, landed.get(slug.as_str())).unwrap_or(false) {
            let message = format!("this branch is called as a proposal about {slug}, and changes nothing of it");
            problems.push(Problem::warning(branch, "branch-unknown", message, MISNAMED));
        }
    }
    Ok(problems)
}

/// Whether what stands of a partner at a commit is as it `landed`, and the commit isn't among those that have: those are left over.
fn proposes_nothing(snapshot: &Snapshot<'_>, slug: &Slug, head: Oid, landed: Option<&Oid>) -> Result<bool> {
    let there = snapshot.repo.at_path(snapshot.repo.commit(head)?.tree, &root_of(slug))?;
    Ok(there.map(|entry| entry.oid).as_ref() == landed && !snapshot.repo.contains(snapshot.commit, head)?)
}

/// What to do about what somebody asked for who may no longer.
const LAPSED: &str = "propose it anew in its place with --instead; or close it: on GitHub its pull request, elsewhere by deleting its branch";

/// What to do about one whose name no git has made.
const COPIED: &str = "what syncs folders makes such copies when two machines moved a branch: git log ID shows what is at the id in \
                      the file; then remove the file, or make it a branch by git branch NAME ID";

/// What to do about a branch whose name begins like a proposal's and doesn't go on like one.
const UNKNOWN: &str =
    "rename it to apply/SLUG or exit/SLUG if it is one: a slug has small letters, digits and single hyphens";

/// What to do about one that is about somebody else, or about nobody.
const MISNAMED: &str =
    "rename it to apply/SLUG or exit/SLUG of whom it is about, or remove it: git show BRANCH shows what it brings";

fn fresh_problems(
    snapshot: &Snapshot<'_>,
    program: &[u8],
    clean: &BTreeSet<String>,
    begin: impl FnOnce(usize) -> Box<dyn Fn() + Sync>,
) -> Result<Fresh> {
    let mut problems = layout(snapshot)?;
    let program = match Program::parse(program) {
        Ok(program) => program,
        Err(faults) => {
            // Without a policy nothing else can be judged.
            problems.extend(check::of_document(PROGRAM, "program", faults));
            problems.sort();
            return Ok(Fresh { problems, ..Fresh::default() });
        }
    };
    for aside in check::of_document(PROGRAM, "program", program.asides.clone()) {
        problems.push(Problem { severity: Severity::Warning, ..aside });
    }
    for why in program.unreachable() {
        problems.push(Problem::warning(PROGRAM, "policy-unreachable", why, program.remedy()));
    }
    for (one, other) in program.alike() {
        let message = format!("the affiliations {one} and {other} may be one organization, and count as two");
        let hint = "list it once as an [[organization]], with the other name among its aliases";
        problems.push(Problem::warning(PROGRAM, "affiliations-alike", message, hint));
    }
    let entries = of_partners(snapshot)?;
    let step = begin(entries.len());
    let policies = snapshot.policies()?;
    let rules = snapshot.rules(&program, &policies, true);
    let mut found = on_all_cores(snapshot.repo, &entries, |repo, one| {
        let known = clean.contains(&key(&one.1));
        let found = if known { Found::default() } else { looked_up(repo, one, rules)? };
        step();
        Ok(found)
    })?;
    let keys = || entries.iter().map(|(_, entry)| key(entry));
    let unfounded = keys().zip(&found).filter_map(|(key, f)| Some((key, f.unfounded.clone()?))).collect();
    let mut own = program_problems(snapshot, rules)?;
    // What only commits tell holds of these commits alone.
    let is_clean = |found: &Found| found.problems.is_empty() && found.doubts.is_empty();
    let clean = keys().zip(&found).filter(|(_, found)| is_clean(found)).map(|(key, _)| key).collect();
    let by_commits = std::iter::once(&own).chain(&found).any(|found| !found.doubts.is_empty());
    match tell_by_commits(snapshot, std::iter::once(&mut own).chain(&mut found)) {
        Err(e) if snapshot.hides(&e) => tell_once(&mut problems, "data", e),
        told => told?,
    }
    let peers = found.iter_mut().map(|found| found.peer.take()).collect();
    problems.extend(std::iter::once(own).chain(found).flat_map(|found| found.problems));
    // It takes all of them.
    if !is_damaged(&problems) {
        problems.extend(between_partners(snapshot, &entries, peers)?);
    }
    problems.sort();
    Ok(Fresh { problems, clean, unfounded, by_commits })
}

/// What a check found that believed nothing remembered of who changed.
#[derive(Default)]
struct Fresh {
    problems: Vec<Problem>,
    clean: BTreeSet<String>,
    unfounded: Unfounded,
    /// Whether commits had to tell something of it.
    by_commits: bool,
}

/// Whose decisions aren't what their votes say, each as it stands there, with why.
type Unfounded = BTreeMap<String, String>;

fn unfounded_in(file: &Path) -> Option<Unfounded> {
    memory::read(file, limits::MEMORY, VERSION)
}

/// Why a decision about a partner isn't what its votes say, as an earlier check of it as it stands there found.
pub fn remembered_unfounded(file: Option<&Path>) -> impl Fn(&Slug, GitId) -> Option<String> + use<> {
    let kept = file.and_then(unfounded_in).unwrap_or_default();
    move |slug, tree| (!kept.is_empty()).then(|| kept.get(&format!("{slug} {tree}")).cloned())?
}

/// Whether decisions are what their votes say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Founded {
    Yes,
    /// Why not.
    No(String),
    /// A file of theirs can't be read: told elsewhere, and nothing is concluded from it.
    Untold,
}

impl Founded {
    /// Why they aren't, where that is known.
    pub fn why_not(&self) -> Option<&str> {
        match self {
            Self::No(why) => Some(why),
            Self::Yes | Self::Untold => None,
        }
    }
}

/// By which rules and policies it is found whether a partner's decisions are what their votes say.
///
/// # Errors
/// When an object isn't here or can't be read.
pub fn founded_by(snapshot: &Snapshot<'_>) -> Result<String> {
    let own = snapshot.repo.at_path(snapshot.tree, &root_of(&Slug::program()))?;
    Ok(format!("{VERSION} {}", own.map(|entry| entry.oid.to_string()).unwrap_or_default()))
}

/// The same of a partner, or of the program, by its files.
pub fn founded(repo: &Repo, tree: Oid, slug: &Slug, rules: Rules<'_>) -> Result<Founded> {
    let root = root_of(slug);
    let Some(entry) = repo.at_path(tree, &root)?.filter(|e| e.mode == Mode::Tree) else { return Ok(Founded::Yes) };
    // A logo says nothing of decisions, and takes the longest to look at.
    let mut files = match read_files(repo, &root, &entry, &|name| name != "logo.png") {
        Err((_, e)) if e.is_damage() => return Ok(Founded::Untold),
        read => read.map_err(told_with_path)?.0,
    };
    let found = if slug.is_program() {
        check::program(&files, rules)
    } else {
        named_records(repo, &mut files);
        check::partner(slug, &files, rules)
    };
    Ok(found.unfounded.map_or(Founded::Yes, Founded::No))
}

/// Adds to what was found of each what only commits tell.
fn tell_by_commits<'f>(snapshot: &Snapshot<'_>, found: impl Iterator<Item = &'f mut Found>) -> Result<()> {
    let mut doubted = found.filter(|found| !found.doubts.is_empty()).peekable();
    let eras = doubted.peek().map(|_| Eras::read(snapshot)).transpose()?.flatten();
    for found in doubted {
        let doubts = std::mem::take(&mut found.doubts);
        match &eras {
            Some(eras) => found.problems.extend(eras.settle(snapshot.repo, doubts)?),
            None => found.problems.push(untold(&doubts)),
        }
    }
    Ok(())
}

/// That the history doesn't tell what is wrong, or isn't.
fn untold(doubts: &[Doubt]) -> Problem {
    let message = match doubts.len() {
        1 => "whether this was right under the policy in force when it came isn't told by a history that is cut off"
            .into(),
        n => format!(
            "whether this and {} more were right under the policies in force when they came isn't told by a history that is cut off",
            n - 1
        ),
    };
    Problem::warning(&doubts[0].path, "policy-untold", message, "complete it with git fetch --unshallow")
}

/// What a look at a partner finds that may read what its log names, too, where the clone has it.
fn looked_up(repo: &Repo, one: &(Slug, Entry), rules: Rules<'_>) -> Result<Found> {
    found_in(repo, one, rules, &|files| {
        named_records(repo, files);
        Ok(())
    })
}

/// The records that a log names and that don't stand there.
fn named_records(repo: &Repo, files: &mut Files) {
    let stands = files.record.as_ref().map(|bytes| Sha256::of(bytes));
    let events = files.log.iter().filter_map(|(_, bytes)| Event::parse(bytes).ok());
    let elsewhere = events.filter(|event| Some(event.facts.record) != stands);
    let named: BTreeMap<_, _> = elsewhere.map(|e| ((e.facts.record, e.objects.record), (e.facts, e.objects))).collect();
    for (facts, objects) in named.into_values() {
        // What isn't here tells nothing, and an object of another kind neither.
        files.named.extend(record_bytes_at(repo, facts, objects).unwrap_or_default());
    }
}

/// Everything wrong with a partner by its own files, and where it was changed, by the record that was in force `before`.
pub(super) fn problems_after(repo: &Repo, one: &(Slug, Entry), before: Option<Oid>, rules: Rules<'_>) -> Result<Found> {
    found_in(repo, one, rules, &|files| {
        files.named.extend(before.map(|oid| repo.blob(oid)).transpose()?);
        Ok(())
    })
}

/// What is wrong with a partner's files, with what else is known of it.
fn found_in(
    repo: &Repo,
    (slug, entry): &(Slug, Entry),
    rules: Rules<'_>,
    more: &dyn Fn(&mut Files) -> Result<()>,
) -> Result<Found> {
    let root = root_of(slug);
    match read_files(repo, &root, entry, &|_| true) {
        Ok((mut files, mut problems)) => {
            more(&mut files)?;
            let found = check::partner(slug, &files, rules);
            problems.extend(found.problems);
            let peer = found.peer.filter(|_| problems.is_empty());
            Ok(Found { problems, peer, ..found })
        }
        // Told as that, and nothing is concluded from it.
        Err((path, e)) if e.is_damage() && !repo.is_partial() => {
            Ok(Found { problems: vec![unreadable(&path, e.into())], ..Found::default() })
        }
        Err(unread) => Err(told_with_path(unread)),
    }
}

/// Everything wrong with how the policy came to be.
pub fn program_problems(snapshot: &Snapshot<'_>, rules: Rules<'_>) -> Result<Found> {
    let root = root_of(&Slug::program());
    let directory = snapshot.repo.at_path(snapshot.tree, &root)?.filter(|e| e.mode == Mode::Tree);
    let (mut files, problems) = match directory {
        Some(entry) => read_files(snapshot.repo, &root, &entry, &|_| true).map_err(told_with_path)?,
        None => Default::default(),
    };
    files.record = Some(snapshot.program_bytes()?);
    let mut found = check::program(&files, rules);
    found.problems.splice(0..0, problems);
    Ok(found)
}

/// An audit of what stands at the head, where no history is needed. `begin` is told how many partners there are.
pub fn audit(
    snapshot: &Snapshot<'_>,
    signatures: bool,
    begin: impl FnOnce(usize) -> Box<dyn Fn() + Sync>,
) -> Result<Ledger> {
    let (program, policies) = (snapshot.program_as_it_stands()?, snapshot.policies()?);
    let rules = snapshot.rules(&program, &policies, signatures);
    let mut problems = layout(snapshot)?;
    let entries = of_partners(snapshot)?;
    let step = begin(entries.len());
    let mut found = on_all_cores(snapshot.repo, &entries, |repo, one| {
        let found = problems_after(repo, one, None, rules)?;
        step();
        Ok(found)
    })?;
    let mut ledger = Ledger::default();
    ledger.at(snapshot.commit.into());
    let peers = found.iter_mut().map(|found| found.peer.take()).collect();
    for Found { problems: more, counts, .. } in found.into_iter().chain([program_problems(snapshot, rules)?]) {
        problems.extend(more);
        ledger.counts.add(&counts);
    }
    if !is_damaged(&problems) {
        problems.extend(between_partners(snapshot, &entries, peers)?);
    }
    for problem in problems.iter().filter(|p| p.code == check::AHEAD) {
        ledger.find(Rule::DatedAhead, None, Some(&problem.path), problem.message.clone());
    }
    for problem in problems.iter().filter(|p| p.severity == Severity::Error) {
        if problem.code == UNREADABLE {
            ledger.find(Rule::Object, None, Some(&problem.path), problem.message.clone());
            continue;
        }
        ledger.find(Rule::Head, None, Some(&problem.path), format!("{}: {}", problem.code, problem.message));
    }
    Ok(ledger)
}

/// What a directory is remembered by: the same files under another name are another matter.
fn key(entry: &Entry) -> String {
    format!("{} {}", entry.name, entry.oid)
}

/// What stands under `data/` that isn't of a registry.
fn layout(snapshot: &Snapshot<'_>) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let stray = |path: String, mode, otherwise| Problem::error(path, "stray", why_strange(mode, otherwise), REMOVE);
    let repo = snapshot.repo;
    problems.extend(malformed(repo, "data", snapshot.tree)?);
    if let Some(data) = repo.at_path(snapshot.tree, "data")?.filter(|e| e.mode == Mode::Tree) {
        problems.extend(malformed(repo, "data", data.oid)?);
        for entry in repo.entries(data.oid)? {
            match (entry.name.as_str(), entry.mode) {
                ("program.toml", Mode::File) | ("partners" | "program", Mode::Tree) => {}
                (name, mode) => problems.push(stray(format!("data/{name}"), mode, "it doesn't belong into data/")),
            }
        }
    }
    if let Some(partners) = repo.at_path(snapshot.tree, PARTNERS)?.filter(|e| e.mode == Mode::Tree) {
        problems.extend(malformed(repo, PARTNERS, partners.oid)?);
    }
    let mut folded: BTreeMap<String, String> = BTreeMap::new();
    for entry in snapshot.directories()? {
        let path = format!("{PARTNERS}/{}", entry.name);
        if entry.mode != Mode::Tree {
            problems.push(stray(path, entry.mode, "it isn't a partner's directory"));
            continue;
        }
        let twin = folded.insert(entry.name.to_lowercase(), entry.name.clone());
        if let Err(e) = entry.name.parse::<Slug>() {
            let twin = twin.map(|t| format!("; and {t} differs from it only by case")).unwrap_or_default();
            problems.push(Problem::error(path, "slug", format!("it can't be a slug: {}{twin}", e.why), e.hint));
        } else if let Some(twin) = twin {
            let message = format!("it differs from {twin} only by case, and some file systems can't hold both");
            problems.push(Problem::error(path, "case-twin", message, "rename or remove one of them"));
        }
    }
    Ok(problems)
}

/// A directory that git wouldn't have written so.
fn malformed(repo: &Repo, path: &str, tree: Oid) -> Result<Option<Problem>, RepoError> {
    let hint = "git fsck tells more; have the commit that brought it taken back";
    Ok(repo.directory_fault(tree)?.map(|why| Problem::error(path, "stray", why, hint)))
}

/// Git makes no empty directories.
fn is_empty(entry: &Entry) -> bool {
    entry.mode == Mode::Tree && GitId::from(entry.oid) == GitId::of_tree(&[])
}

/// The files of a partner's directory, and what in it can't be one. Of those right in it only what is `wanted` is read. What can't be
/// read is told with its path.
fn read_files(
    repo: &Repo,
    root: &str,
    directory: &Entry,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(Files, Vec<Problem>), (String, RepoError)> {
    let of = |path: &str| if path.is_empty() { root.to_owned() } else { format!("{root}/{path}") };
    let entries = |path: &str, tree| repo.entries(tree).map_err(|e| (of(path), e));
    let blob = |path: &str, oid| repo.blob(oid).map_err(|e| (of(path), e));
    let malformed = |path: &str, tree| malformed(repo, &of(path), tree).map_err(|e| (of(path), e));
    let partner = directory.name != Slug::program().as_str();
    let (mut files, mut problems) = (Files::default(), Vec::new());
    let mut stray = |path: String, mode| {
        let facts = ["partner.toml", "logo.png"].iter().any(|name| partner && path == format!("{root}/{name}"));
        let hint = match facts {
            true => "restore the file from the history",
            false => REMOVE,
        };
        let why =
            why_strange(mode, if facts { "it isn't a file" } else { "it doesn't belong into a partner's directory" });
        problems.push(Problem::error(path, "stray", why, hint));
    };
    let mut odd: Vec<_> = malformed("", directory.oid)?.into_iter().collect();
    for entry in entries("", directory.oid)? {
        if entry.mode == Mode::Tree && matches!(entry.name.as_str(), "log" | "votes" | "policies") {
            odd.extend(malformed(&entry.name, entry.oid)?);
        }
        if is_empty(&entry) {
            stray(format!("{root}/{}", entry.name), Mode::Tree);
            continue;
        }
        match (entry.name.as_str(), entry.mode) {
            (name, Mode::File) if !wanted(name) => {}
            ("partner.toml", Mode::File) if partner => files.record = Some(blob(&entry.name, entry.oid)?),
            ("logo.png", Mode::File) if partner => files.logo = Some(blob(&entry.name, entry.oid)?),
            ("policies", Mode::Tree) if !partner => {
                for file in entries(&entry.name, entry.oid)? {
                    match file.mode {
                        Mode::File if kept_for(&file.name).is_some() => {
                            let bytes = blob(&format!("policies/{}", file.name), file.oid)?;
                            files.policies.push((file.name, bytes));
                        }
                        mode => stray(format!("{root}/policies/{}", file.name), mode),
                    }
                }
            }
            ("log", Mode::Tree) => {
                for file in entries(&entry.name, entry.oid)? {
                    match file.mode {
                        Mode::File => {
                            let bytes = blob(&format!("log/{}", file.name), file.oid)?;
                            files.log.push((file.name, bytes));
                        }
                        mode => stray(format!("{root}/log/{}", file.name), mode),
                    }
                }
            }
            ("votes", Mode::Tree) => {
                for round in entries(&entry.name, entry.oid)? {
                    if round.mode != Mode::Tree || is_empty(&round) || ordinal(&round.name).is_none() {
                        stray(format!("{root}/votes/{}", round.name), round.mode);
                        continue;
                    }
                    let path = format!("votes/{}", round.name);
                    odd.extend(malformed(&path, round.oid)?);
                    let mut votes = entries(&path, round.oid)?;
                    votes.sort_by_key(|v| vote_order(&v.name));
                    for vote in votes {
                        match vote.mode {
                            Mode::File => {
                                let bytes = blob(&format!("{path}/{}", vote.name), vote.oid)?;
                                let file = (round.name.clone(), vote.name, bytes);
                                match evidence_in(&file.1) {
                                    Some(_) if partner => files.evidence.push(file),
                                    Some(_) => stray(format!("{root}/votes/{}/{}", file.0, file.1), Mode::File),
                                    None if vote_named(&file.1).is_none() => {
                                        stray(format!("{root}/votes/{}/{}", file.0, file.1), Mode::File);
                                    }
                                    None => files.votes.push(file),
                                }
                            }
                            mode => stray(format!("{root}/votes/{}/{}", round.name, vote.name), mode),
                        }
                    }
                }
            }
            (name, mode) => {
                files.strange.insert(name.to_owned());
                stray(format!("{root}/{name}"), mode);
            }
        }
    }
    problems.extend(odd);
    Ok((files, problems))
}

/// What is wrong between partners: two of one name, a merger into nobody. Those of which nothing is known are read.
fn between_partners(
    snapshot: &Snapshot<'_>,
    entries: &[(Slug, Entry)],
    mut peers: Vec<Option<Peer>>,
) -> Result<Vec<Problem>> {
    let unknown: Vec<usize> = (0..peers.len()).filter(|at| peers[*at].is_none()).collect();
    let read = on_all_cores(snapshot.repo, &unknown, |repo, at| {
        let (slug, entry) = &entries[*at];
        Ok(Partner::read(repo, slug.clone(), entry.oid)?.peer())
    })?;
    for (at, peer) in unknown.into_iter().zip(read) {
        peers[at] = Some(peer);
    }
    let peers: Vec<Peer> = peers.into_iter().flatten().collect();
    let were: BTreeSet<&Slug> = peers.iter().filter(|peer| peer.was_partner).map(|peer| &peer.slug).collect();
    let mut problems = Vec::new();
    let mut names: BTreeMap<&str, &Slug> = BTreeMap::new();
    for Peer { slug, mergers, called, .. } in &peers {
        for (seq, into) in mergers.iter().filter(|(_, into)| into != slug && !were.contains(into)) {
            let message = format!("it became part of {into}, which has never been a partner");
            let hint = "restore that partner's directory, if it was taken away";
            problems.push(Problem::error(event_path(slug, *seq), "merged-into", message, hint));
        }
        let other = called.iter().find_map(|name| names.get(name.as_str()).copied());
        names.extend(called.iter().map(|name| (name.as_str(), slug)));
        if let Some(other) = other {
            let message = format!("it has the same name as {other}");
            let hint = "ask whether they are one; if so, one of them exits";
            problems.push(Problem::warning(format!("{PARTNERS}/{slug}/partner.toml"), "same-name", message, hint));
        }
    }
    Ok(problems)
}
