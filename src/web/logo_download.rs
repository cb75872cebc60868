//! Fetching a logo from an https address: bounded in size, time and redirects; no credentials, no cookies.

use std::time::Duration;

use reqwest::redirect::Policy;

use crate::domain::text;
use crate::error::{Error, Result};
use crate::web;

/// The bytes behind an https address, at most `limit`.
pub fn https(address: &str, limit: usize) -> Result<Vec<u8>> {
    let failed = |why: String| {
        Error::environment(format!("can't fetch {}: {why}", text::visible(address)))
            .hint("check the address in a browser, or name a file on this machine with --logo PATH")
    };
    let client = web::client(Policy::limited(5), true, Duration::from_secs(20))?;
    web::wait(async {
        let answer = client.get(address).send().await.map_err(|e| failed(web::reason(&e.without_url())))?;
        if !answer.status().is_success() {
            return Err(failed(format!("the server answers {}", answer.status())));
        }
        let mut answer = answer;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| failed(web::reason(&e.without_url())))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > limit {
                return Err(Error::usage(format!(
                    "the file behind {} has more than {limit} bytes",
                    text::visible(address)
                ))
                .hint("link a smaller PNG"));
            }
        }
        Ok(bytes)
    })
}
