//! The judge of a history. It goes through the first-parent steps of a registry, oldest first, and holds each to the rules
//! of the log format: what was added, by whose authority, and whether everything that stands there is explained.
//!
//! Authority comes from position: a step is judged by the policy that was in force before it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::audit::{Counts, Finding, Rule, Severity};
use super::check::Policies;
use super::event::{Ballot, Event, Kind, Objects, Subject, Vote};
use super::lifecycle::{Fold, Logged, State};
use super::place::{Place, place_of};
use super::policy::{Intent, Program, authorize};
use super::proof::{self, Grade};
use super::record::Record;
use super::tally::{self, CastVote, LeftOut, Proof, Question};
use super::testimony::{EventFile, Testimony, Verdict, VoteFile};
use super::values::{GitId, Sha256, Slug};

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A plain file.
    File(GitId),
    /// Something else, and why it can't stand there.
    Other(GitId, &'static str),
}

impl Item {
    const fn id(self) -> GitId {
        match self {
            Self::File(id) | Self::Other(id, _) => id,
        }
    }
}

/// A file that a step changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// From the top of the repository; below `data/`.
    pub path: String,
    /// What stood there.
    pub old: Option<Item>,
    /// What stands there now.
    pub new: Option<Item>,
}

/// A first-parent step.
#[derive(Debug)]
pub struct Step<'a> {
    /// The commit that it leads to.
    pub commit: GitId,
    /// When it was committed, as its writer claims; seconds since 1970.
    pub time: i64,
    /// Its message.
    pub message: &'a str,
    /// What it changes below `data/`.
    pub changes: Vec<Changed>,
}

/// A partner, or the program, where an audit takes up from.
#[derive(Debug, Default)]
pub struct Start {
    /// The events of its log, in order.
    pub log: Vec<Logged>,
    /// Its record's object.
    pub record: Option<GitId>,
    /// Its logo's object.
    pub logo: Option<GitId>,
}

/// Where files are read.
pub trait Source {
    /// An event's file; `None` when the object isn't there.
    fn event(&self, id: GitId) -> Option<EventFile>;
    /// A vote's file.
    fn vote(&self, id: GitId) -> Option<VoteFile>;
    /// The bytes of a file.
    fn bytes(&self, id: GitId) -> Option<Vec<u8>>;
    /// Where an audit that doesn't begin with the first commit takes a partner up from.
    fn start(&self, slug: &Slug) -> Option<Start>;
}

/// How far apart times may be, in seconds.
const SKEW: i64 = 24 * 60 * 60;

/// A vote with what its signature comes to.
type Cast = (CastVote, Verdict);

/// What is known of a partner, or of the program.
#[derive(Debug, Default)]
struct Standing {
    life: Fold,
    record: Option<GitId>,
    logo: Option<GitId>,
    /// The facts in force, read.
    in_force: Option<Record>,
    /// Votes of rounds that aren't decided.
    rounds: BTreeMap<u32, Vec<Cast>>,
    /// Files that were changed or taken away: what they were, and the finding that tells of it.
    lost: BTreeMap<String, (GitId, usize)>,
    /// The finding that tells that facts stand here which no event explains.
    deviation: Option<usize>,
    /// An event that can't be read: nothing after it can be judged.
    unreadable: bool,
    /// The last logo that was seen to be what an event says.
    known_logo: Option<(GitId, Sha256)>,
}

impl Standing {
    fn objects(&self, program: bool) -> Option<Objects> {
        let record = self.record?;
        if program { Some(Objects { record, logo: None }) } else { Some(Objects { record, logo: Some(self.logo?) }) }
    }

    /// Whether nothing stands here.
    const fn is_bare(&self) -> bool {
        self.record.is_none() && self.logo.is_none()
    }
}

/// What a step does to one partner.
#[derive(Debug, Default)]
struct Delta {
    log: Vec<(String, Changed)>,
    votes: Vec<(u32, String, Changed)>,
    policies: Vec<(String, Changed)>,
    record: Option<Changed>,
    logo: Option<Changed>,
}

/// The judge.
#[derive(Debug, Default)]
pub struct Ledger {
    registry: Option<Sha256>,
    in_force: Option<Arc<Program>>,
    decided: Policies,
    partners: BTreeMap<Slug, Standing>,
    /// What stands undecided on the default branch, as while a proposal is rebased onto it commit by commit: a finding,
    /// unless the steps that follow decide it.
    pending: Option<(Slug, Finding)>,
    time: i64,
    /// What was counted.
    pub counts: Counts,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The grade of each event, if they are wanted: partner, number.
    pub grades: Option<BTreeMap<(Slug, u32), Grade>>,
    commit: Option<GitId>,
}

impl Ledger {
    /// Takes up a registry where an earlier audit ended: its policies, and the time of that commit.
    #[must_use]
    pub fn taken_up(registry: Option<Sha256>, in_force: Option<Program>, decided: Policies, time: i64) -> Self {
        Self { registry, in_force: in_force.map(Arc::new), decided, time, ..Self::default() }
    }

    fn find(&mut self, rule: Rule, slug: Option<&Slug>, path: Option<&str>, message: impl Into<String>) -> usize {
        self.findings.push(Finding {
            code: rule,
            severity: match rule {
                Rule::EventTime | Rule::CommitTime | Rule::MergedTwice => Severity::Warning,
                _ => Severity::Error,
            },
            commit: self.commit,
            path: path.map(str::to_owned),
            partner: slug.cloned(),
            message: message.into(),
        });
        self.findings.len() - 1
    }

    fn repair(&mut self, finding: usize, how: &str) {
        if let Some(finding) = self.findings.get_mut(finding) {
            finding.severity = Severity::Repaired;
            finding.message += how;
        }
    }

    /// Judges a step.
    pub fn step(&mut self, step: Step<'_>, source: &dyn Source) {
        self.commit = Some(step.commit);
        self.counts.commits += 1;
        if step.time < self.time.saturating_sub(SKEW) {
            self.find(Rule::CommitTime, None, None, "the commit is dated more than a day before the one before it");
        }
        self.time = step.time;
        let mut deltas: BTreeMap<Slug, Delta> = BTreeMap::new();
        let mut brought: BTreeSet<GitId> = BTreeSet::new();
        for change in step.changes {
            let Some((slug, place)) = place_of(&change.path) else {
                match change.new {
                    Some(Item::Other(_, why)) => drop(self.find(Rule::Stray, None, Some(&change.path), why)),
                    Some(Item::File(_)) => {
                        self.find(Rule::Stray, None, Some(&change.path), "it doesn't belong there");
                    }
                    None => {}
                }
                continue;
            };
            if let Some(Item::Other(_, why)) = change.new {
                self.find(Rule::Stray, Some(&slug), Some(&change.path), why);
            }
            let delta = deltas.entry(slug).or_default();
            match place {
                Place::Record => delta.record = Some(change),
                Place::Logo => delta.logo = Some(change),
                Place::Event(name) => {
                    brought.extend(change.new.map(Item::id));
                    delta.log.push((name, change));
                }
                Place::Vote(round, name) => delta.votes.push((round, name, change)),
                Place::Policy(name) => delta.policies.push((name, change)),
            }
        }
        self.messages(step.message, &brought);
        self.settle(&deltas);
        let before = self.in_force.clone();
        let mut next = None;
        for (slug, delta) in deltas {
            let mut standing = self.take(&slug, source);
            next = self.judge(&slug, &mut standing, delta, before.as_deref(), step.time, source).or(next);
            self.partners.insert(slug, standing);
        }
        if let Some(program) = next {
            self.decided.insert(program.hash, program.clone());
            self.in_force = Some(Arc::new(program));
        }
    }

    /// What somebody else saw of a merge.
    pub fn merged(&mut self, commit: GitId, rule: Rule, path: Option<&str>, message: &str) {
        let last = self.commit.replace(commit);
        self.find(rule, None, path, message);
        self.commit = last;
    }

    /// After the last step: what still stands undecided.
    pub fn finish(&mut self) {
        self.findings.extend(self.pending.take().map(|(_, finding)| finding));
        self.commit = None;
    }

    /// What stood undecided has to be decided by the very next steps, which are about nothing else.
    fn settle(&mut self, deltas: &BTreeMap<Slug, Delta>) {
        let goes_on = |slug: &Slug| deltas.len() == 1 && deltas.contains_key(slug);
        if self.pending.as_ref().is_some_and(|(slug, _)| !goes_on(slug)) {
            self.findings.extend(self.pending.take().map(|(_, finding)| finding));
        }
    }

    /// Event blocks in a commit's message are those of files that it brings.
    fn messages(&mut self, message: &str, brought: &BTreeSet<GitId>) {
        for block in event_blocks(message) {
            if brought.contains(&GitId::of_file(block.as_bytes())) {
                continue;
            }
            let about = Event::parse(block.as_bytes()).ok();
            let what = match &about {
                Some(e) => format!(
                    "the message holds the block of event {} of {}, and the commit brings no such file",
                    e.seq, e.partner
                ),
                None => "the message holds a block that isn't in its one spelling".into(),
            };
            self.find(Rule::Message, about.as_ref().map(|e| &e.partner), None, what);
        }
    }

    fn take(&mut self, slug: &Slug, source: &dyn Source) -> Standing {
        if let Some(known) = self.partners.remove(slug) {
            return known;
        }
        let Some(start) = source.start(slug) else { return Standing::default() };
        let mut standing = Standing { record: start.record, logo: start.logo, ..Standing::default() };
        for logged in start.log {
            let _ = standing.life.push(slug, &logged);
        }
        standing.in_force = standing.record.and_then(|id| Record::parse(&source.bytes(id)?).ok());
        standing
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
        let mut log = Vec::new();
        delta.log.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, change) in delta.log {
            if let Some(id) = self.added(slug, standing, Rule::LogChanged, &change) {
                log.push((name, change.path, id));
            }
        }
        delta.votes.sort_by_key(|(round, name, _)| (*round, tally::vote_order(name)));
        let mut votes = Vec::new();
        for (round, name, change) in delta.votes {
            if let Some(id) = self.added(slug, standing, Rule::VoteChanged, &change) {
                votes.push((round, name, change.path, id));
            }
        }
        let mut policies = BTreeMap::new();
        for (name, change) in delta.policies {
            if let Some(id) = self.added(slug, standing, Rule::PolicyFile, &change) {
                policies.insert(name, (id, change.path));
            }
        }
        let touched = delta.record.is_some() || delta.logo.is_some();
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
        for (round, name, path, id) in votes {
            self.vote(slug, standing, round, &name, &path, id, source);
        }
        let mut next = None;
        let mut landed = false;
        for (name, path, id) in log {
            let due = format!("{:04}", standing.life.next_seq());
            if standing.unreadable {
                continue;
            }
            if name != due {
                self.find(Rule::EventName, Some(slug), Some(&path), format!("the next event of this log is {due}"));
                continue;
            }
            match source.event(id) {
                None => drop(self.find(Rule::Object, Some(slug), Some(&path), "the file can't be read")),
                Some(Err(e)) => {
                    standing.unreadable = true;
                    let why = format!("{e}; nothing after it can be judged");
                    self.find(Rule::EventFormat, Some(slug), Some(&path), why);
                }
                Some(Ok(event)) => {
                    landed |= event.said.kind.lands();
                    let copy = policies.remove(&format!("{due}.toml"));
                    next = self.event(slug, standing, event, &path, copy, before, time, source).or(next);
                }
            }
        }
        for (_, path) in policies.into_values() {
            self.find(Rule::PolicyFile, Some(slug), Some(&path), "no event of this commit brings this policy");
        }
        self.facts(slug, standing, touched || landed, source);
        next
    }

    /// A file that is only ever added. Gives its object when it is new.
    fn added(&mut self, slug: &Slug, standing: &mut Standing, rule: Rule, change: &Changed) -> Option<GitId> {
        let path = change.path.as_str();
        match (change.old, change.new) {
            (None, None) => None,
            (old, Some(Item::File(id))) if standing.lost.get(path).is_some_and(|(was, _)| *was == id) => {
                let _ = old;
                if let Some((_, finding)) = standing.lost.remove(path) {
                    self.repair(finding, "; it was restored since");
                }
                None
            }
            (None, Some(Item::File(id))) => Some(id),
            // What never belonged there may go.
            (None | Some(Item::Other(..)), _) => None,
            (Some(Item::File(was)), new) => {
                let what = if new.is_some() { "it was changed" } else { "it was taken away" };
                let finding = self.find(rule, Some(slug), Some(path), what);
                standing.lost.entry(path.to_owned()).or_insert((was, finding));
                None
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a vote is, and where it stands")]
    fn vote(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        round: u32,
        name: &str,
        path: &str,
        id: GitId,
        source: &dyn Source,
    ) {
        self.counts.votes += 1;
        let mut wrong = |rule, why: String| {
            self.find(rule, Some(slug), Some(path), why);
        };
        let Testimony { said: vote, hash, verdict } = match source.vote(id) {
            None => return wrong(Rule::Object, "the file can't be read".into()),
            Some(Err(e)) => return wrong(Rule::VoteFormat, e.to_string()),
            Some(Ok(vote)) => vote,
        };
        let cast = standing.rounds.entry(round).or_default();
        let due = tally::vote_name(cast.iter().map(|(c, _)| &c.vote), &vote.actor);
        let place = if vote.partner != *slug {
            Some(format!("the vote is about {}", vote.partner))
        } else if vote.round != round {
            Some(format!("the vote is of round {}", vote.round))
        } else if name != due {
            Some(format!("a vote by {} here is named {due}", vote.actor))
        } else {
            None
        };
        if let Some(why) = place {
            return wrong(Rule::VotePlace, why);
        }
        let file = name.to_owned();
        let open = standing.life.state == State::Applied && standing.life.application_round() == round;
        let late = standing.life.used(round) && !open;
        let foreign = Some(vote.registry) != self.registry;
        let named = self.decided.get(&vote.policy);
        let seat = named.map(|p| authorize(p, &vote.actor, Intent::Vote));
        let mut wrong = Vec::new();
        if foreign {
            wrong.push((Rule::VotePlace, "the vote belongs to another registry".to_owned()));
        }
        match seat {
            None => wrong
                .push((Rule::VotePolicy, format!("it names a policy ({}) that wasn't decided", vote.policy.short()))),
            Some(Err(refusal)) if vote.ballot != Ballot::Request => {
                wrong.push((Rule::VotePolicy, format!("under the policy it names, {}", refusal.why)));
            }
            Some(_) => {}
        }
        if let Verdict::Broken(fault) = &verdict {
            wrong.push((Rule::VoteSignature, fault.to_string()));
        }
        if late {
            wrong.push((Rule::VoteLate, format!("round {round} was decided before")));
        }
        let sound = wrong.is_empty();
        for (rule, why) in wrong {
            self.find(rule, Some(slug), Some(path), why);
        }
        if sound {
            cast.push((CastVote { vote, hash, file }, verdict));
        }
        if late {
            standing.rounds.remove(&round);
        }
    }

    /// Judges an event, and takes it into the partner's life. Gives the policy that it brings.
    #[expect(clippy::too_many_arguments, reason = "what an event is, and where it stands")]
    fn event(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        event: Testimony<Event>,
        path: &str,
        copy: Option<(GitId, String)>,
        before: Option<&Program>,
        time: i64,
        source: &dyn Source,
    ) -> Option<Program> {
        let Testimony { said: event, hash, verdict } = event;
        self.counts.events += 1;
        let mut wrong: Vec<(Rule, String)> = Vec::new();
        let founds = event.kind == Kind::Founded;
        if founds && self.registry.is_none() {
            self.registry = Some(hash);
        } else if !founds && self.registry.is_none() {
            wrong.push((Rule::NotFounded, "the registry has no founding event before it".into()));
        } else if !founds && event.registry != self.registry {
            wrong.push((Rule::EventRegistry, "it belongs to another registry".into()));
        }
        let record = self.read_facts(standing, &event, &mut wrong, source);
        // Who amends is judged by what was applied with, not by what becomes of it.
        let earlier = standing.life.proposed().filter(|_| event.kind == Kind::Amended);
        let earlier = earlier.and_then(|e| source.bytes(e.objects.record));
        let told = if event.kind == Kind::Amended { &earlier } else { &record };
        self.authority(standing, &event, before, &mut wrong, told.as_deref());
        // By whose key: as the policy in force says for decisions, and as the one that is named for all else.
        let judge = if event.kind.decides() { before } else { self.decided.get(&event.policy) };
        let mut grade = Grade::Unsigned;
        if let Some((program, member)) = judge.and_then(|p| Some((p, p.member(&event.actor)?))) {
            match verdict.under(member, Grade::Unsigned) {
                Ok(own) if event.kind.decides() && !program.signatures.allow(own) => {
                    wrong.push((Rule::EventUnsigned, "the decision isn't signed".into()));
                }
                Ok(own) => grade = own,
                Err(fault) => wrong.push((Rule::EventSignature, fault.to_string())),
            }
        }
        if event.time.unix() > time.saturating_add(SKEW) {
            wrong.push((Rule::EventTime, "it is dated more than a day after its commit".into()));
        }
        if standing.life.last.is_some_and(|(_, time)| time > event.time) {
            wrong.push((Rule::EventTime, "it is dated before the event before it".into()));
        }
        if event.kind.decides() {
            let mut cast = standing.rounds.remove(&event.round).unwrap_or_default();
            // In the order of their names, as they are counted, whatever the order they came in.
            cast.sort_by_key(|(c, _)| tally::vote_order(&c.file));
            let parsed = record.as_deref().and_then(|bytes| Record::parse(bytes).ok());
            let votes = match before {
                Some(program) => carried(slug, &event, &cast, program, parsed.as_ref(), standing.in_force.as_ref()),
                None => Err("no policy is in force".into()),
            };
            match votes {
                Ok(grades) => grade = proof::with_votes(grade, grades),
                Err(why) => wrong.push((Rule::EventVotes, why)),
            }
        } else if !event.votes.is_empty() {
            wrong.push((Rule::EventVotes, "only decisions rest on votes".into()));
        }
        self.counts.grades.add(grade);
        if let Some(grades) = &mut self.grades {
            grades.insert((slug.clone(), event.seq), grade);
        }
        if event.kind == Kind::Withdrawn {
            // What is taken back is settled like what is decided; nobody counts its votes.
            standing.rounds.remove(&event.round);
        }
        let next = self.brings(slug, standing, &event, copy, record, &mut wrong);
        let objects = standing.objects(slug.is_program());
        if event.kind == Kind::Recorded
            && objects == Some(event.objects)
            && let Some(finding) = standing.deviation.take()
        {
            self.repair(finding, &format!("; log/{:04} owns up to it", event.seq));
        }
        let mut slim = event;
        // What was judged needn't be kept.
        (slim.votes, slim.reason, slim.link, slim.signature) = (Vec::new(), None, None, None);
        for broken in standing.life.push(slug, &Logged { event: slim, hash }) {
            let rule = match broken.code {
                "event-illegal" | "event-round" => Rule::EventIllegal,
                _ => Rule::EventChain,
            };
            wrong.push((rule, broken.why));
        }
        for (rule, why) in wrong {
            self.find(rule, Some(slug), Some(path), why);
        }
        next
    }

    /// Who may write this down, under which policy.
    fn authority(
        &self,
        standing: &Standing,
        event: &Event,
        before: Option<&Program>,
        wrong: &mut Vec<(Rule, String)>,
        record: Option<&[u8]>,
    ) {
        let in_force = before.map(|p| p.hash);
        if event.kind == Kind::Founded {
            if event.policy != event.facts.record {
                wrong.push((Rule::EventPolicy, "it doesn't begin under the policy that it brings".into()));
            }
            return;
        }
        let known = self.decided.contains_key(&event.policy);
        if event.kind.decides() && Some(event.policy) != in_force {
            let what = if known { "an older policy" } else { "a policy that was never decided" };
            wrong.push((Rule::EventPolicy, format!("it names {what} ({})", event.policy.short())));
        } else if !known {
            wrong
                .push((Rule::EventPolicy, format!("it names a policy ({}) that wasn't decided", event.policy.short())));
        }
        let refused = before.map(|p| authorize(p, &event.actor, Intent::Vote)).and_then(Result::err);
        if event.kind.decides() {
            wrong.extend(refused.map(|refusal| (Rule::EventActor, refusal.why)));
            return;
        }
        // Who applied may change it or take it back, as may the contact, and who asked for it; a member may act on their
        // behalf.
        let applied = standing.life.application().is_some_and(|e| e.actor.is(&event.actor));
        let asked =
            || standing.rounds.get(&event.round).into_iter().flatten().any(|(c, _)| c.vote.actor.is(&event.actor));
        let contact = || match event.subject {
            Subject::Policy => Some(false),
            Subject::Application => record.and_then(|b| Record::parse(b).ok()).map(|r| r.github.is(&event.actor)),
            _ => standing.in_force.as_ref().map(|r| r.github.is(&event.actor)),
        };
        let own_to_change = matches!(event.kind, Kind::Amended | Kind::Withdrawn);
        if own_to_change && refused.is_some() && !applied && !asked() && contact() == Some(false) {
            wrong.push((Rule::EventActor, format!("{} doesn't speak for this partner", event.actor)));
        }
    }

    /// The record that an event names, if it is there; what it names must be what its hashes say.
    fn read_facts(
        &self,
        standing: &mut Standing,
        event: &Event,
        wrong: &mut Vec<(Rule, String)>,
        source: &dyn Source,
    ) -> Option<Vec<u8>> {
        if event.subject == Subject::Application && event.kind.decides() {
            if standing.life.proposed().is_some_and(|e| e.facts != event.facts) {
                wrong.push((Rule::EventFacts, "it is about other facts than those that were applied with".into()));
            }
        }
        if let (Some(id), Some(hash)) = (event.objects.logo, event.facts.logo)
            && event.kind.lands()
            && standing.known_logo != Some((id, hash))
        {
            match source.bytes(id) {
                Some(bytes) if Sha256::of(&bytes) == hash => standing.known_logo = Some((id, hash)),
                Some(_) => wrong.push((Rule::EventFacts, "the logo isn't the one that its hash names".into())),
                None => wrong.push((Rule::Object, "its logo can't be read".into())),
            }
        }
        match source.bytes(event.objects.record) {
            Some(bytes) if Sha256::of(&bytes) == event.facts.record => Some(bytes),
            Some(_) => {
                wrong.push((Rule::EventFacts, "the record isn't the one that its hash names".into()));
                None
            }
            None if event.kind.lands() => {
                wrong.push((Rule::Object, "its record can't be read".into()));
                None
            }
            None => None,
        }
    }

    /// What an event puts into force.
    fn brings(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        event: &Event,
        copy: Option<(GitId, String)>,
        record: Option<Vec<u8>>,
        wrong: &mut Vec<(Rule, String)>,
    ) -> Option<Program> {
        if !event.kind.lands() {
            if let Some((_, path)) = copy {
                self.find(Rule::PolicyFile, Some(slug), Some(&path), "its event brings no policy");
            }
            return None;
        }
        if !slug.is_program() {
            standing.in_force = record.and_then(|bytes| Record::parse(&bytes).ok());
            return None;
        }
        if copy.map(|(id, _)| id) != Some(event.objects.record) {
            let path = format!("data/program/policies/{:04}.toml", event.seq);
            self.find(Rule::PolicyFile, Some(slug), Some(&path), "the policy that was decided isn't kept there");
        }
        let program = record.and_then(|bytes| Program::parse(&bytes).ok());
        if program.is_none() {
            wrong.push((Rule::EventFacts, "it brings a policy that can't be read".into()));
        }
        program
    }

    /// What stands there must be what the log says; or be on its way to being decided.
    fn facts(&mut self, slug: &Slug, standing: &mut Standing, touched: bool, source: &dyn Source) {
        let here = standing.objects(slug.is_program());
        let landed = standing.life.landed().map(|e| e.objects);
        let waits = standing.life.state == State::Applied;
        let voted = standing.rounds.values().any(|votes| !votes.is_empty());
        let explained = if landed.is_some() { here == landed } else { standing.is_bare() };
        if explained {
            if let Some(finding) = standing.deviation.take() {
                self.repair(finding, "; it was undone since");
            }
        } else if !self.is_proposed(slug, standing, here, source) && touched && standing.deviation.is_none() {
            let (rule, path) = match slug.is_program() {
                true => (Rule::Policy, "data/program.toml".to_owned()),
                false => (Rule::Facts, super::place::record_of(slug)),
            };
            let why = "what stands there isn't what the log names";
            standing.deviation = Some(self.find(rule, Some(slug), Some(&path), why));
        }
        let settled = !waits && !voted && (explained || standing.deviation.is_some());
        match (&self.pending, settled) {
            (Some((pending, _)), true) if pending == slug => self.pending = None,
            (Some((pending, _)), false) if pending == slug => {}
            (pending, false) => {
                // Only one may be on its way: the next is found at once.
                let first = pending.is_none();
                let index = self.find(Rule::Undecided, Some(slug), None, "a proposal stands here that nobody decided");
                if first {
                    let finding = self.findings.remove(index);
                    self.pending = Some((slug.clone(), finding));
                }
            }
            _ => {}
        }
    }

    /// Whether the facts are those of an application that waits, or that somebody asks for by a vote.
    fn is_proposed(&self, slug: &Slug, standing: &Standing, here: Option<Objects>, source: &dyn Source) -> bool {
        let applied = standing.life.state == State::Applied;
        if applied && standing.life.proposed().is_some_and(|e| Some(e.objects) == here) {
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
}

/// Whether the votes of a round carry the decision that rests on them, counted under the policy in force before it; the
/// grades of those that count.
fn carried(
    slug: &Slug,
    event: &Event,
    cast: &[Cast],
    program: &Program,
    record: Option<&Record>,
    in_force: Option<&Record>,
) -> Result<Vec<Grade>, String> {
    // Where the facts are gone, who had a stake can't be told: only the votes that are named are looked at.
    let whole = record.is_some() || event.subject == Subject::Policy;
    let round: Vec<&Cast> = cast.iter().filter(|(c, _)| whole || event.votes.contains(&c.hash)).collect();
    let missing = event.votes.iter().find(|hash| !cast.iter().any(|(c, _)| c.hash == **hash));
    if let Some(hash) = missing {
        return Err(format!("it rests on a vote ({}) that isn't in its round", hash.short()));
    }
    let votes: Vec<CastVote> = round.iter().map(|(c, _)| c.clone()).collect();
    let terms = event.terms.clone().or_else(|| {
        let first = votes.iter().find(|v| event.votes.contains(&v.hash));
        first.and_then(|v| v.vote.terms.clone())
    });
    let of = |hash: Sha256| round.iter().find(|(c, _)| c.hash == hash).map(|(_, verdict)| verdict);
    let proof = |cast: &CastVote, member: &super::policy::Member| {
        let otherwise = if cast.vote.attested.is_some() { Grade::Attested } else { Grade::Unsigned };
        of(cast.hash).map_or(Ok(otherwise), |verdict| verdict.under(member, otherwise))
    };
    let on = Question {
        slug,
        record,
        in_force: in_force.filter(|_| event.subject != Subject::Application),
        facts: event.facts,
        subject: event.subject,
        terms: terms.as_ref(),
        proof: Proof(&proof),
    };
    let (decision, rule) = tally::rule_for(program, event.kind != Kind::Rejected, &votes, on);
    let tally = tally::tally(program, &rule, decision, &votes, on);
    if !tally.carries() {
        let left_out = |v: &tally::Counted<'_>| v.left_out.is_some_and(|why| why != LeftOut::Request);
        let out: Vec<_> = tally.votes.iter().filter(|v| left_out(v)).map(tally::Counted::line).collect();
        let out = if out.is_empty() { String::new() } else { format!(" ({})", out.join("; ")) };
        return Err(format!("its votes don't carry it; missing: {}{out}", tally.missing.join("; ")));
    }
    if tally.counted_hashes() != event.votes {
        return Err("it doesn't name just the votes that count, in order".into());
    }
    let counted = tally.votes.iter().filter(|v| v.left_out.is_none());
    Ok(counted
        .map(|v| program.member(&v.cast.vote.actor).and_then(|m| proof(v.cast, m).ok()).unwrap_or(Grade::Unsigned))
        .collect())
}

/// The event blocks in a commit message: each the lines from `KP-Event: ` on that are of a block.
fn event_blocks(message: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut inside = false;
    for line in message.split('\n') {
        if line.starts_with("KP-Event: ") {
            out.push(String::new());
            inside = true;
        }
        inside &= line.starts_with("KP-");
        if let (true, Some(block)) = (inside, out.last_mut()) {
            block.push_str(line);
            block.push('\n');
        }
    }
    out
}
