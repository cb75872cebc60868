//! One error at the edge: its kind gives the exit code, its hints say what to do now.

use std::fmt;

use crate::domain::log::lifecycle::Illegal;
use crate::domain::program::authority::Refusal;
use crate::domain::toml::Fault;
use crate::git::{RepoError, Trouble};

/// What kind of failure it is. The exit codes are documented in the README and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The policy or the state of things says no.
    Refused,
    /// The words of the call, or what was typed, don't do.
    Usage,
    /// What was named isn't there.
    NotFound,
    /// Not authenticated, or not allowed.
    NotAllowed,
    /// Network, disk or another writer: trying again may help.
    Environment,
    /// A fault of this program.
    Bug,
    /// The person stopped it.
    Interrupted,
}

impl Kind {
    /// The exit code.
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
    /// What to do now.
    pub hints: Vec<String>,
}

/// What most functions at the edge give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of a kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new() }
    }

    /// The policy or the state of things says no.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// What was typed doesn't do.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// What was named isn't there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, message)
    }

    /// Something about the machine.
    pub fn environment(message: impl Into<String>) -> Self {
        Self::new(Kind::Environment, message)
    }

    /// The person stopped it.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted")
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Everything wrong with a document, under its name.
    #[must_use]
    pub fn document(name: &str, faults: &[Fault]) -> Self {
        let lines = faults.iter().map(|f| format!("  {f}")).collect::<Vec<_>>().join("\n");
        let mut error = Self::usage(format!("{name} can't be used:\n{lines}"));
        for fault in faults {
            let hint = match &fault.key {
                Some(key) => format!("{key}: {}", fault.hint),
                None => fault.hint.clone(),
            };
            if !error.hints.contains(&hint) {
                error.hints.push(hint);
            }
        }
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<RepoError> for Error {
    fn from(e: RepoError) -> Self {
        let kind = match e.trouble {
            Trouble::NotFound => Kind::NotFound,
            Trouble::Unusable => Kind::Usage,
            Trouble::NotAllowed => Kind::NotAllowed,
            Trouble::Moved | Trouble::Locked | Trouble::Environment => Kind::Environment,
        };
        Self { kind, message: e.message, hints: e.hint.into_iter().collect() }
    }
}

impl From<Refusal> for Error {
    fn from(e: Refusal) -> Self {
        Self::new(Kind::NotAllowed, e.why).hint(e.hint)
    }
}

impl From<Illegal> for Error {
    fn from(e: Illegal) -> Self {
        let command = |c: &&str| match *c {
            "apply" if e.state == crate::domain::State::Absent => "karmada-partner apply".to_owned(),
            "apply" => format!("karmada-partner apply --slug {}", e.partner),
            c => format!("karmada-partner {c} {}", e.partner),
        };
        let next = e.state.next_commands().iter().map(command).collect::<Vec<_>>();
        Self::refused(e.to_string()).hint(format!("possible now: {}", next.join(", ")))
    }
}
