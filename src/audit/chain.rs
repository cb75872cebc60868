//! The chain of first parents, as far as it is here.

use std::collections::{BTreeMap, VecDeque};

use super::step::Start;
use crate::domain::shared_text::SharedText;
use crate::domain::{Slug, limits};
use crate::error::Result;
use crate::git::{Oid, RawCommit, Repo};

#[derive(Debug, Clone)]
pub struct Scope {
    /// The commit that the default branch is at.
    pub head: Oid,
    /// An earlier one that is taken as sound; `None`: from the beginning.
    pub since: Option<Oid>,
    /// Where partners stood at that one, as far as it is known.
    pub known: BTreeMap<Slug, Start>,
    /// Commits that must be part of the history, as they were seen before.
    pub seen: Vec<Oid>,
    pub signatures: bool,
    /// Whether every object is read and hashed, and nothing is told from messages.
    pub deep: bool,
    /// How many merges that have the history as their second parent this looks through already.
    pub around: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From the beginning, or from where it was asked to begin.
    Whole,
    /// What is before isn't in this clone.
    CutOff,
    /// The commit to begin from isn't part of the history.
    Parted,
    /// What is before can't be read, though it should be here.
    Broken,
}

pub(crate) struct Link {
    pub(crate) oid: Oid,
    pub(crate) commit: RawCommit,
    /// What the commit says, where there was room to keep that.
    pub(crate) message: Option<SharedText>,
}

/// So many bytes of messages lie in one piece. Each by itself, those that are given up would leave holes all over the heap, and whatever is
/// allocated later would be cut from these, in memory that no cache has.
const BLOCK: usize = 1 << 18;

/// Gives commits their messages, as they are read: the newest first. The oldest keep theirs, since they are judged first.
struct Keeping {
    room: usize,
    /// Of the commits that were read last: what they say, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// Of the blocks that are kept: how many commits and bytes each has.
    blocks: VecDeque<(usize, usize)>,
    bytes: usize,
    /// How many of the newest have none any more.
    given_up: usize,
}

impl Keeping {
    fn new(room: usize) -> Self {
        let (text, ends, blocks) = (String::new(), Vec::new(), VecDeque::new());
        Self { room, text, ends, blocks, bytes: 0, given_up: 0 }
    }

    /// Takes what the last of these says.
    fn take(&mut self, links: &mut [Link], message: &str) {
        self.text.push_str(message);
        self.ends.push(self.text.len());
        if self.text.len() >= BLOCK {
            self.close(links);
        }
    }

    /// Gives those that were read last what they say, and lets go what there is no more room for.
    fn close(&mut self, links: &mut [Link]) {
        let block = self.text.clone();
        self.blocks.push_back((self.ends.len(), block.len()));
        self.bytes += block.len();
        let last = links.len() - self.ends.len();
        for (link, message) in links[last..].iter_mut().zip(SharedText::in_parts(block, &self.ends)) {
            link.message = Some(message);
        }
        self.text.clear();
        self.ends.clear();
        while self.bytes > self.room
            && let Some((commits, bytes)) = self.blocks.pop_front()
        {
            links[self.given_up..][..commits].iter_mut().for_each(|link| link.message = None);
            self.given_up += commits;
            self.bytes -= bytes;
        }
    }
}

/// The first-parent commits, the newest first, as far as they can be read.
pub(crate) fn chain(repo: &Repo, scope: &Scope) -> Result<(Vec<Link>, Reach)> {
    let mut out: Vec<Link> = Vec::new();
    let mut keeping = Keeping::new(limits::HELD_MESSAGES);
    let mut next = Some(scope.head);
    let reach = loop {
        let Some(oid) = next else {
            break if scope.since.is_some() { Reach::Parted } else { Reach::Whole };
        };
        if Some(oid) == scope.since {
            break Reach::Whole;
        }
        let (commit, message) = match (repo.commit_with_message(oid), out.last()) {
            (Ok(read), _) => read,
            (Err(_), Some(after)) if repo.ends_at(after.oid)? => break Reach::CutOff,
            (Err(e), Some(_)) if e.is_damage() => break Reach::Broken,
            (Err(e), _) => return Err(e.into()),
        };
        next = commit.parents.first().copied();
        out.push(Link { oid, commit, message: None });
        keeping.take(&mut out, &message);
    };
    keeping.close(&mut out);
    Ok((out, reach))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::GitId;
    use crate::git::People;

    /// Whether there is room for all or for few: who has a message has its own, and it is the newest that have none.
    #[test]
    fn the_oldest_keep_what_they_say() {
        let says = |commit: usize| format!("{commit} {}", "x".repeat(commit * 37 % 5_000));
        for (room, all) in [(usize::MAX, true), (3 * BLOCK, false), (BLOCK / 2, false)] {
            let (mut links, mut keeping) = (Vec::new(), Keeping::new(room));
            for number in 0..1_000 {
                let commit = RawCommit { tree: GitId([0; 20]), parents: Vec::new(), time: None, who: People::BOTH };
                links.push(Link { oid: Oid::ZERO_SHA1, commit, message: None });
                keeping.take(&mut links, &says(number));
            }
            keeping.close(&mut links);
            let kept = links.iter().position(|link| link.message.is_some()).unwrap_or(links.len());
            assert_eq!(kept == 0, all, "{room}");
            let mut bytes = 0;
            for (number, link) in links.iter().enumerate().skip(kept) {
                let message = &**link.message.as_ref().unwrap();
                assert_eq!(message, says(number), "{room}");
                bytes += message.len();
            }
            assert!(bytes <= room && (all || bytes + 2 * BLOCK > room), "{bytes} of {room}");
        }
    }
}
