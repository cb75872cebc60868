//! Whom one would write to.

mod domain;
pub mod mail;
mod mailbox;

use super::{Check, Id, Outcome, Subject};
use crate::domain::Field;

/// The checks that need no network.
#[must_use]
pub fn checks(subject: &Subject) -> Vec<Check> {
    vec![domain::check(subject), mailbox::check(subject)]
}

/// The domain that somebody registered to have this host: `acme.co.uk` of `www.acme.co.uk`. The host itself where there is
/// none.
#[must_use]
pub fn registrable(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    psl::domain_str(&host).unwrap_or(&host).to_owned()
}

/// What a check says where no mailbox is given.
fn without(subject: &Subject, id: Id) -> Check {
    Check::new(
        id,
        match subject.program.required.contains(&Field::Email) {
            true => Outcome::Failed("no mailbox is given, and the program asks for one".into()),
            false => Outcome::Exempt("no mailbox is given, and the program doesn't ask for one".into()),
        },
    )
}

/// The host of the subject's mailbox, in lower case.
#[must_use]
pub fn mail_host(subject: &Subject) -> Option<String> {
    let mailbox = subject.record.email.as_ref()?.as_str();
    Some(mailbox.rsplit_once('@')?.1.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(email: &str) -> Vec<Outcome> {
        let toml =
            format!("name = \"Acme\"\nwebsite = \"https://www.acme.co.uk/karmada\"\ngithub = \"acme-bot\"\n{email}\n");
        checks(&super::super::tests::subject(&toml)).into_iter().map(|c| c.outcome).collect()
    }

    #[test]
    fn mailboxes_are_held_to_the_sites_domain() {
        let failed = |why: &str| Outcome::Failed(why.into());
        let passed = Outcome::Passed;
        assert_eq!(outcomes("email = \"karmada@mail.acme.co.uk\""), [passed.clone(), passed.clone()]);
        assert_eq!(
            outcomes("email = \"support@other.co.uk\""),
            [failed("the mailbox is at other.co.uk, the site at acme.co.uk"), passed]
        );
        assert_eq!(
            outcomes("email = \"jane.doe@gmail.com\""),
            [
                failed("the mailbox is at gmail.com, the site at acme.co.uk"),
                failed("it looks like one person's own mailbox")
            ]
        );
        assert!(outcomes("").iter().all(|o| matches!(o, Outcome::Exempt(_))));
    }
}
