//! Makes a registry of a given size, of the real format: for measuring, and for looking at what many partners look like.
//!
//! `cargo run --release --example registry -- 2413 /tmp/registry.git`

#![expect(clippy::unwrap_used, reason = "a tool for developers; it may stop where it is")]

use karmada_partner::partner::event::Ballot;
use karmada_partner::partner::{Event, Kind, Record, Sha256, Time};

#[path = "shared/mod.rs"]
mod shared;

use shared::{Commit, File, Import};

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
    let mut import = Import::into(path);
    let mut commit = |message, files: &[File]| {
        let by = "generator <generator@example.com>";
        let branch = "refs/heads/main";
        import.commit(&Commit { branch, by, time: 1_790_000_000, message, from: None, merge: None, files });
    };
    // One commit for the program, and one for each hundred partners.
    let founded = shared::founded(PROGRAM.as_bytes(), "alice", 1_789_000_000);
    commit("program: the registry begins", &shared::founding_files(PROGRAM.as_bytes(), &founded));
    let mut files = Vec::new();
    for n in 0..count {
        partner(n, &founded, &mut files);
        if files.len() >= 600 || n + 1 == count {
            commit("generated: partners", &files);
            files.clear();
        }
    }
    import.finish();
    shared::git(&["-C", path, "repack", "-adq"]);
}

/// The six files of an active partner.
fn partner(n: u32, founded: &Event, files: &mut Vec<File>) {
    let toml = shared::toml(n, &format!("Supports Karmada in production, number {n}"));
    assert!(Record::parse(toml.as_bytes()).is_ok());
    let logo = logo(n);
    let time = |minutes: u32| 1_790_000_000 + i64::from(n) * 3_600 + i64::from(minutes) * 60;
    let applied = shared::applied(founded, n, &toml, &logo, time(0));
    let vote = |who| (who, shared::vote(&applied, who, Ballot::Approve, time(1)).to_string());
    let votes = ["alice", "bob"].map(vote);
    let approved = Event {
        kind: Kind::Approved,
        seq: 2,
        actor: "bob".parse().unwrap(),
        time: Time::from_unix(time(2)),
        prev: Some(Sha256::of(applied.to_string().as_bytes())),
        votes: votes.iter().map(|(_, block)| Sha256::of(block.as_bytes())).collect(),
        ..applied.clone()
    };
    let root = format!("data/partners/{}", applied.partner);
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
