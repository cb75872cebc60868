//! The website's files: no picture is written over, and nothing that somebody has changed.

use crate::env::TestEnv;
use crate::page::{edit_site, exit, import, shown, website};
use crate::picture::{png, png_with};

/// What else shows one can't be known: names are put together, directories listed, and links lead there.
#[test]
fn no_logo_is_written_over() {
    let env = TestEnv::with_registry();
    website(&env);
    std::fs::write(env.path("site/static/img/supporters/HOOLI.png"), png(90, 90)).unwrap();
    env.git_at("site", &["add", "--all"]);
    env.git_at("site", &["commit", "--quiet", "--message", "adopters"]);
    import(&env);
    env.decide("zeta");
    env.decide("acme");
    env.apply("Hooli").ok().code.unwrap();
    env.decide("hooli");
    env.write("new.png", png(500, 200));
    for (slug, contact) in [("zeta", "zeta-bot"), ("acme", "acme-bot")] {
        env.run(&["update", slug, "--logo", "new.png", "--as", contact]).ok().code.unwrap();
        env.run(&["approve", slug, "--as", "alice"]).ok().code.unwrap();
    }
    let written = env.run(&["render", "website", "--out", "site"]).ok();
    snapbox::assert_data_eq!(
        written.stdout,
        snapbox::str![[r#"
acme: its logo's file becomes partner-acme.png; acme.png stays, since others may show it
acme: its logo, static/img/supporters/partner-acme.png, comes
hooli: a card comes
hooli: its logo, static/img/supporters/partner-hooli.png, comes
zeta: its logo's file becomes zeta.png; Zeta-Logo.png stays, since others may show it
zeta: its logo, static/img/supporters/zeta.png, comes
the order becomes Acme, Zeta & Sons; it was Zeta & Sons, Acme
Written:
  src/data/partnersData.tsx
  static/img/supporters/partner-acme.png
  static/img/supporters/partner-hooli.png
  static/img/supporters/zeta.png

"#]]
    );
    let bytes = |name: &str| std::fs::read(env.path("site/static/img/supporters").join(name)).unwrap();
    assert_eq!((bytes("Zeta-Logo.png"), bytes("HOOLI.png")), (png(640, 220), png(90, 90)));
    assert_eq!((bytes("acme.png"), bytes("other.png")), (png(300, 200), png(100, 100)));
    assert_eq!((bytes("zeta.png"), bytes("partner-acme.png")), (png(500, 200), png(500, 200)));
    env.run(&["render", "website", "--out", "site", "--check"]).ok().code.unwrap();
}

/// A link is somebody's, and so is a file whose name differs by case alone: some systems take the two for one.
#[cfg(unix)]
#[test]
fn no_link_is_written_over_nor_a_file_that_is_called_almost_so() {
    let env = shown();
    let logos = env.path("site/static/img/supporters");
    std::fs::rename(logos.join("acme.png"), logos.join("shared.png")).unwrap();
    std::os::unix::fs::symlink("shared.png", logos.join("acme.png")).unwrap();
    std::os::unix::fs::symlink("other.png", logos.join("Hooli.png")).unwrap();
    std::fs::create_dir(logos.join("partner-hooli.png")).unwrap();
    env.write("site/static/img/supporters/partner-hooli.png/of-others.txt", "theirs");
    std::fs::rename(logos.join("Zeta-Logo.png"), logos.join("zeta-logo.png")).unwrap();
    env.git_at("site", &["add", "--all"]);
    env.git_at("site", &["commit", "--quiet", "--message", "moved"]);
    env.apply("Hooli").ok().code.unwrap();
    env.decide("hooli");
    let written = env.run(&["render", "website", "--out", "site"]).ok();
    for told in [
        "acme: its logo's file becomes partner-acme.png; acme.png stays, since others may show it\n",
        "hooli: its logo, static/img/supporters/partner-hooli-2.png, comes\n",
        "zeta: its logo's file becomes zeta.png; zeta-logo.png stays, since others may show it\n",
    ] {
        assert!(written.stdout.contains(told), "{written}");
    }
    for link in ["acme.png", "Hooli.png"] {
        assert!(logos.join(link).symlink_metadata().unwrap().is_symlink(), "{link}");
    }
    let bytes = |name: &str| std::fs::read(logos.join(name)).unwrap();
    assert_eq!((bytes("shared.png"), bytes("other.png")), (png(300, 200), png(100, 100)));
    assert_eq!((bytes("zeta-logo.png"), bytes("zeta.png")), (png(640, 220), png(640, 220)));
    env.run(&["render", "website", "--out", "site", "--check"]).ok().code.unwrap();
}

/// A website's own tools may make each picture smaller, again and again: that is no other logo.
#[test]
fn a_logo_that_was_made_smaller_there_stands() {
    let env = shown();
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    let smaller = png_with(640, 220, |encoder| {
        encoder.set_compression(png::Compression::High);
        encoder.add_text_chunk("Software".into(), "a tool".into()).unwrap();
    });
    let logo = env.path("site/static/img/supporters/Zeta-Logo.png");
    assert_ne!(std::fs::read(&logo).unwrap(), smaller);
    std::fs::write(&logo, smaller).unwrap();
    env.run(&["render", "website", "--out", "site", "--check"]).ok().code.unwrap();
    // What isn't the same to look at is no logo of theirs.
    std::fs::write(&logo, png(640, 221)).unwrap();
    let told = env.run(&["render", "website", "--out", "site", "--check"]).fails(1).stdout;
    assert!(told.contains("its logo's file becomes zeta.png; Zeta-Logo.png stays"), "{told}");
}

/// What is neither file, directory nor link has its name, too, and holds up nobody's card.
#[cfg(unix)]
#[test]
fn no_name_is_taken_that_a_pipe_has() {
    let env = shown();
    env.apply("Hooli").ok().code.unwrap();
    env.decide("hooli");
    let logos = env.path("site/static/img/supporters");
    std::fs::remove_file(logos.join("acme.png")).unwrap();
    for name in ["acme.png", "hooli.png"] {
        assert!(std::process::Command::new("mkfifo").arg(logos.join(name)).status().unwrap().success());
    }
    let written = env.run(&["render", "website", "--out", "site"]).ok();
    for told in [
        "acme: its logo's file becomes partner-acme.png; acme.png stays, since others may show it\n",
        "hooli: its logo, static/img/supporters/partner-hooli.png, comes\n",
    ] {
        assert!(written.stdout.contains(told), "{written}");
    }
    env.run(&["render", "website", "--out", "site", "--check"]).ok().code.unwrap();
}

/// Kinds of an index that git alone reads.
#[test]
fn what_is_uncommitted_is_known_by_any_index_of_gits() {
    for kind in [
        &["sparse-checkout", "set", "--cone", "--sparse-index", "src", "static", "i18n"][..],
        &["update-index", "--split-index"],
    ] {
        let env = shown();
        env.git_at("site", kind);
        edit_site(&env, "Runs Karmada", "Runs Karmada today");
        let refused = env.run(&["render", "website", "--out", "site"]).fails(1);
        assert!(refused.stderr.contains("isn't committed, and would be written over"), "{kind:?}: {refused}");
        // Nor is anything else, whatever git was set to show.
        let text = env.read("site/src/data/partnersData.tsx");
        env.git_at("site", &["rm", "-q", "--cached", "src/data/partnersData.tsx"]);
        env.git_at("site", &["commit", "-q", "--message", "untracked"]);
        env.git_at("site", &["config", "status.showUntrackedFiles", "no"]);
        env.write("site/.git/info/exclude", "src/data/\n");
        env.run(&["render", "website", "--out", "site"]).fails(1).code.unwrap();
        assert_eq!(env.read("site/src/data/partnersData.tsx"), text, "{kind:?}");
        env.git_at("site", &["reset", "-q", "--hard", "HEAD~"]);
        env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    }
}

#[test]
fn nothing_uncommitted_is_written_over() {
    let env = shown();
    edit_site(&env, "Runs Karmada", "Runs Karmada today");
    let by_hand = env.read("site/src/data/partnersData.tsx");
    let refused = env.run(&["render", "website", "--out", "site"]);
    assert_eq!(refused.code, Some(1));
    snapbox::assert_data_eq!(
        refused.stderr,
        snapbox::str![[r#"
error: src/data/partnersData.tsx isn't committed, and would be written over
hint: commit or stash what is there; or say --allow-dirty

"#]]
    );
    assert_eq!(env.read("site/src/data/partnersData.tsx"), by_hand);
    assert!(
        env.run(&["render", "website", "--out", "site", "--check"]).stdout.contains("its text becomes"),
        "it never refuses"
    );
    env.run(&["render", "website", "--out", "site", "--allow-dirty"]).ok().code.unwrap();
    // What it wrote itself is nobody's change, as long as it is that.
    env.apply("Hooli").ok().code.unwrap();
    env.decide("hooli");
    env.run(&["render", "website", "--out", "site"]).ok().code.unwrap();
    exit(&env, "hooli");
    edit_site(&env, "Runs Karmada", "Runs Karmada today");
    assert_eq!(env.run(&["render", "website", "--out", "site"]).code, Some(1));
    // Outside of git nothing can be brought back.
    std::fs::remove_dir_all(env.path("site/.git")).unwrap();
    let told = env.run(&["render", "website", "--out", "site"]).ok();
    assert!(told.stderr.contains("site isn't in git: what is written over there can't be brought back"), "{told}");
}
