//! What the website's page of partners must be like, and how it differs from that.

use std::collections::{BTreeMap, BTreeSet};

use super::card::{Card, PageFault, message_id};
use super::{messages, tsx_read, tsx_write};
use crate::domain::record::Record;
use crate::domain::{Slug, text};

pub const CARDS: &str = "src/data/partnersData.tsx";
/// Where the Chinese texts are.
pub const CHINESE: &str = "i18n/zh/code.json";
pub const LOGOS: &str = "static/img/supporters";

#[derive(Debug, Clone)]
pub struct Present {
    pub cards: String,
    pub chinese: String,
}

/// A file of the page that can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub path: &'static str,
    pub fault: PageFault,
}

impl Present {
    /// The cards, and the Chinese texts by slug.
    pub fn read(&self) -> Result<(Vec<Card>, BTreeMap<String, String>), Unreadable> {
        let cards = tsx_read::read(&self.cards).map_err(|fault| Unreadable { path: CARDS, fault })?;
        let chinese = messages::read(&self.chinese).map_err(|fault| Unreadable { path: CHINESE, fault })?;
        Ok((cards, chinese))
    }
}

#[derive(Debug)]
pub struct Partner<'a> {
    pub slug: &'a Slug,
    pub record: &'a Record,
    /// The logo as the website gets it.
    pub logo: Vec<u8>,
}

/// The page as it must be.
#[derive(Debug)]
pub struct WebsitePage {
    pub cards: Vec<Card>,
    /// The files, by path. Those that are as they should be are among them.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The names of those whose card is new.
    pub new: Vec<String>,
    /// The names of those whose card goes.
    pub gone: Vec<String>,
    /// How what stands there differs, a line each. Files may differ by their form alone.
    pub differences: Vec<String>,
}

/// The page for these partners, who come in the order to show them in. `logo_at` gives what stands at a logo's path now.
/// What a card of the present page is called by stays: its text's id, its logo's file, its variable. With `own_files` logos
/// go into files of their own, so that other pages keep theirs. Cards of `broken`, whose facts can't be read, stay as they are.
pub fn page<E: From<Unreadable>>(
    partners: &[Partner<'_>],
    broken: &[Slug],
    present: &Present,
    program: &str,
    own_files: bool,
    logo_at: impl Fn(&str) -> Result<Option<Vec<u8>>, E>,
) -> Result<WebsitePage, E> {
    let (shown, chinese) = present.read()?;
    let mut taken: BTreeSet<String> = shown.iter().map(|c| c.file.to_lowercase()).collect();
    let mut ids: BTreeSet<String> = shown.iter().map(|c| c.slug.to_lowercase()).collect();
    let own = own_cards(partners, &shown);
    let mut cards: Vec<Card> = Vec::new();
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let (mut differences, mut new, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for partner in partners {
        let (slug, record) = (partner.slug.as_str(), partner.record);
        let before = own.get(slug).copied();
        let card = Card {
            slug: slug.to_owned(),
            variable: String::new(),
            file: format!("{slug}.png"),
            title: record.name.to_string(),
            web_url: record.website.to_string(),
            description: record.description.as_ref().map(ToString::to_string).unwrap_or_default(),
        };
        let card = match before {
            Some(i) => {
                let old = &shown[i];
                let id = if old.slug.is_empty() { new_id(slug, &mut ids) } else { old.slug.clone() };
                // A file that isn't a PNG, or is another card's too, isn't this partner's to write.
                let whose = own.values().filter(|i| shown[**i].file.eq_ignore_ascii_case(&old.file)).count();
                let is_png = old.file.to_lowercase().ends_with(".png");
                let card = Card { slug: id, ..card };
                let card = match is_png && whose == 1 && !own_files {
                    true => Card { variable: old.variable.clone(), file: old.file.clone(), ..card },
                    false => Card { file: new_file(&card.file, own_files, &mut taken), ..card },
                };
                differences.extend(card_differences(slug, old, &card));
                card
            }
            None => {
                differences.push(format!("{slug}: its card is missing"));
                new.push(record.name.to_string());
                Card { slug: new_id(slug, &mut ids), file: new_file(&card.file, own_files, &mut taken), ..card }
            }
        };
        let logo = format!("{LOGOS}/{}", card.file);
        match logo_at(&logo)? {
            Some(there) if there == partner.logo => {}
            Some(_) => differences.push(format!("{slug}: its logo, {logo}, isn't the record's")),
            None => differences.push(format!("{slug}: its logo, {logo}, is missing")),
        }
        let zh = record.description_zh.as_ref().map(ToString::to_string);
        if chinese.get(&card.slug) != zh.as_ref() {
            let (is, should) = (told(chinese.get(&card.slug)), told(zh.as_ref()));
            differences.push(format!("{slug}: its Chinese text is {is}, and should be {should}"));
        }
        wanted.extend(zh.map(|zh| (card.slug.clone(), zh)));
        files.insert(logo, partner.logo.clone());
        cards.push(card);
    }
    for (i, card) in shown.iter().enumerate().filter(|(i, _)| !own.values().any(|own| own == i)) {
        if broken.iter().any(|slug| card.slug.eq_ignore_ascii_case(slug.as_str())) {
            let before = shown[..i].iter().rev().find_map(|other| cards.iter().position(|c| c.slug == other.slug));
            cards.insert(before.map_or(0, |place| place + 1), card.clone());
            wanted.extend(chinese.get(&card.slug).map(|zh| (card.slug.clone(), zh.clone())));
            continue;
        }
        differences.push(format!("{}: it has a card, and isn't an active partner", text::visible(&card.title)));
        gone.push(card.title.clone());
    }
    let ids: BTreeSet<&str> =
        cards.iter().map(|c| c.slug.as_str()).chain(shown.iter().map(|c| c.slug.as_str())).collect();
    for slug in chinese.keys().filter(|slug| !ids.contains(slug.as_str())) {
        differences.push(format!("{}: a Chinese text is left over", message_id(slug)));
    }
    let order = |cards: &[Card]| cards.iter().map(|c| c.title.clone()).collect::<Vec<_>>();
    let (is, should) = (order(&shown), order(&cards));
    let mut sorted = (is.clone(), should.clone());
    sorted.0.sort();
    sorted.1.sort();
    if is != should && sorted.0 == sorted.1 {
        differences.push(format!("the order is {}, and should be {}", is.join(", "), should.join(", ")));
    }
    files.insert(CARDS.into(), tsx_write::write(&cards, program).into_bytes());
    let edited = messages::edit(&present.chinese, &wanted).map_err(|fault| Unreadable { path: CHINESE, fault })?;
    files.insert(CHINESE.into(), edited.into_bytes());
    Ok(WebsitePage { cards, files, new, gone, differences })
}

/// Whose card is which, by slug: first by the ids of their texts, then by name among cards that are nobody's.
fn own_cards<'a>(partners: &[Partner<'a>], shown: &[Card]) -> BTreeMap<&'a str, usize> {
    let mut own: BTreeMap<&str, usize> = BTreeMap::new();
    for partner in partners {
        let slug = partner.slug.as_str();
        if let Some(i) = shown.iter().position(|c| c.slug.eq_ignore_ascii_case(slug)) {
            own.insert(slug, i);
        }
    }
    for partner in partners {
        let slug = partner.slug.as_str();
        let free = |i: &usize| !own.values().any(|own| own == i);
        let named = |i: &usize| shown[*i].title == partner.record.name.as_str();
        if let (false, Some(i)) = (own.contains_key(slug), (0..shown.len()).filter(free).find(named)) {
            own.insert(slug, i);
        }
    }
    own
}

/// An id for a text that no other has.
fn new_id(slug: &str, taken: &mut BTreeSet<String>) -> String {
    let mut id = slug.to_owned();
    while !taken.insert(id.to_lowercase()) {
        id += "-partner";
    }
    id
}

/// A name for a logo's file that no other card's has, also where names differ by case alone.
fn new_file(file: &str, own: bool, taken: &mut BTreeSet<String>) -> String {
    let mut file = if own { format!("partner-{file}") } else { file.to_owned() };
    // What this program has written before is its own.
    if own {
        taken.remove(&file);
    }
    while !taken.insert(file.to_lowercase()) {
        file = format!("partner-{file}");
    }
    file
}

fn told(value: Option<&String>) -> String {
    value.map_or_else(|| "missing".to_owned(), |v| text::quote(v))
}

fn card_differences(slug: &str, is: &Card, should: &Card) -> Vec<String> {
    let fields = [
        ("name", &is.title, &should.title),
        ("link", &is.web_url, &should.web_url),
        ("text", &is.description, &should.description),
    ];
    let differs = fields.into_iter().filter(|(_, is, should)| is != should);
    differs
        .map(|(what, is, should)| {
            format!("{slug}: its {what} is {}, and should be {}", text::quote(is), text::quote(should))
        })
        .collect()
}
