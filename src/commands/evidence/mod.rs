//! `evidence`: what there is to know about an applicant or a partner before somebody judges it.

pub mod gathering;
pub mod lines;
pub mod logo_hashes;

use gathering::Gathering;
use serde_json::Value;

use crate::domain::paths::LARGEST_EVIDENCE;
use crate::domain::{Login, Sha256, Slug, Subject, Vote, json_fault, text};
use crate::error::{Error, Result};
use crate::files;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::contested::{Choosing, Which};
use crate::workflow::lookup::{look, meant, warn_of_record};

/// Gather what there is to know about an applicant or a partner
///
/// Looks at the website, the contact, its GitHub account, the logo and the history, all at once, in at most ten seconds. Each
/// check answers passed, failed, exempt (the program doesn't ask) or unknown; they are told by principle, what failed first. A check informs; people decide: the exit code is 0
/// whatever they say.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner evidence globex
  karmada-partner evidence globex --seen-by alice  # what a member saw")]
pub struct Args {
    /// The partner's short name, as list shows it
    #[arg(value_parser = super::slug)]
    slug: Slug,
    /// What this member saw before voting, as it stands beside the vote, instead of gathering anew
    #[arg(long, value_name = "LOGIN", value_parser = super::value::<Login>)]
    seen_by: Option<Login>,
    /// Which proposal, if several are open
    #[arg(long, value_name = "WHICH", value_parser = super::value::<Subject>)]
    proposal: Option<Subject>,
    #[command(flatten)]
    which: Which,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let (landed, proposals) = Choosing::new(ctx, &*forge, &args.which).find(&snapshot, &args.slug)?;
    if let Some(login) = &args.seen_by {
        return again(ctx, &snapshot, &landed, &proposals, login);
    }
    let proposal = meant(&args.slug, proposals, args.proposal)?;
    // Without one, nothing is left to look into, and that is an error.
    warn_of_record(ctx, &args.slug, proposal.is_some() && landed.has_unreadable_record());
    let document = Gathering::begin(ctx, &snapshot, &landed, proposal.as_ref())?.finish(ctx)?.document;
    if ctx.globals.json { ctx.ui.document(&document) } else { Ok(()) }
}

/// Shows what stands beside the last vote of a member that has such a thing.
fn again(ctx: &Context, snapshot: &Snapshot<'_>, landed: &Partner, open: &[Proposal], login: &Login) -> Result<()> {
    let by_them = |vote: &Vote| vote.actor.is(login) && vote.evidence.is_some();
    let mut rounds: Vec<u32> = landed.life.log.iter().map(|l| l.event.round).collect();
    rounds.dedup();
    let mut votes = Vec::new();
    for round in rounds {
        let cast = landed.directory.votes(snapshot.repo, &landed.slug, round, &by_them)?;
        votes.extend(cast.into_iter().map(|cast| (cast.vote, &landed.directory)));
    }
    for proposal in open {
        let cast = proposal.votes.iter().filter(|cast| by_them(&cast.vote));
        votes.extend(cast.map(|cast| (cast.vote.clone(), &proposal.partner.directory)));
    }
    let slug = &landed.slug;
    let Some((vote, directory)) = votes.into_iter().max_by_key(|(vote, _)| vote.time) else {
        return Err(Error::not_found(format!("no vote of {login} on {slug} has evidence beside it"))
            .hint(format!("who voted how: karmada-partner show {slug}")));
    };
    let Some(bytes) = directory.evidence(snapshot.repo, &vote)? else {
        return Err(Error::not_found(format!("what {login} saw isn't there any more, or isn't what the vote names"))
            .hint("karmada-partner audit tells since when"));
    };
    let Ok(document) = serde_json::from_slice::<Value>(&bytes) else {
        return Err(Error::refused(format!("what {login} saw isn't a document of this program's"))
            .hint("read the file that the vote names in KP-Evidence"));
    };
    if ctx.globals.json {
        return ctx.ui.raw(&String::from_utf8_lossy(&bytes));
    }
    let checks = document["checks"].as_array();
    let mut out = format!("Seen by {} before the vote of {} ({}):\n", vote.actor, vote.time.date(), vote.ballot);
    out += &lines::all(checks.into_iter().flatten(), |check| (check, check["why"].as_str().map(text::visible)));
    ctx.ui.data(&out)
}

/// Reads what `evidence --json` printed, to be kept beside a vote on this proposal.
pub fn read(path: &std::path::Path, proposal: &Proposal) -> Result<Vec<u8>> {
    if proposal.subject == Subject::Policy {
        return Err(
            Error::usage(tr!("--evidence: a policy has nothing that could be looked at")).hint(tr!("leave it out"))
        );
    }
    // Line ends of another system and the like are put right, as below.
    let bytes = files::read(path, 2 * LARGEST_EVIDENCE, "evidence")?;
    let shown = path.display();
    let document: Value = serde_json::from_slice(&bytes).map_err(|e| {
        Error::usage(tr!("{shown} can't be read as evidence: {why}", shown, why = json_fault::told(&e)))
            .hint(tr!("write it with karmada-partner evidence SLUG --json"))
    })?;
    let said = |key: &str| document[key].as_str().unwrap_or_default();
    let slug = &proposal.partner.slug;
    let logo = proposal.facts.logo.map(|hash: Sha256| hash.to_string()).unwrap_or_default();
    if document["schema"] != 1 || said("partner") != slug.as_str() {
        return Err(Error::usage(tr!("{shown} isn't evidence about {slug}", shown, slug))
            .hint(tr!("write it with karmada-partner evidence {slug} --json", slug)));
    }
    if said("record") != proposal.facts.record.to_string() || said("logo") != logo {
        return Err(Error::refused(tr!("{slug} changed since {shown} was written", slug, shown))
            .hint(tr!("gather it again: karmada-partner evidence {slug} --json", slug)));
    }
    // On GitHub it travels as text: it has to be spelled in the one way that comes out of there again.
    let bytes = gathering::bytes_of(&document)?;
    if bytes.len() > LARGEST_EVIDENCE {
        let (bytes, most) = (bytes.len(), LARGEST_EVIDENCE);
        let message = tr!("{shown} is too large to be kept: {bytes} bytes, more than {most}", shown, bytes, most);
        return Err(Error::usage(message).hint(tr!("it is never so large as evidence --json prints it")));
    }
    Ok(bytes)
}
