//! What is open on GitHub, read into the cache. Anybody may open pull requests of a proposal's name: what can't be one
//! isn't fetched, and all of it together is one line.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

use super::{CloneForge, State, Watch};
use crate::domain::log::event::Issue;
use crate::domain::paths::root_of;
use crate::domain::{Sha256, Slug, text};
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::forge::board::NoProposal;
use crate::forge::github::objects::oid;
use crate::forge::github::partner_query::Pull;
use crate::forge::github::proposals_query::{self, Listing, Outline, Watched};
use crate::forge::github::registry_query::Head;
use crate::forge::github::reviews_as_votes::{self, Seen, Shown};
use crate::forge::github::taken_back::{self, Question};
use crate::forge::github::withheld::Unread;
use crate::git::{Oid, RefMove};
use crate::registry::{Heads, Proposal, Snapshot, slug_of};

/// No proposal's commits are larger, in bytes; an honest one's are a few hundred KiB.
const LARGEST: u64 = crate::domain::limits::PROPOSAL;

/// So many proposals' commits may be fetched at once, if they are as large as can be.
const AT_ONCE: u64 = 8;

/// So often git is run to tell which ones are too large.
const MOST_FETCHES: u32 = 64;

/// Of so many that are no proposals it is told there, too.
const MOST_TOLD: usize = 25;

/// So many of those are remembered.
const MOST_ASIDE: usize = 10_000;

fn too_large() -> &'static str {
    tr!("what it brings is too large")
}

/// What isn't a proposal: its number, its address, and why.
#[derive(Debug, Default)]
struct Junk(Vec<(u64, String, String)>);

impl Junk {
    fn add(&mut self, pull: &Pull, why: &str) {
        self.0.push((pull.number, pull.url.clone(), why.to_owned()));
    }
}

impl CloneForge {
    pub(super) fn read(&self) -> Result<State> {
        let _busy = self.progress.busy(tr!("reading the registry"));
        let listing = if self.client.token_source().is_some() {
            let listing = proposals_query::list(&self.client, &self.registry, self.tells())?;
            if listing.cut {
                self.warn_once(tr!("so many pull requests are open that the newest of them aren't read; close some"));
            }
            Some(listing)
        } else {
            self.progress.say(tr!("Without a token, open proposals can't be seen; see karmada-partner auth."));
            None
        };
        let named = listing.as_ref().and_then(|listing| listing.repository.default_branch_ref.as_ref());
        let at_hand = named.and_then(|branch| Some((format!("refs/heads/{}", branch.name), branch.target.as_ref()?)));
        let (branch, main) = match at_hand.and_then(|(branch, target)| Some((branch, self.here(&target.oid)?))) {
            Some((branch, main)) => (branch, Some(main)),
            None => {
                self.remote.fetch(&self.repo, &["+{HEAD}:{HEAD}".to_owned()])?;
                let branch = self.repo.default_branch()?;
                let main = self.repo.reference(&branch)?;
                (branch, main)
            }
        };
        let heads = Heads { branch, main, ..Heads::default() };
        let mut state = State {
            read: Instant::now(),
            over: false,
            known: listing.as_ref().map(|listing| (listing.viewer.clone(), listing.repository.clone())),
            heads,
            pulls: BTreeMap::new(),
            decided: Vec::new(),
            brought: listing.as_ref().filter(|listing| !listing.cut).map(|listing| listing.brought.clone()),
            none: BTreeMap::new(),
            back: BTreeMap::new(),
            watched: Watched::default(),
            asked: Question::default(),
        };
        let mut asked = Vec::new();
        match Snapshot::new(&self.repo, state.heads.clone(), self.client.now()).and_then(|s| s.registry()) {
            Ok(registry) => {
                if let Some(listing) = listing {
                    asked = self.judge(listing, registry, &mut state)?;
                    asked.extend(self.show_undecided(registry, &mut state)?);
                }
            }
            Err(e) if listing.is_some_and(|listing| !listing.pulls.is_empty()) => self.warn_once(&e.message),
            Err(_) => {}
        }
        let proposed = state.pulls.iter().filter_map(|(b, p)| Some((b.clone(), p.head_ref_oid.parse().ok()?)));
        state.heads.proposals = proposed.collect();
        // What was asked with other things is known already.
        asked.retain(|issue| !state.asked.is_about(issue));
        state.heads.askers = taken_back::ask(&self.client, &asked)?;
        state.heads.askers.extend(std::mem::take(&mut state.watched.askers));
        Ok(state)
    }

    /// Whether what is read is told on pull requests.
    pub(super) fn tells(&self) -> bool {
        matches!(self.watching.get(), Watch::Open | Watch::And(_))
    }

    /// What stands at these branches.
    fn snapshot(&self, heads: &Heads) -> Result<Snapshot<'_>> {
        Ok(Snapshot::new(&self.repo, heads.clone(), self.client.now())?.by_the_clock(self.client.clock()))
    }

    fn here(&self, hex: &str) -> Option<Oid> {
        hex.parse().ok().filter(|oid| self.repo.has_commit(*oid))
    }

    /// Tells proposals from what only has the name of one; only of those it asks for reviews. Gives the issues that ask for them.
    fn judge(&self, listing: Listing, registry: Sha256, state: &mut State) -> Result<Vec<Issue>> {
        let Listing { mut pulls, decisions, untold, .. } = listing;
        // What can't change any more gives way to what can.
        let by_rank = |p: &Pull| (p.head_repository.is_none(), p.number);
        pulls.sort_by_key(by_rank);
        let mut junk = Junk::default();
        self.bring_in(&pulls, &state.heads, &mut junk)?;
        let (mut open, mut asked): (Vec<Pull>, Vec<Issue>) = (Vec::new(), Vec::new());
        let (mut others, mut over) = (Vec::<u64>::new(), Vec::new());
        let base = self.snapshot(&state.heads)?;
        for pull in pulls {
            let Some(slug) = slug_of(&pull.head_ref_name) else { continue };
            // A commit is read with the votes of one pull request only.
            let same = |p: &Pull| p.head_ref_oid == pull.head_ref_oid;
            match self.show(&pull, &slug, &state.heads, registry)? {
                None => {}
                Some(Shown::Open(..)) if open.iter().any(same) => {
                    junk.add(&pull, tr!("it is of a commit that another one proposes"));
                }
                Some(Shown::Open(_, issue)) => {
                    asked.extend(issue);
                    open.push(pull);
                }
                Some(Shown::Over) => match self.why_over(&pull, &slug, &base)? {
                    Some(NoProposal::Unfit(why)) => junk.add(&pull, &why),
                    why => {
                        others.push(pull.number);
                        state.decided.push((slug, pull.url.clone()));
                        if why == Some(NoProposal::TakenBack) {
                            state.back.insert(pull.number, pull.clone());
                        }
                        over.extend(why.map(|why| (pull.number, why)));
                    }
                },
                Some(Shown::Refused(why)) => junk.add(&pull, &why),
            }
        }
        self.tell_of(&junk);
        let numbers: Vec<u64> = open.iter().map(|p| p.number).collect();
        state.none = junk.0.iter().map(|(number, _, why)| (*number, NoProposal::Unfit(why.clone()))).collect();
        others.extend(state.none.keys().take(MOST_TOLD));
        state.none.extend(over);
        others.extend(decisions.iter().take(MOST_TOLD));
        let question = Question::about(&asked);
        let mut open = match self.watching.get() {
            watching @ (Watch::Open | Watch::And(_)) => {
                others.extend(untold.iter().take(MOST_TOLD));
                if let Watch::And(n) = watching
                    && !numbers.contains(&n)
                    && !others.contains(&n)
                {
                    others.push(n);
                }
                let (open, watched) =
                    proposals_query::watched(&self.client, &self.registry, &numbers, &others, &question)?;
                state.watched = watched;
                state.asked = question;
                open
            }
            Watch::Issues => {
                let (open, issues, askers) =
                    proposals_query::with_issues(&self.client, &self.registry, &numbers, &question)?;
                (state.watched.issues, state.watched.askers) = (issues, askers);
                state.asked = question;
                open
            }
            Watch::Nothing => {
                let (open, askers) = proposals_query::with_reviews(&self.client, &self.registry, &numbers, &question)?;
                if let Some(askers) = askers {
                    state.watched.askers = askers;
                    state.asked = question;
                }
                open
            }
        };
        open.sort_by_key(by_rank);
        asked.clear();
        for pull in open {
            let Some(slug) = slug_of(&pull.head_ref_name) else { continue };
            // It was pushed over while we looked: the next look has it.
            let Some(Shown::Open(unread, issue)) = self.show(&pull, &slug, &state.heads, registry)? else { continue };
            asked.extend(issue);
            self.keep_unread(&pull, unread);
            let plain = pull.head_ref_name.clone();
            let name = if state.pulls.contains_key(&plain) { pull.label() } else { plain };
            state.pulls.insert(name, pull);
        }
        Ok(asked)
    }

    /// Shows a pull request with its votes; `None` where its commit isn't here.
    fn show(&self, pull: &Pull, slug: &Slug, main: &Heads, registry: Sha256) -> Result<Option<Shown>> {
        let Some(commit) = self.repo.commit_if_here(oid(&pull.head_ref_oid)?) else { return Ok(None) };
        let (tree, parents) = (commit.tree, commit.parents.as_slice());
        let seen = Seen { pull, slug, tree, parents, now: self.client.now(), clock: self.client.clock(), registry };
        let tree_at = |at| Some(self.repo.commit_if_here(at)?.tree);
        match reviews_as_votes::show(&self.repo, main, seen, &tree_at) {
            Err(e) if e.kind == Kind::Environment => Err(e),
            Err(e) => Ok(Some(Shown::Refused(e.message))),
            Ok(shown) => Ok(Some(shown)),
        }
    }

    /// The commit of a pull request that somebody named, if it brings no more than `most` bytes.
    pub(super) fn fetch_one(&self, number: u64, most: u64) -> Result<bool> {
        // What it has in common with the default branch isn't its own weight.
        self.last(|_| ())?;
        self.remote.fetch_at_most(&[format!("refs/pull/{number}/head")], most)
    }

    /// Fetches the commits that aren't here yet, of those that can be proposals and aren't too large.
    fn bring_in(&self, pulls: &[Pull], main: &Heads, junk: &mut Junk) -> Result<()> {
        let known = self.set_aside();
        let mut missing: Vec<&Pull> = pulls.iter().filter(|p| self.here(&p.head_ref_oid).is_none()).collect();
        missing.retain(|pull| match known.contains(&pull.head_ref_oid) {
            true => {
                junk.add(pull, too_large());
                false
            }
            false => true,
        });
        let outlines = proposals_query::outlines(&self.client, &self.registry, &missing)?;
        let mut wanted = Vec::new();
        for (pull, outline) in missing.into_iter().zip(outlines) {
            match self.lacks(pull, &outline, main)? {
                Some(why) => junk.add(pull, why),
                None => wanted.push(pull),
            }
        }
        let left = Cell::new(MOST_FETCHES);
        self.fetch(&wanted, &left, junk)
    }

    /// Why a pull request can't be a proposal, by what its commit has in its partner's directory: each begins with an entry
    /// of the log, or a vote.
    fn lacks(&self, pull: &Pull, outline: &Outline, main: &Heads) -> Result<Option<&'static str>> {
        let (Some(slug), Some(main)) = (slug_of(&pull.head_ref_name), main.main) else {
            return Ok(Some(tr!("it is about nobody")));
        };
        let tree = self.repo.commit(main)?.tree;
        let brings = |there: &Option<Head>, name: &str| -> Result<bool> {
            let landed = self.repo.at_path(tree, &format!("{}/{name}", root_of(&slug)))?.map(|e| e.oid.to_string());
            Ok(there.as_ref().is_some_and(|there| Some(&there.oid) != landed.as_ref()))
        };
        if !brings(&outline.log, "log")? && !brings(&outline.votes, "votes")? {
            return Ok(Some(tr!("it asks for nothing")));
        }
        Ok((outline.size() > LARGEST).then_some(tr!("its files are too large")))
    }

    /// All at once, or in halves until it is known which ones are too large.
    fn fetch(&self, pulls: &[&Pull], left: &Cell<u32>, junk: &mut Junk) -> Result<()> {
        if pulls.is_empty() {
            return Ok(());
        }
        let Some(fewer) = left.get().checked_sub(1) else {
            for pull in pulls {
                junk.add(pull, tr!("too many others are too large to look into it"));
            }
            return Ok(());
        };
        left.set(fewer);
        let name = |pull: &&Pull| format!("refs/pull/{}/head", pull.number);
        let most = LARGEST * (pulls.len() as u64).min(AT_ONCE);
        if self.remote.fetch_at_most(&pulls.iter().map(name).collect::<Vec<_>>(), most)? {
            for pull in pulls {
                self.keep(pull)?;
            }
            return Ok(());
        }
        match pulls {
            [one] => {
                junk.add(one, too_large());
                self.put_aside(one)?;
            }
            _ => {
                let (some, others) = pulls.split_at(pulls.len() / 2);
                self.fetch(some, left, junk)?;
                self.fetch(others, left, junk)?;
            }
        }
        Ok(())
    }

    /// Where it is kept which commits are too large: they aren't tried each time anew.
    fn aside(&self) -> PathBuf {
        self.repo.path().join("too-large-commits")
    }

    fn set_aside(&self) -> BTreeSet<String> {
        let known = files::read_plain(&self.aside()).unwrap_or_default();
        String::from_utf8_lossy(&known).lines().map(str::to_owned).collect()
    }

    fn put_aside(&self, pull: &Pull) -> Result<()> {
        let mut known = self.set_aside();
        if known.len() >= MOST_ASIDE {
            known.clear();
        }
        known.insert(pull.head_ref_oid.clone());
        let lines: String = known.iter().map(|oid| format!("{oid}\n")).collect();
        let path = self.aside();
        files::write(&path, lines.as_bytes())
            .map_err(|e| Error::environment(tr!("can't write {path}: {e}", e, path = path.display())))
    }

    /// Names a commit, so that git keeps it. Whoever fills the same cache does the same.
    fn keep(&self, pull: &Pull) -> Result<()> {
        let name = format!("refs/pull/{}/head", pull.number);
        let (old, new) = (self.repo.reference(&name)?, self.here(&pull.head_ref_oid));
        if new.is_some() && new != old {
            let _ = self.repo.move_references(&[RefMove { name, old, new }], "fetch");
        }
        Ok(())
    }

    /// One line, so that it hides nothing.
    fn tell_of(&self, Junk(lines): &Junk) {
        let words = |(_, url, why): &(u64, String, String)| tr!("{url} is no proposal: {why}", url, why);
        if let [only] = lines.as_slice() {
            return self.warn_once(&words(only));
        }
        for line in lines {
            self.progress.detail(&text::visible(&words(line)));
        }
        if !lines.is_empty() {
            let many = lines.len();
            self.warn_once(&tr!(
                "{many} pull requests from branches called apply/…, exit/… or policy/… are no proposals; -v lists them",
                many
            ));
        }
    }

    fn keep_unread(&self, pull: &Pull, unread: Unread) {
        if pull.is_cut() {
            self.warn_once(&tr!("{url}: it has so many reviews that the oldest aren't read", url = pull.url));
        }
        for why in unread.told {
            self.warn_once(&tr!("{url}: {why}", why, url = pull.url));
        }
        self.withheld.borrow_mut().insert(pull.number, unread.withheld);
    }

    /// What was merged and nobody decided waits on: its pull request is shown as if it was open, with its reviews. Gives the issues
    /// that ask for it.
    fn show_undecided(&self, registry: Sha256, state: &mut State) -> Result<Vec<Issue>> {
        let heads = &state.heads;
        let snapshot = self.snapshot(heads)?;
        let memory = self.repo.path().join("karmada-partner-waiting.json");
        let mut asked = Vec::new();
        // Who can't be read is told by whoever reads all.
        for proposal in snapshot.standing_alone(Some(&memory), &[])?.0 {
            let (base, branch) = (heads.short_branch(), &proposal.branch);
            if state.pulls.contains_key(branch) {
                continue;
            }
            for pull in proposals_query::merged(&self.client, &self.registry, base, branch)? {
                if let Some((unread, issue)) = self.shows(heads, registry, &pull, &proposal)? {
                    self.keep_unread(&pull, unread);
                    asked.extend(issue);
                    state.pulls.insert(proposal.branch.clone(), pull);
                    break;
                }
            }
        }
        Ok(asked)
    }

    /// Shows a pull request's commit with its votes, if it is the one that brought what stands undecided.
    fn shows(
        &self,
        heads: &Heads,
        registry: Sha256,
        pull: &Pull,
        stands: &Proposal,
    ) -> Result<Option<(Unread, Option<Issue>)>> {
        let (slug, head) = (&stands.partner.slug, oid(&pull.head_ref_oid)?);
        if self.here(&pull.head_ref_oid).is_none() {
            let number = pull.number;
            self.remote.fetch(&self.repo, &[format!("+refs/pull/{number}/head:refs/pull/{number}/head")])?;
        }
        self.repo.commit_itself(head)?;
        match self.show(pull, slug, heads, registry)? {
            Some(Shown::Open(unread, issue)) => {
                let it = self.snapshot(heads)?.proposal_on(slug, &stands.branch, head)?;
                let is_it = |p: Proposal| (p.subject, p.round, p.facts) == (stands.subject, stands.round, stands.facts);
                Ok(it.is_some_and(is_it).then_some((unread, issue)))
            }
            Some(Shown::Refused(why)) => {
                self.warn_once(&tr!("{url} was merged, and is no proposal: {why}", why, url = pull.url));
                Ok(None)
            }
            Some(Shown::Over) | None => Ok(None),
        }
    }

    /// Warns of something once a run, however often it is read.
    pub(super) fn warn_once(&self, words: &str) {
        if self.told.borrow_mut().insert(words.to_owned()) {
            self.progress.warn(&text::visible(words));
        }
    }
}
