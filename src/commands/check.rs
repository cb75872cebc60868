//! `check`: everything that is wrong with a registry, at once.

use serde_json::json;

use super::look;
use crate::config::Place;
use crate::context::Context;
use crate::error::Result;
use crate::partner::Sha256;
use crate::partner::check::{Problem, Severity};
use crate::survey;

/// Check a registry: every file, log and vote on its default branch
///
/// Tells all problems at once, each with its file, its line where a line is to blame, and the mend. Ends with 1 when
/// there are errors; warnings alone are fine.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Read everything anew, and remember nothing
    #[arg(long)]
    no_cache: bool,
}

/// Runs it. Gives whether the registry is free of errors.
pub fn run(ctx: &Context, args: &Args) -> Result<bool> {
    let forge = ctx.open()?;
    let snapshot = look(&*forge)?;
    let memory = (!args.no_cache).then(|| memory_file(ctx, snapshot.repo.path())).flatten();
    let ui = ctx.ui;
    let problems = survey::problems(&snapshot, memory.as_deref(), |partners| {
        let bar = ui.bar("checking", partners);
        Box::new(move || bar.step())
    })?;
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    if ctx.globals.json {
        ctx.ui.document(&json!({"schema": 1, "problems": problems}))?;
    } else {
        let warnings = problems.len() - errors;
        let mut out: String = problems.iter().map(line).collect();
        out += &match (errors, warnings) {
            (0, 0) => "No problems found.\n".to_owned(),
            _ => format!("Errors: {errors}. Warnings: {warnings}.\n"),
        };
        ctx.ui.data(&out)?;
    }
    Ok(errors == 0)
}

/// Where a check of this registry is remembered. Without a place it just takes longer.
fn memory_file(ctx: &Context, registry: &std::path::Path) -> Option<std::path::PathBuf> {
    let full = registry.canonicalize().ok()?;
    let name = Sha256::of(full.as_os_str().as_encoded_bytes()).short();
    Some(ctx.environment.directory(Place::Cache).ok()?.join("checks").join(format!("{name}.json")))
}

fn line(problem: &Problem) -> String {
    let place = match problem.line {
        Some(line) => format!("{}:{line}", problem.path),
        None => problem.path.clone(),
    };
    let severity = match problem.severity {
        Severity::Error => console::style("error").red().bold(),
        Severity::Warning => console::style("warning").yellow().bold(),
    };
    format!("{place}: {severity}[{}]: {}\n  hint: {}\n", problem.code, problem.message, problem.hint)
}
