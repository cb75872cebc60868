//! Whether a decision that was made rests on votes that carry it.

use super::cast::CastVote;
use super::missing;
use super::standing::{Vouched, opens, vouched};
use super::tally::{self, LeftOut, Proof, Question};
use crate::domain::log::event::Event;
use crate::domain::log::kinds::{Ballot, Kind, Subject};
use crate::domain::program::seats::Seats;
use crate::domain::program::{Member, Program};
use crate::domain::record::Record;
use crate::domain::signature::examined::{self, Verdict};
use crate::domain::signature::grade::Grade;
use crate::domain::signature::sshsig::SignatureFault;
use crate::domain::values::{Sha256, Time};

/// A vote with what its signature comes to.
pub type Cast = (CastVote, Verdict);

/// By what it can be told who has a stake in a decision.
#[derive(Debug, Clone, Copy)]
pub struct Stakes<'a> {
    /// The facts decided on, where they are at hand.
    pub record: Option<&'a Record>,
    /// The facts in force before, where they are at hand.
    pub in_force: Option<&'a Record>,
    /// Whether both are: otherwise only the votes that the decision names are counted.
    pub whole: bool,
    /// The newest event of the application that is decided.
    pub said: Option<Sha256>,
    /// When what an update or an exit is about changed last before it.
    pub changed: Option<Time>,
    /// Since when who may vote has had a seat, where that is known.
    pub seats: Option<&'a Seats>,
}

/// A vote of a round that was decided, counted again.
#[derive(Debug, Clone)]
pub struct Recounted {
    pub cast: CastVote,
    /// How well it is proved under the policy of the decision; `None` when its signature doesn't hold.
    pub grade: Option<Grade>,
    pub left_out: Option<LeftOut>,
}

/// Whether the votes of a round, each member's in the order they were cast, carry the decision that rests on them, counted
/// under `program`. Gives the grades of those that count, or what is wrong.
pub fn carried(event: &Event, cast: &[Cast], program: &Program, stakes: Stakes<'_>) -> Result<Vec<Grade>, String> {
    if let Some(hash) = event.votes.iter().find(|hash| !cast.iter().any(|(c, _)| c.hash == **hash)) {
        return Err(format!("it rests on a vote ({}) that isn't in its round", hash.short()));
    }
    with_tally(event, cast, program, stakes, |tally, proposed| {
        if let Some(why) = unbound_reason(event, tally, proposed) {
            return Err(why);
        }
        if event.terms.is_some() && event.terms.as_ref() != proposed.and_then(|c| c.vote.terms.as_ref()) {
            return Err("its terms aren't those that were proposed".into());
        }
        if !tally.carries() {
            let left_out = |v: &tally::Counted<'_>| v.left_out.is_some_and(|why| why != LeftOut::Request);
            let out: Vec<_> = tally.votes.iter().filter(|v| left_out(v)).map(tally::Counted::line).collect();
            let out = if out.is_empty() { String::new() } else { format!(" ({})", out.join("; ")) };
            return Err(format!("its votes don't carry it; missing: {}{out}", missing::told(&tally.missing)));
        }
        if tally.counted_hashes() != event.votes {
            return Err("it doesn't name just the votes that count, in order".into());
        }
        let counted = tally.votes.iter().filter(|v| v.left_out.is_none());
        Ok(counted.map(|v| grade(cast, v.cast, program).unwrap_or(Grade::Unsigned)).collect())
    })
}

/// A decision's reason is what somebody voted on: of an exit that of the word; of all else the note of who decided.
fn unbound_reason(event: &Event, tally: &tally::Tally<'_>, proposed: Option<&CastVote>) -> Option<String> {
    let reason = event.reason.as_ref()?;
    let own = || {
        let counted = tally.votes.iter().filter(|v| v.left_out.is_none()).map(|v| &v.cast.vote);
        counted.filter(|v| v.actor.is(&event.actor)).any(|v| v.note.as_ref() == Some(reason))
    };
    let bound = match event.kind {
        Kind::Exited => proposed.is_some_and(|c| c.vote.note.as_ref() == Some(reason)),
        _ => own(),
    };
    (!bound).then(|| "its reason is nobody's whom it rests on".into())
}

/// The same votes, each with why it doesn't count if it doesn't.
#[must_use]
pub fn recount(event: &Event, cast: &[Cast], program: &Program, stakes: Stakes<'_>) -> Vec<Recounted> {
    with_tally(event, cast, program, Stakes { whole: true, ..stakes }, |tally, _| {
        let told = |v: &tally::Counted<'_>| Recounted {
            cast: v.cast.clone(),
            grade: grade(cast, v.cast, program),
            left_out: v.left_out,
        };
        tally.votes.iter().map(told).collect()
    })
}

/// A voice with what vouches for it under `program`.
pub(crate) fn vouched_cast<'c>(program: &Program, (cast, verdict): &'c Cast) -> Vouched<'c> {
    let otherwise = examined::without_signature(&cast.vote);
    vouched(program, &cast.vote, |member| verdict.under(member, otherwise))
}

/// How well a vote is proved, if its signature holds.
fn prove(cast: &[Cast], vote: &CastVote, member: &Member) -> Result<Grade, SignatureFault> {
    let otherwise = examined::without_signature(&vote.vote);
    let verdict = cast.iter().find(|(c, _)| c.hash == vote.hash).map(|(_, verdict)| verdict);
    verdict.map_or(Ok(otherwise), |verdict| verdict.under(member, otherwise))
}

fn grade(cast: &[Cast], vote: &CastVote, program: &Program) -> Option<Grade> {
    match program.member(&vote.vote.actor) {
        Some(member) => prove(cast, vote, member).ok(),
        None => Some(examined::without_signature(&vote.vote)),
    }
}

fn with_tally<T>(
    event: &Event,
    cast: &[Cast],
    program: &Program,
    stakes: Stakes<'_>,
    then: impl FnOnce(&tally::Tally<'_>, Option<&CastVote>) -> T,
) -> T {
    let all: Vec<CastVote> = cast.iter().map(|(c, _)| c.clone()).collect();
    // Whose word it is about is said by the votes that it rests on, whatever else lies beside them.
    let named = || all.iter().filter(|c| event.votes.contains(&c.hash));
    let word = named().find_map(|c| c.vote.log).and_then(|log| all.iter().find(|c| c.hash == log));
    let asks = |c: &&CastVote| c.vote.log.is_none() && c.vote.ballot == Ballot::Request;
    let alone = || named().next().filter(|_| event.votes.len() == 1);
    let opening = word.or_else(|| all.iter().find(asks)).or_else(alone);
    let opener =
        opening.filter(|c| opens(program, vouched(program, &c.vote, |m| prove(cast, c, m)))).map(|c| &c.vote.actor);
    let looked_at = |c: &CastVote| stakes.whole || event.votes.contains(&c.hash);
    let prove = |vote: &CastVote, member: &Member| prove(cast, vote, member);
    let word = |by| tally::proposed(program, &all, Some(by), Proof(&prove));
    let proposed = opener.and_then(word).filter(|_| event.subject != Subject::Application);
    let on = Question {
        slug: &event.partner,
        record: stakes.record,
        in_force: stakes.in_force,
        facts: event.facts,
        subject: event.subject,
        said: stakes.said.filter(|_| event.subject == Subject::Application),
        changed: stakes.changed,
        proposed,
        seats: stakes.seats,
        proof: Proof(&prove),
    };
    let (decision, rule) = tally::rule_for(program, event.kind != Kind::Rejected, on);
    then(&tally::tally_of(program, &rule, decision, &all, &looked_at, on), proposed)
}

#[cfg(test)]
mod tests;
