use std::cell::RefCell;

use proptest::prelude::*;

use super::*;

/// A website's files.
#[derive(Debug, Default)]
struct Site {
    files: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Partners whose text another page shows.
    said: BTreeSet<String>,
}

impl Standing for Site {
    type Fault = Unreadable;

    fn logo(&self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        Ok(self.files.borrow().get(&format!("{LOGOS}/{name}")).cloned())
    }

    fn logos(&self) -> Result<Vec<String>, Unreadable> {
        let names = |path: &String| path.strip_prefix(&format!("{LOGOS}/")).map(str::to_owned);
        Ok(self.files.borrow().keys().filter_map(names).collect())
    }

    fn says(&self, slug: &str) -> Result<Option<String>, Unreadable> {
        Ok(self.said.contains(slug).then(|| "src/pages/index.tsx shows it, too, or may".to_owned()))
    }

    fn code_says(&self, slug: &str) -> Result<Option<String>, Unreadable> {
        self.says(slug)
    }
}

impl Site {
    fn present(&self) -> Present {
        let text = |path: &str| String::from_utf8(self.files.borrow()[path].clone()).unwrap();
        Present::new(text(CARDS), text(CHINESE))
    }
}

const PAGE: &str = r#"// SPDX-License-Identifier: Apache-2.0
import Translate from "@docusaurus/Translate";
import React from "react";
import beta from "../../static/img/supporters/Beta.png";
import alpha from "../../static/img/supporters/alpha.png";

const PartnersList = [
  { image: beta, title: "Beta", webURL: "https://beta.example/", description: <Translate id="partners.beta.description">Beta text.</Translate> },
  { image: alpha, title: "Alpha", webURL: "https://alpha.example/", description: "Alpha text." },
  { image: alpha, title: "Gone", webURL: "https://gone.example/", description: "Gone text." },
  // { image: hidden, title: "Hidden" },
];

export default PartnersList;
"#;

const TEXTS: &str = "{\n  \"partners.beta.description\": {\n    \"message\": \"乙\"\n  },\n  \"partners.hidden.description\": {\n    \"message\": \"隐\"\n  },\n  \"a\": { \"message\": \"b\" }\n}\n";

fn site() -> Site {
    site_with(PAGE)
}

fn site_with(page: &str) -> Site {
    let files = [
        (CARDS.to_owned(), page.as_bytes().to_vec()),
        (CHINESE.to_owned(), TEXTS.as_bytes().to_vec()),
        (format!("{LOGOS}/Beta.png"), b"beta".to_vec()),
        (format!("{LOGOS}/alpha.png"), b"alpha".to_vec()),
        (format!("{LOGOS}/Delta.png"), b"somebody's".to_vec()),
    ];
    Site { files: RefCell::new(files.into()), said: BTreeSet::new() }
}

fn record(name: &str, text: &str, zh: Option<&str>) -> Record {
    let zh = zh.map(|zh| format!("description_zh = \"{zh}\"\n")).unwrap_or_default();
    let host = name.to_lowercase();
    let toml = format!(
        "schema = 1\nname = \"{name}\"\nwebsite = \"https://{host}.example/\"\ngithub = \"x\"\ndescription = \"{text}\"\n{zh}"
    );
    Record::parse(toml.as_bytes()).unwrap()
}

/// A partner: its name, its text, its Chinese one, its logo.
type Facts = (&'static str, &'static str, Option<&'static str>, &'static str);

fn planned(site: &Site, facts: &[Facts], former: &[Former], going: Going, keeps_order: bool) -> WebsitePage {
    let slugs: Vec<Slug> = facts.iter().map(|(name, ..)| name.to_lowercase().parse().unwrap()).collect();
    let records: Vec<Record> = facts.iter().map(|(name, text, zh, _)| record(name, text, *zh)).collect();
    let logo = |(_, _, _, logo): &Facts| (!logo.is_empty()).then(|| logo.as_bytes().to_vec());
    let partners: Vec<Partner<'_>> =
        (0..facts.len()).map(|at| Partner { slug: &slugs[at], record: &records[at], logo: logo(&facts[at]) }).collect();
    let listing = Listing { partners: &partners, broken: &[], former, going, keeps_order, program: "Program" };
    page(&listing, &site.present(), site).unwrap()
}

const ALPHA: Facts = ("Alpha", "Alpha text.", None, "alpha");

#[test]
fn no_picture_is_written_over() {
    let changed = |site: &Site, facts: Facts| {
        let page = planned(site, &[facts], &[], Going::Nobody, false);
        (page.differences, page.files.into_keys().collect::<Vec<_>>())
    };
    let mut facts = ("Beta", "Beta text.", Some("乙"), "new");
    let (told, files) = changed(&site(), facts);
    assert_eq!(
        told,
        [
            "beta: its logo's file becomes partner-beta.png; Beta.png stays, since others may show it",
            "beta: its logo, static/img/supporters/partner-beta.png, comes"
        ]
    );
    assert_eq!(files, [CARDS, "static/img/supporters/partner-beta.png"]);
    // What is the same stays where it is, and a file that isn't there comes where the card looks for it.
    facts.3 = "beta";
    assert_eq!(changed(&site(), facts), (vec![], vec![]));
    let site_without = site();
    site_without.files.borrow_mut().remove("static/img/supporters/Beta.png");
    assert_eq!(changed(&site_without, facts).1, ["static/img/supporters/Beta.png"]);
    // On some systems the two would be one.
    site_without.files.borrow_mut().insert("static/img/supporters/beta.PNG".into(), b"beta".to_vec());
    assert_eq!(changed(&site_without, facts).1, [CARDS, "static/img/supporters/partner-beta.png"]);
    // One that no card names is somebody's, however its name is written.
    for logo in ["delta", "somebody's"] {
        let (_, files) = changed(&site(), ("Delta", "Delta.", None, logo));
        assert_eq!(files, [CARDS, "static/img/supporters/partner-delta.png"]);
    }
}

#[test]
fn only_whose_decision_it_is_changes() {
    let site = site();
    // Of the others the records say other things; the decision is about Delta.
    let facts =
        [("Alpha", "Another.", None, ""), ("Beta", "Another.", None, ""), ("Delta", "Delta text.", None, "delta")];
    let page = planned(&site, &facts, &[], Going::Nobody, false);
    assert_eq!(page.new, ["Delta"]);
    assert!(page.gone.is_empty() && page.differences.iter().all(|line| line.starts_with("delta: ")), "{page:?}");
    let text = String::from_utf8(page.files[CARDS].clone()).unwrap();
    for kept in ["Beta text.", "\"Alpha text.\"", "title: \"Gone\"", "// { image: hidden"] {
        assert!(text.contains(kept), "{text}");
    }
    let former = Former { slug: "gone".parse().unwrap(), name: Some("Gone".into()) };
    let page = planned(&site, &[], std::slice::from_ref(&former), Going::One(former.clone()), false);
    assert_eq!(page.gone, [Gone { slug: String::new(), title: "Gone".into(), left: true, twin: false }]);
    let text = String::from_utf8(page.files[CARDS].clone()).unwrap();
    assert!(text.contains("\"Alpha\"") && text.contains("\"Beta\"") && !text.contains("\"Gone\""), "{text}");
}

#[test]
fn what_goes_is_told_and_why() {
    let former = [Former { slug: "beta".parse().unwrap(), name: None }];
    let page = planned(&site(), &[ALPHA], &former, Going::Others, false);
    let gone = |slug: &str, title: &str, left| Gone { slug: slug.into(), title: title.into(), left, twin: false };
    assert_eq!((page.shown, page.gone), (3, vec![gone("beta", "Beta", true), gone("", "Gone", false)]));
    let texts = String::from_utf8(page.files[CHINESE].clone()).unwrap();
    assert!(!texts.contains("beta") && texts.contains("hidden"), "whose card is commented out keeps its text: {texts}");
}

#[test]
fn what_stands_in_a_card_that_goes_or_is_shown_elsewhere_stays() {
    let page = PAGE.replace("title: \"Beta\",", "title: \"Beta\", // Beta GmbH until 2023\n ").replace(
        "Gone text.\" },",
        "Gone text.\" }, { image: beta, title: \"Alpha\", webURL: \"https://a.example/\", description: \"Again.\" },",
    );
    let mut site = site_with(&page);
    site.said.insert("beta".into());
    let former = [Former { slug: "beta".parse().unwrap(), name: None }];
    let page = planned(&site, &[ALPHA], &former, Going::Others, false);
    assert_eq!(
        page.differences,
        [
            "alpha: its text gets the id partners.alpha.description",
            "Beta: its card goes; it has left",
            "Beta: a comment in its card stays in its place: “// Beta GmbH until 2023”",
            "Beta: its Chinese text stays: src/pages/index.tsx shows it, too, or may",
            "Gone: its card goes; it is no partner by the records",
            "Alpha: its card goes; its partner has another",
        ]
    );
    let cards = String::from_utf8(page.files[CARDS].clone()).unwrap();
    assert!(cards.contains("\n  // Beta GmbH until 2023\n") && !cards.contains("title: \"Beta\""), "{cards}");
    assert!(!page.files.contains_key(CHINESE));
    // Whoever comes gets a text of its own.
    let page = planned(&site, &[ALPHA, ("Beta", "Other.", Some("丁"), "beta")], &[], Going::Nobody, false);
    assert!(page.files.contains_key(CHINESE), "its card is there: {page:?}");
    site.said.insert("delta".into());
    let page = planned(&site, &[("Delta", "Delta.", Some("丁"), "delta")], &[], Going::Nobody, false);
    let cards = String::from_utf8(page.files[CARDS].clone()).unwrap();
    assert!(cards.contains("partners.delta-partner.description"), "{cards}");
}

/// A card without an id is its partner's, whatever that is called now.
#[test]
fn who_is_called_otherwise_keeps_its_card() {
    let renamed = Record::parse(
        b"schema = 1\nname = \"Alphabet\"\nformer_names = [\"Alpha\", \"Gone\"]\nwebsite = \"https://alpha.example/\"\ngithub = \"x\"\n",
    )
    .unwrap();
    let slug: Slug = "alpha-corp".parse().unwrap();
    let partners = [Partner { slug: &slug, record: &renamed, logo: Some(b"alpha".to_vec()) }];
    let listing = Listing {
        partners: &partners,
        broken: &[],
        former: &[],
        going: Going::Nobody,
        keeps_order: false,
        program: "Program",
    };
    let site = site();
    let all = Listing { going: Going::Others, ..listing };
    let gone = page(&all, &site.present(), &site).unwrap().gone;
    assert!(gone.iter().any(|card| card.title == "Gone" && card.twin), "its second goes as its own: {gone:?}");
    let page = page(&listing, &site.present(), &site).unwrap();
    assert!(page.new.is_empty(), "{page:?}");
    assert!(
        page.differences.contains(&"alpha-corp: its name becomes “Alphabet”; it was “Alpha”".to_owned()),
        "{page:?}"
    );
}

fn any_facts() -> impl Strategy<Value = Vec<Facts>> {
    let names = prop::sample::subsequence(vec!["Alpha", "Beta", "Delta", "Partner-Delta", "Zeta"], 0..=5);
    let text = prop::sample::select(vec!["Alpha text.", "Beta text.", "Say <b>, {x} & co."]);
    let zh = prop::sample::select(vec![None, Some("乙"), Some("丙")]);
    let logo = prop::sample::select(vec!["alpha", "beta", "somebody's", "other", ""]);
    (names, prop::collection::vec((text, zh, logo), 5)).prop_map(|(names, rest)| {
        names.into_iter().zip(rest).map(|(name, (text, zh, logo))| (name, text, zh, logo)).collect()
    })
}

/// Pages as people write them: any of these cards, in any order and form, with or without what else may stand there.
fn any_page() -> impl Strategy<Value = String> {
    const CARDS: [[&str; 3]; 4] = [
        [
            "{ image: beta, title: \"Beta\", webURL: \"https://beta.example/\", description: <Translate id=\"partners.beta.description\">Beta text.</Translate> }",
            "{\n    image: beta,\n    title: 'Beta',\n    webURL: 'https://beta.example/',\n    description: (\n      <Translate id=\"partners.beta.description\">\n        Beta text.\n      </Translate>\n    ),\n  }",
            "{ title: `Beta`, image: require('../../static/img/supporters/Beta.png').default, webURL: \"https://beta.example\", description: \"Beta  text.\" }",
        ],
        [
            "{ image: alpha, title: \"Alpha\", webURL: \"https://alpha.example/\", description: \"Alpha text.\" }",
            "{ image: alpha, title: \"Alpha\", webURL: \"https://alpha.example\", description: <Translate id=\"partners.alpha.description\">{\"Say <b>, {x} & co.\"}</Translate> }",
            "{ image: beta, title: \"Alpha\", webURL: \"https://alpha.example/\", description: \"Alpha text.\", }",
        ],
        [
            "{ image: alpha, title: \"Gone\", webURL: \"https://gone.example/\", description: \"Gone text.\" }",
            "{ image: beta, title: \"Gone\", webURL: \"https://gone.example/\", description: 'Gone.' }",
            "{\n  image: alpha, title: \"Gone\",\n  webURL: \"https://gone.example/\", description: \"\" }",
        ],
        [
            "{ image: alpha, title: \"Zeta\", webURL: \"https://zeta.example/\", description: \"Alpha text.\" }",
            "{ image: alpha, title: \"Zeta Limited\", webURL: \"https://zeta.example/\", description: \"Alpha text.\" }",
            "{ image: alpha, title: \"Delta\", webURL: \"https://delta.example/\", description: <Translate id=\"partners.delta.description\">Alpha text.</Translate> }",
        ],
    ];
    let cards = prop::sample::subsequence(vec![0, 1, 2, 3], 0..=4).prop_shuffle();
    let forms = prop::collection::vec((0..3_usize, prop::sample::select(vec!["", "  // by hand\n", "\n"])), 4);
    let end = prop::sample::select(vec![",\n", "\n"]);
    (cards, forms, end).prop_map(|(cards, forms, end)| {
        let (head, rest) = PAGE.split_at(PAGE.find("  { image: beta").unwrap());
        let tail = &rest[rest.find("  // { image: hidden").unwrap()..];
        let written: Vec<String> =
            cards.iter().zip(forms).map(|(card, (form, above))| format!("{above}  {}", CARDS[*card][form])).collect();
        let end = if written.is_empty() { "" } else { end };
        format!("{head}{}{end}{tail}", written.join(",\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// What nothing is told of changes nothing, what is told is written, and once it is, there is nothing more to do.
    #[test]
    fn a_plan_is_clean_just_where_nothing_is_written(
        text in any_page(),
        facts in any_facts(),
        again in any_facts(),
        (keeps_order, others) in any::<(bool, bool)>(),
    ) {
        let site = site_with(&text);
        let going = if others { Going::Others } else { Going::Nobody };
        for facts in [facts, again] {
            let page = planned(&site, &facts, &[], going.clone(), keeps_order);
            prop_assert_eq!(page.differences.is_empty(), page.files.is_empty(), "{:?}", page);
            for (path, bytes) in page.files {
                let there = site.files.borrow_mut().insert(path.clone(), bytes.clone());
                prop_assert!(there.is_none() || !path.starts_with(LOGOS), "{} is written over", path);
                prop_assert_ne!(there, Some(bytes), "{}", path);
            }
            let after = planned(&site, &facts, &[], going.clone(), keeps_order);
            prop_assert!(after.files.is_empty() && after.differences.is_empty(), "{:?}", after);
            let cards = String::from_utf8(site.files.borrow()[CARDS].clone()).unwrap();
            prop_assert!(cards.contains("SPDX") && cards.contains("// { image: hidden"), "{}", cards);
        }
    }
}
