//! What the ledger is given: what a step changes, and where the bytes that it names are.

use crate::domain::log::event::Event;
use crate::domain::log::lifecycle::Fold;
use crate::domain::signature::examined::{EventFile, Testimony, VoteFile};
use crate::domain::values::{GitId, Sha256, Slug};
use crate::git::People;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    File(GitId),
    /// Something else, and why it can't stand there.
    Other(GitId, &'static str),
    /// A directory that isn't here, or can't be read.
    Lost(GitId),
}

impl Item {
    pub(super) const fn id(self) -> GitId {
        match self {
            Self::File(id) | Self::Other(id, _) | Self::Lost(id) => id,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changed {
    /// From the top of the repository; below `data/`.
    pub path: String,
    pub old: Option<Item>,
    pub new: Option<Item>,
}

impl Changed {
    /// Why what stands there now can't, if it can't; `placed` where a registry has a file of that path.
    pub(crate) fn why_stray(&self, placed: bool) -> Option<&'static str> {
        self.new.and_then(|item| why_stray(placed, item))
    }

    /// Whether that was so before, and for the same reason.
    pub(crate) fn was_stray(&self, placed: bool) -> bool {
        let was = self.old.and_then(|item| why_stray(placed, item));
        was.is_some() && self.why_stray(placed).is_none_or(|why| Some(why) == was)
    }
}

const fn why_stray(placed: bool, item: Item) -> Option<&'static str> {
    match item {
        Item::Other(_, why) => Some(why),
        Item::File(_) if !placed => Some("it doesn't belong there"),
        Item::File(_) | Item::Lost(_) => None,
    }
}

#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub commit: GitId,
    /// When it was committed, as its writer claims; seconds since 1970. `None` where that can't be read.
    pub time: Option<i64>,
    pub who: People,
    pub message: &'a str,
    /// Whether it has more parents than one.
    pub merge: bool,
    pub changes: Vec<Changed>,
}

/// A partner, or the program, where an audit takes up from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Start {
    pub fold: Fold,
    /// The blob of its `partner.toml`, or of `program.toml`.
    pub record: Option<GitId>,
    /// The blob of its `logo.png`; the program has none.
    pub logo: Option<GitId>,
}

pub(crate) trait Source {
    /// An event's file; `None` when the object isn't there.
    fn event(&self, id: GitId) -> Option<EventFile>;
    fn vote(&self, id: GitId) -> Option<VoteFile>;
    fn bytes(&self, id: GitId) -> Option<Vec<u8>>;
    /// Where an audit that doesn't begin with the first commit takes a partner up from; or the object that it would take
    /// to know.
    fn start(&self, slug: &Slug) -> Result<Option<Start>, GitId>;
}

/// What a step changes of one partner.
#[derive(Debug, Default)]
pub(super) struct Delta {
    pub(super) log: Vec<(String, Changed)>,
    pub(super) votes: Vec<(u32, String, Changed)>,
    pub(super) evidence: Vec<(u32, Sha256, Changed)>,
    pub(super) policies: Vec<(String, Changed)>,
    pub(super) record: Option<Changed>,
    pub(super) logo: Option<Changed>,
}

pub(super) struct NewVote {
    pub(super) round: u32,
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: GitId,
}

pub(super) struct NewEvent {
    pub(super) event: Testimony<Event>,
    pub(super) path: String,
    /// The policy that is kept beside it, and where.
    pub(super) copy: Option<(GitId, String)>,
}
