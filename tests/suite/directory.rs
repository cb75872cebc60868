//! render directory: which files it writes, when, and what stands in them. How it looks and works is for tests/browser.

use std::collections::BTreeMap;
use std::path::Path;

use karmada_partner::domain::Sha256;

use crate::env::{TestEnv, much};

fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().unwrap() != ".karmada-partner.json" {
                out.insert(path.strip_prefix(root).unwrap().display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    out
}

fn with_two_partners() -> TestEnv {
    let env = TestEnv::with_partner();
    let words = [
        "--service",
        "support",
        "--region",
        "europe",
        "--language",
        "it",
        "--name-zh",
        "极致",
        "--email",
        "karmada@acme.example",
    ];
    let update: Vec<&str> = ["update", "acme", "--as", "acme-bot"].into_iter().chain(words).collect();
    env.run(&update).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    env.apply("Hooli").ok().code.unwrap();
    env.decide("hooli");
    env
}

#[test]
fn the_same_registry_gives_the_same_bytes_and_nothing_is_written_twice() {
    let env = with_two_partners();
    env.run(&["jobs", "add", "acme", "--title", "Engineer", "--link", "https://acme.example/jobs", "--as", "acme-bot"])
        .ok()
        .code
        .unwrap();
    let first = env.run(&["render", "directory", "--out", "dir"]).ok().stdout;
    assert!(first.starts_with("Written: dir. Files: "), "{first}");
    assert!(env.run(&["render", "directory", "--out", "dir"]).ok().stdout.starts_with("Nothing to do: dir"));
    env.run(&["render", "directory", "--out", "again"]).ok().code.unwrap();
    let (one, other) = (files(&env.path("dir")), files(&env.path("again")));
    assert_eq!(one, other);
    // The names of style and script change with what is in them.
    let plain = |name: &String| match name.split('.').collect::<Vec<_>>()[..] {
        ["app", _, kind] => format!("app.HASH.{kind}"),
        ["style", _, kind] => format!("style.HASH.{kind}"),
        _ => name.clone(),
    };
    let names: Vec<String> = one.keys().filter(|n| !n.starts_with("zh/")).map(plain).collect();
    snapbox::assert_data_eq!(
        names.join("\n"),
        snapbox::str![[r#"
404.html
app.HASH.js
feed.xml
icon.svg
index.html
jobs/index.html
logos/acme.1.png
logos/hooli.1.png
partners.csv
partners.json
partners.schema.json
partners/acme/badge.svg
partners/acme/card.html
partners/acme/index.html
partners/hooli/badge.svg
partners/hooli/card.html
partners/hooli/index.html
robots.txt
style.HASH.css
"#]]
    );
    // A change touches what shows it, and nothing else.
    env.run(&["benefit", "add", "acme", "--kind", "other", "--what", "x", "--as", "alice"]).ok().code.unwrap();
    assert!(
        env.run(&["render", "directory", "--out", "dir"]).ok().stdout.starts_with("Nothing to do"),
        "nothing shows it"
    );
    env.run(&["jobs", "add", "hooli", "--title", "Writer", "--as", "alice"]).ok().code.unwrap();
    let written = env.run(&["render", "directory", "--out", "dir", "--json"]).ok().json();
    // Both indexes, both lists of jobs, both pages, and the data.
    assert_eq!((&written["files"]["written"], &written["files"]["removed"]), (&8.into(), &0.into()), "{written}");
}

#[test]
fn who_left_keeps_a_page_and_nothing_else() {
    let env = with_two_partners();
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let leave =
        ["exit", "hooli", "--kind", "merged", "--merged-into", "acme", "--reason", "bought by <b>Acme</b>", "--as"];
    for member in ["alice", "bob"] {
        let words: Vec<&str> = leave.iter().copied().chain([member]).collect();
        env.run(&words).ok().code.unwrap();
    }
    env.write("dir/CNAME", "support.example");
    let told = env.run(&["render", "directory", "--out", "dir", "--json"]).ok().json();
    assert_eq!(told["files"]["removed"], 0, "pages that are open still ask for its logo: {told}");
    assert!(env.path("dir/logos/hooli.1.png").exists() && !env.read("dir/index.html").contains("hooli.1.png"));
    let page = env.read("dir/partners/hooli/index.html").replace("&#x2f;", "/");
    assert!(page.contains("Hooli is no longer a partner.") && page.contains("../../partners/acme/"), "{page}");
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{page}");
    for file in ["index.html", "partners/hooli/index.html", "zh/partners/hooli/index.html", "feed.xml", "partners.json"]
    {
        assert!(
            !env.read(&format!("dir/{file}")).contains("bought by"),
            "{file}: why it left is nobody's business here"
        );
    }
    assert!(env.read("dir/partners/hooli/badge.svg").contains("former partner"));
    assert!(!page.contains("hooli.example"), "nobody is led there any more");
    assert!(!env.read("dir/index.html").contains("Hooli"));
    let data: serde_json::Value = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
    assert_eq!(data["partners"][1]["state"], "exited");
    assert_eq!(data["partners"][1]["email"], serde_json::Value::Null);
    let feed = env.read("dir/feed.xml");
    assert!(feed.find("Hooli left the program") < feed.find("Hooli became a partner"), "{feed}");
    assert_eq!(env.read("dir/CNAME"), "support.example", "what is others' stays");
    env.run(&["jobs", "add", "acme", "--title", "Writer", "--as", "alice"]).ok().code.unwrap();
    let told = env.run(&["render", "directory", "--out", "dir", "--json"]).ok().json();
    assert_eq!(told["files"]["removed"], 1, "its logo: {told}");
}

/// What was taken out of the records goes at once.
#[test]
fn a_logo_that_was_cleared_stays_for_no_further_run() {
    let env = with_two_partners();
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    for member in ["alice", "bob"] {
        env.run(&["exit", "hooli", "--kind", "inactive", "--reason", "silence", "--as", member]).ok().code.unwrap();
    }
    env.run(&["clear", "hooli", "--as", "hooli-bot"]).ok().code.unwrap();
    env.run(&["approve", "hooli", "--as", "alice"]).ok().code.unwrap();
    let told = env.run(&["render", "directory", "--out", "dir", "--json"]).ok().json();
    assert_eq!((&told["files"]["removed"], env.path("dir/logos/hooli.1.png").exists()), (&1.into(), false), "{told}");
}

#[test]
fn what_others_wrote_is_not_written_over() {
    let env = with_two_partners();
    std::fs::create_dir(env.path("dir")).unwrap();
    env.write("dir/index.html", "mine");
    let refused = env.run(&["render", "directory", "--out", "dir"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains("dir isn't empty, and wasn't written by this command: it has “index.html”"),
        "{refused}"
    );
    assert_eq!(env.read("dir/index.html"), "mine");
    // Nor beside what others keep, whatever it is called.
    std::fs::create_dir(env.path("home-of-somebody")).unwrap();
    env.write("home-of-somebody/letter", "mine");
    let refused = env.run(&["render", "directory", "--out", "home-of-somebody"]).fails(1);
    assert!(refused.stderr.contains("isn't empty"), "{refused}");
    assert_eq!(std::fs::read_dir(env.path("home-of-somebody")).unwrap().count(), 1);
    // What hosts of websites look for is no obstacle.
    std::fs::create_dir(env.path("pages")).unwrap();
    env.write("pages/CNAME", "partners.example");
    env.write("pages/.nojekyll", "");
    env.run(&["render", "directory", "--out", "pages"]).ok().code.unwrap();
    assert!(env.run(&["render", "directory", "--out", "new", "--dry-run"]).ok().stdout.starts_with("Dry run"));
    assert!(!env.path("new").exists());
}

#[test]
fn chinese_stands_beside_english_in_its_own_order() {
    let env = with_two_partners();
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let (en, zh) = (env.read("dir/index.html"), env.read("dir/zh/index.html"));
    assert!(en.contains("<html lang=\"en\">") && zh.contains("<html lang=\"zh-CN\">"));
    assert!(en.contains("Find commercial support for Karmada") && zh.contains("寻找 Karmada 商业支持"));
    assert!(zh.contains("极致") && zh.contains("技术支持"));
    // The other name stands small beside the first, and says in which language it is.
    assert!(en.contains("<p class=o lang=zh-CN>极致") && zh.contains("<p class=o lang=en>Acme"), "{en}");
    // Every word is there in both, and nothing of one language stands in the other's table.
    let strings: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(include_str!("../../templates/directory/strings.toml")).unwrap();
    let keys = |lang: &str| strings[lang].keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys("en"), keys("zh"));
    for (key, word) in &strings["en"] {
        let holes = |s: &str| s.matches('{').count();
        assert_eq!(holes(word), holes(&strings["zh"][key]), "{key}");
    }
}

#[test]
fn a_registrys_own_templates_win_and_say_where_they_are_broken() {
    let env = with_two_partners();
    env.edit("our words", |checkout| {
        let own = checkout.join("templates/directory");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("strings.toml"), "[en]\nhero = \"Help for <Karmada>\"\n").unwrap();
    });
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let index = env.read("dir/index.html");
    assert!(index.contains("<h1>Help for &lt;Karmada&gt;</h1>") && index.contains("Search partners"), "{index}");
    env.edit("broken", |checkout| {
        std::fs::write(checkout.join("templates/directory/jobs.html"), "\n{{ nothing.here }}").unwrap();
    });
    let broken = env.run(&["render", "directory", "--out", "dir"]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.stderr.contains("templates/directory/jobs.html of the registry, line 2: "), "{broken}");
    assert!(!broken.stderr.contains("(in jobs.html"), "{broken}");
    // Nothing goes out that nobody wrote.
    for name in ["jobs.html", "style.css", "strings.toml"] {
        for bytes in [b"M\xe4rz".as_slice(), b"\xff\xfeb\0o\0d\0y\0"] {
            env.edit("otherwise saved", |c| std::fs::write(c.join("templates/directory").join(name), bytes).unwrap());
            let refused = env.run(&["render", "directory", "--out", "dir"]).fails(2).stderr;
            let why = format!("templates/directory/{name} of the registry isn't UTF-8");
            assert!(refused.contains(&why) && refused.contains("save it as UTF-8"), "{refused}");
        }
        env.edit("away", |c| std::fs::remove_file(c.join("templates/directory").join(name)).unwrap());
    }
    env.edit("a slip", |c| {
        std::fs::create_dir_all(c.join("templates/directory/404.html")).unwrap();
        for name in ["404.html/x", "indx.html", "README.md"] {
            std::fs::write(c.join("templates/directory").join(name), "\u{feff}x").unwrap();
        }
    });
    let told = env.run(&["render", "directory", "--out", "dir"]).ok().stderr;
    assert!(
        told.contains("indx.html of the registry is passed over") && told.contains("did you mean index.html?"),
        "{told}"
    );
    assert!(told.contains("404.html of the registry is passed over: it is no file"), "{told}");
    assert!(!told.contains("README"), "{told}");
}

#[test]
fn the_directory_knows_its_address_where_the_program_says_it() {
    let env = with_two_partners();
    env.change_policy(|p| {
        p + "\n[directory]\nurl = \"https://karmada.example/support/\"\nabout = \"https://karmada.example/join\"\n"
    });
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let page = env.read("dir/zh/partners/acme/index.html");
    assert!(
        page.contains("https:&#x2f;&#x2f;karmada.example&#x2f;support&#x2f;zh&#x2f;partners&#x2f;acme&#x2f;"),
        "{page}"
    );
    assert!(page.contains("&lt;iframe src="), "{page}");
    assert!(env.read("dir/feed.xml").contains("href=\"https:&#x2f;&#x2f;karmada.example&#x2f;support&#x2f;feed.xml\""));
    assert!(env.read("dir/index.html").contains("https:&#x2f;&#x2f;karmada.example&#x2f;join"));
}

/// What a decision changes: the files of whom it is about, and those that list everybody.
#[test]
fn a_decision_changes_no_other_partners_files() {
    let env = with_two_partners();
    env.change_policy(|p| p + "\n[directory]\nurl = \"https://karmada.example/support\"\n");
    let (_, changed) = around_a_decision(&env);
    let all = ["feed.xml", "index.html", "partners.csv", "partners.json", "sitemap.xml", "zh/index.html"];
    assert!(changed.iter().all(|path| path.contains("vandelay") || all.contains(&path.as_str())), "{changed:?}");
    assert!(changed.len() <= 20 && changed.contains(&"partners/vandelay/index.html".to_owned()), "{changed:?}");
}

#[test]
fn a_page_tells_what_its_entry_rests_on_and_machines_where_it_is() {
    let env = with_two_partners();
    env.change_policy(|p| {
        p + "\n[github]\nissues = \"karmada/community\"\n[directory]\nurl = \"https://karmada.example/support\"\nabout = \"https://karmada.example/join\"\n"
    });
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let plain = |path: &str| env.read(&format!("dir/{path}")).replace("&#x2f;", "/");
    let page = plain("partners/acme/index.html");
    let approval = env.git_exactly(
        "registry.git",
        &["log", "--first-parent", "--format=%H", "--grep", "acme: Acme is approved", "main"],
    );
    for told in [
        "by the committee of the Test Program, with 2 votes in favor.",
        &format!("Commit {}", &approval[..10]),
        "Judged by three principles",
        "Last confirmed on ",
        "https://github.com/karmada/community/issues/new?title=Entry+of+Acme&amp;body=What+is+wrong",
        "<p class=\"o\" lang=\"zh-CN\">极致</p>",
        "<link rel=\"canonical\" href=\"https://karmada.example/support/partners/acme/\">",
        "hreflang=\"zh-CN\" href=\"https://karmada.example/support/zh/partners/acme/\"",
        "hreflang=\"x-default\" href=\"https://karmada.example/support/partners/acme/\"",
        "<meta property=\"og:title\" content=\"Acme – Test Program\">",
        "<meta property=\"og:image\" content=\"https://karmada.example/support/logos/acme.",
        "\"@type\":\"Organization\"",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(plain("index.html").contains("\"@type\":\"ItemList\""));
    // The program may be on an enterprise's own GitHub.
    let mut elsewhere = env.command(&["render", "directory", "--out", "elsewhere"]);
    env.output(elsewhere.env("GITHUB_API_URL", "https://ghe.example/api/v3")).ok().code.unwrap();
    let there = env.read("elsewhere/partners/acme/index.html").replace("&#x2f;", "/");
    assert!(there.contains("https://ghe.example/karmada/community/issues/new?"), "{there}");
    assert!(plain("sitemap.xml").contains("<loc>https://karmada.example/support/zh/partners/hooli/</loc><lastmod>"));
    assert!(plain("robots.txt").contains("Sitemap: https://karmada.example/support/sitemap.xml"));
    assert!(plain("404.html").contains("href=\"https://karmada.example/support/style."));
    let data: serde_json::Value = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
    assert_eq!(data["$schema"], "https://karmada.example/support/partners.schema.json");
    assert_eq!(data["partners"][0]["url"], "https://karmada.example/support/partners/acme/");
    assert!(data["partners"][0]["logo"].as_str().unwrap().starts_with("https://karmada.example/support/logos/acme."));
    assert!(data["partners"][0]["approved_on"].is_string() && data["as_of"].is_string(), "{data}");
    let schema: serde_json::Value = serde_json::from_str(&env.read("dir/partners.schema.json")).unwrap();
    assert!(schema["properties"]["partners"].is_object(), "{schema}");
}

/// RFC 4287: what a feed and its entries must have, with an address and without, with news and with none.
#[test]
fn the_feed_is_one_in_every_configuration() {
    for (url, partners) in [(false, false), (false, true), (true, false), (true, true)] {
        let env = if partners { with_two_partners() } else { TestEnv::with_registry() };
        if url {
            env.change_policy(|p| p + "\n[directory]\nurl = \"https://karmada.example/support\"\n");
        }
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        let feed = env.read("dir/feed.xml");
        let (head, entries) = feed.split_once("<entry>").unwrap_or((&feed, ""));
        for part in ["<id>urn:uuid:", "<title>", "<updated>20", "<author><name>"] {
            assert_eq!(head.matches(part).count(), 1, "{part}: {feed}");
        }
        assert_eq!(head.contains("rel=\"self\""), url, "{feed}");
        assert_eq!(entries.is_empty(), !partners, "{feed}");
        for entry in entries.split("<entry>").filter(|_| partners) {
            for part in ["<id>urn:uuid:", "<title>", "<updated>20"] {
                assert_eq!(entry.matches(part).count(), 1, "{part}: {feed}");
            }
            // Content, or else a page that has it.
            assert!(entry.contains("<content type=\"text\">") != entry.contains("rel=\"alternate\""), "{feed}");
        }
    }
}

/// What machines read, whatever the program is like: with nobody in it, in Chinese alone, without a website.
#[test]
fn the_data_is_whole_in_every_configuration() {
    for (name, partner) in [("Karmada Commercial Support Program", false), ("商业支持计划", true)] {
        let env = TestEnv::with_registry();
        env.change_policy(|p| {
            let (head, rest) = p.split_once("name = \"").unwrap();
            format!("{head}name = \"{name}\" # {rest}")
        });
        if partner {
            let facts = [
                "apply",
                "--name",
                "云上科技",
                "--slug",
                "yun",
                "--website",
                "https://yun.example/karmada",
                "--github",
                "yun-bot",
                "--logo",
                "logo.png",
                "--description-zh",
                "我们为“=1+1”，运行 Karmada。",
            ];
            env.run(&facts).ok().code.unwrap();
            env.decide("yun");
        }
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        let data: serde_json::Value = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
        let schema = serde_json::from_str(&env.read("dir/partners.schema.json")).unwrap();
        assert_eq!(crate::schema_check::faults(&schema, &data), Vec::<String>::new());
        assert_eq!((&data["program"], data["as_of"].is_null()), (&name.into(), !partner));
        let csv = env.read("dir/partners.csv");
        // By that mark Excel knows UTF-8.
        assert_eq!(csv.starts_with('\u{feff}'), partner, "{csv:?}");
        assert_eq!(csv.lines().count(), if partner { 2 } else { 1 }, "{csv}");
        assert!(env.read("dir/feed.xml").contains(&format!("<author><name>{name}</name></author>")));
        // The program's own English name has a Chinese one.
        for (page, name) in [("index", name), ("zh/index", "商业支持计划"), ("jobs/index", name), ("404", name)] {
            let page = env.read(&format!("dir/{page}.html"));
            assert!(page.contains(name) && !page.contains("{{") && !page.contains(">none<"), "{page}");
        }
    }
}

#[test]
fn since_when_somebody_is_a_partner_is_told_only_where_it_is_known() {
    let env = TestEnv::with_registry();
    crate::page::website(&env);
    env.run(&["import", "website", "site", "--contact", "zeta-bot", "--as", "alice"]).ok().code.unwrap();
    env.decide("zeta");
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let page = env.read("dir/partners/zeta/index.html");
    assert!(!page.contains("Partner since") && !page.contains("Became a partner"), "{page}");
    assert!(page.contains("Entered in the records as a partner."), "{page}");
    let data: serde_json::Value = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
    assert_eq!(data["partners"][0]["since"], serde_json::Value::Null);
    assert!(env.read("dir/partners/zeta/badge.svg").contains(": partner<"), "no year is made up");
    assert!(!env.read("dir/feed.xml").contains("1970"));
    // Nor where its own people look.
    for (args, told) in [
        (&["list"][..], "by 2026-09-21"),
        (&["show", "zeta"], "active, since 2026-09-21 at the latest"),
        (&["status", "zeta"], "has been a partner since 2026-09-21 at the latest."),
    ] {
        for _ in ["read", "remembered"] {
            let said = env.run(args).ok().stdout;
            assert!(said.contains(told), "{said}");
        }
    }
}

/// A member who brings partners in gives whom to ask until they say so themselves. That isn't who they are.
#[test]
fn who_stands_in_for_a_partner_is_not_shown_as_its_contact() {
    for (contact, shown) in [("alice", false), ("carol", false), ("helper", false), ("own", true)] {
        let env = TestEnv::with_registry();
        crate::page::website(&env);
        env.write("contacts.csv", "partner,github\nzeta,zeta-bot\nacme,acme-bot\n");
        let contact = if shown { ["--contacts", "contacts.csv"] } else { ["--contact", contact] };
        env.run(&[&["import", "website", "site", "--as", "alice"][..], &contact].concat()).ok().code.unwrap();
        for slug in ["zeta", "acme"] {
            for member in ["alice", "bob", "carol"] {
                let _ = env.run(&["approve", slug, "--as", member]);
            }
            assert_eq!(env.state(slug), "active");
        }
        let rendered = || {
            env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
            let data: serde_json::Value = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
            let (page, csv) = (env.read("dir/partners/zeta/index.html"), env.read("dir/partners.csv"));
            (page.replace("&#x2f;", "/"), data["partners"][1].clone(), csv)
        };
        let (page, data, csv) = rendered();
        assert_eq!(page.contains("https://github.com/zeta-bot"), shown, "{page}");
        assert!(!page.contains("Last confirmed") && page.contains("hasn&#x27;t confirmed it here yet"), "{page}");
        assert_eq!(data["github"].is_string(), shown, "{data}");
        assert_eq!(data["confirmed_on"], serde_json::Value::Null);
        assert_eq!(csv.contains("zeta-bot"), shown, "{csv}");
        assert!(!page.contains(&format!("github.com/{}", contact[1])) && !csv.contains(contact[1]), "{page}");
        // Once it is the partner's own, it is.
        if shown {
            env.run(&["renew", "zeta", "--as", "zeta-bot"]).ok().code.unwrap();
        } else {
            env.run(&["update", "zeta", "--github", "zeta-bot", "--as", contact[1]]).ok().code.unwrap();
            for member in ["alice", "bob", "carol"] {
                let _ = env.run(&["approve", "zeta", "--as", member]);
            }
        }
        let (page, data, _) = rendered();
        assert!(page.contains("https://github.com/zeta-bot") && page.contains("Last confirmed on"), "{page}");
        assert!(data["github"] == "zeta-bot" && data["confirmed_on"].is_string(), "{data}");
    }
}

/// Of one alone, too: the import says that its contact stands in, until it names another.
#[test]
fn who_stands_in_for_a_single_partner_is_not_its_contact() {
    let env = TestEnv::with_registry();
    crate::page::website(&env);
    env.write("contacts.csv", "partner,github\nacme,acme-bot\n");
    let import = ["import", "website", "site", "--contacts", "contacts.csv", "--contact", "helper", "--as", "alice"];
    env.run(&import).ok().code.unwrap();
    let event = env.git(&["show", "apply/zeta:data/partners/zeta/log/0001"]);
    assert!(event.contains(" at [COMMIT], with helper as its contact for now\n"), "{event}");
    assert!(!env.git(&["show", "apply/acme:data/partners/acme/log/0001"]).contains("for now"));
    env.decide("zeta");
    env.decide("acme");
    let shown = |slug: &str, login: &str| {
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        env.read(&format!("dir/partners/{slug}/index.html"))
            .replace("&#x2f;", "/")
            .contains(&format!("github.com/{login}"))
    };
    assert!(shown("acme", "acme-bot") && !shown("zeta", "helper"));
    env.run(&["update", "zeta", "--github", "zeta-bot", "--as", "helper"]).ok().code.unwrap();
    for member in ["alice", "bob", "carol"] {
        let _ = env.run(&["approve", "zeta", "--as", member]);
    }
    assert!(shown("zeta", "zeta-bot"));
    // Whom it names itself is its own, whoever stood in before.
    env.run(&["update", "zeta", "--github", "helper", "--as", "zeta-bot"]).ok().code.unwrap();
    env.run(&["approve", "zeta", "--as", "alice"]).ok().code.unwrap();
    assert!(shown("zeta", "helper"));
    env.audit().is_clean();
}

/// Who stands in for a partner may be its own contact all along, and say so.
#[test]
fn a_contact_that_confirms_the_entry_is_the_partners_own() {
    let env = TestEnv::with_registry();
    crate::page::website(&env);
    env.run(&["import", "website", "site", "--contact", "helper", "--as", "alice"]).ok().code.unwrap();
    env.decide("zeta");
    env.decide("acme");
    let shown = |slug: &str| {
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        env.read(&format!("dir/partners/{slug}/index.html")).replace("&#x2f;", "/").contains("github.com/helper")
    };
    let hint =
        "hint: helper stands in as its contact for now; helper says to be its own with karmada-partner renew zeta\n";
    let update = || env.run(&["update", "zeta", "--github", "helper", "--as", "helper"]).ok().stderr;
    assert!(update().ends_with(hint));
    env.run(&["renew", "zeta", "--as", "alice"]).ok().code.unwrap();
    assert_eq!((shown("zeta"), shown("acme")), (false, false));
    env.run_at(1_792_600_000, &["renew", "zeta", "--as", "helper"]).ok().code.unwrap();
    assert_eq!((shown("zeta"), shown("acme")), (true, false));
    assert!(!update().contains("stands in"));
    // Whatever else was changed since, that is not who it is.
    env.run(&["update", "acme", "--description", "Another.", "--as", "helper"]).ok().code.unwrap();
    for member in ["alice", "bob"] {
        let _ = env.run(&["approve", "acme", "--as", member]);
    }
    let update = || env.run(&["update", "acme", "--github", "helper", "--as", "helper"]).ok().stderr;
    assert!(update().ends_with(&hint.replace("zeta", "acme")), "{}", update());
    env.run_at(1_792_600_000, &["renew", "acme", "--as", "helper"]).ok().code.unwrap();
    assert!(shown("acme") && !update().contains("stands in"));
}

/// What a command says of a contact is what the pages show: where confirming would change nothing there, it isn't asked for.
#[test]
fn who_cannot_become_a_partners_own_contact_is_told_what_can() {
    for (contact, hint) in [
        ("carol", "name its own with karmada-partner update zeta --github ID\n"),
        ("svc", "svc says to be its own with karmada-partner renew zeta\n"),
    ] {
        let env = TestEnv::with_registry();
        crate::page::website(&env);
        env.write("contacts.csv", format!("partner,github\nzeta,{contact}\nacme,{contact}\n"));
        env.run(&["import", "website", "site", "--contacts", "contacts.csv", "--as", "alice"]).ok().code.unwrap();
        env.decide("zeta");
        env.decide("acme");
        let update = || env.run(&["update", "zeta", "--github", contact, "--as", contact]).ok().stderr;
        let hint = format!("hint: {contact} stands in as its contact for now; {hint}");
        assert!(update().ends_with(&hint), "{}", update());
        env.run_at(1_792_600_000, &["renew", "zeta", "--as", contact]).ok().code.unwrap();
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        let page = env.read("dir/partners/zeta/index.html").replace("&#x2f;", "/");
        assert_eq!(page.contains(&format!("github.com/{contact}")), !update().contains("stands in"), "{contact}");
        assert_eq!(update().ends_with(&hint), contact == "carol", "{}", update());
    }
}

/// A member may be who a partner is reached by: its own employee.
#[test]
fn a_member_who_works_for_a_partner_is_its_contact() {
    let env = TestEnv::with_registry();
    crate::page::website(&env);
    env.change_policy(|p| p.replacen("affiliation = \"", "affiliation = \"Zeta & Sons\" # ", 1));
    let member = env.git(&["show", "main:data/program.toml"]);
    assert!(member.contains("Zeta & Sons"), "{member}");
    env.run(&["import", "website", "site", "--contact", "alice", "--as", "bob"]).ok().code.unwrap();
    for slug in ["zeta", "acme"] {
        for member in ["bob", "carol"] {
            let _ = env.run(&["approve", slug, "--as", member]);
        }
        assert_eq!(env.state(slug), "active");
    }
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let shown = |slug: &str| env.read(&format!("dir/partners/{slug}/index.html")).contains("github.com/alice");
    assert_eq!((shown("zeta"), shown("acme")), (true, false));
}

#[test]
fn the_program_is_called_in_chinese_on_chinese_pages() {
    let env = with_two_partners();
    let named = |name: &str| {
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        ["index.html", "jobs/index.html", "partners/acme/index.html", "partners/acme/card.html"].iter().all(|page| {
            env.read(&format!("dir/zh/{page}")).contains(name) && !env.read(&format!("dir/{page}")).contains(name)
        })
    };
    assert!(!named("测试计划"));
    env.change_policy(|p| p.replace("name = \"Test Program\"", "name = \"Test Program\"\nname_zh = \"测试计划\""));
    assert!(named("测试计划"));
    // As it is called in Chinese, also where its policy is older than that key.
    env.change_policy(|p| {
        p.replace("\"Test Program\"\nname_zh = \"测试计划\"", "\"Karmada Commercial Support Program\"")
    });
    assert!(named("Karmada 商业支持计划"));
}

/// What end users choose by, once they know who there is.
#[test]
fn hours_answers_offices_stories_and_certified_people_are_shown_and_found() {
    let env = with_two_partners();
    let facts = [
        "--hours=around-the-clock",
        "--response=1 小时内",
        "--office=Berlin, Germany",
        "--office=成都",
        "--story=acme.example/stories/bank",
        "--certified=12",
    ];
    let update: Vec<&str> = ["update", "acme", "--as", "acme-bot"].into_iter().chain(facts).collect();
    env.run(&update).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let record = env.git(&["show", "main:data/partners/acme/partner.toml"]);
    let end = "hours = [\"around-the-clock\"]\nresponse = [\"1-hour\"]\noffices = [\"Berlin, Germany\", \"成都\"]\nstory = \"https://acme.example/stories/bank\"\ncertified = 12";
    assert!(record.contains(end), "{record}");
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    let page = env.read("dir/partners/acme/index.html").replace("&#x2f;", "/");
    for told in
        ["Around the clock", "Within an hour", "Berlin, Germany", "https://acme.example/stories/bank", "<dd>12<"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    // Who answers within an hour does so within a day.
    let index = env.read("dir/index.html");
    assert!(index.contains("value=\"1-hour\" data-in=\"4-hours 1-day 3-days\""), "{index}");
    assert!(index.contains("value=\"3-days\"><span data-n=\"1\">"), "{index}");
    assert!(env.read("dir/zh/partners/acme/index.html").contains("7×24 小时"));
    let data: serde_json::Value = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
    assert_eq!(data["partners"][0]["offices"], serde_json::json!(["Berlin, Germany", "成都"]));
    for (wrong, told) in
        [("--certified=many", "certified “many”"), ("--certified=0", "certified “0”"), ("--hours=soon", "“soon”")]
    {
        let refused = env.run(&["update", "acme", "--as", "acme-bot", wrong]);
        assert!(refused.code == Some(2) && refused.stderr.contains(told), "{refused}");
    }
    // Taken away as any other fact.
    env.run(&["update", "acme", "--as", "acme-bot", "--certified=", "--story="]).ok().code.unwrap();
    env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
    let record = env.git(&["show", "main:data/partners/acme/partner.toml"]);
    assert!(!record.contains("certified") && !record.contains("story"), "{record}");
    env.run(&["audit"]).ok().code.unwrap();
    env.run(&["check"]).ok().code.unwrap();
}

/// White on nothing, as made for dark pages: on a white plate nobody would see it.
#[test]
fn white_logos_stand_on_dark_plates() {
    let env = TestEnv::with_registry();
    for (name, color, dark) in [("Acme", [255, 255, 255], true), ("Hooli", [30, 90, 200], false)] {
        env.write("logo.png", crate::picture::inked(color));
        env.apply(name).ok().code.unwrap();
        let slug = name.to_lowercase();
        env.decide(&slug);
        for _ in ["measured", "remembered"] {
            env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
            let page = env.read(&format!("dir/partners/{slug}/index.html"));
            let class = page.split("<p class=\"logo\">").nth(1).and_then(|rest| rest.split("class=\"").nth(1)).unwrap();
            assert_eq!(class.split('"').next().unwrap().ends_with(" w"), dark, "{page}");
        }
    }
}

/// Who has a page open, or is served one by a cache, still asks for the style and the logo that it was made with.
#[test]
fn what_older_pages_ask_for_goes_one_run_later() {
    let env = with_two_partners();
    let render = || env.run(&["render", "directory", "--out", "dir", "--json"]).ok().json()["files"]["removed"].clone();
    render();
    let named = |start: &str| files(&env.path("dir")).keys().filter(|name| name.starts_with(start)).count();
    for (color, logos) in [([200, 30, 40], 2), ([30, 200, 40], 2)] {
        env.write("other.png", crate::picture::inked(color));
        env.run(&["update", "acme", "--logo", "other.png", "--as", "acme-bot"]).ok().code.unwrap();
        env.run(&["approve", "acme", "--as", "alice"]).ok().code.unwrap();
        render();
        assert_eq!(named("logos/acme."), logos, "the one before, and none before that");
    }
    env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    std::fs::create_dir_all(env.path("checkout/templates/directory")).unwrap();
    for color in ["red", "blue"] {
        env.write("checkout/templates/directory/style.css", format!("a{{color:{color}}}"));
        env.git_at("checkout", &["add", "--all"]);
        env.git_at("checkout", &["commit", "--quiet", "--message", "style"]);
        env.git_at("checkout", &["push", "--quiet", "origin", "HEAD:main"]);
        render();
        assert_eq!((named("style."), named("app.")), (2, 1));
    }
    assert_eq!(named("logos/acme."), 1);
}

#[cfg(unix)]
#[test]
fn a_place_that_is_no_directory_is_told_as_what_it_is() {
    let env = with_two_partners();
    std::os::unix::fs::symlink("nowhere", env.path("dangling")).unwrap();
    std::os::unix::fs::symlink("looped", env.path("looped")).unwrap();
    env.write("file", "mine");
    for (out, code, told) in [
        ("dangling", 2, "dangling is a link that leads nowhere"),
        ("looped", 5, "hint: a link on its way leads back to itself"),
        ("file", 2, "file is a file"),
        ("file/below", 5, "hint: check the path"),
        ("/dev/null", 2, "/dev/null is no directory"),
    ] {
        let refused = env.run(&["render", "directory", "--out", out]).fails(code);
        assert!(refused.stderr.contains(told), "{out}: {refused}");
        assert!(!refused.stderr.contains("space left") && !refused.stderr.contains("permissions"), "{out}: {refused}");
    }
    let looped = ["update", "acme", "--logo", "looped", "--as", "acme-bot"];
    let refused = env.run(&looped).fails(5);
    assert!(refused.stderr.contains("hint: a link on its way leads back to itself"), "{refused}");
}

/// What search engines take for a post: who hires, where, until when, and since when it is open.
#[test]
fn open_posts_are_told_to_search_engines() {
    let env = with_two_partners();
    env.change_policy(|p| p + "\n[directory]\nurl = \"https://karmada.example/support\"\n");
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    assert!(!env.read("dir/jobs/index.html").contains("JobPosting"), "no post, nothing told");
    let post = ["jobs", "add", "acme", "--title", "Engineer </script>", "--place", "Pisa"];
    let link = ["--link", "https://acme.example/jobs", "--as", "acme-bot"];
    env.run(&[&post[..], &link[..]].concat()).ok().code.unwrap();
    env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
    for (path, name) in [("dir/jobs/index.html", "Acme"), ("dir/zh/jobs/index.html", "极致")] {
        let page = env.read(path);
        let (_, data) = page.split_once("<script type=\"application/ld+json\">").unwrap();
        let (data, _) = data.split_once("</script>").unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        let posts = data["@graph"].as_array().unwrap();
        assert_eq!(posts.len(), 1, "{data}");
        assert_eq!(posts[0]["@type"], "JobPosting");
        assert_eq!(posts[0]["title"], "Engineer </script>");
        assert!(posts[0]["datePosted"].is_string(), "{data}");
        assert_eq!(posts[0]["url"], "https://acme.example/jobs");
        assert_eq!(posts[0]["jobLocation"]["address"]["addressLocality"], "Pisa");
        assert_eq!(posts[0]["hiringOrganization"]["name"], name);
    }
}

/// The promise at its size: with 300 partners a decision changes twenty files at most, and nobody else's page.
#[test]
fn among_three_hundred_a_decision_changes_no_other_partners_files() {
    let env = TestEnv::with_registry();
    env.change_policy(|p| p + "\n[directory]\nurl = \"https://karmada.example/support\"\n");
    // What was approved long ago, as its approval left it.
    env.apply("Acme").ok().code.unwrap();
    env.decide("acme");
    env.edit("Many partners", |root| {
        let partners = root.join("data/partners");
        for n in 0..much(100, 300) {
            let (from, to) = (partners.join("acme"), partners.join(format!("p{n}")));
            copy(&from, &to, &|text| {
                text.replace("\"Acme\"", &format!("\"Partner {n}\"")).replace("acme.example", &format!("p{n}.example"))
            });
            // A log is its partner's own, each event tied to the one before.
            let mut before = None;
            for number in ["0001", "0002"] {
                let path = to.join("log").join(number);
                let event =
                    std::fs::read_to_string(&path).unwrap().replace("KP-Partner: acme", &format!("KP-Partner: p{n}"));
                let (head, rest) = event.split_once("KP-Prev: ").unwrap();
                let (prev, rest) = rest.split_once('\n').unwrap();
                let prev = before.map_or(prev.to_owned(), |hash: Sha256| hash.to_string());
                let event = format!("{head}KP-Prev: {prev}\n{rest}");
                before = Some(Sha256::of(event.as_bytes()));
                std::fs::write(path, event).unwrap();
            }
        }
    });
    let (before, changed) = around_a_decision(&env);
    assert!(before > much(500, 1_500), "{before}");
    assert!(changed.iter().any(|path| path.contains("vandelay")) && changed.len() <= 20, "{changed:?}");
    assert!(!changed.iter().any(|path| path.contains("partners/p")), "{changed:?}");
}

/// Renders before and after Vandelay is approved: how many files there were, and which are new or other ones. None goes.
fn around_a_decision(env: &TestEnv) -> (usize, Vec<String>) {
    let rendered = || {
        env.run(&["render", "directory", "--out", "dir"]).ok().code.unwrap();
        files(&env.path("dir"))
    };
    let before = rendered();
    // A logo of another shape than any before.
    env.write("logo.png", crate::picture::png(440, 90));
    env.apply("Vandelay").ok().code.unwrap();
    env.decide("vandelay");
    let after = rendered();
    assert!(before.keys().all(|path| after.contains_key(path)), "nothing goes");
    let changed = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes));
    (before.len(), changed.map(|(path, _)| path.clone()).collect())
}

fn copy(from: &Path, to: &Path, change: &dyn Fn(String) -> String) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target, change);
        } else if path.extension().is_some_and(|it| it == "toml") {
            std::fs::write(target, change(std::fs::read_to_string(&path).unwrap())).unwrap();
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

/// Without an address, the line would look at the reader's own sandbox.
#[test]
fn a_stranger_is_told_which_registry_to_verify() {
    let env = TestEnv::with_partner();
    let page = |registry: &str| {
        env.run(&["render", "directory", "--out", registry, "--registry", &format!("{registry}.git")])
            .ok()
            .code
            .unwrap();
        env.read(&format!("{registry}/partners/acme/index.html")).replace("&#x2f;", "/")
    };
    assert!(!page("registry").contains("audit</code>"));
    for (origin, named) in [
        ("https://github.com/karmada-io/partners.git", Some("karmada-io/partners")),
        ("git@github.com:karmada-io/partners.git", Some("karmada-io/partners")),
        ("https://git.example/partners", Some("https://git.example/partners")),
        ("https://me:secret@git.example/partners", None),
        ("/srv/partners", None),
    ] {
        env.git_at(".", &["clone", "--quiet", "--bare", "registry.git", "copy.git"]);
        env.git_at("copy.git", &["config", "remote.origin.url", origin]);
        let page = page("copy");
        let told = named.map(|named| format!("<code>karmada-partner --registry {named} audit</code>"));
        match told {
            Some(told) => assert!(page.contains(&told), "{origin}"),
            None => assert!(!page.contains("audit</code>") && !page.contains("secret"), "{origin}"),
        }
        std::fs::remove_dir_all(env.path("copy.git")).unwrap();
        std::fs::remove_dir_all(env.path("copy")).unwrap();
    }
}
