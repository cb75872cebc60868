//! What reading commands remember of everybody: as long as somebody's directory stays, nothing of it is read again.

use std::io::Write as _;
use std::process::Stdio;

use crate::audit_work::history;
use crate::env::TestEnv;

/// The registry, and what is left of it where it is read.
const WHOLE: &str = "whole.git";
const LEFT: &str = "many.git";

/// Commands that tell of everybody.
const COMMANDS: [&[&str]; 5] =
    [&["list"], &["list", "--json"], &["contacts"], &["stats", "--json"], &["contacts", "--for", "security"]];

/// A registry of many.
struct Many {
    env: TestEnv,
}

impl Many {
    fn new() -> Self {
        Self::of(210, 70, true)
    }

    fn of(events: u32, partners: u32, unsigned: bool) -> Self {
        let env = TestEnv::new();
        let path = env.path(WHOLE).display().to_string();
        let args = history::Args { events, partners, unsigned, merges: false, policies: 0, repack: false, path };
        let _ = history::generate(&args);
        let many = Self { env };
        many.keep_all();
        many
    }

    fn told(&self) -> Vec<String> {
        let run = |args: &&[&str]| self.env.run(&[&["--registry", LEFT][..], *args].concat()).ok().stdout;
        COMMANDS.iter().map(run).collect()
    }

    fn ids(&self, of: &str) -> Vec<String> {
        let found = self.env.git_exactly(WHOLE, &["rev-list", "--objects", "--no-walk", of]);
        found.lines().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    fn id(&self, of: &str) -> String {
        self.env.git_exactly(WHOLE, &["rev-parse", of]).trim().to_owned()
    }

    /// Leaves of the registry what says where everybody is, and all of what is named; of everybody else, nothing.
    fn keep_only(&self, named: &[&str]) {
        self.keep_these(named, &[]);
    }

    /// The same, and of some objects themselves, without what is in them.
    fn keep_these(&self, named: &[&str], alone: &[String]) {
        self.keep_all();
        let mut ids: Vec<String> = named.iter().flat_map(|of| self.ids(of)).collect();
        ids.extend(
            ["", "^{tree}", ":data", ":data/partners", ":data/program.toml"]
                .map(|what| self.id(&format!("main{what}"))),
        );
        ids.extend(self.ids("main:data/program"));
        ids.extend(alone.iter().map(|what| self.id(what)));
        self.pack(&ids);
    }

    /// Leaves of the registry nothing but these objects.
    fn pack(&self, ids: &[String]) {
        let packs = self.env.path(LEFT).join("objects/pack");
        std::fs::remove_dir_all(&packs).unwrap();
        std::fs::create_dir(&packs).unwrap();
        let mut git = self.env.sealed_git();
        git.current_dir(self.env.path(WHOLE)).args(["pack-objects", "--quiet"]).arg(packs.join("pack"));
        let mut git = git.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        git.stdin.take().unwrap().write_all(ids.join("\n").as_bytes()).unwrap();
        assert!(git.wait().unwrap().success());
    }

    fn keep_all(&self) {
        let _ = std::fs::remove_dir_all(self.env.path(LEFT));
        self.env.git_exactly(".", &["clone", "--quiet", "--bare", "--no-local", WHOLE, LEFT]);
    }

    /// Somebody moves, by hand.
    fn move_somebody(&self) {
        self.env.git_exactly(".", &["clone", "--quiet", WHOLE, "checkout"]);
        let record = self.env.path("checkout/data/partners/partner-00007/partner.toml");
        let moved = std::fs::read_to_string(&record).unwrap().replace("github = \"", "github = \"new-");
        std::fs::write(&record, moved).unwrap();
        self.env.git_exactly("checkout", &["commit", "--quiet", "--all", "--message", "moved"]);
        self.env.git_exactly("checkout", &["push", "--quiet", "origin", "HEAD:main"]);
    }
}

#[test]
fn who_stays_is_read_once() {
    let many = Many::new();
    let first = many.told();
    many.keep_only(&["main:data/program"]);
    assert_eq!(many.told(), first);
    // One changed: that one is read, and what was there before it.
    let was = many.id("main:data/partners");
    many.move_somebody();
    many.keep_only(&[&was, "main:data/partners/partner-00007"]);
    let second = many.told();
    assert_ne!(second, first);
    many.keep_all();
    // Nothing remembered, or damaged, and all is told alike.
    let cache = many.env.path("home/.cache/karmada-partner");
    for kind in std::fs::read_dir(&cache).unwrap().flatten() {
        for file in std::fs::read_dir(kind.path()).into_iter().flatten().flatten() {
            let mut bytes = std::fs::read(file.path()).unwrap();
            if let Some(at) = bytes.iter().rposition(u8::is_ascii_lowercase) {
                bytes[at] ^= 1;
            }
            std::fs::write(file.path(), bytes).unwrap();
        }
    }
    assert_eq!(many.told(), second);
    std::fs::remove_dir_all(cache).unwrap();
    assert_eq!(many.told(), second);
}

/// How well an event is proved is told again without its votes.
#[test]
fn who_reads_a_log_again_reads_no_vote() {
    let many = Many::of(140, 2, false);
    let run = |how: &[&str]| many.env.run(&[&["--registry", LEFT, "log", "partner-00001"], how].concat());
    let told = || [run(&[]).ok().stdout, run(&["--json"]).ok().stdout, run(&["--event", "updated"]).ok().stdout];
    let first = told();
    assert!(first[0].lines().count() > 32 && first[0].contains("[signed]"), "{}", first[0]);
    let minutes = run(&["--format", "md"]).ok().stdout;
    let all = many.env.git_exactly(WHOLE, &["rev-list", "--objects", "main"]);
    let is_vote = |line: &str| line.split_once("/votes/").is_some_and(|(_, rest)| rest.contains('/'));
    let kept = all.lines().filter(|line| !is_vote(line));
    many.pack(&kept.map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>());
    assert_eq!(told(), first);
    assert!(run(&["--format", "md"]).fails(5).stderr.contains("can't be read"), "the votes are gone");
    many.keep_all();
    assert_eq!(run(&["--format", "md"]).ok().stdout, minutes);
    // What is remembered and damaged is told anew.
    let graded = many.env.path("home/.cache/karmada-partner/graded");
    for file in std::fs::read_dir(graded).unwrap().flatten() {
        let kept = std::fs::read_to_string(file.path()).unwrap();
        std::fs::write(file.path(), kept.replacen("ss", "bu", 1)).unwrap();
    }
    assert_eq!(told(), first);
}

/// Who an applicant is like is looked up in what is remembered: of everybody else nothing is read, the logo neither.
#[test]
fn evidence_reads_who_it_is_about() {
    let many = Many::new();
    let about = |slug: &str| {
        let told = many.env.run(&["--registry", LEFT, "evidence", slug, "--offline", "--json"]).json();
        let checks = told["checks"].as_array().unwrap().clone();
        assert!(checks.iter().any(|check| check["facts"]["compared"] == 69), "{told}");
        checks
    };
    let first = about("partner-00007");
    many.keep_only(&["main:data/partners/partner-00007"]);
    assert_eq!(about("partner-00007"), first);
}

/// What stands in the place of a memory and is no file, or has no end, is as good as none.
#[cfg(unix)]
#[test]
fn what_is_remembered_is_read_within_bounds() {
    let many = Many::new();
    let commands: [&[&str]; 3] = [&["list"], &["check"], &["audit"]];
    let told = || commands.map(|args| many.env.run(&[&["--registry", LEFT][..], args].concat()).stdout);
    let first = told();
    let mut replaced = 0;
    for home in ["home/.cache/karmada-partner", "home/.local/state/karmada-partner"] {
        for kind in std::fs::read_dir(many.env.path(home)).into_iter().flatten().flatten() {
            for file in std::fs::read_dir(kind.path()).into_iter().flatten().flatten() {
                std::fs::remove_file(file.path()).unwrap();
                std::os::unix::fs::symlink("/dev/zero", file.path()).unwrap();
                replaced += 1;
            }
        }
    }
    assert!(replaced >= 3, "{replaced}");
    assert_eq!(told()[..2], first[..2]);
}

/// Pages tell in which commit and by how many votes somebody was approved. For that neither the history nor votes are read again.
#[test]
fn the_directory_reads_the_history_and_the_votes_once() {
    let many = Many::new();
    let render = |out: &str| {
        many.env.run(&["--registry", LEFT, "render", "directory", "--out", out]).ok().code.unwrap();
        let page = |n: u32| {
            std::fs::read_to_string(many.env.path(out).join(format!("partners/partner-{n:05}/index.html"))).unwrap()
        };
        [3, 7].map(page)
    };
    let first = render("one");
    let approved = many.env.git_exactly(
        WHOLE,
        &[
            "log",
            "-1",
            "--format=%H",
            "--fixed-strings",
            "--grep=KP-Partner: partner-00007",
            "--grep=v1 approved",
            "--all-match",
        ],
    );
    assert!(first[1].contains(&approved[..10]), "{approved}: {}", first[1]);
    // One changed since, and only its votes and the commits since are there.
    many.move_somebody();
    let (mut named, mut alone) = (vec!["main:data/partners/partner-00007".to_owned()], Vec::new());
    for slug in many.env.git_exactly(WHOLE, &["ls-tree", "--name-only", "main:data/partners"]).lines() {
        let files = ["/partner.toml", "/logo.png", "/log"].map(|file| format!("main:data/partners/{slug}{file}"));
        named.extend(files);
        alone.push(format!("main:data/partners/{slug}"));
    }
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    many.keep_these(&named, &alone);
    let second = render("two");
    assert_eq!(second[0], first[0]);
    assert!(second[1].contains(&approved[..10]), "{}", second[1]);
    // Without what is remembered it can't be told.
    std::fs::remove_dir_all(many.env.path("home/.cache/karmada-partner/approvals")).unwrap();
    assert_ne!(render("three"), second);
}
