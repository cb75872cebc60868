//! Other programs that say why they refuse, ask where nobody may be asked, or don't end.

use std::process::{Command, Stdio};

use crate::env::{TestEnv, until};
use crate::terminal::Terminal;

/// A vote that is pushed by ssh past such a hook of the person's own.
fn votes_past(env: &TestEnv, hook: &str, more: &[&str]) -> Command {
    env.script("hooks/pre-push", hook);
    env.write("settings", format!("[core]\n\thooksPath = {}\n", env.path("hooks").display()));
    let mut command = env.agreed(&[&["approve", "acme", "--as", "alice"], more].concat());
    env.by_ssh(command.env("GIT_CONFIG_GLOBAL", env.path("settings")));
    command
}

#[test]
fn what_was_begun_ends_with_a_signal() {
    let env = TestEnv::with_partner();
    for more in [&["--no-input"][..], &[]] {
        let file = env.path("number");
        let _ = std::fs::remove_file(&file);
        let mut command = env.command(&["list"]);
        command.args(more);
        env.over_ssh(&mut command, &format!("echo $$ > {}\nexec sleep 300", file.display()));
        let mut run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let number = || std::fs::read_to_string(&file).ok()?.trim().parse::<u32>().ok();
        until("ssh", || number().is_some());
        let ssh = number().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap().success());
        assert_eq!(run.wait().unwrap().code(), Some(143), "{more:?}");
        until("the end of ssh", || {
            // One that nobody waits for any more is no program that runs.
            let state = std::fs::read_to_string(format!("/proc/{ssh}/stat")).unwrap_or_default();
            state.is_empty() || state.contains(") Z ")
        });
    }
}

/// As under an init, a shell or a daemon that has SIGCHLD ignored, which whatever it begins inherits.
#[test]
#[cfg(target_os = "linux")]
fn how_children_end_is_heard_of_though_it_was_ignored() {
    let env = TestEnv::with_partner();
    let ignoring = |args: &[&str]| {
        let mut command = env.command(&[]);
        env.by_ssh(&mut command);
        let mut ignoring = Command::new("env");
        ignoring.args(["--ignore-signal=CHLD", env!("CARGO_BIN_EXE_karmada-partner")]).args(args);
        ignoring.current_dir(command.get_current_dir().unwrap()).env_clear();
        ignoring.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        ignoring
    };
    let output = env.output(&mut ignoring(&["list"])).ok();
    assert!(output.stdout.contains("acme"), "{output}");
    // And of a pager, which a person has at a terminal.
    let mut terminal = Terminal::start(ignoring(&["log"]).env("PAGER", "cat; echo paged").env("LINES", "5"));
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
}

/// A security key waits for a finger, and what says so is kept from the terminal. Who is asked there for what isn't shown is left alone.
#[test]
fn whoever_waits_for_a_signature_is_told_what_the_program_says() {
    let env = TestEnv::with_applicant();
    crate::signed_work::make_key(&env, "alice");
    let vote = |lines: &str, who: &str, args: &[&str]| {
        env.script("signs", &format!("{lines}\nexec ssh-keygen \"$@\""));
        let said =
            ["review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "met", "--vote", "approve"];
        let mut command = env.command(&[&said, args, &["--yes", "--as", who]].concat());
        env.write("settings", format!("[gpg \"ssh\"]\n\tprogram = {}\n", env.path("signs").display()));
        command.env("KARMADA_PARTNER_SIGNING_KEY", env.path("alice")).env("GIT_CONFIG_GLOBAL", env.path("settings"));
        command
    };
    let touch = "echo 'Confirm user presence for key X' >&2\nsleep 2";
    let mut terminal = Terminal::start(&vote(touch, "alice", &[]));
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
    let told = terminal.text().replace('\n', " ");
    assert!(told.contains("Waiting for") && told.contains("Confirm user presence for key X"), "{told}");
    let output = env.output(&mut vote(touch, "bob", &["--no-input"])).ok();
    assert!(output.stderr.contains("signs …\n  Confirm user presence for key X\n"), "{output}");
    let asks = "stty -echo < /dev/tty\nprintf 'Passphrase: ' > /dev/tty\nread word < /dev/tty\nstty echo < /dev/tty";
    let mut terminal = Terminal::start(&vote(asks, "carol", &[]));
    terminal.shows("Passphrase: ");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    terminal.types_ahead("secret\r");
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
    assert!(!terminal.text().contains("Waiting for"), "{}", terminal.text());
}

#[test]
fn a_hook_reads_no_answer_where_nobody_may_be_asked() {
    let env = TestEnv::with_applicant();
    let hook = "echo 'Run the tests? [y/N]'\nread answer < /dev/tty || echo nobody >> asked";
    let mut terminal = Terminal::start(&votes_past(&env, hook, &["--no-input"]));
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());
    let asked = [env.path("asked"), env.path("registry.git/asked")].into_iter().find(|file| file.exists());
    let cache = || crate::unread::all_files(&env.path("home/.cache")).into_iter().find(|file| file.ends_with("asked"));
    assert_eq!(std::fs::read_to_string(asked.or_else(cache).unwrap()).unwrap(), "nobody\n");
}

#[test]
fn what_a_hook_says_on_either_output_is_told() {
    let env = TestEnv::with_applicant();
    let hook = "echo 'lint: 3 problems'\necho 'see the log' >&2\nexit 1";
    let output = env.output(&mut votes_past(&env, hook, &[])).fails(5);
    assert!(output.stderr.contains("lint: 3 problems") && output.stderr.contains("see the log"), "{output}");
}

#[test]
fn what_git_was_set_to_check_is_told_with_what_lets_it_pass() {
    let env = TestEnv::with_partner();
    let tree = |rows: Vec<u8>| env.id(&["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], rows);
    let blob = env.id(&["hash-object", "-w", "--stdin"], "x\n");
    let tree = tree(env.entry("040000", "old", &tree(env.entry("100644", "f", &blob))));
    let commit = env.id(&["commit-tree", &tree, "-m", "old"], "");
    let main = env.id(&["commit-tree", "main^{tree}", "-p", "main", "-p", &commit, "-m", "both"], "");
    env.set_head(&main);
    let list = |settings: &str| {
        env.write("settings", format!("[transfer]\n\tfsckObjects = true\n{settings}"));
        let mut command = env.command(&["list"]);
        env.output(env.by_ssh(command.env("GIT_CONFIG_GLOBAL", env.path("settings"))))
    };
    let output = list("").fails(5);
    assert!(output.stderr.contains("git config --global fetch.fsck.zeroPaddedFilemode warn"), "{output}");
    assert!(!output.stderr.contains("check the address"), "{output}");
    list("[fetch \"fsck\"]\n\tzeroPaddedFilemode = warn\n").ok().code.unwrap();
}
