//! Finding a token: the environment, then `gh`, then git's credential helper. Never an argument, never in what is shown.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::config::Token;

/// A helper may ask a person; longer than that nobody waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// The first token there is for a host.
#[must_use]
pub fn find(environment: &[Token], host: &str, may_ask: bool) -> Option<Token> {
    environment.first().cloned().or_else(|| from_gh(host)).or_else(|| from_git(host, may_ask))
}

fn from_gh(host: &str) -> Option<Token> {
    let mut command = Command::new("gh");
    command.args(["auth", "token", "--hostname", host]).env("GH_PROMPT_DISABLED", "1");
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    usable(said(child)?.trim().to_owned(), "gh")
}

/// Asks the helpers that git is set up with; git itself never asks the person here.
fn from_git(host: &str, may_ask: bool) -> Option<Token> {
    let mut command = Command::new("git");
    command.args(["credential", "fill"]).env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    if !may_ask {
        command.env("GIT_ASKPASS", "true").env("SSH_ASKPASS", "true");
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    child.stdin.take()?.write_all(format!("protocol=https\nhost={host}\n\n").as_bytes()).ok()?;
    let said = said(child)?;
    let secret = said.lines().find_map(|line| line.strip_prefix("password="))?.to_owned();
    usable(secret, "git's credential helper")
}

/// What a helper says, if it ends well. One that hangs, perhaps to ask somebody who isn't there, is ended.
fn said(mut child: Child) -> Option<String> {
    let begun = Instant::now();
    let ended = loop {
        match child.try_wait().ok()? {
            Some(status) => break status.success(),
            None if begun.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            None => std::thread::sleep(Duration::from_millis(3)),
        }
    };
    let output = child.wait_with_output().ok().filter(|_| ended)?;
    String::from_utf8(output.stdout).ok()
}

/// A header can't carry anything else.
fn usable(secret: String, source: &'static str) -> Option<Token> {
    let plain = !secret.is_empty() && secret.bytes().all(|b| b.is_ascii_graphic());
    plain.then_some(Token { secret, source })
}
