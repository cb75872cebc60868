//! What reading a long history costs, beside `git log` in the same run: `cargo bench --bench audit`.
//!
//! `KP_BENCH_EVENTS` says how many events the history has, 100,000 if it doesn't; a tenth of that is measured as well, to
//! see how times grow. Histories are kept in the target directory, and made again only when the generator makes others.

#![expect(clippy::print_stderr, reason = "a report")]
#![expect(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[path = "../examples/history.rs"]
#[expect(dead_code, reason = "an example has a main of its own")]
mod history;
mod table;
mod turns;

use table::Table;
use turns::{Peak, Turn, medians, peak};

/// How many events the page tells of.
const EVENTS: u32 = 100_000;
const ROUNDS: usize = 5;
/// So many commits are new to the last measurement.
const NEW: u32 = 100;

/// What was measured of one command.
struct Row {
    name: String,
    ms: f64,
    /// The most memory it had; nothing where the kernel doesn't tell.
    peak: Option<Peak>,
}

fn main() {
    let events = wanted();
    let has_audit = succeeds(Command::new(env!("CARGO_BIN_EXE_karmada-partner")).args(["audit", "--help"]));
    if !has_audit {
        eprintln!("There is no command `audit` yet; only what is there is measured.");
    }
    let (small, large) = (measured(events / 10, has_audit), measured(events, has_audit));
    let base = large[0].ms;
    let (less, more) = (events / 10, events);
    let head = [
        "command",
        &format!("{less} events, ms"),
        &format!("{more} events, ms"),
        "growth",
        "over `git log`",
        "MB, of it its own",
        "MB, of it its own",
    ];
    let mut table = Table::new("audit", &head);
    let memory = |row: &Row| row.peak.map_or_else(|| "–".to_owned(), |peak| format!("{}, {}", peak.all, peak.own));
    for (less, more) in small.iter().zip(&large) {
        let (command, when) = match more.name.split_once(", ") {
            Some((command, when)) => (command, format!(", {when}")),
            None => (more.name.as_str(), String::new()),
        };
        table.row(&[
            format!("`{command}`{when}"),
            format!("{:.1}", less.ms),
            format!("{:.1}", more.ms),
            format!("{:.1}", more.ms / less.ms),
            format!("{:.2}", more.ms / base),
            memory(less),
            memory(more),
        ]);
    }
    // Other sizes are for looking.
    if events == EVENTS {
        table.keep();
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement has no context")]
fn wanted() -> u32 {
    match std::env::var("KP_BENCH_EVENTS") {
        Ok(number) => number.parse().expect("KP_BENCH_EVENTS is a number of events"),
        Err(_) => EVENTS,
    }
}

/// Measures everything on a history of so many events. The first row is what the others are compared to.
fn measured(events: u32, has_audit: bool) -> Vec<Row> {
    // As many partners in both sizes: what grows faster than a partner's log is to be seen.
    let path = kept(events, 300.min(wanted() / 100).max(1));
    let home = tempfile::tempdir().unwrap();
    // What was verified is remembered by path, so what is to be forgotten again has a path of its own.
    let copy = home.path().join("copy.git");
    let (state, verified) = (home.path().join("state"), home.path().join("verified"));
    let ours = |words: &str, registry: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_karmada-partner"));
        command.args(words.split(' ')).arg("--registry").arg(registry).env("HOME", home.path());
        for (name, place) in [("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config")] {
            command.env(name, home.path().join(place));
        }
        command
    };
    let mut log = Command::new("git");
    log.arg("-C").arg(&path).args(["log", "--format=%H %ct %(trailers)", "main"]);
    let mut names = vec!["git log --format='%H %ct %(trailers)'".to_owned()];
    let mut turns = vec![Turn::from(log)];
    let mut add = |words: &str| {
        names.push(words.to_owned());
        turns.push(ours(words, &path).into());
    };
    add("log partner-00001");
    add("check --no-cache");
    if has_audit {
        add("audit --full --no-signatures");
        add("audit --full");
        add("audit --head-only --no-signatures");
    }
    if has_audit {
        let words = ["clone", "--quiet", "--bare", "--shared", path.to_str().unwrap(), copy.to_str().unwrap()];
        git(&words);
        let (tip, earlier) = (git_at(&copy, &["rev-parse", "main"]), format!("main~{NEW}"));
        git_at(&copy, &["update-ref", "refs/heads/main", &earlier]);
        let _ = std::fs::remove_dir_all(&state);
        assert!(succeeds(&mut ours("audit", &copy)), "audit finds something wrong in {}", path.display());
        assert!(state.is_dir(), "audit has remembered nothing");
        std::fs::rename(&state, &verified).unwrap();
        git_at(&copy, &["update-ref", "refs/heads/main", &tip]);
        names.push(format!("audit, {NEW} commits later"));
        let restore = || {
            let _ = std::fs::remove_dir_all(&state);
            assert!(succeeds(Command::new("cp").arg("-R").args([&verified, &state])));
        };
        turns.push(Turn { command: ours("audit", &copy), before: Box::new(restore) });
    }
    let times = medians(&mut turns, ROUNDS);
    let peak = |turn: &mut Turn<'_>| {
        (turn.before)();
        peak(&mut turn.command)
    };
    let peaks: Vec<_> = turns.iter_mut().map(peak).collect();
    names.into_iter().zip(times).zip(peaks).map(|((name, ms), peak)| Row { name, ms, peak }).collect()
}

/// The history of so many events: the one that is there, if the generator would make the same.
fn kept(events: u32, partners: u32) -> PathBuf {
    let make = |events, partners, path: &Path| {
        let path = path.to_str().unwrap().to_owned();
        history::generate(&history::Args {
            events,
            partners,
            unsigned: false,
            merges: false,
            policies: partners.min(20),
            repack: false,
            path,
        })
    };
    // The same flags give the same commits, so a short history tells whether the generator or the format has changed.
    let room = tempfile::tempdir().unwrap();
    let short = room.path().join("short.git");
    assert!(make(20, 2, &short) > 0);
    let stamp = git_at(&short, &["rev-parse", "--short=12", "main"]);
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-audit");
    std::fs::create_dir_all(&home).unwrap();
    let path = home.join(format!("{events}-{partners}-{stamp}.git"));
    if !path.is_dir() {
        eprintln!("Making a history of {events} events …");
        let unfinished = home.join("unfinished.git");
        let _ = std::fs::remove_dir_all(&unfinished);
        assert!(make(events, partners, &unfinished) > 0);
        std::fs::rename(unfinished, &path).unwrap();
    }
    path
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

fn git(args: &[&str]) -> String {
    let output = Command::new("git").args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn git_at(path: &Path, args: &[&str]) -> String {
    git(&[&["-C", path.to_str().unwrap()], args].concat())
}
