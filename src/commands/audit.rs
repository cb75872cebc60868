//! `audit`: prove from the history who decided what.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::audit::chain::{Reach, Scope};
use crate::audit::checkpoint::Verified;
use crate::audit::finding::{Finding, Rule, Severity};
use crate::audit::ledger::Ledger;
use crate::audit::{self, Audited};
use crate::config::UserDirectory;
use crate::domain::limits;
use crate::domain::log::block::signed_part;
use crate::domain::log::statement::Statement;
use crate::domain::signature::sshsig::NAMESPACE;
use crate::domain::{Program, Sha256, text};
use crate::error::{Error, Result};
use crate::files;
use crate::forge::Forge;
use crate::git::{Oid, Repo, Stored};
use crate::registry::Snapshot;
use crate::session::Context;
use crate::workflow::words::short;

/// Prove from the history who decided what: every commit, event, vote and signature
///
/// Goes through the default branch from its first commit on, and holds every step to the rules of the log format. Ends
/// with 1 when a rule is broken. What was verified before on this machine isn't read again, but must still be there.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "Examples:
  karmada-partner audit
  karmada-partner audit --full --deep  # nothing taken on trust
  karmada-partner audit --write-anchor anchor.txt --as alice  # to publish")]
pub struct Args {
    /// Begin after this commit, and take it as sound
    #[arg(long, alias = "since", value_name = "REV", conflicts_with_all = ["full", "head_only"])]
    after: Option<String>,
    /// Begin with the first commit, whatever was verified before
    #[arg(long, conflicts_with = "head_only")]
    full: bool,
    /// Look only at what stands there now
    #[arg(long, alias = "head", conflicts_with_all = ["deep", "anchor", "write_anchor"])]
    head_only: bool,
    /// Read and hash every object, and tell nothing from messages
    #[arg(long)]
    deep: bool,
    /// Don't verify signatures
    #[arg(long)]
    no_signatures: bool,
    /// Hold the registry to a statement that was published elsewhere
    #[arg(long, value_name = "FILE")]
    anchor: Option<PathBuf>,
    /// Write such a statement, signed if you sign
    #[arg(long, value_name = "FILE")]
    write_anchor: Option<PathBuf>,
}

/// Runs it. Gives whether no rule is broken.
pub fn run(ctx: &Context, args: &Args) -> Result<bool> {
    let forge = ctx.open()?;
    // Not even that there is a policy is taken for granted.
    let snapshot = Snapshot::new(forge.repo(), forge.heads()?, ctx.now)?;
    let repo = forge.repo();
    if !args.deep {
        Repo::read_in_bulk();
    }
    let anchor = args.anchor.as_deref().map(read_statement).transpose()?;
    if repo.is_shallow() && (args.full || args.deep || args.anchor.is_some() || args.write_anchor.is_some()) {
        return Err(Error::refused("the history of this clone is cut off, and it takes the whole")
            .hint("complete it with git fetch --unshallow; without, audit looks at what stands there now"));
    }
    if args.head_only || repo.is_shallow() && args.after.is_none() {
        return head_only(ctx, args, &snapshot);
    }
    let file = kept_in(ctx, repo.path(), &snapshot.heads.branch);
    let read = file.as_deref().map_or(Ok(None), Verified::read);
    let unread = read.as_ref().err().cloned();
    let verified = read.unwrap_or_default();
    let before = verified.as_ref().map(|v| v.head);
    let stated = anchor.as_ref().and_then(|(statement, _)| oid(statement));
    let mut scope = Scope {
        head: snapshot.commit,
        since: args.after.as_ref().map(|rev| repo.resolve(rev)).transpose()?,
        known: BTreeMap::new(),
        seen: before.into_iter().chain(stated.filter(|oid| Some(*oid) != before)).collect(),
        signatures: !args.no_signatures,
        deep: args.deep,
        around: 0,
    };
    let resumes = !args.full && !args.deep && args.after.is_none() && scope.signatures;
    let mut ledger = Ledger::default();
    let stored = repo.stored();
    // What was verified may be lost since.
    let stands = |v: &Verified| repo.has_commit(v.head) && repo.still_reads(&v.stored, &stored, snapshot.tree);
    if let Some(v) = verified.filter(|v| v.current && resumes && stands(v)) {
        scope.since = Some(v.head);
        ledger = audit::take_up(repo, v.head)?;
        (ledger.counts, ledger.findings, scope.known) = (v.counts, v.findings, v.partners);
    } else if let Some(since) = scope.since {
        ledger = audit::take_up(repo, since)?;
    }
    let audit = |scope: &Scope, ledger: Ledger| {
        audit::audit(repo, scope, ledger.read_at(ctx.now), |commits| {
            let bar = ctx.ui.bar("auditing", commits);
            Box::new(move || bar.step())
        })
    };
    let mut outcome = audit(&scope, ledger)?;
    if outcome.reach == Reach::Parted {
        if args.after.is_some() {
            return Err(Error::refused("that commit isn't part of the default branch's history")
                .hint("name one that git log --first-parent shows, or leave --after out"));
        }
        // What was verified is gone: that is told, and everything that is there now is verified.
        (scope.since, scope.known) = (None, BTreeMap::new());
        outcome = audit(&scope, Ledger::default())?;
    }
    for gone in outcome.gone.iter().filter(|gone| Some(**gone) == before) {
        let message = format!("{} was verified before, and isn't part of the history any more", short(*gone));
        outcome.ledger.merged((*gone).into(), Rule::Rewritten, None, &message);
    }
    if let Some((statement, text)) = &anchor {
        hold_to(repo, statement, text, &mut outcome)?;
    }
    refuse_none(&snapshot, &outcome.ledger)?;
    // One document tells how it ended: what can fail comes before.
    let sound = is_sound(&outcome.ledger);
    let statement = args.write_anchor.as_ref().filter(|_| sound);
    let written = statement.map(|path| write_statement(ctx, &*forge, &snapshot, path)).transpose()?;
    tell(ctx, args, snapshot.commit, &outcome)?;
    if let Some(why) = &unread {
        ctx.ui.warn(&format!(
            "{why}: whether what was verified before is still part of the history isn't known this time"
        ));
        ctx.ui
            .hint("hold the registry to a statement that was published elsewhere: karmada-partner audit --anchor FILE");
    }
    let whole = outcome.reach == Reach::Whole && (resumes || args.full || args.deep) && scope.signatures;
    // What is gone stays missed until it is back.
    if whole && outcome.gone.is_empty() && !ctx.globals.dry_run {
        let kept_aside = file.as_deref().filter(|_| unread.is_some()).and_then(put_aside);
        keep(file.as_deref(), &scope, &outcome.ledger, sound, stored);
        if let Some(place) = kept_aside {
            ctx.ui.hint(&format!("what can't be read of the earlier audit lies in {}", place.display()));
        }
    }
    match written {
        Some(how) => ctx.ui.say(&how),
        None if args.write_anchor.is_some() => {
            ctx.ui.warn("no statement is written about a registry that isn't sound");
        }
        None => {}
    }
    Ok(sound)
}

/// Whether no rule is broken.
fn is_sound(ledger: &Ledger) -> bool {
    !ledger.findings.iter().any(|f| f.severity == Severity::Error)
}

/// Where it is kept what was verified of this registry, of each branch that is taken for its default one: in a clone, that is whatever
/// is checked out.
fn kept_in(ctx: &Context, registry: &Path, branch: &str) -> Option<PathBuf> {
    let file = crate::session::remembered(ctx, UserDirectory::State, "audits", registry)?;
    let branch = Sha256::of(branch.as_bytes()).short();
    Some(file.with_extension(format!("{branch}.json")))
}

/// Puts what can't be read where it isn't written over, and gives that place.
fn put_aside(file: &Path) -> Option<PathBuf> {
    let aside = file.with_extension("unread");
    std::fs::rename(file, &aside).is_ok().then_some(aside)
}

/// Keeps where the registry was seen; and what was verified, if it is sound.
fn keep(file: Option<&Path>, scope: &Scope, ledger: &Ledger, sound: bool, stored: Stored) {
    // Without it, the next audit just takes longer.
    if let Some(file) = file {
        // What is dated ahead is so until its time has come.
        let passes = ledger.findings.iter().any(|f| f.code == Rule::DatedAhead);
        match sound && !passes {
            true => Verified::write(file, scope.head, ledger, scope.known.clone(), stored),
            false => Verified::write_seen(file, scope.head),
        }
    }
}

fn oid(statement: &Statement) -> Option<Oid> {
    statement.head.to_string().parse().ok()
}

fn read_statement(path: &Path) -> Result<(Statement, String)> {
    let text = files::text_or_stdin(path, limits::DOCUMENT, "--anchor")?;
    let statement = Statement::parse(text.as_bytes()).map_err(|e| {
        Error::usage(format!("--anchor: {} isn't a statement: {e}", path.display()))
            .hint("name a file that audit --write-anchor has written, unchanged")
    })?;
    Ok((statement, text))
}

/// Holds the registry to a statement that was published elsewhere.
fn hold_to(repo: &Repo, statement: &Statement, text: &str, outcome: &mut Audited) -> Result<()> {
    let mut wrong = Vec::new();
    let head = oid(statement).filter(|oid| repo.has_commit(*oid) && !outcome.gone.contains(oid));
    match head {
        None => wrong.push("the commit that the statement names isn't part of the history".to_owned()),
        Some(head) => {
            let there = audit::summary(repo, head)?;
            if there.registry != Some(statement.registry) {
                wrong.push("the statement is about another registry".to_owned());
            }
            let counted = (there.commits, there.events, there.votes);
            if counted != (statement.commits, statement.events, statement.votes) || there.digest != statement.digest {
                wrong.push("what the statement says of that commit isn't what stands there".to_owned());
            }
            let program = there.program.as_ref();
            let member = program.and_then(|p: &Program| p.member(&statement.actor)).filter(|m| !m.keys.is_empty());
            match (&statement.signature, member) {
                (None, _) => outcome.ledger.remark(Rule::Anchor, "the statement isn't signed"),
                (Some(_), None) => {
                    let message = "the statement isn't signed by anybody whose key the registry knew then";
                    outcome.ledger.remark(Rule::Anchor, message);
                }
                (Some(signature), Some(member)) => {
                    let said = signed_part(text).as_bytes();
                    wrong.extend(signature.verify(said, NAMESPACE, &member.keys).err().map(|fault| fault.to_string()));
                }
            }
        }
    }
    for message in wrong {
        outcome.ledger.merged(statement.head, Rule::Anchor, None, &message);
    }
    Ok(())
}

/// Gives what became of it, in words.
fn write_statement(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>, path: &Path) -> Result<String> {
    let there = audit::summary(snapshot.repo, snapshot.commit)?;
    let actor = ctx.actor(forge, None)?;
    let program = snapshot.program()?;
    ctx.refuse_the_future(|| snapshot.newest())?;
    let mut statement = Statement {
        registry: there.registry.ok_or_else(|| Error::refused("the registry has no founding event"))?,
        head: snapshot.commit.into(),
        commits: there.commits,
        events: there.events,
        votes: there.votes,
        digest: there.digest,
        actor,
        time: ctx.now,
        signature: None,
    };
    if ctx.globals.dry_run {
        return Ok("Dry run: no statement is written.".to_owned());
    }
    ctx.pen.begin();
    ctx.sign_statement(snapshot.repo, &program, &mut statement)?;
    files::publish_at(path, statement.to_string().as_bytes())?;
    let how = if statement.signature.is_some() { "signed" } else { "not signed" };
    Ok(format!("Wrote a statement ({how}) to {}; publish it where this registry can't change it.", path.display()))
}

/// All that a shallow clone has.
fn head_only(ctx: &Context, args: &Args, snapshot: &Snapshot<'_>) -> Result<bool> {
    let ui = ctx.ui;
    let ledger = crate::registry::survey::audit(snapshot, !args.no_signatures, |partners| {
        let bar = ui.bar("auditing", partners);
        Box::new(move || bar.step())
    })?;
    refuse_none(snapshot, &ledger)?;
    let reach = if snapshot.repo.is_shallow() { Reach::CutOff } else { Reach::Whole };
    let sound = is_sound(&ledger);
    tell(ctx, args, snapshot.commit, &Audited { ledger, reach, gone: Vec::new() })?;
    Ok(sound)
}

/// Refuses to call explained what is no registry: nothing was ever on record, and nothing is there that could have been.
fn refuse_none(snapshot: &Snapshot<'_>, ledger: &Ledger) -> Result<()> {
    match ledger.counts.events == 0 && ledger.findings.is_empty() {
        true => snapshot.program_entry().map(drop),
        false => Ok(()),
    }
}

fn tell(ctx: &Context, args: &Args, head: Oid, outcome: &Audited) -> Result<()> {
    let (counts, findings) = (&outcome.ledger.counts, &outcome.ledger.findings);
    let errors = findings.iter().filter(|f| f.severity == Severity::Error).count();
    if ctx.globals.json {
        ctx.ui.document(&json!({
            "schema": 1, "head": head.to_string(), "commits": counts.commits, "events": counts.events,
            "votes": counts.votes, "grades": counts.grades, "signatures_verified": !args.no_signatures,
            "cut_off": outcome.reach == Reach::CutOff, "findings": findings,
        }))?;
        return Ok(());
    }
    let grades = &counts.grades;
    let mut out = format!(
        "Head: {}. Commits: {}. Events: {}. Votes: {}.\nEvents signed: {}; attested by GitHub: {}; unsigned: {}.\n",
        short(head),
        counts.commits,
        counts.events,
        counts.votes,
        grades.signed,
        grades.attested,
        grades.unsigned
    );
    if args.no_signatures {
        out += "Signatures weren't verified.\n";
    }
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    out += &match findings.len() {
        0 => "Nothing was found: every step is explained.\n".to_owned(),
        _ => {
            format!("Errors: {errors}. Warnings: {}. Repaired: {}.\n\n", of(Severity::Warning), of(Severity::Repaired))
        }
    };
    out += &findings.iter().map(words).collect::<Vec<_>>().join("\n");
    ctx.ui.data(&out)?;
    if outcome.reach == Reach::CutOff {
        ctx.ui.warn("the history of this clone is cut off: only what stands there now was audited");
        ctx.ui.hint("complete it with git fetch --unshallow");
    }
    Ok(())
}

/// A finding in words: where, what, which rule, and what could have led to it.
fn words(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => console::style("error").red().bold(),
        Severity::Warning => console::style("warning").yellow().bold(),
        Severity::Repaired => console::style("repaired").green().bold(),
    };
    let place = finding.path.clone().or(finding.partner.as_ref().map(ToString::to_string));
    let place = place.map(|p| format!("{}: ", text::visible(&p))).unwrap_or_default();
    let commit = finding.commit.map(|c| format!("  commit: {c}\n")).unwrap_or_default();
    format!(
        "{place}{severity}[{}]: {}\n{commit}  rule: {}\n  hint: {}\n",
        finding.code,
        text::visible(&finding.message),
        finding.code.text().trim(),
        finding.code.honest()
    )
}
