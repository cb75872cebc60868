//! Is the contact a member of the project's organization? "Defined by: member of the Karmada GitHub organization."

use super::{Account, Check, Id, Outcome};

pub(super) fn check(found: Option<&Account>) -> Check {
    let outcome = match found {
        None => Outcome::Failed("there is no such account".into()),
        Some(account) if !account.is_person => Outcome::Exempt("an organization can't be a member of another".into()),
        Some(account) => match account.is_member {
            Some(true) => Outcome::Passed,
            Some(false) => Outcome::Failed("it isn't a member".into()),
            None => Outcome::Unknown("it isn't publicly a member, and who isn't one can't see the others".into()),
        },
    };
    Check::new(Id::GitHubMember, outcome)
}
