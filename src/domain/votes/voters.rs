//! Who of the committee is still to be heard.

use crate::domain::log::kinds::Ballot;
use crate::domain::program::Program;
use crate::domain::values::Login;
use crate::domain::votes::tally::{Counted, LeftOut, Question, Tally, is_recused};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Voters<'a> {
    /// Those whose vote could count, and doesn't yet.
    pub may_vote: Vec<&'a Login>,
    /// Those with a stake, by what is on record or by their own word.
    pub recused: Vec<&'a Login>,
}

/// Sorts the voters by what they can still do about a proposal that was counted.
#[must_use]
pub fn voters<'a>(program: &'a Program, tally: &Tally<'_>, on: Question<'_>) -> Voters<'a> {
    let last = |login: &Login| {
        let said = |v: &&Counted<'_>| v.cast.vote.actor.is(login) && v.cast.vote.ballot != Ballot::Request;
        tally.votes.iter().rfind(said)
    };
    let (mut may_vote, mut recused) = (Vec::new(), Vec::new());
    for member in program.voters() {
        let said = last(&member.github).map(|v| v.left_out);
        match said {
            _ if is_recused(program, member, on) => recused.push(&member.github),
            Some(Some(LeftOut::Interested)) => recused.push(&member.github),
            Some(None) => {}
            Some(Some(_)) | None => may_vote.push(&member.github),
        }
    }
    Voters { may_vote, recused }
}
