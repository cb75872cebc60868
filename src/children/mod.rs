//! Other programs: run without a question where nobody may be asked, and never for ever.

mod ending;
#[cfg(unix)]
mod heard;
mod outcome;
pub(crate) mod typed_ahead;

use std::io::{self, Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use ending::Begun;
pub(crate) use outcome::{how, of_signal, why_ended};

pub(crate) use ending::end_all;

/// What git hands its hooks about the repository they run for. Settings, which are the person's, aren't among it, but for a file
/// that `git config` reads in place of all others, and no other command of git's does.
const OF_ANOTHER_REPOSITORY: [&str; 17] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
    "GIT_REFLOG_ACTION",
];

/// After a program has ended, what it started may still hold its outputs open for so long.
const GRACE: Duration = Duration::from_secs(2);

/// From then on a person is told whom they wait for.
const SILENCE: Duration = Duration::from_secs(1);

/// The same of what takes its time as a rule.
const LONG_SILENCE: Duration = Duration::from_secs(10);

type Tell = Box<dyn Fn(&str) + Send + Sync>;

/// By what whoever waits is told so.
static TELL: OnceLock<Tell> = OnceLock::new();

/// Has whoever waits for another program told by this.
pub(crate) fn tell_by(tell: impl Fn(&str) + Send + Sync + 'static) {
    let _ = TELL.set(Box::new(tell));
}

/// Tells whoever waits.
pub(crate) fn tell(words: &str) {
    if let Some(tell) = TELL.get() {
        tell(words);
    }
}

/// By what git asks for names and passwords.
#[derive(Debug, Clone, Default)]
pub struct Askpass {
    /// The program that `GIT_ASKPASS` names.
    pub(crate) program: Option<String>,
    /// An editor set it for its own terminal, where it opens a window of the editor's.
    pub(crate) is_editors: bool,
}

impl Askpass {
    /// Whether it asks somebody, as the programs of editors and desktops do; others answer by themselves, as in CI.
    fn asks(&self) -> bool {
        let of_desktops = ["sshaskpass", "ssh-askpass", "git-gui--askpass"];
        let is_of_desktop = |program: &String| of_desktops.iter().any(|name| program.contains(name));
        self.is_editors || self.program.as_ref().is_some_and(is_of_desktop)
    }
}

static ASKPASS: OnceLock<Askpass> = OnceLock::new();

/// Says by what git asks here, once.
pub(crate) fn asked_by(askpass: Askpass) {
    let _ = ASKPASS.set(askpass);
}

/// What git asks for names and passwords, where nobody may be asked or somebody may.
pub(crate) fn askpass(may_ask: bool) -> Option<&'static str> {
    ASKPASS.get().filter(|askpass| may_ask || !askpass.asks())?.program.as_deref()
}

/// Opens an address or a file as the system does. It is told to somebody else's program, and not waited for.
pub(crate) fn open(what: &str) -> io::Result<()> {
    let (program, before): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(before).arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}

/// Opens a file in an editor, as its command is written in VISUAL or EDITOR, and waits for it.
/// `begun` is told its number, and holds what it gives until the end.
pub(crate) fn edit<T>(editor: &str, file: &Path, begun: impl FnOnce(u32) -> T) -> io::Result<ExitStatus> {
    let _keys = typed_ahead::shown();
    let mut child = start(editor, Some(file), |_| ())?;
    let _held = begun(child.id());
    child.wait()
}

/// What git would show long output with: by its variable, its configuration, `PAGER`, or else its own. None where there is no git.
pub(crate) fn pager() -> Option<String> {
    hear_of_ends();
    let said = Command::new("git").args(["var", "GIT_PAGER"]).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok().map(|pager| pager.trim().to_owned()).filter(|pager| !pager.is_empty())
}

/// Shows a text with a pager, set up as git does it, and waits until the reader is through. Gives whether it could be begun.
/// `begun` is told its number, and holds what it gives until the end.
/// `less` is how less behaves.
pub(crate) fn page<T>(
    (pager, less): (&str, &str),
    text: &str,
    has_own: impl Fn(&str) -> bool,
    begun: impl FnOnce(u32) -> T,
) -> bool {
    let _keys = typed_ahead::shown();
    let started = start(pager, None, |command| {
        // What is shown is UTF-8, also where the machine doesn't have the locale that is named.
        for (name, value) in [("LESS", less), ("LV", "-c"), ("LESSCHARSET", "utf-8")] {
            if !has_own(name) {
                command.env(name, value);
            }
        }
        command.stdin(Stdio::piped());
    });
    let Ok(mut child) = started else { return false };
    let _held = begun(child.id());
    if let Some(mut stdin) = child.stdin.take() {
        // Who has read enough closes it.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait().is_ok_and(|status| status.code() != Some(127))
}

/// Whoever waits for what is begun hears how it ends.
fn hear_of_ends() {
    #[cfg(unix)]
    heard::ends();
}

/// Starts a command line as a person has written it, perhaps over a file.
fn start(line: &str, file: Option<&Path>, set: impl Fn(&mut Command)) -> io::Result<Child> {
    hear_of_ends();
    if !cfg!(windows) {
        // The shell knows quotes and variables; so does git.
        let mut command = Command::new("sh");
        match file {
            Some(file) => command.args(["-c", &format!("{line} \"$@\""), line]).arg(file),
            None => command.args(["-c", line]),
        };
        set(&mut command);
        return command.spawn();
    }
    // Windows' own shell reads quotes otherwise than programs write them, and ends with 1 where there is no such program, too.
    let words = words_on_windows(line);
    let (program, rest) = words.split_first().ok_or(io::ErrorKind::NotFound)?;
    let mut begun = Err(io::ErrorKind::NotFound.into());
    // Only .exe is looked for by itself; many editors bring a script.
    for ending in ["", ".cmd", ".bat"] {
        let mut command = Command::new(format!("{program}{ending}"));
        command.args(rest).args(file);
        set(&mut command);
        begun = command.spawn();
        if !begun.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
            break;
        }
    }
    begun
}

/// The words of a command line: between spaces, but for what is in double quotes. A backslash is a part of a path.
fn words_on_windows(line: &str) -> Vec<String> {
    let (mut words, mut within, mut quoted) = (Vec::<String>::new(), false, false);
    for c in line.chars() {
        if c.is_whitespace() && !quoted {
            within = false;
            continue;
        }
        if !within {
            words.push(String::new());
            within = true;
        }
        match (c, words.last_mut()) {
            ('"', _) => quoted = !quoted,
            (c, Some(word)) => word.push(c),
            (_, None) => {}
        }
    }
    words
}

/// The user's git, for no repository yet; it speaks English, since some of what it says is read.
pub(crate) fn git() -> Command {
    let mut command = Command::new("git");
    for name in OF_ANOTHER_REPOSITORY {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C");
    command
}

/// The same, which asks nobody unless it may.
pub(crate) fn git_that(may_ask: bool) -> Command {
    let mut command = git();
    if !may_ask {
        // What a setting names opens a window, mostly. Empty, it names nothing, nor does what comes behind it.
        ask_nobody(&mut command).args(["-c", "core.askPass="]);
    }
    command
}

/// Has a git command in a copy of ours, which has no remotes, read the settings that are for what came from such an address, as in
/// a clone of that: those of `includeIf "hasconfig:remote.*.url:…"`.
pub(crate) fn as_come_from<'c>(command: &'c mut Command, address: &str) -> &'c mut Command {
    command.args(["-c", &format!("remote.origin.url={address}")])
}

/// The first git that takes settings from its environment, where a token for it is written.
const OLDEST_GIT: (u32, u32) = (2, 31);

/// Whether the user's git is older than that, by what `git --version` says. One whose version can't be told isn't.
pub(crate) fn is_old_git(said: &str) -> bool {
    is_older(said, OLDEST_GIT)
}

/// Whether the user's git doesn't know options that it is always called with: `--show-origin`, `--symref`.
pub(crate) fn is_much_too_old(said: &str) -> bool {
    is_older(said, (2, 8))
}

fn is_older(said: &str, than: (u32, u32)) -> bool {
    let number = |part: Option<&str>| part?.parse::<u32>().ok();
    let version = said.trim().strip_prefix("git version ").unwrap_or_default();
    let mut parts = version.split(['.', ' ']);
    number(parts.next()).zip(number(parts.next())).is_some_and(|version| version < than)
}

/// What git itself said, without the lines by which it was set to trace what it does (`GIT_TRACE` and its kin).
pub(crate) fn without_traces(said: &str) -> String {
    let is_time = |begin: &[u8]| {
        begin.iter().zip(b"00:00:00.000000 ").all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            sign => byte == sign,
        })
    };
    let is_trace = |line: &str| {
        let bytes = line.as_bytes();
        bytes.get(..16).is_some_and(is_time) || line.starts_with("{\"event\":") || line.starts_with("trace: ")
    };
    said.split_inclusive('\n').filter(|line| !is_trace(line)).collect()
}

/// What to do where git doesn't know an option that every git since long has.
pub(crate) fn much_newer_git(stderr: &str) -> Option<String> {
    let is_unknown = stderr.lines().any(|line| line.starts_with("error: unknown option `"));
    is_unknown.then(far_newer_git)
}

/// What to do about a git that knows too little.
pub(crate) fn far_newer_git() -> String {
    let (major, minor) = OLDEST_GIT;
    tr!("that git is too old: install {major}.{minor} or newer", major, minor)
}

/// What to do where git says which of its settings it can't read.
pub(crate) fn mend_what_git_names() -> &'static str {
    tr!("mend what git names there, then run it again")
}

/// What to do about an old git.
pub(crate) fn newer_git() -> String {
    let (major, minor) = OLDEST_GIT;
    tr!(
        "install git {major}.{minor} or newer: what is on GitHub is cloned and pushed with it by your token",
        major,
        minor
    )
}

/// Makes a program, and what it runs, ask nobody. A program that answers git by itself, in `GIT_ASKPASS`, is kept; one that
/// answers ssh, or that git's settings name, may as well ask on the screen, and isn't.
pub(crate) fn ask_nobody(command: &mut Command) -> &mut Command {
    if ASKPASS.get().is_some_and(Askpass::asks) {
        command.env_remove("GIT_ASKPASS");
    }
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GCM_INTERACTIVE", "never")
        .env("GH_PROMPT_DISABLED", "1")
        // With a program to ask by that never answers, ssh doesn't turn to the terminal.
        .env("SSH_ASKPASS", "false")
        .env("SSH_ASKPASS_REQUIRE", "force")
}

fn asks_nobody(command: &Command) -> bool {
    command.get_envs().any(|(name, _)| name == "SSH_ASKPASS_REQUIRE")
}

fn may_ask(command: &Command) -> bool {
    !command.get_envs().any(|(name, value)| name == "GIT_TERMINAL_PROMPT" && value.is_some_and(|value| value == "0"))
}

/// How a program came to an end.
#[derive(Debug)]
pub(crate) enum Ended {
    With(Output),
    /// It took too long, and was ended.
    Late,
    /// It was ended, since it wasn't to go on.
    Stopped,
}

/// How long a program may take, and what is done meanwhile.
#[derive(Clone, Copy)]
pub(crate) struct Patience<'a> {
    pub(crate) limit: Duration,
    /// How long nobody is told that it takes a while.
    pub(crate) silence: Duration,
    /// Called behind that, with the last line of what it has said meanwhile; and again where another has stood for as long.
    pub(crate) waiting: &'a dyn Fn(&str),
    /// Asked all the time; when it says no, the program is ended.
    pub(crate) may_go_on: &'a dyn Fn() -> bool,
    /// Whether nothing comes any more, by what it has said: then it is given a moment to end by itself.
    pub(crate) is_over: &'a dyn Fn(&[u8]) -> bool,
}

impl Patience<'static> {
    /// For what git says of itself at once.
    pub(crate) const TO_ANSWER: Self = Self::of(Duration::from_secs(20));

    /// Nobody is told that it takes a while.
    pub(crate) const fn of(limit: Duration) -> Self {
        Self { limit, silence: SILENCE, waiting: &|_| (), may_go_on: &|| true, is_over: &|_| false }
    }
}

impl Patience<'_> {
    /// For what takes its time as a rule.
    pub(crate) const fn at_length(self) -> Self {
        Self { silence: LONG_SILENCE, ..self }
    }
}

impl std::fmt::Debug for Patience<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Patience").field(&self.limit).finish()
    }
}

/// Runs a program over some bytes to its end, and reads what it says.
///
/// # Errors
/// When it can't be started or waited for.
pub(crate) fn run(command: &mut Command, input: &[u8], patience: Patience<'_>) -> io::Result<Ended> {
    let stdin = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
    let asks = may_ask(command);
    let _keys = asks.then(typed_ahead::shown);
    // Some terminals show the keys themselves, and so the system never does.
    let asks = asks && !typed_ahead::is_asked();
    let alone = asks_nobody(command);
    hear_of_ends();
    let mut begun = Begun::begin(command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()), alone)?;
    if let Some(mut stdin) = begun.child.stdin.take() {
        let input = input.to_vec();
        // One that ends without reading says why in its own words.
        thread::spawn(move || stdin.write_all(&input));
    }
    let (stdout, stderr) = (all_of(begun.child.stdout.take()), all_of(begun.child.stderr.take()));
    let since = Instant::now();
    let mut news = News::since(since);
    let (mut out, mut said) = (Vec::new(), Vec::new());
    let mut over: Option<Instant> = None;
    let mut pause = Duration::from_micros(500);
    let status = loop {
        if let Some(status) = begun.child.try_wait()? {
            break status;
        }
        let stopped = !(patience.may_go_on)();
        if stopped || since.elapsed() > patience.limit {
            begun.end()?;
            return Ok(if stopped { Ended::Stopped } else { Ended::Late });
        }
        out.extend(stdout.try_iter().flatten());
        let heard = said.len();
        said.extend(stderr.try_iter().flatten());
        if said.len() > heard && over.is_none() && (patience.is_over)(&said) {
            over = Some(Instant::now());
        }
        if over.is_some_and(|since| since.elapsed() > GRACE) {
            begun.end()?;
            break begun.child.wait()?;
        }
        if asks && typed_ahead::is_asked() {
            // Whoever is asked there sees that, and is left alone.
            news.from = Instant::now();
        } else if let Some(line) = news.told(Instant::now(), &out, &said, patience.silence) {
            (patience.waiting)(&line);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    let until = Instant::now() + GRACE;
    out.extend(until_the_end(&stdout, until));
    said.extend(until_the_end(&stderr, until));
    Ok(Ended::With(Output { status, stdout: out, stderr: said }))
}

/// What whoever waits is told of a program.
struct News {
    /// From when on it has kept them waiting.
    from: Instant,
    /// How much it had said when it was looked at last, and when that was more than before.
    said: (usize, Instant),
    /// What was told last, and how much it had said by then.
    told: Option<(usize, String)>,
}

impl News {
    const fn since(now: Instant) -> Self {
        Self { from: now, said: (0, now), told: None }
    }

    /// The last line that it has said, once it is time to tell it.
    fn told(&mut self, now: Instant, out: &[u8], said: &[u8], silence: Duration) -> Option<String> {
        let much = out.len() + said.len();
        if much != self.said.0 {
            self.said = (much, now);
        }
        let stands = now.duration_since(self.said.1) > silence;
        let is_due = self.told.as_ref().is_none_or(|(by_then, _)| stands && *by_then != much);
        if now.duration_since(self.from) <= silence || !is_due {
            return None;
        }
        let last = Some(last_line(said)).filter(|line| !line.is_empty()).unwrap_or_else(|| last_line(out));
        let before = self.told.replace((much, last.clone()));
        (before.map(|(_, line)| line).as_ref() != Some(&last)).then_some(last)
    }
}

/// The last line in which anything stands.
fn last_line(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let line = said.split(['\n', '\r']).map(str::trim).rfind(|line| !line.is_empty());
    line.unwrap_or_default().to_owned()
}

/// What comes, piece by piece, on a thread of its own: whoever holds the other end open holds up nobody here.
fn all_of(from: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    if let Some(mut from) = from {
        thread::spawn(move || {
            let mut piece = [0; 16 * 1024];
            loop {
                match from.read(&mut piece) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    Ok(read @ 1..) if send.send(piece[..read].to_vec()).is_ok() => {}
                    _ => break,
                }
            }
        });
    }
    receive
}

/// All that has come, once nothing comes any more or it is time.
fn until_the_end(from: &mpsc::Receiver<Vec<u8>>, time: Instant) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Ok(piece) = from.recv_timeout(time.saturating_duration_since(Instant::now())) {
        bytes.extend(piece);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_traces_is_none_of_its_words() {
        let said = "12:34:56.789012 git.c:463               trace: built-in: git fetch '/c/x.git'\n\
            {\"event\":\"version\",\"sid\":\"/c/x.git\"}\nfatal: no\n12:34 is no trace\nlast";
        assert_eq!(without_traces(said), "fatal: no\n12:34 is no trace\nlast");
    }

    #[test]
    fn an_old_git_is_known_by_what_it_says() {
        for old in ["git version 2.30.2\n", "git version 1.8.3.1", "git version 2.30.1 (Apple Git-130)"] {
            assert!(is_old_git(old), "{old}");
        }
        for other in
            ["git version 2.31.0", "git version 2.47.3.windows.1", "git version 3.0", "git version 2", "", "git"]
        {
            assert!(!is_old_git(other), "{other}");
        }
        assert!(much_newer_git("error: unknown option `symref'\nusage: git ls-remote\n").unwrap().contains("2.31"));
        assert_eq!(much_newer_git("remote: error: unknown option `x'\n"), None);
    }

    #[test]
    fn what_opens_a_window_is_known_from_what_answers() {
        let asks = |program: &str, is_editors| Askpass { program: Some(program.into()), is_editors }.asks();
        for program in ["/usr/bin/ksshaskpass", "/usr/lib/ssh/x11-ssh-askpass", "/usr/lib/git-core/git-gui--askpass"] {
            assert!(asks(program, false), "{program}");
        }
        assert!(asks("/usr/share/code/resources/app/extensions/git/dist/askpass.sh", true));
        assert!(!asks("/home/runner/askpass.sh", false) && !asks("echo", false) && !Askpass::default().asks());
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_command_line_of_windows_has_paths_with_spaces() {
        for (line, words) in [
            ("less", ["less"].as_slice()),
            (" code  --wait ", &["code", "--wait"]),
            (r#""C:\Program Files\Vim\vim.exe" -u "a b" """#, &[r"C:\Program Files\Vim\vim.exe", "-u", "a b", ""]),
            ("", &[]),
        ] {
            assert_eq!(words_on_windows(line), words, "{line}");
        }
    }

    #[test]
    fn what_a_program_says_is_read_however_much_it_is() {
        let ended = run(&mut shell("cat; cat >&2 /dev/null; exit 3"), &vec![b'x'; 1 << 20], Patience::of(GRACE * 30));
        let Ok(Ended::With(output)) = ended else { panic!("{ended:?}") };
        assert_eq!((output.stdout.len(), output.status.code()), (1 << 20, Some(3)));
    }

    #[test]
    fn one_that_never_ends_is_ended() {
        let ended = run(&mut shell("sleep 300"), b"", Patience::of(Duration::from_millis(50)));
        assert!(matches!(ended, Ok(Ended::Late)), "{ended:?}");
    }

    /// Each of its processes is known by what stands in its environment.
    #[cfg(unix)]
    #[test]
    fn what_it_started_ends_with_it() {
        for alone in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("begun");
            let mut command = shell(&format!("(echo begun > {at}; exec sleep 300) & wait", at = file.display()));
            command.env("BEGUN_BY", &file);
            if alone {
                ask_nobody(&mut command);
            }
            let there = || std::fs::read_to_string(&file).is_ok_and(|said| said.ends_with('\n'));
            let go_on = || !there();
            let patience = Patience { may_go_on: &go_on, ..Patience::of(GRACE * 30) };
            assert!(matches!(run(&mut command, b"", patience), Ok(Ended::Stopped)));
            let sleeps = || {
                let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
                let said = |entry: std::fs::DirEntry| std::fs::read(entry.path().join("environ")).unwrap_or_default();
                let mark = format!("BEGUN_BY={}", file.display());
                all.map(said).any(|environ| environ.windows(mark.len()).any(|part| part == mark.as_bytes()))
            };
            // It was killed, and goes as soon as a busy machine comes to it.
            let is_over = || {
                !sleeps() || {
                    thread::sleep(Duration::from_millis(50));
                    false
                }
            };
            assert!((0..400).any(|_| is_over()), "alone: {alone}");
        }
    }

    #[test]
    fn what_it_said_last_is_known_to_whoever_waits() {
        let heard = std::cell::RefCell::new(String::new());
        let hear = |line: &str| line.clone_into(&mut heard.borrow_mut());
        let patience = Patience { waiting: &hear, ..Patience::of(GRACE * 30) };
        let ended = run(&mut shell("echo one >&2; echo 'two? [y/N]' >&2; sleep 2; echo three >&2"), b"", patience);
        let Ok(Ended::With(output)) = ended else { panic!("{ended:?}") };
        assert_eq!(heard.borrow().as_str(), "two? [y/N]");
        assert_eq!(output.stderr, b"one\ntwo? [y/N]\nthree\n", "nothing is lost");
    }

    #[test]
    fn what_it_says_later_is_told_too_once_it_stands() {
        let (begun, second) = (Instant::now(), Duration::from_secs(1));
        let mut news = News::since(begun);
        let mut said = Vec::new();
        let mut told = Vec::new();
        for (at, line) in
            [(5, ""), (11, ""), (12, "1\n"), (13, "2\n"), (14, "touch it\n"), (20, ""), (25, ""), (40, "")]
        {
            said.extend_from_slice(line.as_bytes());
            told.extend(news.told(begun + second * at, b"", &said, second * 10).map(|line| (at, line)));
        }
        assert_eq!(told, [(11, String::new()), (25, "touch it".to_owned())]);
    }

    #[test]
    fn whoever_waits_hears_its_last_line() {
        let heard = std::cell::RefCell::new(Vec::new());
        let hear = |line: &str| heard.borrow_mut().push(line.to_owned());
        let patience = Patience { waiting: &hear, silence: Duration::ZERO, ..Patience::of(GRACE * 30) };
        assert!(matches!(
            run(&mut shell("echo one >&2; echo 'touch it' >&2; sleep 0.2"), b"", patience),
            Ok(Ended::With(_))
        ));
        assert_eq!(heard.borrow().last().map(String::as_str), Some("touch it"));
    }

    #[test]
    fn one_that_isnt_to_go_on_is_stopped() {
        let patience = Patience { may_go_on: &|| false, ..Patience::of(GRACE * 30) };
        let ended = run(&mut shell("sleep 300"), b"", patience);
        assert!(matches!(ended, Ok(Ended::Stopped)), "{ended:?}");
    }

    #[test]
    fn one_that_left_something_running_isnt_waited_for() {
        let ended = run(&mut shell("sleep 300 & echo done"), b"", Patience::of(GRACE * 30));
        let Ok(Ended::With(output)) = ended else { panic!("{ended:?}") };
        assert!(output.status.success());
        assert_eq!(output.stdout, b"done\n", "what was said is kept");
    }
}
