//! What the registry itself knows.

pub mod changes;
mod duplicates;
mod history;
mod stake;

use super::registry::changes::Since;
use super::{Check, Id, Outcome, Subject};

#[must_use]
pub fn checks(subject: &Subject, since: &Since) -> Vec<Check> {
    vec![duplicates::check(subject), history::check(subject), changes::check(since), stake::check(subject)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Sha256;
    use crate::domain::record::likeness::{Known, Traits};

    #[test]
    fn likenesses_stakes_and_changes_are_told() {
        let toml = "name = \"Acme\"\nwebsite = \"https://acme.example/a\"\ngithub = \"jane\"\n";
        let mut subject = super::super::tests::subject(toml);
        let known = |slug: &str, name: &str| {
            let record = super::super::tests::subject(&toml.replace("Acme", name)).record;
            let traits = Traits::of(&record, Some(Sha256::of(b"x")));
            std::sync::Arc::new(Known { slug: slug.parse().unwrap(), name: name.to_owned().into(), traits })
        };
        subject.others = Some(vec![known("globex", "Globex"), known("acme-inc", "ACME, Inc.")]);
        let website = (crate::domain::Field::Website, Some("b".to_owned()), None);
        let checks = checks(&subject, &Since::Differs("Changed since alice voted".to_owned(), vec![website]));
        let why = |n: usize| checks[n].outcome.why().unwrap_or_default();
        assert_eq!(why(0), "ACME, Inc. (acme-inc) has the same name");
        assert_eq!(checks[0].facts["same_host"], serde_json::json!(["globex"]));
        assert_eq!(checks[1].outcome, Outcome::Passed);
        assert_eq!(why(2), "Changed since alice voted: website");
        assert_eq!(why(3), "bob (Acme Ltd) works for it or is its contact, and will be recused");
        assert_eq!(changes::check(&Since::Nothing).outcome, Outcome::Passed);
        assert!(matches!(changes::check(&Since::Gone("Changed".into())).outcome, Outcome::Unknown(_)));
        subject.others = None;
        assert!(matches!(duplicates::check(&subject).outcome, Outcome::Unknown(_)));
    }
}
