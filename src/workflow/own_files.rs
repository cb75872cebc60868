//! Documents that somebody gives and that are nobody's record yet: taken without what editors put there unasked, and said so.

use std::path::Path;

use crate::domain::logo::file_kind::FileKind;
use crate::domain::{limits, toml};
use crate::error::{Error, Result};
use crate::files;
use crate::session::Context;

/// The bytes of a document, or of standard input where `-` is named.
pub fn document(ctx: &Context, path: &Path, what: &str) -> Result<Vec<u8>> {
    read(ctx, path, what, limits::DOCUMENT)
}

/// The same as a text, of so many bytes at most.
pub fn text(ctx: &Context, path: &Path, what: &str, limit: usize) -> Result<String> {
    let bytes = read(ctx, path, what, limit)?;
    let kind = FileKind::of(&bytes);
    if !kind.could_be_text() {
        return Err(Error::usage(tr!("{what}: {path} is {kind}", what, path = path.display(), kind = kind.words()))
            .hint(tr!("name the text itself")));
    }
    String::from_utf8(bytes).map_err(|_| files::not_text(path, what))
}

fn read(ctx: &Context, path: &Path, what: &str, limit: usize) -> Result<Vec<u8>> {
    let bytes = files::bytes_or_stdin(path, limit, what)?;
    let (plain, passed_over) = toml::without_editors_marks(&bytes);
    if let Some(what) = passed_over {
        ctx.ui.warn(&tr!("{path} has {what}, which is passed over", path = path.display(), what));
    }
    Ok(plain.into_owned())
}
