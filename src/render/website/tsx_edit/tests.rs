use super::*;
use crate::domain::limits;
use crate::render::website::tsx_read::read;
use proptest::prelude::*;

/// A page without cards.
const EMPTY: &str = "import Translate from \"@docusaurus/Translate\";\nimport React from \"react\";\n\n\
    const PartnersList = [];\n\nexport default PartnersList;\n";

fn card(slug: &str, file: &str, text: &str) -> Card {
    let text = text.to_owned();
    Card {
        slug: slug.into(),
        variable: String::new(),
        file: file.into(),
        title: text.clone(),
        web_url: text.clone(),
        description: text,
    }
}

fn new(card: &Card) -> Wanted {
    Wanted { from: None, card: card.clone() }
}

fn edit(source: &str, wanted: &[Wanted], registry: &str) -> Result<String, PageFault> {
    super::edit(source, &layout(source)?, wanted, registry)
}

/// A page of these cards and no other.
fn write(cards: &[Card], registry: &str) -> Result<String, PageFault> {
    edit(EMPTY, &cards.iter().map(new).collect::<Vec<_>>(), registry)
}

/// What is written can be read again: the cards of ten thousand partners, each with the longest texts that a record may have.
#[test]
fn ten_thousand_of_the_largest_cards_are_read_again() {
    let slug = |n: usize| format!("{n:0>40}");
    for (letter, element) in [("\u{1f600}", true), ("\"", true), ("&", true), ("\u{200d}", false)] {
        let text = |most: usize| format!("a{}", letter.repeat(most - 1));
        let facts = format!(
            "schema = 1\nname = {:?}\nwebsite = \"https://acme.example\"\ngithub = \"x\"\ndescription = {:?}\n",
            text(limits::NAME),
            text(limits::DESCRIPTION)
        );
        // As large as a record can be, but for joiners, which only stand between letters.
        assert!(!element || crate::domain::Record::parse(facts.as_bytes()).is_ok(), "{facts}");
        let cards: Vec<Card> = (0..100)
            .map(|n| Card {
                slug: slug(n),
                variable: String::new(),
                file: format!("partner-{}.png", slug(n)),
                title: text(limits::NAME),
                web_url: format!("https://acme.example/{}", "k".repeat(limits::ADDRESS - 21)),
                description: text(limits::DESCRIPTION),
            })
            .collect();
        let page = write(&cards, "Program").unwrap();
        assert!(page.len() * 100 < limits::SITE_FILE, "{letter:?}: {} bytes for {}", page.len(), cards.len());
        let again = read(&page).unwrap();
        assert_eq!(again.len(), cards.len());
        assert!(again.iter().zip(&cards).all(|(a, b)| (&a.title, &a.description) == (&b.title, &b.description)));
        let texts = cards.iter().map(|card| (card.slug.clone(), card.description.clone())).collect();
        let chinese = crate::render::website::messages::edit("{}\n", &texts).unwrap();
        assert!(chinese.len() * 100 < limits::SITE_FILE, "{letter:?}: {} bytes", chinese.len());
        assert_eq!(crate::render::website::messages::read(&chinese).unwrap(), texts);
    }
}

#[test]
fn new_cards_look_as_by_hand() {
    let cards = [card("globex-2", "Globex.png", "It isn't R."), card("acme", "acme.png", "a & \"b\"\n")];
    let text = write(&cards, "https://registry.example\n/x").unwrap();
    assert_eq!(
        text,
        r#"// The cards are written by karmada-partner from the records of the https://registry.example<U+000A>/x.
// To change one, change the registry; what else stands in this file is kept.

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
    assert_eq!(write(&[], "program").as_deref(), Ok(EMPTY), "nothing to do");
}

/// A page in other habits than this program's.
const PRETTIER: &str = r"import React from 'react'
import Translate from '@docusaurus/Translate'
import one from '@site/static/img/supporters/one.png'

// The cards are written by karmada-partner.
export const partners = [
  {
    image: one,
    title: 'One',
    webURL: 'https://one.example/',
    description: <Translate id='partners.one.description'>One.</Translate>
  }
]
";

#[test]
fn what_is_new_is_written_as_the_file_is() {
    let mut one = read(PRETTIER).unwrap().remove(0);
    let two = Card { title: "It's \"two\"".into(), ..card("two", "Two.png", "Two.") };
    let added = edit(PRETTIER, &[Wanted { from: Some(0), card: one.clone() }, new(&two)], "program").unwrap();
    let expected =
        PRETTIER.replace("/one.png'\n", "/one.png'\nimport two from '@site/static/img/supporters/Two.png'\n").replace(
            "\n  }\n]",
            r#"
  },
  {
    image: two,
    title: 'It\'s "two"',
    webURL: 'Two.',
    description: <Translate id='partners.two.description'>Two.</Translate>
  }
]"#,
        );
    assert_eq!(added, expected);
    // And what is taken away again leaves nothing behind.
    assert_eq!(edit(&added, &[Wanted { from: Some(0), card: one.clone() }], "program").as_deref(), Ok(PRETTIER));
    let moved = Card { file: "partner-one.png".into(), ..one.clone() };
    let led = edit(PRETTIER, &[Wanted { from: Some(0), card: moved }], "program").unwrap();
    assert_eq!(led, PRETTIER.replace("/one.png", "/partner-one.png"));
    one.description = "Only {one}.".into();
    one.title = "1".into();
    let changed = edit(PRETTIER, &[Wanted { from: Some(0), card: one }], "program").unwrap();
    let expected = PRETTIER.replace("title: 'One'", "title: '1'").replace(">One.<", ">{'Only {one}.'}<");
    assert_eq!(changed, expected);
}

/// Everything that somebody may have put there by hand.
const BY_HAND: &str = r#"#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
/* Kept by hand. */
import Translate, { translate } from "@docusaurus/Translate";
import React from "react"; // for JSX
import one from "../../static/img/supporters/one.png"; // eslint-disable-line
import two from "../../static/img/supporters/Two.png";
import shared from '@site/static/img/supporters/shared.png'

export type Partner = { image: string; title: string };
export const count = 3;
const Other = [shared];

const PartnersList: Partner[] = [ // newest last
  // the first
  {
    image: one,
    title: "One", // as they write it
    webURL: "https://one.example/",
    description: <Translate id="partners.one.description" description="for translators">One.</Translate>,
  }, // behind one
  // {
  //   image: hidden, title: "Hidden",
  // },
  ({ image: two, title: 'Two', webURL: `https://two.example/`,
     description: translate({ id: "partners.two.description", /* why */ message: "Two." }) } as Partner),
  { image: shared, title: "Three", webURL: "https://three.example/", description: "Three." }
  // Add more partners information...
];

export default PartnersList;
export { Other };
"#;

/// The cards of [`BY_HAND`], without the exported number, which no reader takes for a list.
fn by_hand() -> (String, Vec<Wanted>) {
    let source = BY_HAND.replace("export const count = 3;\n", "");
    let cards = read(&source).unwrap();
    (source, cards.into_iter().enumerate().map(|(at, card)| Wanted { from: Some(at), card }).collect())
}

fn comments(source: &str) -> Vec<String> {
    let mut found: Vec<String> =
        layout(source).unwrap().comments.into_iter().map(|range| source[range].to_owned()).collect();
    found.retain(|c| !c.contains(MARK) && !c.contains("what else stands in this file"));
    found.sort();
    found
}

#[test]
fn what_is_new_is_as_far_in_as_what_is_there() {
    let source = "import Translate from \"@docusaurus/Translate\";\nimport one from \"../../static/img/supporters/one.png\";\n\nexport default [\n\t{\n\t\timage: one, title: \"One\", webURL: \"https://one.example/\",\n\t\tdescription: (\n\t\t\t<Translate id=\"partners.one.description\">\n\t\t\t\tOne.\n\t\t\t</Translate>\n\t\t),\n\t},\n];\n";
    for step in ["\t", "    "] {
        let source = source.replace('\t', step);
        let mut wanted: Vec<Wanted> =
            read(&source).unwrap().into_iter().map(|card| Wanted { from: Some(0), card }).collect();
        wanted[0].card.description = "Uno.".into();
        wanted.push(new(&card("two", "two.png", "Two")));
        let text = edit(&source, &wanted, "Program").unwrap();
        let lines: Vec<String> = text.lines().map(|line| line.replace(step, ">")).collect();
        for line in [">{", ">>image: two,", ">>>>Uno.", ">>>>Two", ">>>", ">},"] {
            assert!(lines.iter().any(|there| there.starts_with(line)), "{line}: {text}");
        }
        assert!(!lines.iter().any(|line| line.starts_with(' ')), "{text}");
    }
}

/// An element whose lines are further in than others' stays of one piece, and what ends on the tag's line does so.
#[test]
fn a_text_that_changes_is_as_far_in_as_it_was() {
    for (before, after) in
        [("\n          ", "\n        "), ("\n    ", "\n  "), ("", ""), ("", "\n        "), ("\n\n\t\t", "")]
    {
        let source = format!(
            "import Translate from \"@docusaurus/Translate\";\nimport one from \"../../static/img/supporters/one.png\";\n\nexport default [\n  {{\n    image: one, title: \"One\", webURL: \"https://one.example/\",\n    description: (\n        <Translate id=\"partners.one.description\">{before}One\n  and all.{after}</Translate>\n    ),\n  }},\n];\n"
        );
        let mut card = read(&source).unwrap().pop().unwrap();
        card.description = "Uno.".into();
        let text = edit(&source, &[Wanted { from: Some(0), card }], "Program").unwrap();
        assert!(text.ends_with(&source[source.find("export").unwrap()..].replace("One\n  and all.", "Uno.")), "{text}");
    }
}

#[test]
fn a_comment_before_the_comma_of_a_card_that_goes_stays() {
    let card = |n: &str| {
        format!(
            "  {{\n    image: {n}, title: '{n}', webURL: 'https://{n}.example/',\n    description: <Translate id=\"partners.{n}.description\">T.</Translate>,\n  }}"
        )
    };
    let import = |n: &str| format!("import {n} from \"../../static/img/supporters/{n}.png\";\n");
    let head = format!("import Translate from \"@docusaurus/Translate\";\n{}{}", import("one"), import("two"));
    let page = |behind: &str| format!("{head}export default [\n{}{behind}\n{},\n];\n", card("one"), card("two"));
    for (behind, kept) in [(" /* note */,", "/* note */"), (" // note\n  ,", "// note"), (", // note", "// note")] {
        let source = page(behind);
        let stays = layout(&source).unwrap().cards.pop().unwrap().0;
        let out = edit(&source, &[Wanted { from: Some(1), card: stays }], "P").unwrap();
        assert!(out.contains(&format!("[\n  {kept}\n  {{\n    image: two")), "{behind}: {out}");
    }
}

/// A statement that no semicolon ends reaches over the comments behind it.
#[test]
fn comments_of_an_import_that_goes_stay() {
    const ONE: &str = "\"../../static/img/supporters/one.png\"";
    let page = |import: &str| {
        format!(
            "import Translate from \"@docusaurus/Translate\"\n{import}\nconst L = [\n  {{\n    image: one, title: 'One', webURL: 'https://one.example/',\n    description: <Translate id=\"partners.one.description\">One.</Translate>,\n  }},\n]\nexport default L\n"
        )
    };
    for (import, left) in [
        (format!("import one from {ONE}"), "import Translate from \"@docusaurus/Translate\"\nconst L"),
        (format!("import one from {ONE} // agreed, don't resize"), "\n// agreed, don't resize\nconst L"),
        (format!("import one from {ONE} /* agreed */"), "\n/* agreed */\nconst L"),
        (
            format!("import one from {ONE} /* agreed\n  with design */ // so"),
            "\n/* agreed\n  with design */ // so\nconst L",
        ),
        (format!("import one /* agreed */ from {ONE}"), "\n/* agreed */\nconst L"),
        (
            format!("import one // agreed\n  from {ONE}; export const x = []"),
            "\n// agreed\n export const x = []\nconst L",
        ),
        (format!("import one from {ONE}; // agreed"), "// agreed\nconst L"),
    ] {
        let out = edit(&page(&import), &[], "P").unwrap();
        assert!(out.contains(left), "{import}: {out}");
        assert!(!out.contains("one.png"), "{out}");
    }
}

#[test]
fn what_cant_be_kept_is_a_fault() {
    let fault = edit(BY_HAND, &[], "Program").unwrap_err();
    assert!(fault.line == 11 && fault.why.contains("count"), "{fault:?}");
    let (source, mut wanted) = by_hand();
    let source = source.replace(">One.<", ">\n{/* so */ \"One.\"}<");
    assert_eq!(edit(&source, &wanted, "Program").as_ref(), Ok(&source));
    wanted[0].card.description = "Another.".into();
    let fault = edit(&source, &wanted, "Program").unwrap_err();
    assert!(fault.why.contains("a comment stands in the text of partners.one.description"), "{fault:?}");
}

#[test]
fn what_stands_beside_the_cards_is_kept() {
    let (source, wanted) = by_hand();
    assert_eq!(edit(&source, &wanted, "Program").as_ref(), Ok(&source), "nothing differs");
    // Two goes, One says something else and moves behind Three, which gets another logo; Four is new.
    let mut changed = vec![wanted[2].clone(), wanted[0].clone()];
    changed[0].card.file = "three.png".into();
    changed[1].card.description = "Uno {1}".into();
    changed[1].card.title = "Uno".into();
    changed.push(new(&card("four", "four.png", "Four")));
    let text = edit(&source, &changed, "Program").unwrap();
    snapbox::assert_data_eq!(
        text.clone(),
        snapbox::str![[r#"
#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
/* Kept by hand. */
// The cards are written by karmada-partner from the records of the Program.
// To change one, change the registry; what else stands in this file is kept.

import Translate, { translate } from "@docusaurus/Translate";
import React from "react"; // for JSX
import one from "../../static/img/supporters/one.png"; // eslint-disable-line
import shared from '@site/static/img/supporters/shared.png'
import three from "../../static/img/supporters/three.png";
import four from "../../static/img/supporters/four.png";

export type Partner = { image: string; title: string };
const Other = [shared];

const PartnersList: Partner[] = [ // newest last
  // {
  //   image: hidden, title: "Hidden",
  // },
  /* why */
  { image: three, title: "Three", webURL: "https://three.example/", description: "Three." },
  // the first
  {
    image: one,
    title: "Uno", // as they write it
    webURL: "https://one.example/",
    description: <Translate id="partners.one.description" description="for translators">{"Uno {1}"}</Translate>,
  }, // behind one
  {
    image: four,
    title: "Four",
    webURL: "Four",
    description: <Translate id="partners.four.description">Four</Translate>,
  }
  // Add more partners information...
];

export default PartnersList;
export { Other };

"#]]
    );
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
    ("[A-Za-z0-9_-]{0,8}", file, any_text(), any_text(), any_text()).prop_map(
        |(slug, file, title, web_url, description)| Card {
            slug,
            variable: String::new(),
            file,
            title,
            web_url,
            description,
        },
    )
}

/// Each slug once.
fn distinct(mut cards: Vec<Card>) -> Vec<Card> {
    let mut seen = BTreeSet::new();
    cards.retain(|card| card.slug.is_empty() || seen.insert(card.slug.clone()));
    cards
}

fn without_variables(cards: Vec<Card>) -> Vec<Card> {
    cards.into_iter().map(|card| Card { variable: String::new(), ..card }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_written_is_read_back(cards in prop::collection::vec(any_card(), 0..5), registry in any_text()) {
        let cards = distinct(cards);
        let text = write(&cards, &registry).unwrap();
        prop_assert!(!text.contains('\r'));
        let read = read(&text).unwrap();
        let names: BTreeSet<_> = read.iter().map(|c| (&c.variable, &c.file)).collect();
        let files: BTreeSet<_> = read.iter().map(|c| &c.file).collect();
        prop_assert_eq!(names.len(), files.len());
        prop_assert_eq!(without_variables(read), cards);
    }

    /// However cards come, change, go and move on a page that was made by hand: they are as wanted, and no comment is lost.
    #[test]
    fn what_was_made_by_hand_is_edited_and_kept(
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
        kept in prop::collection::vec(any::<bool>(), 3),
        changed in prop::collection::vec(prop::option::of(any_card()), 3),
        added in prop::collection::vec((0_usize..4, any_card()), 0..3),
        crlf in any::<bool>(),
    ) {
        let (mut source, cards) = by_hand();
        if crlf {
            source = source.replace('\n', "\r\n");
        }
        let mut wanted = Vec::new();
        for at in order.into_iter().filter(|at| kept[*at]) {
            let card = match &changed[at] {
                Some(other) => Card { slug: cards[at].card.slug.clone(), ..other.clone() },
                None => cards[at].card.clone(),
            };
            wanted.push(Wanted { from: Some(at), card });
        }
        for (at, card) in added {
            wanted.insert(at.min(wanted.len()), new(&card));
        }
        let mut seen = BTreeSet::new();
        wanted.retain(|w| w.card.slug.is_empty() || w.from.is_some() || seen.insert(w.card.slug.clone()));
        let text = edit(&source, &wanted, "Program").unwrap();
        let should: Vec<Card> = wanted.iter().map(|w| w.card.clone()).collect();
        prop_assert_eq!(without_variables(read(&text).unwrap()), without_variables(should));
        prop_assert_eq!(comments(&source), comments(&text));
        prop_assert_eq!(text.contains("export type Partner") && text.contains("export { Other }"), true);
        prop_assert_eq!(crlf, text.contains("\r\n"));
        prop_assert!(!crlf || !text.replace("\r\n", "").contains('\n'));
        // Once more, there is nothing to do.
        let again = wanted.iter().enumerate().map(|(at, w)| Wanted { from: Some(at), card: w.card.clone() });
        prop_assert_eq!(edit(&text, &again.collect::<Vec<_>>(), "Program").unwrap(), text);
    }

    #[test]
    fn no_slug_or_file_acts(slug in any_text(), file in any_text()) {
        // What names no partner, or no file, is refused before it is written, and only that.
        let refused = |why: &str| why.contains("names no partner") || why.contains("isn't a file in");
        prop_assert!(write(&[card(&slug, &file, "a")], "program").map_or_else(|e| refused(&e.why), |_| true));
    }
}
