//! All that is wrong with a registry as it stands, with what is remembered of it, and what GitHub knows of the committee.

use std::path::Path;

use super::lookup::waiting;
use crate::config::UserDirectory;
use crate::domain::check::Problem;
use crate::error::{Kind, Result};
use crate::forge::Forge;
use crate::registry::{Snapshot, lost, survey};
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
    let unfounded = memory(session::UNFOUNDED);
    let memories =
        survey::Memories { problems: checks.as_deref(), lost: lost.as_deref(), unfounded: unfounded.as_deref() };
    let ui = ctx.ui;
    let mut problems = survey::problems(snapshot, memories, |partners| {
        let bar = ui.bar("checking", partners);
        Box::new(move || bar.step())
    })?;
    problems.extend(vanished(ctx, snapshot, lost.as_deref())?);
    // A program that can't be read is told of already.
    if let (Ok(program), Some(people)) = (snapshot.program(), forge.people()) {
        problems.extend(people.committee_problems(&program)?);
    }
    Ok(problems)
}

/// Votes on what waits that somebody took away. What can't be read is told of elsewhere.
fn vanished(ctx: &Context, snapshot: &Snapshot<'_>, memory: Option<&Path>) -> Result<Vec<Problem>> {
    let look = || -> Result<Vec<Problem>> {
        if !snapshot.repo.has_commit(snapshot.commit) {
            return Ok(Vec::new());
        }
        let gone = lost::since(snapshot, None, memory)?;
        let mut found = Vec::new();
        for p in waiting(ctx, snapshot)?.0.iter().filter(|p| snapshot.repo.has_commit(p.head)) {
            let votes = snapshot.vanished(&snapshot.program()?, p, &gone.votes)?;
            found.extend(votes.iter().map(|v| Problem::error(&v.path, "vote-lost", v.words(), v.hint())));
        }
        Ok(found)
    };
    match look() {
        Err(e) if matches!(e.kind, Kind::Environment | Kind::Refused) => Ok(Vec::new()),
        found => found,
    }
}
