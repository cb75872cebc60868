//! The scripts of GitHub's workflows and actions, and the way GitHub runs them.

use std::process::Command;

use crate::env::{Output, TestEnv, beside};

/// The steps of a workflow or an action that run something: what each is called, and its script.
pub fn scripts(document: &str) -> Vec<(String, String)> {
    let mut scripts = Vec::new();
    let mut name = String::new();
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some((_, said)) = line.split_once("- name: ") {
            said.clone_into(&mut name);
        }
        let Some((before, _)) = line.split_once("run: |") else { continue };
        let deeper = before.len() + 2;
        let mut script = String::new();
        while let Some(line) = lines.next_if(|l| l.is_empty() || l.len() - l.trim_start().len() >= deeper) {
            script += &format!("{}\n", line.get(deeper..).unwrap_or_default());
        }
        scripts.push((name.clone(), script));
    }
    scripts
}

/// The script of a step.
#[track_caller]
pub fn script(document: &str, step: &str) -> String {
    let mut found = scripts(document).into_iter().filter(|(name, _)| name == step);
    let (_, script) = found.next().unwrap_or_else(|| panic!("there is no step {step}"));
    assert!(found.next().is_none(), "two steps are called {step}");
    script
}

/// GitHub's way to run one; programs in `bin` come first.
pub fn run(env: &TestEnv, script: &str, set: &[(&str, &str)]) -> Output {
    let mut bash = Command::new("bash");
    bash.current_dir(env.path(".")).env_clear();
    run_by(bash, env, script, set)
}

/// The same in the environment of one of ours, which is on the path.
pub fn run_beside(ours: &Command, env: &TestEnv, script: &str, set: &[(&str, &str)]) -> Output {
    std::fs::create_dir_all(env.path("bin")).unwrap();
    let _ = std::os::unix::fs::symlink(ours.get_program(), env.path("bin/karmada-partner"));
    run_by(beside("bash", ours), env, script, set)
}

fn run_by(mut bash: Command, env: &TestEnv, script: &str, set: &[(&str, &str)]) -> Output {
    env.write("script.sh", script);
    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "script.sh"]);
    bash.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", env.path("bin").display())).envs(set.iter().copied());
    // Consent is the script's to give.
    env.told(&mut bash)
}
