//! What will happen, as a value. Its `Display` is the preview; publishing it is another's affair.

use std::fmt;

use crate::domain::log::message;
use crate::domain::paths::{Place, place_of};
use crate::domain::text;
use crate::git::{Author, Put};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Proposal {
        /// Without `refs/heads/`.
        branch: String,
        /// Whether it begins anew from the default branch, leaving what the branch held before.
        fresh: bool,
    },
    Landing {
        /// The proposal that is decided; its branch is closed.
        branch: String,
        /// Whether the proposal's commits become part of the default branch's history.
        merge: bool,
        /// Under which branch name the proposal is kept, when it isn't merged.
        keep_as: Option<String>,
    },
    /// Onto the default branch, on its own.
    Direct,
}

#[derive(Debug, Clone)]
pub struct Change {
    /// The first line of its message.
    pub title: String,
    /// The lines below it, for people.
    pub notes: Vec<String>,
    /// The block of the event or vote that it records; empty for none.
    pub block: String,
    pub puts: Vec<(String, Put)>,
    /// Its parent, and the branch that moves to it.
    pub target: Target,
    pub author: Author,
}

impl Change {
    /// The whole commit message: title, notes, and the block with its sign-off as the last paragraph.
    #[must_use]
    pub fn message(&self) -> String {
        message::whole(&self.title, &self.notes, &self.block, (&self.author.name, &self.author.email))
    }

    /// What a voter saw, if it brings that.
    #[must_use]
    pub(crate) fn evidence(&self) -> Option<&str> {
        let is = |path: &str| matches!(place_of(path), Some((_, Place::Evidence(..))));
        self.puts.iter().filter(|(path, _)| is(path)).find_map(|(_, put)| match put {
            Put::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        })
    }

    /// The branch it goes to, in words.
    #[must_use]
    pub(crate) fn destination(&self) -> String {
        match &self.target {
            Target::Proposal { branch, .. } => branch.clone(),
            Target::Landing { branch, merge: true, .. } => tr!("the default branch, merging {branch}", branch),
            Target::Landing { branch, .. } => tr!("the default branch, closing {branch}", branch),
            Target::Direct => tr!("the default branch").into(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", tr!("Commit on {branch}:", branch = self.destination()))?;
        for (path, put) in &self.puts {
            let path = text::visible(path);
            match put {
                Put::Bytes(bytes) => match std::str::from_utf8(bytes) {
                    Ok(content) if path.ends_with("/partner.toml") => {
                        writeln!(f, "  + {path}")?;
                        content.lines().try_for_each(|line| writeln!(f, "      {}", text::visible(line)))?;
                    }
                    _ => writeln!(f, "  + {}", tr!("{path} (1 byte)" | "{path} ({n} bytes)" % bytes.len(), path))?,
                },
                Put::Object(..) => writeln!(f, "  + {}", tr!("{path} (as proposed)", path))?,
                Put::Nothing => writeln!(f, "  - {path}")?,
            }
        }
        writeln!(f, "  {}", tr!("message:"))?;
        self.message().lines().try_for_each(|line| writeln!(f, "      {}", text::visible(line)))
    }
}

impl serde::Serialize for Change {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut out = s.serialize_struct("Change", 3)?;
        out.serialize_field("destination", &crate::language::in_english(|| self.destination()))?;
        out.serialize_field("paths", &self.puts.iter().map(|(path, _)| path).collect::<Vec<_>>())?;
        out.serialize_field("message", &self.message())?;
        out.end()
    }
}
