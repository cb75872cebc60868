//! Limits agree: what one part writes or accepts, every other can read and draw; and one partner's bad file stops nobody else's page.

use std::path::Path;

use karmada_partner::domain::limits;
use karmada_partner::domain::logo::{Limits, inspect};

use crate::env::{TestEnv, some};
use crate::page::website;
use crate::picture::{clear, png};

/// Sizes in bytes that stand in the code, outside of tests.
fn sizes(file: &Path, found: &mut Vec<String>) {
    if file.is_dir() {
        let mut inside: Vec<_> = std::fs::read_dir(file).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        for file in inside {
            sizes(&file, found);
        }
        return;
    }
    let shown = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
    // The one place; a buffer; an arithmetic of UTF-16; and tests.
    let others = ["src/domain/limits.rs", "src/children/mod.rs", "src/render/website/tsx_text.rs"];
    if others.contains(&shown.as_str()) || shown.ends_with("/tests.rs") {
        return;
    }
    let text = std::fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let size =
        |line: &str| ["* 1024", "* 1_024", "<< 20", "<< 10", "_048_576", "_485_760"].iter().any(|s| line.contains(s));
    found.extend(code.lines().filter(|line| size(line)).map(|line| format!("{shown}: {}", line.trim())));
}

#[test]
fn limits_stand_in_one_place() {
    let mut found = Vec::new();
    sizes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.is_empty(), "limits of bytes belong into src/domain/limits.rs:\n{}", found.join("\n"));
}

/// An application with as much of everything as is taken, and votes and decisions with the longest words.
#[test]
fn the_longest_that_is_written_is_read_again() {
    let env = TestEnv::with_registry();
    let long = |letter: &str, count: usize| letter.repeat(count);
    let website = format!("https://acme.example/{}", long("k", limits::ADDRESS - 21));
    let names: Vec<String> = (0..limits::ITEMS).map(|n| format!("{}{n:02}", long("𠀀", limits::NAME - 2))).collect();
    let mut args = vec!["apply", "--slug", "acme", "--github", "acme-bot", "--logo", "logo.png", "--yes"];
    let (name, parent) = (long("华", limits::NAME), long("\u{10400}", limits::NAME));
    let (en, zh) = (long("d", limits::DESCRIPTION), long("𠀀", limits::DESCRIPTION));
    args.extend(["--name", &name, "--website", &website, "--parent", &parent, "--name-zh", &name]);
    args.extend(["--description", &en, "--description-zh", &zh]);
    args.extend(names.iter().flat_map(|name| ["--former-name", name]));
    env.run(&args).ok().code.unwrap();
    args.extend(["--former-name", "One more"]);
    let refused = env.run(&args).fails(2).stderr;
    assert!(refused.contains("there are 51 of them") && refused.contains("at most 50 fit"), "{refused}");
    let words = long("词", limits::LINE);
    for member in ["alice", "bob"] {
        let judged = ["--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
        let review = ["review", "acme", "--note", &words, "--as", member];
        env.run(&[&review[..], &judged].concat()).ok().code.unwrap();
    }
    env.run(&["approve", "acme", "--as", "bob"]).ok().code.unwrap();
    assert!(!env.problems().iter().any(|problem| !problem.starts_with("card-text")), "{:?}", env.problems());
    env.audit().is_clean();
    assert_eq!(
        env.run(&["show", "acme", "--json"]).ok().json()["record"]["former_names"].as_array().unwrap().len(),
        50
    );
    env.run(&["render", "directory", "--out", "site"]).ok().code.unwrap();
    env.run(&["contacts", "--format", "csv"]).ok().code.unwrap();
}

/// The widest, the highest and the largest that `[logo]` can allow are drawn by every part; more it can't allow.
#[test]
fn what_logo_can_allow_is_drawn() {
    let most = (limits::LOGO_PIXELS / 4_000, 4_000);
    let shapes = [
        (64 * limits::LOGO_RATIO, 64),
        (64, 64 * limits::LOGO_TALL_RATIO),
        (limits::LOGO_SIDE, limits::LOGO_SIDE / limits::LOGO_RATIO),
        most,
    ];
    // The larger ones take their time without optimization.
    for (width, height) in crate::env::much(&shapes[..2], &shapes[..]) {
        assert!(inspect(&png(*width, *height), &Limits::ANY).is_ok());
        let env = TestEnv::with_registry();
        env.change_policy(|policy| {
            let logo =
                "max_bytes = 2097152\nmax_side = 10000\nmax_pixels = 12500000\nmax_ratio = 10\nmax_tall_ratio = 4";
            format!("{policy}\n[website]\neven_logos = true\n[logo]\n{logo}\n")
        });
        env.write("logo.png", png(*width, *height));
        env.apply("Acme").ok().code.unwrap();
        env.decide("acme");
        assert!(!env.problems().iter().any(|problem| !problem.starts_with("logo-remark")), "{:?}", env.problems());
        let told = env.run(&["render", "directory", "--out", "site"]).ok().stderr;
        assert!(!told.contains("warning"), "{told}");
        website(&env);
        let told = env.run(&["render", "website", "--out", "site", "--allow-mass", "1"]).ok();
        assert!(!told.stderr.contains("stays as it is"), "{told}");
        assert!(env.path("site/static/img/supporters/partner-acme.png").exists(), "{told}");
    }
}

#[test]
fn one_partners_bad_file_stops_nobody_elses_page() {
    for (file, content, what) in some(
        2,
        [
            ("logo.png", clear(300, 200), "logo"),
            ("logo.png", b"\x89PNG\r\n\x1a\n".to_vec(), "logo"),
            ("logo.png", png(3_000, 5_000), "logo"),
            ("partner.toml", b"schema = 1\nname = 7\n".to_vec(), "record"),
        ],
    ) {
        let env = TestEnv::with_partner();
        env.write("logo.png", png(640, 220));
        env.apply("Hooli").ok().code.unwrap();
        env.decide("hooli");
        env.run(&["render", "directory", "--out", "site"]).ok().code.unwrap();
        let before = env.read("site/partners/acme/index.html");
        env.edit("break it", |checkout| {
            std::fs::write(checkout.join("data/partners/acme").join(file), content).unwrap();
        });
        // As long as it is broken, it is told.
        for _ in 0..2 {
            let told = env.run(&["render", "directory", "--out", "site"]).ok().stderr;
            assert!(told.contains(&format!("the {what} of acme can't be read")), "{told}");
        }
        let index = env.read("site/index.html");
        assert!(index.contains("Hooli"));
        let page = env.read("site/partners/acme/index.html");
        match what {
            "logo" => {
                assert!(index.contains("Acme") && page.contains("acme.svg"), "{page}");
                assert!(env.read("site/logos/acme.svg").contains(">Acme</text>"), "its name stands in its place");
            }
            _ => assert!(!index.contains("Acme") && page == before, "it keeps its page"),
        }
        // Mended, it is shown as before.
        env.edit("mend it", |_| {
            env.git_at("checkout", &["checkout", "--quiet", "HEAD~1", "--", "data/partners/acme"]);
        });
        let told = env.run(&["render", "directory", "--out", "site"]).ok().stderr;
        assert!(!told.contains("warning") && !env.read("site/index.html").contains("acme.svg"), "{told}");
        assert!(env.read("site/index.html").contains("Acme"));
    }
}

#[test]
fn a_card_whose_record_is_broken_stays_as_it_is() {
    let env = TestEnv::with_partner();
    env.write("logo.png", png(640, 220));
    env.apply("Zeta").ok().code.unwrap();
    env.decide("zeta");
    website(&env);
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    env.git_at("site", &["add", "--all"]);
    env.git_at("site", &["commit", "--quiet", "--message", "rendered"]);
    env.edit("break it", |checkout| {
        std::fs::write(checkout.join("data/partners/acme/partner.toml"), "schema = 1\nname = 7\n").unwrap();
    });
    let told = env.run(&["render", "website", "--out", "site"]).ok();
    assert!(
        told.stderr.contains("the record, the logo or the log of acme can't be read, and its card stays as it is"),
        "{told}"
    );
    assert_eq!(env.git_at("site", &["status", "--porcelain"]), "", "nothing of the page changes");
}

/// What can't be made as large as the others is shown as its partner gave it, and told; the others are made so all the same.
#[test]
fn a_logo_that_cant_be_made_even_is_shown_as_it_is_and_told() {
    let bad = [
        (clear(300, 200), "it has no ink"),
        (b"\xff\xd8\xff\xe0 a JPEG".to_vec(), "the file is a JPEG, whatever its name says"),
    ];
    for ((content, why), even) in bad.iter().flat_map(|bad| [(bad, true), (bad, false)]) {
        let env = TestEnv::with_partner();
        env.write("logo.png", png(640, 220));
        env.apply("Hooli").ok().code.unwrap();
        env.decide("hooli");
        env.change_policy(|policy| format!("{policy}\n[website]\neven_logos = {even}\n"));
        env.edit("break it", |checkout| {
            std::fs::write(checkout.join("data/partners/acme/logo.png"), content).unwrap();
        });
        website(&env);
        let told = env.run(&["render", "website", "--out", "site", "--allow-mass", "1"]).ok().stderr;
        assert!(told.contains(&format!("the logo of acme stays as it is: {why}")), "{told}");
        assert!(!told.contains("logo of hooli"), "{told}");
        let shown = |name: &str| std::fs::read(env.path("site/static/img/supporters").join(name)).unwrap();
        assert_eq!(shown("partner-acme.png"), *content);
        assert_eq!(shown("hooli.png") != png(640, 220), even, "it is made even where that is wished");
        // As long as it is so, it is told.
        let told = env.run(&["render", "website", "--out", "site", "--check"]).ok().stderr;
        assert!(told.contains("the logo of acme stays as it is"), "{told}");
    }
}

/// What is no picture takes no good picture's place, and a partner whose log can't be read keeps its pages.
#[test]
fn what_was_shown_of_a_partner_whose_file_was_broken_since_stays() {
    let env = TestEnv::with_partner();
    website(&env);
    env.run(&["render", "website", "--out", "site", "--allow-mass", "1"]).ok().code.unwrap();
    env.git_at("site", &["add", "--all"]);
    env.git_at("site", &["commit", "--quiet", "--message", "rendered"]);
    env.run(&["render", "directory", "--out", "directory"]).ok().code.unwrap();
    let good = env.head();
    for even in [true, false] {
        for (content, why) in [
            (&png(640, 220)[..500], "the PNG is damaged"),
            (b"\x89PNG\r\n\x1a\n", "the file is a PNG that is cut off"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "the file is an SVG"),
        ] {
            env.set_head(&good);
            env.change_policy(|policy| format!("{policy}\n[website]\neven_logos = {even}\n"));
            env.edit("break it", |checkout| {
                std::fs::write(checkout.join("data/partners/acme/logo.png"), content).unwrap();
            });
            let told = env.run(&["render", "website", "--out", "site"]).ok();
            let says = format!("nothing of acme is changed on the page, since its logo is no picture: {why}");
            assert!(told.stderr.contains(&says), "{told}");
            assert_eq!(env.git_at("site", &["status", "--porcelain"]), "", "{why}");
        }
    }
    env.set_head(&good);
    env.edit("break it", |checkout| {
        let log = checkout.join("data/partners/acme/log");
        let decided = std::fs::read_dir(&log).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
        std::fs::write(decided, b"\xff\xfe").unwrap();
    });
    let told = env.run(&["render", "directory", "--out", "directory"]).ok();
    assert!(told.stderr.contains("the log of acme can't be read, and its pages stay as they were"), "{told}");
    for page in ["partners/acme/index.html", "partners/acme/badge.svg", "zh/partners/acme/index.html"] {
        assert!(env.path("directory").join(page).exists(), "{page}: {told}");
    }
}

/// Nor does an object that is gone: its partner is shown by its name, and whoever asks for the logo is told whose it is.
#[test]
fn a_logo_whose_object_is_gone_stops_nobody_elses_page() {
    let env = TestEnv::with_partner();
    let id = env.id(&["rev-parse", "main:data/partners/acme/logo.png"], "");
    std::fs::remove_file(env.path(&format!("registry.git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let told = env.run(&["render", "directory", "--out", "site"]).ok();
    assert!(told.stderr.contains("the logo of acme can't be read"), "{told}");
    assert!(env.read("site/index.html").contains("Acme"));
    for args in
        [["show", "acme"].as_slice(), &["exit", "acme", "--kind", "voluntary", "--reason", "x", "--as", "alice"]]
    {
        let told = env.run(args);
        assert!(told.code == Some(5) && told.stderr.contains("data/partners/acme/logo.png: object"), "{told}");
    }
}

/// A page goes when its partner leaves, by the record: never because something of that was lost.
#[test]
fn no_page_goes_of_whom_no_record_says_that_it_left() {
    for (lost, how) in [
        (&["log"][..], "the log of acme can't be read"),
        (&["log/0001", "log/0002"], "the log of acme can't be read"),
        (&["log/0002"], "nothing on record says that it was a partner"),
        (&["log", "votes", "partner.toml", "logo.png"], "nothing on record says that it was a partner"),
    ] {
        let env = TestEnv::with_partner();
        env.write("logo.png", png(640, 220));
        env.apply("Hooli").ok().code.unwrap();
        env.decide("hooli");
        let render = || env.run(&["render", "directory", "--out", "directory"]).ok();
        render().code.unwrap();
        let page = env.read("directory/partners/acme/index.html");
        env.edit("lose it", |checkout| {
            for lost in lost {
                let path = checkout.join("data/partners/acme").join(lost);
                if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.unwrap();
            }
        });
        for _ in 0..2 {
            let told = render();
            assert!(
                told.stderr.contains(how) && told.stderr.contains("its pages stay as they were"),
                "{lost:?}: {told}"
            );
            assert_eq!(env.read("directory/partners/acme/index.html"), page, "{lost:?}");
            assert!(env.path("directory/zh/partners/acme/card.html").exists(), "{lost:?}: {told}");
            assert!(told.stdout.contains("removed: 0") || told.stdout.contains("Nothing to do"), "{lost:?}: {told}");
        }
        if how.contains("log") {
            let list = env.run(&["list"]);
            assert!(list.stdout.contains("none (see check)"), "{list}");
            let contacts = env.run(&["contacts"]);
            assert!(contacts.code == Some(1) && contacts.stderr.contains("left out"), "{contacts}");
            let shown = env.run(&["show", "acme"]);
            assert!(!shown.stderr.contains("isn't in the registry"), "{shown}");
        }
        // Whoever keeps the site may let them go.
        if lost.len() > 2 {
            for pages in ["directory/partners/acme", "directory/zh/partners/acme"] {
                std::fs::remove_dir_all(env.path(pages)).unwrap();
            }
            let told = render();
            assert!(!told.stderr.contains("acme"), "{told}");
        }
    }
}

/// However many runs come, and whatever else changes meanwhile: style, script and logo stay as long as the page does.
#[test]
fn a_page_that_stays_as_it_was_keeps_what_it_is_shown_with() {
    for (file, content) in [("partner.toml", b"schema = 1\nname = 7\n".to_vec()), ("log/0002", b"\xff\xfe".to_vec())] {
        let env = TestEnv::with_partner();
        let render = || env.run(&["render", "directory", "--out", "directory"]).ok();
        render().code.unwrap();
        let page = env.read("directory/partners/acme/index.html");
        env.edit("break it", |checkout| {
            std::fs::write(checkout.join("data/partners/acme").join(file), content).unwrap();
        });
        for style in ["", "body{color:red}", "body{color:blue}"] {
            env.edit("another style", |checkout| {
                let templates = checkout.join("templates/directory");
                std::fs::create_dir_all(&templates).unwrap();
                std::fs::write(templates.join("style.css"), style).unwrap();
            });
            let told = render();
            assert!(told.stderr.contains("its pages stay as they were"), "{told}");
            assert_eq!(env.read("directory/partners/acme/index.html"), page);
            let mut asked = 0;
            let page = page.replace("&#x2f;", "/");
            for named in page.split('"').filter_map(|word| word.strip_prefix("../../")) {
                let is_asset = ["style.", "app.", "logos/"].iter().any(|start| named.starts_with(start));
                assert!(!is_asset || env.path("directory").join(named).exists(), "{named} is gone: {told}");
                asked += usize::from(is_asset);
            }
            assert!(asked >= 3, "{page}");
        }
        // Mended, it needs them no more; they go one run later.
        env.edit("mend it", |_| {
            env.git_at("checkout", &["checkout", "--quiet", "HEAD~4", "--", "data/partners/acme"]);
        });
        render().code.unwrap();
        env.edit("another style", |checkout| {
            std::fs::write(checkout.join("templates/directory/style.css"), "body{color:green}").unwrap();
        });
        render().code.unwrap();
        let styles = std::fs::read_dir(env.path("directory")).unwrap().flatten();
        let styles = styles.filter(|entry| entry.file_name().to_string_lossy().starts_with("style."));
        assert_eq!(styles.count(), 2, "its own, and the one before");
    }
}
