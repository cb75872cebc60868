//! Who may tell people where things stand: all who do keep one comment and one issue, and nobody else's is kept by any of them.

use crate::domain::program::admission::admit_member;
use crate::error::Result;
use crate::forge::Forge;
use crate::registry::Snapshot;
use crate::session::{Context, identity};

/// Refuses who is neither a member nor a workflow: what they wrote would stay as it is for good.
pub fn admit(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>) -> Result<()> {
    let actor = ctx.actor(forge, None)?;
    if !actor.is_bot() {
        admit_member(&snapshot.program()?, identity(forge, &actor)?)?;
    }
    Ok(())
}
