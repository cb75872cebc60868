//! Documents that somebody gives and that are nobody's record yet: taken without what editors put there unasked, and said so.

use std::path::Path;

use crate::domain::{limits, text};
use crate::error::Result;
use crate::files;
use crate::session::Context;

/// The bytes of a document, or of standard input where `-` is named.
pub fn document(ctx: &Context, path: &Path, what: &str) -> Result<Vec<u8>> {
    let bytes = read(path, what, limits::DOCUMENT)?;
    let (plain, passed_over) = text::without_editors_marks(&bytes);
    say(ctx, path, passed_over);
    Ok(plain.into_owned())
}

/// The same as a text, of so many bytes at most.
pub fn text(ctx: &Context, path: &Path, what: &str, limit: usize) -> Result<String> {
    let bytes = read(path, what, limit)?;
    let (plain, passed_over) = text::without_editors_marks(&bytes);
    let text = String::from_utf8(plain.into_owned()).map_err(|_| files::not_text(path, what))?;
    say(ctx, path, passed_over);
    Ok(text)
}

fn read(path: &Path, what: &str, limit: usize) -> Result<Vec<u8>> {
    if path == Path::new("-") { files::stdin(limit, what) } else { files::read(path, limit, what) }
}

fn say(ctx: &Context, path: &Path, passed_over: Option<&str>) {
    if let Some(what) = passed_over {
        ctx.ui.warn(&tr!("{path} has {what}, which is passed over", path = path.display(), what));
    }
}
