//! The network: one runtime, TLS by rustls with the system's certificates, timeouts on everything, proxies as the
//! environment names them.

pub mod certificates;
pub mod links;
pub mod logo_download;
pub mod probe;
pub mod unmade;
pub mod ways;

use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect::Policy;
use tokio::runtime::Runtime;

use crate::error::{Error, Result};

pub const USER_AGENT: &str = concat!("karmada-partner/", env!("CARGO_PKG_VERSION"));

/// The runtime, made on first use. Commands that need no network never pay for it.
pub fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("network")
        .enable_all()
        .build()
        .map_err(|e| Error::environment(tr!("can't start the network's thread: {e}", e)))?;
    Ok(RUNTIME.get_or_init(|| made))
}

/// Runs it to its end, on this thread.
pub fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    runtime()?.block_on(work)
}

/// The beginning of every HTTP client: our name and our TLS.
///
/// # Errors
/// When the environment names a proxy that can't be used.
pub fn builder() -> Result<reqwest::ClientBuilder> {
    ways::refuse_unusable()?;
    // Another part may have chosen it before; then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().user_agent(USER_AGENT).connect_timeout(Duration::from_secs(10));
    Ok(if ways::are_direct() { builder.no_proxy() } else { builder })
}

/// The end of that beginning.
///
/// # Errors
/// When there is nothing to trust, or else nothing to go on with.
pub fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client> {
    builder.build().map_err(|e| {
        let why = reason(&e);
        // The library has no other name for it.
        if !why.contains("No CA certificates") {
            return Error::environment(tr!("can't prepare for the network: {why}", why));
        }
        let mut error = Error::environment(tr!("can't prepare for the network: there is no certificate here to trust"));
        error.hints = ways::without_authorities();
        error
    })
}

/// An HTTP client. Nothing takes longer than `whole`.
pub fn client(redirects: Policy, https_only: bool, whole: Duration) -> Result<reqwest::Client> {
    built(builder()?.https_only(https_only).redirect(redirects).read_timeout(Duration::from_secs(30)).timeout(whole))
}

/// What went wrong, down to its cause, without the address: that may be long, and is named elsewhere.
#[must_use]
pub fn reason(error: &dyn std::error::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(e) = next {
        let said = e.to_string();
        if !words.iter().any(|w| w.contains(&said)) {
            words.push(said);
        }
        next = e.source();
    }
    crate::domain::text::visible(&words.join(": "))
}
