//! Which of somebody's voices stands. Who may push can put a voice into anybody's mouth, so what a member signed gives way to
//! nothing that counts for less: among votes, and for the word that others vote on.

use std::collections::BTreeSet;

use super::cast::CastVote;
use crate::domain::log::event::{Event, Vote};
use crate::domain::log::kinds::{Ballot, Subject};
use crate::domain::program::{Member, Program};
use crate::domain::signature::grade::Grade;
use crate::domain::signature::sshsig::SignatureFault;
use crate::domain::values::{Login, Sha256};

/// A voice with what vouches for it: nothing, where it is no member's, or another account's, or its signature doesn't hold.
pub type Vouched<'v> = (&'v Vote, Option<Grade>);

/// What vouches for a voice under `program`; `prove` judges its signature.
pub(crate) fn vouched<'v>(
    program: &Program,
    vote: &'v Vote,
    prove: impl FnOnce(&Member) -> Result<Grade, SignatureFault>,
) -> Vouched<'v> {
    let member = program.member(&vote.actor).filter(|member| !is_of_another(vote, member));
    (vote, member.and_then(|member| prove(member).ok()))
}

/// Whether a vote is of another account than that of the member whose login it has; what GitHub says, it says of an account.
pub(super) fn is_of_another(vote: &Vote, member: &Member) -> bool {
    let untold = vote.account.is_none() && member.id.is_some() && vote.attested.is_some();
    untold || !member.identity().is(vote.by())
}

/// What is heard of somebody in a round, in the order their files are named.
#[derive(Debug, Default)]
pub(super) struct Heard<'c> {
    /// What stands so far, with what vouches for it.
    stands: Option<(&'c CastVote, Option<Grade>)>,
    signed: BTreeSet<Sha256>,
}

/// Why something doesn't take the place of what stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outspoken {
    /// What stands is signed, and this isn't.
    Unsigned,
    /// Both are signed, and this was said before, though its file is named as if it came later: anybody can copy a file.
    Older,
}

impl<'c> Heard<'c> {
    /// Hears the next.
    pub fn hear(&mut self, program: &Program, next: &'c CastVote, grade: Option<Grade>) -> Result<(), Outspoken> {
        let is_signed = grade == Some(Grade::Signed);
        let said_before = is_signed && !self.signed.insert(next.hash);
        if let Some((standing, Some(Grade::Signed))) = self.stands {
            let clicked = grade == Some(Grade::Attested) && program.signatures.allow(Grade::Attested);
            if !is_signed && !clicked {
                return Err(Outspoken::Unsigned);
            }
            if is_signed && (said_before || next.vote.time < standing.vote.time) {
                return Err(Outspoken::Older);
            }
        }
        self.stands = Some((next, grade));
        Ok(())
    }
}

/// The one of somebody's voices that stands, of those in the order their files are named, each with what vouches for it.
pub(super) fn standing<'c>(
    program: &Program,
    voices: impl Iterator<Item = (&'c CastVote, Option<Grade>)>,
) -> Option<&'c CastVote> {
    let mut heard = Heard::default();
    for (voice, grade) in voices {
        // What doesn't take its place is as if it wasn't said.
        let _ = heard.hear(program, voice, grade);
    }
    heard.stands.map(|(voice, _)| voice)
}

/// Whether a voice that names none before it opens its round. Who votes does so as a member, by what the policy counts: whoever
/// had a seat or a key once begins nothing by it any more, whatever policy the vote names.
pub(crate) fn opens(program: &Program, (vote, grade): Vouched<'_>) -> bool {
    vote.ballot == Ballot::Request
        || (grade.is_some_and(|grade| program.signatures.allow(grade)) && program.may_vote(vote.by()))
}

/// Whether a member other than `actor` has voted, so that the policy would count it; who only asked has not.
pub(crate) fn another_has_voted<'v>(
    program: &Program,
    actor: &Login,
    mut voices: impl Iterator<Item = Vouched<'v>>,
) -> bool {
    voices.any(|voice| !voice.0.actor.is(actor) && is_counted(program, voice))
}

/// Whether a voice is a vote, and is one that the policy would count.
pub(crate) fn is_counted(program: &Program, (vote, grade): Vouched<'_>) -> bool {
    let allowed = grade.is_some_and(|grade| program.signatures.allow(grade));
    vote.ballot != Ballot::Request && allowed && program.may_vote(vote.by())
}

/// Of the `voices` of the round that an event settles, or in which an application begins with it, a member's vote on something
/// else: nobody counts it any more from then on. Once an application waits in a round, it is that one's.
pub(crate) fn cut_short<'v>(
    program: &Program,
    event: &Event,
    mut voices: impl Iterator<Item = Vouched<'v>>,
) -> Option<String> {
    let ends = event.kind.opens() || (event.kind.settles() && event.subject != Subject::Application);
    let otherwise = |voice: &Vouched<'_>| voice.0.subject != event.subject && is_counted(program, *voice);
    let (vote, _) = voices.find(otherwise).filter(|_| ends)?;
    let (actor, subject, round) = (&vote.actor, vote.subject, event.round);
    Some(format!("{actor} has voted on the {subject} in round {round}, and nobody decided that"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::kinds::Subject;
    use crate::domain::values::{AccountId, Sha256};
    use crate::domain::votes::sample;

    fn program(signatures: &str) -> Program {
        let seats = "[[committee]]\ngithub = \"alice\"\naffiliation = \"A\"\n[[committee]]\ngithub = \"bob\"\nid = 7\naffiliation = \"B\"\n\
             [[committee]]\ngithub = \"erin\"\naffiliation = \"E\"\nrole = \"emeritus\"\n";
        Program::parse(format!("schema = 1\nname = \"P\"\n{seats}{signatures}").as_bytes()).unwrap()
    }

    fn voice(actor: &str, ballot: Ballot) -> Vote {
        sample::voice(actor, ballot, Subject::Exit)
    }

    #[test]
    fn another_has_voted_who_has_a_seat_and_whose_vote_counts() {
        let (free, strict) = (program(""), program("[signatures]\nrequired = true\n"));
        let alice: Login = "alice".parse().unwrap();
        let of_another = Vote { account: AccountId::new(8), ..voice("bob", Ballot::Reject) };
        let (unsigned, signed) = (Some(Grade::Unsigned), Some(Grade::Signed));
        for (program, vote, grade, voted) in [
            (&free, voice("bob", Ballot::Reject), unsigned, true),
            (&free, voice("bob", Ballot::Abstain), unsigned, true),
            (&free, voice("bob", Ballot::Request), unsigned, false),
            (&free, voice("alice", Ballot::Approve), unsigned, false),
            (&free, voice("erin", Ballot::Reject), unsigned, false),
            (&free, voice("mallory", Ballot::Reject), unsigned, false),
            (&free, of_another, unsigned, false),
            (&free, voice("bob", Ballot::Reject), None, false),
            (&strict, voice("bob", Ballot::Reject), unsigned, false),
            (&strict, voice("bob", Ballot::Reject), signed, true),
        ] {
            let told = another_has_voted(program, &alice, [(&vote, grade)].into_iter());
            assert_eq!(told, voted, "{} {:?} {grade:?}", vote.actor, vote.ballot);
        }
    }

    #[test]
    fn nothing_vouches_for_a_voice_of_another_account() {
        let program = program("");
        for (actor, account, vouched_for) in
            [("bob", Some(7), true), ("bob", Some(8), false), ("bob", None, true), ("mallory", None, false)]
        {
            let vote = Vote { account: account.and_then(AccountId::new), ..voice(actor, Ballot::Approve) };
            let told = vouched(&program, &vote, |_| Ok(Grade::Signed)).1;
            assert_eq!(told, vouched_for.then_some(Grade::Signed), "{actor} {account:?}");
        }
        let vote = voice("bob", Ballot::Approve);
        assert_eq!(vouched(&program, &vote, |_| Err(SignatureFault::Wrong)).1, None);
    }

    #[test]
    fn a_round_is_opened_by_who_asks_or_by_a_vote_that_would_count() {
        let (free, strict) = (program(""), program("[signatures]\nrequired = true\n"));
        let (unsigned, signed) = (Some(Grade::Unsigned), Some(Grade::Signed));
        for (program, vote, grade, does) in [
            (&free, voice("contact", Ballot::Request), None, true),
            (&free, voice("bob", Ballot::Approve), unsigned, true),
            (&free, voice("bob", Ballot::Approve), None, false),
            (&free, voice("erin", Ballot::Approve), unsigned, false),
            (&strict, voice("bob", Ballot::Approve), unsigned, false),
            (&strict, voice("bob", Ballot::Approve), signed, true),
        ] {
            assert_eq!(opens(program, (&vote, grade)), does, "{} {:?} {grade:?}", vote.actor, vote.ballot);
        }
    }

    #[test]
    fn what_stands_is_the_newest_that_does_not_count_for_less() {
        let program = program("");
        let (signed, unsigned) = (Some(Grade::Signed), Some(Grade::Unsigned));
        for (grades, stands) in [
            (vec![], None),
            (vec![unsigned], Some(0)),
            (vec![unsigned, unsigned], Some(1)),
            (vec![signed, unsigned, None], Some(0)),
            (vec![signed, unsigned, signed], Some(2)),
        ] {
            let cast: Vec<_> = grades.iter().enumerate().map(|(said, grade)| (cast(said, 0), *grade)).collect();
            let found = standing(&program, cast.iter().map(|(c, grade)| (c, *grade)));
            assert_eq!(found, stands.map(|place: usize| &cast[place].0), "{grades:?}");
        }
    }

    /// Each is what was said, and at which second.
    #[test]
    fn what_was_signed_before_takes_no_later_place() {
        for (said, stands) in [
            ([(0, 0), (1, 5), (0, 0)], 1),
            ([(0, 0), (1, 0), (0, 0)], 1),
            ([(1, 5), (0, 0), (2, 6)], 2),
            ([(0, 0), (1, 0), (2, 0)], 2),
        ] {
            let cast = said.map(|(said, second)| cast(said, second));
            let found = standing(&program(""), cast.iter().map(|c| (c, Some(Grade::Signed))));
            assert_eq!(found, Some(&cast[stands]), "{said:?}");
        }
    }

    fn cast(said: usize, second: u8) -> CastVote {
        let time = format!("2026-09-21T14:00:{second:02}Z").parse().unwrap();
        let vote = Vote { time, ..voice("bob", Ballot::Approve) };
        CastVote { vote, hash: Sha256::of(said.to_string().as_bytes()), file: "bob".into() }
    }
}
