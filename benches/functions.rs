//! What functions cost: `cargo bench --bench functions`.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use karmada_partner::logo::{Limits, inspect};
use karmada_partner::partner::signature::{Batch, NAMESPACE, PublicKey, Signature};
use karmada_partner::partner::{Event, Life, Logged, Program, Record, Sha256, tally::company};

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

/// A key and a signature over the record, as `ssh-keygen` makes them.
fn signed(seed: u8) -> (PublicKey, String) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use ring::signature::KeyPair as _;
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let pair = ring::signature::Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
    let key = [string(b"ssh-ed25519"), string(pair.public_key().as_ref())].concat();
    let about = [string(NAMESPACE.as_bytes()), string(b""), string(b"sha512")].concat();
    let hash = ring::digest::digest(&ring::digest::SHA512, RECORD);
    let inside = pair.sign(&[b"SSHSIG", &about[..], &string(hash.as_ref())].concat());
    let inside = [string(b"ssh-ed25519"), string(inside.as_ref())].concat();
    let text = STANDARD.encode([b"SSHSIG\0\0\0\x01", &string(&key)[..], &about, &string(&inside)].concat());
    (format!("ssh-ed25519 {}", STANDARD.encode(key)).parse().unwrap(), text)
}

fn signatures(c: &mut Criterion) {
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
