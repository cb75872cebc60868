//! The judge of a history. It goes through the first-parent steps of a registry, oldest first, and holds each to the rules
//! of the log format: what was added, by whose authority, and whether everything that stands there is explained.
//!
//! Authority comes from position: a step is judged by the policy that was in force before it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::document::Document;
use super::finding::{Finding, Rule, Severity};
use super::losses::Losses;
use super::standing::Standing;
use super::step::{Changed, Delta, Item, NewEvent, NewVote, Source, Start, Step};
use crate::domain::check::Counts;
use crate::domain::log::block;
use crate::domain::log::event::{Event, Objects, Vote};
use crate::domain::log::kinds::Kind;
use crate::domain::log::lifecycle::State;
use crate::domain::paths::{Place, evidence_fault, evidence_path, fact_paths, place_of, root_of};
use crate::domain::program::Program;
use crate::domain::program::policies::Policies;
use crate::domain::program::seats::Seats;
use crate::domain::text;
use crate::domain::values::{CLOCKS_DIFFER, GitId, Sha256, Slug, Time};
use crate::domain::votes::cast::vote_order;

/// What stands undecided, and may be on its way to being decided.
#[derive(Debug, Clone)]
struct Pending {
    slug: Slug,
    finding: Finding,
    /// When the commit was made that brought it.
    time: i64,
    /// Whether that was no commit of a branch that was rebased whole, with its decision: a merge, or one with several entries.
    apart: bool,
}

/// How what stood undecided was settled.
#[derive(Debug)]
enum Settled {
    /// By an event of the present step.
    By { path: String, kind: Kind, time: i64 },
    /// It was taken away.
    TakenBack,
}

/// Follows first-parent history step by step, and keeps what the next step is judged by.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub(super) registry: Option<Sha256>,
    in_force: Option<Arc<Program>>,
    pub(super) decided: Policies,
    /// Since when who votes under the policy in force has had a seat.
    pub(super) seats: Seats,
    partners: BTreeMap<Slug, Standing>,
    /// What stands undecided on the default branch, as while a proposal is rebased onto it commit by commit: a finding,
    /// unless the steps that follow decide it.
    pending: Option<Pending>,
    time: i64,
    /// Whether the step is a merge.
    merge: bool,
    /// What stands where nothing belongs, and the finding that tells of it.
    strays: BTreeMap<String, usize>,
    /// Files that a merge didn't keep, by path and what they were, and the findings that tell of it.
    dropped: BTreeMap<(String, GitId), Vec<usize>>,
    /// Of the steps judged here, not of those before it took up.
    pub counts: Counts,
    /// In the order of the steps; one may turn to `Repaired` later.
    pub findings: Vec<Finding>,
    /// The places of those among them that are about a time when there was no registry yet.
    earlier: Vec<usize>,
    commit: Option<GitId>,
    pub(super) losses: Losses,
    /// Commits that aren't first parents any more, and it is told why.
    explained: Vec<GitId>,
    /// By the reader's clock; nothing is ahead where there is none.
    now: Option<Time>,
}

/// Which of the lines that name its people a commit lacks, or has broken.
const fn nameless(author: bool, committer: bool) -> Option<&'static str> {
    match (author, committer) {
        (true, true) => None,
        (false, true) => Some("the commit doesn't say who wrote it: its author's line is missing or broken"),
        (true, false) => Some("the commit doesn't say who made it: its committer's line is broken"),
        (false, false) => Some(
            "the commit doesn't say who wrote and made it: its author's line is missing or broken, and its committer's is broken",
        ),
    }
}

impl Ledger {
    /// All policies that it has seen decided.
    pub(super) const fn decided(&self) -> &Policies {
        &self.decided
    }

    /// Takes up a registry where an earlier audit ended: its policies, and the time of that commit.
    #[must_use]
    pub(crate) fn taken_up(registry: Option<Sha256>, in_force: Option<Program>, decided: Policies, time: i64) -> Self {
        let seats = decided.seated().clone();
        Self { registry, in_force: in_force.map(Arc::new), decided, seats, time, ..Self::default() }
    }

    /// By whose clock it is told what is dated ahead.
    #[must_use]
    pub(crate) fn read_at(self, now: Time) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The same clock for another one.
    pub(super) fn as_read_at(&self, other: Self) -> Self {
        Self { now: self.now, ..other }
    }

    /// Whether the first rule that is broken is among what was found from this place on.
    pub(super) fn breaks_first(&self, from: usize) -> bool {
        let (before, since) = self.findings.split_at(from.min(self.findings.len()));
        let broken = |findings: &[Finding]| findings.iter().any(|f| f.severity == Severity::Error);
        broken(since) && !broken(before)
    }

    /// Whether nothing waits and no rule is broken so far, this one apart.
    pub(super) fn is_settled_but_for(&self, rule: Rule) -> bool {
        self.pending.is_none() && self.findings.iter().all(|f| f.severity != Severity::Error || f.code == rule)
    }

    /// Takes it as told why these commits, which were seen before, aren't first parents any more.
    pub(super) fn explains(&mut self, seen: impl Iterator<Item = GitId>) {
        self.explained.extend(seen);
    }

    /// Whether that is told of one.
    pub(super) fn has_explained(&self, seen: GitId) -> bool {
        self.explained.contains(&seen)
    }

    /// Findings from now on are about this commit.
    pub(crate) const fn at(&mut self, commit: GitId) {
        self.commit = Some(commit);
    }

    /// Adds a finding. Gives its place among them.
    pub(crate) fn find(
        &mut self,
        rule: Rule,
        slug: Option<&Slug>,
        path: Option<&str>,
        message: impl Into<String>,
    ) -> usize {
        self.findings.push(Finding {
            code: rule,
            severity: match rule {
                Rule::EventTime
                | Rule::DatedAhead
                | Rule::CommitTime
                | Rule::CommitPeople
                | Rule::MergedTwice
                | Rule::ForeignCommit
                | Rule::TakenBack => Severity::Warning,
                _ => Severity::Error,
            },
            commit: self.commit,
            path: path.map(text::visible),
            partner: slug.cloned(),
            message: message.into(),
        });
        self.findings.len() - 1
    }

    /// The object that was last found to be missing or unreadable.
    pub(crate) fn lost(&self) -> Option<GitId> {
        self.losses.last()
    }

    /// Tells of an object that can't be read, once.
    fn lose(&mut self, slug: Option<&Slug>, path: &str, id: GitId) {
        if self.losses.tell(id) {
            self.find(Rule::Object, slug, Some(path), format!("object {id} can't be read"));
        }
    }

    /// The same where nothing can be said of a partner without it.
    pub(super) fn lose_sight(&mut self, slug: &Slug, path: &str, id: GitId) {
        self.lose(Some(slug), path, id);
        self.losses.hide(slug);
    }

    /// What a commit merges can't be judged.
    pub(crate) fn lost_side(&mut self, commit: GitId, why: &str) {
        if !self.losses.are_in(why) {
            self.merged(commit, Rule::Object, None, &format!("what it merges can't be judged: {why}"));
        }
    }

    pub(super) fn repair(&mut self, finding: usize, how: &str) {
        if let Some(finding) = self.findings.get_mut(finding) {
            finding.severity = Severity::Repaired;
            finding.message += how;
        }
    }

    pub(crate) fn step(&mut self, step: Step<'_>, source: &dyn Source) {
        self.commit = Some(step.commit);
        self.counts.commits += 1;
        match step.time {
            None => {
                self.find(
                    Rule::CommitTime,
                    None,
                    None,
                    "the commit doesn't say when it was made: its committer's line is missing or broken",
                );
            }
            Some(time) if time < self.time.saturating_sub(CLOCKS_DIFFER) => {
                self.find(Rule::CommitTime, None, None, "the commit is dated more than a day before the one before it");
            }
            Some(_) => {}
        }
        // Who names no time is told of that already.
        if let Some(why) = nameless(step.who.author, step.who.committer || step.time.is_none()) {
            self.find(Rule::CommitPeople, None, None, why);
        }
        self.time = step.time.unwrap_or(self.time);
        self.merge = step.merge;
        let mut deltas: BTreeMap<Slug, Delta> = BTreeMap::new();
        let mut brought: BTreeSet<GitId> = BTreeSet::new();
        for change in step.changes {
            if let Some(Item::Lost(id)) = change.new {
                let slug = self.losses.hide_below(&change.path);
                self.lose(slug.as_ref(), &change.path, id);
                continue;
            }
            if let Some(finding) = self.strays.remove(&change.path) {
                self.repair(finding, "; it was taken away since");
            }
            let place = place_of(&change.path);
            if let Some(why) = change.why_stray(place.is_some()) {
                let about = place.as_ref().map(|(slug, _)| slug.clone());
                let finding = self.find(Rule::Stray, about.as_ref(), Some(&change.path), why);
                self.strays.insert(change.path.clone(), finding);
            }
            let Some((slug, place)) = place else { continue };
            let delta = deltas.entry(slug).or_default();
            match place {
                Place::Record => delta.record = Some(change),
                Place::Logo => delta.logo = Some(change),
                Place::Event(name) => {
                    brought.extend(change.new.map(Item::id));
                    delta.log.push((name, change));
                }
                Place::Vote(round, name) => delta.votes.push((round, name, change)),
                Place::Evidence(round, hash) => delta.evidence.push((round, hash, change)),
                Place::Policy(name) => delta.policies.push((name, change)),
            }
        }
        if self.losses.hide_everybody() {
            self.pending = None;
            return;
        }
        deltas.retain(|slug, _| !self.losses.hides(slug));
        self.pending.take_if(|p| self.losses.hides(&p.slug));
        self.messages(step.message, &brought);
        self.settle(&deltas);
        let before = self.in_force.clone();
        let mut next = None;
        for (slug, delta) in deltas {
            let mut standing = match self.take(&slug, source) {
                Ok(standing) => standing,
                Err(id) => {
                    self.lose_sight(&slug, &root_of(&slug), id);
                    continue;
                }
            };
            let time = step.time.unwrap_or(i64::MAX);
            next = self.judge(&slug, &mut standing, delta, before.as_deref(), time, source).or(next);
            self.partners.insert(slug, standing);
        }
        self.pending.take_if(|p| self.losses.hides(&p.slug));
        if let Some(program) = next {
            self.in_force = Some(Arc::new(program));
            self.seats = self.decided.seated().clone();
        }
    }

    /// Where each partner that it has seen stands now.
    pub(crate) fn standings(&self) -> impl Iterator<Item = (&Slug, Start)> {
        self.partners.iter().map(|(slug, s)| (slug, Start { fold: s.life.clone(), record: s.record, logo: s.logo }))
    }

    /// The registry that it has seen, by its founding event.
    #[must_use]
    pub(crate) const fn registry(&self) -> Option<Sha256> {
        self.registry
    }

    #[must_use]
    pub(crate) fn in_force(&self) -> Option<&Program> {
        self.in_force.as_deref()
    }

    /// Tells of what is of a time that hasn't come.
    pub(super) fn dated_ahead(&mut self, slug: &Slug, path: &str, time: Time) {
        if self.now.is_some_and(|now| time.is_ahead_of(now)) {
            self.find(Rule::DatedAhead, Some(slug), Some(path), format!("it is dated {time}, and that hasn't come"));
        }
    }

    /// Something odd that is no step's.
    pub(crate) fn remark(&mut self, rule: Rule, message: &str) {
        let index = self.find(rule, None, None, message);
        self.findings[index].severity = Severity::Warning;
    }

    /// What the judge of single steps doesn't see, and somebody else does: of merges, and of commits that are gone.
    pub(crate) fn merged(&mut self, commit: GitId, rule: Rule, path: Option<&str>, message: &str) -> usize {
        let last = self.commit.replace(commit);
        let finding = self.find(rule, None, path, message);
        self.commit = last;
        finding
    }

    /// A merge doesn't keep a file of the side that it merges: until it is brought back.
    pub(crate) fn dropped(&mut self, commit: GitId, path: &str, was: GitId, message: &str) {
        let finding = self.merged(commit, Rule::EvilMerge, Some(path), message);
        self.dropped.entry((path.to_owned(), was)).or_default().push(finding);
    }

    /// What was found last is no more than odd.
    pub(crate) fn soften(&mut self) {
        if let Some(finding) = self.findings.last_mut() {
            finding.severity = Severity::Warning;
        }
    }

    /// After the last step: what still stands undecided.
    pub(crate) fn finish(&mut self) {
        self.give_up();
        self.commit = None;
        for place in std::mem::take(&mut self.earlier).into_iter().rev() {
            self.findings.remove(place);
        }
    }

    /// The registry begins. What lay in the repository before and is gone was never its, nor what was merged there.
    pub(super) fn begin(&mut self, registry: Sha256) {
        self.registry = Some(registry);
        let gone = |f: &Finding| f.severity == Severity::Repaired || f.code == Rule::ForeignCommit;
        self.earlier = self.findings.iter().enumerate().filter(|(_, f)| gone(f)).map(|(place, _)| place).collect();
    }

    /// What stood undecided has to be decided by the very next steps, which are about nothing else.
    fn settle(&mut self, deltas: &BTreeMap<Slug, Delta>) {
        let goes_on = |slug: &Slug| deltas.len() == 1 && deltas.contains_key(slug);
        if self.pending.as_ref().is_some_and(|p| !goes_on(&p.slug)) {
            self.give_up();
        }
    }

    /// What stands undecided is a finding from now on.
    fn give_up(&mut self) {
        if let Some(Pending { slug, finding, .. }) = self.pending.take() {
            self.findings.push(finding);
            if let Some(standing) = self.partners.get_mut(&slug) {
                standing.undecided = Some(self.findings.len() - 1);
            }
        }
    }

    /// Event blocks in a commit's message are those of files that it brings.
    fn messages(&mut self, message: &str, brought: &BTreeSet<GitId>) {
        for block in block::events_in(message) {
            if brought.contains(&GitId::of_file(block.as_bytes())) {
                continue;
            }
            // What is no block says nothing: an editor or a merge button may have broken it.
            let Ok(about) = Event::parse(block.as_bytes()) else {
                self.remark(Rule::Message, "the message holds something that is nearly an event's block");
                continue;
            };
            if self.losses.hides(&about.partner) {
                continue;
            }
            let what = format!(
                "the message holds the block of event {} of {}, and the commit brings no such file",
                about.seq, about.partner
            );
            self.find(Rule::Message, Some(&about.partner), None, what);
        }
    }

    /// Whether facts of it were ever in force so far; what can't be read may say so.
    pub(super) fn was_partner(&self, slug: &Slug, source: &dyn Source) -> bool {
        match self.partners.get(slug) {
            Some(standing) => standing.unreadable || standing.life.landed.is_some() || self.losses.hides(slug),
            None => source.start(slug).is_ok_and(|start| start.is_some_and(|s| s.fold.landed.is_some())),
        }
    }

    fn take(&mut self, slug: &Slug, source: &dyn Source) -> Result<Standing, GitId> {
        if let Some(known) = self.partners.remove(slug) {
            return Ok(known);
        }
        let Some(start) = source.start(slug)? else { return Ok(Standing::default()) };
        let mut standing = Standing { life: start.fold, record: start.record, logo: start.logo, ..Standing::default() };
        standing.in_force = standing.record.map(|id| source.bytes(id).ok_or(id)).transpose()?.map(Document::from);
        Ok(standing)
    }

    /// Judges what a step does to one partner; gives the policy that it brings, if it is about that.
    fn judge(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        mut delta: Delta,
        before: Option<&Program>,
        time: i64,
        source: &dyn Source,
    ) -> Option<Program> {
        let taken_back = self.take_back(slug, standing, &mut delta, source);
        let mut settled = taken_back.then_some(Settled::TakenBack);
        let mut log = Vec::new();
        delta.log.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, change) in delta.log {
            if let Some(id) = self.added(slug, standing, Rule::LogChanged, &change) {
                log.push((name, change.path, id));
            }
        }
        delta.votes.sort_by_key(|(round, name, _)| (*round, vote_order(name)));
        let mut votes = Vec::new();
        for (round, name, change) in delta.votes {
            standing.note(round, &change);
            if let Some(id) = self.added(slug, standing, Rule::VoteChanged, &change) {
                votes.push(NewVote { round, name, path: change.path, id });
            }
        }
        let mut policies = BTreeMap::new();
        for (name, change) in delta.policies {
            if let Some(id) = self.kept(slug, standing, &change) {
                policies.insert(name, (id, change.path));
            }
        }
        let apart = self.merge || log.len() + votes.len() > 1;
        let touched = delta.record.is_some() || delta.logo.is_some();
        standing.before = standing.objects(slug.is_program());
        let file = |change: &Changed| match change.new {
            Some(Item::File(id)) => Some(id),
            _ => None,
        };
        if let Some(change) = &delta.record {
            standing.record = file(change);
        }
        if let Some(change) = &delta.logo {
            standing.logo = file(change);
        }
        let seen = self.evidence(slug, standing, delta.evidence, source);
        for new in votes {
            self.counts.votes += 1;
            self.vote(slug, standing, new, source);
        }
        if self.losses.hides(slug) {
            return None;
        }
        for (round, hash) in seen {
            if !standing.named.contains(&(round, hash)) {
                let path = evidence_path(slug, round, hash);
                self.find(Rule::VoteEvidence, Some(slug), Some(&path), "no vote of this round names it");
            }
        }
        let mut next = None;
        let mut landed = false;
        let other = |change: &Option<Changed>| change.as_ref().is_some_and(|c| matches!(c.new, Some(Item::Other(..))));
        let mut unjudged = other(&delta.record) || other(&delta.logo);
        for (name, path, id) in log {
            let due = format!("{:04}", standing.life.next_seq());
            if standing.unreadable {
                continue;
            }
            if name != due {
                unjudged = true;
                self.find(Rule::EventName, Some(slug), Some(&path), format!("the next event of this log is {due}"));
                continue;
            }
            match source.event(id) {
                None => self.lose_sight(slug, &path, id),
                Some(Err(e)) => {
                    standing.unreadable = true;
                    let why = format!("{e}; nothing after it can be judged");
                    self.find(Rule::EventFormat, Some(slug), Some(&path), why);
                }
                Some(Ok(event)) => {
                    let said = &event.said;
                    // What came to nothing is held to what stands there then, too.
                    landed |= said.kind.lands() || said.kind.ends();
                    if said.kind.settles() {
                        settled = Some(Settled::By { path: path.clone(), kind: said.kind, time: said.time.unix() });
                    }
                    let copy = policies.remove(&format!("{due}.toml"));
                    next = self.event(slug, standing, NewEvent { event, path, copy }, before, time, source).or(next);
                }
            }
            if self.losses.hides(slug) {
                return None;
            }
        }
        for (id, path) in policies.into_values() {
            self.unbrought(slug, standing, (id, path), "no event of this commit brings this policy");
        }
        // What an event brought that isn't judged is explained by nothing: told of that already.
        if !unjudged && !standing.unreadable {
            self.facts(slug, standing, touched || landed, source);
        }
        self.undecided(slug, standing, settled.as_ref(), apart);
        next
    }

    /// Takes in what voters saw. Gives what no vote of an earlier step names.
    fn evidence(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        files: Vec<(u32, Sha256, Changed)>,
        source: &dyn Source,
    ) -> BTreeSet<(u32, Sha256)> {
        let mut seen = BTreeSet::new();
        for (round, hash, change) in files {
            standing.note(round, &change);
            if let Some(id) = self.added(slug, standing, Rule::VoteChanged, &change) {
                match source.bytes(id).map(|bytes| evidence_fault(hash, &bytes)) {
                    None => self.lose(Some(slug), &change.path, id),
                    Some(Some(why)) => {
                        self.find(Rule::VoteEvidence, Some(slug), Some(&change.path), why);
                    }
                    Some(None) => {}
                }
                match standing.missing.remove(&(round, hash)) {
                    Some(findings) => findings.into_iter().for_each(|f| self.repair(f, "; it came later")),
                    None => drop(seen.insert((round, hash))),
                }
                standing.seen.insert((round, hash));
            }
        }
        seen
    }

    /// A file that is only ever added. Gives its object when it is new.
    fn added(&mut self, slug: &Slug, standing: &mut Standing, rule: Rule, change: &Changed) -> Option<GitId> {
        let path = change.path.as_str();
        let now = change.new.map(Item::id);
        let dropped = now.and_then(|now| self.dropped.remove(&(path.to_owned(), now)));
        dropped.into_iter().flatten().for_each(|finding| self.repair(finding, "; it was brought back since"));
        let was = match (standing.lost.get(path), change.old) {
            (Some((was, _)), _) => *was,
            (None, Some(Item::File(was))) => was,
            // What never belonged there may go.
            (None, _) => {
                return match change.new {
                    Some(Item::File(id)) => Some(id),
                    _ => None,
                };
            }
        };
        if matches!(change.new, Some(Item::File(_))) && now == Some(was) {
            for finding in standing.lost.remove(path).map(|(_, findings)| findings).unwrap_or_default() {
                self.repair(finding, "; it was restored since");
            }
            return None;
        }
        let what = if now.is_some() { "it was changed" } else { "it was taken away" };
        let finding = self.find(rule, Some(slug), Some(path), what);
        standing.lost.entry(path.to_owned()).or_insert_with(|| (was, Vec::new())).1.push(finding);
        None
    }

    /// A file of `policies/`. Gives its object when it is new, or in the place of what no event brought.
    fn kept(&mut self, slug: &Slug, standing: &mut Standing, change: &Changed) -> Option<GitId> {
        match (standing.unbrought.get(&change.path), change.new) {
            (None, _) => self.added(slug, standing, Rule::PolicyFile, change),
            (Some(_), Some(Item::File(id))) => Some(id),
            // What never belonged there may go.
            (Some(_), None) => {
                let (_, finding) = standing.unbrought.remove(&change.path)?;
                self.repair(finding, "; it was taken away since");
                None
            }
            (Some(_), Some(_)) => None,
        }
    }

    /// Tells, once, of what is kept as a policy and no event brings.
    pub(super) fn unbrought(&mut self, slug: &Slug, standing: &mut Standing, (id, path): (GitId, String), why: &str) {
        let finding = match standing.unbrought.get(&path) {
            Some((_, finding)) => *finding,
            None => self.find(Rule::PolicyFile, Some(slug), Some(&path), why),
        };
        standing.unbrought.insert(path, (id, finding));
    }

    /// What stands there must be what the log says; or be on its way to being decided.
    fn facts(&mut self, slug: &Slug, standing: &mut Standing, touched: bool, source: &dyn Source) {
        let here = standing.objects(slug.is_program());
        if standing.explained(slug) {
            for finding in std::mem::take(&mut standing.deviations) {
                self.repair(finding, "; what stands there is what the log names since");
            }
        } else if touched && !is_proposed(slug, standing, here, source) {
            let rule = if slug.is_program() { Rule::Policy } else { Rule::Facts };
            let path = fact_paths(slug).0;
            if let Some(id) =
                [standing.record, standing.logo].into_iter().flatten().find(|id| source.bytes(*id).is_none())
            {
                return self.lose_sight(slug, &path, id);
            }
            let why = "what stands there isn't what the log names";
            let finding = self.find(rule, Some(slug), Some(&path), why);
            standing.deviations.push(finding);
        }
    }

    /// What waits for a decision stands here only while it is on its way to one.
    fn undecided(&mut self, slug: &Slug, standing: &mut Standing, settled: Option<&Settled>, apart: bool) {
        let voted = standing.rounds.values().any(|votes| !votes.is_empty());
        let waits = standing.life.state == State::Applied || voted;
        let mine = self.pending.take_if(|p| p.slug == *slug);
        // What can't be read may have decided it.
        if standing.unreadable {
            return;
        }
        if waits {
            if mine.is_some() || standing.undecided.is_some() {
                self.pending = mine.or(self.pending.take());
                return;
            }
            // Only one may be on its way: the next is found at once.
            let first = self.pending.is_none();
            let index = self.find(Rule::Undecided, Some(slug), None, "a proposal stands here that nobody decided");
            if first {
                let finding = self.findings.remove(index);
                self.pending = Some(Pending { slug: slug.clone(), finding, time: self.time, apart });
            } else {
                standing.undecided = Some(index);
            }
            return;
        }
        if !standing.explained(slug) {
            return;
        }
        // Who rebases a proposal together with its decision has made that before; a commit that no rebase makes tells by itself.
        let late = |p: &Pending| matches!(settled, Some(Settled::By { time, .. }) if p.apart || *time > p.time);
        if let Some(Pending { finding, .. }) = mine.filter(late) {
            self.findings.push(finding);
            standing.undecided = Some(self.findings.len() - 1);
        }
        if let Some(finding) = standing.undecided.take() {
            let commit = self.commit.map(|c| format!(", in commit {}", &c.to_string()[..10])).unwrap_or_default();
            self.repair(
                finding,
                &match settled {
                    Some(Settled::By { path, kind: Kind::Withdrawn, .. }) => {
                        format!("; withdrawn after it was merged, by {path}{commit}")
                    }
                    Some(Settled::By { path, .. }) => format!("; decided after it was merged, by {path}{commit}"),
                    Some(Settled::TakenBack) | None => format!("; taken back after it was merged{commit}"),
                },
            );
        }
    }
}

/// Whether the facts are those of an application that waits, or that somebody asks for by a vote.
pub(super) fn is_proposed(slug: &Slug, standing: &Standing, here: Option<Objects>, source: &dyn Source) -> bool {
    let applied = standing.life.state == State::Applied;
    if applied && standing.life.proposed.is_some_and(|(_, objects)| Some(objects) == here) {
        return true;
    }
    let hash = |id: Option<GitId>| id.and_then(|id| source.bytes(id)).map(|bytes| Sha256::of(&bytes));
    let mut votes = standing.rounds.values().flatten().map(|(cast, _)| &cast.vote).peekable();
    if votes.peek().is_none() {
        return false;
    }
    let (record, logo) = (hash(standing.record), hash(standing.logo));
    let logo = logo.filter(|_| !slug.is_program());
    votes.any(|vote: &Vote| Some(vote.facts.record) == record && vote.facts.logo == logo)
}
