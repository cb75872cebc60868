//! The workflow that watches links: what it may do, and its scripts, run with a `gh` that keeps its one issue in files.

use crate::env::{TestEnv, beside};
use crate::links::{Does, Internet};
use crate::scripts::{run, script};

const WORKFLOW: &str = include_str!("../../templates/github/partner-links.yml");
/// One issue, kept in the files `state` and `body`; every call that changes something is written down in `calls`.
const GH: &str = r##"#!/bin/bash
set -euo pipefail
case "$1 $2" in "issue list"|"issue view") ;; *) echo "$*" >> calls ;; esac
body() { while [ "$1" != --body-file ]; do shift; done; sed 's/$/\r/' "$2" > body; }
case "$1 $2" in
  "issue list") [ ! -e state ] || echo "7 $(cat state)" ;;
  "issue view") cat body ;;
  "issue create") body "$@"; echo OPEN > state ;;
  "issue edit") body "$@" ;;
  "issue close") echo CLOSED > state ;;
  "issue reopen") echo OPEN > state ;;
  "label create") ;;
  *) exit 1 ;;
esac
"##;

fn with_gh(env: &TestEnv) {
    std::fs::create_dir_all(env.path("bin")).unwrap();
    github_double::program(&env.path("bin/gh"), GH.as_bytes());
}

/// What `gh` was told since the last time, by its first two words.
fn calls(env: &TestEnv) -> Vec<String> {
    let calls = std::fs::read_to_string(env.path("calls")).unwrap_or_default();
    let _ = std::fs::remove_file(env.path("calls"));
    calls.lines().map(|l| l.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn one_issue_is_opened_updated_in_place_and_closed() {
    let net = Internet::with(&["Acme", "Globex"]);
    let env = &net.env;
    with_gh(env);
    let script = script(WORKFLOW, "Keep one issue");
    let day = |day: i64| {
        let _ = net.links(day, &["--report", "dead.md"]);
        run(env, &script, &[("LABEL", "partner-links")]).ok().code.unwrap();
        calls(env)
    };
    let nothing: [&str; 0] = [];
    assert_eq!(day(0), nothing);
    net.does("acme.example", Some(Does::Answers(404)));
    for early in [1, 2, 7] {
        assert_eq!(day(early), nothing);
    }
    assert_eq!(day(8), ["label create", "issue create"]);
    assert!(env.read("body").contains("`Acme` (acme)"));
    // The same list is no news, tomorrow or when its proxy is gone.
    assert_eq!(day(9), nothing);
    net.does("acme.example", None);
    assert_eq!(day(10), nothing);
    net.does("globex.example", Some(Does::Answers(500)));
    for more in [11, 12] {
        assert_eq!(day(more), nothing);
    }
    assert_eq!(day(18), ["issue edit"]);
    assert!(env.read("body").contains("`Globex` (globex)"));
    // Closed by hand, it stays closed until something changes.
    env.write("state", "CLOSED\n");
    assert_eq!(day(19), nothing);
    net.does("acme.example", Some(Does::Answers(200)));
    assert_eq!(day(20), ["issue edit", "issue reopen"]);
    assert!(!env.read("body").contains("`Acme`"));
    net.does("globex.example", Some(Does::Answers(200)));
    assert_eq!(day(21), ["issue close"]);
    assert_eq!(day(22), nothing);
}

#[test]
fn as_many_jobs_ask_as_are_wanted() {
    let env = TestEnv::new();
    let script = script(WORKFLOW, "Count the shards");
    for (shards, wanted) in [("1", "shards=[1]\n"), ("3", "shards=[1,2,3]\n")] {
        let _ = std::fs::remove_file(env.path("output"));
        run(&env, &script, &[("SHARDS", shards), ("GITHUB_OUTPUT", "output")]).ok().code.unwrap();
        assert_eq!(env.read("output"), wanted);
    }
    for wrong in ["", "0", "257", "1; touch it", "$(touch it)"] {
        run(&env, &script, &[("SHARDS", wrong), ("GITHUB_OUTPUT", "output")]).fails(1).code.unwrap();
    }
    assert!(!env.path("it").exists());
}

#[test]
fn the_jobs_run_the_program_as_it_is() {
    let net = Internet::with(&["Acme"]);
    net.env.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
    // The way of the artifact between the jobs.
    let script = [
        &script(WORKFLOW, "Ask this share of them"),
        "mkdir shards\nmv links-1.json shards\n",
        &script(WORKFLOW, "Put together what was heard"),
    ]
    .concat();
    net.env.write("script.sh", script);
    std::fs::create_dir(net.env.path("bin")).unwrap();
    let sealed = net.command(0, &[]);
    std::os::unix::fs::symlink(sealed.get_program(), net.env.path("bin/karmada-partner")).unwrap();
    let mut bash = beside("bash", &sealed);
    bash.args(["-eo", "pipefail", "../script.sh"]).current_dir(net.env.path("checkout"));
    bash.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", net.env.path("bin").display()));
    bash.env("SHARD", "1").env("SHARDS", "1");
    let output = net.env.output(&mut bash).ok();
    assert_eq!(output.stdout, "Alive: 1. Failing: 0. Dead: 0. Unknown: 0.\n".repeat(2));
    assert!(net.env.path("checkout/links.json").exists());
    assert_eq!(net.env.read("checkout/dead.md"), "");
}
