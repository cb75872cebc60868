//! Who of many organizations would be told to look like another, and which short names they would be given: for measuring.
//!
//! `cargo run --release --example alike < NAMES`, where a line of NAMES is a name, a tab, and the address of its website.

#![expect(clippy::print_stdout, reason = "a tool for developers; it may stop where it is")]

use std::collections::{BTreeMap, BTreeSet};

use karmada_partner::domain::{Likeness, Record, Traits, suggested_slug};

fn main() {
    let mut records: Vec<Record> = Vec::new();
    let (mut slugs, mut without) = (BTreeMap::<String, BTreeSet<String>>::new(), 0);
    for line in std::io::stdin().lines().map(Result::unwrap) {
        let (name, website) = line.split_once('\t').unwrap_or((&line, ""));
        match suggested_slug(name, website) {
            Some(slug) => drop(slugs.entry(slug.to_string()).or_default().insert(name.to_lowercase())),
            None => {
                without += 1;
                println!("no slug: {name}");
            }
        }
        let text = |value: &str| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
        let toml = format!(
            "schema = 1\nname = {}\nwebsite = {}\ngithub = \"x{}\"\n",
            text(name),
            text(website),
            records.len()
        );
        records.extend(Record::parse(toml.as_bytes()).ok());
    }
    let names: BTreeSet<&str> = records.iter().map(|r| r.name.as_str()).collect();
    println!("{} records of {} names; {without} have no slug", records.len(), names.len());
    for (slug, names) in slugs.iter().filter(|(_, names)| names.len() > 1) {
        println!("one slug: {slug}: {}", names.iter().map(String::as_str).collect::<Vec<_>>().join(" | "));
    }
    let traits: Vec<Traits> = records.iter().map(|record| Traits::of(record, None)).collect();
    let mut told = BTreeMap::<Likeness, u64>::new();
    for (n, one) in traits.iter().enumerate() {
        for (m, other) in traits.iter().enumerate().take(n) {
            let Some(likeness) = one.likeness(other) else { continue };
            *told.entry(likeness).or_default() += 1;
            println!("{likeness:?}: {} | {}", records[n].name, records[m].name);
        }
    }
    println!("{told:?}");
}
