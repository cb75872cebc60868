//! Who may do what, judged by the policy.

use super::permit::Permit;
use super::{Member, Program};
use crate::domain::log::kinds::Subject;
use crate::domain::log::lifecycle::Life;
use crate::domain::record::Record;
use crate::domain::values::Login;

/// What somebody wants to do. Who may is decided by [`authorize`] alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent<'a> {
    Apply,
    /// Change an application before it is decided, or ask for a change of an active partner's facts.
    Change(Relation<'a>),
    Withdraw {
        /// Who is tied to the partner.
        relation: Relation<'a>,
        /// Whether it is for the partner's side to take back: not what the committee began.
        theirs: bool,
        /// Whether the actor alone has spoken for it so far.
        own: bool,
    },
    /// Ask that the partner leaves: its contact alone may.
    RequestExit(Relation<'a>),
    Vote,
    /// Write down a decision; whether it is carried is the tally's affair.
    Decide(Subject),
}

/// What ties people to a partner: its record as it stands, and its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation<'a> {
    /// The facts in force, or proposed if none are; the program has none.
    pub record: Option<&'a Record>,
    pub life: &'a Life,
}

impl Relation<'_> {
    /// Whether `login` speaks for the partner: its contact, or who filed its application.
    #[must_use]
    pub(crate) fn speaks_for(&self, login: &Login) -> bool {
        let applied = || self.life.applied.as_ref().and_then(|(_, by)| by.as_ref());
        self.is_contact(login) || applied().is_some_and(|by| by.is(login))
    }

    /// Whether `login` is the partner's contact.
    #[must_use]
    pub(crate) fn is_contact(&self, login: &Login) -> bool {
        self.record.is_some_and(|r| r.github.is(login))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// Why not, in a sentence without its point.
    pub why: String,
    /// Who may, or what to do instead.
    pub hint: String,
}

/// Whether `actor` may do what it intends under `program`.
///
/// # Errors
/// When it may not; says who may.
pub fn authorize(program: &Program, actor: &Login, intent: Intent<'_>) -> Result<Permit, Refusal> {
    let permit = || Permit::new(actor.clone(), program.hash);
    let seat = program.member(actor);
    let votes = seat.is_some_and(Member::votes);
    let allowed = match intent {
        // Anyone may apply; a member may do it for an organization, and the event says who did.
        Intent::Apply => true,
        // The partner's own people, or a member on their behalf.
        Intent::Change(relation) => votes || relation.speaks_for(actor),
        // Who made it; what others have voted on is for the committee to turn down.
        Intent::Withdraw { relation, theirs, own } => own || (theirs && relation.speaks_for(actor)),
        // Only the partner's contact can ask for a voluntary exit.
        Intent::RequestExit(relation) => relation.is_contact(actor),
        // Members vote and decide; emeriti no longer do.
        Intent::Vote | Intent::Decide(_) => votes,
    };
    if allowed {
        return Ok(permit());
    }
    let why = match (intent, seat) {
        (Intent::Vote | Intent::Decide(_), Some(_)) => format!("{actor} is an emeritus member and no longer votes"),
        (Intent::Vote | Intent::Decide(_), None) => format!("{actor} isn't a member of the committee"),
        (Intent::Withdraw { .. }, _) => format!("this proposal isn't {actor}'s to take back"),
        _ => format!("{actor} doesn't speak for this partner"),
    };
    let hint = match intent {
        Intent::Vote | Intent::Decide(_) => {
            let names: Vec<_> = program.voters().map(|m| m.github.as_str()).collect();
            format!("members: {}; say who acts with --as LOGIN", names.join(", "))
        }
        Intent::Withdraw { relation: Relation { record: Some(record), .. }, .. } => format!(
            "its contact, {}, may, and who made it; members can turn it down with karmada-partner reject",
            record.github
        ),
        Intent::Withdraw { .. } => "who made it may; members can turn it down with karmada-partner reject".into(),
        Intent::RequestExit(Relation { record: Some(record), .. })
        | Intent::Change(Relation { record: Some(record), .. }) => {
            format!("its contact is {}; say who acts with --as LOGIN", record.github)
        }
        Intent::RequestExit(_) | Intent::Change(_) => "say who acts with --as LOGIN".into(),
        Intent::Apply => "name who acts with --as LOGIN".into(),
    };
    Err(Refusal { why, hint })
}
