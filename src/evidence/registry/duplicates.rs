//! Does it look like somebody who is there already?

use super::{Check, Id, Outcome, Subject};
use crate::domain::record::likeness::{self, Likeness, Traits};
use crate::domain::{Sha256, Slug, text};

pub(super) fn check(subject: &Subject) -> Check {
    let Some(others) = &subject.others else {
        return Check::unknown(Id::Duplicates, tr!("the registry isn't at hand as a whole"));
    };
    let traits = Traits::of(&subject.record, subject.logo.as_deref().map(Sha256::of));
    let found = likeness::find(&subject.slug, &traits, others.iter().map(|other| &**other));
    let mut alike: Vec<String> = found
        .iter()
        .filter(|(_, likeness)| likeness.is_serious())
        .map(|(other, likeness)| {
            let (name, slug, is_alike) = (text::visible(&other.name), &other.slug, likeness.words());
            tr!("{name} ({slug}) {is_alike}", name, slug, is_alike)
        })
        .collect();
    let near = likeness::similar(&subject.slug, others.iter().map(|o| o.slug.as_str()));
    alike.extend(near.iter().map(|slug| tr!("{slug} is nearly the same in the registry", slug)));
    let by = |which: Likeness| -> Vec<&str> {
        found.iter().filter(|(_, l)| *l == which).map(|(other, _)| Slug::as_str(&other.slug)).collect()
    };
    let outcome = match alike.is_empty() {
        true => Outcome::Passed,
        false => Outcome::Failed(alike.join(tr!("between clauses" => "; "))),
    };
    Check::new(Id::Duplicates, outcome)
        .fact("alike", alike)
        .fact("same_host", by(Likeness::Host))
        .fact("same_contact", by(Likeness::Contact))
        .fact("same_mail_domain", by(Likeness::MailDomain))
        .fact("compared", others.iter().filter(|o| o.slug != subject.slug).count())
}
