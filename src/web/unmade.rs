//! Why a connection didn't come about, or broke: in words, and by what those who made it say in types. Their own texts are names
//! that only they know.

use std::error::Error as StdError;
use std::{fmt, io};

use rustls::{AlertDescription as Alert, CertificateError, InvalidMessage, PeerIncompatible};

use crate::domain::text;
use crate::web::certificates;

/// Why; told in what is spoken when it is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    Certificate(CertificateError),
    /// Another protocol answers.
    NoTls,
    /// Only versions of TLS that nobody should use any more.
    OldTls,
    NothingInCommon,
    /// It wants to know by a certificate who asks.
    WhoAsks,
    /// An alert of TLS, by its number.
    RefusesTls(u8),
    /// What comes isn't TLS as it should be.
    BrokenTls,
    /// While the connection was agreed on.
    HungUp,
    /// After that.
    BrokeOff,
    TooSlow,
    ProxyWantsName,
    ProxyRefuses,
    ProxyUnreachable(Box<Self>),
    NoProxy,
    /// The proxy's kind has names looked up on this machine, which knows none.
    NamesHere,
    /// The status of an answer.
    Status(u16),
    /// As it was said, by the system or by a library.
    Said(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Certificate(why) => certificates::untrusted(&certificates::words(why)),
            Self::NoTls => {
                tr!("what answers there doesn't speak TLS: it may be a filter or a proxy, or the port is for http")
                    .to_owned()
            }
            Self::OldTls => tr!("it speaks no version of TLS that is used today (1.2 or 1.3)").to_owned(),
            Self::NothingInCommon => tr!("it knows no encryption that is known here, too").to_owned(),
            Self::WhoAsks => tr!("it wants a certificate of whoever asks").to_owned(),
            Self::RefusesTls(number) => tr!("it refuses the encrypted connection (TLS alert {number})", number),
            Self::BrokenTls => tr!("what it says isn't TLS as it should be").to_owned(),
            Self::HungUp => tr!("it hung up before an encrypted connection was agreed on").to_owned(),
            Self::BrokeOff => tr!("it hung up before all had come").to_owned(),
            Self::TooSlow => tr!("no answer in time").to_owned(),
            Self::ProxyWantsName => tr!("the proxy wants a name and a password (407)").to_owned(),
            Self::ProxyRefuses => tr!("the proxy doesn't let it through").to_owned(),
            Self::ProxyUnreachable(cause) => tr!("the proxy can't be reached: {cause}", cause),
            Self::NoProxy => tr!("the proxy answers with what isn't a proxy's answer").to_owned(),
            Self::NamesHere => tr!(
                "socks5:// has names looked up on this machine, which knows none; socks5h:// leaves them to the proxy"
            )
            .to_owned(),
            Self::Status(status) => tr!("the answer is {status}", status),
            Self::Said(said) => said.clone(),
        })
    }
}

impl Why {
    /// What made a connection fail, as it is told at the bottom: above it stands only who passed it on.
    #[must_use]
    pub fn of(error: &(dyn StdError + 'static)) -> Self {
        // What a proxy answered is told by words alone.
        let of_proxy = causes(error).find_map(|e| Some(e.to_string().strip_prefix("tunnel error: ")?.to_owned()));
        match of_proxy.as_deref() {
            Some("proxy authorization required") => Self::ProxyWantsName,
            Some("unsuccessful") => Self::ProxyRefuses,
            Some("failed to create underlying connection" | "io error establishing tunnel") => {
                Self::ProxyUnreachable(Box::new(Self::at_the_bottom(error)))
            }
            Some(_) => Self::NoProxy,
            None => Self::at_the_bottom(error),
        }
    }

    fn at_the_bottom(error: &(dyn StdError + 'static)) -> Self {
        let (mut is_made, mut last) = (true, error);
        for e in causes(error) {
            if let Some(e) = e.downcast_ref::<rustls::Error>() {
                return Self::of_tls(e);
            }
            if let Some(e) = e.downcast_ref::<reqwest::Error>() {
                if e.is_timeout() {
                    return Self::TooSlow;
                }
                is_made &= !e.is_connect();
            }
            if e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::UnexpectedEof) {
                return if is_made { Self::BrokeOff } else { Self::HungUp };
            }
            last = e;
        }
        let said = last.to_string();
        // A number that only the system knows.
        Self::Said(text::visible(said.split(" (os error").next().unwrap_or_default()))
    }

    fn of_tls(error: &rustls::Error) -> Self {
        use rustls::Error as Tls;
        match error {
            Tls::InvalidCertificate(why) => Self::Certificate(why.clone()),
            Tls::InvalidMessage(
                InvalidMessage::InvalidContentType
                | InvalidMessage::UnknownProtocolVersion
                | InvalidMessage::MessageTooLarge,
            ) => Self::NoTls,
            Tls::AlertReceived(Alert::ProtocolVersion)
            | Tls::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => Self::OldTls,
            Tls::AlertReceived(Alert::InsufficientSecurity) | Tls::PeerIncompatible(_) => Self::NothingInCommon,
            Tls::AlertReceived(Alert::CertificateRequired) => Self::WhoAsks,
            Tls::AlertReceived(alert) => Self::RefusesTls(u8::from(*alert)),
            // These two have words of their own.
            Tls::General(said) => Self::Said(text::visible(said)),
            Tls::Other(of_its_own) => Self::Said(text::visible(&of_its_own.0.to_string())),
            _ => Self::BrokenTls,
        }
    }
}

/// An error, and what it came from, down to the bottom.
pub fn causes<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |e| {
        let e: &'e (dyn StdError + 'static) = *e;
        match e.downcast_ref::<io::Error>() {
            // An IO error doesn't name what it wraps as its source, and TLS reports by way of one.
            Some(e) => e.get_ref().map(|inner| inner as _),
            None => e.source(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the library calls it, no name of its own is told.
    #[test]
    fn what_tls_ends_by_is_told_in_words() {
        let handshake = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        for (error, told) in [
            (rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType), "doesn't speak TLS"),
            (rustls::Error::InvalidMessage(InvalidMessage::MissingData("Hello")), "isn't TLS as it should be"),
            (rustls::Error::AlertReceived(Alert::HandshakeFailure), "refuses the encrypted connection (TLS alert 40)"),
            (rustls::Error::AlertReceived(Alert::ProtocolVersion), "no version of TLS that is used today"),
            (rustls::Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon), "no encryption that is known"),
            (rustls::Error::AlertReceived(Alert::CertificateRequired), "a certificate of whoever asks"),
            (rustls::Error::InvalidCertificate(CertificateError::Expired), "it has expired"),
            (rustls::Error::General("words".into()), "words"),
        ] {
            let named = error.to_string();
            let words = Why::of(&handshake(error)).to_string();
            assert!(words.contains(told), "{named}: {words}");
        }
    }

    #[test]
    fn what_the_system_says_comes_without_its_number() {
        assert_eq!(Why::of(&io::Error::from_raw_os_error(2)), Why::Said("No such file or directory".into()));
        let eof = io::Error::new(io::ErrorKind::UnexpectedEof, "peer closed connection");
        assert_eq!(Why::of(&eof), Why::BrokeOff);
    }
}
