//! What the environment says of the way into the network, so that whoever doesn't get through is told where to look.

use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hyper_util::client::proxy::matcher::Matcher;

use crate::domain::text;
use crate::error::{Error, Result};
use crate::web::certificates;
use crate::web::unmade::Why;

/// The kinds of proxies that can be used, by the schemes of their addresses.
const USABLE: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Variables that are set, with what they say.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// Those that name proxies for https, the one that counts first.
    pub proxies: Vec<(&'static str, String)>,
    /// Those that name proxies for http, the one that counts first.
    pub plain_proxies: Vec<(&'static str, String)>,
    /// Those that name certificates to trust: files and directories.
    pub authorities: Vec<(&'static str, PathBuf)>,
    /// The same of git's own.
    pub gits_authorities: Vec<(&'static str, PathBuf)>,
    /// Nothing is to be asked by a proxy: among what `NO_PROXY` names is `*`.
    pub direct: bool,
}

static WAYS: OnceLock<Ways> = OnceLock::new();

/// Says what the environment has, once.
pub fn are(ways: Ways) {
    let _ = WAYS.set(ways);
}

fn known() -> &'static Ways {
    WAYS.get_or_init(Ways::default)
}

/// Whether no proxy is to be used: whoever asks by them takes `*` for all names, and not for all addresses that are numbers.
#[must_use]
pub fn are_direct() -> bool {
    known().direct
}

/// The way to each address, as the environment has it.
#[must_use]
pub fn matcher() -> Matcher {
    if are_direct() { Matcher::builder().build() } else { Matcher::from_system() }
}

/// The variable that names the proxy for https, if there is one.
#[must_use]
pub fn proxy() -> Option<&'static str> {
    known().proxies.first().filter(|_| !are_direct()).map(|(variable, _)| *variable)
}

/// The variable that names a proxy for https, where none is for an address of another kind: that is asked past it.
#[must_use]
pub fn unasked(address: &str) -> Option<&'static str> {
    proxy().filter(|_| chosen_by(address).is_empty())
}

/// Whether a way failed since a name isn't known here, which a proxy of this kind is only given the address of.
#[must_use]
pub fn has_names_looked_up_here(address: &str, why: &Why) -> bool {
    let is_of_names = matches!(why, Why::Said(said) if said.contains("failed to lookup address"));
    let kind = chosen_by(address).first().and_then(|(_, proxy)| text::scheme(proxy));
    is_of_names && kind.is_some_and(|kind| ["socks5", "socks4"].iter().any(|known| kind.eq_ignore_ascii_case(known)))
}

/// Refuses a proxy that can't be used: it would be passed over, and everybody asked directly.
///
/// # Errors
/// When the variable that counts names one.
pub fn refuse_unusable() -> Result<()> {
    let first = [&known().proxies, &known().plain_proxies].map(|proxies| proxies.first().filter(|_| !are_direct()));
    first.into_iter().flatten().try_for_each(|(variable, address)| judge(variable, address))
}

fn judge(variable: &str, address: &str) -> Result<()> {
    // Whoever asks by it reads it so: what it makes nothing of, it doesn't use.
    let is_usable = |address: &str| {
        let matcher = Matcher::builder().all(address.to_owned()).no("").build();
        let found = matcher.intercept(&http::Uri::from_static("https://host.example/"));
        // It takes a port that is none for a part of the host's name.
        found.is_some_and(|proxy| {
            let uri = proxy.uri();
            let ends_with_host = |whole: &http::uri::Authority| whole.as_str().ends_with(whole.host());
            uri.authority().is_some_and(ends_with_host) || uri.port_u16().is_some_and(|port| port > 0)
        })
    };
    if is_usable(address) {
        return Ok(());
    }
    let scheme = text::scheme(address).unwrap_or("http").to_ascii_lowercase();
    let error = Error::usage(match is_usable(address.trim()) {
        true => tr!("{variable} names a proxy with a space before or behind it", variable),
        false if USABLE.contains(&scheme.as_str()) => {
            tr!("{variable} names a proxy by what can't be read as its address", variable)
        }
        false => tr!(
            "{variable} names a proxy of a kind that can't be used: {scheme}",
            variable,
            scheme = text::quote(&scheme)
        ),
    });
    // Without a name and a password it could be used; which sign of them it is stays theirs.
    if address.contains('@') && is_usable(&format!("http://{}", text::past_user(address))) {
        return Err(error.hint(spelled()));
    }
    Err(error.hint(match scheme.starts_with("socks") {
        true => tr!("for a SOCKS proxy write socks5h://HOST:PORT"),
        false => tr!("write http://HOST:PORT or socks5h://HOST:PORT"),
    }))
}

/// Another program's words without the passwords in them: those of proxies that the environment names, however they are written,
/// of `more`, and of addresses.
#[must_use]
pub fn without_secrets(words: &str, more: &[&str]) -> String {
    let named = known().proxies.iter().chain(&known().plain_proxies).map(|(_, proxy)| proxy.as_str());
    text::without_secrets(words, named.chain(more.iter().copied()))
}

/// How a proxy's name and password are written into its address.
#[must_use]
pub fn spelled() -> &'static str {
    tr!(
        "in a proxy's name and password signs are written by numbers: # as %23, / as %2F, ? as %3F, @ as %40, a space as %20"
    )
}

/// What to do where a proxy stands in the way.
#[must_use]
pub fn by_it(by: &str) -> String {
    tr!("{by}: check that it runs, and lets you through", by)
}

/// Where certificates are to be had, where there is none to trust.
#[must_use]
pub fn without_authorities() -> Vec<String> {
    let of_variable = |(variable, path): &(&str, PathBuf)| {
        unusable(variable, path).unwrap_or_else(|| {
            tr!("{variable} names {path}, and no certificate is found there", variable, path = path.display())
        })
    };
    let otherwise = tr!("install ca-certificates, or name a file with certificates in SSL_CERT_FILE");
    known().authorities.iter().map(of_variable).chain([otherwise.to_owned()]).collect()
}

/// Why what is to name certificates to trust names none, if that is seen of the file.
fn unusable(variable: &str, path: &Path) -> Option<String> {
    match std::fs::metadata(path) {
        _ if path.as_os_str().is_empty() => Some(tr!("{variable} is set, and names nothing: unset it", variable)),
        Err(_) => Some(tr!("{variable} names {path}, which can't be read", variable, path = path.display())),
        Ok(file) if file.is_file() && !holds_certificates(path) => Some(tr!(
            "{variable} names {path}, in which no certificate stands as text (PEM): openssl x509 -inform DER -in FILE makes it so",
            variable,
            path = path.display()
        )),
        Ok(_) => None,
    }
}

/// What to do about a certificate that isn't valid at this time.
#[must_use]
pub fn dated() -> &'static str {
    tr!("check the date of this machine; if it is right, the server's owner has to renew it")
}

/// Where to look when a connection to an address didn't come about.
#[must_use]
pub fn hints(error: &(dyn StdError + 'static), address: &str) -> Vec<String> {
    match Why::of(error) {
        Why::Certificate(why) if certificates::is_unvouched(&why) => unvouched(),
        Why::Certificate(why) if certificates::is_of_time(&why) => vec![dated().to_owned()],
        Why::Certificate(_) => Vec::new(),
        why => {
            let names_here = has_names_looked_up_here(address, &why).then(|| Why::NamesHere.to_string());
            names_here.into_iter().chain(by_proxy(address).map(|by| by_it(&by))).collect()
        }
    }
}

/// How the way to an address leads by a proxy, if it does: which variable names it, and where it is.
#[must_use]
pub fn by_proxy(address: &str) -> Option<String> {
    by_variable(address, |_| true)
}

/// The same as git goes: it reads `http_proxy` in small letters only.
#[must_use]
pub fn by_gits_proxy(address: &str) -> Option<String> {
    by_variable(address, |variable| variable != "HTTP_PROXY")
}

/// Which variable names a proxy that git doesn't ask for an address, since it is among those that `NO_PROXY` names.
#[must_use]
pub fn past_gits_proxy(address: &str) -> Option<String> {
    let uri = address.parse().ok()?;
    let (variable, _) = chosen_by(address).iter().find(|(variable, _)| *variable != "HTTP_PROXY")?;
    let is_past = matcher().intercept(&uri).is_none();
    is_past.then(|| tr!("NO_PROXY keeps the proxy that {variable} names from being asked for it", variable))
}

fn by_variable(address: &str, is_read: impl Fn(&str) -> bool) -> Option<String> {
    let uri = address.parse().ok()?;
    matcher().intercept(&uri)?;
    let (variable, proxy) = chosen_by(address).iter().find(|(variable, _)| is_read(variable))?;
    Some(named(variable, proxy))
}

/// Which variable chose the proxy for an address; none where the system did.
#[must_use]
pub fn variable(address: &str) -> Option<&'static str> {
    chosen_by(address).first().map(|(variable, _)| *variable)
}

fn chosen_by(address: &str) -> &'static [(&'static str, String)] {
    if text::has_scheme(address, "http") { &known().plain_proxies } else { &known().proxies }
}

/// A way by a proxy, and what names it. Its address may carry a password.
#[must_use]
pub fn named(by: &str, proxy: &str) -> String {
    tr!("the way there is by the proxy that {by} names, {proxy}", by, proxy = text::quote(text::past_user(proxy)))
}

/// Whether a file has certificates as text: what is in another form is passed over.
fn holds_certificates(path: &Path) -> bool {
    crate::files::read_plain(path)
        .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE-----"))
}

/// Where to look when nobody known vouches for a server.
#[must_use]
pub fn unvouched() -> Vec<String> {
    let otherwise = tr!("behind a company's own authority, name the file with its certificates in SSL_CERT_FILE");
    known().authorities.iter().map(unvouching).chain([otherwise.to_owned()]).collect()
}

/// What is to be said of a place of certificates that don't vouch for a server: what names it, and the place.
#[must_use]
pub fn unvouching((variable, path): &(&str, PathBuf)) -> String {
    unusable(variable, path).unwrap_or_else(|| {
        tr!("{variable} names {path}, and nothing in it vouches for that server", variable, path = path.display())
    })
}

/// That somebody answers for all others with certificates that nobody vouches for. No place of this machine's is named: it may
/// go on record.
#[must_use]
pub fn intercepted() -> String {
    match proxy() {
        Some(variable) => tr!(
            "whatever answers by the proxy that {variable} names shows a certificate that nobody known has issued, so it may be this machine: SSL_CERT_FILE names the file with those to trust",
            variable
        ),
        None => tr!(
            "whatever answers shows a certificate that nobody known has issued, so it may be this machine: SSL_CERT_FILE names the file with those to trust"
        )
        .to_owned(),
    }
}

/// What git is told to trust by its variables, those that count first.
#[must_use]
pub fn gits_authorities() -> &'static [(&'static str, PathBuf)] {
    &known().gits_authorities
}
