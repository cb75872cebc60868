//! Commands measured in turns, because machines are noisy.

#![allow(dead_code, reason = "each of them uses a part")]

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
            // The first round warms the caches, unless it is the only one.
            if round > 0 || rounds == 0 {
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

/// Memory in MB.
#[derive(Clone, Copy, Default)]
pub struct Peak {
    /// With what it had mapped of files, packs above all, which the kernel could take back.
    pub all: u64,
    /// Its own.
    pub own: u64,
}

/// The most memory that a command has while it runs, as Linux tells it.
pub fn peak(command: &mut Command) -> Option<Peak> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak: Option<Peak> = None;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_suffix(" kB"));
            line.and_then(|kilobytes| kilobytes.parse::<u64>().ok()).map(|kilobytes| kilobytes.div_ceil(1_024))
        };
        if let (Some(all), Some(own)) = (value("VmHWM:"), value("RssAnon:")) {
            let before = peak.unwrap_or_default();
            peak = Some(Peak { all: before.all.max(all), own: before.own.max(own) });
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}
