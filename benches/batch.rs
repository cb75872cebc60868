//! What a batch costs, beside the same rows as single commands and the same commits by git's own plumbing, in one run:
//! `cargo bench --bench batch`.
//!
//! Each begins on a fresh copy of the same registry, and what git's plumbing makes has to be the very same commits.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

#[path = "../examples/registry.rs"]
#[expect(dead_code, reason = "an example has a main of its own")]
mod registry;
mod table;
mod turns;

use table::Table;
use turns::{Turn, medians, peak};

const PARTNERS: u32 = 2_413;
const ROUNDS: usize = 3;
const EPOCH: &str = "1790000000";

/// What stands still while things are measured.
struct Bench {
    home: tempfile::TempDir,
}

impl Bench {
    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn ours(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_karmada-partner"));
        command.args(args).current_dir(self.home.path()).env("HOME", self.home.path()).env("SOURCE_DATE_EPOCH", EPOCH);
        command
    }

    fn batch(&self, rows: &str) -> Command {
        self.ours(&["batch", rows, "--yes", "--registry", "copy.git"])
    }

    /// A fresh copy of a registry, as `copy.git`.
    fn copy(&self, of: &str) {
        let copy = self.path("copy.git");
        let _ = std::fs::remove_dir_all(&copy);
        done(Command::new("cp").arg("-R").args([self.path(of), copy]));
    }

    fn measure(&self, of: &str, command: Command, rounds: usize) -> f64 {
        medians(&mut [Turn { command, before: Box::new(|| self.copy(of)) }], rounds)[0]
    }

    fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git").arg("-C").arg(self.path("copy.git")).args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn done(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

fn main() {
    let bench = Bench { home: tempfile::tempdir().unwrap() };
    registry::generate(PARTNERS, bench.path("base.git").to_str().unwrap());
    std::fs::copy("templates/example/globex.png", bench.path("logo.png")).unwrap();
    for count in [100, 1_000] {
        std::fs::write(bench.path(&format!("apply-{count}.jsonl")), (0..count).map(apply).collect::<String>()).unwrap();
    }
    for count in [50, 500, 1_000] {
        std::fs::write(bench.path(&format!("decide-{count}.jsonl")), (0..count).map(decide).collect::<String>())
            .unwrap();
    }
    let mut table = Table::new("batch", &["rows", "s", "ms a row", "MB, of it its own"]);
    let mut report = |what: &str, rows: u32, of: &str, file: &str| {
        let ms = bench.measure(of, bench.batch(file), ROUNDS);
        bench.copy(of);
        let peak = peak(&mut bench.batch(file)).map_or_else(|| "–".to_owned(), |p| format!("{}, {}", p.all, p.own));
        let (seconds, row) = (format!("{:.2}", ms / 1e3), format!("{:.1}", ms / f64::from(rows)));
        table.row(&[format!("{rows} of {what}"), seconds, row, peak]);
        ms
    };
    report("`apply`", 100, "base.git", "apply-100.jsonl");
    report("`apply`", 1_000, "base.git", "apply-1000.jsonl");
    std::fs::rename(bench.path("copy.git"), bench.path("open.git")).unwrap();
    report("`review` and `approve`", 100, "open.git", "decide-50.jsonl");
    report("`review` and `approve`", 2_000, "open.git", "decide-1000.jsonl");
    let ms = report("`review` and `approve`", 1_000, "open.git", "decide-500.jsonl");

    table.keep();

    let plumbing = plumbing(&bench);
    let beside = [
        ("single commands in a shell loop", bench.measure("open.git", single_commands(&bench), 0)),
        ("git's plumbing in a shell loop, the same commits", bench.measure("open.git", plumbing.shell, 0)),
        ("`git fast-import` of the same commits", bench.measure("open.git", plumbing.import, ROUNDS)),
    ];
    let mut table = Table::new("batch beside others", &["1000 rows of `review` and `approve`", "s", "over `batch`"]);
    for (what, other) in [("`batch`", ms)].into_iter().chain(beside) {
        table.row(&[what.to_owned(), format!("{:.2}", other / 1e3), format!("{:.2}", other / ms)]);
    }
    table.keep();
}

fn apply(n: u32) -> String {
    format!(
        "{{\"do\": \"apply\", \"name\": \"New {n}\", \"slug\": \"new-{n:04}\", \"website\": \"https://new{n}.example\", \
         \"github\": \"new-{n}\", \"logo\": \"logo.png\", \"as\": \"new-{n}\"}}\n"
    )
}

fn decide(n: u32) -> String {
    format!(
        "{{\"do\": \"review\", \"partner\": \"new-{n:04}\", \"authenticity\": \"met\", \"url\": \"met\", \
         \"relevance\": \"met\", \"vote\": \"approve\", \"as\": \"alice\"}}\n\
         {{\"do\": \"approve\", \"partner\": \"new-{n:04}\", \"as\": \"bob\"}}\n"
    )
}

fn script(bench: &Bench, name: &str, script: &str) -> Command {
    std::fs::write(bench.path(name), script).unwrap();
    let mut shell = Command::new("sh");
    shell.arg(name).current_dir(bench.home.path()).env("HOME", bench.home.path()).env("SOURCE_DATE_EPOCH", EPOCH);
    shell.env("KP", env!("CARGO_BIN_EXE_karmada-partner"));
    shell
}

/// The same rows, a command each.
fn single_commands(bench: &Bench) -> Command {
    let mut text = "set -e\nexport KARMADA_PARTNER_REGISTRY=copy.git\n".to_owned();
    text += "for n in $(seq -f %04.0f 0 499); do\n\
             \"$KP\" review new-$n --authenticity met --url met --relevance met --vote approve --as alice --yes\n\
             \"$KP\" approve new-$n --as bob --yes\ndone\n";
    script(bench, "single.sh", &text)
}

/// The commits that the batch has just made in `copy.git`, to be made again.
struct Plumbing {
    shell: Command,
    import: Command,
}

fn plumbing(bench: &Bench) -> Plumbing {
    bench.copy("open.git");
    let base = bench.git(&["rev-parse", "main"]);
    let open = bench.git(&["for-each-ref", "--format=^%(objectname)"]);
    let branches = bench.git(&["for-each-ref", "--format=%(refname)"]);
    done(bench.batch("decide-500.jsonl").stdout(std::process::Stdio::null()));
    let tip = bench.git(&["rev-parse", "main"]);
    let excluded: Vec<&str> = open.lines().collect();
    let there = bench.git(&["for-each-ref", "--format=%(refname)"]);
    let gone: Vec<&str> = branches.lines().filter(|b| !there.lines().any(|t| t == *b)).collect();
    let commits = bench.git(&[&["rev-list", "--reverse", "--topo-order", "main"][..], &excluded[..]].concat());
    let todo = bench.path("todo");
    std::fs::create_dir(&todo).unwrap();
    let mut list = String::new();
    for (number, commit) in commits.lines().enumerate() {
        let about = bench.git(&["log", "-1", "--format=%P%n%an%n%ae%n%at", commit]);
        let about: Vec<&str> = about.lines().collect();
        let [parents, name, email, time] = about[..] else { panic!("{about:?}") };
        let raw = bench.git(&["cat-file", "commit", commit]);
        std::fs::write(todo.join(format!("{number}.message")), raw.split_once("\n\n").unwrap().1).unwrap();
        let first = parents.split(' ').next().unwrap();
        let (mut paths, mut files) = (String::new(), String::new());
        for (n, line) in bench.git(&["diff-tree", "-r", first, commit]).lines().enumerate() {
            let (fields, path) = line.split_once('\t').unwrap();
            let blob = fields.split(' ').nth(3).unwrap();
            let file = todo.join(format!("{number}.{n}"));
            let to = File::create(&file).unwrap();
            let mut cat = Command::new("git");
            done(cat.arg("-C").arg(bench.path("copy.git")).args(["cat-file", "blob", blob]).stdout(to));
            writeln!(paths, "{path}").unwrap();
            writeln!(files, "{}", file.display()).unwrap();
        }
        std::fs::write(todo.join(format!("{number}.paths")), paths).unwrap();
        std::fs::write(todo.join(format!("{number}.files")), files).unwrap();
        let parents: Vec<_> = parents.split(' ').map(|p| format!("-p {p}")).collect();
        writeln!(list, "{number} {first} {name} {email} {time} {}", parents.join(" ")).unwrap();
    }
    std::fs::write(bench.path("todo.list"), list).unwrap();
    let mut refs = format!("update refs/heads/main {} {}\n", tip.trim(), base.trim());
    for branch in gone {
        writeln!(refs, "delete {branch}").unwrap();
    }
    std::fs::write(bench.path("todo.refs"), refs).unwrap();
    let shell = "set -e\nexport GIT_DIR=copy.git GIT_INDEX_FILE=todo.index\n\
        while read -r number base name email time parents; do\n\
        export GIT_AUTHOR_NAME=$name GIT_AUTHOR_EMAIL=$email GIT_AUTHOR_DATE=\"$time +0000\"\n\
        export GIT_COMMITTER_NAME=$name GIT_COMMITTER_EMAIL=$email GIT_COMMITTER_DATE=\"$time +0000\"\n\
        git read-tree $base\n\
        git hash-object -w --stdin-paths < todo/$number.files | sed 's/^/100644 /' | paste - todo/$number.paths |\n\
        git update-index --add --index-info\n\
        git commit-tree $(git write-tree) $parents -F todo/$number.message > todo.commit\n\
        done < todo.list\n\
        git update-ref --stdin < todo.refs\n";
    let stream = File::create(bench.path("todo.stream")).unwrap();
    let mut export = Command::new("git");
    export.arg("-C").arg(bench.path("copy.git")).args(["fast-export", "--reference-excluded-parents", "main"]);
    done(export.args(&excluded).stdout(stream));
    let import = "set -e\ngit -C copy.git fast-import --quiet < todo.stream\nexport GIT_DIR=copy.git\n\
                  grep ^delete todo.refs | git update-ref --stdin\n";
    for (name, text) in [("plumbing.sh", shell), ("import.sh", import)] {
        bench.copy("open.git");
        done(&mut script(bench, name, text));
        assert_eq!(bench.git(&["rev-parse", "main"]), tip, "{name} makes the same commits");
        assert_eq!(bench.git(&["for-each-ref", "--format=%(refname)"]), there, "{name} moves the same branches");
    }
    Plumbing { shell: script(bench, "plumbing.sh", shell), import: script(bench, "import.sh", import) }
}
