//! Who looks like an applicant: everybody is compared, and in a batch nobody is read twice.

use crate::config::UserDirectory;
use crate::domain::record::likeness::{self, Traits};
use crate::domain::{Record, Sha256, Slug, text};
use crate::error::Result;
use crate::forge::Forge;
use crate::registry::Snapshot;
use crate::session::{Context, remembered};

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
    let alike = ctx.acquaintances.like(snapshot, memory.as_deref(), slug, &traits)?;
    let (serious, others): (Vec<_>, Vec<_>) = alike.iter().partition(|(_, likeness)| likeness.is_serious());
    for (line, _) in serious.iter().take(SHOWN) {
        ctx.ui.warn(line);
    }
    if serious.len() > SHOWN {
        ctx.ui.warn(&format!("{} more are like it", serious.len() - SHOWN));
    }
    for (line, _) in others.iter().take(SHOWN) {
        ctx.ui.say(&format!("Note: {line}"));
    }
    if others.len() > SHOWN {
        ctx.ui.say(&format!("Note: {} more share a host, a contact or a mail domain with it", others.len() - SHOWN));
    }
    Ok(())
}

/// Where only the names of directories are at hand: those that are nearly this one.
fn show_similar_names(ctx: &Context, snapshot: &Snapshot<'_>, slug: &Slug) -> Result<()> {
    let names: Vec<String> = snapshot.directories()?.into_iter().map(|e| e.name).collect();
    for other in likeness::similar(slug, names.iter().map(String::as_str)) {
        ctx.ui.warn(&format!("{} is in the registry, and has nearly the same name", text::visible(other)));
    }
    Ok(())
}
