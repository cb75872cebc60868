//! What is shown. Standard output is data; everything said besides goes to standard error.

pub mod breaking;
pub mod stopping;
mod table;

use std::any::Any;
use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use clap::ValueEnum as _;
use console::{Style, Term};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::Serialize;
pub use table::{Cell, table};

use crate::children;
use crate::config::{Environment, flag_values};
use crate::domain::text;
use crate::error::{Error, Kind, Result};
use crate::forge::progress::Progress;
use crate::registry::change::Change;

/// When to color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// Where a terminal shows it.
    #[default]
    Auto,
    /// Even into files.
    Always,
    /// Nowhere.
    Never,
}

impl Color {
    /// Whether to color, if that doesn't depend on where it goes.
    #[must_use]
    pub fn decided(self, environment: &Environment) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Never => Some(false),
            Self::Auto => environment.color,
        }
    }

    /// What a call asks for, however little of it can be read.
    #[must_use]
    pub fn wanted(words: &[OsString]) -> Self {
        flag_values(words, "--color").filter_map(|value| Self::from_str(value, false).ok()).last().unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Ui {
    /// Only data and errors.
    pub quiet: bool,
    pub verbose: bool,
    pub json: bool,
    /// Data and warnings are held back for whoever runs the command, and not shown.
    pub held: bool,
}

std::thread_local! {
    /// What was held back on this thread.
    static HELD: std::cell::RefCell<(String, Vec<String>)> = const { std::cell::RefCell::new((String::new(), Vec::new())) };
}

/// Takes what commands that hold back have said since the last time: data, and warnings.
#[must_use]
pub fn take_held() -> (String, Vec<String>) {
    HELD.with_borrow_mut(std::mem::take)
}

fn hold(warning: &str) {
    HELD.with_borrow_mut(|(_, warnings)| warnings.push(warning.to_owned()));
}

/// Why what was asked for isn't all there to read.
#[must_use]
pub fn cant_write(e: &io::Error) -> Error {
    Error::environment(tr!("can't write to standard output: {e}", e))
}

impl Ui {
    /// Decides about color, once for the whole run: this program's and clap's.
    pub fn set_color(color: Color, environment: &Environment) {
        let shows = |term: &Term| color.decided(environment).unwrap_or(term.is_term());
        let is_dumb = environment.terminal.1 == "dumb";
        DUMB.store(is_dumb, Ordering::SeqCst);
        table::show_links(environment.shows_links && !is_dumb && Term::stdout().is_term());
        console::set_colors_enabled(shows(&Term::stdout()));
        console::set_colors_enabled_stderr(shows(&Term::stderr()));
    }

    /// Data, to standard output: for people, and in a terminal broken between words where a line is longer than that is wide.
    pub(crate) fn data(self, out: &str) -> Result<()> {
        self.raw(&self.laid_out(out))
    }

    /// How data looks in the terminal, if it goes to one.
    pub(crate) fn laid_out(self, out: &str) -> Cow<'_, str> {
        match self.json || self.held || !Term::stdout().is_term() {
            true => out.into(),
            false => breaking::lines(out, self.width()).into(),
        }
    }

    /// Data as it is, which something else may read: a document, a table to import, a text to be kept. A reader that stops
    /// reading is no error.
    pub(crate) fn raw(self, out: &str) -> Result<()> {
        self.put(out).map_err(|e| {
            let error = cant_write(&e);
            match DONE.get().and_then(|done| done()) {
                Some(sent) => error.hint(sent),
                None => error,
            }
        })
    }

    /// The same; nobody is asked what was done before.
    fn put(self, out: &str) -> io::Result<()> {
        if self.held {
            HELD.with_borrow_mut(|(held, _)| held.push_str(out));
            return Ok(());
        }
        write_out(out)
    }

    /// One JSON document, to standard output.
    ///
    /// # Errors
    /// When standard output can't be written.
    pub fn document(self, document: &impl Serialize) -> Result<()> {
        self.raw(&pretty(document).map_err(|e| Error::new(Kind::Bug, e.to_string()))?)?;
        DOCUMENTED.fetch_or(!self.held, Ordering::Relaxed);
        Ok(())
    }

    /// A whole text as data; with `--json` within a document.
    pub(crate) fn text(self, text: &str) -> Result<()> {
        if self.json { self.document(&serde_json::json!({"schema": 1, "text": text})) } else { self.raw(text) }
    }

    /// What a dry run shows: the changes, as `words` tells of each.
    pub(crate) fn preview(self, changes: &[Change], words: &[String]) -> Result<()> {
        if self.json {
            return self.document(&serde_json::json!({"schema": 1, "dry_run": true, "changes": changes}));
        }
        self.data(&format!("{}\n{}\n", words.join("\n"), tr!("Dry run: nothing was changed.")))
    }

    /// Says something to the person.
    pub fn say(self, words: &str) {
        if !self.quiet {
            talk(&wrapped(words));
        }
    }

    /// Says that something isn't read as it stands. Of many commands, whoever runs them tells it of the one it belongs to.
    pub fn say_reading(self, words: &str) {
        match self.held {
            true => hold(words),
            false => self.say(words),
        }
    }

    /// The same of what was made of it.
    pub fn note(self, words: &str) {
        match self.held {
            true => hold(words),
            false => self.say(&tr!("Note: {line}", line = words)),
        }
    }

    /// Asks for one of some keys; what Return means stands first.
    pub fn keys(self, label: &str, keys: &[(char, &str)], default: char) {
        let (first, others): (Vec<_>, Vec<_>) = keys.iter().partition(|(key, _)| *key == default);
        let first = first.iter().map(|(key, what)| tr!("Enter or {key}: {what}", key, what));
        let words: Vec<_> = first.chain(others.iter().map(|(key, what)| tr!("{key}: {what}", key, what))).collect();
        // A key and what it does stay together.
        let columns = Term::stderr().size_checked().map_or(100, |(_, columns)| usize::from(columns)).min(100);
        let mut lines = vec![format!("? {label}")];
        for (nth, item) in words.iter().enumerate() {
            // Full-width punctuation brings its own space.
            let between = match nth {
                0 if label.ends_with(['？', '。', '：']) => "",
                0 => " ",
                _ => " · ",
            };
            match lines.last_mut() {
                Some(line)
                    if console::measure_text_width(line) + console::measure_text_width(item) + between.len()
                        <= columns =>
                {
                    line.push_str(between);
                    line.push_str(item);
                }
                _ => lines.push(format!("  {item}")),
            }
        }
        talk(&wrapped(&lines.join("\n")));
    }

    /// What a person answered, and whether it does, as a line that stays.
    pub fn answered(self, label: &str, answer: &str, does: bool) {
        let mark = match does {
            true => Style::new().for_stderr().green().apply_to("✔"),
            false => Style::new().for_stderr().red().apply_to("✘"),
        };
        let answer = if answer.is_empty() { "–" } else { answer };
        let answer = Style::new().for_stderr().cyan().apply_to(text::visible(answer));
        talk(&wrapped(&format!("{mark} {label} · {answer}")));
    }

    /// Says a detail, with `-v`.
    pub fn detail(self, words: &str) {
        if self.verbose {
            talk(&Style::new().for_stderr().dim().apply_to(words).to_string());
        }
    }

    pub fn warn(self, words: &str) {
        if self.held {
            hold(words);
        }
        if !self.quiet {
            labelled(tr!("warning:"), &Style::new().yellow(), words);
        }
    }

    /// Warns of what is an error elsewhere, with its hints.
    pub fn warn_of(self, error: &Error) {
        self.warn(&text::visible_lines(&error.message));
        error.hints.iter().for_each(|hint| self.hint(&text::visible_lines(hint)));
    }

    /// Suggests what to do.
    pub fn hint(self, words: &str) {
        if !self.quiet {
            labelled(tr!("hint:"), &Style::new().cyan(), words);
        }
    }

    /// Tells an error with its hints, in words and, where asked for, as a document; beside another document in words alone, as
    /// where data is still being written, which a reader may have left lying.
    pub fn error(self, error: &Error) {
        if self.json && !DOCUMENTED.load(Ordering::Relaxed) && !WRITING.load(Ordering::SeqCst) {
            let document = serde_json::json!({
                "schema": 1,
                "error": {"kind": error.kind, "message": error.message, "hints": error.hints},
            });
            // Nothing is left to do if even this can't be written. Who tells of the end holds what says what was done.
            let told = pretty(&document).is_ok_and(|json| self.put(&json).is_ok());
            DOCUMENTED.fetch_or(told && !self.held, Ordering::Relaxed);
        }
        let told = text::visible_lines(&text::without_long_words(&error.message));
        match error.kind {
            Kind::Interrupted => talk(&wrapped(&told)),
            _ => labelled(tr!("error:"), &Style::new().red(), &told),
        }
        for words in &error.hints {
            labelled(tr!("hint:"), &Style::new().cyan(), &text::visible_lines(words));
        }
    }

    /// Ends the line of a question that stays open.
    pub fn end_line(self) {
        talk("");
    }

    /// A spinner, for what may take a second. It shows nothing off a terminal, and goes when it is dropped.
    #[must_use]
    pub fn spinner(self, words: &'static str) -> Spinner {
        if self.quiet || self.json || !moves() {
            return Spinner(None);
        }
        let bar = ProgressBar::new_spinner().with_message(words);
        bar.set_style(ProgressStyle::default_spinner());
        Spinner::shown(bar)
    }

    /// A bar over `length` steps, under the same conditions.
    #[must_use]
    pub fn bar(self, words: &'static str, length: usize) -> Spinner {
        if self.quiet || self.json || !moves() {
            return Spinner(None);
        }
        let bar = ProgressBar::new(length as u64).with_message(words);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        Spinner::shown(bar)
    }

    /// A bar over what may take minutes: how fast it goes, and how much is left.
    #[must_use]
    pub fn long_bar(self, words: &'static str, length: usize) -> Spinner {
        let bar = self.bar(words, length);
        if let (Some(shown), Ok(style)) =
            (&bar.0, ProgressStyle::with_template(tr!("{msg} {bar:30} {pos}/{len}, {per_sec}, {eta} left")))
        {
            shown.set_style(style);
        }
        bar
    }

    /// The terminal's width in columns; 100 where there is none.
    #[must_use]
    pub fn width(self) -> usize {
        Term::stdout().size_checked().map_or(100, |(_, columns)| usize::from(columns)).max(40)
    }
}

impl Ui {
    /// Whether the screen that questions are asked on holds these words, and so many lines more; where there is no screen,
    /// nothing leaves it.
    #[must_use]
    pub fn holds(self, words: &str, more: usize) -> bool {
        let Some((rows, columns)) = Term::stderr().size_checked() else { return true };
        let columns = usize::from(columns).max(1);
        let height = |line: &str| console::measure_text_width(line).max(1).div_ceil(columns);
        wrapped(words).lines().map(height).sum::<usize>() + more <= usize::from(rows)
    }

    /// From now on it is told here which other program is waited for.
    pub fn tell_of_waiting(self) {
        children::tell_by(move |words| self.say(words));
    }
}

impl Progress for Ui {
    fn say(&self, words: &str) {
        (*self).say(words);
    }

    fn detail(&self, words: &str) {
        (*self).detail(words);
    }

    fn warn(&self, words: &str) {
        (*self).warn(words);
    }

    fn busy(&self, words: &'static str) -> Box<dyn Any> {
        Box::new(self.spinner(words))
    }
}

/// Progress on the screen, as long as it lives.
#[derive(Debug)]
pub struct Spinner(Option<ProgressBar>);

/// A document as it is printed.
fn pretty(document: &impl Serialize) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

/// Whether something is on its way to standard output, and may stay there.
static WRITING: AtomicBool = AtomicBool::new(false);

/// Writes to standard output, holding nothing else. A reader that stops reading is no error.
fn write_out(out: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    WRITING.store(true, Ordering::SeqCst);
    let written = stdout.write_all(out.as_bytes()).and_then(|()| stdout.flush());
    WRITING.store(false, Ordering::SeqCst);
    match written {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e),
        _ => Ok(()),
    }
}

/// All that move on the screen right now, so that words can pass between them.
fn moving() -> &'static MultiProgress {
    static MOVING: OnceLock<MultiProgress> = OnceLock::new();
    MOVING.get_or_init(MultiProgress::new)
}
static SHOWN: AtomicUsize = AtomicUsize::new(0);

impl Spinner {
    fn shown(bar: ProgressBar) -> Self {
        let bar = moving().add(bar);
        if bar.length().is_none() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        SHOWN.fetch_add(1, Ordering::SeqCst);
        Self(Some(bar))
    }

    pub fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
            moving().remove(bar);
            SHOWN.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// What was done so far, for whom its report can't reach.
static DONE: OnceLock<fn() -> Option<String>> = OnceLock::new();

/// Whom to ask what was done, where nothing more can be told.
pub fn tell_what_is_done_by(done: fn() -> Option<String>) {
    let _ = DONE.set(done);
}

/// Whether a document was printed: a call prints one.
static DOCUMENTED: AtomicBool = AtomicBool::new(false);

/// Whether the terminal's cursor can't be moved, as for a screen reader.
static DUMB: AtomicBool = AtomicBool::new(false);

/// Whether there is a terminal on which something may move.
pub(crate) fn moves() -> bool {
    Term::stderr().is_term() && !DUMB.load(Ordering::SeqCst)
}

/// Paragraphs broken between words, for a terminal; anything else gets its lines whole.
fn wrapped(words: &str) -> String {
    let term = Term::stderr();
    let Some((_, columns)) = term.size_checked().filter(|_| term.is_term()) else { return words.to_owned() };
    let columns = usize::from(columns).min(100);
    breaking::lines(words, columns)
}

/// Words behind one that says what they are.
fn labelled(label: &str, style: &Style, words: &str) {
    // Full-width punctuation brings its own space.
    let gap = if label.ends_with(':') { " " } else { "" };
    let told = wrapped(&format!("{label}{gap}{words}"));
    let rest = told.strip_prefix(label).unwrap_or_default();
    talk(&format!("{}{rest}", style.clone().for_stderr().bold().apply_to(label)));
}

/// Words, and spaces up to so many columns.
#[must_use]
pub(crate) fn padded(words: &str, columns: usize) -> String {
    let fill = columns.saturating_sub(console::measure_text_width(words));
    words.to_owned() + &" ".repeat(fill)
}

fn talk(words: &str) {
    // Where standard error is gone there is nobody to talk to.
    let say = || drop(writeln!(io::stderr(), "{words}"));
    let alone = SHOWN.load(Ordering::SeqCst) == 0 || LAST_WORDS.load(Ordering::SeqCst);
    if alone { say() } else { moving().suspend(say) }
}

/// Takes lines back from the screen, all of them or none: whoever ends the program meanwhile has its last words below them.
///
/// # Errors
/// Where standard error can't be written to.
pub fn take_back(lines: usize) -> io::Result<()> {
    let _whole = io::stderr().lock();
    Term::stderr().clear_last_lines(lines)
}

/// Whether somebody has the last word.
static LAST_WORDS: AtomicBool = AtomicBool::new(false);

/// From here on nobody but this thread says or takes back anything, until the program ends.
pub fn begin_last_words() {
    if SHOWN.load(Ordering::SeqCst) != 0 {
        let _ = moving().clear();
    }
    LAST_WORDS.store(true, Ordering::SeqCst);
    std::mem::forget(io::stderr().lock());
}

/// The escape sequence that shows a PNG, where the terminal is known to understand one; it takes the file as it is.
/// `terminal` is its program's name, its type, and whether kitty's own variable is set.
#[must_use]
pub fn picture(terminal: &(String, String, bool), png: &[u8]) -> Option<String> {
    let (program, kind, kitty) = terminal;
    let encoded = base64(png);
    if *kitty || kind.contains("kitty") || kind.contains("ghostty") || program == "ghostty" {
        // Sent in pieces of at most 4,096 characters; r is the height in rows.
        let chunks: Vec<&str> = encoded.as_bytes().chunks(4_096).filter_map(|c| std::str::from_utf8(c).ok()).collect();
        let last = chunks.len().saturating_sub(1);
        let piece = |(i, chunk): (usize, &&str)| {
            let head = if i == 0 { "f=100,a=T,r=8," } else { "" };
            format!("\u{1b}_G{head}m={};{chunk}\u{1b}\\", u8::from(i != last))
        };
        return Some(chunks.iter().enumerate().map(piece).collect());
    }
    let inline = program == "iTerm.app" || program == "WezTerm";
    inline.then(|| format!("\u{1b}]1337;File=inline=1;height=8;size={}:{encoded}\u{7}", png.len()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}
