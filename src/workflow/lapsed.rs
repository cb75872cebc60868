//! Refuses to go on with what somebody asked for who may no longer: the record could not say by what right it was asked.

use crate::domain::Subject;
use crate::error::{Error, Result};
use crate::registry::Proposal;

/// Refuses a proposal whose opener may not ask for it any more.
///
/// # Errors
/// Then; says what can be done instead.
pub fn refuse_lapsed(proposal: &Proposal) -> Result<()> {
    let Some(why) = proposal.why_lapsed() else { return Ok(()) };
    let (slug, branch, subject) = (&proposal.partner.slug, &proposal.branch, proposal.subject.told());
    let refused =
        Error::refused(tr!("nothing can be decided on the {subject} on {branch}: {why}", subject, branch, why));
    if proposal.stands.is_some() {
        return Err(refused.hint(tr!("take back the whole merge, as with GitHub's Revert, and have it proposed again")));
    }
    let anew = match proposal.subject {
        Subject::Policy => "program propose FILE --instead".to_owned(),
        Subject::Application => "import … --instead".to_owned(),
        Subject::Exit => format!("exit {slug} --kind KIND --reason TEXT --instead"),
        _ if proposal.facts.logo.is_none() => format!("clear {slug} --instead"),
        _ => format!("update {slug} --website URL --instead"),
    };
    Err(refused
        .hint(tr!("who still wants it and may asks for it anew, in its place: karmada-partner {anew}", anew))
        .hint(tr!("or close it: on GitHub its pull request, elsewhere git push REGISTRY --delete {branch}", branch)))
}
