//! All that is wrong with a registry as it stands, with what is remembered of it, and what GitHub knows of the committee.

use crate::config::UserDirectory;
use crate::domain::check::Problem;
use crate::error::Result;
use crate::forge::Forge;
use crate::registry::{Snapshot, survey};
use crate::session::{self, Context};

/// Everything that is wrong, at once. With `anew`, everything is read, and nothing remembered.
///
/// # Errors
/// When the registry can't be read.
pub fn problems(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>, anew: bool) -> Result<Vec<Problem>> {
    let memory = |what: &str| {
        let place = (!anew).then_some(UserDirectory::Cache)?;
        session::remembered(ctx, place, what, snapshot.repo.path())
    };
    let (checks, lost) = (memory("checks"), memory(session::LOST));
    let memories = survey::Memories { problems: checks.as_deref(), lost: lost.as_deref() };
    let ui = ctx.ui;
    let mut problems = survey::problems(snapshot, memories, |partners| {
        let bar = ui.bar("checking", partners);
        Box::new(move || bar.step())
    })?;
    // A program that can't be read is told of already.
    if let (Ok(program), Some(people)) = (snapshot.program(), forge.people()) {
        problems.extend(people.committee_problems(&program)?);
    }
    Ok(problems)
}
