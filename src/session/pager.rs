//! Long output in a terminal, shown as git shows its own.

use super::Context;
use crate::children;
use crate::error::Result;
use crate::stopping::Lent;

impl Context {
    /// Data that may be longer than the screen.
    pub(crate) fn page(&self, out: &str) -> Result<()> {
        let out = &*self.ui.laid_out(out);
        let terminal = console::Term::stdout();
        let rows = terminal.size_checked().filter(|_| terminal.is_term()).map_or(usize::MAX, |(rows, _)| rows.into());
        let shows = !self.globals.no_pager && !self.is_within() && self.environment.terminal.1 != "dumb";
        if !shows || out.lines().count() < rows {
            return self.ui.data(out);
        }
        let Some(pager) = children::pager().filter(|pager| pager != "cat") else { return self.ui.data(out) };
        match children::page(&pager, out, |name| self.environment.pager_settings.contains(&name), Lent::to) {
            true => Ok(()),
            false => self.ui.data(out),
        }
    }
}
