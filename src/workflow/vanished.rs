//! Votes that were on a proposal and are gone.

use crate::domain::program::Program;
use crate::error::{Error, Result};
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;

/// Refuses to decide where a member's vote was taken away or written over, on the proposal's branch or where it stands undecided:
/// whoever may push there could silence a member so.
pub fn refuse_vanished(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, proposal: &Proposal) -> Result<()> {
    let gone = snapshot.vanished(program, proposal, &ctx.gone(snapshot)?.votes)?;
    gone.first().map_or(Ok(()), |vote| Err(Error::refused(vote.words()).hint(vote.hint())))
}
