//! What render website, publish and decisions share: the website's page from the records.

use std::fmt;

use crate::domain::log::event::Terms;
use crate::domain::program::upkeep_rules::Order;
use crate::domain::{Date, Kind, Program, Record, Slug, State, Subject, text};
use crate::error::{Error, Result};
use crate::git::{Mode, Oid, Repo};
use crate::registry::{Partner, Proposal, Snapshot, survey};
use crate::render::directory::lang::Lang;
use crate::render::directory::order;
use crate::render::website::card::tells_of;
use crate::render::website::page::{
    self, CARDS, CHINESE, Former, Going, Gone, LOGOS, Listing, Present, Unreadable, WebsitePage,
};
use crate::session::Context;
use crate::workflow::lookup;
use crate::workflow::website_files::{Branch, Files, Kept, Website};
use crate::workflow::website_logos::{self, Prepared};

impl From<Unreadable> for Error {
    fn from(e: Unreadable) -> Self {
        let Unreadable { path, fault } = e;
        Self::refused(format!("{path}:{}: {}", fault.line, text::visible(&fault.why))).hint(fault.hint)
    }
}

/// The page for the partners on the default branch. Tells where a decision about one isn't what its votes say.
pub fn page(ctx: &Context, snapshot: &Snapshot<'_>, program: &Program, files: &dyn Files) -> Result<WebsitePage> {
    pages(ctx, snapshot, program, files, None).map(|(page, _)| page)
}

/// Gives what the commit of the open proposal says, if there is one. Asked only where that matters.
pub type Open<'a> = &'a dyn Fn() -> Result<Option<String>>;

/// The same and, where the open proposal may tell what was agreed to, beside it the page without what a person would still have to agree to; `None`
/// where nobody has to agree to anything.
pub fn pages(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    files: &dyn Files,
    open: Option<Open<'_>>,
) -> Result<(WebsitePage, Option<WebsitePage>)> {
    let shown = active(snapshot, ctx.now.date())?;
    lookup::warn_of_decisions(ctx, snapshot)?;
    rendered(ctx, snapshot.repo, shown, None, program, files, open)
}

/// Whether so many of a page's cards may go together. One that left is no mass, however short the page is.
const fn are_few(gone: usize, shown: usize) -> bool {
    gone <= 1 || gone * 4 <= shown
}

/// How many of the cards that go somebody has to agree to.
fn losses(page: &WebsitePage) -> usize {
    let gone = page.gone.len();
    if are_few(gone, page.shown) { page.gone.iter().filter(|card| !card.left).count() } else { gone }
}

/// Refuses what would take cards away that nobody asked to take: more than a quarter of them at once, any of somebody who hasn't
/// left by the records, and all of it from the sandbox. `stay`: those alone are told, where the others go all the same.
pub fn refuse_losses(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    page: &WebsitePage,
    stay: Option<&[Gone]>,
    allowed: Option<usize>,
) -> Result<()> {
    if ctx.in_sandbox() {
        return Err(Error::usage("the sandbox's partners have no place on a website")
            .hint("name the registry with --registry, or set KARMADA_PARTNER_REGISTRY"));
    }
    let to_agree_to = losses(page);
    if to_agree_to <= allowed.unwrap_or_default() {
        return Ok(());
    }
    let told = stay.unwrap_or(&page.gone);
    let waiting = if told.iter().all(|card| card.left) { Vec::new() } else { lookup::waiting(ctx, snapshot)?.0 };
    let found = told.iter().map(|card| Whose::find(snapshot, &waiting, card)).collect::<Result<Vec<_>>>()?;
    let lines: String =
        told.iter().zip(&found).map(|(card, whose)| format!("\n  {}: {whose}", text::visible(&card.title))).collect();
    let cards = if page.shown == 1 { "card" } else { "cards" };
    let mut error = Error::refused(format!("{} of {} {cards} would go:{lines}", told.len(), page.shown));
    let asking: Vec<&str> = found.iter().filter_map(Whose::asking).collect();
    match asking[..] {
        [] => {}
        [one] => error = error.hint(format!("decide on it first: karmada-partner review {one}")),
        _ => error = error.hint(format!("decide on {} first: karmada-partner review", asking.join(", "))),
    }
    if found.iter().any(|whose| matches!(whose, Whose::Nobodys)) {
        error = error.hint("import who isn't in the registry yet, or name another registry with --registry");
    }
    let whom = if to_agree_to < page.gone.len() { ", for those that haven't left" } else { "" };
    let more = if told.len() < to_agree_to { ", counting those that go already" } else { "" };
    Err(error.hint(format!("if that is meant, say --allow-mass {to_agree_to}{whom}{more}")))
}

/// Whose a card is that would go, by the records.
#[derive(Debug)]
enum Whose {
    /// Somebody's who has left.
    Formers,
    /// A partner's who has another, which stays.
    Partners,
    /// Somebody's whose application waits.
    Asking(Slug),
    /// Somebody's whose application has come to nothing: that can't be imported.
    Known(State),
    Nobodys,
}

impl Whose {
    fn find(snapshot: &Snapshot<'_>, waiting: &[Proposal], card: &Gone) -> Result<Self> {
        if card.left {
            return Ok(Self::Formers);
        }
        if card.twin {
            return Ok(Self::Partners);
        }
        let asks = |proposal: &&Proposal| {
            let name = proposal.record().map(|record| record.name.as_str());
            proposal.subject == Subject::Application && tells_of(&card.slug, &card.title, &proposal.partner.slug, name)
        };
        if let Some(proposal) = waiting.iter().find(asks) {
            return Ok(Self::Asking(proposal.partner.slug.clone()));
        }
        let Ok(slug) = card.slug.to_ascii_lowercase().parse::<Slug>() else { return Ok(Self::Nobodys) };
        Ok(match snapshot.landed(&slug)?.life.state {
            state @ (State::Rejected | State::Withdrawn) => Self::Known(state),
            _ => Self::Nobodys,
        })
    }

    /// Whose application is to be decided.
    fn asking(&self) -> Option<&str> {
        match self {
            Self::Asking(slug) => Some(slug.as_str()),
            _ => None,
        }
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Formers => f.write_str("it has left"),
            Self::Partners => f.write_str("its partner has another card"),
            Self::Asking(_) => f.write_str("its application waits for a decision"),
            Self::Known(state) => write!(f, "its application was {state}"),
            Self::Nobodys => f.write_str("no record says that it has left"),
        }
    }
}

/// What of a website a page is made from.
pub const PATHS: [&str; 3] = [CARDS, CHINESE, LOGOS];

/// Who is on the page.
#[derive(Default)]
struct Shown {
    partners: Vec<Entry>,
    /// Those whose facts can't be read: nobody loses a card because a file was broken.
    broken: Vec<Slug>,
    former: Vec<Former>,
}

struct Entry {
    slug: Slug,
    record: Record,
    /// Its logo's object.
    logo: Oid,
    /// Since when it is a partner; nothing of one that is just being decided.
    joined: Option<Date>,
}

/// What a decision is about: nobody else's card changes.
struct Only {
    slug: Slug,
    leaves: bool,
}

fn active(snapshot: &Snapshot<'_>, today: Date) -> Result<Shown> {
    let mut shown = Shown::default();
    let strange = snapshot.directories_or_why()?.into_iter().filter(|entry| entry.mode != Mode::Tree);
    shown.broken.extend(strange.filter_map(|entry| entry.name.parse::<Slug>().ok()));
    let (partners, unread) = survey::partners_or_why(snapshot)?;
    shown.broken.extend(unread.into_iter().map(|unread| unread.slug));
    for partner in partners {
        // Its end may be what can't be read.
        if partner.unreliable().is_some() {
            shown.broken.push(partner.slug);
            continue;
        }
        let Partner { slug, record, directory, life, .. } = partner;
        if !life.is_partner(today) {
            if life.landed.is_some() {
                shown.former.push(Former { slug, name: record.map(|r| r.name.to_string()) });
            }
            continue;
        }
        match (record, directory.logo) {
            (Some(record), Some(logo)) => {
                shown.partners.push(Entry { slug, record, logo, joined: life.joined });
            }
            _ => shown.broken.push(slug),
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
    Shown { partners: mut shown, broken, former }: Shown,
    only: Option<Only>,
    program: &Program,
    files: &dyn Files,
    open: Option<Open<'_>>,
) -> Result<(WebsitePage, Option<WebsitePage>)> {
    order::sort_by_name(&mut shown, Lang::En, |e| e.record.name.to_string(), |e| e.slug.to_string());
    if program.upkeep.order == Order::Joined {
        // Who is just being decided comes last.
        shown.sort_by_key(|e| (e.joined.is_none(), e.joined));
    }
    let present = present(&|path| files.read(path))?;
    let concerns = |slug: &Slug| only.as_ref().is_none_or(|only| only.slug == *slug);
    for slug in broken.iter().filter(|slug| concerns(slug)) {
        warn_unreadable(ctx, slug, "record, the logo or the log", "its card stays as it is");
    }
    let files = Kept::new(files);
    let even = program.upkeep.even_logos;
    // What stands on the website needn't be made again.
    let standing =
        present.read().map_or_else(|_| Vec::new(), |(cards, _)| cards).into_iter().filter(|_| even && only.is_none());
    let standing = standing.filter_map(|card| files.read(&format!("{LOGOS}/{}", card.file)).ok().flatten()).collect();
    let wanted: Vec<Option<Oid>> = shown.iter().map(|entry| concerns(&entry.slug).then_some(entry.logo)).collect();
    let logos = website_logos::prepared(ctx, repo, &wanted, even, standing)?;
    let mut partners = Vec::new();
    for (Entry { slug, record, .. }, logo) in shown.iter().zip(logos) {
        let logo = match logo {
            None => None,
            Some(Prepared::Sound(bytes)) => Some(bytes),
            Some(Prepared::AsItIs(bytes, why)) => {
                ctx.ui.warn(&format!("the logo of {slug} stays as it is: {why}"));
                Some(bytes)
            }
            Some(Prepared::NoPicture(why)) => {
                ctx.ui.warn(&format!("nothing of {slug} is changed on the page, since its logo is no picture: {why}"));
                None
            }
        };
        partners.push(page::Partner { slug, record, logo });
    }
    let going = match only {
        None => Going::Others,
        Some(Only { leaves: false, .. }) => Going::Nobody,
        Some(Only { slug, .. }) => {
            let known = former.iter().find(|former| former.slug == slug).cloned();
            Going::One(known.unwrap_or(Former { slug, name: None }))
        }
    };
    let listing = Listing {
        partners: &partners,
        broken: &broken,
        former: &former,
        going,
        keeps_order: program.upkeep.order == Order::Kept,
        program: program.name.as_str(),
    };
    let website = Website::new(&files);
    let page = page::page(&listing, &present, &website)?;
    let Some(open) = open.filter(|_| losses(&page) > 0) else { return Ok((page, None)) };
    let open = open()?.unwrap_or_default();
    // Beside what was agreed to, cards stay of whoever hasn't left by the records, and all where too many left at once.
    let few = are_few(page.gone.iter().filter(|card| card.left).count(), page.shown);
    let goes = |card: &&Gone| few && card.left || card.is_told_in(&open);
    let going = Going::These(page.gone.iter().filter(goes).cloned().collect());
    let kept = page::page(&Listing { going, ..listing }, &present, &website)?;
    Ok((page, Some(kept)))
}

/// The page's files that everything is made from.
pub fn present(read: &dyn Fn(&str) -> Result<Option<Vec<u8>>>) -> Result<Present> {
    let file = |path: &str| -> Result<String> {
        let bytes = read(path)?.ok_or_else(|| {
            Error::not_found(format!("there is no {path}"))
                .hint("name a checkout of Karmada's website, or one made after it")
        })?;
        String::from_utf8(bytes)
            .map_err(|_| Error::refused(format!("{path} isn't UTF-8")).hint("save it as UTF-8, and try again"))
    };
    Ok(Present::new(file(CARDS)?, file(CHINESE)?))
}

/// What a decision says that a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    pub kind: Kind,
    /// Of an exit: those that are decided, or that the votes there are propose.
    pub terms: Option<&'a Terms>,
}

/// The page in the registry's own repository as a decision leaves it; nothing where it has none there.
pub fn after(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    proposal: &Proposal,
    decided: Decided<'_>,
) -> Result<Option<WebsitePage>> {
    let Some((shown, only)) = shown_after(ctx, snapshot, proposal, decided)? else { return Ok(None) };
    let (page, _) = rendered(ctx, snapshot.repo, shown, Some(only), program, &Branch::of(snapshot), None)?;
    Ok(Some(page))
}

/// How a page elsewhere differs from what it would be after a decision, a line each.
pub fn foreseen(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    program: &Program,
    proposal: &Proposal,
    decided: Decided<'_>,
    files: &dyn Files,
) -> Result<Vec<String>> {
    let Some((shown, _)) = shown_after(ctx, snapshot, proposal, decided)? else { return Ok(Vec::new()) };
    let (page, _) = rendered(ctx, snapshot.repo, shown, None, program, files, None)?;
    Ok(page.differences)
}

/// Who is on the page after a decision, and whom it is about; `None` where it changes nothing there.
fn shown_after(
    ctx: &Context,
    snapshot: &Snapshot<'_>,
    proposal: &Proposal,
    Decided { kind, terms }: Decided<'_>,
) -> Result<Option<(Shown, Only)>> {
    let slug = &proposal.partner.slug;
    let leaves = match kind {
        Kind::Approved | Kind::Updated | Kind::Recorded => false,
        // Until it leaves it is a partner; where no day is named yet, too.
        Kind::Exited => terms.is_some_and(|terms| terms.effective <= ctx.now.date()),
        _ => return Ok(None),
    };
    let mut shown = active(snapshot, ctx.now.date())?;
    if leaves {
        let left = shown.partners.extract_if(.., |entry| entry.slug == *slug).next();
        shown.broken.retain(|other| other != slug);
        shown.former.push(Former { slug: slug.clone(), name: left.map(|entry| entry.record.name.to_string()) });
    } else if kind != Kind::Exited {
        let before = shown.partners.extract_if(.., |entry| entry.slug == *slug).next();
        if let Some((record, logo)) = proposal.record().zip(proposal.partner.directory.logo) {
            shown.broken.retain(|other| other != slug);
            shown.former.retain(|former| former.slug != *slug);
            let joined = before.and_then(|entry| entry.joined);
            shown.partners.push(Entry { slug: slug.clone(), record: record.clone(), logo, joined });
        }
    }
    Ok(Some((shown, Only { slug: slug.clone(), leaves })))
}
