//! Ending what runs, with all that it started: git alone would leave its ssh behind, and that whatever it waits for.

use std::collections::BTreeMap;
use std::io;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// So long a program has to put away what it works on.
const TO_CLEAR_UP: Duration = Duration::from_millis(500);

/// By its number, each program that runs now, and whether it leads a group of its own.
static RUNNING: Mutex<BTreeMap<u32, bool>> = Mutex::new(BTreeMap::new());

fn running() -> MutexGuard<'static, BTreeMap<u32, bool>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same, unless a program is being begun that doesn't come: nobody waits for that to end.
fn running_soon() -> Option<MutexGuard<'static, BTreeMap<u32, bool>>> {
    let until = Instant::now() + TO_CLEAR_UP;
    loop {
        match RUNNING.try_lock() {
            Ok(list) => return Some(list),
            Err(TryLockError::Poisoned(e)) => return Some(e.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// A program that was begun; whoever stops this one ends it, too.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) child: Child,
    leads: bool,
}

impl Begun {
    /// Begins it. `alone`, it reads nothing from the terminal, nor does what it starts.
    pub(super) fn begin(command: &mut Command, alone: bool) -> io::Result<Self> {
        // Between its beginning and the list, a signal would leave it behind.
        let mut running = running();
        let child = if alone { system::spawn_alone(command) } else { command.spawn() }?;
        let leads = alone && cfg!(unix);
        running.insert(child.id(), leads);
        Ok(Self { child, leads })
    }

    /// Ends it with all that it started.
    pub(super) fn end(&mut self) -> io::Result<()> {
        let id = self.child.id();
        let whole = system::Whole::of(id, self.leads);
        whole.ask_to_end();
        let until = Instant::now() + TO_CLEAR_UP;
        while Instant::now() < until && self.child.try_wait()?.is_none() {
            std::thread::sleep(Duration::from_millis(10));
        }
        whole.kill();
        // Where there are no signals.
        let _ = self.child.kill();
        self.child.wait().map(drop)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        running().remove(&self.child.id());
    }
}

/// Ends all that runs: this program is about to end itself.
pub(crate) fn end_all() {
    let Some(list) = running_soon() else { return };
    let wholes: Vec<_> = list.iter().map(|(id, leads)| system::Whole::of(*id, *leads)).collect();
    drop(list);
    wholes.iter().for_each(system::Whole::ask_to_end);
    let until = Instant::now() + TO_CLEAR_UP;
    // Whoever waits for them takes them off the list.
    while Instant::now() < until && !running().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    wholes.iter().for_each(system::Whole::kill);
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, Command};

    use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, killpg};
    use nix::unistd::Pid;

    /// Begins a program in a group of its own. Whoever isn't in the terminal's group, and has these signals blocked, is told by the
    /// system that nothing can be read there, rather than stopped until the terminal is its own.
    pub(super) fn spawn_alone(command: &mut Command) -> io::Result<Child> {
        let mut of_terminals = SigSet::empty();
        of_terminals.add(Signal::SIGTTIN);
        of_terminals.add(Signal::SIGTTOU);
        let before = of_terminals.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        let child = command.process_group(0).spawn();
        if let Ok(before) = before {
            let _ = before.thread_set_mask();
        }
        child
    }

    /// A program with what it started.
    pub(super) struct Whole {
        group: Option<Pid>,
        each: Vec<Pid>,
    }

    impl Whole {
        pub(super) fn of(id: u32, leads: bool) -> Self {
            let pid = |id: u32| i32::try_from(id).ok().filter(|id| *id > 1).map(Pid::from_raw);
            match leads {
                true => Self { group: pid(id), each: Vec::new() },
                false => Self { group: None, each: with_those_below(id).into_iter().filter_map(pid).collect() },
            }
        }

        fn send(&self, signal: Signal) {
            if let Some(group) = self.group {
                let _ = killpg(group, signal);
            }
            for pid in &self.each {
                let _ = kill(*pid, signal);
            }
        }

        pub(super) fn ask_to_end(&self) {
            self.send(Signal::SIGTERM);
        }

        pub(super) fn kill(&self) {
            self.send(Signal::SIGKILL);
        }
    }

    /// A program and, where the system shows who started whom, all that it started.
    fn with_those_below(id: u32) -> Vec<u32> {
        let numbered = |entry: std::fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
        let all = std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(numbered);
        let parent = |id: u32| {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            // A name may hold anything, and ends with the last bracket; then come the state and the parent.
            stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<u32>().ok()
        };
        let pairs: Vec<(u32, u32)> = all.filter_map(|id| Some((id, parent(id)?))).collect();
        let mut out = vec![id];
        let mut at = 0;
        while let Some(above) = out.get(at).copied() {
            out.extend(pairs.iter().filter(|(_, parent)| *parent == above).map(|(id, _)| *id));
            at += 1;
        }
        out
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;
    use std::process::{Child, Command};

    pub(super) fn spawn_alone(command: &mut Command) -> io::Result<Child> {
        command.spawn()
    }

    pub(super) struct Whole;

    impl Whole {
        pub(super) const fn of(_: u32, _: bool) -> Self {
            Self
        }

        #[expect(clippy::unused_self, reason = "as elsewhere")]
        pub(super) const fn ask_to_end(&self) {}

        #[expect(clippy::unused_self, reason = "as elsewhere")]
        pub(super) const fn kill(&self) {}
    }
}
