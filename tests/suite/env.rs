//! One hermetic environment: its own home, an empty environment, a clock that ticks a minute a command.

use std::cell::Cell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use github_double::{Files, directory};
use tempfile::TempDir;

/// When every test begins: 2026-09-21T14:13:20Z, in seconds since 1970.
const BEGIN: i64 = 1_790_000_000;

/// How long to wait for what must come: on a busy machine that takes a while, and only a test that fails waits so long.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A registry's committee as most tests want it: two votes from two affiliations.
pub const PROGRAM: &str = r#"schema = 1
name = "Test Program"

[[committee]]
github = "alice"
affiliation = "Umbrella"
role = "chair"

[[committee]]
github = "bob"
affiliation = "Initech"

[[committee]]
github = "carol"
affiliation = "Globex"

[[committee]]
github = "erin"
affiliation = "Hooli"
role = "emeritus"
"#;

/// An ssh that runs its command on this machine.
pub const SERVES: &str = "for word; do last=$word; done\neval \"exec $last\"";

pub struct TestEnv {
    root: TempDir,
    tick: Cell<i64>,
}

/// A world that was made once: what stands there, and how late it is.
pub struct Made {
    files: Files,
    tick: i64,
}

/// What a command did.
#[must_use = "assert the exit status, or look at what was said"]
pub struct Output {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// It must have ended well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// The first of its hints.
    #[track_caller]
    pub fn hint(&self) -> &str {
        self.stderr.lines().find(|line| line.starts_with("hint: ")).unwrap_or_else(|| panic!("no hint: {self}"))
    }

    /// It must have ended with this code.
    #[track_caller]
    pub fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}\n{self}"))
    }
}

/// For snapshots: the exit code, both streams, and nothing that differs from run to run.
impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit {code}")?,
            None => writeln!(f, "killed")?,
        }
        if !self.stdout.is_empty() {
            write!(f, "--- stdout\n{}", self.stdout)?;
        }
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        Ok(())
    }
}

/// How much of something: a little of it, or all where that is asked for, as `.ci/run` does.
#[expect(clippy::disallowed_methods, reason = "it changes how much is tested, and nothing of what the program does")]
pub fn much<T>(little: T, all: T) -> T {
    if std::env::var_os("KARMADA_PARTNER_TESTS").is_some_and(|tests| tests == "all") { all } else { little }
}

/// So many of these, in their order and spread over them, or all where that is asked for: what is proved of one kind in many cases.
/// Which ones is another matter in each file that asks, and for each number of them; lines that come and go change nothing.
#[track_caller]
pub fn some<T>(few: usize, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    let all: Vec<T> = all.into_iter().collect();
    let file = std::panic::Location::caller().file().bytes();
    let (count, first) = (all.len(), file.fold(all.len(), |sum, byte| (sum * 31 + usize::from(byte)) % 65_521));
    let few = much(few, count).min(count);
    let chosen: std::collections::BTreeSet<usize> = (0..few).map(|nth| (first + nth * count / few) % count).collect();
    all.into_iter().enumerate().filter(move |(at, _)| chosen.contains(at)).map(|(_, one)| one)
}

/// Another program, ready to run where one of ours is, in its environment; nothing of the outer one gets in.
pub fn beside(program: impl AsRef<OsStr>, ours: &Command) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(ours.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(directory) = ours.get_current_dir() {
        command.current_dir(directory);
    }
    command
}

/// One of ours, started by a shell of these lines, to which it is `"$@"`.
pub fn by_shell(lines: &str, ours: &Command) -> Command {
    let mut shell = beside("sh", ours);
    shell.args(["-c", lines, "sh"]).arg(ours.get_program()).args(ours.get_args());
    shell
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The one authority that is trusted, and never met. Those of the machine are many, and read at each start.
fn roots() -> &'static str {
    static ROOTS: OnceLock<String> = OnceLock::new();
    ROOTS.get_or_init(|| rcgen::generate_simple_self_signed(["nobody.example".to_owned()]).unwrap().cert.pem())
}

/// What people read is words, and never a value as a programmer sees it.
#[track_caller]
fn speaks_to_people(args: &[&str], stdout: &str, stderr: &str) {
    const INNARDS: [&str; 18] = [
        "ChunkType",
        "Other(",
        "Os {",
        "Custom {",
        "Error {",
        "Error(",
        "kind: ",
        "code: -",
        "Some(",
        "None)",
        "Ok(",
        "Err(",
        "ErrorKind",
        "InvalidData",
        "PathBuf",
        "String(",
        "RUST_BACKTRACE",
        "panicked at",
    ];
    // What the libraries that make connections call what went wrong there.
    const OF_CONNECTIONS: [&str; 9] = [
        "client error (",
        "error sending request",
        "InvalidContentType",
        "HandshakeFailure",
        "ProtocolVersion",
        "tls handshake eof",
        "close_notify",
        "received fatal alert",
        "tunnel error",
    ];
    let found = INNARDS.iter().find(|innards| stderr.contains(**innards));
    assert_eq!(found, None, "a program's innards are shown by {args:?}:\n{stderr}");
    let shown = OF_CONNECTIONS.iter().find(|name| [stdout, stderr].iter().any(|told| told.contains(**name)));
    assert_eq!(shown, None, "a library's innards are shown by {args:?}:\n{stdout}\n{stderr}");
}

impl TestEnv {
    pub fn new() -> Self {
        let env = Self { root: directory("kp"), tick: Cell::new(0) };
        std::fs::create_dir(env.path("home")).unwrap();
        env.write("roots.pem", roots());
        env
    }

    /// Two members approve what is open, and carry it.
    #[track_caller]
    pub fn decide(&self, slug: &str) {
        for member in ["alice", "bob"] {
            self.run(&["approve", slug, "--as", member]).ok().code.unwrap();
        }
    }

    /// A program of these lines.
    pub fn script(&self, path: &str, lines: &str) {
        std::fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        github_double::program(&self.path(path), format!("#!/bin/sh\n{lines}\n").as_bytes());
    }

    /// With what stands in `bin` before all other programs.
    pub fn with_programs<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let path = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value).unwrap();
        let path = format!("{}:{}", self.path("bin").display(), path.to_string_lossy());
        command.env("PATH", path)
    }

    /// The registry behind a URL, with an ssh of these lines.
    pub fn over_ssh<'c>(&self, command: &'c mut Command, lines: &str) -> &'c mut Command {
        self.script("bin/ssh", lines);
        let url = format!("ssh://git@host.example{}", self.path("registry.git").display());
        self.with_programs(command).env("KARMADA_PARTNER_REGISTRY", url)
    }

    /// The program at another path. What is being written can't be run, and each process that another thread starts meanwhile would
    /// keep it open: another process writes it.
    #[cfg(target_os = "linux")]
    pub fn copy_program(&self, to: &str) -> PathBuf {
        let copy = self.path(to);
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_karmada-partner")).arg(&copy).status();
        assert!(copied.unwrap().success());
        copy
    }

    /// The same with one that works.
    pub fn by_ssh<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        self.over_ssh(command, SERVES)
    }

    /// An editor that puts a file through a filter: what `sed -i` takes isn't the same on all systems.
    pub fn editor(&self, filter: &str) -> String {
        self.write("editor", format!("{filter} < \"$1\" > edited && cat edited > \"$1\"\n"));
        format!("sh {}", self.path("editor").display())
    }

    /// What takes commands to make is made once, and written anew for each who wants it; nothing tells them apart.
    pub fn once(made: &'static OnceLock<Made>, make: impl FnOnce() -> Self) -> Self {
        Self::of(made.get_or_init(|| make().made()))
    }

    pub fn made(&self) -> Made {
        Made { files: Files::of(self.root.path()), tick: self.tick.get() }
    }

    pub fn of(made: &Made) -> Self {
        let env = Self { root: directory("kp"), tick: Cell::new(made.tick) };
        made.files.write(env.root.path());
        env
    }

    /// With a registry at `registry.git` under [`PROGRAM`], and a logo at `logo.png`.
    pub fn with_registry() -> Self {
        static MADE: OnceLock<Made> = OnceLock::new();
        Self::once(&MADE, || {
            let env = Self::new();
            env.write("program.toml", PROGRAM);
            env.write("logo.png", crate::picture::png(300, 200));
            let made = env.run(&["init", "registry.git", "--program", "program.toml"]);
            assert_eq!(made.code, Some(0), "{made}");
            env
        })
    }

    /// With a partner or applicant `acme` in a registry.
    pub fn with_applicant() -> Self {
        static MADE: OnceLock<Made> = OnceLock::new();
        Self::once(&MADE, || {
            let env = Self::with_registry();
            env.apply("Acme").ok().code.unwrap();
            env
        })
    }

    /// With an active partner `acme`.
    pub fn with_partner() -> Self {
        static MADE: OnceLock<Made> = OnceLock::new();
        Self::once(&MADE, || {
            let env = Self::with_applicant();
            env.decide("acme");
            env
        })
    }

    /// Files an application with everything that is needed.
    pub fn apply(&self, name: &str) -> Output {
        let host = name.to_lowercase();
        let website = format!("https://{host}.example/karmada");
        let contact = format!("{host}-bot");
        self.run(&["apply", "--name", name, "--website", &website, "--github", &contact, "--logo", "logo.png"])
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The time of the command before, in seconds since 1970.
    pub fn now(&self) -> i64 {
        BEGIN + self.tick.get()
    }

    /// The program, ready to run in this environment; nothing of the outer one gets in.
    pub fn command(&self, args: &[&str]) -> Command {
        self.tick.set(self.tick.get() + 60);
        self.at_once(args)
    }

    /// The same, agreed to beforehand.
    pub fn agreed(&self, args: &[&str]) -> Command {
        let mut command = self.command(args);
        agree(&mut command);
        command
    }

    /// The same at the moment of the one before.
    pub fn at_once(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_karmada-partner"));
        self.seal(&mut command);
        if self.path("registry.git").exists() {
            command.env("KARMADA_PARTNER_REGISTRY", "registry.git");
        }
        command.args(args);
        command
    }

    #[expect(clippy::disallowed_methods, reason = "git has to be found")]
    fn seal(&self, command: &mut Command) {
        command
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            // In memory, where this is: a disk is slow with files that come and go.
            .env("TMPDIR", self.root.path().parent().unwrap())
            .env("USER", "jane")
            // Where XDG has them below HOME: so tests find them on a system that has other folders, too.
            .env("XDG_DATA_HOME", self.path("home/.local/share"))
            .env("XDG_STATE_HOME", self.path("home/.local/state"))
            .env("XDG_CACHE_HOME", self.path("home/.cache"))
            .env("XDG_CONFIG_HOME", self.path("home/.config"))
            // Nothing asks the world; what is on this machine is asked directly.
            .env("http_proxy", "http://127.0.0.1:9")
            .env("https_proxy", "http://127.0.0.1:9")
            .env("no_proxy", "127.0.0.1,localhost")
            .env("SSL_CERT_FILE", self.path("roots.pem"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Test")
            .env("GIT_AUTHOR_EMAIL", "test@example.com")
            .env("GIT_COMMITTER_NAME", "Test")
            .env("GIT_COMMITTER_EMAIL", "test@example.com")
            .env("SOURCE_DATE_EPOCH", self.now().to_string())
            // Git's own clock, too: what is done by hand isn't done before or after its time.
            .env("GIT_AUTHOR_DATE", format!("@{} +0000", self.now()))
            .env("GIT_COMMITTER_DATE", format!("@{} +0000", self.now()));
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.output(&mut self.agreed(args))
    }

    /// The same at another time, in seconds since 1970.
    pub fn run_at(&self, time: i64, args: &[&str]) -> Output {
        self.output(self.command(args).env("SOURCE_DATE_EPOCH", time.to_string()))
    }

    /// The same where nobody agrees to anything beforehand.
    pub fn run_unagreed(&self, args: &[&str]) -> Output {
        self.told(&mut self.command(args))
    }

    /// What a command says that is agreed to beforehand: no test has a person at hand.
    pub fn output(&self, command: &mut Command) -> Output {
        agree(command);
        self.told(command)
    }

    pub fn told(&self, command: &mut Command) -> Output {
        let output = command.output().unwrap();
        let (code, stdout) = (output.status.code(), self.redact(&output.stdout));
        let args: Vec<&str> = command.get_args().filter_map(std::ffi::OsStr::to_str).collect();
        crate::schema_check::hold(&args, &stdout);
        let stderr = self.redact(&output.stderr);
        speaks_to_people(&args, &stdout, &stderr);
        if args.windows(2).any(|pair| pair == ["--lang", "zh"]) {
            let ill_set = crate::chinese_setting::ill_set(&format!("{stdout}\n{stderr}"), &args);
            assert!(ill_set.is_empty(), "{args:?}: ill set:\n{}", ill_set.join("\n"));
        }
        Output { code, stdout, stderr }
    }

    /// Runs `git` in the registry, and gives what it prints.
    pub fn git(&self, args: &[&str]) -> String {
        self.git_at("registry.git", args)
    }

    pub fn git_at(&self, directory: &str, args: &[&str]) -> String {
        self.redact(self.git_exactly(directory, args).as_bytes())
    }

    /// Git, ready to run in this environment.
    pub fn sealed_git(&self) -> Command {
        let mut command = github_double::git();
        self.seal(&mut command);
        command
    }

    /// The same with nothing taken out: to write it back, changed.
    pub fn git_exactly(&self, directory: &str, args: &[&str]) -> String {
        let mut command = self.sealed_git();
        let output = command.current_dir(self.path(directory)).args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Changes files of the registry's default branch by hand, as a person with a checkout would.
    pub fn edit(&self, message: &str, change: impl FnOnce(&Path)) {
        let checkout = self.path("checkout");
        self.git_at(".", &["clone", "--quiet", "registry.git", "checkout"]);
        change(&checkout);
        self.git_at("checkout", &["add", "--all"]);
        self.git_at("checkout", &["commit", "--quiet", "--message", message]);
        self.git_at("checkout", &["push", "--quiet", "origin", "HEAD"]);
        std::fs::remove_dir_all(checkout).unwrap();
    }

    /// Changes the policy as it is done: proposed, and carried by two.
    pub fn change_policy(&self, change: impl FnOnce(String) -> String) {
        let present = self.git(&["show", "main:data/program.toml"]);
        self.write("next.toml", change(present));
        self.run(&["program", "propose", "next.toml", "--as", "alice"]).ok().code.unwrap();
        self.decide("program");
    }

    /// The codes of everything that `check` finds, with its paths.
    pub fn problems(&self) -> Vec<String> {
        let found = self.run(&["check", "--json"]).json();
        let of = |p: &serde_json::Value| {
            let line = p["line"].as_u64().map(|l| format!(":{l}")).unwrap_or_default();
            format!("{} {}{line}", p["code"].as_str().unwrap(), p["path"].as_str().unwrap())
        };
        found["problems"].as_array().unwrap().iter().map(of).collect()
    }

    /// The state of a partner.
    pub fn state(&self, slug: &str) -> String {
        let list = self.run(&["list", "--json"]).json();
        let partner = list["partners"].as_array().unwrap().iter().find(|p| p["partner"] == slug);
        partner.map_or_else(|| "none".to_owned(), |p| p["state"].as_str().unwrap().to_owned())
    }

    /// The kinds of a partner's events, in order.
    pub fn events(&self, slug: &str) -> Vec<String> {
        let log = self.run(&["log", slug, "--json"]).json();
        log["events"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap().to_owned()).collect()
    }

    /// Takes out what differs from run to run: where the test lives, and ids of commits.
    pub fn redact(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes).replace(&self.root.path().display().to_string(), "$TEST");
        let mut out = String::new();
        for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            let hex = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let is_id = matches!(hex.len(), 10 | 40) && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            out += &if is_id { word.replace(hex, "[COMMIT]") } else { word.to_owned() };
        }
        out
    }
}

/// Another home for a command, or none, and nothing that stands for what would be below it.
pub fn at_home<'c>(command: &'c mut Command, home: Option<&Path>) -> &'c mut Command {
    for variable in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
        command.env_remove(variable);
    }
    match home {
        Some(home) => command.env("HOME", home),
        None => command,
    }
}

/// Adds what agrees to everything, where it isn't there.
pub fn agree(command: &mut Command) {
    let agreed = |arg: &std::ffi::OsStr| arg == "--yes" || arg == "-y" || arg == "--";
    if !command.get_args().any(agreed) {
        command.arg("--yes");
    }
}
