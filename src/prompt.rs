//! Asking. A terminal asks the person; everything else refuses and names the flag that would answer.

use std::sync::atomic::{AtomicBool, Ordering};

use console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, MultiSelect, Select};

use crate::domain::values::Invalid;
use crate::error::{Error, Kind, Result};
use crate::ui::Ui;

/// One question, and what answers it without asking.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Shown before the answer, and named where nobody can be asked.
    pub label: &'a str,
    /// The flag that answers it too.
    pub flag: &'a str,
    /// Offered to be kept or changed.
    pub default: Option<&'a str>,
    /// Whether the answer may be left out.
    pub optional: bool,
}

/// A way to ask.
///
/// # Errors
/// All that ask fail alike: where nobody can be asked, and where the person stops.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
pub trait Prompt {
    /// Whether there is anybody to ask.
    fn can_ask(&self) -> bool;
    /// A line of text that `check` accepts. Empty only where the question is optional.
    fn text(&self, question: Question<'_>, check: &dyn Fn(&str) -> Result<(), Invalid>) -> Result<String>;
    /// One of `items`, by its place.
    fn choose(&self, question: Question<'_>, items: &[&str], default: usize) -> Result<usize>;
    /// Any number of `items`, by their places; `marked` says which are marked already.
    fn several(&self, question: Question<'_>, items: &[&str], marked: &[bool]) -> Result<Vec<usize>>;
    /// Yes or no; `default` is what Return means.
    fn confirm(&self, words: &str, default: bool) -> Result<bool>;
}

/// Whether a prompt waits for a key right now: then Ctrl-C is the prompt's to handle.
static ASKING: AtomicBool = AtomicBool::new(false);

/// Asks on the terminal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal(pub Ui);

impl Terminal {
    fn ask<T>(question: impl FnOnce(&Term) -> dialoguer::Result<T>) -> Result<T> {
        let term = Term::stderr();
        ASKING.store(true, Ordering::SeqCst);
        let answer = question(&term);
        ASKING.store(false, Ordering::SeqCst);
        answer.map_err(|dialoguer::Error::IO(e)| {
            let _ = term.show_cursor();
            match e.kind() {
                std::io::ErrorKind::Interrupted => Error::interrupted(),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::NotConnected => {
                    Error::new(Kind::Interrupted, "the input ended before the question was answered")
                }
                _ => Error::environment(format!("can't ask: {e}")).hint("give the answers as flags, with --no-input"),
            }
        })
    }
}

impl Prompt for Terminal {
    fn can_ask(&self) -> bool {
        true
    }

    fn text(&self, question: Question<'_>, check: &dyn Fn(&str) -> Result<(), Invalid>) -> Result<String> {
        let theme = ColorfulTheme::default();
        let mut offered = question.default.unwrap_or_default().to_owned();
        loop {
            let answer = Self::ask(|term| {
                Input::<String>::with_theme(&theme)
                    .with_prompt(question.label)
                    .allow_empty(true)
                    .with_initial_text(&offered)
                    .report(false)
                    .interact_text_on(term)
            })?;
            let answer = answer.trim();
            let left_out = answer.is_empty() && question.optional;
            let verdict = if left_out { Ok(()) } else { check(answer) };
            self.0.answered(question.label, answer, verdict.is_ok());
            // Said in lines that stay, below the answer they are about; and the answer is there to be mended.
            match verdict {
                Ok(()) => return Ok(answer.to_owned()),
                Err(e) => {
                    self.0.warn(&format!("that doesn't do: {}", e.why));
                    self.0.hint(&e.hint);
                    answer.clone_into(&mut offered);
                }
            }
        }
    }

    fn choose(&self, question: Question<'_>, items: &[&str], default: usize) -> Result<usize> {
        let theme = ColorfulTheme::default();
        let chosen = Self::ask(|term| {
            Select::with_theme(&theme).with_prompt(question.label).items(items).default(default).interact_on_opt(term)
        })?;
        chosen.ok_or_else(Error::interrupted)
    }

    fn several(&self, question: Question<'_>, items: &[&str], marked: &[bool]) -> Result<Vec<usize>> {
        // Where color can't show which line is meant, a sign does.
        let (colorful, simple) = (ColorfulTheme::default(), SimpleTheme);
        let theme: &dyn Theme = if console::colors_enabled_stderr() { &colorful } else { &simple };
        let chosen = Self::ask(|term| {
            MultiSelect::with_theme(theme)
                .with_prompt(question.label)
                .items(items)
                .defaults(marked)
                .interact_on_opt(term)
        })?;
        chosen.ok_or_else(Error::interrupted)
    }

    fn confirm(&self, words: &str, default: bool) -> Result<bool> {
        let theme = ColorfulTheme::default();
        Self::ask(|term| Confirm::with_theme(&theme).with_prompt(words).default(default).interact_on(term))
    }
}

/// Refuses to ask, and says which flag answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoInput;

impl Prompt for NoInput {
    fn can_ask(&self) -> bool {
        false
    }

    fn text(&self, question: Question<'_>, _: &dyn Fn(&str) -> Result<(), Invalid>) -> Result<String> {
        Err(unanswered(question))
    }

    fn choose(&self, question: Question<'_>, _: &[&str], _: usize) -> Result<usize> {
        Err(unanswered(question))
    }

    fn several(&self, question: Question<'_>, _: &[&str], _: &[bool]) -> Result<Vec<usize>> {
        Err(unanswered(question))
    }

    fn confirm(&self, words: &str, _: bool) -> Result<bool> {
        Err(Error::usage(format!("can't ask “{words}” without a terminal")).hint("agree beforehand with --yes"))
    }
}

fn unanswered(question: Question<'_>) -> Error {
    Error::usage(format!("can't ask “{}” without a terminal", question.label))
        .hint(format!("give it with {}", question.flag))
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

/// Makes Ctrl-C end the program with 130 and the terminal as it was, wherever it is.
pub fn handle_interrupts() {
    // Without a handler Ctrl-C still ends the program, only less politely.
    let _ = ctrlc::set_handler(|| {
        if ORDERLY.load(Ordering::SeqCst) && !STOPPED.swap(true, Ordering::SeqCst) {
            return;
        }
        let asking = ASKING.load(Ordering::SeqCst);
        if asking {
            // The prompt has seen the key too and ends in order, drafts kept; this is for a signal from elsewhere.
            std::thread::sleep(std::time::Duration::from_millis(700));
            let _ = std::process::Command::new("stty").arg("sane").status();
        }
        let _ = Term::stderr().show_cursor();
        #[expect(clippy::exit, reason = "nobody is left to return to")]
        std::process::exit(i32::from(Kind::Interrupted.exit_code()));
    });
}
