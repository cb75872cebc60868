//! Who of the committee is still to be heard.

use crate::domain::log::kinds::{Ballot, Interest};
use crate::domain::program::{Member, Program};
use crate::domain::values::Login;
use crate::domain::votes::tally::{Counted, LeftOut, Question, Tally, is_recused};
use crate::domain::{CastVote, Vote};

/// The voters of a committee, as they stand to one proposal; each is in one of these, in the policy's order.
#[derive(Debug, Default)]
pub struct Voters<'a> {
    /// Those whose vote counts already.
    pub counted: Vec<&'a Member>,
    /// Those whose vote could count, and doesn't yet.
    pub may_vote: Vec<&'a Member>,
    /// Those with a stake, by what is on record or by their own word.
    pub recused: Vec<&'a Member>,
}

/// What somebody said last of these, each member's in order; who only asked has said nothing.
#[must_use]
pub fn last_of<'v>(votes: &'v [CastVote], who: &Login) -> Option<&'v Vote> {
    let own = votes.iter().map(|cast| &cast.vote).filter(|vote| vote.actor.is(who) && vote.ballot != Ballot::Request);
    // Anybody can copy an older one to a later name.
    own.max_by_key(|vote| vote.time)
}

/// What somebody says of a stake: it stands until they say otherwise, whether a later vote repeats it or not.
#[must_use]
pub fn stake_of<'v>(votes: impl Iterator<Item = &'v Vote>, who: &Login) -> Option<Interest> {
    votes.filter(|vote| vote.actor.is(who) && vote.interest.is_some()).max_by_key(|vote| vote.time)?.interest
}

/// Sorts the voters by what they can still do about a proposal that was counted.
#[must_use]
pub fn voters<'a>(program: &'a Program, tally: &Tally<'_>, on: Question<'_>) -> Voters<'a> {
    let stands =
        |v: &&Counted<'_>| !matches!(v.left_out, Some(LeftOut::Request | LeftOut::SpokenOver | LeftOut::Older));
    let last = |login: &Login| tally.votes.iter().filter(stands).rfind(|v| v.cast.vote.actor.is(login));
    let mut voters = Voters::default();
    for member in program.voters() {
        let group = match last(&member.github).map(|v| v.left_out) {
            _ if is_recused(program, member, on) => &mut voters.recused,
            Some(Some(LeftOut::Interested)) => &mut voters.recused,
            Some(None) => &mut voters.counted,
            Some(Some(_)) | None => &mut voters.may_vote,
        };
        group.push(member);
    }
    voters
}
