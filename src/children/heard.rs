//! The ends of children are heard of, whoever began this program: one that has SIGCHLD ignored hands that on, and the system then
//! keeps of no child how it ended, so that nobody can wait for it.

use std::sync::{Arc, Once};

use signal_hook::consts::SIGCHLD;

/// Sees to it, once, before the first child. What is begun here has the signal as the system sets it.
pub(super) fn ends() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if is_ignored() {
            // Any handler will do: then it isn't ignored. Where it is needless there is none, as it would wake whoever waits for a key.
            let _ = signal_hook::flag::register(SIGCHLD, Arc::default());
        }
    });
}

fn is_ignored() -> bool {
    match std::fs::read_to_string("/proc/self/status") {
        Ok(status) => has_bit(&status, SIGCHLD),
        // Where the system shows it nowhere, a child that does nothing does.
        Err(_) => {
            std::process::Command::new("true").status().is_err_and(|e| e.raw_os_error() == Some(nix::libc::ECHILD))
        }
    }
}

/// Whether a signal is among those that Linux says are ignored.
fn has_bit(status: &str, signal: i32) -> bool {
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let bits = ignored.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default();
    signal > 0 && bits >> (signal - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_read_as_linux_tells_it() {
        let status = "Name:\tx\nSigBlk:\tffffffffffffffff\nSigIgn:\t0000000000010000\nSigCgt:\t0000000000000000\n";
        assert!(has_bit(status, 17) && !has_bit(status, 16) && !has_bit(status, 18));
        assert!(!has_bit("", 17) && !has_bit("SigIgn:\tx\n", 17));
    }
}
