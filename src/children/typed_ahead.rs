//! What is typed where nothing is asked: it isn't shown in between what is told, and it answers no question.

#[cfg(unix)]
pub(crate) use unix::{Changed, changed, forget, hide, is_asked, show, shown};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use nix::sys::termios::{
        FlushArg, LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcflush, tcgetattr, tcsetattr,
    };

    /// Whether keys that nobody waits for are hidden now.
    static HIDDEN: Mutex<bool> = Mutex::new(false);

    fn hidden() -> MutexGuard<'static, bool> {
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

    /// Keys aren't shown from here on.
    pub(crate) fn hide() {
        let mut hidden = hidden();
        *hidden = *hidden || change(|terminal| terminal.local_flags.remove(LocalFlags::ECHO));
    }

    /// Keys are shown again.
    pub(crate) fn show() {
        if std::mem::take(&mut *hidden()) {
            change(|terminal| terminal.local_flags.insert(LocalFlags::ECHO));
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
        if let Some(_at_once) = at_once {
            while let Ok(read @ 1..) = nix::unistd::read(io::stdin(), &mut keys) {
                is_stopped |= keys[..read].contains(&interrupts);
            }
        }
        let _ = tcflush(io::stdin(), FlushArg::TCIFLUSH);
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
        let was_hidden = *hidden();
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
