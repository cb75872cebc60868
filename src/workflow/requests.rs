//! Asking for other facts of a partner: the voice that opens a round, or says what it is about now.

use crate::domain::log::event::Said;
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::vote_path;
use crate::domain::{Facts, Kind, Line, Login, Program, Slug, Subject, Vote};
use crate::error::Result;
use crate::forge::Forge;
use crate::registry::{Partner, Proposal, Snapshot};
use crate::session::Context;
use crate::workflow::deciding;

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub slug: &'a Slug,
    /// As it stands on the default branch, or as it is proposed already.
    pub partner: &'a Partner,
    /// The proposal that is gone on with.
    pub open: Option<&'a Proposal>,
    pub actor: &'a Login,
    pub program: &'a Program,
    pub facts: Facts,
    pub note: Option<&'a Line>,
}

/// A request, and where it is to stand.
#[derive(Debug)]
pub struct Asked {
    pub vote: Vote,
    pub path: String,
}

/// Writes the request for an update, which an event of this kind would carry out.
///
/// # Errors
/// When there is no room for it, or it can't be signed.
pub fn update(ctx: &Context, forge: &dyn Forge, snapshot: &Snapshot<'_>, kind: Kind, it: Request<'_>) -> Result<Asked> {
    let Request { slug, partner, open, actor, program, facts, note } = it;
    partner.life.room_for(slug, kind)?;
    let round = match open {
        Some(open) => open.round,
        None => snapshot.next_round(partner)?,
    };
    let said = Said {
        registry: snapshot.registry()?,
        partner: slug,
        round,
        subject: Subject::Update,
        actor,
        time: ctx.time_after(open.and_then(|p| p.last_time(actor)).max(partner.life.last_time()))?,
        policy: program.hash,
        facts,
        log: None,
    };
    let mut request = Vote { note: note.cloned(), ..Vote::new(Ballot::Request, said) };
    ctx.sign_vote(forge, program, &mut request)?;
    let earlier = open.map(|p| p.votes.as_slice()).unwrap_or_default();
    let path = vote_path(slug, round, &deciding::next_vote(ctx, forge.repo(), program, earlier, actor)?);
    Ok(Asked { vote: request, path })
}
