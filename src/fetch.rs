//! Fetching a logo from an https address: bounded in size, time and redirects; no credentials, no cookies.

use std::io::Read as _;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

use crate::error::{Error, Result};

/// The bytes behind an https address, at most `limit`.
pub fn https(address: &str, limit: usize) -> Result<Vec<u8>> {
    let failed = |why: String| {
        Error::environment(format!("can't fetch {}: {why}", crate::partner::text::visible(address)))
            .hint("check the address in a browser, or name a file on this machine with --logo PATH")
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .https_only(true)
        .max_redirects(5)
        .timeout_global(Some(Duration::from_secs(20)))
        .timeout_connect(Some(Duration::from_secs(10)))
        .user_agent(concat!("karmada-partner/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
        .build()
        .into();
    let response = agent.get(address).call().map_err(|e| failed(e.to_string()))?;
    let mut bytes = Vec::new();
    response
        .into_body()
        .into_reader()
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| failed(e.to_string()))?;
    if bytes.len() > limit {
        return Err(Error::usage(format!(
            "the file behind {} has more than {limit} bytes",
            crate::partner::text::visible(address)
        ))
        .hint("link a smaller PNG"));
    }
    Ok(bytes)
}
