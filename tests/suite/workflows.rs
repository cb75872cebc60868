//! What `init --github-ci` writes: what its jobs may do, and the scripts of the action and of the checks.

use crate::env::{Output, TestEnv};
use crate::hub::{Hub, REGISTRY, sha256};
use crate::scripts::{run, run_beside, script, scripts};

const ACTION: &str = include_str!("../../templates/github/action.yml");
const RELEASE: &str = include_str!("../../templates/github/release.txt");
const CHECKS: &str = include_str!("../../templates/github/registry-ci.yml");
const ISSUES: &str = include_str!("../../templates/github/partner-issues.yml");
const CLOCK: &str = include_str!("../../templates/github/partner-clock.yml");
const DECISIONS: &str = include_str!("../../templates/github/partner-decisions.yml");
const QUEUE: &str = include_str!("../../templates/github/partner-queue.yml");
const WORKFLOWS: &[(&str, &str)] = &[
    ("registry-ci.yml", CHECKS),
    ("partner-links.yml", include_str!("../../templates/github/partner-links.yml")),
    ("partner-decisions.yml", DECISIONS),
    ("partner-reviews.yml", include_str!("../../templates/github/partner-reviews.yml")),
    ("partner-clock.yml", CLOCK),
    ("partner-issues.yml", ISSUES),
    ("partner-queue.yml", QUEUE),
];

/// The jobs of a workflow, each with its lines.
fn jobs(workflow: &str) -> Vec<(String, String)> {
    let (_, below) = workflow.split_once("\njobs:\n").unwrap();
    let mut jobs: Vec<(String, String)> = Vec::new();
    for line in below.lines() {
        let is_job = line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
        match jobs.last_mut() {
            Some((_, lines)) if !is_job => *lines += &format!("{line}\n"),
            _ => jobs.push((line.trim().trim_end_matches(':').to_owned(), String::new())),
        }
    }
    jobs
}

#[test]
fn jobs_have_bounds_and_only_the_rights_that_they_need() {
    for (name, workflow) in WORKFLOWS {
        assert!(workflow.contains("\npermissions: {}\n"), "{name}");
        assert!(workflow.contains("\nconcurrency:\n  group: "), "{name}");
        for (job, lines) in jobs(workflow) {
            assert!(lines.contains("    timeout-minutes: "), "{name}: {job}");
            assert!(lines.contains("    permissions:"), "{name}: {job}");
            // A fork runs nothing, by itself or since what it needs doesn't run there.
            let needs = lines.contains("    needs: ") && !lines.contains("if: ${{ !cancelled() }}");
            assert!(lines.contains("!github.event.repository.fork") || needs, "{name}: {job}");
            assert_eq!(
                lines.matches("actions/checkout@").count(),
                lines.matches("persist-credentials: false").count(),
                "{name}: {job}"
            );
        }
    }
    let writes = |workflow: &str| {
        let of = |(job, lines): (String, String)| {
            let rights: Vec<_> = lines.lines().filter(|l| l.contains(": write")).map(|l| l.trim().to_owned()).collect();
            rights.into_iter().map(move |right| format!("{job} {}", right.split(" #").next().unwrap()))
        };
        jobs(workflow).into_iter().flat_map(of).collect::<Vec<_>>()
    };
    assert_eq!(writes(CHECKS), [""; 0]);
    assert_eq!(writes(CLOCK), ["strike actions: write"]);
    assert_eq!(writes(WORKFLOWS[1].1), ["tell issues: write"]);
    let tells = ["announce issues", "announce pull-requests", "announce statuses", "schedules actions"];
    assert_eq!(writes(DECISIONS), tells.map(|right| format!("{right}: write")));
    assert_eq!(writes(WORKFLOWS[3].1), [""; 0]);
    let reads = ["each actions", "read contents", "read issues", "read pull-requests", "tell actions"];
    assert_eq!(writes(ISSUES), reads.map(|right| format!("{right}: write")));
    assert_eq!(writes(QUEUE), ["repeat statuses: write"]);
    // What runs for strangers with the rights of the base checks out nothing of theirs.
    assert!(!CHECKS.contains("ref:") && !CHECKS.contains("github.head_ref"));
}

/// Dependabot raises the pins of our own workflows; those of registries follow by hand.
#[test]
fn an_action_is_pinned_to_one_commit_everywhere() {
    let own = [include_str!("../../.github/workflows/ci.yml"), include_str!("../../.github/workflows/release.yml")];
    let all = WORKFLOWS.iter().map(|(_, text)| *text).chain([ACTION]).chain(own);
    let mut pins = std::collections::BTreeMap::new();
    for line in all.flat_map(str::lines) {
        let Some((_, used)) = line.split_once("uses: ") else { continue };
        let Some((action, pin)) = used.split_once('@') else { continue };
        let known = *pins.entry(action.to_owned()).or_insert(pin);
        assert_eq!(known, pin, "{action}");
        let commit = pin.split(' ').next().unwrap();
        assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()) && pin.contains(" # v"), "{line}");
    }
    assert!(pins.len() > 4, "{pins:?}");
}

#[test]
fn actions_are_pinned_and_no_script_holds_what_others_wrote() {
    for (name, document) in WORKFLOWS.iter().chain(&[("action.yml", ACTION)]) {
        let uses = |line: &&str| line.trim_start().trim_start_matches("- ").starts_with("uses: ");
        for line in document.lines().filter(uses) {
            let action = line.split("uses: ").nth(1).unwrap();
            let pin = action.split_once('@').map_or("", |(_, pin)| pin.split(' ').next().unwrap_or_default());
            let pinned = pin.len() == 40 && pin.bytes().all(|b| b.is_ascii_hexdigit()) && action.contains(" # v");
            assert!(pinned || action.starts_with("./.github/actions/karmada-partner #"), "{name}: {line}");
        }
        let runs = |line: &&str| line.trim_start().trim_start_matches("- ").starts_with("run: ");
        assert_eq!(document.lines().filter(runs).count(), scripts(document).len(), "{name}: a script in one line");
        for (step, script) in scripts(document) {
            assert!(!script.contains("${{") && !script.contains("cargo"), "{name}: {step}: {script}");
        }
    }
}

/// Answers a download with the file `asset`, and writes down what was asked for.
const DOWNLOADS: &str = r#"#!/bin/bash
set -euo pipefail
echo "$*" >> calls
[ "$1 $2" = "release download" ] && [ -e asset ] || exit 1
while [ "$1" != --pattern ]; do shift; done; name=$2
while [ "$1" != --dir ]; do shift; done
cp asset "$2/$name"
"#;

struct Runner {
    env: TestEnv,
}

impl Runner {
    fn new() -> Self {
        let env = TestEnv::new();
        std::fs::create_dir_all(env.path("bin")).unwrap();
        github_double::program(&env.path("bin/gh"), DOWNLOADS.as_bytes());
        std::fs::create_dir_all(env.path("action")).unwrap();
        env.write("asset", Self::program());
        Self { env }
    }

    fn program() -> &'static str {
        "#!/bin/sh\necho karmada-partner 0.0.0\n"
    }

    fn written(&self, repository: &str, sha256: &str) {
        let release = RELEASE.replace("{{version}}", "0.0.0").replace("{{repository}}", "");
        let release =
            release.replace("asset=karmada-partner-0.0.0-x86_64-unknown-linux-musl.tar.gz", "asset=karmada-partner");
        let release = release.replace("repository=\n", &format!("repository={repository}\r\n"));
        self.env.write("action/release.txt", release.replace("sha256=\n", &format!("sha256={sha256}\n")));
    }

    /// The action's own script, given these inputs.
    fn take(&self, set: &[(&str, &str)]) -> Output {
        let _ = std::fs::remove_dir_all(self.env.path("temp/karmada-partner"));
        let _ = std::fs::remove_file(self.env.path("path"));
        let at = |name: &str| self.env.path(name).display().to_string();
        let (action, temp) = (at("action"), at("temp"));
        let mut all = vec![("GITHUB_ACTION_PATH", action.as_str()), ("RUNNER_TEMP", &temp), ("GITHUB_PATH", "path")];
        all.extend(set);
        run(&self.env, &script(ACTION, "Take the program"), &all)
    }

    /// It went well, and the program is on the path.
    #[track_caller]
    fn runs(&self, set: &[(&str, &str)]) {
        assert_eq!(self.take(set).ok().stdout, "karmada-partner 0.0.0\n");
        assert_eq!(self.env.redact(self.env.read("path").as_bytes()), "$TEST/temp/karmada-partner/bin\n");
    }

    /// It said why not, and nothing is on the path.
    #[track_caller]
    fn refuses(&self, set: &[(&str, &str)], why: &str) {
        let output = self.take(set).fails(1);
        assert!(output.stderr.contains("::error title=karmada-partner::") && output.stderr.contains(why), "{output}");
        assert!(!output.stdout.contains("0.0.0") && !self.env.path("path").exists(), "{output}");
    }
}

#[test]
fn the_action_runs_the_released_program_whose_hash_is_written_down() {
    let runner = Runner::new();
    let good = sha256(Runner::program().as_bytes());
    runner.written("karmada/tools", &good);
    runner.runs(&[]);
    let wanted = "release download v0.0.0 --repo karmada/tools --pattern karmada-partner --dir";
    assert!(runner.env.read("calls").starts_with(wanted), "{}", runner.env.read("calls"));
    // Inputs say more than the file.
    runner.written("karmada/tools", &"0".repeat(64));
    runner.refuses(&[], "the SHA-256 of");
    runner.runs(&[("GIVEN_SHA256", &good), ("GIVEN_VERSION", "9.9.9")]);
    assert!(runner.env.read("calls").contains("download v9.9.9"));
    // Neither does another file under the right name.
    runner.written("karmada/tools", &good);
    runner.env.write("asset", "#!/bin/sh\ntouch owned\necho karmada-partner 0.0.0\n");
    runner.refuses(&[], "the SHA-256 of");
    assert!(!runner.env.path("owned").exists());
    std::fs::remove_file(runner.env.path("asset")).unwrap();
    runner.refuses(&[], "can't be had from karmada/tools");
}

#[test]
fn the_action_keeps_what_it_fetched_and_verifies_it_each_time() {
    let runner = Runner::new();
    let good = sha256(Runner::program().as_bytes());
    runner.written("karmada/tools", &good);
    let tools = runner.env.path("tools").display().to_string();
    let kept = [("RUNNER_TOOL_CACHE", tools.as_str())];
    let fetched = |runner: &Runner| runner.env.read("calls").lines().count();
    runner.runs(&kept);
    runner.runs(&kept);
    assert_eq!(fetched(&runner), 1);
    // What somebody else wrote there isn't run, but fetched again.
    let file = format!("tools/karmada-partner/{good}/karmada-partner");
    assert_eq!(runner.env.read(&file), Runner::program());
    runner.env.write(&file, "#!/bin/sh\ntouch owned\necho karmada-partner 0.0.0\n");
    runner.runs(&kept);
    assert_eq!((fetched(&runner), runner.env.read(&file).as_str()), (2, Runner::program()));
    assert!(!runner.env.path("owned").exists());
    // Nor is what isn't what was asked for kept.
    runner.env.write("asset", "#!/bin/sh\necho karmada-partner 0.0.0\n# another\n");
    runner.written("karmada/tools", &"0".repeat(64));
    runner.refuses(&kept, "the SHA-256 of");
    assert!(!runner.env.path(&format!("tools/karmada-partner/{}", "0".repeat(64))).exists());
    // Where nothing can be kept, it runs all the same.
    runner.env.write("asset", Runner::program());
    runner.written("karmada/tools", &good);
    runner.env.write("no-folder", "");
    let nowhere = runner.env.path("no-folder").display().to_string();
    let output = runner.take(&[("RUNNER_TOOL_CACHE", &nowhere)]).ok();
    assert!(output.stdout.contains("::notice") && output.stdout.ends_with("karmada-partner 0.0.0\n"), "{output}");
}

#[test]
fn the_action_says_what_is_not_filled_in() {
    let runner = Runner::new();
    runner.written("", "");
    runner.refuses(&[], "repository is empty in");
    runner.written("karmada/tools", "");
    runner.refuses(&[], "sha256 is empty in");
    std::fs::remove_file(runner.env.path("action/release.txt")).unwrap();
    runner.refuses(&[], "repository is empty in");
    // Words are words.
    runner.written("karmada/tools", "$(touch owned)");
    runner.refuses(&[("GIVEN_VERSION", "1; touch owned")], "the SHA-256 of");
    assert!(!runner.env.path("owned").exists());
}

#[test]
fn the_action_takes_an_archive_an_artifact_or_a_path() {
    let runner = Runner::new();
    let env = &runner.env;
    std::fs::create_dir_all(env.path("karmada-partner-0.0.0")).unwrap();
    env.write("karmada-partner-0.0.0/karmada-partner", Runner::program());
    env.write("karmada-partner-0.0.0/README", "x");
    let tar = std::process::Command::new("tar")
        .args(["-czf", "asset", "karmada-partner-0.0.0"])
        .current_dir(env.path("."))
        .status()
        .unwrap();
    assert!(tar.success());
    let packed = sha256(&std::fs::read(env.path("asset")).unwrap());
    runner.written("karmada/tools", &packed);
    runner.runs(&[("GIVEN_ASSET", "karmada-partner-0.0.0.tar.gz")]);
    env.write("notes.tar.gz", "");
    // An artifact of the run, and a path, may do without a hash; a wrong one is wrong.
    std::fs::create_dir_all(env.path("temp/karmada-partner-artifact")).unwrap();
    env.write("temp/karmada-partner-artifact/karmada-partner", Runner::program());
    runner.runs(&[("ARTIFACT", "program")]);
    env.write("built", Runner::program());
    runner.runs(&[("PROGRAM", "built")]);
    runner.refuses(&[("PROGRAM", "built"), ("GIVEN_SHA256", &packed)], "the SHA-256 of built");
    runner.refuses(&[("PROGRAM", "nowhere")], "there is no file nowhere");
}

/// The workflows that GitHub knows, each with its state; and what was switched on or run.
const WORKFLOWS_OF: &str = r#"#!/bin/bash
set -euo pipefail
if [ "$1" = api ]; then
  [ "$4" = "--jq" ] && [[ "$3" = repos/karmada/partners/actions/workflows ]] && grep -F disabled_inactivity states | cut -d ' ' -f 2 || true
else
  echo "$*" >> calls
fi
"#;

#[test]
fn schedules_that_github_switched_off_are_switched_on_again() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.path("bin")).unwrap();
    github_double::program(&env.path("bin/gh"), WORKFLOWS_OF.as_bytes());
    let script = script(DECISIONS, "Switch on what GitHub switched off");
    assert!(script.contains(r#"select(.state == "disabled_inactivity")"#), "{script}");
    let states = |states: &str| {
        env.write("states", states);
        env.write("calls", "");
        run(&env, &script, &[("GH_REPO", "karmada/partners")]).ok().code.unwrap();
        env.read("calls")
    };
    assert_eq!(states("active .github/workflows/partner-links.yml\n"), "");
    // What somebody switched off stays so, and others' workflows are theirs.
    let several = "disabled_inactivity .github/workflows/partner-links.yml\n\
                   disabled_manually .github/workflows/partner-clock.yml\n\
                   disabled_inactivity .github/workflows/nightly.yml\n";
    assert_eq!(states(several), "workflow enable partner-links.yml\nworkflow run partner-links.yml\n");
    // What GitHub switches off by itself has to be runnable by hand, and the one that switches on has no schedule.
    for (name, workflow) in WORKFLOWS {
        let scheduled = workflow.contains("\n  schedule:\n");
        assert!(
            !scheduled || (workflow.contains("\n  workflow_dispatch:\n") && name.starts_with("partner-")),
            "{name}"
        );
    }
    // What is started by events has no schedule, for whose sake GitHub would switch it off.
    for workflow in [CHECKS, DECISIONS, ISSUES] {
        assert!(!workflow.contains("  schedule:"));
    }
    assert!(CLOCK.contains("  schedule:\n    - cron: "));
}

/// The state of one workflow, and what was switched on or run.
const STATE_OF: &str = r#"#!/bin/bash
set -euo pipefail
if [ "$1" = api ]; then
  [ "$2 $3 $4" = "repos/karmada/partners/actions/workflows/partner-decisions.yml --jq .state" ] && cat state
else
  echo "$*" >> calls
fi
"#;

/// What a workflow's token opens starts nothing; and after 60 idle days no clock does, either.
#[test]
fn the_tally_is_told_when_a_form_was_proposed_and_every_hour() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.path("bin")).unwrap();
    github_double::program(&env.path("bin/gh"), STATE_OF.as_bytes());
    let calls = |workflow: &str, state: Option<&str>| {
        env.write("calls", "");
        let _ = std::fs::remove_file(env.path("state"));
        if let Some(state) = state {
            env.write("state", state);
        }
        let output = run(&env, &script(workflow, "Run partner decisions"), &[("GH_REPO", "karmada/partners")]);
        (output.code == Some(0), env.read("calls"))
    };
    let runs = "workflow run partner-decisions.yml\n".to_owned();
    for workflow in [CLOCK, ISSUES] {
        assert_eq!(calls(workflow, Some("active\n")), (true, runs.clone()));
        assert_eq!(calls(workflow, Some("disabled_manually\n")), (true, String::new()));
    }
    // A registry whose workflow still has a schedule of its own, or that has none.
    let enables = format!("workflow enable partner-decisions.yml\n{runs}");
    assert_eq!(calls(ISSUES, Some("disabled_inactivity\n")), (true, enables));
    assert_eq!(calls(ISSUES, None), (true, String::new()));
    assert!(ISSUES.contains("    needs: read\n    if: ${{ !cancelled() && needs.read.outputs.proposed == 'true' }}\n"));
    assert!(DECISIONS.contains("  workflow_dispatch:\n"));
}

/// A pull request and its status, and what is said of the queue's commit.
const QUEUED: &str = r#"#!/bin/bash
set -euo pipefail
case "$2" in
  repos/karmada/partners/pulls/12) echo 0123abc ;;
  repos/karmada/partners/commits/0123abc/status\?per_page=100) cat state ;;
  --method) echo "$*" >> calls ;;
  *) exit 1 ;;
esac
"#;

/// What is required has to stand on the commit that the queue makes, or the queue waits for it for ever.
#[test]
fn a_merge_queue_is_told_what_stands_on_the_pull_request() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.path("bin")).unwrap();
    github_double::program(&env.path("bin/gh"), QUEUED.as_bytes());
    let script = script(QUEUE, "Say what the pull request says");
    assert!(script.contains(r#"select(.context == "karmada-partner/decision")"#), "{script}");
    let queued = |state: &str, head: &str| {
        env.write("state", state);
        env.write("calls", "");
        let set = [("GH_REPO", "karmada/partners"), ("QUEUED", head), ("COMMIT", "fedc987")];
        (run(&env, &script, &set).code, env.read("calls"))
    };
    let said = |state: &str, words: &str| {
        let begin =
            "api --method POST repos/karmada/partners/statuses/fedc987 --silent -f context=karmada-partner/decision";
        (Some(0), format!("{begin} -f state={state} -f description={words}\n"))
    };
    let branch = "refs/heads/gh-readonly-queue/main/pr-12-0123abc";
    assert_eq!(queued("success\n", branch), said("success", "as on #12"));
    for other in ["pending", "none"] {
        let words = format!("#12 isn't decided: there it is {other}");
        assert_eq!(queued(&format!("{other}\n"), branch), said("failure", &words));
    }
    assert_eq!(queued("success\n", "refs/heads/gh-readonly-queue/main/pr-x; touch owned").0, Some(1));
    // What is required is the checks of what is merged, too.
    assert!(QUEUE.contains("\non:\n  merge_group:\n") && CHECKS.contains("\n  merge_group:\n"));
}

/// Also where another issue of the same run couldn't be read.
#[test]
fn whether_something_is_proposed_is_passed_on_as_one_word() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.path("bin")).unwrap();
    github_double::program(&env.path("bin/karmada-partner"), b"#!/bin/bash\ncat told\nexit \"$(cat code)\"\n");
    let pull = "  \"pull_request\": \"https://github.example/karmada/partners/pull/3\",\n";
    for (told, code, says) in
        [(pull, 0, "proposed=true\n"), (pull, 5, "proposed=true\n"), ("  \"pull_request\": null,\n", 0, "")]
    {
        env.write("told", told);
        env.write("code", code.to_string());
        env.write("outputs", "");
        let set = [("GITHUB_OUTPUT", "outputs"), ("GITHUB_REPOSITORY", REGISTRY), ("NUMBER", "1")];
        assert_eq!(run(&env, &script(ISSUES, "Read the issue"), &set).code, Some(code));
        assert_eq!(env.read("outputs"), says);
    }
}

#[test]
fn a_proposal_is_judged_by_its_pull_request_with_the_votes() {
    let hub = Hub::with_applicant();
    hub.push_to_fork("apply/acme", "data/partners/acme/votes/1/bob", "KP-Vote: v1 approve\n");
    let said = step(&hub, "jane", &script(CHECKS, "Check the pull request"), &[("NUMBER", "2")]).fails(1);
    assert!(said.stdout.contains("data/partners/acme/votes/1/bob:"), "{said}");
}

#[test]
fn issues_are_read_by_their_numbers_and_what_is_proposed_is_checked() {
    let mut hub = Hub::new();
    hub.use_token("github-actions", github_double::TokenKind::Actions { repository: REGISTRY.to_owned() });
    hub.github.open_issue(REGISTRY, "jane", "x", "It doesn't build.");
    let read = script(ISSUES, "Read the issue");
    let said = step(&hub, "github-actions", &read, &[("NUMBER", "1"), ("GITHUB_OUTPUT", "outputs")]).ok();
    assert!(said.stdout.contains("\"outcome\": \"other\""), "{said}");
    assert!(!hub.env.path("outputs").exists(), "nothing is proposed");
    for number in ["", "1; true", "x", "01", "-1"] {
        let said = step(&hub, "github-actions", &read, &[("NUMBER", number)]).fails(1);
        assert!(said.stderr.contains("an issue is named by its number"), "{said}");
    }
    hub.env.write("outcome.json", "{\"outcome\": \"closed\",\n  \"pull_request\": null}\n");
    let check = script(ISSUES, "Check what is proposed");
    step(&hub, "github-actions", &check, &[]).ok().code.unwrap();
    // Of jane's proposal the workflow may judge what it will.
    hub.apply("jane", "Acme").ok().code.unwrap();
    hub.env.write("outcome.json", "  \"pull_request\": \"https://github.example/karmada/partners/pull/3\",\n");
    step(&hub, "github-actions", &check, &[]).ok().code.unwrap();
    hub.push_to_fork("apply/acme", "data/partners/acme/votes/1/bob", "KP-Vote: v1 approve\n");
    step(&hub, "github-actions", &check, &[]).fails(1).code.unwrap();
}

/// Runs of one issue never overlap: so one that is started by hand for all of them reads none itself.
#[test]
fn each_form_that_is_open_is_read_by_a_run_of_its_own() {
    let mut hub = Hub::new();
    hub.use_token("github-actions", github_double::TokenKind::Actions { repository: REGISTRY.to_owned() });
    for body in [
        "It doesn't build.",
        crate::github_issues::FORM,
        "### Org or company name\n\nGlobex\n\n### Org or company Website\n\n-\n",
    ] {
        hub.github.open_issue(REGISTRY, "jane", "x", body);
    }
    hub.env.script("bin/gh", "echo \"$*\" >> calls");
    let before = hub.github.dump();
    let script = script(ISSUES, "Start a run for each");
    let said = step(&hub, "github-actions", &script, &[("GH_REPO", REGISTRY)]).ok();
    let calls = [2, 3].map(|number| format!("workflow run partner-issues.yml -f number={number}\n")).concat();
    assert_eq!(hub.env.read("calls"), calls, "{said}");
    assert_eq!(hub.github.dump(), before);
}

/// Runs a step of a job with the token of `login`, in which the program is on the path.
fn step(hub: &Hub, login: &str, script: &str, more: &[(&str, &str)]) -> Output {
    run_beside(hub.command(login, &[]).env("GITHUB_REPOSITORY", REGISTRY), &hub.env, script, more)
}
