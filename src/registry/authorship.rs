//! May this author make this change? Judges what lies between two commits of a registry, for CI on proposals: an
//! applicant may only add what its own state allows, and nobody may change what is on record.

mod going_back;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use super::admissible::Ground;
use super::{Partner, Proposal, Snapshot, admissible, survey};
use crate::audit::replay::Trees;
use crate::audit::step::{Changed, Item};
use crate::audit::would_take_back;
use crate::domain::check::{self, Problem, Rules, Severity};
use crate::domain::identity::Identity;
use crate::domain::log::kinds::Ballot;
use crate::domain::paths::{
    PARTNERS, POLICIES, PROGRAM, Place, event_path, evidence_fault, fact_paths, is_of, kept_for, place_of, root_of,
};
use crate::domain::program::admission::{Door, Entry as Matter, Opened, Relation, admit, comes_by, right_to_say};
use crate::domain::record::WebAddress;
use crate::domain::signature::examined::{self, Verdict};
use crate::domain::values::Invalid;
use crate::domain::votes::cast::{is_beyond, is_named_after, too_many};
use crate::domain::{AccountId, Event, Kind, Line, Login, Program, Slug, State, Subject, Time, Vote, logo, text};
use crate::error::Result;
use crate::git::{Entry, Mode, Oid, Put, Repo};

/// A change of a registry by somebody.
#[derive(Debug)]
pub struct Authored<'a> {
    /// What it is made on: the default branch.
    pub base: &'a Snapshot<'a>,
    pub head: Oid,
    /// Who makes it, as GitHub calls them.
    pub actor: &'a str,
    /// The number of that account, where it is known.
    pub account: Option<AccountId>,
    pub now: Time,
}

const RECORD: &str = "what is on record stays as it is; take this out of the change";
const NOT_HERE: &str = "it doesn't belong into data/";
const SIGN: &str = "sign it with the key that the policy lists for you";
const OWN: &str = "a proposal brings only its own directory; make one for each, and leave the rest out";

/// Everything that this author may not do so. Changes outside of `data/` are nobody's affair here, unless they come along
/// with a proposal.
pub fn problems(it: &Authored<'_>) -> Result<Vec<Problem>> {
    let repo = it.base.repo;
    let head = repo.commit_itself(it.head)?.tree;
    let from = match repo.merge_base(it.base.commit, it.head)? {
        Some(commit) => repo.commit(commit)?.tree,
        None => it.base.tree,
    };
    // As an audit of it would see it.
    let ours = Trees::at(Some(from.into())).advance(head.into(), &|id| repo.tree_bytes_at_hand(id))?;
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let Ok(actor) = it.actor.parse::<Login>() else {
        let message = format!("{} isn't a person's account, and can't propose anything", text::quote(it.actor));
        let problem = |change: Changed| Problem::error(text::visible(&change.path), "author", message.clone(), OWN);
        return Ok(ours.into_iter().map(problem).collect());
    };
    let actor = &actor;
    let program = it.base.program()?;
    let member = program.may_vote(Identity { login: actor, id: it.account });
    let mut problems = Vec::new();
    let mut slugs: BTreeMap<Slug, Vec<String>> = BTreeMap::new();
    let comes: Vec<String> =
        ours.iter().filter(|c| c.new.is_some() && place_of(&c.path).is_some()).map(|c| c.path.clone()).collect();
    for change in ours {
        if let Some(Item::Lost(id)) = change.new {
            repo.entries(id.into())?;
        }
        let path = &change.path;
        let slug = whose(path);
        let placed = place_of(path).is_some();
        let was_stray = change.was_stray(placed);
        // What isn't wanted there may go, by who may change anything; and what belongs there may come in its place.
        let why_stray = change.why_stray(placed);
        let tidies = member && change.new.is_none() && was_stray;
        let is_there = |placed: &String| Path::new(path).starts_with(placed) || Path::new(placed).starts_with(path);
        let gives_way = || comes.iter().any(is_there);
        let keeps_it = was_stray && !tidies && (change.new.is_none() || why_stray.is_some()) && !gives_way();
        match (why_stray.filter(|_| !was_stray), &slug) {
            (Some(_), Some(Err(e))) if repo.at_path(head, path)?.is_some_and(|e| e.mode == Mode::Tree) => {
                let why = format!("it can't be a slug: {}", e.why);
                problems.push(Problem::error(text::visible(path), "slug", why, e.hint.clone()));
            }
            (Some(why), _) => problems.push(Problem::error(text::visible(path), "stray", why, RECORD)),
            (None, Some(Ok(_))) if !keeps_it => {}
            (None, _) if tidies => {}
            (None, _) => problems.push(Problem::error(text::visible(path), "stray", NOT_HERE, RECORD)),
        }
        if let Some(Ok(slug)) = slug {
            // Only what has a place can be put there.
            slugs.entry(slug).or_default().extend(placed.then_some(change.path));
        }
    }
    if !member {
        for name in outside(repo, from, head)? {
            problems.push(Problem::error(text::visible(&name), "outside", "it isn't part of a proposal", OWN));
        }
        if slugs.remove(&Slug::program()).is_some() {
            let message = format!("{actor} isn't a member of the committee, and the policy is the committee's");
            problems.push(Problem::error(PROGRAM, "author", message, RECORD));
        }
        for slug in slugs.keys().skip(1) {
            let path = root_of(slug);
            problems.push(Problem::error(path, "outside", "a proposal is about one partner", OWN));
        }
    }
    // What would be there after a merge: the change alone, on what the default branch is now.
    let mut puts = Vec::new();
    for path in slugs.values().flatten() {
        let put = repo.at_path(head, path)?.map_or(Put::Nothing, |e| Put::Object(e.mode, e.oid));
        puts.push((path.clone(), put));
    }
    let merged = repo.tree_with(Some(it.base.tree), &puts)?;
    let (mut back, gone) = (None, OnceCell::new());
    // Who only brings or takes away what has no place there changes nothing of theirs.
    for slug in slugs.iter().filter(|(_, paths)| !paths.is_empty()).map(|(slug, _)| slug) {
        let one = One::read(it, actor, &program, slug, merged)?;
        if one.takes_away() && back.is_none() {
            back = Some(would_take_back(repo, it.base.commit, merged.into())?);
        }
        if member && one.brings_back(it.base, &gone)? {
            problems.extend(one.new_errors(it.base)?);
            continue;
        }
        problems.extend(match back.as_ref().and_then(|back| back.get(slug)).filter(|_| one.takes_away()) {
            Some(told) => vec![one.taken_back_by(it, told, member)?],
            None => one.problems(it, member)?,
        });
    }
    problems.sort();
    Ok(problems)
}

/// Who something below `data/` is about, if that can be somebody.
fn whose(path: &str) -> Option<std::result::Result<Slug, Invalid>> {
    if is_of(&Slug::program(), path) {
        return Some(Ok(Slug::program()));
    }
    let below = path.strip_prefix(PARTNERS)?.strip_prefix('/')?;
    below.split('/').next().map(str::parse)
}

/// What isn't a registry's and differs, as far as the top of the repository shows.
fn outside(repo: &Repo, old: Oid, new: Oid) -> Result<Vec<String>> {
    let (old, new) = (repo.entries(old)?, repo.entries(new)?);
    let gone = old.iter().filter(|was| !new.iter().any(|is| is.name == was.name));
    let come = new.iter().filter(|is| !old.contains(is));
    Ok(come.chain(gone).map(|entry| entry.name.clone()).filter(|name| name != "data").collect())
}

/// Whether a vote stands at the path that is due to it.
fn is_in_place(path: &str, vote: &Vote, slug: &Slug) -> bool {
    let name = path.strip_prefix(&format!("votes/{}/", vote.round));
    vote.partner == *slug && name.is_some_and(|name| is_named_after(name, &vote.actor))
}

struct One<'a> {
    actor: &'a Login,
    account: Option<AccountId>,
    program: &'a Program,
    slug: &'a Slug,
    root: String,
    tree: Oid,
    before: Partner,
    after: Partner,
    /// New votes: round and file name, and the vote if it can be read.
    votes: Vec<(String, std::result::Result<Vote, check::Problem>)>,
    lost: Vec<String>,
    /// What is open of each subject, once it was asked for: each event asks.
    open: RefCell<BTreeMap<Subject, Option<Rc<Proposal>>>>,
}

impl<'a> One<'a> {
    fn read(it: &Authored<'a>, actor: &'a Login, program: &'a Program, slug: &'a Slug, head: Oid) -> Result<Self> {
        let repo = it.base.repo;
        let root = root_of(slug);
        let (before, after) = (it.base.partner_in(it.base.tree, slug)?, it.base.partner_in(head, slug)?);
        let files = |p: &Partner| -> Result<BTreeMap<String, Entry>> {
            let mut out: BTreeMap<String, Entry> = BTreeMap::new();
            let Some(votes) = p.directory.votes else { return Ok(out) };
            for round in repo.entries(votes)? {
                let below = if round.mode == Mode::Tree { repo.entries(round.oid)? } else { Vec::new() };
                if below.is_empty() {
                    out.insert(format!("votes/{}", round.name), round.clone());
                }
                out.extend(below.into_iter().map(|f| (format!("votes/{}/{}", round.name, f.name), f)));
            }
            Ok(out)
        };
        let (old, new) = (files(&before)?, files(&after)?);
        let lost = old.iter().filter(|(path, e)| new.get(*path) != Some(e)).map(|(path, _)| path.clone()).collect();
        let is_signed = |vote: &Vote| it.base.on_ground(|ground| Ok(examined::is_signed(vote, ground.named(vote))));
        let (mut votes, mut evidence) = (Vec::new(), Vec::new());
        for (path, file) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
            let full = format!("{root}/{path}");
            // What isn't one is told already.
            if file.mode != Mode::File {
                continue;
            }
            let bytes = repo.blob(file.oid)?;
            if let Some((_, Place::Evidence(round, hash))) = place_of(&full)
                && evidence_fault(hash, &bytes).is_none()
            {
                evidence.push((path.clone(), round, hash));
                continue;
            }
            let vote = match Vote::parse(&bytes) {
                Err(e) => Err(Problem::error(full, "vote-format", e.why, RECORD).at(Some(e.line))),
                Ok(vote) if is_beyond(path) && !is_signed(&vote)? => {
                    Err(Problem::error(full, "vote-limit", too_many(), SIGN))
                }
                Ok(vote) if !is_in_place(path, &vote, slug) => {
                    Err(Problem::error(full, "vote-name", "a vote isn't where it belongs", RECORD))
                }
                Ok(vote) => Ok(vote),
            };
            votes.push((path.clone(), vote));
        }
        for (path, round, hash) in evidence {
            let names = |v: &Vote| v.round == round && v.evidence == Some(hash);
            let named = votes.iter().any(|(_, vote)| vote.as_ref().is_ok_and(names));
            if !named {
                let full = format!("{root}/{path}");
                votes.push((
                    path,
                    Err(Problem::error(full, "vote-evidence", "no vote that comes along names it", RECORD)),
                ));
            }
        }
        let account = it.account;
        Ok(Self {
            actor,
            account,
            program,
            slug,
            root,
            tree: head,
            before,
            after,
            votes,
            lost,
            open: RefCell::default(),
        })
    }

    fn problem(&self, path: &str, code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem::error(format!("{}/{path}", self.root), code, message, hint)
    }

    fn problems(&self, it: &Authored<'_>, member: bool) -> Result<Vec<Problem>> {
        let base = it.base;
        let repo = base.repo;
        let mut problems = Vec::new();
        if !self.keeps_log() {
            problems.push(self.problem("log", "log-changed", "it changes events that are on record", RECORD));
        }
        for path in &self.lost {
            problems.push(self.problem(path, "vote-changed", "it changes a vote that is on record", RECORD));
        }
        for (file, broken) in &self.after.broken {
            problems.push(self.problem(&format!("log/{file}"), broken.code, broken.why.clone(), "have it made again"));
        }
        problems.extend(self.votes.iter().filter_map(|(_, vote)| vote.as_ref().err().cloned()));
        if !problems.is_empty() {
            return Ok(problems);
        }
        problems.extend(self.files(repo)?);
        problems.extend(self.times(it.now));
        if (member || self.is_decided_by_workflow()) && self.new_events().any(|e| e.kind.decides()) {
            problems.extend(self.decisions(base, it.now)?);
            problems.extend(self.upkeep());
        } else {
            problems.extend(self.events(base, member, it.now)?);
            problems.extend(self.upkeep());
            problems.extend(self.requests());
            problems.extend(self.outranked(base)?);
            problems.extend(self.ends_others(base)?);
            if self.slug.is_program() {
                problems.extend(self.kept_policies(base)?);
            }
        }
        let told: BTreeSet<String> = problems.iter().map(|p| p.path.clone()).collect();
        let voices = base.on_ground(|ground| Ok(self.voices_without_right(ground)))?;
        problems.extend(voices.into_iter().filter(|p| !told.contains(&p.path)));
        problems.extend(self.facts(repo)?);
        Ok(problems)
    }

    /// Policies are kept as they were decided, each with its event; what stood there otherwise before isn't this change's.
    fn kept_policies(&self, base: &Snapshot<'_>) -> Result<Vec<Problem>> {
        let of = |tree: Oid, partner: &Partner| -> Result<Vec<Problem>> {
            let mut files = Vec::new();
            for file in base.repo.entries_at(tree, POLICIES)? {
                if file.mode == Mode::File && kept_for(&file.name).is_some() {
                    files.push((file.name, base.repo.blob(file.oid)?));
                }
            }
            Ok(check::kept_policies(&files, &partner.life))
        };
        let (before, after) = (of(base.tree, &self.before)?, of(self.tree, &self.after)?);
        Ok(after.into_iter().filter(|p| !before.contains(p)).collect())
    }

    fn keeps_log(&self) -> bool {
        let log = &self.before.directory.log;
        self.after.directory.log.iter().take(log.len()).eq(log)
    }

    /// The files themselves, where they are new.
    fn files(&self, repo: &Repo) -> Result<Vec<Problem>> {
        let (old, new) = (&self.before.directory, &self.after.directory);
        let mut problems = Vec::new();
        if let Some(oid) = new.record.filter(|oid| Some(*oid) != old.record) {
            let (bytes, path) = (repo.blob(oid)?, fact_paths(self.slug).0);
            let (code, read) = match self.slug.is_program() {
                true => ("program", Program::parse_strictly(&bytes).map(drop)),
                false => ("record", crate::domain::Record::parse(&bytes).map(drop)),
            };
            problems.extend(read.err().into_iter().flat_map(|faults| check::of_document(&path, code, faults)));
        }
        if let Some(oid) = new.logo.filter(|oid| Some(*oid) != old.logo)
            && let Err(e) = logo::inspect(&repo.blob(oid)?, &self.program.logo)
        {
            problems.push(self.problem("logo.png", "logo", e.why, e.hint));
        }
        Ok(problems)
    }

    fn new_events(&self) -> impl Iterator<Item = &crate::domain::Event> {
        self.after.life.log.iter().skip(self.before.life.log.len()).map(|l| &l.event)
    }

    /// Nothing is of a time that hasn't come: whatever follows it would have to wait for that.
    fn times(&self, now: Time) -> Vec<Problem> {
        let decisions = self.new_events().filter(|e| e.kind.decides());
        let events = decisions.map(|e| (format!("log/{:04}", e.seq), e.time));
        let votes = self.votes.iter().filter_map(|(path, vote)| Some((path.clone(), vote.as_ref().ok()?.time)));
        let ahead = events.chain(votes).filter(|(_, time)| time.is_ahead_of(now));
        let hint = "set the clock right, and have it made again";
        ahead
            .map(|(path, time)| self.problem(&path, "time", format!("it is dated in the future, {time}"), hint))
            .collect()
    }

    /// Whether a workflow writes down what the policy leaves to it, and nothing else is decided.
    fn is_decided_by_workflow(&self) -> bool {
        let left = |e: &Event| {
            e.by.as_ref().is_some_and(|by| by.is(self.actor)) && self.program.is_left_to_a_workflow(e.subject)
        };
        self.actor.is_bot() && self.new_events().filter(|e| e.kind.decides()).all(left)
    }

    /// A member may bring decisions, in the own name, if the votes that come along carry them.
    fn decisions(&self, base: &Snapshot<'_>, now: Time) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        let own = |e: &Event| e.by.as_ref().map_or_else(|| self.is_own(e.by()), |by| by.is(self.actor));
        for event in self.new_events().filter(|e| e.kind.decides() && !own(e)) {
            let message = self.others("decision", &event.actor);
            problems.push(self.problem(&format!("log/{:04}", event.seq), "author", message, "decide in your own name"));
        }
        for event in self.new_events().filter(|e| e.kind.decides() && e.policy != self.program.hash) {
            let message = "the policy has changed since it was decided";
            let path = format!("log/{:04}", event.seq);
            problems.push(self.problem(&path, "event-policy", message, "decide it again, under the policy in force"));
        }
        // Decisions are held to the policy in force, and to their votes, by the check of what would be there.
        let decisions: Vec<_> =
            self.new_events().filter(|e| e.kind.decides()).map(|e| event_path(self.slug, e.seq)).collect();
        problems.extend(self.inadmissible(base, now)?.into_iter().filter(|p| !decisions.contains(&p.path)));
        problems.extend(self.beside(base)?);
        problems.extend(self.new_errors(base)?);
        // Where the proposal itself can be seen, what it says is what its people said.
        let subject = self.new_events().last().map_or(Subject::Application, |e| e.subject);
        if let Some(proposal) = self.open(base, subject)? {
            problems.extend(self.left_out(base.repo, &proposal)?);
            for (path, vote) in self.votes.iter().filter_map(|(path, v)| Some((path, v.as_ref().ok()?))) {
                if !proposal.votes.iter().any(|cast| cast.vote == *vote) {
                    let message = format!("{} didn't say so on the proposal", vote.actor);
                    problems.push(self.problem(
                        path,
                        "vote-unknown",
                        message,
                        "decide with karmada-partner approve SLUG",
                    ));
                }
            }
        }
        Ok(problems)
    }

    /// Everything that a check of the registry would find after this, and didn't before.
    fn new_errors(&self, base: &Snapshot<'_>) -> Result<Vec<Problem>> {
        let record = self.before.directory.record;
        let of = |tree: Oid| -> Result<Vec<Problem>> {
            let at = base.with_tree(tree);
            let (program, policies) = (at.program_as_it_stands()?, at.policies()?);
            let rules = Rules { registry: base.registry().ok(), ..at.rules(&program, &policies, true) };
            match base.repo.at_path(tree, &self.root)? {
                _ if self.slug.is_program() => survey::program_problems(&at, rules).map(|found| found.problems),
                Some(entry) if entry.mode == Mode::Tree => {
                    survey::problems_after(base.repo, &(self.slug.clone(), entry), record, rules)
                        .map(|found| found.problems)
                }
                _ => Ok(Vec::new()),
            }
        };
        let before = of(base.tree)?;
        let after = of(self.tree)?.into_iter().filter(|p| p.severity == Severity::Error && !before.contains(p));
        Ok(after.collect())
    }

    /// Votes on a proposal that a decision doesn't bring, though they were there when it was made.
    fn left_out(&self, repo: &Repo, proposal: &Proposal) -> Result<Vec<Problem>> {
        let Some(decision) = self.new_events().find(|e| e.kind.settles() && e.round == proposal.round) else {
            return Ok(Vec::new());
        };
        let there = self.after.directory.votes(repo, self.slug, proposal.round, &|_| true)?;
        let comes = |vote: &Vote| there.iter().any(|c| c.vote == *vote);
        let left = proposal
            .votes
            .iter()
            .map(|c| (&c.file, &c.vote))
            .filter(|(_, vote)| vote.time <= decision.time && self.program.may_vote(vote.by()) && !comes(vote));
        let told = |(file, vote): (&String, &Vote)| {
            let path = format!("votes/{}/{file}", proposal.round);
            let message = format!("the vote of {} on the proposal is left out", vote.actor);
            self.problem(&path, "vote-missing", message, "decide with karmada-partner, which brings all votes along")
        };
        Ok(left.map(told).collect())
    }

    /// What of a decision only other partners tell.
    fn beside(&self, base: &Snapshot<'_>) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for event in self.new_events() {
            let path = format!("log/{:04}", event.seq);
            let into = event.terms.as_ref().and_then(|terms| terms.merged_into.as_ref());
            if let Some(into) = into.filter(|into| *into != self.slug)
                && !base.partner_in(base.tree, into)?.peer().was_partner
            {
                let message = format!("it became part of {into}, which has never been a partner");
                problems.push(self.problem(&path, "merged-into", message, "name another one, or none"));
            }
        }
        Ok(problems)
    }

    /// An author brings what is its own to say, in its own name.
    fn events(&self, base: &Snapshot<'_>, member: bool, now: Time) -> Result<Vec<Problem>> {
        let bot = self.actor.is_bot();
        let door = match (member, bot) {
            (true, _) => Door::Default,
            (false, true) => Door::Workflow,
            (false, false) => Door::Fork,
        };
        let mut problems = Vec::new();
        for event in self.new_events() {
            let path = format!("log/{:04}", event.seq);
            let mut problem = |message: String, hint: &str| problems.push(self.problem(&path, "author", message, hint));
            let matter = Matter::Event(event.kind, event.subject);
            if event.kind.decides() || !comes_by(matter, door) {
                let message = format!("“{}” is for the committee to say, and {} isn't on it", event.kind, self.actor);
                problem(message, "leave it out; the committee decides");
            } else if self.is_written_down(event, member) || self.goes_on(event, member) {
                // What an issue says is its author's word, and a member may go on with it.
            } else if !self.is_own(event.by()) && event.subject != Subject::Upkeep {
                let message = self.others("event", &event.actor);
                problem(message, "act in your own name");
            }
        }
        // Who can't bring it at all needn't be told what else is wrong with it.
        let mut faults = self.inadmissible(base, now)?;
        faults.retain(|fault| !problems.iter().any(|p| p.path == fault.path));
        problems.append(&mut faults);
        Ok(problems)
    }

    /// Of one name, one log comes on record: an application that comes only to be taken back would end the others under its name.
    fn ends_others(&self, base: &Snapshot<'_>) -> Result<Option<Problem>> {
        let Some(ended) = self.new_events().find(|e| e.kind == Kind::Withdrawn && e.subject == Subject::Application)
        else {
            return Ok(None);
        };
        if self.before.life.application_round() == ended.round {
            return Ok(None);
        }
        let open = base.open(self.slug, Subject::Application)?;
        let is_other = |p: &Proposal| {
            let own = self.after.life.log.starts_with(&p.partner.life.log);
            p.subject == Subject::Application && p.stands.is_none() && !own
        };
        Ok(open.into_iter().find(is_other).map(|other| {
            let message = format!("another application is open, on {}: this would end that one, too", other.branch);
            let hint = "close this instead: nothing of it is on record";
            self.problem(&format!("log/{:04}", ended.seq), "ends-others", message, hint)
        }))
    }

    /// What can't go on record of new events.
    fn inadmissible(&self, base: &Snapshot<'_>, now: Time) -> Result<Vec<Problem>> {
        let voices = |event: &Event| self.voices(base, event.round, event.subject);
        let before = (&self.before.life, self.before.record.as_ref());
        let faults = base.on_ground(|ground| admissible::faults(ground, before, &self.after, Some(now), &voices))?;
        let told = |fault: admissible::Inadmissible| {
            self.problem(&format!("log/{:04}", fault.seq), fault.code, fault.why, fault.hint)
        };
        Ok(faults.into_iter().map(told).collect())
    }

    /// Whether the author said so: in that login, and as that account. Who took over a member's login has to name their own.
    fn is_own(&self, by: Identity<'_>) -> bool {
        let author = Identity { login: self.actor, id: self.account };
        let taken_over = self.program.member(self.actor).is_some_and(|m| !m.identity().is(author));
        by.login.is(self.actor) && by.is(author) && (by.id.is_some() || !taken_over)
    }

    fn others(&self, what: &str, name: &Login) -> String {
        match self.account.filter(|_| name.is(self.actor)) {
            Some(id) => format!("the {what} isn't of the account that it comes from: {name}, number {id}"),
            None => format!("the {what} is in the name of {name}, and comes from {}", self.actor),
        }
    }

    /// Whether a workflow wrote an event down for the author of an issue: in its own pull request, or in one that a member opened
    /// for it.
    fn is_written_down(&self, event: &Event, member: bool) -> bool {
        let by = |by: &Login| by.is_bot() && (member || by.is(self.actor));
        comes_by(Matter::Event(event.kind, event.subject), Door::Workflow)
            && event.attested.is_some()
            && event.by.as_ref().is_some_and(by)
    }

    /// Whether a member amends what a workflow wrote down before, on behalf.
    fn goes_on(&self, event: &Event, member: bool) -> bool {
        let amends = event.kind == Kind::Amended && event.by.is_none() && self.program.may_vote(event.by());
        amends && self.new_events().any(|e| e.seq < event.seq && self.is_written_down(e, member))
    }

    /// What is only written down is in the author's own name, and links to the web or nowhere.
    fn upkeep(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for event in self.new_events().filter(|e| e.subject == Subject::Upkeep) {
            let path = format!("log/{:04}", event.seq);
            if !self.is_own(event.by()) {
                let message = self.others("event", &event.actor);
                problems.push(self.problem(&path, "author", message, "act in your own name"));
            }
            if event.link.as_ref().is_some_and(|l| l.as_str().parse::<WebAddress>().is_err()) {
                let message = "its link isn't an http or https address";
                problems.push(self.problem(&path, "event-link", message, "have it made again"));
            }
            // A button brings its commit, whose message has the entry in it; nothing else is decided before.
            if !event.words().all(Line::is_at_rest) {
                let message = "it says what GitHub acts on when it is merged, as “fixes #1”";
                let hint = "have it made again with karmada-partner, which puts such words at rest";
                problems.push(self.problem(&path, "event-words", message, hint));
            }
        }
        problems
    }

    /// A partner's own people may ask for an update or an exit. Nobody votes by a file, but a member who begins an exit.
    fn requests(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (path, vote) in self.votes.iter().filter_map(|(path, v)| Some((path, v.as_ref().ok()?))) {
            let matter = Matter::Voice(vote.ballot, vote.subject);
            if !self.is_own(vote.by()) || !comes_by(matter, Door::Fork) || vote.attested.is_some() {
                let message = format!("a vote of {} can't come from {} this way", vote.actor, self.actor);
                problems.push(self.problem(path, "author", message, "members vote with karmada-partner review"));
                continue;
            }
            // Who had a seat once has none now, whatever policy a vote names: what is new is from now.
            let relation = Relation { record: self.before.record.as_ref(), life: &self.before.life };
            if vote.ballot != Ballot::Request
                && let Err(refusal) = admit(self.program, vote.by(), matter, relation, Opened::default())
            {
                problems.push(self.problem(path, "vote-actor", refusal.why, refusal.hint));
                continue;
            }
            let state = self.before.life.state;
            // Who left may ask to be cleared, and for nothing else.
            let asks_there = match state {
                State::Active => true,
                _ => self.before.life.may_clear() && vote.subject == Subject::Update && vote.facts.logo.is_none(),
            };
            if !asks_there || self.before.life.used(vote.round) {
                let message = "nothing can be asked for in this round";
                problems.push(self.problem(path, "vote-round", message, "have it made again with karmada-partner"));
                continue;
            }
            if let Some(Err(fault)) = self.program.member(self.actor).map(|member| examined::of_vote(vote, member)) {
                problems.push(self.problem(path, "vote-signature", fault.to_string(), SIGN));
            }
        }
        problems
    }

    /// What is asked for or settled in the round of something else that members vote on would end that with it.
    fn outranked(&self, base: &Snapshot<'_>) -> Result<Vec<Problem>> {
        let requests = self.votes.iter().filter_map(|(path, v)| Some((path.clone(), v.as_ref().ok()?)));
        let requests =
            requests.filter(|(_, v)| v.ballot == Ballot::Request).map(|(path, v)| (path, v.round, v.subject));
        let of_round = |e: &&Event| e.kind.settles() || e.kind.applies();
        let events = self.new_events().filter(of_round).map(|e| (format!("log/{:04}", e.seq), e.round, e.subject));
        let mut problems = Vec::new();
        for (path, round, subject) in requests.chain(events) {
            let mut voices = self.votes.iter().filter_map(|(_, vote)| vote.as_ref().ok());
            let own = |v: &&Vote| v.round == round && v.subject != subject && v.ballot != Ballot::Request;
            let brought = voices.find(own).map(|v| format!("the {} that comes along", v.subject));
            if let Some(other) =
                brought.map_or_else(|| base.voted_on_otherwise(self.slug, round, subject), |o| Ok(Some(o)))?
            {
                let message = format!("round {round} is that of {other}, on which members vote");
                problems.push(self.problem(&path, "vote-round", message, "have it made again with karmada-partner"));
            }
        }
        Ok(problems)
    }

    /// Voices that nobody could cast as they stand there.
    fn voices_without_right(&self, ground: Ground<'_>) -> Vec<Problem> {
        let relation = Relation { record: self.before.record.as_ref(), life: &self.before.life };
        let fault = |path: &str, vote: &Vote| {
            if vote.registry != ground.registry {
                return Some(self.problem(path, "vote-registry", "it belongs to another registry", RECORD));
            }
            let then = match (ground.named(vote), ground.policies) {
                (Some(then), _) => then,
                // Without the history older ones aren't known.
                (None, None) => ground.program,
                (None, Some(_)) => {
                    let why = format!("it names a policy ({}) that was never in force", vote.policy.short());
                    return Some(self.problem(path, "vote-policy", why, "have it made again with karmada-partner"));
                }
            };
            let basis = match right_to_say(ground.program, then, vote, relation) {
                Ok(basis) => basis,
                Err(refusal) => return Some(self.problem(path, "vote-actor", refusal.why, refusal.hint)),
            };
            // A vote is for the tally to judge; who only asks opens something now, whatever policy the vote names.
            if vote.ballot != Ballot::Request {
                return None;
            }
            let verdict =
                ground.policies.map_or(Verdict::Unsigned, |policies| examined::verdict_of_vote(vote, policies));
            let fault = examined::fault_of_request(vote, &verdict, basis, (then, Some(ground.program)))?;
            Some(self.problem(path, "vote-signature", fault.to_string(), SIGN))
        };
        self.votes.iter().filter_map(|(path, vote)| fault(path, vote.as_ref().ok()?)).collect()
    }

    /// The open proposal that the change goes on with: several may ask for one name, and each has a log of its own.
    fn open(&self, base: &Snapshot<'_>, subject: Subject) -> Result<Option<Rc<Proposal>>> {
        if let Some(known) = self.open.borrow().get(&subject) {
            return Ok(known.clone());
        }
        // Of what isn't an application each has a round of its own, and all have one log.
        let is_about = |round: u32| {
            let mut votes = self.votes.iter().filter_map(|(_, v)| v.as_ref().ok());
            self.new_events().any(|e| e.round == round) || votes.any(|v| v.round == round)
        };
        let open = base.open(self.slug, subject)?.into_iter();
        let found = open
            .map(Rc::new)
            .find(|p| !p.lapsed && self.after.life.log.starts_with(&p.partner.life.log) && is_about(p.round));
        self.open.borrow_mut().insert(subject, found.clone());
        Ok(found)
    }

    /// The voices of what is open in a round, or comes along; its opener's first.
    fn voices(&self, base: &Snapshot<'_>, round: u32, subject: Subject) -> Result<Vec<Vote>> {
        let open = self.open(base, subject)?.filter(|p| p.round == round);
        let Some(open) = open else {
            let come = self.votes.iter().filter_map(|(_, v)| v.as_ref().ok());
            return Ok(come.filter(|v| v.round == round && v.subject == subject).cloned().collect());
        };
        let votes = open.votes.iter().map(|c| c.vote.clone());
        let (mut first, others): (Vec<_>, Vec<_>) = votes.partition(|v| open.is_opened_by(&v.actor));
        first.extend(others);
        Ok(first)
    }

    /// Facts change only with a word of the log, or of a request, that names them.
    fn facts(&self, repo: &Repo) -> Result<Vec<Problem>> {
        let (old, new) = (&self.before.directory, &self.after.directory);
        let changed = old.record != new.record || old.logo != new.logo;
        let last = self.new_events().last();
        let named: BTreeSet<_> = last
            .filter(|e| !e.kind.ends() && e.subject != Subject::Upkeep)
            .map(|e| e.facts)
            .into_iter()
            .chain(self.votes.iter().filter_map(|(_, v)| v.as_ref().ok()).map(|v| v.facts))
            .collect();
        let facts = self.after.facts(repo)?.map(|(facts, _)| facts);
        // What stood undecided goes with what ends it: those in force come back, or none.
        if last.is_some_and(|e| e.kind.ends()) && facts == self.after.life.landed_facts() {
            return Ok(Vec::new());
        }
        if changed && facts.is_none_or(|f| !named.contains(&f)) {
            let message = "nothing in the change names these facts by their hashes";
            let hint = "make the change with karmada-partner apply, or karmada-partner update SLUG";
            return Ok(vec![self.problem("partner.toml", "file-unexplained", message, hint)]);
        }
        if !changed && last.is_none() && self.votes.is_empty() {
            return Ok(Vec::new());
        }
        let applied = self.after.life.state == State::Applied;
        let missing = applied && facts.is_none_or(|f| Some(f) != self.after.life.named_facts());
        Ok(missing
            .then(|| {
                let message = "the facts aren't those that the application names";
                self.problem(
                    "partner.toml",
                    "hash-mismatch",
                    message,
                    "make the change with karmada-partner update SLUG",
                )
            })
            .into_iter()
            .collect())
    }
}
