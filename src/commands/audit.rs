//! `audit`: prove from the history who decided what.

use serde_json::json;

use super::{look, short};
use crate::context::Context;
use crate::error::Result;
use crate::history::{self, Reach, Scope};
use crate::partner::audit::{Finding, Severity};
use crate::partner::ledger::Ledger;
use crate::partner::text;
use crate::repo::Repo;

/// Prove from the history who decided what: every commit, event, vote and signature
///
/// Goes through the default branch from its first commit on, and holds every step to the rules of the log format. Ends
/// with 1 when a rule is broken. What was verified before on this machine isn't read again, but must still be there.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Begin after this commit, and take it as sound
    #[arg(long, value_name = "REV", conflicts_with_all = ["full", "head"])]
    since: Option<String>,
    /// Begin with the first commit, whatever was verified before
    #[arg(long, conflicts_with = "head")]
    full: bool,
    /// Look only at what stands there now: all that a shallow clone has
    #[arg(long)]
    head: bool,
    /// Don't verify signatures
    #[arg(long)]
    no_signatures: bool,
}

/// Runs it. Gives whether no rule is broken.
pub fn run(ctx: &Context, args: &Args) -> Result<bool> {
    let forge = ctx.open()?;
    let snapshot = look(&*forge)?;
    Repo::read_in_bulk();
    let since = args.since.as_ref().map(|rev| forge.repo().resolve(rev)).transpose()?;
    let scope = Scope { head: snapshot.commit, since, signatures: !args.no_signatures };
    let ui = ctx.ui;
    let (ledger, reach) = history::audit(forge.repo(), scope, Ledger::default(), |commits| {
        let bar = ui.bar("auditing", commits);
        Box::new(move || bar.step())
    })?;
    tell(ctx, scope, &ledger, reach)
}

fn tell(ctx: &Context, scope: Scope, ledger: &Ledger, reach: Reach) -> Result<bool> {
    let (counts, findings) = (&ledger.counts, &ledger.findings);
    let sound = !findings.iter().any(|f| f.severity == Severity::Error);
    if ctx.globals.json {
        ctx.ui.document(&json!({
            "schema": 1, "head": scope.head.to_string(), "commits": counts.commits, "events": counts.events,
            "votes": counts.votes, "grades": counts.grades, "findings": findings,
        }))?;
        return Ok(sound);
    }
    let mut out = format!(
        "Audited {} commits up to {}: {} events, {} votes.\nEvents by their evidence: {} signed, {} attested, {} unsigned.\n",
        counts.commits,
        short(scope.head),
        counts.events,
        counts.votes,
        counts.grades.signed,
        counts.grades.attested,
        counts.grades.unsigned
    );
    out += &findings.iter().map(words).collect::<String>();
    out += if findings.is_empty() { "Nothing was found.\n" } else { "" };
    ctx.ui.data(&out)?;
    if reach == Reach::CutOff {
        ctx.ui.warn("the history of this clone is cut off; complete it with git fetch --unshallow");
    }
    Ok(sound)
}

fn words(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => console::style("error").red().bold(),
        Severity::Warning => console::style("warning").yellow().bold(),
        Severity::Repaired => console::style("repaired").green().bold(),
    };
    let commit = finding.commit.map(|c| format!("{} ", &c.to_string()[..10])).unwrap_or_default();
    let place = finding.path.clone().or(finding.partner.as_ref().map(ToString::to_string));
    let place = place.map(|p| format!("{}: ", text::visible(&p))).unwrap_or_default();
    format!(
        "{commit}{place}{severity}[{}]: {}\n  rule: {}\n  hint: {}\n",
        finding.code,
        text::visible(&finding.message),
        finding.code.text().trim(),
        finding.code.honest()
    )
}
