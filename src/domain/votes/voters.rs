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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::event::Facts;
    use crate::domain::log::kinds::Subject;
    use crate::domain::program::Decision;
    use crate::domain::values::Time;
    use crate::domain::votes::sample;
    use crate::domain::votes::tally::tally;

    fn said(actor: &str, ballot: Ballot, interest: Option<Interest>, second: i64) -> CastVote {
        let vote = sample::voice(actor, ballot, Subject::Application);
        sample::cast(Vote { interest, time: Time::from_unix(second), ..vote })
    }

    #[test]
    fn what_somebody_said_last_is_told_by_when_and_not_by_its_name() {
        let bob: Login = "Bob".parse().unwrap();
        let votes = [
            said("bob", Ballot::Approve, None, 1),
            said("bob", Ballot::Reject, None, 3),
            said("bob", Ballot::Abstain, None, 2),
            said("bob", Ballot::Request, None, 4),
            said("alice", Ballot::Approve, None, 5),
        ];
        assert_eq!(last_of(&votes, &bob), Some(&votes[1].vote));
        assert_eq!(last_of(&votes[3..], &bob), None);
    }

    #[test]
    fn a_stake_stands_until_its_member_says_otherwise() {
        let bob: Login = "bob".parse().unwrap();
        let votes = [
            said("bob", Ballot::Approve, Some(Interest::Employer), 1),
            said("bob", Ballot::Approve, None, 2),
            said("alice", Ballot::Approve, Some(Interest::Other), 3),
        ];
        let stake = |votes: &[CastVote]| stake_of(votes.iter().map(|c| &c.vote), &bob);
        assert_eq!(stake(&votes), Some(Interest::Employer));
        assert_eq!(stake(&votes[1..]), None);
    }

    #[test]
    fn each_voter_has_voted_may_or_has_a_stake() {
        let seat = |login: &str, affiliation: &str| {
            format!("[[committee]]\ngithub = \"{login}\"\naffiliation = \"{affiliation}\"\n")
        };
        let seats: String = [("alice", "A"), ("bob", "B"), ("carol", "C"), ("dave", "Acme"), ("zoe", "Z")]
            .map(|(l, a)| seat(l, a))
            .concat();
        let program = Program::parse(format!("schema = 1\nname = \"P\"\n{seats}").as_bytes()).unwrap();
        let slug = "acme".parse().unwrap();
        let on = sample::question(&slug);
        let mut votes = [
            said("alice", Ballot::Approve, None, 1),
            // What only asks takes nobody's vote away.
            said("alice", Ballot::Request, None, 2),
            said("bob", Ballot::Approve, Some(Interest::Other), 1),
            said("carol", Ballot::Approve, None, 1),
            said("dave", Ballot::Approve, None, 1),
        ];
        votes[3].vote.facts = Facts::of(b"before", None);
        let counted = tally(&program, program.rule(Decision::Approve), Decision::Approve, &votes, on);
        let told = voters(&program, &counted, on);
        let names = |members: Vec<&Member>| members.iter().map(|m| m.github.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!([told.counted, told.may_vote, told.recused].map(names), ["alice", "carol zoe", "bob dave"]);
    }
}
