//! `completions`: for the shell.

mod values;

use std::ffi::OsString;

use clap_complete::CompleteEnv;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

pub(crate) use self::values::context_of;
use crate::config::Environment;
use crate::error::{Error, Kind, Result};
use crate::session::Context;

/// Print completions for a shell
///
/// They complete commands, flags, and what the registry has: partners, proposals, members and the words of the program. The
/// network isn't asked: of a registry elsewhere, what was fetched last is offered.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner completions bash >> ~/.bashrc
  karmada-partner completions zsh >> ~/.zshrc
  karmada-partner completions fish >> ~/.config/fish/config.fish")]
pub struct Args {
    /// The shell that they are for
    shell: clap_complete::Shell,
}

/// By which the shell's function asks this program what comes next.
const VARIABLE: &str = "COMPLETE";

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let shell: &dyn EnvCompleter = match args.shell {
        clap_complete::Shell::Elvish => &Elvish,
        clap_complete::Shell::Fish => &Fish,
        clap_complete::Shell::PowerShell => &Powershell,
        clap_complete::Shell::Zsh => &Zsh,
        _ => &Bash,
    };
    let (name, mut out) = ("karmada-partner", Vec::new());
    shell.write_registration(VARIABLE, name, name, name, &mut out).map_err(|e| Error::new(Kind::Bug, e.to_string()))?;
    ctx.ui.text(&String::from_utf8_lossy(&out))
}

/// Answers a shell that asks what comes next on a line. Gives whether one asked.
///
/// # Errors
/// When the shell isn't known, or went away.
pub fn answer(
    words: &[OsString],
    environment: &Environment,
    grammar: impl Fn() -> clap::Command,
) -> clap::error::Result<bool> {
    let place = std::env::current_dir().ok();
    let factory = || values::offered(grammar(), words, environment);
    CompleteEnv::with_factory(factory).var(VARIABLE).try_complete(words, place.as_deref())
}
