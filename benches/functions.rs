//! What functions cost: `cargo bench --bench functions`.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use karmada_partner::domain::logo::{Limits, inspect};
use karmada_partner::domain::names::company;
use karmada_partner::domain::signature::sshsig::{Batch, NAMESPACE, PublicKey, Signature};
use karmada_partner::domain::{Event, Life, Logged, Program, Record, Sha256};

#[path = "../examples/shared/signing.rs"]
mod signing;

const RECORD: &[u8] = include_bytes!("../templates/example/globex.toml");
const LOGO: &[u8] = include_bytes!("../templates/example/globex.png");
const PROGRAM: &[u8] = include_bytes!("../data/program.toml");

fn functions(c: &mut Criterion) {
    let page = include_str!("../docs/log-format.md");
    let events: Vec<&str> = page
        .split("```text\n")
        .filter(|block| block.starts_with("KP-Event"))
        .map(|block| block.split("```").next().unwrap())
        .collect();
    // The example is an application with a logo beside it; a record has none.
    let record = String::from_utf8_lossy(RECORD).replace("logo = \"globex.png\"\n", "");
    c.bench_function("event: parse", |b| b.iter(|| Event::parse(black_box(events[1].as_bytes())).unwrap()));
    c.bench_function("event: fold a log of two", |b| {
        b.iter(|| {
            let log = events
                .iter()
                .map(|e| Logged { event: Event::parse(e.as_bytes()).unwrap(), hash: Sha256::of(e.as_bytes()) });
            let (life, broken) = Life::fold(&"globex".parse().unwrap(), log);
            assert!(broken.is_empty());
            life
        });
    });
    c.bench_function("record: parse", |b| b.iter(|| Record::parse(black_box(record.as_bytes())).unwrap()));
    c.bench_function("program: parse", |b| b.iter(|| Program::parse(black_box(PROGRAM)).unwrap()));
    c.bench_function("logo: inspect 640×320", |b| b.iter(|| inspect(black_box(LOGO), &Limits::default()).unwrap()));
    c.bench_function("tally: company", |b| b.iter(|| company(black_box("Unicom Digital Tech Co., Ltd."))));
}

fn signatures(c: &mut Criterion) {
    let signed = |seed| {
        let key = signing::Key::of_seed(seed);
        (key.public().parse::<PublicKey>().unwrap(), key.sign(RECORD, NAMESPACE))
    };
    let (keys, texts): (Vec<_>, Vec<_>) = (1..=5).map(signed).unzip();
    c.bench_function("signature: parse", |b| b.iter(|| black_box(&texts[0]).parse::<Signature>().unwrap()));
    c.bench_function("signature: parse and verify one", |b| {
        b.iter(|| {
            let signature: Signature = black_box(&texts[0]).parse().unwrap();
            signature.verify(RECORD, NAMESPACE, &keys).unwrap();
        });
    });
    c.bench_function("signature: parse and verify 10,000 by 5 keys", |b| {
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
criterion_main!(benches);
