//! `check`: everything that is wrong with a registry, at once.

use std::path::PathBuf;

use serde_json::json;

use super::links;
use crate::domain::AccountId;
use crate::domain::check::{Problem, Severity};
use crate::domain::program::github::Numbered;
use crate::error::{Error, Result};
use crate::registry::authorship::{self, Authored};
use crate::registry::{Heads, Snapshot};
use crate::session::Context;
use crate::web::links::Shard;
use crate::workflow::lookup::look;
use crate::workflow::{held_up, overtaken, surveying};

/// Check a registry: every file, log and vote on its default branch
///
/// Tells all problems at once, each with its file, its line where a line is to blame, and the mend. Ends with 1 when
/// there are errors; warnings alone are fine.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner check
  karmada-partner check --pull-request 7
  karmada-partner check --base main --head topic --actor alice")]
pub struct Args {
    /// Read everything anew, and remember nothing
    #[arg(long)]
    no_cache: bool,
    /// Judge only what lies between this commit and --head: may --actor make this change? For CI on proposals
    #[arg(long, value_name = "REV", requires = "actor")]
    base: Option<String>,
    /// Where the change leads
    #[arg(long, value_name = "REV", requires = "base", default_value = "HEAD")]
    head: String,
    /// Who makes the change, as a GitHub login
    #[arg(long, value_name = "LOGIN", requires = "base")]
    actor: Option<String>,
    /// GitHub's number of that account: who took over a login of a number that is on record is nobody there
    #[arg(long, value_name = "NUMBER", requires = "actor")]
    actor_id: Option<AccountId>,
    /// Judge a pull request of a registry on GitHub: may its author make this change?
    #[arg(long, value_name = "NUMBER", value_parser = crate::session::numbered, conflicts_with_all = ["base", "head", "actor", "actor_id"])]
    pull_request: Option<Numbered>,
    /// As `links` was called
    #[arg(long, hide = true, conflicts_with_all = ["no_cache", "base", "actor", "pull_request"])]
    links: bool,
    #[arg(long, hide = true, requires = "links", value_parser = super::value::<Shard>)]
    shard: Option<Shard>,
    #[arg(long, hide = true, requires = "links")]
    memory: Option<PathBuf>,
    #[arg(long, hide = true, requires = "links", num_args = 1.., conflicts_with = "shard")]
    merge: Vec<PathBuf>,
    #[arg(long, hide = true, requires = "links")]
    report: Option<PathBuf>,
}

/// Runs it. Gives whether the registry is free of errors, or of dead links.
pub fn run(ctx: &Context, args: Args) -> Result<bool> {
    if args.links {
        let Args { shard, memory, merge, report, .. } = args;
        return links::run(ctx, &links::Args { shard, memory, merge, report });
    }
    let forge = ctx.open()?;
    if let Some(named) = &args.pull_request {
        let number = ctx.pull_number(named)?;
        let people = forge.people().ok_or_else(|| {
            Error::usage(format!("this registry has no pull request {number}"))
                .hint("name one on GitHub with --registry github:OWNER/REPO; or use --base and --actor")
        })?;
        let (head, author, account) = people.pull_request(number)?;
        let snapshot = look(ctx, &*forge)?;
        let authored = Authored { base: &snapshot, head, actor: &author, account, now: ctx.now };
        let mut problems = authorship::problems(&authored)?;
        problems.extend(overtaken::problems(ctx, people.board(), &snapshot, head)?);
        problems.extend(held_up::problems(ctx, &snapshot, head)?);
        return tell(ctx, &problems);
    }
    if let (Some(base), Some(actor)) = (&args.base, &args.actor) {
        let head = forge.repo().resolve(&args.head)?;
        let heads = Heads { main: Some(forge.repo().resolve(base)?), ..forge.heads()? };
        let snapshot = Snapshot::new(forge.repo(), heads, ctx.now)?;
        let authored = Authored { base: &snapshot, head, actor, account: args.actor_id, now: ctx.now };
        let mut problems = authorship::problems(&authored)?;
        problems.extend(held_up::problems(ctx, &snapshot, head)?);
        return tell(ctx, &problems);
    }
    // It is this that tells more.
    ctx.told.policies.set(true);
    let snapshot = look(ctx, &*forge)?;
    let problems = surveying::problems(ctx, &*forge, &snapshot, args.no_cache)?;
    let sound = tell(ctx, &problems)?;
    if snapshot.repo.is_shallow() {
        ctx.ui.warn("the history of this clone is cut off: what was taken off the record isn't found by it");
        ctx.ui.hint("complete it with git fetch --unshallow");
    }
    Ok(sound)
}

fn tell(ctx: &Context, problems: &[Problem]) -> Result<bool> {
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
