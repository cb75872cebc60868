//! `completions`: for the shell.

use super::Runner;
use crate::error::Result;
use crate::session::Context;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which shell
    shell: clap_complete::Shell,
}

pub fn run(ctx: &Context, args: &Args, runner: Runner) -> Result<()> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut (runner.grammar)(), "karmada-partner", &mut out);
    ctx.ui.text(&String::from_utf8_lossy(&out))
}
