//! Whether a decision that was made rests on votes that carry it.

use super::event::{Event, Kind, Subject};
use super::policy::{Member, Program};
use super::proof::Grade;
use super::record::Record;
use super::tally::{self, CastVote, LeftOut, Proof, Question};
use super::testimony::Verdict;
use super::values::Sha256;

/// A vote with what its signature comes to.
pub type Cast = (CastVote, Verdict);

/// By what it can be told who has a stake in a decision.
#[derive(Debug, Clone, Copy)]
pub struct Stakes<'a> {
    /// The facts decided on, where they are at hand.
    pub record: Option<&'a Record>,
    /// The facts in force before, where they are at hand.
    pub in_force: Option<&'a Record>,
    /// Whether both are: otherwise only the votes that the decision names are looked at.
    pub whole: bool,
}

/// Whether the votes of a round, each member's in the order they were cast, carry the decision that rests on them, counted
/// under `program`. Gives the grades of those that count, or what is wrong.
pub fn carried(event: &Event, cast: &[Cast], program: &Program, stakes: Stakes<'_>) -> Result<Vec<Grade>, String> {
    if let Some(hash) = event.votes.iter().find(|hash| !cast.iter().any(|(c, _)| c.hash == **hash)) {
        return Err(format!("it rests on a vote ({}) that isn't in its round", hash.short()));
    }
    let round = || cast.iter().filter(|(c, _)| stakes.whole || event.votes.contains(&c.hash));
    let votes: Vec<CastVote> = round().map(|(c, _)| c.clone()).collect();
    // A rejected exit doesn't name its terms; those who turned it down do.
    let terms = event.terms.clone().or_else(|| {
        let first = votes.iter().find(|v| event.votes.contains(&v.hash));
        first.and_then(|v| v.vote.terms.clone())
    });
    let of = |hash: Sha256| round().find(|(c, _)| c.hash == hash).map(|(_, verdict)| verdict);
    let proof = |cast: &CastVote, member: &Member| {
        let otherwise = if cast.vote.attested.is_some() { Grade::Attested } else { Grade::Unsigned };
        of(cast.hash).map_or(Ok(otherwise), |verdict| verdict.under(member, otherwise))
    };
    let on = Question {
        slug: &event.partner,
        record: stakes.record,
        in_force: stakes.in_force.filter(|_| event.subject != Subject::Application),
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
    let grade = |cast: &CastVote| program.member(&cast.vote.actor).and_then(|m| proof(cast, m).ok());
    Ok(counted.map(|v| grade(v.cast).unwrap_or(Grade::Unsigned)).collect())
}
