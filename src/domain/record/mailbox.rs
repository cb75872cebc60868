//! Mailboxes: which can exist, which are one person's own, and which nobody reads.

mod roles;

use std::str::FromStr;

use crate::domain::values::Invalid;
use crate::domain::{hosts, text};

/// A mailbox that can exist: `local@host`, ASCII, no comments or quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox(String);

/// Why a mailbox may be none to publish. A guess, to warn by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It looks like one person's own.
    Personal,
    /// It looks like one person's own, with a tag behind a plus.
    Tagged,
    /// By its name nobody reads it.
    Unread,
}

impl Doubt {
    /// What it is like, as a clause behind the mailbox.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Personal => tr!("looks like a person's own mailbox"),
            Self::Tagged => tr!("is a person's own mailbox with a tag behind the +"),
            Self::Unread => tr!("is a mailbox that nobody reads, by its name"),
        }
    }
}

/// Without what words are parted by.
const UNREAD: [&str; 11] = [
    "bounce",
    "bounces",
    "devnull",
    "donotreply",
    "keineantwort",
    "mailerdaemon",
    "nepasrepondre",
    "noresponda",
    "noresponder",
    "nobody",
    "noreply",
];

impl Mailbox {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, in lower case.
    #[must_use]
    pub(crate) fn host(&self) -> String {
        self.parts().1
    }

    /// What stands before and behind the @, in lower case.
    fn parts(&self) -> (String, String) {
        let (local, host) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        (local.to_ascii_lowercase(), host.to_ascii_lowercase())
    }

    /// What mail to it arrives in, in lower case: a tag behind a plus leads nowhere else, nor do dots where a provider passes them over.
    pub(crate) fn delivered(&self) -> String {
        let (local, host) = self.parts();
        let user = local.split('+').next().unwrap_or_default();
        match matches!(host.as_str(), "gmail.com" | "googlemail.com") {
            true => format!("{}@gmail.com", user.replace('.', "")),
            false => format!("{user}@{host}"),
        }
    }

    /// Why it may be none to publish.
    #[must_use]
    pub(crate) fn doubt(&self) -> Option<Doubt> {
        let (local, host) = self.parts();
        let (user, tag) = local.split_once('+').map_or((local.as_str(), None), |(user, tag)| (user, Some(tag)));
        let plain: String = user.chars().filter(|c| !matches!(c, '.' | '-' | '_')).collect();
        if UNREAD.contains(&&*plain) || host == "users.noreply.github.com" {
            return Some(Doubt::Unread);
        }
        match (hosts::is_free_mail(&host) || !roles::is_roles(user, &host), tag) {
            (true, Some(_)) => Some(Doubt::Tagged),
            (true, None) => Some(Doubt::Personal),
            (false, _) => None,
        }
    }

    /// Of several that somebody named, the first of those that are least anybody's own: a role's at their own domain, any other
    /// there, one at a provider where anybody has one. What nobody reads comes last.
    #[must_use]
    pub(crate) fn best_to_publish(several: &[String]) -> Option<&String> {
        let rank = |named: &&String| match Self::mended(named) {
            Ok((mailbox, _)) => match mailbox.doubt() {
                None => 0,
                Some(Doubt::Personal | Doubt::Tagged) => 1 + u8::from(hosts::is_free_mail(&mailbox.host())),
                Some(Doubt::Unread) => 3,
            },
            Err(_) => 4,
        };
        several.iter().min_by_key(rank)
    }

    /// A mailbox as somebody gave it, and what was changed about it: a host in its own letters is written as mail servers do.
    ///
    /// # Errors
    /// When it can't be one.
    pub(crate) fn mended(given: &str) -> Result<(Self, Option<String>), Invalid> {
        let given = given.trim();
        let ascii =
            given.rsplit_once('@').filter(|(_, host)| !host.is_ascii()).and_then(
                |(local, host)| match url::Host::parse(host) {
                    Ok(url::Host::Domain(ascii)) => Some(format!("{local}@{ascii}")),
                    _ => None,
                },
            );
        let Some(ascii) = ascii else { return Ok((given.parse()?, None)) };
        let mailbox: Self = ascii.parse()?;
        let words = tr!("{given} is written as {mailbox}, as mail servers do", given = text::visible(given), mailbox);
        Ok((mailbox, Some(words)))
    }

    /// Whether mail from elsewhere could arrive there.
    ///
    /// # Errors
    /// When its host is known in one network only, or nobody can have registered it.
    pub(crate) fn reachable(self) -> Result<Self, Invalid> {
        let host = self.host();
        let odd = || url::Host::parse(&host).is_err().then(|| tr!("its host isn't a public name").to_owned());
        match hosts::why_not_public(&host).or_else(odd) {
            Some(why) => Err(Invalid::new(why, tr!("give a mailbox that people elsewhere can write to"))),
            None => Ok(self),
        }
    }
}

impl std::fmt::Display for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Mailbox {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl FromStr for Mailbox {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        let s = s.trim();
        let refuse =
            |why: &str| Err(Invalid::new(why, tr!("write a mailbox that exists, such as karmada@example.com")));
        if let Some(why) = text::fault(s) {
            return refuse(&why);
        }
        let Some((local, domain)) = s.rsplit_once('@') else {
            return refuse(if s.is_empty() { tr!("it is empty") } else { tr!("it has no @") });
        };
        if local.contains('@') && local.contains([' ', ',', ';', '/', '、']) {
            return Err(Invalid::new(tr!("it is more than one mailbox"), tr!("give one of them")));
        }
        let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
        if !local.is_ascii() {
            return refuse(tr!("before the @ are letters that many mail servers don't take"));
        }
        if local.is_empty() || local.len() > 64 || !local.split('.').all(|a| !a.is_empty() && a.bytes().all(atom)) {
            return refuse(tr!("what stands before the @ can't be a mailbox"));
        }
        let label = |l: &str| {
            (1..=63).contains(&l.len())
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let top_is_a_word =
            domain.rsplit('.').next().is_some_and(|top| top.len() > 1 && !top.bytes().all(|b| b.is_ascii_digit()));
        if !domain.is_ascii()
            && let Ok(url::Host::Domain(ascii)) = url::Host::parse(domain)
        {
            let why = tr!("its host has letters that mail servers write otherwise");
            return Err(Invalid::new(why, tr!("write it as {local}@{ascii}", local, ascii)));
        }
        if domain.len() > 253 || !domain.contains('.') || !domain.split('.').all(label) || !top_is_a_word {
            return refuse(tr!("what stands behind the @ can't be a mail host"));
        }
        Ok(Self(s.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mailbox_to_publish_is_a_roles_at_its_own_domain() {
        for (several, best) in [
            (&["jane@gmail.com", "karmada@acme.example"][..], "karmada@acme.example"),
            (&["jane@acme.example", "jane@163.com", "info@acme.example"], "info@acme.example"),
            (&["12345@qq.com", "jane@acme.example"], "jane@acme.example"),
            (&["noreply@acme.example", "jane@qq.com"], "jane@qq.com"),
            (&["jane@acme.example", "joe@acme.example"], "jane@acme.example"),
        ] {
            let several: Vec<String> = several.iter().map(|s| (*s).to_owned()).collect();
            assert_eq!(Mailbox::best_to_publish(&several).map(String::as_str), Some(best), "{several:?}");
        }
        assert_eq!(Mailbox::best_to_publish(&[]), None);
    }

    #[test]
    fn several_in_one_answer_are_called_so() {
        let why = |typed: &str| typed.parse::<Mailbox>().unwrap_err().why;
        assert_eq!(why("a@x.example, b@x.example"), "it is more than one mailbox");
        assert_eq!(why("a@@x.example"), "what stands before the @ can't be a mailbox");
    }

    #[test]
    fn whose_mailbox_it_is_shows_in_any_language() {
        let doubt = |mailbox: &str| mailbox.parse::<Mailbox>().unwrap().doubt();
        for role in [
            "vertrieb",
            "kontakt",
            "ventas",
            "contacto",
            "enquiries",
            "inquiries",
            "postmaster",
            "info",
            "info2",
            "pr-01",
            "soporte",
            "lianxi",
            "kefu",
            "toiawase",
            "podderzhka",
            "contato",
            "commercial",
            "assistenza",
            "karmada-support",
            "Sales.EMEA",
            "support+karmada",
        ] {
            assert_eq!(doubt(&format!("{role}@acme.example")), None, "{role}");
        }
        for own in ["jane", "jane.doe", "j.doe", "zhang.wei", "hiroshi", "jane2"] {
            assert_eq!(doubt(&format!("{own}@acme.example")), Some(Doubt::Personal), "{own}");
        }
        assert_eq!(doubt("karmada@gmail.com"), Some(Doubt::Personal));
        assert_eq!(doubt("jane+karmada@acme.example"), Some(Doubt::Tagged));
        for unread in [
            "noreply@acme.example",
            "do.not_reply@acme.example",
            "No-Reply+x@acme.example",
            "1+jane@users.noreply.github.com",
        ] {
            assert_eq!(doubt(unread), Some(Doubt::Unread), "{unread}");
        }
    }

    #[test]
    fn a_host_in_its_own_letters_is_mended() {
        let (mailbox, words) = Mailbox::mended(" karmada@Müller.example").unwrap();
        assert_eq!(mailbox.as_str(), "karmada@xn--mller-kva.example");
        assert!(words.unwrap().contains("as mail servers do"));
        assert_eq!(Mailbox::mended("karmada@acme.example").unwrap().1, None);
        assert!(Mailbox::mended("支持@acme.example").is_err());
        assert!(Mailbox::mended("a@b@müller").is_err());
    }

    #[test]
    fn a_host_that_nobody_has_is_refused_where_it_is_given() {
        let given = |mailbox: &str| mailbox.parse::<Mailbox>().unwrap().reachable();
        for nobodys in ["a@xn--a.acme.example", "a@acme.local", "a@mail.test"] {
            assert!(given(nobodys).is_err(), "{nobodys}");
        }
        assert!(given("a@xn--mller-kva.example").is_ok());
    }
}
