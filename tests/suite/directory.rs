//! render directory: which files it writes, when, and what stands in them. How it looks and works is for tests/browser.

use std::collections::BTreeMap;
use std::path::Path;

use crate::env::TestEnv;

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
    for member in ["alice", "bob"] {
        env.run(&["approve", "hooli", "--as", member]).ok().code.unwrap();
    }
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
app.HASH.js
feed.xml
icon.svg
index.html
jobs/index.html
logos/acme.bc17b9ab.png
logos/hooli.bc17b9ab.png
partners.csv
partners.json
partners/acme/card.html
partners/acme/index.html
partners/hooli/card.html
partners/hooli/index.html
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
    assert_eq!(told["files"]["removed"], 1, "its logo: {told}");
    let page = env.read("dir/partners/hooli/index.html").replace("&#x2f;", "/");
    assert!(page.contains("Hooli is no longer a partner.") && page.contains("../../partners/acme/"), "{page}");
    assert!(page.contains("bought by &lt;b&gt;Acme&lt;/b&gt;"), "{page}");
    assert!(!page.contains("hooli.example"), "nobody is led there any more");
    assert!(!env.read("dir/index.html").contains("Hooli"));
    let data: serde_json::Value = serde_json::from_str(&env.read("dir/partners.json")).unwrap();
    assert_eq!(data["partners"][1]["state"], "exited");
    assert_eq!(data["partners"][1]["email"], serde_json::Value::Null);
    let feed = env.read("dir/feed.xml");
    assert!(feed.find("Hooli left the program") < feed.find("Hooli became a partner"), "{feed}");
    assert_eq!(env.read("dir/CNAME"), "support.example", "what is others' stays");
}

#[test]
fn what_others_wrote_is_not_written_over() {
    let env = with_two_partners();
    std::fs::create_dir(env.path("dir")).unwrap();
    env.write("dir/index.html", "mine");
    let refused = env.run(&["render", "directory", "--out", "dir"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("dir/index.html is there already"), "{refused}");
    assert_eq!(env.read("dir/index.html"), "mine");
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
    assert!(zh.contains("极致") && zh.contains("技术支持") && !en.contains("极致"));
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
