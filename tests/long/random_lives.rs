//! Random lives: whatever honest people do, in whatever order, `check` and `audit` find nothing and every command answers.

use clap::Parser as _;
use karmada_partner::cli::{self, Cli};
use karmada_partner::config::Environment;
use karmada_partner::error::Result;
use karmada_partner::session::Context;
use karmada_partner::ui;
use serde_json::Value;

use crate::env::TestEnv;

/// A small generator, seeded, so that a failure can be had again.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

#[rustfmt::skip] // A line a command.
fn step(dice: &mut Dice, logo: &str) -> Vec<String> {
    let member = dice.pick(&["alice", "bob", "carol"]);
    let anybody = dice.pick(&["acme-bot", "acme-bot", "other-bot", "alice", "bob"]);
    let site = format!("https://acme{}.example", dice.roll(3));
    let words: Vec<&str> = match dice.roll(20) {
        0..4 => vec![
            "apply", "--name", "Acme", "--website", &site, "--github", "acme-bot", "--logo", logo, "--as", anybody,
        ],
        4..7 => vec!["update", "acme", "--website", &site, "--as", anybody],
        7 => vec!["update", "acme", "--parent", dice.pick(&["Umbrella", "Initech", ""]), "--as", anybody],
        8..13 => vec!["approve", "acme", "--as", member],
        13..15 => vec!["reject", "acme", "--reason", "no", "--as", member],
        15 => vec!["withdraw", "acme", "--as", anybody],
        16..19 => vec![
            "exit", "acme", "--kind", dice.pick(&["voluntary", "inactive", "breach"]), "--reason", "so it is", "--as",
            dice.pick(&[anybody, member]),
        ],
        _ => vec![
            "review", "acme", "--authenticity", "met", "--url", "met", "--relevance", "unsure", "--vote",
            dice.pick(&["approve", "reject", "abstain"]), "--as", member,
        ],
    };
    words.into_iter().map(str::to_owned).collect()
}

/// A person at work, who gets exit codes and data.
type Does<'e> = dyn Fn(&[&str]) -> (u8, String) + 'e;

fn live(seed: u64, env: &TestEnv, does: &Does<'_>) {
    let (mut dice, logo) = (Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)), env.path("logo.png"));
    let mut done = Vec::new();
    for _ in 0..25 {
        let words = step(&mut dice, logo.to_str().unwrap());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        done.push(words.join(" "));
        let lived = || format!("seed {seed}:\n{}", done.join("\n"));
        // Refused, not found, not allowed: all of them answers. Anything else isn't.
        let (code, said) = does(&words);
        assert!(code <= 4, "{code}: {said}\n{}", lived());
        for (proof, list) in [("check", "problems"), ("audit", "findings")] {
            let (code, said) = does(&[proof, "--json"]);
            assert_eq!(code, 0, "{said}\n{}", lived());
            let said: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(said[list], serde_json::json!([]), "{proof}, {}", lived());
        }
        let (code, said) = does(&["status", "acme", "--json"]);
        assert!(matches!(code, 0 | 3), "{code}: {said}\n{}", lived());
    }
    env.git(&["fsck", "--strict"]);
}

/// Runs a command in this process, as a batch does: what it says is held back.
pub fn here(env: &TestEnv, now: i64, words: &[&str]) -> Result<(u8, String)> {
    let cli = Cli::try_parse_from([&["karmada-partner"], words].concat()).unwrap();
    let environment = Environment {
        home: Some(env.path("home")),
        registry: Some(env.path("registry.git").to_str().unwrap().to_owned()),
        signing_key: Some("none".to_owned()),
        epoch: Some(now.to_string()),
        ..Environment::default()
    };
    let ctx = Context::new(cli.globals.clone(), environment)?;
    let ctx = ctx.opened(&cli.globals)?;
    let code = cli::run(&ctx, cli.command)?;
    Ok((code, ui::take_held().0))
}

/// Many lives, in this process. What is verified is forgotten in between: every audit reads it all.
#[test]
fn whatever_honest_people_do_the_registry_stays_sound() {
    for seed in 1..=crate::env::much(2, 40) {
        let (env, now) = (TestEnv::with_registry(), std::cell::Cell::new(1_790_000_000));
        live(seed, &env, &|words| {
            now.set(now.get() + 60);
            let _ = std::fs::remove_dir_all(env.path("home/.local/state/karmada-partner/audits"));
            here(&env, now.get(), words).unwrap_or_else(|e| (e.kind.exit_code(), e.to_string()))
        });
    }
}

/// The same by the program itself, which remembers what it verified.
#[test]
fn by_the_program_itself_too() {
    for seed in 1..=crate::env::much(1, 6) {
        let env = TestEnv::with_registry();
        live(seed, &env, &|words| {
            let output = env.run(words);
            (output.code.unwrap().try_into().unwrap(), output.stdout)
        });
    }
}
