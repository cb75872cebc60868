//! `completions`: for the shell.

use clap::CommandFactory as _;

use crate::error::Result;
use crate::session::Context;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which shell
    shell: clap_complete::Shell,
}

/// Runs it.
pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::Cli::command(), "karmada-partner", &mut out);
    ctx.ui.text(&String::from_utf8_lossy(&out))
}
