//! Who the contact is on GitHub.

pub mod account;
mod member;

use super::github::account::Account;
use super::{Check, Id, Outcome, Subject};
use crate::domain::Time;

pub const IDS: [Id; 2] = [Id::GitHubAccount, Id::GitHubMember];

/// What came of asking: an account, none of that name, or why it couldn't be known.
pub type Found = Result<Option<Account>, String>;

/// Both checks, by what `look_up` finds for the contact's login. `now` is for its age.
pub fn checks(subject: &Subject, now: Time, look_up: impl FnOnce(&str) -> Found) -> Vec<Check> {
    match look_up(subject.record.github.as_str()) {
        Err(why) if subject.program.github.members_of.is_none() => {
            vec![Check::unknown(Id::GitHubAccount, why), member::not_asked()]
        }
        Err(why) => IDS.iter().map(|id| Check::unknown(*id, why.as_str())).collect(),
        Ok(found) => vec![account::check(subject, found.as_ref(), now), member::check(subject, found.as_ref())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(found: &Found) -> Vec<Outcome> {
        outcomes_where(true, found)
    }

    fn outcomes_where(asked: bool, found: &Found) -> Vec<Outcome> {
        let mut subject =
            super::super::tests::subject("name = \"Acme\"\nwebsite = \"https://acme.example\"\ngithub = \"jane\"\n");
        subject.program.github.members_of = asked.then(|| "karmada-io".parse().unwrap());
        let now = Time::from_unix(1_790_000_000);
        checks(&subject, now, |login| {
            assert_eq!(login, "jane");
            found.clone()
        })
        .into_iter()
        .map(|c| c.outcome)
        .collect()
    }

    #[test]
    fn accounts_are_judged_by_what_github_knows() {
        let jane = Account {
            login: "Jane".into(),
            is_person: true,
            name: None,
            company: Some("@acme".into()),
            created: Some(Time::from_unix(1_600_000_000)),
            organizations: vec!["cncf".into()],
            is_member: Some(true),
        };
        assert_eq!(outcomes(&Ok(Some(jane.clone()))), [Outcome::Passed, Outcome::Passed]);
        let new = Account { created: Some(Time::from_unix(1_789_000_000)), is_member: Some(false), ..jane.clone() };
        let outcome = outcomes(&Ok(Some(new)));
        assert!(matches!(&outcome[0], Outcome::Failed(why) if why == "it is only 11 days old"), "{outcome:?}");
        assert!(matches!(&outcome[1], Outcome::Failed(_)));
        let exempt = &outcomes_where(false, &Ok(Some(jane.clone())))[1];
        assert_eq!(*exempt, Outcome::Exempt("the program doesn't ask for it".into()));
        let unseen = Account { is_member: None, ..jane.clone() };
        assert!(matches!(outcomes(&Ok(Some(unseen)))[1], Outcome::Unknown(_)));
        let organization = Account { is_person: false, is_member: None, ..jane };
        assert!(matches!(&outcomes(&Ok(Some(organization)))[..], [Outcome::Passed, Outcome::Exempt(_)]));
        assert!(matches!(&outcomes(&Ok(None))[..], [Outcome::Failed(_), Outcome::Failed(_)]));
        assert!(outcomes(&Err("no token".into())).iter().all(|o| *o == Outcome::Unknown("no token".into())));
    }
}
