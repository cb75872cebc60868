//! `render directory`: a static site that anyone can host.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::commands::{look, remembered};
use crate::config::Place;
use crate::context::Context;
use crate::error::Result;
use crate::even::{self, InkBox};
use crate::files;
use crate::output::{Output, Written};
use crate::partner::{Sha256, State, statistics};
use crate::registry::{Partner, Snapshot};
use crate::render::data;
use crate::render::directory::{Directory, Entry, Logo, Page};
use crate::render::templates::{self, Templates};
use crate::repo::{Mode, Oid, Repo};
use crate::survey::{self, on_all_cores};

/// Write a static site: all partners to search and filter, a page for each, jobs, data and a feed
///
/// In English and Chinese, for any web server. Files that are as they should be aren't touched, files of an earlier run
/// that are no longer made are removed, and everything else in the directory stays. Templates in templates/directory/ of
/// the registry win over the program's own.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to: a new directory, or one that was written before
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Runs it.
pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(&*forge)?;
    let input = fingerprint(ctx, &snapshot)?;
    if ctx.globals.dry_run {
        return ctx.ui.data(&format!("Dry run: {} wasn't written.\n", args.out.display()));
    }
    let output = Output::open(&args.out)?;
    let written = match output.is_up_to_date(&input) {
        Some(written) => written,
        None => {
            write(ctx, &snapshot, &output)?;
            output.finish(&input)?
        }
    };
    tell(ctx, args, written)
}

/// All that the site is made from.
fn fingerprint(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<String> {
    let at = |path: &str| -> Result<String> {
        Ok(snapshot.repo.at_path(snapshot.tree, path)?.map(|e| e.oid.to_string()).unwrap_or_default())
    };
    // Job posts close by themselves.
    let parts =
        [env!("CARGO_PKG_VERSION"), FORMAT, &at("data")?, &at(templates::DIRECTORY)?, &ctx.now.date().to_string()];
    Ok(Sha256::of(parts.join(" ").as_bytes()).to_string())
}

/// Counts up when the same registry gives another site.
const FORMAT: &str = "1";

fn write(ctx: &Context, snapshot: &Snapshot<'_>, output: &Output) -> Result<()> {
    let program = snapshot.program()?;
    let templates = Templates::new(&own_templates(snapshot)?)?;
    // Who was never a partner has no page.
    let was = |p: &Partner| p.life.state == State::Active || !statistics::spells(&p.life.log).is_empty();
    let partners: Vec<Partner> = survey::partners(snapshot)?.into_iter().filter(was).collect();
    let bar = ctx.ui.bar("writing logos", partners.len());
    let logos = logos(ctx, snapshot.repo, &partners, output, &|| bar.step())?;
    drop(bar);
    let mut styles = templates.file("style.css").to_owned();
    styles += &fits(logos.iter().flatten());
    let script = templates.file("app.js");
    let name =
        |stem: &str, text: &str, end: &str| format!("{stem}.{}.{end}", &Sha256::of(text.as_bytes()).short()[..8]);
    let assets = (name("style", &styles, "css"), name("app", script, "js"));
    output.put(&assets.0, styles.as_bytes())?;
    output.put(&assets.1, script.as_bytes())?;
    output.put("icon.svg", templates.file("icon.svg").as_bytes())?;
    let entries: Vec<Entry<'_>> = partners
        .iter()
        .zip(logos)
        .filter_map(|(p, logo)| {
            let record = p.record.as_ref()?;
            Some(Entry { slug: &p.slug, record, log: &p.life.log, state: p.life.state, logo })
        })
        // Whose logo can't be read is check's to tell, and can't be shown.
        .filter(|e| !e.is_active() || e.logo.is_some())
        .collect();
    let directory = Directory::new(&program, snapshot.registry()?, entries, ctx.now.date(), assets);
    output.put("partners.json", data::json(&directory)?.as_bytes())?;
    output.put("partners.csv", data::csv(&directory)?.as_bytes())?;
    let pages = directory.pages();
    let bar = ctx.ui.bar("writing pages", pages.len());
    on_all_cores(snapshot.repo, &pages, |_, page: &Page| {
        output.put(&directory.path(*page), directory.render(&templates, *page)?.as_bytes())?;
        bar.step();
        Ok(())
    })?;
    Ok(())
}

/// The registry's own templates: name and content.
fn own_templates(snapshot: &Snapshot<'_>) -> Result<Vec<(String, String)>> {
    let Some(directory) = snapshot.repo.at_path(snapshot.tree, templates::DIRECTORY)?.filter(|e| e.mode == Mode::Tree)
    else {
        return Ok(Vec::new());
    };
    let mut own = Vec::new();
    for entry in snapshot.repo.entries(directory.oid)?.into_iter().filter(|e| e.mode == Mode::File) {
        own.push((entry.name, String::from_utf8_lossy(&snapshot.repo.blob(entry.oid)?).into_owned()));
    }
    Ok(own)
}

/// Writes each active partner's logo, under a name that changes with it, and measures it. What was measured once is
/// remembered.
fn logos(
    ctx: &Context,
    repo: &Repo,
    partners: &[Partner],
    output: &Output,
    step: &(dyn Fn() + Sync),
) -> Result<Vec<Option<Logo>>> {
    let memory = remembered(ctx, Place::Cache, "logos", repo.path());
    let known: BTreeMap<String, [u32; 6]> = memory
        .as_ref()
        .and_then(|f| std::fs::read(f).ok())
        .and_then(|b| serde_json::from_slice(&b).ok())
        .unwrap_or_default();
    let wanted: Vec<(&Partner, Option<Oid>)> =
        partners.iter().map(|p| (p, p.directory.logo.filter(|_| p.life.state == State::Active))).collect();
    let found = on_all_cores(repo, &wanted, |repo, (partner, oid)| {
        step();
        let Some(oid) = oid else { return Ok(None) };
        let id = oid.to_string();
        let src = format!("logos/{}.{}.png", partner.slug, &id[..8]);
        let size = repo.size(*oid)?;
        let ink = match known.get(&id).copied() {
            Some(known) if output.has(&src, size) => {
                output.keep(&src)?;
                Some(known)
            }
            known => {
                let bytes = repo.blob(*oid)?;
                output.put(&src, &bytes)?;
                known.or_else(|| even::ink_box(&bytes).ok().map(numbers))
            }
        };
        Ok(ink.map(|ink| (id, src, ink)))
    })?;
    if let Some(memory) = memory {
        let all: BTreeMap<&str, [u32; 6]> = found.iter().flatten().map(|(id, _, ink)| (id.as_str(), *ink)).collect();
        if all.len() != known.len() || all.keys().any(|id| !known.contains_key(*id)) {
            // Forgetting costs time only.
            let _ = files::write(&memory, &serde_json::to_vec(&all).unwrap_or_default());
        }
    }
    let logo = |(_, src, [left, top, width, height, canvas_width, canvas_height]): (String, String, [u32; 6])| {
        let fit = even::fit(&InkBox { left, top, width, height, canvas_width, canvas_height });
        let fit = format!("z{} x{} y{}", fit.scale_percent, fit.x_percent, fit.y_percent);
        Logo { src, width: canvas_width, height: canvas_height, fit }
    };
    Ok(found.into_iter().map(|found| found.map(logo)).collect())
}

const fn numbers(ink: InkBox) -> [u32; 6] {
    [ink.left, ink.top, ink.width, ink.height, ink.canvas_width, ink.canvas_height]
}

/// The classes that logos are fitted with, as far as they are used.
fn fits<'a>(logos: impl Iterator<Item = &'a Logo>) -> String {
    let classes: std::collections::BTreeSet<&str> = logos.flat_map(|l| l.fit.split(' ')).collect();
    let rule = |class: &str| {
        let (kind, number) = class.split_at(1);
        let value = match kind {
            "z" => {
                let percent: u32 = number.parse().unwrap_or(100);
                format!("{}.{:02}", percent / 100, percent % 100)
            }
            _ => format!("{number}%"),
        };
        format!(".{class}{{--{kind}:{value}}}")
    };
    let mut out: String = classes.into_iter().map(rule).collect();
    out.push('\n');
    out
}

fn tell(ctx: &Context, args: &Args, written: Written) -> Result<()> {
    if ctx.globals.json {
        return ctx.ui.document(&serde_json::json!({"schema": 1, "out": args.out, "files": written}));
    }
    let out = args.out.display();
    ctx.ui.data(&match written {
        Written { files, written: 0, removed: 0 } => {
            format!("Nothing to do: {out} is as it should be. Files: {files}.\n")
        }
        Written { files, written, removed } => {
            format!("Written: {out}. Files: {files}, new or changed: {written}, removed: {removed}.\n")
        }
    })
}
