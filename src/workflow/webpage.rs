//! What render website, publish and decisions share: the website's page from the records.

use crate::domain::logo::normalize;
use crate::domain::{Date, Kind, Program, Record, Slug, text};
use crate::error::{Error, Result};
use crate::git::{Mode, Oid, Put, Repo};
use crate::registry::{Proposal, Snapshot, survey};
use crate::render::directory::lang::Lang;
use crate::render::directory::order;
use crate::render::website::page::{self, CARDS, CHINESE, LOGOS, Partner, Present, Unreadable, WebsitePage};
use crate::session::Context;

/// A way to read the website's files.
pub type Read<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<u8>>>;

impl From<Unreadable> for Error {
    fn from(e: Unreadable) -> Self {
        let Unreadable { path, fault } = e;
        Self::refused(format!("{path}:{}: {}", fault.line, text::visible(&fault.why))).hint(fault.hint)
    }
}

/// The page for the partners on the default branch.
pub fn page(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, read: Read<'_>) -> Result<WebsitePage> {
    rendered(ctx, snapshot.repo, active(snapshot, ctx.now.date())?, program, read)
}

/// Refuses what would empty a page: from the sandbox, or from a registry with nobody in it.
pub fn refuse_to_empty(ctx: &Context, page: &WebsitePage) -> Result<()> {
    if ctx.in_sandbox() {
        return Err(Error::usage("the sandbox's partners have no place on a website")
            .hint("name the registry with --registry, or set KARMADA_PARTNER_REGISTRY"));
    }
    if page.cards.is_empty() && !page.gone.is_empty() && !ctx.globals.yes {
        return Err(Error::refused(format!("every card would go: {}", text::visible(&page.gone.join(", "))))
            .hint("the registry has no active partners: name another with --registry; if that is meant, say --yes"));
    }
    Ok(())
}

/// What of a website a page is made from.
pub const PATHS: [&str; 3] = [CARDS, CHINESE, LOGOS];

/// Who is on the page.
#[derive(Default)]
struct Shown {
    /// Each with its facts and its logo's object.
    partners: Vec<(Slug, Record, Oid)>,
    /// Those whose facts can't be read: nobody loses a card because a file was broken.
    broken: Vec<Slug>,
}

fn active(snapshot: &Snapshot<'_>, today: Date) -> Result<Shown> {
    let mut shown = Shown::default();
    for partner in survey::partners(snapshot)?.into_iter().filter(|p| p.life.is_partner(today)) {
        match (partner.record, partner.directory.logo) {
            (Some(record), Some(logo)) => shown.partners.push((partner.slug, record, logo)),
            _ => shown.broken.push(partner.slug),
        }
    }
    Ok(shown)
}

/// Tells of a partner that can't be shown as it should be, and what is shown instead; the others are shown all the same.
pub fn warn_unreadable(ctx: &Context, slug: &Slug, what: &str, instead: &str) {
    ctx.ui.warn(&format!(
        "the {what} of {slug} can't be read, and {instead}; karmada-partner check tells what is wrong with it"
    ));
}

fn rendered(
    ctx: &Context,
    repo: &Repo,
    Shown { partners: mut shown, broken }: Shown,
    program: &Program,
    read: Read<'_>,
) -> Result<WebsitePage> {
    order::sort_by_name(&mut shown, Lang::En, |(_, r, _)| r.name.to_string(), |(slug, ..)| slug.to_string());
    let present = present(read)?;
    for slug in &broken {
        warn_unreadable(ctx, slug, "record or the logo", "its card stays as it is");
    }
    let mut partners = Vec::new();
    for (slug, record, logo) in &shown {
        let mut logo = repo.blob(*logo)?;
        if program.upkeep.even_logos {
            match normalize::even(&logo) {
                Ok(even) => logo = even,
                Err(e) => ctx.ui.warn(&format!("the logo of {slug} stays as it is: {e}")),
            }
        }
        partners.push(Partner { slug, record, logo });
    }
    page::page(&partners, &broken, &present, program.name.as_str(), program.upkeep.even_logos, read)
}

pub fn present(read: Read<'_>) -> Result<Present> {
    let file = |path: &str| -> Result<String> {
        let bytes = read(path)?.ok_or_else(|| {
            Error::not_found(format!("there is no {path}"))
                .hint("name a checkout of Karmada's website, or one made after it")
        })?;
        String::from_utf8(bytes)
            .map_err(|_| Error::refused(format!("{path} isn't UTF-8")).hint("save it as UTF-8, and try again"))
    };
    Ok(Present { cards: file(CARDS)?, chinese: file(CHINESE)? })
}

/// The page's files that a decision changes, where the website is in the registry's own repository.
pub fn landing(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    proposal: &Proposal,
    kind: Kind,
) -> Result<Vec<(String, Put)>> {
    let Some(shown) = shown_after(ctx, snapshot, proposal, kind)? else { return Ok(Vec::new()) };
    let read = |path: &str| in_tree(snapshot, path);
    let page = rendered(ctx, snapshot.repo, shown, program, &read)?;
    let mut puts = Vec::new();
    for (path, bytes) in page.files {
        if in_tree(snapshot, &path)?.as_ref() != Some(&bytes) {
            puts.push((path, Put::Bytes(bytes)));
        }
    }
    Ok(puts)
}

/// How a page differs from what it would be after a decision, a line each.
pub fn foreseen(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    proposal: &Proposal,
    kind: Kind,
    read: Read<'_>,
) -> Result<Vec<String>> {
    let Some(shown) = shown_after(ctx, snapshot, proposal, kind)? else { return Ok(Vec::new()) };
    Ok(rendered(ctx, snapshot.repo, shown, program, read)?.differences)
}

/// Who is on the page after a decision; `None` where it changes nothing there.
fn shown_after(ctx: &Context, snapshot: &Snapshot<'_>, proposal: &Proposal, kind: Kind) -> Result<Option<Shown>> {
    let slug = &proposal.partner.slug;
    let mut shown = active(snapshot, ctx.now.date())?;
    match kind {
        Kind::Approved | Kind::Updated | Kind::Recorded => {
            shown.partners.retain(|(other, ..)| other != slug);
            let facts = proposal.record().zip(proposal.partner.directory.logo);
            if facts.is_some() {
                shown.broken.retain(|other| other != slug);
            }
            shown.partners.extend(facts.map(|(record, logo)| (slug.clone(), record.clone(), logo)));
        }
        // Until it leaves it is a partner.
        Kind::Exited if proposal.terms().is_some_and(|terms| terms.effective > ctx.now.date()) => {}
        Kind::Exited => {
            shown.partners.retain(|(other, ..)| other != slug);
            shown.broken.retain(|other| other != slug);
        }
        _ => return Ok(None),
    }
    Ok(Some(shown))
}

/// A file of the default branch.
pub fn in_tree(snapshot: &Snapshot<'_>, path: &str) -> Result<Option<Vec<u8>>> {
    match snapshot.repo.at_path(snapshot.tree, path)? {
        Some(entry) if matches!(entry.mode, Mode::File | Mode::Executable) => Ok(Some(snapshot.repo.blob(entry.oid)?)),
        _ => Ok(None),
    }
}
