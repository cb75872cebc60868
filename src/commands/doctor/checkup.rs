//! One thing that was looked at, and what came of it.

use console::style;
use serde::Serialize;

use crate::domain::text;
use crate::error::Error;
use crate::ui::padded;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Fine,
    /// It works, and could be better; or it takes something only where it is wished for.
    Note,
    Broken,
    /// It can't be told from here.
    Unknown,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Checkup {
    /// A short name that stays, for scripts.
    pub(super) check: &'static str,
    pub(super) outcome: Outcome,
    pub(super) words: String,
    pub(super) hints: Vec<String>,
}

impl Checkup {
    pub(super) fn new(check: &'static str, outcome: Outcome, words: impl Into<String>) -> Self {
        Self { check, outcome, words: words.into(), hints: Vec::new() }
    }

    pub(super) fn fine(check: &'static str, words: impl Into<String>) -> Self {
        Self::new(check, Outcome::Fine, words)
    }

    pub(super) fn note(check: &'static str, words: impl Into<String>) -> Self {
        Self::new(check, Outcome::Note, words)
    }

    pub(super) fn broken(check: &'static str, words: impl Into<String>) -> Self {
        Self::new(check, Outcome::Broken, words)
    }

    pub(super) fn unknown(check: &'static str, words: impl Into<String>) -> Self {
        Self::new(check, Outcome::Unknown, words)
    }

    /// What is wrong there is for others to mend.
    pub(super) fn for_others(self) -> Self {
        match self.outcome {
            Outcome::Broken => {
                Self { outcome: Outcome::Note, hints: vec![tr!("whoever keeps the registry mends it").into()], ..self }
            }
            _ => self,
        }
    }

    /// What a command would have ended with, in its own words.
    pub(super) fn failed(check: &'static str, error: Error) -> Self {
        Self { hints: error.hints, ..Self::broken(check, error.message) }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(super) fn shown(&self) -> String {
        let outcome = match self.outcome {
            Outcome::Fine => style(padded(tr!("of a checkup" => "fine"), 4)).green(),
            Outcome::Note => style(padded(tr!("of a checkup" => "note"), 4)).yellow(),
            Outcome::Broken => style(padded(tr!("of a checkup" => "mend"), 4)).red().bold(),
            Outcome::Unknown => style(padded("?", 4)).dim(),
        };
        let words = text::visible(&on_one_line(&self.words));
        let hints =
            self.hints.iter().map(|hint| format!("      {}\n", tr!("hint: {hint}", hint = text::visible(hint))));
        let said = tr!("{check}: {words}", check = self.check, words);
        format!("{outcome}  {said}\n{}", hints.collect::<String>())
    }
}

/// Several faults below a line that leads them in, on that line.
fn on_one_line(words: &str) -> String {
    let mut lines = words.split('\n').map(str::trim);
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&str> = lines.collect();
    let between = tr!("between clauses" => "; ");
    let rest = rest.join(between);
    match first {
        first if rest.is_empty() => first.to_owned(),
        first if first.ends_with('：') => format!("{first}{rest}"),
        first if first.ends_with(':') => format!("{first} {rest}"),
        first => format!("{first}{between}{rest}"),
    }
}
