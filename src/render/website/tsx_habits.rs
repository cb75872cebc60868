//! How somebody writes a page: its quotes, semicolons, and last commas. What is new is written so, too.

use std::collections::BTreeMap;

use super::tsx_card::{LOGOS, TextPlace};
use super::tsx_read::{Element, Layout};

/// What most of a file's cards and imports do; where there are none, what Karmada's website does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub(super) struct Habits {
    /// Around texts.
    pub quote: char,
    /// Around the names of what is imported.
    pub import_quote: char,
    /// Around the values of elements' attributes.
    pub attribute_quote: char,
    /// Behind an import.
    pub semicolon: bool,
    /// Behind the last member of a card, where each has a line of its own.
    pub last_comma: bool,
    /// Behind the last card.
    pub list_comma: bool,
    /// How the paths of logos begin.
    pub logos: String,
    /// Whether a text has lines of its own between its tags.
    pub breaks: bool,
}

impl Habits {
    pub fn of(text: &str, layout: &Layout) -> Self {
        let imports = || layout.imports.iter().filter_map(|import| text.get(import.statement.clone()));
        let import_quote = usual_quote(imports().filter_map(|import| import.chars().rfind(|c| is_quote(*c))), '"');
        let cards = || layout.cards.iter().map(|(_, element)| element);
        let starts = cards().flat_map(|card| [card.places.title.start, card.places.web_url.start]);
        let quotes = starts.filter_map(|start| text.get(start..)?.chars().next()).filter(|c| is_quote(*c));
        let tags = cards().filter_map(|card| match &card.places.text {
            TextPlace::Between(place) => text.get(card.whole.start..place.start),
            TextPlace::Message(_) | TextPlace::Whole(_) => None,
        });
        let attribute = |tag: &str| tag.rsplit_once("id=")?.1.chars().next();
        let attributes = tags.filter_map(attribute).filter(|c| is_quote(*c));
        Self {
            quote: usual_quote(quotes, import_quote),
            import_quote,
            attribute_quote: usual_quote(attributes, '"'),
            semicolon: mostly(imports().map(|import| import.trim_end().ends_with(';'))),
            last_comma: mostly(cards().filter_map(|card| has_last_comma(text, card))),
            list_comma: cards().next_back().is_none_or(|card| card.comma),
            logos: usual_place(layout),
            breaks: mostly(cards().filter_map(|card| has_breaks(text, card))),
        }
    }
}

/// Whether a text between tags has lines of its own.
fn has_breaks(text: &str, card: &Element) -> Option<bool> {
    match &card.places.text {
        TextPlace::Between(place) => text.get(place.clone()).map(|between| between.contains('\n')),
        TextPlace::Message(_) | TextPlace::Whole(_) => None,
    }
}

pub(super) const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
}

/// Where logos are imported from most often, with the slash behind it.
fn usual_place(layout: &Layout) -> String {
    let mut seen = BTreeMap::<&str, usize>::new();
    for (_, path) in layout.imports.iter().filter_map(|import| import.image.as_ref()) {
        if let Some((place, _)) = path.rsplit_once('/').filter(|(place, _)| place.ends_with(LOGOS)) {
            *seen.entry(place).or_default() += 1;
        }
    }
    let most = seen.iter().max_by_key(|(_, count)| **count);
    most.map_or_else(|| format!("../../{LOGOS}/"), |(place, _)| format!("{place}/"))
}

/// Which of two quotes there is more often.
fn usual_quote(quotes: impl Iterator<Item = char>, otherwise: char) -> char {
    let balance: i64 = quotes.map(|c| if c == '"' { 1 } else { -1 }).sum();
    match balance {
        0 => otherwise,
        1.. => '"',
        _ => '\'',
    }
}

/// Whether more do than don't, or none is there.
fn mostly(seen: impl Iterator<Item = bool>) -> bool {
    let (mut yes, mut no) = (0, 0);
    for does in seen {
        *(if does { &mut yes } else { &mut no }) += 1;
    }
    yes >= no
}

/// Nothing of a card whose last member shares its line with the brace, or whose end is a comment.
fn has_last_comma(text: &str, card: &Element) -> Option<bool> {
    let (members, _) = text.get(card.whole.clone())?.rsplit_once('}')?;
    let last = members.trim_end();
    let line = last.rsplit('\n').next().unwrap_or_default();
    let own_line = members[last.len()..].contains('\n');
    (own_line && !line.contains("//") && !last.ends_with("*/")).then(|| last.ends_with(','))
}
