//! Is the mailbox at the domain of the site?

use super::mail_host::{mail_host, without};
use super::{Check, Id, Outcome, Subject};
use crate::domain::names::registrable;

pub(super) fn check(subject: &Subject) -> Check {
    let Some(host) = mail_host(subject) else { return without(subject, Id::ContactDomain) };
    let (mailbox, site) = (registrable(&host), registrable(&subject.record.website.host()));
    let outcome = match mailbox == site {
        true => Outcome::Passed,
        false => Outcome::Failed(tr!("the mailbox is at {mailbox}, the site at {site}", mailbox, site)),
    };
    Check::new(Id::ContactDomain, outcome).fact("mailbox", mailbox).fact("site", site)
}
