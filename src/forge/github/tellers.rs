//! Whose words on issues and pull requests count as ours. Several tell people of the same: a workflow, an App, a member by hand.
//! All of them keep one comment, the oldest that counts; who may not change it says nothing beside it.

use http::StatusCode;
use serde::Deserialize;

use super::fault::{ApiFault, Effect};
use super::partner_query::Person;
use crate::domain::identity::Identity;
use crate::domain::{Program, text};
use crate::error::{Error, Kind};

/// Whether what an account wrote under one of our marks is ours; `viewer` says whether it is the account that acts. Anybody can
/// write such a mark; a bot speaks only where it was let in.
#[must_use]
fn is_ours(author: Option<&Person>, viewer: bool, program: &Program) -> bool {
    let bot = author.is_some_and(Person::is_bot);
    let by_member = || {
        let login = author.and_then(Person::account);
        login.is_some_and(|login| program.may_vote(Identity { login: &login, id: author.and_then(Person::id) }))
    };
    viewer || bot || by_member()
}

/// By whom something was written, as GitHub tells whoever acts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct By {
    #[serde(default)]
    viewer_did_author: bool,
    #[serde(default)]
    viewer_can_update: bool,
    #[serde(default)]
    pub author: Option<Person>,
}

impl By {
    /// Whether it is one of ours, if it has one of our marks.
    #[must_use]
    pub fn is_ours(&self, program: &Program) -> bool {
        is_ours(self.author.as_ref(), self.viewer_did_author, program)
    }

    /// Who keeps it, where the account that acts may not change it.
    #[must_use]
    pub fn keeper(&self) -> Option<String> {
        let refused = !self.viewer_did_author && !self.viewer_can_update;
        self.author.as_ref().filter(|_| refused).map(Person::shown)
    }

    /// Whether a workflow or an App keeps it, and another account acts.
    #[must_use]
    pub fn is_of_another_bot(&self) -> bool {
        !self.viewer_did_author && self.author.as_ref().is_some_and(Person::is_bot)
    }
}

/// What a comment says that isn't the one, and leads there.
#[must_use]
pub fn elsewhere(url: &str) -> String {
    tr!("What becomes of this is told in one comment: {url}", url)
}

/// Why another comment of ours goes on to say what it said.
pub fn stays_beside(who: &str, url: &str) -> ApiFault {
    let (who, url) = (text::visible(who), text::visible(url));
    let words = tr!("another comment stands at {url}; it is {who}'s, and this account may not change it", url, who);
    let error = Error::new(Kind::NotAllowed, words)
        .hint(tr!("whoever wrote it can delete it, and so can who may write to the repository"));
    ApiFault::new(Effect::Refused(StatusCode::FORBIDDEN), error)
}

/// Why nothing is said where nobody can tell whether we said it already: it would be said again each time.
pub fn drowned(most: usize) -> ApiFault {
    let words =
        tr!("nothing is said there: more than {most} comments stand there, and none of ours among the first", most);
    let error = Error::new(Kind::NotAllowed, words)
        .hint(tr!("whoever may write to the repository can hide or delete what doesn't belong there"));
    ApiFault::new(Effect::Refused(StatusCode::FORBIDDEN), error)
}

/// Why nothing is said where another of us has the comment, and keeps it.
pub fn may_not_change(who: &str) -> ApiFault {
    let who = text::visible(who);
    let error =
        Error::new(Kind::NotAllowed, tr!("the comment there is {who}'s, and this account may not change it", who))
            .hint(tr!("who may write to the repository can, and so can its workflow"));
    ApiFault::new(Effect::Refused(StatusCode::FORBIDDEN), error)
}
