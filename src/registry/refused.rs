//! What the domain refuses, as errors with their hints.

use crate::domain::State;
use crate::domain::log::lifecycle::{Full, Illegal, Unrecorded};
use crate::domain::program::admission::Refusal;
use crate::domain::toml::Fault;
use crate::error::{Error, Kind};

impl Error {
    /// Everything wrong with a document, under its name.
    #[must_use]
    pub fn document(name: &str, faults: &[Fault]) -> Self {
        let lines = faults.iter().map(|f| format!("  {f}")).collect::<Vec<_>>().join("\n");
        let mut error = Self::usage(tr!("{name} can't be used:\n{lines}", name, lines));
        for fault in faults {
            let hint = match &fault.key {
                Some(key) => tr!("{flag}: {hint}", flag = key, hint = fault.hint),
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
        Self::refused(e.to_string()).hint(tr!("karmada-partner show {slug} tells how it stands", slug = e.partner))
    }
}

impl From<Full> for Error {
    fn from(e: Full) -> Self {
        let slug = &e.partner;
        let hint = match e.state {
            _ if slug.is_program() => tr!("begin a new registry that goes on from this one").to_owned(),
            State::Applied => tr!("have it decided as it is: karmada-partner review {slug}", slug),
            State::Active => tr!(
                "it can be ended, and apply again under another slug: karmada-partner exit {slug} --kind KIND --reason TEXT",
                slug
            ),
            _ => tr!("apply under another slug: karmada-partner apply --slug …").to_owned(),
        };
        Self::refused(e.to_string()).hint(hint)
    }
}

impl From<Unrecorded> for Error {
    fn from(e: Unrecorded) -> Self {
        match e {
            Unrecorded::Illegal(e) => e.into(),
            Unrecorded::Full(e) => e.into(),
        }
    }
}
