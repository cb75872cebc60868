//! What is behind what. All of it reads commits as objects are read here, and not by libgit2's own walks: see
//! [`super::loose`].

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap};

use git2::Oid;

use super::failure::{RepoError, Result, Trouble};
use super::{Commit, Repo};

/// How many commits a walk goes on when it seems to be done: clocks are wrong at times.
const SLOP: usize = 5;

/// Commits to look at, the latest first.
#[derive(Default)]
struct Queue {
    heap: BinaryHeap<(i64, Reverse<usize>, Oid)>,
    known: HashMap<Oid, (Vec<Oid>, i64)>,
    pushed: usize,
    /// Those that wait, as they were read, where each is wanted when its turn comes.
    read: Option<HashMap<Oid, Commit>>,
}

impl Queue {
    fn push(&mut self, repo: &Repo, oid: Oid) -> Result<()> {
        let time = match self.known.entry(oid) {
            Entry::Occupied(known) => known.get().1,
            Entry::Vacant(new) => {
                let (parents, time) = match &mut self.read {
                    Some(read) => {
                        let (commit, time) = repo.dated(oid)?;
                        (read.entry(oid).insert_entry(commit).get().parents.clone(), time)
                    }
                    None => repo.behind(oid)?,
                };
                new.insert((parents, time)).1
            }
        };
        self.pushed += 1;
        self.heap.push((time, Reverse(self.pushed), oid));
        Ok(())
    }

    fn pop(&mut self) -> Option<(Oid, i64)> {
        self.heap.pop().map(|(time, _, oid)| (oid, time))
    }

    /// The commit whose turn it is, or what stands in for it.
    fn commit(&mut self, repo: &Repo, oid: Oid) -> Result<Commit> {
        match self.read.as_mut().and_then(|read| read.remove(&oid)) {
            Some(read) if !repo.is_stood_in_for(oid) => Ok(read),
            _ => repo.commit(oid),
        }
    }

    fn parents(&self, oid: Oid) -> Vec<Oid> {
        self.known.get(&oid).map(|(parents, _)| parents.clone()).unwrap_or_default()
    }

    /// Whether any that waits is wanted.
    fn any(&self, wanted: impl Fn(Oid) -> bool) -> bool {
        self.heap.iter().any(|(_, _, oid)| wanted(*oid))
    }

    fn next_time(&self) -> Option<i64> {
        self.heap.peek().map(|(time, ..)| *time)
    }
}

const ONE: u8 = 1;
const OTHER: u8 = 2;
/// Behind one that both have.
const STALE: u8 = 4;

/// The latest commits that two have behind them, or are.
fn common(repo: &Repo, one: Oid, other: Oid) -> Result<Vec<Oid>> {
    if one == other {
        return Ok(vec![one]);
    }
    let mut sides = HashMap::from([(one, ONE), (other, OTHER)]);
    let mut queue = Queue::default();
    queue.push(repo, one)?;
    queue.push(repo, other)?;
    let mut found = Vec::new();
    while queue.any(|oid| sides[&oid] & STALE == 0) {
        let Some((oid, _)) = queue.pop() else { break };
        let mut side = sides[&oid];
        if side == ONE | OTHER {
            if !found.contains(&oid) {
                found.push(oid);
            }
            side |= STALE;
        }
        for parent in queue.parents(oid) {
            let known = sides.entry(parent).or_default();
            if *known | side != *known {
                *known |= side;
                queue.push(repo, parent)?;
            }
        }
    }
    found.retain(|oid| sides[oid] & STALE == 0);
    Ok(found)
}

impl Repo {
    /// Whether `ancestor` is `descendant` or one of its ancestors.
    pub(crate) fn contains(&self, descendant: Oid, ancestor: Oid) -> Result<bool> {
        Ok(common(self, descendant, ancestor)?.contains(&ancestor))
    }

    /// The commit where two histories part; nothing where they have nothing in common.
    ///
    /// # Errors
    /// When that isn't known, since the history is cut off.
    pub(crate) fn merge_base(&self, one: Oid, other: Oid) -> Result<Option<Oid>> {
        if let Some(written) = &mut *self.written.borrow_mut()
            && let Some(found) = written.past.parting(&|oid| Ok(self.behind(oid)?.0), one, other)?
        {
            return Ok(Some(found));
        }
        Ok(self.merge_bases(one, other)?.first().copied())
    }

    /// All commits where two histories part: several, where they were merged crosswise.
    pub(crate) fn merge_bases(&self, one: Oid, other: Oid) -> Result<Vec<Oid>> {
        let found = common(self, one, other)?;
        if found.is_empty() && self.is_shallow() {
            let message = tr!("the history of this clone is cut off before {one} and {other} part", one, other);
            let hint = tr!("complete it with git fetch --unshallow");
            return Err(RepoError::new(Trouble::Partial, message, hint));
        }
        // By clocks that are wrong, one may be found that is behind another.
        let is_behind = |oid: Oid, later: Oid| later != oid && self.contains(later, oid).unwrap_or_default();
        Ok(found.iter().copied().filter(|oid| !found.iter().any(|later| is_behind(*oid, *later))).collect())
    }

    /// All commits reachable from `tips` and not from `hidden`, the latest first, handed over one by one until `visit`
    /// says `false`.
    pub(crate) fn walk(&self, tips: &[Oid], hidden: &[Oid], mut visit: impl FnMut(&Commit) -> bool) -> Result<()> {
        self.walk_along(tips, hidden, |commit, _| visit(commit))
    }

    /// The commits that `head` has and `base` hasn't, the latest first; `None` where there are more than `most`.
    pub(crate) fn own_commits(&self, head: Oid, base: Oid, most: usize) -> Result<Option<Vec<Commit>>> {
        let mut own = Vec::new();
        self.walk(&[head], &[base], |commit| {
            own.push(commit.clone());
            own.len() <= most
        })?;
        Ok((own.len() <= most).then_some(own))
    }

    /// All commits reachable from one, the latest first; `visit` is told, too, whether all that is left is behind the commit.
    pub(crate) fn walk_back(&self, from: Oid, visit: impl FnMut(&Commit, bool) -> bool) -> Result<()> {
        self.walk_along(&[from], &[], visit)
    }

    fn walk_along(&self, tips: &[Oid], hidden: &[Oid], mut visit: impl FnMut(&Commit, bool) -> bool) -> Result<()> {
        let mut hides: HashMap<Oid, bool> = HashMap::new();
        // Where nothing is hidden each is shown at once.
        let mut queue = Queue { read: hidden.is_empty().then(HashMap::new), ..Queue::default() };
        for (oid, hide) in hidden.iter().map(|oid| (*oid, true)).chain(tips.iter().map(|oid| (*oid, false))) {
            if hides.insert(oid, hide || hides.get(&oid).copied().unwrap_or_default()).is_none() {
                queue.push(self, oid)?;
            }
        }
        let (mut visible, mut slop, mut last) = (Vec::new(), SLOP, i64::MAX);
        while let Some((oid, time)) = queue.pop() {
            let hide = hides[&oid];
            let alone = queue.heap.is_empty();
            for parent in queue.parents(oid) {
                match hides.get(&parent) {
                    None => {
                        hides.insert(parent, hide);
                        queue.push(self, parent)?;
                    }
                    Some(false) if hide => hide_all(&mut hides, &queue, parent),
                    Some(_) => {}
                }
            }
            if hidden.is_empty() {
                if !visit(&queue.commit(self, oid)?, alone) {
                    return Ok(());
                }
                continue;
            }
            if !hide {
                visible.push(oid);
                (last, slop) = (time, SLOP);
            } else if !queue.any(|oid| !hides[&oid]) && queue.next_time().is_none_or(|next| next < last) {
                slop -= 1;
                if slop == 0 {
                    break;
                }
            }
        }
        for oid in visible.into_iter().filter(|oid| !hides[oid]) {
            if !visit(&self.commit(oid)?, false) {
                break;
            }
        }
        Ok(())
    }
}

/// Hides a commit that was taken for a visible one, and what is behind it.
fn hide_all(hides: &mut HashMap<Oid, bool>, queue: &Queue, from: Oid) {
    let mut next = vec![from];
    while let Some(oid) = next.pop() {
        if let Some(hide @ false) = hides.get_mut(&oid) {
            *hide = true;
            next.extend(queue.parents(oid));
        }
    }
}

#[cfg(test)]
mod tests {
    use git2::{Repository, Signature, Time};
    use proptest::prelude::*;

    use super::*;

    /// A history: for each commit, which of the earlier ones it stands on, and how wrong its clock is.
    fn histories() -> impl Strategy<Value = Vec<(Vec<usize>, i64)>> {
        prop::collection::vec((prop::collection::vec(0_usize..40, 0..3), 0_i64..30), 2..25)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// The same is found as libgit2 finds.
        #[test]
        fn histories_part_where_git_says(history in histories(), picks in prop::collection::vec((0_usize..40, 0_usize..40), 6)) {
            let home = tempfile::tempdir().unwrap();
            let git = Repository::init_bare(home.path()).unwrap();
            let tree = git.treebuilder(None).unwrap().write().unwrap();
            let mut made: Vec<Oid> = Vec::new();
            for (index, (parents, late)) in history.iter().enumerate() {
                let time = 1_000_000 + i64::try_from(index).unwrap() * 100 + late;
                let who = Signature::new("a", "a@b", &Time::new(time, 0)).unwrap();
                let mut on: Vec<usize> = parents.iter().filter(|_| index > 0).map(|p| p % index.max(1)).collect();
                on.dedup();
                let parents: Vec<_> = on.iter().map(|p| git.find_commit(made[*p]).unwrap()).collect();
                let tree = git.find_tree(tree).unwrap();
                let oid = git.commit(None, &who, &who, &index.to_string(), &tree, &parents.iter().collect::<Vec<_>>());
                made.push(oid.unwrap());
            }
            let repo = Repo::open(home.path()).unwrap();
            for (one, other) in picks {
                let (one, other) = (made[one % made.len()], made[other % made.len()]);
                let mut bases: Vec<Oid> =
                    git.merge_bases(one, other).map(|found| found.iter().copied().collect()).unwrap_or_default();
                let found = repo.merge_base(one, other).unwrap();
                prop_assert!(found.map_or(bases.is_empty(), |oid| bases.contains(&oid)), "{found:?} {bases:?}");
                let mut all = repo.merge_bases(one, other).unwrap();
                all.sort();
                bases.sort();
                prop_assert_eq!(all, bases);
                let behind = one == other || git.graph_descendant_of(one, other).unwrap();
                prop_assert_eq!(repo.contains(one, other).unwrap(), behind);
                let mut walk = git.revwalk().unwrap();
                walk.push(one).unwrap();
                walk.hide(other).unwrap();
                let mut theirs: Vec<Oid> = walk.map(|oid| oid.unwrap()).collect();
                let mut ours = Vec::new();
                repo.walk(&[one], &[other], |commit| { ours.push(commit.oid); true }).unwrap();
                ours.sort();
                theirs.sort();
                prop_assert_eq!(ours, theirs);
            }
        }
    }

    /// A row of commits, each with its number as message.
    fn row(git: &Repository, many: usize) -> Vec<Oid> {
        let tree = git.find_tree(git.treebuilder(None).unwrap().write().unwrap()).unwrap();
        let mut made: Vec<Oid> = Vec::new();
        for n in 0..many {
            let who = Signature::new("a", "a@b", &Time::new(1_000_000 + i64::try_from(n).unwrap(), 0)).unwrap();
            let parent = made.last().map(|last| git.find_commit(*last).unwrap());
            let parents: Vec<_> = parent.iter().collect();
            made.push(git.commit(None, &who, &who, &n.to_string(), &tree, &parents).unwrap());
        }
        made
    }

    /// Each commit is read once to walk behind it, and to be shown.
    #[test]
    fn whoever_walks_reads_each_commit_once() {
        let home = tempfile::tempdir().unwrap();
        let git = Repository::init_bare(home.path()).unwrap();
        let made = row(&git, 30);
        let repo = Repo::open(home.path()).unwrap();
        let (mut shown, mut alone) = (Vec::new(), 0);
        let mut see = |commit: &Commit, is_alone: bool| {
            shown.push(commit.message.clone());
            alone += usize::from(is_alone);
            true
        };
        repo.walk_back(made[29], &mut see).unwrap();
        assert_eq!((repo.commits_read(), alone), (30, 30));
        assert_eq!(shown, (0..30).rev().map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
