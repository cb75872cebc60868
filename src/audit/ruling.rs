//! What the ledger makes of a single vote and a single event.

use super::document::Document;
use super::finding::Rule;
use super::ledger::Ledger;
use super::standing::{PlacedVote, Standing};
use super::step::{NewEvent, NewVote, Source};
use crate::domain::log::event::{Event, Vote};
use crate::domain::log::kinds::{Ballot, Kind, Subject};
use crate::domain::log::lifecycle::{Broken, Logged, State};
use crate::domain::paths::{fact_paths, policy_path, vote_path};
use crate::domain::program::Program;
use crate::domain::program::admission::{Refusal, Relation, admit_member, right_of, right_to_say};
use crate::domain::program::permit::Basis;
use crate::domain::program::soundness::{Before, Position};
use crate::domain::signature::examined::{self, Testimony, Verdict};
use crate::domain::signature::grade::Grade;
use crate::domain::values::{GitId, Sha256, Slug};
use crate::domain::votes::cast::{CastVote, is_beyond, is_named_after, too_many, vote_order};
use crate::domain::votes::recount::{Stakes, carried, vouched_cast};
use crate::domain::votes::standing::{cut_short, is_counted};
use crate::domain::votes::tally;

impl Ledger {
    pub(super) fn vote(&mut self, slug: &Slug, standing: &mut Standing, new: NewVote, source: &dyn Source) {
        let NewVote { round, name, path, id } = new;
        let cast = match source.vote(id) {
            None => return self.lose_sight(slug, &path, id),
            Some(Err(e)) => {
                self.find(Rule::VoteFormat, Some(slug), Some(&path), e.to_string());
                return;
            }
            Some(Ok(vote)) => vote,
        };
        let vote = &cast.said;
        self.dated_ahead(slug, &path, vote.time);
        let due = standing.due(round, &vote.actor);
        let unheard = is_beyond(&name) && !cast.verdict.is_signed();
        let place = if vote.partner != *slug {
            Some(format!("the vote is about {}", vote.partner))
        } else if vote.round != round {
            Some(format!("the vote is of round {}", vote.round))
        } else if name != due {
            Some(format!("a vote by {} here is named {due}", vote.actor))
        } else if unheard {
            Some(too_many())
        } else {
            None
        };
        let of_round = vote.partner == *slug && vote.round == round && !unheard;
        let early = of_round && is_named_after(&name, &vote.actor);
        let actor = vote.actor.clone();
        let placed = PlacedVote { name, path, cast };
        match place {
            None => self.voice(slug, standing, round, placed),
            Some(why) => {
                self.find(Rule::VotePlace, Some(slug), Some(&placed.path), why);
                if early {
                    standing.early.entry(round).or_default().push(placed);
                }
                return;
            }
        }
        while let Some(next) = standing.next_of(round, &actor) {
            self.voice(slug, standing, round, next);
        }
    }

    /// Takes in a vote that is in its place.
    fn voice(&mut self, slug: &Slug, standing: &mut Standing, round: u32, placed: PlacedVote) {
        let PlacedVote { name, path, cast: Testimony { said: vote, hash, verdict } } = placed;
        let open = standing.life.state == State::Applied && standing.life.application_round() == round;
        let late = standing.life.used(round) && !open;
        let foreign = Some(vote.registry) != self.registry;
        let mut wrong = Vec::new();
        if foreign {
            wrong.push((Rule::VotePlace, "the vote belongs to another registry".to_owned()));
        } else {
            standing.voices.entry(round).or_default().push(vote.actor.folded());
        }
        let basis = self.right_to_say(standing, &vote).unwrap_or_else(|why| {
            wrong.push(why);
            None
        });
        let mut void = !wrong.is_empty();
        let named = self.decided.get(&vote.policy);
        let fault = |named| examined::fault_of_voice(&vote, &verdict, basis, (named, self.in_force()));
        if let Some(fault) = named.and_then(fault) {
            // That is for the tally to leave out; but nobody counts what only asks.
            void |= vote.ballot == Ballot::Request;
            wrong.push((Rule::VoteSignature, fault.to_string()));
        }
        if let Some(hash) = vote.evidence {
            standing.named.insert((round, hash));
            if !standing.seen.contains(&(round, hash)) {
                let why = "what it names as seen doesn't come with it";
                let finding = self.find(Rule::VoteEvidence, Some(slug), Some(&path), why);
                standing.missing.entry((round, hash)).or_default().push(finding);
            }
        }
        if late {
            void = true;
            wrong.push((Rule::VoteLate, format!("round {round} was decided before")));
        }
        let cast = (CastVote { vote, hash, file: name }, verdict);
        let counts = |program| is_counted(program, vouched_cast(program, &cast));
        if open && cast.0.vote.subject != Subject::Application && self.in_force().is_some_and(counts) {
            wrong.push((Rule::VoteRound, format!("round {round} is that of the application")));
        }
        // What could never be cast isn't counted at all.
        let voices = standing.rounds.entry(round).or_default();
        for (rule, why) in wrong {
            self.find(rule, Some(slug), Some(&path), why);
        }
        if !void {
            voices.push(cast);
        }
        if late {
            standing.settle(round);
        }
    }

    /// Judges an event, and takes it into the partner's life. Gives the policy that it brings.
    pub(super) fn event(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        new: NewEvent,
        before: Option<&Program>,
        time: i64,
        source: &dyn Source,
    ) -> Option<Program> {
        let NewEvent { event: Testimony { said: event, hash, verdict }, path, copy } = new;
        self.counts.events += 1;
        self.dated_ahead(slug, &path, event.time);
        let founds = event.kind == Kind::Founded;
        let position = Position {
            life: &standing.life,
            registry: self.registry,
            in_force: before.map(|p| p.hash),
            decided: Some(&self.decided),
            before: standing.before.map_or(Before::Nothing, Before::Stood),
            written: Some(time),
        };
        let mut wrong: Vec<(Rule, String)> = broken_rules(position.faults(&event)).collect();
        if founds && self.registry.is_none() {
            self.begin(hash);
        }
        let Facts { record, lost, absent } = read_facts(standing, &event, &mut wrong, source);
        // Without a policy nothing after it can be judged.
        if let Some(id) = lost.or_else(|| absent.filter(|_| slug.is_program())) {
            let (of_record, of_logo) = fact_paths(slug);
            let path = of_logo.filter(|_| event.objects.logo == Some(id)).unwrap_or(of_record);
            self.lose_sight(slug, &path, id);
            return None;
        }
        if let Some(id) = absent {
            self.losses.tell(id);
        }
        // Who amends is judged by what was applied with, not by what becomes of it.
        let earlier = standing.life.proposed.filter(|_| event.kind == Kind::Amended);
        let earlier = earlier.and_then(|(_, objects)| source.bytes(objects.record)).map(Document::from);
        let told = if event.kind == Kind::Amended { &earlier } else { &record };
        let by_seat = self.authority(standing, &event, before, &mut wrong, told.as_ref());
        let brought = founds.then(|| record.as_ref().and_then(|file| Program::parse(file.bytes()).ok())).flatten();
        let named = brought.as_ref().or_else(|| self.decided.get(&event.policy));
        let mut grade = graded(&event, &verdict, (named, brought.as_ref().or(before)), &mut wrong);
        let voices = standing.rounds.get(&event.round).into_iter().flatten();
        let cut = before.and_then(|p| cut_short(p, &event, voices.map(|cast| vouched_cast(p, cast))));
        wrong.extend(cut.map(|why| (Rule::VoteRound, why)));
        if event.kind.decides() {
            let mut cast = standing.rounds.get(&event.round).cloned().unwrap_or_default();
            // In the order of their names, as they are counted, whatever the order they came in.
            cast.sort_by_cached_key(|(c, _)| vote_order(&c.file));
            // Only where it could tell that somebody has a stake, or that the contact asked to leave.
            let tells = |file: &&Document| {
                let voters = cast.iter().filter_map(|(c, _)| before?.member(&c.vote.actor));
                event.subject == Subject::Exit || tally::could_tie(file.bytes(), voters)
            };
            let files = [record.as_ref(), standing.in_force.as_ref()];
            let [parsed, in_force] = files.map(|file| {
                let told = file.filter(tells).filter(|_| event.subject != Subject::Policy)?.record();
                if told.is_none() {
                    wrong.push((Rule::EventFacts, "who has a stake can't be told: its record can't be read".into()));
                }
                told
            });
            let votes = match before {
                Some(program) => {
                    let whole = record.is_some() || event.subject == Subject::Policy;
                    let (said, seats) = (standing.life.said, Some(&self.seats));
                    let changed = standing.life.changed_by(event.time);
                    carried(&event, &cast, program, Stakes { record: parsed, in_force, whole, said, changed, seats })
                }
                None => Err("no policy is in force".into()),
            };
            match votes {
                Ok(grades) => grade = examined::with_votes(grade, grades),
                Err(why) => wrong.push((Rule::EventVotes, why)),
            }
        }
        if let Some(into) = event.terms.as_ref().and_then(|terms| terms.merged_into.as_ref())
            && into != slug
            && !self.was_partner(into, source)
        {
            wrong.push((Rule::EventIllegal, format!("it became part of {into}, which has never been a partner")));
        }
        let works = event.kind.decides() || by_seat;
        let held_to = [before, self.decided.get(&event.policy)];
        if works && held_to.into_iter().flatten().any(|p| !p.signatures.allow(grade)) {
            wrong.push((Rule::EventUnsigned, "it is the committee's work, and isn't signed".into()));
        }
        self.counts.grades.add(grade);
        if event.kind.settles() {
            self.dated_after(slug, standing, &event);
            // What is taken back is settled like what is decided; nobody counts its votes.
            standing.settle(event.round);
            standing.open.remove(&event.round);
        }
        let next = self.brings(slug, standing, &event, copy, record, &mut wrong);
        if event.kind == Kind::Recorded && standing.before == Some(event.objects) {
            for finding in std::mem::take(&mut standing.deviations) {
                self.repair(finding, &format!("; log/{:04} owns up to it", event.seq));
            }
        }
        wrong.extend(broken_rules(standing.life.push(slug, &Logged { event, hash })));
        for (rule, why) in wrong {
            self.find(rule, Some(slug), Some(&path), why);
        }
        next
    }

    /// Who may write this down, under which policy. Gives whether the actor may only as a member of the committee.
    fn authority(
        &self,
        standing: &Standing,
        event: &Event,
        before: Option<&Program>,
        wrong: &mut Vec<(Rule, String)>,
        record: Option<&Document>,
    ) -> bool {
        let basis = basis(standing, event, before, record).unwrap_or_else(|refusal| {
            wrong.push((Rule::EventActor, refusal.why));
            None
        });
        let by_seat = basis.is_some_and(Basis::is_members);
        // What somebody may only as a member was written by one, too.
        if by_seat && let Some(Err(refusal)) = self.decided.get(&event.policy).map(|p| admit_member(p, event.by())) {
            wrong.push((Rule::EventActor, format!("under the policy it names, {}", refusal.why)));
        }
        by_seat || event.kind.is_committees()
    }

    /// Nobody says something more than a day after what settled it.
    fn dated_after(&mut self, slug: &Slug, standing: &Standing, event: &Event) {
        for (cast, _) in standing.rounds.get(&event.round).into_iter().flatten() {
            if cast.vote.time.is_ahead_of(event.time) {
                let path = vote_path(slug, event.round, &cast.file);
                let why = format!("it is dated more than a day after round {} was decided", event.round);
                self.find(Rule::VoteLate, Some(slug), Some(&path), why);
            }
        }
    }

    /// Why somebody can't say this.
    fn right_to_say(&self, standing: &Standing, vote: &Vote) -> Result<Option<Basis>, (Rule, String)> {
        let Some(named) = self.decided.get(&vote.policy) else {
            let why = format!("it names a policy ({}) that wasn't decided", vote.policy.short());
            return Err((Rule::VotePolicy, why));
        };
        let record = standing.in_force.as_ref().and_then(Document::record);
        let relation = Relation { record, life: &standing.life };
        right_to_say(self.in_force().unwrap_or(named), named, vote, relation).map_err(|refusal| match vote.ballot {
            Ballot::Request => (Rule::VoteActor, refusal.why),
            _ => (Rule::VotePolicy, format!("under the policy it names, {}", refusal.why)),
        })
    }

    fn brings(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        event: &Event,
        copy: Option<(GitId, String)>,
        record: Option<Document>,
        wrong: &mut Vec<(Rule, String)>,
    ) -> Option<Program> {
        if !event.kind.brings() {
            if let Some(copy) = copy {
                self.unbrought(slug, standing, copy, "its event brings no policy");
            }
            return None;
        }
        if !slug.is_program() {
            if record.as_ref().is_some_and(|file| file.record().is_none()) {
                wrong.push((Rule::EventFacts, "it brings a partner.toml that can't be read".into()));
            }
            if event.kind == Kind::Cleared
                && let Some(cleared) = record.as_ref().and_then(Document::record)
            {
                if cleared.email.is_some() {
                    wrong.push((Rule::EventFacts, "it clears a partner and keeps its mailbox".into()));
                } else if standing
                    .in_force
                    .as_ref()
                    .and_then(Document::record)
                    .is_some_and(|was| !cleared.is_cleared(was))
                {
                    let why = "it changes more of who left than its mailbox and its logo";
                    wrong.push((Rule::EventFacts, why.into()));
                }
            }
            standing.in_force = record;
            return None;
        }
        let path = policy_path(event.seq);
        let early = standing.unbrought.remove(&path);
        let there = copy.map(|(id, _)| id).or(early.map(|(id, _)| id));
        if there == Some(event.objects.record) {
            if let Some((_, finding)) = early {
                self.repair(finding, "; an event brought it since");
            }
        } else {
            self.find(Rule::PolicyFile, Some(slug), Some(&path), "the policy that was decided isn't kept there");
        }
        let program = record.and_then(|file| Program::parse(file.bytes()).ok());
        match &program {
            Some(program) => self.decided.take_in(program.clone(), Some(event.time)),
            None => wrong.push((Rule::EventFacts, "it brings a policy that can't be read".into())),
        }
        program
    }
}

#[derive(Debug, Default)]
struct Facts {
    record: Option<Document>,
    /// What stands there and can't be read.
    lost: Option<GitId>,
    /// What it brought and isn't here any more.
    absent: Option<GitId>,
}

/// How well it is proved who wrote an event: by the key of its actor, as the policy that it names lists it, and the one in force.
fn graded(
    event: &Event,
    verdict: &Verdict,
    (named, now): (Option<&Program>, Option<&Program>),
    wrong: &mut Vec<(Rule, String)>,
) -> Grade {
    let under = |program: Option<&Program>| program?.member(&event.actor).map(|m| verdict.under(m, Grade::Unsigned));
    let named = under(named).and_then(Result::err);
    if let Some(fault) = named.or_else(|| now.and_then(|p| examined::fault_of_event(event, verdict, p))) {
        wrong.push((Rule::EventSignature, fault.to_string()));
        return Grade::Unsigned;
    }
    under(now).and_then(Result::ok).unwrap_or(Grade::Unsigned)
}

/// By what right the actor says so, as far as that can be told.
fn basis(
    standing: &Standing,
    event: &Event,
    before: Option<&Program>,
    record: Option<&Document>,
) -> Result<Option<Basis>, Refusal> {
    let Some(program) = before.filter(|_| event.kind != Kind::Founded) else { return Ok(None) };
    let told = match event.subject {
        Subject::Policy => None,
        Subject::Application if event.kind != Kind::Applied => record,
        _ => standing.in_force.as_ref(),
    };
    let told = told.and_then(Document::record);
    let cast = standing.rounds.get(&event.round).into_iter().flatten();
    let voices: Vec<_> = cast.map(|cast| vouched_cast(program, cast)).collect();
    right_of(program, event, &standing.life, &voices, told)
}

/// The rules that these faults break.
fn broken_rules(faults: Vec<Broken>) -> impl Iterator<Item = (Rule, String)> {
    faults.into_iter().map(|fault| {
        let rule = match fault.code {
            "not-founded" => Rule::NotFounded,
            "event-registry" => Rule::EventRegistry,
            "event-policy" => Rule::EventPolicy,
            "event-votes" => Rule::EventVotes,
            "event-ahead" => Rule::EventTime,
            "event-illegal" | "event-round" | "event-job" | "event-effective" | "event-date" | "event-merged"
            | "event-limit" => Rule::EventIllegal,
            "event-objects" | "event-facts" => Rule::EventFacts,
            _ => Rule::EventChain,
        };
        (rule, fault.why)
    })
}

/// The record that an event names, if it is there; what it names must be what its hashes say.
fn read_facts(standing: &mut Standing, event: &Event, wrong: &mut Vec<(Rule, String)>, source: &dyn Source) -> Facts {
    let mut absent = None;
    if let (Some(id), Some(hash)) = (event.objects.logo, event.facts.logo)
        && event.kind.brings()
        && standing.known_logo != Some((id, hash))
    {
        match source.bytes(id) {
            Some(bytes) if Sha256::of(&bytes) == hash => standing.known_logo = Some((id, hash)),
            Some(_) => wrong.push((Rule::EventFacts, "the logo isn't the one that its hash names".into())),
            None if standing.logo == Some(id) => return Facts { lost: Some(id), ..Facts::default() },
            None => {
                absent = Some(id);
                wrong.push((Rule::Object, "its logo can't be read".into()));
            }
        }
    }
    match source.bytes(event.objects.record) {
        Some(bytes) if Sha256::of(&bytes) == event.facts.record => {
            Facts { record: Some(bytes.into()), lost: None, absent }
        }
        Some(_) => {
            wrong.push((Rule::EventFacts, "the record isn't the one that its hash names".into()));
            Facts { absent, ..Facts::default() }
        }
        None if standing.record == Some(event.objects.record) => {
            Facts { lost: Some(event.objects.record), ..Facts::default() }
        }
        None => {
            if event.kind.brings() {
                absent = Some(event.objects.record);
                wrong.push((Rule::Object, "its record can't be read".into()));
            }
            Facts { absent, ..Facts::default() }
        }
    }
}

#[cfg(test)]
mod tests;
