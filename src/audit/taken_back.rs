//! One commit may take back all of a proposal that stands undecided, as a forge's "Revert" does. Nothing that was decided goes
//! with it; the votes that do are told.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Rule, Severity};
use super::ledger::{Ledger, is_proposed};
use super::standing::Standing;
use super::step::{Changed, Delta, Item, Source};
use crate::domain::log::kinds::Ballot;
use crate::domain::text;
use crate::domain::values::{GitId, Slug};

impl Ledger {
    /// Takes back what a step takes away whole, and leaves of the step what else it does. Gives whether there was anything.
    pub(super) fn take_back(
        &mut self,
        slug: &Slug,
        standing: &mut Standing,
        delta: &mut Delta,
        source: &dyn Source,
    ) -> bool {
        let Some(gone) = Gone::of(delta).filter(|gone| gone.is_whole(standing)) else { return false };
        let mut after = Standing {
            record: delta.record.as_ref().map_or(standing.record, file),
            logo: delta.logo.as_ref().map_or(standing.logo, file),
            rounds: standing.rounds.clone(),
            ..Standing::default()
        };
        after.life = match &standing.life.before {
            Some(before) if !gone.log.is_empty() => (**before).clone(),
            _ => standing.life.clone(),
        };
        after.rounds.retain(|round, _| !gone.rounds.contains_key(round));
        // Facts that came with it go with it; those of another proposal may stay.
        if !after.explained(slug) && !is_proposed(slug, &after, after.objects(slug.is_program()), source) {
            return false;
        }
        let lost = gone.votes(standing);
        (standing.life, standing.rounds) = (after.life, after.rounds);
        standing.voices.retain(|round, _| !gone.rounds.contains_key(round));
        standing.early.retain(|round, _| !gone.rounds.contains_key(round));
        standing.open.retain(|round, _| !gone.rounds.contains_key(round));
        standing.named.retain(|(round, _)| !gone.rounds.contains_key(round));
        standing.seen.retain(|(round, _)| !gone.rounds.contains_key(round));
        standing.missing.retain(|(round, _), _| !gone.rounds.contains_key(round));
        let paths: BTreeSet<String> = gone.paths().cloned().collect();
        standing.lost.retain(|path, _| !paths.contains(path));
        self.forgive(slug, &paths);
        (delta.log, delta.votes, delta.evidence) = Default::default();
        self.find(Rule::TakenBack, Some(slug), None, format!("what nobody had decided is taken back, {lost}"));
        true
    }

    /// What was wrong with files that decided nothing, and don't stand there any more, is wrong no longer. That somebody
    /// changed them stays.
    fn forgive(&mut self, slug: &Slug, paths: &BTreeSet<String>) {
        let shown: BTreeSet<String> = paths.iter().map(|path| text::visible(path)).collect();
        let about = |path: &Option<String>| path.as_ref().is_some_and(|path| shown.contains(path));
        for finding in self.findings.iter_mut().filter(|f| f.partner.as_ref() == Some(slug) && about(&f.path)) {
            let lost = matches!(finding.code, Rule::LogChanged | Rule::VoteChanged | Rule::EvilMerge);
            if finding.severity == Severity::Error && !lost {
                finding.severity = Severity::Repaired;
                finding.message += "; it was taken back since";
            }
        }
    }
}

const fn file(change: &Changed) -> Option<GitId> {
    match change.new {
        Some(Item::File(id)) => Some(id),
        _ => None,
    }
}

/// What a step takes away, where it adds nothing.
struct Gone {
    /// The names of events, and their paths.
    log: BTreeMap<String, String>,
    /// Files of votes and evidence, by round.
    rounds: BTreeMap<u32, BTreeSet<String>>,
}

impl Gone {
    fn of(delta: &Delta) -> Option<Self> {
        let votes = delta.votes.iter().map(|(round, _, change)| (*round, change));
        let evidence = delta.evidence.iter().map(|(round, _, change)| (*round, change));
        let mut rounds: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
        let went = |change: &Changed| matches!(change.old, Some(Item::File(_))) && change.new.is_none();
        for (round, change) in votes.chain(evidence) {
            if !went(change) {
                return None;
            }
            rounds.entry(round).or_default().insert(change.path.clone());
        }
        let nothing = delta.log.is_empty() && rounds.is_empty();
        if nothing || !delta.policies.is_empty() || !delta.log.iter().all(|(_, change)| went(change)) {
            return None;
        }
        let log = delta.log.iter().map(|(name, change)| (name.clone(), change.path.clone())).collect();
        Some(Self { log, rounds })
    }

    /// Whether it is all that stands there of proposals that nobody decided.
    fn is_whole(&self, standing: &Standing) -> bool {
        let life = &standing.life;
        let round = life.application_round();
        let stands = |round: &u32| standing.open.get(round);
        let rounds_go = self.rounds.iter().all(|(round, paths)| stands(round) == Some(paths));
        if self.log.is_empty() {
            return rounds_go && self.rounds.keys().all(|round| !life.used(*round));
        }
        let Some(before) = life.before.as_ref().filter(|_| standing.waits() && !standing.unreadable) else {
            return false;
        };
        let events = (before.next_seq()..=life.events).map(|seq| format!("{seq:04}"));
        let votes_go = stands(&round).is_none_or(|files| files.is_empty() || self.rounds.contains_key(&round));
        events.eq(self.log.keys().cloned()) && rounds_go && votes_go && self.rounds.keys().all(|r| *r == round)
    }

    fn paths(&self) -> impl Iterator<Item = &String> {
        self.log.values().chain(self.rounds.values().flatten())
    }

    /// Whose votes go with it, in words.
    fn votes(&self, standing: &Standing) -> String {
        let cast = self.rounds.keys().filter_map(|round| standing.rounds.get(round)).flatten();
        let said = cast.map(|(c, _)| &c.vote).filter(|v| v.ballot != Ballot::Request);
        let lost: Vec<String> = said.map(|v| format!("{} ({})", v.actor, v.ballot)).collect();
        if lost.is_empty() {
            "and no vote with it".into()
        } else {
            format!("and with it the votes of {}", lost.join(", "))
        }
    }
}
