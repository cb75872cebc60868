//! `links`: do the partners' websites still answer?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use console::Style;
use serde_json::{Value, json};

use crate::config::UserDirectory;
use crate::domain::limits;
use crate::domain::record::WebAddress;
use crate::domain::{Sha256, Slug, text};
use crate::error::{Error, Kind, Result};
use crate::registry::Snapshot;
use crate::session::Context;
use crate::ui::stopping::Orderly;
use crate::web::links::report::{self, Dead};
use crate::web::links::{LinkRecord, Memory, Shard, TO_BEGIN_ANEW, TO_TAKE_IN, Verdict, round, verdict};
use crate::web::probe::knock::Knocked;
use crate::web::probe::witness::WITNESSES;
use crate::web::probe::{Failure, LONGEST, Prober};
use crate::workflow::lookup::{everybody, look};
use crate::{files, web};

/// Ask the partners' websites whether they still answer
///
/// Asks those of the active partners, politely, and remembers what came of it. Dead is what failed on 3 days or more over
/// a week or more; nobody is removed by it. Ends with 1 when one is dead.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  karmada-partner links
  karmada-partner links --report dead.md")]
pub struct Args {
    /// Only one part of the partners, such as 2/5
    #[arg(long, value_name = "I/N", value_parser = crate::commands::value::<Shard>)]
    pub shard: Option<Shard>,
    /// The file to remember it in [default: one in your state directory]. Runs at the same time take one each
    #[arg(long, value_name = "FILE")]
    pub memory: Option<PathBuf>,
    /// Ask nobody, but take in what these memories know
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "shard")]
    pub merge: Vec<PathBuf>,
    /// Write the dead as Markdown, for an issue; empty if there are none
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// A partner's page, and what is known of it.
struct PartnerPage<'a> {
    slug: &'a Slug,
    name: &'a str,
    website: &'a WebAddress,
    entry: Option<&'a LinkRecord>,
}

/// Runs it. Gives whether none is dead.
pub fn run(ctx: &Context, args: &Args) -> Result<bool> {
    if ctx.globals.offline && args.merge.is_empty() {
        return Err(Error::usage("websites can't be asked with --offline").hint("leave --offline out"));
    }
    let forge = ctx.open()?;
    let snapshot = look(ctx, &*forge)?;
    let registry = snapshot.registry().ok();
    let partners = partners(ctx, &snapshot, args.shard)?;
    let place = place(ctx, args, &snapshot)?;
    let mut memory = match read(&place, registry, ("--memory", TO_BEGIN_ANEW)) {
        Err(e) if e.kind == Kind::NotFound => Memory::default(),
        read => read?,
    };
    for path in &args.merge {
        memory.merge(read(path, registry, ("--merge", TO_TAKE_IN))?);
    }
    let here: BTreeSet<&Slug> = partners.iter().map(|(slug, ..)| slug).collect();
    memory.keep(|slug| here.contains(slug) || args.shard.is_some_and(|shard| !shard.has(slug)));
    let mut ended = if args.merge.is_empty() { ask(ctx, &partners, &mut memory)? } else { None };
    if !ctx.globals.dry_run {
        files::publish_at(&place, memory.to_json(registry).as_bytes())?;
        ended = ended.map(|error| error.hint(format!("what was heard is remembered in {}", place.display())));
    }
    if let Some(error) = ended {
        return Err(error);
    }
    let known = |slug: &Slug, website: &WebAddress| memory.of(slug).filter(|e| e.address == website.as_str());
    let pages: Vec<PartnerPage<'_>> = partners
        .iter()
        .map(|(slug, name, website)| PartnerPage { slug, name, website, entry: known(slug, website) })
        .collect();
    if let Some(path) = args.report.as_ref().filter(|_| !ctx.globals.dry_run) {
        files::publish_at(path, markdown(&snapshot, &pages)?.as_bytes())?;
    }
    tell(ctx, args, &place, &pages)
}

/// The active partners of a shard, by slug.
fn partners(ctx: &Context, snapshot: &Snapshot<'_>, shard: Option<Shard>) -> Result<Vec<(Slug, String, WebAddress)>> {
    let mut found = Vec::new();
    for partner in everybody(ctx, snapshot)? {
        if !partner.life.is_partner(ctx.now.date()) || shard.is_some_and(|shard| !shard.has(&partner.slug)) {
            continue;
        }
        match partner.record {
            Some(record) => found.push((partner.slug, record.name.to_string(), record.website)),
            // It is told of already where it can't be read.
            None if partner.has_unreadable_record() => {}
            None => {
                let slug = partner.slug;
                ctx.ui.warn(&format!("{slug}: its facts can't be read; karmada-partner check tells more"));
            }
        }
    }
    Ok(found)
}

/// Where it is remembered.
fn place(ctx: &Context, args: &Args, snapshot: &Snapshot<'_>) -> Result<PathBuf> {
    let own = || crate::session::remembered(ctx, UserDirectory::State, "links", snapshot.repo.path());
    args.memory.clone().or_else(own).ok_or_else(|| {
        Error::environment("there is no place to remember what comes of it").hint("name a file with --memory FILE")
    })
}

fn read(path: &Path, registry: Option<Sha256>, (flag, helps): (&str, &str)) -> Result<Memory> {
    let bytes = files::read(path, limits::MEMORY, flag)?;
    Memory::parse(&bytes, registry)
        .map_err(|why| Error::usage(format!("{flag}: {}: {why}", path.display())).hint(helps))
}

/// Asks for every page, and remembers the answers. Gives why it ended before all were heard, if it did.
fn ask(ctx: &Context, partners: &[(Slug, String, WebAddress)], memory: &mut Memory) -> Result<Option<Error>> {
    let prober = Arc::new(Prober::new(LONGEST)?);
    let asked_by = Arc::clone(&prober);
    let knock = move |address: &str| {
        let knocked = web::wait(async { Ok(asked_by.knock(address).await) });
        knocked.unwrap_or_else(|e| Knocked::of(address, &Err(Failure::Here(e.message))))
    };
    let pages = partners.iter().map(|(slug, _, website)| (slug.clone(), website.clone())).collect();
    let (bar, orderly) = (ctx.ui.long_bar("asking", partners.len()), Orderly::begin());
    let (mut asked, mut knocked) = (Vec::new(), Vec::new());
    let all = round::run(pages, knock, &|| orderly.is_stopped(), |slug, website, how| {
        asked.push((slug, website));
        knocked.push(how);
        bar.step();
    });
    let is_cut_off = || web::wait(async { Ok(prober.is_cut_off(&WITNESSES).await) }).unwrap_or(true);
    for ((slug, website), answer) in asked.into_iter().zip(verdict::answers(&knocked, is_cut_off)) {
        let entry = LinkRecord::after(memory.of(&slug), website.as_str(), answer, ctx.now);
        memory.put(slug, entry);
    }
    Ok(match (all, orderly.is_stopped()) {
        (true, _) => None,
        (false, true) => Some(Error::interrupted()),
        (false, false) => Some(Error::new(Kind::Bug, "a page broke the asking off")),
    })
}

impl PartnerPage<'_> {
    fn verdict(&self) -> Verdict {
        self.entry.map_or(Verdict::Unknown, LinkRecord::verdict)
    }

    fn why(&self) -> Option<String> {
        match self.entry {
            Some(entry) => entry.why().map(text::visible),
            None => Some("it wasn't asked yet".into()),
        }
    }

    /// On a line, if there is something to say.
    fn line(&self) -> Option<String> {
        let (icon, style) = match self.verdict() {
            Verdict::Alive => return None,
            Verdict::Failing => ("!", Style::new().yellow()),
            Verdict::Dead => ("✘", Style::new().red()),
            Verdict::Unknown => ("?", Style::new().yellow()),
        };
        let word = style.apply_to(format!("{icon} {:<7}", self.verdict()));
        let failing = self.entry.and_then(|e| e.failing.as_ref());
        let since = failing.map(|f| format!("; failing since {}", f.since)).unwrap_or_default();
        let alive = self.entry.and_then(|e| e.last_alive);
        let alive = alive.map(|t| format!("; last alive {}", t.date())).unwrap_or_default();
        Some(format!("{word} {} {}: {}{since}{alive}\n", self.slug, self.website, self.why().unwrap_or_default()))
    }

    fn json(&self) -> Value {
        let failing = self.entry.and_then(|e| e.failing.as_ref());
        json!({
            "partner": self.slug, "name": self.name, "website": self.website, "verdict": self.verdict(), "why": self.why(),
            "checked": self.entry.map(|e| e.checked), "last_alive": self.entry.and_then(|e| e.last_alive),
            "failing": failing.map(|f| json!({"since": f.since, "last": f.last, "days": f.days})),
        })
    }
}

fn markdown(snapshot: &Snapshot<'_>, pages: &[PartnerPage<'_>]) -> Result<String> {
    let dead: Vec<Dead<'_>> = pages
        .iter()
        .filter(|page| page.verdict() == Verdict::Dead)
        .filter_map(|page| Some(Dead { slug: page.slug.as_str(), name: page.name, entry: page.entry? }))
        .collect();
    if dead.is_empty() {
        return Ok(String::new());
    }
    let program = snapshot.program()?.name.to_string();
    crate::forge::github::texts::texts(snapshot, report::TEMPLATE)?
        .fill(report::TEMPLATE, &report::values(&program, &dead))
}

fn tell(ctx: &Context, args: &Args, place: &Path, pages: &[PartnerPage<'_>]) -> Result<bool> {
    let count = |verdict| pages.iter().filter(|p| p.verdict() == verdict).count();
    let [alive, failing, dead, unknown] =
        [Verdict::Alive, Verdict::Failing, Verdict::Dead, Verdict::Unknown].map(count);
    if ctx.globals.json {
        let links: Vec<Value> = pages.iter().map(PartnerPage::json).collect();
        ctx.ui.document(&json!({
            "schema": 1, "dry_run": ctx.globals.dry_run, "shard": args.shard, "memory": text::visible(&place.display().to_string()),
            "links": links, "alive": alive, "failing": failing, "dead": dead, "unknown": unknown,
        }))?;
    } else {
        let mut out: String = pages.iter().filter_map(PartnerPage::line).collect();
        out += &format!("Alive: {alive}. Failing: {failing}. Dead: {dead}. Unknown: {unknown}.\n");
        if ctx.globals.dry_run {
            out += "Dry run: nothing is remembered of it.\n";
        }
        ctx.ui.data(&out)?;
    }
    if dead > 0 {
        ctx.ui.hint("nobody is removed by it: ask their contacts, then karmada-partner update or exit");
    }
    Ok(dead == 0)
}
