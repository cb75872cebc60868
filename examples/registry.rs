//! Makes a registry of a given size, of the real format: for measuring, and for looking at what many partners look like.
//!
//! `cargo run --release --example registry -- 2413 /tmp/registry.git`

#![expect(clippy::unwrap_used, reason = "a tool for developers; it may stop where it is")]

use std::io::Write;
use std::process::{Command, Stdio};

use karmada_partner::partner::event::{Ballot, Facts, Finding, Objects, Principles};
use karmada_partner::partner::{Event, Kind, Record, Sha256, Slug, Subject, Time, Vote};

const PROGRAM: &str = "schema = 1\nname = \"Generated\"\n\n[[committee]]\ngithub = \"alice\"\naffiliation = \"Umbrella\"\n\n\
                       [[committee]]\ngithub = \"bob\"\naffiliation = \"Initech\"\n";

fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(Ok(count)), Some(path)) = (args.next().map(|n| n.parse::<u32>()), args.next()) else {
        panic!("usage: registry COUNT PATH");
    };
    generate(count, &path);
}

/// Makes a registry of `count` active partners at `path`.
///
/// # Panics
/// When git or the disk fails.
pub fn generate(count: u32, path: &str) {
    git(&["init", "--quiet", "--bare", "--initial-branch=main", path]);
    let mut import = Command::new("git")
        .args(["-C", path, "fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git fast-import");
    {
        let mut out = std::io::BufWriter::new(import.stdin.take().unwrap());
        write_all(&mut out, count);
    }
    assert!(import.wait().unwrap().success());
    git(&["-C", path, "repack", "-adq"]);
}

fn git(args: &[&str]) {
    assert!(Command::new("git").args(args).status().expect("git").success());
}

/// One commit for the program, and one for each hundred partners.
fn write_all(out: &mut impl Write, count: u32) {
    let mut files = vec![
        ("data/program.toml".to_owned(), PROGRAM.as_bytes().to_vec()),
        ("data/program/policies/0001.toml".to_owned(), PROGRAM.as_bytes().to_vec()),
        ("data/program/log/0001".to_owned(), founded().to_string().into_bytes()),
    ];
    commit(out, "program: the registry begins", &files);
    files.clear();
    for n in 0..count {
        partner(n, &mut files);
        if files.len() >= 600 || n + 1 == count {
            commit(out, "generated: partners", &files);
            files.clear();
        }
    }
}

fn commit(out: &mut impl Write, message: &str, files: &[(String, Vec<u8>)]) {
    write!(out, "commit refs/heads/main\ncommitter generator <generator@example.com> 1790000000 +0000\n").unwrap();
    writeln!(out, "data {}\n{message}", message.len()).unwrap();
    for (path, bytes) in files {
        write!(out, "M 100644 inline {path}\ndata {}\n", bytes.len()).unwrap();
        out.write_all(bytes).unwrap();
        writeln!(out).unwrap();
    }
}

/// How the registry begins.
fn founded() -> Event {
    Event {
        kind: Kind::Founded,
        registry: None,
        partner: Slug::program(),
        seq: 1,
        round: 1,
        subject: Subject::Policy,
        actor: "alice".parse().unwrap(),
        time: Time::from_unix(1_789_000_000),
        policy: Sha256::of(PROGRAM.as_bytes()),
        facts: Facts::of(PROGRAM.as_bytes(), None),
        objects: Objects::of(PROGRAM.as_bytes(), None),
        prev: None,
        votes: Vec::new(),
        terms: None,
        reason: None,
        link: None,
        signature: None,
    }
}

/// The six files of an active partner.
fn partner(n: u32, files: &mut Vec<(String, Vec<u8>)>) {
    let slug = format!("partner-{n:05}");
    let toml = format!(
        "schema = 1\nname = \"Partner {n}\"\nwebsite = \"https://partner{n}.example/karmada\"\ngithub = \"partner-{n}-bot\"\n\
         email = \"karmada@partner{n}.example\"\ndescription = \"Supports Karmada in production, number {n}\"\n"
    );
    assert!(Record::parse(toml.as_bytes()).is_ok());
    let logo = logo(n);
    let (facts, objects) = (Facts::of(toml.as_bytes(), Some(&logo)), Objects::of(toml.as_bytes(), Some(&logo)));
    let registry = Sha256::of(founded().to_string().as_bytes());
    let policy = Sha256::of(PROGRAM.as_bytes());
    let time = |minutes: u32| Time::from_unix(1_790_000_000 + i64::from(n) * 3_600 + i64::from(minutes) * 60);
    let applied = Event {
        kind: Kind::Applied,
        registry: Some(registry),
        partner: slug.parse().unwrap(),
        seq: 1,
        round: 1,
        subject: Subject::Application,
        actor: format!("partner-{n}-bot").parse().unwrap(),
        time: time(0),
        policy,
        facts,
        objects,
        prev: None,
        votes: Vec::new(),
        terms: None,
        reason: None,
        link: None,
        signature: None,
    };
    let votes: Vec<(&str, String)> = ["alice", "bob"]
        .into_iter()
        .map(|who| {
            let vote = Vote {
                ballot: Ballot::Approve,
                registry,
                partner: applied.partner.clone(),
                round: 1,
                subject: Subject::Application,
                actor: who.parse().unwrap(),
                time: time(1),
                policy,
                facts,
                principles: Some(Principles::all(Finding::Met)),
                terms: None,
                note: None,
                attested: None,
                signature: None,
            };
            (who, vote.to_string())
        })
        .collect();
    let approved = Event {
        kind: Kind::Approved,
        seq: 2,
        actor: "bob".parse().unwrap(),
        time: time(2),
        prev: Some(Sha256::of(applied.to_string().as_bytes())),
        votes: votes.iter().map(|(_, block)| Sha256::of(block.as_bytes())).collect(),
        ..applied.clone()
    };
    let root = format!("data/partners/{slug}");
    files.push((format!("{root}/partner.toml"), toml.into_bytes()));
    files.push((format!("{root}/logo.png"), logo));
    files.push((format!("{root}/log/0001"), applied.to_string().into_bytes()));
    files.push((format!("{root}/log/0002"), approved.to_string().into_bytes()));
    for (who, block) in votes {
        files.push((format!("{root}/votes/1/{who}"), block.into_bytes()));
    }
}

/// A logo of about 30 kB whose pixels no compression makes smaller.
fn logo(n: u32) -> Vec<u8> {
    let (width, height) = (100, 75);
    let mut state = n.wrapping_mul(2_654_435_761) | 1;
    let pixels: Vec<u8> = (0..width * height * 4)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[1]
        })
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}
