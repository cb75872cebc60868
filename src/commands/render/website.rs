//! `render website`: the page of partners in a checkout of Karmada's website.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use crate::domain::{Sha256, limits, text};
use crate::error::{Error, Result};
use crate::files;
use crate::git::{Repo, WorkTree};
use crate::render::website::page::{LOGOS, WebsitePage};
use crate::session::Context;
use crate::workflow::lookup::look;
use crate::workflow::webpage;
use crate::workflow::website_files::{Checkout, Files as _};

/// Write the page of partners into a checkout of Karmada's website
///
/// It writes src/data/partnersData.tsx, the logos in static/img/supporters, and the partners' texts in i18n/zh/code.json;
/// nothing else. It tells what changes before it does, and what isn't a card stays as it is, as do ids of texts. No picture is
/// written over: a logo that changes goes into a file of a free name, and the old one stays. Nothing is written over that isn't
/// committed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A checkout of the website's repository
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write nothing, but say what on the page differs from the records; 1 if anything does
    #[arg(long)]
    check: bool,
    /// Agree to at most N cards going: all that go, where those are more than a quarter; else whose partner hasn't left by the
    /// records
    #[arg(long, value_name = "N")]
    allow_mass: Option<usize>,
    /// Write over files that hold what isn't committed
    #[arg(long)]
    allow_dirty: bool,
}

/// Runs it. Gives whether the page is as it should be, where that was asked.
pub fn run(ctx: &Context, args: &Args) -> Result<bool> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let program = snapshot.program()?;
    let checkout = Checkout(&args.out);
    let page = webpage::page(ctx, &snapshot, &program, &checkout)?;
    let writes = !args.check && !ctx.globals.dry_run;
    if !args.check {
        webpage::refuse_losses(ctx, &snapshot, &page, None, args.allow_mass)?;
        let there = in_plain_places(&checkout, &page)?;
        let tree = match WorkTree::around(&args.out) {
            Err(e) if !args.allow_dirty && !there.is_empty() => return Err(e.into()),
            around => around.unwrap_or_default(),
        };
        match &tree {
            Some(tree) if !args.allow_dirty => refuse_uncommitted(tree, &checkout, &there)?,
            None if !there.is_empty() => ctx.ui.warn(&format!(
                "{} isn't in git: what is written over there can't be brought back",
                args.out.display()
            )),
            _ => {}
        }
        if writes {
            // Logos come before the cards that show them.
            for (path, bytes) in page.files.iter().rev() {
                files::publish(&args.out.join(path), bytes)?;
            }
            if let Some(tree) = &tree {
                remember(tree, &page);
            }
        }
    }
    tell(ctx, args, &page, writes)?;
    Ok(!args.check || page.differences.is_empty())
}

/// The files that are there and would hold something else. Refuses what would be written by way of a link, logos' directory too.
fn in_plain_places<'p>(checkout: &Checkout<'_>, page: &'p WebsitePage) -> Result<Vec<&'p str>> {
    let mut there = Vec::new();
    for path in page.files.keys() {
        if checkout.read(path)?.is_some() {
            there.push(path.as_str());
        }
    }
    Ok(there)
}

/// What this program wrote last is no change of anybody's.
fn refuse_uncommitted(tree: &WorkTree, checkout: &Checkout<'_>, paths: &[&str]) -> Result<()> {
    let known = remembered(tree);
    let mut changed = Vec::new();
    for path in paths {
        if !tree.is_uncommitted(path)? {
            continue;
        }
        let hash = checkout.read(path)?.map(|bytes| Sha256::of(&bytes).to_string());
        if hash.as_ref() != known.get(*path) {
            changed.push(text::visible(path));
        }
    }
    match changed.as_slice() {
        [] => Ok(()),
        changed => {
            let verb = if changed.len() == 1 { "isn't" } else { "aren't" };
            Err(Error::refused(format!("{} {verb} committed, and would be written over", changed.join(", ")))
                .hint("commit or stash what is there; or say --allow-dirty"))
        }
    }
}

/// Where it is remembered what was written into a working tree: hashes by path.
fn memory(tree: &WorkTree) -> PathBuf {
    tree.own_place().join("page.json")
}

fn remembered(tree: &WorkTree) -> BTreeMap<String, String> {
    files::read(&memory(tree), limits::MEMORY, "what was written")
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

fn remember(tree: &WorkTree, page: &WebsitePage) {
    let mut known = remembered(tree);
    // No logo is written over, by this program neither.
    let again = page.files.iter().filter(|(path, _)| !path.starts_with(LOGOS));
    known.extend(again.map(|(path, bytes)| (path.clone(), Sha256::of(bytes).to_string())));
    // Without it more is refused than need be.
    let _ = files::write(&memory(tree), &serde_json::to_vec(&known).unwrap_or_default());
}

fn tell(ctx: &Context, args: &Args, page: &WebsitePage, writes: bool) -> Result<()> {
    let lines = || page.differences.iter().map(|line| format!("{}\n", text::visible(line)));
    if ctx.globals.json {
        return ctx.ui.document(&json!({
            "schema": 1, "differences": page.differences, "files": page.files.keys().collect::<Vec<_>>(),
            "written": writes && !page.files.is_empty(),
        }));
    }
    if args.check {
        let out: String = lines().collect();
        return ctx.ui.data(if out.is_empty() { "The page is as the records say.\n" } else { &out });
    }
    if page.files.is_empty() {
        return ctx.ui.data("Nothing to do: the page is as the records say.\n");
    }
    let head = if writes { "Written:" } else { "Dry run: these would be written:" };
    let paths: String = page.files.keys().map(|path| format!("  {path}\n")).collect();
    ctx.ui.data(&(lines().collect::<String>() + &format!("{head}\n{paths}")))
}
