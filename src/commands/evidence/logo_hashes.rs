//! The prints of all logos of a registry. They take a while, so they are remembered on this machine, by the logo's object id.

use std::path::Path;
use std::time::Instant;

use crate::domain::logo::perceptual_hash::{self, PerceptualHash};
use crate::domain::{GitId, Slug, limits};
use crate::error::Result;
use crate::evidence::logo::likeness::Others;
use crate::files::memory;
use crate::git::{Oid, Repo};
use crate::registry::survey;

/// The version of how prints are made: others aren't comparable.
const METHOD: &str = "5";

/// The prints of logos by their object ids, in order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Prints(Vec<(GitId, Option<PerceptualHash>)>);

/// So many bytes of an id and a print.
const ROW: usize = 20 + PerceptualHash::KEPT;

impl Prints {
    fn of_bytes(kept: &[u8]) -> Option<Self> {
        let row = |row: &[u8; ROW]| {
            let (id, print) = row.split_first_chunk()?;
            Some((GitId(*id), PerceptualHash::of_bytes(print.first_chunk()?)))
        };
        let (rows, rest) = kept.as_chunks();
        let prints = rows.iter().map(row).collect::<Option<Vec<_>>>()?;
        (rest.is_empty() && prints.is_sorted_by(|one, other| one.0 < other.0)).then_some(Self(prints))
    }

    fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|(id, print)| id.0.into_iter().chain(PerceptualHash::to_bytes(*print))).collect()
    }

    fn find(&self, id: GitId) -> Option<&(GitId, Option<PerceptualHash>)> {
        let at = self.0.binary_search_by(|known| known.0.cmp(&id)).ok()?;
        self.0.get(at)
    }
}

/// What came of a logo that was looked at.
enum Made {
    Print(Option<PerceptualHash>),
    /// There was no time for it.
    Late,
    /// git has lost it.
    Unread,
}

/// The prints of these logos, and of the one that is compared with them, as far as there is time. What was made is remembered in
/// `memory`.
pub fn of_logos(
    repo: &Repo,
    logos: &[(Slug, Oid)],
    own: Option<Oid>,
    memory: Option<&Path>,
    until: Instant,
) -> Result<Others> {
    let kept = memory.and_then(|file| memory::read_bytes(file, limits::MEMORY, METHOD));
    let mut known = kept.and_then(|kept| Prints::of_bytes(&kept)).unwrap_or_default();
    let mut new: Vec<GitId> = logos.iter().map(|(_, oid)| *oid).chain(own).map(GitId::from).collect();
    new.retain(|id| known.find(*id).is_none());
    new.sort_unstable();
    new.dedup();
    let made = survey::on_all_cores(repo, &new, |repo, id| {
        if Instant::now() >= until {
            return Ok(Made::Late);
        }
        Ok(match repo.blob(Oid::from(*id)) {
            // One that is no picture, or has no print, is like no other.
            Ok(bytes) => Made::Print(perceptual_hash::of(&bytes).ok().flatten()),
            Err(e) if e.is_damage() => Made::Unread,
            Err(e) => return Err(e.into()),
        })
    })?;
    let before = known.0.len();
    let unread: Vec<GitId> =
        new.iter().zip(&made).filter(|(_, made)| matches!(made, Made::Unread)).map(|(id, _)| *id).collect();
    known.0.extend(new.iter().zip(made).filter_map(|(id, made)| match made {
        Made::Print(print) => Some((*id, print)),
        Made::Late | Made::Unread => None,
    }));
    if known.0.len() > before {
        known.0.sort_unstable_by_key(|(id, _)| *id);
        if let Some(file) = memory {
            memory::write_bytes(file, limits::MEMORY, METHOD, &known.to_bytes());
        }
    }
    let left = |oid: &Oid| known.find(GitId::from(*oid)).is_none();
    let (unread, left): (Vec<_>, Vec<_>) =
        logos.iter().filter(|(_, oid)| left(oid)).partition(|(_, oid)| unread.contains(&GitId::from(*oid)));
    let print = |oid: Oid| known.find(GitId::from(oid))?.1;
    let prints = logos.iter().filter_map(|(slug, oid)| Some((slug.clone(), print(*oid)?))).collect();
    let unread = unread.into_iter().map(|(slug, _)| slug.clone()).collect();
    Ok(Others { prints, own: own.and_then(print), unread, left: left.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_are_kept_in_order_and_found_again() {
        let print = PerceptualHash::of_bytes(&[7; PerceptualHash::KEPT]);
        let prints = Prints((0..50).map(|n| (GitId([n; 20]), print.filter(|_| n % 3 > 0))).collect());
        let kept = prints.to_bytes();
        assert_eq!(Prints::of_bytes(&kept).as_ref(), Some(&prints));
        assert_eq!(prints.find(GitId([4; 20])).unwrap().1, print);
        assert_eq!(prints.find(GitId([3; 20])).unwrap().1, None);
        assert_eq!(prints.find(GitId([77; 20])), None);
        assert_eq!(Prints::of_bytes(&kept[..kept.len() - 1]), None);
        assert_eq!(Prints::of_bytes(&[&kept[ROW..], &kept[..ROW]].concat()), None, "out of order");
    }
}
