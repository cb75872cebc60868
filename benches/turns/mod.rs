//! Commands measured in turns, because machines are noisy.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command, and what has to be done before each time it runs.
pub struct Turn<'a> {
    pub command: Command,
    pub before: Box<dyn Fn() + 'a>,
}

impl From<Command> for Turn<'_> {
    fn from(command: Command) -> Self {
        Self { command, before: Box::new(|| ()) }
    }
}

fn time(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}");
    begun.elapsed()
}

/// Medians of several commands, in milliseconds, measured in turns.
pub fn medians(turns: &mut [Turn<'_>], rounds: usize) -> Vec<f64> {
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); turns.len()];
    for round in 0..=rounds {
        for (turn, times) in turns.iter_mut().zip(&mut times) {
            (turn.before)();
            let took = time(&mut turn.command);
            // The first round warms the caches.
            if round > 0 {
                times.push(took);
            }
        }
    }
    let median = |mut t: Vec<Duration>| {
        t.sort();
        t[t.len() / 2].as_secs_f64() * 1_000.0
    };
    times.into_iter().map(median).collect()
}
