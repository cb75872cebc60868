//! What the generators of registries share: the first event, what is said about applications, and git's own importer.

#![allow(dead_code, reason = "each of them uses a part")]

use std::io::{BufWriter, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use karmada_partner::domain::log::event::{Facts, Objects, Principles, Said};
use karmada_partner::domain::log::kinds::{Ballot, Finding};
use karmada_partner::domain::{Event, Kind, Login, Sha256, Subject, Time, Vote};

pub mod signing;

/// A path in the registry, and what stands there.
pub type File = (String, Vec<u8>);

/// How a registry begins.
pub fn founded(program: &[u8], actor: &str, time: i64) -> Event {
    Event::founding(program, &actor.parse().expect("a login"), Time::from_unix(time))
}

/// The files that a registry begins with.
pub fn founding_files(program: &[u8], founded: &Event) -> Vec<File> {
    vec![
        ("data/program.toml".to_owned(), program.to_vec()),
        ("data/program/policies/0001.toml".to_owned(), program.to_vec()),
        ("data/program/log/0001".to_owned(), founded.to_string().into_bytes()),
    ]
}

/// The number `n` applies, under the policy that `founded` brought.
pub fn applied(founded: &Event, n: u32, toml: &str, logo: &[u8], time: i64) -> Event {
    Event {
        kind: Kind::Applied,
        registry: Some(Sha256::of(founded.to_string().as_bytes())),
        partner: format!("partner-{n:05}").parse().expect("a slug"),
        subject: Subject::Application,
        actor: contact(n),
        time: Time::from_unix(time),
        facts: Facts::of(toml.as_bytes(), Some(logo)),
        objects: Objects::of(toml.as_bytes(), Some(logo)),
        ..founded.clone()
    }
}

/// Who speaks for the number `n`.
pub fn contact(n: u32) -> Login {
    format!("partner-{n}-bot").parse().expect("a login")
}

/// The facts of the number `n`, as the program itself writes them.
pub fn toml(n: u32, description: &str) -> String {
    let www = if n % 3 == 1 { "www." } else { "" };
    format!(
        "schema = 1\nname = \"Partner {n}\"\nwebsite = \"https://{www}partner{n}.example/karmada\"\ngithub = \"partner-{n}-bot\"\n\
         email = \"karmada@partner{n}.example\"\ndescription = \"{description}\"\n"
    )
}

/// A voice on what `about` is about, after the word with the hash `log`.
pub fn vote(about: &Event, actor: &str, ballot: Ballot, time: i64, log: Option<Sha256>) -> Vote {
    let judges = about.subject == Subject::Application && ballot != Ballot::Request;
    let said = Said {
        registry: about.registry.expect("only the first event has no registry"),
        partner: &about.partner,
        round: about.round,
        subject: about.subject,
        actor: &actor.parse().expect("a login"),
        time: Time::from_unix(time),
        policy: about.policy,
        facts: about.facts,
        log,
    };
    Vote { principles: judges.then_some(Principles::all(Finding::Met)), ..Vote::new(ballot, said) }
}

/// Runs git.
pub fn git(args: &[&str]) {
    assert!(Command::new("git").args(args).status().expect("git").success(), "git {args:?}");
}

/// One commit to be. It adds to the last commit of its branch, if nothing else is said.
pub struct Commit<'a> {
    /// The full name.
    pub branch: &'a str,
    /// Name and mailbox, as git writes them.
    pub by: &'a str,
    pub time: i64,
    pub message: &'a str,
    /// Where the branch begins anew.
    pub from: Option<u32>,
    /// The second parent.
    pub merge: Option<u32>,
    pub files: &'a [File],
}

/// A new bare repository that git's fast-import fills.
pub struct Import {
    git: Child,
    out: BufWriter<ChildStdin>,
    /// How many commits it has.
    pub commits: u32,
}

impl Import {
    pub fn into(path: &str) -> Self {
        git(&["init", "--quiet", "--bare", "--initial-branch=main", path]);
        let mut git = Command::new("git")
            .args(["-C", path, "fast-import", "--quiet"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("git fast-import");
        let out = BufWriter::with_capacity(1 << 20, git.stdin.take().expect("it was asked for"));
        Self { git, out, commits: 0 }
    }

    /// Adds a commit; gives the number by which it can be a parent.
    pub fn commit(&mut self, commit: &Commit<'_>) -> u32 {
        self.commits += 1;
        self.write(commit).expect("git fast-import has ended");
        self.commits
    }

    fn write(&mut self, commit: &Commit<'_>) -> std::io::Result<()> {
        let (out, message) = (&mut self.out, commit.message);
        writeln!(out, "commit {}\nmark :{}", commit.branch, self.commits)?;
        writeln!(out, "committer {} {} +0000\ndata {}\n{message}", commit.by, commit.time, message.len())?;
        if let Some(parent) = commit.from {
            writeln!(out, "from :{parent}")?;
        }
        if let Some(parent) = commit.merge {
            writeln!(out, "merge :{parent}")?;
        }
        for (path, bytes) in commit.files {
            writeln!(out, "M 100644 inline {path}\ndata {}", bytes.len())?;
            out.write_all(bytes)?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// Takes a branch away.
    pub fn drop_branch(&mut self, branch: &str) {
        writeln!(self.out, "reset {branch}\nfrom {:040}\n", 0).expect("git fast-import has ended");
    }

    /// Waits for git to end.
    pub fn finish(mut self) {
        self.out.flush().expect("git fast-import has ended");
        drop(self.out);
        assert!(self.git.wait().expect("git fast-import").success(), "git fast-import failed");
    }
}
