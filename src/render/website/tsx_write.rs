//! Writes cards as TypeScript: their objects, and the imports of their logos.
//!
//! Docusaurus extracts texts without running the code, so a text is either JSX text or one plain string. Whatever the
//! texts say, nothing in them can act.

use super::card::{Card, message_id, slug_of};
use super::tsx_habits::Habits;
use super::tsx_text::{is_plain_jsx, literal};

/// Names that can't be, or had better not be, those of imports.
const RESERVED: &str = " any arguments as async await bigint boolean break case catch class const continue debugger \
    declare default defer delete do else enum eval export extends false finally for from function get globalThis if \
    implements import in instanceof interface let module namespace never new null number object of package \
    private protected public require return set source static string super switch symbol this throw true try type \
    typeof undefined unknown using var void while with yield exports Infinity NaN PartnersList React Translate ";

/// What shows a text that can be translated, by the name under which it is imported.
#[derive(Debug)]
pub(super) enum Component {
    /// `<Translate>`.
    Element(String),
    /// `translate({…})`.
    Function(String),
}

/// A card's object.
pub(super) fn object(card: &Card, variable: &str, component: &Component, habits: &Habits) -> String {
    format!(
        "  {{\n    image: {variable},\n    title: {},\n    webURL: {},\n    description: {}{}\n  }}",
        literal(&card.title, habits.quote),
        literal(&card.web_url, habits.quote),
        description(card, component, habits),
        if habits.last_comma { "," } else { "" },
    )
}

/// A card's text, with its id if it has one.
pub(super) fn description(card: &Card, component: &Component, habits: &Habits) -> String {
    let quote = habits.quote;
    if card.slug.is_empty() {
        return literal(&card.description, quote);
    }
    let id = message_id(&card.slug);
    match component {
        Component::Element(name) => {
            let around = habits.attribute_quote;
            let id = match slug_of(&id) {
                Some(_) => format!("{around}{id}{around}"),
                None => format!("{{{}}}", literal(&id, quote)),
            };
            let text = jsx(&card.description, quote);
            match habits.breaks {
                true => format!("(\n      <{name} id={id}>\n        {text}\n      </{name}>\n    )"),
                false => format!("<{name} id={id}>{text}</{name}>"),
            }
        }
        Component::Function(name) => {
            format!("{name}({{ id: {}, message: {} }})", literal(&id, quote), literal(&card.description, quote))
        }
    }
}

/// A text as an element's only child.
pub(super) fn jsx(text: &str, quote: char) -> String {
    if is_plain_jsx(text) { text.to_owned() } else { format!("{{{}}}", literal(text, quote)) }
}

/// The import of something by a path, with the end of its line.
pub(super) fn import(variable: &str, path: &str, habits: &Habits) -> String {
    let end = if habits.semicolon { ";" } else { "" };
    format!("import {variable} from {}{end}\n", literal(path, habits.import_quote))
}

/// The import of a logo's file.
pub(super) fn logo_import(variable: &str, file: &str, habits: &Habits) -> String {
    import(variable, &format!("{}{file}", habits.logos), habits)
}

/// A name under which a card's logo may be imported: made of its slug or its file.
pub(super) fn variable(card: &Card) -> String {
    let stem = card.file.rsplit_once('.').map_or(card.file.as_str(), |(stem, _)| stem);
    let wanted = [identifier(&card.slug), identifier(stem), "logo".to_owned()];
    wanted.into_iter().find(|name| is_name(name)).unwrap_or_default()
}

/// Whether an import may have this name. Only ASCII, although JavaScript allows more.
fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$');
    text.bytes().all(plain)
        && text.bytes().next().is_some_and(|b| !b.is_ascii_digit())
        && !RESERVED.contains(&format!(" {text} "))
}

/// `text` as a name: its letters and digits, each new word but the first with a capital. Empty when there are none.
fn identifier(text: &str) -> String {
    let mut name = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        match word.split_at(1) {
            (first, rest) if !name.is_empty() => name += &(first.to_ascii_uppercase() + rest),
            _ => name += word,
        }
    }
    let unfit = name.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || !is_name(&name));
    if unfit { format!("logo{}{}", name[..1].to_ascii_uppercase(), &name[1..]) } else { name }
}
