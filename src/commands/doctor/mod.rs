//! `doctor`: whether everything is there, and what to do where it isn't.

mod checks;
mod checkup;
mod on_github;

use serde_json::json;

use self::checkup::{Checkup, Outcome};
use crate::error::Result;
use crate::session::Context;

/// Say whether everything is there that the program needs, and what to do where it isn't
///
/// Looks at the version, git, ssh-keygen, the registry, the token and its rights, the signing key, the program and your seat in
/// it, the workflows, and at what check would find. Changes nothing, and asks no server but the registry's own,
/// and you for no more than the passphrase of your key. Ends with 1 when something has to be mended; notes alone are fine.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner doctor
  karmada-partner doctor --registry github:OWNER/REPO")]
pub struct Args {}

/// Runs it. Gives whether nothing has to be mended.
pub fn run(ctx: &Context, _: &Args) -> Result<bool> {
    let checkups = checks::all(ctx);
    let broken = checkups.iter().filter(|c| c.outcome == Outcome::Broken).count();
    if ctx.globals.json {
        ctx.ui.document(&json!({"schema": 1, "checks": checkups}))?;
    } else {
        let mut out: String = checkups.iter().map(Checkup::shown).collect();
        out += &match broken {
            0 => tr!("Nothing has to be mended.\n").to_owned(),
            some => tr!("One thing has to be mended.\n" | "{n} things have to be mended.\n" % some),
        };
        ctx.ui.data(&out)?;
    }
    Ok(broken == 0)
}
