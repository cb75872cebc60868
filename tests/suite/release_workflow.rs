//! The steps of `release.yml` that publish: each may be run again after whatever failed.

use crate::env::{Output, TestEnv};
use crate::scripts::{run, script};

const RELEASE: &str = include_str!("../../.github/workflows/release.yml");

/// What `gh` does with releases: it writes down what it was asked for, and answers as the file `release` has it.
const GH: &str = r#"#!/bin/bash
set -euo pipefail
if [ "$2" = view ]; then
    [ -e release ] || { echo "release not found" >&2; exit 1; }
    grep -E '^(true|false)$' release || { cat release >&2; exit 1; }
    exit
fi
echo "$*" >> calls
"#;

/// What the index has: a spec a line, in the file `index`.
const CARGO: &str = r#"#!/bin/bash
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$1 $2 $3" = "info --registry crates-io" ]
[ -e index ] || { echo "error: failed to fetch: the network is away" >&2; exit 101; }
grep --quiet --line-regexp --fixed-strings "$4" index || { echo "error: could not find \`$4\` in registry" >&2; exit 101; }
"#;

fn step(env: &TestEnv, step: &str, tag: &str) -> Output {
    for (name, text) in [("gh", GH), ("cargo", CARGO)] {
        std::fs::create_dir_all(env.path("bin")).unwrap();
        github_double::program(&env.path(&format!("bin/{name}")), text.as_bytes());
    }
    std::fs::create_dir_all(env.path("assets")).unwrap();
    std::fs::create_dir_all(env.path("temp")).unwrap();
    env.write("assets/a.tar.gz", "");
    env.write("calls", "");
    env.write("output", "");
    let temp = env.path("temp").display().to_string();
    run(env, &script(RELEASE, step), &[("GITHUB_REF_NAME", tag), ("GITHUB_OUTPUT", "output"), ("RUNNER_TEMP", &temp)])
}

#[test]
fn a_release_is_made_once_however_often_its_job_runs() {
    let env = TestEnv::new();
    let calls = || env.read("calls").lines().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect::<Vec<_>>();
    step(&env, "Release", "v1.0.0").ok().code.unwrap();
    assert_eq!(calls(), ["create", "edit"]);
    env.write("release", "true\n");
    step(&env, "Release", "v1.0.0").ok().code.unwrap();
    assert_eq!(calls(), ["upload", "edit"], "the draft is gone on with");
    env.write("release", "false\n");
    assert!(step(&env, "Release", "v1.0.0").ok().stdout.contains("v1.0.0 is published already"));
    assert_eq!(calls(), [""; 0], "what is published isn't changed");
    // What can't be known isn't taken for missing.
    env.write("release", "error connecting\n");
    assert!(step(&env, "Release", "v1.0.0").fails(1).stderr.contains("error connecting"));
    assert_eq!(calls(), [""; 0]);
}

/// `latest` is what people are led to.
#[test]
fn a_version_with_a_hyphen_is_a_prerelease_and_never_the_latest() {
    let env = TestEnv::new();
    for (tag, pre) in [("v1.0.0-rc.1", true), ("v1.0.0", false)] {
        step(&env, "Release", tag).ok().code.unwrap();
        let calls = env.read("calls");
        let words = if pre { "--prerelease=true --latest=false" } else { "--prerelease=false" };
        assert!(calls.lines().count() == 2 && calls.lines().all(|line| line.ends_with(words)), "{tag}: {calls}");
    }
}

#[test]
fn the_crate_is_published_only_where_its_version_is_missing() {
    let env = TestEnv::new();
    let look = |index: &str| {
        env.write("index", index);
        let output = step(&env, "Look what the index has", "v1.0.0").ok();
        (env.read("output"), output.stdout)
    };
    assert_eq!(look("karmada-partner\nkarmada-partner@0.9.0\n"), ("publish=true\n".to_owned(), String::new()));
    let (publish, said) = look("karmada-partner\nkarmada-partner@1.0.0\n");
    assert!(publish.is_empty() && said.contains("1.0.0 is published already"), "{publish}{said}");
    let (publish, said) = look("");
    assert!(publish.is_empty() && said.contains("the first is, by hand"), "{publish}{said}");
    std::fs::remove_file(env.path("index")).unwrap();
    let output = step(&env, "Look what the index has", "v1.0.0").fails(1);
    assert!(output.stderr.contains("the network is away") && env.read("output").is_empty(), "{output}");
}

/// What people read says that there is no home as long as there is none, and not a release longer.
#[test]
fn pages_say_that_there_is_no_home_as_long_as_there_is_none() {
    for (page, text, words) in [
        ("README.md", include_str!("../../README.md"), "Until the project has a home"),
        ("README.zh.md", include_str!("../../README.zh.md"), "项目还没有可供下载发布版本的地方"),
        ("docs/scripts.md", include_str!("../../docs/scripts.md"), "Until the project has a home"),
        ("docs/guide-setup.md", include_str!("../../docs/guide-setup.md"), "As long as the project has released none"),
    ] {
        let says = text.contains(words);
        assert_eq!(says, env!("CARGO_PKG_REPOSITORY").is_empty(), "{page}: “{words}”");
    }
}
