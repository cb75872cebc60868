//! What the domain refuses, as errors with their hints.

use crate::domain::State;
use crate::domain::log::lifecycle::Illegal;
use crate::domain::program::admission::Refusal;
use crate::domain::toml::Fault;
use crate::error::{Error, Kind};

impl Error {
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

impl From<Refusal> for Error {
    fn from(e: Refusal) -> Self {
        Self::new(Kind::NotAllowed, e.why).hint(e.hint)
    }
}

impl From<Illegal> for Error {
    fn from(e: Illegal) -> Self {
        let command = |c: &&str| match *c {
            "apply" if e.state == State::Absent => "karmada-partner apply".to_owned(),
            "apply" => format!("karmada-partner apply --slug {}", e.partner),
            c => format!("karmada-partner {c} {}", e.partner),
        };
        let next = e.state.next_commands().iter().map(command).collect::<Vec<_>>();
        Self::refused(e.to_string()).hint(format!("possible now: {}", next.join(", ")))
    }
}
