//! Signatures by `GnuPG`, and by what is called as it is.

use std::process::Command;

use super::signing_programs::{Said, Trouble, indented, late, run, why_late};
use crate::children;
use crate::domain::{shell, text};
use crate::error::{Error, Result};
use crate::files;

/// Why it signed nothing: as it numbers that, whatever its language is, and what it says in English.
type Fault = (u32, &'static str);

const NO_TERMINAL: Fault = (32_870, "Inappropriate ioctl for device");
const NO_PINENTRY: Fault = (85, "No pinentry");
const CANCELLED: Fault = (99, "Operation cancelled");
const ALL_CANCELLED: Fault = (198, "Operation fully cancelled");
const TIMEOUT: Fault = (62, ": Timeout");
const BAD_PASSPHRASE: Fault = (11, "Bad passphrase");
const NO_AGENT: Fault = (77, "No agent running");
const UNUSABLE_KEY: Fault = (54, "Unusable secret key");
const NO_CARD: Fault = (112, "Card not present");

/// Whether it failed by one of these. Old ones number nothing.
fn is_of(said: &str, faults: &[Fault]) -> bool {
    let number = |line: &str| line.strip_prefix("[GNUPG:] FAILURE ")?.split(' ').nth(1)?.parse::<u32>().ok();
    // What is above says which of its parts tells it.
    let number = said.lines().find_map(number).map(|number| number & 0xffff);
    faults.iter().any(|(code, words)| number.map_or_else(|| said.contains(words), |number| number == *code))
}

/// Signs with a key, as git has it sign; what it makes, armored.
///
/// # Errors
/// When it can't be run, or doesn't sign.
pub(super) fn sign(program: &str, key: &str, bytes: &[u8], may_ask: bool) -> Result<String> {
    let shown = text::visible(program);
    let failed = |said: &str| {
        let message = tr!("{shown} can't sign as {key}:", shown, key = text::quote(key)) + "\n" + &indented(said);
        Error::environment(message).hint(remedy(said, &shown, key, may_ask))
    };
    let asked = if may_ask { call(program, &[], key, bytes, true) } else { without_asking(program, key, bytes) };
    let said = asked.map_err(|e| match e {
        Trouble::Missing(e) => {
            let install =
                || tr!("install it, or name it in git's gpg.program; git is set to sign commits with {shown}", shown);
            let (e, hint) = files::programs::not_begun(program, &e);
            let hint = hint.unwrap_or_else(install);
            Error::environment(tr!("can't run {shown}: {e}", shown, e)).hint(hint)
        }
        Trouble::Late(limit) => Error::environment(late(&shown, limit)).hint(why_late()),
        Trouble::Failed(said) => failed(&said),
        Trouble::Ended(said, hint) => Error { hints: vec![hint.to_owned()], ..failed(&said) },
    })?;
    // As git: only this says that there is a signature.
    if !said.err.lines().any(|line| line.starts_with("[GNUPG:] SIG_CREATED ")) {
        return Err(failed(&said.err));
    }
    Ok(String::from_utf8_lossy(&said.out).replace("\r\n", "\n"))
}

fn call(program: &str, options: &[&str], key: &str, bytes: &[u8], may_ask: bool) -> Result<Said, Trouble> {
    let mut command = Command::new(program);
    if !may_ask {
        children::ask_nobody(&mut command).env_remove("GPG_TTY").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    }
    command.arg("--status-fd=2").args(options).args(["-bsau", key]);
    run(command, bytes, may_ask)
}

/// Where nobody may be asked. Left to itself, its agent asks at whatever terminal or screen it was ever told of, and goes on
/// asking when whoever waits for it is gone.
fn without_asking(program: &str, key: &str, bytes: &[u8]) -> Result<Said, Trouble> {
    let call = |options: &[&str]| call(program, options, key, bytes, false);
    match call(&["--pinentry-mode", "error"]) {
        // One from before 2.1, or that only looks like it, knows no such option.
        Err(Trouble::Failed(said)) if !said.contains("[GNUPG:] ") => call(&[]),
        // Its own settings may give it the passphrase; who would have to be asked isn't, in a batch.
        Err(Trouble::Failed(said)) if is_of(&said, &[NO_PINENTRY]) => {
            call(&["--batch", "--pinentry-mode", "loopback"]).map_err(|_| Trouble::Failed(said))
        }
        other => other,
    }
}

/// What helps, by what it said.
fn remedy(said: &str, shown: &str, key: &str, may_ask: bool) -> String {
    let is = |faults: &[Fault]| is_of(said, faults);
    match () {
        () if !may_ask && is(&[NO_TERMINAL, NO_PINENTRY, CANCELLED, ALL_CANCELLED, TIMEOUT]) => tr!(
            "its passphrase can't be asked for here: sign something by hand first, so that its agent remembers it: echo x | {program} -bsau {key}",
            program = shell::quoted(shown),
            key = shell::quoted(&text::visible(key))
        ),
        () if is(&[NO_TERMINAL]) => {
            tr!("its agent isn't told at which terminal to ask: export GPG_TTY=$(tty), then run it again").to_owned()
        }
        () if is(&[NO_PINENTRY]) => tr!(
            "its agent has nothing to ask with: install pinentry, or mend pinentry-program in gpg-agent.conf; then gpgconf --kill gpg-agent"
        )
        .to_owned(),
        () if is(&[CANCELLED, ALL_CANCELLED, TIMEOUT]) => tr!(
            "run it again, and answer what its agent asks; if it asked nothing, export GPG_TTY=$(tty) first"
        )
        .to_owned(),
        () if is(&[BAD_PASSPHRASE]) => tr!("run it again with the right passphrase").to_owned(),
        () if is(&[NO_AGENT]) => tr!("begin its agent: gpgconf --launch gpg-agent").to_owned(),
        () if is(&[NO_CARD]) => {
            tr!("put in the card that has the key: {shown} --card-status shows it", shown)
        }
        () if is(&[UNUSABLE_KEY]) => tr!(
            "that key has expired, was revoked, or isn't for signing: {shown} --list-secret-keys shows it; prolong it, or name another in git's user.signingkey",
            shown
        ),
        () => tr!("check git's user.signingkey; {shown} --list-secret-keys shows what there is", shown),
    }
}
