//! What whole commands cost, beside git in the same run: `cargo bench --bench commands`.
//!
//! Rounds are interleaved, because machines are noisy; medians are told, and their ratio.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

use std::path::Path;
use std::process::Command;

#[path = "../examples/registry.rs"]
#[expect(dead_code, reason = "an example has a main of its own")]
mod registry;
mod table;
mod turns;

use table::Table;
use turns::{Turn, medians};

const ROUNDS: usize = 25;

fn main() {
    let home = tempfile::tempdir().unwrap();
    let ours = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_karmada-partner"));
        command.args(args).env("HOME", home.path());
        command
    };
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(args);
        command
    };
    let mut table = Table::new("commands", &["partners", "command", "ms", "beside", "ms", "ratio"]);
    let mut row = |partners: &str, name: &str, beside: &str, ms: f64, base: f64| {
        let code = |words: &str| match words.split_once(", ") {
            Some((command, when)) => format!("`{command}`, {when}"),
            None => format!("`{words}`"),
        };
        let cells = [partners.to_owned(), code(name), format!("{ms:.1}"), code(beside), format!("{base:.1}")];
        table.row(&[&cells[..], &[format!("{:.2}", ms / base)]].concat());
    };
    let start = medians(&mut [ours(&["--version"]), git(&["--version"])].map(Turn::from), ROUNDS * 2);
    row("–", "--version", "git --version", start[0], start[1]);
    for count in [6, 300, 2_413, 10_000] {
        let path = home.path().join(format!("{count}.git"));
        let path = path.to_str().unwrap();
        registry::generate_with(count, path, registry::AS_SENT);
        let n = count.to_string();
        let base = |command: &str| {
            let mut args: Vec<_> = command.split(' ').collect();
            args.extend(["--registry", path]);
            ours(&args)
        };
        let cold = medians(&mut [base("check --no-cache").into()], 3);
        // Where no cache can be, nothing is remembered.
        let mut first = base("list");
        first.env("XDG_CACHE_HOME", "/dev/null");
        let all = medians(
            &mut [
                first,
                git(&["-C", path, "ls-tree", "-r", "HEAD"]),
                git(&["-C", path, "log", "-1"]),
                base("show partner-00003"),
                base("check"),
                base(
                    "apply --name New --website https://new.example --github new --logo templates/example/globex.png --dry-run",
                ),
                base("list"),
                base("stats"),
                base("contacts"),
                base("list --proposals"),
                base("review"),
                base("evidence partner-00003 --offline"),
            ]
            .map(Turn::from),
            ROUNDS,
        );
        let [list, tree, log, show, check, apply, again, stats, contacts, proposals, review, evidence] = all[..] else {
            unreachable!()
        };
        if count == 6 {
            row(&n, "list", "git log -1", list, log);
        }
        row(&n, "list, nothing remembered", "git ls-tree -r HEAD", list, tree);
        row(&n, "list, again", "git ls-tree -r HEAD", again, tree);
        row(&n, "list, one partner changed", "git ls-tree -r HEAD", after_a_change(&base, home.path()), tree);
        row(&n, "stats, again", "list, again", stats, again);
        row(&n, "contacts, again", "list, again", contacts, again);
        row(&n, "list --proposals, again", "list, again", proposals, again);
        row(&n, "review, again, nothing open", "list, again", review, again);
        row(&n, "apply --dry-run, again", "list, again", apply, again);
        row(&n, "evidence --offline, again", "list, again", evidence, again);
        row(&n, "show", "git log -1", show, log);
        row(&n, "check, nothing remembered", "list, nothing remembered", cold[0], list);
        row(&n, "check, again", "list, again", check, again);
    }
    table.keep();
}

/// What `list` takes where it remembers everybody but one, in milliseconds.
fn after_a_change(ours: &dyn Fn(&str) -> Command, home: &Path) -> f64 {
    let (cache, before) = (home.join(".cache"), home.join("before"));
    let copy = |from: &Path, to: &Path| {
        let _ = std::fs::remove_dir_all(to);
        assert!(Command::new("cp").arg("-R").args([from, to]).status().unwrap().success());
    };
    assert!(ours("list").output().unwrap().status.success());
    copy(&cache, &before);
    let mut change = ours("jobs add partner-00001 --as alice --yes");
    assert!(change.args(["--title", "Engineer"]).output().unwrap().status.success());
    medians(&mut [Turn { command: ours("list"), before: Box::new(|| copy(&before, &cache)) }], ROUNDS)[0]
}
