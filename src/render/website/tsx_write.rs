//! Writes `src/data/partnersData.tsx`: the whole file, in the form it has had by hand.
//!
//! Docusaurus extracts texts without running the code, so a text is either JSX text or one plain string. Whatever the
//! texts say, nothing in them can act.

use std::collections::BTreeMap;

use super::card::{Card, message_id, slug_of};
use super::tsx_text::{is_plain_jsx, literal};
use crate::domain::text::visible;

/// Names that can't be, or had better not be, those of imports.
const RESERVED: &str = " any arguments as async await bigint boolean break case catch class const continue debugger \
    declare default defer delete do else enum eval export extends false finally for from function get globalThis if \
    implements import in instanceof interface let module namespace never new null number object of package \
    private protected public require return set source static string super switch symbol this throw true try type \
    typeof undefined unknown using var void while with yield exports Infinity NaN PartnersList React Translate ";

/// The file with these cards, in their order; it names the registry that they come from.
#[must_use]
pub fn write(cards: &[Card], registry: &str) -> String {
    let names = variables(cards);
    let mut imports: Vec<String> = Vec::new();
    let mut objects = String::new();
    for (card, name) in cards.iter().zip(&names) {
        let path = literal(&format!("../../static/img/supporters/{}", card.file));
        let import = format!("import {name} from {path};\n");
        // Two cards may share a logo.
        if !imports.contains(&import) {
            imports.push(import);
        }
        objects.push_str(&object(card, name));
    }
    let list = if objects.is_empty() { "[]".to_owned() } else { format!("[\n{objects}]") };
    let blank = if imports.is_empty() { "" } else { "\n" };
    format!(
        "// Written by karmada-partner from the records of the {}.\n\
         // Don't edit it by hand: what is changed here is lost when it is next written. Change the registry instead.\n\
         \n\
         import Translate from \"@docusaurus/Translate\";\n\
         import React from \"react\";\n\
         \n\
         {}{blank}\
         const PartnersList = {list};\n\
         \n\
         export default PartnersList;\n",
        visible(registry),
        imports.concat(),
    )
}

fn object(card: &Card, name: &str) -> String {
    let text = &card.description;
    let description = if card.slug.is_empty() {
        literal(text)
    } else {
        let id = message_id(&card.slug);
        let id = if slug_of(&id).is_some() { format!("\"{id}\"") } else { format!("{{{}}}", literal(&id)) };
        let text = if is_plain_jsx(text) { text.clone() } else { format!("{{{}}}", literal(text)) };
        format!("(\n      <Translate id={id}>\n        {text}\n      </Translate>\n    )")
    };
    format!(
        "  {{\n    image: {name},\n    title: {},\n    webURL: {},\n    description: {description},\n  }},\n",
        literal(&card.title),
        literal(&card.web_url),
    )
}

/// The name under which each card's logo is imported: its own where that can be one and isn't another logo's, otherwise
/// one made from its slug or file.
#[must_use]
pub fn variables(cards: &[Card]) -> Vec<String> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut names = Vec::new();
    for card in cards {
        let stem = card.file.rsplit_once('.').map_or(card.file.as_str(), |(stem, _)| stem);
        let wanted = [card.variable.clone(), identifier(&card.slug), identifier(stem), "logo".to_owned()];
        let wanted = wanted.into_iter().find(|name| is_name(name)).unwrap_or_default();
        let mut name = wanted.clone();
        let mut number = 2;
        while taken.get(&name).is_some_and(|file| *file != card.file) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        taken.insert(name.clone(), &card.file);
        names.push(name);
    }
    names
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits;
    use crate::render::website::tsx_read::read;
    use proptest::prelude::*;

    fn card(slug: &str, variable: &str, file: &str, text: &str) -> Card {
        let text = text.to_owned();
        Card {
            slug: slug.into(),
            variable: variable.into(),
            file: file.into(),
            title: text.clone(),
            web_url: text.clone(),
            description: text,
        }
    }

    /// As many cards as no program has, with the longest texts: what is written can be read again.
    #[test]
    fn the_largest_page_is_read_again() {
        let letters = |n: usize, count: usize| format!("{n:05}{}", "\"&".repeat(count / 2));
        let cards: Vec<Card> = (0..4_000)
            .map(|n| Card {
                slug: format!("partner-{n}"),
                variable: String::new(),
                file: format!("partner-{n}.png"),
                title: letters(n, limits::NAME - 5),
                web_url: format!("https://example.com/{n}/{}", "k".repeat(200)),
                description: letters(n, limits::DESCRIPTION - 5),
            })
            .collect();
        let page = write(&cards, "Program");
        assert!(page.len() > 4_000 * limits::DESCRIPTION && page.len() < limits::SITE_FILE / 2);
        let again = read(&page).unwrap();
        assert_eq!(again.len(), cards.len());
        assert!(again.iter().zip(&cards).all(|(a, b)| (&a.title, &a.description) == (&b.title, &b.description)));
    }

    #[test]
    fn the_file_looks_as_by_hand() {
        let cards =
            [card("globex-2", "", "Globex.png", "It isn't R."), card("acme", "acme", "acme.png", "a & \"b\"\n")];
        let text = write(&cards, "https://registry.example\n/x");
        assert_eq!(
            text,
            r#"// Written by karmada-partner from the records of the https://registry.example\u{a}/x.
// Don't edit it by hand: what is changed here is lost when it is next written. Change the registry instead.

import Translate from "@docusaurus/Translate";
import React from "react";

import globex2 from "../../static/img/supporters/Globex.png";
import acme from "../../static/img/supporters/acme.png";

const PartnersList = [
  {
    image: globex2,
    title: "It isn't R.",
    webURL: "It isn't R.",
    description: (
      <Translate id="partners.globex-2.description">
        It isn't R.
      </Translate>
    ),
  },
  {
    image: acme,
    title: "a & \"b\"\n",
    webURL: "a & \"b\"\n",
    description: (
      <Translate id="partners.acme.description">
        {"a & \"b\"\n"}
      </Translate>
    ),
  },
];

export default PartnersList;
"#
        );
        assert_eq!(read(&write(&[], "program")), Ok(vec![]));
    }

    #[test]
    fn names_are_valid_and_unique() {
        let cards = [
            card("new", "", "a.png", ""),
            card("9to5", "", "b.png", ""),
            card("acme-cloud", "class", "c.png", ""),
            card("", "", "acme-Cloud.png", ""),
            card("", "", "华为.png", ""),
            card("x", "a-b", "d.png", ""),
            card("logo", "", "e.png", ""),
            card("React", "", "f.png", ""),
            card("y", "acmeCloud", "c.png", ""),
            card("z", "$_9", "g.png", ""),
        ];
        let names =
            ["logoNew", "logo9to5", "acmeCloud", "acmeCloud2", "logo", "x", "logo2", "logoReact", "acmeCloud", "$_9"];
        assert_eq!(variables(&cards), names);
    }

    fn any_text() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "\"",
            "'",
            "`",
            "{",
            "}",
            "<",
            ">",
            "</Translate>",
            "${x}",
            "\\",
            "\n",
            "\r\n",
            "\r",
            "\t",
            "\u{2028}",
            "\u{2029}",
            "*/",
            "/*",
            "//",
            "&amp;",
            "&",
            "&#32;",
            ";",
            "😀",
            "华为",
            " ",
            "  ",
            "\u{a0}",
            "\u{202e}",
            "\u{feff}",
            "\0",
            "\\u{1F600}",
            "\\n",
            "-->",
            "<!--",
            "<script>",
            "a",
            "isn't",
            "\u{85}",
            "\u{3000}",
        ]);
        prop_oneof![
            ".{0,20}",
            prop::collection::vec(any::<char>(), 0..9).prop_map(String::from_iter),
            prop::collection::vec(parts, 0..9).prop_map(|parts| parts.concat()),
        ]
    }

    fn any_card() -> impl Strategy<Value = Card> {
        let file = any_text().prop_map(|text| text.replace(['/', '?', '!', '\\'], "") + ".png");
        ("[A-Za-z0-9_-]{0,8}", any_text(), file, any_text(), any_text(), any_text()).prop_map(
            |(slug, variable, file, title, web_url, description)| Card {
                slug,
                variable,
                file,
                title,
                web_url,
                description,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn what_is_written_is_read_back(cards in prop::collection::vec(any_card(), 0..5), registry in any_text()) {
            let mut cards: Vec<Card> = cards;
            let mut seen = std::collections::BTreeSet::new();
            cards.retain(|card| card.slug.is_empty() || seen.insert(card.slug.clone()));
            for (card, name) in cards.clone().iter().zip(variables(&cards)) {
                let at = cards.iter().position(|c| c == card).unwrap();
                cards[at].variable = name;
            }
            let text = write(&cards, &registry);
            prop_assert!(!text.contains('\r'));
            prop_assert_eq!(read(&text), Ok(cards.clone()));
            prop_assert_eq!(write(&read(&text).unwrap(), &registry), text);
        }

        #[test]
        fn no_slug_or_file_acts(slug in any_text(), file in any_text()) {
            // What names no partner, or no file, is refused when it is read, and only that.
            let read = read(&write(&[card(&slug, "", &file, "a")], "program"));
            let refused = |why: &str| why.contains("names no partner") || why.contains("isn't a file in");
            prop_assert!(read.is_ok() || refused(&read.unwrap_err().why));
        }
    }
}
