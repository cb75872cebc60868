//! What functions cost: `cargo bench --bench functions`.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group};
use karmada_partner::domain::logo::{Limits, inspect};
use karmada_partner::domain::names::company;
use karmada_partner::domain::signature::sshsig::{Batch, NAMESPACE, PublicKey, Signature};
use karmada_partner::domain::{Event, Life, Logged, Program, Record, Sha256};

#[path = "../examples/shared/signing.rs"]
mod signing;
mod table;

use table::Table;

const RECORD: &[u8] = include_bytes!("../templates/example/globex.toml");
const LOGO: &[u8] = include_bytes!("../templates/example/globex.png");
const PROGRAM: &[u8] = include_bytes!("../data/program.toml");

const NAMES: [&str; 9] = [
    "an event, parsed",
    "a log of two events, folded",
    "a record, parsed",
    "the program, parsed",
    "a logo of 640×320, decoded and judged",
    "a company known by its name",
    "a signature, parsed",
    "a signature, parsed and verified alone",
    "10,000 signatures by five keys",
];

fn functions(c: &mut Criterion) {
    let page = include_str!("../docs/log-format.md");
    let events: Vec<&str> = page
        .split("```text\n")
        .filter(|block| block.starts_with("KP-Event"))
        .map(|block| block.split("```").next().unwrap())
        .collect();
    // The example is an application with a logo beside it; a record has none.
    let record = String::from_utf8_lossy(RECORD).replace("logo = \"globex.png\"\n", "");
    c.bench_function("an event, parsed", |b| b.iter(|| Event::parse(black_box(events[1].as_bytes())).unwrap()));
    c.bench_function("a log of two events, folded", |b| {
        b.iter(|| {
            let log = events
                .iter()
                .map(|e| Logged { event: Event::parse(e.as_bytes()).unwrap(), hash: Sha256::of(e.as_bytes()) });
            let (life, broken) = Life::fold(&"globex".parse().unwrap(), log);
            assert!(broken.is_empty());
            life
        });
    });
    c.bench_function("a record, parsed", |b| b.iter(|| Record::parse(black_box(record.as_bytes())).unwrap()));
    c.bench_function("the program, parsed", |b| b.iter(|| Program::parse(black_box(PROGRAM)).unwrap()));
    c.bench_function("a logo of 640×320, decoded and judged", |b| {
        b.iter(|| inspect(black_box(LOGO), &Limits::default()).unwrap());
    });
    c.bench_function("a company known by its name", |b| b.iter(|| company(black_box("Unicom Digital Tech Co., Ltd."))));
}

fn signatures(c: &mut Criterion) {
    let signed = |seed| {
        let key = signing::Key::of_seed(seed);
        (key.public().parse::<PublicKey>().unwrap(), key.sign(RECORD, NAMESPACE))
    };
    let (keys, texts): (Vec<_>, Vec<_>) = (1..=5).map(signed).unzip();
    c.bench_function("a signature, parsed", |b| b.iter(|| black_box(&texts[0]).parse::<Signature>().unwrap()));
    c.bench_function("a signature, parsed and verified alone", |b| {
        b.iter(|| {
            let signature: Signature = black_box(&texts[0]).parse().unwrap();
            signature.verify(RECORD, NAMESPACE, &keys).unwrap();
        });
    });
    c.bench_function("10,000 signatures by five keys", |b| {
        b.iter(|| {
            let mut batch = Batch::default();
            for id in 0..10_000 {
                let signature: Signature = black_box(&texts[id % texts.len()]).parse().unwrap();
                batch.verify(&signature, RECORD, NAMESPACE, &keys).unwrap();
            }
        });
    });
}

criterion_group!(benches, functions, signatures);

fn main() {
    let mut table = Table::new("functions", &["function", "time"]);
    for name in NAMES {
        let _ = std::fs::remove_dir_all(estimates(name));
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
    for name in NAMES {
        if let Some(nanoseconds) = median(name) {
            table.row(&[name.to_owned(), in_words(nanoseconds)]);
        }
    }
    // Some only, or none at all, is for looking.
    if table.rows() == NAMES.len() {
        table.keep();
    }
}

/// Where criterion keeps what it measured last.
fn estimates(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("criterion").join(name).join("new")
}

/// What was measured, in nanoseconds.
fn median(name: &str) -> Option<f64> {
    let file = std::fs::read(estimates(name).join("estimates.json")).ok()?;
    serde_json::from_slice::<serde_json::Value>(&file).ok()?["median"]["point_estimate"].as_f64()
}

fn in_words(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.1} µs", n / 1e3),
        n => format!("{:.2} ms", n / 1e6),
    }
}
