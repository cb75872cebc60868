//! Who looks like an applicant: in a batch nobody is read twice, and whoever has nothing in common isn't compared.

use std::sync::Arc;

use crate::config::UserDirectory;
use crate::domain::record::likeness::{self, Known, Traits};
use crate::domain::{Record, Sha256, Slug, text};
use crate::error::Result;
use crate::forge::Forge;
use crate::git::Oid;
use crate::registry::Snapshot;
use crate::registry::acquaintances::Alike;
use crate::session::{Context, remembered};
use crate::workflow::lookup::{warn_of_directories, warn_of_record};

/// So many are named; whoever uses a stock picture is like hundreds.
const SHOWN: usize = 5;

pub fn show(
    ctx: &Context,
    forge: &dyn Forge,
    snapshot: &Snapshot<'_>,
    slug: &Slug,
    record: &Record,
    logo: &[u8],
) -> Result<()> {
    if forge.reading_ahead().is_some() {
        return show_similar_names(ctx, snapshot, slug);
    }
    let memory = remembered(ctx, UserDirectory::Cache, "acquaintances", snapshot.repo.path());
    let traits = Traits::of(record, Some(Sha256::of(logo)));
    let Alike { serious, others, whole } = ctx.acquaintances.like(snapshot, memory.as_deref(), slug, &traits, SHOWN)?;
    tell_of_unread(ctx, snapshot, Some(slug))?;
    for line in &serious.first {
        ctx.ui.warn(line);
    }
    if serious.more > 0 {
        ctx.ui.warn(&match whole {
            true => tr!("1 more is like it" | "{n} more are like it" % serious.more),
            false => tr!("at least 1 more is like it" | "at least {n} more are like it" % serious.more),
        });
    }
    for line in &others.first {
        ctx.ui.say(&tr!("Note: {line}", line));
    }
    if others.more > 0 {
        ctx.ui.say(&match whole {
            true => tr!("Note: 1 more shares a host, a contact or a mail domain with it"
                | "Note: {n} more share a host, a contact or a mail domain with it" % others.more),
            false => tr!("Note: at least 1 more shares a host, a contact or a mail domain with it"
                | "Note: at least {n} more share a host, a contact or a mail domain with it" % others.more),
        });
    }
    Ok(())
}

/// Everybody there is to be mistaken for, those who wait first; each with the object of its logo.
pub fn everybody(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Vec<(Arc<Known>, Option<Oid>)>> {
    let memory = remembered(ctx, UserDirectory::Cache, "acquaintances", snapshot.repo.path());
    let everybody = ctx.acquaintances.everybody(snapshot, memory.as_deref())?;
    if !ctx.acquaintances.are_all() {
        warn_of_directories(ctx, snapshot)?;
    }
    tell_of_unread(ctx, snapshot, None)?;
    Ok(everybody)
}

/// Whose record can't be read isn't compared; whoever is judged has had that told.
fn tell_of_unread(ctx: &Context, snapshot: &Snapshot<'_>, judged: Option<&Slug>) -> Result<()> {
    for other in ctx.acquaintances.unread(snapshot)?.iter().filter(|other| judged != Some(*other)) {
        warn_of_record(ctx, other, true);
    }
    Ok(())
}

/// Where only the names of directories are at hand: those that are nearly this one.
fn show_similar_names(ctx: &Context, snapshot: &Snapshot<'_>, slug: &Slug) -> Result<()> {
    let names: Vec<String> = snapshot.directories()?.into_iter().map(|e| e.name).collect();
    for other in likeness::similar(slug, names.iter().map(String::as_str)) {
        ctx.ui.warn(&tr!("{other} is in the registry, and has nearly the same name", other = text::visible(other)));
    }
    Ok(())
}
