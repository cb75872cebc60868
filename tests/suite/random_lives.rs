//! Random lives: whatever honest people do, in whatever order, `check` and `audit` find nothing and every command answers.

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
fn step(dice: &mut Dice) -> Vec<String> {
    let member = dice.pick(&["alice", "bob", "carol"]);
    let anybody = dice.pick(&["acme-bot", "acme-bot", "other-bot", "alice", "bob"]);
    let site = format!("https://acme{}.example", dice.roll(3));
    let words: Vec<&str> = match dice.roll(20) {
        0..4 => vec![
            "apply", "--name", "Acme", "--website", &site, "--github", "acme-bot", "--logo", "logo.png", "--as", anybody,
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

#[test]
fn whatever_honest_people_do_the_registry_stays_sound() {
    for seed in 1..=6_u64 {
        let (env, mut dice) = (TestEnv::with_registry(), Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let mut done = Vec::new();
        for _ in 0..25 {
            let words = step(&mut dice);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            done.push(words.join(" "));
            let output = env.run(&words);
            // Refused, not found, not allowed: all of them answers. Anything else isn't.
            assert!(matches!(output.code, Some(0..=4)), "{output}\n{}", done.join("\n"));
            assert_eq!(env.problems(), [""; 0], "seed {seed}:\n{}", done.join("\n"));
            env.audit().is_clean();
            let shown = env.run(&["status", "acme", "--json"]);
            assert!(matches!(shown.code, Some(0 | 3)), "{shown}\n{}", done.join("\n"));
        }
        env.git(&["fsck", "--strict"]);
    }
}
