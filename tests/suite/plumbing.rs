//! Commits made with git's plumbing alone, as by somebody who may push and doesn't care for our program; and what `audit`
//! says of them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::env::TestEnv;
use crate::hub::sha256;

impl TestEnv {
    /// Runs git in the registry with an index of its own and something to read; gives what it prints, untouched.
    pub fn plumb(&self, args: &[&str], input: impl AsRef<[u8]>) -> Vec<u8> {
        let mut git = self.sealed_git();
        git.current_dir(self.path("registry.git")).env("GIT_INDEX_FILE", self.path("index")).args(args);
        let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_ref()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// The same for what is one line.
    pub fn id(&self, args: &[&str], input: impl AsRef<[u8]>) -> String {
        String::from_utf8(self.plumb(args, input)).unwrap().trim_end().to_owned()
    }

    /// A row of a directory, as git keeps it.
    pub fn entry(&self, mode: &str, name: &str, object: &str) -> Vec<u8> {
        let raw = self.id(&["rev-parse", object], "");
        let id: Vec<u8> = (0..20).map(|i| u8::from_str_radix(&raw[2 * i..2 * i + 2], 16).unwrap()).collect();
        [format!("{mode} {name}\0").as_bytes(), &id].concat()
    }

    /// A file of the default branch, or with `branch:path` of another.
    pub fn file(&self, path: &str) -> String {
        let at = if path.contains(':') { path.to_owned() } else { format!("main:{path}") };
        String::from_utf8(self.plumb(&["cat-file", "blob", &at], "")).unwrap()
    }

    /// Where the default branch is.
    pub fn head(&self) -> String {
        self.id(&["rev-parse", "main"], "")
    }

    /// Puts the default branch somewhere.
    pub fn set_head(&self, commit: &str) {
        self.plumb(&["update-ref", "refs/heads/main", commit], "");
    }

    /// Puts files on a branch with one commit, many at once.
    pub fn import(&self, branch: &str, files: &[(String, String)]) {
        let mut stream =
            format!("commit refs/heads/{branch}\ncommitter Test <test@example.com> 1790000000 +0000\ndata 4\nmany\n");
        writeln!(stream, "from {}", self.id(&["rev-parse", branch], "")).unwrap();
        for (path, content) in files {
            write!(stream, "M 100644 inline {path}\ndata {}\n{content}\n", content.len()).unwrap();
        }
        self.plumb(&["fast-import", "--quiet", "--force"], stream);
    }

    /// How a log goes on with events like its last one, each after the one before, up to this number.
    pub fn go_on(&self, branch: &str, like: &str, to: u32) -> Vec<(String, String)> {
        let mut last = self.file(&format!("{branch}:{like}"));
        let begin: u32 = value(&last, "Seq").parse().unwrap();
        let log = like.rsplit_once('/').unwrap().0.to_owned();
        (begin + 1..=to)
            .map(|seq| {
                last = with(&last, &[("Seq", &seq.to_string()), ("Prev", &hash(&last))]);
                (format!("{log}/{seq:04}"), last.clone())
            })
            .collect()
    }

    /// Begins a commit on the default branch.
    pub fn forge(&self) -> Forged<'_> {
        let parents = vec![self.head()];
        Forged { env: self, entries: String::new(), tree: None, message: "tidy up".into(), parents, date: None }
    }

    /// Begins a commit on another branch.
    pub fn forge_on(&self, branch: &str) -> Forged<'_> {
        self.forge().parents(&[branch])
    }

    /// Audits as somebody who has never seen the registry.
    #[track_caller]
    pub fn audit(&self) -> Audit {
        let seen = self.path("home/.local/state/karmada-partner/audits");
        if seen.exists() {
            std::fs::remove_dir_all(seen).unwrap();
        }
        self.audit_again()
    }

    /// Audits, in JSON and in words. It must end with 0 or 1, as its findings say.
    #[track_caller]
    pub fn audit_again(&self) -> Audit {
        let run = |args: &[&str]| {
            let output = self.command(args).output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            (output.status.code(), String::from_utf8(output.stdout).unwrap(), errors)
        };
        let (code, json, errors) = run(&["audit", "--json"]);
        assert!(matches!(code, Some(0 | 1)), "{code:?}\n{json}{errors}");
        let found: Value = serde_json::from_str(&json).unwrap();
        let text = |f: &Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
        let findings: Vec<Found> = found["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| Found {
                severity: text(f, "severity"),
                rule: text(f, "code"),
                path: text(f, "path"),
                commit: text(f, "commit"),
            })
            .collect();
        let (in_words, words, _) = run(&["audit"]);
        assert_eq!(code, in_words, "{json}{words}");
        assert_eq!(code == Some(1), findings.iter().any(|f| f.severity == "error"), "{json}");
        Audit { findings, words }
    }
}

/// What an audit found.
pub struct Audit {
    pub findings: Vec<Found>,
    pub words: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub severity: String,
    pub rule: String,
    pub path: String,
    pub commit: String,
}

impl Audit {
    /// Nobody is blamed for anything.
    #[track_caller]
    pub fn is_clean(&self) {
        assert_eq!(self.findings, [], "{}", self.words);
    }

    /// `finding` is `rule` or `rule path`: it must be an error, of just this commit, and the words must say so with a hint.
    #[track_caller]
    pub fn blames(&self, commit: &str, finding: &str, case: &str) {
        self.tells("error", commit, finding, case);
    }

    #[track_caller]
    pub fn tells(&self, severity: &str, commit: &str, finding: &str, case: &str) {
        let (rule, path) = finding.split_once(' ').unwrap_or((finding, ""));
        let is = |f: &Found| f.severity == severity && f.rule == rule && f.path == path && f.commit == commit;
        assert!(self.findings.iter().any(is), "{case}: no {severity} {finding} of {commit} in\n{}", self.words);
        let told = |l: &str| l.contains(path) && l.contains(&format!("{severity}[{rule}]"));
        let lines: Vec<&str> = self.words.lines().collect();
        let of = format!("  commit: {commit}");
        let at = lines.windows(2).position(|two| told(two[0]) && two[1] == of);
        let at = at.unwrap_or_else(|| panic!("{case}: not said in words:\n{}", self.words));
        let mut lines = lines[at + 2..].iter();
        assert!(lines.next().unwrap().starts_with("  rule: "), "{case}:\n{}", self.words);
        let hint = lines.next().unwrap().trim_start_matches("  hint: ");
        assert!(hint.len() > 5, "{case}:\n{}", self.words);
    }
}

/// A commit that git's plumbing makes.
#[must_use]
pub struct Forged<'e> {
    env: &'e TestEnv,
    /// As `git update-index --index-info` reads it.
    entries: String,
    tree: Option<String>,
    message: String,
    parents: Vec<String>,
    date: Option<String>,
}

impl Forged<'_> {
    pub fn put(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.put_as("100644", path, content)
    }

    pub fn put_as(self, mode: &str, path: &str, content: impl AsRef<[u8]>) -> Self {
        let id = self.env.id(&["hash-object", "-w", "--stdin"], content);
        self.entry(mode, path, &id)
    }

    pub fn entry(mut self, mode: &str, path: &str, id: &str) -> Self {
        self.entries += &format!("{mode} {id}\t{path}\n");
        self
    }

    pub fn gone(self, path: &str) -> Self {
        self.entry("0", path, &"0".repeat(40))
    }

    pub fn moved(self, from: &str, to: &str) -> Self {
        let content = self.env.file(from);
        self.put(to, content).gone(from)
    }

    /// All that stands below a directory on another branch, or in another commit.
    pub fn take(mut self, rev: &str, directory: &str) -> Self {
        self.entries += &String::from_utf8(self.env.plumb(&["ls-tree", "-r", rev, "--", directory], "")).unwrap();
        self
    }

    /// With a directory that is made of these very bytes, whatever git thinks of them.
    pub fn directory(mut self, path: &str, bytes: &[u8]) -> Self {
        let env = self.env;
        let mut id = env.id(&["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], bytes);
        let mut below = path;
        while !below.is_empty() {
            let (above, name) = below.rsplit_once('/').unwrap_or(("", below));
            let listed = String::from_utf8(env.plumb(&["ls-tree", &format!("main:{above}")], "")).unwrap();
            let others = listed.lines().filter(|l| !l.ends_with(&format!("\t{name}")));
            let rows: String =
                others.map(|l| format!("{l}\n")).collect::<String>() + &format!("040000 tree {id}\t{name}\n");
            id = env.id(&["mktree"], rows);
            below = above;
        }
        self.tree = Some(id);
        self
    }

    pub fn message(mut self, message: &str) -> Self {
        message.clone_into(&mut self.message);
        self
    }

    pub fn parents(mut self, parents: &[&str]) -> Self {
        self.parents = parents.iter().map(|p| self.env.id(&["rev-parse", p], "")).collect();
        self
    }

    /// As `git commit-tree` reads it from the environment.
    pub fn dated(mut self, date: &str) -> Self {
        self.date = Some(date.to_owned());
        self
    }

    /// Makes the commit, and moves another branch than the default one to it.
    pub fn commit_to(self, branch: &str) -> String {
        let env = self.env;
        let made = self.aside();
        env.plumb(&["update-ref", &format!("refs/heads/{branch}"), &made], "");
        made
    }

    /// Makes the commit, and gives it; no branch moves.
    pub fn aside(self) -> String {
        let env = self.env;
        let tree = self.tree.unwrap_or_else(|| {
            env.plumb(&["read-tree", self.parents.first().map_or("--empty", String::as_str)], "");
            env.plumb(&["update-index", "--index-info"], &self.entries);
            env.id(&["write-tree"], "")
        });
        let dates = self.date.map(|d| format!("committer Test <test@example.com> {d}\n"));
        let mut args = vec!["commit-tree", tree.as_str()];
        args.extend(self.parents.iter().flat_map(|p| ["-p", p.as_str()]));
        let made = env.id(&args, &self.message);
        match dates {
            None => made,
            Some(committer) => {
                let commit = String::from_utf8(env.plumb(&["cat-file", "commit", &made], "")).unwrap();
                let backdated: String = commit
                    .split_inclusive('\n')
                    .map(|l| if l.starts_with("committer ") { committer.as_str() } else { l })
                    .collect();
                env.id(&["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], backdated)
            }
        }
    }

    /// Makes the commit and pushes it.
    pub fn commit(self) -> String {
        let env = self.env;
        let made = self.aside();
        env.set_head(&made);
        made
    }
}

/// A block with other values: what has none loses its line.
#[track_caller]
pub fn with(block: &str, changes: &[(&str, &str)]) -> String {
    let mut out = block.to_owned();
    for (key, value) in changes {
        let found = out.find(&format!("KP-{key}: "));
        if found.is_none() && value.is_empty() {
            continue;
        }
        let start = found.unwrap_or_else(|| panic!("no {key} in {out}"));
        let end = start + out[start..].find('\n').unwrap() + 1;
        let line = if value.is_empty() { String::new() } else { format!("KP-{key}: {value}\n") };
        out.replace_range(start..end, &line);
    }
    out
}

/// The value of a line.
#[track_caller]
pub fn value<'b>(block: &'b str, key: &str) -> &'b str {
    let prefix = format!("KP-{key}: ");
    block.lines().find_map(|l| l.strip_prefix(&prefix)).unwrap_or_else(|| panic!("no {key} in {block}"))
}

/// As blocks name a file.
pub fn hash(content: &str) -> String {
    format!("sha256:{}", sha256(content.as_bytes()))
}
