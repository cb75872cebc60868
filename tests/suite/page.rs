//! A website as Karmada's is, and what render website, publish, import and decisions make of it.

use crate::env::TestEnv;
use crate::hub::put;
use crate::picture::png;

/// The page as somebody keeps it by hand: two partners, out of order, one text wrong.
const CARDS: &str = r#"import Translate from "@docusaurus/Translate";
import React from "react";

import zeta from "../../static/img/supporters/Zeta-Logo.png"
import acme from '../../static/img/supporters/acme.png';

const PartnersList = [
  {
    image: zeta,
    title: "Zeta & Sons",
    webURL: "https://zeta.example/",
    description: (
        <Translate id="partners.zeta.description">
          Runs Karmada
          for banks.
        </Translate>
    ),
  },
  {
    image: acme, title: 'Acme', webURL: "https://acme.example/old",
    description: <Translate id="partners.acme.description">{"Trains {teams}"}</Translate>,
  },
  // Add more partners information...
];

export default PartnersList;
"#;

const CHINESE: &str = r#"{
  "theme.title": {
    "message": "标题",
    "description": "kept \u0041s it is"
  },
  "partners.title": { "message": "合作伙伴" },
  "partners.zeta.description": {
    "message": "为银行运行 Karmada。"
  },
  "last": {"message": "末"}
}
"#;

const TSX: &str = "src/data/partnersData.tsx";
const ZH: &str = "i18n/zh/code.json";

/// A checkout of such a website at `site`.
pub fn website(env: &TestEnv) {
    website_with(env, CARDS);
}

/// The same before there was any partner.
pub fn website_without_cards(env: &TestEnv) {
    let (head, tail) = (CARDS.find("  {\n    image").unwrap(), CARDS.find("  // Add more").unwrap());
    website_with(env, &[&CARDS[..head], &CARDS[tail..]].concat());
}

fn website_with(env: &TestEnv, cards: &str) {
    for (path, content) in [
        (TSX, cards.as_bytes().to_vec()),
        (ZH, CHINESE.as_bytes().to_vec()),
        ("static/img/supporters/Zeta-Logo.png", png(640, 220)),
        ("static/img/supporters/acme.png", png(300, 200)),
        ("static/img/supporters/other.png", png(100, 100)),
        ("README.md", b"A website.\n".to_vec()),
    ] {
        put(&env.path("site"), path, content);
    }
    env.git_at("site", &["init", "--quiet", "--initial-branch", "main"]);
    env.git_at("site", &["add", "--all"]);
    env.git_at("site", &["commit", "--quiet", "--message", "by hand"]);
}

/// A registry with a website that shows two of its partners, and shows them as they are on record.
pub fn shown() -> TestEnv {
    let env = TestEnv::with_registry();
    website(&env);
    import(&env);
    env.decide("zeta");
    env.decide("acme");
    env
}

pub fn edit_site(env: &TestEnv, from: &str, to: &str) {
    let page = env.read("site/src/data/partnersData.tsx");
    assert!(page.contains(from), "{page}");
    env.write("site/src/data/partnersData.tsx", page.replace(from, to));
}

pub fn import(env: &TestEnv) {
    env.write("contacts.csv", "partner,github,email\nzeta,zeta-bot,karmada@zeta.example\nAcme,acme-bot,\n");
    env.run(&["import", "website", "site", "--contacts", "contacts.csv", "--as", "alice"]).ok().code.unwrap();
}

#[test]
fn what_was_imported_and_decided_is_rendered_as_it_was() {
    let env = TestEnv::with_registry();
    website(&env);
    let missing = env.run(&["import", "website", "site", "--as", "alice"]);
    snapbox::assert_data_eq!(
        missing.stderr,
        snapbox::str![[r#"
error: nothing was brought in:
  Zeta & Sons: github is missing
  Acme: github is missing
hint: give contacts with --contacts FILE (partner,github,email), or one for all with --contact ID

"#]]
    );
    import(&env);
    // Imported entries wait like any other, and their events say where they come from.
    assert_eq!(env.state("zeta"), "applied");
    let event = env.git(&["show", "apply/zeta:data/partners/zeta/log/0001"]);
    assert!(event.starts_with("KP-Event: v1 imported\n"), "{event}");
    assert!(event.contains("KP-Source: the website's src/data/partnersData.tsx at [COMMIT]\n"), "{event}");
    assert!(
        env.run(&["import", "website", "site", "--contact", "x", "--as", "alice"])
            .ok()
            .stdout
            .contains("waits already")
    );
    env.decide("zeta");
    env.decide("acme");
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);

    // Order and form apart, the page says the same again.
    let check = env.run(&["render", "website", "--out", "site", "--check"]);
    assert_eq!(check.code, Some(1));
    assert_eq!(check.stdout, "the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme\n");
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    assert_eq!(env.git_at("site", &["status", "--short"]), " M src/data/partnersData.tsx\n", "nothing else is touched");
    let page = env.read("site/src/data/partnersData.tsx");
    snapbox::assert_data_eq!(
        page.clone(),
        snapbox::str![[r#"
// The cards are written by karmada-partner from the records of the Test Program.
// To change one, change the registry; what else stands in this file is kept.

import Translate from "@docusaurus/Translate";
import React from "react";

import zeta from "../../static/img/supporters/Zeta-Logo.png"
import acme from '../../static/img/supporters/acme.png';

const PartnersList = [
  {
    image: acme, title: 'Acme', webURL: "https://acme.example/old",
    description: <Translate id="partners.acme.description">{"Trains {teams}"}</Translate>,
  },
  {
    image: zeta,
    title: "Zeta & Sons",
    webURL: "https://zeta.example/",
    description: (
        <Translate id="partners.zeta.description">
          Runs Karmada
          for banks.
        </Translate>
    ),
  },
  // Add more partners information...
];

export default PartnersList;

"#]]
    );
    assert_eq!(
        env.run(&["render", "website", "--out", "site", "--check"]).ok().stdout,
        "The page is as the records say.\n"
    );
    assert!(env.run(&["render", "website", "--out", "site"]).ok().stdout.starts_with("Nothing to do"));
    assert_eq!(env.read("site/src/data/partnersData.tsx"), page);
}

#[test]
fn every_difference_is_told_and_mended() {
    let env = shown();
    env.apply("Hooli").ok().code.unwrap();
    env.decide("hooli");
    let hostile = "Say \"hi\" to </Translate> ${x} {y} \\ 🎉 --><script>";
    let update = [
        "update",
        "acme",
        "--website",
        "https://acme.example/karmada",
        "--description",
        hostile,
        "--description-zh",
        hostile,
        "--as",
        "acme-bot",
    ];
    env.run(&update).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    exit(&env, "zeta");
    snapbox::assert_data_eq!(
        env.run(&["render", "website", "--out", "site", "--check"]).stdout,
        snapbox::str![[r#"
acme: its link becomes “https://acme.example/karmada”; it was “https://acme.example/old”
acme: its text becomes “Say "hi" to </Translate> ${x} {y} / 🎉 --><script>”; it was “Trains {teams}”
acme: a Chinese text comes: “Say "hi" to </Translate> ${x} {y} / 🎉 --><script>”
hooli: a card comes
hooli: its logo, static/img/supporters/hooli.png, comes
Zeta & Sons: its card goes; it has left
Zeta & Sons: its Chinese text goes; it was “为银行运行 Karmada。”

"#]]
    );
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    assert_eq!(env.run(&["render", "website", "--out", "site", "--check"]).code, Some(0));
    let zh = env.read("site/i18n/zh/code.json");
    let json: serde_json::Value = serde_json::from_str(&zh).unwrap();
    assert_eq!(json["partners.acme.description"]["message"], hostile);
    assert!(zh.contains("\"description\": \"kept \\u0041s it is\"\n"), "{zh}");
    assert!(!zh.contains("partners.zeta"), "{zh}");
    // The logo of a card that goes may be shown elsewhere, and stays.
    assert!(env.path("site/static/img/supporters/Zeta-Logo.png").exists());
    assert_eq!(std::fs::read(env.path("site/static/img/supporters/hooli.png")).unwrap(), png(300, 200));
    // A page that can't be understood is never written over.
    env.write("site/src/data/partnersData.tsx", "export default [...more];\n");
    let odd = env.run(&["render", "website", "--out", "site"]);
    assert_eq!(odd.code, Some(1));
    assert!(odd.stderr.contains("src/data/partnersData.tsx:1: "), "{odd}");
    assert_eq!(env.run(&["render", "website", "--out", "nowhere"]).code, Some(3));
}

#[test]
fn logos_can_be_made_equally_large() {
    let env = shown();
    env.change_policy(|p| p + "\n[website]\neven_logos = true\n");
    let before = env.git(&["rev-parse", "main:data/partners/zeta/logo.png"]);
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    let even = std::fs::read(env.path("site/static/img/supporters/zeta.png")).unwrap();
    assert_ne!(even, png(640, 220));
    let reader = png::Decoder::new(std::io::Cursor::new(&even)).read_info().unwrap();
    let (width, height) = reader.info().size();
    assert!((f64::from(width) / f64::from(height) - 1.5).abs() < 0.02, "{width}x{height}");
    assert_eq!(env.git(&["rev-parse", "main:data/partners/zeta/logo.png"]), before, "the original is kept");
    let there = std::fs::read(env.path("site/static/img/supporters/Zeta-Logo.png")).unwrap();
    assert_eq!(there, png(640, 220), "other pages may show it");
    env.run(&["render", "website", "--out", "site", "--check"]).ok().code.unwrap();
}

/// What was made of a logo is remembered by the logo, and believed only of what stands on the website.
#[test]
fn what_was_made_of_logos_is_made_once() {
    let env = TestEnv::with_partner();
    env.change_policy(|p| p + "\n[website]\neven_logos = true\n");
    website(&env);
    env.run(&["render", "website", "--out", "site", "--allow-mass", "1"]).ok().code.unwrap();
    let logo = env.path("site/static/img/supporters/partner-acme.png");
    let even = std::fs::read(&logo).unwrap();
    // Told by what is remembered: it says that something else was made of it.
    let memory =
        std::fs::read_dir(env.path("home/.cache/karmada-partner/even")).unwrap().next().unwrap().unwrap().path();
    let known = std::fs::read_to_string(&memory).unwrap();
    let other = png(30, 20);
    let hash = |bytes: &[u8]| karmada_partner::domain::Sha256::of(bytes).to_string();
    assert!(known.contains(&hash(&even)), "{known}");
    env.git_at("site", &["add", "--all"]);
    env.git_at("site", &["commit", "--quiet", "--message", "made"]);
    let check = || env.run(&["render", "website", "--out", "site", "--check"]);
    check().ok().code.unwrap();
    std::fs::write(&memory, known.replace(&hash(&even), &hash(&other))).unwrap();
    check().ok().code.unwrap();
    assert_eq!(std::fs::read_to_string(&memory).unwrap(), known, "where it doesn't stand, it is made again");
    std::fs::write(&logo, &other).unwrap();
    assert!(check().stdout.contains("its logo, static/img/supporters/partner-acme-2.png, comes"));
    std::fs::write(&memory, known.replace("even", "odd")).unwrap();
    env.git_at("site", &["checkout", "--quiet", "--", "static"]);
    check().ok().code.unwrap();
}

#[test]
fn the_page_is_proposed_to_the_websites_repository() {
    let env = shown();
    env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    assert_eq!(env.run(&["publish", "--as", "alice"]).code, Some(2), "nobody said where");
    env.change_policy(|p| p + "\n[website]\nrepository = \"site.git\"\n");
    snapbox::assert_data_eq!(
        env.run(&["publish", "--as", "alice", "--dry-run"]).ok().stdout,
        snapbox::str![[r#"
To be proposed to the website, at site.git:
  the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme
Files:
  src/data/partnersData.tsx (changed)
Dry run: nothing was changed.

"#]]
    );
    snapbox::assert_data_eq!(
        env.run(&["publish", "--as", "alice"]).ok().stdout,
        snapbox::str![[r#"
Proposed to the website, at site.git:
  the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme
Files:
  src/data/partnersData.tsx (changed)
Commit: [COMMIT] on karmada-partner/partners

"#]]
    );
    snapbox::assert_data_eq!(
        env.git_at("site.git", &["log", "-1", "--format=%B", "--name-status", "karmada-partner/partners"]),
        snapbox::str![[r#"
Bring the partners page up to date

- the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme

Signed-off-by: alice <alice@users.noreply.github.com>


M	src/data/partnersData.tsx

"#]]
    );
    assert!(env.run(&["publish", "--as", "alice"]).ok().stdout.starts_with("Nothing to do"));
    env.git_at("site.git", &["branch", "-f", "main", "karmada-partner/partners"]);
    assert!(env.run(&["publish", "--as", "alice"]).ok().stdout.contains("closed"));
    // After an exit the same command takes the card away.
    exit(&env, "zeta");
    let removed = env.run(&["publish", "--as", "alice", "--json"]).ok().json();
    assert_eq!(removed["outcome"], "opened");
    assert_eq!(removed["differences"][0], "Zeta & Sons: its card goes; it has left");
    let title = env.git_at("site.git", &["log", "-1", "--format=%s", "karmada-partner/partners"]);
    assert_eq!(title, "Partners: remove Zeta & Sons\n");
}

/// The website's files go into the registry's own repository.
fn moved_in(env: &TestEnv) {
    website(env);
    env.edit("the website moves in", |checkout| {
        let status = env
            .sealed_git()
            .current_dir(env.path("site"))
            .args(["checkout-index", "--all", "--prefix"])
            .arg(format!("{}/", checkout.display()))
            .status();
        assert!(status.unwrap().success());
    });
    env.change_policy(|p| p + "\n[website]\nrepository = \"same\"\n");
    import(env);
    env.decide("zeta");
}

/// However the exit was decided: by a vote that carries it alone, too.
#[test]
fn who_leaves_later_keeps_its_card_until_the_day() {
    let env = TestEnv::with_registry();
    moved_in(&env);
    env.decide("acme");
    env.change_policy(|p| p + "\n[decisions.exit]\nquorum = 1\naffiliations = 1\n");
    let page = || [TSX, ZH].map(|path| env.git(&["show", &format!("main:{path}")]));
    let before = page();
    let later = ["exit", "zeta", "--kind", "voluntary", "--effective", "2026-12-31", "--reason", "r", "--as", "alice"];
    let told = env.run(&later).ok();
    assert_eq!(env.state("zeta"), "exited");
    assert_eq!(page(), before, "{told}");
    assert!(!told.stdout.contains("card goes"), "{told}");
    assert!(told.stderr.contains("its card stays on the website until 2026-12-31; take it off then"), "{told}");
    // What holds at once shows at once.
    env.run(&["exit", "acme", "--kind", "voluntary", "--reason", "r", "--as", "alice"]).ok().code.unwrap();
    assert!(!page()[0].contains("title: 'Acme'") && page()[0].contains("title: \"Zeta"), "{}", page()[0]);
    let told = env.run_at(1_798_675_200, &["publish", "--as", "alice", "--json"]).ok().json();
    assert!(told["differences"].to_string().contains("Zeta & Sons: its card goes; it has left"), "{told}");
}

#[test]
fn where_website_and_registry_are_one_decisions_carry_the_page() {
    let env = TestEnv::with_registry();
    moved_in(&env);
    let shown = |path: &str| env.git(&["show", &format!("main:{path}")]);
    assert_eq!(shown(TSX), CARDS.trim_end().to_owned() + "\n", "it was so before, and others' cards stay as they are");
    env.decide("acme");
    env.apply("Hooli").ok().code.unwrap();
    env.run(&["approve", "hooli", "--as", "alice"]).ok().code.unwrap();
    let told = env.run(&["approve", "hooli", "--as", "bob"]).ok().stdout;
    // Who decides is told what that changes where everybody looks.
    assert!(told.contains("page is brought up to date with it:\n  hooli: a card comes\n"), "{told}");
    // The very commit that decides it shows it.
    let changed = env.git(&["show", "-m", "--first-parent", "--name-only", "--format=%s", "main"]);
    assert!(changed.starts_with("hooli: Hooli is approved\n") && changed.contains(TSX), "{changed}");
    assert!(changed.contains("static/img/supporters/hooli.png") && !changed.contains("acme.png"), "{changed}");
    exit(&env, "zeta");
    assert!(!shown(TSX).contains("title: \"Zeta"));
    for kept in ["title: 'Acme'", "title: \"Hooli\"", "// Add more partners information..."] {
        assert!(shown(TSX).contains(kept), "{}", shown(TSX));
    }
    assert!(!shown(ZH).contains("partners.zeta"));
    env.audit().is_clean();
    assert_eq!(env.problems(), [""; 0]);
}

#[test]
fn cards_never_get_in_each_others_way() {
    let env = TestEnv::with_registry();
    website(&env);
    // One is called as the other's card is, and two cards share a logo that is no PNG.
    env.write("beta.png", png(300, 250));
    env.write("alpha.png", png(250, 300));
    let rows = "[[partner]]\nname = \"Acme\"\nslug = \"alpha\"\nwebsite = \"https://alpha.example\"\ngithub = \"a\"\nlogo = \"alpha.png\"\n\
        [[partner]]\nname = \"Beta\"\nslug = \"acme\"\nwebsite = \"https://beta.example\"\ngithub = \"b\"\nlogo = \"beta.png\"\nsince = 2024-03-13\n";
    env.write("partners.toml", rows);
    env.run(&["import", "table", "partners.toml", "--as", "alice"]).ok().code.unwrap();
    env.decide("alpha");
    env.decide("acme");
    edit_site(
        &env,
        "zeta from \"../../static/img/supporters/Zeta-Logo.png\"",
        "zeta from \"../../static/img/supporters/acme.png\"",
    );
    env.git_at("site", &["commit", "--quiet", "--all", "--message", "by hand"]);
    env.run(&["render", "website", "--out", "site", "--allow-mass", "1"]).ok().code.unwrap();
    env.run(&["render", "website", "--out", "site", "--check"]).ok().code.unwrap();
    let page = env.read("site/src/data/partnersData.tsx");
    assert!(page.contains("partners.acme.description") && page.contains("partners.alpha.description"), "{page}");
    // Since when somebody has been a partner stays known, and is no news.
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    assert!(env.read("dir/partners/acme/index.html").contains("2024-03-13"));
    assert!(!env.read("dir/feed.xml").contains("became a partner"));
    assert!(env.run(&["list"]).ok().stdout.contains("2024-03-13"));
    assert!(env.run(&["show", "acme"]).ok().stdout.contains("active since 2024-03-13"));
    // What is here already is left alone, by whichever name.
    let again = rows.replace("slug = \"alpha\"", "slug = \"acme-cloud\"");
    env.write("partners.toml", again);
    let told = env.run(&["import", "table", "partners.toml", "--as", "alice"]).ok().stdout;
    assert!(told.contains("Left alone: Acme (acme-cloud): Acme (alpha)"), "{told}");
}

/// Names that make one short name, or one name of an import, or that begin with a digit.
#[test]
fn names_that_look_alike_have_pages_cards_and_files_of_their_own() {
    let env = TestEnv::with_registry();
    website(&env);
    let partners = [
        ("1’1", "11", 300),
        ("11", "11-2", 340),
        ("Nova 1", "nova-1", 380),
        ("Nova1", "nova1", 420),
        ("112", "112", 460),
    ];
    let table = |slugs: bool| {
        let mut rows = String::new();
        for (name, slug, width) in partners {
            env.write(&format!("{slug}.png"), png(width, 250));
            // Nothing need be said of the first: its slug is made of its name.
            let given = if slugs && slug != "11" { format!("slug = \"{slug}\"\n") } else { String::new() };
            rows += &format!(
                "[[partner]]\nname = \"{name}\"\n{given}website = \"https://of-{slug}.example\"\ngithub = \"c{slug}\"\nlogo = \"{slug}.png\"\ndescription = \"Text of {slug}.\"\n"
            );
        }
        env.write("partners.toml", rows);
    };
    table(false);
    let told = env.run(&["import", "table", "partners.toml", "--as", "alice"]);
    assert!(told.code != Some(0) && told.stderr.contains("11"), "one of them would have the other's entry: {told}");
    table(true);
    env.run(&["import", "table", "partners.toml", "--as", "alice"]).ok().code.unwrap();
    for (_, slug, _) in partners {
        env.decide(slug);
    }
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    env.run(&["render", "website", "--out", "site", "--allow-mass", "2"]).ok().code.unwrap();
    env.run(&["render", "website", "--out", "site", "--check"]).ok().code.unwrap();
    let page = env.read("site/src/data/partnersData.tsx");
    // Each logo's name within the page, and its file.
    let imports: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| {
            line.strip_prefix("import ")?.strip_suffix("\";")?.split_once(" from \"../../static/img/supporters/")
        })
        .collect();
    for (name, slug, width) in partners {
        for prefix in ["", "zh/"] {
            let index = env.read(&format!("dir/{prefix}index.html"));
            assert!(index.contains(&format!("<a href=partners/{slug}/>{name}</a>")), "{index}");
            let own = env.read(&format!("dir/{prefix}partners/{slug}/index.html"));
            assert!(own.contains(&format!("<h1>{name}</h1>")), "{own}");
        }
        let (_, card) = page.split_once(&format!("title: \"{name}\",")).unwrap();
        let (card, _) = card.split_once("</Translate>").unwrap();
        assert!(card.contains(&format!("\"partners.{slug}.description\"")), "{card}");
        assert!(card.trim_end().ends_with(&format!("Text of {slug}.")), "{card}");
        let (before, _) = page.split_once(&format!("title: \"{name}\",")).unwrap();
        let (_, variable) = before.rsplit_once("image: ").unwrap();
        let variable = variable.trim_end().trim_end_matches(',');
        let [(_, file)] = imports.iter().filter(|(own, _)| *own == variable).collect::<Vec<_>>()[..] else {
            panic!("{variable} isn't one import: {page}")
        };
        assert_eq!(std::fs::read(env.path("site/static/img/supporters").join(file)).unwrap(), png(width, 250));
    }
}

#[test]
fn a_page_isnt_emptied_by_mistake_nor_written_through_links() {
    let env = TestEnv::with_registry();
    website(&env);
    let before = env.read("site/src/data/partnersData.tsx");
    let sandbox =
        env.output(env.command(&["render", "website", "--out", "site"]).env_remove("KARMADA_PARTNER_REGISTRY"));
    assert_eq!(sandbox.code, Some(2), "{sandbox}");
    let empty = env.run(&["render", "website", "--out", "site"]);
    assert_eq!(empty.code, Some(1));
    snapbox::assert_data_eq!(
        empty.stderr,
        snapbox::str![[r#"
error: 2 of 2 cards would go:
  Zeta & Sons: no record says that it has left
  Acme: no record says that it has left
hint: import who isn't in the registry yet, or name another registry with --registry
hint: if that is meant, say --allow-mass 2

"#]]
    );
    assert_eq!(env.read("site/src/data/partnersData.tsx"), before);
    import(&env);
    env.decide("zeta");
    env.decide("acme");
    std::fs::rename(env.path("site/static/img/supporters"), env.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(env.path("elsewhere"), env.path("site/static/img/supporters")).unwrap();
    let link = env.run(&["render", "website", "--out", "site"]);
    assert_eq!(link.code, Some(1), "{link}");
    assert_eq!(env.read("site/src/data/partnersData.tsx"), before, "all or nothing");
    // A broken record takes nobody's card away.
    env.edit("broken", |checkout| std::fs::write(checkout.join("data/partners/zeta/partner.toml"), "no").unwrap());
    let broken = env.run(&["render", "directory", "--out", "dir"]).ok();
    assert!(broken.stderr.contains("the record of zeta can't be read"), "{broken}");
}

#[test]
fn a_broken_page_holds_up_no_decision() {
    let env = TestEnv::with_registry();
    env.edit("a page that nobody can read", |checkout| {
        for (path, text) in [(TSX, "export default [...more];\n"), (ZH, "{}\n")] {
            put(checkout, path, text);
        }
    });
    env.change_policy(|p| p + "\n[website]\nrepository = \"same\"\n");
    env.apply("Acme").ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let decided = env.run(&["approve", "acme", "--as", "bob"]).ok();
    assert!(decided.stderr.contains("decided without the website's page"), "{decided}");
    assert_eq!(env.state("acme"), "active");
}

pub fn exit(env: &TestEnv, slug: &str) {
    for member in ["alice", "bob"] {
        env.run(&["exit", slug, "--kind", "inactive", "--reason", "silence", "--as", member]).ok().code.unwrap();
    }
}

#[test]
fn a_card_goes_only_if_that_is_on_record_or_agreed_to() {
    let env = TestEnv::with_registry();
    website(&env);
    import(&env);
    env.decide("zeta");
    let before = env.read("site/src/data/partnersData.tsx");
    env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    // Acme is imported, and nobody has decided yet.
    for args in [
        &["render", "website", "--out", "site"][..],
        &["render", "website", "--out", "site", "--yes"],
        &["render", "website", "--out", "site", "--dry-run"],
        &["publish", "--repository", "site.git", "--as", "alice", "--yes"],
    ] {
        let refused = env.run(args);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains("1 of 2 cards would go:\n  Acme: its application waits"), "{refused}");
        assert!(refused.stderr.contains("karmada-partner review acme\n"), "{refused}");
        assert!(refused.stderr.contains("--allow-mass 1") && !refused.stderr.contains("import"), "{refused}");
    }
    assert_eq!(env.read("site/src/data/partnersData.tsx"), before);
    assert_eq!(env.git_at("site", &["status", "--short"]), "");
    assert_eq!(env.run(&["render", "website", "--out", "site", "--check"]).code, Some(1), "it is only told");
    env.decide("acme");
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    env.git_at("site", &["commit", "--quiet", "--all", "--message", "in order"]);
    // One that has left may go; all at once are more than that.
    exit(&env, "zeta");
    let told = || env.run(&["render", "website", "--out", "site", "--dry-run"]).ok().stdout;
    assert!(
        told().starts_with(
            "Zeta & Sons: its card goes; it has left\nZeta & Sons: its Chinese text goes; it was “为银行运行 Karmada。”\n"
        ),
        "{}",
        told()
    );
    // What is too large to be read may show whatever.
    let large = std::fs::File::create(env.path("site/src/all.js")).unwrap();
    large.set_len(karmada_partner::domain::limits::SITE_FILE as u64 + 1).unwrap();
    let stays = "Zeta & Sons: its Chinese text stays: other pages may show it: not all files there were searched\n";
    assert!(told().contains(stays), "{}", told());
    std::fs::remove_file(env.path("site/src/all.js")).unwrap();
    exit(&env, "acme");
    let refused = env.run(&["render", "website", "--out", "site", "--allow-mass", "1"]);
    assert!(refused.stderr.contains("  Acme: it has left\n  Zeta & Sons: it has left\n"), "{refused}");
    env.run(&["render", "website", "--out", "site", "--allow-mass", "2"]).ok().code.unwrap();
    assert!(!env.read("site/src/data/partnersData.tsx").contains("title:"));
}

/// A run that nobody watches goes on with what a person has agreed to, and says of the rest alone that it stays.
#[test]
fn what_a_person_took_out_of_the_open_proposal_stays_out() {
    let env = TestEnv::with_registry();
    website(&env);
    import(&env);
    env.decide("zeta");
    env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    let publish = |more: &[&str]| {
        env.run(&[&["publish", "--repository", "site.git", "--as", "alice", "--yes"][..], more].concat()).ok()
    };
    let page = || env.git_at("site.git", &["show", &format!("karmada-partner/partners:{TSX}")]);
    let alone = publish(&["--unattended"]);
    assert!(
        alone.stdout.starts_with("Nothing to do: but for the cards that stay, the page is as the records say"),
        "{alone}"
    );
    assert!(alone.stderr.contains("1 of 2 cards would go:\n  Acme: its application waits"), "{alone}");
    publish(&["--allow-mass", "1"]).code.unwrap();
    let (agreed, commit) = (page(), env.git_at("site.git", &["rev-parse", "karmada-partner/partners"]));
    assert!(!agreed.contains("Acme"), "{agreed}");
    let after = publish(&["--unattended"]);
    assert!(after.stdout.contains("has a proposal that says just that") && after.stderr.is_empty(), "{after}");
    assert_eq!(env.git_at("site.git", &["rev-parse", "karmada-partner/partners"]), commit);
    exit(&env, "zeta");
    let after = publish(&["--unattended"]);
    assert!(after.stdout.contains("Zeta & Sons: its card goes; it has left\n") && after.stderr.is_empty(), "{after}");
    assert!(!page().contains("Acme") && !page().contains("Zeta"), "{}", page());
    let again = env.run(&["publish", "--repository", "site.git", "--as", "alice", "--yes", "--again"]).fails(2);
    assert!(again.stderr.contains("only on GitHub is it known what somebody closed"), "{again}");
}

/// A proposal that nobody had to agree to agrees to nothing: neither by other names, nor by who had left when it was made.
#[test]
fn what_the_open_proposal_only_renames_or_took_out_by_itself_stays() {
    let env = shown();
    env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    let (there, other) = (env.path("site.git").display().to_string(), TestEnv::with_registry());
    let publish =
        |env: &TestEnv| env.run(&["publish", "--repository", &there, "--as", "alice", "--yes", "--unattended"]).ok();
    let all_stay = || {
        let run = publish(&other);
        let told = "2 of 2 cards would go:\n  Zeta & Sons: no record says that it has left\n  Acme: no record says";
        assert!(run.stderr.contains(told) && run.stderr.contains("they stay until a person agrees"), "{run}");
        assert!(!run.stdout.contains("its card goes"), "{run}");
    };
    for (slug, name) in [("zeta", "Zeta Cloud"), ("acme", "Acme Cloud")] {
        env.run(&["update", slug, "--name", name, "--as", &format!("{slug}-bot")]).ok().code.unwrap();
        for member in ["alice", "bob"] {
            let _ = env.run(&["approve", slug, "--as", member]);
        }
    }
    let renamed = publish(&env);
    assert!(renamed.stdout.contains("Acme Cloud") && renamed.stdout.contains("Zeta Cloud"), "{renamed}");
    all_stay();
    exit(&env, "zeta");
    let left = publish(&env);
    assert!(left.stdout.contains("Zeta & Sons: its card goes; it has left\n"), "{left}");
    all_stay();
}

/// Whose branch stays after it was merged proposes nothing any more.
#[test]
fn what_was_merged_was_agreed_to_once() {
    let env = TestEnv::with_registry();
    website(&env);
    import(&env);
    env.decide("zeta");
    env.git_at(".", &["clone", "--quiet", "--bare", "site", "site.git"]);
    let publish = |more: &str| {
        let args = ["publish", "--repository", "site.git", "--as", "alice", "--yes"];
        env.run(&[&args[..], &more.split(' ').collect::<Vec<_>>()].concat()).ok()
    };
    publish("--allow-mass 1").code.unwrap();
    env.git_at("site", &["pull", "--quiet", "--no-rebase", "--no-ff", "../site.git", "karmada-partner/partners"]);
    env.git_at("site", &["checkout", "--quiet", "HEAD^1", "--", TSX]);
    env.git_at("site", &["commit", "--quiet", "--message", "by hand"]);
    env.git_at("site", &["push", "--quiet", "../site.git", "HEAD"]);
    let after = publish("--unattended");
    assert!(after.stderr.contains("1 of 2 cards would go:\n  Acme: "), "{after}");
    assert!(!after.stdout.contains("its card goes"), "{after}");
}

/// Whoever is on record is told as what it is there: importing it would do nothing.
#[test]
fn whose_card_nothing_would_import_is_told_so() {
    let env = TestEnv::with_registry();
    website(&env);
    import(&env);
    env.decide("zeta");
    for member in ["alice", "bob"] {
        env.run(&["reject", "acme", "--reason", "no site", "--as", member]).ok().code.unwrap();
    }
    let again =
        "  {\n    image: zeta, title: 'Zeta & Sons', webURL: 'https://zeta.example/', description: 'Again.',\n  },\n";
    edit_site(&env, "  // Add more", &format!("{again}  // Add more"));
    env.git_at("site", &["commit", "--quiet", "--all", "--message", "by hand"]);
    let refused = env.run(&["render", "website", "--out", "site"]).fails(1);
    snapbox::assert_data_eq!(
        refused.stderr,
        snapbox::str![[r#"
error: 2 of 3 cards would go:
  Acme: its application was rejected
  Zeta & Sons: its partner has another card
hint: if that is meant, say --allow-mass 2

"#]]
    );
}

/// The number says how many cards are agreed to: of a few only those that no record explains.
#[test]
fn who_left_by_the_records_needs_no_agreement_beside_a_card_that_nothing_explains() {
    let env = TestEnv::with_registry();
    let card = |name: &str| {
        format!(
            "  {{\n    image: acme, title: '{name}', webURL: 'https://{name}.example/',\n    description: <Translate id=\"partners.{name}.description\">Helps.</Translate>,\n  }},\n"
        )
    };
    let names = ["bodensee", "quarz", "tundra", "vesuv", "okapi", "fjord"];
    let more = |names: &[&str]| format!("{}  // Add more", names.iter().map(|name| card(name)).collect::<String>());
    website_with(&env, &CARDS.replace("  // Add more", &more(&names)));
    env.run(&["import", "website", "site", "--contact", "helper", "--as", "alice"]).ok().code.unwrap();
    for slug in names.into_iter().chain(["zeta", "acme"]) {
        env.decide(slug);
    }
    exit(&env, "tundra");
    edit_site(&env, "  // Add more", &more(&["stranger"]));
    env.git_at("site", &["commit", "--quiet", "--all", "--message", "by hand"]);
    let refused = env.run(&["render", "website", "--out", "site"]).fails(1);
    snapbox::assert_data_eq!(
        refused.stderr,
        snapbox::str![[r#"
error: 2 of 9 cards would go:
  tundra: it has left
  stranger: no record says that it has left
hint: import who isn't in the registry yet, or name another registry with --registry
hint: if that is meant, say --allow-mass 1, for those that haven't left

"#]]
    );
    env.run(&["render", "website", "--out", "site", "--allow-mass", "1"]).ok().code.unwrap();
    let page = env.read(&format!("site/{TSX}"));
    assert!(!page.contains("stranger") && !page.contains("tundra") && page.contains("okapi"), "{page}");
}

#[test]
fn the_page_keeps_the_order_that_the_program_says() {
    let env = shown();
    env.apply("Beta").ok().code.unwrap();
    env.decide("beta");
    let order = |order: &str| {
        env.change_policy(|p| {
            let own = p.split("\n[website]").next().unwrap().to_owned();
            own + &format!("\n[website]\norder = \"{order}\"\n")
        });
        let checked = env.run(&["render", "website", "--out", "site", "--check"]);
        checked.stdout.lines().filter(|line| line.starts_with("the order")).map(str::to_owned).collect::<String>()
    };
    assert_eq!(order("alphabetical"), "the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme");
    assert_eq!(order("kept"), "");
    // Both joined on the same day.
    assert_eq!(order("joined"), "the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme");
    order("kept");
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    let page = env.read("site/src/data/partnersData.tsx");
    let place = |title: &str| page.find(title).unwrap_or_else(|| panic!("{page}"));
    assert!(place("\"Zeta & Sons\"") < place("'Acme'") && place("'Acme'") < place("\"Beta\""), "{page}");
    let wrong = env.run(&["check"]);
    assert_eq!(wrong.code, Some(0), "{wrong}");
}
