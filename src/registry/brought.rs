//! Which commits brought events: as their messages say, where their trees bear that out. What the newest messages say is remembered,
//! and only those since are read.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Snapshot, closed};
use crate::domain::Slug;
use crate::domain::limits;
use crate::domain::paths::event_path;
use crate::error::{Error, Result};
use crate::files::memory;
use crate::git::{Commit, Oid, Repo};

/// How many commits are looked through for those that brought the events, unless all are wanted.
pub(crate) const LOOKS: usize = 1_000;

/// From so many messages on it is worth a file what they say.
const WORTH_KEEPING: usize = 64;

/// Changes whenever it changes what is kept of a message.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+1");

/// How far back was looked for commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    Root,
    /// As far as is looked unless all of it is wanted.
    Enough,
    /// Where this clone's history was cut off.
    Cut,
}

#[derive(Debug)]
pub(crate) struct Brought {
    pub commits: BTreeMap<Key, Oid>,
    pub reached: Reached,
    /// Why branches couldn't be looked through.
    pub unread: Vec<Error>,
}

/// A partner's event: slug and number.
pub(crate) type Key = (String, u32);

/// A commit that says it brings an event: how many were looked at before it, whose event, which, and the commit.
type Claim = (usize, String, u32, String);

/// What the newest messages of a history say.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    /// The commit that was looked at first.
    head: String,
    /// How many were looked at; fewer than [`LOOKS`] are all there are.
    looked_at: usize,
    claims: Vec<Claim>,
}

/// The commit that added each event's file, of those that are `wanted` with their rounds, and in whose message its block stands: on
/// the default branch, or on the partner's own proposal, open or closed. Where a merge button rewrote messages, the commit of the
/// next event that is known, if it came with that; but only where all was looked through. Anybody may write a message. `file` is
/// where to remember what messages say, if anywhere.
///
/// # Errors
/// When an object of a commit isn't here or can't be read.
pub(crate) fn commits(
    snapshot: &Snapshot<'_>,
    wanted: BTreeMap<Key, u32>,
    most: usize,
    file: Option<&Path>,
) -> Result<Brought> {
    let mut unread = Vec::new();
    let mut search = Search { repo: snapshot.repo, wanted, found: BTreeMap::new() };
    // Where history is cut off, it may be brought any time; and all of a long one isn't remembered.
    let file = file.filter(|_| most == LOOKS && !snapshot.repo.is_shallow());
    let mut reached = search.in_the_open(snapshot.commit, most, file)?;
    // A branch can only speak for the partner it is about.
    for ((partner, seq), round) in search.wanted.clone() {
        let slug = partner.parse::<Slug>().ok();
        let open = slug.iter().flat_map(|slug| snapshot.heads.proposals.of(slug)).map(|(_, oid)| oid);
        let kept = slug.as_ref().and_then(|slug| snapshot.heads.closed.get(&closed(slug, round)));
        let tips: Vec<Oid> = open.chain(kept).collect();
        if !tips.is_empty() {
            let wanted = BTreeMap::from([((partner, seq), round)]);
            let mut own = Search { repo: snapshot.repo, wanted, found: BTreeMap::new() };
            match own.on_branches(&tips, snapshot.commit, most) {
                Ok(so_far) => reached = reached.max(so_far),
                // One that can't be read hides no other.
                Err(e) if snapshot.hides(&e) => {
                    for tip in tips {
                        match own.on_branches(&[tip], snapshot.commit, most) {
                            Ok(so_far) => reached = reached.max(so_far),
                            Err(e) => unread.push(e),
                        }
                    }
                }
                Err(e) => return Err(e),
            }
            search.found.append(&mut own.found);
        }
    }
    let Search { repo, mut wanted, mut found } = search;
    wanted.retain(|key, _| !found.contains_key(key));
    if wanted.is_empty() {
        reached = Reached::Root;
    }
    if reached != Reached::Root {
        return Ok(Brought { commits: found, reached, unread });
    }
    for (partner, seq) in wanted.into_keys() {
        let later = found.range((partner.clone(), seq)..).next();
        let commit = later.filter(|((p, _), _)| *p == partner).map(|(_, oid)| *oid);
        if let Some(oid) = commit
            && adds(repo, &repo.commit(oid)?, &partner, seq)?
        {
            found.insert((partner, seq), oid);
        }
    }
    Ok(Brought { commits: found, reached, unread })
}

/// A look for the commits of events.
struct Search<'r> {
    repo: &'r Repo,
    /// What isn't found yet: the event's round.
    wanted: BTreeMap<Key, u32>,
    found: BTreeMap<Key, Oid>,
}

impl Search<'_> {
    /// Takes a commit that says it brings an event at its word, if its tree does.
    fn hear(&mut self, key: Key, commit: &Commit) -> Result<()> {
        if self.wanted.contains_key(&key) && adds(self.repo, commit, &key.0, key.1)? {
            self.wanted.remove(&key);
            self.found.insert(key, commit.oid);
        }
        Ok(())
    }

    /// Looks at the commits of the default branch and behind it.
    fn in_the_open(&mut self, head: Oid, most: usize, file: Option<&Path>) -> Result<Reached> {
        let known: Memory = file.and_then(|file| memory::read(file, limits::MEMORY, VERSION)).unwrap_or_default();
        let known_head = known.head.parse::<Oid>().ok();
        let (mut looked_at, mut cut, mut failed, mut goes_on) = (0, false, None, false);
        let mut claims: Vec<Claim> = Vec::new();
        let repo = self.repo;
        let mut visit = |commit: &Commit, alone: bool| {
            // From here on the same follows as then.
            goes_on = alone && Some(commit.oid) == known_head;
            if goes_on {
                return false;
            }
            looked_at += 1;
            cut |= repo.ends_at(commit.oid).unwrap_or(true);
            if let Some((slug, seq)) = claim_of(&commit.message) {
                claims.push((looked_at - 1, slug.clone(), seq, commit.oid.to_string()));
                failed = self.hear((slug, seq), commit).err();
            }
            !self.wanted.is_empty() && looked_at < most && failed.is_none()
        };
        repo.walk_back(head, &mut visit)?;
        failed.map_or(Ok(()), Err)?;
        let new = looked_at;
        if goes_on {
            for (nth, slug, seq, commit) in known.claims.iter().filter(|(nth, ..)| new + nth < most) {
                let Ok(oid) = commit.parse() else { continue };
                let key = (slug.clone(), *seq);
                if self.wanted.contains_key(&key) {
                    self.hear(key, &repo.commit(oid)?)?;
                }
                claims.push((new + nth, slug.clone(), *seq, commit.clone()));
            }
            looked_at = most.min(new + known.looked_at);
        }
        let all = goes_on || !self.wanted.is_empty();
        if let Some(file) = file.filter(|_| all && !cut && new > 0 && looked_at >= WORTH_KEEPING) {
            memory::write(file, limits::MEMORY, VERSION, &Memory { head: head.to_string(), looked_at, claims });
        }
        Ok(reached(looked_at, most, cut))
    }

    /// Looks at the commits of branches that the default one hasn't got.
    fn on_branches(&mut self, tips: &[Oid], main: Oid, most: usize) -> Result<Reached> {
        let (mut looked_at, mut cut, mut failed) = (0, false, None);
        let repo = self.repo;
        repo.walk(tips, &[main], |commit| {
            looked_at += 1;
            cut |= repo.ends_at(commit.oid).unwrap_or(true);
            if let Some(key) = claim_of(&commit.message) {
                failed = self.hear(key, commit).err();
            }
            !self.wanted.is_empty() && looked_at < most && failed.is_none()
        })?;
        failed.map_or(Ok(()), Err)?;
        Ok(reached(looked_at, most, cut))
    }
}

const fn reached(looked_at: usize, most: usize, cut: bool) -> Reached {
    match cut {
        _ if looked_at >= most => Reached::Enough,
        true => Reached::Cut,
        false => Reached::Root,
    }
}

/// The event that a message says its commit brings.
fn claim_of(message: &str) -> Option<Key> {
    if !message.contains("\nKP-Event: ") {
        return None;
    }
    let value = |key: &str| message.lines().rev().find_map(|line| line.strip_prefix(key));
    Some((value("KP-Partner: ")?.to_owned(), value("KP-Seq: ")?.parse().ok()?))
}

/// Whether a commit brought an event's file: it has it, and the commit before hadn't.
fn adds(repo: &Repo, commit: &Commit, partner: &str, seq: u32) -> Result<bool> {
    let Ok(slug) = Slug::or_program(partner) else { return Ok(false) };
    let path = event_path(&slug, seq);
    let there = |tree: Oid| -> Result<Option<Oid>> { Ok(repo.at_path(tree, &path)?.map(|entry| entry.oid)) };
    let now = there(commit.tree)?;
    // What is cut off is taken at its word.
    let before = match commit.parents.first() {
        Some(parent) if repo.has_commit(*parent) => there(repo.commit(*parent)?.tree)?,
        _ => None,
    };
    Ok(now.is_some() && now != before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Time;
    use crate::git::{Author, Put};
    use crate::registry::Heads;

    /// A registry to which events are added, a commit each.
    struct Growing {
        home: tempfile::TempDir,
        repo: Repo,
        head: Option<Oid>,
        many: u32,
    }

    impl Growing {
        fn new() -> Self {
            let home = tempfile::tempdir().unwrap();
            let repo = Repo::init_bare(home.path()).unwrap();
            Self { home, repo, head: None, many: 0 }
        }

        fn commit(&mut self, parents: &[Oid], puts: &[(String, Put)], message: &str) -> Oid {
            let repo = &self.repo;
            let base = parents.first().map(|parent| repo.commit(*parent).unwrap().tree);
            let tree = repo.tree_with(base, puts).unwrap();
            let time = 1_000_000 + i64::from(self.many) * 60;
            let author = Author { name: "A".into(), email: "a@b".into(), time, own: false, may_ask: false };
            let head = repo.write_commit(parents, tree, message, &author).unwrap();
            self.head = Some(head);
            head
        }

        /// The next event of one of two partners; on a side that is merged, where it is asked for.
        fn add(&mut self, merged: bool) -> Oid {
            self.many += 1;
            let (slug, seq) = (["acme", "globex"][self.many as usize % 2], self.many.div_ceil(2));
            let put = (format!("data/partners/{slug}/log/{seq:04}"), Put::Bytes(self.many.to_string().into_bytes()));
            let message = format!("x\n\nKP-Event: v1 updated\nKP-Partner: {slug}\nKP-Seq: {seq}\n");
            let base: Vec<Oid> = self.head.into_iter().collect();
            let new = self.commit(&base, std::slice::from_ref(&put), &message);
            match (merged, base.as_slice()) {
                (true, [base]) => self.commit(&[*base, new], &[put], "Merge branch 'x'"),
                _ => new,
            }
        }

        /// The commits of all of acme's events, how far it was looked, and how many commits were read for that.
        fn told(&self, file: Option<&Path>) -> (BTreeMap<Key, Oid>, Reached, u64) {
            let repo = Repo::open(self.home.path()).unwrap();
            let heads = Heads { branch: "refs/heads/main".into(), main: self.head, ..Heads::default() };
            let snapshot = Snapshot::new(&repo, heads, Time::from_unix(0)).unwrap();
            let wanted = (1..=self.many.div_ceil(2) + 1).map(|seq| (("acme".to_owned(), seq), 1)).collect();
            let before = repo.commits_read();
            let Brought { commits: found, reached, .. } = commits(&snapshot, wanted, LOOKS, file).unwrap();
            (found, reached, repo.commits_read() - before)
        }
    }

    /// What is remembered changes nothing but how much is read: what came since, and the commits that are told.
    #[test]
    fn messages_are_read_once() {
        let mut history = Growing::new();
        let kept = tempfile::tempdir().unwrap();
        let file = kept.path().join("brought.json");
        for nth in 0..1_060 {
            history.add(nth % 50 == 7);
            if ![200, 201, 210, 1_059].contains(&nth) {
                continue;
            }
            let afresh = history.told(None);
            let (first, again) = (history.told(Some(&file)), history.told(Some(&file)));
            assert_eq!((&first.0, first.1), (&afresh.0, afresh.1), "{nth}");
            assert_eq!((&again.0, again.1), (&afresh.0, afresh.1), "{nth}");
            // Each that is told is held to its tree: it, the one before, and once more at its own word.
            let told = 3 * u64::try_from(afresh.0.len()).unwrap();
            assert!(again.2 <= told + 5, "{} commits were read to tell {}", again.2, afresh.0.len());
            if nth == 201 || nth == 210 {
                assert!(first.2 <= told + 40, "{} commits were read", first.2);
            }
        }
        // Another history is another.
        history.head = None;
        history.many = 0;
        for _ in 0..70 {
            history.add(false);
        }
        assert_eq!(history.told(Some(&file)).0, history.told(None).0);
    }
}
