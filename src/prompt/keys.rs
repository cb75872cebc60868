//! Keys as a person presses them, told apart from what is pasted: that answers no question of keys.

use std::io::{self, Write as _};
use std::time::Duration;

use console::{Key, Term};

#[cfg(unix)]
use crate::children::typed_ahead;
use crate::ui;

/// What came from the keyboard at once.
#[derive(Debug)]
pub(super) enum Typed {
    /// A key, and what came with it: as with an input method, which sends words, or where somebody types ahead.
    Keys(Vec<Key>),
    Pasted(String),
}

/// A person's next key comes later than this.
const TOGETHER: Duration = Duration::from_millis(10);
/// For so long the end of what is pasted is waited for.
const PASTE: Duration = Duration::from_secs(1);

/// While keys are asked for: the terminal shows none of them, and marks what is pasted.
#[derive(Debug)]
pub(super) struct Unseen {
    #[cfg(unix)]
    _one_by_one: Option<typed_ahead::Changed>,
}

impl Unseen {
    pub(super) fn begin() -> Self {
        mark_pastes('h');
        Self {
            #[cfg(unix)]
            _one_by_one: typed_ahead::changed(|terminal| {
                use nix::sys::termios::LocalFlags;
                terminal.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHO);
            }),
        }
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        mark_pastes('l');
    }
}

/// Bracketed paste, on or off.
fn mark_pastes(switch: char) {
    if ui::moves() {
        let _ = write!(io::stderr(), "\u{1b}[?2004{switch}");
    }
}

/// How marks around what is pasted begin, as far as console reads them as one: `0~` follows, or `1~` at the end.
fn is_mark(key: &Key) -> bool {
    matches!(key, Key::UnknownEscSeq(letters) if letters == &['[', '2', '0'])
}

/// Waits for the next key, and takes what came with it.
pub(super) fn next(term: &Term) -> io::Result<Typed> {
    let first = term.read_key()?;
    // Ctrl-D, by which who is asked for words ends it, too.
    if first == Key::Char('\u{4}') {
        return Err(io::ErrorKind::Interrupted.into());
    }
    if is_mark(&first) {
        return pasted(term).map(Typed::Pasted);
    }
    let mut keys = vec![first];
    while is_waiting(TOGETHER) {
        let key = term.read_key()?;
        if is_mark(&key) {
            // What was pressed before it is as good as pasted.
            return pasted(term).map(Typed::Pasted);
        }
        keys.push(key);
    }
    Ok(Typed::Keys(keys))
}

/// Forgets what was typed and not read.
pub(super) fn forget(term: &Term) -> io::Result<()> {
    while is_waiting(TOGETHER) {
        term.read_key()?;
    }
    Ok(())
}

/// The keys as text.
pub(super) fn words(keys: &[Key]) -> String {
    let letter = |key: &Key| match key {
        Key::Char(c) => *c,
        Key::Enter => '\n',
        _ => ' ',
    };
    keys.iter().map(letter).collect()
}

/// What is pasted, up to the mark at its end.
fn pasted(term: &Term) -> io::Result<String> {
    let mut keys = Vec::new();
    while is_waiting(PASTE) {
        let key = term.read_key()?;
        if is_mark(&key) {
            for _ in 0..2 {
                term.read_key()?;
            }
            break;
        }
        keys.push(key);
    }
    let words = words(&keys);
    Ok(words.strip_prefix("0~").unwrap_or(&words).to_owned())
}

/// Whether more was typed than was read, or is within this time.
#[cfg(unix)]
fn is_waiting(within: Duration) -> bool {
    use std::os::fd::AsFd as _;

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    let stdin = io::stdin();
    let within = PollTimeout::try_from(within).unwrap_or(PollTimeout::ZERO);
    let there = poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], within);
    there.is_ok_and(|ready| ready > 0)
}

#[cfg(not(unix))]
const fn is_waiting(_: Duration) -> bool {
    false
}
