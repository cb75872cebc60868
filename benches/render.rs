//! What rendering the directory costs, beside a copy of what it writes: `cargo bench --bench render`.
//!
//! Every round writes into a new directory: a file system that has just deleted as many files is slower at making them.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

#[path = "../examples/registry.rs"]
#[expect(dead_code, reason = "an example has a main of its own")]
mod registry;
mod table;

use table::Table;

const ROUNDS: usize = 5;

fn main() {
    let home = tempfile::tempdir().unwrap();
    let milliseconds = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).env("HOME", home.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        assert!(command.status().unwrap().success(), "{command:?}");
        begun.elapsed().as_secs_f64() * 1_000.0
    };
    let head = ["partners", "first, logos not yet measured", "`cp -r` of it", "again", "after a change of one"];
    let mut table = Table::new("render", &head);
    for count in [300, 2_413] {
        let path = home.path().join(format!("{count}.git"));
        let path = path.to_str().unwrap();
        registry::generate_with(count, path, registry::AS_SENT);
        let ours = |args: &[&str]| {
            milliseconds(env!("CARGO_BIN_EXE_karmada-partner"), &[args, &["--registry", path, "--yes"]].concat())
        };
        let mut times: [Vec<f64>; 4] = Default::default();
        for round in 0..=ROUNDS {
            let out = home.path().join(format!("{count}-{round}"));
            let copy = home.path().join(format!("{count}-{round}-copy"));
            let (out, copy) = (out.to_str().unwrap(), copy.to_str().unwrap());
            forget(home.path());
            let render = || ours(&["render", "directory", "--out", out]);
            let first = render();
            let copied = milliseconds("cp", &["-r", out, copy]);
            let again = render();
            let title = format!("Round {round}");
            ours(&["jobs", "add", "partner-00001", "--title", &title, "--as", "alice"]);
            let changed = render();
            // The first round warms the caches.
            if round > 0 {
                times.iter_mut().zip([first, copied, again, changed]).for_each(|(all, time)| all.push(time));
            }
        }
        let median = |times: &mut Vec<f64>| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        };
        let [first, copied, again, changed] = &mut times;
        let told = [first, copied, again, changed].map(|t| format!("{:.0} ms", median(t)));
        table.row(&[&[count.to_string()], &told[..]].concat());
    }
    table.keep();
}

/// What earlier runs have measured.
fn forget(home: &Path) {
    let _ = std::fs::remove_dir_all(home.join(".cache"));
}
