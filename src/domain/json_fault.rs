//! What is wrong with JSON that somebody else wrote, in plain words: its parser's own are those of whoever writes parsers.

use serde_json::error::Category;

/// As a clause of its own.
#[must_use]
pub fn told(e: &serde_json::Error) -> String {
    let place = match (e.line(), e.column()) {
        (0, _) => return other().into(),
        (1, at) => tr!("character {at}", at),
        (line, at) => tr!("line {line}, character {at}", line, at),
    };
    match e.classify() {
        Category::Eof if e.line() == 1 && e.column() == 0 => tr!("it is empty").into(),
        Category::Eof => tr!("it ends in the middle").into(),
        Category::Data => tr!("at {place}, {what}", place, what = other()),
        Category::Syntax | Category::Io => tr!("it can't be read as JSON from {place} on", place),
    }
}

fn other() -> &'static str {
    tr!("something is missing, or is of another kind than belongs there")
}
