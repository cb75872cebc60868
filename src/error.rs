//! One error at the edge: its kind gives the exit code, its hints say what to do now.

use std::fmt;

/// What kind of failure it is. The exit codes are documented in docs/scripts.md and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The policy or the state of things says no.
    Refused,
    /// The words of the call, or what was typed, don't do.
    Usage,
    NotFound,
    NotAllowed,
    /// Network, disk or another writer: trying again may help.
    Environment,
    Bug,
    Interrupted,
}

impl Kind {
    /// The process's exit code; `docs/json.md` lists them.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::NotAllowed => 4,
            Self::Environment => 5,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

/// What happened, and what to do now.
#[derive(Debug, Clone)]
pub struct Error {
    /// Gives the exit code.
    pub kind: Kind,
    /// What happened, where; several lines when several things are wrong.
    pub message: String,
    /// What to do now, one a line.
    pub hints: Vec<String>,
    /// Where a person does with one click what this token may not; one of the hints says it, too.
    pub by_hand: Option<String>,
    /// A name that isn't there, and those like it that are, the likeliest first.
    pub near: Option<Box<(String, Vec<String>)>>,
}

/// What most functions at the edge give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error that has no hints yet.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new(), by_hand: None, near: None }
    }

    /// The policy or the state of things says no.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// What was typed doesn't do.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, message)
    }

    /// Something about the machine.
    pub fn environment(message: impl Into<String>) -> Self {
        Self::new(Kind::Environment, message)
    }

    /// The person stopped it: by Ctrl-C, or by leaving a question.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, tr!("interrupted"))
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same about a partner: hints that leave open whom they are about name it.
    #[must_use]
    pub fn about(mut self, slug: &impl fmt::Display) -> Self {
        self.hints.iter_mut().for_each(|hint| *hint = hint.replace("SLUG", &slug.to_string()));
        self
    }

    /// The same, with the names of which one is likely meant.
    #[must_use]
    pub fn near(mut self, name: &str, likely: Vec<String>) -> Self {
        let all = likely.join(tr!("in a list" => ", "));
        self.near = Some(Box::new((name.to_owned(), likely)));
        self.hint(tr!("did you mean {likely}?", likely = all))
    }

    /// The same, with where a person does it with one click.
    #[must_use]
    pub fn by_hand(mut self, address: String) -> Self {
        self.hints.push(tr!("open it with one click: {address}", address));
        self.by_hand = Some(address);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
