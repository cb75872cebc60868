//! Who acts, as a call or a variable names them.

use crate::config::Environment;
use crate::domain::record::mend;
use crate::domain::values::Invalid;
use crate::domain::{Login, text};
use crate::error::{Error, Result};

/// Whom the call names, or else the variable.
pub(super) fn acts(named: Option<Login>, environment: &Environment) -> Result<Option<Login>> {
    let (None, Some(actor)) = (&named, &environment.actor) else { return Ok(named) };
    let read = read_login(actor).map_err(|e| {
        Error::usage(tr!("KARMADA_PARTNER_AS {actor}: {why}", actor = text::quote(actor), why = e.why)).hint(e.hint)
    });
    read.map(Some)
}

/// A GitHub ID as people write one.
fn read_login(typed: &str) -> Result<Login, Invalid> {
    let read = |s: &str| s.parse::<Login>();
    read(typed).or_else(|e| mend::login(typed).and_then(|login| read(&login).ok()).ok_or(e))
}

pub(super) fn login(typed: &str) -> Result<Login, String> {
    read_login(typed).map_err(|e| [e.why, e.hint].join(tr!("between clauses" => "; ")))
}
