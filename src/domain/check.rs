//! What is wrong with a partner's files: everything at once, each with its file, its line and the mend.

use std::collections::{BTreeMap, BTreeSet};

use super::check_voices::{Voices, check_votes, doubt, waits};
use super::log::event::{Event, Facts, Vote};
use super::log::kinds::{Ballot, Kind, Subject};
use super::log::lifecycle::{Fold, Life, Logged, State};
use super::logo;
use super::paths::{POLICIES, is_event_name};
use super::peer::Peer;
pub use super::problem::{AHEAD, Counts, Doubt, Found, Grades, Problem, REMOVE, Severity, TIME, of_document};
use super::problem::{RESTORE, dated_ahead, line_of, of_block};
use super::program::Program;
use super::program::admission::{Refusal, right_of};
use super::program::permit::Basis;
use super::program::policies::Policies;
use super::program::seats::Seats;
use super::program::soundness::{Before, Position};
use super::record::{Field, Record};
use super::signature::examined::{self, Examiner, Testimony, Verdict};
use super::signature::grade::Grade;
use super::standing_files::AtHand;
pub use super::standing_files::{Files, Rules};
use super::values::{Sha256, Slug, Time};
use super::votes::recount::{Cast, Stakes, carried, vouched_cast};
use super::votes::standing::cut_short;

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
    let at_hand = AtHand::of(files);
    let (life, verdicts) = check_log(root, &slug, files, rules, &mut found);
    let cast = check_votes(root, &slug, (files, &at_hand), &life, rules, &mut found);
    check_rests(&at_hand, &life, &verdicts, &cast, rules, &mut found);
    found.unfounded = unfounded(&life, &verdicts, &found.problems);
    let cast = cast.valid();
    let problems = &mut found.problems;
    problems.extend(kept_policies(&files.policies, &life));
    let asked = check_undecided(root, &slug, &life, &cast, rules, problems);
    if let (Some(bytes), Some(named)) = (&files.record, life.landed_facts())
        && Sha256::of(bytes) != named.record
        && !asked.contains(&Facts::of(bytes, None))
    {
        let message = format!("its SHA-256 isn't the one that the log names ({})", named.record.short());
        let hint = "the policy changes only by karmada-partner program edit and karmada-partner approve program; restore the file, or own up to the change with karmada-partner record program";
        problems.push(Problem::error("data/program.toml", "hash-mismatch", message, hint));
    }
    found
}

/// Beside the log stands every policy that it brought, and nothing else: the files of `policies/`, by name.
#[must_use]
pub fn kept_policies(files: &[(String, Vec<u8>)], life: &Life) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut problem = |name: &str, message: &str, hint: &str| {
        problems.push(Problem::error(format!("{POLICIES}/{name}"), "policy-file", message, hint));
    };
    let brought = life.log.iter().map(|l| &l.event).filter(|event| event.kind.lands());
    let mut due: BTreeMap<String, Sha256> =
        brought.map(|event| (format!("{:04}.toml", event.seq), event.facts.record)).collect();
    for (name, bytes) in files {
        match due.remove(name) {
            None => problem(
                name,
                "no event of the log brought this policy",
                "remove it: a policy comes with the event that decides it",
            ),
            Some(hash) if hash != Sha256::of(bytes) => {
                problem(name, "it isn't the policy that its event names", RESTORE);
            }
            Some(_) => {}
        }
    }
    for name in due.into_keys() {
        problem(&name, "the policy is missing", RESTORE);
    }
    problems
}

#[must_use]
pub fn partner(slug: &Slug, files: &Files, rules: Rules<'_>) -> Found {
    let root = format!("data/partners/{slug}");
    let mut found = Found::default();
    let at_hand = AtHand::of(files);
    let (life, verdicts) = check_log(&root, slug, files, rules, &mut found);
    let log_is_sound = found.problems.is_empty();
    let cast = check_votes(&root, slug, (files, &at_hand), &life, rules, &mut found);
    check_rests(&at_hand, &life, &verdicts, &cast, rules, &mut found);
    found.unfounded = unfounded(&life, &verdicts, &found.problems);
    let cast = cast.valid();
    let problems = &mut found.problems;
    let asked = if log_is_sound { check_undecided(&root, slug, &life, &cast, rules, problems) } else { Vec::new() };
    let here = files.record.as_ref().map(|bytes| Facts::of(bytes, files.logo.as_deref()));
    check_facts(&root, files, rules.program, &life, here.is_some_and(|here| asked.contains(&here)), problems);
    if problems.is_empty() {
        let record = here.and_then(|here| at_hand.get(here.record));
        found.peer = Some(Peer::of(slug, &life, record, true));
    }
    found
}

/// An event's file: where it stands, whatever the event says of that, and whether its signature holds.
struct Examined {
    path: String,
    verdict: Verdict,
}

fn check_log(root: &str, slug: &Slug, files: &Files, rules: Rules<'_>, found: &mut Found) -> (Life, Vec<Examined>) {
    let problems = &mut found.problems;
    let examiner = Examiner::new(rules.policies, rules.signatures);
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
        match name.parse::<u32>().ok().filter(|_| is_event_name(name)) {
            Some(number) => {
                if number != expected {
                    let missing = format!("the log goes from {:04} to {name}", expected - 1);
                    problems.push(Problem::error(&path, "log-gap", missing, RESTORE));
                }
                expected = number.saturating_add(1);
            }
            None => {
                // What was renamed is an event still.
                let hint = if name.bytes().all(|b| b.is_ascii_digit()) { RESTORE } else { REMOVE };
                problems.push(Problem::error(&path, "log-name", "events are named 0001, 0002, …", hint));
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

/// What stands there and nobody decided, each with how it is; gives the facts that are asked for so.
fn check_undecided(
    root: &str,
    slug: &Slug,
    life: &Life,
    cast: &[&Cast],
    rules: Rules<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Facts> {
    if life.state == State::Applied {
        problems.push(Problem::error(
            format!("{root}/log"),
            "undecided",
            "its application stands on the default branch undecided, where only decisions land",
            format!("decide it where it stands: karmada-partner approve {slug}, or karmada-partner reject {slug} --reason TEXT"),
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
            format!("decide it where it stands: karmada-partner {command} {slug}, or karmada-partner reject {slug} --reason TEXT"),
        ));
    }
    open.iter().map(|v| v.facts).collect()
}

/// A problem with a line of an event, by its key.
fn of_line(path: &str, event: &Event, code: &'static str, why: String, key: &str) -> Problem {
    Problem::error(path, code, why, RESTORE).at(line_of(event.to_string().as_bytes(), key))
}

const UNSIGNED: &str = "it isn't signed, and the policy asks for that";

/// Every vote that an event rests on must be there, of its round and about its facts; and a decision must be carried by
/// the votes of its round, counted under the policy that it names.
fn check_rests(
    at_hand: &AtHand,
    life: &Life,
    verdicts: &[Examined],
    voices: &Voices,
    rules: Rules<'_>,
    found: &mut Found,
) {
    let (rounds, there) = (voices.by_round(), voices.by_hash());
    let problems = &mut found.problems;
    let at_hand = |hash: Sha256| at_hand.get(hash);
    let (mut before, mut settled) = (Fold::default(), BTreeSet::new());
    for (logged, Examined { path, verdict }) in life.log.iter().zip(verdicts) {
        let event = &logged.event;
        let mut problem = |code, message: String, key| problems.push(of_line(path, event, code, message, key));
        for hash in &event.votes {
            match there.get(hash) {
                None => {
                    let message = format!("it rests on a vote ({}) that isn't there", hash.short());
                    problem("event-vote-missing", message, "KP-Votes");
                }
                Some(vote)
                    if vote.round != event.round || vote.facts != event.facts || vote.subject != event.subject =>
                {
                    let message = format!("it rests on a vote by {} on something else", vote.actor);
                    problem("event-vote-other", message, "KP-Votes");
                }
                Some(_) => {}
            }
        }
        let policy = rules.policies.get(&event.policy);
        let mut grade = Grade::Unsigned;
        match policy.and_then(|p| p.member(&event.actor)).map(|m| verdict.under(m, Grade::Unsigned)) {
            Some(Err(fault)) => {
                problem("event-signature", fault.to_string(), "KP-Signature");
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
        if let Some(cleared) = brought.filter(|_| event.kind == Kind::Cleared) {
            if cleared.email.is_some() {
                problem("event-facts", "it clears a partner and keeps its mailbox".into(), "KP-Record");
            } else if landed.and_then(at_hand).is_some_and(|before| !cleared.is_cleared(before)) {
                let why = "it changes more of who left than its mailbox and its logo";
                problem("event-facts", why.into(), "KP-Record");
            }
        }
        // What was said in a round that is settled speaks for nothing that follows.
        let of_round = rounds.get(&event.round).map_or(&[][..], Vec::as_slice);
        let voices = if settled.contains(&event.round) { &[] } else { of_round };
        let cut = policy.and_then(|p| cut_short(p, event, voices.iter().map(|cast| vouched_cast(p, cast))));
        if let Some(why) = cut {
            problem("vote-round", why, "KP-Round");
        }
        let basis = match policy.filter(|_| event.kind != Kind::Founded) {
            Some(policy) => right(policy, event, &before, voices, known),
            None => Ok(None),
        };
        let by_seat = matches!(basis, Ok(Some(basis)) if basis.is_members());
        if let Some(named) = policy.filter(|_| basis.is_ok() && !event.kind.decides() && event.kind != Kind::Founded) {
            let doubt = doubt(path, named, &event.actor, rules.policies, |then| {
                let problem = |code, why: String| Some(of_line(path, event, code, why, "KP-Actor"));
                let basis = match right(then, event, &before, voices, known) {
                    Err(refusal) => return problem("event-actor", refusal.why),
                    Ok(basis) => basis,
                };
                if let Some(fault) = examined::fault_of_event(event, verdict, then) {
                    return problem("event-signature", fault.to_string());
                }
                let own = then.member(&event.actor).and_then(|m| verdict.under(m, Grade::Unsigned).ok());
                let works = basis.is_some_and(Basis::is_members);
                let counts = then.signatures.allow(own.unwrap_or(Grade::Unsigned));
                if works && !counts { problem("event-unsigned", UNSIGNED.into()) } else { None }
            });
            found.doubts.extend(doubt);
        }
        if let Err(refusal) = basis {
            problem("event-actor", refusal.why, "KP-Actor");
        }
        found.doubts.extend(policy.and_then(|named| doubted_decision(path, event, named, rules.policies)));
        let changed = before.changed_by(event.time);
        before.push(&event.partner, logged);
        if event.kind.settles() {
            settled.insert(event.round);
        }
        if let Some(policy) = policy.filter(|_| event.kind.decides()) {
            let seats = rules.policies.seats(&event.policy);
            let (in_force, said) = (landed.and_then(at_hand), life.said_before(event.seq));
            let known = Known { record: brought, replaces: landed, in_force, said, changed };
            match rests_on(known, event, of_round, (policy, seats)) {
                Ok(votes) => grade = examined::with_votes(grade, votes),
                Err(why) => problem("event-quorum", why, "KP-Votes"),
            }
        }
        let works = event.kind.decides() || by_seat;
        if policy.is_some_and(|p| works && !p.signatures.allow(grade)) {
            problem("event-unsigned", UNSIGNED.into(), "KP-Actor");
        }
        found.counts.grades.add(grade);
    }
}

/// Committee work is done under the policy in force: which that was, commits tell, where by its own time it was another one.
fn doubted_decision(path: &str, event: &Event, named: &Program, policies: &Policies) -> Option<Doubt> {
    if !event.kind.decides() || event.partner.is_program() || policies.was_in_force(named.hash, event.time) {
        return None;
    }
    let why = format!("it names a policy ({}) that wasn't in force", named.hash.short());
    let problem = of_line(path, event, "event-policy", why, "KP-Policy");
    let under = policies.others(named.hash).map(|other| (other.hash, problem.clone())).collect();
    Some(Doubt { path: path.to_owned(), under })
}

/// Why a decision can't stand, as far as its votes and its actor tell.
fn unfounded(life: &Life, verdicts: &[Examined], problems: &[Problem]) -> Option<String> {
    const CODES: [&str; 7] = [
        "event-vote-missing",
        "event-vote-other",
        "event-quorum",
        "event-actor",
        "event-signature",
        "event-unsigned",
        "event-policy",
    ];
    let decisions = life.log.iter().zip(verdicts).filter(|(logged, _)| logged.event.kind.decides());
    decisions.map(|(_, examined)| &examined.path).find_map(|path| {
        let wrong = problems.iter().find(|p| p.path == *path && CODES.contains(&&*p.code))?;
        let file = path.rsplit('/').next().unwrap_or_default();
        Some(format!("log/{file}: {}", wrong.message))
    })
}

/// By what right an event was put on record, with the voices of its round. In which order these came isn't told here: it is enough that
/// one order gives a right.
fn right(
    policy: &Program,
    event: &Event,
    before: &Fold,
    cast: &[Cast],
    known: Option<&Record>,
) -> Result<Option<Basis>, Refusal> {
    let voices: Vec<_> = cast.iter().map(|cast| vouched_cast(policy, cast)).collect();
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
    /// What votes on the application had to name.
    said: Option<Sha256>,
    changed: Option<Time>,
}

/// Whether the votes of its round carry a decision; the grades of those that count. Who had a stake can be told only where the facts
/// decided on are still here, and those before; an audit of the history tells it of all.
fn rests_on(
    Known { record, replaces, in_force, said, changed }: Known<'_>,
    event: &Event,
    round: &[Cast],
    (policy, seats): (&Program, Option<&Seats>),
) -> Result<Vec<Grade>, String> {
    // Whether it was the contact who asked to leave is told by those facts, too.
    if record.is_none() && event.subject == Subject::Exit && round.iter().any(|(v, _)| v.vote.ballot == Ballot::Request)
    {
        let named = event.votes.iter().any(|hash| round.iter().any(|(v, _)| v.hash == *hash));
        return if named { Ok(Vec::new()) } else { Err("it rests on no vote".into()) };
    }
    // The facts before may have tied somebody more.
    let whole = event.subject == Subject::Policy || (record.is_some() && (replaces.is_none() || in_force.is_some()));
    carried(event, round, policy, Stakes { record, in_force, whole, said, changed, seats })
}

/// `asked`: whether what stands there is what somebody asks for, and waits.
fn check_facts(root: &str, files: &Files, program: &Program, life: &Life, asked: bool, problems: &mut Vec<Problem>) {
    let (record_path, logo_path) = (format!("{root}/partner.toml"), format!("{root}/logo.png"));
    let landed = life.landed_facts();
    let record = files.record.as_deref().map(Record::parse);
    let logo = files.logo.as_deref().map(|bytes| (bytes, logo::inspect(bytes, &program.logo)));
    // What the committee may put on record as it stands there.
    let recordable = life.state == State::Active && matches!(record, Some(Ok(_))) && matches!(logo, Some((_, Ok(_))));
    let mend = || match recordable {
        true => format!(
            "restore the file from the history, or own up to the change with karmada-partner record {}",
            root.rsplit('/').next().unwrap_or_default()
        ),
        false => "restore the file from the history".to_owned(),
    };
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
                mend(),
            )),
            _ => {}
        }
    }
    if let Some(record) = record {
        match record {
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
                for (field, e) in record.spoiled() {
                    let hint =
                        format!("ask the partner for it: karmada-partner update with {}; {}", field.flag(), e.hint);
                    let message = format!("{field}: {}", e.why);
                    problems.push(Problem::warning(&record_path, "spoiled-text", message, hint));
                }
                for (_, e) in program.vocabulary.unknown(&record) {
                    problems.push(Problem::warning(&record_path, "unknown-term", e.why, e.hint));
                }
            }
        }
    }
    if let Some((bytes, judged)) = logo {
        match judged {
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
