//! Pull requests that have the name of a proposal and propose nothing any more: anybody may open one about any partner, and not
//! each was decided or taken back.

use super::CloneForge;
use crate::domain::Slug;
use crate::error::{Kind, Result};
use crate::forge::board::NoProposal;
use crate::forge::github::objects::oid;
use crate::forge::github::partner_query::{Person, Pull};
use crate::registry::Snapshot;
use crate::registry::authorship::Authored;
use crate::registry::withdrawal::{self, Brings};

impl CloneForge {
    /// Why a pull request proposes nothing, though something of its partner's is on record; `None` where it was decided.
    pub(super) fn why_over(&self, pull: &Pull, slug: &Slug, base: &Snapshot<'_>) -> Result<Option<NoProposal>> {
        let landed = base.landed(slug)?.life.log;
        let mut decisions = landed.iter().map(|l| &l.event).filter(|event| event.kind.decides());
        if decisions.any(|event| event.link.as_ref().is_some_and(|link| link.as_str() == pull.url)) {
            return Ok(None);
        }
        let nothing = || NoProposal::Unfit("it proposes nothing".to_owned());
        let Some(author) = pull.by().or_else(|| pull.bot()) else { return Ok(Some(nothing())) };
        let account = pull.author.as_ref().and_then(Person::id);
        let head = oid(&pull.head_ref_oid)?;
        let brings = match withdrawal::takes_back(base, head, slug) {
            Ok(false) => return Ok(Some(nothing())),
            // Whether something comes along is told on pull requests alone, and anybody can have a hundred commits judged.
            Ok(true) if !self.tells() => Ok(Brings::Withdrawal),
            Ok(true) => {
                let now = self.client.now();
                withdrawal::brings(&Authored { base, head, actor: author.as_str(), account, now }, slug)
            }
            Err(e) => Err(e),
        };
        Ok(Some(match brings {
            Ok(Brings::Withdrawal) => NoProposal::TakenBack,
            Ok(Brings::More(why)) => NoProposal::TakenBackWith(why),
            Err(e) if e.kind == Kind::Environment => return Err(e),
            Err(e) => NoProposal::Unfit(e.message),
        }))
    }
}
