//! Finding a token: the environment, then `gh`, then git's credential helper. Never an argument, never in what is shown.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::config::Token;

/// The first token there is for a host.
#[must_use]
pub fn find(environment: &[Token], host: &str, may_ask: bool) -> Option<Token> {
    environment.first().cloned().or_else(|| from_gh(host)).or_else(|| from_git(host, may_ask))
}

fn from_gh(host: &str) -> Option<Token> {
    let mut command = Command::new("gh");
    command.args(["auth", "token", "--hostname", host]).env("GH_PROMPT_DISABLED", "1");
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let secret = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    usable(secret, "gh").filter(|_| output.status.success())
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
    let output = child.wait_with_output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let secret = said.lines().find_map(|line| line.strip_prefix("password="))?.to_owned();
    usable(secret, "git's credential helper")
}

/// A header can't carry anything else.
fn usable(secret: String, source: &'static str) -> Option<Token> {
    let plain = !secret.is_empty() && secret.bytes().all(|b| b.is_ascii_graphic());
    plain.then_some(Token { secret, source })
}
