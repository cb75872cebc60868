//! Limits agree: what one part writes or accepts, every other can read and draw; and one partner's bad file stops nobody else's page.

use crate::env::TestEnv;
use crate::page::website;
use crate::picture::{clear, png};

#[test]
fn one_partners_bad_file_stops_nobody_elses_page() {
    for (file, content, what) in [
        ("logo.png", clear(300, 200), "logo"),
        ("logo.png", b"\x89PNG\r\n\x1a\n".to_vec(), "logo"),
        ("logo.png", png(3_000, 5_000), "logo"),
        ("partner.toml", b"schema = 1\nname = 7\n".to_vec(), "record"),
    ] {
        let env = TestEnv::with_partner();
        env.write("logo.png", png(640, 220));
        env.apply("Hooli").ok().code.unwrap();
        for member in ["alice", "bob"] {
            env.run(&["approve", "hooli", "--as", member]).ok().code.unwrap();
        }
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
                assert!(
                    index.contains("Acme") && page.contains("none.svg") && env.path("site/logos/none.svg").exists()
                );
            }
            _ => assert!(!index.contains("Acme") && page == before, "it keeps its page"),
        }
        // Mended, it is shown as before.
        env.edit("mend it", |checkout| {
            let git = |args: &[&str]| {
                assert!(std::process::Command::new("git").current_dir(checkout).args(args).status().unwrap().success());
            };
            git(&["checkout", "--quiet", "HEAD~1", "--", "data/partners/acme"]);
        });
        let told = env.run(&["render", "directory", "--out", "site"]).ok().stderr;
        assert!(!told.contains("warning") && !env.path("site/logos/none.svg").exists(), "{told}");
        assert!(env.read("site/index.html").contains("Acme"));
    }
}

#[test]
fn a_card_whose_record_is_broken_stays_as_it_is() {
    let env = TestEnv::with_partner();
    env.write("logo.png", png(640, 220));
    env.apply("Zeta").ok().code.unwrap();
    for member in ["alice", "bob"] {
        env.run(&["approve", "zeta", "--as", member]).ok().code.unwrap();
    }
    website(&env);
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    env.git_at("site", &["add", "--all"]);
    env.git_at("site", &["commit", "--quiet", "--message", "rendered"]);
    env.edit("break it", |checkout| {
        std::fs::write(checkout.join("data/partners/acme/partner.toml"), "schema = 1\nname = 7\n").unwrap();
    });
    let told = env.run(&["render", "website", "--out", "site"]).ok();
    assert!(
        told.stderr.contains("the record or the logo of acme can't be read, and its card stays as it is"),
        "{told}"
    );
    assert_eq!(env.git_at("site", &["status", "--porcelain"]), "", "nothing of the page changes");
}
