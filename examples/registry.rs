//! Makes a registry of a given size, of the real format: for measuring, and for looking at what many partners look like.
//!
//! `cargo run --release --example registry -- 2413 /tmp/registry.git`; with a third word, `large`, logos have 300,000 pixels and more, as
//! those that companies send, where otherwise they have as many bytes.

#![expect(clippy::unwrap_used, reason = "a tool for developers; it may stop where it is")]

use karmada_partner::domain::log::detail::{Detail, Post};
use karmada_partner::domain::log::event::Terms;
use karmada_partner::domain::log::kinds::{Ballot, ExitKind};
use karmada_partner::domain::{Event, Kind, Record, Sha256, Subject, Time, Vote};

#[path = "shared/mod.rs"]
mod shared;

use shared::{Commit, File, Import};

const PROGRAM: &str = "schema = 1\nname = \"Generated\"\n\n[[committee]]\ngithub = \"alice\"\naffiliation = \"Umbrella\"\n\n\
                       [[committee]]\ngithub = \"bob\"\naffiliation = \"Initech\"\n\n\
                       [directory]\nurl = \"https://partners.example/support\"\nabout = \"https://partners.example/join\"\n";

fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(Ok(count)), Some(path)) = (args.next().map(|n| n.parse::<u32>()), args.next()) else {
        panic!("usage: registry COUNT PATH [large]");
    };
    generate_with(count, &path, if args.next().is_some_and(|word| word == "large") { AS_SENT } else { 1 });
}

/// Makes a registry of `count` active partners at `path`.
///
/// # Panics
/// When git or the disk fails.
pub fn generate(count: u32, path: &str) {
    generate_with(count, path, 1);
}

/// How large a pixel of a logo is where logos have 300,000 pixels and more, as those that companies send.
pub const AS_SENT: usize = 5;

/// The same, where each pixel of a logo is so many wide and high.
///
/// # Panics
/// When git or the disk fails.
pub fn generate_with(count: u32, path: &str, scale: usize) {
    let mut import = Import::into(path);
    let mut commit = |message, files: &[File]| {
        let by = "generator <generator@example.com>";
        let branch = "refs/heads/main";
        import.commit(&Commit { branch, by, time: 1_700_000_000, message, from: None, merge: None, files });
    };
    // One commit for the program, and one for each hundred partners.
    let founded = shared::founded(PROGRAM.as_bytes(), "alice", 1_699_000_000);
    commit("program: the registry begins", &shared::founding_files(PROGRAM.as_bytes(), &founded));
    let mut files = Vec::new();
    for n in 0..count {
        partner(n, scale, &founded, &mut files);
        if files.len() >= 600 || n + 1 == count {
            commit("generated: partners", &files);
            files.clear();
        }
    }
    import.finish();
    shared::git(&["-C", path, "repack", "-adq"]);
}

/// The six files of an active partner.
fn partner(n: u32, scale: usize, founded: &Event, files: &mut Vec<File>) {
    let toml = shared::toml(n, &format!("{}, number {n}", pick(&DESCRIPTIONS, n))) + &words(n);
    assert!(Record::parse(toml.as_bytes()).is_ok());
    let logo = logo(n, scale);
    let time = |minutes: u32| 1_700_000_000 + i64::from(n) * 3_600 + i64::from(minutes) * 60;
    let applied = shared::applied(founded, n, &toml, &logo, time(0));
    let log = Some(Sha256::of(applied.to_string().as_bytes()));
    let vote = |who| (who, shared::vote(&applied, who, Ballot::Approve, time(1), log).to_string());
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
    let next = |before: &Event, kind, subject, actor: &str, minutes| Event {
        kind,
        subject,
        seq: before.seq + 1,
        actor: actor.parse().unwrap(),
        time: Time::from_unix(time(minutes)),
        prev: Some(Sha256::of(before.to_string().as_bytes())),
        votes: Vec::new(),
        ..before.clone()
    };
    if n % 25 == 3 {
        let mut posted = next(&approved, Kind::Posted, Subject::Upkeep, &format!("partner-{n}-bot"), 3);
        let title = format!("Engineer for Karmada, number {n}").parse().unwrap();
        posted.detail = Some(Detail::Post(Post { title, place: Some("Remote".parse().unwrap()), closes: None }));
        posted.link = Some(format!("https://partner{n}.example/jobs").parse().unwrap());
        files.push((format!("{root}/log/0003"), posted.to_string().into_bytes()));
    }
    if n % 40 == 7 {
        let effective = Time::from_unix(time(5)).date();
        let terms = Terms { kind: ExitKind::Inactive, effective, merged_into: None };
        let mut exited = next(&approved, Kind::Exited, Subject::Exit, "bob", 5);
        exited.round = 2;
        exited.terms = Some(terms.clone());
        exited.reason = Some("no answer for a year".parse().unwrap());
        let vote = |who, log| {
            let said = shared::vote(&exited, who, Ballot::Approve, time(4), log);
            // The decision's reason is somebody's who voted for it.
            Vote { terms: Some(terms.clone()), note: exited.reason.clone(), ..said }.to_string()
        };
        let begins = vote("alice", None);
        let joins = vote("bob", Some(Sha256::of(begins.as_bytes())));
        let votes = [("alice", begins), ("bob", joins)];
        exited.votes = votes.iter().map(|(_, block)| Sha256::of(block.as_bytes())).collect();
        files.push((format!("{root}/log/0003"), exited.to_string().into_bytes()));
        for (who, block) in votes {
            files.push((format!("{root}/votes/2/{who}"), block.into_bytes()));
        }
    }
}

const DESCRIPTIONS: [&str; 4] = [
    "Plans, runs and supports fleets of clusters with Karmada, with engineers on call",
    "Trains platform teams and reviews their multi-cluster setup",
    "A managed Karmada control plane in regions of your choice",
    "Migrates federations to Karmada, and stays for the years after",
];

fn pick<'a>(of: &[&'a str], n: u32) -> &'a str {
    of[n as usize % of.len()]
}

/// By which words the number `n` is found.
fn words(n: u32) -> String {
    let name = if n.is_multiple_of(3) { format!("name_zh = \"伙伴{n}号\"\n") } else { String::new() };
    let further = match n % 4 {
        0 => format!(
            "hours = [\"{}\"]\nresponse = [\"{}\"]\noffices = [\"{}\"]\nstory = \"https://partner-{n}.example/story\"\ncertified = {}\n",
            pick(&["business-hours", "extended-hours", "around-the-clock"], n / 4),
            pick(&["1-hour", "4-hours", "1-day"], n / 4),
            pick(&["Berlin, Germany", "成都", "São Paulo"], n / 4),
            n % 40 + 1,
        ),
        _ => String::new(),
    };
    format!(
        "{name}services = [\"{}\", \"{}\"]\nregions = [\"{}\"]\nlanguages = [\"en\", \"{}\"]\n{further}",
        pick(&["support", "consulting", "training"], n),
        pick(&["managed-service", "distribution", "development"], n / 2),
        pick(&["worldwide", "asia", "china", "europe", "north-america"], n),
        pick(&["zh", "de", "fr", "ja"], n / 3),
    )
}

/// A logo of about 30 kB whose pixels no compression makes much smaller: a round, a wide or a tall one, on nothing.
fn logo(n: u32, scale: usize) -> Vec<u8> {
    let (width, height) = [(120_u32, 120_u32), (240, 80), (130, 110), (90, 150)][n as usize % 4];
    let tint = [n.wrapping_mul(97), n.wrapping_mul(57).wrapping_add(80), n.wrapping_mul(31).wrapping_add(160)]
        .map(|c| c.to_le_bytes()[0] / 2);
    let mut state = n.wrapping_mul(2_654_435_761) | 1;
    let mut pixels = Vec::new();
    for at in 0..width * height {
        // Within an ellipse that leaves a margin.
        let (x, y) = (i64::from(at % width) * 2 - i64::from(width), i64::from(at / width) * 2 - i64::from(height));
        let (wide, high) = (i64::from(width) * 9 / 10, i64::from(height) * 9 / 10);
        let inside = x * x * high * high + y * y * wide * wide <= wide * wide * high * high;
        for tint in tint {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            pixels.push(if inside { tint + state.to_le_bytes()[1] / if scale > 1 { 64 } else { 4 } } else { 0 });
        }
        pixels.push(if inside { 255 } else { 0 });
    }
    let stretched = |row: &[u8]| row.chunks(4).flat_map(|pixel| pixel.repeat(scale)).collect::<Vec<u8>>();
    let pixels: Vec<u8> = pixels.chunks(width as usize * 4).flat_map(|row| stretched(row).repeat(scale)).collect();
    let larger = u32::try_from(scale).unwrap();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width * larger, height * larger);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(if scale > 1 { png::Compression::Balanced } else { png::Compression::Fast });
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}
