//! Who acts, as a call or a variable names them.

use crate::config::Environment;
use crate::domain::record::mend;
use crate::domain::{Login, text};
use crate::error::{Error, Result};

/// Whom the call names, or else the variable.
pub(super) fn acts(named: Option<Login>, environment: &Environment) -> Result<Option<Login>> {
    let (None, Some(actor)) = (&named, &environment.actor) else { return Ok(named) };
    let read = mend::read_login(actor).map_err(|e| {
        Error::usage(tr!("KARMADA_PARTNER_AS {actor}: {why}", actor = text::quote(actor), why = e.why)).hint(e.hint)
    });
    read.map(Some)
}

pub(super) fn login(typed: &str) -> Result<Login, String> {
    mend::read_login(typed).map_err(|e| e.in_a_line())
}
