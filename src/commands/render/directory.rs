//! `render directory`: a static site that anyone can host.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::output_directory::{Output, Written};
use super::trusting::{place, trusted};
use crate::config::UserDirectory;
use crate::domain::logo::normalize;
use crate::domain::logo::pixels::InkBox;
use crate::domain::{GitId, Logged, Sha256, Slug, State, limits, statistics, text};
use crate::error::{Error, Kind, Result};
use crate::files::memory;
use crate::git::{Oid, Repo};
use crate::registry::own_words::{self, Found};
use crate::registry::survey::on_all_cores;
use crate::registry::{Partner, Snapshot};
use crate::render::directory::templates::{self, Templates};
use crate::render::directory::{Card, Directory, Logo, PageFile, data, nameplate};
use crate::session::{Context, remembered};
use crate::workflow::lookup::{everybody_or_why, look};
use crate::workflow::webpage;

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

pub fn run(ctx: &Context, args: &Args) -> Result<()> {
    Repo::read_in_bulk();
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let input = fingerprint(ctx, &snapshot)?;
    if ctx.globals.dry_run {
        if ctx.globals.json {
            return ctx.ui.document(&serde_json::json!({"schema": 1, "dry_run": true, "out": args.out}));
        }
        return ctx.ui.data(&format!("Dry run: {} wasn't written.\n", text::visible(&args.out.display().to_string())));
    }
    let mut output = Output::open(&args.out, is_of_the_site)?;
    let written = match output.is_up_to_date(&input) {
        Some(written) => written,
        None => {
            let Site { whole, former } = write(ctx, &snapshot, &mut output)?;
            // What is broken is told again as long as it is.
            output.finish(if whole { &input } else { "" }, &|path, is_made| lingers(path, &former, is_made))?
        }
    };
    if snapshot.program()?.upkeep.directory.is_none() {
        ctx.ui.detail("with [directory] url in data/program.toml feeds and cards lead back to the site");
    }
    tell(ctx, args, written)
}

/// Whether pages that were made before still need this: style, script, and a logo, be it that another came in its place or that its
/// partner left. What was taken out of the records is gone at once.
fn lingers(path: &str, former: &BTreeSet<String>, is_made: &dyn Fn(&str) -> bool) -> bool {
    let stem = path.strip_prefix("logos/").unwrap_or(path).split('.').next().unwrap_or_default();
    match path.strip_prefix("logos/") {
        Some(_) => former.contains(stem) || is_made(&format!("logos/{stem}.")),
        None => is_style_or_script(path) && is_made(&format!("{stem}.")),
    }
}

fn is_style_or_script(path: &str) -> bool {
    !path.contains('/') && ["style.", "app."].iter().any(|start| path.starts_with(start))
}

/// Whether a path is one that a site of ours could have.
fn is_of_the_site(path: &str) -> bool {
    let path = path.strip_prefix("zh/").unwrap_or(path);
    let named = |stem: &str, end: &str| path.starts_with(stem) && path.ends_with(end) && !path.contains('/');
    matches!(
        path,
        "index.html"
            | "jobs/index.html"
            | "partners.json"
            | data::SCHEMA
            | "partners.csv"
            | "feed.xml"
            | "sitemap.xml"
            | "robots.txt"
            | "404.html"
            | "icon.svg"
    ) || path
        .strip_prefix("partners/")
        .is_some_and(|p| ["/index.html", "/card.html", "/badge.svg"].iter().any(|end| p.ends_with(end)))
        || path
            .strip_prefix("logos/")
            .is_some_and(|p| [".png", ".svg"].iter().any(|end| p.ends_with(end)) && !p.contains('/'))
        || named("style.", ".css")
        || named("app.", ".js")
}

/// All that the site is made from.
fn fingerprint(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<String> {
    let at = |path: &str| -> Result<String> {
        Ok(snapshot.repo.at_path(snapshot.tree, path)?.map(|e| e.oid.to_string()).unwrap_or_default())
    };
    let place = place(ctx, snapshot.repo, &snapshot.program()?)?;
    // Job posts close by themselves, when their last day is over everywhere.
    let parts = [
        env!("CARGO_PKG_VERSION"),
        FORMAT,
        &templates::brought_along().to_string(),
        &at("data")?,
        &at(templates::DIRECTORY)?,
        &ctx.now.date().to_string(),
        &ctx.now.days_on_earth().start().to_string(),
        &format!("{place:?}"),
    ];
    Ok(Sha256::of(parts.join(" ").as_bytes()).to_string())
}

/// Counts up when the same registry and the same templates give another site.
const FORMAT: &str = "12";

/// A site that was written.
struct Site {
    /// Whether every partner is shown whole: one whose file is broken is told, and doesn't stop the others.
    whole: bool,
    /// Who isn't a partner any more, and whose logo is in the records still.
    former: BTreeSet<String>,
}

fn write(ctx: &Context, snapshot: &Snapshot<'_>, output: &mut Output) -> Result<Site> {
    let program = snapshot.program()?;
    let templates = Templates::new(&own_templates(ctx, snapshot)?)?;
    // Who was never a partner has no page. Of whom that can't be read, nobody knows.
    let today = ctx.now.date();
    let was = |p: &Partner| {
        p.unreliable().is_some() || p.life.is_partner(today) || !statistics::spells(&p.life.log).is_empty()
    };
    let (partners, unread) = everybody_or_why(ctx, snapshot)?;
    let partners: Vec<Partner> = partners.into_iter().filter(was).collect();
    let unread: Vec<Slug> = unread.into_iter().map(|unread| unread.slug).collect();
    let bar = ctx.ui.bar("measuring logos", partners.len());
    let logos = measured(ctx, snapshot.repo, &partners, &|| bar.step())?;
    drop(bar);
    let mut styles = templates.file("style.css").to_owned();
    styles += &fits();
    let script = templates.file("app.js");
    let name =
        |stem: &str, text: &str, end: &str| format!("{stem}.{}.{end}", &Sha256::of(text.as_bytes()).short()[..8]);
    let assets = (name("style", &styles, "css"), name("app", script, "js"));
    let trust = trusted(ctx, snapshot, &partners, today)?;
    let (mut entries, mut bare) = (Vec::new(), Vec::new());
    let mut broken = missed(ctx, output, &partners.iter().map(|partner| &partner.slug).chain(&unread).collect());
    for slug in unread {
        webpage::warn_unreadable(ctx, &slug, "record or the log", "its pages stay as they were");
        broken.push(slug);
    }
    for ((partner, logo), trust) in partners.iter().zip(&logos).zip(trust) {
        if partner.unreliable().is_some() {
            webpage::warn_unreadable(ctx, &partner.slug, "log", "its pages stay as they were");
            broken.push(partner.slug.clone());
            continue;
        }
        let Some(record) = &partner.record else {
            webpage::warn_unreadable(ctx, &partner.slug, "record", "its pages stay as they were");
            broken.push(partner.slug.clone());
            continue;
        };
        let logo = logo.as_ref().map(|(_, logo)| logo.clone());
        if partner.life.is_partner(today) && logo.is_none() {
            webpage::warn_unreadable(ctx, &partner.slug, "logo", "it is shown by its name");
            bare.push((Logo::of_name(&partner.slug).src, nameplate::svg(record.name.as_str())));
        }
        entries.push(Card {
            slug: &partner.slug,
            record,
            log: &partner.life.log,
            state: if partner.life.is_partner(today) { State::Active } else { partner.life.state },
            leaving: partner.life.leaving(today),
            logo,
            trust,
            contact_named: partner.names_its_contact(snapshot.repo).unwrap_or_default(),
            contact_stands_in: false,
        });
    }
    let place = place(ctx, snapshot.repo, &program)?;
    let directory = Directory::new(&program, snapshot.registry()?, entries, ctx.now, assets.clone(), place);
    let pages = directory.pages();
    let fixed = [&assets.0, &assets.1, "icon.svg", "partners.json", data::SCHEMA, "partners.csv"].map(str::to_owned);
    let all =
        pages.iter().map(|page| directory.path(*page)).chain(fixed).chain(bare.iter().map(|(path, _)| path.clone()));
    let all = all.chain(logos.iter().flatten().map(|(_, logo)| logo.src.clone()));
    output.claim(&all.collect::<Vec<_>>())?;
    let output = &*output;
    // Nobody's page goes because a file was broken, nor what it is shown with.
    for slug in &broken {
        let logos = format!("logos/{slug}.");
        for language in ["", "zh/"] {
            for file in ["index.html", "card.html", "badge.svg"] {
                let page = format!("{language}partners/{slug}/{file}");
                output.keep_page_if_there(&page, |asset| asset.starts_with(&logos) || is_style_or_script(asset));
            }
        }
    }
    for (path, picture) in &bare {
        output.put(path, picture.as_bytes())?;
    }
    output.put(&assets.0, styles.as_bytes())?;
    output.put(&assets.1, script.as_bytes())?;
    output.put("icon.svg", templates.file("icon.svg").as_bytes())?;
    output.put("partners.json", data::json(&directory)?.as_bytes())?;
    output.put(data::SCHEMA, schema()?.as_bytes())?;
    output.put("partners.csv", data::csv(&directory)?.as_bytes())?;
    on_all_cores(snapshot.repo, &logos, |repo, logo| {
        let Some((oid, logo)) = logo else { return Ok(()) };
        let what = oid.to_string();
        match output.has(&logo.src, &what) {
            true => output.keep(&logo.src)?,
            false => output.put(&logo.src, &repo.blob(*oid)?)?,
        }
        output.is_of(&logo.src, what);
        Ok(())
    })?;
    let bar = ctx.ui.bar("writing pages", pages.len());
    on_all_cores(snapshot.repo, &pages, |_, page: &PageFile| {
        output.put(&directory.path(*page), directory.render(&templates, *page)?.as_bytes())?;
        bar.step();
        Ok(())
    })?;
    let left = |partner: &&Partner| !partner.life.is_partner(today) && partner.directory.logo.is_some();
    let former = partners.iter().filter(left).map(|partner| partner.slug.to_string()).collect();
    Ok(Site { whole: broken.is_empty() && bare.is_empty(), former })
}

/// Who has a page of an earlier run, and of whom nothing on record says that it was a partner: whoever leaves is on record.
fn missed(ctx: &Context, output: &Output, known: &BTreeSet<&Slug>) -> Vec<Slug> {
    let of_page = |path: &str| path.strip_prefix("partners/")?.strip_suffix("/index.html")?.parse().ok();
    let is_missed = |slug: &Slug| !known.contains(slug);
    let missed: Vec<Slug> = output.standing().filter_map(of_page).filter(is_missed).collect();
    for slug in &missed {
        ctx.ui.warn(&format!(
            "{slug} has a page, and nothing on record says that it was a partner; its pages stay as they were"
        ));
        ctx.ui.hint(&format!(
            "karmada-partner check tells what was lost; if they are to go, remove partners/{slug} and zh/partners/{slug} there"
        ));
    }
    missed
}

/// The registry's own templates: name and content. What none of the site's is called by is told: it may be a slip.
fn own_templates(ctx: &Context, snapshot: &Snapshot<'_>) -> Result<Vec<(String, String)>> {
    let names: Vec<&str> = templates::names().collect();
    let is_known = |name: &str| names.contains(&name);
    let Found { files, others } = own_words::read_all(snapshot, templates::DIRECTORY, &is_known)?;
    for other in others.iter().filter(|name| !name.starts_with('.') && !name.starts_with("README")) {
        let name = text::visible(other);
        let why = match text::nearest(other, &names) {
            _ if is_known(other) => "is no file".to_owned(),
            Some(near) => format!("is called by the name of no template; did you mean {near}?"),
            None => "is called by the name of no template".to_owned(),
        };
        ctx.ui.warn(&format!("{}/{name} of the registry is passed over: it {why}", templates::DIRECTORY));
    }
    Ok(files)
}

/// Changes whenever logos are measured otherwise.
const MEASURED_BY: &str = concat!(env!("CARGO_PKG_VERSION"), " 1");

/// Each active partner's logo: its object, and how it is shown. What was measured once is remembered.
fn measured(
    ctx: &Context,
    repo: &Repo,
    partners: &[Partner],
    step: &(dyn Fn() + Sync),
) -> Result<Vec<Option<(Oid, Logo)>>> {
    let place = remembered(ctx, UserDirectory::Cache, "ink", repo.path());
    let known: BTreeMap<String, [u32; 7]> =
        place.as_ref().and_then(|file| memory::read(file, limits::MEMORY, MEASURED_BY)).unwrap_or_default();
    let today = ctx.now.date();
    let found = on_all_cores(repo, partners, |repo, partner: &Partner| {
        step();
        let Some(oid) = partner.directory.logo.filter(|_| partner.life.is_partner(today)) else {
            return Ok(None);
        };
        let ink = match known.get(&oid.to_string()) {
            Some(known) => Some(*known),
            None => match repo.blob(oid) {
                Ok(bytes) => normalize::ink(&bytes).ok().map(numbers),
                // It is told as one that isn't a picture is.
                Err(e) if e.is_damage() => None,
                Err(e) => return Err(e.into()),
            },
        };
        Ok(ink.map(|ink| (oid, ink)))
    })?;
    if let Some(file) = place {
        let all: BTreeMap<String, [u32; 7]> =
            found.iter().flatten().map(|(oid, ink)| (oid.to_string(), *ink)).collect();
        if all != known {
            memory::write(&file, limits::MEMORY, MEASURED_BY, &all);
        }
    }
    let logo = |partner: &Partner, (oid, ink): (Oid, [u32; 7])| {
        let [left, top, width, height, canvas_width, canvas_height, is_pale] = ink;
        let fit = normalize::fit(&InkBox { left, top, width, height, canvas_width, canvas_height });
        let plate = if is_pale == 1 { " w" } else { "" };
        let shift = |axis: &str, percent: i32| if percent == 0 { String::new() } else { format!(" {axis}{percent}") };
        let (x, y) = (shift("x", fit.x_percent.into()), shift("y", fit.y_percent.into()));
        let fit = format!("z{}{x}{y}{plate}", fit.scale_percent);
        let src = format!("logos/{}.{}.png", partner.slug, edition(&partner.life.log, oid));
        (oid, Logo { src, width: canvas_width, height: canvas_height, fit })
    };
    Ok(partners.iter().zip(found).map(|(partner, found)| found.map(|found| logo(partner, found))).collect())
}

/// What tells a logo from those that its partner had before: how many it has had, by its log. What the log doesn't explain goes by
/// its hash. Names of eight digits each would be a fifth of a long list, packed.
fn edition(log: &[Logged], oid: Oid) -> String {
    let mut all: Vec<GitId> =
        log.iter().map(|l| &l.event).filter(|e| e.kind.brings()).filter_map(|e| e.objects.logo).collect();
    all.dedup();
    match all.last() {
        Some(last) if Oid::from(*last) == oid => all.len().to_string(),
        _ => oid.to_string()[..8].to_owned(),
    }
}

fn numbers((ink, is_pale): (InkBox, bool)) -> [u32; 7] {
    [ink.left, ink.top, ink.width, ink.height, ink.canvas_width, ink.canvas_height, is_pale.into()]
}

/// The classes that logos are fitted with: all that any could need, so that a new logo changes no style and so no other page.
fn fits() -> String {
    let mut out = String::new();
    for percent in (4..=400).step_by(4) {
        out += &format!(".z{percent}{{--z:{}.{:02}}}", percent / 100, percent % 100);
    }
    for shift in (-200..=200).step_by(2) {
        out += &format!(".x{shift}{{--x:{shift}%}}.y{shift}{{--y:{shift}%}}");
    }
    out.push('\n');
    out
}

/// What the data looks like, for programs that read it.
fn schema() -> Result<String> {
    let bug = |why: String| Error::new(Kind::Bug, why);
    let documents = crate::commands::schema::documents();
    let own = documents.iter().find(|d| d.name == "partners.json").ok_or_else(|| bug("it has no schema".into()))?;
    serde_json::to_string_pretty(&own.schema()).map(|s| s + "\n").map_err(|e| bug(e.to_string()))
}

fn tell(ctx: &Context, args: &Args, written: Written) -> Result<()> {
    if ctx.globals.json {
        return ctx.ui.document(&serde_json::json!({"schema": 1, "out": args.out, "files": written}));
    }
    let out = text::visible(&args.out.display().to_string());
    ctx.ui.data(&match written {
        Written { files, written: 0, removed: 0 } => {
            format!("Nothing to do: {out} is as it should be. Files: {files}.\n")
        }
        Written { files, written, removed } => {
            format!("Written: {out}. Files: {files}, new or changed: {written}, removed: {removed}.\n")
        }
    })
}
