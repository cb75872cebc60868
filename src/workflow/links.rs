//! Addresses that somebody gives beside an organization's facts: mended as those are, and said so.

use crate::config::Pasted;
use crate::domain::record::{has_a_host, mend, reachable};
use crate::domain::values::Invalid;
use crate::domain::{HttpLink, spoiled};
use crate::error::{Error, Result};
use crate::prompt::Question;
use crate::session::{Context, say_pasted};

/// Who follows an address that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Whoever reads what is published.
    Everybody,
    /// The committee and the partner, who may meet where nobody else gets to.
    Concerned,
}

impl For {
    /// An address as it is meant, and that it isn't read as it stands.
    fn read(self, typed: &str) -> Result<(HttpLink, bool), Invalid> {
        let judged = |link: HttpLink| {
            let judge = if self == Self::Everybody { reachable } else { has_a_host };
            judge(link.as_str()).and_then(|()| spoiled::judge(link.as_str())).map(|()| link)
        };
        let as_it_stands = typed.parse().and_then(judged);
        as_it_stands.map(|link| (link, false)).or_else(|e| match mend::address(typed).map(|meant| meant.parse()) {
            // Of what is meant it is told what is wrong with that.
            Some(Ok(link)) => judged(link).map(|link| (link, true)),
            _ => Err(e),
        })
    }

    fn said(self, ctx: &Context, name: &str, typed: &str) -> Result<HttpLink> {
        let (link, mended) = self
            .read(typed)
            .map_err(|e| Error::usage(tr!("{field}: {why}", field = name, why = e.why)).hint(e.hint))?;
        if mended {
            say_pasted(ctx.ui, &Pasted { name: name.to_owned(), shown: Some((typed.to_owned(), link.to_string())) });
        }
        Ok(link)
    }

    /// The address that a flag gives.
    pub fn given(self, ctx: &Context, flag: &str, typed: Option<&str>) -> Result<Option<HttpLink>> {
        typed.map(|typed| self.said(ctx, flag, typed)).transpose()
    }

    /// An address that is asked for, and may be left out.
    pub fn asked(self, ctx: &Context, label: &str, flag: &str) -> Result<Option<HttpLink>> {
        let question = Question { label, flag, default: None, optional: true };
        let typed = ctx.prompt.text(question, &|typed| self.read(typed).map(drop))?;
        self.given(ctx, tr!("address"), Some(typed.as_str()).filter(|typed| !typed.is_empty()))
    }
}
