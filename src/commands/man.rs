//! `man`: manual pages.

use std::path::PathBuf;

use super::Runner;
use crate::error::{Error, Result};
use crate::session::Context;

/// Print the manual page, or write one a command into a directory
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write the pages
    directory: Option<PathBuf>,
}

pub fn run(ctx: &Context, args: &Args, runner: Runner) -> Result<()> {
    let cant = |e: std::io::Error| {
        Error::environment(format!("can't write manual pages: {e}")).hint("check the directory and its permissions")
    };
    let command = (runner.grammar)();
    match &args.directory {
        Some(directory) => {
            if !ctx.globals.dry_run {
                std::fs::create_dir_all(directory).map_err(cant)?;
                clap_mangen::generate_to(command, directory).map_err(cant)?;
            }
            let changed = !ctx.globals.dry_run;
            let directory = crate::domain::text::visible(&directory.display().to_string());
            match ctx.globals.json {
                true => ctx.ui.document(&serde_json::json!({"schema": 1, "path": directory, "changed": changed})),
                false => ctx.ui.data(&format!(
                    "{} manual pages into {directory}.\n",
                    if changed { "Wrote" } else { "Would write" }
                )),
            }
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page).map_err(cant)?;
            ctx.ui.text(&String::from_utf8_lossy(&page))
        }
    }
}
