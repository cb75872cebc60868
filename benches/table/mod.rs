//! The tables of `docs/performance.md`, written by what measures them, so that no figure outlives what it was measured on.

#![allow(clippy::print_stdout, reason = "a report")]

use std::path::Path;
use std::process::Command;

/// The page with all tables. Each stands between `<!-- bench NAME -->` and `<!-- end of NAME -->`.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");

/// A table that is printed as it grows and put into the page once it is whole.
pub struct Table {
    name: &'static str,
    text: String,
    /// How busy the machine was when it began.
    load: String,
}

impl Table {
    pub fn new(name: &'static str, head: &[&str]) -> Self {
        let mut table = Self { name, text: String::new(), load: load() };
        table.line(&head.join(" | "));
        table.line(&vec!["---"; head.len()].join(" | "));
        table
    }

    pub fn row(&mut self, cells: &[String]) {
        self.line(&cells.join(" | "));
    }

    fn line(&mut self, cells: &str) {
        let line = format!("| {cells} |");
        println!("{line}");
        self.text += &line;
        self.text.push('\n');
    }

    /// How many rows it has so far.
    #[allow(dead_code, reason = "only one of them asks")]
    pub fn rows(&self) -> usize {
        self.text.lines().count() - 2
    }

    /// Puts it into the page, with what it was measured on. A table that isn't among the page's is only printed.
    pub fn keep(self) {
        let page = std::fs::read_to_string(PAGE).unwrap();
        let (begin, end) = (format!("<!-- bench {} -->\n", self.name), format!("<!-- end of {} -->\n", self.name));
        let Some((before, rest)) = page.split_once(&begin) else { return };
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/performance.md has {end}"));
        let measured = format!("{} Load {} before, {} after.", machine(), self.load, load());
        println!("\n{measured}\n");
        let table = self.text;
        std::fs::write(PAGE, format!("{before}{begin}\n{table}\n{measured}\n\n{end}{after}")).unwrap();
    }
}

/// The day, the commit, the machine and its git.
fn machine() -> String {
    let said = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        output.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
    };
    let changed = match said("git", &["status", "--porcelain", "--untracked-files=no", "--", "src", "Cargo.lock"]) {
        none if none.is_empty() => "",
        _ => " and changes",
    };
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor =
        about.lines().find_map(|l| l.strip_prefix("model name")?.split_once(": ")).map_or("unknown", |p| p.1);
    format!(
        "{}, {}{changed}: {} cores of {processor}, {}, {}.",
        jiff::Timestamp::now().strftime("%F"),
        said("git", &["rev-parse", "--short=7", "HEAD"]),
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        said("git", &["--version"]).replace(" version", ""),
        said("rustc", &["--version"]).split(" (").next().unwrap_or_default(),
    )
}

/// The kernel's load over a minute.
fn load() -> String {
    let load = std::fs::read_to_string(Path::new("/proc/loadavg")).unwrap_or_default();
    load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}
