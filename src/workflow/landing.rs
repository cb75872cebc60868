//! What a decision brings to the default branch, and what may not come along: the last commit of a proposal.

use super::lapsed::refuse_lapsed;
use super::own_issue::refuse_taken_back;
use super::vanished::refuse_vanished;
use super::words::short;
use crate::audit::own_commit;
use crate::domain::log::message::{About, Message};
use crate::domain::paths::{evidence_in, fact_paths, is_of, policy_path, root_of};
use crate::domain::{Event, GitId, Kind, Login, Program, Sha256, Subject, text};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::forge::Forge;
use crate::git::{Mode, Oid, Put};
use crate::registry::change::{Change, Target};
use crate::registry::{Proposal, Snapshot, Stands, closed};
use crate::session::Context;

/// Whether the facts that are asked for stand on the default branch, by hand, and not by the log.
pub(super) fn stands_already(snapshot: &Snapshot<'_>, proposal: &Proposal) -> Result<bool> {
    let there = snapshot.partner_in(snapshot.tree, &proposal.partner.slug)?;
    let facts = there.facts(snapshot.repo)?.map(|(facts, _)| facts);
    Ok(facts == Some(proposal.facts) && there.life.landed_facts() != facts)
}

/// What stands on the default branch as somebody's vote, and isn't theirs where it was proposed, would be counted by everybody
/// who reads the history later.
pub fn refuse_foreign_votes(snapshot: &Snapshot<'_>, proposal: &Proposal) -> Result<()> {
    if proposal.stands.is_none() {
        return Ok(());
    }
    let (slug, round) = (&proposal.partner.slug, proposal.round);
    let known = proposal.partner.directory.round(snapshot.repo, round)?;
    let there = snapshot.partner_in(snapshot.tree, slug)?.directory.round(snapshot.repo, round)?;
    let Some(foreign) = there.iter().find(|e| !known.contains(e)) else { return Ok(()) };
    let path = text::visible(&format!("{}/votes/{round}/{}", root_of(slug), foreign.name));
    Err(Error::refused(tr!("{path} was merged with the proposal, and nobody cast it there", path))
        .hint(tr!("take back the whole merge, as with GitHub's Revert, and have it proposed again")))
}

/// The commit that closes a proposal.
#[derive(Debug)]
pub struct Closing {
    pub change: Change,
    /// Why it is a plain commit, where it would merge the proposal if all of that was written by this program.
    pub(super) plain: Option<String>,
    /// How the website's page that comes along differs before it.
    pub(super) page: Vec<String>,
}

/// The commit that brings a proposal's trail to the default branch with its last event, and closes it. Facts come along
/// only when they are accepted, and commits only if this program would have written them.
pub fn close(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    proposal: &Proposal,
    event: &Event,
    actor: &Login,
) -> Result<Closing> {
    let slug = &proposal.partner.slug;
    let root = root_of(slug);
    let directory = &proposal.partner.directory;
    let mut puts = Vec::new();
    if matches!(event.kind, Kind::Approved | Kind::Updated | Kind::Recorded | Kind::Cleared) {
        let (record, logo) = fact_paths(slug);
        let at = |path, oid: Option<Oid>| Some((path, Put::Object(Mode::File, oid?)));
        puts.extend(at(record, directory.record));
        puts.extend(logo.map(|path| match directory.logo {
            Some(oid) => (path, Put::Object(Mode::File, oid)),
            None => (path, Put::Nothing),
        }));
        if slug.is_program() {
            puts.extend(at(policy_path(event.seq), directory.record));
        }
    }
    if proposal.subject == Subject::Application {
        for entry in &directory.log {
            puts.push((format!("{root}/log/{}", entry.name), Put::Object(Mode::File, entry.oid)));
        }
    }
    // Only what is a voice on it lands; whatever else somebody put on the branch stays there.
    let voices: Vec<_> = proposal.votes.iter().filter(|v| v.vote.subject == proposal.subject).collect();
    for entry in directory.round(forge.repo(), proposal.round)? {
        let seen = evidence_in(&entry.name);
        if voices.iter().any(|v| v.file == entry.name || (seen.is_some() && v.vote.evidence == seen)) {
            puts.push((format!("{root}/votes/{}/{}", proposal.round, entry.name), Put::Object(entry.mode, entry.oid)));
        }
    }
    let block = event.to_string();
    puts.push((format!("{root}/log/{:04}", event.seq), Put::Bytes(block.clone().into_bytes())));
    // What stands there already isn't merged once more.
    let may_merge = !event.kind.ends() && proposal.stands.is_none();
    let lands =
        |path: &str, oid| puts.iter().any(|(p, put)| p == path && matches!(put, Put::Object(_, o) if *o == oid));
    let in_force = in_force(proposal);
    let fit = |logo: &[u8], program: &Program| {
        in_force.is_some_and(|stands| stands == Sha256::of(logo)) || ctx.logos.inspect(logo, &program.logo).is_ok()
    };
    let unfit = match may_merge {
        true => own_commit::unfit(snapshot.repo, (snapshot.commit, proposal.head), slug, &lands, &fit)?,
        false => None,
    };
    let merge = may_merge && unfit.is_none();
    if proposal.stands.is_some() && event.kind.ends() {
        // Facts that came to nothing don't stay.
        let (record, logo) = fact_paths(slug);
        let before = proposal.partner.life.landed.map(|(_, objects)| objects);
        let back = |id: Option<GitId>| id.map_or(Put::Nothing, |id| Put::Object(Mode::File, id.into()));
        puts.push((record, back(before.map(|objects| objects.record))));
        puts.extend(logo.map(|path| (path, back(before.and_then(|objects| objects.logo)))));
    }
    // What isn't merged is kept beside.
    let keep_as = (event.kind.ends() || unfit.is_some()).then(|| closed(slug, proposal.round));
    let target = match proposal.stands {
        Some(Stands::Alone) => Target::Direct,
        _ => Target::Landing { branch: proposal.branch.clone(), merge, keep_as },
    };
    let Message { title, notes } = Message::of_event(event, About::named(proposal.name()));
    let change = Change { title, notes, block, puts, target, author: ctx.author(forge, actor)? };
    Ok(Closing {
        change,
        plain: unfit.map(|(commit, why)| tr!("{commit} isn't one of ours: {why}", commit = short(commit), why)),
        page: Vec::new(),
    })
}

/// A decision is about what the log of an application names: a vote on anything else could never be part of one.
pub(super) fn refuse_other_facts(proposal: &Proposal) -> Result<()> {
    if proposal.subject == Subject::Application && proposal.partner.life.named_facts() != Some(proposal.facts) {
        return Err(Error::refused(tr!(
            "the facts on {branch} aren't those that its log names",
            branch = proposal.branch
        ))
        .hint(by_workflows_alone(
            proposal,
            tr!(
                "somebody changed them by hand; own up to it with karmada-partner update {slug}",
                slug = proposal.partner.slug
            ),
        )));
    }
    Ok(())
}

/// What mends a proposal that somebody pushed something to: to what a workflow proposed, its applicant can't push.
fn by_workflows_alone(proposal: &Proposal, otherwise: impl Into<String>) -> String {
    match proposal.form() {
        Some(_) => tr!(
            "only a workflow writes to {branch}: whoever pushed to it by hand takes that off it again",
            branch = proposal.branch
        ),
        None => otherwise.into(),
    }
}

/// Whether what keeps a proposal from being decided, `why`, was pushed to what a workflow proposed, by others than its applicant.
pub fn is_pushed_by_others(snapshot: &Snapshot<'_>, proposal: &Proposal, why: &Error) -> Result<bool> {
    if proposal.form().is_none() || ![snapshot.commit, proposal.head].iter().all(|at| snapshot.repo.has_commit(*at)) {
        return Ok(false);
    }
    let judged = refuse_other_facts(proposal).and_then(|()| refuse_strays(snapshot, proposal));
    match judged {
        Err(e) if e.kind == ErrorKind::Refused => Ok(e.message == why.message),
        fit => fit.map(|()| false),
    }
}

/// Refuses to decide what can't land so, whatever the votes say; `grants` tells whether it is to be granted.
pub fn refuse_unfit(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    proposal: &Proposal,
    grants: bool,
) -> Result<()> {
    refuse_lapsed(proposal)?;
    refuse_foreign_votes(snapshot, proposal)?;
    snapshot.refuse_voted_otherwise(proposal)?;
    snapshot.refuse_beside_an_undecided_exit(proposal)?;
    refuse_other_facts(proposal)?;
    refuse_vanished(ctx, snapshot, program, proposal)?;
    if grants {
        refuse_taken_back(snapshot, program, proposal)?;
    }
    // An exit brings no facts.
    if grants && proposal.subject != Subject::Exit { fit_to_land(ctx, snapshot, program, proposal) } else { Ok(()) }
}

/// A proposal may bring nothing but its own directory, and its logo must be fit, whoever wrote its branch and how.
fn fit_to_land(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, proposal: &Proposal) -> Result<()> {
    let repo = snapshot.repo;
    refuse_strays(snapshot, proposal)?;
    if proposal.subject == Subject::Policy {
        return Ok(());
    }
    if proposal.facts.logo.is_none()
        && let Some((record, before)) = proposal.record().zip(proposal.in_force())
    {
        return match record.is_cleared(before) {
            true => Ok(()),
            false => Err(Error::refused(tr!(
                "the proposal {branch} changes more of who left than its mailbox and its logo",
                branch = proposal.branch
            ))
            .hint(tr!("reject it, or have it made again"))),
        };
    }
    // What was accepted stays accepted, whatever the limits are by now.
    if proposal.facts.logo == in_force(proposal) {
        return Ok(());
    }
    let logo = proposal.partner.logo(repo)?.unwrap_or_default();
    ctx.logos.inspect(&logo, &program.logo).map(drop).map_err(|e| {
        Error::refused(tr!("the logo of {slug} can't be accepted: {why}", slug = proposal.partner.slug, why = e.why))
            .hint(e.hint)
    })
}

/// The logo that stands.
fn in_force(proposal: &Proposal) -> Option<Sha256> {
    proposal.partner.life.landed_facts().and_then(|facts| facts.logo)
}

/// Refuses what belongs to no proposal like it.
fn refuse_strays(snapshot: &Snapshot<'_>, proposal: &Proposal) -> Result<()> {
    let repo = snapshot.repo;
    let base = repo.merge_base(snapshot.commit, proposal.head)?.map(|c| repo.commit(c)).transpose()?.map(|c| c.tree);
    let head = repo.commit(proposal.head)?.tree;
    if let Some(stray) = repo.differing(base, Some(head))?.into_iter().find(|p| !is_of(&proposal.partner.slug, p)) {
        return Err(Error::refused(tr!(
            "the proposal {branch} also changes {stray}",
            branch = proposal.branch,
            stray = text::visible(&stray)
        ))
        .hint(by_workflows_alone(
            proposal,
            tr!("a proposal brings only its own directory; reject it, or have it made again"),
        )));
    }
    // What was merged undecided was on record before anybody looked.
    if proposal.subject == Subject::Application
        && let Some(fault) = snapshot.inadmissible(&proposal.partner)?
    {
        let why = fault.words();
        return Err(Error::refused(tr!("the application of {slug} has {why}", slug = proposal.partner.slug, why))
            .hint(tr!(
                "turn it down, and have it made again: karmada-partner reject {slug} --reason TEXT",
                slug = proposal.partner.slug
            )));
    }
    if let Some((strange, why)) = proposal.partner.directory.strange.first() {
        return Err(Error::refused(tr!(
            "the proposal {branch} brings {strange}: {why}",
            branch = proposal.branch,
            strange = text::visible(strange),
            why
        ))
        .hint(by_workflows_alone(proposal, tr!("reject it, or have it made again"))));
    }
    Ok(())
}
