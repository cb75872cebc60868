//! Whom one would write to.

mod domain;
pub mod mail;
mod mail_host;
mod mailbox;

use super::{Check, Id, Outcome, Subject};

#[must_use]
pub fn checks(subject: &Subject) -> Vec<Check> {
    vec![domain::check(subject), mailbox::check(subject)]
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
                failed("it looks like a person's own mailbox")
            ]
        );
        assert!(outcomes("").iter().all(|o| matches!(o, Outcome::Exempt(_))));
    }
}
