//! How a program ended that said nothing of why, and what helps where it didn't end by itself.

use std::process::ExitStatus;

/// A shell says by its status that what it ran was ended: by this much more than the signal's number.
const BY_A_SIGNAL: i32 = 128;

/// By which statuses shells, and `env`, say that what they were to run isn't there, or can't be run.
const CANT_RUN: [i32; 2] = [126, 127];

/// How a program ended that said nothing of why.
#[must_use]
pub(crate) fn how(status: ExitStatus) -> String {
    if let Some(signal) = signal_of(status) {
        return tr!("ended by signal {signal}", signal);
    }
    status.code().map_or_else(
        || tr!("it ended without a word").to_owned(),
        |code| tr!("ended with {code}, without a word", code),
    )
}

/// What helps where a program was ended, or couldn't run what it is made of; nothing where it ended by itself.
#[must_use]
pub(crate) fn why_ended(status: ExitStatus) -> Option<&'static str> {
    match signal_of(status) {
        Some(signal) => Some(of_signal(signal)),
        None if status.code().is_some_and(|code| CANT_RUN.contains(&code)) => {
            Some(tr!("what it runs isn't there, or can't be run: install that, or mend what names it"))
        }
        None => None,
    }
}

/// The signal that ended it. git's own statuses are 128 and 129.
fn signal_of(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Some(signal);
    }
    let signal = status.code()?.checked_sub(BY_A_SIGNAL)?;
    (2..32).contains(&signal).then_some(signal)
}

/// What helps where a signal ended a program on this machine.
#[must_use]
pub(crate) fn of_signal(signal: i32) -> &'static str {
    match signal {
        // What the system ends itself for want of memory, it ends so; and so does somebody.
        9 => tr!(
            "the system ended it, as it does for want of memory, or somebody did: end what else takes memory, then run it again"
        ),
        // It did what no program may, or gave itself up.
        4 | 5 | 6 | 7 | 8 | 10 | 11 => {
            tr!("it broke down on this machine: run it again; if it breaks down again, install another version of it")
        }
        24 | 25 | 31 => tr!("it came to a limit of this machine's: ulimit -a shows them"),
        _ => tr!("something on this machine ended it: run it again"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn who_was_ended_is_told_from_who_ended() {
        let of = |raw: i32| (how(ExitStatus::from_raw(raw)), why_ended(ExitStatus::from_raw(raw)));
        assert_eq!(of(9), ("ended by signal 9".to_owned(), Some(of_signal(9))));
        assert_eq!(of(137 << 8).1, Some(of_signal(9)), "as a shell says it");
        assert_eq!(of(11).1, Some(of_signal(11)));
        assert_ne!(of_signal(11), of_signal(9));
        assert!(of(127 << 8).1.is_some_and(|hint| hint.contains("isn't there")));
        for own in [1, 128, 129, 255] {
            assert_eq!(of(own << 8), (format!("ended with {own}, without a word"), None));
        }
    }
}
