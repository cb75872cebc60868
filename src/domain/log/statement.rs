//! A statement about a registry, to be published elsewhere: where it stood, and a hash over all of its trail. Whoever has
//! one can tell whether the history was rewritten since.

use std::fmt;

use super::block::{BlockError, Number, Reader, Writer, versioned};
use crate::domain::signature::sshsig::Signature;
use crate::domain::values::{GitId, Invalid, Login, Sha256, Slug, Time};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The registry, by its founding event.
    pub registry: Sha256,
    /// The commit of the default branch.
    pub head: GitId,
    pub commits: u32,
    pub events: u32,
    pub votes: u32,
    /// The hash over the last event of every partner.
    pub digest: Sha256,
    pub actor: Login,
    pub time: Time,
    /// An SSH signature over all lines above.
    pub signature: Option<Signature>,
}

struct Version;

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v1")
    }
}

impl std::str::FromStr for Version {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Invalid> {
        if versioned(s)?.is_empty() {
            Ok(Self)
        } else {
            Err(Invalid::new("nothing follows on v1", "end the line behind it"))
        }
    }
}

impl Statement {
    /// Reads a statement. Only the one canonical spelling is accepted.
    pub fn parse(bytes: &[u8]) -> Result<Self, BlockError> {
        let mut block = Reader::new(bytes)?;
        let Version = block.take("Statement")?;
        let statement = Self {
            registry: block.take("Registry")?,
            head: block.take("Head")?,
            commits: block.take::<Number>("Commits")?.0,
            events: block.take::<Number>("Events")?.0,
            votes: block.take::<Number>("Votes")?.0,
            digest: block.take("Digest")?,
            actor: block.take("Actor")?,
            time: block.take("Time")?,
            signature: block.maybe("Signature")?,
        };
        block.finish(&statement, bytes)?;
        Ok(statement)
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let block = Writer::default()
            .line("Statement", Version)
            .line("Registry", self.registry)
            .line("Head", self.head)
            .line("Commits", self.commits)
            .line("Events", self.events)
            .line("Votes", self.votes)
            .line("Digest", self.digest)
            .line("Actor", &self.actor)
            .line("Time", self.time)
            .maybe("Signature", self.signature.as_ref());
        f.write_str(&block.finish())
    }
}

/// The hash over the last event of every partner, and of the program: of a line `<slug> <hash>` for each, sorted by slug.
#[must_use]
pub fn digest<'a>(last: impl IntoIterator<Item = (&'a Slug, Sha256)>) -> Sha256 {
    let mut lines: Vec<String> = last.into_iter().map(|(slug, hash)| format!("{slug} {hash}\n")).collect();
    lines.sort();
    Sha256::of(lines.concat().as_bytes())
}
