//! A voter's stake in what is voted on: what is told of it where somebody votes, and what is asked.

use crate::domain::log::kinds::Interest;
use crate::domain::votes::tally;
use crate::domain::votes::voters::stake_of;
use crate::domain::{Login, Program, Subject, text};
use crate::error::Result;
use crate::prompt::Question;
use crate::registry::Proposal;
use crate::session::Context;

/// What a voter is told of a stake before voting: one that counts against the vote, one that may be there, or that owners, customers,
/// family and an employer that changed are nothing that recusal sees. Nothing, where none can be, or the voter said that there is
/// none.
#[must_use]
pub fn told(program: &Program, p: &Proposal, voter: &Login, said: Option<Interest>) -> Option<String> {
    let member = program.voters().find(|member| member.github.is(voter)).filter(|_| p.subject != Subject::Policy)?;
    let on = p.question(&p.votes);
    if tally::is_recused(program, member, on) {
        return Some(tr!("you work for it or are its contact: your vote is kept, and doesn't count").to_owned());
    }
    match said.or_else(|| said_before(p, voter)) {
        Some(Interest::None) => None,
        Some(_) => Some(tr!("you say that you have one: your vote is kept, and doesn't count").to_owned()),
        None if tally::is_likely_tied(member, on) => {
            let affiliation = &member.affiliation;
            Some(tr!("you may have one, as you work for {affiliation}; with one your vote doesn't count", affiliation))
        }
        None => Some(tr!("none shows in names and domains; if you have one, say so: --interest other").to_owned()),
    }
}

/// What the voter says of a stake; asked for where the employer may be who is voted on, and nothing was said before.
pub fn ask(
    ctx: &Context,
    said: Option<Interest>,
    program: &Program,
    p: &Proposal,
    voter: &Login,
) -> Result<Option<Interest>> {
    let member = program.member(voter).filter(|m| tally::is_likely_tied(m, p.question(&p.votes)));
    let Some(member) = member.filter(|_| said.or_else(|| said_before(p, voter)).is_none() && ctx.prompt.can_ask())
    else {
        return Ok(said);
    };
    let (name, affiliation) = (text::visible(p.name()), &member.affiliation);
    let label = tr!("Do you have a stake in {name}, as you work for {affiliation}?", name, affiliation);
    let question = Question { label: &label, flag: "--interest", default: None, optional: false };
    let answers = [
        tr!("No, I don't work for it"),
        tr!("Yes, I work for it: my vote doesn't count"),
        tr!("Yes, another: my vote doesn't count"),
    ];
    ctx.prompt.choose(question, &answers, 1).map(|n| Some(Interest::ALL[n]))
}

fn said_before(p: &Proposal, voter: &Login) -> Option<Interest> {
    stake_of(p.votes.iter().map(|cast| &cast.vote), voter)
}
