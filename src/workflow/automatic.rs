//! What a workflow decides: only what the votes carry, where the policy leaves the writing down to it.

use std::collections::BTreeMap;

use super::contested;
use super::counting::carried;
use super::deciding::{Carried, Sitting};
use super::described;
use super::lookup::{look, waiting};
use super::own_issue;
use crate::domain::{Date, Slug, Subject};
use crate::error::{Error, Kind, Result};
use crate::forge::Forge;
use crate::forge::board::{self, Board, Put, READY, REFUSED};
use crate::registry::{Proposal, Snapshot};
use crate::session::Context;

/// What came of it.
#[derive(Debug, Default)]
pub struct Tried {
    /// Whether anything was written: what was read before is then older than the registry may be.
    pub any: bool,
    /// What couldn't be written down, by the address of its pull request, and why.
    pub refused: BTreeMap<String, Error>,
    /// What its author has saved since, by the same: when, and in which issue.
    pub unread: BTreeMap<String, (Date, String)>,
}

/// Decides what waits for no more than that, of all or of one pull request.
///
/// # Errors
/// When the registry can't be read or written to.
pub fn decide(
    ctx: &Context,
    forge: &dyn Forge,
    board: &dyn Board,
    snapshot: &Snapshot<'_>,
    number: Option<u64>,
) -> Result<Tried> {
    let program = snapshot.program()?;
    let actor = ctx.actor(forge, None)?;
    // A person decides with a vote of their own.
    if !actor.is_bot() {
        return Ok(Tried::default());
    }
    let mut tried = Tried::default();
    let posts = board.posts(&program)?;
    for proposal in waiting(ctx, snapshot)?.0 {
        let Some(link) = forge.link(&proposal) else { continue };
        let is_other = number.is_some_and(|number| contested::pull_number(&link) != Some(number));
        if !program.is_left_to_a_workflow(proposal.subject) || is_other {
            continue;
        }
        let (slug, branch, subject) = (&proposal.partner.slug, &proposal.branch, proposal.subject);
        // What stands beside it is read only for what could be decided.
        if carried(&program, &proposal).is_none() || only(ctx, snapshot, slug, subject, branch)?.is_none() {
            continue;
        }
        // As long as no run has read that, nothing is decided of it.
        if let Some((on, issue)) = own_issue::unread(ctx, snapshot, &program, &proposal)? {
            tried.unread.insert(link.as_str().to_owned(), (on, issue.address.as_str().to_owned()));
            continue;
        }
        let post = posts.iter().find(|post| post.url == link.as_str());
        if let Some(post) = post.filter(|post| !post.has_label()) {
            // By its label it is found when it is over, and told, also where this run breaks.
            let wish = board::Wish { label: Some(READY), status: None, comment: None };
            board.put_up(post, &wish, &mut Put::default())?;
        }
        let said = post.and_then(|post| post.own.as_ref());
        let says = |words: &str| said.is_some_and(|own| own.body.contains(words));
        let now = look(ctx, forge)?;
        let sitting = Sitting { ctx, forge, actor: actor.clone(), snapshot: now };
        match sitting.carry_out(&|s| only(ctx, s, slug, subject, branch), &says) {
            Ok(carried) => tried.any |= carried != Carried::Stood,
            // One that can't be decided holds up no other, and is told where its votes are.
            Err(e) if matches!(e.kind, Kind::Refused | Kind::NotAllowed) => {
                tried.any |= !says(REFUSED);
                tried.refused.insert(link.as_str().to_owned(), e);
            }
            Err(e) => return Err(e),
        }
    }
    Ok(tried)
}

/// The proposal on this branch, if it is the only one of its name and the votes carry what can be done with it: which of several is
/// meant, people say.
fn only(ctx: &Context, s: &Snapshot<'_>, slug: &Slug, subject: Subject, branch: &str) -> Result<Option<Proposal>> {
    let mut open = s.open(slug, subject)?;
    open.retain(|p| !p.lapsed);
    if open.len() != 1 || open[0].branch != branch || open[0].subject != subject {
        return Ok(None);
    }
    let (proposal, program) = (open.remove(0), s.program_for(subject)?);
    let Some((wish, _)) = carried(&program, &proposal) else { return Ok(None) };
    Ok(described::hindrance_to(ctx, s, &program, &proposal, wish)?.is_none().then_some(proposal))
}
