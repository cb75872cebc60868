//! Long output in a terminal, shown as git shows its own.

use super::Context;
use crate::children;
use crate::error::Result;
use crate::session::publish::QUESTION;
use crate::ui::stopping::Lent;

impl Context {
    /// What somebody wants to see before a question is answered: the question follows on the same screen, so that what is longer is
    /// paged.
    pub(crate) fn show_aside(&self, words: &str) -> Result<()> {
        let words = words.trim_end_matches('\n');
        match (console::Term::stdout().is_term(), self.ui.holds(words, QUESTION)) {
            (false, _) => self.ui.say(words),
            (true, true) => self.ui.data(&format!("{words}\n"))?,
            // Who has never seen a pager has to find back to the question.
            (true, false) => {
                self.paged(&format!("{words}\n"), Some(tr!("Space goes on, q goes back to the question")))?;
            }
        }
        Ok(())
    }

    /// Data that may be longer than the screen.
    pub(crate) fn page(&self, out: &str) -> Result<()> {
        self.paged(out, None)
    }

    /// `how`: what is told of the pager, where that isn't known.
    fn paged(&self, out: &str, how: Option<&str>) -> Result<()> {
        let out = &*self.ui.laid_out(out);
        let terminal = console::Term::stdout();
        let rows = terminal.size_checked().filter(|_| terminal.is_term()).map_or(usize::MAX, |(rows, _)| rows.into());
        // A pager waits for a key, and where nobody is to be asked for anything nobody presses one.
        let is_read = !self.globals.no_input && !self.environment.ci;
        let shows = is_read && !self.globals.no_pager && !self.is_within() && self.environment.terminal.1 != "dumb";
        if !shows || out.lines().count() < rows {
            return self.ui.data(out);
        }
        let Some(pager) = children::pager().filter(|pager| pager != "cat") else { return self.ui.data(out) };
        let (less, above) = match how {
            None => ("FRX".to_owned(), String::new()),
            Some(how) if how.is_ascii() => (format!("-FRX -Ps{how}$"), String::new()),
            // Its older versions garble what isn't ASCII in their own line.
            Some(how) => ("-FRX".to_owned(), format!("{how}\n\n")),
        };
        match children::page(
            (&pager, &less),
            &(above + out),
            |name| self.environment.pager_settings.contains(&name),
            Lent::to,
        ) {
            true => Ok(()),
            false => self.ui.data(out),
        }
    }
}
