//! Writes cards as TypeScript: their objects, and the imports of their logos.
//!
//! Docusaurus extracts texts without running the code, so a text is either JSX text or one plain string. Whatever the
//! texts say, nothing in them can act.

use super::card::{Card, message_id, slug_of};
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

/// A card's object, with its comma and the end of its line.
pub(super) fn object(card: &Card, variable: &str, component: &Component) -> String {
    format!(
        "  {{\n    image: {variable},\n    title: {},\n    webURL: {},\n    description: {},\n  }},\n",
        literal(&card.title),
        literal(&card.web_url),
        description(card, component),
    )
}

/// A card's text, with its id if it has one.
pub(super) fn description(card: &Card, component: &Component) -> String {
    if card.slug.is_empty() {
        return literal(&card.description);
    }
    let id = message_id(&card.slug);
    match component {
        Component::Element(name) => {
            let id = if slug_of(&id).is_some() { format!("\"{id}\"") } else { format!("{{{}}}", literal(&id)) };
            let text = jsx(&card.description);
            format!("(\n      <{name} id={id}>\n        {text}\n      </{name}>\n    )")
        }
        Component::Function(name) => {
            format!("{name}({{ id: {}, message: {} }})", literal(&id), literal(&card.description))
        }
    }
}

/// A text as an element's only child.
pub(super) fn jsx(text: &str) -> String {
    if is_plain_jsx(text) { text.to_owned() } else { format!("{{{}}}", literal(text)) }
}

pub(super) fn import(variable: &str, file: &str) -> String {
    format!("import {variable} from {};\n", literal(&format!("../../static/img/supporters/{file}")))
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
