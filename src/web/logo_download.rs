//! Fetching a logo from an https address, which may be anybody's: bounded, and never from a network's inside.

use crate::domain::text;
use crate::error::{Error, Result};
use crate::web;
use crate::web::probe::witness::WITNESSES;
use crate::web::probe::{LONGEST, Prober};

/// Why there are no bytes.
#[derive(Debug)]
pub struct Missed {
    pub error: Error,
    /// Whether it failed as it would if this machine were cut off.
    doubtful: bool,
}

impl Missed {
    /// Whether nothing else can be reached from this machine either: that says nothing about the address.
    ///
    /// # Errors
    /// When nothing can be asked at all.
    pub fn is_ours(&self) -> Result<bool> {
        if !self.doubtful {
            return Ok(false);
        }
        let prober = Prober::new(LONGEST)?;
        web::wait(async { Ok(prober.is_cut_off(&WITNESSES).await) })
    }
}

impl From<Error> for Missed {
    fn from(error: Error) -> Self {
        Self { error, doubtful: false }
    }
}

/// The bytes behind an https address, at most `limit`.
pub fn https(address: &str, limit: usize) -> Result<Vec<u8>, Missed> {
    let prober = Prober::new(LONGEST)?;
    let shown = text::visible(address);
    let failure = match web::wait(async { Ok(prober.download(address, limit).await) })? {
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
    let on_the_way = failure.is_on_the_way();
    let error = match web::ways::by_proxy(address).filter(|_| on_the_way) {
        Some(by) => error.hint(web::ways::by_it(&by)).hint(tr!("or name a file on this machine with --logo PATH")),
        None => error.hint(tr!("check the address in a browser, or name a file on this machine with --logo PATH")),
    };
    Err(Missed { error, doubtful: on_the_way || failure.may_be_ours() })
}
