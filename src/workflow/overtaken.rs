//! Decisions that wait to be merged, and what became of their proposals meanwhile: they take effect when they are merged, and
//! nobody may be bound by what isn't so any more.

use super::contested;
use super::counting::{Wish, carried};
use super::described;
use crate::domain::check::Problem;
use crate::domain::paths::{Place, place_of};
use crate::domain::{Event, Kind, Subject, text};
use crate::error::Result;
use crate::forge::board::{Board, NoProposal};
use crate::git::Oid;
use crate::registry::Snapshot;
use crate::session::Context;

const HINT: &str = "close it; what the votes carry then is decided anew";

/// Why what this commit decides isn't to be merged any more, of each decision. Where its proposal can't be seen, nobody can tell.
pub fn problems(ctx: &Context, board: &dyn Board, on: &Snapshot<'_>, head: Oid) -> Result<Vec<Problem>> {
    let tree = on.repo.commit_itself(head)?.tree;
    let (mut found, gone) = (Vec::new(), ctx.gone(on)?.events);
    for path in on.repo.differing(Some(on.tree), Some(tree))? {
        let Some((_, Place::Event(_))) = place_of(&path) else { continue };
        let Some(entry) = on.repo.at_path(tree, &path)? else { continue };
        // What was on record before comes back as it was, whatever is open under its name since.
        if gone.iter().any(|lost| lost.path == path && lost.was == entry.oid) {
            continue;
        }
        let Ok(event) = Event::parse(&on.repo.blob(entry.oid)?) else { continue };
        if event.kind.is_committees()
            && event.subject != Subject::Upkeep
            && let Some(why) = why(ctx, board, on, &event)?
        {
            found.push(Problem::error(path, "overtaken", why, HINT));
        }
    }
    Ok(found)
}

fn why(ctx: &Context, board: &dyn Board, on: &Snapshot<'_>, decision: &Event) -> Result<Option<String>> {
    let mut open = on.open(&decision.partner, decision.subject)?;
    open.retain(|p| p.subject == decision.subject && p.round == decision.round && !p.lapsed);
    if open.is_empty() {
        let number = decision.link.as_ref().and_then(contested::pull_number);
        let is_back = |why| matches!(why, NoProposal::TakenBack | NoProposal::TakenBackWith(_));
        let is_taken_back = number.and_then(|number| board.why_none(number)).is_some_and(is_back);
        return Ok(is_taken_back.then(|| "what it decides on was taken back".to_owned()));
    }
    open.retain(|p| p.facts == decision.facts);
    let program = on.program_for(decision.subject)?;
    let mut why = "what it decides on was changed since".to_owned();
    let wish = if decision.kind == Kind::Rejected { Wish::Deny } else { Wish::Grant };
    for proposal in &open {
        if carried(&program, proposal).is_none_or(|(carried, _)| carried != wish) {
            "the votes don't carry it any more".clone_into(&mut why);
            continue;
        }
        match described::hindrance_to(ctx, on, &program, proposal, wish)? {
            None => return Ok(None),
            Some(e) => why = text::one_line(&e.message),
        }
    }
    Ok(Some(why))
}
