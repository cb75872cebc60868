//! How a program that signs is run, and why it gave nothing.

use std::process::Command;
use std::time::Duration;

use crate::children::{self, Ended, Patience};
use crate::domain::text;

/// How long a program may take to sign: as long as it takes to find a security key, or no longer than an agent needs.
const TO_SIGN: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(600)];

/// Why a program gave nothing.
pub(super) enum Trouble {
    Missing(std::io::Error),
    /// It wasn't done in time, and was ended.
    Late(Duration),
    Failed(String),
    /// It was ended, or couldn't run what it is made of: what it said, and what helps.
    Ended(String, &'static str),
}

pub(super) fn why_late() -> &'static str {
    tr!("it may wait for a passphrase, an agent or a touch: try it by hand, or unlock the key first")
}

pub(super) fn late(program: &str, limit: Duration) -> String {
    tr!("{program} wasn't done after {seconds} s, and was ended", program, seconds = limit.as_secs())
}

pub(super) struct Said {
    pub(super) out: Vec<u8>,
    pub(super) err: String,
}

/// Runs a program over some bytes. What it asks, it asks on the terminal itself; what it says besides is kept.
pub(super) fn run(mut command: Command, input: &[u8], may_ask: bool) -> Result<Said, Trouble> {
    let limit = TO_SIGN[usize::from(may_ask)];
    let program = text::visible(&command.get_program().to_string_lossy());
    // What it says is kept from the terminal: that a key is to be touched nobody would know.
    let waiting = |said: &str| {
        let mut told = tr!("Waiting for {program}, which signs …", program);
        if is_of_its_own(said) {
            told += &format!("\n  {}", text::visible(said));
        }
        children::tell(&told);
    };
    let patience = Patience { waiting: &waiting, ..Patience::of(limit) };
    let output = match children::run(&mut command, input, patience).map_err(Trouble::Missing)? {
        Ended::With(output) => output,
        Ended::Late | Ended::Stopped => return Err(Trouble::Late(limit)),
    };
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return Ok(Said { out: output.stdout, err });
    }
    let said = match err.trim().is_empty() {
        true => format!("{program}: {}", children::how(output.status)),
        false => err,
    };
    Err(match children::why_ended(output.status) {
        Some(hint) => Trouble::Ended(said, hint),
        None => Trouble::Failed(said),
    })
}

/// Whether a line is for people, beyond that it signs.
fn is_of_its_own(line: &str) -> bool {
    !line.trim().is_empty() && !["[GNUPG:]", "Signing data on", "-----"].iter().any(|begin| line.starts_with(begin))
}

pub(super) fn indented(said: &str) -> String {
    let lines: Vec<_> =
        said.lines().filter(|l| is_of_its_own(l)).map(|l| format!("  {}", text::visible(l.trim_end()))).collect();
    if lines.is_empty() { format!("  {}", tr!("it says nothing")) } else { lines.join("\n") }
}
