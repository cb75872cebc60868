//! Addresses that somebody gives beside an organization's facts: mended as those are, and said so.

use crate::config::Pasted;
use crate::domain::HttpLink;
use crate::domain::record::mend;
use crate::domain::values::Invalid;
use crate::error::{Error, Result};
use crate::prompt::Question;
use crate::session::{Context, say_pasted};

/// An address as it is meant, and that it isn't read as it stands.
fn read(typed: &str) -> Result<(HttpLink, bool), Invalid> {
    typed.parse().map(|link| (link, false)).or_else(|e| {
        let meant = mend::address(typed).and_then(|meant| meant.parse().ok());
        meant.map(|link| (link, true)).ok_or(e)
    })
}

fn said(ctx: &Context, name: &str, typed: &str) -> Result<HttpLink> {
    let (link, mended) =
        read(typed).map_err(|e| Error::usage(tr!("{field}: {why}", field = name, why = e.why)).hint(e.hint))?;
    if mended {
        say_pasted(ctx.ui, &Pasted { name: name.to_owned(), shown: Some((typed.to_owned(), link.to_string())) });
    }
    Ok(link)
}

/// The address that a flag gives.
pub fn given(ctx: &Context, flag: &str, typed: Option<&str>) -> Result<Option<HttpLink>> {
    typed.map(|typed| said(ctx, flag, typed)).transpose()
}

/// An address that is asked for, and may be left out.
pub fn asked(ctx: &Context, label: &str, flag: &str) -> Result<Option<HttpLink>> {
    let question = Question { label, flag, default: None, optional: true };
    let typed = ctx.prompt.text(question, &|typed| read(typed).map(drop))?;
    given(ctx, tr!("address"), Some(typed.as_str()).filter(|typed| !typed.is_empty()))
}
