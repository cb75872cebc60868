//! What is wrong with a partner's files: everything at once, each with its file, its line and the mend.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::log::block::BlockError;
use super::log::bounds;
use super::log::event::{Event, Facts, Vote};
use super::log::kinds::{Ballot, Kind, Subject};
use super::log::lifecycle::{Fold, Life, Logged, State};
use super::paths::{evidence_fault, evidence_in, evidence_name};
use super::program::admission::{Refusal, Relation, right_of, right_to_say};
use super::program::permit::Basis;
use super::program::policies::Policies;
use super::program::seats::Seats;
use super::program::soundness::{Before, Position};
use super::program::{Program, Role};
use super::record::{Field, Record};
use super::signature::examined::{self, Examiner, Testimony, Verdict};
use super::signature::grade::Grade;
use super::toml::Fault;
use super::values::{Sha256, Slug, Time};
use super::votes::recount::{Cast, Stakes, carried, vouched_cast};
use super::votes::tally::{CastVote, is_beyond, name_after};
use super::{logo, text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The registry can't be relied on until it is mended.
    Error,
    Warning,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// In the registry's tree.
    pub path: String,
    /// Counted from 1, when a line is to blame.
    pub line: Option<usize>,
    pub severity: Severity,
    /// A short name that stays, for scripts.
    pub code: Cow<'static, str>,
    pub message: String,
    pub hint: String,
}

impl Problem {
    pub fn error(
        path: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            path: text::visible(&path.into()),
            line: None,
            severity: Severity::Error,
            code: code.into(),
            message: text::visible(&message.into()),
            hint: hint.into(),
        }
    }

    pub fn warning(
        path: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, code, message, hint) }
    }

    #[must_use]
    pub fn at(mut self, line: Option<usize>) -> Self {
        self.line = line;
        self
    }
}

#[must_use]
pub fn of_document(path: &str, code: &'static str, faults: Vec<Fault>) -> Vec<Problem> {
    faults.into_iter().map(|f| Problem::error(path, code, f.message, f.hint).at(f.line)).collect()
}

/// The files of one partner's directory, or of the program's, read. Names are below the directory.
#[derive(Debug, Clone, Default)]
pub struct Files {
    pub record: Option<Vec<u8>>,
    /// The record in force before a change that is judged on its own, where it is.
    pub earlier: Option<Vec<u8>>,
    pub logo: Option<Vec<u8>>,
    /// The files of `log/`, by name.
    pub log: Vec<(String, Vec<u8>)>,
    /// The files of `votes/`: round, name, bytes.
    pub votes: Vec<(String, String, Vec<u8>)>,
    /// What voters saw, beside the votes: round, name, bytes.
    pub evidence: Vec<(String, String, Vec<u8>)>,
    /// The files of `policies/`, by name; the program's only.
    pub policies: Vec<(String, Vec<u8>)>,
    /// What stands there and can't be one of these, by name; whoever read them told so.
    pub strange: BTreeSet<String>,
}

const FOREIGN: &str = "it belongs to another registry";
const RESTORE: &str = "restore it from the registry's history: events and votes are only ever added";

/// A block that can't be read.
fn of_block(path: &str, code: &'static str, e: &BlockError) -> Problem {
    Problem::error(path, code, e.why.clone(), e.mend(RESTORE)).at(Some(e.line))
}

#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    pub program: &'a Program,
    pub policies: &'a Policies,
    /// The hash of the founding event; `None` where there is none.
    pub registry: Option<Sha256>,
    pub signatures: bool,
    /// By the reader's clock.
    pub now: Time,
}

/// The code of what is told of an entry that is dated ahead: it ends by itself.
pub const AHEAD: &str = "dated-ahead";

/// The code of what is told of an event that is of a time before one before it: which of the two is to blame, commits tell.
pub const TIME: &str = "event-time";

/// What is of a time that hasn't come.
fn dated_ahead(path: &str, time: Time, now: Time) -> Option<Problem> {
    let hint =
        "a clock was wrong, this machine's or its writer's; what follows isn't held to it, and it stays as it is";
    let what = format!("it is dated {time}, and that hasn't come");
    time.is_ahead_of(now).then(|| Problem::warning(path, AHEAD, what, hint))
}

#[derive(Debug, Default)]
pub struct Found {
    pub problems: Vec<Problem>,
    pub counts: Counts,
}

/// Everything wrong with the program's own log: how its policy came to be.
#[must_use]
pub fn program(files: &Files, rules: Rules<'_>) -> Found {
    let (slug, root) = (Slug::program(), "data/program");
    let mut found = Found::default();
    if files.log.is_empty() {
        let message = "nothing says how this registry began";
        let hint = "write its founding event with karmada-partner init PATH, on the registry itself";
        found.problems.push(Problem::error("data/program/log", "not-founded", message, hint));
        return found;
    }
    let (life, verdicts) = check_log(root, &slug, files, rules, &mut found);
    let cast = check_votes(root, &slug, files, &life, rules, &mut found);
    check_rests(files, &life, &verdicts, &cast, rules, &mut found);
    let cast = cast.valid();
    let problems = &mut found.problems;
    check_policies(root, files, &life, problems);
    let asked = check_undecided(root, &slug, &life, &cast, rules, problems);
    if let (Some(bytes), Some(named)) = (&files.record, life.landed_facts())
        && Sha256::of(bytes) != named.record
        && !asked.contains(&Facts::of(bytes, None))
    {
        let message = format!("its SHA-256 isn't the one that the log names ({})", named.record.short());
        let hint = "the policy changes only by karmada-partner program propose and approve program; restore the file, or own up to the change with karmada-partner record program";
        problems.push(Problem::error("data/program.toml", "hash-mismatch", message, hint));
    }
    found
}

/// Beside the log stands every policy that it brought, and nothing else.
fn check_policies(root: &str, files: &Files, life: &Life, problems: &mut Vec<Problem>) {
    let mut due: BTreeMap<String, Sha256> = life
        .log
        .iter()
        .filter(|l| l.event.kind.lands())
        .map(|l| (format!("{:04}.toml", l.event.seq), l.event.facts.record))
        .collect();
    for (name, bytes) in &files.policies {
        let path = format!("{root}/policies/{name}");
        match due.remove(name) {
            None => {
                problems.push(Problem::error(path, "policy-file", "no event of the log brought this policy", RESTORE));
            }
            Some(hash) if hash != Sha256::of(bytes) => {
                let message = "it isn't the policy that its event names";
                problems.push(Problem::error(path, "policy-file", message, RESTORE));
            }
            Some(_) => {}
        }
    }
    problems.extend(due.into_keys().map(|name| {
        Problem::error(format!("{root}/policies/{name}"), "policy-file", "the policy is missing", RESTORE)
    }));
}

#[must_use]
pub fn partner(slug: &Slug, files: &Files, rules: Rules<'_>) -> Found {
    let root = format!("data/partners/{slug}");
    let mut found = Found::default();
    let (life, verdicts) = check_log(&root, slug, files, rules, &mut found);
    let log_is_sound = found.problems.is_empty();
    let cast = check_votes(&root, slug, files, &life, rules, &mut found);
    check_rests(files, &life, &verdicts, &cast, rules, &mut found);
    let cast = cast.valid();
    let problems = &mut found.problems;
    let asked = if log_is_sound { check_undecided(&root, slug, &life, &cast, rules, problems) } else { Vec::new() };
    let here = files.record.as_ref().map(|bytes| Facts::of(bytes, files.logo.as_deref()));
    check_facts(&root, files, rules.program, &life, here.is_some_and(|here| asked.contains(&here)), problems);
    found
}

/// An event's file: where it stands, whatever the event says of that, and whether its signature holds.
struct Examined {
    path: String,
    verdict: Verdict,
}

fn check_log(root: &str, slug: &Slug, files: &Files, rules: Rules<'_>, found: &mut Found) -> (Life, Vec<Examined>) {
    let problems = &mut found.problems;
    let mut examiner = Examiner::new(rules.policies, rules.signatures);
    let mut verdicts = Vec::new();
    let mut life = Life::default();
    if files.log.is_empty() {
        problems.push(Problem::error(
            format!("{root}/log"),
            "log-missing",
            "there is no log, so nothing says how this came here",
            "partners come by karmada-partner apply and approve; restore the log, or remove the directory",
        ));
    }
    found.counts.events += files.log.len() as u64;
    let mut expected = 1_u32;
    for (name, bytes) in &files.log {
        let path = format!("{root}/log/{name}");
        match name.parse::<u32>().ok().filter(|n| format!("{n:04}") == *name) {
            Some(number) => {
                if number != expected {
                    let missing = format!("the log goes from {:04} to {name}", expected - 1);
                    problems.push(Problem::error(&path, "log-gap", missing, RESTORE));
                }
                expected = number.saturating_add(1);
            }
            None => {
                problems.push(Problem::error(&path, "log-name", "events are named 0001, 0002, …", RESTORE));
                continue;
            }
        }
        match examiner.event(bytes) {
            Err(e) => problems.push(of_block(&path, "event-format", &e)),
            Ok(Testimony { said: event, hash, verdict }) => {
                // What the policy's own log says was in force is known; for partners it takes the history.
                let own = slug.is_program().then(|| life.landed_facts().map(|f| f.record)).flatten();
                let position = Position {
                    life: &life,
                    registry: rules.registry,
                    in_force: own,
                    decided: Some(rules.policies),
                    before: if life.landed.is_none() { Before::Nothing } else { Before::Unknown },
                    written: None,
                };
                let (kind, faults) = (event.kind, position.faults(&event));
                // Which of two is of the wrong time is told by their commits, for who has them.
                if let Some(before) = life.last_time().filter(|before| *before > event.time) {
                    let why = format!("it is of a time before that of an event before it, {before}");
                    let hint =
                        "a clock was wrong; karmada-partner audit tells whether the event before it was dated ahead";
                    problems.push(Problem::warning(&path, TIME, why, hint).at(line_of(bytes, "KP-Time")));
                }
                problems.extend(dated_ahead(&path, event.time, rules.now).map(|p| p.at(line_of(bytes, "KP-Time"))));
                for broken in faults.into_iter().chain(life.push(slug, Logged { event, hash })) {
                    let key = match broken.code {
                        "not-founded" | "event-registry" => "KP-Registry",
                        "event-policy" => "KP-Policy",
                        "event-facts" => "KP-Record",
                        "event-votes" => "KP-Votes",
                        "event-partner" => "KP-Partner",
                        "event-seq" | "event-limit" => "KP-Seq",
                        "event-chain" => "KP-Prev",
                        "event-round" => "KP-Round",
                        "event-date" => match kind {
                            Kind::Imported => "KP-Since",
                            Kind::Benefited => "KP-On",
                            _ => "KP-Closes",
                        },
                        "event-job" => "KP-Job",
                        "event-effective" => "KP-Effective",
                        "event-merged" => "KP-Merged-Into",
                        "event-objects" => "KP-Objects",
                        _ => "KP-Event",
                    };
                    problems.push(Problem::error(&path, broken.code, broken.why, RESTORE).at(line_of(bytes, key)));
                }
                verdicts.push(Examined { path, verdict });
            }
        }
    }
    (life, verdicts)
}

fn line_of(bytes: &[u8], key: &str) -> Option<usize> {
    bytes.split(|b| *b == b'\n').position(|line| line.starts_with(key.as_bytes())).map(|i| i + 1)
}

/// The voices that can be read, in the order they count in.
#[derive(Debug, Default)]
struct Voices {
    there: Vec<Cast>,
    /// Which of them nobody could cast: they open nothing, and count for nothing.
    void: BTreeSet<usize>,
}

impl Voices {
    fn valid(&self) -> Vec<Cast> {
        let valid = self.there.iter().enumerate().filter(|(index, _)| !self.void.contains(index));
        valid.map(|(_, cast)| cast.clone()).collect()
    }
}

/// Where a voice came to stand, as far as that is told by what stands there: the log before what settled its round, and the policy then.
struct Ground<'a> {
    life: Fold,
    in_force: Option<&'a Program>,
}

impl<'a> Ground<'a> {
    /// `settled` is what settled the vote's round, with the log before it.
    fn of(life: &Life, settled: Option<&Settled<'_>>, vote: &Vote, rules: Rules<'a>) -> Self {
        let Some(Settled { event, before }) = settled else {
            // When it came can't be told; the policy that it names was in force once.
            let now = Some(rules.program).filter(|p| vote.ballot != Ballot::Request || p.may_vote(vote.by()));
            let in_force = now.or_else(|| rules.policies.get(&vote.policy));
            return Self { life: life.who(), in_force };
        };
        let named = if event.kind.decides() { event.policy } else { vote.policy };
        Self { life: before.clone(), in_force: rules.policies.get(&named) }
    }
}

/// What settled a round, and who was who before it.
struct Settled<'a> {
    event: &'a Event,
    before: Fold,
}

/// What settled each round; the first that did counts.
fn settlements<'a>(slug: &Slug, life: &'a Life) -> BTreeMap<u32, Settled<'a>> {
    let (mut before, mut settled) = (Fold::default(), BTreeMap::new());
    for logged in &life.log {
        let event = &logged.event;
        if event.kind.settles() {
            settled.entry(event.round).or_insert_with(|| Settled { event, before: before.who() });
        }
        before.push(slug, logged);
    }
    settled
}

/// Checks every vote file; gives those that can be read.
fn check_votes(root: &str, slug: &Slug, files: &Files, life: &Life, rules: Rules<'_>, found: &mut Found) -> Voices {
    let problems = &mut found.problems;
    let mut examiner = Examiner::new(rules.policies, rules.signatures);
    let mut cast = Voices::default();
    let mut grounds: BTreeMap<(u32, Sha256), Ground<'_>> = BTreeMap::new();
    let settled = settlements(slug, life);
    let record = files.record.as_ref().map(|bytes| (Sha256::of(bytes), Record::parse(bytes).ok()));
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    found.counts.votes += files.votes.len() as u64;
    for (round, name, bytes) in &files.votes {
        let path = format!("{root}/votes/{round}/{name}");
        let Testimony { said: vote, hash, verdict } = match examiner.vote(bytes) {
            Ok(vote) => vote,
            Err(e) => {
                problems.push(of_block(&path, "vote-format", &e));
                continue;
            }
        };
        problems.extend(dated_ahead(&path, vote.time, rules.now).map(|p| p.at(line_of(bytes, "KP-Time"))));
        let mut problem = |code, message: String, key: Option<&str>| {
            let line = key.and_then(|k| line_of(bytes, k));
            problems.push(Problem::error(&path, code, message, RESTORE).at(line));
        };
        let mut void = Some(vote.registry) != rules.registry;
        if Some(vote.registry) != rules.registry {
            problem("vote-registry", FOREIGN.into(), Some("KP-Registry"));
        }
        if vote.partner != *slug {
            problem("vote-partner", format!("the vote is about {}, not {slug}", vote.partner), Some("KP-Partner"));
        }
        if vote.round.to_string() != *round {
            problem("vote-round", format!("the vote is of round {}, not {round}", vote.round), Some("KP-Round"));
        }
        if !life.used(vote.round) && !waits(slug, life, &vote, rules) {
            problem("vote-round", format!("no event of the log is of round {}", vote.round), Some("KP-Round"));
        }
        let earlier = seen.entry((round.clone(), vote.actor.folded())).or_default();
        let expected = name_after(*earlier, &vote.actor);
        if *name != expected {
            problem("vote-name", format!("a vote by {} here is named {expected}", vote.actor), Some("KP-Actor"));
        } else if is_beyond(name) {
            problem("vote-limit", format!("somebody has at most {} votes in a round", bounds::VOTES), None);
        }
        // What isn't in its place is no voice, and has taken none.
        let placed = vote.partner == *slug && vote.round.to_string() == *round && *name == expected && !is_beyond(name);
        void |= !placed;
        *earlier += usize::from(!void);
        match rules.policies.get(&vote.policy) {
            None => {
                void = true;
                let why = format!("it names a policy ({}) that was never in force", vote.policy.short());
                problem("vote-policy", why, Some("KP-Policy"));
            }
            Some(then) => {
                let ground = grounds.entry((vote.round, vote.policy));
                let ground = ground.or_insert_with(|| Ground::of(life, settled.get(&vote.round), &vote, rules));
                let landed = ground.life.landed.map(|(facts, _)| facts.record);
                let known = record.as_ref().filter(|(hash, _)| landed == Some(*hash));
                let relation = Relation { record: known.and_then(|(_, r)| r.as_ref()), life: &ground.life };
                if let Err(refusal) = right_to_say(ground.in_force.unwrap_or(then), then, &vote, relation) {
                    void = true;
                    let code = match then.member(&vote.actor).map(|m| m.role) {
                        _ if vote.ballot == Ballot::Request => "vote-actor",
                        Some(Role::Emeritus) => "vote-emeritus",
                        _ => "vote-non-member",
                    };
                    problem(code, refusal.why, Some("KP-Actor"));
                }
            }
        }
        if let Verdict::Broken(fault) = &verdict {
            problem("vote-signature", fault.to_string(), Some("KP-Signature"));
        }
        if !void && settled.get(&vote.round).is_some_and(|settled| vote.time.is_ahead_of(settled.event.time)) {
            let why = format!("it is dated more than a day after round {} was decided", vote.round);
            problem("vote-late", why, Some("KP-Time"));
        }
        if vote.round.to_string() == *round {
            if void {
                cast.void.insert(cast.there.len());
            }
            cast.there.push((CastVote { vote, hash, file: name.clone() }, verdict));
        }
    }
    check_evidence(root, files, &cast.there, &mut found.problems);
    cast
}

/// Whether a vote is of something that stands there and waits for a decision.
fn waits(slug: &Slug, life: &Life, vote: &Vote, rules: Rules<'_>) -> bool {
    let may_wait = match vote.subject {
        Subject::Update | Subject::Exit => !slug.is_program() && life.state == State::Active,
        Subject::Policy => slug.is_program(),
        Subject::Application | Subject::Upkeep => false,
    };
    let then = rules.policies.get(&vote.policy);
    let seat = vote.ballot == Ballot::Request || then.is_some_and(|p| p.may_vote(vote.by()));
    may_wait && seat && !life.used(vote.round) && Some(vote.registry) == rules.registry && vote.partner == *slug
}

/// What stands there and nobody decided, each with how it is; gives the facts that are asked for so.
fn check_undecided(
    root: &str,
    slug: &Slug,
    life: &Life,
    cast: &[Cast],
    rules: Rules<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Facts> {
    if life.state == State::Applied {
        problems.push(Problem::error(
            format!("{root}/log"),
            "undecided",
            "its application stands on the default branch undecided, where only decisions land",
            format!("decide it where it stands: karmada-partner approve {slug}, or reject"),
        ));
        return life.proposed.iter().map(|(facts, _)| *facts).collect();
    }
    let open: Vec<&Vote> = cast.iter().map(|(c, _)| &c.vote).filter(|v| waits(slug, life, v, rules)).collect();
    let rounds: BTreeMap<u32, Subject> = open.iter().map(|v| (v.round, v.subject)).collect();
    for (round, subject) in rounds {
        let (what, command) = match subject {
            Subject::Exit => ("an exit", "exit"),
            Subject::Policy => ("a change of the policy", "approve"),
            _ => ("an update", "approve"),
        };
        problems.push(Problem::error(
            format!("{root}/votes/{round}"),
            "undecided",
            format!("{what} stands on the default branch undecided, where only decisions land"),
            format!("decide it where it stands: karmada-partner {command} {slug}, or reject"),
        ));
    }
    open.iter().map(|v| v.facts).collect()
}

/// What voters saw stands beside their votes, as it was, and nothing else does.
fn check_evidence(root: &str, files: &Files, cast: &[Cast], problems: &mut Vec<Problem>) {
    let named = |round: &str, hash| {
        cast.iter().any(|(c, _)| c.vote.round.to_string() == round && c.vote.evidence == Some(hash))
    };
    for (round, name, bytes) in &files.evidence {
        let Some(hash) = evidence_in(name) else { continue };
        let unnamed = (!named(round, hash)).then_some("no vote of this round names it");
        let Some(why) = evidence_fault(hash, bytes).or(unnamed) else { continue };
        problems.push(Problem::error(format!("{root}/votes/{round}/{name}"), "vote-evidence", why, RESTORE));
    }
    for (c, _) in cast {
        let there =
            |hash| files.evidence.iter().any(|(r, n, _)| *r == c.vote.round.to_string() && *n == evidence_name(hash));
        if c.vote.evidence.is_some_and(|hash| !there(hash)) {
            let path = format!("{root}/votes/{}/{}", c.vote.round, c.file);
            let why = "what it names as seen doesn't stand beside it";
            problems.push(Problem::error(path, "vote-evidence", why, RESTORE));
        }
    }
}

/// The lines of an event on which `KP-Actor` and `KP-Votes` stand.
const ACTOR_LINE: usize = 7;
const RECORD_LINE: usize = 10;
const VOTES_LINE: usize = 14;

/// Every vote that an event rests on must be there, of its round and about its facts; and a decision must be carried by
/// the votes of its round, counted under the policy that it names.
fn check_rests(
    files: &Files,
    life: &Life,
    verdicts: &[Examined],
    voices: &Voices,
    rules: Rules<'_>,
    found: &mut Found,
) {
    let cast = &voices.valid();
    let problems = &mut found.problems;
    let records: Vec<_> =
        [&files.record, &files.earlier].into_iter().flatten().map(|r| (Sha256::of(r), Record::parse(r).ok())).collect();
    let at_hand = |hash: Sha256| records.iter().find(|(own, _)| *own == hash).and_then(|(_, record)| record.as_ref());
    let (mut before, mut settled) = (Fold::default(), BTreeSet::new());
    for (logged, Examined { path, verdict }) in life.log.iter().zip(verdicts) {
        let event = &logged.event;
        let mut problem = |code, message: String, line| {
            problems.push(Problem::error(path, code, message, RESTORE).at(Some(line)));
        };
        for hash in &event.votes {
            match voices.there.iter().find(|(v, _)| v.hash == *hash).map(|(v, _)| &v.vote) {
                None => {
                    let message = format!("it rests on a vote ({}) that isn't there", hash.short());
                    problem("event-vote-missing", message, VOTES_LINE);
                }
                Some(vote)
                    if vote.round != event.round || vote.facts != event.facts || vote.subject != event.subject =>
                {
                    let message = format!("it rests on a vote by {} on something else", vote.actor);
                    problem("event-vote-other", message, VOTES_LINE);
                }
                Some(_) => {}
            }
        }
        let policy = rules.policies.get(&event.policy);
        let mut grade = Grade::Unsigned;
        match policy.and_then(|p| p.member(&event.actor)).map(|m| verdict.under(m, Grade::Unsigned)) {
            Some(Err(fault)) => {
                problem("event-signature", fault.to_string(), event.to_string().lines().count());
            }
            Some(Ok(own)) => grade = own,
            None => {}
        }
        let facts = match event.subject {
            Subject::Application if event.kind != Kind::Applied => before.proposed,
            _ => before.landed,
        };
        let known = facts.and_then(|(facts, _)| at_hand(facts.record));
        let brought = at_hand(event.facts.record);
        let landed = before.landed.map(|(facts, _)| facts.record);
        if event.kind == Kind::Cleared && brought.is_some_and(|r| r.email.is_some()) {
            problem("event-facts", "it clears a partner and keeps its mailbox".into(), RECORD_LINE);
        }
        let basis = match policy.filter(|_| event.kind != Kind::Founded) {
            // What was said in a round that is settled speaks for nothing that follows.
            Some(policy) if settled.contains(&event.round) => right(policy, event, &before, &[], known),
            Some(policy) => right(policy, event, &before, cast, known),
            None => Ok(None),
        };
        let by_seat = matches!(basis, Ok(Some(Basis::Seat | Basis::OnBehalf)));
        if let Err(refusal) = basis {
            problem("event-actor", refusal.why, ACTOR_LINE);
        }
        before.push(&event.partner, logged);
        if event.kind.settles() {
            settled.insert(event.round);
        }
        if let Some(policy) = policy.filter(|_| event.kind.decides()) {
            let seats = rules.policies.seats(&event.policy);
            let known = Known { record: brought, replaces: landed, in_force: landed.and_then(at_hand) };
            match rests_on(known, event, life.said_before(event.seq), cast, (policy, seats)) {
                Ok(votes) => grade = examined::with_votes(grade, votes),
                Err(why) => problem("event-quorum", why, VOTES_LINE),
            }
        }
        let works = event.kind.decides() || by_seat;
        if policy.is_some_and(|p| works && !p.signatures.allow(grade)) {
            problem("event-unsigned", "it isn't signed, and the policy asks for that".into(), ACTOR_LINE);
        }
        found.counts.grades.add(grade);
    }
}

/// By what right an event was put on record. In which order voices came isn't told here: it is enough that one order gives a right.
fn right(
    policy: &Program,
    event: &Event,
    before: &Fold,
    cast: &[Cast],
    known: Option<&Record>,
) -> Result<Option<Basis>, Refusal> {
    let of_round = cast.iter().filter(|(c, _)| c.vote.round == event.round);
    let voices: Vec<_> = of_round.map(|cast| vouched_cast(policy, cast)).collect();
    let beginning_with = |first: usize| {
        let (after, from) = voices.split_at(first);
        right_of(policy, event, before, &[from, after].concat(), known)
    };
    let told = beginning_with(0);
    let otherwise = || (1..voices.len()).map(beginning_with).find(Result::is_ok);
    if told.is_ok() { told } else { otherwise().unwrap_or(told) }
}

/// What is known of the facts that a decision is about.
struct Known<'a> {
    record: Option<&'a Record>,
    /// The facts in force before it, if any were.
    replaces: Option<Sha256>,
    in_force: Option<&'a Record>,
}

/// Whether the votes carry a decision; the grades of those that count. Who had a stake can be told only where the facts
/// decided on are still here, and those before; an audit of the history tells it of all.
fn rests_on(
    Known { record, replaces, in_force }: Known<'_>,
    event: &Event,
    said: Option<Sha256>,
    cast: &[Cast],
    (policy, seats): (&Program, Option<&Seats>),
) -> Result<Vec<Grade>, String> {
    let round: Vec<Cast> = cast.iter().filter(|(v, _)| v.vote.round == event.round).cloned().collect();
    // Whether it was the contact who asked to leave is told by those facts, too.
    if record.is_none() && event.subject == Subject::Exit && round.iter().any(|(v, _)| v.vote.ballot == Ballot::Request)
    {
        let named = event.votes.iter().any(|hash| round.iter().any(|(v, _)| v.hash == *hash));
        return if named { Ok(Vec::new()) } else { Err("it rests on no vote".into()) };
    }
    // The facts before may have tied somebody more.
    let whole = event.subject == Subject::Policy || (record.is_some() && (replaces.is_none() || in_force.is_some()));
    carried(event, &round, policy, Stakes { record, in_force, whole, said, seats })
}

/// `asked`: whether what stands there is what somebody asks for, and waits.
fn check_facts(root: &str, files: &Files, program: &Program, life: &Life, asked: bool, problems: &mut Vec<Problem>) {
    let (record_path, logo_path) = (format!("{root}/partner.toml"), format!("{root}/logo.png"));
    let landed = life.landed_facts();
    let update =
        "facts change only by karmada-partner update and approve; restore the file, or make the change that way";
    for (path, bytes, named) in [
        (&record_path, &files.record, landed.map(|f: Facts| f.record)),
        (&logo_path, &files.logo, landed.and_then(|f| f.logo)),
    ] {
        match (bytes, named) {
            // Something of that name stands there, and what it is was told.
            (None, Some(_)) if path.rsplit('/').next().is_some_and(|name| files.strange.contains(name)) => {}
            (None, Some(_)) => problems.push(Problem::error(
                path,
                "file-missing",
                "the file is missing",
                "restore it from the history",
            )),
            (Some(_), _) if asked => {}
            (Some(_), None) => problems.push(Problem::error(
                path,
                "file-unexplained",
                "no event of the log explains this file",
                "facts of an application stay in its proposal until it is approved; remove the file",
            )),
            (Some(bytes), Some(named)) if Sha256::of(bytes) != named => problems.push(Problem::error(
                path,
                "hash-mismatch",
                format!("its SHA-256 isn't the one that the log names ({})", named.short()),
                update,
            )),
            _ => {}
        }
    }
    if let Some(bytes) = &files.record {
        match Record::parse(bytes) {
            Err(faults) => problems.extend(of_document(&record_path, "record", faults)),
            Ok(record) => {
                let fields = record.fields();
                // Who was cleared owes nothing any more.
                let asked = program.required.iter().filter(|_| landed.is_none_or(|f| f.logo.is_some()));
                for field in asked.filter(|f| **f != Field::Logo && !fields.contains_key(f)) {
                    let hint = format!("ask the partner for it: karmada-partner update with {}", field.flag());
                    problems.push(Problem::warning(
                        &record_path,
                        "field-missing",
                        format!("the program asks for {field}"),
                        hint,
                    ));
                }
                for (field, e) in record.overflows() {
                    let message = format!("{field}: {}", e.why);
                    problems.push(Problem::warning(&record_path, "card-text", message, e.hint));
                }
                for (_, e) in program.vocabulary.unknown(&record) {
                    problems.push(Problem::warning(&record_path, "unknown-term", e.why, e.hint));
                }
            }
        }
    }
    if let Some(bytes) = &files.logo {
        match logo::inspect(bytes, &program.logo) {
            // Limits may have become tighter since it was accepted; a file that is no sound PNG never was.
            Err(e) => match logo::inspect(bytes, &logo::Limits::ANY) {
                Ok(_) => problems.push(Problem::warning(&logo_path, "logo-limits", e.why, e.hint)),
                Err(e) => problems.push(Problem::error(&logo_path, "logo", e.why, e.hint)),
            },
            Ok((_, remarks)) => {
                let remark = |r| Problem::warning(&logo_path, "logo-remark", r, "ask the partner for a better file");
                problems.extend(remarks.into_iter().map(remark));
            }
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// First-parent commits.
    pub commits: u64,
    pub events: u64,
    pub votes: u64,
    pub grades: Grades,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Grades {
    pub signed: u64,
    pub attested: u64,
    /// By nothing but who could write to the registry.
    pub unsigned: u64,
}

impl Counts {
    pub fn add(&mut self, more: &Self) {
        self.commits += more.commits;
        self.events += more.events;
        self.votes += more.votes;
        self.grades.signed += more.grades.signed;
        self.grades.attested += more.grades.attested;
        self.grades.unsigned += more.grades.unsigned;
    }
}

impl Grades {
    pub fn add(&mut self, grade: Grade) {
        *match grade {
            Grade::Signed => &mut self.signed,
            Grade::Attested => &mut self.attested,
            Grade::Unsigned => &mut self.unsigned,
        } += 1;
    }
}
