//! Programs by which nobody may be asked stand in a group of their own each, so that whatever they start is ended along with them.
//! One that may ask stays in ours: only there may it read the terminal.

use std::process::{Child, Command};
use std::time::Duration;

/// A program that runs, and what it starts.
#[derive(Debug)]
pub(super) struct Group(Option<u32>);

impl Group {
    /// Begins a program, on its own if it is to stand `apart`.
    pub(super) fn begin(command: &mut Command, apart: bool) -> std::io::Result<(Self, Child)> {
        if apart {
            system::apart(command);
        }
        let child = command.spawn()?;
        let group = apart.then(|| child.id());
        group.into_iter().for_each(system::remember);
        Ok((Self(group), child))
    }

    /// Ends it, and all that it has started: first so that it can clear away what it was at.
    pub(super) fn end(&self, child: &mut Child) -> std::io::Result<()> {
        if let Some(group) = self.0 {
            system::ask_to_end(group);
            for _ in 0..25 {
                if child.try_wait()?.is_some() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            system::kill(group);
        }
        if child.try_wait()?.is_none() {
            child.kill()?;
        }
        child.wait().map(drop)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.0.into_iter().for_each(system::forget);
    }
}

pub(crate) use system::end_all;

#[cfg(unix)]
mod system {
    use std::collections::BTreeSet;
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;
    use std::sync::{Mutex, PoisonError};

    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

    fn running<T>(with: impl FnOnce(&mut BTreeSet<u32>) -> T) -> T {
        with(&mut RUNNING.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn apart(command: &mut Command) {
        command.process_group(0);
    }

    pub(super) fn remember(group: u32) {
        running(|all| all.insert(group));
    }

    pub(super) fn forget(group: u32) {
        running(|all| all.remove(&group));
    }

    pub(super) fn ask_to_end(group: u32) {
        signal(group, Signal::SIGTERM);
    }

    pub(super) fn kill(group: u32) {
        signal(group, Signal::SIGKILL);
    }

    /// Ends all that run, where this program ends before them: a terminal's signals don't reach them.
    pub(crate) fn end_all() {
        running(|all| all.iter().copied().for_each(ask_to_end));
    }

    fn signal(group: u32, signal: Signal) {
        if let Ok(group) = i32::try_from(group) {
            // One that has ended is gone.
            let _ = killpg(Pid::from_raw(group), signal);
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::process::Command;

    pub(super) fn apart(_: &mut Command) {}

    pub(super) fn remember(_: u32) {}

    pub(super) fn forget(_: u32) {}

    pub(super) fn ask_to_end(_: u32) {}

    pub(super) fn kill(_: u32) {}

    pub(crate) fn end_all() {}
}
