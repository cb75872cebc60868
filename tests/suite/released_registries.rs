//! Registries that released versions wrote: this one reads them, and comes to the same verdict.

use crate::env::TestEnv;

struct Released {
    version: &'static str,
    /// Where its registry's default branch ends.
    head: &'static str,
    /// How many commits, events and votes it has.
    counts: [u64; 3],
    /// How its partners stand.
    states: &'static [(&'static str, &'static str)],
}

const RELEASED: [Released; 1] = [Released {
    version: "0.1.0",
    head: "ecab341a6bf7d007b48105468bf85de1cdb3be48",
    counts: [14, 19, 20],
    states: &[
        ("acme", "rejected"),
        ("globex", "exited"),
        ("hooli", "withdrawn"),
        ("initrode", "exited"),
        ("piper", "active"),
        ("waystar", "applied"),
    ],
}];

fn unpacked(version: &str) -> TestEnv {
    let env = TestEnv::new();
    let bundle = format!("{}/tests/registries/{version}.bundle", env!("CARGO_MANIFEST_DIR"));
    let bundle = std::fs::canonicalize(bundle).unwrap();
    env.git_exactly(".", &["clone", "--quiet", "--mirror", bundle.to_str().unwrap(), "registry.git"]);
    env
}

#[test]
fn what_released_versions_wrote_is_read_and_proved() {
    for Released { version, head, counts, states } in RELEASED {
        let env = unpacked(version);
        let audit = env.run(&["audit", "--full", "--deep", "--json"]).ok().json();
        assert_eq!(env.head(), head, "{version}");
        assert_eq!(audit["findings"].as_array().unwrap().len(), 0, "{version}: {audit}");
        assert_eq!(["commits", "events", "votes"].map(|key| audit[key].as_u64().unwrap()), counts, "{version}");
        assert!(audit["grades"]["signed"].as_u64().unwrap() > 0, "{version}");
        assert_eq!(env.problems(), [""; 0], "{version}");
        let list = env.run(&["list", "--json"]).ok().json();
        let found: Vec<_> = list["partners"].as_array().unwrap().iter().collect();
        let found: Vec<_> =
            found.iter().map(|p| (p["partner"].as_str().unwrap(), p["state"].as_str().unwrap())).collect();
        assert_eq!(found, states, "{version}");
        for (slug, _) in states {
            env.run(&["show", slug]).ok().code.unwrap();
        }
    }
}

/// The registry goes on with this version, from where that one stopped.
#[test]
fn what_released_versions_began_is_gone_on_with() {
    for Released { version, .. } in RELEASED {
        let env = unpacked(version);
        env.run(&["approve", "waystar", "--as", "alice"]).ok().code.unwrap();
        env.run(&["approve", "waystar", "--as", "carol"]).ok().code.unwrap();
        assert_eq!(env.state("waystar"), "active", "{version}");
        env.run(&["audit", "--full"]).ok().code.unwrap();
    }
}

/// A fixture that is there is what its version wrote: nothing writes over it.
#[test]
fn a_fixture_is_never_made_anew() {
    let env = TestEnv::new();
    let make = std::fs::read(format!("{}/tests/registries/make", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for folder in ["tests", "tests/registries"] {
        std::fs::create_dir(env.path(folder)).unwrap();
    }
    env.write("tests/registries/make", make);
    env.write("tests/registries/0.1.0.bundle", "kept");
    github_double::program(&env.path("program"), b"#!/bin/sh\necho karmada-partner 0.1.0\n");
    let mut command = std::process::Command::new("bash");
    command.args(["tests/registries/make", "program"]).current_dir(env.path("."));
    let output = env.output(&mut command).fails(1);
    assert!(output.stderr.contains("0.1.0.bundle is there already"), "{output}");
    assert_eq!(env.read("tests/registries/0.1.0.bundle"), "kept");
}

#[test]
fn every_registry_that_is_kept_is_tried() {
    let kept = std::fs::read_dir(format!("{}/tests/registries", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut kept: Vec<_> = kept.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    kept.retain(|name| name.ends_with(".bundle"));
    kept.sort();
    let named: Vec<_> = RELEASED.iter().map(|Released { version, .. }| format!("{version}.bundle")).collect();
    assert_eq!(kept, named);
}

/// What a later version will write is refused by name, with what to do, and blamed on nobody.
#[test]
fn a_later_versions_registry_asks_for_a_later_version() {
    let env = TestEnv::with_partner();
    let later = env.file("data/partners/acme/log/0002").replace("KP-Event: v1 ", "KP-Event: v2 ");
    env.edit("by a later version", |root| {
        std::fs::write(root.join("data/partners/acme/log/0003"), later).unwrap();
    });
    for command in [
        ["audit"].as_slice(),
        &["check"],
        &["show", "acme"],
        &["update", "acme", "--as", "acme-bot", "--website", "https://a.example"],
    ] {
        let output = env.run(command);
        assert_ne!(output.code, Some(0), "{command:?}: {output}");
        assert!(output.to_string().contains("use a newer karmada-partner"), "{command:?}: {output}");
    }
}

/// What can't be understood may be somebody's end: nobody is written to or shown by it, and every command says so.
#[test]
fn who_may_have_left_by_a_later_version_is_not_shown_as_a_partner() {
    let env = TestEnv::with_partner();
    env.run(&["render", "directory", "--out", "before"]).ok().code.unwrap();
    let later = env.file("data/partners/acme/log/0002").replace("KP-Event: v1 ", "KP-Event: v2 ");
    env.edit("by a later version", |root| {
        std::fs::write(root.join("data/partners/acme/log/0003"), later).unwrap();
    });
    for (command, code) in [
        (["list"].as_slice(), 0),
        (&["stats"], 0),
        (&["jobs", "list"], 0),
        (&["benefit", "list"], 0),
        (&["log"], 0),
        (&["contacts"], 1),
        (&["contacts", "--for", "security"], 1),
        (&["render", "directory", "--out", "site"], 0),
        (&["render", "directory", "--out", "before"], 0),
    ] {
        let output = env.run(command);
        assert_eq!(output.code, Some(code), "{command:?}: {output}");
        let told = "the log of acme can't be relied on: log/0003: ";
        assert!(output.stderr.contains(told) && output.stderr.contains("use a newer"), "{command:?}: {output}");
    }
    assert!(!env.run(&["contacts"]).stdout.contains("acme"));
    assert!(!env.path("site/partners/acme").exists());
    assert!(env.path("before/partners/acme/index.html").exists(), "what was shown stays until it is known");
}
