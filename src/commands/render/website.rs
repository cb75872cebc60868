//! `render website`: the page of partners in a checkout of Karmada's website.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::domain::limits;
use crate::domain::text;
use crate::error::{Error, Result};
use crate::files;
use crate::git::Repo;
use crate::session::Context;
use crate::workflow::lookup::look;
use crate::workflow::webpage;

/// Write the page of partners into a checkout of Karmada's website
///
/// It writes src/data/partnersData.tsx, the logos in static/img/supporters, and the partners' texts in i18n/zh/code.json;
/// nothing else. Ids of texts and names of logo files that are there already stay.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The checkout
    #[arg(long, value_name = "CHECKOUT")]
    out: PathBuf,
    /// Write nothing, but say what on the page differs from the records; 1 if anything does
    #[arg(long)]
    check: bool,
}

/// Runs it. Gives whether the page is as it should be, where that was asked.
pub fn run(ctx: &Context, args: &Args) -> Result<bool> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let program = snapshot.program()?;
    let read = |path: &str| in_checkout(&args.out, path);
    let page = webpage::page(ctx, &snapshot, &program, &read)?;
    let mut changed = Vec::new();
    for (path, bytes) in &page.files {
        if read(path)?.as_ref() != Some(bytes) {
            changed.push(path);
        }
    }
    let writes = !args.check && !ctx.globals.dry_run;
    if writes {
        webpage::refuse_to_empty(ctx, &page)?;
    }
    for path in changed.iter().filter(|_| writes) {
        files::publish(&args.out.join(path), &page.files[*path])?;
    }
    if ctx.globals.json {
        ctx.ui.document(&json!({
            "schema": 1, "differences": page.differences, "files": changed, "written": writes && !changed.is_empty(),
        }))?;
    } else if args.check {
        let lines = page.differences.iter().map(|line| format!("{}\n", text::visible(line)));
        let out: String = lines.collect();
        ctx.ui.data(if out.is_empty() { "The page is as the records say.\n" } else { &out })?;
    } else if changed.is_empty() {
        ctx.ui.data("Nothing to do: the page is as the records say.\n")?;
    } else {
        let head = if writes { "Written:" } else { "Dry run: these would be written:" };
        let paths: String = changed.iter().map(|path| format!("  {path}\n")).collect();
        ctx.ui.data(&format!("{head}\n{paths}"))?;
    }
    Ok(!args.check || page.differences.is_empty())
}

/// A file of a checkout. What isn't a plain file in plain directories is refused: nothing is written through a link.
pub fn in_checkout(checkout: &Path, path: &str) -> Result<Option<Vec<u8>>> {
    if checkout.is_file() {
        return Err(Error::usage(format!("{} is a file", checkout.display())).hint("name the directory of a checkout"));
    }
    match files::is_plain_below(checkout, Path::new(path))? {
        true => files::read(&checkout.join(path), limits::SITE_FILE, "the website").map(Some),
        false => Ok(None),
    }
}
