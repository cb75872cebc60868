//! `render`: partners as a page of a website, or as a directory of their own.

mod directory;
pub mod output_directory;
mod trusting;
mod website;

use crate::error::Result;
use crate::session::Context;

/// Write partners as a page of Karmada's website, or as a directory of their own
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner render directory --out site
  karmada-partner render website --out ../website
  karmada-partner render website --out ../website --check  # what differs")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Website(website::Args),
    Directory(directory::Args),
}

/// Runs it. Gives whether all is as it should be.
pub fn run(ctx: &Context, args: &Args) -> Result<bool> {
    match &args.command {
        Command::Website(args) => website::run(ctx, args),
        Command::Directory(args) => directory::run(ctx, args).map(|()| true),
    }
}
