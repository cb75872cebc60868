//! What the environment says of the way into the network, so that whoever doesn't get through is told where to look.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use hyper_util::client::proxy::matcher::Matcher;

use crate::domain::text;
use crate::error::{Error, Result};

/// The kinds of proxies that can be used, by the schemes of their addresses.
const USABLE: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Variables that are set, with what they say.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// Those that name proxies for https, the one that counts first.
    pub proxies: Vec<(&'static str, String)>,
    /// Those that name certificates to trust: files and directories.
    pub authorities: Vec<(&'static str, PathBuf)>,
}

static WAYS: OnceLock<Ways> = OnceLock::new();

/// Says what the environment has, once.
pub fn are(ways: Ways) {
    let _ = WAYS.set(ways);
}

fn known() -> &'static Ways {
    WAYS.get_or_init(Ways::default)
}

/// Refuses a proxy of a kind that can't be used: it would be passed over, and everybody else asked directly.
///
/// # Errors
/// When the variable that counts names one.
pub fn refuse_unusable() -> Result<()> {
    let Some((variable, address)) = known().proxies.first() else { return Ok(()) };
    let scheme = address.split_once("://").map_or("http", |(scheme, _)| scheme).to_ascii_lowercase();
    if USABLE.contains(&scheme.as_str()) {
        return Ok(());
    }
    let error =
        Error::usage(format!("{variable} names a proxy of a kind that can't be used: {}", text::quote(&scheme)));
    Err(error.hint(match scheme.starts_with("socks") {
        true => "for a SOCKS proxy write socks5h://HOST:PORT",
        false => "write http://HOST:PORT or socks5h://HOST:PORT",
    }))
}

/// Where to look when a connection to an address didn't come about.
#[must_use]
pub fn hints(error: &(dyn StdError + 'static), address: &str) -> Vec<String> {
    let ways = known();
    if vouched_for_by_nobody(error) {
        return unvouched();
    }
    let proxy = |(variable, address): &(&str, String)| {
        // An address may carry a password.
        let shown = address.rsplit_once('@').map_or(address.as_str(), |(_, host)| host);
        format!("the way there is by the proxy that {variable} names, {}: check that it runs", text::quote(shown))
    };
    let by_proxy = address.parse().is_ok_and(|uri| Matcher::from_system().intercept(&uri).is_some());
    ways.proxies.first().filter(|_| by_proxy).map(proxy).into_iter().collect()
}

/// Where to look when nobody known vouches for a server.
#[must_use]
pub fn unvouched() -> Vec<String> {
    let of_variable = |(variable, path): &(&str, PathBuf)| match std::fs::metadata(path) {
        Err(_) => format!("{variable} names {}, which can't be read", path.display()),
        Ok(_) => format!("{variable} names {}, and nothing in it vouches for that server", path.display()),
    };
    let otherwise = "behind a company's own authority, name the file with its certificates in SSL_CERT_FILE";
    known().authorities.iter().map(of_variable).chain([otherwise.to_owned()]).collect()
}

/// Whether a certificate was shown that no known authority has issued.
fn vouched_for_by_nobody(error: &(dyn StdError + 'static)) -> bool {
    use rustls::CertificateError::UnknownIssuer;
    let mut next = Some(error);
    while let Some(e) = next {
        if let Some(rustls::Error::InvalidCertificate(UnknownIssuer)) = e.downcast_ref() {
            return true;
        }
        // An IO error doesn't name what it wraps as its source.
        next = match e.downcast_ref::<io::Error>() {
            Some(e) => e.get_ref().map(|inner| inner as _),
            None => e.source(),
        };
    }
    false
}
