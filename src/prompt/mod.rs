//! Asking. A terminal asks the person; everything else refuses and names the flag that would answer.

mod choice;
mod keys;
mod list;

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::IsTerminal as _;

pub use choice::Choice;
use console::{Key, Style, Term};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use keys::{Typed, Unseen};
use list::List;
use rustyline::completion::Completer;
use rustyline::config::{BellStyle, Config};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Editor, Helper};

use crate::children::typed_ahead;
use crate::domain::text;
use crate::domain::values::Invalid;
use crate::error::{Error, Kind, Result};
use crate::ui::stopping::{Asking, Reading};
use crate::ui::{self, Ui};

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
    /// The same, where a key leads back.
    fn choose_or_back(&self, question: Question<'_>, items: &[&str], default: usize) -> Result<Choice>;
    /// Any number of `items`, by their places; `marked` says which are marked already.
    fn several(&self, question: Question<'_>, items: &[&str], marked: &[bool]) -> Result<Vec<usize>>;
    /// One of some keys, each with what it does; `default` is what Return means.
    fn key(&self, question: Question<'_>, keys: &[(char, &str)], default: char) -> Result<char>;
    /// Yes or no; `default` is what Return means.
    fn confirm(&self, words: &str, default: bool) -> Result<bool>;
}

/// Whether there is a terminal with somebody at it.
#[must_use]
pub fn is_anybody_there() -> bool {
    std::io::stdin().is_terminal() && console::user_attended() && console::user_attended_stderr()
}

/// Asks on the terminal.
pub(crate) struct Terminal {
    ui: Ui,
    /// Whether nothing can be edited there, as with TERM=dumb: a line is read as it comes.
    plain: bool,
    /// One for all lines that follow each other: it holds what was typed ahead.
    editor: RefCell<Option<LineEditor>>,
}

type LineEditor = Editor<Colored, MemHistory>;

/// The prompt in the colors of the other questions.
struct Colored;

impl Completer for Colored {
    type Candidate = String;
}
impl Hinter for Colored {
    type Hint = String;
}
impl Validator for Colored {}
impl Helper for Colored {}

impl Highlighter for Colored {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        let style = || Style::new().for_stderr();
        let Some(label) = prompt.strip_prefix(MARK).and_then(|p| p.strip_suffix(ENDS)) else { return prompt.into() };
        format!(
            "{}{}{}",
            style().yellow().apply_to(MARK),
            style().bold().apply_to(label),
            style().bright().black().apply_to(ENDS)
        )
        .into()
    }
}

/// What stands around a label or an item that is chosen from, with a column to spare.
const ROOM: usize = 5;

/// How wide the terminal is in which questions are asked.
fn columns() -> usize {
    Term::stderr().size_checked().map_or(usize::MAX, |(_, columns)| columns.into())
}

/// Items that take a line each.
fn fitting(items: &[&str]) -> Vec<String> {
    let room = columns().saturating_sub(ROOM).max(10);
    items.iter().map(|item| console::truncate_str(item, room, "…").into_owned()).collect()
}

/// Around what a line is asked for with.
const MARK: &str = "? ";
const ENDS: &str = " › ";

impl Terminal {
    pub(crate) const fn new(ui: Ui, plain: bool) -> Self {
        Self { ui, plain, editor: RefCell::new(None) }
    }

    /// Before a question of keys is shown: not even lines that came with an earlier answer are for it, and a key pressed as soon as it
    /// is seen isn't shown.
    ///
    /// # Errors
    /// Where Ctrl-C was among it.
    fn begin_keys(&self) -> Result<()> {
        self.editor.take();
        typed_ahead::hide();
        typed_ahead::forget().map_err(|e| unasked(&e))
    }

    fn ask<T>(question: impl FnOnce(&Term) -> std::io::Result<T>) -> Result<T> {
        let asking = Asking::begin();
        match question(&Term::stderr()) {
            Ok(answer) => {
                typed_ahead::hide();
                drop(asking);
                Ok(answer)
            }
            Err(e) => {
                // Its line stays open.
                std::mem::forget(asking);
                let _ = Term::stderr().show_cursor();
                Err(unasked(&e))
            }
        }
    }

    /// The label of a choice, where it takes one line: what takes more can't be drawn over, and is said once, above the choice.
    fn label_that_fits<'l>(&self, label: &'l str) -> Option<&'l str> {
        if console::measure_text_width(label) + ROOM <= columns() {
            return Some(label);
        }
        self.ui.say(&format!("{MARK}{label}"));
        None
    }

    /// Asks for one of `items`.
    fn one(&self, question: Question<'_>, items: &[&str], default: usize, goes_back: bool) -> Result<Choice> {
        self.begin_keys()?;
        if self.plain {
            let how = if goes_back { tr!("its number; 0 goes back") } else { tr!("its number") };
            let chosen = self.by_number(question, items, &[default], how)?;
            return Ok(chosen.first().map_or(Choice::Back, |at| Choice::Of(*at)));
        }
        let (theme, items) = (ColorfulTheme::default(), fitting(items));
        let asked = match goes_back {
            true => tr!("{question} ({how})", question = question.label, how = tr!("b goes back, q stops")),
            false => question.label.to_owned(),
        };
        let label = self.label_that_fits(&asked);
        let chosen = Self::ask(|term| List { term, theme: &theme, label, items: &items, goes_back }.one(default))?;
        if let Choice::Of(chosen) = chosen {
            self.ui.answered(question.label, &items[chosen], true);
        }
        Ok(chosen)
    }

    /// Asks for some of `items` where no cursor can be moved among them: by their numbers.
    fn by_number(&self, question: Question<'_>, items: &[&str], offered: &[usize], how: &str) -> Result<Vec<usize>> {
        let all = items.iter().enumerate().map(|(n, item)| format!("  {}  {item}", n + 1));
        self.ui.say(&all.collect::<Vec<_>>().join("\n"));
        let offered = offered.iter().map(|n| (n + 1).to_string()).collect::<Vec<_>>().join(", ");
        let label = tr!("{question} ({how})", question = question.label, how);
        loop {
            let typed = self.line(&label, if offered.is_empty() { "0" } else { &offered })?;
            match places(&typed, items.len()) {
                Some(chosen) => return Ok(chosen),
                None => self.ui.warn(&tr!("that doesn't do: {why}", why = tr!("it isn't one of these numbers"))),
            }
        }
    }

    /// A line, edited from `offered` on.
    fn line(&self, label: &str, offered: &str) -> Result<String> {
        let mut kept = self.editor.borrow_mut();
        let editor = match kept.take() {
            Some(editor) => editor,
            None => {
                // Ctrl-C is a signal even then: as a key it would wait in here until the next line is read.
                let config = Config::builder().bell_style(BellStyle::None).enable_signals(true).build();
                let mut editor = LineEditor::with_history(config, MemHistory::new()).map_err(unread)?;
                editor.set_helper(Some(Colored));
                editor
            }
        };
        let editor = kept.insert(editor);
        let prompt = match (self.plain, offered) {
            (true, offered) if !offered.is_empty() => format!("{MARK}{label} [{offered}]{ENDS}"),
            _ => format!("{MARK}{label}{ENDS}"),
        };
        // What came before while the program worked was typed for nothing. Lines that came at once are in the editor.
        typed_ahead::hide();
        typed_ahead::forget().map_err(|e| unasked(&e))?;
        if self.plain {
            // There it is the terminal itself that shows what is typed.
            typed_ahead::show();
        }
        let asking = Asking::begin();
        let typed = {
            let _reading = Reading::begin();
            editor.readline_with_initial(&prompt, (offered, ""))
        };
        typed_ahead::hide();
        drop(asking);
        let typed = typed.map_err(unread)?;
        // What is pasted may end in a new line, or have some in it.
        let answer = typed.trim().replace(['\n', '\r', '\t'], " ");
        if self.plain {
            return Ok(if answer.is_empty() { offered.to_owned() } else { answer });
        }
        // The answer takes the question's place.
        let columns = usize::from(Term::stderr().size().1).max(1);
        let lines = typed.split('\n').enumerate().map(|(n, line)| {
            let before = if n == 0 { prompt.as_str() } else { "" };
            (console::measure_text_width(before) + console::measure_text_width(line)) / columns + 1
        });
        let _ = ui::take_back(lines.sum());
        Ok(answer)
    }
}

/// The places that somebody names by numbers from 1 on; none where one isn't among so many. 0 is none of them.
fn places(typed: &str, most: usize) -> Option<Vec<usize>> {
    let typed: String = typed.chars().map(text::narrow).collect();
    let words = typed.split([',', ';', ' ', '、']).filter(|word| !word.is_empty());
    let numbers: Vec<usize> = words.map(|word| word.parse().ok().filter(|n| *n <= most)).collect::<Option<_>>()?;
    Some(numbers.into_iter().filter_map(|n| n.checked_sub(1)).collect())
}

/// The key that is meant: as if typed in lower case, without an input method.
fn meant(key: char) -> char {
    match key {
        '是' => 'y',
        '否' => 'n',
        _ => text::narrow(key).to_ascii_lowercase(),
    }
}

/// The answer that a word of several letters gives where a key is asked for: an input method sends words at once, and so does what is pasted, of which
/// the first letter answers nothing.
fn whole(word: &str) -> Option<char> {
    let word: String = word.chars().map(text::narrow).collect();
    match word.trim().to_lowercase().as_str() {
        "yes" | "是的" | "好的" => Some('y'),
        "no" | "不是" | "不要" => Some('n'),
        _ => None,
    }
}

fn unasked(e: &std::io::Error) -> Error {
    match e.kind() {
        std::io::ErrorKind::Interrupted => Error::interrupted(),
        std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::NotConnected => {
            Error::new(Kind::Interrupted, tr!("the input ended before the question was answered"))
        }
        _ => Error::environment(tr!("can't ask: {e}", e)).hint(tr!("give the answers as flags, with --no-input")),
    }
}

fn unread(e: ReadlineError) -> Error {
    use std::io::{Error, ErrorKind};
    unasked(&match e {
        ReadlineError::Interrupted => Error::from(ErrorKind::Interrupted),
        ReadlineError::Eof => Error::from(ErrorKind::UnexpectedEof),
        ReadlineError::Io(e) => e,
        // The terminal is gone.
        #[cfg(unix)]
        ReadlineError::Errno(nix::errno::Errno::EIO) => Error::from(ErrorKind::UnexpectedEof),
        other => Error::other(other.to_string()),
    })
}

impl Drop for Terminal {
    fn drop(&mut self) {
        typed_ahead::show();
    }
}

impl Prompt for Terminal {
    fn can_ask(&self) -> bool {
        true
    }

    fn text(&self, question: Question<'_>, check: &dyn Fn(&str) -> Result<(), Invalid>) -> Result<String> {
        let mut offered = question.default.unwrap_or_default().to_owned();
        // What can't be edited can't be emptied either.
        let empties = self.plain && question.optional && !offered.is_empty();
        if empties {
            self.ui.say(tr!("Enter takes what stands in brackets; a hyphen alone leaves it empty."));
        }
        loop {
            let answer = self.line(question.label, &offered)?;
            let answer = if empties && answer == "-" { String::new() } else { answer };
            let left_out = answer.is_empty() && question.optional;
            let verdict = if left_out { Ok(()) } else { check(&answer) };
            self.ui.answered(question.label, &answer, verdict.is_ok());
            // Said in lines that stay, below the answer they are about; and the answer is there to be mended.
            match verdict {
                Ok(()) => return Ok(answer),
                Err(e) => {
                    self.ui.warn(&tr!("that doesn't do: {why}", why = e.why));
                    self.ui.hint(&e.hint);
                    offered = answer;
                }
            }
        }
    }

    fn choose(&self, question: Question<'_>, items: &[&str], default: usize) -> Result<usize> {
        match self.one(question, items, default, false)? {
            Choice::Of(chosen) => Ok(chosen),
            Choice::Back | Choice::Stop => Err(Error::interrupted()),
        }
    }

    fn choose_or_back(&self, question: Question<'_>, items: &[&str], default: usize) -> Result<Choice> {
        self.one(question, items, default, true)
    }

    fn several(&self, question: Question<'_>, items: &[&str], marked: &[bool]) -> Result<Vec<usize>> {
        self.begin_keys()?;
        if self.plain {
            let marked: Vec<usize> = (0..items.len()).filter(|n| marked[*n]).collect();
            return self.by_number(question, items, &marked, tr!("numbers with commas between; 0 for none"));
        }
        // Where color can't show which line is meant, a sign does.
        let (colorful, simple) = (ColorfulTheme::default(), SimpleTheme);
        let theme: &dyn Theme = if console::colors_enabled_stderr() { &colorful } else { &simple };
        let (items, label) = (fitting(items), self.label_that_fits(question.label));
        let chosen =
            Self::ask(|term| List { term, theme, label, items: &items, goes_back: false }.several(marked.to_vec()))?;
        let chosen = chosen.ok_or_else(Error::interrupted)?;
        if label.is_none() {
            let named: Vec<&str> = chosen.iter().map(|n| items[*n].as_str()).collect();
            self.ui.answered(question.label, &named.join(tr!("in a list" => ", ")), true);
        }
        Ok(chosen)
    }

    fn key(&self, question: Question<'_>, keys: &[(char, &str)], default: char) -> Result<char> {
        self.begin_keys()?;
        self.ui.keys(question.label, keys, default);
        let chosen = Self::ask(|term| {
            let _unseen = Unseen::begin();
            let has = |wanted: char| keys.iter().any(|(known, _)| *known == wanted);
            loop {
                let key = match keys::next(term)? {
                    Typed::Pasted(words) => whole(&words).filter(|_| has('y')),
                    Typed::Keys(typed) => match typed.as_slice() {
                        [Key::Enter] => Some(default),
                        [Key::Char('是' | '否'), ..] if !has('y') => None,
                        [Key::Char(key)] => Some(meant(*key)),
                        // An input method sends Return with it, and whoever types a whole answer. Another letter with Return is a
                        // line that is pasted.
                        [Key::Char(key), Key::Enter]
                            if !key.is_ascii() || (has('y') && matches!(meant(*key), 'y' | 'n')) =>
                        {
                            Some(meant(*key))
                        }
                        several => {
                            // The rest belongs to it.
                            keys::forget(term)?;
                            whole(&keys::words(several)).filter(|_| has('y'))
                        }
                    },
                };
                if let Some(chosen) = keys.iter().find(|(known, _)| Some(*known) == key) {
                    return Ok(chosen);
                }
            }
        })?;
        self.ui.answered(question.label, chosen.1, true);
        Ok(chosen.0)
    }

    fn confirm(&self, words: &str, default: bool) -> Result<bool> {
        let question = Question { label: words, flag: "--yes", default: None, optional: false };
        let keys = [('y', tr!("yes")), ('n', tr!("no"))];
        Ok(self.key(question, &keys, if default { 'y' } else { 'n' })? == 'y')
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

    fn choose_or_back(&self, question: Question<'_>, _: &[&str], _: usize) -> Result<Choice> {
        Err(unanswered(question))
    }

    fn several(&self, question: Question<'_>, _: &[&str], _: &[bool]) -> Result<Vec<usize>> {
        Err(unanswered(question))
    }

    fn key(&self, question: Question<'_>, _: &[(char, &str)], _: char) -> Result<char> {
        Err(unanswered(question))
    }

    fn confirm(&self, words: &str, _: bool) -> Result<bool> {
        Err(Error::usage(tr!("nobody agreed, and nobody can be asked: “{words}”", words))
            .hint(tr!("agree beforehand with --yes; --dry-run only shows what would happen")))
    }
}

fn unanswered(question: Question<'_>) -> Error {
    Error::usage(tr!("can't ask “{label}” without a terminal", label = question.label))
        .hint(tr!("give it with {flag}", flag = question.flag))
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn places_are_named_by_numbers_from_1_on() {
        assert_eq!(places("1, 3", 3), Some(vec![0, 2]));
        assert_eq!(places("２；１", 3), Some(vec![1, 0]));
        assert_eq!(places("0", 3), Some(Vec::new()));
        assert_eq!(places("4", 3), None);
        assert_eq!(places("one", 3), None);
    }
}
