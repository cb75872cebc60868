//! Why a page couldn't be fetched: always one of these, and whether that says something about the page or only about us.

use std::net::IpAddr;
use std::{fmt, io};

use super::address::Inner;
use crate::domain::text;
use crate::language;
use crate::web::unmade::{self, Why};
use crate::web::{self, certificates};

/// Programs are kept out, or told to come back: that says nothing of the page. What isn't in any standard is said by services
/// that stand before sites.
const KEPT_OUT: [u16; 25] = [
    401, 403, 405, 406, 407, 408, 412, 418, 425, 429, 444, 451, 499, 503, 511, 520, 521, 522, 523, 524, 525, 526, 530,
    567, 999,
];

/// Why there is no page.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// It can't be read as an address.
    NoAddress(String),
    /// Neither `http` nor `https`.
    Scheme(String),
    /// Neither 80 nor 443.
    Port(u16),
    /// It names a user or a password.
    Credentials,
    /// A name that has a meaning only within a network.
    InnerName(String),
    /// The host isn't out on the internet.
    NotPublic {
        /// As the address has it.
        host: String,
        address: IpAddr,
        inner: Inner,
    },
    NoSuchHost(String),
    /// Names couldn't be looked up here.
    Unresolved(String),
    Refused,
    /// No way to the host from here.
    Unreachable(Why),
    Certificate(String),
    TooSlow(u64),
    TooManyRedirects(usize),
    /// A redirect to somewhere that isn't asked.
    Redirect {
        /// Where to, as the server says it.
        to: String,
        why: Box<Self>,
    },
    /// A file that has to come unchanged would come in the clear.
    Unencrypted,
    /// What came isn't HTTP.
    Garbled(Why),
    /// The server answers, and not with the page.
    Status(u16),
    /// The server answers that it doesn't talk to us.
    KeptOut(u16),
    /// The proxy of the environment failed.
    Proxy {
        /// The variable that names it.
        by: Option<&'static str>,
        why: Why,
    },
    /// So it is on a way past the proxy by which others are asked from here.
    PastProxy {
        /// The variable that names it.
        by: &'static str,
        why: Box<Self>,
    },
    /// Something answers, and may be somebody on the way.
    InTheClear,
    /// The fault is on this machine.
    Here(String),
    /// So it is of a page, and nothing else can be reached from here either.
    CutOff(Box<Self>),
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::NoAddress(e) => tr!("it isn't an address: {e}", e),
            Self::Scheme(scheme) => tr!("{scheme} isn't fetched, only http and https", scheme),
            Self::Port(port) => tr!("port {port} isn't asked, only 80 and 443", port),
            Self::Credentials => tr!("a user name or password stands in the address").to_owned(),
            Self::InnerName(host) => tr!("{host} is a name within a network, not on the internet", host),
            Self::NotPublic { host, address, inner } => {
                tr!("{host} is at {address}: {inner}, not on the internet", host, address, inner)
            }
            Self::NoSuchHost(host) => tr!("there is no host {host}", host),
            Self::Unresolved(why) => tr!("the host's name couldn't be looked up: {why}", why),
            Self::Refused => tr!("the host refuses the connection").to_owned(),
            Self::Unreachable(why) => tr!("the host couldn't be reached: {why}", why),
            Self::Certificate(why) => {
                // It is kept as it is in English: who reads it may be somebody else.
                certificates::untrusted(language::chinese(why).unwrap_or(why))
            }
            Self::TooSlow(seconds) => tr!("no answer within {seconds} s", seconds),
            Self::TooManyRedirects(most) => tr!("it redirects more than {most} times", most),
            Self::Redirect { to, why } => tr!("it redirects to {to}: {why}", to, why),
            Self::Unencrypted => tr!("it leads away from https, where anybody on the way could change it").to_owned(),
            Self::Garbled(why) => tr!("the answer can't be read: {why}", why),
            Self::Status(status) => tr!("the server answers {status}", status),
            Self::KeptOut(status) => tr!("the server answers {status}: it may keep programs out", status),
            Self::Proxy { by: Some(variable), why } => tr!("by the proxy that {variable} names: {why}", variable, why),
            Self::Proxy { by: None, why } => tr!("by the proxy that the environment names: {why}", why),
            Self::PastProxy { by, why } => {
                tr!("{why}; the proxy that {variable} names isn't asked for it", variable = by, why)
            }
            Self::InTheClear => tr!("what answers isn't encrypted, and may come from somebody on the way").to_owned(),
            Self::Here(why) => why.clone(),
            Self::CutOff(why) if why.is_unvouched() => web::ways::intercepted(),
            Self::CutOff(why) => {
                tr!("nothing else can be reached from here either, so it may be this machine: {why}", why)
            }
        })
    }
}

impl Failure {
    /// Whether it says something about the page. Otherwise it only couldn't be known from here, now.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Unresolved(_)
            | Self::Unreachable(_)
            | Self::TooSlow(_)
            | Self::Proxy { .. }
            | Self::PastProxy { .. }
            | Self::Here(_)
            | Self::InTheClear
            | Self::CutOff(_)
            | Self::KeptOut(_)
            // Sites that want their cookie back go round without it.
            | Self::TooManyRedirects(_)
            | Self::Garbled(_) => false,
            Self::Redirect { why, .. } => why.is_certain(),
            // By its name it may have been found so only from here, as within an office or a VPN.
            Self::NotPublic { host, .. } => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok(),
            Self::NoAddress(_)
            | Self::Scheme(_)
            | Self::Port(_)
            | Self::Credentials
            | Self::InnerName(_)
            | Self::NoSuchHost(_)
            | Self::Refused
            | Self::Certificate(_)
            | Self::Status(_)
            | Self::Unencrypted => true,
        }
    }

    /// Whether it is what is seen of any page from a machine that is cut off, or behind somebody who answers for all others.
    #[must_use]
    pub fn may_be_ours(&self) -> bool {
        match self {
            // As to the page where a network wants its users to log in.
            Self::Redirect { why, .. } => {
                why.may_be_ours() || matches!(**why, Self::InnerName(_) | Self::NotPublic { .. } | Self::Port(_))
            }
            Self::NoSuchHost(_) | Self::Refused | Self::Certificate(_) => true,
            _ => false,
        }
    }

    /// Whether the way there failed, and not what is there.
    #[must_use]
    pub fn is_on_the_way(&self) -> bool {
        match self {
            Self::Redirect { why, .. } => why.is_on_the_way(),
            _ => matches!(self, Self::Proxy { .. } | Self::PastProxy { .. } | Self::TooSlow(_) | Self::Unreachable(_)),
        }
    }

    /// Whether a certificate was shown that no known authority has issued.
    #[must_use]
    pub fn is_unvouched(&self) -> bool {
        match self {
            Self::Redirect { why, .. } => why.is_unvouched(),
            Self::Certificate(why) => why == certificates::UNVOUCHED,
            _ => false,
        }
    }

    /// The same where others are asked by a proxy, and this one wasn't: a network that has one may let nothing past it.
    pub(super) fn past(self, proxy: Option<&'static str>) -> Self {
        match proxy {
            Some(by) if self == Self::Refused || self.is_unvouched() => Self::PastProxy { by, why: Box::new(self) },
            _ => self,
        }
    }

    /// The same with where a redirect led to, if one did: that it is another host nobody sees otherwise.
    pub(super) fn behind(self, to: Option<&str>) -> Self {
        let is_of_host = matches!(
            self,
            Self::NoSuchHost(_)
                | Self::Unresolved(_)
                | Self::Refused
                | Self::PastProxy { .. }
                | Self::Unreachable(_)
                | Self::Certificate(_)
        );
        match to.filter(|_| is_of_host) {
            Some(to) => self.at(to),
            None => self,
        }
    }

    /// As where a redirect leads.
    pub(super) fn at(self, to: &str) -> Self {
        // What comes behind a question mark is often another each time.
        let shown: String = to.split('?').next().unwrap_or_default().chars().take(200).collect();
        Self::Redirect { to: text::visible(&shown), why: Box::new(self) }
    }

    /// What a server's status means, where it isn't that the page is there.
    #[must_use]
    pub fn of_status(status: u16) -> Option<Self> {
        match status {
            200..300 => None,
            status if KEPT_OUT.contains(&status) => Some(Self::KeptOut(status)),
            status => Some(Self::Status(status)),
        }
    }

    /// What a failed look-up of a name means.
    pub(super) fn of_lookup(host: &str, error: &io::Error, proxy: Option<&'static str>) -> Self {
        let said = error.to_string();
        // The system's resolver tells this apart only by its words: those of glibc and musl. Elsewhere the same words are said
        // without any network.
        let nobody = ["Name or service not known", "Name does not resolve", "No address associated"];
        match (nobody.iter().any(|words| said.contains(words)), proxy) {
            // Where there is a proxy, this machine need know no names, and it isn't asked by http, or for whom it isn't to be.
            (true, Some(variable)) => Self::Unresolved(tr!(
                "there is no host {host} here, and the proxy that {variable} names isn't asked for it",
                host,
                variable
            )),
            (true, None) => Self::NoSuchHost(host.to_owned()),
            (false, _) => Self::Unresolved(web::reason(error)),
        }
    }

    /// What fails for the proxy that the environment names for an address.
    pub(super) fn of_proxy(address: &str, why: Why) -> Self {
        let why = if web::ways::has_names_looked_up_here(address, &why) { Why::NamesHere } else { why };
        Self::Proxy { by: web::ways::variable(address), why }
    }

    /// What a failed request means; `by_proxy` is its address, if a proxy was asked.
    pub(super) fn of_request(error: &reqwest::Error, by_proxy: Option<&str>) -> Self {
        let mut refused = false;
        for e in unmade::causes(error) {
            if let Some(judged) = e.downcast_ref::<Self>() {
                return judged.clone();
            }
            refused |= e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::ConnectionRefused);
        }
        match (Why::of(error), by_proxy) {
            (Why::Certificate(why), _) => Self::Certificate(language::in_english(|| certificates::words(&why))),
            (why, Some(address)) if error.is_connect() => Self::of_proxy(address, why),
            _ if refused => Self::Refused,
            (why, _) if error.is_timeout() || error.is_connect() => Self::Unreachable(why),
            (why, _) => Self::Garbled(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::Failure;
    use crate::language::{Language, in_language};

    /// Behind a proxy a machine need know no names.
    #[test]
    fn a_name_that_is_not_known_here_says_nothing_of_a_page_where_a_proxy_knows_names() {
        let error = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(Failure::of_lookup("x.example", &error, None), Failure::NoSuchHost("x.example".into()));
        let failure = Failure::of_lookup("x.example", &error, Some("HTTPS_PROXY"));
        assert!(!failure.is_certain() && failure.to_string().contains("the proxy that HTTPS_PROXY names"), "{failure}");
    }

    /// What answers by the proxy shows nothing of a way that goes past it.
    #[test]
    fn a_way_past_the_proxy_says_nothing_of_a_page() {
        let unvouched = Failure::Certificate(crate::web::certificates::UNVOUCHED.to_owned());
        for failure in [Failure::Refused, unvouched] {
            assert!(failure.is_certain() && failure.clone().past(None) == failure);
            let past = failure.past(Some("HTTPS_PROXY")).behind(Some("http://acme.example/x?y"));
            assert!(!past.is_certain() && !past.is_unvouched() && !past.may_be_ours(), "{past}");
            assert!(past.to_string().starts_with("it redirects to http://acme.example/x: "), "{past}");
            assert!(past.to_string().ends_with("; the proxy that HTTPS_PROXY names isn't asked for it"), "{past}");
        }
        let gone = Failure::Status(404);
        assert_eq!(gone.clone().past(Some("HTTPS_PROXY")), gone);
    }

    /// The machine's fault is told in the language that is spoken when it is told, down to its cause.
    #[test]
    fn a_machine_that_is_cut_off_is_told_in_what_is_spoken() {
        let failure = Failure::CutOff(Box::new(Failure::NoSuchHost("x.example".into())));
        assert!(!failure.is_certain());
        assert!(failure.to_string().ends_with("so it may be this machine: there is no host x.example"));
        let chinese = in_language(Language::Chinese, || failure.to_string());
        assert_eq!(chinese, "这里别的网站也打不开，可能是这台机器的问题：没有主机 x.example");
    }
}
