//! Finding a token: the environment, then `gh`, then git's credential helper. Never an argument, never in what is shown.

use std::process::Command;
use std::time::Duration;

use super::super::progress::Progress;
use crate::children::{self, Ended, Patience};
use crate::config::Token;

/// How long is waited for a program that knows a token: where nobody can be asked, and where a person may be unlocking something.
const TO_ANSWER: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];

/// The first token there is for a host.
#[must_use]
pub fn find(environment: &[Token], host: &str, may_ask: bool, progress: &dyn Progress) -> Option<Token> {
    let asked = || from_gh(host, may_ask, progress).or_else(|| from_git(host, may_ask, progress));
    environment.first().cloned().or_else(asked)
}

fn from_gh(host: &str, may_ask: bool, progress: &dyn Progress) -> Option<Token> {
    let mut command = Command::new("gh");
    command.args(["auth", "token", "--hostname", host]).env("GH_PROMPT_DISABLED", "1");
    if !may_ask {
        children::ask_nobody(&mut command);
    }
    usable(said(&mut command, b"", "gh auth token", may_ask, progress)?.trim().to_owned(), "gh", progress)
}

/// Asks the helpers that git is set up with; git itself never asks the person here.
fn from_git(host: &str, may_ask: bool, progress: &dyn Progress) -> Option<Token> {
    let mut command = children::git_that(may_ask);
    command.args(["credential", "fill"]).env("GIT_TERMINAL_PROMPT", "0");
    let asked = format!("protocol=https\nhost={host}\n\n");
    let said = said(&mut command, asked.as_bytes(), tr!("git's credential helper"), may_ask, progress)?;
    let secret = said.lines().find_map(|line| line.strip_prefix("password="))?.to_owned();
    usable(secret, tr!("git's credential helper"), progress)
}

/// What a program says, if it ends well and in time. Who waits is told for whom.
fn said(command: &mut Command, input: &[u8], name: &str, may_ask: bool, progress: &dyn Progress) -> Option<String> {
    let limit = TO_ANSWER[usize::from(may_ask)];
    let waiting = |_: &str| progress.say(&tr!("Waiting for {name}, which may know a token …", name));
    match children::run(command, input, Patience { waiting: &waiting, ..Patience::of(limit) }).ok()? {
        Ended::With(output) => {
            output.status.success().then_some(())?;
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Ended::Late | Ended::Stopped => {
            let seconds = limit.as_secs();
            progress.warn(&tr!(
                "{name} said nothing for {seconds} s, and was ended; with a token in GH_TOKEN it isn't asked",
                name,
                seconds
            ));
            None
        }
    }
}

/// A header can't carry anything else. What was said instead isn't shown: a token may be part of it.
fn usable(secret: String, source: &'static str, progress: &dyn Progress) -> Option<Token> {
    if secret.is_empty() {
        return None;
    }
    if !secret.bytes().all(|b| b.is_ascii_graphic()) {
        progress.warn(&tr!(
            "{source} answered with what can't be a token, which isn't used; with a token in GH_TOKEN it isn't asked",
            source
        ));
        return None;
    }
    Some(Token { secret, source })
}
