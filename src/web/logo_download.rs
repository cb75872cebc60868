//! Fetching a logo from an https address, which may be anybody's: bounded, and never from a network's inside.

use crate::domain::text;
use crate::error::{Error, Result};
use crate::web;
use crate::web::probe::{Failure, LONGEST, Prober};

/// The bytes behind an https address, at most `limit`.
pub fn https(address: &str, limit: usize) -> Result<Vec<u8>> {
    let prober = Prober::new(LONGEST)?;
    let shown = text::visible(address);
    web::wait(async {
        match prober.download(address, limit).await {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(Error::usage(tr!("the file behind {shown} has more than {limit} bytes", shown, limit))
                .hint(tr!("link a smaller PNG"))),
            Err(failure) => {
                let mut error = Error::environment(tr!("can't fetch {shown}: {failure}", shown, failure));
                if failure.is_unvouched() {
                    error.hints.extend(web::ways::unvouched());
                }
                // By its proxy, the address itself may be good.
                if matches!(failure, Failure::Proxy { .. } | Failure::TooSlow(_) | Failure::Unreachable(_))
                    && let Some(by) = web::ways::by_proxy(address)
                {
                    error.hints.push(web::ways::by_it(&by));
                    return Err(error.hint(tr!("or name a file on this machine with --logo PATH")));
                }
                Err(error.hint(tr!("check the address in a browser, or name a file on this machine with --logo PATH")))
            }
        }
    })
}
