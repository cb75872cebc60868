//! What becomes of the website's page of partners: which cards come, change, move and go, and which files are written.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::card::{Card, PageFault, message_id, tells_of};
use super::logo_names::{LogoNames, Standing};
use super::messages;
use super::tsx_edit::{self, Wanted};
use super::tsx_read::{self, Layout};
use crate::domain::record::{Name, Record};
use crate::domain::{Slug, text};

pub const CARDS: &str = "src/data/partnersData.tsx";
/// Where the Chinese texts are.
pub const CHINESE: &str = "i18n/zh/code.json";
pub const LOGOS: &str = "static/img/supporters";

#[derive(Debug)]
pub struct Present {
    cards: String,
    chinese: String,
    /// The cards' file as it was read: of thousands of cards, that takes longest of all.
    layout: OnceCell<Result<Layout, PageFault>>,
}

/// A file of the page that can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub path: &'static str,
    pub fault: PageFault,
}

impl Present {
    #[must_use]
    pub const fn new(cards: String, chinese: String) -> Self {
        Self { cards, chinese, layout: OnceCell::new() }
    }

    fn layout(&self) -> Result<&Layout, Unreadable> {
        let read = self.layout.get_or_init(|| tsx_read::layout(&self.cards)).as_ref();
        read.map_err(|fault| Unreadable { path: CARDS, fault: fault.clone() })
    }

    /// The cards, and the Chinese texts by slug.
    pub fn read(&self) -> Result<(Vec<Card>, BTreeMap<String, String>), Unreadable> {
        let cards = self.layout()?.cards.iter().map(|(card, _)| card.clone()).collect();
        let chinese = messages::read(&self.chinese).map_err(|fault| Unreadable { path: CHINESE, fault })?;
        Ok((cards, chinese))
    }
}

#[derive(Debug)]
pub struct Partner<'a> {
    pub slug: &'a Slug,
    pub record: &'a Record,
    /// The logo as the website gets it. Without one the partner's card stays as it is.
    pub logo: Option<Vec<u8>>,
}

impl Partner<'_> {
    /// Whether a card tells of it, as it is called or was.
    fn is_told_by(&self, card: &Card) -> bool {
        let names = [&self.record.name].into_iter().chain(&self.record.former_names).map(Name::as_str);
        tells_of(&card.slug, &card.title, self.slug, names)
    }
}

/// Somebody who was a partner.
#[derive(Debug, Clone)]
pub struct Former {
    pub slug: Slug,
    /// As it was called, the last time.
    pub name: Option<String>,
}

impl Former {
    fn had(&self, card: &Card) -> bool {
        tells_of(&card.slug, &card.title, &self.slug, self.name.as_deref())
    }
}

/// Whose cards go.
#[derive(Debug, Clone)]
pub enum Going {
    /// All that are nobody's on the list.
    Others,
    /// These of them.
    These(Vec<Gone>),
    /// This one's alone.
    One(Former),
    Nobody,
}

/// What a page is made from.
#[derive(Debug)]
pub struct Listing<'a> {
    /// In the order to show them in.
    pub partners: &'a [Partner<'a>],
    /// Partners whose facts can't be read: their cards stay as they are.
    pub broken: &'a [Slug],
    /// Those whose cards may go.
    pub former: &'a [Former],
    pub going: Going,
    /// Cards stay in the order they are in; new ones come last.
    pub keeps_order: bool,
    /// What the program is called.
    pub program: &'a str,
}

/// A card that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// As in its text's id; empty where that has none.
    pub slug: String,
    pub title: String,
    /// Whether its partner has left by the records.
    pub left: bool,
    /// Whether its partner has another card, which stays.
    pub twin: bool,
}

impl Gone {
    fn is(&self, card: &Card) -> bool {
        (&self.slug, &self.title) == (&card.slug, &card.title)
    }

    /// Whether the commit of a proposal says that it goes, for the reason that it goes now. A run that nobody watches takes only who
    /// has left, so that every other reason was a person's to agree to.
    #[must_use]
    pub fn is_told_in(&self, message: &str) -> bool {
        let line = listed(&self.told());
        message.lines().any(|told| told == line)
    }

    fn told(&self) -> String {
        let why = match self {
            Self { left: true, .. } => "it has left",
            Self { twin: true, .. } => "its partner has another",
            _ => "it is no partner by the records",
        };
        format!("{}: its card goes; {why}", text::visible(&self.title))
    }
}

/// The page as it must be.
#[derive(Debug)]
pub struct WebsitePage {
    /// How many cards there are now.
    pub shown: usize,
    /// The files to be written: those that aren't as they should be.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The names of those whose card is new.
    pub new: Vec<String>,
    pub gone: Vec<Gone>,
    /// What changes, a line each. Nothing is written that isn't told here.
    pub differences: Vec<String>,
}

/// A difference as the commit of a proposal tells it.
#[must_use]
pub fn listed(difference: &str) -> String {
    format!("- {}", text::inert(difference))
}

/// What becomes of a page. What a card of it is called by stays: its text's id, its logo's file, its variable.
pub fn page<S: Standing>(listing: &Listing<'_>, present: &Present, standing: &S) -> Result<WebsitePage, S::Fault>
where
    S::Fault: From<Unreadable>,
{
    let (shown, chinese) = present.read()?;
    let mut ids: BTreeSet<String> = shown.iter().map(|c| c.slug.to_lowercase()).collect();
    let mut names = LogoNames::new(standing, &shown)?;
    let own = own_cards(listing.partners, &shown);
    let mut texts = chinese.clone();
    let mut plan = WebsitePage {
        shown: shown.len(),
        files: BTreeMap::new(),
        new: Vec::new(),
        gone: Vec::new(),
        differences: Vec::new(),
    };
    let mut cards: Vec<Option<Wanted>> = Vec::new();
    for partner in listing.partners {
        let (slug, record) = (partner.slug.as_str(), partner.record);
        let before = own.get(slug).map(|at| (*at, &shown[*at]));
        let Some(logo) = &partner.logo else {
            cards.push(before.map(|(at, card)| Wanted { from: Some(at), card: card.clone() }));
            continue;
        };
        let id = match before {
            Some((_, old)) if !old.slug.is_empty() => old.slug.clone(),
            _ => new_id(slug, &mut ids, standing)?,
        };
        let file = names.name(slug, before.map(|(_, old)| old.file.as_str()), logo)?;
        let card = Card {
            slug: id,
            variable: String::new(),
            file: file.name,
            title: record.name.to_string(),
            web_url: record.website.to_string(),
            description: record.description.as_ref().map(ToString::to_string).unwrap_or_default(),
        };
        match before {
            Some((_, old)) => plan.differences.extend(card_differences(slug, old, &card, names.called(&old.file))),
            None => {
                plan.differences.push(format!("{slug}: a card comes"));
                plan.new.push(record.name.to_string());
            }
        }
        if !file.stands {
            let path = format!("{LOGOS}/{}", card.file);
            plan.differences.push(format!("{slug}: its logo, {}, comes", text::visible(&path)));
            plan.files.insert(path, logo.clone());
        }
        let zh = record.description_zh.as_ref().map(ToString::to_string);
        if chinese.get(&card.slug) != zh.as_ref() {
            plan.differences.push(changed(slug, "Chinese text", told(chinese.get(&card.slug)), told(zh.as_ref())));
            texts.remove(&card.slug);
            texts.extend(zh.map(|zh| (card.slug.clone(), zh)));
        }
        cards.push(Some(Wanted { from: before.map(|(at, _)| at), card }));
    }
    let there = There { cards: &shown, chinese: &chinese, own: own.values().copied().collect() };
    let others = take_away(listing, present, standing, &there, (&mut plan, &mut texts))?;
    let all = matches!(listing.going, Going::Others | Going::These(_));
    if all {
        // Of whoever is on no page: texts of those who left go, others may be somebody's who isn't there yet.
        let unused =
            |id: &String| !shown.iter().any(|c| c.slug == *id) && !cards.iter().flatten().any(|w| w.card.slug == *id);
        let is_former = |id: &String| listing.former.iter().any(|f| id.eq_ignore_ascii_case(f.slug.as_str()));
        for id in chinese.keys().filter(|id| unused(id) && is_former(id)) {
            if standing.says(id)?.is_some() {
                continue;
            }
            plan.differences.push(format!("{}: a Chinese text that was left over goes", message_id(id)));
            texts.remove(id);
        }
    }
    let in_place = listing.keeps_order || !all;
    let cards = arranged(cards, &shown, &others, in_place, listing.keeps_order);
    let moved = moved(&shown, &cards);
    if !moved.is_empty() {
        let order = |cards: &[&str]| cards.iter().map(|title| text::visible(title)).collect::<Vec<_>>().join(", ");
        plan.differences.push(format!("the order becomes {}; it was {}", order(&moved.should), order(&moved.is)));
    }
    let edited = tsx_edit::edit(&present.cards, present.layout()?, &cards, listing.program)
        .map_err(|fault| Unreadable { path: CARDS, fault })?;
    let written = messages::edit(&present.chinese, &texts).map_err(|fault| Unreadable { path: CHINESE, fault })?;
    for (path, is, should) in [(CARDS, &present.cards, edited), (CHINESE, &present.chinese, written)] {
        if *is != should {
            plan.files.insert(path.into(), should.into_bytes());
        }
    }
    Ok(plan)
}

/// What a page has now.
struct There<'p> {
    cards: &'p [Card],
    /// The Chinese texts by slug.
    chinese: &'p BTreeMap<String, String>,
    /// Which cards are partners'.
    own: BTreeSet<usize>,
}

/// Takes the cards away that go, with their texts. Gives those that are nobody's and stay.
fn take_away<S: Standing>(
    listing: &Listing<'_>,
    present: &Present,
    standing: &S,
    there: &There<'_>,
    (plan, texts): (&mut WebsitePage, &mut BTreeMap<String, String>),
) -> Result<BTreeSet<usize>, S::Fault>
where
    S::Fault: From<Unreadable>,
{
    let mut others = BTreeSet::new();
    for (at, card) in there.cards.iter().enumerate().filter(|(at, _)| !there.own.contains(at)) {
        let goes = match &listing.going {
            Going::Others => !listing.broken.iter().any(|slug| card.slug.eq_ignore_ascii_case(slug.as_str())),
            Going::These(cards) => cards.iter().any(|gone| gone.is(card)),
            Going::One(former) => former.had(card),
            Going::Nobody => false,
        };
        if !goes {
            others.insert(at);
            continue;
        }
        let gone = Gone {
            slug: card.slug.clone(),
            title: card.title.clone(),
            left: listing.former.iter().any(|former| former.had(card)),
            twin: listing.partners.iter().any(|partner| partner.is_told_by(card)),
        };
        plan.differences.push(gone.told());
        let whose = text::visible(&card.title);
        for comment in tsx_edit::comments_in(&present.cards, present.layout()?, at) {
            let said = text::quote(comment);
            plan.differences.push(format!("{whose}: a comment in its card stays in its place: {said}"));
        }
        plan.gone.push(gone);
        if !there.chinese.contains_key(&card.slug) {
            continue;
        }
        let becomes = match standing.says(&card.slug)? {
            Some(why) => format!("stays: {why}"),
            None => {
                texts.remove(&card.slug);
                format!("goes; it was {}", text::quote(&there.chinese[&card.slug]))
            }
        };
        plan.differences.push(format!("{whose}: its Chinese text {becomes}"));
    }
    Ok(others)
}

/// The cards in their order. `partners` are in the order to show them in, those without a card yet as `None`; `others` are cards
/// that stay and are no partner's. `in_place`: what is there stays where it is; `last`: what is new comes at the end.
fn arranged(
    partners: Vec<Option<Wanted>>,
    shown: &[Card],
    others: &BTreeSet<usize>,
    in_place: bool,
    last: bool,
) -> Vec<Wanted> {
    let partners: Vec<Wanted> = partners.into_iter().flatten().collect();
    let other = |at: usize| Wanted { from: Some(at), card: shown[at].clone() };
    let place = |cards: &[Wanted], at: usize| cards.iter().position(|w| w.from == Some(at));
    if !in_place {
        let mut cards = partners;
        for at in others {
            let before = (0..*at).rev().find_map(|before| place(&cards, before));
            cards.insert(before.map_or(0, |place| place + 1), other(*at));
        }
        return cards;
    }
    let known: BTreeMap<usize, &Wanted> = partners.iter().filter_map(|w| Some((w.from?, w))).collect();
    let kept = (0..shown.len()).filter_map(|at| match known.get(&at) {
        Some(wanted) => Some((*wanted).clone()),
        None => others.contains(&at).then(|| other(at)),
    });
    let mut cards: Vec<Wanted> = kept.collect();
    for (rank, new) in partners.iter().enumerate().filter(|(_, w)| w.from.is_none()) {
        // Before the first that comes after it.
        let after: BTreeSet<&str> = partners[rank + 1..].iter().map(|w| w.card.slug.as_str()).collect();
        let found = cards.iter().position(|w| after.contains(w.card.slug.as_str())).filter(|_| !last);
        cards.insert(found.unwrap_or(cards.len()), new.clone());
    }
    cards
}

/// The titles of the cards that are there before and after, in both orders; none where those are the same.
#[derive(Default)]
struct Moved<'a> {
    is: Vec<&'a str>,
    should: Vec<&'a str>,
}

impl Moved<'_> {
    const fn is_empty(&self) -> bool {
        self.is.is_empty()
    }
}

fn moved<'a>(shown: &'a [Card], cards: &'a [Wanted]) -> Moved<'a> {
    let order: Vec<usize> = cards.iter().filter_map(|w| w.from).collect();
    if order.is_sorted() {
        return Moved::default();
    }
    let mut sorted = order.clone();
    sorted.sort_unstable();
    let titles = |order: &[usize]| order.iter().map(|at| shown[*at].title.as_str()).collect();
    Moved { is: titles(&sorted), should: titles(&order) }
}

/// Whose card is which, by slug: first by the ids of their texts, then by name among cards that are nobody's, last by former
/// names.
fn own_cards<'a>(partners: &[Partner<'a>], shown: &[Card]) -> BTreeMap<&'a str, usize> {
    let (mut by_id, mut by_name) = (BTreeMap::new(), BTreeMap::<&str, Vec<usize>>::new());
    for (at, card) in shown.iter().enumerate() {
        by_id.entry(card.slug.to_ascii_lowercase()).or_insert(at);
        by_name.entry(&card.title).or_default().push(at);
    }
    let by_id = |partner: &Partner<'a>| Some((partner.slug.as_str(), *by_id.get(partner.slug.as_str())?));
    let mut own: BTreeMap<&str, usize> = partners.iter().filter_map(by_id).collect();
    let mut taken: BTreeSet<usize> = own.values().copied().collect();
    let mut find = |names: &dyn Fn(&Partner<'a>) -> Vec<&'a str>| {
        for partner in partners.iter().filter(|partner| !own.contains_key(partner.slug.as_str())).collect::<Vec<_>>() {
            let named = names(partner).into_iter().filter_map(|name| by_name.get(name)).flatten();
            if let Some(at) = named.copied().find(|at| !taken.contains(at)) {
                own.insert(partner.slug.as_str(), at);
                taken.insert(at);
            }
        }
    };
    find(&|partner| vec![partner.record.name.as_str()]);
    // Nobody who is called so now loses a card to who was once.
    find(&|partner| partner.record.former_names.iter().map(Name::as_str).collect());
    own
}

/// An id for a text that no other has, on this page or another.
fn new_id<S: Standing>(slug: &str, taken: &mut BTreeSet<String>, standing: &S) -> Result<String, S::Fault> {
    let mut id = slug.to_owned();
    // Of a source that makes ids up, all are the same.
    while !taken.insert(id.to_lowercase()) || (id == slug && standing.code_says(&id)?.is_some()) {
        id += "-partner";
    }
    Ok(id)
}

/// A text, or that there is none.
fn told(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

/// That a value comes, goes, or becomes another.
fn changed(slug: &str, what: &str, is: &str, should: &str) -> String {
    let (was, comes) = (text::quote(is), text::quote(should));
    match (is.is_empty(), should.is_empty()) {
        (true, false) => format!("{slug}: a {what} comes: {comes}"),
        (false, true) => format!("{slug}: its {what} goes; it was {was}"),
        _ => format!("{slug}: its {what} becomes {comes}; it was {was}"),
    }
}

/// `picture`: what the file is called that the card shows.
fn card_differences(slug: &str, is: &Card, should: &Card, picture: Option<&str>) -> Vec<String> {
    let fields = [
        ("name", &is.title, &should.title),
        ("link", &is.web_url, &should.web_url),
        ("text", &is.description, &should.description),
    ];
    let differs = fields.into_iter().filter(|(_, is, should)| is != should);
    let mut told: Vec<String> = differs.map(|(what, is, should)| changed(slug, what, is, should)).collect();
    if is.file != should.file {
        let before = match picture {
            Some(picture) => format!("{} stays, since others may show it", text::visible(picture)),
            None => format!("{} isn't there", text::visible(&is.file)),
        };
        told.push(format!("{slug}: its logo's file becomes {}; {before}", text::visible(&should.file)));
    }
    if is.slug != should.slug {
        told.push(format!("{slug}: its text gets the id {}", message_id(&should.slug)));
    }
    told
}

#[cfg(test)]
mod tests;
