//! What is typed where nothing is asked: it isn't shown in between what is told, and it answers no question.

#[cfg(unix)]
pub(crate) use unix::{Changed, changed, forget, hide, is_asked, show, shown};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use nix::errno::Errno;
    use nix::sys::termios::{LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr};

    /// How it was before, while keys that nobody waits for are hidden.
    static HIDDEN: Mutex<Option<LocalFlags>> = Mutex::new(None);

    fn hidden() -> MutexGuard<'static, Option<LocalFlags>> {
        HIDDEN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(how: impl FnOnce(&mut Termios)) -> bool {
        let Ok(mut terminal) = tcgetattr(io::stdin()) else { return false };
        how(&mut terminal);
        tcsetattr(io::stdin(), SetArg::TCSANOW, &terminal).is_ok()
    }

    /// Settings of the terminal, changed as long as it lives.
    #[derive(Debug)]
    pub(crate) struct Changed(Termios);

    #[must_use]
    pub(crate) fn changed(how: impl FnOnce(&mut Termios)) -> Option<Changed> {
        let before = tcgetattr(io::stdin()).ok()?;
        change(how).then(|| Changed(before))
    }

    impl Drop for Changed {
        fn drop(&mut self) {
            let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.0);
        }
    }

    /// Keys aren't shown from here on, and Ctrl-C takes nothing away of what was written and isn't on the screen yet: what moves
    /// there counts on each line of it.
    pub(crate) fn hide() {
        let mut hidden = hidden();
        if hidden.is_none() {
            let mut before = LocalFlags::empty();
            let is_changed = change(|terminal| {
                before = terminal.local_flags;
                terminal.local_flags.remove(LocalFlags::ECHO);
                terminal.local_flags.insert(LocalFlags::NOFLSH);
            });
            *hidden = is_changed.then_some(before);
        }
    }

    /// Keys are shown again.
    pub(crate) fn show() {
        if let Some(before) = hidden().take() {
            change(|terminal| {
                for flag in [LocalFlags::ECHO, LocalFlags::NOFLSH] {
                    terminal.local_flags.set(flag, before.contains(flag));
                }
            });
        }
    }

    /// Whatever was typed is gone, but for Ctrl-C: while a key is read it makes no signal, and waits here among the keys.
    ///
    /// # Errors
    /// As interrupted, where it was typed.
    pub(crate) fn forget() -> io::Result<()> {
        let (mut keys, mut interrupts, mut is_stopped) = ([0; 256], 0, false);
        let at_once = changed(|terminal| {
            interrupts = terminal.control_chars[SpecialCharacterIndices::VINTR as usize];
            terminal.local_flags.remove(LocalFlags::ICANON);
            terminal.control_chars[SpecialCharacterIndices::VMIN as usize] = 0;
            terminal.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        });
        // It isn't flushed: with that would go a Ctrl-C that is only on its way, and makes no signal yet.
        if let Some(_at_once) = at_once {
            loop {
                match nix::unistd::read(io::stdin(), &mut keys) {
                    Ok(read @ 1..) => is_stopped |= keys[..read].contains(&interrupts),
                    Err(Errno::EINTR) => {}
                    Ok(_) | Err(_) => break,
                }
            }
        }
        if is_stopped { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    }

    /// Whether another program, begun while keys were shown, asks at the terminal for what nobody else is to see, or has it whole.
    #[must_use]
    pub(crate) fn is_asked() -> bool {
        tcgetattr(io::stderr()).is_ok_and(|terminal| !terminal.local_flags.contains(LocalFlags::ECHO))
    }

    /// As long as it lives keys are shown, for a program that may ask by itself.
    #[derive(Debug)]
    pub(crate) struct Shown(bool);

    #[must_use]
    pub(crate) fn shown() -> Shown {
        let was_hidden = hidden().is_some();
        show();
        Shown(was_hidden)
    }

    impl Drop for Shown {
        fn drop(&mut self) {
            if self.0 {
                hide();
            }
        }
    }
}

#[cfg(not(unix))]
pub(crate) use other::{forget, hide, is_asked, show, shown};

/// There a console shows what is typed only while a line is read.
#[cfg(not(unix))]
mod other {
    pub(crate) const fn hide() {}

    pub(crate) const fn show() {}

    #[expect(clippy::unnecessary_wraps, reason = "elsewhere Ctrl-C may be among it")]
    pub(crate) const fn forget() -> std::io::Result<()> {
        Ok(())
    }

    #[derive(Debug)]
    pub(crate) struct Shown(());

    #[must_use]
    pub(crate) const fn shown() -> Shown {
        Shown(())
    }

    pub(crate) const fn is_asked() -> bool {
        false
    }
}
