//! Does the account exist, and is it more than a mask?

use crate::domain::{Time, text};
use crate::evidence::{Check, Id, Outcome, Subject};

/// A younger account is remarked upon, in days.
const YOUNG: i64 = 90;

pub(super) fn check(subject: &Subject, found: Option<&Account>, now: Time) -> Check {
    let Some(account) = found else {
        let why = tr!("GitHub knows nobody called {login}", login = subject.record.github);
        return Check::new(Id::GitHubAccount, Outcome::Failed(why));
    };
    let age = account.created.map(|created| created.date().days_until(now.date()));
    let outcome = match age {
        Some(days) if days < YOUNG => Outcome::Failed(tr!("it is only 1 day old" | "it is only {n} days old" % days)),
        _ => Outcome::Passed,
    };
    let shown = |text: &Option<String>| text.as_ref().map(|t| text::visible(&text::one_line(t)));
    let organizations: Vec<String> = account.organizations.iter().map(|o| text::visible(o)).collect();
    Check::new(Id::GitHubAccount, outcome)
        .fact("login", text::visible(&account.login))
        .fact("kind", if account.is_person { "person" } else { "organization" })
        .fact("name", shown(&account.name))
        .fact("company", shown(&account.company))
        .fact("created", account.created.map(|t| t.date().to_string()))
        .fact("organizations", organizations)
}

/// What GitHub knows of an account. Text from there is somebody's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub login: String,
    pub is_person: bool,
    pub name: Option<String>,
    /// Where the person says to work.
    pub company: Option<String>,
    pub created: Option<Time>,
    /// The organizations it is publicly a member of.
    pub organizations: Vec<String>,
    /// Whether it is a member of the organization that the policy names; `None` where that can't be seen.
    pub is_member: Option<bool>,
}
