//! Is the contact a member of the project's organization? "Defined by: member of the Karmada GitHub organization."

use super::account::Account;
use super::{Check, Id, Outcome, Subject};

pub(super) fn check(subject: &Subject, found: Option<&Account>) -> Check {
    let Some(organization) = &subject.program.github.members_of else { return not_asked() };
    let outcome = match found {
        None => Outcome::Failed(tr!("there is no such account").into()),
        Some(account) if !account.is_person => {
            Outcome::Exempt(tr!("an organization can't be a member of another").into())
        }
        Some(account) => match account.is_member {
            Some(true) => Outcome::Passed,
            Some(false) => Outcome::Failed(tr!("it isn't a member").into()),
            None => Outcome::Unknown(tr!("it isn't publicly a member, and who isn't one can't see the others").into()),
        },
    };
    Check::new(Id::GitHubMember, outcome).fact("of", organization.as_str())
}

/// Where the policy names no organization.
pub(super) fn not_asked() -> Check {
    Check::new(Id::GitHubMember, Outcome::Exempt(tr!("the program doesn't ask for it").into()))
}
