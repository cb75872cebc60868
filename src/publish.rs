//! The one place where effects are sequenced: plan on what is there now, show, ask, publish; and again from the start
//! when somebody else was faster.

use std::time::Duration;

use crate::change::Change;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::forge::Forge;
use crate::registry::Snapshot;
use crate::repo::{Oid, Trouble};

/// What a command wants to happen.
#[derive(Debug)]
pub struct Plan<R> {
    /// Commits to make, in order; none when everything is as wanted already.
    pub changes: Vec<Change>,
    /// What the command wants to tell about it.
    pub report: R,
}

/// What became of a plan.
#[derive(Debug)]
pub enum Outcome<R> {
    /// It was published, as these commits (none when nothing was to be done).
    Done(R, Vec<Oid>),
    /// It was only shown.
    DryRun,
    /// The person said no.
    Declined,
}

impl<R> Outcome<R> {
    /// The report and the commits, if it came to that; otherwise says that nothing was changed.
    pub fn settled(self, ctx: &Context) -> Option<(R, Vec<Oid>)> {
        match self {
            Self::Done(report, commits) => Some((report, commits)),
            Self::DryRun => None,
            Self::Declined => {
                ctx.ui.say("Nothing was changed.");
                None
            }
        }
    }
}

/// How often a lost race is run again.
const TRIES: u32 = 40;

/// Plans and publishes. `plan` is asked again, on a new snapshot, whenever another writer was faster; nothing is ever
/// published that wasn't planned, and permitted, on exactly what it is added to.
pub fn publish<R>(
    ctx: &Context,
    forge: &dyn Forge,
    question: &str,
    mut plan: impl FnMut(&Snapshot<'_>) -> Result<Plan<R>>,
) -> Result<Outcome<R>> {
    let mut agreed = false;
    for attempt in 1..=TRIES {
        let snapshot = Snapshot::new(forge.repo(), forge.heads()?)?;
        let Plan { changes, report } = plan(&snapshot)?;
        if changes.is_empty() {
            return Ok(Outcome::Done(report, Vec::new()));
        }
        if !agreed {
            if ctx.globals.dry_run {
                ctx.ui.preview(&changes)?;
                return Ok(Outcome::DryRun);
            }
            if ctx.must_confirm() {
                for change in &changes {
                    ctx.ui.say(&change.to_string());
                }
                if !ctx.prompt.confirm(question, true)? {
                    return Ok(Outcome::Declined);
                }
            }
            agreed = true;
        }
        let _busy = ctx.ui.spinner("writing to the registry");
        match forge.publish(&snapshot.heads, &changes) {
            Ok(commits) => return Ok(Outcome::Done(report, commits)),
            Err(e) if matches!(e.trouble, Trouble::Moved | Trouble::Locked) && attempt < TRIES => {
                ctx.ui.detail(&format!("{e}; trying again ({attempt})"));
                std::thread::sleep(pause(attempt));
            }
            Err(e) if e.trouble == Trouble::Moved => break,
            Err(e) => return Err(e.into()),
        }
    }
    Err(Error::new(Kind::Environment, format!("others were faster {TRIES} times; nothing was changed"))
        .hint("run it again"))
}

/// A pause that grows and differs between processes, so that two of them don't keep colliding.
fn pause(attempt: u32) -> Duration {
    let spread = u64::from(std::process::id().wrapping_mul(2_654_435_761).rotate_left(attempt) % 17);
    Duration::from_millis((u64::from(attempt) * 3).min(60) + spread)
}
