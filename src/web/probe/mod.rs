//! Fetching pages behind addresses that somebody else chose, who may mean harm: to make this machine ask its own network, to
//! fill its memory, to hold it up.
//!
//! A name is looked up once, every address it has is judged, and the connection goes to what was judged; the same again at each
//! redirect. Nothing is sent but a plain GET: no cookies, no credentials. Time and size are bounded as a whole.
//!
//! Behind a proxy that the environment names, it is the proxy that looks names up: then addresses can't be judged here, and the
//! page says so.

pub mod address;
mod certificate;
mod charset;
mod dns;
pub mod failure;
pub mod knock;
pub mod mail;
mod resolve;
mod target;
#[cfg(test)]
pub(crate) mod tests;
pub mod witness;

use std::time::Duration;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::tls::TlsInfo;
use reqwest::{Client, ClientBuilder, Response};
use serde::Serialize;
use tokio::time::Instant;
use url::Url;

pub use certificate::Certificate;
pub use failure::Failure;

use crate::domain::limits;
use crate::domain::text;
use crate::error::Result;
use crate::web;
use crate::web::unmade::Why;
use resolve::Resolver;

pub const REDIRECTS: usize = 20;
/// How many bytes of a page are read, unpacked.
pub const LARGEST: usize = limits::WEB_PAGE;
/// How long a page may take at most, redirects and all.
pub const LONGEST: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hop {
    pub status: u16,
    pub to: String,
    /// Whether that gave up encryption.
    pub downgrade: bool,
}

/// Why there is more of a page than was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    Size,
    Time,
    Broken,
}

impl Cut {
    /// In words, after "only a part was read:".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Size => tr!("it is larger than 1 MiB"),
            Self::Time => tr!("it came too slowly"),
            Self::Broken => tr!("the connection broke off"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedPage {
    /// The last address, after all redirects.
    pub address: Url,
    pub hops: Vec<Hop>,
    pub status: u16,
    pub content_type: Option<String>,
    pub body: String,
    /// Whether and why only a part was read.
    pub cut: Option<Cut>,
    /// The server's certificate, where there is one and it is known.
    pub certificate: Option<Certificate>,
    /// The proxy that was asked. Then addresses couldn't be judged here.
    pub proxy: Option<String>,
}

impl FetchedPage {
    /// Whether some of what led to it from an address wasn't encrypted.
    #[must_use]
    pub fn is_in_the_clear(&self, asked: &str) -> bool {
        is_in_the_clear(asked, &self.hops)
    }
}

fn is_in_the_clear(asked: &str, hops: &[Hop]) -> bool {
    let clear = |address: &str| text::has_scheme(address, "http");
    clear(asked) || hops.iter().any(|hop| clear(&hop.to))
}

#[derive(Debug)]
pub struct Prober {
    direct: Client,
    proxies: Option<Matcher>,
    longest: Duration,
}

impl Prober {
    /// One that asks as the environment says: directly, or by way of a proxy. A page takes no longer than `longest`.
    pub fn new(longest: Duration) -> Result<Self> {
        let direct = web::built(plain(&Resolver::System)?)?;
        Ok(Self { direct, proxies: Some(web::ways::matcher()), longest: longest.min(LONGEST) })
    }

    pub async fn fetch(&self, address: &str) -> Result<FetchedPage, Failure> {
        let until = Instant::now() + self.longest;
        let (answer, url, hops, proxy) = self.arrive(address, until).await?;
        match proxys_own(answer.status().as_u16(), &url, proxy.as_deref()) {
            Some(failure) => Err(failure),
            None => Ok(read(answer, url, hops, proxy, until).await),
        }
    }

    /// The bytes of a file behind an https address, every redirect encrypted, too; `None` when there are more than `limit`.
    pub async fn download(&self, address: &str, limit: usize) -> Result<Option<Vec<u8>>, Failure> {
        let until = Instant::now() + self.longest;
        let (mut answer, url, hops, _) = self.arrive(address, until).await?;
        if url.scheme() != "https" || hops.iter().any(|hop| hop.downgrade) {
            return Err(Failure::Unencrypted);
        }
        if let Some(failure) = Failure::of_status(answer.status().as_u16()) {
            return Err(failure);
        }
        let mut bytes = Vec::new();
        loop {
            match tokio::time::timeout_at(until, answer.chunk()).await {
                Err(_) => return Err(Failure::TooSlow(self.longest.as_secs())),
                Ok(Err(e)) => return Err(Failure::Garbled(Why::of(&e.without_url()))),
                Ok(Ok(None)) => return Ok(Some(bytes)),
                Ok(Ok(Some(chunk))) => bytes.extend_from_slice(&chunk),
            }
            if bytes.len() > limit {
                return Ok(None);
            }
        }
    }

    /// The last answer, after all redirects: from where, by way of what.
    async fn arrive(
        &self,
        address: &str,
        until: Instant,
    ) -> Result<(Response, Url, Vec<Hop>, Option<String>), Failure> {
        let mut url = target::read(address)?;
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            let asked = self.ask(&url, until).await;
            let (answer, proxy) = asked.map_err(|failure| failure.behind(hops.last().map(|hop| hop.to.as_str())))?;
            let Some(to) = redirect(&answer) else { return Ok((answer, url, hops, proxy)) };
            if hops.len() == REDIRECTS {
                return Err(Failure::TooManyRedirects(REDIRECTS));
            }
            let next = follow(&url, &to)?;
            let downgrade = url.scheme() == "https" && next.scheme() == "http";
            hops.push(Hop { status: answer.status().as_u16(), to: next.to_string(), downgrade });
            url = next;
        }
    }

    /// Asks once. Whatever comes of it comes in time.
    async fn ask(&self, url: &Url, until: Instant) -> Result<(Response, Option<String>), Failure> {
        let proxy = self.proxy(url)?;
        let (client, by_proxy) = match &proxy {
            Some((client, _)) => (client, Some(url.as_str())),
            None => (&self.direct, None),
        };
        match tokio::time::timeout_at(until, client.get(url.clone()).send()).await {
            Err(_) => Err(Failure::TooSlow(self.longest.as_secs())),
            Ok(Err(e)) => Err(Failure::of_request(&e.without_url(), by_proxy).past(web::ways::unasked(url.as_str()))),
            Ok(Ok(answer)) => Ok((answer, proxy.map(|(_, name)| name))),
        }
    }

    /// The proxy for an address, if the environment names one, and a client that asks it.
    fn proxy(&self, url: &Url) -> Result<Option<(Client, String)>, Failure> {
        let uri = url.as_str().parse().map_err(|_| Failure::NoAddress("it can't be sent".into()))?;
        let Some(found) = self.proxies.as_ref().and_then(|proxies| proxies.intercept(&uri)) else { return Ok(None) };
        // Only host and port are ever told: before them may stand a password.
        let host = found.uri().host().unwrap_or_default();
        let name =
            text::visible(&found.uri().port_u16().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")));
        let by = match by(&found) {
            Ok(by) => by,
            Err(e) => return Err(Failure::of_proxy(url.as_str(), Why::of(&e.without_url()))),
        };
        match base().and_then(|base| web::built(base.proxy(by))) {
            Ok(client) => Ok(Some((client, name))),
            Err(e) => Err(Failure::Here(e.message)),
        }
    }
}

/// What a proxy may say by itself: in the clear, nothing tells its words from the server's.
fn proxys_own(status: u16, url: &Url, proxy: Option<&str>) -> Option<Failure> {
    proxy.filter(|_| url.scheme() == "http" && matches!(status, 502 | 504))?;
    Some(Failure::of_proxy(url.as_str(), Why::Status(status)))
}

/// A client without any memory. It follows nothing by itself.
fn base() -> Result<ClientBuilder> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en,zh;q=0.8"));
    Ok(web::builder()?
        .redirect(Policy::none())
        .referer(false)
        .pool_max_idle_per_host(0)
        .tls_info(true)
        .default_headers(headers))
}

/// One that looks names up itself, and judges them.
fn plain(resolver: &Resolver) -> Result<ClientBuilder> {
    Ok(base()?.no_proxy().dns_resolver(resolver.clone()))
}

/// The proxy to ask. It may be anywhere: it is the person's own.
fn by(found: &Intercept) -> Result<reqwest::Proxy, reqwest::Error> {
    let proxy = reqwest::Proxy::all(found.uri().to_string())?;
    Ok(match found.basic_auth() {
        Some(credentials) => proxy.custom_http_auth(credentials.clone()),
        None => proxy,
    })
}

/// Where an answer sends us, if it does.
fn redirect(answer: &Response) -> Option<HeaderValue> {
    match answer.status().as_u16() {
        301 | 302 | 303 | 307 | 308 => answer.headers().get(LOCATION).cloned(),
        _ => None,
    }
}

/// The address that a redirect leads to, judged like the first one.
fn follow(from: &Url, to: &HeaderValue) -> Result<Url, Failure> {
    let said = String::from_utf8_lossy(to.as_bytes());
    let wrong = |why: Failure| why.at(&said);
    let mut next = from.join(&said).map_err(|e| wrong(Failure::NoAddress(e.to_string())))?;
    // As browsers do: it may name the page where the server sees only one.
    if next.fragment().is_none() {
        next.set_fragment(from.fragment());
    }
    target::judge(&next).map_err(wrong)?;
    Ok(next)
}

/// Reads an answer, as far as it comes in time and isn't too large.
async fn read(
    mut answer: Response,
    address: Url,
    hops: Vec<Hop>,
    proxy: Option<String>,
    until: Instant,
) -> FetchedPage {
    let (mut bytes, mut cut) = (Vec::new(), None);
    while cut.is_none() {
        // Unpacked as it comes, a little at a time: what is packed small can't become large here.
        match tokio::time::timeout_at(until, answer.chunk()).await {
            Err(_) => cut = Some(Cut::Time),
            Ok(Err(_)) => cut = Some(Cut::Broken),
            Ok(Ok(None)) => break,
            Ok(Ok(Some(chunk))) => {
                let room = LARGEST - bytes.len();
                bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
                cut = (chunk.len() > room).then_some(Cut::Size);
            }
        }
    }
    let content_type =
        answer.headers().get(CONTENT_TYPE).map(|v| text::visible(&String::from_utf8_lossy(v.as_bytes())));
    let tls = answer.extensions().get::<TlsInfo>();
    FetchedPage {
        certificate: tls.and_then(TlsInfo::peer_certificate).and_then(Certificate::read),
        body: charset::decode(&bytes, content_type.as_deref()),
        status: answer.status().as_u16(),
        address,
        hops,
        content_type,
        cut,
        proxy,
    }
}
