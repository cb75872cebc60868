//! Fetching a logo from an https address, which may be anybody's: bounded, and never from a network's inside.

use crate::domain::text;
use crate::error::{Error, Result};
use crate::web;
use crate::web::probe::witness::WITNESSES;
use crate::web::probe::{Failure, LONGEST, Prober};

/// Why there are no bytes.
#[derive(Debug)]
pub struct Missed {
    pub error: Error,
    /// Whether nothing else can be reached from this machine either: that says nothing about the address.
    pub is_ours: bool,
}

impl From<Error> for Missed {
    fn from(error: Error) -> Self {
        Self { error, is_ours: false }
    }
}

/// The bytes behind an https address, at most `limit`.
pub fn https(address: &str, limit: usize) -> Result<Vec<u8>, Missed> {
    let prober = Prober::new(LONGEST)?;
    let shown = text::visible(address);
    let (fetched, is_ours) = web::wait(async {
        let fetched = prober.download(address, limit).await;
        let by_the_way =
            |f: &Failure| matches!(f, Failure::Proxy { .. } | Failure::TooSlow(_) | Failure::Unreachable(_));
        let doubtful = fetched.as_ref().is_err_and(|failure| failure.may_be_ours() || by_the_way(failure));
        let is_ours = doubtful && prober.is_cut_off(&WITNESSES).await;
        Ok((fetched, is_ours))
    })?;
    let failure = match fetched {
        Ok(Some(bytes)) => return Ok(bytes),
        Ok(None) => {
            let error = Error::usage(tr!("the file behind {shown} has more than {limit} bytes", shown, limit));
            return Err(error.hint(tr!("link a smaller PNG")).into());
        }
        Err(failure) => failure,
    };
    let mut error = Error::environment(tr!("can't fetch {shown}: {failure}", shown, failure));
    if failure.is_unvouched() {
        error.hints.extend(web::ways::unvouched());
    }
    // By its proxy, the address itself may be good.
    let error = match web::ways::by_proxy(address) {
        Some(by) if matches!(failure, Failure::Proxy { .. } | Failure::TooSlow(_) | Failure::Unreachable(_)) => {
            error.hints.push(web::ways::by_it(&by));
            error.hint(tr!("or name a file on this machine with --logo PATH"))
        }
        _ => error.hint(tr!("check the address in a browser, or name a file on this machine with --logo PATH")),
    };
    Err(Missed { error, is_ours })
}
