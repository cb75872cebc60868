//! Whose words on issues and pull requests count as ours. Several tell people of the same: a workflow, an App, a member by hand.
//! All of them keep one comment, the oldest that counts; who may not change it says nothing beside it.

use http::StatusCode;

use super::fault::{ApiFault, Effect};
use super::partner_query::Person;
use crate::domain::identity::Identity;
use crate::domain::{Program, text};
use crate::error::{Error, Kind};

/// Whether what an account wrote under one of our marks is ours; `viewer` says whether it is the account that acts. Anybody can
/// write such a mark; a bot speaks only where it was let in.
#[must_use]
pub fn is_ours(author: Option<&Person>, viewer: bool, program: &Program) -> bool {
    let bot = author.is_some_and(Person::is_bot);
    let by_member = || {
        let login = author.and_then(Person::account);
        login.is_some_and(|login| program.may_vote(Identity { login: &login, id: author.and_then(Person::id) }))
    };
    viewer || bot || by_member()
}

/// Why nothing is said where another of us has the comment, and keeps it.
pub fn may_not_change(who: &str) -> ApiFault {
    let who = text::visible(who);
    let error =
        Error::new(Kind::NotAllowed, tr!("the comment there is {who}'s, and this account may not change it", who))
            .hint(tr!("who may write to the repository can, and so can its workflow"));
    ApiFault::new(Effect::Refused(StatusCode::FORBIDDEN), error)
}
