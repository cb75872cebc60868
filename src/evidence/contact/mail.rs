//! Does the domain of the mailbox take mail?

use super::mail_host::{mail_host, without};
use super::{Check, Id, Outcome, Subject};

/// The servers that take a domain's mail, or why they couldn't be known.
pub type Servers = Result<Vec<String>, String>;

/// Says it, by what `look_up` finds for the mailbox's host.
pub fn check(subject: &Subject, look_up: impl FnOnce(&str) -> Servers) -> Check {
    let Some(host) = mail_host(subject) else { return without(subject, Id::ContactMail) };
    match look_up(&host) {
        Err(why) => Check::unknown(Id::ContactMail, why),
        // A single dot says so outright (RFC 7505).
        Ok(servers) if servers.iter().all(|server| server.is_empty() || server == ".") => {
            Check::new(Id::ContactMail, Outcome::Failed(tr!("no server takes mail for {host}", host)))
        }
        // Without a record of its own for mail the host itself takes it, if anything does.
        Ok(servers) => {
            let mx = servers != [host];
            Check::new(Id::ContactMail, Outcome::Passed).fact("servers", servers).fact("mx", mx)
        }
    }
}
