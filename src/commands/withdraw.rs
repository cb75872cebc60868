//! `withdraw`: the applicant takes a proposal back.

use serde_json::json;

use crate::domain::log::lifecycle::Step;
use crate::domain::log::words::happening;
use crate::domain::program::admission::{Entry, admit};
use crate::domain::{Kind, Line, Slug, Subject, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::{Forge, ReadingAhead, Waiting};
use crate::registry::{Proposal, Snapshot};
use crate::session::publish::{self, Plan, Shown};
use crate::session::{Context, identity};
use crate::workflow::contested::{Choosing, Which};
use crate::workflow::described;
use crate::workflow::landing;
use crate::workflow::lapsed::refuse_lapsed;
use crate::workflow::lookup::{in_sandbox, look, meant};
use crate::workflow::own_issue;
use crate::workflow::upkeep::written_down;
use crate::workflow::words::short;

/// Take back an application, or a proposed update or exit
///
/// The log says that it was made and withdrawn. Facts and logo of an application don't reach the default branch.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner withdraw globex
  karmada-partner withdraw globex --proposal exit --reason \"we stay\"")]
pub struct Args {
    /// The partner's short name, as list shows it; or program, for the policy
    #[arg(value_parser = super::about)]
    slug: Slug,
    /// Why, for everybody to read
    #[arg(long, alias = "note", value_name = "TEXT", value_parser = super::said)]
    reason: Option<Line>,
    /// Which proposal, if several are open
    #[arg(long, value_name = "WHICH", value_parser = super::value::<Subject>)]
    proposal: Option<Subject>,
    #[command(flatten)]
    which: Which,
}

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    let forge = if args.slug.is_program() { ctx.open()? } else { ctx.open_near()? };
    // Where GitHub has to know who acts, better it says so before anything is typed.
    forge.account()?;
    let slug = &args.slug;
    let ahead = forge.reading_ahead();
    if let Some(ahead) = ahead {
        ahead.expect(slug, None);
    }
    let mut seen = look(ctx, &*forge)?;
    if let Some(waiting) = ahead.and_then(ReadingAhead::taken_back) {
        return already(ctx, slug, &waiting);
    }
    let choosing = Choosing::new(ctx, &*forge, &args.which);
    let role = in_sandbox(ctx, &seen, slug);
    let actor = ctx.acting(&*forge, role.as_ref(), &[])?;
    let found = choosing.find_own(&seen, slug, &actor);
    if !matches!(&found, Ok((_, own)) if !own.is_empty()) {
        own_issue::refuse_set_aside(ctx, &seen, slug, |issue| {
            tr!("its author takes it back by closing the issue: {issue}", issue)
        })?;
    }
    let own = meant(slug, found?.1, args.proposal).map_err(|e| match e.kind {
        ErrorKind::Usage => ctx.besides_consent(e),
        _ => e,
    })?;
    if let Some((open, issue)) = own.as_ref().and_then(|open| Some((open, own_issue::of(open, &actor)?))) {
        if !own_issue::agreed(ctx, tr!("Close the issue that you applied with?"), issue)? {
            return Ok(());
        }
        let changed = own_issue::close(ctx, issue, &seen.program()?, forge.link(open).as_ref())?;
        return closed(ctx, slug, changed, issue.address.as_str());
    }
    let outcome = publish::publish(ctx, &*forge, &mut seen, tr!("Withdraw it?"), |snapshot| {
        let actor = ctx.actor(&*forge, role.as_ref())?;
        let (landed, proposals) = choosing.find_own(snapshot, slug, &actor)?;
        let finding = choosing.finding(snapshot, &landed, &proposals);
        let Some(proposal) = meant(slug, proposals.clone(), args.proposal)? else {
            // A run again after a failure is no error.
            if let Some(last) =
                landed.life.log.last().filter(|l| l.event.kind == Kind::Withdrawn && l.event.actor.is(&actor))
            {
                return Ok(Plan::new(Vec::new(), (last.event.clone(), slug.to_string())));
            }
            return Err(finding.illegal(Kind::Withdrawn, Some(&actor)));
        };
        let program = snapshot.program_for(proposal.subject)?;
        refuse_lapsed(&proposal)?;
        landing::refuse_foreign_votes(snapshot, &proposal)?;
        snapshot.refuse_voted_otherwise(&proposal)?;
        refuse_to_end_others(&*forge, snapshot, &proposal)?;
        let matter = Entry::Event(Kind::Withdrawn, proposal.subject);
        let permit = admit(&program, identity(&*forge, &actor)?, matter, proposal.relation(), proposal.opened(&actor))
            .map_err(|refusal| Error::from(refusal).about(slug))?;
        // What is taken back is what was applied with, whatever somebody put on the branch since.
        let applied = proposal.partner.life.proposed.filter(|_| proposal.subject == Subject::Application);
        let (facts, objects) = applied.unwrap_or((proposal.facts, proposal.objects));
        let step = Step {
            reason: args.reason.clone(),
            ..Step::new(Kind::Withdrawn, proposal.subject, proposal.round, facts, objects)
        };
        let time = ctx.time_after(proposal.partner.life.last_time())?;
        let mut event = proposal.partner.life.record(snapshot.registry()?, slug, permit, time, step)?;
        event.link = forge.link(&proposal);
        ctx.sign_event(&*forge, &program, &mut event)?;
        let change = landing::close(ctx, &*forge, snapshot, &proposal, &event, &actor)?.change;
        let words = written_down(&event, proposal.name());
        let shown = Shown { words, about: described::about(&proposal), wary: false };
        Ok(Plan { changes: vec![change], report: (event, proposal.name().to_owned()), shown: Some(shown) })
    })
    .map_err(|e| own_issue::at_the_issue(e, own.as_ref(), &actor))?;
    let Some(((event, name), published)) = outcome.settled(ctx) else { return Ok(()) };
    let commit = published.commits.last();
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "subject": event.subject, "event": event.kind,
            "changed": commit.is_some(), "commit": commit.map(ToString::to_string),
            "waits": published.waits, "links": published.links,
        }));
    }
    let done = if commit.is_some() { tr!("Recorded") } else { tr!("Nothing to do") };
    let commit = commit.map(|c| tr!("Commit: {commit}", commit = short(*c)) + "\n").unwrap_or_default();
    let links = crate::workflow::words::links(&published);
    ctx.ui.data(
        &(tr!("{done}: {what}.", done, what = text::visible(&happening(&event, &name))) + "\n" + &commit + &links),
    )?;
    if published.waits {
        ctx.ui.say(tr!("A member of the committee merges the pull request, so that the record says so."));
    }
    Ok(())
}

/// Refuses what would end somebody else's application: of one name, one log comes on record.
fn refuse_to_end_others(forge: &dyn Forge, snapshot: &Snapshot<'_>, own: &Proposal) -> Result<()> {
    let Some(other) = snapshot.beside(own)? else { return Ok(()) };
    let refused = Error::refused(tr!(
        "another application for {slug} is open, on {branch}: taking yours back would end that one, too",
        slug = own.partner.slug,
        branch = other.branch
    ));
    Err(match forge.link(own) {
        // Nothing of it is on record.
        Some(pull) => refused.hint(tr!("close {pull}: that ends yours alone", pull)),
        None => refused.hint(tr!("leave yours as it is: it is over once the other one is decided")),
    })
}

/// The application stands in an issue: that was closed, and a workflow takes back what is proposed.
fn closed(ctx: &Context, slug: &Slug, changed: bool, issue: &str) -> Result<()> {
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "subject": Subject::Application, "event": Kind::Withdrawn, "changed": changed,
            "commit": null, "waits": true, "links": [{"what": "issue", "url": issue}],
        }));
    }
    let done = if changed { tr!("Withdrawn") } else { tr!("Nothing to do") };
    ctx.ui.data(&tr!(
        "{done}: {slug}, by closing its issue.\nIssue: {issue}\n",
        done,
        slug,
        issue = text::visible(issue)
    ))?;
    ctx.ui.say(tr!("A workflow takes the proposal back within minutes, and says so there."));
    Ok(())
}

/// It was taken back before, and waits to be put on record.
fn already(ctx: &Context, slug: &Slug, Waiting { url, why_red }: &Waiting) -> Result<()> {
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "partner": slug, "subject": null, "event": Kind::Withdrawn, "changed": false,
            "commit": null, "waits": true, "links": [{"what": "pull request", "url": url}],
        }));
    }
    if let Some(why) = why_red {
        return ctx.ui.data(&tr!(
            "It is taken back, but {url} isn't to be merged as it is: its check says “{why}”. Take what else it brings out of its branch.\n",
            url = text::visible(url),
            why = text::visible(why)
        ));
    }
    ctx.ui
        .data(&tr!("Nothing to do: it is taken back, and on record when {url} is merged.\n", url = text::visible(url)))
}
