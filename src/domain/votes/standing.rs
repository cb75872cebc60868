//! Which of somebody's voices stands. Who may push can put a voice into anybody's mouth, so what a member signed gives way to
//! nothing that counts for less: among votes, and for the word that others vote on.

use crate::domain::log::event::Vote;
use crate::domain::log::kinds::Ballot;
use crate::domain::program::{Member, Program};
use crate::domain::signature::grade::Grade;
use crate::domain::signature::sshsig::SignatureFault;
use crate::domain::values::Login;

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

/// Whether what stands of somebody, vouched for so, gives way to what comes next.
pub(super) fn gives_way(program: &Program, standing: Option<Grade>, next: Option<Grade>) -> bool {
    let clicked = next == Some(Grade::Attested) && program.signatures.allow(Grade::Attested);
    standing != Some(Grade::Signed) || next == Some(Grade::Signed) || clicked
}

/// The one of somebody's voices that stands, of those in the order they were cast, each with what vouches for it.
pub(super) fn standing<T>(program: &Program, voices: impl Iterator<Item = (T, Option<Grade>)>) -> Option<T> {
    voices.reduce(|one, next| if gives_way(program, one.1, next.1) { next } else { one }).map(|(voice, _)| voice)
}

/// Whether a member other than `actor` has voted, so that the policy would count it; who only asked has not.
pub(crate) fn another_has_voted<'v>(
    program: &Program,
    actor: &Login,
    mut voices: impl Iterator<Item = Vouched<'v>>,
) -> bool {
    voices.any(|(vote, grade)| {
        vote.ballot != Ballot::Request
            && !vote.actor.is(actor)
            && program.may_vote(vote.by())
            && grade.is_some_and(|grade| program.signatures.allow(grade))
    })
}
