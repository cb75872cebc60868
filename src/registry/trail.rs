//! A partner's events with what stands behind each: how well it is proved, who voted how, and which votes don't count.

use super::Partner;
use super::partner::record_bytes_at;
use crate::domain::program::policies::Policies;
use crate::domain::signature::examined::{self, Examiner, Testimony};
use crate::domain::signature::grade::Grade;
use crate::domain::votes::cast::{CastVote, is_beyond};
use crate::domain::votes::recount::{self, Cast, Stakes};
use crate::domain::votes::tally::{LeftOut, could_tie};
use crate::domain::{Event, Record, Subject, Vote};
use crate::error::Result;
use crate::git::Repo;
use crate::parallel;

/// An event with what stands behind it.
#[derive(Debug, Clone)]
pub struct TrailEntry {
    pub event: Event,
    /// How well it is proved; `None` when its signature doesn't hold.
    pub grade: Option<Grade>,
    /// The votes of its round, if it decides; each member's in the order they were cast.
    pub votes: Vec<Told>,
}

impl AsRef<Event> for TrailEntry {
    fn as_ref(&self) -> &Event {
        &self.event
    }
}

/// A vote, and whether it counted.
#[derive(Debug, Clone)]
pub struct Told {
    pub vote: Vote,
    /// The voter's affiliation under the policy of the decision.
    pub affiliation: Option<String>,
    /// How well it is proved; `None` when its signature doesn't hold.
    pub grade: Option<Grade>,
    pub left_out: Option<LeftOut>,
}

/// From how many events on a second thread is worth its start.
const WORTH_THREADS: usize = 32;

pub fn of(
    repo: &Repo,
    policies: &Policies,
    partner: &Partner,
    wanted: &(dyn Fn(&Event) -> bool + Sync),
) -> Result<Vec<TrailEntry>> {
    let events: Vec<usize> = (0..partner.life.log.len()).filter(|i| wanted(&partner.life.log[*i].event)).collect();
    let some = |repo: &Repo, some: &[usize]| -> Result<Vec<TrailEntry>> {
        let examiner = Examiner::new(policies, true);
        some.iter().map(|index| entry(repo, policies, partner, *index, &examiner)).collect()
    };
    let path = repo.path();
    let threads = if events.len() < WORTH_THREADS { 1 } else { 2 };
    let parts = parallel::in_parts(&events, threads, |here| some(repo, here), |own| some(&Repo::open(path)?, own));
    Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn entry(
    repo: &Repo,
    policies: &Policies,
    partner: &Partner,
    index: usize,
    examiner: &Examiner<'_>,
) -> Result<TrailEntry> {
    let event = partner.life.log[index].event.clone();
    let policy = policies.get(&event.policy);
    let verdict = examiner.event(event.to_string().as_bytes()).map(|t| t.verdict);
    let member = policy.and_then(|p| p.member(&event.actor));
    let own = match (verdict, member) {
        (Ok(verdict), Some(member)) => verdict.under(member, Grade::Unsigned).ok(),
        _ => Some(Grade::Unsigned),
    };
    let (Some(policy), true) = (policy, event.kind.decides()) else {
        return Ok(TrailEntry { event, grade: own, votes: Vec::new() });
    };
    let mut cast: Vec<Cast> = Vec::new();
    for vote in partner.directory.votes(repo, &partner.slug, event.round, &|_| true)? {
        if let Ok(Testimony { verdict, .. }) = examiner.vote(vote.vote.to_string().as_bytes())
            && (!is_beyond(&vote.file) || verdict.is_signed())
        {
            cast.push((vote, verdict));
        }
    }
    // Only where they could tell that a voter has a stake, or that the contact asked to leave.
    let tells = |bytes: &Vec<u8>| {
        let voters = cast.iter().filter_map(|(c, _)| policy.member(&c.vote.actor));
        event.subject == Subject::Exit || could_tie(bytes, voters)
    };
    let read = |e: &Event| -> Result<Option<Record>> {
        let bytes = record_bytes_at(repo, e.facts, e.objects)?;
        Ok(bytes.filter(tells).and_then(|bytes| Record::parse(&bytes).ok()))
    };
    let record = read(&event)?;
    let before = partner.life.log[..index].iter().rev().map(|l| &l.event).find(|e| e.kind.lands());
    let in_force = before.map(read).transpose()?.flatten();
    let (record, in_force, said) = (record.as_ref(), in_force.as_ref(), partner.life.said_before(event.seq));
    let changed = partner.life.changed_before(&event);
    let stakes = Stakes { record, in_force, whole: true, said, changed, seats: policies.seats(&event.policy) };
    let votes: Vec<Told> = recount::recount(&event, &cast, policy, stakes)
        .into_iter()
        .map(|counted| {
            let CastVote { vote, hash, .. } = counted.cast;
            let named = event.votes.contains(&hash);
            let left_out = counted.left_out.or((!named).then_some(LeftOut::NotNamed));
            let member = policy.member(&vote.actor);
            let affiliation = member.map(|m| m.affiliation.to_string());
            Told { affiliation, grade: counted.grade, left_out: left_out.filter(|_| !named), vote }
        })
        .collect();
    let grades = votes.iter().filter(|v| v.left_out.is_none()).filter_map(|v| v.grade);
    let grade = own.map(|own| examined::with_votes(own, grades));
    Ok(TrailEntry { event, grade, votes })
}
