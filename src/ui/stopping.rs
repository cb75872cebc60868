//! Ctrl-C, SIGTERM and a terminal that is closed: at any moment the terminal is left as it was, what was sent and what is kept is
//! said, and the exit code tells the signal.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::children;
use crate::error::{Error, Kind, Result};
use crate::ui::{self, Ui};

/// What whoever stops it has to know.
#[derive(Debug, Default)]
struct Standing {
    /// Whether a question is open: its line isn't ended yet, and the terminal reads keys.
    asking: bool,
    /// The program that has the terminal, as an editor has, and Ctrl-C with it.
    lent: Option<u32>,
    /// That something was written down, and where it is taken up again.
    kept: Option<String>,
    /// What reached the registry, in the words of its commits.
    sent: Vec<String>,
    /// Whether something is on its way there.
    sending: bool,
}

static STANDING: Mutex<Standing> =
    Mutex::new(Standing { asking: false, lent: None, kept: None, sent: Vec::new(), sending: false });

/// While somebody ends the program, everybody else waits here.
fn standing() -> MutexGuard<'static, Standing> {
    STANDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While a question is open.
#[derive(Debug)]
pub(crate) struct Asking(());

impl Asking {
    #[must_use]
    pub(crate) fn begin() -> Self {
        standing().asking = true;
        Self(())
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        standing().asking = false;
    }
}

/// While another program has the terminal: Ctrl-C is its own.
#[derive(Debug)]
pub(crate) struct Lent(());

impl Lent {
    /// To the program with this number, until that has ended.
    #[must_use]
    pub(crate) fn to(program: u32) -> Self {
        standing().lent = Some(program);
        Self(())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        standing().lent = None;
    }
}

/// While something is being sent; whoever holds it says whether it was.
#[derive(Debug)]
pub(crate) struct Sending(());

impl Sending {
    #[must_use]
    pub(crate) fn begin() -> Self {
        standing().sending = true;
        Self(())
    }

    /// It has arrived: `what` it was, a line each.
    pub(crate) fn arrived(self, what: impl IntoIterator<Item = String>) {
        standing().sent.extend(what);
        drop(self);
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        standing().sending = false;
    }
}

/// Keeps what somebody wrote; `told` says that, and where it is taken up again. Nobody stops it in between.
pub(crate) fn keep(told: String, save: impl FnOnce() -> Result<()>) -> Result<()> {
    let mut standing = standing();
    save()?;
    standing.kept = Some(told);
    Ok(())
}

/// Keeps nothing any more: it was sent, or is to be forgotten.
pub(crate) fn forget(remove: impl FnOnce()) {
    let mut standing = standing();
    remove();
    standing.kept = None;
}

impl Standing {
    /// The end, in words.
    fn told(&self, cause: Error) -> Error {
        let mut words = match (self.sent.as_slice(), self.sending) {
            ([], false) => tr!("Stopped; nothing was sent.").to_owned(),
            ([], true) => tr!("Stopped while it was being sent; whether it arrived isn't known here.").to_owned(),
            (sent, sending) => {
                let what: String = sent.iter().map(|what| format!("\n  {what}")).collect();
                let told = tr!("Stopped. This was sent before, and stays:{what}", what);
                match sending {
                    true => told + "\n" + tr!("The next was being sent; whether it arrived isn't known here."),
                    false => told,
                }
            }
        };
        if cause.message != Error::interrupted().message {
            words = tr!("{words} ({cause})", words, cause = cause.message);
        }
        let mut told = Error { message: words, ..cause };
        if self.sending {
            told = told.hint(tr!("run it again: nothing is done twice"));
        }
        match &self.kept {
            Some(kept) => told.hint(kept),
            None => told,
        }
    }
}

/// What was sent so far, as a hint for whom nothing more can be told.
#[must_use]
pub fn sent() -> Option<String> {
    let standing = standing();
    let what: String = standing.sent.iter().map(|what| format!("\n  {what}")).collect();
    (!what.is_empty()).then(|| tr!("nothing has to be done again; this was sent, and stays:{what}", what))
}

/// Tells an error that ends the program, and gives the exit code.
#[must_use]
pub fn tell(ui: Ui, error: Error) -> u8 {
    // Who is about to end it after a signal tells it alone: it holds this until the end. What the terminal refuses meanwhile, since it
    // is taken away, is told by nobody.
    let standing = standing();
    if error.kind != Kind::Interrupted {
        ui.error(&error);
        return error.kind.exit_code();
    }
    if standing.asking {
        ui.end_line();
    }
    ui.error(&standing.told(error));
    std::mem::forget(standing);
    last_signal().unwrap_or(Kind::Interrupted.exit_code())
}

/// Whether somebody works on something that Ctrl-C must let come to an end in order.
static ORDERLY: AtomicBool = AtomicBool::new(false);
static STOPPED: AtomicBool = AtomicBool::new(false);

/// As long as it lives, the first Ctrl-C is only noted, for its holder to look and end in order. A second one ends it all.
#[derive(Debug)]
pub(crate) struct Orderly(());

impl Orderly {
    #[must_use]
    pub(crate) fn begin() -> Self {
        ORDERLY.store(true, Ordering::SeqCst);
        Self(())
    }

    /// Whether it is time to end.
    #[must_use]
    #[expect(clippy::unused_self, reason = "only who holds it may ask: nobody else ends orderly")]
    pub(crate) fn is_stopped(&self) -> bool {
        STOPPED.load(Ordering::SeqCst)
    }
}

impl Drop for Orderly {
    fn drop(&mut self) {
        ORDERLY.store(false, Ordering::SeqCst);
    }
}

/// Ends the program as a signal wants it, from whichever thread.
fn end(ui: Ui, code: u8) {
    let by_key = code == Kind::Interrupted.exit_code();
    if by_key && ORDERLY.load(Ordering::SeqCst) && !STOPPED.swap(true, Ordering::SeqCst) {
        return;
    }
    // Held until the end: nobody opens a question, or tells the same, any more.
    let standing = standing();
    match standing.lent {
        Some(_) if by_key => return,
        // It gives the terminal back before anything is said there.
        Some(program) => system::end_other(program),
        None => {}
    }
    children::end_all();
    ui::begin_last_words();
    restore_terminal(standing.asking);
    if standing.asking {
        ui.end_line();
    }
    if ui::moves() {
        // What was typed ahead may stand there, or a question that is only being written.
        let _ = console::Term::stderr().clear_line();
    }
    ui.error(&standing.told(Error::interrupted()));
    #[expect(clippy::exit, reason = "nobody is left to return to")]
    std::process::exit(i32::from(code));
}

/// Brings back what the terminal was before it was asked at; `asked`: whether somebody is asked right now.
pub fn restore_terminal(asked: bool) {
    system::restore(asked);
    if !ui::moves() {
        return;
    }
    if asked {
        // No more marks around what is pasted.
        let _ = write!(std::io::stderr(), "\u{1b}[?2004l");
    }
    let _ = console::Term::stderr().show_cursor();
}

pub(crate) use system::Reading;
pub use system::handle;
use system::last_signal;

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::os::fd::{AsFd as _, OwnedFd};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};
    use std::time::Duration;

    use nix::sys::signal::{SigSet, Signal, kill};
    use nix::sys::termios::{FlushArg, SetArg, SpecialCharacterIndices, Termios, tcflush, tcgetattr, tcsetattr};
    use nix::unistd::{Pid, dup2_stdin, dup2_stdout};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use crate::children::typed_ahead::{Changed, changed};
    use crate::ui::Ui;

    /// The terminal, and how it was before the first question.
    static TERMINAL: Mutex<Option<(OwnedFd, Termios)>> = Mutex::new(None);

    /// The last signals that came, Ctrl-C and all others; 0 where none has.
    fn last() -> &'static [Arc<AtomicUsize>; 2] {
        static LAST: OnceLock<[Arc<AtomicUsize>; 2]> = OnceLock::new();
        LAST.get_or_init(Default::default)
    }

    /// The exit code that the signals want. Whoever waits for a key makes a Ctrl-C of its own of each signal that wakes it: one that
    /// came with another says nothing.
    pub(super) fn last_signal() -> Option<u8> {
        let [key, others] = last();
        let came =
            |signal: &AtomicUsize| u8::try_from(signal.load(Ordering::SeqCst)).ok().filter(|number| *number != 0);
        came(others).or_else(|| came(key)).map(|signal| signal + 128)
    }

    fn interrupt() -> SigSet {
        SigSet::from(Signal::SIGINT)
    }

    /// While a line is read: whoever reads it has put a handler of its own in the place of ours, and is passed by. Of the keys that
    /// send signals, only Ctrl-C does.
    #[derive(Debug)]
    pub(crate) struct Reading {
        only_interrupts: Option<Changed>,
    }

    impl Reading {
        #[must_use]
        pub(crate) fn begin() -> Self {
            let _ = interrupt().thread_block();
            let only_interrupts = changed(|terminal| {
                for key in [SpecialCharacterIndices::VQUIT, SpecialCharacterIndices::VSUSP] {
                    terminal.control_chars[key as usize] = nix::libc::_POSIX_VDISABLE;
                }
            });
            Self { only_interrupts }
        }
    }

    impl Drop for Reading {
        fn drop(&mut self) {
            drop(self.only_interrupts.take());
            let _ = interrupt().thread_unblock();
        }
    }

    /// Ends another program, and waits a moment until it is gone.
    pub(super) fn end_other(program: u32) {
        let Ok(number) = i32::try_from(program) else { return };
        let pid = Pid::from_raw(number);
        let _ = kill(pid, Signal::SIGTERM);
        for _ in 0..50 {
            if kill(pid, None).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(super) fn restore(asked: bool) {
        let terminal = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((terminal, before)) = terminal.as_ref() {
            // Who is just about to ask would set it once more: for all others there is no terminal to ask at any longer.
            if let Ok(nothing) = File::options().read(true).write(true).open("/dev/null") {
                let _ = dup2_stdin(&nothing);
                if asked {
                    // Nor is what was typed ahead shown beside the last words.
                    let _ = dup2_stdout(&nothing);
                }
            }
            let _ = tcsetattr(terminal, SetArg::TCSANOW, before);
            // What was typed for a question isn't for the shell.
            let _ = tcflush(terminal, FlushArg::TCIFLUSH);
        }
    }

    fn terminal() -> Option<(OwnedFd, Termios)> {
        let stdin = std::io::stdin();
        Some((stdin.as_fd().try_clone_to_owned().ok()?, tcgetattr(&stdin).ok()?))
    }

    /// Makes signals end the program with 128 and their number, and the terminal as it was, wherever it is.
    pub fn handle(ui: Ui) {
        *TERMINAL.lock().unwrap_or_else(PoisonError::into_inner) = terminal();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let number = usize::try_from(signal).unwrap_or_default();
            let place = &last()[usize::from(signal != SIGINT)];
            let _ = signal_hook::flag::register_usize(signal, place.clone(), number);
        }
        // Without a handler a signal still ends the program, only less politely.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
        // Threads inherit what is passed by here: while a line is read, one of them waits for Ctrl-C, and the other never runs
        // the handler of whoever reads.
        let _ = interrupt().thread_block();
        std::thread::spawn(move || {
            while let Ok(Signal::SIGINT) = interrupt().wait() {
                last()[0].store(usize::try_from(SIGINT).unwrap_or_default(), Ordering::SeqCst);
                super::end(ui, last_signal().unwrap_or(130));
            }
        });
        std::thread::spawn(move || {
            for signal in signals.forever() {
                super::end(ui, last_signal().or_else(|| u8::try_from(128 + signal).ok()).unwrap_or(130));
            }
        });
        let _ = interrupt().thread_unblock();
    }
}

#[cfg(windows)]
mod system {
    use crate::error::Kind;
    use crate::ui::Ui;

    pub(super) const fn last_signal() -> Option<u8> {
        None
    }

    pub(super) const fn restore(_: bool) {}

    pub(super) const fn end_other(_: u32) {}

    /// While a line is read. Ctrl-C is a key then.
    #[derive(Debug)]
    pub(crate) struct Reading(());

    impl Reading {
        #[must_use]
        pub(crate) const fn begin() -> Self {
            Self(())
        }
    }

    /// Makes Ctrl-C end the program with 130, wherever it is.
    pub fn handle(ui: Ui) {
        let _ = ctrlc::set_handler(move || super::end(ui, Kind::Interrupted.exit_code()));
    }
}
