//! Logos that somebody names: read or fetched, judged as they would be published, shown; and what their files hold beside the
//! picture taken out, where that is agreed to.

use std::path::{Path, PathBuf};

use crate::domain::logo::finding::{Finding, in_words};
use crate::domain::logo::metadata;
use crate::domain::logo::{self, Limits, Measures, Unfit};
use crate::domain::{Draft, Field, Program, limits, text};
use crate::error::{Error, Result};
use crate::files;
use crate::session::Context;
use crate::web::logo_download::Missed;

/// Whether a logo is given by its address.
#[must_use]
pub fn is_address(logo: &str) -> bool {
    text::scheme(logo).is_some() && !text::has_scheme(logo, "file")
}

/// Where a logo is that a document names: a file is meant as seen from there, without what was pasted around its path.
#[must_use]
pub fn as_seen_from(directory: &Path, named: &str, home: Option<&Path>) -> String {
    if directory.join(named).exists() {
        return directory.join(named).display().to_string();
    }
    let place = |named: &str| files::beside(directory, named, home);
    let meant = Field::Logo.mended(named).unwrap_or_else(|| named.to_owned());
    if is_address(&meant) {
        return meant;
    }
    // Of backslashes it is seen only by the files what they are: those of a shell, or of Windows.
    let others = [meant.clone(), meant.replace('\\', "/"), named.replace('\\', "/")];
    let found = others.iter().map(|other| place(other)).find(|path| path.exists());
    let has_lost = named.contains('\\') && !meant.contains('\\');
    found.unwrap_or_else(|| place(if has_lost { named } else { &meant })).display().to_string()
}

#[derive(Debug, Clone)]
pub struct Logo {
    /// As it is published.
    pub bytes: Vec<u8>,
    pub measures: Measures,
    /// What somebody might want to mend.
    pub remarks: Vec<String>,
    /// What was taken out of its file, and the file as it was.
    pub stripped: Option<(Vec<Finding>, Vec<u8>)>,
}

/// What becomes of what a logo's file holds beside its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metadata {
    Strip,
    Keep,
}

impl Metadata {
    /// What a draft says; nobody who wasn't asked wants to publish it.
    #[must_use]
    pub fn of(draft: &Draft) -> Self {
        if draft.keep_metadata == Some(true) { Self::Keep } else { Self::Strip }
    }
}

/// Reads or fetches a logo, and judges it as it would be published.
pub fn load(ctx: &Context, source: &str, limits: &Limits, metadata: Metadata) -> Result<Logo> {
    load_from_here(ctx, source, limits, metadata).map_err(|missed| missed.error)
}

/// The same, which tells whether it is for want of a way from this machine to anywhere.
pub fn load_from_here(ctx: &Context, source: &str, limits: &Limits, metadata: Metadata) -> Result<Logo, Missed> {
    let source = source.trim();
    // What is too large may be small enough without its metadata, and otherwise is told with the way out.
    let most = limits::LOGO_FILE;
    let bytes = if is_address(source) {
        if !text::has_scheme(source, "https") {
            return Err(Error::usage(tr!(
                "logo {source}: only https addresses are fetched",
                source = text::quote(source)
            ))
            .hint(tr!("give an https address, or a file on this machine"))
            .into());
        }
        if ctx.globals.offline {
            return Err(Error::usage(tr!(
                "logo {source}: can't be fetched with --offline",
                source = text::quote(source)
            ))
            .hint(tr!("give a file on this machine"))
            .into());
        }
        let _busy = ctx.ui.spinner(tr!("fetching the logo"));
        crate::web::logo_download::https(source, most)?
    } else {
        files::read(&home_expanded(ctx, source), most, "logo")?
    };
    judge(ctx, bytes, limits, metadata).map_err(|e| {
        Error::usage(tr!("logo {source}: {why}", source = text::quote(source), why = e.why)).hint(e.hint).into()
    })
}

/// Judges a logo as it would be published.
pub fn judge(ctx: &Context, bytes: Vec<u8>, limits: &Limits, metadata: Metadata) -> Result<Logo, Unfit> {
    let stripped = if metadata == Metadata::Strip { metadata::strip(&bytes) } else { None };
    let (bytes, stripped) = match stripped {
        Some(stripped) => (stripped.bytes, Some((stripped.found, bytes))),
        None => (bytes, None),
    };
    let (measures, remarks) = ctx.logos.inspect(&bytes, limits)?;
    Ok(Logo { bytes, measures, remarks, stripped })
}

/// Judges a logo that is public already and stays as it is. Limits may have become tighter since it was accepted; that is told.
pub fn on_record(ctx: &Context, bytes: Vec<u8>, limits: &Limits) -> Result<Logo> {
    let today = match judge(ctx, bytes.clone(), limits, Metadata::Keep) {
        Ok(logo) => return Ok(logo),
        Err(e) => e,
    };
    let (measures, remarks) = logo::inspect(&bytes, &Limits::ANY).map_err(|e| {
        Error::usage(tr!("the logo in the registry doesn't do: {why}", why = e.why))
            .hint(tr!("give another with --logo"))
    })?;
    ctx.ui.warn(&tr!(
        "the logo on record isn't within the program's limits any more: {why}; it stays as it is",
        why = today.why
    ));
    Ok(Logo { bytes, measures, remarks, stripped: None })
}

/// Shows a logo that was named, and has whoever can be asked say what becomes of the rest of its file. The answer stays with
/// the draft.
pub fn present(ctx: &Context, program: &Program, draft: &mut Draft, logo: Logo) -> Result<()> {
    show(ctx, &logo);
    if asks(ctx, draft, &logo) {
        draft.keep_metadata = Some(settle(ctx, logo, &program.logo)?.stripped.is_none());
    }
    Ok(())
}

/// Whether somebody is still to be asked what becomes of the rest of a logo's file.
#[must_use]
pub fn asks(ctx: &Context, draft: &Draft, logo: &Logo) -> bool {
    logo.stripped.is_some() && draft.keep_metadata.is_none() && ctx.must_confirm()
}

/// Asks what becomes of the rest of a logo's file; gives the logo as it is to be published.
pub fn settle(ctx: &Context, logo: Logo, limits: &Limits) -> Result<Logo> {
    let Some((_, original)) = &logo.stripped else { return Ok(logo) };
    if ctx.prompt.confirm(tr!("Take that out before it is published? The picture stays the same."), true)? {
        return Ok(logo);
    }
    match judge(ctx, original.clone(), limits, Metadata::Keep) {
        Ok(kept) => Ok(kept),
        Err(e) => {
            ctx.ui.warn(&tr!("it can't stay in, and is taken out: {why}", why = e.why));
            Ok(logo)
        }
    }
}

/// Says what a logo's file holds beside the picture, and what becomes of that.
pub fn tell_metadata(ctx: &Context, logo: &Logo) {
    let Some((found, _)) = &logo.stripped else { return };
    let found = in_words(found);
    match ctx.must_confirm() {
        true => ctx.ui.say(&tr!("Beside the picture, the logo's file holds: {found}.", found)),
        // Where nobody is asked, it is noted with what else is: a batch tells it of its row.
        false => ctx.ui.warn(&tr!(
            "logo: taken out of its file, with the picture the same: {found}; --keep-metadata leaves all in",
            found
        )),
    }
}

/// `~/` or a file's address, as a person gives it where no shell reads it: at a prompt, behind an equals sign.
pub fn home_expanded(ctx: &Context, source: &str) -> PathBuf {
    files::named(source, ctx.environment.home.as_deref())
}

/// Tells a logo's measures and remarks, and shows it where the terminal can.
pub fn show(ctx: &Context, logo: &Logo) {
    if ctx.prompt.can_ask()
        && let Some(picture) = crate::ui::picture(&ctx.environment.terminal, &logo.bytes)
    {
        ctx.ui.say(&picture);
    }
    ctx.ui.say(&tr!("Logo: {measures}", measures = logo.measures));
    for remark in &logo.remarks {
        ctx.ui.warn(&tr!("logo: {remark}", remark));
    }
    tell_metadata(ctx, logo);
}
