//! What is wrong with the votes of a partner, and which of them count as voices.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::log::event::{Event, Vote};
use super::log::kinds::{Ballot, Subject};
use super::log::lifecycle::{Fold, Life, State};
use super::paths::{evidence_fault, evidence_in, evidence_name};
use super::problem::{Doubt, FOREIGN, Found, Problem, RESTORE, dated_ahead, line_of, of_block};
use super::program::admission::{Relation, right_to_say};
use super::program::policies::Policies;
use super::program::{Program, Role};
use super::signature::examined::{self, Examiner, Testimony, Verdict};
use super::standing_files::{AtHand, Files, Rules};
use super::values::{Login, Sha256, Slug};
use super::votes::cast::{CastVote, is_beyond, name_after, too_many};
use super::votes::recount::Cast;

/// The voices that can be read, in the order they count in.
#[derive(Debug, Default)]
pub(super) struct Voices {
    pub(super) there: Vec<Cast>,
    /// Which of them nobody could cast: they open nothing, and count for nothing.
    void: BTreeSet<usize>,
}

impl Voices {
    pub(super) fn valid(&self) -> Vec<&Cast> {
        let valid = self.there.iter().enumerate().filter(|(index, _)| !self.void.contains(index));
        valid.map(|(_, cast)| cast).collect()
    }

    /// The valid ones of each round.
    pub(super) fn by_round(&self) -> BTreeMap<u32, Vec<Cast>> {
        let mut rounds: BTreeMap<u32, Vec<Cast>> = BTreeMap::new();
        for cast in self.valid() {
            rounds.entry(cast.0.vote.round).or_default().push(cast.clone());
        }
        rounds
    }

    /// All of them, and of two alike the first.
    pub(super) fn by_hash(&self) -> HashMap<Sha256, &Vote> {
        self.there.iter().rev().map(|(cast, _)| (cast.hash, &cast.vote)).collect()
    }
}

/// Where a voice came to stand, as far as that is told by what stands there: the log before what settled its round, and the policy then.
struct Ground<'a> {
    life: Fold,
    in_force: Option<&'a Program>,
    /// The same where it is told for sure.
    known: Option<&'a Program>,
}

impl<'a> Ground<'a> {
    /// `settled` is what settled the vote's round, with the log before it.
    fn of(life: &Life, settled: Option<&Settled<'_>>, vote: &Vote, rules: Rules<'a>) -> Self {
        let Some(Settled { event, before }) = settled else {
            // When it came can't be told; the policy that it names was in force once.
            let now = Some(rules.program).filter(|p| vote.ballot != Ballot::Request || p.may_vote(vote.by()));
            let in_force = now.or_else(|| rules.policies.get(&vote.policy));
            return Self { life: life.who(), in_force, known: None };
        };
        let known = rules.policies.get(&event.policy).filter(|_| event.kind.decides());
        Self { life: before.clone(), in_force: known.or_else(|| rules.policies.get(&vote.policy)), known }
    }
}

impl Ground<'_> {
    /// Who is who there, by the facts in force where these are at hand.
    fn relation<'r>(&'r self, at_hand: &'r AtHand) -> Relation<'r> {
        Relation { record: self.life.landed.and_then(|(facts, _)| at_hand.get(facts.record)), life: &self.life }
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

/// What may be wrong with a request, where it isn't told which policy was in force then.
fn doubted_request(
    (path, bytes): (&str, &[u8]),
    (vote, verdict): (&Vote, &Verdict),
    ground: &Ground<'_>,
    at_hand: &AtHand,
    rules: Rules<'_>,
) -> Option<Doubt> {
    let named = rules.policies.get(&vote.policy)?;
    let relation = ground.relation(at_hand);
    doubt(path, named, &vote.actor, rules.policies, |then| {
        let (code, why, key) = match right_to_say(then, named, vote, relation) {
            Err(refusal) => ("vote-actor", refusal.why, "KP-Actor"),
            Ok(basis) => {
                let fault = examined::fault_of_request(vote, verdict, basis, (named, Some(then)))?;
                ("vote-signature", fault.to_string(), "KP-Signature")
            }
        };
        Some(Problem::error(path, code, why, RESTORE).at(line_of(bytes, key)))
    })
}

/// What may be wrong with an entry that names an older policy. Only those under which its actor is something else can tell.
pub(super) fn doubt(
    path: &str,
    named: &Program,
    actor: &Login,
    policies: &Policies,
    judge: impl Fn(&Program) -> Option<Problem>,
) -> Option<Doubt> {
    fn standing<'p>(program: &'p Program, actor: &Login) -> impl PartialEq + use<'p> {
        (program.member(actor).map(|m| (m.votes(), m.id, &m.keys)), program.signatures)
    }
    let then = standing(named, actor);
    let others = policies.others(named.hash).filter(|other| standing(other, actor) != then);
    let under: BTreeMap<_, _> = others.filter_map(|other| Some((other.hash, judge(other)?))).collect();
    (!under.is_empty()).then(|| Doubt { path: path.to_owned(), under })
}

/// Checks every vote file; gives those that can be read.
pub(super) fn check_votes(
    root: &str,
    slug: &Slug,
    (files, at_hand): (&Files, &AtHand),
    life: &Life,
    rules: Rules<'_>,
    found: &mut Found,
) -> Voices {
    let problems = &mut found.problems;
    let examiner = Examiner::new(rules.policies, rules.signatures);
    let mut cast = Voices::default();
    let mut grounds: BTreeMap<(u32, Sha256), Ground<'_>> = BTreeMap::new();
    let settled = settlements(slug, life);
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
        let unheard = is_beyond(name) && !verdict.is_signed();
        if *name != expected {
            problem("vote-name", format!("a vote by {} here is named {expected}", vote.actor), Some("KP-Actor"));
        } else if unheard {
            problem("vote-limit", too_many(), None);
        }
        // What isn't in its place is no voice, and has taken none.
        let placed = vote.partner == *slug && vote.round.to_string() == *round && *name == expected && !unheard;
        void |= !placed;
        *earlier += usize::from(!void);
        let judged = match rules.policies.get(&vote.policy) {
            None => {
                void = true;
                let why = format!("it names a policy ({}) that was never in force", vote.policy.short());
                problem("vote-policy", why, Some("KP-Policy"));
                None
            }
            Some(then) => {
                let ground = grounds.entry((vote.round, vote.policy));
                let ground = &*ground.or_insert_with(|| Ground::of(life, settled.get(&vote.round), &vote, rules));
                let relation = ground.relation(at_hand);
                let basis = right_to_say(ground.in_force.unwrap_or(then), then, &vote, relation);
                let basis = basis.unwrap_or_else(|refusal| {
                    void = true;
                    let code = match then.member(&vote.actor).map(|m| m.role) {
                        _ if vote.ballot == Ballot::Request => "vote-actor",
                        Some(Role::Emeritus) => "vote-emeritus",
                        _ => "vote-non-member",
                    };
                    problem(code, refusal.why, Some("KP-Actor"));
                    None
                });
                Some((then, ground, basis))
            }
        };
        let asks = vote.ballot == Ballot::Request;
        let fault = judged
            .and_then(|(named, ground, basis)| examined::fault_of_voice(&vote, &verdict, basis, (named, ground.known)));
        if let Some(fault) = fault {
            void |= asks;
            problem("vote-signature", fault.to_string(), Some("KP-Signature"));
        }
        let ground = judged.map(|(_, ground, _)| ground).filter(|ground| asks && !void && ground.known.is_none());
        let request = |ground| doubted_request((&path, bytes), (&vote, &verdict), ground, at_hand, rules);
        found.doubts.extend(ground.and_then(request));
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
pub(super) fn waits(slug: &Slug, life: &Life, vote: &Vote, rules: Rules<'_>) -> bool {
    let may_wait = match vote.subject {
        Subject::Update | Subject::Exit if slug.is_program() => false,
        Subject::Update => life.state == State::Active || life.may_clear(),
        Subject::Exit => life.state == State::Active,
        Subject::Policy => slug.is_program(),
        Subject::Application | Subject::Upkeep => false,
    };
    let then = rules.policies.get(&vote.policy);
    let seat = vote.ballot == Ballot::Request || then.is_some_and(|p| p.may_vote(vote.by()));
    may_wait && seat && !life.used(vote.round) && Some(vote.registry) == rules.registry && vote.partner == *slug
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
