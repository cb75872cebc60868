//! Other programs that say why they refuse, ask where nobody may be asked, or don't end.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::env::{TestEnv, until};
use crate::terminal::Terminal;

fn address(env: &TestEnv) -> String {
    format!("ssh://git@host.example{}", env.path("registry.git").display())
}

fn by_ssh<'c>(env: &TestEnv, command: &'c mut Command, lines: &str) -> &'c mut Command {
    env.script("bin/own-ssh", lines);
    command.env("GIT_SSH_COMMAND", env.path("bin/own-ssh")).env("GIT_SSH_VARIANT", "ssh")
}

const SERVES: &str = "for word; do last=$word; done\neval \"exec $last\"";

#[test]
fn what_was_begun_ends_with_a_signal() {
    let env = TestEnv::with_partner();
    let url = address(&env);
    for more in [&["--no-input"][..], &[]] {
        let file = env.path("number");
        let _ = std::fs::remove_file(&file);
        let mut command = env.command(&["list", "--registry", &url]);
        command.args(more);
        by_ssh(&env, &mut command, &format!("echo $$ > {}\nexec sleep 300", file.display()));
        let mut run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let number = || std::fs::read_to_string(&file).ok()?.trim().parse::<u32>().ok();
        until("ssh", || number().is_some());
        let ssh = number().unwrap().to_string();
        let signal = |name: &str, number: &str| {
            Command::new("kill").args([name, number]).stderr(Stdio::null()).status().unwrap().success()
        };
        assert!(signal("-TERM", &run.id().to_string()));
        assert_eq!(run.wait().unwrap().code(), Some(143), "{more:?}");
        until("the end of ssh", || {
            // One that nobody waits for any more is no program that runs.
            let state = std::fs::read_to_string(format!("/proc/{ssh}/stat")).unwrap_or_default();
            state.is_empty() || state.contains(") Z ")
        });
    }
}

#[test]
fn a_hook_reads_no_answer_where_nobody_may_be_asked() {
    let env = TestEnv::with_applicant();
    let url = address(&env);
    env.script("hooks/pre-push", "echo 'Run the tests? [y/N]'\nread answer < /dev/tty || echo nobody >> asked");
    env.write("settings", format!("[core]\n\thooksPath = {}\n", env.path("hooks").display()));
    let mut command = env.agreed(&["approve", "acme", "--as", "alice", "--no-input", "--registry", &url]);
    command.env("GIT_CONFIG_GLOBAL", env.path("settings"));
    by_ssh(&env, &mut command, SERVES);
    let mut terminal = Terminal::start(&command);
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
    let asked = [env.path("asked"), env.path("registry.git/asked")].into_iter().find(|file| file.exists());
    let cache = || crate::unread::all_files(&env.path("home/.cache")).into_iter().find(|file| file.ends_with("asked"));
    assert_eq!(std::fs::read_to_string(asked.or_else(cache).unwrap()).unwrap(), "nobody\n");
}

#[test]
fn what_a_hook_says_on_either_output_is_told() {
    let env = TestEnv::with_applicant();
    let url = address(&env);
    env.script("hooks/pre-push", "echo 'lint: 3 problems'\necho 'see the log' >&2\nexit 1");
    env.write("settings", format!("[core]\n\thooksPath = {}\n", env.path("hooks").display()));
    let mut command = env.agreed(&["approve", "acme", "--as", "alice", "--registry", &url]);
    by_ssh(&env, command.env("GIT_CONFIG_GLOBAL", env.path("settings")), SERVES);
    let output = env.output(&mut command).fails(5);
    assert!(output.stderr.contains("lint: 3 problems") && output.stderr.contains("see the log"), "{output}");
}

#[test]
fn what_git_was_set_to_check_is_told_with_what_lets_it_pass() {
    let env = TestEnv::with_partner();
    let object = |kind: &str, bytes: &[u8]| {
        let mut git = env.sealed_git();
        git.args(["--git-dir", "registry.git", "hash-object", "-t", kind, "--literally", "-w", "--stdin"]);
        let mut git = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        git.stdin.take().unwrap().write_all(bytes).unwrap();
        String::from_utf8(git.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
    };
    let hex = |id: &str| -> Vec<u8> {
        (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()).collect()
    };
    let blob = object("blob", b"x\n");
    let inner = object("tree", &[&b"100644 f\0"[..], &hex(&blob)].concat());
    let tree = object("tree", &[&b"040000 old\0"[..], &hex(&inner)].concat());
    let commit = env.id(&["commit-tree", &tree, "-m", "old"], "");
    let main = env.id(&["commit-tree", "main^{tree}", "-p", "main", "-p", &commit, "-m", "both"], "");
    env.git(&["update-ref", "refs/heads/main", &main]);
    let url = address(&env);
    let list = |settings: &str| {
        env.write("settings", format!("[transfer]\n\tfsckObjects = true\n{settings}"));
        let mut command = env.command(&["list", "--registry", &url]);
        by_ssh(&env, command.env("GIT_CONFIG_GLOBAL", env.path("settings")), SERVES);
        env.output(&mut command)
    };
    let output = list("").fails(5);
    assert!(output.stderr.contains("git config --global fetch.fsck.zeroPaddedFilemode warn"), "{output}");
    assert!(!output.stderr.contains("check the address"), "{output}");
    list("[fetch \"fsck\"]\n\tzeroPaddedFilemode = warn\n").ok().code.unwrap();
}
